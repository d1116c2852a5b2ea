"""What a story is worth to a digest that the code chooses alone: its salience, read more closely.

Salience orders stories for a model, which sees by itself what is talk. Here nobody does: so an
event (somebody released, found, bought, stopped something) weighs more than a topic, and a story
that is opinion, advice, somebody's question or a list of unlike things weighs less. As with
salience no name of a product stands in the word lists.
"""

import math
import re
from typing import Final

from pipeline.records import Mention, ReasonCode, Story
from pipeline.urls import LinkType, link_type

NEVER: Final = -100.0
"""Worth of what does not even fill a digest."""
_HEAD_CHARS = 260
_MANY_VOTES = 1_000

# Somebody did something: in the headline or the first sentence.
_EVENT = re.compile(
    r"\b(?:releas(?:es|ed)|launch(?:es|ed)|announc(?:es|ed)|introduc(?:es|ed)|publish(?:es|ed)"
    r"|open[- ]?sourc(?:es|ed)|ship(?:s|ped)|unveil(?:s|ed)|add(?:s|ed)|rolls? out|rolled out"
    r"|debut(?:s|ed)|previews?|opened|opens|makes? .{0,40}available|now (?:available|supports?)"
    r"|cuts?|rais(?:es|ed)|deprecat(?:es|ed)|retir(?:es|ed)|discontinu(?:es|ed)|drops|kills?"
    r"|sign(?:s|ed)|deploy(?:s|ed)|hits?|reach(?:es|ed)|found|finds|show(?:s|ed)|achiev(?:es|ed)"
    r"|scor(?:es|ed)|solv(?:es|ed)|reported(?:ly)?|claim(?:s|ed)|accus(?:es|ed)|expand(?:s|ed)"
    r"|train(?:s|ed)|built|builds|reduc(?:es|ed)|outperform(?:s|ed)|surpass(?:es|ed))\b"
)
# What changes the field though no engineer can use it. Money alone is not among it.
_INDUSTRY = re.compile(
    r"\b(?:acquir(?:es|ed|ing)|acquisition|merger|merges with|(?:is )?joining|joins"
    r"|export (?:controls?|bans?)|restrict(?:s|ions?)|sanctions?|regulat\w+|antitrust|lawsuit"
    r"|sue[sd]"
    r"|class action|copyright|accus(?:es|ed|ations?)|leak(?:s|ed)?|financials|shut(?:s|ting)? down"
    r"|bans?|banned (?:by|from|in)|deprecat\w+|retir(?:es|ed|ing|ement)|outage|breach"
    r"|vulnerabilit\w+|gigawatts?"
    r"|\d+ ?gw|multi-year|partnership|lay ?offs?|resign(?:s|ed)|steps? down|reverse-engineer\w*)\b"
)
_NEVER: Final[frozenset[ReasonCode]] = frozenset({"joke", "not_technical", "pastime", "community"})
_UNLESS: Final[frozenset[ReasonCode]] = frozenset({"in_title", "in_recaps", "links_subject"})
# Talk about a thing: what people think, feel, ask and advise.
_TALK = re.compile(
    r"\b(?:discourse|debates?|sentiment|vibes?|opinions?|thoughts|musings?|takeaways?|meta-lesson"
    r"|reactions?|speculat(?!ive (?:decod|sampl|execut))\w+|rants?|hot take|philosoph\w+"
    r"|broader signal|theme"
    r"|themes|momentum|usage notes|best practices|lessons|tips|advice|workflow tips|roundup"
    r"|wishlist|nostalgia|drama|hype|buzz\w*|lament\w*|complain\w*|frustrat\w+|woes|struggl\w+"
    r"|be wary|fun fact|unpopular|underrated|overrated|people are|anyone"
    r"|switch(?:ed|ing)? (?:to|from)"
    r"|ditch(?:ed|ing)|years? old|how far|center of gravity|getting more|read from the crowd"
    r"|becoming the|wake-up call|getting it wrong|should make|in my opinion)\b"
)
# A headline of the editors for what they think of it all.
_ONLY_FRAMES = re.compile(
    r"(?:the )?(?:broader|wider|bigger|main|key|meta|net|overall)?[ -]?"
    r"(?:signal|takeaway|theme|read|lesson|picture|pattern|through-?line|upshot|implication)s?$",
    re.IGNORECASE,
)
_HIRING = re.compile(
    r"\b(?:seek(?:s|ing)? candidates|hiring|recruit(?:s|ing)"
    r"|look(?:s|ing) for (?:engineers|candidates|contributors)"
    r"|job openings?|open roles|appl(?:y|ications?) (?:now|here|open)|internships?"
    r"|meetup|hackathon)\b"
)
_PERSONAL = re.compile(
    r"^(?:i|i'm|i’m|i've|i’ve|my|we|our|you|your|how i|what|why|how do|is|are|does|can)\b"
)
# Without one of these it is no question but a report that is doubted: `A Chinese EUV machine?`
_ASKS = re.compile(
    r"\b(?:what|how|why|who|which|when|where|is|are|was|do|does|did|can|could|should|would|will|has"
    r"|have|anyone|any|or|you|your|i|we|thoughts|worth|best)\b"
)
_LISTS = re.compile(
    r"\b(?:several|other|additional|various|multiple|many|more|related|notable|assorted) "
    r"(?:[\w/-]+ ){0,3}?(?:work|research|updates?|teams|releases|papers|threads|posts|topics|items"
    r"|tools|results|launches|benchmarks|news|resources|demos|developments)\b|^misc\b|^quick hits"
)
_TOP_LIST = re.compile(r"^(?:top|best|the) \d+\b|^\d+ (?:ways|tips|things|tools|reasons)\b")
# What an engineer takes into use, and what one only knows.
_USEFUL_PAGES: Final[dict[LinkType, float]] = {"repository": 0.8, "package": 1.0, "model": 0.2}
_MANY_LINKS = 3
_MODELS_OUT = re.compile(r"[\w.-]*\d[\w.-]* models?$", re.IGNORECASE)  # o3 and o4-mini Models
_TO_USE = re.compile(
    r"\b(?:librar(?:y|ies)|framework|sdk|cli|plug-?in|extension|toolkit|package|repo(?:sitory)?|app"
    r"|api|notebook|dataset|tutorial|guide|cookbook|skills?|connector|router|features?|integration"
    r"|compiler|kernels?|wheels|server|editor|visuali[sz]er|tracing|sandbox|protocol|templates?"
    r"|pip install|open[- ]?sourc\w+|developers?|ide|workflow|now available|node|tool)\b"
)
_TO_KNOW = re.compile(
    r"\b(?:benchmarks?|leaderboards?|stud(?:y|ies)|research(?:ers)?|paper|funding|valuation|deal"
    r"|pric(?:e|es|ing)|raises|ceo|scor(?:e|es|ed)|surpass\w*|outperform\w*|data cent(?:er|re)s?"
    r"|revenue|parameters|open[- ]weights?|(?:world|language|image|video|speech|reasoning|frontier"
    r"|new|medium|flagship|diffusion) models?|models? (?:series|family)|models? (?:that|with)|moe"
    r"|\d+(?:\.\d+)?[bt]|robots?|humanoid|chips?|accelerator|arena|misalignment|hallucinat\w+"
    r"|safety|report)\b"
)


def worth(story: Story) -> float:
    """Say how much a story is worth, on the scale of its salience; below zero it is not chosen."""
    codes = {fact.reason.code for fact in story.salience.facts}
    if codes & _NEVER and not codes & _UNLESS:
        return NEVER
    first = story.mentions[0]
    head = _head(first)
    if _ONLY_FRAMES.match(first.lead):
        return -1.0
    title = first.lead.casefold() or head[:80]
    asks = title.rstrip(" )").endswith("?") and bool(_ASKS.search(title))
    points = story.salience.score
    points += 0.8 * bool(_EVENT.search(head)) + 0.9 * bool(_INDUSTRY.search(head))
    points -= 1.6 * bool(_TALK.search(title)) + 0.6 * bool(_TALK.search(head))
    points -= 3.0 * bool(_HIRING.search(head)) + 1.5 * (not story.sources)
    points -= 1.2 * bool(_PERSONAL.match(title)) + 1.5 * asks
    points -= 1.5 * bool(_LISTS.search(title)) + 1.5 * bool(_TOP_LIST.match(title))
    points -= 0.8 * ("question" in codes and asks) + 0.6 * ("impressions" in codes)
    # A line of somebody's without a headline, that names no deal and no figure, is a remark.
    points -= 0.8 * (not first.lead and not _INDUSTRY.search(head) and not re.search(r"\d", head))
    return points + 0.6 * _is_loud(story)


def usefulness(story: Story) -> float:
    """Say how far a story is something to use (above zero) rather than to know (below)."""
    head = _head(story.mentions[0])
    pages = {link_type(url) for url in story.sources[:_MANY_LINKS]}
    points = math.fsum(_USEFUL_PAGES.get(page, 0.0) for page in pages)
    points += 0.5 if story.salience.leaning == "tool" else -0.2
    points += 0.3 * min(3, len(set(_TO_USE.findall(head))))
    points -= 1.2 * bool(_MODELS_OUT.search(story.mentions[0].lead))
    points -= 0.9 * bool(_INDUSTRY.search(head)) + 0.3 * min(3, len(set(_TO_KNOW.findall(head))))
    return points


def _is_loud(story: Story) -> bool:
    """Whether very many voted for a post about it."""
    return any((mention.activity or 0) >= _MANY_VOTES for mention in story.mentions)


def _head(mention: Mention) -> str:
    """Give the headline and the start of the text, in small letters."""
    return mention.text[: len(mention.lead) + _HEAD_CHARS].casefold()
