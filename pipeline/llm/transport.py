"""One request to a server that speaks the OpenAI protocol: a completion, or one error of ours.

The only importer of openai, and of httpx2 on which it runs. What the SDK raises is translated
here; what a body means is for `responses.py`, what the model wrote and whether to try again for
`model.py`, which imports this module only when there is something to ask: the SDK takes half a
second to load.
"""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit
from urllib.request import getproxies

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
from pipeline.llm.bodies import check_stream, decode_body
from pipeline.llm.error_words import error_text, read_error
from pipeline.llm.listeners import HeardStream, Listener, tell_sent
from pipeline.llm.pauses import asked_pause_s
from pipeline.llm.redaction import Redactor
from pipeline.llm.rejections import (
    CHECK_BASE_URL,
    RequestRejected,
    advise_address,
    cut_message,
)
from pipeline.llm.responses import Completion, Endpoint, parse_completion
from pipeline.llm.traffic import Traffic
from pipeline.network import SocketDeadline, find_proxy, socks_errors, tls_context
from pipeline.settings import corrected_address

_CONNECT_TIMEOUT_S: Final = 15.0
# The longest answer of a model is a hundredth of it.
_MAX_ANSWER_BYTES: Final = 8_000_000
# In pieces of a word or less, each with some hundred bytes around it.
_MAX_STREAM_BYTES: Final = 40_000_000
Client = openai.OpenAI
Got = TypeVar("Got")


class ModelConnection:
    """One server, opened when it is first asked; used by several threads at once."""

    def __init__(self, *, host: str, connect: Callable[[], Endpoint], timeout_s: float) -> None:
        """Prepare to connect.

        `connect` is called at most once, and may take seconds.
        """
        self._host = host
        self._connect = connect
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._client: openai.OpenAI | DigestError | None = None
        self._prefill: Callable[[list[dict[str, str]]], None] | None = None
        self.redactor = Redactor()
        self._better_address = ""
        self._route = ""
        self._closed = False

    def prefill(self, stable: list[dict[str, str]]) -> None:
        """Connect, unless it is done, and let the server prepare for the stable messages.

        Raises:
            DigestError: whatever `connect` raised, now and every time after.
        """
        self._get_client()
        if self._prefill is not None:
            self._prefill(stable)

    def close(self) -> None:
        """Close the connections; whoever asks afterwards gets an error."""
        self._closed = True
        if isinstance(self._client, openai.OpenAI):
            self._client.close()

    def complete(
        self,
        request: dict[str, Any],
        listener: Listener | None = None,
        traffic: Traffic | None = None,
    ) -> Completion:
        """Send one request.

        `listener` hears the answer while it comes, where it comes in pieces; `traffic` notes what
        goes and comes, for whoever counts a call that has no answer.

        Returns:
            The first choice, and what it took.

        Raises:
            RequestRejected: the server turned it down.
            ModelTransient: the call failed in a way that may pass.
            ModelError: what answers is no such server, or `connect` failed.
        """
        text = self.redactor(check_stream(self._post(request, listener, traffic), self._host))
        page = text.strip("\ufeff\0 \t\r\n")
        if page.startswith("<"):
            said = cut_message(self.redact(error_text(page)))
            todo = advise_address(self._better_address)
            raise ModelError(f"{self._host} answered with {said}; {todo}")
        try:
            return parse_completion(text, self._host, self.redact)
        except RequestRejected as rejection:
            rejection.retry_after_s = asked_pause_s({}, text)
            rejection.address = self._better_address
            raise

    def call(
        self,
        send: Callable[[Client], Got],
        *,
        max_bytes: int = _MAX_ANSWER_BYTES,
        traffic: Traffic | None = None,
    ) -> Got:
        """Make any call, within the time for one answer.

        Raises:
            RequestRejected: the server turned it down.
            ModelTransient: the call failed in a way that may pass.
            ModelError: the call cannot be made, its answer is refused, or `connect` failed.
        """
        client = self._get_client()
        with self._exchange(max_bytes, traffic), self._translated_errors():
            return send(client)

    @contextmanager
    def _exchange(self, max_bytes: int, traffic: Traffic | None) -> Iterator[None]:
        """Hold what is sent and received meanwhile to our limits."""
        deadline = SocketDeadline(self._timeout_s)
        before = _EXCHANGE.set(_Exchange(self._host, self.redact, deadline, max_bytes, traffic))
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
            rejection = _rejection_from_status(error, self.redact, self._better_address)
            raise rejection from self._safe_cause(error)
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

    def _post(
        self, request: dict[str, Any], listener: Listener | None, traffic: Traffic | None
    ) -> str:
        in_pieces = request.get("extra_body", {}).get("stream")
        most = _MAX_STREAM_BYTES if in_pieces else _MAX_ANSWER_BYTES
        body, kind = self.call(
            lambda client: _post(client, request, listener), max_bytes=most, traffic=traffic
        )
        return decode_body(body, kind, max_bytes=most)

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
        key = endpoint.api_key.get_secret_value().strip().strip("\"'")
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise SettingsError("OPENAI_API_KEY holds characters that no key has; copy it again")
        client = _http_client(endpoint.base_url)
        secrets = (secret.get_secret_value() for secret in endpoint.secrets)
        addresses = (endpoint.base_url, *getproxies().values())
        self.redactor = Redactor(key, *addresses, others=secrets)
        self._prefill = endpoint.prefill
        self._better_address = self.redactor(corrected_address(endpoint.base_url))
        self._route = _describe_route(endpoint.base_url)
        parts = urlsplit(endpoint.base_url)
        return openai.OpenAI(
            api_key=key or "none",
            base_url=parts._replace(query="").geturl(),
            default_query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            default_headers=_azure_headers(endpoint.base_url, key),
            max_retries=0,
            timeout=openai.Timeout(
                self._timeout_s, connect=min(self._timeout_s, _CONNECT_TIMEOUT_S)
            ),
            http_client=client,
        )

    def redact(self, text: str) -> str:
        """Make one line of a stranger's words, without the key."""
        return self.redactor.redact_line(text)

    def _safe_cause(self, error: Exception) -> Exception | None:
        """Keep an error as a cause, for --verbose, unless it would print the key."""
        shown = f"{error!r} {error.__cause__!r}"
        return None if self.redactor.contains_secret(shown) else error


def _post(client: Client, request: dict[str, Any], listener: Listener | None) -> tuple[bytes, str]:
    """Give the raw body of an answer, and of what type it is said to be.

    The SDK makes strings, half-filled objects or exceptions of odd ones.
    """
    completions = client.chat.completions
    if listener is None:
        whole = completions.with_raw_response.create(**request)
        return whole.content, whole.headers.get("Content-Type", "")
    with completions.with_streaming_response.create(**request) as response:
        body = b"".join(HeardStream(listener).passing(response.iter_bytes()))
        return body, response.headers.get("Content-Type", "")


def translate_error(
    error: openai.OpenAIError, host: str, redact: Callable[[str], str]
) -> RequestRejected | ModelError:
    """Translate whatever the SDK raises."""
    if isinstance(error, openai.APIStatusError):
        return _rejection_from_status(error, redact)
    if isinstance(error, openai.APITimeoutError):
        return _timeout_error(host)
    if isinstance(error, openai.APIConnectionError):
        return _connection_error(error, host, redact)
    if isinstance(error, openai.LengthFinishReasonError):
        return ModelInvalid(f"the answer of {host} was cut off; raise max_output_tokens")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return ModelRefused(f"the content filter of {host} refused the question")
    return ModelError(f"{host} cannot be asked: {cut_message(redact(str(error)))}; see --verbose")


def _connection_error(
    error: openai.APIConnectionError, host: str, redact: Callable[[str], str]
) -> ModelTransient:
    """Say what became of a connection: never made, broken off, or of bytes that mean nothing."""
    cause = cut_message(redact(str(error.__cause__ or error)))
    if isinstance(error.__cause__, httpx2.RemoteProtocolError | httpx2.ReadError):
        return ModelTransient(f"{host} broke off: {cause}; try again later")
    if isinstance(error.__cause__, httpx2.DecodingError):
        return ModelTransient(f"{host} packed its answer badly: {cause}; try again later")
    request = getattr(error, "request", None)
    route = _describe_route(str(request.url)) if request else ""
    return ModelTransient(
        f"{host} cannot be reached{route}: {cause}; check OPENAI_BASE_URL and the network"
    )


def _describe_route(url: str) -> str:
    proxy = find_proxy(url)
    return f" through the proxy of {proxy.variable}" if proxy else ""


def _timeout_error(host: str) -> ModelTransient:
    return ModelTransient(
        f"{host} did not answer in time; raise AINEWS_MODEL_TIMEOUT_S or try again later"
    )


def _rejection_from_status(
    error: openai.APIStatusError, redact: Callable[[str], str], address: str = ""
) -> RequestRejected:
    # The whole body: the SDK's has lost what stands beside `error`.
    text = error.response.text
    words = redact(error_text(read_error(text)))
    pause_s = asked_pause_s(error.response.headers, text)
    return RequestRejected(error.status_code, words, pause_s, address=address)


def _azure_headers(base_url: str, key: str) -> dict[str, str]:
    """Name the key as Azure does: the addresses of its deployments know no other header for it."""
    parts = urlsplit(base_url)
    azure = (parts.hostname or "").endswith(".azure.com") or "/openai/deployments/" in parts.path
    return {"api-key": key} if azure and key else {}


class _Exchange(NamedTuple):
    """What one call is held to, request and response."""

    host: str
    redact: Callable[[str], str]
    deadline: SocketDeadline
    max_bytes: int
    traffic: Traffic | None

    def begin(self, request: httpx2.Request) -> None:
        """Let the deadline see the request's socket, and ask for what can be unpacked in parts."""
        request.extensions["trace"] = self._trace
        request.headers["Accept-Encoding"] = "gzip, deflate"

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        self.deadline.trace(event, info)
        if event.endswith("send_request_body.complete"):
            tell_sent()
        if self.traffic is not None:
            self.traffic.trace(event, info)

    def check(self, response: httpx2.Response) -> None:
        """Refuse what leads on or is packed unasked, and bound the body that follows."""
        if response.has_redirect_location:
            target = cut_message(self.redact(_redirect_target(response)))
            raise ModelError(
                f"{self.host} redirects to {target!r}, to which nothing is sent; if you trust it, "
                "set OPENAI_BASE_URL to it"
            )
        packed = response.headers.pop("Content-Encoding", "identity").strip().lower()
        if packed not in {"", "identity", "gzip", "deflate"}:
            said = cut_message(self.redact(packed))
            raise ModelError(
                f"{self.host} packed its answer as {said!r}, which was not asked for; "
                f"{CHECK_BASE_URL}"
            )
        large = ModelError(f"{self.host} answered with more than {self.max_bytes:,} bytes")
        body = cast("httpx2.SyncByteStream", response.stream)
        stream = _CappedStream(iter(body), body, self.max_bytes, large)
        # The client unpacks at most a megabyte at a time, so that it stops where we do.
        unpacked = httpx2.Response(
            response.status_code, headers={"Content-Encoding": packed}, stream=stream
        ).iter_bytes()
        if self.traffic is not None:
            self.traffic.begin(response.status_code)
            unpacked = self.traffic.passing(unpacked)
        response.stream = _CappedStream(unpacked, stream, self.max_bytes, large)
        # JSON is UTF-8; a charset that is no charset would be an exception.
        response.encoding = "utf-8"


def _redirect_target(response: httpx2.Response) -> str:
    """Give the whole address to which a server leads on, where it can be told."""
    location = response.headers["Location"]
    try:
        return str(response.request.url.join(location))
    except httpx2.InvalidURL:
        return location


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
