"""The stories of an issue, listed without a model: which there are, and why they come first."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter import Newsletter, issue_page
from pipeline import cli
from pipeline.fetch.local_file import read_source
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.records import Story
from whole_run import call_here

OLD, NEW = "26-01-28-not-much", "26-01-30-not-much"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsletter]:
    """Run a newsletter of two issues, which the settings name."""
    with Newsletter() as running:
        running.publish(OLD, 6)
        running.publish(NEW, 8)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("AINEWS_CACHE_DIR", str(tmp_path / "cache"))
        for source in ("SITE", "UPSTREAM", "SUBSTACK"):
            monkeypatch.setenv(f"AINEWS_{source}_URL", running.url)
        yield running


def expected(slug: str, count: int) -> tuple[Story, ...]:
    """Give the stories that a run makes of an issue."""
    page = read_source("-", io.BytesIO(issue_page(slug, count).encode()))
    return merge(parse(page))


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command, and give what it prints."""
    with pytest.raises(SystemExit) as left:
        cli.main(("stories", *arguments))
    printed = capsys.readouterr()
    assert left.value.code == 0, printed.err
    return printed.out


@pytest.mark.parametrize(
    ("issue", "slug", "count"),
    [
        (OLD, OLD, 6),
        (f"https://news.smol.ai/issues/{NEW}/", NEW, 8),
        ("2026-01-29", OLD, 6),
        ("2026-01-31", NEW, 8),
    ],
)
@pytest.mark.usefixtures("site")
def test_an_issue_is_named_by_slug_address_or_date(
    capsys: pytest.CaptureFixture[str], issue: str, slug: str, count: int
) -> None:
    """A date means the newest issue up to it, as for a run."""
    found = json.loads(listed(capsys, issue, "--json"))
    stories = expected(slug, count)
    assert [each["id"] for each in found] == [story.id for story in stories]
    assert [each["mentions"][0]["text"] for each in found] == [
        story.mentions[0].text for story in stories
    ]


@pytest.mark.usefixtures("site")
def test_a_story_has_its_mentions_salience_and_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whole and verbatim, the most salient story first; a file will do."""
    file = tmp_path / f"{NEW}.html"
    file.write_text(issue_page(NEW, 8), encoding="utf-8")
    found = json.loads(listed(capsys, str(file), "--json"))
    stories = expected(NEW, 8)
    assert found == [
        {
            "id": story.id,
            "salience": {"score": story.salience.score, "leaning": story.salience.leaning},
            "facts": [str(fact) for fact in story.salience.facts],
            "mentions": [
                {
                    "id": mention.id,
                    "text": mention.text,
                    "links": [{"url": link.url, "text": link.text} for link in mention.links],
                }
                for mention in story.mentions
            ],
        }
        for story in stories
    ]
    scores = [each["salience"]["score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(each["facts"] for each in found)
    assert all(each["mentions"][0]["links"] for each in found)


@pytest.mark.usefixtures("site")
def test_people_get_two_lines_a_story(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it is, and what its score is made of; standard input will do."""
    text = issue_page(NEW, 8).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    head, *lines = listed(capsys, "-").splitlines()
    stories = expected(NEW, 8)
    assert head.split() == ["story", "score", "half", "mentions"]
    assert len(lines) == 2 * len(stories)
    for story, line, facts in zip(stories, lines[::2], lines[1::2], strict=True):
        assert line.startswith(f"{story.id} ")
        assert f" {story.salience.score:.2f}  {story.salience.leaning}" in line
        assert line.endswith(story.lead)
        assert facts.strip() == "; ".join(map(str, story.salience.facts))


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("issue", "code"), [("nowhere.html", 2), ("x" * 300, 2), ("26-01-01-none", 3)]
)
def test_what_is_no_issue_ends_in_one_line(
    capsys: pytest.CaptureFixture[str], issue: str, code: int
) -> None:
    """It names what was given."""
    with pytest.raises(SystemExit) as left:
        cli.main(("stories", issue))
    (line,) = capsys.readouterr().err.splitlines()
    assert left.value.code == code
    assert issue in line


def test_the_reference_of_a_reader_can_score_them(tmp_path: Path, shared: Path) -> None:
    """The JSON is what the script that compares stories with a reference reads."""
    slug = "25-12-19-not-much"
    gold, script = shared / "gold" / f"{slug}.gold.json", shared / "tools" / "gold_score.py"
    page = shared / "markdown" / f"{slug}.md"
    if not (gold.is_file() and script.is_file() and page.is_file()):
        pytest.skip("no reference stands beside the project")
    found = call_here("stories", str(page), "--json", env={}, cwd=tmp_path)
    scored = subprocess.run(
        [sys.executable, str(script), "stories", "-", "--gold", str(gold)],
        input=found.stdout,
        capture_output=True,
        check=True,
    )
    score = json.loads(scored.stdout)
    assert score["mentions_found"] == "78/78"
    assert score["pair_precision"] >= 0.99
