"""Forty issues over four workers, onto an S3-compatible store, with workers that are killed.

The model's server kills: a worker dies in the middle of asking, between a question and its answer.
Of one issue the process of the step dies, of another one the whole run, as with its machine.
"""

import datetime as dt
import hashlib
import json
import os
import re
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import editor
from newsletter import Newsletter, issue_page
from openai_server import Behaviour, OpenAIServer, Request, ok
from orchestration.conftest import settings
from orchestration.running import Running
from pipeline.batch.ranges import backfill
from pipeline.orchestration.setup import POOL
from pipeline.settings import load as load_settings
from pipeline.write.json_format import from_json
from store.s3_server import S3Server

ISSUES, WORKERS, IN_FLIGHT = 40, 4, 8
FIRST = dt.date(2026, 1, 1)
STEP, RUN = 11, 23
"""Numbers of the issues whose step, and whose run, is killed."""
_STORIES = 4
_LATENCY_S = 0.4
_ON_ITS_WAY_S = 0.5
"""How long an answer may take from the server into the cache."""


class Asked(NamedTuple):
    """One question that the model's server was asked."""

    digest: str
    begun: float
    ended: float


class Killer:
    """Behaves as a model that kills who asks it about two issues, once each."""

    def __init__(self, log: Path) -> None:
        self.asked: list[Asked] = []
        self.killed: dict[str, float] = {}
        self.dagster: Running | None = None
        self._log = log
        self._lock = threading.Lock()
        self._victims = {day(number): _names(slug(number)) for number in (STEP, RUN)}

    def __call__(self, request: Request) -> Behaviour:
        """Answer; before that kill, where it is a victim's time."""
        begun = time.monotonic()
        text = json.dumps(request.body, ensure_ascii=False, sort_keys=True)
        if "title" in request.schema["properties"]:
            for date, names in self._victims.items():
                if any(name in request.messages[1]["content"] for name in names):
                    self._kill(date)
        time.sleep(_LATENCY_S)
        digest = hashlib.sha256(text.encode()).hexdigest()
        with self._lock:
            self.asked.append(Asked(digest, begun, time.monotonic()))
        return ok

    def _kill(self, date: str) -> None:
        with self._lock:
            if date in self.killed or self.dagster is None:
                return
            self.killed[date] = time.monotonic()
        run = next(run for run in self.dagster.of(date) if run["status"] == "STARTED")
        pids = {what: int(pid) for pid, what in _started(self._log, run["id"])}
        doomed = ["STEP_WORKER_STARTED", *(["RUN_START"] if date == day(RUN) else [])]
        for what in reversed(doomed):
            os.kill(pids[what], signal.SIGKILL)


def day(number: int) -> str:
    """Name the date of an issue."""
    return (FIRST + dt.timedelta(days=number)).isoformat()


def slug(number: int) -> str:
    """Name an issue."""
    return f"{day(number)[2:]}-issue-{number}"


def _names(name: str) -> list[str]:
    """List the products that an issue tells of, each with its maker."""
    return re.findall(r"<strong>(.+?)</strong>,", issue_page(name, _STORIES))


def _started(log: Path, run: str) -> list[tuple[str, str]]:
    """Read from the log of Dagster which processes a run has: number, and what it began as."""
    found = rf"{run} - (\d+) - (?:digest - )?(RUN_START|STEP_WORKER_STARTED) "
    return re.findall(found, log.read_text(encoding="utf-8"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[S3Server]:
    """Start an S3-compatible store."""
    folder = tmp_path / "store"
    folder.mkdir()
    with S3Server(folder) as server:
        yield server


def test_forty_issues_over_four_workers_and_two_of_them_killed(
    tmp_path: Path, newsletter: Newsletter, store: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every issue is told once, whole, in the bytes of `backfill`, and paid once."""
    for number in range(ISSUES):
        newsletter.publish(slug(number), _STORIES)
    killer = Killer(tmp_path / "dagster.log")
    with OpenAIServer(answer=editor.answer, behave=killer) as model:
        environment = {
            **settings(tmp_path, newsletter, model),
            **store.environment,
            "AINEWS_OUTPUTS_DIR": store.url("outputs"),
            "AINEWS_IN_FLIGHT": str(IN_FLIGHT),
            "AINEWS_DAGSTER_WORKERS": str(WORKERS),
        }
        with Running(tmp_path, environment) as dagster:
            killer.dagster = dagster
            name = dagster.backfill([day(number) for number in range(ISSUES)])
            dagster.wait(lambda: dagster.runs(name)[0].startswith("COMPLETED"), 1200, pause_s=5)
            status, runs = dagster.runs(name)
            assert dagster.pool(POOL) == WORKERS
        killer.dagster = None
        asked, most = list(killer.asked), model.most_in_flight
        assert sorted(killer.killed) == [day(STEP), day(RUN)]
        assert status == "COMPLETED_SUCCESS"
        # The step was begun again in its run, the run in another one.
        again = {run["tags"]["dagster/partition"] for run in runs if run["status"] == "FAILURE"}
        assert (len(runs), again) == (ISSUES + 1, {day(RUN)})
        assert most <= IN_FLIGHT
        assert 1 < _at_once(runs) <= WORKERS
        _every_issue_once_and_whole(store.objects("outputs"))
        assert store.half_done() == 0
        _nothing_paid_twice(asked, list(killer.killed.values()))
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setenv("AINEWS_OUTPUTS_DIR", str(tmp_path / "beside"))
        monkeypatch.setenv("AINEWS_CACHE_DIR", str(tmp_path / "cache beside"))
        report = backfill(
            FIRST, dt.date.fromisoformat(day(ISSUES)), settings=load_settings(), progress=_Silent()
        )
        assert report.count("done") == ISSUES
    beside = {file.name: file.read_bytes() for file in (tmp_path / "beside").iterdir()}
    assert store.objects("outputs") == beside


def _every_issue_once_and_whole(objects: dict[str, bytes]) -> None:
    days = [day(number) for number in range(ISSUES)]
    assert sorted(objects) == sorted(f"{each}.{end}" for each in days for end in ("json", "md"))
    told = {
        name: from_json(data.decode()) for name, data in objects.items() if name.endswith(".json")
    }
    for number in range(ISSUES):
        digest = told[f"{day(number)}.json"]
        assert digest.provenance is not None
        assert digest.provenance.slug == slug(number)
        markdown = objects[f"{day(number)}.md"].decode()
        assert markdown.count("\n### ") == len(digest.news) + len(digest.tools)
        assert markdown.endswith("\n")


def _nothing_paid_twice(asked: list[Asked], kills: list[float]) -> None:
    """See that only what was on its way when its asker died was asked again, and once."""
    by_question: dict[str, list[Asked]] = defaultdict(list)
    for each in asked:
        by_question[each.digest].append(each)
    twice = [sorted(times, key=lambda each: each.begun) for times in by_question.values()]
    twice = [times for times in twice if len(times) > 1]
    assert len(by_question) == ISSUES * (_STORIES + 1)
    assert 1 <= len(twice) <= len(kills) * IN_FLIGHT // WORKERS
    for first, *others in twice:
        assert len(others) == 1
        assert any(
            first.begun - _ON_ITS_WAY_S <= kill <= first.ended + _ON_ITS_WAY_S for kill in kills
        )


def _at_once(runs: list[dict[str, Any]]) -> int:
    """Count the most runs that were at work at once."""
    moments = [(run["startTime"], 1) for run in runs] + [(run["endTime"], -1) for run in runs]
    at_once = most = 0
    for _, change in sorted(moments):
        at_once += change
        most = max(most, at_once)
    return most


class _Silent:
    """Hears nothing."""

    def begin(self, total: int, spent: object) -> None:
        """Hear nothing."""

    def ended(self, outcome: object) -> None:
        """Hear nothing."""

    def note(self, line: str) -> None:
        """Hear nothing."""
