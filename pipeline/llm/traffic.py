"""What went over the line of one call, as far as it came: what a call took that has no answer.

A stream that breaks off has been paid for up to there, by whatever it was broken off: the server,
our deadline, or whoever has heard enough. Where no figure came, what was sent and received is
estimated.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from pipeline.errors import ModelError, ModelTransient
from pipeline.llm.bodies import decode_body, read_partial
from pipeline.llm.completions import NoChoice, ReadChoice, read_choice
from pipeline.llm.prices import Tokens
from pipeline.llm.prompts import estimate_tokens
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.usage import read_usage

_MAX_BYTES = 8_000_000


class Traffic:
    """One request, and what of its answer has come; belongs to one call."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self._is_sent = False
        self._status: int | None = None
        self._parts: list[bytes] = []

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Learn that a request was sent: the client calls it as the extension `trace`."""
        if event.endswith("send_request_body.started"):
            self._is_sent = getattr(info.get("request"), "method", b"") != b"CONNECT"

    def begin(self, status: int) -> None:
        """Note that an answer of this status begins."""
        self._status = status

    def passing(self, parts: Iterator[bytes]) -> Iterator[bytes]:
        """Give the unpacked parts of the body as they are, and note them."""
        for part in parts:
            self._parts.append(part)
            yield part

    def taken(
        self, error: ModelError | RequestRejected, *, sent: int, most: int
    ) -> tuple[Tokens, bool] | None:
        """Say what a call took that ended in this error.

        Returns:
            The tokens, and whether the server counted them; None where nothing was asked, or the
            question was turned down before a word came.
        """
        if self._status is None:
            failed = self._is_sent and isinstance(error, ModelTransient)
            return (Tokens(input=sent, output=0), False) if failed else None
        if self._status != HTTPStatus.OK:
            return None
        body = read_partial(decode_body(b"".join(self._parts), "", max_bytes=_MAX_BYTES))
        choice = _choice(body)
        words = f"{choice.content or choice.refusal or ''}{choice.thoughts}"
        counts = read_usage(body.get("usage"), answered=bool(words.strip()))
        if counts.tokens is not None:
            return counts.tokens, True
        if not words and not isinstance(error, ModelTransient):
            return None
        output = min(estimate_tokens(words), most)
        return Tokens(input=counts.read or sent, output=output), False


def _choice(body: dict[str, Any]) -> ReadChoice:
    try:
        return read_choice(body) or ReadChoice()
    except NoChoice:
        return ReadChoice()
