"""How fast the site is built, beside the plainest site there could be."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from markdown_it import MarkdownIt

import daily
from bench.rows import Measurement, time_alternating
from eval.rehearse import replay_recorded
from pipeline.records import Digest
from pipeline.site.build import BuiltSite, build_site
from pipeline.site.forms import is_article
from pipeline.write.files import write

_DIGESTS = 60
_BAR_S = 5


def sites(shared: Path) -> Iterator[Measurement]:
    """Build the site of 60 digests, beside the same Markdown turned into HTML and written."""
    digests = [run.digest for _, run in replay_recorded(shared)]
    with tempfile.TemporaryDirectory() as folder:
        outputs, plain = Path(folder) / "outputs", Path(folder) / "plain"
        plain.mkdir()
        publish(outputs, digests)
        built: list[BuiltSite] = []

        def build(out: str) -> None:
            built.append(build_site(outputs, Path(folder) / out, base_url="https://example.org/"))

        # The first builds into a folder that is not there yet, as whoever publishes it does.
        fresh = iter(range(100))
        ours, beside = time_alternating(
            lambda: build(f"site-{next(fresh)}"),
            partial(_plainest, outputs, plain),
            times=3,
            clock=time.monotonic,
        )
        (again,) = time_alternating(lambda: build("site-0"), times=3, clock=time.monotonic)
    pages = sum(name.endswith(".html") and not is_article(name) for name in built[0].files)
    baseline = {"baseline": "Markdown to HTML", "baseline_value": _DIGESTS / beside}
    yield Measurement(
        group="site",
        name=f"pages, for {_DIGESTS} digests in git, {pages} pages",
        value=pages / ours,
        unit="pages/s",
        better="more",
        **baseline,
    )
    names = {f"site of {_DIGESTS} digests": ours, "the same again, nothing changed": again}
    for name, seconds in names.items():
        yield Measurement(
            group="site",
            name=name,
            value=seconds,
            unit="s",
            baseline="Markdown to HTML",
            baseline_value=beside,
            bar=_BAR_S,
            bar_of="value",
        )


def _plainest(outputs: Path, out: Path) -> None:
    """Turn every digest's Markdown into one page."""
    reader = MarkdownIt("commonmark")
    for file in outputs.glob("*.md"):
        html = reader.render(file.read_text("utf-8"))
        (out / f"{file.stem}.html").write_text(f"<!doctype html>\n{html}", "utf-8")


def publish(outputs: Path, digests: Sequence[Digest]) -> None:
    """Commit digests day after day in a repository, and each again with something changed."""
    days = [
        digests[number % len(digests)].model_copy(
            update={"date": daily.FIRST_DAY + timedelta(days=number)}
        )
        for number in range(_DIGESTS)
    ]
    outputs.mkdir()
    git(outputs, "init", "--quiet")
    for batch in ([daily.changed_digest(day) for day in days], days):
        for digest in batch:
            write(digest, outputs)
        git(outputs, "add", "--all")
        git(outputs, "commit", "--quiet", "--message", "digests")


def git(folder: Path, *arguments: str) -> None:
    """Call git, which sees nobody's configuration."""
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    nobody |= {
        f"GIT_{who}_{what}": "bench"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    # The same digests give the same commits, whenever they are made.
    nobody |= {f"GIT_{who}_DATE": "2026-01-01T00:00:00Z" for who in ("AUTHOR", "COMMITTER")}
    subprocess.run(["git", *arguments], cwd=folder, check=True, env=os.environ | nobody)
