"""Words that say much in one sentence, and the English of which some has to stand in its lines.

For `unsaid`: 不如 where nothing is worse, 收紧 where nothing is tightened. What may stand for a
word is wide, since a right one that is objected to costs a true fact. Data.
"""

from typing import NamedTuple

from pipeline.verify.kind_words import AHEAD


class UnsaidWord(NamedTuple):
    """One word, or several that say the same."""

    chinese: str
    """A pattern, like the other."""
    english: str
    """Whatever it may stand for, in any case."""


_NOT = r"\b(?:not|no|never|cannot|none|nor|neither|without)\b|n['’]t\b"
_BETTER = (
    r"better|best|beat|outperform|outrun|outpac|outclass|outscor|outrank|outshin|outdo|surpass"
    r"|exceed|ahead|above|superior|\bedg(?:e|es|ed|ing)\b|overtak|defeat|crush|eclips|dominat"
    r"|\bw[io]n|\btop|\blead|\bled\b|first|#1|no\. ?1|higher|strong|advantage|improv|beyond|past\b"
    r"|smok(?:e|ed|ing)\b|destroy|trounc|record|leap|dethron|unseat|\bpass(?:es|ed|ing)?\b|blow|demolish"
    r"|transcend|thrash|conquer|knock|not just|sota|state[- ‑]of[- ‑]the[- ‑]art|great|favou?r"
    r"|\bprefer"
)
_WORSE = (
    r"worse|worst|behind|below|\btrail|\blag|\blos(?:e|es|t|ing|s)\b|inferior|weak|underperform"
    r"|\bfall|\bfell\b|\bshort\b|\bpoor|second\b|lower|fewer|\bless\b|slow|\bgap\b|bottom|under\b"
)
_THAN = r"\bthan\b|\bover\b|\bvs\b|versus|compar"
_UP = (
    r"increas|\bris(?:e|es|en|ing)\b|\brose\b|\bhik|\brais|higher|grow|grew|jump|climb|surg|soar"
    r"|doubl|tripl|expensive|\bmore\b|gain|\bup\b|\+|spik|boost|expand|inflat|\d ?x\b|times|rally"
    r"|quadrupl|upward|uptick|appreciat|swell|balloon|costlier|pricier|→|->|\bfrom\b.{1,60}\bto\b"
)
_DOWN = (
    r"decreas|lower|\bcut|reduc|\bdrop|declin|\bfall|\bfell\b|\bdown|cheap|\bless\b|discount|slash"
    r"|shr[aiu]nk|\bsav|% off|\bdip|\bslid|loss|plung|plummet|halv|half|fewer|collaps|slump|erod"
    r"|degrad|regress|worse|sink|sank|trim|→|->|\bfrom\b.{1,60}\bto\b|minus|-\d|short|minimi"
)
_GONE = (
    r"remov|delet|drop|cancel|eliminat|\bkill|scrap|\bend(?:s|ed|ing)?\b|longer|without|lift|strip"
    r"|\bcut|pull|disabl|discontinu|deprecat|retir|withdr|revok|rescind|unlist|replac|clos(?:e|ing)"
    r"|shut|stop|abandon|\bt(?:ake|akes|aken|aking|ook) (?:\w+ )?(?:down|off|out|away|back)|clear"
    r"|phas|repeal|waiv|\baxe|roll\w* back|revert|gone|purg|bypass|un(?:censor|limit|block|lock)"
    r"|abliterat|avoid|skip|abolish|away|\boff\b|suspend|sunset|terminat|\bban|eras|exclud"
    r"|ditch|dump|swap|switch|migrat|abort|sever\b|exit|quit|conclud|expir|uninstall|nuk(?:e|ing)"
    r"|yank|filter|dedup|unsub|opt\w*[- ]out|instead|exempt|disappear|wip(?:e|ing)"
    r"|prun|\bno\b|\bhalt|paus|offline|legacy|obsolet|leav|\bleft\b"
    r"|turn\w* down|wind|reset|\brid\b|free|dismantl|reject|veto|nix"
)
_DONE_VERBS = (
    "发布|推出|收购|开源|上线|聘用|招聘|签署|开放|建设|投资|合并|裁员|公开|公布|获得|带来|新增|关闭"
    "|下线|起诉|弃用|取代|扩展|提交|集成|开发|训练|部署"
)

TABLE: tuple[UnsaidWord, ...] = (
    # ------------------------------------------------------------------ what is better
    UnsaidWord(
        "不如(?!说|[试先])|不及(?![格物])|逊于|逊色于|略逊|输给|不敌|弱于|差于",
        f"{_WORSE}|{_NOT}|{_BETTER}|{_THAN}|only|instead|rather",
    ),
    UnsaidWord(
        "超越(?!自[我身])|远超|胜过|击败|打败|优于|碾压|力压",
        rf"{_BETTER}|{_WORSE}|{_THAN}|\bout[a-z]{{4,}}",
    ),
    UnsaidWord(
        "(?<=[能度现平力者型])相当(?=[，。；、（]|但|且|而|$)|媲美|持平|不相上下|比肩|旗鼓相当",
        r"match|equal|compar|\bsame\b|\bpar\b|parity|rival|similar|\bclose|\bnear|\blike\b"
        r"|\bti(?:e|es|ed)\b|equivalent|approach|compet|level|\btier|within|identical"
        r"|\bas \w+ as\b|class|reach|grade|about|roughly|around|\bcatch|caught|on pace"
        r"|tracks?\b|unchanged|flat|stable|keep\w* up|preserv|maintain|lossless"
        r"|no (?:loss|drop|degrad)|akin|mirror|resembl|quality|indistinguish|\bhold|neck"
        r"|\beven with|\bpace"
        "|toe[- ]to",
    ),
    UnsaidWord(
        "远低于",
        r"\blow|below|under\b|\bless\b|fewer|behind|trail|\bshort\b|(?<!rather )\bthan\b"
        r"|\bfar\b(?! from)|fraction|cheap|small|\bdrop",
    ),
    UnsaidWord(
        "远高于",
        r"\bhigh|above|\bover\b|\bmore\b|(?<!rather )\bthan\b|exceed|\bfar\b(?! from)|ahead"
        r"|times|\dx|outperform|better|beat",
    ),
    UnsaidWord(
        "(?<!不)(?<!不尽)相同",
        r"\bsame|identical|equal|match|similar|shar(?:e|es|ed|ing)|\bboth|alike|\blike\b"
        r"|common|consistent|uniform|\bone\b|single|equivalent|unchanged|\bkeep|\balso\b"
        r"|\bas\b.*\bas\b|parity|re-?us|duplicat|repeat|iso-|fixed|constant|again|copy"
        r"|copies|each|every|exact|still|correspond|mirror|regardless|\bvs\b|compar|matched",
    ),
    # ------------------------------------------------------------------ up, down
    UnsaidWord(
        "上涨|上调|涨价|提价|加价",
        _UP,
    ),
    UnsaidWord(
        "下调|下跌|降价|调低",
        _DOWN,
    ),
    UnsaidWord(
        "不再",
        "no longer|not|n['’]t|any ?more|stop|without|remov|discontinu|drop|end|never|instead"
        r"|retire|eliminat|cease|no\b|replac|quit|gone|deprecat|unlimit|free|avoid|away|switch"
        "|past|obsolete|rather|abandon|shift",
    ),
    UnsaidWord(
        "提升|提高|改善|增强",
        r"improv|increas|boost|enhanc|better|rais|gain|\bup\b|strength|more|high|great|refin"
        r"|optim|fast|speed|upgrad|\blift|elevat|advanc|augment|accelerat|grow|strong|doubl"
        r"|expand|efficien|effectiv|jump|climb|perform|\bfrom\b.{1,60}\bto\b|\dx|%|sav|reduc"
        "|help|power|rich|progress|bump|deep|sharp|scal|beef|faster|leap|lead|quality|win|fix"
        "|smooth|less|tun|step|effect",
    ),
    UnsaidWord(
        "降低|减少|下降",
        r"reduc|low|decreas|\bcut|\blos[est]|drop|less|few|declin|\bfall|\bfell|down|cheap|sav|minimi|shr"
        r"|slash|smaller|halv|mitigat|\bfrom\b.{1,60}\bto\b|degrad|limit|avoid|eas|loss|worse"
        r"|compress|regress|eliminat|remov|half|trim|lighten|prevent|%|\dx|discount|without"
        "|slow|weak|short|light|alleviat|erod|optim|efficien|loos|diminish|curb|nerf|improv"
        "|dip|free|slip|slid|plung|suppress",
    ),
    UnsaidWord(
        "增加|增长|扩大",
        r"increas|\bgr[eo]w|\brais|more|add|up\b|expand|higher|larg|rise|rising|rose|surg|jump"
        r"|doubl|extra|boost|gain|\bfrom\b.{1,60}\bto\b|climb|scal|extend|great|bigger|new"
        r"|accelerat|\+|longer|wider|broad|soar|triple|%|\dx|heav|creat|includ|introduc|enlarg"
        "|explo|double|quadrupl|ballooning",
    ),
    UnsaidWord(
        "收紧",
        r"tight|restrict(?!ions?\b)|limit(?:s|ed|ing)\b|\bstrict|harden|crack|curb|narrow"
        r"|squeez|clamp|constrain|lower|reduc|\bless\b|tough|lock|shr[aiu]nk|cap(?:s|ped)?\b"
        r"|rate[- ]limit|quota|throttl|block|prohibit|gat(?:e|ed|ing)\b|requir"
        r"|guardrail|scrutin|stronger|\bban",
    ),
    UnsaidWord(
        "放宽|放松(?!心)",
        r"loosen|relax|\beas(?:e|es|ed|ing)\b|lift|rais|increas|expand|remov|permissiv|\blax"
        "|soften|bump|drop|widen|broaden|liberal|weaken|higher|allow|unlock|generous|unban|open|\bmore\b|reset|roll|reduc|extend|waiv|less"
        "|lower|doubl",
    ),
    UnsaidWord(
        "更昂贵|更贵|贵了",
        r"expens|costl|costs? (?:more|\$|\d)|pricier|premium|\bmore\b|high|\bthan\b"
        r"|increas|hik|rais|\d ?x\b|times|twice|doubl|tripl",
    ),
    UnsaidWord(
        "更便宜|更廉价|便宜了",
        r"cheap|cost[- ‑]|afford|\bless\b|\blow|\bsav|econom|budget|free|fraction|inexpens|\bthan\b"
        r"|reduc|discount|\bcut|\bdrop|half|\bfall|\bfell\b|competitive"
        r"|1/\d|\d ?x\b|tenth|bargain|value",
    ),
    UnsaidWord(
        r"更慢|变慢|(?<![放减])慢(?=约?\d)",
        r"slow|longer|latenc|delay|\bdrag|degrad|\blag|\bless\b|worse|fewer|lower|regress"
        r"|fast|speed|quick|throughput|time|\blong\b|tok|minutes|hours|bottleneck|heav|larg",
    ),
    UnsaidWord(
        r"更快(?!地)|变快|(?<![最尽很])快(?=约?\d)",
        r"fast|quick|speed|\d ?[x×]\b|accelerat|rapid|swift|latenc|instant|sooner"
        r"|earl(?:y|ier)|time|short|throughput|\bms\b|efficien|slow|boost|tok|perform|improv"
        r"|optimi|light|minutes|seconds|hours|nimble|snap|responsive|\blong",
    ),
    UnsaidWord(
        "新低",
        r"\blow|cheap|record|crash|plung|slump|all-time|worst|fewest|minim|bottom|\bfall|\bfell\b|declin|drop",
    ),
    UnsaidWord(
        "新高",
        r"high|record|best|peak|max|surpass|exceed|beat|all-time|unprecedent|break"
        r"|lead|\btop|sota|state[- ‑]of|most|new\b",
    ),
    UnsaidWord(
        "最小(?!化)",
        r"small|\bmin|least|\btin(?:y|iest)|\blow|\bfew|narrow|compact|light",
    ),
    UnsaidWord(
        "最少",
        r"least|\bfew|\bmin|small|\blow|only",
    ),
    UnsaidWord(
        "提前(?!预|知)",
        r"earl|ahead|advance|before|prior|\bpre|forward|soon|first|leak|already"
        r"|proactiv|upfront|anticipat|predict|head start|cache|warm",
    ),
    # ------------------------------------------------------------------ there, gone
    UnsaidWord(
        "取消|移除|下架|撤下|撤回|废除",
        _GONE,
    ),
    UnsaidWord(
        "弃用|退役|停用|关停|停止(?:运营|服务|支持)|终止",
        _GONE,
    ),
    UnsaidWord(
        "闭源|专有(?:模型|软件|系统|技术|权重)",
        r"clos(?:e|ed)|propriet|private|commerc|\bpaid\b|internal|in-house|secre|frontier"
        r"|\bapi\b|\bown\b|not open|non-open|unavailab|custom|bespoke|claude|gpt|gemini",
    ),
    UnsaidWord(
        "[不未](?:对外)?(?:开源|公开|开放)|保密",
        rf"{_NOT}|undisclos|unreleas|unpublish|secre|privat|clos|withh|yet\b|conceal|hidden"
        r"|unknown|internal|confidential|propriet|\bnda\b|stealth|refus|declin|omit|lack"
        r"|absent|miss|silen|in-house|\bkeep|\bkept|gated|limit|\bsoon\b|\bplan|\bwill\b|restrict"
        "|only|classified|unclear|opaque|invit|select|trusted|until|ban|\bfew|little|scarc|scant|vague|myster|anonym",
    ),
    UnsaidWord(
        "(?<![免])付费|(?<![不免])收费",
        r"\bpaid|\bpay|subscri|pric|cost|charg|\bfee|\bplus\b|\bpro\b|premium|\$|commerc"
        r"|purchas|bill|\btier|credit|monetiz|\bplan|money|spend|\bmax\b|enterprise|\busd\b"
        r"|customer|\bbuy|quota|sell|sold|revenue|licens|seat|[€£¥]|\bcents?\b|account|\bads?\b|advert",
    ),
    UnsaidWord(
        "免费",
        r"free|no[- ‑]cost|gratis|without (?:pay|charg|cost)|\$0|zero|compliment|no charge"
        r"|open|unlimited|\bgiv|trial|credit|waiv|\bcosts?\b|incur|bonus"
        r"|no (?:extra|additional) cost|quota|\bany(?:one)?\b|grant"
        "|donat|sponsor|nothing|promo|on the house|courtesy",
    ),
    # ------------------------------------------------------------------ how many
    UnsaidWord(
        "唯一(?!标识|性|的?ID)",
        r"\bonly|\bsole|\bsingl|uniqu|\bone\b|alone|exclusiv|\blone\b|no other|\bjust\b"
        r"|singular|none|\belse\b|\bother\b|except|monopol",
    ),
    UnsaidWord(
        "(?:绝?大)?多数(?!派|投票|据)",
        "most|majorit|mainly|predominan|largely|bulk|vast|half|primar|usual|typical|general"
        r"|\bmany\b|nearly all|almost all|widely|common|often|\d\d ?%|tend|overwhelm"
        r"|consensus|popular|quarters|thirds|norm\b|default|\ball\b|every|other|\d of \d|out of",
    ),
    UnsaidWord(
        "(?<!极)少数(?!民族|派)",
        r"\bfew|minorit|handful|\brare|small|\bsome\b|limit|couple|subset|several|\bonly\b"
        r"|except|niche|select|\bone\b|\btwo\b|\bthree\b|less|certain|single|\d ?%"
        "|outlier|scarce|sparse|tiny|uncommon|isolated|elite|exclusiv",
    ),
    UnsaidWord(
        "一致(?:认可|认为|好评|同意|看好|赞[同扬])",
        r"\ball\b|unanim|consensus|agree|every|universal|overall|consistent|wide|uniform"
        "|general|broad|most",
    ),
    UnsaidWord(
        "没有[^，。；]{0,4}(?:差[距异别]|影响|变化|区别)",
        rf"{_NOT}|zero|little|nothing|negligible|minimal|\bsame|identical|\bun\w{{3,}}|free|insignific"
        "|regardless|indistinguish|match|equal|parity",
    ),
    UnsaidWord(
        "(?:高度|完全)(?:一致|相同)",
        r"consisten|match|agree|identical|\bsame|align|exact|equal|coincid|correspond|correlat|mirror"
        r"|parity|uniform|similar|bit-for-bit|byte|deterministic|unanim|\bfull",
    ),
    # ------------------------------------------------------------------ done, to be done
    UnsaidWord(
        f"(?:即将|计划|将[会要]|(?<![模虚])拟|打算|有意|有望)(?:{_DONE_VERBS})(?!的)"
        "|将(?:推出|上线|收购|获得|带来|签署|裁员)(?!的)",
        rf"{AHEAD}|\beye(?:s|d|ing)?\b|interest",
    ),
    UnsaidWord(
        "尚未|仍未|暂未",
        rf"{_NOT}|\byet\b|still|un[a-z]{{4,}}|await|pending|await|fail|lack|miss|remain|soon"
        "|will|plan|invit|to be|undisclos|open question|only|before|until|hold|delay|loss"
        r"|in progress|tbd|todo|\bwip\b|coming|far from|next|need|open|would|could",
    ),
    # ------------------------------------------------------------------ why, and what is thought
    UnsaidWord(
        "因为|由于|归因于|得益于",
        r"because|due to|since|\bas\b|given|owing|thanks|reason|caus|\bwhy\b|blame|attribut|result"
        r"|driven|\bso\b|explain|therefore|means?\b|\bled\b|lead|stem|enabl|allow|after"
        r"|by \w+ing\b",
    ),
    UnsaidWord(
        "否认|辟谣",
        r"\bden(?:y|ies|ied|ial)|refut|debunk|disput|reject|dismiss|contradict|disavow"
        rf"|shoo?t\w* down|push\w* back|{_NOT}",
    ),
    UnsaidWord(
        "批评|谴责|抨击",
        r"critic|lambast|scorn|panned|deri[ds]|berat|critiq|condemn|slam|blast|attack|complain|question|concern|backlash|against|\bcall"
        r"|accus|disput|frustrat|oppos|unhappy|disappoint|disagree|roast|lament|\bargu|skeptic|\bbad"
        r"|poor|\bwors|negativ|object|fault|mock|shame|outrage|anger|challeng|disgust|ridicul|disma",
    ),
    UnsaidWord(
        "称赞|赞扬|好评",
        r"prais|gush|thumbs|\brav(?:e|ed|es|ing)\b|laud|applaud|positiv|\blov|\blik|favou?r|impress|great|good|excel|commend|hail|thus"
        r"|\bwell|appreciat|tout|admir|\bbest|strong|celebrat|excit|compliment|high|accla|happy"
        r"|welcom|popular|delight|amaz|fan\b|nice|prefer|better|success|incredib",
    ),
    # ------------------------------------------------------------------ against each other
    UnsaidWord(
        "消极|负面",
        r"negativ|pessimis|\bbad\b|critic|poor|complain|backlash|concern|advers|downside"
        "|harm|worse|disappoint|skeptic|frustrat|unfavo",
    ),
    UnsaidWord(
        "云端",
        r"cloud|server|host|remote|online|\bapi\b|data ?cent|\baws\b|azure|\bgcp\b|saas|web"
        r"|off-device|vm\b|provider|managed|sandbox|serverless",
    ),
)
