"""An entry that no translation could fill quotes its own evidence, and nothing else."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import mention
from pipeline.quote import is_verbatim, quote
from pipeline.read import read
from pipeline.records import Choice, Digest, Story
from pipeline.write import render

SENTENCE = "The fourth release of the parser reads every page of the archive in nine seconds."


def told(text: str, *urls: str, lead: str = "") -> Choice:
    """Choose a story of one mention."""
    story = Story(id="s07", mentions=(mention(text, *urls, lead=lead, section=("Recap", "Tools")),))
    link = urls[0] if urls else None
    day = date(2026, 1, 29)
    return Choice(story=story, kind="tool", link=link, reason="model", follows=day)


def test_a_quotation_carries_what_any_entry_does() -> None:
    """Kind, link, story, section, links, evidence, reason and the earlier date are the choice's."""
    chosen = told(f"Parser 4: {SENTENCE}", "https://example.org/4", lead="Parser 4")
    entry = quote(chosen)
    assert entry.quoted
    assert (entry.kind, entry.link, entry.story) == ("tool", "https://example.org/4", "s07")
    assert (entry.section, entry.reason, entry.follows) == (
        ("Recap", "Tools"),
        "model",
        date(2026, 1, 29),
    )
    assert (entry.links, entry.evidence) == (chosen.story.links, chosen.story.evidence)


@pytest.mark.parametrize(
    ("text", "lead", "title", "summary"),
    [
        (f"Parser 4: {SENTENCE}", "Parser 4", "Parser 4", SENTENCE),
        ("Parser 4: it is out.", "Parser 4", "Parser 4", "Parser 4: it is out."),
        (f"{SENTENCE} {SENTENCE} {SENTENCE}", "", None, f"{SENTENCE} {SENTENCE}"),
        (f"Parser 4:\n- It is out.\n  - {SENTENCE}", "Parser 4:", "Parser 4:", None),
        (f"Out now! {SENTENCE * 9}", "", None, f"Out now! {SENTENCE * 9}"[:196] + "…"),
        ("x" * 500, "", "x" * 39 + "…", "x" * 199 + "…"),
        ("word " * 100, "", ("word " * 8).strip() + "…", ("word " * 40).strip() + "…"),
    ],
)
def test_excerpts_end_where_they_may(
    text: str, lead: str, title: str | None, summary: str | None
) -> None:
    """A sentence ends an excerpt where one fits, else a word; the title is not said twice."""
    entry = quote(told(text, lead=lead))
    assert title in (None, entry.title)
    assert summary in (None, entry.summary)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30) | st.just(SENTENCE), min_size=1, max_size=8), st.booleans())
def test_every_quotation_is_verbatim_and_short(parts: list[str], has_lead: bool) -> None:
    """Whatever the story says, the excerpts stand in it, on paper too."""
    text = "Parser 4: " + "\n".join(" ".join(part.splitlines()) for part in parts)
    chosen = told(text, lead="Parser 4" if has_lead else "")
    entry = quote(chosen)
    page = render(Digest(date=date(2026, 1, 31), issue_url="https://a.b", news=(), tools=(entry,)))
    printed = read(page).tools[0]
    assert len(entry.title) <= 40
    assert len(entry.summary) <= 200
    for excerpt in (entry.title, entry.summary, printed.title, printed.summary):
        assert is_verbatim(excerpt, chosen.story.evidence)


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        ("reads every page", True),
        ("reads  every\npage…", True),
        ("见 `https://example.org/4`", False),
        ("at `https://example.org/4`", True),
        ("reads no page", False),
        ("reads every page in nine", False),
        ("", False),
        ("…", False),
    ],
)
def test_only_what_stands_there_is_verbatim(excerpt: str, expected: bool) -> None:
    """White space and inline code make no difference; a word does."""
    assert is_verbatim(excerpt, f"{SENTENCE} See it at https://example.org/4.") == expected
