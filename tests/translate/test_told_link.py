"""A link that is about something else in the same bullet is not shown."""

import pytest

from build import mention
from pipeline.records import Entry, Link, Sentence, Story
from pipeline.translate.told_link import link_told

ORCA, HERON = "https://example.org/posts/1", "https://example.org/posts/2"
TEXT = (
    "Orca 3 added worktrees for agents that run side by side, with a session for each of them and "
    "images that it reads, as its makers say in the notes of the release. "
    "Heron moved its agents into Slack and Teams, where whoever has a question may ask one of them "
    "for a change, and where designers look at what came of it."
)


def told_entry(story: Story, line: int) -> Entry:
    """Write an entry of one sentence that rests on this line."""
    return Entry(
        kind="tool",
        title="标题",
        summary="话。",
        sentences=(Sentence(text="话。", lines=(line,)),),
        link=None,
        links=story.links,
        evidence=story.evidence,
        mentions=("m001",),
    )


def told_of(anchors: dict[str, str], line: int, told: str, text: str = TEXT) -> str | None:
    """Choose among links with these words, by address, of an entry that tells this line."""
    links = tuple(Link(url=url, text=words) for url, words in anchors.items())
    story = Story(id="s01", mentions=(mention(text).model_copy(update={"links": links}),))
    entry = told_entry(story, line)
    return link_told(entry, story.mentions, tuple(anchors), told, told)


@pytest.mark.parametrize(("line", "told", "url"), [
    (1, "Orca 3 added worktrees for agents", ORCA),
    (2, "Heron moved its agents into Slack", HERON),
])  # fmt: skip
def test_the_link_is_that_of_the_sentence_that_is_told(line: int, told: str, url: str) -> None:
    """Whichever of the two is the more first-hand one."""
    one = {ORCA: "Orca 3 added", HERON: "Heron moved"}
    assert told_of(one, line, told) == url
    assert told_of(dict(reversed(one.items())), line, told) == url


def test_an_address_with_the_name_may_stand_in_another_sentence() -> None:
    """The maker's page about Orca 3 stays, wherever the newsletter names it."""
    page = "https://example.org/blog/orca-3"
    assert told_of({page: "Heron", ORCA: "Orca 3"}, 1, "Orca 3 added worktrees") == page


def test_a_long_anchor_says_itself_what_its_page_is_about() -> None:
    """Three runtimes in one line: each page is named by its own words."""
    text = TEXT.replace(
        "Heron moved", "Orca 3 is open, Egret made its own model the default, Heron moved"
    )
    links = {HERON: "Egret made its own model the default", ORCA: "Orca 3 is open"}
    assert told_of(links, 2, "Orca 3 is open", text) == ORCA


def test_where_each_link_is_about_something_else_there_is_none() -> None:
    """Who asks decides what to show then."""
    assert told_of({HERON: "Heron moved"}, 1, "Orca 3 added worktrees") is None


def test_a_link_beside_the_sentence_that_names_it_goes_before_one_above() -> None:
    """The repository of what the headline names first is not about what a later line tells."""
    above, own = "https://github.com/acme/orca", "https://heron.example/docs/agents"
    text = TEXT.replace("Heron moved its agents", "Heron moved its agents of Orca 3")
    links = {above: "Orca 3 added", own: "Heron moved"}
    assert told_of(links, 2, "Heron moved its agents of Orca 3 into Slack", text) == own
    assert told_of(links, 1, "Orca 3 added worktrees", text) == above


def test_each_sentence_of_a_bullet_has_its_own_posts() -> None:
    """Not the one of whoever is named first, where the address of neither names a thing."""
    text = (
        "Orca 3 drew much talk, and @amy praises its speed. Of its agents @bob says little. "
        "Heron put out a recipe for serving it in @heronlab; Egret has an example in @carl."
    )
    posts = {
        f"https://x.com/{name}/status/{at}": f"@{name}"
        for at, name in enumerate(("amy", "bob", "heronlab", "carl"), 1)
    }
    heron = "https://x.com/heronlab/status/3"
    assert told_of(posts, 2, "Heron put out a recipe for serving it.", text) == heron
    assert told_of(posts, 2, "Egret has an example.", text) == "https://x.com/carl/status/4"


def test_two_posts_of_one_account_stand_in_their_order() -> None:
    """The second time that an account is named it is the second link."""
    text = (
        "Orca 3 was praised by its first users, who say how fast it is on small machines (@amy). "
        "Heron opened its agents to whoever has a question, in Slack and in Teams (@amy)."
    )
    urls = ("https://x.com/amy/status/1", "https://x.com/amy/status/2")
    links = tuple(Link(url=url, text="@amy") for url in urls)
    story = Story(id="s01", mentions=(mention(text).model_copy(update={"links": links}),))
    entry = told_entry(story, 2)
    told = "Heron opened its agents to whoever has a question."
    assert link_told(entry, story.mentions, urls, told, told) == urls[1]
