"""An entry says what its own story says, in plain Simplified Chinese of the right length."""

import time

import pytest

from build import entry, story
from pipeline.glossary import Term
from pipeline.records import Entry, Finding, Link
from pipeline.verify import repeats, verify

TITLE = "一家初创公司公布新的推理芯片"
SUMMARY = "该公司公布了新的推理芯片，并开放了编译器的源代码。工程师可以申请试用，价格和供货时间还没有公布。"


def told(summary: str, evidence: str, *urls: str, title: str = TITLE) -> list[tuple[str, str, str]]:
    """Verify a summary, filled up to the shortest length, against a text."""
    filled = summary + SUMMARY if len(summary) < 40 else summary
    link = urls[0] if urls else None
    made = entry("s01", link).model_copy(update={"title": title, "summary": filled})
    found = verify(made, story("s01", *urls, text=evidence))
    return [(each.check, each.severity, each.found) for each in found]


def linked(link: str | None, *urls: str) -> tuple[Finding, ...]:
    """Verify a clean entry with a link against a story with others."""
    made = entry("s01", link).model_copy(update={"title": TITLE, "summary": SUMMARY})
    return verify(made, story("s01", *urls))


# ----------------------------------------------------------------------------------------- links


def test_a_link_of_the_story_passes() -> None:
    """The same page under its other name is still the story's link."""
    assert linked("https://x.com/a/status/1", "https://twitter.com/a/status/1") == ()


def test_a_link_from_elsewhere_is_an_error() -> None:
    """An address that the story does not have is found, with what was expected."""
    (finding,) = linked("https://example.org/b", "https://example.org/a")
    assert (finding.check, finding.severity, finding.found) == (
        "link",
        "error",
        "https://example.org/b",
    )


def test_an_entry_without_link_passes_only_where_the_story_has_none() -> None:
    """A story with a link must show it."""
    assert linked(None) == ()
    (finding,) = linked(None, "https://example.org/a")
    assert (finding.check, finding.found) == ("link", "no link")


def test_an_address_under_two_entries_is_found() -> None:
    """The second entry of one page is the finding."""
    two = [entry("s01", "https://x.com/a/1"), entry("s02", "https://twitter.com/a/1")]
    assert [finding.entry for finding in repeats(two)] == ["s02"]
    assert repeats([two[0], entry("s03", None), entry("s04", None)]) == ()


# ------------------------------------------------------------------------------ numbers and names


def test_a_quantity_has_to_be_in_the_evidence() -> None:
    """Another notation of the same quantity passes; another quantity is an error."""
    text = "MatX raised $500M for a chip, 40k hours of video, a 27B model, 1.86x faster."
    assert told("获5亿美元融资，4万小时视频，270亿参数模型，快1.86倍。", text) == []
    assert told("MatX获500万美元融资，500万美元用于芯片。", text) == [
        ("number", "error", "500万美元")
    ]
    assert told("发布了28B模型。", text) == [("number", "error", "28B")]


def test_a_quantity_that_is_wrong_is_told_what_the_evidence_has() -> None:
    """A finding helps whoever mends the entry."""
    made = entry("s01", None).model_copy(update={"title": TITLE, "summary": "快3倍。" + SUMMARY})
    (finding,) = verify(made, story("s01", text="It is 1.86x faster than before, or 2x at best."))
    assert finding.expected == "a quantity of the text, which has 1.86x, 2x"


def test_a_small_count_in_words_is_only_a_warning() -> None:
    """A translation may count what the text lists."""
    assert told("支持两种格式。", "It reads docx and csv.") == [("number", "warning", "两")]


def test_a_name_has_to_be_in_the_evidence() -> None:
    """Case, hyphens and spaces do not matter; another letter or digit does."""
    text = "Liquid AI put out LFM2‑24B‑A2B; jax-js runs in the browser."
    assert told("Liquid AI发布lfm2-24b-a2b，JAX JS可在浏览器运行。", text) == []
    assert told("LFLM2-24B-A2B发布。", text) == [("name", "error", "LFLM2-24B-A2B")]
    assert told("OpenAI发布LFM2-24B-A2B。", text) == [("name", "error", "OpenAI")]


def test_links_are_evidence_of_names() -> None:
    """What an anchor is called, and the words of an address, name things too."""
    url = "https://github.com/acme-labs/TurboParse"
    assert told("Acme Labs的TurboParse已上GitHub。", "A parser.", url) == []


def test_an_address_is_no_evidence_of_a_shorter_version() -> None:
    """The 4-1 of an address is version 4.1, not 4."""
    url = "https://example.org/news/opus-4-1"
    assert told("Opus 4.1发布。", "Version 4.1 is out.", url) == []
    assert ("name", "error", "Opus 4") in told("Opus 4发布。", "Version 4.1 is out.", url)


# -------------------------------------------------------------------------- language, length, form


def test_terms_that_stay_english_are_no_leftovers() -> None:
    """A word that the glossary keeps may stand in lower case."""
    made = entry("s01", None).model_copy(
        update={"title": TITLE, "summary": "该公司称之为 harness。" + SUMMARY}
    )
    told = story("s01", text="The company calls it a harness.")
    assert [each.check for each in verify(made, told)] == ["language"]
    assert verify(made, told, terms=[Term(term="harness", keep=True)]) == ()


def test_a_term_that_is_told_otherwise_is_found() -> None:
    """The glossary's wrong word is an error where the evidence has the term."""
    terms = [Term(term="reward hacking", chinese="奖励黑客", never=("奖励攻击",))]
    made = entry("s01", None).model_copy(
        update={"title": TITLE, "summary": "模型出现奖励攻击。" + SUMMARY}
    )
    (finding,) = verify(made, story("s01", text="The model shows reward hacking."), terms=terms)
    assert (finding.check, finding.severity, finding.found) == ("term", "error", "奖励攻击")
    assert "奖励黑客" in finding.expected


@pytest.mark.parametrize(
    ("field", "text", "check", "found"),
    [
        ("title", "短题目", "length", "3 characters"),
        ("title", "很长的标题" * 9, "length", "45 characters"),
        ("title", "新模型公布，推理性能仅", "length", "…新模型公布，推理性能仅"),
        ("title", "模型公布（附测试结果", "length", "…模型公布（附测试结果"),
        ("title", "Alpha Beta", "language", "Alpha Beta"),
        ("summary", "太短了。", "length", "4 characters"),
        (
            "summary",
            "".join(f"第{n}代模型公布了。" for n in "甲乙丙" * 11),
            "length",
            "297 characters",
        ),
        ("summary", SUMMARY + "该模型支持、", "length", "…还没有公布。该模型支持、"),
        ("summary", "该公司公布了新的开源模型。" * 4, "language", "该公司公布了新的开源模型"),
        ("summary", "以下是译文。" + SUMMARY, "language", "以下是"),
        ("summary", SUMMARY + "這個模型發佈後很受歡迎。", "language", "這個發佈後歡"),
        ("summary", SUMMARY + "It was trained on much more of the audio.", "language", None),
        ("summary", SUMMARY + "详见https://evil.example/x。", "form", None),
        ("summary", SUMMARY + "详见[这里](x)。", "form", "[这里](x)"),
        ("summary", SUMMARY + "<b>重要</b>。", "form", "<b>"),
        ("summary", SUMMARY + "**重要**。", "form", "**"),
        ("summary", SUMMARY + "由@someone发布。", "form", "@someone"),
        ("summary", SUMMARY + "结果{见下}。", "form", "{"),
        ("summary", SUMMARY + "结果，，，见下。", "form", "，，，"),
        ("summary", SUMMARY + "结\u200b果。", "form", "ZERO WIDTH SPACE (U+200B)"),
        ("summary", SUMMARY + "结\u202e果。", "form", "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
        ("summary", SUMMARY + "\n结果。", "form", "a control character (U+000A)"),
    ],
)
def test_a_text_that_is_no_plain_chinese_is_found(
    field: str, text: str, check: str, found: str | None
) -> None:
    """Language, length and form each have an error, with what was found."""
    fields = {"title": TITLE, "summary": SUMMARY, field: text}
    evidence = "Someone says Alpha Beta was trained on much more of the audio. " * 3
    errors = verify(entry("s01", None).model_copy(update=fields), story("s01", text=evidence))
    assert (check, "error") in {(each.check, each.severity) for each in errors}
    assert found is None or found in {each.found for each in errors}


def test_a_clean_entry_has_no_findings() -> None:
    """Names, inline code, quotation marks and brackets are plain text."""
    text = "vLLM and SGLang run Qwen3.5-35B-A3B (`pip install vllm`); “ray interference” is known."
    made = (
        "vLLM与SGLang可运行Qwen3.5-35B-A3B（“ray interference”除外），可用`pip install vllm`安装。"
    )
    assert told(made, text, title="vLLM与SGLang支持Qwen3.5-35B-A3B") == []


# ------------------------------------------------------------------------------------- quotations


def quoted(title: str, summary: str) -> Entry:
    """Make a quotation."""
    return entry("s01", None).model_copy(
        update={"title": title, "summary": summary, "quoted": True}
    )


def test_a_quotation_has_to_be_verbatim() -> None:
    """English passes as a quotation, cut with an ellipsis; another word does not."""
    source = story(
        "s01", text="Acme ships Turbo 2.\n  - It parses <think> tags at @speed, says Bo."
    )
    assert verify(quoted("Acme ships Turbo 2.", "- It parses <think> tags at…"), source) == ()
    (finding,) = verify(quoted("Acme ships Turbo 2.", "It parses all tags"), source)
    assert (finding.check, finding.found) == ("form", "It parses all tags")


def test_a_quotation_holds_no_address_and_nothing_hidden() -> None:
    """What was quoted may be hostile."""
    source = story("s01", text="See https://evil.example/x now\u202e.")
    found = verify(quoted("See https://evil.example/x", "now\u202e."), source)
    assert [each.found for each in found] == [
        "https://evil.example/x",
        "RIGHT-TO-LEFT OVERRIDE (U+202E)",
    ]


# ------------------------------------------------------------------------------------------ speed


def test_twenty_entries_are_checked_in_no_time() -> None:
    """The checks add nothing that a run would notice."""
    text = "Acme ships Turbo 2, a 27B model that is 1.86x faster on H100. " * 40
    source = story("s01", *(f"https://example.org/{n}" for n in range(20)), text=text)
    source = source.model_copy(
        update={
            "mentions": (
                source.mentions[0].model_copy(
                    update={"links": (Link(url="https://example.org/1", text="Acme"),)}
                ),
            )
        }
    )
    made = entry("s01", "https://example.org/1").model_copy(
        update={
            "title": "Acme发布Turbo 2",
            "summary": "Turbo 2有270亿参数，在H100上快1.86倍。" + SUMMARY,
        }
    )
    started = time.perf_counter()
    for _ in range(20):
        assert verify(made, source) == ()
    assert time.perf_counter() - started < 1.5
