"""Every setting has the default and the limits of the README, and a blank one is not set."""

import os
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import Settings, invalid_settings, load

DEFAULTS = {
    "site_url": "https://news.smol.ai/",
    "upstream_url": "https://raw.githubusercontent.com/smol-ai/ainews-web-2025/main/",
    "substack_url": "https://www.latent.space/",
    "http_timeout_s": 30,
    "http_attempts": 4,
    "max_page_bytes": 1_500_000,
    "stale_after_days": 5,
    "catch_up_days": 30,
    "outputs_dir": Path("outputs"),
    "pages_url": None,
    "max_degraded": 2,
    "openai_api_key": None,
    "openai_base_url": None,
    "cache_max_days": 365,
    "cache_max_mb": 1_000,
    "model": "gpt-6-luna",
    "fallback_model": None,
    "proofread": "auto",
    "proofread_model": None,
    "temperature": None,
    "model_timeout_s": 120,
    "model_attempts": 5,
    "in_flight": 20,
    "select_tokens": 60_000,
    "max_tokens_per_run": 2_000_000,
    "max_cost_usd": 1.0,
    "max_cost_usd_per_day": 5.0,
    "input_usd_per_mtok": None,
    "output_usd_per_mtok": None,
    "cached_input_usd_per_mtok": None,
    "batch_price_factor": 0.5,
    "embedded_weights": None,
    "embedded_slots": 4,
    "embedded_threads": None,
    "embedded_timeout_s": 300,
    "notify_urls": None,
    "notify_bytes": None,
    "notify_messages": 10,
}

LIMITS = {
    "AINEWS_HTTP_TIMEOUT_S": (0.1, 3600),
    "AINEWS_HTTP_ATTEMPTS": (1, 10),
    "AINEWS_MAX_PAGE_BYTES": (1, None),
    "AINEWS_STALE_AFTER_DAYS": (1, 36_500),
    "AINEWS_CATCH_UP_DAYS": (0, 36_500),
    "AINEWS_MAX_DEGRADED": (0, 40),
    "AINEWS_CACHE_MAX_DAYS": (1, 36_500),
    "AINEWS_CACHE_MAX_MB": (1, 1_000_000),
    "AINEWS_TEMPERATURE": (0, 2),
    "AINEWS_MODEL_TIMEOUT_S": (0.1, 3600),
    "AINEWS_MODEL_ATTEMPTS": (1, 20),
    "AINEWS_IN_FLIGHT": (1, 256),
    "AINEWS_SELECT_TOKENS": (500, None),
    "AINEWS_MAX_TOKENS_PER_RUN": (1, None),
    "AINEWS_MAX_COST_USD": (0.01, None),
    "AINEWS_MAX_COST_USD_PER_DAY": (0.01, None),
    "AINEWS_BATCH_PRICE_FACTOR": (0, 1),
    "AINEWS_EMBEDDED_SLOTS": (1, 16),
    "AINEWS_EMBEDDED_THREADS": (1, None),
    "AINEWS_EMBEDDED_TIMEOUT_S": (0.1, 3600),
    "AINEWS_NOTIFY_BYTES": (200, None),
    "AINEWS_NOTIFY_MESSAGES": (1, 50),
}
PRICES = ("INPUT", "OUTPUT", "CACHED_INPUT")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tester's `.env` out."""
    monkeypatch.chdir(tmp_path)


def test_what_is_not_set_has_its_default() -> None:
    """Nothing is needed but a key or a server; the cache is where the system has caches."""
    settings = load()
    assert {name: getattr(settings, name) for name in DEFAULTS} == DEFAULTS
    assert settings.cache_dir == Path(os.environ["XDG_CACHE_HOME"]) / "ainews-digest"
    assert settings.embedded_weights_url.endswith("/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf")
    assert settings.embedded


def test_without_xdg_the_cache_is_in_the_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A blank variable is none."""
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    for value in (None, ""):
        if value is None:
            monkeypatch.delenv("XDG_CACHE_HOME")
        else:
            monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert load().cache_dir == tmp_path / "me" / ".cache" / "ainews-digest"


@pytest.mark.parametrize("name", LIMITS)
def test_a_setting_has_its_limits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit itself can be used; what is beyond it is named."""
    least, most = LIMITS[name]
    for value in (least, most):
        if value is not None:
            monkeypatch.setenv(name, str(value))
            assert getattr(load(), name.removeprefix("AINEWS_").lower()) == value
    beyond = [least - 1] + ([most + 1] if most is not None else [])
    for wrong in beyond:
        monkeypatch.setenv(name, str(wrong))
        with pytest.raises(SettingsError, match=f"setting {name} cannot be used: .*not {wrong} "):
            load()


@pytest.mark.parametrize("name", ["AINEWS_MAX_COST_USD", "AINEWS_MAX_COST_USD_PER_DAY"])
@pytest.mark.parametrize("value", ["0", "-1", "1e999", "much"])
def test_a_run_that_may_cost_nothing_is_no_setting(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is a negative price, one without end, or a word."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load()


@pytest.mark.parametrize(
    "name", [*LIMITS, *(f"AINEWS_{price}_USD_PER_MTOK" for price in PRICES), "AINEWS_MODEL"]
)
def test_an_empty_setting_is_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an empty line of `.env` or of a workflow leaves it: numbers too have their default."""
    monkeypatch.setenv(name, "")
    Path(".env").write_text(f"{name}=\n", encoding="utf-8")
    field = name.removeprefix("AINEWS_").lower()
    assert getattr(load(), field) == DEFAULTS[field]


@pytest.mark.parametrize(
    "name",
    [
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "AINEWS_FALLBACK_MODEL",
        "AINEWS_PAGES_URL",
        "AINEWS_NOTIFY_URLS",
    ],
)
def test_a_blank_setting_of_words_is_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spaces are no key, no address and no model."""
    monkeypatch.setenv(name, " \t")
    assert getattr(load(), name.removeprefix("AINEWS_").lower()) is None
    assert load().embedded


@pytest.mark.parametrize(
    "name", ["AINEWS_MODEL", "AINEWS_FALLBACK_MODEL", "AINEWS_PROOFREAD_MODEL"]
)
def test_a_model_has_a_name_that_can_be_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in receipts and digests: blanks around it are dropped, controls refused."""
    monkeypatch.setenv(name, " org/model-1\n")
    assert getattr(load(), name.removeprefix("AINEWS_").lower()) == "org/model-1"
    for value in ("a\nb", "a\x1b[31m", "a\u202eb"):
        monkeypatch.setenv(name, value)
        with pytest.raises(SettingsError, match=name) as caught:
            load()
        assert str(caught.value).isprintable()


def test_a_model_needs_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blanks are none."""
    monkeypatch.setenv("AINEWS_MODEL", " ")
    with pytest.raises(SettingsError, match="AINEWS_MODEL"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [("OPENAI_API_KEY", "sk-x"), ("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")],
)
def test_a_key_or_a_server_asks_a_hosted_model(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either of them is enough."""
    monkeypatch.setenv(name, value)
    assert not load().embedded


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """And names that are no settings are left alone in both."""
    Path(".env").write_text("AINEWS_MODEL=b\nAINEWS_IN_FLIGHT=3\nOTHER=x\n", encoding="utf-8")
    monkeypatch.setenv("AINEWS_MODEL", "a")
    monkeypatch.setenv("AINEWS_NO_SUCH", "a")
    assert (load().model, load().in_flight) == ("a", 3)


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("http://a.test", "http://a.test/"),
        ("http://a.test//", "http://a.test/"),
        ("https://a.test/b/", "https://a.test/b/"),
        ("https://a.test:8080/b", "https://a.test:8080/b/"),
    ],
)
def test_an_address_ends_with_one_slash(
    value: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it was written with."""
    names = ("AINEWS_SITE_URL", "AINEWS_UPSTREAM_URL", "AINEWS_SUBSTACK_URL", "AINEWS_PAGES_URL")
    for name in (*names, "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, value)
        assert getattr(load(), name.removeprefix("AINEWS_").lower()) == url


@pytest.mark.parametrize("value", ["ftp://a.test", "a.test", "http://", "/path"])
def test_what_is_no_web_address_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each that is wrong is told; `load` names the first of them."""
    monkeypatch.setenv("AINEWS_SITE_URL", value)
    monkeypatch.setenv("OPENAI_BASE_URL", value)
    said = invalid_settings()
    assert ["AINEWS_SITE_URL" in said[0], "setting OPENAI_BASE_URL " in said[1]] == [True, True]
    assert value not in "".join(said).replace("AINEWS_", "")
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value) == said[0]


@pytest.mark.parametrize("tail", ["?a=b", "#c", "/x?"])
def test_the_address_of_pages_has_only_a_path(tail: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages lie below it."""
    monkeypatch.setenv("AINEWS_PAGES_URL", f"https://a.test{tail}")
    with pytest.raises(SettingsError, match=r"AINEWS_PAGES_URL.*without \? and #"):
        load()


@pytest.mark.parametrize("login", ["me:planted", "planted", ":planted"])
def test_the_sites_address_has_no_login(login: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would stand in every page, and the line that says so does not quote it."""
    monkeypatch.setenv("AINEWS_PAGES_URL", f"https://{login}@a.test/")
    with pytest.raises(SettingsError, match=r"AINEWS_PAGES_URL.*without user") as caught:
        load()
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "works"),
    [
        ((), True),
        (("INPUT", "OUTPUT"), True),
        (("INPUT", "OUTPUT", "CACHED_INPUT"), True),
        (("INPUT",), False),
        (("OUTPUT",), False),
        (("CACHED_INPUT",), False),
    ],
)
def test_prices_go_together(
    given: tuple[str, ...], works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a price is none; that of cached tokens needs both others. Nothing may be free."""
    for name in given:
        monkeypatch.setenv(f"AINEWS_{name}_USD_PER_MTOK", "0")
    assert (not invalid_settings()) is works
    if not works:
        assert all(
            f"AINEWS_{name}_USD_PER_MTOK" in invalid_settings()[0] for name in ("INPUT", "OUTPUT")
        )
        assert ("CACHED" in invalid_settings()[0]) is ("CACHED_INPUT" in given)


def test_a_wrong_price_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A negative one, of each kind."""
    for name in PRICES:
        monkeypatch.setenv(f"AINEWS_{name}_USD_PER_MTOK", "-1")
    assert [f"AINEWS_{name}_USD" in line for name, line in zip(
        ("INPUT", "OUTPUT", "CACHED_INPUT"), invalid_settings(), strict=True
    )] == [True] * 3  # fmt: skip


def test_a_setting_cannot_be_changed() -> None:
    """What a run began with, it ends with."""
    with pytest.raises(ValueError, match="frozen"):
        Settings().model = "other"  # type: ignore[misc]


def test_a_folder_of_digests_is_named_as_on_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A path or an address; an unknown one is named, with its variable."""
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", "file:///a/b")
    assert load().outputs_dir == Path("/a/b")
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", "gs://a/b")
    with pytest.raises(SettingsError, match=r"AINEWS_OUTPUTS_DIR cannot be used: 'gs' is unknown"):
        load()


def test_a_secret_is_in_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, or the addresses of those who are told."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted")
    monkeypatch.setenv("AINEWS_NOTIFY_URLS", "json://planted@a.test")
    settings = load()
    assert "planted" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("notify_urls", "json://h.example/"),
        ("fallback_model", "m"),
        ("proofread_model", "m"),
        ("extra_body", "{}"),
    ],
)
@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_variable_takes_away_what_env_sets(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, blank: str
) -> None:
    """So that one run tells nobody; without it the file counts."""
    Path(".env").write_text(f"AINEWS_{name.upper()}='{value}'\n", encoding="utf-8")
    assert getattr(load(), name) is not None
    monkeypatch.setenv(f"AINEWS_{name.upper()}", blank)
    assert getattr(load(), name) is None
    assert getattr(load({name: value}), name) is not None
