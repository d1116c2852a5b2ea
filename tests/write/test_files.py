"""The renderer adds nothing but its own markup, and the writer leaves whole files or none."""

import errno
import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

import daily
from build import entry
from conftest import FIXTURES
from pipeline.errors import PageNotUnderstood, WriteError
from pipeline.records import Coverage, Digest, Edit, Entry, EntryKind, Provenance, StoryAnchor
from pipeline.write import escape as _escape
from pipeline.write.files import (
    QUOTED,
    QUOTED_TITLE,
    discard_draft,
    from_json,
    heading,
    to_json,
    to_markdown,
    write,
)
from pipeline.write.reader import from_markdown

GOLDEN = FIXTURES / "write" / "golden.md"
GOLDEN_JSON = FIXTURES / "write" / "golden.json"
DEGRADED = FIXTURES / "write" / "degraded.md"

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


def digest(*entries: Entry, issue_url: str = "https://news.smol.ai/issues/x/") -> Digest:
    """Write a digest of news only."""
    return Digest(date=date(2026, 1, 31), issue_url=issue_url, news=entries, tools=())


def told(text: str, *, quoted: bool = False) -> Digest:
    """Write a digest of one entry, whose title and summary are the text."""
    link = "https://example.org/a_b"
    return digest(Entry(kind="news", title=text, summary=text, link=link, quoted=quoted))


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
    stored = from_json(GOLDEN_JSON.read_text("utf-8"))
    assert to_markdown(stored).encode() == GOLDEN.read_bytes()
    assert to_json(stored).encode() == GOLDEN_JSON.read_bytes()


def test_what_is_degraded_says_so_and_reads_back() -> None:
    """A quotation, a follow-up and the count of quotations come out as the golden file has them."""
    page = DEGRADED.read_text("utf-8")
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
    stored = from_markdown(DEGRADED.read_text("utf-8"))
    page = to_markdown(stored, draft=True)
    assert "草稿，未发布" in page
    assert page.index("草稿") < page.index("本期有 2 条")
    assert from_markdown(page) == stored
    assert len(page.splitlines()) == len(to_markdown(stored).splitlines()) + 2


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (0, "## 📰 AI新闻要点"),
        (1, "## 📰 一大AI新闻要点"),
        (2, "## 📰 两大AI新闻要点"),
        (9, "## 📰 九大AI新闻要点"),
        (10, "## 📰 十大AI新闻要点"),
        (12, "## 📰 十二大AI新闻要点"),
        (20, "## 📰 二十大AI新闻要点"),
        (45, "## 📰 四十五大AI新闻要点"),
        (100, "## 📰 100大AI新闻要点"),
    ],
)
def test_heading_gives_the_true_count(entries: int, expected: str) -> None:
    """A section's heading counts what stands below it."""
    assert heading("news", entries) == expected


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
    assert_only_text(to_markdown(told(text)), GFM)
    assert_only_text(to_markdown(told(text, quoted=True)), GFM, notes=1)


@pytest.mark.parametrize("preset", ["gfm-like", "gfm-like2"])
def test_no_address_links_itself(preset: str) -> None:
    """A parser that links bare addresses finds none in any sample."""
    pytest.importorskip("linkify_it", reason="needs linkify-it-py")
    for text in HOSTILE:
        assert_only_text(to_markdown(told(text)), MarkdownIt(preset))
        assert_only_text(to_markdown(told(text, quoted=True)), MarkdownIt(preset), notes=1)


def test_githubs_own_parser_agrees() -> None:
    """GitHub's parser sees the two links of the page and no other element, in any sample."""
    cmarkgfm = pytest.importorskip("cmarkgfm", reason="needs cmarkgfm")
    for text in HOSTILE:
        page = cmarkgfm.github_flavored_markdown_to_html(to_markdown(told(text)))
        marks = sorted(re.findall(r"<([^/ >]+)", page.replace("<code>", "")))
        assert marks == sorted(["h2"] * 3 + ["h3", "hr"] + ["blockquote", "p"] * 3 + ["a"] * 2)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map("".join), st.booleans()
)
@example(" a ", True)
def test_any_text_stays_text_and_reads_back(text: str, quoted: bool) -> None:
    """Whatever the text, the page has the blocks it should, and reading gives the text again."""
    page = to_markdown(told(text, quoted=quoted))
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
    back = from_markdown(to_markdown(told(text, quoted=quoted))).news[0]
    assert (back.title, back.summary, back.quoted, back.follows) == (text, text, quoted, None)


def test_normalising_is_what_it_says() -> None:
    """White space is folded, the invisible dropped, and a bare address becomes inline code."""
    text = " a\u3000b\r\n\tc\u200b\u202ed，见https://x.org/y_z?a=1。写信到me@x.org "
    assert _escape.plain_text(text) == "a b cd，见`https://x.org/y_z?a=1`。写信到`me@x.org`"


def test_very_long_text_is_rendered_whole() -> None:
    """A text of a hundred thousand hostile characters takes no more than its share of time."""
    text = "*_`[<a&b@www.c" * 7_000
    assert from_markdown(to_markdown(told(text))).news[0].title == _escape.plain_text(text)


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
    page = to_markdown(digest(entry("s01", url), issue_url=url))
    assert_only_text(page, GFM)
    back = from_markdown(page)
    assert back.issue_url == back.news[0].link == (expected or url)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8).map("".join))
def test_any_address_is_one_link(tail: str) -> None:
    """Whatever follows the host, the page has one link, and the address is settled."""
    page = to_markdown(digest(entry("s01", f"https://x.org/{tail}")))
    assert_only_text(page, GFM)
    assert to_markdown(from_markdown(page)) == page


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.org", "https:/x", ""]
)
def test_other_schemes_are_refused(url: str) -> None:
    """A link that is not http or https is an error, in a record and in JSON."""
    bad = digest(entry("s01", "https://x.org"), entry("s02", url))
    with pytest.raises(WriteError, match="http and https"):
        to_markdown(bad)
    with pytest.raises(PageNotUnderstood, match=r"news\.1\.link"):
        from_json(to_json(bad))


def test_json_is_the_same_whatever_the_order_of_its_free_keys() -> None:
    """Two equal digests give the same bytes."""
    stored = from_json(GOLDEN_JSON.read_text("utf-8"))
    assert stored.provenance
    coverage = stored.provenance.coverage
    turned = Provenance.model_validate(
        stored.provenance.model_dump()
        | {
            "prompts": dict(reversed(stored.provenance.prompts.items())),
            "coverage": Coverage.model_validate(
                coverage.model_dump() | {"mentions": dict(reversed(coverage.mentions.items()))}
            ),
        }
    )
    assert to_json(stored.model_copy(update={"provenance": turned})) == to_json(stored)


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_json_reads_back(text: str) -> None:
    """Any text goes through JSON as it is, but for half a surrogate pair."""
    expected = text.encode("utf-8", "replace").decode()
    assert from_json(to_json(told(text))) == told(expected)


def test_half_a_surrogate_pair_is_written_as_a_question_mark(tmp_path: Path) -> None:
    """A text that UTF-8 cannot hold is no reason not to write."""
    written = write(told("a\ud83db"), tmp_path)
    assert from_json(written.json_path.read_text("utf-8")).news[0].title == "a?b"
    assert from_markdown(written.markdown_path.read_text("utf-8")).news[0].title == "ab"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('"title": "标题"', '"title": "标题", "extra": 1'), r"news\.0\.extra"),
        (('"title": "标题",', ""), r"news\.0\.title"),
        (('"news": [', '"a\\nb": 1, "news": ['), "a b: "),
        (('"kind": "news"', '"kind": "rumour"'), r"news\.0\.kind"),
        (('"2026-01-31"', '"2026-02-31"'), "date"),
        (("{", "", 1), "the file"),
    ],
)
def test_json_that_is_not_a_digest_names_the_place(change: tuple[Any, ...], place: str) -> None:
    """The one-line error names where the JSON is wrong."""
    text = to_json(digest(entry("s01", None))).replace(*change)
    with pytest.raises(PageNotUnderstood, match=place) as caught:
        from_json(text)
    assert "\n" not in str(caught.value)


def test_write_makes_both_files_and_nothing_else(tmp_path: Path) -> None:
    """The folder is made, and holds the digest twice, readable as the umask allows."""
    umask = os.umask(0o027)
    try:
        written = write(told("标题"), tmp_path / "new" / "outputs")
    finally:
        os.umask(umask)
    assert written.changed == (written.markdown_path, written.json_path)
    assert written.markdown_path.read_text("utf-8") == to_markdown(told("标题"))
    assert written.json_path.read_text("utf-8") == to_json(told("标题"))
    assert stat.S_IMODE(written.json_path.stat().st_mode) == 0o640
    assert names(tmp_path / "new" / "outputs") == ["2026-01-31.json", "2026-01-31.md"]


def test_write_takes_a_name(tmp_path: Path) -> None:
    """The second digest of a date gets the name that it is given."""
    write(told("标题"), tmp_path, "2026-01-31-2")
    assert names(tmp_path) == ["2026-01-31-2.json", "2026-01-31-2.md"]


def test_what_is_already_written_is_not_touched(tmp_path: Path) -> None:
    """Writing the same digest again changes no file, and another one changes both."""
    first = write(told("甲"), tmp_path)
    for path in (first.markdown_path, first.json_path):
        os.utime(path, (1, 1))
    assert write(told("甲"), tmp_path).changed == ()
    assert [path.stat().st_mtime for path in tmp_path.iterdir()] == [1, 1]
    assert len(write(told("乙"), tmp_path).changed) == 2


def test_a_draft_leaves_the_digest_alone(tmp_path: Path) -> None:
    """A draft lies in a folder of its own, and a digest of its name stays as it was."""
    write(told("旧"), tmp_path)
    before = contents(tmp_path)
    written = write(told("新", quoted=True), tmp_path, draft=True)
    assert written.markdown_path == tmp_path / "drafts" / "2026-01-31.md"
    assert "草稿" in written.markdown_path.read_text("utf-8")
    assert from_json(written.json_path.read_text("utf-8")) == told("新", quoted=True)
    assert {name: data for name, data in contents(tmp_path).items() if name != "drafts"} == before


def test_a_draft_is_gone_once_its_digest_is_published(tmp_path: Path) -> None:
    """Publishing removes the draft of that name; without one nothing happens."""
    write(told("新"), tmp_path, draft=True)
    write(told("别的"), tmp_path, "2026-01-31-2", draft=True)
    write(told("好"), tmp_path)
    assert discard_draft(tmp_path, "2026-01-31")
    assert not discard_draft(tmp_path, "2026-01-31")
    assert names(tmp_path / "drafts") == ["2026-01-31-2.json", "2026-01-31-2.md"]


def test_a_draft_of_another_issue_or_an_editors_file_stays(tmp_path: Path) -> None:
    """Only a draft of the issue that is published now is taken away."""
    write(digest(issue_url="https://news.smol.ai/issues/y/"), tmp_path, draft=True)
    write(told("好"), tmp_path)
    assert not discard_draft(tmp_path, "2026-01-31")
    (tmp_path / "drafts" / "2026-01-31.json").write_text("[", "utf-8")
    assert not discard_draft(tmp_path, "2026-01-31")
    assert names(tmp_path / "drafts") == ["2026-01-31.json", "2026-01-31.md"]


def test_a_draft_that_cannot_be_removed_is_an_error(tmp_path: Path) -> None:
    """What lies in the way is named, in one line."""
    written = write(told("新"), tmp_path, draft=True)
    write(told("好"), tmp_path)
    written.markdown_path.unlink()
    written.markdown_path.mkdir()
    with pytest.raises(WriteError, match="cannot remove the draft"):
        discard_draft(tmp_path, "2026-01-31")


STEPS: dict[str, tuple[str, Callable[..., bool]]] = {
    "lock": ("open", lambda path, *_: Path(path).is_dir()),
    "text": ("fsync", lambda file: stat.S_ISREG(os.fstat(file).st_mode)),
    "first file": ("replace", lambda _, to: to.suffix == ".md"),
    "second file": ("replace", lambda _, to: to.suffix == ".json"),
    "folder": ("fsync", lambda file: stat.S_ISDIR(os.fstat(file).st_mode)),
}


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("step", STEPS)
def test_a_failure_leaves_what_was_there(
    step: str, code: int, existing: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever step fails, the error is one line, old files are whole, and nothing is left over."""
    if existing:
        write(told("旧"), tmp_path)
    before = contents(tmp_path)
    name, applies = STEPS[step]
    call = getattr(os, name)

    def fail(*args: Any, **kwargs: Any) -> Any:
        if applies(*args):
            raise OSError(code, os.strerror(code), args[0] if name == "open" else None)
        return call(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, name, fail)
        with pytest.raises(WriteError) as caught:
            write(told("新"), tmp_path)
    assert contents(tmp_path) == before
    assert os.strerror(code) in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_interruption_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the folder is synced undoes both files, and goes on."""
    write(told("旧"), tmp_path)
    before = contents(tmp_path)
    fsync = os.fsync

    def interrupt(file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise KeyboardInterrupt
        fsync(file)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write(told("新"), tmp_path)
    assert contents(tmp_path) == before


def test_a_disk_that_takes_no_more_is_an_error(tmp_path: Path) -> None:
    """The system itself cuts a file short; the old digest stays, and the error names it."""
    write(told("旧"), tmp_path)
    before = contents(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        with pytest.raises(WriteError, match="File too large"):
            write(told("新"), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("folder", ["taken", "taken/outputs"])
def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path, folder: str) -> None:
    """No folder can be made where a file is."""
    (tmp_path / "taken").write_text("mine", "utf-8")
    with pytest.raises(WriteError, match="taken"):
        write(told("标题"), tmp_path / folder)
    assert contents(tmp_path) == {"taken": b"mine"}


@pytest.mark.parametrize("name", ["2026-01-31.md", "2026-01-31.json"])
def test_a_folder_in_place_of_a_file_is_an_error(tmp_path: Path, name: str) -> None:
    """A file cannot be put where a folder is, and its sibling is not written either."""
    (tmp_path / name).mkdir()
    with pytest.raises(WriteError, match=name):
        write(told("标题"), tmp_path)
    assert names(tmp_path) == [name]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder")
def test_a_folder_without_permission_is_an_error(tmp_path: Path) -> None:
    """A folder that is read-only for us is an error that says so."""
    tmp_path.chmod(0o555)
    with pytest.raises(WriteError, match="Permission denied"):
        write(told("标题"), tmp_path)


def issue(slug: str, words: str = "标题", **facts: Any) -> Digest:
    """Write a digest of an issue, with all that says where it came from."""
    made = daily.digest(date(2026, 1, 31))
    assert made.provenance is not None
    return made.model_copy(
        update={
            "issue_url": f"https://news.smol.ai/issues/{slug}/",
            "news": (entry("s01", None).model_copy(update={"title": words}),),
            "provenance": made.provenance.model_copy(update={"slug": slug, **facts}),
        }
    )


def test_the_digest_of_another_issue_is_not_overwritten(tmp_path: Path) -> None:
    """Whoever comes second takes the next name, and whoever comes again keeps its own."""
    assert write(issue("a"), tmp_path).json_path.stem == "2026-01-31"
    first = contents(tmp_path)
    assert write(issue("b"), tmp_path).json_path.stem == "2026-01-31-2"
    assert write(issue("c"), tmp_path, "2026-01-31").json_path.stem == "2026-01-31-3"
    assert write(issue("b", "新"), tmp_path).json_path.stem == "2026-01-31-2"
    assert {name: contents(tmp_path)[name] for name in first} == first
    assert [from_json(path.read_text("utf-8")).issue_url[-2] for path in jsons(tmp_path)] == list(
        "bca"
    )
    assert len(names(tmp_path)) == 6


def test_a_name_that_was_given_is_taken_only_from_its_own_issue(tmp_path: Path) -> None:
    """The next names are those of the digest's date."""
    write(issue("a"), tmp_path, "mine")
    assert write(issue("b"), tmp_path, "mine").json_path.stem == "2026-01-31-2"
    assert write(issue("a", "新"), tmp_path, "mine").json_path.stem == "mine"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"provenance": null}'])
def test_a_file_that_is_no_digest_gives_its_name_only_to_who_asks_for_it(
    tmp_path: Path, text: str
) -> None:
    """The caller has looked at it; a name that is merely the next one is not taken from it."""
    (tmp_path / "2026-01-31.json").write_text(text, "utf-8")
    assert write(issue("a"), tmp_path).json_path.stem == "2026-01-31"
    (tmp_path / "2026-01-31-2.json").write_text(text, "utf-8")
    assert write(issue("b"), tmp_path).json_path.stem == "2026-01-31-3"
    assert (tmp_path / "2026-01-31-2.json").read_text("utf-8") == text


def test_a_digest_without_provenance_takes_its_name(tmp_path: Path) -> None:
    """It is written by hand, and says which it replaces."""
    write(issue("a"), tmp_path)
    assert write(told("标题"), tmp_path).json_path.stem == "2026-01-31"


def test_a_hundred_digests_of_one_date_are_too_many(tmp_path: Path) -> None:
    """The ninety-ninth is the last; nothing is overwritten."""
    data = to_json(issue("other"))
    for number in range(1, 99):
        name = f"2026-01-31-{number}" if number > 1 else "2026-01-31"
        (tmp_path / f"{name}.json").write_text(data, "utf-8")
    assert write(issue("a"), tmp_path).json_path.stem == "2026-01-31-99"
    with pytest.raises(WriteError, match="a hundred digests"):
        write(issue("b"), tmp_path)


def test_drafts_have_names_of_their_own(tmp_path: Path) -> None:
    """Digests take none from them, nor they from digests."""
    write(issue("a"), tmp_path)
    assert write(issue("b"), tmp_path, draft=True).json_path == tmp_path / "drafts/2026-01-31.json"
    assert write(issue("c"), tmp_path, draft=True).json_path.stem == "2026-01-31-2"


def test_what_says_nothing_is_not_in_the_json() -> None:
    """So that an older digest keeps its bytes; a memory of nothing says something."""
    full = issue("a", mentions="0123abcd", settings={"temperature": 0.5}, memory=())
    text = to_json(full)
    for field in ("memory", "settings", "mentions", "parts", "passed"):
        assert f'"{field}"' in text
    assert '"memory": []' in text
    assert "edit" not in text
    assert full.provenance is not None
    coverage = full.provenance.coverage.model_copy(update={"parts": {}, "passed": ()})
    bare = issue("a", mentions="", settings={}, memory=None, coverage=coverage)
    bare = bare.model_copy(update={"tools": (entry("s02", None, "tool"),)})
    tree = json.loads(to_json(bare))
    assert not {"memory", "settings", "mentions"} & set(tree["provenance"])
    assert set(tree["provenance"]["coverage"]) == {"characters", "mentions", "stories", "shown"}
    assert not {"parts", "edited"} & {*tree["news"][0], *tree["tools"][0]}
    assert from_json(to_json(bare)) == bare
    assert from_json(text) == full


def test_an_edit_has_only_the_fields_that_it_uses() -> None:
    """And an entry says what of it is by hand."""
    mark = StoryAnchor(id="s01", key="0" * 64, words="An open model")
    by_hand = entry("s01", None).model_copy(update={"edited": ("title",), "parts": ("reddit",)})
    edited = digest(by_hand).model_copy(
        update={"edits": (Edit(do="set", story=mark, stood="news:1", title="新"),)}
    )
    tree = json.loads(to_json(edited))
    assert tree["edits"] == [
        {
            "do": "set",
            "story": {"id": "s01", "key": "0" * 64, "words": "An open model"},
            "stood": "news:1",
            "title": "新",
        }
    ]
    assert (tree["news"][0]["edited"], tree["news"][0]["parts"]) == (["title"], ["reddit"])
    assert from_json(to_json(edited)) == edited


def test_free_keys_are_sorted_in_each_place() -> None:
    """Prompts, settings, and what was covered of each part."""
    made = issue("a", prompts={"b": "1", "a": "2"}, settings={"y": 1, "x": None})
    assert made.provenance is not None
    seen = made.provenance.coverage.parts
    mixed = made.provenance.coverage.model_copy(
        update={
            "mentions": {"twitter": 1, "discord": 2, "reddit": 3},
            "parts": dict(sorted(seen.items(), reverse=True)),
        }
    )
    known = made.provenance.model_copy(update={"coverage": mixed})
    tree = json.loads(to_json(made.model_copy(update={"provenance": known})))["provenance"]
    for found in (tree["prompts"], tree["settings"], *(
        tree["coverage"][name] for name in ("mentions", "parts")
    )):  # fmt: skip
        assert list(found) == sorted(found)
        assert len(found) > 1


def test_json_may_begin_with_a_byte_order_mark_and_has_one_final_newline() -> None:
    """An editor may have put it there; characters stand in it as they are."""
    text = to_json(told("标题"))
    assert from_json("\ufeff" + text) == told("标题")
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")
    assert text.startswith('{\n  "date": "2026-01-31",\n  "issue_url"')
    assert "标题" in text


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"issue_url": "ftp://a.test"}, "issue_url"),
        ({"news": (entry("s01", None), entry("s02", "mailto:a@b.test"))}, r"news\.1\.link"),
        ({"tools": (entry("s01", "ftp://a.test", "tool"),)}, r"tools\.0\.link"),
    ],
)
def test_every_address_of_the_json_is_looked_at(change: dict[str, Any], place: str) -> None:
    """An address that no digest may link to is named with its place."""
    with pytest.raises(PageNotUnderstood, match=place):
        from_json(to_json(digest(entry("s01", "HTTPS://a.test/b")).model_copy(update=change)))


@pytest.mark.parametrize(
    ("count", "shown"),
    [(1, "一"), (2, "两"), (3, "三"), (10, "十"), (11, "十一"), (19, "十九"), (22, "二十二"),
     (30, "三十"), (99, "九十九")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("kind", "form"), [("news", "## 📰 {}大AI新闻要点"), ("tool", "## 🛠️ {}大工具产品要点")]
)
def test_both_headings_count_in_chinese(count: int, shown: str, kind: EntryKind, form: str) -> None:
    """From one to ninety-nine."""
    assert heading(kind, count) == form.format(shown)


@pytest.mark.parametrize(("quoted", "banner"), [(0, 0), (1, 1), (2, 1)])
def test_the_count_of_quotations_stands_above(quoted: int, banner: int) -> None:
    """From the first one on, of news and tools together."""
    first, second = entry("s0", None), entry("s1", None, "tool")
    made = digest(first.model_copy(update={"quoted": quoted > 0})).model_copy(
        update={"tools": (second.model_copy(update={"quoted": quoted > 1}),)}
    )
    assert to_markdown(made).count(f"⚠️ 本期有 {quoted} 条") == banner


def test_a_draft_of_another_name_stays_where_its_digest_is_published(tmp_path: Path) -> None:
    """A draft is known by its name and its issue; without either digest nothing is removed."""
    write(issue("a"), tmp_path, draft=True)
    assert not discard_draft(tmp_path, "2026-01-31")
    assert len(names(tmp_path / "drafts")) == 2
    write(issue("a"), tmp_path)
    assert discard_draft(tmp_path, "2026-01-31")
    assert names(tmp_path / "drafts") == []
    assert len(names(tmp_path)) == 3


def jsons(folder: Path) -> list[Path]:
    """Name the digests of a folder."""
    return sorted(folder.glob("*.json"))


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from pipeline.write.files import from_json, write

    replace = os.replace
    def die(source, target):
        if Path(target).suffix == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)
        replace(source, target)
    os.replace = die
    write(from_json(sys.stdin.read()), Path(sys.argv[1]))
"""


@pytest.mark.parametrize("before", [".md", ".json"])
def test_a_killed_run_is_made_good_by_the_next(tmp_path: Path, before: str) -> None:
    """Killed before either file is in place, no file is cut short; the next write clears up."""
    write(told("旧"), tmp_path)
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), before]
    killed = subprocess.run(command, input=to_json(told("新")), text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    # The JSON, which says what is digested, is never ahead of the Markdown.
    assert (tmp_path / "2026-01-31.json").read_text("utf-8") == to_json(told("旧"))
    markdown = told("旧") if before == ".md" else told("新")
    assert (tmp_path / "2026-01-31.md").read_text("utf-8") == to_markdown(markdown)
    left = [name for name in names(tmp_path) if name.startswith(".2026-01-31.")]
    assert left
    assert all(name.endswith(".tmp") for name in left)

    write(told("新"), tmp_path)
    assert names(tmp_path) == ["2026-01-31.json", "2026-01-31.md"]
    assert (tmp_path / "2026-01-31.json").read_text("utf-8") == to_json(told("新"))
    assert (tmp_path / "2026-01-31.md").read_text("utf-8") == to_markdown(told("新"))


def test_concurrent_writers_leave_one_whole_digest(tmp_path: Path) -> None:
    """Of many writers of one date, both files in the end are one writer's."""
    digests = [told(f"第{number}个" * number) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: write(one, tmp_path), digests))
    assert names(tmp_path) == ["2026-01-31.json", "2026-01-31.md"]
    last = from_json((tmp_path / "2026-01-31.json").read_text("utf-8"))
    assert last in digests
    assert (tmp_path / "2026-01-31.md").read_text("utf-8") == to_markdown(last)


def names(folder: Path) -> list[str]:
    """Name the files of a folder."""
    return sorted(path.name for path in folder.iterdir())


def contents(folder: Path) -> dict[str, bytes]:
    """Read the files of a folder."""
    return {path.name: b"" if path.is_dir() else path.read_bytes() for path in folder.iterdir()}
