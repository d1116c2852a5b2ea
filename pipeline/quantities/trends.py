"""Whether a quantity is a rise or a fall, and by or to so much, read from the words next to it.

The tables say which words mean what; a new word is one more alternative in its row. What stands
next to the number counts; the object of a verb may stand between: 降低成本30%, cut costs by 30%.
"""

import re
from typing import Literal, NamedTuple

from pipeline.quantities.lexer import EARLIER, Token
from pipeline.quantities.units import MONEY, Unit

Direction = Literal["", "up", "spent", "raised", "better", "down", "saved", "worse"]
"""Nothing; more; more of time or cost; 提升, more or better; faster; less; less of time or cost;
slower."""
Reach = Literal["", "by", "to"]
"""Nothing; the size of the change; what came of it, or what it is of something else."""


class Trend(NamedTuple):
    """What the words next to a quantity say of it."""

    direction: Direction = ""
    reach: Reach = ""


_NONE = Trend()
_CHANGING: frozenset[Unit] = frozenset(
    (
        *MONEY,
        "percent",
        "times",
        "points",
        "score",
        "ratio",
        "",
        "seconds",
        "months",
        "bytes",
        "bits",
    )
)
RELATIVE: frozenset[Unit] = frozenset({"percent", "times", "points", "score", "ratio"})
"""What a word such as `only` or 为 makes a level."""
_WINDOW = 60
"""Characters before a number in which its verb may stand."""

# ------------------------------------------------------------------------------------- Chinese

_HAN_VERBS: dict[Direction, str] = {
    "up": (
        "增长|(?<!提)升|涨|增加|[涨提加]价|激增|猛增|增|扩大|扩充|膨胀|贵|走高|上调|调高|抬高|反弹|拉升"
        "|翻|(?<!最)多出?(?![达于年])|(?<![最放])大(?![约概致规模型幅])"
    ),
    "better": (
        "提升|提高|加快|加速|提速|快|高出?(?!达)|强|改善|改进|优化|领先|超出|胜过|优于|(?<![只最])好(?!于)"
    ),
    "down": (
        "下降|下跌|降低|减少|下滑|缩减|削减|跌|降|少(?!于)|低(?!于)|缩小|缩水|蒸发|裁员|裁减|裁掉|裁|下调|调低"
        "|重挫|下挫|下探|回落|走低|萎缩|收窄|收缩|崩盘|减|砍掉?|小(?![于时])"
    ),
    "saved": "缩短|节省|节约|省下?|便宜|降价|优惠|压缩|精简|瘦身",
    "worse": "慢|放缓|减速|落后|逊于|(?<![只相仅])差(?![不点])",
}
_BURDEN = (
    "延迟|时延|成本(?!性能|效[率益])|价格|售价|定价|单价|费用|开销|开支|支出|花费|耗时|用时|时间|时长|内存|显存|占用|消耗|能耗|功耗|耗电|用量"
    "|体积|错误|误差|失败|故障|幻觉|损失|困惑度|漏洞|缺陷|漏报|误报|风险|排放|流失|丢包|账单|(?<![股币市评估性])价(?![值格])"
)
_HAN_AND = re.compile("并|同时|且|而|又")
_MERIT = "速度|性能|效率|吞吐|能效|性价比|效益|表现|算力"
_ON_BURDEN: dict[Direction, Direction] = {"up": "spent", "down": "saved"}
_RAISED = frozenset({"提升", "提高", "高", "高出", "强"})
"""More of time or cost, better of speed, and of anything else either."""
_REPAIRED = frozenset({"改善", "改进", "优化"})
_HAN_MORE = (
    r"了|幅度?|近|大?约|大概|超过?|逾|高?达到?|最?多达?|最高|将近|接近|不到|至少|整整|平均|同比|环比"
    r"|额外|又|仅|只|[\s~]"
)
_HAN_FILL = f"(?:{_HAN_MORE}){{0,4}}$"
_HAN_LEVEL = (
    r"(?:(?<![甚乃])至|(?<![遇感受直不])到|(?<![因作认称视以])为|变?成|(?<![但还就也要可不])是|仅|仅[需剩有用]|只[需要有剩用]|相当于|等于"
    r"|原来的|此前的|原价的|原先的|之前的)"
    r"(?:了|大?约|近|将近|仅|只有|不到|超过?|原来的|此前的|原价的|原先的|之前的|其|它的?){0,3}\s?(?:[^\s，。；]{1,8}的)?\s?$"
)
_OF_EARLIER = re.compile(rf"(?:{_BURDEN})[^的，]{{0,6}}{EARLIER}的\s?$")
_OF_BURDEN = re.compile(r"的(?:时间|耗时|用时|成本|费用|内存|显存)(?:(?=[，。；、内里完就即便])|$)")
_MARKS = re.compile(r"[(][?].*?[)]|[]?[]")
_CLEAR_VERBS: dict[Direction, str] = {
    name: "|".join(word for word in words.split("|") if len(_MARKS.sub("", word)) > 1)
    for name, words in _HAN_VERBS.items()
}
"""Those of two characters: 大 and 小 alone may belong to 大模型 and 小米."""


def _any_of(verbs: dict[Direction, str]) -> str:
    return "|".join(f"(?P<{name}>{words})" for name, words in verbs.items())


_HAN_BY = re.compile(f"(?:{_any_of(_HAN_VERBS)}){_HAN_FILL}")
_HAN_TO_VERB = re.compile(f"(?:{_any_of(_HAN_VERBS)})了?$")
_HAN_CLEAR = re.compile(_any_of(_CLEAR_VERBS))
_HAN_AMOUNT = re.compile(
    "(?:(?P<up>涨幅|增幅|升幅|增速|增长率)|(?P<down>跌幅|降幅)|(?P<saved>折扣|优惠))"
    rf"(?:为|是|在|至|到|可?达|{_HAN_MORE}){{0,3}}$"
)
_HAN_TO = re.compile(_HAN_LEVEL)
_HAN_OBJECT = re.compile(
    rf"(?:{_any_of(_CLEAR_VERBS)})(?:(?![的并而和与后至到为是])[一-龥A-Za-z]){{1,8}}{_HAN_FILL}"
)
_HAN_AFTER: dict[Direction, re.Pattern[str]] = {
    "up": re.compile("的?(?:增长|增幅|涨幅|升幅|增加|更[多高大长贵])"),
    "better": re.compile("的?(?:提升|加速|提速|性能提升|改善|更[快好])"),
    "saved": re.compile("的?(?:压缩|折扣|优惠|更(?:[少低小短]|便宜))"),
    "down": re.compile(
        "的?(?:质量|性能|精度|准确率|得分|成本|价格|延迟|速度|收入|股价)?(?:下降|降幅|跌幅|下跌|降低)"
    ),
}

# ------------------------------------------------------------------------------------- English

_VERBS: dict[Direction, str] = {
    "up": (
        "up rose rise rises risen rising grew grow grows grown growing growth increase increases"
        " increased increasing jump jumps jumped jumping surge surges surged surging climb climbs"
        " climbed climbing soar soars soared soaring raise raises raised raising hike hikes hiked"
        " hiking lift lifts lifted lifting rally rallied rallies expand expands expanded expanding"
        " add adds added adding spike spikes spiked skyrocketed ballooned swelled widen"
        " widens widened premium rebound"
        " rebounds rebounded"
    ),
    "better": (
        "gain gains gained boost boosts boosted boosting improve improves improved improving"
        " improvement speedup speed-up accelerate accelerates accelerated accelerating outperform"
        " outperforms outperformed outperforming beat beats beating lead leads leading faster"
    ),
    "down": (
        "down fell fall falls fallen falling drop drops dropped dropping decline declines declined"
        " declining decrease decreases decreased decreasing shrink shrinks shrank shrunk shrinking"
        " lost lose loses losing slid slide slides sank sink sinks plunge plunges plunged plunging"
        " tumble tumbles tumbled tumbling slump slumps slumped plummet plummets plummeted dip dips"
        " dipped crash crashes crashed collapse collapses collapsed crater cratered slip slips"
        " slipped contracted narrow narrows narrowed retreat retreated erode"
        " eroded"
    ),
    "saved": (
        "reduce reduces reduced reducing reduction cut cuts cutting lower lowers lowered lowering"
        " slash slashes slashed slashing save saves saved saving trim trims trimmed trimming"
        " compress compresses compressed compressing cheaper smaller shorter less fewer discount"
    ),
    "worse": (
        "trail trails trailed trailing lag lags lagged lagging underperform underperforms"
        " underperformed slower slow slows slowed slowing"
    ),
}
_DIRECTIONS = {word: name for name, words in _VERBS.items() for word in words.split()}
_FILL = frozenset(
    {
        "by", "another", "a", "an", "about", "nearly", "over", "almost", "around",
        "roughly", "some", "of", "just", "only", "further", "additional", "whopping",
        "average", "approximately", "~", "≈", "$",
    }
)  # fmt: skip
"""What may stand between such a verb and the number."""
_FILL_PHRASES = re.compile(
    r"\b(?:as (?:much|many|little|few) as|more than|less than|up to|at least|no less than)\b"
)
_LEVELS = frozenset({"to", "at", "only", "just"})
_NO_OBJECT = frozenset(
    {
        "and", "or", "but", "while", "with", "than", "as", "at", "for", "to", "that",
        "which", "by", "from", "in", "on", "then", "of", "is", "are", "was", "were", "vs", "vs.",
        "versus", "(",
    }
)  # fmt: skip
_CHANGED = frozenset({"reduced", "lowered", "increased", "improved"})
"""Before a noun: reduced pricing of 50%."""
_ARTICLES = frozenset({"a", "an", "the", "its", "their"})
_LONGEST_OBJECT = 4
_NOUNS: dict[Direction, str] = {
    "up": "increase increases growth premium rise jump surge hike raise",
    "better": "gain gains improvement improvements boost speedup speedups speed-up speed-ups",
    "down": "drop decline declines dip loss fall plunge slump",
    "saved": "decrease decreases reduction reductions cut cuts discount discounts savings"
    " saving compression",
    "worse": "slowdown",
}
_COMPARATIVES: dict[Direction, str] = {
    "up": "higher more larger bigger longer greater costlier pricier heavier",
    "better": "faster quicker better",
    "saved": "lower less fewer cheaper smaller shorter lighter off",
    "worse": "slower worse",
}
_AFTER_NOUNS = {word: name for name, words in _NOUNS.items() for word in words.split()}
_AFTER_WORDS = _AFTER_NOUNS | {
    word: name for name, words in _COMPARATIVES.items() for word in words.split()
}
_GOOD = frozenset(
    {
        "efficient", "productive", "accurate", "effective", "reliable", "powerful",
        "capable", "performant", "throughput",
    }
)  # fmt: skip
"""More of it is better."""
_COMPARED = re.compile(
    r"[ ](?:as[ ](?:(?P<better>fast|quick|efficient)|(?P<worse>slow)|[a-z])"
    r"|(?:of[ ])?(?:the|its|their|that|what)[ ](?:original[ ]|usual[ ]|previous[ ])?"
    r"(?:price|cost|size|memory|compute|time|latency|rate|budget|energy|power|speed|parameter|token)"
    r"|of[ ](?:the[ ]|its[ ])?(?:original|previous|current)\b)"
)
_SINCE = re.compile(r"[ ](?:(?P<up>up)|(?P<down>down))[ ](?:on|year|yoy|over)\b")
_AFTER_WINDOW = 40
_ENGLISH_BURDEN = re.compile(
    r"\b(?:latenc|costs?|pric|memory|time|errors?|loss|expens|energy|power|footprint|hallucinat|overhead"
    r"|usage|consumption|spend)",
    re.IGNORECASE | re.ASCII,
)

_ITSELF: tuple[tuple[Trend, re.Pattern[str]], ...] = (
    (Trend("saved", "by"), re.compile(r"\S{1,4}折")),
    (Trend("down", "by"), re.compile(r"减半|腰斩|(?i:halv)")),
    (Trend("up", "to"), re.compile(r"翻|(?i:doubl|tripl|[a-z]{3,5}upl)")),
)
"""Verbs that are a quantity."""
_ENDS_RANGE = re.compile(
    r"[\u4e00-\u9fff]了? ?(?:[\d.]+ ?[%％]?|[一二两三四五六七八九]成?) ?[至到] ?$"
)
"""Before the end of a range, which may be none: 减少30%至40%, 小三至四成, and 增长30%至90亿."""
_PLAIN_REACH: dict[Reach, re.Pattern[str]] = {
    "by": re.compile(r"\bby (?:about |around |nearly |almost |roughly |over |up to )?[~≈$€£¥]?$"),
    "to": re.compile("[至到]了?[约近]?$"),
}
"""How it has to be said of an amount: cut by 1.5k, 减少到1500个."""
_ENDS_SPAN = re.compile(r"\d ?\w{0,4} ?[至到] ?$")
_OVERHEAD = re.compile(r"(?: ?(?:-|~|to) ?[\d.]+ ?%)? (?:\w+ )?overhead\b")
_RANGE_END = re.compile(r" ?(?:-|~|to) ?[\d.]+ ?(?:%|[xX×](?!\w)|-?fold\b|times\b)")
"""The rest of a range, behind which stands what both are: 25-30% lower, 10-15x less."""
_BY_NOUN = re.compile(
    r"(?:净[提增上下减降缩][升长加涨降少低短]|幅度?|(?:损失|开销)(?=[约仅只均]))"
    r"[约仅只均]?(?:(?<=[仅只])有?|为|是|达) ?\+?$"
)
"""Nouns for so much more or less, which stay that before 为."""
_ARROW = re.compile(r" ?(?:->|→) ?[~≈$€£¥]?\d")
_BEHIND_ARROW = re.compile(r"\d\S{0,8} ?(?:->|→) ?[~≈$€£¥]?$")
"""An arrow stands between two levels, whatever verb is before them: improved GSM8K 76% → 91%."""
_RANGE_START = re.compile(
    r"(?<!\d)[\d.]+ ?[xX×]? ?[-~] ?$|[一二三四五六七八九十]+分之[一二三四五六七八九十]+[至到] ?$"
)
"""Of a range, whose ends are one change: by 3–5x, 降到三分之一到五分之一."""
_CLAUSE = re.compile(
    r"[，。；！？;!?\n:：]|[,.] |(?<=[a-z]{3})-(?=(?:claim|achiev|reach|scor|hitting)[a-z]* )"
)
_HAN_CHARACTER = re.compile("[一-龥]")


def read_trend(text: str, token: Token) -> Trend:
    """Read whether a quantity is a rise or a fall, and by or to so much."""
    if token.unit not in _CHANGING or token.name or _ARROW.match(text, token.end):
        return _NONE
    before = _CLAUSE.split(text[max(0, token.start - _WINDOW) : token.start])[-1]
    if token.unit in {"times", "percent"}:
        before = _RANGE_START.sub("", before)
    if before[-4:].strip("~≈$€£¥ ").endswith(("->", "→")) and _BEHIND_ARROW.search(before):
        return Trend("", "to") if token.unit in RELATIVE else _NONE
    trend = _read_itself(text, token) or _read_after(text, token)
    if trend == ("", "to") and (saved := _read_english(before, token.unit)) == ("saved", "by"):
        trend = saved  # saves a third of the time
    if not trend and before:
        chinese = _HAN_CHARACTER.search(before)
        trend = _read_chinese(before) if chinese else _read_english(before, token.unit)
        if not trend.direction and trend.reach != "by" and _is_left(text, token, before):
            trend = Trend("saved", "to")
    if not trend or trend == _NONE:
        return _NONE
    return _relieve(_reach(text, token, before, trend), before)


def _is_left(text: str, token: Token, before: str) -> bool:
    """Whether a share of the time or cost is left: 耗时不到此前的三分之一, 三分之一的时间."""
    whole = {"percent": 100, "ratio": 1}.get(token.unit, 0)
    part = "分之" in text[token.start : token.end] and _OF_BURDEN.match(text, token.end)
    return token.value < whole and bool(part or _OF_EARLIER.search(before))


def _reach(text: str, token: Token, before: str, trend: Trend) -> Trend:
    """Leave out `to` where it says no level: 降幅为5%, +1% score, 增长30%至90亿."""
    if token.unit not in RELATIVE:
        plain = _PLAIN_REACH[trend.reach].search(before) if trend.reach else None
        return trend if plain and not _ENDS_SPAN.search(before) else Trend(trend.direction)
    if trend.reach != "to":
        return trend
    if _BY_NOUN.search(before):
        return trend._replace(reach="by")
    if _OVERHEAD.match(text, token.end):
        return Trend("spent")  # only a 5% overhead
    signed = text[token.start] == "+"
    if signed or _ENDS_RANGE.search(before):
        return Trend(trend.direction)
    return trend


def _read_itself(text: str, token: Token) -> Trend | None:
    own = text[token.start : token.end]
    return next((trend for trend, words in _ITSELF if words.match(own)), None)


def _read_after(text: str, token: Token) -> Trend | None:
    """Read the words behind a quantity: 30% cheaper, a third of the price, 30%的增长."""
    range_end = _RANGE_END.match(text, token.end)
    end = range_end.end() if range_end else token.end
    after = text[end : end + _AFTER_WINDOW]
    if after[:1] > "一":
        found = (name for name, words in _HAN_AFTER.items() if words.match(after))
        return next((Trend(name, "by") for name in found), None)
    return _read_words_after(after) if after[:1] in {" ", "-"} else None


def _read_words_after(after: str) -> Trend | None:
    words = [word.strip(".,;:)") for word in after[1:].lower().split(" ")[:4]]
    if words[0] == "more" and not _GOOD.isdisjoint(words[1:3]):
        return Trend("better", "by")
    if direction := _AFTER_WORDS.get(words[0]):
        return Trend(direction, "by")
    if compared := _COMPARED.match(after):
        return Trend(_direction(compared), "to")
    if since := _SINCE.match(after):
        return Trend(_direction(since), "by")
    # 40% revenue growth, 12% year-over-year increase.
    noun = next((_AFTER_NOUNS[word] for word in words[1:3] if word in _AFTER_NOUNS), None)
    return Trend(noun, "by") if noun and _NO_OBJECT.isdisjoint(words[:2]) else None


def _read_chinese(before: str) -> Trend:
    if found := _HAN_AMOUNT.search(before):
        return Trend(_direction(found), "by")
    if found := _HAN_BY.search(before):
        # 翻了三倍 is three times as much, whatever 增长三倍 is.
        return Trend(_resolve(found, before), "to" if found["up"] == "翻" else "by")
    if level := _HAN_TO.search(before):
        return Trend(_direction_to(before, level.start()), "to")
    if found := _HAN_OBJECT.search(before):
        return Trend(_resolve(found, before), "by")
    return _NONE


def _read_english(before: str, unit: Unit) -> Trend:
    """Read the verb before a number, with what fills in: fell by nearly, up, fell to just."""
    words = _FILL_PHRASES.sub("about", before.lower()).split()
    left = _unfilled(words)
    if left and (direction := _verb_at(left, len(left) - 1)):
        return Trend(direction, "by")
    if (words and left and left[-1] == "to") or not _LEVELS.isdisjoint(words[len(left) - 1 :]):
        verbs = [at for at in range(len(left)) if _verb_at(left, at)]
        return Trend(_verb_at(left, verbs[-1]) if verbs else "", "to")
    if words[-1:] == ["of"] and unit in RELATIVE and words[-3:-2] and words[-3] in _CHANGED:
        return Trend(_DIRECTIONS[words[-3]])
    return _read_object(words, left, unit)


def _unfilled(words: list[str]) -> list[str]:
    """Leave out what may stand between a verb and its number."""
    end = len(words)
    while end and words[end - 1] in _FILL:
        end -= 1
    return words[:end]


def _verb_at(words: list[str], at: int) -> Direction:
    if words[at] == "up" and at and words[at - 1] in {"speed", "speeds", "sped", "speeding"}:
        return "better"
    return _DIRECTIONS.get(words[at], "")


def _read_object(words: list[str], left: list[str], unit: Unit) -> Trend:
    """Read a verb whose object stands before the number: cut costs by 40%, cuts memory 4x."""
    by = "by" in words[len(left) :]
    # `by` may be left out: cuts memory 4x.
    bare = unit in {"times", "percent"} and words == left and not (words and words[-1] in _ARTICLES)
    if not by and not bare:
        return _NONE
    for at in range(len(left) - 1, max(-1, len(left) - 2 - _LONGEST_OBJECT), -1):
        if direction := _verb_at(left, at):
            return Trend(direction, "by")
        if left[at] in _NO_OBJECT:
            break
    return _NONE


def _direction(found: re.Match[str]) -> Direction:
    groups = found.groupdict()
    return next((name for name in _HAN_VERBS if groups.get(name)), "")


def _direction_to(before: str, end: int) -> Direction:
    """Read the verb of 降至 or of 提高准确率到: next to it, or a clear one before."""
    if found := _HAN_TO_VERB.search(before[:end]):
        return _resolve(found, before)
    verbs = list(_HAN_CLEAR.finditer(before[:end]))
    return _resolve(verbs[-1], before) if verbs else ""


def _resolve(found: re.Match[str], before: str) -> Direction:
    """Read a Chinese verb with what rises or falls: 延迟提高 is no better, 延迟下降 is saved."""
    direction, part = _direction(found), _HAN_AND.split(before)[-1]
    burden, verb = re.search(rf"(?:{_BURDEN})(?!(?:的)?(?:{_MERIT}))", part), str(found[direction])
    if verb in _RAISED:
        return "spent" if burden else "better" if re.search(_MERIT, part) else "raised"
    if not burden:
        return direction
    return "saved" if verb in _REPAIRED else _ON_BURDEN.get(direction, direction)


def _relieve(trend: Trend, before: str) -> Trend:
    """Take a fall of what should be little as saved: latency dropped."""
    burden = _ENGLISH_BURDEN.search(before) or re.search(_BURDEN, before)
    return trend._replace(direction="saved") if burden and trend.direction == "down" else trend
