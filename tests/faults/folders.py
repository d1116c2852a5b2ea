"""Rows of the matrix: folders whose locks, owners or names are not what they should be; the clock."""

import errno
import fcntl
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.bench import OTHER, QUESTIONS, SLUG, FaultBench, FaultCase, FinishedCommand, item, rss
from faults.disk import mounted
from faults.source import FEED

MADE = "a new digest of 2026-01-30"
NOTHING = "what was there"
NEW = ("2026-01-30",)
_STRANGER = 12345


def without_flock(name: str) -> Callable[[FaultBench], FinishedCommand]:
    """The folders are of a network that has no flock, as both of two runs find."""

    def refuse(*_: object) -> None:
        raise OSError(getattr(errno, name), os.strerror(getattr(errno, name)))

    def play(bench: FaultBench) -> FinishedCommand:
        server = bench.model()
        arguments = ("run", "--source", f"{SLUG}.md", "--date", "2026-01-30")
        bench.monkeypatch.setattr(fcntl, "flock", refuse)
        with bench.forked(*arguments) as other:
            ended = bench.run(*arguments)
            # The other one waits, and finds every answer in the cache.
            assert other.ended().code == 0
        assert len(server.requests) == QUESTIONS
        left = [*bench.outputs.rglob(".ainews*"), *bench.cache.rglob("*.held*")]
        assert left == []
        return ended

    return play


def no_lock_at_all(bench: FaultBench) -> FinishedCommand:
    """Nor can a lock file be made in the folder of the digests."""
    server = bench.model()
    bench.stack.enter_context(mounted(bench.outputs, "size=1m"))
    for name, data in bench.good.items():
        (bench.outputs / name).write_bytes(data)
    subprocess.run(["mount", "-o", "remount,ro", str(bench.outputs)], check=True)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    bench.monkeypatch.setattr(fcntl, "flock", refuse)
    ended = bench.file()
    assert server.requests == []
    return ended


def left_lock(bench: FaultBench) -> FinishedCommand:
    """A run that was killed has left its lock file."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    from pipeline.storage import process_mark

    machine = process_mark().rsplit(" ", 2)[0]
    bench.model()
    (bench.outputs / ".ainews.lock").write_text(f"{machine} {child} 1\nabc\n")

    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    bench.monkeypatch.setattr(fcntl, "flock", refuse)
    return bench.file()


def planted(kind: str) -> Callable[[FaultBench], FinishedCommand]:
    """Somebody has put something under the name of a temporary file."""

    def play(bench: FaultBench) -> FinishedCommand:
        bench.model()
        theirs = bench.tmp_path / "theirs"
        theirs.write_text("precious")
        temporary = bench.outputs / ".2026-01-30.json.new.tmp"
        if kind == "link":
            temporary.symlink_to(theirs)
        elif kind == "hard link":
            temporary.hardlink_to(theirs)
        else:
            os.mkfifo(temporary)
        ended = bench.file()
        assert theirs.read_text() == "precious"
        return ended

    return play


def pipes_everywhere(bench: FaultBench) -> FinishedCommand:
    """Pipes lie among the digests, the drafts and the cache's files."""
    bench.model()
    bench.cache.mkdir(mode=0o700)
    (bench.outputs / "drafts").mkdir()
    for path in (
        bench.outputs / "2026-01-29.json",
        bench.outputs / "drafts" / "2026-01-30.json",
        bench.cache / "cache.sqlite",
    ):
        os.mkfifo(path)
    ended = bench.file()
    (bench.outputs / "2026-01-29.json").unlink()
    return ended


def pipe_for_settings(bench: FaultBench) -> FinishedCommand:
    """`.env` is a pipe, which nobody writes."""
    bench.model()
    os.mkfifo(bench.tmp_path / ".env")
    return bench.file()


def cache_of(harm: Callable[[Path], None]) -> Callable[[FaultBench], FinishedCommand]:
    """A cache that others could have written has answers to all questions."""

    def play(bench: FaultBench) -> FinishedCommand:
        server = bench.model()
        assert bench.file().code == 0
        for ending in (".md", ".json"):
            (bench.outputs / f"2026-01-30{ending}").unlink()
        harm(bench.cache)
        ended = bench.file()
        assert len(server.requests) == 2 * QUESTIONS
        return ended

    return play


def give_away(path: Path) -> None:
    """Make a folder somebody else's."""
    if os.geteuid() != 0:
        pytest.skip("only root may give a folder to somebody else")
    os.chown(path, _STRANGER, _STRANGER)


def read_only_cache(bench: FaultBench) -> FinishedCommand:
    """The cache is mounted for reading; it has the answers."""
    server = bench.model()
    bench.stack.enter_context(mounted(bench.cache, "size=4m"))
    assert bench.file().code == 0
    for ending in (".md", ".json"):
        (bench.outputs / f"2026-01-30{ending}").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(bench.cache)], check=True)
    ended = bench.file()
    assert len(server.requests) == QUESTIONS
    return ended


def unkept_cap(harm: Callable[[Path], None]) -> Callable[[FaultBench], FinishedCommand]:
    """A cap of the day is set by hand, and the ledger cannot keep it."""

    def play(bench: FaultBench) -> FinishedCommand:
        server = bench.model()
        bench.set(MAX_COST_USD_PER_DAY=5, INPUT_USD_PER_MTOK=1, OUTPUT_USD_PER_MTOK=1)
        bench.cache.mkdir(mode=0o700)
        harm(bench.cache)
        ended = bench.file()
        assert bench.file().code == 5
        assert server.requests == []
        return ended

    return play


def _damage(cache: Path) -> None:
    (cache / "cache.sqlite").write_bytes(b"no database" * 1000)


def _full(cache: Path) -> None:
    """Fill what was mounted there; unmounted with the test's folder."""
    for number in range(2):
        with (cache / f"filler{number}").open("wb", buffering=0) as file:
            while True:
                try:
                    file.write(b"x" * 1024)
                except OSError:
                    break


def full_ledger(bench: FaultBench) -> FinishedCommand:
    """The disk of the ledger is full."""
    server = bench.model()
    bench.set(MAX_COST_USD_PER_DAY=5, INPUT_USD_PER_MTOK=1, OUTPUT_USD_PER_MTOK=1)
    bench.stack.enter_context(mounted(bench.cache, "size=1m"))
    assert bench.file().code == 0
    for ending in (".md", ".json"):
        (bench.outputs / f"2026-01-30{ending}").unlink()
    asked = len(server.requests)
    bench.set(MODEL="another-model")
    _full(bench.cache)
    ended = bench.file()
    assert len(server.requests) == asked
    return ended


def default_cap(bench: FaultBench) -> FinishedCommand:
    """Nobody has set the cap, and the ledger cannot keep it."""
    bench.model()
    bench.set(INPUT_USD_PER_MTOK=1, OUTPUT_USD_PER_MTOK=1)
    bench.cache.write_text("a file")
    return bench.file()


def clock_behind(bench: FaultBench) -> FinishedCommand:
    """The machine's clock is behind the newest issue of the feed."""
    from pipeline import clock

    server = bench.model()
    bench.site({FEED: rss(item(SLUG), item(OTHER))})
    bench.monkeypatch.setattr(clock, "today", lambda: __import__("datetime").date(2020, 1, 1))
    ended = bench.run("run")
    assert server.requests == []
    return ended


UNUSED = ("the cache", "cannot be used, nothing will be kept")
CAP = ("AINEWS_MAX_COST_USD_PER_DAY cannot be kept",)
# A table: one row a line.
# fmt: off
ROWS = (
    *(FaultCase(f"no flock, {name}", f"folders have no flock ({name}), and two runs meet", 0, (), MADE + ", paid once, and no lock file", without_flock(name), NEW) for name in ("ENOLCK", "EOPNOTSUPP", "EINVAL", "ENOSYS", "EBADF")),
    FaultCase("no lock", "the folder of the digests has no flock and takes no lock file", 6, ("has no locks", "AINEWS_OUTPUTS_DIR"), NOTHING + "; nothing is paid", no_lock_at_all),
    FaultCase("left lock", "a killed run has left its lock file, and there is no flock", 0, ("took over the lock",), MADE + ", and no lock file", left_lock, NEW),
    *(FaultCase(f"planted {kind}", f"a {kind} has the name of a temporary file", 0, (), MADE + "; what it led to as it was", planted(kind), NEW) for kind in ("link", "hard link", "pipe")),
    FaultCase("pipes", "pipes lie among digests, drafts and in the cache's place", 0, ("cannot be used", "not a regular file"), MADE, pipes_everywhere, NEW),
    FaultCase("pipe for .env", ".env is a pipe", 2, (".env' cannot be read", "not a regular file"), NOTHING, pipe_for_settings),
    FaultCase("open cache", "everybody may write into the cache's folder", 0, (*UNUSED, "chmod"), MADE + "; no answer of that cache is believed", cache_of(lambda path: path.chmod(0o777)), NEW),
    FaultCase("foreign cache", "the cache's folder is somebody else's", 0, (*UNUSED, "another user"), MADE + "; no answer of that cache is believed", cache_of(give_away), NEW),
    FaultCase("read-only cache", "the cache is mounted for reading", 0, ("the cache", "only read"), MADE + ", and nothing is paid", read_only_cache, NEW),
    FaultCase("cap, open cache", "a cap of the day is set, and everybody may write the ledger", 5, CAP, NOTHING + "; nothing is paid", unkept_cap(lambda path: path.chmod(0o777))),
    FaultCase("cap, damaged", "a cap of the day is set, and the ledger is damaged", 5, (*CAP, "remove that file"), NOTHING + "; nothing is paid", unkept_cap(_damage)),
    FaultCase("cap, full", "a cap of the day is set, and the ledger's disk is full", 5, CAP, NOTHING + "; nothing is paid", full_ledger),
    FaultCase("default cap", "nobody has set the cap, and a file stands in the ledger's place", 0, UNUSED, MADE, default_cap, NEW),
    FaultCase("clock", "the machine's clock is behind the newest issue", 2, ("clock says 2020-01-01", "2026-01-30", "set the clock"), NOTHING + "; nothing is paid", clock_behind),
)
# fmt: on
