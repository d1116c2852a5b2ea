"""The page of a digest's issue, where it is at hand: kept since the digest was made, or given.

Nothing is fetched, unless whoever opened the archive said that it may be. A digest carries the
evidence of its own entries; only the page shows what else the issue says.
"""

from functools import lru_cache

# Packages, not what is in them: a server starts without what only a page needs.
from pipeline import audit, chinese, fetch, merge, parse
from pipeline.errors import SettingsError
from pipeline.lookup.archive import FindPage, IssuePage
from pipeline.records import Digest, Page
from pipeline.settings import Settings


def kept_pages(settings: Settings, *, may_fetch: bool = False) -> FindPage:
    """Look in the cache for the very page that a digest was made from.

    Raises SourceError where a page that is to be fetched cannot be.
    """

    def find(digest: Digest) -> IssuePage | None:
        found = audit.find_page(digest, settings, may_fetch=may_fetch)
        return found and IssuePage(found.page, "fetched page" if found.fetched else "kept page")

    return find


def given_page(page: Page) -> FindPage:
    """Take a page that was given; that of another issue than the digest's raises SettingsError."""

    def find(digest: Digest) -> IssuePage:
        asked = fetch.parse_slug(digest.issue_url)
        if asked and fetch.parse_slug(page.slug) == page.slug != asked:
            raise SettingsError(f"--source is the page of {page.slug!r}, not of {asked!r}")
        return IssuePage(page, "given page")

    return find


@lru_cache(maxsize=2)  # an assistant asks about one digest several times
def index_page(page: Page) -> "audit.EvidenceIndex":
    """Make the stories of a page ready to be matched with texts.

    Raises:
        PageNotUnderstood: it holds no issue.
    """
    topics = audit.topic_words(chinese.load_glossary())
    return audit.EvidenceIndex(merge.merge(parse.parse(page)), topics)
