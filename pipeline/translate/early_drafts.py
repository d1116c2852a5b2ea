"""Stories that are told while the others are still being chosen.

A story that is certain to stand in the choice is begun at once. The first is begun alone, so that a
provider that remembers how questions begin has read it, and the others cost less; they follow with
the first word of its answer, where that comes in pieces. Who translates the whole choice then takes
what was begun, and waits for it in no thread that could ask; which thread was quicker changes no
draft.
"""

from collections.abc import Callable, Collection
from concurrent.futures import Executor, Future
from threading import Lock

from pipeline.llm import listening
from pipeline.records import SelectedStory
from pipeline.translate.draft_entry import DraftEntry


class EarlyDrafts:
    """Drafts that were begun before the choice was made; used by several threads at once."""

    def __init__(
        self, translate_one: Callable[[SelectedStory], DraftEntry], pool: Executor
    ) -> None:
        """Prepare to begin."""
        self._translate_one = translate_one
        self._pool = pool
        self._lock = Lock()
        self._first: Future[DraftEntry] | None = None
        self._begun: dict[str, tuple[SelectedStory, Future[DraftEntry]]] = {}
        self._waiting: list[SelectedStory] | None = []
        self._taken: set[str] = set()
        self._closed = False

    def begin(self, choice: SelectedStory) -> None:
        """Begin a story, or let it wait for the first."""
        with self._lock:
            if self._first is not None and self._waiting is not None:
                self._waiting.append(choice)
                return
            alone = self._first is None
            draft = self._submit(choice, self._translate_first if alone else self._translate_one)
            self._first = self._first or draft
        if alone and draft is not None:
            draft.add_done_callback(self._after_first)

    def take(self, choice: SelectedStory) -> Future[DraftEntry] | None:
        """Give the draft of a story, which may still be on its way; None where it was not begun."""
        with self._lock:
            self._taken.add(choice.story.id)
            known, draft = self._begun.get(choice.story.id, (None, None))
        if draft is None or known == choice:
            return draft
        draft.cancel()
        return None

    def keep_only(self, names: Collection[str]) -> None:
        """Drop stories that are not in the choice, as far as no thread has taken them up."""
        with self._lock:
            if self._waiting is not None:
                self._waiting = [it for it in self._waiting if it.story.id in names]
            for name, (_, draft) in self._begun.items():
                if name not in names:
                    draft.cancel()

    def close(self) -> None:
        """Begin nothing more, and drop what no thread has taken up."""
        with self._lock:
            self._closed = True
            for _, draft in self._begun.values():
                draft.cancel()

    def _translate_first(self, choice: SelectedStory) -> DraftEntry:
        with listening(lambda _words: self._begin_others()):
            return self._translate_one(choice)

    def _after_first(self, first: Future[DraftEntry]) -> None:
        """Begin the others; where the first could not be told, nothing is begun early."""
        if not first.cancelled() and first.exception() is None:
            self._begin_others()

    def _begin_others(self) -> None:
        """Begin those that waited, and let no other wait."""
        with self._lock:
            waiting, self._waiting = self._waiting or [], None
            for choice in waiting:
                self._submit(choice, self._translate_one)

    def _submit(
        self, choice: SelectedStory, translate: Callable[[SelectedStory], DraftEntry]
    ) -> Future[DraftEntry] | None:
        if self._closed or choice.story.id in self._taken:
            return None
        draft = self._pool.submit(translate, choice)
        self._begun[choice.story.id] = (choice, draft)
        return draft
