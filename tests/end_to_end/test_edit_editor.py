"""What an editor has saved and cannot be taken over does not stand in the way of the next edit."""

import pytest

from desk import TITLE, Desk
from pipeline.errors import NotPublished, PageNotUnderstood, SettingsError

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


def test_words_that_pass_no_check_do_not_stay_in_the_published_file(desk: Desk) -> None:
    """A figure that the text does not have, saved in an editor, is laid beside the digest."""
    before = desk.bytes()
    file = desk.folder / NAME
    summary = desk.digest().news[1].summary
    bad = before[NAME].decode().replace(summary, f"{summary}另有98765万美元。")
    file.write_text(bad, encoding="utf-8")
    with pytest.raises(NotPublished, match=r"98765.* is as it was before; .*refused'.*--adopt"):
        desk.edit(adopt=True, from_editor=True)
    assert "98765" in file.with_name(f"{NAME}.refused").read_text(encoding="utf-8")
    assert desk.bytes() == {**before, f"{NAME}.refused": bad.encode()}
    file.write_text(bad, encoding="utf-8")
    with pytest.raises(NotPublished, match=r"98765.*md' has them, which is not what its JSON says"):
        desk.edit(adopt=True)
    assert file.read_bytes() == bad.encode()


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
