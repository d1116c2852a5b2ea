"""A story's weight comes from facts of the issue, and so does the address it names first."""

import pytest

from build import issue, mention
from pipeline.merge import merge
from pipeline.records import Mention, Part, Story

REDDIT = "https://www.reddit.com/r/LocalLLaMA/comments/1abc/heron/"
OTHER = "Charts of harbours are read aloud for pilots whose eyes are tired, in four languages now. "
BODY = "It maps currents of twelve seas on a laptop, with weights and code for anybody to try. "


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (
            mention(
                f"Heron maps seas: {BODY}", "https://github.com/a/heron", lead="Heron maps seas"
            ),
            mention(f"Ibis reads charts: {OTHER}", lead="Ibis reads charts"),
        ),
        (
            mention(
                f"Heron maps seas: {BODY}", part="discord", section=("Discord", "Theme 1. Sea")
            ),
            mention(f"Ibis reads charts: {OTHER}", part="discord", section=("Discord", "Guild")),
        ),
        (
            mention(f"Heron maps seas: {BODY}", part="reddit", section=("R", "/r/LocalLlama")),
            mention(
                f"Ibis reads charts: {OTHER}", part="reddit", section=("R", "Less Technical Recap")
            ),
        ),
        (
            mention(f"Heron maps seas: {BODY}", part="reddit", activity=4000),
            mention(f"Ibis reads charts: {OTHER}", part="reddit", activity=200),
        ),
        (
            mention(f"Heron maps seas: {BODY}"),
            mention(f"The image is a meme about an ibis. {OTHER}"),
        ),
        (
            mention(f"Heron maps seas: {BODY}"),
            mention(f"Which laptop?: A user asks for advice. {OTHER}", lead="Which laptop?"),
        ),
        (
            mention(f"Heron maps seas: {BODY}"),
            mention(f"Ibis raises $90M in a series B at a valuation of a billion. {OTHER}"),
        ),
    ],
    ids=["link", "theme", "technical", "votes", "joke", "question", "money"],
)
def test_a_fact_makes_the_difference(better: Mention, worse: Mention) -> None:
    """Of two mentions that differ in one fact, the first in the page is the less salient one."""
    made = merge(issue(worse, better))
    assert made[0].mentions == (better,)


def test_more_recaps_and_the_top_tweets_lift_a_story() -> None:
    """What several recaps tell, and Twitter's readers passed on, comes before what one tells."""
    post = "https://x.com/heronlab/status/7"
    told = [
        mention(
            f"Ibis reads charts: {OTHER}", "https://x.com/ibis/status/8", lead="Ibis reads charts"
        ),
        mention(f"Heron maps seas: {BODY}", post, lead="Heron maps seas"),
        mention("@heronlab: Heron maps seas", post, section=("Twitter", "Top tweets")),
        mention(f"Heron at sea: {BODY}", post, part="reddit", lead="Heron at sea", activity=500),
    ]
    first = merge(issue(*told))[0]
    assert len(first.mentions) == 3
    facts = " ".join(first.salience.facts)
    assert "told in reddit, twitter" in facts
    assert "among the top tweets" in facts
    assert "3 mentions" in facts


def test_the_editors_own_words_lift_a_story() -> None:
    """A story that the issue's title, description or tags name comes before its equals."""
    told = [
        mention(f"{bird} {number} counts fish: {BODY}", lead=f"{bird} {number} counts fish")
        for number, bird in enumerate(("Ibis", "Crane", "Stork", "Heron", "Egret"), start=2)
    ]
    made = merge(
        issue(*told, title="Heron 5 counts", description="Heron 5 counts fish.", tags=("heron-5",))
    )
    assert made[0].lead == "Heron 5 counts fish"
    facts = " ".join(made[0].salience.facts)
    assert "title" in facts
    assert "description" in facts
    assert "tags" in facts


@pytest.mark.parametrize(
    ("text", "url", "leaning"),
    [
        (
            "Heron, an open-source library with a CLI, is on GitHub.",
            "https://github.com/a/heron",
            "tool",
        ),
        ("Heron's plugin rolls out: a guide shows how to use its API.", "https://a.test/x", "tool"),
        ("Heron wins: a study scores it above others on a benchmark.", "https://a.test/x", "news"),
        ("Heron is accused of copying, papers report.", "https://wsj.com/tech/heron", "news"),
        ("A bug in Heron is discussed.", "https://github.com/a/heron/issues/12", "news"),
    ],
)
def test_use_and_knowledge_are_told_apart(text: str, url: str, leaning: str) -> None:
    """What an engineer can take into use leans to the tools, what one can only know to the news."""
    (story,) = merge(issue(mention(text, url, lead=text.split(maxsplit=1)[0].strip(",:"))))
    assert story.salience.leaning == leaning


def test_the_facts_add_up_to_the_score() -> None:
    """Every clause ends in what it added, so that a reader can check the sum."""
    story = _story(f"Heron maps 12 seas: {BODY}", REDDIT, part="reddit")
    points = [float(fact.rsplit(" ", 1)[1]) for fact in story.salience.facts]
    assert sum(points) == pytest.approx(story.salience.score, abs=0.05 * len(points))


@pytest.mark.parametrize(
    ("urls", "first"),
    [
        (
            (REDDIT, "https://i.redd.it/a.png", "https://huggingface.co/lab/heron-2"),
            "https://huggingface.co/lab/heron-2",
        ),
        (
            ("https://x.com/somebody/status/1", "https://x.com/HeronLab/status/2"),
            "https://x.com/HeronLab/status/2",
        ),
        (
            ("https://x.com/somebody/status/1", "https://arxiv.org/abs/2512.00001"),
            "https://arxiv.org/abs/2512.00001",
        ),
        (
            (REDDIT, "https://github.com/other/thing", "https://heron.test/blog/heron-2"),
            "https://heron.test/blog/heron-2",
        ),
        (
            ("https://openrouter.ai/lab/heron-2", "https://x.com/heronlab/status/2"),
            "https://x.com/heronlab/status/2",
        ),
        (
            ("https://xcancel.com/heronlab/status/2", "https://x.com/heronlab/status/2"),
            "https://x.com/heronlab/status/2",
        ),
        (("https://heron.test/", REDDIT), REDDIT),
        (("https://news.smol.ai/issues/x", "https://x.com/a/status/1"), "https://x.com/a/status/1"),
    ],
)
def test_the_first_hand_address_comes_first(urls: tuple[str, ...], first: str) -> None:
    """The thing itself before its maker's post, that before a commentator's, a thread after both."""
    story = _story(
        f"Heron 2 maps seas: the Heron lab says so. {BODY}", *urls, lead="Heron 2 maps seas"
    )
    assert story.sources[0] == first


def test_pictures_and_the_newsletter_are_only_shown_alone() -> None:
    """An entry shows a picture, a chat or the newsletter's own page only for want of anything else."""
    picture, own = "https://i.redd.it/a.png", "https://news.smol.ai/issues/26-01-01-x"
    assert _story(BODY, picture, own, REDDIT).sources == (REDDIT,)
    assert _story(BODY, picture, own).sources == (picture, own)
    assert _story(BODY).sources == ()


def _story(text: str, *urls: str, lead: str = "", part: Part = "twitter") -> Story:
    (story,) = merge(issue(mention(text, *urls, lead=lead, part=part)))
    return story
