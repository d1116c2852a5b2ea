"""Damage in the middle of a digest's JSON: each command says in one line what, and what mends it."""

import errno
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import daily
from invoke import invoke
from pipeline.ops import damaged_digests, status
from pipeline.write import from_json
from pipeline.write.files import write
from repository import DigestRepository, isolate_git

STEM = daily.FIRST_DAY.isoformat()
SLUG = f"{daily.FIRST_DAY:%y-%m-%d}-not-much"


def cut_off(file: Path) -> None:
    """Keep the first half, as a full disk does."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def cut_in_a_letter(file: Path) -> None:
    """End within the bytes of one letter."""
    data = file.read_bytes()
    file.write_bytes(data[: data.index("编程".encode()) + 1])


def one_byte_of_a_letter(file: Path) -> None:
    """Change a bit of a Chinese letter."""
    data = bytearray(file.read_bytes())
    data[data.index("编程".encode())] ^= 0x40
    file.write_bytes(bytes(data))


def one_byte_of_a_name(file: Path) -> None:
    """Change a letter of a field's name: what is left is JSON."""
    file.write_bytes(file.read_bytes().replace(b'"title"', b'"titme"', 1))


def one_byte_of_a_mark(file: Path) -> None:
    """Lose a colon."""
    file.write_bytes(file.read_bytes().replace(b'"news": [', b'"news"; [', 1))


def two_versions(file: Path) -> None:
    """Leave a merge unfinished."""
    lines = file.read_text(encoding="utf-8").split("\n")
    at = len(lines) // 2
    mine, theirs = lines[at : at + 3], ["x"]
    both = ["<<<<<<< HEAD", *mine, "=======", *theirs, ">>>>>>> other"]
    file.write_text("\n".join([*lines[:at], *both, *lines[at + 3 :]]), encoding="utf-8")


def two_halves(file: Path) -> None:
    """Put the second half of another copy behind the first."""
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] + data[len(data) // 3 :])


def another_encoding(file: Path) -> None:
    """Write it as an editor of another country does."""
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))


def two_bytes_a_letter(file: Path) -> None:
    """Write it as an old Windows does."""
    file.write_bytes(file.read_text(encoding="utf-8").encode("utf-16"))


def zeros(file: Path) -> None:
    """Lose the second half to zeros, as a machine without power does."""
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] + bytes(len(data) // 2))


def emptied(file: Path) -> None:
    """Leave nothing."""
    file.write_bytes(b"")


def grown(file: Path) -> None:
    """Make it far larger than anything of ours; the disk need not have so much."""
    with file.open("r+b") as opened:
        opened.truncate(3 * 2**30)


def a_folder(file: Path) -> None:
    """Put a folder in its place."""
    file.unlink()
    file.mkdir()


def a_pipe(file: Path) -> None:
    """Put a pipe there, which nobody ever writes to."""
    file.unlink()
    os.mkfifo(file)


def a_link_to_itself(file: Path) -> None:
    """Put a link there that leads nowhere."""
    file.unlink()
    file.symlink_to(file.name)


DAMAGES: dict[Callable[[Path], None], str] = {
    cut_off: "cut off in line ",
    cut_in_a_letter: "not UTF-8 text",
    one_byte_of_a_letter: "not UTF-8 text",
    one_byte_of_a_name: "not the JSON of a digest: news.0.title: Field required",
    one_byte_of_a_mark: "no JSON from line 6, column 9 on",
    two_versions: "two versions stand in it that git did not merge, from line ",
    two_halves: "no JSON from line ",
    another_encoding: "not UTF-8 text",
    two_bytes_a_letter: "not UTF-8 text",
    zeros: "no JSON from line ",
    emptied: "it is empty",
    grown: "it is larger than any digest",
    a_folder: "a folder stands in its place: move it away first",
    a_pipe: "it is a pipe, a socket or a device",
    a_link_to_itself: "it is a link that leads to itself",
}


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of digests where two nights went well."""
    monkeypatch.chdir(tmp_path)
    daily.write_digests(tmp_path / "outputs", 2)
    return tmp_path / "outputs"


@pytest.mark.parametrize("damage", DAMAGES)
def test_status_and_doctor_name_the_digest_and_what_restores_it(
    outputs: Path, damage: Callable[[Path], None]
) -> None:
    """The other digest of the folder is as it was."""
    damage(outputs / f"{STEM}.json")
    again = f"ainews-digest run --issue {SLUG} --date {STEM} --force"
    shown = status(outputs, None, since=daily.FIRST_DAY, until=daily.FIRST_DAY, stale_after_days=5)
    [row] = shown.rows
    assert (row.condition, row.digests, row.command) == ("damaged", (STEM,), again)
    assert row.note.startswith(DAMAGES[damage])
    assert "Error" not in row.note
    [(hurt, remedy)] = damaged_digests(outputs)
    assert hurt.line.startswith(f"{STEM}.json: {DAMAGES[damage]}")
    assert again in remedy


@pytest.mark.parametrize("damage", DAMAGES)
def test_commands_refuse_it_in_one_line(
    outputs: Path, damage: Callable[[Path], None], capfd: pytest.CaptureFixture[str]
) -> None:
    """With exit code 4, the reason once, and where the way on is said."""
    damage(outputs / f"{STEM}.json")
    words = DAMAGES[damage]
    for command in (
        ("show", STEM),
        ("verify", STEM),
        ("report", f"outputs/{STEM}.json"),
        ("export", STEM, "--format", "text"),
        ("edit", STEM, "--set", "news:1.title=一个由编辑亲手写下的标题"),
    ):
        ended = invoke(capfd, *command)
        line = ended.stderr.rstrip("\n")
        assert (ended.exit_code, ended.stdout, line.count("\n")) == (4, "", 0)
        assert line.count(words) == 1
        assert f"outputs/{STEM}.json" in line
        assert ("`ainews-digest status`" in line) or ("--force" in line)
        assert "Error" not in line


def test_a_digest_that_git_did_not_merge_is_taken_from_the_last_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both its files, where both were left so; the command is named and works."""
    isolate_git(monkeypatch)
    held = DigestRepository(tmp_path)
    made = daily.digest(daily.FIRST_DAY)
    for branch, words in (("main", "甲"), ("other", "乙")):
        if branch == "other":
            held.git("switch", "--quiet", "--create", "other", "HEAD~1")
        else:
            held.write_digest(STEM, made)
            held.commit()
        first = made.news[0].model_copy(update={"title": f"标题{words}"})
        held.write_digest(STEM, made.model_copy(update={"news": (first, *made.news[1:])}))
        held.commit()
    subprocess.run(
        ["git", "merge", "--quiet", "main"], cwd=tmp_path, check=False, capture_output=True
    )
    file = held.folder / f"{STEM}.json"
    assert "<<<<<<<" in file.read_text(encoding="utf-8")
    [(hurt, remedy)] = damaged_digests(held.folder)
    assert hurt.reason.startswith("two versions stand in it")
    command = remedy.partition("`")[2].partition("`")[0]
    subprocess.run(shlex.split(command), check=True)
    assert from_json(file.read_text(encoding="utf-8")).news[0].title == "标题乙"
    assert "<<<<<<<" not in file.with_suffix(".md").read_text(encoding="utf-8")
    assert list(damaged_digests(held.folder)) == []


def test_a_digest_that_may_not_be_read_is_not_called_damaged(
    outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is offered that writes over it: its permissions are what is wrong."""
    opened = os.open

    def refuse(path: Any, *rest: Any, **more: Any) -> int:
        if str(path).endswith(f"{STEM}.json"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    [(hurt, remedy)] = damaged_digests(outputs)
    assert hurt.reason == "it cannot be read: permission denied"
    assert remedy == f"see to it that {STEM}.json can be read: correct its permissions"


def test_what_is_whole_is_not_called_damaged(outputs: Path) -> None:
    """Line ends of Windows, and the mark that its editors put first, are read as they are."""
    file = outputs / f"{STEM}.json"
    whole = file.read_bytes()
    for data in (whole, b"\xef\xbb\xbf" + whole, whole.replace(b"\n", b"\r\n")):
        file.write_bytes(data)
        assert list(damaged_digests(outputs)) == []
    write(daily.digest(daily.FIRST_DAY), outputs)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("编程", "<<<<<<< 编程 >>>>>>> ", 1), encoding="utf-8")
    assert list(damaged_digests(outputs)) == []
