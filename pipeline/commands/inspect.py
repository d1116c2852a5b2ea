"""The commands that look at issues and digests: `parse`, `stories`, `read`, `render`, `verify`."""

import sys
from typing import Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import FileArgument, JsonOption, OutOption
from pipeline.commands.digests import (
    DigestArgument,
    digest_file,
    editable_name,
    note_changed_markdown,
    read_named,
    read_recorded,
)
from pipeline.errors import SettingsError
from pipeline.lines import visible


def parse(
    file: FileArgument,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show what an issue's page holds.

    Example: ainews-digest parse issue.html --json

    Exit codes: 0 shown; 2 there is no such file; 4 the page is not an issue.
    """
    from pipeline.fetch import read_source
    from pipeline.parse import parse as parse_page

    issue = parse_page(read_source(file, sys.stdin.buffer))
    if as_json:
        common.echo_json(issue)
        return
    common.echo(f"{visible(f'{issue.slug}  {issue.date}  {issue.title}')}\n{issue.url}")
    section: tuple[str, ...] | None = None
    for mention in issue.mentions:
        if mention.section != section:
            section = mention.section
            common.echo(f"\n[{mention.part}] {visible(' › '.join(section))}")
        start = mention.lead or mention.text.splitlines()[0][:100]
        common.echo(visible(f"  {mention.id} {start} (links: {len(mention.links)})"))


def read(digest: DigestArgument, *, out: OutOption = None) -> None:
    """Turn a digest, Markdown of any style or another format, into JSON.

    Example: ainews-digest read old-digest.md > old-digest.json

    Exit codes: 0 done; 2 there is no such digest; 4 the file is not a digest.
    """
    _convert(digest_file(digest, out), "json")


def render(
    digest: DigestArgument,
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="NAME", help="The format to turn it into.")
    ] = "markdown",
    out: OutOption = None,
) -> None:
    """Turn a digest's JSON, or another format, into Markdown.

    Example: ainews-digest render 2025-12-21 > digest.md

    Exit codes: 0 done; 2 there is no such digest or format; 4 the file is not a digest.
    """
    _convert(digest_file(digest, out), form)


def verify(
    digest: DigestArgument,
    *,
    source: Annotated[
        str | None,
        typer.Option(metavar="ISSUE", help="Its issue: a file, -, a slug or an address."),
    ] = None,
    as_json: JsonOption = False,
    out: OutOption = None,
) -> None:
    """Check any digest, Markdown or JSON, against its issue; proofreading is not repeated.

    Evidence and sentences are those of the JSON, also of the one beside Markdown that says the
    same. Other Markdown has none: its issue is fetched, or given with --source. Without the issue
    nobody knows who tells a figure, and a note says that this was not checked.

    Example: ainews-digest verify 2025-12-21

    Exit codes: 0 no errors; 1 errors, --json or not; 2 there is no such digest; 3 the issue cannot
    be fetched; 4 the file is not a digest, or the page no issue.
    """
    from pipeline.audit import audit

    if digest == source == "-":
        raise SettingsError("the digest and --source cannot both be standard input")
    file = digest_file(digest, out)
    note_changed_markdown([file], out)
    settings = common.load_settings(out)
    found = read_recorded(file)
    report = audit(found, source, settings=settings, stdin=sys.stdin.buffer)
    if report.unchecked:
        names = ", ".join(report.unchecked)
        common.echo_err(f"note: {names}: needs the issue, and was not checked: give --source")
    if as_json:
        common.echo_json(report.findings)
    else:
        # A roundup is not mended itself: its digests are.
        named = "" if found.period else editable_name(file, out)
        for finding in report.findings:
            title = report.titles.get(finding.entry, "")
            common.echo(visible(finding.line(title=title, file=named)))
        common.echo(report.summary())
    if not report.passed:
        raise typer.Exit(1)


def stories(
    issue: Annotated[
        str, typer.Argument(metavar="ISSUE", help="A slug, an address, a date, a file, or -.")
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Show the stories of an issue, the most salient first, and why they are; asks no model.

    Example: ainews-digest stories 2025-12-21

    Exit codes: 0 shown; 2 there is no such file; 3 no such issue, or it cannot be fetched; 4 the
    page is not an issue.
    """
    from pipeline.clock import today
    from pipeline.ops import find_stories, listed_stories, stories_table
    from pipeline.progress import NullProgress

    found = find_stories(
        issue,
        settings=common.load_settings(None),
        today=today(),
        progress=NullProgress(common.echo_err),
        stdin=sys.stdin.buffer,
    )
    if as_json:
        common.echo_json(listed_stories(found))
    else:
        common.echo("\n".join(map(visible, stories_table(found))))


def _convert(file: str, form: str) -> None:
    from pipeline.write import FORMATS

    common.require_format(form, FORMATS)
    typer.echo(FORMATS[form].render(read_named(file), False), nl=False)
