"""Coverage: what was looked at, and why the best stories that are not told are not."""

from build import issue, mention
from pipeline.coverage import NOT_CHOSEN, NOT_SHOWN, cover, recover
from pipeline.records import Coverage, Drop, Part, Salience, Story

PARTS: dict[str, Part] = {
    "s01": "twitter", "s02": "reddit", "s03": "twitter", "s04": "discord", "s05": "reddit"
}  # fmt: skip
STORIES = [
    Story(
        id=name,
        mentions=(mention(f"Words of {name}.", part=part),),
        sources=(f"https://example.org/{name}",),
        salience=Salience(score=10.0 - number, facts=("first of its recap",)),
    )
    for number, (name, part) in enumerate(PARTS.items())
]
ISSUE = issue(*(story.mentions[0] for story in STORIES))
DROPS = [
    Drop(what="s02", reason="told on 2026-01-29 as news:1: same link"),
    Drop(what="s03", reason="named twice"),
    Drop(what="s03", reason="did not pass the checks: number 4万"),
]


def known() -> Coverage:
    """Cover a digest that tells the first story, of four that the model was shown."""
    shown = ("s01", "s03", "s04")
    return cover(ISSUE, stories=STORIES, told={"s01"}, drops=DROPS, shown=shown)


def test_every_story_that_is_not_told_has_its_reason() -> None:
    """The most salient first, each with why it is not told."""
    assert [(each.story, each.reason) for each in known().passed] == [
        ("s02", DROPS[0].reason),
        ("s03", DROPS[-1].reason),
        ("s04", NOT_CHOSEN),
        ("s05", NOT_SHOWN),
    ]
    assert known().passed[1].words == "Words of s03."
    assert known().passed[1].link == "https://example.org/s03"
    assert known().passed[1].score == 8.0


def test_parts_are_counted_apart() -> None:
    """What was told before could not be chosen, and does not count as left out by the model."""
    seen = {part: tuple(count.model_dump().values()) for part, count in known().parts.items()}
    assert seen == {"twitter": (2, 2, 2, 1), "reddit": (2, 1, 0, 0), "discord": (1, 1, 1, 0)}
    assert (known().stories, known().shown) == (4, 3)


def test_an_edit_changes_what_is_told_and_nothing_else() -> None:
    """A story that a hand leaves out is passed over by hand; the others keep their reasons."""
    after = recover(
        known(), stories=STORIES, told={"s04"}, drops=[*DROPS, Drop(what="s01", reason="by hand")]
    )
    assert [(each.story, each.reason) for each in after.passed] == [
        ("s01", "by hand"),
        ("s02", DROPS[0].reason),
        ("s03", DROPS[-1].reason),
        ("s05", NOT_SHOWN),
    ]
    assert (after.parts["twitter"].told, after.parts["discord"].told) == (0, 1)
    assert after.parts["reddit"] == known().parts["reddit"]
    assert after.shown == known().shown


def test_a_digest_that_does_not_say_its_parts_stays_as_it_is() -> None:
    """What an older digest does not know is not made up by an edit."""
    old = Coverage(characters=1, mentions={}, stories=3, shown=3)
    assert recover(old, stories=STORIES, told={"s04"}, drops=[]) == old
