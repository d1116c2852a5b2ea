"""What is checked of the settings of a model's server: its address, and fields of its requests.

Pure. `settings.py` holds the values; how they are used is for `llm/`.
"""

import json
import re
from typing import Any, Final, NoReturn
from urllib.parse import SplitResult, urlsplit

from pydantic import JsonValue, SecretStr
from pydantic_core import SchemaValidator, Url, core_schema

from pipeline.patterns import lazy_pattern

# Blanks, quotes and brackets that are copied with an address, those that nobody sees included.
_AROUND: Final = " \t\r\n\u00a0\u200b\u2060\u3000\ufeff\"'`<>“”‘’,;"
_ADDRESS: Final = lazy_pattern(r"[A-Za-z][\w+.-]*://[^/?#\s]")
# Calls that are pasted with the address of their server.
_CALLS: Final = lazy_pattern(
    r"/chat/completions$|(?<=/v1)/(?:completions|responses|models|embeddings|messages|chat)$"
)
# Where the protocol is spoken, by the end of the host's name; all others speak it under /v1.
_PATHS: Final = {
    "openai.azure.com": "/openai/v1",
    "cognitiveservices.azure.com": "/openai/v1",
    "services.ai.azure.com": "/openai/v1",
    "generativelanguage.googleapis.com": "/v1beta/openai",
    "openrouter.ai": "/api/v1",
    "aliyuncs.com": "/compatible-mode/v1",
    "open.bigmodel.cn": "/api/paas/v4",
    "api.z.ai": "/api/paas/v4",
    "volces.com": "/api/v3",
    "api.groq.com": "/openai/v1",
    "qianfan.baidubce.com": "/v2",
    "api.fireworks.ai": "/inference/v1",
}
_OTHER_PROTOCOL: Final = lazy_pattern(r"(?:/api(?:/(?:v0|chat|generate|tags))?|/chat|/models)$")
_OURS: Final = {
    "messages": "the questions are in prompts/",
    "model": "set AINEWS_MODEL",
    "max_tokens": "the caps are in prompts/",
    "max_completion_tokens": "the caps are in prompts/",
    "max_output_tokens": "the caps are in prompts/",
    "n": "one answer is read",
}


_HTTP_URL: Final = SchemaValidator(
    core_schema.url_schema(allowed_schemes=["http", "https"], max_length=2083)
)


def check_http_url(value: str) -> Url:
    """Check an address as pydantic's `HttpUrl` does, which comes with all other kinds of addresses.

    Raises:
        ValueError: says what is wrong with it.
    """
    if not _ADDRESS.match(value):
        raise ValueError("an address needs http or https and a host, as in https://example.org")
    url: Url = _HTTP_URL.validate_python(value)
    return url


def clean_model_url(value: str) -> str:
    """Check the address of a model's server; its path ends in one slash, its query stays.

    What is copied with it by mistake is taken off: blanks, quotes, the path of a call.
    """
    value = value.strip(_AROUND)
    check_http_url(value)
    if not value.isprintable() or " " in value:
        raise ValueError("an address without blanks is needed")
    parts = urlsplit(value)
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    path = _CALLS.sub("", path).rstrip("/")
    return parts._replace(path=f"{path}/", fragment="").geturl()


def corrected_address(base_url: str) -> str:
    """Guess the address that is meant by one that does not work; nothing where none is better.

    It holds no user and no password.
    """
    parts = urlsplit(base_url)
    path = parts.path.rstrip("/")
    right = _right_path(parts, path)
    if right == path:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, path=right, fragment="").geturl()


def check_extra_body(value: SecretStr) -> SecretStr:
    """Check that a text is a JSON object that names none of our own fields."""
    parse_extra_body(value)
    return value


def parse_extra_body(value: SecretStr | None) -> dict[str, JsonValue]:
    """Read additional fields of a request; none where none are set.

    Raises:
        ValueError: they are no JSON object, or one of them is ours; never says a value.
    """
    if value is None:
        return {}
    try:
        fields = json.loads(
            value.get_secret_value(),
            object_pairs_hook=_unique_pairs,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        message = f"no JSON at character {error.pos + 1}, where an object is needed"
        raise ValueError(f'{message}, such as {{"enable_thinking": false}}') from None
    except RecursionError:
        raise ValueError("the object is nested too deeply") from None
    if not isinstance(fields, dict):
        raise ValueError('a JSON object is needed, such as {"enable_thinking": false}')  # noqa: TRY004 - a setting
    for name, todo in _OURS.items():
        if name in fields:
            raise ValueError(f"the field {name!r} cannot stand in it: {todo}")
    return fields


def _right_path(parts: SplitResult, path: str) -> str:
    host = parts.hostname or ""
    for end, known in _PATHS.items():
        if host == end or host.endswith(f".{end}"):
            return path if path.startswith((known, "/openai/deployments/")) else known
    if "/deployments/" in path:
        return path
    if (once := re.sub(r"(/v\d+)(?:\1)+$", r"\1", path)) != path:
        return once
    plain = _OTHER_PROTOCOL.sub("", path)
    if plain == path and re.search(r"/v\d+(?:beta\d*)?(?:/openai)?$", path):
        return path
    return f"{plain}/v1"


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object in it names a field twice")
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("a number in it is none")
