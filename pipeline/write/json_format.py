"""The format `json`: a digest with all that is known of it, for programs and for later runs.

The file begins with `$schema` and `format_version`. The version goes up with every field or value
that the reader before it does not know; every earlier one is read.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from pydantic import Field, ValidationError

from pipeline.chinese import shorten
from pipeline.errors import NewerFormat, PageNotUnderstood
from pipeline.records import Digest
from pipeline.urls import is_web_url
from pipeline.write.damage import unparsed_words

FORMAT_VERSION: Final = 2
"""What is written. 1 is all that came before it, and has neither of the two fields."""
_MAX_NAME_CHARS: Final = 80
DIGEST_SCHEMA_ID: Final = f"urn:ainews-digest:schema:digest:{FORMAT_VERSION}"


class DigestFile(Digest):
    """The JSON file of a digest."""

    schema_id: str = Field(default="", alias="$schema")
    """Name of the JSON Schema that the file follows: `ainews-digest schema digest` prints it."""
    format_version: int = Field(default=1, strict=True, ge=1, le=FORMAT_VERSION)
    """Version of the form; a file without one is of version 1."""


def to_json(digest: Digest) -> str:
    """Turn a digest into JSON: fields in the records' order, free keys sorted, one final newline.

    Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark.
    """
    first = {"$schema": DIGEST_SCHEMA_ID, "format_version": FORMAT_VERSION}
    tree = {**first, **digest.model_dump(mode="json")}
    tree["edits"] = [edit.model_dump(mode="json", exclude_defaults=True) for edit in digest.edits]
    _drop_empty(tree, "edits", "translated_by")
    for entry, record in zip((*tree["news"], *tree["tools"]), digest.entries, strict=True):
        _drop_empty(entry, "edited", "parts", "sentences")
        if lines := record.evidence_lines:
            entry["evidence"] = [line.model_dump(mode="json") for line in lines]
        del entry["mentions"]
    if digest.provenance:
        provenance, coverage = tree["provenance"], tree["provenance"]["coverage"]
        _sort_keys(provenance, "prompts", "settings")
        _sort_keys(coverage, "mentions", "parts")
        for name in ("memory", "profile"):
            if provenance[name] is None:
                del provenance[name]
        _drop_empty(provenance, "settings", "mentions", "made_from")
        _drop_empty(coverage, "parts", "passed")
    text = json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "replace").decode("utf-8")


def from_json(text: str) -> Digest:
    """Read back what `to_json` wrote.

    Raises:
        NewerFormat: a later version of this program wrote it.
        PageNotUnderstood: naming the first place that is wrong, counted from 0: `news.3.title`.
    """
    try:
        file = DigestFile.model_validate_json(text.removeprefix("\ufeff"))
    except ValidationError as error:
        _refuse_newer(text)
        first = error.errors(include_url=False, include_input=False)[0]
        if words := unparsed_words(text.removeprefix("\ufeff")):
            raise PageNotUnderstood(words) from error
        place = " ".join(".".join(_field_names(first["loc"])).split()) or "the file"
        raise PageNotUnderstood(f"not the JSON of a digest: {place}: {first['msg']}") from error
    digest = Digest.model_construct(**{name: getattr(file, name) for name in Digest.model_fields})
    for place, url in _addresses(digest):
        if not is_web_url(url):
            shown = shorten(url, _MAX_NAME_CHARS)
            message = f"not the JSON of a digest: {place}: {shown!r} is no http or https address"
            raise PageNotUnderstood(message)
    return digest


def _addresses(digest: Digest) -> Iterator[tuple[str, str]]:
    """Give the addresses that a reader can follow, each with its place."""
    yield "issue_url", digest.issue_url
    for section, entries in digest.halves:
        for number, entry in enumerate(entries):
            if entry.link is not None:
                yield f"{section}.{number}.link", entry.link


def _refuse_newer(text: str) -> None:
    """Say that a file is of a later version, whatever else in it cannot be read."""
    try:
        version = json.loads(text.removeprefix("\ufeff"))["format_version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    if type(version) is int and version > FORMAT_VERSION:
        raise NewerFormat(
            f"a later version of ainews-digest wrote it (format {version}, this one reads up to "
            f"{FORMAT_VERSION}): update this program"
        )


def _field_names(place: tuple[int | str, ...]) -> Iterator[str]:
    """Give the steps to a place; a line of evidence, which is read by itself, lacks its field."""
    for before, step in zip((None, *place), place, strict=False):
        if isinstance(before, int) and isinstance(step, int):
            yield "evidence"
        yield shorten(str(step), _MAX_NAME_CHARS)


def _sort_keys(tree: dict[str, Any], *fields: str) -> None:
    for field in fields:
        tree[field] = dict(sorted(tree[field].items()))


def _drop_empty(tree: dict[str, Any], *fields: str) -> None:
    """Leave out empty fields, so that an older digest keeps its bytes."""
    for field in fields:
        if not tree[field]:
            del tree[field]
