"""Rows of the matrix: the disk, and the end of the process."""

import fcntl
import os
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import openai_server as odd
from editor import answer
from faults.bench import PAGE, QUESTIONS, SLUG, FaultBench, FaultCase, FinishedCommand, page, wait
from faults.source import SITE
from openai_server import Messages, OpenAIServer, Request

MADE = "a new digest of 2026-01-30"
NOTHING = "what was there"
THEN_MADE = f"{NOTHING}; the same command then makes the digest"
NEW = ("2026-01-30",)
LOCKS = Path("/proc/locks")


@contextmanager
def mounted(where: Path, *options: str) -> Iterator[None]:
    """Mount a small file system in memory; skips, visibly, where that is not allowed."""
    where.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", ",".join(("mode=700", *options)), "tmpfs", str(where)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs to mount a file system, which only root may")
    if (done := subprocess.run(command, capture_output=True, text=True, check=False)).returncode:
        pytest.skip(f"needs to mount a file system: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(where)], check=True)


def earlier(bench: FaultBench) -> dict[str, bytes]:
    """Make a digest of the sampler with another model, for the run to put a new one in its place."""
    bench.set(MODEL="older-model")
    bench.say(lambda messages, schema: answer(messages, schema).replace("测试", "旧的"))
    assert bench.file().code == 0
    bench.set(MODEL="test-model")
    bench.say(answer)
    return contents(bench)


def contents(bench: FaultBench) -> dict[str, bytes]:
    """Read the digests of the sampler."""
    return {file.name: file.read_bytes() for file in bench.outputs.glob("2026-01-30*")}


def finishes(bench: FaultBench, *, asking: int) -> None:
    """See that the same command makes the digest, with so many questions, and clean up after it."""
    asked = bench.stop_failing()
    again = bench.file()
    assert again.code == 0, again.err
    assert len(asked) == asking
    assert not list(bench.outputs.rglob("*.tmp"))
    for ending in (".md", ".json"):
        (bench.outputs / f"2026-01-30{ending}").unlink()


def full(bench: FaultBench) -> FinishedCommand:
    """The disk of the digests is full, and the cache's is not."""
    before = _on_small_disk(bench, bench.outputs)
    fill(bench.outputs)
    ended = bench.file()
    assert {file.name for file in bench.outputs.iterdir()} == {"filler", *bench.good, *before}
    assert contents(bench) == before
    (bench.outputs / "filler").unlink()
    finishes(bench, asking=QUESTIONS)
    return ended


def all_full(bench: FaultBench) -> FinishedCommand:
    """The digests and the cache are on one full disk, where no answer could be kept."""
    disk = bench.tmp_path / "disk"
    bench.outputs, bench.cache = disk / "outputs", disk / "cache"
    bench.set(OUTPUTS_DIR=bench.outputs, CACHE_DIR=bench.cache)
    before = _on_small_disk(bench, disk)
    fill(disk)
    ended = bench.file()
    assert contents(bench) == before
    (disk / "filler").unlink()
    finishes(bench, asking=QUESTIONS)
    return ended


def filled(bench: FaultBench) -> FinishedCommand:
    """The disk of the digests fills up during the run; with room again it ends without a call."""
    before = _on_small_disk(bench, bench.outputs)

    def fill_and_answer(messages: Messages, schema: dict[str, Any]) -> str:
        fill(bench.outputs)
        return answer(messages, schema)

    bench.say(fill_and_answer)
    ended = bench.file()
    assert {file.name for file in bench.outputs.iterdir()} == {"filler", *bench.good, *before}
    assert contents(bench) == before
    (bench.outputs / "filler").unlink()
    bench.say(answer)
    finishes(bench, asking=0)
    return ended


def _on_small_disk(bench: FaultBench, disk: Path) -> dict[str, bytes]:
    """Put the digests on a disk of a megabyte, and make one more, which another model tells."""
    bench.model()
    shutil.rmtree(bench.outputs, ignore_errors=True)
    bench.stack.enter_context(mounted(disk, "size=1m"))
    bench.outputs.mkdir(exist_ok=True)
    for name, data in bench.good.items():
        (bench.outputs / name).write_bytes(data)
    return earlier(bench)


def fill(disk: Path) -> None:
    """Leave no byte of a disk."""
    with suppress(OSError), (disk / "filler").open("ab", buffering=0) as file:
        while file.write(b"x" * 1024):
            pass
    assert os.statvfs(disk).f_bavail == 0


def too_large(bench: FaultBench) -> FinishedCommand:
    """The process may write no file of that size, as with a quota; works without a mount."""
    bench.model()

    def limit() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    # The cache and the process's own output are full as well; only the digest is an error.
    with bench.forked("run", "--source", f"{SLUG}.md", "--date", "2026-01-30", first=limit) as one:
        ended = one.ended()
    finishes(bench, asking=QUESTIONS)
    return ended


def cache_full(bench: FaultBench) -> FinishedCommand:
    """The disk of the cache is full."""
    bench.model()
    bench.stack.enter_context(mounted(bench.cache, "size=64k"))
    return bench.file()


def read_only(bench: FaultBench) -> FinishedCommand:
    """The folder of the digests is on a file system that is mounted for reading."""
    bench.model()
    shutil.rmtree(bench.outputs)
    bench.stack.enter_context(mounted(bench.outputs, "size=1m"))
    for name, data in bench.good.items():
        (bench.outputs / name).write_bytes(data)
    subprocess.run(["mount", "-o", "remount,ro", str(bench.outputs)], check=True)
    ended = bench.file()
    subprocess.run(["mount", "-o", "remount,rw", str(bench.outputs)], check=True)
    finishes(bench, asking=QUESTIONS)
    return ended


def no_folder(bench: FaultBench) -> FinishedCommand:
    """A file stands where the folder of the digests should be."""
    bench.model()
    folder = bench.outputs.rename(bench.tmp_path / "aside")
    bench.outputs.write_text("a file")
    ended = bench.file()
    assert bench.outputs.read_text() == "a file"
    bench.outputs.unlink()
    folder.rename(bench.outputs)
    finishes(bench, asking=QUESTIONS)
    return ended


def damaged_cache(bench: FaultBench) -> FinishedCommand:
    """The cache's file holds something else; it is moved aside."""
    server = bench.model()
    bench.cache.mkdir()
    (bench.cache / "cache.sqlite").write_bytes(b"no database" * 1000)
    ended = bench.file()
    assert (bench.cache / "cache.sqlite.damaged").read_bytes() == b"no database" * 1000
    assert bench.file().code == 0
    assert len(server.requests) == QUESTIONS
    return ended


def torn_cache(bench: FaultBench) -> FinishedCommand:
    """A page in the middle of the cache's file is gone."""
    server = bench.model()
    assert bench.file().code == 0
    file = bench.cache / "cache.sqlite"
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    for made in bench.outputs.glob("2026-01-30.*"):
        made.unlink()
    ended = bench.file()
    assert len(server.requests) == 2 * QUESTIONS
    return ended


def no_cache(bench: FaultBench) -> FinishedCommand:
    """A file stands where the folder of the cache should be."""
    bench.model()
    bench.cache.write_text("a file")
    return bench.file()


def torn_digest(bench: FaultBench) -> FinishedCommand:
    """The digest of that date is torn: it is left as it is, and the issue digested beside it."""
    bench.model()
    torn = bench.outputs / "2026-01-30.json"
    torn.write_bytes(b'{"date": "2026-01-30", "news": [')
    ended = bench.file()
    assert torn.read_bytes() == b'{"date": "2026-01-30", "news": ['
    torn.with_suffix(".md").write_text("\n")
    return ended


def leftover_temporary_files(bench: FaultBench) -> FinishedCommand:
    """A killed run has left its temporary files."""
    bench.model()
    for name in ("2026-01-30.md", "2026-01-30.json"):
        for kind in ("new", "old"):
            (bench.outputs / f".{name}.{kind}.tmp").write_text("half")
    return bench.file()


# Killed, in each stage.


def in_fetch(by: signal.Signals) -> Callable[[FaultBench], FinishedCommand]:
    """While the source is silent."""

    def play(bench: FaultBench) -> FinishedCommand:
        bench.model()

        def hold(_request: BaseHTTPRequestHandler) -> None:
            site.ended.wait(10)

        site = bench.site({SITE: hold})
        ended = bench.killed(
            by, lambda: SITE in site.asked, "run", "--issue", SLUG, "--date", "2026-01-30"
        )
        site.pages[SITE] = page(PAGE)
        asked = bench.stop_failing()
        assert bench.issue().code == 0
        assert len(asked) == QUESTIONS
        for ending in (".md", ".json"):
            (bench.outputs / f"2026-01-30{ending}").unlink()
        return ended

    return play


def in_question(number: int, by: signal.Signals) -> Callable[[FaultBench], FinishedCommand]:
    """While a question is on its way; the answers before it are paid for once."""

    def play(bench: FaultBench) -> FinishedCommand:
        def behave(_request: Request) -> odd.Behaviour:
            return odd.ok if len(server.requests) < number else odd.hang

        server = OpenAIServer(answer=answer, behave=behave)
        bench.model(server)
        bench.set(IN_FLIGHT=1)
        arguments = ("run", "--source", f"{SLUG}.md", "--date", "2026-01-30")
        ended = bench.killed(by, lambda: len(server.requests) == number, *arguments)
        before = [request.messages[1]["content"] for request in server.requests]
        after = bench.stop_failing()
        again = bench.file()
        assert again.code == 0, again.err
        asked = Counter(before + [request.messages[1]["content"] for request in after])
        # Only the question without an answer was asked again.
        assert len(asked) == QUESTIONS
        assert [asked[each] for each in before] == [1] * (number - 1) + [2]
        for ending in (".md", ".json"):
            (bench.outputs / f"2026-01-30{ending}").unlink()
        return ended

    return play


def before_write(by: signal.Signals) -> Callable[[FaultBench], FinishedCommand]:
    """While another process holds the folder of the digests."""

    def play(bench: FaultBench) -> FinishedCommand:
        if not LOCKS.is_file():
            pytest.skip(f"needs {LOCKS}, to see a process wait")
        server = bench.model()
        descriptor = os.open(bench.outputs, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        arguments = ("run", "--source", f"{SLUG}.md", "--date", "2026-01-30")
        with bench.forked(*arguments) as process:
            wait(lambda: len(server.requests) == QUESTIONS and _waits(process.number))
            os.kill(process.number, by)
            ended = process.ended()
        os.close(descriptor)
        finishes(bench, asking=0)
        return ended

    return play


def _waits(process: int) -> bool:
    """Tell whether a process waits for the lock of a file: Linux lists those that do."""
    return f"-> FLOCK  ADVISORY  WRITE {process} " in LOCKS.read_text()


def in_write(call: str, step: int, by: signal.Signals) -> Callable[[FaultBench], FinishedCommand]:
    """After the so many-th time that a function of the system was called."""

    def play(bench: FaultBench) -> FinishedCommand:
        bench.model()
        before = earlier(bench)
        steps = iter(range(1, 100))
        real = getattr(os, call)

        def strike(*arguments: object) -> object:
            result = real(*arguments)
            if next(steps) == step:
                os.kill(os.getpid(), by)
            return result

        arguments = ("run", "--source", f"{SLUG}.md", "--date", "2026-01-30")
        first = partial(setattr, os, call, strike)
        with bench.forked(*arguments, first=first) as process:
            ended = process.ended()
        found = contents(bench)
        for name, data in before.items():
            # Between two renames there is a moment that only an orderly end can undo.
            renamed = (call, by, name) == ("replace", KILL, "2026-01-30.md")
            assert (found[name] != data) == renamed
        finishes(bench, asking=0)
        return ended

    return play


KILL, TERM = signal.SIGKILL, signal.SIGTERM
SAID = ("interrupted; answers so far are kept, run the same command again",)
PAID = f"{THEN_MADE}, and nothing is paid twice"
BETWEEN = "the new Markdown beside the old JSON, both whole; the same command then makes the digest"


def _ends() -> Iterator[FaultCase]:
    """Name each stage with each signal."""
    # fmt: off
    stages = (
        ("fetch", "while the source is silent", in_fetch),
        ("select", "while the choosing question is on its way", lambda by: in_question(1, by)),
        ("translate", "while the third story's question is on its way", lambda by: in_question(4, by)),
        ("write", "while it waits for another process that writes", before_write),
        ("first file", "when the first new file is on the disk, beside its place", lambda by: in_write("fsync", 1, by)),
        ("last file", "when the last new file is on the disk, beside its place", lambda by: in_write("fsync", 2, by)),
        ("place", "when a new file has taken the place of the old one", lambda by: in_write("replace", 1, by)),
    )
    # fmt: on
    for stage, what, play in stages:
        after = BETWEEN if stage == "place" else PAID
        yield FaultCase(f"kill -9 in {stage}", f"kill -9 {what}", -KILL, (), after, play(KILL))
        yield FaultCase(f"SIGTERM in {stage}", f"SIGTERM {what}", 130, SAID, PAID, play(TERM))


# A table: one row a line.
# fmt: off
ROWS = (
    FaultCase("disk full", "no space is left for the digest", 6, ("cannot write", "No space left", "nothing was asked"), THEN_MADE, full),
    FaultCase("all full", "no space is left for the digest and the cache", 6, ("cannot write", "No space left", "nothing was asked"), THEN_MADE, all_full),
    FaultCase("disk filled", "no space is left for the digest once the model has answered", 6, ("cannot write", "No space left", "run again"), PAID, filled),
    FaultCase("quota", "no file may be larger than 1,000 bytes, the cache's too", 6, ("cannot write", "File too large", "nothing was asked"), THEN_MADE, too_large),
    FaultCase("cache full", "no space is left for the cache", 0, ("the cache", "cannot be used, nothing will be kept", "full"), MADE, cache_full, NEW),
    FaultCase("read-only", "the folder of the digests is mounted for reading", 6, ("cannot write", "Read-only file system", "nothing was asked"), THEN_MADE, read_only),
    FaultCase("file for folder", "a file stands where the folder of the digests should be", 6, ("cannot write", "outputs", "nothing was asked"), THEN_MADE, no_folder),
    FaultCase("damaged cache", "the cache is no database", 0, ("the cache", "is damaged", "moved to cache.sqlite.damaged"), MADE + ", and the next run asks nothing", damaged_cache, NEW),
    FaultCase("torn cache", "the cache is a database with a damaged page", 0, ("the cache", "is damaged"), MADE, torn_cache, NEW),
    FaultCase("no cache", "a file stands where the folder of the cache should be", 0, ("the cache", "cannot be used"), MADE, no_cache, NEW),
    FaultCase("torn digest", "the digest of that date is torn", 0, ("2026-01-30.json", "not counted as a digest"), "the torn one as it was, the new one as 2026-01-30-2", torn_digest, ("2026-01-30", "2026-01-30-2")),
    FaultCase("leftovers", "a killed run left temporary files", 0, (), MADE + ", and no temporary file", leftover_temporary_files, NEW),
    *_ends(),
)
# fmt: on
