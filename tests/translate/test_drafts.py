"""Telling the chosen stories, in threads that several issues may share."""

import datetime as dt
import gc
import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import build
from build import small_page
from fakes import FakeModel
from hosted import editing, sizes
from pipeline.errors import ModelError, ModelInvalid, ModelRefused
from pipeline.fetch.local_file import read_source
from pipeline.llm.prompts import Question
from pipeline.parse import parse
from pipeline.plan import PreparedJob
from pipeline.publish import publish
from pipeline.records import EntryKind, Page, SelectedStory, Selection
from pipeline.run import generate, prepare
from pipeline.settings import Settings
from pipeline.translate.draft_entry import DraftEntry
from pipeline.translate.drafts import (
    quoted_draft,
    translate_all,
    translate_checked,
)
from test_plan import Notes


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Give two threads."""
    with ThreadPoolExecutor(2) as found:
        yield found


def job(folder: Path, bullets: int) -> PreparedJob:
    """Write an issue of so many stories."""
    folder.mkdir()
    page = read_source(small_page(folder, bullets), stdin=io.BytesIO())
    return PreparedJob(page=page, date=dt.date(2026, 1, 30), stem="2026-01-30")


def test_issues_that_share_threads_become_the_same_digests(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    """As each of them alone, and the threads are there for the next one."""
    model = FakeModel(always=editing)
    starts = [
        prepare(job(tmp_path / str(n), n), profile=sizes(), progress=Notes())
        for n in (20, 22, 24, 26)
    ]
    with ThreadPoolExecutor(4) as issues:
        shared = issues.map(
            lambda start: generate(start, ask=model.ask, progress=Notes(), pool=pool), starts
        )
        together = list(shared)
    assert together == [generate(start, ask=model.ask, progress=Notes()) for start in starts]
    assert pool.submit(lambda: 1).result(5) == 1


def test_an_issue_that_fails_takes_only_its_own_questions_along(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    """What it had not begun is not asked; what others wait for is."""
    go, asked = threading.Event(), []

    def failing(question: Question) -> object:
        if question.prompt == "select":
            return editing(question)
        asked.append(question)
        time.sleep(0.01)  # an answer takes longer than to see that one failed
        raise ModelError("no money is left")

    blocked = [pool.submit(go.wait, 5) for _ in range(2)]
    other = pool.submit(lambda: "done")
    start = prepare(job(tmp_path / "a", 20), profile=sizes(), progress=Notes())
    model = FakeModel(always=failing)
    timer = threading.Timer(0.1, go.set)
    timer.start()
    with pytest.raises(ModelError, match="no money"):
        generate(start, ask=model.ask, progress=Notes(), pool=pool)
    assert other.result(5) == "done"
    assert all(each.result(5) for each in blocked)
    assert len(asked) < 20
    timer.join()


def test_what_a_digest_waits_for_does_not_stand_behind_other_questions(tmp_path: Path) -> None:
    """The choice is asked while all shared threads are busy."""
    go, asked = threading.Event(), []

    def answer(question: Question) -> object:
        asked.append(question.prompt)
        if question.prompt == "select":
            go.set()
        return editing(question)

    start = prepare(job(tmp_path / "a", 20), profile=sizes(), progress=Notes())
    model = FakeModel(always=answer)
    with ThreadPoolExecutor(1) as one:
        was_asked_meanwhile = one.submit(go.wait, 5)
        digest = generate(start, ask=model.ask, progress=Notes(), pool=one)
    assert was_asked_meanwhile.result()
    assert len(digest.entries) == 20
    assert asked[0] == "select"


def test_no_page_is_held_while_the_model_is_asked(
    tmp_path: Path, loopback: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has been read by then, and a backfill has many issues open."""
    monkeypatch.setattr("pipeline.run.parse", parse)  # not the one that tests keep pages for
    held: list[int] = []

    def answer(question: Question) -> object:
        if question.prompt == "select":
            held.append(pages_with_text())
        return editing(question)

    before = pages_with_text()
    ask = FakeModel(always=answer).ask
    publish(job(tmp_path / "a", 20), ask=ask, settings=loopback, progress=Notes())
    assert held == [before]


def pages_with_text() -> int:
    """Count the pages that are held with their text, by whomever."""
    gc.collect()
    return sum(type(found) is Page and bool(found.text) for found in gc.get_objects())


def test_a_story_that_has_to_stay_is_quoted_and_not_replaced(pool: ThreadPoolExecutor) -> None:
    """The others give their places to spares."""
    choices = [build.choice(story) for story in build.stories(4)]
    chosen = Selection(
        news=tuple(choices[:2]), tools=(), spares=tuple(choices[2:]), drops=(), shown=4
    )

    def tell(choice: SelectedStory) -> DraftEntry:
        fit = choice.story.id > "s02"
        entry = build.entry(choice.story.id, choice.link)
        return DraftEntry(
            choice=choice, entry=entry, reason="" if fit else "did not pass the checks"
        )

    told, drops, _ = translate_all(
        chosen, lambda choice: pool.submit(tell, choice), must_stay={"s01"}
    )
    assert [(each.story_id, each.published_entry.quoted) for each in told] == [
        ("s01", True),
        ("s03", False),
    ]
    assert [drop.what for drop in drops] == ["s02"]


def test_without_quotations_a_story_that_cannot_be_told_leaves_its_place_empty(
    pool: ThreadPoolExecutor,
) -> None:
    """One that is only its title comes back where spares run out and there are few entries."""
    choices = [build.choice(story) for story in build.stories(5)]
    chosen = Selection(
        news=tuple(choices[:3]), tools=(), spares=tuple(choices[3:]), drops=(), shown=5
    )

    def tell(choice: SelectedStory) -> DraftEntry:
        name = choice.story.id
        thin = name in {"s01", "s04"}
        entry = None if name in {"s02", "s03"} else build.entry(name, choice.link)
        reason = "says nothing beyond its title" if thin else "" if entry else "failed"
        return DraftEntry(choice=choice, entry=entry, reason=reason, thin=thin)

    told, drops, untold = translate_all(
        chosen, lambda choice: pool.submit(tell, choice), quotes=False
    )
    assert [draft.story_id for draft in told] == ["s05", "s01", "s04"]
    assert not any(draft.published_entry.quoted for draft in told)
    assert [drop.what for drop in drops] == ["s02", "s03"]
    assert [choice.story.id for choice in untold] == []
    only = chosen.model_copy(update={"spares": ()})
    told, drops, untold = translate_all(
        only, lambda choice: pool.submit(tell, choice), quotes=False
    )
    assert [draft.story_id for draft in told] == ["s01"]
    assert [drop.what for drop in drops] == ["s02", "s03"]
    assert [choice.story.id for choice in untold] == ["s02", "s03"]


def test_a_spare_that_is_only_thin_is_of_the_half_whose_place_it_takes(
    pool: ThreadPoolExecutor,
) -> None:
    """Where nothing else is left, also one that was told for the other half."""
    choices = [build.choice(story) for story in build.stories(3)]
    tool = choices[0].model_copy(update={"kind": "tool"})
    chosen = Selection(news=(choices[1],), tools=(tool,), spares=(choices[2],), drops=(), shown=3)

    def tell(choice: SelectedStory) -> DraftEntry:
        if choice.story.id != "s03":
            return DraftEntry(choice=choice, entry=None, reason="failed")
        entry = build.entry("s03", choice.link).model_copy(update={"kind": choice.kind})
        return DraftEntry(choice=choice, entry=entry, reason="thin", thin=True)

    told, *_ = translate_all(chosen, lambda choice: pool.submit(tell, choice), quotes=False)
    kinds = [(draft.choice.kind, draft.published_entry.kind) for draft in told]
    assert kinds == [("tool", "tool")]


EVIDENCE = "Alpha and Beta ship Orrery 2 with its weights and code. " * 4
TITLE = "Orrery 2发布，开放权重"
SUMMARY = "Orrery 2由Alpha与Beta共同发布，权重与代码一并开放，任何人都可以下载之后在自己的机器上运行，论文也已公开。"
GOOD = {"title": TITLE, "summary": SUMMARY}
WRONG = {"title": TITLE, "summary": f"{SUMMARY}融资98765万美元。"}
OTHER = {"title": TITLE, "summary": f"{SUMMARY}由Inventia支持。"}
DOUBTED = {"title": TITLE, "summary": f"{SUMMARY}支持三种格式。"}
CHOICE = build.choice(build.story("s01", "https://example.org/1", text=EVIDENCE))


def tried(*answers: object, mends: int = 2) -> tuple[DraftEntry, FakeModel]:
    """Tell a story with these answers of the model."""
    model = FakeModel(answers)
    how = sizes().model_copy(update={"mends": mends})
    return translate_checked(
        CHOICE, issue=build.issue(), ask=model.ask, profile=how, checks=build.CHECKS
    ), model


@pytest.mark.parametrize(
    ("answers", "tries"), [((GOOD,), 1), ((WRONG, GOOD), 2), ((WRONG, OTHER, GOOD), 3)]
)
def test_a_story_is_told_until_it_passes(answers: tuple[object, ...], tries: int) -> None:
    """And each question after the first says what was wrong with the last answer, no more."""
    told, model = tried(*answers)
    assert told.passed
    assert (told.published_entry.tries, told.published_entry.quoted, told.findings) == (
        tries,
        False,
        (),
    )
    assert [asked.asked_before for asked in model.history] == [False, True, True][:tries]
    for asked, wrong, right in zip(
        model.history[1:], ("98765", "Inventia"), ("Inventia", "98765"), strict=False
    ):
        assert f": {wrong}" in asked.user
        assert f": {right}" not in asked.user


@pytest.mark.parametrize("mends", [0, 1, 2])
def test_a_story_that_never_passes_is_quoted(mends: int) -> None:
    """After as many tries as are allowed; the reason names the check and what was found."""
    told, model = tried(*[WRONG] * (mends + 1), mends=mends)
    assert len(model.history) == told.attempts == mends + 1
    assert not told.passed
    assert str(told.reason) == "did not pass the checks: number '98765万美元'"
    assert told.published_entry.quoted
    assert [finding.check for finding in told.findings] == ["number"]


def test_a_warning_is_no_reason_to_ask_again() -> None:
    """It stays with the entry, and is not what a second question asks to mend."""
    told, model = tried(DOUBTED)
    assert told.passed
    assert len(model.history) == 1
    assert [finding.severity for finding in told.findings] == ["warning"]
    both = {"title": TITLE, "summary": f"{SUMMARY}支持三种格式，融资98765万美元。"}
    _, model = tried(both, GOOD)
    assert "number: 98765万美元" in model.history[1].user
    assert "number: 三" not in model.history[1].user


@pytest.mark.parametrize("error", [ModelInvalid("no json"), ModelRefused("will not")])
def test_a_story_without_answer_says_why(error: ModelError) -> None:
    """At the first try or at a later one; it is not asked again, and what was found is kept."""
    told, model = tried(error)
    assert (told.passed, told.attempts, str(told.reason), told.findings) == (
        False,
        1,
        str(error),
        (),
    )
    later, model = tried(WRONG, error)
    assert (later.passed, later.attempts, str(later.reason)) == (False, 2, str(error))
    assert [finding.check for finding in later.findings] == ["number"]
    assert len(model.history) == 2
    assert later.published_entry.quoted


def test_a_model_that_cannot_be_asked_is_no_answer() -> None:
    """That ends the run."""
    with pytest.raises(ModelError, match="no key"):
        tried(ModelError("no key"))


def told_of(choice: SelectedStory, *, fit: bool) -> DraftEntry:
    """Tell a story at once, well or not."""
    entry = build.entry(choice.story.id, choice.link, choice.kind)
    return DraftEntry(choice=choice, entry=entry, reason="" if fit else f"no {choice.story.id}")


def handed_out(
    pool: ThreadPoolExecutor, spares: str, bad: set[str]
) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str]]]:
    """Tell two news (s01, s02) and two tools (s03, s04), and spares of these leanings."""
    stories = build.stories(4 + len(spares))
    kinds: dict[str, EntryKind] = {"n": "news", "t": "tool"}
    chosen = Selection(
        news=tuple(build.choice(story) for story in stories[:2]),
        tools=tuple(build.choice(story, "tool") for story in stories[2:4]),
        spares=tuple(
            build.choice(each, kinds[kind]) for each, kind in zip(stories[4:], spares, strict=True)
        ),
        drops=(),
        shown=9,
    )
    told, drops, _ = translate_all(
        chosen,
        lambda choice: pool.submit(told_of, choice, fit=choice.story.id not in bad),
    )
    return (
        [(each.story_id, each.choice.kind, each.passed) for each in told],
        [(drop.what, str(drop.reason)) for drop in drops],
    )


@pytest.mark.parametrize(
    ("spares", "bad", "told", "dropped"),
    [
        ("", set(), "s01n s02n s03t s04t", ""),
        # The first spare of the missing kind, else the first.
        ("tn", {"s01"}, "s02n s03t s04t s06n", "s01"),
        ("nt", {"s04"}, "s01n s02n s03t s06t", "s04"),
        ("tt", {"s01"}, "s02n s03t s04t s05n", "s01"),
        ("nt", {"s01", "s03"}, "s02n s04t s05n s06t", "s01 s03"),
        ("tn", {"s01", "s03"}, "s02n s04t s06n s05t", "s01 s03"),
        # A spare that cannot be told either gives its place to the next one.
        ("nnn", {"s01", "s05"}, "s02n s03t s04t s06n", "s01 s05"),
        # When none is left, the earliest of the kind come back as quotations.
        ("", {"s02", "s04"}, "s01n s03t s02n- s04t-", ""),
        ("n", {"s01", "s05"}, "s02n s03t s04t s01n-", "s05"),
        ("t", {"s01", "s05"}, "s02n s03t s04t s01n-", "s05"),
        ("n", {"s01", "s02"}, "s03t s04t s05n s01n-", "s02"),
    ],
)
def test_spares_take_the_places_of_what_cannot_be_told(
    pool: ThreadPoolExecutor, spares: str, bad: set[str], told: str, dropped: str
) -> None:
    """Each half keeps its size, and what was left out is said with its reason."""
    kept, drops = handed_out(pool, spares, bad)
    marks = [f"{name}{kind[0]}{'' if fit else '-'}" for name, kind, fit in kept]
    assert " ".join(marks) == told
    assert drops == [(name, f"no {name}") for name in dropped.split()]


def test_nobody_is_asked_for_words_that_are_there() -> None:
    """Such a story counts no try."""
    told = quoted_draft(CHOICE)
    assert (told.attempts, told.passed, told.published_entry.tries, told.story_id) == (
        0,
        True,
        0,
        "s01",
    )
