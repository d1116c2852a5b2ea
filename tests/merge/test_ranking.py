"""A story's weight comes from facts of the issue, and so does the address it names first."""

from itertools import permutations
from typing import Any

import pytest

from build import issue, mention
from pipeline.merge.features import Features
from pipeline.merge.ranking import shared_weight
from pipeline.merge.stories import merge
from pipeline.records import IssuePart, Mention, Story

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
    facts = " ".join(tuple(map(str, first.salience.facts)))
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
    facts = " ".join(tuple(map(str, made[0].salience.facts)))
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
    points = [fact.points or 0.0 for fact in story.salience.facts]
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


PLAIN = (
    "Heron counts fish along the coast, as it has done for many years now, in all weathers. " * 2
)


def points(*told: Mention, **about: Any) -> dict[str, float]:
    """Weigh the first story of an issue: what each fact gave."""
    facts = merge(issue(*told, **about))[0].salience.facts
    return {str(fact.reason): fact.points or 0.0 for fact in facts}


@pytest.mark.parametrize(
    ("part", "section", "worth"),
    [
        ("twitter", ("AI Twitter Recap", "Models"), 2.6),
        ("twitter", ("AI Twitter Recap", "Top tweets (by engagement)"), 1.0),
        ("twitter", ("AI Twitter Recap", "Memes"), -1.0),
        ("twitter", ("AI Twitter Recap", "Memes/Humor"), -1.0),
        ("twitter", ("AI Twitter Recap", "Memes in top tweets"), 1.0),
        ("reddit", ("AI Reddit Recap", "/r/LocalLlama"), 1.8),
        ("reddit", ("AI Reddit Recap", "Less Technical AI Subreddit Recap"), 0.6),
        ("reddit", ("AI Reddit Recap", "Other AI Subreddit Recap"), 0.6),
        ("reddit", ("Other AI Subreddit Recap", "Humour"), -1.0),
        ("intro", (), 1.6),
        ("discord", ("Discord", "Theme 1. Sea"), 1.6),
        ("discord", ("Discord", "Theme park"), 0.4),
        ("discord", ("Discord", "Heron guild"), 0.4),
        ("discord_details", ("Heron guild", "#general"), 0.0),
        ("discord_details", ("Heron guild", "Theme 1"), 0.0),
    ],
)
def test_a_list_gives_its_points(part: IssuePart, section: tuple[str, ...], worth: float) -> None:
    """Somebody chose what stands in the recaps, most of all on Twitter; jokes cost points."""
    assert points(mention(PLAIN, part=part, section=section))[f"stands in {part}"] == worth


def test_a_place_gives_up_to_six_tenths() -> None:
    """The first of a recap has 0.6 points for its place, the others less; each recap by itself."""
    told = [mention(f"{PLAIN} {word}", name=f"m00{n}") for n, word in enumerate("abc")]
    first = points(mention(OTHER * 2, part="intro", section=()), told[0])
    assert first["place in its list"] == 0.6
    made = merge(issue(mention(PLAIN), mention(OTHER * 2), mention(BODY * 2)))
    given = [story.salience.score - 2.6 + 1.0 for story in made]
    assert given == pytest.approx([0.6, 0.4, 0.2], abs=0.001)


def test_the_best_place_and_list_of_a_story_count() -> None:
    """A story has the worth and the place of its best mention, and the part of its first one."""
    post = "https://x.com/heronlab/status/7"
    details = ("Heron guild", "#general")
    told = [
        mention(OTHER * 2),
        mention(f"Heron maps seas: {BODY}", post, lead="Heron maps seas", name="m002"),
        mention(f"Heron maps seas: {BODY}", post, lead="Heron maps seas", part="discord_details",
                section=details, name="m003"),
    ]  # fmt: skip
    story = next(story for story in merge(issue(*told)) if len(story.mentions) == 2)
    assert tuple(map(str, story.salience.facts))[:2] == (
        "stands in twitter +2.6",
        "place in its list +0.6",
    )
    top = mention(f"Heron maps seas: {BODY}", post, lead="Heron maps seas",
                  section=("AI Twitter Recap", "Top tweets"))  # fmt: skip
    assert points(top, told[1])["stands in twitter"] == 2.6


def test_what_is_printed_twice_and_one_accounts_posts_count_once() -> None:
    """A summary that stands twice, and twelve posts by one account, are one telling."""
    twice = [mention(PLAIN, lead="Heron counts fish", section=("A", name)) for name in "ab"]
    posts = [
        mention(f"@ann: Heron counts fish, {n} of them {PLAIN}", f"https://x.com/Ann/status/{n}")
        for n in range(12)
    ]
    for day in (twice, posts):
        assert not any(clause.endswith(" mentions") for clause in points(*day))


@pytest.mark.parametrize(
    ("parts", "told", "mentions", "given"),
    [
        (("twitter",), None, None, 0.0),
        (("twitter", "reddit"), "told in reddit, twitter", "2 mentions", 1.2 + 0.5),
        (("twitter", "twitter"), None, "2 mentions", 0.5),
        (("discord", "discord_details"), None, "2 mentions", 0.5),
        (("twitter", "discord_details"), "told in discord, twitter", "2 mentions", 1.2 + 0.5),
        (
            ("twitter", "reddit", "discord", "discord_details"),
            "told in discord, reddit, twitter",
            "4 mentions",
            2.4 + 1.0,
        ),
    ],
)
def test_each_further_recap_and_each_doubling_gives_points(
    parts: tuple[IssuePart, ...], told: str | None, mentions: str | None, given: float
) -> None:
    """A further recap gives 1.2, and a doubling of the mentions 0.5; Discord's details are Discord."""
    post = "https://x.com/ibis/status/7"
    day = [
        mention(
            f"{PLAIN}{'.' * n}{n}",
            post,
            lead="Heron counts fish",
            part=part,
            section=("A", f"list {n}"),
        )
        for n, part in enumerate(parts)
    ]
    (story,) = merge(issue(*day))
    found = points(*day)
    assert {clause for clause in found if clause.startswith("told in")} == ({told} - {None})
    assert {clause for clause in found if clause.endswith(" mentions")} == ({mentions} - {None})
    plain = found[f"stands in {story.part}"] + 0.6
    assert story.salience.score - plain == pytest.approx(given, abs=0.001)


def test_top_tweets_give_points_on_twitter_alone() -> None:
    """What Twitter's readers passed on most gives 0.9; another list of that name does not."""
    section = ("Recap", "Top Tweets (by engagement)")
    assert points(mention(PLAIN, section=section))["among the top tweets"] == 0.9
    assert "among the top tweets" not in points(mention(PLAIN, section=section, part="reddit"))
    assert "among the top tweets" not in points(mention(PLAIN))


@pytest.mark.parametrize(
    ("votes", "given"),
    [(None, None), (0, None), (100, None), (101, 0.0), (1000, 0.5), (10_000, 1.0)],
)
def test_each_tenfold_of_votes_gives_half_a_point(votes: int | None, given: float | None) -> None:
    """Votes count above a hundred, by their logarithm."""
    told = mention(PLAIN, part="reddit", section=("R", "/r/LocalLlama"), activity=votes)
    found = [value for clause, value in points(told).items() if "votes on Reddit" in clause]
    assert found == ([] if given is None else [given])


def test_votes_for_a_joke_give_nothing() -> None:
    """Everybody votes for jokes; of several posts the most votes count."""
    joke = mention(PLAIN, part="reddit", section=("R", "Memes"), activity=9000)
    assert not [clause for clause in points(joke) if "votes" in clause]
    page = "https://a.test/x"
    posts = [
        mention(PLAIN, page, part="reddit", section=("R", f"/r/{n}"), activity=votes)
        for n, votes in enumerate((200, 5000, 300))
    ]
    assert [clause for clause in points(*posts) if "votes" in clause] == ["5000 votes on Reddit"]


@pytest.mark.parametrize(
    ("about", "given"),
    [
        ({"title": "Heron counts fish"}, {"in the issue's title": 2.0}),
        ({"title": "HERON COUNTS"}, {"in the issue's title": 2.0}),
        ({"title": "Heron"}, {}),
        ({"title": "Ibis reads charts"}, {}),
        ({"description": "Ibis sleeps. Heron counts fish!"}, {"in the issue's description": 1.0}),
        ({"description": "Ibis likes heron. Owl counts."}, {}),
        ({"tags": ("lumen-5",)}, {"in the issue's tags": 0.5}),
        ({"tags": ("Lumen 5", "owl")}, {"in the issue's tags": 0.5}),
        ({"tags": ("lumen-6",)}, {}),
    ],
)
def test_the_editors_words_give_points(about: dict[str, Any], given: dict[str, float]) -> None:
    """Two words of the title, or of one sentence of the description, or a name of the tags."""
    text = "Heron counts fish with Lumen-5"
    found = points(mention(f"{text}: well.", lead=text), **about)
    assert {clause: each for clause, each in found.items() if "issue's" in clause} == given


@pytest.mark.parametrize(("extra", "named"), [(10, True), (45, False)])
def test_the_editors_words_have_to_be_much_of_a_mention(extra: int, *, named: bool) -> None:
    """Two words in common out of very many do not name a story."""
    rest = " ".join(f"wor{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(extra))
    told = mention(f"Heron counts {rest}", lead="")
    assert ("in the issue's title" in points(told, title="Heron counts")) is named


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("https://github.com/lab/heron", {"links the thing itself": 0.7}),
        ("https://x.com/heronlab/status/1", {"links its maker's post": 0.4}),
        ("https://x.com/ibis/status/1", {}),
        ("https://a.test/x", {}),
        (REDDIT, {"links a thread only": -0.3}),
        ("https://i.redd.it/a.png", {"no link": -1.0}),
        ("", {"no link": -1.0}),
    ],
)
def test_the_best_link_gives_points(url: str, given: dict[str, float]) -> None:
    """The thing itself is worth most, a thread costs a little, and no link costs a whole point."""
    found = points(mention(PLAIN, *filter(None, [url]), lead="Heron counts fish"))
    assert {clause: each for clause, each in found.items() if "link" in clause} == given
    if url != REDDIT:
        both = points(mention(PLAIN, *filter(None, [url]), REDDIT, lead="Heron counts fish"))
        assert ("links a thread only" in both) is ("no link" in given)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("The image is a meme.", {"a joke": -2.0}),
        ("The post is non-technical.", {"not technical": -1.2}),
        ("A user asks for advice.", {"a question or complaint": -0.8}),
        ("Many users report slow fish.", {"impressions": -0.4}),
        ("A hackathon on fish.", {"a community's own affairs": -1.0}),
        ("The lab raises $90M.", {"money": -0.5}),
        ("It draws anime.", {"a gadget or pastime": -0.8}),
        ("IT DRAWS ANIME.", {"a gadget or pastime": -0.8}),
        ("A meme of a hackathon.", {"a joke": -2.0, "a community's own affairs": -1.0}),
        ("Fish swim.", {}),
    ],
)
def test_what_speaks_against_a_story_costs_points(text: str, given: dict[str, float]) -> None:
    """Jokes cost most, then what nobody can build on."""
    found = points(mention(text, REDDIT))
    lists = ("stands in", "place in", "links a thread")
    assert {clause: each for clause, each in found.items() if not clause.startswith(lists)} == given


def test_a_lead_that_asks_is_a_question() -> None:
    """A question mark ends the lead: one within it, or in the text, does not count."""
    asks = points(mention("Which fish?: Heron says so.", REDDIT, lead="Which fish?"))
    assert asks["a question or complaint"] == -0.8
    for lead in ("Which fish? Heron", "Which fish"):
        told = mention(f"{lead}: Who knows? Heron says so.", REDDIT, lead=lead)
        assert "a question or complaint" not in points(told)


def test_only_the_beginning_of_the_best_mention_speaks_against_it() -> None:
    """Three hundred characters after the lead are read, and no other mention."""
    lead = "Heron counts fish"
    for gap, against in ((290, True), (305, False)):
        told = mention(f"{lead}{'.' * gap} anime", REDDIT, lead=lead)
        assert ("a gadget or pastime" in points(told)) is against
    for gap, against in ((365, True), (380, False)):
        assert ("a gadget or pastime" in points(mention(f"{'.' * gap} anime"))) is against
    post = "https://x.com/ibis/status/7"
    best = mention(PLAIN, post, lead=lead)
    other = mention(f"{lead}: it draws anime.", post, lead=lead, section=("T", "Top tweets"))
    assert "a gadget or pastime" not in points(other, best)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Heron eats 30% more.", 0),
        ("Heron eats 30% more in 24GB.", 2),
        ("Heron eats 30% more, that is, 30% more.", 0),
        ("Heron eats 30%, 24GB and 5 tokens.", 3),
        ("Heron eats 30% more.\n- In 24GB.", 0),
        ("Heron eats 30 fish in 24 days.", 0),
        ("Heron v1.5B and 24GB.", 0),
        ("Heron sells for $90M and 3x that.", 2),
    ],
)
def test_two_figures_give_points(text: str, figures: int) -> None:
    """A first line with two different numbers of a unit is worth 0.3."""
    found = {clause: each for clause, each in points(mention(text)).items() if "figures" in clause}
    assert found == ({f"{figures} figures": 0.3} if figures else {})


@pytest.mark.parametrize(
    ("text", "url", "leaning"),
    [
        ("Heron sings.", "https://github.com/a/heron", "tool"),
        ("Heron sings.", "https://pypi.org/project/heron", "tool"),
        ("Heron sings.", "https://huggingface.co/a/heron", "tool"),
        ("Heron sings.", "https://a.test/blog/heron", "news"),
        ("Heron sings.", "https://github.com/a/other", "news"),
        ("Heron sings.", "https://github.com/a/heron/pull/7", "news"),
        ("Heron is a library.", "", "tool"),
        ("Heron is a library, says a study.", "", "news"),
        ("Heron is a library and a framework, says a study.", "", "tool"),
        ("Heron: a study of library use on GitHub.", "https://github.com/a/heron", "tool"),
        ("Heron: study, benchmark, paper.", "https://github.com/a/heron", "news"),
        ("Heron: study, benchmark.", "https://pypi.org/project/heron", "tool"),
        ("Heron: study, benchmark.", "https://github.com/a/heron", "news"),
        ("Heron: study, benchmark, paper.", "https://pypi.org/project/heron", "news"),
        ("Heron: study.", "https://huggingface.co/a/heron", "news"),
        ("Heron: library, library, library; a study.", "", "news"),
        ("Heron: library, sdk, cli, plugin; study, paper, deal.", "", "news"),
        ("Heron: library, sdk, cli; study, paper, deal, debate.", "https://a.test/blog/heron",
         "news"),
        ("Heron: library, sdk; study, paper, deal, debate, ban.", "https://pypi.org/project/heron",
         "tool"),
        ("Heron: library.", "https://a.test/blog/heron", "tool"),
    ],
)  # fmt: skip
def test_use_has_to_outweigh_knowledge(text: str, url: str, leaning: str) -> None:
    """A tool's page or word speaks for use, a word of the news against it; up to three words."""
    told = mention(text, *filter(None, [url]), lead="Heron")
    assert merge(issue(told))[0].salience.leaning == leaning


def test_a_score_is_the_sum_of_its_points() -> None:
    """A plain tweet without a link has 2.6 for its list, 0.6 for its place and loses a point."""
    assert merge(issue(mention(PLAIN)))[0].salience.score == pytest.approx(2.2)


def _story(text: str, *urls: str, lead: str = "", part: IssuePart = "twitter") -> Story:
    (story,) = merge(issue(mention(text, *urls, lead=lead, part=part)))
    return story


def test_what_is_shared_weighs_the_same_in_every_order() -> None:
    """Words are a set, which has them in another order in every run."""
    weights = {"orca": 0.1, "heron": 0.2, "ibis": 0.3, "crane": 0.7}
    told = Features(weights, {}, {}, frozenset(), frozenset(), {}, (), "")
    assert len({shared_weight(told, words) for words in permutations(weights)}) == 1
