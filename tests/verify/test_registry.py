"""An entry says what its own story says, in plain Simplified Chinese of the right length."""

import time

import pytest

from build import entry, story
from pipeline.chinese.glossary import Term
from pipeline.records import Entry, Finding, Link
from pipeline.verify.registry import CHECKS, checked_spans, verify
from pipeline.verify.repeat import repeated_entries

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
    assert [finding.entry for finding in repeated_entries(two)] == ["s02"]
    assert repeated_entries([two[0], entry("s03", None), entry("s04", None)]) == ()


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
    """A translation may count what the text speaks of; what it lists is no finding at all."""
    assert told("支持两种格式。", "It reads docx, also csv.") == [("number", "warning", "两")]
    assert told("支持两种格式。", "It reads docx and csv.") == []


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
    assert [finding.check for finding in verify(made, told)] == ["language"]
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{SUMMARY}见{text}好。", found)
        for text, found in [
            ("https://a.b/c 与", "https://a.b/c"),
            ("HTTP://a.b/c 与", "HTTP://a.b/c"),
            ("ftp://a.b 与", "ftp://a.b"),
            (" www.a.b 与", "www.a.b"),
            ("[甲](b)", "[甲](b)"),
            ("![甲](b)", "![甲](b)"),
            ("甲](b", "]("),
            ("</b>", "</b>"),
            ("<BR>", "<BR>"),
            ("<br", "<br好。"),
            ("<!--", "<!--"),
            ("&amp;", "&amp;"),
            ("&#39;", "&#39;"),
            ("&#x2F;", "&#x2F;"),
            ("**", "**"),
            ("__甲__", "__甲__"),
            ("~~甲~~", "~~"),
            ("```甲```", "```"),
            ("@a_b", "@a_b"),
            ("（@ab）", "@ab"),
            ("}", "}"),
            ("，，", "，，"),
            ("、。", "、。"),
            ("；：", "；："),
            ("！！！", "！！！"),
            ("？？？", "？？？"),
            (",,,", ",,,"),
            ("“““", "“““"),
            ('"""', '"""'),
            ("\u2028", "LINE SEPARATOR (U+2028)"),
            ("\u2029", "PARAGRAPH SEPARATOR (U+2029)"),
            ("\ue000", "a control character (U+E000)"),
            ("\u0378", "a control character (U+0378)"),
            ("\x07", "a control character (U+0007)"),
            ("a\u200db", "ZERO WIDTH JOINER (U+200D)"),
            ("`甲` <b> `乙`", "<b>"),
            ("`甲`` <b> `乙", "<b>"),
            ("```<b>`", "<b>"),
            ("``<b>`", "<b>"),
            ("`<b>``", "<b>"),
            ("http://a.b/c 与", "http://a.b/c"),
        ]
    ]
    + [
        (f"{start}{SUMMARY}", start.strip() or start)
        for start in ("# ", "###### ", "- ", "* ", "+ ", "> ", "1. ", "12. ", "  - ", "\u200d")
        if start != "\u200d"
    ]
    + [(f"\u200d{SUMMARY}", "ZERO WIDTH JOINER (U+200D)")],
)
def test_markup_and_bad_manners_are_found(text: str, found: str) -> None:
    """Links, HTML, Markdown, handles, braces, runs of punctuation, and what does not show."""
    assert ("form", "error", found) in told(text, "A text.")


@pytest.mark.parametrize(
    "text",
    [
        "降至-5%，AT&T与R&D",
        "`<b>`与`**`和`{x}`及``甲`乙``等",
        "价格<5与>3",
        "真的吗？？好的！！",
        "表情👨\u200d👩、❤️\u200d🔥与👩🏽\u200d💻好",
        "名为snake_case__x的变量",
        "约~5天，__ a __",
        "#1与-1、*号",
    ],
)
def test_plain_text_has_no_form_to_find(text: str) -> None:
    """Comparisons, inline code, an emoji of several signs, doubled marks."""
    found = told(f"{SUMMARY}{text}。", "A text 5 3 1.")
    assert [each for each in found if each[0] == "form"] == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("见 www.a.b", "a link"),
        ("<b>", "HTML"),
        ("**", "Markdown"),
        ("@a_b", "an @handle"),
        ("{", "a brace"),
        ("！！！", "a run of punctuation"),
    ],
)
def test_a_finding_of_form_says_what_to_do_without(text: str, what: str) -> None:
    """In words that whoever mends the entry can act on."""
    made = entry("s01", None).model_copy(
        update={"title": TITLE, "summary": f"{SUMMARY}{text}\u200b好。"}
    )
    found = [
        finding for finding in verify(made, story("s01", text="A text.")) if finding.check == "form"
    ]
    assert [each.expected for each in found] == [
        "characters that show",
        f"plain text without {what}",
    ]


@pytest.mark.parametrize("end", "，、：；,:;-—（(《“和与及的仅")
def test_a_text_that_ends_in_the_middle_is_found(end: str) -> None:
    """A mark that leads on, an open bracket or a joining word is no end; of a title neither."""
    assert told(f"{SUMMARY}模型公布{end}", "A text.") == [
        ("length", "error", f"…间还没有公布。模型公布{end}")
    ]
    assert ("length", "error") in {
        each[:2] for each in told(SUMMARY, "A text.", title=f"{TITLE}{end}")
    }


@pytest.mark.parametrize("pair", ["（）", "()", "《》", "「」", "【】"])
def test_a_bracket_that_stays_open_is_found(pair: str) -> None:
    """A closed one is not, nor is one that only closes."""
    opening, closing = pair[0], pair[1]
    assert [each[0] for each in told(f"{SUMMARY}模{opening}型。", "A text.")] == ["length"]
    assert told(f"{SUMMARY}模{opening}型{closing}布。", "A text.") == []
    assert told(f"{SUMMARY}模型{closing}布。", "A text.") == []


def distinct(count: int) -> str:
    """Write so many Chinese characters, none twice and none of them open at the end."""
    simple = "天地人你我他大小上下左右中外山水火土木金日月星云风雨雪花草树鸟鱼虫马牛羊"
    return (simple * 9)[:count]


@pytest.mark.parametrize(
    ("title", "summary", "found"),
    [
        (4, 40, []),
        (40, 260, []),
        (3, 40, ["3 characters"]),
        (41, 40, ["41 characters"]),
        (4, 12, []),
        (4, 11, ["11 characters"]),
        (4, 261, ["261 characters"]),
    ],
)
def test_titles_and_summaries_have_their_lengths(
    title: int, summary: int, found: list[str]
) -> None:
    """A title has 4 to 40 characters, a summary 12 to 260."""
    made = entry("s01", None).model_copy(
        update={"title": distinct(title), "summary": distinct(summary)}
    )
    checked = [finding for finding in verify(made, story("s01")) if finding.check == "length"]
    assert [each.found for each in checked] == found
    if checked:
        bounds = (
            "title of 4 to 40" if checked[0].found[:2] in {"3 ", "41"} else "summary of 12 to 260"
        )
        assert checked[0].expected == f"a {bounds} characters"


@pytest.mark.parametrize(("letters", "found"), [(31, []), (32, []), (33, ["41 characters"])])
def test_a_word_takes_half_the_space_of_its_letters(letters: int, found: list[str]) -> None:
    """A long name makes no title too long that a reader sees to be short."""
    title = f"{distinct(16)}{('Blueprint' * 4)[:letters]}{distinct(8)}"
    made = entry("s01", None).model_copy(update={"title": title, "summary": distinct(40)})
    checked = [finding for finding in verify(made, story("s01")) if finding.check == "length"]
    assert [each.found for each in checked] == found


@pytest.mark.parametrize(
    ("evidence", "summary", "found"),
    [(600, 12, []), (600, 39, []), (601, 39, ["39 characters"]), (601, 40, []), (9000, 40, [])],
)
def test_a_summary_may_be_as_short_as_its_evidence(
    evidence: int, summary: int, found: list[str]
) -> None:
    """One short sentence is enough for one fact, and too little for many."""
    made = entry("s01", None).model_copy(update={"title": TITLE, "summary": distinct(summary)})
    checked = [
        finding
        for finding in verify(made, story("s01", text="x" * evidence))
        if finding.check == "length"
    ]
    assert [finding.found for finding in checked] == found
    assert {finding.expected for finding in checked} <= {"a summary of 40 to 260 characters"}


@pytest.mark.parametrize(
    ("evidence", "summary", "found"),
    [
        (6000, 261, ["261 characters"]),
        (6001, 261, []),
        (6001, 420, []),
        (6001, 421, ["421 characters"]),
    ],
)
def test_the_summary_of_a_great_event_may_be_longer(
    evidence: int, summary: int, found: list[str]
) -> None:
    """What is told at length has more facts than fit in one paragraph of the others."""
    words = "".join(f"{distinct(9)}{chr(0x4E00 + n)}" for n in range(50))[:summary]
    made = entry("s01", None).model_copy(update={"title": TITLE, "summary": words})
    checked = verify(made, story("s01", text="x" * evidence))
    assert [finding.found for finding in checked if finding.check == "length"] == found


def test_findings_of_a_language_say_what_was_expected() -> None:
    """English is a warning where it may be a name; what is no Chinese shows its start."""
    made = entry("s01", None).model_copy(
        update={"title": "Alpha Beta", "summary": f"Omega {SUMMARY} 该discourse，还有discourse。"}
    )
    found = verify(made, story("s01", text="Alpha Beta Omega discourse"))
    assert [(each.check, each.severity, each.expected, each.found) for each in found] == [
        ("language", "error", "Simplified Chinese, names apart", "Alpha Beta"),
        ("language", "warning", "Chinese for this English", "discourse"),
    ]
    long = made.model_copy(update={"title": TITLE, "summary": "Alpha " * 12})
    (no,) = [
        each for each in verify(long, story("s01", text="Alpha")) if "Simplified" in each.expected
    ]
    assert no.found == ("Alpha " * 12)[:40]


@pytest.mark.parametrize(
    ("word", "evidence", "url", "anchor"),
    [
        ("smolparse", "@smolparse: it parses.", "", ""),
        ("smolparse", "It parses.", "https://github.com/acme/smolparse/issues", "here"),
        ("acmeco", "It parses.", "https://huggingface.co/acmeco/x", "here"),
        ("smolparse", "It parses.", "https://pypi.org/project/smolparse", "here"),
        ("acmeco", "It parses.", "https://x.com/acmeco/status/1", "here"),
        ("acmeco", "It parses.", "https://twitter.com/acmeco/status/1", "here"),
        ("acmeco", "It parses.", "https://acmeco.dev/x", "here"),
        ("smolparse", "It parses.", "https://example.org/a", "@smolparse"),
    ],
)
def test_lower_case_names_are_known_from_handles_and_addresses(
    word: str, evidence: str, url: str, anchor: str
) -> None:
    """A handle, a site, and the owner and project of a forge are names; other words are not."""
    made = entry("s01", url or None).model_copy(
        update={"title": TITLE, "summary": f"由{word}公布。{SUMMARY}"}
    )
    source = story("s01", *([url] if url else []), text=evidence)
    links = tuple(Link(url=url, text=anchor) for _ in range(bool(url)))
    source = source.model_copy(
        update={"mentions": (source.mentions[0].model_copy(update={"links": links}),)}
    )
    checks = [finding for finding in verify(made, source) if finding.check == "language"]
    assert checks == []
    plain = verify(made, story("s01", text="It says so."))
    assert [each.found for each in plain if each.check == "language"] == [word]


@pytest.mark.parametrize(
    ("said", "url", "known"),
    [
        ("Acme", "https://www.acme.dev/x", True),
        ("Dev", "https://www.acme.dev/x", False),
        ("Www", "https://www.acme.dev/x", False),
        ("TurboParse", "https://example.org/blog/turbo-parse", True),
        ("TurboParse", "https://example.org/blog/turbo%20parse", True),
        ("TurboParse", "https://example.org/turbo/parse", False),
        ("LocalLLaMA", "https://reddit.com/r/LocalLLaMA/comments/1", False),
        ("Llama", "https://reddit.com/r/LocalLLaMA/comments/llama", True),
        ("Reddit", "https://reddit.com/r/LocalLLaMA/comments/1", True),
        ("Turbo", "https://example.org/x?q=turbo", False),
    ],
)
def test_the_words_of_an_address_name_things(said: str, url: str, known: bool) -> None:
    """Host and path do, each part for itself; the top domain, a subreddit and a query do not."""
    found = told(f"{said}已经公布。", "A parser.", url)
    assert (found == []) is known


def test_a_finding_lists_what_the_evidence_has() -> None:
    """Five quantities of its kind at most, each once; where there is none, that is all it says."""
    made = entry("s01", None).model_copy(update={"title": TITLE, "summary": f"快9倍。{SUMMARY}"})
    text = "2x, 2x, 4x, 5x, 6x, 7x or 8x in 9 days."
    (finding,) = verify(made, story("s01", text=text))
    assert finding.expected == "a quantity of the text, which has 2x, 4x, 5x, 6x, 7x"
    (finding,) = verify(made, story("s01", text="It took 9 days."))
    assert finding.expected == "a quantity of the text"


def test_counts_up_to_three_in_words_are_warnings() -> None:
    """Four things are seldom counted by the way, and figures never."""
    text = "It reads docx and csv."
    assert [each[1:] for each in told("支持三种格式。", text)] == [("warning", "三")]
    assert [each[1:] for each in told("支持四种格式。", text)] == [("error", "四")]
    assert [each[1:] for each in told("支持3种格式。", text)] == [("error", "3")]


def test_a_term_is_an_error_or_a_warning() -> None:
    """What is wrong is an error, what this digest does not use a warning; spacing is none."""
    terms = [Term(term="KV cache", chinese="KV缓存", never=("KV快取",), avoid=("键值缓存",))]
    for word, severity in (("KV快取", "error"), ("KV 快取", "error"), ("键值缓存", "warning")):
        made = entry("s01", None).model_copy(
            update={"title": TITLE, "summary": f"{SUMMARY}使用{word}。"}
        )
        (finding,) = verify(made, story("s01", text="It has a KV cache."), terms=terms)
        assert (finding.check, finding.severity) == ("term", severity)
        assert finding.expected == "KV缓存 for 'KV cache'"


def test_a_finding_says_which_link_would_pass() -> None:
    """One of the story's, or none where it has none; the story's id is the entry's name."""
    (wrong,) = linked("https://example.org/b", "https://example.org/a")
    assert (wrong.entry, wrong.expected) == ("s01", "one of the story's links")
    (none,) = linked("https://example.org/b")
    assert none.expected == "no link: the story has none"


def test_a_link_that_somebody_took_off_is_not_missed() -> None:
    """One that nobody took off is."""
    told = story("s01", "https://example.org/a")
    plain = entry("s01", None).model_copy(update={"title": TITLE, "summary": SUMMARY})
    (missed,) = [one for one in verify(plain, told) if one.check == "link"]
    assert missed.found == "no link"
    by_hand = plain.model_copy(update={"edited": ("link",)})
    assert not [one for one in verify(by_hand, told) if one.check == "link"]


def test_a_link_about_something_else_may_be_left_out() -> None:
    """An entry without link passes where no link of the story is about it."""
    text = "The Harbour Router is out.\nTideMoE is a kernel (link)"
    source = story("s01", "https://example.org/tide", text=text)
    made = entry("s01", None).model_copy(
        update={"title": "Harbour Router公布新版本", "summary": SUMMARY}
    )
    assert verify(made, source) == ()
    other = made.model_copy(update={"title": "TideMoE公布新版本"})
    assert [finding.check for finding in verify(other, source)] == ["link"]


def test_the_second_entry_of_a_page_is_named_with_the_first() -> None:
    """Each of several; the first one stays without a finding, and so does the same entry again."""
    link = "https://x.com/a/status/1"
    entries = [entry(name, link) for name in ("s01", "s02", "s03", "s01")]
    found = repeated_entries(entries)
    assert [(each.entry, each.check, each.severity) for each in found] == [
        ("s02", "repeat", "error"),
        ("s03", "repeat", "error"),
    ]
    assert found[0].found == f"{link} stands under s01 too"
    assert found[0].expected == "an address that no other entry shows"


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


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        ("Acme ships…at speed", []),
        ("Acme ships ... at speed", []),
        ("Acme  ships\u00a0Turbo 2", []),
        ("“Acme ships” … 'at speed'", []),
        ("「Acme」…『Turbo 2』", []),
        ("acme ships", ["acme ships"]),
        ("Acme ships..at speed", ["Acme ships..at speed"]),
        ("Acme ships…fast…at speed", ["fast"]),
        ("x" * 90, ["x" * 80]),
        ("Acme ships <b>Turbo", ["Acme ships <b>Turbo"]),
    ],
)
def test_each_piece_of_a_quotation_is_looked_for(summary: str, found: list[str]) -> None:
    """What stands between ellipses is in the evidence, quotation marks around it apart."""
    source = story("s01", text="Acme ships\nTurbo 2. It parses at speed.")
    checked = verify(quoted("Acme", summary), source)
    assert [each.found for each in checked] == found
    assert {each.expected for each in checked} <= {"the words of the text, unchanged"}


def test_a_quotation_is_not_checked_as_a_translation() -> None:
    """Length, language, names and numbers are the text's own; the link is checked."""
    source = story("s01", "https://example.org/a", text="Acme ships 9 @parsers {x} ,,, fast")
    made = quoted("Acme", "9 @parsers {x} ,,, fast")
    (finding,) = verify(made, source)
    assert finding.check == "link"
    assert verify(made.model_copy(update={"link": "https://example.org/a"}), source) == ()


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
    started = time.process_time()
    for _ in range(20):
        assert verify(made, source) == ()
    assert time.process_time() - started < 1.5


# ---------------------------------------------------------------------------------- the registry


def test_names_of_checks_are_unique_and_labelled() -> None:
    """A finding names one check, and a reader finds words for it in both languages."""
    names = [check.name for check in CHECKS]
    assert len(names) == len(set(names))
    assert all(check.label_en.endswith(".") and check.label_zh for check in CHECKS)


def test_the_checks_say_which_stretches_they_compared() -> None:
    """Quantities and names come with their places in the evidence."""
    made = entry("s01", None).model_copy(
        update={"title": "Lumen发布", "summary": "支持4万上下文。", "evidence": "Lumen has 40k."}
    )
    spans = checked_spans(made)
    assert [(each.start, each.end, each.evidence) for each in spans["name"]] == [(0, 5, ((0, 5),))]
    assert [(each.start, each.end, each.evidence) for each in spans["number"]] == [
        (10, 12, ((10, 13),))
    ]
    assert spans["link"] == ()


def test_a_spelled_small_count_is_given_one_place() -> None:
    """Every `two` of the evidence would be too many."""
    made = entry("s01", None).model_copy(
        update={"title": "模式", "summary": "分为两种模式。", "evidence": "two modes, two sizes"}
    )
    (span,) = checked_spans(made)["number"]
    assert span.evidence == ((0, 3),)


def test_of_a_quotation_no_stretch_is_compared() -> None:
    """It is the evidence itself."""
    made = quoted("Lumen has 40k.", "Lumen").model_copy(update={"evidence": "Lumen has 40k."})
    assert not any(checked_spans(made).values())
