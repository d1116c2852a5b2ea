"""What a command loads before it works: no more than it needs, of ours and of others."""

import os
import subprocess
import sys
from pathlib import Path

import daily
from newsletter import Newsletter, issue_page
from openai_server import OpenAIServer

ROOT = Path(__file__).parents[2]
DAY = str(daily.FIRST_DAY)
_LOADED = """
import sys
from pipeline.cli import main
try:
    main(sys.argv[1:])
finally:
    print("LOADED", *sys.modules)
"""
MAKING = {
    *("bs4", "soupsieve", "openai", "pipeline.parse.page", "pipeline.merge.stories"),
    *("pipeline.run", "pipeline.tell.entries", "pipeline.verify.registry", "pipeline.llm.model"),
}
"""What only a digest that is made needs."""
READING = {*MAKING, "httpx", "lxml", "pipeline.plan", "pipeline.fetch.http"}
"""What a digest that is read does not need, either."""
LIBRARIES = {"lxml", "httpx", "tenacity", "rich.console"}
"""Those that a finished run has no use for."""
RECORDS = {
    *("pipeline.records.issue", "pipeline.records.entry", "pipeline.records.digest"),
    *("pipeline.llm.ledger", "pipeline.llm.capabilities"),
}
"""Nor has it one for what a digest is made of, and for what is asked."""
STARTING = {"pydantic_settings", "rapidfuzz", "dotenv", "pipeline.llm.factory"}
"""What no command needs that is started by a program, without a `.env` and with known settings."""


_ENDED = """
import atexit, gc
atexit.register(lambda: print("FROZEN", gc.get_freeze_count() > 0))
from pipeline.cli import main
main(["--version"])
"""


def loaded(folder: Path, *arguments: str, **variables: str) -> tuple[str, set[str]]:
    """Run a command beside one digest; give what it said, and the modules that it loaded."""
    said, modules = loaded_in_order(folder, *arguments, **variables)
    return said, set(modules)


def loaded_in_order(folder: Path, *arguments: str, **variables: str) -> tuple[str, list[str]]:
    """Do the same, and give the modules as they were loaded."""
    daily.write_digests(folder / "outputs", 1)
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        env={**os.environ, "HOME": str(folder), "PYTHONPATH": str(ROOT), **variables},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said, _, modules = done.stdout.rpartition("LOADED ")
    return said + done.stderr, modules.split()


def source_of(newsletter: Newsletter, writer: OpenAIServer) -> dict[str, str]:
    """Name a newsletter and a model in the environment."""
    address = {f"AINEWS_{name}_URL": newsletter.url for name in ("SITE", "UPSTREAM", "SUBSTACK")}
    model = {"OPENAI_BASE_URL": writer.base_url, "OPENAI_API_KEY": "sk-x"}
    return {**address, **model, "AINEWS_STALE_AFTER_DAYS": "36500", "NO_COLOR": "1"}


def test_a_question_waits_for_nothing_that_only_its_answer_needs(
    tmp_path: Path, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """Checks and typography are loaded after the client; what only translates is not, for writers."""
    slug = "26-01-30-not-much"
    newsletter.publish(slug, 2)
    _, modules = loaded_in_order(tmp_path, "run", "--issue", slug, **source_of(newsletter, writer))
    asked = modules.index("openai")
    for name in ("verify.registry", "verify.names", "quantities.scan", "chinese.typography"):
        assert modules.index(f"pipeline.{name}") > asked, name
    assert {"pipeline.translate.plain", "pipeline.translate.sentences"}.isdisjoint(modules)


def test_a_digest_that_is_up_to_date_loads_nothing_that_makes_one(
    tmp_path: Path, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """The second run reads the page and two files: no library, no records, no client for a file."""
    slug = "26-01-30-not-much"
    newsletter.publish(slug, 2)
    given = source_of(newsletter, writer)
    page = tmp_path / f"{slug}.html"
    page.write_text(issue_page(slug, 2), encoding="utf-8")
    for words, besides in (
        (("run", "--issue", slug), LIBRARIES),
        (("run", "--source", str(page)), {*LIBRARIES, "pipeline.fetch.direct"}),
    ):
        _, modules = loaded(tmp_path, *words, **given)
        assert sorted({*MAKING, "openai"} - modules) in ([], ["openai"])
        said, modules = loaded(tmp_path, *words, **given)
        assert "is up to date" in said
        assert sorted(modules & {*MAKING, *STARTING, *RECORDS, *besides}) == []


def test_the_list_of_commands_loads_no_library_but_its_own(tmp_path: Path) -> None:
    """What shows the help is typer alone."""
    said, modules = loaded(tmp_path, "run", "--help")
    assert "--refresh" in said
    assert sorted(modules & {*READING, *STARTING, "sqlite3", "pipeline.records"}) == []


def test_a_process_that_ends_looks_for_no_garbage() -> None:
    """What was loaded is left to the system, once all that was to happen at the end has."""
    done = subprocess.run(
        [sys.executable, "-c", _ENDED],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "FROZEN True"


def test_the_status_of_digests_loads_nothing_that_makes_one(
    tmp_path: Path, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """It reads the list of issues and the digests."""
    newsletter.publish(f"{daily.FIRST_DAY:%y-%m-%d}-not-much")
    said, modules = loaded(tmp_path, "status", "--since", DAY, **source_of(newsletter, writer))
    assert DAY in said
    assert sorted(modules & {*MAKING, *STARTING}) == []


def test_a_night_without_news_loads_nothing_that_makes_a_digest(
    tmp_path: Path, newsletter: Newsletter, writer: OpenAIServer
) -> None:
    """It reads the list of issues and the digest's name; neither parser, checks nor a client."""
    newsletter.publish(f"{daily.FIRST_DAY:%y-%m-%d}-not-much")
    said, modules = loaded(tmp_path, "run", **source_of(newsletter, writer))
    assert "nothing new" in said
    assert "pipeline.publish" in modules
    assert sorted(modules & {*MAKING, *STARTING}) == []


def test_showing_a_digest_loads_no_more_than_reads_it(tmp_path: Path) -> None:
    """Neither what makes one nor what fetches a page."""
    said, modules = loaded(tmp_path, "show", DAY)
    assert DAY in said
    assert sorted(modules & {*READING, *STARTING, "rich.console"}) == []
