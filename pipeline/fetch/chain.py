"""A slug or an address -> the issue's page, from the first source that has it.

To add a source, write its class in a file of its own and put it into `SOURCES`. Whether a page
holds what a digest needs is for `parse` to say; a source rejects only what is plainly no issue.
"""

import hashlib
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Self

from pipeline.errors import IssueNotFound, SourceError, SourceTransient
from pipeline.fetch.pages import FetchLimits, PageNotFound, PageStore, decode
from pipeline.fetch.site import FeedText, SitePage
from pipeline.fetch.slugs import issue_not_found, parse_slug, slug_date
from pipeline.fetch.source import Source, SourceClient
from pipeline.fetch.substack import SubstackPost
from pipeline.fetch.upstream import UpstreamMarkdown
from pipeline.lines import get_logger
from pipeline.patterns import lazy_pattern
from pipeline.records import IssueRef, Page, SourceName, StoredPage
from pipeline.typed_command import typed_command

if TYPE_CHECKING:
    from pipeline.fetch.http import HttpClient, Transport

SOURCES: Final[tuple[type[Source], ...]] = (SitePage, FeedText, UpstreamMarkdown, SubstackPost)
"""Every source, in the order in which they are asked."""

_log = get_logger(__name__)


class SourceChain:
    """Brings issues from the sources; owns one HTTP client, and is safe between threads."""

    def __init__(
        self,
        base_urls: Mapping[str, str],
        limits: FetchLimits | None = None,
        *,
        pages: PageStore | None = None,
        transport: "Transport | None" = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open the sources.

        `base_urls` are by the settings that the sources name.
        """
        self._http: HttpClient | None = None
        self._lock = threading.Lock()
        self._limits = limits or FetchLimits()
        self._logins = tuple(base_urls.values())
        self._transport, self._sleep = transport, sleep
        self._pages = pages
        client = SourceClient(self._get, base_urls, self._limits)
        self.sources: Final = tuple(source(client) for source in SOURCES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._http is not None:
            self._http.close()

    def _get(self, url: str, next_url: Callable[[StoredPage], str], max_bytes: int) -> StoredPage:
        """Bring one address; the whole client is loaded where there is more to it than a page."""
        failed = None
        if self._transport is None and not any("@" in each for each in self._logins):
            from pipeline.fetch.direct import DirectReader

            try:
                page = DirectReader(self._limits, self._pages).get(url, next_url, max_bytes)
            except SourceTransient as error:
                failed = error
            else:
                if page is not None:
                    return page
        return self._open_http().get(url, next_url, max_bytes=max_bytes, failed=failed)

    def _open_http(self) -> "HttpClient":
        from pipeline.fetch.http import HttpClient

        with self._lock:
            if self._http is None:
                self._http = HttpClient(
                    self._limits,
                    pages=self._pages,
                    logins=self._logins,
                    transport=self._transport,
                    sleep=self._sleep,
                )
            return self._http

    def list_issues(self) -> tuple[IssueRef, ...]:
        """List the issues that exist, in the feed's order, which is newest first but for slips.

        Without the site's feed the list is made of Substack's newest posts, under slugs made from
        date and title: an issue that has another slug there may be digested once more when the
        site is back.

        Raises:
            SourceError: no list could be read.
        """
        failures: list[SourceError] = []
        for source in self.sources:
            if not source.has_list:
                continue
            try:
                items = source.list_items()
            except SourceError as error:
                failures.append(error)
                continue
            if failures:
                name = source.name.title()
                _log.warning("the list of issues is %s's, since %s", name, failures[0])
            return tuple(
                IssueRef(slug=slug, date=day, title=item.title)
                for slug, item in items.items()
                if (day := slug_date(slug))
            )
        message = (
            f"no list of issues: {'; '.join(map(str, failures))}. {listing_advice(failures[0])}"
        )
        raise SourceError(message) from failures[-1]

    def resolve(self, slug_or_url: str) -> str:
        """Name the slug of a slug or address; reads the list only to suggest near ones.

        Raises:
            IssueNotFound: `slug_or_url` has no slug in it; names the nearest ones.
            SourceError: it has none, and there is no list.
        """
        slug = parse_slug(slug_or_url)
        if slug is None:
            raise issue_not_found(slug_or_url, [issue.slug for issue in self.list_issues()])
        return slug

    def fetch(self, slug: str) -> Page:
        """Bring an issue's page from the first source that has it; needs no list.

        Raises:
            IssueNotFound: no source knows the slug; names the nearest ones.
            SourceError: no source could serve it; names each and what it answered.
        """
        if parse_slug(slug) != slug:
            message = f"{slug!r} is not an issue's slug: it should look like 25-12-19-not-much"
            raise IssueNotFound(message)
        failures: dict[Source, SourceError] = {}
        for source in self.sources:
            try:
                page = source.fetch(slug)
            except SourceError as error:
                failures[source] = error
            else:
                if failures:
                    reasons = _describe_failures(failures)
                    _log.warning("%s comes from %s, since %s", slug, source.name, reasons)
                return page
        if all(
            isinstance(error, PageNotFound)
            for source, error in failures.items()
            if source.is_complete
        ):
            raise issue_not_found(slug, [issue.slug for issue in self.list_issues()])
        raise SourceError(
            f"issue {slug!r} could not be read from any source: {_describe_failures(failures)}. "
            f"Check the network, or save the page: `{typed_command('run', '--source', 'FILE')}`"
        )

    def find_stored(self, slug: str, source_name: SourceName, sha256: str) -> Page | None:
        """Find the very page that a source served before, where the page store still has it."""
        for source in self.sources:
            for url in source.page_urls(slug) if source.name == source_name else ():
                stored = self._pages.get(url) if self._pages else None
                if stored and hashlib.sha256(stored.body).hexdigest() == sha256:
                    text = decode(stored.body, stored.content_type)
                    return source.make_page(slug, text, stored.body)
        return None


_OTHER_PAGE: Final = lazy_pattern(
    r"is not a readable feed|lists no| redirects (?:in|away)| is larger than |while decompressing"
)


def listing_advice(error: SourceError) -> str:
    """Say what to do: who has answered was reached, so that the network is not at fault."""
    status = re.search(r"answered (\d)\d\d", str(error))
    if _OTHER_PAGE.search(str(error)):
        return (
            "The site was reached, and has another page there, as in maintenance: try again later; "
            "if that lasts, check AINEWS_SITE_URL"
        )
    if status is None:
        return "Check the network"
    if status[0].endswith("429"):
        return "The site was reached and asks for fewer requests: try again later"
    if status[1] == "5":
        return "The site was reached and has trouble of its own: try again later"
    return "The site was reached and gives no list there: check AINEWS_SITE_URL"


def _describe_failures(failures: Mapping[Source, SourceError]) -> str:
    return "; ".join(f"{source.name}: {error}" for source, error in failures.items())
