"""Words of a page that somebody copied: found as the page has them, with their links, or refused."""

import pytest

from pipeline.errors import SettingsError
from pipeline.parse.passages import find_passage
from pipeline.records import Page

MARKDOWN = """---
title: A sampler
---

# AI Twitter Recap

- **Alder** released weights ([code](https://alder.example/code)).

## A heading

The lab says that **“Birch 4”** costs $30.50 in all — and
runs on [one *machine*](https://birch.example/4), as its maker said
([post](https://x.example/1)). More at https://birch.example/more.

| model | score |
|---|---|
| Cedar | scored 71.3 on a test that nobody else has passed |

# AI Reddit Recap

It was said twice in one issue of it.

It was said twice in one issue of it.
"""
HTML = """<html><head><title>The lab says that “Birch 4” costs</title></head><body><nav>The lab says
nothing at all here</nav><article><h1>AI Twitter Recap</h1><ul><li>Alder</li></ul></article>
<aside><h2>A heading</h2><p>The lab says that <b>“Birch 4”</b> costs $30.50 in&nbsp;all — and runs on
<a href="https://birch.example/4">one machine</a>, as its maker<br>said
(<a href="javascript:alert(1)">bad</a>, <a href="https://x.example/1">post</a>).</p></aside></body></html>"""


def page(text: str = MARKDOWN) -> Page:
    """Make a page."""
    return Page(
        slug="26-01-30-sampler",
        url="https://news.smol.ai/issues/26-01-30-sampler/",
        source="file",
        media="html" if text.startswith("<") else "markdown",
        text=text,
        sha256="0" * 64,
    )


@pytest.mark.parametrize("text", [MARKDOWN, HTML], ids=["markdown", "html"])
@pytest.mark.parametrize(
    "words",
    [
        "The lab says that “Birch 4” costs $30.50 in all — and runs on one machine",
        'the lab says that "Birch 4" costs\n $30.50 in all - and runs on one machine',
        "The\u00a0lab says that **“Birch 4”** costs $30.50 in\u200b all—and runs on one *machine*",
        "The lab says that “Birch 4” costs $30.50 in all — and runs on [one *machine*](https://b.example/4)",
        "Ｔhe lab says that ‟Birch 4” costs $30.50 in all – and runs on one machine,",
    ],
)
def test_words_are_found_however_they_are_set(text: str, words: str) -> None:
    """In white space, widths, quotes and dashes; what is given back is the page's own text."""
    found = find_passage(page(text), words)
    assert (
        found.text == "The lab says that “Birch 4” costs $30.50 in all — and runs on one machine,"
    )
    assert [link.url for link in found.links] == ["https://birch.example/4"]
    assert found.section == ("AI Twitter Recap", "A heading")
    assert found.part == "twitter"


def test_every_link_that_stands_in_the_words_comes_along() -> None:
    """Once each, in order, bare ones too; none that leads nowhere good or stands elsewhere."""
    words = "The lab" + MARKDOWN.partition("The lab")[2].partition("\n\n")[0]
    assert [link.url for link in find_passage(page(), words).links] == [
        "https://birch.example/4",
        "https://x.example/1",
        "https://birch.example/more",
    ]
    html = find_passage(page(HTML), "as its maker said (bad, post).")
    assert [(link.url, link.text) for link in html.links] == [("https://x.example/1", "post")]


def test_no_word_and_no_number_is_cut_in_two() -> None:
    """What begins or ends within one is taken to its end: $30.50 is not $3."""
    assert (
        find_passage(page(), "ab says that “Birch 4” costs $3").text
        == "lab says that “Birch 4” costs $30.50"
    )


def test_words_may_go_over_several_blocks() -> None:
    """Each of them is a line; a table is text as well."""
    found = find_passage(page(), "Cedar scored 71.3 on a test that nobody else has passed")
    assert found.text == "Cedar scored 71.3 on a test that nobody else has passed"
    found = find_passage(
        page(), "nobody else has passed AI Reddit Recap It was said twice", anywhere=True
    )
    assert found.text == "nobody else has passed\nAI Reddit Recap\nIt was said twice"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("The lab says that Birch 4 costs $31.50 in all", "nearest is “The lab says that"),
        ("Nothing whatever of this kind: qwertz uiop asdf", "does not have"),
        ("It was said twice in one issue", "2 times.*more of the words"),
        ("The lab says", "20 to 5,000 characters.*has 10"),
        ("", "has 0"),
        ("word " * 2_000, "20 to 5,000 characters"),
        ("\u200b \n*_*", "has 0"),
    ],
)
def test_words_that_cannot_be_are_refused(words: str, said: str) -> None:
    """In one line, with what is nearest; of words that stand twice the first counts if it may."""
    with pytest.raises(SettingsError, match=said) as caught:
        find_passage(page(), words)
    assert "\n" not in str(caught.value)
    if "times" in said:
        assert find_passage(page(), words, anywhere=True).part == "reddit"


def test_what_no_reader_sees_is_not_of_the_page() -> None:
    """Neither the title of the window nor its navigation."""
    with pytest.raises(SettingsError, match="does not have"):
        find_passage(page(HTML), "The lab says nothing at all here")
