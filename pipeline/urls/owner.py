"""Whose a page is: by its host, or by its account where many people have pages on one host.

Only whole names count: `acme.com.elsewhere.net`, `acme-com.net` and `github.com/acme-labs` are not
Acme's, and what else stands in a path is anybody's to choose.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from pipeline.recaps import trust
from pipeline.records import Mention
from pipeline.urls.page_type import account_of, link_type
from pipeline.urls.same_page import page_parts

GENERIC_WORDS = frozenset(
    (
        *("agent", "agents", "blog", "build", "chat", "code", "coding", "data", "docs", "face"),
        *("from", "github", "guide", "hugging", "huggingface", "image", "images", "index"),
        *("inference", "into", "launch", "launches", "learn", "local", "model", "models", "more"),
        *("news", "open", "paper", "post", "posts", "release", "releases", "released", "research"),
        *("tool", "tools", "training", "tweet", "twitter", "update", "updates", "using", "video"),
        *("with", "your"),
    )
)
"""Words of leads that also stand in the addresses or accounts of other things."""

MAKERS = frozenset(
    (
        *("alibaba", "amazon", "anthropic", "apple", "claude", "deepmind", "deepseek", "gemini"),
        *("google", "meta", "microsoft", "mistral", "nvidia", "openai", "qwen"),
    )
)
"""Makers of so many things that their name in an address says little about which."""

HEAD_CHARS = 240
_BARE_HEAD_CHARS = 120  # of a mention without a lead; they stand in for one
_WORD = re.compile(r"@?\w[\w.-]*")
_SMALL_WORD = re.compile(r"(?<![\w@./-])[a-z]{2,}(?![\w@/-]|\.\w)")
_HEADLINES = """
a adds all an and at beats best first for free gets goes how in is new now of on official ships the
to today top us what why win with
"""
_HEADLINE_WORDS = frozenset(_HEADLINES.split())
_FIGURE = re.compile(r"\d")
_NON_ALPHANUMERIC = re.compile(r"[\W_]+")
_SHORTEST = 2
_ACCOUNT_PATH = re.compile(
    r"/(?:(?:spaces|datasets|collections|models|blog|orgs)/)?"
    r"(?!(?:spaces|datasets|collections|models|blog|orgs|docs|papers|topics|search)/)([^/]+)/.+"
)
_ACCOUNT_HOSTS = frozenset({"x.com", "github.com", "huggingface.co", "gitlab.com", "modelscope.cn"})
_ACCOUNT_SITE = re.compile(r"([\w-]+)\.(?:github|gitlab)\.io")
# Where anybody has pages, under a name that says little.
_SHARED_HOST = re.compile(
    r"(?:.+\.)?(?:(?:vercel|netlify|web|streamlit|fly|replit)\.app"
    r"|(?:pages|workers|r2|replit)\.dev|(?:readthedocs|gitbook|webflow)\.io|hf\.space"
    r"|notion\.(?:site|so)|(?:substack|medium|wordpress|blogspot|herokuapp|firebaseapp|onrender"
    r"|amazonaws|kaggle|reddit|youtube|linkedin|bilibili|zhihu|discord|slack)\.com"
    r"|azurewebsites\.net|windows\.net|cloudfront\.net)"
    r"|(?:(?:sites|docs|drive|groups|colab|colab\.research|storage\.cloud)\.)?google\.com"
)
# Accounts of well-known makers, in small letters, and what these and their products are called. An
# account is compared letter by letter: one without its hyphen may be anybody's.
_SAME_ON_BOTH = {
    "allenai": "allen olmo",
    "baidu": "ernie",
    "bytedance-seed": "bytedance",
    "deepseek-ai": "deepseek",
    "facebook": "meta",
    "google": "deepmind gemma",
    "ibm-granite": "ibm",
    "inclusionai": "ant",
    "meta-llama": "llama meta",
    "microsoft": "phi",
    "mistralai": "codestral devstral magistral mistral mixtral pixtral voxtral",
    "moonshotai": "kimi moonshot",
    "nvidia": "nemotron",
    "openbmb": "minicpm",
    "paddlepaddle": "baidu ernie",
    "stepfun-ai": "stepfun",
    "tencent": "hunyuan",
    "xai-org": "grok xai",
    "xiaomimimo": "mimo xiaomi",
    "zai-org": "glm zai zhipu",
}
_KNOWN_ACCOUNTS = {
    "github.com": _SAME_ON_BOTH
    | {
        "facebookresearch": "meta",
        "google-deepmind": "deepmind google",
        "minimax-ai": "minimax",
        "nvlabs": "nvidia",
        "qwenlm": "alibaba qwen",
        "stability-ai": "stability",
    },
    "huggingface.co": _SAME_ON_BOTH
    | {
        "coherelabs": "cohere",
        "huggingfacefw": "fineweb",
        "huggingfacetb": "smollm",
        "minimaxai": "minimax",
        "qwen": "alibaba qwen",
        "stabilityai": "stability",
    },
}
_ANYBODYS_PAGE = re.compile(r"/(?:discussions|issues|pull)(?:/|$)")
_KNOWN_NAME = re.compile(r"(?<![\w@./-])(?:x?[A-Z][A-Za-z]+|Z\.ai)")
_GENERAL_LABELS = frozenset({"com", "co", "org", "net", "ac", "gov", "edu", "ne", "or"})
_COUNTRY_LETTERS = 2


def maker_names(mentions: Iterable[Mention]) -> frozenset[str]:
    """Collect the names, as addresses write them, of whoever may have made what is told.

    They are the capitalised words of the leads, the best-known makers that the first words name,
    and the accounts of posts that the editors link to. A word with a figure is a product's.
    """
    found: set[str] = set()
    for mention in mentions:
        lead = mention.lead or mention.text[:_BARE_HEAD_CHARS]
        found.update(_names(lead))
        found.update(MAKERS.intersection(_names(mention.text[: len(mention.lead) + HEAD_CHARS])))
        if not trust(mention):
            posts = (link.url for link in mention.links if link_type(link.url) == "post")
            found.update(letters_of(account_of(url)) for url in posts)
    return frozenset(name for name in found if len(name) >= _SHORTEST) - GENERIC_WORDS


def known_names(mentions: Iterable[Mention]) -> frozenset[str]:
    """Collect what the first words name, of names with a figure what stands before that."""
    heads = (mention.text[: len(mention.lead) + HEAD_CHARS] for mention in mentions)
    return frozenset(letters_of(name) for head in heads for name in _KNOWN_NAME.findall(head))


def is_on_known_account(url: str, names: Collection[str]) -> bool:
    """Whether a page is under the account of a well-known maker that is among these names."""
    host, path = page_parts(url)
    account = _ACCOUNT_PATH.fullmatch(path) if host in _KNOWN_ACCOUNTS else None
    if not account or _ANYBODYS_PAGE.search(path):
        return False
    owners = _KNOWN_ACCOUNTS[host].get(account[1].casefold(), "")
    return any(owner in names for owner in owners.split())


def ordinary_words(mentions: Iterable[Mention]) -> frozenset[str]:
    """Collect what headlines write like a name: common words, and pairs of them.

    A word that the same story has in small letters, too, is none. Whoever has such a word for a
    host or an account has made nothing of what is told.
    """
    told = list(mentions)
    small = {word for mention in told for word in _SMALL_WORD.findall(mention.text)}
    small |= _HEADLINE_WORDS
    heads = (m.lead or m.text[:_BARE_HEAD_CHARS] for m in told)
    pairs = (pairwise(re.findall(r"[a-z]+", head.casefold())) for head in heads)
    joined = {one + other for each in pairs for one, other in each if {one, other} <= small}
    return frozenset(small | joined)


def is_owned_by(url: str, names: Collection[str]) -> bool:
    """Whether a page is on the host or under the account of one of them."""
    return not _owner_names(url).isdisjoint(names)


def is_generic_word(word: str) -> bool:
    """Whether a word in small letters says little about which thing is meant."""
    return word in MAKERS or word in GENERIC_WORDS


@lru_cache(maxsize=8192)
def _owner_names(url: str) -> frozenset[str]:
    """Name the owner of a page in letters and digits alone: of z.ai `z` and `zai`."""
    host, path = page_parts(url)
    if host in _ACCOUNT_HOSTS:
        account = _ACCOUNT_PATH.fullmatch(path)
        return frozenset({letters_of(account[1])}) if account else frozenset()
    if site := _ACCOUNT_SITE.fullmatch(host):
        return frozenset({letters_of(site[1])})
    if "." not in host or _SHARED_HOST.fullmatch(host):
        return frozenset()
    labels = host.split(".")
    general = len(labels[-1]) == _COUNTRY_LETTERS and labels[-2] in _GENERAL_LABELS
    own = labels[-3:] if general else labels[-2:]
    return frozenset({letters_of(own[0]), letters_of("".join(own)), *MAKERS.intersection(own[-1:])})


def _names(text: str) -> Iterator[str]:
    """Give capitalised words and handles, what they begin with before a hyphen, and pairs."""
    words = [
        word if (word[0] == "@" or word[0].isupper()) and not _FIGURE.search(word) else ""
        for word in _WORD.findall(text)
    ]
    for word in filter(None, words):
        yield letters_of(word)
        yield letters_of(word.split("-")[0])
    for one, other in pairwise(words):
        if one and other:
            yield letters_of(one + other)


def letters_of(text: str) -> str:
    """Give the letters and digits of a text alone, in small letters."""
    plain = text.casefold()
    return plain if plain.isalnum() else _NON_ALPHANUMERIC.sub("", plain)
