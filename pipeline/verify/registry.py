"""Entries x evidence -> findings: what an entry says that its story does not, and how it says it.

Pure. A failed check is a value; whether an entry is asked for again is for `run` to decide. Each
finding is read by the model that mends the entry and by a reviewer, so it says what would pass.
Not covered: whether a sentence claims what the text claims (开源 for closed source passes), and
Chinese names that were made up for a person.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal, get_args
from urllib.parse import unquote, urlsplit

from pipeline.chinese import (
    Term,
    assistant_preamble,
    is_chinese,
    length_without_spacing,
    misused_terms,
    repeated_sentences,
    traditional_characters,
    untranslated_english,
    without_spacing,
)
from pipeline.quantities import find_quantities, unsupported_quantities
from pipeline.records import Entry, Finding, Link, Story
from pipeline.urls import canonical
from pipeline.verify import markup as _form
from pipeline.verify.link_choice import relevant_links
from pipeline.verify.names import unsupported_names

CheckName = Literal["link", "number", "name", "language", "term", "length", "form"]
"""The checks, as findings name them; `repeats` adds `repeat`."""

CHECK_NAMES = (*get_args(CheckName), "repeat")
"""All that findings of a digest may be called, but for edits that found no place."""

TITLE_CHARS = range(4, 41)
"""How long a title may be, spaces that only part Chinese from Latin not counted."""
SUMMARY_CHARS = range(40, 261)
"""How long a summary may be, counted likewise."""

_OPEN_END = tuple("，、：；,:;-—（(《“和与及的仅")
_BRACKETS = (("（", "）"), ("(", ")"), ("《", "》"), ("「", "」"), ("【", "】"))


def verify(entry: Entry, story: Story, *, terms: Sequence[Term] = ()) -> tuple[Finding, ...]:
    """Compare one entry with the story it tells.

    Args:
        entry: what is to be published; a quotation is only checked for its words and its form.
        story: its story: evidence and links.
        terms: the glossary, for the terms of the evidence that are told otherwise.

    Returns:
        One finding per failed check and place, empty for a clean entry. Warnings are for small
        counts that are spelled as words, and for single words that may be names.
    """
    if entry.quoted:
        found = [*_check_link(entry, story), *_check_quotation(entry, story)]
    else:
        found = [
            *_check_link(entry, story),
            *_check_numbers(entry, story),
            *_check_names(entry, story),
            *_check_language(entry, story, terms),
            *_check_terms(entry, story, terms),
            *_check_lengths(entry, story),
            *_check_form(entry, story),
        ]
    return tuple(dict.fromkeys(found))


def shared_links(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Find addresses that stand under more than one entry."""
    first: dict[str, str] = {}
    findings = []
    for entry in entries:
        if entry.link is None:
            continue
        other = first.setdefault(canonical(entry.link), str(entry.story))
        if other != entry.story:
            findings.append(
                Finding(
                    entry=str(entry.story),
                    check="repeat",
                    severity="error",
                    expected="an address that no other entry shows",
                    found=f"{entry.link} stands under {other} too",
                )
            )
    return tuple(findings)


def _check_link(entry: Entry, story: Story) -> Iterator[Finding]:
    links = {canonical(link.url) for link in story.links}
    if entry.link is None:
        # A link that stands in the story, but about something else, is rightly left out.
        if relevant_links(entry, story):
            yield _finding(story, "link", "one of the story's links", "no link")
    elif canonical(entry.link) not in links:
        expected = "one of the story's links" if links else "no link: the story has none"
        yield _finding(story, "link", expected, entry.link)


_LISTED = 3


def _check_numbers(entry: Entry, story: Story) -> Iterator[Finding]:
    # A quantity of the title that the summary repeats is one finding.
    wrong = {each.text: each for each in unsupported_quantities(_entry_text(entry), story.evidence)}
    if not wrong:
        return
    known = find_quantities(story.evidence)
    for text, each in wrong.items():
        near = list(dict.fromkeys(one.text for one in known if one.unit == each.unit))[:5]
        also = f", which has {', '.join(near)}" if near else ""
        # A translation may count two or three things that the text lists, and hardly more.
        listed = each.weak and each.value <= _LISTED
        yield _finding(story, "number", f"a quantity of the text{also}", text, warning=listed)


def _check_names(entry: Entry, story: Story) -> Iterator[Finding]:
    for each in unsupported_names(_entry_text(entry), story.evidence, _link_words(story.links)):
        yield _finding(story, "name", each.expected, each.name)


def _check_language(entry: Entry, story: Story, terms: Sequence[Term]) -> Iterator[Finding]:
    names = [*re.findall(r"@\w+", story.evidence), *_project_names(story.links)]
    names += [link.text for link in story.links if link.text.startswith("@")]
    names += [term.term for term in terms if term.keep]
    for text in (entry.title, entry.summary):
        for each in untranslated_english(text, story.evidence, names):
            yield _finding(
                story, "language", "Chinese for this English", each.text, warning=not each.sure
            )
        if not is_chinese(text, ignore_names=text == entry.title):
            yield _finding(story, "language", "Simplified Chinese, names apart", text[:40])
        if found := traditional_characters(text):
            yield _finding(story, "language", "simplified characters", found)
        if found := assistant_preamble(without_spacing(text)):
            yield _finding(story, "language", "the news itself, without opening words", found)
    if found := repeated_sentences(entry.summary):
        yield _finding(story, "language", "every sentence said once", found)


def _check_terms(entry: Entry, story: Story, terms: Sequence[Term]) -> Iterator[Finding]:
    # The glossary has KV缓存, whichever way that is spaced.
    wrong = misused_terms(without_spacing(_entry_text(entry)), story.evidence, tuple(terms))
    for each in wrong:
        expected = f"{each.expected} for {each.term!r}"
        yield _finding(story, "term", expected, each.found, warning=not each.strict)


def _check_lengths(entry: Entry, story: Story) -> Iterator[Finding]:
    bounds = (("title", entry.title, TITLE_CHARS), ("summary", entry.summary, SUMMARY_CHARS))
    for name, text, allowed in bounds:
        # No text becomes too long by its setting; the number is the one that the model can count.
        if len(text) < allowed[0] or length_without_spacing(text) > allowed[-1]:
            expected = f"a {name} of {allowed[0]} to {allowed[-1]} characters"
            yield _finding(story, "length", expected, f"{len(text)} characters")
        cut = next((pair for pair in _BRACKETS if text.count(pair[0]) > text.count(pair[1])), None)
        if text.endswith(_OPEN_END) or cut:
            expected = f"a {name} that is whole: it ends in the middle"
            yield _finding(story, "length", expected, f"…{text[-12:]}")


def _check_form(entry: Entry, story: Story) -> Iterator[Finding]:
    for text in (entry.title, entry.summary):
        yield from _check_plain_text(text, story)
        for what, found in _form.style_issues(text):
            yield _finding(story, "form", f"plain text without {what}", found)


def _check_quotation(entry: Entry, story: Story) -> Iterator[Finding]:
    """Check that what stands between the ellipses is in the evidence, white space folded."""
    evidence = _normalize(story.evidence)
    for text in (entry.title, entry.summary):
        for found in _form.invisible_characters(text):
            yield _finding(story, "form", "characters that show", found)
        # A quoted <tag> is part of what was said; the renderer escapes it.
        for what, found in _form.markup(text):
            if what == _form.ADDRESS:
                yield _finding(story, "form", f"plain text without {what}", found)
        for piece in re.split(r"…+|\.{3,}", text):
            quoted = _normalize(piece).strip(" “”\"'「」『』")
            if quoted not in evidence:
                yield _finding(story, "form", "the words of the text, unchanged", quoted[:80])


def _check_plain_text(text: str, story: Story) -> Iterator[Finding]:
    for found in _form.invisible_characters(text):
        yield _finding(story, "form", "characters that show", found)
    for what, found in _form.markup(text):
        yield _finding(story, "form", f"plain text without {what}", found)


def _entry_text(entry: Entry) -> str:
    return f"{entry.title}。{entry.summary}"


def _normalize(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _link_words(links: Sequence[Link]) -> Iterator[str]:
    """Give the texts besides the evidence that name things: anchors and the words of addresses."""
    for link in links:
        parts = urlsplit(link.url)
        yield link.text
        yield (parts.hostname or "").removeprefix("www.").rpartition(".")[0]
        # A version is written 4-1 in an address; r/LocalLLaMA says nothing of Llama.
        path = re.sub("^/r/[^/]+/", "/", unquote(parts.path))
        yield re.sub(r"(?<=\d)-(?=\d)", ".", path).replace("/", "\n")


_FORGES = re.compile(r"(?:github|gitlab|huggingface|hf|pypi|npmjs|ollama|crates)\.\w+")


def _project_names(links: Sequence[Link]) -> Iterator[str]:
    """Give the words of addresses that are names: sites, and owners and projects on forges."""
    for link in links:
        parts = urlsplit(link.url)
        host = parts.hostname or ""
        yield host
        if _FORGES.search(host) or host in {"x.com", "twitter.com"}:
            yield " ".join(parts.path.split("/")[1:3])


def _finding(
    story: Story, check: CheckName, expected: str, found: str, *, warning: bool = False
) -> Finding:
    severity: Literal["error", "warning"] = "warning" if warning else "error"
    return Finding(entry=story.id, check=check, severity=severity, expected=expected, found=found)
