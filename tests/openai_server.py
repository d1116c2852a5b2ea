"""A loopback server that speaks the OpenAI protocol, and misbehaves on demand.

    with OpenAIServer(html, failing(500), answer=lambda messages, schema: '{"ok": true}') as server:
        ...                      # the first call gets a web page, the second a 500, the rest answers
        server.requests[0].mode  # what was asked

A *behaviour* turns a request and the right content into a `Reply`. The script is a queue of them;
when it is empty, `behave` (by default `ok`) answers. What the server can do at all, its structured
modes and the name of its output cap, is set on it and answered with 400 otherwise. It has the
Files and Batch calls only where `batches` are given.
"""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from pydantic import SecretStr

from openai_batches import Batches, Line
from pipeline.llm.responses import Endpoint

Messages = list[dict[str, str]]
Answerer = Callable[[Messages, dict[str, Any]], str]


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> Messages:
        """The conversation."""
        messages: Messages = self.body["messages"]
        return messages

    @property
    def mode(self) -> str:
        """`json_schema`, `json_object` or `text`."""
        return str(self.body.get("response_format", {}).get("type", "text"))

    @property
    def schema(self) -> dict[str, Any]:
        """The schema that was asked for, read from the format, else from the prompt."""
        return schema_of(self.body)

    @property
    def cap(self) -> int:
        """The most tokens that the answer may have."""
        return int(self.body.get("max_tokens") or self.body["max_completion_tokens"])


@dataclass(frozen=True)
class ServerReply:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    drip_s: float = 0.0
    """Pause before each byte of the body, in seconds."""
    silent: bool = False
    """Say nothing until the server closes."""
    cut: bool = False
    """Close the connection in the middle of the body."""


Behaviour = Callable[[Request, str], ServerReply]


def ok(request: Request, content: str) -> ServerReply:
    """Answer rightly."""
    return completion(request, content)


def prose(request: Request, content: str) -> ServerReply:
    """Answer rightly, with words around it."""
    return completion(request, f"Sure! {{Here}} is the JSON:\n\n{content}\n\nAnything else?")


def fenced(request: Request, content: str) -> ServerReply:
    """Answer rightly, in a code fence."""
    return completion(request, f"```json\n{content}\n```")


def think(request: Request, content: str) -> ServerReply:
    """Answer rightly, after thinking of something else aloud."""
    return completion(request, f'<think>Maybe {{"a": 1}} or {content[:-1]}?</think>\n{content}')


def blank(request: Request, _content: str) -> ServerReply:
    """Answer with white space."""
    return completion(request, " \n")


def length(request: Request, content: str) -> ServerReply:
    """Answer with half of it, cut off by the cap."""
    return completion(request, content[: len(content) // 2], finish_reason="length")


def content_filter(request: Request, _content: str) -> ServerReply:
    """Stop because of a content filter."""
    return completion(request, "", finish_reason="content_filter")


def refusal(request: Request, _content: str) -> ServerReply:
    """Refuse, as OpenAI's models do."""
    return completion(request, None, refusal="I can't help with that.")


def no_usage(request: Request, content: str) -> ServerReply:
    """Answer rightly, without counting tokens."""
    return completion(request, content, usage=None)


def shaped(shape: Callable[[str], dict[str, Any]]) -> Behaviour:
    """Answer rightly, in a choice of this shape."""

    def behave(request: Request, content: str) -> ServerReply:
        body = json.loads(completion(request, "").body)
        body["choices"] = [{"index": 0, "finish_reason": "stop"} | shape(content)]
        return ServerReply(body=_json(body))

    return behave


def framed(before: str, after: str) -> Behaviour:
    """Answer rightly, with this around the body."""

    def behave(request: Request, content: str) -> ServerReply:
        body = completion(request, content).body
        return ServerReply(body=before.encode() + body + after.encode())

    return behave


def reading(window: int) -> Behaviour:
    """Answer rightly, and say that no more tokens of a question were read."""

    def behave(request: Request, content: str) -> ServerReply:
        read = min(window, sum(len(one["content"]) for one in request.messages) // 4)
        usage = {"prompt_tokens": read, "completion_tokens": 50, "total_tokens": read + 50}
        return completion(request, content, usage=usage)

    return behave


def says(text: str) -> Behaviour:
    """Answer with this text, whatever was asked."""
    return lambda request, _content: completion(request, text)


def choices_null(_request: Request, _content: str) -> ServerReply:
    """Answer without choices."""
    return ServerReply(body=b'{"id": "x", "object": "chat.completion", "choices": null}')


def choices_empty(_request: Request, _content: str) -> ServerReply:
    """Answer with no choice."""
    return ServerReply(body=b'{"id": "x", "object": "chat.completion", "choices": []}')


def empty_body(_request: Request, _content: str) -> ServerReply:
    """Answer with nothing."""
    return ServerReply()


def html(_request: Request, _content: str) -> ServerReply:
    """Answer with a web page and 200."""
    return ServerReply(body=b"<!doctype html><title>Welcome</title>", content_type="text/html")


def broken(_request: Request, _content: str) -> ServerReply:
    """Answer with half a completion, as JSON."""
    return ServerReply(body=b'{"choices": [{"message": {"content": "he')


def not_a_completion(_request: Request, _content: str) -> ServerReply:
    """Answer with JSON that is something else."""
    return ServerReply(body=b'["models"]')


def error_200(code: object = None, message: str = "upstream overloaded") -> Behaviour:
    """Answer with an error and 200."""
    return lambda _request, _content: ServerReply(
        body=_json({"error": {"code": code, "message": message}})
    )


def failing(
    status: int,
    message: str = "something went wrong",
    *,
    code: str | None = None,
    retry_after: str | None = None,
) -> Behaviour:
    """Answer with a status and OpenAI's error body."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    body = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    return lambda _request, _content: ServerReply(status=status, body=_json(body), headers=headers)


def wrong_key(request: Request, _content: str) -> ServerReply:
    """Turn the key down, and repeat it."""
    key = request.headers["authorization"].removeprefix("Bearer ")
    return failing(401, f"Incorrect API key provided: {key}", code="invalid_api_key")(request, "")


def no_model(request: Request, _content: str) -> ServerReply:
    """Know no such model."""
    message = f"The model `{request.body['model']}` does not exist or you do not have access to it."
    return failing(404, message, code="model_not_found")(request, "")


def no_credit(request: Request, _content: str) -> ServerReply:
    """Say that the account is empty, with the status of a rate limit."""
    message = "You exceeded your current quota, please check your plan and billing details."
    return failing(429, message, code="insufficient_quota", retry_after="1")(request, "")


def too_long(request: Request, _content: str) -> ServerReply:
    """Say that the question does not fit; mentions the format, as some servers do."""
    message = "This model's maximum context length is 4096 tokens, however your messages and the json_schema resulted in 9000 tokens."
    return failing(400, message, code="context_length_exceeded")(request, "")


def hang(_request: Request, _content: str) -> ServerReply:
    """Say nothing."""
    return ServerReply(silent=True)


def drip(request: Request, content: str) -> ServerReply:
    """Answer rightly, one byte at a time and far too slowly."""
    return ServerReply(body=completion(request, content).body, drip_s=0.02)


def reset(request: Request, content: str) -> ServerReply:
    """Close the connection in the middle of the answer."""
    return ServerReply(body=completion(request, content).body, cut=True)


# Tokens of a question, unless it is so long that nobody would believe it.
_PROMPT_TOKENS = 1000
_USAGE = {
    "prompt_tokens": _PROMPT_TOKENS,
    "completion_tokens": 100,
    "total_tokens": 1100,
    "prompt_tokens_details": {"cached_tokens": 400, "audio_tokens": None},
    "completion_tokens_details": {"reasoning_tokens": 30},
}


def completion(
    request: Request,
    content: str | None,
    *,
    finish_reason: str = "stop",
    refusal: str | None = None,
    usage: Mapping[str, Any] | None = _USAGE,
) -> ServerReply:
    """Write a completion as OpenAI does."""
    if usage is _USAGE:
        read = max(_PROMPT_TOKENS, sum(len(one["content"]) for one in request.messages) // 4)
        usage = _USAGE | {"prompt_tokens": read, "total_tokens": read + 100}
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason, "logprobs": None}
    return ServerReply(
        body=_json(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": request.body["model"],
                "choices": [choice],
                "usage": usage,
            }
        )
    )


def sample(schema: Mapping[str, Any], root: Mapping[str, Any] | None = None) -> Any:
    """Make up the plainest value that fits a schema of ours."""
    root = root or schema
    if "$ref" in schema:
        return sample(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], root)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if kind == "object":
        return {key: sample(one, root) for key, one in schema["properties"].items()}
    if kind == "array":
        return [sample(schema["items"], root)] * schema.get("minItems", 0)
    plain = {"string": "x" * schema.get("minLength", 1), "boolean": True, "null": None}
    return plain.get(str(kind), schema.get("minimum", 0))


class OpenAIServer:
    """The server; a context manager."""

    def __init__(  # noqa: PLR0913 - what a server can do, each with a default
        self,
        *script: Behaviour,
        answer: Answerer | None = None,
        behave: Callable[[Request], Behaviour] = lambda _request: ok,
        modes: tuple[str, ...] = ("json_schema", "json_object", "text"),
        cap: str = "max_tokens",
        latency_s: float = 0.0,
        batches: Batches | None = None,
        batched: Callable[[Request], Behaviour] = lambda _request: ok,
    ) -> None:
        """Prepare to listen.

        Args:
            script: behaviours of the first requests, in the order in which they arrive.
            answer: content of a right answer; by default the plainest that fits the schema.
            behave: behaviour of every request after the script.
            modes: structured-output modes that are not turned down.
            cap: name of the output cap; the other one is turned down.
            latency_s: pause before every answer.
            batches: its Files and Batch calls; None for a server that has none.
            batched: behaviour of every line of a batch.
        """
        self.requests: list[Request] = []
        self.most_in_flight = 0
        self._script = deque(script)
        self.answer = answer or (lambda _messages, schema: json.dumps(sample(schema)))
        self._behave = behave
        self._modes = modes
        self._cap = cap
        self._latency_s = latency_s
        self._batches = batches
        self._batched = batched
        self._lock = threading.Lock()
        self._in_flight = 0
        self._ended = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        """Address for `OPENAI_BASE_URL`."""
        return f"http://{self.host}/"

    @property
    def host(self) -> str:
        """The same without scheme, as messages call it."""
        return f"127.0.0.1:{self._http.server_port}/v1"

    def endpoint(self, api_key: str = "sk-test-0123456789") -> Endpoint:
        """What a `Model` connects to."""
        return Endpoint(base_url=self.base_url, api_key=SecretStr(api_key))

    def reply(self, request: Request) -> ServerReply:
        """Decide what goes back, and keep the request."""
        with self._lock:
            self.requests.append(request)
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
            scripted = self._script.popleft() if self._script else None
        try:
            if self._latency_s:
                time.sleep(self._latency_s)
            if request.path != "/v1/chat/completions":
                return failing(404, "Not Found")(request, "")
            return self._answered(request, scripted or self._behave(request))
        finally:
            with self._lock:
                self._in_flight -= 1

    def _answered(self, request: Request, behaviour: Behaviour) -> ServerReply:
        if self._cap not in request.body:
            wrong = ({"max_tokens", "max_completion_tokens"} - {self._cap}).pop()
            message = f"Unsupported parameter: '{wrong}' is not supported with this model. Use '{self._cap}' instead."
            return failing(400, message, code="unsupported_parameter")(request, "")
        if request.mode not in self._modes:
            return failing(400, "This response_format type is unavailable now")(request, "")
        return behaviour(request, self.answer(request.messages, request.schema))

    def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> ServerReply:
        """Decide what goes back for any call."""
        if method == "POST" and not re.match(r"/v1/(files|batches)\b", path):
            return self.reply(Request(path, headers, json.loads(body)))
        if self._batches is None:
            return failing(404, "Not Found")(Request(path, headers, {}), "")

        def chat(line: Line) -> tuple[int, Any]:
            request = Request("/v1/chat/completions", headers, line)
            reply = self._answered(request, self._batched(request))
            return reply.status, json.loads(reply.body)

        found = self._batches.handle(method, path, headers, body, chat)
        return (
            ServerReply(body=b"lost", cut=True)
            if found is None
            else ServerReply(found[0], found[1])
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self  # the class of a handler is made anew for every server

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = server.serve(self.command, self.path, headers, raw)
                try:
                    self._send(reply)
                except ConnectionError:
                    self.close_connection = True  # the client has had enough

            do_GET = do_POST  # noqa: N815 - the name that the library calls
            do_DELETE = do_POST  # noqa: N815 - the same

            def _send(self, reply: ServerReply) -> None:
                self.close_connection = reply.silent or reply.cut
                if reply.silent:
                    server._ended.wait(30)
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                sent = len(reply.body) // 2 if reply.cut else len(reply.body)
                step = 1 if reply.drip_s else sent or 1
                for start in range(0, sent, step):
                    server._ended.wait(reply.drip_s)
                    self.wfile.write(reply.body[start : start + step][: sent - start])

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        return Handler


def schema_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Read the schema that a request asks for, from its format, else from the prompt.

    A question whose answer is a text has none, and no word of JSON.
    """
    form = body.get("response_format", {})
    if form.get("type") == "json_schema":
        described: dict[str, Any] = form["json_schema"]["schema"]
        return described
    system: str = body["messages"][0]["content"]
    return _schema_in(system) if "JSON" in system else {}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _schema_in(text: str) -> dict[str, Any]:
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            value, _ = decoder.raw_decode(text, start)
        except ValueError:
            value = {}
        if isinstance(value, dict) and "properties" in value:
            return value
        start = text.find("{", start + 1)
    raise AssertionError("the prompt holds no schema")
