"""How fast the embedded model tells entries, with one, two and four slots."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bench.rows import Row
from eval.cases import cases, job
from eval.rehearse import Quiet
from eval.tape import Forgetful
from pipeline.backend import open_model, sizes
from pipeline.records import Choice
from pipeline.repair import tell
from pipeline.run import begin
from pipeline.settings import Settings

_SLOTS = (1, 2, 4)
_ENTRIES = 8
BAR_PER_MINUTE = 20 / 6
"""Twenty entries in six minutes."""


def embedded(_shared: Path) -> Iterator[Row]:
    """Tell the first stories of the bundled issue, each as often as it needs."""
    first = None
    for slots in _SLOTS:
        rate = _rate(slots)
        first = first or rate
        yield Row(
            group="embedded model",
            name=f"entries a minute, {slots} slot{'s' * (slots > 1)}",
            value=rate,
            unit="entries/min",
            baseline="1 slot",
            baseline_value=first,
            better="more",
        )


def _rate(slots: int) -> float:
    base = Settings.model_construct()
    settings = base.model_copy(update={"embedded_slots": slots, "openai_api_key": None})
    how, show = sizes(settings), Quiet()
    bundled = next(case for case in cases() if case.name == "demo")
    start = begin(job(bundled), how=how, show=show)
    choices = [
        Choice(story=story, kind=story.salience.leaning, link=None, reason="bench")
        for story in start.recalled.stories[: _ENTRIES + 1]
    ]
    with (
        open_model(settings, Forgetful(None), show.bytes) as model,
        ThreadPoolExecutor(slots) as pool,
    ):
        telling = partial(tell, issue=start.issue, ask=model.ask, how=how)
        # The first loads the weights, and the part that all questions share.
        telling(choices[0])
        began = time.monotonic()
        list(pool.map(telling, choices[1:]))
        return _ENTRIES * 60 / (time.monotonic() - began)
