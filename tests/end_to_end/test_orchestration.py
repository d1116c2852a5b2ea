"""A date is made into its digests once, and what it needs of Dagster is written down for it."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from fakes import Heard
from newsletter import Newsletter, issue_page
from openai_server import OpenAIServer, no_credit
from pipeline.batch.ranges import backfill
from pipeline.errors import SettingsError, SourceStale, WriteError
from pipeline.orchestration.card import check_results, score_card
from pipeline.orchestration.day import DayResult, digest_day, due_tasks
from pipeline.orchestration.setup import (
    OrchestrationSettings,
    dagster_config,
    load,
    write_dagster_config,
)
from pipeline.records import Finding
from pipeline.settings import Settings

FIFTH, SIXTH, SEVENTH = (dt.date(2026, 1, number) for number in (5, 6, 7))


def made(settings: Settings, day: dt.date, older_than: dt.date | None = None) -> DayResult:
    """Digest one date."""
    return digest_day(day, older_than=older_than, again=False, settings=settings, progress=Heard())


def files(folder: Path) -> dict[str, bytes]:
    """Read what a folder of digests holds."""
    return {file.name: file.read_bytes() for file in folder.glob("*.*")}


def test_a_date_of_two_issues_has_two_digests(loopback: Settings, newsletter: Newsletter) -> None:
    """Both issues of a date are told, the second under `-2`; those of other dates are left."""
    for slug in ("26-01-05-first", "26-01-06-one", "26-01-06-two"):
        newsletter.publish(slug)
    told = made(loopback, SIXTH).digests
    assert [(each.stem, each.new) for each in told] == [
        ("2026-01-06", True),
        ("2026-01-06-2", True),
    ]
    assert not (loopback.outputs_dir / "2026-01-05.md").exists()


def test_what_is_told_is_not_made_again(
    loopback: Settings, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """A date asked for twice pays nothing, although the second machine has kept no answers."""
    newsletter.publish("26-01-05-first")
    made(loopback, FIFTH)
    paid, before = len(writer.requests), files(loopback.outputs_dir)
    elsewhere = loopback.model_copy(update={"cache_dir": loopback.cache_dir / "elsewhere"})
    told = made(elsewhere, FIFTH).digests
    assert [(each.stem, each.new, each.bill) for each in told] == [("2026-01-05", False, None)]
    assert (len(writer.requests), files(loopback.outputs_dir)) == (paid, before)


def test_a_date_is_made_again_where_that_is_wanted(
    loopback: Settings, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """Its digest comes from the answers that are kept, with the same bytes."""
    newsletter.publish("26-01-05-first")
    made(loopback, FIFTH)
    paid, before = len(writer.requests), files(loopback.outputs_dir)
    again = digest_day(FIFTH, older_than=None, again=True, settings=loopback, progress=Heard())
    assert [ref.new for ref in again.digests] == [True]
    assert (len(writer.requests), files(loopback.outputs_dir)) == (paid, before)
    # What somebody has changed by hand is not written over.
    markdown = loopback.outputs_dir / "2026-01-05.md"
    markdown.write_text("by hand", encoding="utf-8")
    again = digest_day(FIFTH, older_than=None, again=True, settings=loopback, progress=Heard())
    assert (again.digests, markdown.read_text(encoding="utf-8")) == ((), "by hand")


@pytest.mark.parametrize("order", [(5, 6, 7), (7, 6, 5), (6, 7, 5)])
def test_dates_of_one_range_do_not_depend_on_who_ends_first(
    loopback: Settings, newsletter: Newsletter, order: tuple[int, ...]
) -> None:
    """In any order they have the bytes of `backfill` over the same range: none knows another."""
    page = "26-01-05-same"
    for day in (4, 5, 6, 7):
        newsletter.publish(f"26-01-{day:02d}-same", page=_same(page, day))
    fourth = dt.date(2026, 1, 4)
    whole, parts = (
        loopback.model_copy(update={"outputs_dir": loopback.outputs_dir / name})
        for name in ("whole", "parts")
    )
    for each in (whole, parts):
        made(each, fourth)
    backfill(FIFTH, SEVENTH, settings=whole, progress=Heard())
    days = [made(parts, dt.date(2026, 1, number), older_than=FIFTH) for number in order]
    assert files(parts.outputs_dir) == files(whole.outputs_dir)
    found = [ref.digest.provenance for day in days for ref in day.digests]
    memories = [each.memory for each in found if each]
    assert memories == [("2026-01-04",)] * 3


def _same(slug: str, day: int) -> str:
    """Write the same stories for another date, so that memory would leave all of them out."""
    extra = issue_page(f"26-01-{day:02d}-own", 4)
    bullets = extra.partition("<ul>")[2].partition("</ul>")[0]
    page = issue_page(slug, 4).replace("</ul>", bullets + "</ul>")
    return page.replace(slug, f"26-01-{day:02d}-same")


def test_a_date_without_issue_is_no_failure(loopback: Settings, newsletter: Newsletter) -> None:
    """It is closed where a later issue exists, and open where its issue may still come."""
    newsletter.publish("26-01-05-first")
    newsletter.publish("26-01-07-last")
    assert made(loopback, SIXTH) == DayResult(closed=True)
    assert made(loopback, dt.date(2026, 1, 10)) == DayResult(closed=False)


def test_a_silent_feed_is_a_failure(loopback: Settings, newsletter: Newsletter) -> None:
    """A date too long after the newest issue is not taken for a day off."""
    newsletter.publish("26-01-05-first")
    with pytest.raises(SourceStale, match=r"'26-01-05-first', is 6 days older"):
        made(loopback, dt.date(2026, 1, 11))


def test_a_failure_has_the_line_and_the_code_of_the_pipeline(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """Without credit the issue is not told, and the outcome says why."""
    newsletter.publish("26-01-05-first")
    with OpenAIServer(behave=lambda _: no_credit) as poor:
        settings = loopback.model_copy(update={"openai_base_url": poor.base_url})
        found = made(settings, FIFTH)
    assert found.digests == ()
    assert [(each.slug, each.exit_code) for each in found.failed] == [("26-01-05-first", 5)]
    assert "credit" in found.failed[0].reason or "quota" in found.failed[0].reason


def test_due_is_what_a_night_would_digest(loopback: Settings, newsletter: Newsletter) -> None:
    """Missed issues come first; what is told is not due."""
    for day in (5, 6, 7):
        newsletter.publish(f"26-01-{day:02d}-issue")
    made(loopback, FIFTH)
    heard = Heard()
    assert [task.slug for task in due_tasks(loopback, SEVENTH, heard)] == [
        "26-01-06-issue",
        "26-01-07-issue",
    ]


def test_the_card_counts_and_the_checks_say_what_was_found(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """Findings go to the check of their name, an error outweighs a warning, costs are added."""
    newsletter.publish("26-01-05-first")
    (told,) = made(loopback, FIFTH).digests
    said = score_card([told])
    assert (said["news"], said["calls"], said["errors"]) == (3, 6, 0)
    assert all(each.passed for each in check_results([told]))
    findings = tuple(
        Finding(entry="news:1", check=check, severity=severity, expected="8", found="9")
        for check, severity in (("number", "error"), ("number", "warning"), ("name", "warning"))
    )
    bad = told.model_copy(update={"digest": told.digest.model_copy(update={"findings": findings})})
    by_name = {each.check: each for each in check_results([bad])}
    assert (by_name["number"].passed, by_name["number"].error) == (False, True)
    assert (by_name["name"].passed, by_name["name"].error) == (False, False)
    assert by_name["number"].found[0] == "2026-01-05 news:1: error, found '9', expected 8"
    assert by_name["link"].passed
    assert (score_card([bad])["errors"], score_card([bad])["warnings"]) == (1, 2)


def test_workers_share_the_questions_in_flight(loopback: Settings) -> None:
    """All runs together stay under AINEWS_IN_FLIGHT; an embedded model has one run."""
    hosted = loopback.model_copy(update={"in_flight": 20})
    assert OrchestrationSettings(workers=4).share_in_flight(hosted).in_flight == 5
    assert OrchestrationSettings().max_runs(hosted) == 4
    assert OrchestrationSettings(workers=64).share_in_flight(hosted).in_flight == 1
    embedded = loopback.model_copy(update={"openai_api_key": None, "openai_base_url": None})
    assert OrchestrationSettings().max_runs(embedded) == 1


def test_the_configuration_holds_no_password(
    loopback: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL's address stays in the environment, which Dagster's file refers to."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.setenv("AINEWS_DAGSTER_POSTGRES_URL", "postgresql://me:planted@127.0.0.1/dagster")
    monkeypatch.setenv("AINEWS_DAGSTER_HOME", str(tmp_path / "home"))
    environment = write_dagster_config(load(), loopback)
    text = (tmp_path / "home" / "dagster.yaml").read_text(encoding="utf-8")
    assert "planted" not in text
    assert yaml.safe_load(text)["storage"] == {
        "postgres": {"postgres_url": {"env": "AINEWS_DAGSTER_POSTGRES_URL"}}
    }
    assert environment["AINEWS_DAGSTER_POSTGRES_URL"].endswith("planted@127.0.0.1/dagster")
    assert environment["DAGSTER_HOME"] == str(tmp_path / "home")
    assert "storage" not in dagster_config(OrchestrationSettings(postgres_url=None), loopback)
    assert dagster_config(OrchestrationSettings(), loopback)["telemetry"] == {"enabled": False}


def test_a_home_of_ones_own_is_left_alone(
    loopback: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where DAGSTER_HOME is set, nothing is written, there or elsewhere."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "own"))
    how = OrchestrationSettings(home=tmp_path / "ours")
    assert write_dagster_config(how, loopback)["DAGSTER_HOME"] == str(tmp_path / "own")
    assert not (tmp_path / "own").exists()
    assert not (tmp_path / "ours").exists()


def test_a_setting_that_cannot_be_used_is_named(
    loopback: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable is named in one line; so is a folder that cannot be written."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WriteError, match="AINEWS_DAGSTER_HOME"):
        write_dagster_config(OrchestrationSettings(home=tmp_path / "file" / "home"), loopback)
    monkeypatch.setenv("AINEWS_DAGSTER_EXECUTOR_CONFIG", "{pyamqp://me:planted@host/")
    with pytest.raises(SettingsError, match=r'"executor_config".* is no JSON'):
        load()
    monkeypatch.delenv("AINEWS_DAGSTER_EXECUTOR_CONFIG")
    monkeypatch.setenv("AINEWS_DAGSTER_WORKERS", "none")
    with pytest.raises(SettingsError, match="AINEWS_DAGSTER_WORKERS cannot be used"):
        load()
