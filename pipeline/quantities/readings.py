"""What else a quantity may mean: ¥ of Japan, a quarter as months, 90 days as three months.

A table with one row per unit; a new reading is one more function in it.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from pipeline.quantities.scan import Quantity
from pipeline.quantities.units import MONEY, ORDINALS, Unit

_Updates = Iterator[dict[str, Any]]
"""What of a quantity differs in another reading."""

_DAY = 86400
_CENTURY = 100
_FIRST_YEAR = 1000
_SMALLEST_RATE = 999  # bits: what is less is a precision
_LEAST_FIGURES = 5
_DAYS_OF_MONTHS = {Decimal(days): days // 30 for days in (30, 60, 90, 180, 365)}
_NTH = re.compile(r"(?i:an?) (?:of )?(third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)")
"""A part, or one more: a fourth quarter in a row."""
_IN_A_ROW = re.compile("year|quarter|month|week|day")
_SPANS: dict[str, tuple[Unit, int]] = {
    "year": ("months", 12),
    "quarter": ("months", 3),
    "month": ("months", 1),
    "week": ("seconds", 7 * _DAY),
    "day": ("seconds", _DAY),
}
_SHARE = re.compile(r"0\.\d{2,}")
"""A score as a table has it: 0.861 is 86.1 %."""
_GIGABYTES = re.compile(r"\d{1,4}G")
"""Of memory, as people write it: M1 Max 64G."""
_DIGITS_OF = re.compile(r"(?i)(?:single|double|triple)-digit \w+illions")
"""Money, as nobody counts anything else so."""


def find_readings(quantity: Quantity) -> Iterator[Quantity]:
    """Give a quantity as it stands, and what else it may mean."""
    yield quantity
    if quantity.carried:
        value = quantity.value if quantity.unit in MONEY else Decimal(quantity.digits)
        yield quantity.model_copy(update={"unit": "", "value": value})
    if reader := _READERS.get(quantity.unit):
        for update in reader(quantity):
            yield quantity.model_copy(update=update)


def _of_yuan(quantity: Quantity) -> _Updates:
    if "¥" in quantity.text:
        yield {"unit": "jpy"}


def _of_pounds(quantity: Quantity) -> _Updates:
    if "pound" in quantity.text:
        yield {"unit": "grams", "value": quantity.value * Decimal("453.59237")}


def _of_bits(quantity: Quantity) -> _Updates:
    if quantity.value > _SMALLEST_RATE:
        yield {"unit": "bytes", "value": quantity.value / 8}


def _of_times(quantity: Quantity) -> _Updates:
    if quantity.text in {"1", "一"} or quantity.text[:2] in {"一倍", "1倍"}:
        yield {"value": Decimal(1)}


def _of_decade(quantity: Quantity) -> _Updates:
    if quantity.value >= _FIRST_YEAR and not quantity.value % _CENTURY:
        yield {"unit": "century", "value": quantity.value / _CENTURY + 1}


def _of_percent(quantity: Quantity) -> _Updates:
    if quantity.text.endswith("quarters"):
        yield {"unit": "months", "value": quantity.value * 3 / 25}
    if nth := _NTH.fullmatch(quantity.text):
        yield {"unit": "ordinal", "value": Decimal(ORDINALS[nth[1].lower()])}


def _of_months(quantity: Quantity) -> _Updates:
    if quantity.text == "半个月":
        yield {"unit": "seconds", "value": Decimal(14 * _DAY)}
    if "岁" in quantity.text:
        yield {"unit": "", "value": quantity.value / 12}


def _of_seconds(quantity: Quantity) -> _Updates:
    if months := _DAYS_OF_MONTHS.get(quantity.value / _DAY):
        yield {"unit": "months", "value": Decimal(months)}


def _of_ordinal(quantity: Quantity) -> _Updates:
    if quantity.text.endswith("周年"):
        yield {"unit": "months", "value": quantity.value * 12}
        yield {"unit": ""}
    if span := _IN_A_ROW.search(quantity.text):
        unit, factor = _SPANS[span.group()]
        yield {"unit": unit, "value": quantity.value * factor}


def _of_digits(quantity: Quantity) -> _Updates:
    if quantity.value >= _LEAST_FIGURES:
        value = Decimal(10) ** int(quantity.value - 1)
        yield {"unit": "", "value": value, "bound": "plural"}
        yield {"unit": "usd", "value": value, "bound": "plural"}


def _of_count(quantity: Quantity) -> _Updates:
    if _SHARE.fullmatch(quantity.text):
        yield {"unit": "percent", "value": quantity.value * 100}
    if _DIGITS_OF.match(quantity.text):
        yield {"unit": "usd"}
    if _GIGABYTES.fullmatch(quantity.text):
        yield {"unit": "bytes"}


def _of_clock(quantity: Quantity) -> _Updates:
    if quantity.text.endswith("点"):
        yield {"unit": "", "value": quantity.value / 3600}


def _of_dollars(quantity: Quantity) -> _Updates:
    if quantity.text.endswith("$"):  # the end of a formula
        yield {"unit": ""}


_READERS: dict[Unit, Callable[[Quantity], _Updates]] = {
    "": _of_count,
    "bits": _of_bits,
    "clock": _of_clock,
    "cny": _of_yuan,
    "decade": _of_decade,
    "digits": _of_digits,
    "gbp": _of_pounds,
    "months": _of_months,
    "ordinal": _of_ordinal,
    "percent": _of_percent,
    "seconds": _of_seconds,
    "times": _of_times,
    "usd": _of_dollars,
}
