"""How fast pages are read, beside two well-known readers, and all that needs no model."""

import json
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr

import editor
from bench.rows import Measurement, time_alternating
from eval.cases import Case, cases, job
from pipeline import urls as links
from pipeline.chinese import language as _language
from pipeline.chinese import term_search as _terms
from pipeline.llm.profile import ModelProfile, model_profile
from pipeline.llm.prompts import Answer, Question
from pipeline.merge import features as _traits
from pipeline.parse.page import parse
from pipeline.plan import PreparedJob
from pipeline.progress import NullProgress
from pipeline.quantities.compare import match_quantities
from pipeline.quantities.scan import scan
from pipeline.records import Page
from pipeline.run import generate, prepare
from pipeline.settings import Settings
from pipeline.verify import names as _names
from pipeline.write.files import write


def stored(shared: Path) -> list[Case]:
    """List the issues of the newsletter, without the bundled one."""
    return [case for case in cases(shared) if case.name != "demo"]


def pages(shared: Path) -> list[Page]:
    """Read every stored page that carries an issue's text, oldest first."""
    return [job(case).page for case in stored(shared)]


def served(shared: Path) -> list[Page]:
    """Read those of them that a site can serve, the smallest first."""
    found = [job(case).page for case in stored(shared) if case.path.suffix == ".html"]
    return sorted(found, key=lambda page: len(page.text))


def hosted_profile() -> ModelProfile:
    """Size the questions as for a hosted model; the environment has no say."""
    key = {"openai_api_key": SecretStr("x")}
    return model_profile(Settings.model_construct().model_copy(update=key))


def clear_caches() -> None:
    """Empty what remembers words, addresses and texts: a run reads its issue once."""
    of_words: tuple[Any, ...] = (links.canonical, links.link_type, _traits._stem)
    of_texts: tuple[Any, ...] = (
        scan,
        match_quantities,
        _names._name_index,
        _terms._cached_matches,
        _language._joined_names,
        _language._shown_names,
        _language._lower_words,
    )
    for remembering in (*of_words, *of_texts):
        remembering.cache_clear()


def reading(shared: Path) -> Iterator[Measurement]:
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
        for at, seconds in enumerate(time_alternating(*works, times=3)):
            totals[at] += seconds
        size_mb += len(page.text.encode()) / 1e6
    ours, *others = (seconds / size_mb for seconds in totals)
    for name, theirs in zip(("html2text", "trafilatura"), others, strict=True):
        yield Measurement(
            group="parse",
            name=f"parse all pages, beside {name}",
            value=ours,
            unit="s/MB",
            baseline=name,
            baseline_value=theirs,
            bar=1,
        )
    yield _written(shared)


def _written(shared: Path) -> Measurement:
    """Make the digest of every issue, with answers that take no time; give the slowest."""
    import html2text

    how, slowest = hosted_profile(), (0.0, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        for case in stored(shared):
            given = job(case)
            ours, theirs = time_alternating(
                partial(_digest, given, how, Path(folder)),
                partial(html2text.html2text, given.page.text),
                times=3,
                before=clear_caches,
            )
            slowest = max(slowest, (ours, theirs))
    return Measurement(
        group="parse",
        name="from page to written digest without the model, slowest issue",
        value=slowest[0],
        unit="s",
        baseline="html2text",
        baseline_value=slowest[1],
        bar=1,
        bar_of="value",
    )


def _digest(given: PreparedJob, profile: ModelProfile, folder: Path) -> None:
    start = prepare(given, profile=profile, progress=NullProgress(), outputs=folder)
    write(generate(start, ask=_ask, progress=NullProgress()), folder, given.stem)


def _ask(question: Question, schema: type[Answer], /) -> Answer:
    messages = [{"content": question.system}, {"content": question.user}]
    return schema.model_validate(json.loads(editor.answer(messages, schema.model_json_schema())))
