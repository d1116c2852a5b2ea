"""What changed, shown: in a terminal, on GitHub, as JSON, and as lines for git."""

import json
import re

import cmarkgfm  # type: ignore[import-untyped]
import pytest
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from differences import difference, digest, everything, summary, told, version
from pipeline.changes import Cause, Compared, Difference
from pipeline.showing.comparison import Comparison, row
from pipeline.showing.lines import lines
from pipeline.showing.markdown import inert, markdown
from pipeline.showing.phrases import cause
from pipeline.showing.text import text
from pipeline.showing.tree import tree
from pipeline.write import dump

HOSTILE = (
    "**b** ~~s~~ _i_ `c` <script>x</script> <img src=x> </del></ins> <!-- [x](https://e.org/) "
    "![i](https://e.org/i.png) @user #12 GH-12 a/b#3 https://github.com/a/b/issues/1 www.e.org "
    "x@e.org :smile: | $x$ &amp; &#x41; \\ \x1b[31m \u202e \u200b \x00 \u2028 <https://e.org>"
)


def compared(changes: Difference) -> Comparison:
    """Wrap a difference as the command does."""
    return Comparison(
        stem="2026-01-30",
        old_name=changes.old.name,
        new_name=changes.new.name,
        difference=changes,
    )


def html(source: str) -> str:
    """Render as GitHub does, before it removes anything."""
    made: str = cmarkgfm.github_flavored_markdown_to_html(
        source, options=Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    )
    return made


def words(page: str) -> str:
    """Give what stands on a page, without tags and without what cannot be seen."""
    import html as entities

    return entities.unescape(re.sub(r"<[^>]*>", "", page)).replace("\u200b", "")


def test_everything_that_changed_is_said_without_colours() -> None:
    """Places, words, numbers apart, links, findings and reasons; what is the same is counted."""
    shown = text([compared(everything())]).plain
    assert shown.splitlines()[1:8] == [
        (
            "1 added, 1 dropped, 1 moved, 1 reworded (1 with another number), 1 with another link, "
            "findings +1 -1, 1 unchanged"
        ),
        "between the runs: prompt translate: aaaaaaaaaaaa → bbbbbbbbbbbb",
        "between the runs: the issue's page 发布: new: 发布 and more",
        "",
        "~ news:1 (was news:2)  新发布",
        "    moved from news:2 to news:1",
        "    title     [-发布-]{+新发布+}",
    ]
    assert "    summary # 发布，用户[-#4万#-]{+#5万#+}。\n" in shown
    assert "    link      [-https://example.org/发布-]{+https://example.org/2+}\n" in shown
    assert "    + finding: error at news:1, number: found '5万发布', expected 发布\n" in shown
    assert (
        "    why       perhaps another answer to the same question, or a hand in the file\n"
        in shown
    )
    assert (
        "+ news:2  来发布\n    added in the place of news:3\n    not told before: 发布\n" in shown
    )
    assert "- news:3  去发布\n    dropped; news:2 took its place\n" in shown
    assert "同" not in shown


def test_colours_stand_for_the_signs() -> None:
    """Old struck through in red, new in green, and a changed number reversed."""
    console = Console(force_terminal=True, color_system="standard", width=200)
    with console.capture() as held:
        console.print(text([compared(everything())], colour=True), soft_wrap=True)
    shown = held.get()
    assert "\x1b[1;7;9;31m4万\x1b[0m\x1b[1;7;32m5万\x1b[0m" in shown
    assert "[-" not in shown


def test_several_digests_begin_with_a_table() -> None:
    """With counts, reasons and the issue; a digest that is new or gone says so."""
    lone = version("outputs/2026-01-31.json")
    changes = everything()
    comparisons = [
        compared(changes),
        Comparison(stem="2026-01-31", old_name="HEAD:x", new_name=lone.name, only=lone),
        Comparison(stem="2026-02-01", old_name=lone.name, new_name="gone", only=lone),
    ]
    shown = text(comparisons, identical=58).plain.splitlines()
    head = "digest      added  dropped  moved  texts  numbers  links  came  went  why"
    assert shown[0].startswith(head)
    assert shown[1].split()[:9] == ["2026-01-30", *"11111111"]
    assert "prompt, source, sampling?" in shown[1]
    assert shown[2].split()[8:10] == ["·", "added"]
    assert shown[4] == "58 identical"
    assert "added: outputs/2026-01-31.json (1 news, 0 tools); there is no HEAD:x" in shown
    assert "removed: there is no gone; it was outputs/2026-01-31.json (1 news, 0 tools)" in shown
    page = html(markdown(comparisons, identical=58))
    assert page.count("<tr>") == 4
    assert "<td>prompt, source, sampling?</td>" in page
    assert "58 digests are identical." in page


def test_two_that_are_the_same_take_one_line() -> None:
    """Whether byte for byte, or only in all that is said."""
    same = difference(
        Compared(old_place="news:1", new_place="news:1", old=told("同"), new=told("同"))
    )
    exact = compared(same).model_copy(update={"exact": True})
    names = "outputs/2026-01-30.json and HEAD:outputs/2026-01-30.json\n"
    assert text([exact]).plain == f"identical: {names}"
    assert text([compared(same)]).plain.startswith("nothing to tell apart, though not byte")
    assert exact.status == "same"


def test_a_hostile_text_is_only_text_on_github() -> None:
    """No markup, no link, no image, no name or number that GitHub would act on."""
    page = html(markdown([compared(everything(HOSTILE))]))
    tags = {"h2", "h3", "p", "ul", "li", "del", "ins", "b", "strong", "code"}
    assert set(re.findall(r"<\s*/?\s*([a-z0-9!-]+)", page)) == tags
    assert page.count("<del>") == page.count("</del>") == 3
    outside = re.sub(r"<code>.*?</code>", "", page)
    assert not re.search(r"@\w|#\w|GH-\d|://|www\.|:smile:", outside)
    assert "[x](https://e.org/) ![i](https://e.org/i.png) @user #12 GH-12 a/b#3" in words(page)
    assert "\\ <U+001B>[31m <U+202E> <U+200B> <U+0000> <U+2028> <https://e.org>" in words(page)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text("*_~`<>&[]()!|\\#@:$a1。，“” 数", max_size=6), min_size=1, max_size=4))
def test_pieces_never_join_to_markup(parts: list[str]) -> None:
    """Whatever stands next to whatever: each piece comes out as it went in."""
    kinds = ("same", "gone", "new")
    cut = [(kinds[n % 3], "number", part) for n, part in enumerate(parts)]
    change = summary(*cut)
    changes = difference(
        Compared(
            old_place="news:1",
            new_place="news:1",
            old=told("题"),
            new=told("题"),
            changes=(change,),
        )
    )
    page = html(markdown([compared(changes)]))
    [item] = re.findall(r"<li>summary(?: \(<strong>a number changed</strong>\))?: ?(.*)</li>", page)
    assert words(item).split() == "".join(parts).split()
    assert not re.search(r"<(?!/?(?:del|ins|b)>)", item)


def test_old_and_new_hold_next_to_chinese_punctuation() -> None:
    """Where `~~` and `**` would not end."""
    cut = (("gone", "words", "注意："), ("new", "words", "“当心”："), ("same", "words", "这是"))
    changes = difference(
        Compared(
            old_place="news:1",
            new_place="news:1",
            old=told("题"),
            new=told("题"),
            changes=(summary(*cut),),
        )
    )
    page = html(markdown([compared(changes)]))
    assert "<del>注意：</del><ins>“当心”：</ins>这是" in page


def test_a_long_pull_request_is_cut_between_lines() -> None:
    """With a word about what is missing, and within the length that is asked for."""
    many = [compared(everything())] * 200
    for most in (1000, 60_000):
        body = markdown(many, most=most)
        assert most - 500 < len(body) <= most
        assert re.search(r"\n… \d+ more lines: see `ainews-digest diff`\.\n$", body)
        assert html(body).count("<del>") == html(body).count("</del>")


def test_a_terminal_obeys_nothing_of_a_text() -> None:
    """Nor does anything stand there that cannot be seen."""
    shown = text([compared(everything(HOSTILE))], colour=True).plain
    assert all(each.isprintable() for each in shown.splitlines())
    assert "<U+001B>[31m" in shown


def test_a_space_that_changed_can_be_seen() -> None:
    """One that does not break looks like any other."""
    cut = (("gone", "words", "\u00a0"), ("new", "words", " "))
    changes = difference(
        Compared(
            old_place="news:1",
            new_place="news:1",
            old=told("题"),
            new=told("题"),
            changes=(summary(*cut),),
        )
    )
    assert "[-<U+00A0>-]{+ +}" in text([compared(changes)]).plain


def test_json_holds_what_changed() -> None:
    """As the record has it, so that it can be read back; the counts stand beside it."""
    changes = everything("\ud800发布")
    told_apart = "".join(tree([compared(changes), compared(changes)], identical=2))
    told_apart.encode()
    held = json.loads(told_apart)
    first, second = held["digests"]
    assert held["identical"] == 2
    assert first == second
    assert list(first) == [*row(compared(changes)).model_dump(), "old", "new", "difference"]
    versions = {"old": changes.old, "new": changes.new}
    readable = everything("?发布")
    assert Difference.model_validate({**first["difference"], **versions}) == readable
    assert (first["status"], first["numbers"], first["why"]) == (
        "changed",
        1,
        ["prompt", "source", "sampling?"],
    )


def test_a_digest_as_lines() -> None:
    """One sentence a line, no number before an entry, long hashes and the evidence shortened."""
    entry = told("标题").model_copy(
        update={"summary": "第一句。第二句！第三句", "evidence": "some\nwords"}
    )
    shown = lines(dump(digest(entry)).encode()).decode()
    assert shown.startswith(
        "AINews 2026-01-30\nissue: https://news.smol.ai/issues/26-01-30-sampler/\n\n"
        "news: 标题\n    第一句。\n    第二句！\n    第三句\n    link: https://example.org/1\n"
        "    evidence: 10 characters, "
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"date": 1}',
        b"<<<<<<< HEAD\n{}\n",
        b"[" * 100_000,
        b'{"date": "x", "issue_url": "y", "news": [1], "tools": {}}',
    ],
)
def test_what_is_no_digest_stays_as_it_is(data: bytes) -> None:
    """So that git goes on."""
    assert lines(data) == data


def test_lines_hold_no_control_characters() -> None:
    """JSON escapes them; a terminal would obey them once they are not."""
    shown = lines(dump(digest(told(HOSTILE))).encode()).decode()
    assert all(each.isprintable() for each in shown.splitlines())


def test_inert_text_stays_readable() -> None:
    """What needs no escape has none."""
    plain = "GPT-5.2 在 SWE-bench（Verified）上达到 80.5%，比 1.86x 更快。"
    assert inert(plain) == plain


def test_a_long_mention_is_shown_where_it_differs() -> None:
    """A number that changed behind three hundred characters is in sight, old and new."""
    told = "The model keeps its word. " * 12
    one, other = f"{told}It reaches 95% of them.", f"{told}It reaches 97% of them."
    said = cause(Cause(why="source", what="The model", old=one, new=other))
    assert "95% of them. → …" in said
    assert said.endswith("97% of them.")
    assert len(said) < 400
