"""The day's headlines: events that so much of an issue is about that no word tells them apart.

Words weigh as much as they are rare, so on the day of a great release its name joins nothing. Here
the editors say what the day is about: by a top story, told in sections of its own, by the names in
the issue's title, and by those that the leads of the introduction or of the Twitter recap announce
alone. A mention tells a headline if its lead, its start or its section has such a name for its
subject; what beats it, costs less or is compared with it is another event, and so is what comes of
it later and elsewhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import NamedTuple

from pipeline.merge.clustering import Cluster
from pipeline.merge.features import COMES_OUT, GENERIC_NAME, comparable_words, normalize
from pipeline.recaps import begins_top_story
from pipeline.records import Mention

# Each name is looked for in each mention, and the mentions of a headline are compared with each
# other; real issues have 5 names and 144 mentions.
_MAX_NAMES, _MAX_TOLD = 40, 600
_START_CHARS = 120  # of a mention, in which its subject is named
_MIN_SHARE = 0.5  # of a cluster that has to tell a headline, for the rest to go with it
_MIN_WORDS, _MIN_WORD_SHARE = 2, 0.6  # of a title without names, in a mention that tells it
_NO_NEWS = re.compile(r"not much\b|nothing\b|a quiet\b", re.IGNORECASE)
_PHRASE_END = re.compile(r"[,;:()]\s*|\s+(?:&|and|\+)\s+")
# A word and its version, `Opus 4.1`, or a coined word, `gpt-oss`, `IndexShare`; sizes are no names.
_NAME = re.compile(
    r"(?<![\w.-])(?:(?P<maker>[A-Z][^\W_]+)(?:['’]s)? )?"
    r"(?:(?P<family>[A-Z][^\W\d_]*|[a-z]+(?=-\d)|o(?=\d))[ -]?"
    r"(?P<version>\d{1,20}(?:\.\d{1,20}){0,9})(?![\w.]{0,200}[^\W\d_]|\d|%)"
    r"|(?P<coined>[a-z]{2,6}-[a-z]{2,6}(?![\w-])|[A-Z]\w*[A-Z]\w*(?:-[A-Z]\w+)*|[A-Z]\w+-[A-Z]\w+)"
    r"(?: v?(?P<release>\d+(?:\.\d+)+))?)"
)
_PLAIN_COMPOUND = re.compile(
    r"(open|real|long|short|multi|self|pre|post|non|high|low|end|on|in|co|re|well|all|first|human)-.*"
    r"|.*-(based|class|driven|first|free|level|out|scale|source|term|time|to|tuned?|up|weights?)"
)
# What follows a name and makes another of it: a size or a kind.
_VARIANT = re.compile(r"[ -](\d+(?:\.\d+)?B(?:-A\d+B)?|[A-Z][a-z]+)(?![\w])", re.IGNORECASE)
_KIND = re.compile(
    r"air|base|coder?|codex|fast|flash|haiku|instruct|large|lite|max|mini|nano|omni|opus|plus|preview|pro"
    r"|small|sonnet|turbo|ultra|vision|vl|\d.*",
    re.IGNORECASE,
)
_RIVAL = re.compile(
    r"\b(beat(s|en|ing)?|outperform\w*|surpass\w*|outpac\w*|defeat\w*|topp?(s|ed|ing)|crush\w*|rival\w*"
    r"|match(es|ed|ing)?|vs|versus|than|like|unlike|over|against|behind"
    r"|compar(ed?|able|ing)( (to|with))?|challeng\w*|replac\w+|alternative to|switch\w* from)"
    r"\W++([\w'.-]++\W++){0,2}$",
    re.IGNORECASE,
)
# What comes of a release later and elsewhere.
_LATER = re.compile(
    r"\b(\w*arena|leaderboards?|hackathons?|bugs?|issues|headaches?|crash\w*|broken?|breaks|fails?"
    r"|gibberish)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@\w+")
_OF_MANY = re.compile(r",|/|\band\b|&")
# The named one is not what follows.
_PASSED_OVER = re.compile(r"\b(nearly|almost) (led|titled|made)\b", re.IGNORECASE)
_RELEASED = re.compile(r"\bmodels?\b", re.IGNORECASE)


class _Name(NamedTuple):
    """A name of a headline."""

    pattern: re.Pattern[str]
    """How a text may write it."""
    maker: str
    """Who made it, as the title says; may be empty."""


class _Variants(NamedTuple):
    """Sizes and kinds of a headline's name: `120b`, `codex`."""

    told: frozenset[str]
    """Words of the fullest telling, of which they have to be."""
    own: frozenset[str]
    """Kinds that are part of the name itself: `GPT-5.2-Codex` is not told by `GPT-5.2`."""

    def allow(self, variants: set[str]) -> bool:
        """Whether a mention with these is about the same thing."""
        return self.own <= variants <= self.told


def join_headlines(
    title: str, mentions: Sequence[Mention], clusters: Iterable[Cluster]
) -> list[Cluster]:
    """Put together the clusters that tell the same headline.

    Returns:
        The clusters, in the order of their first members. A mention that tells another headline
        than most of its cluster leaves it.
    """
    told = _told_headlines(title, mentions)
    joined: dict[str, set[int]] = {}
    for members in clusters:
        for headline in sorted({told[place] for place in members} - {""}):
            mine = {place for place in members if told[place] == headline}
            if len(mine) >= _MIN_SHARE * len(members):
                mine |= {at for at in members if not told[at] and not _is_later(mentions[at])}
            those = joined.setdefault(headline, set())
            if len(those) + len(mine) <= _MAX_TOLD:
                those |= mine
    gone = set().union(*joined.values())
    rest = (tuple(place for place in members if place not in gone) for members in clusters)
    return sorted([*filter(None, rest), *(tuple(sorted(members)) for members in joined.values())])


def _told_headlines(title: str, mentions: Sequence[Mention]) -> list[str]:
    """Say per mention which headline it tells, by one of its names; nothing for most."""
    announced = islice(dict(_announced_names(mentions)).items(), _MAX_NAMES)
    in_title = dict(islice(_names(title), _MAX_NAMES))
    names = dict(announced) | in_title
    found = _told_names(mentions, names)
    blocks = [top_story(mention) for mention in mentions]
    group = {name: name for name in names} | _group_names(in_title, found)
    group |= _names_of_blocks(names, filter(None, blocks))
    words = set() if names else _title_words(title)
    return [
        block or _only({group[name] for name in those}) or _phrase_told(mention, words)
        for mention, block, those in zip(mentions, blocks, found, strict=True)
    ]


def _only(headlines: set[str]) -> str:
    """Give the one headline of a mention; what has several is a bundle, and tells none."""
    return next(iter(headlines)) if len(headlines) == 1 else ""


def _told_names(mentions: Sequence[Mention], names: Mapping[str, _Name]) -> list[frozenset[str]]:
    """Find per mention the names that it is about, in sizes and kinds that the event has."""
    found = [_subjects(mention, names) for mention in mentions]
    variants = _told_variants(mentions, found, names)
    return [
        frozenset(name for name in those if variants[name].allow(_variants(mention, names[name])))
        for mention, those in zip(mentions, found, strict=True)
    ]


def _names_of_blocks(names: Mapping[str, _Name], blocks: Iterable[str]) -> dict[str, str]:
    """Map the names in a top story's headline to it: it is about them, wherever they are told."""
    return {
        name: block
        for block in dict.fromkeys(blocks)
        for name, it in names.items()
        if it.pattern.search(block)
    }


def _is_later(mention: Mention) -> bool:
    """Whether a mention is about what comes of a release later and elsewhere."""
    return _LATER.search(mention.lead) is not None


def top_story(mention: Mention) -> str:
    """Give the headline of the top story that a mention stands in."""
    return next((heading for heading in mention.section if begins_top_story(heading)), "")


def _announced_names(mentions: Iterable[Mention]) -> Iterator[tuple[str, _Name]]:
    """Find the names that an editor's lead announces, and nothing beside them."""
    for mention in mentions:
        if mention.part in ("intro", "twitter") and COMES_OUT.search(mention.lead):
            names = dict(_names(mention.lead))
            # A coined word without hyphen or version, `LangChain`, is rather a platform.
            if len(names) == 1 and re.search(r"[-\d]", next(iter(names))):
                yield from names.items()


def _names(title: str) -> Iterator[tuple[str, _Name]]:
    """Find what a title names as having happened, and how a text may write it."""
    for phrase in _PHRASE_END.split(normalize(title)):
        for match in _NAME.finditer(phrase):
            if _RIVAL.search(phrase[: match.start()]):
                continue
            version = match["version"] or match["release"]
            name = " ".join(filter(None, (match["coined"] or match["family"], version)))
            folded = name.casefold()
            generic = GENERIC_NAME.fullmatch(re.sub(r"\W", "", folded))
            if not (generic or _PLAIN_COMPOUND.fullmatch(folded)):
                pattern = re.compile(rf"(?<![\w.-])({_spellings(match)})(?!\w|\.\d)", re.IGNORECASE)
                yield name, _Name(pattern, match["maker"] or "")


def _spellings(match: re.Match[str]) -> str:
    """Write the pattern of a name: `GPT-OSS` is `GPT OSS`, `Claude Opus 4.1` is `Claude 4.1`."""
    if match["coined"]:
        release = rf"\s?v?{re.escape(match['release'])}" if match["release"] else ""
        return r"[\s-]?".join(map(re.escape, match["coined"].split("-"))) + release
    families = [match["family"]]
    if match["maker"] and "." in match["version"]:
        families.append(match["maker"])
    return rf"({'|'.join(families)})[\s-]?v?{re.escape(match['version'])}"


def _subjects(mention: Mention, names: Mapping[str, _Name]) -> frozenset[str]:
    """Find the names that a mention is about: by its lead, else its start, else its section."""
    start = normalize(mention.text[: 2 * _START_CHARS])[:_START_CHARS]
    found = (
        _named_in(normalize(mention.lead), names)
        or _named_in(start, names)
        or _named_in_section(mention, start, names)
        or _maker_release(mention, names)
    )
    if found and (_PASSED_OVER.search(start) or _is_later(mention)):
        return frozenset()
    return found


def _named_in(text: str, names: Mapping[str, _Name]) -> frozenset[str]:
    """Find the names that a text has for its subjects."""
    return frozenset(
        name
        for name, (pattern, _) in names.items()
        if (match := pattern.search(text)) and not _is_second(name, text[: match.start()])
    )


def _named_in_section(mention: Mention, start: str, names: Mapping[str, _Name]) -> frozenset[str]:
    """Find the names of the section's heading, unless that or the mention names other things."""
    heading = mention.section[-1] if mention.section else ""
    if mention.part not in ("intro", "twitter") or _OF_MANY.search(heading):
        return frozenset()
    found = _named_in(normalize(heading), names)
    return frozenset() if found and dict(_names(_HANDLE.sub("", start))) else found


def _is_second(name: str, before: str) -> bool:
    """Whether a name is not the subject: it is compared, or another's version stands before it."""
    families = (match["family"] for match in _NAME.finditer(before) if match["version"])
    others = (family for family in families if family.casefold() not in name.casefold())
    return _RIVAL.search(before) is not None or any(others)


def _maker_release(mention: Mention, names: Mapping[str, _Name]) -> frozenset[str]:
    """Find the one headline of a maker whose models a lead says are out, without their name."""
    lead = normalize(mention.lead)
    if not (COMES_OUT.search(lead) and _RELEASED.search(lead)) or dict(_names(lead)):
        return frozenset()
    makers = [
        name for name, it in names.items() if it.maker and re.search(rf"\b{it.maker}\b", lead)
    ]
    return frozenset(makers if len(makers) == 1 else ())


def _variants(mention: Mention, name: _Name) -> set[str]:
    """Find the sizes and kinds of a headline's name that a mention begins with."""
    match = name.pattern.search(text := normalize(mention.text)[: 2 * _START_CHARS])
    found = set()
    while match and (match := _VARIANT.match(text, match.end())) and _KIND.fullmatch(match[1]):
        found.add(match[1].casefold())
    return found


def _told_variants(
    mentions: Sequence[Mention], found: Sequence[frozenset[str]], names: Mapping[str, _Name]
) -> dict[str, _Variants]:
    """Find the sizes and kinds that the fullest telling of each name speaks of."""
    variants: dict[str, _Variants] = {}
    for name in names:
        tellings = (at for at, those in zip(mentions, found, strict=True) if name in those)
        fullest = max(tellings, key=_fullness, default=None)
        text = fullest.text.casefold() if fullest else ""
        words = frozenset(re.findall(r"\d+(?:\.\d+)?b(?:-a\d+b)?|[a-z]+", text))
        own = _variants(fullest, names[name]) if fullest else set()
        kinds = frozenset(word for word in own if word.isalpha())
        variants[name] = _Variants(words, kinds)
    return variants


def _fullness(mention: Mention) -> tuple[bool, int]:
    return mention.part in ("intro", "twitter"), len(mention.text)


def _group_names(names: Iterable[str], found: Sequence[frozenset[str]]) -> dict[str, str]:
    """Map each name to the first of those that it mostly stands beside: they are one event's."""
    group = {name: name for name in names}
    for one, other in combinations(group, 2):
        together = sum(one in those and other in those for those in found)
        fewest = min(sum(name in those for those in found) for name in (one, other))
        if fewest > 1 and together >= _MIN_SHARE * fewest:
            group[other] = group[one]
    return group


def _title_words(title: str) -> set[str]:
    return set() if _NO_NEWS.match(title) else comparable_words(title)


def _phrase_told(mention: Mention, words: set[str]) -> str:
    """Whether a mention begins as a title without names does."""
    if len(words) < _MIN_WORDS:
        return ""
    enough = max(_MIN_WORDS, _MIN_WORD_SHARE * len(words))
    start = mention.text[: 2 * _START_CHARS]
    small = start.casefold()
    if sum(word in small for word in words) < enough:  # most mentions, and words take long
        return ""
    return "title" if len(words & comparable_words(start)) >= enough else ""
