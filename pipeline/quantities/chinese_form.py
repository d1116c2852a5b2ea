"""Quantities of an English text written in Chinese, for a model that copies what is Chinese.

`translate.mixed` puts them in its sentences. Each is compared with the English that it stands for
before it is given, so a form that would say something else is left out. Left in English, too: what
Chinese engineers write the same (27B, 40GB, 45%, 128k), versions, years, and small numbers.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from pipeline.quantities.compare import unsupported_quantities
from pipeline.quantities.scan import Quantity, find_quantities
from pipeline.quantities.units import MONTHS, Unit


class ChineseForm(NamedTuple):
    """A stretch of an English text, and how Chinese says it."""

    start: int
    """Offset in the English text."""
    end: int
    text: str


def chinese_forms(text: str) -> Iterator[ChineseForm]:
    """Find the quantities of an English text that Chinese writes otherwise.

    Returns:
        In the order of the text, none overlapping another.
    """
    end = 0
    for form in _forms(text, find_quantities(text)):
        if form.start >= end and has_same_quantities(form.text, text[form.start : form.end]):
            yield form
            end = form.end


def has_same_quantities(chinese: str, english: str) -> bool:
    """Whether two texts have each other's quantities, but for the month of $20 a month."""
    lost = unsupported_quantities(english, chinese)
    return not unsupported_quantities(chinese, english) and all(
        quantity.text.startswith("a ") for quantity in lost
    )


def _forms(text: str, quantities: Sequence[Quantity]) -> Iterator[ChineseForm]:
    """Write what can be written, ranges and prices per so many before what stands alone."""
    for quantity, after in zip_longest(quantities, quantities[1:]):
        if after and (form := _range(text, quantity, after)):
            yield form
        if form := _alone(text, quantity):
            yield form


_RANGE_GAP = re.compile(r" to |[-–—~]")
_FROM = re.compile(
    r"\b(?:from|between|by|(?:rise|rose|grow|grew|grown|fall|fell|drop|dropped|increased?|decreased?"
    r"|reduced?|cut|raised?|improved?|went|goes|jump(?:ed)?)\b[^.,;]{0,30}) ?$",
    re.IGNORECASE,
)
"""What makes a change of two numbers, or a range that has its own words."""


def _range(text: str, first: Quantity, second: Quantity) -> ChineseForm | None:
    """Write 3 to 10 as 3到10; what goes from one to the other is left to the model."""
    gap = text[first.end : second.start]
    if not _RANGE_GAP.fullmatch(gap) or _FROM.search(text[: first.start]) or first.bound:
        return None
    if first.unit != second.unit or first.value >= second.value or second.unit == "version":
        return None
    last = None if second.unit == "tokens" else _write(second, text)
    start = _NUMBER.match(first.text)
    if not start or second.bound:
        return None
    if last:
        number = _write(first, text) or start.group()
        # The unit is said once, as in English: 3到10天.
        unit = last.lstrip("0123456789.")
        number = number.removesuffix(unit) if unit else number
        return ChineseForm(first.start, second.end, f"{number}到{last}")
    if gap == " to " and first.unit == "" == second.unit:
        return ChineseForm(first.start, second.end, f"{first.text}到{second.text}")
    return None


def _alone(text: str, quantity: Quantity) -> ChineseForm | None:
    """Write one quantity with what bounds it, what it is paid for, and what it counts."""
    start, end = quantity.start, quantity.end
    bound = _bound_before(text, quantity)
    written = _write(quantity, text)
    if not written and (bound or _FASTER.match(text, end)):
        written = _as_it_stands(quantity, text)
    if written is None:
        return _before_name(quantity, text)
    if _SHARES.search(text, 0, start) or re.match(r"/[$€£]|[-–—~]\d", text[end:]):
        return None
    if faster := _FASTER.match(text, end):
        written, end = f"{_CHANGES[faster[1]]}{quantity.text}", faster.end()
    elif price := _PER.match(text, end):
        written, end = f"{_per(price)}{written}", price.end()
    elif _HYPHENATED.search(quantity.text):
        written = f"{written.replace('个 token', ' token ')}的"
    return ChineseForm(bound.start() if bound else start, end, _bounded(bound, written))


_CHANGES = {"faster": "快", "slower": "慢", "cheaper": "便宜"}
_FASTER = re.compile(rf"(?<=%) ({'|'.join(_CHANGES)})\b")
_SHARES = re.compile(r"(?:/|\d[BMK](?:,| and| or| to|/) ?|\d[-–—~])$")
"""What shares its unit with a number before it: $3/$15 per million, 120B and 20B, 100-150 tok/s."""


def _bounded(bound: re.Match[str] | None, written: str) -> str:
    """Write what the words before a quantity say of it: in under 15 ms is in 15毫秒以内."""
    if not bound:
        return written
    inside = f"{bound['inside']} " if bound["inside"] else ""
    word = _CHINESE_BOUNDS[next(name for name in _BOUNDS if bound[name])]
    if word == "最多" and re.search(_LONG_UNITS, written):
        word = "最长"
    return f"{inside}{written}以内" if inside and word == "不到" else f"{inside}{word}{written}"


_SYMBOL = re.compile(r"[\d.,]+ ?(?:%|[kKMGTP]?i?B|[kMG]?W|[kMG]?Hz|[kmc]m|kg|[kKMB])")
_COUNT = re.compile(r"\d[\d,]*")


def _as_it_stands(quantity: Quantity, text: str) -> str | None:
    """Give a quantity that Chinese writes the same, for its bound is put before it."""
    if quantity.unit in {"version", "date", "year", "ordinal", "ratio"}:
        return None
    long = _is_long(quantity) or _SCALE_ALONE.match(quantity.text)
    if quantity.unit == "" and quantity.value >= _FIRST_MYRIAD and not long:
        return f"{chinese_number(quantity.value)}{_measure_word(text[quantity.end :])}"
    if _SYMBOL.fullmatch(quantity.text):
        return quantity.text
    if quantity.unit == "" and _COUNT.fullmatch(quantity.text) and quantity.value >= _LEAST_BOUNDED:
        return f"{quantity.text}{_measure_word(text[quantity.end :])}"
    return None


_LEAST_BOUNDED = 20
"""Over 5 runs is no bound."""
_NAME_AFTER = re.compile(
    r" [A-Z]{1,4}\d+\w* (?:nodes?|GPUs?|TPUs?|cards?|chips?|servers?|machines?)\b"
)


def _before_name(quantity: Quantity, text: str) -> ChineseForm | None:
    """Part a count from the name behind it: 64 GB200 nodes would become 64GB200."""
    bare = quantity.unit in {"", "version"} and _COUNT.fullmatch(quantity.text)
    if bare and _NAME_AFTER.match(text, quantity.end):
        measure = "块" if re.match(r" \S+ (?:GPU|TPU|card|chip)", text[quantity.end :]) else "个"
        return ChineseForm(quantity.start, quantity.end, f"{quantity.text}{measure}")
    return None


_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_HYPHENATED = re.compile(r"[\dMBKkmn]-[a-z]")
_BOUNDS = {
    "less": r"under|below|less than|fewer than|sub",
    "most": r"up to|at most|no more than|a maximum of",
    "near": r"nearly|almost|close to",
    "over": r"over|more than|in excess of|upwards of|north of",
    "least": r"at least|no less than|no fewer than|a minimum of",
    "about": r"about|around|roughly|approximately|circa",
}
_CHINESE_BOUNDS = {
    "less": "不到", "most": "最多", "near": "近", "over": "超过", "least": "至少", "about": "约",
}  # fmt: skip
_LONG_UNITS = "秒|分钟|小时|天|周|月|年"
_BOUND = re.compile(
    r"(?<![\w-])(?:(?P<inside>in|within) )?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _BOUNDS.items())
    + ")[ -]$",
    re.IGNORECASE,
)


_OVER = re.compile("(?:over|around)", re.IGNORECASE)
_NO_BOUND = re.compile(
    r"\b(?:spread|averag\w*|runs?|comput\w*|measured|evaluat\w*|distribut\w*|sampl\w*|built|hand)$"
)
_LEAST_OVER = 100


def _bound_before(text: str, quantity: Quantity) -> re.Match[str] | None:
    """Find the bound of a quantity; a mean over 5 runs has none, nor what grew over five years."""
    bound = _BOUND.search(text, 0, quantity.start)
    if not bound or not _OVER.match(bound[0]):
        return bound
    small = quantity.unit == "" and quantity.value < _LEAST_OVER
    timed = quantity.unit in {"seconds", "months"}
    return None if small or timed or _NO_BOUND.search(text[: bound.start()].rstrip()) else bound


_EACH = {
    "second": "秒", "minute": "分钟", "hour": "小时", "day": "天", "week": "周", "month": "月",
    "year": "年", "user": "用户", "image": "张图", "request": "次请求", "seat": "席位",
    "GPU": "块GPU",
}  # fmt: skip
_PER = re.compile(
    rf"(?:/| ?per | a | each )(?:(?P<each>{'|'.join(_EACH)})(?![\w-])"
    r"|(?P<million>1?M|(?:1 |one )?million|1K|thousand)(?: (?P<kind>input|output|cached))?"
    r"(?: tok(?:en)?s?)\b)"
)
_KINDS = {"input": "输入", "output": "输出", "cached": "缓存"}


def _per(price: re.Match[str]) -> str:
    if price["each"]:
        return f"每{_EACH[price['each']]}"
    scale = "千" if "K" in price["million"] or "thousand" in price["million"] else "百万"
    return f"每{scale}{_KINDS.get(price['kind'] or '', '')} token "


_BARE = re.compile(r"[\d.,]+")


def _write(quantity: Quantity, text: str) -> str | None:
    """Write a quantity without its bound, or None where it is to stay as it is."""
    writer = _WRITERS.get(quantity.unit)
    spoken = quantity.bound == "plural" or quantity.part or quantity.text[0] in "+-~<>"
    suffixed = re.search(r"[+]|\b(?:plus|or (?:more|less|fewer))$", quantity.text)
    shared = quantity.unit and _BARE.fullmatch(quantity.text)
    if writer is None or spoken or suffixed or shared or quantity.text[:2].lower() in {"a ", "an"}:
        return None
    return writer(quantity, text)


def chinese_number(value: Decimal) -> str:
    """Write a number as Chinese news does: 1600万, 2.4万, 17万亿, 1.75."""
    for scale, word in ((12, "万亿"), (8, "亿"), (4, "万")):
        if value >= Decimal(10) ** scale:
            return f"{(value.scaleb(-scale)).normalize():f}{word}"
    return f"{value.normalize():f}"


_MOST_FIGURES = 4
"""Figures of a number in 万 or 亿 from which on it reads better as it stands: 41,234."""
_FIRST_MYRIAD = 10000


_ALONE_AFTER = re.compile(r" (?:of (?:its|the|them|those|all)|active|activated|are|is|were|work)\b")
"""What makes a number of 2.3B stand for itself, as its noun is somewhere else."""


def _is_long(quantity: Quantity) -> bool:
    return len(re.sub(r"\D", "", chinese_number(quantity.value)).strip("0")) > _MOST_FIGURES


_SCALE_ALONE = re.compile(r"(?i:hundred|thousand|[mb]illion|trillion)")
"""The million of `per million`."""


def _count(quantity: Quantity, text: str) -> str | None:
    """Write a count from ten thousand on, with the measure word of its noun where that is known."""
    if quantity.value < _FIRST_MYRIAD or _is_long(quantity) or _SCALE_ALONE.match(quantity.text):
        return None
    measure = _measure_word(text[quantity.end :])
    letters = re.fullmatch(r"[\d.,]+[a-zA-Z]{1,2}", quantity.text)
    if letters and not measure and not _ALONE_AFTER.match(text, quantity.end):
        return None  # a 27B model, 128k of context
    return f"{chinese_number(quantity.value)}{measure}"


_MEASURES = {
    "名": r"users?|people|persons|individuals|developers?|engineers?|researchers?|employees"
    r"|customers?|members|subscribers|students|workers|players|readers|accounts holders",
    "个": r"accounts?|tasks?|problems?|questions?|examples?|samples?|repos(?:itories)?|projects?"
    r"|files?|documents?|websites?|sites?|stars|environments?|points|tools?|entities|agents?"
    r"|servers?|datasets?|rows|steps|sessions?|organi[sz]ations|companies|businesses|addresses",
    "次": r"conversations?|calls?|requests?|downloads?|views?|queries|visits|exchanges"
    r"|interactions|messages",
    "条": r"tweets|posts|comments|reviews|prompts|trajectories|records|sentences|votes",
    "篇": r"papers?|articles?|stories",
    "本": r"books?",
    "张": r"images?|photos?|pictures?|tickets",
    "块": r"GPUs?|TPUs?|H\d+s|chips?|cards",
    "行": r"lines",
    "段": r"videos?|clips?",
    "小时": r"hours",
}
_MEASURE = re.compile(
    r" (?:[a-z]+ ){0,2}?(?:"
    + "|".join(f"(?P<m{at}>{nouns})" for at, nouns in enumerate(_MEASURES.values()))
    + r")\b"
)
_NO_NOUN = re.compile(r" (?:and|or|of|in|on|at|for|to|by|with|from|than|as|is|are|was|were)\b")


def _measure_word(after: str) -> str:
    found = _MEASURE.match(after)
    if not found or _NO_NOUN.search(found.group()):
        return ""
    return list(_MEASURES)[int(str(found.lastgroup)[1:])]


def _parameters(quantity: Quantity, _text: str) -> str | None:
    value = re.match(r"[\d.,]+.*param", quantity.text) and not _is_long(quantity)
    return f"{chinese_number(quantity.value)}参数" if value and not _is_active(quantity) else None


def _is_active(quantity: Quantity) -> bool:
    return bool(re.search(r"\b(?:active|total|training|trainable)\b", quantity.text))


_TOKEN_KIND = re.compile(r"\b(?:of|input|output|context|training|total|more|extra)\b")


def _tokens(quantity: Quantity, _text: str) -> str | None:
    if not _NUMBER.match(quantity.text) or _is_long(quantity):
        return None
    if _TOKEN_KIND.search(quantity.text):
        return None
    number = chinese_number(quantity.value)
    rate = re.search(r"(?:/|per )\s?s|tps", quantity.text, re.IGNORECASE)
    return f"每秒{number}个 token" if rate else f"{number}个 token"


def _frames(quantity: Quantity, _text: str) -> str | None:
    frames = quantity.text.endswith("frames") and not _is_long(quantity)
    return f"{chinese_number(quantity.value)}帧" if frames else None


_CURRENCIES: dict[Unit, str] = {"usd": "美元", "eur": "欧元", "gbp": "英镑", "inr": "卢比"}


def _money(quantity: Quantity, _text: str) -> str | None:
    if not re.search(r"[$€£₹]|dollar|euro|pound", quantity.text) or _is_long(quantity):
        return None
    return f"{chinese_number(quantity.value)}{_CURRENCIES[quantity.unit]}"


_TIMES: dict[str, tuple[str, Decimal]] = {
    r"ns|nanoseconds?": ("纳秒", Decimal("1e-9")),
    r"us|μs|microseconds?": ("微秒", Decimal("1e-6")),
    r"ms|msecs?|milliseconds?": ("毫秒", Decimal("1e-3")),
    r"s|secs?|seconds?": ("秒", Decimal(1)),
    r"mins?|minutes?": ("分钟", Decimal(60)),
    r"h|hrs?|hours?": ("小时", Decimal(3600)),
    r"days?": ("天", Decimal(86400)),
    r"weeks?|wks?": ("周", Decimal(604800)),
    r"months?": ("个月", Decimal(1)),
    r"years?|yrs?": ("年", Decimal(12)),
}


def _duration(quantity: Quantity, _text: str) -> str | None:
    unit = re.search(r"(?:^|[\d -])([a-zμ]+)$", quantity.text)
    if not unit:
        return None
    for names, (word, worth) in _TIMES.items():
        if re.fullmatch(names, unit[1]):
            return f"{chinese_number(quantity.value / worth)}{word}"
    return None


def _times(quantity: Quantity, _text: str) -> str | None:
    found = re.match(r"([\d.]+)(?:x|X|×| times|-?fold)$", quantity.text)
    return f"{found[1]}倍" if found else None


def _date(quantity: Quantity, _text: str) -> str | None:
    number = int(quantity.value)
    year, month, day = number // 10000, number // 100 % 100, number % 100
    if not (re.search("|".join(MONTHS), quantity.text) and month and (year or day)):
        return None
    return f"{f'{year}年' if year else ''}{month}月{f'{day}日' if day else ''}"


def _rank(quantity: Quantity, _text: str) -> str | None:
    return f"第{quantity.value:f}" if re.match(r"#|No\. ?", quantity.text) else None


def _score(quantity: Quantity, _text: str) -> str | None:
    found = re.match(r"([\d.,]+) points?$", quantity.text)
    return f"{found[1]}分" if found else None


def _points(quantity: Quantity, _text: str) -> str | None:
    found = re.match(r"([\d.]+) percentage points?$", quantity.text)
    return f"{found[1]}个百分点" if found else None


def _percent(quantity: Quantity, _text: str) -> str | None:
    found = re.match(r"([\d.]+) per ?cent$", quantity.text)
    return f"{found[1]}%" if found else None


_WRITERS: dict[Unit, Callable[[Quantity, str], str | None]] = {
    "": _count,
    "frames": _frames,
    "parameters": _parameters,
    "tokens": _tokens,
    "usd": _money,
    "eur": _money,
    "gbp": _money,
    "inr": _money,
    "seconds": _duration,
    "months": _duration,
    "times": _times,
    "date": _date,
    "ordinal": _rank,
    "score": _score,
    "points": _points,
    "percent": _percent,
}
