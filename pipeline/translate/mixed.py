"""An English sentence, with what code knows of its Chinese put in: terms and quantities.

A model of a billion parameters copies Chinese that stands in an English sentence, and gets terms
and units wrong where it has to find them. Names stay as they are, and so does what code is not sure
of.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.chinese import Term, find_terms, plain_chinese
from pipeline.quantities import chinese_forms, has_same_quantities
from pipeline.translate.rephrase import rephrase


class _Piece(NamedTuple):
    """What of the sentence is replaced, and by what."""

    start: int
    end: int
    text: str


# A small model leaves the sign out; where its number was put in Chinese, it is there already.
_MOVED_BY = re.compile(r"(的价格[上下]调) (?=[\u4e00-\u9fff\d])")
_ABOUT = re.compile(r"(?<![\w/])[~≈] ?(?=\d|每)")


def put_in_chinese(sentence: str, terms: Sequence[Term]) -> str:
    """Write the terms and the quantities of an English sentence in Chinese.

    Returns:
        The sentence, rephrased where small models go wrong, English but for terms and quantities;
        its quantities are those of the English one.
    """
    sentence = rephrase(sentence)
    words = [*_more_pieces(sentence), *_term_pieces(sentence, tuple(terms))]
    mixed = _put_in(sentence, _without_overlaps([*_quantity_pieces(sentence), *words]))
    return _MOVED_BY.sub(r"\1", _ABOUT.sub("约", mixed))


def _quantity_pieces(sentence: str) -> list[_Piece]:
    """Give the quantities that stay equal where they stand, beside their neighbours."""
    kept: list[_Piece] = []
    for form in chinese_forms(sentence):
        tried = [*kept, _Piece(*form)]
        if has_same_quantities(_put_in(sentence, tried), sentence):
            kept = tried
    return kept


def _without_overlaps(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Keep what begins first and, of two that begin there, the longer."""
    kept: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: (piece.start, -piece.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def _put_in(sentence: str, pieces: Sequence[_Piece]) -> str:
    parts, end = [], 0
    for piece in pieces:
        parts += [sentence[end : piece.start], piece.text]
        end = piece.end
    return "".join((*parts, sentence[end:]))


def _term_pieces(sentence: str, terms: tuple[Term, ...]) -> Iterator[_Piece]:
    for start, end, term in find_terms(sentence, terms):
        if not term.chinese or _is_name(term) or not _is_same_word(sentence[start:end], term):
            continue
        if _is_noun(sentence, start, end) and not _is_explained(sentence, start, end):
            yield _Piece(start, end, term.chinese)


_NAME = re.compile(r"(?:[A-Z][\w.]*[- ]?)+")
_ABBREVIATION = re.compile(r"[A-Z]{2,4}s?")


def _is_name(term: Term) -> bool:
    """Whether a term is a company, a person or a product rather than a word of the field."""
    if term.exact or term.alone:
        return True
    return bool(_NAME.fullmatch(term.term)) and not _ABBREVIATION.fullmatch(term.term)


_SAME_WORD = re.compile(
    r"(?i:fine-?tun|pre-?train|post-?train|distill|quanti[sz]|refactor|offload|prun)\w*"
    r"|(?:tool|function) calls?|(?:prompt|prefix) caches?|KV caching|[A-Z]{2,}s?|MoE"
)
"""Other spellings of a term with the same Chinese: verbs, and abbreviations."""


def _is_same_word(words: str, term: Term) -> bool:
    """Whether a spelling is the term itself, for a low-latency chip has no 延迟 alone."""
    letters = [re.sub("[^a-z]", "", text.lower()).removesuffix("s") for text in (words, term.term)]
    return letters[0] == letters[1] or bool(_SAME_WORD.fullmatch(words))


def _is_explained(sentence: str, start: int, end: int) -> bool:
    """Whether it stands in brackets behind what it is short for: sparse autoencoders (SAEs)."""
    return sentence[start - 1 : start] == "(" and sentence[end : end + 1] == ")"


_JOINED = re.compile(r"[-_/.@#+&][A-Za-z0-9]")
_VERB_BEFORE = re.compile(
    r"\b(?:to|will|can|cannot|could|may|might|must|should|would|not|don't|you|they|we|I|who|that"
    r"|which|it|users|people|developers) $",
    re.IGNORECASE,
)


def _is_noun(sentence: str, start: int, end: int) -> bool:
    """Whether a term stands there as a noun or before one, and is no part of a longer word."""
    words, before = sentence[start:end], sentence[:start]
    if _JOINED.match(sentence, end) or re.search(r"[-_/.@#+&]$", before):
        return False
    if re.search("[A-Z]", words) and not words.isupper() and _is_title(words, before):
        return False
    alone = " " not in words
    return not (alone and _VERB_BEFORE.search(before)) or bool(_SAME_WORD.fullmatch(words))


def _is_title(words: str, before: str) -> bool:
    """Whether its capital says that it is a name, and not only that the sentence begins."""
    first, *others = re.findall("[A-Za-z]+", words)
    inside = any(word[:1].isupper() and not word.isupper() for word in others)
    return inside or (first.istitle() and bool(re.search(r"[\w,;:)]\s$", before)))


_ANSWERS = r"(?:models?|answers?|questions?|chatbots?|LLMs?|assistants?|hallucination)"
_PACKAGED = r"(?i:python|pypi|pip|cuda|pytorch|package|install|linux|windows|macos|arm64|x86|uv)"
_NO_NOUN = (
    r"(?=[.,;]|$| (?:with|and|or|of|in|on|that|which|is|was|are|were|has|have|can|will|from|for|by"
    r"|to|named|called)\b)"
)
_MORE: tuple[tuple[str, str, str], ...] = (
    (rf"(?:[Mm]ixtures?[ -]of[ -][Ee]xperts|MoEs?){_NO_NOUN}", "混合专家模型", ""),
    (r"[Mm]ixtures?[ -]of[ -][Ee]xperts", "混合专家", ""),
    (r"rollouts", "任务执行", r"\b(?:[Aa]gents?|reinforcement|polic(?:y|ies)|RL|sockets?)\b"),
    (r"numbered(?= \d)", "编号为", ""),
    (
        r"fresh",
        "new",
        r"\b(?:leaderboard|model|benchmark|version|release|data|dataset|round|paper|attempt)",
    ),
    (r"(?:[Tt]he )?South China Morning Post", "《南华早报》", ""),
    (r"(?:[Tt]he )?Financial Times", "《金融时报》", ""),
    (r"(?:[Tt]he )?Wall Street Journal", "《华尔街日报》", ""),
    (r"(?:[Tt]he )?New York Times", "《纽约时报》", ""),
    (r"(?:[Tt]he )?Washington Post", "《华盛顿邮报》", ""),
    (r"[Bb]efore quanti[sz]ation,?", "量化前，", ""),
    (r"(?:home |consumer )?graphics cards?", "家用显卡", r"\b(?:home|consumer) graphics"),
    (
        r"(?:[Mm]odel )?[Cc]ards?(?= (?:on|says?|gives?|lists?|states?)\b)",
        "模型卡",
        r"Hugging|[Mm]odel",
    ),
    (r"(?:drops|retires|dropped|retired)(?= (?:the )?[\w.-]*[Bb]ench)", "停用", ""),
    (r"invent(?:s|ed)?(?: something)?", "编造", rf"\b{_ANSWERS}\b"),
    (r"hallucinat(?:es?|ed)", "编造", rf"\b{_ANSWERS}\b"),
    (
        r"Chinese(?= (?:AI )?(?:models?|labs?|compan(?:y|ies)|firms?|developers?|startups?)\b)",
        "中国",
        "",
    ),
    (r"points", "分", r"\d points\b.*(?:[Ll]eaderboard|[Aa]rena|[Bb]oard|[Bb]ench)"),
    (r"wheels", "预编译包", rf"\b{_PACKAGED}\b"),
    (r"converge[sd]?", "收敛", r"\b(?:train|loss|model|step|bf16|fp8)"),
    (r"lithography (?:tool|machine|system)s?", "光刻机", ""),
    (r"data cent(?:er|re)s?", "数据中心", ""),
    (r"layers?", "图层", r"\bRGBA\b"),
    (r"motion capture", "动作捕捉", ""),
    (r"policy", "策略", r"\b(?:robots?|humanoid|motion|reinforcement|controller|gripper|arm)\b"),
    (r"systolic arrays?", "脉动阵列", ""),
    (r"consistent hashing", "一致性哈希", ""),
    (r"transcoders?", "转码器", r"autoencoder"),
    (r"Teams(?= (?:can|may|will|now|get)\b)", "团队", r"^Teams "),
    (r"levels", "关卡", r"\b(?:ARC-AGI|games?|gameplay)\b"),
    (r"Series ([A-F])(?! \d)", r"\1轮融资", r"\b(?:rais|fund|announc|led|valu|\$)"),
    (r"([A-Z]\w+)['’]s account", r"\1的官方账号", r"account (?:confirm|post|announc|sa[iy])"),
    (r"Tom['’]s Hardware", "`Tom's Hardware`", ""),
    (r"[Ss]tealth(?= (?:\w+ )?models?\b)", "匿名", ""),
    (r"(?:tying|tied|ties) for (?:rank )?#(\d+)", r"并列第 \1 名", ""),
    (r"(?:is|was|are|were) highlighted as", "被视为", ""),
    (r"[Rr]ollouts?", "上线", r"\b(?:API|feature|users|launch|release|phased|gradual|includes?)\b"),
    (r"([A-Z][\w.]*)-(?:grade|class|level)", r"\1级", ""),
    (r"([A-Z][\w.]*)-(?:style|like)", r"\1式", ""),
    (r"([A-Z][\w.]*)-based", r"基于\1的", ""),
    (r"([A-Z][\w.]*)-(?:powered|driven)", r"由\1驱动的", ""),
    (r"([A-Z][\w.]*)-enabled", r"支持\1的", ""),
    (
        r"novel",
        "新颖的",
        r"\bnovel (?:\w+ ){0,2}(?:method|approach|architecture|model|codec|technique|algorithm)",
    ),
    (r"([A-Z][\w.]*)-compatible", r"兼容\1的", ""),
)
"""What the glossary does not have and a small model gets wrong: words, Chinese, and what else has
to stand in the sentence."""


_CAPITAL = re.compile(r" [A-Z][a-z]")


def _more_pieces(sentence: str) -> Iterator[_Piece]:
    for words, chinese, context in _MORE:
        if re.search(context, sentence):
            for found in re.finditer(rf"(?<![\w(-]){words}(?![\w-])", sentence):
                yield _Piece(*found.span(), found.expand(chinese))
    words_of_table = plain_chinese()
    for found in _any_of(tuple(words_of_table)).finditer(sentence):
        named = found[0][:1].isupper() and _CAPITAL.match(sentence, found.end())
        if not named:  # Interleaved Thinking
            yield _Piece(*found.span(), words_of_table[found[0].casefold()])


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Match any of some words, the longest first; a hyphen or a point makes another word of one."""
    longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![\w.-])(?:{longest_first})(?![\w-]|\.\w)", re.IGNORECASE)
