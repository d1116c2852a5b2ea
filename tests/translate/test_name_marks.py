"""Names that a small model would translate are marked, and nothing else is."""

import pytest

from pipeline.chinese import load_glossary
from pipeline.translate.name_marks import (
    mark_names,
    torn_names,
    with_names_back,
    with_own_spelling,
    with_right_terms,
    with_stand_ins,
    with_whole_names,
    without_marks,
)

ROWS = """
It works on Linear tickets. | It works on `Linear` tickets.
It brings Metal acceleration to vllm-metal. | It brings `Metal` acceleration to vllm-metal.
Claude Code Remote Control works on phones. | `Claude Code Remote Control` works on phones.
Black Forest Labs and Notion use it. | `Black Forest Labs` and `Notion` use it.
OpenAI drops SWE-bench Verified. | OpenAI drops SWE-bench `Verified`.
Claude 4.1 Opus leads Gemma 3, says Former. | `Claude 4.1 Opus` leads `Gemma 3`, says `Former`.
Former ASML engineers met Jim Fan. | Former ASML engineers met `Jim Fan`.
据称，Former ASML engineers left. | 据称，Former ASML engineers left.
Cognition launched Orca 2. | `Cognition` launched `Orca 2`.
# what is no company
Cognition is hard. Research launches nothing. | Cognition is hard. Research launches nothing.
# no ordinary words
GPT-5.2 and vLLM run FlashAttention on an H100. | GPT-5.2 and vLLM run FlashAttention on an H100.
# Chinese has its own name
Google and NVIDIA opened labs in China and Denver. | Google and NVIDIA opened labs in China and Denver.
# the first word has a capital anyway
Agents work. They call tools. | Agents work. They call tools.
The CEO of an AI company spoke. | The CEO of an AI company spoke.
"""


@pytest.mark.parametrize(
    ("english", "marked"),
    [row.split(" | ") for row in ROWS.strip().splitlines() if not row.startswith("#")],
)
def test_names_of_ordinary_words_are_marked(english: str, marked: str) -> None:
    """A name that may be read as words stands between marks, which come out again."""
    assert mark_names(english, load_glossary()) == marked
    assert without_marks(marked) == english


def test_terms_are_put_right_in_an_answer() -> None:
    """A term that the model renders otherwise becomes that of the glossary, where its English is."""
    terms = load_glossary()
    assert with_right_terms("每秒写100个令牌。", "It writes 100 tokens a second.", terms) == (
        "每秒写100个token。"
    )
    assert (
        with_right_terms("访问令牌被盗。", "An access token was stolen.", terms) == "访问令牌被盗。"
    )


@pytest.mark.parametrize(
    ("marked", "lost", "asked"),
    [
        ("`Jeff Dean` met `Sanjay Ghemawat`.", ["Jeff"], "`JD1` met `SG2`."),
        ("`Theo` said that `Fable` won.", ["Fable"], "`Theo` said that `FB1` won."),
        ("It runs on Hopper chips.", ["Hopper"], "It runs on `HP1` chips."),
        ("`Jeff Dean` and `Jeff Dean` again.", ["Dean"], "`JD1` and `JD1` again."),
        # What stands between two names is no name.
        (
            "`Theo` said it was “slaughtering” `Sol`.",
            [],
            "`Theo` said it was “slaughtering” `Sol`.",
        ),
        ("`Gemma 3` met `Claude Code`.", [], "`Gemma 3` met `CC1`."),
    ],
)
def test_lost_names_are_asked_for_by_stand_ins(marked: str, lost: list[str], asked: str) -> None:
    """A name is one short word that nobody translates, and comes back as it was."""
    text, names = with_stand_ins(marked, lost)
    assert text == asked
    assert without_marks(with_names_back(text, names)) == without_marks(marked)


@pytest.mark.parametrize(
    ("english", "answer", "spelled"),
    [
        ("Runway unveiled GWM Worlds.", "runway发布了GWM Worlds。", "Runway发布了GWM Worlds。"),
        ("Jeff Dean wrote it.", "JeffDean写了它。", "Jeff Dean写了它。"),
        ("Hugging Face hosts it.", "HuggingFace托管它。", "Hugging Face托管它。"),
        ("vLLM runs LLMs on H100s.", "VLLM在H100s上运行LLMs。", "vLLM在H100上运行LLM。"),
        # Two spellings of the English, and words that are none of its names.
        ("Ox-Alpha beats ox-alpha.", "OX-ALPHA胜出。", "OX-ALPHA胜出。"),
        ("It reads JavaScript.", "它读取JavaScript的token。", "它读取JavaScript的token。"),
    ],
)
def test_names_are_spelled_as_in_the_english(english: str, answer: str, spelled: str) -> None:
    """A capital that was lost comes back, names run together come apart, and no plural is left."""
    assert with_own_spelling(answer, english) == spelled


def test_a_name_that_is_all_that_is_quoted_is_marked_whole() -> None:
    """Its first word has its capital for the name, not for the beginning of a sentence."""
    assert mark_names("They license the “Model Factory” now.") == (
        "They license the “`Model Factory`” now."
    )


def test_a_name_is_told_whole_or_not_at_all() -> None:
    """East 中国 Normal University is neither the one nor the other."""
    english = "East China Normal University asks for papers that a model wrote."
    assert torn_names("East 中国 Normal University 要求论文", english)
    assert not torn_names("华东师范大学要求论文", english)
    assert not torn_names("East China Normal University 要求论文", english)


def test_half_a_name_is_not_translated() -> None:
    """谷歌 DeepMind is Google DeepMind; 谷歌 alone may stand."""
    english = "Google DeepMind released Orca 2 with Google."
    whole = with_whole_names("谷歌 DeepMind 与谷歌发布了 Orca 2", english, load_glossary())
    assert whole == "Google DeepMind 与谷歌发布了 Orca 2"


def test_a_company_is_no_measure() -> None:
    """The capital tells them apart; where the measure is meant, too, nothing is done."""
    terms = load_glossary()
    english = "Perplexity is now an option in Firefox."
    assert with_right_terms("困惑度现在是 Firefox 的选项", english, terms).startswith("Perplexity")
    english = "Perplexity lowers the perplexity of its model."
    assert "困惑度" in with_right_terms("它降低困惑度", english, terms)
