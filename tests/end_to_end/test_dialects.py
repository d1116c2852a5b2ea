"""Whole digests from servers that speak as providers do, by their documents and issue trackers.

Each row is one provider with its path, its names, its odd answers and its errors; the command asks
it through the real SDK. What it must learn on the way is in the row, too.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dialect_server import Call, Dialect, DialectServer, Said, in_pieces
from faults.bench import FaultBench

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")

KEY = "sk-planted-key"
Check = Callable[[Call], Said | None]
ErrorBody = dict[str, Any]


def openai_error(message: str, code: object = None, **more: object) -> ErrorBody:
    """Write an error as OpenAI does."""
    return {"error": {"message": message, "type": "invalid_request_error", "code": code, **more}}


def first_of(*checks: Check) -> Check:
    """Turn down what the first of several checks does."""
    return lambda call: next((said for check in checks if (said := check(call))), None)


def without(field: str, value: object, said: Said) -> Check:
    """Turn down a body that does not have this value in a field."""
    return lambda call: None if call.body.get(field) == value else said


def having(field: str, said: Said) -> Check:
    """Turn down a body that has a field."""
    return lambda call: said if field in call.body else None


def azure_key(call: Call) -> Said | None:
    """Know the key by Azure's own header only, and need a version."""
    if call.headers.get("api-key") != KEY:
        return Said(401, {"error": {"code": "401", "message": "Access denied due to invalid key"}})
    if "deployments" in call.path and call.query.get("api-version") != "2024-10-21":
        return Said(404, {"error": {"code": "404", "message": "Resource not found"}})
    return None


def azure_dress(completion: dict[str, Any], _call: Call) -> object:
    """Add the verdicts of the filter."""
    (choice,) = completion["choices"]
    verdict = {"hate": {"filtered": False, "severity": "safe"}}
    choice["content_filter_results"] = verdict
    return completion | {
        "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": verdict}]
    }


def vllm_dress(completion: dict[str, Any], _call: Call) -> object:
    """Add the fields that are null."""
    (choice,) = completion["choices"]
    choice["message"] |= {"reasoning_content": None, "tool_calls": [], "function_call": None}
    choice["stop_reason"] = None
    completion["usage"] |= {"prompt_tokens_details": None}
    return completion | {"prompt_logprobs": None, "kv_transfer_params": None}


def openrouter_dress(completion: dict[str, Any], _call: Call) -> object:
    """Keep the connection alive by blanks, and name who answered."""
    (choice,) = completion["choices"]
    choice["native_finish_reason"] = "stop"
    choice["message"] |= {"reasoning": None, "refusal": None}
    return "\n         \n\n" + json.dumps(completion | {"provider": "Somebody"})


def kimi_dress(completion: dict[str, Any], _call: Call) -> object:
    """Think in a field of its own."""
    (choice,) = completion["choices"]
    choice["message"]["reasoning_content"] = "用户要一个 JSON 对象。"
    return completion


ONE_MODEL = without(
    "model",
    "test-model",
    Said(404, openai_error("The model `x` does not exist.", 404, type="NotFoundError")),
)
GEMINI_BUSY = [
    {
        "error": {
            "code": 429,
            "message": "You exceeded your current quota. Please retry in 0.05s.",
            "status": "RESOURCE_EXHAUSTED",
            "details": [
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.05s"}
            ],
        }
    }
]
GEMINI_UNKNOWN = [
    {
        "error": {
            "code": 400,
            "message": 'Invalid JSON payload received. Unknown name "seed": Cannot find field.',
            "status": "INVALID_ARGUMENT",
        }
    }
]

# One row a provider: its dialect, settings besides, and how many calls it turns down at most.
DIALECTS: dict[str, tuple[Dialect, dict[str, str], int]] = {
    "azure deployment": (
        Dialect(
            "/openai/deployments/my-gpt?api-version=2024-10-21",
            first_of(
                azure_key,
                having(
                    "max_tokens",
                    Said(
                        400,
                        openai_error(
                            "Unsupported parameter: 'max_tokens' is not supported with this "
                            "model. Use 'max_completion_tokens' instead.",
                            "unsupported_parameter",
                        ),
                    ),
                ),
            ),
            azure_dress,
        ),
        {},
        20,
    ),
    "azure v1": (Dialect("/openai/v1", ONE_MODEL, azure_dress), {}, 0),
    "ollama": (
        Dialect(
            "/v1",
            ONE_MODEL,
            lambda completion, _call: completion | {"system_fingerprint": "fp_ollama"},
            Said(404, "404 page not found"),
        ),
        {},
        0,
    ),
    "vllm": (Dialect("/v1", ONE_MODEL, vllm_dress), {}, 0),
    "vllm, gemma": (
        Dialect(
            "/v1",
            lambda call: (
                Said(400, openai_error("System role not supported", 400))
                if call.body["messages"][0]["role"] == "system"
                else None
            ),
            vllm_dress,
        ),
        {},
        20,
    ),
    "lm studio": (
        Dialect(
            "/v1",
            lambda call: (
                Said(400, {"error": "'response_format.type' must be 'json_schema' or 'text'"})
                if call.format == "json_object"
                else None
            ),
            lambda completion, _call: completion | {"stats": {}},
            Said(200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
        ),
        {},
        0,
    ),
    "llama.cpp, loading": (
        Dialect(
            "/v1",
            lambda call: (
                Said(
                    503,
                    {
                        "error": {
                            "message": "Loading model",
                            "type": "unavailable_error",
                            "code": 503,
                        }
                    },
                )
                if call.number == 0
                else None
            ),
            lambda completion, _call: (
                completion | {"timings": {"prompt_n": 900, "predicted_ms": 1.0}}
            ),
        ),
        {},
        1,
    ),
    "openrouter": (
        Dialect(
            "/api/v1",
            lambda call: (
                Said(
                    200,
                    {
                        "error": {
                            "message": "Provider returned error",
                            "code": 429,
                            "metadata": {"raw": "m is temporarily rate-limited upstream."},
                        }
                    },
                )
                if call.number == 0
                else None
            ),
            openrouter_dress,
        ),
        {},
        1,
    ),
    "gemini": (
        Dialect(
            "/v1beta/openai",
            first_of(
                lambda call: Said(429, GEMINI_BUSY) if call.number == 0 else None,
                having("seed", Said(400, GEMINI_UNKNOWN)),
            ),
        ),
        {"AINEWS_EXTRA_BODY": '{"seed": 7}'},
        20,
    ),
    "kimi": (
        Dialect(
            "/v1",
            having(
                "temperature",
                Said(400, openai_error("invalid temperature: only 1 is allowed for this model")),
            ),
            kimi_dress,
        ),
        {"AINEWS_TEMPERATURE": "0.2"},
        20,
    ),
    "dashscope, qwen3": (
        Dialect(
            "/compatible-mode/v1",
            first_of(
                without(
                    "enable_thinking",
                    value=False,
                    said=Said(
                        400,
                        openai_error(
                            "parameter.enable_thinking must be set to false for non-streaming calls",
                            "invalid_parameter_error",
                        ),
                    ),
                ),
                lambda call: (
                    Said(
                        400,
                        openai_error(
                            "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be "
                            "[1, 4096]"
                        ),
                    )
                    if call.body["max_tokens"] > 4096
                    else None
                ),
                lambda call: (
                    Said(
                        400, openai_error("'response_format.type' of json_schema is not supported")
                    )
                    if call.format == "json_schema"
                    else None
                ),
                lambda call: (
                    Said(
                        400,
                        openai_error(
                            "'messages' must contain the word 'json' in some form, to use "
                            "'response_format' of type 'json_object'."
                        ),
                    )
                    if call.format == "json_object"
                    and "json" not in call.body["messages"][-1]["content"]
                    else None
                ),
            ),
        ),
        {},
        30,
    ),
    "dashscope, qwq": (
        Dialect(
            "/compatible-mode/v1",
            without(
                "stream",
                value=True,
                said=Said(
                    400,
                    openai_error(
                        "This model only support stream mode, please enable the stream parameter "
                        "to access the model. ",
                        "invalid_parameter_error",
                    ),
                ),
            ),
            in_pieces,
        ),
        {},
        20,
    ),
    "mistral, streaming": (
        Dialect(
            "/v1",
            first_of(
                without(
                    "stream", value=True, said=Said(400, {"detail": "Stream must be set to true"})
                ),
                having(
                    "stream_options",
                    Said(
                        422,
                        {
                            "object": "error",
                            "message": {
                                "detail": [
                                    {
                                        "type": "extra_forbidden",
                                        "loc": ["body", "stream_options", "include_usage"],
                                        "msg": "Extra inputs are not permitted",
                                        "input": True,
                                    }
                                ]
                            },
                        },
                    ),
                ),
            ),
            in_pieces,
        ),
        {},
        40,
    ),
    "groq, streaming": (
        Dialect(
            "/openai/v1",
            first_of(
                without(
                    "stream",
                    value=True,
                    said=Said(400, openai_error("non-streaming calls are not supported")),
                ),
                having(
                    "stream_options",
                    Said(
                        400,
                        openai_error(
                            "property 'stream_options' is unsupported, did you mean 'stream'?"
                        ),
                    ),
                ),
            ),
            in_pieces,
        ),
        {},
        40,
    ),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_a_whole_digest_comes_from_every_dialect(bench: FaultBench, name: str) -> None:
    """What the server wants is learnt in the first questions, and known in the next run."""
    dialect, settings, most = DIALECTS[name]
    with DialectServer(dialect) as server:
        for variable, value in settings.items():
            bench.monkeypatch.setenv(variable, value)
        bench.monkeypatch.setenv("OPENAI_API_KEY", KEY)
        bench.monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        ended = bench.file()
        assert ended.code == 0, ended.err
        assert bench.names() == ("2026-01-30",)
        assert KEY not in ended.err
        assert len(server.calls) <= 6 + most
        server.calls.clear()
        again = bench.run("run", "--source", "26-01-30-sampler.md", "--date", "2026-01-31")
        assert again.code == 0, again.err
        # Answers are kept, and so is the form: nothing is turned down any more.
        assert not [call for call in server.calls if dialect.check(call._replace(number=9))]


@pytest.mark.parametrize(
    ("base", "elsewhere", "said"),
    [
        ("", Said(404, "404 page not found"), "/v1"),
        ("/", Said(404, {"detail": "Not Found"}), "/v1"),
        ("/api", Said(404, "404 page not found"), "/v1"),
        ("/v1/v1", Said(404, {"detail": "Not Found"}), "/v1"),
        (
            "",
            Said(200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
            "/v1",
        ),
        ("/", Said(200, "<!doctype html><title>Open WebUI</title>"), "/v1"),
        ("", Said(405, {"detail": "Method Not Allowed"}), "/v1"),
    ],
)
def test_an_address_without_its_path_is_corrected_in_the_line(
    bench: FaultBench, base: str, elsewhere: Said, said: str
) -> None:
    """Ollama's root, vLLM's, LM Studio's error with 200, a page: the address that is meant."""
    with DialectServer(Dialect("/nowhere", elsewhere=elsewhere)) as server:
        bench.monkeypatch.setenv("OPENAI_API_KEY", KEY)
        bench.monkeypatch.setenv("OPENAI_BASE_URL", server.root + base)
        ended = bench.file()
        assert ended.code == 5
        assert ended.last.endswith(f"set OPENAI_BASE_URL to {server.root}{said}"), ended.err
        assert len(server.calls) == 1
