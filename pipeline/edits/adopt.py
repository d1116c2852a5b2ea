"""A digest and its Markdown as somebody has changed it -> the options of `edit` that say the same.

Pure. What an edit cannot say, such as another date or an entry that the digest does not have, is
refused with the words it is about, so that nothing is lost without a word.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.edits.options import EditOptions
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.records import Digest, Entry
from pipeline.write import from_markdown, to_markdown

_HALF = re.compile(
    r"(?P<before>##(?!#).*?)(?:[一二两三四五六七八九十]大)?(?P<after>(?:AI|工具).*要点)"
)
_ITEM = re.compile(r"### *\d+\. *")


class _Pair(NamedTuple):
    """One entry before and after."""

    place: str
    """Where it stood: `news:3`."""
    old: Entry
    new: Entry


def options_from_markdown(digest: Digest, text: str, *, draft: bool = False) -> EditOptions:
    """Say as options what somebody has changed in a digest's Markdown.

    Returns:
        Words and links that are set, entries that are moved within their half, and entries that
        are dropped; nothing where the Markdown says what the JSON says.

    Raises:
        PageNotUnderstood: it is not a digest's Markdown; names the line.
        SettingsError: it says what no edit can.
    """
    old = from_markdown(to_markdown(digest, draft=draft))
    new = from_markdown(_renumbered(text))
    if (old.date, old.issue_url) != (new.date, new.issue_url):
        raise SettingsError(
            f"the Markdown is of {new.date} and {new.issue_url!r}, the digest of {old.date} and "
            f"{old.issue_url!r}: put the heading and the link below it back"
        )
    if old.translated_by != new.translated_by:
        raise SettingsError(
            "the last line, which names the model, is the program's: put it back as "
            f"`{to_markdown(digest, draft=draft).splitlines()[-1]}`"
            if old.translated_by
            else "the last line names a model that did not translate the digest: remove it"
        )
    _refuse_cut_off(text, old, new)
    _refuse_other_half(old, new)
    pairs = [*_match("news", old.news, new.news), *_match("tools", old.tools, new.tools)]
    kept = {pair.place for pair in pairs}
    return EditOptions(
        set=tuple(word for pair in pairs for word in _changed_words(pair)),
        move=(*_moves("news", pairs), *_moves("tools", pairs)),
        drop=tuple(place for place, _ in old.placed if place not in kept),
    )


def _renumbered(text: str) -> str:
    """Number the entries of each half anew: who takes one out or moves it need not count."""
    lines, number = text.split("\n"), 0
    for at, line in enumerate(lines):
        if half := _HALF.match(line):
            number = 0
            lines[at] = half["before"] + half["after"]
        elif item := _ITEM.match(line):
            number += 1
            lines[at] = f"### {number}. {line[item.end() :]}"
    return "\n".join(lines)


def _refuse_cut_off(text: str, old: Digest, new: Digest) -> None:
    """Refuse a text without its end: what is missing there was hardly left out on purpose.

    Raises:
        PageNotUnderstood: says how the text is taken as it is.
    """
    was, now = (each.placed[-1][1] if each.placed else None for each in (old, new))
    if was != now and not text.endswith("\n"):
        raise PageNotUnderstood(
            "the last line has no end, and is not the digest's, as where a file was cut off: end "
            "it with a line break where nothing is missing"
        )


def _refuse_other_half(old: Digest, new: Digest) -> None:
    """Refuse an entry that was cut from one half and pasted into the other.

    Raises:
        SettingsError: names the option that moves it.
    """
    words: dict[tuple[str, str], list[str]] = {}
    for place, entry in old.placed:
        words.setdefault((entry.title, entry.summary), []).append(place)
    for place, entry in new.placed:
        half = place.partition(":")[0]
        stood, *others = words.get((entry.title, entry.summary), [place])
        if all(one.partition(":")[0] != half for one in (stood, *others)):
            raise SettingsError(
                f"“{entry.title}” stands in the other half now: put it back; it is moved there "
                f"with --move {stood}={place}"
            )


def _match(section: str, old: Sequence[Entry], new: Sequence[Entry]) -> list[_Pair]:
    """Find out which entry each one was: by its words and link, else by its place."""
    unmatched = {f"{section}:{number}": entry for number, entry in enumerate(old, 1)}
    found: dict[int, _Pair] = {}
    for least in (3, 2, 1, 0):
        for number, entry in enumerate(new, 1):
            if number in found:
                continue
            place = _nearest(unmatched, entry, f"{section}:{number}", least)
            if place:
                found[number] = _Pair(place, unmatched.pop(place), entry)
    for number, entry in enumerate(new, 1):
        if number not in found:
            raise SettingsError(
                f"“{entry.title}” is no entry of the digest's {section}: an edit brings in a story "
                "with --swap; --stories lists them"
            )
    return [found[number] for number in sorted(found)]


def _nearest(unmatched: Mapping[str, Entry], entry: Entry, here: str, least: int) -> str:
    """Find which entry it was, by so much in common; by nothing, the one at its place."""
    near = [place for place, was in unmatched.items() if _likeness(was, entry) >= least]
    if here in near:
        return here
    return near[0] if near and least else ""


def _likeness(old: Entry, new: Entry) -> int:
    """Count what two entries have in common: title, summary, link."""
    return sum(
        (
            old.title == new.title,
            old.summary == new.summary,
            bool(old.link) and old.link == new.link,
        )
    )


def _changed_words(pair: _Pair) -> list[str]:
    """Write the options that set what is new in an entry."""
    place, old, new = pair
    if old.follows != new.follows:
        raise SettingsError(f"{place}: the date after 后续 is the program's: put it back")
    if old.link and not new.link:
        raise SettingsError(
            f"{place}: an entry cannot lose its link here: put it back, and take it off with "
            f"--set {place}.link="
        )
    unquoted = old.quoted and not new.quoted
    fields = {
        "title": old.title != new.title or unquoted,
        "summary": old.summary != new.summary or unquoted,
        "link": old.link != new.link,
    }
    return [f"{place}.{name}={getattr(new, name)}" for name, given in fields.items() if given]


def _moves(section: str, pairs: Sequence[_Pair]) -> list[str]:
    """Write the options that bring the entries into their new order, as few as do."""
    here = [pair.place for pair in pairs if pair.place.startswith(f"{section}:")]
    order = [int(place.partition(":")[2]) for place in here]
    resting = _longest_rising(order)
    moved = [(was, now) for now, was in enumerate(order, 1) if was not in resting]
    return [f"{section}:{was}={now}" for was, now in moved]


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Give the most numbers that already stand in rising order."""
    ends: list[int] = []
    chains: list[list[int]] = []
    for number in numbers:
        at = bisect_left(ends, number)
        chain = [*(chains[at - 1] if at else []), number]
        ends[at:] = [number, *ends[at + 1 :]]
        chains[at:] = [chain, *chains[at + 1 :]]
    return set(chains[-1]) if chains else set()
