"""A login or a key in the address of a setting stands in nothing that is said or written.

Which settings hold addresses is read off their types; a new one is tested without a word here.
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr

from pipeline.errors import DigestError, SettingsError
from pipeline.fetch.http import HttpClient
from pipeline.fetch.pages import FetchLimits
from pipeline.lines import visible, without_secrets
from pipeline.llm import weights as store
from pipeline.orchestration.setup import OrchestrationSettings
from pipeline.orchestration.setup import load as load_orchestration
from pipeline.settings import Settings, load
from pipeline.settings.settings import ADDRESS, ENV_PREFIX, variable_name
from pipeline.storage import StoragePath

USER, PASSWORD, KEY = "operator", "hunter2-of-the-mirror", "kkkk-of-the-query"
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
SECRETS = (PASSWORD, KEY, BASIC)
QUERY = f"?api-key={KEY}&token={KEY}&sig={KEY}&X-Amz-Signature={KEY}&access_token={KEY}"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
STORAGE = get_args(StoragePath)[1:]


def parts_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Iterator[Any]:
    """List a type with all that it is made of and marked with."""
    yield from (annotation, *metadata)
    for part in get_args(annotation):
        yield from parts_of(part)


def variable_of(name: str, owner: type[BaseModel]) -> str:
    """Name the variable of a setting."""
    return variable_name(name, owner, str(owner.model_config.get("env_prefix", ENV_PREFIX)))


def address_settings() -> dict[str, type[BaseModel]]:
    """Name the variables whose type is an address, a store's folder, or a secret."""
    found: dict[str, type[BaseModel]] = {}
    for owner in (Settings, OrchestrationSettings):
        for name, field in owner.model_fields.items():
            parts = list(parts_of(field.annotation, tuple(field.metadata)))
            if ADDRESS in parts or SecretStr in parts or any(mark in parts for mark in STORAGE):
                found[variable_of(name, owner)] = owner
    return found


ADDRESSES = address_settings()


def leaks(said: str) -> list[str]:
    """List the secrets that stand in a text."""
    return [secret for secret in SECRETS if secret in said]


def test_settings_that_hold_addresses_have_the_type() -> None:
    """What is named or preset as an address is found by its type."""
    assert {"AINEWS_SITE_URL", "OPENAI_BASE_URL", "AINEWS_NOTIFY_URLS"} <= set(ADDRESSES)
    assert {"AINEWS_EMBEDDED_WEIGHTS_URL", "AINEWS_DAGSTER_POSTGRES_URL"} <= set(ADDRESSES)
    assert {"AINEWS_PAGES_URL", "AINEWS_OUTPUTS_DIR"} <= set(ADDRESSES)
    for owner in (Settings, OrchestrationSettings):
        for name, field in owner.model_fields.items():
            if "url" in name or "://" in str(field.default):
                assert variable_of(name, owner) in ADDRESSES


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(
    "address",
    [
        f"http://{USER}:{PASSWORD}@127.0.0.1:9/",
        f"http://{USER}:{PASSWORD}@127.0.0.1:9/{QUERY}",
        f"http://127.0.0.1:9/{QUERY}#token={KEY}",
        f"http://{USER}:{PASSWORD}@host:port/{QUERY}",
        f"http://{USER}:{PASSWORD}@[bad/{QUERY}",
        f"ftp://{USER}:{PASSWORD}@host/{QUERY}",
        f"//{USER}:{PASSWORD}@host/{QUERY}",
        f"s3://{USER}:{PASSWORD}@bucket/folder{QUERY}",
        f"postgresql://{USER}:{PASSWORD}@127.0.0.1:9/dagster{QUERY}",
        f"json://{USER}:{PASSWORD}@127.0.0.1:9/{QUERY}",
    ],
)
def test_a_setting_shows_no_secret(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither the line that refuses it nor the object that took it, nor any line that quotes it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, address)
    assert leaks(visible(f"{address!r} and {address} end")) == []
    refused = ""
    try:
        load() if ADDRESSES[name] is Settings else load_orchestration()
    except DigestError as error:
        refused = str(error)
    assert name in refused or not refused
    assert leaks(refused) == []


def test_a_base_address_has_no_query(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are put behind it, so that nothing in a query could be meant."""
    monkeypatch.setenv("AINEWS_SITE_URL", f"https://example.org/v1{QUERY}")
    with pytest.raises(SettingsError, match=r"AINEWS_SITE_URL cannot be used: .* without \?"):
        load()
    monkeypatch.setenv("AINEWS_SITE_URL", "https://example.org/v1")
    assert load()


@pytest.mark.parametrize("login", ["", f"{USER}:{PASSWORD}@"])
@pytest.mark.parametrize("place", ["http://{}127.0.0.1:9/w.gguf", "ftp://{}h/w", "http://{}h/w"])
def test_the_weights_address_shows_no_secret(
    login: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signed address has its key in its query; what is missing is said without."""
    monkeypatch.setattr(store, "_installed_parts", list)
    url = place.format(login) + QUERY
    with pytest.raises(DigestError, match=r"weights|AINEWS_EMBEDDED_WEIGHTS_URL") as caught:
        store.prepare_weights(chosen=None, cache_dir=tmp_path, url=url, progress=lambda *_: None)
    assert leaks(str(caught.value)) == []


@pytest.mark.parametrize("name", PROXIES)
@pytest.mark.parametrize(
    "address",
    [
        f"http://{USER}:{PASSWORD}@host:port",
        f"ftp://{USER}:{PASSWORD}@host",
        f"http://{USER}:{PASSWORD}@[bad",
        f"{USER}:{PASSWORD}@host:port",
        f"http://{USER}:{PASSWORD}@",
        f"socks4://{USER}:{PASSWORD}@127.0.0.1:9",
    ],
)
def test_a_proxy_that_is_none_is_named(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, without its value; nothing is asked past it."""
    monkeypatch.setenv(name, address)
    scheme = "https" if "https" in name.lower() else "http"
    with pytest.raises(SettingsError, match=f"^{name} cannot be used") as caught:
        HttpClient(FetchLimits()).get(f"{scheme}://h.example/")
    assert leaks(str(caught.value)) == []


def test_what_is_no_secret_is_shown() -> None:
    """Hosts, paths, other fields, accounts and mail addresses stay; masks stand for the rest."""
    assert without_secrets(f"at https://a:b@h.example/x@y{QUERY}&page=2#top.").endswith(
        "&page=2#top."
    )
    for line in (
        "https://h.example/@user/1 and me@example.org, @user",
        "https://h.example/?page=2&monkey=1&v=tokenizer: https://h.example/keys?of=me",
        "s3://bucket/folder: 3 tokens",
    ):
        assert visible(line).replace("monkey=***", "monkey=1") == line
    assert without_secrets("x https://a:b@h/?SIG=1 y") == "x https://***@h/?SIG=*** y"
