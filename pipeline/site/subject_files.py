"""The subjects -> the files of the site: a page and a feed each, and a page that lists them."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final
from urllib.parse import urljoin

from pipeline.site.feed import MAX_FEED_DIGESTS, FeedHead, FeedPost, render_feed, tag_uri
from pipeline.site.folder import SiteFile
from pipeline.site.stamps import hash_inputs
from pipeline.site.subjects import FOLDER, SubjectPage, SubjectRow, subject_groups

INDEX: Final = f"{FOLDER}/index.html"
RenderPage = Callable[[str, str, object, str], bytes]
"""Fills a page: its name, its template, what it shows, and which part of the site it is."""


def subject_files(
    pages: Sequence[SubjectPage], render: RenderPage, base_url: str | None
) -> Iterator[SiteFile]:
    """Give the files of all subjects."""
    for page in pages:
        made_of = hash_inputs("subject", page, base_url)
        make = partial(render, page.href, "subject.html", page, "subject")
        yield SiteFile(page.href, make, made_of)
        yield SiteFile(page.feed, partial(_feed, page, base_url), made_of)
    listed = [(page.slug, page.group, page.label, page.total) for page in pages]
    yield SiteFile(
        INDEX,
        lambda: render(INDEX, "subjects.html", subject_groups(pages), "subject"),
        hash_inputs("subjects", listed, base_url),
    )


def _feed(page: SubjectPage, base_url: str | None) -> bytes:
    posts = [_post(row, base_url) for row in page.rows[:MAX_FEED_DIGESTS]]
    head = FeedHead(
        file=page.feed,
        title=f"{page.label} · AINews 中文日报",
        subtitle=f"日报里提到{page.label}的条目",
        home=page.href,
    )
    return render_feed(posts, base_url=base_url, head=head).encode()


def _post(row: SubjectRow, base_url: str | None) -> FeedPost:
    day = row.day.iso
    source = row.source
    return FeedPost(
        id=tag_uri(base_url, day, f"{row.stem}/{row.facts.anchor}"),
        title=row.facts.title,
        date=f"{day}T00:00:00+08:00",
        # A feed lies in the folder of the subjects.
        address=urljoin(base_url, row.href) if base_url else f"../{row.href}",
        issue_url=source.href if source else "",
        summary=f"{row.day.date}日报",
        content="",
    )
