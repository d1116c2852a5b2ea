"""Line of a newsletter -> its plain words: without links, posters, counts and marks.

It only takes away. What qualifies a statement stays, wherever it stands.
"""

import re
from collections.abc import Collection
from typing import Final

from pipeline.translate.evidence import ACCOUNT, BULLET

# Accounts that are written for who has them, where the account spells the name out: the checks of
# an entry know no other.
_ACCOUNT_NAMES: Final = {
    "alibaba_qwen": "Qwen",
    "anthropicai": "Anthropic",
    "cursor_ai": "Cursor",
    "deepseek_ai": "DeepSeek",
    "epochairesearch": "Epoch AI",
    "goodfireai": "GoodfireAI",
    "google": "Google",
    "googleai": "Google",
    "googlecloudtech": "Google Cloud",
    "googledeepmind": "Google DeepMind",
    "huggingface": "Hugging Face",
    "jeffdean": "Jeff Dean",
    "karpathy": "Karpathy",
    "kimi_moonshot": "Moonshot",
    "kling_ai": "Kling",
    "langchainai": "LangChain",
    "llama_index": "LlamaIndex",
    "metaai": "Meta AI",
    "mistralai": "Mistral AI",
    "nousresearch": "Nous Research",
    "nvidia": "NVIDIA",
    "nvidiaai": "NVIDIA",
    "ollama": "Ollama",
    "openai": "OpenAI",
    "openaidevs": "OpenAI",
    "openrouterai": "OpenRouter",
    "perplexity_ai": "Perplexity",
    "semianalysis_": "SemiAnalysis",
    "vllm_project": "vLLM",
    "zai_org": "Z.ai",
}
# Whoever has the account: what they announce is out.
_ANNOUNCED = re.compile(
    r"^@\w+ (?:has )?(?:announced|revealed|shared) the (?:release|launch|general availability) of "
    r"(?P<what>[^,;]{3,120}?)(?P<which>, (?:the|an?) [^,;]{3,90}?)?(?:, [a-z]+ing\b[^;]*)?\.?$"
)
_SEVERAL = re.compile(r" and |[a-z]{2}s$|[a-z]{2}s (?:\(\w+\) )?(?:trained|for|of|that|with)\b")
_ACCOUNTS_AT_END = re.compile(
    r"(?:\s(?:in|on|via|per|at))?(?:[\s,;&]*(?:\band\b)?\s*(?<!\w)@\w+)+(?=\s*[.!]?\s*$)"
)
_FROM_ACCOUNT = re.compile(
    r",? (?:(?:announced|posted|shared|reported|noted|highlighted|summari[sz]ed|flagged|via|per"
    r"|h/t|from|by)\s+)+"
    r"(?:by |from )?@\w+(?:(?:,? and|,) @\w+)*"
)
# Between words and a comma or conjunction, too, unless a preposition needs it.
_ACCOUNTS_WITHIN = re.compile(
    r"(?<!\bby)(?<!\bfrom)(?<!\bwith)(?<!\band)(?<!\bof)(?<!\bto)(?<!\bas)(?<!\bin)(?<!\bfor)"
    r"(?<![.!?,:])\s+@\w+(?:,?\s+(?:and\s+)?@\w+)*(?=\s*[,;]|\s+(?:and|with|while|but|plus)\b)"
)
_URL = re.compile(r"\b(?:https?://|www\.)\S+[\w/]")
_BRACKET = re.compile(r"\s*\(([^()]*)\)|\s*\[([^\[\]]*)\]")
_SHORT_BRACKET = 30  # characters of one that may be a part of the sentence: `$1.75 (input)`
_COUNTS = re.compile(r"\s*\((?:Activity|Score|Upvotes?)\b[^()]*\)\s*[:.]?", re.IGNORECASE)
_MOST_OF_LEAD = 200
_QUALIFIES = re.compile(
    r"\b(?:preview|beta|reportedly|alleged(?:ly)?|claimed|rumou?red|experimental|planned|expected"
    r"|unconfirmed|estimated|self-reported)\b",
    re.IGNORECASE,
)
_POSTED = re.compile(
    r"@|\b(?:example|tweets?|threads?|links?|source|screenshot|post|blog|paper|repo|docs?|article"
    r"|announcement|demo|video|image|arena|report|github|documentation|leaderboard|release notes?"
    r"|code|via|see|here|[a-z]+\.(?:com|ai|org|dev|io))\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[*`]+|~~+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
_PAGE = (
    r"(?:posts?|tweets?|threads?|blog ?posts?|articles?|videos?|links?|announcements?|screenshots?"
    r"|images?|notebooks?|repos?|docs)"
)
# What only points to a page, at the end of a sentence or before a semicolon.
_POINTER = re.compile(
    r"(?:[,;—–-]+\s*|\s(?=with ))(?:with )?(?:full |more |further |additional )?(?:(?:details?"
    r"|information|discussion|results?"
    r"|links?|code|artifacts?|weights|documentation|docs)"
    r"(?: and [\w ]+)?(?: are| is)? (?:in|at|on|linked|included"
    r"|provided|via|here|available here)\b[^.;,]*)(?=\s*(?:[.;]|$))"
    r"|[,;—–-]*\s*\b(?:(?:as |which is )?(?:detailed|described|announced|demonstrated|shown"
    r"|outlined|showcased|seen|revealed|documented|shared|discussed|available) (?:in|at|on)"
    rf" (?:this|the|a|an|its) (?:\w+ ){{0,3}}?{_PAGE}|via this [\w ]+|see here"
    r"|(?:documented|announced|posted) on X)(?=\s*(?:[.;]|$))",
    re.IGNORECASE,
)
_SEE = re.compile(r",? (?:and )?see (?:also )?(?:the|this|that|their|its|here|[A-Z])[^.;]*(?=\.?$)")
_THIS_PAGE = re.compile(
    rf"\b(?:this|the attached|the linked) ((?:{_PAGE[3:-1]}|paper|repo|report|gist|PR|study)\b)"
)
_BY_A_POST = re.compile(
    r",? according to (?:an?|the|this|one)(?: \w+)? (?:posts?|tweets?|threads?|screenshots?)"
    r"(?=\s*[.;]?\s*$)"
)
_SHARED_WITH = re.compile(r", which was (?:shared|posted|linked|discussed) (?:with|in|on) [^,.;]+")
_SURMISE = re.compile(
    r"\b(?:reportedly|allegedly|supposedly|rumou?r\w*|leaks?|leaked|claims?|claimed|said to)\b",
    re.IGNORECASE,
)
# A tail that says what to think of it.
_COMMENT = re.compile(
    r"(?:,|\s?—|\s[–-])\s*(?:both )?(?:(?:thus|thereby|again|further|notably|likely|possibly"
    r"|potentially|effectively)\s+)?(?:suggesting|highlighting|showcasing|emphasi[sz]ing|underscoring"
    r"|reflecting|signal+ing|indicating|potentially|raising|sparking|prompting|marking|positioning"
    r"|reinforcing|demonstrating|illustrating|implying|hinting|feeding|pushing|drawing|fuell?ing|validating|garnering"
    r"|leading to|paving|setting|making (?:it|them)|aligning|pointing|underlining"
    r"|contributing|mirroring|with debates?|which (?:may|suggests|could)|a sign"
    r"|useful (?:as|for)|worth)\b[^;]*$",
    re.IGNORECASE,
)


# What somebody without a name makes of it.
_STRANGERS = re.compile(
    r"[,;] (?:so|and|but|while|as|with|though) (?:(?:an?|one|some|several|many|other|another) )?"
    r"(?:\w+ )?(?:members?|users?|commenters?|readers?|redditors|people)\b[^;]*$"
)


def without_bullet(line: str) -> str:
    """Remove the sign of a list from a line."""
    return BULLET.sub("", line).strip()


def split_lead(text: str, lead: str) -> tuple[str, str]:
    """Part a mention's headline from what it says; no headline where it begins the sentence."""
    if not lead or not text.startswith(lead):
        return "", text
    rest = text[len(lead) :]
    # A headline may go on in code or italics before the counts.
    if counts := _COUNTS.search(rest, 0, _MOST_OF_LEAD):
        return lead.strip(" :."), rest[counts.end() :].strip()
    if found := re.match(r"\s*[:—–]\s+|\s+-\s+|\s*:\s*$", rest):
        return lead.strip(" :."), rest[found.end() :].strip()
    return "", text


def without_links(text: str, anchors: Collection[str]) -> str:
    """Remove addresses, brackets that only say where it is from, counts and marks."""

    def bracket(found: re.Match[str]) -> str:
        if _QUALIFIES.search(found[0]):
            return found[0]
        words = found[1] or ""
        plain = words and len(words) <= _SHORT_BRACKET and not _POSTED.search(words)
        linked = words in anchors or all(one in anchors for one in re.split(r"\s*[,;•]\s*", words))
        return found[0] if plain and not linked else ""

    text = _MARKS.sub("", _COUNTS.sub("", text))
    text = _BRACKET.sub(bracket, _URL.sub("", text))
    text = _BRACKET.sub(bracket, text)  # what stood around another one
    text = _THIS_PAGE.sub(r"the \1", _FROM_ACCOUNT.sub("", text))
    return " ".join(text.split())


def without_frame(sentence: str) -> str:
    """Remove from one sentence who posted it, where to read on, and what to think of it."""
    sentence = _SEE.sub("", _SHARED_WITH.sub("", sentence))
    bare = _BY_A_POST.sub("", sentence)
    if _SURMISE.search(bare):  # that it is not certain is said without the post, too
        sentence = bare
    text = _ACCOUNTS_WITHIN.sub("", _ACCOUNTS_AT_END.sub("", _POINTER.sub("", sentence)))
    text = ACCOUNT.sub(lambda found: _ACCOUNT_NAMES.get(found[1].casefold(), found[0]), text)
    text = _STRANGERS.sub("", _COMMENT.sub("", text))
    return _ANNOUNCED.sub(_released, text.strip(" ,;:—–-"))


def _released(found: re.Match[str]) -> str:
    """Say of a thing that somebody announces that it is released."""
    what, which = found["what"], found["which"] or ""
    verb = "were" if _SEVERAL.search(what) else "was"
    return f"{what[:1].upper() if what.startswith(('the ', 'a ')) else what[:1]}{what[1:]}" + (
        f"{which}, {verb} released" if which else f" {verb} released"
    )
