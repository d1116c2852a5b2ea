"""The server over HTTP: on loopback, and for nobody who comes by another name."""

import asyncio
import gc
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import daily
from pipeline.cli import main

DAY = daily.FIRST_DAY.isoformat()
ROOT = Path(__file__).parent.parent.parent
HELLO = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
).encode()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run the command with a free port, and end it."""
    folder = tmp_path_factory.mktemp("served") / "outputs"
    daily.write_digests(folder, 2)
    command = [sys.executable, "-m", "pipeline", "mcp", "--http", "--port", "0"]
    with subprocess.Popen(
        [*command, "--out", str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        assert address.endswith("/mcp")
        yield int(address.split(":")[2].removesuffix("/mcp"))
        server.terminate()
        assert server.wait(30) == 130


def ask(port: int, method: str = "POST", path: str = "/mcp", **more: str | bytes) -> int:
    """Ask with headers of the test's own; give the status."""
    body = more.pop("body", HELLO)
    assert isinstance(body, bytes)
    headers = {
        "host": f"127.0.0.1:{port}",
        "accept": "application/json, text/event-stream",
        "content_type": "application/json",
        "content_length": str(len(body)),
        **more,
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body)
    try:
        return connection.getresponse().status
    finally:
        connection.close()


# The official client leaves a socket open at times, which is none of the server's.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_session_over_http_is_as_one_over_pipes(port: int, mode: str) -> None:
    """From the greeting to the evidence, for clients of either age."""
    from mcp import Client

    async def session() -> None:
        async with Client(f"http://127.0.0.1:{port}/mcp", mode=mode) as client:
            asked = {"digest": DAY, "entry": "news:3", "sentence": 1}
            result = await client.call_tool("evidence", asked)
            assert not result.is_error
            assert isinstance(result.structured_content, dict)
            assert "TensorForge" in result.structured_content["lines"][0]["text"]

    asyncio.run(session())
    gc.collect()  # here, and in no later test


def test_its_own_names_and_its_own_page_are_answered(port: int) -> None:
    """Loopback's address and name, with the port."""
    assert ask(port) == 200
    assert ask(port, host=f"localhost:{port}") == 200
    assert ask(port, origin=f"http://127.0.0.1:{port}") == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1:{port}.evil.example", "127.0.0.1", "127.0.0.1:1",
     "localhost.evil.example:{port}", "0.0.0.0:{port}", "user@127.0.0.1:{port}", ""],
)  # fmt: skip
def test_another_name_is_refused(port: int, host: str) -> None:
    """A page whose own name leads here reads nothing."""
    assert ask(port, host=host.format(port=port)) in {400, 421}


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://localhost:1", "file://"]
)  # fmt: skip
def test_another_page_is_refused(port: int, origin: str) -> None:
    """Whichever host it names."""
    assert ask(port, origin=origin.format(port=port)) == 403


def test_only_json_that_is_posted_is_a_question(port: int) -> None:
    """What a form or a link of a page can send is none, and nothing else is served."""
    assert ask(port, content_type="text/plain") == 400
    assert ask(port, content_type="application/x-www-form-urlencoded") == 400
    for method in ("GET", "HEAD", "DELETE", "OPTIONS", "PUT"):
        assert ask(port, method) == 405
    assert ask(port, path="/outputs/2025-11-24.json") == 404


def test_too_much_and_what_is_no_json_is_refused(port: int) -> None:
    """And the server goes on."""
    assert ask(port, body=b"x" * 300_000) == 413
    assert ask(port, body=b"{not json") == 400
    assert ask(port, body=b"[" * 200_000) == 400
    assert ask(port) == 200


# The official client leaves a socket open at times, which is none of the server's.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_twenty_clients_at_once_are_all_answered(port: int) -> None:
    """Each from its greeting to an answer of its own."""
    from mcp import Client

    async def one(number: int) -> str:
        async with Client(f"http://127.0.0.1:{port}/mcp", read_timeout_seconds=120) as client:
            asked = {"digest": DAY, "entry": f"news:{number % 10 + 1}"}
            result = await client.call_tool("evidence", asked)
            assert isinstance(result.structured_content, dict)
            return str(result.structured_content["entry"])

    async def all_of_them() -> list[str]:
        return await asyncio.gather(*map(one, range(20)))

    assert asyncio.run(all_of_them()) == [f"news:{number % 10 + 1}" for number in range(20)]
    gc.collect()  # here, and in no later test


def test_connections_that_wait_turn_nobody_away(port: int) -> None:
    """A client keeps one or two open between its questions: fifty clients have a hundred."""
    waiting = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(100)]
    try:
        for connection in waiting:
            connection.connect()
        assert ask(port) == 200
    finally:
        for connection in waiting:
            connection.close()


def test_a_client_that_goes_away_leaves_nothing_behind(port: int) -> None:
    """Amid its question, or before its answer; as often as there may be connections, and again."""
    arguments = {"text": "Orbit Agent有4B参数。", "digest": DAY}
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "verify_text", "arguments": arguments},
    }
    body = json.dumps(call).encode()
    head = (
        f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json, text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    for sent in (head + body, head + body[:20], head[:40]):
        for _ in range(260):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(sent)
    for _ in range(100):
        if ask(port, body=body) == 200:
            break
        time.sleep(0.1)
    assert ask(port, body=body) == 200


def test_it_listens_on_loopback_alone(port: int) -> None:
    """No other address of this machine has it."""
    with socket.socket() as other, pytest.raises(OSError, match="refused"):
        other.connect(("127.0.0.2", port))


def test_a_port_that_is_taken_is_said(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    """In one line, with what to do."""
    with pytest.raises(SystemExit) as ended:
        main(["mcp", "--http", "--port", str(port)])
    assert ended.value.code == 2
    assert "give another with --port" in capsys.readouterr().err
