"""What Dagster is told does what it says: asset, checks, failures, schedule, sensor, executor."""

import datetime as dt
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from newsletter import Newsletter
from openai_server import OpenAIServer, no_credit
from orchestration.conftest import KEY, settings
from pipeline.clock import today
from pipeline.errors import SettingsError, SourceStale
from pipeline.orchestration import definitions
from pipeline.records import Finding
from pipeline.verify.registry import generation_checks
from pipeline.write.files import write
from pipeline.write.json_format import from_json

DAY = "2026-01-06"


@pytest.fixture
def outputs(
    tmp_path: Path,
    newsletter: Newsletter,
    writer: OpenAIServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Name newsletter, model and folders in the environment, and give the folder of digests."""
    for name, value in settings(tmp_path, newsletter, writer).items():
        monkeypatch.setenv(name, value)
    return tmp_path / "outputs"


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """Open a Dagster that forgets everything."""
    with dg.DagsterInstance.ephemeral() as found:
        yield found


def materialize(instance: dg.DagsterInstance, day: str = DAY, **more: Any) -> Any:
    """Run one partition in this process."""
    return dg.materialize(
        [definitions.digest], partition_key=day, instance=instance, raise_on_error=False, **more
    )


def metadata(result: Any) -> dict[str, Any]:
    """Read the card of the only materialization."""
    (event,) = result.asset_materializations_for_node("digest")
    return {name: value.value for name, value in event.metadata.items()}


def test_a_partition_has_a_card_a_text_and_a_result_of_each_check(
    newsletter: Newsletter, outputs: Path, instance: dg.DagsterInstance
) -> None:
    """Two issues of one date are one partition: sums, both texts, both addresses."""
    newsletter.publish("26-01-06-one")
    newsletter.publish("26-01-06-two")
    result = materialize(instance)
    said = metadata(result)
    assert result.success
    assert (said["news"], said["tools"], said["calls"]) == (6, 2, 12)
    assert said["digests"] == "2026-01-06, 2026-01-06-2"
    assert said["text"] == (outputs / "2026-01-06.md").read_text(encoding="utf-8")
    assert said["issue 2"] == "https://news.smol.ai/issues/26-01-06-two/"
    checks = {each.check_name: each.passed for each in result.get_asset_check_evaluations()}
    assert checks == dict.fromkeys(generation_checks(), True)
    assert {each.partition for each in result.get_asset_check_evaluations()} == {DAY}


def test_findings_are_results_of_checks(
    newsletter: Newsletter, outputs: Path, instance: dg.DagsterInstance, writer: OpenAIServer
) -> None:
    """They are read from the digest that is there; a warning is one to Dagster too."""
    newsletter.publish("26-01-06-one")
    materialize(instance)
    asked = len(writer.requests)
    told = from_json((outputs / f"{DAY}.json").read_text(encoding="utf-8"))
    findings = (
        Finding(entry="news:1", check="number", severity="error", expected="8", found="9"),
        Finding(entry="news:2", check="name", severity="warning", expected="a name", found="Orb"),
    )
    write(told.model_copy(update={"findings": findings}), outputs)
    result = materialize(instance)
    found = {each.check_name: each for each in result.get_asset_check_evaluations()}
    assert result.success
    assert [name for name in generation_checks() if not found[name].passed] == ["number", "name"]
    assert found["number"].severity == dg.AssetCheckSeverity.ERROR
    assert found["name"].severity == dg.AssetCheckSeverity.WARN
    assert "news:2: warning, found 'Orb'" in found["name"].metadata["found"].value
    said = metadata(result)
    assert (said["digests"], said["errors"]) == (f"{DAY} (made before)", 1)
    assert len(writer.requests) == asked


def test_checks_come_with_their_digest(outputs: Path, instance: dg.DagsterInstance) -> None:
    """Asked for alone they fail in one line, and neither ask nor write anything."""
    only = dg.AssetSelection.checks_for_assets(dg.AssetKey("digest"))
    result = dg.materialize(
        [definitions.digest], instance=instance, raise_on_error=False, selection=only
    )
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    said = failure.step_failure_data.user_failure_data.description
    assert said == "setting: checks come with their digest: materialize the date instead"
    assert not outputs.exists()


def test_a_failure_is_the_pipelines_line_and_is_final(
    newsletter: Newsletter,
    outputs: Path,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the pipeline has given up is not begun again by Dagster, and no key is in it."""
    newsletter.publish("26-01-06-one")
    with OpenAIServer(behave=lambda _: no_credit) as poor:
        monkeypatch.setenv("OPENAI_BASE_URL", poor.base_url)
        result = materialize(instance)
        assert len(poor.requests) <= 2
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    said = failure.step_failure_data.user_failure_data
    assert said.description.startswith("model: 26-01-06-one: ")
    assert said.metadata["exit code"].value == 5
    assert not [event for event in result.all_events if event.is_step_up_for_retry]
    assert KEY not in repr(result.all_events)
    assert not list(outputs.glob("*.md"))


def test_a_day_without_issue_is_skipped_and_a_silent_feed_fails(
    newsletter: Newsletter, outputs: Path, instance: dg.DagsterInstance
) -> None:
    """One whose issue may still come leaves no trace; one that is over says so; silence fails."""
    newsletter.publish("26-01-05-one")
    newsletter.publish("26-01-07-two")
    over, coming, silent = (materialize(instance, f"2026-01-{day}") for day in ("06", "09", "20"))
    assert metadata(over) == {"skipped": "no issue is dated 2026-01-06: nothing to digest"}
    assert coming.success
    assert coming.asset_materializations_for_node("digest") == []
    assert coming.get_asset_check_evaluations() == []
    assert not silent.success
    said = silent.failure_data_for_node("digest").user_failure_data
    assert said.description.startswith("source: no issue is dated 2026-01-20, and the newest")
    assert said.metadata["exit code"].value == 3
    assert not outputs.exists()


def tick(instance: dg.DagsterInstance) -> Any:
    """Let the schedule look once."""
    repository = definitions.defs.get_repository_def()
    context = dg.build_schedule_context(instance=instance, repository_def=repository)
    return definitions.nightly.evaluate_tick(context)


def look(instance: dg.DagsterInstance, cursor: str | None = None) -> Any:
    """Let the sensor look once."""
    context = dg.build_sensor_context(
        instance=instance, cursor=cursor, definitions=definitions.defs
    )
    return definitions.feed.evaluate_tick(context)


def recent(newsletter: Newsletter, ago: int) -> str:
    """Publish an issue some days old, and give its date."""
    day = today() - dt.timedelta(days=ago)
    newsletter.publish(f"{day:%y-%m-%d}-issue")
    return day.isoformat()


def test_the_schedule_asks_for_what_is_new(
    newsletter: Newsletter, outputs: Path, instance: dg.DagsterInstance
) -> None:
    """Each issue under its own date, as one range; when all are told there is a reason."""
    first, second = recent(newsletter, 3), recent(newsletter, 1)
    # Whoever begins today is not given last month: a first digest says where that is.
    assert [each.partition_key for each in tick(instance).run_requests] == [second]
    materialize(instance, first)
    (request,) = tick(instance).run_requests
    assert request.partition_key == second
    assert request.run_config["ops"]["digest"]["config"]["older_than"] == second
    materialize(instance, second)
    assert "nothing new" in tick(instance).skip_message
    assert len(list(outputs.glob("*.md"))) == 2


def test_without_a_feed_the_schedule_starts_a_run_that_fails(
    newsletter: Newsletter, outputs: Path, instance: dg.DagsterInstance
) -> None:
    """Alerts look at runs: the one of today ends in the source's failure."""
    assert not outputs.exists()
    newsletter.down = True
    (request,) = tick(instance).run_requests
    assert request.partition_key == today().isoformat()
    result = materialize(instance, request.partition_key)
    assert not result.success


def test_the_sensor_follows_the_feed(
    newsletter: Newsletter, outputs: Path, instance: dg.DagsterInstance
) -> None:
    """It asks once for what is on top, and again only when the feed has another issue."""
    first = recent(newsletter, 2)
    found = look(instance)
    assert [each.partition_key for each in found.run_requests] == [first]
    assert found.cursor == f"{first[2:]}-issue"
    again = look(instance, found.cursor)
    assert (again.run_requests, again.skip_message) == ([], f"nothing new since '{found.cursor}'")
    second = recent(newsletter, 1)
    keys = {each.partition_key: each.run_key for each in look(instance, found.cursor).run_requests}
    assert keys == {second: f"{second} {second[2:]}-issue"}
    materialize(instance, second)
    told = look(instance, found.cursor)
    assert "nothing new" in told.skip_message
    assert told.cursor == f"{second[2:]}-issue"
    assert len(list(outputs.glob("*.md"))) == 1


def test_the_sensor_is_loud_when_the_feed_is_silent(
    newsletter: Newsletter, outputs: Path, instance: dg.DagsterInstance
) -> None:
    """A feed that has stopped fails the tick, in the pipeline's line."""
    newsletter.publish("26-01-06-one")
    materialize(instance)
    assert outputs.exists()
    with pytest.raises(SourceStale, match="see whether the newsletter has moved"):
        look(instance, "26-01-06-one")


def test_both_are_off_until_somebody_turns_them_on() -> None:
    """To open the page costs nothing."""
    assert definitions.nightly.default_status == dg.DefaultScheduleStatus.STOPPED
    assert definitions.feed.default_status == dg.DefaultSensorStatus.STOPPED


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("multiprocess", dg.multiprocess_executor),
        ("in_process", dg.in_process_executor),
        ("dagster:in_process_executor", dg.in_process_executor),
    ],
)
def test_the_executor_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, kind: dg.ExecutorDefinition
) -> None:
    """A word, or the name of any executor that is installed."""
    monkeypatch.setenv("AINEWS_DAGSTER_EXECUTOR", name)
    assert definitions._executor() is kind


def test_an_executor_is_configured_by_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its configuration is JSON; one that is not installed is named in one line."""
    monkeypatch.setenv("AINEWS_DAGSTER_EXECUTOR_CONFIG", '{"max_concurrent": 2}')
    assert definitions._executor() is not dg.multiprocess_executor
    monkeypatch.setenv("AINEWS_DAGSTER_EXECUTOR", "dagster_celery:celery_executor")
    with pytest.raises(SettingsError, match="no executor 'dagster_celery:celery_executor'"):
        definitions._executor()
    with pytest.raises(ImportError):
        importlib.import_module("dagster_celery")
