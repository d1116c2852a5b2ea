"""What Dagster is given: the asset, its checks, a schedule, a sensor.

    digest   asset, one partition per issue date; a date without an issue is skipped: with that
             in its metadata where none will come, else as if it had not been asked for
    nightly  schedule: what is new, every morning by the clock of Asia/Shanghai
    feed     sensor: what is new, as soon as the feed lists it

Schedule and sensor are off until somebody turns them on: opening a page must not cost money. Both
may be on, since a date is one run's at a time and a published issue is not published again.

The pipeline has retried what can be retried, so that its failures are final. Only a process that
was killed is begun again: the step by `_RETRY_KILLED`, the run by Dagster's `run_retries`.
"""

import datetime as dt
import importlib
import logging
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import dagster as dg

from pipeline.batch import IssueOutcome
from pipeline.clock import today
from pipeline.errors import SettingsError, SourceError, as_digest_error
from pipeline.lines import visible
from pipeline.orchestration.card import check_results, score_card
from pipeline.orchestration.day import (
    EXIT_CODE_NAMES,
    DayResult,
    digest_day,
    due_tasks,
    newest_issue,
)
from pipeline.orchestration.setup import POOL, load
from pipeline.settings import Settings
from pipeline.settings import load as load_settings
from pipeline.verify import generation_checks

_FIRST_DATE = "2023-12-06"  # of the first issue
_ZONE = "Asia/Shanghai"
_BACKFILL_TAG = "dagster/backfill"
_POLL_S = 600
_RETRY_KILLED = dg.RetryPolicy(max_retries=2)
_ASSET_KEY = dg.AssetKey("digest")
# Until the end of the day of the clock: an issue is dated by America's calendar, which is behind.
_PARTITIONS = dg.DailyPartitionsDefinition(start_date=_FIRST_DATE, timezone=_ZONE, end_offset=1)


class DigestConfig(dg.Config):
    """Options of one run; a backfill needs nothing."""

    older_than: str | None = None
    """Stories are compared with digests of issues older than this date; by default the first date
    of the backfill, else the partition's own."""
    again: bool = False
    """Make digests again that exist, from the answers that are kept."""


class _LogProgress:
    """Where a run of the pipeline reports how far it is."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self.notes: list[str] = []

    def begin(self, total: int, spent: Callable[[], str]) -> None:
        """Say how many issues there are."""
        self._log.info("%d issues, %s so far", total, spent())

    def ended(self, outcome: IssueOutcome) -> None:
        """Say what became of an issue."""
        reason = f": {outcome.reason}" if outcome.reason else ""
        self._log.info("%s", visible(f"{outcome.slug} {outcome.status}{reason}"))

    def note(self, line: str) -> None:
        """Say a line, and keep it."""
        self.notes.append(visible(line))
        self._log.info("%s", visible(line))


def _check_specs() -> list[dg.AssetCheckSpec]:
    """Describe the checks; each has a result per date."""
    with warnings.catch_warnings():
        # That checks have partitions may still change in Dagster; the lock keeps its version.
        warnings.simplefilter("ignore", dg.PreviewWarning)
        return [
            dg.AssetCheckSpec(
                name,
                asset=_ASSET_KEY,
                description=description,
                partitions_def=_PARTITIONS,
            )
            for name, description in generation_checks().items()
        ]


@dg.multi_asset(
    name="digest",
    specs=[
        dg.AssetSpec(
            _ASSET_KEY,
            group_name="ainews",
            description="The Chinese digests of the issues of one date.",
            partitions_def=_PARTITIONS,
            skippable=True,
        )
    ],
    check_specs=_check_specs(),
    pool=POOL,
    retry_policy=_RETRY_KILLED,
    can_subset=True,
)
def digest(context: dg.AssetExecutionContext, config: DigestConfig) -> Iterator[Any]:
    """Digest the issues of one date, and say what the checks found."""
    if _ASSET_KEY not in context.selected_asset_keys:
        raise _final_failure("checks come with their digest: materialize the date instead", 2)
    day = dt.date.fromisoformat(context.partition_key)
    try:
        found = digest_day(
            day,
            older_than=_older_than(context, config),
            again=config.again,
            settings=load().share_in_flight(load_settings()),
            progress=_LogProgress(context.log),
        )
    except Exception as error:  # noqa: BLE001 - a fault too ends in one line, and is not tried again
        failure = as_digest_error(error)
        raise _final_failure(str(failure), failure.exit_code) from None
    if found.failed:
        said = "; ".join(f"{one.slug}: {one.reason}" for one in found.failed)
        raise _final_failure(said, found.failed[0].exit_code)
    if not found.digests:
        nothing = f"no issue is dated {day}: nothing to digest"
        context.log.info(nothing)
        # Dagster counts a date as failed that a backfill's run leaves out, and offers again and
        # again one that it holds for missing.
        if found.closed or _BACKFILL_TAG in context.run.tags:
            yield dg.MaterializeResult(asset_key=_ASSET_KEY, metadata={"skipped": nothing})
        return
    yield dg.MaterializeResult(asset_key=_ASSET_KEY, metadata=_metadata(found))
    yield from _checks_of(found, {key.name for key in context.selected_asset_check_keys})


def _checks_of(found: DayResult, selected: Collection[str]) -> Iterator[dg.AssetCheckResult]:
    """Give what the selected checks say of the digests of a date."""
    for result in check_results(found.digests):
        if result.check in selected:
            severe = dg.AssetCheckSeverity.ERROR if result.error else dg.AssetCheckSeverity.WARN
            yield dg.AssetCheckResult(
                asset_key=_ASSET_KEY,
                check_name=result.check,
                passed=result.passed,
                severity=severe,
                metadata={"found": "\n".join(result.found) or "nothing"},
            )


@dg.schedule(target=digest, cron_schedule="17 6 * * *", execution_timezone=_ZONE)
def nightly(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for what is new; without a readable feed for a run that says so, where alerts look."""
    settings, log = load_settings(), _LogProgress(context.log)
    try:
        requests = _run_requests(settings, log)
    except SourceError as error:
        context.log.warning(visible(str(error)))
        yield dg.RunRequest(partition_key=today().isoformat())
        return
    yield from requests or [dg.SkipReason(_last_note(log))]


@dg.sensor(target=digest, minimum_interval_seconds=_POLL_S)
def feed(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for what is new when the feed has another issue on top; a silent one fails the tick."""
    settings, log = load_settings(), _LogProgress(context.log)
    slug, last = newest_issue(settings)
    silent = (today() - last).days > settings.stale_after_days
    if slug == context.cursor and not silent:
        return dg.SkipReason(f"nothing new since {slug!r}")
    requests = _run_requests(settings, log, key=slug)
    if not requests:
        context.update_cursor(slug)
        return dg.SkipReason(_last_note(log))
    return dg.SensorResult(run_requests=requests, cursor=slug)


def _run_requests(
    settings: Settings, log: _LogProgress, key: str | None = None
) -> list[dg.RunRequest]:
    """Ask for the partitions of the issues that are due, as one range, oldest first.

    What failed is due again with the next issue: so the name of a request has both in it.
    """
    days = list(dict.fromkeys(f"20{task.slug[:8]}" for task in due_tasks(settings, today(), log)))
    return [
        dg.RunRequest(
            run_key=key and f"{day} {key}",
            partition_key=day,
            run_config=dg.RunConfig(ops={"digest": DigestConfig(older_than=min(days))}),
        )
        for day in days
    ]


def _last_note(log: _LogProgress) -> str:
    return log.notes[-1] if log.notes else "nothing new"


def _older_than(context: dg.AssetExecutionContext, config: DigestConfig) -> dt.date | None:
    """Find the first date of what this run is a part of.

    Dagster keeps the dates of a backfill; with them its digests are those of `backfill --since`.
    """
    if config.older_than is not None:
        try:
            return dt.date.fromisoformat(config.older_than)
        except ValueError as error:
            wrong = f"older_than {config.older_than!r} is not a date: write it as 2025-12-21"
            raise SettingsError(wrong) from error
    name = context.run.tags.get(_BACKFILL_TAG)
    backfill = context.instance.get_backfill(name) if name else None
    if backfill is None:
        return None
    if backfill.is_asset_backfill:
        data = backfill.get_asset_backfill_data(context.repository_def.asset_graph)
        keys = data.target_subset.get_partitions_subset(_ASSET_KEY).get_partition_keys()
    else:
        keys = backfill.partition_names or ()
    return dt.date.fromisoformat(min(keys)) if keys else None


def _final_failure(line: str, code: int) -> dg.Failure:
    """Fail for good, in the pipeline's own line."""
    word = EXIT_CODE_NAMES.get(code, "failure")
    return dg.Failure(
        description=visible(f"{word}: {line}"),
        metadata={"exit code": code, "kind": word},
        allow_retries=False,
    )


def _metadata(found: DayResult) -> Mapping[str, Any]:
    metadata: dict[str, Any] = dict(score_card(found.digests))
    for number, result in enumerate(found.digests):
        after = f" {number + 1}" if number else ""
        metadata[f"issue{after}"] = dg.MetadataValue.url(result.digest.issue_url)
        metadata[f"text{after}"] = dg.MetadataValue.md(result.markdown)
    return metadata


def _executor() -> dg.ExecutorDefinition:
    """Find the executor that the settings name."""
    options = load()
    known = {"multiprocess": dg.multiprocess_executor, "in_process": dg.in_process_executor}
    found = known.get(options.executor)
    if found is None:
        module, _, name = options.executor.partition(":")
        try:
            found = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError, ValueError) as error:
            raise SettingsError(
                "setting AINEWS_DAGSTER_EXECUTOR cannot be used: "
                f"no executor {options.executor!r}; "
                f"give one of {', '.join(known)}, or package:name of one that is installed"
            ) from error
    return found.configured(options.executor_config) if options.executor_config else found


defs = dg.Definitions(assets=[digest], schedules=[nightly], sensors=[feed], executor=_executor())
