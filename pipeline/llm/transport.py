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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar, cast
from urllib.parse import quote, unquote, urlsplit

import httpx2
import openai

from pipeline.deadline import SocketDeadline
from pipeline.errors import (
    DigestError,
    ModelError,
    ModelInvalid,
    ModelRefused,
    ModelTransient,
    SettingsError,
)
from pipeline.llm.capabilities import error_text
from pipeline.llm.responses import (
    Completion,
    Endpoint,
    RequestRejected,
    cut_message,
    parse_completion,
)
from pipeline.network import find_proxy, socks_errors, tls_context
from pipeline.retry import parse_retry_after

_CONNECT_TIMEOUT_S: Final = 15.0
# The longest answer of a model is a hundredth of it.
_MAX_ANSWER_BYTES: Final = 8_000_000
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
        self._route = ""
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

    def call(self, send: Callable[[Client], Got], *, max_bytes: int = _MAX_ANSWER_BYTES) -> Got:
        """Make any call, within the time for one answer.

        Args:
            send: makes it, with the SDK's client.
            max_bytes: largest answer, packed and unpacked.

        Raises:
            RequestRejected: the server turned it down.
            ModelTransient: the call failed in a way that may pass.
            ModelError: the call cannot be made, its answer is refused, or `connect` failed.
        """
        client = self._get_client()
        with self._exchange(max_bytes), self._translated_errors():
            return send(client)

    @contextmanager
    def _exchange(self, max_bytes: int) -> Iterator[None]:
        """Hold what is sent and received meanwhile to our limits."""
        deadline = SocketDeadline(self._timeout_s)
        before = _EXCHANGE.set(_Exchange(self._host, self.redact, deadline, max_bytes))
        try:
            yield
        except (DigestError, RequestRejected):
            if deadline.stop():
                raise _timeout_error(self._host) from None
            raise
        else:
            # A body without a length ends where its socket was shut: half of it looks whole.
            if deadline.stop():
                raise _timeout_error(self._host)
        finally:
            deadline.stop()
            _EXCHANGE.reset(before)

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except openai.APIStatusError as error:
            raise _rejection_from_status(error, self.redact) from self._safe_cause(error)
        except openai.OpenAIError as error:
            if isinstance(error.__cause__, DigestError):  # ours, wrapped by the SDK
                raise error.__cause__ from None
            raise translate_error(error, self._host, self.redact) from self._safe_cause(error)
        except httpx2.HTTPError as error:
            # While a body is read in parts, the SDK does not translate.
            message = (
                f"{self._host} broke off: {cut_message(self.redact(str(error)))}; try again later"
            )
            raise ModelTransient(message) from self._safe_cause(error)
        except socks_errors() as error:
            message = f"{self._host} cannot be reached{self._route}: {error}; check the proxy"
            raise ModelTransient(message) from error

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
        self._route = _describe_route(endpoint.base_url)
        return openai.OpenAI(
            api_key=key or "none",
            base_url=endpoint.base_url,
            max_retries=0,
            timeout=openai.Timeout(
                self._timeout_s, connect=min(self._timeout_s, _CONNECT_TIMEOUT_S)
            ),
            http_client=_http_client(endpoint.base_url),
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
        return _timeout_error(host)
    if isinstance(error, openai.APIConnectionError):
        cause = cut_message(redact(str(error.__cause__ or error)))
        request = getattr(error, "request", None)
        route = _describe_route(str(request.url)) if request else ""
        message = f"{host} cannot be reached{route}: {cause}; check OPENAI_BASE_URL and the network"
        return ModelTransient(message)
    if isinstance(error, openai.LengthFinishReasonError):
        return ModelInvalid(f"the answer of {host} was cut off; raise max_output_tokens")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return ModelRefused(f"the content filter of {host} refused the question")
    return ModelError(f"{host} cannot be asked: {cut_message(redact(str(error)))}; see --verbose")


def _describe_route(url: str) -> str:
    proxy = find_proxy(url)
    return f" through the proxy of {proxy.variable}" if proxy else ""


def _timeout_error(host: str) -> ModelTransient:
    return ModelTransient(
        f"{host} did not answer in time; raise AINEWS_MODEL_TIMEOUT_S or try again later"
    )


def _rejection_from_status(
    error: openai.APIStatusError, redact: Callable[[str], str]
) -> RequestRejected:
    pause_s = parse_retry_after(error.response.headers.get("retry-after", ""))
    return RequestRejected(error.status_code, redact(error_text(error.body)), pause_s)


class _Exchange(NamedTuple):
    """What one call is held to, request and response."""

    host: str
    redact: Callable[[str], str]
    deadline: SocketDeadline
    max_bytes: int

    def begin(self, request: httpx2.Request) -> None:
        """Let the deadline see the request's socket, and ask for what can be unpacked in parts."""
        request.extensions["trace"] = self.deadline.trace
        request.headers["Accept-Encoding"] = "gzip, deflate"

    def check(self, response: httpx2.Response) -> None:
        """Refuse what leads on or is packed unasked, and bound the body that follows."""
        if response.has_redirect_location:
            target = cut_message(self.redact(response.headers["Location"]))
            raise ModelError(
                f"{self.host} redirects to {target!r}, to which nothing is sent; if you trust it, "
                "set OPENAI_BASE_URL to it"
            )
        packed = response.headers.pop("Content-Encoding", "identity").strip().lower()
        if packed not in {"", "identity", "gzip", "deflate"}:
            said = cut_message(self.redact(packed))
            raise ModelError(f"{self.host} packed its answer as {said!r}, which was not asked for")
        large = ModelError(f"{self.host} answered with more than {self.max_bytes:,} bytes")
        body = cast("httpx2.SyncByteStream", response.stream)
        stream = _CappedStream(iter(body), body, self.max_bytes, large)
        # The client unpacks at most a megabyte at a time, so that it stops where we do.
        unpacked = httpx2.Response(
            response.status_code, headers={"Content-Encoding": packed}, stream=stream
        ).iter_bytes()
        response.stream = _CappedStream(unpacked, stream, self.max_bytes, large)
        # JSON is UTF-8; a charset that is no charset would be an exception.
        response.encoding = "utf-8"


_EXCHANGE: ContextVar[_Exchange] = ContextVar("_EXCHANGE")


def _http_client(base_url: str) -> httpx2.Client:
    proxy = find_proxy(base_url)
    hooks: dict[str, list[Callable[..., Any]]] = {
        "request": [lambda request: _EXCHANGE.get().begin(request)],
        "response": [lambda response: _EXCHANGE.get().check(response)],
    }
    # No connection is kept, so that every call's deadline knows its socket.
    return openai.DefaultHttpxClient(
        event_hooks=hooks,
        trust_env=False,
        proxy=proxy and proxy.url,
        verify=tls_context(base_url, _ssl_context),
        follow_redirects=False,
        limits=httpx2.Limits(max_keepalive_connections=0),
    )


@cache
def _ssl_context() -> ssl.SSLContext:
    """Load the certificates, which takes 50 ms, once."""
    return httpx2.create_ssl_context()


class _CappedStream(httpx2.SyncByteStream):
    """A body that ends in an error past its limit."""

    def __init__(
        self, parts: Iterator[bytes], body: httpx2.SyncByteStream, most: int, large: ModelError
    ) -> None:
        self._parts = parts
        self._body = body
        self._most = most
        self._large = large

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._parts:
            size += len(part)
            if size > self._most:
                raise self._large
            yield part

    def close(self) -> None:
        self._body.close()
