"""How long the commands over all digests take as digests grow, and how much memory."""

import datetime as dt
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.flow import CommandBench
from bench.rows import Measurement, exponent
from bench.sites import git
from eval.rehearse import replay_recorded
from newsletter import Newsletter
from pipeline.llm import Cache, Ledger, Usage
from pipeline.llm.ledger import LedgerRow
from pipeline.records import Digest
from pipeline.write.json_format import to_json
from pipeline.write.markdown_format import to_markdown

_SIZES = (100, 1_000, 5_000, 10_000)
_NEWEST = dt.date(2026, 1, 30)
_ALWAYS = str(365 * 100)
_MEMORY_BAR_MB = 150
_GROUP = "digests"
_LINEAR = 1.1
_COMMANDS = {
    "run, nothing new": ("run",),
    "status of all, first": ("status", "--since", "1990-01-01", "--until", f"{_NEWEST}"),
    "status of all, again": ("status", "--since", "1990-01-01", "--until", f"{_NEWEST}"),
    "site, first": ("site", "--url", "https://example.org/"),
    "site, unchanged": ("site", "--url", "https://example.org/"),
    "usage": ("usage",),
    "diff of all, first": ("diff",),
    "diff of all, again": ("diff",),
    "diff of two revisions": ("diff", "HEAD~1..HEAD"),
}
"""In the order in which they are run; each leaves the indexes to the next."""


def digests(shared: Path) -> Iterator[Measurement]:
    """Run what looks at all digests over 100 to 10,000 of them, made from the recorded ones."""
    made = [run.digest for _, run in replay_recorded(shared, "by-hand")]
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in _COMMANDS}
    for size in _SIZES:
        with tempfile.TemporaryDirectory() as folder, Newsletter() as site:
            site.publish(_slug(_NEWEST))
            bench = CommandBench(
                Path(folder), site_url=site.url, substack_url=f"{site.url}no/",
                stale_after_days=_ALWAYS, allow_embedded="1",
            )  # fmt: skip
            publish(bench.outputs, made, size)
            _write_ledger(Path(folder) / "cache" / "cache.sqlite", size)
            for name, command in _COMMANDS.items():
                used = bench.time(sys.executable, "-m", "pipeline", *command)
                taken[name].append(used)
                yield _row(f"{name}, {size:,}", used["cpu_s"], "s", taken[name][0]["cpu_s"])
                memory = taken[name][0]["memory_mb"]
                yield _row(f"{name}, {size:,}", used["memory_mb"], "MB", memory, _MEMORY_BAR_MB)
    for name, runs in taken.items():
        # Each begins with what starting takes, which is no part of growing.
        grown = [max(used["cpu_s"] - runs[0]["cpu_s"], 0.01) for used in runs[1:]]
        yield Measurement(
            group=_GROUP,
            name=f"growth of {name}, exponent",
            value=exponent(_SIZES[1:], grown),
            unit="",
            baseline="in proportion",
            baseline_value=1,
            bar=_LINEAR,
        )


def publish(outputs: Path, made: Sequence[Digest], count: int) -> None:
    """Commit so many digests, one a day up to the newest, each with three entries of a real one."""
    outputs.mkdir()
    for number in range(count):
        digest, turn = made[number % len(made)], number // len(made)
        day = _NEWEST - dt.timedelta(days=number)
        assert digest.provenance is not None
        origin = digest.provenance.model_copy(update={"slug": _slug(day), "issue_date": day})
        follower = digest.news[turn % len(digest.news)].model_copy(
            update={"follows": day - dt.timedelta(days=1 + number % 3)}
        )
        told = digest.model_copy(
            update={
                "date": day,
                "issue_url": f"https://news.smol.ai/issues/{_slug(day)}/",
                "news": (follower, digest.news[(turn + 1) % len(digest.news)]),
                "tools": (digest.tools[turn % len(digest.tools)],),
                "findings": (),
                "edits": (),
                "provenance": origin,
            }
        )
        (outputs / f"{day}.json").write_text(to_json(told), "utf-8")
        (outputs / f"{day}.md").write_text(to_markdown(told), "utf-8")
    git(outputs, "init", "--quiet")
    for _ in range(2):
        git(outputs, "add", "--all")
        git(outputs, "commit", "--quiet", "--allow-empty", "--message", "digests")


def _write_ledger(file: Path, count: int) -> None:
    """Write down a selection, the entries and the proofreading of so many digests."""
    usage = Usage(prompt="", calls=1, input_tokens=3_000, output_tokens=300, cost_usd=0.002)
    with Cache(file) as cache:
        ledger = Ledger(cache)
        for number in range(count):
            day = f"{_NEWEST - dt.timedelta(days=number)}"
            key = f"{day}={_slug(dt.date.fromisoformat(day))}"
            ledger.add_rows(
                LedgerRow(
                    run=key,
                    day=day,
                    model="simulated",
                    usage=usage.model_copy(update={"prompt": prompt}),
                    digest=key,
                )
                for prompt in ("select", *["translate"] * 20, "proofread")
            )


def _slug(day: dt.date) -> str:
    return f"{day:%y-%m-%d}-not-much"


def _row(
    name: str, value: float, unit: str, smallest: float, bar: float | None = None
) -> Measurement:
    return Measurement(
        group=_GROUP,
        name=f"{name} ({'memory' if unit == 'MB' else 'processor time'})",
        value=value,
        unit=unit,
        baseline="the same of 100",
        baseline_value=smallest,
        bar=bar,
        bar_of="value",
    )
