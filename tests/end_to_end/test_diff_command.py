"""The commands `diff` and `textconv`, as they are typed."""

import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import repository
from differences import digest, titled_entry
from invoke import invoke
from repository import DigestRepository
from runner import ROOT

DAY = "2026-01-30"
WORDS = "[A-Za-z0-9_.,%+-]+|[^[:space:]]"


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DigestRepository:
    """Make a repository of two digests, of which one was changed since."""
    repository.require_git()
    repository.isolate_git(monkeypatch)
    monkeypatch.setenv("COLUMNS", "200")
    made = DigestRepository(tmp_path / "仓 库")
    made.write_digest(
        DAY, digest(titled_entry("标题"), titled_entry("第二", "s02", "https://example.org/2"))
    )
    made.write_digest("2026-01-29", digest(titled_entry("标题")))
    made.commit()
    monkeypatch.chdir(made.folder.parent)
    changed = titled_entry("标题").model_copy(update={"summary": "用户达到5万，" * 10})
    made.write_digest(DAY, digest(changed, titled_entry("第二", "s02", "https://example.org/2")))
    return made


def test_what_changed_since_the_last_commit(
    held: DigestRepository, capfd: pytest.CaptureFixture[str]
) -> None:
    """Only with `--exit-code` is a difference an exit code."""
    code, out, said = invoke(capfd, "diff", DAY)
    assert (code, said) == (0, "")
    assert out.startswith(f"changed: outputs/{DAY}.json against HEAD:我的 站/outputs/{DAY}.json\n")
    assert "1 reworded (1 with another number), 1 unchanged" in out
    assert "{+#5万#+}" in out
    assert "第二" not in out
    assert "\x1b" not in out
    assert invoke(capfd, "diff", DAY, "--exit-code")[0] == 1
    held.commit()
    code, out, said = invoke(capfd, "diff", DAY, "--exit-code")
    assert (code, said) == (0, "")
    assert out.startswith("identical: ")


def test_a_clone_without_digests_has_nothing_to_compare(
    held: DigestRepository, capfd: pytest.CaptureFixture[str]
) -> None:
    """That is no mistake of whoever asks; the name of a digest that is none is."""
    for file in held.folder.glob("2026-*"):
        file.unlink()
    held.commit()
    code, out, said = invoke(capfd, "diff")
    assert (code, out) == (0, "")
    assert "nothing to compare: no digest in" in said
    assert invoke(capfd, "diff", DAY)[0] == 2


def test_a_terminal_gets_colours_unless_it_wants_none(
    held: DigestRepository, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`FORCE_COLOR` is what says that there is a terminal here."""
    del held
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "5万\x1b[0m" in invoke(capfd, "diff", DAY)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    out = invoke(capfd, "diff", DAY)[1]
    assert "\x1b" not in out
    assert "{+#5万#+}" in out


def test_a_range_of_dates(held: DigestRepository, capfd: pytest.CaptureFixture[str]) -> None:
    """A table, then what differs; what is the same is counted, what is gone or new is said."""
    held.write_digest("2026-01-31", digest())
    code, out, _ = invoke(capfd, "diff", "2026-01-01..2026-01-31", "--exit-code")
    assert code == 1
    assert [line.split()[0] for line in out.splitlines()[1:4]] == [DAY, "2026-01-31", "1"]
    assert "1 identical" in out
    assert "\nadded: outputs/2026-01-31.json (1 news, 0 tools); there is no HEAD:" in out
    (held.folder / f"{DAY}.json").unlink()
    out = invoke(capfd, "diff", "..", "--format", "md")[1]
    assert "## 2026-01-30: removed\n" in out
    assert "1 digest is identical" in out
    told_apart = json.loads(invoke(capfd, "diff", "..", "--format=json")[1])
    assert [each["status"] for each in told_apart["digests"]] == ["removed", "added"]
    assert told_apart["identical"] == 1


def test_a_page_of_one_digest(held: DigestRepository, capfd: pytest.CaptureFixture[str]) -> None:
    """Whole in itself; several, or one that is new, are refused."""
    code, out, _ = invoke(capfd, "diff", DAY, "--format", "html")
    assert code == 0
    assert out.lower().startswith("<!doctype html>")
    assert "标题" in out
    held.write_digest("2026-01-31", digest())
    for what in ("..", "2026-01-31"):
        code, out, said = invoke(capfd, "diff", what, "--format", "html")
        assert (code, out) == (2, "")
        assert "take md" in said


def test_standard_input_against_a_file(
    held: DigestRepository, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Markdown against JSON: what they both tell is the same."""
    markdown = (held.folder / f"{DAY}.md").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(markdown)))
    code, out, _ = invoke(capfd, "diff", "-", "--against", f"outputs/{DAY}.json")
    assert code == 0
    names = f"standard input and outputs/{DAY}.json"
    assert out == f"nothing to tell apart, though not byte for byte: {names}\n"


def test_damage_keeps_nothing_else_from_being_shown(
    held: DigestRepository, capfd: pytest.CaptureFixture[str]
) -> None:
    """It ends in code 4 and names the file."""
    (held.folder / "2026-01-29.json").write_text("{", encoding="utf-8")
    code, out, said = invoke(capfd, "diff", "..")
    assert code == 4
    assert f"changed: outputs/{DAY}.json" in out
    assert re.fullmatch(r"ainews-digest: error: outputs/2026-01-29\.json is damaged: .*\n", said)
    code, out, said = invoke(capfd, "diff", "2026-01-29", "--format", "html")
    assert (code, out, said.count("\n")) == (4, "", 1)


def test_without_a_name_all_that_changed_is_shown(
    held: DigestRepository, capfd: pytest.CaptureFixture[str]
) -> None:
    """The same as the range without ends."""
    assert held.folder.is_dir()
    assert invoke(capfd, "diff") == invoke(capfd, "diff", "..")
    assert f"changed: outputs/{DAY}.json" in invoke(capfd, "diff")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("2030-01-01",),
        (DAY, "--against", "nothing"),
        (DAY, "--against=--output=x"),
        (DAY, "--format", "xml"),
        (DAY, "--most", "1"),
        (DAY, "--most", "5000"),
        (DAY, "--most", "5000", "--json"),
        (DAY, "--most", "5000", "--format", "html"),
    ],
)
def test_what_cannot_be_meant_ends_in_code_2(
    held: DigestRepository, capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    """In one line, with nothing on standard output."""
    del held
    code, out, said = invoke(capfd, "diff", *arguments)
    assert (code, out, said.count("\n")) == (2, "", 1)


def test_git_diff_shows_a_digest_as_lines(held: DigestRepository) -> None:
    """With the README's two settings; a damaged version is shown as it is, and git goes on."""
    shutil.copy(ROOT / ".gitattributes", held.folder.parent)
    held.git("config", "diff.ainews-digest.textconv", f"'{sys.executable}' -m pipeline textconv")
    held.git("config", "diff.ainews-digest.wordRegex", WORDS)
    file = f"我的 站/outputs/{DAY}.json"
    shown = held.git("diff", "--unified=0", "--", file)
    changed = [line for line in shown.splitlines() if re.match(r"[-+] ", line)]
    assert changed[:2] == [f"-    {'摘要' * 30}", f"+    {'用户达到5万，' * 10}"]
    assert len(changed) == 2
    (held.root / file).write_text('{"half": ', encoding="utf-8")
    assert '+{"half": ' in held.git("diff", "--", file)
    markdown = f"我的 站/outputs/{DAY}.md"
    done = subprocess.run(
        ["git", "diff", "--word-diff=plain", "--", markdown],
        cwd=held.root,
        env={**repository.GIT_ENVIRONMENT, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert "{+用户达到5万" in done.stdout


def test_textconv_reads_standard_input_and_says_what_is_missing(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is not there is the one thing that it refuses."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{")))
    assert invoke(capfd, "textconv", "-") == (0, "{", "")
    code, out, said = invoke(capfd, "textconv", "nothing.json")
    assert (code, out) == (2, "")
    assert "cannot read 'nothing.json'" in said


def test_a_diff_that_is_cut_names_the_whole_command(
    held: DigestRepository, capfd: pytest.CaptureFixture[str]
) -> None:
    """With its digests and what they are compared with: another one shows something else."""
    changed = [
        titled_entry(f"标题{n}", f"s{n:02d}", f"https://example.org/{n}") for n in range(1, 40)
    ]
    held.write_digest(DAY, digest(*changed))
    command = ("diff", DAY, "--against", "HEAD")
    out = invoke(capfd, *command, "--format", "md", "--most", "1000")[1]
    assert out.splitlines()[-1].endswith(f" more lines: see `ainews-digest {' '.join(command)}`.")
    assert "more lines" not in invoke(capfd, *command)[1]
    elsewhere = ("--directory", ".", *command, "--out", "outputs")
    out = invoke(capfd, *elsewhere, "--format", "md", "--most", "1000")[1]
    assert out.splitlines()[-1].endswith(f"see `ainews-digest {' '.join(elsewhere)}`.")


def test_the_table_fits_a_terminal(
    held: DigestRepository, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 80 columns the reasons stay; a wide one has all."""
    held.write_digest("2026-01-29", digest(titled_entry("另一")))
    wide = invoke(capfd, "diff")[1].splitlines()[:3]
    assert wide[0].split() == [
        *("digest", "added", "dropped", "moved", "texts", "numbers", "links", "came", "went"),
        *("issue", "why"),
    ]
    monkeypatch.setenv("COLUMNS", "80")
    narrow = invoke(capfd, "diff")[1].split("\n\n")[0].splitlines()
    assert max(map(len, narrow)) <= 80
    assert narrow[0].split()[-1] == "why"
    assert "unknown?" in narrow[1]
