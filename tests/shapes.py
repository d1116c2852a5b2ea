"""Pages that only an attacker writes: one thing over and over, as large as is asked for.

Each is an issue with one story that anybody would tell, and the flood below it.
"""

from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from pipeline.records import Page, PageFormat

_CALM = "Quill 2 is out: the open editor prints PDF twice as fast, says its maker, and is free."
_HEADS = {
    "html": "<article><h1>AI Twitter Recap</h1><ul><li><b>Quill 2</b>: "
    f"{_CALM} <a href='https://quill.example/2'>page</a></li></ul>\n",
    "markdown": f"# AI Twitter Recap\n\n- **Quill 2**: {_CALM} [page](https://quill.example/2)\n\n",
}


_LINE_CHARS = 20_000


class Shape(NamedTuple):
    """One kind of flood."""

    media: PageFormat
    unit: str
    """What is repeated; № in it is the number of the repetition."""
    before: str = ""
    after: str = ""
    grow: Callable[[int], str] | None = None
    """Makes the repetition of a number, where it is not the unit alone."""
    between: str = ""
    """What stands after each 20,000 characters, so that not all is one line."""

    def page(self, size: int, slug: str = "26-01-02-flood") -> Page:
        """Make a page of about so many characters."""
        parts = [_HEADS[self.media], self.before]
        left = size - sum(map(len, parts)) - len(self.after)
        line = _LINE_CHARS
        for number in count(1):
            part = self.grow(number) if self.grow else self.unit.replace("№", str(number))
            left -= len(part)
            if left < 0:
                break
            parts.append(part)
            line -= len(part)
            if self.between and line < 0:
                parts.append(self.between)
                left, line = left - len(self.between), _LINE_CHARS
        text = "".join((*parts, self.after))
        url = f"https://news.smol.ai/issues/{slug}/"
        return Page(slug=slug, url=url, source="site", media=self.media, text=text, sha256="0" * 64)


_WORDS = "lark wren finch heron stork crane robin swift eagle raven goose egret ibis quail snipe"
_NAMES = [f"{one.title()}{other.title()}" for one in _WORDS.split() for other in _WORDS.split()]


def _of_some(kinds: int, links: str = "") -> Callable[[int], str]:
    """Make bullets of so many kinds, equal but for that."""

    def bullet(number: int) -> str:
        name = _NAMES[number % kinds]
        words = f"the {name} model is released with weights for {name.lower()}s that sing and fly"
        return f"<li><b>{name} is released</b>: {words}{links}.</li>\n"

    return bullet


def _mixed(number: int) -> str:
    """Make a bullet of words of which each stands in many others, each time other ones."""
    words = " ".join(_NAMES[number * number * step % 223 % len(_NAMES)] for step in range(1, 31))
    return f"<li><b>{_NAMES[number % 211]} rises</b> {words}.</li>\n"


def _html(unit: str, before: str = "", after: str = "") -> Shape:
    return Shape("html", unit, before, after)


def _bullet(unit: str) -> Shape:
    """Repeat something within one bullet."""
    first, last = "<li><b>Flood</b>: ", "</li>"
    return Shape("html", unit, f"<ul>{first}", f"{last}</ul>", between=f"{last}{first}")


def _md(unit: str, before: str = "", after: str = "") -> Shape:
    return Shape("markdown", unit, before, after, between="" if before else "\n\n")


SHAPES: dict[str, Shape] = {
    # mentions
    "equal mentions": _html("<li>The Heron-2 model is released with open weights today.</li>\n"),
    "equal mentions with a link": _html(
        "<li><b>Heron-2</b> is <a href='https://a.test/heron'>released</a> with weights.</li>\n"
    ),
    "mentions of 26 kinds": Shape("html", "", grow=_of_some(26)),
    "mentions of 26 kinds, one link": Shape(
        "html", "", grow=_of_some(26, " <a href='https://a.test/b'>at</a>")
    ),
    "mentions of 200 kinds": Shape("html", "", grow=_of_some(200)),
    "mentions of mixed words": Shape("html", "", grow=_mixed),
    "mentions with one link": _html(
        "<li><b>Item№</b> word№ thing№ <a href='https://a.test/heron'>page</a> said so.</li>\n"
    ),
    "mentions with one name": _html("<li><b>Heron-2.5</b> item№ word№ thing№ other№.</li>\n"),
    "mentions with versions": _html("<li><b>Heron-№.5 is released</b> word№ thing№.</li>\n"),
    "near-equal titles": _html(
        "<li><b>Heron-2 is released with open weights and code, part №</b>: more.</li>\n"
    ),
    "one letter a bullet": _html("<li>x</li>"),
    "one letter a bullet, Markdown": _md("- x\n"),
    "labels of a channel": _html(
        "<li>heron weights №</li>\n", "<h2>Lab ▷ #heron</h2><ul>", "</ul>"
    ),
    "headings": _html("<h2>Heading №</h2><p>text №</p>"),
    "headings, Markdown": _md("# Heading №\n\ntext №\n\n"),
    "announced names": _html(
        "<li><b>Heron-№.5 is released</b>: weights.</li>", "<h1>AI Twitter Recap</h1>"
    ),
    "coined names": _html("<li><b>HERON-X№Y is released</b>: weights.</li>"),
    # within one bullet
    "one word": _bullet("attribute"),
    "words": _bullet("word№ "),
    "capitalised words": _bullet("Word№ "),
    "compound words": _bullet("a-"),
    "short words": _bullet("a "),
    "one digit": _bullet("1"),
    "groups of digits": _bullet("000,"),
    "dotted digits": _bullet("1."),
    "numbers": _bullet("№ "),
    "numbers with units": _bullet("№% "),
    "number words": _bullet("a hundred "),
    "versions": _bullet("Heron-№.5 "),
    "accounts": _bullet("@a№ "),
    "Chinese": _bullet("模型发布了"),
    "Chinese numerals": _bullet("一百万"),
    "sentences": _bullet("It is so. "),
    "links of one bullet": _bullet("<a href='https://a.test/№'>x</a> "),
    "bare addresses": _bullet("https://a.test/№ "),
    "nested bullets": _html("<ul><li>x"),
    "bullets in a bullet": _html("<li>nested bullet № is here</li>", "<ul><li>Flood<ul>"),
    "quotations": _html("<blockquote>x"),
    "nested b": _bullet("<b>x"),
    "nested a": _bullet("<a href='https://a.test/x'>x"),
    "bold lead": _html("word№ ", "<ul><li><b>", "</b> is out.</li></ul>"),
    "bold and code": _bullet("<b>x</b><code>y</code>"),
    "leads of 11,000 words": _html(
        f"<li><b>{'heron wren lark ' * 3_700} №</b> is out.</li>", "<ul>", "</ul>"
    ),
    "details": _html("<details><summary>x</summary>"),
    "entities": _bullet("&amp;&lt;"),
    "comments": _bullet("x<!-- -->"),
    "attributes": _html(" a№=x", "<p", ">text</p>"),
    "one attribute": _html("attribute", "<p class='", "'>text</p>"),
    "long address": _html("a", "<p><a href='https://a.test/", "'>text</a></p>"),
    "cells": _html("<td>x</td>", "<table><tr>", "</tr></table>"),
    "rows": _html("<tr><td>x</td></tr>", "<table>", "</table>"),
    "articles": _html("</article><article>x"),
    # Markdown
    "pictures": _md("!["),
    "brackets": _md("["),
    "closing brackets": _md("]"),
    "brackets in turns": _md("[]"),
    "half links": _md("]("),
    "half links in turns": _md("[a]("),
    "pointed links": _md("[a](<b"),
    "links": _md("[a](b) "),
    "links of links": _md("[a]", "", "\n\n[a]: https://a.test/x\n"),
    "definitions": _md("[a№]: https://a.test/№\n"),
    "definitions without end": _md("[a№]: x 'y\n"),
    "growing backticks": Shape("markdown", "", grow=lambda number: "`" * number + " "),
    "shrinking backticks": Shape(
        "markdown", "", grow=lambda number: "`" * (2_000 - number % 2_000) + " "
    ),
    "backticks": _md("`"),
    "backticks in turns": _md("`a``b"),
    "emphasis": _md("*_"),
    "emphasis in turns": _md("*a_ "),
    "emphasis that opens": _md("*a **a "),
    "emphasis that closes": _md("a* a** "),
    "strikes": _md("~~a "),
    "pairs of strikes": _md("~a~~ b"),
    "angles": _md("<"),
    "open tags": _md("<a "),
    "open quotes": _md("<a b='"),
    "tag of attributes": _md(" a№=x", "x <a", ">"),
    "tag of attributes without end": _md(" a№=x", "x <a"),
    "tags of attributes without end": _md("<a x='y' z"),
    "comments without end": _md("x <!-- "),
    "declarations": _md("x <!A "),
    "instructions": _md("x <? "),
    "entities, Markdown": _md("&#35;&amp;"),
    "half entities": _md("&a"),
    "backslashes": _md("\\"),
    "addresses": _md("https://a.test/№ "),
    "www": _md("www.a.b "),
    "www without space": _md("www.a"),
    "colons": _md("http:"),
    "brackets of addresses": _md("<http:a"),
    "addresses with brackets": _md("(", "https://a.test/", ")"),
    "addresses with entities": _md("&a;", "https://a.test/"),
    "one-column table": _md("| x |\n", "| a |\n|---|\n"),
    "rows of a table": _md("x\n", "| a |\n|---|\n"),
    "columns": _md("| x ", "| a |\n|---|\n"),
    "columns of a heading": Shape("markdown", "| a "),
    "wide table": _md("x\n", "| " + "a | " * 2_000 + "\n|" + "---|" * 2_000 + "\n"),
    "tables": _md("| a |\n|---|\n\n"),
    "nested bullets, Markdown": Shape(
        "markdown", "", grow=lambda number: "  " * (number % 200) + "- x\n"
    ),
    "markers of bullets": _md("- "),
    "bullets with blank lines": _md("- x\n\n"),
    "quotations, Markdown": _md("> "),
    "lines of a quotation": _md("> x\n"),
    "quotations and bullets": _md("> - "),
    "lines": _md("x\n"),
    "blank lines": _md("\n"),
    "spaces": _md(" "),
    "spaces after a word": _md("x" + " " * 400),
    "tabs": _md("-\t"),
    "fences": _md("```\nx\n"),
    "growing fences": Shape("markdown", "", grow=lambda number: "`" * (number + 2) + "\nx\n"),
    "code": _md("    x\n\n"),
    "rules": _md("---\n"),
    "rules of stars": _md("* "),
    "underlines": _md("x\n-\n"),
    "raw blocks": _md("<div>\n\n"),
    "raw tags": _md("<div>"),
    "raw tags that close": _md("</div>", "<p>" * 100),
    "raw silent tags": _md("<style>\n"),
    "raw scripts": _md("<script>x</script >"),
    "raw comments": _md("<!-- x\n\n"),
    "swallowed channels": _md("# Lab ▷ #№\n- x\n", "```\n"),
    "numbered": _md("№. x\n"),
}
"""By name."""
