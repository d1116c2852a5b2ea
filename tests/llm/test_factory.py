"""The settings name a model, its server, its price, and how large the questions to it are."""

from pathlib import Path
from typing import Any

import pytest

import openai_server as odd
from ledgers import usage_rows
from openai_server import OpenAIServer
from pipeline.errors import ModelError
from pipeline.llm.cache import Cache
from pipeline.llm.factory import hosted_endpoint, open_model
from pipeline.llm.ledger import Ledger, LedgerRow, Usage
from pipeline.llm.prices import Prices
from pipeline.llm.profile import model_profile
from pipeline.llm.prompts import Question
from pipeline.records import Record
from pipeline.settings import Settings


def settings(**more: Any) -> Settings:
    """Name a hosted model."""
    plain = {"model": "some-model", "OPENAI_API_KEY": "sk-test"}
    return Settings.model_validate(plain | more)


# --- sizes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (None, "api.openai.com/v1"),
        ("https://example.org/v1/", "example.org/v1"),
        ("http://me:secret@example.org:8080/api/v1/", "example.org:8080/api/v1"),
    ],
)
def test_a_server_is_known_by_its_address_without_scheme_and_names(
    url: str | None, host: str
) -> None:
    """What is kept under it is found whoever asks; and no password is kept anywhere."""
    how = model_profile(settings(**({"OPENAI_BASE_URL": url} if url else {})))
    assert how.host == host
    assert "secret" not in repr(how)


def test_a_hosted_model_is_asked_as_the_settings_say() -> None:
    """Long evidence, up to 64 questions to choose, two mends."""
    how = model_profile(settings(in_flight=7, select_tokens=12_345, temperature=0.4))
    assert (how.model, how.in_flight, how.select_tokens) == ("some-model", 7, 12_345)
    assert (how.select_questions, how.evidence_chars, how.mends, how.want) == (64, 24_000, 2, 10)
    assert how.temperature == how.reask_temperature == 0.4
    assert model_profile(settings()).temperature is None


@pytest.mark.parametrize(
    ("select", "evidence"), [(60_000, 24_000), (9_000, 24_000), (7_000, 16_000), (500, 12_000)]
)
def test_a_small_window_has_less_room_for_evidence(select: int, evidence: int) -> None:
    """How long a question may be is known from the longest that chooses."""
    assert model_profile(settings(select_tokens=select)).evidence_chars == evidence


def test_the_embedded_model_is_asked_shortly_and_is_free() -> None:
    """No question chooses, one mend, cold at first and warm when it is asked again."""
    how = model_profile(Settings.model_validate({"embedded_slots": 3}))
    assert how.prices == Prices(input_usd_per_mtok=0, output_usd_per_mtok=0)
    assert (how.in_flight, how.select_tokens) == (3, 0)
    assert (how.select_questions, how.evidence_chars, how.mends, how.want) == (0, 1_200, 1, 10)
    assert (how.temperature, how.reask_temperature) == (0, 0.7)
    assert how.host.startswith("embedded:")


@pytest.mark.parametrize(
    ("chosen", "hosted", "embedded"),
    [("auto", True, False), ("on", True, True), ("off", False, False)],
)
def test_a_hosted_model_proofreads_unless_told_otherwise(
    chosen: str, *, hosted: bool, embedded: bool
) -> None:
    """The embedded one only if told to; another model is for a hosted one."""
    both = {"proofread": chosen, "proofread_model": "careful"}
    how, small = model_profile(settings(**both)), model_profile(Settings.model_validate(both))
    assert (how.proofreads, small.proofreads) == (hosted, embedded)
    assert (how.proofread_model, small.proofread_model) == ("careful", "")
    assert how.settings["proofreader"] == ("careful" if hosted else None)
    assert small.settings["proofreader"] == (small.model if embedded else None)


def test_a_small_served_model_is_asked_as_plainly_as_the_embedded_one() -> None:
    """The code chooses, nothing is proofread, and it is asked cold unless a temperature is set."""
    how = model_profile(settings(profile="plain", in_flight=7))
    embedded = model_profile(Settings.model_validate({}))
    assert how.plain
    assert embedded.plain
    changed = {"host", "proofreader"}
    assert {k: v for k, v in how.settings.items() if k not in changed} == {
        k: v for k, v in embedded.settings.items() if k not in changed
    }
    assert (how.model, how.in_flight, how.prices) == ("some-model", 7, None)
    assert not how.proofreads
    assert model_profile(settings(profile="plain", proofread="on")).proofreads
    warm = model_profile(settings(profile="plain", temperature=0.4))
    assert warm.temperature == warm.reask_temperature == 0.4


@pytest.mark.parametrize("profile", ["auto", "full"])
def test_a_hosted_model_has_the_full_profile_unless_told_otherwise(profile: str) -> None:
    """What is asked of it is the same, whether that is said or not."""
    assert model_profile(settings(profile=profile)) == model_profile(settings())
    assert not model_profile(settings()).plain


def test_other_weights_may_be_asked_for_more() -> None:
    """A larger embedded model chooses, in questions that fit into its slot; it costs nothing."""
    how = model_profile(Settings.model_validate({"profile": "full"}))
    assert not how.plain
    assert (how.select_questions, how.evidence_links, how.mends) == (64, 20, 2)
    assert how.select_tokens <= 4_000
    assert how.evidence_chars <= 8_000
    assert how.prices == Prices(input_usd_per_mtok=0, output_usd_per_mtok=0)
    assert not how.proofreads


@pytest.mark.parametrize(
    ("given", "free"),
    [
        ({}, False),
        ({"OPENAI_BASE_URL": "http://localhost:11434/v1"}, True),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:8080/v1"}, True),
        (
            {
                "OPENAI_BASE_URL": "http://localhost:4000/v1",
                "input_usd_per_mtok": 1,
                "output_usd_per_mtok": 2,
            },
            False,
        ),
        ({"OPENAI_BASE_URL": "https://example.org/v1"}, False),
    ],
)
def test_what_runs_on_this_machine_is_free(given: dict[str, Any], *, free: bool) -> None:
    """Unless a price is set, as for a gateway; the embedded model always is."""
    assert model_profile(settings(**given)).is_free is free
    assert model_profile(Settings.model_validate({})).is_free


def test_other_weights_are_another_model(tmp_path: Path) -> None:
    """Its answers are kept apart."""
    chosen = tmp_path / "mine.gguf"
    chosen.write_bytes(b"GGUF")
    how = model_profile(Settings.model_validate({"embedded_weights": chosen}))
    assert (how.model, how.host) == ("mine", "embedded:mine.gguf")


def test_what_shapes_an_answer_is_said_and_the_server_is_nobodys_business() -> None:
    """By a hash of twelve digits; how many questions are on their way shapes nothing."""
    said = model_profile(settings(OPENAI_BASE_URL="https://example.org/v1", in_flight=3)).settings
    other = model_profile(settings(OPENAI_BASE_URL="https://example.com/v1", in_flight=9)).settings
    assert said.keys() == {
        "host",
        "want",
        "select_tokens",
        "evidence_links",
        "select_questions",
        "evidence_chars",
        "mends",
        "proofreader",
        "temperature",
        "reask_temperature",
    }
    assert len(str(said["host"])) == 12
    assert said["host"] != other["host"]
    assert said | {"host": ""} == other | {"host": ""}
    assert "example" not in str(said)


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ({}, None),
        ({"input_usd_per_mtok": 0, "output_usd_per_mtok": 0}, (0, 0, None)),
        ({"input_usd_per_mtok": 1, "output_usd_per_mtok": 2}, (1, 2, None)),
        (
            {"input_usd_per_mtok": 1, "output_usd_per_mtok": 2, "cached_input_usd_per_mtok": 0.1},
            (1, 2, 0.1),
        ),
        (
            {"input_usd_per_mtok": 1, "output_usd_per_mtok": 2, "cached_input_usd_per_mtok": 0},
            (1, 2, 0),
        ),
    ],
)
def test_a_price_of_the_settings_takes_both_input_and_output(
    given: dict[str, float], known: tuple[float, float, float | None] | None
) -> None:
    """Nothing is a price, too; cached input costs what is said of it."""
    prices = model_profile(settings(**given)).prices
    if known is None:
        assert prices is None
    else:
        assert prices is not None
        assert (
            prices.input_usd_per_mtok,
            prices.output_usd_per_mtok,
            prices.cached_input_usd_per_mtok,
        ) == known


def test_where_the_hosted_model_listens() -> None:
    """OpenAI's own address where none is set; without a key a blank one."""
    assert hosted_endpoint(settings()).base_url == "https://api.openai.com/v1/"
    free = Settings.model_validate({"OPENAI_BASE_URL": "http://127.0.0.1:9/v1/"})
    assert hosted_endpoint(free).base_url == "http://127.0.0.1:9/v1/"
    assert hosted_endpoint(free).api_key.get_secret_value() == ""


# --- an open model -------------------------------------------------------------------------------


class Reply(Record):
    """What the tests ask for."""

    word: str


def question(text: str = "one") -> Question:
    """Write a question."""
    return Question(prompt="test", system="Answer.", user=text, max_output_tokens=100)


def opened(tmp_path: Path, server: OpenAIServer, **more: Any) -> Settings:
    """Set a server and a cache."""
    plain = {
        "cache_dir": tmp_path,
        "model_attempts": 1,
        "OPENAI_BASE_URL": server.base_url,
    }
    return settings(**plain, **more)


def test_a_hosted_model_is_sent_nothing_that_nobody_set(tmp_path: Path) -> None:
    """Neither a seed nor a temperature."""
    with OpenAIServer() as server, Cache(tmp_path / "cache.sqlite") as cache:
        with open_model(opened(tmp_path, server), cache, lambda *_: None) as model:
            model.ask(question(), Reply)
        (request,) = server.requests
        assert not {"seed", "temperature"} & request.body.keys()


def test_the_run_of_a_model_has_a_name_in_the_ledger(tmp_path: Path) -> None:
    """What it does, and one of its own: two that do the same are two."""
    with OpenAIServer() as server, Cache(tmp_path / "cache.sqlite") as cache:
        chosen = opened(tmp_path, server)
        for number, name in enumerate(("mine", "mine", None)):
            with open_model(chosen, cache, lambda *_: None, run=name) as model:
                model.ask(question(f"{number}"), Reply)
        first, second, third = (line.run for line in usage_rows(cache))
        assert first.startswith("mine ")
        assert second.startswith("mine ")
        assert first != second
        assert third.startswith("run ")


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"max_tokens_per_run": 120}, "AINEWS_MAX_TOKENS_PER_RUN"),
        ({"max_cost_usd": 0.0001}, "AINEWS_MAX_COST_USD"),
        ({"max_cost_usd_per_day": 1.0}, "AINEWS_MAX_COST_USD_PER_DAY"),
    ],
)
def test_each_limit_of_the_settings_holds(
    tmp_path: Path, limit: dict[str, float], said: str
) -> None:
    """Nothing is sent."""
    prices = {"input_usd_per_mtok": 1, "output_usd_per_mtok": 10}
    with OpenAIServer() as server, Cache(tmp_path / "cache.sqlite") as cache:
        ledger = Ledger(cache)
        ledger.add("other", "m", Usage(prompt="p", cost_usd=0.9999), 0.9999)
        chosen = opened(tmp_path, server, **prices, **limit)
        with (
            open_model(chosen, cache, lambda *_: None, ledger=ledger) as model,
            pytest.raises(ModelError, match=f"raise {said}$"),
        ):
            model.ask(question(), Reply)
        assert server.requests == []


def test_a_cap_that_nobody_chose_is_not_spoken_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Only one that somebody set, and that cannot stop a model of unknown price."""
    with OpenAIServer() as server, Cache(tmp_path / "cache.sqlite") as cache:
        for limit, said in (
            ({}, []),
            ({"max_cost_usd": 2}, ["AINEWS_MAX_COST_USD cannot stop"]),
            (
                {"max_cost_usd_per_day": 2, "max_cost_usd": 2},
                ["AINEWS_MAX_COST_USD and AINEWS_MAX_COST_USD_PER_DAY cannot stop"],
            ),
        ):
            caplog.clear()
            with open_model(opened(tmp_path, server, **limit), cache, lambda *_: None) as model:
                model.ask(question(str(limit)), Reply)
            found = [message for message in caplog.messages if "cannot stop" in message]
            assert [each[: len(start)] for each, start in zip(found, said, strict=True)] == said


def test_a_cap_without_effect_is_spoken_of_once_for_all_nights(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """So that quiet nights stay quiet; of another model, or where no cache is kept, again."""
    with OpenAIServer() as server:
        for night, folder, model, said in (
            (1, "cache", "test-model", 1),
            (2, "cache", "test-model", 0),
            (3, "cache", "other-model", 1),
            (4, "new", "other-model", 1),
        ):
            caplog.clear()
            settings = opened(tmp_path, server, max_cost_usd=2, model=model)
            with (
                Cache(tmp_path / folder / "cache.sqlite") as cache,
                open_model(settings, cache, lambda *_: None) as asked,
            ):
                asked.ask(question(str(night)), Reply)
            assert caplog.text.count("cannot stop the run") == said


@pytest.mark.parametrize(
    ("limit", "said"),
    [({"max_tokens_per_run": 2200}, "TOKENS_PER_RUN"), ({"max_cost_usd": 0.0045}, "COST_USD")],
)
def test_a_second_model_has_what_the_first_left_of_each_limit(
    tmp_path: Path, limit: dict[str, float], said: str
) -> None:
    """What went in and out of the first counts, and what it cost."""

    def behave(request: odd.Request) -> odd.Behaviour:
        return odd.ok if request.body["model"] == "second" else odd.no_credit

    prices = {"input_usd_per_mtok": 1, "output_usd_per_mtok": 10}
    with OpenAIServer(odd.ok, behave=behave) as server, Cache(tmp_path / "c.sqlite") as cache:
        chosen = opened(tmp_path, server, fallback_model="second", **prices, **limit)
        with open_model(chosen, cache, lambda *_: None) as model:
            model.ask(question("one"), Reply)
            model.ask(question("two"), Reply)
            with pytest.raises(ModelError, match=said):
                model.ask(question("three"), Reply)
            receipt = model.receipt()
        assert receipt.model == "some-model + second"
        assert (receipt.total.calls, receipt.total.input_tokens) == (2, 2000)
        assert receipt.total.cost_usd == pytest.approx(0.004)
        assert [line.calls for line in receipt.prompts] == [2]


def test_another_model_proofreads_under_the_limits_of_the_run(tmp_path: Path) -> None:
    """What either has spent counts for both, and the receipt has the questions of both."""
    asked = question("one")
    reading = asked.model_copy(update={"prompt": "proofread"})
    prices = {"input_usd_per_mtok": 1, "output_usd_per_mtok": 10}
    with OpenAIServer() as server, Cache(tmp_path / "c.sqlite") as cache:
        chosen = opened(
            tmp_path, server, proofread_model="careful", max_tokens_per_run=2200, **prices
        )
        with open_model(chosen, cache, lambda *_: None) as model:
            assert model.ask_with_name(asked, Reply)[1] == "some-model"
            assert model.receipt().model == "some-model"
            assert model.ask_with_name(reading, Reply)[1] == "careful"
            assert model.model_for(reading).name == "careful"
            assert model.model_for(reading).pending_request(reading, Reply) is None
            with pytest.raises(ModelError, match="AINEWS_MAX_TOKENS_PER_RUN"):
                model.ask(question("two"), Reply)
            receipt = model.receipt()
        assert [request.body["model"] for request in server.requests] == ["some-model", "careful"]
    assert receipt.model == "some-model + careful"
    assert {line.prompt for line in receipt.prompts} == {asked.prompt, "proofread"}
    assert receipt.total.calls == 2


def test_a_model_that_does_not_proofread_is_not_replaced(tmp_path: Path) -> None:
    """Where digests are not proofread, the other model is never asked."""
    reading = question("one").model_copy(update={"prompt": "proofread"})
    with OpenAIServer() as server, Cache(tmp_path / "c.sqlite") as cache:
        chosen = opened(tmp_path, server, proofread="off", proofread_model="careful")
        with open_model(chosen, cache, lambda *_: None) as model:
            assert model.ask_with_name(reading, Reply)[1] == "some-model"


def test_the_ledger_of_a_process_counts_what_its_cache_knows(tmp_path: Path) -> None:
    """Whatever day it is elsewhere."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        usage = Usage(prompt="p", calls=1, cost_usd=1.5)
        for day in ("2026-01-29", "2026-01-30", "2026-01-30", "2026-01-31"):
            Ledger(cache).add_rows(
                [LedgerRow(run="r", day=day, model="m", usage=usage, estimated_usd=1.5)]
            )
        assert Ledger(cache).spent_usd("2026-01-30") == 3.0
        assert Ledger(cache).spent_usd("2026-02-01") == 0.0


def test_additional_fields_are_named_in_the_digest_without_their_keys() -> None:
    """They shape answers; a digest that has none says nothing of them, nor the embedded model's."""
    given = settings(extra_body='{"top_k": 20, "api_key": "hello-secret"}')
    said = model_profile(given).settings
    assert said["extra_body"] == '{"api_key": "***", "top_k": 20}'
    assert model_profile(given).capabilities.extra_body["top_k"] == 20
    secrets = [secret.get_secret_value() for secret in hosted_endpoint(given).secrets]
    assert secrets == ["hello-secret"]
    assert "hello" not in repr(model_profile(given))
    assert "extra_body" not in model_profile(settings()).settings
    embedded = model_profile(Settings.model_validate({"extra_body": '{"top_k": 20}'}))
    assert "extra_body" not in embedded.settings
    assert embedded.capabilities.extra_body == {"seed": 1}


def test_a_query_is_no_part_of_the_server_s_identity() -> None:
    """It may hold a key."""
    given = settings(OPENAI_BASE_URL="https://h/v1?api-version=1&key=hello")
    assert model_profile(given).host == "h/v1"
    assert hosted_endpoint(given).base_url == "https://h/v1/?api-version=1&key=hello"
