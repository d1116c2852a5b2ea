"""An entry that no translation could fill quotes its own evidence, and nothing else."""

from datetime import date
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import mention
from pipeline.records import Digest, SelectedStory, Story
from pipeline.translate.draft_entry import quote_evidence
from pipeline.write.markdown_format import from_markdown, to_markdown

SENTENCE = "The fourth release of the parser reads every page of the archive in nine seconds."


def told(text: str, *urls: str, lead: str = "") -> SelectedStory:
    """Choose a story of one mention."""
    story = Story(id="s07", mentions=(mention(text, *urls, lead=lead, section=("Recap", "Tools")),))
    link = urls[0] if urls else None
    day = date(2026, 1, 29)
    return SelectedStory(story=story, kind="tool", link=link, reason="model", follows=day)


def test_a_quotation_carries_what_any_entry_does() -> None:
    """Kind, link, story, section, links, evidence, reason and the earlier date are the choice's."""
    chosen = told(f"Parser 4: {SENTENCE}", "https://example.org/4", lead="Parser 4")
    entry = quote_evidence(chosen)
    assert entry.quoted
    assert (entry.kind, entry.link, entry.story) == ("tool", "https://example.org/4", "s07")
    assert (entry.section, str(entry.reason), entry.follows) == (
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
    entry = quote_evidence(told(text, lead=lead))
    assert title in (None, entry.title)
    assert summary in (None, entry.summary)


def visible(text: str) -> str:
    """Leave out what rendering adds, folds or drops: backticks, white space, the invisible."""
    hidden = {"Cc", "Cf", "Cs"}
    return "".join(
        character
        for character in text
        if not (character.isspace() or character == "`" or category(character) in hidden)
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=30) | st.just(SENTENCE), min_size=1, max_size=8), st.booleans())
def test_every_quotation_is_verbatim_and_short(parts: list[str], has_lead: bool) -> None:
    """Whatever the story says, the excerpts stand in it, on paper too."""
    text = "Parser 4: " + "\n".join(" ".join(part.splitlines()) for part in parts)
    chosen = told(text, lead="Parser 4" if has_lead else "")
    entry = quote_evidence(chosen)
    page = to_markdown(
        Digest(date=date(2026, 1, 31), issue_url="https://a.b", news=(), tools=(entry,))
    )
    printed = from_markdown(page).tools[0]
    assert len(entry.title) <= 40
    assert len(entry.summary) <= 200
    for excerpt in (entry.title, entry.summary, printed.title, printed.summary):
        said = visible(excerpt).removesuffix("…")
        assert said
        assert said in visible(chosen.story.evidence)


def sentence(length: int) -> str:
    """Write one sentence of so many characters."""
    return ("word " * 60)[: length - 2].strip().ljust(length - 1, "x") + "."


@pytest.mark.parametrize(
    ("first", "whole"), [(60, True), (59, False), (200, True), (201, False), (120, True)]
)
def test_a_sentence_ends_an_excerpt_if_it_says_something_and_fits(first: int, whole: bool) -> None:
    """From 60 characters on, and up to all 200; else the excerpt ends after a word."""
    entry = quote_evidence(told(f"{sentence(first)} {'word ' * 60}"))
    assert entry.summary.endswith("…") is not whole
    assert len(entry.summary) == first if whole else 190 < len(entry.summary) <= 200


def test_the_last_sentence_that_fits_ends_an_excerpt() -> None:
    """However short the first one is."""
    text = f"{sentence(30)} {sentence(80)} {sentence(50)} {'word ' * 60}"
    assert quote_evidence(told(text)).summary == f"{sentence(30)} {sentence(80)} {sentence(50)}"


@pytest.mark.parametrize("mark", [".", "!", "?", '."', ".”", ".)"])
def test_a_sentence_may_end_in_a_quotation(mark: str) -> None:
    """A full stop, a question or an exclamation, and what closes behind it."""
    first = sentence(80).rstrip(".") + mark
    assert quote_evidence(told(f"{first} {'word ' * 60}")).summary == first


@pytest.mark.parametrize("joint", [",", ";", ":", " (", " [", " {", " “", ' "', " -", " –", " —"])
def test_a_cut_leaves_no_mark_that_leads_on(joint: str) -> None:
    """A comma or an open bracket before the cut goes with what was cut."""
    text = "word " * 38 + f"word{joint}" + (" " if joint in ",;:" else "") + "z" * 60
    assert quote_evidence(told(text)).summary == "word " * 38 + "word…"


@pytest.mark.parametrize(("length", "rest"), [(60, True), (59, False)])
def test_a_lead_is_not_said_twice_if_enough_is_left(length: int, rest: bool) -> None:
    """From 60 characters on the summary is what follows the lead."""
    follows = sentence(length)
    entry = quote_evidence(told(f"Parser 4 — {follows}", lead="Parser 4"))
    assert (entry.title, entry.summary) == (
        "Parser 4",
        follows if rest else f"Parser 4 — {follows}",
    )


@pytest.mark.parametrize(("length", "whole"), [(40, True), (41, False)])
def test_a_long_lead_is_cut_and_told_again(length: int, whole: bool) -> None:
    """A title has room for 40 characters; what it cut stands in the summary."""
    lead = ("word " * 9)[: length - 1] + "x"
    entry = quote_evidence(told(f"{lead}: {SENTENCE}", lead=lead))
    assert entry.title == lead if whole else entry.title.endswith("…")
    assert entry.summary == SENTENCE if whole else entry.summary.startswith(lead)


@pytest.mark.parametrize(("first", "second"), [(100, True), (101, False)])
def test_lines_are_told_until_they_say_something(first: int, second: bool) -> None:
    """A line of more than a hundred characters is enough; a shorter one goes on."""
    text = "\n".join(["x" * first, "second line", *(["word " * 30] * 3)])
    assert ("second" in quote_evidence(told(text)).summary) is second


def test_a_quotation_stands_in_the_section_of_its_first_mention() -> None:
    """Where an event stands in several parts, all of them are kept."""
    first = mention(SENTENCE, section=("First",))
    story = Story(id="s01", mentions=(first, mention("x", section=("Last",), part="reddit")))
    entry = quote_evidence(SelectedStory(story=story, kind="news", link=None, reason="spare"))
    assert (entry.section, entry.parts, entry.kind) == (("First",), ("twitter", "reddit"), "news")
