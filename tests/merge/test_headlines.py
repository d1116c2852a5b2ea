"""The day's headlines are told whole, however often their names stand in the issue."""

from typing import Any

import pytest

from build import issue, mention
from pipeline.merge.stories import merge
from pipeline.records import Mention, Story

FILLER = (
    "It counts herons on a lake at night and writes what it finds into a small table, they say."
)


def _stories(*mentions: Mention, title: str) -> list[Story]:
    """Merge mentions among a crowd that makes every name common."""
    return list(merge(issue(*mentions, title=title)))


def _together(stories: list[Story], *texts: str) -> bool:
    """Whether one story has a mention that begins with each of the texts."""
    return any(
        all(any(it.text.startswith(text) for it in story.mentions) for text in texts)
        for story in stories
    )


def _bullet(lead: str, text: str = FILLER, **where: Any) -> Mention:
    return mention(f"{lead}: {text}", lead=lead, **where)


def test_a_top_story_is_one_story_and_other_topics_stand_apart() -> None:
    """Whatever stands under the day's top story tells it, remarks without its name included."""
    block = ("Top Story: Zeta-4 ships", "Reactions")
    stories = _stories(
        mention("@ann: so fast that my coffee stays hot", section=block),
        mention("SWE: 61% against 48% of the one before", section=block),
        _bullet("Zeta-4 ships with a licence that lawyers like", section=block),
        _bullet(
            "Robots fold towels",
            "Nine of ten, in a hotel by the sea.",
            section=("Other Topics", "Robots"),
        ),
        _bullet("Zeta-4 reaches the lake", part="reddit"),
        title="Zeta-4: the top model for herons",
    )
    assert sorted(len(story.mentions) for story in stories) == [1, 4]


@pytest.mark.parametrize(
    "lead",
    [
        "GPT-OSS arrives on the hub",
        "Community tries gpt oss at home",
        "Acme opens its new open-weight models",
        "gpt-oss-20b on a laptop",
    ],
)
def test_the_titles_name_joins_however_it_is_written(lead: str) -> None:
    """Hyphens, letters' case and sizes do not part it; nor do its maker's new models."""
    first = _bullet("Acme releases gpt-oss-20b", "Weights of 20B, under a licence.", part="twitter")
    stories = _stories(
        first, _bullet(lead, part="discord"), title="Acme's gpt-oss, Claude Opus 4.1"
    )
    assert _together(stories, "Acme releases", lead)


@pytest.mark.parametrize(
    "lead",
    [
        "Mini-7 beats gpt-oss",
        "Kelp is cheaper than gpt-oss",
        "Kelp 3 matches the gpt-oss",
        "gpt-oss enters LMArena",
        "Loader crashes on gpt-oss",
        "We nearly led with gpt-oss",
        "gpt-oss and Claude Opus 4.1 reach Windsurf",
        "gpt-oss-400b Max spotted",
    ],
)
def test_rivals_bundles_and_later_events_stand_apart(lead: str) -> None:
    """A name after beats or than, in a bundle, with another size or on a leaderboard is no telling."""
    first = _bullet("Acme releases gpt-oss", "Weights of 20B, under a licence.", part="twitter")
    other = "A lighthouse, a kitchen, a parrot and some arithmetic in a film of four minutes."
    stories = _stories(
        first, _bullet(lead, other, part="discord"), title="Acme's gpt-oss, Claude Opus 4.1"
    )
    assert not _together(stories, "Acme releases", lead)


def test_a_headline_told_briefly_is_one_story_in_front() -> None:
    """A title without names is told by what has most of its words; being short costs nothing."""
    others = [
        _bullet(f"{bird} builds a nest", f"Of {n} twigs. {FILLER}")
        for n, bird in enumerate(("Heron", "Stork", "Ibis", "Crane", "Egret"))
    ]
    stories = _stories(
        mention("Acme raises $9B from three pension funds, at last", part="intro", section=()),
        mention("@bob: Acme raises $9B", "https://x.com/bob/status/1", section=("Top tweets",)),
        *others,
        title="Acme raises $9B",
    )
    assert _together(stories[:3], "Acme raises", "@bob")


def test_what_recaps_announce_joins_without_a_title() -> None:
    """On a day without a title, a name that an editor's lead announces gathers its tellings."""
    leads = [
        "Qwop-Image now supported in Comfort",
        "Really impressed with Qwop-Image",
        "Qwop-Image runs locally",
        "Qwop-Image shows its talents",
    ]
    stories = _stories(
        _bullet("Acme releases Qwop-Image", "A model for pictures, of 20B.", part="twitter"),
        *(_bullet(lead, f"{FILLER} {n}", part="reddit") for n, lead in enumerate(leads)),
        title="not much happened today",
    )
    assert _together(stories, "Acme releases", *leads)


@pytest.mark.parametrize(
    ("announced", "lead"),
    [
        ("Reedchain v0.2 is released", "Reedchain answers: how to handle SQL"),
        ("Acme releases Orca-5.2-Codex", "Orca-5.2 suffers an identity crisis"),
        ("Acme releases Orca-5.2-Codex", "Heron 3.0 zaps Orca-5.2-Codex in a test"),
    ],
)
def test_platforms_other_kinds_and_second_names_tell_something_else(
    announced: str, lead: str
) -> None:
    """A platform's name, a name without its kind, and one behind another's version join nothing."""
    others = [_bullet(f"{lead}, part {n}", f"Told by user {n} of a pond.") for n in range(4)]
    stories = _stories(
        _bullet(announced, "With fins, a tail and a licence.", part="twitter"),
        *(other.model_copy(update={"part": "discord"}) for other in others),
        title="not much happened today",
    )
    assert not _together(stories, announced, lead)


def test_a_section_of_several_subjects_names_none() -> None:
    """Below a heading with a list of names, a bullet that does not name one tells something else."""
    section = ("AI Twitter Recap", "Orca-5, Heron-3 and video models")
    stories = _stories(
        _bullet("Acme releases Orca-5", "With fins.", section=section),
        _bullet("Video models get motion control", "A studio shows puppets.", section=section),
        title="Orca-5 ships",
    )
    assert not _together(stories, "Acme releases", "Video models")
