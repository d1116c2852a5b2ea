"""Every command that reads a digest says that its Markdown is not what its JSON says."""

import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest

import daily
from pipeline.cli import main
from pipeline.site.build import build_site
from pipeline.write.files import write

DAY = "2026-01-28"
COMMANDS = (
    ("show", DAY),
    ("show", f"outputs/{DAY}.json"),
    ("verify", DAY),
    ("verify", f"outputs/{DAY}.json", "--json"),
    ("report", DAY),
    ("report", f"outputs/{DAY}.md"),
    ("diff", DAY),
    ("diff",),
    ("diff", DAY, "--against", DAY),
)


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commit a digest, and work beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(tmp_path / "cache"))
    for day in (DAY, "2026-01-29"):
        write(daily.digest(dt.date.fromisoformat(day)), tmp_path / "outputs")
    for words in (
        ("init", "-q"),
        ("add", "outputs"),
        ("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "Begin"),
    ):
        subprocess.run(["git", *words], check=True)
    return tmp_path / "outputs"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Call the command; give what it says beside its result, but for what it did not check."""
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(arguments)
    lines = capsys.readouterr().err.splitlines()
    return [line for line in lines if "was not checked" not in line]


def test_a_command_that_is_given_a_digest_notes_it(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, changed or gone, and only then; the digest is a date, a name or a file."""
    file = outputs / f"{DAY}.md"
    text = file.read_text(encoding="utf-8")
    for command in COMMANDS:
        file.write_text(text, encoding="utf-8")
        assert said(capsys, *command) == []
        file.write_text(text.replace("### 1.", "### 1. x", 1), encoding="utf-8")
        lines = said(capsys, *command)
        assert len(lines) == 1
        assert f"{DAY}.md' was changed by hand: `ainews-digest edit {DAY} --adopt`" in lines[0]
        file.unlink()
        lines = said(capsys, *command)
        assert len(lines) == 1
        assert (
            f"{DAY}.md' is missing beside its JSON: `ainews-digest edit {DAY} --adopt`" in lines[0]
        )


def test_beside_a_copy_that_lies_elsewhere_no_markdown_is_missed(
    outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """But where it lies there, it counts; of what is no digest nothing is said besides."""
    copy = tmp_path / "copy.json"
    copy.write_bytes((outputs / f"{DAY}.json").read_bytes())
    assert said(capsys, "show", "copy.json") == []
    (tmp_path / "copy.md").write_text("mine", encoding="utf-8")
    assert len(said(capsys, "show", "copy.json")) == 1
    copy.write_text("{", encoding="utf-8")
    assert len(said(capsys, "show", "copy.json")) == 1


def test_the_site_shows_the_json_and_says_so(outputs: Path, tmp_path: Path) -> None:
    """Also where an index knows the digest; its page is not made again for that."""
    file = outputs / f"{DAY}.md"

    def build() -> tuple[list[str], int]:
        built = build_site(
            outputs, tmp_path / "site", base_url="https://a.example/", index_dir=tmp_path / "index"
        )
        return [line for line in built.warnings if DAY in line], len(built.changed)

    assert build()[0] == []
    file.write_text("mine", encoding="utf-8")
    for _ in range(2):
        (line,), changed = build()
        assert f"edit {DAY} --adopt" in line
        assert line.endswith("; the site shows what the JSON says")
        assert changed == 0
    file.unlink()
    assert "is missing" in build()[0][0]


def test_a_digest_is_a_date_a_name_or_a_file_for_every_command(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The result is the same; a name that nothing has is said with what to write instead."""
    for command in ("show", "verify", "read", "render", "textconv", "report"):
        results = set()
        for name in (DAY, f"{DAY}.json", f"outputs/{DAY}.json", str(outputs / f"{DAY}.json")):
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main([command, name])
            assert ended.value.code == 0
            results.add(capsys.readouterr().out)
        assert len(results) == 1
        (line,) = said(capsys, command, "2026-01-01")
        assert "there is no digest '2026-01-01'" in line


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Call the command; give its exit code and its result."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0), capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "what"), [("x", "was changed by hand"), (None, "is missing beside its JSON")]
)
def test_the_text_of_a_pull_request_says_that_the_markdown_differs(
    outputs: Path, capsys: pytest.CaptureFixture[str], words: str | None, what: str
) -> None:
    """In its first line, above the entries, and as an annotation of the line; never of another."""
    file = outputs / f"{DAY}.md"
    text = file.read_text(encoding="utf-8")
    days = ("report", DAY, "2026-01-29")
    body, notes = printed(capsys, *days)[1], printed(capsys, *days, "--annotations")[1]
    assert "Markdown differs" not in body
    file.unlink()
    if words is not None:
        file.write_text(text.replace("### 1.", f"### 1. {words}", 1), encoding="utf-8")
    lines = printed(capsys, *days)[1].splitlines()
    assert lines[0] == f"{body.splitlines()[0]} · Markdown differs from the JSON"
    assert lines[2:4] == [f"## {DAY}", ""]
    assert lines[4].startswith(f"**The Markdown {what}, and this text tells what the JSON says:** ")
    assert f"`ainews-digest edit {DAY} --adopt` " in lines[4]
    assert sum("--adopt" in line for line in lines) == 1
    first, *others = printed(capsys, *days, "--annotations")[1].splitlines()
    number = text.splitlines().index("## 📰 十大AI新闻要点") + 3 if words else 1
    assert first.startswith(
        f"::warning file=outputs/{DAY}.md,line={number},title=warning[markdown]::The Markdown {what}"
    )
    assert "\n".join([*others, ""] if others else []) == notes


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize(
    ("words", "what"), [("x", "was changed by hand"), (None, "is missing beside its JSON")]
)
def test_a_diff_names_markdown_that_differs(
    outputs: Path,
    capsys: pytest.CaptureFixture[str],
    words: str | None,
    what: str,
    committed: bool,
) -> None:
    """It is no digest without a difference, committed or not; the other digest is one."""
    file = outputs / f"{DAY}.md"
    text = file.read_text(encoding="utf-8")
    assert printed(capsys, "diff", "--exit-code") == (0, "2 identical\n")
    file.unlink()
    if words is not None:
        file.write_text(text.replace("### 1.", f"### 1. {words}", 1), encoding="utf-8")
    if committed:
        names = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", *names, "commit", "-qam", "Change"], check=True)
    line = f"outputs/{DAY}.md {what}: `ainews-digest edit {DAY} --adopt` "
    for more in ((), (DAY,), (DAY, "--against", DAY), ("--against", "HEAD")):
        code, out = printed(capsys, "diff", *more, "--exit-code")
        assert code == 1
        assert f"\n{line}" in out
        assert f"identical but for the Markdown: outputs/{DAY}.json and " in out
        assert "\nidentical: " not in f"\n{out}"
    assert "\n1 identical\n" in printed(capsys, "diff")[1]
    code, out = printed(capsys, "diff", "--format", "md", "--exit-code")
    assert (code, f"**outputs/{DAY}.md {what}: " in out) == (1, True)
    code, out = printed(capsys, "diff", DAY, "--format", "html", "--exit-code")
    assert (code, f"ainews-digest edit {DAY} --adopt" in out) == (1, True)
    assert "完全相同" not in out
    (listed,) = json.loads(printed(capsys, "diff", "--json")[1])["digests"]
    assert listed["markdown"]["state"] == ("changed" if words else "missing")
