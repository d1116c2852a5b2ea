"""What a command loads before it works: no more than it needs, of ours and of others."""

import os
import subprocess
import sys
from pathlib import Path

import daily
from newsletter import Newsletter

ROOT = Path(__file__).parent.parent
DAY = str(daily.FIRST_DAY)
_LOADED = """
import sys
from pipeline.cli import main
try:
    main(sys.argv[1:])
finally:
    print("LOADED", *sorted(sys.modules))
"""
MAKING = {
    *("bs4", "soupsieve", "openai", "pipeline.parse.page", "pipeline.merge.stories"),
    *("pipeline.run", "pipeline.tell", "pipeline.verify.registry", "pipeline.llm.model"),
}
"""What only a digest that is made needs."""
READING = {*MAKING, "httpx", "lxml", "pipeline.plan", "pipeline.fetch.http"}
"""What a digest that is read does not need, either."""


def loaded(folder: Path, *arguments: str, **variables: str) -> tuple[str, set[str]]:
    """Run a command beside one digest; give what it said, and the modules that it loaded."""
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
    return said + done.stderr, set(modules.split())


def test_a_night_without_news_loads_nothing_that_makes_a_digest(
    tmp_path: Path, newsletter: Newsletter
) -> None:
    """It reads the list of issues and the digest's name; neither parser, checks nor a client."""
    newsletter.publish(f"{daily.FIRST_DAY:%y-%m-%d}-not-much")
    address = {f"AINEWS_{name}_URL": newsletter.url for name in ("SITE", "UPSTREAM", "SUBSTACK")}
    said, modules = loaded(
        tmp_path, "run", **address, OPENAI_API_KEY="sk-x", AINEWS_STALE_AFTER_DAYS="36500"
    )
    assert "nothing new" in said
    assert "pipeline.publish" in modules
    assert not modules & MAKING


def test_showing_a_digest_loads_no_more_than_reads_it(tmp_path: Path) -> None:
    """Neither what makes one nor what fetches a page."""
    said, modules = loaded(tmp_path, "show", DAY)
    assert DAY in said
    assert not modules & READING
