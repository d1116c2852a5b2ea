"""The server as a process, at whose pipes somebody else is than a client of the SDK."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import daily

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Three days of digests."""
    folder = tmp_path / "outputs"
    daily.write_digests(folder, 3)
    return folder


def test_nothing_but_the_protocol_is_on_standard_output(outputs: Path) -> None:
    """Whatever comes in: bytes that are no text, no JSON, no request; a long line; then the end."""
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    call = {
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {"name": "search_entries", "arguments": {"words": "字" * 3_000_000}},
    }
    lines = [
        json.dumps(hello).encode(),
        b'{"jsonrpc":"2.0","method":"notifications/initialized"}',
        b"\xff\xfe\x00",
        b"{not json",
        b'{"jsonrpc":"2.0","id":9}',
        json.dumps(call).encode(),
    ]
    command = [sys.executable, "-m", "pipeline", "mcp", "--out", str(outputs)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(b"\n".join(lines) + b"\n")
        server.stdin.flush()
        heard: list[dict[str, Any]] = []
        while not any(message.get("id") == 2 for message in heard):
            heard.append(json.loads(server.stdout.readline()))
        rest, said = server.communicate(timeout=60)
    assert server.returncode == 0
    assert rest == b""
    assert b"Traceback" not in said
    assert heard[-1]["result"]["isError"] is True


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_at_once(outputs: Path, name: str) -> None:
    """Although it waits for its client."""
    import signal

    command = [sys.executable, "-m", "pipeline", "mcp", "--out", str(outputs)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
        server.stdin.flush()
        server.stdout.readline()
        server.send_signal(getattr(signal, name))
        assert server.wait(20) == 130
