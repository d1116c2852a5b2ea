"""Edits by hand on the stories of an issue: whose place it is, whose words, and who comes in."""

import datetime as dt
from functools import partial

import pytest

import build
from fakes import FakeModel
from hosted import sizes
from pipeline.edits.anchors import StoryFinder, make_anchor, story_from_entry
from pipeline.edits.apply import (
    EditedSelection,
    ManualText,
    apply_edits,
    apply_manual_text,
    order_by_places,
    parse_place,
)
from pipeline.records import (
    Edit,
    Entry,
    Finding,
    Link,
    Reason,
    SelectedStory,
    Selection,
    Story,
    StoryAnchor,
)
from pipeline.translate.draft_entry import DraftEntry
from pipeline.translate.drafts import quoted_draft, translate_checked

FOLLOWED = dt.date(2026, 1, 20)


def issue(count: int = 14) -> list[Story]:
    """Write the stories of an issue, each with its own text and link."""
    return [
        build.story(f"s{n:02d}", f"https://example.org/{n}", text=f"Event number {n} took place.")
        for n in range(1, count + 1)
    ]


STORIES = issue()


def chosen(spares: str = "ntnn") -> Selection:
    """Choose s01 to s03 as news and s04 to s06 as tools; s07… are spares that lean as said."""
    choices = [build.choice(story) for story in STORIES]
    kinds = {"n": "news", "t": "tool"}
    return Selection(
        news=tuple(choices[:3]),
        tools=tuple(choice.model_copy(update={"kind": "tool"}) for choice in choices[3:6]),
        spares=tuple(
            each.model_copy(update={"kind": kinds[lean], "reason": Reason("spare")})
            for each, lean in zip(choices[6:], spares, strict=False)
        ),
        drops=(),
        shown=14,
    )


def story(number: int) -> Story:
    """Give a story by its number."""
    return STORIES[number - 1]


def edit(do: str, number: int, stood: str = "news:1", **more: object) -> Edit:
    """Write an edit of a story."""
    given = {"do": do, "story": make_anchor(story(number)), "stood": stood}
    return Edit.model_validate(given | more)


def drop(number: int) -> Edit:
    """Leave a story out."""
    return edit("drop", number)


def move(number: int, place: str) -> Edit:
    """Put a story at a place."""
    return edit("move", number, place=place)


def swap(number: int, instead: int, place: str) -> Edit:
    """Tell a story in the place of another one."""
    return edit("swap", number, place, place=place, instead=make_anchor(story(instead)))


def words(number: int, stood: str = "news:1", **more: object) -> Edit:
    """Give words to a story."""
    return edit("set", number, stood, **more)


def made(*edits: Edit, want: int = 3, selection: Selection | None = None) -> EditedSelection:
    """Apply edits."""
    return apply_edits(
        selection or chosen(), edits, stories=STORIES, follows={"s12": FOLLOWED}, want=want
    )


def ids(choices: tuple[SelectedStory, ...] | list[SelectedStory]) -> str:
    """Name stories by their numbers."""
    return " ".join(choice.story.id.removeprefix("s").lstrip("0") for choice in choices)


def shown(*edits: Edit, selection: Selection | None = None) -> tuple[str, str, str]:
    """Name the stories of both halves in their places, and the spares."""
    given = made(*edits, selection=selection)
    halves = (given.selection.news, given.selection.tools)
    news, tools = (
        ids(order_by_places(half, given.places, lambda each: each.story.id)) for half in halves
    )
    return news, tools, ids(given.selection.spares)


# --- places --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "section", "number"),
    [("news:1", "news", 1), ("tools:10", "tools", 10), ("news:99", "news", 99)],
)
def test_a_place_is_a_half_and_a_number_from_1(said: str, section: str, number: int) -> None:
    """Both are read, and which kind of entry stands there."""
    place = parse_place(said)
    assert place is not None
    assert (place.section, place.number) == (section, number)
    assert place.kind == {"news": "news", "tools": "tool"}[section]


@pytest.mark.parametrize(
    "said", ["", "news", "news:0", "news:01", "news:100", "tool:1", "xnews:1", "news:1 ", "news:１"]
)
def test_what_is_no_place_is_none(said: str) -> None:
    """Nothing is guessed."""
    assert parse_place(said) is None


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ({}, "abcd"),
        ({"d": 1}, "dabc"),
        ({"a": 4}, "bcda"),
        ({"a": 3}, "bcad"),
        ({"a": 99}, "bcda"),
        ({"d": 1, "c": 2}, "dcab"),
        # Two claims on one place: the later one has it, the other the next one that is free.
        ({"a": 2, "d": 2}, "bdac"),
        ({"d": 2, "a": 2}, "badc"),
        ({"a": 1, "b": 1, "c": 1}, "cbad"),
        # At the end there is no next one: the nearest before it.
        ({"a": 4, "b": 4}, "cdab"),
        ({"a": 3, "b": 4, "c": 3}, "dacb"),
        ({"x": 1, "c": 2}, "acbd"),
    ],
)
def test_items_stand_at_the_places_that_are_held_for_them(
    places: dict[str, int], order: str
) -> None:
    """The others keep their order around them; a name that is not there holds nothing."""
    assert "".join(order_by_places("abcd", places, str)) == order


def test_the_later_of_two_claims_has_the_place() -> None:
    """Whichever story it is about; who claims again is the later one."""
    assert shown(move(1, "news:2"), move(3, "news:2"))[0] == "2 3 1"
    assert shown(move(3, "news:2"), move(1, "news:2"))[0] == "2 1 3"
    again = (move(1, "news:2"), move(3, "news:2"), move(1, "news:2"))
    assert shown(*again)[0] == "2 1 3"
    assert shown(move(1, "news:3"), move(1, "news:2"))[0] == "2 1 3"


def test_words_by_hand_claim_no_place_again() -> None:
    """A later `set` of the first story leaves the place to the one that was moved there last."""
    given = (move(1, "news:2"), move(3, "news:2"), words(1, "news:3", title="手写"))
    assert shown(*given)[0] == "2 3 1"


def test_a_story_that_is_moved_and_reworded_has_both() -> None:
    """In either order: its place and its words are two things."""
    for edits in (
        (move(3, "news:1"), words(3, "news:3", title="手写")),
        (words(3, "news:3", title="手写"), move(3, "news:1")),
    ):
        given = made(*edits)
        assert given.texts["s03"] == ManualText(title="手写")
        assert given.places == {"s03": 1}
        assert given.edited_fields["s03"] == ("place", "title")
        assert shown(*edits)[0] == "3 1 2"


def test_a_quotation_with_words_keeps_its_place_unless_it_is_moved() -> None:
    """The place that the words were given at is held; the one of a move counts more."""
    quoted = words(1, "news:1", place="news:1", title="手写")
    assert shown(quoted, move(3, "news:1"))[0] == "3 1 2"
    assert made(quoted).places == {"s01": 1}
    assert made(move(1, "news:3"), quoted).places == {"s01": 3}


# --- words ---------------------------------------------------------------------------------------


def test_words_add_up_and_the_last_of_each_field_counts() -> None:
    """What a later edit does not give stays as an earlier one gave it."""
    given = made(
        words(1, title="一", link="https://example.org/a"),
        words(1, summary="摘要"),
        words(1, title="二"),
    )
    assert given.texts["s01"] == ManualText(
        title="二", summary="摘要", link="https://example.org/a"
    )
    assert given.texts["s01"].is_complete
    assert not ManualText(title="二").is_complete
    assert not ManualText(summary="二").is_complete
    assert given.edited_fields["s01"] == ("title", "summary", "link")
    assert (given.applied_count, given.findings) == (3, ())


def test_a_pinned_quotation_is_one_until_it_has_a_summary_by_hand() -> None:
    """A title alone leaves the English summary what it is."""
    pinned = edit("pin", 1, place="news:1", title="T", summary="Words.", quoted=True)
    assert made(pinned).texts["s01"].quoted
    assert made(pinned, words(1, title="标题")).texts["s01"].quoted
    assert not made(pinned, words(1, summary="摘要")).texts["s01"].quoted
    assert made(pinned).edited_fields["s01"] == ("place", "title", "summary")


def test_a_swap_begins_anew_with_the_story_that_comes_in() -> None:
    """Words that it had before are the model's again, and it is by hand that it is told."""
    given = made(words(12, title="手写"), swap(12, 2, "news:2"))
    assert "s12" not in given.texts
    assert given.edited_fields["s12"] == ("story",)
    both = made(swap(12, 2, "news:2"), words(12, "news:2", title="手写"), move(12, "news:1"))
    assert both.edited_fields["s12"] == ("story", "place", "title")
    assert both.places["s12"] == 1


# --- who comes in and who goes -------------------------------------------------------------------


def test_a_spare_that_leans_to_the_half_comes_in_first() -> None:
    """Else the best of all, which is then of that half."""
    news, tools, spares = shown(drop(4))
    assert (news, tools, spares) == ("1 2 3", "5 6 8", "7 9 10")
    given = made(drop(4), drop(5))
    assert ids(given.selection.tools) == "6 8 7"
    assert [choice.kind for choice in given.selection.tools] == ["tool"] * 3
    assert [str(choice.reason) for choice in given.selection.tools] == ["model", "spare", "spare"]


def test_what_was_left_out_can_only_be_swapped_in_again() -> None:
    """Words for it, a pin and a move are findings; whoever drops it twice is not told so."""
    for late in (words(1, title="手写"), move(1, "news:2"), edit("pin", 1, place="news:1")):
        given = made(drop(1), late)
        (finding,) = given.findings
        assert (finding.check, finding.entry) == ("edit", "s01")
        assert finding.expected.startswith(f"{late.do} of {late.place or late.stood}, ")
        assert "left out by hand" in finding.found
        assert given.applied_count == 1
        assert ids(given.selection.news) == "2 3 7"
    assert made(drop(1), drop(1)).findings == ()
    back = made(drop(1), swap(1, 2, "news:2"))
    assert back.findings == ()
    assert [drop.what for drop in back.drops] == ["s02"]
    assert shown(drop(1), swap(1, 2, "news:2"))[0] == "3 1 7"


def test_a_swap_takes_away_what_the_other_story_had() -> None:
    """Its words and its place go with it; the drop is recorded."""
    given = made(words(2, title="手写"), move(2, "news:1"), swap(12, 2, "news:1"))
    assert "s02" not in given.texts
    assert "s02" not in given.places
    assert [(drop.what, str(drop.reason)) for drop in given.drops] == [("s02", "by hand")]
    assert shown(swap(12, 2, "news:2"))[0] == "1 12 3"


def test_a_swap_whose_other_story_is_the_same_one_drops_nothing() -> None:
    """On another page two marks may find one story."""
    same = swap(2, 2, "news:1")
    assert made(same).drops == ()
    assert shown(same)[0] == "2 1 3"


def test_who_comes_in_by_hand_shows_a_page_that_nobody_else_shows() -> None:
    """Its first one that is free, else its first one; and it follows what it followed."""
    other = build.story(
        "s20", "https://example.org/1", "https://example.org/other", text="Another event."
    )
    taken = build.story("s21", "https://example.org/2", text="One more event.")
    bare = build.story("s22", text="An event without any page.")
    stories = [*STORIES, other, taken, bare]
    edits = [
        Edit(
            do="swap",
            story=make_anchor(each),
            stood=place,
            place=place,
            instead=make_anchor(story(number)),
        )
        for each, number, place in (
            (other, 4, "tools:1"),
            (taken, 5, "tools:2"),
            (bare, 6, "tools:3"),
        )
    ]
    given = apply_edits(chosen(), edits, stories=stories, follows={"s21": FOLLOWED}, want=3)
    by_id = {choice.story.id: choice for choice in given.selection.tools}
    assert by_id["s20"].link == "https://example.org/other"
    assert by_id["s21"].link == "https://example.org/2"
    assert by_id["s22"].link is None
    assert [by_id[name].follows for name in ("s20", "s21")] == [None, FOLLOWED]
    assert {str(choice.reason) for choice in given.selection.tools} == {"by hand"}
    # The page of a story that is left out is free again.
    only = Edit(
        do="swap",
        story=make_anchor(other),
        stood="news:1",
        place="news:1",
        instead=make_anchor(story(1)),
    )
    (first, *_) = apply_edits(chosen(), [only], stories=stories, follows={}, want=3).selection.news[
        -1:
    ]
    assert first.link == "https://example.org/1"


def test_one_more_than_is_wanted_sends_away_the_last_without_an_edit() -> None:
    """It is the best spare from then on; what is by hand stays."""
    news, tools, spares = shown(move(4, "news:1"))
    assert (news, tools, spares) == ("4 1 2", "5 6 8", "3 7 9 10")
    assert shown(words(3, "news:3", title="手写"), move(4, "news:1"))[0] == "4 1 3"
    # Where everything is by hand nothing is sent away.
    by_hand = [words(n, f"news:{n}", title="手写") for n in (1, 2, 3)]
    assert shown(*by_hand, move(4, "news:1"))[0] == "4 1 2 3"


def test_every_story_lies_in_one_place_only() -> None:
    """A spare that is moved in is no spare any more."""
    news, tools, spares = shown(move(8, "tools:1"), drop(9))
    assert tools == "8 4 5"
    assert spares == "6 7 10"
    assert news == "1 2 3"


def test_a_spare_with_words_by_hand_stands_where_it_stood() -> None:
    """No model chose it for a half; one that was chosen stays where it was chosen."""
    assert shown(words(8, "tools:2", title="手写"))[1] == "4 8 5"
    assert shown(words(5, "news:1", title="手写"))[:2] == ("1 2 3", "4 5 6")
    # Where it was given words first is where it stands.
    again = (words(8, "tools:2", title="手写"), words(8, "news:1", summary="手写"))
    assert shown(*again)[:2] == ("1 2 3", "4 8 5")


def test_drops_are_in_the_order_of_their_names() -> None:
    """Whatever order the edits came in."""
    given = made(drop(3), drop(1), drop(2))
    assert [drop.what for drop in given.drops] == ["s01", "s02", "s03"]
    assert made(words(1, title="手写")).drops == ()


# --- marks ---------------------------------------------------------------------------------------


def test_a_mark_says_how_the_story_begins() -> None:
    """White space folded; what is longer than 60 characters is cut there."""
    for length, end in ((60, ""), (61, "…")):
        text = "x" * length
        assert make_anchor(build.story("s01", text=text)).words == "x" * 60 + end
    assert make_anchor(build.story("s01", text="Two \n lines")).words == "Two lines"


def test_a_mark_of_an_entry_is_that_of_its_story() -> None:
    """By the first mention, and by the story's own link where the one that shows is by hand."""
    links = (
        Link(url="https://a.org/x?utm_source=y", text="a"),
        Link(url="https://b.org", text="b"),
    )
    plain = Entry(
        kind="news",
        title="题",
        summary="摘",
        link="https://b.org",
        story="s07",
        links=links,
        evidence="First mention.\n\nSecond one.",
    )
    made = make_anchor(plain)
    assert (made.id, made.words) == ("s07", "First mention.")
    assert made.key == make_anchor(build.story("s01", text="first MENTION")).key
    assert made.link == make_anchor(build.story("s01", "https://b.org")).link
    by_hand = plain.model_copy(update={"link": "https://evil.example", "edited": ("link",)})
    assert make_anchor(by_hand).link == make_anchor(build.story("s01", "https://a.org/x")).link
    assert make_anchor(plain.model_copy(update={"link": None})).link is None


def test_of_stories_with_one_mention_that_which_begins_with_it_is_found() -> None:
    """Wherever it stands in the list."""
    first = build.mention("The event itself.")
    other = Story(id="s01", mentions=(build.mention("Something else."), first))
    mine = Story(id="s02", mentions=(first,))
    assert StoryFinder([other, mine]).find(make_anchor(mine)) is mine
    assert StoryFinder([mine, other]).find(make_anchor(mine)) is mine
    assert StoryFinder([other]).find(make_anchor(mine)) is other


def test_a_link_finds_the_only_story_that_leads_with_it() -> None:
    """Else the only one that has it; of two that lead with it neither."""
    lost = StoryAnchor(
        id="s09", key="0" * 64, link="https://example.org/a", words="Alder ships a compiler"
    )
    lead = build.story("s01", "https://example.org/a", text="Alder ships its compiler.")
    also = Story(
        id="s02",
        mentions=(
            build.mention(
                "Alder compiler, measured.", "https://example.org/b", "https://example.org/a"
            ),
        ),
        sources=("https://example.org/b",),
    )
    lost = lost.model_copy(update={"link": make_anchor(lead).link})
    assert StoryFinder([also, lead]).find(lost) is lead
    assert StoryFinder([also]).find(lost) is also
    assert StoryFinder([also, also.model_copy(update={"id": "s03"})]).find(lost) is None
    assert StoryFinder([lead, lead.model_copy(update={"id": "s03"})]).find(lost) is None
    assert StoryFinder([lead]).find(lost.model_copy(update={"link": None, "words": "…"})) is None


def test_an_entry_whose_story_is_gone_is_a_story_of_its_own() -> None:
    """With its mentions, its links once, and the page that it shows."""
    entry = Entry(
        kind="tool",
        title="题",
        summary="摘",
        link="https://a.org",
        links=(Link(url="https://a.org", text="a"), Link(url="https://b.org", text="b")),
        evidence="First.\n\nSecond.",
        parts=("reddit", "twitter"),
        section=("AI Reddit Recap",),
    )
    story = story_from_entry(entry, "tools-1")
    assert (story.id, story.evidence) == ("tools-1", entry.evidence)
    assert [(link.url, link.text) for link in story.links] == [
        (link.url, link.text) for link in entry.links
    ]
    assert (story.sources, story.part) == (("https://a.org",), "reddit")
    assert story.mentions[0].section == entry.section
    bare = story_from_entry(entry.model_copy(update={"link": None, "parts": ()}), "x")
    assert (bare.sources, bare.part) == ((), "intro")


EVIDENCE = "Alpha and Beta ship Orrery 2 with weights, code and papers. " * 4
TITLE = "Orrery 2发布，开放权重"
SUMMARY = "Orrery 2由Alpha与Beta共同发布，权重与代码一并开放，任何人都可以下载之后在自己的机器上运行，论文也已公开。"
WRONG = f"{SUMMARY}融资98765万美元。"
CHOICE = build.choice(build.story("s01", "https://example.org/1", text=EVIDENCE))
by_hand = partial(apply_manual_text, checks=build.CHECKS)


def translated(summary: str) -> DraftEntry:
    """Translate a story with one answer of the model, which is not asked again."""
    return translate_checked(
        CHOICE,
        issue=build.issue(),
        ask=FakeModel([{"title": TITLE, "summary": summary}]).ask,
        profile=sizes().model_copy(update={"mends": 0}),
        checks=build.CHECKS,
    )


def test_words_by_hand_are_checked_all_the_same() -> None:
    """They are published with their findings; the link and the model's other words stay."""
    told = translated(SUMMARY)
    assert by_hand(told, None, None) is told
    wrong = by_hand(told, ManualText(summary=WRONG), ("summary",))
    assert wrong.passed
    assert (wrong.published_entry.summary, wrong.published_entry.edited) == (
        WRONG,
        ("summary",),
    )
    assert told.entry
    assert wrong.published_entry.title == told.entry.title
    assert [finding.check for finding in wrong.findings] == ["number"]
    only = by_hand(told, None, ("place",))
    assert (only.published_entry.edited, only.findings, only.passed) == (("place",), (), True)


def test_a_quotation_keeps_the_reason_why_it_is_one() -> None:
    """A new title by hand leaves it a quotation; words for all of it make it an entry."""
    failed = translated(WRONG)
    titled = by_hand(failed, ManualText(title="Alpha and Beta ship Orrery 2"), ("title",))
    assert titled.published_entry.quoted
    assert [finding.found for finding in titled.findings] == ["98765万美元"]
    whole = by_hand(failed, ManualText(title=TITLE, summary=SUMMARY), ("title", "summary"))
    assert (whole.published_entry.quoted, whole.findings) == (False, ())
    pinned = ManualText(title="Alpha and Beta ship", summary=EVIDENCE[:59], quoted=True)
    kept = by_hand(quoted_draft(CHOICE), pinned, ("title", "summary"))
    assert (kept.published_entry.quoted, kept.findings) == (True, ())


@pytest.mark.parametrize(
    ("manual", "kept"),
    [
        ({}, [0, 1, None]),
        ({"link": "https://example.org/1"}, [0, 1, None]),
        ({"title": "Orrery 2权重开放下载"}, [1, None]),
        ({"summary": SUMMARY.replace("之后", "后")}, [0]),
        ({"title": "Orrery 2权重开放下载", "summary": SUMMARY.replace("之后", "后")}, []),
    ],
)
def test_what_was_named_in_words_that_stay_is_still_named(
    manual: dict[str, str], kept: list[int | None]
) -> None:
    """A warning goes with the words it is about, which a pin keeps all: title or summary."""
    told = translated(SUMMARY)
    words = told.published_entry.model_dump(include={"title", "summary", "link"})
    named = [
        Finding(
            entry="s01",
            check="proofread",
            severity="warning",
            expected=f"{sentence}",
            found="named",
            sentence=sentence,
        )
        for sentence in (0, 1, None)
    ]
    other = named[0].model_copy(update={"check": "number"})
    warned = told.model_copy(update={"findings": (other, *named)})
    edited = by_hand(warned, ManualText.model_validate({**words, **manual}), ("title",))
    assert [(it.check, it.sentence) for it in edited.findings] == [("proofread", n) for n in kept]
