"""No two entries of a digest tell one thing."""

import pytest

from pipeline.records import Entry, Sentence
from pipeline.verify.repeat import repeated_entries

TOLD = (
    "谷歌DeepMind发布Gemma Scope 2",
    (
        "谷歌DeepMind发布Gemma Scope 2，覆盖整个Gemma 3家族，最大27B参数。它在模型的每一层上训练稀疏自编码器"
        "和转码器，可用于分析越狱和拒绝机制。"
    ),
)
RETOLD = (
    "Gemma Scope 2：模型可解释性套件",
    (
        "Gemma Scope 2是面向Gemma 3家族的可解释性套件，最大支持27B参数。套件在每一层上训练了稀疏自编码器"
        "和转码器，研究者可用它分析越狱和拒绝机制。"
    ),
)
OTHER = (
    "Liquid AI发布LFM2-24B-A2B",
    "Liquid AI发布混合专家模型LFM2-24B-A2B，每个token激活2.3B参数，可在32GB内存中运行，已登陆Ollama。",
)


def made(name: str, words: tuple[str, str], link: str | None = None, **fields: object) -> Entry:
    """Write an entry."""
    title, summary = words
    one = Entry(kind="news", title=title, summary=summary, link=link, story=name)
    return one.model_copy(update=fields)


def found(*entries: Entry) -> list[tuple[str, str, str]]:
    """Give what is found of some entries."""
    findings = repeated_entries(entries)
    assert {finding.check for finding in findings} <= {"repeat"}
    return [(finding.entry, finding.severity, finding.found) for finding in findings]


def test_one_event_in_other_words_is_a_warning_on_the_later_entry() -> None:
    """Most of its characters in pairs, and most of its names and numbers."""
    entries = made("s01", TOLD), made("s02", OTHER), made("s03", RETOLD)
    assert found(*entries) == [("s03", "warning", "most words of s01")]
    assert found(*reversed(entries)) == [("s01", "warning", "most words of s03")]


def test_what_else_a_maker_did_is_no_repeat_of_its_great_event() -> None:
    """A long entry has all the names of a short one, which says nothing of their words."""
    great = (
        "Acme发布推理模型Heron和Heron-mini",
        (
            "Acme发布推理模型Heron和Heron-mini，可在AcmeChat中组合使用各种工具，并理解上传的图像。AcmeChat Plus、Pro和Team"
            "用户可用两者，Free用户可试用Heron-mini；Heron-pro预计数周后推出。"
        ),
    )
    small = (
        "Acme为AcmeChat推出图像库",
        "Acme正向所有Free、Plus和Pro用户推出存放图像作品的AcmeChat图像库。",
    )
    assert found(made("s01", great), made("s02", small)) == []


def test_nearly_the_same_words_are_an_error() -> None:
    """Whatever was changed in a few places."""
    again = (TOLD[0], TOLD[1].replace("可用于", "能够用于"))
    assert found(made("s01", TOLD), made("s02", again)) == [
        ("s02", "error", "nearly all words of s01")
    ]


def test_one_whole_sentence_twice_is_a_warning() -> None:
    """Where the two are about one thing, by their names."""
    sentence = "它在模型的每一层上训练稀疏自编码器和转码器，可用于分析越狱和拒绝机制。"
    other = ("Gemma Scope 2开放下载", f"研究者可以下载Gemma Scope 2的全部权重。{sentence}")
    assert found(made("s01", TOLD), made("s02", other)) == [
        ("s02", "warning", "a sentence of s01 again")
    ]


def test_a_page_that_two_entries_show_is_an_error_whatever_they_say() -> None:
    """One finding for an entry, however much it has in common."""
    link = "https://example.org/a"
    assert found(made("s01", TOLD, link), made("s02", OTHER, f"{link}?utm_source=x")) == [
        ("s02", "error", f"{link}?utm_source=x stands under s01 too")
    ]
    assert [each[1] for each in found(made("s01", TOLD, link), made("s02", TOLD, link))] == [
        "error"
    ]


RELEASE = (
    "阿里巴巴发布开放权重模型{0}",
    (
        "阿里巴巴发布开放权重模型{0}，参数量为{1}，采用Apache 2.0许可，支持工具调用和长上下文，权重已上传Hugging Face"
        "，可用vLLM运行。"
    ),
)


def release(name: str, size: str) -> tuple[str, str]:
    """Tell a release in the words in which all are told."""
    return RELEASE[0].format(name), RELEASE[1].format(name, size)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Qwen3.5-35B", "35B"), ("Qwen3.5-122B", "122B")),
        (("Qwen3.5", "35B"), ("Qwen3.6", "35B")),
        (("Qwen3.5", "122B"), ("Qwen3.5 Mini", "3B")),
        (("Qwen-Image", "20B"), ("Qwen-Audio", "20B")),
        (("Wan 2.2", "14B"), ("Qwen Coder", "30B")),
    ],
)
def test_two_releases_in_the_same_words_are_no_repeat(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    """Their names and numbers tell them apart."""
    assert found(made("s01", release(*first)), made("s02", release(*second))) == []


def test_the_same_words_without_a_common_name_say_nothing() -> None:
    """Nothing says that they are about one thing."""
    words = (
        "一个模型的权重已经公布",
        "研究者公布了一个模型的权重和代码，工程师可以下载并在本地运行。",
    )
    assert found(made("s01", words), made("s02", words)) == []


@pytest.mark.parametrize(
    ("lines", "seen"), [((2,), True), ((1, 2, 3), True), ((2, 3), False), ((3, 4), False)]
)
def test_entries_that_rest_on_the_same_lines_are_found(
    lines: tuple[int, ...], *, seen: bool
) -> None:
    """More than half of the lines of the entry that names fewer."""
    evidence = "\n".join(f"Line {number} on Gemma Scope 2." for number in range(1, 5))
    first, second = (
        made(
            name,
            ("Gemma Scope 2" + title, text),
            evidence=evidence,
            mentions=("m1",),
            sentences=(Sentence(text=text, lines=named),),
        )
        for name, title, text, named in (
            ("s01", "已发布", "工具套件的首个版本已经可以下载。", (1, 2, 2)),
            ("s02", "受到好评", "研究者对其文档和示例表示满意。", lines),
        )
    )
    expected = [("s02", "warning", "the lines of s01 again")] if seen else []
    assert found(first, second) == expected


def test_quotations_are_only_compared_by_their_page() -> None:
    """Their words are the text's own."""
    words = ("Gemma Scope 2 is out", "Gemma Scope 2 is out, with autoencoders for each layer.")
    assert found(made("s01", words), made("s02", words, quoted=True)) == []
