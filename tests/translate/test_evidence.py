"""What a model is shown of one event: numbered lines, each said once, and numbered links."""

import pytest

import build
from build import mention
from pipeline.records import Story
from pipeline.translate.evidence import EvidenceLimits, collect_evidence

MANY = EvidenceLimits()


def _story(*texts: str, sources: tuple[str, ...] = ()) -> Story:
    mentions = tuple(mention(text, name=f"m{n:03d}") for n, text in enumerate(texts, 1))
    return Story(id="s01", mentions=mentions, sources=sources)


def test_each_line_says_which_mention_it_comes_from() -> None:
    """Nested bullets are lines of their own, without their marks."""
    told = _story(
        "Acme ships Orca\n- with eleven fins\n  - and a long tail", "Reviewers like it a lot"
    )
    lines = collect_evidence(told, MANY).lines
    assert [(line.mention, line.text) for line in lines] == [
        ("m001", "Acme ships Orca"),
        ("m001", "with eleven fins"),
        ("m001", "and a long tail"),
        ("m002", "Reviewers like it a lot"),
    ]


@pytest.mark.parametrize(
    ("later", "kept"),
    [
        ("Acme ships Orca, with 70B parameters", False),
        ("Acme ships Orca", False),
        ("with 70B parameters, Acme ships Orca!", False),
        ("Acme ships Orca with 40B parameters", True),
        ("Acme ships Orca with 70B parameters at $3", True),
        ("Rivals of Acme doubt the benchmark", True),
        ("ok", False),
    ],
)
def test_what_was_said_above_is_not_said_again(later: str, kept: bool) -> None:
    """A line like one above is left out, unless it has a figure of its own; so are single words."""
    lines = collect_evidence(_story("Acme ships Orca with 70B parameters", later), MANY).lines
    assert (len(lines) == 2) is kept


def test_a_name_above_its_lines_is_a_line() -> None:
    """However short it is, it says what the lines below are about."""
    lines = collect_evidence(_story("Orca\n- it has eleven fins and a tail\n- no"), MANY).lines
    assert [line.text for line in lines] == ["Orca", "it has eleven fins and a tail"]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    """Lines are short enough to be named by a number, and nothing is lost."""
    text = " ".join(f'Sentence number {n} says "that all is well."' for n in range(30))
    lines = [line.text for line in collect_evidence(_story(text), MANY).lines]
    assert max(map(len, lines)) <= 240
    assert " ".join(lines) == text


def test_lines_are_whole_or_absent() -> None:
    """Where there is no room for a line, neither it nor what follows is shown."""
    told = _story("Acme ships the Orca today", "Kelp is next, they say", "And then there is more")
    lines = collect_evidence(told, EvidenceLimits(max_chars=50)).lines
    assert [line.mention for line in lines] == ["m001", "m002"]


def test_links_have_place_anchor_and_number() -> None:
    """A link is its host and path, what it stands on, and a number that leads back to it."""
    told = Story(
        id="s01",
        mentions=(
            mention("Acme ships", "https://www.acme.test/orca/?a=1", "https://x.com/a/status/1"),
        ),
        sources=("https://x.com/a/status/1", "https://www.acme.test/orca/?a=1"),
    )
    evidence = collect_evidence(told, MANY)
    first, second = evidence.link_lines.splitlines()
    assert first.startswith("1. x.com/a/status/1")
    assert second.startswith("2. acme.test/orca")
    assert [evidence.link(n) for n in (0, 1, 2, 3)] == [None, *told.sources, None]
    assert collect_evidence(told, EvidenceLimits(max_links=1)).links == told.sources[:1]


def test_lines_keep_the_numbers_of_the_evidence() -> None:
    """So that what a sentence names is found again."""
    told = _story(
        "Orca ships with 70B parameters and its weights\nOrca ships with 70B parameters\n"
        "It costs two dollars per million tokens"
    )
    numbers = [line.number for line in collect_evidence(told, MANY).lines]
    entry = build.entry("s01", None).model_copy(
        update={"evidence": told.evidence, "mentions": tuple(it.id for it in told.mentions)}
    )
    assert numbers == [1, 3]
    assert entry.evidence_lines[2].text == "It costs two dollars per million tokens"


def test_lines_say_where_they_stand() -> None:
    """Once for those of one place."""
    there = {"part": "discord", "section": ("Discord", "Acme [beta] ▷ #general (2)")}
    told = _story("Orca ships with 70B parameters and its weights")
    told = told.model_copy(update={"mentions": (told.mentions[0].model_copy(update=there),)})
    assert collect_evidence(told, MANY).placed_text == (
        "[discord: Acme beta ▷ #general (2)]\n1. Orca ships with 70B parameters and its weights"
    )
