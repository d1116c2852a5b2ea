"""`search` and `factcheck`: the same questions on the command line."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

import daily
from invoke import invoke

DAY = daily.FIRST_DAY.isoformat()


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two days of digests, in whose parent the command works."""
    monkeypatch.chdir(tmp_path)
    daily.write_digests(tmp_path / "outputs", 2)
    return tmp_path / "outputs"


@pytest.mark.usefixtures("outputs")
def test_search_prints_place_title_and_link(capsys: pytest.CaptureFixture[str]) -> None:
    """One entry after the other, and on standard error how many there are."""
    code, out, said = invoke(capsys, "search", "编程智能体", "4B", "--until", DAY)
    assert code == 0
    assert out == (
        f"{DAY} news:1  Orbit Agent发布：4B参数的编程智能体\n    https://example.org/{DAY}/news/1\n"
    )
    assert said == "ainews-digest: note: 1 to 1 of 1 entry\n"
    _, _, said = invoke(capsys, "search", "--limit", "5", "--offset", "5")
    assert said == "ainews-digest: note: 6 to 10 of 40 entries; --offset 10 for more\n"
    code, out, said = invoke(capsys, "search", "没有这个词")
    assert (code, out, said) == (0, "", "ainews-digest: note: 0 entries\n")


def test_search_gives_json(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer of the tool; a damaged digest is in it, and said."""
    (outputs / "2025-12-01.json").write_text("{", encoding="utf-8")
    code, out, said = invoke(capsys, "search", "--model", "Lumen 2", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["total"] == 8
    assert answer["entries"][0]["entry"] == "news:2"
    assert answer["unreadable"][0].startswith("2025-12-01.json: ")
    assert said.startswith("ainews-digest: warning: 2025-12-01.json: ")


@pytest.mark.usefixtures("outputs")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("search", "--since", "x"), "--since 'x' is not a date"),
        (("search", "--since", "2025-W51"), "--since '2025-W51' is not a date"),
        (("search", "字" * 300), "words: String should have at most 200"),
        (("search", "--limit", "51"), "'--limit'"),
        (("search", "--company", "!"), "company: a name has letters"),
        (("factcheck", "post.txt", "2020-01-01"), "there is no digest 2020-01-01"),
        (("factcheck", "post.txt", "../2020-01-01"), "digest: write it as 2025-12-21"),
        (("factcheck", "post.txt", DAY, "news:99"), "there is no news:99"),
        (("factcheck", "none.txt", DAY), "cannot read 'none.txt'"),
    ],
)
def test_what_cannot_be_is_one_line(
    capsys: pytest.CaptureFixture[str], typed: Sequence[str], said: str
) -> None:
    """With exit code 2."""
    Path("post.txt").write_text("Orbit Agent有4B参数。\n", encoding="utf-8")
    code, out, line = invoke(capsys, *typed)
    assert (code, out, line.count("\n")) == (2, "", 1)
    assert said in line


@pytest.mark.usefixtures("outputs")
def test_factcheck_ends_as_verify_does(capsys: pytest.CaptureFixture[str]) -> None:
    """With 0 where nothing is wrong, with 1 where something is; in words or as JSON."""
    Path("post.txt").write_text("Orbit Agent有4B参数。\n", encoding="utf-8")
    assert invoke(capsys, "factcheck", "post.txt", DAY, "news:1")[:2] == (
        0,
        "compared with news:1: 0 findings\n",
    )
    Path("post.txt").write_text("Orbit Agent有7B参数。\n", encoding="utf-8")
    code, out, _ = invoke(capsys, "factcheck", "post.txt", DAY, "news:1")
    assert code == 1
    assert out.startswith("error[number] found '7B参数', expected a quantity of the text")
    code, out, _ = invoke(capsys, "factcheck", "post.txt", DAY, "--json")
    assert (code, json.loads(out)["passed"]) == (1, False)
