"""When people are told: of what was published now, and of nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_notifications import channel

import openai_server as odd
from faults.bench import SLUG, FaultBench
from openai_server import OpenAIServer

pytest.importorskip("apprise", reason="needs the extra `notify`")
# Apprise looks for an old module of the standard library.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[FaultBench]:
    """Set up a good digest, settings and nothing else."""
    made = FaultBench(tmp_path, monkeypatch, capfd)
    with made.stack:
        yield made


def test_people_are_told_once_of_each_digest(bench: FaultBench) -> None:
    """A new digest is told of; the same one again, a dry run and a failed run are not."""
    bench.model()
    with channel() as inbox:
        bench.set(NOTIFY_URLS=f"json://{inbox.url}")
        assert bench.file().code == 0
        assert [json.loads(body)["title"] for body in inbox.bodies] == ["AINews - 2026-01-30"]
        assert bench.file().code == 0
        bench.run("run", "--source", f"{SLUG}.md", "--dry-run")
        bench.model(OpenAIServer(behave=lambda _request: odd.failing(500)))
        assert bench.file().code == 5
        assert len(inbox.bodies) == 1


def test_a_channel_that_fails_is_a_warning_of_a_run_that_is_done(bench: FaultBench) -> None:
    """The digest is there, the code is 0, and the line holds no token."""
    bench.model()
    with channel() as inbox:
        inbox.status = lambda _: 500
        bench.set(NOTIFY_URLS=f"json://{inbox.url}")
        ended = bench.file()
    assert ended.code == 0
    (line,) = [each for each in ended.lines if "AINEWS_NOTIFY_URLS" in each]
    assert line.startswith("ainews-digest: warning 2026-01-30: notification 1")
    assert "planted-token" not in ended.err
    assert bench.names() == ("2026-01-30",)


def made_as(bench: FaultBench, day: str, *more: str) -> int:
    """Digest the sampler under a date; gives the code."""
    return bench.run("run", "--source", f"{SLUG}.md", "--date", day, *more).code


def test_the_same_words_are_told_once(bench: FaultBench) -> None:
    """Neither under another date, nor where it was damaged; `--no-notify` tells nobody."""
    bench.model()
    with channel() as inbox:
        bench.set(NOTIFY_URLS=f"json://{inbox.url}")
        assert made_as(bench, "2026-01-30", "--no-notify") == 0
        assert inbox.bodies == []
        for file in bench.outputs.glob("2026-01-30.*"):
            file.unlink()
        assert made_as(bench, "2026-01-30") == 0
        assert len(inbox.bodies) == 1
        assert made_as(bench, "2026-01-29") == 0
        (bench.outputs / "2026-01-29.json").write_text("{", encoding="utf-8")
        assert made_as(bench, "2026-01-29", "--force") == 0
        assert len(inbox.bodies) == 1


def test_a_message_that_failed_is_sent_with_the_next_run(bench: FaultBench) -> None:
    """To the channel that was down alone, and once."""
    bench.model()
    with channel() as good, channel() as down:
        down.status = lambda _: 500
        bench.set(NOTIFY_URLS=f"json://{good.url} json://{down.url}")
        assert made_as(bench, "2026-01-30") == 0
        tried = len(down.bodies)
        still = bench.run("run", "--source", f"{SLUG}.md", "--date", "2026-01-30")
        assert [line for line in still.lines if "warning 2026-01-30: notification 2" in line]
        assert (len(good.bodies), len(down.bodies)) == (1, tried + 1)
        down.status = lambda _: 200
        for _ in range(2):
            assert made_as(bench, "2026-01-30") == 0
        assert (len(good.bodies), len(down.bodies)) == (1, tried + 2)
