"""Digests in a folder of an S3-compatible store: everything that works on a disk works there.

The store is SeaweedFS on loopback (`s3_server.py`), and what goes wrong on the way to it is made by
a proxy before it (`between.py`).
"""

import datetime as dt
import io
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from daily import changed, digest
from pipeline import _remote, cli
from pipeline.records import Digest
from pipeline.state import state
from pipeline.store import place
from pipeline.write import discard_draft, dump, load, render, write
from s3_server import S3Server

DAY = dt.date(2026, 1, 30)
OURS = {"pipeline._remote", "upath", "fsspec", "s3fs", "botocore", "aiobotocore"}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """Run one store for all tests; each has a folder of its own in it."""
    with S3Server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> str:
    """Name the test's folder in the bucket."""
    return f"{request.node.name}/outputs".replace("[", "-").replace("]", "")


@pytest.fixture
def outputs(server: S3Server, folder: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give that folder to this process, with the key that may write."""
    use(monkeypatch, server.environment)
    yield place(server.url(folder))
    _remote._connected.cache_clear()


def use(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    """Set how the store is found, and forget how it was found before."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    _remote._connected.cache_clear()


def files(told: Digest, stem: str = "2026-01-30") -> dict[str, bytes]:
    """Give the two files of a digest."""
    return {f"{stem}.json": dump(told).encode(), f"{stem}.md": render(told).encode()}


def other(day: dt.date, name: str = "another") -> Digest:
    """Write a digest of another issue for the same date."""
    told = digest(day)
    assert told.provenance is not None
    slug = f"{day:%y-%m-%d}-{name}"
    provenance = told.provenance.model_copy(update={"slug": slug})
    url = f"https://news.smol.ai/issues/{slug}/"
    return told.model_copy(update={"provenance": provenance, "issue_url": url})


class Done:
    """How a command ended."""

    def __init__(self, *arguments: str) -> None:
        """Run the command in this process, which spares the start of another."""
        out, err = io.StringIO(), io.StringIO()
        before = signal.getsignal(signal.SIGTERM)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(cli, "_leave", sys.exit)  # which ends the process where threads ask
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
                cli.main(arguments)
        signal.signal(signal.SIGTERM, before)
        self.code = left.value.code
        self.out, self.err = out.getvalue(), err.getvalue()


# ------------------------------------------------------------------------------ as on a disk


def test_a_digest_has_the_same_bytes_as_on_a_disk(
    outputs: Path, server: S3Server, folder: str, tmp_path: Path
) -> None:
    """Markdown and JSON, found again by their names; what has its bytes is not written."""
    assert state(outputs).digests == ()
    written = write(digest(DAY), outputs)
    write(digest(DAY), tmp_path)
    assert server.objects(folder) == {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert str(written.json_path) == f"{server.url(folder)}/2026-01-30.json"
    assert [each.name for each in written.changed] == ["2026-01-30.md", "2026-01-30.json"]
    assert write(digest(DAY), outputs).changed == ()
    assert state(outputs) == state(tmp_path)
    assert load(written.json_path.read_text(encoding="utf-8")) == digest(DAY)


def test_a_digest_replaces_its_earlier_version_only(
    outputs: Path, server: S3Server, folder: str
) -> None:
    """A second issue of the date gets -2, and is replaced under that name."""
    write(digest(DAY), outputs)
    assert write(other(DAY), outputs).json_path.name == "2026-01-30-2.json"
    write(changed(digest(DAY)), outputs)
    expected = files(changed(digest(DAY))) | files(other(DAY), "2026-01-30-2")
    assert server.objects(folder) == expected
    assert state(outputs).stem_for("26-01-30-another", DAY) == "2026-01-30-2"


def test_a_draft_lies_beside_and_goes(outputs: Path, server: S3Server, folder: str) -> None:
    """No state is read from it, and the digest that replaces it removes it."""
    write(digest(DAY), outputs, draft=True)
    assert sorted(server.objects(folder)) == ["drafts/2026-01-30.json", "drafts/2026-01-30.md"]
    assert state(outputs).digests == ()
    write(digest(DAY), outputs)
    assert discard_draft(outputs, "2026-01-30")
    assert not discard_draft(outputs, "2026-01-30")
    assert server.objects(folder) == files(digest(DAY))
