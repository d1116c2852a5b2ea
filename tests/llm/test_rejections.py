"""What a rejection means: one row a provider's own words, with the error and what to do."""

import pytest

from pipeline.errors import ModelError, ModelRefused, ModelTransient, ModelUnavailable
from pipeline.llm.rejections import RejectionKind, RequestRejected, classify_rejection

CREDIT, KEY, MODEL = "check its billing", "OPENAI_API_KEY", "AINEWS_MODEL"
LENGTH, FILTER = "AINEWS_SELECT_TOKENS", "content filter"

# Status, words, and what stands in the line.
ROWS: list[tuple[int | None, str, type[ModelError], str]] = [
    # credit
    (402, "Insufficient Balance", ModelUnavailable, CREDIT),
    (402, "This request requires more credits, or fewer max_tokens.", ModelUnavailable, CREDIT),
    (429, "You exceeded your current quota insufficient_quota", ModelUnavailable, CREDIT),
    (429, "账户余额不足，请充值后重试 1113", ModelUnavailable, CREDIT),
    (403, "您的账户已欠费", ModelUnavailable, CREDIT),
    (None, "Access denied, make sure your account is in good standing. Arrearage", ModelUnavailable, CREDIT),
    (None, "insufficient balance 1008", ModelUnavailable, CREDIT),
    (400, "Your credit balance is too low to access the API", ModelUnavailable, CREDIT),
    (429, "Your account is suspended due to insufficient balance, please recharge", ModelUnavailable, CREDIT),
    (403, "The request failed because your account has an overdue balance", ModelUnavailable, CREDIT),
    (403, "Sorry, your account balance is insufficient 30001", ModelUnavailable, CREDIT),
    (400, "Billing hard limit has been reached billing_hard_limit_reached", ModelUnavailable, CREDIT),
    # what stands between
    (407, "Proxy Authentication Required", ModelError, "the proxy"),
    (511, "Network Authentication Required", ModelError, "the proxy"),
    # a quota that is renewed
    (429, "Open api daily request limit reached 17", ModelUnavailable, "used up"),
    (429, "Quota exceeded GenerateRequestsPerDayPerProjectPerModel-FreeTier", ModelUnavailable, "used up"),
    (429, "Rate limit exceeded: free-models-per-day", ModelUnavailable, "used up"),
    # the key
    (401, "Incorrect API key provided", ModelError, KEY),
    (400, "API key not valid. Please pass a valid API key. INVALID_ARGUMENT", ModelError, KEY),
    (None, "Invalid API-key provided. InvalidApiKey", ModelError, KEY),
    (None, "login fail: Please carry the API secret key 1004", ModelError, KEY),
    (401, "无效的令牌", ModelError, KEY),
    (None, "Authorization Token非法，请确认Authorization Token正确传递。 1002", ModelError, KEY),
    (400, "API Key 无效", ModelError, KEY),
    (403, "no", ModelError, KEY),
    # the model
    (404, "The model `x` does not exist or you do not have access to it.", ModelUnavailable, MODEL),
    (404, "model 'x' not found, try pulling it first", ModelUnavailable, MODEL),
    (404, "The API deployment for this resource does not exist. DeploymentNotFound", ModelUnavailable, MODEL),
    (400, "x is not a valid model ID", ModelUnavailable, MODEL),
    (404, "No endpoints found for x.", ModelUnavailable, MODEL),
    (400, "Model Not Exist", ModelUnavailable, MODEL),
    (404, "Not found the model x or Permission denied", ModelUnavailable, MODEL),
    (400, "模型不存在，请检查模型代码。", ModelUnavailable, MODEL),
    (404, "No models loaded. Please load a model in the developer page", ModelUnavailable, MODEL),
    (403, "Project does not have access to model x", ModelUnavailable, MODEL),
    (403, "Access to model denied. AccessDenied.Unpurchased", ModelUnavailable, MODEL),
    (404, "Model names are case-sensitive: model not found", ModelUnavailable, MODEL),
    # the address
    (404, "404 page not found", ModelError, "OPENAI_BASE_URL"),
    (404, "Not Found", ModelError, "OPENAI_BASE_URL"),
    (None, "Unexpected endpoint or method. (POST /chat/completions)", ModelError, "OPENAI_BASE_URL"),
    # the length
    (400, "This model's maximum context length is 8192 tokens", ModelError, LENGTH),
    (400, "the request exceeds the available context size. exceed_context_size_error", ModelError, LENGTH),
    (413, 'a web page, "413 Request Entity Too Large"', ModelError, LENGTH),
    (400, "输入内容过长，超过了模型的限制", ModelError, LENGTH),
    (400, "Input tokens 9000 exceed the limit of 8000", ModelError, LENGTH),
    # the filter: one question, not the night
    (400, "Content Exists Risk", ModelRefused, FILTER),
    (400, "Input data may contain inappropriate content. data_inspection_failed", ModelRefused, FILTER),
    (400, "filtered due to the prompt triggering Azure OpenAI's content management policy", ModelRefused, FILTER),
    (400, "The request was rejected because it was considered high risk", ModelRefused, FILTER),
    (400, "系统检测到输入或生成内容可能包含不安全或敏感内容 1301", ModelRefused, FILTER),
    (403, "Your chosen model requires moderation and your input was flagged", ModelRefused, FILTER),
    (451, "The content you provided is blocked. censorship_blocked", ModelRefused, FILTER),
    (400, "SensitiveContentDetected", ModelRefused, FILTER),
    # place and permission
    (403, "Country, region, or territory not supported", ModelError, "country or region"),
    (400, "User location is not supported for the API use.", ModelError, "country or region"),
    (403, "You do not have permission to use this. PERMISSION_DENIED", ModelUnavailable, "may use"),
    (403, 'a web page, "Attention Required! | Cloudflare"', ModelError, "stands before"),
    # what passes
    (429, "Rate limit reached for requests", ModelTransient, "AINEWS_IN_FLIGHT"),
    (429, "Your limit is 40,000 input tokens per minute; this would exceed it", ModelTransient, "AINEWS_IN_FLIGHT"),
    (429, "The engine is currently overloaded, please try again later", ModelTransient, "try again later"),
    (429, "当前模型负载过高，请稍后再试", ModelTransient, "try again later"),
    (529, "Overloaded overloaded_error", ModelTransient, "try again later"),
    (503, 'a web page, "503 Service Temporarily Unavailable"', ModelTransient, "try again later"),
    (None, "Requests rate limit exceeded Throttling", ModelTransient, "try again later"),
    # none of these
    (400, "Something is odd with this model invalid_request_error", ModelError, "--verbose"),
    (400, "Invalid token count in messages", ModelError, "--verbose"),
    (400, "missing key 'foo' in body", ModelError, "--verbose"),
    (400, "max_tokens 无效", ModelError, "--verbose"),
    (400, 'a web page, "400 Bad Request"', ModelError, "--verbose"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "text", "kind", "todo"), ROWS)
def test_advice_fits_the_words(
    status: int | None, text: str, kind: type[ModelError], todo: str
) -> None:
    """One line with the server's words and what to do; the class says who else is asked."""
    error = RequestRejected(status, text).to_error("host.example", "some-model")
    assert type(error) is kind
    assert todo in str(error)
    assert text in str(error)


def test_a_limit_of_a_day_that_slides_passes() -> None:
    """Where a server grants another try in some seconds; not where its quota says otherwise."""
    said = "Rate limit reached on tokens per day (TPD): Limit 100000, Used 99900"
    assert type(RequestRejected(429, said, 20.0).to_error("h", "m")) is ModelTransient
    assert type(RequestRejected(429, said, 200.0).to_error("h", "m")) is ModelUnavailable
    daily = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
    assert type(RequestRejected(429, daily, 20.0).to_error("h", "m")) is ModelUnavailable


def test_a_better_address_stands_in_the_line() -> None:
    """Where the address may be wrong, and nowhere else."""
    better = "http://127.0.0.1:1234/v1"
    for status in (404, 405):
        wrong = RequestRejected(status, "Not Found", address=better)
        assert str(wrong.to_error("h", "m")).endswith(f"set OPENAI_BASE_URL to {better}")
    other = RequestRejected(400, "no", address=better)
    assert better not in str(other.to_error("h", "m"))


@pytest.mark.parametrize("status", [500, 502, 503, 529])
def test_a_server_that_is_down_may_say_anything(status: int) -> None:
    """It passes, whatever it says."""
    kinds: set[RejectionKind] = {classify_rejection(status, text) for _, text, _, _ in ROWS}
    assert kinds == {"transient"}
