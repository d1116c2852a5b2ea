"""A digest's file, and its issue from wherever it is -> what `check` finds: the command `verify`.

Reads files, standard input and, where the digest does not carry its evidence, the source chain.
"""

from pathlib import Path
from typing import BinaryIO

from pipeline.chinese import glossary
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.fetch.chain import Addresses, Limits, Newsstand, read_source, slug_of
from pipeline.llm.cache import Cache
from pipeline.ops.audit_checks import check, needs_issue
from pipeline.parse.page import parse
from pipeline.records import Digest, Finding, Page, Record
from pipeline.settings import Settings
from pipeline.write.files import load
from pipeline.write.reader import read


class Audit(Record):
    """What came of checking one digest."""

    entries: int
    """How many entries were checked."""
    findings: tuple[Finding, ...]
    """What was found, in the order of the entries."""

    @property
    def sound(self) -> bool:
        """Whether nothing of it is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    def line(self) -> str:
        """Sum up in one line."""
        wrong = sum(finding.severity == "error" for finding in self.findings)
        counts = (
            (self.entries, "entry", "entries"),
            (wrong, "error", "errors"),
            (len(self.findings) - wrong, "warning", "warnings"),
        )
        return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts)


def audit(text: str, source: str | None, *, settings: Settings, stdin: BinaryIO) -> Audit:
    """Check the text of a digest's file.

    Args:
        text: Markdown or JSON of the digest.
        source: the issue: a file, `-`, a slug or an address; None for what the digest says itself:
            the evidence that its entries carry, or else the issue that it names.
        settings: where the newsletter is.
        stdin: what the source `-` reads.

    Raises:
        SettingsError: the source is neither a file nor an issue.
        SourceError: the issue could not be fetched.
        PageNotUnderstood: no digest, or no issue.
    """
    digest = load(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else read(text)
    page = None
    if source is not None:
        page = _page(source, settings, stdin)
    elif needs_issue(digest):
        page = _fetch(_named(digest), settings)
    found = check(digest, parse(page) if page else None, glossary.load())
    return Audit(entries=len(digest.news) + len(digest.tools), findings=found)


def _page(source: str, settings: Settings, stdin: BinaryIO) -> Page:
    if source == "-" or Path(source).exists():
        return read_source(source, stdin, max_page_bytes=settings.max_page_bytes)
    slug = slug_of(source)
    if slug is None:
        raise SettingsError(
            f"--source {source!r} is no file, and no slug or address of an issue: give one of these"
        )
    return _fetch(slug, settings)


def _named(digest: Digest) -> str:
    slug = slug_of(digest.issue_url)
    if slug is None:
        raise PageNotUnderstood(
            f"the digest carries no evidence, and {digest.issue_url!r} is no address of an issue:"
            " give the issue with --source"
        )
    return slug


def _fetch(slug: str, settings: Settings) -> Page:
    addresses = Addresses(
        site=settings.site_url, upstream=settings.upstream_url, substack=settings.substack_url
    )
    limits = Limits(
        timeout_s=settings.http_timeout_s,
        attempts=settings.http_attempts,
        max_page_bytes=settings.max_page_bytes,
    )
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        Newsstand(addresses, limits, pages=cache) as stand,
    ):
        return stand.fetch(slug)
