"""Which kind of page an address leads to, and who speaks there.

Both follow from the address alone, so a page that is hidden behind a shortener is only a page.
"""

import re
from functools import lru_cache
from typing import Literal

from pipeline.patterns import lazy_pattern
from pipeline.urls.same_page import page_address, page_parts

LinkType = Literal[
    "repository",
    "package",
    "model",
    "paper",
    "vendor",
    "page",
    "offer",
    "post",
    "press",
    "thread",
    "video",
    "chat",
    "hub",
    "picture",
    "own",
]
"""What a page is: `vendor` a company's or project's announcement or documentation, `page` any other
page of a site, `offer` a model as somebody else serves it, `post` one on X and the like, `press` a
newspaper's, `thread` a forum's, `chat` a Discord message, `own` the newsletter's; `hub` is a page
about many things: a home page, a leaderboard, a subreddit."""

ARTIFACT_TYPES: frozenset[LinkType] = frozenset(
    ("repository", "package", "model", "paper", "vendor")
)
"""First-hand pages: the thing itself, or what its maker says about it."""

_GENERAL_TYPES: frozenset[LinkType] = frozenset({"hub", "own", "chat", "picture"})

# Papers and magazines that many issues cite. Whoever is missing here is taken for a page.
# Newspapers at .com, whose pages nobody else can write.
_PAPERS = (
    r"apnews|arstechnica|axios|bbc|bloomberg|cnbc|cnn|economist|fortune|ft|nytimes|politico|reuters"
    r"|scmp|semafor|techcrunch|theguardian|theinformation|theregister|theverge|washingtonpost|wired"
    r"|wsj"
)
_NEWSPAPERS = re.compile(rf"(?:{_PAPERS})\.com|bbc\.co\.uk|404media\.co")
_CHAT_FILES = re.compile(r"(?:cdn|media|images-ext-\d)\.discordapp\.(?:com|net)|files\.slack\.com")
_PRESS_PATTERN = (
    rf"(?:.+\.)?(?:{_PAPERS}|reut|tomshardware|businessinsider|venturebeat|zdnet|forbes|404media"
    r"|engadget|9to5google|9to5mac|techmeme|the-decoder|archive|wccftech|videocardz|pcgamer|decrypt"
    r"|yahoo)\.(?:com|co|co\.uk|rs|ph|is|org|net|tech)/.+"
)
# What a page is, by its host and path: the first pattern that fits decides. A known host whose path
# fits nothing shows many things.
_LINK_TYPE_RULES: tuple[tuple[str, LinkType], ...] = (
    (r"news\.smol\.ai(?:/.*)?|buttondown\.\w+/ainews.*", "own"),
    # The writers of the recaps are models, and make these up.
    (r"(?:.+\.)?example\.(?:com|org|net)(?:/.*)?|link\.to(?:/.*)?", "hub"),
    (
        (
            r"(?:(?:i|v|preview|external-preview)\.redd\.it|i\.imgur\.com|(?:pbs|video)\.twimg\.com"
            r"|cdn\.discordapp\.com|media\.discordapp\.net|(?:media\d?\.)?(?:tenor|giphy)\.com)/.*"
            r"|[^/]+/.*\.(?:png|jpe?g|gif|webp|mp4|mov)"
        ),
        "picture",
    ),
    (r"(?:\w+\.)?discord(?:app)?\.(?:com|gg)/.*|t\.me/.*|(?:[\w-]+\.)?slack\.com/.*", "chat"),
    (r"[^/]+/?", "hub"),
    (r"[^/]+/(?:.+/)?[\w-]*leaderboards?(?:/.*)?", "hub"),
    (r"(?:youtube\.com|youtu\.be|vimeo\.com|twitch\.tv|loom\.com|bilibili\.com)/.+", "video"),
    (
        r"t\.co/.+|(?:x\.com|bsky\.app|threads\.(?:net|com)|linkedin\.com|weibo\.com)/[^/]+/.+",
        "post",
    ),
    (
        (
            r"reddit\.com/(?:[^/]+/[^/]+|gallery)/.+|redd\.it/.+|news\.ycombinator\.com/.+|lobste\.rs/.+"
            r"|(?:lesswrong|stackoverflow|quora)\.com/.+|(?:forums?|community|discuss|discourse)\..+/.+"
        ),
        "thread",
    ),
    (
        (
            r"(?:.+\.)?arxiv\.org/.+|huggingface\.co/papers/.+|(?:.*\.)?nature\.com/.+"
            r"|(?:openreview\.net|aclanthology\.org|biorxiv\.org|doi\.org|papers\.nips\.cc|ssrn\.com"
            r"|dl\.acm\.org|semanticscholar\.org|proceedings\.[^/]+)/.+"
        ),
        "paper",
    ),
    (
        (
            r"(?:pypi\.org|npmjs\.com|crates\.io|hub\.docker\.com|marketplace\.visualstudio\.com"
            r"|chromewebstore\.google\.com|download\.pytorch\.org|anaconda\.org)/.+"
        ),
        "package",
    ),
    (
        r"gist\.github\.com/.+|(?:github|gitlab)\.com/[^/]+/.+|codeberg\.org/[^/]+/.+",
        "repository",
    ),
    (r"huggingface\.co/(?:docs|blog|learn)/.+", "vendor"),
    (r"(?:huggingface\.co|modelscope\.cn|civitai\.com|kaggle\.com)/[^/]+/.+", "model"),
    # Who serves other people's models, each under a page of its own.
    (
        (
            r"openrouter\.ai/(?!announcements|docs|blog)[\w.~-]+/[^/]+/?"
            r"|(?:ollama\.com/library|lmstudio\.ai/models?)/.+"
            r"|(?:replicate\.com|fal\.ai|build\.nvidia\.com|poe\.com|deepinfra\.com)/.+"
        ),
        "offer",
    ),
    (_PRESS_PATTERN, "press"),
    (
        (
            r"(?:x\.com|bsky\.app|reddit\.com|github\.com|gitlab\.com|huggingface\.co|kaggle\.com"
            r"|linkedin\.com)/.*"
        ),
        "hub",
    ),
    (
        (
            r"[^/]+/(?:docs|blog|news|models|chat|pricing|log-?in|signup|search|explore|about|careers"
            r"|status|api|trending)/?"
        ),
        "hub",
    ),
    # What a project's own announcement, documentation or release lies under.
    (
        (
            r"[^/]+/(?:.*/)?(?:blog|news|index|research|docs?|documentation|announcements?|releases?"
            r"|changelog|guides?|tutorials?|engineering|product|introducing[\w-]*|cookbook|papers?"
            r"|publications?|learn|models?)/.*"
        ),
        "vendor",
    ),
    (
        (
            r"(?:docs|blogs?|developers?|research|ai|news|help|api-docs|cookbook|devblogs|learn"
            r"|platform|alignment|support)\..+|[^/]+\.(?:github\.io|readthedocs\.io)/.*"
        ),
        "vendor",
    ),
)
_LINK_TYPE_PATTERNS = tuple(
    (lazy_pattern(pattern, re.IGNORECASE), kind) for pattern, kind in _LINK_TYPE_RULES
)
_HOSTS_WITH_ACCOUNTS = {"x.com", "github.com", "huggingface.co", "gitlab.com"}


@lru_cache(maxsize=8192)
def link_type(url: str) -> LinkType:
    """Classify the page that an address leads to, from the address alone."""
    page = page_address(url)
    return next((kind for pattern, kind in _LINK_TYPE_PATTERNS if pattern.fullmatch(page)), "page")


def is_newspaper(url: str) -> bool:
    """Whether a page is that of a well-known newspaper, which no stranger writes."""
    return _NEWSPAPERS.fullmatch(page_parts(url)[0]) is not None


def is_chat_file(url: str) -> bool:
    """Whether an address is that of a file that somebody put into a chat; most of them expire."""
    return _CHAT_FILES.fullmatch(page_parts(url)[0]) is not None


def account_of(url: str) -> str:
    """Name who speaks at an address, in small letters, or nothing.

    That is the account of a post, the owner of a repository or model, or else the site's own name.
    """
    host, path = page_parts(url)
    if host in _HOSTS_WITH_ACCOUNTS:
        return path.strip("/").split("/")[0].casefold()
    names = host.split(".")
    return names[-2] if len(names) > 1 else ""


def is_about_one_thing(url: str) -> bool:
    """Whether a page is about one thing: neither about many, nor about none."""
    return link_type(url) not in _GENERAL_TYPES
