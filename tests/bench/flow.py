"""One digest and a backfill against a provider of known speed.

Each runs as the real command in a process of its own; newsletter and provider are other processes
and threads on loopback.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pipeline
from bench.installed import user_python
from bench.reading import served
from bench.rows import Measurement
from newsletter import Newsletter

_TTFT_S, _RATE = 0.6, 60.0
_FIRST = date(2025, 1, 1)
_IN_FLIGHT = (5, 20, 32)
_ENTRIES = 20
# Settings of the project or of Python that would change what is measured.
_CHANGES = re.compile(r"^(AINEWS|OPENAI|PYTHON)")


@contextmanager
def provider(limit: int) -> Iterator[str]:
    """Run the simulated provider."""
    command = [sys.executable, str(Path(__file__).parent / "provider.py"), "--limit", str(limit)]
    command += ["--ttft", str(_TTFT_S), "--rate", str(_RATE)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().decode().strip()
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def fill(site: Newsletter, shared: Path, count: int) -> None:
    """Publish real issues under other dates, the smallest first, again and again."""
    found = served(shared)
    for number in range(count):
        page, slug = found[number % len(found)], slug_of(number)
        site.publish(slug, page=page.text.replace(page.slug, slug) + f"<!-- {slug} -->")


def slug_of(number: int) -> str:
    """Name an issue that `fill` publishes."""
    return f"{_FIRST + timedelta(days=number):%y-%m-%d}-bench-{number}"


class CommandBench:
    """Runs the command and watches it."""

    def __init__(self, folder: Path, base_url: str = "", **settings: str) -> None:
        """Prepare to run it in a folder.

        Args:
            folder: where it runs, and what it writes lies.
            base_url: the provider; empty for the embedded model.
            settings: further ones, without `AINEWS_`.
        """
        self.outputs = folder / "outputs"
        self._base_url = base_url
        self._cwd = folder
        self._python = user_python(folder / "installed")
        given = {"outputs_dir": str(self.outputs), "cache_dir": str(folder / "cache"), **settings}
        self._env = {name: v for name, v in os.environ.items() if not _CHANGES.search(name)}
        self._env |= {f"AINEWS_{name.upper()}": value for name, value in given.items()}
        # The package that the bench itself has loaded, wherever another one is installed.
        self._env["PYTHONPATH"] = str(Path(pipeline.__file__).parent.parent)
        if base_url:
            self._env |= {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "sk-bench"}

    def libraries_memory_mb(self) -> float:
        """Load the libraries alone, and give what that takes."""
        libraries = "import httpx, lxml.html, openai, opencc, rich.progress, typer"
        return self.time(self._python, "-c", libraries)["memory_mb"]

    def stats(self, call: str = "stats") -> dict[str, Any]:
        """Ask the provider what it has served."""
        with urllib.request.urlopen(f"{self._base_url}{call}") as answer:  # noqa: S310 - loopback
            found: dict[str, Any] = json.loads(answer.read())
            return found

    def run(self, *arguments: str) -> dict[str, float]:
        """Run one command: its seconds, its peak memory in MB, and the provider's figures."""
        self.stats("reset")
        used = self.time(self._python, "-m", "pipeline", *arguments)
        return self.stats() | used

    def plain(self, questions: int, threads: int) -> dict[str, float]:
        """Ask so many questions from plain threads that do nothing else; give the figures."""
        self.stats("reset")
        body = json.dumps(
            {
                "model": "simulated",
                "messages": [{"content": ""}, {"content": "<material>\nx\n</material>"}],
                "response_format": {"json_schema": {"schema": {"properties": {}}}},
            }
        ).encode()

        def ask(_number: int) -> None:
            with urllib.request.urlopen(f"{self._base_url}chat/completions", body) as answer:  # noqa: S310 - loopback
                answer.read()

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(ask, range(questions)))
        return self.stats()

    def time(self, *command: str) -> dict[str, float]:
        """Run one command: its seconds, its peak memory in MB, its processor time."""
        log = self._cwd / "log"
        launch = (sys.executable, "-S", str(Path(__file__).parent / "launch.py"), str(log))
        done = subprocess.run(
            [*launch, *command], env=self._env, cwd=self._cwd, stdout=subprocess.PIPE, check=False
        )
        if done.returncode:
            raise SystemExit(log.read_text("utf-8")[-2000:])
        taken: dict[str, float] = json.loads(done.stdout)
        return taken


def asking(shared: Path, issues: int) -> Iterator[Measurement]:
    """Digest one issue with 5, 20 and 32 questions in flight, and then a range at once."""
    count = len(served(shared))
    for in_flight in _IN_FLIGHT:
        with at_provider(shared, count, in_flight) as bench:
            yield from _one(bench, in_flight, slug_of(count // 2))
    with at_provider(shared, issues, _IN_FLIGHT[-1]) as bench:
        yield from _many(bench, issues, _IN_FLIGHT[-1])


@contextmanager
def at_provider(shared: Path, issues: int, in_flight: int) -> Iterator[CommandBench]:
    """Publish issues, start a provider, and give what runs the command on them."""
    with (
        Newsletter() as site,
        provider(in_flight) as base_url,
        tempfile.TemporaryDirectory() as folder,
    ):
        fill(site, shared, issues)
        nowhere = "http://127.0.0.1:9/"
        bench = CommandBench(
            Path(folder),
            base_url,
            site_url=site.url,
            upstream_url=nowhere,
            substack_url=nowhere,
            model="simulated",
            in_flight=str(in_flight),
            max_tokens_per_run="1000000000",
        )
        # Whoever has used a checkout or installed a wheel has its modules compiled.
        bench.time(sys.executable, "-m", "compileall", "-q", str(Path(pipeline.__file__).parent))
        yield bench


def _one(bench: CommandBench, in_flight: int, slug: str) -> Iterator[Measurement]:
    """Digest the issue of middle size."""
    one = bench.run("run", "--issue", slug, "--date", "2024-01-01")
    # A second choosing question, a story that is told twice, or stories that wait for each other
    # would be the pipeline's own doing: what has to follow each other is choosing, telling the story
    # that was chosen last, and reading all of them.
    values = {
        "first question to last answer": one["last_at"] - one["first_at"],
        "the whole command": one["seconds"],
    }
    for name, value in values.items():
        yield Measurement(
            group="one digest",
            name=f"{name}, {in_flight} in flight",
            value=value,
            unit="s",
            baseline="one choice, one entry and one proofreading",
            baseline_value=one["select_s"] + one["tell_s"] + one["read_s"],
            bar=1.15,
        )
    if in_flight == _IN_FLIGHT[-1]:
        yield _memory("one digest", one, bench)


def _many(bench: CommandBench, issues: int, in_flight: int) -> Iterator[Measurement]:
    plain = bench.plain(10 * in_flight, in_flight)
    last = _FIRST + timedelta(days=issues)
    many = bench.run("backfill", "--since", _FIRST.isoformat(), "--until", last.isoformat())
    group = f"backfill of {issues} issues, {in_flight} in flight"
    yield Measurement(
        group=group,
        name="share of the limit kept busy",
        value=_share(many, in_flight),
        unit="",
        baseline="threads that only ask",
        baseline_value=_share(plain, in_flight),
        bar=0.95,
        bar_of="value",
        better="more",
    )
    yield Measurement(
        group=group,
        name="requests over the limit",
        value=many["refused"],
        unit="",
        baseline="requests",
        baseline_value=many["requests"],
        bar=0,
        bar_of="value",
    )
    yield Measurement(
        group=group,
        name="requests for each issue",
        value=many["requests"] / issues,
        unit="",
        baseline="one choice, 20 entries and one proofreading",
        baseline_value=1 + _ENTRIES + 1,
        bar=1,
    )
    yield _memory(group, many, bench)


def _share(stats: dict[str, float], in_flight: int) -> float:
    return stats["busy_s"] / (in_flight * (stats["last_at"] - stats["first_at"]))


def _memory(group: str, used: dict[str, float], bench: CommandBench) -> Measurement:
    return Measurement(
        group=group,
        name="memory",
        value=used["memory_mb"],
        unit="MB",
        baseline="its libraries alone",
        baseline_value=bench.libraries_memory_mb(),
        bar=200,
        bar_of="value",
    )
