"""The embedded model: its weights, and llama.cpp serving them on loopback in this process.

Stands beside the flow: `model.py` talks to what `EmbeddedServer.connect` gives it as to any other
OpenAI-compatible server. Not covered: asking questions, drawing the progress bar (the command
line does), and systems without `fcntl`, such as Windows.
"""

import atexit
import contextlib
import http.client
import json
import os
import secrets
import socket
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from pipeline.errors import ModelError, WeightsError

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_NOT_INSTALLED: Final = (
    "the embedded model is not installed: run `make demo`, or "
    "pip install 'ainews-digest[local]', or set OPENAI_API_KEY"
)


class EmbeddedAccess(NamedTuple):
    """Where the embedded model listens, and what it wants to hear."""

    base_url: str
    """Loopback address that ends in `/v1/`."""
    api_key: str
    """Key of this one server, random."""


def count_cores() -> int:
    """Count the cores that this process may use: its affinity, cut by its cgroup's quota."""
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):
        quota, period = _QUOTA.read_text().split()
        count = min(count, int(quota) // int(period))  # "max" is no number: no limit
    return max(count, 1)


def require_installed() -> None:
    """Refuse before a gigabyte of weights is fetched that nothing here could use.

    Raises:
        ModelError: the extra `local` is not installed.
    """
    # Not imported yet: see `_start`.
    if find_spec("xllamacpp") is None:
        raise ModelError(_NOT_INSTALLED)


class EmbeddedServer:
    """llama.cpp's server in this process, started by the first `connect`; a context manager."""

    def __init__(
        self, weights: Path, *, slots: int = 4, threads: int | None = None, slot_tokens: int = 4096
    ) -> None:
        """Keep what the server will need; nothing is loaded yet.

        Args:
            weights: a GGUF file, see `weights`.
            slots: questions worked on at once, 1-16; each adds `slot_tokens` x 28 KB of memory
                to the 1.8 GB of the model, 2.3 GB in all with the defaults.
            threads: None for as many as `count_cores` counts; more make it crawl.
            slot_tokens: longest question and answer together.
        """
        self._weights = weights
        self._slots = slots
        self._threads = threads or count_cores()
        self._slot_tokens = slot_tokens
        self._lock = threading.Lock()
        self._prefill_lock = threading.Lock()
        self._prefilled: set[str] = set()
        self._server: Any = None
        self._key = secrets.token_urlsafe(24)
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self) -> EmbeddedAccess:
        """Start the server unless it runs, and say how to reach it; safe from any thread.

        Raises:
            ModelError: the extra `local` is not installed.
            WeightsError: llama.cpp cannot load the file.
        """
        with self._lock:
            if self._server is None:
                # In a thread of its own, since Ctrl-C must not drop a server half started.
                with ThreadPoolExecutor(1) as starter:
                    starter.submit(self._start).result()
            return self._access

    def prefill(self, stable: list[dict[str, str]]) -> None:
        """Read what questions begin with once and copy it to every slot; before each question.

        580 tokens cost 17 CPU seconds to read and 30 ms to copy to four slots; without this each
        slot reads them by itself. Safe from any thread: the first call with some messages does the
        work, the others wait for it, later ones return at once.

        Args:
            stable: the messages of a question but the last, which differs.

        Raises:
            ModelError: the server does not answer.
        """
        shared = json.dumps(stable)
        with self._prefill_lock:
            if shared not in self._prefilled:
                self._copy_to_slots(stable)
                self._prefilled.add(shared)

    def close(self) -> None:
        """Stop the server, dropping questions on their way; closing twice is fine."""
        with self._lock:
            atexit.unregister(self.close)
            self._prefilled.clear()
            try:
                if self._server is not None:
                    _drop_connections(urllib.parse.urlsplit(self._server.listening_address).port)
                self._server = None  # its destructor waits for the batch at hand
            finally:  # who presses Ctrl-C again while it waits leaves no files either
                if self._scratch is not None:
                    self._scratch.cleanup()
                    self._scratch = None

    @property
    def _access(self) -> EmbeddedAccess:
        return EmbeddedAccess(f"{self._server.listening_address}/v1/", self._key)

    def _copy_to_slots(self, stable: list[dict[str, str]]) -> None:
        access = self.connect()
        messages = [*stable, {"role": "user", "content": ""}]
        self._post(access, "v1/chat/completions", messages=messages, max_tokens=1, id_slot=0)
        self._post(access, "slots/0?action=save", filename="prefix")
        for slot in range(1, self._slots):
            self._post(access, f"slots/{slot}?action=restore", filename="prefix")

    def _start(self) -> None:
        # OpenMP reads it when it is loaded. Threads that spin while they wait cost a third of the
        # speed as soon as another process wants a core, and nine tenths when two want both
        # (1,306 ms an answer token instead of 120); threads that sleep cost 7 % on idle cores.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            import xllamacpp
        except ImportError as error:
            raise ModelError(_NOT_INSTALLED) from error
        self._scratch = tempfile.TemporaryDirectory(prefix="ainews-digest-")
        try:
            self._server = xllamacpp.Server(self._params(xllamacpp.CommonParams()))
        except (RuntimeError, MemoryError) as error:
            raise WeightsError(
                f"llama.cpp cannot load {str(self._weights)!r}: not a model that it knows, or too "
                "little memory; choose another with AINEWS_EMBEDDED_WEIGHTS, or set OPENAI_API_KEY"
            ) from error
        # A server left to the interpreter's teardown would take the process down with it.
        atexit.register(self.close)
        # Stopped before its loop turns it would never stop; an answer proves that it turns.
        self._post(self._access, "slots/0?action=erase")

    def _params(self, params: Any) -> Any:  # noqa: ANN401 - xllamacpp has no types
        """Fill in what was measured to be best on two cores.

        CPU ms per answer token with 1, 2, 4, 6 and 8 slots: 74, 69, 56, 55, 60; per prompt token
        27, whatever flash attention, the micro-batch or weight repacking are set to. So four
        slots, and the defaults for the rest.
        """
        params.model.path = str(self._weights)
        params.n_parallel = self._slots
        params.n_ctx = self._slots * self._slot_tokens  # split evenly between the slots
        params.cpuparams.n_threads = self._threads
        params.cpuparams_batch.n_threads = self._threads
        # A cancelled question, and close(), wait for the batch at hand: 2 s instead of 30 s.
        params.n_batch = params.n_ubatch = 128
        params.slot_save_path = f"{self._scratch.name}/" if self._scratch else ""
        params.cache_ram_mib = 0  # `prefill` does it better: 574 of 580 tokens in all four slots
        params.fit_params = False  # no guessing of sizes: they are given
        params.enable_reasoning = 0  # where the file's own template lets a model think aloud
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.api_keys = [self._key]
        params.ui = False
        params.offline = True
        params.verbosity = -1
        return params

    def _post(self, access: EmbeddedAccess, path: str, **body: object) -> None:
        request = urllib.request.Request(  # noqa: S310 - our own server
            access.base_url.removesuffix("v1/") + path,
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {access.api_key}", "Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback: no proxy
        try:
            opener.open(request, timeout=300).close()
        except (OSError, http.client.HTTPException) as error:
            raise ModelError(f"the embedded model does not answer {path!r}: {error}") from error


def _drop_connections(port: int | None) -> None:
    """Stop listening on a loopback port of this process, and end its connections.

    The server's destructor holds the interpreter until every request has its answer, which no
    longer comes: a question under way would hang the process for good, Ctrl-C included. What
    makes the server give a question up is the end of its connection.
    """
    end = ("127.0.0.1", port)
    for entry in Path("/dev/fd").iterdir():
        with (
            contextlib.suppress(OSError),
            socket.fromfd(int(entry.name), socket.AF_INET, socket.SOCK_STREAM) as copy,
        ):
            if end in (copy.getsockname(), _peer_address(copy)):
                copy.shutdown(socket.SHUT_RDWR)


def _peer_address(connection: socket.socket) -> object:
    with contextlib.suppress(OSError):
        return connection.getpeername()
    return None
