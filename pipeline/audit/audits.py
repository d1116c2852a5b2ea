"""A digest's file, and its issue from wherever it is -> what `check` finds: the command `verify`.

Reads files, standard input and, where the digest does not carry its evidence, the source chain.
"""

from collections.abc import Mapping
from functools import cache
from typing import BinaryIO, NamedTuple

from pydantic import Field

from pipeline.audit.audit_checks import check_digest, needs_issue
from pipeline.chinese import load_glossary
from pipeline.edits import added_stories
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.fetch import parse_slug, read_source
from pipeline.lines import counted
from pipeline.llm import Cache
from pipeline.parse import parse
from pipeline.plan import open_sources
from pipeline.records import Digest, Finding, Issue, Page, Record
from pipeline.roundup import match_published
from pipeline.settings import Settings
from pipeline.storage import is_here, read_regular
from pipeline.verify import checks_by_mention
from pipeline.write import from_json, read_digest


class AuditReport(Record):
    """What came of checking one digest."""

    entries: int
    """How many entries were checked."""
    findings: tuple[Finding, ...]
    """What was found, in the order of the entries."""
    titles: Mapping[str, str] = Field(default_factory=dict)
    """Titles of the entries, by their places."""
    unchecked: tuple[str, ...] = ()
    """Checks that need the issue, which was not read."""

    @property
    def passed(self) -> bool:
        """Whether nothing of it is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    def summary(self) -> str:
        """Sum up in one line."""
        wrong = sum(finding.severity == "error" for finding in self.findings)
        counts = {
            "entry": self.entries,
            "error": wrong,
            "warning": len(self.findings) - wrong,
        }
        return ", ".join(counted(number, name) for name, number in counts.items())


def audit(
    digest: Digest | str, source: str | None, *, settings: Settings, stdin: BinaryIO
) -> AuditReport:
    """Check a digest.

    Args:
        digest: the digest, or its text in any format.
        source: the issue: a file, `-`, a slug or an address; None for what the digest says itself:
            the evidence that its entries carry, or else the issue that it names.
        settings: where the newsletter is.
        stdin: what the source `-` reads.

    Raises:
        SettingsError: the source is neither a file nor an issue.
        SourceError: the issue could not be fetched.
        PageNotUnderstood: no digest, or no issue.
    """
    digest = read_digest(digest) if isinstance(digest, str) else digest
    page = None
    unpublished: tuple[Finding, ...] = ()
    if digest.period is not None:
        if source is not None:
            raise SettingsError("a roundup is compared with its digests: leave --source out")
        digest, unpublished = _match_published(digest, settings)
    elif source is not None:
        page = load_page(source, settings, stdin)
    elif needs_issue(digest):
        page = _fetch_page(_issue_slug(digest), settings)
    found = check_digest(digest, _issue_of(page, digest) if page else None, load_glossary())
    titles = {place: entry.title for place, entry in digest.placed}
    # What is nowhere published has nothing to be compared with.
    unknown = {finding.entry for finding in unpublished}
    findings = (*unpublished, *(finding for finding in found if finding.entry not in unknown))
    several = any("\n\n" in entry.evidence for entry in digest.entries)
    return AuditReport(
        entries=len(digest.entries),
        findings=findings,
        titles=titles,
        unchecked=checks_by_mention() if several and not page and not digest.period else (),
    )


def _match_published(roundup: Digest, settings: Settings) -> tuple[Digest, tuple[Finding, ...]]:
    """Look up the entries of a roundup in the digests of the folder; each is read once."""

    @cache
    def read(name: str) -> Digest | None:
        try:
            return from_json(read_regular(settings.outputs_dir / f"{name}.json").decode())
        except (OSError, UnicodeDecodeError, PageNotUnderstood):
            return None

    return match_published(roundup, read)


def _issue_of(page: Page, digest: Digest) -> Issue:
    """Parse an issue, with the words of its page that edits of the digest have added."""
    issue = parse(page)
    added = added_stories(digest.edits, page=page, issue=issue, stories=())
    mentions = (mention for story in added for mention in story.mentions)
    return issue.model_copy(update={"mentions": (*issue.mentions, *mentions)})


def _issue_slug(digest: Digest) -> str:
    slug = parse_slug(digest.issue_url)
    if slug is None:
        raise PageNotUnderstood(
            f"the digest carries no evidence, and {digest.issue_url!r} is no address of an issue:"
            " give the issue with --source"
        )
    return slug


class _FoundPage(NamedTuple):
    """A page that was looked for."""

    page: Page
    fetched: bool
    """Whether it is not the very page that the digest was made from."""


def load_page(source: str, settings: Settings, stdin: BinaryIO) -> Page:
    """Bring the page that `--source` names: a file, `-`, a slug or an address.

    Raises:
        SettingsError: it is none of these.
        SourceError: the issue could not be fetched.
    """
    if source == "-" or is_here(source):
        return read_source(source, stdin, max_page_bytes=settings.max_page_bytes)
    slug = parse_slug(source)
    if slug is None:
        raise SettingsError(
            f"--source {source!r} is no file, and no slug or address of an issue: give one of these"
        )
    return _fetch_page(slug, settings)


def _fetch_page(slug: str, settings: Settings) -> Page:
    """Fetch an issue.

    Raises:
        SourceError: it could not be fetched.
    """
    with (
        Cache(settings.cache_file) as cache,
        open_sources(settings, cache) as sources,
    ):
        return sources.fetch(slug)


def find_page(digest: Digest, settings: Settings, *, may_fetch: bool) -> _FoundPage | None:
    """Find the page of a digest's issue: the very one that is kept, or else one that is fetched.

    A cache that is not there is not made.

    Raises:
        SourceError: it could not be fetched.
    """
    made = digest.provenance
    if made and settings.cache_file.is_file():
        with Cache(settings.cache_file) as cache, open_sources(settings, cache) as sources:
            kept = sources.find_stored(made.slug, made.source, made.page_sha256)
        if kept:
            return _FoundPage(kept, fetched=False)
    slug = parse_slug(digest.issue_url)
    return _FoundPage(_fetch_page(slug, settings), fetched=True) if may_fetch and slug else None
