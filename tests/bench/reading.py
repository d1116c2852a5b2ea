"""How fast pages are read and stories found: beside two well-known readers, and as pages grow."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import build
from bench.rows import Row, in_turns
from eval import tape
from eval.cases import cases
from eval.rehearse import Quiet, rehearse, settings_of
from pipeline import glossary, numbers
from pipeline.merge import merge
from pipeline.parse import parse
from pipeline.records import Entry, Issue, Mention, Page, Story
from pipeline.select import Limits, prepare
from pipeline.verify import verify
from pipeline.weights import WEIGHTS

_RECORDINGS = Path(__file__).parent.parent / "eval" / "recordings"
_SIZES_KB = (10, 25, 50, 100, 200, 400)


def pages(shared: Path) -> list[Page]:
    """Read every stored page that carries an issue's text, oldest first."""
    files = sorted((shared / "site" / "frozen-issues").glob("*.html"))
    files += sorted((shared / "site" / "issues").glob("26-*/index.html"))
    return [_page(file) for file in files]


def _page(file: Path) -> Page:
    slug = file.parent.name if file.stem == "index" else file.stem
    return Page(
        slug=slug,
        url=f"https://news.smol.ai/issues/{slug}/",
        source="site",
        media="html",
        text=file.read_text("utf-8"),
        sha256="0" * 64,
    )


def reading(shared: Path) -> Iterator[Row]:
    """Parse every page, beside html2text and trafilatura on the same pages, in turns."""
    import html2text
    import trafilatura

    by_trafilatura = partial(trafilatura.extract, output_format="markdown", include_links=True)

    totals, size_mb = [0.0, 0.0, 0.0], 0.0
    for page in pages(shared):
        works = (
            partial(parse, page),
            partial(html2text.html2text, page.text),
            partial(by_trafilatura, page.text),
        )
        for at, seconds in enumerate(in_turns(*works, times=3)):
            totals[at] += seconds
        size_mb += len(page.text.encode()) / 1e6
    ours, *others = (seconds / size_mb for seconds in totals)
    for name, theirs in zip(("html2text", "trafilatura"), others, strict=True):
        yield Row(
            group="parse",
            name=f"parse all pages, beside {name}",
            value=ours,
            unit="s/MB",
            baseline=name,
            baseline_value=theirs,
            bar=1,
        )


def checking(shared: Path) -> Iterator[Row]:
    """Merge, choose and check the largest issue, and issues of 10 to 400 KB made from all of them."""
    page = max(pages(shared), key=lambda each: len(each.text))
    issue = max((parse(each) for each in pages(shared)), key=_size)
    stories, terms = merge(issue), glossary.load()
    told = _told(issue.slug, shared)
    steps = {
        "merge the largest issue": lambda: merge(issue),
        "write its choosing question": lambda: prepare(stories, issue=issue, limits=Limits()),
        "read the numbers of 20 entries and their evidence": lambda: [
            numbers.missing(entry.summary, story.evidence) for entry, story in told
        ],
        "verify its 20 recorded entries": lambda: [
            verify(entry, story, terms=terms) for entry, story in told
        ],
    }
    for name, work in steps.items():
        ours, beside = in_turns(work, lambda: parse(page), times=3)
        yield Row(
            group="merge, numbers, verify",
            name=name,
            value=ours,
            unit="s",
            baseline="parse of the largest page",
            baseline_value=beside,
        )
    yield from _growth([mention for each in pages(shared) for mention in parse(each).mentions])


def _growth(mentions: Sequence[Mention]) -> Iterator[Row]:
    """Merge more and more of all issues together: 1 is growth in proportion, 2 is quadratic."""
    seconds: list[float] = []
    for size_kb in _SIZES_KB:
        issue = _cut(mentions, size_kb * 1_000)
        seconds += in_turns(partial(merge, issue), times=3)
        yield Row(
            group="merge, numbers, verify",
            name=f"merge {size_kb} KB",
            value=seconds[-1],
            unit="s",
            baseline="merge 10 KB",
            baseline_value=seconds[0],
        )
    yield Row(
        group="merge, numbers, verify",
        name="growth of merge from 50 to 400 KB, exponent",
        value=math.log(seconds[-1] / seconds[2]) / math.log(_SIZES_KB[-1] / _SIZES_KB[2]),
        unit="",
        bar=1.5,
    )


def _cut(mentions: Sequence[Mention], size: int) -> Issue:
    """Make an issue of as many mentions as have room."""
    taken: list[Mention] = []
    for number, mention in enumerate(mentions, 1):
        size -= len(mention.text)
        if size < 0:
            break
        taken.append(mention.model_copy(update={"id": f"m{number:04d}"}))
    return build.issue(*taken)


def _told(slug: str, shared: Path) -> list[tuple[Entry, Story]]:
    """Give what the embedded model told of an issue, with the stories it is checked against."""
    case = next(each for each in cases(shared) if each.name == slug)
    recording = tape.load(tape.file_of(_RECORDINGS, WEIGHTS.model, slug))
    run = rehearse(case, recording, settings=settings_of(recording.header), show=Quiet())
    stories = {story.id: story for story in run.stories}
    return [(entry, stories[str(entry.story)]) for entry in (*run.digest.news, *run.digest.tools)]


def _size(issue: Issue) -> int:
    return sum(len(mention.text) for mention in issue.mentions)
