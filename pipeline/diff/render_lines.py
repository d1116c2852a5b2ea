"""A digest's JSON -> lines that a plain `git diff` can compare: git's textconv.

Nothing but the standard library, as git starts this twice for each file; and nothing is refused, as
git would end there: what is no digest of ours stays as it is. One sentence stands on a line, and an
entry without its number, so that one that comes in changes nothing but itself.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.diff.unseen import visible

_SENTENCE = re.compile(r"(?<=[。！？；])(?=.)")
_HASH = re.compile(r"[0-9a-f]{64}")
_SHORT = 12


def lines(data: bytes) -> bytes:
    """Give a digest as lines; what cannot be read as one comes back as it is."""
    try:
        tree = json.loads(data)
        return "".join(f"{line}\n" for line in _digest(tree)).encode("utf-8", "backslashreplace")
    # Whatever a damaged file holds where a record should be, and brackets by the thousand.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return data


def _digest(tree: Mapping[str, Any]) -> Iterator[str]:
    yield f"AINews {_one(tree['date'])}"
    yield f"issue: {_one(tree['issue_url'])}"
    for half in ("news", "tools"):
        for entry in tree[half]:
            yield ""
            yield from _entry(half, entry)
    for name in ("findings", "edits", "drops"):
        held = tree.get(name) or ()
        yield from [""] * bool(held)
        yield from (f"{name}: {_facts(each)}" for each in held)
    if tree.get("provenance"):
        yield from ("", *_provenance(tree["provenance"]))
    known = {"date", "issue_url", "news", "tools", "findings", "edits", "drops", "provenance"}
    yield from (f"{name}: {_one(value)}" for name, value in tree.items() if name not in known)


def _entry(half: str, entry: Mapping[str, Any]) -> Iterator[str]:
    yield f"{half}: {_one(entry['title'])}"
    yield from (f"    {part}" for part in _SENTENCE.split(_one(entry["summary"])))
    yield f"    link: {_one(entry['link'])}"
    words = entry.get("evidence") or ""
    if words:
        yield f"    evidence: {len(words):,} characters, {_digits(words)}"
    if entry.get("links"):
        yield f"    links: {len(entry['links'])}, {_digits(json.dumps(entry['links']))}"
    known = {"kind", "title", "summary", "link", "evidence", "links"}
    rest = {name: value for name, value in entry.items() if name not in known and value}
    yield from (f"    {name}: {_one(value)}" for name, value in rest.items())


def _provenance(known: Mapping[str, Any]) -> Iterator[str]:
    for name, value in known.items():
        if name in {"prompts", "settings"}:
            yield from (f"{name}: {each} {_one(held)}" for each, held in value.items())
        elif name == "mentions":
            yield f"mentions: {len(value.split())}, {_digits(value)}"
        elif name == "coverage":
            yield from _coverage(value)
        else:
            yield f"{name}: {_one(value)}"


def _coverage(known: Mapping[str, Any]) -> Iterator[str]:
    for name, value in known.items():
        if name == "passed":
            for each in value:
                yield f"passed: {_one(each['story'])} {_one(each['words'])}: {_one(each['reason'])}"
        elif isinstance(value, dict):
            yield from (f"{name}: {part} {_facts(held)}" for part, held in value.items())
        else:
            yield f"{name}: {_one(value)}"


def _facts(value: object) -> str:
    if not isinstance(value, dict):
        return _one(value)
    return ", ".join(f"{name} {_one(held)}" for name, held in value.items() if held is not None)


def _one(value: object) -> str:
    """Give a value on one line; a long hash by its first digits."""
    if isinstance(value, str):
        short = value[:_SHORT] if _HASH.fullmatch(value) else value
        return visible(" ".join(short.split()))
    return visible(json.dumps(value, ensure_ascii=False))


def _digits(text: str) -> str:
    """Name a long text by its hash, so that a change of it is a change of the line."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_SHORT]
