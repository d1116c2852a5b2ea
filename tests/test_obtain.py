"""Which issue is digested under which date, over the stored newsletter served on loopback."""

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.cache import Cache
from pipeline.errors import IssueNotFound, SourceStale
from pipeline.obtain import Job, Wanted, agenda, fetch_job, newsstand
from pipeline.settings import Settings

TODAY = dt.date(2026, 8, 22)


class Notes:
    """Remembers what a run says."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def stage(self, name: str, total: int = 1) -> None:
        """Ignore progress."""

    def step(self, done: int = 1) -> None:
        """Ignore progress."""

    def note(self, line: str) -> None:
        """Remember a line."""
        self.lines.append(line)

    def watch(self, spent: Callable[[], str]) -> None:
        """Ignore the cost."""

    def bytes(self, what: str, done: int, total: int) -> None:
        """Ignore progress."""


@pytest.fixture(scope="module")
def site(shared: Path) -> Iterator[str]:
    """Serve the stored newsletter."""
    process = subprocess.Popen(
        [sys.executable, shared / "tools" / "serve_site.py", "--port", "0"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    yield process.stdout.readline().decode().strip()
    process.kill()
    process.stdout.close()
    process.wait()


@pytest.fixture
def settings(site: str, tmp_path: Path) -> Settings:
    """Read from the stored newsletter alone, and write to a folder of the test."""
    nowhere = "http://127.0.0.1:9/"
    return Settings(
        _env_file=None,
        site_url=site,
        upstream_url=nowhere,
        substack_url=nowhere,
        outputs_dir=tmp_path / "outputs",
        cache_dir=tmp_path / "cache",
    )


def find(
    settings: Settings, wanted: Wanted, notes: Notes | None = None, today: dt.date = TODAY
) -> Job | None:
    """Decide and fetch."""
    show = notes or Notes()
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        newsstand(settings, cache) as stand,
    ):
        tasks = agenda(
            wanted, stand=stand, settings=settings, today=today, show=show, stdin=io.BytesIO()
        )
        return fetch_job(tasks[0], stand=stand, settings=settings, show=show) if tasks else None


def digested(settings: Settings, stem: str, slug: str) -> None:
    """Put a digest into the outputs."""
    settings.outputs_dir.mkdir(exist_ok=True)
    facts = {"date": stem[:10], "provenance": {"slug": slug}}
    (settings.outputs_dir / f"{stem}.json").write_text(json.dumps(facts), encoding="utf-8")


def test_the_nightly_run_takes_the_newest_issue_under_todays_date(settings: Settings) -> None:
    """Nothing is asked for and nothing was digested: the newest issue is the job."""
    job = find(settings, Wanted())
    assert job is not None
    assert (job.page.slug, job.date, job.stem) == ("26-08-21-not-much", TODAY, "2026-08-22")


def test_a_digested_issue_is_nothing_new(settings: Settings) -> None:
    """The run says so and has no job; `force` makes it one, under today's date."""
    digested(settings, "2026-08-21", "26-08-21-not-much")
    notes = Notes()
    assert find(settings, Wanted(), notes) is None
    assert "nothing new" in notes.lines[-1]
    forced = find(settings, Wanted(force=True))
    assert forced is not None
    assert forced.stem == "2026-08-22"


def test_a_source_without_news_for_long_is_stale(settings: Settings) -> None:
    """Nothing new for more than five days is an error of its own; with news it is a note."""
    later = TODAY + dt.timedelta(days=30)
    notes = Notes()
    assert find(settings, Wanted(), notes, today=later) is not None
    assert "may have stopped" in notes.lines[-1]
    digested(settings, "2026-08-21", "26-08-21-not-much")
    with pytest.raises(SourceStale, match="31 days old"):
        find(settings, Wanted(), today=later)


@pytest.mark.parametrize(
    ("day", "slug"),
    [
        ("2025-12-21", "25-12-19-not-much"),
        ("2025-12-19", "25-12-19-not-much"),
        ("2025-12-22", "25-12-22-not-much"),
        ("2026-08-20", "26-08-20-not-much"),
    ],
)
def test_a_date_means_the_newest_issue_up_to_it(settings: Settings, day: str, slug: str) -> None:
    """A weekend takes Friday's issue; the digest carries the date that was asked for."""
    job = find(settings, Wanted(date=dt.date.fromisoformat(day)))
    assert job is not None
    assert (job.page.slug, job.date.isoformat(), job.stem) == (slug, day, day)


def test_a_date_before_all_issues_lists_the_nearest(settings: Settings) -> None:
    """There is nothing to digest, and the line says what there is."""
    with pytest.raises(IssueNotFound, match=r"2020-01-01.*nearest are: 23-12-0"):
        find(settings, Wanted(date=dt.date(2020, 1, 1)))


def test_a_date_that_was_digested_is_made_again_from_the_same_issue(settings: Settings) -> None:
    """A digest of that date keeps its issue, although a newer one has come since."""
    digested(settings, "2025-12-22", "25-12-19-not-much")
    job = find(settings, Wanted(date=dt.date(2025, 12, 22)))
    assert job is not None
    assert (job.page.slug, job.stem) == ("25-12-19-not-much", "2025-12-22")


def test_an_issue_that_was_digested_keeps_its_date(settings: Settings) -> None:
    """Asking for an issue again on another day makes its own digest again."""
    digested(settings, "2025-12-21", "25-12-19-not-much")
    job = find(settings, Wanted(issue="25-12-19-not-much"))
    assert job is not None
    assert job.stem == "2025-12-21"


def test_two_issues_of_one_date_get_a_file_each(settings: Settings) -> None:
    """The second issue of a digest date never overwrites the first."""
    first = "25-04-16-ainews-openai-o3-o4-mini-and-codex-cli"
    second = "25-04-16-ainews-qwq-32b-claims-to-match-deepseek-r1-671b"
    digested(settings, "2025-04-17", first)
    job = find(settings, Wanted(issue=second, date=dt.date(2025, 4, 17)))
    assert job is not None
    assert (job.page.slug, job.stem) == (second, "2025-04-17-2")


@pytest.mark.parametrize(
    "wanted",
    [
        "25-08-05-gpt-oss",
        "https://news.smol.ai/issues/25-08-05-gpt-oss/",
        "http://news.smol.ai/frozen-issues/25-08-05-gpt-oss.html#top",
    ],
)
def test_an_issue_is_named_by_slug_or_address(settings: Settings, wanted: str) -> None:
    """The page comes from the configured site, whatever host the address names."""
    job = find(settings, Wanted(issue=wanted))
    assert job is not None
    assert job.page.slug == "25-08-05-gpt-oss"
    assert job.page.url == "https://news.smol.ai/issues/25-08-05-gpt-oss/"


def test_a_damaged_digest_is_said_and_left_alone(settings: Settings) -> None:
    """A file that cannot be read is no digest, and its name is not taken from it."""
    settings.outputs_dir.mkdir()
    (settings.outputs_dir / "2026-08-22.json").write_text("{", encoding="utf-8")
    notes = Notes()
    job = find(settings, Wanted(), notes)
    assert "2026-08-22.json" in notes.lines[0]
    assert job is not None
    assert job.stem == "2026-08-22-2"
