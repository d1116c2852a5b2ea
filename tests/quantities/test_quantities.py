"""Quantities of a Chinese claim equal those of the English evidence, or are missing from it."""

import re
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pipeline.quantities import (
    Quantity,
    find_quantities,
    match_quantities,
    patterns,
    unsupported_quantities,
)

HERE = Path(__file__).parent

EQUAL = """
有3.6万个 | 36,000 of us are in a room
降至1/15至1/10 | 10–15x lower memory
降至1/10至1/15 | 10-15× lower memory
成本不到十分之一 | over 10x cheaper
每10个合并的PR有1个由它写 | 1 in 10 merged PRs is its own
占比过半 | its share is 56%
把成本减半 | can halve the cost
提前量增加约一天 | roughly an extra day of lead time
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
一个9B参数的模型 | a model with 9B parameters
两个 9B 模型 | two 9B models
一个9人的团队 | a team of 9 people
可用性达到五个9 | five nines of availability
四个9的可用性 | four nines
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
耗时不到此前的三分之一 | more than 3x faster than before
启动时间不足原来的1/5 | more than 5x faster
只用不到三分之一的时间 | more than 3x faster than before
节省三分之一的时间 | saves a third of the time
耗时最多为旧版的三分之一 | at least 3x faster
最高4倍压缩 | up to 4x compression
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
# about, more, less and plural say how far the true value may be
约2 | 2
约20 | 19.6
约100 | 105
约70% | 72.3%
约4万 | 42,000
约3000 | 3157
超过4万 | 40,000
超过4万 | 49,999
超过1200 | 1299
不到4万 | 30,001
不到1万 | 5,000
近1000 | 1000
数百 | 100
数百 | 999
# dates and times may leave out what is said elsewhere
12月19日 | Dec 19, 2024
2025年12月 | December 19, 2025
19日 | the 19th
2025 | 2025-12-19
2025年 | 2025 models
# the same number under another name
1/10 | 10%
10% | 1/10 of users
10% | 1/10
v2 | the second generation
6帧 | 6
6像素 | 6
8比特 | 8
72分 | 72
9参数 | 9
7 | 7 frames
7 | 7 pixels
7 | 7 bits
7 | 7 points
v2.0 | v2
v2 | v2.0.0
第五步 | GPT-5
10个百分点 | 10 points
10分 | 10 percentage points
Q4 | v4
4.5% | 4.5
45.2% | 45.2
14.5% | v14.5
8 | 8 tokens
8 tokens | 8
3次 | 3 times
35B | Qwen3.5-35B-A3B
3.5版本 | Qwen3.5-35B-A3B
# words that say a number without a number
两个 | a pair of models
两个 | a couple of models
两个 | a dual model
两个 | twin models
两个 | either of them
两个 | a duo
两个 | double trouble
第一 | the leader
第一 | leads the board
第一 | is best
第一 | the highest score
第一 | the original one
第一 | an initial release
第一 | a winner
第一 | is winning
# a unit that is shared
3、5和10毫秒 | 3 ms, 5 ms, 10 ms
见拉取请求 #2008。 | as seen in Pull Request #2008.
最高2K、15秒 | up to 2K resolution and 15 s duration
4K、60秒的片段 | a 4K clip of 60 seconds
10到20万 | 100k to 200k
$10-20 | $10 to $20
2024和30 GB | 2024 and 30 GB
"""

DIFFERENT = """
用三分之一的时间完成 | takes 3x longer
缩短到三分之一的时间 | saves a third of the time
耗时超过此前的三分之一 | more than 3x faster than before
耗时不到此前的一半 | more than 3x faster than before
速度不到此前的三分之一 | more than 3x faster than before
降至1/20至1/10 | 10–15x lower memory
占比过半 | its share is 46%
提前量增加约两天 | roughly an extra day of lead time
每10个合并的PR有2个由它写 | 1 in 10 merged PRs is its own
约2 | 1.6
约2 | 2.4
约3 | 3.2
约30 | 31.6
约100 | 150
约3000 | 3160
约4万 | 38,000
约4万 | 42,500
超过4万 | 50,000
超过1200 | 1300
超过1200 | 1199
不到4万 | 30,000
不到1万 | 4,999
近1000 | 1001
近1000 | 400
数百 | 1000
数百 | 99
4:10 | 4分10秒
4分10秒 | 4:11
2025年 | in December
2025年12月19日 | December 2025
2026年12月19日 | On December 19 they met; the 2025 edition
19日 | December 18
3000年 | 3000
10% | 1/9 of users
16:9 | 32:18
第二 | Gemma 2
Q4 | version 3
45% | 45
45% | 45.2
145.2% | 145.2
100.5% | 100.5
4.5% | v4.5
8 GB | 8
8 | 8 GB
3次 | 3x
2个 | both
三个 | both
第二 | best
35 | Qwen3.5-35B-A3B
5倍 | GPT-5
80层中的47层 | 48/80 layers
20到10万 | 20 to 100k
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
    assert find_quantities(claim), "no quantity was read"
    assert [(q.text, q.value, q.unit) for q in unsupported_quantities(claim, evidence)] == []


@pytest.mark.parametrize(("claim", "evidence"), _rows(DIFFERENT))
def test_different(claim: str, evidence: str) -> None:
    """A quantity of the claim that means something else is missing from the evidence."""
    assert unsupported_quantities(claim, evidence)


def _read(text: str) -> list[tuple[str, str, str]]:
    return [(q.text, f"{q.value:f}", q.unit) for q in find_quantities(text)]


@pytest.mark.parametrize(
    "text",
    [
        "GPT-5.2 Qwen3.5-35B-A3B H100 o3 GPT-4o 4o-mini SWE-bench FA3 Mixtral 8x7B FP8 3D打印 pass@1",
        "Qwen3-2507 B200 T5Gemma M3 CO2 S3 k8s Q4_K_M @user123 https://x.com/a/status/123 0x166c5e",
        "一个模型，一种方法，一些变化，一方面统一了接口，第一手，万一，唯一，一致，十分重要，千万不要",
        "上半场，百分点，双十一，二进制与十六进制，二元分类，第二天，成百上千，数以千计，二次开发",
        "百度与通义千问、百川，千兆网，万维网，四川，两者，两岸，三五个人，成千上万，第三方，零样本",
        "零一万物的01.AI，以线性注意力取代二次注意力，二次复杂度，三次样条，3.js",
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
        ("March 16-31", [("March 16", "316", "date"), ("31", "331", "date")]),
        ("March 16-32", [("March 16", "316", "date"), ("32", "32", "")]),
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
    assert [quantity.bound for quantity in find_quantities(text)] == [bound]


def test_small_counts_in_words_are_weak() -> None:
    """What a translator counts by himself is marked, so that it need not stop an entry."""
    assert [q.weak for q in find_quantities("两款、三种、十大、1个、第一名")] == [True] * 5
    assert [q.weak for q in find_quantities("2款、三倍、十二种、三个月、第二名")] == [False] * 5
    assert [q.text for q in unsupported_quantities("三种模型", "two models")] == ["三"]


def test_a_translator_may_count_what_is_listed() -> None:
    """Two or three things that a text names are no quantity, unless it counts them otherwise."""
    assert unsupported_quantities("三种模型", "models A, B and C") == ()
    assert unsupported_quantities("两款模型", "GPT-5.5 and GPT-5.5 Pro") == ()
    assert unsupported_quantities("A、B、C和D四家公司", "A, B, C and D in 12 countries") == ()
    assert unsupported_quantities("两款模型", "three models, A, B and C")
    assert unsupported_quantities("四家公司", "several companies")
    assert unsupported_quantities("每周两次", "once a week")


def test_a_year_may_stand_apart_from_its_day() -> None:
    """A full date is covered by the day in one place and the year in another."""
    assert (
        unsupported_quantities(
            "2025年12月19日", "On December 19 they met; the 2025 edition is the last."
        )
        == ()
    )


def test_missing_names_the_place() -> None:
    """A finding can point at the characters of the claim."""
    claim = "速度提升1.86倍，内存减少54%。"
    (found,) = unsupported_quantities(claim, "45% less memory and 1.86x faster")
    assert claim[found.start : found.end] == found.text == "54%"


# ------------------------------------------------------------------------------ units and readings

SAME = """
3% = 3 percent = 3 per cent = 3 pct = 百分之三 = 百分之 3
5个百分点 = 5百分点 = 5 percentage points = 5pp = 5 ppt = 5 %-points = 5% points
5个百分点 = 500 basis points = 500 bps = 500基点
20倍 = 20x = 20× = 20X = 20 times = 20-fold = 20fold
7 tokens = 7 toks = 7tk = 7词元 = 7令牌 = 7 t/s = 7 T/s = 7 tps = 7TPS = 7 tokens/s
7 tokens = 7 tokens per second = 7 tok/sec
7 tokens = 7 of tokens = 7 training tokens = 7 input tokens = 7 output tokens = 7 context tokens
7 tokens = 7 tokens/sec = 7 tokens/second = 7 tokens per s = 7 tokens / s = 7-token
9参数 = 9 parameters = 9 params = 9 active parameters = 9 total params
8分 = 8 points = 8 pts
8 bits = 8比特 = 8-bit = 8位量化 = 8 位精度 = 8位浮点 = 8位整数 = 8位定点
3 kbps = 3Kbps = 3 kbits = 3 Kbit = 3000 bits
3 Mbps = 3 Mbits = 3Mb/s = 3000 kbps
3 Gbps = 3 Gbit = 3 Gb/s = 3000 Mbps
3 Tbps = 3 Tbit = 3000 Gbps
6 fps = 6FPS = 6 frames = 6帧
6 pixels = 6px = 6像素
6 megapixels = 6MP = 6000000 pixels
4 bytes = 4字节
4KB = 4 kB = 4 kb = 4 Kb = 4 kilobytes = 4千字节 = 4000 bytes
4MB = 4 Mb = 4mb = 4 megabytes = 4兆字节 = 4000 KB
4GB = 4 Gb = 4gb = 4 gigabytes = 4 gigs = 4吉字节 = 4000 MB
24GB = 24G显存 = 24G 内存 = 24G统一内存 = 24G VRAM = 24G RAM = 24G DDR5
4TB = 4 Tb = 4tb = 4 terabytes = 4太字节 = 4000 GB
4PB = 4 petabytes = 4000 TB
4KiB = 4096 bytes
4MiB = 4096 KiB
4GiB = 4096 MiB
4TiB = 4096 GiB
4 ns = 4 nanoseconds = 4纳秒 = 0.004 us
4 us = 4μs = 4 microseconds = 4微秒 = 0.004 ms
4 ms = 4 milliseconds = 4 msec = 4毫秒 = 0.004 seconds
4 seconds = 4 sec = 4s = 4 s = 4秒钟 = 4秒
4 minutes = 4 min = 4分钟 = 240秒
4 hours = 4hr = 4 hrs = 4h = 4小时 = 4 个小时 = 4钟头 = 240 min
4 days = 4天 = 4日内 = 4日间 = 4日后 = 4 日前 = 4日游 = 96小时
2 weeks = 2wk = 2星期 = 2个星期 = 2周 = 14天
5 months = 5个月
5 years = 5yr = 5年 = 5岁 = 60 months
3Hz = 3 赫兹
3kHz = 3 KHz = 3千赫 = 3000 Hz
3MHz = 3兆赫 = 3000 kHz
3GHz = 3吉赫 = 3000 MHz
3W = 3 watts = 3瓦特 = 3瓦
3kW = 3 KW = 3 kilowatts = 3千瓦 = 3000 W
3MW = 3 megawatts = 3兆瓦 = 3000 kW
3GW = 3 gigawatts = 3吉瓦 = 3000 MW
3TW = 3 terawatts = 3太瓦 = 3000 GW
3Wh = 3 watt-hours = 3瓦时
3kWh = 3 KWh = 3千瓦时 = 3度电 = 3000 Wh
3MWh = 3兆瓦时 = 3000 kWh
3GWh = 3吉瓦时 = 3000 MWh
3TWh = 3太瓦时 = 3000 GWh
3 FLOPS = 3 FLOPs = 3 flops
3 GFLOPS = 3 GFLOPs = 3000000000 FLOPS
3 TFLOPS = 3 TFLOPs = 3 teraflops = 3 TOPS = 3000 GFLOPS
3 PFLOPS = 3 PFLOPs = 3 petaflops = 3000 TFLOPS
3 EFLOPS = 3 EFLOPs = 3 exaflops = 3000 PFLOPS
3nm = 3 nanometers = 3 nanometres = 3纳米 = 0.003 μm
3μm = 3 um = 3 micrometers = 3 microns = 3微米 = 0.003 mm
3mm = 3 millimeters = 3 millimetres = 3毫米 = 0.3 cm
3cm = 3 centimeters = 3 centimetres = 3厘米 = 0.03 metres
3 meters = 3 metres = 3米 = 0.003 km
3km = 3 kilometers = 3 kilometres = 3公里 = 3千米
10 inches = 10英寸 = 25.4 cm
10 feet = 10ft = 10英尺 = 120 inches
10 miles = 10mi = 10英里 = 16.09344 km
4 grams = 4克 = 0.004 kg
4kg = 4 kilograms = 4公斤 = 4千克
4 tons = 4 tonnes = 4吨 = 4000公斤
4lb = 4 lbs = 4磅 = 1814.36948克
30°C = 30 degrees = 30° = 30摄氏度 = 30度
40美元 = $40 = 40 USD = USD 40 = US$40 = 40 US dollars = 40 dollars = 40 bucks = 40美金
40美元 = 4000 cents = 4000美分
40元 = ¥40 = 40 CNY = 40 RMB = RMB 40 = CNY 40 = 人民币40 = 40 yuan = 40元人民币 = 40人民币
40欧元 = €40 = 40€ = EUR 40 = 40 EUR = 40 euros
40英镑 = £40 = 40£ = GBP 40 = 40 GBP = 40 pounds
40日元 = 40日圆 = 40 JPY = 40 yen
40韩元 = ₩40 = 40 KRW = 40 won
40卢比 = ₹40 = 40 INR = 40 rupees
40港元 = HK$40 = 40港币 = 40 HKD
5千 = 5k = 5K = 5 thousand = 5,000 = 5_000 = 5000
5万 = 5w = 50k = 五万 = 50 thousand
5百万 = 5m = 5M = 5mn = 5 million = 5e6 = 5x10^6 = 500万
50亿 = 5b = 5B = 5bn = 5 billion
5万亿 = 5T = 5tn = 5 trillion = 5 万亿
5百 = 5 hundred = five hundred
1.5亿 = 150M = 一亿五千万 = 1亿5千万 = 一点五亿
3.5万 = 三万五 = 三万五千 = 35k
3005个 = 三千零五 = 3,005 = three thousand and five
250个 = 二百五 = two hundred and fifty = 两百五十
1万 = 10^4 = 1e4 = 1E+4 = 10 thousand = 10⁴ = 10**4
500亿 = 50G = 50B
"""

READ = """
十分钟 | 600 seconds
十分之一 | 10 percent
千万元 | 10000000 cny plural
千万别急 | none
百家争鸣，千人千面，双十二，数以万计，第二天 | none
前半段，后半，下半场 | none
下半年 | 2 half
八进制 | none
二次元 | none
千帆 | none
万能 | none
see https://a.b/1234 and www.a.b/55 or @u55 <@55> &#39; 0xFF55 | none
a first party and third parties, split-second, second-hand | none
2025/12/19 | 20251219 date
2025.12.19 | 20251219 date
2025-2-3 | 20250203 date
2025-12-19T10:00 | 20251219 date
1/2/2025 | 20250102 date
Dec 19 | 1219 date
Dec 19% | 1200 date, 19 percent
Dec 19k | 1200 date, 19000
Dec 19, 2025 | 20251219 date
Dec 19 2025 | 20251219 date
19 Dec 2025 | 20251219 date
Sept. 3 | 903 date
mid-March | 300 date
since June | 600 date
until July | 700 date
last August | 800 date
early September | 900 date
for Mary | none
June | 600 date
Jun | 600 date
March | none
12月 | 1200 date
2025 年 12 月 19 日 | 20251219 date
2025年12月 | 20251200 date
12月19号 | 1219 date
3月5至7日 | 305 date, 307 date
十二月三十一日 | 1231 date
19日 | 19 date
3日活 | 3
3日均 | 3
10日元 | 10 jpy
3日内 | 259200 seconds
2025年 | 2025 year
1950年 | 1950 year
二〇二四年 | 2024 year
3年 | 36 months
5:30 | 19800 clock
15:45:30 | 56730 clock
5:30 pm | 63000 clock
5:30:15 PM | 63015 clock
5 PM | 61200 clock
上午9点 | 32400 clock
上午 9 点 15 分 | 33300 clock
下午3点半 | 55800 clock
下午3时 | 54000 clock
晚上11点 | 82800 clock
凌晨2点 | 7200 clock
早上7点 | 25200 clock
中午12点 | 43200 clock
9点整 | 32400 clock
9点钟 | 32400 clock
9点半 | 34200 clock
9点05分 | 32700 clock
Q3 | 3 quarter
Q5 | none
Q4_K | none
Q3 2025 | 3 quarter, 2025
第三季度 | 3 quarter
3季度 | 3 quarter
the fourth quarter | 4 quarter
百分之五左右 | 5 percent about
五分之二 | 40 percent
三成半 | 35 percent
三成功 | none
六成以上 | 60 percent more
八折 | 20 percent
85折 | 15 percent
八五折 | 15 percent
5折叠 | 5
one third | 33.333333333 percent
a quarter | 25 percent
two-fifths | 40 percent
three eighths | 37.5 percent
five sixths | 83.333333333 percent
four tenths | 40 percent
one half | 50 percent
a third party | none
a quarter year | none
half an hour | 1800 seconds
3/4 of | 75 percent
2/3rds | 66.666666667 percent
1/10th | 10 percent
3/4 | 0.75 ratio
16:9 | 1.777777778 ratio
5比3 | 1.666666667 ratio
v2 | 2 version
V2.1 | 2.1 version
version 3 | 3 version
versions 3.5 | 3.5 version
版本4 | 4 version
v2x | none
1.2.3 | 1.2 version
1.2.3.4 | 1.2 version
2.6版本 | 2.6 version
2.6版 | 2.6 version
2.6版权 | 2.6
3版图 | 3
预览版 2.6预览版 | 2.6 version
2.6 正式版 | 2.6 version
Kling 2.6 | 2.6 version
Claude 3 | 3 version
Windows 11 | 11 version
in 2025 | 2025
Acme 2025 | 2025
Acme 3个 | 3
iPhone 16 | 16 version
gpt 5 | 5
top-10 | 10
pre-2020 | 2020
USD5 | none
USD 5 | 5 usd
8x7B | none
12x22B-v1 | none
3D打印 | none
2d map | none
4o | none
4G网络 | none
8xH100 | 8
第 12 | 12 ordinal
第一百二十 | 120 ordinal
#7 | 7 ordinal
No. 7 | 7 ordinal
rank 7 | 7 ordinal
ranked #7 | 7 ordinal
ranks 7 | 7 ordinal
#7.5 | 7.5
#1,234 | 1234
1st | 1 ordinal
22nd | 22 ordinal
33rd | 33 ordinal
4th | 4 ordinal
second | 2 ordinal
per second | none
each second | none
a second | none
5 second | 5 seconds
/second | none
third half | 50 percent
the second half | 50 percent
first-class | 1 ordinal
dozens of models | 10 plural
dozens of thousands | 10000 plural
tens of millions of users | 10000000 plural
hundreds | 100 plural
thousands of GPUs | 1000 plural
billions | 1000000000 plural
trillions of tokens | 1000000000000 tokens plural
100s of models | 100 plural
100s | 100 seconds
1000s of users | 1000 plural
数十 | 10 plural
数百 | 100 plural
数千 | 1000 plural
数万 | 10000 plural
几百 | 100 plural
几十万 | 100000 plural
参数百万 | none
次数百万 | none
函数百 | none
上百 | 100 plural
上千 | 1000 plural
上万 | 10000 plural
以上百 | none
one | none
one model | none
two | 2
twenty-one | 21
ninety nine | 99
a hundred | 100
a thousand | 1000
three hundred and five | 305
two million | 2000000
half a million | 500000
half an hour | 1800 seconds
half | 50 percent
half of users | 50 percent
a day | 86400 seconds
a week | 604800 seconds
an hour | 3600 seconds
a month | 1 months
a year | 12 months
a minute | 60 seconds
a dozen | 12
nineteen | 19
半天 | 43200 seconds
半个月 | 0.5 months
半小时 | 1800 seconds
半个小时 | 1800 seconds
半分钟 | 30 seconds
半年 | 6 months
半价 | none
a million | 1000000
million users | 1000000
billion-dollar | 1000000000 usd
million-token | 1000000 tokens
翻番 | 2 times
翻一番 | 2 times
翻了一倍 | 2 times
翻倍 | 2 times
加倍 | 2 times
翻了两番 | 4 times
一半 | 50 percent
过半 | 50 percent more
半数 | 50 percent
减半 | 50 percent
腰斩 | 50 percent
百分百 | 100 percent
半径 | none
doubles | 2 times
doubled | 2 times
double-check | none
double duty | none
double standard | none
double-digit | 2 digits
doubling | 2 times
twice | 2 times
two-fold | 2 times
twofold | 2 times
triple | 3 times
triples | 3 times
tripling | 3 times
three-fold | 3 times
thrice | 3 times
quadruple | 4 times
four-fold | 4 times
ten-fold | 10 times
tenfold | 10 times
hundredfold | 100 times
hundred-fold | 100 times
halves | 50 percent
halved | 50 percent
halving | 50 percent
三五个 | none
三十五 | 35
一个 | none
一倍 | 2 times
一元 | 1 cny
一美元 | 1 usd
一% | 1 percent
百万 | none
每百万 | 1000000
百万用户 | none
千亿 | none
三个 | 3
三人 | 3
三至五 | 3, 5
三到五 | 3, 5
达十 | 10
前三 | 3
3千 | 3000
3千5百万 | 35000000
3万5千 | 35000
3亿2千万 | 320000000
5千瓦 | 5000 watts
5千米 | 5000 metres
5千克 | 5000 grams
5千字节 | 5000 bytes
1倍 | 2 times
1.0倍 | 2 times
2x faster | 2 times
2x4 | 2, 4
2x H100 | 2
2x GPUs | 2
2x RTX 4090 | 2, 4090 version
5 x 3 | 5, 3
5 s | 5 seconds
5s | 5 seconds
5S | none
5K | 5000
5kg | 5000 grams
-5% | -5 percent
+5% | 5 percent
a-5 | 5
3-5 | 3, 5
- 5 | 5
-$5 | -5 usd
+5 | 5
-.5 | -0.5
.5 | 0.5
0.5 | 0.5
1,234,567 | 1234567
1,23 | 1, 23
12,345 | 12345
1_000 | 1000
1,2345 | 1, 2345
1e5 | 100000
1e-3 | 0.001
2x10^3 | 2000
2 × 10^-3 | 0.002
2^10 | 1024
10² | 100
$0.15/M tokens | 0.15 usd, 1000000 tokens
$0.15 per M tokens | 0.15 usd, 1000000 tokens
/Mb | none
5多 | 5 more
5多个 | 5 more
5多模态 | 5
5多轮 | 5
5余 | 5 more
50余弦 | 50
5几 | 5 more
5几何 | 5
5来个 | 5 more
50来种 | 50 more
5来自 | 5
5+ | 5 more
5+3 | 5, 3
40k+ | 40000 more
40k+ hours | 144000000 seconds more
最近5 | 5
附近5 | 5
3~5 | 3, 5
5以上 | 5 more
5之多 | 5
5有余 | 5 more
5以内 | 5 less
5以下 | 5 less
5之内 | 5 less
5左右 | 5 about
5上下 | 5 about
5上下文 | 5
turnover 5 | 5
2个半小时 | 9000 seconds
两年半 | 30 months
3天半 | 302400 seconds
5年代 | 5
5年级 | 5
5年度 | 5
5周期 | 5
5周边 | 5
5周一 | 5
5位用户 | 5
5分布 | 5
5分之 | 5
5分类 | 5
5米兰 | 5
5克隆 | 5
5元素 | 5
5日常 | 5
3h | 10800 seconds
3pp/s | 3
1小时30分 | 5400 seconds
1小时30分20秒 | 5420 seconds
4分10秒 | 250 seconds
4m10s | 250 seconds
1h30m | 5400 seconds
2 hours and 5 minutes | 7500 seconds
1年3个月 | 15 months
2 hours 5 hours | 7200 seconds, 18000 seconds
30分1小时 | 30 score, 3600 seconds
3年5天 | 36 months, 432000 seconds
"""

BOUNDED = {
    "more": (
        "超过 超出 超 逾 多于 高于 大于 至少 不少于 不低于 突破 > >= ≥",
        "over,more than,greater than,at least,above,exceed,exceeds,exceeding,exceeded,north of",
        "多 余 以上 有余 +",
    ),
    "less": (
        "近 将近 不到 低于 少于 不足 小于 < <= ≤",
        "sub-,under,below,less than,fewer than,nearly,almost,close to,at most",
        "以内 以下 之内",
    ),
    "about": (
        "约 约为 大概 ~ ≈",
        "about,around,roughly,approximately,approx,approx.,circa",
        "左右 上下",
    ),
}
"""Words of each bound: Chinese before a number, English before it, and those behind it."""


@pytest.mark.parametrize("line", SAME.strip().splitlines())
def test_a_unit_is_worth_the_same_however_it_is_written(line: str) -> None:
    """Each spelling is one quantity, and all spellings of a line are the same one."""
    read = {text: [(q.value, q.unit) for q in find_quantities(text)] for text in line.split(" = ")}
    (first, *others) = read.values()
    assert len(first) == 1, read
    assert all(other == first for other in others), read


def test_texts_are_read_as_these_quantities() -> None:
    """Value, unit and bound of every way to write a quantity, and none where nothing is counted."""
    expected = dict(_rows(READ))
    read = {
        text: ", ".join(
            " ".join(f"{q.value:f} {q.unit} {q.bound}".split()) for q in find_quantities(text)
        )
        or "none"
        for text in expected
    }
    assert read == expected


@pytest.mark.parametrize("bound", BOUNDED)
def test_every_word_that_bounds_a_number_is_known(bound: str) -> None:
    """Before or behind the number, and also when it has a unit."""
    before, english, behind = BOUNDED[bound]
    texts = [f"{word}{{}}" for word in before.split()]
    texts += [f"{word} {{}}".replace("- ", "-") for word in english.split(",")]
    texts += [f"{{}}{word}" for word in behind.split()]
    for number in ("5", "500"):
        read = {text: [q.bound for q in find_quantities(text.format(number))] for text in texts}
        assert list(read.values()) == [[bound]] * len(texts), read
    assert [q.bound for word in before.split() for q in find_quantities(f"{word}40%")] == [
        bound
    ] * len(before.split())


MONTHS = "January February March April May June July August September October November December"


def test_every_month_is_known_by_its_name_and_short() -> None:
    """Written before the day and after it, with and without a full stop."""
    for number, name in enumerate(MONTHS.split(), start=1):
        texts = [
            f"{name} 7, 2025",
            f"7 {name} 2025",
            f"{name[:3]} 7, 2025",
            f"7th of {name[:3]}. 2025",
        ]
        for text in [*texts, f"2025年{number}月7日"]:
            assert _read(text) == [(text, f"2025{number:02}07", "date")]
    assert _read("Sept 7") == [("Sept 7", "907", "date")]


def test_may_and_march_are_months_where_a_word_says_so() -> None:
    """Alone they are a verb and a walk; other months need no such word."""
    before = [
        "in",
        "since",
        "by",
        "until",
        "of",
        "last",
        "this",
        "next",
        "early",
        "late",
        "before",
        "after",
    ]
    for word in before:
        for name, number in (("May", 500), ("March", 300), ("Mar", 300)):
            assert [q.value for q in find_quantities(f"{word} {name}")] == [number], (
                f"{word} {name}"
            )
    for text in ("May", "It May be", "the March", "Marches", "for Mary", "in Maybe", "in Junes"):
        assert find_quantities(text) == (), text
    for number, name in enumerate(MONTHS.split(), start=1):
        if not name.startswith("Ma"):
            assert _read(f"the {name}") == [(name, str(number * 100), "date")]


WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"


def test_every_number_word_is_known() -> None:
    """One to ninety-nine thousand, and first to tenth."""
    for number, word in enumerate(WORDS.split()[1:], start=1):
        assert [q.value for q in find_quantities(f"{word} thousand users")] == [number * 1000]
    for ten, word in enumerate(TENS.split(), start=2):
        assert [q.value for q in find_quantities(f"{word} users, {word}-three")] == [
            ten * 10,
            ten * 10 + 3,
        ]
    for number, word in enumerate(ORDINALS.split(), start=1):
        assert _read(f"the {word} one") == [(word, str(number), "ordinal")]


def test_a_chinese_numeral_before_a_measure_word_is_a_count() -> None:
    """三 alone counts nothing, 三个 does."""
    measures = "个种款项次名人家篇条张台块片层轮步套组类份件段章节门座部卡核颗枚支只位大国州城校级维路代行页字句点"
    assert find_quantities("三") == ()
    assert [q.value for m in measures for q in find_quantities(f"三{m}")] == [3] * len(measures)


def test_a_date_is_not_read_where_there_is_no_such_day() -> None:
    """May 45 and 12/32/2025 are none; the impossible 42月19日 of a claim is seen, to be missing."""
    for text in (
        "May 45",
        "May 32",
        "45 May",
        "12/32/2025",
        "13/13/2025",
        "2025-13-01",
        "2025-12-32",
    ):
        assert "date" not in [q.unit for q in find_quantities(text)], text
    for text in ("42月19日", "12月45日", "13月", "45日"):
        assert [q.unit for q in find_quantities(text)] == ["date"], text
        assert unsupported_quantities(text, "December 19, 2025"), text


def test_a_step_is_one_of_the_last_digit_that_says_something() -> None:
    """约 may be off by half of it: 40,000 is said to the ten thousand, 4.10 to the tenth."""
    texts = ("40,000", "4万", "4.10%", "1449", "25万美元", "两千", "10分钟")
    steps = ["1E+4", "1E+4", "0.1", "1", "1E+4", "1E+3", "6E+2"]
    assert [q.step for text in texts for q in find_quantities(text)] == [
        Decimal(step) for step in steps
    ]


def test_what_is_compared_digit_by_digit_keeps_its_digits() -> None:
    """Versions and ratios carry theirs, without zeros that say nothing."""
    texts = ("v4.55.1", "v2.0", "v2.0.0", "3.10版本", "16:9", "1,575", "4.50")
    assert [q.digits for text in texts for q in find_quantities(text)] == [
        "4.55.1",
        "2",
        "2",
        "3.10",
        "16:9",
        "1575",
        "4.50",
    ]


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
    for quantity in find_quantities(claim):
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
    passed = [
        (bad, evidence) for bad, evidence in pairs if not unsupported_quantities(bad, evidence)
    ]
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
        assert [quantity.value for quantity in find_quantities(text)] == [value], text


@given(_VALUES, _VALUES)
def test_different_values_are_never_equal(one: int, other: int) -> None:
    """However two values are written, one is missing where the other stands."""
    assume(one != other)
    for claim in _notations(one):
        for evidence in ("{:,} users", "{} items"):
            assert unsupported_quantities(claim, evidence.format(other))


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
    found = unsupported_quantities(f"{value:f}{chinese}", f"{value:f}{english}")
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


@settings(max_examples=100)
@given(st.text(max_size=60) | st.lists(_PIECES, max_size=30).map("".join))
def test_any_text_is_read(text: str) -> None:
    """Spans lie inside the text, in order, apart from each other, and say what stands there."""
    end = 0
    for quantity in find_quantities(text):
        assert end <= quantity.start < quantity.end <= len(text)
        assert quantity.text == text[quantity.start : quantity.end]
        assert quantity.value.is_finite()
        end = quantity.end


@settings(max_examples=100)
@given(st.lists(_PIECES, max_size=20).map("".join))
@example("2十亿")
def test_a_text_covers_itself(text: str) -> None:
    """No quantity of a text is missing from the same text."""
    assert unsupported_quantities(text, text) == ()


def test_no_reader_starts_at_another_character() -> None:
    """What is looked for at some characters only is found at no other in the texts of these tests."""
    files = (file for room in (HERE, HERE.parent / "chinese") for file in sorted(room.glob("*.py")))
    lines = [line for file in files for line in file.read_text("utf-8").split("\n")]
    text = "\n".join(line for line in lines if not line.isascii())
    assert len(text) > 20_000
    for source, _ in patterns._READERS:
        elsewhere = rf"(?=[^A-Za-z\s{patterns.STARTS}])(?:{source})"
        assert not re.search(elsewhere, text, re.VERBOSE | re.ASCII), source


def test_a_quantity_is_frozen() -> None:
    """What was read is not changed afterwards."""
    (quantity,) = find_quantities("40GB")
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
    assert unsupported_quantities(text, text) == ()


def test_a_part_with_a_decimal_is_no_date() -> None:
    """1/8.7 in the evidence is looked at for every number that it does not say."""
    assert [one.text for one in unsupported_quantities("8.6x", "延迟降至1/8.7")] == ["8.6x"]


@pytest.mark.parametrize("piece", ["-", "$", "+", "-a", "a/b", "/-"])
def test_a_long_run_of_signs_is_compared_in_time(piece: str) -> None:
    """A stranger's mention may have 100,000 characters; a search that starts at each is minutes."""
    started = time.process_time()
    list(match_quantities("Lark有三个新的工具。", f"Lark ships three.\n{piece * 30_000}"))
    assert time.process_time() - started < 5
