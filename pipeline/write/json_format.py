"""The format `json`: a digest with all that is known of it, for programs and for later runs."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from pipeline.errors import PageNotUnderstood
from pipeline.records import Digest
from pipeline.urls import is_web_url


def to_json(digest: Digest) -> str:
    """Turn a digest into JSON: fields in the records' order, free keys sorted, one final newline.

    Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark.
    """
    tree = digest.model_dump(mode="json")
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
        _drop_empty(provenance, "settings", "mentions")
        _drop_empty(coverage, "parts", "passed")
    text = json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "replace").decode("utf-8")


def from_json(text: str) -> Digest:
    """Read back what `to_json` wrote.

    Raises:
        PageNotUnderstood: naming the first place that is wrong, counted from 0: `news.3.title`.
    """
    try:
        digest = Digest.model_validate_json(text.removeprefix("\ufeff"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = " ".join(".".join(_field_names(first["loc"])).split()) or "the file"
        raise PageNotUnderstood(f"not the JSON of a digest: {place}: {first['msg']}") from error
    addresses = {"issue_url": digest.issue_url}
    for section, entries in (("news", digest.news), ("tools", digest.tools)):
        for number, entry in enumerate(entries):
            if entry.link is not None:
                addresses[f"{section}.{number}.link"] = entry.link
    for place, url in addresses.items():
        if not is_web_url(url):
            message = f"not the JSON of a digest: {place}: {url!r} is not an http or https address"
            raise PageNotUnderstood(message)
    return digest


def _field_names(place: tuple[int | str, ...]) -> Iterator[str]:
    """Give the steps to a place; a line of evidence, which is read by itself, lacks its field."""
    for before, step in zip((None, *place), place, strict=False):
        if isinstance(before, int) and isinstance(step, int):
            yield "evidence"
        yield str(step)


def _sort_keys(tree: dict[str, Any], *fields: str) -> None:
    for field in fields:
        tree[field] = dict(sorted(tree[field].items()))


def _drop_empty(tree: dict[str, Any], *fields: str) -> None:
    """Leave out empty fields, so that an older digest keeps its bytes."""
    for field in fields:
        if not tree[field]:
            del tree[field]
