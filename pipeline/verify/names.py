"""Every name of an entry stands in the evidence, or in a link.

A name is compared as a whole: case, width, hyphens, spaces and CamelCase are folded, but it
begins and ends where a name of the evidence does, and a version is the same version. GPT-5 is not
in GPT-5.2, Qwen3 not in Qwen3.5, Son not in reason. An organisation stands in its account, NVIDIA
in @NVIDIAAI; an account without its sign is no name of anybody.

Not covered: names in Chinese characters beyond the table of `aliases` and those written with a
dot (杰夫·迪恩); a Chinese name made up for a person passes unless it has that dot. A name that only
a list of the evidence explains (5.3 in `GPT-5.2 and 5.3`) passes, but is given no place.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache

from pipeline.chinese import APOSTROPHES, DASHES
from pipeline.quantities import Quantity, find_quantities
from pipeline.verify.accounts import (
    HANDLE,
    HUMP,
    account_cuts,
    accounts_as_names,
    full_name_parts,
    linked_accounts,
    shortens,
)
from pipeline.verify.aliases import CHINESE_NAMES, COMMON, EXPANSIONS, NO_CHINESE_NAMES
from pipeline.verify.check import CheckedSpan, CheckInput, CheckResult, Problem
from pipeline.verify.named_beside import texts_beside
from pipeline.verify.places import find_places

_FOLDS = str.maketrans(dict.fromkeys(DASHES, "-") | dict.fromkeys(APOSTROPHES, "'"))
_PIECE = re.compile(r"[A-Za-z]+|[0-9]+(?:\.[0-9]+)*|[^A-Za-z0-9]+")
# What may stand between the parts of one name; anything longer parts two names.
_NAME_JOINER = re.compile(r"[ _/'&·+-]{1,3}|\.|[=~>]=")
NAME = re.compile(r"[A-Za-z0-9]+(?:(?:[.'&]|[+_-]{1,2})[A-Za-z0-9]+)*[+#]{0,2}")
_PICTURES = re.compile(
    r"(?<=\w)(?:[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]+(?!\w)|[\u2122\u00ae\u00a9\u2120])"
)
"""Behind a name, which they are no part of: Mojo🔥 24.2, Orca™."""
_ACCENTED = re.compile("[\u00c0-\u024f]")
_TIER = re.compile(" ([A-Za-z][A-Za-z-]{2,})", re.ASCII)
_NUMBER = r"\d+(?:\.\d+)*"
_MIXTURE = re.compile(r"[\d.]+[BM]-A[\d.]+[BM]")
"""A variant by its sizes, which is named and not counted: 35B-A3B."""
_NUMBER_AND_NAME = re.compile(r"[\d.]+(?P<name>[A-Za-z]{4,})")
_VERSIONED = re.compile(rf"(?P<word>.*?[A-Za-z])[-_ ]?(?P<number>{_NUMBER}o?)")
_LIST = r"(?:, ?| ?/ ?| and | or | & | vs\.? | to | ?-> ?| ?→ ?|; ?)(?:and |or )?"
_PHRASE = re.compile(r"[\w.'-]+(?: [\w.'-]+)+", re.ASCII)
_TRANSLITERATED = re.compile(r"[\u4e00-\u9fff]{1,5}(?:[·・][\u4e00-\u9fff]{1,6})+")
# What a class is called beyond the model that it holds: Phi3ForCausalLM.
_CLASS_TAIL = re.compile(r"For[A-Z]|(?:Config|Model|Processor|Tokenizer)(?![a-z])")
# Of two that begin alike, the longest.
_ANY_CHINESE = re.compile(
    "|".join(map(re.escape, sorted({*CHINESE_NAMES, *NO_CHINESE_NAMES}, key=len, reverse=True)))
)


def check_names(data: CheckInput) -> CheckResult:
    """Compare the names with those of the evidence and of the links."""
    links = [link for mention in data.story.mentions for link in mention.links]
    link_texts = [
        text for link in links for text in (link.text, link.url, *linked_accounts((link,)))
    ]
    return CheckResult(_problems(data), match_names(data.text, data.story.evidence, link_texts))


def _problems(data: CheckInput) -> Iterator[Problem]:
    others = texts_beside(data.story, data.entry)
    yield from unsupported_names(data.text, data.story.evidence, others)
    yield from accounts_as_names(data.text, data.story.evidence)


def unsupported_names(
    text: str, evidence: str, other_texts: Iterable[str] = ()
) -> tuple[Problem, ...]:
    """Find the names of a text that its evidence does not have.

    Args:
        text: Chinese text.
        evidence: the story's English text.
        other_texts: texts apart from it that name things too: anchors, the words of addresses.

    Returns:
        Each name once, in the order of the text, Latin ones first.
    """
    text = _normalize(text)
    index = _name_index("\n".join((evidence, *other_texts)))
    problems = (*_unsupported_latin(text, index), *_unsupported_chinese(text, index))
    return tuple({problem.found: problem for problem in problems}.values())


# An entry is checked twice, before and after it is set, against the same evidence.
@lru_cache(maxsize=64)
def _name_index(text: str) -> "NameIndex":
    return NameIndex(text)


class NameIndex:
    """A text in which names are looked up, folded, with where a name may begin and end."""

    def __init__(self, text: str) -> None:
        self._plain = _normalize(text)
        self._lower = self._plain.casefold()
        pieces: list[str] = []
        self._starts: set[int] = set()
        self._version_starts: set[int] = set()  # where a name with a number may begin
        self._ends: set[int] = set()
        at, before = 0, "\n"
        for found in _PIECE.finditer(self._plain):
            piece = found.group()
            if piece[0].isascii() and piece[0].isalnum():
                glued = before[-1].isascii() and before[-1].isalnum()
                self._mark(piece, at, apart=not glued, after_digit=before[-1].isdigit())
                if before[-1] == "@":
                    self._mark_organisation(piece, at)
                at += len(piece)
                pieces.append(piece.lower())
            else:
                self._ends.add(at)
                if not _NAME_JOINER.fullmatch(piece):
                    pieces.append("\n")
                    at += 1
            before = piece
        self._ends.add(at)
        self._text = "".join(pieces)
        self._accounts = HANDLE.findall(self._plain)

    def _mark(self, piece: str, at: int, *, apart: bool, after_digit: bool) -> None:
        if apart:
            self._starts.add(at)
            self._version_starts.add(at)
        if piece[0].isdigit():
            self._ends.add(at)  # Qwen ends before the 3 of Qwen3
            return
        if after_digit and piece[0].isupper():
            self._starts.add(at)  # the Gemma of T5Gemma, which is no Gemma 2
            if _CLASS_TAIL.match(piece):
                self._ends.add(at)
        if piece.islower() or piece.istitle() or piece.isupper():
            return
        inner = {at + hump.start() for hump in HUMP.finditer(piece) if hump.start()}
        self._starts |= inner
        self._version_starts |= inner
        self._ends |= inner

    def _mark_organisation(self, account: str, at: int) -> None:
        first, *cuts = account_cuts(account)
        self._starts.add(at + first)
        self._ends.update(at + cut for cut in cuts)
        for first_end, last_start in full_name_parts(account):
            self._ends.add(at + first_end)
            self._starts.add(at + last_start)

    def has_any(self, words: re.Pattern[str]) -> bool:
        """Whether words of a pattern are here, as they are written."""
        return words.search(self._plain) is not None

    def has(self, name: str) -> bool:
        """Whether a name is here as a whole, plural and possessive forgiven."""
        if not (key := name_key(name)):
            return True
        forms = {key, key.removesuffix("s")} if len(key) > 2 else {key}  # noqa: PLR2004
        return any(self._occurs(form) for form in forms if form)

    def _occurs(self, form: str) -> bool:
        starts = self._version_starts if any(char.isdigit() for char in form) else self._starts
        at = self._text.find(form)
        while at >= 0:
            end = at + len(form)
            if at in starts and (self._ends_at(end) or self._is_inflected(form, end)):
                return True
            at = self._text.find(form, at + 1)
        return False

    def _is_inflected(self, form: str, end: int) -> bool:
        """Whether what follows only makes a plural or an adjective: tinyboxes, transformerless."""
        endings = ["s", "less", *(["es"] if form[-1] in "hsx" else [])]
        return any(
            self._text.startswith(ending, end) and end + len(ending) in self._ends
            for ending in endings
        )

    def _ends_at(self, end: int) -> bool:
        if end not in self._ends:
            return False
        # 5 is no whole version before the .2 of 5.2, nor 3 before the 5 of 35.
        return not (self._text[end - 1].isdigit() and self._text[end : end + 1] == ".")

    def has_version(self, word: str, number: str) -> bool:
        """Whether a version follows a word, directly or in a list: GPT-5.2 and 5.3."""
        if self.has(f"{word}{number}") or self.has(f"{word} v{number}"):
            return True
        if self._has_version_apart(word, number):
            return True
        listed = rf"v?\d[\w.]*(?: [a-z]+)?{_LIST}"
        loose = r"[\W_]{0,2}".join(map(re.escape, re.findall("[a-z]+|[0-9.]+", word.casefold())))
        zero = "" if "." in number else r"(?:\.0)?"  # React 19.0 is React 19
        whole = rf"v?{re.escape(number)}{zero}(?![a-z0-9]|\.\d)"
        pattern = (
            rf"(?<![a-z0-9]){loose}"
            rf"(?:(?:[ -]|\b)?(?:v|version )?(?:{listed}){{0,5}}(?:{loose}[ -]?)?{whole}|"
            # The library has a new release 0.21.0: no other name stands between.
            rf"(?: [a-z]+){{0,5}} (?:version|release) {whole})"
        )
        return bool(re.search(pattern, self._lower))

    def _has_version_apart(self, word: str, number: str) -> bool:
        """Whether a version stands in brackets, after `version`, or is compared with another one.

        Transformers (4.53), version (1.82.3) of LiteLLM; Heron 3.7 is better than 3.5. No other
        name stands between, and what counts something is no version.
        """
        name = _loose(word)
        whole = rf"v?{re.escape(number)}(?![\w%×]|\.\d)"
        apart = (
            rf"{name}(?: [a-z]+)? \(v?{whole}\)"
            rf"|[Vv]ersions? \(?{whole}\)? (?:of|for) (?:the )?{name}"
            rf"|(?<![\w.]){whole} (?:release|version|update) (?:of|for) (?:the )?{name}"
            rf"|{name}[ -]v?\d[\w.]*(?: [A-Z][a-z]+)?[^A-Z\d\n]{{1,80}}?\bversions "
            rf"(?:v?\d[\w.]*(?:,| and| or)+ )?{whole}"
            rf"|{name} (?:is|are)(?: now)? (?:at|on) {whole}"
            # No version but what was scored: 94.3 on AIME26 is told as AIME26 94.3.
            rf"|(?<![\w.])(?=\d+\.\d){whole}(?: Pass@\d+)? on (?:the )?{name}"
            rf"|{name}(?:[^A-Z\d\n]){{1,80}}?\b[Vv]ersions? {whole}(?! (?:of|for) )"
            rf"|{name}[ -]?v?\d[\w.]*(?:-[AB]?\d+[BM])*(?: [A-Z][a-z]+)?{_NO_NAME}{{0,80}}?"
            rf"{_COMPARED}{whole}(?!{_COUNTED})"
        )
        return re.search(apart, self._plain) is not None

    def has_tier(self, name: str, number: str, tier: str) -> bool:
        """Whether a version and its tier stand alone: 3.5 haiku, for Claude 3.5 Haiku.

        In `gpt-4o and claude 3.5 haiku` they belong to the other name.
        """
        alone = rf"(?:^|[(,;:/]|\b([a-z]+)) ?{re.escape(number)} (?i:{re.escape(tier)})\b"
        before = re.findall(alone, self._plain, re.MULTILINE)
        return any(word not in EXPANSIONS or word == name.casefold() for word in before)

    def has_shortened(self, phrase: str) -> bool:
        """Whether an account shortens a name of several words: @ArtificialAnlys."""
        words = phrase.split(" ")
        return any(shortens(account, words) for account in self._accounts)

    def nearest(self, name: str) -> str:
        """Find the name here that looks most like another, or nothing."""
        from rapidfuzz import fuzz, process

        here = {token for token in NAME.findall(self._plain) if not token.islower()}
        best = process.extractOne(name, sorted(here), scorer=fuzz.ratio, score_cutoff=60)
        return str(best[0]) if best else ""


def _loose(word: str) -> str:
    """Match a word whatever stands between its parts, case folded."""
    parts = map(re.escape, re.findall("[A-Za-z]+|[0-9.]+", word))
    return "(?<![A-Za-z0-9])(?i:" + r"[\W_]{0,2}".join(parts) + ")"


_NO_NAME = r"(?:[^A-Z@.;\n]|(?<=\d)(?:\.(?=\d)|[BMK]\b)|A\d+B\b)"
_COMPARED = (
    r"(?:\b(?:than|over|as|to|from|vs\.?|versus|against|beats?|outperform(?:s|ed)|like|of|and|or|with"
    r"|older|previous|earlier|the|while|replaces) |/)"
)
_COUNTED = (
    r" ?(?:[%x×$]|percent|points?|times|[a-z]{2,}s\b|million|billion|trillion|[KMG]B\b|B\b|out of)"
)


def name_key(name: str) -> str:
    """Fold a name: GPT‑5.2, gpt-5.2 and GPT 5.2 are the same, Qwen3.5 and Qwen35 are not."""
    pieces = _PIECE.findall(re.sub("'s$", "", _normalize(name)))
    return "".join(piece.lower() for piece in pieces if piece[0].isascii() and piece[0].isalnum())


def _normalize(text: str) -> str:
    """Fold widths, dashes, quotes and accents; case is kept, for CamelCase."""
    text = unicodedata.normalize("NFKC", _PICTURES.sub("", text)).translate(_FOLDS)
    return _ACCENTED.sub(lambda found: unicodedata.normalize("NFD", found.group())[0], text)


def _unsupported_latin(text: str, index: NameIndex) -> Iterator[Problem]:
    quantities = find_quantities(text)
    versions = dict(_bare_versions(text, quantities))
    names = [name for name in NAME.finditer(text) if not _is_number(name, quantities)]
    for at, found in enumerate(names):
        name, end = found.group(), found.end()
        if not (
            _is_common(name)
            or _is_known(name, index)
            or _is_known_with_neighbours(text, names, at, index)
        ):
            yield _problem(name, index)
            continue
        gap = text[end : end + 1] == " "
        number = versions.get(end + gap, "")
        tier = _TIER.match(text, end + gap + len(number)) if number else None
        if tier and index.has_tier(name, number, tier[1]):
            continue
        if number and not _version_follows(name, number, text[: found.start()], index):
            yield _problem(text[found.start() : end + gap] + number, index)


def _is_number(name: re.Match[str], quantities: Iterable[Quantity]) -> bool:
    if _NUMBER_AND_NAME.fullmatch(name.group()):  # 16Kimi is no 16K
        return any(quantity.unit and quantity.covers(name) for quantity in quantities)
    if _MIXTURE.fullmatch(name.group()):
        return False
    return name[0].isdigit() or any(quantity.covers(name) for quantity in quantities)


def _bare_versions(text: str, quantities: Iterable[Quantity]) -> Iterator[tuple[int, str]]:
    """Give the place and the number of each bare version; the 8 of 8X7B is none."""
    for quantity in quantities:
        number = re.match(_NUMBER, quantity.text)
        after = text[quantity.end : quantity.end + 1]
        if quantity.unit == "version" and number and not (after.isascii() and after.isalnum()):
            yield quantity.start, number.group()


def _is_known_with_neighbours(
    text: str, names: Sequence[re.Match[str]], at: int, index: NameIndex
) -> bool:
    """Whether a name is there with its neighbours only: Rohan Paul AI is @rohanpaul_ai."""
    spans = [
        (names[first], names[last])
        for first in range(max(0, at - 2), at + 1)
        for last in range(at, min(len(names), at + 3))
        if last > first
    ]
    phrases = [text[first.start() : last.end()] for first, last in spans]
    return any(
        _PHRASE.fullmatch(phrase) and (index.has(phrase) or index.has_shortened(phrase))
        for phrase in phrases
    )


def _is_common(name: str) -> bool:
    return any(COMMON.fullmatch(form) for form in (name, re.sub("'?s$", "", name)))


def _is_known(name: str, index: NameIndex) -> bool:
    if index.has(name):
        return True
    glued = _NUMBER_AND_NAME.fullmatch(name)
    if glued and (_is_common(glued["name"]) or index.has(glued["name"])):
        return True
    if any(index.has(other) for other in EXPANSIONS.get(name.casefold(), ())):
        return True
    versioned = _VERSIONED.fullmatch(name)
    return versioned is not None and index.has_version(versioned["word"], versioned["number"])


def _version_follows(name: str, number: str, before: str, index: NameIndex) -> bool:
    """Whether the version that follows a name does so in the evidence: Sonnet 4.5, 4.5 Sonnet."""
    if any(index.has_version(it, number) for it in (name, *EXPANSIONS.get(name.casefold(), ()))):
        return True
    first = re.search(r"([A-Za-z][A-Za-z0-9_.-]*) $", before)
    return first is not None and index.has(f"{first[1]}{number}{name}")


def _unsupported_chinese(text: str, index: NameIndex) -> Iterator[Problem]:
    """Find Chinese names of companies, people and countries that the evidence does not name."""
    for found in find_chinese_names(text):
        latin = CHINESE_NAMES[found.group()]
        if not any(index.has(name) for name in latin):
            expected = f"a name of the text, which does not have {latin[0]}"
            yield Problem(expected, found.group())
    for chinese, place in find_places(_ANY_CHINESE.sub("，", text)):
        if not index.has_any(place.evidence):
            yield Problem(f"a name of the text, which does not have {place.english}", chinese)
    for found in _TRANSLITERATED.finditer(text):
        if not _ANY_CHINESE.search(found.group()):
            yield Problem("the name in Latin letters, as in the text", found.group())


def find_chinese_names(text: str) -> Iterator[re.Match[str]]:
    """Find the Chinese names of the table, the longest of those that begin alike."""
    return (found for found in _ANY_CHINESE.finditer(text) if found.group() in CHINESE_NAMES)


def _problem(name: str, index: NameIndex) -> Problem:
    near = index.nearest(name)
    expected = f"a name of the text, such as {near!r}" if near else "a name of the text"
    return Problem(expected, name)


_Place = tuple[int, int]
_MAX_NAME_WORDS = 5  # of one name: Claude Opus 4.5 Thinking
_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+(?:\.[0-9]+)*")
_NOT_ASCII = re.compile("[\u0080-\u2e7f\uff01-\uff5e\U0001d400-\U0001d7ff]")  # and no Chinese
_FOLDS_IN_PLACE = _FOLDS | {ord("\xa0"): " "}


def match_names(text: str, evidence: str, other_texts: Iterable[str] = ()) -> Iterator[CheckedSpan]:
    """Find the names of a text with their places in its evidence.

    Args:
        text: Chinese text.
        evidence: the story's English text.
        other_texts: texts apart from it that name things too.

    Returns:
        Latin names in the order of the text, each as long as it is found whole, then Chinese ones.
    """
    index = _place_index(evidence)

    @cache
    def other_index() -> _PlaceIndex:
        # Seldom needed: nearly all names are in the evidence.
        return _PlaceIndex("\n".join(other_texts))

    yield from _match_latin(text, index.places, lambda name: bool(other_index().places(name)))
    for found in find_chinese_names(text):
        places = (index.places(name) for name in CHINESE_NAMES[found.group()])
        if evidence_places := next(filter(None, places), []):
            yield _name_span(found.start(), found.group(), evidence_places)


def _match_latin(
    text: str, places: Callable[[str], list[_Place]], is_linked: Callable[[str], bool]
) -> Iterator[CheckedSpan]:
    counted = [quantity for quantity in find_quantities(text) if quantity.unit != "version"]
    words = [
        word
        for word in NAME.finditer(text)
        if not any(
            quantity.start < word.end() and word.start() < quantity.end for quantity in counted
        )
    ]
    at = 0
    while at < len(words):
        for end in _phrase_ends(text, words, at):
            phrase = text[words[at].start() : words[end - 1].end()]
            found, alone = _find_places(phrase, places), end == at + 1
            if found or (alone and is_linked(phrase)):
                if not (alone and _is_plain_word(phrase, is_linked)):
                    yield _name_span(words[at].start(), phrase, found)
                at = end
                break
        else:
            at += 1


def _phrase_ends(text: str, words: Sequence[re.Match[str]], at: int) -> Iterable[int]:
    """Give where a run of words that one space parts may end, the longest run first."""
    if not re.search("[A-Za-z]", words[at].group()):
        return ()
    end, limit = at + 1, min(len(words), at + _MAX_NAME_WORDS)
    while end < limit and text[words[end - 1].end() : words[end].start()] == " ":
        end += 1
    return range(end, at, -1)


def _find_places(phrase: str, places: Callable[[str], list[_Place]]) -> list[_Place]:
    """Find a name as it is, without its plural, or cut short as the evidence has it."""
    forms = (phrase, re.sub("'?s$", "", phrase), *EXPANSIONS.get(phrase.casefold(), ()))
    return next((found for form in forms if (found := places(form))), [])


def _is_plain_word(phrase: str, is_linked: Callable[[str], bool]) -> bool:
    """Whether a word needs no evidence, or was left in English: ollama is a name by its link."""
    left = phrase.isalpha() and phrase.islower() and not is_linked(phrase)
    return left or bool(COMMON.fullmatch(phrase))


def _name_span(start: int, name: str, places: Iterable[_Place]) -> CheckedSpan:
    return CheckedSpan(start, start + len(name), tuple(places), key=_place_key(name))


# Citations, names and the set entry are looked up in the same evidence.
@lru_cache(maxsize=64)
def _place_index(text: str) -> "_PlaceIndex":
    return _PlaceIndex(text)


class _PlaceIndex:
    """A text in which names are looked up, case, hyphens and spaces folded, and found in place.

    A name begins and ends where a word does, or a part of one: Face is in HuggingFace and Qwen in
    Qwen3; but Son is not in reason, nor GPT-5 in GPT-5.2.
    """

    def __init__(self, text: str) -> None:
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        pieces: list[str] = []
        plain = _fold_in_place(text)
        at = before = 0
        for start, end in _name_parts(plain):
            if start > before and not _joins(plain[before:start]):
                pieces.append("\n")
                at += 1
            pieces.append(plain[start:end])
            self._starts[at] = start
            at += end - start
            self._ends[at] = before = end
        self._text = "".join(pieces).lower()

    def places(self, name: str) -> list[_Place]:
        """Find a name wherever it stands as a whole, with its plural s."""
        key = _place_key(name)
        found: list[_Place] = []
        at = self._text.find(key) if key else -1
        while at >= 0:
            after = at + len(key)
            end = self._ends.get(after)
            if end is None and self._text[after : after + 1] == "s":
                end = self._ends.get(after + 1)
            if end is not None and at in self._starts:
                found.append((self._starts[at], end))
            at = self._text.find(key, at + 1)
        return found


# Nearly all of what stands between two parts is a blank.
@lru_cache(maxsize=256)
def _joins(between: str) -> bool:
    """Whether what stands between two parts leaves them one name."""
    return _NAME_JOINER.fullmatch(between) is not None


def _name_parts(plain: str) -> Iterator[_Place]:
    """Give the parts of names; of an account the organisation is one, and what is added to it."""
    for found in _NAME_PART.finditer(plain):
        start, end = found.span()
        if plain[start - 1 : start] == "@":
            for cut in [start + cut for cut in account_cuts(found.group()) if cut]:
                yield start, cut
                start = cut
        yield start, end


def _place_key(name: str) -> str:
    plain = _fold_in_place(name)
    return "".join(_NAME_PART.findall(plain)).lower() or plain


def _fold_in_place(text: str) -> str:
    """Fold widths, dashes, quotes and accents, each character into one."""
    if text.isascii():
        return text
    return _NOT_ASCII.sub(_fold_character, text.translate(_FOLDS_IN_PLACE))


def _fold_character(found: re.Match[str]) -> str:
    folded = unicodedata.normalize("NFKD", found.group())[0]
    return folded if folded.isascii() else found.group()
