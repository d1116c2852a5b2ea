"""Pairs of English and Chinese quantities are judged right, whoever wrote them."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from eval.pairs import PAIRS_FILE, QuantityPair, pairs_score, read_pairs
from pipeline.quantities import find_quantities, unsupported_quantities

_HAN = "零一二三四五六七八九十"
_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_PARTS = {3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth"}
_MOST_REJECTED, _MOST_PASSED = 0.03, 0.02
_LEAST = 60
"""Pairs of each side that our own table has at least."""


def _right(evidence: str, *claims: str) -> Iterator[QuantityPair]:
    return (QuantityPair(right=True, evidence=evidence, claim=claim) for claim in claims)


def _wrong(evidence: str, *claims: str) -> Iterator[QuantityPair]:
    return (QuantityPair(right=False, evidence=evidence, claim=claim) for claim in claims)


def _parts() -> Iterator[QuantityPair]:
    """A third cheaper is a third off, and no third of the price."""
    for n, part in _PARTS.items():
        han = f"{_HAN[n]}分之一"
        off = (f"便宜{han}", f"价格下调{han}", f"降价{han}")
        left = (f"价格降至{han}", f"价格仅为{han}", f"价格约为{han}", f"成本只有{han}")
        up = (f"贵{han}", f"涨价{han}", f"价格上调{han}")
        for evidence in (
            f"a {part} cheaper",
            f"prices fell by a {part}",
            f"cut prices by a {part}",
        ):
            yield from _right(evidence, *off)
            yield from _wrong(evidence, *left, *up)
        for evidence in (
            f"a {part} of the price",
            f"prices fell to a {part}",
            f"a {part} the cost",
        ):
            yield from _right(evidence, *left)
            yield from _wrong(evidence, *off, *up)
        fewer = f"a {part} fewer tokens"
        yield from _right(fewer, f"token用量减少{han}", f"少用{han}的token")
        yield from _wrong(fewer, f"token用量降至{han}", f"token用量增加{han}")


def _times() -> Iterator[QuantityPair]:
    """What is 8x less is an eighth, and never eight times as much."""
    for n in range(2, 10):
        han, part = _HAN[n], f"{_HAN[n]}分之一"
        fell = (f"降至{part}", f"降至1/{n}", f"仅为1/{n}", f"降低{n}倍", f"减少到{part}")
        rose = (f"增长到{han}倍", f"增至{n}倍", f"提高到{n}倍", f"提高{n}倍", f"升至{n}倍")
        for less, noun in product(("lower", "less"), ("成本", "内存", "延迟")):
            yield from _right(f"{n}x {less}", *(noun + claim for claim in fell))
            yield from _wrong(f"{n}x {less}", *(noun + claim for claim in rose))
        for evidence in (f"cut {n}-fold", f"cut by a factor of {n}", f"an {n}-fold reduction"):
            yield from _right(evidence, *fell)
            yield from _wrong(evidence, *rose)
        for evidence in (f"an {n}-fold increase", f"grew {n}-fold", f"increased {n}x"):
            yield from _right(
                evidence, f"增长到{n}倍", f"增至{han}倍", f"增加{n - 1}倍" if n > 2 else "翻倍"
            )
            yield from _wrong(evidence, f"降至{part}", f"下降{n}倍", f"减少到1/{n}")
        yield from _right(f"{n}.9x lower", f"降至1/{n}.9", f"降低{n}.9倍")
        yield from _wrong(f"{n}.9x lower", f"升至{n}.9倍", f"降至1/{n + 1}.9")
        yield from _right(
            f"{n}x faster", f"速度提升{n}倍", f"快{n}倍", f"提速至{n}倍", f"耗时降至{part}"
        )
        yield from _wrong(f"{n}x faster", f"慢{n}倍", f"耗时增加{n}倍", f"速度下降{n}倍")
        yield from _right(f"{n}x slower", f"慢{n}倍", f"速度降至{part}")
        yield from _wrong(f"{n}x slower", f"快{n}倍", f"速度提升{n}倍")
        yield from _right(f"{n}x more expensive", f"贵{n}倍", f"价格是{n}倍")
        yield from _wrong(f"{n}x more expensive", f"便宜{n}倍", f"价格降至{part}")
    yield from _right("tripled", "增至三倍", "增长两倍", "增长200%", "翻了三倍")
    yield from _wrong("tripled", "增长三倍", "翻两番", "降至三分之一", "减少三分之二", "翻番")
    yield from _right("quadrupled", "翻两番", "增至四倍", "增长三倍", "增长300%")
    yield from _wrong("quadrupled", "翻一番", "翻四番", "降至四分之一", "增长四成")


def _percents() -> Iterator[QuantityPair]:
    """A rise by so much is no fall, and no level either."""
    nouns = ("准确率", "营收", "用户数", "份额")
    for n, noun in product((2, 12, 37, 80), nouns):
        up = (f"{noun}提升{n}%", f"{noun}增长{n}%", f"{noun}提高了{n}%")
        down = (f"{noun}下降{n}%", f"{noun}降低{n}%", f"{noun}下滑了{n}%")
        for evidence in (f"improved {n}%", f"rose by {n}%", f"up {n}%", f"a {n}% increase"):
            yield from _right(evidence, *up)
            yield from _wrong(evidence, *down)
        for evidence in (f"dropped {n}%", f"fell by {n}%", f"down {n}%", f"a {n}% decline"):
            yield from _right(evidence, *down)
            yield from _wrong(evidence, *up)
        yield from _right(f"rose to {n}%", f"{noun}升至{n}%", f"{noun}提高到{n}%")
        yield from _wrong(f"rose to {n}%", f"{noun}降至{n}%", f"{noun}上升{n}%")
        yield from _right(f"fell to {n}%", f"{noun}降至{n}%", f"{noun}下滑到{n}%")
        yield from _wrong(f"fell to {n}%", f"{noun}升至{n}%", f"{noun}下降{n}%")
        yield from _right(f"up {n} points", f"{noun}上升{n}个百分点")
        yield from _wrong(f"up {n} points", f"{noun}上升{n}%", f"{noun}下降{n}个百分点")
    for n in (150, 250, 350):
        times = f"{n // 100}.5"
        evidence = f"grew {n}%"
        yield from _right(evidence, f"增长{times}倍", f"增至{n // 100 + 1}.5倍", f"增长{n}%")
        yield from _wrong(evidence, f"增至{times}倍", f"增长{n // 100 + 1}.5倍", f"下降{n}%")
    for n in (5, 25, 40):
        for evidence in (f"cut latency by {n}%", f"latency fell {n}%", f"{n}% lower latency"):
            yield from _right(evidence, f"延迟降低{n}%", f"延迟缩短了{n}%", f"延迟降至{100 - n}%")
            yield from _wrong(evidence, f"延迟提高{n}%", f"延迟增加{n}%", f"延迟降至{n}%")


def _from_to() -> Iterator[QuantityPair]:
    """A change from one to the other is not the one back, and the unit carries over."""
    spans = {"days": "天", "hours": "小时", "weeks": "周", "months": "个月", "minutes": "分钟"}
    for (english, han), n in product(spans.items(), range(2, 6)):
        evidence = f"went from {n + 5} {english} to {n}"
        yield from _right(evidence, f"从{n + 5}{han}缩短到{n}{han}", f"由{n + 5}{han}降至{n}{han}")
        yield from _wrong(
            evidence, f"从{n}{han}增加到{n + 5}{han}", f"从{n + 5}{han}到{n + 1}{han}"
        )
    for n in range(2, 6):
        for evidence in (f"from {n}% to {n * 7}%", f"to {n * 7}%, up from {n}%"):
            yield from _right(evidence, f"从{n}%升至{n * 7}%")
            yield from _wrong(evidence, f"从{n * 7}%降至{n}%")
        yield from _right(f"from ${n} billion to {n * 2}", f"从{n}0亿美元增至{n * 2}0亿美元")
        yield from _wrong(
            f"from ${n} to ${n * 2}", f"从{n * 2}美元降到{n}美元", f"从{n}元涨到{n * 2}元"
        )


def _plurals() -> Iterator[QuantityPair]:
    """Hundreds of thousands are 数十万, and ten times as many are not."""
    scales = {"thousand": "千", "million": "百万", "billion": "十亿", "trillion": "万亿"}
    tens = {"thousand": "万", "million": "千万", "billion": "百亿", "trillion": "十万亿"}
    hundreds = {"thousand": "十万", "million": "亿", "billion": "千亿", "trillion": "百万亿"}
    for word, han in scales.items():
        yield from _right(f"{word}s of users", f"数{han}用户", f"几{han}用户")
        yield from _wrong(f"{word}s of users", f"数{tens[word]}用户", f"数{hundreds[word]}用户")
        yield from _right(f"tens of {word}s", f"数{tens[word]}")
        yield from _wrong(f"tens of {word}s", f"数{han}", f"数{hundreds[word]}")
        yield from _right(f"hundreds of {word}s", f"数{hundreds[word]}", f"几{hundreds[word]}")
        yield from _wrong(f"hundreds of {word}s", f"数{han}", f"数{tens[word]}")
        for many in (f"several {word} dollars", f"multi-{word}-dollar", f"a few {word} dollars"):
            yield from _right(many, f"数{han}美元")
            yield from _wrong(many, f"数{han}元", f"数{tens[word]}美元")
    yield from _right("double-digit billions", "百亿美元级", "数百亿美元", "数百亿")
    yield from _wrong("double-digit billions", "数十亿美元", "数千亿美元", "数百亿元")
    spans = {
        "days": "几天",
        "weeks": "几周",
        "months": "几个月",
        "years": "数年",
        "decades": "数十年",
    }
    for english, han in spans.items():
        yield from _right(f"within {english}", han)
        yield from _right(f"a few {english} ago", f"{han}前")
        yield from _wrong("within seconds", han)


def _scales() -> Iterator[QuantityPair]:
    """2.5 billion is 25亿, and neither 2.5亿 nor 250亿, nor 2.5十亿; a dollar is no yuan."""
    for n in (1.5, 2.5, 7.5):
        ten = f"{n * 10:g}"
        yield from _right(f"{n} billion", f"{ten}亿", f"{ten}亿个")
        yield from _wrong(f"{n} billion", f"{n}亿", f"{n * 100:g}亿", f"{n}十亿", f"{n}万亿")
        yield from _right(f"{n} million", f"{n * 100:g}万")
        yield from _wrong(f"{n} million", f"{ten}万", f"{n}万", f"{ten}百万", f"{n * 1000:g}万")
        yield from _right(f"${n}B", f"{ten}亿美元")
        yield from _wrong(f"${n}B", f"{ten}亿元", f"{ten}亿欧元", f"{n}亿美元", f"{ten}亿人民币")
        yield from _right(f"{n} gigawatts", f"{n}吉瓦", f"{n * 100:g}万千瓦", f"{n}GW")
        yield from _wrong(f"{n} gigawatts", f"{n}兆瓦", f"{ten}万千瓦", f"{ten}GW")
    yield from _right("half-a-million", "50万")
    yield from _right("2 1/2 million", "250万")
    yield from _right("a one-in-a-million chance", "百万分之一")
    yield from _right("Two-thirds of users", "三分之二的用户")
    yield from _wrong("half-a-million", "500万")
    yield from _wrong("one in a million", "千万分之一")


def _calendar() -> Iterator[QuantityPair]:
    """Dates, ranges and years in each order."""
    for day in (3, 11, 24):
        this = f"2025年12月{day}日"
        for evidence in (f"12/{day}/25", f"Dec {day}, 2025", f"{day} Dec 2025", f"202512{day:02}"):
            yield from _right(evidence, this)
            yield from _wrong(evidence, f"2025年12月{day + 1}日", f"2024年12月{day}日")
        both = f"12月{day}日至{day + 2}日"
        for evidence in (f"December {day}th to {day + 2}th", f"Dec {day}–{day + 2}"):
            yield from _right(evidence, both)
            yield from _wrong(evidence, f"12月{day}日至{day + 3}日", f"11月{day}日至{day + 2}日")
    for year in (24, 26):
        months = f"20{year}年3月至6月"
        yield from _right(f"March–June 20{year}", months)
        yield from _right(f"Nov-{year}", f"20{year}年11月")
        yield from _right(f"11/20{year}", f"20{year}年11月")
        yield from _wrong(f"March–June 20{year}", f"20{year}年4月至6月")
        yield from _wrong(f"CY{year}", f"20{year + 1}年")
        yield from _right(f"Q1 20{year} through Q3 20{year}", f"20{year}年第一至第三季度")
    for n in range(3, 10):
        yield from _right(f"the {n}0s", f"{n}0年代")
    for n in range(15, 20):
        yield from _right(f"the {n}00s", f"{n + 1}世纪")
        yield from _wrong(f"the {n}00s", f"{n}世纪")


_KINDS = {
    "parts": _parts,
    "times": _times,
    "percents": _percents,
    "from_to": _from_to,
    "plurals": _plurals,
    "scales": _scales,
    "calendar": _calendar,
}


@pytest.mark.parametrize("kind", _KINDS)
def test_generated_pairs_are_judged_right(kind: str) -> None:
    """Of pairs made by kind, no right one is rejected and no wrong one passes."""
    pairs = list(_KINDS[kind]())
    assert len(pairs) > 30
    assert [pair for pair in pairs if pair.misjudged] == []


def test_our_own_pairs_are_judged_right() -> None:
    """Of the pairs of the measure, few right ones are rejected and few wrong ones pass."""
    score = pairs_score()
    assert min(score.right, score.wrong) >= _LEAST
    assert score.right_rejected <= score.right * _MOST_REJECTED
    assert score.wrong_passed <= score.wrong * _MOST_PASSED


def test_the_score_counts_both_sides(tmp_path: Path) -> None:
    """A right pair that is rejected and a wrong one that passes are one fault each."""
    file = tmp_path / "pairs.tsv"
    file.write_text(
        '# a comment\nright\t5%\t5%\nright\t5%\t6%\nwrong\t5%\t5%\nwrong\t"5%\t6%\n',
        encoding="utf-8",
    )
    assert pairs_score(file) == (2, 1, 2, 1)


def test_each_pair_of_the_measure_states_a_quantity() -> None:
    """A pair without any quantity in its Chinese would measure nothing, but for a word or two."""
    pairs = read_pairs(PAIRS_FILE)
    assert len(set(pairs)) == len(pairs)
    silent = [pair for pair in pairs if not find_quantities(pair.claim)]
    assert len(silent) <= len(pairs) * 0.1, silent


def test_more_evidence_does_not_hide_a_turned_change() -> None:
    """A change told the wrong way round is found although both its numbers are there."""
    evidence = "Accuracy went from 60% to 72%, and 40 labs joined."
    assert unsupported_quantities("准确率从60%升至72%", evidence) == ()
    assert [q.text for q in unsupported_quantities("准确率从72%降至60%", evidence)] == [
        "72%",
        "60%",
    ]


@pytest.mark.parametrize(
    ("english", "chinese", "right"),
    [
        ("gone in a single heavy Codex day", "一天内耗尽", True),
        ("it ran for an entire week", "运行了1周", True),
        ("worked for more than seven hours", "工作了7个多小时", True),
        ("worked for more than seven hours", "工作了 8 个多小时", False),
        ("it took over three months", "耗时三个多月", True),
        ("it took over three months", "耗时四个多月", False),
        ("It runs on a 4x Mac Studio cluster", "在4台Mac Studio上运行", True),
        ("It runs on a 4x Mac Studio cluster", "在5台Mac Studio上运行", False),
        ("Grok 4 is the best of its kind", "Grok 4成最强模型", True),
        ("Kite-0324 leads the open models", "Kite-0324成开放模型之首", True),
        ("a third of users of GPU nodes left", "GPU 3成的用户流失", False),
        ("They praised its speed—1–2 second turns", "称赞其速度，1到2秒一轮", True),
        ("They praised its speed—1–2 second turns", "称赞其速度，1到3秒一轮", False),
        ("a drop—20%—of users", "用户下降20%", True),
        ("The May release fixes streaming", "5月版本修复流式传输", True),
        ("The May release fixes streaming", "6月版本修复流式传输", False),
        ("It is worse than the August/May builds", "不如8月和5月的版本", True),
        ("It is worse than the August/May builds", "不如8月和4月的版本", False),
        ("It is expected in June or May", "预计5月或6月推出", True),
        ("It may release the weights", "它可能在5月发布权重", False),
        ("uses 30 to 40% less memory", "内存减少30%至40%", True),
        ("uses 30 to 40% less memory", "内存增加30%至40%", False),
        ("Of two examples, one sorts tickets", "两个示例中，一个整理工单", True),
        ("shows +2.1% net improvement", "净提升为2.1%", True),
        ("shows +2.1% net improvement", "提升幅度为2.1%", True),
        ("shows +2.1% net improvement", "净下降为2.1%", False),
        ("multi-minute interaction", "数分钟的交互", True),
        ("a bug in three of ten runs", "十次运行中有三次出错", True),
    ],
)
def test_words_around_a_quantity(english: str, chinese: str, right: bool) -> None:
    """A single day, 个多, a month with its release, a range and a list are read as they are meant."""
    assert (not unsupported_quantities(chinese, english)) is right
