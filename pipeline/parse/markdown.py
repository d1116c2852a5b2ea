"""Render an issue's Markdown as the newsletter's site does.

The site renders with remark, twice: 2026's issues as live pages, earlier ones as a frozen
archive. Where markdown-it would come to another result, it is bent to remark's here, because the
Markdown of an issue must give what its page gives. Except where that lets a stranger's words reach
beyond the bullet that quotes them: raw HTML comes out closed, without attributes but `href`, and
defines nothing for others. Not covered: footnotes, smart punctuation.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from typing import Any
from urllib.parse import quote

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from pipeline.parse.markdown_limits import MAX_LEVELS, MAX_NESTING, LineRenderer, limit
from pipeline.parse.mentions import SILENT_TAGS

_MAX_FRONT_MATTER = 50_000  # characters; real ones have 3,000, and YAML is slow
_MAX_OPENERS = 200  # how far back a closing * looks; keeps hostile lines linear

# GitHub's autolinks: up to white space or a tag, without the punctuation at the end.
_ADDRESS = re.compile(r"://\w[^\s<]{0,4000}")
_WWW = re.compile(r"(?<![^\s(*_~\[\]])www\.\w[^\s<]{0,4000}")

_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>", re.IGNORECASE)
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""", re.IGNORECASE)
_INLINE_TAG = re.compile(r"a|abbr|b|br|code|del|em|i|ins|kbd|mark|s|small|strong|sub|sup|u")
_VOID_TAG = re.compile(r"area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>", re.DOTALL)


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Part a Markdown file into its front matter, all strings, and the text below."""
    match = re.match(r"\s*---[ \t]*\r?\n(.*?\n)---[ \t]*(?:\r?\n|$)", text, re.DOTALL)
    if not match:
        return {}, text
    loaded = None  # the mentions below it are what matters
    if len(match[1]) <= _MAX_FRONT_MATTER:
        # The base loader knows neither tags nor types: the name `3.10` is no number.
        with suppress(yaml.YAMLError, RecursionError):
            loaded = yaml.load(match[1], Loader=yaml.BaseLoader)  # noqa: S506 - it makes strings
    return loaded if isinstance(loaded, dict) else {}, text[match.end() :]


def markdown_to_html(text: str, *, live: bool) -> str:
    """Render Markdown to HTML as a live page has it, or the frozen archive.

    The archive is plain CommonMark without raw HTML: a block of it is gone with all its text, as
    is the first line of the issues that begin with a Buttondown comment. Live pages have GitHub's
    extensions and keep raw HTML.
    """
    return str(_renderer(live=live).render(text))


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
        options = {"alerts": False, "maxNesting": MAX_LEVELS}
        markdown = _SiteMarkdown("gfm-like2", options, renderer_cls=LineRenderer)
        markdown.linkify = _WwwLinkifier()
        markdown.inline.ruler.at("linkify", _autolink)
        markdown.add_render_rule("html_block", _balanced_html)
        markdown.add_render_rule("html_inline", _inline_html)
    else:
        options = {"maxNesting": MAX_LEVELS}
        markdown = _SiteMarkdown("commonmark", options, renderer_cls=LineRenderer)
        for kind in ("html_block", "html_inline"):
            markdown.add_render_rule(kind, lambda *_: "")
    markdown.inline.ruler2.before("balance_pairs", "remark_emphasis", _pair_emphasis)
    limit(markdown)
    return markdown


def _inline_html(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    """Keep the tags within a line that format it or link, dropping all others."""
    tag = _TAG.fullmatch(tokens[index].content)
    return _bare_tag(tag) if tag and _INLINE_TAG.fullmatch(tag[2].lower()) else ""


def _balanced_html(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    """Write a block of raw HTML with every tag closed, so that it ends where it ends."""
    return _TagBalancer(_COMMENT.sub("", tokens[index].content)).balance()


class _TagBalancer:
    """Raw HTML, and which of its tags are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0  # what stands before it is written or hidden
        self._written: list[str] = []
        self._open: list[str] = []
        self._never_closed: set[str] = set()  # silent tags that hide nothing

    def balance(self) -> str:
        for tag in _TAG.finditer(self._text):
            if tag.start() >= self._at:
                self._written.append(_words(self._text[self._at : tag.start()]))
                self._at = tag.end()
                self._add(tag, tag[2].lower(), closes=bool(tag[1]))
        closing = (f"</{name}>" for name in reversed(self._open))
        return "".join((*self._written, _words(self._text[self._at :]), *closing, "\n"))

    def _add(self, tag: re.Match[str], name: str, *, closes: bool) -> None:
        if name in SILENT_TAGS:
            if not closes:
                self._hide(name)
        elif not closes:
            self._written.append(_bare_tag(tag))
            self._open += [] if _VOID_TAG.fullmatch(name) else [name]
        elif name in self._open[-MAX_NESTING:]:
            while (last := self._open.pop()) != name:
                self._written.append(f"</{last}>")
            self._written.append(f"</{name}>")

    def _hide(self, name: str) -> None:
        """Pass over a silent tag up to where it is closed, looking for that once per name."""
        if name in self._never_closed:
            return
        closing = re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE).search(self._text, self._at)
        if closing:
            self._at = closing.end()
        else:
            self._never_closed.add(name)


def _bare_tag(tag: re.Match[str]) -> str:
    """Write a tag without attributes, but for the address of a link."""
    name = tag[2].lower()
    href = _HREF.search(tag[3]) if name == "a" and not tag[1] else None
    if not href:
        return f"<{tag[1]}{name}>"
    return f'<a href="{escape(unescape(href[1] or href[2] or href[3] or ""))}">'


def _words(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _autolink(state: StateInline, silent: bool) -> bool:
    """Make a link of a bare `http(s)://` address, called at its colon: an inline rule."""
    scheme = re.search(r"(?<![A-Za-z])https?$", state.pending[-6:])
    match = _ADDRESS.match(state.src, state.pos) if scheme and not state.linkLevel else None
    if not scheme or not match:
        return False
    rest = _trim_punctuation(match[0])
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(scheme[0] + rest)}
        state.push("text", "", 0).content = scheme[0] + rest
        state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


@dataclass(frozen=True)
class _LinkifyMatch:
    """A bare address in the terms of markdown-it's linkify rule."""

    url: str
    text: str
    index: int
    last_index: int
    schema: str = "http:"


class _WwwLinkifier:
    """The bare addresses that begin with `www.`, where markdown-it expects its linkify."""

    def test(self, text: str) -> bool:
        return "www." in text

    pretest = test

    def match(self, text: str) -> list[_LinkifyMatch]:
        found = []
        for match in _WWW.finditer(text):
            shown, start = _trim_punctuation(match[0]), match.start()
            found.append(_LinkifyMatch("http://" + shown, shown, start, start + len(shown)))
        return found


def _trim_punctuation(url: str) -> str:
    while True:
        shorter = re.sub(r"&[A-Za-z]{1,30};$", "", url.rstrip("!\"',.:;?_~*]"))
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter


@dataclass
class _DelimiterRun:
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
        openers: list[_DelimiterRun] = []
        for run in _delimiter_runs(delimiters):
            if run.first.close:
                _close_run(run, openers, delimiters)
            if run.first.open and run:
                openers.append(run)
        for delimiter in delimiters:
            if chr(delimiter.marker) in "*_":
                delimiter.open = delimiter.close = False


def _delimiter_runs(delimiters: list[Delimiter]) -> list[_DelimiterRun]:
    runs: list[_DelimiterRun] = []
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
            runs.append(_DelimiterRun(index, index + 1, delimiter))
    return runs


def _close_run(
    run: _DelimiterRun, openers: list[_DelimiterRun], delimiters: list[Delimiter]
) -> None:
    """Pair a run with the openers before it, the nearest first."""
    while run and (place := _find_opener(run, openers)) is not None:
        opener = openers[place]
        for _ in range(2 if len(opener) > 1 and len(run) > 1 else 1):
            opener.stop -= 1
            delimiters[opener.stop].end = run.start
            run.start += 1
        del openers[place + bool(opener) :]  # whatever opened in between stays text


def _find_opener(run: _DelimiterRun, openers: Sequence[_DelimiterRun]) -> int | None:
    for place in range(len(openers) - 1, max(-1, len(openers) - 1 - _MAX_OPENERS), -1):
        opener = openers[place]
        ambiguous = opener.first.close or run.first.open
        odd = ambiguous and len(run) % 3 and (len(opener) + len(run)) % 3 == 0
        if opener.first.marker == run.first.marker and not odd:
            return place
    return None
