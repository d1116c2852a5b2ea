"""A digest is a date, a name or a file, for every command, and its damage has one exit code."""

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import daily
from pipeline.cli import main
from pipeline.write.files import write
from pipeline.write.json_format import FORMAT_VERSION, from_json

DAY = "2026-01-28"
READERS: dict[str, Sequence[str]] = {
    "show": ("show", "D"),
    "show --json": ("show", "D", "--json"),
    "report": ("report", "D"),
    "report --annotations": ("report", "D", "--annotations"),
    "read": ("read", "D"),
    "render": ("render", "D"),
    "diff": ("diff", "D", "--against", "2026-01-29"),
    "verify": ("verify", "D"),
    "textconv": ("textconv", "D"),
    "edit --list": ("edit", "D", "--list"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write digests once."""
    folder = tmp_path_factory.mktemp("made") / "outputs"
    for name in (DAY, "2026-01-29"):
        write(daily.digest(dt.date.fromisoformat(name)), folder)
    write(daily.digest(dt.date(2026, 1, 28)), folder, f"{DAY}-2")
    return folder


@pytest.fixture
def outputs(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay digests down, and work beside them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("SITE", "UPSTREAM", "SUBSTACK"):
        monkeypatch.setenv(f"AINEWS_{name}_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("AINEWS_HTTP_ATTEMPTS", "1")
    return shutil.copytree(made, tmp_path / "outputs")


def end(*arguments: str) -> object:
    """Call the command; give its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize(
    "name",
    [
        DAY,
        f"outputs/{DAY}.json",
        f"outputs/{DAY}.md",
        f"{DAY}.json",
        f"{DAY}.md",
        "{folder}/x.json",
    ],
)
def test_a_digest_is_a_date_a_name_or_a_file(outputs: Path, command: str, name: str) -> None:
    """Below the working folder, in the folder of the digests, or anywhere by its whole path."""
    (outputs / "x.json").write_bytes((outputs / f"{DAY}.json").read_bytes())
    named = name.format(folder=outputs)
    code = end(*(named if word == "D" else word for word in READERS[command]))
    assert code == 0


@pytest.mark.parametrize("name", [f"{DAY}.md", f"outputs/{DAY}.md", "{folder}/2026-01-28.md"])
def test_markdown_is_verified_with_the_evidence_of_its_json(
    outputs: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Where both say the same, both are checked the same; else the issue has to be fetched."""
    file = outputs / f"{DAY}.json"
    digest = from_json(file.read_text("utf-8"))
    first = digest.news[0]
    wrong = first.model_copy(update={"summary": f"{first.summary}公司融资98765万美元。"})
    write(digest.model_copy(update={"news": (wrong, *digest.news[1:])}), outputs, DAY)
    assert end("verify", str(file)) == 1
    of_json = capsys.readouterr()
    assert "98765" in of_json.out
    named = name.format(folder=outputs)
    assert end("verify", named) == 1
    assert capsys.readouterr() == of_json
    markdown = outputs / f"{DAY}.md"
    markdown.write_text(markdown.read_text("utf-8").replace("98765", "98766"), encoding="utf-8")
    assert end("verify", named) == 3
    file.write_text("{", encoding="utf-8")
    assert end("verify", named) == 3


@pytest.mark.parametrize("command", READERS)
def test_a_second_digest_of_a_date_has_a_name(
    outputs: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """And one that there is not is refused, with what can be given."""
    assert (outputs / f"{DAY}-2.json").exists()
    name = f"{DAY}-2"
    assert end(*(name if word == "D" else word for word in READERS[command])) in (0, 1)
    capsys.readouterr()
    assert end(*("2026-01-01" if word == "D" else word for word in READERS[command])) == 2
    assert capsys.readouterr().err.count("\n") == 1


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:400])


def _foreign(file: Path) -> None:
    file.write_text('["mine"]', encoding="utf-8")


def _newer(file: Path) -> None:
    old, new = f'version": {FORMAT_VERSION}', f'version": {FORMAT_VERSION + 1}'
    file.write_text(file.read_text("utf-8").replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("command", sorted(READERS.keys() - {"textconv"}))
@pytest.mark.parametrize(
    ("damage", "code"), [(_cut, 4), (_foreign, 4), (_newer, 4), (Path.unlink, 2)]
)
def test_one_kind_of_damage_has_one_code(
    outputs: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    damage: Callable[[Path], object],
    code: int,
) -> None:
    """Whichever command it is named to; the line names the file."""
    damage(outputs / f"{DAY}.json")
    if command == "diff" and damage is Path.unlink:
        (outputs / f"{DAY}.md").unlink()
    assert end(*(DAY if word == "D" else word for word in READERS[command])) == code
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"outputs/{DAY}" in error or f"'{DAY}'" in error


@pytest.mark.parametrize(("damage", "code"), [(_cut, 4), (_foreign, 4), (_newer, 4)])
@pytest.mark.usefixtures("outputs")
def test_who_would_write_agrees(outputs: Path, damage: Callable[[Path], object], code: int) -> None:
    """`edit` and `run --refresh`; the file stays as it is."""
    file = outputs / f"{DAY}.json"
    damage(file)
    held = file.read_bytes()
    assert end("edit", DAY, "--set", "news:1.title=标题") == code
    assert end("edit", DAY, "--adopt") == code
    assert end("run", "--date", DAY, "--refresh", "news:1", "--dry-run") == code
    assert file.read_bytes() == held


def test_markdown_without_its_json_is_named(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the command that makes it again."""
    (outputs / f"{DAY}.json").unlink()
    assert end("show", DAY) == 2
    said = capsys.readouterr().err
    assert f"{DAY}.md' lies there without its JSON" in said
    assert "write over it with `ainews-digest run --issue " in said
    assert end("show", f"outputs/{DAY}.md") == 0
    (outputs / "notes.md").write_text("# Notes\n", encoding="utf-8")
    assert end("show", "notes") == 2
    assert "there is no digest 'notes'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["export", "diff", "report", "show", "verify"])
def test_damage_is_said_with_the_file_and_the_next_step(
    outputs: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """Whichever command finds it."""
    _cut(outputs / f"{DAY}.json")
    more = {"export": ("--format", "text"), "diff": ("--against", "2026-01-29")}
    assert end(command, DAY, *more.get(command, ())) == 4
    (line,) = capsys.readouterr().err.splitlines()
    assert f"outputs/{DAY}.json" in line
    assert "`ainews-digest status` says how it is restored" in line


def test_of_a_file_with_another_name_status_knows_nothing(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that nobody is sent there."""
    (outputs / "notes.json").write_text("{}", encoding="utf-8")
    assert end("show", "outputs/notes.json") == 4
    assert "status" not in capsys.readouterr().err


def test_markdown_without_its_json_is_no_dead_end(
    outputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report names the JSON that is missing; a finding names no edit that cannot be made."""
    file = tmp_path / "a.md"
    file.write_bytes((outputs / f"{DAY}.md").read_bytes())
    assert end("report", str(file)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "without its JSON 'a.json'" in line
    assert f"`ainews-digest verify {file}`" in line
    page = tmp_path / "26-01-28-x.md"
    page.write_text(
        "---\ntitle: X\n---\n\n# AI Twitter Recap\n\n- **Alder**: a lab published the weights of Alder\n",
        encoding="utf-8",
    )
    assert end("verify", str(file), "--source", str(page)) == 1
    out = capsys.readouterr().out
    assert "error[" in out
    assert "ainews-digest edit" not in out
    assert "ainews-digest show" not in out
