"""Names in a text: models with their versions, projects, and what a lead says has come out.

For `merge`. A name keeps its version: GLM-4.6 and GLM-4.7 are two names, and so are Gemini 3 Flash
and Gemini 3 Pro. What the recaps' writers capitalise for the sake of a headline is not told from a
name here.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable

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
_COMES_OUT = re.compile(
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
_SIZES = re.compile(r"(?:-[aA]?\d+(?:\.\d+)?[bB])+$")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")


def normalize(text: str) -> str:
    """Make one form of hyphens and compatible characters."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).translate(_HYPHENS)


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
        known = _variants(match)
        if match["variants"].startswith("-") and not known:
            continue  # `Llama-3.1-Nemotron` is another family's name
        variants = [word for word in known if not _SIZE.fullmatch(word)]
        if family != "v" and not GENERIC_NAME.fullmatch(family + match["version"].casefold()):
            found[family].add((match["version"].casefold(), " ".join(variants)))
    return {family: frozenset(those) for family, those in found.items()}


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
    if _COMES_OUT.search(lead):
        # `Mistral unveils new models` leaves their names to the sentence that follows.
        return _released_names(lead, known) or _released_names(start, known)
    return _released_names(lead, known) if _CAME_OUT.search(start) else frozenset()


def _released_names(text: str, known: Container[str]) -> frozenset[str]:
    """Name the versions, with their variants, and the coined names of a text."""
    found = {
        f"{family} {version} {variant}".strip()
        for family, those in find_versions(text).items()
        for version, variant in those
    }
    plain = {_SIZES.sub("", spelled) for spelled in _COMPOUND.findall(text)}
    return frozenset(found | {name for each in plain if (name := _compact(each)) in known})


def find_coined(names: Iterable[str]) -> set[str]:
    """Keep compound names that no writer of headlines makes from plain words: `GPT-OSS`."""
    plain = {_SIZES.sub("", spelled) for spelled in names}
    return {
        name
        for spelled in plain
        if "-" in spelled
        and any(each.isupper() and len(each) > 1 for each in spelled.split("-"))
        and not GENERIC_NAME.fullmatch(name := _compact(spelled))
        and not any(GENERIC_NAME.fullmatch(each.casefold()) for each in spelled.split("-"))
    }


def full_names(names: dict[str, str]) -> set[str]:
    """Keep names that say enough to stand for an event, and no beginning of a longer one."""
    return {
        name
        for name, spelled in names.items()
        if (any(letter.isdigit() for letter in name) or spelled.count("-") > 1)
        and not any(other.startswith(name) for other in names if other != name)
    }


def same_version(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two versions are one, of which one may be named without its variant."""
    return one[0] == other[0] and (one[1] == other[1] or not one[1] or not other[1])


def _versioned_names(match: re.Match[str]) -> dict[str, str]:
    """Name `gemini3`, and `gemini3flash` where a variant follows, each as it is written."""
    begin, end = match.start(), match.end("version")
    ends = [end, *(match.start("variants") + each for each in _variants(match).values())]
    return {_compact(match.string[begin:end]): match.string[begin:end] for end in ends}


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
