"""Parts of a whole: fractions, 三成, one in five, 9 out of 10, 16:9."""

import re
from decimal import Decimal

from pipeline.quantities.lexer import (
    DECIMAL,
    EITHER,
    HALF,
    ONE,
    Token,
    extend_with_bound,
    extend_with_unit,
    parse_han,
    parse_numeral,
)
from pipeline.quantities.readers import (
    LEFT,
    NEXT_DIGIT,
    NOT_HERE,
    SMALL_NUMBER,
    Match,
    PatternReader,
    read_small,
    register,
    words,
)
from pipeline.quantities.units import FRACTIONS, NUMBER_WORDS, ORDINALS, SCALES

READERS: list[PatternReader] = []
"""The readers of this module, in the order in which they are tried."""
_pattern = register(READERS)


@_pattern(
    rf"""百分之\ ?(?P<percent>{DECIMAL}) | (?P<of>{EITHER})\ ?分之\ ?(?P<part>{DECIMAL})
    | (?P<few>一)两成
    | (?!(?:{NEXT_DIGIT})成|(?<=[这那某])一)(?P<tenths>{EITHER})\ ?成
      (?P<half>半|[一二三四五六七八九](?![个种款]))?
      (?![本功立为长果熟就都交分绩语型因像]|员(?!工))
    | (?P<price>{EITHER})\ ?折(?![叠扣腾中])
    | \b(?P<top>an?|one|two|three|four|five|six|seven|eight|nine)
      [- ](?:full\ |mere\ |whole\ )?(?P<bottom>{words(FRACTIONS)})s?\b
      (?![- ](?:year|hour|day|party|parties)\b)
    | {LEFT}(?P<a>\d\d?)/(?P<b>[1-9]\d?)(?:(?:th|rd)s?\b|\ of\b)"""
)
def _fraction(found: Match) -> Token | None:
    part = found.groupdict()
    value: Decimal | None
    if part["tenths"] and _is_version(found):
        return None
    if written := part["percent"] or part["tenths"] or part["few"]:
        value = parse_numeral(written)
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
    factor = Decimal(10) if part["tenths"] or part["few"] or part["price"] else ONE
    token = Token(
        *found.span(), round(value, 9), "percent", factor=factor, part=part["percent"] is None
    )
    return _of_unit(found.string, token) or extend_with_bound(found.string, token)


_VERSIONED = re.compile(r"[A-Za-z][\w.]*[ -]?$", re.ASCII)
_MOST_TENTHS = 10


def _is_version(found: Match) -> bool:
    """Whether a number is one of a name that becomes something: Grok 4成最强, V3-0324成新标杆."""
    written, text = found["tenths"], found.string
    if not written[0].isascii():
        return False
    beyond = (written[0] == "0" and written[1:2] != ".") or (
        parse_numeral(written) or 0
    ) > _MOST_TENTHS
    named = _VERSIONED.search(text, max(0, found.start() - 20), found.start())
    return beyond or bool(named and not re.match(r"[的以左上多，。；、]|$", text[found.end() :]))


_OF_ONE = re.compile(
    r"(?:\ of\ (?:an?|one)[ -]|-(?:of-)?an?-|[- ])"
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


_UNCOUNTED = (
    rf"(?![\d%A-Za-z]|[.,:/]\d|[ -](?:{words(SCALES)}|min(?:ute)?s?|hours?|days?|weeks?|months?"
    r"|years?|seconds?)\b)"
)
_SMALLEST_BASE = 100  # 5 per 1,000 is a share, 5 per 3 is none
_COUNTED = "[个名位人款项家种层次台块张条篇件道题例枚颗]"


@_pattern(
    rf"""(?<![A-Za-z0-9.#$,-])(?<!top\ )(?P<a>{SMALL_NUMBER}|\d{{1,3}})
      (?P<by>(?:\ |-)(?:in|out\ of|of)(?:\ |-)(?:every\ |the\ )?|\ (?:per|for\ every)\ )
      (?P<b>{SMALL_NUMBER}|(?:an?[- ])?(?:thousand|hundred)|an?[- ](?:million|billion)
        |\d{{1,3}}(?:,?000)?){_UNCOUNTED}
    | (?:(?:每\ ?)?(?<![\d.])(?P<d>{EITHER})\ ?{_COUNTED}?
      [^\d\s，。、；：,.的中里有]{{0,5}}(?:之中|当中|中|里|就)
      |每\ ?(?P<each>{EITHER})\ ?{_COUNTED}[^\d，。、；：,.每有]{{0,12}}(?=有))
      [的有就便只仅约，,]{{0,4}}\ ?(?P<c>{EITHER})(?=\ ?{_COUNTED})"""
)
def _share(found: Match) -> Token:
    """Read one in five, 9 out of 10, 80层中的48层; one in five is 20 %, and no five."""
    if found["by"]:
        part, whole = (read_small(found[name]) for name in "ab")
    else:
        part, whole = (
            parse_numeral(one or "") or Decimal(0)
            for one in (found["c"], found["d"] or found["each"])
        )
    by = (found["by"] or "").strip(" -").split(" ")[0].split("-")[0]
    round_whole = whole in {3, 4, 5, 10, 20, 100, 1000}
    listed = "，" in found.group() and part == 1  # 两个示例中，一个…
    odd = listed or {"in": part > 1 and not round_whole, "per": whole < _SMALLEST_BASE}.get(
        by, False
    )
    full = part == whole and by in {"of", "out"}  # 10 out of 10
    if odd or not (0 < part < whole or full):
        return NOT_HERE
    token = Token(*found.span(), round(part / whole, 9), "ratio", digits=f"{part:f}:{whole:f}")
    if by == "in" and part == 1:
        token = Token(*found.span(), round(100 / whole, 9), "percent", part=True)
    return extend_with_bound(found.string, token)


@_pattern(
    rf"""\bevery\ (?:(?P<word>(?!first\b|second\b)(?:{words(ORDINALS)}))|(?P<n>\d+)(?:th|rd))\b
      (?!\ (?:day|week|month|year|time|quarter|hour|minute)\b)"""
)
def _every_nth(found: Match) -> Token:
    """Read every third user, which is one in three."""
    whole = Decimal(ORDINALS[found["word"]] if found["word"] else found["n"])
    value = round(100 / whole, 9) if whole else Decimal(0)
    return Token(*found.span(), value, "percent", part=True)


@_pattern(
    rf"""{LEFT}(?P<a>\d{{1,3}})[:/](?P<b>\d{{1,3}})(?![\w:/%]|\.\d|\ ?(?:[美日欧韩港澳加]?元|英镑))
    | {LEFT}(?P<one>1)/(?P<n>\d{{1,3}}\.\d{{1,2}})(?![\w:/%])
    | (?<![\d.])(?P<c>\d{{1,4}})\ ?比\ ?(?P<d>\d{{1,4}})(?![\d.])
    | {LEFT}(?P<e>\d{{1,3}}|{SMALL_NUMBER})-to-(?P<f>\d{{1,3}}|{SMALL_NUMBER})
      (?=\ (?:ratio|vote|margin|odds|split|majority)|[,.;)]|$)
    | (?P<week>(?:7\ ?[x×*]|7天)\ ?24\ ?(?:小时)?|\b(?:around|round)[- ]the[- ]clock\b)"""
)
def _ratio(found: Match) -> Token:
    sides = [side for name, side in found.groupdict().items() if side and name != "week"]
    digits = ":".join(f"{read_small(side):f}" for side in sides or ["24", "7"])
    top, bottom = map(Decimal, digits.split(":"))
    return Token(*found.span(), round(top / (bottom or ONE), 9), "ratio", digits=digits)
