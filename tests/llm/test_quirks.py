"""What a rejection teaches: one row a server's own words, with the form that is tried next."""

from typing import Any

import pytest

from pipeline.llm.capabilities import ServerCapabilities, batch_body, fit_request, request_fields
from pipeline.llm.quirks import next_capabilities

SENT: dict[str, Any] = {
    "model": "m",
    "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
    "max_tokens": 12000,
    "temperature": 0.2,
    "response_format": {"type": "json_schema"},
}
NO_THINKING = {"required_fields": {"enable_thinking": False}}
THINKING_DISABLED = {"required_fields": {"thinking": {"type": "disabled"}}}
IN_TEMPLATE = {"required_fields": {"chat_template_kwargs": {"enable_thinking": False}}}
NO_TEMPERATURE = {"refused_fields": ("temperature",)}

# Words, and what is learnt from them.
LESSONS: list[tuple[str, dict[str, Any]]] = [
    # thinking
    ("parameter.enable_thinking must be set to false for non-streaming calls", NO_THINKING),
    ("parameter.enable_thinking必须设置为false才能进行非流式调用", NO_THINKING),
    ("parameter.enable_thinking only support stream call", NO_THINKING),
    ("Json mode response is not supported when enable_thinking is true", NO_THINKING),
    ("set chat_template_kwargs.enable_thinking to false for this model", IN_TEMPLATE),
    ("thinking.type must be 'disabled' for structured output", THINKING_DISABLED),
    ("response_format is not supported when thinking is enabled", THINKING_DISABLED),
    ("Thinking mode does not support response_format", THINKING_DISABLED),
    ('thinking: must be {"type": "disabled"}', THINKING_DISABLED),
    ("Only non-thinking mode is available for this key", THINKING_DISABLED),
    ("reasoning_effort must be set to 'none'", {"required_fields": {"reasoning_effort": "none"}}),
    (
        "reasoning.effort: supported values are 'minimal', 'low', 'medium'",
        {"required_fields": {"reasoning_effort": "minimal"}},
    ),
    # streaming
    ("This model only support stream mode, please enable the stream parameter", {"stream": True}),
    ("Stream must be set to true", {"stream": True}),
    ("'stream' must be true", {"stream": True}),
    ("Non-streaming requests are not supported by this model", {"stream": True}),
    ("This endpoint does not support non-streaming", {"stream": True}),
    ("Only streaming is supported", {"stream": True}),
    ("该模型仅支持流式输出", {"stream": True}),
    ("stream=true is required for this model", {"stream": True}),
    ("Please use streaming for this model", {"stream": True}),
    # the largest cap
    ("Range of max_tokens should be [1, 8192]", {"most_tokens": 8192}),
    ("<400> InternalError.Algo: Range of max_tokens should be [1, 8192]", {"most_tokens": 8192}),
    ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", {"most_tokens": 8192}),
    ("max_tokens must be <= 8192", {"most_tokens": 8192}),
    ("max_tokens must be less than or equal to 8,192", {"most_tokens": 8192}),
    (
        (
            "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is "
            "less than the `context_window` for this model"
        ),
        {"most_tokens": 8192},
    ),
    ("`max_tokens` must be an integer between 1 and 1024.", {"most_tokens": 1024}),
    ("field MaxTokens invalid, should be in [1, 6553]", {"most_tokens": 6553}),
    ("max_tokens: 12000 > 8192, which is the maximum allowed", {"most_tokens": 8192}),
    (
        (
            "max_tokens is too large: 12000. This model supports at most 4096 completion tokens, "
            "whereas you provided 12000."
        ),
        {"most_tokens": 4096},
    ),
    (
        (
            "it has a maxOutputTokens value of 12000 but the supported range is from 1 (inclusive) to "
            "8193 (exclusive)"
        ),
        {"most_tokens": 8192},
    ),
    ("max_tokens (12000) exceeds limit 4096", {"most_tokens": 4096}),
    ("max_tokens 参数非法。限制数值范围[1,4095]", {"most_tokens": 4095}),
    ("max_tokens不能超过4096", {"most_tokens": 4096}),
    ("Max tokens must be at most 8192", {"most_tokens": 8192}),
    ("max_tokens must be in (0, 8192]", {"most_tokens": 8192}),
    ("The maximum value for max_tokens is 4096", {"most_tokens": 4096}),
    ("max_tokens: Input should be less than or equal to 8192", {"most_tokens": 8192}),
    ("max_tokens should be less than 8193", {"most_tokens": 8192}),
    ("max_tokens can't be greater than 8192", {"most_tokens": 8192}),
    # its name
    (
        "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
        {"token_param": "max_completion_tokens"},
    ),
    # fields that are refused
    ("invalid temperature: only 1 is allowed for this model", NO_TEMPERATURE),
    (
        (
            "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default "
            "(1) value is supported."
        ),
        NO_TEMPERATURE,
    ),
    ("temperature is not supported by this model", NO_TEMPERATURE),
    ("`temperature` is deprecated for this model.", NO_TEMPERATURE),
    ("m does not support parameters: ['temperature']", NO_TEMPERATURE),
    ("Unrecognized request argument supplied: temperature", NO_TEMPERATURE),
    ("body.temperature: Extra inputs are not permitted extra_forbidden", NO_TEMPERATURE),
    ('Invalid JSON payload received. Unknown name "temperature"', NO_TEMPERATURE),
    ("property 'temperature' is unsupported", NO_TEMPERATURE),
    ("Additional properties are not allowed ('temperature' was unexpected)", NO_TEMPERATURE),
    ("unknown field `temperature`, expected one of `model`, `messages`", NO_TEMPERATURE),
    # the system part
    ("System role not supported", {"merge_system": True}),
    ("Developer instruction is not enabled for models/gemma-3-27b-it", {"merge_system": True}),
    ("Conversation roles must alternate user/assistant/user/assistant/...", {"merge_system": True}),
    ("Only user and assistant roles are supported!", {"merge_system": True}),
    (
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        {"merge_system": True},
    ),
    ("system message is not supported", {"merge_system": True}),
    ("Invalid value: 'system'. Supported values are: 'user', 'assistant'", {"merge_system": True}),
    ('Unexpected role "system". Use the top-level system parameter', {"merge_system": True}),
    # the format
    ("'messages' must contain the word 'json' in some form", {"json_word": True}),
    ("'response_format.type' must be 'text'", {"mode": "json_object"}),
    ("This response_format type is unavailable now", {"mode": "json_object"}),
    ("Unrecognized request argument supplied: response_format", {"mode": "json_object"}),
]

# Words from which nothing is learnt about this request.
NO_LESSONS = [
    "no",
    "max_tokens is too large",
    "This model's maximum context length is 8192 tokens; you sent 9000 with max_tokens 12000",
    (
        "'max_tokens' is too large: 12000. This model's maximum context length is 8192 tokens and your "
        "request has 1234 input tokens (12000 > 8192 - 1234)."
    ),
    "unknown field `seed`",
    "property 'parallel_tool_calls' is unsupported",
    "max_tokens must be <= 16000",
    "thinking is not available for your account",
    "This model cannot disable thinking",
    "This model cannot be used without thinking",
    "The model `x` does not exist",
    "Content Exists Risk",
    "Incorrect API key provided",
    "Insufficient Balance",
    "`inputs` tokens + `max_new_tokens` must be <= 8192. Given: 7000 `inputs` tokens",
]


@pytest.mark.parametrize(("text", "update"), LESSONS)
def test_a_form_is_learnt_from_the_words_that_name_it(text: str, update: dict[str, Any]) -> None:
    """Whatever else the server is known for stays, and whichever status says so."""
    now = ServerCapabilities(extra_body={"a": 1})
    learnt = [next_capabilities(now, status, text, SENT) for status in (400, 422, None)]
    assert learnt == [now.model_copy(update=update)] * 3


@pytest.mark.parametrize("text", NO_LESSONS)
def test_other_words_teach_nothing(text: str) -> None:
    """Only what was sent, and is named, can be left out or changed."""
    assert next_capabilities(ServerCapabilities(), 400, text, SENT) is None


def test_a_grammar_that_cannot_be_made_is_about_the_form() -> None:
    """Some servers fail where they make one of a schema, and answer 500."""
    for text in (
        "Failed to compile json schema grammar",
        "failed to parse grammar",
        "Grammar error: unsupported keyword",
    ):
        learnt = next_capabilities(ServerCapabilities(), 500, text, SENT)
        assert learnt == ServerCapabilities(mode="json_object")
    assert (
        next_capabilities(ServerCapabilities(), 500, "cannot parse the schema file", SENT) is None
    )


@pytest.mark.parametrize("status", [401, 402, 403, 409, 413, 429, 500, 503])
def test_no_other_status_is_about_the_form(status: int) -> None:
    """But that of a model's template, which fails as if the server had."""
    learnt = {
        text
        for text, update in LESSONS
        if next_capabilities(ServerCapabilities(), status, text, SENT)
        and not (status >= 500 and update == {"merge_system": True})
    }
    assert learnt == set()


@pytest.mark.parametrize(
    ("known", "text", "after"),
    [
        (
            NO_THINKING,
            "Unknown parameter: enable_thinking",
            {"refused_fields": ("enable_thinking",)},
        ),
        (
            NO_THINKING,
            "The value of the enable_thinking parameter is restricted to True.",
            {"stream": True},
        ),
        (
            NO_THINKING,
            "parameter.enable_thinking must be false for non-streaming",
            {**NO_THINKING, "stream": True},
        ),
        ({"stream": True}, "Unsupported value: 'stream' does not support true", {"stream": False}),
        (
            {"stream": True},
            "property 'stream_options' is unsupported, did you mean 'stream'?",
            {"stream": True, "refused_fields": ("stream_options",)},
        ),
        (
            {"required_fields": {"reasoning_effort": "none"}},
            "'reasoning_effort' does not support 'none'. Supported values are: 'low' and 'high'.",
            {"required_fields": {"reasoning_effort": "low"}},
        ),
        ({"most_tokens": 8192}, "max_tokens must be <= 4096", {"most_tokens": 4096}),
    ],
)
def test_a_lesson_that_was_wrong_is_drawn_back(
    known: dict[str, Any], text: str, after: dict[str, Any]
) -> None:
    """By what the server says of the field that it was taught with."""
    now = ServerCapabilities(**known)
    fields = request_fields(now, 12000)
    sent = SENT | fields | fields.pop("extra_body")
    assert next_capabilities(now, 400, text, sent) == ServerCapabilities(**after)


@pytest.mark.parametrize("text", [*(text for text, _ in LESSONS), *NO_LESSONS])
def test_a_server_that_never_has_enough_is_asked_a_few_times_only(text: str) -> None:
    """The same words again and again lead to an end."""
    tried = [ServerCapabilities()]
    while len(tried) < 12:
        fields = request_fields(tried[-1], 12000)
        sent = SENT | fields | fields.pop("extra_body")
        after = next_capabilities(tried[-1], 400, text, sent)
        if after is None or after in tried:
            break
        tried.append(after)
    assert len(tried) < 8


def test_a_request_takes_the_form_that_was_learnt() -> None:
    """Fields come and go, the cap is bounded, the system part and the word json stand elsewhere."""
    known = ServerCapabilities(
        most_tokens=4096,
        stream=True,
        merge_system=True,
        json_word=True,
        required_fields={"enable_thinking": False},
        refused_fields=("temperature", "stream_options"),
        extra_body={"top_k": 1},
    )
    request = {"model": "m", "messages": SENT["messages"], "temperature": 0.2}
    request |= request_fields(known, 12000)
    fitted = fit_request(request, known, json_words="Answer in JSON.")
    assert fitted == {
        "model": "m",
        "messages": [{"role": "user", "content": "s\n\nu\n\nAnswer in json."}],
        "max_tokens": 4096,
        "extra_body": {"top_k": 1, "stream": True, "enable_thinking": False},
    }
    assert "stream" not in batch_body(fitted)
    assert batch_body(fitted)["enable_thinking"] is False
