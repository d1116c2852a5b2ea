"""Render an issue's Markdown as the newsletter's site does: for `parse`, which reads the HTML.

The site renders with remark, twice: 2026's issues as live pages, earlier ones as a frozen
archive. Where markdown-it would come to another result, it is bent to remark's here, because the
Markdown of an issue must give what its page gives. Not covered: footnotes, smart punctuation.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_MAX_NESTING = 32  # a list item counts twice; what is nested deeper is left out
_MAX_OPENERS = 200  # how far back a closing * looks; keeps hostile lines linear

# GitHub's autolinks: up to white space or a tag, without the punctuation at the end.
_ADDRESS = re.compile(r"://\w[^\s<]{0,4000}")
_WWW = re.compile(r"(?<![^\s(*_~\[\]])www\.\w[^\s<]{0,4000}")


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Part a Markdown file into its front matter, all strings, and the text below."""
    match = re.match(r"\s*---[ \t]*\r?\n(.*?\n)---[ \t]*(?:\r?\n|$)", text, re.DOTALL)
    if not match:
        return {}, text
    try:
        loaded = yaml.load(match[1], Loader=_Strings)  # noqa: S506 - it is a SafeLoader
    except (yaml.YAMLError, RecursionError):
        loaded = None  # the mentions below it are what matters
    return loaded if isinstance(loaded, dict) else {}, text[match.end() :]


def render(text: str, *, live: bool) -> str:
    """Render Markdown to HTML as a live page has it, or the frozen archive.

    The archive is plain CommonMark without raw HTML: a block of it is gone with all its text, as
    is the first line of the issues that begin with a Buttondown comment. Live pages have GitHub's
    extensions and keep raw HTML.
    """
    return str(_renderer(live=live).render(text))


class _Strings(yaml.SafeLoader):
    """YAML whose scalars stay as they are written: the tag `3.10` is no number."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the name is PyYAML's


class _SiteMarkdown(MarkdownIt):
    """Markdown whose addresses are written as remark writes them."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the name is markdown-it's
        url = re.sub(r"%(?![0-9A-Za-z]{2})", "%25", url)
        return quote(url, safe="!#$%&'()*+,/:;=?@~")

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802
        return True  # `parse` drops what no reader should follow


@cache
def _renderer(*, live: bool) -> MarkdownIt:
    if live:
        markdown = _SiteMarkdown("gfm-like2", {"alerts": False, "maxNesting": _MAX_NESTING})
        markdown.linkify = _WwwAddresses()
        markdown.inline.ruler.at("linkify", _bare_address)
    else:
        markdown = _SiteMarkdown("commonmark", {"maxNesting": _MAX_NESTING})
        for kind in ("html_block", "html_inline"):
            markdown.add_render_rule(kind, lambda *_: "")
    markdown.inline.ruler2.before("balance_pairs", "remark_emphasis", _pair_emphasis)
    return markdown


def _bare_address(state: StateInline, silent: bool) -> bool:
    """Make a link of a bare `http(s)://` address, called at its colon: an inline rule."""
    scheme = re.search(r"(?<![A-Za-z])https?$", state.pending[-6:])
    match = _ADDRESS.match(state.src, state.pos) if scheme and not state.linkLevel else None
    if not scheme or not match:
        return False
    rest = _trim(match[0])
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(scheme[0] + rest)}
        state.push("text", "", 0).content = scheme[0] + rest
        state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


@dataclass(frozen=True)
class _Found:
    """A bare address in the terms of markdown-it's linkify rule."""

    url: str
    text: str
    index: int
    last_index: int
    schema: str = "http:"


class _WwwAddresses:
    """The bare addresses that begin with `www.`, where markdown-it expects its linkify."""

    def test(self, text: str) -> bool:
        return "www." in text

    pretest = test

    def match(self, text: str) -> list[_Found]:
        found = []
        for match in _WWW.finditer(text):
            shown, start = _trim(match[0]), match.start()
            found.append(_Found("http://" + shown, shown, start, start + len(shown)))
        return found


def _trim(url: str) -> str:
    while True:
        shorter = re.sub(r"&[A-Za-z]{1,30};$", "", url.rstrip("!\"',.:;?_~*]"))
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter


@dataclass
class _Run:
    """The asterisks or underscores of one run that have no partner yet: `start` to `stop`."""

    start: int
    stop: int
    first: Delimiter

    def __len__(self) -> int:
        return self.stop - self.start


def _pair_emphasis(state: StateInline) -> None:
    """Find the partner of every `*` and `_` as remark does.

    CommonMark's "rule of three" counts the whole runs; remark counts what is left of them, so
    that `****Sora** solves!**:` is bold in bold. markdown-it's own rule then does the rest (`~`).
    """
    metas = [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in (state.delimiters, *metas):
        openers: list[_Run] = []
        for run in _runs(delimiters):
            if run.first.close:
                _close(run, openers, delimiters)
            if run.first.open and run:
                openers.append(run)
        for delimiter in delimiters:
            if chr(delimiter.marker) in "*_":
                delimiter.open = delimiter.close = False


def _runs(delimiters: list[Delimiter]) -> list[_Run]:
    runs: list[_Run] = []
    for index, delimiter in enumerate(delimiters):
        if chr(delimiter.marker) not in "*_":
            continue
        last = runs[-1] if runs else None
        if (
            last
            and last.stop == index
            and last.first.marker == delimiter.marker
            and delimiters[index - 1].token + 1 == delimiter.token
        ):
            last.stop += 1
        else:
            runs.append(_Run(index, index + 1, delimiter))
    return runs


def _close(run: _Run, openers: list[_Run], delimiters: list[Delimiter]) -> None:
    while run:
        for place in range(len(openers) - 1, max(-1, len(openers) - 1 - _MAX_OPENERS), -1):
            opener = openers[place]
            ambiguous = opener.first.close or run.first.open
            odd = ambiguous and len(run) % 3 and (len(opener) + len(run)) % 3 == 0
            if opener.first.marker == run.first.marker and not odd:
                break
        else:
            return
        for _ in range(2 if len(opener) > 1 and len(run) > 1 else 1):
            opener.stop -= 1
            delimiters[opener.stop].end = run.start
            run.start += 1
        del openers[place + bool(opener) :]  # whatever opened in between stays text
