"""One deadline over a whole exchange with a server, for whichever HTTP client speaks to it.

The clients' own timeouts start again with every byte, so that a server could drip its headers, its
interim responses or its body for days.
"""

import socket
import threading
from contextlib import suppress
from typing import Any


class SocketDeadline:
    """Shuts the sockets of an exchange when its time is up.

    A TLS handshake has its own limit, the client's for connecting. The connection has to be new:
    one that was kept does not tell its socket.
    """

    def __init__(self, seconds: float) -> None:
        """Start the clock."""
        self._sockets: list[socket.socket] = []
        self._expired = threading.Event()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def trace(self, _event: str, info: dict[str, Any]) -> None:
        """Learn the sockets: what the client calls as the extension `trace` of a request."""
        stream = info.get("return_value")
        if stream is not None and hasattr(stream, "get_extra_info"):
            self.watch(stream.get_extra_info("socket"))

    def watch(self, sock: socket.socket) -> None:
        """Learn a socket."""
        self._sockets.append(sock)
        if self._expired.is_set():
            self._cut()

    def stop(self) -> bool:
        """Stop the clock, and say whether the time was up."""
        self._timer.cancel()
        return self._expired.is_set()

    def _cut(self) -> None:
        self._expired.set()
        for sock in self._sockets:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
