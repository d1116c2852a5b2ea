"""What is published, what becomes a draft, and what a failure of one issue means for the others."""

import datetime as dt
import threading
import time
from pathlib import Path

import pytest

from build import entry
from newsletter import Newsletter
from nights import night, told
from openai_server import OpenAIServer, no_credit
from pipeline.errors import DigestError, ModelError, NotPublished, PageNotUnderstood, SourceError
from pipeline.plan import RunRequest
from pipeline.publish import write_or_draft
from pipeline.records import Digest, EntryKind, Finding
from pipeline.settings import Settings
from pipeline.write.files import write
from pipeline.write.head import read_head
from pipeline.write.lock import issue_lock
from test_plan import Notes

DAY = dt.date(2026, 1, 8)


def of_quotations(quoted: int, entries: int = 6, *, slug: str = "x") -> Digest:
    """Write a digest of which so many entries are quotations, half of them tools."""
    made = []
    for number in range(entries):
        kind: EntryKind = "tool" if number % 2 else "news"
        one = entry(f"s{number:02d}", None, kind)
        made.append(one.model_copy(update={"quoted": number < quoted}))
    return Digest(
        date=DAY,
        issue_url=f"https://news.smol.ai/issues/{slug}/",
        news=tuple(each for each in made if each.kind == "news"),
        tools=tuple(each for each in made if each.kind == "tool"),
    )


@pytest.mark.parametrize(
    ("entries", "quoted", "most", "published"),
    [
        (6, 0, 2, True),
        (6, 2, 2, True),
        (6, 3, 2, False),
        (6, 0, 0, True),
        (6, 1, 0, False),
        (3, 2, 2, True),
        (2, 2, 2, False),
        (2, 1, 2, True),
        (1, 1, 2, False),
        (6, 6, 40, False),
        (6, 5, 40, True),
    ],
)
def test_a_digest_of_too_many_quotations_is_a_draft(
    loopback: Settings, entries: int, quoted: int, most: int, *, published: bool
) -> None:
    """As many as are allowed may be, but never all of them."""
    settings = loopback.model_copy(update={"max_degraded": most})
    digest = of_quotations(quoted, entries)
    if published:
        made = write_or_draft(digest, "2026-01-08", settings=settings, progress=Notes())
        assert made.path == settings.outputs_dir / "2026-01-08.md"
        assert (made.digest, made.changed) == (digest, True)
        assert not write_or_draft(digest, "2026-01-08", settings=settings, progress=Notes()).changed
    else:
        with pytest.raises(NotPublished, match=f"{quoted} of {entries} .*and {most} may"):
            write_or_draft(digest, "2026-01-08", settings=settings, progress=Notes())
        assert [path.name for path in settings.outputs_dir.iterdir()] == ["drafts"]


def untold_places(count: int) -> tuple[Finding, ...]:
    """Write a warning for each of so many places that stay empty."""
    return tuple(
        Finding(entry=f"s{at}", check="told", severity="warning", expected="", found="no entry")
        for at in range(50, 50 + count)
    )


@pytest.mark.parametrize(
    ("entries", "untold", "most", "published"),
    [
        (1, 2, 2, True),
        (1, 3, 2, False),
        (1, 2, 0, False),
        (14, 4, 2, True),
        (10, 10, 2, True),
        (9, 11, 2, False),
        (9, 11, 11, True),
    ],
)
def test_a_digest_that_lacks_more_than_it_tells_is_a_draft(
    loopback: Settings, entries: int, untold: int, most: int, *, published: bool
) -> None:
    """Of a model that only translates, whose stories are left out where they fail."""
    settings = loopback.model_copy(update={"max_degraded": most})
    digest = of_quotations(0, entries).model_copy(update={"findings": untold_places(untold)})
    if published:
        made = write_or_draft(digest, "2026-01-08", settings=settings, progress=Notes())
        head = read_head(made.path.with_suffix(".json").read_bytes())
        assert head is not None
        assert (head.untold, head.severities.count("warning")) == (untold, untold)
        return
    with pytest.raises(NotPublished, match=f"{untold} of {entries + untold} entries of"):
        write_or_draft(digest, "2026-01-08", settings=settings, progress=Notes())
    assert [path.name for path in settings.outputs_dir.iterdir()] == ["drafts"]


def test_publishing_takes_the_draft_of_its_issue_away(loopback: Settings) -> None:
    """Also where the digest was published under the same name before; others stay."""
    with pytest.raises(NotPublished):
        write_or_draft(of_quotations(6), "2026-01-08", settings=loopback, progress=Notes())
    write(of_quotations(0, slug="y"), loopback.outputs_dir, "2026-01-09", draft=True)
    write_or_draft(of_quotations(0), "2026-01-08", settings=loopback, progress=Notes())
    drafts = loopback.outputs_dir / "drafts"
    assert sorted(path.name for path in drafts.iterdir()) == ["2026-01-09.json", "2026-01-09.md"]


def while_held(settings: Settings, slug: str, wanted: RunRequest, notes: Notes) -> list[str]:
    """Run while another run has the issue's lock; it makes the digest and then lets go."""
    made: list[str] = []

    def second() -> None:
        made.extend(each.path.stem for each in night(settings, DAY, notes, wanted))

    thread = threading.Thread(target=second, daemon=True)
    with issue_lock(settings.lock_dir, settings.outputs_dir, slug, pytest.fail):
        thread.start()
        until = time.monotonic() + 20
        while not any("another run" in line for line in notes.lines):
            assert time.monotonic() < until, notes.lines
            time.sleep(0.005)
        other = settings.model_copy(update={"cache_dir": settings.cache_dir / "other"})
        night(other, DAY, wanted=RunRequest(issue=slug))
    thread.join(20)
    assert not thread.is_alive()
    return made


def test_a_night_that_waited_makes_nothing_again(
    loopback: Settings, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """The other run has digested it, and that is said."""
    newsletter.publish("26-01-07-c", 1)
    notes = Notes()
    assert while_held(loopback, "26-01-07-c", RunRequest(), notes) == []
    assert any("the other run has digested" in line for line in notes.lines)
    assert len({str(request.body) for request in writer.requests}) == len(writer.requests)


def test_a_named_issue_that_waited_is_made_all_the_same(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """Somebody wants it now: its digest is given, whoever made it first."""
    newsletter.publish("26-01-07-c", 1)
    made = while_held(loopback, "26-01-07-c", RunRequest(issue="26-01-07-c"), Notes())
    assert made == ["2026-01-07"]


def test_a_night_that_waited_in_vain_makes_the_digest(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """The other run failed, so nothing tells the issue yet."""
    newsletter.publish("26-01-07-c", 1)
    notes = Notes()
    made: list[str] = []
    thread = threading.Thread(
        target=lambda: made.extend(each.path.stem for each in night(loopback, DAY, notes)),
        daemon=True,
    )
    with issue_lock(loopback.lock_dir, loopback.outputs_dir, "26-01-07-c", pytest.fail):
        thread.start()
        until = time.monotonic() + 20
        while not any("another run" in line for line in notes.lines):
            assert time.monotonic() < until, notes.lines
            time.sleep(0.005)
    thread.join(20)
    assert made == ["2026-01-08"]


def test_of_several_failures_the_first_ends_the_night(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """Each is said under its issue's name; issues are named where there are several."""
    newsletter.publish("26-01-04-a", 1)
    notes = Notes()
    night(loopback, dt.date(2026, 1, 5), notes)
    assert not any(line.startswith("26-01-04-a under") for line in notes.lines)
    for slug in ("26-01-05-bad", "26-01-06-worse"):
        newsletter.publish(slug, page=f"<html>{slug} <article>gone</article></html>")
    newsletter.publish("26-01-07-c", 1)
    notes = Notes()
    with pytest.raises(PageNotUnderstood, match="26-01-05-bad"):
        night(loopback, DAY, notes)
    for slug, day in (("26-01-05-bad", 5), ("26-01-06-worse", 6), ("26-01-07-c", 8)):
        assert f"{slug} under 2026-01-0{day}" in notes.lines
    assert [line[:21] for line in notes.lines if "is not an issue" in line] == [
        "error: 26-01-05-bad: ",
        "error: 26-01-06-worse",
    ]
    assert told(loopback)["2026-01-08"] == "26-01-07-c"


def test_a_failure_of_the_only_issue_is_said_once(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """It ends the run; no line before says it too."""
    newsletter.publish("26-01-07-bad", page="<html>26-01-07-bad <article>gone</article></html>")
    notes = Notes()
    with pytest.raises(PageNotUnderstood):
        night(loopback, DAY, notes)
    assert notes.lines == []


def test_what_a_run_cost_is_said_also_where_it_failed_or_cost_nothing(
    loopback: Settings, newsletter: Newsletter, tmp_path: Path
) -> None:
    """One line at its end; none where nothing was answered."""
    newsletter.publish("26-01-07-c", 1)
    notes, again = Notes(), Notes()
    night(loopback, DAY, notes)
    night(loopback, DAY, again, RunRequest(issue="26-01-07-c", force=True))
    assert len([line for line in notes.lines if "calls" in line]) == 1
    assert again.lines
    assert "calls" in again.lines[-1]
    with OpenAIServer(behave=lambda _request: no_credit) as server:
        broken = loopback.model_copy(
            update={"openai_base_url": server.base_url, "cache_dir": tmp_path / "other"}
        )
        none = Notes()
        with pytest.raises(ModelError):
            night(broken, DAY, none, RunRequest(issue="26-01-07-c"))
    assert not any("calls" in line for line in none.lines)


def test_nothing_new_asks_no_model(
    loopback: Settings, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """A second night on the same issue gives nothing, and an unknown issue is an error."""
    newsletter.publish("26-01-07-c", 1)
    night(loopback, DAY)
    asked = len(writer.requests)
    assert night(loopback, DAY) == []
    with pytest.raises((SourceError, DigestError), match="26-01-09-x"):
        night(loopback, DAY, wanted=RunRequest(issue="26-01-09-x"))
    assert len(writer.requests) == asked


def test_what_is_forced_is_made_although_it_is_told(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """Nobody else is at work on it, so nothing is new but that somebody wants it."""
    newsletter.publish("26-01-07-c", 1)
    night(loopback, DAY)
    forced = night(loopback, DAY + dt.timedelta(days=1), wanted=RunRequest(force=True))
    assert [made.path.stem for made in forced] == ["2026-01-09"]
