"""What is said of edits by hand in a diff: whose they are, where that stands now, and no more."""

from test_diff import compare, digest, entry, only, otherwise, prompted, whys

from differences import difference
from pipeline.diff import EntryDiff
from pipeline.diff.changes import Cause, DigestDiff
from pipeline.diff.phrases import cause_text, cause_texts, finding_texts, run_cause_texts
from pipeline.diff.summary import Comparison
from pipeline.diff.text_format import render_text
from pipeline.edits import make_anchor
from pipeline.records import Coverage, DroppedItem, Edit, Finding


def test_an_edit_of_the_other_half_moved_nothing() -> None:
    """Nor has it given an entry another link, unless it shows that page."""
    drop = Edit(do="drop", story=make_anchor(entry("x", "tool")), stood="tools:1")
    tools = [entry("p", "tool")]
    old = digest(map(entry, "abc"), [entry("x", "tool"), *tools])
    moved = compare(old, digest(map(entry, "cab"), tools, edits=(drop,)))
    assert [whys(row.causes) for row in moved.entries if row.moved] == [["sampling"]]
    link = entry("b", link="https://example.org/other")
    changed = compare(old, digest([entry("a"), link, entry("c")], tools, edits=(drop,)))
    (row,) = (row for row in changed.entries if row.changes)
    assert [cause.why for cause in row.causes] == ["program"]
    freed = entry("b", link=entry("x").link)
    changed = compare(old, digest([entry("a"), freed, entry("c")], tools, edits=(drop,)))
    (row,) = (row for row in changed.entries if row.changes)
    assert whys(row.causes) == ["edit?"]


def test_what_is_known_to_have_moved_an_entry_is_not_doubted() -> None:
    """Edits of others are named only where nothing else may have done it."""
    pin = Edit(do="pin", story=make_anchor(entry("a")), stood="news:2", place="news:2")
    old, new = digest(map(entry, "abc")), digest(map(entry, "cab"), edits=(pin,))
    assert whys(only(compare(old, new)).causes) == ["edit news:2?"]
    assert whys(only(compare(old, prompted(new, "select"))).causes) == ["prompt select"]


def test_an_edit_is_named_by_the_place_and_title_of_now() -> None:
    """Others came in above it since; one that is gone has no place, and its title."""
    edits = (
        Edit(do="set", story=make_anchor(entry("b")), stood="news:2", title="手写"),
        Edit(do="drop", story=make_anchor(entry("c")), stood="news:3"),
    )
    old = digest(map(entry, "abc"))
    mine = entry("b", title="手写", edited=("title",))
    found = compare(old, digest([entry("d"), entry("a"), mine], edits=edits))
    texts = [cause_text(cause) for cause in found.causes if cause.why == "edit"]
    assert texts == ["by hand news:3 “手写”: set title", f"by hand “{entry('c').title}”: drop"]
    back = compare(digest([entry("d"), entry("a"), mine], edits=edits), old)
    texts = [cause_text(cause) for cause in back.causes if cause.why == "edit"]
    assert texts[0] == f"by hand news:2 “{entry('b').title}”: taken back: set title"


def test_a_finding_that_went_stands_where_its_entry_stands_now() -> None:
    """The old place is another entry's by now."""
    gone = Finding(entry="news:1", check="term", severity="warning", expected="a", found="b")
    old = digest(map(entry, "ab"), findings=(gone,))
    found = compare(old, digest(map(entry, "da")))
    (row,) = (row for row in found.entries if row.went and row.new)
    assert [text for _, text in finding_texts(row)] == ["warning[term] news:2: found b, expected a"]


def test_stories_that_an_earlier_digest_told_are_not_blamed_on_the_program() -> None:
    """It names the same earlier digests, of which one tells one story more by now."""
    counts = [Coverage(characters=1, mentions={}, stories=n, shown=1) for n in (28, 27)]
    old = otherwise(digest(map(entry, "ab")), memory=("2026-01-29",), coverage=counts[0])
    told = DroppedItem(what="s09", reason="told on 2026-01-29 as news:3: same link x.org/1")
    new = otherwise(
        digest(map(entry, "ba"), drops=(told,)), memory=("2026-01-29",), coverage=counts[1]
    )
    found = compare(old, new)
    assert whys(found.causes) == ["earlier stories"]
    said = next(run_cause_texts(found))
    assert said.endswith("what earlier digests told by now, which leaves other stories: 28 → 27")
    without = compare(old, new.model_copy(update={"drops": ()}))
    assert whys(without.causes) == ["program stories?"]


def test_a_cause_of_all_that_is_not_by_hand_stands_once() -> None:
    """What only may have it as its cause says so; another server is named without its hash."""
    host = Cause(why="settings", what="host", old="a" * 12, new="b" * 12)
    hand = Cause(why="edit", what="news:1", title="甲", new="drop")
    each = [(host,), (host, hand), (hand,), (host.model_copy(update={"sure": False}),)]
    entries = [
        EntryDiff(
            old_place=f"news:{n}",
            new_place=f"news:{n + 1}",
            old=entry("a"),
            new=entry("a"),
            moved=True,
            causes=causes,
        )
        for n, causes in enumerate(each)
    ]
    found: DigestDiff = difference(*entries, causes=(host,))
    text = render_text([Comparison(stem="x", old_name="a", new_name="b", difference=found)]).plain
    assert text.count("another server") == 2
    assert "\nof every change that is not by hand: another server\n" in text
    assert "    perhaps   another server\n" in text
    assert "a" * 12 not in text
    assert list(cause_texts(entries[2])) == [("why", "by hand news:1 “甲”: drop")]


def test_what_is_not_recorded_is_said_plainly() -> None:
    """It is known that it is not: nothing is doubted."""
    unknown = Cause(why="unknown", what="provenance", sure=False)
    assert cause_text(unknown) == "not recorded: how one of the versions was made"
