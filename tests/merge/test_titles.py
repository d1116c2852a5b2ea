"""Names keep their versions, and a lead says what has come out."""

import pytest

from pipeline.merge.titles import (
    find_announced,
    find_coined,
    find_names,
    find_versions,
    full_names,
    normalize,
    same_version,
)


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
