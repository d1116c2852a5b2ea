"""What was asked of `edit` becomes edits, or an error that names the wish; and what they change."""

import re
from typing import Any

import pytest

import build
from pipeline.edits.anchors import make_anchor
from pipeline.edits.descriptions import describe_changes, describe_edit
from pipeline.edits.options import EditOptions, parse_edits, reverted_edits
from pipeline.errors import SettingsError
from pipeline.records import Digest, Edit, Entry, EntryKind, Link, Story

STORIES = tuple(
    build.story(f"s{n:02d}", f"https://example.org/{n}", text=f"Event number {n} took place.")
    for n in range(1, 8)
)


def entry(number: int, kind: EntryKind = "news", **more: object) -> Entry:
    """Write the entry of a story."""
    story = STORIES[number - 1]
    given = {
        "kind": kind,
        "title": f"标题{number}",
        "summary": f"摘要{number}",
        "link": f"https://example.org/{number}",
        "story": story.id,
        "links": story.links,
        "evidence": story.evidence,
    }
    return Entry.model_validate(given | more)


def digest(
    news: tuple[Entry, ...] | None = None,
    tools: tuple[Entry, ...] | None = None,
    edits: tuple[Edit, ...] = (),
) -> Digest:
    """Write a digest of three news and two tools."""
    made = build_digest(news or tuple(map(entry, (1, 2, 3))), tools)
    return made.model_copy(update={"edits": edits})


def build_digest(news: tuple[Entry, ...], tools: tuple[Entry, ...] | None) -> Digest:
    """Put both halves together."""
    return Digest.model_validate(
        {
            "date": "2026-01-30",
            "issue_url": "https://example.org/issue",
            "news": news,
            "tools": (entry(4, "tool"), entry(5, "tool")) if tools is None else tools,
        }
    )


def edits(
    of: Digest | None = None, stories: tuple[Story, ...] = STORIES, **wishes: object
) -> tuple[Edit, ...]:
    """Turn wishes into edits."""
    return parse_edits(EditOptions.model_validate(wishes), of or digest(), "2026-01-30", stories)


def refused(**wishes: Any) -> str:
    """Say why wishes cannot be."""
    with pytest.raises(SettingsError) as caught:
        edits(**wishes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def said(old: Digest, new: Digest) -> list[str]:
    """Say what changes."""
    return list(describe_changes(old, new))


# --- wishes to edits -----------------------------------------------------------------------------


def test_each_wish_is_an_edit_of_the_story_that_stands_there() -> None:
    """With where it stood, where it is to stand, and what is given."""
    drop, swap, pin, move, words = edits(
        drop=("news:1",),
        swap=("tools:2=s07",),
        pin=("news:2",),
        move=("news:3=1",),
        set=("tools:1.title= 手写的\n 标题 ",),
    )
    assert (drop.do, drop.story, drop.stood, drop.place) == (
        "drop",
        make_anchor(entry(1)),
        "news:1",
        None,
    )
    assert (swap.do, swap.story, swap.instead) == (
        "swap",
        make_anchor(STORIES[6]),
        make_anchor(entry(5)),
    )
    assert (swap.stood, swap.place) == ("tools:2", "tools:2")
    assert (pin.do, pin.place, pin.title, pin.summary) == ("pin", "news:2", "标题2", "摘要2")
    assert (pin.link, pin.quoted) == ("https://example.org/2", False)
    assert (move.do, move.stood, move.place) == ("move", "news:3", "news:1")
    assert (words.do, words.title, words.summary, words.place) == ("set", "手写的 标题", None, None)


def test_a_quotation_with_words_keeps_its_place_and_a_pinned_one_stays_one() -> None:
    """It stands at the end for want of words; with words it is not to jump."""
    of = digest((entry(1), entry(2, quoted=True)))
    (words,) = edits(of, set=("news:2.title=手写",))
    assert words.place == "news:2"
    (pin,) = edits(of, pin=("news:2",))
    assert pin.quoted


def test_half_a_surrogate_pair_by_hand_can_be_written() -> None:
    """A terminal may give one."""
    (words,) = edits(set=("news:1.title=手\ud800写",))
    assert words.title == "手?写"


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        ({"move": ("news:1=3", "news:2=3")}, "puts news:3 elsewhere"),
        ({"pin": ("news:3",), "move": ("news:1=3",)}, "puts news:3 elsewhere"),
        ({"pin": ("news:3", "news:3")}, "puts news:3 elsewhere"),
        ({"swap": ("news:3=s07",), "move": ("news:1=3",)}, "puts news:3 elsewhere"),
        ({"swap": ("news:3=s07", "news:2=s07")}, "puts s07 elsewhere"),
        ({"swap": ("news:1=s07", "news:1=s06")}, "twice"),
        ({"drop": ("news:1",), "swap": ("news:1=s06",)}, "twice"),
        ({"drop": ("news:1",), "pin": ("news:1",)}, "same command"),
        ({"drop": ("news:1",), "move": ("news:1=2",)}, "same command"),
        ({"swap": ("news:1=s07",), "set": ("news:1.title=x",)}, "same command"),
        ({"swap": ("news:1=s01",)}, "s01 stands there already"),
        ({"swap": ("news:1=s99",)}, "it has s01 to s07"),
        ({"swap": ("news:1=7",)}, "tools:2=s17"),
        ({"move": ("news:1=0",)}, "news:5=1"),
        ({"move": ("news:1=100",)}, "news:5=1"),
        ({"move": ("news:1=4",)}, "no news:4"),
        ({"drop": ("news:4",)}, "3 news and 2 tools"),
        ({"drop": ("tools:3",)}, "no tools:3"),
        ({"drop": ("news:0",)}, "'news:0'"),
        ({"set": ("news:1.link=ftp://example.org",)}, "not an http"),
        ({"set": ("news:1.link=http://192.168.0.1/",)}, "of a public host"),
        ({"set": ("news:1.title=  \n ",)}, "no text"),
        ({"set": ("newz:1.title=x",)}, "write it as"),
        ({"undo": ("1",)}, "no edits"),
    ],
)
def test_wishes_that_contradict_each_other_are_named(wishes: dict[str, object], why: str) -> None:
    """Nothing is claimed twice, nothing is kept that goes, and every place is there."""
    assert why in refused(**wishes)


def test_a_place_may_be_left_and_taken_by_the_same_command() -> None:
    """Two exchange their places; words and a place go together."""
    given = edits(move=("news:1=3", "news:3=1"), set=("news:1.title=一", "news:1.title=二"))
    assert [(each.do, each.place) for each in given[:2]] == [("move", "news:3"), ("move", "news:1")]
    assert [each.title for each in given[2:]] == ["一", "二"]


def test_a_swap_without_stories_says_that_there_are_none() -> None:
    """A digest may have been made from another page."""
    with pytest.raises(SettingsError, match="it has s01 to s00"):
        edits(stories=(), swap=("news:1=s07",))


# --- taking back ---------------------------------------------------------------------------------


def test_new_edits_come_after_those_that_are_kept() -> None:
    """One that is asked for again at once is there once; after others it is there twice."""
    first = edits(drop=("news:1",))
    held = digest(edits=first)
    assert edits(held, drop=("news:1",)) == first
    more = edits(held, move=("news:2=1",))
    assert [each.do for each in more] == ["drop", "move"]
    again = edits(held.model_copy(update={"edits": more}), drop=("news:1",))
    assert [each.do for each in again] == ["drop", "move", "drop"]


def test_edits_are_taken_back_by_number_or_all_together() -> None:
    """Numbers are those of the list, from 1; a number that is given twice counts once."""
    held = edits(drop=("news:1",), move=("news:2=1",), pin=("news:3",))
    of = digest(edits=held)
    assert reverted_edits(EditOptions(), held) == ()
    assert reverted_edits(EditOptions(undo=("3", "1", "1")), held) == (held[0], held[2])
    for words in (("all",), ("1", "all"), ("all", "9")):
        assert reverted_edits(EditOptions(undo=words), held) == held
    assert edits(of, undo=("2",)) == (held[0], held[2])
    assert edits(of, undo=("all",)) == ()
    assert reverted_edits(EditOptions(undo=("last",)), held) == (held[2],)
    assert reverted_edits(EditOptions(undo=("１",)), held) == (held[0],)
    with pytest.raises(SettingsError, match="--undo last: the digest has no edits"):
        reverted_edits(EditOptions(undo=("last",)), ())
    for together in ("1,3", "3 1", "1，last", "3,1,", "1、3"):
        assert reverted_edits(EditOptions(undo=(together,)), held) == (held[0], held[2])
    for word in ("4", "0", "01", "-1", "x", "1,4", "1-3"):
        with pytest.raises(SettingsError, match="3 edits"):
            reverted_edits(EditOptions(undo=(word,)), held)


def test_of_two_equal_edits_one_is_taken_back() -> None:
    """The other one still holds."""
    first = edits(drop=("news:1",), move=("news:2=1",))
    held = (*first, first[0])
    assert edits(digest(edits=held), undo=("last",)) == first
    assert edits(digest(edits=held), undo=("1",)) == held[1:]


def test_an_exchange_is_taken_back_whole() -> None:
    """By either of its numbers; other moves go one by one."""
    held = edits(move=("news:3=2",), swap=("news:1=tools:2",), pin=("tools:1",))
    kinds = [(edit.do, edit.stood) for edit in held]
    assert kinds == [
        ("move", "news:1"),
        ("move", "tools:2"),
        ("pin", "tools:1"),
        ("move", "news:3"),
    ]
    for number in ("1", "2"):
        assert edits(digest(edits=held), undo=(number,)) == held[2:]
    assert edits(digest(edits=held), undo=("last",)) == held[:3]


def test_an_edit_is_said_with_the_place_of_now() -> None:
    """Where others have moved its entry since; without places with those of its time."""
    (words, moved) = edits(move=("news:3=1",), set=("news:2.title=手写",))[::-1]
    now = {words.story.key: "news:3", moved.story.key: "news:1"}
    assert describe_edit(words).startswith("set news:2: title")
    assert describe_edit(words, now).startswith("set news:3: title")
    assert describe_edit(moved, now).startswith("move news:3 to news:1: “")
    later = {moved.story.key: "tools:2"}
    assert describe_edit(moved, later).startswith("move news:3 to news:1, now tools:2: “")


def test_a_remark_and_words_of_the_page_are_taken_as_they_are() -> None:
    """But for white space and what cannot be seen; both need words."""
    (told,) = edits(tell=("news：1＝ say\u200b it =\n twice ",))
    assert (told.stood, told.remark, told.place) == ("news:1", "say it = twice", None)
    assert "tell news:1 again: “say it = twice”" in describe_edit(told)
    assert edits(digest((entry(1, quoted=True),)), tell=("news:1=x",))[0].place == "news:1"
    assert "write it as --tell news:3" in refused(tell=("news:1=",))
    assert "write it as --tell news:3" in refused(tell=("news:1",))
    assert "2,000 characters at most" in refused(tell=(f"news:1={'x' * 2_001}",))
    assert "same command" in refused(drop=("news:1",), tell=("news:1=x",))
    assert "no news:4" in refused(tell=("news:4=x",))
    assert "write it as --add news:4" in refused(add=("news:1=some words",))


def test_an_edit_is_said_in_one_line() -> None:
    """What is done, where, with which words, and to which story."""
    given = edits(
        drop=("news:1",),
        swap=("tools:2=s07",),
        pin=("news:2",),
        move=("news:3=1",),
        set=("tools:1.title=手写", "tools:1.link=https://example.org/x"),
    )
    assert [describe_edit(each) for each in given] == [
        "drop news:1: “Event number 1 took place.”",
        "swap tools:2: “Event number 7 took place.”, not “Event number 5 took place.”",
        (
            "pin news:2: title “标题2”; summary “摘要2”; link “https://example.org/2” "
            "(“Event number 2 took place.”)"
        ),
        "move news:3 to news:1: “Event number 3 took place.”",
        "set tools:1: title “手写” (“Event number 4 took place.”)",
        "set tools:1: link “https://example.org/x” (“Event number 4 took place.”)",
    ]


# --- what a version changes ----------------------------------------------------------------------


def test_what_went_came_and_was_reworded_is_said() -> None:
    """What went first, then the rest in its new order."""
    new = digest(
        (entry(2, title="新标题", link=None), entry(6), entry(3, quoted=True)),
    )
    assert said(digest(), new) == [
        "- news:1 “标题1”",
        "~ news:1 title: “标题2” to “新标题”",
        "~ news:1 link: “https://example.org/2” to none",
        "+ news:2 “标题6” (s06)",
        "~ news:3 is now a quotation",
    ]
    assert said(new, digest())[-1] == "~ news:3 is no longer a quotation"
    assert said(new, new) == []


def test_who_only_makes_room_is_not_named() -> None:
    """A place is said where it is by hand, or was, or where the half is another one."""
    new = digest((entry(3), entry(1), entry(2)))
    assert said(digest(), new) == []
    moved = digest((entry(3, edited=("place",)), entry(1), entry(2)))
    assert said(digest(), moved) == ["~ news:3 to news:1 “标题3”"]
    assert said(moved, digest()) == ["~ news:1 to news:3 “标题3”"]
    swapped = digest((entry(3, edited=("story",)), entry(1), entry(2)))
    assert said(digest(), swapped) == ["~ news:3 to news:1 “标题3”"]
    half = digest((entry(1), entry(2)), (entry(3, "tool"), entry(4, "tool"), entry(5, "tool")))
    assert said(digest(), half) == ["~ news:3 to tools:1 “标题3”"]
    assert not [each for each in said(digest(), half) if re.search("标题[45]", each)]


@pytest.mark.parametrize(
    ("wish", "plain"),
    [
        ({"drop": ("news：1",)}, {"drop": ("news:1",)}),
        ({"drop": ("ｎｅｗｓ:１",)}, {"drop": ("news:1",)}),
        ({"move": ("news:2＝1",)}, {"move": ("news:2=1",)}),
        ({"swap": ("\u200btools:2=\ufeffs07\u200e",)}, {"swap": ("tools:2=s07",)}),
        ({"set": ("news：1.title=公司：发布＝新品",)}, {"set": ("news:1.title=公司：发布＝新品",)}),
        (
            {"set": ("news:1.summary=零宽\u200b字符，１２",)},
            {"set": ("news:1.summary=零宽字符，１２",)},
        ),
    ],
)
def test_what_is_pasted_is_understood(wish: dict[str, Any], plain: dict[str, Any]) -> None:
    """Wide signs in a place, and characters that cannot be seen; words stay as they are."""
    assert edits(digest(), **wish) == edits(digest(), **plain)


def test_two_entries_change_places() -> None:
    """As two moves, also between the halves; not with itself, and not twice."""
    assert edits(digest(), swap=("news:1=news:3",)) == edits(
        digest(), move=("news:1=3", "news:3=1")
    )
    across = edits(digest(), swap=("news:1=tools:2",))
    assert [(edit.do, edit.stood, edit.place) for edit in across] == [
        ("move", "news:1", "tools:2"),
        ("move", "tools:2", "news:1"),
    ]
    for words, said in (
        (("news:1=news:1",), "itself"),
        (("news:1=news:9",), "no news:9"),
        (("news:1=news:2", "news:2=news:3"), "same command"),
        (("news:1=nws:2",), "nws:2"),
    ):
        with pytest.raises(SettingsError, match=said):
            edits(digest(), swap=words)


def test_an_entry_moves_to_the_other_half() -> None:
    """To a place that is there."""
    (moved,) = edits(digest(), move=("tools:2=news:1",))
    assert (moved.stood, moved.place) == ("tools:2", "news:1")
    for word in ("tools:2=news:9", "tools:2=x:1", "tools:2=tools:0"):
        with pytest.raises(SettingsError):
            edits(digest(), move=(word,))


def test_a_link_is_set_by_its_number() -> None:
    """Of those in the entry's evidence, with the letter that `show` puts before it or without."""
    links = (
        Link(url="https://example.org/a", text="a"),
        Link(url="https://example.org/b", text="b"),
    )
    held = digest((entry(1, links=links), entry(2), entry(3)))
    for word in ("2", "L2"):
        (given,) = edits(held, set=(f"news:1.link={word}",))
        assert given.link == "https://example.org/b"
    with pytest.raises(SettingsError, match="2 links"):
        edits(held, set=("news:1.link=3",))


def test_the_last_of_many_stories_is_named_rightly() -> None:
    """By its number, not by its first digits."""
    many = tuple(
        build.story(f"s{n:02d}", text=f"Event number {n} took place.") for n in range(1, 121)
    )
    with pytest.raises(SettingsError, match="s01 to s120"):
        parse_edits(EditOptions(swap=("news:1=s999",)), digest(), "2026-01-30", many)
