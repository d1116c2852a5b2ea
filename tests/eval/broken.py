"""Correct entries, broken in one place each: what the checks have to notice.

Deterministic and exhaustive: every quantity, name, clause and sentence of an entry is broken in
every way that fits it; where a way has a choice (which digit, which name), the place decides. A
break that the evidence happens to bear out is marked, so that it is counted apart. What breaks here
is a single fact that the evidence lacks; `misleading` breaks what the evidence has.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from eval import edits
from eval.edits import TextEdit, pick
from pipeline.chinese.glossary import Term
from pipeline.quantities import Quantity, find_quantities
from pipeline.records import Entry, Sentence, Story
from pipeline.urls import canonical
from pipeline.verify.aliases import CHINESE_NAMES, EXPANSIONS
from pipeline.verify.link_choice import relevant_links

Group = Literal[
    "number",
    "name",
    "link",
    "english",
    "traditional",
    "form",
    "length",
    "term",
    "script",
    "padding",
    "moved",
    "qualifier",
    "subject",
    "fact",
    "line",
    "claim",
]
"""What a break is about."""

Reader = Literal["code", "proofread"]
"""Who is meant to notice a break."""

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
    meant: Reader = "code"
    """Who is meant to notice it."""
    sentence: int | None = None
    """Which sentence is broken, from 1, or 0 for the title; None for the link, or several."""


CHECKS_BY_GROUP: dict[Group, frozenset[str]] = {
    "number": frozenset({"number", "name"}),
    "name": frozenset({"name", "number"}),
    "link": frozenset({"link"}),
    "english": frozenset({"language"}),
    "traditional": frozenset({"language"}),
    "form": frozenset({"form"}),
    "length": frozenset({"length"}),
    "term": frozenset({"term"}),
    "script": frozenset({"language", "form", "script", "scripts"}),
    "padding": frozenset({"padding"}),
    "moved": frozenset({"number", "name", "citation"}),
    "qualifier": frozenset({"qualifier"}),
    "subject": frozenset({"name", "citation"}),
    "fact": frozenset({"number", "name", "citation"}),
    "line": frozenset({"citation", "number", "name"}),
    "claim": frozenset({"number", "name", "citation", "qualifier"}),
}
"""The checks whose finding counts as noticing a break."""

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
            yield apply("form", entry, field, edit)
        for edit in edits.scripts(text):
            yield apply("script", entry, field, edit)
        for edit in edits.misused(text, story.evidence, terms):
            yield apply("term", entry, field, edit)
    for edit in edits.english(entry.summary, story.evidence):
        yield apply("english", entry, "summary", edit)
    for edit in edits.traditional(entry.summary):
        yield apply("traditional", entry, "summary", edit)
    for edit in edits.lengths(entry.summary):
        yield apply("length", entry, "summary", edit)


def apply(group: Group, entry: Entry, field: Field, edit: TextEdit) -> BrokenEntry:
    """Change a title or a summary, and of the summary the sentence too."""
    text: str = getattr(entry, field)
    wrong = text[: edit.start] + edit.now + text[edit.end :]
    changes: dict[str, object] = {field: wrong}
    number: int | None = 0
    if field == "summary":
        sentences, number = _edited(entry.sentences, edit)
        changes["sentences"] = sentences
    made = entry.model_copy(update=changes)
    was = text[edit.start : edit.end]
    return BrokenEntry(group, edit.kind, made, was, edit.now, sentence=number)


def _edited(
    sentences: Sequence[Sentence], edit: TextEdit
) -> tuple[tuple[Sentence, ...], int | None]:
    """Change a stretch of the summary in its sentences.

    Returns:
        The sentences that are left, and the number of the one that changed, if it is one.
    """
    made: list[Sentence] = []
    changed: list[int] = []
    at, begun = 0, False
    for number, sentence in enumerate(sentences, 1):
        start, end = max(edit.start - at, 0), edit.end - at
        size = len(sentence.text)
        last = number == len(sentences)
        at += size
        if start > size or (start == size and not last) or (begun and end <= 0):
            made.append(sentence)
            continue
        text = (
            sentence.text[:start] + ("" if begun else edit.now) + sentence.text[max(end, start) :]
        )
        begun = True
        changed.append(number)
        if text:
            made.append(sentence.model_copy(update={"text": text}))
    return tuple(made), changed[0] if len(changed) == 1 else None


def _number(entry: Entry, field: Field, edit: TextEdit, story: Story) -> BrokenEntry:
    made = apply("number", entry, field, edit)
    text: str = getattr(made.entry, field)
    now = [each for each in find_quantities(text) if each.start <= edit.start <= each.end]
    known = find_quantities(story.evidence)
    true = bool(now) and all(any(same(each, other) for other in known) for each in now)
    return made._replace(borne_out=true, now=" ".join(each.text for each in now) or edit.now)


def same(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are literally the same value in the same unit, or in none."""
    return one.value == other.value and (one.unit == other.unit or {one.unit, other.unit} <= _LOOSE)


def _name(entry: Entry, field: Field, edit: TextEdit, story: Story) -> BrokenEntry:
    made = apply("name", entry, field, edit)
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
