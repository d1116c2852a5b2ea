"""Variables that look like a setting and are none, such as a misspelt one, which has no effect."""

from collections.abc import Iterable

from pydantic import BaseModel

from pipeline.patterns import lazy_pattern
from pipeline.settings.env_file import find_env_file
from pipeline.settings.settings import ENV_PREFIX, Settings, variable_name

_ENV_LINE = lazy_pattern(r"(?m)^[ \t]*(?:export[ \t]+)?((?:AINEWS|OPENAI)_\w+)[ \t]*=")
# A colon, a wide equals sign or nothing follows the name.
_ENV_NO_VALUE = lazy_pattern(
    r"(?mi)^[ \t]*(?:export[ \t]+)?((?:AINEWS|OPENAI)_\w+)\b[ \t]*(?![ \t=])"
)
_SDK_NAMES = frozenset(
    {
        "OPENAI_ORG_ID",
        "OPENAI_ORGANIZATION",
        "OPENAI_PROJECT_ID",
        "OPENAI_API_BASE",
        "OPENAI_API_TYPE",
    }
    | {"OPENAI_API_VERSION", "OPENAI_LOG", "OPENAI_WEBHOOK_SECRET", "OPENAI_ADMIN_KEY"}
)
"""Variables of the library that asks, and of other programs that use it."""
_NEARLY = 80  # of 100


def unknown_variables(environment: Iterable[str]) -> tuple[str, ...]:
    """Name each variable that looks like a setting and is none, with the nearest one that is.

    A line of `.env` that sets nothing is named as well.

    Raises:
        SettingsError: `.env` cannot be read.
    """
    unknown = describe_unknown(environment, Settings, ENV_PREFIX, but="AINEWS_DAGSTER_")
    unset = [
        f"{name} is not set by its line of .env, where no = follows it: write {name}=…"
        for name in _ENV_NO_VALUE.findall(_env_text())
    ]
    return (*unknown, *unset)


def _env_text() -> str:
    file = find_env_file()
    return file.read_text(encoding="utf-8-sig") if file else ""


def describe_unknown(
    environment: Iterable[str], settings: type[BaseModel], prefix: str, *, but: str = "\0"
) -> tuple[str, ...]:
    """As `unknown_variables`, for any settings; `but` is the prefix of those of something else."""
    names = {name.upper() for name in (*environment, *_ENV_LINE.findall(_env_text()))}
    known = sorted(variable_name(field, settings, prefix) for field in settings.model_fields)
    unknown = [
        name
        for name in sorted(names - set(known))
        if name.startswith(prefix) and not name.startswith(but)
    ]
    strangers = sorted(
        name for name in names if name.startswith("OPENAI_") and name not in (*known, *_SDK_NAMES)
    )
    if not unknown and not strangers:
        return ()
    from rapidfuzz import fuzz, process

    # Other programs have such names too: only what is nearly one of ours, which is not set.
    missing = [name for name in known if name.startswith("OPENAI_") and name not in names]
    unknown += [
        name
        for name in strangers
        if process.extractOne(name, missing, scorer=fuzz.ratio, score_cutoff=_NEARLY)
    ]
    return tuple(
        f"{name} is no setting, and has no effect: did you mean "
        f"{process.extractOne(name, known, scorer=fuzz.ratio)[0]}?"
        for name in unknown
    )
