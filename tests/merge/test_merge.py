"""Mentions of one event become one story, and mentions of two events stay apart."""

from pathlib import Path
from time import process_time

import pytest

from build import issue, mention
from pipeline.merge.stories import merge
from pipeline.records import IssuePart, Mention, Story
from stored import issue_at, stored_issue

DEMO = Path(__file__).parents[2] / "pipeline" / "data" / "demo.md"

# Every story of the demonstration as `_line` writes it; to change it is to change a digest.
STORIES = Path(__file__).parents[1] / "fixtures" / "merge" / "demo.txt"

# What else a day tells, so that the words of the stories under test are rare.
SAID = (
    "the shop's page went up at noon and fell over at once.",
    "weights lie on two mirrors already, under a licence that lawyers like.",
    "a film of four minutes shows a kitchen, a parrot and some arithmetic.",
    "forty languages, says its card, of which Welsh is the weakest.",
    "the bird wins at chess and loses at draughts.",
    "take a card with 24 GB, patience, and the second branch.",
    "my crossword is still empty after an hour.",
)
OTHERS = (
    "A committee of teachers argues that exams should be oral again, since essays prove nothing.",
    "The harbour of Rotterdam tries electric tugboats and finds that they save a third of fuel.",
    "Painters complain about a museum whose catalogue was written by a machine, with six errors.",
    "Someone measured the noise of eleven desk fans and published the table with a spectrum each.",
    "Volunteers translated a grammar of Basque and ask for readers who know the older dialects.",
    "A mathematician explains why the proof about knots took nine years and where it nearly broke.",
)


def test_each_event_keeps_its_mentions() -> None:
    """Mentions that have nothing in common are a story each, and nobody says why they joined."""
    told = [mention(text, name=f"m{n:03d}") for n, text in enumerate(OTHERS)]
    made = merge(issue(*told))
    assert {story.mentions for story in made} == {(each,) for each in told}
    assert [story.id for story in made] == [f"s{n:02d}" for n in range(1, 7)]
    assert all(story.joins == () for story in made)


def test_the_same_link_joins_mentions_of_several_parts() -> None:
    """One post under two of its names is one page, and the story keeps all links and evidence."""
    made = _only(
        mention(
            "Heron-2 Ocean: a model of currents was published with weights for 12 seas.",
            "https://twitter.com/heronlab/status/77?s=20",
            lead="Heron-2 Ocean",
            name="m001",
        ),
        mention(
            "Currents on a laptop: readers ran the ocean model and saw 9 GB of memory in use.",
            "https://www.reddit.com/r/sea/comments/1abc/currents/",
            "http://x.com/heronlab/status/77/",
            lead="Currents on a laptop",
            part="reddit",
            section=("AI Reddit Recap", "/r/sea"),
            name="m002",
        ),
    )
    assert tuple(map(str, made.joins)) == ("first", "same link x.com/status/77")
    assert "12 seas" in made.evidence
    assert "9 GB" in made.evidence
    assert len(made.links) == 3


def test_a_rare_name_in_two_recaps_joins() -> None:
    """A name with its version, however it is joined, is enough where two recaps lead with it."""
    made = _only(
        mention("GLM-4.7 is better at code than before, its makers say.", lead="GLM-4.7 is better"),
        _reddit(
            "GLM 4.7 weights are up: the card gives figures for code.", "GLM 4.7 weights are up"
        ),
    )
    assert tuple(map(str, made.joins)) == ("first", "same names GLM-4.7")


@pytest.mark.parametrize(
    ("one", "other"),
    [("GLM-4.6", "GLM-4.7"), ("Gemini 3 Flash", "Gemini 3 Pro"), ("GPT-5.2", "GPT-5.3")],
)
def test_two_versions_stay_apart(one: str, other: str) -> None:
    """However alike the sentences are, another version or variant is another story."""
    text = "{} writes code faster than before and costs half as much, says its maker's table."
    made = _told(
        mention(text.format(one), lead=one, name="m001"),
        _reddit(text.format(other), other, name="m002"),
    )
    assert [len(story.mentions) for story in made] == [1, 1]


def test_two_events_of_one_company_stay_apart() -> None:
    """A maker's name in common, and even a page about it, does not make one event of two."""
    home = "https://openlamp.test/"
    made = _told(
        mention(
            "Openlamp buys a chip designer in Leeds for its own accelerators, papers say.",
            home,
            lead="Openlamp buys a chip designer",
            name="m001",
        ),
        mention(
            "Openlamp lets developers fine-tune its speech model on their own recordings.",
            home,
            lead="Openlamp opens fine-tuning",
            part="discord",
            section=("Discord", "Latent Space"),
            name="m002",
        ),
    )
    assert [len(story.mentions) for story in made] == [1, 1]


def test_one_mention_that_tells_two_things_does_not_chain_them() -> None:
    """An umbrella goes with the event of its lead; the event of its second half stays by itself."""
    made = _told(
        _discord(
            "Tugboat agents earn $90M: the company Tugboat passed 90 million in yearly revenue with"
            " its agents. Simultaneously the Web Working Group courts the WebQuill interface.",
            "https://ledger.test/tugboat-90",
            "https://github.com/webquill/webquill",
            lead="Tugboat agents earn $90M",
            name="m001",
        ),
        _discord(
            "Tugboat passes $90M: a paper reports that Tugboat reached 90 million in revenue.",
            "https://ledger.test/tugboat-90",
            lead="Tugboat passes $90M",
            guild="Tugboat",
            name="m002",
        ),
        _discord(
            "WebQuill courts tool makers: an interface in JavaScript shows a page's functions to"
            " models, a member of its group wrote.",
            "https://github.com/webquill/webquill",
            lead="WebQuill courts tool makers",
            guild="Contributors",
            name="m003",
        ),
    )
    assert sorted(tuple(m.id for m in story.mentions) for story in made) == [
        ("m001", "m002"),
        ("m003",),
    ]


def test_everybody_who_announces_a_release_tells_one_event() -> None:
    """On the day of a great release its name is everywhere, and its announcements are one story."""
    leads = (
        "Openlamp drops Lumen 5",
        "Lumen 5 is here",
        "Introducing Lumen 5",
        "Lumen 5 released!",
    )
    later = ("Lumen 5 vs Heron 2", "How to run Lumen 5 at home", "Lumen 5 fails my test")
    told = [
        _discord(f"{lead}: {other}", lead=lead, guild=f"Guild {n}", name=f"m{n:03d}")
        for n, (lead, other) in enumerate(zip((*leads, *later), SAID, strict=True))
    ]
    largest = max(merge(issue(*told)), key=lambda story: len(story.mentions))
    assert {m.lead for m in largest.mentions} == set(leads)
    assert "both announce lumen 5" in tuple(map(str, largest.joins))


def test_a_label_goes_with_what_it_heads() -> None:
    """A line of a channel's table of contents joins the sentence below, and no other label."""
    section = ("Details", "Heron ▷ #general (9 messages)")
    labels = [
        mention(text, part="discord_details", section=section, name=name)
        for text, name in (("Kernel panic issue", "m001"), ("Kernel for Heron", "m002"))
    ]
    sentence = mention(
        "Panic on exit: a member sees a kernel panic whenever the window closes, and filed an issue.",
        lead="Panic on exit",
        part="discord_details",
        section=section,
        name="m003",
    )
    joined = next(story for story in _told(*labels, sentence) if len(story.mentions) > 1)
    assert [m.id for m in joined.mentions] == ["m003", "m001"] or labels[1] in joined.mentions
    assert all(why in ("first", "heads m003") for why in tuple(map(str, joined.joins)))


def test_thin_stories_come_last() -> None:
    """A one-line mention cannot fill a summary, so the model and the code meet it last."""
    made = merge(issue(mention("Too short."), mention(), mention("Small talk.")))
    assert [len(story.evidence) < 20 for story in made] == [False, True, True]


@pytest.mark.parametrize("part", ["twitter", "discord", "discord_details"])
def test_an_advertisement_tells_no_story(part: IssuePart) -> None:
    """A paragraph that somebody paid for is not offered to the editor."""
    paid = mention("[Sponsored by Zep] Zep is a memory layer for agents. " * 5, part=part)
    assert [story.evidence for story in merge(issue(paid, mention("Told.")))] == ["Told."]


@pytest.mark.parametrize(
    ("text", "section", "tells"),
    [
        ("Sponsored by Zep: a memory layer.", (), False),
        ("**Sponsored by Zep**: a memory layer.", (), False),
        ("SPONSORED BY Zep", (), False),
        ("A talk sponsored by Zep.", (), True),
        ("This issue is sponsored by Zep.", (), False),
        ("This newsletter is sponsored by Zep.", (), False),
        ("This issue is long.", (), True),
        ("Links mentioned: a page", (), False),
        ("LINK MENTIONED: a page", (), False),
        ("See the link mentioned: a page", (), True),
        ("A page", ("Discord", "#general", "Links Mentioned:"), False),
        ("A page", ("Discord", "links mentioned", "#general"), True),
        ("A page", ("Discord", "Other links mentioned"), True),
        ("  \n ", (), False),
        ("https://youtube.test/watch?v=1&t=6s", (), False),
        ("https://youtube.test/watch shows Zebra", (), True),
        ("There is also a calmer thread:", (), False),
        ("Zebra 3 counts fish by sonar:", (), True),
        ("Zebra counts:\n  - fish", (), True),
        ("Three implications stand out.", (), False),
        ("Three agents stand out: Zebra, Heron and Otter.", (), True),
        ("Placeholder summary for topic 2.", (), False),
        ("A dummy topic to satisfy minItems=2", (), False),
        ("Placeholder tokens make Zebra faster.", (), True),
        ("The pond is closed. Thanks for reading so far.", (), False),
        ("Greetings Commence: a member said hello", (), True),
        ("Spam Alert: somebody posts invitations", (), True),
        ("A $50 Steam gift: the link is dubious", (), True),
        ("Zebra says thanks for reading, and then counts " + "fish " * 30, (), True),
    ],
)
def test_what_tells_nothing_makes_no_story(
    text: str, section: tuple[str, ...], *, tells: bool
) -> None:
    """It is known by how it begins or ends, or by its heading."""
    assert bool(merge(issue(mention(text, section=section)))) is tells


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Greetings Commence: a member said hello", False),
        ("Spam Alert: somebody posts invitations", False),
        ("A $50 Steam gift: the link is dubious", False),
        ("Tokens of Zebra 3 hold spam and slang", True),
        ("Zebra filters spammers: " + "it learns from reports. " * 10, True),
    ],
)
def test_what_a_server_chats_about_makes_no_story(text: str, *, tells: bool) -> None:
    """Greetings and swindles are told in a line; whoever writes more reports something."""
    assert bool(merge(issue(mention(text, part="discord_details")))) is tells


def test_a_phrase_that_has_a_link_tells_a_story() -> None:
    """It may be the only one that points there."""
    phrase = mention("The code is here:", "https://zebra.test/code")
    assert len(merge(issue(phrase))) == 1


PAGE = "https://someone.test/zebra"
LONG = "Zebra counts fish at the harbour of Rotterdam, day and night, and says so in a table. " * 2


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (mention(LONG, PAGE, part="discord"), mention("Zebra counts fish.", PAGE)),
        (mention(LONG[:160], PAGE, part="discord"), mention(LONG[:159], PAGE)),
        (mention(LONG, PAGE), mention(LONG, PAGE, part="reddit")),
        (mention(LONG, PAGE, part="reddit"), mention(LONG, PAGE, part="discord")),
        (mention(LONG, PAGE, part="discord"), mention(LONG, PAGE, part="discord_details")),
        (mention(LONG, PAGE, part="discord_details"), mention(LONG, PAGE, part="intro")),
        (mention(LONG, PAGE, lead="Zebra counts fish"), mention(LONG, PAGE)),
        (mention(LONG, PAGE), mention(LONG)),
        (mention(LONG, lead="Zebra counts fish"), mention(LONG, PAGE)),
        (mention(LONG, PAGE), mention(f"{LONG} Later.", PAGE)),
    ],
    ids=[
        "long",
        "160",
        "twitter",
        "reddit",
        "discord",
        "intro",
        "lead",
        "link",
        "lead first",
        "place",
    ],
)
def test_who_tells_an_event_best_comes_first(better: Mention, worse: Mention) -> None:
    """At length, in a recap that chooses, with a lead, with a link; else in the page's order."""
    one, other = better.model_copy(update={"id": "m1"}), worse.model_copy(update={"id": "m2"})
    assert _only(one, other).mentions == (one, other)
    if better.text == worse.text:
        assert _only(other, one).mentions == (one, other)


def test_who_is_bound_to_most_comes_first() -> None:
    """Of equals the mention that most others are like stands first, and says why they joined."""
    one, other = "https://someone.test/zebra/1", "https://someone.test/zebra/2"
    story = _only(
        *(
            mention(f"{lead}: {rest}", *urls, lead=lead, section=("T", topic), name=name)
            for lead, rest, urls, topic, name in (
                ("Zebra counting", SAID[0] * 3, (one,), "Themes", "m001"),
                ("Zebra counting plaice arrivals", "At noon" * 30, (one, other), "Top", "m002"),
                ("Plaice arrivals", SAID[2] * 3, (other,), "Themes", "m003"),
            )
        )
    )
    assert [each.id for each in story.mentions] == ["m002", "m001", "m003"]
    assert tuple(map(str, story.joins)) == (
        "first",
        f"same link {one[8:]}",
        f"same link {other[8:]}",
    )


@pytest.mark.parametrize(("chars", "last"), [(159, True), (160, False)])
def test_a_thin_story_has_less_than_160_characters(chars: int, *, last: bool) -> None:
    """However salient, it stands after those that can fill a summary."""
    short = mention("w" * chars, "https://github.com/www/www", lead="w" * 9)
    long = mention(LONG, part="discord", section=("Discord", "Guild"))
    made = merge(issue(long, short))
    assert (made[-1].mentions[0] is short) is last


def test_stories_of_one_weight_keep_the_order_of_the_page() -> None:
    """Where nothing tells two apart, the first in the page is the first; ids are numbered."""
    told = (
        mention(OTHERS[0] * 2, part="intro", section=()),
        mention(OTHERS[1] * 2, part="discord", section=("Discord", "Theme 1")),
    )
    for day in (told, told[::-1]):
        made = merge(issue(*day))
        assert made[0].salience.score == made[1].salience.score
        assert [story.mentions[0] for story in made] == list(day)
        assert [story.id for story in made] == ["s01", "s02"]


def test_the_stories_of_the_demonstration_stay_as_they_are() -> None:
    """Mentions, reasons, first address, leaning and every point of all stories, best first."""
    made = merge(issue_at(DEMO))
    assert list(map(_line, made)) == STORIES.read_text("utf-8").splitlines()


def test_a_list_of_links_tells_no_story() -> None:
    """Reference lists below a channel's summary are not offered to the editor."""
    listed = mention("A page: no description", section=("Discord", "#general", "Links mentioned"))
    single = mention("Link mentioned: A page: no description")
    made = merge(issue(listed, single, mention("Told.")))
    assert [story.evidence for story in made] == ["Told."]


def test_the_demonstration_joins_what_belongs_together() -> None:
    """Pictures in layers, two models, a remote control and a rumour are told more than once."""
    made = merge(issue_at(DEMO))
    joined = {story.lead: len(story.mentions) for story in made if story.joins}
    assert joined == {
        "Qwen-Image-Layered": 3,
        "GLM-4.7 from Zhipu AI": 2,
        "LFM2-24B-A2B": 2,
        "Claude Code Remote Control": 2,
        "Mango, a rumour about Meta": 2,
    }


def test_a_story_told_in_three_recaps_is_one(shared: Path) -> None:
    """The figures of all three recaps stand in the one story's evidence, its card among the links."""
    made = merge(stored_issue(shared, "25-12-19-not-much"))
    story = next(s for s in made if "Qwen-Image-Layered" in s.lead)
    assert {"twitter", "reddit", "discord", "discord_details"} <= {m.part for m in story.mentions}
    assert "40 GB" in story.evidence or "40GB" in story.evidence
    assert "3-10" in story.evidence
    assert story.sources[0] == "https://huggingface.co/Qwen/Qwen-Image-Layered"
    others = [s for s in made if s is not story]
    assert not [s for s in others if "Qwen-Image-Layered" in s.lead]


def test_the_largest_issue_is_merged_quickly(shared: Path) -> None:
    """The whole of the longest stored issue takes less than a second of one processor."""
    largest = max((shared / "markdown").glob("*.md"), key=lambda path: path.stat().st_size)
    parsed = stored_issue(shared, largest.stem)
    began = process_time()
    first = merge(parsed)
    assert process_time() - began < 1
    assert merge(parsed) == first


def _reddit(text: str, lead: str, name: str = "m009") -> Mention:
    section = ("AI Reddit Recap", "/r/LocalLlama")
    return mention(text, lead=lead, part="reddit", section=section, name=name)


def _discord(text: str, *urls: str, lead: str, name: str, guild: str = "Theme 1") -> Mention:
    section = ("Discord", guild)
    return mention(text, *urls, lead=lead, part="discord", section=section, name=name)


def _told(*mentions: Mention) -> list[Story]:
    """Merge mentions among others, and leave the others out."""
    ids = {each.id for each in mentions}
    others = [mention(text, name=f"m1{n:02d}") for n, text in enumerate(OTHERS * 3)]
    made = merge(issue(*mentions, *others))
    return [story for story in made if ids & {m.id for m in story.mentions}]


def _only(*mentions: Mention) -> Story:
    (story,) = _told(*mentions)
    return story


def _line(story: Story) -> str:
    told = ", ".join(each.id for each in story.mentions)
    facts = "; ".join(tuple(map(str, story.salience.facts)))
    weighed = f"{story.salience.score} {story.salience.leaning}: {facts}"
    return " | ".join(
        (story.id, told, "; ".join(tuple(map(str, story.joins))), *story.sources[:1], weighed)
    )
