"""Telling the chosen stories, in threads that several issues may share."""

import datetime as dt
import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import build
from fakes import FakeModel
from pipeline.errors import ModelError
from pipeline.fetch import read_source
from pipeline.obtain import Job
from pipeline.prompt import Question
from pipeline.records import Choice, Selection
from pipeline.repair import Told, tell_all
from pipeline.run import begin, finish
from test_edit import small_page
from test_obtain import Notes
from test_whole import editing, sizes


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Give two threads."""
    with ThreadPoolExecutor(2) as found:
        yield found


def job(folder: Path, bullets: int) -> Job:
    """Write an issue of so many stories."""
    folder.mkdir()
    page = read_source(small_page(folder, bullets), stdin=io.BytesIO())
    return Job(page=page, date=dt.date(2026, 1, 30), stem="2026-01-30")


def test_issues_that_share_threads_become_the_same_digests(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    """As each of them alone, and the threads are there for the next one."""
    model = FakeModel(always=editing)
    starts = [begin(job(tmp_path / str(n), n), how=sizes(), show=Notes()) for n in (20, 22, 24, 26)]
    with ThreadPoolExecutor(4) as issues:
        shared = issues.map(
            lambda start: finish(start, ask=model.ask, show=Notes(), pool=pool), starts
        )
        together = list(shared)
    assert together == [finish(start, ask=model.ask, show=Notes()) for start in starts]
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
    start = begin(job(tmp_path / "a", 20), how=sizes(), show=Notes())
    model = FakeModel(always=failing)
    timer = threading.Timer(0.1, go.set)
    timer.start()
    with pytest.raises(ModelError, match="no money"):
        finish(start, ask=model.ask, show=Notes(), pool=pool)
    assert other.result(5) == "done"
    assert all(each.result(5) for each in blocked)
    assert len(asked) < 20
    timer.join()


def test_a_story_that_has_to_stay_is_quoted_and_not_replaced(pool: ThreadPoolExecutor) -> None:
    """The others give their places to spares."""
    choices = [build.choice(each) for each in build.stories(4)]
    chosen = Selection(
        news=tuple(choices[:2]), tools=(), spares=tuple(choices[2:]), drops=(), shown=4
    )

    def tell(choice: Choice) -> Told:
        fit = choice.story.id > "s02"
        entry = build.entry(choice.story.id, choice.link)
        return Told(choice=choice, entry=entry, reason="" if fit else "did not pass the checks")

    told, drops = tell_all(chosen, tell, pool, stay={"s01"})
    assert [(each.name, each.published.quoted) for each in told] == [("s01", True), ("s03", False)]
    assert [drop.what for drop in drops] == ["s02"]
