"""A digest in the terminal: every sentence beside what it rests on."""

import datetime as dt
import io
from pathlib import Path

import pytest

import daily
from build import entry
from invoke import invoke
from pipeline.edits import make_anchor
from pipeline.errors import SettingsError
from pipeline.ops import digest_text
from pipeline.records import Digest, Edit, Entry, Finding, Link, Sentence
from pipeline.write.files import write

DAY = dt.date(2026, 1, 30)
EVIDENCE = (
    "Alder is out. " + "It has weights. " * 15 + "It has code.\n- It runs.\n\nBirch likes it."
)


def told(**more: object) -> Entry:
    """Write an entry of two sentences."""
    fields: dict[str, object] = {
        "title": "甲发布",
        "summary": "甲发布。乙说好。",
        "sentences": (Sentence(text="甲发布。", lines=(1, 4)), Sentence(text="乙说好。")),
        "evidence": EVIDENCE,
        "mentions": ("m001", "m002"),
        "links": (
            Link(url="https://example.org/0", text=""),
            Link(url="https://example.org/1", text="launch"),
        ),
    }
    return entry("s01", "https://example.org/1").model_copy(update=fields | more)


def digest(*news: Entry, **more: object) -> Digest:
    """Write a digest."""
    made = Digest(
        date=DAY,
        issue_url="https://news.smol.ai/issues/26-01-30-sampler/",
        news=news or (told(),),
        tools=(entry("s02", None, "tool"),),
    )
    return made.model_copy(update=more)


def test_a_sentence_names_its_lines_and_the_lines_have_numbers() -> None:
    """And the link is one of the numbered links."""
    lines = digest_text(digest(), "2026-01-30", "news:1").splitlines()
    assert lines[:4] == [
        "news:1  甲发布",
        "    甲发布。 [1,4]",
        "    乙说好。",
        "    link: L2 https://example.org/1",
    ]
    assert lines[4].startswith("    1  Alder is out. It has weights.")
    assert lines[5].startswith("    2  It has")
    assert lines[6:] == [
        "    3  - It runs.",
        "    4  Birch likes it.",
        "    L1  https://example.org/0",
        "    L2  https://example.org/1 launch",
    ]


def test_all_entries_are_shown_without_a_place() -> None:
    """Below the issue, a blank line between them; what an entry has that most have not is said."""
    second = told(title="乙", tries=2, quoted=True, follows=dt.date(2026, 1, 20))
    blocks = digest_text(digest(told(), second), "2026-01-30").split("\n\n")
    heads = [block.splitlines()[0] for block in blocks]
    assert heads == [
        "2026-01-30 https://news.smol.ai/issues/26-01-30-sampler/",
        "news:1  甲发布",
        "news:2  乙  (quoted, after 2 tries, follows 2026-01-20)",
        "tools:1  标题  (no link)",
    ]
    assert "Not much happened today" in digest_text(daily.digest(DAY), "2026-01-30").splitlines()[0]


def test_a_plain_digest_says_who_translated_it() -> None:
    """Below its head; an entry alone does not repeat it."""
    plain = digest(translated_by="small\x1b-1b")
    head = digest_text(plain, "2026-01-30").split("\n\n")[0].splitlines()
    assert head[1:] == [
        "translated sentence by sentence by small<U+001B>-1b (profile plain)",
    ]
    assert digest_text(plain, "x", "tools:1") == digest_text(digest(), "x", "tools:1")


def test_an_older_entry_is_shown_as_far_as_it_is_known() -> None:
    """Its lines have no numbers, since no sentence names any; from Markdown there are none."""
    older = told(sentences=(), mentions=(), evidence="One.\n\n- Two.", links=())
    assert digest_text(digest(older), "x", "news:1").splitlines() == [
        "news:1  甲发布",
        "    甲发布。乙说好。",
        "    link: https://example.org/1",
        "    One.",
        "    - Two.",
    ]
    assert digest_text(digest(), "x", "tools:1") == f"tools:1  标题  (no link)\n    {'摘要' * 30}\n"


def test_findings_and_edits_stand_with_their_entry() -> None:
    """Edits have the numbers that `edit --undo` takes; what is about no entry comes last."""
    finding = Finding(
        entry="news:1", check="number", severity="warning", expected="4万", found="5万", sentence=2
    )
    lost = finding.model_copy(update={"entry": "s09", "sentence": None})
    gone = make_anchor(told(evidence="Cedar is out."))
    edits = (
        Edit(do="drop", story=gone, stood="news:2"),
        Edit(do="set", story=make_anchor(told()), stood="news:1", title="甲发布"),
    )
    made = digest(findings=(finding, lost), edits=edits)
    alone = digest_text(made, "x", "news:1").splitlines()
    assert alone[-2] == "    warning[number] news:1 sentence 2: found 5万, expected 4万"
    assert alone[-1].startswith("    edit 2: set news:1: title “甲发布” (“Alder is out.")
    whole = digest_text(made, "x").split("\n\n")
    assert whole[1].splitlines() == alone
    assert whole[-1].splitlines() == [
        "warning[number] s09: found 5万, expected 4万",
        "edit 1: drop news:2: “Cedar is out.”",
    ]


def test_what_strangers_wrote_moves_no_cursor() -> None:
    """Controls and marks of direction are named; a line break ends no line."""
    for place in (None, "news:3", "tools:2"):
        text = digest_text(daily.hostile_digest(DAY), "x", place)
        assert all(line.isprintable() for line in text.split("\n"))
        assert "<U+001B>[31m" in text or place
    broken = told(title="甲\nnews:9  乙\u2028丙\u202e")
    assert digest_text(digest(broken), "x", "news:1").startswith(
        "news:1  甲 news:9 乙 丙<U+202E>\n"
    )


@pytest.mark.parametrize("place", ["news:2", "tools:9", "news:0", "news", "s01", "", "NEWS:1"])
def test_a_place_that_is_not_there_is_named(place: str) -> None:
    """With what there is, or with how it is written."""
    with pytest.raises(SettingsError, match=r"it has 1 news and 1 tools|write it as news:3"):
        digest_text(digest(), "2026-01-30", place)


def test_the_command_takes_a_date_a_name_or_a_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In any format, and standard input; without colours where it is no terminal."""
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", str(tmp_path))
    monkeypatch.setenv("FORCE_COLOR", "1")
    write(digest(), tmp_path)
    file = tmp_path / "2026-01-30.json"
    one = digest_text(digest(), "2026-01-30", "news:1")
    for name in ("2026-01-30", str(file)):
        assert invoke(capfd, "show", name, "news:1") == (0, one, "")
    assert "\x1b" not in one
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    assert invoke(capfd, "show", "-", "news:1") == (0, one, "")
    code, out, _ = invoke(capfd, "show", str(file.with_suffix(".md")))
    assert (code, "[1,4]" in out, "甲发布。乙说好。" in out) == (0, False, True)
    code, out, _ = invoke(capfd, "show", "2026-01-30")
    assert (code, out) == (0, digest_text(digest(), "2026-01-30"))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("2026-01-31",), 2, "there is no digest '2026-01-31'"),
        (("2026-01-30", "news:9"), 2, "there is no news:9 in the digest 2026-01-30"),
        (("2026-01-30", "third"), 2, "'third' is not an entry: write it as news:3 or tools:10"),
        (("nothing.json",), 2, "cannot read 'nothing.json'"),
        (("x" * 300,), 2, "File name too long"),
        (("a/b\0c",), 2, "the file cannot be used: no name of a file has a NUL in it"),
        (("{}/no.md",), 4, "expected the heading"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    """What was asked for, and what to write instead."""
    write(digest(), tmp_path)
    (tmp_path / "no.md").write_text("# No digest\n", encoding="utf-8")
    given = [one.format(tmp_path) for one in arguments]
    left, out, line = invoke(capfd, "show", *given, "--out", str(tmp_path))
    assert (left, out, line.count("\n")) == (code, "", 1)
    assert said in line
