"""Night after night: every issue is digested once, none is missed, and no date is overwritten."""

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter import Newsletter
from nights import night, told
from openai_server import OpenAIServer, html
from pipeline.clock import today
from pipeline.errors import DigestError, PageNotUnderstood, SourceError, SourceStale
from pipeline.plan import RunRequest
from pipeline.publish import PublishedDigest
from pipeline.settings import Settings
from test_plan import Notes


def listed(first: dt.date, last: dt.date, shared: Path) -> dict[dt.date, list[str]]:
    """Take the real feed's issues of some days, in the order in which they were published."""
    from pipeline.fetch.rss import read_feed
    from pipeline.fetch.slugs import parse_slug, slug_date

    days: dict[dt.date, list[str]] = {}
    for item in reversed(read_feed((shared / "site" / "rss.xml").read_bytes(), "rss.xml")):
        slug = parse_slug(item.link) or ""
        day = slug_date(slug)
        if day and first <= day <= last:
            days.setdefault(day, []).append(slug)
    return days


def nights(
    settings: Settings,
    newsletter: Newsletter,
    days: dict[dt.date, list[str]],
    first: dt.date,
    count: int,
) -> list[tuple[dt.date, str]]:
    """Simulate nights, the morning after each date; what each of them did, in words."""
    table = []
    for number in range(count):
        day = first + dt.timedelta(days=number)
        for slug in days.get(day - dt.timedelta(days=1), []):
            newsletter.publish(slug, 2)
        try:
            made = night(settings, day)
            done = ", ".join(f"{each.path.stem}={_slug(each)}" for each in made) or "nothing new"
        except SourceStale:
            done = "stale"
        except SourceError:
            done = "unreachable"
        table.append((day, done))
    return table


def _slug(made: PublishedDigest) -> str:
    assert made.digest.provenance is not None
    return made.digest.provenance.slug


@pytest.mark.parametrize(
    ("first", "count"),
    [(dt.date(2025, 4, 5), 30), (dt.date(2025, 12, 17), 30)],
    ids=["two-on-a-date", "holidays-and-new-year"],
)
def test_thirty_nights_of_the_real_feed(
    loopback: Settings, newsletter: Newsletter, shared: Path, first: dt.date, count: int
) -> None:
    """Weekends, holidays and double issues: every issue is told once, under a name of its own."""
    before = first - dt.timedelta(days=1)
    days = listed(before, before + dt.timedelta(days=count - 1), shared)
    table = nights(loopback, newsletter, days, first, count)
    issues = sorted(slug for slugs in days.values() for slug in slugs)
    assert sorted(told(loopback).values()) == issues
    quiet = [done for _, done in table if done in {"nothing new", "stale"}]
    assert len(quiet) == count - sum("=" in done for _, done in table)
    double = {slug for slugs in days.values() if len(slugs) > 1 for slug in slugs}
    for slug in double:
        assert list(told(loopback).values()).count(slug) == 1


def test_a_site_that_stops_for_six_days_is_caught_up_with(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """Five issues come back at once: the newest under today's date, the others under their own."""
    newsletter.publish("26-01-05-not-much", 2)
    assert [made.path.stem for made in night(loopback, dt.date(2026, 1, 6))] == ["2026-01-06"]
    newsletter.down = True
    for day in range(7, 13):
        with pytest.raises(SourceError, match="503"):
            night(loopback, dt.date(2026, 1, day))
    newsletter.down = False
    for slug in ("26-01-06-a", "26-01-07-b", "26-01-08-c", "26-01-09-d", "26-01-12-e"):
        newsletter.publish(slug, 2)
    assert [made.path.stem for made in night(loopback, dt.date(2026, 1, 13))] == [
        "2026-01-06-2", "2026-01-07", "2026-01-08", "2026-01-09", "2026-01-13",
    ]  # fmt: skip
    assert told(loopback)["2026-01-06"] == "26-01-05-not-much"
    assert told(loopback)["2026-01-06-2"] == "26-01-06-a"
    assert night(loopback, dt.date(2026, 1, 13)) == []


def test_more_than_five_missed_issues_take_several_nights(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """The newest is told at once, the oldest follow, and the run says how many wait."""
    newsletter.publish("26-01-05-not-much", 2)
    night(loopback, dt.date(2026, 1, 6))
    for number in range(6, 14):
        newsletter.publish(f"26-01-{number:02d}-issue", 2)
    notes = Notes()
    stems = [made.path.stem for made in night(loopback, dt.date(2026, 1, 14), notes)]
    assert stems == ["2026-01-06-2", "2026-01-07", "2026-01-08", "2026-01-09", "2026-01-14"]
    assert any(
        "3 more issues wait" in line and "--since 2026-01-10" in line for line in notes.lines
    )
    stems = [made.path.stem for made in night(loopback, dt.date(2026, 1, 15))]
    assert stems == ["2026-01-10", "2026-01-11", "2026-01-12"]
    assert night(loopback, dt.date(2026, 1, 16)) == []


def test_the_first_night_of_all_tells_the_newest_issue_only(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """Whoever begins today is not given last month, neither today nor tomorrow."""
    for slug in ("26-01-05-a", "26-01-06-b", "26-01-07-c"):
        newsletter.publish(slug, 2)
    assert [_slug(made) for made in night(loopback, dt.date(2026, 1, 8))] == ["26-01-07-c"]
    assert night(loopback, dt.date(2026, 1, 9)) == []


def test_an_old_digest_does_not_bring_years_back(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """After a digest of 2024 the nightly run takes the issues of the last days, not all since."""
    for slug in ("24-02-29-old", "25-06-01-between", "26-01-06-b", "26-01-07-c"):
        newsletter.publish(slug, 2)
    night(
        loopback,
        dt.date(2026, 1, 8),
        wanted=RunRequest(issue="24-02-29-old", date=dt.date(2024, 2, 29)),
    )
    made = [_slug(made) for made in night(loopback, dt.date(2026, 1, 8))]
    assert made == ["26-01-06-b", "26-01-07-c"]


def test_one_bad_issue_of_a_night_stops_no_other_and_is_tried_again(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """The others are published, the failure ends the run, and the next night tries it once more."""
    newsletter.publish("26-01-05-not-much", 2)
    night(loopback, dt.date(2026, 1, 6))
    newsletter.publish(
        "26-01-06-bad", page="<html><body>26-01-06-bad <article>gone</article></body></html>"
    )
    newsletter.publish("26-01-07-good", 2)
    notes = Notes()
    with pytest.raises(DigestError, match="26-01-06-bad"):
        night(loopback, dt.date(2026, 1, 8), notes)
    assert "2026-01-08" in told(loopback)
    with pytest.raises(DigestError, match="26-01-06-bad"):
        night(loopback, dt.date(2026, 1, 9))
    assert len(told(loopback)) == 2


def test_a_second_issue_of_the_day_gets_a_name_of_its_own(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """An issue that appears after the nightly run of that date overwrites nothing."""
    day = dt.date(2026, 1, 8)
    newsletter.publish("26-01-07-morning", 2)
    night(loopback, day)
    newsletter.publish("26-01-07-evening", 2)
    assert [made.path.stem for made in night(loopback, day)] == ["2026-01-08-2"]
    assert told(loopback)["2026-01-08"] == "26-01-07-morning"


def test_force_makes_the_newest_issue_again_and_no_other(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """Nothing that was missed is mixed into what somebody forces."""
    newsletter.publish("26-01-05-a", 2)
    night(loopback, dt.date(2026, 1, 6))
    newsletter.publish("26-01-06-b", 2)
    newsletter.publish("26-01-07-c", 2)
    forced = night(loopback, dt.date(2026, 1, 8), wanted=RunRequest(force=True))
    assert [_slug(made) for made in forced] == ["26-01-07-c"]


def test_a_digest_is_made_again_with_the_memory_it_had(
    loopback: Settings, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """An older issue that is digested later changes no digest that is there: no call, same bytes."""
    newsletter.publish("26-01-05-a", 3)
    newsletter.publish("26-01-07-c", 3)
    for slug, day in (("26-01-05-a", 5), ("26-01-07-c", 7)):
        night(
            loopback, dt.date(2026, 1, 8), wanted=RunRequest(issue=slug, date=dt.date(2026, 1, day))
        )
    before = (loopback.outputs_dir / "2026-01-07.json").read_bytes()
    assert json.loads(before)["provenance"]["memory"] == ["2026-01-05"]
    newsletter.publish("26-01-06-b", 3)
    night(
        loopback,
        dt.date(2026, 1, 8),
        wanted=RunRequest(issue="26-01-06-b", date=dt.date(2026, 1, 6)),
    )
    asked = len(writer.requests)
    assert [
        made.changed
        for made in night(
            loopback, dt.date(2026, 1, 9), wanted=RunRequest(date=dt.date(2026, 1, 7))
        )
    ] == [False]
    assert len(writer.requests) == asked
    assert (loopback.outputs_dir / "2026-01-07.json").read_bytes() == before


def test_two_runs_at_once_pay_once(
    loopback: Settings, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """The second waits for the first, finds its digest, and asks nothing."""
    from concurrent.futures import ThreadPoolExecutor

    newsletter.publish("26-01-07-c", 3)
    with ThreadPoolExecutor(2) as pool:
        notes = [Notes(), Notes()]
        runs = [pool.submit(night, loopback, dt.date(2026, 1, 8), each) for each in notes]
        made = [each.result() for each in runs]
    assert sorted(map(len, made)) == [0, 1]
    assert list(told(loopback)) == ["2026-01-08"]
    texts = [json.dumps(request.messages) for request in writer.requests]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2025-12-31T15:59:59+00:00", "2025-12-31"),
        ("2025-12-31T16:00:00+00:00", "2026-01-01"),
        ("2026-02-28T23:30:00-05:00", "2026-03-01"),
        ("2026-08-23T00:00:00+08:00", "2026-08-23"),
    ],
)
def test_the_day_begins_at_midnight_in_shanghai(now: str, day: str) -> None:
    """The runner's own zone has no say in a digest's date."""
    assert today(dt.datetime.fromisoformat(now)) == dt.date.fromisoformat(day)
    assert today() == dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()


def test_a_model_that_is_down_stops_the_night_at_once(
    loopback: Settings, newsletter: Newsletter, tmp_path: Path
) -> None:
    """What is wrong with the model is wrong for all issues: no second one is tried."""
    for slug in ("26-01-05-a", "26-01-06-b"):
        newsletter.publish(slug, 2)
    night(loopback, dt.date(2026, 1, 6), wanted=RunRequest(issue="26-01-05-a"))
    newsletter.publish("26-01-07-c", 2)
    with OpenAIServer(behave=lambda _request: html) as broken:
        down = loopback.model_copy(
            update={"openai_base_url": broken.base_url, "cache_dir": tmp_path / "other"}
        )
        with pytest.raises(DigestError):
            night(down, dt.date(2026, 1, 8))
        assert len(broken.requests) == 1


@pytest.mark.parametrize("kept", [0.98, 0.5, 0.0], ids=["most is left", "half is left", "blank"])
def test_a_digest_that_is_cut_off_is_not_made_a_second_time(
    loopback: Settings, newsletter: Newsletter, kept: float
) -> None:
    """Its issue is known from what is left or its Markdown; the night ends with how it comes back."""
    newsletter.publish("26-01-05-not-much", 2)
    night(loopback, dt.date(2026, 1, 6))
    file = loopback.outputs_dir / "2026-01-06.json"
    whole = file.read_bytes()
    cut = whole[: int(len(whole) * kept)]
    file.write_bytes(cut)
    for day in (6, 7):
        with pytest.raises(PageNotUnderstood, match=r"2026-01-06\.json.*--date 2026-01-06 --force"):
            night(loopback, dt.date(2026, 1, day))
    newsletter.publish("26-01-07-not-much", 2)
    with pytest.raises(PageNotUnderstood, match=r"2026-01-06\.json"):
        night(loopback, dt.date(2026, 1, 8))
    assert told(loopback) == {"2026-01-08": "26-01-07-not-much"}
    assert file.read_bytes() == cut
    for wanted in (
        RunRequest(date=dt.date(2026, 1, 6)),
        RunRequest(issue="26-01-05-not-much", date=dt.date(2026, 1, 6)),
    ):
        with pytest.raises(PageNotUnderstood, match="restore the file"):
            night(loopback, dt.date(2026, 1, 8), wanted=wanted)
    night(loopback, dt.date(2026, 1, 8), wanted=wanted.model_copy(update={"force": True}))
    assert told(loopback) == {
        "2026-01-06": "26-01-05-not-much",
        "2026-01-08": "26-01-07-not-much",
    }
    assert night(loopback, dt.date(2026, 1, 8)) == []
