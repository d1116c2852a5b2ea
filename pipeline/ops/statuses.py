"""What became of every issue of a range of dates: the command `status`.

One row per issue and one per date without an issue, by issue date. What the feed lists is given;
what was made of it is read from `outputs/`, which stays as it is. Not covered: why a night failed,
which the log of that night says.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from pipeline.errors import PageNotUnderstood, SourceError
from pipeline.fetch import slug_date
from pipeline.llm import Cache
from pipeline.plan import open_sources
from pipeline.records import IssueRef, Record
from pipeline.settings import Settings
from pipeline.storage import FileIndex, program_hash, read_regular
from pipeline.write import (
    DRAFTS,
    DamagedDigest,
    DigestRef,
    OutputsState,
    from_json,
    plain_text,
    read_state,
)

_FEED_TIMEOUT_S = 10.0

IssueCondition = Literal["done", "degraded", "draft", "missing", "no issue", "stale", "damaged"]
"""What became of an issue or a date: `degraded` has quotations in place of translations, `stale` is
a date without an issue too long after the newest one."""


class StatusRow(Record):
    """One issue, or one date without an issue."""

    date: dt.date
    """Issue date."""
    condition: IssueCondition
    issue: str | None = None
    """Its slug."""
    digests: tuple[str, ...] = ()
    """Its digests or drafts: file names without ending, the earliest first."""
    news: int = 0
    """News entries of the first of them."""
    tools: int = 0
    """Tool entries of the first of them."""
    quotations: int = 0
    """How many of both quote the English text."""
    note: str = ""


class Status(Record):
    """All rows of a range."""

    rows: tuple[StatusRow, ...]
    """By date; two issues of one date in the feed's order."""
    warnings: tuple[str, ...] = ()
    """What could not be looked at."""

    def count(self, condition: IssueCondition) -> int:
        """Count the rows of a condition."""
        return sum(row.condition == condition for row in self.rows)

    def to_text(self) -> str:
        """Write it for people: a line per row, and the counts."""
        lines = [_format_row(row) for row in self.rows]
        counts = [f"{n} {name}" for name in get_args(IssueCondition) if (n := self.count(name))]
        return "\n".join([*lines, ", ".join(counts) or "nothing in this range"])


class _StatusFacts(NamedTuple):
    """What a row says of a digest."""

    issue_date: dt.date | None
    news: int
    tools: int
    degraded: int


class _IssueDigest(NamedTuple):
    """A digest or draft that could be read as far as its issue."""

    ref: DigestRef
    """Its names."""
    date: dt.date
    """Issue date."""
    facts: _StatusFacts | None
    """None where its JSON is damaged."""
    reason: str
    """Why it cannot be read."""


def list_issues(settings: Settings) -> tuple[tuple[IssueRef, ...] | None, tuple[str, ...]]:
    """List the issues that exist; where the feed cannot be read soon, give None and a warning."""
    timeout_s = min(settings.http_timeout_s, _FEED_TIMEOUT_S)
    brief = settings.model_copy(update={"http_timeout_s": timeout_s, "http_attempts": 1})
    try:
        with Cache(settings.cache_file) as cache, open_sources(brief, cache) as sources:
            return sources.list_issues(), ()
    except SourceError as error:
        return None, (f"only what {settings.outputs_dir} holds is shown: {error}",)


def status(
    folder: Path,
    refs: Sequence[IssueRef] | None,
    *,
    since: dt.date,
    until: dt.date,
    stale_after_days: int,
    index_dir: Path | None = None,
) -> Status:
    """Say what became of the issues dated `since` to `until`, both included.

    Args:
        folder: the digests.
        refs: every issue that exists, in the feed's order; None where no feed could be read, and
            then only what `folder` holds has a row.
        since: first issue date.
        until: last issue date.
        stale_after_days: how many days without an issue make the feed stale.
        index_dir: folder of the indexes, which spare reading what did not change; None for none.
    """
    known = read_state(folder, index_dir)
    published = _read_digests(folder, known, (since, until), index_dir)
    drafted = read_state(folder / DRAFTS, index_dir)
    drafts = _read_digests(folder / DRAFTS, drafted, (since, until), index_dir)
    rows = [*_damaged_rows(known.damaged, since, until)]
    listed = {ref.slug: ref.date for ref in refs or () if since <= ref.date <= until}
    unread = {hurt.slug for hurt in known.damaged}
    missing = (name for name in listed if name not in unread)
    for slug in dict.fromkeys([*missing, *published, *drafts]):
        row = _issue_row(slug, published.get(slug, []), drafts.get(slug, []))
        rows.append(row.model_copy(update={"date": listed[slug]}) if slug in listed else row)
    if refs is not None:
        rows += _rows_without_issue(
            refs, {row.date for row in rows}, (since, until), stale_after_days
        )
    return Status(rows=tuple(sorted(rows, key=lambda row: row.date)))


def _read_digests(
    folder: Path, known: OutputsState, dates: tuple[dt.date, dt.date], index_dir: Path | None
) -> dict[str, list[_IssueDigest]]:
    """Read the digests whose issue is of the range, by issue; those of other dates stay shut."""
    index = FileIndex(
        folder, _read_status_facts, _StatusFacts, index_dir=index_dir, version=program_hash()
    )
    found: dict[str, list[_IssueDigest]] = {}
    for ref in sorted(known.digests, key=lambda ref: (ref.date, ref.stem)):
        day = slug_date(ref.slug)
        if day is not None and not dates[0] <= day <= dates[1]:
            continue
        facts, reason = None, ""
        try:
            facts = index.get(f"{ref.stem}.json")
        except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
            reason = str(error)
        # An issue that was read from a file may have no date in its name.
        own = (facts and facts.issue_date) or ref.date
        if dates[0] <= (day or own) <= dates[1]:
            found.setdefault(ref.slug, []).append(_IssueDigest(ref, day or own, facts, reason))
    index.save({f"{ref.stem}.json" for ref in known.digests})
    return found


def _read_status_facts(file: Path) -> _StatusFacts:
    digest = from_json(read_regular(file).decode())
    origin = digest.provenance
    return _StatusFacts(
        origin.issue_date if origin else None, len(digest.news), len(digest.tools), digest.degraded
    )


def _issue_row(
    slug: str, published: Sequence[_IssueDigest], drafts: Sequence[_IssueDigest]
) -> StatusRow:
    """Say what became of one issue; a draft counts only where no digest is published."""
    here = published or drafts
    if not here:
        return StatusRow(date=dt.date.min, condition="missing", issue=slug)
    first = here[0]
    stems = tuple(item.ref.stem for item in here)
    row = StatusRow(date=first.date, condition="draft", issue=slug, digests=stems)
    if first.facts is None:
        return row.model_copy(update={"condition": "damaged", "note": first.reason})
    _, news, tools, quotations = first.facts
    condition = "draft" if not published else "degraded" if quotations else "done"
    again = f"also told by {', '.join(stems[1:])}" if published[1:] else ""
    facts = {"news": news, "tools": tools, "quotations": quotations}
    return row.model_copy(update={"condition": condition, "note": again, **facts})


def _damaged_rows(
    damaged: Sequence[DamagedDigest], since: dt.date, until: dt.date
) -> Iterator[StatusRow]:
    """Give a row to each file that should be a digest, by its issue's date if that is known."""
    for hurt in damaged:
        issue_date = slug_date(hurt.slug) if hurt.slug else None
        day = issue_date or hurt.date or until  # no date in its name: shown with the newest
        if since <= day <= until:
            known = "" if issue_date else "by its digest date: "
            yield StatusRow(
                date=day,
                condition="damaged",
                issue=hurt.slug,
                digests=(hurt.stem,),
                note=f"{known}{hurt.reason}; {hurt.remedy}",
            )


def _rows_without_issue(
    refs: Sequence[IssueRef],
    known_dates: set[dt.date],
    date_range: tuple[dt.date, dt.date],
    stale_after_days: int,
) -> Iterator[StatusRow]:
    """Give a row to each date without an issue; stale only where none has come since."""
    newest = max((ref.date for ref in refs), default=dt.date.max)
    dates = {ref.date for ref in refs} | known_dates
    since, until = date_range
    for days in range((until - since).days + 1):
        day = since + dt.timedelta(days=days)
        if day in dates:
            continue
        age = (day - newest).days
        if age > stale_after_days:
            yield StatusRow(
                date=day, condition="stale", note=f"the newest issue is {age} days older"
            )
        else:
            yield StatusRow(date=day, condition="no issue")


def _format_row(row: StatusRow) -> str:
    """Write one row; names of files and issues are text that a terminal must not act upon."""
    parts = [f"{row.date} {row.date:%a}", f"{row.condition:<8}"]
    if row.issue:
        parts.append(plain_text(row.issue))
    if row.news or row.tools:
        quoted = f", {row.quotations} quoted" if row.quotations else ""
        parts.append(f"-> {row.digests[0]} ({row.news} + {row.tools}{quoted})")
    elif row.digests:
        parts.append(f"-> {plain_text(row.digests[0])}")
    if row.note:
        parts.append(f"[{plain_text(row.note)}]")
    return "  ".join(parts).rstrip()
