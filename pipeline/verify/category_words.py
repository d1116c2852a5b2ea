"""The words of each category that `categories` compares, and the English that each may stand for.

Data.
"""

from typing import NamedTuple


class Member(NamedTuple):
    """One word of a category."""

    example: str
    """How it is written most often."""
    chinese: str
    """How Chinese has it, a pattern like the others."""
    english: str
    """Whatever it may stand for."""
    sure: str
    """English that surely means it, by which the others are wrong."""


NEVER = "(?!)"


def member(example: str, chinese: str, english: str, sure: str = NEVER) -> Member:
    """Make a member; what surely means it has its case, and may stand for it as well."""
    return Member(example, chinese, f"(?i:{english})|{sure}", sure)


# ------------------------------------------------------------------------------------- money

_ROUND = r"\bSeries[ -](?:[A-K][\d+]?(?:, | and | or | to |/|-|, and )){0,3}"
_SEED = r"\b[Ss]eed (?:round|funding|financing|capital|investment|stage|extension)\b"
_LOSS = r"\bnet loss(?:es)?\b|\bloss(?:es)? of (?:about |around |over |nearly )?[$€£¥]"
_PROFIT = r"\b(?<![Nn]ot )[Pp]rofitab(?:le|ly|ility)\b|\bnet (?:profit|income)\b"
_NO_PROFIT = (
    r"unprofit|(?:not|n['’]t|never|yet|until|before|toward|path to|without)\b[^.]{0,40}profit"
    r"|profit\w*[^.]{0,30}(?:by|until|in) 20"
)
_ROUNDS = tuple(
    member(
        f"{letter}轮",
        rf"(?<![A-Za-z0-9]){letter}\+? ?轮(?![子胎廓询换次流播])",
        rf"{_ROUND}{letter}\b|\b{letter}[ -]round|series\b[^.]{{0,20}}\b{letter}\b",
        rf"{_ROUND}{letter}[\d+]?(?![\w'’])",
    )
    for letter in "ABCDEFGHIJK"
)
GROWTH = (
    member(
        "同比",
        r"同比",
        r"yo?y|y/y|year|annual|20\d\d|12 months|twelve months",
        r"\b(?:YoY|Y/Y|[Yy]ear[ -](?:over|on)[ -][Yy]ear)\b",
    ),
    member(
        "环比",
        r"环比",
        r"[qmwd]o[qmwd]\b|q/q|m/m|sequential|quarter|month|week|previous|prior|last|day",
        r"\b(?:QoQ|MoM|WoW|[Qq]uarter[ -](?:over|on)[ -][Qq]uarter|[Mm]onth[ -](?:over|on)[ -]"
        r"[Mm]onth|(?:previous|prior) quarter)\b",
    ),
)
_MONEY = (
    (
        *_ROUNDS,
        member("种子轮", r"种子轮", r"\b(?:pre-?)?seed", _SEED),
        member("天使轮", r"天使轮", r"\bangel", r"\b[Aa]ngel (?:round|funding)\b"),
    ),
    (
        member("投前", r"投前", r"pre[ -]?money", r"\b[Pp]re[ -]?money\b"),
        member("投后", r"投后", r"post[ -]?money", r"\b[Pp]ost[ -]?money\b"),
    ),
    GROWTH,
    (
        member(
            "营收",
            r"营收|营业收入",
            r"revenue|sales|\b[am]rr\b|run[ -]rate|turnover|top line|earn|income|mak(?:e|es|ing)\b"
            r"|made|bring|bookings|billings|generat|business|monetiz|\$",
            r"\b[Rr]evenues?\b",
        ),
        member(
            "净利润",
            r"净利润|净利(?![率息润])|(?<![未没不以有法])盈利(?!能力|模式|点)",
            r"profit|income|earn|margin|bottom line|in the black|gain|money|monetiz|break[ -]?even"
            r"|cash[ -]flow",
            _PROFIT,
        ),
        member(
            "亏损",
            r"净亏损?|亏损",
            rf"\bloss|\blos(?:e|es|ing|t)\b|in the red|burn|deficit|negative|debt|exceed"
            rf"|outpac|spends|subsidi|{_NO_PROFIT}",
            _LOSS,
        ),
    ),
    (
        member(
            "领投",
            r"领投",
            r"\b(?:co-)?l(?:ed|eads?|eading)\b|head|anchor|spearhead",
            r"\b(?:co-)?led (?:by|the (?:[\w$.-]+ ){0,4}(?:round|funding|investment|Series))\b",
        ),
        member(
            "跟投",
            r"跟投",
            r"participa|join|follow|adding|plus|put in|took part|brought in"
            r"|alongside|along with|also|includ|other|from|back(?:ed|ers|ing)"
            r"|, with|with (?:[\w@]+ ){0,3}(?:support|as)|invest(?:ed|ing)\b|investors",
            r"\bwith participation (?:from|by|of)\b",
        ),
    ),
)

# -------------------------------------------------------------------------------------- times

_MEASURE = (
    "次个篇款项本条场期版份天日年月周季度小分百千万亿倍成位名轮届均活些直般起代半一二两三四五六七八九十"
    "台张套大种家件系新多内间之笔支批则封段部只组首堂门课座"
)
_WEEKDAYS = tuple(
    member(
        f"周{han[0]}",
        rf"(?<![每一二两三四五六七八九十数几半单双全\d])(?:周|礼拜)[{han}](?![{_MEASURE}])|星期[{han}]",
        rf"\b{short}(?:{rest})?s?\b{more}",
        rf"\b{short}{rest}s?\b|\b{short}(?=,? (?:\d{{1,2}}(?:st|nd|rd|th)?\b|[A-Z][a-z]{{2}} \d))",
    )
    for han, short, rest, more in (
        ("一", "Mon", "day", ""),
        ("二", "Tue", "sday", "|\\btues\\b"),
        ("三", "Wed", "nesday", ""),
        ("四", "Thu", "rsday", "|\\bthurs?\\b"),
        ("五", "Fri", "day", ""),
        ("六", "Sat", "urday", "|weekend"),
        ("日天", "Sun", "day", "|weekend"),
    )
)
_ANY_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SEASON = r"(?:(?:[Tt]his|[Nn]ext|[Ll]ast|[Bb]y|[Ii]n|[Tt]he|[Oo]f|[Ee]arly|[Ll]ate|[Mm]id)[ -])"
_CLOCK = r"(?:\d|[ap]\.?m\.?|[AP]M) ?\(?"
_TIMES = (
    _WEEKDAYS,
    (
        member(
            "今天",
            r"今[天日](?!头条|益)",
            r"today|tonight|this (?:morning|afternoon|evening)|now|current|these days|24 hours|just"
            r"|present|still",
            r"\b[Tt]oday\b(?!['’]s)",
        ),
        member(
            "明天",
            r"(?<![说表证声聪文透])明[天日](?![本志期])",
            r"tomorrow|next day|day after",
            r"\b[Tt]omorrow\b(?!['’]s)",
        ),
        member(
            "昨天",
            r"昨[天日晚]",
            r"yesterday|last night|(?:day|night) before|previous (?:day|night)|a day ago|24 hours",
            r"\b[Yy]esterday\b(?!['’]s)",
        ),
    ),
    (
        member(
            "上周",
            r"(?<![线网以])上周(?![活期边末])",
            r"last|past|previous|prior|ago|earlier|recent|yesterday|week before",
            rf"\b[Ll]ast (?:week|{_ANY_DAY})\b",
        ),
        member(
            "本周",
            r"(?<![版成样基])[本这]周(?!期)",
            rf"this (?:week|{_ANY_DAY})|(?:the|of|['’]s|ai|in|same) week\b|weekly|week in|today"
            rf"|tomorrow|tonight|yesterday|current|coming|past few days"
            rf"|(?<!next )(?<!last )(?<!past )\b{_ANY_DAY}|\d{{1,2}}/\d{{1,2}} week",
            rf"\b[Tt]his (?:week|{_ANY_DAY})\b",
        ),
        member(
            "下周",
            r"(?<![线旗名当])下周(?![活期会])",
            r"next|coming|following|in a week|week from|later|tomorrow|soon|days",
            rf"\b[Nn]ext (?:week|{_ANY_DAY})\b",
        ),
    ),
    tuple(
        member(
            f"{han}季",
            rf"(?:[今明去]年?|[当同每]年|20\d\d年?|初){han}(?!威夷)|{han}[季天]",
            rf"\b{english}|{more}",
            rf"\b{_SEASON}(?:{name})\b|\b(?:{name})(?: of|,)? ?(?:20\d\d|batch)\b",
        )
        for han, english, name, more in (
            (
                "春",
                "spring",
                "[Ss]pring",
                r"\b(?:mar|apr|may|lunar|new year|q[12]|[xp]\d\d)\b|march",
            ),
            ("夏", "summer", "[Ss]ummer", r"\b(?:june?|july?|aug|august|q[23]|s\d\d)\b"),
            (
                "秋",
                "(?:fall|autumn)",
                "[Ff]all|[Aa]utumn",
                r"\b(?:sept?|oct|nov|q[34]|f\d\d)\b|ember",
            ),
            (
                "冬",
                "winter",
                "[Ww]inter",
                r"\b(?:dec|jan|feb|q[14]|w\d\d)\b|december|uary|cold|snow",
            ),
        )
    ),
    (
        member(
            "年初",
            r"[年月]初",
            r"early|earlier|begin|start|\b(?:jan|feb|mar|q1)|first|spring|new year|ago|since|last"
            r"|\b(?:[a-z]{3,9}\.?) \d{1,2}\b",
            r"\b(?:[Ee]arly|[Bb]eginning of|[Ss]tart of) (?:in )?"
            r"(?:20\d\d|(?:the|this|next) year)\b",
        ),
        member(
            "年中",
            r"(?:20\d\d|[今明去])年中(?![国心的间文央医午期秋东外小美标方英欧日选共])",
            r"\bmid|middle|half|\b(?:may|june?|july?|q[23])\b|summer|during|through|within|over"
            r"|\b(?:in|for) 20\d\d",
            r"\b(?:[Mm]id[- ]|[Mm]iddle of )(?:20\d\d|(?:the|this|next) year|year\b)",
        ),
        member(
            "年底",
            r"[年月](?:底|末)",
            r"\bend\b|\bends\b|ending|late|year[ -]?end|eoy|\b(?:nov|dec|q4)|fourth|clos(?:e|ing)"
            r"|holiday|before|winter|final|by (?:20\d\d|[a-z]+)\b|last|turn of|30|31",
            r"\b(?:[Ee]nd of|[Ll]ate|[Cc]lose of) (?:in )?"
            r"(?:20\d\d|(?:the|this|next) (?:year|month))\b",
        ),
    ),
    tuple(
        member(
            han.split("|")[0],
            rf"(?:{han})",
            rf"\b(?:{zones})\b|{words}",
            rf"{_CLOCK}(?:{zones})\b",
        )
        for han, zones, words in (
            (
                "太平洋时间|美国西部时间|美西时间|西海岸时间",
                "P[SD]?T",
                "pacific|california|san francisco|west coast|seattle|los angeles",
            ),
            (
                "美国东部时间|美东时间|(?<!美国)东部时间",
                "E[SD]?T",
                "eastern|new york|east coast|boston|washington",
            ),
            ("美国中部时间|(?<!欧洲)(?<!美国)中部时间", "C[SD]?T", "central|chicago|texas"),
            ("北京时间", "CST|BJT", r"beijing|china|shanghai|utc ?\+ ?8|gmt ?\+ ?8"),
            ("欧洲中部时间|中欧时间", "CES?T", "central european|berlin|paris|amsterdam"),
            ("英国时间|伦敦时间", "BST|GMT", "london|british|\\buk\\b"),
            ("印度时间|印度标准时间", "IST", "india"),
            ("日本时间|东京时间", "JST", "japan|tokyo"),
        )
    ),
)

# ---------------------------------------------------------------------------- what was done

_NOT = "(?<![不未没拒绝无非难再有愿肯会想])"
_SELECT = (
    r"\b(?:select|a (?:few|handful of)|a (?:limited|small) (?:number|group|set) of) (?:\w+ )?"
    r"(?:developers|users|customers|partners)\b"
)
_AHEAD = (
    "[将拟待未若尚正或旦愿想盼]|寻求|接近|力争|旨在|如果|谈判|预计|计划|有望|可能|即|洽谈|商讨|争取"
    "|准备|目标|希望"
)
_STATES = (
    (
        member(
            "完成",
            rf"(?:^|[，。；：])(?:(?!{_AHEAD})[^，。；：])*?(完成[^，。；：]{{0,25}}"
            r"(?:融资|募资|收购|并购|IPO|上市)(?!后))",
            r"\brais(?:ed|es)|secur|\bclos(?:ed|es)|complet|finali[sz]|\bland(?:ed|s)|\bled\b"
            r"|acquir(?:ed|es)|bought|\bbuys|merge|announc|receiv|\bg[eo]ts?\b|scored|\bwon\b|took"
            r"|bag(?:ged|s)|nab(?:bed|s)|pull(?:ed|s) in|went public|goes public|\bseries\b|sign"
            r"|fund(?:ing|raise) of|done|finish|invest(?:ed|s)\b|after|recent"
            r"|back(?:ed|s)\b|following|previous|\d[BM] round",
        ),
        member(
            "洽谈",
            NEVER,
            NEVER,
            r"\bin (?:early |advanced |active )?(?:talks|discussions|negotiations)\b"
            r"|\bmoving forward with\b|\b[Ff]il(?:es|ed|ing) (?:for|its|an) (?:an |its )?IPO\b",
        ),
    ),
    (
        member(
            "全体",
            r"(?:全体|所有|全部)(?:开发者|用户|客户|合作伙伴)",
            r"\b(?:all|every\w*|any\w*|general\w*|public\w*|broad\w*|wid\w+|whole|entire|full\w*|each"
            r"|free|open(?:s|ed)?|across)\b",
        ),
        member("部分", NEVER, NEVER, _SELECT),
    ),
    (
        member(
            "接受",
            rf"{_NOT}接受(?:了)?[^，。；]{{0,16}}(?:收购|并购|要约|报价|提议)",
            r"accept|agree|\bto(?:ok|ken)\b|\btak(?:e|es|ing)\b|approv|welcom|said yes|sign",
        ),
        member(
            "拒绝",
            r"拒绝[^，。；]{0,16}(?:收购|并购|要约|报价|提议)",
            r"declin|reject|refus|turn|spurn|rebuff|\bno\b|not\b|n['’]t|walk|resist",
            r"\b(?:[Dd]eclin(?:ed|es|ing)|[Rr]eject(?:ed|s|ing)|[Rr]efus(?:ed|es|ing)"
            r"|[Tt]urn(?:ed|s|ing) down)\b(?= (?:[\w&$.-]+ ){0,5}(?:offers?|bids?|proposals?)\b)",
        ),
    ),
)
CATEGORIES: tuple[tuple[Member, ...], ...] = (*_MONEY, *_TIMES, *_STATES)
"""Each with its members; the Chinese of one never holds that of another."""
