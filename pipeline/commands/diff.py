"""The commands for reviewers of digests: `diff` and `textconv`."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.commands import common
from pipeline.commands.common import FileArgument, OutOption
from pipeline.errors import PageNotUnderstood, SettingsError

if TYPE_CHECKING:
    from pipeline.diff import Comparison, VersionPair

DiffFormat = Literal["text", "md", "html", "json"]


def diff(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="DIGEST...", help="A date, 2025-12-21-2, a file, or 2025-12-01..2025-12-31."
        ),
    ],
    *,
    against: Annotated[
        str | None,
        typer.Option(metavar="REV|FILE|DATE", help="What to compare with: git's HEAD by default."),
    ] = None,
    form: Annotated[DiffFormat, typer.Option("--format", help="How to show it.")] = "text",
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="End with 1 where anything differs, as git diff does."),
    ] = False,
    most: Annotated[
        int, typer.Option(metavar="CHARACTERS", min=1000, help="Longest Markdown.")
    ] = 60_000,
    out: OutOption = None,
) -> None:
    """Show what changed in digests, and why: the working tree against git, or any two versions."""
    from pipeline.diff import find_version_pairs

    found = find_version_pairs(
        what,
        folder=common.load_settings(out).outputs_dir,
        against=against,
        stdin=sys.stdin.buffer.read,
    )
    # Of many, those that are the same byte for byte are only counted.
    listed = [pair for pair in found if len(found) == 1 or pair.old.data != pair.new.data]
    comparisons, damaged = _compare(listed)
    if form == "html" and not damaged:
        _print_html(comparisons)
    elif len(damaged) < len(found):
        _print(comparisons, len(found) - len(listed), form, most)
    if damaged:
        raise PageNotUnderstood("; ".join(damaged))
    if exit_code and any(comparison.status != "same" for comparison in comparisons):
        raise typer.Exit(1)


def textconv(file: FileArgument) -> None:
    """Show a digest's JSON as lines for a plain git diff; what is no digest, as it is."""
    from pipeline.diff import render_lines

    sys.stdout.buffer.write(render_lines(common.read_bytes(file)))


def _compare(pairs: "Sequence[VersionPair]") -> "tuple[list[Comparison], list[str]]":
    """Compare as many as can be read, and say which cannot."""
    from pipeline.diff import Comparison, read_version
    from pipeline.diff import diff as compare

    comparisons, damaged = [], []
    for pair in pairs:
        try:
            old, new = read_version(pair.old), read_version(pair.new)
        except PageNotUnderstood as error:
            damaged.append(str(error))
            continue
        comparisons.append(
            Comparison(
                stem=pair.stem,
                old_name=pair.old.name,
                new_name=pair.new.name,
                only=None if old and new else new or old,
                difference=compare(old, new) if old and new else None,
                exact=pair.old.data == pair.new.data,
            )
        )
    return comparisons, damaged


def _print(
    comparisons: "Sequence[Comparison]", identical: int, form: DiffFormat, most: int
) -> None:
    from rich.console import Console

    from pipeline.diff import render_json, render_markdown, render_text

    if form == "json":
        for part in render_json(comparisons, identical=identical):
            typer.echo(part, nl=False)
    elif form == "md":
        typer.echo(render_markdown(comparisons, identical=identical, max_characters=most), nl=False)
    else:
        console = Console(highlight=False, markup=False, emoji=False)
        colour = console.is_terminal and not console.no_color
        text = render_text(comparisons, identical=identical, colour=colour)
        if colour:
            console.print(text, end="", soft_wrap=True)
        else:
            typer.echo(text.plain, nl=False)


def _print_html(comparisons: "Sequence[Comparison]") -> None:
    from pipeline.site import render_diff_page

    if len(comparisons) != 1 or comparisons[0].difference is None:
        raise SettingsError(
            "--format html shows one digest that exists in both versions: name one, or take md"
        )
    typer.echo(render_diff_page(comparisons[0].difference), nl=False)
