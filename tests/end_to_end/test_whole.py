"""The real newsletter, end to end: every stored issue, and how long our own part takes."""

import datetime as dt
import io
import re
import time
from pathlib import Path

import pytest

from build import make_digest
from fakes import FakeModel
from hosted import editing, sizes
from pipeline import run
from pipeline.fetch.local_file import read_source
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.plan import PreparedJob
from pipeline.progress import NullProgress
from pipeline.records import Digest, Issue, Story
from pipeline.run import generate, prepare
from pipeline.urls import canonical, is_chat_file, original_url
from pipeline.write.files import write

SLUGS = [
    "23-12-11-ainews-12112023-mixtral-beats-gpt35-and-llama2-70b",
    "24-02-29-ainews-dia-de-las-secuelas-starcoder-the-stack-dune-semianalysis",
    "24-10-16-ainews-did-nvidias-nemotron-70b-train-on-test",
    "25-04-16-ainews-openai-o3-o4-mini-and-codex-cli",
    "25-04-16-ainews-qwq-32b-claims-to-match-deepseek-r1-671b",
    "25-08-05-gpt-oss",
    "25-12-18-claude-skills-grows",
    "25-12-19-not-much",
    "25-12-22-not-much",
    "26-02-24-claude-code",
    "26-05-14-not-much",
    "26-08-20-not-much",
    "26-08-21-not-much",
]


def page_of(shared: Path, slug: str) -> Path:
    """Find the stored HTML page of an issue."""
    frozen = shared / "site" / "frozen-issues" / f"{slug}.html"
    return frozen if frozen.is_file() else shared / "site" / "issues" / slug / "index.html"


def assert_merged_whole(issue: Issue, made: tuple[Story, ...]) -> None:
    """Every mention that tells something stands in one story, whose sources are among its links."""
    placed = [mention.id for story in made for mention in story.mentions]
    assert len(placed) == len(set(placed))
    assert set(placed) <= {mention.id for mention in issue.mentions}
    for story in made:
        assert len(story.joins) == (len(story.mentions) if len(story.mentions) > 1 else 0)
        assert set(story.sources) <= {link.url for link in story.links}
        pages = [link for link in story.links if not is_chat_file(link.url)]
        assert bool(story.sources) == bool(pages)


def test_all_stored_issues_are_digested(shared: Path) -> None:
    """The list is that of the folder."""
    assert sorted(SLUGS) == sorted(file.stem for file in (shared / "markdown").glob("*.md"))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_stored_issue_becomes_a_whole_digest(shared: Path, tmp_path: Path, slug: str) -> None:
    """10 + 10, every link one of the issue's, none twice, in the form of the seed."""
    page = read_source(page_of(shared, slug), stdin=io.BytesIO())
    job = PreparedJob(page=page, date=dt.date(2026, 1, 1), stem="2026-01-01")
    inputs = prepare(job, profile=sizes(), progress=NullProgress())
    assert_merged_whole(inputs.issue, inputs.stories)
    digest = generate(inputs, ask=FakeModel(always=editing).ask, progress=NullProgress())
    entries = [*digest.news, *digest.tools]
    assert (len(digest.news), len(digest.tools)) == (10, 10)
    links = {link.url for mention in inputs.issue.mentions for link in mention.links}
    assert {entry.link for entry in entries} - {None} <= links | set(map(original_url, links))
    shown = [canonical(entry.link) for entry in entries if entry.link]
    assert len(shown) == len(set(shown))
    assert digest.findings == ()
    assert digest.provenance is not None
    coverage = digest.provenance.coverage
    assert coverage.stories * 0.5 < coverage.shown == coverage.stories - withheld(digest)
    text = write(digest, tmp_path).markdown_path.read_text(encoding="utf-8")
    shape = re.sub(r"(?m)^(### \d+\.|> \[?).*", r"\1", text)
    assert text.startswith(
        f"## AINews - 2026-01-01\n\n> [原文链接](https://news.smol.ai/issues/{slug}/)\n\n"
    )
    assert shape.count("### ") == 20
    assert shape.count("\n---\n") == 19
    assert text.count("十大") == 2
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_our_own_part_takes_about_a_second(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From page to written files without the model's time, for the largest stored issue."""
    monkeypatch.setattr(run, "parse", parse)  # and not what other tests have kept of the page
    monkeypatch.setattr(run, "merge", merge)
    largest = max((page_of(shared, slug) for slug in SLUGS), key=lambda file: file.stat().st_size)
    page = read_source(largest, stdin=io.BytesIO())
    job = PreparedJob(page=page, date=dt.date(2026, 1, 1), stem="2026-01-01")
    spent = []
    # Two workers on two cores slow each other: the better of three is our own part. It is 0.98 s
    # alone on the machine of 2026-11-29 and 1.13 s beside another worker; the aim is one.
    for _ in range(3):
        began = time.process_time()
        digest = make_digest(job, FakeModel(always=editing).ask, sizes())
        write(digest, tmp_path)
        spent.append(time.process_time() - began)
        if spent[-1] < 1:
            break
    assert min(spent) < 1.5


def withheld(digest: Digest) -> int:
    """Count the stories that the model was not asked about, as the digest says."""
    counts = (drop.what for drop in digest.drops if drop.reason.code == "withheld")
    return sum(int(what.split()[0]) for what in counts)


def test_a_model_with_a_small_window_still_sees_every_story(shared: Path) -> None:
    """Shortlists cover the issue where one question cannot."""
    page = read_source(page_of(shared, "25-12-19-not-much"), stdin=io.BytesIO())
    job = PreparedJob(page=page, date=dt.date(2026, 1, 1), stem="2026-01-01")
    model = FakeModel(always=editing)
    digest = make_digest(job, model.ask, sizes(select_tokens=6_000))
    assert digest.provenance is not None
    coverage = digest.provenance.coverage
    assert 180 < coverage.shown == coverage.stories - withheld(digest)
    assert len([asked for asked in model.history if asked.prompt == "select"]) > 2
    assert (len(digest.news), len(digest.tools)) == (10, 10)
