"""What became of every issue of a range of dates: the command `status`.

One row per issue and one per date without an issue, by issue date. What the feed lists is given;
what was made of it is read from `outputs/`, which stays as it is. Not covered: why a night failed,
which the log of that night says.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import NewerFormat, PageNotUnderstood, SourceError
from pipeline.fetch import slug_date
from pipeline.lines import counted
from pipeline.llm import Cache
from pipeline.ops.remedies import (
    look_command,
    make_command,
    remake_command,
    restore_command,
    retell_command,
    verify_command,
)
from pipeline.ops.status_rows import IssueCondition, Status, StatusRow
from pipeline.plan import open_sources
from pipeline.records import IssueRef
from pipeline.settings import Settings
from pipeline.write import (
    DRAFTS,
    MARKDOWN_WORDS,
    DamagedDigest,
    DigestRef,
    MarkdownState,
    OutputsState,
    StatusFacts,
    adopt_command,
    damage_words,
    open_digest_index,
    read_state,
    without_leftovers,
)

_FEED_TIMEOUT_S = 10.0
_RESTORE = "restore the file, or make it again without its edits by hand"


class _IssueDigest(NamedTuple):
    """A digest or draft that could be read as far as its issue."""

    ref: DigestRef
    """Its names."""
    date: dt.date
    """Issue date."""
    facts: StatusFacts | None
    """None where its JSON is damaged."""
    error: Exception | None
    """Why it cannot be read."""
    markdown: MarkdownState = "same"
    file: Path = Path()
    """Its JSON."""


def list_issues(settings: Settings) -> tuple[tuple[IssueRef, ...] | None, tuple[str, ...]]:
    """List the issues that exist; where the feed cannot be read soon, give None and a warning."""
    timeout_s = min(settings.http_timeout_s, _FEED_TIMEOUT_S)
    brief = settings.model_copy(update={"http_timeout_s": timeout_s, "http_attempts": 1})
    try:
        with (
            Cache(settings.cache_file, looks=True) as cache,
            open_sources(brief, cache) as sources,
        ):
            return sources.list_issues(), ()
    except SourceError as error:
        return None, (f"only what {settings.outputs_dir} holds is shown: {error}",)


def status(  # noqa: PLR0913 - what it looks at, and which dates
    folder: Path,
    refs: Sequence[IssueRef] | None,
    *,
    since: dt.date,
    until: dt.date,
    stale_after_days: int,
    index_dir: Path | None = None,
    today: dt.date = dt.date.max,
) -> Status:
    """Say what became of the issues dated `since` to `until`, both included.

    `refs` are all issues that exist, in the feed's order; None where no feed could be read, and
    then only what `folder` holds has a row. A date after `today` has a row only where it has an
    issue.
    """
    known = read_state(folder, index_dir)
    published = _read_digests(folder, known, (since, until), index_dir)
    drafted = read_state(folder / DRAFTS, index_dir)
    drafts = _read_digests(folder / DRAFTS, drafted, (since, until), index_dir)
    rows = [*_damaged_rows(folder, known.damaged, since, until)]
    listed = {ref.slug: ref.date for ref in refs or () if since <= ref.date <= until}
    unread = {hurt.slug for hurt in known.damaged}
    missing = (name for name in listed if name not in unread)
    lone = _orphan_dates(known, since, until)
    for slug in dict.fromkeys([*missing, *published, *drafts, *lone]):
        row = _issue_row(slug, published.get(slug, []), drafts.get(slug, []))
        if day := listed.get(slug) or (lone.get(slug) if row.condition == "missing" else None):
            row = row.model_copy(update={"date": day})
        if row.condition == "missing":
            row = _missing_row(row, slug, known)
        rows.append(row)
    if refs is not None:
        without = _rows_without_issue(
            refs, {row.date for row in rows}, (since, min(until, today)), stale_after_days
        )
        told = {ref.date: f"its digest {ref.stem} tells {ref.slug}" for ref in known.digests}
        rows += [
            row.model_copy(update={"note": told[row.date]})
            if row.condition == "no issue" and row.date in told
            else row
            for row in without
        ]
    stray = [hurt for hurt in known.damaged if not hurt.slug and not hurt.date]
    return Status(
        rows=tuple(sorted(rows, key=lambda row: row.date)),
        warnings=(
            *(f"{folder}/{hurt.line}: {hurt.remedy}" for hurt in stray),
            *_orphan_warnings(folder, known, since, until),
        ),
    )


def _orphan_warnings(
    folder: Path, known: OutputsState, since: dt.date, until: dt.date
) -> Iterator[str]:
    """Name the Markdown that has no row: it names no issue, or one that has another digest."""
    for orphan in known.orphans:
        if not since <= orphan.date <= until or (orphan.slug and known.find_orphan(orphan.slug)):
            continue
        told = known.find_by_issue(orphan.slug) if orphan.slug else None
        hurt = known.find_damaged(orphan.slug) if orphan.slug else None
        by = f" (its issue has the damaged digest {hurt.stem})" if hurt else ""
        by = f" (its issue is told by {told.stem})" if told else by
        yield (
            f"{folder / orphan.stem}.md lies there without its JSON{by}: restore that, or move "
            "the file away"
        )


def _orphan_dates(known: OutputsState, since: dt.date, until: dt.date) -> dict[str, dt.date]:
    """Give the issues of a range of which there is Markdown alone, and their dates."""
    slugs = dict.fromkeys(orphan.slug for orphan in known.orphans if orphan.slug)
    lone = [orphan for slug in slugs if slug and (orphan := known.find_orphan(slug))]
    dates = {str(one.slug): slug_date(str(one.slug)) or one.date for one in lone}
    return {slug: day for slug, day in dates.items() if since <= day <= until}


def _missing_row(row: StatusRow, slug: str, known: OutputsState) -> StatusRow:
    """Say how an issue without a digest gets one; its Markdown may lie there without the JSON."""
    if orphan := known.find_orphan(slug):
        note = f"{orphan.stem}.md lies there without its JSON: restore that, or write over it"
        again = remake_command(slug, orphan.stem, orphan.date)
        said = {"digests": (orphan.stem,), "note": note, "command": again}
        return row.model_copy(update=said)
    return row.model_copy(update={"command": make_command(slug, row.date)})


def _read_digests(
    folder: Path, known: OutputsState, dates: tuple[dt.date, dt.date], index_dir: Path | None
) -> dict[str, list[_IssueDigest]]:
    """Read the digests that are of the range or whose issue is; those of other dates stay shut."""
    index = open_digest_index(folder, index_dir)
    found: dict[str, list[_IssueDigest]] = {}
    for ref in sorted(known.digests, key=lambda ref: (ref.date, ref.stem)):
        day = slug_date(ref.slug)
        is_recent = dates[0] <= ref.date <= dates[1]
        if day is not None and not dates[0] <= day <= dates[1] and not is_recent:
            continue
        facts, failure = None, None
        markdown: MarkdownState = "same"
        file = index.path(f"{ref.stem}.json")
        try:
            facts = index.get(file.name)
            markdown = without_leftovers(facts.markdown, file)
        except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
            failure = error
        # An issue that was read from a file may have no date in its name.
        own = (facts and facts.issue_date) or ref.date
        if is_recent or dates[0] <= (day or own) <= dates[1]:
            found.setdefault(ref.slug, []).append(
                _IssueDigest(ref, day or own, facts, failure, markdown, file)
            )
    index.save(frozenset(index.json_names()))
    return found


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
    facts = first.facts
    if facts is None:
        return row.model_copy(update=_damage(first))
    changed = [item for item in here if item.markdown != "same"]
    condition, command = _condition(first, facts, draft=not published)
    if changed:
        condition = condition if condition == "draft" else "changed"
        is_closed = changed[0].markdown == "unreadable"
        command = "" if is_closed else adopt_command(changed[0].file)
    notes = [f"{item.ref.stem}.md {MARKDOWN_WORDS[item.markdown]}" for item in changed]
    notes += _fact_notes(facts)
    if published[1:]:
        notes.append(f"also told by {', '.join(stems[1:])}")
    counts = {"news": facts.news, "tools": facts.tools}
    counts |= {"quotations": len(facts.quoted), "errors": facts.errors}
    said = {"condition": condition, "command": command, "note": "; ".join(notes)}
    return row.model_copy(update={**said, **counts})


def _damage(item: _IssueDigest) -> dict[str, str]:
    """Say what is wrong with a digest that cannot be read, and what brings it back."""
    error = item.error
    reason = str(error or "")
    if error is not None and not isinstance(error, PageNotUnderstood):
        reason = damage_words(error)
    note, command = reason, ""
    if not isinstance(error, NewerFormat | OSError):
        again = remake_command(item.ref.slug, item.ref.stem, item.ref.date)
        note, command = _restoring(item.file, reason, again)
    return {"condition": "damaged", "note": note, "command": command}


def _fact_notes(facts: StatusFacts) -> Iterator[str]:
    if facts.errors:
        many = "an error" if facts.errors == 1 else f"{facts.errors} errors"
        yield f"written with {many} that the checks found"
    if facts.untold:
        many = counted(facts.untold, "chosen story")
        yield f"{many} could not be told, and nothing was left for the place"


def _condition(
    item: _IssueDigest, facts: StatusFacts, *, draft: bool
) -> tuple[IssueCondition, str]:
    """Say what became of a digest that can be read, and what mends it."""
    ref = item.ref
    if draft:
        return "draft", make_command(ref.slug, ref.date)
    if facts.errors:
        return "errors", verify_command(ref.stem)
    if facts.quoted:
        return "degraded", retell_command(ref.slug, ref.date, facts.quoted)
    if facts.untold:
        return "degraded", ""
    return "done", ""


def _restoring(file: Path, reason: str, again: str, otherwise: str = _RESTORE) -> tuple[str, str]:
    """Give the note of a damaged digest, and the command that brings it back.

    What makes it `again` loses its edits; `otherwise` says what is to be done where git has no
    whole version of it.
    """
    restore = restore_command(file)
    if not restore:
        return f"{reason}; {otherwise}", again
    more = f"; `{again}` makes it again without its edits by hand" if again else ""
    return f"{reason}; git has a version that is whole{more}", restore


def _damaged_rows(
    folder: Path, damaged: Sequence[DamagedDigest], since: dt.date, until: dt.date
) -> Iterator[StatusRow]:
    """Give a row to each file that should be a digest, by its issue's date if that is known."""
    for hurt in damaged:
        issue_date = slug_date(hurt.slug) if hurt.slug else None
        day = issue_date or hurt.date
        # Without a date it is a stray file of no day, which `status` warns of.
        if day and since <= day <= until:
            known = "" if issue_date else "by its digest date: "
            note, command = f"{known}{hurt.reason}; {hurt.remedy}", ""
            if hurt.kind == "damaged":
                note, command = _restoring(
                    folder / f"{hurt.stem}.json",
                    f"{known}{hurt.reason}",
                    hurt.command,
                    _RESTORE if hurt.command else hurt.remedy,
                )
            yield StatusRow(
                date=day,
                condition="damaged",
                issue=hurt.slug,
                digests=(hurt.stem,),
                note=note,
                command=command,
            )


def _rows_without_issue(
    refs: Sequence[IssueRef],
    known_dates: set[dt.date],
    date_range: tuple[dt.date, dt.date],
    stale_after_days: int,
) -> Iterator[StatusRow]:
    """Give a row to each date without an issue; stale ones that follow one another share one.

    Stale is a date only where no issue has come since.
    """
    newest = max((ref.date for ref in refs), default=dt.date.max)
    dates = {ref.date for ref in refs} | known_dates
    since, until = date_range
    # Before the first issue there was no newsletter.
    since = max(since, min((ref.date for ref in refs), default=since))
    last = f"the newest issue, of {newest}"
    stale: list[StatusRow] = []
    for days in range((until - since).days + 1):
        day = since + dt.timedelta(days=days)
        age = (day - newest).days
        if day in dates:
            continue
        if age <= stale_after_days:
            yield StatusRow(date=day, condition="no issue")
        elif stale and (day - (stale[-1].until or stale[-1].date)).days == 1:
            note = f"{last}, is {age} days older than the last of these"
            stale[-1] = stale[-1].model_copy(update={"until": day, "note": note})
        else:
            note, command = f"{last}, is {age} days older than this", look_command()
            stale.append(StatusRow(date=day, condition="stale", note=note, command=command))
    yield from stale
