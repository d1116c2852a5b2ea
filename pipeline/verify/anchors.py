"""What an English text and its Chinese both name, each with its place: names and common nouns.

For `pairing` and `sides`, which compare what stands beside what. A name is a Latin word that both
texts have, or a Chinese name of the table of aliases; a noun is one of the table here. Words that
one space or hyphen parts are one anchor with several keys: GPT 4.1 mini.
"""

import re
from calendar import month_name
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.verify.aliases import CHINESE_NAMES


class Anchor(NamedTuple):
    """A stretch of a text that names something."""

    start: int
    end: int
    keys: frozenset[str]
    """Its words in lower case, or the row of a noun."""


_NOUNS_TABLE = r"""
best | 最好|最佳|最高分
accuracy | 准确率
activat\w*|active | 激活
bandwidth | 带宽
bookmarks? | 收藏|书签
capabilit(?:y|ies) | (?<!智)能力
cod(?:e|ing) | 编程|写代码
code edit\w* | 代码编辑
competitors?|rivals? | 对手
compil\w+ | 编译
complexity | 复杂度
contexts? | 上下文
continued | 继续
core | 核心
costs? | 成本
customers? | 客户
data[- ]parallel\w* | 数据并行
decod(?:e|es|ing) | 解码
deep search | 深度搜索
defin\w+ | 定义
dense | 稠密
docs?|documents? | 文档
downloads? | 下载
efficien\w+ | 能效|效率
employees|staff|workers | 员工
events? | 事件
experts? | 专家
free | 免费
funding|raise[sd]?|raising|rounds? | 融资
hallucinat\w+ | 幻觉
humans? | 人类
images? | 图像|图片
inputs? | 输入
investments?|invested | 投资|投入
languages | 自然语言
latenc(?:y|ies) | 延迟|时延
layers? | 层
likes | 点赞
loss(?:es)? | 亏损
manag\w+ | 管理
members? | 成员
memory|VRAM|ECC | 内存|显存
models? | 模型
multi[- ]turn | 多轮
outputs? | 输出
papers? | 论文
patients? | 患者
per[- ]dollar|dollars? | 每美元
per[- ]watt|watts? | 每瓦
pre-?train\w+ | 预训练
prefill\w* | 预填充
prices?|priced|pricing | 价格|定价|售价
profits? | 利润|赚
programming languages? | 编程语言
proxy | 代理
quer(?:y|ies) | 查询
rate[- ]limit\w* | 限流|速率限制
ratio | 比(?=[增升降为例])
reads? | 读取
real[- ]time | 实时
refactor\w* | 重构
regist\w+ | 注册
replies | 回复
reposts|retweets | 转发
revenue | 收入|营收
running time|run ?time | 运行时间|运行时长
samples?|examples? | 样本
single[- ]turn | 单轮
sold|sales | 销量|销售
speed | 速度
stars? | 星标
steps? | 步
threads? | 线程
throughput | 吞吐
total | 总
train\w+ | 训练
users? | 用户
valuations?|valued?|valuing | 估值
views? | 浏览|观看|播放
votes? | 票
web navigation | 网页导航
worst | 最差|最弱
writes? | 写入
"""
_NOUN = "noun: "


class _Noun(NamedTuple):
    """One common noun that is counted or measured."""

    key: str
    english: re.Pattern[str]
    chinese: re.Pattern[str]


def _months() -> Iterator[str]:
    for number, name in enumerate(month_name[1:], 1):
        yield rf"{name}|{name[:3]}\.? | (?<!\d){number}月"


def _nouns() -> Iterator[_Noun]:
    for row in (*_NOUNS_TABLE.strip().splitlines(), *_months()):
        english, chinese = row.split(" | ", 1)
        yield _Noun(
            f"{_NOUN}{chinese.split('|')[0]}",
            re.compile(rf"(?<![\w-])(?:{english})(?!\w)", re.IGNORECASE),
            re.compile(chinese),
        )


_NOUNS = tuple(_nouns())
_ANY_NAME = "|".join(sorted(map(re.escape, CHINESE_NAMES), key=len, reverse=True))
_WORD = re.compile(
    r"(?<!['’])(?<!Series )[A-Za-z0-9][\w.+]*(?<!\.)(?!轮)"
    r"(?!-(?:based|class|compatible|level|like|powered|style)\b)|" + _ANY_NAME,
    re.ASCII,
)
_AMOUNT = re.compile(r"[\d.]+(?:[GTMK]B|[kKMTXxWwsh]|ms)")
_JOINED = re.compile(r"[ -]?")
_PLURAL = re.compile("(?<=[a-z0-9]{2})s$")


@lru_cache(maxsize=64)
def find_anchors(english: str, chinese: str) -> tuple[tuple[Anchor, ...], tuple[Anchor, ...]]:
    """Find what both texts name.

    Returns:
        The anchors of the English text and those of the Chinese one, each in the order of the text.
    """
    there, here = list(_words(english)), list(_words(chinese))
    shared = frozenset(key for one in there for key in one.keys) & frozenset(
        key for one in here for key in one.keys
    )
    stated, told = list(_joined(english, there, shared)), list(_joined(chinese, here, shared))
    for noun in _NOUNS:
        places = list(noun.chinese.finditer(chinese))
        sources = list(noun.english.finditer(english)) if places else []
        if sources:
            key = frozenset({noun.key})
            told += (Anchor(found.start(), found.end(), key) for found in places)
            stated += (Anchor(found.start(), found.end(), key) for found in sources)
    return tuple(sorted(stated, key=_place)), tuple(sorted(told, key=_place))


def is_noun(key: str) -> bool:
    """Whether a key is that of a common noun."""
    return key.startswith(_NOUN)


def _place(anchor: Anchor) -> tuple[int, int]:
    return anchor.start, anchor.end


def _words(text: str) -> Iterator[Anchor]:
    for found in _WORD.finditer(text):
        if not _AMOUNT.fullmatch(found.group()):
            latin = CHINESE_NAMES.get(found.group(), (found.group(),))
            keys = frozenset(_PLURAL.sub("", name.casefold()) for name in latin)
            yield Anchor(found.start(), found.end(), keys)


def _joined(text: str, words: list[Anchor], shared: frozenset[str]) -> Iterator[Anchor]:
    """Join shared words that stand beside each other; a number alone is no name."""
    run: list[Anchor] = []
    for word in words:
        if not word.keys & shared:
            continue
        if run and not _JOINED.fullmatch(text[run[-1].end : word.start]):
            yield from _as_name(run, shared)
            run = []
        run.append(word)
    yield from _as_name(run, shared)


def _as_name(run: list[Anchor], shared: frozenset[str]) -> Iterator[Anchor]:
    keys = frozenset(key for word in run for key in word.keys & shared)
    if re.search("[a-z]", " ".join(keys)):
        yield Anchor(run[0].start, run[-1].end, keys)
