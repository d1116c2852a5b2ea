"""The words of `data/plain_words.toml`: what a small model is helped with, one sentence at a time.

Hosted models never see them; the glossary of `prompts/` is for all.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@cache
def plain_chinese() -> Mapping[str, str]:
    """Give by English words in small letters the Chinese that is put in before a model is asked."""
    return MappingProxyType({words.casefold(): it for words, it in _table()["chinese"].items()})


@cache
def must_stay() -> tuple[str, ...]:
    """Give Chinese words of the table that an answer has to have where its question has them."""
    return tuple(_table()["must_stay"]["words"].split())


@cache
def products_of_plain_words() -> tuple[str, ...]:
    """Give names that look like any words where all have capitals, as in a headline."""
    return tuple(_table()["products"]["names"])


@cache
def kept_words() -> frozenset[str]:
    """Give the lower-case English words that a Chinese sentence may have."""
    return frozenset(_table()["kept"]["words"].split())


@cache
def _table() -> dict[str, Any]:
    file = resources.files("pipeline") / "data" / "plain_words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
