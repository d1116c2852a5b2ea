"""Plain text and addresses as Markdown, and back.

Text may hold balanced inline code; nothing else in it comes out as markup under CommonMark or GFM.
Escapes stand only where a character would do something: the aim is that clean text stays as it is.
Not covered: `$…$` as mathematics and `:name:` as emoji, which only some sites read.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape as resolve_entity
from html.entities import html5
from itertools import count
from urllib.parse import quote

from pipeline.errors import WriteError
from pipeline.patterns import lazy_pattern
from pipeline.urls import is_web_url

MAX_GITHUB_CHARS = 60_000
"""Longest text for GitHub, which takes 65,536 characters."""

_SPAN = r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
_PIECE = lazy_pattern(rf"(?P<code>{_SPAN})|(?P<loose>`+)|[^`]+")
# What GFM's autolinks, markdown-it's linkify or remark make a link of without being asked.
_ADDRESS = lazy_pattern(
    r"(?:(?:https?|ftp)://|www\.|mailto:|xmpp:)(?:[!-;=?-_a-~]*[\w/#&=%+~-])?"
    r"|[\w.+-]{1,64}@[\w.-]*\.[\w-]+",
    re.ASCII | re.IGNORECASE,
)
# Endings by which linkify knows a domain that has no scheme: every country's (two letters; `js` is
# none, and Node.js is frequent here), and these.
_TLD = (
    r"(?:(?!js)[a-z]{2}|biz|com|edu|gov|net|org|pro|web|xxx|aero|asia|coop|info|museum|name|shop|рф"
    r"|xn--[a-z0-9-]{1,59})"
)
_ENTITY = r"&(?=\#[0-9]{1,7};|\#x[0-9a-f]{1,6};|[a-z][a-z0-9]{1,31};)"
_SPECIAL = lazy_pattern(
    rf"""(?P<code>{_SPAN})
    |(?P<loose>`+)
    |(?P<run>\*+|_+|~+)
    |(?P<mark>\\(?=[!-/:-@\[-`{{-~]|$)
        |\[
        |<(?=[a-z/!?]|[^\s<>]*@)
        |{_ENTITY}
        |(?<=[^\s.])\.(?={_TLD}(?![^\W_]))
        |(?<!:)/(?=/[^\s/]))""",
    re.VERBOSE | re.IGNORECASE,
)
_SPECIAL_IN_LINK = lazy_pattern(rf"(?P<run>\*+|_+|~+)|(?P<mark>{_ENTITY})", re.IGNORECASE)
_SPECIAL_IN_ADDRESS = lazy_pattern(rf"(?P<mark>{_ENTITY})", re.IGNORECASE)
_LINE_START = lazy_pattern(
    r"\A(?:(?P<number>[0-9]{1,9}(?=[.)](?:\s|$)))"
    r"|(?=\#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|~~~|=+$"  # heading, quote, list, fence, underline
    r"|[-_*](?:\s*[-_*]){2,}$"  # rule
    r"|[-:|\s]+$))"  # second row of a table, underline
)
_CLOSING_HASHES = lazy_pattern(r"(?:^|(?<=\s))#+$")
_MARKUP = lazy_pattern(
    rf"\\(?P<escaped>[!-/:-@\[-`{{-~])|(?P<code>{_SPAN})|`+"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)

# Visible ASCII but "<>[\]^`{|}: nothing to encode.
_PLAIN_ADDRESS = lazy_pattern(r"[!#-;=?-Z_a-z~]+")
_FLAT_PARENTHESES = lazy_pattern(r"[^()]*(?:\([^()]*\)[^()]*)*")


def plain_text(text: str) -> str:
    """Fold white space, drop what cannot be seen, and make bare addresses inline code.

    A backslash in an address would do for some renderers, but not for those that look for
    addresses once escapes are gone, as all of them do for mail.
    """
    pieces = list(_PIECE.finditer(" ".join(_visible(text).split())))
    loose = {len(piece["loose"]) for piece in pieces if piece["loose"]}
    ticks = "`" * next(length for length in count(1) if length not in loose)
    parts: list[str] = []
    for piece in pieces:
        is_text = not piece[0].startswith("`")
        for part in _fence_addresses(piece[0], ticks) if is_text else [piece[0]]:
            # Backticks that came to touch would be one longer fence.
            touches = part.startswith("`") and parts and parts[-1].endswith("`")
            parts += [" ", part] if touches else [part]
    return "".join(parts)


def _visible(text: str) -> str:
    """Drop what cannot be seen, and make each white space a blank."""
    # Looking at each letter takes long, and hardly a text needs it.
    if text.isprintable():
        return text
    return "".join(" " if c.isspace() else c for c in text if c.isspace() or not is_invisible(c))


def inline_code(text: str) -> Iterator[tuple[str, bool]]:
    """Cut plain text at its inline code: each piece without its fence, and whether it is code."""
    for piece in _PIECE.finditer(plain_text(text)):
        fence = len(piece["ticks"] or "")
        yield (piece[0][fence:-fence].strip(), True) if fence else (piece[0], False)


def escape_title(text: str) -> str:
    """Give plain text as the end of a heading."""
    return _CLOSING_HASHES.sub(r"\\\g<0>", _escape(plain_text(text), _SPECIAL))


def escape_line(text: str) -> str:
    """Give plain text as one line of a paragraph."""
    return _LINE_START.sub(r"\g<number>\\", _escape(plain_text(text), _SPECIAL))


def encode_url(url: str) -> str:
    """Percent-encode what could end a link or hide in it; a clean address stays as it is.

    Raises:
        WriteError: the address is not http or https.
    """
    if not is_web_url(url):
        raise WriteError(f"cannot link to {url!r}: only http and https addresses; correct the link")
    safe = url
    if not _PLAIN_ADDRESS.fullmatch(url):
        safe = "".join(quote(c, safe="", errors="replace") if _is_unsafe(c) else c for c in url)
    if not _FLAT_PARENTHESES.fullmatch(safe):
        safe = safe.replace("(", "%28").replace(")", "%29")
    return safe


def markdown_link(url: str, text: str | None = None) -> str:
    """Give a link whose text is its address, or the given Markdown."""
    safe = encode_url(url)
    shown = _escape(safe, _SPECIAL_IN_LINK) if text is None else text
    return f"[{shown}]({_escape(safe, _SPECIAL_IN_ADDRESS)})"


def truncate_lines(lines: Sequence[str], max_chars: int, *, see: str) -> str:
    """Join lines as far as they go, and say how many are missing and where to see them."""
    shown, room = [], max_chars - 100
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            shown += ["", f"… {len(lines) - number} more lines: see {see}."]
            break
        shown.append(line)
    return "\n".join(shown).rstrip("\n") + "\n"


def is_invisible(character: str) -> bool:
    """Whether it is a control, a bidirectional or zero-width mark, or half a surrogate pair."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"}


def unescape(markup: str) -> str:
    """Give the text that Markdown shows; inline code stays as it stands."""
    return _MARKUP.sub(_resolve, markup)


def _fence_addresses(text: str, ticks: str) -> list[str]:
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        parts += [text[end : found.start()], f"{ticks}{found[0]}{ticks}"]
        end = found.end()
    return [part for part in [*parts, text[end:]] if part]


def _escape(text: str, special: re.Pattern[str]) -> str:
    runs = (found for found in special.finditer(text) if found.lastgroup == "run")
    live = Counter(found[0][0] for found in runs if _may_pair(found))

    def escape(found: re.Match[str]) -> str:
        if found.lastgroup == "code":
            return found[0]
        if found.lastgroup == "run" and (live[found[0][0]] == 1 or not _may_pair(found)):
            return found[0]
        return "".join(f"\\{character}" for character in found[0])

    return special.sub(escape, text)


def _may_pair(run: re.Match[str]) -> bool:
    """Whether a run of `*`, `_` or `~` could open or close anything, in any dialect."""
    text, start, end = run.string, run.start(), run.end()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if run[0].startswith("_") and before.isalnum() and after.isalnum():
        return False
    return bool(before.strip() or after.strip())


def _resolve(found: re.Match[str]) -> str:
    if found["entity"]:
        name = found["entity"][1:]
        known = name.startswith("#") or name in html5
        return resolve_entity(found["entity"]) if known else found[0]
    return found["escaped"] or found[0]


def _is_unsafe(character: str) -> bool:
    return character in '"<>[\\]^`{|}' or character.isspace() or is_invisible(character)
