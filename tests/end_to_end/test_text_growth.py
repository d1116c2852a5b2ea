"""Time grows as a text does, whatever it repeats."""

import time

import pytest

from pipeline.llm.json_text import read_objects
from pipeline.quantities import find_quantities


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "1.",
        "万",
        "一点",
        "三亿",
        "a-",
        "two ",
        "第",
        "百分之",
        "1/",
        "1-",
        "9^999 ",
        "**1",
    ],
)
def test_time_is_linear(piece: str) -> None:
    """15 KB of anything takes well under two seconds, whatever repeats in it."""
    started = time.process_time()
    find_quantities(piece * (15_000 // len(piece)))
    assert time.process_time() - started < 1.5


@pytest.mark.parametrize(
    "part", ["{", '{"a":', "<think>", '{"', "<", "< ", "<|channel|>", '{"a",}', '\\"', "[/", "{'"]
)
def test_no_text_takes_long_to_read(part: str) -> None:
    """However many beginnings it has."""
    began = time.process_time()
    read_objects(part * (200_000 // len(part)))
    assert time.process_time() - began < 10
