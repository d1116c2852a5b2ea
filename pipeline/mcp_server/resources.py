"""Digests as resources: `digest://2025-12-21` is Markdown, `digest://2025-12-21/json` JSON."""

import re
from itertools import islice
from typing import Final, NamedTuple

from pipeline.errors import SettingsError
from pipeline.lookup import Archive
from pipeline.write import to_json, to_markdown

MARKDOWN_TEMPLATE: Final = "digest://{digest}"
JSON_TEMPLATE: Final = "digest://{digest}/json"
MARKDOWN: Final = "text/markdown"
JSON: Final = "application/json"
PAGE: Final = 100
"""How many are listed at once."""
_MAX_CHARS: Final = 1_000_000
_URI: Final = re.compile(r"digest://(?P<name>[\d-]{10,13})(?P<json>/json)?", re.ASCII)
_MAX_CURSOR_CHARS: Final = 6


class DigestResource(NamedTuple):
    """One resource of the list."""

    uri: str
    name: str
    title: str


class ResourcePage(NamedTuple):
    """One page of the list."""

    resources: tuple[DigestResource, ...]
    next_cursor: str | None


def list_resources(archive: Archive, cursor: str | None) -> ResourcePage:
    """List the Markdown of the digests, the newest first.

    Raises:
        SettingsError: no list has such a cursor.
    """
    if cursor is not None and not (
        cursor.isascii() and cursor.isdigit() and len(cursor) <= _MAX_CURSOR_CHARS
    ):
        raise SettingsError("no list of digests goes on there: list them from the start")
    start = int(cursor or 0)
    found = list(islice(archive.digests(), start, start + PAGE + 1))
    return ResourcePage(
        tuple(
            DigestResource(f"digest://{one.name}", one.name, one.issue_title)
            for one in found[:PAGE]
        ),
        str(start + PAGE) if found[PAGE:] else None,
    )


def read_resource(archive: Archive, uri: str) -> tuple[str, str]:
    """Read a digest as text.

    Returns:
        Its media type and its text.

    Raises:
        SettingsError: no digest has this address, or it is too long for one answer.
        PageNotUnderstood: its file is damaged.
    """
    found = _URI.fullmatch(uri)
    if found is None:
        raise SettingsError(f"no digest has this address: write {MARKDOWN_TEMPLATE} with its date")
    _, digest = archive.read(found["name"])
    media, text = (JSON, to_json(digest)) if found["json"] else (MARKDOWN, to_markdown(digest))
    if len(text) > _MAX_CHARS:
        raise SettingsError(f"{uri} has {len(text):,} characters: too many for one answer")
    return media, text
