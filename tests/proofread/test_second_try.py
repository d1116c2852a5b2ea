"""What proofreading names is tried once more; what it still names stands as a warning."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from build import PAGE
from fakes import FakeModel
from hosted import editing, sizes
from pipeline.errors import ModelError, ModelInvalid, ModelRefused
from pipeline.fetch.local_file import read_source
from pipeline.llm.profile import ModelProfile
from pipeline.llm.prompts import Question, load_prompt
from pipeline.parse.page import parse
from pipeline.plan import PreparedJob
from pipeline.records import Digest
from pipeline.run import generate, prepare
from test_plan import Notes

NAMED = {
    "entry": "news:1",
    "sentence": 1,
    "kind": "unsupported",
    "line": 1,
    "other": "",
    "why": "the line says something else",
}
WORDS = "一家实验室公开了模型 Alder 的权重，并同时公开了用来训练这个模型的全部代码，供任何有需要的人下载和使用。"


def again(text: str = WORDS) -> dict[str, object]:
    """Answer to a question that asks for the first sentence once more."""
    return {"title": "", "sentences": [{"number": 1, "text": text, "lines": [1]}], "link": 0}


BETTER = again()
INVENTED = again(f"{WORDS[:-1]}，该公司为此融资98765万美元。")
PROFILE = sizes().model_copy(update={"proofreads": True, "want": 2})


def digest_of(  # noqa: PLR0913 - what these tests vary
    tmp_path: Path,
    readings: list[object],
    tries: list[object] | None = None,
    *,
    profile: ModelProfile = PROFILE,
    notes: Notes | None = None,
    page: str = PAGE,
    edit: Callable[[Question], object] = editing,
) -> tuple[Digest, list[Question]]:
    """Digest an issue, of three stories unless given; give the digest and all questions.

    Args:
        tmp_path: where the page is written.
        readings: answers to the questions that proofread, in order.
        tries: answers to those that ask for an entry once more.
        profile: how the model is asked.
        notes: remembers what is said.
        page: the issue.
        edit: answers all other questions.
    """
    left = {"proofread": list(readings), "again": list(tries or [])}

    def answer(question: Question) -> object:
        kind = "again" if question.asked_before else question.prompt
        given = left[kind].pop(0) if kind in left else edit(question)
        return given(question) if callable(given) else given

    model = FakeModel(always=answer)
    file = tmp_path / "26-01-30-sampler.md"
    file.write_text(page, encoding="utf-8")
    read = read_source(file, stdin=io.BytesIO())
    job = PreparedJob(page=read, date=parse(read).date, stem="2026-01-30")
    inputs = prepare(job, profile=profile, progress=Notes())
    made = generate(inputs, ask=model.ask, progress=notes or Notes())
    assert left == {"proofread": [], "again": []}
    return made, model.history


def reading(*problems: dict[str, object]) -> dict[str, object]:
    """Answer a question that proofreads."""
    return {"problems": list(problems)}


def test_a_digest_in_which_nothing_is_named_stays_as_it_was(tmp_path: Path) -> None:
    """One question over all entries, and nothing more; the digest says that it was asked."""
    plain, before = digest_of(tmp_path, [], profile=sizes().model_copy(update={"want": 2}))
    made, asked = digest_of(tmp_path, [reading()])
    assert [question.prompt for question in asked[len(before) :]] == ["proofread"]
    assert made.entries == plain.entries
    assert made.findings == plain.findings == ()
    assert made.provenance is not None
    assert made.provenance.prompts["proofread"] == load_prompt("proofread").sha256
    assert plain.provenance is not None
    assert "proofread" not in plain.provenance.prompts
    assert made.provenance.settings["proofreader"] == "test"


def test_an_entry_in_which_something_is_named_is_asked_for_once_more(tmp_path: Path) -> None:
    """The question says what and where; the better entry takes its place, and nothing is left."""
    made, asked = digest_of(tmp_path, [reading(NAMED), reading()], [BETTER])
    first, again, second = asked[-3:]
    assert [first.prompt, again.prompt, second.prompt] == ["proofread", "translate", "proofread"]
    assert "reads as unsupported: the line says something else" in again.user
    assert "only what line 1 says: 'Alder: a lab published" in again.user
    assert second.user.count("\n== ") == 1
    assert WORDS in second.user
    assert (made.news[0].sentences[0].text, made.news[0].tries) == (WORDS, 2)
    assert made.findings == ()


def test_what_is_still_named_stands_as_a_warning(tmp_path: Path) -> None:
    """On the better entry, in the second reading's words."""
    still = NAMED | {"why": "still not there"}
    made, _ = digest_of(tmp_path, [reading(NAMED), reading(still)], [BETTER])
    (finding,) = made.findings
    assert (finding.entry, finding.check, finding.severity) == ("news:1", "proofread", "warning")
    assert finding.found == "reads as unsupported: still not there"
    assert made.news[0].sentences[0].text == WORDS


@pytest.mark.parametrize("answer", [INVENTED, ModelInvalid("no"), ModelRefused("no"), None])
def test_a_try_that_is_no_better_leaves_the_entry_with_its_warning(
    tmp_path: Path, answer: object
) -> None:
    """One that fails a check, none at all, or the same words again; nothing is read twice."""
    plain, _ = digest_of(tmp_path, [reading()])
    same = again(plain.news[0].sentences[0].text)
    made, asked = digest_of(tmp_path, [reading(NAMED)], [answer or same])
    assert made.entries == plain.entries
    assert [question.prompt for question in asked[-2:]] == ["proofread", "translate"]
    assert [(it.entry, it.severity) for it in made.findings] == [("news:1", "warning")]


def test_the_second_reading_has_only_what_was_tried_again(tmp_path: Path) -> None:
    """Beside it stands what it was said to repeat, which is not read again."""
    twice = NAMED | {"kind": "told_twice", "other": "tools:1"}
    other = NAMED | {"entry": "tools:1"}
    made, asked = digest_of(tmp_path, [reading(twice), reading(twice, other)], [BETTER])
    shown, _, beside = asked[-1].user.partition("For comparison:")
    assert ("== news:1" in shown, "== tools:1" in shown) == (True, False)
    assert ("== tools:1" in beside, "== news:1" in beside) == (True, False)
    assert [(it.entry, it.found) for it in made.findings] == [
        ("news:1", "reads as told twice: the line says something else")
    ]


def test_a_try_in_which_more_is_named_than_before_is_not_taken(tmp_path: Path) -> None:
    """One problem was named, two are: the entry stays as it was, with its one warning."""
    plain, _ = digest_of(tmp_path, [reading()])
    more = reading(NAMED | {"why": "first"}, NAMED | {"kind": "title", "sentence": 0})
    made, _ = digest_of(tmp_path, [reading(NAMED), more], [BETTER])
    assert made.entries == plain.entries
    assert [it.found for it in made.findings] == [
        "reads as unsupported: the line says something else"
    ]


def test_a_title_that_promises_more_comes_with_its_sentence(tmp_path: Path) -> None:
    """What is named is the title: a sentence that is new is taken with it, or neither fits."""
    named = NAMED | {"kind": "title", "sentence": 0}
    grown = again() | {"title": "一家实验室公开 Alder 的权重与代码"}
    grown["sentences"] = [{"number": 2, "text": WORDS, "lines": [1]}]
    made, _ = digest_of(tmp_path, [reading(named), reading()], [grown])
    assert made.news[0].title == grown["title"]
    assert [it.text for it in made.news[0].sentences][1:] == [WORDS]


@pytest.mark.parametrize("error", [ModelInvalid("no answer fits"), ModelRefused("not this")])
def test_a_digest_that_cannot_be_proofread_is_published_all_the_same(
    tmp_path: Path, error: ModelError
) -> None:
    """And a warning says so, so that it does not pass for one that was."""
    notes = Notes()
    plain, _ = digest_of(tmp_path, [reading()])
    made, _ = digest_of(tmp_path, [error], notes=notes)
    assert made.entries == plain.entries
    (warning,) = made.findings
    assert (warning.entry, warning.check, warning.severity) == ("news:1", "proofread", "warning")
    assert warning.found == f"not proofread, with 2 others: {error}"
    assert warning.found in notes.lines


def test_an_entry_that_cannot_be_read_again_has_no_warning_of_the_first_reading(
    tmp_path: Path,
) -> None:
    """Its words are others now; a warning says that nobody has read them."""
    notes = Notes()
    made, _ = digest_of(tmp_path, [reading(NAMED), ModelRefused("no")], [BETTER], notes=notes)
    assert made.news[0].sentences[0].text == WORDS
    assert [it.found for it in made.findings] == ["not proofread, with 0 others: no"]


def test_a_model_that_is_gone_ends_the_run(tmp_path: Path) -> None:
    """As wherever it is asked."""
    with pytest.raises(ModelError, match="out of credit"):
        digest_of(tmp_path, [ModelError("out of credit")])


def test_the_order_of_answers_does_not_matter(tmp_path: Path) -> None:
    """Two entries are tried at once, each with its own findings."""
    named = reading(NAMED, NAMED | {"entry": "tools:1", "why": "another thing"})

    def better(question: Question) -> object:
        return BETTER if "Alder" in question.user else ModelInvalid("no")

    made, _ = digest_of(tmp_path, [named, reading()], [better, better])
    assert made.news[0].sentences[0].text == WORDS
    assert [(it.entry, it.found) for it in made.findings] == [
        ("tools:1", "reads as unsupported: another thing")
    ]
