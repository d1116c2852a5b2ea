"""Titles and summaries are neither too long nor too short, and do not break off."""

from collections.abc import Iterator

from pipeline.chinese import length_without_spacing
from pipeline.verify.check import CheckInput, CheckResult, Problem

TITLE_CHARS = range(4, 41)
"""How long a title may be, spaces that only part Chinese from Latin not counted."""
SUMMARY_CHARS = range(40, 261)
"""How long a summary may be, counted likewise."""

_OPEN_END = tuple("，、：；,:;-—（(《“和与及的仅")
_BRACKETS = (("（", "）"), ("(", ")"), ("《", "》"), ("「", "」"), ("【", "】"))


def check_length(data: CheckInput) -> CheckResult:
    """Measure title and summary."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    for name, text, allowed in (
        ("title", data.entry.title, TITLE_CHARS),
        ("summary", data.entry.summary, SUMMARY_CHARS),
    ):
        # No text becomes too long by its setting; the number is the one that the model can count.
        if len(text) < allowed[0] or length_without_spacing(text) > allowed[-1]:
            expected = f"a {name} of {allowed[0]} to {allowed[-1]} characters"
            yield Problem(expected, f"{len(text)} characters")
        cut = any(text.count(opening) > text.count(closing) for opening, closing in _BRACKETS)
        if text.endswith(_OPEN_END) or cut:
            yield Problem(f"a {name} that is whole: it ends in the middle", f"…{text[-12:]}")
