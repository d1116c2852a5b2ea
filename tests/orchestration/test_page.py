"""Dagster's own page, in a real browser: a partition, its checks, a backfill, a day without issue.

`SCREENSHOTS=folder` keeps what the browser saw.
"""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestration.conftest import KEY, DagsterSetup
from pipeline.verify.registry import generation_checks

_SHOTS = os.environ.get("SCREENSHOTS")
_BACKFILLS = "{ partitionBackfillsOrError { ... on PartitionBackfills { results { id status } } } }"


# Dagster draws in its own time, and shares two cores with other tests.
expect.set_options(timeout=60_000)


@pytest.fixture
def page(chromium: Browser, place: DagsterSetup) -> Iterator[Page]:
    """Open a page that asks nobody but Dagster."""
    outside: list[str] = []
    with chromium.new_context(viewport={"width": 1400, "height": 1000}) as context:
        context.set_default_timeout(60_000)
        context.on(
            "request",
            lambda asked: (
                outside.append(asked.url)
                if not asked.url.startswith((place.dagster.url, "data:", "blob:"))
                else None
            ),
        )
        yield context.new_page()
    assert outside == []


def shoot(page: Page, name: str) -> None:
    """Keep what the browser shows, where that is wanted."""
    if _SHOTS:
        Path(_SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(_SHOTS) / f"{name}.png")


def rest(page: Page) -> None:
    """Look away: a page that is open asks the server what is new, and the runs want the cores."""
    page.goto("about:blank")


def launch(page: Page, place: DagsterSetup, days: str, button: str) -> None:
    """Ask for partitions as a person does."""
    page.goto(f"{place.dagster.url}assets/digest?view=partitions")
    page.get_by_role("button", name="Materialize…").click()
    page.get_by_text("Show all partitions").click()
    dialog = page.get_by_role("dialog")
    chosen = dialog.locator("input[type=text]").first
    chosen.fill(days)
    chosen.press("Enter")
    start = dialog.get_by_role("button", name=re.compile(button))
    expect(start).to_be_enabled()
    shoot(page, f"launch {days}")
    start.click()


def test_a_partition_is_materialised_and_checked(page: Page, place: DagsterSetup) -> None:
    """One date asked for on the page becomes a digest, with its text, its card and its checks."""
    launch(page, place, "2026-01-05", "Launch 1 run")
    place.dagster.wait(lambda: bool(place.dagster.of("2026-01-05")))
    rest(page)
    place.dagster.wait(
        lambda: place.dagster.partitions().get("2026-01-05..2026-01-05") == "MATERIALIZED"
    )
    page.goto(f"{place.dagster.url}assets/digest?view=partitions&partition=2026-01-05")
    expect(page.get_by_text("test-model").first).to_be_visible()
    expect(page.get_by_text("stories shown").first).to_be_visible()
    shoot(page, "partition")
    page.goto(f"{place.dagster.url}assets/digest?view=checks")
    for name in generation_checks():
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    place.dagster.wait(lambda: page.get_by_text("Passed").count() > 0)
    shoot(page, "checks")
    assert "2026-01-05" in place.digests()


def test_a_backfill_of_three_days_ends_well(page: Page, place: DagsterSetup) -> None:
    """Of three dates two have an issue; the other is skipped, and nothing counts as failed."""
    launch(page, place, "[2026-01-07...2026-01-09]", "Launch backfill")

    def found() -> str:
        results = place.dagster.ask(_BACKFILLS)["partitionBackfillsOrError"]["results"]
        return str(results[0]["id"]) if results else ""

    place.dagster.wait(lambda: bool(found()))
    rest(page)
    place.dagster.wait(lambda: place.dagster.runs(found())[0].startswith("COMPLETED"))
    status, runs = place.dagster.runs(found())
    assert (status, [run["status"] for run in runs]) == ("COMPLETED_SUCCESS", ["SUCCESS"] * 3)
    assert {"2026-01-07", "2026-01-09"} <= set(place.digests())
    assert "2026-01-08" not in place.digests()
    page.goto(f"{place.dagster.url}runs/b/{found()}")
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    shoot(page, "backfill")
    page.goto(f"{place.dagster.url}assets/digest?view=partitions&partition=2026-01-08")
    expect(page.get_by_text("no issue is dated 2026-01-08").first).to_be_visible()
    shoot(page, "no issue")
    page.goto(f"{place.dagster.url}automation")
    expect(page.get_by_text("nightly")).to_be_visible()
    shoot(page, "automation")


def test_no_secret_is_kept(place: DagsterSetup) -> None:
    """The key stands in no file that Dagster wrote: configuration, runs, events or logs."""
    files = [file for file in place.folder.rglob("*") if file.is_file()]
    assert any(file.name == "dagster.yaml" for file in files)
    for file in files:
        with suppress(FileNotFoundError):  # a database's journal comes and goes
            assert KEY.encode() not in file.read_bytes(), file
