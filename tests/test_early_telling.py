"""Stories are told while the model still chooses; the digest is the one of a choice that came whole."""

import datetime as dt
import io
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from build import small_page
from fakes import FakeModel
from hosted import editing, sizes
from pipeline.edits.anchors import make_anchor
from pipeline.fetch.local_file import read_source
from pipeline.llm import Ask
from pipeline.llm.listeners import current_listener
from pipeline.llm.prompts import Answer, Question
from pipeline.plan import PreparedJob
from pipeline.records import Digest, Edit
from pipeline.run import GenerationInput, generate, prepare
from test_plan import Notes

Write = Callable[[str, Callable[[str], None]], None]
"""Writes the answer to the choosing question into the listener."""


def right(question: Question) -> str:
    """Answer like the test editor, who finds nothing to object to."""
    return '{"problems": []}' if question.prompt == "proofread" else editing(question)


class WritingModel:
    """Answers like the test editor, and writes its choice as the test wants."""

    def __init__(self, write: Write) -> None:
        self.asked: Counter[str] = Counter()
        self.told = threading.Event()
        self.heard = 0
        self._write = write

    def ask(self, question: Question, schema: type[Answer], /) -> Answer:
        """Answer."""
        self.asked[question.user] += 1
        text = right(question)
        listener = current_listener()
        if question.prompt != "select":
            self.told.set()
        elif listener is not None:
            self.heard += 1
            self._write(text, listener)
        return schema.model_validate_json(text)


def start(folder: Path) -> GenerationInput:
    """Begin a small issue."""
    folder.mkdir()
    page = read_source(small_page(folder, 24), stdin=io.BytesIO())
    job = PreparedJob(page=page, date=dt.date(2026, 1, 30), stem="2026-01-30")
    return prepare(job, profile=sizes(), progress=Notes())


def digest_of(inputs: GenerationInput, ask: Ask) -> Digest:
    """Make its digest."""
    return generate(inputs, ask=ask, progress=Notes())


@pytest.mark.parametrize("proofreads", [False, True])
def test_a_story_is_told_before_the_choice_has_ended(tmp_path: Path, proofreads: bool) -> None:
    """Each question is asked once, and the digest is the same to the last byte."""
    inputs = start(tmp_path / "issue")
    profile = inputs.profile.model_copy(update={"proofreads": proofreads})
    inputs = inputs.model_copy(update={"profile": profile})

    def half_and_wait(text: str, listener: Callable[[str], None]) -> None:
        listener(text[: len(text) // 2])
        assert model.told.wait(10)
        listener(text[len(text) // 2 :])

    model = WritingModel(half_and_wait)
    assert digest_of(inputs, model.ask) == digest_of(inputs, FakeModel(always=right).ask)
    assert model.heard == 1
    assert set(model.asked.values()) == {1}


def test_a_choice_that_came_otherwise_in_the_end_is_told_as_it_is(tmp_path: Path) -> None:
    """What was begun for another choice is left alone: nothing of it stands in the digest."""
    inputs = start(tmp_path / "issue")
    model = WritingModel(
        lambda text, listener: listener(text.replace('"What s', '"Other words of s'))
    )
    assert digest_of(inputs, model.ask) == digest_of(inputs, FakeModel(always=right).ask)


def test_a_digest_with_edits_is_told_when_its_choice_is_whole(tmp_path: Path) -> None:
    """An edit may drop what was chosen, and nobody pays for that."""
    inputs = start(tmp_path / "issue")
    dropped = Edit(do="drop", story=make_anchor(inputs.stories[0]), stood="news:1")
    edited = inputs.with_edits((dropped,))
    model = WritingModel(lambda text, listener: listener(text))
    assert digest_of(edited, model.ask) == digest_of(edited, FakeModel(always=right).ask)
    assert model.heard == 0
