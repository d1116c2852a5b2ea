"""Correct entries, broken in one place each: what the checks have to notice.

Deterministic and exhaustive: every quantity, name, clause and sentence of an entry is broken in
every way that fits it; where a way has a choice (which digit, which name), the place decides. A
break that the evidence happens to bear out is marked, so that it is counted apart. Out of reach,
and not tried: a sentence that claims the opposite (开源 for closed source), two names exchanged
that the evidence has both.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from eval import edits
from eval.edits import TextEdit, pick
from pipeline.chinese.glossary import Term
from pipeline.quantities import Quantity, find_quantities
from pipeline.records import Entry, Story
from pipeline.urls import canonical
from pipeline.verify.aliases import CHINESE_NAMES, EXPANSIONS
from pipeline.verify.link_choice import relevant_links

Group = Literal["number", "name", "link", "english", "traditional", "form", "length", "term"]
"""What a break is about; the first four have a floor."""

Field = Literal["title", "summary"]


class BrokenEntry(NamedTuple):
    """An entry with one thing wrong."""

    group: Group
    """What it is about."""
    kind: str
    """How it was broken."""
    entry: Entry
    """The broken entry."""
    was: str
    """What stood there."""
    now: str
    """What stands there now."""
    borne_out: bool = False
    """Whether the evidence has what stands there now, so that there is nothing to notice."""


CHECKS_BY_GROUP: dict[Group, frozenset[str]] = {
    "number": frozenset({"number", "name"}),
    "name": frozenset({"name", "number"}),
    "link": frozenset({"link"}),
    "english": frozenset({"language"}),
    "traditional": frozenset({"language"}),
    "form": frozenset({"form"}),
    "length": frozenset({"length"}),
    "term": frozenset({"term"}),
}
"""The checks whose error counts as noticing a break."""

_LOOSE = frozenset({"", "version", "score", "tokens", "parameters", "year"})
"""Units that a text may leave unsaid."""


def broken_entries(
    entry: Entry, story: Story, *, others: Sequence[Story] = (), terms: Sequence[Term] = ()
) -> Iterator[BrokenEntry]:
    """Break an entry in every way there is.

    Args:
        entry: a correct entry.
        story: its story.
        others: stories whose links may be taken for its own.
        terms: the glossary.
    """
    yield from _links(entry, story, others)
    fields: tuple[Field, Field] = ("title", "summary")
    for field in fields:
        text: str = getattr(entry, field)
        for edit in edits.quantities(text):
            yield _number(entry, field, edit, story)
        for edit in edits.names(text, story.evidence):
            yield _name(entry, field, edit, story)
        for edit in edits.intruders(text, field):
            yield _apply("form", entry, field, edit)
        for edit in edits.misused(text, story.evidence, terms):
            yield _apply("term", entry, field, edit)
    for edit in edits.english(entry.summary, story.evidence):
        yield _apply("english", entry, "summary", edit)
    for edit in edits.traditional(entry.summary):
        yield _apply("traditional", entry, "summary", edit)
    for edit in edits.lengths(entry.summary):
        yield _apply("length", entry, "summary", edit)


def _apply(
    group: Group, entry: Entry, field: Field, edit: TextEdit, *, borne_out: bool = False
) -> BrokenEntry:
    text: str = getattr(entry, field)
    wrong = text[: edit.start] + edit.now + text[edit.end :]
    made = entry.model_copy(update={field: wrong})
    return BrokenEntry(group, edit.kind, made, text[edit.start : edit.end], edit.now, borne_out)


def _number(entry: Entry, field: Field, edit: TextEdit, story: Story) -> BrokenEntry:
    made = _apply("number", entry, field, edit)
    text: str = getattr(made.entry, field)
    now = [each for each in find_quantities(text) if each.start <= edit.start <= each.end]
    known = find_quantities(story.evidence)
    true = bool(now) and all(any(_same(each, other) for other in known) for each in now)
    return made._replace(borne_out=true, now=" ".join(each.text for each in now) or edit.now)


def _same(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are literally the same value in the same unit, or in none."""
    return one.value == other.value and (one.unit == other.unit or {one.unit, other.unit} <= _LOOSE)


def _name(entry: Entry, field: Field, edit: TextEdit, story: Story) -> BrokenEntry:
    made = _apply("name", entry, field, edit)
    text: str = getattr(made.entry, field)
    start, end = edit.start, edit.start + len(edit.now)
    while start > 0 and re.match(r"[A-Za-z0-9._+-]", text[start - 1]):
        start -= 1
    while end < len(text) and re.match(r"[A-Za-z0-9_+-]|\.\d", text[end : end + 2]):
        end += 1
    if "version" in edit.kind and (word := re.search(r"[A-Za-z][A-Za-z0-9_.-]* $", text[:start])):
        start = word.start()
    now = text[start:end]
    true = _is_seen(now, story)
    old = getattr(entry, field)[start : end + (edit.end - edit.start) - len(edit.now)]
    return made._replace(borne_out=true, was=old, now=now)


def _is_seen(name: str, story: Story) -> bool:
    """Whether a name stands in the evidence, in an anchor or an address, or what it is short for."""
    seen = f"{story.evidence}\n" + "\n".join(f"{link.text} {link.url}" for link in story.links)
    seen = re.sub("[‐‑‒–]", "-", seen)
    forms = (name, *CHINESE_NAMES.get(name, ()), *EXPANSIONS.get(name.casefold(), ()))
    for form in forms:
        loose = re.sub(r"\\? |-", "[ -]?", re.escape(form).replace(r"\-", "-"))
        if re.search(rf"(?<![A-Za-z0-9]){loose}(?![A-Za-z0-9]|\.\d)", seen, re.IGNORECASE):
            return True
    return False


# ---------------------------------------------------------------------------------------- links


def _links(entry: Entry, story: Story, others: Sequence[Story]) -> Iterator[BrokenEntry]:
    """Break the link: one character at three places, the path, the whole."""
    own = {canonical(link.url) for link in story.links}
    if entry.link is None:
        return
    made: list[tuple[str, str | None]] = [("link left out", None)]
    start = entry.link.find("/", 8) + 1
    places = [at for at in range(start, len(entry.link)) if entry.link[at].isalnum()]
    for turn in range(3 if start and places else 0):
        at = places[pick(f"{entry.link}{turn}", len(places))]
        char = entry.link[at]
        new = (
            str((int(char) + 1 + turn) % 10) if char.isdecimal() else ("q" if char != "q" else "z")
        )
        made.append(("character changed", entry.link[:at] + new + entry.link[at + 1 :]))
    if start:
        made.append(("path cut short", entry.link.rstrip("/").rpartition("/")[0]))
        made.append(("path made longer", entry.link.rstrip("/").partition("?")[0] + "/x1"))
    for other in others:
        far = [link.url for link in other.links if canonical(link.url) not in own]
        if far:
            made.append(("another story's link", far[pick(entry.link, len(far))]))
    for kind, link in made:
        # No link is right where all that the story has are about something else.
        true = canonical(link) in own if link else not relevant_links(entry, story)
        wrong = entry.model_copy(update={"link": link})
        yield BrokenEntry("link", kind, wrong, entry.link, str(link), true)
