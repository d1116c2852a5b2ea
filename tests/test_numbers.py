"""Quantities of a Chinese claim equal those of the English evidence, or are missing from it."""

import time
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.numbers import Quantity, missing, numbers

EQUAL = """
# digits, separators, scales
4万小时 | 40k+ hours
超过4万小时 | 40k+ hours
40,000个 | 40k
四万条 | 40,000 rows
4 万条 | 40K rows
1,575个项目 | 1,575 repositories
1575个项目 | 1,575 repositories
1000多款游戏 | 1000+ games
1000余款游戏 | more than 1,000 games
玩1000多款游戏 | trained to play 1000+ games
12.5万颗星 | 125k stars
12.5w 颗星 | 125k stars
2300星 | 2.3k stars
2.3k星 | 2.3k stars
70亿 | 7B
7亿周活用户 | 700M weekly active users
7亿周活用户 | 700 million weekly active users
1.2亿 | 120 million
3千5百万 | 35M
三千五百万 | 35 million
三千五百人 | 3,500 people
一百零五项 | 105 items
二十五个模型 | twenty-five models
十二种语言 | 12 languages
12种语言 | twelve languages
23种语言 | 23 languages
两万亿 | 2T
2万亿 | 2 trillion
一百万 | a million
五十万 | half a million
100万 | 1M
1.5万亿 | 1.5T
1万亿参数 | a trillion-parameter model
万亿参数模型 | a trillion-parameter model
千亿参数模型 | a 120B model
每百万token | $0.10 per million tokens
每百万token | $0.10/M tokens
每千张图像 | per 1k images
第二代 | Gemma 2
73.8% | SWE-bench 73.8
4_000 次 | 4,000 calls
４０ＧＢ | 40GB
５０％ | 50%
3‑10个图层 | 3-10 layers
# parameters, tokens, sizes of models
270亿参数 | 27B
270亿参数 | up to 27B parameters
270亿 | 27B parameters
270亿个参数 | 27 billion parameters
320亿参数 | 32-billion-parameter model
80M参数 | ~80M param
2.7亿参数 | 270M parameters
270M参数 | FunctionGemma (270M)
约2万亿参数 | ~2T params
120B和20B两个版本 | gpt-oss-120b and gpt-oss-20b, two variants
激活30亿参数 | Qwen3.5-35B-A3B
350亿参数 | Qwen3.5-35B-A3B
51亿活跃参数 | 5.1B active parameters
256k token | 256k tokens
25.6万token | 256k tokens
25.6万个词元 | 256K-token context
100万token上下文 | 1M token context
100万token | a million tokens
100k至1M token | 100k–1M tokens
每秒21个token | 21 tok/s
21 token/s | 21 tokens per second
每秒约2200个token | ~2.2k tokens/s
2.2k tokens/s | ~2.2k tokens/s per H200
17万亿token | 17 trillion tokens
128k上下文 | 128k context
12.8万上下文 | 128K context
4位量化 | 4-bit quantization
4比特量化 | 4-bit quants
3比特和4比特 | 3-bit and 4-bit MLX
16位浮点 | 16-bit floats
# percent, points, parts
45% | 45%
5% | 5 percent
百分之五 | 5%
百分之99.8 | 99.8%
三成 | 30%
三成半 | 35%
六至七成 | 60–70%
三到四倍 | 3–4x
提升1倍 | doubled
一半 | half
一半 | 50%
四分之三 | 75%
四分之三 | three quarters
三分之二 | two-thirds
三分之二 | 2/3 of the queries
三分之一 | a third of users
十分之一 | 1/10th the cost
1/10 | a tenth of the cost
5个百分点 | 5 percentage points
5个百分点 | 5pp
提升10个百分点 | a gain of +10 points
下降2% | -2%
减少60%错误 | -60% contextualization errors
50%以上 | 50%+
超过70% | 72.3%
近三成 | 29.6%
73.8% | 73.8 on SWE-bench Verified
67.6% | BrowseComp 67.6
10%至20% | 10-20%
10-20% | 10% to 20%
成本减半 | costs are halved
八折 | 20% off
85折 | 15% discount
半数以上 | more than half
# multiples
1.86倍 | 1.86x
1.86倍 | 1.86×
1.86 倍 | 1.86 times faster
快8倍 | 8x faster
3倍训练加速 | 3x faster training
2000倍实时速度 | up to 2000x realtime
翻倍 | doubled
翻倍 | 2x
翻了一番 | doubled
2倍 | twice as fast
两倍 | 2x
提升一倍 | doubled
提升了2倍 | 2x
增长至3倍 | tripled
三倍 | threefold
十倍 | tenfold
10倍 | 10 times bigger
翻两番 | quadrupled
1.5-2倍 | 1.5-2x
3次 | 3 times a day
8块H100 | 8x H100
3张3090 | 3x3090
3x3090显卡 | 3x3090 setup
# money
100万美元 | $1M
100万美元 | $1 million
100万美元 | 1 million dollars
一百万美金 | USD 1M
50万美元 | $500K
10亿美元 | $1B
11.5亿美元 | US$1.15 billion
0.1美元 | $0.1
0.1美元 | $0.10 per million
0.15美元 | $0.15/M
15美分 | $0.15
1500万欧元 | €15 million
2500欧元 | 2500€
5英镑 | £5
100元 | ¥100
100万元人民币 | RMB 1M
2000至3000美元 | $2,000 to $3,000
1000万至2000万美元 | $10–20 million
1000-2000万美元 | $10-20M
每千张图像5美元 | $5/1k images
300亿日元 | 30 billion yen
# ranges and bounds
3-10个图层 | 3–10 layers
3至10层 | between 3 and 10 layers
3到10层 | 3 to 10 layers
20-24帧 | 20-24 fps
2到5秒 | 2-5 seconds
100-150 token/s | about 100–150 tok/s
不到20秒 | <20 s
不到20秒 | under 20 seconds
低于15毫秒 | sub-15 ms
至少16GB | ≥16GB VRAM
十余家公司 | 13 companies
20多种语言 | 23 languages
数十种语言 | dozens of languages
数百名研究者 | hundreds of researchers
数千块GPU | thousands of GPUs
数万用户 | tens of thousands of users
数千亿参数 | hundreds of billions of parameters
上百个工具 | hundreds of tools
数百万用户 | millions of users
数十亿美元 | billions of dollars
数十种语言 | 47 languages
约4万颗星 | 41,234 stars
超过4万颗星 | 41,234 stars
近1000人 | 980 people
# sizes, rates, physical units
40GB | 40GB
40 GB | 40 GB unquantized
24G显存 | 24 GB VRAM
80GB显存 | A100-80GB
16GB内存 | a 16 gig Mac
25MB | 25 MB
32kHz | 32 kHz
3.2万赫兹 | 32kHz
6吉瓦 | 6GW
600万千瓦 | 6 GW
5纳米 | 5nm
720p | 720p
300W | 300 watts
1e25 FLOPs | 10^25 FLOPs
10²⁵ FLOPs | 1e25 FLOPs
10万块H100 | 100k H100s
24.5公里 | 24.5 km
# durations
30分钟 | 30 minutes
约20分钟 | ~20 min
90分钟 | 1.5 hours
1小时30分 | 90 minutes
1.5小时 | 1h30m
一个半小时 | 90 minutes
2个半小时 | 2.5 hours
4分10秒 | 4m10s
4分10秒 | 4:10
15毫秒 | 15ms
0.5秒 | 500 ms
10小时 | 10 hours
5小时 | 5hr
24小时 | a day
7天 | one week
两周 | 2 weeks
3个月 | three months
半年 | six months
半年 | half a year
1年 | 12 months
两年 | 24 months
长达1分钟 | for a minute
30天 | a 30-day trial
19岁 | 19-year-old
# dates, years, quarters, clocks
2028年 | expected in 2028
2025年12月19日 | December 19, 2025
2025年12月19日 | 19 December 2025
2025年12月19日 | 2025-12-19
2025年12月19日 | 12/19/2025
2025年12月19日 | Dec 19th, 2025 at noon
12月19日 | December 19
12月19日 | Dec. 19th
12月 | December 19, 2025
5月 | in May
7月1日 | extended to July 1st
2025年5月 | May 2025
4月16日至21日 | from April 16-21
4月16日至4月21日 | from April 16-21
4月16-21日 | April 16 to 21
2025年 | 2025-12-19
19日 | December 19
十二月十九日 | December 19
二〇二五年 | 2025
第三季度 | Q3
三季度 | the third quarter
下午3点 | 3pm
上午11点 | 11:00 AM ET
17:30 | 5:30 PM
# ordinals
第3 | #3
第三 | third
第六 | 6th
第二名 | ranks second
第2 | ranked 2
总榜第六 | #6 overall
开源模型第一 | the #1 open model
第一 | tops the leaderboard
PR #1912 | PR #1912
第二代 | second-generation
第三阶段 | Phase 3
前10 | top 10
前三 | top-3
# scores, ratios
1449分 | a score of 1449
提升了23分 | a 23 point increase
72分 | 72 points
16:9 | 16:9
1比4 | 1:4
10/10 | scoring 10/10
80层中的48层 | 48/80 layers
24/7 | 24/7
7×24小时 | 24/7
# versions and names
2.6版本 | Kling 2.6
2.6版本 | version 2.6
2.6版本 | v2.6
Kling 2.6 | Kling 2.6 Motion Control
版本2.6 | release 2.6
5.2版本 | GPT-5.2
GPT 5.2 | GPT-5.2
GPT-5.2和5.3 | GPT-5.2 and GPT-5.3
v4.55.0 | v4.55.0
4.55.0版 | transformers 4.55.0
Apache 2.0许可 | Apache 2.0
Python 3.11 | Python 3.11
Gemini 3 Flash | Gemini 3 Flash
Gemma Scope 2 | Gemma Scope 2
1103预览版 | ERNIE-5.0-Preview-1103
DeepSeek V3 | DeepSeek-V3
Q4量化 | Q4_K_M
# small counts
两款模型 | two models
两种方法 | both methods
三项更新 | three updates
3项更新 | three updates
六种模式 | six patterns
十大 | ten
"""

DIFFERENT = """
第五 | GPT-5 leads
4.5% | Sonnet 4.5
5个图层 | T5Gemma
每百张图像 | 746 votes, $5/1k images
4万 | 400k
4万 | 4k
40亿 | 40 million
270亿参数 | 27M parameters
270亿参数 | 27B tokens
27万参数 | 27B parameters
100万token | 100k tokens
256k token | 262,144 tokens
40GB | 40B parameters
40GB | 40
40GB | 40 TB
40GB | 40MB
5% | 5x
5% | 5 points
5% | 5 percentage points
5% | 5
5个百分点 | 5%
5倍 | 5%
5倍 | 5
0.5% | 5%
2% | 20%
1.86倍 | 1.68x
1.86倍 | 1.86%
2倍 | 3x
翻倍 | tripled
三成 | 3%
一半 | 5%
四分之三 | two-thirds
100万美元 | 100万元
100万美元 | ¥1M
100万美元 | €1M
100万美元 | 1M tokens
100万美元 | 1 million
100万美元 | $100M
100万美元 | $1B
0.15美元 | $0.51
30分钟 | 30 seconds
30分钟 | 30 hours
30分钟 | 30
15毫秒 | 15 s
3年 | 3 months
3天 | 3 weeks
32kHz | 32 Hz
32kHz | 32 kB
6吉瓦 | 6 MW
16GiB | 16GB
1024MB | 1GB
2028年 | 2027
2028年 | 2028 tokens
12月19日 | December 18
12月19日 | November 19
12月19日 | in December
4月16日至5月21日 | from April 16-21
2025年12月19日 | December 19, 2024
2025年12月19日 | December 19
第三季度 | Q4
下午3点 | 4pm
第3 | #4
第3 | 3 models
第六 | fifth
3-10层 | 3-12 layers
3-10层 | 2-10 layers
10%至20% | 10-30%
72% | 73%
八折 | 80% off
10%~15% | 10-14.9%
约72% | 73%
八折 | 80% off
10%~15% | 10-14.9%
约5% | 6%
约4万 | 46,000
超过4万 | 38,000
超过4万 | 51,000
超过4万 | under 40k
不到4万 | over 40k
不到20秒 | 21 seconds
698M | 700M
7亿 | 698M
数百名 | 40 people
数百名 | thousands of people
300名 | hundreds of people
1.5 | GPT-1.5
2.6版本 | 2.6x
2.6版本 | Kling 2.5
2.6版本 | 2.6 million
3.1版本 | Python 3.10
v4.55.0 | v4.55.1
+2% | -2%
-2% | +2%
16:9 | 9:16
10/10 | 5/5
21 token/s | 21 GB/s
4位量化 | 8-bit
720p | 1080p
5纳米 | 5 mm
三款模型 | two models
1e25 | 1e24
"""


def _rows(table: str) -> list[tuple[str, str]]:
    lines = [line for line in table.strip().splitlines() if not line.startswith("# ")]
    return [(claim, evidence) for claim, _, evidence in (line.partition(" | ") for line in lines)]


@pytest.mark.parametrize(("claim", "evidence"), _rows(EQUAL))
def test_equal(claim: str, evidence: str) -> None:
    """Every quantity of the claim is read, and has its equal in the evidence."""
    assert numbers(claim), "no quantity was read"
    assert [(q.text, q.value, q.unit) for q in missing(claim, evidence)] == []


@pytest.mark.parametrize(("claim", "evidence"), _rows(DIFFERENT))
def test_different(claim: str, evidence: str) -> None:
    """A quantity of the claim that means something else is missing from the evidence."""
    assert missing(claim, evidence)


def _read(text: str) -> list[tuple[str, str, str]]:
    return [(q.text, f"{q.value:f}", q.unit) for q in numbers(text)]


@pytest.mark.parametrize(
    "text",
    [
        "GPT-5.2 Qwen3.5-35B-A3B H100 o3 GPT-4o 4o-mini SWE-bench FA3 Mixtral 8x7B FP8 3D打印 pass@1",
        "Qwen3-2507 B200 T5Gemma M3 CO2 S3 k8s Q4_K_M @user123 https://x.com/a/status/123 0x166c5e",
        "一个模型，一种方法，一些变化，一方面统一了接口，第一手，万一，唯一，一致，十分重要，千万不要",
        "上半年，百分点，双十一，二进制与十六进制，二元分类，第二天，成百上千，数以千计，二次开发",
        "百度与通义千问、百川，千兆网，万维网，四川，两者，两岸，三五个人，成千上万，第三方，零样本",
        "one of them, a third party, first-party, second-hand, no one, split-second",
    ],
)
def test_names_and_idioms_are_no_quantities(text: str) -> None:
    """A number inside a name, an address or an idiom counts nothing."""
    assert _read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("指定3-10个图层", [("3", "3", ""), ("10", "10", "")]),
        ("$10–20 million", [("$10", "10000000", "usd"), ("20 million", "20000000", "usd")]),
        ("10 to 20%", [("10", "10", "percent"), ("20%", "20", "percent")]),
        ("3-5万小时", [("3", "108000000", "seconds"), ("5万小时", "180000000", "seconds")]),
        ("4m10s", [("4m10s", "250", "seconds")]),
        ("Dec 19th, 2025", [("Dec 19th, 2025", "20251219", "date")]),
        ("**40**k+ hours", [("40**k+ hours", "144000000", "seconds")]),
        ("2025年共3，200个", [("2025年", "2025", "year"), ("3", "3", ""), ("200", "200", "")]),
        ("in 2025 and 40GB", [("2025", "2025", ""), ("40GB", "40000000000", "bytes")]),
        ("10**25 FLOPs", [("10**25 FLOPs", "1" + "0" * 25, "flops")]),
        ("40\u202f000", [("40\u202f000", "40000", "")]),
        ("¥100", [("¥100", "100", "cny")]),
    ],
)
def test_reading(text: str, expected: list[tuple[str, str, str]]) -> None:
    """A text is read as these quantities, each with the words that belong to it."""
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("约4万", "about"),
        ("~2T", "about"),
        ("4万左右", "about"),
        ("超过4万", "more"),
        ("40k+", "more"),
        ("1000多", "more"),
        ("50%以上", "more"),
        ("more than 70%", "more"),
        ("不到20秒", "less"),
        ("近三成", "less"),
        ("under 10M", "less"),
        ("数百", "plural"),
        ("thousands of GPUs", "plural"),
        ("最近3个月", ""),
        ("4万", ""),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    """The words around a number say how its true value may differ."""
    assert [quantity.bound for quantity in numbers(text)] == [bound]


def test_small_counts_in_words_are_weak() -> None:
    """What a translator counts by himself is marked, so that it need not stop an entry."""
    assert [q.weak for q in numbers("两款、三种、十大、1个、第一名")] == [True] * 5
    assert [q.weak for q in numbers("2款、三倍、十二种、三个月、第二名")] == [False] * 5
    assert [q.text for q in missing("三种模型", "models A, B and C")] == ["三"]


def test_a_year_may_stand_apart_from_its_day() -> None:
    """A full date is covered by the day in one place and the year in another."""
    assert missing("2025年12月19日", "On December 19 they met; the 2025 edition is the last.") == ()


def test_missing_names_the_place() -> None:
    """A finding can point at the characters of the claim."""
    claim = "速度提升1.86倍，内存减少54%。"
    (found,) = missing(claim, "45% less memory and 1.86x faster")
    assert claim[found.start : found.end] == found.text == "54%"


# ------------------------------------------------------------------------------------ mutations

_NEXT = str.maketrans("0123456789二三四五六七八九", "7456789123五六七八九二三四")
_UNITS = [
    ("%", "倍"), ("%", "个百分点"), ("倍", "%"), ("万", "亿"), ("亿", "万"), ("美元", "元"),
    ("美元", "欧元"), ("欧元", "美元"), ("GB", "MB"), ("GB", "TB"), ("GB", "亿"), ("MB", "GB"),
    ("分钟", "秒"), ("小时", "天"), ("毫秒", "秒"), ("个月", "周"), ("吉瓦", "兆瓦"), ("kHz", "MHz"),
    ("纳米", "微米"), ("百分点", "倍"), ("M", "B"), ("k", "M"),
]  # fmt: skip


def _broken(claim: str) -> list[str]:
    """Break one quantity of a claim at a time: its first digit, its scale or its unit."""
    broken = []
    for quantity in numbers(claim):
        if quantity.text.translate(_NEXT) == quantity.text:
            continue  # 翻倍, 一半
        texts = {quantity.text.replace(old, new, 1) for old, new in _UNITS if old in quantity.text}
        for at, char in enumerate(quantity.text):
            if char.translate(_NEXT) != char:
                texts.add(quantity.text[:at] + char.translate(_NEXT) + quantity.text[at + 1 :])
                break
        texts.discard(quantity.text)
        broken += [
            claim[: quantity.start] + text + claim[quantity.end :]
            for text in sorted(texts)
            if "token" not in quantity.text or "token" in text
        ]
    return broken


def test_broken_quantities_are_caught() -> None:
    """At least 99 % of broken digits, scales and units are missing from the evidence."""
    pairs = [(bad, evidence) for claim, evidence in _rows(EQUAL) for bad in _broken(claim)]
    passed = [(bad, evidence) for bad, evidence in pairs if not missing(bad, evidence)]
    assert len(pairs) > 400
    assert len(passed) <= len(pairs) * 0.01, passed


# ------------------------------------------------------------------------------------- the laws


def _chinese(value: int) -> str:
    """Write 1 to 9999 times a power of ten thousand in Chinese numerals."""
    digits, places = "零一二三四五六七八九", ["", "十", "百", "千"]
    for scale, word in ((10**8, "亿"), (10**4, "万")):
        if value >= scale:
            rest = value % scale
            gap = "零" if rest and rest < scale // 10 else ""
            return _chinese(value // scale) + word + gap + (_chinese(rest) if rest else "")
    text = ""
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            text += digits[digit] + places[place]
        elif text and not text.endswith("零") and value % 10**place:
            text += "零"
    return text


def _notations(value: int) -> list[str]:
    exact = Decimal(value)
    return [
        f"{value}个",
        f"{value:,} users",
        f"{exact / 1000:f}k",
        f"{exact / 10**6:f}M",
        f"{exact / 10**9:f} billion",
        f"{exact / 10**4:f}万",
        f"{exact / 10**8:f} 亿个",
        f"{_chinese(value)}个",
    ]


_VALUES = st.integers(11, 10**12) | st.integers(11, 9999).map(lambda small: small * 10**6)


@given(_VALUES)
def test_every_notation_of_a_value_is_the_same(value: int) -> None:
    """40000, 40,000, 40k, 4万 and 四万 are one value, read as one quantity each."""
    for text in _notations(value):
        assert [quantity.value for quantity in numbers(text)] == [value], text


@given(_VALUES, _VALUES)
def test_different_values_are_never_equal(one: int, other: int) -> None:
    """However two values are written, one is missing where the other stands."""
    assume(one != other)
    for claim in _notations(one):
        for evidence in ("{:,} users", "{} items"):
            assert missing(claim, evidence.format(other))


@given(
    st.decimals(1, 9999, places=2),
    st.sampled_from(
        ["%", "倍", "美元", "欧元", "元", "GB", "TB", "秒", "分钟", "个月", "kHz", "瓦", "米"]
    ),
    st.sampled_from(
        [
            "%",
            "x",
            " dollars",
            " euros",
            " yuan",
            "GB",
            "TB",
            " s",
            " min",
            " months",
            " kHz",
            " W",
            " m",
        ]
    ),
)
def test_a_unit_never_equals_another(value: Decimal, chinese: str, english: str) -> None:
    """The same figures with another unit are missing; with their own they are not."""
    pairs = {
        "%": "%", "倍": "x", "美元": " dollars", "欧元": " euros", "元": " yuan", "GB": "GB",
        "TB": "TB", "秒": " s", "分钟": " min", "个月": " months", "kHz": " kHz", "瓦": " W",
    }  # fmt: skip
    assume(value != 1)
    found = missing(f"{value:f}{chinese}", f"{value:f}{english}")
    assert (found == ()) == (pairs.get(chinese) == english)


_PIECES = st.sampled_from(
    [
        "0",
        "1",
        "9",
        ".",
        ",",
        "-",
        "+",
        "%",
        ":",
        "/",
        "x",
        "十",
        "百",
        "千",
        "万",
        "亿",
        "一",
        "两",
        "半",
        "点",
        "第",
        "约",
        "超过",
        "数",
        "多",
        "个",
        "年",
        "月",
        "日",
        "倍",
        "成",
        "分之",
        "百分之",
        "美元",
        "$",
        "¥",
        "k",
        "M",
        "B",
        "GB",
        "token",
        "s",
        "h",
        "m",
        "½",
        "²",
        "㎏",
        "①",
        "％",
        "９",
        "‑",
        "\u202f",
        "*",
        "`",
        "\n",
        "two",
        "half",
        "a",
        "third",
        "of",
        "million",
        "GPT-",
        "v",
        "Q3",
        "December",
        "and",
        "to",
        "至",
        "小时",
        "分",
        "秒",
        "参数",
        "版本",
        "#",
        "@",
        "http://",
        "e",
        "^",
        "10^",
    ]
)


@settings(max_examples=300)
@given(st.text(max_size=60) | st.lists(_PIECES, max_size=30).map("".join))
def test_any_text_is_read(text: str) -> None:
    """Spans lie inside the text, in order, apart from each other, and say what stands there."""
    end = 0
    for quantity in numbers(text):
        assert end <= quantity.start < quantity.end <= len(text)
        assert quantity.text == text[quantity.start : quantity.end]
        assert quantity.value.is_finite()
        end = quantity.end


@settings(max_examples=200)
@given(st.lists(_PIECES, max_size=20).map("".join))
def test_a_text_covers_itself(text: str) -> None:
    """No quantity of a text is missing from the same text."""
    assert missing(text, text) == ()


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "1.",
        "万",
        "一点",
        "三亿",
        "a-",
        "two ",
        "第",
        "百分之",
        "1/",
        "1-",
        "9^999 ",
        "**1",
    ],
)
def test_time_is_linear(piece: str) -> None:
    """15 KB of anything takes well under two seconds, whatever repeats in it."""
    started = time.perf_counter()
    numbers(piece * (15_000 // len(piece)))
    assert time.perf_counter() - started < 1.5


def test_a_quantity_is_frozen() -> None:
    """What was read is not changed afterwards."""
    (quantity,) = numbers("40GB")
    assert isinstance(quantity, Quantity)
    with pytest.raises(ValueError, match="frozen"):
        quantity.value = Decimal(1)  # type: ignore[misc]


@pytest.mark.parametrize(
    "text",
    [
        "0^0",
        "1/0",
        "零分之一",
        "9" * 40 + "^999",
        "1e999万亿",
        "v" + "1" * 60,
        "½½",
        "99:59",
        "²³",
        "٣ 5",
    ],
)
def test_odd_numbers_are_read(text: str) -> None:
    """Nothing that looks like a number breaks the reader, and all of it covers itself."""
    assert missing(text, text) == ()
