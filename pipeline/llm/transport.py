"""One request to a server that speaks the OpenAI protocol: a completion, or one error of ours.

The only importer of openai, and of httpx2 on which it runs. What the SDK raises is translated
here; what a body means is for `responses.py`, what the model wrote and whether to try again for
`model.py`, which imports this module only when there is something to ask: the SDK takes half a
second to load.
"""

import base64
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote, unquote, urlsplit

import httpx2
import openai

from pipeline.errors import (
    DigestError,
    ModelError,
    ModelInvalid,
    ModelRefused,
    ModelTransient,
    SettingsError,
)
from pipeline.llm.budget import is_loopback
from pipeline.llm.capabilities import error_text
from pipeline.llm.responses import (
    Completion,
    Endpoint,
    RequestRejected,
    cut_message,
    parse_completion,
)
from pipeline.retry import parse_retry_after

_CONNECT_TIMEOUT_S: Final = 15.0
_KEY_PATTERN = re.compile(r"\bsk-[\w*-]+")
_MASK = "***"
# Shorter ones stand in too many words that are no secret.
_MIN_SECRET_CHARS = 4
Client = openai.OpenAI
Got = TypeVar("Got")


class Redactor:
    """Takes the key, and the password of an address, out of texts: a server may repeat them."""

    def __init__(self, key: str = "", base_url: str = "") -> None:
        """Learn the secrets.

        Args:
            key: the key, or nothing.
            base_url: an address, which may hold a user and a password.
        """
        parts = urlsplit(base_url)
        user, password = parts.username or "", parts.password or ""
        plain = {key, password, unquote(password)}
        if password:
            for pair in (f"{user}:{password}", f"{unquote(user)}:{unquote(password)}"):
                plain.add(base64.b64encode(pair.encode()).decode())
        elif user:
            plain |= {user, unquote(user)}
        found = plain | {quote(secret, safe="") for secret in plain}
        self._secrets = sorted(
            (s for s in found if len(s) >= _MIN_SECRET_CHARS), key=len, reverse=True
        )

    def __call__(self, text: str) -> str:
        """Mask each secret."""
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return text

    def redact_line(self, text: str) -> str:
        """Make one line of a server's words, also without what looks like part of a key."""
        return " ".join(_KEY_PATTERN.sub(_MASK, self(text)).split())

    def contains_secret(self, text: str) -> bool:
        """Say whether a text holds a secret."""
        return any(secret in text for secret in self._secrets)


class ModelConnection:
    """One server, opened when it is first asked; used by several threads at once."""

    def __init__(self, *, host: str, connect: Callable[[], Endpoint], timeout_s: float) -> None:
        """Prepare to connect.

        Args:
            host: what messages call the server.
            connect: called at most once, may take seconds.
            timeout_s: longest wait for one answer, its last byte included.
        """
        self._host = host
        self._connect = connect
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._client: openai.OpenAI | DigestError | None = None
        self._prefill: Callable[[str], None] | None = None
        self.redactor = Redactor()
        self._closed = False

    def prefill(self, system: str) -> None:
        """Connect, unless it is done, and let the server prepare for a stable part.

        Raises:
            DigestError: whatever `connect` raised, now and every time after.
        """
        self._get_client()
        if self._prefill is not None:
            self._prefill(system)

    def close(self) -> None:
        """Close the connections; whoever asks afterwards gets an error."""
        self._closed = True
        if isinstance(self._client, openai.OpenAI):
            self._client.close()

    def complete(self, request: dict[str, Any]) -> Completion:
        """Send one request.

        Args:
            request: arguments of the SDK's `chat.completions.create`.

        Returns:
            The first choice, and what it took.

        Raises:
            RequestRejected: the server turned it down.
            ModelTransient: the call failed in a way that may pass.
            ModelError: what answers is no such server, or `connect` failed.
        """
        return parse_completion(self.redactor(self._post(request)), self._host, self.redact)

    def call(self, send: Callable[[Client], Got]) -> Got:
        """Make any call.

        Args:
            send: makes it, with the SDK's client.

        Raises:
            RequestRejected: the server turned it down.
            ModelTransient: the call failed in a way that may pass.
            ModelError: the call cannot be made, or `connect` failed.
        """
        client = self._get_client()
        try:
            return send(client)
        except openai.APIStatusError as error:
            raise _rejection_from_status(error, self.redact) from self._safe_cause(error)
        except openai.OpenAIError as error:
            raise translate_error(error, self._host, self.redact) from self._safe_cause(error)
        except httpx2.HTTPError as error:
            # While a body is read in parts, the SDK does not translate.
            message = (
                f"{self._host} broke off: {cut_message(self.redact(str(error)))}; try again later"
            )
            raise ModelTransient(message) from self._safe_cause(error)

    def _post(self, request: dict[str, Any]) -> str:
        # The raw body: the SDK makes strings, half-filled objects or exceptions of odd ones.
        return self.call(
            lambda client: client.chat.completions.with_raw_response.create(**request).text
        )

    def _get_client(self) -> openai.OpenAI:
        with self._lock:
            if self._closed:
                raise ModelError(f"the connection to {self._host} is closed; run again")
            if self._client is None:
                try:
                    self._client = self._new_client(self._connect())
                except DigestError as error:
                    self._client = error
            if isinstance(self._client, DigestError):
                raise self._client
            return self._client

    def _new_client(self, endpoint: Endpoint) -> openai.OpenAI:
        key = endpoint.api_key.get_secret_value().strip()
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise SettingsError("OPENAI_API_KEY holds characters that no key has; copy it again")
        self.redactor = Redactor(key, endpoint.base_url)
        self._prefill = endpoint.prefill
        return openai.OpenAI(
            api_key=key or "none",
            base_url=endpoint.base_url,
            max_retries=0,
            timeout=openai.Timeout(
                self._timeout_s, connect=min(self._timeout_s, _CONNECT_TIMEOUT_S)
            ),
            http_client=_http_client(endpoint.base_url, self._timeout_s),
        )

    def redact(self, text: str) -> str:
        """Make one line of a stranger's words, without the key."""
        return self.redactor.redact_line(text)

    def _safe_cause(self, error: Exception) -> Exception | None:
        """Keep an error as a cause, for --verbose, unless it would print the key."""
        shown = f"{error!r} {error.__cause__!r}"
        return None if self.redactor.contains_secret(shown) else error


def translate_error(
    error: openai.OpenAIError, host: str, redact: Callable[[str], str]
) -> RequestRejected | ModelError:
    """Translate whatever the SDK raises.

    Args:
        error: the SDK's error.
        host: what messages call the server.
        redact: makes one line without secrets of a stranger's words.
    """
    if isinstance(error, openai.APIStatusError):
        return _rejection_from_status(error, redact)
    if isinstance(error, openai.APITimeoutError):
        return ModelTransient(
            f"{host} did not answer in time; raise AINEWS_MODEL_TIMEOUT_S or try again later"
        )
    if isinstance(error, openai.APIConnectionError):
        cause = cut_message(redact(str(error.__cause__ or error)))
        message = f"{host} cannot be reached: {cause}; check OPENAI_BASE_URL and the network"
        return ModelTransient(message)
    if isinstance(error, openai.LengthFinishReasonError):
        return ModelInvalid(f"the answer of {host} was cut off; raise max_output_tokens")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return ModelRefused(f"the content filter of {host} refused the question")
    return ModelError(f"{host} cannot be asked: {cut_message(redact(str(error)))}; see --verbose")


def _rejection_from_status(
    error: openai.APIStatusError, redact: Callable[[str], str]
) -> RequestRejected:
    pause_s = parse_retry_after(error.response.headers.get("retry-after", ""))
    return RequestRejected(error.status_code, redact(error_text(error.body)), pause_s)


def _http_client(base_url: str, timeout_s: float) -> httpx2.Client:
    def begin(request: httpx2.Request) -> None:
        request.extensions["ends_at"] = time.monotonic() + timeout_s

    def bound(response: httpx2.Response) -> None:
        stream = cast("httpx2.SyncByteStream", response.stream)
        response.stream = _DeadlineStream(stream, response.request.extensions["ends_at"])

    # A proxy of the environment has no business between us and this machine.
    host = base_url.partition("://")[2]
    hooks: dict[str, list[Callable[..., Any]]] = {"request": [begin], "response": [bound]}
    return openai.DefaultHttpxClient(
        event_hooks=hooks, trust_env=not is_loopback(host), verify=_ssl_context()
    )


@cache
def _ssl_context() -> ssl.SSLContext:
    """Load the certificates, which takes 50 ms, once."""
    return httpx2.create_ssl_context()


class _DeadlineStream(httpx2.SyncByteStream):
    """A body that ends in time: the client's own timeout starts again with every byte."""

    def __init__(self, stream: httpx2.SyncByteStream, ends_at: float) -> None:
        self._stream = stream
        self._ends_at = ends_at

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            if time.monotonic() > self._ends_at:
                raise httpx2.ReadTimeout("the body drips")
            yield part

    def close(self) -> None:
        self._stream.close()
