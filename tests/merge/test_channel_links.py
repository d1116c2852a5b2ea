"""A link that a Discord channel lists comes to the bullet that it is about, or to none."""

import pytest

from build import mention
from pipeline.merge.channel_links import with_channel_links
from pipeline.records import Link, Mention

CHANNEL = ("PART 2: Detailed by-Channel summaries and links", "Lab ▷ #news (15 messages)")
ORCA = "Orca-3 leads the board: Acme's model Orca-3 is ranked #6 overall, from over 13K votes."
HERON = "Heron SDK gets funding: Heron launched its v1.0 SDK and a $11.5M seed round for sandboxes."
LINKS = {
    "https://x.com/board/status/1": (
        "Tweet from Board (@board): Acme's latest model Orca-3 was tested, collecting 13K votes!"
    ),
    "https://heron.example/seed": "We launch the v1.0 SDK of Heron, and announce our $11.5M seed",
}


def bullet(text: str, section: tuple[str, ...] = CHANNEL) -> Mention:
    """Make a bullet of a channel without a link."""
    return mention(text, part="discord_details").model_copy(update={"section": section})


def listed(url: str, words: str, section: tuple[str, ...] = CHANNEL) -> Mention:
    """Make a link of a channel's list."""
    made = bullet(words, (*section, "Links mentioned"))
    return made.model_copy(update={"links": (Link(url=url, text=words[:20]),)})


def links_of(*mentions: Mention) -> list[list[str]]:
    """Give the addresses that each mention has in the end."""
    return [[link.url for link in it.links] for it in with_channel_links(mentions)]


def test_each_bullet_gets_the_link_that_says_what_only_it_says() -> None:
    """Whatever their order; the list itself stays as it is."""
    first, second = LINKS
    made = links_of(bullet(HERON), bullet(ORCA), *(listed(*item) for item in LINKS.items()))
    assert made == [[second], [first], [first], [second]]


def test_a_page_that_is_listed_twice_is_one() -> None:
    """With another query: it does not compete with itself."""
    url, words = next(iter(LINKS.items()))
    made = links_of(bullet(ORCA), listed(f"{url}?s=46", words), listed(url, words))
    assert made[0] == [url]


def test_a_bullet_with_a_link_of_its_own_keeps_it() -> None:
    """What the writer linked is what it is about."""
    own = bullet(ORCA).model_copy(update={"links": (Link(url="https://acme.example/", text=""),)})
    assert links_of(own, listed(*next(iter(LINKS.items()))))[0] == ["https://acme.example/"]


@pytest.mark.parametrize(
    "words",
    [
        "Acme's board: the company names a new chair, and the market is calm about all of it.",
        "Orca-2 was tested and collected some votes; it is the model of a year ago.",
        "no description found",
        "",
    ],
)
def test_a_link_that_shares_a_name_by_chance_goes_to_nobody(words: str) -> None:
    """One name is not enough."""
    assert links_of(bullet(ORCA), listed("https://a.example/", words))[0] == []


def test_what_two_bullets_or_two_links_say_alike_goes_to_neither() -> None:
    """It is not plain which of them is meant."""
    url, words = next(iter(LINKS.items()))
    again = ORCA.replace("is ranked", "was ranked")
    assert links_of(bullet(ORCA), bullet(again), listed(url, words))[:2] == [[], []]
    assert links_of(bullet(ORCA), listed(url, words), listed("https://b.example/", words))[0] == []


def test_the_list_of_another_channel_is_not_looked_at() -> None:
    """Nor that of the same channel of another server."""
    other = (CHANNEL[0], "Club ▷ #news (2 messages)")
    assert links_of(bullet(ORCA), listed(*next(iter(LINKS.items())), section=other))[0] == []


def test_a_topic_of_the_channel_s_table_takes_no_link_away() -> None:
    """`Orca-3 leads` above the bullets is about the same, and gets none itself."""
    url, words = next(iter(LINKS.items()))
    made = links_of(bullet("Orca-3 leads with 13K votes"), bullet(ORCA), listed(url, words))
    assert made[:2] == [[], [url]]


def test_names_are_compared_whatever_their_case() -> None:
    """A headline in capitals names what it names."""
    url, words = next(iter(LINKS.items()))
    assert links_of(bullet(ORCA.upper()), listed(url, words))[0] == [url]


@pytest.mark.parametrize("number", range(12))
def test_a_score_at_the_limit_is_the_same_whatever_the_names_are(number: int) -> None:
    """A third three times is one, in whatever order a set has the names in this process."""
    own, *shared = (f"{kind}{number}" for kind in ("Orca", "Heron", "Ibis", "Crane"))
    names = " ".join(shared)
    fillers = ("is told of at some length here", "and so it is in this one of the day")
    bullets = [bullet(f"{names}: {words}, with {words}.") for words in fillers]
    made = links_of(
        bullet(f"{own} with {names}, as is told in this bullet at full length."),
        *bullets,
        listed("https://lab.example/page", f"{own} {names}"),
    )
    assert made[:3] == [["https://lab.example/page"], [], []]
