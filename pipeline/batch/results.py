"""One line of what a batch brought, read strictly: an answer, or why there is none."""

import json
from collections.abc import Callable
from http import HTTPStatus

from pydantic import Field, JsonValue, ValidationError

from pipeline.errors import ModelError
from pipeline.llm import (
    Completion,
    LenientRecord,
    RequestRejected,
    error_text,
    parse_completion,
)


class BatchResponse(LenientRecord):
    """What the server answered to one question."""

    status_code: int | None = Field(default=None, ge=0, le=999)
    """Status, as of a call of its own."""
    body: JsonValue = None
    """Body, likewise."""


class BatchResult(LenientRecord):
    """What became of one question of a batch."""

    custom_id: str
    """Which question."""
    response: BatchResponse | None = None
    """The answer; None where it was never asked."""
    error: JsonValue = None
    """Why it was never asked."""

    @property
    def is_expired(self) -> bool:
        """Whether the batch ended before the question was asked."""
        return isinstance(self.error, dict) and self.error.get("code") == "batch_expired"

    def to_completion(
        self, host: str, redact: Callable[[str], str]
    ) -> Completion | RequestRejected:
        """Read it as the answer to a call; whatever is none is a refusal."""
        response = self.response
        if response is None or self.error:
            return RequestRejected(None, redact(error_text(self.error)))
        body = response.body
        if response.status_code != HTTPStatus.OK:
            said = body.get("error") if isinstance(body, dict) else None
            return RequestRejected(response.status_code, redact(error_text(said or body)))
        try:
            return parse_completion(json.dumps(body), host, redact)
        except RequestRejected as refusal:
            return refusal
        except ModelError as error:
            return RequestRejected(None, str(error))


def parse_result(text: bytes) -> BatchResult | None:
    """Read one line of a file of answers or errors; None where it is none."""
    try:
        return BatchResult.model_validate_json(text)
    except ValidationError:
        return None
