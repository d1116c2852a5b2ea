"""Which issue is digested under which date, over the stored newsletter served on loopback."""

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from daily import digest
from pipeline.errors import IssueNotFound, PageNotUnderstood, SettingsError, SourceStale
from pipeline.fetch.chain import SourceChain
from pipeline.fetch.local_file import read_source
from pipeline.llm.cache import Cache
from pipeline.plan import (
    DigestTask,
    PreparedJob,
    RunRequest,
    damaged_error,
    fetch_job,
    open_sources,
    plan_tasks,
)
from pipeline.settings import Settings
from pipeline.write.files import write
from pipeline.write.state import DamagedDigest, read_state

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

    def watch_cost(self, spent: Callable[[], str]) -> None:
        """Ignore the cost."""

    def bytes(self, what: str, done: int, total: int) -> None:
        """Ignore progress."""

    def entry(self, title: str, summary: str) -> None:
        """Ignore an entry."""


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
        site_url=site,
        upstream_url=nowhere,
        substack_url=nowhere,
        outputs_dir=tmp_path / "outputs",
        cache_dir=tmp_path / "cache",
    )


def find(
    settings: Settings, wanted: RunRequest, notes: Notes | None = None, today: dt.date = TODAY
) -> PreparedJob | None:
    """Decide and fetch."""
    show = notes or Notes()
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        open_sources(settings, cache) as stand,
    ):
        tasks = plan_tasks(
            wanted, sources=stand, settings=settings, today=today, progress=show, stdin=io.BytesIO()
        )
        return (
            fetch_job(tasks[0], sources=stand, settings=settings, progress=show) if tasks else None
        )


def digested(settings: Settings, stem: str, slug: str) -> None:
    """Put a digest into the outputs."""
    settings.outputs_dir.mkdir(exist_ok=True)
    facts = {"date": stem[:10], "provenance": {"slug": slug}}
    (settings.outputs_dir / f"{stem}.json").write_text(json.dumps(facts), encoding="utf-8")


def test_the_nightly_run_takes_the_newest_issue_under_todays_date(settings: Settings) -> None:
    """Nothing is asked for and nothing was digested: the newest issue is the job."""
    job = find(settings, RunRequest())
    assert job is not None
    assert (job.page.slug, job.date, job.stem) == ("26-08-21-not-much", TODAY, "2026-08-22")


def test_a_digested_issue_is_nothing_new(settings: Settings) -> None:
    """The run says so and has no job; `force` makes it one, under today's date."""
    digested(settings, "2026-08-21", "26-08-21-not-much")
    notes = Notes()
    assert find(settings, RunRequest(), notes) is None
    assert "nothing new" in notes.lines[-1]
    forced = find(settings, RunRequest(force=True))
    assert forced is not None
    assert forced.stem == "2026-08-22"


def test_a_source_without_news_for_long_is_stale(settings: Settings) -> None:
    """Nothing new for more than five days is an error of its own; with news it is a note."""
    later = TODAY + dt.timedelta(days=30)
    notes = Notes()
    assert find(settings, RunRequest(), notes, today=later) is not None
    assert "may have stopped" in notes.lines[-1]
    digested(settings, "2026-08-21", "26-08-21-not-much")
    with pytest.raises(SourceStale, match="31 days old"):
        find(settings, RunRequest(), today=later)


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
    job = find(settings, RunRequest(date=dt.date.fromisoformat(day)))
    assert job is not None
    assert (job.page.slug, job.date.isoformat(), job.stem) == (slug, day, day)


def test_a_date_before_all_issues_lists_the_nearest(settings: Settings) -> None:
    """There is nothing to digest, and the line says what there is."""
    with pytest.raises(IssueNotFound, match=r"2020-01-01.*nearest are: 23-12-0"):
        find(settings, RunRequest(date=dt.date(2020, 1, 1)))


def test_a_date_that_was_digested_is_made_again_from_the_same_issue(settings: Settings) -> None:
    """A digest of that date keeps its issue, although a newer one has come since."""
    digested(settings, "2025-12-22", "25-12-19-not-much")
    job = find(settings, RunRequest(date=dt.date(2025, 12, 22)))
    assert job is not None
    assert (job.page.slug, job.stem) == ("25-12-19-not-much", "2025-12-22")


def test_an_issue_that_was_digested_keeps_its_date(settings: Settings) -> None:
    """Asking for an issue again on another day makes its own digest again."""
    digested(settings, "2025-12-21", "25-12-19-not-much")
    job = find(settings, RunRequest(issue="25-12-19-not-much"))
    assert job is not None
    assert job.stem == "2025-12-21"


def test_two_issues_of_one_date_get_a_file_each(settings: Settings) -> None:
    """The second issue of a digest date never overwrites the first."""
    first = "25-04-16-ainews-openai-o3-o4-mini-and-codex-cli"
    second = "25-04-16-ainews-qwq-32b-claims-to-match-deepseek-r1-671b"
    digested(settings, "2025-04-17", first)
    job = find(settings, RunRequest(issue=second, date=dt.date(2025, 4, 17)))
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
    job = find(settings, RunRequest(issue=wanted))
    assert job is not None
    assert job.page.slug == "25-08-05-gpt-oss"
    assert job.page.url == "https://news.smol.ai/issues/25-08-05-gpt-oss/"


def test_a_damaged_digest_is_said_and_left_alone(settings: Settings) -> None:
    """A file that cannot be read is no digest, and its name is not taken from it."""
    settings.outputs_dir.mkdir()
    (settings.outputs_dir / "2026-08-22.json").write_text("{", encoding="utf-8")
    notes = Notes()
    job = find(settings, RunRequest(), notes)
    assert "2026-08-22.json" in notes.lines[0]
    assert job is not None
    assert job.stem == "2026-08-22-2"


# ── With feeds of our own ───────────────────────────────────────────────────────────────────────


NEWEST = "26-08-21-not-much"
PAGE = "<html><article>{slug}</article></html>"


@pytest.fixture
def ours(tmp_path: Path) -> Settings:
    """Write to a folder of the test."""
    return Settings(outputs_dir=tmp_path / "outputs", cache_dir=tmp_path / "cache")


def listing(*slugs: str) -> SourceChain:
    """Open the sources: a feed of these issues, and a page of each."""
    site = "http://site.test/"
    links = "".join(f"<item><link>{site}issues/{slug}/</link></item>" for slug in slugs)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/rss.xml":
            return httpx.Response(200, text=f"<rss>{links}</rss>")
        slug = request.url.path.strip("/").rpartition("/")[2]
        known = slug in slugs and request.url.host == "site.test"
        return httpx.Response(200, text=PAGE.format(slug=slug)) if known else httpx.Response(404)

    addresses = {
        "site_url": site, "upstream_url": "http://up.test/", "substack_url": "http://sub.test/",
    }  # fmt: skip
    return SourceChain(addresses, transport=httpx.MockTransport(answer))


def plan(
    settings: Settings,
    stand: SourceChain,
    wanted: RunRequest | None = None,
    notes: Notes | None = None,
    today: dt.date = TODAY,
) -> list[tuple[str, str]]:
    """Decide; gives the issues and the dates under which they are digested."""
    with stand:
        tasks = plan_tasks(
            wanted or RunRequest(),
            sources=stand,
            settings=settings,
            today=today,
            progress=notes or Notes(),
            stdin=io.BytesIO(PAGE.format(slug="x").encode()),
        )
    return [(task.slug, task.date.isoformat()) for task in tasks]


@pytest.mark.parametrize(("days", "stale"), [(5, False), (6, True)])
def test_an_issue_as_old_as_is_allowed_is_not_stale(ours: Settings, days: int, stale: bool) -> None:
    """Five days are a pause; with the sixth the source is stale, and the run says so."""
    newest, today = dt.date(2026, 8, 21), dt.date(2026, 8, 21) + dt.timedelta(days=days)
    notes = Notes()
    made = plan(ours, listing(NEWEST), notes=notes, today=today)
    assert made == [(NEWEST, today.isoformat())]
    assert any("may have stopped" in line for line in notes.lines) is stale
    digested(ours, newest.isoformat(), NEWEST)
    if stale:
        with pytest.raises(SourceStale, match=f"{days} days old"):
            plan(ours, listing(NEWEST), today=today)
    else:
        assert plan(ours, listing(NEWEST), today=today) == []


@pytest.mark.parametrize(("gap", "said"), [(5, False), (6, True)])
def test_a_date_long_after_its_issue_is_said(ours: Settings, gap: int, said: bool) -> None:
    """The issue is digested all the same, under the date that was asked for."""
    day = dt.date(2026, 8, 21) + dt.timedelta(days=gap)
    notes = Notes()
    made = plan(ours, listing(NEWEST), RunRequest(date=day), notes, today=day)
    assert made == [(NEWEST, day.isoformat())]
    assert any(f"is {gap} days older" in line for line in notes.lines) is said


def test_missed_issues_of_a_stale_source_are_made(ours: Settings) -> None:
    """Nothing is said of its age: there is something to do, and nothing newest."""
    digested(ours, "2026-08-20", "26-08-20-a")
    digested(ours, "2026-08-22", NEWEST)
    notes = Notes()
    stand = listing(NEWEST, "26-08-20-b", "26-08-20-a")
    made = plan(ours, stand, notes=notes, today=dt.date(2026, 8, 30))
    assert made == [("26-08-20-b", "2026-08-20")]
    assert notes.lines == []


def test_what_is_told_is_made_again_only_where_it_is_forced(ours: Settings) -> None:
    """Then the newest issue alone, under today's date; else the run says which digest tells it."""
    digested(ours, "2026-08-20", "26-08-20-a")
    digested(ours, "2026-08-21", NEWEST)
    slugs = (NEWEST, "26-08-20-b", "26-08-20-a")
    forced = plan(ours, listing(*slugs), RunRequest(force=True))
    assert forced == [(NEWEST, TODAY.isoformat())]
    notes = Notes()
    assert plan(ours, listing(NEWEST, "26-08-20-a"), notes=notes) == []
    assert [NEWEST in line and "2026-08-21" in line for line in notes.lines] == [True]


def test_a_date_means_its_digests_issue_else_the_newest_up_to_it(ours: Settings) -> None:
    """An issue that is named is that issue under any date; before all issues there is none."""
    slugs = (NEWEST, "26-08-20-b", "26-08-19-a")
    day = RunRequest(date=dt.date(2026, 8, 20))
    assert plan(ours, listing(*slugs), day) == [("26-08-20-b", "2026-08-20")]
    digested(ours, "2026-08-20", "26-08-19-a")
    assert plan(ours, listing(*slugs), day) == [("26-08-19-a", "2026-08-20")]
    with pytest.raises(IssueNotFound, match="26-08-19-a"):
        plan(ours, listing(*slugs), RunRequest(date=dt.date(2026, 8, 18)))
    address = RunRequest(issue="https://x.test/issues/26-08-20-b/", date=dt.date(2026, 8, 1))
    assert plan(ours, listing(*slugs), address) == [("26-08-20-b", "2026-08-01")]


def test_a_damaged_digest_is_said_before_all(ours: Settings) -> None:
    """With its name; it is counted as none."""
    ours.outputs_dir.mkdir()
    (ours.outputs_dir / "2026-08-22.json").write_text("{", encoding="utf-8")
    notes = Notes()
    assert plan(ours, listing(NEWEST), notes=notes) == [(NEWEST, TODAY.isoformat())]
    assert "2026-08-22.json" in notes.lines[0]
    assert job_of(ours, DigestTask(slug=NEWEST, date=TODAY)).stem == "2026-08-22-2"


def test_a_digest_of_a_file_comes_back_from_the_file(ours: Settings, tmp_path: Path) -> None:
    """Not from the newsletter, which has no such issue; and it is said once."""
    file = tmp_path / "notes.md"
    file.write_text("# AI Twitter Recap\n\n- one\n", encoding="utf-8")
    slug = read_source(file, io.BytesIO()).slug
    ours.outputs_dir.mkdir()
    cut = f'{{\n  "date": "2026-08-10",\n  "provenance": {{\n    "slug": "{slug}",\n'
    (ours.outputs_dir / "2026-08-10.json").write_text(cut, encoding="utf-8")
    notes = Notes()
    with pytest.raises(PageNotUnderstood) as caught:
        plan(ours, listing(NEWEST), RunRequest(source=str(file)), notes=notes)
    assert f"run --source {file} --date 2026-08-10 --force`" in str(caught.value)
    assert not any("2026-08-10" in line for line in notes.lines)
    (hurt,) = read_state(ours.outputs_dir).damaged
    assert hurt.command == "ainews-digest run --source FILE --date 2026-08-10 --force"


def test_a_digest_that_is_closed_to_this_user_ends_as_who_reads_it_does(tmp_path: Path) -> None:
    """It is whole: its permissions are to be corrected."""
    hurt = DamagedDigest(stem="2026-08-10", reason="x", slug="26-08-10-a", kind="locked")
    assert damaged_error(hurt, tmp_path).exit_code == SettingsError.exit_code
    hurt = hurt.model_copy(update={"kind": "damaged"})
    assert damaged_error(hurt, tmp_path).exit_code == PageNotUnderstood.exit_code


def test_missed_issues_begin_with_the_oldest_digest_of_these_days(ours: Settings) -> None:
    """An issue of its very date was missed, older ones are not brought back."""
    digested(ours, "2026-08-10", "26-08-10-a")
    stand = listing(NEWEST, "26-08-11-c", "26-08-10-b", "26-08-10-a", "26-08-09-old")
    assert plan(ours, stand) == [
        ("26-08-10-b", "2026-08-10"),
        ("26-08-11-c", "2026-08-11"),
        (NEWEST, TODAY.isoformat()),
    ]


@pytest.mark.parametrize(
    ("told", "missed"),
    [
        (("26-07-23",), ("26-07-23-x", "26-07-24-y", "26-08-11-z")),
        (("26-07-22",), ("26-07-23-x", "26-07-24-y", "26-08-11-z")),
        (("26-08-10", "26-07-23"), ("26-07-23-x", "26-07-24-y", "26-08-11-z")),
        (("26-08-10", "26-07-22"), ("26-08-11-z",)),
    ],
)
def test_thirty_days_are_looked_back(
    ours: Settings, told: tuple[str, ...], missed: tuple[str, ...]
) -> None:
    """The oldest digest of them begins them, the thirtieth day's too; without one they count whole."""
    for day in told:
        digested(ours, f"20{day}", f"{day}-told")
    others = (*(f"{day}-told" for day in told), "26-07-01-w", "26-07-22-v", "26-07-23-x")
    slugs = sorted({NEWEST, *others, "26-07-24-y", "26-08-11-z"}, reverse=True)
    assert [slug for slug, _ in plan(ours, listing(*slugs))] == [*missed, NEWEST]


def test_without_a_digest_nothing_was_missed(ours: Settings) -> None:
    """One of an issue that the feed does not list counts for none."""
    digested(ours, "2026-08-01", "letter-0123abcd")
    assert plan(ours, listing(NEWEST, "26-08-20-b")) == [(NEWEST, TODAY.isoformat())]


def test_two_missed_issues_of_one_date_come_in_the_order_of_their_coming(ours: Settings) -> None:
    """The feed lists the newer one first; of two newest ones its first is today's."""
    digested(ours, "2026-08-18", "26-08-18-a")
    slugs = ("26-08-21-z", "26-08-21-y", "26-08-19-c", "26-08-19-b", "26-08-18-a")
    assert plan(ours, listing(*slugs)) == [
        ("26-08-19-b", "2026-08-19"),
        ("26-08-19-c", "2026-08-19"),
        ("26-08-21-y", "2026-08-21"),
        ("26-08-21-z", TODAY.isoformat()),
    ]


@pytest.mark.parametrize(("missed", "waiting"), [(4, 0), (5, 1), (7, 3)])
def test_a_night_has_five_digests_at_most(ours: Settings, missed: int, waiting: int) -> None:
    """The newest and the four oldest; how many wait is said, with the date to go on from."""
    digested(ours, "2026-08-10", "26-08-10-a")
    slugs = [f"26-08-{11 + number}-x" for number in range(missed)]
    notes = Notes()
    made = plan(ours, listing(NEWEST, *reversed(slugs), "26-08-10-a"), notes=notes)
    assert [slug for slug, _ in made] == [*slugs[:4], NEWEST]
    said = [line for line in notes.lines if "wait" in line]
    assert len(said) == bool(waiting)
    assert all(line.startswith(f"{waiting} more") and "2026-08-15" in line for line in said)


def test_a_night_without_a_new_issue_makes_five_missed_ones(ours: Settings) -> None:
    """Where the newest is told, its place is another's."""
    digested(ours, "2026-08-10", "26-08-10-a")
    digested(ours, "2026-08-22", NEWEST)
    slugs = [f"26-08-{11 + number}-x" for number in range(6)]
    made = plan(ours, listing(NEWEST, *reversed(slugs), "26-08-10-a"))
    assert [slug for slug, _ in made] == slugs[:5]


def test_catching_up_can_be_turned_off(ours: Settings) -> None:
    """With no days to look back on, only what is of today was missed."""
    digested(ours, "2026-08-10", "26-08-10-a")
    off = ours.model_copy(update={"catch_up_days": 0})
    assert plan(off, listing(NEWEST, "26-08-20-b", "26-08-10-a")) == [(NEWEST, TODAY.isoformat())]


def test_an_issue_asked_for_under_another_date_says_which_digest_tells_it(ours: Settings) -> None:
    """Under its own date there is nothing to say."""
    digested(ours, "2026-08-21", NEWEST)
    notes = Notes()
    other = RunRequest(issue=NEWEST, date=dt.date(2026, 8, 23))
    assert plan(ours, listing(NEWEST), other, notes) == [(NEWEST, "2026-08-23")]
    assert any("2026-08-21" in line for line in notes.lines)
    notes = Notes()
    for wanted in (RunRequest(issue=NEWEST), RunRequest(issue=NEWEST, date=dt.date(2026, 8, 21))):
        assert plan(ours, listing(NEWEST), wanted, notes) == [(NEWEST, "2026-08-21")]
    assert notes.lines == []


def test_a_named_issue_is_digested_under_its_own_date(ours: Settings) -> None:
    """An old issue is not today's news: its date, that of its digest, or the one that is given."""
    named, forced = RunRequest(issue=NEWEST), RunRequest(issue=NEWEST, force=True)
    assert plan(ours, listing(NEWEST), named) == [(NEWEST, "2026-08-21")]
    digested(ours, "2026-08-22", NEWEST)
    for wanted in (named, forced):
        assert plan(ours, listing(NEWEST), wanted) == [(NEWEST, "2026-08-22")]
    dated = forced.model_copy(update={"date": dt.date(2026, 8, 1)})
    assert plan(ours, listing(NEWEST), dated) == [(NEWEST, "2026-08-01")]


def test_no_new_digest_is_dated_long_after_today(ours: Settings, tmp_path: Path) -> None:
    """Whether the date is given, or is that of an issue or a file."""
    page = tmp_path / "62-08-21-not-much.md"
    page.write_text("# A title\n", encoding="utf-8")
    asked = (
        RunRequest(date=dt.date(2062, 8, 21)),
        RunRequest(issue="62-08-21-not-much"),
        RunRequest(source=str(page)),
    )
    for wanted in asked:
        with pytest.raises(SettingsError, match=r"2062-08-21 lies 13,\d\d\d days"):
            plan(ours, listing(NEWEST, "62-08-21-not-much"), wanted)
        forced = wanted.model_copy(update={"force": True})
        assert plan(ours, listing(NEWEST, "62-08-21-not-much"), forced)[0][1] == "2062-08-21"


def test_a_file_is_digested_under_the_date_of_its_digest(ours: Settings, tmp_path: Path) -> None:
    """Else under the issue's; the feed is not asked, and its page is not fetched."""
    file = tmp_path / f"{NEWEST}.html"
    file.write_text(PAGE.format(slug=NEWEST), encoding="utf-8")
    wanted = RunRequest(source=str(file))
    assert plan(ours, listing(), wanted) == [(NEWEST, "2026-08-21")]
    digested(ours, "2026-08-01", NEWEST)
    assert plan(ours, listing(), wanted) == [(NEWEST, "2026-08-01")]
    dated = wanted.model_copy(update={"date": dt.date(2026, 8, 5)})
    assert plan(ours, listing(), dated) == [(NEWEST, "2026-08-05")]
    ((slug, day),) = plan(ours, listing(), RunRequest(source="-"))
    assert slug.startswith("stdin-")
    assert day == TODAY.isoformat()


def test_wants_that_name_nothing_are_the_nightly_run() -> None:
    """An issue, a date or a file is something named; to force or to ask again is not."""
    assert RunRequest().nightly
    assert RunRequest(force=True).nightly
    assert not RunRequest(date=TODAY).nightly
    assert not RunRequest(issue="x").nightly
    assert not RunRequest(source="x").nightly


def job_of(settings: Settings, task: DigestTask) -> PreparedJob:
    """Fetch a task's page."""
    with listing(NEWEST, "26-08-20-b") as stand:
        return fetch_job(task, sources=stand, settings=settings, progress=Notes())


def remembering(settings: Settings, slug: str, memory: tuple[str, ...] | None) -> None:
    """Put a digest into the outputs that was compared with these."""
    made = digest(TODAY)
    assert made.provenance is not None
    facts = made.provenance.model_copy(update={"slug": slug, "memory": memory})
    write(made.model_copy(update={"provenance": facts}), settings.outputs_dir)


@pytest.mark.parametrize("memory", [("2026-08-19", "2026-08-20"), (), None])
def test_a_digest_is_made_again_with_what_it_was_compared_with(
    ours: Settings, memory: tuple[str, ...] | None
) -> None:
    """Unless it is forced, or the task brings its own; another issue's memory is none of ours."""
    task = DigestTask(slug=NEWEST, date=TODAY)
    assert job_of(ours, task).memory is None
    remembering(ours, NEWEST, memory)
    assert job_of(ours, task).memory == memory
    assert job_of(ours, task.model_copy(update={"force": True})).memory is None
    assert job_of(ours, task.model_copy(update={"memory": ("a",)})).memory == ("a",)
    settled = DigestTask(slug="26-08-20-b", date=TODAY, stem=TODAY.isoformat())
    job = job_of(ours, settled)
    assert (job.memory, job.stem) == (None, TODAY.isoformat())
    assert job_of(ours, DigestTask(slug="26-08-20-b", date=TODAY)).stem == f"{TODAY}-2"


def test_a_page_that_was_given_is_not_fetched(ours: Settings) -> None:
    """No source is asked for it."""
    page = job_of(ours, DigestTask(slug=NEWEST, date=TODAY)).page
    with listing() as stand:
        job = fetch_job(
            DigestTask(slug=NEWEST, date=TODAY, page=page),
            sources=stand,
            settings=ours,
            progress=Notes(),
        )
    assert job.page == page


def test_a_clock_behind_the_newest_issue_ends_every_run(settings: Settings) -> None:
    """By the feed at night, by the digests that are there otherwise; a date by hand may be any."""
    behind = TODAY - dt.timedelta(days=3)
    with pytest.raises(SettingsError, match=r"2026-08-19.*2026-08-21.*set the clock"):
        find(settings, RunRequest(), today=behind)
    assert find(settings, RunRequest(), today=TODAY - dt.timedelta(days=2)) is not None
    digested(settings, "2026-08-22", "26-08-21-not-much")
    issue = "25-08-05-gpt-oss"
    with pytest.raises(SettingsError, match="set the clock"):
        find(settings, RunRequest(issue=issue), today=behind)
    assert find(settings, RunRequest(issue=issue, date=behind), today=behind) is not None


def test_a_digest_that_was_dated_by_hand_says_nothing_of_the_clock(settings: Settings) -> None:
    """Its issue does."""
    digested(settings, "2030-01-01", "26-08-21-not-much")
    assert find(settings, RunRequest(), Notes()) is None
