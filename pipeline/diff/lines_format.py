"""A digest's JSON -> lines that a plain `git diff` can compare: git's textconv.

Nothing but the standard library, as git starts this twice for each file; and nothing is refused, as
git would end there: what is no digest of ours stays as it is. One sentence stands on a line, and an
entry without its number, so that one that comes in changes nothing but itself.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.records import HALVES, join_lines

_SENTENCE = re.compile(r"(?<=[。！？；])(?=.)")
_HASH = re.compile(r"[0-9a-f]{64}")
_HASH_CHARS = 12
# A terminal obeys some of them; one may be the change, and one could hide a change.
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def render_lines(data: bytes) -> bytes:
    """Give a digest as lines; what cannot be read as one comes back as it is."""
    try:
        tree = json.loads(data)
        return "".join(f"{line}\n" for line in _digest_lines(tree)).encode(
            "utf-8", "backslashreplace"
        )
    # Whatever a damaged file holds where a record should be, and brackets by the thousand.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return data


def escape_invisible(text: str, *, changed: bool = False) -> str:
    """Name every character that cannot be seen, `<U+202E>`; in changed text odd spaces, too."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"<U+{ord(c):04X}>" if _is_invisible(c, changed) else c for c in text)


def _digest_lines(tree: Mapping[str, Any]) -> Iterator[str]:
    yield f"AINews {_one_value(tree['date'])}"
    yield f"issue: {_one_value(tree['issue_url'])}"
    for half in HALVES.values():
        for entry in tree[half]:
            yield ""
            yield from _entry_lines(half, entry)
    for name in ("findings", "edits", "drops"):
        held = tree.get(name) or ()
        yield from [""] * bool(held)
        yield from (f"{name}: {_fields_line(item)}" for item in held)
    if tree.get("provenance"):
        yield from ("", *_provenance_lines(tree["provenance"]))
    known = {"date", "issue_url", "news", "tools", "findings", "edits", "drops", "provenance"}
    yield from (f"{name}: {_one_value(value)}" for name, value in tree.items() if name not in known)


def _entry_lines(half: str, entry: Mapping[str, Any]) -> Iterator[str]:
    yield f"{half}: {_one_value(entry['title'])}"
    sentences = entry.get("sentences") or ()
    cited = "".join(sentence["text"] for sentence in sentences) == entry["summary"]
    for sentence in sentences if cited else [{"text": entry["summary"]}]:
        yield from _sentence_lines(sentence)
    yield f"    link: {_one_value(entry['link'])}"
    words = join_lines(entry.get("evidence") or "")
    if words:
        yield f"    evidence: {len(words):,} characters, {_short_hash(words)}"
    if entry.get("links"):
        yield f"    links: {len(entry['links'])}, {_short_hash(json.dumps(entry['links']))}"
    known = {"kind", "title", "summary", "link", "evidence", "links", *["sentences"] * cited}
    rest = {name: value for name, value in entry.items() if name not in known and value}
    yield from (f"    {name}: {_one_value(value)}" for name, value in rest.items())


def _sentence_lines(sentence: Mapping[str, Any]) -> Iterator[str]:
    """Put a sentence on its line, and behind it the numbers of the lines that it rests on."""
    *parts, last = _SENTENCE.split(_one_value(sentence["text"]))
    yield from (f"    {part}" for part in parts)
    lines = sentence.get("lines")
    yield f"    {last} {_one_value(lines)}" if lines else f"    {last}"


def _provenance_lines(known: Mapping[str, Any]) -> Iterator[str]:
    for name, value in known.items():
        if name in {"prompts", "settings"}:
            yield from (f"{name}: {key} {_one_value(held)}" for key, held in value.items())
        elif name == "mentions":
            yield f"mentions: {len(value.split())}, {_short_hash(value)}"
        elif name == "coverage":
            yield from _coverage_lines(value)
        else:
            yield f"{name}: {_one_value(value)}"


def _coverage_lines(known: Mapping[str, Any]) -> Iterator[str]:
    for name, value in known.items():
        if name == "passed":
            for item in value:
                story, words, reason = (
                    _one_value(item[name]) for name in ("story", "words", "reason")
                )
                yield f"passed: {story} {words}: {reason}"
        elif isinstance(value, dict):
            yield from (f"{name}: {part} {_fields_line(held)}" for part, held in value.items())
        else:
            yield f"{name}: {_one_value(value)}"


def _fields_line(value: object) -> str:
    if not isinstance(value, dict):
        return _one_value(value)
    return ", ".join(
        f"{name} {_one_value(held)}" for name, held in value.items() if held is not None
    )


def _one_value(value: object) -> str:
    """Give a value on one line; a long hash by its first digits."""
    if isinstance(value, str):
        short = value[:_HASH_CHARS] if _HASH.fullmatch(value) else value
        return escape_invisible(" ".join(short.split()))
    return escape_invisible(json.dumps(value, ensure_ascii=False))


def _short_hash(text: str) -> str:
    """Name a long text by its hash, so that a change of it is a change of the line."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_HASH_CHARS]


def _is_invisible(character: str, changed: bool) -> bool:
    category = unicodedata.category(character)
    return category in _INVISIBLE_CATEGORIES or (changed and category == "Zs" and character != " ")
