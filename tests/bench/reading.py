"""How fast pages are read, beside two well-known readers, and all that needs no model."""

import json
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pydantic import SecretStr

import editor
from bench.rows import Row, in_turns
from eval.cases import Case, cases, job
from eval.rehearse import Quiet
from pipeline import urls as links
from pipeline.chinese import terms as _terms
from pipeline.llm.factory import Sizes, sizes
from pipeline.llm.prompts import Answer, Question
from pipeline.merge import features as _traits
from pipeline.parse.page import parse
from pipeline.plan import Job
from pipeline.quantities import compare as numbers
from pipeline.records import Page
from pipeline.run import begin, finish
from pipeline.settings import Settings
from pipeline.verify import names as _names
from pipeline.write.files import write


def stored(shared: Path) -> list[Case]:
    """List the issues of the newsletter, without the bundled one."""
    return [case for case in cases(shared) if case.name != "demo"]


def pages(shared: Path) -> list[Page]:
    """Read every stored page that carries an issue's text, oldest first."""
    return [job(case).page for case in stored(shared)]


def hosted() -> Sizes:
    """Size the questions as for a hosted model; the environment has no say."""
    key = {"openai_api_key": SecretStr("x")}
    return sizes(Settings.model_construct().model_copy(update=key))


def forget() -> None:
    """Empty what remembers words, addresses and texts: a run reads its issue once."""
    of_words = (links.canonical, links.standing, _traits._stem)
    of_texts = (numbers._read, _names._names, _terms._hits)
    for remembering in (*of_words, *of_texts):
        remembering.cache_clear()


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
    yield _written(shared)


def _written(shared: Path) -> Row:
    """Make the digest of every issue, with answers that take no time; give the slowest."""
    import html2text

    how, slowest = hosted(), (0.0, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        for case in stored(shared):
            given = job(case)
            ours, theirs = in_turns(
                partial(_digest, given, how, Path(folder)),
                partial(html2text.html2text, given.page.text),
                times=3,
                before=forget,
            )
            slowest = max(slowest, (ours, theirs))
    return Row(
        group="parse",
        name="from page to written digest without the model, slowest issue",
        value=slowest[0],
        unit="s",
        baseline="html2text",
        baseline_value=slowest[1],
        bar=1,
        bar_of="value",
    )


def _digest(given: Job, how: Sizes, folder: Path) -> None:
    start = begin(given, how=how, show=Quiet(), outputs=folder)
    write(finish(start, ask=_ask, show=Quiet()), folder, given.stem)


def _ask(question: Question, schema: type[Answer], /) -> Answer:
    messages = [{"content": question.system}, {"content": question.user}]
    return schema.model_validate(json.loads(editor.answer(messages, schema.model_json_schema())))
