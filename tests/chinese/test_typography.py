"""Chinese text is set once, nothing but spaces and marks changes, and no check reads it otherwise."""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import build
from fakes import FakeModel
from hosted import sizes
from pipeline.chinese import Term, glossary, typography
from pipeline.chinese.typography import (
    apply_typography,
    chinese_width,
    length_without_spacing,
    without_spacing,
)
from pipeline.edits.apply import ManualText, apply_manual_text
from pipeline.quantities import find_quantities
from pipeline.quantities.units import load_units
from pipeline.records import Entry, Finding, Story
from pipeline.translate.draft_entry import DraftEntry, Verify
from pipeline.translate.drafts import translate_checked
from pipeline.verify.registry import verify

RECORDINGS = Path(__file__).parents[1] / "eval" / "recordings"

SET = {
    # Spaces between Chinese and Latin letters or figures.
    "GPT-4o发布了3.5版": "GPT-4o 发布了 3.5 版",
    "支持C++、C#和Café的α版": "支持 C++、C# 和 Café 的 α 版",
    "价格$100、¥20，降99.9%的": "价格 $100、¥20，降 99.9% 的",
    "用@name说#12号": "用 @name 说 #12 号",
    "1000+开发者和25°C的2025年12月21日": "1000+ 开发者和 25°C 的 2025 年 12 月 21 日",
    "使用--help参数": "使用 --help 参数",
    "调`x.y()`与x.y()函数": "调 `x.y()` 与 x.y() 函数",
    "见https://a.example/b，中文": "见 https://a.example/b，中文",
    "用户可用/auto-mode-setup按仓库设置": "用户可用 /auto-mode-setup 按仓库设置",
    "新增/loop，使用/compact后": "新增 /loop，使用 /compact 后",
    # Marks.
    "中文,中文;中文:好!": "中文，中文；中文：好！",
    "结果:80%，什么?!真的": "结果：80%，什么？！真的",
    "Rust,以及Note:中文": "Rust，以及 Note：中文",
    "提升40.该模型支持GPT-5.": "提升 40。该模型支持 GPT-5。",
    "为什么选GPT-5?": "为什么选 GPT-5？",
    "我爱（火腿）.": "我爱（火腿）。",
    "中 ， 文！！！好。。": "中，文！好。",
    # Quotation marks and brackets.
    '他说"你好"吧': "他说“你好”吧",
    "从'ClosedX'到'OpenX'": "从“ClosedX”到“OpenX”",
    "他说“你说「好」吧”": "他说“你说‘好’吧”",
    "『我「是」你』的书": "“我‘是’你”的书",
    "你好 “世界” 吧": "你好“世界”吧",
    "据Tom‘s Guide的‘报道’": "据 Tom‘s Guide 的“报道”",
    "中文(English)中文": "中文（English）中文",
    "层卸载 (MoE) 简化": "层卸载（MoE）简化",
    "Qwen3(32B)模型与（beta)版": "Qwen3（32B）模型与（beta）版",
    "支持GPT-5 (beta), 中文": "支持 GPT-5（beta），中文",
    "O(n)复杂度的f(x)函数": "O(n) 复杂度的 f(x) 函数",
    "复杂度为O(log n)的算法": "复杂度为 O(log n) 的算法",
    # Ellipses and dashes.
    "中文...还有…": "中文……还有……",
    "中文--中文—好": "中文——中文——好",
    "GPT-5 - 新模型": "GPT-5——新模型",
    # What only one rule, or one part of it, decides.
    "A（b）C中": "A（b）C 中",
    "调Foo(x,y)文": "调 Foo(x,y) 文",
    "调v1.x(abc)文": "调 v1.x(abc) 文",
    "调qwen(32B)文": "调 qwen(32B) 文",
    "调用`f`(x)文": "调用 `f`(x) 文",
    "Good...中文": "Good……中文",
    "中文。。。好": "中文……好",
    "中文。。好": "中文。好",
    "文 --b": "文 --b",
    "文-- b": "文——b",
    "b --文": "b——文",
    "A — B文": "A — B 文",
    "A —— B文": "A——B 文",
    "A――B文": "A——B 文",
    "A – 文": "A——文",
    "文;;a": "文；a",
    "文:/a文": "文:/a 文",
    "文.py": "文.py",
    "文 why?": "文 why？",
    "why?文": "why？文",
    "文?!好！！": "文？！好！",
    "文 … 文": "文……文",
    "，，文": "，文",
    "5‰文和5°文": "5‰ 文和 5° 文",
    "5℃文": "5℃ 文",
    "C+文与a#文": "C+文与 a# 文",
    "1.5k+文、5M+文、3w+文、2B+文": "1.5k+ 文、5M+ 文、3w+ 文、2B+ 文",
    "文€5、文£5、文¥5": "文 €5、文 £5、文 ¥5",
    "文#a与@b": "文 #a 与 @b",
    "µ文é文α文д文": "µ 文 é 文 α 文 д 文",
    "々a、〇a、𠀀a": "々 a、〇 a、𠀀 a",
    "“好“a”b”": "“好‘a’b”",
    "‘好“a”b’": "“好‘a’b”",
    "“好“a‘好’”c”": "“好‘a“好”’c”",
    "“a”和“好”、「b」": "“a”和“好”、“b”",
    "文(好（x)y）z": "文（好（x）y）z",
    "见www.a.b/x。mailto:a@b.c，文": "见 www.a.b/x。mailto:a@b.c，文",
    "见https://a.b/c(d文": "见 https://a.b/c(d 文",
    "文(https://a.b)": "文（https://a.b）",
    "见https://a.b/c.": "见 https://a.b/c。",
    "见``a`b``文": "见 ``a`b`` 文",
    "他,她;它": "他，她；它",
    "“好”,a": "“好”，a",
    "该模型很好 .": "该模型很好。",
}
"""What is set, and how."""

AS_IT_IS = [
    "GPT-4o",
    "A (b), c... \"d\" 'e' -- f!  g",
    "文 `pip install x,中文(a)...` 文",
    "``中 ` 文,文`` 文",
    "看 https://a.example/中文,x 文",
    "看 https://a.example/w(中文)/x--y...z 文",
    "3.5、1,000、10:30、a/b、v2.0-rc.1、GPT-4o、0.85–1.35、-10%、50%-60%、1:1",
    "写信给 me@a.example、上 docs.a.example/x、改 ~/.bashrc、跑 ./...、见 /usr/lib",
    "文本/text-only.md、使用/usr/lib、新增/Added",
    "输入/output、AI/机器人、RL+后训练、通义-7B、std::中文、Yahoo!发布、Node.js",
    "支持 A, B 和 C、vs. D、U.S.政府、X Inc.发布、1.5 倍",
    "users' 数据和 user's，'90s 的 15\" 和 17\" 屏",
    "点击“...”或 use “foo” bar",
    "减少-60% 和准确率 - 5%",
    "文 - 5",
    "- 文",
    "文 -",
    "a,b 文",
    "文--5",
    "文-a",
    "std::文",
    "文!=a",
    "文?[a]",
    "GPT-4+文、a1+文、v1.2+文",
    "1#文",
    "A.文、Inc.文、Ltd.文、Co.文、Corp.文、etc.文、No.文、Dr.文、Mr.文、Mrs.文、Ms.文、St.文",
    "Jr.文、Sr.文、al.文、approx.文、Fig.文、Vol.文",
    "1.文",
    "12.文",
    "users'数据",
    "据'90s 的'说法'",
    "it's 文",
    "3–5 文",
    "a/../文",
]
"""What is right, or nobody can know better."""

PIECES = [
    *(
        "中",
        "文 ",
        "a",
        "1",
        "B",
        " ",
        " - ",
        "--",
        "—",
        "……",
        "...",
        "…",
        "\ue000",
        "\n",
        "%",
        "+",
    ),
    *("。", "，", ",", ".", "!", "?", ":", ";", "/", "#", "@", "$", "*", "_", "&", "~", "《", "》"),
    *(
        '"',
        "'",
        "“",
        "”",
        "‘",
        "’",
        "(",
        ")",
        "（",
        "）",
        "「",
        "」",
        "『",
        "』",
        "`",
        "`a`",
        "\u3000",
    ),
    *("https://a.example/b", "x.y()", "C++", "3.5", "10:30", "vs.", "—文", "文（", "你好"),
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=30)


def lasting(text: str) -> str:
    """Leave out what may change: white space and punctuation."""
    return "".join(
        char
        for char in text
        if not char.isspace() and not unicodedata.category(char).startswith("P")
    )


@pytest.mark.parametrize("text", SET)
def test_chinese_is_set(text: str) -> None:
    """Each sample comes out as the table has it."""
    assert apply_typography(text) == SET[text]


@pytest.mark.parametrize("text", [*SET.values(), *AS_IT_IS])
def test_what_is_right_stays(text: str) -> None:
    """What is set, code, addresses, English, numbers and names come out as they went in."""
    assert apply_typography(text) == text


@settings(max_examples=100, deadline=None)
@given(TEXT)
@example("中!,!《!a%?' - ‘")
@example("文\u3000。 .  ")
def test_what_is_polished_stays_as_it_is(text: str) -> None:
    """Once is enough, and no text is so strange that the rules give up on it."""
    polished = apply_typography(text)
    assert apply_typography(polished) == polished
    assert not typography._ANY_HAN.search(text) or typography._apply_rules(polished) == polished


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_letters_digits_and_signs_stay_in_order(text: str) -> None:
    """Only white space and punctuation may change."""
    assert lasting(apply_typography(text)) == lasting(text)


CODE = st.text(st.sampled_from("中文a1,.:;!?()\"'“”（） …-—"), min_size=1, max_size=12).map(
    lambda inside: f"`{inside}`"
)
ADDRESS = st.sampled_from(
    [
        *("https://a.example/中文,x", "http://a.example/?q=1&r=a...b--c#d", "www.a.example/x(1)"),
        *(
            "me.too@a-b.example",
            "docs.a.example",
            "a.example/b.c/d-e",
            "~/.bashrc",
            "/usr/lib/x.so",
        ),
        *("x.y()", "v2.0-rc.1", "1,000.5", "10:30:05", "C++", "GPT-4o", "@name", "#12", "99.9%"),
    ]
)
AROUND = st.text(st.sampled_from("中文好，。a1 ,.:!?()（）“”…—-\n"), max_size=8)


@settings(max_examples=100, deadline=None)
@given(AROUND, CODE | ADDRESS, AROUND)
def test_code_and_addresses_come_through(before: str, kept: str, after: str) -> None:
    """Whatever stands before and behind them, each byte of them is there again."""
    assert kept in apply_typography(f"{before} {kept} {after}")


@pytest.mark.parametrize(
    "figure", ["3", "4.5", "1,000", "10-20", "第3", "近4", "超过1.5", "数", "$3", "GPT-5.2 "]
)
def test_a_quantity_is_read_alike(figure: str) -> None:
    """A space between a figure and its Chinese unit changes nothing that the checks read."""
    for unit in (*load_units(), *"个款万亿月年日成折点代版层次", "季度", "点半", "分之一"):
        text = f"达到{figure}{unit}的模型，另有2个"
        assert read(apply_typography(text)) == read(text), text


def read(text: str) -> list[object]:
    """Read the quantities of a text, but for how they are written."""
    return [(q.value, q.unit, q.bound, q.weak, q.digits, q.step) for q in find_quantities(text)]


def recorded() -> Iterator[Entry]:
    """Give what models were recorded to answer, as entries, every second of it."""
    lines = [
        line
        for file in sorted(RECORDINGS.glob("*/*.jsonl"))
        for line in file.read_text("utf-8").splitlines()[1:]
        if '"translate' in line
    ]
    for line in lines[::2]:
        try:
            told = json.loads(json.loads(line)["content"])
            summary = told.get("summary") or "".join(it["text"] for it in told["sentences"])
            words = {"title": " ".join(told["title"].split()), "summary": " ".join(summary.split())}
        except (ValueError, KeyError, TypeError):
            continue
        yield build.entry("s01", "https://example.org/1").model_copy(update=words)


def gist(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    """Leave out how findings are spaced, and those about a text as a whole."""
    checks = {"number", "name", "term", "language"}
    return [
        (each.check, each.severity, re.sub(r"\W", "", each.found))
        for each in findings
        if each.check in checks and "Simplified" not in each.expected
    ]


def test_no_check_reads_a_recorded_answer_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against evidence that has every term but no name and no number, the findings are the same."""
    # What an unknown name looks like is slow to say, and none of the law.
    monkeypatch.setattr("pipeline.verify.names.NameIndex.nearest", lambda _names, _name: "")
    terms = glossary.load_glossary()
    story = build.story("s01", "https://example.org/1", text="; ".join(t.term for t in terms))
    found = changed = 0
    for entry in recorded():
        words = {"title": apply_typography(entry.title), "summary": apply_typography(entry.summary)}
        polished = entry.model_copy(update=words)
        before = gist(verify(entry, story, terms=terms))
        assert gist(verify(polished, story, terms=terms)) == before
        found += len(before)
        changed += polished != entry
    assert found
    assert changed > 50


def test_a_term_is_known_however_it_is_spaced() -> None:
    """Every rendering of the glossary is found in a polished text as in any other."""
    for term in glossary.load_glossary():
        for word in (*term.renderings, *term.avoid, *term.never):
            assert without_spacing(apply_typography(f"中{word}文")) == without_spacing(
                f"中{word}文"
            )


def test_parting_spaces_do_not_count() -> None:
    """A title does not become too long by its spaces; those between English words do count."""
    title = "某公司发布GPT-5和Claude 4的对比评测报告，结论与此前三个月的传闻不同"
    assert (
        length_without_spacing(apply_typography(title))
        == length_without_spacing(title)
        == len(title)
    )
    assert len(apply_typography(title)) > len(title)
    assert length_without_spacing("A B 中 C `d` 文") == len("A B中C `d`文")
    assert without_spacing("文 a 文 文  b c 。") == "文a文 文  b c 。"


def test_a_word_is_half_as_wide_as_it_is_long() -> None:
    """Digits and signs are as wide as a Chinese character, spaces have no width."""
    assert chinese_width("某公司发布 Heron-5 A") == len("某公司发布") + len("Her-5")
    assert chinese_width("GPT-5.3-Codex") == len("GP-5.3-Co")
    assert chinese_width("Acme Orca 与 Ibis") == len("与") + len("AcOrIb")
    story = build.story("s01", "https://example.org/1")
    long = build.entry("s01", "https://example.org/1").model_copy(
        update={"title": apply_typography("测A" * 20), "summary": apply_typography("试1" * 130)}
    )
    assert len(long.title) > 40
    assert not any(finding.check == "length" for finding in verify(long, story))


EVIDENCE = "Alpha and Beta and Gamma and Delta ship Orrery 2 with weights and code. " * 4
TITLE = "Orrery 2发布,开放权重"
SUMMARY = "Orrery 2已经发布(含权重)，由Alpha与Beta共同完成，代码一并开放，任何人都可以下载之后在自己的机器上运行。"


def test_what_is_told_is_set() -> None:
    """The text of a story that passed the checks is set, and its question is the same as ever."""
    model = FakeModel([{"title": TITLE, "summary": SUMMARY}])
    choice = build.choice(build.story("s01", "https://example.org/1", text=EVIDENCE))
    told = translate_checked(
        choice, issue=build.issue(), ask=model.ask, profile=sizes(), checks=build.CHECKS
    )
    assert told.entry
    assert told.entry.title == "Orrery 2 发布，开放权重"
    assert told.entry.summary.startswith("Orrery 2 已经发布（含权重），由 Alpha 与 Beta 共同完成")
    assert told.findings == verify(told.entry, choice.story, terms=glossary.load_glossary())
    assert len(model.history) == 1


def test_what_is_by_hand_stays() -> None:
    """Words that somebody wrote are published as they were written."""
    model = FakeModel([{"title": TITLE, "summary": SUMMARY}])
    choice = build.choice(build.story("s01", "https://example.org/1", text=EVIDENCE))
    told = translate_checked(
        choice, issue=build.issue(), ask=model.ask, profile=sizes(), checks=build.CHECKS
    )
    edited = apply_manual_text(told, ManualText(title=TITLE), ("title",), checks=build.CHECKS)
    assert edited.published_entry.title == TITLE
    assert told.entry
    assert edited.published_entry.summary == told.entry.summary


def told_with(verify: Verify) -> DraftEntry:
    """Tell a story whose answer wants setting, with a check of the test's own."""
    return translate_checked(
        build.choice(build.story("s01", "https://example.org/1", text=EVIDENCE)),
        issue=build.issue(),
        ask=FakeModel([{"title": TITLE, "summary": SUMMARY}]).ask,
        profile=sizes(),
        checks=build.CHECKS._replace(verify=verify),
    )


def test_what_a_check_would_read_otherwise_stays() -> None:
    """A text whose findings would change is published as it passed the checks."""

    def no_space(entry: Entry, story: Story, *, terms: Sequence[Term] = ()) -> tuple[Finding, ...]:
        assert terms
        spaced = Finding(entry=story.id, check="form", severity="error", found=" ", expected="none")
        return (spaced,) if " 发布" in entry.title else ()

    told = told_with(no_space)
    assert told.passed
    assert told.entry
    assert (told.entry.title, told.entry.summary) == (TITLE, SUMMARY)
    assert told.findings == ()


def test_a_warning_that_shows_the_start_of_a_text_is_the_same_with_spaces() -> None:
    """It shows so many characters, and so fewer words of a text that has spaces."""

    def warned(entry: Entry, story: Story, *, terms: Sequence[Term] = ()) -> tuple[Finding, ...]:
        assert terms
        start = {"found": entry.summary[:40], "expected": "may", "sentence": 1}
        return (Finding(entry=story.id, check="qualifier", severity="warning", **start),)

    told = told_with(warned)
    assert told.entry
    assert told.entry.title == apply_typography(TITLE) != TITLE
    assert told.findings[0].found == told.entry.summary[:40]
