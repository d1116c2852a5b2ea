"""Names that a small model would translate are marked, and nothing else is."""

import pytest

from pipeline.chinese import load_glossary
from pipeline.translate.name_marks import mark_names, with_right_terms, without_marks

ROWS = """
It works on Linear tickets. | It works on `Linear` tickets.
It brings Metal acceleration to vllm-metal. | It brings `Metal` acceleration to vllm-metal.
Claude Code Remote Control works on phones. | `Claude Code Remote Control` works on phones.
Black Forest Labs and Notion use it. | `Black Forest Labs` and `Notion` use it.
OpenAI drops SWE-bench Verified. | OpenAI drops SWE-bench `Verified`.
Claude 4.1 Opus leads Gemma 3, says Former. | `Claude 4.1 Opus` leads `Gemma 3`, says `Former`.
Former ASML engineers met Jim Fan. | Former ASML engineers met `Jim Fan`.
据称，Former ASML engineers left. | 据称，Former ASML engineers left.
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
