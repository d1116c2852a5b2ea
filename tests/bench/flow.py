"""One digest, a backfill and a repeat against a provider of known speed.

    python tests/bench/flow.py [--issues 100] [--in-flight 32] [--shared ../shared]

Each runs as the real command in a process of its own; newsletter and provider are other processes'
threads on loopback. Prints one line per measure: what was reached, and the bar.
"""

import argparse
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

sys.path.insert(0, str(Path(__file__).parent.parent))

from newsletter import Newsletter

_TTFT_S, _RATE = 0.6, 60.0
_FIRST = date(2025, 1, 1)


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
    """Publish real issues, again and again under other dates, oldest first."""
    pages = sorted((shared / "site" / "frozen-issues").glob("*.html"))
    pages += sorted((shared / "site" / "issues").glob("26-*/index.html"))
    for number in range(count):
        page = pages[number % len(pages)]
        old = page.stem if page.stem != "index" else page.parent.name
        slug = f"{_FIRST + timedelta(days=number):%y-%m-%d}-bench-{number}"
        site.publish(slug, page=page.read_text("utf-8").replace(old, slug) + f"<!-- {slug} -->")


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
        started = time.monotonic()
        command = [sys.executable, "-m", "pipeline", *arguments]
        with (self._cwd / "log").open("wb") as log:
            process = subprocess.Popen(
                command, env=self._env, cwd=self._cwd, stdout=log, stderr=log
            )
            _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        if status:
            raise SystemExit((self._cwd / "log").read_text("utf-8")[-2000:])
        return self.stats() | {
            "seconds": seconds,
            "memory_mb": used.ru_maxrss / 1024,
            "cpu_s": used.ru_utime + used.ru_stime,
        }


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=100)
    parser.add_argument("--in-flight", type=int, default=32)
    parser.add_argument("--jobs", type=int, default=0, help="issues open at once")
    parser.add_argument("--shared", type=Path, default=Path("..") / "shared")
    given = parser.parse_args()
    with (
        Newsletter() as site,
        provider(given.in_flight) as base_url,
        tempfile.TemporaryDirectory() as folder,
    ):
        fill(site, given.shared, given.issues)
        bench = Bench(site, base_url, Path(folder), given.in_flight)
        slug = f"{_FIRST:%y-%m-%d}-bench-0"
        one = bench.run("run", "--issue", slug, "--date", "2024-01-01")
        path = one["select_s"] + one["tell_s"]
        asked = one["last_at"] - one["first_at"]
        say("one digest, first question to last answer, over the critical path", asked / path, 1.15)
        say("one digest, the whole command over the critical path", one["seconds"] / path)
        say("one digest, memory in MB", one["memory_mb"], 200)
        again = bench.run("run", "--issue", slug, "--date", "2024-01-01")
        say("repeat, calls", again["requests"], 0)
        say("repeat, seconds", again["seconds"], 1)
        last = _FIRST + timedelta(days=given.issues)
        jobs = ("--jobs", str(given.jobs)) if given.jobs else ()
        many = bench.run("backfill", "--since", "2025-01-02", "--until", last.isoformat(), *jobs)
        span = many["last_at"] - many["first_at"]
        say(f"backfill of {given.issues - 1} issues, seconds", many["seconds"])
        say("backfill, requests", many["requests"])
        say("backfill, most at once", many["most"], given.in_flight)
        say("backfill, requests over the limit", many["refused"], 0)
        busy = many["busy_s"] / (given.in_flight * span)
        say("backfill, share of the limit kept busy", busy, 0.95)
        say("backfill, CPU seconds", many["cpu_s"])
        say("backfill, memory in MB", many["memory_mb"], 200)


def say(what: str, reached: float, bar: float | None = None) -> None:
    """Print one line."""
    print(f"{what:70} {reached:10.2f}" + (f"   bar {bar:g}" if bar is not None else ""), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
