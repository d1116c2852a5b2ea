"""A loopback server that speaks the protocol as one provider does: its path, its checks, its errors.

A dialect is a function from a request to what the provider would say before it answers, or None.
What it then answers is right, dressed as the provider dresses it.
"""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit

from editor import answer
from openai_server import schema_of


class Call(NamedTuple):
    """One call as it came."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: dict[str, Any]
    number: int
    """How many calls came before."""

    @property
    def format(self) -> str:
        """`json_schema`, `json_object` or `text`."""
        return str(self.body.get("response_format", {}).get("type", "text"))


class Said(NamedTuple):
    """What goes back."""

    status: int
    body: object
    """JSON, or text as it is."""
    headers: Mapping[str, str] = {}


class Dialect(NamedTuple):
    """How one provider speaks."""

    base: str
    """Path of its base URL."""
    check: Callable[[Call], Said | None] = lambda _call: None
    """What it turns down."""
    dress: Callable[[dict[str, Any], Call], object] = lambda completion, _call: completion
    """What it makes of a completion."""
    elsewhere: Said = Said(404, {"detail": "Not Found"})
    """What it says to other paths."""


class DialectServer:
    """The server; a context manager."""

    def __init__(self, dialect: Dialect) -> None:
        self.calls: list[Call] = []
        self._dialect = dialect
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads, self._http.block_on_close = True, False
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def root(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def base_url(self) -> str:
        """Address for `OPENAI_BASE_URL`."""
        return self.root + self._dialect.base

    def say(self, target: str, headers: Mapping[str, str], body: dict[str, Any]) -> Said:
        """Decide what goes back, and keep the call."""
        parts = urlsplit(target)
        with self._lock:
            call = Call(parts.path, dict(parse_qsl(parts.query)), headers, body, len(self.calls))
            self.calls.append(call)
        base = urlsplit(self._dialect.base).path
        if parts.path != f"{base}/chat/completions":
            return self._dialect.elsewhere
        if said := self._dialect.check(call):
            return said
        messages = body["messages"]
        asked = [messages[0], messages[-1]]
        content = answer(asked, schema_of(body))
        read = sum(len(message["content"]) for message in messages) // 3
        choice = {"index": 0, "message": {"role": "assistant", "content": content}}
        completion = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [choice | {"finish_reason": "stop", "logprobs": None}],
            "usage": {"prompt_tokens": read, "completion_tokens": 300, "total_tokens": read + 300},
        }
        return Said(200, self._dialect.dress(completion, call))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                said = server.say(self.path, headers, json.loads(raw))
                text = said.body if isinstance(said.body, str) else json.dumps(said.body)
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        return Handler


def in_pieces(completion: dict[str, Any], call: Call, *, size: int = 17) -> str:
    """Write a completion as a stream, with its counts where they were asked for."""
    (choice,) = completion["choices"]
    text = choice["message"]["content"]
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in pieces]
    chunks: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
    ]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    if (call.body.get("stream_options") or {}).get("include_usage"):
        chunks.append({"choices": [], "usage": completion["usage"]})
    lines = [f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n" for chunk in chunks]
    return ": keep-alive\n\n" + "".join(lines) + "data: [DONE]\n\n"
