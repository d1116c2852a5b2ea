"""Digests for tests of what is written."""

from datetime import date
from typing import Any

import daily
from build import entry
from pipeline.records import Digest, Entry


def news_digest(*entries: Entry, issue_url: str = "https://news.smol.ai/issues/x/") -> Digest:
    """Make a digest of news only."""
    return Digest(date=date(2026, 1, 31), issue_url=issue_url, news=entries, tools=())


def one_entry(text: str, *, quoted: bool = False) -> Digest:
    """Write a digest of one entry, whose title and summary are the text."""
    link = "https://example.org/a_b"
    return news_digest(Entry(kind="news", title=text, summary=text, link=link, quoted=quoted))


def digest_of(slug: str, words: str = "标题", **facts: Any) -> Digest:
    """Write a digest of an issue, with all that says where it came from."""
    made = daily.digest(date(2026, 1, 31))
    assert made.provenance is not None
    return made.model_copy(
        update={
            "issue_url": f"https://news.smol.ai/issues/{slug}/",
            "news": (entry("s01", None).model_copy(update={"title": words}),),
            "provenance": made.provenance.model_copy(update={"slug": slug, **facts}),
        }
    )
