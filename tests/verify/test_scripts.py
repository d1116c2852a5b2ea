"""Letters of an entry are Chinese, Latin, symbols, or what the evidence itself writes."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import entry, story
from outside import answers_from_outside
from pipeline.verify.registry import verify

SUMMARY = "该公司公布了新的推理芯片，并开放了编译器的源代码。工程师可以申请试用，价格和供货时间还没有公布。"


def found(text: str, evidence: str = "A text.", *, quoted: bool = False) -> list[str]:
    """Name what the check finds in a summary that has these words in it."""
    made = entry("s01", None).model_copy(
        update={
            "title": "公司公布新的芯片",
            "summary": f"{SUMMARY}又说{text}好。",
            "quoted": quoted,
        }
    )
    findings = verify(made, story("s01", text=evidence))
    assert all(each.severity == "error" for each in findings if each.check == "scripts")
    return [each.found for each in findings if each.check == "scripts"]


OTHER_SCRIPTS = {
    "Hangul": "코딩", "Hangul jamo": "ㄱㅏ", "narrow Hangul": "ﾡﾢ", "Cyrillic": "воспроизводить",
    "hiragana": "ひらがな", "katakana": "コーディング", "narrow katakana": "ｺｰﾄﾞ", "Arabic": "القرص",
    "Hebrew": "שלום", "Thai": "เก่ง", "Devanagari": "हिन्दी", "Bopomofo": "ㄅㄆㄇ", "Armenian": "բարև",
    "Greek": "λόγος", "Georgian": "გამარჯობა", "Cherokee": "ᏣᎳᎩ", "Tamil": "தமிழ்", "Yi": "ꆈꌠ",
    "Amharic": "አማርኛ", "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
}  # fmt: skip


@pytest.mark.parametrize("word", OTHER_SCRIPTS.values(), ids=OTHER_SCRIPTS)
def test_a_word_of_another_script_is_one_error(word: str) -> None:
    """The whole word is named, glued to Chinese or to Latin; with it in the evidence it may stay."""
    for text in (word, f"模型{word}任务", f" {word} "):
        assert found(text) == [unicodedata.normalize("NFC", word)]
        assert found(text, f"They call it {word} there.") == []
    assert found(word, "A text with a few latin words, 中文, and ツール.") != []


def test_a_part_of_what_the_evidence_writes_may_stay() -> None:
    """A Japanese company is named by the half of its name that the summary needs."""
    assert found("さくら", "さくらインターネット opened a data centre.") == []
    assert found("さくらんぼ", "さくらインターネット opened a data centre.") == ["さくらんぼ"]


@pytest.mark.parametrize(
    ("word", "lookalike"),
    [
        ("OpenАI", "А"),
        ("Сlaude", "С"),
        ("Qwеn", "е"),
        ("ΟpenAI", "Ο"),
        ("Anthrοpic", "ο"),
        ("Geminі", "і"),
        ("Ꮮlama", "Ꮮ"),
        ("Googlе", "е"),
        ("Dооr", "оо"),
    ],
)
def test_a_latin_word_with_a_letter_that_only_looks_latin_is_an_error(
    word: str, lookalike: str
) -> None:
    """Also where the evidence, which strangers wrote, has that word so; the code is named."""
    made = entry("s01", None).model_copy(
        update={"title": "公司公布新的芯片", "summary": f"{SUMMARY}由{word}发布。"}
    )
    for evidence in ("OpenAI, Claude and Qwen", f"{word} is out, {lookalike} too"):
        findings = verify(made, story("s01", text=evidence))
        (finding,) = [each for each in findings if each.check == "scripts"]
        assert finding.found == word
        assert f"U+{ord(lookalike[0]):04X}" in finding.expected
        assert finding.severity == "error"


def test_other_codes_of_chinese_characters_are_errors() -> None:
    """Radicals and compatibility ideographs; the ordinary character is named."""
    for wrong, right in (("⽂", "文"), ("⼈", "人"), ("⻔", ""), ("\uf90a", "金"), ("⺟", "母")):
        made = entry("s01", None).model_copy(
            update={"title": "公司公布新的芯片", "summary": f"{SUMMARY}其{wrong}本。"}
        )
        (finding,) = [
            each for each in verify(made, story("s01", text="x")) if each.check == "scripts"
        ]
        assert finding.found == f"{wrong} (U+{ord(wrong):04X})"
        assert right in finding.expected


@pytest.mark.parametrize("char", ["\ufffd", "\ue000", "\uf8ff", "\U000f0000"])
def test_what_cannot_be_read_is_an_error(char: str) -> None:
    """The replacement character and private use, whatever the evidence has."""
    for evidence in ("A text.", f"A {char} text."):
        assert found(f"质量{char}所", evidence) == [f"{char} (U+{ord(char):04X})"]


def test_latin_in_another_dress_has_to_be_in_the_evidence() -> None:
    """Wide and mathematical letters are folded first."""
    assert found("ＧＰＴ", "GPT is out.") == []
    assert found("𝗚𝗣𝗧", "𝗚𝗣𝗧 is out.") == []
    assert found("ＧＰＴ", "Claude is out.") == ["ＧＰＴ"]
    assert found("𝗚𝗣𝗧", "Claude is out.") == ["𝗚𝗣𝗧"]


@pytest.mark.parametrize(
    "text",
    [
        "延迟5 μs、3 µm、α与β、π0、λ演算、Δt、ΔΣ、θ、Ω、Ω、Å",
        "x²、H₂O、xⁿ、ℝ与ℓ2、∑、√、∞、≥、→、①、Ⅷ",
        "Salihefendić、José、Müller、Łukasz、Hawaiʻi、ﬁ",
        "人々、〇、㎡、℃、™、®、№",
        "𠮷野家、㐂",
        "表情👨\u200d👩、❤️、1️⃣、🇨🇳",
        "阿里·巴巴、史蒂夫・乔布斯",
        "“引号”——……《书》【注】「」『』￥€£",
        "vLLM、llama.cpp、C++、C#",
        "é与é",
    ],
)
def test_symbols_and_accents_stay(text: str) -> None:
    """Greek as symbols, letters of units and mathematics, accents, emoji, rare characters."""
    assert found(text) == []


def test_a_quotation_is_not_looked_through() -> None:
    """It is the evidence itself."""
    assert found("코딩", quoted=True) == []


def test_a_word_is_one_finding_however_often_it_stands() -> None:
    """Each word once, in the order of the text."""
    assert found("코딩与코딩、код") == ["코딩", "код"]


def test_the_cases_from_outside_are_all_found(shared: Path) -> None:
    """Each of these answers is an error, and no letter of theirs is left unnamed."""
    cases = answers_from_outside(shared, "26-01-31-scripts.md", "foreign-scripts.answers.json")
    for made, source in cases:
        findings = verify(made, source)
        assert {each.check for each in findings if each.severity == "error"} == {"scripts"}, (
            made.title
        )


_LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Lt"])


@given(_LETTERS)
def test_a_letter_that_the_evidence_has_is_found_only_if_it_is_no_letter_of_a_text(
    letter: str,
) -> None:
    """Whatever the letter; what the evidence has not is found unless it is Han, Latin or Greek."""
    name = unicodedata.name(letter, "")
    if letter.isascii() or name.startswith(("LATIN", "CJK UNIFIED")):
        assert found(letter) == []
    elif name.startswith(("CYRILLIC", "HANGUL", "HIRAGANA", "ARABIC", "THAI", "BOPOMOFO")):
        assert found(letter) != []


@given(st.text(max_size=60))
def test_any_text_is_looked_through(text: str) -> None:
    """Whatever a model writes; and nothing but what a text cannot have is found in itself."""
    found(text)
