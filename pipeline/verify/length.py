"""Titles and summaries are neither too long nor too short, and do not break off.

How short a summary may be depends on how much there is to tell: on the lines that it names, or on
all of them where it is not known which these are.
"""

from collections.abc import Iterator

from pipeline.chinese import chinese_width
from pipeline.summary_room import summary_room
from pipeline.verify.check import CheckInput, CheckResult, Problem

TITLE_CHARS = range(4, 41)
"""How long a title may be, counted by the space that it takes."""
_SHORTEST, _SHORTEST_FULL = 12, 40
"""Characters of a summary: one sentence is enough for one fact."""
_MUCH_EVIDENCE_CHARS = 600
"""What is longer has more facts than fit in one short sentence."""
_MARGIN = 20
"""By how many characters a summary may be longer than was asked for."""

_OPEN_END = tuple("，、：；,:;-—（(《“和与及的仅")
_BRACKETS = (("（", "）"), ("(", ")"), ("《", "》"), ("「", "」"), ("【", "】"))


def summary_chars(evidence: str, *, full: bool = False) -> range:
    """Say how long a summary of this evidence may be, counted as a title.

    Args:
        evidence: the English text.
        full: whether it rests on more than one fact.
    """
    shortest = _SHORTEST_FULL if full else _SHORTEST
    return range(shortest, summary_room(evidence).chars + _MARGIN + 1)


def check_length(data: CheckInput) -> CheckResult:
    """Measure title and summary."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    named = {place for passage in data.passages[1:] for place in passage.ranges}
    much = sum(end - start for start, end in named) > _MUCH_EVIDENCE_CHARS
    allowed_summary = summary_chars(data.story.evidence, full=much)
    for name, text, allowed in (
        ("title", data.entry.title, TITLE_CHARS),
        ("summary", data.entry.summary, allowed_summary),
    ):
        # No text becomes too long by its setting or by the names that it has to spell.
        is_short = len(text) < allowed[0]
        size = len(text) if is_short else chinese_width(text)
        if is_short or size > allowed[-1]:
            expected = f"a {name} of {allowed[0]} to {allowed[-1]} characters"
            yield Problem(expected, f"{size} characters")
        cut = any(text.count(opening) > text.count(closing) for opening, closing in _BRACKETS)
        if text.endswith(_OPEN_END) or cut:
            yield Problem(f"a {name} that is whole: it ends in the middle", f"…{text[-12:]}")
