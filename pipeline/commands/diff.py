"""The commands for reviewers of digests: `diff` and `textconv`."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.commands import common
from pipeline.commands.common import JsonOption, OutOption
from pipeline.commands.digests import (
    DigestArgument,
    below_outputs,
    digest_file,
    note_changed_markdown,
)
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.typed_command import typed_command

if TYPE_CHECKING:
    from pipeline.diff import ChangedMarkdown, Comparison, Renderer, VersionPair

DiffFormat = Literal["text", "md", "html", "json"]
"""The names of `pipeline.diff.RENDERERS`, and the site's page."""
_MAX_CHARACTERS = 60_000


def diff(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DIGEST...",
            help="A date, a name such as 2025-12-21-2, a file, 2025-12-01..2025-12-31, or two "
            "revisions A..B of git; without one all that changed.",
        ),
    ] = None,
    *,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="REV|FILE|DATE",
            help="The old version: git's HEAD by default; a revision, a file, REV:PATH, or the "
            "digest of another date.",
        ),
    ] = None,
    form: Annotated[
        DiffFormat, typer.Option("--format", help="How to show it; html takes one digest.")
    ] = "text",
    as_json: JsonOption = False,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="End with 1 where anything differs, as git diff does."),
    ] = False,
    most: Annotated[
        int | None,
        typer.Option(
            metavar="CHARACTERS", min=1000, help="Longest text of --format md: 60000 by default."
        ),
    ] = None,
    out: OutOption = None,
) -> None:
    """Show what changed in digests, and why: the working tree against git, or any two versions.

    Example: ainews-digest diff 2025-12-21 --against HEAD~1

    The table of several digests counts entries: texts are those reworded, numbers those of them
    with another number; came and went count what the checks find now, and found before.

    Exit codes: 0 shown; 1 with --exit-code, where anything differs; 2 there is no such digest or
    revision; 4 a file is not a digest.
    """
    from pipeline.diff import RenderOptions, find_version_pairs

    form = _chosen_form(form, as_json=as_json, cut=most is not None)
    settings = common.load_settings(out)
    found = find_version_pairs(
        [below_outputs(name, out) for name in what or [".."]],
        folder=settings.outputs_dir,
        against=against and below_outputs(against, out),
        stdin=sys.stdin.buffer.read,
        index_dir=settings.index_dir,
    )
    if not found:
        where = str(settings.outputs_dir)
        common.echo_err(f"note: nothing to compare: no digest in {where!r}, now or then")
    changed = _changed_markdown(found, out)
    listed = _worth_listing(found, changed)
    comparisons, damaged = _compare(listed, changed)
    compared = ("--against", against) if against is not None else ()
    options = RenderOptions(
        identical=len(found) - len(listed),
        max_characters=most or _MAX_CHARACTERS,
        command=typed_command("diff", *(what or []), *compared),
    )
    if not found or len(damaged) < (1 if form == "html" else len(found)):
        for part in _renderer(form)(comparisons, options):
            # Only the text holds colours, and none where none are wanted.
            typer.echo(part, nl=False, color=True if form == "text" else None)
    if damaged:
        raise PageNotUnderstood("; ".join(damaged))
    if exit_code and any(comparison.has_difference for comparison in comparisons):
        raise typer.Exit(1)


def textconv(digest: DigestArgument) -> None:
    """Show a digest's JSON as lines for a plain git diff; what is no digest, as it is.

    Example: git config diff.ainews-digest.textconv "ainews-digest textconv"

    Exit codes: 0 shown; 2 there is no such file.
    """
    from pipeline.diff import render_lines

    sys.stdout.buffer.write(render_lines(common.read_bytes(digest_file(digest))))


def _changed_markdown(
    pairs: "Sequence[VersionPair]", out: str | None
) -> "dict[str, ChangedMarkdown]":
    """Find the new versions whose Markdown is not what their JSON says, and say so."""
    from pipeline.diff import ChangedMarkdown
    from pipeline.storage import location_argument
    from pipeline.write import adopt_command

    here = (pair.new.name for pair in pairs if pair.markdown is None)
    named = [name for name in here if name.endswith((".json", ".md"))]
    states = note_changed_markdown(named, out)
    if not states:
        return {}
    files = {name: location_argument(name, "the file").with_suffix(".json") for name in named}
    return {
        name: ChangedMarkdown(
            file=str(file.with_suffix(".md")), state=states[file], command=adopt_command(file)
        )
        for name, file in files.items()
        if file in states
    }


def _worth_listing(
    pairs: "Sequence[VersionPair]", changed: "Mapping[str, ChangedMarkdown]"
) -> "Sequence[VersionPair]":
    """Leave out of many those that are the same byte for byte: they are only counted."""
    if len(pairs) == 1:
        return pairs
    return [pair for pair in pairs if not pair.identical or pair.new.name in changed]


def _compare(
    pairs: "Sequence[VersionPair]", changed: "Mapping[str, ChangedMarkdown]"
) -> "tuple[list[Comparison], list[str]]":
    """Compare as many as can be read, and say which cannot."""
    from pipeline.diff import compare_pair

    comparisons, damaged = [], []
    for pair in pairs:
        try:
            compared = compare_pair(pair)
            if markdown := changed.get(pair.new.name):
                compared = compared.model_copy(update={"markdown": markdown})
            comparisons.append(compared)
        except PageNotUnderstood as error:
            damaged.append(str(error))
    return comparisons, damaged


def _chosen_form(form: DiffFormat, *, as_json: bool, cut: bool) -> DiffFormat:
    if as_json and form not in ("text", "json"):
        raise SettingsError(f"--json and --format {form} name two forms: give one of them")
    chosen: DiffFormat = "json" if as_json else form
    if cut and chosen != "md":
        raise SettingsError(f"--most is of --format md: --format {chosen} is always whole")
    return chosen


def _renderer(form: DiffFormat) -> "Renderer":
    if form == "html":
        from pipeline.site import render_html

        return render_html
    from pipeline.diff import RENDERERS

    return RENDERERS[form]
