"""Text to tokens: one small reader per way of writing a quantity.

A reader is a pattern and a function; at every place of the text the first
pattern that fits is read, so the order of the readers matters. Whatever may repeat in a pattern is
possessive or bounded, and what looks back is short: 100 KB of digits take linear time.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Final

from pipeline.quantities.lexer import (
    DECIMAL,
    EITHER,
    HALF,
    HAN,
    MAX_DIGITS,
    NO_WORD,
    NUM,
    ONE,
    RUN,
    Token,
    extend_with_bound,
    extend_with_unit,
    parse_decimal,
    parse_han,
    parse_numeral,
)
from pipeline.quantities.units import (
    DECADES,
    FIXED_PHRASES,
    FRACTIONS,
    IDIOMS,
    MEASURE_WORDS,
    MONEY,
    MONTHS,
    NUMBER_WORDS,
    ORDINALS,
    PLURALS,
    ROMAN,
    SCALES,
    SYMBOLS,
    TENS,
    Unit,
)

_Match = re.Match[str]
_Reader = Callable[[_Match], Token | None]
_PATTERN_READERS: list[tuple[re.Pattern[str], _Reader]] = []

_NOT_HERE: Final = Token(-1, -1)
"""What a reader gives that leaves its place to those after it."""

_LEFT = r"(?<![A-Za-z0-9])(?<![A-Za-z0-9]\.)"
"""What a number does not continue."""


_SENTENCE_START = re.compile(
    r"\b(?:An?(?=[ -])|"
    + "|".join(
        word.capitalize() for word in (*NUMBER_WORDS, *PLURALS, "dozen", "hundred", "million")
    )
    + r")\b",
    re.ASCII,
)
"""Number words where a sentence begins: Two-thirds of users, Half of it."""


def tokenize(text: str) -> list[Token]:
    """Read a folded text; names with a number in them are tokens too, and marked."""
    read: list[Token] = []
    text, place = _SENTENCE_START.sub(lambda found: found.group().lower(), text), 0
    while found := _ANY.search(text, place):
        token, end = _read_at(text, found.start(), int(str(found.lastgroup)[1:]))
        if token:
            read.append(token)
        place = max(end, token.end if token else 0)
    return read


def _read_at(text: str, place: int, first: int) -> tuple[Token | None, int]:
    """Read by the first pattern that fits, or the next that fits where its reader says so."""
    for pattern, reader in _PATTERN_READERS[first:]:
        if (found := pattern.match(text, place)) and (token := reader(found)) is not _NOT_HERE:
            return token, found.end()
    return None, place + 1


def is_calendar_year(number: Decimal) -> bool:
    """Whether a bare number may be a year of our time."""
    return 1900 <= number < 2100  # noqa: PLR2004


def _pattern(pattern: str) -> Callable[[_Reader], _Reader]:
    """Register a reader; patterns are verbose, and their classes know ASCII only."""

    def register(reader: _Reader) -> _Reader:
        _PATTERN_READERS.append((re.compile(pattern, re.VERBOSE | re.ASCII), reader))
        return reader

    return register


def _words(words: Iterable[str]) -> str:
    """Alternatives, longest first, for a verbose pattern."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@_pattern(
    rf"""https?://[!-~]+ | www\.[!-~]+ | (?<!\w)@\w+ | <[@\#:][^>\s]{{0,60}}> | &\#?\w{{1,9}};
    | {_LEFT}0x[0-9a-fA-F]+ | {IDIOMS}
    | \b(?:first|third)[- ]part(?:y|ies)\b | \b(?:second|split)-(?:hand|second)\b"""
)
def _skipped(_found: _Match) -> None:
    """Addresses, handles, keys and idioms count nothing."""


_MONTH = rf"(?:{_words(MONTHS)})\b\.?+"
_DAY = r"(?P<d>\d\d?)(?:st|nd|rd|th)?(?![\d%A-Za-z]|\.\d)"
_YEAR = r"(?P<y>(?:19|20)\d\d|['’]\d\d)\b"
_DATE_END = r"(?!\d|\.\d)(?:T[\d:.]+Z?)?"


def _full_date(found: _Match) -> Token | None:
    return _date(found, found["y"], found["m"], found["d"])


def _numeric_date(found: _Match) -> Token | None:
    """Read 12/19/2025 and 19/12/2025; what may be both is read as the first."""
    month, day = found["a"], found["b"]
    if int(month) > 12:  # noqa: PLR2004
        month, day = day, month
    return _date(found, found["y"], month, day)


for _form, _reader in (
    (rf"{_LEFT}(?P<y>\d{{4}})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?){_DATE_END}", _full_date),
    (r"(?<![\w/.-])(?P<a>\d\d?)[/.-](?P<b>\d\d?)[/.-](?P<y>(?:19|20)\d\d)(?![\d/])", _numeric_date),
    (r"(?<![\w/.-])(?P<a>\d\d?)/(?P<b>\d\d?)/(?P<y>2\d)(?![\w/%.-]|[ ][A-Za-z])", _numeric_date),
    (
        r"(?<![\w.-])(?P<y>20[0-3]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\w.-])",
        _full_date,
    ),
    (rf"\b(?P<m>{_MONTH})[ -]{_DAY}(?:,?[ -]{_YEAR})?", _full_date),
    (
        rf"{_LEFT}(?P<d>\d\d?)(?:st|nd|rd|th)?[ -](?:of[ ])?(?P<m>{_MONTH})(?:,?[ -]{_YEAR})?",
        _full_date,
    ),
):
    _pattern(_form)(_reader)


@_pattern(
    rf"""(?:\b(?P<m>{_MONTH}),?[ ](?:of[ ])?|(?<![\w/.-])(?P<month>0?[1-9]|1[0-2])/(?=\d{{4}}))
      {_YEAR}(?![/-]\d)
    | {_LEFT}(?P<year>20(?:1[3-9]|[2-9]\d))-(?P<of>0[1-9]|1[0-2])(?![\w-]|\.\d)
    | \b(?:(?:in|since|by|until|till|of|last|this|next|early|late|mid|before|after|to|through|from
          |between|during|and|[a-z]-(?=Ma))[ -]?(?<![a-z])(?<=[ -])|(?<=[a-z]-)|(?!Ma[ry](?!\w*[ ]?(?:-|to\b|through\b|and\b)[ ]?(?:{_MONTH}))))
      (?P<bare>{_MONTH})(?!,?[ ](?:19|20)\d\d\b)(?![ ]\d\d?(?:st|nd|rd|th)?(?![\d:%A-Za-z]))"""
)
def _month(found: _Match) -> Token | None:
    month = found["m"] or found["month"] or found["of"] or found["bare"]
    return _date(found, found["y"] or found["year"], month, None)


@_pattern(
    rf"""(?<![\d.])(?:(?P<y>\d{{4}}|{HAN}{{4}})\ ?年\ ?)?
    (?<![\d.])(?P<m>\d\d?|{RUN}{{1,2}})\ ?月
    (?:\ ?(?P<d>\d\d?|{RUN}{{1,3}})(?:\ ?[日号]|(?=[-~至到]\d)))?"""
)
def _chinese_date(found: _Match) -> Token | None:
    return _date(found, found["y"], found["m"], found["d"], strict=False)


@_pattern(
    r"(?<![\d.])(?P<d>\d\d?)\ ?"
    r"(?:日(?![内间后前游均活志常本元语文圆期])|号(?![线楼院召称码门机位]))"
)
def _chinese_day(found: _Match) -> Token | None:
    return _date(found, None, None, found["d"], strict=False)


def _date(
    found: _Match, year: str | None, month: str | None, day: str | None, *, strict: bool = True
) -> Token | None:
    """Read a date; unless strict 42月19日 is one too, for it must not pass unseen."""
    name = (month or "").rstrip(".")
    m = MONTHS.get(name) or int(parse_numeral(name) or 0 if name else 0)
    d = int(parse_numeral(day) or 0) if day else 0
    y = int(_full_year(year)) if year else 0
    if not m + d or (strict and (m > 12 or d > 31)):  # noqa: PLR2004
        return None
    return Token(*found.span(), Decimal(y * 10000 + m * 100 + d), "date")


def _full_year(written: str) -> Decimal:
    """Complete a year: '25 is 2025, '99 is 1999."""
    year = parse_numeral(written.lstrip("'’")) or Decimal(0)
    if len(written.lstrip("'’")) > 2:  # noqa: PLR2004
        return year
    return year + (1900 if year > 50 else 2000)  # noqa: PLR2004


@_pattern(
    rf"""\b(?:FY|CY|(?i:fiscal|financial)(?:\ (?i:year))?)[ -]?['’]?
      (?P<fiscal>(?:19|20)?\d\d)(?!\d|\.\d)
    | (?<![\d.])['’]?(?P<zh>(?:(?:19|20)?\d\d|{HAN}{{4}})(?=\ ?(?:财年|财务年度|财政年度)))
    | (?<![\d.])(?P<y>(?:19|20|21)\d\d|{HAN}{{4}})\ ?年(?!代)
    | (?<![\d.])(?P<short>\d\d)年
      (?=\ ?(?:第?[一二三四1-4]\ ?[季财]|[上下]半年|Q[1-4]|H[12]|[初底末]))
    | {_LEFT}(?P<joined>(?:19|20)\d\d)(?=[QH][1-4](?!\w))
    | (?:(?<=[QH][1-4])['’]|(?<=[QH][1-4]\ )['’]|(?<=[1-4][QH])['’]?|(?<=[1-4][QH]\ )['’]?)
      (?P<quarter>(?:20)?\d\d)(?![\d%A-Za-z]|\.\d)
    | (?:(?<=\bin\ )|(?<=\bof\ )|(?<=\bsince\ )|(?<=\bby\ )|(?<=\blate\ )|(?<=\bearly\ )|(?<=\bmid-)
      |(?<=\bfrom\ )|(?<=\bto\ )|(?<=\bfor\ ))['’](?P<quoted>\d\d)(?![\d%A-Za-z'’]|\.\d)"""
)
def _calendar_year(found: _Match) -> Token:
    year = next(part for part in found.groups() if part)
    return Token(*found.span(), _full_year(year), "year")


@_pattern(
    r"""\b(?:H(?P<a>[12])(?=\ ?(?:['’]\d\d|(?:of\ )?(?:20\d\d|FY|fiscal))|\ of\ )
    | (?P<b>[12])H(?=\ ?['’]?(?:20)?\d\d\b))
    | (?:(?<=\d\d\d\d)|(?<=\d\d\d\d\ )|(?<=FY\d\d)|(?<=FY\d\d\ ))H(?P<c>[12])(?!\w)
    | \b(?P<word>first|second|front|back)[ -]half\b
      (?=\ (?:of\ )?(?:the\ (?:fiscal\ |calendar\ )?year|this|next|last|(?:19|20)\d\d|FY|fiscal))
    | (?P<han>[上下])半年"""
)
def _half_year(found: _Match) -> Token:
    part = next(part for part in found.groups() if part)
    return Token(
        *found.span(), Decimal({"1": 1, "first": 1, "front": 1, "上": 1}.get(part, 2)), "half"
    )


@_pattern(
    rf"""(?:(?P<of>\d\d|{RUN}{{2,3}}|上)\ ?世纪)?\ ?
      (?P<han>(?:(?:1[5-9]|20)?\d0|{HAN}十|{HAN}{{2}}[〇零一二三四五六七八九]0?[〇零]))\ ?年代
    | (?<=the\ )(?P<words>{_words(DECADES)})\b
    | (?:\bthe\ |(?<=\bin\ )|(?<=early\ )|(?<=late\ )|(?<=[dD]-))?['’](?P<short>[1-9]0)['’]?s\b
    | (?:(?<=\bthe\ )|(?<=\bearly\ )|(?<=\blate\ )|(?<=\bmid-))(?P<bare>[2-9]0)s\b
    | {_LEFT}(?P<full>(?:1[5-9]\d|20[0-4])0)['’]?s\b"""
)
def _decade(found: _Match) -> Token:
    part = found.groupdict()
    if part["words"]:
        return Token(*found.span(), Decimal(DECADES[part["words"]]), "decade")
    first = parse_numeral(part["han"] or part["short"] or part["bare"] or part["full"]) or Decimal(
        0
    )
    of = part["of"]
    century = Decimal(20) if of == "上" else parse_numeral(of) if of else None
    if century and first < 100:  # noqa: PLR2004
        first += (century - 1) * 100
    return Token(*found.span(), first, "decade")


@_pattern(
    rf"""(?<![\d.])(?P<han>\d\d?|{RUN}{{1,3}})\ ?世纪
    | \b(?P<figures>\d\d?)(?:st|nd|rd|th)[ -](?:century|centuries)\b
    | \b(?P<word>{_words(ORDINALS)})[ -](?:century|centuries)\b"""
)
def _century(found: _Match) -> Token:
    word, figures = found["word"], found["han"] or found["figures"]
    number = Decimal(ORDINALS[word]) if word else parse_numeral(figures) or Decimal(0)
    return Token(*found.span(), number, "century")


@_pattern(
    rf"""{_LEFT}(?P<h>\d\d?):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?![\d:])
      (?:\ ?(?P<half>[AaPp])\.?[Mm]\b\.?)?
    | {_LEFT}(?P<hour>1?\d)\ ?(?P<noon>[AaPp])\.?[Mm]\b
    | (?P<day>[上下中晚凌早傍今明当][午晨上晚])\ ?(?P<at>\d\d?|{RUN}{{1,3}})\ ?[点时:]
      (?:\ ?(?P<past>\d\d?)(?:\ ?分)?|(?P<to>半))?
    | (?<![\d.])(?P<sharp>\d\d?)\ ?[点时](?!间)
      (?:\ ?(?P<min>\d\d?)(?:\ ?分)?|(?P<thirty>半)|整|钟|(?=[，。至到前后开]|$))"""
)
def _clock(found: _Match) -> Token:
    part = found.groupdict()
    hour = int(parse_numeral(part["h"] or part["hour"] or part["at"] or part["sharp"]) or 0)
    thirty = part["to"] or part["thirty"]
    minute = int("30" if thirty else part["m"] or part["past"] or part["min"] or 0)
    half = (part["half"] or part["noon"] or "").lower()
    if half or part["day"]:
        late = half == "p" or (part["day"] or "") in {
            "下午",
            "晚上",
            "傍晚",
            "今晚",
            "明晚",
            "当晚",
        }
        hour = hour % 12 + 12 if late else hour % 12 if half else hour
    return Token(*found.span(), Decimal(hour * 3600 + minute * 60 + int(part["s"] or 0)), "clock")


@_pattern(
    r"""(?<![A-Za-z])Q(?P<q>[1-4])(?:(?![\w.]|-?bit)|(?=FY))
    | (?<![A-Za-z0-9])(?P<first>[1-4])Q(?=\ ?['’]?(?:20)?\d\d\b)
    | (?:第\ ?)?(?P<han>[一二三四五六七八九1-9])\ ?(?:季度|财季)
    | \b(?P<word>first|second|third|fourth)[ -](?:fiscal[ -])?quarter\b"""
)
def _quarter(found: _Match) -> Token:
    number = (
        ORDINALS[found["word"]]
        if found["word"]
        else parse_numeral(found["q"] or found["first"] or found["han"])
    )
    return Token(*found.span(), Decimal(number or 0), "quarter")


_NEXT_DIGIT = "两三|" + "|".join(f"{one}{two}" for one, two in pairwise("一二三四五六七八九"))


@_pattern(
    rf"""百分之\ ?(?P<percent>{DECIMAL}) | (?P<of>{EITHER})\ ?分之\ ?(?P<part>{DECIMAL})
    | (?!(?:{_NEXT_DIGIT})成)(?P<tenths>{EITHER})\ ?成(?P<half>半|[一二三四五六七八九](?![个种款]))?
      (?![本功立为长果熟就都交分]|员(?!工))
    | (?P<price>{EITHER})\ ?折(?![叠扣腾中])
    | \b(?P<top>an?|one|two|three|four|five|six|seven|eight|nine)
      [- ](?P<bottom>{_words(FRACTIONS)})s?\b
      (?![- ](?:an?|year|hour|day|party|parties)\b)
    | {_LEFT}(?P<a>\d\d?)/(?P<b>[1-9]\d?)(?:(?:th|rd)s?\b|\ of\b)"""
)
def _fraction(found: _Match) -> Token | None:
    part = found.groupdict()
    value: Decimal | None
    if part["percent"] or part["tenths"]:
        value = parse_numeral(part["percent"] or part["tenths"])
        if value is not None and part["half"]:
            value += HALF if part["half"] == "半" else (parse_han(part["half"]) or ONE) / 10
    elif part["price"]:
        price = parse_numeral(part["price"])
        # 八折 and 85折: 20 % and 15 % off.
        value = None if price is None else 10 - (price if price < 10 else price / 10)  # noqa: PLR2004
    elif part["bottom"]:
        value = NUMBER_WORDS.get(part["top"], ONE) * 100 / FRACTIONS[part["bottom"]]
    else:
        top, bottom = (
            parse_numeral(part["part"] or part["a"]),
            parse_numeral(part["of"] or part["b"]),
        )
        value = None if top is None or not bottom else top * 100 / bottom
    if value is None:
        return None
    factor = Decimal(10) if part["tenths"] or part["price"] else ONE
    token = Token(
        *found.span(), round(value, 9), "percent", factor=factor, part=part["percent"] is None
    )
    return _of_unit(found.string, token) or extend_with_bound(found.string, token)


_OF_ONE = re.compile(
    r"(?:\ of\ (?:an?|one)[ -]|[- ](?:of\ )?an?[ -]|[- ])"
    r"(?=(?:hundred|thousand|million|billion|trillion|second"
    r"|minute|hour|day|week|month|year|decade|century|percent|percentage|point|mile|cent)\b)"
    r"|个?(?=世纪|百分点|小时|秒)",
    re.VERBOSE,
)


def _of_unit(text: str, token: Token) -> Token | None:
    """Read a quarter of a million, half a percentage point, a tenth of a second."""
    if not (of := _OF_ONE.match(text, token.end)):
        return None
    end = of.end() if of.group() in {"", "个"} else of.end() - 1
    share = Token(token.start, end, token.value / 100, spelled=True)
    longer = extend_with_unit(text, share)
    return longer if longer.end > of.end() else None


_SMALL_NUMBER = _words(word for word in NUMBER_WORDS if word not in {"half", "zero"})
_UNCOUNTED = (
    rf"(?![\d%A-Za-z]|[.,:/]\d|[ -](?:{_words(SCALES)}|min(?:ute)?s?|hours?|days?|weeks?|months?"
    r"|years?|seconds?)\b)"
)
_SMALLEST_BASE = 100  # 5 per 1,000 is a share, 5 per 3 is none
_COUNTED = "[个名位人款项家种层次台块张条篇件道题例枚颗]"


@_pattern(
    rf"""(?<![A-Za-z0-9.#$,-])(?<!top\ )(?P<a>{_SMALL_NUMBER}|\d{{1,3}})
      (?P<by>(?:\ |-)(?:in|out\ of|of)(?:\ |-)(?:every\ |the\ )?|\ (?:per|for\ every)\ )
      (?P<b>{_SMALL_NUMBER}|(?:an?[- ])?(?:thousand|hundred)|an?[- ](?:million|billion)|\d{{1,3}}(?:,?000)?){_UNCOUNTED}
    | (?:每\ ?)?(?<![\d.])(?P<d>{EITHER})\ ?{_COUNTED}?
      [^\d\s，。、；：,.的中里有]{{0,5}}(?:之中|当中|中|里|就)
      [的有就便只仅约，,]{{0,4}}(?P<c>{EITHER})(?={_COUNTED})"""
)
def _share(found: _Match) -> Token:
    """Read one in five, 9 out of 10, 80层中的48层; one in five is 20 %, and no five."""
    if found["by"]:
        part, whole = (_small(found[name]) for name in "ab")
    else:
        part, whole = (parse_numeral(found[name]) or Decimal(0) for name in "cd")
    by = (found["by"] or "").strip(" -").split(" ")[0].split("-")[0]
    round_whole = whole in {3, 4, 5, 10, 20, 100, 1000}
    odd = {"in": part > 1 and not round_whole, "per": whole < _SMALLEST_BASE}.get(by, False)
    full = part == whole and by in {"of", "out"}  # 10 out of 10
    if odd or not (0 < part < whole or full):
        return _NOT_HERE
    if by == "in" and part == 1:
        return Token(*found.span(), round(100 / whole, 9), "percent", part=True)
    return Token(*found.span(), round(part / whole, 9), "ratio", digits=f"{part:f}:{whole:f}")


def _small(written: str) -> Decimal:
    word = re.split("[- ]", written)[-1]
    return NUMBER_WORDS.get(word) or SCALES.get(word) or parse_decimal(word)


@_pattern(
    rf"""{_LEFT}(?P<a>\d{{1,3}})[:/](?P<b>\d{{1,3}})(?![\w:/%]|\.\d)
    | {_LEFT}(?P<one>1)/(?P<n>\d{{1,3}}\.\d{{1,2}})(?![\w:/%])
    | (?<![\d.])(?P<c>\d{{1,4}})\ ?比\ ?(?P<d>\d{{1,4}})(?![\d.])
    | {_LEFT}(?P<e>\d{{1,3}}|{_SMALL_NUMBER})-to-(?P<f>\d{{1,3}}|{_SMALL_NUMBER})
      (?=\ (?:ratio|vote|margin|odds|split|majority)|[,.;)]|$)
    | (?P<week>(?:7\ ?[x×*]|7天)\ ?24\ ?(?:小时)?|\b(?:around|round)[- ]the[- ]clock\b)"""
)
def _ratio(found: _Match) -> Token:
    sides = [side for name, side in found.groupdict().items() if side and name != "week"]
    digits = ":".join(f"{_small(side):f}" for side in sides or ["24", "7"])
    top, bottom = map(Decimal, digits.split(":"))
    return Token(*found.span(), round(top / (bottom or ONE), 9), "ratio", digits=digits)


@_pattern(
    rf"""{_LEFT}(?:[vV]|[vV]ersions?\ |版本\ ?)(?P<a>\d{{1,2}}(?:\.\d+)*+)(?![A-Za-z0-9])
    | {_LEFT}(?P<b>\d+(?:\.\d+){{2,}}+)(?![A-Za-z0-9])
    | \b(?:[vV]ersion|[pP]hase|[gG]en(?:eration)?|[tT]ype|[pP]art|[sS]tage
      |[tT]ier|[lL]evel|[vV]olume|[rR]ound)
      [ -](?P<roman>{_words(ROMAN)}|{_words(NUMBER_WORDS)}|\d{{1,2}}(?!\.?\w|%))(?!\w)
    | (?<![\w.,])(?P<c>\d+(?:\.\d+)*+)\ ?
      (?:版本|(?:预览|正式|测试|稳定|内测|公测)?版(?![权图面]))"""
)
def _version(found: _Match) -> Token | None:
    if word := found["roman"]:
        digits = word if word.isdigit() else f"{ROMAN.get(word) or NUMBER_WORDS[word]:f}"
        return Token(*found.span(), Decimal(digits), "version", digits=digits)
    digits = found["a"] or found["b"] or found["c"]
    if len(digits) > MAX_DIGITS:
        return None
    return Token(*found.span(), Decimal(".".join(digits.split(".")[:2])), "version", digits=digits)


_HYPHENATED = (
    "top|sub|pre|post|mid|late|early|under|over|non|multi|about|up|to|of|or|and|the|a"  # top-10
)
_CODES = "|".join(code for code in SYMBOLS if code.isalpha())


@_pattern(
    rf"""(?<![A-Za-z0-9])(?!(?i:{_HYPHENATED})-[.\d])(?!(?:{_CODES})\d)
      (?!(?i:top)\d)[A-Za-z]{{1,30}}(?:[-_][A-Za-z]{{1,30}}){{0,4}}[-_.@]?\d(?:[-_.@]?[A-Za-z0-9]+)*+
    | {_LEFT}\d{{1,2}}x\d{{1,3}}(?:\.\d+)?[Bb](?:[-_.]?[A-Za-z0-9]+)*+
    | {_LEFT}[234][Dd]\b | {_LEFT}[45][oG]\b"""
)
def _name(found: _Match) -> Token:
    return Token(*found.span(), unit="version", name=True)


@_pattern(
    rf"""第\ ?(?P<a>{EITHER})
    | (?:\#|\bNo\.\ ?|№\ ?|\b[nN]umber\ (?=\d)|\brank(?:s|ed|ing)?\ \#?)(?P<b>\d+)(?![\d.]|,\d)
    | {_LEFT}(?P<c>\d+)(?:st|nd|rd|th)\b
    | (?<!per\ )(?<!each\ )(?<!\ba\ )(?<!\d\ )(?<!/)\b(?P<word>{_words(ORDINALS)})\b(?!\ half)
    | \b[nN]umber\ (?P<spelled>{_SMALL_NUMBER})\b"""
)
def _ordinal(found: _Match) -> Token | None:
    if found["word"]:
        return Token(*found.span(), Decimal(ORDINALS[found["word"]]), "ordinal")
    if found["spelled"]:
        return Token(*found.span(), NUMBER_WORDS[found["spelled"]], "ordinal")
    number = parse_numeral(found["a"] or found["b"] or found["c"])
    return None if number is None else Token(*found.span(), number, "ordinal")


_COUNT_WORDS = {"single": 1, "double": 2, "triple": 3, "quadruple": 4}


@_pattern(
    r"""\b(?:(?:past|last|next|coming|previous)\ (?=(?:decade|century)\b)
      | an?\ (?=(?:(?:kilo|mega|giga|tera|peta|exa)(?:byte|bit|watt|flop|met(?:er|re))|dollar|buck|mile|acre
      |(?:milli|micro|nano)second)\b))"""
)
def _one_unit(found: _Match) -> Token:
    """Read a terabyte, a dollar, the past decade."""
    return extend_with_unit(found.string, Token(found.start(), found.end() - 1, ONE, spelled=True))


_SPANS = "second|minute|hour|day|week|month|year|decade|centurie"


@_pattern(
    rf"""(?<!\d[ -])\b(?:(?:a\ )?few\ |several\ |many\ )?(?P<span>(?:{_SPANS})s)\b
    | (?<![参函系次总层倍星票分人第前后十百千万一二三四五六七八九])[数几](?P<han>天|日|周|个?月|年|个?小时|分钟|秒)(?![级据])"""
)
def _some_time(found: _Match) -> Token:
    """Read weeks, a few hours, 数年."""
    span = "span" if found["span"] else "han"
    token = extend_with_unit(found.string, Token(found.start(span), found.start(span), ONE))
    if not token.unit:
        unit: Unit = "months" if "月" in found.group() else "seconds"
        factor = ONE if unit == "months" else Decimal(86400)
        token = token._replace(end=found.end(), unit=unit, factor=factor)
    return token._replace(start=found.start(), bound="plural")


@_pattern(
    rf"""\b(?P<a>{_words(PLURALS)})(?:\ of\ (?P<b>{_words(PLURALS)}))?\b
    | \b(?:(?:a\ )?few|several|many|multiple|multi)
      [- ]?(?P<few>dozen|hundred|thousand|million|billion|trillion)s?\b
    | \b(?P<count>single|double|triple)-digit\ (?P<of>{_words(PLURALS)})\b
    | \bscores(?=\ of\ (?!\d))
    | {_LEFT}(?P<c>100+)s(?=\ of\b)
    | (?:(?<![参函系次总层倍星票分人])数|几|(?<![以之线网际场础])上)
      (?P<han>[十百千万亿]{{1,4}}){NO_WORD}"""
)
def _plural(found: _Match) -> Token:
    number = Decimal(found["c"]) if found["c"] else parse_han(found["han"] or "") or ONE
    if found["few"]:
        number = Decimal(10) if found["few"] == "dozen" else SCALES[found["few"]]
    elif found.group() == "scores":
        number = Decimal(20)
    if found["count"]:
        number = Decimal(10) ** (_COUNT_WORDS[found["count"]] - 1)
    for word in (found["a"], found["b"], found["of"]):
        number *= PLURALS.get(word, ONE)
    token = extend_with_unit(found.string, Token(*found.span(), number, spelled=True))
    return token._replace(bound="plural")


_ONES = _words(word for word in NUMBER_WORDS if word not in TENS)
_BIG = r"(?:dozen|hundred|thousand|lakh|crore|million|billion|trillion|quadrillion)\b"
_SMALL = rf"(?:(?:{_words(TENS)})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|{_ONES})"
_SPAN = r"(?:minute|hour|day|week|fortnight|month|year|decade|century)\b"


_PARTS = {"half": HALF, "quarter": HALF / 2, "1/2": HALF, "1/4": HALF / 2, "3/4": HALF * 3 / 2}


@_pattern(
    rf"""\b(?P<n>{_SMALL}|an?|\d{{1,3}})(?:[ -]and[ -]an?[ -](?P<part>half|quarter)\b(?![ -]of\b)
    | [ ](?=(?P<unit>[a-z]{{3,9}})[ ]and[ ]a[ ]half\b)
    | [- ](?P<figures>1/2|1/4|3/4)(?=[ ][a-z]))"""
)
def _and_a_half(found: _Match) -> Token:
    """Read two and a half million, an hour and a half."""
    number = NUMBER_WORDS.get(found["n"]) or (
        ONE
        if found["n"] in {"a", "an"}
        else parse_decimal(found["n"])
        if found["n"].isdigit()
        else None
    )
    if number is None:
        return _NOT_HERE
    if found["part"] or found["figures"]:
        number += _PARTS[found["part"] or found["figures"]]
        return extend_with_unit(found.string, Token(*found.span(), number, spelled=True))
    token = extend_with_unit(
        found.string, Token(found.start(), found.end() - 1, number + HALF, spelled=True)
    )
    long = token.unit or token.scale > 1
    return token._replace(end=token.end + len(" and a half")) if long else _NOT_HERE


@_pattern(rf"\b(?:a\ )?couple(?:\ of)?(?=\ (?:{_SPAN[:-2]}s?\b|{_BIG}))")
def _couple(found: _Match) -> Token:
    token = extend_with_unit(found.string, Token(*found.span(), Decimal(2), spelled=True))
    return token._replace(bound="about")


@_pattern(
    rf"""\b(?P<n>{_words(NUMBER_WORDS)}|an?|\d{{1,2}})\ orders?\ of\ magnitude\b
    | (?P<han>{EITHER})\ ?个数量级"""
)
def _magnitude(found: _Match) -> Token:
    written = found["n"] or found["han"]
    power = ONE if written in {"a", "an"} else NUMBER_WORDS.get(written) or parse_numeral(written)
    return Token(*found.span(), Decimal(10) ** int(min(power or 0, 30)), "times")


@_pattern(
    rf"""\b(?P<word>{_SMALL}|hundred|thousand|million|billion)-?fold\b
    | \bfactor\ of\ (?:(?P<n>{NUM})|(?P<spelled>{_SMALL}))(?![\w%])"""
)
def _fold(found: _Match) -> Token:
    """Read fivefold, and by a factor of 5."""
    word = found["word"] or found["spelled"]
    number = NUMBER_WORDS.get(word, SCALES.get(word)) if word else parse_decimal(found["n"])
    token = Token(*found.span(), number or Decimal(0), "times")
    return extend_with_bound(found.string, token) if number else _NOT_HERE


@_pattern(
    rf"""\b(?P<word>single|double|triple|quadruple|{_SMALL}|\d)[ -](?:figures?|digits?)\b
    | (?<![\d.])(?P<han>{EITHER})\ ?位数"""
)
def _digit_count(found: _Match) -> Token:
    word = found["word"] or found["han"]
    number = _COUNT_WORDS.get(word) or NUMBER_WORDS.get(word)
    if number is None and (found["han"] or word.isdigit()):
        number = parse_numeral(word)
    return Token(*found.span(), Decimal(number or 0), "digits") if number else _NOT_HERE


@_pattern(
    rf"""\b(?P<n>two|three|four|five|six|seven|eight|nine|\d)[- ]nines\b
    | (?<![\d.])(?P<han>{EITHER})\ ?个\ ?[9九](?![\d.月点])"""
)
def _nines(found: _Match) -> Token:
    """Read five nines, 99.999 %."""
    number = NUMBER_WORDS.get(found["n"] or "") or parse_numeral(found["n"] or found["han"])
    value = 100 - Decimal(100) / 10 ** int(min(number or 0, 20))
    return Token(*found.span(), value, "percent", part=True)


@_pattern(
    rf"(?<![{'零一二三四五六七八九十百千万亿两年'}])(?P<pair>{_NEXT_DIGIT})(?=[十百千万亿]?[倍成个种款项名人家天年周台块层分小]|[百千万亿])"
)
def _pair(found: _Match) -> Token:
    """Read the first of 三四倍; the second is what may be more."""
    number = parse_han(found["pair"][0]) or ONE
    if found.string[found.end() : found.end() + 1] == "成":
        return Token(
            found.start(), found.end() + 1, number, "percent", factor=Decimal(10), part=True
        )
    return extend_with_unit(found.string, Token(*found.span(), number, spelled=True))


@_pattern("零(?=[个次名人例])")
def _zero(found: _Match) -> Token:
    return extend_with_unit(found.string, Token(*found.span(), Decimal(0), spelled=True))


_PERIODS = "天|周(?!期|边|围|活)|星期|个月|年(?!代|级|度|一度|会)|个?小时|分钟"


@_pattern(rf"(?<![第同每唯统\d之某有近])(?:一|1)(?={_PERIODS})(?!一天天)")
def _one_period(found: _Match) -> Token:
    """Read one day or hour; weak, for 一天 may be any."""
    token = extend_with_unit(found.string, Token(*found.span(), ONE, spelled=True))
    return token._replace(weak=found.group() == "一")


@_pattern(
    rf"""\b(?:half[ -]an?|{_SMALL}|an?(?=[ ]{_BIG}))\b(?:[- ]{_BIG}(?:\ and)?(?:[- ]{_SMALL}\b)?)*+
    | \b{_BIG}(?:[- ]{_BIG})*+ | \ban?[ ](?={_SPAN}) | 半(?=[年天]|个月|个?小时|分钟)"""
)
def _spelled(found: _Match) -> Token | None:
    total, current = Decimal(0), HALF if found.group() == "半" else Decimal(0)
    for word in re.findall("[a-z]+", found.group()):
        if word in NUMBER_WORDS:
            current += NUMBER_WORDS[word]
        elif word == "hundred":
            current = (current or ONE) * 100
        elif word in SCALES and len(word) > 1:
            total, current = total + (current or ONE) * SCALES[word], Decimal(0)
    number = total + current or (Decimal(0) if found.group() == "zero" else ONE)
    token = extend_with_unit(found.string, Token(*found.span(), number, spelled=True))
    if token.unit or number > ONE or not number:
        return token
    # `one` alone is a pronoun, `half` a part.
    return token._replace(number=Decimal(50), unit="percent") if number == HALF else None


@_pattern(
    "|".join(f"(?P<f{at}>{form.replace(' ', '[ ]')})" for at, form in enumerate(FIXED_PHRASES))
)
def _fixed(found: _Match) -> Token:
    unit, value = list(FIXED_PHRASES.values())[int(str(found.lastgroup)[1:])]
    return extend_with_bound(found.string, Token(*found.span(), Decimal(value), unit))


@_pattern(rf"{RUN}++(?:点{HAN}++)?")
def _chinese(found: _Match) -> Token | None:
    text, run = found.string, found.group()
    number = parse_han(run)
    if not number or re.fullmatch(f"{HAN}{{2,}}", run):
        return None  # 三五 is a few
    token = extend_with_unit(text, Token(*found.span(), number, spelled=True))
    before = text[max(0, found.start() - 1) : found.start()]
    vague = run[0] in "百千万亿" and before != "每"
    if vague and not token.bound:
        token = token._replace(bound="plural")
    if token.number == 1:
        # 一 is an article, but for 提升一倍: that makes it twice as much.
        if token.unit == "times":
            return token._replace(number=Decimal(2))
        return token if token.unit in MONEY | {"percent", "points"} else None
    after = text[token.end : token.end + 2].strip()[:1]
    counted = after in MEASURE_WORDS | set("至到~") or before in set("每近约超过达前至到~")
    grown = token.end > found.end() or (len(run) > 1 and not vague)
    return token if counted or grown else None


@_pattern(r"(?:/|\bper\ )(?P<scale>[MKk](?![A-Za-z0-9])|[MKkm](?=[Tt]oks?\b))")
def _per_scale(found: _Match) -> Token:
    """Read the million of `$0.15/M tokens`."""
    return extend_with_unit(found.string, Token(found.start("scale"), found.start("scale"), ONE))


_MIXED = re.compile(rf"{NUM}[千万亿]{{1,2}}(?:{NUM}[十百千万亿]{{1,3}}){{1,3}}")
_TIMES = re.compile(
    r"[xX×](?:(?P<count>(?=\ ?(?:[A-Z]{1,4}\d|RTX|NVIDIA|AMD|GPU)))|(?!\ ?\d|[A-Za-z]))", re.ASCII
)
_SECONDS = re.compile(r" s(?![\w'’])", re.ASCII)
_LETTERS = re.compile(r"(?![xX]\d)[A-Za-z]+", re.ASCII)
_CAPITAL = re.compile(r"(?:^|[^A-Za-z0-9])(?:[A-Z][\w.+'-]*|[a-z]+[A-Z0-9][\w.-]*) $", re.ASCII)


@_pattern(
    rf"""(?P<sign>(?<![\w%)\]+万亿千百十元倍年月日-])[+-](?=[.\d$€£¥]))?
    (?P<money>(?<![A-Za-z])(?:{_words(SYMBOLS)})\ ?(?=[.\d]))?
    (?:{_LEFT}|(?<=\d[xX×hm])|(?<=\b[tT][oO][pP]))(?P<number>{NUM})
    (?P<power>[eE][+-]?\d{{1,3}}(?![\w.])|\ ?[x×]\ ?10\^-?\d{{1,3}}(?!\d)|\^-?\d{{1,3}}(?!\d)
      |\ ?的\ ?[负-]?\ ?(?:\d{{1,3}}|{RUN}{{1,3}})\ ?次方)?"""
)
def _number(found: _Match) -> Token | None:
    text, figures, power = found.string, found["number"], found["power"] or ""
    if len(figures) > MAX_DIGITS:
        return None
    number, end = parse_decimal(figures), found.end()
    if "次方" in power:
        exponent = int(parse_numeral(power.strip(" 的负-次方")) or 0)
        number = (
            number ** (-exponent if re.search("[负-]", power) else exponent) if number else number
        )
    elif power.startswith("^"):
        number = number ** int(power[1:]) if number else number
    elif power:
        number = number.scaleb(int(re.split(r"\^|[eE]", power)[1]))
    elif mixed := _MIXED.match(text, found.start("number")):
        number, end = parse_han(mixed.group()) or number, mixed.end()
    if found["sign"] == "-":
        number = -number
    unit = SYMBOLS[found["money"].strip()] if found["money"] else ""
    token = extend_with_unit(
        text, Token(found.start(), end, number, unit, digits=re.sub("[,_]", "", figures))
    )
    if token.unit == "times" and token.number == 1 and text[token.end - 1] == "倍":
        return token._replace(number=Decimal(2))  # 提升1倍
    return _read_suffix(text, token) if token.end == end and not unit else token


def _read_suffix(text: str, token: Token) -> Token | None:
    """Read what may follow a number without scale or unit: x, s, p, other letters, nothing."""
    end = token.end
    if times := _TIMES.match(text, end):
        return token._replace(end=times.end(), unit="" if times["count"] is not None else "times")
    if seconds := _SECONDS.match(text, end):
        return token._replace(end=seconds.end(), unit="seconds")
    letters = _LETTERS.match(text, end)
    if not letters:
        named = _CAPITAL.search(text[max(0, token.start - 24) : token.start])
        counted = text[end : end + 2].strip()[:1] in MEASURE_WORDS
        version = named and not counted and not is_calendar_year(token.number)
        return token._replace(unit="version") if version else token
    if letters.group() == "s":
        # 3090s and 1920s are no seconds.
        return token._replace(end=end + 1, unit="seconds" if token.number < 1000 else "")  # noqa: PLR2004
    if letters.group() == "p" and token.number >= 100:  # noqa: PLR2004
        return token._replace(end=end + 1, unit="lines")
    return token._replace(end=letters.end()) if len(letters.group()) > 1 else None


def _first_letters() -> str:
    """Give what the words of the patterns start with, as a pattern: most words start no quantity."""
    source = " ".join(pattern.pattern for pattern, _ in _PATTERN_READERS)
    source = re.sub(r"\\[A-Za-z]|[(][?]P<\w+>", " ", source)
    source = re.sub(r"\[([a-z])[A-Z]\]", r"\1", source)
    words = {word.lower()[:3] for word in re.findall("[A-Za-z]{2,}", source)}
    starts: dict[str, list[str]] = {}
    for word in sorted(words):
        starts.setdefault(word[:2], []).append(word[2:] or "a-z")
    return "|".join(f"{first}[{''.join(third)}]" for first, third in starts.items())


_ANY = re.compile(
    # Nothing starts at white space or within a word, and a word without a figure only as some word
    # of the patterns does: saying so first makes it five times faster.
    r"(?:(?=[^A-Za-z\s])|(?<![A-Za-z])(?=[A-Za-z])"
    rf"(?:(?![A-Z]?[a-z]{{3}}[a-z]*+[ ,;:\n])|(?=(?i:{_first_letters()}))))(?:"
    + "|".join(
        f"(?P<r{at}>{re.sub(r'[(][?]P<[a-z0-9]+>', '(?:', pattern.pattern)})"
        for at, (pattern, _) in enumerate(_PATTERN_READERS)
    )
    + ")",
    re.VERBOSE | re.ASCII,
)
