"""An entry is plain text without markup or a way out, and a quotation has the evidence's words.

`write` escapes markup anyway: the check is for the entry to be asked for again.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from pipeline.verify.check import CheckInput, CheckResult, Problem
from pipeline.verify.smuggled import (
    ADDRESS,
    INLINE_CODE,
    NPM_PACKAGE,
    smuggled,
    smuggled_into_quotation,
)

# Each with what it is called in a finding.
_MARKUP = {
    ADDRESS: re.compile(r"!?\[[^\]]*\]\([^)]*\)|\]\("),
    "HTML": re.compile(
        r"</?[a-z][^>]{0,80}>?|<!--|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE
    ),
    "Markdown": re.compile(
        r"\*\*|__(?=\S)[^_]+__|~~|`{3,}|^\s*(?:#{1,6}\s|[-*+]\s|>\s|\d{1,2}\.\s)", re.MULTILINE
    ),
}
_STYLE_ISSUES = {
    "a brace": re.compile(r"[{}]"),
    "a run of punctuation": re.compile(
        r"([，。、；：！？,;:!?“”\"'])\1\1|[，、；：][，、；：。]|。。"
    ),
}
# No markup where the evidence writes it so, as is a package of npm or a tag that a model writes.
# Of a command, for the reader to fill: {username}. One brace opens no template.
_PLACEHOLDER = re.compile(r"(?<!\{)\{[a-z][a-z0-9_-]{1,30}\}(?!\})", re.IGNORECASE)
# An attribute of Python, such as cv2.__version__; alone it would be bold.
_DUNDER = re.compile(r"(?<=[\w)]\.)__[a-z][a-z0-9_]*[a-z0-9]__(?!\w)")
_TAG = re.compile(r"</?([a-z][a-z_|-]*)>", re.IGNORECASE)
_ELEMENTS = """
a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption
center cite code col data dd del details dfn dialog div dl dt em embed fieldset figure font footer
form frame frameset head header hr html i iframe img input ins kbd label legend li link main map
mark marquee math menu meta meter nav noscript object ol optgroup option output p param picture
pre progress q rp rt ruby s samp script section select slot small source span strike strong style
sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul
var video wbr
"""
_HTML_ELEMENTS = frozenset(_ELEMENTS.split())
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_JOINER = "\u200d"  # within an emoji it shows
_MAX_QUOTED_CHARS = 80


def check_form(data: CheckInput) -> CheckResult:
    """Look for what plain text never holds; in a quotation, for other words too."""
    return CheckResult(_quotation_problems(data) if data.entry.quoted else _problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    evidence = data.story.evidence
    for text in (data.entry.title, data.entry.summary):
        yield from _invisible_characters(text)
        yield from _without(smuggled(text, data.story))
        plain = _without_code(INLINE_CODE.sub("", text), evidence)  # inline code is no markup
        yield from _without(
            (*_first_matches(_MARKUP, plain), *_first_matches(_STYLE_ISSUES, plain))
        )


def _without(found: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    for name, words in found:
        yield Problem(f"plain text without {name}", words)


def _without_code(text: str, evidence: str) -> str:
    """Take out packages, attributes, placeholders and tags that the evidence has as well."""

    def as_written(found: re.Match[str]) -> str:
        return "" if found[0] in evidence else found[0]

    def tag(found: re.Match[str]) -> str:
        known = found[0] in evidence and found[1].lower() not in _HTML_ELEMENTS
        return "" if known else found[0]

    for pattern in (NPM_PACKAGE, _PLACEHOLDER, _DUNDER):
        text = pattern.sub(as_written, text)
    return _TAG.sub(tag, text)


def _quotation_problems(data: CheckInput) -> Iterator[Problem]:
    """Check that what stands between the ellipses is in the evidence, white space folded."""
    evidence = _normalize(data.story.evidence)
    # A quoted <tag> is part of what was said; the renderer escapes it.
    forbidden = {ADDRESS: _MARKUP[ADDRESS]}
    for text in (data.entry.title, data.entry.summary):
        yield from _invisible_characters(text)
        yield from _without(smuggled_into_quotation(text))
        yield from _without(_first_matches(forbidden, INLINE_CODE.sub("", text)))
        for piece in re.split(r"…+|\.{3,}", text):
            quoted = _normalize(piece).strip(" “”\"'「」『』")
            if quoted not in evidence:
                yield Problem("the words of the text, unchanged", quoted[:_MAX_QUOTED_CHARS])


def _invisible_characters(text: str) -> Iterator[Problem]:
    """Find control, zero-width and bidi characters, by name."""
    for at, char in enumerate(text):
        if unicodedata.category(char) not in _HIDDEN:
            continue
        if char == _JOINER and at and unicodedata.category(text[at - 1]) in {"So", "Mn", "Sk"}:
            continue
        name = f"{unicodedata.name(char, 'a control character')} (U+{ord(char):04X})"
        yield Problem("characters that show", name)


def _first_matches(forms: dict[str, re.Pattern[str]], text: str) -> Iterator[tuple[str, str]]:
    for name, form in forms.items():
        if found := form.search(text):
            yield name, found.group().strip() or found.group()


def _normalize(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
