"""What a model's server may send: how much, how long, and from where."""

import gzip
import json
import re
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from pydantic import SecretStr

from pipeline.batch.api import BatchApi
from pipeline.errors import ModelError, ModelTransient
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.responses import Endpoint
from pipeline.llm.transport import ModelConnection

BODY = json.dumps({"choices": [{"message": {"content": "好"}, "finish_reason": "stop"}]}).encode()
REQUEST: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "the prompt"}]}

Answer = Callable[[socket.socket], None]


class RawServer:
    """A server that says whatever bytes it is given; keeps what it was sent."""

    def __init__(self, answer: Answer) -> None:
        self.received: list[bytes] = []
        self.ended = threading.Event()
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop to listen."""
        self.ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with client, suppress(OSError):
                    self.received.append(_request(client))
                    self._answer(client)


def _request(client: socket.socket) -> bytes:
    """Read a whole request: what is left unread resets the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65536)
    found = re.search(rb"(?i)content-length: *(\d+)", data)
    size = data.index(b"\r\n\r\n") + 4 + int(found[1] if found else 0)
    while len(data) < size:
        data += client.recv(65536)
    return data


Serve = Callable[[Answer], RawServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers, closed at the end."""
    servers: list[RawServer] = []

    def start(answer: Answer) -> RawServer:
        servers.append(RawServer(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@contextmanager
def connected(server: RawServer, timeout_s: float = 20.0) -> Iterator[ModelConnection]:
    """Connect to a server."""
    endpoint = Endpoint(base_url=f"http://{server.address}/v1/", api_key=SecretStr("sk-test-1234"))
    connection = ModelConnection(host="host/v1", connect=lambda: endpoint, timeout_s=timeout_s)
    try:
        yield connection
    finally:
        connection.close()


def head(*headers: str, status: str = "200 OK") -> bytes:
    """Write the head of an answer that ends with its connection."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *headers, "", ""]).encode()


def says(*parts: bytes) -> Answer:
    """Answer with these bytes."""

    def answer(client: socket.socket) -> None:
        for part in parts:
            client.sendall(part)

    return answer


def drips(
    before: bytes, drop: bytes, pause_s: float, most: int = 1000, after: bytes = b""
) -> Answer:
    """Answer with the same bytes again and again, a pause before each."""

    def answer(client: socket.socket) -> None:
        client.sendall(before)
        for _ in range(most):
            time.sleep(pause_s)
            client.sendall(drop)
        client.sendall(after)

    return answer


def packed_spaces(megabytes: int) -> bytes:
    """Pack so many megabytes, without their end."""
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)]
    return parts[0] + parts[1] * (megabytes - 1)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("identity", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("GZIP", gzip.compress(BODY, mtime=0)),
        ("deflate", zlib.compress(BODY)),
    ],
)
def test_an_answer_may_be_packed_as_was_asked_for(serve: Serve, encoding: str, body: bytes) -> None:
    """By gzip or deflate, or not at all."""
    server = serve(says(head(f"Content-Encoding: {encoding}"), body))
    with connected(server) as connection:
        assert connection.complete(REQUEST).choice.message.content == "好"
    assert b"accept-encoding: gzip, deflate\r\n" in server.received[0].lower()


def test_an_answer_that_unpacks_to_gigabytes_is_left_where_it_is_too_large(serve: Serve) -> None:
    """Unpacking stops there: neither the memory nor the time of the rest is taken."""
    bomb = packed_spaces(3000)
    assert len(bomb) < 4_000_000
    server = serve(says(head("Content-Encoding: gzip"), bomb))
    tracemalloc.start()
    try:
        with connected(server) as connection, pytest.raises(ModelError) as caught:
            connection.complete(REQUEST)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert str(caught.value) == "host/v1 answered with more than 8,000,000 bytes"
    assert not isinstance(caught.value, ModelTransient)


@pytest.mark.parametrize("status", ["200 OK", "500 Oops"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_what_comes_is_capped_before_it_is_unpacked(
    serve: Serve, status: str, encoding: str
) -> None:
    """What follows the end of a gzip stream unpacks to nothing, and counts too; errors as well."""
    start = gzip.compress(BODY, mtime=0) if encoding == "gzip" else b""
    server = serve(
        says(head(f"Content-Encoding: {encoding}", status=status), start, b" " * 9_000_000)
    )
    with connected(server) as connection, pytest.raises(ModelError, match="more than 8,000,000"):
        connection.complete(REQUEST)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "compress", "x\x1b[31m"])
def test_what_is_packed_unasked_is_refused(serve: Serve, encoding: str) -> None:
    """Packed twice, little becomes very much; the words for it are shown without controls."""
    body = gzip.compress(gzip.compress(BODY, mtime=0))
    server = serve(says(head(f"Content-Encoding: {encoding}"), body))
    with connected(server) as connection, pytest.raises(ModelError) as caught:
        connection.complete(REQUEST)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", ["complete", "batches", "file"])
def test_a_redirect_is_refused_in_one_line(serve: Serve, status: int, call: str) -> None:
    """Neither the prompt nor the key goes where a server sends us."""
    other = serve(says(head(), BODY))
    place = f"Location: http://{other.address}/v1/chat/completions"
    server = serve(says(head(place, "Content-Length: 0", status=f"{status} Moved")))
    with connected(server) as connection:
        batches = BatchApi(connection, host="host/v1", model="m", sleep=lambda _: None)
        calls: dict[str, Callable[[], object]] = {
            "complete": lambda: connection.complete(REQUEST),
            "batches": batches.check_support,
            "file": lambda: batches.download("file-1", 1),
        }
        with pytest.raises(ModelError) as caught:
            calls[call]()
    assert str(caught.value) == (
        f"host/v1 redirects to 'http://{other.address}/v1/chat/completions', to which nothing is "
        "sent; if you trust it, set OPENAI_BASE_URL to it"
    )
    assert len(server.received) == 1
    assert other.received == []


@pytest.mark.parametrize("location", ["/v1/chat/completions/", "chat/completions/", "//{}/v2"])
def test_a_redirect_to_a_place_of_the_same_server_is_a_whole_address(
    serve: Serve, location: str
) -> None:
    """What is to be set can be copied."""
    server = serve(says())
    place = f"Location: {location.format(server.address)}"
    server._answer = says(head(place, "Content-Length: 0", status="308 Moved"))
    with connected(server) as connection, pytest.raises(ModelError) as caught:
        connection.complete(REQUEST)
    assert f"redirects to 'http://{server.address}/v" in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05),
        drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
        drips(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.05),
        drips(b"", b"H", 0.05),
        drips(head(), b" ", 0.05),
        drips(head("Transfer-Encoding: chunked"), b"1\r\n \r\n", 0.05),
        drips(head("Content-Encoding: gzip"), gzip.compress(b""), 0.05),
        drips(head(status="500 Oops"), b" ", 0.05),
    ],
)
def test_no_drip_outlasts_the_time_for_an_answer(serve: Serve, answer: Answer) -> None:
    """Interim responses, headers and bodies are under one deadline."""
    server = serve(answer)
    started = time.monotonic()
    with connected(server, timeout_s=0.4) as connection, pytest.raises(ModelTransient) as caught:
        connection.complete(REQUEST)
    assert time.monotonic() - started < 3
    assert "did not answer in time; raise AINEWS_MODEL_TIMEOUT_S" in str(caught.value)


def test_no_drip_of_a_batch_file_outlasts_its_time(serve: Serve) -> None:
    """Each of the five tries ends."""
    server = serve(drips(head(), b"{}\n", 0.05))
    started = time.monotonic()
    with connected(server, timeout_s=0.2) as connection:
        batches = BatchApi(connection, host="host/v1", model="m", sleep=lambda _: None)
        with pytest.raises(ModelTransient, match="did not answer in time"):
            batches.download("file-1", 1)
    assert time.monotonic() - started < 6


def test_interim_responses_and_a_slow_body_are_fine_in_time(serve: Serve) -> None:
    """A slow server that ends in time has answered."""
    interim = drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.02, 5, head() + BODY)
    slow = drips(head(), b" ", 0.02, 5, BODY)
    for answer in (interim, slow):
        with connected(serve(answer)) as connection:
            assert connection.complete(REQUEST).choice.message.content == "好"


def test_half_a_body_without_a_length_is_no_answer(serve: Serve) -> None:
    """Where its time is up a body ends as a whole one does; it is not taken for one."""
    server = serve(drips(head() + BODY, b" ", 0.05))
    with connected(server, timeout_s=0.3) as connection, pytest.raises(ModelTransient):
        connection.complete(REQUEST)


def test_a_batch_file_is_capped_by_its_lines(serve: Serve) -> None:
    """Unpacking stops there; a file within the cap comes whole, packed or not."""
    lines = b'{"custom_id": "a"}\n' * 3
    for headers, body in (
        ((), lines),
        (("Content-Encoding: gzip",), gzip.compress(lines, mtime=0)),
    ):
        with connected(serve(says(head(*headers), body))) as connection:
            batches = BatchApi(connection, host="host/v1", model="m", sleep=lambda _: None)
            file = batches.download("file-1", 3)
            assert file is not None
            with file:
                assert file.read() == lines
    bomb = serve(says(head("Content-Encoding: gzip"), packed_spaces(100)))
    with connected(bomb) as connection:
        batches = BatchApi(connection, host="host/v1", model="m", sleep=lambda _: None)
        with pytest.raises(ModelError, match="more than 8,500,000 bytes"):
            batches.download("file-1", 1)
    assert len(bomb.received) == 1


@pytest.mark.parametrize("charset", ["hex", "rot13", "base64", "utf-7", "no-such", "idna"])
@pytest.mark.parametrize("status", ["200 OK", "400 Bad"])
def test_a_charset_that_is_none_changes_nothing(serve: Serve, charset: str, status: str) -> None:
    """JSON is UTF-8, whatever a server says."""
    kind = f"Content-Type: application/json; charset={charset}"
    with connected(serve(says(head(kind, status=status), BODY))) as connection:
        if status == "200 OK":
            assert connection.complete(REQUEST).choice.message.content == "好"
        else:
            with pytest.raises(RequestRejected):
                connection.complete(REQUEST)


@pytest.mark.parametrize(
    "error",
    ["[" * 900 + "]" * 900, "[" * 100_000, "9" * 5000, "NaN", "-1e999", r'"half \ud800 a pair"'],
)
def test_an_error_body_of_any_depth_and_size_is_a_rejection(serve: Serve, error: str) -> None:
    """Its words can be written, whatever they are."""
    body = f'{{"error": {{"message": {error}, "code": {error}}}}}'.encode()
    with connected(serve(says(head(status="400 Bad"), body))) as connection:
        with pytest.raises(RequestRejected) as caught:
            connection.complete(REQUEST)
        assert caught.value.text.encode()


@pytest.mark.parametrize("zone", ["+9999", "+99999999999999"])
def test_a_pause_until_an_impossible_time_is_none(serve: Serve, zone: str) -> None:
    """The server is busy all the same."""
    pause = f"Retry-After: Mon, 05 Jan 2026 12:00:00 {zone}"
    with connected(serve(says(head(pause, status="429 Busy"), b"{}"))) as connection:
        with pytest.raises(RequestRejected) as caught:
            connection.complete(REQUEST)
        assert caught.value.retry_after_s is None


@pytest.mark.parametrize(
    "line",
    [
        "Set-Cookie: a=b; expires=Mon, 01 Jan 99999 00:00:00 GMT",
        "Set-Cookie: a=b; expires=Mon, 01-Jan-2026 00:00:00 +99999999999",
        "Set-Cookie: a=b; max-age=" + "9" * 5000,
        "Content-Type: application/json; charset=\x80\xff",
        "Content-Encoding: ",
        "Link: <" + "x" * 5000,
    ],
)
def test_a_header_that_makes_no_sense_leaves_the_answer(serve: Serve, line: str) -> None:
    """Only what the exchange needs of the head is read."""
    with connected(serve(says(head(line), BODY))) as connection:
        assert connection.complete(REQUEST).choice.message.content == "好"


@pytest.mark.parametrize(
    "path", ["/v1/", "/openai/deployments/d/"], ids=["server", "deployment of Azure"]
)
def test_a_query_of_the_address_goes_with_every_call(serve: Serve, path: str) -> None:
    """Questions, lists of models, batches and their files; Azure's header for the key as well."""
    server = serve(says(head(), BODY))
    address = f"http://{server.address}{path}?api-version=2024-10-21&tenant=a%20b"
    endpoint = Endpoint(base_url=address, api_key=SecretStr("sk-test-1234"))
    connection = ModelConnection(host="host/v1", connect=lambda: endpoint, timeout_s=20)
    connection.complete(REQUEST)
    connection.call(lambda client: client.models.with_raw_response.list().text)
    connection.call(lambda client: client.batches.with_raw_response.list().text)
    connection.call(lambda client: client.files.with_raw_response.content("f").text)
    connection.close()
    lines = [received.split(b"\r\n")[0].decode() for received in server.received]
    assert [line.split()[1].partition("?")[0] for line in lines] == [
        f"{path}{call}" for call in ("chat/completions", "models", "batches", "files/f/content")
    ]
    assert all("?api-version=2024-10-21&tenant=a+b" in line for line in lines)
    azure = "deployments" in path
    assert all((b"api-key: sk-test-1234" in got.lower()) == azure for got in server.received)


def test_a_body_in_pieces_may_be_larger_than_one_in_one(serve: Serve) -> None:
    """Each word has some hundred bytes around it."""
    piece = b'data: {"choices": [{"index": 0, "delta": {"content": "x"}}], "pad": "%s"}\n\n'
    body = piece % (b"y" * 1000) * 9000 + b"data: [DONE]\n\n"
    with connected(serve(says(head(), body))) as connection:
        answer = connection.complete(REQUEST | {"extra_body": {"stream": True}})
        assert answer.choice.message.content == "x" * 9000
    with (
        connected(serve(says(head(), body))) as connection,
        pytest.raises(ModelError, match="more than 8,000,000"),
    ):
        connection.complete(REQUEST)
