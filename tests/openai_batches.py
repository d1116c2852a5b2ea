"""The Files and Batch calls of the loopback OpenAI server, as the real API has them.

    batches = Batches(Fate(ends="expired", answered=2), Fate())
    with OpenAIServer(batches=batches) as server:
        ...                       # the first batch expires half done, the second is completed
        batches.calls             # what was asked: ["GET /v1/batches", "POST /v1/files", …]

A batch goes from `validating` over `in_progress` and `finalizing` to its end, one state for each
time it is looked at. Answers come in another order than the questions.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

Line = dict[str, Any]
Chat = Callable[[Line], tuple[int, Any]]
"""Answers the body of one line with a status and a body, as the chat call would."""
_ENDPOINT = "/v1/chat/completions"


@dataclass(frozen=True)
class Fate:
    """What becomes of one batch."""

    ends: Literal["completed", "failed", "expired", "cancelled"] = "completed"
    answered: int | None = None
    """Lines that are answered before it ends; None for all."""
    polls: int = 0
    """How often it is `in_progress` when it is looked at."""
    code: str = "invalid_json_line"
    """Code of the error, where it fails."""
    message: str = "This line is not parseable as valid JSON."
    """Words of the error, where it fails."""
    warp: Callable[[list[Line]], list[Line]] = lambda lines: lines
    """Changes the lines of the output file."""


@dataclass
class ServerBatch:
    """One batch as the server knows it."""

    id: str
    input_file_id: str
    metadata: Mapping[str, str] | None
    fate: Fate
    created_at: int
    lines: list[Line]
    status: str = "validating"
    errors: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    looks: int = 0

    def as_json(self) -> dict[str, Any]:
        """Write it as the API does."""
        counts = {"total": len(self.lines), "completed": 0, "failed": 0} | self.counts
        return {
            "id": self.id,
            "object": "batch",
            "endpoint": _ENDPOINT,
            "errors": {"object": "list", "data": self.errors} if self.errors else None,
            "input_file_id": self.input_file_id,
            "completion_window": "24h",
            "status": self.status,
            "output_file_id": self.files.get("output"),
            "error_file_id": self.files.get("error"),
            "created_at": self.created_at,
            "expires_at": self.created_at + 86_400,
            "request_counts": counts,
            "metadata": self.metadata,
        }


class Batches:
    """Files and batches of one server."""

    def __init__(self, *fates: Fate, lose: tuple[str, ...] = (), now: int = 2_000_000_000) -> None:
        """Prepare.

        Args:
            fates: what becomes of the batches, in order; those after them are completed.
            lose: calls (`POST /v1/batches`) that are done, but whose first answer is lost.
            now: the server's clock, which stands still.
        """
        self.calls: list[str] = []
        self.batches: dict[str, ServerBatch] = {}
        self.files: dict[str, bytes] = {}
        self.asked: list[Line] = []
        """Every line of every batch, in the order in which they came."""
        self._fates = deque(fates)
        self._lose = list(lose)
        self._now = now
        self._lock = threading.Lock()
        self._made = 0

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, chat: Chat
    ) -> tuple[int, bytes] | None:
        """Answer one call with status and body; None where the answer is lost on its way."""
        url = urlsplit(target)
        with self._lock:
            call = f"{method} {url.path}"
            self.calls.append(call)
            found = self._route(method, url.path, url.query, (headers, body), chat)
            if call in self._lose:
                self._lose.remove(call)
                return None
            return found

    def _route(  # noqa: PLR0911 - one line a call
        self,
        method: str,
        path: str,
        query: str,
        sent: tuple[Mapping[str, str], bytes],
        chat: Chat,
    ) -> tuple[int, bytes]:
        match method, path.removeprefix("/v1/").split("/"):
            case "POST", ["files"]:
                return self._upload(*sent)
            case "GET", ["files", name, "content"] if name in self.files:
                return 200, self.files[name]
            case "GET", ["files", name] if name in self.files:
                return _ok({"id": name, "object": "file", "bytes": len(self.files[name])})
            case "DELETE", ["files", name] if name in self.files:
                del self.files[name]
                return _ok({"id": name, "object": "file", "deleted": True})
            case "POST", ["batches"]:
                return self._create(json.loads(sent[1]))
            case "GET", ["batches"]:
                return self._list(parse_qs(query))
            case "GET", ["batches", name] if name in self.batches:
                return _ok(self._advanced(self.batches[name], chat).as_json())
            case "POST", ["batches", name, "cancel"] if name in self.batches:
                batch = self.batches[name]
                if batch.status in {"validating", "in_progress"}:
                    batch.status, batch.fate = "cancelling", Fate(ends="cancelled", answered=0)
                return _ok(batch.as_json())
        return _wrong(404, f"No such object: {path}")

    def _upload(self, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        head = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
        parts = {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()
        }
        if parts.get("purpose") != b"batch" or not parts.get("file"):
            return _wrong(400, "'purpose' and a 'file' are required")
        name = self._keep(bytes(parts["file"]), "input")
        return _ok({"id": name, "object": "file", "purpose": "batch", "status": "processed"})

    def _keep(self, data: bytes, kind: str) -> str:
        self._made += 1
        name = f"file-{kind}-{self._made}"
        self.files[name] = data
        return name

    def _create(self, wanted: Mapping[str, Any]) -> tuple[int, bytes]:
        data = self.files.get(wanted["input_file_id"])
        if data is None or wanted["endpoint"] != _ENDPOINT or wanted["completion_window"] != "24h":
            return _wrong(400, "Invalid value: 'input_file_id', 'endpoint' or 'completion_window'")
        self._made += 1
        batch = ServerBatch(
            id=f"batch_{self._made}",
            input_file_id=wanted["input_file_id"],
            metadata=wanted.get("metadata"),
            fate=self._fates.popleft() if self._fates else Fate(),
            created_at=self._now,
            lines=[json.loads(line) for line in data.splitlines()],
        )
        batch.errors = _faults(batch.lines)
        if batch.fate.ends == "failed":
            fate = batch.fate
            batch.errors.append(
                {"code": fate.code, "line": None, "message": fate.message, "param": None}
            )
        self.asked += batch.lines
        self.batches[batch.id] = batch
        return _ok(batch.as_json())

    def _list(self, query: Mapping[str, list[str]]) -> tuple[int, bytes]:
        names = list(reversed(self.batches))
        if "after" in query:
            names = names[names.index(query["after"][0]) + 1 :]
        limit = int(query.get("limit", ["20"])[0])
        shown = [self.batches[name].as_json() for name in names[:limit]]
        edges = {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]} if shown else {}
        return _ok({"object": "list", "data": shown, "has_more": len(names) > limit} | edges)

    def _advanced(self, batch: ServerBatch, chat: Chat) -> ServerBatch:
        """Let a batch go on by one state."""
        match batch.status:
            case "validating":
                batch.status = "failed" if batch.errors else "in_progress"
            case "in_progress" if batch.looks < batch.fate.polls:
                batch.looks += 1
            case "in_progress" | "cancelling":
                batch.status = "finalizing"
            case "finalizing":
                self._end(batch, chat)
        return batch

    def _end(self, batch: ServerBatch, chat: Chat) -> None:
        answered = len(batch.lines) if batch.fate.answered is None else batch.fate.answered
        good: list[Line] = []
        bad: list[Line] = []
        for at, line in enumerate(batch.lines):
            one: Line = {"id": f"batch_req_{at}", "custom_id": line["custom_id"], "response": None}
            if at >= answered:
                code = f"batch_{batch.fate.ends}"
                message = "This request could not be executed before the completion window expired."
                bad.append(one | {"error": {"code": code, "message": message}})
                continue
            status, body = chat(line["body"])
            one["response"] = {"status_code": status, "request_id": f"req_{at}", "body": body}
            (good if status == 200 else bad).append(one | {"error": None})
        for kind, lines in (("output", batch.fate.warp(good[::-1])), ("error", bad)):
            if lines:
                text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
                batch.files[kind] = self._keep(text.encode(), kind)
        batch.counts = {"completed": len(good), "failed": len(bad)}
        batch.status = batch.fate.ends


def _faults(lines: list[Line]) -> list[dict[str, Any]]:
    """Find what the real API turns down."""
    wrong = []
    seen: set[str] = set()
    for at, line in enumerate(lines, start=1):
        said = None
        if line.get("method") != "POST" or line.get("url") != _ENDPOINT:
            said = "invalid_url", "The URL provided for this request is not valid."
        elif line["custom_id"] in seen:
            said = "duplicate_custom_id", "The custom_id of this request is used twice."
        elif line["body"]["model"] != lines[0]["body"]["model"]:
            said = "mismatched_model", "The model of this request is another than in the first."
        seen.add(line["custom_id"])
        if said:
            wrong.append({"code": said[0], "line": at, "message": said[1], "param": None})
    return wrong


def _ok(value: object) -> tuple[int, bytes]:
    return 200, json.dumps(value).encode()


def _wrong(status: int, message: str) -> tuple[int, bytes]:
    body = {"error": {"message": message, "type": "invalid_request_error", "code": None}}
    return status, json.dumps(body).encode()
