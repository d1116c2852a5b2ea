"""Text to tokens: one small reader per way of writing a quantity.

A reader is a pattern and a function; at every place of the text the first
pattern that fits is read, so the order of the readers matters. Whatever may repeat in a pattern is
possessive or bounded, and what looks back is short: 100 KB of digits take linear time.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from pipeline.quantities.lexer import (
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
    FIXED_PHRASES,
    FRACTIONS,
    IDIOMS,
    MEASURE_WORDS,
    MONEY,
    MONTHS,
    NUMBER_WORDS,
    ORDINALS,
    PLURALS,
    SCALES,
    SYMBOLS,
    TENS,
)

_Match = re.Match[str]
_Reader = Callable[[_Match], Token | None]
_PATTERN_READERS: list[tuple[re.Pattern[str], _Reader]] = []

_LEFT = r"(?<![A-Za-z0-9])(?<![A-Za-z0-9]\.)"
"""What a number does not continue."""


def tokenize(text: str) -> list[Token]:
    """Read a folded text; names with a number in them are tokens too, and marked."""
    read: list[Token] = []
    place = 0
    while found := _ANY.search(text, place):
        pattern, reader = _PATTERN_READERS[int(str(found.lastgroup)[1:])]
        again = pattern.match(text, found.start())
        token = reader(again) if again else None
        if token:
            read.append(token)
        place = max(found.end(), token.end if token else 0)
    return read


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


_MONTH = rf"(?:{_words(MONTHS)})\b\.?"
_DAY = r"(?P<d>\d\d?)(?:st|nd|rd|th)?(?![\d%A-Za-z]|\.\d)"
_YEAR = r"(?P<y>(?:19|20)\d\d)\b"
_DATE_END = r"(?!\d|\.\d)(?:T[\d:.]+Z?)?"


def _full_date(found: _Match) -> Token | None:
    return _date(found, found["y"], found["m"], found["d"])


for _form in (
    rf"{_LEFT}(?P<y>\d{{4}})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?){_DATE_END}",
    r"(?<![\w/.])(?P<m>\d\d?)/(?P<d>\d\d?)/(?P<y>\d{4})(?![\d/])",
    rf"\b(?P<m>{_MONTH})[ ]{_DAY}(?:,?[ ]{_YEAR})?",
    rf"{_LEFT}(?P<d>\d\d?)(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<m>{_MONTH})(?:,?[ ]{_YEAR})?",
):
    _pattern(_form)(_full_date)


@_pattern(
    rf"""\b(?P<m>{_MONTH}),?[ ]{_YEAR}
    | \b(?:(?:in|since|by|until|of|last|this|next|early|late|before|after)\ |(?!Ma[ry]))
      (?P<bare>{_MONTH})"""
)
def _month(found: _Match) -> Token | None:
    return _date(found, found["y"], found["m"] or found["bare"], None)


@_pattern(
    rf"""(?<![\d.])(?:(?P<y>\d{{4}}|{HAN}{{4}})\ ?年\ ?)?
    (?<![\d.])(?P<m>\d\d?|{RUN}{{1,2}})\ ?月
    (?:\ ?(?P<d>\d\d?|{RUN}{{1,3}})(?:\ ?[日号]|(?=[-~至到]\d)))?"""
)
def _chinese_date(found: _Match) -> Token | None:
    return _date(found, found["y"], found["m"], found["d"], strict=False)


@_pattern(r"(?<![\d.])(?P<d>\d\d?)\ ?日(?![内间后前游均活志常本元语文圆期])")
def _chinese_day(found: _Match) -> Token | None:
    return _date(found, None, None, found["d"], strict=False)


def _date(
    found: _Match, year: str | None, month: str | None, day: str | None, *, strict: bool = True
) -> Token | None:
    """Read a date; unless strict 42月19日 is one too, for it must not pass unseen."""
    name = (month or "").rstrip(".")
    m = MONTHS.get(name) or int(parse_numeral(name) or 0 if name else 0)
    y, d = (int(parse_numeral(part) or 0) if part else 0 for part in (year, day))
    if not m + d or (strict and (m > 12 or d > 31)):  # noqa: PLR2004
        return None
    return Token(*found.span(), Decimal(y * 10000 + m * 100 + d), "date")


@_pattern(rf"(?<![\d.])(?P<y>(?:19|20|21)\d\d|{HAN}{{4}})\ ?年")
def _calendar_year(found: _Match) -> Token:
    return Token(*found.span(), parse_numeral(found["y"]) or Decimal(0), "year")


@_pattern(
    rf"""{_LEFT}(?P<h>\d\d?):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?![\d:])
      (?:\ ?(?P<half>[AaPp])\.?[Mm]\b\.?)?
    | {_LEFT}(?P<hour>1?\d)\ ?(?P<noon>[AaPp])\.?[Mm]\b
    | (?P<day>[上下中晚凌早][午晨上])\ ?(?P<at>\d\d?)\ ?[点时]
      (?:\ ?(?P<past>\d\d?)(?:\ ?分)?|(?P<to>半))?
    | (?<![\d.])(?P<sharp>\d\d?)\ ?点(?:\ ?(?P<min>\d\d?)(?:\ ?分)?|(?P<thirty>半)|整|钟)"""
)
def _clock(found: _Match) -> Token:
    part = found.groupdict()
    hour = int(part["h"] or part["hour"] or part["at"] or part["sharp"])
    thirty = part["to"] or part["thirty"]
    minute = int("30" if thirty else part["m"] or part["past"] or part["min"] or 0)
    half = (part["half"] or part["noon"] or "").lower()
    if half or part["day"]:
        late = half == "p" or (part["day"] or "")[:1] in {"下", "晚"}
        hour = hour % 12 + 12 if late else hour % 12 if half else hour
    return Token(*found.span(), Decimal(hour * 3600 + minute * 60 + int(part["s"] or 0)), "clock")


@_pattern(
    r"""\bQ(?P<q>[1-4])(?![\w.]|-?bit) | (?:第\ ?)?(?P<han>[一二三四五六七八九1-9])\ ?季度
    | \b(?P<word>first|second|third|fourth)\ quarter\b"""
)
def _quarter(found: _Match) -> Token:
    number = ORDINALS[found["word"]] if found["word"] else parse_numeral(found["q"] or found["han"])
    return Token(*found.span(), Decimal(number or 0), "quarter")


@_pattern(
    rf"""百分之\ ?(?P<percent>{EITHER}) | (?P<of>{EITHER})\ ?分之\ ?(?P<part>{EITHER})
    | (?P<tenths>{EITHER})\ ?成(?P<half>半?)(?![本功员立为长果熟就都交分])
    | (?P<price>{EITHER})\ ?折(?![叠扣腾中])
    | \b(?P<top>an?|one|two|three|four|five)[- ](?P<bottom>{_words(FRACTIONS)})s?\b
      (?![- ](?:an?|year|hour|day|party|parties)\b)
    | {_LEFT}(?P<a>\d\d?)/(?P<b>[1-9]\d?)(?:(?:th|rd)s?\b|\ of\b)"""
)
def _fraction(found: _Match) -> Token | None:
    part = found.groupdict()
    value: Decimal | None
    if part["percent"] or part["tenths"]:
        value = parse_numeral(part["percent"] or part["tenths"])
        value = value + HALF if value is not None and part["half"] else value
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
    token = Token(*found.span(), round(value, 9), "percent", factor=factor)
    return extend_with_bound(found.string, token)


@_pattern(
    rf"""{_LEFT}(?P<a>\d{{1,3}})[:/](?P<b>\d{{1,3}})(?![\w:/%]|\.\d)
    | (?<![\d.])(?P<c>\d{{1,4}})\ ?比\ ?(?P<d>\d{{1,4}})(?![\d.])
    | (?P<week>7\ ?[x×*]\ ?24\ ?(?:小时)?)"""
)
def _ratio(found: _Match) -> Token:
    digits = "24:7" if found["week"] else f"{found['a'] or found['c']}:{found['b'] or found['d']}"
    top, bottom = map(Decimal, digits.split(":"))
    return Token(*found.span(), round(top / (bottom or ONE), 9), "ratio", digits=digits)


@_pattern(
    rf"""{_LEFT}(?:[vV]|[vV]ersions?\ |版本\ ?)(?P<a>\d{{1,2}}(?:\.\d+)*+)(?![A-Za-z0-9])
    | {_LEFT}(?P<b>\d+(?:\.\d+){{2,}}+)(?![A-Za-z0-9])
    | (?<![\w.,])(?P<c>\d+(?:\.\d+)*+)\ ?
      (?:版本|(?:预览|正式|测试|稳定|内测|公测)?版(?![权图面]))"""
)
def _version(found: _Match) -> Token | None:
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
      [A-Za-z]{{1,30}}(?:[-_][A-Za-z]{{1,30}}){{0,4}}[-_.@]?\d(?:[-_.@]?[A-Za-z0-9]+)*+
    | {_LEFT}\d{{1,2}}x\d{{1,3}}(?:\.\d+)?[Bb](?:[-_.]?[A-Za-z0-9]+)*+
    | {_LEFT}[234][Dd]\b | {_LEFT}[45][oG]\b"""
)
def _name(found: _Match) -> Token:
    return Token(*found.span(), unit="version", name=True)


@_pattern(
    rf"""第\ ?(?P<a>{EITHER})
    | (?:\#|\bNo\.\ ?|\brank(?:s|ed|ing)?\ \#?)(?P<b>\d+)(?![\d.]|,\d)
    | {_LEFT}(?P<c>\d+)(?:st|nd|rd|th)\b
    | (?<!per\ )(?<!each\ )(?<!\ba\ )(?<!\d\ )(?<!/)\b(?P<word>{_words(ORDINALS)})\b(?!\ half)"""
)
def _ordinal(found: _Match) -> Token | None:
    if found["word"]:
        return Token(*found.span(), Decimal(ORDINALS[found["word"]]), "ordinal")
    number = parse_numeral(found["a"] or found["b"] or found["c"])
    return None if number is None else Token(*found.span(), number, "ordinal")


@_pattern(
    rf"""\b(?P<a>{_words(PLURALS)})(?:\ of\ (?P<b>{_words(PLURALS)}))?\b
    | {_LEFT}(?P<c>100+)s(?=\ of\b)
    | (?:(?<![参函系次总层倍星票分人])数|几|(?<![以之线网际场础])上)
      (?P<han>[十百千万亿]{{1,4}}){NO_WORD}"""
)
def _plural(found: _Match) -> Token:
    number = Decimal(found["c"]) if found["c"] else parse_han(found["han"] or "") or ONE
    for word in (found["a"], found["b"]):
        number *= PLURALS.get(word, ONE)
    token = extend_with_unit(found.string, Token(*found.span(), number, spelled=True))
    return token._replace(bound="plural")


_ONES = _words(word for word in NUMBER_WORDS if word not in TENS)
_BIG = r"(?:hundred|thousand|million|billion|trillion)\b"
_SMALL = rf"(?:(?:{_words(TENS)})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|{_ONES})"
_SPAN = r"(?:minute|hour|day|week|month|year)\b"


@_pattern(
    rf"""\b(?:half\ an?|{_SMALL}|an?(?=[ ]{_BIG}))\b(?:[- ]{_BIG}(?:\ and)?(?:[- ]{_SMALL}\b)?)*+
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
    number = total + current or ONE
    token = extend_with_unit(found.string, Token(*found.span(), number, spelled=True))
    if token.unit or number > ONE:
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


@_pattern(r"(?:/|\bper\ )(?P<scale>[MKk])(?![A-Za-z0-9])")
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
    rf"""(?P<sign>(?<![\w%)\]+-])[+-](?=[.\d$€£¥]))?
    (?P<money>(?<![A-Za-z])(?:{_words(SYMBOLS)})\ ?(?=[.\d]))?
    (?:{_LEFT}|(?<=\d[xX×hm]))(?P<number>{NUM})
    (?P<power>[eE][+-]?\d{{1,3}}(?![\w.])|\ ?[x×]\ ?10\^-?\d{{1,3}}(?!\d)|\^\d{{1,3}}(?!\d))?"""
)
def _number(found: _Match) -> Token | None:
    text, figures, power = found.string, found["number"], found["power"] or ""
    if len(figures) > MAX_DIGITS:
        return None
    number, end = parse_decimal(figures), found.end()
    if power.startswith("^"):
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


_ANY = re.compile(
    # Nothing starts at white space or within a word: saying so first makes it four times faster.
    r"(?:(?=[^A-Za-z\s])|(?<![A-Za-z])(?=[A-Za-z]))(?:"
    + "|".join(
        f"(?P<r{at}>{re.sub(r'[(][?]P<[a-z0-9]+>', '(?:', pattern.pattern)})"
        for at, (pattern, _) in enumerate(_PATTERN_READERS)
    )
    + ")",
    re.VERBOSE | re.ASCII,
)
