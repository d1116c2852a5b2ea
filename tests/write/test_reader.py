"""A digest's Markdown reads in the seed's form and in the older ones, or says where it does not."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import FIXTURES
from pipeline.errors import PageNotUnderstood
from pipeline.records import Digest, Entry, EntryKind, Link
from pipeline.write import escape as _escape
from pipeline.write.files import to_markdown
from pipeline.write.reader import from_markdown

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


@settings(max_examples=60, deadline=None)
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
