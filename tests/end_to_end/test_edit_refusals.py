"""What `edit` refuses instead of doing half of it, and what it says where nothing is to be shown."""

from pathlib import Path

import pytest

from desk import Desk
from pipeline.cli import app
from pipeline.errors import NotPublished, SettingsError
from pipeline.records import Finding
from pipeline.typed_command import give_option


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


def test_a_place_that_is_none_is_named_before_the_page_is_asked_for(desk: Desk) -> None:
    """A digest that was made from a file is named as it was typed, by its date."""
    with pytest.raises(SettingsError, match=r"news:99"):
        desk.edit(source=None, drop=("news:99",))
    with pytest.raises(SettingsError, match=r"^the digest of 2026-01-30 was made from a file"):
        desk.edit(source=None, drop=("news:9",))


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


def test_every_refused_word_is_named_by_the_place_that_was_given(desk: Desk) -> None:
    """Also where the same command moves its entry; a dry run's findings are named so, too."""
    words = ("news:5.summary=太短。", "news:6.title=获得98765万美元融资的一个项目")
    with pytest.raises(NotPublished) as refused:
        desk.edit(move=("news:5=2",), set=words)
    said = str(refused.value)
    assert "error[length] news:5: found " in said
    assert "error[number] news:6 title: found " in said
    assert "news:2" not in said
    assert "correct them" in said
    shown = desk.edit(move=("news:5=2",), set=words, preview=True)
    errors = {one.entry for one in shown.findings if one.severity == "error"}
    assert errors == {"news:5", "news:6"}
    written = desk.edit(move=("news:5=2",), set=words, force=True)
    errors = {one.entry for one in written.findings if one.severity == "error"}
    assert errors == {"news:2", "news:6"}


def test_a_finding_of_an_entry_that_comes_in_has_its_story(desk: Desk) -> None:
    """Nothing of it can be looked at before it is written: no command is offered."""
    shown = desk.edit(drop=("news:1", "news:2"), set=("news:4.title=短",), preview=True)
    before = dict(desk.digest().placed)
    for finding in shown.findings:
        if finding.entry in before:
            assert finding.entry not in ("news:1", "news:2")
        else:
            assert " — " not in finding.line("2026-01-30")


def test_what_a_finding_offers_works_on_the_folder_of_the_command(tmp_path: Path) -> None:
    """With the folders that were given, quoted."""
    finding = Finding(entry="news:1", check="link", severity="error", expected="y", found="x")
    give_option("--out", str(tmp_path / "my digests"))
    try:
        line = finding.line("2026-01-28")
    finally:
        give_option("--out", None)
    assert line.endswith(f"--set news:1.link=… --out '{tmp_path}/my digests'")
