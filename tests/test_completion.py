"""What a shell completes besides commands and options, and hints at what was typed wrong."""

from pathlib import Path

import pytest

from daily import write_digests
from pipeline.cli import main


def completed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str
) -> list[str]:
    """Complete the last word of a command line, as bash asks for it."""
    monkeypatch.setenv("_AINEWS_DIGEST_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"ainews-digest {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" "))))
    with pytest.raises(SystemExit):
        main([])
    return capsys.readouterr().out.split()


@pytest.mark.parametrize(
    "command", ["show", "edit", "export", "report", "diff", "verify", "render"]
)
def test_digests_are_completed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    """By name, the newest first; what has no date as a name is none."""
    names = sorted(Path(name).stem for name in write_digests(tmp_path / "outputs", 3))
    (tmp_path / "outputs" / "foo.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert completed(monkeypatch, capsys, f"{command} ") == names[::-1]
    assert completed(monkeypatch, capsys, f"{command} {names[0]}") == [names[0]]


def test_dates_forms_and_what_to_refresh_are_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each after its option; an empty folder, and none, complete no date."""
    monkeypatch.chdir(tmp_path)
    assert completed(monkeypatch, capsys, "run --date ") == []
    write_digests(tmp_path / "outputs", 2)
    assert len(completed(monkeypatch, capsys, "run --date ")) == 2
    assert len(completed(monkeypatch, capsys, "status --since ")) == 2
    assert completed(monkeypatch, capsys, "export x --format w") == ["wechat"]
    assert set(completed(monkeypatch, capsys, "render x --format ")) >= {"markdown", "json"}
    assert completed(monkeypatch, capsys, "run --refresh s") == ["select"]
    assert "news:3" in completed(monkeypatch, capsys, "run --refresh news:")
    assert completed(monkeypatch, capsys, "init --model ") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "--verbose"), "put --verbose before the command"),
        (("status", "--directory", "x"), "put --directory before the command"),
        (("statu",), "Did you mean 'status'? See `ainews-digest --help`"),
        (("run", "--refresh", "select"), "--date, --issue or --source"),
    ],
)
def test_what_was_typed_wrong_comes_with_what_was_meant(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    """In one line, with exit code 2."""
    with pytest.raises(SystemExit) as left:
        main(words)
    err = capsys.readouterr().err
    assert left.value.code == 2
    assert said in err
    assert len(err.splitlines()) == 1


def test_no_word_of_the_help_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At 80 columns `proofread` stands in one piece."""
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    out = capsys.readouterr().out
    assert "proofre " not in out
    assert "proofread" in out
