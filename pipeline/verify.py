"""Entries x evidence -> findings: what an entry says that its story does not.

Pure. A failed check is a value; whether an entry is asked for again is for `run` to decide. Checked
are the link, the quantities and the Latin names. Terms, the language and what a sentence claims
are not compared with the evidence.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from pipeline.links import canonical
from pipeline.numbers import missing
from pipeline.records import Entry, Finding, Story

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.+#'’&_-]+[A-Za-z0-9]+)*[+#]{0,2}")
_JOINTS = re.compile(r"[\W_]+")
# What a translation may say although the text calls it otherwise.
_COMMON = re.compile(
    "ai|api|app|bug|ceo|cpu|cto|gpu|ide|it|llm|ok|os|pc|pdf|sdk|tokens?|ui|url|vram|web",
    re.IGNORECASE,
)


def verify(entry: Entry, story: Story) -> tuple[Finding, ...]:
    """Compare one entry with the story it tells.

    Returns:
        One finding per failed check, empty for a clean entry; warnings are for small counts that
        are spelled as words, which a translation may well add.
    """
    said = f"{entry.title}。{entry.summary}"
    return (*_link(entry, story), *_numbers(said, story), *_names(said, story))


def repeats(entries: Sequence[Entry]) -> tuple[Finding, ...]:
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


def _link(entry: Entry, story: Story) -> list[Finding]:
    links = {canonical(link.url) for link in story.links}
    right = canonical(entry.link) in links if entry.link else not links
    return [] if right else [_finding(story, "link", "one of the story's links", str(entry.link))]


def _numbers(said: str, story: Story) -> list[Finding]:
    # A quantity of the title that the summary repeats is one finding.
    wrong = {each.text: each.weak for each in missing(said, story.evidence)}
    return [
        _finding(story, "number", "a quantity of the text", text, warning=weak)
        for text, weak in wrong.items()
    ]


def _names(said: str, story: Story) -> list[Finding]:
    """Find Latin names that the evidence does not have, whatever their case and hyphens."""
    known = _joined(story.evidence + " ".join(link.text for link in story.links))
    names = dict.fromkeys(_NAME.findall(unicodedata.normalize("NFKC", said)))
    return [
        _finding(story, "name", "a name of the text", name)
        for name in names
        if not _COMMON.fullmatch(name) and _joined(name) not in known
    ]


def _finding(
    story: Story, check: str, expected: str, found: str, *, warning: bool = False
) -> Finding:
    severity: Literal["error", "warning"] = "warning" if warning else "error"
    return Finding(entry=story.id, check=check, severity=severity, expected=expected, found=found)


def _joined(text: str) -> str:
    """Fold a text so that GPT‑5.2, gpt-5.2 and GPT 5.2 are the same."""
    return _JOINTS.sub("", unicodedata.normalize("NFKC", text).casefold())
