"""How much a story matters, and which half of the digest it suits: from facts of the issue alone.

Every fact adds to a score or takes from it, and is named in one clause, so that a story says why it
stands where it stands. Where a fact is a word of the text, the word lists are short, and no name of
a product stands in them. Nothing here is certain: the order is what a model sees first and what
stands in for its answer.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from pipeline.merge.features import Features, comparable_words
from pipeline.recaps import is_top_tweet, recap_names, section_points
from pipeline.records import EntryKind, Issue, Mention, Reason, ReasonCode, Salience, SalienceFact
from pipeline.urls import LinkRank, link_type, order_links

# What a fact adds to the score; what a list is worth by itself stands with the recaps. The last
# figure is what it wins: of four issues' references the first twenty stories tell 0.812 of the
# weight that twenty could, and less or more without it. Most facts decide nothing on these four;
# those below zero are kept for the issues that have no reference, until there are more.
_POINTS: Final = {
    "position": 0.6,  # for the first of a recap, falling to nothing for its last; -0.024
    "in_recaps": 1.2,  # for each further recap; 0
    "mention_count": 0.5,  # for each doubling of the mentions; -0.034
    "top_tweet": 0.9,  # 0
    "reddit_votes": 0.5,  # for each tenfold of a hundred votes; -0.017
    "in_title": 2.0,  # 0
    "in_description": 1.0,  # 0
    "in_tags": 0.5,  # 0
    "links_subject": 0.7,  # -0.043
    "links_maker": 0.4,  # 0
    "thread_only": -0.3,  # +0.011
    "no_link": -1.0,  # +0.011
    "figures": 0.3,  # a text with two numbers or more; -0.006
    "joke": -2.0,  # 0
    "not_technical": -1.2,  # 0
    "question": -0.8,  # -0.001
    "impressions": -0.4,  # +0.011
    "community": -1.0,  # 0
    "money": -0.5,  # -0.006
    "pastime": -0.8,  # -0.012
}
_NAMED_SHARE = 0.14  # of a mention's weight, that a sentence of the editors has to share
_MIN_VOTES = 100  # the fewest votes of a post that the recaps have


class _Fact(NamedTuple):
    points: float
    reason: Reason


# What speaks against a story, in its lead or first sentence. Structure first: a question is one, a
# poll is one; then the few words that the recaps' writers use for what nobody can build on.
_PENALTIES: tuple[tuple[ReasonCode, re.Pattern[str]], ...] = (
    (
        "joke",
        re.compile(r"\b(memes?|humorous\w*|jok(e|es|ing)|satir\w+|parod\w+|funny)\b"),
    ),
    (
        "not_technical",
        re.compile(r"\bnon-technical|no technical (content|details)\b"),
    ),
    (
        "question",
        re.compile(
            r"\?\n|\b(inquir\w+|ask(s|ed|ing)? (for|about|how|whether|if)|struggl\w+|complain\w*"
            r"|(seek(s|ing)?|sought) (advice|help|recommend\w+|clarif\w+|info\w*|input|guidance|a)"
            r"|frustrat\w+|troubleshoot\w*|confus\w+|debat\w+"
            r"|speculat(?!ive (?:decod|sampl|execut))\w+|wonder\w*|advice|unhappy"
            r"|disappoint\w+|outage|billing|subscription|refund)\b"
        ),
    ),
    (
        "impressions",
        re.compile(
            r"\b(users?|members?|some|several people|community) (\w+ )?(report|claim|note|find"
            r"|found|express|share|prais|experienc|discuss|are|were|prefer|suggest|highlight)"
        ),
    ),
    (
        "community",
        re.compile(
            r"\b(hiring|job (offer|post\w*|opening)|seeks? (work|collab\w+)|meetup|hackathon"
            r"|webinar|workshop|giveaway|office hours|certificat\w+|course reminder|enrol\w+"
            r"|moderat(or|ors|ion)|spam"
            r"|scam\w*|server rules|introduc\w+ (them|him|her)sel(f|ves)|discord (channel|server)"
            r"|newsletter)\b"
        ),
    ),
    (
        "money",
        re.compile(
            r"\b(rais(es|ed|ing) \$|series [a-f]\b|valuation|funding (round|campaign)|stock|shares"
            r"|market cap|ipo\b|lawsuit|sues|sued)"
        ),
    ),
    (
        "pastime",
        re.compile(
            r"\b(girlfriend|boyfriend|selfie|horoscope|wallpaper|cosplay|anime|dating|smartphone|earbuds"
            r"|smartwatch|cannabis|politic\w*|election)\b"
        ),
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
_MAX_SENTENCES = 100  # of the description, which has ten
_POST = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w+)/status/", re.IGNORECASE)


class SalienceScorer:
    """Weighs the stories of one issue."""

    def __init__(
        self, issue: Issue, mentions: Sequence[Mention], features: Sequence[Features]
    ) -> None:
        """Remember what a story is compared with."""
        self._features = features
        self._mentions = mentions
        self._title = comparable_words(issue.title)
        self._sentences = [
            comparable_words(text) for text in _SENTENCE.split(issue.description, _MAX_SENTENCES)
        ]
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
        links = order_links(mentions)
        facts = [
            *self._placement_facts(members, mentions),
            *self._editorial_facts(members),
            *_link_facts([rank for rank, _ in links.ranked]),
            *_wording_facts(mentions),
        ]
        salience = Salience(
            score=round(sum(fact.points for fact in facts), 3),
            leaning=_leaning(mentions, links.ranked),
            facts=tuple(SalienceFact(fact.reason, round(fact.points, 1)) for fact in facts),
        )
        return salience, links.shown

    def _placement_facts(
        self, members: Sequence[int], mentions: Sequence[Mention]
    ) -> Iterator[_Fact]:
        """Weigh where a story stands, how often, and how high up."""
        list_points = max(section_points(mention) for mention in mentions)
        yield _Fact(list_points, Reason.of("in_part", mentions[0].part))
        position = max(self._positions[place] for place in members)
        yield _Fact(_POINTS["position"] * position, Reason("position"))
        recaps = sorted(recap_names(mentions))
        if len(recaps) > 1:
            points = _POINTS["in_recaps"] * (len(recaps) - 1)
            yield _Fact(points, Reason.of("in_recaps", ", ".join(recaps)))
        if (count := _distinct_tellings(mentions)) > 1:
            points = _POINTS["mention_count"] * math.log2(count)
            yield _Fact(points, Reason.of("mention_count", count))
        if any(map(is_top_tweet, mentions)):
            yield _Fact(_POINTS["top_tweet"], Reason("top_tweet"))
        votes = _votes(mentions)
        if votes > _MIN_VOTES:
            points = _POINTS["reddit_votes"] * math.log10(votes / _MIN_VOTES)
            yield _Fact(points, Reason.of("reddit_votes", votes))

    def _editorial_facts(self, members: Sequence[int]) -> Iterator[_Fact]:
        """Weigh whether the issue's title, description and tags name it."""
        features = [self._features[place] for place in members]
        if _is_named(features, [self._title]):
            yield _Fact(_POINTS["in_title"], Reason("in_title"))
        if _is_named(features, self._sentences):
            yield _Fact(_POINTS["in_description"], Reason("in_description"))
        if any(not self._tags.isdisjoint(mention.names) for mention in features):
            yield _Fact(_POINTS["in_tags"], Reason("in_tags"))


def _distinct_tellings(mentions: Iterable[Mention]) -> int:
    """Count mentions; what is printed twice is one, and so are all posts of one account."""
    return len({_account(mention) or _comparable_text(mention) for mention in mentions})


def _account(mention: Mention) -> str:
    """Give the account whose post a mention of one line passes on; empty for any other."""
    match = _POST.match(mention.links[0].url) if mention.links else None
    alone = match and "\n" not in mention.text and len(mention.links) == 1
    return match[1].casefold() if match and alone and mention.text.startswith("@") else ""


def _comparable_text(mention: Mention) -> str:
    """Give a mention's letters and digits, in small letters."""
    return re.sub(r"[\W_]+", "", mention.text.casefold())


def _votes(mentions: Iterable[Mention]) -> int:
    """Give the votes of the post with the most, memes apart."""
    counts = (mention.activity or 0 for mention in mentions if section_points(mention) > 0)
    return max(counts, default=0)


def _positions(mentions: Sequence[Mention]) -> list[float]:
    """Say how high up in its recap each mention stands: 1 for the first, towards 0."""
    sizes: Counter[str] = Counter()
    order = []
    for mention in mentions:
        order.append(sizes[mention.part])
        sizes[mention.part] += 1
    return [1 - at / sizes[mention.part] for at, mention in zip(order, mentions, strict=True)]


def _is_named(features: Iterable[Features], sentences: Sequence[Collection[str]]) -> bool:
    """Whether a sentence has enough of the weight of any mention, on two words at least."""
    return any(
        shared_weight(mention, words) >= _NAMED_SHARE for mention in features for words in sentences
    )


def shared_weight(features: Features, words: Collection[str]) -> float:
    """Say which part of a mention's weight lies on some words, of which it has two at least."""
    rare, frequent = features.words, features.frequent
    if rare.keys().isdisjoint(words) and frequent.keys().isdisjoint(words):
        return 0.0
    weights = [
        weight**2 for word in words if (weight := rare.get(word) or frequent.get(word)) is not None
    ]
    # In every order the same: a set has its words in another one in every run.
    return math.fsum(weights) if len(weights) > 1 else 0.0


def _link_facts(ranks: Sequence[LinkRank]) -> Iterator[_Fact]:
    best = min(ranks, default=LinkRank.FALLBACK)
    if best is LinkRank.SUBJECT:
        yield _Fact(_POINTS["links_subject"], Reason("links_subject"))
    elif best is LinkRank.MAKER:
        yield _Fact(_POINTS["links_maker"], Reason("links_maker"))
    elif best is LinkRank.THREAD:
        yield _Fact(_POINTS["thread_only"], Reason("thread_only"))
    elif best is LinkRank.FALLBACK:
        yield _Fact(_POINTS["no_link"], Reason("no_link"))


def _wording_facts(mentions: Sequence[Mention]) -> Iterator[_Fact]:
    """Weigh what the best mention says of itself."""
    head = _head(mentions[0])
    for code, pattern in _PENALTIES:
        if pattern.search(head):
            yield _Fact(_POINTS[code], Reason(code))
    figures = {match[0] for match in _FIGURE.finditer(mentions[0].text.split("\n")[0])}
    if len(figures) > 1:
        yield _Fact(_POINTS["figures"], Reason.of("figures", len(figures)))


def _leaning(mentions: Sequence[Mention], sources: Sequence[tuple[LinkRank, str]]) -> EntryKind:
    """Say whether a story is something to use rather than something to know."""
    pages = {
        link_type(url)
        for rank, url in sources
        if rank is LinkRank.SUBJECT and not _TRACKER.search(url)
    }
    head = _head(mentions[0])
    tool = max((_TOOL_PAGES.get(page, 0.0) for page in pages), default=0.0)
    tool += _word_points(_TOOL_WORDS, head)
    return "tool" if tool - _word_points(_NEWS_WORDS, head) >= _TOOL_MARGIN else "news"


def _word_points(pattern: re.Pattern[str], head: str) -> float:
    return 0.5 * min(_MAX_WORDS, len({match[0] for match in pattern.finditer(head)}))


def _head(mention: Mention) -> str:
    """Give the lead, on a line of its own, and the start of the text, in small letters."""
    lead = mention.lead or mention.text.split("\n")[0][:80]
    return f"{lead}\n{mention.text[: len(lead) + _HEAD_CHARS]}".casefold()
