"""Markdown has the seed's form and no markup but its own, and reads back in three styles."""

import datetime as dt
import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import cmarkgfm  # type: ignore[import-untyped]
import mistune
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

import daily
from build import entry
from conftest import FIXTURES
from pipeline.errors import PageNotUnderstood, WriteError
from pipeline.records import Digest, Entry, EntryKind, Link
from pipeline.write import escape as _escape
from pipeline.write.entry_text import QUOTED, QUOTED_TITLE
from pipeline.write.json_format import from_json, to_json
from pipeline.write.markdown_format import from_markdown, to_markdown
from written import news_digest, one_entry

GOLDEN = (FIXTURES / "write" / "golden.md").read_text("utf-8")
TITLE_LINKS = (FIXTURES / "write" / "title-links.md").read_text("utf-8")
DEGRADED = (FIXTURES / "write" / "degraded.md").read_text("utf-8")
SOURCE_LAST = (FIXTURES / "write" / "source-last.md").read_text("utf-8")


def test_golden_reads_into_records() -> None:
    """Date, issue, order, kinds, links and texts come out of the Markdown, escapes resolved."""
    digest = from_markdown(GOLDEN)
    assert digest.date == date(2026, 1, 31)
    assert digest.issue_url == "https://news.smol.ai/issues/26-01-30-sampler/"
    assert [(e.kind, e.link) for e in (*digest.news, *digest.tools)] == [
        ("news", "https://arxiv.org/abs/1706.03762"),
        ("news", None),
        ("news", "https://pytorch.org/get-started/pytorch-2.0/#overview"),
        ("tool", "https://github.com/ggml-org/llama.cpp"),
        ("tool", "https://spec.commonmark.org/0.31.2/"),
    ]
    assert digest.news[2].title == "PyTorch 2.0引入`torch.compile`"
    assert digest.tools[1].title == "CommonMark：写明 *强调* 与 [链接](地址) 的规范"
    assert digest.tools[1].summary.startswith("0.31.2版发布于2024年1月。它规定 *a* 是强调")
    assert all(e.links == () for e in (*digest.news, *digest.tools))


@pytest.mark.parametrize("name", ["seed/2025-12-21.md", "published"])
def test_every_published_digest_reads_whole(shared: Path, name: str) -> None:
    """Each item of the stored digests is an entry, with its link, and renders to the same again."""
    found = shared / name
    for path in sorted(found.glob("*.md")) if found.is_dir() else [found]:
        text = path.read_text("utf-8")
        digest = from_markdown(text)
        entries = (*digest.news, *digest.tools)
        assert len(digest.news) == text.split("工具产品要点")[0].count("\n### ")
        assert len(entries) == text.count("\n### "), path.name
        urls = set(re.findall(r"https?://[^\s)\]]+", text)) - {digest.issue_url}
        assert urls == {e.link for e in entries if e.link}, path.name
        again = from_markdown(to_markdown(digest))
        assert [(e.title, e.summary, e.link) for e in (*again.news, *again.tools)] == [
            (e.title, e.summary, e.link) for e in entries
        ]


def test_title_may_be_the_link() -> None:
    """The older form, with the link in the title and a rule at the end, gives the same records."""
    digest = from_markdown(TITLE_LINKS)
    assert [(e.title, e.link) for e in digest.news] == [
        ("Git 2.0（2014年）改变推送的默认行为", "https://en.wikipedia.org/wiki/Git"),
        ("[旧闻] SQLite 3.0支持UTF-16", "https://www.sqlite.org/version3.html"),
    ]
    assert [(e.title, e.link) for e in digest.tools] == [
        ("Lua 5.4：带分代收集器", "https://en.wikipedia.org/wiki/Lua_(programming_language)"),
    ]
    assert all(e.links == () and e.summary for e in (*digest.news, *digest.tools))


def test_source_may_follow_the_summary() -> None:
    """The form with a source line below the quotation reads, and what it calls the source is kept."""
    digest = from_markdown(SOURCE_LAST)
    git, issue = "https://git-scm.com/", "https://github.com/git/git"
    assert [(e.link, e.links) for e in (*digest.news, *digest.tools)] == [
        (git, (Link(url=git, text="Git官网"),)),
        (git, ()),
        (None, ()),
        (
            git,
            (Link(url=git, text="文章内容（基于Git与仓库的说明）"), Link(url=issue, text="仓库")),
        ),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "  \n"),
        lambda text: text.replace("\n\n", "\n \n\n"),
        lambda text: text + "\n---\n\n",
        lambda text: text.replace("📰 三大", "三大").replace("🛠️ 两大", "二大"),
        lambda text: text.replace("三大AI", "AI"),
        lambda text: text.replace("来源：文章内容", "来源: 文章内容"),
    ],
)
def test_forms_that_mean_the_same_read_the_same(change: object) -> None:
    """Line ends, a byte order mark, blank lines and small drifts of a heading make no difference."""
    assert callable(change)
    assert from_markdown(change(GOLDEN)) == from_markdown(GOLDEN)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("## AINews", "## Other", "line 1: expected the heading `## AINews - YYYY-MM-DD`"),
        ("2026-01-31", "2026-02-31", "line 1: expected a date of the calendar"),
        ("> [原文链接]", "> 原文链接", r"line 3: expected `> \[原文链接\]"),
        ("三大AI新闻", "热门AI新闻", "line 5: expected `## 📰 十大AI新闻要点`"),
        ("三大", "十大", "line 5: the heading announces 10 items, but 3 follow"),
        ("🛠️ 两大工具产品", "📰 两大AI新闻", "line 25: expected `## 🛠️ 十大工具产品要点`"),
        ("### 2. AlexNet", "### 4. AlexNet", "line 13: expected item number 2"),
        (
            "### 2. AlexNet",
            "#### 2. AlexNet",
            "line 13: expected `### 2. title` or the next section",
        ),
        ("> 来源：文章内容\n", "", "line 16: expected `> .* above this line, found '---'"),
        (
            "> 来源：文章内容\n> AlexNet",
            "> 来源：文章内容\n\nAlexNet",
            "line 16: expected `> summary`",
        ),
        ("> 来源：文章内容\n", "> 来源：某处\n", "line 14: expected a link or `来源：文章内容`"),
        ("的主流做法。\n", "的主流做法。\n> 我加的一行\n", "line 16: .*我加的一行"),
        ("的主流做法。\n", "的主流做法。\n\n我加的一段\n", "line 17: .*我加的一段"),
        ("](https://arxiv", "](ftp://arxiv", "line 9: expected"),
        ("写成。\n", "写成。\n\n## 后记\n", "line 37: expected `### 3. title` or the end, .*后记"),
    ],
)
def test_what_a_record_cannot_hold_is_an_error(old: str, new: str, message: str) -> None:
    """An edit that would be lost is an error with its line, what was looked for and what is there."""
    changed = GOLDEN.replace(old, new, 1)
    assert changed != GOLDEN
    with pytest.raises(PageNotUnderstood, match=message) as caught:
        from_markdown(changed)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("本期有 2 条", "本期有 1 条", "line 5: 1 quoted items are announced, but 2 follow"),
        ("> ⚠️ 本期有 2 条译文未通过核对，以英文原文摘录代替。\n", "", "line 3: 0 quoted items"),
        ("本期有 2 条", "本期只有 2 条", "line 5: expected `## 📰 十大AI新闻要点`"),
        ("### 2. 【原文】", "### 2. ", "line 15: expected `### 2. 【原文】title`"),
        ("> 原文摘录（译文未通过核对）：", "> 摘录：", r"line 18: expected .* found '> “It has"),
        ("> “It has", "> It has", r"line 18: expected .* found '> It has"),
        (
            "后续（2026-01-31）\n> PyTorch",
            "后续（2026-02-31）\n> PyTorch",
            "line 10: expected a date",
        ),
        ("后续（2026-01-31）\n> PyTorch", "后记\n> PyTorch", "line 11: expected "),
    ],
)
def test_a_mark_that_was_changed_by_hand_is_an_error(old: str, new: str, message: str) -> None:
    """A banner that counts wrongly, and a mark that is half there, are named with their line."""
    changed = DEGRADED.replace(old, new, 1)
    assert changed != DEGRADED
    with pytest.raises(PageNotUnderstood, match=message):
        from_markdown(changed)


@pytest.mark.parametrize("lines", range(1, len(GOLDEN.splitlines())))
def test_a_file_cut_short_is_an_error(lines: int) -> None:
    """No prefix of a digest reads as a shorter digest."""
    with pytest.raises(PageNotUnderstood):
        from_markdown("\n".join(GOLDEN.splitlines()[:lines]))


@settings(max_examples=100, deadline=None)
@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_what_is_no_digest_is_an_error(text: str) -> None:
    """Any other text is not understood, in one line."""
    with pytest.raises(PageNotUnderstood) as caught:
        from_markdown(text)
    assert len(str(caught.value).splitlines()) == 1


def entries(kind: EntryKind) -> st.SearchStrategy[tuple[Entry, ...]]:
    """Write up to thirteen entries of one kind, of any text."""
    links = st.none() | st.from_regex(
        r"https?://[a-z]{1,5}\.org/[a-z_~*()&;=]{0,9}", fullmatch=True
    )
    texts = st.text(max_size=12)
    one = st.builds(
        Entry,
        kind=st.just(kind),
        title=texts,
        summary=texts,
        link=links,
        follows=st.none() | st.dates(),
        quoted=st.booleans(),
    )
    return st.lists(one.map(settled), max_size=13).map(tuple)


def settled(entry: Entry) -> Entry:
    """Give an entry as reading it back will, which is all that Markdown holds of it."""
    return Entry(
        kind=entry.kind,
        title=_escape.plain_text(entry.title),
        summary=_escape.plain_text(entry.summary),
        link=entry.link and _escape.encode_url(entry.link),
        follows=entry.follows,
        quoted=entry.quoted,
    )


@settings(max_examples=25, deadline=None)
@given(st.dates(), entries("news"), entries("tool"))
def test_reading_is_the_inverse_of_rendering(
    day: date, news: tuple[Entry, ...], tools: tuple[Entry, ...]
) -> None:
    """Any digest, empty and long sections included, comes back as it was rendered."""
    digest = Digest(date=day, issue_url="https://news.smol.ai/issues/x/", news=news, tools=tools)
    assert from_markdown(to_markdown(digest)) == digest


def test_entities_and_escapes_of_other_hands_are_resolved() -> None:
    """What Markdown shows is what the record holds; unknown entities and code stay as they are."""
    markup = r"AT&amp;T &#x4e2d; &nosuch; \_a\_ `\*&amp;` \``b` ``a`"
    assert _escape.unescape(markup) == r"AT&T 中 &nosuch; _a_ `\*&amp;` ``b` ``a`"


@pytest.mark.parametrize(("length", "whole"), [(60, True), (61, False)])
def test_a_long_line_is_cut_in_the_message(length: int, whole: bool) -> None:
    """Sixty characters are enough to find it."""
    line = "x" * length
    with pytest.raises(PageNotUnderstood) as caught:
        from_markdown(line)
    assert (f"'{line}'" in str(caught.value)) is whole
    assert (f"'{'x' * 59}…'" in str(caught.value)) is not whole


@pytest.mark.parametrize(
    ("announced", "message"), [(1, ""), (0, "0 quoted"), (2, "2 quoted"), (3, "3 quoted")]
)
def test_quotations_are_counted_exactly(announced: int, message: str) -> None:
    """Too many and too few announced are named with the line of the banner."""
    page = quoting()
    changed = page.replace("本期有 1 条", f"本期有 {announced} 条")
    if message:
        with pytest.raises(PageNotUnderstood, match=f"line 5: {message} .* but 1 follow"):
            from_markdown(changed)
    else:
        assert from_markdown(changed).degraded == 1


def quoting() -> str:
    """Write a digest with one quotation among its news."""
    told = Entry(kind="news", title="a", summary="b", link=None)
    return to_markdown(
        Digest(
            date=date(2026, 1, 31),
            issue_url="https://a.test/",
            news=(told.model_copy(update={"quoted": True}), told),
            tools=(told.model_copy(update={"kind": "tool"}),),
        )
    )


def test_a_draft_reads_like_the_digest() -> None:
    """With quotations and without; its line stands before theirs, nowhere else."""
    plain = from_markdown(GOLDEN)
    for digest in (plain, from_markdown(quoting())):
        assert from_markdown(to_markdown(digest, draft=True)) == digest
    draft = to_markdown(from_markdown(quoting()), draft=True).splitlines()
    swapped = [*draft[:4], draft[6], "", draft[4], *draft[7:]]
    with pytest.raises(PageNotUnderstood, match="line 7"):
        from_markdown("\n".join(swapped))


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("> [b](https://a.test/b)", ()),
        ("> [https://a.test/b](https://a.test/b)", ()),
        ("> https://a.test/b", ()),
        ("> 来源：https://a.test/b", ()),
        ("> 来源：[官网](https://a.test/b)", ("官网",)),
        ("> 来源：[https://a.test/b](https://a.test/b)、[c](https://a.test/c)", None),
    ],
)
def test_a_source_line_gives_its_links(source: str, links: tuple[str, ...] | None) -> None:
    """The first is the entry's; they are kept where one has a name that is not its address."""
    page = quoting().replace("> 来源：文章内容\n> b", f"{source}\n> b", 1)
    entry = from_markdown(page).news[1]
    assert entry.link == "https://a.test/b"
    if links == () and "[b]" in source:
        assert [link.text for link in entry.links] == ["b"]
    elif links is None:
        assert [link.url for link in entry.links] == ["https://a.test/b", "https://a.test/c"]
    else:
        assert tuple(link.text for link in entry.links) == links


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.replace("## AINews", "# AINews", 1),
        lambda page: page.replace("## AINews", "### AINews", 1),
        lambda page: page.replace("> [原文链接]", "[原文链接]", 1),
        lambda page: page.replace("\n---\n", "\n***\n"),
        lambda page: page.replace("\n---\n", "\n_____\n"),
        lambda page: page.replace("\n---\n", "\n"),
        lambda page: page.replace("> b", ">b"),
        lambda page: page.replace("(https://a.test/)", "(<https://a.test/>)"),
    ],
)
def test_small_drifts_of_hands_read_the_same(change: object) -> None:
    """Levels of the first heading, rules of other kinds or none, a missing space."""
    assert callable(change)
    assert change(quoting()) != quoting()
    assert from_markdown(change(quoting())) == from_markdown(quoting())


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("&amp;&lt;", "&<"),
        ("&#65;&#x42;&#X43;", "ABC"),
        ("&nosuch;", "&nosuch;"),
        ("&ampx", "&ampx"),
        ("&notit;", "&notit;"),
        (r"\*\a\\", "*\\a\\"),
        (r"`\*` \`", r"`\*` `"),
        ("``a`b`` &lt;", "``a`b`` <"),
    ],
)
def test_markup_is_resolved_as_markdown_shows_it(markup: str, text: str) -> None:
    """Escapes of punctuation and entities that exist; code as it stands."""
    assert _escape.unescape(markup) == text


@pytest.mark.parametrize("kind", ["news", "tool"])
def test_a_section_says_that_it_has_no_items(kind: EntryKind) -> None:
    """One that merely has none was cut short, or somebody has taken them out."""
    told = Entry(kind="tool" if kind == "news" else "news", title="a", summary="b", link=None)
    empty = Digest(
        date=date(2026, 1, 31),
        issue_url="https://a.test/",
        news=(told,) * (kind == "tool"),
        tools=(told,) * (kind == "news"),
    )
    page = to_markdown(empty)
    assert from_markdown(page) == empty
    with pytest.raises(PageNotUnderstood, match=r"expected `### 1\. title`"):
        from_markdown(page.replace("> 本期没有入选的条目\n", ""))


GOLDEN_JSON = (FIXTURES / "write" / "golden.json").read_text("utf-8")


GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])


HEADING = ["heading_open", "inline", "heading_close"]


QUOTE = ["blockquote_open", "paragraph_open", "inline", "paragraph_close", "blockquote_close"]


PAGE = [*HEADING, *QUOTE, *HEADING, *HEADING, *QUOTE, "hr", *HEADING, *QUOTE]
"""The blocks of a digest with one news item."""


HOSTILE = [
    "[x](javascript:alert(1))",
    "![x](https://evil.example/a.png)",
    "[x]: https://evil.example",
    "[^1] [^1]: note",
    "<script>alert(1)</script>",
    "<!-- hidden",
    "<https://evil.example>",
    "<a@evil.example>",
    "# heading",
    "#",
    "> quote",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "===",
    "---",
    "-",
    "***",
    "* * *",
    "___",
    ":-:",
    "|-|",
    "```",
    "~~~",
    "~~gone~~",
    "~4万到~5万",
    "**bold** and _it_ and __it__",
    "&lt;b&gt; &#60; &#x3c;",
    "ends in \\",
    "\\[x](y) \\*a\\* \\`b`",
    "`` a ` b",
    "title #",
    "a\n\n# b\r\n> c\u2028d",
    "见https://evil.example/a_b_c。",
    "见www.evil.example",
    "写信给a.b@evil.example",
    "写信给a@.co.uk",
    "mailto:a@b",
    "去evil.com看看, evil.com",
    "//localhost",
    "a ` b https://evil.example ` c",
    "`x`https://evil.example`y`",
    "abc\u202etxt\u200b\u0000",
]


PIECES = [*HOSTILE, *"*_~`[]()!<>&\\#-+=|: .@/\n\t中a1", "\u200b", "https://", "www.", "x.io"]


def inline(tokens: list[Token], *, of: str) -> list[str]:
    """Give the kinds of what stands inside headings or quotes: all but text, code and line ends."""
    inside = [b for a, b in pairwise(tokens) if a.type == of]
    kinds = [child.type for token in inside for child in token.children or ()]
    return [kind for kind in kinds if kind not in {"text", "code_inline", "softbreak"}]


def assert_only_text(page: str, parser: MarkdownIt, *, notes: int = 0) -> None:
    """Fail when a page of one news item has any markup that the renderer did not mean."""
    tokens = parser.parse(page)
    assert [token.type for token in tokens] == [*HEADING, *QUOTE * notes, *PAGE[len(HEADING) :]]
    assert inline(tokens, of="heading_open") == []
    assert inline(tokens, of="paragraph_open") == ["link_open", "link_close"] * 2


def test_seed_survives_the_round_trip(shared: Path) -> None:
    """The seed, read and rendered again, gives its own bytes and a final newline."""
    seed = (shared / "seed" / "2025-12-21.md").read_bytes()
    assert to_markdown(from_markdown(seed.decode())).encode() == seed + b"\n"


def test_golden_json_renders_to_the_golden_markdown() -> None:
    """A digest with everything in it comes out as the golden files have it, both ways."""
    stored = from_json(GOLDEN_JSON)
    assert to_markdown(stored).encode() == GOLDEN.encode()
    assert to_json(stored).encode() == GOLDEN_JSON.encode()


def test_what_is_degraded_says_so_and_reads_back() -> None:
    """A quotation, a follow-up and the count of quotations come out as the golden file has them."""
    page = DEGRADED
    stored = from_markdown(page)
    assert stored.degraded == 2
    assert [(e.quoted, e.follows) for e in (*stored.news, *stored.tools)] == [
        (False, date(2026, 1, 31)),
        (True, date(2026, 1, 31)),
        (True, None),
    ]
    assert stored.news[1].title == "AlexNet wins ILSVRC-2012"
    assert stored.news[1].summary.startswith("It has 60M parameters & was trained")
    assert to_markdown(stored) == page
    assert from_json(to_json(stored)) == stored


def test_a_draft_says_that_it_is_not_published() -> None:
    """The line of a draft comes before the count of quotations, and reading forgets it."""
    stored = from_markdown(DEGRADED)
    page = to_markdown(stored, draft=True)
    assert "草稿，未发布" in page
    assert page.index("草稿") < page.index("本期有 2 条")
    assert from_markdown(page) == stored
    assert len(page.splitlines()) == len(to_markdown(stored).splitlines()) + 2


@pytest.mark.parametrize(
    "text",
    [
        "发布snake_case与__init__，参数为-n-cpu-moe",
        "`$.skill-name`和``a ` b``调用",
        "1.5倍、C++、C#、3-10个、~4万小时、$5、#1、A* 搜索、>45 token/s、<10ms、<3、AT&T、R&D;",
        "Node.js、llama.cpp、GPT-5.1、v1.2.3、fal.ai发布、3*5、a/b、10:30、https、@swyx、50%+",
        "“引号”、（括号）、【方】、Tom's、a | b、1) x、{x}、行尾^",
    ],
)
def test_clean_text_is_not_escaped(text: str) -> None:
    """Characters that do nothing where they stand come out as they are."""
    assert _escape.escape_title(text) == _escape.escape_line(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    """No sample becomes a link, an image, HTML, a heading, a quote, a list, a rule or a table."""
    assert_only_text(to_markdown(one_entry(text)), GFM)
    assert_only_text(to_markdown(one_entry(text, quoted=True)), GFM, notes=1)


@pytest.mark.parametrize("preset", ["gfm-like", "gfm-like2"])
def test_no_address_links_itself(preset: str) -> None:
    """A parser that links bare addresses finds none in any sample."""
    pytest.importorskip("linkify_it", reason="needs linkify-it-py")
    for text in HOSTILE:
        assert_only_text(to_markdown(one_entry(text)), MarkdownIt(preset))
        assert_only_text(to_markdown(one_entry(text, quoted=True)), MarkdownIt(preset), notes=1)


def test_githubs_own_parser_agrees() -> None:
    """GitHub's parser sees the two links of the page and no other element, in any sample."""
    cmarkgfm = pytest.importorskip("cmarkgfm", reason="needs cmarkgfm")
    for text in HOSTILE:
        page = cmarkgfm.github_flavored_markdown_to_html(to_markdown(one_entry(text)))
        marks = sorted(re.findall(r"<([^/ >]+)", page.replace("<code>", "")))
        assert marks == sorted(["h2"] * 3 + ["h3", "hr"] + ["blockquote", "p"] * 3 + ["a"] * 2)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map("".join), st.booleans()
)
@example(" a ", True)
def test_any_text_stays_text_and_reads_back(text: str, quoted: bool) -> None:
    """Whatever the text, the page has the blocks it should, and reading gives the text again."""
    page = to_markdown(one_entry(text, quoted=quoted))
    assert_only_text(page, GFM, notes=int(quoted))
    back = from_markdown(page)
    assert back.news[0].quoted == quoted
    assert back.news[0].title == back.news[0].summary == _escape.plain_text(text)
    assert to_markdown(back) == page


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_plain_text_is_settled(text: str) -> None:
    """What normalising does to a text, it does not do twice."""
    assert _escape.plain_text(_escape.plain_text(text)) == _escape.plain_text(text)


@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize(
    "text",
    [QUOTED, QUOTED_TITLE, f"{QUOTED_TITLE}标题", "“”", f"{QUOTED} “a”", "a · 后续（2026-01-30）"],
)
def test_text_cannot_pass_for_a_mark(text: str, quoted: bool) -> None:
    """What looks like one of our marks, but is a title or a summary, comes back as it was."""
    back = from_markdown(to_markdown(one_entry(text, quoted=quoted))).news[0]
    assert (back.title, back.summary, back.quoted, back.follows) == (text, text, quoted, None)


def test_normalising_is_what_it_says() -> None:
    """White space is folded, the invisible dropped, and a bare address becomes inline code."""
    text = " a\u3000b\r\n\tc\u200b\u202ed，见https://x.org/y_z?a=1。写信到me@x.org "
    assert _escape.plain_text(text) == "a b cd，见`https://x.org/y_z?a=1`。写信到`me@x.org`"


def test_very_long_text_is_rendered_whole() -> None:
    """A text of a hundred thousand hostile characters takes no more than its share of time."""
    text = "*_`[<a&b@www.c" * 7_000
    assert from_markdown(to_markdown(one_entry(text))).news[0].title == _escape.plain_text(text)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://en.wikipedia.org/wiki/Llama_(language_model)", None),
        ("https://zh.wikipedia.org/wiki/人工智能", None),
        ("https://x.org/?a=1&b=%20#c~d*e!f'g;h,i", None),
        ("https://x.org/_a_/*b*/~c~?x=1&copy;=2", None),
        ("https://x.org/a)b", "https://x.org/a%29b"),
        ("https://x.org/a(b(c))", "https://x.org/a%28b%28c%29%29"),
        ("https://x.org/a b\n<c>", "https://x.org/a%20b%0A%3Cc%3E"),
        ("https://x.org/](javascript:1)[", "https://x.org/%5D(javascript:1)%5B"),
        ("https://x.org/a\\`b`|c", "https://x.org/a%5C%60b%60%7Cc"),
        ("https://x.org/a\u202eb", "https://x.org/a%E2%80%AEb"),
    ],
)
def test_link_cannot_break_out(url: str, expected: str | None) -> None:
    """An address comes back as it was, or with what is dangerous in it percent-encoded."""
    page = to_markdown(news_digest(entry("s01", url), issue_url=url))
    assert_only_text(page, GFM)
    back = from_markdown(page)
    assert back.issue_url == back.news[0].link == (expected or url)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map("".join))
def test_any_address_is_one_link(tail: str) -> None:
    """Whatever follows the host, the page has one link, and the address is settled."""
    page = to_markdown(news_digest(entry("s01", f"https://x.org/{tail}")))
    assert_only_text(page, GFM)
    assert to_markdown(from_markdown(page)) == page


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.org", "https:/x", ""]
)
def test_other_schemes_are_refused(url: str) -> None:
    """A link that is not http or https is an error, in a record and in JSON."""
    bad = news_digest(entry("s01", "https://x.org"), entry("s02", url))
    with pytest.raises(WriteError, match="http and https"):
        to_markdown(bad)
    with pytest.raises(PageNotUnderstood, match=r"news\.1\.link"):
        from_json(to_json(bad))


@pytest.mark.parametrize(("quoted", "banner"), [(0, 0), (1, 1), (2, 1)])
def test_the_count_of_quotations_stands_above(quoted: int, banner: int) -> None:
    """From the first one on, of news and tools together."""
    first, second = entry("s0", None), entry("s1", None, "tool")
    made = news_digest(first.model_copy(update={"quoted": quoted > 0})).model_copy(
        update={"tools": (second.model_copy(update={"quoted": quoted > 1}),)}
    )
    assert to_markdown(made).count(f"⚠️ 本期有 {quoted} 条") == banner


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
    heads = [tag.get_text().split(". ", 1)[1] for tag in page.find_all("h3")]
    assert heads == [entry.title for entry in entries]
    assert [str(tag["href"]) for tag in page.find_all("a")] == [
        digest.issue_url,
        *(str(entry.link) for entry in entries),
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
