"""A range of dates is digested whole: several issues at once, and again where it was left."""

import datetime as dt
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import editor
from fakes import Heard
from january import FIRST, LAST, contents, fill, january
from newsletter import Newsletter
from nights import night, told
from openai_server import OpenAIServer, no_credit
from pipeline.batch.ranges import (
    BackfillReport,
    IssueOutcome,
    OutcomeStatus,
    backfill_day,
    estimate_backfill,
)
from pipeline.errors import DigestError, IssueNotFound, PageNotUnderstood
from pipeline.plan import RunRequest
from pipeline.progress import NullProgress
from pipeline.settings import Settings
from pipeline.write.json_format import from_json
from pipeline.write.lock import issue_lock


def endings(report: BackfillReport) -> dict[str, str]:
    """Say how each issue ended."""
    return {outcome.slug: outcome.status for outcome in report.outcomes}


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
    assert report.cost is None


def test_one_bad_issue_stops_no_other(loopback: Settings, newsletter: Newsletter) -> None:
    """A page that holds nothing is reported with its reason; the rest is digested."""
    slugs = january(newsletter, 3)
    newsletter.publish(
        "26-01-20-bad", page="<html><body>26-01-20-bad <article>gone</article></body></html>"
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
    assert [outcome.status for outcome in report.outcomes] == ["failed", *["not tried"] * 5]
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


def memory(settings: Settings, stem: str) -> tuple[str, ...]:
    """Read what a digest was compared with."""
    found = from_json(
        (settings.outputs_dir / f"{stem}.json").read_text(encoding="utf-8")
    ).provenance
    assert found is not None
    return found.memory or ()


def test_both_ends_of_a_range_belong_to_it(loopback: Settings, newsletter: Newsletter) -> None:
    """The first of January and the last; outcomes are told oldest first, two of a date as they came."""
    for slug in ("25-12-31-x", "26-01-31-d", "26-01-01-b", "26-01-01-a", "26-02-01-y"):
        newsletter.publish(slug, 1)
    report = fill(loopback)
    assert [outcome.slug for outcome in report.outcomes] == [
        "26-01-01-b",
        "26-01-01-a",
        "26-01-31-d",
    ]
    assert told(loopback) == {
        "2026-01-01": "26-01-01-b", "2026-01-01-2": "26-01-01-a", "2026-01-31": "26-01-31-d",
    }  # fmt: skip


def test_a_range_is_compared_with_older_issues_only(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """Neither with an issue of its first date, nor with one whose date nobody knows."""
    for slug in ("25-12-31-old", "26-01-01-told", "26-01-02-new"):
        newsletter.publish(slug, 1)
    newsletter.publish("26-01-02-page", 1)
    page = saved_page(loopback, newsletter)
    for wanted in (
        RunRequest(issue="25-12-31-old", date=dt.date(2025, 12, 31)),
        RunRequest(issue="26-01-01-told", date=dt.date(2025, 12, 30)),
        RunRequest(source=str(page), date=dt.date(2025, 12, 29)),
    ):
        night(loopback, dt.date(2026, 1, 3), wanted=wanted)
    report = fill(loopback)
    assert endings(report)["26-01-01-told"] == "skipped"
    assert memory(loopback, "2026-01-02") == ("2025-12-31",)


def saved_page(settings: Settings, newsletter: Newsletter) -> Path:
    """Save a page under a name that has no date."""
    text = newsletter.answer("/issues/25-12-31-old/")[1].decode()
    path = settings.cache_dir.parent / "letter.html"
    text = text.replace("https://news.smol.ai/issues/", "https://x.test/")
    path.write_text(text.replace("<h1>", "<time datetime='2025-12-31'></time><h1>", 1), "utf-8")
    return path


@pytest.mark.parametrize(
    ("older_than", "known"),
    [
        (dt.date(2026, 1, 2), ("2026-01-01",)),
        (dt.date(2026, 1, 9), ("2026-01-02", "2026-01-01")),
    ],
)
def test_one_day_is_compared_with_what_is_older_than_its_range(
    loopback: Settings,
    newsletter: Newsletter,
    older_than: dt.date,
    known: tuple[str, ...],
) -> None:
    """Never with itself or later ones, whatever the range is said to be."""
    for number in (1, 2):
        newsletter.publish(f"26-01-0{number}-x", 1)
    fill(loopback)
    newsletter.publish("26-01-03-x", 1)
    day = dt.date(2026, 1, 3)
    report = backfill_day(day, older_than=older_than, settings=loopback, progress=Heard())
    assert endings(report) == {"26-01-03-x": "done"}
    assert memory(loopback, "2026-01-03") == known


def test_a_digest_with_quotations_is_degraded(loopback: Settings, newsletter: Newsletter) -> None:
    """It is published, and the outcome says how many there are."""
    newsletter.publish("26-01-05-a", 4)

    def inventing(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
        fields = json.loads(editor.answer(messages, schema))
        if "title" in fields and not spoiled:
            spoiled.add(messages[1]["content"].partition("</material>")[0])
        if "title" in fields and messages[1]["content"].partition("</material>")[0] in spoiled:
            fields["sentences"][0]["text"] += "融资98765万美元。"
        return json.dumps(fields)

    spoiled: set[str] = set()
    with OpenAIServer(answer=inventing) as server:
        mine = loopback.model_copy(update={"openai_base_url": server.base_url, "in_flight": 1})
        report = fill(mine, jobs=1)
    (outcome,) = report.outcomes
    assert (outcome.status, outcome.exit_code) == ("degraded", 0)
    assert outcome.reason.startswith("1 ")
    assert report.cost is not None


def test_the_code_of_a_range_is_its_first_failures() -> None:
    """What did not fail, or was not tried, has none."""

    def outcome(code: int) -> IssueOutcome:
        ending: OutcomeStatus = "failed" if code else "not tried"
        return IssueOutcome(slug="x", date=FIRST, status=ending, exit_code=code)

    for codes, code in (((), 0), ((0, 0), 0), ((0, 4, 5), 4), ((5, 4, 0), 5)):
        report = BackfillReport(outcomes=tuple(map(outcome, codes)), cost=None)
        assert report.exit_code == code
        assert report.count("failed") == sum(map(bool, codes))
        assert report.count("not tried") == codes.count(0)


def test_what_is_said_of_an_issue_has_its_name(loopback: Settings, newsletter: Newsletter) -> None:
    """Of many at once; here that another run holds one of them, which it then digests."""
    newsletter.publish("26-01-05-a", 2)
    newsletter.publish("26-01-06-b", 2)
    heard = Heard()
    reports: list[BackfillReport] = []
    thread = threading.Thread(target=lambda: reports.append(fill(loopback, heard)), daemon=True)
    with issue_lock(loopback.lock_dir, loopback.outputs_dir, "26-01-05-a", pytest.fail):
        thread.start()
        until = time.monotonic() + 20
        while not heard.notes or not told(loopback):
            assert time.monotonic() < until
            time.sleep(0.005)
        other = loopback.model_copy(update={"cache_dir": loopback.cache_dir / "other"})
        night(other, dt.date(2026, 1, 5), wanted=RunRequest(issue="26-01-05-a"))
    thread.join(20)
    assert heard.notes[0].startswith("26-01-05-a: another run")
    assert endings(reports[0]) == {"26-01-05-a": "skipped", "26-01-06-b": "done"}
    assert reports[0].outcomes[0].reason == "told by 2026-01-05"


def test_an_issue_that_another_run_failed_to_digest_is_digested(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """It was waited for in vain."""
    newsletter.publish("26-01-05-a", 2)
    heard = Heard()
    reports: list[BackfillReport] = []
    thread = threading.Thread(target=lambda: reports.append(fill(loopback, heard)), daemon=True)
    with issue_lock(loopback.lock_dir, loopback.outputs_dir, "26-01-05-a", pytest.fail):
        thread.start()
        until = time.monotonic() + 20
        while not heard.notes:
            assert time.monotonic() < until
            time.sleep(0.005)
    thread.join(20)
    assert endings(reports[0]) == {"26-01-05-a": "done"}


def test_a_backfill_is_foreseen_issue_by_issue(
    loopback: Settings, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """Oldest first, what is told left out, a bad page as its error; nothing is asked."""
    for slug in ("26-01-05-a", "26-01-06-b"):
        newsletter.publish(slug, 1)
    newsletter.publish("26-01-07-bad", page="<html>26-01-07-bad <article>gone</article></html>")
    night(loopback, dt.date(2026, 1, 5), wanted=RunRequest(issue="26-01-05-a"))
    asked = len(writer.requests)
    found = list(
        estimate_backfill(
            FIRST, LAST, settings=loopback, progress=NullProgress(Heard().note, name="dry run")
        )
    )
    assert [task.slug for task, _ in found] == ["26-01-06-b", "26-01-07-bad"]
    assert isinstance(found[1][1], PageNotUnderstood)
    assert not isinstance(found[0][1], DigestError)
    assert len(writer.requests) == asked
    with pytest.raises(IssueNotFound, match="2025-01-01 to 2025-01-02"):
        list(estimate_backfill(
            dt.date(2025, 1, 1), dt.date(2025, 1, 2), settings=loopback,
            progress=NullProgress(Heard().note, name="dry run"),
        ))  # fmt: skip
