"""What a run would ask and cost is known before; questions begin alike, for providers' caches."""

import datetime as dt
import io
import json
from collections import Counter
from os.path import commonprefix
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import daily
import editor
from invoke import invoke
from newsletter import Newsletter
from openai_server import OpenAIServer
from pipeline.estimate import Estimate, estimate, exceeded_limits, plan_backfill
from pipeline.estimate.estimates import MIN_CACHED_PREFIX_TOKENS, shared_tokens
from pipeline.estimate.replaced import Replaced
from pipeline.llm.cache import Cache
from pipeline.llm.ledger import Ledger, LedgerRow, Usage
from pipeline.llm.prices import Tokens
from pipeline.llm.prompts import estimate_tokens, load_prompt
from pipeline.plan import DigestTask, RunRequest
from pipeline.publish import run_request
from pipeline.settings import Settings
from pipeline.write.files import write
from stored import issue_at
from test_plan import Notes
from whole_run import DAY, DEMO

WANTED = RunRequest(source=str(DEMO), date=DAY)


def settings(tmp_path: Path, server: OpenAIServer | None = None, **more: Any) -> Settings:
    """Set what a run needs."""
    plain = {
        "cache_dir": tmp_path / "cache",
        "outputs_dir": tmp_path / "outputs",
        "model": "test-model",
        "OPENAI_BASE_URL": server.base_url if server else "http://127.0.0.1:9/v1/",
        "OPENAI_API_KEY": "sk-planted-key",
    }
    return Settings.model_validate(plain | more)


def estimated(chosen: Settings) -> Estimate:
    """Estimate what the bundled issue would cost."""
    (found,) = estimate(WANTED, settings=chosen, today=DAY, progress=Notes(), stdin=io.BytesIO())
    return found


def test_a_plan_names_the_server_that_gets_the_key(tmp_path: Path) -> None:
    """A lost OPENAI_BASE_URL is seen before anything is sent, without what the address hides."""
    for url, host in (
        ("", "api.openai.com/v1"),
        ("http://user:planted@127.0.0.1:9/v1/", "127.0.0.1:9/v1"),
    ):
        found = estimated(settings(tmp_path, OPENAI_BASE_URL=url))
        assert f"model      test-model at {host}" in list(found.lines())
        assert found.planned("").host == host
        task = DigestTask(slug=found.issue, date=DAY)
        plan = plan_backfill([(task, found)], exceeded_limits=(), command="c")
        assert f"model: test-model at {host}" in list(plan.lines())


def test_every_question_of_a_prompt_begins_alike(tmp_path: Path) -> None:
    """Twenty stories, re-asks and mends: the whole system message, then the issue's own words."""
    seen: Counter[str] = Counter()

    def spoken(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
        """Say nothing useful in one first answer, and invent a number in another."""
        right = editor.answer(messages, schema)
        if "title" not in schema["properties"]:
            return right
        seen["told"] += 1
        if seen["told"] == 3:
            return "I would rather not."
        if seen["told"] == 5:
            fields = json.loads(right)
            fields["sentences"][0]["text"] += "融资98765万美元。"
            return json.dumps(fields)
        return right

    with OpenAIServer(answer=spoken) as server:
        chosen = settings(tmp_path, server, in_flight=1)
        before = estimated(chosen)
        list(run_request(WANTED, settings=chosen, today=DAY, progress=Notes(), stdin=io.BytesIO()))
        asked = [request.messages for request in server.requests]
    systems = Counter(system["content"] for system, _ in asked)
    # What changes of an entry is another form of answer, after the same prompt.
    assert sorted(systems.values()) == [1, 1, 1, 21]
    stable = load_prompt("translate").system
    telling = [(s["content"], u["content"]) for s, u in asked if s["content"].startswith(stable)]
    assert len(telling) == 22
    shared = commonprefix([system + user for system, user in telling])  # noqa: RUF071 - no paths
    assert shared.startswith(stable)
    first = [system + user for system, user in telling if systems[system] == 21]
    alike = commonprefix(first)  # noqa: RUF071 - no paths
    assert before.shared_tokens == estimate_tokens(alike)
    assert (before.translate_questions, before.questions) == (20, 22)
    # A question that comes again begins with all of the first one.
    users = Counter(user for _, user in telling)
    longer = [
        user for user in users if any(user != other and user.startswith(other) for other in users)
    ]
    assert len(longer) == 2


def test_an_estimate_is_rather_high_than_low(tmp_path: Path) -> None:
    """What is sent is no more than what was foreseen, by the same measure of tokens."""
    with OpenAIServer(answer=editor.answer) as server:
        chosen = settings(tmp_path, server)
        foreseen = estimated(chosen)
        list(run_request(WANTED, settings=chosen, today=DAY, progress=Notes(), stdin=io.BytesIO()))
        sent = sum(
            estimate_tokens("".join(message["content"] for message in request.messages))
            for request in server.requests
        )
    assert sent <= foreseen.tokens.input <= 1.3 * sent


@pytest.mark.parametrize(
    ("limits", "over"),
    [
        ({}, ()),
        ({"max_tokens_per_run": 12_000}, ("AINEWS_MAX_TOKENS_PER_RUN",)),
        ({"max_cost_usd": 0.01}, ("AINEWS_MAX_COST_USD",)),
        ({"max_cost_usd_per_day": 4.0}, ("AINEWS_MAX_COST_USD_PER_DAY",)),
    ],
)
def test_a_limit_that_would_stop_the_run_is_named_before(
    tmp_path: Path, limits: dict[str, Any], over: tuple[str, ...]
) -> None:
    """The day's counts what other runs have spent on it."""
    usage = Usage(prompt="select", calls=1, cost_usd=3.99)
    with Cache(tmp_path / "cache" / "cache.sqlite") as cache:
        Ledger(cache).add_rows(
            [LedgerRow(run="r", day="2026-01-30", model="m", usage=usage, estimated_usd=3.99)]
        )
    prices: dict[str, Any] = {"input_usd_per_mtok": 1, "output_usd_per_mtok": 2}
    chosen = settings(tmp_path, **prices, **limits)
    assert exceeded_limits([estimated(chosen)], settings=chosen, today=DAY) == over


def test_a_limit_that_is_only_reached_is_not_passed(tmp_path: Path) -> None:
    """What several digests take together counts; an unknown price stops at no cap of money."""
    one = Estimate(
        issue="26-01-30-x",
        title="x",
        issue_url="https://news.example.org/issues/26-01-30-x",
        date=DAY,
        path="x.md",
        replaced=Replaced(words="new"),
        kept=0,
        mentions={},
        stories=1,
        questions=1,
        model="m",
        tokens=Tokens(input=300, output=200),
        cost_usd=0.5,
        translate_questions=1,
        shared_tokens=0,
    )
    for limits, over in (
        ({"max_tokens_per_run": 1000, "max_cost_usd": 1.0, "max_cost_usd_per_day": 1.0}, ()),
        ({"max_tokens_per_run": 999}, ("AINEWS_MAX_TOKENS_PER_RUN",)),
        ({"max_cost_usd": 0.99}, ("AINEWS_MAX_COST_USD",)),
        ({"max_cost_usd_per_day": 0.99}, ("AINEWS_MAX_COST_USD_PER_DAY",)),
    ):
        chosen = settings(tmp_path, **limits)
        assert exceeded_limits([one, one], settings=chosen, today=DAY) == over
    free = one.model_copy(update={"cost_usd": None})
    chosen = settings(tmp_path, max_cost_usd=0.5)
    assert exceeded_limits([free, one, free], settings=chosen, today=DAY) == ()
    assert exceeded_limits([], settings=chosen, today=DAY) == ()


def test_only_several_questions_share_a_beginning() -> None:
    """As many tokens as it takes."""
    assert shared_tokens([]) == shared_tokens(["a" * 100]) == 0
    assert shared_tokens(["a" * 70 + "b", "a" * 70 + "c", "a" * 70]) == estimate_tokens("a" * 70)
    assert MIN_CACHED_PREFIX_TOKENS == 1024


def test_answers_are_estimated_too(tmp_path: Path) -> None:
    """A hundred tokens for a pair of events that is chosen, 250 for an entry, 400 to proofread."""
    found = estimated(settings(tmp_path))
    assert found.tokens.output == 10 * 100 + 20 * 250 + 400
    silent = estimated(settings(tmp_path, proofread="off"))
    assert silent.tokens.output == 10 * 100 + 20 * 250
    assert silent.questions == found.questions - 1
    assert silent.tokens.input < found.tokens.input
    assert (found.questions, found.translate_questions, found.cost_usd) == (22, 20, None)
    assert sum(found.mentions.values()) == len(issue_at(DEMO).mentions)


def test_answers_that_are_kept_are_told_apart(tmp_path: Path) -> None:
    """A digest that is there costs nothing again; what is asked again is counted; nothing is asked."""
    with OpenAIServer(answer=editor.answer) as server:
        chosen = settings(tmp_path, server)
        assert (estimated(chosen).kept, estimated(chosen).replaced.words) == (0, "new")
        list(run_request(WANTED, settings=chosen, today=DAY, progress=Notes(), stdin=io.BytesIO()))
        asked = len(server.requests)
        found = estimated(chosen)
        again = WANTED.model_copy(update={"refresh": ("translate",)})
        (told,) = estimate(again, settings=chosen, today=DAY, progress=Notes(), stdin=io.BytesIO())
        assert len(server.requests) == asked
    assert found.kept == found.questions == asked
    assert found.tokens == Tokens(input=0, output=0)
    assert "price      $0: nothing is asked" in found.lines()
    assert found.replaced.words == "replaces 10 + 10 entries, made by test-model"
    assert told.questions - told.kept == 21


@pytest.mark.parametrize(("force", "said"), [(False, "would be refused: "), (True, "replaces ")])
def test_a_dry_run_sees_markdown_that_was_changed_by_hand(
    tmp_path: Path, force: bool, said: str
) -> None:
    """It says beforehand what the run would say."""
    with OpenAIServer(answer=editor.answer) as server:
        chosen = settings(tmp_path, server)
        (made,) = run_request(
            WANTED, settings=chosen, today=DAY, progress=Notes(), stdin=io.BytesIO()
        )
        text = made.path.read_text(encoding="utf-8")
        made.path.write_text(text.replace("### 1. ", "### 1. 手", 1), encoding="utf-8")
        wanted = WANTED.model_copy(update={"force": force})
        (found,) = estimate(
            wanted, settings=chosen, today=DAY, progress=Notes(), stdin=io.BytesIO()
        )
    assert found.replaced.words.startswith(said)
    assert "by hand" in found.replaced.words


def test_the_plans_of_two_digests_stand_apart(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    newsletter: Newsletter,
) -> None:
    """By a blank line; one alone has none."""
    for variable, value in {
        **dict.fromkeys(
            ("AINEWS_SITE_URL", "AINEWS_UPSTREAM_URL", "AINEWS_SUBSTACK_URL"), newsletter.url
        ),
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "OPENAI_API_KEY": "sk-test",
        "AINEWS_CACHE_DIR": str(tmp_path / "cache"),
        "AINEWS_MODEL": "test-model",
    }.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path)
    day = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    slugs = [f"{day - dt.timedelta(days=ago):%y-%m-%d}-a" for ago in (4, 3, 2)]
    known = daily.digest(day - dt.timedelta(days=4))
    assert known.provenance is not None
    origin = known.provenance.model_copy(update={"slug": slugs[0]})
    write(known.model_copy(update={"provenance": origin}), tmp_path / "outputs")
    for slug, blanks in zip(slugs, (0, 0, 1), strict=True):
        newsletter.publish(slug)
        shown = invoke(capfd, "run", "--dry-run").stdout
        assert shown.splitlines().count("") == blanks
        assert "\n\n\n" not in shown
    assert shown.count("\ncommand ") == 2
