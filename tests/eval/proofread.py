"""Errors planted in right entries, for a reader that sees only the question of proofreading.

`plant` takes recorded digests, puts one error into each of so many entries, and writes the
questions that proofreading would ask, apart from the key. Somebody capable answers them, from the
questions alone; `review` reads the answers as a run would, and says what was caught, what was missed
and what was named without being wrong. What is planted is meant for proofreading, or was meant for
the checks and they did not see it.
"""

import importlib
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from eval.broken import BrokenEntry
from eval.checks import failed_checks, noticed
from eval.misleading import misleading_entries
from pipeline.chinese.glossary import Term
from pipeline.errors import ModelInvalid, SettingsError
from pipeline.llm.prompts import Answer, Ask, Question
from pipeline.records import Digest, Entry, Finding, Record
from pipeline.verify.citation import complete_citations
from pipeline.verify.registry import story_of_entry

KEY_NAME: Final = "key.json"
"""What was planted, and the digests that it was planted in: not for whoever answers."""
QUESTIONS_FOLDER: Final = "questions"
"""What is shown to whoever answers, and where the answers go."""

_NOT_PLANTED: Final = ("line:", "qualifier: about")
"""Kinds that a reader is right to let pass: a sentence that another line of its entry bears out, and
a figure that is told without its 约."""

Read = Callable[[Sequence[tuple[str, Entry]], Ask], Sequence[Finding]]
"""Proofreads entries, each with its place."""


class Planted(Record):
    """One error that was put into a right entry."""

    digest: str
    """Name of the recorded issue."""
    place: str
    """`news:3`."""
    sentence: int
    """Which sentence, from 1; 0 for the title."""
    kind: str
    """`group: kind` of break."""
    was: str
    """What stood there."""
    now: str
    """What stands there now."""


class ShownEntry(Record):
    """One entry as it is shown, with its place."""

    place: str
    entry: Entry


class Key(Record):
    """What was planted, and everything that was shown."""

    planted: tuple[Planted, ...]
    shown: dict[str, tuple[ShownEntry, ...]]
    """All entries of each digest, in order, those with errors among them."""


class Review(Record):
    """What came of reading."""

    caught: tuple[Planted, ...]
    """Those that were named at their sentence."""
    beside: tuple[Planted, ...]
    """Those of which another sentence of the entry was named."""
    missed: tuple[Planted, ...]
    alarms: dict[str, tuple[str, ...]]
    """What was named where nothing was planted, one line each, by the kind that was named. A
    person has to judge them: the digest may have had errors of its own."""


class _Candidate(NamedTuple):
    digest: str
    place: str
    made: BrokenEntry
    entry: Entry
    """The broken entry, as a run would have it before proofreading."""

    @property
    def kind(self) -> str:
        return f"{self.made.group}: {self.made.kind}"


def default_reader() -> Read:
    """Give the pipeline's own proofreading.

    Raises:
        SettingsError: the pipeline has none.
    """
    try:
        package: Any = importlib.import_module("pipeline.proofread")
    except ModuleNotFoundError as error:
        raise SettingsError(f"nothing proofreads: {error}") from error

    def read(entries: Sequence[tuple[str, Entry]], ask: Ask) -> Sequence[Finding]:
        placed = [package.PlacedEntry(place, entry) for place, entry in entries]
        findings: Sequence[Finding] = package.proofread(placed, ask=ask).findings
        return findings

    return read


# ------------------------------------------------------------------------------------- planting


def plant(
    digests: Sequence[tuple[str, Digest]], *, count: int, seed: int, terms: Sequence[Term] = ()
) -> Key:
    """Put errors into the entries of digests, one into each at most.

    Args:
        digests: digests and the names of their issues.
        count: how many errors; fewer where the entries give no more.
        seed: another one chooses others.
        terms: the glossary.
    """
    pool = sorted(
        (one for name, digest in digests for one in _candidates(name, digest, terms)),
        key=lambda one: zlib.crc32(f"{seed} {one.digest} {one.place} {one.made}".encode()),
    )
    chosen: dict[tuple[str, str], _Candidate] = {}
    while len(chosen) < count:
        before = len(chosen)
        for group in dict.fromkeys(one.made.group for one in pool):
            told = [one.kind for one in chosen.values()]
            free = [
                one
                for one in pool
                if one.made.group == group and (one.digest, one.place) not in chosen
            ]
            if free and len(chosen) < count:
                # Of the kinds of a group the rarest so far.
                new = min(free, key=lambda one: told.count(one.kind))
                chosen[new.digest, new.place] = new
        if len(chosen) == before:
            break
    return Key(
        planted=tuple(
            Planted(
                digest=one.digest,
                place=one.place,
                sentence=one.made.sentence or 0,
                kind=one.kind,
                was=one.made.was,
                now=one.made.now,
            )
            for one in chosen.values()
        ),
        shown={
            name: tuple(
                ShownEntry(
                    place=place,
                    entry=chosen[name, place].entry if (name, place) in chosen else entry,
                )
                for place, entry in digest.placed
            )
            for name, digest in digests
        },
    )


def _candidates(name: str, digest: Digest, terms: Sequence[Term]) -> Iterator[_Candidate]:
    """Break the entries that pass, in the ways that no check notices."""
    placed = digest.placed
    for number, (place, entry) in enumerate(placed):
        story = story_of_entry(entry)
        if entry.quoted or failed_checks(entry, story, terms):
            continue
        beside = [
            placed[(number + step) % len(placed)][1] for step in range(1, min(4, len(placed)))
        ]
        for made in misleading_entries(entry, story, others=beside):
            cited = complete_citations(made.entry, story)
            one = _Candidate(name, place, made, cited)
            if made.borne_out or one.kind.startswith(_NOT_PLANTED):
                continue
            if not (noticed(made, story, entry, terms) or failed_checks(cited, story, terms)):
                yield one


def write_questions(key: Key, folder: Path, *, read: Read) -> tuple[Path, ...]:
    """Write the key, and the questions apart from it.

    Returns:
        The files of the questions; the answer to each is a file beside it that ends in `.json`.
    """
    (folder / QUESTIONS_FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / KEY_NAME).write_text(key.model_dump_json(indent=1) + "\n", encoding="utf-8")
    files: list[Path] = []
    for name, shown in key.shown.items():

        def keep(question: Question, _schema: type[Answer], /, name: str = name) -> Answer:
            files.append(_question_file(folder, name, sum(name in file.name for file in files) + 1))
            text = f"{question.system}\n\n{question.user}\n"
            files[-1].write_text(text, encoding="utf-8")
            raise ModelInvalid("only written")

        read([(one.place, one.entry) for one in shown], keep)
    return tuple(files)


def _question_file(folder: Path, name: str, number: int) -> Path:
    return folder / QUESTIONS_FOLDER / f"{name}.{number}.md"


# -------------------------------------------------------------------------------------- reading


def review(folder: Path, *, read: Read) -> Review:
    """Read the answers to the questions of a folder, and compare them with the key.

    Raises:
        SettingsError: the key or an answer is missing, or cannot be used.
    """
    key = _read_key(folder / KEY_NAME)
    caught: list[Planted] = []
    beside: list[Planted] = []
    alarms: dict[str, list[str]] = {}
    for name, shown in key.shown.items():
        answers: list[Any] = []
        ask = _answers_of(folder, name, answers)
        findings = read([(one.place, one.entry) for one in shown], ask)
        kinds = _kinds(answers)
        planted = {one.place: one for one in key.planted if one.digest == name}
        for finding in findings:
            error = planted.get(finding.entry)
            if error and finding.sentence in {None, error.sentence}:
                caught.append(error)
            elif error:
                beside.append(error)
            else:
                kind = kinds.get((finding.entry, finding.sentence), "other")
                line = f"{name} {finding.entry} sentence {finding.sentence}: {finding.found}"
                alarms.setdefault(kind, []).append(line)
    named = {*caught}
    return Review(
        caught=tuple(one for one in key.planted if one in named),
        beside=tuple(one for one in key.planted if one in {*beside} - named),
        missed=tuple(one for one in key.planted if one not in named | {*beside}),
        alarms={kind: tuple(alarms[kind]) for kind in sorted(alarms)},
    )


def _read_key(file: Path) -> Key:
    try:
        return Key.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise SettingsError(f"{file} cannot be used; plant again") from error


def _answers_of(folder: Path, name: str, answers: list[Any]) -> Ask:
    """Answer the questions of a digest from their files, and keep what they say."""

    def ask(_question: Question, schema: type[Answer], /) -> Answer:
        file = _question_file(folder, name, len(answers) + 1).with_suffix(".json")
        try:
            text = file.read_text(encoding="utf-8")
            answers.append(json.loads(text))
            return schema.model_validate_json(text)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            said = str(error).splitlines()[0]
            raise SettingsError(f"{file} is no answer to its question: {said}") from error

    return ask


def _kinds(answers: Sequence[Any]) -> dict[tuple[str, int | None], str]:
    """Say which kind each place was named under, as the answers have it."""
    problems = [problem for answer in answers for problem in answer.get("problems", [])]
    return {(one.get("entry"), one.get("sentence")): str(one.get("kind")) for one in problems}


def report(found: Review) -> Iterator[str]:
    """Write a review for people: a line for each kind, then what was missed and named wrongly."""
    every = (*found.caught, *found.beside, *found.missed)
    yield f"{len(found.caught)} of {len(every)} caught, {len(found.beside)} named beside"
    for kind in sorted({one.kind for one in every}):
        counts = [sum(one.kind == kind for one in part) for part in (found.caught, every)]
        yield f"{kind}: {counts[0]} of {counts[1]}"
    for title, part in (("missed", found.missed), ("named beside", found.beside)):
        for one in part:
            where = f"{one.digest} {one.place} sentence {one.sentence}"
            yield f"{title}: {where}, {one.kind}: {one.was!r} became {one.now!r}"
    yield f"{sum(map(len, found.alarms.values()))} named where nothing was planted"
    for kind, lines in found.alarms.items():
        yield from (f"{kind}: {line}" for line in lines)
