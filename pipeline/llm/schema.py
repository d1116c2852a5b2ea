"""JSON in and out: a schema as servers take it, and the object in whatever they answer.

Pure. It does not ask and does not retry; `llm.py` does.
"""

import json
import re
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

Mode = Literal["json_schema", "json_object", "text"]
"""How a server is made to answer in JSON, best first."""

_NOISE = {"title", "default", "examples", "discriminator", "uniqueItems"}
_LENGTHS = {"minLength", "maxLength"}
_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
_THOUGHT = re.compile(r"\A.*</think>|<think>.*\Z", re.DOTALL)
_MAX_STARTS = 200
_MAX_COMPLAINTS = 5


class NotAnAnswer(ValueError):
    """A text that does not hold the object that was asked for; says why in plain words."""


def wire_schema(schema: type[BaseModel], *, length_bounds: bool) -> dict[str, Any]:
    """Write a schema the way strict servers take it: closed objects, all fields required.

    Args:
        schema: what is asked for; no dict fields.
        length_bounds: keep `minLength` and `maxLength`, which strict mode rejects and a grammar
            enforces.

    Returns:
        JSON Schema, `$defs` kept.
    """
    noise = _NOISE if length_bounds else _NOISE | _LENGTHS
    return _plain(_described(schema), noise)


@cache
def _described(schema: type[BaseModel]) -> dict[str, Any]:
    return schema.model_json_schema()


def response_format(
    schema: type[BaseModel], mode: Mode, *, length_bounds: bool
) -> dict[str, Any] | None:
    """Write the request's `response_format`; None where the mode has none."""
    if mode == "text":
        return None
    if mode == "json_object":
        return {"type": "json_object"}
    described = {
        "name": re.sub(r"[^A-Za-z0-9]+", "_", schema.__name__).strip("_")[:64],
        "strict": True,
        "schema": wire_schema(schema, length_bounds=length_bounds),
    }
    return {"type": "json_schema", "json_schema": described}


def extract(text: str, schema: type[BaseModel]) -> str:
    """Find the first JSON object in a text that fits the schema.

    It may be wrapped in prose or code fences, and come after a `<think>` block, in which nothing is
    looked for. An object inside a complete object that does not fit is never taken for it.

    Returns:
        The object as JSON text, ASCII only.

    Raises:
        NotAnAnswer: there is none; says what is wrong with the first object, if there was one.
    """
    complaint: str | None = None
    spoken = text if text.lstrip().startswith("{") else _THOUGHT.sub("", text)
    for found in _objects(spoken):
        try:
            schema.model_validate_json(found)
        except ValidationError as error:
            complaint = complaint or _plain_words(error)
        else:
            return found
    raise NotAnAnswer(complaint or "the answer holds no complete JSON object")


def _plain(node: dict[str, Any], noise: set[str]) -> dict[str, Any]:
    if "$ref" in node:
        # Strict servers take a reference only where nothing stands beside it.
        node = {key: node[key] for key in ("$ref", "$defs") if key in node}
    plain: dict[str, Any] = {}
    for key, value in node.items():
        if key in {"properties", "$defs"}:
            plain[key] = {name: _plain(part, noise) for name, part in value.items()}
        elif key in {"oneOf", "anyOf", "allOf", "prefixItems"}:
            plain["anyOf" if key == "oneOf" else key] = [_plain(part, noise) for part in value]
        elif key == "items":
            plain[key] = _plain(value, noise) if isinstance(value, dict) else value
        elif key not in noise and not (key == "format" and value not in _FORMATS):
            plain[key] = value
    if "properties" in plain:
        plain["required"] = list(plain["properties"])
        plain["additionalProperties"] = False
    return plain


def _objects(text: str) -> list[str]:
    """Read the outermost JSON objects of a text, in order, each written anew."""
    decoder = json.JSONDecoder(strict=False)
    found: list[str] = []
    start = text.find("{")
    for _ in range(_MAX_STARTS):
        if start < 0:
            break
        try:
            value, end = decoder.raw_decode(text, start)
            found.append(json.dumps(value))
        except (ValueError, RecursionError):
            end = start + 1
        start = text.find("{", end)
    return found


def _plain_words(error: ValidationError) -> str:
    complaints = []
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(part) for part in one["loc"]) or "the object"
        said = one["msg"].removeprefix("Value error, ")
        complaints.append(" ".join(f"{place}: {said}".split()))
    more = len(complaints) - _MAX_COMPLAINTS
    text = "; ".join(complaints[:_MAX_COMPLAINTS])
    return f"{text}; and {more} more" if more > 0 else text
