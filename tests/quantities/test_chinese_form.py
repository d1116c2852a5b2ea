"""An English quantity is written as Chinese writes it, or left alone."""

from decimal import Decimal

import pytest

from pipeline.quantities import chinese_forms, has_same_quantities, unsupported_quantities
from pipeline.quantities.chinese_form import chinese_number


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("9999", "9999"),
        ("10000", "1万"),
        ("24000", "2.4万"),
        ("16000000", "1600万"),
        ("99990000", "9999万"),
        ("100000000", "1亿"),
        ("1230000000", "12.3亿"),
        ("17000000000000", "17万亿"),
        ("1.50", "1.5"),
    ],
)
def test_a_number_is_scaled_by_ten_thousand(value: str, written: str) -> None:
    """万, 亿 and 万亿 stand for what million and billion are in English."""
    assert chinese_number(Decimal(value)) == written


def test_forms_say_where_they_stand() -> None:
    """A form replaces the quantity with its bound and what it is paid for."""
    text = "It costs over $1.50 per million tokens, and 3 to 5 days."
    forms = list(chinese_forms(text))
    assert [text[form.start : form.end] for form in forms] == [
        "over $1.50 per million tokens",
        "3 to 5 days",
    ]
    assert [form.text for form in forms] == ["超过每百万 token 1.5美元", "3到5天"]


@pytest.mark.parametrize(
    "text",
    [
        "a 27B model with 40GB, 45%, 128k and 60 fps",
        "Python 3.10, CUDA 12.6+ and GPT-5.2",
        "41,234 stars, 300 tasks and 1,491 words",
        "weeks, a year, hundreds of users and two-thirds of them",
        "100–150 tok/s, $3/$15 per million, 120B and 20B parameter sizes",
        "spread over 24 environments",
    ],
)
def test_what_is_open_or_alike_stays(text: str) -> None:
    """Names, versions, loose numbers and what Chinese writes the same are no forms."""
    assert list(chinese_forms(text)) == []


def test_a_month_of_a_price_may_be_in_a_word() -> None:
    """每月 tells a month, which no number of the Chinese does."""
    assert has_same_quantities("每月20美元", "$20 a month")
    assert not has_same_quantities("每月200美元", "$20 a month")


@pytest.mark.parametrize(
    ("claim", "evidence", "equal"),
    [
        ("成本从600万美元降至29.4万美元", "the cost fell from $6 million to $294,000", True),
        ("从500万美元降至300万美元", "fell from $5 million to $3", True),
        ("运行86%更快", "runs 1.86x as fast", True),
        ("需要45%更少的内存", "needs 45% less memory", True),
        ("需要45%更多的内存", "needs 45% less memory", False),
    ],
)
def test_scales_and_directions_are_shared_with_care(
    claim: str, evidence: str, *, equal: bool
) -> None:
    """A million is not carried to what has its thousands, and 更快 behind a number is a change."""
    assert bool(unsupported_quantities(claim, evidence)) is not equal
