"""Accounts of the evidence: which names they stand for, and where one stands in a name's place.

Part of `names`. An account is its organisation, with what accounts add (NVIDIAAI, trycua), a name
of several words that it shortens (ArtificialAnlys), or a first and a last name without a space
(ericschmidt, fchollet). Not covered: who is behind an account that
is no name at all.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from pipeline.records import Link
from pipeline.verify.check import Problem

HANDLE = re.compile(r"(?<![\w.@])@(\w+)", re.ASCII)
"""An account with its sign."""
HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]")
"""HuggingFace and VSCode have two words each."""
_WORD = re.compile(r"\w+", re.ASCII)
# What an organisation adds to its name to have an account: NVIDIAAI, lmsysorg, tinkerapi, trycua.
_ACCOUNT_HEAD = re.compile("(?:try|get|use|ask|join|team)(?=[a-z]{3})", re.IGNORECASE)
_ACCOUNT_TAIL = re.compile(
    "(?:ai|api|apps?|cloud|com|corp|developers?|devs?|eng|hq|inc|io|labs?|llms?|ml|net|news"
    "|official|org|oss|platform|press|project|research|robotics|support|team|tech)$",
    re.IGNORECASE,
)
_MIN_ORGANISATION_CHARS = 3
_MIN_WHOLE_CHARS, _MIN_SHORT_CHARS, _SAME_CHARS = 5, 4, 2
_MIN_LAST_NAME_CHARS, _MIN_INITIAL_NAME_CHARS = 4, 6
_FIRST_NAMES = """
aaron adam alan albert alex alexander alice amanda andrea andrej andrew anna anthony arthur ben
benjamin bill bob brad brian bryan carl carlos charles chris christian christopher clem colin
craig dan daniel dario dave david dean demis derek dmitry don donald doug dylan ed eduard edward
elena eli elon emad emil emily emma eric erik ethan eugene evan felix francois frank fred gary
geoff geoffrey george grant greg guido guillaume hannah harrison harry helen henry hugo ian igor
ilya ivan jack jacob jake jakob james jan jared jason jay jean jeff jennifer jensen jeremy jerry
jesse jim joe joel johannes john jon jonas jonathan jordan jose joseph josh joshua juan julia
julian julien justin karen karl kate keith ken kevin kyle laura lee leo lewis lex liam lisa louis
lucas lucy luis luke marc marco marcus maria marie mark martin mary mat matt matthew max michael
michelle mike mira mitchell mohamed nat nathan neil nicholas nick nicolas noah noam oliver omar
oscar patrick paul peter phil philip pierre rachel ralph ray richard rob robert robin rohan ron
ross roy russell ryan sam samuel sara sarah satya scott sean sebastian sergey seth shane simon
sophia stefan stephen steve steven stuart sundar susan tanya ted teresa thomas tim todd tom tony
travis trevor tyler victor vincent vitalik walter wei will william yann yoshua yuri zach zack
"""
_ACCOUNT_PAGE = re.compile(
    r"(?:www\.|mobile\.)?(?:x|twitter|github|huggingface|youtube)\.com?/@?([\w-]+)", re.IGNORECASE
)
# What no name of anybody looks like: rohanpaul_ai, scaling01.
_ACCOUNT_ONLY = re.compile(r"[A-Za-z]\w*_\w*|[a-z]+\d+", re.ASCII)
_CALLED_ACCOUNT = re.compile(r"(?:用户|账号|帐号|账户|网友|博主|昵称|ID)[名为“「]{0,2} ?$")


def linked_accounts(links: Iterable[Link]) -> Iterator[str]:
    """Give the accounts whose pages are linked, as the evidence writes an account."""
    for link in links:
        if page := _ACCOUNT_PAGE.match(link.url.partition("://")[2]):
            yield f"@{page[1]}"


def accounts_as_names(text: str, evidence: str) -> Iterator[Problem]:
    """Find accounts, without their sign, in the place of a name: a reader cannot tell them."""
    accounts = set(HANDLE.findall(evidence))
    elsewhere = set(_WORD.findall(HANDLE.sub("", evidence)))
    for word in _WORD.finditer(text):
        name, before = word.group(), text[: word.start()]
        alone = name in accounts - elsewhere and _ACCOUNT_ONLY.fullmatch(name)
        if alone and not _CALLED_ACCOUNT.search(before):
            yield Problem("the name of who has this account, or 有用户", name, minor=True)


def shortens(account: str, words: Sequence[str]) -> bool:
    """Whether the parts of an account stand for the words of a name, of which one is whole.

    A part that is short has the first letters of its word and half of its letters, in their order.
    """
    parts = HUMP.findall(account)
    if len(parts) != len(words):
        return False
    whole = [word for part, word in zip(parts, words, strict=True) if part == word]
    return any(len(word) >= _MIN_WHOLE_CHARS for word in whole) and all(
        part == word or _abbreviates(part, word) for part, word in zip(parts, words, strict=True)
    )


def _abbreviates(short: str, word: str) -> bool:
    rest = iter(word)
    enough = len(word) > len(short) >= max(len(word) / 2, _MIN_SHORT_CHARS)
    return enough and short[:_SAME_CHARS] == word[:_SAME_CHARS] and all(it in rest for it in short)


def account_cuts(account: str) -> tuple[int, ...]:
    """Give where the organisation of an account begins, then every place where it may end."""
    head = _ACCOUNT_HEAD.match(account)
    start, end = head.end() if head else 0, len(account)
    cuts = []
    while (tail := _ACCOUNT_TAIL.search(account, 0, end)) and (
        tail.start() - start >= _MIN_ORGANISATION_CHARS
    ):
        end = tail.start()
        cuts.append(end)
    return (start, *sorted(cuts))


@cache
def _first_names() -> frozenset[str]:
    return frozenset(_FIRST_NAMES.split())


def full_name_parts(account: str) -> Iterator[tuple[int, int]]:
    """Give where the first name of a person's account ends, and where the last one begins.

    Both are written as one word: ericschmidt, jeremyphoward, fchollet. Where several first names
    fit, each is one.
    """
    if not account.islower():
        return
    if len(account) > _MIN_INITIAL_NAME_CHARS:
        yield 1, 1
    first_names = _first_names()
    for end in range(2, len(account) - _MIN_LAST_NAME_CHARS + 1):
        if account[:end] in first_names:
            yield end, end
            if len(account) - end > _MIN_LAST_NAME_CHARS:
                yield end, end + 1
