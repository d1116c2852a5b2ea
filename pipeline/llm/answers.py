"""Every answer that was paid for, as it came: kept at once, and never asked for twice.

Between `model.py`, which asks, and the cache. An answer is kept under everything that shaped the
one call it answers, the words of a re-ask included. So a run that died goes through its questions
again as through a recording, and one whose answers never fitted does not pay for them once more.

A reply, the valid object of a question, is kept apart: it outlives a refresh that found no other.
"""

import hashlib
import json

from pipeline.errors import ModelRefused
from pipeline.llm.cache import Cache, StoredAnswer
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.responses import AnswerChoice, AnswerMessage, answer_state


class AnswerCache:
    """The answers of one model on one server; used by several threads at once."""

    def __init__(self, cache: Cache, *, host: str, model: str) -> None:
        self._cache = cache
        self._host = host
        self._model = model

    def key(self, *shape: object) -> str:
        """Name a call by all that shaped it, its cap excepted: 64 hexadecimal digits."""
        return hash_values("call", self._host, self._model, *shape)

    def reply_key(self, *shape: object) -> str:
        """Name a question by all that shapes the reply to it."""
        return hash_values(self._host, self._model, *shape)

    def find_reply(self, key: str) -> str | None:
        """Find the JSON text that answered a question before."""
        return self._cache.get_reply(key)

    def store_reply(self, key: str, reply: str) -> None:
        """Keep the JSON text of a valid answer, in the place of an earlier one."""
        self._cache.put_reply(key, reply)

    def find(self, key: str, cap: int) -> AnswerChoice | None:
        """Find the answer to a call; one that was cut off counts for its own cap only.

        Raises:
            ModelRefused: a content filter turned it down.
        """
        raw = self._cache.get_answer(key) or self._cache.get_answer(hash_values(key, cap))
        if raw is None:
            return None
        if raw.turned_down is not None:
            raise RequestRejected(raw.status, raw.turned_down).to_error(self._host, self._model)
        message = AnswerMessage(content=raw.content, refusal=raw.refusal)
        choice = AnswerChoice(message=message, finish_reason=raw.finish_reason)
        # An earlier version kept thoughts without an answer.
        return None if answer_state(choice) == "blank" else choice

    def store(self, key: str, cap: int, result: AnswerChoice | RequestRejected) -> bool:
        """Keep what came, unless another try may better it: a blank, or a failure that may pass."""
        if isinstance(result, RequestRejected):
            if not isinstance(result.to_error(self._host, self._model), ModelRefused):
                return False
            self._cache.put_answer(key, StoredAnswer(turned_down=result.text, status=result.status))
            return True
        state = answer_state(result)
        if state == "blank":
            return False
        raw = StoredAnswer(
            content=result.message.content,
            refusal=result.message.refusal,
            finish_reason=result.finish_reason,
        )
        self._cache.put_answer(hash_values(key, cap) if state == "cut_off" else key, raw)
        return True


def hash_values(*shape: object) -> str:
    """Hash what shaped something."""
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()
