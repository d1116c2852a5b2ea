"""A digest's Markdown in three renderers: headings, links and separators as in the seed."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import cmarkgfm  # type: ignore[import-untyped]
import mistune
import pytest
from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt

import daily
from pipeline.records import Digest
from pipeline.write.files import to_markdown

RENDERERS: dict[str, Callable[[str], str]] = {
    "cmark-gfm": cmarkgfm.github_flavored_markdown_to_html,
    "mistune": lambda text: str(mistune.html(text)),
    "markdown-it": MarkdownIt("commonmark").render,
}


def skeleton(html: str) -> list[str]:
    """Name what a page is made of, in order: headings, separators, quotations and their links."""
    page = BeautifulSoup(html, "lxml")
    found = []
    for each in page.find_all(
        ["h1", "h2", "h3", "h4", "hr", "blockquote", "img", "code", "strong"]
    ):
        assert isinstance(each, Tag)
        links = len(each.find_all("a")) if each.name == "blockquote" else 0
        found.append(f"{each.name}{f' of {links}' if links else ''}")
    return found


@pytest.fixture(params=RENDERERS)
def renderer(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Take one renderer after the other."""
    return RENDERERS[str(request.param)]


def test_a_digest_has_the_form_of_the_seed(renderer: Callable[[str], str], shared: Path) -> None:
    """Twenty headings with a quotation each, separators between all; some of its have no link."""
    seed = skeleton(renderer((shared / "seed" / "2025-12-21.md").read_text("utf-8")))
    assert seed.count("h3") == 20
    assert seed.count("hr") == 19
    ours = skeleton(renderer(to_markdown(linked())))
    assert ours.count("blockquote of 1") == 21
    # The seed has code in two of its texts, which no text of ours can have.
    theirs = [each for each in seed if each != "code"]
    assert [each.partition(" ")[0] for each in ours] == [each.partition(" ")[0] for each in theirs]


def test_links_and_headings_are_those_of_the_records(renderer: Callable[[str], str]) -> None:
    """What is in the records is on the page, to the letter and in order; no more and no less."""
    digest = linked()
    page = BeautifulSoup(renderer(to_markdown(digest)), "lxml")
    entries = (*digest.news, *digest.tools)
    heads = [each.get_text().split(". ", 1)[1] for each in page.find_all("h3")]
    assert heads == [each.title for each in entries]
    assert [str(each["href"]) for each in page.find_all("a")] == [
        digest.issue_url,
        *(str(each.link) for each in entries),
    ]


def test_a_skeleton_shows_what_is_too_much(renderer: Callable[[str], str]) -> None:
    """A heading, a picture, bold words or a second link more are seen."""
    text = to_markdown(linked())
    for more in ("# one\n", "![x](https://example.org/x.png)\n", "**two**\n", "---\n"):
        assert skeleton(renderer(f"{text}\n{more}")) != skeleton(renderer(text)), more


def linked() -> Digest:
    """Make a digest of ten and ten, each with a link and none with a mark."""
    digest = daily.digest(dt.date(2025, 12, 21))

    def plain(number: int) -> dict[str, object]:
        return {
            "link": f"https://example.org/{number}_(a)?b=c&d=e",
            "follows": None,
            "quoted": False,
        }

    news = tuple(e.model_copy(update=plain(n)) for n, e in enumerate(digest.news))
    tools = tuple(e.model_copy(update=plain(n)) for n, e in enumerate(digest.tools, 10))
    return digest.model_copy(update={"news": news, "tools": tools})
