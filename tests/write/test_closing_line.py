"""A digest of the plain profile ends with the model that translated it; all others do not."""

from collections.abc import Callable
from pathlib import Path

import mistune
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from build import entry
from pipeline.edits.adopt import options_from_markdown
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.records import Digest
from pipeline.write.escape import is_invisible, plain_text
from pipeline.write.json_format import from_json, to_json
from pipeline.write.manual_changes import compare_markdown
from pipeline.write.markdown_format import from_markdown, to_markdown
from written import digest_of

ODD_NAMES = [
    "qwen2.5-coder-1.5b-instruct-q4_k_m",
    "deepseek.ai/x",
    "a + b",
    "[x](https://evil.example)",
    "<script>alert(1)</script>",
    "![x](https://evil.example/a.png)",
    "https://evil.example/v1",
    "a`b`` c",
    "**bold** _it_ ~~x~~",
    "&lt;b&gt;",
    "a\n\n### 11. 标题\n> x",
    "\u202e\u200b",
    "本页由 b 逐句翻译。",
    " 逐句翻译。",
]
NAMES = st.one_of(st.sampled_from(ODD_NAMES), st.text(min_size=1, max_size=20))


def plain_digest(model: str = "small-1b", *, tools: int = 2) -> Digest:
    """Write a digest of the plain profile."""
    made = digest_of("a", model=model, profile="plain")
    halves = tuple(entry(f"s{number:02}", None, "tool") for number in range(2, 2 + tools))
    return made.model_copy(update={"tools": halves})


@pytest.mark.parametrize("tools", [0, 1, 2])
def test_the_last_line_names_the_model(tools: int) -> None:
    """Below a rule, so that it belongs to no entry; it counts as none."""
    made = plain_digest(tools=tools)
    page = to_markdown(made)
    assert page.endswith("\n\n---\n\n> 本页由 small-1b 逐句翻译。\n")
    read = from_markdown(page)
    assert (len(read.news), len(read.tools)) == (1, tools)
    assert (read.translated_by, read.plain_model) == ("small-1b", "small-1b")
    assert read.tools == from_markdown(page.rpartition("\n\n---")[0]).tools
    assert to_markdown(read) == page
    assert from_json(to_json(read)) == read
    assert from_markdown(to_markdown(made, draft=True)) == read


def test_only_the_plain_profile_has_it() -> None:
    """Another digest, and a plain one from before there was a line, has its old bytes."""
    for full in (digest_of("a"), digest_of("a", prompts={"translate_plain": "0" * 64})):
        assert "逐句翻译" not in to_markdown(full)
        assert "translated_by" not in to_json(full)
        assert from_markdown(to_markdown(full)).plain_model == ""
    assert to_markdown(plain_digest()).startswith(
        to_markdown(plain_digest().model_copy(update={"provenance": None})).rstrip("\n")
    )


@settings(max_examples=150, deadline=None)
@given(NAMES)
@example("a`b https://evil.example c`")
def test_any_name_is_text_and_reads_back(name: str) -> None:
    """No markup and no line of it comes through."""
    page = to_markdown(plain_digest(name, tools=1))
    again = from_markdown(page)
    assert again.translated_by == (plain_text(name) or "模型")
    assert to_markdown(again) == page
    last = page.splitlines()[-1]
    assert page.count("\n### ") == 2
    assert not any(map(is_invisible, last))


@pytest.mark.parametrize("name", ODD_NAMES)
def test_no_renderer_makes_anything_of_a_name(name: str) -> None:
    """Neither CommonMark with tables and links nor mistune."""
    last = to_markdown(plain_digest(name)).splitlines()[-1]
    gfm = MarkdownIt("commonmark", {"linkify": True}).enable(["table", "strikethrough", "linkify"])
    tokens = gfm.parse(last)
    assert [token.type for token in tokens] == [
        "blockquote_open",
        "paragraph_open",
        "inline",
        "paragraph_close",
        "blockquote_close",
    ]
    inside = {child.type for child in tokens[2].children or ()}
    assert inside <= {"text", "code_inline"}
    html = str(mistune.html(last))
    assert not any(tag in html for tag in ("<a", "<img", "<script", "<h", "<em", "<strong"))


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.replace("> 本页", ">本页"),
        lambda page: page.rpartition("---")[0] + "***" + page.rpartition("---")[2],
        lambda page: page.replace("\n\n---\n\n> 本页", "\n\n> 本页"),
        lambda page: page.replace("\n", "\r\n"),
        lambda page: page + "\n\n",
    ],
)
def test_small_drifts_of_the_line_read_the_same(change: Callable[[str], str]) -> None:
    """As of all others."""
    page = to_markdown(plain_digest())
    assert change(page) != page
    assert from_markdown(change(page)) == from_markdown(page)


@pytest.mark.parametrize(
    "change",
    [
        lambda page, line: page + line + "\n",
        lambda page, line: page.replace(line, "> 本页由逐句翻译。"),
        lambda page, line: page.replace(line, line + "\n> 另一句。"),
        lambda page, line: page.replace("\n## 📰", f"\n{line}\n\n## 📰"),
        lambda page, line: page.replace(line, line.removeprefix("> ")),
    ],
)
def test_another_line_in_its_place_is_an_error(change: Callable[[str, str], str]) -> None:
    """Twice, without a name, with words of somebody, or elsewhere: nothing is lost in silence."""
    page = to_markdown(plain_digest())
    line = page.splitlines()[-1]
    changed = change(page, line)
    assert changed != page
    with pytest.raises(PageNotUnderstood, match="line"):
        from_markdown(changed)


def test_a_missing_summary_does_not_take_the_line() -> None:
    """The last entry's words are missing, and that is said."""
    lines = to_markdown(plain_digest()).splitlines()
    at = len(lines) - 1 - lines[::-1].index("---") - 2
    assert lines[at].startswith("> ")
    with pytest.raises(PageNotUnderstood, match="summary"):
        from_markdown("\n".join(lines[:at] + lines[at + 1 :]))


def test_words_by_hand_are_taken_over_and_the_line_stays() -> None:
    """The line itself is the program's."""
    made = plain_digest()
    page = to_markdown(made)
    changed = page.replace(made.news[0].title, "另一个标题", 1)
    assert options_from_markdown(made, page).set == ()
    assert options_from_markdown(made, changed).set == ("news:1.title=另一个标题",)
    for other in (page.replace("small-1b", "large"), page.rpartition("\n\n---")[0]):
        with pytest.raises(SettingsError, match="> 本页由 small-1b 逐句翻译。"):
            options_from_markdown(made, other)
    with pytest.raises(SettingsError, match="remove it"):
        options_from_markdown(digest_of("a"), to_markdown(digest_of("a")) + "> 本页由 x 逐句翻译。")


def test_a_line_that_somebody_took_out_is_a_change(tmp_path: Path) -> None:
    """So it comes back, as a changed word would not go unnoticed."""
    made = plain_digest()
    file = tmp_path / "2026-01-31.json"
    file.write_text(to_json(made), encoding="utf-8")
    page = to_markdown(made)
    for text, state in ((page, "same"), (page.rpartition("\n\n---")[0] + "\n", "changed")):
        file.with_suffix(".md").write_text(text, encoding="utf-8")
        assert compare_markdown(made, file) == state
