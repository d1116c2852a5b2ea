"""Dates, years, quarters, decades, centuries and hours of the day."""

from decimal import Decimal

from pipeline.quantities.lexer import HAN, RUN, Token, parse_numeral
from pipeline.quantities.readers import LEFT, Match, PatternReader, register, words
from pipeline.quantities.units import DECADES, MONTHS, ORDINALS

READERS: list[PatternReader] = []
"""The readers of this module, in the order in which they are tried."""
_pattern = register(READERS)

_MONTH = rf"(?:{words(MONTHS)})\b\.?+"
_DAY = r"(?P<d>\d\d?)(?:st|nd|rd|th)?(?![\d%A-Za-z]|\.\d)"
_YEAR = r"(?P<y>(?:19|20)\d\d|['’]\d\d)\b"
_DATE_END = r"(?!\d|\.\d)(?:T[\d:.]+Z?)?"


def _full_date(found: Match) -> Token | None:
    return _date(found, found["y"], found["m"], found["d"])


def _numeric_date(found: Match) -> Token | None:
    """Read 12/19/2025 and 19/12/2025; what may be both is read as the first."""
    month, day = found["a"], found["b"]
    if int(month) > 12:  # noqa: PLR2004
        month, day = day, month
    return _date(found, found["y"], month, day)


for _form, _reader in (
    (rf"{LEFT}(?P<y>\d{{4}})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?){_DATE_END}", _full_date),
    (r"(?<![\w/.-])(?P<a>\d\d?)[/.-](?P<b>\d\d?)[/.-](?P<y>(?:19|20)\d\d)(?![\d/])", _numeric_date),
    (r"(?<![\w/.-])(?P<a>\d\d?)/(?P<b>\d\d?)/(?P<y>2\d)(?![\w/%.-]|[ ][A-Za-z])", _numeric_date),
    (
        r"(?<![\w.-])(?P<y>20[0-3]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\w.-])",
        _full_date,
    ),
    (rf"\b(?P<m>{_MONTH})[ -]{_DAY}(?:,?[ -]{_YEAR})?", _full_date),
    (
        rf"{LEFT}(?P<d>\d\d?)(?:st|nd|rd|th)?[ -](?:of[ ])?(?P<m>{_MONTH})(?:,?[ -]{_YEAR})?",
        _full_date,
    ),
):
    _pattern(_form)(_reader)


_DATED = "(?:release|version|update|edition|build|snapshot|checkpoint|launch|event|issue|report)s?"
"""What a month stands before as a month: the May release."""


@_pattern(
    rf"""(?:\b(?P<m>{_MONTH}),?[ ](?:of[ ])?|(?<![\w/.-])(?P<month>0?[1-9]|1[0-2])/(?=\d{{4}}))
      {_YEAR}(?![/-]\d)
    | {LEFT}(?P<year>20(?:1[3-9]|[2-9]\d))-(?P<of>0[1-9]|1[0-2])(?![\w-]|\.\d)
    | \b(?:(?:in|since|by|until|till|of|last|this|next|early|late|mid|before|after|to|through|from
          |between|during|and|or|[a-z]-(?=Ma))[ -]?(?<![a-z])(?<=[ -])|(?<=[a-z][-/])|
          (?!Ma[ry](?!\w*[ ]?(?:[-/]|to\b|through\b|and\b|or\b)[ ]?(?:{_MONTH})|\w*[ ]{_DATED}\b)))
      (?P<bare>{_MONTH})(?!,?[ ](?:19|20)\d\d\b)(?![ ]\d\d?(?:st|nd|rd|th)?(?![\d:%A-Za-z]))"""
)
def _month(found: Match) -> Token | None:
    month = found["m"] or found["month"] or found["of"] or found["bare"]
    return _date(found, found["y"] or found["year"], month, None)


@_pattern(
    rf"""(?<![\d.])(?:(?P<y>\d{{4}}|{HAN}{{4}})\ ?年\ ?)?
    (?<![\d.])(?P<m>\d\d?|{RUN}{{1,2}})\ ?月
    (?:\ ?(?P<d>\d\d?|{RUN}{{1,3}})(?:\ ?[日号]|(?=[-~至到]\d)))?"""
)
def _chinese_date(found: Match) -> Token | None:
    return _date(found, found["y"], found["m"], found["d"], strict=False)


@_pattern(
    r"(?<![\d.])(?P<d>\d\d?)\ ?"
    r"(?:日(?![内间后前游均活志常本元语文圆期])|号(?![线楼院召称码门机位]))"
)
def _chinese_day(found: Match) -> Token | None:
    return _date(found, None, None, found["d"], strict=False)


def _date(
    found: Match, year: str | None, month: str | None, day: str | None, *, strict: bool = True
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
    rf"""(?:\b|(?<=[QH][1-4]))(?:FY|CY|(?i:fiscal|financial)(?:\ (?i:year))?)[ -]?['’]?
      (?P<fiscal>(?:19|20)?\d\d)(?!\d|\.\d)
    | (?<![\d.])['’]?(?P<zh>(?:(?:19|20)?\d\d|{HAN}{{4}})(?=\ ?(?:财年|财务年度|财政年度)))
    | (?<![\d.])(?P<y>(?:19|20|21)\d\d|{HAN}{{4}})\ ?年(?!代)
    | (?<![\d.])(?P<short>\d\d)年
      (?=\ ?(?:第?[一二三四1-4]\ ?[季财]|[上下]半年|Q[1-4]|H[12]|[初底末]))
    | {LEFT}(?P<joined>(?:19|20)\d\d)(?=[QH][1-4](?!\w))
    | (?:(?<=[QH][1-4])['’]|(?<=[QH][1-4]\ )['’]|(?<=[1-4][QH])['’]?|(?<=[1-4][QH]\ )['’]?)
      (?P<quarter>(?:20)?\d\d)(?![\d%A-Za-z]|\.\d)
    | (?:(?<=\bin\ )|(?<=\bof\ )|(?<=\bsince\ )|(?<=\bby\ )|(?<=\blate\ )|(?<=\bearly\ )|(?<=\bmid-)
      |(?<=[A-Za-z]{{2}}\ )
      |(?<=\bfrom\ )|(?<=\bto\ )|(?<=\bfor\ ))['’](?P<quoted>\d\d)(?![\d%A-Za-z'’]|\.\d)
    | (?<!\w)['’](?P<since>\d\d)(?=\ ?-\ ?['’]\d\d\b) | (?<=\d-)['’](?P<till>\d\d)\b"""
)
def _calendar_year(found: Match) -> Token:
    year = next(part for part in found.groups() if part)
    return Token(*found.span(), _full_year(year), "year")


@_pattern(
    r"""\b(?:H(?P<a>[12])(?=\ ?(?:['’]\d\d|(?:of\ )?(?:20\d\d|FY|fiscal))|\ of\ )
    | (?P<b>[12])H(?=\ ?(?:FY)?['’]?(?:20)?\d\d\b))
    | (?:(?<=\d\d\d\d)|(?<=\d\d\d\d\ )|(?<=FY\d\d)|(?<=FY\d\d\ ))H(?P<c>[12])(?!\w)
    | \b(?P<word>first|second|front|back)[ -]half\b
      (?=\ (?:of\ )?(?:the\ (?:fiscal\ |calendar\ )?year|this|next|last|(?:19|20)\d\d|FY|fiscal))
    | (?P<han>[上下])半年"""
)
def _half_year(found: Match) -> Token:
    part = next(part for part in found.groups() if part)
    return Token(
        *found.span(), Decimal({"1": 1, "first": 1, "front": 1, "上": 1}.get(part, 2)), "half"
    )


@_pattern(
    rf"""(?:(?P<of>\d\d|{RUN}{{2,3}}|上)\ ?世纪)?\ ?
      (?P<han>(?:(?:1[5-9]|20)?\d0|{HAN}十|{HAN}{{2}}[〇零一二三四五六七八九]0?[〇零]))\ ?年代
    | (?:(?<=the\ )|(?<=mid-)|(?<=early\ )|(?<=late\ )|(?<=roaring\ ))(?P<words>{words(DECADES)})\b
    | (?:\bthe\ |(?<=\bin\ )|(?<=early\ )|(?<=late\ )|(?<=[dD]-))?['’](?P<short>[1-9]0)['’]?s\b
    | (?:(?<=\bthe\ )|(?<=\bearly\ )|(?<=\blate\ )|(?<=\bmid-))(?P<bare>[2-9]0)s\b
    | {LEFT}(?P<full>(?:1[5-9]\d|20[0-4])0)['’]?s\b"""
)
def _decade(found: Match) -> Token:
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
    | \b(?P<word>{words(ORDINALS)})[ -](?:century|centuries)\b"""
)
def _century(found: Match) -> Token:
    word, figures = found["word"], found["han"] or found["figures"]
    number = Decimal(ORDINALS[word]) if word else parse_numeral(figures) or Decimal(0)
    return Token(*found.span(), number, "century")


@_pattern(
    rf"""{LEFT}(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?![\d:])
      (?:\ ?(?P<half>[AaPp])\.?[Mm]\b\.?)?
    | {LEFT}(?P<hour>1?\d)\ ?(?P<noon>[AaPp])\.?[Mm]\b
    | (?P<day>[上下中晚凌早傍今明当][午晨上晚]|[早晚])\ ?(?P<at>\d\d?|{RUN}{{1,3}})\ ?[点时:]
      (?:\ ?(?P<past>\d\d?)(?:\ ?分)?|(?P<to>半))?
    | (?<![\d.])(?P<sharp>\d\d?)\ ?[点时](?!间)
      (?:\ ?(?P<min>\d\d?)(?:\ ?分)?|(?P<thirty>半)|整|钟
      |(?=[，。；、)至到前后开举播起]|直播|上线|$))
    | (?<=日)\ ?(?P<daily>\d\d?)\ ?时(?!间)"""
)
def _clock(found: Match) -> Token:
    part = found.groupdict()
    hour = int(
        parse_numeral(part["h"] or part["hour"] or part["at"] or part["sharp"] or part["daily"])
        or 0
    )
    thirty = part["to"] or part["thirty"]
    minute = int("30" if thirty else part["m"] or part["past"] or part["min"] or 0)
    half = (part["half"] or part["noon"] or "").lower()
    if half or part["day"]:
        late = half == "p" or (part["day"] or "") in {
            "下午",
            "晚上",
            "晚",
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
def _quarter(found: Match) -> Token:
    number = (
        ORDINALS[found["word"]]
        if found["word"]
        else parse_numeral(found["q"] or found["first"] or found["han"])
    )
    return Token(*found.span(), Decimal(number or 0), "quarter")
