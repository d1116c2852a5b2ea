"""Stories are begun while others are still chosen: the first alone, each once, none for nothing."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from build import choice, stories
from pipeline.errors import ModelTransient
from pipeline.llm.listeners import current_listener
from pipeline.records import SelectedStory
from pipeline.translate import DraftEntry, EarlyDrafts

TELLS = ("s01", "s02", "s03", "s04")


class Teller:
    """Tells stories when it is let, and remembers which."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.speaks = threading.Event()
        self.ends = threading.Event()
        self.heard = threading.Event()

    def __call__(self, choice: SelectedStory) -> DraftEntry:
        """Tell one; the first says a word, and later ends."""
        self.asked.append(choice.story.id)
        if len(self.asked) == 1:
            listener = current_listener()
            assert listener is not None
            self.speaks.wait(5)
            if self.heard.is_set():
                listener("word")
            self.ends.wait(5)
        return DraftEntry(choice=choice, entry=None)


def choices() -> list[SelectedStory]:
    """Give the stories of the tests."""
    return [choice(story) for story in stories(4)]


def until(fits: Callable[[], bool]) -> bool:
    """Wait for something that happens in another thread."""
    waiting = threading.Event()
    return any(fits() or waiting.wait(0.01) for _ in range(500)) or fits()


def test_the_others_wait_for_the_first_words_of_the_first() -> None:
    """A provider has read the beginning of a question when it answers: the others cost less."""
    told = Teller()
    with ThreadPoolExecutor(4) as pool, closing(EarlyDrafts(told, pool)) as early:
        for one in choices()[:3]:
            early.begin(one)
        assert until(lambda: told.asked == ["s01"])
        told.heard.set()
        told.speaks.set()
        assert until(lambda: len(told.asked) == 3)
        early.begin(choices()[3])
        assert until(lambda: len(told.asked) == 4)
        told.ends.set()
        drafts = [early.take(one) for one in choices()]
    assert [draft and draft.result().choice for draft in drafts] == choices()
    assert sorted(told.asked) == list(TELLS)


def test_where_nothing_is_heard_the_others_wait_for_the_end_of_the_first() -> None:
    """So it is with a server that answers whole."""
    told = Teller()
    told.speaks.set()
    with ThreadPoolExecutor(4) as pool, closing(EarlyDrafts(told, pool)) as early:
        for one in choices():
            early.begin(one)
        assert until(lambda: told.asked == ["s01"])
        told.ends.set()
        assert until(lambda: len(told.asked) == 4)


def test_what_still_waits_is_left_to_who_takes_it() -> None:
    """The choice is whole before the first is told: nothing is asked a second time."""
    told = Teller()
    told.speaks.set()
    with ThreadPoolExecutor(4) as pool, closing(EarlyDrafts(told, pool)) as early:
        for one in choices():
            early.begin(one)
        assert [early.take(one) for one in choices()[1:]] == [None] * 3
        told.ends.set()
        assert early.take(choices()[0]) is not None
    assert told.asked == ["s01"]


def test_who_takes_a_story_does_not_wait_for_it() -> None:
    """A thread that could ask is not held up; what no thread has taken up keeps its turn."""
    told = Teller()
    told.speaks.set()
    told.ends.set()
    with ThreadPoolExecutor(1) as pool, closing(EarlyDrafts(told, pool)) as early:
        block = threading.Event()
        pool.submit(block.wait, 5)
        for one in choices():
            early.begin(one)
        first = pool.submit(early.take, choices()[0])
        draft = early.take(choices()[0])
        assert draft is not None
        assert told.asked == []
        block.set()
        assert first.result(5) is draft
        assert draft.result(5).story_id == "s01"
    assert told.asked == list(TELLS)


def test_what_is_not_in_the_choice_is_not_told() -> None:
    """It was announced, and the answer did not fit; what no thread has taken up costs nothing."""
    told = Teller()
    told.ends.set()
    with ThreadPoolExecutor(1) as pool, closing(EarlyDrafts(told, pool)) as early:
        for one in choices():
            early.begin(one)
        early.keep_only(["s01", "s03"])
        told.speaks.set()
        assert early.take(choices()[0]) is not None
        assert until(lambda: told.asked == ["s01", "s03"])
    assert told.asked == ["s01", "s03"]


def test_a_story_that_was_chosen_otherwise_in_the_end_is_not_taken() -> None:
    """The choice was asked for again, and has it in the other half: what was begun is void."""
    told = Teller()
    told.speaks.set()
    told.ends.set()
    with ThreadPoolExecutor(1) as pool, closing(EarlyDrafts(told, pool)) as early:
        begun = choices()[0]
        early.begin(begun)
        assert until(lambda: told.asked == ["s01"])
        assert early.take(begun.model_copy(update={"kind": "tool"})) is None


def test_an_error_is_raised_where_the_story_is_taken_and_ends_the_beginning() -> None:
    """Who takes the first hears of it; the others are not begun in vain."""
    asked: list[str] = []

    def fail(choice: SelectedStory) -> DraftEntry:
        asked.append(choice.story.id)
        raise ModelTransient("gone")

    with ThreadPoolExecutor(2) as pool, closing(EarlyDrafts(fail, pool)) as early:
        for one in choices():
            early.begin(one)
        draft = early.take(choices()[0])
        assert draft is not None
        with pytest.raises(ModelTransient):
            draft.result(5)
        assert early.take(choices()[1]) is None
    assert asked == ["s01"]


def test_nothing_is_begun_after_the_end() -> None:
    """The threads may be gone by then: a run that failed leaves nothing behind."""
    told = Teller()
    told.speaks.set()
    told.ends.set()
    with ThreadPoolExecutor(1) as pool:
        early = EarlyDrafts(told, pool)
        early.close()
    early.begin(choices()[0])
    assert told.asked == []
