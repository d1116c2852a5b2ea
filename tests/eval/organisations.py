"""Organisations that the newsletter speaks of, for exchanging one for another."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Organisation(NamedTuple):
    """One organisation, by its names in both languages."""

    english: str
    chinese: str
    """What it is called in a Chinese sentence."""


ORGANISATIONS = tuple(
    Organisation(*(name.strip() for name in line.split("|")))
    for line in """
    Alibaba | 阿里巴巴
    Amazon | 亚马逊
    AMD | AMD
    Anthropic | Anthropic
    Apple | 苹果
    Baidu | 百度
    ByteDance | 字节跳动
    Cerebras | Cerebras
    Chroma | Chroma
    Cohere | Cohere
    Cursor | Cursor
    Databricks | Databricks
    DeepSeek | DeepSeek
    Disney | 迪士尼
    GitHub | GitHub
    Google | 谷歌
    Groq | Groq
    Hugging Face | Hugging Face
    IBM | IBM
    Intel | 英特尔
    LangChain | LangChain
    Meta | Meta
    Microsoft | 微软
    MiniMax | MiniMax
    Mistral | Mistral
    Moonshot | 月之暗面
    NVIDIA | 英伟达
    Ollama | Ollama
    OpenAI | OpenAI
    OpenRouter | OpenRouter
    Perplexity | Perplexity
    Qualcomm | 高通
    Replicate | Replicate
    Runway | Runway
    Tencent | 腾讯
    Tesla | 特斯拉
    Together AI | Together AI
    Unsloth | Unsloth
    xAI | xAI
    Xiaomi | 小米
    Zhipu | 智谱
    """.strip().splitlines()
)
"""Each with a name of its own that is no word of a product or of the language."""

_BY_NAME = {name: one for one in ORGANISATIONS for name in one}
# Alone, not as a part of a product's name: Google Cloud, OpenAI Pro, Meta-Llama.
_NAME = re.compile(
    rf"(?<![A-Za-z0-9_@./-])(?:{'|'.join(map(re.escape, sorted(_BY_NAME, key=len, reverse=True)))})"
    r"(?![A-Za-z0-9_./-])(?!(?<=[A-Za-z]) [A-Z0-9])"
)


def find_organisations(text: str) -> Iterator[tuple[Organisation, int, int]]:
    """Find the organisations that a text names, with start and end of each name."""
    for found in _NAME.finditer(text):
        yield _BY_NAME[found.group()], found.start(), found.end()
