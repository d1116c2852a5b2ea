"""Rows of the matrix: the model's server."""

import json
from collections.abc import Callable
from typing import Any

import openai_server as odd
from editor import answer
from faults.bench import QUESTIONS, FaultBench, FaultCase, FinishedCommand
from openai_server import Behaviour, OpenAIServer, Request

MADE = "a new digest of 2026-01-30"
NOTHING = "what was there"
NEW = ("2026-01-30",)
SPARE = "spare-model"


def in_parts(content: str) -> dict[str, Any]:
    """Put an answer into typed parts."""
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
    return {"message": {"content": [thought, {"type": "text", "text": content}]}}


def in_channels(content: str) -> dict[str, Any]:
    """Put an answer into the last of two channels, behind itself with another title."""
    draft = json.dumps(json.loads(content) | {"title": "草稿草稿草稿草稿"})
    thoughts = f"<|channel|>analysis<|message|>{draft} No.<|end|><|start|>assistant"
    return {"message": {"content": f"{thoughts}<|channel|>final<|message|>{content}"}}


def in_thoughts(content: str) -> dict[str, Any]:
    """Put an answer into the field for thoughts."""
    return {"message": {"content": None, "reasoning_content": content}}


def in_a_call(content: str) -> dict[str, Any]:
    """Put an answer into the arguments of a call."""
    call = {"type": "function", "function": {"name": "answer", "arguments": content}}
    return {"message": {"content": None, "tool_calls": [call]}, "finish_reason": "tool_calls"}


def passing_failures(*script: Behaviour) -> Callable[[FaultBench], FinishedCommand]:
    """Misbehave at first, and answer well from then on."""

    def play(bench: FaultBench) -> FinishedCommand:
        server = bench.model(OpenAIServer(*script, answer=answer))
        bench.set(MODEL_ATTEMPTS=4, IN_FLIGHT=1)
        if odd.hang in script:
            bench.set(MODEL_TIMEOUT_S=0.5)
        ended = bench.file()
        # What failed in passing is asked again, and nothing else.
        assert len(server.requests) == QUESTIONS + len(script)
        return ended

    return play


def lasting_failure(behaviour: Behaviour) -> Callable[[FaultBench], FinishedCommand]:
    """Misbehave for good."""

    def play(bench: FaultBench) -> FinishedCommand:
        bench.model(OpenAIServer(answer=answer, behave=lambda _request: behaviour))
        if behaviour is odd.hang:
            bench.set(MODEL_TIMEOUT_S=0.3)
        return bench.file()

    return play


def half_way(bench: FaultBench) -> FinishedCommand:
    """Answer three questions and fail from then on; the next run pays for the others only."""

    def behave(_request: Request) -> Behaviour:
        return odd.ok if len(server.requests) <= 3 else odd.failing(500)

    server = OpenAIServer(answer=answer, behave=behave)
    bench.model(server)
    bench.set(IN_FLIGHT=1)
    ended = bench.file()
    asked = bench.stop_failing()
    again = bench.file()
    assert again.code == 0, again.err
    assert len(asked) == QUESTIONS - 3
    for name in bench.names():
        for ending in (".md", ".json"):
            (bench.outputs / f"{name}{ending}").unlink()
    return ended


def filtered(behaviour: Behaviour) -> Callable[[FaultBench], FinishedCommand]:
    """Refuse the story of Lantern, whenever it is asked about."""

    def behave(request: Request) -> Behaviour:
        user = request.messages[1]["content"]
        return behaviour if "Lantern" in user and "Kestrel" not in user else odd.ok

    def play(bench: FaultBench) -> FinishedCommand:
        bench.model(OpenAIServer(answer=answer, behave=behave))
        ended = bench.file()
        told = json.loads(bench.has("2026-01-30"))
        (quoted,) = [each for each in (*told["news"], *told["tools"]) if each["quoted"]]
        assert "Lantern" in str(quoted["evidence"])
        return ended

    return play


def only(model: str, behaviour: Behaviour, well: int = 0) -> OpenAIServer:
    """Answer for one model, and misbehave for all others after the first `well` requests."""
    server: OpenAIServer

    def behave(request: Request) -> Behaviour:
        fits = request.body["model"] == model or len(server.requests) <= well
        return odd.ok if fits else behaviour

    server = OpenAIServer(answer=answer, behave=behave)
    return server


def falling_back(
    behaviour: Behaviour, used: str, well: int = 0
) -> Callable[[FaultBench], FinishedCommand]:
    """Answer for the fallback model alone; a repeat pays for nothing and writes the same."""

    def play(bench: FaultBench) -> FinishedCommand:
        server = bench.model(only(SPARE, behaviour, well))
        bench.set(FALLBACK_MODEL=SPARE, IN_FLIGHT=1)
        ended = bench.file()
        made = bench.has("2026-01-30")
        assert json.loads(made)["provenance"]["model"] == used
        answered = [request for request in server.requests if request.body["model"] == SPARE]
        assert len(answered) == QUESTIONS - well
        again = bench.file()
        assert again.code == 0, again.err
        assert bench.has("2026-01-30") == made
        assert len(
            [request for request in server.requests if request.body["model"] == SPARE]
        ) == len(answered)
        return ended

    return play


def both_down(bench: FaultBench) -> FinishedCommand:
    """Neither the model nor its fallback is known."""
    bench.model(OpenAIServer(answer=answer, behave=lambda _request: odd.no_model))
    bench.set(FALLBACK_MODEL=SPARE)
    return bench.file()


def not_for_a_key(bench: FaultBench) -> FinishedCommand:
    """The key is wrong, for the fallback too: it is not asked."""
    server = bench.model(OpenAIServer(answer=answer, behave=lambda _request: odd.wrong_key))
    bench.set(FALLBACK_MODEL=SPARE)
    ended = bench.file()
    assert {request.body["model"] for request in server.requests} == {"test-model"}
    return ended


def at_first(
    form: Callable[[Request], Behaviour], most: int
) -> Callable[[FaultBench], FinishedCommand]:
    """Want a form of its own; each of the first questions may meet it, and no later one."""

    def play(bench: FaultBench) -> FinishedCommand:
        server = bench.model(OpenAIServer(answer=answer, behave=form))
        bench.set(IN_FLIGHT=1)
        ended = bench.file()
        assert len(server.requests) == QUESTIONS + most
        return ended

    return play


def no_thinking(request: Request) -> Behaviour:
    """Want thinking off."""
    said = "parameter.enable_thinking must be set to false for non-streaming calls"
    return odd.ok if request.body.get("enable_thinking") is False else odd.failing(400, said)


def small_caps(request: Request) -> Behaviour:
    """Take no larger cap than 4,096 tokens."""
    said = "Range of max_tokens should be [1, 4096]"
    return odd.ok if request.cap <= 4096 else odd.failing(400, said)


def setting(name: str, value: str, says: str) -> Callable[[FaultBench], FinishedCommand]:
    """Set something that cannot be used: nothing is asked."""

    def play(bench: FaultBench) -> FinishedCommand:
        server = bench.model()
        bench.set(**{name: value})
        ended = bench.file()
        assert server.requests == []
        assert says in ended.last
        return ended

    return play


GOES_ON = f"going on with {SPARE}"
# A table: one row a line.
# fmt: off
ROWS = (
    FaultCase("429 with Retry-After", "429 three times with Retry-After, then answers", 0, (), MADE, passing_failures(*[odd.failing(429, retry_after="0")] * 3), NEW),
    FaultCase("429 without", "429 three times without Retry-After, then answers", 0, (), MADE, passing_failures(*[odd.failing(429)] * 3), NEW),
    FaultCase("429 for good", "429 that does not pass", 5, ("429", "AINEWS_IN_FLIGHT"), NOTHING, lasting_failure(odd.failing(429))),
    FaultCase("429 for an hour", "429 that asks for a pause of an hour", 5, ("asks to wait 3600 s", "run again after that"), NOTHING, lasting_failure(odd.failing(429, retry_after="3600"))),
    FaultCase("insufficient_quota", "429 insufficient_quota", 5, ("no credit left", "check its billing"), NOTHING, lasting_failure(odd.no_credit)),
    FaultCase("401", "401, with the key in its words", 5, ("does not accept the key", "OPENAI_API_KEY"), NOTHING, lasting_failure(odd.wrong_key)),
    FaultCase("404 model", "404: no such model", 5, ("cannot ask 'test-model'", "AINEWS_MODEL"), NOTHING, lasting_failure(odd.no_model)),
    FaultCase("500s that pass", "500, 502, 503, then answers", 0, (), MADE, passing_failures(odd.failing(500), odd.failing(502), odd.failing(503)), NEW),
    FaultCase("500 for good", "500 that does not pass", 5, ("500", "attempts: 2"), NOTHING, lasting_failure(odd.failing(500))),
    FaultCase("500 half way", "500 from the fourth question on; the next run pays for the rest only", 5, ("500", "attempts: 2"), NOTHING, half_way),
    FaultCase("hang that passes", "silence for the first question, then answers", 0, (), MADE, passing_failures(odd.hang), NEW),
    FaultCase("hang", "silence for good", 5, ("did not answer in time", "AINEWS_MODEL_TIMEOUT_S"), NOTHING, lasting_failure(odd.hang)),
    FaultCase("reset that passes", "a connection that breaks in mid-answer, then answers", 0, (), MADE, passing_failures(odd.reset), NEW),
    FaultCase("reset", "connections that break in mid-answer", 5, ("attempts: 2",), NOTHING, lasting_failure(odd.reset)),
    FaultCase("content filter", "a content filter refuses one story", 0, (), MADE + ", that story quoted", filtered(odd.content_filter), NEW),
    FaultCase("refusal", "the model refuses one story", 0, (), MADE + ", that story quoted", filtered(odd.refusal), NEW),
    FaultCase("blank that passes", "a blank answer, then answers", 0, (), MADE, passing_failures(odd.blank), NEW),
    FaultCase("blank", "blank answers", 5, ("blank answers in a row", "AINEWS_MODEL"), NOTHING, lasting_failure(odd.blank)),
    FaultCase("typed parts", "content as typed parts, thoughts among them", 0, (), MADE, lasting_failure(odd.shaped(in_parts)), NEW),
    FaultCase("channels", "a draft in a channel for thoughts before the answer", 0, (), MADE, lasting_failure(odd.shaped(in_channels)), NEW),
    FaultCase("thoughts only", "the answer in the field for thoughts", 0, (), MADE, lasting_failure(odd.shaped(in_thoughts)), NEW),
    FaultCase("tool call", "the answer in the arguments of a call", 0, (), MADE, lasting_failure(odd.shaped(in_a_call)), NEW),
    FaultCase("keep-alive", "comments before the body, an event after it", 0, (), MADE, lasting_failure(odd.framed(": PROCESSING\n\n\n", "\n\ndata: [DONE]\n\n")), NEW),
    FaultCase("no message", "a choice without a message for one story", 0, (), MADE + ", that story quoted", filtered(odd.shaped(lambda _: {"message": None, "finish_reason": "content_filter: PROHIBITED_CONTENT"})), NEW),
    FaultCase("sensitive", "an ending of a filter in other words for one story", 0, (), MADE + ", that story quoted", filtered(odd.shaped(lambda _: {"message": {"content": ""}, "finish_reason": "sensitive"})), NEW),
    FaultCase("window", "a window smaller than any question", 5, ("no story of", "OLLAMA_CONTEXT_LENGTH"), NOTHING, lasting_failure(odd.reading(600))),
    FaultCase("cut that passes", "an answer cut off by the cap, whole with a longer one", 0, (), MADE, passing_failures(odd.length), NEW),
    FaultCase("cut", "answers cut off at any cap", 5, ("to none of 4 questions of", "does not end within", "set another AINEWS_MODEL"), NOTHING, lasting_failure(odd.length)),
    FaultCase("web page", "a web page with 200", 5, ("OPENAI_BASE_URL",), NOTHING, lasting_failure(odd.html)),
    FaultCase("thinking", "400 unless thinking is off", 0, (), MADE, at_first(no_thinking, 1), NEW),
    FaultCase("largest cap", "400 above a cap that its words name", 0, (), MADE, at_first(small_caps, 1), NEW),
    FaultCase("429, pause in words", "429 whose words name a pause of an hour", 5, ("asks to wait 3600 s", "run again after that"), NOTHING, lasting_failure(odd.failing(429, "Please try again in 1h0m0s."))),
    FaultCase("402 in words", "400 whose words say that the account is empty", 5, ("no credit left", "check its billing"), NOTHING, lasting_failure(odd.failing(400, "您的账户余额不足，请充值"))),
    FaultCase("quota of a day", "429 for a quota that is renewed tomorrow", 5, ("is used up", "renewed"), NOTHING, lasting_failure(odd.failing(429, "Rate limit exceeded: free-models-per-day"))),
    FaultCase("400 key", "400 whose words are about the key", 5, ("does not accept the key", "OPENAI_API_KEY"), NOTHING, lasting_failure(odd.failing(400, "API key not valid. Please pass a valid API key."))),
    FaultCase("region", "403: not in this country", 5, ("country or region",), NOTHING, lasting_failure(odd.failing(403, "Country, region, or territory not supported"))),
    FaultCase("permission", "403: not permitted", 5, ("does not permit", "may use"), NOTHING, lasting_failure(odd.failing(403, "You do not have permission", code="PERMISSION_DENIED"))),
    FaultCase("too long", "400: the question is too long", 5, ("too long", "AINEWS_SELECT_TOKENS"), NOTHING, lasting_failure(odd.too_long)),
    FaultCase("overloaded", "429: the engine is overloaded", 5, ("overloaded", "try again later"), NOTHING, lasting_failure(odd.failing(429, "The engine is currently overloaded"))),
    FaultCase("moderation", "a filter's 400 for one story", 0, (), MADE + ", that story quoted", filtered(odd.failing(400, "Content Exists Risk")), NEW),
    FaultCase("extra body", "AINEWS_EXTRA_BODY that is no JSON", 2, ("AINEWS_EXTRA_BODY", "no JSON"), NOTHING, setting("EXTRA_BODY", "enable_thinking", "such as")),
    FaultCase("extra body, ours", "AINEWS_EXTRA_BODY with a model", 2, ("AINEWS_EXTRA_BODY", "AINEWS_MODEL"), NOTHING, setting("EXTRA_BODY", '{"model": "x"}', "'model'")),
    FaultCase("fallback, 404", "no such model, and a fallback model", 0, ("cannot ask 'test-model'", GOES_ON), MADE + ", which names the fallback", falling_back(odd.no_model, SPARE), NEW),
    FaultCase("fallback, quota", "no credit for the model, and a fallback model", 0, ("no credit left", GOES_ON), MADE + ", which names the fallback", falling_back(odd.no_credit, SPARE), NEW),
    FaultCase("fallback, 500", "500 from the fourth question on, and a fallback model", 0, ("500", GOES_ON), MADE + ", which names both models", falling_back(odd.failing(500), f"test-model + {SPARE}", 3), NEW),
    FaultCase("fallback unknown", "no such model, and no such fallback model", 5, (f"cannot ask '{SPARE}'", "AINEWS_MODEL"), NOTHING, both_down),
    FaultCase("fallback, 401", "the key is not accepted, and a fallback model", 5, ("OPENAI_API_KEY",), NOTHING + "; the fallback is not asked", not_for_a_key),
)
# fmt: on
