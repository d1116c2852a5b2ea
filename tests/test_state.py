"""What `outputs/` holds decides what is new and what a file is called."""

import json
from datetime import date
from pathlib import Path

from pipeline.state import state


def put(folder: Path, stem: str, day: str, slug: str) -> None:
    """Write as much of a digest as the state reads."""
    facts = {"date": day, "provenance": {"slug": slug}}
    (folder / f"{stem}.json").write_text(json.dumps(facts), encoding="utf-8")


def test_an_empty_or_missing_folder_holds_nothing(tmp_path: Path) -> None:
    """The first run of all finds no digest, and needs no folder."""
    assert state(tmp_path / "none").digests == ()
    assert state(tmp_path).stem_for("26-01-30-a", date(2026, 1, 30)) == "2026-01-30"


def test_a_digest_replaces_itself_and_never_another_issues(tmp_path: Path) -> None:
    """The same issue keeps its file; a second issue of the date gets `-2`, a third `-3`."""
    put(tmp_path, "2025-04-17", "2025-04-17", "25-04-16-a")
    put(tmp_path, "2025-04-17-2", "2025-04-17", "25-04-16-b")
    found = state(tmp_path)
    day = date(2025, 4, 17)
    assert found.stem_for("25-04-16-a", day) == "2025-04-17"
    assert found.stem_for("25-04-16-b", day) == "2025-04-17-2"
    assert found.stem_for("25-04-16-c", day) == "2025-04-17-3"


def test_digests_are_found_by_issue_and_by_date(tmp_path: Path) -> None:
    """The earliest digest of an issue counts, and the first of a date."""
    put(tmp_path, "2025-12-21", "2025-12-21", "25-12-19-a")
    put(tmp_path, "2025-12-22", "2025-12-22", "25-12-19-a")
    found = state(tmp_path)
    of_issue, of_date = found.of_issue("25-12-19-a"), found.of_date(date(2025, 12, 22))
    assert of_issue is not None
    assert of_issue.stem == "2025-12-21"
    assert of_date is not None
    assert of_date.stem == "2025-12-22"
    assert found.of_issue("25-12-20-b") is None


def test_a_damaged_digest_is_named_and_never_overwritten(tmp_path: Path) -> None:
    """A file that cannot be read is reported, and its name stays taken."""
    (tmp_path / "2025-12-21.json").write_text("{", encoding="utf-8")
    found = state(tmp_path)
    assert found.digests == ()
    assert found.damaged[0].startswith("2025-12-21.json: ")
    assert found.stem_for("25-12-19-a", date(2025, 12, 21)) == "2025-12-21-2"


def test_a_draft_is_no_digest(tmp_path: Path) -> None:
    """What lies in the drafts' folder digests no issue and takes no name."""
    (tmp_path / "drafts").mkdir()
    put(tmp_path / "drafts", "2025-12-21", "2025-12-21", "25-12-19-a")
    found = state(tmp_path)
    assert (found.digests, found.damaged) == ((), ())
    assert found.of_issue("25-12-19-a") is None
    assert found.stem_for("25-12-19-a", date(2025, 12, 21)) == "2025-12-21"
