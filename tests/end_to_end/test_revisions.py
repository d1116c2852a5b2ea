"""Two revisions side by side, and a file of one: `A..B` and `REV:PATH`."""

import json
from pathlib import Path

import pytest

import repository
from differences import digest, titled_entry
from invoke import invoke
from repository import DigestRepository

DAY = "2026-01-30"


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DigestRepository:
    """Make a repository of two digests with two commits, and something else in the folder."""
    repository.require_git()
    repository.isolate_git(monkeypatch)
    monkeypatch.setenv("COLUMNS", "200")
    made = DigestRepository(tmp_path / "仓 库")
    made.write_digest(DAY, digest(titled_entry("一")))
    made.write_digest("2026-01-29", digest(titled_entry("同")))
    made.commit()
    made.git("tag", "v1.0")
    made.write_digest(DAY, digest(titled_entry("二")))
    made.write_digest("2026-01-31", digest(titled_entry("来")))
    made.commit()
    made.write_digest(DAY, digest(titled_entry("三")))
    monkeypatch.chdir(made.folder.parent)
    return made


@pytest.mark.parametrize("revisions", ["v1.0..HEAD", "v1.0..", "HEAD~1..HEAD"])
def test_two_revisions_are_compared(
    held: DigestRepository, capfd: pytest.CaptureFixture[str], revisions: str
) -> None:
    """All that differs between them, whatever the folder has by now; or the digests named beside."""
    del held
    code, out, said = invoke(capfd, "diff", revisions, "--exit-code")
    assert (code, said) == (1, "")
    assert "[-一-]{+二+}" in out
    assert "三" not in out
    assert "\n1 identical\n" in out
    assert f"added: {revisions.split('..')[1] or 'HEAD'}:我的 站/outputs/2026-01-31.json" in out
    listed = json.loads(invoke(capfd, "diff", revisions, DAY, "--json")[1])
    assert [each["stem"] for each in listed["digests"]] == [DAY]
    assert invoke(capfd, "diff", "2026-01-29", revisions, "--exit-code")[0] == 0


def test_the_other_way_round_a_digest_is_removed(
    held: DigestRepository, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is old is on the left."""
    del held
    out = invoke(capfd, "diff", "HEAD..v1.0")[1]
    assert "[-二-]{+一+}" in out
    assert "removed: there is no v1.0:" in out


def test_markdown_that_was_committed_changed_is_named_between_revisions(
    held: DigestRepository, capfd: pytest.CaptureFixture[str]
) -> None:
    """The JSON is the same in both."""
    held.git("checkout", "-q", "--", ".")
    file = held.folder / "2026-01-29.md"
    file.write_text(file.read_text(encoding="utf-8").replace("同", "手"), encoding="utf-8")
    held.commit()
    code, out, _ = invoke(capfd, "diff", "HEAD~1..HEAD", "--exit-code")
    assert code == 1
    assert "2026-01-29.md was changed by hand: `ainews-digest edit 2026-01-29 --adopt`" in out
    assert "\n2 identical\n" in out
    assert invoke(capfd, "diff", "HEAD~2..HEAD~2", "--exit-code")[0] == 0


def test_a_file_of_a_revision_is_one_to_compare_with(
    held: DigestRepository, capfd: pytest.CaptureFixture[str]
) -> None:
    """By its path from the root, as a diff prints it, or from here; on either side."""
    del held
    for path in (f"HEAD:我的 站/outputs/{DAY}.json", f"HEAD:./outputs/{DAY}.md"):
        code, out, _ = invoke(capfd, "diff", DAY, "--against", path)
        assert code == 0
        assert f"against {path}\n" in out
        assert "[-二-]{+三+}" in out
    old, new = f"v1.0:./outputs/{DAY}.json", f"HEAD:./outputs/{DAY}.json"
    assert "[-一-]{+二+}" in invoke(capfd, "diff", new, "--against", old)[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("v1.0",), "--against v1.0"),
        (("HEAD",), "HEAD..HEAD"),
        (("v1.0...HEAD",), "three dots"),
        (("nothing..HEAD",), "git knows no revision 'nothing'"),
        (("--", "--output=x..HEAD"), "is no revision"),
        (("v1.0..HEAD", "--against", "HEAD"), "names both versions"),
        (("v1.0..HEAD", "HEAD..v1.0"), "names both versions"),
        (("v1.0..HEAD", "2020-01-01"), "has a digest '2020-01-01'"),
        ((DAY, "--against", "HEAD:nothing.json"), "git has no file 'HEAD:nothing.json'"),
        ((DAY, "--against", "nothing:x.json"), "git knows no revision 'nothing'"),
        ((DAY, "--against=--output=x:x.json"), "is no revision"),
    ],
)
def test_what_is_no_revision_is_said(
    held: DigestRepository,
    capfd: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    """In one line, with what to give instead; nothing is written."""
    code, out, err = invoke(capfd, "diff", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not list(held.root.rglob("x"))
