"""What `edit` refuses instead of doing half of it, and what it says where nothing is to be shown."""

import pytest

from desk import Desk
from pipeline.cli import app
from pipeline.errors import SettingsError


def test_an_entry_cannot_be_pinned_and_told_again_by_one_command(desk: Desk) -> None:
    """One of the two would be without effect; an entry beside it may be told."""
    before = desk.bytes()
    with pytest.raises(SettingsError, match="--tell news:4: the same command pins news:4"):
        desk.edit(pin=("news:4",), tell=("news:4=shorter",))
    assert (desk.bytes(), desk.asked()) == (before, 0)
    desk.edit(pin=("news:4",), tell=("news:5=shorter",))
    assert desk.digest().news[3].title in before["2026-01-30.md"].decode()


@pytest.mark.parametrize(
    "words",
    [
        ["--list", "--drop", "news:1"],
        ["--stories", "--set", "news:1.title=x"],
        ["--grep", "x", "--undo", "last"],
        ["--list", "--adopt"],
        ["--list", "--stories"],
    ],
    ids=" ".join,
)
def test_a_list_together_with_an_edit_is_refused(
    desk: Desk, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is done: the edit would have been lost."""
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", str(desk.folder))
    before = desk.bytes()
    with pytest.raises(SettingsError, match=r"give no edit with them|give one of them"):
        app(["edit", "2026-01-30", *words], standalone_mode=False)
    assert desk.bytes() == before


def test_an_empty_list_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error: what is printed is empty."""
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", str(desk.folder))
    app(["edit", "2026-01-30", "--list"], standalone_mode=False)
    said = capsys.readouterr()
    assert (said.out, "no edits" in said.err) == ("", True)
    grep = ["edit", "2026-01-30", "--grep", "zzz", "--source", str(desk.page)]
    app(grep, standalone_mode=False)
    said = capsys.readouterr()
    assert (said.out, "no story has 'zzz'" in said.err) == ("", True)


def test_words_that_an_entry_tells_of_are_added_only_when_forced(desk: Desk) -> None:
    """The message says which entry; the words of another story come in as before."""
    entry = max(desk.digest().entries, key=lambda one: one.evidence.count("\n\n"))
    words = entry.evidence.split("\n\n")[-1]
    with pytest.raises(SettingsError, match=r"--add news:3: .*already"):
        desk.edit(add=(f"news:3={words}",))
