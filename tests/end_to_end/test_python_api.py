"""The Python way in: one call gives one digest, and no file."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor import answer
from newsletter import Newsletter
from openai_server import OpenAIServer
from pipeline import digest
from pipeline.clock import today
from pipeline.errors import IssueNotFound, SettingsError
from pipeline.write.json_format import from_json

DEMO = Path(__file__).parents[2] / "pipeline" / "data" / "demo.md"
OLD, NEW = "26-01-28-not-much", "26-01-30-not-much"


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    """Run a model that answers as an editor would."""
    with OpenAIServer(answer=answer) as running:
        yield running


@pytest.fixture
def site() -> Iterator[Newsletter]:
    """Run a newsletter of two issues."""
    with Newsletter() as running:
        running.publish(OLD, 24)
        running.publish(NEW, 24)
        yield running


@pytest.fixture(autouse=True)
def _environment(
    tmp_path: Path, server: OpenAIServer, site: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work in an empty folder with the loopback servers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("AINEWS_SITE_URL", site.url)
    monkeypatch.setenv("AINEWS_UPSTREAM_URL", site.url)
    monkeypatch.setenv("AINEWS_SUBSTACK_URL", site.url)
    monkeypatch.setenv("AINEWS_MODEL", "of-the-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")


def test_a_date_becomes_a_digest_and_no_file(tmp_path: Path) -> None:
    """Under that date, of the newest issue up to it; only the cache is written."""
    made = digest("2026-01-29")
    assert (made.date, made.provenance and made.provenance.slug) == (dt.date(2026, 1, 29), OLD)
    assert (len(made.news), len(made.tools)) == (10, 10)
    assert [file.name for file in tmp_path.iterdir()] == ["cache"]
    assert digest(dt.date(2026, 1, 29)) == made


@pytest.mark.parametrize("issue", [NEW, f"https://news.smol.ai/issues/{NEW}/"])
def test_an_issue_may_be_named(issue: str) -> None:
    """By its slug or its address, under the date that is given."""
    made = digest("2026-02-01", issue=issue)
    assert (made.date, made.provenance and made.provenance.slug) == (dt.date(2026, 2, 1), NEW)


def test_without_arguments_the_newest_issue_is_digested() -> None:
    """Under today's date in Shanghai, as by the command."""
    made = digest()
    assert made.provenance
    assert (made.date, made.provenance.slug) == (today(), NEW)


def test_model_key_and_server_may_be_arguments(
    server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come before those of the environment, which need not hold any."""
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "AINEWS_MODEL"):
        monkeypatch.delenv(name)
    made = digest(
        "2026-01-30",
        source=DEMO,
        model="of-the-call",
        api_key="sk-of-the-call",
        base_url=server.base_url,
    )
    assert made.provenance
    assert (made.provenance.source, made.provenance.model) == ("file", "of-the-call")
    assert {request.body["model"] for request in server.requests} == {"of-the-call"}


def test_the_forms_of_a_digest_are_those_of_the_command(tmp_path: Path) -> None:
    """What is saved is what the properties give; saving again replaces it."""
    made = digest("2026-01-30", source=str(DEMO))
    assert made.markdown.startswith("## AINews - 2026-01-30\n")
    assert from_json(made.json).entries == made.entries
    path = made.save(tmp_path / "digests")
    assert path.name == "2026-01-30.md"
    assert path.read_text(encoding="utf-8") == made.markdown
    assert path.with_suffix(".json").read_text(encoding="utf-8") == made.json
    assert made.save(str(tmp_path / "digests")) == path
    other = digest("2026-01-30", issue=NEW)
    assert other.save(tmp_path / "digests").name == "2026-01-30-2.md"


def test_the_second_call_asks_nothing(server: OpenAIServer) -> None:
    """Answers are cached, as the command's are."""
    made = digest("2026-01-30", source=DEMO)
    asked = len(server.requests)
    assert asked > 20
    assert digest("2026-01-30", source=DEMO).json == made.json
    assert len(server.requests) == asked


def test_digests_of_the_working_folder_play_no_part(tmp_path: Path) -> None:
    """What an earlier digest published is published again."""
    first = digest("2026-01-30", issue=OLD)
    first.save(tmp_path / "outputs")
    assert digest("2026-01-31", issue=OLD).entries == first.entries


def test_what_cannot_be_is_an_error_of_the_tree() -> None:
    """One line, as on the command line."""
    with pytest.raises(SettingsError, match="2025-12-21"):
        digest("30.1.2026")
    with pytest.raises(SettingsError, match="one of them"):
        digest(issue=NEW, source=DEMO)
    with pytest.raises(SettingsError, match="OPENAI_BASE_URL"):
        digest(source=DEMO, base_url="nonsense")
    with pytest.raises(IssueNotFound):
        digest("2020-01-01")
