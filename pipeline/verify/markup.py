"""What plain text never holds: markup, addresses, handles, characters that do not show.

Part of `verify`; pure. `write` escapes all of it anyway: this is for the entry to be written anew.
"""

import re
import unicodedata
from collections.abc import Iterator

_BALANCED = re.compile(r"(?<!`)(`{1,2})(?!`)[^`\n]+(?<!`)\1(?!`)")
ADDRESS = "a link"
# Each with what it is called in a finding.
_MARKUP = {
    ADDRESS: re.compile(
        r"(?:https?|ftp)://\S*|\bwww\.\S+|!?\[[^\]]*\]\([^)]*\)|\]\(", re.IGNORECASE
    ),
    "HTML": re.compile(
        r"</?[a-z][^>]{0,80}>?|<!--|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE
    ),
    "Markdown": re.compile(
        r"\*\*|__(?=\S)[^_]+__|~~|`{3,}|^\s*(?:#{1,6}\s|[-*+]\s|>\s|\d{1,2}\.\s)", re.MULTILINE
    ),
}
_STYLE_ISSUES = {
    "an @handle": re.compile(r"(?<![A-Za-z0-9_.])@[A-Za-z0-9_]+"),
    "a brace": re.compile(r"[{}]"),
    "a run of punctuation": re.compile(
        r"([，。、；：！？,;:!?“”\"'])\1\1|[，、；：][，、；：。]|。。"
    ),
}
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_JOINER = "\u200d"  # within an emoji it shows


def invisible_characters(text: str) -> Iterator[str]:
    """Find control, zero-width and bidi characters, by name."""
    for at, char in enumerate(text):
        if unicodedata.category(char) not in _HIDDEN:
            continue
        if char == _JOINER and at and unicodedata.category(text[at - 1]) in {"So", "Mn", "Sk"}:
            continue
        yield f"{unicodedata.name(char, 'a control character')} (U+{ord(char):04X})"


def markup(text: str) -> Iterator[tuple[str, str]]:
    """Find links, HTML and Markdown: what each is, and how it stands there; inline code is none."""
    yield from _first_matches(_MARKUP, _BALANCED.sub("", text))


def style_issues(text: str) -> Iterator[tuple[str, str]]:
    """Find handles, braces and runs of punctuation, outside of inline code."""
    yield from _first_matches(_STYLE_ISSUES, _BALANCED.sub("", text))


def _first_matches(forms: dict[str, re.Pattern[str]], text: str) -> Iterator[tuple[str, str]]:
    for name, form in forms.items():
        if found := form.search(text):
            yield name, found.group().strip() or found.group()
