"""A name of the Chinese text is a name of the evidence, as a whole and in the same version."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline._names import squeeze, strangers
from pipeline.fetch import read_source
from pipeline.parse import parse

KNOWN = """
# case, width, hyphens, spaces, CamelCase
GPT-5.2发布 | OpenAI shipped GPT‑5.2 today
gpt 5.2 | GPT-5.2
ＧＰＴ－５.２ | GPT-5.2
GPT5.2 | GPT 5.2
Hugging Face | HuggingFace is the host
HuggingFace | on Hugging Face
vLLM Metal | vllm-metal is out
VLLM-metal | vLLM Metal
LlamaIndex | llama_index
LFM2-24B-A2B | LFM2‑24B‑A2B
Flash Attention 3 | FlashAttention-3 (Hopper)
FlashAttention 3 | FlashAttention 3
José | Jose said
# neighbours of a name
Qwen团队开源Qwen3.5 | Qwen3.5 was opened by the Qwen team
开源的Qwen3.5可用 | Qwen3.5
GPT-5.2-Codex | the GPT‑5.2‑Codex model
GPT-5.2 | GPT-5.2-Codex
Qwen3.5-35B | Qwen3.5-35B-A3B
Codex | GPT-5.2-Codex
# plural and possessive
H100 | eight H100s
LLMs | an LLM
Skills | a Skill
Acme's | Acme
Acme | Acme's model
# versions after a name
Gemma Scope 2 | Gemma Scope 2
Gemma Scope 2套件 | Gemma Scope 2
Gemini 3 Flash | Gemini 3 Flash
Claude Sonnet 4.5 | Sonnet 4.5
Claude Sonnet 4.5 | Claude 4.5 Sonnet
Sonnet 4.5 | Sonnet 4 and 4.5
GPT-5.3 | GPT-5.2 and 5.3
GPT-5.1 | GPT-5.2/5.1
Wan 2.2 | Wan v2.2
ERNIE 5.0预览版 | ERNIE-5.0-Preview-1103
Claude Opus 4.5 | Opus 4.5 of the Claude family
Mixtral 8x7B | Mixtral 8X7B
# a quantity is compared elsewhere
Qwen 3个版本 | Qwen has three versions
Acme 2025年营收 | Acme in 2025
Acme 40GB显存 | Acme needs 40GB
# what Chinese always says so
AI、API、LLM与GPU | a language model
X | a tweet on Twitter
RL后训练 | reinforcement learning
MoE架构 | a mixture-of-experts model
HF | on Hugging Face
Hugging Face | on HF
# handles and addresses name things too
Rohan Paul | @rohanpaul_ai posted
Alibaba的Qwen | @Alibaba_Qwen
# companies and people in Chinese
阿里巴巴发布 | @Alibaba_Qwen
阿里云 | Alibaba Cloud
谷歌发布 | Google/DeepMind
英伟达 | NVIDIA
吴恩达 | @AndrewYNg
"""

UNKNOWN = """
GPT-5 | GPT-5.2
GPT-5.2 | GPT-5
GPT-5.2 | GPT-5.1 and GPT-4.2
GPT-4 | GPT-4o
Qwen3 | Qwen3.5
Qwen3 | Qwen35
Son | for this reason
Mac | a machine
Face | surface
Claude Opus 4.5 | Claude Sonnet 4.5 and Opus 4
Claude 4.5 | Claude 4.6
Sonnet | Opus
Gemma Scope 3 | Gemma Scope 2, of 3 parts
Gemma 2 | T5Gemma 2
Gemini 2 Flash | Gemini 2.5 Flash
Gemini 3 Pro | Gemini 2.5 Pro
FlashAttention 2 | FlashAttention 3
ERNIE 4.0预览版 | ERNIE-5.0-Preview
Qwen3.5-35B-A8B | Qwen3.5-35B-A3B
LFLM2-24B | LFM2-24B
OpenAl | OpenAI
Mistal | Mistral
罗hanpaul_ai | @rohanpaul_ai
RL | a rail
MoE | a moat
微软发布 | Google ships it
阿里巴巴 | by Tencent
百度 | Google
杰夫·迪恩撰文 | Jeff Dean wrote it
"""


def _rows(table: str) -> list[tuple[str, str]]:
    lines = [line for line in table.strip().splitlines() if not line.startswith("# ")]
    return [(said, evidence) for said, _, evidence in (line.partition(" | ") for line in lines)]


@pytest.mark.parametrize(("said", "evidence"), _rows(KNOWN))
def test_known(said: str, evidence: str) -> None:
    """Every name is in the evidence, however the two write it."""
    assert [each.name for each in strangers(said, evidence)] == []


@pytest.mark.parametrize(("said", "evidence"), _rows(UNKNOWN))
def test_unknown(said: str, evidence: str) -> None:
    """A name that is only part of another one, or another version, is not in the evidence."""
    assert strangers(said, evidence)


def test_a_stranger_is_named_once_with_what_is_like_it() -> None:
    """A finding says which name of the evidence may have been meant."""
    (found,) = strangers("Mistal发布模型，Mistal称其领先。", "Mistral ships it.")
    assert (found.name, found.expected) == ("Mistal", "a name of the text, such as 'Mistral'")


def test_other_texts_name_things_too() -> None:
    """Anchors and addresses are given apart from the evidence, and run into nothing."""
    assert strangers("Acme的Turbo", "A parser.", also=["Acme", "turbo"]) == ()
    assert strangers("AcmeTurbo", "A parser.", also=["Acme", "turbo"])


_LETTERS = st.text("abcdefghiklmnopqrstuvwxyz", min_size=3, max_size=8)
_NUMBERS = st.integers(1, 99).map(str) | st.tuples(st.integers(1, 9), st.integers(1, 9)).map(
    lambda pair: f"{pair[0]}.{pair[1]}"
)


@given(_LETTERS, _NUMBERS, st.sampled_from(["-", " ", "", "‑"]), st.sampled_from(["-", " ", ""]))
def test_a_version_is_found_however_it_is_joined(
    word: str, number: str, there: str, here: str
) -> None:
    """Acme-2, Acme 2 and Acme2 are one name."""
    name = word.capitalize()
    assert strangers(f"{name}{here}{number}发布", f"We ship {name}{there}{number}, at last.") == ()


@given(_LETTERS, _NUMBERS, _NUMBERS)
def test_another_version_is_another_name(word: str, number: str, other: str) -> None:
    """No version passes for another, also where one starts with the other."""
    name = word.capitalize()
    found = strangers(f"{name}-{number}发布", f"We ship {name}-{other}, at last.")
    assert bool(found) == (number != other)


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    """Whatever a page or a model writes is looked up; a name squeezes to letters and digits."""
    strangers(text, text)
    assert all(char.isascii() and (char.isalnum() or char == ".") for char in squeeze(text))


def test_every_name_of_a_real_text_is_in_it(shared: Path) -> None:
    """A text names nothing that it does not have, in any case, with and without hyphens."""
    file = shared / "site" / "frozen-issues" / "25-12-22-not-much.html"
    with file.open("rb") as opened:
        issue = parse(read_source(str(file), opened))
    for mention in issue.mentions[::4]:
        text = mention.text[:4000]
        for said in (text, text.replace("-", " "), text.lower()):
            assert strangers(said, text) == ()


def test_a_name_may_begin_with_a_version() -> None:
    """V4-Flash is a name, although V4 alone is a version."""
    text = "DeepSeek V4-Flash-Vision-Exp adds images."
    assert strangers("DeepSeek V4-Flash-Vision-Exp发布", text) == ()
    for wrong in ("V4.8-Flash-Vision-Exp", "V4-Flsah-Vision-Exp", "V5-Flash-Vision-Exp"):
        (found,) = strangers(f"DeepSeek {wrong}发布", text)
        assert wrong in found.name
