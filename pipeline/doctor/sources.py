"""Whether the newsletter can be read, and how old it is: every source is asked briefly."""

import datetime as dt
from collections.abc import Iterator

from pipeline.clock import future_issue
from pipeline.doctor.diagnostics import Diagnostic, failed, ok, warning
from pipeline.errors import SettingsError, SourceError
from pipeline.fetch import Source, listing_advice, slug_date
from pipeline.plan import open_sources
from pipeline.settings import Settings

_HTTP_TIMEOUT_S = 10.0


def check_sources(settings: Settings, today: dt.date | None) -> Iterator[Diagnostic]:
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
        return failed("source", error, todo)
    return warning("source", f"{error}; {fallbacks[0].name.title()}'s list stands in", todo)


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
        return failed("source", stale, todo)
    if age < -1:
        todo = "set this machine's clock: digests would carry a wrong date"
        found = f"{found}, of the future"
        if today and future_issue(today, filter(None, map(slug_date, slugs))):
            return failed("source", SettingsError(found), todo)
        return warning("source", found, todo)
    return ok("source", found)


def _fallback_source(
    source: Source, failure: SourceError | None, *, site_works: bool
) -> Diagnostic:
    """Report a source that is asked only where the site does not answer."""
    if failure is None:
        return ok(source.name, "stands in where the site does not answer")
    haste = "nothing in haste: the site works; " if site_works else ""
    return warning(source.name, str(failure), f"{haste}check AINEWS_{source.setting.upper()}")
