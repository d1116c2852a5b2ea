"""The same server over HTTP, on loopback alone: `http://127.0.0.1:PORT/mcp`.

Only a request that names loopback as its host, and comes from no page or from one of this very
server, is answered: a page from elsewhere that had its own name lead here would otherwise read the
digests. Each request is answered by itself, so that nothing is held of any client.
"""

import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.errors import SettingsError
from pipeline.lookup import Archive
from pipeline.mcp_server.server import make_server

HOST: Final = "127.0.0.1"
PATH: Final = "/mcp"
_NAMES: Final = (HOST, "localhost")
_MAX_BODY_BYTES: Final = 262_144
_MAX_CONNECTIONS: Final = 256  # a client keeps some open between its questions


def serve_http(archive: Archive, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve until a signal.

    Raises:
        SettingsError: the port is not to be had.
    """
    with _listen(port) as listener:
        port = listener.getsockname()[1]
        hosts = [f"{name}:{port}" for name in _NAMES]
        app = make_server(archive).streamable_http_app(
            streamable_http_path=PATH,
            json_response=True,
            stateless_http=True,
            max_request_body_size=_MAX_BODY_BYTES,
            transport_security=TransportSecuritySettings(
                allowed_hosts=hosts, allowed_origins=[f"http://{host}" for host in hosts]
            ),
        )
        config = uvicorn.Config(
            _post_only(app),
            log_config=None,
            access_log=False,
            server_header=False,
            http="h11",  # it refuses two hosts in one request
            ws="none",
            limit_concurrency=_MAX_CONNECTIONS,
            timeout_graceful_shutdown=2,
        )
        on_ready(f"http://{HOST}:{port}{PATH}")
        uvicorn.Server(config).run(sockets=[listener])


def _post_only(app: ASGIApp) -> ASGIApp:
    """Refuse all but questions: nothing is pushed, and no image of a page holds a connection."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] != "POST":
            refusal = PlainTextResponse("only POST", 405, {"Allow": "POST"})
            await refusal(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()  # who reads the address may come before the loop turns
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or error
        raise SettingsError(
            f"cannot listen on port {port} of {HOST}: {reason}; give another with --port"
        ) from error
    return listener
