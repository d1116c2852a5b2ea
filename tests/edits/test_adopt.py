"""What somebody changes in a digest's Markdown becomes the edits that say the same."""

import datetime as dt
import re
from collections.abc import Callable

import pytest

import build
from pipeline.edits.adopt import options_from_markdown
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.records import Digest, Entry, EntryKind
from pipeline.write.markdown_format import to_markdown


def entry(kind: EntryKind, number: int) -> Entry:
    """Write one with words and a link of its own."""
    return build.entry(f"{kind}{number}", f"https://example.org/{kind}/{number}", kind).model_copy(
        update={
            "title": f"{kind}的第{number}条标题",
            "summary": f"{kind}的第{number}条摘要，说明了*发生*的事情 `code_{number}`。",
        }
    )


def digest() -> Digest:
    """Four news and two tools."""
    return Digest(
        date=dt.date(2026, 1, 31),
        issue_url="https://news.smol.ai/issues/26-01-30-not-much/",
        news=tuple(entry("news", number) for number in range(1, 5)),
        tools=tuple(entry("tool", number) for number in range(1, 3)),
    )


def swapped(text: str, first: str, second: str) -> str:
    """Exchange two entries, numbers aside."""
    blocks = {
        number: re.search(rf"### {number}\. .*?(?=\n\n---|\n\n##|\Z)", text, re.DOTALL)
        for number in (first, second)
    }
    one, two = (found[0] for found in blocks.values() if found)
    body = {first: one.partition(". ")[2], second: two.partition(". ")[2]}
    text = text.replace(one, "\0").replace(two, f"### {second}. {body[first]}", 1)
    return text.replace("\0", f"### {first}. {body[second]}", 1)


def test_a_text_without_its_end_takes_nothing_away() -> None:
    """What is missing was hardly left out on purpose; with its line break it was."""
    whole = digest()
    text = to_markdown(whole)
    for end in (text.index("tool的第1条摘要") + 6, text.index("tool的第2条摘要") + 6):
        with pytest.raises(PageNotUnderstood, match="the last line has no end"):
            options_from_markdown(whole, text[:end])
    assert options_from_markdown(whole, f"{text[:end]}\n").set


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text.rstrip("\n"),
        lambda text: text.replace("\n> ", "\n>"),
        lambda text: text.replace("---", "***"),
    ],
)
def test_what_only_looks_otherwise_is_no_edit(change: Callable[[str], str]) -> None:
    """Line ends, a byte order mark, blanks."""
    whole = digest()
    options = options_from_markdown(whole, change(to_markdown(whole)))
    assert (options.set, options.move, options.drop) == ((), (), ())


def test_words_and_links_that_are_changed_are_set() -> None:
    """Each by the place of its entry, and nothing else."""
    whole = digest()
    text = to_markdown(whole)
    text = text.replace("news的第2条标题", "另一个标题").replace("第3条摘要", "第三条新摘要")
    link = "https://example.org/tool/1"
    text = text.replace(f"[{link}]({link})", "[x](https://example.com/new)")
    options = options_from_markdown(whole, text)
    assert options.set == (
        "news:2.title=另一个标题",
        f"news:3.summary={whole.news[2].summary.replace('第3条摘要', '第三条新摘要')}",
        "tools:1.link=https://example.com/new",
    )
    assert (options.move, options.drop) == ((), ())


def test_entries_that_change_places_are_moved() -> None:
    """As few as bring about the new order, with their new words."""
    whole = digest()
    text = swapped(to_markdown(whole), "1", "2").replace("news的第1条标题", "一个改过的标题")
    options = options_from_markdown(whole, text)
    assert len(options.move) == 1
    assert options.move[0] in {"news:1=2", "news:2=1"}
    assert options.set == ("news:1.title=一个改过的标题",)


def test_an_entry_that_is_taken_out_is_dropped() -> None:
    """The others keep their order."""
    whole = digest()
    fewer = whole.model_copy(update={"news": (*whole.news[:1], *whole.news[2:])})
    options = options_from_markdown(whole, to_markdown(fewer))
    assert (options.drop, options.move, options.set) == (("news:2",), (), ())


def block(text: str, number: int, kind: EntryKind = "news") -> str:
    """Give an entry as it stands in a digest's Markdown, with the rule below it."""
    found = re.search(rf"### \d+\. {kind}的第{number}条标题\n.*?\n---\n\n?", text, re.DOTALL)
    assert found is not None
    return found[0]


def test_who_takes_out_or_moves_an_entry_need_not_count() -> None:
    """Neither the numbers nor the heading that announces how many there are."""
    text = to_markdown(digest())
    second, fourth = block(text, 2), block(text, 3)
    options = options_from_markdown(digest(), text.replace(second, ""))
    assert (options.drop, options.move, options.set) == (("news:2",), (), ())
    options = options_from_markdown(
        digest(), text.replace(second, "").replace(fourth, fourth + second)
    )
    assert (options.drop, options.set) == ((), ())
    assert options.move in {("news:2=3",), ("news:3=2",)}


def test_an_entry_in_the_other_half_is_moved_there_by_an_option() -> None:
    """Which is named with both places."""
    text = to_markdown(digest())
    second, tool = block(text, 2), block(text, 1, "tool")
    with pytest.raises(SettingsError, match=r"--move news:2=tools:1$"):
        options_from_markdown(digest(), text.replace(second, "").replace(tool, second + tool))


def test_what_no_edit_can_say_is_refused() -> None:
    """In one line with the words that it is about; nothing is guessed."""
    whole = digest()
    text = to_markdown(whole)
    more = whole.model_copy(update={"tools": (*whole.tools, entry("tool", 9))})
    cases = [
        (to_markdown(more), "tool的第9条标题"),
        (text.replace(whole.date.isoformat(), "2031-01-01", 1), "2031-01-01"),
        (text.replace("https://example.org/news/1", "mailto:x", 2), "line"),
        (text + "\nAnd a word of mine.\n", "line"),
        ("", "line|early"),
    ]
    for changed, said in cases:
        with pytest.raises((SettingsError, PageNotUnderstood), match=said):
            options_from_markdown(whole, changed)
