"""`python tests/eval score|record|floors`, which `make eval` and `make record` call; `plant|caught`."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console

from eval import floors as bars
from eval import tape
from eval.card import Card
from eval.cases import SHARED, Case, cases
from eval.known import MODEL
from eval.measure import Measured, measure
from eval.proofread import default_reader, plant, report, review, write_questions
from eval.record import record
from eval.rehearse import recorded_settings, replay
from eval.table import print_table
from pipeline.chinese import glossary
from pipeline.errors import DigestError, SettingsError
from pipeline.llm.profile import model_profile
from pipeline.progress import NullProgress, TerminalProgress
from pipeline.settings import load

RECORDINGS: Final = tape.RECORDINGS
"""Folder of the recordings, one folder per model."""
FLOORS: Final = Path(__file__).with_name("floors.toml")
"""What must be reached."""
CHANGELOG: Final = Path(__file__).parents[2] / "prompts" / "CHANGELOG.md"
"""Where a lowered floor is explained."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked for; every failure is one line and an exit code."""
    asked = _parser().parse_args(arguments)
    try:
        code: int = asked.do(asked)
    except DigestError as error:
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted; what was answered is kept, run the same command again to go on")
        return 130
    return code


def _score(asked: argparse.Namespace) -> int:
    """Show the cards; fail where one is below its floor, or could not be made."""
    floors = bars.load(FLOORS, CHANGELOG)
    began = time.monotonic()
    found = _measured(asked.only, every=asked.every)
    console = Console(width=200 if not sys.stdout.isatty() else None)
    for total in found.totals:
        print_table(
            [card for card in found.cards if card.model == total.model],
            total,
            console,
            every=asked.every,
        )
    if found.known is not None:
        print_table([found.known], found.known, console)
    cards, totals = _with_known(found)
    lows = bars.shortfalls(floors, cards, totals, complete=found.complete)
    if asked.json:
        facts = found.model_dump(mode="json") | {"below": [low.line() for low in lows]}
        asked.json.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for line in found.skipped:
        _say(f"skipped: {line}")
    if not found.complete:
        _say("totals are not compared with their floors: not every issue was scored")
    bare = [
        f"{model} has no floors yet: run `python tests/eval floors --raise`"
        for model in bars.without(floors, totals)
    ]
    failures = [*found.failed, *(low.line() for low in lows), *(bare if found.complete else ())]
    for line in dict.fromkeys(line for total in found.totals for line in total.alarms):
        _say(f"not in looked.toml: {line}")
    for line in (line for card in totals for line in (*card.objections, *_known_missed(card))):
        _say(line)
    for line in failures:
        _say(f"FAILED: {line}")
    result = f"{len(failures)} failures" if failures else "every floor is reached"
    _say(f"{len(found.cards)} cards in {time.monotonic() - began:.0f} s; {result}")
    return 1 if failures else 0


def _record(asked: argparse.Namespace) -> int:
    """Record the issues with the model of the settings, each as it is done."""
    settings = load()
    wanted = _wanted(asked.only)
    console = Console(stderr=True)
    _say(f"recording {len(wanted)} issues with {model_profile(settings).model}")
    failed = 0
    for number, case in enumerate(wanted, 1):
        began = time.monotonic()
        try:
            with TerminalProgress(console) as display:
                line = record(case, settings=settings, folder=RECORDINGS, progress=display)
        except DigestError as error:
            failed += 1
            line = f"FAILED: {error}"
        _say(f"{number}/{len(wanted)} {case.name}: {line}, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def _floors(asked: argparse.Namespace) -> int:
    """Raise the floors to what is reached, or lower one and say why."""
    floors = bars.load(FLOORS, CHANGELOG)
    if asked.lower is None:
        found = _measured([])
        if found.failed or not found.complete:
            reason = found.failed[0] if found.failed else "not every issue is at hand"
            raise SettingsError(f"the floors stay as they are: {reason}")
        bars.save(bars.raised(floors, *_with_known(found)), FLOORS, CHANGELOG)
        return 0
    table, field, text = asked.lower
    if not (asked.why or "").strip():
        raise SettingsError("a floor is lowered with a reason: add --why '...'")
    try:
        value = float(text)
    except ValueError as error:
        raise SettingsError(f"{text!r} is no number: give a share such as 0.95") from error
    changed, before = bars.lowered(floors, table, field, value)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    bars.explain(
        f"{field} of {table}: {before} to {value}. {asked.why}", today=today, changelog=CHANGELOG
    )
    bars.save(changed, FLOORS, CHANGELOG)
    return 0


def _plant(asked: argparse.Namespace) -> int:
    """Plant errors in recorded digests, and write the questions of proofreading."""
    read = default_reader()
    digests = []
    for case in _wanted(asked.only):
        recording = tape.load(tape.recording_path(RECORDINGS, asked.model, case.name))
        given = recorded_settings(recording.header)
        run = replay(case, recording, settings=given, progress=NullProgress())
        digests.append((case.name, run.digest))
    key = plant(digests, count=asked.count, seed=asked.seed, terms=glossary.load_glossary())
    files = write_questions(key, asked.out, read=read)
    _say(f"{len(key.planted)} errors planted; answer each question in a file beside it:")
    for file in files:
        _say(f"{file} -> {file.with_suffix('.json').name}")
    return 0


def _caught(asked: argparse.Namespace) -> int:
    """Say which planted errors the answers name."""
    for line in report(review(asked.folder, read=default_reader())):
        sys.stdout.write(f"{line}\n")
    return 0


def _with_known(found: Measured) -> tuple[list[Card], list[Card]]:
    """Give all cards and all totals, that of the known answers among them."""
    known = [] if found.known is None else [found.known]
    return [*found.cards, *known], [*found.totals, *known]


def _known_missed(card: Card) -> Sequence[str]:
    """Name the wrong answers that pass; of broken entries the table says enough."""
    return card.missed if card.model == MODEL else ()


def _measured(only: Sequence[str], *, every: bool = False) -> Measured:
    if only:
        _wanted(only)
    found = measure(RECORDINGS, shared=SHARED, only=only, every=every)
    if not found.cards and not found.failed:
        raise SettingsError(f"there is no recording in {RECORDINGS}: run `make record`")
    return found


def _wanted(only: Sequence[str]) -> list[Case]:
    there = {case.name: case for case in cases(SHARED)}
    if unknown := [name for name in only if name not in there]:
        raise SettingsError(f"no issue {unknown[0]!r}: give some of {', '.join(there)}")
    return [there[name] for name in only or there]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python tests/eval", description=__doc__)
    commands = parser.add_subparsers(required=True)
    some = argparse.ArgumentParser(add_help=False)
    some.add_argument("--only", nargs="+", default=[], metavar="SLUG", help="only these issues")
    scoring = commands.add_parser(
        "score", parents=[some], help="play the recordings back and score them"
    )
    scoring.add_argument("--json", type=Path, metavar="FILE", help="write the cards as JSON too")
    scoring.add_argument(
        "--every", action="store_true", help="try every broken entry, not a sample: some minutes"
    )
    scoring.set_defaults(do=_score)
    recording = commands.add_parser(
        "record", parents=[some], help="record with the model of the settings"
    )
    recording.set_defaults(do=_record)
    planting = commands.add_parser("plant", help="plant errors for proofreading to find")
    planting.add_argument("--only", nargs="+", required=True, metavar="SLUG", help="these issues")
    planting.add_argument("--count", type=int, default=20, help="how many, one an entry at most")
    planting.add_argument("--seed", type=int, default=1, help="another one plants others")
    planting.add_argument("--model", default="by-hand", help="whose recordings")
    planting.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder for it")
    planting.set_defaults(do=_plant)
    catching = commands.add_parser("caught", help="say which planted errors were named")
    catching.add_argument("folder", type=Path, metavar="DIR", help="what plant wrote")
    catching.set_defaults(do=_caught)
    flooring = commands.add_parser("floors", help="change what must be reached")
    way = flooring.add_mutually_exclusive_group(required=True)
    way.add_argument("--raise", dest="up", action="store_true", help="up to what is reached")
    way.add_argument("--lower", nargs=3, metavar=("TABLE", "FIELD", "VALUE"), help="lower one")
    flooring.add_argument("--why", help="reason for a lower one, for the changelog")
    flooring.set_defaults(do=_floors)
    return parser


def _say(line: str) -> None:
    sys.stderr.write(f"eval: {line}\n")
