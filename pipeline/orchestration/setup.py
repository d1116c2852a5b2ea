"""Settings of the orchestration, and Dagster's configuration made of them.

A folder that `DAGSTER_HOME` names is its owner's: nothing is written there. Passwords stay in the
environment; the file only names the variable.
"""

import contextlib
import ipaddress
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, SecretStr, ValidationError, ValidationInfo
from pydantic.functional_validators import AfterValidator, BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSettings

from pipeline.errors import SettingsError, WriteError
from pipeline.settings import LocalPath, Settings, blank_to_none, describe_unknown, find_env_file
from pipeline.storage import replace_file

POOL = "ainews_model"
"""Dagster's name for the runs that may ask the model at once."""
_ENV_PREFIX = "AINEWS_DAGSTER_"
_POSTGRES_VAR = f"{_ENV_PREFIX}POSTGRES_URL"
_FILE_HEADER = (
    "# Written by `make dagster` from AINEWS_DAGSTER_…; with DAGSTER_HOME set it is yours.\n"
)
_HOST = re.compile(r"(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


def _check_listening_host(host: str, info: ValidationInfo) -> str:
    """Refuse an address that others reach, where that is not wanted by name."""
    loopback = host == "localhost"
    with contextlib.suppress(ValueError):
        loopback = loopback or ipaddress.ip_address(host).is_loopback
    if not loopback and not info.data.get("allow_remote"):
        raise ValueError(
            f"{host!r} is no loopback address, and the page has no password: set "
            f"{_ENV_PREFIX}ALLOW_REMOTE=1 too, and {_ENV_PREFIX}HOSTS to the names it is called by"
        )
    return host


def _split_hosts(given: object) -> object:
    """Take names apart that commas or blanks separate."""
    if not isinstance(given, str):
        return given
    names = tuple(given.lower().replace(",", " ").split())
    if wrong := [name for name in names if not _HOST.fullmatch(name)]:
        raise ValueError(f"{wrong[0]!r} is no host: write name or name:port, without http://")
    return names


class OrchestrationSettings(BaseSettings):
    """What can be set, with the defaults."""

    model_config = SettingsConfigDict(
        env_prefix=_ENV_PREFIX,
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    home: LocalPath = Path(".dagster")
    """Folder of Dagster's runs and logs, where `DAGSTER_HOME` is not set."""
    allow_remote: bool = False
    """Whether the page may listen on another address than loopback's; it has no password."""
    host: Annotated[str, AfterValidator(_check_listening_host)] = "127.0.0.1"
    """Address that its page listens on: of loopback, unless `allow_remote` is set."""
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_hosts)] = ()
    """More names that the page may be called by, with or without a port, separated by commas."""
    port: int = Field(default=3000, ge=1, le=65535)
    """Port of its page."""
    postgres_url: Annotated[SecretStr | None, BeforeValidator(blank_to_none)] = None
    """`postgresql://user:password@host/database`; without it Dagster keeps SQLite files."""
    executor: str = "multiprocess"
    """`multiprocess`, `in_process`, or another one as `package:name`."""
    executor_config: dict[str, Any] = {}
    """Configuration of that executor, as JSON."""
    workers: int | None = Field(default=None, ge=1, le=256)
    """Runs that ask the model at once; by default four, and one where the model is embedded."""

    def max_runs(self, settings: Settings) -> int:
        """Say how many runs may ask the model at once."""
        return self.workers or (1 if settings.embedded else 4)

    def share_in_flight(self, settings: Settings) -> Settings:
        """Give one run its part of the questions that may be in flight.

        `AINEWS_IN_FLIGHT` stays what the provider sees at most, however many runs there are.
        """
        part = max(1, settings.in_flight // self.max_runs(settings))
        return settings.model_copy(update={"in_flight": part})


def load() -> OrchestrationSettings:
    """Read the environment and `.env`.

    Raises:
        SettingsError: a setting cannot be used; names the variable.
    """
    try:
        return OrchestrationSettings(_env_file=find_env_file())
    except UnreadableSettings as error:
        raise SettingsError(f"{error}: it is no JSON (in the environment or .env)") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = f"{_ENV_PREFIX}{str(first['loc'][0]).upper()}"
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(
            f"setting {name} cannot be used: {message} (in the environment or .env)"
        ) from error


def unknown_options(environment: Iterable[str]) -> tuple[str, ...]:
    """Name each variable that looks like a setting of the orchestration and is none."""
    return describe_unknown(environment, OrchestrationSettings, _ENV_PREFIX)


def dagster_config(options: OrchestrationSettings, settings: Settings) -> dict[str, Any]:
    """Say in Dagster's words how runs are kept, queued, limited and repeated."""
    own_partition: Literal["dagster/partition"] = "dagster/partition"
    config: dict[str, Any] = {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "run_queue": {"dequeue_interval_seconds": 1},
        "concurrency": {
            # A run takes its place in the pool before its process is started, not after.
            "pools": {"granularity": "run", "default_limit": options.max_runs(settings)},
            "runs": {
                "max_concurrent_runs": -1,
                # A date is one run's at a time, on whichever machine: it is paid for once.
                "tag_concurrency_limits": [
                    {"key": own_partition, "value": {"applyLimitPerUniqueValue": True}, "limit": 1}
                ],
            },
        },
        # What failed has been tried often enough; a worker that died has not failed.
        "run_retries": {
            "enabled": True,
            "max_retries": 2,
            "retry_on_asset_or_op_failure": False,
        },
        "run_monitoring": {"enabled": True, "poll_interval_seconds": 20},
    }
    if options.postgres_url is not None:
        config["storage"] = {"postgres": {"postgres_url": {"env": _POSTGRES_VAR}}}
    return config


def write_dagster_config(options: OrchestrationSettings, settings: Settings) -> dict[str, str]:
    """Write Dagster's configuration, unless `DAGSTER_HOME` has its own.

    Returns:
        The environment that Dagster is started in.

    Raises:
        WriteError: its folder cannot be written.
    """
    environment = {**os.environ, "DAGSTER_DISABLE_TELEMETRY": "1"}
    if options.postgres_url is not None:
        environment[_POSTGRES_VAR] = options.postgres_url.get_secret_value()
    if environment.get("DAGSTER_HOME"):
        return environment
    home = options.home.resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
        text = _FILE_HEADER + yaml.safe_dump(dagster_config(options, settings), sort_keys=False)
        replace_file(home / "dagster.yaml", text.encode())
    except OSError as error:
        raise WriteError(
            f"cannot write {str(home)!r}: {error.strerror}; "
            f"name another folder in {_ENV_PREFIX}HOME"
        ) from error
    return {**environment, "DAGSTER_HOME": str(home)}
