"""Dagster beside a newsletter and a model of loopback, and a browser that looks at it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import editor
from newsletter import Newsletter
from openai_server import OpenAIServer
from orchestration.running import Running

pytest.importorskip("dagster", reason="needs Dagster: make test-dagster")

KEY = "sk-planted-key"
NOWHERE = "http://127.0.0.1:9/"
ISSUES = (5, 6, 7, 9, 12)
"""Days of January 2026 that have an issue."""


class DagsterSetup:
    """A Dagster and what it works with.

    Its steps run in the process of their run where the test of PostgreSQL has a run of two processes.
    """

    def __init__(self, folder: Path, site: Newsletter, model: OpenAIServer) -> None:
        self.folder = folder
        self.outputs = folder / "outputs"
        self.site = site
        self.model = model
        executor = "in_process" if postgres_binaries() else "multiprocess"
        environment = {"AINEWS_DAGSTER_EXECUTOR": executor, **settings(folder, site, model)}
        self.dagster = Running(folder, environment)

    def digests(self) -> list[str]:
        """Name the digests that are there."""
        return sorted(file.stem for file in self.outputs.glob("*.json"))


def settings(folder: Path, site: Newsletter, model: OpenAIServer) -> dict[str, str]:
    """Name the newsletter, the model and the folders of a test in the environment."""
    return {
        "AINEWS_SITE_URL": site.url,
        "AINEWS_UPSTREAM_URL": NOWHERE,
        "AINEWS_SUBSTACK_URL": NOWHERE,
        "AINEWS_HTTP_ATTEMPTS": "1",
        "AINEWS_OUTPUTS_DIR": str(folder / "outputs"),
        "AINEWS_CACHE_DIR": str(folder / "cache"),
        "AINEWS_MODEL": "test-model",
        "OPENAI_BASE_URL": model.base_url,
        "OPENAI_API_KEY": KEY,
    }


def postgres_binaries() -> Path | None:
    """Find the folder of PostgreSQL's programs, which distributions keep out of the way."""
    found = shutil.which("pg_ctl")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return Path(found or versions[-1]).parent if found or versions else None


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterSetup]:
    """Start Dagster as `make dagster` does, beside a newsletter of five issues."""
    with Newsletter() as site, OpenAIServer(answer=editor.answer) as model:
        for day in ISSUES:
            site.publish(f"26-01-{day:02d}-not-much")
        found = DagsterSetup(tmp_path_factory.mktemp("dagster"), site, model)
        with found.dagster:
            yield found
        assert not found.dagster.left
