"""Entries that move to the other half keep their words; taking that back gives the first bytes."""

import functools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desk import Desk
from pipeline.edits.descriptions import places_by_key
from pipeline.errors import NotPublished, SettingsError
from pipeline.records import Digest, Entry
from pipeline.write.json_format import to_json
from pipeline.write.markdown_format import to_markdown

ACROSS = [
    {"move": ("news:1=tools:1",)},
    {"move": ("tools:10=news:10",)},
    {"move": ("news:1=tools:1", "news:4=tools:9")},
    {"move": ("news:2=tools:3",), "drop": ("tools:1",)},
    {"swap": ("news:5=tools:1",)},
    {"swap": ("tools:6=s01",)},
    {"swap": ("news:2=s07",)},
    {"swap": ("news:7=s04",)},
]


def without_half(entry: Entry) -> Entry:
    """Give an entry without what a move changes."""
    return entry.model_copy(update={"kind": "news", "edited": ()})


def words(digest: Digest) -> dict[str, Entry]:
    """Give all entries by their stories."""
    at = {place: key for key, place in places_by_key(digest).items()}
    return {at[place]: without_half(entry) for place, entry in digest.placed}


@pytest.fixture(scope="module")
def read(made: Desk, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Desk]:
    """Make the digest, proofread or not, once for all cases."""

    @functools.cache
    def make(proofreads: bool) -> Desk:
        found = made.copy(tmp_path_factory.mktemp("read"))
        found.settings = found.settings.model_copy(update={"proofread": proofreads})
        found.run(force=True)
        return found

    return make


@pytest.mark.parametrize(
    ("proofreads", "lost"),
    [(True, True), (False, False)],
    ids=["proofread and cache lost", "not proofread and cache kept"],
)
@pytest.mark.parametrize("wish", ACROSS, ids=str)
def test_a_move_across_is_taken_back_whole(
    read: Callable[[bool], Desk],
    tmp_path: Path,
    wish: dict[str, tuple[str, ...]],
    *,
    lost: bool,
    proofreads: bool,
) -> None:
    """Every entry that stays has its words, and what was displaced comes back to its place."""
    desk = read(proofreads).copy(tmp_path)
    before = desk.digest()
    desk.edit(**wish)
    after = desk.digest()
    assert (len(after.news), len(after.tools)) == (10, 10)
    was = words(before)
    assert {k: e for k, e in words(after).items() if k in was} == {
        k: was[k] for k in words(after) if k in was
    }
    if lost:
        shutil.rmtree(desk.settings.cache_dir)
    desk.edit(undo=("all",))
    assert desk.bytes()["2026-01-30.md"] == to_markdown(before).encode()
    assert desk.digest().edits == ()


def test_another_model_tells_nothing_without_being_allowed(desk: Desk) -> None:
    """What comes in for a moved entry, or comes back for one, is asked of the digest's own model."""
    before = desk.digest()
    own = desk.settings
    desk.settings = own.model_copy(update={"model": "another"})
    first = desk.bytes()
    for wish in ({"move": ("news:3=tools:1",)}, {"drop": ("news:3",)}):
        with pytest.raises(SettingsError, match=r"'another' would be asked.*--model-change"):
            desk.edit(**wish)
    assert (desk.asked(), desk.bytes()) == (0, first)
    desk.edit(swap=("news:3=tools:1",))
    desk.edit(undo=("all",))
    assert desk.asked() == 0
    desk.edit(move=("news:3=tools:1",), model_change=True)
    told = {entry.title for entry in before.entries} - {before.tools[9].title}
    assert told < {entry.title for entry in desk.digest().entries}
    desk.settings = own
    desk.edit(undo=("last",))
    assert desk.bytes()["2026-01-30.md"] == to_markdown(before).encode()


def test_what_cannot_be_told_again_is_not_lost_in_silence(desk: Desk) -> None:
    """Where no model answers, taking a move back is refused, and nothing is written."""
    desk.edit(move=("news:1=tools:1",))
    moved = desk.bytes()
    shutil.rmtree(desk.settings.cache_dir)
    answering, desk.server.answer = desk.server.answer, lambda _messages, _schema: "nothing"
    try:
        with pytest.raises(NotPublished, match=r"1 entry .* could not be told again"):
            desk.edit(undo=("last",))
        assert desk.bytes() == moved
        desk.edit(undo=("last",), force=True)
    finally:
        desk.server.answer = answering
    after = desk.digest()
    assert (len(after.news), len(after.tools)) == (10, 10)


def test_an_edit_of_an_earlier_version_is_taken_back_with_as_many_entries(desk: Desk) -> None:
    """It does not say what it has displaced: the next story comes in."""
    before = desk.digest()
    desk.edit(move=("news:1=tools:1",))
    file = desk.folder / "2026-01-30.json"
    data = desk.digest()
    assert data.edits[0].instead is not None
    edit = data.edits[0].model_copy(update={"instead": None})
    file.write_text(to_json(data.model_copy(update={"edits": (edit,)})), encoding="utf-8")
    shutil.rmtree(desk.settings.cache_dir)
    desk.edit(undo=("last",))
    after = desk.digest()
    assert (len(after.news), len(after.tools)) == (10, 10)
    assert [e.title for e in after.news] == [e.title for e in before.news]
    assert [e.title for e in after.tools[:9]] == [e.title for e in before.tools[:9]]
