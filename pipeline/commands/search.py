"""The commands that ask about all published digests: `search`, `factcheck`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.commands.mcp import open_archive
from pipeline.errors import SettingsError
from pipeline.lines import visible

if TYPE_CHECKING:
    from pipeline.lookup import EntryList, TextCheck


def search(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORDS", help="An entry has all of them.")
    ] = None,
    *,
    company: Annotated[str, typer.Option(metavar="NAME", help="谷歌 and Google are one.")] = "",
    model: Annotated[str, typer.Option(metavar="NAME", help="GPT-5 is not GPT-5.2.")] = "",
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="First digest date, as 2025-12-01.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last digest date.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=50, metavar="N", help="How many at most.")] = 20,
    offset: Annotated[int, typer.Option(min=0, metavar="N", help="How many to pass over.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    out: OutOption = None,
) -> None:
    """Find entries of all published digests, the newest first; without words, all of them.

    Example: ainews-digest search 智能体 --company OpenAI --since 2025-12-01

    Exit codes: 0 found, be it nothing; 2 a word, a name or a date cannot be used.
    """
    from pipeline.lookup import SearchQuestion, read_question, search_entries

    given = {
        "words": " ".join(words or ()),
        "company": company,
        "model": model,
        "since": common.parse_date(since, "--since"),
        "until": common.parse_date(until, "--until"),
        "limit": limit,
        "offset": offset,
    }
    found = search_entries(open_archive(out), read_question(SearchQuestion, given))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _print_entries(found, offset)
    for line in found.unreadable:
        common.echo_err(f"warning: {line}")


def factcheck(
    text: Annotated[
        str, typer.Argument(metavar="FILE", help="Chinese text: a file, or - for standard input.")
    ],
    digest: Annotated[
        str | None,
        typer.Argument(
            metavar="DIGEST", help="Whose evidence it is compared with: a date. Or --source."
        ),
    ] = None,
    place: Annotated[
        str | None, typer.Argument(metavar="ENTRY", help="news:3, if it is about one entry.")
    ] = None,
    *,
    source: Annotated[
        str | None,
        typer.Option(metavar="ISSUE", help="The whole issue: a file, -, a slug or an address."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    out: OutOption = None,
) -> None:
    """Compare any Chinese text with a published digest and its issue, by code alone.

    Without ENTRY, what the text is about is looked up: in the digest, and in the page that it was
    made from, where the cache still has it, or in the one that --source brings.

    Example: ainews-digest factcheck post.txt 2025-12-21 news:3

    Exit codes: 0 no errors; 1 errors, --json or not; 2 there is no such file, digest or entry; 3
    the issue cannot be fetched; 4 the digest is damaged, or the page no issue.
    """
    checked = _check_text(text, digest, place, source, out)
    if as_json:
        typer.echo(checked.model_dump_json(indent=2))
    else:
        _print_check(checked)
    if not checked.passed:
        if checked.compared_with == "digest":
            common.echo_err(
                "the page of its issue is not at hand: --source brings what else the issue says"
            )
        raise typer.Exit(1)


def _check_text(
    text: str, digest: str | None, place: str | None, source: str | None, out: str | None
) -> "TextCheck":
    from pipeline.audit import load_page
    from pipeline.lookup import (
        PageQuestion,
        TextQuestion,
        read_question,
        verify_text,
        verify_text_by_page,
    )

    if digest is None and source is None:
        raise SettingsError("name a digest, or give an issue with --source")
    if place is not None and source is not None:
        raise SettingsError(f"{place} is compared with its own evidence: leave --source out")
    if text == source == "-":
        raise SettingsError("the text and --source cannot both be standard input")
    asked = {"text": common.read_text(text)}
    page = load_page(source, common.load_settings(out), sys.stdin.buffer) if source else None
    if page and digest is None:
        return verify_text_by_page(page, read_question(PageQuestion, asked))
    question = read_question(TextQuestion, {**asked, "digest": digest, "entry": place})
    return verify_text(open_archive(out, page=page), question)


def _print_entries(found: "EntryList", offset: int) -> None:
    for entry in found.entries:
        common.echo(f"{entry.digest} {entry.entry}  {visible(entry.title)}")
        common.echo(f"    {visible(entry.link or '')}" if entry.link else "    no link")
    shown = f"{offset + 1} to {offset + len(found.entries)} of " if found.entries else ""
    entries = "entry" if found.total == 1 else "entries"
    more = "" if found.next_offset is None else f"; --offset {found.next_offset} for more"
    common.echo_err(f"{shown}{found.total} {entries}{more}")


def _print_check(checked: "TextCheck") -> None:
    for one in checked.findings:
        common.echo(
            f"{one.severity}[{one.check}] found {visible(one.found)!r}, "
            f"expected {visible(one.expected)}"
        )
    found = checked.compared_with
    compared = [*checked.entries, *([f"the {found}"] if found.endswith("page") else [])]
    named = ", ".join(compared) or "nothing of the digest"
    count = len(checked.findings)
    common.echo(f"compared with {named}: {count} {'finding' if count == 1 else 'findings'}")
