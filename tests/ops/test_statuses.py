"""What became of each issue, told from the outputs and the feed."""

import datetime as dt
import json
import shlex
import subprocess
from pathlib import Path

import pytest

from build import entry
from newsletter import Newsletter
from pipeline.cli import main
from pipeline.ops import Status, status
from pipeline.records import Coverage, Digest, Finding, IssueRef, Provenance
from pipeline.write.files import write
from pipeline.write.json_format import from_json
from repository import DigestRepository, isolate_git

SINCE, UNTIL = dt.date(2026, 1, 26), dt.date(2026, 2, 8)


def ref(slug: str) -> IssueRef:
    """List an issue."""
    day = dt.datetime.strptime(slug[:8], "%y-%m-%d").replace(tzinfo=dt.UTC).date()
    return IssueRef(slug=slug, date=day, title="not much")


def put(folder: Path, day: str, slug: str, *, quoted: int = 0, draft: bool = False) -> str:
    """Write a digest of three entries; gives the name of its files."""
    told = entry("s01", None)
    digest = Digest(
        date=dt.date.fromisoformat(day),
        issue_url=f"https://news.smol.ai/issues/{slug}/",
        news=(told.model_copy(update={"quoted": quoted > 0}), told),
        tools=(told.model_copy(update={"kind": "tool", "quoted": quoted > 1}),),
        provenance=Provenance(
            slug=slug,
            title="not much",
            issue_date=dt.date(2026, 1, 30),
            source="site",
            page_sha256="0" * 64,
            model="test",
            prompts={},
            coverage=Coverage(characters=1, mentions={}, stories=3, shown=3),
        ),
    )
    return write(digest, folder, draft=draft).json_path.stem


def look(folder: Path, *slugs: str, until: dt.date = UNTIL) -> Status:
    """Look at a folder, with these issues in the feed."""
    refs = [ref(slug) for slug in slugs]
    return status(folder, refs, since=SINCE, until=until, stale_after_days=5)


def look_without_feed(folder: Path) -> Status:
    """Look at a folder where no feed can be read."""
    return status(folder, None, since=SINCE, until=UNTIL, stale_after_days=5)


def told(found: Status) -> dict[str, str]:
    """Give the condition of each row, by slug or by date."""
    return {row.issue or row.date.isoformat(): row.condition for row in found.rows}


def test_every_issue_and_every_date_without_one_has_a_row(tmp_path: Path) -> None:
    """Issues by what became of them, weekends as no issue, dates after a stop as stale."""
    put(tmp_path, "2026-01-28", "26-01-26-a")
    put(tmp_path, "2026-01-29", "26-01-27-b", quoted=2)
    put(tmp_path, "2026-01-30", "26-01-28-c", draft=True)
    slugs = ("26-01-29-d", "26-01-28-c", "26-01-27-b", "26-01-26-a")
    found = look(tmp_path, *slugs)
    assert told(found) == {
        "26-01-26-a": "done",
        "26-01-27-b": "degraded",
        "26-01-28-c": "draft",
        "26-01-29-d": "missing",
        **{f"2026-01-{day}": "no issue" for day in (30, 31)},
        **{f"2026-02-0{day}": "no issue" for day in (1, 2, 3)},
        "2026-02-04": "stale",
    }
    assert found.rows[-1].until == UNTIL
    assert [row.date for row in found.rows] == sorted(row.date for row in found.rows)
    rows = {row.issue: row for row in found.rows}
    assert (rows["26-01-27-b"].news, rows["26-01-27-b"].tools) == (2, 1)
    assert rows["26-01-27-b"].quotations == 2
    assert rows["26-01-28-c"].digests == ("2026-01-30",)
    assert found.to_text().endswith("\n1 done, 1 degraded, 1 draft, 1 missing, 5 no issue, 5 stale")


def test_errors_that_were_forced_are_named(tmp_path: Path) -> None:
    """Such a digest is not done; why an entry is quoted is no error of the digest."""
    put(tmp_path, "2026-01-28", "26-01-26-a", quoted=1)
    file = tmp_path / "2026-01-28.json"
    digest = from_json(file.read_text(encoding="utf-8"))
    for place, condition, many in (("news:1", "degraded", 0), ("news:2", "errors", 1)):
        finding = Finding(entry=place, check="name", severity="error", expected="", found="x")
        write(digest.model_copy(update={"findings": (finding,)}), tmp_path)
        found = look(tmp_path, "26-01-26-a", until=SINCE)
        (row,) = found.rows
        assert (row.condition, row.errors) == (condition, many)
    assert row.command == "ainews-digest verify 2026-01-28"
    assert row.note == "written with an error that the checks found"
    assert not found.needs_hand
    assert found.to_text().endswith("\n1 errors")


def test_places_that_stay_empty_are_named(tmp_path: Path) -> None:
    """Such a digest is not done, but needs no hand."""
    put(tmp_path, "2026-01-28", "26-01-26-a")
    digest = from_json((tmp_path / "2026-01-28.json").read_text(encoding="utf-8"))
    lost = Finding(entry="s07", check="told", severity="warning", expected="", found="x")
    write(digest.model_copy(update={"findings": (lost,)}), tmp_path)
    found = look(tmp_path, "26-01-26-a", until=SINCE)
    (row,) = found.rows
    assert (row.condition, row.errors) == ("degraded", 0)
    assert row.note == "1 chosen story could not be told, and nothing was left for the place"
    assert not found.needs_hand


def test_a_pause_that_ended_is_no_issue(tmp_path: Path) -> None:
    """Ten days of holidays before the newest issue are not stale."""
    found = look(tmp_path, "26-02-08-b", "26-01-26-a")
    assert {row.condition for row in found.rows} == {"missing", "no issue"}


def test_two_issues_of_a_date_have_a_row_each(tmp_path: Path) -> None:
    """And so have two digests of a date, whose issues are of other dates."""
    put(tmp_path, "2026-01-28", "26-01-26-a")
    assert put(tmp_path, "2026-01-28", "26-01-26-b") == "2026-01-28-2"
    found = look(tmp_path, "26-01-26-b", "26-01-26-a", "26-01-26-c", until=SINCE)
    assert told(found) == {"26-01-26-b": "done", "26-01-26-a": "done", "26-01-26-c": "missing"}
    assert {row.date for row in found.rows} == {SINCE}
    assert found.rows[0].digests == ("2026-01-28-2",)


@pytest.mark.parametrize(
    ("day", "seen"),
    [("01-25", False), ("01-26", True), ("02-08", True), ("02-09", False)],
)
def test_the_first_and_the_last_day_of_a_range_count(
    tmp_path: Path, day: str, *, seen: bool
) -> None:
    """A digest, a damaged file and an issue dated exactly `since` or `until` have a row."""
    put(tmp_path, f"2026-{day}", f"26-{day}-a")
    (tmp_path / f"2026-{day}-2.json").write_text("{", "utf-8")
    found = status(tmp_path, None, since=SINCE, until=UNTIL, stale_after_days=5)
    assert [row.condition for row in found.rows] == (["damaged", "done"] if seen else [])
    assert (f"26-{day}-b" in told(look(tmp_path, f"26-{day}-b"))) is seen


def test_an_issue_that_two_digests_tell_is_one_row(tmp_path: Path) -> None:
    """The earliest digest counts, and the other one is named."""
    put(tmp_path, "2026-01-28", "26-01-26-a")
    put(tmp_path, "2026-01-29", "26-01-26-a")
    found = look(tmp_path, "26-01-26-a", until=SINCE)
    assert len(found.rows) == 1
    assert found.rows[0].digests == ("2026-01-28", "2026-01-29")
    assert "also told by 2026-01-29" in found.to_text()


def test_a_draft_of_a_digested_issue_does_not_count(tmp_path: Path) -> None:
    """What was published after all is done."""
    put(tmp_path, "2026-01-28", "26-01-26-a", draft=True)
    put(tmp_path, "2026-01-28", "26-01-26-a")
    assert told(look(tmp_path, "26-01-26-a", until=SINCE)) == {"26-01-26-a": "done"}


@pytest.mark.parametrize("whole", [True, False], ids=["no digest", "cut off"])
def test_a_damaged_digest_is_told_with_the_reason(tmp_path: Path, *, whole: bool) -> None:
    """By the date of its issue, which is known from what is left; it is not missing, too."""
    put(tmp_path, "2026-01-28", "26-01-26-a")
    file = tmp_path / "2026-01-28.json"
    text = file.read_text(encoding="utf-8")
    if whole:
        file.write_text(text.replace('"issue_url"', '"address"'), encoding="utf-8")
    else:
        file.write_text(text[: len(text) // 2], encoding="utf-8")
    found = look(tmp_path, "26-01-26-a", until=dt.date(2026, 1, 28))
    damaged = [row for row in found.rows if row.condition == "damaged"]
    assert len(damaged) == 1
    assert damaged[0].digests == ("2026-01-28",)
    assert damaged[0].note
    assert (damaged[0].issue, damaged[0].date) == ("26-01-26-a", dt.date(2026, 1, 26))
    assert told(found)["26-01-26-a"] == "damaged"


def test_a_damaged_digest_comes_back_from_git_with_its_edits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed and whole is named first; making it again, which loses edits, beside it."""
    isolate_git(monkeypatch)
    held = DigestRepository(tmp_path)
    put(held.folder, "2026-01-28", "26-01-26-a")
    file = held.folder / "2026-01-28.json"
    whole = file.read_bytes()
    held.commit()
    for damaged, source in ((whole[:900], "HEAD"), (whole[:40], "HEAD")):
        file.write_bytes(damaged)
        found = look(held.folder, "26-01-26-a", until=dt.date(2026, 1, 28))
        (row,) = (row for row in found.rows if row.condition == "damaged")
        command = shlex.split(row.command)
        assert command[:3] == ["git", "-C", str(held.folder)]
        assert command[3:] == ["restore", f"--source={source}", "--", "2026-01-28.json"]
        assert row.issue is None or "run --issue 26-01-26-a" in row.note
        subprocess.run(command, check=True)
        assert file.read_bytes() == whole
    file.write_bytes(whole[:900])
    held.commit()
    (row,) = look(held.folder, "26-01-26-a", until=SINCE).rows
    subprocess.run(shlex.split(row.command), check=True)
    assert file.read_bytes() == whole


def test_a_damaged_digest_of_an_unknown_issue_counts_by_its_own_date(tmp_path: Path) -> None:
    """Its issue is missing then, as far as anybody knows."""
    (tmp_path / "2026-01-28.json").write_text("{", encoding="utf-8")
    found = look(tmp_path, "26-01-26-a", until=dt.date(2026, 1, 28))
    (damaged,) = (row for row in found.rows if row.condition == "damaged")
    assert damaged.date == dt.date(2026, 1, 28)
    assert told(found)["26-01-26-a"] == "missing"


def test_an_issue_from_a_file_is_told_by_the_date_in_its_digest(tmp_path: Path) -> None:
    """Its name has no date, and no feed lists it."""
    put(tmp_path, "2026-02-02", "letter-0123abcd")
    found = look(tmp_path, "26-01-26-a")
    rows = [row for row in found.rows if row.issue == "letter-0123abcd"]
    assert [(row.date, row.condition) for row in rows] == [(dt.date(2026, 1, 30), "done")]
    assert "2026-01-30" not in told(found)


def test_names_of_issues_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    """What a page calls itself is shown without its control characters."""
    put(tmp_path, "2026-02-02", "a\x1b[31m\nb")
    table = look(tmp_path).to_text()
    assert "\x1b" not in table
    assert "a[31m b" in table


def run(*arguments: str) -> int:
    """Call the command in this process."""
    with pytest.raises(SystemExit) as left:
        main(["status", *arguments])
    assert isinstance(left.value.code, int)
    return left.value.code


def test_the_command_asks_the_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows to standard output; without a feed what the outputs hold, and a warning."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "outputs", "2026-01-28", "26-01-26-a")
    options = ("--since", "2026-01-26", "--until", "2026-01-27", "--json")
    with Newsletter() as site:
        monkeypatch.setenv("AINEWS_SITE_URL", site.url)
        monkeypatch.setenv("AINEWS_SUBSTACK_URL", f"{site.url}no/")
        site.publish("26-01-26-a")
        site.publish("26-01-27-b")
        assert run(*options) == 0
        with_feed = json.loads(capsys.readouterr().out)
        site.down = True
        assert run(*options) == 0
    said = capsys.readouterr()
    without = json.loads(said.out)
    assert [row["condition"] for row in with_feed["rows"]] == ["done", "missing"]
    assert with_feed["warnings"] == []
    assert [row["condition"] for row in without["rows"]] == ["done"]
    assert "only what outputs holds is shown" in said.err
    assert without["warnings"][0] in said.err


def test_a_range_that_ends_before_it_begins_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2, and the line names both options."""
    assert run("--since", "2026-02-01", "--until", "2026-01-01") == 2
    assert "--since 2026-02-01 is after --until 2026-01-01" in capsys.readouterr().err


@pytest.mark.parametrize(("age", "condition"), [(5, "no issue"), (6, "stale")])
def test_a_date_is_stale_after_five_days(tmp_path: Path, age: int, condition: str) -> None:
    """The fifth is a pause still; the row says how many days there are."""
    day = SINCE + dt.timedelta(days=age)
    refs = [ref("26-01-26-a")]
    found = status(tmp_path, refs, since=day, until=day, stale_after_days=5)
    assert [row.condition for row in found.rows] == [condition]
    assert ("6 days older" in found.rows[0].note) is (age == 6)


def test_a_date_to_come_is_not_without_an_issue(tmp_path: Path) -> None:
    """Its issue may come yet; a digest that is dated so has its issue's row."""
    refs = [ref("26-01-26-a")]
    put(tmp_path, "2026-01-28", "26-01-26-a")
    found = status(
        tmp_path, refs, since=SINCE, until=UNTIL, stale_after_days=5, today=dt.date(2026, 1, 28)
    )
    assert [row.date.day for row in found.rows] == [26, 27, 28]
    assert found.rows[2].note == "its digest 2026-01-28 tells 26-01-26-a"


def test_both_ends_of_the_range_belong_to_it(tmp_path: Path) -> None:
    """Issues, digests and dates without one; nothing beyond them."""
    for day, slug in (
        ("2026-01-27", "26-01-26-a"), ("2026-01-28", "26-01-28-c"), ("2026-01-29", "26-01-29-d"),
        ("2026-01-25", "26-01-25-z"),
    ):  # fmt: skip
        put(tmp_path, day, slug)
    listed = look(tmp_path, "26-01-28-c", "26-01-26-a", until=dt.date(2026, 1, 28))
    assert [(row.date.day, row.condition) for row in listed.rows] == [
        (26, "done"), (27, "no issue"), (28, "done"),
    ]  # fmt: skip
    unlisted = status(tmp_path, None, since=SINCE, until=dt.date(2026, 1, 28), stale_after_days=5)
    assert [row.issue for row in unlisted.rows] == ["26-01-26-a", "26-01-28-c"]


def test_two_issues_of_a_date_stand_in_the_feeds_order(tmp_path: Path) -> None:
    """Whatever was made of them; those that no feed lists come after them."""
    put(tmp_path, "2026-01-27", "26-01-26-c")
    put(tmp_path, "2026-01-27", "26-01-26-x")
    found = look(tmp_path, "26-01-26-b", "26-01-26-c", "26-01-26-a", until=SINCE)
    assert [row.issue for row in found.rows] == [
        "26-01-26-b", "26-01-26-c", "26-01-26-a", "26-01-26-x",
    ]  # fmt: skip


def test_an_empty_feed_is_never_stale(tmp_path: Path) -> None:
    """It lists nothing that anything could be older than."""
    found = status(tmp_path, [], since=SINCE, until=UNTIL, stale_after_days=5)
    assert {row.condition for row in found.rows} == {"no issue"}
    assert len(found.rows) == 14


def test_without_a_feed_only_what_was_made_has_a_row(tmp_path: Path) -> None:
    """No date is called empty, and an empty range says so."""
    put(tmp_path, "2026-01-28", "26-01-26-a", draft=True)
    nothing = status(tmp_path / "none", None, since=SINCE, until=UNTIL, stale_after_days=5)
    assert (nothing.rows, nothing.to_text()) == ((), "nothing in this range")
    found = status(tmp_path, None, since=SINCE, until=UNTIL, stale_after_days=5)
    assert [(row.issue, row.condition) for row in found.rows] == [("26-01-26-a", "draft")]


def test_an_issue_with_a_digest_and_drafts_is_what_its_digest_is(tmp_path: Path) -> None:
    """Its names are the digests', its counts those of the earliest."""
    put(tmp_path, "2026-01-27", "26-01-26-a", quoted=1, draft=True)
    put(tmp_path, "2026-01-29", "26-01-26-a")
    put(tmp_path, "2026-01-28", "26-01-26-a", quoted=1)
    (row,) = look(tmp_path, "26-01-26-a", until=SINCE).rows
    assert (row.condition, row.digests) == ("degraded", ("2026-01-28", "2026-01-29"))
    assert (row.news, row.tools, row.quotations) == (2, 1, 1)
    assert row.note == "also told by 2026-01-29"


def test_the_earliest_digest_is_that_of_the_earliest_date(tmp_path: Path) -> None:
    """Whatever its file is called."""
    early = put(tmp_path, "2026-01-27", "26-01-26-a", quoted=1)
    put(tmp_path, "2026-01-28", "26-01-26-a")
    for ending in ("md", "json"):
        (tmp_path / f"{early}.{ending}").rename(tmp_path / f"2026-01-29.{ending}")
    (row,) = look(tmp_path, "26-01-26-a", until=SINCE).rows
    assert row.digests == ("2026-01-29", "2026-01-28")


def test_several_drafts_of_an_issue_are_one_row(tmp_path: Path) -> None:
    """Nobody tells it, so nobody tells it again."""
    put(tmp_path, "2026-01-28", "26-01-26-a", quoted=2, draft=True)
    put(tmp_path, "2026-01-29", "26-01-26-a", draft=True)
    (row,) = look(tmp_path, "26-01-26-a", until=SINCE).rows
    assert (row.condition, row.digests) == ("draft", ("2026-01-28", "2026-01-29"))
    assert (row.quotations, row.note) == (2, "")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-01-26", 26),
        ("2026-01-28-2", 28),
        ("2026-01-25", None),
        ("2026-01-29", None),
    ],
)
def test_a_file_that_is_no_digest_stands_at_its_own_date(
    tmp_path: Path, name: str, day: int | None
) -> None:
    """Outside of the range it is not shown."""
    (tmp_path / f"{name}.json").write_text("{", encoding="utf-8")
    refs = [ref(f"26-01-{number}-x") for number in (28, 27, 26)]
    found = status(tmp_path, refs, since=SINCE, until=dt.date(2026, 1, 28), stale_after_days=5)
    damaged = [row for row in found.rows if row.condition == "damaged"]
    assert [row.date.day for row in damaged] == [day] * (day is not None)
    assert all(row.digests == (name,) and "cut off in line 1" in row.note for row in damaged)


def test_a_date_with_a_damaged_file_is_not_without_an_issue(tmp_path: Path) -> None:
    """Something was made on it."""
    (tmp_path / "2026-01-27.json").write_text("{", encoding="utf-8")
    found = look(tmp_path, "26-01-26-a", until=dt.date(2026, 1, 27))
    assert [row.condition for row in found.rows] == ["missing", "damaged"]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_narrow_terminal_has_fewer_columns(tmp_path: Path, width: int) -> None:
    """Dates, counts and names of digests are whole at any width; notes are folded."""
    slug = "26-01-26-a-long-name-of-an-issue-as-some-have"
    put(tmp_path, "2026-01-28", slug, quoted=2)
    (tmp_path / "2026-01-28.md").unlink(missing_ok=True)
    (tmp_path / "2026-01-27.json").write_text("{", encoding="utf-8")
    lines = look(tmp_path, slug, until=dt.date(2026, 2, 20)).to_text(width).splitlines()
    commands = [line for line in lines if line.startswith("    ainews-digest")]
    assert max(len(line) for line in lines if line not in commands) <= width
    text = " ".join(" ".join(lines).split())
    assert (f"2026-01-28 {slug}" in text) is (width == 120)
    assert "2 + 1, 2 quoted 2026-01-28" in text
    assert "restore the file, or" in text
    assert "days older" in text
    assert "…" not in text


def test_a_row_is_a_line_and_its_command_another(tmp_path: Path) -> None:
    """Date, weekday, condition, issue, and what tells it; the counts below, in a fixed order."""
    put(tmp_path, "2026-01-28", "26-01-26-a", quoted=2)
    put(tmp_path, "2026-01-28", "26-01-27-b")
    found = look(tmp_path, "26-01-28-c", "26-01-27-b", "26-01-26-a", until=dt.date(2026, 1, 29))
    retell = "ainews-digest run --issue 26-01-26-a --date 2026-01-28"
    assert found.to_text().splitlines() == [
        "date        day  state     entries          digest        issue",
        "2026-01-26  Mon  degraded  2 + 1, 2 quoted  2026-01-28    26-01-26-a",
        f"    {retell} --refresh news:1 --refresh tools:1",
        "2026-01-27  Tue  done      2 + 1            2026-01-28-2  26-01-27-b",
        "2026-01-28  Wed  missing                                  26-01-28-c",
        "    ainews-digest run --issue 26-01-28-c --date 2026-01-28",
        "2026-01-29  Thu  no issue",
        "1 done, 1 degraded, 1 missing, 1 no issue",
    ]


def test_a_folder_that_cannot_be_listed_holds_no_missing_issues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a file in its place the command says so, and calls no issue missing."""
    (tmp_path / "outputs").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["status"])
    assert left.value.code == 2
    said = capsys.readouterr()
    assert "'outputs' cannot be listed: not a directory" in said.err
    assert "missing" not in said.out


@pytest.mark.parametrize(
    ("text", "words"), [("{}", "has no 'date'"), ("[", "cut off"), ("", "is empty")]
)
def test_a_stray_file_is_warned_of_and_is_of_no_day(tmp_path: Path, text: str, words: str) -> None:
    """Whatever the last day asked for is; the words are plain ones."""
    put(tmp_path, "2026-01-28", "26-01-28-x")
    (tmp_path / "foo.json").write_text(text, encoding="utf-8")
    found = look(tmp_path, "26-01-28-x", until=dt.date(2026, 1, 28))
    assert {row.condition for row in found.rows} == {"done"}
    (warning,) = found.warnings
    assert "foo.json: " in warning
    assert words in warning
    assert "Error" not in warning


def test_a_digest_of_the_range_is_listed_whatever_the_date_of_its_issue(tmp_path: Path) -> None:
    """With and without a feed: what is wrong with it needs a hand all the same."""
    put(tmp_path, "2026-01-28", "25-01-20-old")
    (tmp_path / "2026-01-28.md").unlink()
    for found in (look(tmp_path, "26-01-28-x"), look_without_feed(tmp_path)):
        assert told(found)["25-01-20-old"] == "changed"


def test_markdown_of_an_issue_with_a_damaged_digest_is_warned_of(tmp_path: Path) -> None:
    """It has no row of its own."""
    put(tmp_path, "2026-01-28", "26-01-28-x")
    put(tmp_path, "2026-01-29", "26-01-28-x")
    (tmp_path / "2026-01-28.json").unlink()
    file = tmp_path / "2026-01-29.json"
    file.write_bytes(file.read_bytes()[:-9])
    (warning,) = look(tmp_path, "26-01-28-x").warnings
    assert "2026-01-28.md lies there without its JSON" in warning
    assert "the damaged digest 2026-01-29" in warning


def test_dates_before_the_first_issue_have_no_row(tmp_path: Path) -> None:
    """There was no newsletter then."""
    feed = [ref("26-01-28-x")]
    found = status(tmp_path, feed, since=dt.date(1, 1, 1), until=UNTIL, stale_after_days=30)
    assert found.rows[0].date == dt.date(2026, 1, 28)
    assert len(found.rows) == (UNTIL - dt.date(2026, 1, 28)).days + 1
