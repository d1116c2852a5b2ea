"""The commands of who schedules the runs: `status`, `doctor` and `report`."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import JsonOption, OutOption
from pipeline.commands.digests import (
    digest_file,
    find_changed_markdown,
    note_changed_markdown,
    read_named,
    require_json,
)
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.records import Digest
    from pipeline.report import Report, ReviewComment
    from pipeline.write import MarkdownState

_DEFAULT_DAYS = 30


def status(
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="First issue date; by default 30 days back."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Last issue date; by default today.")
    ] = None,
    out: OutOption = None,
    as_json: JsonOption = False,
    exit_code: Annotated[
        bool,
        typer.Option(
            "--exit-code",
            help="End with 1 where something needs a hand, 3 where the newsletter cannot be "
            "read, else 0.",
        ),
    ] = False,
) -> None:
    """Show what became of each issue, and below it the command that mends what needs a hand.

    Conditions: done, degraded (some entries are quotations, or some stories could not be told),
    errors (it was written by force with errors), changed (the Markdown is not what the JSON says),
    draft, missing, damaged; no issue, stale. With --exit-code all but done, degraded, errors and no
    issue need a hand.

    Example: ainews-digest status --since 2025-12-01 --exit-code

    Exit codes: 0 shown; with --exit-code also 1 something needs a hand, 3 the newsletter cannot be
    reached; 2 a setting or a date cannot be used.
    """
    import datetime as dt

    from pipeline.clock import today
    from pipeline.errors import SourceError
    from pipeline.ops import list_issues
    from pipeline.ops import status as look

    last = common.parse_date(until, "--until") or today()
    begin = since or (last - dt.timedelta(days=_DEFAULT_DAYS)).isoformat()
    first, last = common.date_range(begin, until, default=today())
    settings = common.load_settings(out)
    common.require_folder(settings.outputs_dir)
    refs, warnings = list_issues(settings)
    found = look(
        settings.outputs_dir,
        refs,
        since=first,
        until=last,
        stale_after_days=settings.stale_after_days,
        index_dir=settings.index_dir,
        today=today(),
    )
    found = found.model_copy(update={"warnings": (*warnings, *found.warnings)})
    for warning in found.warnings:
        common.echo_err(warning, "warning")
    if as_json:
        common.echo_json(found)
    else:
        common.echo(found.to_text())
    if exit_code and (found.needs_hand or refs is None):
        raise typer.Exit(1 if found.needs_hand else SourceError.exit_code)


def doctor(*, as_json: JsonOption = False) -> None:
    """Look at settings, source, model and disk; asks a hosted model one question of few tokens.

    Example: ainews-digest doctor

    Exit codes: 0 all is well, else that of the first part that would fail a run: 2 a setting, 3 the
    newsletter, 4 a digest that is there is damaged, 5 the model, 6 the disk.
    """
    import os
    from datetime import UTC, datetime

    from pipeline.doctor import doctor as look

    parts = []
    for part in look(environment=os.environ, now=lambda: datetime.now(UTC)):
        parts.append(part)
        if not as_json:
            common.echo(part.to_text())
    if as_json:
        common.echo_json(parts)
    raise typer.Exit(next((part.exit_code for part in parts if part.exit_code), 0))


def report(
    files: Annotated[
        list[str], typer.Argument(metavar="DIGEST...", help="Dates, names, or files.")
    ],
    *,
    annotations: Annotated[
        bool,
        typer.Option("--annotations", help="The findings as workflow commands of GitHub instead."),
    ] = False,
    suggestions: Annotated[
        list[str] | None,
        typer.Option(
            "--suggestions",
            metavar="REV",
            help="Right answers as a review for GitHub's API instead, on lines that REV has not; "
            "repeatable; nothing where there is none.",
        ),
    ] = None,
    as_json: JsonOption = False,
    out: OutOption = None,
) -> None:
    """Write the text of a pull request: what there is to judge, findings, drops and the receipt.

    Example: ainews-digest report 2025-12-21 > body.md

    Exit codes: 0 written; 2 there is no such digest or revision; 4 the file is not a digest.
    """
    from pipeline.storage import location_argument

    forms = {"--annotations": annotations, "--suggestions": suggestions, "--json": as_json}
    if len(given_forms := [name for name, wanted in forms.items() if wanted]) > 1:
        raise SettingsError(f"{' and '.join(given_forms)} name two forms: give one of them")

    given = [digest_file(name, out) for name in files]
    for file in given:
        require_json(file)
    names = sorted({location_argument(file, "the file").with_suffix(".json") for file in given})
    digests = [(name, read_named(str(name))) for name in names]
    changed = find_changed_markdown(map(str, names), out)
    if as_json:
        common.echo_json(_report_record([(name.stem, digest) for name, digest in digests]))
    elif annotations:
        for name, digest in digests:
            _echo_annotations(name, digest, changed.get(name, "same"))
    elif suggestions:
        _echo_review(digests, suggestions)
    else:
        typer.echo(_report_text(digests, changed), nl=False)
    note_changed_markdown(map(str, names), out)


def _echo_annotations(json_file: "Path", digest: "Digest", state: "MarkdownState") -> None:
    """Print the findings of a digest for the lines of its Markdown, also where that was changed."""
    from pathlib import Path

    from pipeline.report import annotations, describe_change
    from pipeline.storage import is_remote, read_or_none
    from pipeline.write import to_markdown

    file = json_file.with_suffix(".md")
    held = read_or_none(file)
    markdown = to_markdown(digest) if held is None else held.decode("utf-8", "replace")
    here = not is_remote(file) and file.is_relative_to(Path.cwd())
    shown = file.relative_to(Path.cwd()) if here else file
    note = describe_change(state, json_file)
    for line in annotations(str(shown).replace("\\", "/"), digest, markdown, note):
        typer.echo(line)


def _echo_review(digests: "list[tuple[Path, Digest]]", revisions: "Sequence[str]") -> None:
    """Print the suggestions for the last commit's lines that no earlier revision has."""
    from pipeline.chinese import load_glossary
    from pipeline.diff import Repository
    from pipeline.report import review, review_comments

    terms, head = load_glossary(), ""
    comments: list[ReviewComment] = []
    for file, digest in digests:
        repository, name = Repository.containing(file.parent), f"{file.stem}.md"
        head, *commits = (
            repository.resolve_commit(one, takes_file=False) for one in ("HEAD", *revisions)
        )
        blobs = [repository.blobs_in_folder(commit).get(name, "") for commit in (head, *commits)]
        data = repository.read_blobs([blob for blob in blobs if blob])
        held, *known = [data.get(blob, b"").decode("utf-8", "replace") for blob in blobs]
        path = str(repository.prefix / name)
        comments += review_comments(path, file.stem, digest, held, known, terms)
    if made := review(head, comments):
        common.echo_json(made)


def _report_record(digests: "list[tuple[str, Digest]]") -> "Report":
    from pipeline.llm import Cache, Ledger
    from pipeline.report import report_record

    with Cache(common.load_settings(None).cache_file, looks=True) as cache:
        return report_record(digests, Ledger(cache).digest_bills())


def _report_text(digests: "list[tuple[Path, Digest]]", changed: "dict[Path, MarkdownState]") -> str:
    from pipeline.chinese import load_glossary
    from pipeline.llm import Cache, Ledger
    from pipeline.report import describe_change
    from pipeline.report import report as write

    settings = common.load_settings(None)
    since = min(digest.date for _, digest in digests).isoformat()
    with Cache(settings.cache_file, looks=True) as cache:
        ledger = Ledger(cache)
        return write(
            [(file.stem, digest) for file, digest in digests],
            ledger.daily_usage(since),
            bills=ledger.digest_bills(),
            pages_url=settings.pages_url,
            terms=load_glossary(),
            markdown={file.stem: describe_change(state, file) for file, state in changed.items()},
        )
