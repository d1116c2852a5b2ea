"""A digest that is edited without its answers: what of it is kept, and what an edit's undoing means."""

import datetime as dt
import io
from pathlib import Path

import pytest

from differences import digest as other_digest
from newsletter import issue_page
from pipeline.edits.anchors import make_anchor
from pipeline.edits.previous import find_entry, read_edits
from pipeline.errors import SettingsError
from pipeline.fetch.local_file import read_source
from pipeline.llm.profile import ModelProfile
from pipeline.plan import PreparedJob
from pipeline.records import (
    Coverage,
    Digest,
    DroppedItem,
    Edit,
    Entry,
    EntryKind,
    Finding,
    Provenance,
    SelectedStory,
    Story,
    read_reason,
)
from pipeline.revise.reuse import reuse_entries
from pipeline.run import GenerationInput, prepare
from pipeline.select import join_stories
from pipeline.tell import ReusedEntries
from pipeline.write.json_format import to_json
from test_plan import Notes

DAY = dt.date(2026, 1, 30)
HOW = ModelProfile(
    model="m",
    host="h",
    prices=None,
    in_flight=1,
    select_tokens=50_000,
    select_questions=1,
    evidence_chars=10_000,
    want=3,
)


@pytest.fixture(scope="module")
def start() -> GenerationInput:
    """Begin an issue of twelve stories."""
    page = read_source("-", io.BytesIO(issue_page("26-01-30-kept", 12).encode()))
    return prepare(
        PreparedJob(page=page, date=DAY, stem="2026-01-30"), profile=HOW, progress=Notes()
    )


def entry(story: Story, kind: EntryKind = "news", **more: object) -> Entry:
    """Write the entry of a story."""
    given = {
        "kind": kind,
        "title": f"标题{story.id}",
        "summary": "摘要",
        "link": story.sources[0],
        "story": story.id,
        "links": story.links,
        "evidence": story.evidence,
        "reason": "model",
    }
    return Entry.model_validate(given | more)


def digest(start: GenerationInput, news: tuple[Entry, ...], **more: object) -> Digest:
    """Write a digest of these news and three tools, s10 to s12."""
    page = start.job.page
    coverage = Coverage(characters=1, mentions={}, stories=12, shown=12)
    given = {
        "date": DAY,
        "issue_url": page.url,
        "news": news,
        "tools": tuple(entry(story(start, n), "tool") for n in (10, 11, 12)),
        "provenance": Provenance(
            slug=page.slug,
            title="not much",
            issue_date=start.issue.date,
            source="file",
            page_sha256=page.sha256,
            model="m",
            prompts={},
            coverage=coverage,
        ),
    }
    return Digest.model_validate(given | more)


def story(start: GenerationInput, number: int) -> Story:
    """Give a story by its number."""
    return next(story for story in start.stories if story.id == f"s{number:02d}")


def three(start: GenerationInput, *numbers: int) -> tuple[Entry, ...]:
    """Write entries of stories."""
    return tuple(entry(story(start, number)) for number in numbers)


def chosen(kept: ReusedEntries) -> tuple[str, str]:
    """Name the news and the tools by their numbers."""
    assert kept.selection is not None
    halves = (kept.selection.news, kept.selection.tools)
    news, tools = (" ".join(str(int(c.story.id[1:])) for c in half) for half in halves)
    return news, tools


def first(kept: ReusedEntries, number: int = 0) -> SelectedStory:
    """Give one of the news."""
    assert kept.selection is not None
    return kept.selection.news[number]


# --- what is kept --------------------------------------------------------------------------------


def test_a_digest_is_its_own_answer(start: GenerationInput) -> None:
    """Its stories in their places, its entries as they are, whatever is by hand in them."""
    by_hand = entry(story(start, 2), edited=("title",), tries=3, quoted=True)
    made = digest(start, (*three(start, 1), by_hand, *three(start, 3)))
    kept, stories = reuse_entries(made, start, ())
    assert chosen(kept) == ("1 2 3", "10 11 12")
    assert (kept.provenance, stories) == (made.provenance, start.stories)
    told = kept.find_draft(first(kept, 1))
    assert told is not None
    assert told.entry == by_hand.model_copy(update={"edited": ()})
    assert (told.attempts, told.choice.kind, str(told.choice.reason)) == (3, "news", "model")
    assert kept.find_draft(first(kept).model_copy(update={"story": story(start, 9)})) is None


def test_the_entry_of_a_group_keeps_all_its_stories(start: GenerationInput) -> None:
    """What it tells with the leading story is its evidence still, and comes up as no spare."""
    group = join_stories([story(start, number) for number in (2, 7, 5)])
    made = digest(start, (*three(start, 1), entry(group), *three(start, 3)))
    kept, stories = reuse_entries(made, start, ())
    assert chosen(kept) == ("1 2 3", "10 11 12")
    told = first(kept, 1).story
    assert {each.id for each in told.mentions} == {each.id for each in group.mentions}
    assert told.mentions[0] == group.mentions[0]
    assert [each.id for each in stories] == [each.id for each in start.stories]
    assert kept.selection is not None
    assert {c.story.id for c in kept.selection.spares} == {"s04", "s06", "s08", "s09"}


def test_a_link_by_hand_is_not_the_storys(start: GenerationInput) -> None:
    """The choice has the story's own."""
    mine = story(start, 1)
    for edited, link in ((("link",), mine.sources[0]), ((), "https://by-hand.example/")):
        given = entry(mine, link="https://by-hand.example/", edited=edited)
        kept, _ = reuse_entries(digest(start, (given, *three(start, 2, 3))), start, ())
        assert first(kept).link == link


def test_the_findings_of_an_entry_are_kept_but_for_those_of_the_whole(
    start: GenerationInput,
) -> None:
    """Repeats and edits are looked for anew."""

    def finding(place: str, check: str) -> Finding:
        return Finding(entry=place, check=check, severity="warning", expected="", found="")

    places = (("news:1", "term"), ("news:1", "repeat"), ("news:1", "edit"), ("news:2", "name"))
    made = digest(start, three(start, 1, 2, 3), findings=tuple(finding(*each) for each in places))
    told = reuse_entries(made, start, ())[0].find_draft(first(reuse_entries(made, start, ())[0]))
    assert told is not None
    assert [(finding.check, finding.entry) for finding in told.findings] == [("term", "s01")]


def test_places_that_stayed_empty_are_kept(start: GenerationInput) -> None:
    """They are no entry's, and an edit says nothing of them."""
    lost = Finding(entry="s07", check="told", severity="warning", expected="", found="no entry")
    kept, _ = reuse_entries(digest(start, three(start, 1), findings=(lost,)), start, ())
    assert kept.untold == (lost,)


def test_a_story_that_is_told_twice_is_its_first_entry_s(start: GenerationInput) -> None:
    """The second one keeps its words, as a story under the name of its place."""
    again = entry(story(start, 1), title="又一个标题")
    made = digest(start, (*three(start, 1, 2), again))
    kept, stories = reuse_entries(made, start, ())
    names = [first(kept, number).story.id for number in range(3)]
    assert names == ["s01", "s02", "news-3"]
    told = [kept.find_draft(first(kept, number)) for number in (0, 2)]
    assert [each.entry.title for each in told if each and each.entry] == ["标题s01", "又一个标题"]
    assert stories[-1].evidence == story(start, 1).evidence


def test_a_story_that_the_page_has_no_more_is_told_from_its_entry(start: GenerationInput) -> None:
    """Under its own name where that is free, else under that of its place."""
    for name, expected in (("s77", "s77"), ("s05", "news-2"), (None, "news-2")):
        lost = entry(
            story(start, 2), evidence="Nothing like it.", link="https://gone.example/", links=()
        ).model_copy(update={"story": name})
        made = digest(start, (*three(start, 1), lost, *three(start, 3)))
        kept, stories = reuse_entries(made, start, ())
        assert first(kept, 1).story.id == expected
        assert [each.id for each in stories] == [*(each.id for each in start.stories), expected]
        assert stories[-1].evidence == "Nothing like it."


def test_who_may_come_next_is_whom_the_digest_does_not_tell(start: GenerationInput) -> None:
    """Not who failed on this page; who was left out by hand may come back, and is no drop."""
    drops = (
        DroppedItem(what="s04", reason="did not pass the checks"),
        DroppedItem(what="s05", reason="by hand"),
    )
    made = digest(start, three(start, 1, 2, 3), drops=drops)
    kept, _ = reuse_entries(made, start, ())
    assert kept.selection is not None
    spares = {c.story.id for c in kept.selection.spares}
    assert spares == {"s05", "s06", "s07", "s08", "s09"}
    assert {str(c.reason) for c in kept.selection.spares} == {"spare"}
    assert kept.selection.drops == drops[:1]
    assert made.provenance is not None
    other = made.provenance.model_copy(update={"page_sha256": "f" * 64})
    kept, _ = reuse_entries(made.model_copy(update={"provenance": other}), start, ())
    assert kept.selection is not None
    assert "s04" in {c.story.id for c in kept.selection.spares}


# --- what is taken back --------------------------------------------------------------------------


def edit(start: GenerationInput, do: str, number: int, stood: str, **more: object) -> Edit:
    """Write an edit."""
    given = {"do": do, "story": make_anchor(story(start, number)), "stood": stood}
    return Edit.model_validate(given | more)


def test_a_drop_that_is_taken_back_puts_the_story_where_it_stood(start: GenerationInput) -> None:
    """What had come in for it goes: the last spare, else the last."""
    dropped = edit(start, "drop", 7, "news:2")
    for reasons, news in (
        (("model", "spare", "spare"), "1 7 2"),
        (("model", "spare", "model"), "1 7 3"),
        (("model", "by hand", "model"), "1 7 3"),
        (("spare", "model", "model"), "7 2 3"),
        (("model", "model", "model"), "1 7 2"),
    ):
        entries = tuple(
            each.model_copy(update={"reason": read_reason(reason)})
            for each, reason in zip(three(start, 1, 2, 3), reasons, strict=True)
        )
        kept, _ = reuse_entries(digest(start, entries), start, (dropped,))
        assert chosen(kept)[0] == news
    back = first(reuse_entries(digest(start, three(start, 1, 2, 3)), start, (dropped,))[0], 1)
    assert (str(back.reason), back.link, back.kind) == ("model", story(start, 7).sources[0], "news")
    last = edit(start, "drop", 7, "tools:3")
    assert chosen(reuse_entries(digest(start, three(start, 1, 2, 3)), start, (last,))[0]) == (
        "1 2 3",
        "10 11 7",
    )


def test_a_swap_that_is_taken_back_brings_back_the_other_story(start: GenerationInput) -> None:
    """To its place; the one that had come in is told no more."""
    swap = edit(start, "swap", 7, "news:2", place="news:2", instead=make_anchor(story(start, 2)))
    kept, _ = reuse_entries(digest(start, three(start, 1, 7, 3)), start, (swap,))
    assert chosen(kept)[0] == "1 2 3"
    assert str(first(kept, 1).reason) == "model"


def test_moves_that_are_taken_back_put_a_story_where_it_stood_first(start: GenerationInput) -> None:
    """The last one is taken back first; it keeps its own link and reason."""
    moves = (
        edit(start, "move", 3, "news:3", place="news:2"),
        edit(start, "move", 3, "news:2", place="news:1"),
    )
    moved = entry(story(start, 3), reason="completed", link=story(start, 3).links[-1].url)
    kept, _ = reuse_entries(digest(start, (moved, *three(start, 1, 2))), start, moves)
    assert chosen(kept)[0] == "1 2 3"
    assert str(first(kept, 2).reason) == "completed"
    kept, _ = reuse_entries(digest(start, (moved, *three(start, 1, 2))), start, moves[1:])
    assert chosen(kept)[0] == "1 3 2"


def test_words_that_are_taken_back_are_told_anew_and_a_pin_leaves_everything(
    start: GenerationInput,
) -> None:
    """Of other entries nothing is asked; what names no story of the page changes nothing."""
    made = digest(start, three(start, 1, 2, 3))
    words = edit(start, "set", 2, "news:2", title="手写")
    kept, _ = reuse_entries(made, start, (words,))
    assert chosen(kept)[0] == "1 2 3"
    assert [kept.find_draft(first(kept, n)) is None for n in range(3)] == [False, True, False]
    pin = edit(start, "pin", 2, "news:1", place="news:1", title="T", summary="S")
    kept, _ = reuse_entries(made, start, (pin,))
    assert chosen(kept)[0] == "1 2 3"
    assert kept.find_draft(first(kept, 1)) is not None
    lost = words.model_copy(update={"do": "drop", "story": make_anchor(other_digest().news[0])})
    assert chosen(reuse_entries(made, start, (lost,))[0])[0] == "1 2 3"


# --- the digest that is there --------------------------------------------------------------------


def test_the_edits_of_a_digest_are_those_of_its_draft_where_it_has_one(
    start: GenerationInput, tmp_path: Path
) -> None:
    """Of its own issue only; what cannot be read has none."""
    drop, move = edit(start, "drop", 1, "news:1"), edit(start, "move", 2, "news:2", place="news:1")
    made = digest(start, three(start, 1, 2, 3))
    slug = start.job.page.slug
    assert read_edits(tmp_path, "2026-01-30", slug) == ()
    published, draft = tmp_path / "2026-01-30.json", tmp_path / "drafts" / "2026-01-30.json"
    draft.parent.mkdir()
    published.write_text(to_json(made.model_copy(update={"edits": (drop,)})), encoding="utf-8")
    assert read_edits(tmp_path, "2026-01-30", slug) == (drop,)
    assert read_edits(tmp_path, "2026-01-30", "another") == ()
    draft.write_text(to_json(made.model_copy(update={"edits": (move,)})), encoding="utf-8")
    assert read_edits(tmp_path, "2026-01-30", slug) == (move,)
    draft.write_text(to_json(made), encoding="utf-8")
    assert read_edits(tmp_path, "2026-01-30", slug) == ()
    for broken in (b"{", b"\xff"):
        draft.write_bytes(broken)
        assert read_edits(tmp_path, "2026-01-30", slug) == (drop,)


def test_an_entry_is_found_at_its_place(start: GenerationInput) -> None:
    """The last one too, and nothing behind it."""
    made = digest(start, three(start, 1, 2))
    assert find_entry(made, "news:2", "x").story == "s02"
    assert find_entry(made, "tools:3", "x").story == "s12"
    for place, said in (("news:3", "2 news and 3 tools"), ("tools:4", "no tools:4"), ("x", "'x'")):
        with pytest.raises(SettingsError, match=said):
            find_entry(made, place, "x")
