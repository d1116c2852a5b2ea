"""Chinese text as Chinese is set: spaces, marks, quotation marks, brackets, ellipses and dashes.

Pure: titles and summaries are set when they are written, never when they are rendered. Only white
space and punctuation change, and only beside Chinese: English, numbers, versions and addresses
stay, and inline code is never looked into. Rules of its own, since the libraries for it look into
code and leave whole sentences after a slash as they are. Not covered: marks between two English
words of a Chinese sentence (A, B), and file names that have Chinese in them outside of code.
"""

import re
from collections.abc import Callable, Iterator

_HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Stands for what is never looked into; one that is in the text already stands for itself.
_MASK = "\ue000"
_LATIN = f"0-9A-Za-zµÀ-ÖØ-öø-\u024f\u0370-\u03ff\u0400-\u04ff{_MASK}"
_WIDE = "，。、；：！？（）《》【】「」『』"
_STOP = rf"\s<>\"'`“”‘’…—{_WIDE}"
_PROTECTED = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
    # An address may have Chinese in it; a bracket is of it only where it is closed in it.
    r"|(?i:(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:))"
    rf"(?:[^()（）{_STOP}]|\([^()（）{_STOP}]*\))+(?<![.,;:!?])|{_MASK}"
)
_ANY_HAN = re.compile(f"[{_HAN}]")
_CHINESE = re.compile(f"[{_HAN}{_WIDE}]")
_QUOTES = "“”‘’\"'"
_MARKING = frozenset(_QUOTES)
_PASSES = 8
"""More than any text was seen to need: what one rule makes, another may go on from."""


def apply_typography(text: str) -> str:
    """Set a line of Chinese.

    Args:
        text: title or summary, inline code allowed; white space in it is folded.

    Returns:
        The text with all its letters, digits and signs in their order, and code and addresses as
        they stood. Set again it stays as it is; so does text without a Chinese character.
    """
    if not _ANY_HAN.search(text):
        return text
    new = text
    for _ in range(_PASSES):
        before, new = new, _apply_rules(new)
        if new == before:
            return new
    return text


def without_spacing(text: str) -> str:
    """Take out the spaces that only part Chinese from what is not."""
    return _PARTING.sub("", text)


def length_without_spacing(text: str) -> int:
    """Count characters as if Chinese were not parted from what is not."""
    return len(without_spacing(text))


def chinese_width(text: str) -> int:
    """Count a text by the space that it takes: two Latin letters are one character, spaces none.

    It is how the prompts tell a model to count.
    """
    plain = _SPACE.sub("", text)
    return len(plain) - len(_LATIN_LETTER.findall(plain)) // 2


_SPACE = re.compile(r"\s")
_LATIN_LETTER = re.compile("[A-Za-z]")
_PARTING = re.compile(rf"(?<=[{_HAN}]) (?=[^\s{_HAN}])|(?<=[^\s{_HAN}]) (?=[{_HAN}])")


def _apply_rules(text: str) -> str:
    protected: list[str] = []

    def keep(found: re.Match[str]) -> str:
        protected.append(found[0])
        return _MASK

    masked = _set_paired_marks(" ".join(_PROTECTED.sub(keep, text).split()))
    for pattern, replacement in _RULES:
        masked = pattern.sub(replacement, masked)
    back = iter(protected)
    return re.sub(_MASK, lambda _: next(back), masked)


def _previous_character(text: str, at: int, skip: str = " ") -> str:
    """Give the last character before a place that is none of those to skip."""
    return text[:at].rstrip(skip)[-1:]


def _next_character(text: str, at: int, skip: str = " ") -> str:
    return text[at:].lstrip(skip)[:1]


def _is_chinese(*neighbours: str) -> bool:
    return any(_CHINESE.match(char) for char in neighbours)


_CLOSING = {
    "(": ")）", "（": ")）", "“": "”", "‘": "’", "「": "」", "『": "』", '"': '"', "'": "'",
}  # fmt: skip
_CLOSERS = frozenset("".join(_CLOSING.values()))
_ROUND = "(（"
_LETTER = re.compile(f"[{_LATIN}]")
_APOSTROPHE = re.compile(f"(?<=[{_LATIN}])['‘’](?=[{_LATIN}])")


def _set_paired_marks(text: str) -> str:
    """Set Chinese quotations in “ ”, those within them in ‘ ’, and Chinese asides in （）."""
    marks = list(text)
    ends: list[int] = []  # of the quotations around
    for start, end in sorted(_find_pairs(text)):
        if not _is_chinese_pair(text, start, end):
            continue
        if text[start] in _ROUND:
            marks[start], marks[end] = "（）"
        else:
            ends = [other for other in ends if other > start]
            marks[start], marks[end] = "‘’" if len(ends) % 2 else "“”"
            ends.append(end)
        for beside in (start - 1, start + 1, end - 1, end + 1):
            if text[beside : beside + 1] == " " and beside >= 0:
                marks[beside] = ""
    return "".join(marks)


def _find_pairs(text: str) -> Iterator[tuple[int, int]]:
    """Find what is opened and closed; a quotation does not reach out of a bracket."""
    loose = _unpaired_marks(text)
    opened: list[int] = []
    for at, mark in enumerate(text):
        if at in loose:
            continue
        partner = _opening_mark(text, opened, mark) if mark in _CLOSERS else None
        if partner is not None:
            yield opened[partner], at
            del opened[partner:]
        elif mark in _CLOSING:
            opened.append(at)


def _opening_mark(text: str, opened: list[int], mark: str) -> int | None:
    for which in range(len(opened) - 1, -1, -1):
        other = text[opened[which]]
        if mark in _CLOSING[other]:
            return which
        if other in _ROUND:
            return None
    return None


def _unpaired_marks(text: str) -> set[int]:
    """Find apostrophes, and straight marks that would leave one alone: all of them are left."""
    loose = {found.start() for found in _APOSTROPHE.finditer(text)}
    for mark in "\"'":
        places = [at for at, char in enumerate(text) if char == mark and at not in loose]
        # One that opens after a letter is that of the users' data.
        open_late = mark == "'" and any(_LETTER.match(text[at - 1 : at]) for at in places[::2])
        if len(places) % 2 or open_late:
            loose.update(places)
    return loose


def _is_chinese_pair(text: str, start: int, end: int) -> bool:
    """Whether a pair is Chinese: by what is in it, or else by what is beside it."""
    inner = text[start + 1 : end]
    if text[start] == '"' and text[start - 1 : start].isdigit() and inner[-1:].isdigit():
        return False  # 15" and 17" screens
    if _ANY_HAN.search(inner):
        return True
    if text[start] in _ROUND and (text[start] == "（") != (text[end] == "）"):
        return True
    if text[start] == "(" and _is_call(text[:start], inner):
        return False
    skip = f" {_QUOTES}"
    return _is_chinese(_previous_character(text, start, skip), _next_character(text, end + 1, skip))


_HEAD = re.compile(r"[A-Za-z0-9_.+#@-]+\Z")
_NAMED = re.compile(r"[A-Za-z0-9][\w .%+/-]+", re.ASCII)


def _is_call(before: str, inner: str) -> bool:
    """Whether brackets are those of x.y(), f(x) or O(n); those of Qwen3(32B) are not."""
    head = _HEAD.search(before)
    if head is None:
        return before.endswith(_MASK)
    named = len(head[0]) > 1 and head[0] != head[0].lower() and not re.search(r"\.\D", head[0])
    return not (named and _NAMED.fullmatch(inner))


_DOTS = re.compile(r"(?<![./\\])\.{3,}(?![./\\])|…+|。{2,}")
_DASH = re.compile(r" ?(?:(?P<long>[—―]+)|(?P<double>-{2,})|(?<= )(?P<short>[-–])(?= )) ?")


def _set_ellipsis(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    if found[0].startswith("。"):
        return "。" if found[0] == "。。" else "……"
    before, after = _previous_character(text, start), _next_character(text, end)
    if before in _MARKING and after in _MARKING:
        return found[0]  # what a button says
    after = _next_character(text, end, f" {_QUOTES}")
    ends = not after and _sentence_is_chinese(text, start)
    return "……" if _is_chinese(before, after) or ends else found[0]


def _set_dash(found: re.Match[str]) -> str:
    before = _previous_character(found.string, found.start(), " ”’")
    after = _next_character(found.string, found.end(), " “‘")
    chinese = _is_chinese(before, after)
    if found["long"]:
        chinese = chinese or len(found["long"]) > 1
    elif found["double"]:  # --help is an option, whatever stands before it
        chinese = chinese and (found[0].endswith(" ") or not _LETTER.match(after))
    else:  # and `- 5%` may be less than nothing
        chinese = bool(before) and chinese and not after.isdigit()
    return "——" if chinese else found[0]


_MARK = re.compile(r"(?P<mark>[,;:])(?P=mark)*|[!?]+|(?<!\.)\.(?!\.)")
_WORD = re.compile(r"[\w/\\]", re.ASCII)
_FULL = str.maketrans(",;:!?.", "，；：！？。")
_SHORT = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z]|\b(?:Inc|Ltd|Co|Corp|vs|etc|No|Dr|Mrs?|Ms|St|Jr|Sr|al|approx|Fig|Vol)"
    r"|\A[0-9]+)\Z"
)
"""What a full stop belongs to: initials, abbreviations, the number of a list item."""


def _set_mark(found: re.Match[str]) -> str:
    text, marks, start, end = found.string, found[0], found.start(), found.end()
    next_to = text[end : end + 1]
    after = _next_character(text, end, " “‘（(\"'")
    said, follows = _is_chinese(_previous_character(text, start, " ”’")), _is_chinese(after)
    # The last mark of a text, where what it ends has Chinese in it.
    ends = not _next_character(text, end, f" {_QUOTES})") and _sentence_is_chinese(text, start)
    match marks[0]:
        case ".":
            short = not said and _SHORT.search(text[:start])
            full = (said or follows or ends) and not short and not _WORD.match(next_to)
        case ":" | ";":
            full = (said or follows) and next_to not in tuple("/\\()") and marks != "::"
        case ",":
            full = said or follows
        case _:
            # The mark of Yahoo! belongs to it; a question mark belongs to nobody.
            full = (said or ends or (follows and "?" in marks)) and next_to not in ("=", "[")
    return marks.translate(_FULL) if full else marks


def _sentence_is_chinese(text: str, at: int) -> bool:
    """Whether the sentence that ends at a place has Chinese in it."""
    return bool(_ANY_HAN.search(re.split("[。！？；]", text[:at])[-1]))


_DOUBLED = re.compile(r"([，、；：！？])\1+")
_BESIDE_WIDE = re.compile(rf" *([{_WIDE}]|……|——) *")
# A command of a chat, such as /loop and /auto-mode; that of 文本/token only parts two words.
_COMMAND = (
    rf"(?<=[{_HAN}])(?=/[a-z]+(?:-[a-z]+)+(?![\w/.-]))"
    r"|(?<=新增|使用|运行|执行)(?=/[a-z]+(?![\w/.-]))"
)
_GAP = re.compile(
    rf"(?<=[{_HAN}])(?=[{_LATIN}]|[#@$¥€£][{_LATIN}]|--[A-Za-z])|{_COMMAND}"
    rf"|(?:(?<=[{_LATIN})℃])|(?<=[0-9][%‰°])|(?<=\+\+)|(?<=[A-Za-z]#))(?=[{_HAN}])"
)
# 1000+ is a number, the + of GPT-4+RAG joins.
_AND_MORE = re.compile(rf"((?<![A-Za-z0-9_.-])[0-9][0-9.,]*[kKMBw]?\+)(?=[{_HAN}])")
_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_DOTS, _set_ellipsis),
    (_DASH, _set_dash),
    (_MARK, _set_mark),
    # The wide marks bring their own space, and none stands twice.
    (_BESIDE_WIDE, r"\1"),
    (_DOUBLED, r"\1"),
    # Chinese is parted from letters and figures.
    (_GAP, " "),
    (_AND_MORE, r"\1 "),
)
"""What is set, in order, when pairs of marks are."""
