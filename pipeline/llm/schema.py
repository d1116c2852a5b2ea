"""JSON in and out: a schema as servers take it, and the object in whatever they answer.

Pure. It does not ask and does not retry; `model.py` does.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.llm.capabilities import (
    DROPPED_SCHEMA_KEYS,
    LENGTH_SCHEMA_KEYS,
    STRICT_FORMATS,
    FormatMode,
)
from pipeline.llm.json_text import read_objects
from pipeline.llm.slips import mend_slips, plain_names

_MAX_ERRORS = 5
_MAX_WRAPPINGS = 3
# Names under which an answer stands beside others; alone it may stand under any but a few.
_WRAPPERS = frozenset(
    {"answer", "arguments", "content", "data", "final", "final_answer", "input", "json", "object"}
    | {"output", "parameters", "payload", "response", "result", "results", "value"}
)
_NO_WRAPPERS = frozenset({"draft", "example", "examples", "schema", "template"})


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
    """Find the last JSON object in a text that fits the schema.

    It may be wrapped in prose, code fences or another object that has nothing else, and come after
    thoughts, in which nothing is looked for. An object inside a complete object that does not fit
    is never taken for it otherwise.

    Returns:
        The object as JSON text, ASCII only.

    Where none fits, one that has slips which leave no doubt is taken, see `slips.py`.

    Raises:
        SchemaMismatch: there is none; says what is wrong with the first object, if there was one.
    """
    read = read_objects(text)
    for value in (*reversed(read.objects), *reversed(read.mended)):
        for candidate in (value, *_unwrapped(value)):
            with suppress(ValidationError):
                return _fitting(candidate, schema)
    for value in (*reversed(read.objects), *reversed(read.mended)):
        for candidate in (value, *_unwrapped(value)):
            with suppress(ValidationError):
                return _fitting_mended(candidate, schema)
    for first in (*read.objects, *read.mended)[:1]:
        try:
            _fitting(first, schema)
        except ValidationError as error:
            raise SchemaMismatch(_describe_errors(error)) from error
    raise SchemaMismatch("the answer holds no complete JSON object")


def wrap_text(text: str, schema: type[BaseModel]) -> str:
    """Make a text that is no JSON the one field of a schema; without thoughts and fences.

    Returns:
        The object as JSON text, ASCII only; the answer's own where it holds one that fits.

    Raises:
        SchemaMismatch: the text does not fit the field.
    """
    with suppress(SchemaMismatch):
        return extract_object(text, schema)
    (name,) = schema.model_fields
    try:
        return _fitting({name: read_objects(text).words.strip("`~ \n")}, schema)
    except ValidationError as error:
        raise SchemaMismatch(_describe_errors(error)) from error


def _fitting(value: object, schema: type[BaseModel]) -> str:
    text = json.dumps(value)
    schema.model_validate_json(text)
    return text


def _fitting_mended(value: object, schema: type[BaseModel]) -> str:
    plain = plain_names(value)
    try:
        return _fitting(plain, schema)
    except ValidationError as error:
        return _fitting(mend_slips(plain, error.errors(include_url=False)), schema)


def _unwrapped(value: dict[str, Any], depth: int = 0) -> Iterator[object]:
    """Give what an object holds that is nothing but its wrapping."""
    for name, inner in value.items():
        if depth >= _MAX_WRAPPINGS or not (len(value) == 1 or name.lower() in _WRAPPERS):
            continue
        if name.lower() in _NO_WRAPPERS:
            continue
        if isinstance(inner, list) and len(inner) == 1:
            inner = inner[0]  # noqa: PLW2901 - the one that is wrapped
        inners = [inner] if isinstance(inner, dict) else []
        if isinstance(inner, str) and "{" in inner:
            inners = list(read_objects(inner).objects[-1:])
        for one in inners:
            yield one
            yield from _unwrapped(one, depth + 1)


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


def _describe_errors(error: ValidationError) -> str:
    complaints = []
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(part) for part in one["loc"]) or "the object"
        said = one["msg"].removeprefix("Value error, ")
        complaints.append(" ".join(f"{place}: {said}".split()))
    more = len(complaints) - _MAX_ERRORS
    text = "; ".join(complaints[:_MAX_ERRORS])
    return f"{text}; and {more} more" if more > 0 else text
