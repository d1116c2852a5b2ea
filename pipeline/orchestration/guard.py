"""What may reach Dagster's page: a guard in front of its ASGI application; needs no Dagster.

Dagster's webserver looks neither at the host that it is called by nor at the page that sent a
request, and it runs mutations sent by GET: any page that the operator opens could start paid runs.
A browser says in every request where it comes from, and sends JSON to another host only with that
host's leave, which is never given. Not covered: other programs of the machine, and who may log in.
"""

import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any, NamedTuple

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
_PORT = re.compile(r":[0-9]+\Z")
_HTTP_PORT = 80
_OWN_SITES = frozenset({"same-origin", "none"})
_FOREIGN = "it comes from another page: open the address by hand"


class Refusal(NamedTuple):
    """Why a request does not get through."""

    status: int
    reason: str


def allowed_hosts(host: str, port: int, others: Collection[str] = ()) -> frozenset[str]:
    """List the `Host` headers that mean this page: loopback's names, its own address, and others.

    Args:
        host: address that the page listens on.
        port: its port, which the names have.
        others: more of them in lower case, as they are; those without a port with the page's, too.
    """
    own = f"[{host}]" if ":" in host else host
    names = {*_LOOPBACK_NAMES, own.lower(), *(name for name in others if not _PORT.search(name))}
    usual = names if port == _HTTP_PORT else ()
    return frozenset({*others, *usual, *(f"{name}:{port}" for name in names)})


class Guard:
    """An ASGI application that lets through what this page itself, or its operator, asks for."""

    def __init__(self, app: Application, hosts: frozenset[str]) -> None:
        """Stand in front of an application."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with one line."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = check_request(scope, self._hosts)
        if refusal is None:
            await self._app(scope, receive, _unframed(send))
        elif scope["type"] == "http":
            await _answer(refusal, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})


def check_request(scope: Message, hosts: frozenset[str]) -> Refusal | None:
    """Say why a request is refused; None where it may pass."""
    host, *more = _header(scope, b"host") or [""]
    if more or host not in hosts:
        reason = f"{host!a} is no name of this page; AINEWS_DAGSTER_HOSTS can name more"
        return Refusal(403, reason)
    # A proxy that ends TLS hands an https page's request on as http.
    own_origins = {f"http://{host}", f"https://{host}"}
    if len(origins := _header(scope, b"origin")) > 1 or not own_origins.issuperset(origins):
        return Refusal(403, _FOREIGN)
    if not _OWN_SITES.issuperset(_header(scope, b"sec-fetch-site")):
        return Refusal(403, _FOREIGN)
    # Routes are found by patterns whose `$` passes over a line break at the end.
    if not (scope["path"].startswith("/") and scope["path"].isprintable()):
        return Refusal(400, "the target is no path")
    return _check_method(scope) if scope["type"] == "http" else None


def _check_method(scope: Message) -> Refusal | None:
    """Let only JSON that is posted change anything: no form and no link can send it."""
    asks_graphql = scope["path"].lower().rstrip("/").endswith("/graphql")
    if scope["method"] in {"GET", "HEAD"} and not asks_graphql:
        return None
    if scope["method"] != "POST":
        return Refusal(405, "only GET of pages, and POST with application/json")
    kinds = [kind.partition(";")[0].strip() for kind in _header(scope, b"content-type")]
    return None if kinds == ["application/json"] else Refusal(415, "only application/json")


def _header(scope: Message, name: bytes) -> list[str]:
    """List what a header says, in lower case, as often as it stands there."""
    return [
        value.decode("latin-1").strip().lower()
        for key, value in scope["headers"]
        if key.lower() == name
    ]


async def _answer(refusal: Refusal, send: Send) -> None:
    body = f"refused: {refusal.reason}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _unframed(send: Send) -> Send:
    """Let no other page show this one in a frame, where a click could be led astray."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            frame = (b"x-frame-options", b"SAMEORIGIN")
            message = {**message, "headers": [*message.get("headers", ()), frame]}
        await send(message)

    return sending
