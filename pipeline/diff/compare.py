"""Two versions of a digest -> what changed, and why: pure.

Entries are matched by story and evidence (`_pairs`), placed (`_moves`), their texts compared word
by word (`_pieces`), and every change is given its causes (`_causes`), as far as the two versions
say how they were made. Whoever shows a `Difference` decides what it looks like.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pipeline.diff.causes import ORDER, Causes, Told
from pipeline.diff.pairing import Pair, Place, pairs, places
from pipeline.diff.records import Cause, Change, Compared, Difference, Version
from pipeline.diff.reordering import moved, stand_ins
from pipeline.diff.runs import Runs
from pipeline.diff.words import pieces, replaced
from pipeline.edits.apply import BY_HAND
from pipeline.records import Digest, Entry, Finding

_FILLS = frozenset({"spare", BY_HAND})
"""Why a story is told that came in for another one."""
_KINDS: dict[str, Literal["words", "number", "link"]] = {
    "link": "link",
    "follows": "number",
    "quoted": "words",
}
_STORY = re.compile(r"\bs\d{2,}\b")


def diff(old: Version, new: Version) -> Difference:
    """Compare two versions of a digest, or the digests of two dates.

    What a version does not say of itself is `unknown`, never a cause: of a digest read from
    Markdown everything but its text, of one that an older program made the settings, the memory and
    the mentions. Where something unknown can have mattered, `sampling` is not claimed.

    Args:
        old: the version compared against.
        new: the version at hand.
    """
    if old.digest == new.digest:
        return Difference(old=old, new=new, entries=tuple(map(_same, places(new.digest))))
    runs = Runs(old.digest, new.digest)
    both = pairs(old.digest, new.digest, same_issue=not runs.issue)
    away = moved(both)
    names = {pair.old.entry.story or "": pair.new.entry.story or "" for pair in both}
    told = [_told(pair, runs, names, moved=pair.new.name in away) for pair in both]
    causes = Causes(runs, told)
    entries = [_compared(pair, each, causes) for pair, each in zip(both, told, strict=True)]
    entries += _lone(runs, both, causes)
    entries.sort(key=_order)
    whole = [
        tuple(each for each in digest.findings if each.entry not in _names(digest))
        for digest in (runs.old, runs.new)
    ]
    came, went = _changed(whole, runs, names)
    return Difference(
        old=old,
        new=new,
        entries=tuple(entries),
        causes=_whole(runs, entries),
        came=came,
        went=went,
    )


# ------------------------------------------------------------------------ entries of both


def _same(place: Place) -> Compared:
    return Compared(old_place=place.name, new_place=place.name, old=place.entry, new=place.entry)


def _told(pair: Pair, runs: Runs, names: Mapping[str, str], *, moved: bool) -> Told:
    findings = [_findings(runs.old, pair.old), _findings(runs.new, pair.new)]
    came, went = _changed(findings, runs, names)
    return Told(
        old=pair.old.entry,
        new=pair.new.entry,
        place=pair.new.name,
        moved=moved,
        changes=tuple(_changes(pair.old.entry, pair.new.entry)),
        came=came,
        went=went,
    )


def _changes(old: Entry, new: Entry) -> Iterator[Change]:
    """Compare what a reader sees of an entry."""
    if old.title != new.title:
        cut = pieces(old.title, new.title)
        yield Change(field="title", old=old.title, new=new.title, pieces=cut)
    if old.summary != new.summary:
        cut = pieces(old.summary, new.summary)
        yield Change(field="summary", old=old.summary, new=new.summary, pieces=cut)
    if old.link != new.link:
        yield _replaced("link", old.link or "", new.link or "")
    if old.follows != new.follows:
        days = (str(each.follows) if each.follows else "" for each in (old, new))
        yield _replaced("follows", *days)
    if old.quoted != new.quoted:
        yield _replaced("quoted", *("quoted" if each.quoted else "" for each in (old, new)))


def _replaced(field: Literal["link", "follows", "quoted"], old: str, new: str) -> Change:
    kind = _KINDS[field]
    return Change(field=field, old=old, new=new, pieces=replaced(old, new, kind))


def _compared(pair: Pair, told: Told, causes: Causes) -> Compared:
    return Compared(
        old_place=pair.old.name,
        new_place=pair.new.name,
        old=told.old,
        new=told.new,
        moved=told.moved,
        changes=told.changes,
        came=told.came,
        went=told.went,
        causes=causes.of_told(told),
    )


# ------------------------------------------------------------------------ entries of one


def _lone(runs: Runs, both: Sequence[Pair], causes: Causes) -> list[Compared]:
    """Tell of the entries that only one version has, and which of them took whose place."""
    kept = ({pair.old.name for pair in both}, {pair.new.name for pair in both})
    dropped = [place for place in places(runs.old) if place.name not in kept[0]]
    added = [place for place in places(runs.new) if place.name not in kept[1]]
    edits = [edit for edit, _ in runs.edits]
    instead = {} if runs.issue else stand_ins(dropped, added, edits)
    back = {new: old for old, new in instead.items()}
    out = {place.name: causes.of_lone(place.entry, dropped=True) for place in dropped}
    come = {place.name: causes.of_lone(place.entry, dropped=False) for place in added}
    found = []
    for place in dropped:
        other = instead.get(place.name)
        found.append(
            Compared(
                old_place=place.name,
                new_place=None,
                old=place.entry,
                new=None,
                went=_findings(runs.old, place) if runs.known else (),
                instead=other,
                reason=causes.reason(place.entry, dropped=True),
                causes=out[place.name] or _other(place, come, other) or causes.of_choice(),
            )
        )
    for place in added:
        other = back.get(place.name)
        found.append(
            Compared(
                old_place=None,
                new_place=place.name,
                old=None,
                new=place.entry,
                came=_findings(runs.new, place) if runs.known else (),
                instead=other,
                reason=causes.reason(place.entry, dropped=False),
                causes=come[place.name] or _other(place, out, other) or causes.of_choice(),
            )
        )
    return found


def _other(
    place: Place, why: Mapping[str, tuple[Cause, ...]], name: str | None
) -> tuple[Cause, ...]:
    """Give the causes of the entry that a spare stands in for, or stood in for."""
    return why.get(name or "", ()) if place.entry.reason in _FILLS else ()


def _order(each: Compared) -> tuple[str, int, bool]:
    """Put all in the new order, and what is dropped where it stood."""
    half, _, number = (each.new_place or each.old_place or "").partition(":")
    return half, int(number), each.new_place is not None


# ------------------------------------------------------------------------ findings


def _names(digest: Digest) -> frozenset[str]:
    return frozenset(place.name for place in places(digest))


def _findings(digest: Digest, place: Place) -> tuple[Finding, ...]:
    return tuple(each for each in digest.findings if each.entry == place.name)


def _changed(
    both: Sequence[Sequence[Finding]], runs: Runs, names: Mapping[str, str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Give the findings that came and those that went, wherever they stand.

    Args:
        both: findings of the old version, and of the new one.
        runs: of what was read from Markdown the findings are not known: none came or went.
        names: what the stories of the old version are called in the new one.
    """
    if not runs.known:
        return (), ()
    before = [(_alike(each, names), each) for each in both[0]]
    after = [(_alike(each, {}), each) for each in both[1]]
    return _without(after, before), _without(before, after)


def _alike(finding: Finding, names: Mapping[str, str]) -> tuple[str, ...]:
    """Give what two findings are the same by."""
    found = _STORY.sub(lambda name: names.get(name[0], name[0]), finding.found)
    return finding.check, finding.severity, finding.expected, found


def _without(
    ones: Sequence[tuple[tuple[str, ...], Finding]],
    others: Sequence[tuple[tuple[str, ...], Finding]],
) -> tuple[Finding, ...]:
    left = Counter(alike for alike, _ in others)
    found = []
    for alike, each in ones:
        if left[alike]:
            left[alike] -= 1
        else:
            found.append(each)
    return tuple(found)


# ------------------------------------------------------------------------ the whole


def _whole(runs: Runs, entries: Sequence[Compared]) -> tuple[Cause, ...]:
    """Name everything that differs between the runs, and what was concluded from the entries."""
    concluded: dict[tuple[str, str], Cause] = {}
    for cause in (cause for each in entries for cause in each.causes):
        if cause.why in ("program", "sampling"):
            # Which mention went where is said of the entry.
            what = "stories" if cause.old or cause.new else cause.what
            plain = Cause(why=cause.why, what=what, sure=cause.sure)
            before = concluded.setdefault((plain.why, what), plain)
            if cause.sure and not before.sure:
                concluded[plain.why, what] = plain
    known = {(cause.why, cause.what) for cause in runs.all}
    found = [*runs.all, *(each for name, each in concluded.items() if name not in known)]
    if all(each.why == "unknown" for each in found) and all(each.same for each in entries):
        found += _unseen(runs, entries)
    return tuple(sorted(found, key=lambda each: ORDER[each.why]))


def _unseen(runs: Runs, entries: Sequence[Compared]) -> Iterator[Cause]:
    """Say what differs of two digests that read the same, unless only one version says it."""
    if not runs.known:
        return
    both = [(each.old, each.new) for each in entries if each.old and each.new]
    for field in ("tries", "reason"):
        if any(getattr(old, field) != getattr(new, field) for old, new in both):
            yield Cause(why="sampling", what=field)
    if runs.old.drops != runs.new.drops:
        yield Cause(why="sampling", what="drops")
    for field in ("section", "parts", "links"):
        values = ((getattr(old, field), getattr(new, field)) for old, new in both)
        if any(old != new for old, new in values if old and new):
            yield Cause(why="program", what=field)
