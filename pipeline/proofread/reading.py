"""A digest's entries -> what a reader of the whole would object to, as findings.

One question over all of it, or one per half where it is long. The model only points: at an entry, a
sentence, a kind of problem and the line that shows it. What it points at must exist, the words of a
finding are ours, and nothing is changed here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel

from pipeline.errors import ModelError, ModelInvalid, ModelRefused, ModelTransient, ModelUnavailable
from pipeline.llm import Ask, Question, fence, load_prompt
from pipeline.proofread.material import PlacedEntry, ShownEntry, one_line, show_entry, show_words
from pipeline.records import Finding, Reason, ReasonCode, Record

_MAX_BYTES: Final = 25_000
"""Most that one question shows where the digest can be halved."""
_MAX_WHY_CHARS: Final = 120
_MAX_LINE_CHARS: Final = 200
_ADDRESS = re.compile(r"\b\w+://\S+")
_MARKUP = re.compile(r"[<>\[\]{}`*_#|~\\]")

ProblemKind = Literal[
    "unsupported",
    "wrong_subject",
    "lost_qualifier",
    "contradiction",
    "told_twice",
    "padding",
    "title",
]
"""What can be wrong with a sentence whose numbers and names all stand in its lines."""

_EXPECTED: Final[dict[ProblemKind, ReasonCode]] = {
    "unsupported": "line_says",
    "wrong_subject": "line_subject",
    "lost_qualifier": "line_qualifier",
    "contradiction": "line_agrees",
    "told_twice": "untold",
    "padding": "line_fact",
    "title": "line_title",
}


class _Problem(BaseModel):
    """One problem."""

    entry: str
    """Id of the entry, such as news:3."""
    sentence: int
    """Number of the sentence, 0 for the title."""
    kind: ProblemKind
    line: int
    """Number of the line that shows it: 4 for L4."""
    other: str = ""
    """Id of the other entry, for contradiction and told_twice; else empty."""
    why: str = ""
    """One short English clause."""


class _Reply(BaseModel):
    """The problems; an empty list where there are none."""

    problems: list[_Problem]


class Proofreading(Record):
    """What came of proofreading."""

    findings: tuple[Finding, ...] = ()
    """Errors, each on the place of its entry."""
    compared: frozenset[str] = frozenset()
    """Places of the entries that others contradict, or tell again."""
    failures: tuple[Finding, ...] = ()
    """Warnings, one for each question without an answer, on the first of its entries."""


class _Part(NamedTuple):
    """What one question shows."""

    entries: tuple[ShownEntry, ...]
    """Those that are read."""
    beside: tuple[PlacedEntry, ...]
    """Those that they are compared with."""


def proofread(
    entries: Sequence[PlacedEntry],
    *,
    ask: Ask,
    beside: Sequence[PlacedEntry] = (),
    map_function: Callable[..., Iterable[Any]] = map,
) -> Proofreading:
    """Have entries read together, each beside the lines that it rests on.

    Quotations are passed over; what is read may contradict or repeat entries of `beside`.

    Raises:
        ModelError: the run has to end; what a server or an answer is to blame for is a failure.

    Source: prompts/proofread.md.
    """
    read = [placed for placed in entries if not placed.entry.quoted]
    told = [placed for placed in beside if not placed.entry.quoted]
    parts = _parts(read, told)
    return _joined(map_function(lambda part: _read(part, ask), parts))


def _parts(entries: Sequence[PlacedEntry], beside: Sequence[PlacedEntry]) -> list[_Part]:
    """Cut a long digest between its halves; the later half is compared with the earlier one."""
    shown = [show_entry(placed) for placed in entries]
    if sum(len(entry.text.encode()) for entry in shown) <= _MAX_BYTES:
        return [_Part(tuple(shown), tuple(beside))] if shown else []
    parts: list[_Part] = []
    above: list[PlacedEntry] = []
    pairs = zip(entries, shown, strict=True)
    for _, half in groupby(pairs, lambda pair: pair[0].entry.kind):
        placed, texts = zip(*half, strict=True)
        parts.append(_Part(texts, (*above, *beside)))
        above += placed
    return parts


def _read(part: _Part, ask: Ask) -> Proofreading:
    try:
        reply = ask(_question(part), _Reply)
    except (ModelInvalid, ModelRefused, ModelTransient, ModelUnavailable) as error:
        return Proofreading(failures=(_failure(part, error),))
    problems = list(_valid(reply.problems, part))
    shown = {entry.place: entry for entry in part.entries}
    titles = {entry.place: entry.title for entry in part.entries}
    titles |= {place: one_line(entry.title) for place, entry in part.beside}
    return Proofreading(
        findings=tuple(
            _finding(problem, shown[problem.entry], titles.get(problem.other, ""))
            for problem in problems
        ),
        compared=frozenset(problem.other for problem in problems if problem.other),
    )


def _failure(part: _Part, error: ModelError) -> Finding:
    """Say that the entries of a question were not read; the digest is none the worse for it."""
    first, *others = part.entries
    return Finding(
        entry=first.place,
        check="proofread",
        severity="warning",
        expected=str(Reason.of("proofread_all")),
        found=str(Reason.of("not_proofread", len(others), one_line(str(error))[:_MAX_LINE_CHARS])),
    )


def _question(part: _Part) -> Question:
    others = "\n\n".join(map(show_words, part.beside))
    return load_prompt("proofread").fill(
        entries=fence("\n\n".join(entry.text for entry in part.entries)),
        beside=fence(others) if others else "none",
    )


def _valid(problems: Iterable[_Problem], part: _Part) -> Iterator[_Problem]:
    """Give the problems that point at what exists, each once; of two entries on the first named."""
    shown = {entry.place: entry for entry in part.entries}
    places = {*shown, *(placed.place for placed in part.beside)}
    seen: set[tuple[object, ...]] = set()
    for given in problems:
        problem = _tidy(given)
        entry = shown.get(problem.entry)
        if entry is None or not _exists(problem, entry, places):
            continue
        pair = (problem.kind, problem.other, problem.entry)
        key = (problem.kind, problem.entry, problem.sentence)
        if key in seen or (problem.other and pair in seen):
            continue
        seen |= {key, (problem.kind, problem.entry, problem.other)}
        yield problem


def _tidy(problem: _Problem) -> _Problem:
    """Take ids as they are meant, and the other entry only where it counts."""
    relates = problem.kind in ("contradiction", "told_twice")
    return problem.model_copy(
        update={
            "entry": problem.entry.strip(),
            "other": problem.other.strip() if relates else "",
            "sentence": 0 if problem.kind == "title" else problem.sentence,
        }
    )


def _exists(problem: _Problem, entry: ShownEntry, places: Iterable[str]) -> bool:
    """Say whether the sentence, the line and the other entry of a problem exist."""
    if not 0 <= problem.sentence <= len(entry.sentences):
        return False
    if problem.kind in ("contradiction", "told_twice") and (
        problem.other == problem.entry or problem.other not in places
    ):
        return False
    return problem.kind == "told_twice" or problem.line in entry.lines


def _finding(problem: _Problem, entry: ShownEntry, other: str) -> Finding:
    """Word a problem; of the model's own words one clause is kept."""
    words = one_line(_MARKUP.sub("", _ADDRESS.sub("", problem.why)))
    why = words if len(words) <= _MAX_WHY_CHARS else words[: _MAX_WHY_CHARS - 1].rstrip() + "…"
    line = entry.lines.get(problem.line, "")
    quoted = line if len(line) <= _MAX_LINE_CHARS else line[: _MAX_LINE_CHARS - 1].rstrip() + "…"
    params: tuple[str | int, ...] = (problem.line, quoted)
    if problem.kind == "told_twice":
        params = (other,)
    elif problem.kind == "contradiction":
        params = (other, *params)
    cited = any(sentence.lines for sentence in entry.sentences)
    return Finding(
        entry=problem.entry,
        check="proofread",
        severity="error",
        expected=str(Reason.of(_EXPECTED[problem.kind], *params)),
        found=str(Reason.of("reads_as", problem.kind.replace("_", " "), why or "no reason given")),
        sentence=problem.sentence if cited or not problem.sentence else None,
    )


def _joined(readings: Iterable[Proofreading]) -> Proofreading:
    found = list(readings)
    return Proofreading(
        findings=tuple(finding for one in found for finding in one.findings),
        compared=frozenset(place for one in found for place in one.compared),
        failures=tuple(failure for one in found for failure in one.failures),
    )
