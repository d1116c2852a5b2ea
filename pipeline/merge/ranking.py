"""How much a story matters, and which half of the digest it suits: from facts of the issue alone.

Every fact adds to a score or takes from it, and is named in one clause, so that a story says why it
stands where it stands. Where a fact is a word of the text, the word lists are short, and no name of
a product stands in them. Nothing here is certain: the order is what a model sees first and what
stands in for its answer.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.merge.features import Features, comparable_words
from pipeline.merge.primary_link import LinkRank, rank_links
from pipeline.recaps import is_top_tweet, recap_names, section_points
from pipeline.records import EntryKind, Issue, Mention, Salience
from pipeline.urls import link_type

_RECAP = 1.2  # for each further recap
_MENTIONS = 0.5  # for each doubling of the mentions
_TOP_TWEETS = 0.9
_IN_TITLE, _IN_DESCRIPTION, _TAGGED = 2.0, 1.0, 0.5
_NAMED_SHARE = 0.14  # of a mention's weight, that a sentence of the editors has to share
_FIRST_HAND, _MAKER, _ONLY_THREAD, _NO_LINK = 0.7, 0.4, -0.3, -1.0
_FIGURES = 0.3  # a text with two numbers or more
_REDDIT_VOTES = 0.5  # for each tenfold of a hundred votes
_MAX_PLACE = 0.6  # for the first of a recap, falling to nothing for its last


class _Fact(NamedTuple):
    points: float
    clause: str


# What speaks against a story, in its lead or first sentence. Structure first: a question is one, a
# poll is one; then the few words that the recaps' writers use for what nobody can build on.
_PENALTIES: tuple[tuple[str, re.Pattern[str], float], ...] = (
    ("a joke", re.compile(r"\b(memes?|humorous\w*|jok(e|es|ing)|satir\w+|parod\w+|funny)\b"), -2.0),
    ("not technical", re.compile(r"\bnon-technical|no technical (content|details)\b"), -1.2),
    (
        "a question or complaint",
        re.compile(
            r"\?\n|\b(inquir\w+|ask(s|ed|ing)? (for|about|how|whether|if)|struggl\w+|complain\w*"
            r"|(seek(s|ing)?|sought) (advice|help|recommend\w+|clarif\w+|info\w*|input|guidance|a)"
            r"|frustrat\w+|troubleshoot\w*|confus\w+|debat\w+|speculat\w+|wonder\w*|advice|unhappy"
            r"|disappoint\w+|outage|billing|subscription|refund)\b"
        ),
        -0.8,
    ),
    (
        "impressions",
        re.compile(
            r"\b(users?|members?|some|several people|community) (\w+ )?(report|claim|note|find"
            r"|found|express|share|prais|experienc|discuss|are|were|prefer|suggest|highlight)"
        ),
        -0.4,
    ),
    (
        "a community's own affairs",
        re.compile(
            r"\b(hiring|job (offer|post\w*|opening)|seeks? (work|collab\w+)|meetup|hackathon"
            r"|webinar|workshop|giveaway|office hours|certificat\w+|moderat(or|ors|ion)|spam"
            r"|scam\w*|server rules|introduc\w+ (them|him|her)sel(f|ves)|discord (channel|server)"
            r"|newsletter)\b"
        ),
        -1.0,
    ),
    (
        "money",
        re.compile(
            r"\b(rais(es|ed|ing) \$|series [a-f]\b|valuation|funding (round|campaign)|stock|shares"
            r"|market cap|ipo\b|lawsuit|sues|sued)"
        ),
        -0.5,
    ),
    (
        "a gadget or pastime",
        re.compile(
            r"\b(girlfriend|boyfriend|selfie|horoscope|wallpaper|cosplay|anime|dating|smartphone|earbuds"
            r"|smartwatch|cannabis|politic\w*|election)\b"
        ),
        -0.8,
    ),
)

# What an engineer can take into use, and what one can only know.
_TOOL_PAGES = {"repository": 1.2, "package": 1.5, "model": 0.9, "vendor": 0.3}
_TOOL_WORDS = re.compile(
    r"\b(open[- ]?sourc\w+|librar(y|ies)|frameworks?|sdks?|clis?|plug-?ins?|extensions?|toolkits?"
    r"|packages?|repo(sitor(y|ies))?|integrat\w+|ides?|apps?|apis?|playground|notebooks?|datasets?"
    r"|(a|new|coding|free) tool|tool(ing|kit)s?|tutorials?|guides?|how to|cookbook|skills?"
    r"|connectors?|workflows?|routers?|features?|rolls? out|rollout|now available|beta|preview"
    r"|compilers?|kernels?|wheels|servers?|editors?|visuali[sz]er|tracing|sandbox\w*|memory layer"
    r"|protocols?|templates?|gguf|quantiz\w+|run(s|ning)? locally|pip install|v\d+\.\d+)\b"
)
_NEWS_WORDS = re.compile(
    r"\b(benchmarks?|leaderboards?|stud(y|ies)|research(ers)?|paper|funding|rais(es|ed)|acqui\w+"
    r"|lawsuit|accus\w+|report(s|ed|edly)?|valuation|deal|partner\w*|pric(e|es|ing)|raises|series"
    r"|polic(y|ies)|regulat\w+|ceo|joins?|leaks?|rumou?r\w*|crowned|scor(e|es|ed)|surpass\w*"
    r"|outperform\w*|data cent(er|re)s?|gigawatts?|\d+ ?gw|revenue|ban(s|ned)?|debate)\b"
)
_TRACKER = re.compile(r"/(issues|pull|discussions)/\d")  # talk about a thing, not the thing
_TOOL_MARGIN = 0.5  # by how much use has to outweigh knowledge
_MAX_WORDS = 3  # words of one sort that count
_FIGURE = re.compile(r"(?<![\w.])[$€£~+≈-]?\d[\d,.]{0,30}\s?(%|x\b|[kKMBT]\b|GB|tokens|params)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_HEAD_CHARS = 300


class SalienceScorer:
    """Weighs the stories of one issue."""

    def __init__(
        self, issue: Issue, mentions: Sequence[Mention], features: Sequence[Features]
    ) -> None:
        """Remember what a story is compared with.

        Args:
            issue: for its title, description and tags.
            mentions: its mentions that tell something, in the order of the page.
            features: their traits.
        """
        self._features = features
        self._mentions = mentions
        self._title = comparable_words(issue.title)
        self._sentences = [comparable_words(each) for each in _SENTENCE.split(issue.description)]
        self._tags = {re.sub(r"[\s_-]", "", tag.casefold()) for tag in issue.tags}
        self._positions = _positions(mentions)

    def score(self, members: Sequence[int]) -> tuple[Salience, tuple[str, ...]]:
        """Weigh one story.

        Args:
            members: places of its mentions, best first.

        Returns:
            Its salience, and the addresses that an entry may show, the most first-hand one first.
        """
        mentions = [self._mentions[place] for place in members]
        sources = rank_links(mentions)
        facts = [
            *self._placement_facts(members, mentions),
            *self._editorial_facts(members),
            *_link_facts([rank for rank, _ in sources]),
            *_wording_facts(mentions),
        ]
        salience = Salience(
            score=round(sum(fact.points for fact in facts), 3),
            leaning=_leaning(mentions, sources),
            facts=tuple(f"{fact.clause} {fact.points:+.1f}" for fact in facts),
        )
        return salience, tuple(url for _, url in sources)

    def _placement_facts(
        self, members: Sequence[int], mentions: Sequence[Mention]
    ) -> Iterator[_Fact]:
        """Weigh where a story is told, how often, and how high up."""
        worth = max(section_points(mention) for mention in mentions)
        yield _Fact(worth, f"stands in {mentions[0].part}")
        yield _Fact(
            _MAX_PLACE * max(self._positions[place] for place in members), "place in its list"
        )
        recaps = sorted(recap_names(mentions))
        if len(recaps) > 1:
            yield _Fact(_RECAP * (len(recaps) - 1), f"told in {', '.join(recaps)}")
        if len(mentions) > 1:
            yield _Fact(_MENTIONS * math.log2(len(mentions)), f"{len(mentions)} mentions")
        if any(is_top_tweet(mention) for mention in mentions):
            yield _Fact(_TOP_TWEETS, "among the top tweets")
        votes = max((m.activity or 0 for m in mentions if section_points(m) > 0), default=0)
        if votes > 100:  # noqa: PLR2004 - the fewest votes of a post that the recaps tell
            yield _Fact(_REDDIT_VOTES * math.log10(votes / 100), f"{votes} votes on Reddit")

    def _editorial_facts(self, members: Sequence[int]) -> Iterator[_Fact]:
        """Weigh whether the issue's title, description and tags name it."""
        texts = [self._features[place] for place in members]
        if any(_shared_weight(each, self._title) >= _NAMED_SHARE for each in texts):
            yield _Fact(_IN_TITLE, "in the issue's title")
        if any(
            _shared_weight(each, line) >= _NAMED_SHARE for each in texts for line in self._sentences
        ):
            yield _Fact(_IN_DESCRIPTION, "in the issue's description")
        if any(not self._tags.isdisjoint(each.names) for each in texts):
            yield _Fact(_TAGGED, "in the issue's tags")


def _positions(told: Sequence[Mention]) -> list[float]:
    """Say how high up in its recap each mention stands: 1 for the first, towards 0."""
    sizes: dict[str, int] = {}
    order = []
    for mention in told:
        order.append(sizes.get(mention.part, 0))
        sizes[mention.part] = order[-1] + 1
    return [1 - at / sizes[mention.part] for at, mention in zip(order, told, strict=True)]


def _shared_weight(about: Features, words: Iterable[str]) -> float:
    """Say which part of a mention's weight lies on some words, of which it has two at least."""
    rare, frequent = about.words, about.frequent
    weights = [
        weight**2 for word in words if (weight := rare.get(word) or frequent.get(word)) is not None
    ]
    return sum(weights) if len(weights) > 1 else 0.0


def _link_facts(ranks: Sequence[LinkRank]) -> Iterator[_Fact]:
    best = min(ranks, default=LinkRank.FALLBACK)
    if best is LinkRank.SUBJECT:
        yield _Fact(_FIRST_HAND, "links the thing itself")
    elif best is LinkRank.MAKER:
        yield _Fact(_MAKER, "links its maker's post")
    elif best is LinkRank.THREAD:
        yield _Fact(_ONLY_THREAD, "links a thread only")
    elif best is LinkRank.FALLBACK:
        yield _Fact(_NO_LINK, "no link")


def _wording_facts(mentions: Sequence[Mention]) -> Iterator[_Fact]:
    """Weigh what the best mention says of itself."""
    head = _head(mentions[0])
    for clause, pattern, points in _PENALTIES:
        if pattern.search(head):
            yield _Fact(points, clause)
    figures = {match[0] for match in _FIGURE.finditer(mentions[0].text.split("\n")[0])}
    if len(figures) > 1:
        yield _Fact(_FIGURES, f"{len(figures)} figures")


def _leaning(mentions: Sequence[Mention], sources: Sequence[tuple[LinkRank, str]]) -> EntryKind:
    """Say whether a story is something to use rather than something to know."""
    pages = {
        link_type(url)
        for rank, url in sources
        if rank is LinkRank.SUBJECT and not _TRACKER.search(url)
    }
    head = _head(mentions[0])
    use = max((_TOOL_PAGES.get(page, 0.0) for page in pages), default=0.0)
    use += 0.5 * min(_MAX_WORDS, len({m[0] for m in _TOOL_WORDS.finditer(head)}))
    know = 0.5 * min(_MAX_WORDS, len({m[0] for m in _NEWS_WORDS.finditer(head)}))
    return "tool" if use - know >= _TOOL_MARGIN else "news"


def _head(mention: Mention) -> str:
    """Give the lead, on a line of its own, and the start of the text, in small letters."""
    lead = mention.lead or mention.text.split("\n")[0][:80]
    return f"{lead}\n{mention.text[: len(lead) + _HEAD_CHARS]}".casefold()
