"""All recordings, played back and scored, two processes at a time."""

import os
from collections.abc import Collection, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from eval import tape
from eval.card import Card, total
from eval.cases import SHARED, Case, cases, reference_digests
from eval.checks import judged_objections, reviewed_alarms
from eval.known import score_known
from eval.rehearse import recorded_settings, replay
from eval.score import score
from pipeline.chinese import glossary
from pipeline.errors import DigestError
from pipeline.progress import NullProgress
from pipeline.records import Record


class Measured(Record):
    """What came of all recordings."""

    cards: tuple[Card, ...]
    """One per model and issue, the models in order."""
    totals: tuple[Card, ...]
    """One per model."""
    failed: tuple[str, ...]
    """Recordings that could not be played, one line each."""
    skipped: tuple[str, ...]
    """Issues that were not measured, and why, one line each."""
    known: Card | None = None
    """What the checks make of answers that are known; None where only some issues are wanted."""
    complete: bool
    """Whether every issue that can be measured was at hand and wanted."""


class _Task(NamedTuple):
    file: Path
    case: Case
    shared: Path
    every: bool


def measure(
    folder: Path,
    *,
    shared: Path = SHARED,
    only: Collection[str] = (),
    workers: int | None = None,
    every: bool = False,
) -> Measured:
    """Play every recording and score it.

    Args:
        folder: the recordings, one folder per model.
        shared: the stored newsletter; where it is missing only the bundled issue is measured.
        only: names of the issues that are wanted; empty for all.
        workers: processes; by default as many as there are cores.
        every: try every break of every entry rather than a sample.
    """
    there = {case.name: case for case in cases(shared)}
    tasks, skipped = [], []
    for model in sorted(path for path in folder.glob("*") if path.is_dir()):
        recorded = {file.stem: file for file in sorted(model.glob("*.jsonl"))}
        for name in dict.fromkeys([*there, *recorded]):
            if only and name not in only:
                continue
            if name not in recorded:
                skipped.append(f"{name}, {model.name}: not recorded; {tape.RECORD_HINT}")
            elif name not in there:
                skipped.append(f"{name}, {model.name}: its page is not in {shared / 'site'}")
            else:
                tasks.append(_Task(recorded[name], there[name], shared, every))
    outcomes = list(_all(tasks, workers or os.cpu_count() or 1))
    cards = tuple(one for one in outcomes if isinstance(one, Card))
    models = dict.fromkeys(card.model for card in cards)
    return Measured(
        cards=cards,
        totals=tuple(total([card for card in cards if card.model == name]) for name in models),
        failed=tuple(one for one in outcomes if isinstance(one, str)),
        skipped=tuple(skipped),
        known=None if only else score_known(glossary.load_glossary(), shared=shared),
        complete=shared.is_dir() and not only,
    )


def _all(tasks: list[_Task], workers: int) -> Iterable[Card | str]:
    if workers == 1 or len(tasks) == 1:
        return [_one(task) for task in tasks]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_one, tasks))


def _one(task: _Task) -> Card | str:
    """Score one recording, or say in one line why it cannot be played."""
    try:
        recording = tape.load(task.file)
        run = replay(
            task.case,
            recording,
            settings=recorded_settings(recording.header),
            progress=NullProgress(),
        )
        return score(
            run,
            reference_digests(task.case, task.shared),
            terms=glossary.load_glossary(),
            right=reviewed_alarms(),
            judged=judged_objections(),
            every=task.every,
        )
    except DigestError as error:
        return f"{task.case.name}, {task.file.parent.name}: {error}"
