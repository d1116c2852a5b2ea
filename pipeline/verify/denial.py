"""What the lines deny is not affirmed, and what they affirm is not denied.

Compared is what both texts name, a row of `predicates` or a name, in the clauses that are about it.
Objected to is a thing that is told one way where every use of it in the lines goes the other way.
Whatever is asked, wished, doubted or conditional goes neither way. Not covered: what is denied in
other words than those of the table, and what the lines both affirm and deny.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from pipeline.verify.anchors import find_anchors, is_noun
from pipeline.verify.check import CheckInput, CheckResult, Problem
from pipeline.verify.predicates import Predicate, predicates_in

_Way = Literal["affirmed", "denied", "open"]
_OPPOSITE: dict[_Way, _Way] = {"affirmed": "denied", "denied": "affirmed"}


class _Use(NamedTuple):
    """One place where a text names a thing."""

    way: _Way
    words: str
    names: frozenset[str]
    """The names in its clause."""
    turned: bool
    """Whether it is named by its opposite."""
    plainly: _Way
    """Its way where an opposite says it: open is only what is asked or supposed."""
    in_heading: bool
    is_affirmed: bool
    """Whether nothing of its clause denies it or leaves it open."""


def check_denial(data: CheckInput) -> CheckResult:
    """Compare what each sentence affirms and denies with its lines."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    for passage in data.passages[1:] if data.has_lines else ():
        for problem in find_turned_denials(passage.evidence, passage.text):
            yield problem._replace(sentence=passage.number)


def find_turned_denials(english: str, chinese: str) -> Iterator[Problem]:
    """Find what one text affirms and the other denies."""
    stated, told = find_anchors(english, chinese)
    source = _Text(english, [(one.start, one.end, one.keys) for one in stated], _ENGLISH)
    claim = _Text(chinese, [(one.start, one.end, one.keys) for one in told], _CHINESE)
    for row in predicates_in(chinese):
        claims = claim.uses(row.in_chinese())
        decided = any({one.way, one.plainly} != {"open"} for one in claims)
        sources = source.uses(row.in_english()) if decided else []
        if sources and (problem := _turned(claims, sources, row)):
            yield problem
    for key in sorted({key for one in stated for key in one.keys if not is_noun(key)}):
        sources, claims = source.named(key), claim.named(key)
        denied = {one.way for one in sources} == {"denied"}
        if denied and {one.way for one in claims} == {"affirmed"}:
            yield Problem(f"what {sources[0].words!r} says", claims[0].words, minor=True)


def _turned(claims: Sequence[_Use], sources: Sequence[_Use], row: Predicate) -> Problem | None:
    """Object to the first use that every source contradicts."""
    sources = [one for one in sources if not one.in_heading] or sources
    # Closed makers are tested and open models are exempt: which of both is meant stays open.
    both = all(len({one.turned for one in uses}) > 1 for uses in (claims, sources))
    is_one_way = row.is_measured and all(
        len({one.turned for one in uses}) == 1 for uses in (claims, sources)
    )
    for claim in claims:
        about = [one for one in sources if claim.names & one.names] or sources
        is_named = bool(claim.names & about[0].names)
        others = [one for one in claims if one is not claim]
        if not is_named and any(one.way != claim.way for one in others):
            continue
        by_opposite = all(one.turned != claim.turned for one in about)
        if by_opposite and (both or not (is_named or is_one_way)):
            continue
        is_alone = len(claims) == len(sources) == 1 and not claim.names | about[0].names
        is_plain = claim.way == "denied" and not claim.turned and (is_named or is_alone)
        if is_plain and all(one.is_affirmed for one in about):
            return Problem(f"what {about[0].words!r} says", claim.words, minor=True)
        ways = {one.plainly if by_opposite else one.way for one in about}
        if ways == {_OPPOSITE.get(claim.plainly if by_opposite else claim.way)}:
            return Problem(f"what {about[0].words!r} says", claim.words, minor=True)
    return None


# ---------------------------------------------------------------------------- what goes which way


class _Language(NamedTuple):
    """How one language parts clauses, denies, and leaves open."""

    end: re.Pattern[str]
    """Of a clause."""
    denied: re.Pattern[str]
    """What stands before a thing that is denied, up to it."""
    denied_after: re.Pattern[str]
    """What stands behind it."""
    never: re.Pattern[str]
    """What only looks like a denial."""
    hint: re.Pattern[str]
    """What leaves open whether a thing of its sentence is affirmed."""
    supposed: re.Pattern[str]
    """What leaves open a thing of its clause, even where it is named by its opposite."""


_SENTENCE_END = re.compile(r"\. |; |\n")
_REACH = 200
"""Characters before and behind a thing in which it is denied."""
_HEADING = re.compile(r"[^.:;\n]{4,90}: (?=\S)")
_FEW_WORDS = (
    r"(?:(?!(?:via|by|with|using|through|because|due|after|before|since|that|than|when|where"
    r"|until)\b)"
    r"[\w’'/+.-]+ ){0,4}"
)
_ENGLISH = _Language(
    end=re.compile(
        r"[;:()\n—]|, |(?<!\d)\.(?!\d)| - | (?:but|while|although|though|whereas|and|which) "
    ),
    denied=re.compile(
        r"(?:\b(?:not|no|never|without|cannot|neither|nor|unable to|inability to"
        r"|lack(?:s|ed|ing)?(?: of)?|fail(?:s|ed|ing)? to"
        r"|none of|nobody|except(?: for)?|excluding|other than|(?:rather than"
        r"|instead of)(?! the (?:expected|usual|previous))"
        r""
        r"|failure to|absence of|missing|no longer|refus\w+ to|free of)\b"
        rf"|n['’]t\b) {_FEW_WORDS}$",
        re.IGNORECASE,
    ),
    denied_after=re.compile(
        r"^(?:[ -]free\b|(?: \w+)? (?:is|are|was|were|has been|have been)"
        r" (?:(?!not\b)\w+ )?(?:absent|missing|lacking|not (?:yet )?(?:supported|available|included"
        r"|provided|released|required|needed|affected))\b)",
        re.IGNORECASE,
    ),
    never=re.compile(
        r"\b(?:not only|not just|not merely|no more than|no less than|no doubt|no matter|if not"
        r"|not to mention|no\. ?\d)",
        re.IGNORECASE,
    ),
    hint=re.compile(
        r"\b(?:not|no|none|never|without|cannot|neither|nor|nothing|nobody|un[a-z]{4,}"
        r"|in(?:able|capable)\w*"
        r"|lack\w*|miss\w*|fail\w*|refus\w*|den(?:y|ies|ied)|stop\w*|avoid\w*|prevent\w*"
        r"|hardly|barely"
        r"|rarely|seldom|unless|except|exclud\w+|only|until|less|fewer|few|little|limit\w*|drop\w*"
        r"|remov\w*|disab\w*|deprecat\w*|los(?:e|t|es|ing)|ban(?:s|ned)?|block\w*|restrict\w*"
        r"|forbid\w*"
        r"|reject\w*|doubt\w*|question\w*|ask(?:s|ed|ing)?|wonder\w*|whether|if|could|would"
        r"|should|(?-i:may)"
        r"|might|wish\w*|hop(?:e|es|ed|ing)|want\w*|request\w*|suggest\w*|propos\w*|impossible"
        r"|difficult\w*|hard|struggl\w*|issues?|problems?|bugs?|errors?|crash\w*|broken|wrong"
        r"|poor\w*"
        r"|instead|rather|replac\w*|absent|absence|away|debate\w*|concern\w*|worr\w+|yet|still|too"
        r"|complain\w*|frustrat\w*|critici\w+|skeptic\w*|scepti\w*|despite|short of|under|below"
        r"|previous\w*|eliminat\w*|former\w*|independent\w*|self|zero|challeng\w*"
        r"|discrepan\w*|inconsisten\w*|differ\w*|confus\w*)\b|n['’]t\b",
        re.IGNORECASE,
    ),
    supposed=re.compile(
        r"\b(?:not|no|never|without|neither|nor|cannot|whether|if|unless|until|asks?|asked"
        r"|asking|wonder\w*"
        r"|question\w*|debat\w*|could|would|should|(?-i:may)|might|hardly|barely|instead"
        r"|rather|than"
        r"|previous\w*|former\w*|before|originally|fail\w*|unable|yet)\b|n['’]t\b|\?",
        re.IGNORECASE,
    ),
)
_CHINESE = _Language(
    end=re.compile("[，。；：？！（）\n]|(?=而非|而不是)"),
    denied=re.compile(
        "(?:并非|不是|而非)(?!所有|全部|都|每|因)[^不没未无非]{0,14}$"
        "|(?:无法|不能|不得|未能)[^不没未无非时的后而则就也却但]{0,10}$|(?:[不没未无]|并非|没有|无法"
        "|无需|拒绝|停止|缺乏|缺少|禁止|从未)(?:再|有|能|会|被|得到|获得|需要?|用|必|可"
        "|经|进行|作|做|任何|以|提供|出现|受到?){0,3}$"
    ),
    denied_after=re.compile("^(?:不了|不到|不上|不足|不够|失败|为零|不佳)"),
    never=re.compile(
        "(?<!得)不到|不[但同断少过错久等论管超低高多小凡亚]|不可思议|差不多|没[过错]|未来"
        "|无论|除非|非常|不得不"
        "|无人[机驾车]|无[缝线限数]|不间断|不一定|不完全|不是很"
    ),
    hint=re.compile(
        "[不没未无非勿否缺零难停禁拒免弃失除离差弱错误伪假疑若吗]|避免|防止|如果|取消|移除"
        "|删|去掉|替代|代替|取代|例外"
        "|以外|之外|能否|是否|会否|要不要|希望|建议|呼吁|要求|期待|仍需|尚|待|将|可能|或许|限|少|摆脱"
        "|终止|抱怨|担心|担忧|质疑|问|仅[次逊]"
    ),
    supposed=re.compile(
        "[不没未无非若吗？否原曾]|如果|希望|建议|可能|或许|替代|代替|取代|此前|之前|以往|相反"
        "|问|要求|本应|本该|反而|[优逊高低强弱胜]于|比"
    ),
)


class _Spans:
    """Where a pattern is found in a text, so that no stretch of it is searched twice."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        found = [one.span() for one in pattern.finditer(text)]
        self.starts = [start for start, _ in found]
        self.ends = [end for _, end in found]

    def any_within(self, start: int, end: int) -> bool:
        """Whether it is found in a stretch."""
        first = bisect_left(self.starts, start)
        return first < len(self.ends) and self.ends[first] <= end


class _Text:
    """A text whose uses of a thing are found, each in a time that does not grow with the text."""

    def __init__(
        self, text: str, names: Sequence[tuple[int, int, frozenset[str]]], language: _Language
    ) -> None:
        self._text = language.never.sub(lambda found: "_" * len(found.group()), text)
        self._original = text
        self._names = names
        self._name_starts = [start for start, _, _ in names]
        self._language = language
        self._clauses = [0, *_Spans(language.end, text).ends, len(text) + 1]
        self._sentences = _Spans(_SENTENCE_END, text)
        self._hint = _Spans(language.hint, self._text)
        self._supposed = _Spans(language.supposed, self._text)

    def uses(self, thing: re.Pattern[str]) -> list[_Use]:
        """Find the uses of a thing and of its opposite."""
        return [
            self._use(*one.span(), turned=one["opposite"] is not None)
            for one in thing.finditer(self._text)
        ]

    def named(self, key: str) -> list[_Use]:
        """Find the uses of a name."""
        return [
            self._use(start, end, turned=False) for start, end, keys in self._names if key in keys
        ]

    def _use(self, at: int, after: int, *, turned: bool) -> _Use:
        clause = bisect_right(self._clauses, at)
        start, end = self._clauses[clause - 1], self._clauses[clause]
        way: _Way = "affirmed"
        is_denied = self._is_denied(at, after, start, end)
        if is_denied:
            way = "denied"
        elif _is_beside(self._hint, at, after, *self._scope(at, after, start, end)):
            way = "open"
        is_open = is_denied or _is_beside(self._supposed, at, after, start, end)
        plainly: _Way = "open" if is_open else "affirmed"
        is_affirmed = way == "affirmed" or not (
            is_denied or _is_beside(self._hint, at, after, start, end)
        )
        if turned:
            is_affirmed = False
            way = _OPPOSITE.get(way, way) if way == "affirmed" else "open"
            plainly = _OPPOSITE.get(plainly, plainly)
        words = self._original[max(start, at - 24) : after].strip()
        named = slice(bisect_left(self._name_starts, start), bisect_left(self._name_starts, end))
        names = frozenset[str]().union(*(keys for _, _, keys in self._names[named]))
        return _Use(way, words, names, turned, plainly, self._is_in_heading(at), is_affirmed)

    def _is_denied(self, at: int, after: int, start: int, end: int) -> bool:
        """Whether what stands beside a thing in its clause denies it."""
        before = self._text[max(start, at - _REACH) : at]
        behind = self._text[after : min(end, after + _REACH)]
        denied = self._language.denied.search(before), self._language.denied_after.search(behind)
        return any(denied)

    def _is_in_heading(self, at: int) -> bool:
        """Whether a place stands before the colon that ends the heading of a line."""
        start = self._text.rfind("\n", max(0, at - _REACH), at) + 1
        heading = _HEADING.match(self._text, start) if start or at < _REACH else None
        return heading is not None and at < heading.end()

    def _scope(self, at: int, after: int, start: int, end: int) -> tuple[int, int]:
        """Give where what may leave open a use begins and ends: its sentence, or its clause."""
        if self._language is _ENGLISH:
            ends = self._sentences.starts
            first, last = bisect_left(ends, at), bisect_left(ends, after)
            start = ends[first - 1] + 1 if first else 0
            end = ends[last] if last < len(ends) else len(self._text)
        return start, end


def _is_beside(words: _Spans, at: int, after: int, start: int, end: int) -> bool:
    """Whether some words stand in a stretch of the text, beside a use in it."""
    return words.any_within(start, at) or words.any_within(after, end)
