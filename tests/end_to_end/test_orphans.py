"""Markdown whose JSON is gone may hold somebody's words: it is not written over unseen."""

import datetime as dt
import errno
import io
import json
import shlex
import shutil
import sqlite3
from pathlib import Path

import pytest

from editor import answer
from faults.bench import SLUG, FaultBench
from newsletter import Newsletter
from nights import night, told
from openai_batches import Batches
from openai_server import OpenAIServer
from pipeline.batch import backfill
from pipeline.errors import NotPublished
from pipeline.ops import status
from pipeline.plan import RunRequest
from pipeline.progress import TerminalBatchProgress
from pipeline.publish import run_request
from pipeline.settings import Settings
from pipeline.write.state import read_state
from test_plan import Notes

DAY = dt.date(2026, 1, 8)
NAME = "2026-01-08"
ISSUE = "26-01-07-a"


def orphan(settings: Settings, name: str, words: str = "") -> Path:
    """Take the JSON of a digest away, and change its Markdown by hand."""
    (settings.outputs_dir / f"{name}.json").unlink()
    file = settings.outputs_dir / f"{name}.md"
    file.write_text(file.read_text(encoding="utf-8") + words, encoding="utf-8")
    return file


@pytest.mark.parametrize("wanted", [None, RunRequest(issue=ISSUE), RunRequest(date=DAY)])
def test_words_by_hand_outlive_their_json(
    loopback: Settings, newsletter: Newsletter, wanted: RunRequest | None
) -> None:
    """Neither a night nor a named run writes over them, unless it is forced."""
    newsletter.publish(ISSUE, 2)
    night(loopback, DAY)
    file = orphan(loopback, NAME, "\nwords by hand\n")
    for day in (DAY, DAY + dt.timedelta(days=2)):
        with pytest.raises(NotPublished, match=f"--issue {ISSUE} --date {NAME} --force"):
            night(loopback, day, wanted=wanted)
    assert "words by hand" in file.read_text(encoding="utf-8")
    assert told(loopback) == {}
    forced = (wanted or RunRequest(issue=ISSUE)).model_copy(update={"force": True})
    night(loopback, DAY, wanted=forced)
    assert "words by hand" not in file.read_text(encoding="utf-8")
    assert told(loopback) == {NAME: ISSUE}


@pytest.mark.parametrize("later", [0, 3])
def test_what_would_be_written_gets_its_json_back_under_its_name(
    loopback: Settings, newsletter: Newsletter, later: int
) -> None:
    """A night knows the issue from the Markdown, also where that has a name with a number."""
    for slug in ("26-01-06-a", "26-01-07-b"):
        newsletter.publish(slug, 2)
        night(loopback, DAY)
    before = told(loopback)
    kept = {file.name: file.read_bytes() for file in loopback.outputs_dir.iterdir()}
    assert sorted(before) == [NAME, f"{NAME}-2"]
    for name in before:
        orphan(loopback, name)
        newsletter.publish(f"26-01-08-{name[-1]}", 2) if later else None
        night(loopback, DAY + dt.timedelta(days=later))
        assert before.items() <= told(loopback).items()
    assert kept.items() <= {f.name: f.read_bytes() for f in loopback.outputs_dir.iterdir()}.items()


@pytest.mark.parametrize(
    "text", ["", "my notes\n", "> [原文链接](https://news.smol.ai/issues/x/)\n"]
)
def test_a_file_of_somebody_is_not_written_over(
    loopback: Settings, newsletter: Newsletter, text: str
) -> None:
    """One that names no issue is refused; beside one of another issue the next name is taken."""
    loopback.outputs_dir.mkdir()
    file = loopback.outputs_dir / f"{NAME}.md"
    file.write_text(text, encoding="utf-8")
    newsletter.publish(ISSUE, 2)
    if "issues/x/" in text:
        assert [made.path.stem for made in night(loopback, DAY)] == [f"{NAME}-2"]
    else:
        with pytest.raises(NotPublished, match="restore the JSON"):
            night(loopback, DAY)
    assert file.read_text(encoding="utf-8") == text


def test_an_orphan_stops_no_other_issue(loopback: Settings, newsletter: Newsletter) -> None:
    """The night makes the others; a backfill says which one it leaves; `status` shows it."""
    newsletter.publish("26-01-06-a", 2)
    night(loopback, dt.date(2026, 1, 7))
    orphan(loopback, "2026-01-07", "by hand\n")
    newsletter.publish(ISSUE, 2)
    made = run_request(
        RunRequest(), settings=loopback, today=DAY, progress=Notes(), stdin=io.BytesIO()
    )
    assert next(made).path.stem == NAME
    with pytest.raises(NotPublished):
        list(night(loopback, dt.date(2026, 1, 9)))
    since = dt.date(2026, 1, 6)
    with TerminalBatchProgress() as shown:
        report = backfill(since, DAY, settings=loopback, progress=shown)
    found = {one.slug: (one.status, one.exit_code) for one in report.outcomes}
    assert found == {"26-01-06-a": ("failed", 1), ISSUE: ("skipped", 0)}
    row = status(loopback.outputs_dir, None, since=since, until=DAY, stale_after_days=5).rows[0]
    assert (row.condition, row.digests, row.date) == ("missing", ("2026-01-07",), since)
    assert row.command == "ainews-digest run --issue 26-01-06-a --date 2026-01-07 --force"
    assert "without its JSON" in row.note


@pytest.mark.parametrize("how", ["no answers", "one answer missing", "asked again", "no name"])
def test_nothing_is_asked_for_what_would_be_refused(bench: FaultBench, how: str) -> None:
    """What the kept answers make has its JSON back; all else is refused before it costs anything."""
    server = bench.model()
    assert bench.file().code == 0
    (bench.outputs / "2026-01-30.json").unlink()
    markdown = bench.outputs / "2026-01-30.md"
    options: tuple[str, ...] = ()
    if how == "no answers":
        shutil.rmtree(bench.cache)
    elif how == "one answer missing":
        with sqlite3.connect(bench.cache / "cache.sqlite") as cache:
            cache.execute("DELETE FROM replies WHERE key = (SELECT max(key) FROM replies)")
            cache.execute("DELETE FROM answers")
        cache.close()
    elif how == "asked again":
        options = ("--refresh", "translate")
    else:
        shutil.rmtree(bench.cache)
        markdown.write_text("by hand\n", encoding="utf-8")
    before = markdown.read_bytes()
    server.requests.clear()
    words = ("run", "--source", f"{SLUG}.md", "--date", "2026-01-30", *options)
    ended = bench.run(*words)
    assert (ended.code, server.requests) == (1, [])
    assert "--force` writes over it; nothing was asked" in ended.last
    assert markdown.read_bytes() == before
    assert bench.run(*words, "--force").code == 0
    assert server.requests
    (bench.outputs / "2026-01-30.json").unlink()
    server.requests.clear()
    assert bench.file().code == 0
    assert server.requests == []
    assert bench.names() == ("2026-01-30",)


def test_no_batch_asks_for_what_would_be_refused(
    loopback: Settings, newsletter: Newsletter, tmp_path: Path
) -> None:
    """Only the other issue is asked for."""
    for slug in ("26-01-06-a", ISSUE):
        newsletter.publish(slug, 2)
    batches = Batches()
    since = dt.date(2026, 1, 6)
    with OpenAIServer(answer=answer, batches=batches) as server, TerminalBatchProgress() as shown:
        settings = Settings.model_validate(
            loopback.model_dump()
            | {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "sk-test", "proofread": "off"}
        )
        backfill(since, since, settings=settings, progress=shown)
        orphan(settings, "2026-01-06")
        server.requests.clear()
        aside = settings.model_copy(update={"cache_dir": tmp_path / "new"})
        report = backfill(since, DAY, settings=aside, progress=shown, batch=True)
    assert [outcome.status for outcome in report.outcomes] == ["failed", "done"]
    sent = [json.dumps(line["body"]) for line in batches.asked]
    sent += [json.dumps(request.body) for request in server.requests]
    assert sent
    assert not [text for text in sent if "26-01-06" in text or "January 6" in text]
    assert report.batch is not None
    assert report.batch.questions == 2


@pytest.mark.parametrize("text", ["", "by hand\n"])
def test_status_lists_every_markdown_without_its_json(
    loopback: Settings, newsletter: Newsletter, text: str
) -> None:
    """Also one whose issue another digest tells, and one that names no issue."""
    newsletter.publish(ISSUE, 2)
    night(loopback, DAY)
    lone = loopback.outputs_dir / "2026-01-07.md"
    told = (loopback.outputs_dir / f"{NAME}.md").read_text(encoding="utf-8")
    lone.write_text(text or told, encoding="utf-8")
    since = dt.date(2026, 1, 6)
    found = status(loopback.outputs_dir, None, since=since, until=DAY, stale_after_days=5)
    (warning,) = found.warnings
    assert f"{lone} lies there without its JSON" in warning
    assert [row.condition for row in found.rows] == ["done"]
    later = status(loopback.outputs_dir, None, since=DAY, until=DAY, stale_after_days=5)
    assert later.warnings == ()


def test_a_digest_without_its_json_is_offered_the_command_that_makes_it(bench: FaultBench) -> None:
    """With its issue and --force, to `show` and `edit` alike."""
    bench.model()
    assert bench.file().code == 0
    (bench.outputs / "2026-01-30.json").unlink()
    shutil.rmtree(bench.cache)
    for command in (("show", "2026-01-30"), ("edit", "2026-01-30", "--drop", "news:1")):
        ended = bench.run(*command)
        assert ended.code == 2
        assert f"`ainews-digest run --issue {SLUG} --date 2026-01-30 --force`" in ended.last


@pytest.mark.parametrize("folder", [(), ("--out", "else where")])
def test_a_dry_run_says_what_would_be_refused_and_the_command_works(
    bench: FaultBench, folder: tuple[str, ...]
) -> None:
    """It ends with the code of the run, and the command that the error names is pasted as it is."""
    bench.model()
    outputs = bench.tmp_path / "else where" if folder else bench.outputs
    again = ("run", "--source", f"{SLUG}.md", "--date", "2026-01-30", *folder)
    assert bench.run(*again).code == 0
    (outputs / "2026-01-30.json").unlink()
    same = bench.run(*again, "--dry-run")
    assert (same.code, "refused" in same.out) == (0, False)
    file = outputs / "2026-01-30.md"
    file.write_text("by hand\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    dry, run = bench.run(*again, "--dry-run"), bench.run(*again)
    assert (dry.code, run.code) == (1, 1)
    assert "would be refused" in dry.out
    assert "refused" in dry.last
    for said in (dry.out, run.last):
        command = shlex.split(said[said.index("`ainews-digest") :].split("`")[1])
        assert command[1:] == ["run", "--issue", SLUG, "--date", "2026-01-30", "--force", *folder]
    forced = bench.run(*again, "--force", "--dry-run")
    assert (forced.code, "writes over the Markdown" in forced.out) == (0, True)


def test_a_later_version_is_offered_no_force(loopback: Settings, newsletter: Newsletter) -> None:
    """Whatever of its JSON can be read: all that helps is an update, and the night leaves it."""
    newsletter.publish(ISSUE, 2)
    night(loopback, DAY)
    file = loopback.outputs_dir / f"{NAME}.json"
    text = file.read_text(encoding="utf-8")
    for form in (text, json.dumps({"date": NAME, "slug": ISSUE})):
        later = {**json.loads(form), "format_version": 99}
        file.write_text(json.dumps(later, indent=2), encoding="utf-8")
        rows = status(loopback.outputs_dir, None, since=DAY, until=DAY, stale_after_days=5).rows
        rows += status(
            loopback.outputs_dir, None, since=dt.date(2026, 1, 7), until=dt.date(2026, 1, 7),
            stale_after_days=5,
        ).rows  # fmt: skip
        # It is of both dates: that of its name, and its issue's where that can be read.
        assert rows
        for row in rows:
            assert (row.condition, row.command) == ("damaged", "")
            assert "update this program" in row.note
            assert "make it again" not in row.note


def test_a_file_that_is_locked_away_is_not_damaged(
    loopback: Settings, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its permissions are named, and no command that would write over it."""
    newsletter.publish(ISSUE, 2)
    night(loopback, DAY)

    def refuse(file: Path) -> bytes:
        if file.suffix == ".json":
            raise PermissionError(errno.EACCES, "Permission denied", str(file))
        return file.read_bytes()

    monkeypatch.setattr("pipeline.write.state.read_regular", refuse)
    monkeypatch.setattr("pipeline.write.orphans.read_regular", refuse)
    (hurt,) = read_state(loopback.outputs_dir).damaged
    assert hurt.slug == ISSUE
    assert hurt.command == ""
    assert hurt.line == f"{NAME}.json: it cannot be read: permission denied"
    assert "permissions" in hurt.remedy
    assert "--force" not in hurt.remedy


def test_what_is_made_again_by_force_is_not_said_to_be_left(
    loopback: Settings, newsletter: Newsletter
) -> None:
    """A damaged digest is a warning of a run that leaves it, and of no other."""
    newsletter.publish(ISSUE, 2)
    night(loopback, DAY)
    (loopback.outputs_dir / f"{NAME}.json").write_text("{", encoding="utf-8")
    notes = Notes()
    night(loopback, DAY, notes, RunRequest(date=DAY, force=True))
    assert not any("not digested again" in line for line in notes.lines)
    assert told(loopback) == {NAME: ISSUE}


def test_a_dry_refresh_counts_the_proofreading(bench: FaultBench) -> None:
    """As many questions as the refresh asks where no check fails."""
    server = bench.model()
    assert bench.file().code == 0
    words = ("run", "--date", "2026-01-30", "--source", f"{SLUG}.md", "--refresh", "news:1")
    plan = json.loads(bench.run(*words, "--dry-run", "--json").out)["refresh"]
    server.requests.clear()
    assert bench.run(*words).code == 0
    assert len(server.requests) == plan["questions"]
