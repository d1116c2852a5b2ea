"""The text is Simplified Chinese, the news itself and nothing twice."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from pipeline.chinese import (
    assistant_preamble,
    is_chinese,
    repeated_sentences,
    traditional_characters,
    untranslated_english,
    without_spacing,
)
from pipeline.records import Link, Story
from pipeline.verify.check import CheckInput, CheckResult, Problem

_FORGES = re.compile(r"(?:github|gitlab|huggingface|hf|pypi|npmjs|ollama|crates)\.\w+")
_MAX_SHOWN_CHARS = 40
_PATH = re.compile(r"(?<![\w./-])[\w.-]+(?:/[\w.-]+)+", re.ASCII)


def check_language(data: CheckInput) -> CheckResult:
    """Look for what is not Chinese, and for what is no news."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    entry, story = data.entry, data.story
    names = [*re.findall(r"@\w+", story.evidence), *_project_names(story.links)]
    names += [link.text for link in story.links if link.text.startswith("@")]
    names += [term.term for term in data.terms if term.keep]
    accepted = [word for term in data.terms for word in term.accept if word.isascii()]
    names += [word for word in accepted if word.isalpha()]
    for text in (entry.title, entry.summary):
        plain = _without_paths(_without_phrases(text, accepted, story.evidence), story)
        for english in untranslated_english(plain, story.evidence, names):
            yield Problem("Chinese for this English", english.text, minor=not english.sure)
        if not is_chinese(text, ignore_names=text == entry.title):
            yield Problem("Simplified Chinese, names apart", text[:_MAX_SHOWN_CHARS])
        if found := traditional_characters(text):
            yield Problem("simplified characters", found)
        if found := assistant_preamble(without_spacing(text)):
            yield Problem("the news itself, without opening words", found)
    if found := repeated_sentences(entry.summary):
        yield Problem("every sentence said once", found)


def _without_phrases(text: str, phrases: Iterable[str], evidence: str) -> str:
    """Take out what the glossary lets stay of this evidence: batch size, of which size may not."""
    lower, said = evidence.casefold(), text.casefold()
    for phrase in phrases:
        if " " in phrase and phrase.casefold() in lower and phrase.casefold() in said:
            whole = rf"(?<![\w-]){re.escape(phrase)}(?![\w-])"
            text = re.sub(whole, "，", text, flags=re.ASCII | re.IGNORECASE)
    return text


def _without_paths(text: str, story: Story) -> str:
    """Take out paths that an address of the story has too: openrouter/free."""
    addresses = [f"{link.url.rstrip('/')}/" for link in story.links]
    return _PATH.sub(
        lambda path: "，" if any(f"/{path[0]}/" in url for url in addresses) else path[0], text
    )


def _project_names(links: Iterable[Link]) -> Iterator[str]:
    """Give the words of addresses that are names: sites, and owners and projects on forges."""
    for link in links:
        parts = urlsplit(link.url)
        host = parts.hostname or ""
        yield host
        if _FORGES.search(host) or host in {"x.com", "twitter.com"}:
            yield " ".join(parts.path.split("/")[1:3])
