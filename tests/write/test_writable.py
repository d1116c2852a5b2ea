"""A folder that cannot be written to is found before anything is paid."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.bench import FaultBench


@pytest.fixture
def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[FaultBench]:
    """Set up a good digest, settings and nothing else."""
    made = FaultBench(tmp_path, monkeypatch, capfd)
    with made.stack:
        yield made


@pytest.mark.parametrize("how", ["a file", "read-only", "below a file"])
def test_nothing_is_asked_where_nothing_can_be_written(bench: FaultBench, how: str) -> None:
    """Code 6, and the line names the folder."""
    server = bench.model()
    folder = bench.tmp_path / "elsewhere"
    if how == "read-only":

        def refuse(path: Path, _mode: int = 0o666) -> int:
            raise OSError(errno.EROFS, "Read-only file system", str(path))

        bench.monkeypatch.setattr("pipeline.write.writable.create_exclusively", refuse)
    else:
        folder.write_text("", encoding="utf-8")
    out = folder / "outputs" if how == "below a file" else folder
    ended = bench.run("run", "--source", "26-01-30-sampler.md", "--out", str(out))
    assert (ended.code, server.requests) == (6, [])
    assert str(out) in ended.last


def test_a_folder_that_can_be_written_keeps_no_trace(bench: FaultBench) -> None:
    """Only the digest's files are there."""
    bench.model()
    before = {file.name for file in bench.outputs.iterdir()}
    assert bench.file().code == 0
    new = {file.name for file in bench.outputs.iterdir()} - before
    assert new == {"2026-01-30.json", "2026-01-30.md"}
