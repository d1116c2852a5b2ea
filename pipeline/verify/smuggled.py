"""Ways out of a text that a stranger may have put into it: addresses, accounts, groups of chats.

They count in inline code too, since a reader copies what stands there. A domain is one by its
ending; a name that only looks like one (Node.js, Z.ai), a file and a call (main.rs, torch.to) are
none. A bare domain stays where the editors' own recaps carry it as text: what only a mention of
strangers carries does not. Not covered: a product's name in `.ai`, `.io` or `.im` is told from a
domain only by its spelling, a capital and then small letters.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.records import Story
from pipeline.urls import link_type

ADDRESS = "a link"
HANDLE = "an @handle"
_MAIL = "a mail address"
_DOMAIN = "a domain"
_PING = "a ping"
_INVITATION = "an invitation to a chat"

_EDITORS = frozenset({"intro", "twitter"})
_SCHEME = re.compile(
    r"(?:https?|hxxps?|ftps?|sftp|ssh|wss?|ipfs|ipns|tg|weixin|wechat|mqq\w{0,9}|whatsapp|discord"
    r"|slack|msteams|zoommtg|skype|sgnl|line|alipays?|taobao|intent|market|steam)://[^\s`]*"
    r"|(?<![a-z0-9])(?:mailto:[^\s`]+|www\.[^\s`]+|(?:tel|sms|callto):\+?\d[\d-]+|magnet:\?[^\s`]+)"
    r"|(?<![a-z0-9.])(?!127\.|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}(?:/[!-_a-~]*)?|/[a-z][!-_a-~]*)",
    re.IGNORECASE | re.ASCII,
)
_MAILBOX = re.compile(
    r"[a-z0-9_.+-]{1,64}(?:@|\s?[\[(]at[\])]\s?)(?!v?\d+\.\d)"
    r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,}",
    re.IGNORECASE | re.ASCII,
)
_MENTION = re.compile(
    r"<\s*/?at(?![a-z0-9])[^>]{0,200}>?|<!(?:everyone|channel|here|subteam)[^>]{0,200}>?"
    r"|<[@#]&?\w+>?",
    re.IGNORECASE | re.ASCII,
)
_ACCOUNT = re.compile(r"(?<![A-Za-z0-9_])@\w+(?:\.\w+)*\(?")
_REDDITOR = re.compile(r"(?<![\w/.~-])/?u/[A-Za-z0-9_-]{3,20}(?![\w/-])", re.ASCII)
NPM_PACKAGE = re.compile(r"@[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*")  # of npm
_DECORATORS = frozenset(
    {"@classmethod", "@dataclass", "@override", "@property", "@staticmethod", "@tool"}
)
_HOST = re.compile(
    r"(?<![A-Za-z0-9-])(?<![A-Za-z0-9]_)(?<![A-Za-z0-9]\.)"
    r"(?P<host>(?P<labels>(?:[A-Za-z0-9-]+\.)+)(?P<ending>xn--[A-Za-z0-9-]+|[A-Za-z]{2,}))"
    r"(?![A-Za-z0-9_]|-[A-Za-z0-9]|\.[A-Za-z0-9])"
    r"(?P<page>(?::\d+)?/[\w~%?#&=+@.!-][!-_a-~]*|:\d{2,5}\b)?",
    re.ASCII,
)
# Dots that are no dots, and endings that browsers take after Chinese.
_DISGUISED = re.compile(
    r"[A-Za-z0-9-]{1,63}\s?(?:\[\.?\]|\(\.\)|\{\.\}|<\.>|[\[(]dot[\])]|\sdot\s|点|[。｡])\s?"
    r"(?:com|net|org|cn|xyz|top|io|me|cc)(?![A-Za-z])"
    r"|[A-Za-z0-9-]{1,63}\s?(?:\[\.\]|[\[({]dot[\])}])\s?[A-Za-z]{2,}(?![A-Za-z])"
    r"|[\u4e00-\u9fff]{1,12}\.(?:com|org|cn|xyz|top)(?![A-Za-z0-9])"
    r"|[\w-]{1,63}[.。](?:中国|中國|网址|在线|商城|我爱你)(?![\u4e00-\u9fff])"
)
_COUNTRIES = """
ac ad ae af ag ai al am ao ar au aw ax az ba bb bd bf bg bh bi bj bm bn bo br bs bt bw bz ca cc cf
cg ch ci ck cl cm cn co cr cv cw cx cy cz de dj dk dm dz ec ee eg er es et eu fi fj fk fm fo fr ga
gd gf gg gh gi gl gm gn gp gq gr gs gu gw gy hk hm hn hr ht hu ie il im io iq ir je jm jo jp ke kg
kh ki km kn kp kr kw ky kz la lb lc li lk lr lu lv ly me mg mh mn mo mp mq mr mt mu mv mw mx mz na
nc nf ng ni nl nr nu nz om pa pe pf pg ph pk pn pr pw qa ro ru rw sa sb sc se sg si sj sk sl sm sn
sr su sv sx sy sz tc td tg tj tk tm tn tr tt tv tw tz ua ug uk us uy uz va vc ve vg vn vu wf ws ye
yt za zm zw
"""
_GENERIC = """
com net org edu gov mil int info biz pro mobi asia app dev xyz top site online shop store club vip
wang fun icu website cloud tech press blog news wiki email studio agency digital ltd click buzz cyou
sbs cfd quest lol bid win loan men ren gift gifts casino bet cash trade example invalid social
finance money crypto academy center games life live systems team today world zone onion eth
"""
_SURE = frozenset((*_COUNTRIES.split(), *_GENERIC.split()))
# Also endings of files, attributes and methods: domains only with a page, or where one is linked.
_FILES = """
as at be by cd chat cu do ge group gt id in is it link ls lt ma md media mk ml mm ms mov my name ne
network new no np one page pl pm ps pt py re rs run sd sh so space ss st tf th tl to tools vi work
zip
"""
# Of these, those that no file has: outside of code they are domains too.
_WORDS = frozenset(("chat", "link", "media", "network", "page", "space", "tools", "work"))
_UNSURE = frozenset(_FILES.split())
_CATEGORY = re.compile(r"(?:cs|stat|math|eess|econ)\.[A-Z]{2}")  # of arXiv
_NAME = re.compile(r"(?:[A-Z]|[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)\.(?:ai|AI|io|im)")
_ANOTHER_NAME = re.compile(r"/[A-Z]\w*")  # X.ai/Y is X.ai or Y
_LIKE_DOMAINS = """
asp.net ado.net vb.net ml.net z.ai x.ai c.ai fal.ai fast.ai vast.ai together.ai character.ai
deeplearning.ai perplexity.ai socket.io draw.io fly.io itch.io monday.com booking.com cal.com
v0.dev bolt.new h2o.ai c3.ai jd.com trip.com amazon.com x.com lovable.dev claude.ai chatgpt.com
grok.com meta.ai kimi.com chat.z.ai chat.qwen.ai chat.deepseek.com poe.com you.com suno.com
lmarena.ai openrouter.ai ollama.com replit.com github.com
"""
_KNOWN_NAMES = frozenset(_LIKE_DOMAINS.split())
_PLATFORM = r"(?:微信|威信|薇信|[Ww]e[Cc]hat|[Ww]eixin|WECHAT|[Vv]信|[VvWw][Xx]|QQ|qq|扣扣|企鹅号?)"
_OTHERS = r"(?:[Tt]elegram|TG|tg|电报|飞机|[Ww]hats[Aa]pp)"
_ID = r"[\w+@-]{0,30}[A-Za-z_][\w+@-]{3,}|[\w+@-]{3,30}[A-Za-z_]|\d{5,}"
_INVITATIONS = re.compile(
    rf"(?:(?<![增添附更参])加|➕)(?:一?下|我|他|她|客服|作者|小编|群主|官方)*的?\s?"
    rf"(?:{_PLATFORM}|{_OTHERS}|[Vv](?![A-Za-z0-9])|Q?群(?![体众组集聊]))"
    rf"|(?<![A-Za-z0-9])(?:{_PLATFORM}|{_OTHERS}|[Vv])(?:号码?|群号?|ID|账号|帐号)?\s?[:：]\s?[`「“]?(?:{_ID})"
    rf"|{_PLATFORM}(?:号码?|群号?)?\s?[`「“]?(?:[A-Za-z]\w*\d{{2,}}|\d{{5,}})"
    rf"|{_PLATFORM}号\s?[`「“]?[A-Za-z][\w-]{{3,}}|wxid_\w+|(?<![增添附更参])加[薇葳徽威]信?[A-Za-z]\w{{4,}}"
    r"|(?<![集人])群(?:聊)?[:：]?\s?\d{8,12}(?![\d人名万个张核卡])|裙号|[进加][Qq]?裙|[交粉扣]\w裙|[Qq]群\s?[:：]?\s?\d{5,}"
    r"|(?:电话|手机号?|致电|拨打|热线)[:：]?\s?\+?\d[\d-]{6,}|二维码(?:加|进|入|领)"
    r"|(?<!集)群(?:聊)?(?:号|号码)(?!召|称)|扣扣群|(?<!Q)Q群|福利群|粉丝群"
    r"|扫码(?:加|进|入|关注|领)|(?<![推引])[进入]群(?![体众组集岛落聊])|私信(?:我|领)"
    r"|关注(?:我们?的?)?(?:微信)?公众号",
    re.ASCII,
)
# Also what a product may have: they stay where the editors name the platform.
_GROUPS = {
    re.compile(r"微信(?:交流)?群|公众号"): re.compile(
        r"wechat|weixin|微信|official account", re.IGNORECASE
    ),
    re.compile(r"QQ\s?(?:交流)?群"): re.compile(r"\bqq\b", re.IGNORECASE),
    re.compile(r"(?:飞书|钉钉|企微)\s?(?:交流)?群(?![体众组集])"): re.compile(
        r"feishu|lark|dingtalk|wecom|飞书|钉钉|企业微信", re.IGNORECASE
    ),
    re.compile(r"(?:Telegram|TG|电报|飞机)\s?(?:交流)?(?:群|频道)", re.IGNORECASE): re.compile(
        "telegram", re.IGNORECASE
    ),
    re.compile(r"Discord\s?(?:交流)?群", re.IGNORECASE): re.compile("discord", re.IGNORECASE),
}
INLINE_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)[^`\n]+(?<!`)\1(?!`)")


def smuggled(text: str, story: Story) -> Iterator[tuple[str, str]]:
    """Find what a text of an entry must not hold, inline code included.

    Yields:
        What it is called, and how it stands in the text.
    """
    folded = _folded(text)
    editors = _folded("\n".join(m.text for m in story.mentions if m.part in _EDITORS))
    found = [
        *_always(folded),
        *_accounts(folded, story.evidence),
        *_domains(folded, story, editors.casefold()),
        *(
            (_INVITATION, match.span())
            for form, platform in _GROUPS.items()
            for match in form.finditer(folded)
            if not platform.search(editors)
        ),
    ]
    yield from _outermost(found, text)


def smuggled_into_quotation(text: str) -> Iterator[tuple[str, str]]:
    """Find what not even the words of the evidence may hold; accounts and domains they may."""
    yield from _outermost(list(_always(_folded(text))), text)


def _always(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    forms = (
        (ADDRESS, _SCHEME),
        (_MAIL, _MAILBOX),
        (_PING, _MENTION),
        (_INVITATION, _INVITATIONS),
    )
    for name, form in forms:
        for match in form.finditer(text):
            yield name, match.span()


def _accounts(text: str, evidence: str) -> Iterator[tuple[str, tuple[int, int]]]:
    code = _code(text)
    for match in _REDDITOR.finditer(text):
        yield HANDLE, match.span()
    for match in _ACCOUNT.finditer(text):
        account = match[0]
        package = NPM_PACKAGE.match(text, match.start())
        if package and package[0] in evidence:
            continue
        in_code = any(start <= match.start() < end for start, end in code)
        if in_code and (account[-1] == "(" or "." in account or account in _DECORATORS):
            continue
        name = re.match(r"@\w+", account, re.ASCII) or re.match(r"@\w+", account)
        if name:
            yield HANDLE, (match.start(), match.start() + name.end())


def _code(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in INLINE_CODE.finditer(text)]


def _domains(text: str, story: Story, editors: str) -> Iterator[tuple[str, tuple[int, int]]]:
    linked = {_host_of(link.url) for link in story.links}
    code = _code(text)
    for match in _HOST.finditer(text):
        host, page = match["host"], match["page"] or ""
        if _ANOTHER_NAME.fullmatch(page) and _is_name(host):
            page = ""
        in_code = any(start <= match.start() < end for start, end in code)
        sure = _SURE if in_code else _SURE | _WORDS
        if not _is_domain(match, sure, linked, page=page) or (
            not page and _may_stay(host, editors)
        ):
            continue
        yield (ADDRESS, match.span()) if page else (_DOMAIN, match.span("host"))
    for match in _DISGUISED.finditer(text):
        yield _DOMAIN, match.span()


def _is_domain(match: re.Match[str], sure: frozenset[str], linked: set[str], *, page: str) -> bool:
    ending, host = match["ending"].casefold(), match["host"]
    if not re.search(r"[A-Za-z]", match["labels"]) and ending not in {"com", "net", "org", "cn"}:
        return False  # a version, as in 2.10.0.dev
    if _CATEGORY.fullmatch(host):
        return False
    if ending in _UNSURE - sure:
        return bool(page) or host.casefold() in linked
    return ending in sure or ending.startswith("xn--")


def _may_stay(host: str, editors: str) -> bool:
    """Whether it is a product's name, a package index that everybody knows, or the editors'."""
    carried = re.compile(rf"(?<![\w-]){re.escape(host.casefold())}(?![\w-]|\.\w)")
    known = link_type(f"https://{host}/owner/name") in {"package", "repository", "model"}
    return _is_name(host) or known or bool(carried.search(editors))


def _is_name(host: str) -> bool:
    return bool(_NAME.fullmatch(host)) or host.casefold() in _KNOWN_NAMES


def _host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # a bracket that opens no IPv6 address
        return ""


def _outermost(found: list[tuple[str, tuple[int, int]]], text: str) -> Iterator[tuple[str, str]]:
    """Give the first of each kind, without those that are a part of another one."""
    seen: set[str] = set()
    end = 0
    for name, span in sorted(found, key=lambda one: (one[1][0], -one[1][1])):
        if span[0] < end:
            continue
        end = span[1]
        if name not in seen:
            seen.add(name)
            yield name, text[slice(*span)].strip()


def _folded(text: str) -> str:
    """Give wide and styled letters as plain ones, each at its place."""
    return text if text.isascii() else "".join(map(_plain, text))


@lru_cache(maxsize=10_000)
def _plain(char: str) -> str:
    new = unicodedata.normalize("NFKC", char)
    return new if len(new) == 1 else char
