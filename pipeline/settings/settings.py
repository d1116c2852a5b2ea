"""Settings: the environment and `.env`, as one frozen object.

Every name is `AINEWS_` and the field in capitals, except the two that the whole field shares,
`OPENAI_API_KEY` and `OPENAI_BASE_URL`. Stages get its values, not the object.
"""

import os
import tempfile
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    SecretStr,
    ValidationError,
    model_validator,
)

from pipeline.errors import SettingsError
from pipeline.settings.env_file import read_variables
from pipeline.settings.model_server import (
    check_extra_body,
    check_http_url,
    clean_model_url,
    parse_extra_body,
)
from pipeline.storage import StoragePath, expand_home


def _default_cache_dir() -> Path:
    """Say where caches are: in the home, or among the temporary files of a user who has none."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not Path(base).is_absolute():
        base = os.path.expanduser("~/.cache")  # noqa: PTH111 - pathlib raises where there is no home
    if not Path(base).is_absolute():
        return Path(tempfile.gettempdir()) / f"ainews-digest-{os.getuid()}"
    return Path(base) / "ainews-digest"


def _check_base_url(value: str) -> str:
    """Check an http(s) URL, and end it with one slash: paths are put behind it, and no query."""
    address = check_http_url(value)
    if address.query is not None or address.fragment is not None:
        raise ValueError("an address without ? and # is needed")
    return value.rstrip("/") + "/"


def _check_pages_url(value: str) -> str:
    """Check the base URL of a site, which has no user and no password either."""
    address = check_http_url(value)
    if address.username is not None or address.password is not None:
        # It stands in every page.
        raise ValueError("an address without user and password is needed")
    return _check_base_url(str(address))


def _check_model_name(value: str) -> str:
    """Take the blanks around a name off, and refuse what would move a terminal's cursor."""
    name = value.strip()
    if not name or not name.isprintable():
        raise ValueError("the name of a model is needed, on one line and without controls")
    return name


def blank_to_none(value: object) -> object:
    """Take a blank value for one that is not set."""
    return None if isinstance(value, str) and not value.strip() else value


ENV_PREFIX: Final = "AINEWS_"
"""What the name of a variable begins with."""
_UNSET_BY_BLANK: Final = ("extra_body", "fallback_model", "proofread_model", "notify_urls")
"""Settings that a blank variable of the environment takes away, also where `.env` sets them. No
workflow passes these on blank; others it does where nobody has set them."""
ADDRESS: Final = "address"
"""Marks the type of a setting that holds an address, with which a login or a key may come."""
BaseUrl = Annotated[str, ADDRESS, AfterValidator(_check_base_url)]
PagesUrl = Annotated[str, ADDRESS, AfterValidator(_check_pages_url)]
FileUrl = Annotated[str, ADDRESS]
ModelUrl = Annotated[str, ADDRESS, AfterValidator(clean_model_url)]
ExtraBody = Annotated[SecretStr, AfterValidator(check_extra_body)]
ModelName = Annotated[str, AfterValidator(_check_model_name)]
LocalPath = Annotated[Path, BeforeValidator(expand_home)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class Settings(BaseModel):
    """What can be set, with the defaults."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
        validate_default=True,
        allow_inf_nan=False,
        # An error's text would quote the key, or the password of an address.
        hide_input_in_errors=True,
    )

    site_url: BaseUrl = "https://news.smol.ai/"
    """The newsletter's site: its feed and its issue pages."""
    upstream_url: BaseUrl = "https://raw.githubusercontent.com/smol-ai/ainews-web-2025/main/"
    """Raw files of the upstream repository."""
    substack_url: BaseUrl = "https://www.latent.space/"
    """The Substack publication that carries the newsletter as a section."""
    http_timeout_s: Seconds = 30
    """Longest wait for one answer of a source."""
    http_attempts: int = Field(default=4, ge=1, le=10)
    """How often one address is tried."""
    max_page_bytes: int = Field(default=1_500_000, gt=0)
    """Largest page that is read; the largest so far has 457,182 bytes."""
    stale_after_days: int = Field(default=5, ge=1, le=36_500)
    """Age of the newest issue at which the source counts as stale."""
    catch_up_days: int = Field(default=30, ge=0, le=36_500)
    """How far back the nightly run looks for issues that it missed."""

    outputs_dir: StoragePath = Path("outputs")
    """Where the digests are, a folder or `s3://bucket/folder`; `drafts/` in it holds those that
    were not fit to be published."""
    pages_url: Annotated[PagesUrl | None, BeforeValidator(blank_to_none)] = None
    """Where the site of the digests is found, for the addresses that must be whole."""
    repository_url: Annotated[PagesUrl | None, BeforeValidator(blank_to_none)] = None
    """Repository whose issues take what readers of the site report; without it there is no link."""
    max_degraded: int = Field(default=2, ge=0, le=40)
    """How many entries of a published digest may be quotations, since no translation passed."""
    cache_dir: LocalPath = Field(default_factory=_default_cache_dir)
    """Replies, pages and the embedded model: disposable. Used only while nobody else can write
    there."""
    cache_max_days: int = Field(default=365, ge=1, le=36_500)
    """An answer or a page that was of no use for as long goes from the cache."""
    cache_max_mb: int = Field(default=1_000, ge=1, le=1_000_000)
    """Of more than so many megabytes of answers and pages the oldest go; what was of use within a
    day stays."""

    openai_api_key: Annotated[SecretStr | None, BeforeValidator(blank_to_none)] = Field(
        default=None, validation_alias="OPENAI_API_KEY"
    )
    """Key of the hosted model."""
    openai_base_url: Annotated[ModelUrl | None, BeforeValidator(blank_to_none)] = Field(
        default=None, validation_alias="OPENAI_BASE_URL"
    )
    """Any server that speaks the OpenAI protocol; a query in it goes with every request."""
    extra_body: Annotated[ExtraBody | None, BeforeValidator(blank_to_none)] = None
    """Fields that every request to a hosted model has besides ours, as a JSON object."""
    model: ModelName = "gpt-6-luna"
    """Model that a hosted server is asked for."""
    fallback_model: Annotated[ModelName | None, BeforeValidator(blank_to_none)] = None
    """Model of the same server that goes on when the other one cannot be asked at all."""
    profile: Literal["auto", "full", "plain"] = "auto"
    """How much is asked of the model: `plain` has it translate sentence by sentence what the code
    chose; `auto` is `plain` for the embedded model and `full` for a hosted one."""
    proofread: Literal["auto", "on", "off"] = "auto"
    """Whether a model reads the whole digest once more; `auto` is on for a hosted model of the full
    profile."""
    proofread_model: Annotated[ModelName | None, BeforeValidator(blank_to_none)] = None
    """Model of the same server that proofreads; unset, the one that translates."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    """Sent only when set: newer models reject it."""
    model_timeout_s: Seconds = 120
    """Longest wait for one answer of a hosted model."""
    model_attempts: int = Field(default=5, ge=1, le=20)
    """How often one call is tried when it fails in a way that may pass."""
    in_flight: int = Field(default=20, ge=1, le=256)
    """Questions on their way to a hosted model at once."""
    select_tokens: int = Field(default=60_000, ge=500)
    """Longest choosing question to a hosted model, in tokens."""
    max_tokens_per_run: int = Field(default=2_000_000, gt=0)
    """A run stops before it passes this many tokens, input and output."""
    max_cost_usd: float = Field(default=1.0, gt=0)
    """A run stops before it passes this price; no effect where the price is unknown."""
    max_cost_usd_per_day: float = Field(default=5.0, gt=0)
    """The same for all runs of a day in Asia/Shanghai, those of other processes too."""
    input_usd_per_mtok: float | None = Field(default=None, ge=0)
    """Price of a million input tokens, where the price list does not know the model."""
    output_usd_per_mtok: float | None = Field(default=None, ge=0)
    """Price of a million output tokens."""
    cached_input_usd_per_mtok: float | None = Field(default=None, ge=0)
    """Price of a million input tokens that the provider had cached; unset, that of all others."""
    batch_price_factor: float = Field(default=0.5, ge=0, le=1)
    """What an answer costs through the Batch API, as a part of its price."""

    embedded_weights: LocalPath | None = None
    """A GGUF file to use instead of the embedded model's own weights."""
    embedded_weights_url: FileUrl = (
        "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/"
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    )
    """Where the publisher has the file."""
    embedded_slots: int = Field(default=4, ge=1, le=16)
    """Questions that the embedded model works on at once."""
    embedded_threads: int | None = Field(default=None, ge=1)
    """Threads of the embedded model; by default the cores this process may use."""
    embedded_timeout_s: Seconds = 300
    """Longest wait for one answer of the embedded model."""

    allow_embedded: bool = False
    """Whether a scheduled run may publish what the embedded model tells."""

    notify_urls: Annotated[SecretStr | None, BeforeValidator(blank_to_none)] = None
    """Who is notified of a published digest: Apprise URLs, separated by blanks or commas."""
    notify_bytes: int | None = Field(default=None, ge=200)
    """Largest message in UTF-8 bytes, where a channel would take a larger one."""
    notify_messages: int = Field(default=10, ge=1, le=50)
    """How many messages one channel gets for one digest; the last says what did not fit."""

    @model_validator(mode="after")
    def _both_prices(self) -> Self:
        if (self.input_usd_per_mtok is None) != (self.output_usd_per_mtok is None):
            raise ValueError(
                "AINEWS_INPUT_USD_PER_MTOK and AINEWS_OUTPUT_USD_PER_MTOK go together: set both"
            )
        if self.cached_input_usd_per_mtok is not None and self.input_usd_per_mtok is None:
            raise ValueError(
                "AINEWS_CACHED_INPUT_USD_PER_MTOK needs AINEWS_INPUT_USD_PER_MTOK and "
                "AINEWS_OUTPUT_USD_PER_MTOK: set all three"
            )
        return self

    @property
    def cache_file(self) -> Path:
        """The cache of replies and pages."""
        return self.cache_dir / "cache.sqlite"

    @property
    def lock_dir(self) -> Path:
        """Where the locks of issues are."""
        return self.cache_dir / "locks"

    @property
    def index_dir(self) -> Path:
        """Where the indexes of the digests are."""
        return self.cache_dir / "index"

    @property
    def extra_fields(self) -> dict[str, JsonValue]:
        """Fields of a request besides ours."""
        return parse_extra_body(self.extra_body)

    @property
    def embedded(self) -> bool:
        """Whether the embedded model answers: neither a key nor a server is set."""
        return self.openai_api_key is None and self.openai_base_url is None

    @property
    def plain(self) -> bool:
        """Whether the model only translates, sentence by sentence."""
        return self.profile == "plain" or (self.profile == "auto" and self.embedded)

    @property
    def proofreads(self) -> bool:
        """Whether digests are proofread."""
        by_default = not self.embedded and not self.plain
        return self.proofread == "on" or (self.proofread == "auto" and by_default)


def load(given: Mapping[str, object] | None = None) -> Settings:
    """Read the environment and `.env`.

    Args:
        given: settings that come before those of the environment, `OPENAI_API_KEY` and
            `OPENAI_BASE_URL` under these names.

    Raises:
        SettingsError: a setting cannot be used; names the variable.
    """
    try:
        return _read(given or {})
    except ValidationError as error:
        raise SettingsError(_describe_errors(error, given or {})[0]) from error


def _read(given: Mapping[str, object]) -> Settings:
    """Read all settings; one that the environment has blank is not that of `.env` either."""
    blank = {name: None for name in _UNSET_BY_BLANK if _is_blank(f"AINEWS_{name.upper()}")}
    variables = read_variables()
    names = {name: variable_name(name, Settings, ENV_PREFIX) for name in Settings.model_fields}
    read = {
        field if variable.startswith(ENV_PREFIX) else variable: variables[variable.lower()]
        for field, variable in names.items()
        if variable.lower() in variables
    }
    return Settings.model_validate({**read, **blank, **given})


def variable_name(field: str, settings: type[BaseModel], prefix: str) -> str:
    """Name the variable of a setting."""
    alias = settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"{prefix}{field.upper()}"


def _is_blank(variable: str) -> bool:
    return not os.environ.get(variable, "set").strip()


def invalid_settings() -> tuple[str, ...]:
    """Give the error of every setting that cannot be used, where `load` gives the first."""
    try:
        _read({})
    except ValidationError as error:
        return _describe_errors(error)
    except SettingsError as error:
        return (str(error),)
    return ()


_NUMBER_ERRORS = frozenset(
    {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"}
)
"""What a value is found out in that is a number."""


def _describe_errors(
    error: ValidationError, given: Container[str] = frozenset()
) -> tuple[str, ...]:
    """Name the variable of each error; its value, which may be a key, only where it is a number."""
    lines = []
    for details in error.errors(include_url=False):
        message = " ".join(details["msg"].removeprefix("Value error, ").split())
        if details["type"] in _NUMBER_ERRORS:
            message += f", not {details['input']}"
        if details["loc"]:
            field = str(details["loc"][0])
            name = field if field.startswith("OPENAI_") else f"AINEWS_{field.upper()}"
            where = "as it was given" if field in given else "in the environment or .env"
            message = f"setting {name} cannot be used: {message} ({where})"
        lines.append(message)
    return tuple(lines)
