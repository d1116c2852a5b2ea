"""The digests -> what the site publishes of them for programs: each digest, lists and feeds.

Addresses in the list are relative to the site's root, in the feeds whole where the site's own is
known. Of one digest the list has a line, so that it stays small however many there are.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Final

from pipeline.records import Digest
from pipeline.site.feed import FEED, MAX_FEED_DIGESTS, FeedPost, feed_posts, render_feed
from pipeline.site.folder import SiteFile
from pipeline.site.forms import form_file
from pipeline.site.json_feed import JSON_FEED, render_json_feed
from pipeline.site.library import DigestFacts, Library
from pipeline.site.llms_txt import LLMS, MAX_LISTED_DIGESTS, render_llms
from pipeline.site.stamps import hash_inputs
from pipeline.write import EXPORTS, to_json

INDEX: Final = "index.json"
LATEST: Final = "latest.json"


def digest_files(library: Library, facts: DigestFacts) -> Iterator[SiteFile]:
    """Give one digest in every form."""

    def make(render: Callable[[Digest], str]) -> bytes:
        return render(library.read(facts).digest).encode()

    made_of = hash_inputs("forms", facts.git_names)
    for name, form in EXPORTS.items():
        yield SiteFile(form_file(facts.stem, name), partial(make, form.render), made_of)


def feed_files(library: Library, base_url: str | None) -> Iterator[SiteFile]:
    """Give the feeds."""
    newest, stems = library.digests[:MAX_FEED_DIGESTS], library.stems
    parts = [
        (facts.stem, facts.git_names, [day for day in facts.follows if day in stems])
        for facts in newest
    ]

    # Both are made of the same; whichever is made first reads it.
    @cache
    def posts() -> tuple[FeedPost, ...]:
        return feed_posts(library.read_all(newest), base_url=base_url, stems=stems)

    for name, render in ((FEED, render_feed), (JSON_FEED, render_json_feed)):

        def make(render: Callable[..., str] = render) -> bytes:
            return render(posts(), base_url=base_url).encode()

        yield SiteFile(name, make, hash_inputs(name, parts, base_url))


def whole_files(library: Library, base_url: str | None) -> Iterator[SiteFile]:
    """Give what names all digests, or the newest, for programs."""
    listed = [(facts.stem, facts.slug, facts.entries) for facts in library.digests]
    yield SiteFile(INDEX, lambda: _render_index(library).encode(), hash_inputs(INDEX, listed))
    newest = [facts.git_names for facts in library.digests[:1]]
    yield SiteFile(LATEST, lambda: _render_latest(library).encode(), hash_inputs(LATEST, newest))
    outlines = [facts.outline for facts in library.digests[:MAX_LISTED_DIGESTS]]
    yield SiteFile(
        LLMS,
        lambda: render_llms(outlines, base_url=base_url).encode(),
        hash_inputs(LLMS, outlines, base_url),
    )


def _render_index(library: Library) -> str:
    """Write the list of all digests, newest first, one a line."""
    lines = (json.dumps(_listed(facts), ensure_ascii=False) for facts in library.digests)
    rows = ",\n".join(lines)
    return f'{{"digests": [\n{rows}\n]}}\n'


def _listed(facts: DigestFacts) -> dict[str, str | int]:
    news, tools = facts.entries
    return {
        "name": facts.stem,
        "date": facts.date.isoformat(),
        "issue": facts.slug,
        "news": news,
        "tools": tools,
        "page": f"{facts.stem}.html",
        "json": form_file(facts.stem, "json"),
        "markdown": form_file(facts.stem, "markdown"),
    }


def _render_latest(library: Library) -> str:
    """Write the newest digest as its JSON; `null` where there is none."""
    newest = library.digests[:1]
    return to_json(library.read(newest[0]).digest) if newest else "null\n"
