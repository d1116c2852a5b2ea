"""What `status` says needs a hand, and the command that it names for it."""

import datetime as dt
import shlex
from pathlib import Path

import pytest
from test_statuses import SINCE, UNTIL, look, put

from pipeline.cli import main
from pipeline.ops import status
from pipeline.ops.status_rows import StatusRow
from pipeline.revise import locate_digest
from pipeline.write.json_format import from_json, to_json
from pipeline.write.markdown_format import to_markdown

SLUG = "26-01-26-a"
DAY = "2026-01-28"


def row_of(folder: Path, index_dir: Path | None = None) -> StatusRow:
    """Give the row of the one issue."""
    (row,) = status(
        folder, None, since=SINCE, until=UNTIL, stale_after_days=5, index_dir=index_dir
    ).rows
    return row


@pytest.mark.parametrize("quoted", [0, 2])
def test_markdown_changed_by_hand_is_not_done(tmp_path: Path, quoted: int) -> None:
    """Whether words, a link or a whole entry was changed, or all is gone; quotations or none."""
    put(tmp_path, DAY, SLUG, quoted=quoted)
    file = tmp_path / f"{DAY}.md"
    text = file.read_text(encoding="utf-8")
    before = row_of(tmp_path)
    assert before.condition == ("degraded" if quoted else "done")
    for other in (text.replace("### 2.", "### 3.", 1) + "\nPS\n", text[: len(text) // 2], "", None):
        if other is None:
            file.unlink()
        else:
            file.write_text(other, encoding="utf-8")
        row = row_of(tmp_path)
        assert (row.condition, row.command) == ("changed", f"ainews-digest edit {DAY} --adopt")
        assert (row.news, row.tools, row.quotations) == (2, 1, quoted)
        assert row.note.startswith(f"{DAY}.md ")
    file.write_text(text.replace("\n", "\r\n"), encoding="utf-8")
    assert row_of(tmp_path) == before


def test_an_index_never_hides_a_change_of_the_markdown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed, changed back, gone, a folder in its place: as without an index, each time."""
    monkeypatch.setattr("pipeline.storage.index.SETTLED_NS", 0)
    folder, index_dir = tmp_path / "outputs", tmp_path / "index"
    put(folder, DAY, SLUG)
    file = folder / f"{DAY}.md"
    text = file.read_bytes()

    def condition() -> str:
        first, second = (row_of(folder, index_dir) for _ in range(2))
        assert first == second == row_of(folder)
        return first.condition

    assert condition() == "done"
    file.write_bytes(text[:-9])
    assert condition() == "changed"
    file.write_bytes(text)
    assert condition() == "done"
    file.unlink()
    assert condition() == "changed"
    file.mkdir()
    assert condition() == "changed"
    assert (row_of(folder).note, row_of(folder).command) == (f"{DAY}.md cannot be read", "")
    file.rmdir()
    file.write_bytes(text)
    assert condition() == "done"


def test_what_a_killed_run_has_left_needs_no_hand_while_it_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where an index knows the two files."""
    monkeypatch.setattr("pipeline.storage.index.SETTLED_NS", 0)
    folder, index_dir = tmp_path / "outputs", tmp_path / "index"
    put(folder, DAY, SLUG)
    old = from_json((folder / f"{DAY}.json").read_text(encoding="utf-8"))
    new = old.model_copy(update={"news": old.news[:1]})
    (folder / f"{DAY}.md").write_text(to_markdown(new), encoding="utf-8")
    left = folder / f".{DAY}.json.new.tmp"
    for _ in range(2):
        left.write_text(to_json(new), encoding="utf-8")
        assert row_of(folder, index_dir).condition == "done"
        left.unlink()
        assert row_of(folder, index_dir).condition == "changed"


def test_the_markdown_of_a_second_digest_counts_too(tmp_path: Path) -> None:
    """The row names the one that was changed."""
    put(tmp_path, DAY, SLUG)
    put(tmp_path, "2026-01-29", SLUG)
    (tmp_path / "2026-01-29.md").write_text("mine", encoding="utf-8")
    row = row_of(tmp_path)
    assert (row.condition, row.command) == ("changed", "ainews-digest edit 2026-01-29 --adopt")
    assert row.note == "2026-01-29.md was changed by hand; also told by 2026-01-29"


def test_a_draft_stays_a_draft_and_its_changes_are_named(tmp_path: Path) -> None:
    """The command finds it from any folder."""
    put(tmp_path, DAY, SLUG, draft=True)
    assert row_of(tmp_path).command == f"ainews-digest run --issue {SLUG} --date {DAY}"
    (tmp_path / "drafts" / f"{DAY}.md").write_text("mine", encoding="utf-8")
    row = row_of(tmp_path)
    assert (row.condition, row.note) == ("draft", f"{DAY}.md was changed by hand")
    name = shlex.split(row.command)[2]
    assert locate_digest(name, tmp_path).json_path == tmp_path / "drafts" / f"{DAY}.json"


@pytest.mark.parametrize("below", ["", "drafts/"])
def test_a_digest_is_found_by_a_date_or_any_of_its_files(tmp_path: Path, below: str) -> None:
    """As the path is, or in the folder of the digests; the ending may lack."""
    put(tmp_path, DAY, SLUG)
    put(tmp_path, DAY, SLUG, draft=True)
    for ending in ("", ".md", ".json"):
        found = locate_digest(f"{below}{DAY}{ending}", tmp_path)
        assert (found.folder, found.json_path) == (tmp_path, tmp_path / below / f"{DAY}.json")
        assert locate_digest(f"{tmp_path}/{below}{DAY}{ending}", Path("elsewhere")) == found


def test_a_damaged_digest_is_made_again_by_its_command(tmp_path: Path) -> None:
    """Cut off, or no digest any more; what names no issue has no command."""
    put(tmp_path, DAY, SLUG)
    file = tmp_path / f"{DAY}.json"
    text = file.read_text(encoding="utf-8")
    for hurt in (text[: len(text) // 2], text.replace('"issue_url"', '"address"')):
        file.write_text(hurt, encoding="utf-8")
        row = row_of(tmp_path)
        assert row.condition == "damaged"
        assert row.command == f"ainews-digest run --issue {SLUG} --date {DAY} --force"
    file.write_text("{", encoding="utf-8")
    (tmp_path / f"{DAY}.md").unlink()
    row = row_of(tmp_path)
    assert (row.command, row.note.endswith("restore the file, or remove it")) == ("", True)


def test_stale_days_are_one_row_and_count_each(tmp_path: Path) -> None:
    """What somebody digested by hand meanwhile parts them."""
    put(tmp_path, "2026-02-06", "26-02-06-x")
    found = look(tmp_path, SLUG)
    stale = [row for row in found.rows if row.condition == "stale"]
    assert [(row.date.day, row.until and row.until.day) for row in stale] == [(1, 5), (7, 8)]
    assert found.count("stale") == 7
    text = " ".join(found.to_text().split())
    newest = "the newest issue, of 2026-01-26, is"
    assert f"to 2026-02-05, 5 days; {newest} 10 days older than the last of these" in text


def test_the_exit_code_says_whether_something_needs_a_hand(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Only where it is asked for; without the feed nobody can say that nothing is missing."""
    monkeypatch.chdir(tmp_path)
    for name in ("SITE", "UPSTREAM", "SUBSTACK"):
        monkeypatch.setenv(f"AINEWS_{name}_URL", "http://127.0.0.1:9/")

    def end(*options: str) -> object:
        with pytest.raises(SystemExit) as ended:
            main(["status", "--since", str(SINCE), "--until", str(UNTIL), *options])
        return ended.value.code

    folder = tmp_path / "two words"
    put(folder, DAY, SLUG, quoted=1)
    asked = ("--exit-code", "--out", str(folder))
    assert [end(*asked), end(*asked[1:])] == [3, 0]
    (folder / f"{DAY}.md").unlink()
    capsys.readouterr()
    assert [end(*asked), end(*asked[1:])] == [1, 0]
    said = f"    ainews-digest edit {DAY} --adopt --out {shlex.quote(str(folder))}\n"
    assert capsys.readouterr().out.count(said) == 2
    assert look(folder, SLUG, until=dt.date(2026, 1, 26)).needs_hand
    put(folder, DAY, SLUG, quoted=1)
    assert not look(folder, SLUG, until=dt.date(2026, 1, 26)).needs_hand
