"""JSON in and out: a schema as servers take it, and the object in whatever they answer.

Pure. It does not ask and does not retry; `model.py` does.
"""

import json
import re
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.llm.capabilities import (
    DROPPED_SCHEMA_KEYS,
    LENGTH_SCHEMA_KEYS,
    STRICT_FORMATS,
    FormatMode,
    without_thinking,
)

_MAX_CANDIDATES = 200
_MAX_ERRORS = 5


class SchemaMismatch(ValueError):
    """A text that does not hold the object that was asked for; says why in plain words."""


def strict_schema(schema: type[BaseModel], *, length_bounds: bool) -> dict[str, Any]:
    """Write a schema the way strict servers take it: closed objects, all fields required.

    Args:
        schema: what is asked for; no dict fields.
        length_bounds: keep `minLength` and `maxLength`, which strict mode rejects and a grammar
            enforces.

    Returns:
        JSON Schema, `$defs` kept.
    """
    dropped = DROPPED_SCHEMA_KEYS if length_bounds else DROPPED_SCHEMA_KEYS | LENGTH_SCHEMA_KEYS
    return _to_strict(_json_schema(schema), dropped)


@cache
def _json_schema(schema: type[BaseModel]) -> dict[str, Any]:
    return schema.model_json_schema()


def response_format(
    schema: type[BaseModel], mode: FormatMode, *, length_bounds: bool
) -> dict[str, Any] | None:
    """Write the request's `response_format`; None where the mode has none."""
    if mode == "text":
        return None
    if mode == "json_object":
        return {"type": "json_object"}
    described = {
        "name": re.sub(r"[^A-Za-z0-9]+", "_", schema.__name__).strip("_")[:64],
        "strict": True,
        "schema": strict_schema(schema, length_bounds=length_bounds),
    }
    return {"type": "json_schema", "json_schema": described}


def extract_object(text: str, schema: type[BaseModel]) -> str:
    """Find the first JSON object in a text that fits the schema.

    It may be wrapped in prose or code fences, and come after a `<think>` block, in which nothing is
    looked for. An object inside a complete object that does not fit is never taken for it.

    Returns:
        The object as JSON text, ASCII only.

    Raises:
        SchemaMismatch: there is none; says what is wrong with the first object, if there was one.
    """
    complaint: str | None = None
    for found in _find_objects(without_thinking(text)):
        try:
            schema.model_validate_json(found)
        except ValidationError as error:
            complaint = complaint or _describe_errors(error)
        else:
            return found
    raise SchemaMismatch(complaint or "the answer holds no complete JSON object")


def _to_strict(node: dict[str, Any], dropped_keys: frozenset[str]) -> dict[str, Any]:
    if "$ref" in node:
        # Strict servers take a reference only where nothing stands beside it.
        node = {key: node[key] for key in ("$ref", "$defs") if key in node}
    plain = {
        "anyOf" if key == "oneOf" else key: _strict_value(key, value, dropped_keys)
        for key, value in node.items()
        if key not in dropped_keys and not (key == "format" and value not in STRICT_FORMATS)
    }
    if "properties" in plain:
        plain |= {"required": list(plain["properties"]), "additionalProperties": False}
    return plain


def _strict_value(key: str, value: Any, dropped_keys: frozenset[str]) -> Any:  # noqa: ANN401 - JSON Schema
    """Rewrite what a keyword holds: schemas by name, a list of schemas, or one."""
    if key in {"properties", "$defs"}:
        return {name: _to_strict(part, dropped_keys) for name, part in value.items()}
    if key in {"oneOf", "anyOf", "allOf", "prefixItems"}:
        return [_to_strict(part, dropped_keys) for part in value]
    if key == "items" and isinstance(value, dict):
        return _to_strict(value, dropped_keys)
    return value


def _find_objects(text: str) -> list[str]:
    """Read the outermost JSON objects of a text, in order, each serialized again."""
    decoder = json.JSONDecoder(strict=False)
    found: list[str] = []
    start = text.find("{")
    for _ in range(_MAX_CANDIDATES):
        if start < 0:
            break
        try:
            value, end = decoder.raw_decode(text, start)
            found.append(json.dumps(value))
        except (ValueError, RecursionError):
            end = start + 1
        start = text.find("{", end)
    return found


def _describe_errors(error: ValidationError) -> str:
    complaints = []
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(part) for part in one["loc"]) or "the object"
        said = one["msg"].removeprefix("Value error, ")
        complaints.append(" ".join(f"{place}: {said}".split()))
    more = len(complaints) - _MAX_ERRORS
    text = "; ".join(complaints[:_MAX_ERRORS])
    return f"{text}; and {more} more" if more > 0 else text
