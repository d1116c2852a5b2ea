"""An event that two entries tell, as proofreading finds, is told once: a spare takes the place."""

from pathlib import Path

import pytest
from test_second_try import NAMED, again, digest_of, reading

from build import small_page
from hosted import editing
from pipeline.errors import ModelTransient, ModelUnavailable
from pipeline.llm.prompts import Question
from pipeline.records import Digest
from test_plan import Notes

SAME = again("。")
"""A second try that changes nothing which passes the checks."""


def repeats(entry: str, other: str) -> dict[str, object]:
    """Name an entry that tells the event of another."""
    return NAMED | {"entry": entry, "kind": "told_twice", "other": other, "sentence": 0}


def made_of(tmp_path: Path, *readings: object, tries: int = 1) -> tuple[Digest, list[Question]]:
    """Digest an issue with stories to spare, two entries a half."""
    page = small_page(tmp_path).read_text("utf-8")
    return digest_of(tmp_path, list(readings), [SAME] * tries, page=page)


def test_a_spare_takes_the_place_of_an_entry_that_tells_another_s_event(tmp_path: Path) -> None:
    """All other entries stay; it is read beside them, and the digest says why one is left out."""
    before, asked_before = made_of(tmp_path, reading(), tries=0)
    made, asked = made_of(tmp_path, reading(repeats("news:2", "tools:1")), reading())
    assert [it.title for it in made.entries if it not in before.entries] == [made.news[1].title]
    assert len(made.entries) == len(before.entries)
    assert made.findings == ()
    (drop,) = [it for it in made.drops if it not in before.drops]
    assert drop.what == before.news[1].story
    assert str(drop.reason) == f"tells the same event as {before.tools[0].story}"
    # A second try, the spare, and the spare read; the others stand beside it.
    assert [it.prompt for it in asked[len(asked_before) :]] == ["translate"] * 2 + ["proofread"]
    shown, _, beside = asked[-1].user.partition("For comparison:")
    assert shown.count("\n== ") == 1
    assert beside.count("\n== ") == len(made.entries) - 1


def test_a_spare_that_tells_it_too_is_not_taken(tmp_path: Path) -> None:
    """The entry stays, with its warning."""
    before, _ = made_of(tmp_path, reading(), tries=0)
    named = reading(repeats("news:2", "tools:1"))
    made, _ = made_of(tmp_path, named, named, tries=2)
    assert made.entries == before.entries
    assert [(it.entry, it.check) for it in made.findings] == [("news:2", "proofread")]


@pytest.mark.parametrize("kind", ["contradiction", "padding", "unsupported"])
def test_what_else_is_named_gives_no_place_away(tmp_path: Path, kind: str) -> None:
    """Only an event that is told elsewhere can be spared."""
    before, _ = made_of(tmp_path, reading(), tries=0)
    made, _ = made_of(tmp_path, reading(repeats("news:2", "tools:1") | {"kind": kind}))
    assert made.entries == before.entries
    assert len(made.findings) == 1


@pytest.mark.parametrize("error", [ModelTransient("busy"), ModelUnavailable("gone")])
def test_a_model_that_is_gone_for_the_spare_costs_no_digest(
    tmp_path: Path, error: Exception
) -> None:
    """All other entries are there: the one that is told twice stays, with its warning."""
    before, asked = made_of(tmp_path, reading(), tries=0)
    notes = Notes()
    known = {question.user for question in asked}

    def gone(question: Question) -> object:
        return editing(question) if question.user in known else error

    page = small_page(tmp_path).read_text("utf-8")
    named = reading(repeats("news:2", "tools:1"))
    made, _ = digest_of(tmp_path, [named], [SAME], page=page, notes=notes, edit=gone)
    assert made.entries == before.entries
    assert [(it.entry, it.check) for it in made.findings] == [("news:2", "proofread")]
    assert any("no spare" in line for line in notes.lines)


def test_of_two_that_tell_each_other_s_event_one_stays(tmp_path: Path) -> None:
    """Whatever the model names: the first loses its place, and then the other is alone."""
    before, _ = made_of(tmp_path, reading(), tries=0)
    chain = reading(repeats("news:2", "tools:1"), repeats("tools:1", "news:1"))
    made, _ = made_of(tmp_path, chain, reading(), reading(), tries=2)
    gone = {it.title for it in before.entries} - {it.title for it in made.entries}
    assert gone == {before.news[1].title, before.tools[0].title}
    assert before.news[0].title in {it.title for it in made.entries}
