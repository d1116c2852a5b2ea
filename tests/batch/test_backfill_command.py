"""What the command `backfill` says and ends with where there is little or nothing to do."""

import io
import json

import pytest
from rich.console import Console

from invoke import invoke
from newsletter import Newsletter
from pipeline.batch import IssueOutcome
from pipeline.llm import Cache, Ledger
from pipeline.progress import TerminalBatchProgress
from pipeline.settings import Settings


@pytest.fixture(autouse=True)
def place(loopback: Settings, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Work in an environment with these settings, and with one issue."""
    newsletter.publish("26-01-09-friday")
    for name in ("site_url", "upstream_url", "substack_url", "outputs_dir", "cache_dir"):
        monkeypatch.setenv(f"AINEWS_{name.upper()}", str(getattr(loopback, name)))
    monkeypatch.setenv("AINEWS_MODEL", "test-model")
    monkeypatch.setenv("OPENAI_BASE_URL", str(loopback.openai_base_url))
    return loopback


def test_a_weekend_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    """No issue is dated so: that is said, on a dry run too, and the code is 0."""
    dates = ("--since", "2026-01-10", "--until", "2026-01-11")
    for more in ((), ("--dry-run",)):
        code, out, err = invoke(capsys, "backfill", *dates, *more)
        assert (code, out) == (0, "")
        assert "no issue is dated 2026-01-10 to 2026-01-11" in err
    code, out, _ = invoke(capsys, "backfill", *dates, "--json")
    assert (code, json.loads(out)["outcomes"]) == (0, [])


def test_why_issues_are_skipped_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """They have a digest already; one issue is `1 issue`."""
    dates = ("--since", "2026-01-09", "--until", "2026-01-11")
    assert invoke(capsys, "backfill", *dates)[1].endswith("\n1 issue: 1 done\n")
    assert invoke(capsys, "backfill", *dates)[1] == "1 issue: 1 skipped (digested already)\n"
    assert "nothing is missing" in invoke(capsys, "backfill", *dates, "--dry-run")[2]


def test_an_issue_of_a_day_to_come_is_not_made(
    newsletter: Newsletter, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong year in the list: its digest would be the newest one for years."""
    newsletter.publish("62-01-09-friday")
    dates = ("--since", "2026-01-09", "--until", "2062-12-31")
    code, out, _ = invoke(capsys, "backfill", *dates, "--dry-run")
    assert (code, "1 issue, about" in out, "lies 1" in out) == (2, True, True)
    code, out, _ = invoke(capsys, "backfill", *dates)
    assert (code, "1 done, 1 failed" in out, "lies 1" in out) == (2, True, True)
    code, out, _ = invoke(capsys, "backfill", *dates, "--dry-run")
    assert (code, "lies 1" in out) == (2, True)


def test_a_dry_run_ends_as_the_first_issue_that_could_not_be_looked_at(
    newsletter: Newsletter, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says how many there are; the others are planned."""
    newsletter.publish("26-01-08-thursday", page="<p>nothing</p>")
    dates = ("--since", "2026-01-08", "--until", "2026-01-09", "--dry-run")
    code, out, _ = invoke(capsys, "backfill", *dates)
    assert (code, "1 issue, about" in out, "; 1 could not be looked at" in out) == (3, True, True)


@pytest.mark.parametrize("command", ["backfill", "status"])
def test_dates_that_were_not_given_are_not_spoken_of(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """A range that begins after today has no --until to turn round."""
    code, _, err = invoke(capsys, command, "--since", "2999-01-01")
    assert (code, "after today" in err, "--until" in err) == (2, True, False)
    dates = ("--since", "2026-01-10", "--until", "2026-01-09")
    code, _, err = invoke(capsys, command, *dates)
    assert (code, "turn them round" in err) == (2, True)


def test_two_runs_that_do_the_same_count_as_two(
    place: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in the line of its model, and both in the total."""
    models = ("test-model", "other-model", "third-model")
    for model in models:
        monkeypatch.setenv("AINEWS_MODEL", model)
        code, _, err = invoke(capsys, "run", "--issue", "26-01-09-friday", "--force")
        assert code == 0, err
    with Cache(place.cache_file) as cache:
        *lines, total = Ledger(cache).daily_usage()
    assert [line.runs for line in lines] == [1, 1, 1]
    assert total.runs == 3


def test_a_rate_of_no_time_at_all_is_not_said() -> None:
    """Issues that fail at once have none: `452601.3 issues/min`."""
    out = io.StringIO()
    now = [0.0]
    ended = IssueOutcome.model_validate({"date": "2026-01-30", "slug": "a", "status": "failed"})
    console = Console(file=out, width=200)
    with TerminalBatchProgress(console, clock=lambda: now[0]) as shown:
        shown.begin(2, lambda: "$0.0100")
        now[0] = 0.0001
        shown.ended(ended)
        now[0] = 60.0
        shown.ended(ended)
    first, second = out.getvalue().splitlines()
    assert first == "1/2  2026-01-30 a: failed  ($0.0100)"
    assert second == "2/2  2026-01-30 a: failed  (2.0 issues/min, $0.0100)"
