"""Each sentence names the lines that have what it says."""

import pytest

import build
from pipeline.records import Entry, Mention, Sentence, Story
from pipeline.verify.citation import complete_citations
from pipeline.verify.registry import verify

LINES = (
    "Acme released Orca, an open model with 70B parameters",
    "- It scores 74.9% on SWE-bench and runs on one H100",
    "- It costs $2 per million input tokens, says Brix",
    "- Zorro scores 88% on SWE-bench",
)
FIRST = "Acme发布开放模型Orca，参数量为70B。"


def told(*sentences: tuple[str, tuple[int, ...]]) -> tuple[Entry, Story]:
    """Write an entry of sentences, each with its lines."""
    mentions = (
        build.mention("\n".join(LINES[:2]), name="m001"),
        build.mention("\n".join(LINES[2:]), name="m002"),
    )
    story = Story(id="s01", mentions=mentions)
    parts = tuple(Sentence(text=text, lines=lines) for text, lines in sentences)
    entry = build.entry("s01", None).model_copy(
        update={
            "title": "Acme发布开放模型Orca",
            "summary": "".join(part.text for part in parts),
            "sentences": parts,
            "evidence": story.evidence,
            "mentions": tuple(mention.id for mention in mentions),
        }
    )
    return entry, story


def problems(*sentences: tuple[str, tuple[int, ...]]) -> list[tuple[int | None, str]]:
    """Give the sentence and the words of each finding on citations."""
    entry, story = told(*sentences)
    found = verify(complete_citations(entry, story), story)
    return [(it.sentence, it.found) for it in found if it.check == "citation"]


def lines(*sentences: tuple[str, tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Give the lines of each sentence once they are complete."""
    return [sentence.lines for sentence in complete_citations(*told(*sentences)).sentences]


def test_sentences_that_name_their_lines_pass() -> None:
    """Nothing is added to them."""
    right = ((FIRST, (1,)), ("它在SWE-bench上得分74.9%。", (2,)))
    assert problems(*right) == []
    assert lines(*right) == [(1,), (2,)]


@pytest.mark.parametrize("number", [0, 5, 99])
def test_a_line_that_does_not_exist_is_found(number: int) -> None:
    """The sentence that names it is named."""
    assert problems((FIRST, (1,)), ("它在SWE-bench上得分74.9%。", (2, number))) == [
        (2, f"line {number}")
    ]


def test_a_sentence_without_lines_is_found() -> None:
    """Unless it is given those that have its numbers and names."""
    entry, story = told((FIRST, (1,)), ("它很有用。", ()))
    found = [it for it in verify(entry, story) if it.check == "citation"]
    assert [(it.sentence, it.found) for it in found] == [(2, "no line")]


def test_a_figure_of_another_line_is_found() -> None:
    """The named line has one of that kind, which the sentence leaves out: the right line is said."""
    entry, story = told((FIRST, (1,)), ("它在SWE-bench上得分88%。", (2,)))
    (found,) = (
        it for it in verify(complete_citations(entry, story), story) if it.check == "citation"
    )
    assert (found.sentence, found.found, found.severity) == (2, "88%", "error")
    assert "line 4" in found.expected


def test_a_line_that_was_forgotten_is_taken() -> None:
    """One line alone has the figure, and the named ones have no other of its kind."""
    assert lines((FIRST + "每百万token价格为2美元。", (1,))) == [(1, 3)]
    assert lines(("Orca得分74.9%，Zorro得分88%。", (2,))) == [(1, 2, 4)]
    assert problems((FIRST + "每百万token价格为2美元。", (1,))) == []


def test_what_a_price_is_counted_in_is_no_figure() -> None:
    """每百万token says what a price is for, however its line writes that."""
    text = "每百万token价格为2美元。"
    assert lines((text, (3,))) == [(3,)]
    assert problems((text, (3,))) == []


def test_a_name_of_another_line_is_taken() -> None:
    """Any line that has it shows that it is not made up."""
    assert lines(("Orca在SWE-bench上得分74.9%。", (2,))) == [(1, 2)]


def test_what_no_line_has_is_not_about_citations() -> None:
    """Other checks find it."""
    entry, story = told(("Acme发布Orca，得分12.5%。", (1,)))
    found = verify(complete_citations(entry, story), story)
    assert {it.check for it in found} & {"number", "citation"} == {"number"}


def test_a_summary_is_cut_into_sentences_with_lines() -> None:
    """As few as have their numbers and names; one without any rests where the one before does."""
    entry, story = told(
        (f"{FIRST}它得分74.9%，每百万token价格为2美元！它很有用。", ()),
    )
    entry = entry.model_copy(update={"sentences": ()})
    made = complete_citations(entry, story)
    assert [(it.text, it.lines) for it in made.sentences] == [
        (FIRST, (1,)),
        ("它得分74.9%，每百万token价格为2美元！", (2, 3)),
        ("它很有用。", (2, 3)),
    ]


def test_an_entry_of_unknown_lines_has_no_citations() -> None:
    """An older digest has its evidence as one text."""
    entry, story = told((FIRST, (1,)))
    older = entry.model_copy(update={"mentions": ()})
    assert complete_citations(older, story).sentences == ()
    assert not any(it.check == "citation" for it in verify(complete_citations(older, story), story))
    # Numbers of lines that nobody can look up are no source.
    assert [it.found for it in verify(older, story) if it.check == "citation"] == ["no lines"]


def test_a_quotation_has_no_sentences() -> None:
    """It is its own source."""
    entry, story = told((FIRST, (1,)))
    assert complete_citations(entry.model_copy(update={"quoted": True}), story).sentences == ()


def test_a_mention_of_another_event_cites_nothing() -> None:
    """Where the story has other words than the entry, lines are not compared."""
    entry, _ = told((FIRST, (1,)))
    other = Story(id="s01", mentions=(Mention(**build.mention(LINES[3]).model_dump()),))
    assert not any(it.check == "citation" for it in verify(entry, other))


def test_sentences_that_are_not_the_summary_are_found() -> None:
    """Their lines say nothing of what is published."""
    entry, story = told((FIRST, (1,)))
    other = entry.model_copy(update={"summary": "Acme发布了别的模型，售价不明。"})
    found = [it.found for it in verify(other, story) if it.check == "citation"]
    assert found == ["sentences that are not the summary"]
