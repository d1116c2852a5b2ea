"""One change to a Chinese text that makes it wrong: the ways in which `broken` breaks an entry.

Every quantity, name, clause and sentence is changed in every way that fits it; where a way has a
choice (which digit, which name), the place decides.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.chinese.glossary import Term
from pipeline.quantities import Quantity, find_quantities

if TYPE_CHECKING:
    from opencc import OpenCC


class TextEdit(NamedTuple):
    """One stretch of a text and what to put in its place."""

    kind: str
    start: int
    end: int
    now: str


def pick(seed: str, count: int) -> int:
    """Choose one of so many, the same each time."""
    return zlib.crc32(seed.encode()) % count


# -------------------------------------------------------------------------------------- numbers

_DIGITS = "0123456789"
_HAN = "一二三四五六七八九"
_UNITS = (
    ("%", "倍"), ("%", "个百分点"), ("百分点", "倍"), ("倍", "%"), ("美元", "欧元"), ("美元", "元"),
    ("欧元", "美元"), ("GB", "MB"), ("GB", "TB"), ("MB", "GB"), ("TB", "GB"), ("KB", "MB"),
    ("分钟", "秒"), ("分钟", "小时"), ("小时", "天"), ("小时", "分钟"), ("毫秒", "秒"), ("秒", "分钟"),
    ("天", "周"), ("周", "个月"), ("个月", "年"), ("kHz", "MHz"), ("GHz", "MHz"), ("比特", "字节"),
    ("token", "小时"), ("参数", "token"), ("吉瓦", "兆瓦"), ("纳米", "微米"), ("B", "M"), ("M", "B"),
    ("k", "M"), ("K", "M"), ("T", "B"),
)  # fmt: skip
_SCALES = (("万", "亿"), ("亿", "万"), ("千", "百"), ("百", "千"))


def quantities(text: str) -> Iterator[TextEdit]:
    """Break each quantity: digits, decimal point, scale and unit."""
    for each in find_quantities(text):
        start, word = each.start, each.text
        what = {"year": "year changed", "date": "date changed"}.get(each.unit, "digit changed")
        span = text[max(0, start - 1) : start] in {"-", "–", "~", "至", "到"}
        if each.weak:
            what = "count in words changed"
        for at, char in enumerate(word):
            if char in _DIGITS + _HAN and not (char == "一" and not each.weak):
                ring = _DIGITS if char in _DIGITS else _HAN
                step = 1 + pick(f"{word}{at}", len(ring) - 1)
                new = ring[(ring.index(char) + step) % len(ring)]
                if new == "0" and at == 0:
                    new = ring[(ring.index(char) + 1) % len(ring)]
                kind = "range's end changed" if span and what == "digit changed" else what
                yield TextEdit(kind, start + at, start + at + 1, new)
        yield from _magnitudes(each)
        for old, new in _UNITS:
            # A letter is the unit only at the end: M of 5M, not of MB.
            if word.endswith("毫秒") and old == "秒":
                continue
            if word.endswith(old) and (len(old) > 1 or not old.isascii() or word[-2:-1].isdigit()):
                end = start + len(word)
                yield TextEdit("unit changed", end - len(old), end, new)


def _magnitudes(each: Quantity) -> Iterator[TextEdit]:
    """Drop a digit, add one, move the decimal point, change 万 and 亿."""
    start, word = each.start, each.text
    if each.unit in {"date", "year", "clock", "version"}:
        return
    if figures := re.search(r"\d[\d,]*(?:\.\d+)?", word):
        digits, at = figures.group(), start + figures.start()
        end = at + len(digits)
        if len(digits) > 1 and digits[-1] != "0" and digits[-2] != ".":
            yield TextEdit("digit dropped", end - 1, end, "")
        yield TextEdit("digit added", end, end, str(1 + pick(word, 9)))
        if "." in digits:
            yield TextEdit("decimal moved", at, end, digits.replace(".", ""))
        elif len(digits) > 1 and "," not in digits and digits[-1] != "0":
            yield TextEdit("decimal moved", end - 1, end - 1, ".")
    for old, new in _SCALES:
        if (place := word.find(old)) >= 0:
            yield TextEdit("万 and 亿 exchanged", start + place, start + place + 1, new)


# ---------------------------------------------------------------------------------------- names

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.+_-][A-Za-z0-9]+)*")
_VERSION = re.compile(
    r"[A-Za-z][\w-]*?[A-Za-z]?[- ]?(?P<version>\d+(?:\.\d+)*)(?![\w.]*\d|[A-Za-z%倍亿万])"
)
_SIZE = re.compile(r"(?<![\w.])(?:[A-Za-z][\w.]*-)*?A?(?P<size>\d+(?:\.\d+)?)[BM](?![A-Za-z0-9])")
_REAL = (
    "Anthropic", "OpenAI", "Mistral", "DeepSeek", "Cohere", "Databricks", "Perplexity", "Runway",
    "Cursor", "Replit", "Groq", "Cerebras", "LangChain", "PyTorch", "TensorFlow", "Kubernetes",
    "Claude", "Gemini", "Llama", "Grok", "Kimi", "GLM", "Phi", "Whisper", "SGLang", "Unsloth",
    "Karpathy", "Altman", "Hinton", "LeCun",
)  # fmt: skip
_COMPANIES = (
    "谷歌",
    "微软",
    "英伟达",
    "阿里巴巴",
    "百度",
    "腾讯",
    "智谱",
    "苹果",
    "亚马逊",
    "特斯拉",
    "小米",
)
_PLAIN = re.compile(
    r"AI|API|LLM|GPU|CPU|UI|URL|token\w*|vs|VRAM|app|web|JSON|SDK|IDE|CEO", re.IGNORECASE
)


def names(text: str, evidence: str) -> Iterator[TextEdit]:
    """Break each name: its letters, all of it, its version, its size."""
    for found in _NAME.finditer(text):
        name, start, end = found.group(), found.start(), found.end()
        if _PLAIN.fullmatch(name):
            continue
        letters = [at for at in range(len(name)) if name[at].isalpha()]
        swaps = [
            at
            for at in letters[:-1]
            if at + 1 in letters and name[at].lower() != name[at + 1].lower()
        ]
        if len(letters) > 3 and swaps:
            at = swaps[pick(name, len(swaps))]
            yield TextEdit("letters swapped", start + at, start + at + 2, name[at + 1] + name[at])
            at = letters[pick(f"{name}!", len(letters))]
            other = chr((ord(name[at].lower()) - 97 + 1 + pick(name, 25)) % 26 + 97)
            new = other.upper() if name[at].isupper() else other
            yield TextEdit("letter replaced", start + at, start + at + 1, new)
        fresh = [real for real in _REAL if real.lower() not in evidence.lower()]
        if fresh and len(letters) > 1:
            yield TextEdit("other name", start, end, fresh[pick(name + text[:9], len(fresh))])
    for company in _COMPANIES:
        for found in re.finditer(company, text):
            others = [one for one in _COMPANIES if one not in text]
            new = others[pick(text[:9], len(others))]
            yield TextEdit("other company in Chinese", found.start(), found.end(), new)
    yield from _versions(text)


def _versions(text: str) -> Iterator[TextEdit]:
    for found in _VERSION.finditer(text):
        version, start, end = found["version"], found.start("version"), found.end("version")
        whole, _, minor = version.rpartition(".")
        last = minor or version
        for step in (-1, 1):
            if int(last) + step >= 0:
                new = f"{whole}." * bool(whole) + str(int(last) + step)
                yield TextEdit("version changed", start, end, new)
        if whole and int(minor):
            yield TextEdit("version cut short", start, end, whole)
        yield TextEdit("version made longer", end, end, f".{1 + pick(version, 9)}")
    for found in _SIZE.finditer(text):
        size, start, end = found["size"], found.start("size"), found.end("size")
        yield TextEdit("size changed", start, end, f"{int(size.split('.')[0]) + 3}")


# ----------------------------------------------------------------------------------- the language

_STOPS = re.compile(r"[，。；：、！？]")
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_PAUSES = re.compile(r"[,;:()—–“”\"]\s*|(?<=[.!?])\s+|\n+| - ")
_LEAST = 4  # words of a clause that can be told from a row of names
_LONGEST = 25  # words


def english(text: str, evidence: str) -> Iterator[TextEdit]:
    """Put a clause of the evidence for each Chinese clause, a sentence for each sentence."""
    clauses = [each for each in map(str.strip, _PAUSES.split(evidence)) if _is_english(each)]
    sentences = [each for each in map(str.strip, _ENDS.split(evidence)) if _is_english(each)]
    for kind, stops, pool in (
        ("clause left in English", _STOPS, clauses),
        ("sentence left in English", re.compile("[。！？]"), sentences),
    ):
        for start, end in _stretches(text, stops):
            if pool and end - start > _LEAST:
                now = pool[pick(text[start:end], len(pool))]
                yield TextEdit(kind, start, end, now.rstrip("."))


def _is_english(words: str) -> bool:
    """Whether at least half of 4 to 25 words are lower-case ones: not a row of names."""
    each = re.findall(r"\S+", words)
    lower = [word for word in each if re.fullmatch("[a-z'’]+[,.]?", word)]
    return _LEAST <= len(each) <= _LONGEST and len(lower) * 2 >= len(each)


def _stretches(text: str, stops: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in stops.finditer(text):
        yield start, stop.start()
        start = stop.end()
    yield start, len(text)


def traditional(text: str) -> Iterator[TextEdit]:
    """Write each clause in traditional characters, where that changes it."""
    for start, end in _stretches(text, _STOPS):
        now = _converter().convert(text[start:end])
        if now != text[start:end]:
            yield TextEdit("clause in traditional characters", start, end, now)


@cache
def _converter() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("s2t")


# ------------------------------------------------------------------------------- form and terms


def intruders(text: str, field: str) -> Iterator[TextEdit]:
    """Put into the middle of a text what plain text never holds."""
    middle = len(text) // 2
    seam = re.compile("(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])").search(text, middle)
    at = seam.start() if seam else middle
    for kind, now in (
        ("bold", "**重点**"),
        ("link", "[见此](https://example.org/x)"),
        ("bare address", "https://example.org/x"),
        ("HTML", "<b>重点</b>"),
        ("handle", "由@someone发布"),
        ("zero-width space", "\u200b"),
        ("bidi override", "\u202e"),
        ("control character", "\x07"),
        ("braces", "{重点}"),
        ("run of punctuation", "，，，"),
    ):
        yield TextEdit(kind, at, at, now)
    yield TextEdit("heading", 0, 0, "## ")
    if field == "summary":
        yield TextEdit("line break", at, at, "\n")


_SCRIPTS = (
    ("Hangul", "모"),
    ("Cyrillic", "модель"),
    ("Kana", "モデル"),
    ("Arabic", "نموذج"),
    ("Thai", "โมเดล"),
    ("replacement character", "\ufffd"),
    ("Kangxi radical", "\u2f00"),
    ("private use", "\ue000"),
)


def scripts(text: str) -> Iterator[TextEdit]:
    """Put a letter of another script for a Chinese character in the middle of a text."""
    seam = re.compile("(?<=[\u4e00-\u9fff])[\u4e00-\u9fff](?=[\u4e00-\u9fff])")
    if place := seam.search(text, len(text) // 3):
        for kind, now in _SCRIPTS:
            yield TextEdit(kind, place.start(), place.end(), now)


def lengths(text: str) -> Iterator[TextEdit]:
    """Cut a summary short, cut it off, and make it too long."""
    yield TextEdit("too short", 10, len(text), "。")
    yield TextEdit("too long", len(text), len(text), "该项目还有更多细节有待公布" * 20 + "。")
    if comma := text.rfind("，"):
        yield TextEdit("cut off", comma + 1, len(text), "")


def misused(text: str, evidence: str, terms: Sequence[Term]) -> Iterator[TextEdit]:
    """Render a term of the evidence as it never is."""
    for term in terms:
        if not term.chinese or not term.never or term.chinese not in text:
            continue
        if re.search(rf"\b{re.escape(term.term)}s?\b", evidence, re.IGNORECASE):
            at = text.index(term.chinese)
            yield TextEdit("term misused", at, at + len(term.chinese), term.never[0])
