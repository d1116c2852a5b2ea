"""The commands that ask about all published digests: `search`, `factcheck`."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.commands.mcp import open_archive
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
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many at most.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
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
        str, typer.Argument(metavar="DIGEST", help="Whose evidence it is compared with: a date.")
    ],
    place: Annotated[
        str | None, typer.Argument(metavar="ENTRY", help="news:3, if it is about one entry.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    out: OutOption = None,
) -> None:
    """Compare any Chinese text with the evidence of a published digest, by code alone.

    Example: ainews-digest factcheck post.txt 2025-12-21 news:3

    Exit codes: 0 no errors; 1 errors, --json or not; 2 there is no such file, digest or entry; 4
    the digest is damaged.
    """
    from pipeline.lookup import TextQuestion, read_question, verify_text

    given = {"text": common.read_text(text).strip(), "digest": digest, "entry": place}
    checked = verify_text(open_archive(out), read_question(TextQuestion, given))
    if as_json:
        typer.echo(checked.model_dump_json(indent=2))
    else:
        _print_check(checked)
    if not checked.passed:
        raise typer.Exit(1)


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
    places = ", ".join(checked.entries) or "nothing"
    count = len(checked.findings)
    common.echo(f"compared with {places}: {count} {'finding' if count == 1 else 'findings'}")
