"""The words of quantities: units, scales and number words, as data.

One line per factor: the unit, how many of it one of the words is worth, then the words. Words in
ASCII letters also match with a plural s, and from four letters on in any case.
"""

from decimal import Decimal
from typing import Literal, get_args

Unit = Literal[
    "",  # a count, or a number whose noun is not one of those below
    "version",
    "ordinal",
    "score",  # points of a scale or a rating
    "tokens",
    "parameters",
    "bits",
    "frames",
    "pixels",
    "year",  # of the calendar
    "quarter",
    "half",  # of a year
    "decade",  # its first year, without the century where that is not said
    "century",
    "digits",  # of a number: six-figure
    "date",  # YYYYMMDD, with 0 for what is not said
    "clock",  # seconds since midnight
    "ratio",
    "percent",
    "points",  # percentage points
    "times",
    "usd",
    "cny",
    "eur",
    "gbp",
    "jpy",
    "krw",
    "inr",
    "hkd",
    "aud",
    "cad",
    "nzd",
    "sgd",
    "twd",
    "chf",
    "brl",
    "rub",
    "aed",
    "sar",
    "thb",
    "vnd",
    "sek",
    "bytes",
    "seconds",  # durations up to weeks
    "months",  # durations from months on: they have no exact number of days
    "hertz",
    "watts",
    "watt_hours",
    "flops",
    "metres",
    "square_metres",
    "litres",
    "grams",
    "degrees",
    "fahrenheit",
    "lines",  # 1080p
]

_UNITS = """
percent 1 % percent per_cent pct
percent 0.1 ‰ per_mille permille per_mil per_thousand
percent 0.01 ‱
percent 0.0001 ppm parts_per_million
points 1 个百分点 百分点 percentage_point percentage-point %_point %-point pp ppt
points 0.01 basis_point bps bp 基点
times 1 倍 -fold fold times
tokens 1 token tok tk 词元 令牌 t/s T/s tps TPS
parameters 1 参数 parameter param
score 1 point accuracy_point pt 分
bits 1 bit 比特 位
bits 1e3 kbps Kbps kbit Kbit kilobit 千比特
bits 1e6 Mbps Mbit Mb/s megabit 兆比特
bits 1e9 Gbps Gbit Gb/s gigabit 吉比特 千兆比特
bits 1e12 Tbps Tbit Tb/s terabit 太比特
frames 1 fps FPS frame 帧
pixels 1 pixel px 像素
pixels 1e6 megapixel MP
bytes 1 byte 字节
bytes 1e3 KB kB kb Kb kilobyte 千字节
bytes 1e6 MB Mb mb MBps MB/s megabyte 兆字节
bytes 1e9 GB Gb gb GBps GB/s gigabyte gig 吉字节 G
bytes 1e12 TB Tb tb TBps TB/s terabyte 太字节
bytes 1e15 PB petabyte 拍字节
bytes 1e18 EB exabyte 艾字节
bytes 1e21 ZB zettabyte
bytes 1024 KiB
bytes 1048576 MiB
bytes 1073741824 GiB
bytes 1099511627776 TiB
seconds 1e-9 ns nanosecond 纳秒
seconds 1e-6 us μs microsecond 微秒
seconds 1e-3 ms millisecond msec 毫秒
seconds 1 second sec 秒钟 秒
seconds 60 minute min 分钟
seconds 900 刻钟
seconds 3600 hour hr h 小时 钟头
seconds 86400 day Day 天 日 工作日
seconds 604800 week wk 星期 周
seconds 1209600 fortnight
months 1 month 个月
months 3 个季度 quarter
months 12 year yr 年 岁
months 120 decade
months 1200 century centuries 世纪
hertz 1 Hz 赫兹
hertz 1e3 kHz KHz 千赫
hertz 1e6 MHz 兆赫
hertz 1e9 GHz 吉赫
hertz 1e12 THz 太赫
watts 1e-3 mW milliwatt 毫瓦
watts 1 W watt 瓦特 瓦
watts 1e3 kW KW kilowatt 千瓦
watts 1e6 MW megawatt 兆瓦
watts 1e9 GW gigawatt 吉瓦
watts 1e12 TW terawatt 太瓦
watt_hours 1 Wh watt-hour 瓦时
watt_hours 1e3 kilowatt-hour kWh KWh 千瓦时 度电
watt_hours 1e6 megawatt-hour MWh 兆瓦时
watt_hours 1e9 gigawatt-hour GWh 吉瓦时
watt_hours 1e12 terawatt-hour TWh 太瓦时
flops 1 FLOP FLOPS FLOPs flop 次浮点运算 浮点运算
flops 1e9 GFLOP GFLOPS GFLOPs
flops 1e12 TFLOP TFLOPS TFLOPs teraflop TOPS
flops 1e15 PFLOP PFLOPS PFLOPs petaflop
flops 1e18 EFLOP EFLOPS EFLOPs exaflop
flops 1e21 ZFLOP ZFLOPS ZFLOPs zettaflop
metres 1e-9 nm nanometer nanometre 纳米
metres 1e-6 μm um micrometer micrometre micron 微米
metres 1e-3 mm millimeter millimetre 毫米
metres 1e-2 cm centimeter centimetre 厘米
metres 1 meter metre 米
metres 1e3 km kilometer kilometre km/h kph 公里 千米
metres 0.0254 inch inches 英寸
metres 0.3048 ft feet foot 英尺
metres 1609.344 mile mi mph 英里
metres 0.9144 yard yd
square_metres 1 平方米 square_meter square_metre sqm
square_metres 1e6 平方公里 square_kilometer square_kilometre
square_metres 1e4 公顷 hectare
square_metres 4046.8564224 英亩 acre
square_metres 0.09290304 平方英尺 square_foot square_feet sq_ft
litres 1 升 liter litre
litres 1e-3 毫升 ml mL milliliter millilitre
litres 3.785411784 加仑 gallon
grams 1e-6 μg microgram 微克
grams 1e-3 mg milligram 毫克
grams 1 gram 克
grams 28.349523125 oz ounce 盎司
grams 1e3 kg kilogram 公斤 千克
grams 1e6 ton tonne 吨
grams 453.59237 lb 磅
degrees 1 °C degree degrees_Celsius ° 摄氏度 度
fahrenheit 1 °F degrees_Fahrenheit 华氏度
usd 1 USD US_dollar dollar buck $ 美元 美金
usd 0.01 cent ¢ 美分
cny 1 CNY RMB yuan 元人民币 人民币 元
gbp 0.01 pence 便士
eur 1 EUR euro € 欧元
gbp 1 GBP pound £ 英镑
jpy 1 JPY yen 日元 日圆
krw 1 KRW won 韩元 韩圆
inr 1 INR rupee 卢比 印度卢比
hkd 1 HKD 港元 港币
aud 1 AUD Australian_dollar 澳元 澳大利亚元
cad 1 CAD Canadian_dollar 加元 加拿大元
nzd 1 NZD 新西兰元
sgd 1 SGD Singapore_dollar 新加坡元 新元
twd 1 TWD NTD 新台币 台币
chf 1 CHF franc Swiss_franc 瑞士法郎 瑞郎
brl 1 BRL 雷亚尔
rub 1 RUB ruble rouble 卢布
aed 1 AED dirham 迪拉姆
sar 1 SAR riyal 里亚尔
thb 1 THB baht 泰铢
vnd 1 VND dong 越南盾
sek 1 SEK 瑞典克朗
"""

GUARDS = {
    "分": r"(?![之布别辨片层区支类析享配发组贝])",
    "位": r"(?=\s?(?:量化|精度|浮点|整数|定点))",  # else a measure word for people
    "日": r"(?=[内间后前游])",
    "元": r"(?![宇素数组器分论性])",
    "G": r"(?=\s?(?:显存|内存|统一内存|VRAM|RAM|DDR))",
    "周": r"(?![期边围活报末刊年一二三四五六日])",
    "年": r"(?![代级度])",
    "世纪": r"(?!末|初|中叶)",
    "升": r"(?![级至到为华高温])",
    "新元": r"(?!素|件)",
    "h": r"(?![A-Za-z])",
    "$": r"(?![\w.$])",  # 20$, and not the next price
    # A second place: Heron 3.1 second with 1,260.
    "second": r"(?![A-Za-z0-9])(?:(?<!\d second)|(?<=[^.\d]1 second)|(?! (?:with|at) \d))",
    "per thousand": r"(?! [a-z])",
    "pp": r"(?![A-Za-z0-9/])",  # pp/s are prompt tokens
    "米": r"(?!兰|勒)",
    "克": r"(?!隆|莱|服)",
}
"""What has to follow, or must not, for a word of the table to be a unit."""

IDIOMS = (
    "第[一三](?:方|手|时间|性|人称|者)|统一|唯一|万一|十分(?!钟|之)|千万[别不要]|百家争鸣|千人千面|双十[一二]"
    "|成千上万|成百上千|数以[百千万]计|第二天|第三世界|前半|后半|[上下]半(?!年)|百分点|[二八十六]+进制|零一万物"
    "|二次(?=开发|元)|[二三四]次(?=注意力|复杂度|函数|多项式|样条|曲线|方程|型|项(?!目))"
    "|二元|二分(?!之)|三元(?=[组权量网模值化])|[上前下]一(?=季度|财季)"
    "|百分[位比]|百[度科川炼]|千[问帆寻里]|万[物能维象]"
)
"""Chinese words with a numeral in them that counts nothing."""

FIXED_PHRASES: dict[str, tuple[Unit, str]] = {
    "翻了?(?:一番|一?倍|番)|加倍": ("times", "2"),
    **{f"翻了?{han}番": ("times", str(2**power)) for power, han in enumerate("一两三四五", 1)},
    "一半|[过超]半(?!径)|半数|减半|腰斩|对折": ("percent", "50"),
    "百分百": ("percent", "100"),
    "零点(?![零一二三四五六七八九])|午夜": ("clock", "0"),
    "正午": ("clock", "43200"),
    "亚军": ("ordinal", "2"),
    "季军": ("ordinal", "3"),
    r"\bdoubl(?:e|es|ed|ing)\b(?! down| check|-check| standard| duty|-digit|-figure)": (
        "times",
        "2",
    ),
    r"\btwice\b": ("times", "2"),
    r"\b(?:tripl(?:e|es|ed|ing)|thrice)\b(?!-digit|-figure)": ("times", "3"),
    r"\bquadrupl(?:e|es|ed|ing)\b(?!-digit)": ("times", "4"),
    r"\bquintupl(?:e|es|ed|ing)\b": ("times", "5"),
    r"\bhalv(?:e|es|ed|ing)\b": ("percent", "50"),
    r"\b50-50(?![-\d])": ("percent", "50"),
    r"\bquarter(?:-| )(?:percentage(?:-| ))?point\b": ("points", "0.25"),
    r"\bhalf(?:-| )(?:percentage(?:-| ))?point\b": ("points", "0.5"),
    r"\bday-?long\b": ("seconds", "86400"),
    r"\bweek-?long\b": ("seconds", "604800"),
    r"\bmonth-?long\b": ("months", "1"),
    r"\byear-?long\b": ("months", "12"),
    r"\bdecade-?long\b": ("months", "120"),
    r"\bbiennial(?:ly)?\b": ("months", "24"),
    r"\bquarter(?:-| )(?:of a )?century\b": ("months", "300"),
    r"\bquarter(?:-| )hour\b": ("seconds", "900"),
    r"\b(?:top|bottom) quartile\b": ("percent", "25"),
    r"\b(?:top|bottom) decile\b": ("percent", "10"),
    r"\ba score of(?= [a-z])": ("", "20"),
    r"\bsextupl(?:e|es|ed|ing)\b": ("times", "6"),
    r"\bseptupl(?:e|es|ed|ing)\b": ("times", "7"),
    r"\boctupl(?:e|es|ed|ing)\b": ("times", "8"),
    r"\bdecade-old\b": ("months", "120"),
    r"\bcentury-old\b": ("months", "1200"),
    r"\bNew Year's Day\b": ("date", "101"),
    r"\bNew Year's Eve\b": ("date", "1231"),
    r"\bChristmas Day\b": ("date", "1225"),
    r"\bnoon\b": ("clock", "43200"),
    r"\bmidnight\b": ("clock", "0"),
    r"\bbaker's dozen\b": ("", "13"),
    r"\b(?:bi-?weekly|fortnightly|every other week)\b": ("seconds", "1209600"),
    r"\bevery other day\b": ("seconds", "172800"),
    r"\bbi-?monthly\b": ("months", "2"),
    r"\bsemi-?annual(?:ly)?\b": ("months", "6"),
}
"""Words that are a quantity by themselves."""

SYMBOLS: dict[str, Unit] = {
    "HK$": "hkd", "US$": "usd", "USD": "usd", "$": "usd", "€": "eur", "EUR": "eur", "£": "gbp",
    "GBP": "gbp", "RMB": "cny", "CNY": "cny", "人民币": "cny", "¥": "cny", "₩": "krw", "₹": "inr",
    "KRW": "krw", "INR": "inr", "Rs": "inr", "Rs.": "inr", "JPY": "jpy", "HKD": "hkd",
    "A$": "aud", "AU$": "aud", "AUD": "aud", "C$": "cad", "CA$": "cad", "CAD": "cad", "NZ$": "nzd",
    "S$": "sgd", "SGD": "sgd", "NT$": "twd", "TWD": "twd", "新台币": "twd", "CHF": "chf",
    "R$": "brl", "BRL": "brl", "₽": "rub", "AED": "aed", "SEK": "sek", "THB": "thb",
    "RUB": "rub", "VND": "vnd", "NZD": "nzd", "港币": "hkd", "SAR": "sar", "฿": "thb", "₫": "vnd",
}  # fmt: skip

MONEY: frozenset[Unit] = frozenset(SYMBOLS.values()) | {"nzd", "sek"}

SCALES: dict[str, Decimal] = {
    word: Decimal(factor)
    for factor, words in {
        "12": ("dozen",),
        "1e2": ("hundred",),
        "1e3": ("k", "K", "thousand"),
        "1e4": ("w",),  # 10w is 10万 in Chinese chats
        "1e5": ("lakh",),
        "1e6": ("m", "M", "mn", "mln", "mil", "MM", "million"),
        "1e7": ("crore",),
        "1e9": ("b", "B", "bn", "bln", "G", "billion"),
        "1e12": ("T", "tn", "trn", "trillion"),
        "1e15": ("quadrillion",),
    }.items()
    for word in words
}

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

NUMBER_WORDS: dict[str, Decimal] = {
    "half": Decimal("0.5"),
    **{word: Decimal(value) for value, word in enumerate(_ONES)},
    **{word: Decimal(value * 10) for value, word in enumerate(TENS, start=2)},
}

_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth",
)  # fmt: skip
ORDINALS: dict[str, int] = {
    **{word: value for value, word in enumerate(_ORDINALS, start=1)},
    **{f"{ten[:-1]}ieth": value * 10 for value, ten in enumerate(TENS, start=2)},
    **{
        f"{ten}-{word}": value * 10 + one
        for value, ten in enumerate(TENS, start=2)
        for one, word in enumerate(_ORDINALS[:9], start=1)
    },
}

PLURALS: dict[str, Decimal] = {
    "dozens": Decimal(10),
    "tens": Decimal(10),
    "hundreds": Decimal(100),
    "thousands": Decimal(1000),
    "millions": Decimal(10**6),
    "billions": Decimal(10**9),
    "trillions": Decimal(10**12),
}

MONTHS = {
    "January": 1, "February": 2, "March": 3, "April": 4, "May": 5, "June": 6, "July": 7,
    "August": 8, "September": 9, "October": 10, "November": 11, "December": 12,
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "Jun": 6, "Jul": 7, "Aug": 8, "Sept": 9, "Sep": 9,
    "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip

FRACTIONS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip

ROMAN: dict[str, int] = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7}

DECADES: dict[str, int] = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80, "nineties": 90,
}  # fmt: skip

HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

MEASURE_WORDS = frozenset(
    "个种款项次名人家篇条张台块片层轮步套组类份件段章节门座部卡核颗枚支只位大国州城校级维路代行页字句点"
)
"""Measure words that make a Chinese numeral in front of them a count."""


def load_units() -> dict[str, tuple[Unit, Decimal]]:
    """Read the table: each word to its unit and factor, longest word first."""
    known: dict[str, Unit] = {name: name for name in get_args(Unit)}
    rows = (line.split() for line in _UNITS.strip().splitlines())
    table = {
        word.replace("_", " "): (known[unit], Decimal(factor))
        for unit, factor, *words in rows
        for word in words
    }
    return dict(sorted(table.items(), key=lambda row: -len(row[0])))
