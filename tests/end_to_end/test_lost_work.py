"""What must not be lost without a word: entries that nobody named, and changes by hand."""

import datetime as dt
import io
import json
import re
import shutil
from collections.abc import Callable
from typing import Any

import pytest

import editor
from desk import TITLE, Desk
from pipeline.errors import NotPublished, PageNotUnderstood
from pipeline.records import Digest
from pipeline.revise import RefreshOptions, locate_digest, refresh_entries

NAME = "2026-01-30"


def reworded(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
    """Answer as always, in other words."""
    return re.sub("这是一条新闻的摘要", "这是另一种说法的摘要", editor.answer(messages, schema))


def others(digest: Digest, *places: str) -> list[tuple[str, str]]:
    """Write down all entries but those of some places."""
    return [
        (place, entry.model_dump_json()) for place, entry in digest.placed if place not in places
    ]


def more_bullets(desk: Desk) -> None:
    """Give the page two more bullets at its beginning, so that all ids are others."""
    text = desk.page.read_text(encoding="utf-8")
    head, found, rest = text.partition("\n- **")
    bullets = "".join(
        f"\n- **{name}**: the open {name} model tops every leaderboard, with weights, code and a "
        f"paper ([{name}](https://github.com/{name.lower()}/it))."
        for name in ("Zyxor", "Quxor")
    )
    desk.page = desk.page.with_name("changed") / desk.page.name
    desk.page.parent.mkdir(exist_ok=True)
    desk.page.write_text(f"{head}{bullets}{found}{rest}", encoding="utf-8")


def other_settings(desk: Desk) -> None:
    """Ask for other numbers of entries and tries, and have nothing proofread."""
    more = {"proofread": False, "model_attempts": 1}
    desk.settings = desk.settings.model_copy(update=more)


def older_form(desk: Desk) -> None:
    """Give the JSON the form of a program that knew neither sentences nor evidence lines."""
    file = desk.folder / f"{NAME}.json"
    tree = json.loads(file.read_text(encoding="utf-8"))
    for entry in (*tree["news"], *tree["tools"]):
        entry.pop("sentences", None)
        entry["evidence"] = "\n\n".join(line["text"] for line in entry["evidence"])
    file.write_text(json.dumps(tree, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@pytest.mark.parametrize("change", [more_bullets, other_settings, older_form])
def test_entries_that_are_not_named_stay_whatever_else_is_new(
    desk: Desk, change: Callable[[Desk], None]
) -> None:
    """The page, the settings or the form of the JSON; with an empty cache."""
    change(desk)
    before = desk.digest()
    shutil.rmtree(desk.settings.cache_dir)
    desk.server.answer = reworded
    result = refresh_entries(
        locate_digest(NAME, desk.folder),
        RefreshOptions(("news:3", "tools:4"), str(desk.page)),
        settings=desk.settings,
        progress=desk.notes,
        stdin=io.BytesIO(),
    )
    desk.server.answer = editor.answer
    after = desk.digest()
    assert others(after, "tools:4", "news:3") == others(before, "tools:4", "news:3")
    assert result.summary == "news:3, tools:4 reworded, 18 unchanged"


def emptied(text: str) -> str:
    """Take all out, as an editor that crashed does."""
    return text[:0]


def windows_and_one_word(text: str) -> str:
    """End lines as Windows does, and change one word."""
    return text.replace("一条测试消息", "另一条测试消息", 1).replace("\n", "\r\n")


def without_an_entry(text: str) -> str:
    """Take the last entry out."""
    return text.rpartition("\n---\n")[0] + "\n"


@pytest.mark.parametrize("change", [emptied, windows_and_one_word, without_an_entry])
def test_markdown_by_hand_outlives_every_command(desk: Desk, change: Callable[[str], str]) -> None:
    """A run, an edit, a remark and a refresh refuse; `status` names what takes it over."""
    file = desk.folder / f"{NAME}.md"
    changed = change(file.read_bytes().decode()).encode()
    file.write_bytes(changed)
    for again in (
        desk.run,
        lambda: desk.edit(set=(f"news:1.title={TITLE}",)),
        lambda: desk.edit(tell=("news:1=shorter",)),
        lambda: desk.edit(undo=("all",), preview=True),
        lambda: refresh_entries(
            locate_digest(NAME, desk.folder),
            RefreshOptions(("news:3",), str(desk.page)),
            settings=desk.settings,
            progress=desk.notes,
            stdin=io.BytesIO(),
        ),
    ):
        with pytest.raises(NotPublished, match=rf"edit {NAME} --adopt.*--(overwrite|force)"):
            again()
    assert (file.read_bytes(), desk.asked()) == (changed, 0)


@pytest.mark.parametrize("lost", [False, True], ids=["cache kept", "cache lost"])
def test_a_link_that_fails_is_refused_beside_other_edits_too(desk: Desk, *, lost: bool) -> None:
    """All or nothing: the drop is not written either, until it is forced; then it is found."""
    before = desk.bytes()
    if lost:
        shutil.rmtree(desk.settings.cache_dir)
    wishes: dict[str, Any] = {
        "set": ("news:1.link=https://news.example/elsewhere",),
        "drop": ("news:3",),
    }
    with pytest.raises(NotPublished, match=r"error\[link\] news:1.*nothing was written.*--force"):
        desk.edit(**wishes)
    assert "error[link] news:1" in desk.edit(**wishes, preview=True).refused
    assert desk.bytes() == before
    desk.edit(**wishes, force=True)
    found = {(finding.entry, finding.check) for finding in desk.digest().findings}
    assert ("news:1", "link") in found


def test_words_that_fail_are_refused_after_a_link_was_forced(desk: Desk) -> None:
    """What is known of an entry excuses nothing that is new in it."""
    desk.edit(set=("news:1.link=https://news.example/elsewhere",), force=True)
    before = desk.bytes()
    with pytest.raises(NotPublished, match=r"error\[link\] news:1"):
        desk.edit(set=("news:1.link=https://other.example/there",))
    with pytest.raises(NotPublished, match=r"error\[\w+\] news:1"):
        desk.edit(set=("news:1.title=融资98765万美元",))
    assert desk.bytes() == before
    desk.edit(set=(f"news:1.title={TITLE}",))
    assert desk.digest().news[0].title == TITLE


def conflicted(text: str) -> str:
    """Leave the marks of a merge in it."""
    head, _, tail = text.partition('  "news": [')
    return f'{head}<<<<<<< HEAD\n  "news": [{tail}'


def a_pointer(_text: str) -> str:
    """Put a pointer of Git LFS in its place."""
    return "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"


def null(_text: str) -> str:
    """Put JSON there that is no digest."""
    return "null\n"


@pytest.mark.parametrize("harm", [emptied, conflicted, a_pointer, null])
@pytest.mark.parametrize("noted", [True, False], ids=["by date", "by issue"])
def test_a_damaged_digest_is_not_made_a_second_time(
    desk: Desk, harm: Callable[[str], str], *, noted: bool
) -> None:
    """The line names the command that restores it, and that one does, byte for byte."""
    before = desk.bytes()
    file = desk.folder / f"{NAME}.json"
    file.write_text(harm(file.read_text(encoding="utf-8")), encoding="utf-8")
    day = dt.date(2026, 1, 30) if noted else None
    with pytest.raises(PageNotUnderstood, match=rf"{NAME}\.json.*--force"):
        desk.run(date=day)
    with pytest.raises(PageNotUnderstood, match=NAME):
        desk.edit(set=(f"news:1.title={TITLE}",))
    assert sorted(desk.bytes()) == sorted(before)
    desk.run(date=day, force=True)
    assert (desk.bytes(), desk.asked()) == (before, 0)
