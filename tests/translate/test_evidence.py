"""What a model is shown of one event: numbered lines, each said once, and numbered links."""

import re

import pytest

import build
from build import mention
from pipeline.records import Link, Story
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


def test_a_line_of_a_list_may_be_all_figure() -> None:
    """A price and a guarantee are told in few letters; a name among them says nothing."""
    told = _story(
        "Acme measured Orca:\n- score 0.86\n- cost $4.48\n- 99% uptime SLA\n- Amp Code\n- 7"
    )
    lines = [line.text for line in collect_evidence(told, MANY).lines]
    assert lines == ["Acme measured Orca:", "score 0.86", "cost $4.48", "99% uptime SLA"]


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


MARKED = {
    # The words of a link stay, and say where they lead.
    "[Acme] ships Orca and [weights].": "Acme (link 1) ships Orca and weights (link 2).",
    # What only says that it is a link does not.
    "Orca is out ([tweet]), its weights too ([@acme]; [thread], [2]).": (
        "Orca is out (link 1), its weights too (links 2, 3, 4)."
    ),
    # Nor do brackets that hold no link change, nor the words of one that is not shown.
    "Orca (a model) by [Acme], [b], [c], [d] and [e]": (
        "Orca (a model) by Acme (link 1), b (link 2), c (link 3), d (link 4) and e"
    ),
    "- [Acme] ships": "Acme (link 1) ships",
    # A word is not a part of another one.
    "As tweeted, it is out ([tweet])": "As tweeted, it is out (link 1)",
    "[@acme] ships": "acme (link 1) ships",
    # A stranger's words are none of these numbers.
    "[Acme] ships, see the real page (link 2) or (links 1, 2)": (
        "Acme (link 1) ships, see the real page (link: 2) or (links: 1, 2)"
    ),
    "the [tweet] of [@acme] says": "the tweet (link 1) of acme (link 2) says",
}


@pytest.mark.parametrize("written", MARKED)
def test_words_that_lead_somewhere_say_which_link_they_are(written: str) -> None:
    """By its number among those shown, behind the words; what the lines say does not change."""
    words = re.findall(r"\[(.+?)\]", written)
    plain = written.replace("[", "").replace("]", "")
    urls = [f"https://acme.test/{number}" for number in range(len(words))]
    links = tuple(Link(url=url, text=word) for url, word in zip(urls, words, strict=True))
    told = mention(plain).model_copy(update={"links": links})
    story = Story(id="s01", mentions=(told,), sources=tuple(urls))
    evidence = collect_evidence(story, EvidenceLimits(max_links=4))
    assert evidence.placed_text.partition("\n1. ")[2] == MARKED[written]
    assert "(link 1)" not in evidence.text
    assert "(link 1)" not in collect_evidence(story, EvidenceLimits(max_links=0)).placed_text


def test_words_are_marked_where_a_long_line_is_cut() -> None:
    """Each in its own line, and the same word as often as it leads somewhere."""
    sentences = [f"Sentence number {n} says that all is well, see there." for n in range(12)]
    links = tuple(Link(url=f"https://acme.test/{n}", text="there") for n in range(12))
    told = mention(" ".join(sentences)).model_copy(update={"links": links})
    story = Story(id="s01", mentions=(told,), sources=tuple(link.url for link in links))
    evidence = collect_evidence(story, MANY)
    assert len(evidence.lines) > 2
    shown = " ".join(line.shown for line in evidence.lines)
    expected = [f"{one[:-1]} (link {n})." for n, one in enumerate(sentences, 1)]
    assert shown == " ".join(expected)


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
