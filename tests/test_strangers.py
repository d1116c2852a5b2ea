"""A post that is joined to an official story takes neither its link nor its price.

The whole way from a page to the digest, with a model that is fooled and with one that is not.
"""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from build import make_digest, picked
from fakes import FakeModel
from pipeline.llm.profile import ModelProfile
from pipeline.llm.prompts import Question
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.plan import PreparedJob
from pipeline.records import Digest, Entry, Page

OFFICIAL = "https://acme.com/heron-2"
EVIL = "https://acme-com.evil.example/acme-ships-heron-2"
TWEETED = f'<li><b>Acme ships Heron-2</b>: <a href="{OFFICIAL}">page</a></li>'
POSTED = (
    f'<li><b>Acme ships Heron-2</b> (Activity: 12): <a href="{OFFICIAL}">a</a>,'
    f' <a href="{EVIL}">notes</a></li>'
)
LONG = "It maps lakes for small boats and comes with weights and code."
PRICED = (
    f'<li><b>Acme ships Heron-2</b>: {LONG} It costs $2 per 1M tokens <a href="{OFFICIAL}">a</a></li>',
    f'<li><b>Acme ships Heron-2</b>: {LONG} It costs $0.01 per 1M tokens <a href="{EVIL}">b</a></li>',
)
SIZES = ModelProfile(
    model="fake",
    host="none",
    prices=None,
    in_flight=1,
    select_tokens=8000,
    select_questions=1,
    evidence_chars=4000,
    want=1,
)


def page(tweeted: str = TWEETED, posted: str = POSTED) -> Page:
    """Write an issue of one story, told on Twitter and on Reddit."""
    text = (
        "<h1>AI Twitter Recap</h1><p><b>Models</b></p>"
        f"<ul>{tweeted}</ul><h1>AI Reddit Recap</h1><h2>/r/LocalLlama</h2><ul>{posted}</ul>"
    )
    return Page(
        slug="26-01-30-heron",
        url="https://news.smol.ai/issues/26-01-30-heron/",
        source="file",
        media="html",
        text=text,
        sha256="0" * 64,
    )


def digested(
    told: Callable[[Question], dict[str, object]], source: Page
) -> tuple[Digest, list[Question]]:
    """Go the whole way with a model that tells each entry so."""

    def answer(question: Question) -> object:
        return picked(["s01"], []) if question.prompt == "select" else told(question)

    model = FakeModel(always=answer)
    job = PreparedJob(page=source, date=dt.date(2026, 1, 30), stem="2026-01-30")
    digest = make_digest(job, model.ask, SIZES)
    return digest, [one for one in model.history if one.prompt != "select"]


def number_of(words: str, question: Question) -> int:
    """Find the number of the link with these words; of one that is not offered, the next."""
    offered = re.findall(r"^(\d+)\. (\S+)", question.user.split("Links:")[-1], re.MULTILINE)
    return next((int(at) for at, place in offered if words in place), len(offered) + 1)


@pytest.mark.parametrize("words", ["evil.example", "acme.com/heron-2"])
@pytest.mark.parametrize(
    ("tweeted", "posted"),
    [
        (TWEETED, POSTED),
        (TWEETED, POSTED * 2),
        (TWEETED.replace(OFFICIAL, "https://x.com/acme/status/1"), POSTED),
    ],
)
def test_the_official_link_stands_whichever_the_model_picks(
    words: str, tweeted: str, posted: str
) -> None:
    """The fooled model never sees the other one; the number that it makes up is nobody's."""
    entry = {"title": "Acme发布Heron-2", "summary": "Acme发布Heron-2。"}
    digest, asked = digested(
        lambda question: entry | {"link": number_of(words, question)}, page(tweeted, posted)
    )
    assert [each.link for each in digest.entries] == [OFFICIAL]
    assert all("evil.example" not in one.user.split("Links:")[-1] for one in asked)


def test_the_case_from_outside(shared: Path) -> None:
    """The two bullets as a reviewer wrote them are one story, and its link is the maker's."""
    text = (shared / "cases" / "hostile.md").read_text("utf-8")
    first = next(line for line in text.splitlines() if line.startswith("1."))
    tweeted, posted = re.findall(r"`(<li>.*?</li>)`", first)
    (story,) = merge(parse(page(tweeted, posted)))
    assert story.sources == (OFFICIAL,)


def tell_price(sentence: str) -> Callable[[Question], dict[str, object]]:
    """Tell the price in a sentence of its own."""
    facts = ("Acme发布Heron-2，它为小船绘制湖泊地图，带有权重和代码。", sentence)
    return lambda question: {
        "title": "Acme发布Heron-2",
        "sentences": [{"text": fact, "lines": lines_of(question)} for fact in facts],
        "link": 1,
    }


def lines_of(question: Question) -> list[int]:
    """List all lines that a question shows."""
    shown = question.user.split("The lines:")[-1].split("Links:")[0]
    return [int(number) for number in re.findall(r"^(\d+)\. ", shown, re.MULTILINE)]


def entries_with(sentence: str) -> list[Entry]:
    """Tell the story with this sentence on its price."""
    digest, _ = digested(tell_price(sentence), page(*PRICED))
    return [each for each in digest.entries if sentence in each.summary.replace(" ", "")]


@pytest.mark.parametrize(
    "sentence",
    [
        "它的价格为2美元每百万token。",
        "价格为2美元每百万token，但有用户称只要0.01美元。",
        "有用户称每百万token只要0.01美元。",
    ],
)
def test_a_price_is_told_as_whoever_says_it(sentence: str) -> None:
    """The editors' price stands alone, a stranger's as a stranger's."""
    (entry,) = entries_with(sentence)
    assert not entry.quoted
    assert entry.link == OFFICIAL


@pytest.mark.parametrize(
    "sentence",
    [
        "它的价格为0.01美元每百万token。",
        "Acme称每百万token只要0.01美元。",
        "面向开发者和用户，每百万token只要0.01美元。",
    ],
)
def test_a_strangers_price_is_not_told_as_the_makers(sentence: str) -> None:
    """A model that insists on it has its entry replaced."""
    assert entries_with(sentence) == []
    _, asked = digested(tell_price(sentence), page(*PRICED))
    assert (
        "sentence 2, attribution: 0.01美元 (wanted: what users say told as theirs" in asked[1].user
    )
