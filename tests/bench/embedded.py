"""How fast the embedded model is: the bundled issue's digest, and entries at 1, 2 and 4 slots.

The weights are put together from their packages first, in a folder of their own: 1.1 GB.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bench.flow import CommandBench
from bench.rows import Measurement
from eval.cases import cases, job
from eval.tape import UncachedReplies
from pipeline.llm.factory import open_model
from pipeline.llm.profile import model_profile
from pipeline.progress import NullProgress
from pipeline.records import SelectedStory
from pipeline.run import prepare
from pipeline.settings import Settings
from pipeline.tell import load_checks
from pipeline.translate.drafts import translate_checked

_SLOTS = (1, 2, 4)
_ENTRIES = 8
_DIGEST_ENTRIES = 20
_BAR_S = 360
_GROUP = "embedded model"


def embedded(_shared: Path) -> Iterator[Measurement]:
    """Run `demo` in an empty folder, and tell its first stories, each as often as it needs."""
    with tempfile.TemporaryDirectory() as folder:
        whole = _demo(Path(folder))
        rates: list[float] = []
        for slots in _SLOTS:
            rates.append(_rate(slots, Path(folder)))
            yield Measurement(
                group=_GROUP,
                name=f"entries told, {slots} slot{'s' * (slots > 1)}",
                value=rates[-1],
                unit="entries/min",
                baseline="1 slot",
                baseline_value=rates[0],
                better="more",
            )
    yield Measurement(
        group=_GROUP,
        name="a whole digest, weights and choice included",
        value=whole,
        unit="s",
        baseline="20 entries told, 4 slots",
        baseline_value=_DIGEST_ENTRIES * 60 / rates[-1],
        bar=_BAR_S,
        bar_of="value",
    )


def _demo(folder: Path) -> float:
    """Run the command that `make demo` runs, as on the first day; give its seconds."""
    return CommandBench(folder).time(sys.executable, "-m", "pipeline", "demo")["seconds"]


def _rate(slots: int, folder: Path) -> float:
    """Tell stories with so many slots; give entries a minute, re-asks included."""
    base = Settings.model_construct()
    changes = {"embedded_slots": slots, "openai_api_key": None, "cache_dir": folder / "cache"}
    settings = base.model_copy(update=changes)
    how, show = model_profile(settings), NullProgress()
    bundled = next(case for case in cases() if case.name == "demo")
    start = prepare(job(bundled), profile=how, progress=show)
    choices = [
        SelectedStory(story=story, kind=story.salience.leaning, link=None, reason="bench")
        for story in start.repeats.stories[: _ENTRIES + 1]
    ]
    with (
        open_model(settings, UncachedReplies(None), show.bytes) as model,
        ThreadPoolExecutor(slots) as pool,
    ):
        telling = partial(
            translate_checked, issue=start.issue, ask=model.ask, profile=how, checks=load_checks()
        )
        # The first loads the weights, and the part that all questions share.
        telling(choices[0])
        began = time.monotonic()
        list(pool.map(telling, choices[1:]))
        return _ENTRIES * 60 / (time.monotonic() - began)
