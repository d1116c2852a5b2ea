"""Tests that time grows as a page does, whatever the page repeats."""

import time

import pytest

from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.records import Page
from shapes import SHAPES

# Those of which time once grew with the square, and some that were found linear.
QUADRATIC = (
    "pictures",
    "brackets",
    "half links in turns",
    "bold lead",
    "bold and code",
    "near-equal titles",
    "announced names",
    "coined names",
    "mentions with versions",
    "mentions of 26 kinds",
    "equal mentions",
    "labels of a channel",
    "one-column table",
    "emphasis",
    "growing backticks",
)


def seconds(page: Page) -> float:
    """Take the processor time of parse and merge."""
    began = time.process_time()
    merge(parse(page))
    return time.process_time() - began


@pytest.mark.parametrize("name", QUADRATIC)
def test_a_page_of_four_times_the_size_takes_about_four_times_as_long(name: str) -> None:
    """Whatever a page repeats, it costs in proportion: sixteen times would be the square."""
    large = SHAPES[name].page(80_000)
    # What takes less than may be added to any time is in proportion to it, whatever that is.
    if (first := seconds(large)) < 0.5:
        return
    small = SHAPES[name].page(20_000)
    most = 10 * min(seconds(small), seconds(small)) + 0.5
    # The better of two, of which the second is taken only where the first is not good enough.
    assert first < most or seconds(large) < most
