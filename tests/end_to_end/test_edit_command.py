"""The command `edit` as an editor types it: pairs of words, previews, lists, and what it says."""

import json
import re
import shlex
from collections.abc import Callable, Iterator

import pytest

import editor
from desk import SUMMARY, TITLE, Desk
from pipeline.cli import app
from pipeline.errors import NotPublished, SettingsError

Edit = Callable[..., tuple[list[str], str]]


@pytest.fixture
def typed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Edit]:
    """Type `edit 2026-01-30 …`; give the lines of standard output, and all of standard error."""
    desk.set_environment(monkeypatch)

    def run(*words: str, name: str = "2026-01-30") -> tuple[list[str], str]:
        capsys.readouterr()
        app(["edit", name, *words, "--source", str(desk.page)], standalone_mode=False)
        said = capsys.readouterr()
        return said.out.splitlines(), said.err

    desk.server.answer = editor.minding
    yield run
    desk.server.answer = editor.answer


def test_a_remark_is_the_word_after_the_place(typed: Edit, desk: Desk) -> None:
    """Or stands behind an equals sign; places are pasted as they come, and several go together."""
    typed(
        "--tell", "news：3", "say that it is a preview", "--tell", "\u200btools:2=be brief = short"
    )
    assert [(edit.stood, edit.remark) for edit in desk.digest().edits] == [
        ("news:3", "say that it is a preview"),
        ("tools:2", "be brief = short"),
    ]
    out, _ = typed("--list")
    assert out[0].startswith("1  tell news:3 again: “say that it is a preview” (“")
    for words in (
        ("--tell", "news:3"),
        ("--tell", "news:3", "--dry-run"),
        ("--tell", "news:3", ""),
        ("--tell", "say it", "--dry-run"),
    ):
        with pytest.raises(SettingsError, match='--tell news:3 "say that it is a preview"'):
            typed(*words)


def test_a_preview_shows_old_and_new_and_what_writes_it(typed: Edit, desk: Desk) -> None:
    """It writes nothing; its command gives what was shown, without another question."""
    before, was = desk.bytes(), desk.digest()
    desk.asked()
    out, err = typed("--tell", "news:3", "it's a preview", "--drop", "news:5", "--preview")
    assert desk.bytes() == before
    assert desk.asked() == 4
    at = out.index("news:3")
    assert out[at + 1 : at + 3] == [
        f"  - {was.news[2].title}",
        f"  + 预览版{was.news[2].title}",
    ]
    assert out[at + 3].strip() == was.news[2].summary
    assert out[0] == f"news:5 “{was.news[4].title}” goes"
    assert any(" comes in (s" in line for line in out)
    assert "2 edits, 2 of them new; nothing was written; this writes it: " in err
    command = shlex.split(err.rpartition("this writes it: ")[2])
    assert command[:3] == ["ainews-digest", "edit", "2026-01-30"]
    app(command[1:], standalone_mode=False)
    assert desk.asked() == 0
    assert f"  + {desk.digest().news[2].title}" in out


def test_an_edit_says_what_is_found_of_what_it_changes(typed: Edit, desk: Desk) -> None:
    """What was found before, of entries that it leaves alone, is counted and can be shown."""
    _, err = typed("--set", "news:1.title=这家公司融资98765万美元", "--force")
    assert "error[number] 2026-01-30 news:1 title" in err
    before = sum(one.entry == "news:1" for one in desk.digest().findings)
    _, err = typed("--set", f"news:3.title={TITLE}")
    assert "news:1" not in err
    many = "1 finding is" if before == 1 else f"{before} findings are"
    assert f"{many} as before, of entries that did not change: ainews-digest show 2026-01-30" in err
    assert "written: " in err
    out, err = typed("--set", f"news:3.title={TITLE}")
    assert out == ["nothing changes"]
    assert "unchanged: " in err
    assert "written: " not in err


def test_a_preview_of_words_needs_no_page_and_no_model(typed: Edit, desk: Desk) -> None:
    """Words alone are shown as they are; where nothing changes, that is said."""
    before = desk.bytes()
    out, err = typed("--set", f"news:1.title={TITLE}", "--preview")
    assert out[0] == "news:1"
    assert f"  + {TITLE}" in out
    assert "1 edit, new" in err
    out, _ = typed("--pin", "news:1", "--move", "news:2=2", "--preview")
    assert [line for line in out if line.startswith(("  -", "  +"))] == []
    out, _ = typed("--adopt", "--preview")
    assert out == ["nothing changes"]
    assert (desk.bytes(), desk.asked()) == (before, 0)


def test_a_preview_that_a_check_refuses_ends_with_1(typed: Edit, desk: Desk) -> None:
    """After what it shows; forced it is only shown."""
    before = desk.bytes()
    bad = ("--set", f"news:1.summary={SUMMARY}融资98765万美元。", "--preview")
    with pytest.raises(NotPublished, match=r"error\[number\] news:1") as caught:
        typed(*bad)
    assert caught.value.exit_code == 1
    out, err = typed(*bad, "--force")
    assert out[0] == "news:1"
    assert "--force" in err
    assert desk.bytes() == before


def test_lists_are_printed_as_json(typed: Edit, desk: Desk) -> None:
    """Edits with the place that their story has now, and stories with theirs; nothing else is."""
    typed("--set", f"news:5.title={TITLE}", "--drop", "news:2")
    edits = json.loads("\n".join(typed("--list", "--json")[0]))
    assert [(it["number"], it["place"], it["edit"]["do"]) for it in edits] == [
        (1, None, "drop"),
        (2, "news:4", "set"),
    ]
    assert typed("--list")[0][1].startswith(f"2  set news:4: title “{TITLE}”")
    stories = json.loads("\n".join(typed("--stories", "--json")[0]))
    assert len(stories) == 44
    assert set(stories[0]) == {"id", "place", "part", "lead", "link"}
    told = {it["place"]: it["id"] for it in stories if it["place"]}
    assert told == {place: entry.story for place, entry in desk.digest().placed}
    some = json.loads("\n".join(typed("--stories", "--grep", "bilor", "--json")[0]))
    assert [it["lead"][:5] for it in some] == ["Bilor"]
    with pytest.raises(SettingsError, match="--json prints --list or --stories"):
        typed("--json")


def test_the_last_line_counts_the_edits(typed: Edit) -> None:
    """All, those that are new, and those that are taken back."""
    assert typed("--pin", "news:1", "--pin", "news:2")[1].endswith(": 2 edits, 2 of them new\n")
    err = typed("--move", "news:3=4", "--set", f"tools:1.title={TITLE}")[1]
    assert err.endswith(": 4 edits, 2 of them new\n")
    assert typed("--undo", "1")[1].endswith(": 3 edits, 1 taken back\n")
    err = typed("--undo", "all", "--drop", "news:9", "--dry-run")[1]
    assert re.search(r"asked for 1 entry; 1 edit, new, 3 taken back; nothing was", err)


UNDONE: list[tuple[str, ...]] = [
    ("--drop", "news:3"),
    ("--swap", "tools:2=s40"),
    ("--swap", "news:1=tools:3"),
    ("--pin", "news:2"),
    ("--move", "news:5=1"),
    ("--move", "tools:2=news:4"),
    ("--set", f"news:1.title={TITLE}"),
    ("--set", "news:1.link=1"),
    ("--tell", "news:3", "say that it is a preview"),
]


def test_the_last_edit_of_each_kind_is_taken_back(typed: Edit, desk: Desk) -> None:
    """One after the other, both halves of an exchange together: each gives the bytes before it."""
    versions = [desk.bytes()]
    for words in UNDONE:
        typed(*words)
        versions.append(desk.bytes())
    for expected in reversed(versions[:-1]):
        typed("--undo", "last")
        assert desk.bytes() == expected


def test_a_digest_is_edited_by_its_name_or_its_file(typed: Edit, desk: Desk) -> None:
    """Its date, its JSON, its Markdown."""
    for number, name in enumerate(("2026-01-30", "2026-01-30.json", "2026-01-30.md"), 1):
        path = name if "." not in name else str(desk.folder / name)
        typed("--pin", f"news:{number}", name=path)
    assert len(desk.digest().edits) == 3
