"""Which address of a story is first-hand, and which only the last resort."""

import pytest

from build import mention
from pipeline.merge.primary_link import Rank, is_common, ranked

LEAD = "Heron Atlas maps seas"
TEXT = f"{LEAD}: the lab showed it today."
# One address of each rank, for a story with that lead.
BY_RANK = {
    Rank.SUBJECT: "https://github.com/lab/heron-atlas",
    Rank.MAKER: "https://x.com/HeronLab/status/2",
    Rank.REPORT: "https://wsj.com/tech/heron-atlas-seas",
    Rank.MADE: "https://github.com/other/thing",
    Rank.POST: "https://x.com/somebody/status/1",
    Rank.PAGE: "https://someone.test/2025/why",
    Rank.PRESS: "https://wsj.com/tech/other",
    Rank.THREAD: "https://news.ycombinator.com/item?id=1",
    Rank.HUB: "https://someone.test/",
    Rank.LAST: "https://i.redd.it/a.png",
}


def rank(url: str, *others: str, lead: str = LEAD, text: str = TEXT) -> Rank:
    """Rank one address of a story that may have others."""
    found = ranked([mention(text, url, *others, lead=lead)])
    return next(rank for rank, found_url in found if found_url == url)


def test_every_rank_has_its_place() -> None:
    """The thing, its maker, a report, what was made, posts, pages, the press, threads, hubs."""
    urls = list(BY_RANK.values())
    found = ranked([mention(TEXT, *reversed(urls), lead=LEAD)])
    assert found == [pair for pair in BY_RANK.items() if pair[0] < Rank.LAST]


@pytest.mark.parametrize("name", list(Rank))
def test_an_address_alone_has_its_rank(name: Rank) -> None:
    """What is fit only for the last place is shown where there is nothing else."""
    assert ranked([mention(TEXT, BY_RANK[name], lead=LEAD)]) == [(name, BY_RANK[name])]


def test_a_story_without_links_has_no_sources() -> None:
    """No address is made up."""
    assert ranked([mention(TEXT, lead=LEAD)]) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://huggingface.co/lab/heron-2", Rank.SUBJECT),
        ("https://pypi.org/project/heron/", Rank.SUBJECT),
        ("https://someone.test/blog/heron", Rank.SUBJECT),
        ("https://someone.test/heron", Rank.SUBJECT),
        ("https://heron.test/what", Rank.PAGE),
        ("https://youtu.be/heron", Rank.REPORT),
        ("https://youtube.com/watch?v=1", Rank.PRESS),
        ("https://openrouter.ai/lab/heron", Rank.PAGE),
        ("https://discord.com/channels/1/2/3", Rank.LAST),
        ("https://www.reddit.com/r/a/comments/1/heron/", Rank.THREAD),
    ],
)
def test_a_page_is_about_the_story_where_its_path_says_so(url: str, expected: Rank) -> None:
    """A word of the lead after the host makes a page first-hand; a server of models never is."""
    assert rank(url) == expected


@pytest.mark.parametrize(
    ("lead", "path", "about"),
    [
        ("Ibis sings", "ibis", True),
        ("Owl sings", "owl", False),
        ("Owl Cat sings", "owlcat", True),
        ("Models sing", "models-here", False),
        ("Google sings", "google", False),
        ("@ibis99 speaks", "ibis99", False),
        ("GLM-5 speaks", "glm-5", True),
        ("IBIS sings", "Ibis", True),
    ],
)
def test_which_words_of_a_lead_name_a_page(lead: str, path: str, *, about: bool) -> None:
    """Short words, words of everywhere, great makers and handles name no page; pairs may."""
    url = f"https://someone.test/{path}"
    expected = Rank.SUBJECT if about else Rank.PAGE
    assert rank(url, lead=lead, text=f"{lead}: well.") == expected


def test_a_mention_without_a_lead_is_named_by_its_beginning() -> None:
    """The first 240 characters stand in for a lead, and what comes later does not."""
    url = "https://someone.test/zebra"
    assert rank(url, lead="", text=f"{'so on ' * 39}zebra.") == Rank.SUBJECT
    assert rank(url, lead="", text=f"{'so on ' * 40}zebra.") == Rank.PAGE


def test_a_papers_number_counts_where_it_is_the_only_one() -> None:
    """A paper's address says nothing: of two in one mention neither is the thing itself."""
    one, other = "https://arxiv.org/abs/2512.00001", "https://arxiv.org/abs/2512.00002"
    assert rank(one) == Rank.SUBJECT
    assert rank(one, other) == Rank.MADE
    thing = "https://github.com/other/thing"
    assert rank(thing, one, other) == Rank.MADE


@pytest.mark.parametrize(
    ("user", "text", "expected"),
    [
        ("heronlab", TEXT, Rank.MAKER),
        ("heron", TEXT, Rank.MAKER),
        ("her", TEXT, Rank.POST),
        ("tugboat_ai", f"{LEAD}, says Tugboat in a post.", Rank.MAKER),
        ("tugboat_ai", f"{LEAD}, says tugboat in a post.", Rank.POST),
        ("tugboat_ai", f"{LEAD} {'so on ' * 38}Tugboat", Rank.MAKER),
        ("tugboat_ai", f"{LEAD} {'so on ' * 40}Tugboat", Rank.POST),
        ("tugboat_ai", f"{LEAD}, says @Tugboat_AI in a post.", Rank.POST),
        ("openai", "Heron Atlas maps seas: OpenAI says so.", Rank.MAKER),
    ],
)
def test_a_post_is_its_makers_where_the_text_names_the_account(
    user: str, text: str, expected: Rank
) -> None:
    """An account of four letters or more that a capitalised name of the beginning resembles."""
    assert rank(f"https://x.com/{user}/status/1", text=text) == expected


def test_of_two_pages_the_one_that_says_more_comes_first() -> None:
    """Within a rank more letters of the story's words win, then the order of the mentions."""
    some, more = "https://github.com/a/heron", "https://github.com/a/heron-atlas"
    found = ranked([mention(TEXT, some, more, lead=LEAD)])
    assert [url for _, url in found] == [more, some]
    posts = [f"https://x.com/somebody/status/{number}" for number in (3, 1, 2)]
    found = ranked([mention(TEXT, posts[0], lead=LEAD), mention("B.", *posts[1:])])
    assert [url for _, url in found] == posts


def test_each_page_stands_once_at_its_best_rank() -> None:
    """A page that two mentions link to takes the better of its ranks, and its first address."""
    url = "https://x.com/tugboat/status/1"
    first = mention("Ladders are long: a remark.", url, lead="Ladders are long")
    second = mention("Ladders by Tugboat: a remark.", f"{url}?s=20", lead="Ladders by Tugboat")
    assert ranked([first, second]) == [(Rank.MAKER, f"{url}?s=20")]
    assert ranked([second, first]) == [(Rank.MAKER, f"{url}?s=20")]
    assert ranked([first, first]) == [(Rank.POST, url)]
    twice = mention(first.text, f"{url}?s=20", url, lead=first.lead)
    assert ranked([twice]) == [(Rank.POST, f"{url}?s=20")]
    assert ranked([mention("B."), first]) == ranked([first, mention("B.")]) == [(Rank.POST, url)]


def test_a_mirror_gives_way_to_the_post() -> None:
    """Of two addresses of one post the real one is shown, wherever it stands."""
    mirror, post = "https://xcancel.com/a/status/1", "https://x.com/a/status/1"
    for urls in ((mirror, post), (post, mirror)):
        assert ranked([mention(TEXT, *urls, lead=LEAD)]) == [(Rank.POST, post)]


@pytest.mark.parametrize(
    ("word", "common"), [("openai", True), ("model", True), ("heron", False), ("OpenAI", False)]
)
def test_common_words_are_known(word: str, *, common: bool) -> None:
    """Great makers and words of every headline say little about which thing is meant."""
    assert is_common(word) is common
