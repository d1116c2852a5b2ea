"""Digests -> the JSON Feed (version 1.1, jsonfeed.org): what the Atom feed says, for programs.

Pure; the same entries under the same ids, so that a reader may change from one to the other.
"""

import json
from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin

from pipeline.site.feed import AUTHOR, FEED_SUBTITLE, FEED_TITLE, FeedPost

JSON_FEED: Final = "feed.json"
"""Name of its file."""
_LANGUAGE: Final = "zh-CN"


def render_json_feed(posts: Sequence[FeedPost], *, base_url: str | None) -> str:
    """Write the feed of these entries."""
    own = {"feed_url": urljoin(base_url, JSON_FEED)} if base_url else {}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": FEED_TITLE,
        "description": FEED_SUBTITLE,
        "home_page_url": base_url or "index.html",
        **own,
        "language": _LANGUAGE,
        "authors": [{"name": AUTHOR}],
        "items": [_item(post) for post in posts],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _item(post: FeedPost) -> dict[str, str]:
    source = {"external_url": post.issue_url} if post.issue_url else {}
    return {
        "id": post.id,
        "url": post.address,
        **source,
        "title": post.title,
        "content_html": post.content,
        "summary": post.summary,
        "date_published": post.date,
        "language": _LANGUAGE,
    }
