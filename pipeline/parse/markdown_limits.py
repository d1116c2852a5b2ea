"""Rules for markdown-it that keep hostile Markdown small: deep, wide or endless.

What is beyond a limit stays on the page as plain text. All limits are many times what real issues
have: where markdown-it's time grows with the square of a line it is stopped, and where it makes
many objects of a few letters it makes them for a part of the page only.
"""

from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, blockquote, html_block, list_block, reference, table
from markdown_it.rules_core import StateCore, inline, linkify, text_join
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

MAX_NESTING = 32
"""Of lists and quotations, a list item counting twice; the rest is their text."""
MAX_LEVELS = MAX_NESTING + 8
"""Beyond it markdown-it would give up the whole rest of the page."""

# Beside each, the most that the stored issues have.
_MAX_TOKENS = 50_000  # of blocks; 9,011
_MAX_MARKS = 50_000  # characters of all lines that may begin something; 9,283
_MAX_LINE = 100_000  # characters of one paragraph; 2,287
_MAX_BRACKETS = 8  # open within each other; 2
_MAX_COLUMNS, _MAX_CELLS = 200, 20_000  # of a table; none

_MARKS = "*_~[]`<&!\\"
# Whose lines raw HTML, lists and quotations end.
_INTERRUPTIBLE = ["paragraph", "reference", "blockquote"]
_Rule = Callable[[StateBlock, int, int, bool], bool]


def limit(markdown: MarkdownIt) -> None:
    """Put the limits into a parser, whose renderer has to be a `LineRenderer`."""
    markdown.core.ruler.enableOnly(["normalize", "block"])
    rules = markdown.block.ruler
    rules.at("table", _short_table, {"alt": ["paragraph", "reference"]})
    rules.at("reference", _top_level_reference)
    rules.at("html_block", _short_html_block, {"alt": _INTERRUPTIBLE})
    rules.at("list", _limit_nesting(list_block), {"alt": _INTERRUPTIBLE})
    rules.at("blockquote", _limit_nesting(blockquote), {"alt": [*_INTERRUPTIBLE, "list"]})
    rules.before("table", "rest", _rest)
    markdown.helpers = SimpleNamespace(  # type: ignore[assignment]  # in place of a module
        parseLinkLabel=_link_label_end,
        parseLinkDestination=parseLinkDestination,
        parseLinkTitle=parseLinkTitle,
    )


class LineRenderer(RendererHTML):
    """Reads each line when it is written, so that its parts live no longer than that."""

    def __init__(self, markdown: MarkdownIt) -> None:
        super().__init__(markdown)
        self._markdown = markdown

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        """Write the blocks of a page."""
        return "".join(self._parts(tokens, options, env))

    def _parts(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> Iterator[str]:
        marks = 0
        for place, token in enumerate(tokens):
            if token.type == "inline":
                marks += sum(map(token.content.count, _MARKS))
                if marks > _MAX_MARKS or len(token.content) > _MAX_LINE:
                    yield escapeHtml(token.content)
                else:
                    yield self.renderInline(self._read_line(token, env), options, env)
            elif rule := self.rules.get(token.type):
                yield rule(tokens, place, options, env)
            else:
                yield self.renderToken(tokens, place, options, env)

    def _read_line(self, block: Token, env: EnvType) -> Sequence[Token]:
        line = Token("inline", "", 0, content=block.content, children=[])
        state = StateCore("", self._markdown, env, [line])
        for rule in (inline, linkify, text_join):
            rule(state)
        return line.children or ()


def _limit_nesting(rule: _Rule) -> _Rule:
    """Let a rule begin nothing below the deepest level."""
    return lambda state, start, end, silent: (
        state.level < MAX_NESTING and rule(state, start, end, silent)
    )


def _top_level_reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take definitions of links from the editors only, not from what a bullet quotes.

    They hold for the whole page: a stranger's `[1]: address` would become everybody's.
    """
    return state.level == 0 and reference(state, start, end, silent)


def _short_html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """End raw HTML at a blank line at the latest: what is not closed must not hide the rest."""
    if silent or not state.src.startswith("<", state.bMarks[start] + state.tShift[start]):
        return html_block(state, start, end, silent)
    # The blank line found last is still the next one while we are above it.
    above, blank = state.env.get("blank", (end, start))
    if not above <= start < blank <= end:
        blank = next((n for n in range(start + 1, end) if state.isEmpty(n)), end)
        state.env["blank"] = (start, blank)
    return html_block(state, start, blank, silent)


def _short_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """End a table after as many rows as it has room for; what follows is text."""
    columns = state.src.count("|", state.bMarks[start], state.eMarks[start]) + 1
    rows = 2 + _MAX_CELLS // columns
    return columns <= _MAX_COLUMNS and table(state, start, min(end, start + rows), silent)


def _rest(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Make one paragraph of all that follows where a page has too many blocks."""
    if silent or len(state.tokens) < _MAX_TOKENS:
        return False
    state.push("paragraph_open", "p", 1)
    line = state.push("inline", "", 0)
    line.content = state.getLines(start, end, state.blkIndent, False).strip()
    state.push("paragraph_close", "p", -1)
    state.line = end
    return True


def _link_label_end(state: StateInline, start: int, disable_nested: bool = False) -> int:
    """Find the `]` that ends a link's text, or -1: markdown-it's own, but for the depth."""
    before = state.pos
    state.pos = start + 1
    depth, end = 1, -1
    while state.pos < state.posMax and depth <= _MAX_BRACKETS:
        mark, at = state.src[state.pos], state.pos
        depth -= mark == "]"
        if not depth:
            end = at
            break
        state.md.inline.skipToken(state)
        if mark == "[" and state.pos == at + 1:
            depth += 1
        elif mark == "[" and disable_nested:
            break
    state.pos = before
    return end
