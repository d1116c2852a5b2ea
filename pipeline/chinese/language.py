"""Whether a text is Simplified Chinese and nothing but its own: part of `verify`.

Pure. English that was left over is found by its lower-case words: names have capitals, digits or
joints, or the evidence shows that they are names. A command stays as the evidence writes it. Not
covered: a single capitalised English word (Interpretability工具包), and Chinese that is wrong but
Chinese.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.chinese.commands import without_commands
from pipeline.chinese.english_words import (
    AMBIGUOUS_WORDS,
    FUNCTION_WORDS,
    NO_ADVERBS,
    ORDINARY_WORDS,
)
from pipeline.chinese.text import ANY_HAN, HAN, HYPHENS

if TYPE_CHECKING:
    from opencc import OpenCC

_WORD = re.compile(r"[A-Za-z][\w.+#'’-]*")
_NAME = re.compile(r"[A-Za-z][\w.+#'’-]*(?: [\w.+#'’-]+)*", re.ASCII)
# Names of one list: GLM-5.2、Kimi K2.7和DeepSeek V4.
_NAME_LIST = re.compile(
    rf"{_NAME.pattern}(?: ?(?:、|以及|[和与及或]) ?\w[\w.+#'’-]*(?: [\w.+#'’-]+)*)*", re.ASCII
)
_ASSISTANT_PREAMBLE = re.compile(
    r"^\W*(?:以下[是为]|(?:好的|当然|没问题)[，,。！!]|(?:中文)?(?:标题|摘要|翻译|译文|总结)(?:如下)?[:：]"
    r"|(?:抱歉|对不起|很遗憾)[，,]|这(?:是|里是)(?:一[个份篇])?(?:翻译|摘要|译文)|根据[您你](?:的要求|提供))"
    r"|作为(?:一[个名款])?(?:AI|人工智能|大?语言模型|大模型)(?:语言模型|助手|模型)?[，,]我?"
    r"|希望(?:这|以上).{0,8}(?:对[您你]|有帮助)"
)
_MAX_SHARED_CHARS = 6  # characters; what two sentences may share

_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF10, 0xFF5B) if chr(wide - 0xFEE0).isalnum()}
_FOLDS = _WIDE | str.maketrans(dict.fromkeys(HYPHENS, "-") | dict.fromkeys("\u00a0\u202f", " "))
# Inline code, and short words in brackets or quotes, explain the Chinese ones; `form` finds links.
_CODE = re.compile(r"`[^`]*`|https?://[!-~]+")
_ASIDE = re.compile(r"[(（“\"‘「『《【][^()（）“”\"‘’「」『』《》【】]*[)）”\"’」』》】]")
_WORK = re.compile(r"《([^《》]{3,120})》")
_LONGEST_ASIDE = 5
"""Latin words in brackets or quotes beyond which they are a clause of their own."""
# A stretch of Latin words with nothing but spaces and English punctuation between them.
_LATIN = r"[A-Za-zÀ-ÿ0-9$%&'’./+@#_~-]+"
_RUN = re.compile(rf"{_LATIN}(?:[ ,;:/!?—–()-]+{_LATIN})*")
_LOWER = re.compile(r"[a-z]{2,}(?:['’][a-z]+)?")
_COMPOUND = re.compile(r"[a-z]{2,}(?:-[a-z]+)+")
# How projects are called that are named by what they do: text-generation-webui.
_PROJECT = re.compile(r"-(?:api|bench|cli|cpp|db|gguf|gui|js|kit|llm|mcp|py|rs|sdk|ui|webui)$")
_HALF_TRANSLATED = re.compile(
    rf"[{HAN}]{{1,4}}[-–][a-z]+(?:-[A-Za-z]+)*(?![\d_.])"
    rf"|(?<![\w.-])[a-z]+(?:-[a-z]+)*[-–][{HAN}]{{1,4}}"
)
_LONGEST_NAMES = 8
"""Latin words in a row that may all be names; one more is English."""
_LONG = 4
"""Latin words in a row of which one function word makes English."""


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


_ENGLISH_AS_IS = _words("""
token tokens prompt prompts pip npm npx uv git bash zsh sudo curl docker kubectl conda brew vim
tmux sh vs via etc app apps web demo bug bugs pass ok fps
tok bit bits diffusers regex stdin stdout stderr daemon
rootless headless swizzle swizzling
all-reduce all-gather all-to-all reduce-scatter
logit logits logprob logprobs rollout rollouts webhook webhooks worktree worktrees
mysql nginx postgres redis sqlite
docx pptx xlsx csv tsv json jsonl yaml toml html css xml pdf png jpg svg gif wav
""")
"""Lower-case words that Chinese engineers write as they are, and commands."""
_SUFFIX = re.compile(
    r"[a-z]{2,}(?:ings?|ed|ly|[ts]ions?|ness|[ai]ble|ful|less|ments?|ity|ities|isms?|ous|ive|ical"
    r"|ally|[ae]nce|ship|wards?|istic|i[sz]e[ds])"
)


class UntranslatedText(NamedTuple):
    """English that was left in a Chinese text."""

    text: str
    """As it stands there."""
    sure: bool
    """Whether it is a clause, half a word or an ordinary word; another word may be a name."""


def untranslated_english(
    chinese: str, evidence: str, names: Iterable[str] = ()
) -> Iterator[UntranslatedText]:
    """Find English that was left over: clauses, and single lower-case words.

    Args:
        chinese: Chinese text.
        evidence: English text it was made from, which shows what is a name there.
        names: texts of which every word is a name: handles, repositories, terms that stay English.
    """
    evidence = evidence.translate(_FOLDS)
    stays_english = _ENGLISH_AS_IS | _joined_names(evidence)
    if _TRACKED.search(evidence):
        stays_english |= {"issue", "issues"}
    stays_english |= {word.casefold() for text in names for word in re.findall("[A-Za-z]+", text)}
    chinese = _without_names_of_words(_CODE.sub("，", chinese.translate(_FOLDS)), evidence)
    chinese = without_commands(chinese, evidence)
    # What a letter or an article is called in its own language.
    chinese = _WORK.sub(
        lambda work: "，" if work[1] in evidence and _is_title(work[1]) else work[0], chinese
    )
    chinese = _QUOTED.sub(lambda it: "，" if _is_message(it, evidence) else it[0], chinese)
    for aside in _ASIDE.finditer(chinese):
        clause = _english_clause(aside.group()[1:-1], stays_english)
        if clause and len(_WORD.findall(aside.group())) > _LONGEST_ASIDE:
            yield UntranslatedText(clause, sure=True)
    chinese = _ASIDE.sub(lambda aside: aside[0] if ANY_HAN.search(aside[0]) else "，", chinese)
    for glued in _HALF_TRANSLATED.finditer(chinese):
        yield UntranslatedText(glued.group(), sure=True)
    for run in _RUN.finditer(_HALF_TRANSLATED.sub("，", chinese)):
        if clause := _english_clause(run.group(), stays_english):
            yield UntranslatedText(clause, sure=True)
        else:
            yield from _single_words(run.group(), evidence, stays_english)


_QUOTED = re.compile('[“"]([^“”"\n]{8,200})[”"]')
_MESSAGE = re.compile("报错|错误|异常|提示|返回|日志|警告|输出|显示|弹出|消息")
_AROUND = 10


def _is_message(quoted: re.Match[str], evidence: str) -> bool:
    """Whether a program's message is quoted as the evidence quotes it."""
    start, end = quoted.span()
    near = quoted.string[max(0, start - _AROUND) : start] + quoted.string[end : end + _AROUND]
    said = re.escape(quoted[1])
    return bool(
        _MESSAGE.search(near) and re.search(rf"(?:[“\"`]|[Ee]rror: ){said}(?!\w)", evidence)
    )


def _without_names_of_words(chinese: str, evidence: str) -> str:
    """Take out runs of English words that are a name, as the evidence has them."""

    def name(found: re.Match[str]) -> str:
        before, after = chinese[: found.start()], chinese[found.end() :]
        run = found[0].strip(" ,;:/")
        return "，" if _is_name_of_words(run, before, after, evidence) else found[0]

    def pair(found: re.Match[str]) -> str:
        named = any(_may_be_name(word, evidence) for word in found[0].split("/"))
        return "，" if named and found[0] in evidence else found[0]

    return _RUN.sub(name, _PAIR.sub(pair, chinese))


def _is_name_of_words(run: str, before: str, after: str, evidence: str) -> bool:
    """Whether a run names a work, a setting, a query or a suite of tests of the evidence."""
    words = run.split(" ")
    if len(words) == 1 or run not in evidence:
        return False
    called = _CALLED_BEFORE.search(before) or _CALLED_AFTER.match(after)
    as_work = _WORK_BEFORE.search(before)
    return (
        bool(as_work and _is_title(run))
        or bool((called or as_work) and _has_own_capital(run, evidence))
        or bool((called or _is_title(run)) and _is_quoted(run, evidence))
        or _is_called(run, evidence)
        or _is_component(words, evidence)
        or (_SUITE.fullmatch(run) is not None and ORDINARY_WORDS.isdisjoint(words))
    )


def _is_quoted(run: str, evidence: str) -> bool:
    """Whether the evidence has a run between quotation marks."""
    return re.search(rf"[“\"‘]{re.escape(run)}[,.]?[”\"’]", evidence) is not None


def _is_called(run: str, evidence: str) -> bool:
    """Whether the evidence writes a run as code, or says that something is called just that."""
    first, *_, last = run.split(" ")
    ends = r"(?:[.,;:)”\"’]|$| (?:that|which|for|to|where|and|with|is)\b)"
    called = r"\b(?:called|named|dubbed|nicknamed|titled|entitled) [“\"‘]?"
    name = re.escape(run)
    return FUNCTION_WORDS.isdisjoint((first, last)) and bool(
        re.search(rf"`{name}`|{called}{name}{ends}", evidence, re.MULTILINE)
    )


def _has_own_capital(run: str, evidence: str) -> bool:
    """Whether a run begins with a capital that no sentence, line or clause gives it."""
    within = rf"(?<=[a-z0-9,] ){re.escape(run)}(?![\w-])"
    return run[0].isupper() and re.search(within, evidence) is not None


def _is_component(words: Sequence[str], evidence: str) -> bool:
    """Whether words in lower case are a program's name and a part of it: llama runner."""
    program, *parts = words
    named = (
        program in _MODEL_FAMILIES
        or program in _joined_names(evidence)
        or _NO_ENGLISH_START.match(program)
    )
    common = ORDINARY_WORDS | AMBIGUOUS_WORDS
    return bool(named) and all(_LOWER.fullmatch(one) and one not in common for one in parts)


# Libraries that are used together, or one within the other: pyspark/python.
_PAIR = re.compile(r"(?<![\w./-])[a-z][\w.-]*/[a-z][\w.-]*(?![\w/-])", re.ASCII)


# What stands before a title, which is copied as it is.
_WORK_BEFORE = re.compile(
    r"(?:论文|综述|研究|文章|博文|博客|一文|书|信|报告|课程|教程|指南|演讲|访谈|播客|视频|歌曲?|电影|剧|游戏|系列|专栏"
    r"|提案)[：:]? ?$"
)
_CALLED_BEFORE = re.compile(r"(?:搜索?|输入|键入|查询|名为|名叫|叫做?|称为|所谓|标签) ?$")
_CALLED_AFTER = re.compile(
    r" ?(?:设置|模式|选项|测试|版|文件|字段|命令|页面|按钮|标签|功能|方法|技术|工具|项目)"
)
_SUITE = re.compile(
    r"[A-Z][\w.+-]*(?: [\w.+-]+){0,2} (?:tests?|suite|[\w-]*bench|benchmarks?|challenge|evals?"
    r"|exam)"
)
"""A suite of tests or a benchmark that is named by a name and what it does: GCC torture tests."""


def _is_title(words: str) -> bool:
    """Whether all words but the smallest begin with a capital, as titles of works are written."""
    return all(
        not word[0].islower() or word in FUNCTION_WORDS for word in re.findall(r"[\w'’-]+", words)
    )


def _english_clause(run: str, stays_english: frozenset[str]) -> str:
    """Give the English clause that a stretch of Latin words is, or nothing."""
    words = _latin_words(run)
    lower = [bool(_LOWER.fullmatch(word)) and word not in stays_english for word in words]
    function = any(word in FUNCTION_WORDS for word in words)
    pair = any(one and other for one, other in pairwise(lower))
    if pair or (function and len(words) >= _LONG) or len(words) > _LONGEST_NAMES:
        return run.strip(" ,;:/")
    return ""


def _latin_words(run: str) -> list[str]:
    words = [word.strip(",;:!?.()") for word in re.split(r"[ /—–]", run)]
    return [word for word in words if any(char.isalpha() for char in word)]


def _single_words(
    run: str, evidence: str, stays_english: frozenset[str]
) -> Iterator[UntranslatedText]:
    words = _latin_words(run)
    for at, word in enumerate(words):
        compound = _is_compound(word, evidence, stays_english)
        ordinary = bool(_LOWER.fullmatch(word)) and len(word) > 2 and word not in stays_english  # noqa: PLR2004
        within = " ".join(words[max(0, at - 1) : at + 2])
        if ordinary and _WITHIN_NAME.fullmatch(within) and within in evidence:
            continue
        if ordinary and _is_ordinary(word, evidence):
            yield UntranslatedText(word, sure=True)
        elif compound or (
            ordinary and not _ends_name(words, at, evidence) and not _may_be_name(word, evidence)
        ):
            yield UntranslatedText(word, sure=False)


def _is_compound(word: str, evidence: str, stays_english: frozenset[str]) -> bool:
    """Whether a word with hyphens is English, and neither a project's name nor one that stays."""
    parts = word.split("-") if _COMPOUND.fullmatch(word) else []
    english = any(part in FUNCTION_WORDS or _SUFFIX.fullmatch(part) for part in parts)
    named = word in stays_english or (word in evidence and _is_project(word, parts))
    return english and not named and not stays_english.intersection(parts)


def _ends_name(words: Sequence[str], at: int, evidence: str) -> bool:
    """Whether a word ends a name of the evidence: Mac mini, GPT 4.1 mini, and no large models."""
    head = next((word for word in words[max(0, at - 2) : at] if word[:1].isupper()), "")
    name = rf"{re.escape(head)} (?:v?\d[\w.]* )?{re.escape(words[at])}\b"
    return bool(head) and re.search(name, evidence) is not None


_WITHIN_NAME = re.compile(r"[A-Z][\w.-]* (?:and|for|in|of|on|the|to|with) [A-Z][\w.-]*")
"""A name with a small word in it: Devin for Security."""


def _is_project(word: str, parts: Iterable[str]) -> bool:
    """Whether a word with hyphens is called like a project, or has a part that is no English."""
    return bool(_PROJECT.search(word)) or any(
        _NO_ENGLISH_START.match(part) or part in _MODEL_FAMILIES for part in parts
    )


_MODEL_FAMILIES = frozenset(
    {"bert", "clip", "gemma", "gpt", "llama", "llava", "mamba", "qwen", "phi"}
)


def _may_be_name(word: str, evidence: str) -> bool:
    """Whether a lower-case word may be a name of the evidence: like one, or no English word."""
    no_english = _NO_ENGLISH_START.match(word) or not re.search("[aeiouy]", word)
    if no_english or word in _shown_names(evidence):
        return True
    if re.search(rf"(?i:\b{re.escape(word)})[ -]?\d", evidence):
        return True
    # Beside a name, as one of two: FlashAttention2 and xformers.
    if re.search(rf"{_MARKED}(?:,? (?:and|or)|,|/) ?{re.escape(word)}\b", evidence):
        return True
    named = re.escape(word)
    # What the evidence calls a library or a version: the kernels library, o4-mini and the mini.
    if re.search(rf"\b{named} {_CALLED}|(?<![\w.])[A-Za-z]*\d[\w.]*[ -]{named}\b", evidence):
        return True
    if word in _SIZES and re.search(rf"\b(?:an?|and|its|or|the) {named}\b", evidence):
        return True
    english = word in AMBIGUOUS_WORDS or _ENGLISH.search(word)
    return not english and not _lower_words(evidence).isdisjoint({word, f"{word}s", f"{word}es"})


_SIZES = frozenset({"lite", "micro", "mini", "nano"})
_CALLED = r"(?:library|package|crate|repo|repository|variant)\b"
_MARKED = r"\b[A-Za-z]*(?:[a-z][A-Z]|[A-Za-z]-?\d)[A-Za-z0-9]*"
# Two consonants with which no English word begins: kvcached, nccl, xformers.
_NO_ENGLISH_START = re.compile(
    r"(?!bl|br|ch|cl|cr|cz|dr|dw|fl|fr|gh|gl|gn|gr|kn|kr|ll|mn|ph|pl|pn|pr|ps|pt|rh|sc|sh|sk|sl|sm"
    r"|sn|sp|sq|st|sv|sw|th|tr|ts|tw|wh|wr)[b-df-hj-np-tv-xz]{2}"
)
# Endings that names of methods, packages and settings seldom have: imatrix, einops, mtp.
_ENGLISH = re.compile(
    r"[a-z]{2}(?:ings?|[^e]ed|[st]ions?|ments?|ness|ships?|[ai]bles?|fuls?|less|ous|ives?|ity|ities"
    r"|[ae]nces?|ancy|ency|ists?|isms?|ers|ally|ary|ories|ants?|ents?|ages?|ates?|[^aeiou]ies)$"
)


def _is_ordinary(word: str, evidence: str) -> bool:
    """Whether a word is surely no name: a common one, an adverb, or the front of a common one."""
    if word in ORDINARY_WORDS or not word.isalpha():  # don't, it's
        return True
    if re.fullmatch("[a-z]{3,}ly", word) and word not in NO_ADVERBS:
        return True
    here = _lower_words(evidence)
    if len(word) < _MIN_CUT_CHARS or word in here:
        return False
    rests = (other[len(word) :] for other in here & ORDINARY_WORDS if other.startswith(word))
    return any(rest not in _INFLECTIONS for rest in rests)


_MIN_CUT_CHARS = 4
_INFLECTIONS = frozenset({"s", "es", "d", "ed", "r", "er", "ers", "ing", "ly"})
"""What makes one word of another: user and users are two words, milli of million is none."""
_JOINED = re.compile(r"\b(?:[a-z]+[A-Z]|[A-Z][a-z]*[A-Z])[A-Za-z]*\b")


@lru_cache(maxsize=64)
def _joined_names(evidence: str) -> frozenset[str]:
    """Give names with a capital inside in lower case: vllm is vLLM."""
    return frozenset(word.lower() for word in _JOINED.findall(evidence))


_SHOWN_NAME = re.compile(
    r"(?m:^[ \t]*(?:(?:[-*•]|\d+\.) +)?)(?P<first>[a-z]{3,})\b"
    r"|\b(?P<versioned>[a-z]{3,}) v\d"
    r"|\((?P<label>[A-Za-z]{3,}(?:(?:, | and | or |/)[A-Za-z]{3,}){0,3})\)"
    r"|`(?P<code>[^`\n]+)`"
    r"|[“\"](?P<quoted>[a-z]{3,})[”\"]"
    r"|\b(?:commit|merg|push)\w*+[^.;\n]{0,30}? (?:in)?to (?P<branch>main|master|dev)\b"
)
_LEVEL = "minimal|low|medium|high|xhigh|max|ultra"
_LEVELS = re.compile(
    rf"\b(?:{_LEVEL})[ -](?:effort|reasoning|thinking)\b|\b(?:effort|reasoning|thinking) levels?\b"
    rf"|\b(?:effort|reasoning|thinking) (?:was |is )?(?:from|to|at|of|on) (?:{_LEVEL})\b"
)
_TRACKED = re.compile(
    r"\b(?:git(?:hub|lab)|open(?:ed)?|clos(?:ed|es|ing)(?: (?:over|about|nearly))?(?: \d[\d,]*)?"
    r"|filed|#\d+) issues?\b"
    r"|\bissues? (?:on git(?:hub|lab)|#\d)",
    re.IGNORECASE,
)
"""What engineers call an entry of a tracker."""


@lru_cache(maxsize=64)
def _shown_names(evidence: str) -> frozenset[str]:
    """Give lower-case words that the evidence uses like names, so that they may be some.

    They begin a line, where a sentence has a capital, have a version, stand alone between quotation
    marks, or are a label in brackets: (high and max). So are the levels of an effort, and the
    branch that is committed to.
    """
    found = [word for match in _SHOWN_NAME.finditer(evidence) for word in match.groups() if word]
    if _LEVELS.search(evidence):
        found += re.findall(rf"\b(?:{_LEVEL})\b", evidence)
    return frozenset(word for text in found for word in re.findall(r"\b[a-z]+\b", text))


@lru_cache(maxsize=64)
def _lower_words(evidence: str) -> frozenset[str]:
    # An address has words between slashes, too; pyspark/python is none.
    return frozenset(re.findall(r"(?:(?<![\w@/.-])|(?<=[a-z]/))[a-z]+(?![\w])", evidence))


_NOT_TRADITIONAL = "昇"  # of the brand 昇腾, and as it stands there simplified


def traditional_characters(text: str) -> str:
    """Give the traditional characters of a text, each once."""
    text = "".join(ANY_HAN.findall(text))
    simple = _converter().convert(text)
    pairs = zip(text, simple, strict=True) if len(simple) == len(text) else ()
    return "".join(
        dict.fromkeys(old for old, new in pairs if old != new and old not in _NOT_TRADITIONAL)
    )


def to_simplified(text: str) -> str:
    """Write a text in simplified characters."""
    return _converter().convert(text) if ANY_HAN.search(text) else text


@cache
def _converter() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")


def is_chinese(text: str, *, ignore_names: bool = False) -> bool:
    """Whether a text has no more Latin names than Chinese characters; words in a row are one.

    So is a list of names, where there are three characters beside. In a good title names may be
    most: there words in lower case are counted.
    """
    chinese = len(ANY_HAN.findall(text))
    if ignore_names:
        return chinese >= max(2, len(list(filter(_LOWER.fullmatch, _WORD.findall(text)))))
    names, lists = len(_NAME.findall(text)), len(_NAME_LIST.findall(text))
    return chinese >= max(2, names) or chinese > max(2, lists)


def assistant_preamble(text: str) -> str:
    """Give the opening words of a machine that a text begins with, or nothing."""
    found = _ASSISTANT_PREAMBLE.search(text)
    return found.group().strip() if found else ""


def repeated_sentences(text: str) -> str:
    """Give a sentence that a text says twice, or nothing."""
    said = [part.strip() for part in re.split(r"[。！？；\n]", text)]
    long = [part for part in said if len(part) > _MAX_SHARED_CHARS]
    return next((part for at, part in enumerate(long) if part in long[:at]), "")
