"""Looks at everything that a run needs, and says what to do about each: the command `doctor`.

Asks the network briefly, and a hosted model one question of a few tokens; the embedded model is not
started. Changes nothing but a file that it removes again, and the stamp beside weights that it
checked. Not covered: whether a model is any good, which `make eval` measures.
"""

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.doctor.diagnostics import Diagnostic, failed, ok, warning
from pipeline.doctor.disk import check_disk, check_folders
from pipeline.doctor.models import check_embedded_model, check_hosted_model
from pipeline.doctor.sources import check_sources
from pipeline.errors import SettingsError
from pipeline.settings import Settings, find_env_file, invalid_settings, load, unknown_variables

TIME_ZONE = "Asia/Shanghai"
"""Whose calendar date a digest carries."""
_EXTRAS = {"local": "xllamacpp", "mcp": "mcp", "notify": "apprise", "s3": "s3fs"}


def doctor(
    *, environment: Mapping[str, str], now: Callable[[], dt.datetime]
) -> Iterator[Diagnostic]:
    """Look at one part after the other.

    Yields:
        What was found, settings first: without usable ones nothing else can be looked at.
    """
    errors = invalid_settings()
    for line in errors:
        yield failed("settings", SettingsError(line))
    yield from _check_variables(environment)
    if errors:
        return
    settings = load()
    yield ok("settings", "every setting can be used")
    clock = _check_clock(now)
    yield clock
    today = now().astimezone(ZoneInfo(TIME_ZONE)).date() if clock.state == "ok" else None
    try:
        yield from check_sources(settings, today)
    except SettingsError as error:  # of the environment, such as a proxy
        yield failed("source", error)
    yield from (
        check_embedded_model(settings) if settings.embedded else check_hosted_model(settings)
    )
    yield from check_disk(settings.outputs_dir, settings.cache_file)
    yield from check_folders(settings)
    yield from _check_channels(settings)
    yield from _check_extras(settings)


_KEY_IN_FILE = re.compile(r"^\s*(?:export\s+)?OPENAI_API_KEY\s*=\s*[^\s#]", re.MULTILINE)


def _check_variables(environment: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Warn of variables that look like settings and are none, and of a key that others may read."""
    try:
        file, unknown = find_env_file(), unknown_variables(environment)
    except SettingsError:
        return  # reported already: nothing can be set in it
    for line in unknown:
        found, _, todo = line.partition(": ")
        yield warning("settings", found, todo)
    if file is None or not _KEY_IN_FILE.search(file.read_text(encoding="utf-8")):
        return
    if file.stat().st_mode & 0o077:
        name = os.path.relpath(file)
        found = f"{name} holds a key and can be read by others on this machine"
        yield warning("settings", found, f"chmod 600 {name}")


def _check_clock(now: Callable[[], dt.datetime]) -> Diagnostic:
    try:
        here = now().astimezone(ZoneInfo(TIME_ZONE))
    except ZoneInfoNotFoundError:
        error = SettingsError(f"no time zone data for {TIME_ZONE}")
        return failed("clock", error, "install the package tzdata")
    return ok("clock", f"it is {here:%Y-%m-%d %H:%M} in {TIME_ZONE}")


def _check_channels(settings: Settings) -> Iterator[Diagnostic]:
    """Read the addresses of those who are told; nothing is sent."""
    if settings.notify_urls is None or find_spec("apprise") is None:
        return  # nobody is to be told, or the missing extra is
    from pipeline.write import address_problems

    problems = address_problems(settings.notify_urls)
    for problem in problems:
        yield warning("notices", problem, "correct it: whoever is there is told nothing")
    if not problems:
        yield ok("notices", "every address of AINEWS_NOTIFY_URLS can be read; nothing was sent")


def _check_extras(settings: Settings) -> Iterator[Diagnostic]:
    """Report which extras are installed."""
    there = [name for name, module in _EXTRAS.items() if find_spec(module)]
    if settings.notify_urls and "notify" not in there:
        found = "AINEWS_NOTIFY_URLS is set, but apprise is not installed: nobody is told"
        todo = "pip install 'ainews-digest[notify]'"
        yield warning("extras", found, todo)
    found = f"installed: {', '.join(there) or 'none'} (of {', '.join(_EXTRAS)})"
    yield ok("extras", found)
