"""A sentence does not say what the text does not say, nor how much attention it draws.

What the evidence itself calls unknown, undisclosed or missing is news, and may be told where the
lines of the sentence have a word for it. Not covered: a fact that is told twice, general praise.
"""

import re
from collections.abc import Iterator

from pipeline.verify.check import CheckInput, CheckResult, Problem

_SOURCE = r"(?:原文|原刊|文中|素材|材料|上述内容|提供的[\u4e00-\u9fff]{2,4})"
_TEXT = r"(?:原帖|文章|文本|资料|报道|帖子|推文|公告|消息)"
_STILL = r"(?:中|里|内|本身|则|均|都|也|还|仍|并|暂|尚|目前|暂时|对此|就此)*"
_NOT = r"(?:没有|没|未曾|未|并未|尚未|暂未|无)"
_SAY = (
    r"(?:提及|提到|提供|给出|说明|说|讲明|指明|点明|写明|注明|标明|透露|披露|交代|列出|介绍|涉及"
    r"|描述"
    r"|解释|展开|详述|详细说明|明说|公开)"
)
_MORE = r"(?:更多|进一步|其他|其它|更详细|更具体|具体|详细|相关|额外|任何)"
_FACTS = r"(?:信息|细节|详情|资料|说明|消息|内容|数据|介绍|描述|数字|参数|解释|证据)"
_ADVERB = r"(?:明确|具体|详细|进一步|更多|直接|单独)?"
_ABSENT = re.compile(
    rf"{_SOURCE}{_STILL}{_NOT}(?!有?的){_ADVERB}地?{_SAY}?|{_TEXT}{_STILL}{_NOT}{_ADVERB}地?{_SAY}"
    rf"|{_NOT}{_ADVERB}(?:对外)?(?:透露|披露|提及|提到|交代|说明|给出)"
    rf"|{_NOT}(?:对外)?(?:公布|公开|提供|列出|介绍){_MORE}的?\w{{0,4}}{_FACTS}"
    rf"|(?:暂无|尚无|没有|并无|未有|缺乏|缺少){_MORE}的?\w{{0,4}}{_FACTS}"
    rf"|(?:{_FACTS}|情况|原因|时间|价格|规格|用途)(?:目前|暂时|尚|仍|还|都|均|暂|并)*"
    r"(?:不清楚|不明确|不明|不详|未知|未明|不得而知)"
    r"|尚不(?:清楚|明确|得而知)|不得而知"
)
_NO_PADDING = re.compile(r"[无毋]需说明|[没未]有?说服")
"""What only looks like it."""
_TOLD_ABSENCE = re.compile(
    r"\b(?:(?:not|never|yet to|cannot|\w+n['’]t) (?:\w+ ){0,4}?(?:disclos|reveal|shar|specif"
    r"|sa[iy]|mention"
    r"|announc|publish|releas|provid|detail|stat|expla|giv|clarif|confirm|list|availab|clear|known"
    r"|there|describ|includ|nam|public|know|tell|address|document|elaborat)"
    r"|(?:no|without|lack\w*|miss\w*|absen\w+|few|little|scant|sparse|insufficient"
    r"|limited) (?:of )?"
    r"(?:the |any |an? )?(?:\w+[ /-]){0,3}?(?:detail|info|benchmark|number|figure|pric|date|word"
    r"|mention|specific|further|reason|expla|comment|evidence|source|data|document|timeline|context"
    r"|description|access|result|statement|name|support|weight|paper|code)"
    r"|unknown|unclear|undisclosed|unspecified|unstated|unnamed|unpublished|unconfirmed|unexplained"
    r"|under wraps|tight-lipped"
    r"|unreleased|unavailable|undocumented|unannounced|tb[ad]\b|to be (?:seen|announced|determined)"
    r"|omit|leav\w+ out|left out|withh[eo]ld|refus\w+ to|declin\w+ to|fail\w* to|vague|secre"
    r"|nothing (?:about|on|is|more)|silent|opaque|mystery|confidential|speculat|question\w*"
    r"|ambigu|guess\w*|redact|incomplete|empty|stealth)",
    re.IGNORECASE,
)
_ANY_NEGATION = re.compile(
    r"\b(?:not?|never|none|nothing|without|lack\w*|miss\w+|yet|neither|nor|hidden|private|only"
    r"|skip\w*)\b|n['’]t\b|\?",
    re.IGNORECASE,
)
_ATTENTION = re.compile(
    r"(?:引发|引起|受到|获得|备受|广受|吸引)了?(?:业界|社区|外界|各方|用户|开发者)?的?(?:广泛"
    r"|高度|极大|大量|热烈"
    r"|普遍)?的?(?:关注|热议|瞩目|讨论|反响)|值得(?:持续|进一步|重点)?(?:关注|期待|注意)"
    r"|令人期待|拭目以待"
    r"|意义重大|前景广阔|具有重要意义"
)
_DRAWN = re.compile(
    r"attention|discuss|comment|react|buzz|hype|viral|popular|trend|debat|excit|interest|prais"
    r"|communit"
    r"|users?\b|members?\b|engineers?|developers?|people|notabl|noted|notes|highlight|engag"
    r"|tweet|thread"
    r"|repl(?:y|ies)|upvot|likes?\b|views?\b|score:|activity|controvers|critic|backlash|concern"
    r"|amplif"
    r"|standout|stood out|watch|import|signific|sparked|drew|draws|noteworth|worth|caution|warn"
    r"|reddit"
    r"|twitter|discord|speculat|momentum|widely|reception|respon|impress|call(?:ed|s|ing)? (?:it"
    r"|out)"
    r"|promis|await|look(?:ing)? forward|anticipat|chatter|stir|celebrat|applau|welcom|readers",
    re.IGNORECASE,
)


def check_padding(data: CheckInput) -> CheckResult:
    """Look for words about what the text leaves out, and about attention that it does not show."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    evidence = data.story.evidence
    for passage in data.passages:
        plain = _NO_PADDING.sub("", passage.text)
        if found := _ABSENT.search(plain):
            told = _TOLD_ABSENCE.search(passage.evidence) or (
                _TOLD_ABSENCE.search(evidence) and _ANY_NEGATION.search(passage.evidence)
            )
            if not told:
                yield Problem(
                    "only what the text says, nothing about what it leaves out",
                    found.group(),
                    sentence=passage.number,
                )
        elif (filler := _ATTENTION.search(plain)) and not _DRAWN.search(evidence):
            yield Problem(
                "only what the text says, nothing about attention",
                filler.group(),
                minor=True,
                sentence=passage.number,
            )
