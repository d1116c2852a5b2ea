"""Line of a newsletter -> the whole statements in it, without the newsletter's frame.

A bullet says a thing in a frame of its own: a bold headline, who posted it, links that are words,
Reddit's counts, a tail that says what to think of it. What is left is cut into statements that stand
by themselves; whatever is no statement is left out, and never mended into one by guessing.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from pipeline.translate.clauses import is_statement, read_clause
from pipeline.translate.naming import without_anaphor

LONGEST: Final = 220
"""Characters of a statement that a small model still translates word by word."""
_SPLIT_FROM = 120  # characters from which a statement is cut at a conjunction
_LONG = 160  # characters from which a tail is cut
_LEAST_HEAD = 50  # characters of what is left then
_DIGIT = re.compile(r"\d")
_LEAST = 25  # characters of a statement, below which it says nothing

HEDGE: Final = re.compile(
    r"\b(?:reported(?:ly)?|alleged(?:ly)?|claim(?:s|ed|ing)?|rumou?r(?:s|ed)?|leak(?:s|ed)?|may|might"
    r"|could|preview|beta|expected|planned|apparently|supposedly|purported(?:ly)?|unconfirmed"
    r"|caution(?:s|ed)?|caveat|only|not|n[o']t|never|without|up to|at least|though|however|except"
    r"|unclear|so far|yet|experimental|early|according to|says?|said)\b|n’t\b",
    re.IGNORECASE,
)
"""Words without which a statement says more than its source."""

_ACCOUNT_NAMES: Final = {
    "alibaba_qwen": "Qwen",
    "aiatmeta": "Meta AI",
    "anthropicai": "Anthropic",
    "artificialanlys": "Artificial Analysis",
    "claudeai": "Anthropic",
    "cursor_ai": "Cursor",
    "deepseek_ai": "DeepSeek",
    "drjimfan": "Jim Fan",
    "epochairesearch": "Epoch AI",
    "gdb": "Greg Brockman",
    "googleai": "Google",
    "googledeepmind": "Google DeepMind",
    "googlecloudtech": "Google Cloud",
    "huggingface": "Hugging Face",
    "jeffdean": "Jeff Dean",
    "karpathy": "Andrej Karpathy",
    "kimi_moonshot": "Moonshot AI",
    "langchainai": "LangChain",
    "llama_index": "LlamaIndex",
    "metaai": "Meta AI",
    "mistralai": "Mistral AI",
    "nousresearch": "Nous Research",
    "nvidia": "NVIDIA",
    "nvidiaai": "NVIDIA",
    "openai": "OpenAI",
    "openaidevs": "OpenAI",
    "openrouterai": "OpenRouter",
    "perplexity_ai": "Perplexity",
    "sama": "Sam Altman",
    "semianalysis_": "SemiAnalysis",
    "togethercompute": "Together AI",
    "vllm_project": "vLLM",
    "ylecun": "Yann LeCun",
    "zai_org": "Z.ai",
}
_ACCOUNTS_AT_END = re.compile(r"(?:[\s,;&]*(?:\band\b)?\s*@\w+)+(?=\s*[.!]?\s*$)")
_FROM_ACCOUNT = re.compile(
    r",? (?:(?:announced|posted|shared|reported|noted|highlighted|via|per|h/t|from|by)\s+)+"
    r"(?:by |from )?@\w+(?:(?:,? and|,) @\w+)*"
)
_ACCOUNT = re.compile(r"(?<![\w.])@(\w+)")
_URL = re.compile(r"\b(?:https?://|www\.)\S+[\w/]")
_BRACKET = re.compile(r"\s*\(([^()]*)\)|\s*\[([^\[\]]*)\]")
_COUNTS = re.compile(r"\s*\((?:Activity|Score|Upvotes?)\b[^()]*\)\s*[:.]?", re.IGNORECASE)
_KEPT_BRACKET = re.compile(
    r"\b(?:preview|beta|reportedly|alleged(?:ly)?|claimed|rumou?red|experimental|planned|expected"
    r"|unconfirmed|estimated|self-reported)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+")
_MARKS = re.compile(r"[*`~]+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
_LINK_WORDS = re.compile(
    r"[,;—–-]*\s*\b(?:(?:with )?(?:full |more |further )?(?:details?|information|discussion|results?"
    r"|links?|code|artifacts?|weights)(?: and [\w ]+)?(?: are| is)? (?:in|at|on|linked|included|provided|via|here"
    r"|available here)\b[^.;,]*|(?:as |which is )?(?:detailed|described|announced|shown|outlined|seen"
    r"|revealed|documented|shared|discussed) (?:in|at|on) (?:this|the|a|an|its) (?:\w+ ){0,3}?(?:posts?"
    r"|tweets?|threads?|blog ?posts?|articles?|videos?|links?|announcements?|screenshots?|images?)"
    r"|(?:can be|is|are) (?:viewed|found|read) here|via this [\w ]+|see here|here)(?=\s*(?:[.;]|$))",
    re.IGNORECASE,
)
_THIS_PAGE = re.compile(
    r"\b(?:this|the attached|the linked) (tweet|post|blog ?post|thread|paper|repo|article|report|video"
    r"|announcement|gist|link|PR|study)\b"
)
# A tail that says what to think of it.
_COMMENT = re.compile(
    r"(?:,|\s[—–-])\s*(?:(?:thus|thereby|again|further|notably|likely|possibly|potentially|effectively)"
    r"\s+)?(?:suggesting|highlighting|showcasing|emphasi[sz]ing|underscoring|reflecting|signal+ing"
    r"|indicating|potentially|raising|sparking|prompting|marking|positioning|reinforcing|demonstrating"
    r"|illustrating|implying|hinting|feeding|pushing|drawing|fuell?ing|leading to|paving|setting"
    r"|making (?:it|them) |aligning|pointing|underlining|contributing|which (?:may|suggests|could)|a"
    r" sign|useful (?:as|for)|worth)\b[^;]*$",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^(?:separately|meanwhile|also|additionally|in addition|moreover|furthermore|notably|elsewhere"
    r"|simultaneously|in parallel|similarly|finally|however|but|and|so|still|instead|overall|thus"
    r"|for instance|for example|specifically|importantly|interestingly|later|then|more broadly"
    r"|at the same time|on the other hand|in response|as a result)\b,?\s+",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|vs|etc|U\.S|U\.K|Inc|Corp|Ltd|Dr|Mr|Ms|St|No|approx|al|Jan|Feb|Mar|Apr|Aug"
    r"|Sept?|Oct|Nov|Dec|[A-Z])\.$"
)
_SENTENCE_END = re.compile(r"[.!?][\"”’')]*\s+(?=[A-Z0-9“\"@$#]|[a-z]+[A-Z])")
_SEMICOLON = re.compile(r"\s*;\s*(?:and |but |while |with )?")
_CONJUNCTION = re.compile(r",? (?:while|though|although|whereas)\s+|, (?:and|but)\s+(?:also )?")
_TAIL = re.compile(r"\s*(?:,|[—–]| with | including | such as | featuring | as well as )\s*")
_LABEL = re.compile(r"^([^:;.!?]{2,80}?):\s+(?=\S)")
_SHORT_BRACKET = 30
_POSTED = re.compile(
    r"@|\b(?:example|tweets?|threads?|links?|source|screenshot|post|blog|paper|repo|docs?|article"
    r"|announcement|demo|video|image|arena|report|github|documentation|leaderboard|release notes?"
    r"|code|via|see|here|[a-z]+\.(?:com|ai|org|dev|io))\b",
    re.IGNORECASE,
)


def without_bullet(line: str) -> str:
    """Remove the sign of a list from a line."""
    return _BULLET.sub("", line).strip()


def split_lead(text: str, lead: str) -> tuple[str, str]:
    """Part a mention's headline from what it says; no headline where it begins the sentence."""
    if not lead or not text.startswith(lead):
        return "", text
    rest = text[len(lead) :]
    if counts := _COUNTS.match(rest):
        return lead.strip(" :."), rest[counts.end() :].strip()
    if found := re.match(r"\s*[:—–]\s+|\s+-\s+|\s*:\s*$", rest):
        return lead.strip(" :."), rest[found.end() :].strip()
    return "", text


def statements(text: str, anchors: Collection[str] = ()) -> Iterator[str]:
    """Give the whole statements of a line, in their order, each with its full stop.

    Args:
        text: a line without its bullet and headline.
        anchors: the words that links stand on; in brackets they only say where it is from.
    """
    for sentence in _sentences(_without_links(text, anchors)):
        for part in _SEMICOLON.split(sentence):
            yield from _parts(_OPENER.sub("", _without_label(part.strip())))


def _without_links(text: str, anchors: Collection[str]) -> str:
    """Remove addresses, accounts that only say who posted it, brackets and marks."""

    def bracket(found: re.Match[str]) -> str:
        if _KEPT_BRACKET.search(found[0]):
            return found[0]
        words = found[1] or ""
        plain = words and len(words) <= _SHORT_BRACKET and not _POSTED.search(words)
        return found[0] if plain and words not in anchors else ""

    text = _MARKS.sub("", _COUNTS.sub("", text))
    text = _BRACKET.sub(bracket, _URL.sub("", text))
    text = _BRACKET.sub(bracket, text)  # what stood around another one
    text = _THIS_PAGE.sub(r"the \1", _FROM_ACCOUNT.sub("", text))
    return " ".join(text.split())


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for found in (*_SENTENCE_END.finditer(text), None):
        end = found.end() if found else len(text)
        sentence = text[start:end].strip()
        if found and _ABBREVIATION.search(sentence):
            continue
        if sentence and not sentence.endswith("?"):
            yield sentence
        start = end


def _without_label(text: str) -> str:
    """Remove words before a colon that only head a statement; give what a list hangs on."""
    found = _LABEL.match(text)
    if not found:
        return text.rstrip(": ")
    rest = text[found.end() :]
    if is_statement(_capital(rest)):
        return rest
    return found[1] if is_statement(found[1]) else text


def _parts(text: str) -> Iterator[str]:
    """Cut one sentence at its conjunctions, where each half is a statement of its own."""
    text = _named(_ACCOUNTS_AT_END.sub("", _LINK_WORDS.sub("", text)))
    text = _COMMENT.sub("", text).strip(" ,;:—–-")
    if len(text) >= _SPLIT_FROM:
        for found in _CONJUNCTION.finditer(text):
            one, other = text[: found.start()], text[found.end() :]
            if is_statement(one) and is_statement(_capital(other)) and _names_subject(other):
                yield from _finished(one)
                yield from _parts(other)
                return
    yield from _finished(text)


def _finished(text: str) -> Iterator[str]:
    text = _shortened(_capital(text.strip(" ,;:—–-").rstrip(".!")))
    fits = _LEAST <= len(text) < LONGEST
    # What begins with "it" is one where it is known what that is: any name will do here.
    whole = is_statement(without_anaphor(text, "Orca"))
    if fits and "@" not in text and not _is_torn(text) and whole:
        yield f"{text}."


def _shortened(text: str) -> str:
    """Cut the tail of a long statement, if nothing in it qualifies the rest or is a figure."""
    for found in reversed([*_TAIL.finditer(text, _LEAST_HEAD)] if len(text) > _LONG else []):
        head, tail = text[: found.start()], text[found.end() :]
        qualified = HEDGE.search(tail) or (len(text) < LONGEST and _DIGIT.search(tail))
        if not qualified and len(head) < LONGEST and is_statement(head):
            return head if len(head) <= _LONG else _shortened(head)
    return text


def _is_torn(text: str) -> bool:
    """Whether quotation marks or brackets have lost their other half, or words their link."""
    pairs = ("“”", "()", "[]")
    return (
        any(text.count(one) != text.count(other) for one, other in pairs)
        or text.count('"') % 2 == 1
        or re.search(
            r"\s[.,;]|[.,]{2}|\b(?:to|in|on|at|by|from|with|and|or|the|a|via|for|of)$", text
        )
        is not None
    )


def _names_subject(text: str) -> bool:
    clause = read_clause(_capital(text))
    return clause is not None and re.search(r"[A-Z]", text[: len(clause.subject)]) is not None


def _named(text: str) -> str:
    """Write known accounts as the names of who has them."""
    return _ACCOUNT.sub(lambda found: _ACCOUNT_NAMES.get(found[1].casefold(), found[0]), text)


def _capital(text: str) -> str:
    """Begin with a capital, unless it begins with a name that has none: vLLM, llama.cpp."""
    first = text.split(" ", 1)[0]
    plain = re.fullmatch(r"[a-z’'-]+,?", first) is not None
    return text[:1].upper() + text[1:] if plain else text
