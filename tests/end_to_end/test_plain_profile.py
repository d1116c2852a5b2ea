"""The plain profile end to end: a served model that only translates, over HTTP and without slots."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import build
from hosted import sizes
from openai_server import OpenAIServer
from pipeline.errors import ModelInvalid
from pipeline.estimate import KeptAnswers
from pipeline.estimate.estimates import ask_for_entries
from pipeline.fetch.local_file import read_source
from pipeline.llm.budget import BudgetLimits
from pipeline.llm.cache import Cache
from pipeline.llm.fallback import FallbackModel
from pipeline.llm.model import Model
from pipeline.llm.target import ModelOptions, ModelTarget
from pipeline.plan import PreparedJob
from pipeline.progress import NullProgress
from pipeline.run import prepare

MAKERS = [f"{a}{b}{c}or" for a in "BDFGK" for b in "aeiou" for c in "lmn"]
THINGS = {
    "a database for maps": "一个地图数据库",
    "a compiler for games": "一个游戏编译器",
    "an editor for music": "一个音乐编辑器",
    "a browser for children": "一个儿童浏览器",
    "a robot for kitchens": "一个厨房机器人",
    "a camera for farms": "一个农场相机",
    "a library for physics": "一个物理库",
    "a course on chemistry": "一门化学课程",
    "a keyboard for pilots": "一个飞行员键盘",
    "a calendar for doctors": "一个医生日历",
    "a printer for houses": "一台房屋打印机",
    "a drone for rescue": "一架救援无人机",
    "a sensor for rivers": "一个河流传感器",
    "a scanner for books": "一台图书扫描仪",
    "a speaker for theatres": "一个剧院音箱",
    "a battery for trains": "一个火车电池",
    "a telescope for schools": "一台学校望远镜",
    "a dictionary of law": "一部法律词典",
    "a simulator of storms": "一个风暴模拟器",
    "a thermometer for cellars": "一个地窖温度计",
    "a satellite for forests": "一颗森林卫星",
    "a microscope for factories": "一台工厂显微镜",
    "a wallet for travellers": "一个旅行者钱包",
    "a bicycle for couriers": "一辆快递自行车",
}
SENTENCE = re.compile(r"^`?(\w+)`? released `?(\w+ Mini 3)`?, (.+)\.$")
Answer = Callable[[list[dict[str, str]], object], str]


def page_of(folder: Path) -> Path:
    """Write an issue whose every item is one sentence that `translated` knows."""
    lines = [
        f"- **{maker}**: {maker} released {maker} Mini 3, {thing} "
        f"([{maker}](https://{maker.lower()}.example/{at}))."
        for at, (maker, thing) in enumerate(zip(MAKERS, THINGS, strict=False))
    ]
    page = folder / "26-01-30-plain.md"
    head = "---\ntitle: Plain\n---\n\n# AI Twitter Recap\n\n**Section**\n\n"
    page.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return page


def translated(messages: list[dict[str, str]], _schema: object) -> str:
    """Translate rightly."""
    found = SENTENCE.match(messages[-1]["content"])
    assert found, messages[-1]["content"]
    maker, product, thing = found.groups()
    return f"{maker} 发布了 {product}，{THINGS[thing]}。"


PROFILE = sizes().model_copy(
    update={"plain": True, "select_tokens": 0, "select_questions": 0, "evidence_links": 0}
)


def job_of(folder: Path) -> PreparedJob:
    """Read the issue."""
    page = read_source(page_of(folder), stdin=io.BytesIO())
    return PreparedJob(page=page, date=dt.date(2026, 1, 30), stem="2026-01-30")


@contextmanager
def served(folder: Path, answer: Answer) -> Iterator[tuple[OpenAIServer, Model]]:
    """Serve a model that answers so."""
    options = ModelOptions(
        timeout_s=5, attempts=2, limits=BudgetLimits(max_tokens=10**6, max_cost_usd=1)
    )
    with (
        OpenAIServer(answer=answer) as server,
        Cache(folder / "cache.sqlite") as cache,
        Model(
            ModelTarget(server.host, "small", server.endpoint), options=options, cache=cache
        ) as model,
    ):
        yield server, model


def test_a_served_model_makes_a_whole_digest_sentence_by_sentence(tmp_path: Path) -> None:
    """20 entries of 20 questions: nothing is asked but translations, each sentence has its line."""
    with served(tmp_path, translated) as (server, model):
        digest = build.make_digest(job_of(tmp_path), model.ask, PROFILE)
        asked = len(server.requests)
        again = build.make_digest(job_of(tmp_path), model.ask, PROFILE)
    assert (len(digest.news), len(digest.tools)) == (10, 10)
    assert asked == 20
    assert (again, len(server.requests)) == (digest, asked)
    assert not any(entry.quoted for entry in digest.entries)
    assert all(sentence.lines for entry in digest.entries for sentence in entry.sentences)
    assert digest.provenance
    assert digest.provenance.profile == "plain"
    assert set(digest.provenance.prompts) == {"translate_sentence", "glossary"}


def test_what_is_translated_wrongly_makes_room_for_a_spare(tmp_path: Path) -> None:
    """A name that the sentence does not have is in no digest."""

    def wrong_for_one(messages: list[dict[str, str]], schema: object) -> str:
        right = translated(messages, schema)
        return right.replace("Mini 3", "Mini 4") if right.startswith("Balor") else right

    with served(tmp_path, wrong_for_one) as (_, model):
        digest = build.make_digest(job_of(tmp_path), model.ask, PROFILE)
    assert len(digest.entries) == 20
    assert not any(entry.title.startswith("Balor") for entry in digest.entries)
    assert any("not in the English" in str(drop.reason) for drop in digest.drops)


def test_what_fails_and_has_no_spare_is_warned_of(tmp_path: Path) -> None:
    """Each empty place once, by its story; the others are told."""

    def wrong_for_many(messages: list[dict[str, str]], schema: object) -> str:
        right = translated(messages, schema)
        return right if right[0] == "B" else right.replace("Mini 3", "Mini 4")

    with served(tmp_path, wrong_for_many) as (_, model):
        digest = build.make_digest(job_of(tmp_path), model.ask, PROFILE)
    told = len(digest.entries)
    assert 0 < told < 20
    assert not any(entry.quoted for entry in digest.entries)
    lost = [finding for finding in digest.findings if finding.check == "told"]
    assert (len(lost), digest.untold) == (20 - told, 20 - told)
    assert {finding.severity for finding in lost} == {"warning"}
    assert "Mini 3" in lost[0].found
    assert {finding.entry for finding in lost} < {drop.what for drop in digest.drops}


def test_what_has_no_sentence_leaves_its_place_empty(tmp_path: Path) -> None:
    """It is counted like what failed: a page of talk gives no whole digest."""
    page = page_of(tmp_path)
    head, *items = page.read_text(encoding="utf-8").split("\n- ")
    talk = [re.sub(r": .*? Mini 3, ", ": notes and thoughts on ", item) for item in items[2:]]
    page.write_text("\n- ".join([head, *items[:2], *talk]), encoding="utf-8")
    job = PreparedJob(page=read_source(page, io.BytesIO()), date=dt.date(2026, 1, 30), stem="x")
    with served(tmp_path, translated) as (_, model):
        digest = build.make_digest(job, model.ask, PROFILE)
    told = len(digest.entries)
    assert 0 < told <= 2
    assert digest.untold == 20 - told


def test_a_model_of_which_no_answer_is_of_use_is_one_short_line(tmp_path: Path) -> None:
    """With what to do, however many answers there were."""
    with (
        served(tmp_path, lambda *_: "模型 Nonsuch 9 的一个回答，" * 20 + "没有用。") as (_, model),
        pytest.raises(ModelInvalid) as caught,
    ):
        build.make_digest(job_of(tmp_path), model.ask, PROFILE)
    said = str(caught.value)
    assert said.startswith("no story of '26-01-30-plain' could be told: ")
    assert "; set AINEWS_MODEL to another model" in said
    assert len(said) < 500


def test_an_estimate_counts_the_sentences(tmp_path: Path) -> None:
    """Those that have an answer cost nothing, unless entries are to be told anew."""
    stories = prepare(job_of(tmp_path), profile=PROFILE, progress=NullProgress()).stories
    with served(tmp_path, translated) as (_, model):
        build.make_digest(job_of(tmp_path), model.ask, PROFILE)
        for refresh, missing in (((), 4), (("translate",), 24)):
            asked = KeptAnswers(FallbackModel(model), refresh)
            ask_for_entries(stories, asked, dt.date(2026, 1, 30), PROFILE)
            assert len(asked.missing) == missing
            assert len(asked.kept) == 24 - missing
