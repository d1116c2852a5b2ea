"""A range of dates is digested whole: several issues at once, and again where it was left."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import editor
from newsletter import Newsletter
from openai_server import Behaviour, OpenAIServer, Reply, Request, no_credit, ok
from pipeline.backfill import Report, backfill
from pipeline.errors import IssueNotFound
from pipeline.outcome import Outcome
from pipeline.settings import Settings
from test_nights import told

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 1, 31)
KILLS = int(os.environ.get("KILLS", "1"))
"""How often the backfill of the killing test is killed; the issue's bar was taken with 10."""


class Heard:
    """Remembers what a backfill tells."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.notes: list[str] = []
        self.total = 0

    def begin(self, total: int, spent: object) -> None:
        """Remember how many there are."""
        assert spent is not None
        self.total = total

    def ended(self, outcome: Outcome) -> None:
        """Remember an outcome."""
        self.outcomes.append(outcome)

    def note(self, line: str) -> None:
        """Remember a line."""
        self.notes.append(line)


def fill(settings: Settings, heard: Heard | None = None, jobs: int = 3) -> Report:
    """Digest January."""
    return backfill(FIRST, LAST, settings=settings, watch=heard or Heard(), jobs=jobs)


def endings(report: Report) -> dict[str, str]:
    """Say how each issue ended."""
    return {each.slug: each.ending for each in report.outcomes}


def january(newsletter: Newsletter, count: int, stories: int = 3) -> list[str]:
    """Publish issues from the fifth on, two of them on one date."""
    slugs = [f"26-01-{5 + number - (number == 1):02d}-issue-{number}" for number in range(count)]
    for slug in slugs:
        newsletter.publish(slug, stories)
    return slugs


def test_every_issue_of_the_range_is_told_under_its_own_date(
    loopback: Settings,
    newsletter: Newsletter,
) -> None:
    """Two issues on one date get a file each; issues out of the range are left alone."""
    newsletter.publish("25-12-31-before", 3)
    slugs = january(newsletter, 4)
    newsletter.publish("26-02-01-after", 3)
    heard = Heard()
    report = fill(loopback, heard)
    assert endings(report) == dict.fromkeys(slugs, "done")
    assert told(loopback) == {
        "2026-01-05": slugs[0], "2026-01-05-2": slugs[1],
        "2026-01-07": slugs[2], "2026-01-08": slugs[3],
    }  # fmt: skip
    assert (heard.total, len(heard.outcomes), report.exit_code) == (4, 4, 0)


def test_what_is_digested_is_skipped(
    loopback: Settings,
    newsletter: Newsletter,
    writer: OpenAIServer,
) -> None:
    """The second time nothing is asked, and each issue says which digest tells it."""
    slugs = january(newsletter, 2)
    fill(loopback)
    asked = len(writer.requests)
    report = fill(loopback)
    assert endings(report) == dict.fromkeys(slugs, "skipped")
    assert report.outcomes[0].reason == "told by 2026-01-05"
    assert len(writer.requests) == asked
    assert report.receipt is None


def test_one_bad_issue_stops_no_other(loopback: Settings, newsletter: Newsletter) -> None:
    """A page that holds nothing is reported with its reason; the rest is digested."""
    slugs = january(newsletter, 3)
    newsletter.publish(
        "26-01-20-bad", page="<html><body>26-01-20-bad <article></article></body></html>"
    )
    report = fill(loopback)
    assert endings(report) == dict.fromkeys(slugs, "done") | {"26-01-20-bad": "failed"}
    assert report.exit_code == 4
    assert "26-01-20-bad" in report.outcomes[-1].reason


def test_a_model_without_credit_lets_no_further_issue_begin(
    loopback: Settings,
    newsletter: Newsletter,
) -> None:
    """What is wrong for all is tried once, and the rest is named as not tried."""
    january(newsletter, 6)
    with OpenAIServer(behave=lambda _request: no_credit) as server:
        report = fill(loopback.model_copy(update={"openai_base_url": server.base_url}), jobs=1)
    assert [each.ending for each in report.outcomes] == ["failed", *["not tried"] * 5]
    assert report.exit_code == 5
    assert len(server.requests) == 1


def test_the_limit_of_requests_in_flight_holds_for_all_issues_together(
    loopback: Settings,
    newsletter: Newsletter,
) -> None:
    """Four open issues never have more questions on their way than one may have."""
    january(newsletter, 4, stories=6)
    with OpenAIServer(answer=editor.answer, latency_s=0.02) as server:
        few = loopback.model_copy(update={"openai_base_url": server.base_url, "in_flight": 3})
        assert fill(few, jobs=4).count("done") == 4
        assert server.most_in_flight == 3


def test_neighbours_of_the_range_do_not_depend_on_who_was_first(
    loopback: Settings,
    newsletter: Newsletter,
    tmp_path: Path,
) -> None:
    """One at a time or four at once: the same bytes, although neighbours tell the same stories."""
    page = None
    for number in range(5, 9):
        slug = f"26-01-{number:02d}-same"
        newsletter.publish(slug, 3, page=page and page.replace("26-01-05-same", slug))
        page = page or newsletter.answer("/issues/26-01-05-same/")[1].decode()
    fill(loopback, jobs=1)
    other = loopback.model_copy(update={"outputs_dir": tmp_path / "other"})
    fill(other, jobs=4)
    assert contents(loopback.outputs_dir) == contents(other.outputs_dir)


def test_an_empty_range_is_said(loopback: Settings, newsletter: Newsletter) -> None:
    """No issue in the range is one clear line."""
    newsletter.publish("25-12-31-before", 3)
    with pytest.raises(IssueNotFound, match="no issue is dated 2026-01-01 to 2026-01-31"):
        fill(loopback)


# ------------------------------------------------------------------------------ as a process


def contents(folder: Path) -> dict[str, bytes]:
    """Read the files of a folder, hidden ones too."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Give a process the settings of the test."""
    shown = {
        "SITE_URL": settings.site_url,
        "UPSTREAM_URL": settings.upstream_url,
        "SUBSTACK_URL": settings.substack_url,
        "OUTPUTS_DIR": str(settings.outputs_dir),
        "CACHE_DIR": str(settings.cache_dir),
        "HTTP_ATTEMPTS": "1",
        "MODEL": "test-model",
        "IN_FLIGHT": "8",
    } | more
    own = {name: value for name, value in os.environ.items() if "AINEWS" not in name}
    return (
        own
        | {f"AINEWS_{name}": value for name, value in shown.items()}
        | {"OPENAI_BASE_URL": str(settings.openai_base_url), "OPENAI_API_KEY": "sk-test"}
    )


def start(env: Mapping[str, str], cwd: Path, *more: str) -> "subprocess.Popen[bytes]":
    """Begin the backfill as a process of its own."""
    command = [sys.executable, "-m", "pipeline", "backfill", "--since", "2026-01-01"]
    return subprocess.Popen(
        [*command, "--until", "2026-01-31", *more],
        env=dict(env),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell's `&` may have left Ctrl-C ignored, which children inherit.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )


class Slow(OpenAIServer):
    """A model that takes a moment for each answer, and knows when it last gave which."""

    def __init__(self) -> None:
        super().__init__(answer=editor.answer, behave=self._told, latency_s=0.03)
        self.said: dict[str, float] = {}

    def _told(self, request: Request) -> Behaviour:
        def told(request: Request, content: str) -> Reply:
            self.said.setdefault(str(request.body), time.monotonic())
            return ok(request, content)

        assert request.path
        return told


@pytest.fixture
def slow() -> Iterator[Slow]:
    """Run a model that takes a moment for each answer."""
    with Slow() as server:
        yield server


def test_a_backfill_that_is_killed_goes_on_where_it_was(
    loopback: Settings, newsletter: Newsletter, slow: Slow, tmp_path: Path
) -> None:
    """However often: nothing that was answered is asked twice, and the outputs are the same."""
    january(newsletter, 20)
    mine = loopback.model_copy(update={"openai_base_url": slow.base_url})
    calm = mine.model_copy(
        update={"outputs_dir": tmp_path / "calm", "cache_dir": tmp_path / "calm-cache"}
    )
    assert fill(calm).count("done") == 20
    needed = Counter(str(each.body) for each in slow.requests)
    assert max(needed.values()) == 1
    slow.requests.clear()
    slow.said.clear()
    dice = random.Random(20260124)  # noqa: S311 - the same moments every time
    env = environment(mine)
    died: list[float] = []
    for _ in range(KILLS):
        process = start(env, tmp_path)
        # From the first question on: starting takes longer than a few answers.
        goal = len(slow.requests) + dice.randint(1, max(2, 70 // KILLS))
        while len(slow.requests) < goal and process.poll() is None:
            time.sleep(0.001)
        process.kill()
        died.append(time.monotonic())
        process.communicate()
    process = start(env, tmp_path)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    assert contents(mine.outputs_dir) == contents(calm.outputs_dir)
    asked = Counter(str(each.body) for each in slow.requests)
    assert set(asked) == set(needed)
    # Asked twice was only what was on its way when the process died, or had just left the server.
    twice = [body for body, count in asked.items() if count > 1]
    late = [min(abs(moment - slow.said[body]) for moment in died) for body in twice]
    print(f"{KILLS} kills, {len(needed)} questions, {len(twice)} on their way asked twice")  # noqa: T201
    assert all(gap < 0.1 for gap in late), late


def test_ctrl_c_ends_a_backfill_at_once_and_nothing_is_lost(
    loopback: Settings,
    newsletter: Newsletter,
    slow: Slow,
    tmp_path: Path,
) -> None:
    """One line, exit code 130, whole files; the next call finishes."""
    january(newsletter, 6)
    mine = loopback.model_copy(update={"openai_base_url": slow.base_url})
    env = environment(mine)
    process = start(env, tmp_path)
    while len(slow.requests) < 8:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert b"run the same command again" in err
    assert b"Traceback" not in err
    out, _ = start(env, tmp_path).communicate(timeout=60)
    assert out.decode().splitlines()[-1].startswith("6 issues: ")
    assert len(told(mine)) == 6
