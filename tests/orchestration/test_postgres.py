"""With a PostgreSQL address Dagster keeps its runs there: a real server on loopback."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import editor
from newsletter import Newsletter
from openai_server import OpenAIServer
from orchestration.conftest import postgres_binaries, settings
from orchestration.running import Running

_PASSWORD = "planted-password"  # noqa: S105 - of a server that lives for one test
_DAY = "2026-01-05"


@pytest.fixture
def postgres() -> Iterator[str]:
    """Start a server of one test, and give its address with its password."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("needs PostgreSQL's own programs: initdb and postgres")
    # It will not run as root; its user must come into the folder, as into no folder of pytest's.
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp())
    data, secret = folder / "data", folder / "password"
    secret.write_text(_PASSWORD, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if user:
        for path in (folder, secret):
            shutil.chown(path, user)
    try:
        options = ["--auth=scram-sha-256", "--username=me", f"--pwfile={secret}", "--no-sync"]
        subprocess.run(
            [binaries / "initdb", "-D", data, *options], check=True, capture_output=True, user=user
        )
        with (folder / "log").open("wb") as log:
            where: list[str | Path] = ["-D", data, "-p", str(port), "-k", folder]
            how = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
            server = subprocess.Popen(
                [binaries / "postgres", *where, *how], stdout=log, stderr=log, user=user
            )
        try:
            _wait(port, folder / "log")
            yield f"postgresql://me:{_PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(folder)


def _wait(port: int, log: Path) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            assert time.monotonic() < end, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        else:
            return


def test_runs_are_kept_in_postgresql(tmp_path: Path, newsletter: Newsletter, postgres: str) -> None:
    """A partition is materialised, its run stands in the database, the password in no file.

    The step has a process of its own, as by default.
    """
    from sqlalchemy import create_engine, text

    newsletter.publish("26-01-05-issue")
    with OpenAIServer(answer=editor.answer) as model:
        environment = {
            **settings(tmp_path, newsletter, model),
            "AINEWS_DAGSTER_POSTGRES_URL": postgres,
        }
        with Running(tmp_path, environment) as dagster:
            name = dagster.backfill([_DAY])
            dagster.wait(lambda: dagster.runs(name)[0].startswith("COMPLETED"), pause_s=2)
            assert dagster.runs(name)[0] == "COMPLETED_SUCCESS"
    engine = create_engine(postgres)
    with engine.connect() as connection:
        rows = list(connection.execute(text("select status, partition from runs")))
    engine.dispose()
    assert [tuple(row) for row in rows] == [("SUCCESS", _DAY)]
    assert not list((tmp_path / ".dagster").rglob("*.db"))
    kept = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in kept if _PASSWORD.encode() in file.read_bytes()] == []
