"""What an editor has saved and cannot be taken over does not stand in the way of the next edit."""

import pytest

from desk import TITLE, Desk
from pipeline.errors import PageNotUnderstood, SettingsError

NAME = "2026-01-30.md"


@pytest.mark.parametrize("old", ["### 1. ", "## AINews", "## 📰"], ids=str)
def test_what_was_saved_is_kept_and_the_digest_is_as_it_was(desk: Desk, old: str) -> None:
    """The message says where it is, and what takes it over once it is corrected."""
    before = desk.bytes()
    file = desk.folder / NAME
    good = before[NAME].decode().replace(desk.digest().news[1].title, TITLE)
    file.write_text(good.replace(old, "???", 1), encoding="utf-8")
    kept = file.with_name(f"{NAME}.refused")
    with pytest.raises(PageNotUnderstood, match=r"refused'.*mv .*edit 2026-01-30 --adopt"):
        desk.edit(adopt=True, from_editor=True)
    assert "???" in kept.read_text(encoding="utf-8")
    assert file.read_bytes() == before[NAME]
    desk.edit(set=(f"news:3.title={TITLE}二",))
    desk.edit(undo=("last",))
    kept.write_text(good, encoding="utf-8")
    kept.rename(file)
    desk.edit(adopt=True)
    assert desk.digest().news[1].title == TITLE


def test_a_file_changed_without_an_editor_of_ours_stays_where_it_is(desk: Desk) -> None:
    """It is somebody's work; the message says how to have the digest's own again."""
    file = desk.folder / NAME
    file.write_text("Not a digest", encoding="utf-8")
    with pytest.raises(PageNotUnderstood, match=r"correct it, or remove it: .*--adopt"):
        desk.edit(adopt=True)
    assert file.read_text(encoding="utf-8") == "Not a digest"
    file.unlink()
    desk.edit(adopt=True)
    assert "AINews" in file.read_text(encoding="utf-8")


def test_an_entry_pasted_into_the_other_half_names_the_option_that_moves_it(desk: Desk) -> None:
    """Two entries that changed halves, so that the numbers are right."""
    file = desk.folder / NAME
    one, other = desk.digest().news[0], desk.digest().tools[0]
    text = file.read_text(encoding="utf-8")
    for a, b in ((one.title, other.title), (one.summary, other.summary)):
        text = text.replace(a, "\0").replace(b, a).replace("\0", b)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"other half now.*--move tools:1=news:1"):
        desk.edit(adopt=True)
