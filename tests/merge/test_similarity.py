"""What speaks for two mentions telling one event, how much, and how it is said."""

from dataclasses import replace
from typing import Any

import pytest

from build import mention
from pipeline.merge.features import Features
from pipeline.merge.similarity import cluster_mentions
from pipeline.records import IssuePart, Mention, Reason

TWITTER: tuple[IssuePart, tuple[str, ...]] = ("twitter", ("AI Twitter Recap", "Models"))
TOP: tuple[IssuePart, tuple[str, ...]] = ("twitter", ("AI Twitter Recap", "Top tweets"))
REDDIT: tuple[IssuePart, tuple[str, ...]] = ("reddit", ("AI Reddit Recap", "/r/LocalLlama"))
THEME: tuple[IssuePart, tuple[str, ...]] = ("discord", ("Discord", "Theme 1. Sea"))
GUILD: tuple[IssuePart, tuple[str, ...]] = ("discord", ("Discord", "Heron guild"))
DETAILS: tuple[IssuePart, tuple[str, ...]] = ("discord_details", ("Heron guild", "#general"))
OTHER_GUILD: tuple[IssuePart, tuple[str, ...]] = ("discord", ("Discord", "Ibis guild"))
PAGE = "a.test/page"
FIRST = (PAGE, "b.test/x")
THEN = ("c.test/y", PAGE)


def about(likeness: float = 0.0) -> Features:
    """Describe a mention that is so much like another one made with the same figure."""
    return Features(
        words={"sea": likeness**0.5} if likeness else {},
        frequent={},
        names={},
        subject_names=frozenset(),
        announced=frozenset(),
        versions={},
        links=(),
        lead="",
    )


def reason(
    one: Features,
    other: Features,
    where: tuple[tuple[IssuePart, tuple[str, ...]], tuple[IssuePart, tuple[str, ...]]] = (
        TWITTER,
        REDDIT,
    ),
) -> str:
    """Say why two mentions are one event, or nothing where they are not."""
    told = [
        mention("Words.", lead="Lead", part=part, section=section, name=f"m00{number}")
        for number, (part, section) in enumerate(where, 1)
    ]
    found = cluster_mentions(told, [one, other])
    return str(found[0].reason_for(0, [1])) if len(found) == 1 else ""


@pytest.mark.parametrize(("likeness", "why"), [(0.401, "similar text to m001"), (0.399, "")])
def test_likeness_alone_joins_from_two_fifths_on(likeness: float, why: str) -> None:
    """Two texts that are much alike tell one event, whatever else they have."""
    assert reason(about(likeness), about(likeness)) == why


def test_frequent_words_count_where_a_rare_one_is_shared() -> None:
    """Likeness is that of all words, but frequent words alone are not looked for."""
    frequent = replace(about(0.1), frequent={"model": 0.31**0.5})
    assert reason(frequent, frequent) == "similar text to m001"
    assert reason(replace(frequent, words={}), replace(frequent, words={})) == ""
    least = replace(about(0.031), frequent={"model": 0.38**0.5})
    assert reason(least, least) == "similar text to m001"
    less = replace(about(0.029), frequent={"model": 0.38**0.5})
    assert reason(less, less) == ""


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [(FIRST, FIRST, 0.10), (FIRST, THEN, 0.20), (THEN, FIRST, 0.20), (THEN, THEN[1:], 0.20)],
)
def test_a_page_in_common_adds_to_the_likeness(
    one: tuple[str, ...], other: tuple[str, ...], least: float
) -> None:
    """A page that both point to first adds 0.30, one that they point to at all 0.20."""
    for likeness, why in ((least + 0.002, f"same link {PAGE}"), (least - 0.002, "")):
        first = replace(about(likeness), links=one)
        assert reason(first, replace(first, links=other)) == why


@pytest.mark.parametrize(
    ("where", "least"),
    [
        ((TWITTER, TWITTER), 0.25),
        ((REDDIT, REDDIT), 0.25),
        ((GUILD, GUILD), 0.25),
        ((THEME, ("discord", ("Discord", "Theme 2. Sky"))), 0.25),
        ((TWITTER, ("twitter", ("AI Twitter Recap", "Agents"))), 0.25),
        ((TWITTER, TOP), 0.10),
        ((REDDIT, ("reddit", ("AI Reddit Recap", "/r/other"))), 0.10),
        ((GUILD, OTHER_GUILD), 0.10),
        ((GUILD, THEME), 0.10),
        ((GUILD, DETAILS), 0.10),
        ((TWITTER, REDDIT), 0.10),
    ],
)  # fmt: skip
def test_a_page_counts_half_within_one_list(
    where: tuple[tuple[IssuePart, tuple[str, ...]], tuple[IssuePart, tuple[str, ...]]], least: float
) -> None:
    """Within one list an event is told once, so a page in common there says half as much."""
    for likeness, why in ((least + 0.002, f"same link {PAGE}"), (least - 0.002, "")):
        linked = replace(about(likeness), links=(PAGE,))
        assert reason(linked, linked, where) == why


def test_a_page_with_a_name_needs_less_likeness() -> None:
    """A page and a rare name in common add up, from a likeness of 0.05 on."""
    both = replace(about(0.0501), links=(PAGE,), names={"sonicmoe": "SonicMoE"})
    assert reason(both, both) == f"same link {PAGE}"
    less = replace(about(0.0499), links=(PAGE,), names={"sonicmoe": "SonicMoE"})
    assert reason(less, less) == ""
    other = replace(both, names={"gepa": "GEPA"})
    assert reason(both, other) == ""


@pytest.mark.parametrize(
    ("where", "least"),
    [
        ((TWITTER, REDDIT), 0.141),
        ((GUILD, TWITTER), 0.141),
        ((TWITTER, TOP), 0.25),
        ((GUILD, DETAILS), 0.25),
        ((DETAILS, THEME), 0.25),
    ],
)  # fmt: skip
def test_a_name_in_the_leads_of_two_recaps_adds_most(
    where: tuple[tuple[IssuePart, tuple[str, ...]], tuple[IssuePart, tuple[str, ...]]], least: float
) -> None:
    """Two recaps that lead with one version tell one event; Discord and its details are one recap."""
    for likeness, why in ((least + 0.002, "same names Lumen 5"), (least - 0.002, "")):
        named = replace(
            about(likeness), names={"lumen5": "Lumen 5"}, subject_names=frozenset({"lumen5"})
        )
        assert reason(named, named, where) == why


@pytest.mark.parametrize(
    ("name", "spelled", "where", "least"),
    [
        ("qwenimagelayered", "Qwen-Image-Layered", (TWITTER, TOP), 0.08),
        ("qwenimagelayered", "Qwen-Image-Layered", (GUILD, DETAILS), 0.08),
        ("qwenimagelayered", "Qwen-Image-Layered", (TWITTER, REDDIT), 0.08),
        ("lfm224ba2b", "LFM2-24B-A2B", (TWITTER, REDDIT), 0.08),
        ("lfm224ba2b", "LFM2-24B-A2B", (TWITTER, TOP), 0.25),
        ("qwenimage", "Qwen-Image", (TWITTER, REDDIT), 0.25),
    ],
)
def test_a_long_name_adds_where_one_leads_with_it(
    name: str,
    spelled: str,
    where: tuple[tuple[IssuePart, tuple[str, ...]], tuple[IssuePart, tuple[str, ...]]],
    least: float,
) -> None:
    """A name of three words is enough within one recap; one with a version only across two."""
    for likeness, why in ((least + 0.002, f"same names {spelled}"), (least - 0.002, "")):
        lead = replace(about(likeness), names={name: spelled}, subject_names=frozenset({name}))
        head = replace(lead, subject_names=frozenset())
        assert reason(lead, head, where) == why
        assert reason(head, lead, where) == why


def test_a_name_in_both_heads_adds_a_little() -> None:
    """Any rare name adds 0.15, from a likeness of 0.20 on, or of 0.05 with a page in common."""
    names = {"sonicmoe": "SonicMoE"}
    for likeness, why in ((0.251, "same names SonicMoE"), (0.249, "")):
        named = replace(about(likeness), names=names)
        assert reason(named, named) == why
    other = replace(about(0.3), names={"gepa": "GEPA"})
    assert reason(replace(about(0.3), names=names), other) == ""


@pytest.mark.parametrize(("likeness", "joined"), [(0.301, True), (0.299, False)])
def test_a_similar_lead_adds_from_a_quarter_on(likeness: float, *, joined: bool) -> None:
    """Leads of the same words add 0.10, and are the reason where there is no other."""
    lead = replace(about(likeness), lead="zebra counts fish")
    turned = replace(lead, lead="fish counts zebra")
    assert bool(reason(lead, turned)) is joined
    assert reason(lead, replace(lead, lead="something else altogether")) == ""
    if joined:
        assert reason(lead, turned) == "similar lead to m001"


def test_both_announcing_the_same_is_enough() -> None:
    """Two that say that the same thing has come out tell one event, from little likeness on."""
    lead = replace(about(0.05), announced=frozenset({"lumen 5", "heron 2"}))
    assert reason(lead, lead) == "both announce heron 2"
    other = replace(lead, announced=frozenset({"ibis 1"}))
    assert reason(lead, other) == ""


def test_the_first_reason_is_the_strongest() -> None:
    """A page is named before names, names before a release, and all before a lead."""
    everything = replace(
        about(0.5),
        links=(PAGE,),
        names={"lumen5": "Lumen 5"},
        subject_names=frozenset({"lumen5"}),
        announced=frozenset({"lumen 5"}),
        lead="lumen 5 is here",
    )
    assert reason(everything, everything) == f"same link {PAGE}"
    without = replace(everything, links=())
    assert reason(without, without) == "same names Lumen 5"
    without = replace(without, names={}, subject_names=frozenset())
    assert reason(without, without) == "both announce lumen 5"


def test_names_are_spelled_and_parts_of_names_left_out() -> None:
    """Up to three names are given, as the first mention writes them, the longest of a family."""
    names = {
        "lumen5": "Lumen 5", "lumen5pro": "Lumen 5 Pro", "gepa": "GEPA", "sonicmoe": "SonicMoE",
        "ibisx": "IbisX",
    }  # fmt: skip
    named = replace(about(0.3), names=names)
    other = replace(named, names={name: name for name in names})
    assert reason(named, other) == "same names Lumen 5 Pro, GEPA, SonicMoE"


def test_two_versions_never_bond() -> None:
    """Leads that disagree on the version of a family are two events, page or no page."""
    five = replace(about(0.9), links=(PAGE,), versions={"lumen": frozenset({("5", "")})})
    six = replace(five, versions={"lumen": frozenset({("6", "")})})
    assert reason(five, six) == ""
    assert reason(five, five) == f"same link {PAGE}"


def test_a_weak_bond_counts_for_nothing() -> None:
    """Bonds below 0.15 do not help a third mention into a cluster."""
    parts = (TWITTER, REDDIT, GUILD)
    told = [mention("Words.", lead="L", part=part, section=where) for part, where in parts]
    for shared, size in ((0.151, 1), (0.149, 2)):
        day = [
            replace(about(), words={"a": 1.0, "c": shared}),
            replace(about(), words={"a": 0.9, "b": 1.0}),
            replace(about(), words={"b": 0.46, "c": 1.0}),
        ]
        assert len(cluster_mentions(told, day)) == size


@pytest.mark.parametrize(
    ("likeness", "given", "helps"),
    [
        (0.091, {"links": FIRST}, True),
        (0.089, {"links": FIRST}, False),
        (0.121, {"links": THEN}, True),
        (0.119, {"links": THEN}, False),
        (0.081, {"names": {"a": "A-B-C"}, "subject_names": frozenset("a")}, True),
        (0.079, {"names": {"a": "A-B-C"}, "subject_names": frozenset("a")}, False),
        (0.201, {"names": {"sonicmoe": "SonicMoE"}}, True),
        (0.199, {"names": {"sonicmoe": "SonicMoE"}}, False),
        (0.051, {"links": FIRST, "names": {"sonicmoe": "SonicMoE"}}, True),
        (0.049, {"links": FIRST, "names": {"sonicmoe": "SonicMoE"}}, False),
        (0.249, {"lead": "zebra counts fish"}, True),
        (0.179, {"lead": "zebra counts fish"}, False),
    ],
)
def test_what_two_have_in_common_needs_some_likeness(
    likeness: float, given: dict[str, Any], *, helps: bool
) -> None:
    """A page, a name or a lead adds nothing below its floor, not even to a third mention's bond."""
    places = ((GUILD, TWITTER, REDDIT), (TWITTER, GUILD, REDDIT))
    for where in places:
        told = [mention("Words.", lead="L", part=part, section=topic) for part, topic in where]
        day = [
            replace(about(), words={"a": 1.0, "c": likeness}, **given),
            replace(about(), words={"a": 0.9, "b": 1.0}),
            replace(about(), words={"b": 0.4005, "c": 1.0}, **given),
        ]
        if "links" in given and given["links"] == THEN:
            day[2] = replace(day[2], links=(PAGE, "d.test/z"))
        assert (len(cluster_mentions(told, day)) == 1) is helps


@pytest.mark.parametrize(
    ("likeness", "given", "why"),
    [
        (0.4, {}, "similar text to m001"),
        (0.08, {"names": {"a": "A-B-C"}, "subject_names": frozenset("a")}, "same names A-B-C"),
        (0.25, {"names": {"a": "AbC"}}, "same names AbC"),
    ],
)
def test_a_threshold_belongs_to_what_joins(
    likeness: float, given: dict[str, Any], why: str
) -> None:
    """A likeness of exactly the threshold is enough."""
    one = replace(about(), words={"sea": 1.0}, **given)
    other = replace(about(), words={"sea": likeness}, **given)
    other = replace(other, subject_names=frozenset())
    assert reason(one, other) == why


def test_a_member_without_a_bond_is_similar_on_the_whole() -> None:
    """Each member names the first of the others that it is bound to; others say so plainly."""
    same = replace(about(), frequent={"sea": 1.0}, words={"x": 0.7})
    third = replace(about(), frequent={"sea": 1.0})
    told = [mention("Words.", lead="L", name=f"m00{number}") for number in range(1, 4)]
    (group,) = cluster_mentions(told, [same, same, third])
    assert group.members == (0, 1, 2)
    assert group.reasons == {(0, 1): Reason("similar_text", ("m001",))}
    assert str(group.reason_for(1, [2, 0])) == "similar text to m001"
    assert str(group.reason_for(2, [0, 1])) == "similar on the whole"


def test_members_of_one_release_say_so() -> None:
    """Where a whole cluster announces one thing, two members without a bond say that."""
    lead = replace(about(), announced=frozenset({"lumen 5"}))
    told = [mention("Words.", lead="L", name=f"m00{number}") for number in range(1, 3)]
    (group,) = cluster_mentions(told, [lead, lead])
    assert group.reasons == {(0, 1): Reason("both_announce", ("lumen 5",))}


@pytest.mark.parametrize(
    ("label", "heads"),
    [
        (mention("Sea models", part="discord_details", section=DETAILS[1]), True),
        (mention("Sea models", part="discord", section=DETAILS[1]), False),
        (mention("Sea models", part="discord_details", section=("Heron guild", "#help")), False),
        (mention("Sea", lead="Sea", part="discord_details", section=DETAILS[1]), False),
        (mention("Sea", "https://a.test/b", part="discord_details", section=DETAILS[1]), False),
        (mention("s" * 79, part="discord_details", section=DETAILS[1]), True),
        (mention("s" * 80, part="discord_details", section=DETAILS[1]), False),
    ],
)
def test_a_short_line_heads_a_sentence_of_its_channel(label: Mention, *, heads: bool) -> None:
    """A line of less than 80 characters, without lead and link, heads what stands below it."""
    sentence = mention(
        "Sentence.", lead="S", part="discord_details", section=DETAILS[1], name="m007"
    )
    found = cluster_mentions([label, sentence], [about(0.35), about(0.35)])
    assert (len(found) == 1) is heads
    if heads:
        assert str(found[0].reason_for(0, [1])) == "heads m007"
        assert cluster_mentions([label, sentence], [about(0.29), about(0.29)])[0].members == (0,)
        after = cluster_mentions([sentence, label], [about(0.35), about(0.35)])
        assert [group.reasons for group in after] == [{(0, 1): Reason("heads", ("m007",))}]


def test_two_labels_head_nothing_together() -> None:
    """Two lines of a table of contents are two things, however alike they are."""
    label = mention("Sea models", part="discord_details", section=DETAILS[1])
    assert len(cluster_mentions([label, label], [about(0.9), about(0.9)])) == 2
