"""Figures beside another period, and as more for less, at least for at most, before for after."""

import pytest

from pipeline.quantities import match_quantities
from pipeline.verify.rates import find_other_rates


def _found(english: str, chinese: str) -> list[str]:
    matches = match_quantities(chinese, english)
    return [one.found for match in matches for one in find_other_rates(match, chinese, english)]


@pytest.mark.parametrize(
    ("english", "right", "wrong"),
    [
        ("It scores 4 points below Lark.", "它比Lark低4分。", "它比Lark高4分。"),
        ("It loads up to 7.3x faster.", "加载最高快到7.3倍。", "加载至少快到7.3倍。"),
        ("It needs at least 40GB.", "它至少需要40GB。", "它最多需要40GB。"),
        ("The count rose after March 8.", "3月8日之后增加。", "3月8日之前增加。"),
        (
            "Models launched on or after August 2, 2026 carry it.",
            "2026年8月2日及以后上线的模型带有它。",
            "2026年8月2日以前上线的模型带有它。",
        ),
        ("It will be ready by 2028.", "2028年前建成。", "2028年后建成。"),
        ("A cut from 200 to 20 a month.", "从每月200次砍到20次。", "从每天200次砍到20次。"),
    ],
)
def test_the_opposite_beside_a_figure_is_found(english: str, right: str, wrong: str) -> None:
    """What stands at once beside a figure is compared with what stands beside its equals."""
    assert _found(english, right) == []
    assert _found(english, wrong)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("It is 30% faster and its memory is 30% lower.", "内存低30%。"),
        ("The paper is from three years ago.", "论文是三年前的。"),
        ("Its best model from four months earlier.", "四个月前的最佳模型。"),
        ("Prices fell 30%.", "降价30%。"),
        ("It needs 30% of the memory.", "内存减少30%。"),
    ],
)
def test_other_words_beside_a_figure_pass(english: str, chinese: str) -> None:
    """Only the plain opposite counts, and only where every place has it."""
    assert _found(english, chinese) == []
