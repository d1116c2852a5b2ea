"""A simulated provider: a fixed time to the first token, a fixed rate, a limit of requests at once.

    python tests/bench/provider.py --ttft 0.6 --rate 80 --limit 32

Prints its base URL on its first line. `GET /stats` tells what it has served: requests, the most at
once, requests over the limit (answered with 429), and the integral of requests in flight over
time, which says how busy the limit was kept. One thread, so that it takes little from who is
measured; a process of its own, so that it takes nothing from their interpreter.
"""

import argparse
import asyncio
import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import editor

_CHARS_PER_TOKEN = 1.5  # Chinese text
_ENTRY_CHARS = 162  # of an answer that holds an entry; the mean of the digests published so far


class BenchProvider:
    """Answers with what the stand-in editor says, as late as a model would."""

    def __init__(self, *, ttft_s: float, tokens_per_s: float, limit: int) -> None:
        self._ttft_s = ttft_s
        self._rate = tokens_per_s
        self._limit = limit
        self._flying = 0
        self._changed = time.monotonic()
        self._stats: dict[str, float] = {}
        self.reset()

    def reset(self) -> None:
        """Begin to count anew."""
        self._stats = dict.fromkeys(
            (
                *("requests", "most", "refused", "busy_s", "first_at", "last_at"),
                *("select_s", "tell_s", "read_s"),
            ),
            0.0,
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionResetError):
                break
            method, path, _ = head.split(b" ", 2)
            size = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == _LENGTH), 0
            )
            body = await reader.readexactly(size) if size else b""
            status, found = await self._answer(method.decode(), path.decode(), body, writer)
            if found is None:
                break  # it came in pieces, and ends with the connection
            data = json.dumps(found, ensure_ascii=False).encode()
            writer.write(
                b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                % (status, len(data))
            )
            writer.write(data)
            try:
                await writer.drain()
            except ConnectionResetError:
                break
        writer.close()

    async def _answer(
        self, method: str, path: str, body: bytes, writer: asyncio.StreamWriter
    ) -> tuple[int, Any]:
        if method == "GET" and path.endswith("/stats"):
            return 200, self._stats
        if path.endswith("/reset"):
            self.reset()
            return 200, {}
        if self._flying >= self._limit:
            self._stats["refused"] += 1
            return 429, {"error": {"message": "too many at once", "type": "rate_limit"}}
        self._count(1)
        try:
            return 200, await self._completed(json.loads(body), writer)
        finally:
            self._count(-1)

    async def _completed(
        self, request: dict[str, Any], writer: asyncio.StreamWriter
    ) -> dict[str, Any] | None:
        schema = request["response_format"]["json_schema"]["schema"]
        content = editor.answer(request["messages"], schema)
        chooses = "news" in schema["properties"]
        # The stand-in is terser than a model.
        tokens = int((len(content) if chooses else _ENTRY_CHARS) / _CHARS_PER_TOKEN)
        takes = self._ttft_s + tokens / self._rate
        kind = (
            "select_s" if chooses else "read_s" if "problems" in schema["properties"] else "tell_s"
        )
        self._stats[kind] = max(self._stats[kind], takes)
        sent = sum(len(message["content"]) for message in request["messages"]) // 4
        usage = {
            "prompt_tokens": sent, "completion_tokens": tokens, "total_tokens": sent + tokens,
        }  # fmt: skip
        whole = {"id": "x", "object": "chat.completion", "created": 0, "model": request["model"]}
        if request.get("stream"):
            pieces = _pieces(content, tokens)
            await self._write_pieces(pieces, {**whole, "usage": usage}, writer)
            return None
        await asyncio.sleep(takes)
        message = {"role": "assistant", "content": content}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return {**whole, "choices": [choice], "usage": usage}

    async def _write_pieces(
        self, pieces: list[str], last: dict[str, Any], writer: asyncio.StreamWriter
    ) -> None:
        """Answer token by token, each when its time has come."""
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        )
        began = time.monotonic()
        for at, piece in enumerate(pieces, 1):
            await asyncio.sleep(began + self._ttft_s + at / self._rate - time.monotonic())
            delta = {"choices": [{"index": 0, "delta": {"content": piece}}]}
            writer.write(f"data: {json.dumps(delta)}\n\n".encode())
        ended = {**last, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        writer.write(f"data: {json.dumps(ended)}\n\ndata: [DONE]\n\n".encode())

    def _count(self, change: int) -> None:
        now = time.monotonic()
        stats = self._stats
        stats["busy_s"] += self._flying * (now - self._changed)
        self._flying += change
        self._changed = now
        stats["first_at"] = stats["first_at"] or now
        stats["last_at"] = now
        stats["requests"] += change > 0
        stats["most"] = max(stats["most"], self._flying)


def _pieces(content: str, count: int) -> list[str]:
    """Cut an answer into so many pieces, as equal as they can be."""
    ends = [len(content) * number // count for number in range(count + 1)]
    return [content[begin:end] for begin, end in pairwise(ends)]


_LENGTH = b"content-length:"


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ttft", type=float, default=0.6, help="seconds to the first token")
    parser.add_argument("--rate", type=float, default=80, help="tokens a second")
    parser.add_argument("--limit", type=int, default=32, help="requests at once")
    given = parser.parse_args()
    provider = BenchProvider(ttft_s=given.ttft, tokens_per_s=given.rate, limit=given.limit)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0, limit=2**24)
    port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}/v1/", flush=True)  # noqa: T201 - who started it reads this
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
