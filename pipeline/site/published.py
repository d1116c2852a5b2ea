"""The digests -> what the site publishes of them for programs: each digest, lists and feeds.

Addresses in the list are relative to the site's root, in the feeds whole where the site's own is
known. Of one digest the list has a line, so that it stays small however many there are.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Final
from urllib.parse import urljoin

from pipeline.records import Digest
from pipeline.site.feed import (
    FEED,
    FEED_SUBTITLE,
    FEED_TITLE,
    JSON_FEED,
    MAX_FEED_DIGESTS,
    FeedPost,
    feed_posts,
    render_feed,
    render_json_feed,
)
from pipeline.site.folder import SiteFile
from pipeline.site.forms import form_file
from pipeline.site.library import DigestFacts, Library
from pipeline.site.pages import Outline
from pipeline.site.stamps import hash_inputs
from pipeline.write import EXPORTS, escape_line, to_json

INDEX: Final = "index.json"
LATEST: Final = "latest.json"
_LLMS: Final = "llms.txt"
MAX_LISTED_DIGESTS: Final = 10
"""How many of the newest digests it names."""
_TITLES: Final = 3
_DATA: Final = (
    ("latest.json", "最新一期，连同每条的英文依据"),
    ("index.json", "全部日报的目录：日期、条数和文件"),
    (JSON_FEED, "最近三十期全文，JSON Feed 1.1"),
    (FEED, "最近三十期全文，Atom"),
)


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
        _LLMS,
        lambda: render_llms(outlines, base_url=base_url).encode(),
        hash_inputs(_LLMS, outlines, base_url),
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


def render_llms(newest: Iterable[Outline], *, base_url: str | None) -> str:
    """Write `llms.txt` (llmstxt.org): where a language model finds the digests as text."""

    def link(text: str, file: str) -> str:
        return f"- [{text}]({urljoin(base_url, file) if base_url else file})"

    def digests() -> Iterator[str]:
        for outline in newest:
            titles = "；".join(title for title, _ in outline.news[:_TITLES])
            listed = link(outline.stem, form_file(outline.stem, "markdown"))
            yield f"{listed}: {escape_line(titles)}" if titles else listed

    data = [f"{link(name, name)}: {words}" for name, words in _DATA]
    parts = [f"# {FEED_TITLE}", f"> {FEED_SUBTITLE}。", "## 最新日报", *_block(digests())]
    return "\n\n".join([*parts, "## 数据", *_block(data)]) + "\n"


def _block(lines: Iterable[str]) -> list[str]:
    whole = "\n".join(lines)
    return [whole] if whole else []
