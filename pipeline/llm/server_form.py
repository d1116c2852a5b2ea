"""The form in which one server takes questions for one model: found once, remembered, mended.

Between `model.py`, which asks, `quirks.py`, which draws a lesson from a rejection, and the cache.
Only a form in which a question was answered is remembered. One that is rejected for good is
forgotten, and where a remembered one fails without a lesson, what was assumed at first is tried
once more.
"""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from pipeline.lines import get_logger
from pipeline.llm.cache import Cache
from pipeline.llm.capabilities import (
    ServerCapabilities,
    body_fields,
    fit_request,
    request_fields,
)
from pipeline.llm.quirks import next_capabilities
from pipeline.llm.rejections import RequestRejected, classify_rejection
from pipeline.llm.responses import Completion

_log = get_logger(__name__)

_MAX_FORMS: Final = 12
# `for non-streaming calls` is said of something else.
_STREAM_NAMED: Final = re.compile(r"(?<!non-)\bstream|(?<!非)流式", re.IGNORECASE)
_FORM_STATUSES: Final = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}


class ServerForm:
    """What one server takes for one model; used by several threads at once."""

    def __init__(self, cache: Cache, *, host: str, model: str, assumed: ServerCapabilities) -> None:
        """Begin with what is remembered of the server, else with what is assumed."""
        self._cache = cache
        self._host = host
        self._model = model
        self._assumed = assumed
        self._lock = threading.Lock()
        saved = cache.get_capabilities(host, model)
        self._known = saved and assumed.model_copy(update=saved.model_dump())
        self._current = self._known or assumed

    @property
    def current(self) -> ServerCapabilities:
        """What the server is taken for now."""
        return self._current

    @property
    def known(self) -> bool:
        """Whether a question was answered in some form."""
        return self._known is not None

    def blames_pieces(self, rejection: RequestRejected) -> bool:
        """Say whether a server names what it was asked for, an answer in pieces, as not taken."""
        kind = classify_rejection(rejection.status, rejection.text)
        named = kind != "transient" and bool(_STREAM_NAMED.search(rejection.text))
        if named:
            self.refuse_pieces()
        return named

    def refuse_pieces(self) -> None:
        """Ask for whole answers from now on; remembered with the next one."""
        with self._lock:
            self._current = self._current.model_copy(update={"whole": True})

    def learn(
        self,
        rejection: RequestRejected,
        tried: Sequence[ServerCapabilities],
        sent: Mapping[str, Any],
    ) -> bool:
        """Change to another form after a rejection; False where there is none to try.

        `tried` are the forms in which this question was asked, this one last.
        """
        now = tried[-1]
        other = next_capabilities(now, rejection.status, rejection.text, sent)
        if other is None and classify_rejection(rejection.status, rejection.text) == "other":
            other = self._assumed
        usable = other is not None and other not in tried and len(tried) < _MAX_FORMS
        with self._lock:
            if self._current == now:
                # What led nowhere is forgotten.
                self._current = other if other and usable else self._known or self._assumed
        if other and usable:
            self._report(rejection, now, other)
        return usable

    def keep(self, capabilities: ServerCapabilities) -> None:
        """Remember a form in which a question was answered."""
        with self._lock:
            if self._known == capabilities:
                return
            self._known = capabilities
        self._cache.put_capabilities(self._host, self._model, capabilities)

    def _report(
        self, rejection: RequestRejected, now: ServerCapabilities, other: ServerCapabilities
    ) -> None:
        _log.info("%s: %s; trying %s", self._host, rejection, other)
        settings = {"temperature": "AINEWS_TEMPERATURE"}
        settings |= dict.fromkeys(self._assumed.extra_body, "AINEWS_EXTRA_BODY")
        for name in set(other.refused_fields) - set(now.refused_fields):
            if name in settings:
                message = "%s does not take %r (%s); going on without it"
                _log.warning(message, self._host, name, settings[name])


def is_about_form(rejection: RequestRejected) -> bool:
    """Say whether a question that teaches nothing may yet be taken in another form."""
    kind = classify_rejection(rejection.status, rejection.text)
    return kind == "other" and rejection.status in _FORM_STATUSES


def complete_in_any_form(
    complete: Callable[[dict[str, Any]], Completion],
    request: dict[str, Any],
    capabilities: ServerCapabilities,
    *,
    max_tokens: int,
) -> Completion:
    """Ask one question in one form after the other, and remember none of them.

    Raises:
        RequestRejected: it is taken in no form.
        ModelError: as `complete`.
    """
    tried: list[ServerCapabilities] = []
    while True:
        tried.append(capabilities)
        whole = request | request_fields(capabilities, max_tokens)
        fitted = fit_request(whole, capabilities, json_words="JSON")
        try:
            return complete(fitted)
        except RequestRejected as rejection:
            sent = body_fields(fitted)
            other = next_capabilities(capabilities, rejection.status, rejection.text, sent)
            if other is None or other in tried or len(tried) == _MAX_FORMS:
                raise
            capabilities = other
