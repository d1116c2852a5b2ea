"""Numbers in figures or in Chinese numerals, with what follows them."""

import re
from decimal import Decimal

from pipeline.quantities.lexer import (
    HAN,
    MAX_DIGITS,
    NUM,
    ONE,
    RUN,
    Token,
    extend_with_unit,
    parse_decimal,
    parse_han,
    parse_numeral,
)
from pipeline.quantities.readers import (
    LEFT,
    Match,
    PatternReader,
    is_calendar_year,
    register,
    words,
)
from pipeline.quantities.units import MEASURE_WORDS, MONEY, SYMBOLS, Unit

READERS: list[PatternReader] = []
"""The readers of this module, in the order in which they are tried."""
_pattern = register(READERS)


@_pattern(rf"{RUN}++(?:点{HAN}++)?")
def _chinese(found: Match) -> Token | None:
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
    counted = after in MEASURE_WORDS | set("至到~") or before in set("每近约超过逾破达前至到~")
    grown = token.end > found.end() or (len(run) > 1 and not vague)
    return token if counted or grown else None


@_pattern(
    r"""(?:/|\bper\ )(?:[MKk](?![A-Za-z0-9])|[MKkm](?=[Tt]oks?\b))
    | (?<=\d\ )[KkMm](?=[Tt]oks?\b)"""
)
def _per_scale(found: Match) -> Token:
    """Read the million of `$0.15/M tokens` and `$4 MTok`."""
    return extend_with_unit(found.string, Token(found.end() - 1, found.end() - 1, ONE))


@_pattern(rf"{LEFT}(?P<cores>\d{{1,3}})c(?=/\d{{1,4}}t\b) | (?<=\dc/)(?P<threads>\d{{1,4}})t\b")
def _cores(found: Match) -> Token:
    """Read 32c/64t, the cores and threads of a processor."""
    figures = found["cores"] or found["threads"]
    return Token(*found.span(), parse_decimal(figures), digits=figures)


_MIXED = re.compile(rf"{NUM}[千万亿]{{1,2}}(?:{NUM}[十百千万亿]{{1,3}}){{1,3}}")
_TIMES = re.compile(
    r"[xX×](?:(?P<count>(?=\ ?(?:(?!BF|TF|INT|[A-Z]*FP)[A-Z]{1,4}\d|\d+\ ?GB|RTX|NVIDIA|AMD"
    r"|[CGNT]PU|Mac(?:Book)?s?\b|DGX|EPYC|Xeon|Jetson|Radeon|GeForce|Raspberry"
    r"|(?:→|->)\ ?[A-Za-z])))"
    r"|(?!\ ?\d|[A-Za-z]))",
    re.ASCII,
)
# Run 3x per day, which is three times and no factor, and grew 3x per year, which may be one.
_PERIOD = re.compile(
    r"(?: (?:per|a|an|each|every) |/)(?:second|minute|min|hour|day|night|week|month|year|turn|round"
    r"|session)\b|[ -](?:daily|weekly|monthly)\b"
)
_SECONDS = re.compile(r" s(?![\w'’])", re.ASCII)
_LETTERS = re.compile(r"(?![xX]\d)[A-Za-z]+", re.ASCII)
_STATUS = re.compile(r"40[0-9]|422|429|50[0-4]|529")
"""What a server answers."""
_CAPITAL = re.compile(
    r"(?:^|[^A-Za-z0-9])(?!(?:Over|About|Under|Nearly|Around|Almost|Roughly|Some|Only|Just) )"
    r"(?:[A-Z][\w.+'-]*|[a-z]+[A-Z0-9][\w.-]*) $",
    re.ASCII,
)


@_pattern(
    rf"""(?P<sign>(?<![\w%)\]+万亿千百十元倍年月日-])[+-](?=[.\d$€£¥]))?
    (?P<money>(?<![A-Za-z])(?:{words(SYMBOLS)})\ ?(?=[.\d]))?
    (?:{LEFT}|(?<=\d[xX×hm])|(?<=\b[tT][oO][pP]))(?P<number>{NUM})
    (?P<power>[eE][+-]?\d{{1,3}}(?![\w.])|\ ?[x×]\ ?10\^-?\d{{1,3}}(?!\d)|\^-?\d{{1,3}}(?!\d)
      |\ ?的\ ?[负-]?\ ?(?:\d{{1,3}}|{RUN}{{1,3}})\ ?次方)?"""
)
def _number(found: Match) -> Token | None:
    text, figures, power = found.string, found["number"], found["power"] or ""
    if len(figures) > MAX_DIGITS:
        return None
    number, end = parse_decimal(figures), found.end()
    if power and number:
        number = _raise(number, power)
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


def _raise(number: Decimal, power: str) -> Decimal:
    """Read what a power makes of a number: 10^25, 10的25次方, 6x10^23, 1e9."""
    if "次方" in power:
        exponent = int(parse_numeral(power.strip(" 的负-次方")) or 0)
        return number ** (-exponent if re.search("[负-]", power) else exponent)
    if power.startswith("^"):
        return number ** int(power[1:])
    return number.scaleb(int(re.split(r"\^|[eE]", power)[1]))


def _read_suffix(text: str, token: Token) -> Token | None:
    """Read what may follow a number without scale or unit: x, s, p, other letters, nothing."""
    end = token.end
    if times := _TIMES.match(text, end):
        # 4× RTX 6000 are four cards, 0.1× M1 is a part.
        counted = times["count"] is not None and token.number == int(token.number)
        often = _PERIOD.match(text, times.end()) is not None
        unit: Unit = "" if counted else "times"
        return token._replace(end=times.end(), unit=unit, carried=often)
    if seconds := _SECONDS.match(text, end):
        return token._replace(end=seconds.end(), unit="seconds")
    letters = _LETTERS.match(text, end)
    if not letters:
        named = _CAPITAL.search(text[max(0, token.start - 24) : token.start])
        counted = text[end : end + 2].strip()[:1] in MEASURE_WORDS
        version = named and not counted and not is_calendar_year(token.number)
        return token._replace(unit="version") if version else token
    if letters.group() == "s":
        # 3090s and 1920s are no seconds, and subsequent 401s are answers of a server.
        timed = token.number < 1000  # noqa: PLR2004
        status = _STATUS.fullmatch(token.digits) is not None
        return token._replace(end=end + 1, unit="seconds" if timed else "", carried=status)
    if letters.group() == "p" and token.number >= 100:  # noqa: PLR2004
        return token._replace(end=end + 1, unit="lines")
    return token._replace(end=letters.end()) if len(letters.group()) > 1 else None
