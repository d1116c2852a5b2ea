"""What a mention is about: its words by place and rarity, its names with their versions, its pages."""

from collections.abc import Sequence

import pytest

from build import mention
from pipeline.merge.features import (
    Features,
    comparable_words,
    extract_features,
    find_announced,
    find_coined,
    find_names,
    find_versions,
    full_names,
    normalize,
    same_version,
)
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GLM-4.7", {"glm4.7": "GLM-4.7"}),
        ("GLM 4.7", {"glm4.7": "GLM 4.7", "glm": "GLM"}),
        ("Kimi K2", {"k2": "K2"}),
        ("Llama v3.1", {"llama3.1": "Llama v3.1"}),
        ("lumen 5", {}),
        ("done by 2028", {}),
        ("o3", {"o3": "o3"}),
        ("Lumen 5%", {}),
        ("Lumen 5x", {"lumen5x": "Lumen 5x"}),
        ("T5Gemma 2", {"t5gemma": "T5Gemma"}),
        ("Gemini 3 Flash", {"gemini3": "Gemini 3", "gemini3flash": "Gemini 3 Flash"}),
        (
            "Lumen 5 Pro Preview now",
            {
                "lumen5": "Lumen 5",
                "lumen5pro": "Lumen 5 Pro",
                "lumen5propreview": "Lumen 5 Pro Preview",
            },
        ),
        ("Lumen 5 beats Pro", {"lumen5": "Lumen 5"}),
        ("Lumen 5 30b", {"lumen5": "Lumen 5", "lumen530b": "Lumen 5 30b"}),
        ("SonicMoE and GEPA", {"sonicmoe": "SonicMoE", "gepa": "GEPA"}),
        ("ARC-AGI", {"arcagi": "ARC-AGI"}),
        ("dSpark", {"dspark": "dSpark"}),
        ("A Plain Words only", {}),
    ],
)
def test_a_name_is_found_with_its_version(text: str, expected: dict[str, str]) -> None:
    """A word and its version are one name, however they are joined; a number alone names nothing."""
    assert find_names(text) == expected


def test_a_name_keeps_its_first_spelling() -> None:
    """What is written twice in two ways is one name, as it was written first."""
    assert find_names("SonicMoE, then Sonic-MoE")["sonicmoe"] == "SonicMoE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GLM-4.7 and GLM-4.6", {"glm": {("4.7", ""), ("4.6", "")}}),
        ("Gemini 3 Flash", {"gemini": {("3", "flash")}}),
        ("Gemini 3 Flash Lite today", {"gemini": {("3", "flash lite")}}),
        ("Lumen 5 30B Pro", {"lumen": {("5", "pro")}}),
        ("Lumen 5-30b", {"lumen": {("5", "")}}),
        ("Lumen V5B", {"lumen": {("5b", "")}}),
        ("Llama-3.1-Nemotron", {}),
        ("Llama-3.1-Instruct", {"llama": {("3.1", "instruct")}}),
        ("v0.15.0", {}),
        ("H100 and RTX 5090", {}),
        ("no version", {}),
    ],
)
def test_versions_are_told_by_family(text: str, expected: dict[str, set[tuple[str, str]]]) -> None:
    """Each family has its versions with their variants; a size is no variant, a card no family."""
    assert find_versions(text) == expected


@pytest.mark.parametrize(
    ("lead", "start", "expected"),
    [
        ("Openlamp drops Lumen 5", "", {"lumen 5"}),
        ("Openlamp unveils Lumen 5 Pro", "", {"lumen 5 pro"}),
        ("Openlamp releases Lumen 5 and Heron-2", "", {"lumen 5", "heron 2"}),
        ("Openlamp unveils new models", " Lumen 5 reads faster", {"lumen 5"}),
        ("Lumen 5 is here", " with Heron 2 as a rival", {"lumen 5"}),
        ("Lumen 5", " was released today", {"lumen 5"}),
        ("Lumen 5", " is fast", set()),
        ("Lumen 5 (new)", " is fast", set()),
        ("Lumen 5 released? Not yet", "", set()),
        ("Lumen 5 released against Heron 2", "", set()),
        ("Lumen 5 launch delayed", " and was released", set()),
        ("Lumen 5", " was released when Heron 2 leaked", {"lumen 5"}),
        ("Launch (Heron 2 vs Lumen 5", "", set()),
        ("Openlamp releases SONIC-bird", "", {"sonicbird"}),
        ("Openlamp releases DUSTY-bird", "", set()),
    ],
)
def test_a_lead_announces_what_it_names(lead: str, start: str, expected: set[str]) -> None:
    """A release names versions and coined names; a comparison, a rumour or a question is none."""
    assert find_announced(lead, start, {"sonicbird"}) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("GPT-OSS", {"gptoss"}),
        ("GPT-OSS-120B", {"gptoss"}),
        ("Open-Source", set()),
        ("SonicMoE", set()),
        ("GEPA", set()),
        ("A-Team", set()),
        ("GPU-Kernel", set()),
        ("ARC-AGI", set()),
    ],
)
def test_a_coined_name_is_none_of_a_headline(name: str, expected: set[str]) -> None:
    """Capitals within a compound make a name; words of the field and of headlines do not."""
    assert find_coined([name]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gemini 3 Flash", {"gemini3flash"}),
        ("Lumen 5 and Heron 2", {"lumen5", "heron2"}),
        ("SonicMoE", set()),
        ("Qwen-Image", set()),
        ("Qwen-Image-Layered", {"qwenimagelayered"}),
    ],
)
def test_a_full_name_stands_for_an_event(text: str, expected: set[str]) -> None:
    """A version or three words say enough; the beginning of a longer name does not."""
    assert full_names(find_names(text)) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("3", "flash"), ("3", "flash"), True),
        (("3", "flash"), ("3", ""), True),
        (("3", ""), ("3", "flash"), True),
        (("3", "flash"), ("3", "pro"), False),
        (("3", ""), ("4", ""), False),
        (("3", "flash"), ("4", "flash"), False),
    ],
)
def test_a_variant_may_be_left_out(
    one: tuple[str, str], other: tuple[str, str], *, same: bool
) -> None:
    """Two versions are one where one of them does not say its variant."""
    assert same_version(one, other) is same


def test_hyphens_have_one_form() -> None:
    """A name is the same with any hyphen and with letters of full width."""
    assert normalize("GLM‑4.7 ＧＬＭ−4.7") == "GLM-4.7 GLM-4.7"
    assert normalize("plain") == "plain"
