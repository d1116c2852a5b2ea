"""The installed command for scripts that start it many times: loaded once, forked for each start.

    (clone / ".venv").symlink_to(command_server.prefix())   # holds bin/ainews-digest
    command_server.call("show", "2026-01-30", folder=tmp_path)

What a script calls is a client that hands its arguments, environment, folder and streams to a
server, in whose fork the command's own `main` runs. What Python itself makes of its surroundings
when it starts is tested by real starts.
"""

import array
import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

_ROOT = Path(__file__).parent.parent
_PACKAGES = (
    *("chinese", "diff", "edits", "fetch", "llm", "merge", "ops", "parse", "proofread"),
    *("quantities", "select", "site", "translate", "verify", "write"),
)
"""Packages that most commands load."""
_STREAMS = 3

_CLIENT = """#!{python} -IS
import array, json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
said = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
streams = array.array("i", [0, 1, 2])
server.sendmsg([len(said).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
server.sendall(said)
code = server.recv(1)
sys.exit(code[0] if code else 70)
"""


@functools.cache
def prefix(*packages: str) -> Path:
    """Give a folder whose `bin/ainews-digest` is the command; it is gone at the end.

    Args:
        packages: those that are loaded; without any, those that most commands load.
    """
    folder = Path(tempfile.mkdtemp(prefix="ainews-command-"))
    address = folder / "socket"
    client = folder / "bin" / "ainews-digest"
    client.parent.mkdir()
    client.write_text(_CLIENT.format(python=sys.executable, address=str(address)), "utf-8")
    client.chmod(0o755)
    server = subprocess.Popen(
        [sys.executable, __file__, str(address), *packages],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.communicate)
    # Its input may have a second end that a test has left open.
    atexit.register(server.terminate)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    return folder


def call(
    *arguments: str, folder: Path, environment: Mapping[str, str] | None = None, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, with this environment, or that of the tests."""
    return subprocess.run(
        [prefix() / "bin" / "ainews-digest", *arguments],
        cwd=folder,
        env=environment,
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def _serve(address: str, *packages: str) -> None:
    """Fork for each client until the process of the tests is gone."""
    _load(packages or _PACKAGES)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    os.write(1, b"ready\n")
    forks: list[int] = []
    # The end of standard input is the end of the tests.
    while listening.fileno() in select.select([listening.fileno(), 0], [], [])[0]:
        client, _ = listening.accept()
        if (fork := os.fork()) == 0:
            listening.close()
            _run(client)
        client.close()
        forks = [*(one for one in forks if os.waitpid(one, os.WNOHANG) == (0, 0)), fork]
    for fork in forks:
        os.waitpid(fork, 0)


def _load(packages: Sequence[str]) -> None:
    """Load what commands load, and keep it out of the forks' garbage collections."""
    sys.path[0] = str(_ROOT)
    importlib.import_module("pipeline.publish")
    for name in packages:
        package = importlib.import_module(f"pipeline.{name}")
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"pipeline.{name}.{module.name}")
    commands = importlib.import_module("typer.main")
    vars(commands)["get_command"] = functools.cache(commands.get_command)
    dict(commands.get_command(importlib.import_module("pipeline.cli").app).commands)
    gc.freeze()


def _run(client: socket.socket) -> NoReturn:
    """Become the command that a client asks for, and tell it the exit code."""
    room = socket.CMSG_SPACE(_STREAMS * array.array("i").itemsize)
    head, rights, _, _ = client.recvmsg(4, room)
    streams = array.array("i", rights[0][2])
    asked = client.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL)
    arguments, environment, folder = json.loads(asked)
    for number, (name, stream) in enumerate(
        zip(("stdin", "stdout", "stderr"), streams, strict=True)
    ):
        os.dup2(stream, number)
        os.close(stream)
        # New ones, since the server's know whether what they wrote to could be searched.
        mode, buffering = ("w" if number else "r"), (1 if number > 1 else -1)
        opened = open(number, mode, buffering, encoding="utf-8", closefd=False)  # noqa: SIM115 - until the end
        setattr(sys, name, opened)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    code = 70
    try:
        cli = importlib.import_module("pipeline.cli")
        cli.main(arguments)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else code
    finally:
        client.send(bytes([code]))
        os._exit(code)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
