"""Which address of a story is first-hand, and which only the last resort."""

import pytest

from build import mention
from pipeline.records import Mention
from pipeline.urls import LinkRank, order_links

LEAD = "Heron Atlas maps seas"
TEXT = f"{LEAD}: the lab showed it today."
# One address of each rank, for a story with that lead.
BY_RANK = {
    LinkRank.SUBJECT: "https://github.com/lab/heron-atlas",
    LinkRank.MAKER: "https://x.com/HeronLab/status/2",
    LinkRank.REPORT: "https://wsj.com/tech/heron-atlas-seas",
    LinkRank.ARTIFACT: "https://github.com/other/thing",
    LinkRank.POST: "https://x.com/somebody/status/1",
    LinkRank.PAGE: "https://someone.test/2025/why",
    LinkRank.PRESS: "https://wsj.com/tech/other",
    LinkRank.THREAD: "https://news.ycombinator.com/item?id=1",
    LinkRank.HUB: "https://someone.test/",
    LinkRank.SHORTENED: "https://bit.ly/heron-atlas",
    LinkRank.FALLBACK: "https://i.redd.it/a.png",
}


def ranked(*mentions: Mention) -> list[tuple[LinkRank, str]]:
    """Give the addresses of a story, first the one to show."""
    return list(order_links(mentions).ranked)


def rank(url: str, *others: str, lead: str = LEAD, text: str = TEXT) -> LinkRank:
    """Rank one address of a story that may have others."""
    found = ranked(mention(text, url, *others, lead=lead))
    return next(rank for rank, found_url in found if found_url == url)


def test_every_kind_has_its_place() -> None:
    """Pages come before the maker's post, reports and posts, then threads, hubs and short forms."""
    urls = list(BY_RANK.values())
    found = ranked(mention(TEXT, *urls, lead=LEAD))
    pages = [LinkRank.SUBJECT, LinkRank.ARTIFACT, LinkRank.PAGE]
    talk = [LinkRank.MAKER, LinkRank.REPORT, LinkRank.PRESS, LinkRank.POST]
    last = [LinkRank.THREAD, LinkRank.HUB, LinkRank.SHORTENED]
    assert found == [(name, BY_RANK[name]) for name in (*pages, *talk, *last)]


@pytest.mark.parametrize("name", list(LinkRank))
def test_an_address_alone_has_its_rank(name: LinkRank) -> None:
    """What is fit only for the last place is shown where there is nothing else."""
    assert ranked(mention(TEXT, BY_RANK[name], lead=LEAD)) == [(name, BY_RANK[name])]


def test_a_story_without_links_has_no_sources() -> None:
    """No address is made up."""
    assert ranked(mention(TEXT, lead=LEAD)) == []


@pytest.mark.parametrize("url", [
    "https://cdn.discordapp.com/attachments/1/2/image.png?ex=6a&is=6b&hm=7c",
    "https://media.discordapp.net/attachments/1/2/notes.pdf",
    "https://files.slack.com/files-pri/T1-F2/plan.docx",
])  # fmt: skip
def test_a_file_out_of_a_chat_is_nobodys_source(url: str) -> None:
    """Not even where a story has nothing else; a page with the same words is one."""
    page = "https://lab.test/cdn.discordapp.com/image"
    assert order_links([mention(TEXT, url, lead=LEAD)]).shown == ()
    assert order_links([mention(TEXT, url, page, lead=LEAD)]).shown == (page,)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://huggingface.co/lab/heron-2", LinkRank.SUBJECT),
        ("https://pypi.org/project/heron/", LinkRank.SUBJECT),
        ("https://someone.test/blog/heron", LinkRank.SUBJECT),
        ("https://someone.test/heron", LinkRank.SUBJECT),
        ("https://heron.test/what", LinkRank.PAGE),
        ("https://youtu.be/heron", LinkRank.REPORT),
        ("https://youtube.com/watch?v=1", LinkRank.PRESS),
        ("https://openrouter.ai/lab/heron", LinkRank.PAGE),
        ("https://discord.com/channels/1/2/3", LinkRank.FALLBACK),
        ("https://www.reddit.com/r/a/comments/1/heron/", LinkRank.THREAD),
    ],
)
def test_a_page_is_about_the_story_where_its_path_says_so(url: str, expected: LinkRank) -> None:
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
    expected = LinkRank.SUBJECT if about else LinkRank.PAGE
    assert rank(url, lead=lead, text=f"{lead}: well.") == expected


def test_a_mention_without_a_lead_is_named_by_its_beginning() -> None:
    """The first 240 characters stand in for a lead, and what comes later does not."""
    url = "https://someone.test/zebra"
    assert rank(url, lead="", text=f"{'so on ' * 39}zebra.") == LinkRank.SUBJECT
    assert rank(url, lead="", text=f"{'so on ' * 40}zebra.") == LinkRank.PAGE


def test_a_papers_number_counts_where_it_is_the_only_one() -> None:
    """A paper's address says nothing: of two in one mention neither is the thing itself."""
    one, other = "https://arxiv.org/abs/2512.00001", "https://arxiv.org/abs/2512.00002"
    assert rank(one) == LinkRank.SUBJECT
    assert rank(one, other) == LinkRank.ARTIFACT
    thing = "https://github.com/other/thing"
    assert rank(thing, one, other) == LinkRank.ARTIFACT


@pytest.mark.parametrize(
    ("user", "text", "expected"),
    [
        ("heronlab", TEXT, LinkRank.MAKER),
        ("heron", TEXT, LinkRank.MAKER),
        ("her", TEXT, LinkRank.POST),
        ("tugboat_ai", f"{LEAD}, says Tugboat in a post.", LinkRank.MAKER),
        ("tugboat_ai", f"{LEAD}, says tugboat in a post.", LinkRank.POST),
        ("tugboat_ai", f"{LEAD} {'so on ' * 38}Tugboat", LinkRank.MAKER),
        ("tugboat_ai", f"{LEAD} {'so on ' * 40}Tugboat", LinkRank.POST),
        ("tugboat_ai", f"{LEAD}, says @Tugboat_AI in a post.", LinkRank.POST),
        ("openai", "Heron Atlas maps seas: OpenAI says so.", LinkRank.MAKER),
    ],
)
def test_a_post_is_its_makers_where_the_text_names_the_account(
    user: str, text: str, expected: LinkRank
) -> None:
    """An account of four letters or more that a capitalised name of the beginning resembles."""
    assert rank(f"https://x.com/{user}/status/1", text=text) == expected


def test_of_two_pages_the_one_that_comes_first_is_first() -> None:
    """A path that says more of the story's words wins nothing: anybody can write one."""
    some, more = "https://github.com/a/heron", "https://github.com/a/heron-atlas"
    for urls in ((some, more), (more, some)):
        found = ranked(mention(TEXT, *urls, lead=LEAD))
        assert tuple(url for _, url in found) == urls
    posts = [f"https://x.com/somebody/status/{number}" for number in (3, 1, 2)]
    found = ranked(mention(TEXT, posts[0], lead=LEAD), mention("B.", *posts[1:]))
    assert [url for _, url in found] == posts


def test_each_page_stands_once_at_its_best_rank() -> None:
    """A page that two mentions link to takes the better of its ranks, and its first address."""
    url = "https://x.com/tugboat/status/1"
    first = mention("Ladders are long: a remark.", url, lead="Ladders are long")
    second = mention("Ladders by Tugboat: a remark.", f"{url}?s=20", lead="Ladders by Tugboat")
    assert ranked(first, second) == [(LinkRank.MAKER, f"{url}?s=20")]
    assert ranked(second, first) == [(LinkRank.MAKER, f"{url}?s=20")]
    assert ranked(first, first) == [(LinkRank.POST, url)]
    twice = mention(first.text, f"{url}?s=20", url, lead=first.lead)
    assert ranked(twice) == [(LinkRank.POST, f"{url}?s=20")]
    assert ranked(mention("B."), first) == ranked(first, mention("B.")) == [(LinkRank.POST, url)]


def test_a_mirror_gives_way_to_the_post() -> None:
    """Of two addresses of one post the real one is shown, wherever it stands."""
    mirror, post = "https://xcancel.com/a/status/1", "https://x.com/a/status/1"
    other = "https://nitter.poast.org/A/status/1#m"
    for urls in ((mirror, post), (post, mirror), (other, post), (other, mirror, post)):
        assert ranked(mention(TEXT, *urls, lead=LEAD)) == [(LinkRank.POST, post)]


@pytest.mark.parametrize("host", ["t.co", "bit.ly", "tinyurl.com", "buff.ly", "lnkd.in", "ow.ly"])
def test_a_short_form_comes_after_all_that_says_where_it_leads(host: str) -> None:
    """Letters that its writer chose make it first-hand for nothing."""
    short, hub = f"https://{host}/heron-atlas", "https://someone.test/"
    found = ranked(mention(TEXT, short, hub, lead=LEAD))
    assert found == [(LinkRank.HUB, hub), (LinkRank.SHORTENED, short)]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.apple.com/newsroom/2026/01/apple-unveils-lake-studio/", True),
        ("https://www.apple.com/airpods/", False),
        ("https://apple.com.lakes.test/lake-studio/", False),
        ("https://heron.test/lake-studio/", False),
    ],
)
def test_a_well_known_makers_page_is_shown_beside_posts_of_others(url: str, *, shown: bool) -> None:
    """The editors name the thing without its maker, whom a post on Reddit names and links to."""
    told = mention(
        "Lake Studio with 512GB: somebody highlighted it.",
        "https://x.com/somebody/status/1",
        lead="Lake Studio with 512GB",
    )
    posted = mention(
        "Apple and Heron release Lake Studio: a new machine.",
        url,
        lead="Apple and Heron release Lake Studio",
        part="reddit",
        name="m002",
    )
    found = order_links([told, posted]).shown
    assert (url in found) == shown
    assert found[0] == (url if shown else "https://x.com/somebody/status/1")
