"""Quantities in words: two dozen, hundreds of, weeks, fivefold, five nines, 三四倍."""

import re
from decimal import Decimal

from pipeline.quantities.lexer import (
    EITHER,
    HALF,
    NO_WORD,
    NUM,
    ONE,
    Bound,
    Token,
    extend_with_bound,
    extend_with_unit,
    parse_decimal,
    parse_han,
    parse_numeral,
)
from pipeline.quantities.readers import (
    LEFT,
    NEXT_DIGIT,
    NOT_HERE,
    Match,
    PatternReader,
    register,
    words,
)
from pipeline.quantities.units import FIXED_PHRASES, NUMBER_WORDS, PLURALS, SCALES, TENS, Unit

READERS: list[PatternReader] = []
"""The readers of this module, in the order in which they are tried."""
_pattern = register(READERS)

_COUNT_WORDS = {"single": 1, "double": 2, "triple": 3, "quadruple": 4}


@_pattern(
    r"""\b(?:(?:past|last|next|coming|previous)\ (?=(?:decade|century)\b)
      | an?\ (?=(?:(?:kilo|mega|giga|tera|peta|exa)(?:byte|bit|watt|flop|met(?:er|re))
        |dollar|buck|mile|acre|(?:milli|micro|nano)second)\b))"""
)
def _one_unit(found: Match) -> Token:
    """Read a terabyte, a dollar, the past decade."""
    return extend_with_unit(found.string, Token(found.start(), found.end() - 1, ONE, spelled=True))


_SPANS = "second|minute|hour|day|week|month|year|decade|centurie"


@_pattern(
    rf"""(?<!\d[ -])\b(?:(?:a\ )?few\ |several\ |many\ )?(?P<span>(?:{_SPANS})s)\b
    | \bmulti[ -](?P<multi>second|minute|hour|day|week|month|year)\b
    | (?<![参函系次总层倍星票分人第前后十百千万一二三四五六七八九])[数几]
      (?P<han>天|日|周|个?月|年|个?小时|分钟|秒)(?![级据])"""
)
def _some_time(found: Match) -> Token:
    """Read weeks, a few hours, 数年."""
    span = next(name for name in ("span", "multi", "han") if found[name])
    token = extend_with_unit(found.string, Token(found.start(span), found.start(span), ONE))
    if not token.unit:
        unit: Unit = "months" if "月" in found.group() else "seconds"
        factor = ONE if unit == "months" else Decimal(86400)
        token = token._replace(end=found.end(), unit=unit, factor=factor)
    return token._replace(start=found.start(), bound="plural")


@_pattern(
    rf"""\b(?P<a>{words(PLURALS)})(?:\ of\ (?P<b>{words(PLURALS)}))?\b
    | \b(?:(?:a\ )?few|several|many|multiple|multi)
      [- ]?(?P<few>dozen|hundred|thousand|million|billion|trillion)s?\b
    | \b(?P<count>single|double|triple)-digit\ (?P<of>{words(PLURALS)})\b
    | \bscores(?=\ of\ (?!\d))
    | {LEFT}(?P<c>100+)s(?=\ of\b)
    | (?:(?<![参函系次总层倍星票分人])数|几|(?<![以之线网际场础])上)
      (?P<han>[十百千万亿]{{1,4}}){NO_WORD}"""
)
def _plural(found: Match) -> Token:
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


_ONES = words(word for word in NUMBER_WORDS if word not in TENS)
_BIG = r"(?:dozen|hundred|thousand|lakh|crore|million|billion|trillion|quadrillion)\b"
_SMALL = rf"(?:(?:{words(TENS)})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|{_ONES})"
_SPAN = r"(?:minute|hour|day|week|fortnight|month|year|decade|century)\b"


_RANGES_ON = re.compile(rf"(?:-| to | or )(?:\d|(?:{_ONES})\b)")
"""What makes a number of `one`: one to three days."""
_PARTS = {"half": HALF, "quarter": HALF / 2, "1/2": HALF, "1/4": HALF / 2, "3/4": HALF * 3 / 2}


@_pattern(
    rf"""\b(?P<n>{_SMALL}|an?|\d{{1,3}})(?:[ -]and[ -]an?[ -](?P<part>half|quarter)\b(?![ -]of\b)
    | [ ](?=(?P<unit>[a-z]{{3,9}})[ ]and[ ]a[ ]half\b)
    | [- ](?P<figures>1/2|1/4|3/4)(?=[ ][a-z]))"""
)
def _and_a_half(found: Match) -> Token:
    """Read two and a half million, an hour and a half."""
    number = NUMBER_WORDS.get(found["n"]) or (
        ONE
        if found["n"] in {"a", "an"}
        else parse_decimal(found["n"])
        if found["n"].isdigit()
        else None
    )
    if number is None:
        return NOT_HERE
    if found["part"] or found["figures"]:
        number += _PARTS[found["part"] or found["figures"]]
        return extend_with_unit(found.string, Token(*found.span(), number, spelled=True))
    token = extend_with_unit(
        found.string, Token(found.start(), found.end() - 1, number + HALF, spelled=True)
    )
    long = token.unit or token.scale > 1
    return token._replace(end=token.end + len(" and a half")) if long else NOT_HERE


@_pattern(rf"\b(?:a\ )?couple(?:\ of)?(?=\ (?:{_SPAN[:-2]}s?\b|{_BIG}))")
def _couple(found: Match) -> Token:
    token = extend_with_unit(found.string, Token(*found.span(), Decimal(2), spelled=True))
    return token._replace(bound="about")


@_pattern(rf"(?P<han>{EITHER})\ ?个多月")
def _months_and_more(found: Match) -> Token:
    """Read 三个多月: more than three months."""
    number = parse_numeral(found["han"]) or ONE
    return Token(*found.span(), number, "months", bound="more")


@_pattern(
    rf"""\b(?P<n>{words(NUMBER_WORDS)}|an?|\d{{1,2}})\ orders?\ of\ magnitude\b
    | (?P<han>{EITHER})\ ?个数量级"""
)
def _magnitude(found: Match) -> Token:
    written = found["n"] or found["han"]
    power = ONE if written in {"a", "an"} else NUMBER_WORDS.get(written) or parse_numeral(written)
    return Token(*found.span(), Decimal(10) ** int(min(power or 0, 30)), "times")


@_pattern(
    rf"""\b(?P<word>{_SMALL}|hundred|thousand|million|billion)-?fold\b
    | \bfactor\ of\ (?:(?P<n>{NUM})|(?P<spelled>{_SMALL}))(?![\w%])"""
)
def _fold(found: Match) -> Token:
    """Read fivefold, and by a factor of 5."""
    word = found["word"] or found["spelled"]
    number = NUMBER_WORDS.get(word, SCALES.get(word)) if word else parse_decimal(found["n"])
    token = Token(*found.span(), number or Decimal(0), "times")
    return extend_with_bound(found.string, token) if number else NOT_HERE


@_pattern(
    rf"""\b(?P<word>single|double|triple|quadruple|{_SMALL}|\d)[ -](?:figures?|digits?)\b
    | (?<![\d.])(?P<han>{EITHER})\ ?位数"""
)
def _digit_count(found: Match) -> Token:
    word = found["word"] or found["han"]
    number = _COUNT_WORDS.get(word) or NUMBER_WORDS.get(word)
    if number is None and (found["han"] or word.isdigit()):
        number = parse_numeral(word)
    return Token(*found.span(), Decimal(number or 0), "digits") if number else NOT_HERE


@_pattern(
    rf"""\b(?P<n>two|three|four|five|six|seven|eight|nine|\d)[- ]nines\b
    | (?<![\d.])(?P<han>{EITHER})\ ?个\ ?[9九]
      (?!\ ?[\d.A-Za-z%月点]|[个人岁名位款项种家天年周小分秒十百千万亿倍成步层卡页章节次行])"""
)
def _nines(found: Match) -> Token:
    """Read five nines, 99.999 %."""
    number = NUMBER_WORDS.get(found["n"] or "") or parse_numeral(found["n"] or found["han"])
    value = 100 - Decimal(100) / 10 ** int(min(number or 0, 20))
    return Token(*found.span(), value, "percent", part=True)


@_pattern(
    rf"(?<![{'零一二三四五六七八九十百千万亿两年'}])(?P<pair>{NEXT_DIGIT})(?=[十百千万亿]?[倍成个种款项名人家天年周台块层分小]|[百千万亿])"
)
def _pair(found: Match) -> Token:
    """Read the first of 三四倍; the second is what may be more."""
    number = parse_han(found["pair"][0]) or ONE
    if found.string[found.end() : found.end() + 1] == "成":
        return Token(
            found.start(), found.end() + 1, number, "percent", factor=Decimal(10), part=True
        )
    return extend_with_unit(found.string, Token(*found.span(), number, spelled=True))


_DIGIT = "(?:zero|one|two|three|four|five|six|seven|eight|nine)"


@_pattern(rf"\b(?P<whole>{_SMALL})\ point(?P<digits>(?:\ {_DIGIT}\b){{1,4}})")
def _read_out(found: Match) -> Token:
    """Read one point five million."""
    digits = "".join(f"{NUMBER_WORDS[word]:f}" for word in found["digits"].split())
    whole = sum(NUMBER_WORDS[word] for word in re.split("[- ]", found["whole"]))
    number = parse_decimal(f"{whole}.{digits}")
    return extend_with_unit(found.string, Token(*found.span(), number, spelled=True))


@_pattern("零(?=[个次名人例])")
def _zero(found: Match) -> Token:
    return extend_with_unit(found.string, Token(*found.span(), Decimal(0), spelled=True))


@_pattern(
    r"""\b(?:an?|one)\ (?:single|entire|whole)\ (?:[\w-]+\ ){0,2}?
    (?=(?:second|minute|hour|day|week|month|year|decade)\b)"""
)
def _single_period(found: Match) -> Token:
    """Read a single busy day."""
    end = found.end() - 1
    return extend_with_unit(found.string, Token(end, end, ONE, spelled=True))


_PERIODS = "天|周(?!期|边|围|活)|星期|个月|年(?!代|级|度|一度|会)|个?小时|分钟"


@_pattern(rf"(?<![第同每唯统\d之某有近])(?:一|1)(?={_PERIODS})(?!一天天)")
def _one_period(found: Match) -> Token:
    """Read one day or hour; weak, for 一天 may be any."""
    token = extend_with_unit(found.string, Token(*found.span(), ONE, spelled=True))
    return token._replace(weak=found.group() == "一")


@_pattern(
    rf"""\b(?:half[ -]an?|{_SMALL}|an?(?=[ ]{_BIG}))\b(?:[- ]{_BIG}(?:\ and)?(?:[- ]{_SMALL}\b)?)*+
    | \b{_BIG}(?:[- ]{_BIG})*+
    | \b(?:an?(?:[ ](?:additional|extra|single|whole))?|another)[ ](?={_SPAN})
    | 半(?=[年天]|个月|个?小时|分钟)"""
)
def _spelled(found: Match) -> Token | None:
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
    if found.group() == "one" and _RANGES_ON.match(found.string, found.end()):
        return token
    # `one` alone is a pronoun, `half` a part.
    return token._replace(number=Decimal(50), unit="percent") if number == HALF else None


@_pattern(
    "|".join(f"(?P<f{at}>{form.replace(' ', '[ ]')})" for at, form in enumerate(FIXED_PHRASES))
)
def _fixed(found: Match) -> Token:
    unit, value = list(FIXED_PHRASES.values())[int(str(found.lastgroup)[1:])]
    bound: Bound = "more" if found.group() in {"过半", "超半"} else ""
    token = Token(*found.span(), Decimal(value), unit, bound=bound)
    return extend_with_bound(found.string, token)
