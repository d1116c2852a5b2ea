"""What changed, shown: in a terminal, on GitHub, as JSON, and as lines for git."""

import datetime as dt
import json
import re
from typing import get_args

import cmarkgfm  # type: ignore[import-untyped]
import pytest
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import daily
from differences import difference, digest, every_change, text_change, titled_entry, version
from pipeline.commands.diff import DiffFormat
from pipeline.diff.changes import Cause, DigestDiff, DigestVersion, EntryDiff, FieldChange
from pipeline.diff.json_format import render_json
from pipeline.diff.lines_format import escape_invisible, render_lines
from pipeline.diff.markdown_format import neutralize, render_markdown
from pipeline.diff.phrases import cause_text, excerpt, finding_text, place_text
from pipeline.diff.renderers import RENDERERS
from pipeline.diff.summary import Comparison, ComparisonSummary, summarize
from pipeline.diff.text_format import render_text
from pipeline.records import Finding
from pipeline.write.json_format import to_json

HOSTILE = (
    "**b** ~~s~~ _i_ `c` <script>x</script> <img src=x> </del></ins> <!-- [x](https://e.org/) "
    "![i](https://e.org/i.png) @user #12 GH-12 a/b#3 https://github.com/a/b/issues/1 www.e.org "
    "x@e.org :smile: | $x$ &amp; &#x41; \\ \x1b[31m \u202e \u200b \x00 \u2028 <https://e.org>"
)


def compared(changes: DigestDiff) -> Comparison:
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
    shown = render_text([compared(every_change())]).plain
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
    assert "    + finding: error[number] news:1: found 5万发布, expected 发布\n" in shown
    assert "    perhaps   another answer to the same question, or a hand in the file\n" in shown
    assert (
        "+ news:2  来发布\n    added in the place of news:3\n    not told before: 发布\n" in shown
    )
    assert "- news:3  去发布\n    dropped; news:2 took its place\n" in shown
    assert "同" not in shown


def test_colours_stand_for_the_signs() -> None:
    """Old struck through in red, new in green, and a changed number reversed."""
    console = Console(force_terminal=True, color_system="standard", width=200)
    with console.capture() as held:
        console.print(render_text([compared(every_change())], colour=True), soft_wrap=True)
    shown = held.get()
    assert "\x1b[1;7;9;31m4万\x1b[0m\x1b[1;7;32m5万\x1b[0m" in shown
    assert "[-" not in shown


def test_several_digests_begin_with_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """With counts, reasons and the issue; a digest that is new or gone says so."""
    monkeypatch.setenv("COLUMNS", "200")
    lone = version("outputs/2026-01-31.json")
    changes = every_change()
    comparisons = [
        compared(changes),
        Comparison(stem="2026-01-31", old_name="HEAD:x", new_name=lone.name, only=lone),
        Comparison(stem="2026-02-01", old_name=lone.name, new_name="gone", only=lone),
    ]
    shown = render_text(comparisons, identical=58).plain.splitlines()
    head = "digest      added  dropped  moved  texts  numbers  links  came  went  issue"
    assert shown[0].startswith(head)
    assert shown[1].split()[:9] == ["2026-01-30", *"11111111"]
    assert "prompt, source, sampling?" in shown[1]
    assert shown[2].split()[8::2] == ["·", "added"]
    assert shown[4] == "58 identical"
    assert "added: outputs/2026-01-31.json (1 news, 0 tools); there is no HEAD:x" in shown
    assert "removed: there is no gone; it was outputs/2026-01-31.json (1 news, 0 tools)" in shown
    page = html(render_markdown(comparisons, identical=58))
    assert page.count("<tr>") == 4
    assert "<td>prompt, source, sampling?</td>" in page
    assert "58 digests are identical." in page


def test_two_that_are_the_same_take_one_line() -> None:
    """Whether byte for byte, or only in all that is said."""
    same = difference(
        EntryDiff(
            old_place="news:1", new_place="news:1", old=titled_entry("同"), new=titled_entry("同")
        )
    )
    exact = compared(same).model_copy(update={"exact": True})
    names = "outputs/2026-01-30.json and HEAD:outputs/2026-01-30.json\n"
    assert render_text([exact]).plain == f"identical: {names}"
    assert render_text([compared(same)]).plain.startswith("nothing to tell apart, though not byte")
    assert exact.status == "same"


def test_a_hostile_text_is_only_text_on_github() -> None:
    """No markup, no link, no image, no name or number that GitHub would act on."""
    page = html(render_markdown([compared(every_change(HOSTILE))]))
    tags = {"h2", "h3", "p", "ul", "li", "del", "ins", "b", "strong", "code"}
    assert set(re.findall(r"<\s*/?\s*([a-z0-9!-]+)", page)) == tags
    assert page.count("<del>") == page.count("</del>") == 3
    outside = re.sub(r"<code>.*?</code>", "", page)
    assert not re.search(r"@\w|#\w|GH-\d|://|www\.|:smile:", outside)
    assert "[x](https://e.org/) ![i](https://e.org/i.png) @user #12 GH-12 a/b#3" in words(page)
    assert "\\ <U+001B>[31m <U+202E> <U+200B> <U+0000> <U+2028> <https://e.org>" in words(page)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text("*_~`<>&[]()!|\\#@:$a1。，“” 数", max_size=6), min_size=1, max_size=4))
def test_pieces_never_join_to_markup(parts: list[str]) -> None:
    """Whatever stands next to whatever: each piece comes out as it went in."""
    kinds = ("same", "gone", "new")
    cut = [(kinds[n % 3], "number", part) for n, part in enumerate(parts)]
    change = text_change(*cut)
    changes = difference(
        EntryDiff(
            old_place="news:1",
            new_place="news:1",
            old=titled_entry("题"),
            new=titled_entry("题"),
            changes=(change,),
        )
    )
    page = html(render_markdown([compared(changes)]))
    [item] = re.findall(r"<li>summary(?: \(<strong>a number changed</strong>\))?: ?(.*)</li>", page)
    assert words(item).split() == "".join(parts).split()
    assert not re.search(r"<(?!/?(?:del|ins|b)>)", item)


def test_old_and_new_hold_next_to_chinese_punctuation() -> None:
    """Where `~~` and `**` would not end."""
    cut = (("gone", "words", "注意："), ("new", "words", "“当心”："), ("same", "words", "这是"))
    changes = difference(
        EntryDiff(
            old_place="news:1",
            new_place="news:1",
            old=titled_entry("题"),
            new=titled_entry("题"),
            changes=(text_change(*cut),),
        )
    )
    page = html(render_markdown([compared(changes)]))
    assert "<del>注意：</del><ins>“当心”：</ins>这是" in page


def test_a_long_pull_request_is_cut_between_lines() -> None:
    """With a word about what is missing, and within the length that is asked for."""
    many = [compared(every_change())] * 200
    for most in (1000, 60_000):
        body = render_markdown(many, max_characters=most)
        assert most - 500 < len(body) <= most
        assert re.search(r"\n… \d+ more lines: see `ainews-digest diff`\.\n$", body)
        assert html(body).count("<del>") == html(body).count("</del>")


def test_a_terminal_obeys_nothing_of_a_text() -> None:
    """Nor does anything stand there that cannot be seen."""
    shown = render_text([compared(every_change(HOSTILE))], colour=True).plain
    assert all(each.isprintable() for each in shown.splitlines())
    assert "<U+001B>[31m" in shown


def test_a_space_that_changed_can_be_seen() -> None:
    """One that does not break looks like any other."""
    cut = (("gone", "words", "\u00a0"), ("new", "words", " "))
    changes = difference(
        EntryDiff(
            old_place="news:1",
            new_place="news:1",
            old=titled_entry("题"),
            new=titled_entry("题"),
            changes=(text_change(*cut),),
        )
    )
    assert "[-<U+00A0>-]{+ +}" in render_text([compared(changes)]).plain


def test_json_holds_what_changed() -> None:
    """As the record has it, so that it can be read back; the counts stand beside it."""
    changes = every_change("\ud800发布")
    told_apart = "".join(render_json([compared(changes), compared(changes)], identical=2))
    told_apart.encode()
    held = json.loads(told_apart)
    first, second = held["digests"]
    assert held["identical"] == 2
    assert first == second
    assert list(first) == [*summarize(compared(changes)).model_dump(), "old", "new", "difference"]
    versions = {"old": changes.old, "new": changes.new}
    readable = every_change("?发布")
    assert DigestDiff.model_validate({**first["difference"], **versions}) == readable
    assert (first["status"], first["numbers"], first["why"]) == (
        "changed",
        1,
        ["prompt", "source", "sampling?"],
    )


def test_a_digest_as_lines() -> None:
    """One sentence a line, no number before an entry, long hashes and the evidence shortened."""
    entry = titled_entry("标题").model_copy(
        update={"summary": "第一句。第二句！第三句", "evidence": "some\nwords"}
    )
    shown = render_lines(to_json(digest(entry)).encode()).decode()
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
    assert render_lines(data) == data


def test_lines_hold_no_control_characters() -> None:
    """JSON escapes them; a terminal would obey them once they are not."""
    shown = render_lines(to_json(digest(titled_entry(HOSTILE))).encode()).decode()
    assert all(each.isprintable() for each in shown.splitlines())


def test_inert_text_stays_readable() -> None:
    """What needs no escape has none."""
    plain = "GPT-5.2 在 SWE-bench（Verified）上达到 80.5%，比 1.86x 更快。"
    assert neutralize(plain) == plain


def test_a_long_mention_is_shown_where_it_differs() -> None:
    """A number that changed behind three hundred characters is in sight, old and new."""
    told = "The model keeps its word. " * 12
    one, other = f"{told}It reaches 95% of them.", f"{told}It reaches 97% of them."
    said = cause_text(Cause(why="source", what="The model", old=one, new=other))
    assert "95% of them. → …" in said
    assert said.endswith("97% of them.")
    assert len(said) < 400


# ----------------------------------------------------------------------------------------- counts


def same(place: str = "news:1", was: str | None = None) -> EntryDiff:
    """Write an entry that did not change."""
    return EntryDiff(
        old_place=was or place, new_place=place, old=titled_entry("同"), new=titled_entry("同")
    )


def counted(*entries: EntryDiff, **more: object) -> ComparisonSummary:
    """Count what changed."""
    changes = difference(*entries).model_copy(update=more)
    return summarize(compared(changes))


FINDING = Finding(entry="news:1", check="number", severity="error", expected="x", found="y")


def test_findings_of_entries_and_of_the_whole_are_counted_together() -> None:
    """And an entry with another finding only is not as it was."""
    checked = same().model_copy(update={"came": (FINDING,), "went": (FINDING, FINDING)})
    found = counted(checked, same("news:2"), came=(FINDING, FINDING), went=(FINDING,))
    assert (found.came, found.went, found.unchanged, found.texts) == (3, 3, 1, 0)


def test_only_numbers_of_words_that_changed_are_counted() -> None:
    """Neither one that stands beside a change, nor the date of a follow-up."""
    beside = text_change(("same", "number", "4万"), ("gone", "words", "人"), ("new", "words", "次"))
    follows = text_change(("new", "number", "2026-01-29"), field="follows")
    changed = text_change(("gone", "number", "4万"), ("new", "number", "5万"), field="title")
    for changes, numbers, texts in (
        ((beside,), 0, 1),
        ((follows,), 0, 0),
        ((changed, beside), 1, 1),
    ):
        found = counted(same().model_copy(update={"changes": changes}))
        assert (found.numbers, found.texts, found.unchanged) == (numbers, texts, 0)


def test_an_entry_that_only_others_pushed_along_is_unchanged() -> None:
    """And one that moved among them is not."""
    found = counted(same("news:2", "news:1"), same().model_copy(update={"moved": True}))
    assert (found.moved, found.unchanged) == (1, 1)


def test_a_row_names_the_issue_and_the_reasons() -> None:
    """Its slug where the digest says it; the reasons of changed entries, else those of the runs."""
    sure, perhaps = (Cause(why=why, what="", sure=why == "model") for why in ("model", "sampling"))
    unseen = Cause(why="prompt", what="select")
    changed = same().model_copy(update={"moved": True, "causes": (sure, perhaps)})
    still = same("news:2").model_copy(update={"causes": (unseen,)})
    assert counted(changed, still, causes=(unseen,)).why == ("model", "sampling?")
    both = perhaps.model_copy(update={"sure": True})
    again = changed.model_copy(update={"causes": (perhaps,)})
    assert counted(again, changed.model_copy(update={"causes": (both,)})).why == ("sampling",)
    assert counted(same(), causes=(unseen,)).why == ("prompt",)
    assert counted(same()).issue == "https://news.smol.ai/issues/26-01-30-sampler/"
    made = daily.digest(dt.date(2026, 1, 30))
    lone = Comparison(
        stem="x", old_name="a", new_name="b", only=DigestVersion(name="b", digest=made)
    )
    assert (summarize(lone).issue, summarize(lone).status) == ("26-01-30-not-much", "added")


# ------------------------------------------------------------------------------------------ words


def test_a_cause_is_said_with_what_it_was_and_is() -> None:
    """What is only gone or new says so; a short text is shown from its beginning."""

    def said(old: str = "", new: str = "", what: str = "", *, sure: bool = True) -> str:
        return cause_text(Cause(why="model", what=what, old=old, new=new, sure=sure))

    assert said("a", "b") == "model: a → b"
    assert said("a") == "model: gone: a"
    assert said(new="b", what="w") == "model w: new: b"
    assert said(sure=False) == "perhaps model"
    alike = "x" * 100
    assert said(f"{alike}a", f"{alike}b") == f"model: {alike}a → {alike}b"
    long = "x" * 160
    assert said(f"{long}a", f"{long}b") == f"model: …{'x' * 40}a → …{'x' * 40}b"


def test_a_part_of_a_line_has_at_most_160_characters() -> None:
    """White space folded; the last one says that it was cut."""
    assert excerpt("a \n b") == "a b"
    assert excerpt("x" * 160) == "x" * 160
    assert excerpt("x" * 161) == "x" * 159 + "…"


def test_a_place_is_said_with_the_one_before() -> None:
    """Only where it is another one."""
    assert place_text(same()) == "news:1"
    assert place_text(same("news:2", "news:1")) == "news:2 (was news:1)"
    gone = EntryDiff(old_place="news:3", new_place=None, old=titled_entry("去"), new=None)
    assert place_text(gone) == "news:3"


def test_what_the_issue_explains_is_said_of_the_digest_alone() -> None:
    """Not of each entry."""
    issue, model = Cause(why="issue", what="", old="a", new="b"), Cause(why="model", what="")
    changed = same().model_copy(update={"moved": True, "causes": (issue, model)})
    shown = render_text([compared(difference(changed, causes=(issue,)))]).plain
    assert shown.count("another issue") == 1
    assert shown.count("why       model") == 1


def test_many_identical_digests_beside_one_have_a_table() -> None:
    """And one alone has none."""
    lone = compared(difference(same().model_copy(update={"moved": True})))
    assert render_text([lone], identical=1).plain.startswith("digest ")
    assert render_text([lone]).plain.startswith("changed: ")
    assert render_markdown([lone], identical=1).startswith("## What changed")
    assert not render_markdown([lone]).startswith("## What changed")
    assert render_text([], identical=3).plain == "3 identical\n"
    assert "changed" not in render_text([lone], identical=1).plain.splitlines()[1]


def test_a_changed_number_is_bold_on_github() -> None:
    """Names and words are not."""
    made = render_markdown([compared(every_change())])
    assert "<del><b>4万</b></del><ins><b>5万</b></ins>" in made
    assert made.count("<b>") == 2
    assert made.count("(**a number changed**)") == 1


def test_code_holds_any_number_of_ticks() -> None:
    """An address may have them."""
    link = FieldChange(field="link", old="", new="https://e.org/``a`b", pieces=())
    changed = same().model_copy(update={"changes": (link,)})
    assert "<ins>``` https://e.org/``a`b ```</ins>" in render_markdown(
        [compared(difference(changed))]
    )
    page = html(render_markdown([compared(difference(changed))]))
    assert "<code>https://e.org/``a`b</code>" in page


def test_a_cut_text_says_how_many_lines_are_missing_and_stays_within_its_limit() -> None:
    """Its last lines are whole."""
    whole = render_markdown([compared(every_change())])
    for most in range(150, len(whole) + 100, 61):
        made = render_markdown([compared(every_change())], max_characters=most)
        assert len(made) <= most or made == whole
        if made != whole:
            kept, _, last = made.rstrip("\n").rpartition("\n\n")
            assert whole.startswith(kept)
            missing = len(whole.rstrip("\n").splitlines()) - len(kept.splitlines())
            assert abs(int(last.split()[1]) - missing) <= 1


def test_the_json_of_several_is_a_list() -> None:
    """With a comma between any two."""
    for count in (0, 1, 2, 3):
        made = "".join(render_json([compared(difference(same()))] * count, identical=4))
        assert (json.loads(made)["identical"], len(json.loads(made)["digests"])) == (4, count)
        assert made.endswith("]}\n")


# ------------------------------------------------------------------------------------------ lines


def test_a_digest_as_lines_has_a_sentence_a_line_and_short_hashes() -> None:
    """Numbers of nothing are told, what is not there is not, and what is new is told all the same."""
    made = daily.digest(dt.date(2026, 1, 30))
    tree_of = json.loads(to_json(made))
    tree_of["news"][0]["summary"] = "一。二；三！四？五"
    tree_of["news"][0]["sentences"] = [
        {"text": "一。", "lines": [1, 3]},
        {"text": "二；三！四？五", "lines": [2]},
    ]
    tree_of["drops"] = [{"what": "s01", "reason": None, "count": 0}]
    tree_of["later"] = {"a": "b" * 64}
    tree_of["provenance"]["page_sha256"] = "c" * 64
    said = render_lines(json.dumps(tree_of).encode()).decode().splitlines()
    start = said.index("    一。 [1, 3]")
    assert said[start : start + 5] == [
        f"    {each}" for each in ("一。 [1, 3]", "二；", "三！", "四？", "五 [2]")
    ]
    assert not any(line.startswith("    sentences") for line in said)
    assert "drops: what s01, count 0" in said
    assert f"page_sha256: {'c' * 12}" in said
    assert any(line.startswith("later: ") for line in said)
    assert any(line.startswith("passed: s21 A survey") for line in said)
    assert "prompts: select 111111111111" in said
    # One entry more changes no other entry's lines.
    tree_of["news"].insert(0, dict(tree_of["news"][5], title="新"))
    more = render_lines(json.dumps(tree_of).encode()).decode().splitlines()
    assert [line for line in said if line not in more] == []


def test_words_by_hand_are_lines_without_numbers() -> None:
    """A summary that is no longer what its sentences say; theirs are told apart from it."""
    tree_of = json.loads(to_json(daily.digest(dt.date(2026, 1, 30))))
    tree_of["news"][0]["summary"] = "一。二。"
    said = render_lines(json.dumps(tree_of).encode()).decode().splitlines()
    assert said[4:6] == ["    一。", "    二。"]
    assert any(line.startswith("    sentences: [") for line in said)


def test_what_cannot_be_seen_is_named() -> None:
    """Private characters and unassigned ones, too; odd spaces only where text changed."""
    assert escape_invisible("a\ue000\u0378\u2028\u200b\x07") == (
        "a<U+E000><U+0378><U+2028><U+200B><U+0007>"
    )
    assert escape_invisible("a\u3000b") == "a\u3000b"
    assert escape_invisible("a\u3000b c", changed=True) == "a<U+3000>b c"


def test_every_form_of_the_command_has_its_renderer() -> None:
    """What `--format` takes are the names of the registry, and the site's page."""
    assert {*RENDERERS, "html"} == {*get_args(DiffFormat)}


@pytest.mark.parametrize(
    ("sentence", "place"),
    [(None, "news:1"), (0, "news:1 title"), (2, "news:1 sentence 2")],
)
def test_a_finding_says_which_sentence_it_is_about(sentence: int | None, place: str) -> None:
    """Where that is known; its line for people stays as short as it was."""
    finding = Finding(
        entry="news:1",
        check="name",
        severity="error",
        expected="a",
        found="b",
        sentence=sentence,
    )
    assert finding_text(finding) == f"error[name] {place}: found b, expected a"
    assert finding.line() == finding_text(finding)


def test_a_cause_that_all_changes_have_in_common_stands_once() -> None:
    """Above the entries, in the text as in the Markdown; others stay with their entries."""
    shown = render_text([compared(every_change())]).plain
    assert "of every change" not in shown
    old, new = version("a"), version("b")
    prompt = Cause(why="prompt", what="translate", old="aaa", new="bbb")
    by_hand = Cause(why="edit", what="news:1", title="手写的标题", new="set title")
    rows = [
        EntryDiff(
            old_place=f"news:{n}",
            new_place=f"news:{n}",
            old=old.digest.news[0],
            new=old.digest.news[0].model_copy(update={"title": f"新{n}"}),
            changes=(FieldChange(field="title", old="旧", new=f"新{n}", pieces=()),),
            causes=(prompt, by_hand)[: 3 - n],
        )
        for n in (1, 2)
    ]
    found = compared(DigestDiff(old=old, new=new, entries=tuple(rows), causes=(prompt, by_hand)))
    for form in (render_text([found]).plain, words(html(render_markdown([found])))):
        assert form.count("prompt translate: aaa → bbb") == 1
        assert "of every change: prompt translate" in form
        assert form.count("by hand news:1 “手写的标题”: set title") == 2
