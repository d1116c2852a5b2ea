"""The measure: recordings, cards and floors, and that each of them notices what gets worse."""

import datetime as dt
import functools
import io
import json
import re
import shutil
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, JsonValue, SecretStr
from rich.console import Console

import build
from editor import answer
from eval import cli, floors, tape
from eval.broken import BrokenEntry, apply
from eval.card import LOW, RATIOS, Card, Ratio, total
from eval.cases import DEMO, Case, cases, job, reference_digests
from eval.checks import (
    MENDED,
    Objection,
    alarms,
    count_caught,
    failed_checks,
    judged_objections,
    noticed,
    reviewed_alarms,
)
from eval.edits import TextEdit
from eval.known import RIGHT_FILE, WRONG_FILE, KnownAnswer, read_answers, score_known
from eval.measure import Measured, measure
from eval.misleading import misleading_entries
from eval.organisations import find_organisations
from eval.proofread import Review, plant, report, review, write_questions
from eval.record import record
from eval.rehearse import PROOFREAD, ReplayedRun, header, recorded_settings, replay
from eval.score import is_first_hand, score
from eval.table import print_table
from fakes import in_sentences
from openai_server import Behaviour, OpenAIServer, Request, content_filter, failing, ok, says
from pipeline.chinese import glossary
from pipeline.errors import DigestError, ModelInvalid, SettingsError
from pipeline.llm import prompts as prompt
from pipeline.llm.profile import model_profile
from pipeline.llm.prompts import Ask, Question
from pipeline.parse.page import parse
from pipeline.progress import NullProgress
from pipeline.records import Digest, Entry, Finding, Sentence, Story
from pipeline.settings import Settings
from pipeline.verify.registry import CHECKS, story_of_entry

NOWHERE = Path("/nowhere")
WRONG = json.dumps(
    in_sentences(
        {
            "title": "一条带有错误数字的测试消息",
            "summary": "这是一条只供测试使用的摘要，其中写着98761234这个数字，它在原文里没有出现，因此应当被检查发现，并且再次询问。",
        }
    )
)


def demo() -> Case:
    """Name the bundled issue."""
    return cases(NOWHERE)[0]


def settings(server: OpenAIServer, folder: Path) -> Settings:
    """Ask the test server; nothing of the environment counts."""
    given = {"openai_base_url": server.base_url, "cache_dir": folder, "model_attempts": 1}
    return Settings.model_construct().model_copy(update=given)


def first(count: int, behaviour: Behaviour) -> Callable[[Request], Behaviour]:
    """Misbehave in the first so many translations that are no re-asks, then answer rightly."""
    seen: set[str] = set()

    def behave(request: Request) -> Behaviour:
        user = request.messages[1]["content"]
        known = any(user.startswith(old) for old in seen)
        if "title" not in request.schema["properties"] or known or len(seen) == count:
            return ok
        seen.add(user)
        return behaviour

    return behave


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record the bundled issue once: two answers that do not fit, two that say what is not so."""
    folder = tmp_path_factory.mktemp("recorded")
    odd = iter([says("no JSON"), says(WRONG), says("no JSON"), says(WRONG)])

    def misbehave(request: Request, content: str) -> object:
        return next(odd, ok)(request, content)

    with OpenAIServer(answer=answer, behave=first(4, misbehave)) as server:  # type: ignore[arg-type]
        record(
            demo(),
            settings=settings(server, folder),
            folder=folder / "rec",
            progress=NullProgress(),
        )
    return folder


@pytest.fixture(scope="module", autouse=True)
def _measured_once() -> Iterator[None]:
    """Read a page and put the known answers before the checks once, not for every measure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eval.measure.score_known", functools.cache(score_known))
        patch.setattr("eval.cases.parse", functools.lru_cache(parse))
        yield


@pytest.fixture
def rec(recorded: Path, tmp_path: Path) -> Path:
    """Give a copy of the recordings."""
    return shutil.copytree(recorded / "rec", tmp_path / "rec")


def file(rec: Path) -> Path:
    """Find the one recording."""
    return next(rec.glob("*/demo.jsonl"))


def play(rec: Path) -> ReplayedRun:
    """Play the recording of the bundled issue back."""
    recording = tape.load(file(rec))
    return replay(
        demo(), recording, settings=recorded_settings(recording.header), progress=NullProgress()
    )


def measured(rec: Path) -> Measured:
    """Measure the bundled issue alone, in this process."""
    return measure(rec, shared=NOWHERE, workers=1)


# ------------------------------------------------------------------------------------ recordings


def test_a_recording_plays_back_without_a_server(rec: Path) -> None:
    """Every answer comes from the file, those that did not fit among them."""
    run = play(rec)
    assert (len(run.digest.news), len(run.digest.tools)) == (10, 10)
    assert run.asked == 0
    assert len(run.used) == len(tape.load(file(rec)).replies)
    assert sum(reply.content == "no JSON" for reply in run.used) == 2
    assert sum(entry.tries > 1 for entry in (*run.digest.news, *run.digest.tools)) == 2


def test_a_recording_holds_answers_and_no_questions(rec: Path) -> None:
    """The issue's text is not ours to copy."""
    lines = file(rec).read_text(encoding="utf-8").splitlines()
    allowed = {"prompt", "key", "content", "finish_reason"}
    assert all(set(json.loads(line)) <= allowed for line in lines[1:])
    assert lines[1:] == sorted(
        lines[1:], key=lambda one: [json.loads(one)[k] for k in ("prompt", "key")]
    )
    assert set(json.loads(lines[0])) == {"model", "embedded", "settings", "wire"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"embedded_weights": Path("/home/me/other.gguf"), "temperature": 0.25},
        {"openai_api_key": SecretStr("sk-secret"), "model": "gpt-x", "temperature": 0.5},
        {"openai_base_url": "https://me:secret@models.example/v1/", "select_tokens": 9_000},
    ],
)
def test_a_recording_names_the_settings_that_shape_its_questions(given: dict[str, Any]) -> None:
    """Played back, it sizes its questions alike; no key and no folder of anybody is in it."""
    before = Settings.model_construct().model_copy(update=given)
    head = header(before)
    after = recorded_settings(tape.Header.model_validate_json(head.model_dump_json()))
    assert model_profile(after) == model_profile(before)
    assert (after.embedded, after.temperature) == (before.embedded, before.temperature)
    assert "secret" not in head.model_dump_json()
    assert "/home" not in head.model_dump_json()


def test_recording_again_asks_only_what_is_new(tmp_path: Path) -> None:
    """What the old recording has is not asked again, and the file stays the same."""
    folder = tmp_path / "r"
    with OpenAIServer(answer=answer) as server:
        given = settings(server, tmp_path)
        record(demo(), settings=given, folder=folder, progress=NullProgress())
        asked = len(server.requests)
        line = record(demo(), settings=given, folder=folder, progress=NullProgress())
        assert len(server.requests) == asked
        assert line == f"{asked} answers, 0 of them new"
        shutil.rmtree(tmp_path / "eval")
        kept = file(folder).read_text(encoding="utf-8")
        file(folder).write_text(kept[:-40], encoding="utf-8")
        record(demo(), settings=given, folder=folder, progress=NullProgress())
        assert len(server.requests) == asked + 1
        assert file(folder).read_text(encoding="utf-8") == kept


def test_an_interrupted_recording_goes_on_where_it_was(tmp_path: Path) -> None:
    """Answers are in a journal as they come; a run that dies leaves no recording."""
    script = [ok] * 8
    with OpenAIServer(*script, answer=answer, behave=lambda _request: failing(500)) as server:
        given = settings(server, tmp_path).model_copy(update={"in_flight": 1})
        with pytest.raises(DigestError):
            record(demo(), settings=given, folder=tmp_path / "r", progress=NullProgress())
        assert not list((tmp_path / "r").glob("*/*"))
        server._behave = lambda _request: ok
        before = len(server.requests)
        line = record(demo(), settings=given, folder=tmp_path / "r", progress=NullProgress())
        assert f"{len(server.requests) - before} of them new" in line
        assert len(server.requests) - before < 20


def test_a_refused_answer_is_recorded_too(tmp_path: Path) -> None:
    """A story that the model or its filter refuses is refused again when played back."""
    turned_down = failing(
        400, "the response was filtered due to the content policy: content_filter"
    )
    with OpenAIServer(answer=answer, behave=first(1, turned_down)) as server:
        record(
            demo(),
            settings=settings(server, tmp_path),
            folder=tmp_path / "r",
            progress=NullProgress(),
        )
    assert sum(reply.turned_down is not None for reply in play(tmp_path / "r").used) == 1
    with OpenAIServer(answer=answer, behave=first(1, content_filter)) as server:
        record(
            demo(),
            settings=settings(server, tmp_path),
            folder=tmp_path / "q",
            progress=NullProgress(),
        )
    assert len(play(tmp_path / "q").digest.tools) == 10


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text.replace('"finish_reason"', '"finish', 1), "line 2 is damaged"),
        (lambda text: text[: len(text) // 2], "is damaged"),
        (lambda _text: "", "line 1 is damaged"),
        (lambda text: text + text.splitlines()[-1] + "\n", "answered twice"),
        (lambda text: text.partition("\n")[2], "line 1 is damaged"),
    ],
)
def test_a_damaged_recording_is_one_clear_line(
    rec: Path, damage: Callable[[str], str], said: str
) -> None:
    """It names the file, the line and what to do; nothing is scored."""
    file(rec).write_text(damage(file(rec).read_text(encoding="utf-8")), encoding="utf-8")
    found = measured(rec)
    assert found.cards == ()
    assert len(found.failed) == 1
    assert said in found.failed[0]
    assert "make record" in found.failed[0]
    assert "\n" not in found.failed[0]


# ------------------------------------------------------------------------------ what gets worse


def test_a_changed_prompt_fails(rec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer to another question is no answer; the line names the prompt."""
    raw = prompt.folder().joinpath("translate.md").read_bytes()
    worse = raw.replace(b"What is true", b"What is nice")
    assert worse != raw
    real = prompt.load_prompt
    monkeypatch.setattr(
        "pipeline.translate.entry.load_prompt",
        lambda name: prompt.parse_prompt(name, worse) if name == "translate" else real(name),
    )
    found = measured(rec)
    assert found.cards == ()
    assert "'translate' has no answer; run `make record`" in found.failed[0]


def test_a_check_that_notices_nothing_fails(rec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries that are broken on purpose are no longer caught."""
    run = play(rec)
    before = score(run)
    assert before.caught_links.value == before.caught_english.value == 1
    monkeypatch.setattr("pipeline.verify.registry.CHECKS", ())
    after = score(run)
    assert after.caught_links.value == after.caught_english.value == 0


def test_a_run_that_does_not_check_fails(rec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it publishes is checked again, whatever the run thinks of it."""
    # The question that proofreads has the whole digest, and no answer to another one is recorded.
    as_recorded = file(rec).read_text(encoding="utf-8")
    unread = as_recorded.replace('"proofread": "on"', '"proofread": "off"')
    assert unread != as_recorded
    file(rec).write_text(unread, encoding="utf-8")
    monkeypatch.setattr("pipeline.verify.verify", lambda *_args, **_options: ())
    found = measured(rec)
    (card,) = found.cards
    assert card.numbers.hit < card.numbers.of
    bars = floors.Floors(each={"numbers": 1.0}, total={})
    lines = [
        low.line() for low in floors.shortfalls(bars, found.cards, found.totals, complete=True)
    ]
    assert lines == ["numbers of demo, gpt-6-luna: 0.9 is below the floor 1.0"]


def test_a_stricter_check_asks_for_new_answers(rec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that does not pass any more would have been asked for again."""
    wrong = Finding(entry="s01", check="number", severity="error", expected="none", found="7")
    monkeypatch.setattr("pipeline.verify.verify", lambda *_args, **_options: (wrong,))
    assert "run `make record`" in measured(rec).failed[0]


def test_without_the_stored_newsletter_the_bundled_issue_is_scored(rec: Path) -> None:
    """Whatever else was recorded is skipped, visibly, and totals are not compared."""
    shutil.copy(file(rec), file(rec).with_name("25-12-19-not-much.jsonl"))
    found = measured(rec)
    assert [card.name for card in found.cards] == [DEMO]
    assert not found.complete
    assert len(found.skipped) == 1
    assert found.skipped[0].startswith("25-12-19-not-much, gpt-6-luna: its page is not in")


def test_an_issue_that_was_not_recorded_is_named(rec: Path, shared: Path) -> None:
    """Deleting a recording does not go unseen."""
    found = measure(rec, shared=shared, only=["25-08-05-gpt-oss"], workers=1)
    assert found.skipped == (f"25-08-05-gpt-oss, gpt-6-luna: not recorded; {tape.RECORD_HINT}",)


# ---------------------------------------------------------------------------------------- cards


def scored(entries: Sequence[Entry], stories: Sequence[Story], *references: Digest) -> Card:
    """Score a digest of these entries, of an issue that has these stories."""
    issue = build.issue(*(mention for story in stories for mention in story.mentions))
    digest = Digest(
        date=issue.date,
        issue_url=issue.url,
        news=tuple(entry for entry in entries if entry.kind == "news"),
        tools=tuple(entry for entry in entries if entry.kind == "tool"),
    )
    head = tape.Header(model="m", embedded=True, settings={})
    run = ReplayedRun(
        name="x",
        digest=digest,
        issue=issue,
        stories=tuple(stories),
        alone=tuple(stories[:1]),
        questions=(),
        used=(),
        asked=0,
        header=head,
    )
    return score(run, references)


def test_a_link_counts_only_in_its_own_story() -> None:
    """An address of the issue that another story has is not grounded."""
    stories = build.stories(2)
    card = scored(
        [
            build.entry("s01", "https://example.org/1/?utm_source=x"),
            build.entry("s02", "https://example.org/1"),
        ],
        stories,
    )
    assert card.grounded == Ratio(hit=1, of=2)
    assert card.repeats == Ratio(hit=1, of=2)


def test_an_entry_without_the_link_that_its_story_has_is_counted() -> None:
    """A story without links owes none."""
    stories = [build.story("s01"), build.story("s02", "https://example.org/2")]
    card = scored([build.entry("s01", None), build.entry("s02", None)], stories)
    assert card.linked == Ratio(hit=0, of=1)
    assert card.grounded.value is None


def test_an_entry_of_no_story_is_not_borne_out() -> None:
    """It is counted, not a crash."""
    card = scored([build.entry("s09", "https://example.org/1")], build.stories(1))
    assert card.grounded == Ratio(hit=0, of=1)
    assert card.clean == Ratio(hit=0, of=1)


def test_a_quotation_is_counted_apart() -> None:
    """It is not taken for a translation that passed the checks."""
    entry = build.entry("s01", "https://example.org/1").model_copy(update={"quoted": True})
    card = scored([entry], build.stories(1))
    assert card.quoted == Ratio(hit=1, of=1)
    assert card.numbers.of == card.language.of == 0


def test_what_a_story_lacks_is_counted_by_check() -> None:
    """The card does not read the run's own findings: there are none here."""
    entry = build.entry("s01", "https://example.org/1")
    wrong = entry.model_copy(
        update={"summary": f"{'摘要' * 20}，价格为98761美元，由Zorblatt提供。"}
    )
    card = scored([wrong], build.stories(1))
    assert card.numbers.value == card.names.value == card.clean.value == 0
    assert card.length.value == 1


def test_agreement_counts_links_in_the_stories_of_our_choice() -> None:
    """Another link of the same story is the same choice; links that the issue lacks do not count."""
    stories = [
        build.story("s01", "https://x.com/a/status/1", "https://example.org/1"),
        build.story("s02", "https://example.org/2"),
        build.story("s03", "https://example.org/3"),
    ]
    theirs = Digest(
        date=dt.date(2026, 1, 31),
        issue_url="https://news.smol.ai/issues/26-01-30-sampler/",
        news=(
            build.entry("a", "https://twitter.com/a/status/1"),
            build.entry("b", "https://example.org/2"),
            build.entry("c", "https://example.org/3"),
        ),
        tools=(build.entry("d", "https://example.org/invented", "tool"),),
    )
    card = scored(
        [build.entry("s01", "https://example.org/1"), build.entry("s03", "https://example.org/3")],
        stories,
        theirs,
    )
    assert card.agreement == Ratio(hit=2, of=3)
    assert card.agreement_alone == Ratio(hit=1, of=3)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/a/b", True),
        ("https://arxiv.org/abs/2512.1", True),
        ("https://mobile.twitter.com/a/status/1", False),
        ("https://www.reddit.com/r/a", False),
        ("https://old.reddit.com?x=1", False),
        ("https://notreddit.com/", True),
    ],
)
def test_a_post_is_not_first_hand(url: str, expected: bool) -> None:
    """A page about which people talk is; where they talk is not."""
    assert is_first_hand(url) is expected


def test_totals_add_counts_and_do_not_average_shares() -> None:
    """One of one and none of three are a quarter."""
    cards = [
        Card(model="m", name="a", numbers=Ratio(hit=1, of=1), by_kind={"k": Ratio(hit=1, of=1)}),
        Card(model="m", name="b", numbers=Ratio(hit=0, of=3), by_kind={"k": Ratio(hit=0, of=1)}),
    ]
    card = total(cards)
    assert card.numbers.value == 0.25
    assert card.by_kind == {"k": Ratio(hit=1, of=2)}
    assert set(RATIOS) >= LOW


@pytest.fixture
def told() -> tuple[Entry, Story]:
    """Tell a story with a name and a number rightly."""
    text = "Zorblatt ships a model of 340 MB for engineers. " * 6
    entry = build.entry("s01", "https://example.org/1")
    summary = f"Zorblatt发布了一个供工程师使用的模型，大小为340MB，{'说明' * 20}。"
    right = entry.model_copy(update={"title": "Zorblatt发布一个模型", "summary": summary})
    return right, build.story("s01", "https://example.org/1", text=text)


def test_breaks_are_noticed_by_the_check_that_should(
    told: tuple[Entry, Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With that check gone, they are not, and each says what it was."""
    kinds = count_caught([told], ()).by_kind
    named = {"name: letters swapped", "name: letter replaced"}
    assert all(kinds[kind].value == 1 for kind in named)
    assert any(kind.startswith("number: ") for kind in kinds)
    others = tuple(check for check in CHECKS if check.name != "name")
    monkeypatch.setattr("pipeline.verify.registry.CHECKS", others)
    blind = count_caught([told], ())
    assert all(blind.by_kind[kind].value == 0 for kind in named)
    assert any("letters swapped: 'Zorblatt' became" in line for line in blind.missed)


def test_only_what_passes_is_broken(told: tuple[Entry, Story]) -> None:
    """Of an entry that is wrong already, nothing can be learnt about that check."""
    entry, story = told
    bad = entry.model_copy(update={"link": "https://example.org/other"})
    links = {kind for kind in count_caught([told], ()).by_kind if kind.startswith("link: ")}
    assert links
    assert not links & set(count_caught([(bad, story)], ()).by_kind)


def test_what_nobody_looked_at_is_a_false_alarm(
    shared: Path, rec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finding on a published entry counts until it is in the file, which names those that are."""
    case = next(case for case in cases(shared) if case.name == "25-12-22-not-much")
    references = reference_digests(case, shared)
    assert [len(one.news) + len(one.tools) for one in references] == [20]
    found = alarms(references, parse(job(case).page), glossary.load_glossary())
    assert set(found) <= reviewed_alarms()
    monkeypatch.setattr("eval.score.alarms", lambda *_: found)
    monkeypatch.setattr("eval.score.matched", lambda *_: [])
    unseen = score(play(rec), references, right=frozenset(found[1:]))
    assert unseen.false_alarms == Ratio(hit=min(1, len(found)), of=20)
    assert len(unseen.alarms) == min(1, len(found))
    assert score(play(rec), references, right=reviewed_alarms()).false_alarms.value == 0


# ----------------------------------------------------------------------------- sentence by sentence

CABLE = KnownAnswer(
    kind="two variants",
    lines=(
        "Anthropic said that Cable-2 397B scores 86.1 on Harbour and may come to phones; OpenAI trails.",
        "A user measured Cable-2 35B, which beats Cable-1.5: 68.5 on Harbour, 71.3 on Wharf, over 22.0 on Quay.",
    ),
    title="Anthropic公布Cable-2的成绩",
    sentences=(
        Sentence(text="Anthropic称，Cable-2 397B在Harbour上得分86.1，可能登陆手机。", lines=(1,)),
        Sentence(text="有用户称，Cable-2 35B在Harbour上得分68.5，在Quay上超过22.0。", lines=(2,)),
    ),
)
DOCK = KnownAnswer(
    kind="another entry",
    lines=(
        "Mistral shipped Dock, which answers in 340 ms and needs 12 GB of memory on a laptop; all may load it.",
    ),
    title="Mistral发布Dock",
    sentences=(
        Sentence(
            text="Mistral发布了Dock，在笔记本电脑上回答只需340毫秒，占用12GB内存，可供所有用户下载。",
            lines=(1,),
        ),
    ),
)


def misled(group: str) -> list[BrokenEntry]:
    """Break the first of these entries in the ways of one group."""
    made = misleading_entries(CABLE.entry, CABLE.story, others=[DOCK.entry])
    return [one for one in made if one.group == group]


def test_the_lines_of_each_sentence_are_looked_up() -> None:
    """One names none that exists; one names a line that has not its figure."""
    entry = CABLE.entry
    first, second = entry.sentences
    assert scored([entry], [CABLE.story]).cited == Ratio(hit=2, of=2)
    assert scored([entry], [CABLE.story]).sourced == Ratio(hit=2, of=2)
    lost = first.model_copy(update={"lines": (9,)})
    card = scored([entry.model_copy(update={"sentences": (lost, second)})], [CABLE.story])
    assert (card.cited, card.sourced) == (Ratio(hit=1, of=2), Ratio(hit=1, of=2))
    wrong = second.model_copy(update={"lines": (1,)})
    card = scored([entry.model_copy(update={"sentences": (first, wrong)})], [CABLE.story])
    assert (card.cited, card.sourced) == (Ratio(hit=2, of=2), Ratio(hit=1, of=2))


def test_a_summary_without_lines_has_no_sentence_that_names_one() -> None:
    """Its sentences are counted all the same."""
    plain = CABLE.entry.model_copy(update={"sentences": ()})
    assert scored([plain], [CABLE.story]).cited == Ratio(hit=0, of=2)


def test_what_is_said_of_first_answers_counts_until_it_is_judged(rec: Path) -> None:
    """Two answers named a number that was made up; judged right, that is no false alarm."""
    run = play(rec)
    card = score(run)
    assert (card.rejected, card.warned) == (Ratio(hit=2, of=20), Ratio(hit=0, of=20))
    assert card.objections
    assert all(line.startswith("not judged: demo '一条带有错误数字") for line in card.objections)
    found = {
        Objection.of("demo", draft.entry.title, finding)
        for draft in run.first
        for finding in draft.findings
        if draft.entry
    }
    assert score(run, judged=dict.fromkeys(found, True)).rejected == Ratio(hit=0, of=20)
    wrong = score(run, judged=dict.fromkeys(found, False))
    assert wrong.rejected == card.rejected
    assert wrong.objections[0].startswith("judged wrong: ")
    small = run.model_copy(update={"header": run.header.model_copy(update={"embedded": True})})
    assert score(small).rejected.of == 0


def test_what_proofreading_names_counts_until_it_is_judged(rec: Path) -> None:
    """By the place of its entry and what was named; without proofreading there is no figure."""
    run = play(rec)
    problem: dict[str, JsonValue] = {
        "entry": "news:2",
        "sentence": 1,
        "kind": "padding",
        "line": 1,
        "why": "says nothing",
    }
    asked = run.questions[0].model_copy(
        update={"question": run.questions[0].question.model_copy(update={"prompt": PROOFREAD})}
    )
    read = run.model_copy(update={"questions": (*run.questions, asked), "named": (problem,)})
    card = score(read)
    assert card.misread == Ratio(hit=1, of=20)
    assert "not judged: demo news:2 proofread: sentence 1, padding: says nothing" in card.objections
    assert score(read, judged={Objection.named("demo", problem): True}).misread.hit == 0
    unread = [one for one in run.questions if one.question.prompt != PROOFREAD]
    assert score(run.model_copy(update={"questions": tuple(unread)})).misread.of == 0


def test_judgements_name_their_finding(tmp_path: Path) -> None:
    """The file says of each finding whether it is right."""
    file = tmp_path / "judged.toml"
    file.write_text(
        '[[finding]]\nissue = "a"\ntitle = "b"\ncheck = "name"\nfound = "c"\nright = true\nwhy = "d"\n',
        encoding="utf-8",
    )
    one = Objection(issue="a", title="b", check="name", found="c")
    assert judged_objections(file) == {one: True}
    assert isinstance(judged_objections(), dict)


@pytest.mark.parametrize(
    ("group", "kind", "now", "meant", "checks"),
    [
        ("moved", "number of another line", "22.0", "code", {"citation"}),
        ("moved", "number of the same lines", "71.3", "proofread", set()),
        ("subject", "another model of the event", "Cable-1.5", "proofread", set()),
        ("subject", "organisation of the event", "OpenAI", "proofread", set()),
        ("subject", "organisation of another entry", "Mistral", "code", {"name"}),
        ("qualifier", "possibly, left out", "", "code", None),
        ("qualifier", "who says it, left out", "", "proofread", None),
        ("fact", "clause of another entry", "占用12GB内存", "code", {"number"}),
        ("line", "no such line", "3", "code", {"citation"}),
        ("line", "another line", "2", "code", {MENDED}),
        ("padding", "praise", "这为相关领域的研究提供了新的思路。", "proofread", None),
    ],
)
def test_a_misleading_break_says_who_is_meant_to_notice_it(
    group: str, kind: str, now: str, meant: str, checks: set[str] | None
) -> None:
    """And the checks that do notice it are counted."""
    made = [one for one in misled(group) if (one.kind, one.now, one.meant) == (kind, now, meant)]
    assert made
    assert all(one.entry != CABLE.entry and not one.borne_out for one in made)
    told = "".join(sentence.text for sentence in made[0].entry.sentences)
    assert told == made[0].entry.summary
    if checks is not None:
        assert noticed(made[0], CABLE.story, CABLE.entry, ()) >= checks
        assert bool(checks) == bool(noticed(made[0], CABLE.story, CABLE.entry, ()))


def test_an_opposite_is_left_to_proofreading() -> None:
    """No check reads what a sentence claims."""
    answer = DOCK.model_copy(
        update={
            "sentences": (
                Sentence(text="Dock更快，回答只需340毫秒，无需12GB以上内存。", lines=(1,)),
            )
        }
    )
    claims = [one for one in misleading_entries(answer.entry, answer.story) if one.group == "claim"]
    assert {(one.was, one.now, one.meant) for one in claims} == {
        ("更快", "更慢", "proofread"),
        ("无需", "需要", "proofread"),
    }


def test_an_entry_without_lines_is_not_misled() -> None:
    """Nothing says which line its sentences rest on."""
    plain = CABLE.entry.model_copy(update={"sentences": ()})
    assert list(misleading_entries(plain, CABLE.story)) == []
    counted = count_caught([(plain, CABLE.story)], ())
    assert not any(kind.startswith("moved") for kind in counted.by_kind | counted.by_kind_open)


def test_a_broken_summary_is_broken_in_its_sentence() -> None:
    """The other sentences keep their lines."""
    edit = TextEdit("digit changed", 50, 52, "99")
    made = apply("number", CABLE.entry, "summary", edit)
    assert made.entry.summary == "".join(one.text for one in made.entry.sentences)
    assert made.sentence == 2
    assert made.entry.sentences[0] == CABLE.entry.sentences[0]
    both = apply("length", CABLE.entry, "summary", TextEdit("too short", 10, 60, "。"))
    assert both.sentence is None
    assert both.entry.summary == "".join(one.text for one in both.entry.sentences)


def test_what_code_and_proofreading_are_meant_for_is_counted_apart() -> None:
    """Only the first has a floor; which checks noticed what stands in both."""
    counted = count_caught([(CABLE.entry, CABLE.story), (DOCK.entry, DOCK.story)], (), every=True)
    assert counted.by_kind["moved: number of another line"].value == 1
    assert counted.by_check["moved: number of another line"]["citation"] > 0
    assert "moved: number of the same lines" in counted.by_kind_open
    assert "moved: number of the same lines" not in counted.by_kind
    assert not any("of the same lines" in line for line in counted.missed)


def test_a_product_is_not_taken_for_its_maker() -> None:
    """An organisation stands alone."""
    text = "谷歌与OpenAI合作；OpenAI Pro、meta-llama、x.com/OpenAI和Google Cloud不算。"
    assert [one.english for one, _, _ in find_organisations(text)] == ["Google", "OpenAI"]


def test_the_table_shows_who_is_meant_to_notice_and_who_did() -> None:
    """What nothing was counted for is left out."""
    one = Card(
        model="m",
        name="a",
        caught_moved=Ratio(hit=1, of=2),
        by_kind={"moved: a": Ratio(hit=1, of=2)},
        by_kind_open={"claim: b": Ratio(hit=0, of=1)},
        by_check={"moved: a": {"citation": 1}},
    )
    console = Console(width=120, record=True, file=io.StringIO())
    print_table([one], total([one]), console)
    shown = console.export_text()
    assert re.search(r"moved: a +code +50\.0 +2 +citation 1", shown)
    assert re.search(r"claim: b +proofreading +0\.0 +1", shown)
    assert "caught_moved" in shown
    assert "caught_lines" not in shown


# ----------------------------------------------------------------------------------- known answers


def test_known_answers_are_well_formed() -> None:
    """Each right one names lines that exist; all kinds of wrong ones name their checks."""
    right, wrong = read_answers(RIGHT_FILE), read_answers(WRONG_FILE)
    assert (len(right) >= 40, len(wrong) >= 30) == (True, True)
    for one in right:
        lines = {line for sentence in one.sentences for line in sentence.lines}
        assert lines
        assert lines <= set(range(1, len(one.entry.evidence_lines) + 1))
        assert not one.checks
    names = {check.name for check in CHECKS} | {"qualifier", "padding", "script", "scripts"}
    assert all(one.checks and names.issuperset(one.checks) for one in wrong)


def test_a_right_answer_that_is_rejected_is_named() -> None:
    """So is a wrong one that passes."""
    wrong = DOCK.model_copy(update={"title": "Zorblatt发布Dock"})
    fine = score_known((), shared=NOWHERE, right=[DOCK], wrong=[wrong])
    assert (fine.right_rejected, fine.wrong_passed) == (Ratio(hit=0, of=1), Ratio(hit=0, of=1))
    other = wrong.model_copy(update={"checks": ("number",)})
    bad = score_known((), shared=NOWHERE, right=[wrong], wrong=[DOCK, other])
    assert (bad.right_rejected, bad.wrong_passed) == (Ratio(hit=1, of=1), Ratio(hit=2, of=2))
    assert "error name: 'Zorblatt'" in bad.objections[0]
    assert bad.missed[0] == "wrong, passed: another entry: 'Mistral发布Dock'"
    assert bad.given_rejected.of == 0


def test_pairs_of_quantities_are_compared_both_ways(tmp_path: Path) -> None:
    """A right one that is rejected and a wrong one that passes count."""
    (tmp_path / "cases").mkdir()
    rows = [
        "# a comment",
        "right\t3B\t30亿",
        "right\t3B\t40亿",
        "wrong\t20%\t20%",
        "wrong\t20%\t30%",
    ]
    (tmp_path / "cases" / "quantities.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    card = score_known((), shared=tmp_path, right=[], wrong=[])
    assert (card.given_rejected, card.given_passed) == (Ratio(hit=1, of=2), Ratio(hit=1, of=2))


def test_our_own_pairs_are_counted_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their module says how many there are, and how many of them are judged wrongly."""
    pairs = types.ModuleType("eval.pairs")
    pairs.pairs_score = lambda: (40, 2, 20, 1)  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "eval.pairs", pairs)
    card = score_known((), shared=NOWHERE, right=[], wrong=[])
    assert (card.pairs_rejected, card.pairs_passed) == (Ratio(hit=2, of=40), Ratio(hit=1, of=20))


def test_a_known_answer_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """By its line."""
    file = tmp_path / "right.jsonl"
    file.write_text(CABLE.model_dump_json() + "\n{}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="line 2 cannot be used"):
        read_answers(file)


# ------------------------------------------------------------------------- errors for proofreading


def two_entries() -> Digest:
    """Write a digest of two entries."""
    return Digest(
        date=dt.date(2026, 1, 31),
        issue_url="https://news.smol.ai/issues/26-01-30-sampler/",
        news=(CABLE.entry, DOCK.entry),
        tools=(),
    )


class _Problems(BaseModel):
    problems: list[dict[str, Any]]


def reader(entries: Sequence[tuple[str, Entry]], ask: Ask) -> list[Finding]:
    """Proofread as the pipeline does: one question; the answer names entries and sentences."""
    text = "\n".join(f"{place} {entry.title} {entry.summary}" for place, entry in entries)
    question = Question(prompt="p", system="Read.", user=text, max_output_tokens=100)
    try:
        reply = ask(question, _Problems)
    except ModelInvalid:
        return []
    return [
        Finding(
            entry=one["entry"],
            check="proofread",
            severity="error",
            expected="",
            found=str(one["kind"]),
            sentence=one["sentence"],
        )
        for one in reply.problems
    ]


def test_errors_are_planted_one_an_entry_and_the_same_each_time() -> None:
    """None is one that the checks object to; another seed plants others."""
    digest = two_entries()
    key = plant([("a", digest)], count=9, seed=1)
    assert sorted(one.place for one in key.planted) == ["news:1", "news:2"]
    assert key == plant([("a", digest)], count=9, seed=1)
    assert key.planted != plant([("a", digest)], count=9, seed=2).planted
    assert len(plant([("a", digest)], count=1, seed=1).planted) == 1
    for shown in key.shown["a"]:
        assert not failed_checks(shown.entry, story_of_entry(shown.entry), ())
        assert shown.entry not in digest.news


def test_answers_are_compared_with_what_was_planted(tmp_path: Path) -> None:
    """Caught is what is named at its sentence; what is named where nothing is wrong is listed."""
    digest = two_entries()
    key = plant([("a", digest)], count=1, seed=1)
    files = write_questions(key, tmp_path, read=reader)
    assert [file.name for file in files] == ["a.1.md"]
    (planted,) = key.planted
    told = files[0].read_text(encoding="utf-8")
    assert key.shown["a"][0].entry.summary in told
    assert planted.kind not in told

    def reviewed(*problems: tuple[str, int]) -> Review:
        facts = [{"entry": at, "sentence": number, "kind": "padding"} for at, number in problems]
        text = json.dumps({"problems": facts})
        files[0].with_suffix(".json").write_text(text, encoding="utf-8")
        return review(tmp_path, read=reader)

    assert reviewed((planted.place, planted.sentence)).caught == (planted,)
    assert reviewed((planted.place, planted.sentence + 1)).beside == (planted,)
    missed = reviewed()
    assert (missed.missed, missed.alarms) == ((planted,), {})
    clean = next(one.place for one in key.shown["a"] if one.place != planted.place)
    wrong = reviewed((clean, 1))
    assert list(wrong.alarms) == ["padding"]
    lines = list(report(wrong))
    assert lines[0] == "0 of 1 caught, 0 named beside"
    assert f"{planted.kind}: 0 of 1" in lines
    assert lines[-1].startswith(f"padding: a {clean} sentence 1")


def test_a_missing_answer_is_named(tmp_path: Path) -> None:
    """With its file; so is a key that is not there."""
    write_questions(plant([("a", two_entries())], count=1, seed=1), tmp_path, read=reader)
    with pytest.raises(SettingsError, match=r"a\.1\.json is no answer"):
        review(tmp_path, read=reader)
    with pytest.raises(SettingsError, match="plant again"):
        review(tmp_path / "other", read=reader)


def test_the_command_plants_and_reviews(
    command: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Questions of a recorded issue go into a folder, and its answers are read from there."""
    assert command.is_dir()
    monkeypatch.setattr(cli, "default_reader", lambda: reader)
    out = tmp_path / "out"
    given = ["plant", "--only", "demo", "--count", "3", "--model", "gpt-6-luna", "--out", str(out)]
    assert cli.main(given) == 0
    assert "3 errors planted" in capsys.readouterr().err
    (out / "questions" / "demo.1.json").write_text('{"problems": []}', encoding="utf-8")
    assert cli.main(["caught", str(out)]) == 0
    assert capsys.readouterr().out.startswith("0 of 3 caught")


# --------------------------------------------------------------------------------------- floors


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """Write sealed floors, and a changelog beside them."""
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## select\n\n- a line\n", "utf-8")
    made = floors.Floors(
        each={"grounded": 1.0, "repeats": 0.0},
        total={"caught_names": 0.98},
        models={"m": {"issues": 2, "numbers": 0.95, "quoted": 0.1, "agreement": 0.5}},
    )
    floors.save(made, tmp_path / "floors.toml", tmp_path / "CHANGELOG.md")
    return tmp_path


def loaded(bars: Path) -> floors.Floors:
    """Read the floors of a test."""
    return floors.load(bars / "floors.toml", bars / "CHANGELOG.md")


def card(name: str = "a", **counts: tuple[int, int]) -> Card:
    """Write a card of model `m`."""
    ratios = {field: Ratio(hit=hit, of=of) for field, (hit, of) in counts.items()}
    return Card.model_validate({"model": "m", "name": name, **ratios})


def lines(bars: Path, *cards: Card, complete: bool = True) -> list[str]:
    """Say what is below the floors."""
    found = floors.shortfalls(loaded(bars), cards, [total(cards)], complete=complete)
    return [low.line() for low in found]


def test_what_is_below_a_floor_is_named_with_card_floor_and_value(bars: Path) -> None:
    """Each issue has floors, and the total has; of some figures less is better."""
    good = card("a", grounded=(20, 20), repeats=(0, 20), numbers=(20, 20), quoted=(0, 20))
    bad = card("b", grounded=(19, 20), repeats=(1, 20), numbers=(15, 20), quoted=(9, 20))
    agreed = card("c", agreement=(1, 2))
    assert lines(bars, good, bad, agreed) == [
        "grounded of b, m: 0.95 is below the floor 1.0",
        "repeats of b, m: 0.05 is above the ceiling 0.0",
        "numbers of total, m: 0.875 is below the floor 0.95",
        "quoted of total, m: 0.225 is above the ceiling 0.1",
    ]


def test_a_figure_that_is_not_counted_any_more_is_below_its_floor(bars: Path) -> None:
    """Nor may an issue that was scored before be missing."""
    good = card("a", numbers=(20, 20), quoted=(0, 20))
    assert lines(bars, good) == [
        "issues of total, m: 1.0 is below the floor 2.0",
        "agreement of total, m: 0.0 is below the floor 0.5",
    ]
    assert lines(bars, good, complete=False) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("floors.toml", "numbers = 0.95", "numbers = 0.9"),
        ("floors.toml", "repeats = 0.0\n", ""),
        ("floors.toml", "quoted = 0.1", "quoted = 0.2"),
        ("floors.toml", "seal = ", "seal = 'x' #"),
        ("CHANGELOG.md", "- a line\n", "- a line\n\n## floors\n\n- 2026-01-01, numbers\n"),
    ],
)
def test_a_floor_that_is_changed_by_hand_is_noticed(
    bars: Path, name: str, old: str, new: str
) -> None:
    """So is a changelog that says something of floors that nobody lowered."""
    text = (bars / name).read_text(encoding="utf-8")
    assert old in text
    (bars / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(floors.BrokenSeal, match="changed by hand"):
        loaded(bars)


def test_other_parts_of_the_changelog_may_change(bars: Path) -> None:
    """Prompts change more often than floors."""
    text = (bars / "CHANGELOG.md").read_text(encoding="utf-8")
    (bars / "CHANGELOG.md").write_text(f"{text}- another line\n", encoding="utf-8")
    assert loaded(bars).each["grounded"] == 1


def test_floors_are_raised_to_what_is_reached_and_never_lowered(bars: Path) -> None:
    """In whole hundredths, away from what was reached."""
    cards = [
        card("a", numbers=(9, 10), names=(199, 200), quoted=(1, 30), agreement=(29, 50)),
        card("b", repaired=(3, 10)),
        card("c"),
    ]
    raised = floors.raised(loaded(bars), cards, [total(cards)])
    assert raised.each == loaded(bars).each
    low, _ = floors.lowered(loaded(bars), "each", "grounded", 0.5)
    better = [card("a", grounded=(19, 20)), card("b", grounded=(20, 20)), card("c")]
    assert floors.raised(low, better, []).each["grounded"] == 0.95
    table = raised.models["m"]
    assert table == {
        "issues": 3,
        "numbers": 0.95,
        "names": 0.99,
        "quoted": 0.04,
        "agreement": 0.58,
    }


@pytest.fixture
def command(bars: Path, rec: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the command at the floors and recordings of the test; no other issue is at hand."""
    monkeypatch.setattr(cli, "FLOORS", bars / "floors.toml")
    monkeypatch.setattr(cli, "CHANGELOG", bars / "CHANGELOG.md")
    monkeypatch.setattr(cli, "RECORDINGS", rec)
    monkeypatch.setattr(cli, "SHARED", NOWHERE)
    return bars


def test_a_floor_is_lowered_only_with_a_reason(
    command: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason becomes a dated line of the changelog, and the new floors are sealed with it."""
    lower = ["floors", "--lower", "m", "numbers", "0.9"]
    assert cli.main(lower) == 2
    assert "with a reason" in capsys.readouterr().err
    assert loaded(command).models["m"]["numbers"] == 0.95
    assert cli.main([*lower, "--why", "the model was changed"]) == 0
    assert cli.main(["floors", "--lower", "m", "quoted", "0.3", "--why", "the same"]) == 0
    assert loaded(command).models["m"] == {
        "issues": 2, "numbers": 0.9, "quoted": 0.3, "agreement": 0.5
    }  # fmt: skip
    text = (command / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.startswith("# Changes\n\n## select\n\n- a line\n\n## floors\n\n- 2")
    assert "numbers of m: 0.95 to 0.9. the model was changed\n- 2" in text
    assert text.endswith("quoted of m: 0.1 to 0.3. the same\n")


@pytest.mark.parametrize(
    ("table", "field", "value", "said"),
    [
        ("m", "numbers", "0.96", "does not lower"),
        ("m", "quoted", "0.05", "does not lower"),
        ("m", "numbers", "low", "is no number"),
        ("m", "numbers", "-1", "is no share"),
        ("m", "nambers", "0.5", "no floor 'nambers'"),
        ("n", "numbers", "0.5", "no table"),
    ],
)
def test_a_floor_that_cannot_be_lowered_says_why(
    command: Path, capsys: pytest.CaptureFixture[str], table: str, field: str, value: str, said: str
) -> None:
    """Nothing is written then."""
    before = (command / "floors.toml").read_bytes()
    assert cli.main(["floors", "--lower", table, field, value, "--why", "so"]) == 2
    assert said in capsys.readouterr().err
    assert (command / "floors.toml").read_bytes() == before


def test_the_command_fails_below_a_floor(
    command: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It shows the cards, and says what is too low in a line of its own."""
    assert cli.main(["score"]) == 0
    shown = capsys.readouterr()
    assert "grounded" in shown.out
    assert "totals are not compared" in shown.err
    strict = loaded(command).model_copy(update={"each": {"repaired": 0.0}})
    floors.save(strict, command / "floors.toml", command / "CHANGELOG.md")
    assert cli.main(["score", "--json", str(tmp_path / "out.json")]) == 1
    assert (
        "FAILED: repaired of demo, gpt-6-luna: 0.1 is above the ceiling 0.0"
        in capsys.readouterr().err
    )
    facts = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert facts["cards"][0]["grounded"]["hit"] == facts["cards"][0]["grounded"]["of"] > 0
    assert len(facts["below"]) == 1


def test_the_command_fails_on_a_broken_seal_and_on_no_recording(
    command: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is one line."""
    shutil.rmtree(cli.RECORDINGS)
    assert cli.main(["score"]) == 2
    assert "run `make record`" in capsys.readouterr().err
    (command / "floors.toml").write_text("[each]\n[total]\n", encoding="utf-8")
    assert cli.main(["score"]) == 1
    assert "changed by hand" in capsys.readouterr().err
    assert cli.main(["floors", "--raise"]) == 1


def test_floors_are_not_raised_on_half_a_measure(
    command: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the stored newsletter a total is another total."""
    before = (command / "floors.toml").read_bytes()
    assert cli.main(["floors", "--raise"]) == 2
    assert "not every issue is at hand" in capsys.readouterr().err
    assert (command / "floors.toml").read_bytes() == before


def test_recording_names_an_issue_that_it_does_not_know(
    command: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the ones it does."""
    assert command.is_dir()
    assert cli.main(["record", "--only", "26-01-01-nothing"]) == 2
    assert "no issue '26-01-01-nothing': give some of demo" in capsys.readouterr().err


def test_our_own_floors_are_sealed() -> None:
    """And the folder runs as it stands, as `make eval` calls it."""
    own = floors.load(cli.FLOORS, cli.CHANGELOG)
    assert own.total["caught_numbers"] >= 0.97
    assert own.models["by-hand"]["caught_numbers"] >= 0.98
    done = subprocess.run(
        [sys.executable, str(Path(cli.__file__).parent), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "{score,record,plant,caught,floors}" in done.stdout
