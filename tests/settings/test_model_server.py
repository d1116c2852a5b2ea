"""The address of a model's server as people paste it, and fields of their own."""

import pytest
from pydantic import SecretStr

from pipeline.errors import SettingsError
from pipeline.settings import corrected_address, load
from pipeline.settings.model_server import clean_model_url, parse_extra_body


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("https://h/v1", "https://h/v1/"),
        ("https://h/v1///", "https://h/v1/"),
        ("  https://h/v1 \n", "https://h/v1/"),
        ('"https://h/v1"', "https://h/v1/"),
        ("“https://h/v1”", "https://h/v1/"),
        ("\ufeff<https://h/v1>\u200b", "https://h/v1/"),
        ("https://h//v1", "https://h/v1/"),
        ("https://h/v1/chat/completions", "https://h/v1/"),
        ("https://h/v1/chat/completions/", "https://h/v1/"),
        ("https://h/chat/completions#", "https://h/"),
        ("https://h/v1/models", "https://h/v1/"),
        ("https://h/openai/models", "https://h/openai/models/"),
        ("https://h/v1?api-version=1", "https://h/v1/?api-version=1"),
        (
            "https://n.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
            "https://n.openai.azure.com/openai/deployments/d/?api-version=2024-10-21",
        ),
        ("HTTP://user:pw@h:8080", "http://user:pw@h:8080/"),
    ],
)
def test_an_address_is_taken_as_it_is_meant(pasted: str, address: str) -> None:
    """Blanks, quotes, slashes and the path of a call come off; the query stays."""
    assert clean_model_url(pasted) == address


@pytest.mark.parametrize(
    "pasted", ["", "h/v1", "localhost:11434/v1", "ftp://h/v1", "https://h/a b"]
)
def test_what_is_no_address_is_refused(pasted: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic's own, or ours
        clean_model_url(pasted)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("http://127.0.0.1:11434/", "http://127.0.0.1:11434/v1"),
        ("http://127.0.0.1:11434/api/", "http://127.0.0.1:11434/v1"),
        ("http://127.0.0.1:1234/api/v0/", "http://127.0.0.1:1234/v1"),
        ("http://h/proxy/", "http://h/proxy/v1"),
        ("http://h/v1/v1/", "http://h/v1"),
        ("http://user:pw@h/", "http://h/v1"),
        ("https://h/?key=1", "https://h/v1?key=1"),
        ("https://n.openai.azure.com/", "https://n.openai.azure.com/openai/v1"),
        (
            "https://generativelanguage.googleapis.com/v1beta/",
            "https://generativelanguage.googleapis.com/v1beta/openai",
        ),
        ("https://openrouter.ai/v1/", "https://openrouter.ai/api/v1"),
        (
            "https://dashscope-intl.aliyuncs.com/",
            "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        ),
        ("https://api.moonshot.cn/", "https://api.moonshot.cn/v1"),
        # nothing better
        ("https://api.deepseek.com/v1/", ""),
        ("https://h/api/v3/", ""),
        ("https://h/v1beta/openai/", ""),
        ("https://h/openai/deployments/d/?api-version=1", ""),
        ("https://openrouter.ai/api/v1/", ""),
    ],
)
def test_a_wrong_address_has_a_right_one(wrong: str, right: str) -> None:
    """Without its login; nothing where it looks right."""
    assert corrected_address(wrong) == right


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("enable_thinking=false", "no JSON at character 1"),
        ("{'a': 1}", "no JSON at character 2"),
        ('{"a": 1', "no JSON at character"),
        ("[1]", "a JSON object is needed"),
        ('"x"', "a JSON object is needed"),
        ('{"a": NaN}', "a number in it is none"),
        ('{"a": 1, "a": 2}', "names a field twice"),
        ('{"messages": []}', "'messages' cannot stand in it"),
        ('{"model": "sk-secret"}', "set AINEWS_MODEL"),
        ('{"max_tokens": 5}', "the caps are in prompts/"),
        ('{"n": 2}', "one answer is read"),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_fields_that_cannot_be_sent_are_refused_at_once(
    monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    """One line that names the setting, and no value of it."""
    monkeypatch.setenv("AINEWS_EXTRA_BODY", text)
    with pytest.raises(SettingsError) as caught:
        load()
    assert "setting AINEWS_EXTRA_BODY cannot be used: " in str(caught.value)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_fields_that_are_not_set_are_none() -> None:
    """A blank is as good as nothing."""
    assert parse_extra_body(None) == {}
    assert load({"extra_body": " "}).extra_fields == {}
    given = load({"extra_body": '{"enable_thinking": false, "key": "sk-secret"}'})
    assert given.extra_fields == {"enable_thinking": False, "key": "sk-secret"}
    assert "secret" not in repr(given)
    assert parse_extra_body(SecretStr("{}")) == {}


@pytest.mark.parametrize(
    "value",
    ["127.0.0.1:8000/v1", "localhost:11434/v1", "http:///v1", "http：//h/v1", "//h/v1", "http://"],
)
def test_an_address_without_scheme_or_host_is_told_what_it_needs(value: str) -> None:
    """In plain words: it is what people forget."""
    with pytest.raises(ValueError, match="needs http or https and a host"):
        clean_model_url(value)
