"""One digest and a backfill against a provider of known speed.

Each runs as the real command in a process of its own; newsletter and provider are other processes
and threads on loopback.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.reading import pages
from bench.rows import Row
from newsletter import Newsletter

_TTFT_S, _RATE = 0.6, 60.0
_FIRST = date(2025, 1, 1)
_IN_FLIGHT = (5, 20, 32)
_ENTRIES = 20
ISSUES = 13
"""Issues that are stored."""
MIDDLE, LARGEST = 6, ISSUES - 1
"""Numbers of the issues of middle and of largest size."""


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
    stored = sorted(pages(shared), key=lambda page: len(page.text))
    for number in range(count):
        page, slug = stored[number % len(stored)], slug_of(number)
        site.publish(slug, page=page.text.replace(page.slug, slug) + f"<!-- {slug} -->")


def slug_of(number: int) -> str:
    """Name an issue that `fill` publishes."""
    return f"{_FIRST + timedelta(days=number):%y-%m-%d}-bench-{number}"


class Bench:
    """Runs the command and watches it."""

    def __init__(self, site: Newsletter, base_url: str, folder: Path, in_flight: int) -> None:
        self._base_url = base_url
        nowhere = "http://127.0.0.1:9/"
        self._env = {name: v for name, v in os.environ.items() if "AINEWS" not in name} | {
            "AINEWS_SITE_URL": site.url,
            "AINEWS_UPSTREAM_URL": nowhere,
            "AINEWS_SUBSTACK_URL": nowhere,
            "AINEWS_OUTPUTS_DIR": str(folder / "outputs"),
            "AINEWS_CACHE_DIR": str(folder / "cache"),
            "AINEWS_MODEL": "simulated",
            "AINEWS_IN_FLIGHT": str(in_flight),
            "AINEWS_MAX_TOKENS_PER_RUN": "1000000000",
            "OPENAI_BASE_URL": base_url,
            "OPENAI_API_KEY": "sk-bench",
        }
        self._cwd = folder

    def stats(self, call: str = "stats") -> dict[str, Any]:
        """Ask the provider what it has served."""
        with urllib.request.urlopen(f"{self._base_url}{call}") as answer:  # noqa: S310 - loopback
            found: dict[str, Any] = json.loads(answer.read())
            return found

    def run(self, *arguments: str) -> dict[str, float]:
        """Run one command: its seconds, its peak memory in MB, and the provider's figures."""
        self.stats("reset")
        used = self.time(sys.executable, "-m", "pipeline", *arguments)
        return self.stats() | used

    def time(self, *command: str) -> dict[str, float]:
        """Run one command: its seconds, its peak memory in MB, its processor time."""
        started = time.monotonic()
        with (self._cwd / "log").open("wb") as log:
            process = subprocess.Popen(
                command, env=self._env, cwd=self._cwd, stdout=log, stderr=log
            )
            _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        if status:
            raise SystemExit((self._cwd / "log").read_text("utf-8")[-2000:])
        return {
            "seconds": seconds,
            "memory_mb": used.ru_maxrss / 1024,
            "cpu_s": used.ru_utime + used.ru_stime,
        }


def asking(shared: Path, issues: int) -> Iterator[Row]:
    """Digest one issue with 5, 20 and 32 questions in flight, and then a range at once."""
    for in_flight in _IN_FLIGHT:
        with at_provider(shared, ISSUES, in_flight) as bench:
            yield from _one(bench, in_flight)
    with at_provider(shared, issues, _IN_FLIGHT[-1]) as bench:
        yield from _many(bench, issues, _IN_FLIGHT[-1])


@contextmanager
def at_provider(shared: Path, issues: int, in_flight: int) -> Iterator[Bench]:
    """Publish issues, start a provider, and give what runs the command on them."""
    with (
        Newsletter() as site,
        provider(in_flight) as base_url,
        tempfile.TemporaryDirectory() as folder,
    ):
        fill(site, shared, issues)
        yield Bench(site, base_url, Path(folder), in_flight)


def _one(bench: Bench, in_flight: int) -> Iterator[Row]:
    one = bench.run("run", "--issue", slug_of(MIDDLE), "--date", "2024-01-01")
    # Twenty stories take as many rounds of the slowest answer as the limit lets through.
    rounds = -(-_ENTRIES // in_flight)
    path = one["select_s"] + one["tell_s"] * rounds
    beside = {"baseline": "critical path", "baseline_value": path}
    yield Row(
        group="one digest",
        name=f"first question to last answer, {in_flight} in flight",
        value=one["last_at"] - one["first_at"],
        unit="s",
        bar=1.15,
        **beside,
    )
    yield Row(
        group="one digest",
        name=f"the whole command, {in_flight} in flight",
        value=one["seconds"],
        unit="s",
        bar=1.15,
        **beside,
    )
    if in_flight == _IN_FLIGHT[-1]:
        memory = one["memory_mb"]
        yield Row(group="one digest", name="memory", value=memory, unit="MB", bar=200)


def _many(bench: Bench, issues: int, in_flight: int) -> Iterator[Row]:
    last = _FIRST + timedelta(days=issues)
    many = bench.run("backfill", "--since", _FIRST.isoformat(), "--until", last.isoformat())
    limit_s = in_flight * (many["last_at"] - many["first_at"])
    group = f"backfill of {issues} issues, {in_flight} in flight"
    yield Row(
        group=group,
        name="share of the limit kept busy",
        value=many["busy_s"] / limit_s,
        unit="",
        bar=0.95,
        better="more",
    )
    yield Row(group=group, name="requests over the limit", value=many["refused"], unit="", bar=0)
    yield Row(group=group, name="memory", value=many["memory_mb"], unit="MB", bar=200)
    yield Row(
        group=group,
        name="processor time of an issue",
        value=many["cpu_s"] / issues,
        unit="s",
        baseline="its share of the wall time",
        baseline_value=many["seconds"] / issues,
    )
