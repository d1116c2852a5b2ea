"""A file or standard input: the page that `--source` names."""

import hashlib
import re
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.fetch.pages import UTF16_BOMS, FetchLimits, decode
from pipeline.fetch.slugs import parse_slug
from pipeline.fetch.source import HOME_URL, make_page
from pipeline.records import Page, PageFormat
from pipeline.storage import expand_home, open_regular


def read_source(
    file: str | Path, stdin: BinaryIO, *, max_page_bytes: int = FetchLimits().max_page_bytes
) -> Page:
    """Read an issue's page from an HTML or Markdown file, or from `stdin` for `-`.

    Its slug is the file's name where that looks like one, the folder's for an `index.html`, the
    one in the page's canonical link, else the file's name with the start of the text's SHA-256, so
    that two texts of one name are two issues. A page without a public address gets the
    newsletter's home: a digest never shows a path of this machine.

    Raises:
        SettingsError: there is no such text to read.
        PageNotUnderstood: it is the page that only redirects to the frozen issue, or is cut off.
    """
    path = _named_path(file)
    body = _read_bytes(path if str(file) != "-" else None, stdin, max_page_bytes)
    text = decode(body, "")
    media = _detect_format(path, text)
    folder = path.absolute().parent.name if path.stem == "index" else ""
    slug, canonical_url = parse_slug(path.stem) or parse_slug(folder), ""
    if media == "html" and not (slug and "</article>" in text):
        canonical_url = _canonical_url(file, text)
        slug = slug or parse_slug(canonical_url)
    # A name in another encoding than the system's holds what no text may.
    stem = path.stem.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    name = slug or f"{stem}-{hashlib.sha256(body).hexdigest()[:8]}"
    if media == "html" and _is_cut_off(text):
        message = (
            f"--source {str(file)!r} is cut off: its article has no end (</article>); "
            "save the page again, whole"
        )
        raise PageNotUnderstood(message)
    page = make_page(name, text, body, source="file", media=media)
    known = {"file": "standard input" if str(file) == "-" else repr(str(file))}
    known |= {} if slug else {"url": canonical_url or HOME_URL}
    return page.model_copy(update=known)


def _is_cut_off(text: str) -> bool:
    """Whether a page ends within its article; HTML lets nobody leave that tag open."""
    text = text.casefold()
    return re.search(r"<article\b", text) is not None and "</article" not in text


def _canonical_url(file: str | Path, text: str) -> str:
    """Read what a page says is its address; refuse one that leads to another."""
    from pipeline.fetch.head import read_head

    head = read_head(text)
    if head.refresh_url:
        message = (
            f"--source {str(file)!r} only redirects: give the page it leads to, {head.refresh_url}"
        )
        raise PageNotUnderstood(message)
    return head.canonical_url


def _named_path(file: str | Path) -> Path:
    if not str(file).strip():
        raise SettingsError("--source is empty: give the name of a file, or - for standard input")
    try:
        return Path("stdin" if str(file) == "-" else str(expand_home(file)))
    except ValueError as error:
        raise SettingsError(f"--source {str(file)!r} cannot be read: {error}") from error


def _read_bytes(path: Path | None, stdin: BinaryIO, max_bytes: int) -> bytes:
    name = f"--source {str(path) if path else '-'!r}"
    try:
        with open_regular(path, given=True) if path else nullcontext(stdin) as stream:
            body = stream.read(max_bytes + 1)
    except OSError as error:
        raise SettingsError(f"{name} cannot be read: {error.strerror or error}") from error
    if not body.strip():
        raise SettingsError(f"{name} is empty: give an issue's HTML or Markdown")
    if len(body) > max_bytes:
        raise SettingsError(f"{name} is larger than {max_bytes:,} bytes (AINEWS_MAX_PAGE_BYTES)")
    if b"\0" in body and not body.startswith(UTF16_BOMS):
        raise SettingsError(f"{name} is not text: give an issue's HTML or Markdown")
    return body


def _detect_format(path: Path, text: str) -> PageFormat:
    if path.suffix.lower() in (".md", ".markdown"):
        return "markdown"
    if path.suffix.lower() in (".html", ".htm"):
        return "html"
    tag = re.search(r"(?i)<(?:!doctype html|html|head|body|article)\b", text)
    return "html" if tag and not text.startswith("---") else "markdown"
