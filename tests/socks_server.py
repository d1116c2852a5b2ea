"""A small SOCKS5 server on loopback (RFC 1928, 1929): every name leads to one server here."""

import socket
import socketserver
import threading
from contextlib import suppress
from typing import Literal, Self

Manner = Literal["works", "says nothing", "hangs up", "refuses", "talks nonsense"]


class SocksServer:
    """Runs it; notes what it was asked for."""

    def __init__(
        self, port: int, manner: Manner = "works", login: tuple[str, str] | None = None
    ) -> None:
        """Lead all to `port`; ask for a user and a password where there are any."""
        self.asked: list[tuple[str, int]] = []
        self._ended = threading.Event()
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError, IndexError):
                    proxy._serve(self.request, port, manner, login)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads, self._server.block_on_close = True, False
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()

    def _serve(
        self, client: socket.socket, port: int, manner: Manner, login: tuple[str, str] | None
    ) -> None:
        client.recv(262)  # the methods that it offers
        if manner == "says nothing":
            self._ended.wait(10)
            return
        if manner != "works":
            client.sendall(
                {"refuses": b"\x05\xff", "talks nonsense": b"HTTP/1.0 400\r\n"}.get(manner, b"")
            )
            return
        client.sendall(b"\x05\x02" if login else b"\x05\x00")
        if login:
            said = client.recv(513)
            user = said[2 : 2 + said[1]].decode()
            password = said[3 + said[1] :].decode()
            client.sendall(b"\x01\x00" if (user, password) == login else b"\x01\x01")
        asked = client.recv(262)
        kind, rest = asked[3], asked[4:]
        size = {1: 4, 3: rest[0] + 1, 4: 16}[kind]
        name = rest[1:size].decode() if kind == 3 else socket.inet_ntop(
            socket.AF_INET if kind == 1 else socket.AF_INET6, rest[:size]
        )  # fmt: skip
        self.asked.append((name, int.from_bytes(rest[size : size + 2], "big")))
        with socket.create_connection(("127.0.0.1", port)) as server:
            client.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            one = threading.Thread(target=_pass_on, args=(client, server), daemon=True)
            one.start()
            _pass_on(server, client)
            one.join(5)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
