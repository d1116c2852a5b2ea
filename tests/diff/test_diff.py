"""What changed between two versions of a digest, and why, is told rightly and completely."""

import datetime as dt
import hashlib
import io
import itertools
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import editor
from pipeline.diff.changes import Cause, DigestDiff, DigestVersion, EntryDiff
from pipeline.diff.compare import diff
from pipeline.diff.word_diff import word_diff
from pipeline.edits.anchors import make_anchor, text_key
from pipeline.fetch.local_file import read_source
from pipeline.llm.profile import ModelProfile, model_profile
from pipeline.llm.prompts import Answer, Question
from pipeline.plan import PreparedJob
from pipeline.progress import NullProgress
from pipeline.quantities import find_quantities
from pipeline.records import (
    Coverage,
    Digest,
    DroppedItem,
    Edit,
    Entry,
    EntryKind,
    Finding,
    Link,
    Page,
    Provenance,
    Story,
)
from pipeline.run import generate, prepare
from pipeline.settings import Settings
from pipeline.write.json_format import from_json, to_json
from pipeline.write.markdown_format import from_markdown, to_markdown

DEMO = Path(__file__).parents[2] / "pipeline" / "data" / "demo.md"
DAY = dt.date(2026, 1, 30)
TOLD = {
    "a": "LabA has published the weights of Heron, which reads whole archives on one card.",
    "b": "After a long silence, LabB lets anybody run Bittern: code and a paper are there.",
    "c": "Crane by LabC now translates speech while it is spoken, in forty languages.",
    "d": "A benchmark of LabD, called Dunlin, asks for proofs rather than for answers.",
    "e": "Eider of LabE packs long documents so that training takes half the memory.",
    "p": "Two labs merge: LabP brings its robots, the other one its simulators.",
    "q": "Quail, an editor by LabQ, undoes what its helpers did, step by step.",
    "x": "With LabX's tracer one sees which tool was called, by whom, and what it cost.",
}
SUMMARY = "实验室{0}发布了{0}号模型，权重与代码一同公开。它在{1}个任务上领先，适合在单卡上运行。"


# ----------------------------------------------------------------------------------- the material


def entry(name: str, kind: EntryKind = "news", **more: object) -> Entry:
    """Write an entry whose words, evidence and link are its own."""
    lab = f"Lab{name.upper()}"
    size = 100 + int.from_bytes(name.encode(), "big") % 800
    given: dict[str, object] = {
        "kind": kind,
        "title": f"{lab}公开{name.upper()}号模型",
        "summary": SUMMARY.format(lab, size),
        "link": f"https://{name}.example.org/blog/release",
        "story": f"s{ord(name[0]) - 96:02d}",
        "links": (Link(url=f"https://{name}.example.org/blog/release", text="release"),),
        "evidence": TOLD[name],
        "reason": "model",
    }
    return Entry.model_validate(given | more)


def digest(news: Iterable[Entry], tools: Iterable[Entry] = (), **more: object) -> Digest:
    """Write a digest that says all that a digest says of itself; `more` are its own fields."""
    news, tools = tuple(news), tuple(tools)
    given: dict[str, object] = {
        "date": DAY,
        "issue_url": "https://news.smol.ai/issues/26-01-30-sampler/",
        "news": news,
        "tools": tools,
        "provenance": provenance(),
    }
    return Digest.model_validate(given | more)


def provenance(texts: Iterable[str] = TOLD.values(), **more: object) -> Provenance:
    """Say where a digest comes from: a page with all that is told here, unless there are texts."""
    names = ("select", "translate", "mend", "format", "reask", "glossary")
    given: dict[str, object] = {
        "slug": "26-01-30-sampler",
        "title": "A sampler",
        "issue_date": DAY,
        "source": "file",
        "page_sha256": "0" * 64,
        "model": "some-model",
        "prompts": {name: hashlib.sha256(name.encode()).hexdigest() for name in names},
        "settings": {"temperature": 0.0, "want": 10, "mends": 2},
        "memory": (),
        "mentions": " ".join(text_key(text)[:8] for text in texts),
        "coverage": Coverage(characters=1, mentions={"twitter": 1}, stories=1, shown=1),
    }
    return Provenance.model_validate(given | more)


def otherwise(made: Digest, **more: object) -> Digest:
    """Change what a digest says of where it comes from."""
    assert made.provenance
    return made.model_copy(update={"provenance": made.provenance.model_copy(update=more)})


def prompted(made: Digest, *names: str) -> Digest:
    """Change prompts."""
    assert made.provenance
    return otherwise(made, prompts={**made.provenance.prompts, **dict.fromkeys(names, "f" * 64)})


def compare(old: Digest, new: Digest) -> DigestDiff:
    """Compare two digests."""
    return diff(DigestVersion(name="old", digest=old), DigestVersion(name="new", digest=new))


def fates(found: DigestDiff) -> list[str]:
    """Say in a word what became of every entry that is not the same."""
    return [fate(row) for row in found.entries if not row.is_unchanged]


def fate(each: EntryDiff) -> str:
    """Say what became of an entry."""
    if each.old is None:
        return f"+{each.new_place}"
    if each.new is None:
        return f"-{each.old_place}"
    words = " ".join(change.field for change in each.changes)
    return f"{each.old_place}>{each.new_place}{' moved' if each.moved else ''} {words}".strip()


def whys(causes: Iterable[Cause]) -> list[str]:
    """Say the causes in a word or two each; one that only may be with a question mark."""
    return [f"{cause.why} {cause.what}".strip() + "?" * (not cause.sure) for cause in causes]


def only(found: DigestDiff) -> EntryDiff:
    """Give the one entry that is not the same."""
    (changed,) = (row for row in found.entries if not row.is_unchanged)
    return changed


def retold(each: Entry, old: str = "领先", new: str = "居首") -> Entry:
    """Tell an entry in other words."""
    assert old in each.summary
    return each.model_copy(update={"summary": each.summary.replace(old, new)})


def drawn(old: str, new: str) -> str:
    """Draw pieces: `[-gone-]`, `[+new+]`, with # for a number, @ for a name, ~ for a link."""
    signs = {"words": "", "number": "#", "name": "@", "link": "~"}
    marks = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("[+", "+]")}
    return "".join(
        marks[each.change][0]
        + (signs[each.kind] if each.change != "same" else "")
        + each.text
        + marks[each.change][1]
        for each in word_diff(old, new)
    )


# ----------------------------------------------------------------------------------------- pieces


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("支持4万上下文", "支持40万上下文", "支持[-#4万-][+#40万+]上下文"),
        ("参数1.5B，开源", "参数1.6B，开源", "参数[-#1.5B-][+#1.6B+]，开源"),
        ("用GPT-5.2写代码", "用GPT-5.3写代码", "用[-@GPT-5.2-][+@GPT-5.3+]写代码"),
        ("由Ann Lee领导", "由Bob Ray领导", "由[-@Ann Lee-][+@Bob Ray+]领导"),
        (
            "见 https://a.org/x，很好",
            "见 https://a.org/y，很好",
            "见 [-~https://a.org/x-][+~https://a.org/y+]，很好",
        ),
        ("谷歌推出新模型", "谷歌发布新模型", "谷歌[-推出-][+发布+]新模型"),
        ("两种模式可选", "三种模式可选", "[-#两-][+#三+]种模式可选"),
        ("", "新的", "[+新的+]"),
        ("一样", "一样", "一样"),
    ],
)
def test_a_change_is_shown_by_words_with_numbers_names_and_links_whole(
    old: str, new: str, shown: str
) -> None:
    """What is one thing for a reader is never cut in two."""
    assert drawn(old, new) == shown


def test_a_number_stands_out_only_where_it_is_another_one() -> None:
    """Two that changed places stand out; one that is only said elsewhere does not."""
    swapped = drawn("甲得分40%，而乙得分50%。", "甲得分50%，而乙得分40%。")
    assert swapped == "甲得分[-#40%-][+#50%+]，而乙得分[-#50%-][+#40%+]。"
    moved = word_diff(
        "共有720亿参数。这个模型支持中文和英文。", "这个模型支持中文和英文，有720亿参数。"
    )
    assert {each.kind for each in moved} == {"words"}


def test_changes_are_not_parted_by_crumbs() -> None:
    """A comma or one character between two changes belongs to them."""
    shown = drawn("研究团队指出，旧方法的误差很大", "开发人员表示，新模型的延迟很小")
    assert shown == "[-研究团队指出，旧方法的误差很大-][+开发人员表示，新模型的延迟很小+]"
    shared = drawn(
        "Eve宣布降低价格，开发者反应不一，有人叫好", "在一次访谈中，研究员谈到Eve早年的失败与教训"
    )
    assert shared.count("[-") == shared.count("[+") == 1


ALPHABET = "模型发布的新旧，。 万亿倍4015.%-BGPTk/:新两一“”\n"
WORDS = ["模型", "发布", "，", "。", "4万", "40%", "1.5B", "GPT-5.2", "Tri Dao", "的", "翻倍", " "]
TEXTS = st.one_of(
    st.text(ALPHABET, max_size=30),
    st.text(max_size=12),
    st.lists(st.sampled_from(WORDS)).map("".join),
)


@settings(max_examples=120, deadline=None)
@given(TEXTS, TEXTS)
def test_pieces_are_both_texts(old: str, new: str) -> None:
    """Joined without what is new they are the old text, without what is gone the new one."""
    found = word_diff(old, new)
    assert "".join(each.text for each in found if each.change != "new") == old
    assert "".join(each.text for each in found if each.change != "gone") == new
    assert all(each.text for each in found)


@settings(max_examples=120, deadline=None)
@given(TEXTS, TEXTS)
def test_no_number_is_cut(old: str, new: str) -> None:
    """Whatever is the same before and after it, a number is gone, new or the same as a whole."""
    found = word_diff(old, new)
    for text, other in ((old, "new"), (new, "gone")):
        here = [each for each in found if each.change != other]
        ends = set(itertools.accumulate(len(each.text) for each in here))
        for quantity in find_quantities(text):
            if quantity.weak and quantity.value == 1:  # 一个 is a word
                continue
            assert not ends & set(range(quantity.start + 1, quantity.end))


# -------------------------------------------------------------------------------- which is which


def test_identical_digests_are_the_same() -> None:
    """Nothing changed, and there is no reason for anything."""
    made = digest(map(entry, "abc"), [entry("x", "tool")])
    found = compare(made, from_json(to_json(made)))
    assert found.is_unchanged
    assert found.causes == ()
    assert [row.new_place for row in found.entries] == ["news:1", "news:2", "news:3", "tools:1"]


def test_one_that_comes_in_on_top_moves_none() -> None:
    """Only the order of those that both have counts, and each entry is told of once."""
    old = digest(map(entry, "abcd"))
    new = digest(map(entry, "eabc"))
    found = compare(old, new)
    assert fates(found) == ["+news:1", "-news:4"]
    added, dropped = (row for row in found.entries if not row.is_unchanged)
    assert (added.instead, dropped.instead) == ("news:4", "news:1")


def test_entries_are_matched_by_their_evidence_and_not_by_place_or_id() -> None:
    """On another page s01 is another story, and stands elsewhere."""
    old = digest(map(entry, "abcd"))
    renamed = [
        entry(name, story=f"s{at:02d}", title=f"完全不同的标题{at}", link=None)
        for at, name in enumerate("dacb", 1)
    ]
    found = compare(old, digest(renamed))
    assert [(row.old_place, row.new_place) for row in found.entries] == [
        ("news:4", "news:1"),
        ("news:1", "news:2"),
        ("news:3", "news:3"),
        ("news:2", "news:4"),
    ]
    assert [row.new_place for row in found.entries if row.moved] == ["news:1", "news:4"]


def test_one_that_changes_halves_is_moved() -> None:
    """It is the same entry all the same."""
    old = digest(map(entry, "ab"), [entry("x", "tool")])
    new = digest([entry("a")], [entry("x", "tool"), entry("b", "tool")])
    assert fates(compare(old, new)) == ["news:2>tools:2 moved"]


def test_a_story_whose_evidence_was_split_or_reworded_is_found() -> None:
    """The larger share of the mentions counts, else the page that is shown, else likeness."""
    first, second = entry("a"), entry("b")
    both = first.model_copy(update={"evidence": f"{first.evidence}\n\n{second.evidence} Also so."})
    old = digest([both, entry("c")])
    reworded = entry("c", evidence="Something else altogether is told of it here.", title="新说法")
    new = digest([reworded, first])
    pairs = {(row.old_place, row.new_place) for row in compare(old, new).entries}
    assert pairs == {("news:1", "news:2"), ("news:2", "news:1")}
    long = f"{first.evidence}\n\n{'Nothing of this stands anywhere else. ' * 9}"
    grown = entry("a", evidence=long, link=None, links=(), title="另一个标题", summary="另一段摘要")
    assert len(compare(digest([first]), digest([grown])).entries) == 1
    linkless = [entry(name, link=None, links=()) for name in "ab"]
    typed = [each.model_copy(update={"evidence": f"{each.evidence} Indeed."}) for each in linkless]
    assert not any(
        each.moved or not each.old for each in compare(digest(linkless), digest(typed)).entries
    )


def test_a_place_is_taken_within_its_half_and_by_the_one_that_was_swapped_in() -> None:
    """Else by the nearest; where a half only shrank, by none."""
    old = digest(map(entry, "abc"), [entry("x", "tool")])
    swap = Edit(
        do="swap",
        story=make_anchor(entry("q")),
        stood="news:2",
        place="news:3",
        instead=make_anchor(entry("b")),
    )
    new = digest(map(entry, "aeq"), [entry("x", "tool")], edits=(swap,))
    taken = {row.old_place: row.instead for row in compare(old, new).entries if not row.new}
    assert taken == {"news:2": "news:3", "news:3": "news:2"}
    shrunk = digest(map(entry, "ab"), [entry("x", "tool"), entry("p", "tool")])
    assert {row.instead for row in compare(old, shrunk).entries} == {None}


def test_entries_that_changed_places_are_both_named() -> None:
    """Neighbours, others, and those of two halves; whoever moved them."""
    old = digest(map(entry, "abcd"), [entry("x", "tool")])
    for order, moved in (
        ("bacd", ["1", "2"]),
        ("dbca", ["1", "4"]),
        ("badc", ["1", "2", "3", "4"]),
    ):
        for by_hand in "ab":
            entries = [entry(n, edited=("place",) if n == by_hand else ()) for n in order]
            found = compare(old, digest(entries, [entry("x", "tool")])).entries
            assert [row.new_place for row in found if row.moved] == [f"news:{n}" for n in moved]


def test_digests_read_from_markdown_are_matched_by_link_and_words() -> None:
    """There is neither story nor evidence; what is not said is unknown, and no difference."""
    made = digest(
        map(entry, "abcd"),
        [entry("x", "tool", link=None)],
        findings=(finding("news:1", "term", "代理"), finding("s09", "edit", "lost")),
    )
    page = from_markdown(to_markdown(made))
    found = compare(page, made)
    assert found.is_unchanged
    assert whys(found.causes) == ["unknown provenance?"]
    other = digest(
        [entry("d", link=None), retold(entry("a")), entry("b", follows=DAY)],
        [retold(entry("x", "tool", link=None), "单卡", "两张卡")],
    )
    found = compare(page, other)
    assert fates(found) == [
        "news:4>news:1 moved link",
        "news:1>news:2 summary",
        "-news:3",
        "news:2>news:3 follows",
        "tools:1>tools:1 summary",
    ]
    assert {tuple(whys(row.causes)) for row in found.entries if not row.is_unchanged} == {
        ("unknown provenance?",)
    }


def test_of_two_entries_with_one_link_the_likelier_is_taken() -> None:
    """Older digests show one page under news and tools."""
    link = "https://shared.example.org/blog/release"
    old = digest([entry("a", link=link)], [entry("b", "tool", link=link)])
    new = digest([entry("b", "news", link=link)], [entry("a", "tool", link=link)])
    found = compare(from_markdown(to_markdown(old)), from_markdown(to_markdown(new)))
    assert [(row.old_place, row.new_place) for row in found.entries] == [
        ("tools:1", "news:1"),
        ("news:1", "tools:1"),
    ]


def test_a_later_digest_that_tells_a_story_again_is_matched() -> None:
    """Of two issues all differs, which is one cause; nothing took anything's place."""
    old = digest(map(entry, "abc"))
    again = entry(
        "b",
        evidence="Bittern is free for companies now, too: LabB has changed its licence.",
        follows=DAY,
        title="LabB再公开B号模型的许可证",
    )
    later = digest(
        [again, entry("p"), entry("q")],
        date=DAY + dt.timedelta(days=1),
        issue_url="https://news.smol.ai/issues/26-01-31-later/",
        provenance=provenance([], slug="26-01-31-later", page_sha256="1" * 64),
    )
    found = compare(old, later)
    assert [fate(entry) for entry in found.entries] == [
        "-news:1",
        "news:2>news:1 title follows",
        "+news:2",
        "-news:3",
        "+news:3",
    ]
    assert {row.instead for row in found.entries} == {None}
    assert whys(found.causes) == ["issue"]
    assert {tuple(whys(row.causes)) for row in found.entries} == {("issue",)}


# -------------------------------------------------------------------------------------- findings


def finding(place: str, check: str, found: str) -> Finding:
    """Write a warning."""
    return Finding(entry=place, check=check, severity="warning", expected="right", found=found)


def test_findings_go_with_their_entry_and_not_with_its_place() -> None:
    """One that stands elsewhere now is neither new nor gone."""
    stays, gone, lost = (finding("news:1", "term", w) for w in ("代理", "token", "x"))
    old = digest(map(entry, "ab"), findings=(stays, gone, finding("s07", "edit", "lost")))
    new = digest(
        [entry("b"), entry("a")],
        findings=(
            stays.model_copy(update={"entry": "news:2"}),
            lost.model_copy(update={"entry": "news:2", "check": "name"}),
            finding("s09", "edit", "lost"),
        ),
    )
    found = compare(old, new)
    each = next(one for one in found.entries if one.old_place == "news:1")
    assert [(one.check, one.found) for one in each.came] == [("name", "x")]
    assert [(one.check, one.found) for one in each.went] == [("term", "token")]
    assert (found.came, found.went) == ((), ())
    assert not found.is_unchanged


def test_a_finding_that_names_another_entrys_story_is_the_same_under_its_new_id() -> None:
    """On another page the same story has another id."""
    old = digest(map(entry, "ab"), findings=(finding("news:2", "repeat", "stands under s01 too"),))
    new = digest(
        [entry("a", story="s05"), entry("b")],
        findings=(finding("news:2", "repeat", "stands under s05 too"),),
    )
    assert all(row.is_unchanged for row in compare(old, new).entries)
    placed = digest(
        [entry("d"), entry("a"), entry("b")],
        findings=(finding("news:3", "repeat", "stands under news:2 too"),),
    )
    for before in (
        old,
        digest(
            map(entry, "ab"), findings=(finding("news:2", "repeat", "stands under news:1 too"),)
        ),
    ):
        assert fates(compare(before, placed)) == ["+news:1"]


def test_other_findings_on_the_same_words_are_the_programs() -> None:
    """No model can have done that; a term's may be the glossary's."""
    old = digest(map(entry, "ab"))
    new = digest(map(entry, "ab"), findings=(finding("news:1", "term", "代理"),))
    assert whys(only(compare(old, new)).causes) == ["program checks"]
    assert whys(only(compare(old, prompted(new, "glossary"))).causes) == ["prompt glossary"]


# ------------------------------------------------------------------------- why: one run and another


@pytest.mark.parametrize(
    ("change", "of_text", "of_order"),
    [
        (lambda made: made, ["sampling"], ["sampling"]),
        (lambda made: prompted(made, "translate"), ["prompt translate"], ["sampling"]),
        (lambda made: prompted(made, "select"), ["sampling"], ["prompt select"]),
        (lambda made: prompted(made, "format"), ["prompt format"], ["prompt format"]),
        (lambda made: prompted(made, "mend"), ["sampling"], ["sampling"]),
        (lambda made: prompted(made, "reask"), ["prompt reask?"], ["prompt reask?"]),
        (lambda made: otherwise(made, model="another"), ["model"], ["model"]),
        (
            lambda made: otherwise(made, settings={"temperature": 1.0, "want": 10, "mends": 1}),
            ["settings temperature", "settings mends?"],
            ["settings temperature", "settings mends?"],
        ),
        (
            lambda made: otherwise(made, settings={"temperature": 0.0, "want": 9, "mends": 2}),
            ["sampling"],
            ["settings want"],
        ),
        (
            lambda made: otherwise(made, profile="plain"),
            ["settings profile"],
            ["settings profile"],
        ),
        (lambda made: otherwise(made, memory=("2026-01-29",)), ["sampling"], ["earlier?"]),
        (lambda made: otherwise(made, settings={}), ["unknown settings?"], ["unknown settings?"]),
        (lambda made: otherwise(made, memory=None), ["sampling"], ["unknown memory?"]),
        (
            lambda made: otherwise(made, page_sha256="1" * 64, mentions=""),
            ["sampling"],
            ["source page?", "unknown mentions?"],
        ),
    ],
)
def test_a_cause_is_named_only_where_it_can_have_done_it(
    change: Callable[[Digest], Digest], of_text: list[str], of_order: list[str]
) -> None:
    """Words follow from the evidence and what tells it, order from what chooses."""
    old = digest(map(entry, "abc"))
    words = change(digest([retold(entry("a")), *map(entry, "bc")]))
    assert whys(only(compare(old, words)).causes) == of_text
    order = change(digest(map(entry, "cab")))
    assert whys(only(compare(old, order)).causes) == of_order


def test_an_entry_without_evidence_is_not_said_to_be_sampled() -> None:
    """It may have been told from other evidence."""
    bare = entry("a", evidence="")
    assert whys(only(compare(digest([bare]), digest([retold(bare)]))).causes) == [
        "unknown evidence?"
    ]


def test_everything_that_differs_is_named_for_the_whole() -> None:
    """Whether or not it changed an entry; hashes by twelve digits."""
    old = digest(map(entry, "abc"))
    new = otherwise(prompted(old, "select"), model="another", page_sha256="1" * 64)
    found = compare(old, new)
    assert whys(found.causes) == ["source page", "prompt select", "model"]
    assert [(cause.old, cause.new) for cause in found.causes][1:] == [
        (hashlib.sha256(b"select").hexdigest()[:12], "f" * 12),
        ("some-model", "another"),
    ]
    assert all(row.is_unchanged for row in found.entries)
    assert not found.is_unchanged


def test_the_glossary_is_named_where_a_story_has_a_term_of_it() -> None:
    """It shapes only questions in which a term occurs."""
    with_term = entry("a", evidence="LabA has published an agent with its weights.")
    for each, expected in ((with_term, ["prompt glossary?"]), (entry("b"), ["sampling"])):
        old, new = digest([each]), prompted(digest([retold(each)]), "glossary")
        assert whys(only(compare(old, new)).causes) == expected


def test_what_a_reader_does_not_see_is_a_cause_of_the_whole() -> None:
    """Another number of tries means that the model answered otherwise."""
    old, new = digest(map(entry, "ab")), digest([entry("a", tries=2), entry("b")])
    found = compare(old, new)
    assert whys(found.causes) == ["sampling tries"]
    assert all(row.is_unchanged for row in found.entries)
    older = otherwise(old, settings={}, memory=None, mentions="")
    assert compare(older, old).is_unchanged
    assert whys(compare(older, old).causes) == ["unknown settings?", "unknown memory?"]


def test_other_evidence_from_the_same_page_is_the_programs() -> None:
    """And so is other spacing everywhere, when nothing else differs."""
    old = digest(map(entry, "ab"))
    more = retold(entry("a", evidence=f"{entry('a').evidence}\n\nA second mention of it."))
    changed = only(compare(old, digest([more, entry("b")])))
    (cause,) = changed.causes
    assert (cause.why, cause.what, cause.old) == ("program", "A second mention of it.", "")
    spaced = digest(retold(entry(name), "公开。它", "公开。 它") for name in "ab")
    found = compare(old, spaced)
    assert {tuple(whys(row.causes)) for row in found.entries} == {("program typography",)}
    assert whys(found.causes) == ["program typography"]


def test_a_story_that_did_not_pass_the_checks_says_so() -> None:
    """With the spare that took its place, and for both the reason that it failed for."""
    old = digest(map(entry, "abc"))
    failed = "did not pass the checks: number '4'"
    new = digest(
        [entry("a"), entry("c"), entry("d", reason="spare")],
        drops=(
            DroppedItem(what="s07", reason="tells the same link as s01"),
            DroppedItem(what="s02", reason="named twice"),
            DroppedItem(what="s02", reason=failed),
        ),
    )
    found = compare(old, new)
    assert fates(found) == ["-news:2", "+news:3"]
    dropped, added = (row for row in found.entries if not row.is_unchanged)
    assert (str(dropped.reason), dropped.instead, added.instead) == (failed, "news:3", "news:2")
    assert whys(dropped.causes) == whys(added.causes) == ["sampling"]
    found = compare(old, prompted(new, "translate"))
    causes = {tuple(whys(row.causes)) for row in found.entries if not row.is_unchanged}
    assert causes == {("prompt translate",)}


def test_an_edit_may_have_brought_in_what_it_is_not_about() -> None:
    """Whoever leaves one out makes room for another; new words for one do not."""
    old = digest(map(entry, "ab"))
    for do, expected in (("drop", ["edit news:9?"]), ("set", ["sampling"])):
        edit = Edit.model_validate({"do": do, "story": make_anchor(entry("x")), "stood": "news:9"})
        new = digest(map(entry, "abc"), edits=(edit,))
        assert whys(only(compare(old, new)).causes) == expected


def test_a_story_that_an_earlier_digest_told_says_so() -> None:
    """The reason names the telling, and the memory what is new in it."""
    old = digest(map(entry, "abc"))
    told = "told on 2026-01-29 as news:3: same link"
    new = otherwise(
        digest([entry("a"), entry("c")], drops=(DroppedItem(what="s02", reason=told),)),
        memory=("2026-01-29",),
    )
    found = compare(old, new)
    assert fates(found) == ["-news:2"]
    assert [(cause.why, cause.new) for cause in only(found).causes] == [("earlier", told)]
    assert [(cause.why, cause.new) for cause in found.causes] == [("earlier", "2026-01-29")]


def test_nothing_is_loaded_where_no_words_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dictionary takes longer to load than sixty digests to compare."""
    monkeypatch.setitem(sys.modules, "rjieba", None)
    old = digest(map(entry, "abc"))
    new = prompted(digest([entry("c"), entry("a", link=None), entry("d")]), "translate")
    assert fates(compare(old, new))
    with pytest.raises(ImportError):
        compare(old, digest([retold(entry("a"))]))


# --------------------------------------------------------------------------- why: real digests


HOW = model_profile(
    Settings.model_construct().model_copy(update={"openai_base_url": "http://127.0.0.1/"})
)


def ask(question: Question, schema: type[Answer], /) -> Answer:
    """Answer as the stand-in model does."""
    messages = [{"content": question.system}, {"content": question.user}]
    return schema.model_validate_json(editor.answer(messages, schema.model_json_schema()))


def made(
    page: Page, edits: Iterable[Edit] = (), how: ModelProfile = HOW
) -> tuple[Digest, list[Story]]:
    """Make a digest of a page, with edits by hand."""
    start = prepare(
        PreparedJob(page=page, date=DAY, stem="demo"), profile=how, progress=NullProgress()
    )
    start = start.model_copy(update={"edits": tuple(edits)})
    return generate(start, ask=ask, progress=NullProgress()), list(start.stories)


@pytest.fixture(scope="module")
def page() -> Page:
    """Read the bundled issue."""
    return read_source(DEMO, stdin=io.BytesIO())


def with_text(page: Page, text: str) -> Page:
    """Give a page another text."""
    assert text != page.text
    return page.model_copy(
        update={"text": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    )


def test_a_bullet_that_changed_is_named_for_its_entry_alone(page: Page) -> None:
    """With both texts; the entries whose evidence is the same are the same."""
    base, _ = made(page)
    first = base.news[1].evidence.splitlines()[0]
    word = max(re.findall(r"[a-z]{5,}", first), key=lambda each: (first.count(each) == 1, each))
    assert page.text.count(f" {word} ") >= 1
    line = next(
        each
        for each in page.text.splitlines()
        if word in each and first[:12] in each.replace("*", "")
    )
    found = compare(
        base, made(with_text(page, page.text.replace(line, line.replace(word, "otherwise"))))[0]
    )
    changed = only(found)
    assert (changed.old_place, changed.new_place) == ("news:2", "news:2")
    (cause,) = changed.causes
    assert (cause.why, cause.sure) == ("source", True)
    assert word in cause.old
    assert "otherwise" in cause.new
    assert whys(found.causes) == ["source page", "source mentions"]
    assert (found.causes[1].old, found.causes[1].new) == ("1 gone", "1 new")


def test_an_entry_that_repeats_another_names_its_place(page: Page) -> None:
    """Its story's id says nothing to a reader."""
    base, _ = made(page)
    edits = [
        Edit(
            do="set", story=make_anchor(told), stood=place, title="Qwen 发布", summary="Qwen 发布。"
        )
        for place, told in base.placed[:2]
    ]
    found = [each for each in made(page, edits)[0].findings if each.check == "repeat"]
    assert [(each.entry, each.found) for each in found] == [
        ("news:2", "nearly all words of news:1")
    ]


def test_what_is_by_hand_is_named_by_its_edit(page: Page) -> None:
    """With what it pushed along; and the same the other way round when it is taken back."""
    base, stories = made(page)
    told = {each.story for each in (*base.news, *base.tools)}
    other = [story for story in stories if story.id not in told][-1]
    edits = [
        Edit(do="drop", story=make_anchor(base.news[2]), stood="news:3"),
        Edit(do="move", story=make_anchor(base.news[5]), stood="news:6", place="news:1"),
        Edit(
            do="set",
            story=make_anchor(base.tools[0]),
            stood="tools:1",
            title="一个由编辑亲手写下的标题",
        ),
        Edit(
            do="swap",
            story=make_anchor(other),
            stood="tools:3",
            place="tools:3",
            instead=make_anchor(base.tools[2]),
        ),
    ]
    edited, _ = made(page, edits)
    found = compare(base, edited)
    by_place = {row.new_place or f"-{row.old_place}": row for row in found.entries}
    assert [(cause.what, cause.new) for cause in found.causes if cause.why == "edit"] == [
        ("", "drop"),
        ("news:1", "move"),
        ("tools:1", "set title"),
        ("tools:3", "swap"),
    ]
    assert str(by_place["-news:3"].reason) == "by hand"
    assert whys(by_place["-news:3"].causes) == ["edit"]
    assert by_place["news:1"].moved
    assert [change.field for change in by_place["tools:1"].changes] == ["title"]
    assert (by_place["-tools:3"].instead, by_place["tools:3"].instead) == ("tools:3", "tools:3")
    for each in found.entries:
        assert {cause.why for cause in each.causes} == (set() if each.is_unchanged else {"edit"})
    back = compare(edited, base)
    assert all(cause.old and not cause.new for cause in back.causes if cause.why == "edit")
    assert sorted(not row.is_unchanged for row in back.entries) == sorted(
        not each.is_unchanged for each in found.entries
    )


# ------------------------------------------------------------------------------- real digests


def test_published_digests_compare_with_one_another(shared: Path) -> None:
    """Each entry once, texts whole, and of one issue most entries have their counterpart."""
    files = [*sorted((shared / "published").glob("*.md")), *(shared / "seed").glob("*.md")]
    known = [from_markdown(file.read_text(encoding="utf-8")) for file in files]
    for old, new in itertools.permutations(known, 2):
        found = compare(old, new)
        olds = [row.old for row in found.entries if row.old]
        news = [row.new for row in found.entries if row.new]
        assert sorted(map(hash, olds)) == sorted(map(hash, (*old.news, *old.tools)))
        assert news == [*new.news, *new.tools]
        for change in (change for each in found.entries for change in each.changes):
            gone = (piece.text for piece in change.pieces if piece.change != "new")
            assert "".join(gone) == change.old
        both = [row for row in found.entries if row.old and row.new]
        same_issue = old.issue_url == new.issue_url
        assert len(both) >= 14 if same_issue else len(both) <= 4
        assert all(cause.why in ("issue", "unknown") for cause in found.causes)


# ------------------------------------------------------------------------------ order and counts


def numbered(count: int, kind: EntryKind = "news") -> list[Entry]:
    """Write many entries, each with its own evidence and words."""
    return [
        entry(
            "a",
            kind,
            title=f"第{number}号模型",
            link=f"https://example.org/{kind}/{number}",
            links=(),
            evidence=hashlib.sha256(f"{kind}{number}".encode()).hexdigest() * 2,
        )
        for number in range(1, count + 1)
    ]


def test_entries_are_told_in_the_new_order_and_the_dropped_where_they_stood() -> None:
    """By number, not by letter; what is gone before what stands in its place; news before tools."""
    old = digest(numbered(11), numbered(11, "tool"))
    new = digest([retold(each) for each in numbered(11)], numbered(11, "tool"))
    assert [row.new_place for row in compare(old, new).entries] == [
        f"{half}:{number}" for half in ("news", "tools") for number in range(1, 12)
    ]
    assert fates(compare(digest(map(entry, "abc")), digest(map(entry, "aec")))) == [
        "-news:2",
        "+news:2",
    ]


def test_of_several_that_went_each_place_is_taken_by_the_nearest() -> None:
    """Not by the first that comes to hand."""
    found = compare(digest(map(entry, "abcd")), digest(map(entry, "bde")))
    assert fates(found) == ["-news:1", "-news:3", "+news:3"]
    assert [row.instead for row in found.entries if not row.is_unchanged] == [
        None,
        "news:3",
        "news:3",
    ]


def test_of_two_like_findings_one_that_went_is_told_once() -> None:
    """Findings are counted, not only compared."""
    like = finding("news:1", "term", "代理")
    two, one = (digest(map(entry, "ab"), findings=(like,) * count) for count in (2, 1))
    went = only(compare(two, one))
    assert (went.came, went.went) == ((), (like,))
    assert whys(went.causes) == ["program checks"]
    came = only(compare(one, two))
    assert (came.came, came.went) == ((like,), ())
    three = digest(map(entry, "ab"), findings=(like,) * 3)
    assert len(only(compare(three, one)).went) == 2


@pytest.mark.parametrize(
    "other",
    [{"severity": "error"}, {"expected": "otherwise"}, {"found": "x"}, {"check": "name"}],
)
def test_a_finding_that_says_otherwise_came_for_one_that_went(other: dict[str, str]) -> None:
    """Whatever of it is another."""
    was = finding("news:1", "term", "代理")
    now = was.model_copy(update=other)
    each = only(
        compare(
            digest(map(entry, "ab"), findings=(was,)), digest(map(entry, "ab"), findings=(now,))
        )
    )
    assert (each.came, each.went) == ((now,), (was,))


def test_findings_of_the_whole_are_those_of_no_entry_that_stands_there() -> None:
    """One of an entry is its entry's alone."""
    lost, mine = finding("s09", "edit", "lost"), finding("news:2", "term", "代理")
    gone = finding("news:9", "count", "9")
    found = compare(
        digest(map(entry, "ab"), findings=(gone,)), digest(map(entry, "ab"), findings=(lost, mine))
    )
    assert (found.came, found.went) == ((lost,), (gone,))
    assert only(found).came == (mine,)


# ---------------------------------------------------------------------- which is which, how alike


def bare(name: str, evidence: str, *, shared: bool = False) -> Entry:
    """Write an entry that can be found by nothing but its evidence, and a page beside it."""
    links = (Link(url="https://lab.dev/blog/paper", text=""),) if shared else ()
    return entry(name, evidence=evidence, link=None, links=links, title=name * 9, summary=name * 30)


@pytest.mark.parametrize(
    ("same", "shared", "paired"),
    [(76, False, True), (74, False, False), (51, True, True), (49, True, False)],
)
def test_other_words_are_the_same_story_where_they_are_alike_enough(
    *, same: int, shared: bool, paired: bool
) -> None:
    """Three quarters of the evidence; half of it where both lead to one page."""
    old = bare("a", "x" * same + "y" * (100 - same), shared=shared)
    new = bare("b", "x" * same + "z" * (100 - same), shared=shared)
    assert (len(compare(digest([old]), digest([new])).entries) == 1) is paired


def worded(title: str, summary: str, **more: Any) -> Entry:
    """Write an entry of which only the Chinese is known."""
    return entry(
        "a", title=title, summary=summary, evidence="", **{"link": None, "links": (), **more}
    )


ONE = "今天开发人员可以在单张显卡上运行全部权重并且不必付费"
TWO = "该机构表示评测成绩仍待第三方复核而训练数据尚未公布细节"


@pytest.mark.parametrize("shared", [False, True])
def test_words_alone_have_to_be_much_alike_unless_one_page_is_shown(*, shared: bool) -> None:
    """One title over other words is enough only with one page."""
    links = (Link(url="https://lab.dev/blog/paper", text=""),) if shared else ()
    old = digest([worded("某某公司推出新品", ONE, links=links)])
    new = digest([worded("某某公司推出新品", TWO, links=links)])
    assert len(compare(old, new).entries) == (1 if shared else 2)
    alike = digest([worded("某某公司推出新品", ONE[:16] + TWO[16:], links=links)])
    assert len(compare(old, alike).entries) == 1
    nothing = digest([worded("另一家的旧闻", TWO, links=links)])
    assert len(compare(old, nothing).entries) == 2


def test_another_days_words_have_to_be_more_alike() -> None:
    """Two days tell of like things that are not the same."""
    old = digest([worded("某某公司推出新品", ONE)])

    def later(*entries: Entry) -> Digest:
        return digest(
            entries,
            date=DAY + dt.timedelta(days=1),
            issue_url="https://news.smol.ai/issues/26-01-31-later/",
            provenance=provenance([], slug="26-01-31-later", page_sha256="1" * 64),
        )

    half = worded("某某公司推出新品", ONE[:16] + TWO[16:])
    assert len(compare(old, later(half)).entries) == 2
    assert len(compare(old, later(worded("某某公司推出新品", ONE))).entries) == 1


def test_of_two_that_are_alike_the_more_alike_go_together() -> None:
    """Then those that stand nearer, in the same half before the other one."""
    text = "x" * 100
    near, far = bare("a", text[:-2] + "yy"), bare("b", text[:-20] + "z" * 20)
    found = compare(digest([bare("c", text)]), digest([far, near]))
    assert [(row.old_place, row.new_place) for row in found.entries if row.old] == [
        ("news:1", "news:2")
    ]
    same = bare("a", text)
    found = compare(digest([entry("b"), same]), digest([same, entry("c"), same]))
    assert ("news:2", "news:1") in {(row.old_place, row.new_place) for row in found.entries}
    found = compare(digest([entry("b"), entry("c"), same]), digest([same, entry("d"), same]))
    assert ("news:3", "news:3") in {(row.old_place, row.new_place) for row in found.entries}
    tool = same.model_copy(update={"kind": "tool"})
    found = compare(digest([entry("b"), same]), digest([same], [entry("x", "tool"), tool]))
    assert ("news:2", "news:1") in {(row.old_place, row.new_place) for row in found.entries}


def test_the_larger_share_of_the_evidence_decides() -> None:
    """One of two that took a story apart goes on with it."""
    long, short = f"Long. {TOLD['a']}", "Short one."
    both = entry("a", evidence=f"{short}\n\n{long}")
    first = entry("b", evidence=short, link=None, links=())
    second = entry("c", evidence=long, link=None, links=())
    found = compare(digest([both]), digest([first, second]))
    assert [(row.old_place, row.new_place) for row in found.entries if row.old] == [
        ("news:1", "news:2")
    ]


# -------------------------------------------------------------------------------- pieces, further


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        # A unit that goes without saying is no other number.
        ("共有720亿参数。", "共有720亿。", "共有[-720亿参数-][+720亿+]。"),
        ("共有720亿参数。", "共有730亿。", "共有[-#720亿参数-][+#730亿+]。"),
        # 一 is a word.
        ("这是一个模型", "这是两个模型", "这是[-一个-][+#两+][+个+]模型"),
        # Only what differs is marked, also where the words are parted otherwise.
        ("模型 A1 与 B2 对比", "模型 A1 与 C3 对比", "模型 A1 与 [-@B2-][+@C3+] 对比"),
        ("", "", ""),
    ],
)
def test_what_stands_out_is_what_differs(old: str, new: str, shown: str) -> None:
    """And nothing that only looks otherwise."""
    assert drawn(old, new) == shown


def test_texts_with_little_in_common_are_two_texts() -> None:
    """With half in common they are still one text that changed."""
    little = drawn(
        "公司甲" + "天地玄黄宇宙洪荒日月盈昃辰宿列张", "公司甲" + "春眠不觉晓处处闻啼鸟夜来风雨声花"
    )
    assert little.count("[-") == little.count("[+") == 1
    # What both begin with is the same all the same.
    assert little.startswith("公司")
    shared = "这家公司表示，"
    more = drawn(f"天地玄。{shared}日月。", f"春眠不。{shared}夜来。")
    assert shared[:-1] in re.sub(r"\[[-+][^]]*[-+]\]", "", more)


# ----------------------------------------------------------------------------- causes, further


def later_page(made: Digest, texts: Iterable[str], **more: object) -> Digest:
    """Say that a digest was made from another page, which has these mentions."""
    mentions = " ".join(text_key(text)[:8] for text in texts)
    return otherwise(made, page_sha256="1" * 64, mentions=mentions, **more)


def test_a_finding_that_went_has_a_cause_too() -> None:
    """As one that came."""
    old = digest(map(entry, "ab"), findings=(finding("news:1", "number", "5"),))
    assert whys(only(compare(old, digest(map(entry, "ab")))).causes) == ["program checks"]


def test_a_finding_of_repeats_or_edits_has_the_causes_of_these() -> None:
    """The choice may have brought a repeat, an edit its own finding."""
    old = digest(map(entry, "ab"))
    repeat = digest(map(entry, "ab"), findings=(finding("news:1", "repeat", "news:2"),))
    assert whys(only(compare(old, prompted(repeat, "select"))).causes) == ["prompt select?"]
    edit = Edit(do="set", story=make_anchor(entry("x")), stood="news:1", title="手写")
    lost = digest(map(entry, "ab"), findings=(finding("news:1", "edit", "lost"),), edits=(edit,))
    assert whys(only(compare(old, lost)).causes) == ["edit news:1"]


def test_a_follow_up_follows_from_what_was_told_earlier() -> None:
    """Where that is the same it only may, and where it is unknown that is said."""
    old, new = digest([entry("a")]), digest([entry("a", follows=DAY)])
    assert fates(compare(old, new)) == ["news:1>news:1 follows"]
    assert fates(compare(new, old)) == ["news:1>news:1 follows"]
    for pair, said in (((old, new), ("", str(DAY))), ((new, old), (str(DAY), ""))):
        (change,) = only(compare(*pair)).changes
        assert (change.old, change.new) == said
    assert whys(only(compare(old, new)).causes) == ["earlier?"]
    assert whys(only(compare(old, otherwise(new, memory=("x",)))).causes) == ["earlier"]
    assert whys(only(compare(old, otherwise(new, memory=None))).causes) == ["unknown memory?"]


def test_only_spacing_beside_other_words_may_be_the_programs() -> None:
    """Where other entries were told anew this one may have been, too; in whatever order."""
    for names in ("ab", "ba"):
        old = digest(map(entry, names))
        new = digest(
            retold(entry("a"), "公开。它", "公开。 它") if name == "a" else retold(entry("b"))
            for name in names
        )
        found = compare(old, new)
        causes = {row.old.evidence: whys(row.causes) for row in found.entries if row.old}
        assert causes[TOLD["a"]] == ["program typography?", "sampling?"]
        assert causes[TOLD["b"]] == ["sampling"]
        assert whys(found.causes) == ["program typography?", "sampling"]


def test_another_title_is_other_words_too() -> None:
    """Then spacing may not have been the programs alone."""
    old = digest(map(entry, "ab"))
    new = digest([retold(entry("a"), "公开。它", "公开。 它"), entry("b", title="另一个标题")])
    (spaced, titled) = (row for row in compare(old, new).entries if not row.is_unchanged)
    assert whys(spaced.causes) == ["program typography?", "sampling?"]
    assert whys(titled.causes) == ["sampling"]


def test_as_few_as_can_be_are_said_to_have_moved() -> None:
    """All but the longest row that kept its order, those that were exchanged, and fixed places."""
    for order in itertools.permutations("abcd"):
        kept = max(
            size
            for size in range(1, 5)
            for row in itertools.combinations(order, size)
            if list(row) == sorted(row)
        )
        found = compare(digest(map(entry, "abcd")), digest(map(entry, order))).entries
        places = {row.new_place: row.old_place for row in found if row.moved}
        exchanged = sum(places.get(old) == new for new, old in places.items()) // 2
        assert len(places) <= 4 - kept + exchanged
        assert all(new != old for new, old in places.items())
        rest = [row for row in found if not row.moved and row.new_place != row.old_place]
        assert [row.old_place for row in rest] == sorted(row.old_place or "" for row in rest)


def test_an_entry_in_its_old_place_has_not_moved() -> None:
    """Though all the others went around it."""
    found = compare(digest(map(entry, "abcde")), digest(map(entry, "decab"))).entries
    assert [row.old_place for row in found if not row.moved and row.old_place == row.new_place] == [
        "news:3"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("领先，", "领先,"), ("“领先”", "「领先」"), ("‘领先’", "『领先』"), ("100", "１００")],
)
def test_widths_and_marks_are_typography(old: str, new: str) -> None:
    """No model has to have said them otherwise."""
    first = entry("a", summary=f"它在测试中{old}其他模型。")
    second = entry("a", summary=f"它在测试中{new}其他模型。")
    assert whys(only(compare(digest([first]), digest([second]))).causes) == ["program typography"]
    other = entry("a", summary="它在测试中落后其他模型。")
    assert whys(only(compare(digest([first]), digest([other]))).causes) == ["sampling"]


def test_words_for_the_other_half_follow_from_the_choice() -> None:
    """The question says which half an entry is for."""
    old = digest([entry("a"), entry("b")], [entry("x", "tool")])
    new = digest([entry("a")], [entry("x", "tool"), retold(entry("b", "tool"))])
    assert whys(only(compare(old, prompted(new, "select"))).causes) == ["prompt select"]


def test_an_edit_that_found_its_story_in_one_version_only_is_named() -> None:
    """It is in both; what it did is in one."""
    edit = Edit(do="set", story=make_anchor(entry("x")), stood="news:9", title="手写")
    plain = digest([entry("a")], edits=(edit,))
    by_hand = digest([entry("a", title="手写", edited=("title",))], edits=(edit,))
    for old, new, said in (
        (plain, by_hand, ("", "set title")),
        (by_hand, plain, ("set title", "")),
    ):
        (cause,) = only(compare(old, new)).causes
        assert (cause.why, cause.what, cause.old, cause.new) == ("edit", "news:1", *said)


def test_words_by_hand_explain_their_own_field_only() -> None:
    """That an entry is a quotation now is not the title's doing."""
    edit = Edit(do="set", story=make_anchor(entry("a")), stood="news:1", title="手写")
    old = digest([entry("a")])
    new = digest([entry("a", title="手写", edited=("title",), quoted=True)], edits=(edit,))
    assert whys(only(compare(old, new)).causes) == ["edit news:1", "sampling"]
    quoted = digest([entry("a", quoted=True, edited=("title",))], edits=(edit,))
    assert whys(only(compare(old, quoted)).causes) == ["sampling"]


def test_what_an_edit_put_out_names_it() -> None:
    """A drop, and the story in whose place another was swapped in; and what came for it."""
    old = digest(map(entry, "abc"))
    drop = Edit(do="drop", story=make_anchor(entry("b")), stood="news:2")
    new = digest([entry("a"), entry("c"), entry("d", reason="by hand")], edits=(drop,))
    found = compare(old, new)
    assert {tuple(whys(row.causes)) for row in found.entries if not row.is_unchanged} == {("edit",)}
    swap = Edit(
        do="swap",
        story=make_anchor(entry("q")),
        stood="news:2",
        place="news:2",
        instead=make_anchor(entry("b")),
    )
    found = compare(old, digest(map(entry, "aqc"), edits=(swap,)))
    assert [whys(row.causes) for row in found.entries if not row.is_unchanged] == [
        ["edit news:2"]
    ] * 2
    words = Edit(do="set", story=make_anchor(entry("d")), stood="news:4", title="手写")
    found = compare(old, digest(map(entry, "abcd"), edits=(words,)))
    assert whys(only(found).causes) == ["edit news:4"]
    # The edit is in both versions, and left the story out of one.
    dropped = digest(
        map(entry, "ac"), edits=(drop,), drops=(DroppedItem(what="s02", reason="by hand"),)
    )
    assert whys(only(compare(digest(map(entry, "abc"), edits=(drop,)), dropped)).causes) == ["edit"]


def test_who_came_in_has_the_causes_of_whom_it_stands_in_for_only_as_a_spare() -> None:
    """One that the model chose was chosen."""
    failed = (DroppedItem(what="s02", reason="did not pass the checks: number '4'"),)
    old = digest(map(entry, "abc"))
    for reason, expected in (("spare", ["sampling"]), ("model", ["prompt select"])):
        new = digest([entry("a"), entry("c"), entry("d", reason=reason)], drops=failed)
        found = compare(old, prompted(new, "select"))
        dropped, added = (row for row in found.entries if not row.is_unchanged)
        assert whys(dropped.causes) == ["sampling"]
        assert whys(added.causes) == expected


def test_a_story_that_shows_the_page_of_another_was_left_out_by_the_choice() -> None:
    """So was one that was not chosen, and one that the model was not shown."""
    for reason in (
        "tells the same link as s01",
        "not chosen by the model",
        "not shown to the model",
    ):
        new = digest([entry("a")], drops=(DroppedItem(what="s02", reason=reason),))
        found = only(compare(digest(map(entry, "ab")), prompted(new, "select", "translate")))
        assert str(found.reason) == reason
        assert whys(found.causes) == ["prompt select"]


def test_a_story_that_is_not_told_again_no_more_says_so_the_other_way_round() -> None:
    """It was left out for an earlier telling, and is told now."""
    told = "told on 2026-01-29 as news:3: same link"
    old = digest([entry("a")], drops=(DroppedItem(what="s02", reason=told),))
    (cause,) = only(compare(old, digest(map(entry, "ab")))).causes
    assert (cause.why, cause.old, cause.new) == ("earlier", told, "")


def test_what_no_reader_sees_is_told_of_the_whole_only_where_both_say_it() -> None:
    """Other reasons and other drops are the model's, other sections the program's."""
    plain = digest(map(entry, "ab"))

    def of_whole(new: Digest, old: Digest = plain) -> list[str]:
        found = compare(old, new)
        assert all(row.is_unchanged for row in found.entries)
        return whys(found.causes)

    assert of_whole(digest([entry("a", reason="completed"), entry("b")])) == ["sampling reason"]
    drops = (DroppedItem(what="s09", reason="named twice"),)
    assert of_whole(digest(map(entry, "ab"), drops=drops)) == ["sampling drops"]
    twitter = digest([entry("a", section=("AI Twitter Recap",)), entry("b")])
    reddit = digest([entry("a", section=("AI Reddit Recap",)), entry("b")])
    assert of_whole(reddit, twitter) == ["program section"]
    assert of_whole(twitter) == []
    parts = digest([entry("a", parts=("twitter",)), entry("b")])
    assert of_whole(digest([entry("a", parts=("reddit",)), entry("b")]), parts) == ["program parts"]


def test_settings_and_prompts_that_came_in_only_where_an_answer_failed_may_matter() -> None:
    """The mend prompt where either version was mended or gave up."""
    for old, new in (
        (entry("a", tries=2), retold(entry("a"))),
        (entry("a"), retold(entry("a", tries=2))),
        (entry("a", quoted=True), retold(entry("a", quoted=True))),
    ):
        found = compare(digest([old]), prompted(digest([new]), "mend"))
        assert "prompt mend?" in whys(only(found).causes)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((50, 60), ["settings evidence_chars"]),
        ((50, 200), ["settings evidence_chars"]),
        ((200, 100), ["sampling"]),
        ((None, 200), ["settings evidence_chars"]),
    ],
)
def test_how_much_evidence_was_shown_matters_to_long_stories(
    limits: tuple[int | None, int], expected: list[str]
) -> None:
    """One that was whole in both versions was the same question."""
    each = entry("a", evidence="x" * 70)
    old, new = (
        otherwise(digest([one]), settings={"want": 10} | ({"evidence_chars": most} if most else {}))
        for one, most in zip((each, retold(each)), limits, strict=True)
    )
    assert whys(only(compare(old, new)).causes) == expected


@pytest.mark.parametrize(
    ("name", "of_text", "of_order"),
    [
        ("host", True, True),
        ("temperature", True, True),
        ("select_tokens", False, True),
        ("select_questions", False, True),
        ("evidence_chars", True, False),
    ],
)
def test_each_setting_shapes_its_own_questions(name: str, *, of_text: bool, of_order: bool) -> None:
    """Those about one story, those that choose, or both."""
    old = otherwise(digest(map(entry, "abc")), settings={name: 1})
    words = otherwise(digest([retold(entry("a")), *map(entry, "bc")]), settings={name: 2})
    order = otherwise(digest(map(entry, "cab")), settings={name: 2})
    said = {True: [f"settings {name}"], False: ["sampling"]}
    assert whys(only(compare(old, words)).causes) == said[of_text]
    assert whys(only(compare(old, order)).causes) == said[of_order]


def test_a_setting_of_repairs_only_may_have_mattered() -> None:
    """It came in only where an answer did not fit."""
    for name in ("reask_temperature", "mends"):
        old = otherwise(digest(map(entry, "ab")), settings={name: 1})
        words = otherwise(digest([retold(entry("a")), entry("b")]), settings={name: 2})
        order = otherwise(digest(map(entry, "ba")), settings={name: 2})
        for new in (words, order):
            changed = next(row for row in compare(old, new).entries if not row.is_unchanged)
            assert whys(changed.causes) == [f"settings {name}?"]


def test_any_edit_that_shifts_others_may_have_moved_one() -> None:
    """New words do not."""
    for do, expected in (
        ("drop", ["edit news:9?"]),
        ("swap", ["edit news:9?"]),
        ("pin", ["edit news:9?"]),
        ("move", ["edit news:9?"]),
        ("set", ["sampling"]),
    ):
        edit = Edit.model_validate({"do": do, "story": make_anchor(entry("x")), "stood": "news:9"})
        found = compare(digest(map(entry, "abc")), digest(map(entry, "cab"), edits=(edit,)))
        assert whys(only(found).causes) == expected


# ----------------------------------------------------------------------------- runs, further


def test_what_two_runs_say_of_themselves_is_compared() -> None:
    """Who served the page, other earlier digests, the date, and the program's own counts."""
    old = otherwise(digest([entry("a")]), memory=("2026-01-27", "2026-01-28"))
    new = otherwise(
        digest([entry("a")], date=DAY + dt.timedelta(days=2)),
        source="site",
        memory=("2026-01-29", "2026-01-28", "2026-01-26"),
        coverage=Coverage(characters=2, mentions={"twitter": 1}, stories=9, shown=1),
    )
    found = compare(old, new)
    assert [
        (f"{cause.why} {cause.what}".strip(), cause.old, cause.new) for cause in found.causes
    ] == [
        ("issue date", "2026-01-30", "2026-02-01"),
        ("source served by", "file", "site"),
        ("earlier", "2026-01-27", "2026-01-26, 2026-01-29"),
        ("program characters", "1", "2"),
    ]
    # How many stories there are follows from the earlier digests, too.
    same = otherwise(new, memory=("2026-01-27", "2026-01-28"))
    assert "program stories?" in whys(compare(old, same).causes)
    first = otherwise(old, memory=()), otherwise(new, memory=())
    assert "program stories" in whys(compare(*first).causes)
    silent = (otherwise(each, memory=None) for each in (old, new))
    assert "program stories" not in whys(compare(*silent).causes)


def test_mentions_are_counted_each_time_that_they_stand_there() -> None:
    """What came and what went; the same ones in another order; and nothing where one is silent."""
    made = digest([entry("a")])
    twice = later_page(made, [TOLD["a"], TOLD["b"], TOLD["b"], TOLD["b"], TOLD["c"]])
    once = otherwise(made, mentions=" ".join(text_key(TOLD[each])[:8] for each in "abx"))
    found = compare(once, twice)
    assert [(cause.what, cause.old, cause.new) for cause in found.causes][1:] == [
        ("mentions", "1 gone", "3 new")
    ]
    turned = later_page(made, reversed(TOLD.values()))
    assert whys(compare(made, turned).causes) == ["source page", "source order"]
    assert whys(compare(made, later_page(made, TOLD.values())).causes) == ["source page"]
    silent = later_page(made, [])
    for pair in ((made, silent), (silent, made)):
        assert whys(compare(*pair).causes) == ["source page", "unknown mentions?"]


def test_where_the_mentions_differ_they_are_what_the_choice_was_shown() -> None:
    """The page's bytes and who served it say nothing more."""
    old = digest(map(entry, "abc"))
    new = later_page(digest(map(entry, "cab")), [*TOLD.values(), "One more."], source="site")
    assert whys(only(compare(old, new)).causes) == ["source mentions?"]
    # The same mentions in the same order leave nothing but the page itself.
    same = later_page(digest(map(entry, "cab")), TOLD.values(), source="site")
    assert whys(only(compare(old, same)).causes) == ["source page?", "source served by?"]


def test_an_edit_is_named_by_what_it_does_and_where() -> None:
    """Of words which ones; the place that it gives, else the one where the story stood."""
    edits = (
        Edit(
            do="set",
            story=make_anchor(entry("x")),
            stood="news:1",
            title="题",
            link="https://a.org",
        ),
        Edit(do="move", story=make_anchor(entry("x")), stood="news:1", place="news:3"),
        Edit(do="drop", story=make_anchor(entry("x")), stood="news:4"),
    )
    made = digest([entry("a")])
    found = compare(made, made.model_copy(update={"edits": edits}))
    assert [(cause.what, cause.old, cause.new) for cause in found.causes] == [
        ("news:1", "", "set title, link"),
        ("news:3", "", "move"),
        ("news:4", "", "drop"),
    ]
    twice = made.model_copy(update={"edits": (edits[2], edits[2])})
    back = compare(twice, made.model_copy(update={"edits": edits[2:]}))
    assert [(cause.old, cause.new) for cause in back.causes] == [("drop", "")]


# ----------------------------------------------------------------------------- evidence, further

FIRST = "The lab has published the weights of its model for everybody."
REWORDED = "The lab has published the weights of its model for researchers only."
OTHER = "Quite unlike: 12 GPUs, $3M, no paper; jury's out."


def test_a_mention_in_other_words_is_one_cause_with_both_texts() -> None:
    """One that has hardly a word of it is another mention."""
    old = entry("a", evidence=FIRST)
    for text, expected in (
        (REWORDED, [(FIRST, REWORDED)]),
        (OTHER, [(FIRST, ""), ("", OTHER)]),
    ):
        new = later_page(digest([retold(entry("a", evidence=text))]), [text])
        found = only(compare(otherwise(digest([old]), mentions=text_key(FIRST)[:8]), new))
        assert [(cause.old, cause.new) for cause in found.causes] == expected
        assert all(cause.why == "source" and cause.sure for cause in found.causes)


def test_of_two_reworded_mentions_the_more_alike_go_together() -> None:
    """Whatever order they stand in."""
    near, far = FIRST.replace("everybody", "anybody"), FIRST.replace("published the", "leaked no")
    old = entry("a", evidence=f"{FIRST}\n\n{far}X")
    new = retold(entry("a", evidence=f"{far}\n\n{near}"))
    found = only(compare(digest([old]), digest([new])))
    assert {(cause.old, cause.new) for cause in found.causes if cause.what != "order"} == {
        (FIRST, near),
        (f"{far}X", far),
    }


def test_one_mention_takes_the_place_of_one_only() -> None:
    """Of two that read much alike the other one is gone."""
    near = FIRST.replace("everybody", "anybody")
    old = entry("a", evidence=f"{near}\n\n{FIRST}")
    new = retold(entry("a", evidence=f"{FIRST}!?\n\n{FIRST.replace('everybody', 'some')}"))
    assert text_key(f"{FIRST}!?") == text_key(FIRST)
    found = only(compare(digest([old]), digest([new])))
    assert all(cause.old and cause.new for cause in found.causes)
    two = entry("a", evidence=f"{near}\n\n{FIRST}")
    one = retold(entry("a", evidence=FIRST.replace("everybody", "nobody")))
    found = only(compare(digest([two]), digest([one])))
    assert sorted((bool(cause.old), bool(cause.new)) for cause in found.causes) == [
        (True, False),
        (True, True),
    ]


def test_a_mention_is_named_by_how_it_begins() -> None:
    """By sixty characters, white space folded."""
    text = "Word " * 20
    old = digest([entry("a")])
    new = digest([retold(entry("a", evidence=f"{TOLD['a']}\n\n{text}"))])
    (cause,) = only(compare(old, new)).causes
    assert cause.what == f"{'Word ' * 12}…"


def test_a_mention_that_the_other_page_has_too_only_may_have_gone() -> None:
    """It stands under another story there; one that the page lacks is gone for sure."""
    more = "A second mention of it."
    old = digest([entry("a", evidence=f"{TOLD['a']}\n\n{more}")])
    new = digest([retold(entry("a"))])
    texts = [*TOLD.values(), more]
    page = otherwise(old, mentions=" ".join(text_key(text)[:8] for text in texts))
    gone = only(compare(page, later_page(new, TOLD.values())))
    assert [(cause.why, cause.what, cause.sure) for cause in gone.causes] == [
        ("source", more, True)
    ]
    there = only(compare(page, later_page(new, [*texts, "New."])))
    assert [(cause.what, cause.sure) for cause in there.causes] == [(more, False)]
    came = only(compare(later_page(new, TOLD.values()), page))
    assert [(cause.what, cause.new, cause.sure) for cause in came.causes] == [(more, more, True)]
    back = only(compare(later_page(new, texts), page))
    assert [(cause.what, cause.sure) for cause in back.causes] == [(more, False)]


def test_the_same_mentions_in_another_order_are_said_to_be_that() -> None:
    """By the program for sure, by another page perhaps."""
    more = "A second mention of it."
    old = digest([entry("a", evidence=f"{TOLD['a']}\n\n{more}")])
    new = digest([retold(entry("a", evidence=f"{more}\n\n{TOLD['a']}"))])
    assert whys(only(compare(old, new)).causes) == ["program order"]
    assert whys(only(compare(old, later_page(new, TOLD.values()))).causes) == ["source order?"]


def test_other_links_of_the_evidence_explain_another_link() -> None:
    """Those that came and those that went; else the words, else the choice of all others."""
    url = "https://a.example.org/blog/release"
    extra = Link(url="https://a.example.org/more", text="")
    old, new = entry("a"), entry("a", link=extra.url, links=(extra,))
    (cause,) = only(compare(digest([old]), digest([new]))).causes
    assert (cause.why, cause.what, cause.old, cause.new) == ("program", "links", url, extra.url)
    on_other_page = only(compare(digest([old]), later_page(digest([new]), TOLD.values())))
    assert whys(on_other_page.causes) == ["source links"]
    alone = digest([entry("a", link=extra.url)])
    assert whys(only(compare(digest([old]), alone)).causes) == ["program link?"]
    assert whys(only(compare(digest([old]), prompted(alone, "select"))).causes) == [
        "prompt select?"
    ]
    words = digest([retold(entry("a", link=extra.url))])
    assert whys(only(compare(digest([old]), prompted(words, "translate"))).causes) == [
        "prompt translate"
    ]


def passing(words: str, reason: str = "not chosen") -> Coverage:
    """Say that a story was passed over."""
    passed = {
        "story": "s77",
        "words": words,
        "part": "twitter",
        "link": None,
        "score": 1.0,
        "facts": (),
        "reason": reason,
    }
    return Coverage.model_validate(
        {"characters": 1, "mentions": {"twitter": 1}, "stories": 1, "shown": 1, "passed": (passed,)}
    )


def test_a_story_that_was_passed_over_says_why() -> None:
    """It is known by its first words; by its id on the same page only."""
    old = digest(map(entry, "ab"))
    new = otherwise(digest([entry("a")]), coverage=passing(TOLD["b"], "not shown to the model"))
    assert str(only(compare(old, new)).reason) == "not shown to the model"
    long = entry("b", evidence="Word " * 40)
    new = otherwise(digest([entry("a")]), coverage=passing(("Word " * 40)[:160] + "…"))
    assert str(only(compare(digest([entry("a"), long]), new)).reason) == "not chosen"
    drops = (
        DroppedItem(what="s02", reason="named twice"),
        DroppedItem(what="s02", reason="model said so"),
    )
    dropped = digest([entry("a")], drops=drops)
    assert str(only(compare(old, dropped)).reason) == "model said so"
    assert not only(compare(old, later_page(dropped, TOLD.values()))).reason


def test_a_story_of_which_only_one_page_has_the_first_mention_has_the_page_as_cause() -> None:
    """Gone or new; where both have it, it was chosen or not."""
    old, new = digest(map(entry, "ab")), digest([entry("a")])
    without = later_page(new, [text for text in TOLD.values() if text != TOLD["b"]])
    (cause,) = only(compare(old, without)).causes
    assert (cause.why, cause.old, cause.new, cause.sure) == ("source", TOLD["b"], "", True)
    (cause,) = only(compare(without, old)).causes
    assert (cause.why, cause.old, cause.new) == ("source", "", TOLD["b"])
    both = only(compare(old, later_page(new, [*TOLD.values(), "New."])))
    assert whys(both.causes) == ["source mentions?"]
