"""Answers come by batch, at half the price, and no digest depends on it."""

import datetime as dt
import io
import json
import logging
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import openai_server as odd
from build import make_digest
from editor import answer
from newsletter import issue_page
from openai_batches import Batches, Fate, Line
from openai_server import Behaviour, OpenAIServer, Request
from pipeline.batch.requests import BatchLimits
from pipeline.batch.rounds import BatchReport, fill_answer_cache
from pipeline.errors import ModelError, PageNotUnderstood, SettingsError, WriteError
from pipeline.fetch.local_file import read_source
from pipeline.llm.cache import Cache
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.factory import open_model
from pipeline.llm.fallback import FallbackModel
from pipeline.llm.ledger import Ledger
from pipeline.llm.profile import model_profile
from pipeline.plan import PreparedJob
from pipeline.run import prepare
from pipeline.settings import Settings
from pipeline.write.json_format import to_json
from test_plan import Notes

SLUGS = ["26-01-05-first", "26-01-06-second", "26-01-07-third"]
STORIES = 3
SUBMIT = "POST /v1/batches"


class Office:
    """A cache and a model, and the issues of three days."""

    def __init__(
        self, settings: Settings, cache: Cache, model: FallbackModel, slugs: list[str]
    ) -> None:
        self.settings = settings
        self.cache = cache
        self.model = model
        self.notes = Notes()
        self.jobs = [job(slug) for slug in slugs]

    def fill(self, **more: Any) -> BatchReport:
        """Bring answers by batch, without waiting between two looks."""
        how = model_profile(self.settings)
        issues = [partial(prepare, job, profile=how, progress=Notes()) for job in self.jobs]
        given: dict[str, Any] = {"sleep": patience(), "progress": self.notes} | more
        return fill_answer_cache(issues, model=self.model, cache=self.cache, **given)

    def digests(self) -> list[str]:
        """Make all digests, as an ordinary run does; each test has a server of its own, unnamed."""
        how = model_profile(self.settings)
        made = (make_digest(job, self.model.ask, how) for job in self.jobs)
        return [to_json(each).replace(str(how.settings["host"]), "host") for each in made]


def patience(looks: int = 2000) -> Callable[[float], None]:
    """Wait for no time at all, but not for ever."""
    left = iter(range(looks))

    def sleep(_seconds: float) -> None:
        assert next(left, None) is not None, "nothing happens any more"

    return sleep


def job(slug: str, stories: int = STORIES) -> PreparedJob:
    """Write an issue and take it as fetched."""
    stdin = io.BytesIO(issue_page(slug, stories).encode())
    page = read_source("-", stdin)
    return PreparedJob(page=page, date=dt.date(2026, 1, 30), stem=slug)


@contextmanager
def office(
    folder: Path,
    server: OpenAIServer,
    *,
    learnt: bool = True,
    slugs: Sequence[str] = SLUGS,
    **more: Any,
) -> Iterator[Office]:
    """Open a cache in a folder, and a model on a server."""
    settings = Settings.model_validate(
        {
            "cache_dir": folder,
            "model": "test-model",
            "model_attempts": 2,
            "proofread": "off",
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_API_KEY": "sk-planted-key",
        }
        | more
    )
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(folder / "cache.sqlite"))
        if learnt:
            wire = ServerCapabilities(mode="json_schema", token_param="max_tokens")  # noqa: S106 - no password
            cache.put_capabilities(server.host, "test-model", wire)
        model = stack.enter_context(open_model(settings, cache, lambda *_: None))
        yield Office(settings, cache, model, list(slugs))


def serve(batches: Batches | None, **more: Any) -> OpenAIServer:
    """Run a model that does its work, with a Batch API."""
    return OpenAIServer(answer=answer, batches=batches, **more)


class Calm(NamedTuple):
    """A run without batches."""

    digests: list[str]
    asked: Counter[str]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Calm:
    """Make the digests without batches; also tells what was asked."""
    folder = tmp_path_factory.mktemp("calm")
    with serve(None) as server, office(folder, server) as mine:
        digests = mine.digests()
        return Calm(digests, Counter(plain(request.body) for request in server.requests))


def plain(body: Mapping[str, Any]) -> str:
    """Write a request body in one way, whether its answer comes in pieces or whole."""
    asked = {name: value for name, value in body.items() if not name.startswith("stream")}
    return json.dumps(asked, sort_keys=True)


def asked(batches: Batches) -> Counter[str]:
    """Count what was submitted."""
    return Counter(plain(line["body"]) for line in batches.asked)


def submitted(batches: Batches) -> int:
    """Count the batches that were begun."""
    return batches.calls.count(SUBMIT)


def test_two_batches_bring_all_answers_and_the_digests_are_the_same(
    tmp_path: Path, calm: Calm
) -> None:
    """One batch chooses, one tells; afterwards nothing is asked directly."""
    batches = Batches()
    with serve(batches) as server, office(tmp_path, server) as mine:
        report = mine.fill()
        assert mine.digests() == calm.digests
        assert server.requests == []
    assert asked(batches) == calm.asked
    assert submitted(batches) == 2
    assert (report.batches, report.questions, report.answers) == (2, len(calm.asked.keys()), 12)
    assert (report.failed, report.expired) == (0, 0)
    assert batches.files == {}, "what was collected is deleted at the provider"


def test_a_digest_that_was_told_by_batch_is_proofread_directly(tmp_path: Path) -> None:
    """One question each, when all its entries are known; a second time it is known too."""
    with (
        serve(Batches()) as server,
        office(tmp_path, server, proofread="on") as mine,
    ):
        mine.fill()
        assert server.requests == []
        digests = mine.digests()
        systems = {request.messages[0]["content"][:20] for request in server.requests}
        assert len(server.requests) == len(digests)
        assert systems == {"You proofread a dail"}
        assert mine.digests() == digests
        assert len(server.requests) == len(digests)


def test_a_second_time_nobody_is_called(tmp_path: Path) -> None:
    """What the cache can answer needs no batch, and no question whether there are any."""
    batches = Batches()
    with serve(batches) as server, office(tmp_path, server) as mine:
        mine.fill()
        calls = len(batches.calls)
        report = mine.fill()
        assert (len(batches.calls), len(server.requests)) == (calls, 0)
    assert (report.batches, report.questions) == (0, 0)


def test_a_server_that_is_not_known_is_asked_one_question_directly(tmp_path: Path) -> None:
    """How it takes questions is learnt from the first one; all others go by batch."""
    batches = Batches()
    with (
        serve(batches, modes=("json_object",), cap="max_completion_tokens") as server,
        office(tmp_path, server, learnt=False) as mine,
    ):
        report = mine.fill()
        assert len([request for request in server.requests if request.mode == "json_object"]) == 1
        asked_directly = len(server.requests)
        mine.digests()
        assert len(server.requests) == asked_directly
    assert (report.answers, report.failed) == (11, 0)


def test_a_first_question_that_is_refused_stops_nothing(tmp_path: Path) -> None:
    """It told how the server is asked all the same."""
    refused = OpenAIServer(odd.refusal, answer=answer, batches=Batches())
    with refused as server, office(tmp_path, server, learnt=False) as mine:
        assert mine.fill().answers == 11
        assert len(server.requests) == 1


def test_a_model_in_the_place_of_another_is_not_asked_by_batch(tmp_path: Path) -> None:
    """Where the model is not to be had, a batch for it is not either."""
    with (
        OpenAIServer(odd.no_model, answer=answer, batches=Batches()) as server,
        office(tmp_path, server, learnt=False, fallback_model="other") as mine,
        pytest.raises(ModelError, match="another model answers for 'test-model'"),
    ):
        mine.fill()


def test_shortlists_go_by_batch_and_the_last_choice_does_not(tmp_path: Path) -> None:
    """An issue that needs several questions to choose from is told by two batches all the same."""
    batches = Batches()
    with serve(batches) as server, office(tmp_path, server, slugs=[], select_tokens=1500) as mine:
        mine.jobs = [job(SLUGS[0], stories=30)]
        mine.fill()
        first, second = batches.batches.values()
        assert len(first.lines) > 1
        assert len(second.lines) == 20
        assert len(server.requests) == 1
        mine.digests()
        assert len(server.requests) == 1


def test_no_batch_is_larger_than_it_may_be(tmp_path: Path) -> None:
    """Questions beyond the limits go into another batch, submitted at the same time."""
    batches = Batches()
    with serve(batches) as server, office(tmp_path, server) as mine:
        report = mine.fill(limits=BatchLimits(max_lines=2))
        assert server.requests == []
    assert [len(batch.lines) for batch in batches.batches.values()] == [2, 1, 2, 2, 2, 2, 1]
    assert (report.batches, report.answers) == (7, 12)


DRIVER = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
sys.path[:0] = [sys.argv[1], f"{sys.argv[1]}/end_to_end"]
import test_batch
server = SimpleNamespace(base_url=sys.argv[3], host=sys.argv[3].removeprefix("http://").rstrip("/"))
with test_batch.office(Path(sys.argv[2]), server) as mine:
    mine.fill(sleep=lambda _s: time.sleep(0.01))
"""


def test_a_process_that_is_killed_while_it_waits_has_lost_nothing(
    tmp_path: Path, calm: Calm
) -> None:
    """Killed in either round: the next process waits for the same batch, and submits none twice."""
    batches = Batches(Fate(polls=10**9), Fate(polls=10**9))
    with serve(batches) as server:
        for killed in (1, 2):
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    DRIVER,
                    Path(__file__).parents[1],
                    tmp_path,
                    server.base_url,
                ],
                stderr=subprocess.PIPE,
            )
            wait_for(partial(_looked_at, batches, killed), process)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            batches.batches[list(batches.batches)[-1]].fate = Fate()
        with office(tmp_path, server) as mine:
            report = mine.fill()
            assert mine.digests() == calm.digests
        assert server.requests == []
    assert asked(batches) == calm.asked
    assert submitted(batches) == 2
    assert report.batches == 1, "the first batch was collected by the second process"


def _looked_at(batches: Batches, count: int) -> bool:
    """Tell whether so many batches were begun, and the last one was seen on its way."""
    made = list(batches.batches.values())
    return len(made) == count and made[-1].looks > 0


def wait_for(what: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Wait until a process has come so far."""
    until = time.monotonic() + 20
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.005)


def test_a_batch_whose_beginning_was_not_heard_of_is_found_again(tmp_path: Path) -> None:
    """The answer to its submission is lost: it is looked for by our mark before another is begun."""
    batches = Batches(lose=(SUBMIT,))
    with serve(batches) as server, office(tmp_path, server) as mine:
        report = mine.fill()
    assert submitted(batches) == 2
    assert (report.batches, report.answers) == (2, 12)


def test_a_process_that_ended_between_submitting_and_noting_it_has_lost_nothing(
    tmp_path: Path,
) -> None:
    """The next one finds the batch among two hundred others at the provider."""
    batches = Batches(lose=(SUBMIT,))
    with serve(batches) as server:
        with office(tmp_path, server) as mine, pytest.raises(KeyboardInterrupt):
            mine.fill(sleep=interrupted)
        (made,) = batches.batches.values()
        for number in range(200):
            batches.batches[f"other-{number}"] = odd_batch(f"other-{number}")
        with office(tmp_path, server) as mine:
            report = mine.fill()
            assert any(made.id in line for line in mine.notes.lines)
        assert server.requests == []
    assert submitted(batches) == 2
    assert report.answers == 12
    assert max(asked(batches).values()) == 1


def odd_batch(name: str) -> Any:
    """Make a batch of somebody else."""
    from openai_batches import ServerBatch

    return ServerBatch(
        id=name,
        input_file_id="x",
        metadata=None,
        fate=Fate(),
        created_at=1,
        lines=[],
        status="completed",
    )


def interrupted(_seconds: float) -> None:
    """Press Ctrl-C in a pause."""
    raise KeyboardInterrupt


def test_ctrl_c_leaves_the_batch_running_and_says_so(tmp_path: Path) -> None:
    """One line names the batch and what to do; the same command collects it."""
    batches = Batches(Fate(polls=2))
    with serve(batches) as server:
        with office(tmp_path, server) as mine, pytest.raises(KeyboardInterrupt):
            mine.fill(sleep=interrupted)
        (made,) = batches.batches.values()
        host = server.host
        assert mine.notes.lines[-1] == (
            f"{made.id} goes on at {host}; run the same command again to collect it"
        )
        with office(tmp_path, server) as mine:
            mine.fill()
            assert mine.notes.lines[0] == f"waiting for {made.id}, which an earlier run submitted"
    assert submitted(batches) == 2
    assert max(asked(batches).values()) == 1


def test_what_another_range_of_dates_submitted_is_left_alone(tmp_path: Path) -> None:
    """A batch is waited for only where it holds a question of this run."""
    batches = Batches(Fate(polls=10**9))
    with serve(batches) as server:
        with office(tmp_path, server, slugs=SLUGS[:1]) as mine, pytest.raises(KeyboardInterrupt):
            mine.fill(sleep=interrupted)
        with office(tmp_path, server, slugs=SLUGS[1:]) as mine:
            assert mine.fill().answers == 8
            assert len(mine.cache.notes("batch")) == 1
    assert submitted(batches) == 3


@pytest.mark.parametrize("text", ["", "{}", "[" * 100_000, '{"mark": "x", "calls": NaN}'])
def test_a_damaged_note_is_left_out_with_a_warning(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The cache is disposable: the questions are asked in a batch of their own."""
    with serve(Batches()) as server, office(tmp_path, server, slugs=SLUGS[:1]) as mine:
        mine.cache.put_note("batch", "m", text)
        assert mine.fill().answers
    assert "the note of batch m in the cache cannot be read" in caplog.text


def test_what_expired_is_submitted_once_more(tmp_path: Path, calm: Calm) -> None:
    """The answers of a batch that ended half done are kept; only the others are asked again."""
    batches = Batches(Fate(ends="expired", answered=1))
    with serve(batches) as server, office(tmp_path, server) as mine:
        report = mine.fill()
        assert mine.digests() == calm.digests
        assert server.requests == []
    assert [len(batch.lines) for batch in batches.batches.values()] == [3, 2, 9]
    assert asked(batches).keys() == calm.asked.keys()
    assert (report.batches, report.questions, report.answers, report.expired) == (3, 12, 12, 0)


def test_what_a_cancelled_batch_did_not_answer_is_asked_directly(tmp_path: Path) -> None:
    """Whoever cancels a batch at the provider does not want to wait for another one."""
    batches = Batches(Fate(ends="cancelled", answered=1))
    with serve(batches) as server, office(tmp_path, server) as mine:
        report = mine.fill()
        assert (report.answers, report.failed, len(server.requests)) == (10, 2, 2)
    assert submitted(batches) == 2


def test_a_run_that_waits_for_hours_says_how_far_it_is(tmp_path: Path) -> None:
    """Pauses grow to a minute, and no silence is much longer than ten."""
    pauses: list[float] = []
    with serve(Batches(Fate(polls=60))) as server, office(tmp_path, server) as mine:
        mine.fill(sleep=pauses.append)
        said = [line for line in mine.notes.lines if line.endswith("0 of 3 questions came back")]
    assert (pauses[0], max(pauses)) == (0.5, 60)
    assert len(said) == sum(pauses) // 660


def test_nothing_is_submitted_that_could_not_be_collected(tmp_path: Path) -> None:
    """Without a place to note a batch its answers would be paid for in vain."""
    batches = Batches()
    with serve(batches) as server, office(tmp_path, server) as mine:
        mine.cache.close()
        with pytest.raises(WriteError, match="the cache cannot keep what is submitted"):
            mine.fill()
        assert submitted(batches) == 0


def test_what_expires_twice_is_asked_directly(tmp_path: Path, calm: Calm) -> None:
    """There is no third batch: the run goes on by itself."""
    batches = Batches(Fate(), Fate(ends="expired", answered=4), Fate(ends="expired", answered=2))
    with serve(batches) as server, office(tmp_path, server) as mine:
        report = mine.fill()
        assert (report.answers, report.expired) == (9, 3)
        assert server.requests == []
        assert mine.digests() == calm.digests
        assert len(server.requests) == 3


def sour(*behaviours: Behaviour) -> Callable[[Request], Behaviour]:
    """Misbehave for the first stories that are told, rightly for all others."""
    left = list(behaviours)

    def behave(request: Request) -> Behaviour:
        telling = "news" not in request.schema["properties"]
        return left.pop() if telling and left else odd.ok

    return behave


def test_what_came_back_as_no_answer_is_asked_directly(tmp_path: Path, calm: Calm) -> None:
    """Errors, blanks, halves and answers without a choice are not taken for answers."""
    batches = Batches()
    bad = sour(
        odd.failing(500),
        odd.failing(429, "slow down"),
        odd.failing(400, "bad request"),
        odd.choices_null,
        odd.choices_empty,
        odd.blank,
        odd.length,
        odd.error_200(),
    )
    with serve(batches, batched=bad) as server, office(tmp_path, server) as mine:
        report = mine.fill()
        assert (report.answers, report.failed) == (4, 8)
        assert mine.digests() == calm.digests
        assert len(server.requests) == 8
        # An answer that was cut off was paid for: the next try has more room at once.
        assert sorted(request.cap for request in server.requests) == [2500] * 7 + [5000]


def test_a_refused_story_is_refused_by_batch_too(tmp_path: Path) -> None:
    """A refusal is an answer of its kind, and not asked for again."""
    with serve(Batches(), batched=sour(odd.refusal)) as server, office(tmp_path, server) as mine:
        report = mine.fill()
        assert (report.answers, report.failed) == (11, 1)
        how = model_profile(mine.settings)
        assert make_digest(mine.jobs[0], mine.model.ask, how).degraded == 1
        assert server.requests == []


def test_a_choice_that_no_batch_brought_is_asked_directly_before_the_second_round(
    tmp_path: Path,
) -> None:
    """So its stories can be told by batch."""
    left = [odd.failing(500)]
    batches = Batches()
    with (
        serve(batches, batched=lambda _request: left.pop() if left else odd.ok) as server,
        office(tmp_path, server) as mine,
    ):
        mine.fill()
        assert len(server.requests) == 1
        mine.digests()
        assert len(server.requests) == 1
    assert [len(batch.lines) for batch in batches.batches.values()] == [3, 9]


def test_lines_that_nobody_asked_for_are_ignored(
    tmp_path: Path, calm: Calm, caplog: pytest.LogCaptureFixture
) -> None:
    """Unknown names, repeated lines and rubbish change nothing, and are warned of once."""

    def warp(lines: list[Line]) -> list[Line]:
        wrong = lines[0] | {"response": {"status_code": 200, "body": {"choices": []}}}
        unknown = lines[0] | {"custom_id": "f" * 64}
        rubbish: Line = {"hello": "\u2028\x85"}
        return [unknown, rubbish, *lines, wrong, lines[0]]

    batches = Batches(Fate(warp=warp), Fate(warp=warp))
    with (
        caplog.at_level(logging.WARNING),
        serve(batches) as server,
        office(tmp_path, server) as mine,
    ):
        report = mine.fill()
        assert mine.digests() == calm.digests
        assert server.requests == []
        assert mine.cache.get_answer("f" * 64) is None
    assert report.answers == 12
    said = [record.getMessage() for record in caplog.records]
    assert len([line for line in said if "2 lines answer nothing that was asked" in line]) == 2


def test_an_answer_may_hold_what_some_take_for_the_end_of_a_line(tmp_path: Path) -> None:
    """The lines of a file of answers end with a line feed, and with nothing else."""

    def tell(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
        told = answer(messages, schema)
        return told.replace("摘要", "摘\u2028\x85要") if "summary" in told else told

    with (
        OpenAIServer(answer=tell, batches=Batches()) as server,
        office(tmp_path, server) as mine,
    ):
        assert mine.fill().answers == 12


def test_a_batch_that_the_provider_lost_is_submitted_again(tmp_path: Path) -> None:
    """A batch of an earlier run that answers 404 holds nobody up."""
    batches = Batches(Fate(polls=10**9))
    with serve(batches) as server:
        with office(tmp_path, server) as mine, pytest.raises(KeyboardInterrupt):
            mine.fill(sleep=interrupted)
        batches.batches.clear()
        with office(tmp_path, server) as mine:
            assert mine.fill().answers == 12
            assert mine.cache.notes("batch") == {}


@pytest.mark.parametrize(
    ("code", "todo"),
    [
        ("token_limit_exceeded", "run fewer dates at once, or wait until other batches have ended"),
        ("invalid_json_line", "run fewer dates at once, or run without --batch"),
        ("billing_hard_limit_reached", "check the account's billing"),
    ],
)
def test_a_batch_that_is_turned_down_is_one_clear_line(
    tmp_path: Path, code: str, todo: str
) -> None:
    """It has the server's words and what to do; nothing is left behind."""
    batches = Batches(Fate(ends="failed", code=code, message="Limit reached."))
    with serve(batches) as server, office(tmp_path, server) as mine:
        with pytest.raises(ModelError) as raised:
            mine.fill()
        assert mine.cache.notes("batch") == {}
    assert str(raised.value) == (
        f"{server.host} turned down a batch of 3 questions: Limit reached. ({code}); {todo}"
    )
    assert raised.value.exit_code == 5
    assert batches.files == {}


class Page(Batches):
    """A server that answers any address with a web page."""

    def handle(self, *_: Any) -> tuple[int, bytes]:
        """Answer with the page."""
        return 200, b"<!doctype html><title>Welcome</title>"


@pytest.mark.parametrize("batches", [None, Page()], ids=["404", "web page"])
@pytest.mark.parametrize("learnt", [True, False])
def test_a_server_without_batches_is_told_before_anything_is_paid(
    tmp_path: Path, batches: Batches | None, *, learnt: bool
) -> None:
    """One line, exit code 5, and no question was asked."""
    with serve(batches) as server, office(tmp_path, server, learnt=learnt) as mine:
        with pytest.raises(
            ModelError, match=r"has no Batch API .*; run without --batch$"
        ) as raised:
            mine.fill()
        assert server.requests == []
    assert raised.value.exit_code == 5


def test_the_embedded_model_has_no_batches(tmp_path: Path) -> None:
    """That is a matter of settings."""
    with (
        Cache(tmp_path / "cache.sqlite") as cache,
        open_model(Settings(), cache, lambda *_: None) as model,
        pytest.raises(SettingsError, match="run without --batch"),
    ):
        fill_answer_cache([], model=model, cache=cache, progress=Notes())


PRICES: dict[str, Any] = {"input_usd_per_mtok": 10, "output_usd_per_mtok": 30}


@pytest.mark.parametrize(
    "cap",
    [{"max_cost_usd": 0.001}, {"max_cost_usd_per_day": 0.001}, {"max_tokens_per_run": 5000}],
    ids=lambda cap: next(iter(cap)),
)
def test_a_batch_that_could_pass_a_limit_is_not_submitted(
    tmp_path: Path, cap: dict[str, Any]
) -> None:
    """The line names the setting to raise; nothing was uploaded."""
    batches = Batches()
    with serve(batches) as server, office(tmp_path, server, **PRICES, **cap) as mine:
        with pytest.raises(ModelError, match=f"raise AINEWS_{next(iter(cap)).upper()}") as raised:
            mine.fill()
        assert mine.cache.notes("batch") == {}
        assert server.requests == []
    assert str(raised.value).startswith("no batch of 3 questions: ")
    assert submitted(batches) == 0
    assert batches.files == {}


def test_a_batch_costs_half_and_the_report_says_what_it_saved(tmp_path: Path) -> None:
    """Receipt, report and ledger count the same."""
    with serve(Batches()) as server, office(tmp_path, server, **PRICES) as mine:
        report = mine.fill()
        total = mine.model.receipt().total
        ledger = Ledger(mine.cache).daily_usage()[-1].usage
    # Twelve answers of 1,000 tokens in, or more for a long question, and 100 out.
    assert 12 * 1000 < total.input_tokens < 12 * 3000
    full = (total.input_tokens * 10 + 12 * 100 * 30) / 1e6
    assert (total.batched, ledger.batched) == (12, 12)
    assert total.cost_usd == pytest.approx(full / 2)
    assert ledger.cost_usd == pytest.approx(full / 2)
    assert report.saved_usd == pytest.approx(full / 2)
    assert mine.notes.lines[0].endswith("run the same command again to collect it")
    saved = f"saved ${full / 2:.4f}"
    assert report.describe() == f"2 batches answered 12 of 12 questions; {saved}"


def test_an_issue_that_cannot_begin_is_left_to_its_own_run(tmp_path: Path) -> None:
    """The others are asked by batch all the same."""

    def bad() -> Any:
        raise PageNotUnderstood("no issue")

    with serve(Batches()) as server, office(tmp_path, server, slugs=SLUGS[:1]) as mine:
        how = model_profile(mine.settings)
        good = partial(prepare, mine.jobs[0], profile=how, progress=Notes())
        report = fill_answer_cache(
            [bad, good], model=mine.model, cache=mine.cache, progress=Notes(), sleep=lambda _s: None
        )
    assert report.answers == 4


# What was submitted before, and what is left behind.


def test_a_batch_that_holds_some_questions_of_this_run_is_waited_for(tmp_path: Path) -> None:
    """The others go into a batch of their own; what only the first run asked is kept as well."""
    batches = Batches(Fate(polls=3))
    with serve(batches) as server:
        with office(tmp_path, server, slugs=SLUGS[:2]) as mine, pytest.raises(KeyboardInterrupt):
            mine.fill(sleep=interrupted)
        with office(tmp_path, server, slugs=SLUGS[1:]) as mine:
            report = mine.fill()
            assert mine.cache.notes("batch") == {}
            bills = Ledger(mine.cache).digest_bills()
        assert server.requests == []
    assert [len(batch.lines) for batch in batches.batches.values()] == [2, 1, 6]
    assert (report.batches, report.questions, report.answers) == (3, 9, 9)
    # Each answer goes to the digest that asked, also one that this run does not make.
    counted = {name.partition("=")[2]: bill.total.usage.batched for name, bill in bills.items()}
    assert counted == {SLUGS[0]: 1, SLUGS[1]: 4, SLUGS[2]: 4}


def test_what_is_on_its_way_counts_towards_a_limit(tmp_path: Path) -> None:
    """Its answers will be paid for by this run, too."""
    with serve(None) as server, office(tmp_path / "a", server) as mine:
        mine.digests()
        caps = [request.cap for request in server.requests[:3]]
    batches = Batches(Fate(polls=10**9))
    with serve(batches) as server:
        with office(tmp_path, server, slugs=SLUGS[:2]) as mine, pytest.raises(KeyboardInterrupt):
            mine.fill(sleep=interrupted)
        # Room for two questions and their answers, not for three.
        most = int(2.6 * (min(caps) + 2500))
        with (
            office(tmp_path, server, max_tokens_per_run=most) as mine,
            pytest.raises(ModelError, match="raise AINEWS_MAX_TOKENS_PER_RUN"),
        ):
            mine.fill()
    assert submitted(batches) == 1


def test_no_file_is_left_at_the_provider(tmp_path: Path) -> None:
    """Neither questions, nor answers, nor errors, nor where a batch is turned down at once."""
    batches = Batches(Fate(ends="cancelled", answered=1))
    with (
        serve(batches, behave=sour(odd.failing(400, "odd"))) as server,
        office(tmp_path, server) as mine,
    ):
        mine.fill()
    assert [call for call in batches.calls if call.startswith("DELETE")]
    assert batches.files == {}


def test_what_came_back_is_counted_whether_answered_or_failed(tmp_path: Path) -> None:
    """The line that says how far it is counts both."""
    batches = Batches(Fate(polls=40))
    with serve(batches) as server, office(tmp_path, server) as mine:
        looked: list[float] = []

        def sleep(seconds: float) -> None:
            looked.append(seconds)
            for batch in batches.batches.values():
                if batch.status == "in_progress":
                    batch.counts = {"completed": 1, "failed": 1}

        mine.fill(sleep=sleep)
        said = {line for line in mine.notes.lines if line.endswith("questions came back")}
    assert "select by batch: 2 of 3 questions came back" in said


def test_a_line_that_comes_twice_is_one_answer(tmp_path: Path) -> None:
    """The first one counts."""
    with (
        serve(Batches(Fate(warp=lambda lines: [*lines, *lines]))) as server,
        office(tmp_path, server) as mine,
    ):
        report = mine.fill()
    assert (report.answers, report.failed) == (12, 0)


def test_what_expired_and_only_another_run_asked_is_left_to_it(tmp_path: Path) -> None:
    """A batch that both asked expires: what this run needs goes into another one."""
    batches = Batches(Fate(ends="expired", answered=0))
    with serve(batches) as server:
        with office(tmp_path, server, slugs=SLUGS[:2]) as mine, pytest.raises(KeyboardInterrupt):
            mine.fill(sleep=interrupted)
        with office(tmp_path, server, slugs=SLUGS[1:]) as mine:
            report = mine.fill()
        assert server.requests == []
    assert [len(batch.lines) for batch in batches.batches.values()] == [2, 1, 1, 6]
    assert (report.answers, report.expired) == (8, 0)
