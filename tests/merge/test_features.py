"""What a mention is about: its words by place and rarity, its names, its pages."""

from collections.abc import Sequence

import pytest

from build import mention
from pipeline.merge.features import Features, comparable_words, extract_features
from pipeline.records import IssuePart, Mention


def one(text: str, *urls: str, lead: str = "", part: IssuePart = "twitter") -> Features:
    """Read one mention of an issue."""
    return extract_features([mention(text, *urls, lead=lead, part=part)])[0]


def test_a_word_weighs_by_where_it_stands() -> None:
    """Twice in the lead, 1.4 times in the first sentence, and half in a nested bullet."""
    words = one("Harbour: zebra counts. Later tugboat\n- nested ladder", lead="Harbour").words
    later = words["tugboat"]
    assert words["harbour"] / later == pytest.approx(2.0)
    assert words["zebra"] / later == pytest.approx(1.4)
    assert words["ladder"] / later == pytest.approx(0.5)


def test_a_word_weighs_by_its_best_place() -> None:
    """A word of the lead that is said again below keeps its weight."""
    words = one("Harbour: zebra counts. Harbour zebra tugboat\n- zebra", lead="Harbour").words
    assert words["harbour"] / words["tugboat"] == pytest.approx(2.0)
    assert words["zebra"] / words["tugboat"] == pytest.approx(1.4)


def test_words_of_a_name_count_once() -> None:
    """A name of three words is one thing in common: its words count half, the name itself whole."""
    words = one("Zebra likes Qwen-Image-Layered").words
    assert words["qwenimagelayered"] == pytest.approx(words["zebra"])
    assert words["layered"] / words["zebra"] == pytest.approx(0.5)


def test_the_weights_of_a_mention_have_length_one() -> None:
    """Long and short mentions can be compared: the squares of all weights add up to 1."""
    for text in ("Zebra.", "Zebra sells tugboats to harbour masters.\n- A ladder is included."):
        found = one(text)
        weights = [*found.words.values(), *found.frequent.values()]
        assert sum(weight**2 for weight in weights) == pytest.approx(1)


def test_a_first_sentence_ends_where_a_new_one_begins() -> None:
    """A full stop within a number or before a small letter ends no sentence; 240 characters do."""
    words = one("Zebra at 2.5 is fast, e.g. tugboat. Ladder").words
    assert words["zebra"] == pytest.approx(words["tugboat"])
    assert words["zebra"] / words["ladder"] == pytest.approx(1.4)
    endless = one("Zebra " + "a " * 113 + "tugboat ladder").words
    assert endless["tugboat"] == pytest.approx(endless["zebra"])
    assert endless["zebra"] / endless["ladder"] == pytest.approx(1.4)


@pytest.mark.parametrize(
    ("count", "weighs", "frequent"),
    [(2, True, False), (8, True, False), (9, False, False)],
)
def test_a_common_word_says_nothing(count: int, *, weighs: bool, frequent: bool) -> None:
    """A word in up to eight mentions of a short issue counts, one in nine does not."""
    found = extract_features(_day(["zebra"] * count, 40))[0]
    assert ("zebra" in found.words) is weighs
    assert ("zebra" in found.frequent) is frequent


@pytest.mark.parametrize(
    ("count", "total", "where"),
    [
        (8, 200, "words"),
        (9, 200, "frequent"),
        (20, 200, "frequent"),
        (21, 200, ""),
        (16, 400, "words"),
        (17, 400, "frequent"),
    ],
)
def test_a_long_issue_has_more_room(count: int, total: int, where: str) -> None:
    """A tenth of the mentions may have a word, and one that more than 4 % have is not looked for."""
    found = extract_features(_day(["zebra"] * count, total))[0]
    assert [kind for kind in ("words", "frequent") if "zebra" in getattr(found, kind)] == (
        [where] if where else []
    )


def test_a_rarer_word_weighs_more() -> None:
    """A word weighs by the logarithm of how few mentions have it."""
    day = _day(["zebra tugboat", "zebra", "zebra"], 20)
    words = extract_features(day)[0].words
    assert words["tugboat"] > words["zebra"]


@pytest.mark.parametrize(
    ("count", "total", "rare"), [(6, 20, True), (7, 20, False), (9, 300, True), (10, 300, False)]
)
def test_a_name_in_many_mentions_is_the_days_subject(count: int, total: int, *, rare: bool) -> None:
    """Six mentions, or three of a hundred, may have a name that still tells them apart."""
    found = extract_features(_day(["Zebra likes Lumen-5"] * count, total))[0]
    assert ("lumen5" in found.names) is rare


@pytest.mark.parametrize(
    ("text", "lead", "names", "subject"),
    [
        ("Lumen-5 Pro reads.", "Lumen-5 Pro", {"lumen5", "lumen5pro"}, {"lumen5pro"}),
        ("A tool: Lumen-5 reads.", "A tool", {"lumen5"}, set()),
        ("A tool: it reads. Lumen-5 too.", "A tool", set(), set()),
        ("BIG Tool: words.", "BIG Tool", set(), set()),
        ("BIG Tool: words. BIG it is.", "BIG Tool", {"big"}, set()),
        ("OpenAI reads on CUDA with an H100.", "", set(), set()),
        ("SonicMoE reads.", "", {"sonicmoe"}, set()),
        ("Qwen-Image-Layered: Qwen-Image-Layered.", "Qwen-Image-Layered", {"qwenimagelayered"},
         {"qwenimagelayered"}),
    ],
)  # fmt: skip
def test_names_come_from_the_beginning(
    text: str, lead: str, names: set[str], subject: set[str]
) -> None:
    """A name counts in the lead and the first sentence; capitals of a lead alone make none."""
    found = one(text, lead=lead)
    assert set(found.names) == names
    assert found.subject_names == subject


@pytest.mark.parametrize(("part", "named"), [("twitter", True), ("discord", False)])
def test_who_spoke_in_a_channel_is_no_name(part: IssuePart, *, named: bool) -> None:
    """A handle of Discord names nobody; on Twitter it may name a project."""
    assert ("sonicmoe" in one("Zebra by @SonicMoE.", part=part).names) is named
    assert ("sonicmoe" in one("Zebra by @SonicMoE.", part="discord_details").names) is False


@pytest.mark.parametrize(
    ("part", "pages"),
    [
        ("twitter", ("github.com/a/b", "reddit.com/comments/1abc")),
        ("reddit", ("github.com/a/b",)),
    ],
)
def test_pages_about_one_thing_are_kept(part: IssuePart, pages: tuple[str, ...]) -> None:
    """A home page, a chat, the newsletter and a Reddit post's own thread are left out; each once."""
    urls = (
        "https://github.com/A/b",
        "https://github.com/a/b/",
        "https://reddit.com/r/x/comments/1abc/y",
        "https://openlamp.test/",
        "https://discord.gg/abc",
        "https://news.smol.ai/issues/x",
    )
    assert one("Zebra.", *urls, part=part).links == pages


def test_a_lead_is_given_or_the_first_sentence() -> None:
    """Where nothing is bold the first sentence leads; in small letters either way."""
    assert one("Zebra Counts: fish.", lead="Zebra Counts").lead == "zebra counts"
    assert one("Zebra Counts fish. Later.").lead == "zebra counts fish"


def test_what_comes_out_and_its_version_are_read_off_the_lead() -> None:
    """A mention announces what its lead, or else its first 120 characters, name."""
    found = one("Openlamp drops Lumen 5 Pro: fast.", lead="Openlamp drops Lumen 5 Pro")
    assert found.announced == {"lumen 5 pro"}
    assert found.versions == {"lumen": {("5", "pro")}}
    lead = "Openlamp unveils new models"
    assert one(f"{lead}: here is Lumen 5", lead=lead).announced == {"lumen 5"}
    assert one(f"{lead}: {'and so on ' * 12}Lumen 5", lead=lead).announced == set()


@pytest.mark.parametrize(
    ("text", "other", "agrees"),
    [
        ("Lumen 5", "Lumen 5 Pro", True),
        ("Lumen 5", "Lumen 6", False),
        ("Lumen 5", "Heron 2", True),
        ("Lumen 5 Pro", "Lumen 5 Mini", False),
        ("Lumen 5 and Lumen 6", "Lumen 6", True),
        ("Lumen 5, Heron 2", "Lumen 5, Heron 3", False),
    ],
)
def test_versions_agree_or_not(text: str, other: str, *, agrees: bool) -> None:
    """Two leads agree where each family of both has a version in common."""
    assert one(text).has_compatible_versions(one(other)) is agrees
    assert one(other).has_compatible_versions(one(text)) is agrees


@pytest.mark.parametrize(
    ("text", "other", "apart"),
    [
        (mention("Zebra."), mention("Zebra."), True),
        (mention("SonicMoE."), mention("SonicMoE runs."), False),
        (mention("Z.", "https://a.test/b"), mention("Y.", "https://a.test/b"), False),
        (mention("Z.", "https://a.test/b"), mention("Y.", "https://a.test/c"), True),
        (mention("Openlamp drops Lumen 5", lead="Openlamp drops Lumen 5"),
         mention("Lumen 5 is here", lead="Lumen 5 is here"), False),
    ],
)  # fmt: skip
def test_what_has_nothing_in_common_is_apart(text: Mention, other: Mention, *, apart: bool) -> None:
    """A page, a rare name or something that came out in common keeps two from being apart."""
    first, second = extract_features([text, other])
    assert first.is_unrelated_to(second) is apart


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The users of a new image", set()),
        ("Zebras counting", {"zebras", "countin"}),
        ("ab 7 3.5% 24 kg", {"7", "3.5%", "24"}),
        ("Lumen 5", {"lumen", "5", "lumen5"}),
    ],
)
def test_words_that_say_something(text: str, expected: set[str]) -> None:
    """Words that say little are left out, long ones are cut, numbers keep their unit."""
    assert comparable_words(text) == expected


def _day(texts: Sequence[str], total: int) -> list[Mention]:
    others = [f"thing{number} stuff{number}" for number in range(total - len(texts))]
    return [mention(text) for text in (*texts, *others)]
