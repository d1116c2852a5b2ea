"""What a mention is about, in a form that can be compared: its words, names and pages.

The words of a mention weigh as much as they are rare within the issue, and more in its lead and its
first sentence, which say what it is about. A name keeps its version: GLM-4.6 and GLM-4.7 are two
names, and so are Gemini 3 Flash and Gemini 3 Pro. What the recaps' writers capitalise for the sake
of a headline passes for a name here.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pipeline.chinese import HYPHENS
from pipeline.recaps import RECAPS
from pipeline.records import Mention
from pipeline.urls import canonical, link_type

# How much a word counts by where it stands: in the lead, in the first sentence, further on in the
# first line, in a nested bullet. A nested bullet may be about something else altogether.
_IN_LEAD, _IN_HEAD, _IN_LINE, _IN_BULLET = 2.0, 1.4, 1.0, 0.5
_PART_OF_NAME = 0.5  # share of it for a word that is part of a name, which counts as well
_HEAD_CHARS = 240  # of a first sentence that never ends
_LEAD_CHARS = 1_000  # of a lead that is compared with others; no real one has more than 300
_START_CHARS = 120  # of the first sentence, in which a release is named
_SENTENCE_END = re.compile(r"[.!?]['\"”)]*\s+(?=[A-Z\"“@])")

_ATOM = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*[^\W\d_]{0,3}%?")
_STOP = re.compile(
    r"the|and|for|with|that|this|from|are|was|were|ha(s|ve|d)|its|their|them|they|there|here|can|will"
    r"|(c|w|sh)ould|may|might|into|over|than|then|also|about|not|all|any|some|more|most|others?|one"
    r"|two|wh(o|at|ich|en|ere|y)|how|new|us(e|ed|es|ing|ers?)|members?|community|discuss(ed|ing|ions?)"
    r"|channel|shared|noted|reported|mentioned|like|just|via|per|you|your|our|his|her|out|be(en|ing)"
    r"|such|each|while|these|those|activity|score|comments|posts?|links?|image"
)


class _Limit(NamedTuple):
    """In how many texts of so many a word may stand: a number, or a share if that is more."""

    texts: int
    share: float

    def of(self, total: int) -> float:
        return max(self.texts, total * self.share)


# Beyond the first a name says what the day was about, not which event a mention covers; beyond the
# second a word is only counted, not looked for; beyond the third it says nothing about any mention.
_RARE, _FREQUENT, _COMMON = _Limit(6, 0.03), _Limit(8, 0.04), _Limit(8, 0.10)
_HANDLE = re.compile(r"@\S+")
_WORD_CHARS, _STEM_CHARS = 3, 7

# Letters, hyphens and digits without a space: `Qwen-Image-Layered`, `SonicMoE`, `LFM2-24B-A2B`.
_COMPOUND = re.compile(r"[A-Za-z][^\W_]*(?:[-.+][^\W_]+)*")
# `Gemini 3`, `GLM-4.7`, `Llama 3.1`, `o3`: a word and its version, however they are joined. Across
# a space only a capitalised word has a version: not `by 2028`.
_VERSIONED = re.compile(
    r"(?<![^\W_])(?:(?P<family>[A-Za-z][^\W\d_]*)-?|(?P<capital>[A-Z][^\W\d_]*) )"
    r"[vV]?(?P<version>\d+(?:\.\d+)*[A-Za-z]?)(?![\w%])(?=(?P<variants>(?:[ -][^\W_]+){0,3}))"
)
_DIGIT = re.compile(r"\d")
_VARIANT = re.compile(r"[^\s-]+")
_BARE_VERSION = re.compile(r"[vV]\d+(?:\.\d+)*")
_SIZE = re.compile(r"a?\d+(?:\.\d+)?b")
_WORD_VARIANT = re.compile(
    r"air|base|chat|coder?|codex|deep|fast|flash|haiku|image|instruct|large|lite|max|medium|mini|nano"
    r"|omni|opus|plus|preview|pro|search|small|sonnet|thinking|turbo|ultra|video|vision|vl|voice"
)
# Abbreviations and machines of the field name no event, however rare they are in one issue.
GENERIC_NAME = re.compile(
    "agi|ai|aime|amd|apis?|aws|cli|cot|[cgt]pus?|ctf|cuda|dpo|faq|fp\\d+|gguf|grpo|hf|html|ides?"
    "|int\\d+|ios|json|jit|kv|[lv]lms?|lora|macos|mcps?|ml|moe|mlx|nan|npm|ocr|os|ph\\.?d|pdfs?|ppo"
    "|prs?|pst|pytorch|qa|q\\d|qlora|v?ram|rl|rlhf|rocm|sdk|sft|simd|sota|sql|sse|ssh|stt|tps|tts"
    "|u[is]|ur[li]s?|usa|usb|ux|vae|wsl|[abhvm]i?\\d{2,3}x?s?|gb\\d+|rtx\\d+|gtx\\d+|ddr\\d"
    "|youtube|github|openai|deepmind|discord|chatgpt|linkedin|huggingface|deepseek|nvidia|openrouter"
)
# How the recaps say that something has come out, and what makes it a later story about it.
COMES_OUT = re.compile(
    r"\b(releas|launch|unveil|introduc|drop|debut|announc|arriv|open[- ]?sourc|open[- ]weight"
    r"|opens up|goes live|rolls out|cometh|is out\b|(is|are) (here|out|live)\b"
    r"|available\b|(weights|models) are|just landed|lands\b|new\b|hugging ?face$)",
    re.IGNORECASE,
)
_CAME_OUT = re.compile(
    r"\b(released|launched|unveiled|introduced|announced|open-sourced|debuted|shipped|dropped)\b",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(
    r"\?|\b(vs|versus|against|compar\w+|bench\w*|leaderboards?|rank\w*|arena|tops?|climb\w*|tests?|tested"
    r"|bugs?|issues?|fail\w*|broken|crash\w*|slow|pric\w+|cost\w*|correct\w+|jailbr\w+|guardrails"
    r"|support\w*|integrat\w*|embrac\w*|gain\w*|adopt\w*|fine-?tun\w*|quanti\w+|gguf|how to|built"
    r"|build\w*|my|i|running|run|censor\w*|safety\w*|review\w*|critic\w*|complain\w*|disappoint\w*"
    r"|hallucinat\w*|prompt\w*|notes on|simulating|technical report|when|hours|soon|upcoming"
    r"|rumou?r\w*|leak\w*|spotted|tomorrow|anticipat\w*|awaits?|hype\w*|if|delay\w*)\b",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"[\s_-]+(?:v(?=\d))?")
_ASIDE = re.compile(r"\([^)]*\)|\([^)]*$")
_SIZE_PART = re.compile(r"[aA]?\d+(?:\.\d+)?[bB]")
_TO_HYPHEN = dict.fromkeys(map(ord, f"{HYPHENS}\u2013"), "-")


@dataclass(frozen=True)
class Features:
    """One mention, ready to be compared."""

    words: dict[str, float]
    """Weight per word that is rare in the issue; with the frequent ones the squares add up to 1."""
    frequent: dict[str, float]
    """Weight per word that many mentions have, but not a great many."""
    names: dict[str, str]
    """Rare names of its lead and first sentence: the form for comparing, and as it is written."""
    subject_names: frozenset[str]
    """Those of them that its lead says in full, with a version or in three words or more."""
    announced: frozenset[str]
    """What its lead names and says has come out, or else its first words; not only rare names."""
    versions: dict[str, frozenset[tuple[str, str]]]
    """Versions and their variants, `3` and `flash`, per family of the lead."""
    links: tuple[str, ...]
    """Pages about one thing that it points to, in the form for comparing; not its own thread."""
    lead: str
    """The start of its lead, folded, or of the first sentence."""

    def is_unrelated_to(self, other: "Features") -> bool:
        """Whether both have no page, no rare name and nothing that came out in common."""
        return (
            self.names.keys().isdisjoint(other.names)
            and self.announced.isdisjoint(other.announced)
            and not any(page in other.links for page in self.links)
        )

    def has_compatible_versions(self, other: "Features") -> bool:
        """Whether the leads of both could speak of the same version of everything they name."""
        return all(
            any(same_version(one, another) for one in those for another in other.versions[family])
            for family, those in self.versions.items()
            if family in other.versions
        )


@dataclass
class _RawFeatures:
    """One mention, before anything is known about the others."""

    lead: str
    start: str = ""  # the first words after the lead
    words: dict[str, float] = field(default_factory=dict)  # weight by place
    names: dict[str, str] = field(default_factory=dict)
    lead_names: dict[str, str] = field(default_factory=dict)
    body_names: set[str] = field(default_factory=set)  # not in leads, so that case means something

    def add_words(self, text: str, names: Mapping[str, str], weight: float) -> None:
        # A name of three words is one thing in common, not four.
        parts = {part for spelled in names.values() for part in _words(spelled)}
        for word in _words(text):
            self.words.setdefault(word, weight * _PART_OF_NAME if word in parts else weight)
        for name in names:
            self.words.setdefault(name, weight)


@dataclass(frozen=True)
class _Vocabulary:
    """How an issue uses its words."""

    weights: dict[str, float]  # per word that says something
    frequent: frozenset[str]  # those of them that many mentions have
    rare: frozenset[str]  # names that few mentions have
    coined: frozenset[str]  # compound names, however many mentions have them


def extract_features(mentions: Sequence[Mention]) -> tuple[Features, ...]:
    """Read every mention of an issue, rare words weighing more."""
    raws = [_raw_features(mention) for mention in mentions]
    vocabulary = _vocabulary(raws)
    return tuple(
        _features(mention, raw, vocabulary) for mention, raw in zip(mentions, raws, strict=True)
    )


def rarity_limit(total: int) -> float:
    """Say in how many of so many texts a name may stand to be a sign of one event."""
    return _RARE.of(total)


def comparable_words(text: str) -> set[str]:
    """Find the words and names of a text, in the form for comparing."""
    folded = normalize(text)
    return {*_words(folded), *find_names(folded)}


def _raw_features(mention: Mention) -> _RawFeatures:
    raw = _RawFeatures(lead=normalize(mention.lead))
    in_discord = RECAPS[mention.part].recap == "discord"
    for text, weight in _segments(normalize(mention.text), raw.lead):
        # Who said it in a Discord channel is nothing's name; on Twitter it may well be.
        names = find_names(_HANDLE.sub("", text) if in_discord else text)
        raw.add_words(text, names, weight)
        if weight == _IN_LEAD:
            raw.lead_names.update(names)
        else:
            raw.body_names.update(names)
        if weight in (_IN_LEAD, _IN_HEAD):
            raw.names |= names
            raw.lead = raw.lead or text
        if weight == _IN_HEAD:
            raw.start = text[:_START_CHARS]
    return raw


def _segments(text: str, lead: str) -> Iterator[tuple[str, float]]:
    """Cut a mention into its lead, its first sentence, the rest of the line, and the bullets."""
    line, _, bullets = text.partition("\n")
    start = len(lead) if line.startswith(lead) else 0
    end = _SENTENCE_END.search(line, start + 2)
    head = min(end.start() if end else len(line), start + _HEAD_CHARS)
    yield line[:start], _IN_LEAD
    yield line[start:head], _IN_HEAD
    yield line[head:], _IN_LINE
    yield bullets, _IN_BULLET


def _vocabulary(raws: Sequence[_RawFeatures]) -> _Vocabulary:
    """Count in how many mentions each word stands."""
    total = len(raws)
    counts = Counter(word for raw in raws for word in raw.words)
    weights = {
        word: math.log(1 + total / count)
        for word, count in counts.items()
        if count <= _COMMON.of(total)
    }
    return _Vocabulary(
        weights=weights,
        frequent=frozenset(word for word in weights if counts[word] > _FREQUENT.of(total)),
        rare=_rare_names(raws, counts),
        coined=frozenset(find_coined(name for raw in raws for name in raw.names.values())),
    )


def _rare_names(raws: Sequence[_RawFeatures], counts: Mapping[str, int]) -> frozenset[str]:
    """Keep the names that few mentions have and that are more than a capitalised word."""
    outside_leads = {name for raw in raws for name in raw.body_names}
    return frozenset(
        name
        for name in {name for raw in raws for name in raw.names}
        if counts[name] <= _RARE.of(len(raws))
        and (name in outside_leads or _has_digit(name))
        and not GENERIC_NAME.fullmatch(name)
    )


def _features(mention: Mention, raw: _RawFeatures, vocabulary: _Vocabulary) -> Features:
    weights, frequent = vocabulary.weights, vocabulary.frequent
    words = {word: place * weights[word] for word, place in raw.words.items() if word in weights}
    length = math.sqrt(sum(weight * weight for weight in words.values())) or 1.0
    return Features(
        words={word: weight / length for word, weight in words.items() if word not in frequent},
        frequent={word: weight / length for word, weight in words.items() if word in frequent},
        names={name: spelled for name, spelled in raw.names.items() if name in vocabulary.rare},
        subject_names=frozenset(full_names(raw.lead_names) & vocabulary.rare),
        announced=find_announced(raw.lead, raw.start, vocabulary.coined),
        versions=find_versions(raw.lead),
        links=tuple(_topic_pages(mention)),
        lead=raw.lead[:_LEAD_CHARS].casefold(),
    )


def _topic_pages(mention: Mention) -> dict[str, None]:
    """List the pages about one thing that a mention points to; no Reddit post points to its own."""
    without = {"hub", "own", "chat", "thread" if mention.part == "reddit" else ""}
    urls = [link.url for link in mention.links]
    return dict.fromkeys(canonical(url) for url in urls if link_type(url) not in without)


def _words(text: str) -> list[str]:
    return [stem for atom in _ATOM.findall(text) if (stem := _stem(atom))]


@lru_cache(maxsize=2**15)
def _stem(atom: str) -> str:
    """Cut a word to its stem; nothing is left of one that says little."""
    word = atom.casefold()
    if (len(word) < _WORD_CHARS and not word[0].isdigit()) or _STOP.fullmatch(word):
        return ""
    return word[:_STEM_CHARS] if word.isalpha() else word


def normalize(text: str) -> str:
    """Make one form of hyphens and compatible characters."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).translate(_TO_HYPHEN)


def find_names(text: str) -> dict[str, str]:
    """Find what looks like a name of a model, product or project.

    Returns:
        Per name the form for comparing, and the name as it is written.
    """
    found: dict[str, str] = {}
    if _DIGIT.search(text):  # without one there is no version, and the pattern takes long
        for match in _VERSIONED.finditer(text):
            found.update(_versioned_names(match))
    for word in _COMPOUND.findall(text):
        rest = word[1:]
        if rest != rest.lower():  # GEPA, SonicMoE, ARC-AGI
            found.setdefault(_compact(word), word)
    return found


def find_versions(text: str) -> dict[str, frozenset[tuple[str, str]]]:
    """Find which versions of which families a text names, each with its variant; sizes are none."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    if not _DIGIT.search(text):
        return {}
    for match in _VERSIONED.finditer(text):
        family = (match["family"] or match["capital"]).casefold()
        version, variants = match["version"].casefold(), _variants(match)
        # `Llama-3.1-Nemotron` is another family's name.
        other_family = match["variants"].startswith("-") and not variants
        if family != "v" and not other_family and not GENERIC_NAME.fullmatch(family + version):
            words = (word for word in variants if not _SIZE.fullmatch(word))
            found[family].add((version, " ".join(words)))
    return {family: frozenset(versions) for family, versions in found.items()}


def find_announced(lead: str, start: str, known: Container[str]) -> frozenset[str]:
    """Find what a lead says has come out: versions with their variants, and coined names.

    Args:
        lead: the bold words of a mention.
        start: the words that follow.
        known: coined names of the issue, in the form for comparing.
    """
    lead = _ASIDE.sub("", lead)
    if _FOLLOW_UP.search(lead):
        return frozenset()
    if COMES_OUT.search(lead):
        # `Mistral unveils new models` leaves their names to the sentence that follows.
        return _released_names(lead, known) or _released_names(start, known)
    return _released_names(lead, known) if _CAME_OUT.search(start) else frozenset()


def _released_names(text: str, known: Container[str]) -> frozenset[str]:
    """Name the versions, with their variants, and the coined names of a text."""
    versions = {
        f"{family} {version} {variant}".strip()
        for family, pairs in find_versions(text).items()
        for version, variant in pairs
    }
    names = {_compact(_without_sizes(spelled)) for spelled in _COMPOUND.findall(text)}
    return frozenset(versions | {name for name in names if name in known})


def find_coined(names: Iterable[str]) -> set[str]:
    """Keep compound names that no writer of headlines makes from plain words: `GPT-OSS`."""
    without_sizes = map(_without_sizes, names)
    return {_compact(spelled) for spelled in without_sizes if _is_coined(spelled)}


def _without_sizes(name: str) -> str:
    """Leave out the sizes at the end of a name."""
    end = len(name)
    while (dash := name.rfind("-", 0, end)) >= 0 and _SIZE_PART.fullmatch(name, dash + 1, end):
        end = dash
    return name[:end]


def _is_coined(name: str) -> bool:
    parts = name.split("-")
    return (
        len(parts) > 1
        and any(part.isupper() and len(part) > 1 for part in parts)
        and not any(GENERIC_NAME.fullmatch(part.casefold()) for part in (_compact(name), *parts))
    )


def full_names(names: dict[str, str]) -> set[str]:
    """Keep names that say enough to stand for an event, and no beginning of a longer one."""
    ordered = sorted(names)  # what a name begins stands right behind it
    following = [*ordered[1:], ""]
    return {
        name
        for name, after in zip(ordered, following, strict=False)
        if (_has_digit(name) or names[name].count("-") > 1) and not after.startswith(name)
    }


def same_version(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two versions are one, of which one may be named without its variant."""
    return one[0] == other[0] and (one[1] == other[1] or not one[1] or not other[1])


def _versioned_names(match: re.Match[str]) -> dict[str, str]:
    """Name `gemini3`, and `gemini3flash` where a variant follows, each as it is written."""
    begin, end = match.start(), match.end("version")
    ends = (end, *(match.start("variants") + after for after in _variants(match).values()))
    names = (match.string[begin:end] for end in ends)
    # `kernel_v2` is a name, its `v2` none.
    return {_compact(name): name for name in names if not _BARE_VERSION.fullmatch(name)}


def _variants(match: re.Match[str]) -> dict[str, int]:
    """Find the words after a version that belong to the name, and where each ends."""
    found = {}
    for variant in _VARIANT.finditer(match["variants"]):
        word = variant[0].casefold()
        if not (_WORD_VARIANT.fullmatch(word) or _SIZE.fullmatch(word)):
            break
        found[word] = variant.end()
    return found


def _compact(name: str) -> str:
    """Write a name without hyphens, spaces and the `v` of a version."""
    return _JOINTS.sub("", name.casefold())


def _has_digit(name: str) -> bool:
    return any(map(str.isdigit, name))
