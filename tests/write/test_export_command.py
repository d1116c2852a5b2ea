"""`export`: what it prints and writes, where it does not write, and what it says besides."""

import email
import re
from pathlib import Path

import pytest

import daily
from pipeline.cli import main
from pipeline.records import Finding
from pipeline.write import EXPORTS, from_json, to_text, write

DAY = daily.FIRST_DAY


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a digest and a draft."""
    folder = tmp_path / "outputs"
    write(daily.digest(DAY), folder)
    write(daily.digest(DAY.replace(day=DAY.day + 1)), folder, draft=True)
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def export(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[object, bytes, str]:
    """Call the command; give its exit code and what it printed."""
    with pytest.raises(SystemExit) as ended:
        main(["export", *arguments])
    out, said = capfdbinary.readouterr()
    return ended.value.code, out, said.decode()


@pytest.mark.parametrize("form", EXPORTS)
def test_every_form_is_printed_as_it_is_or_written_to_a_file(
    outputs: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], form: str
) -> None:
    """The same bytes, of a digest named by its date or by its file."""
    made = EXPORTS[form].render(from_json((outputs / f"{DAY}.json").read_text("utf-8"))).encode()
    code, out, said = export(capfdbinary, str(DAY), "--format", form)
    assert (code, out) == (0, made)
    assert ("From, To, Date" in said) is (form == "email")
    file = tmp_path / f"a{EXPORTS[form].suffix}"
    file.write_text("old")
    code, out, _ = export(
        capfdbinary, f"outputs/{DAY}.json", "--format", form, "--output", str(file)
    )
    assert (code, out, file.read_bytes()) == (0, b"", made)
    assert export(capfdbinary, str(DAY), "--format", form, "--output", "-")[:2] == (0, made)
    assert not Path("-").exists()


@pytest.mark.usefixtures("outputs")
@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        ((str(DAY),), 2, "Missing option '--format'"),
        ((str(DAY), "--format", "pdf"), 2, "give one of markdown, json, wechat, email, text\n"),
        ((str(DAY), "--format", "wechta"), 2, "email, text; did you mean wechat?"),
        ((str(DAY), "--format", "Email "), 2, "email, text; did you mean email?"),
        ((str(DAY), "--format", "txt"), 2, "email, text; did you mean text?"),
        ((str(DAY), "--format", "email", "--max-bytes", "900"), 2, "is for --format text"),
        ((str(DAY), "--format", "text", "--max-bytes", "20"), 2, "--max-bytes"),
        (("2020-01-01", "--format", "text"), 2, "2020-01-01"),
        ((str(DAY), "--format", "text", "--output", f"outputs/{DAY}.md"), 2, "among the digests"),
        ((str(DAY), "--format", "text", "--output", "outputs/drafts/a"), 2, "among the digests"),
        ((str(DAY), "--format", "text", "--output", "s3://bucket/a"), 2, "give a local file"),
        ((str(DAY), "--format", "text", "--output", "/dev/null"), 2, "is no file"),
        ((str(DAY), "--format", "text", "--output", "."), 2, "is no file"),
        ((str(DAY), "--format", "text", "--output", "loop"), 2, "is no file"),
        ((str(DAY), "--format", "text", "--output", "nowhere/a.txt"), 6, "cannot write"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    capfdbinary: pytest.CaptureFixture[bytes], arguments: tuple[str, ...], code: int, line: str
) -> None:
    """And nothing is written."""
    Path("loop").symlink_to("loop")
    ended, out, said = export(capfdbinary, *arguments)
    assert (ended, out, said.count("\n")) == (code, b"", 1)
    assert line in said
    assert from_json(Path("outputs", f"{DAY}.json").read_text("utf-8")) == daily.digest(DAY)
    assert Path("outputs", f"{DAY}.md").read_text("utf-8").startswith("## AINews")


@pytest.mark.usefixtures("outputs")
def test_a_link_is_written_through_and_never_onto_a_digest(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What it leads to counts: a file of yours is replaced, one of the digests is not."""
    (tmp_path / "real.txt").write_text("old")
    for name, target in (("mine", "real.txt"), ("theirs", f"outputs/{DAY}.md")):
        (tmp_path / name).symlink_to(tmp_path / target)
    arguments = (str(DAY), "--format", "text", "--output")
    assert export(capfdbinary, *arguments, "mine")[0] == 0
    assert (tmp_path / "mine").is_symlink()
    assert (tmp_path / "real.txt").read_text("utf-8") == to_text(daily.digest(DAY))
    assert export(capfdbinary, *arguments, "theirs")[0] == 2


@pytest.mark.usefixtures("outputs")
def test_a_text_is_parted_where_a_chat_takes_no_more(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    """As notices are."""
    _, out, _ = export(capfdbinary, str(DAY), "--format", "text", "--max-bytes", "2000")
    assert out.decode() == to_text(daily.digest(DAY), max_bytes=2000)
    assert out.count(b"\f") == 2


def test_errors_are_said_beside_what_is_given_away(
    outputs: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """By `export` and by `site`, on standard error."""
    finding = Finding(entry="news:1", check="name", severity="error", expected="", found="x")
    write(daily.digest(DAY).model_copy(update={"findings": (finding, finding)}), outputs)
    line = f"{DAY} was written with 2 errors that the checks found: `ainews-digest verify {DAY}`"
    code, out, said = export(capfdbinary, str(DAY), "--format", "text")
    assert (code, line.encode() in out) == (0, False)
    assert f"warning: {line} lists them" in said
    with pytest.raises(SystemExit) as ended:
        main(["site", "--out", str(tmp_path / "site")])
    assert not ended.value.code
    assert f"note: {line}" in capfdbinary.readouterr().err.decode()


@pytest.mark.usefixtures("outputs")
def test_words_that_do_not_fit_are_said(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Each entry that lost some has a mark, and standard error says how many they are."""
    digest = daily.digest(DAY)
    code, out, said = export(capfdbinary, str(DAY), "--format", "text", "--max-bytes", "200")
    assert code == 0
    text = out.decode()
    assert all(len(part.encode()) <= 200 for part in text.split("\f\n"))
    cut = [one for one in digest.entries if one.summary not in text]
    assert len(cut) > 2
    marked = re.findall(r"…$|另有 \d+ 条未列出", text, re.MULTILINE)
    missing = sum(int(number) for number in re.findall(r"另有 (\d+) 条未列出", text))
    assert len(marked) - (missing > 0) + missing == len(cut)
    assert f"{len(cut)} of {len(digest.entries)} entries do not fit whole into 200 bytes" in said
    _, _, said = export(capfdbinary, str(DAY), "--format", "text", "--max-bytes", "4000")
    assert said == ""


def test_a_draft_and_changed_markdown_are_said(
    outputs: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """On standard error; what is given away is the JSON."""
    [draft] = (outputs / "drafts").glob("*.json")
    code, out, said = export(capfdbinary, str(draft), "--format", "email")
    assert code == 0
    assert "it is a draft, which was not published" in said
    assert email.message_from_bytes(out)["Subject"]
    (outputs / f"{DAY}.md").write_text("mine")
    _, out, said = export(capfdbinary, str(DAY), "--format", "text")
    assert "mine" not in out.decode()
    assert f"{DAY}.md" in said
