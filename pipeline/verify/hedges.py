"""Words that qualify a statement, in English, and what tells them in Chinese.

What only looks like a qualifier is left out in the patterns: the month May, the claims of a token,
a link preview, what is better than expected. The Chinese side is wide, since a word that is missed
there is a false alarm: whatever may tell the qualifier counts.
"""

import re
from typing import NamedTuple

from pipeline.quantities import Quantity

ASKED = re.compile(r"\b(?:whether|if)\b[^,.;]*$")
"""What stands before a qualifier of what is only asked: it says nothing that could be lost."""

_COMMENTERS = (
    r"(?:users?|members?|commenters?|redditors?|posters?|testers?|customers?|insiders?"
    r"|readers|owners|people|folks|developers|sources|leaks|leakers|reports|rumou?rs)"
)
_SAY = (
    r"(?:say|says|said|reports?|reported|claims?|claimed|notes?|noted|complain(?:s|ed)?"
    r"|argues?|argued|mentions?|mentioned|suggests?|suggested|believes?|thinks?|observed|found)"
)
# What stands before the noun: the claims, JWT claims, performance claims.
_NOUN_BEFORE = (
    r"(?:the|these|those|such|all|any|some|no|his|her|its|their|our|your|my|of|on|about|for|with"
    r"|from|in|to|and|or|many|several|multiple|bold|false|big|key|other|custom|registered|jwt|token"
    r"|tokens|auth|identity|id|oidc|oauth|access|patent|legal|copyright|insurance|medical|scoring"
    r"|performance|marketing|benchmark|unverified|similar|standard)"
)
_NOUN_AFTER = (
    r"(?:of|about|in|for|on|is|are|was|were|have|has|from|against|as|at|by|can|could|may|should"
    r"|made|and|or|into|validation|check|checks|process\w*|handling|data|object)"
)
_TAKEN = (
    r"(?:the |a )?(?:#|no\.|top\b|first\b|second\b|third\b|title|lead\b|spot\b|crown|credit|victory"
    r"|number one|responsibility|\w+ place\b|\w+ spot\b)"
)
_ATTRIBUTED = (
    r"(?:称|(?<![小])说(?!明)|表示|认为|被指|指出|指控|指责|指称|直指|传闻|传言|据传|盛传|流传|有传|风传"
    r"|传出|外传|疑似|疑为|报道|报告|爆料|消息|透露|曝|披露|泄露|涉嫌|起诉|被控|[有名位些分数多]用户|用户[^，。；]{0,12}(?:反|发现|遇|实测)|网友|有人|评论"
    r"|社区|发帖|帖|主张|强调|反映|反馈|提到|猜测|质疑|宣布|所谓|可能|似乎|看来|看似|或许|也许|推测"
    r"|介绍|写道|谈到|观点|批评|抱怨|估计|相信|声言|(?<![数占证凭票])据(?!点)|显示|表明|“)"
)
_NAMED = re.compile(r"名称|简称|全称|统称|称为|称作|称之|对称|职称|人称|代称|昵称")
"""Where 称 says what a thing is called."""

_POSSIBLE = (
    r"(?:可能|(?<![A-Za-z0-9]) ?或(?!者)|或(?:[将于以会不可被需因成花斥达涨升降跌买让]|在|用"
    r"|下[周月]|明年|今年|[为是能令使迎遭撼推凭借靠现源受致引改冲超缺延停退取](?!者)"
    r"|年内|收购|发布|推出|上线|开源)|最[快早](?=[于在将会可下本明今年月周\d])|或许|也许|恐(?!怖|龙)|有望|似乎|看来|看似|看起来|貌似|疑似"
    r"|疑为|疑(?=[误遭因将被现有])|大概"
    r"|估计|预计|预期|(?<![资材塑原颜饮])料|推测|推断|猜测|是否|能否|未必|不一定|未尝|难以|难于|不太|有潜力|潜在"
    r"|倾向|像是"
    r"|更像|计划|考虑|或将|怀疑|认为|多半|很大程度|有机会|未定|待定|不排除|传闻|若|吗|？)"
)
_ABLE = (
    r"(?:(?<![许认不])可(?![用靠视观见控])|可以|允许|能够"
    r"|(?<![功性智节万技职动赋])能(?![力源量效耗])|不得|不能|足以|得以)"
)
_PLANNED = (
    r"(?:预计|预期|计划|将|(?<![模虚])拟(?!合|人)|有望|打算|准备|预定|预告|定于|定在|(?<![资材塑原颜饮])料|目标|力争|会(?![议员话])"
    r"|旨在|(?<![希渴观])望|规划|(?<![等对招])待(?!遇)"
    r"|未来|后续|随后|稍后|日后|筹备|意在|意图|意欲|希望|(?<![思联设猜])想(?!象|法)|尚未|争取|预测|可能|路线图|期待|承诺"
    r"|着手|要)"
)
_SHOWN = (
    r"(?:表明|显示|暗示|意味|说明|建议|指出|提示(?!词)|印证|反映|证明|体现|提出|推荐|指向"
    r"|提议|主张|可见|证实)"
)
_EARLY = (
    r"(?i:预览|测试版|测试阶段|公测|内测|试用|抢先|抢鲜|尝鲜|早期|实验|体验版|试验|先行|试点"
    r"|灰度|beta|preview"
    r"|预发布|开放测试|封闭测试|预告|先睹|前瞻|β)"
)
_RELEASED = re.compile(
    r"发布|推出|上线|开放|可用|提供|登陆|公布|支持|放出|面向|新增|亮相|开源|推送|引入|加入"
)
_FINAL = re.compile(r"正式|全面(?:上线|开放|可用|推出)|稳定版|(?<![A-Za-z])GA(?![A-Za-z])")
_FINAL_ENGLISH = re.compile(
    r"\b(?:[Gg]enerally available|[Gg]eneral availability|GA|(?:leaves?|left|out of|exit\w*) beta"
    r"|stable release)\b"
)


class Hedge(NamedTuple):
    """One kind of qualifier."""

    english: re.Pattern[str]
    """How it stands in the evidence."""
    chinese: re.Pattern[str]
    """Whatever may tell it."""
    example: str
    """How it is told most often."""
    onward: bool = False
    """Whether it governs the rest of its sentence, rather than its clause."""
    titled: bool = False
    """Whether the first sentence need not tell it where the title does."""
    release: bool = False
    """Whether it is about what is released."""


HEDGES: tuple[Hedge, ...] = (
    Hedge(
        re.compile(
            r"(?<!whether )(?<!if )(?<!the )(?<!when you )(?<!when we )(?<!when they )"
            r"\b(?:may|might|could(?! not\b| have\b|n['’]t))\b(?! \d)"
            r"(?! (?:be|have|hold|last|reach|take|use|\w+ for) up to)"
            r"(?!(?: \w+){0,2}\?)"
        ),
        re.compile(f"{_POSSIBLE}|{_ABLE}"),
        "可能",
    ),
    Hedge(
        re.compile(
            r"(?i:\b(?:potentially|possibly|perhaps|probably|presumably|seemingly|apparently"
            r"|(?<!more )(?<!less )(?<!as )(?<!how )(?<!equally )(?<!times )likely"
            r"|seems?(?! like a lot)|seemed|appears? to|appeared to|it appears)\b)"
        ),
        re.compile(f"{_POSSIBLE}|{_SHOWN}|据称|称"),
        "可能, 似乎",
    ),
    Hedge(
        re.compile(
            r"\b(?:suggests?(?! (?:using|trying|adding|to)\b)|suggesting|suggested that"
            r"|hints? (?:that|at)|hinting)\b"
        ),
        re.compile(f"{_POSSIBLE}|{_SHOWN}|{_ATTRIBUTED}"),
        "表明, 可能",
        onward=True,
    ),
    Hedge(
        re.compile(
            r"\b(?:[Rr]umou?red|[Rr]umou?rs?\b(?= (?:has|have|say|suggest|that|of|point|claim))"
            r"|unconfirmed)\b"
        ),
        re.compile(
            r"传闻|传言|据|流传|盛传|爆料|消息|猜测|可能|疑似|称|证实|小道|风传|有传|或将|曝"
            r"|泄露|(?<!宣)传"
        ),
        "传闻",
        onward=True,
    ),
    Hedge(
        re.compile(
            r"\b(?:[Aa]ccording to (?:a |an |one |some |several |the )?(?:\w+ )?"
            r"(?:rumou?rs?|leaks?|leakers?|reports?|sources|insiders?|users?|commenters?|members?)"
            r"|[Rr]eportedly|[Aa]llegedly|[Pp]urportedly|[Ss]upposedly"
            r"|(?:is|are|was|were|been) (?:said|reported|alleged|claimed|believed|thought"
            r"|rumou?red)"
            r" to)\b"
        ),
        re.compile(_ATTRIBUTED),
        "据称",
    ),
    Hedge(
        re.compile(
            rf"(?<![\w’'.)-])(?!{_NOUN_BEFORE}\b)[\w’'.)-]+ (?P<said>claim(?:s|ed|ing)?)"
            rf"(?= (?!{_NOUN_AFTER}\b|{_TAKEN}))"
            rf"|, claiming (?!{_TAKEN})|\b[Cc]laim is that\b|, [\w’' ]{{2,30}} claims?(?=[.;,)]|$)",
            re.IGNORECASE,
        ),
        re.compile(_ATTRIBUTED),
        "称, 据称",
        onward=True,
    ),
    Hedge(
        re.compile(
            rf"\b(?:one|a|an|another|some|several|many|most|multiple|other|few|two|three|early"
            rf"|reddit"
            rf"|discord)? ?(?:\w+ )?{_COMMENTERS} (?:also |even |have |has |had )*{_SAY}\b",
            re.IGNORECASE,
        ),
        re.compile(
            f"{_ATTRIBUTED}|成员|开发者|工程师|读者|讨论|消息人士|知情|[论发试用作读究料]者"
            r"|(?:^|[，。；：、])(?:[^，。；：、]{1,4})?用户(?![数量群体名界端侧])"
        ),
        "有用户称",
        onward=True,
        titled=True,
    ),
    Hedge(
        re.compile(
            r"\b(?:(?:is|are|was|were|be|being|now|still) expected\b"
            r"|(?<!than )(?<!as )expected (?:to|in|by|for|next|this|later|within|at|around|on"
            r"|before)\b"
            r"|(?<!to )expects? (?:to|it|the|its|that|a)\b|plans? to\b|planning to\b"
            r"|planned (?:for|to)\b"
            r"|aims? to (?:release|ship|launch|open)|intends? to\b|slated (?:to|for)\b"
            r"|scheduled (?:to|for)\b|on track to\b)"
        ),
        re.compile(_PLANNED),
        "预计, 计划",
    ),
    Hedge(
        re.compile(
            r"(?<![\w-])(?:(?:in|into|as|now in|research|public|private|technical|developer"
            r"|early|limited"
            r"|open|closed|the|a) (?:a |an |the )?(?:\w+ )?(?:[Pp]review|[Bb]eta)\b"
            r"|(?:[Pp]review|[Bb]eta) (?:version|release|build|of|for|access|feature|now"
            r"|today)\b)"
            r"(?! (?:image|images|pane|window|text|card|cards|link|links|mode|tab|url|urls"
            r"|header|headers"
            r"|distribution|clips?|panel|thumbnail)\b)"
        ),
        re.compile(_EARLY),
        "预览版, 测试版",
        release=True,
    ),
)


def is_told(hedge: Hedge, text: str) -> bool:
    """Whether a Chinese text may tell a qualifier."""
    return bool(hedge.chinese.search(_NAMED.sub("", text)))


def tells_final(text: str) -> bool:
    """Whether a Chinese text says that something is past its preview."""
    return _FINAL.search(text) is not None


def says_final(english: str) -> bool:
    """Whether an English sentence says so."""
    return _FINAL_ENGLISH.search(english) is not None


def tells_release(text: str) -> bool:
    """Whether a Chinese text says that something came out."""
    return bool(_RELEASED.search(text))


_ABOUT = (
    r"(?<![签节制条公契合预租])约(?!束|定)|大概|左右|上下(?!文)|前后|大致|大体|(?<![最附就靠])近(?![日期年来])"
    r"|几乎|差不多|估计|[~～≈]"
)
_UNDER = r"跌破|跌穿|失守|不到|不足|低于|少于|小于|以下|未满|逼近|[<＜≤]"
_OVER_WORDS = (
    r"超过|超出|超(?=[\d一二三四五六七八九十百千万亿两数])|逾|有余|上[百千万亿]|以上|至少|最少|不少于|不低于|不小于"
    r"|(?<=[\dA-Za-z元])起|突破|[升涨冲]破|站上|过半|高于|大于|不止|[+＋>＞≥]|开外|多达|更多"
)
_UP_TO = (
    r"最[高多大长快远强低小少短优好]|至多|可达|(?<!伟)达(?!成)|上限|以内|之内|(?<=[\d时分秒天日月年周钟节B])内"
    r"|不超过|不多于|不高于|高达|多达|长达|之多|封顶|[至到~～–-] ?$"
)
_NEAR = {
    "about": f"{_ABOUT}|{_OVER_WORDS}|{_UNDER}",
    "more": f"{_ABOUT}|{_OVER_WORDS}|最低",
    "less": f"{_ABOUT}|{_UNDER}|{_UP_TO}",
}
_TOLD_BOUNDS = {bound: re.compile(words) for bound, words in _NEAR.items()}
BOUND_EXAMPLES = {"about": "约", "more": "超过, 至少", "less": "最高, 近, 不到"}
"""How a bound is told most often."""

# `over` and its like that part nothing from a number: an average over 5 runs, built around 3 ideas.
_NO_BOUND = re.compile(
    r"\b(?:(?:spread|averag\w*|gain\w*|improv\w*|wins?|won|lead\w*|advantage|speedups?|faster"
    r"|comput\w*|evaluat\w*|measured|distribut\w*|aggregat\w*|sampl\w*|r[au]ns?|iterat\w*|loop\w*"
    r"|search\w*|quer(?:y|ies)|benchmark\w*|questions|results|sum\w*|generali[sz]\w*|train\w*|prefer\w*|increas\w*|edge|control|concerns?"
    r"|debate|optimi[sz]\w*|scal\w*|works?|tested|validated|attention|choice|pick\w*|choose) over"
    r"|(?:posts?|papers?|articles?|blogs?|talks?|threads?|tweets?|concerns?|questions?|info\w*"
    r"|stor(?:y|ies)|news|complain\w*|discuss\w*|debates?|details|report\w*|announce\w*|warn\w*"
    r"|asks?|learn\w*|think|know|book|guide) about"
    r"|(?:built|work\w*|cent(?:er|re)e?d|organi[sz]ed|revolv\w*|based|structured|designed|wrap\w*"
    r"|rall\w*|go(?:es)?|turn\w*|spin\w*|pitch|narrative|debates?|discussions?|hype|stor(?:y|ies)"
    r"|questions|concerns|conversations?) around"
    r"|(?:liv\w+|catch\w*|add\w*|keep\w*|went|goes?|going|mov\w+|rose|jump\w*) up to"
    r"|from [^ ]+(?: [^ ]+)? up to) (?:the |a |an |some )?$",
    re.IGNORECASE,
)
_OVER = re.compile(r"\bover $", re.IGNORECASE)
_SAFE_OVER = re.compile(
    r"(?:^|[\n(]|[,:;.–—-] )over $|\b(?:for|of|all|the|a|an|its|their|took|takes?|taking|lasted"
    r"|lasts|in|at|to|than|ha[sd]|have|having|with|by|from"
    r"|supports?|adds?|added|includ\w+|contain\w*|compris\w+|offers?|covers?|lists?|us(?:es?|ed"
    r"|ing)"
    r"|needs?|reach\w*|exceed\w*|rais\w+|hold\w*|open\w*|and|just|well|now|already"
    r"|are|is|was|were|there|collect\w*|gather\w*|process\w*|handl\w+|serv(?:es|ed|ing)|manag\w+"
    r"|host(?:s|ed|ing)|attract\w*|dr(?:ew|aws?)|receiv\w+|got|gets?|sold|sells?|ship(?:s|ped|ping)"
    r"|hit|hits|pass\w*|top(?:s|ped)|count(?:s|ed|ing)|total\w*|number\w*|spend\w*|spent|pa(?:ys?|id)"
    r"|fix\w*|merg\w+|clos\w+|found|finds?|lost|los(?:es|ing)|hir\w+|employ\w*|creat\w+|wrote|writes?"
    r"|ma(?:kes?|de)|buil(?:t|ds?)|deploy\w*|index\w*|integrat\w+|connect\w*|releas\w+|publish\w*"
    r"|analy[sz]\w+|review\w*|across|into|on|like|via|between|among) over $",
    re.IGNORECASE,
)
_SIZE = re.compile(r"[\d.]+[BMK]")


def is_bounded(before: str, quantity: Quantity) -> bool:
    """Whether the bound that was read off the words before a quantity is one.

    A deal over five years is no longer one, a mean over 24 environments is of these, and some 7B
    models are a few of that size.
    """
    if before.endswith("some ") and _SIZE.fullmatch(quantity.text):
        return False
    if quantity.unit in {"", "seconds", "months"} and _OVER.search(before):
        return bool(_SAFE_OVER.search(before))
    return not _NO_BOUND.search(before)


def tells_bound(bound: str, clause: str, before: str) -> bool:
    """Whether a clause, or what stands in it before a quantity, tells a bound."""
    words = _TOLD_BOUNDS[bound]
    return bool(words.search(clause) or words.search(before))
