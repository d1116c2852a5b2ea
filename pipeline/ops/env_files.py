"""`.env.example` and the `.env` that `init` writes, made from the settings themselves: pure."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from itertools import pairwise
from typing import Final, cast

from pydantic_core import PydanticUndefined

from pipeline.settings import Settings

_HEAD: Final = """\
Settings of ainews-digest. Take the # away from a line to set it; what stays away keeps its default.
Whoever can read this file can spend your money: keep its mode 600, and out of git.
"""


def env_text(given: Mapping[str, str] | None = None) -> str:
    """Write a commented `.env` with every setting.

    Args:
        given: values by the name of the variable; all others stand there as comments.
    """
    values = given or {}
    words = _descriptions()
    parts = [_comment(_HEAD) + "\n"]
    for field in _in_order():
        name = variable(field)
        line = f"# {name}={_default(field)}"
        if name in values:
            line = f"{name}={quote_value(values[name])}"
        parts.append(f"{_comment(words[field])}\n{line}\n")
    return "\n".join(parts)


def variable(field: str) -> str:
    """Name the variable of a setting."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias or f"AINEWS_{field.upper()}")


def quote_value(value: str) -> str:
    """Write a value so that `.env` gives it back, and a shell too."""
    plain = value.isascii() and all(c.isalnum() or c in "-_./:@%+,=" for c in value)
    if plain and value:
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _in_order() -> list[str]:
    """List the fields: the model first, which everybody sets."""
    first = ("openai_api_key", "openai_base_url", "model", "notify_urls", "allow_embedded")
    return [*first, *(name for name in Settings.model_fields if name not in first)]


def _descriptions() -> dict[str, str]:
    """Read what the settings' source says of each field."""
    tree = cast("ast.ClassDef", ast.parse(inspect.getsource(Settings)).body[0])
    return {
        field.target.id: inspect.cleandoc(words.value.value)
        for field, words in pairwise(tree.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(words, ast.Expr)
        and isinstance(words.value, ast.Constant)
        and isinstance(words.value.value, str)
    }


def _default(field: str) -> str:
    value = Settings.model_fields[field].default
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in textwrap.wrap(" ".join(text.split()), 98))
