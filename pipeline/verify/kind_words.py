"""More categories for `categories`: what is built, sold, measured or known, and how surely.

Data, as in `category_words`; these only warn, since the field has more words for such things than
for a weekday.
"""

from pipeline.verify.category_words import NEVER, Member, member

_SURELY_SPEECH_OUT = r"\b(?:TTS|[Tt]ext[- ]to[- ][Ss]peech|[Ss]peech synthesis)\b"
_SURELY_SPEECH_IN = (
    r"\b(?:ASR|STT|[Ss]peech[- ]to[- ][Tt]ext|[Ss]peech recognition|[Tt]ranscri\w+)\b"
)
_ALL = (
    r"\ball\b|every|\beach\b|entire|whole|\bfull|\bany|\bboth\b|across|throughout|complet"
    r"|100 ?%|total|universal|unlimited|\bnone\b|\brest\b|never|always|without|wide|general|public"
    r"|\bno\b|overall|global|arbitrary|only\b|default|wherever|whenever|agnostic|\b(\d+)/\1\b"
)
AHEAD = (
    r"\b(?:will|won['’]t|shall|plan\w*|aim\w*|inten[dt]\w*|going to|gonna|upcoming|soon\w*|next"
    r"|roadmap|expect\w*|to be|targets?|targeting|goals?|coming|comes?|forthcoming|later|until"
    r"|would|could|can|may|might|should|future|propos\w*|wants?|wanted|set to|about to|begin\w*"
    r"|start\w*|tomorrow|schedul\w*|slated|eventual\w*|prepar\w*|hop(?:e|es|ing)|promis\w*|teas\w*"
    r"|anticipat\w*|await\w*|ahead|in the works|on (?:the|its|their) way|yet|pending"
    r"|consider\w*|seek\w*|commit\w*|pledg\w*"
    r"|ambition\w*|explor\w*|potential\w*|imminent\w*|vision|mov(?:e|es|ing)|possib\w*|likely"
    r"|speculat\w*|talks|negotiat\w*|working on|loom\w*|try\w*|prepp\w*|decid\w*|consider\w*"
    r"|think\w*|by (?:the )?"
    r"(?:end|late|mid|early|20\d\d|q[1-4]))\b|['’](?:ll|d)\b"
)

_WORK = (
    (
        member("代理服务器", r"代理服务器", r"prox(?:y|ies)|gateway|server|vpn|squid|nginx", NEVER),
        member("智能体", NEVER, NEVER, r"\b[Aa]gents?\b"),
    ),
    (
        member(
            "扩散",
            r"扩散(?!到|至|开)",
            r"diffus|\bsd\w*|flux|denois|dit\b|flow|spread",
            r"\b[Dd]iffusion\b",
        ),
        member(
            "自回归",
            r"自回归",
            r"auto-?regress|\bar\b|next[- ]token|token[- ]by|causal|decod",
            r"\b[Aa]uto-?regressive\b",
        ),
    ),
    (
        member("NP完全", r"NP[- ]?完全", r"np[- ]?c", r"\bNP-[Cc]omplete\b"),
        member("NP难", r"NP[- ]?(?:难|困难)", r"np[- ]?h", r"\bNP-[Hh]ard\b"),
    ),
    (
        member(
            "训练",
            r"(?<![后预])训练(?!营|师|有素)",
            r"train|fine-?tun|learn|\brl|sft|distill|backprop|gradient|epoch|checkpoint"
            r"|optimi[sz]er|gym",
            r"\b(?:pre|post)?-?[Tt]raining (?:throughput|code|costs?|speed)\b",
        ),
        member(
            "推理",
            r"推理(?!能力|模型|链|强度|基准|任务|性能|水平|上|成绩)",
            r"infer|reason|think|serv|decod|deploy|run|generat|latenc|token|logic|math"
            r"|puzzle|o1|o3|r1|cot|prompt|respon",
            r"\b(?:[Ii]nference (?:throughput|code|costs?|speed))\b",
        ),
    ),
    (
        member(
            "前端",
            r"前端",
            r"front-?end|\bui\b|\bux\b|web|html|css|react|javascript|interface|site|page"
            r"|design|dashboard|client|app",
            r"\b[Ff]ront-?end\b",
        ),
        member(
            "后端",
            r"后端",
            r"back-?end|server|api|database|infra|engine|cuda|metal|vulkan|kernel|runtime"
            r"|compiler|target",
            r"\b[Bb]ack-?end\b",
        ),
    ),
    (
        member(
            "线上",
            r"线上(?!线)|在线(?:活动|会议|举[办行])",
            r"online|virtual|remote|zoom|livestream|web|stream|internet|digital|discord"
            r"|production|cloud|live",
            r"\b(?:[Oo]nline|[Vv]irtual) (?:event|meetup|conversation|hackathon|workshop"
            r"|session)\b",
        ),
        member(
            "线下",
            r"线下",
            r"in[- ]person|on-?site|physical|offline|venue|attend|retail|irl|meet|hackathon"
            r"|store|conference|event|location|party|local|office|san francisco|london|paris",
            r"\b[Ii]n[- ][Pp]erson\b",
        ),
    ),
    (
        member("稠密", r"稠密", r"dense|densit", r"\b[Dd]ense\b"),
        member(
            "混合专家",
            r"混合专家|MoE",
            r"moe|mixture|expert|sparse|a\d+b",
            r"\b(?:MoE|[Mm]ixture[- ]of[- ][Ee]xperts)\b",
        ),
    ),
    (
        member(
            "语音识别",
            r"语音识别|语音转(?:文[字本]|写)",
            r"asr|stt|speech|transcri|whisper|voice|dictat|recogni",
            _SURELY_SPEECH_IN,
        ),
        member(
            "语音合成",
            r"语音合成|文[字本]转语音",
            r"tts|text[- ]to[- ]speech|synthes|voice|speech (?:gen|model)|audio|speak"
            r"|elevenlabs|clon",
            _SURELY_SPEECH_OUT,
        ),
    ),
    (
        member(
            "编程语言",
            r"(?:编程|程序)语言",
            r"program|coding|code|software|python|rust|c\+\+|mojo|java|develop|compil|syntax"
            r"|\blisp",
            NEVER,
        ),
        member("语言", NEVER, NEVER, r"\d\+? languages\b|\b(?:multi-?lingual|natural languages)\b"),
    ),
    (
        member(
            "显存",
            r"显存",
            r"vram|gpu|card|hbm|gddr|rtx|\b[3-5]0[6-9]0|nvidia|video memory|device memory"
            r"|h[12]00|a100|b[23]00|m[1-5]\b|unified|cuda|amd|memory",
            r"\b(?:GPU memory|VRAM)\b",
        ),
        member(
            "内存",
            r"(?<!显)内存",
            r"memory|\bram\b|ddr|gb\b|footprint|oom|cache|dram|storage|mb\b|vram",
            r"\b(?:system |\d+ ?GB (?:of )?(?:system )?)RAM\b",
        ),
    ),
    (
        member(
            "医疗",
            r"医疗|医学",
            r"medic|health|clinic|patient|doctor|hospital|diagnos|disease|bio|drug|cancer"
            r"|radiolog|surg|therap|nurse|usmle|care\b|pharma",
            r"\b(?:[Mm]edical|[Cc]linical|[Hh]ealthcare)\b",
        ),
        member(
            "法律",
            r"法律(?!诉讼|风险|责任|问题)",
            r"legal|law|court|lawsuit|attorney|jur|regulat|sue|copyright|contract|compliance"
            r"|legis|statut|\bact\b|licen[cs]|right",
            r"\b(?:[Ll]egal (?:domain|tasks|research|documents)|[Ll]awyers?)\b",
        ),
        member(
            "金融",
            r"金融",
            r"financ|bank|trad|invest|stock|fintech|capital|fund|payment|money|hedge"
            r"|wall street|crypto|econom|insur|market|jpmorgan|goldman",
            r"\b(?:[Ff]inancial (?:domain|services|analysis)|[Ff]intech)\b",
        ),
    ),
    (
        member(
            "可商用",
            r"(?<![非止限])(?<!不[可能得])(?<!不允许)商用|(?<!非)商业用途",
            r"(?<!non-)(?<!non)(?<!non )(?<!no )commercial|enterprise|business|production"
            r"|apache|\bmit\b|permissive|free|paid|open[- ]source|market|licen[cs]e (?:allow"
            r"|permit)",
            r"(?<![Nn]on-)(?<![Nn]on)(?<![Nn]on )\b[Cc]ommercial use\b",
        ),
        member(
            "非商用",
            r"非商[用业]",
            r"non-?commercial|research|cc[- ]by|academic|personal|not for commercial"
            r"|no commercial|non-?profit|restrict",
            r"\b[Nn]on-?commercial\b",
        ),
    ),
    (
        member(
            "单轮",
            r"单轮",
            r"single|one[- ]shot|one turn|1-turn|one-turn",
            r"\b[Ss]ingle[- ]turn\b",
        ),
        member(
            "多轮",
            r"多轮",
            r"multi|turns|rounds|iterat|conversation|dialog|long|repeat|several|agentic|chat",
            r"\b[Mm]ulti[- ]turn\b",
        ),
    ),
    (
        member(
            "月活", r"月活|每月活跃", r"mau|month", r"\b(?:MAUs?|[Mm]onthly (?:active )?users)\b"
        ),
        member("周活", r"周活|每周活跃", r"wau|week", r"\b(?:WAUs?|[Ww]eekly (?:active )?users)\b"),
        member(
            "日活",
            r"日活(?!动)|每[日天]活跃",
            r"dau|daily|per day|a day",
            r"\b(?:DAUs?|[Dd]aily (?:active )?users)\b",
        ),
    ),
    (
        member(
            "首席执行官",
            r"首席执行官|CEO",
            r"ceo|chief executive|founder|head|boss|chief|lead|president|altman|musk"
            r"|zuckerberg|nadella|pichai|huang|amodei|srinivas|cuban|benioff|chairman",
            r"\bCEO\b",
        ),
        member(
            "首席技术官",
            r"首席技术官|CTO",
            r"cto|chief tech|murati|scott|bosworth|head|chief",
            r"\bCTO\b",
        ),
        member("首席财务官", r"首席财务官|CFO", r"cfo|chief fin|friar|chief", r"\bCFO\b"),
        member(
            "首席科学家",
            r"首席科学家",
            r"chief (?:ai )?scien|scientist|sutskever|lecun|head|chief",
            r"\b[Cc]hief (?:AI )?[Ss]cientist\b",
        ),
    ),
    (
        member(
            "二手",
            r"二手",
            r"used|second-?hand|refurb|pre-?owned|ebay|old",
            r"\b[Uu]sed (?:\w+ )?(?:\d|RTX|GPUs?|cards?)",
        ),
        member(
            "全新",
            r"全新(?!的?(?:架构|功能|模型|系列|体验|版本|设计|方法|框架|一代|界面))",
            r"new|novel|fresh|first|latest|next|unveil|launch|redesign|overhaul|rebuil"
            r"|introduc|ground up|scratch|different",
            NEVER,
        ),
    ),
    (
        member("首月", r"首月|第一个月", r"month|30 days|four weeks", r"\bfirst month\b"),
        member("首年", r"首年|第一年", r"year|annual|12 months|20\d\d", r"\bfirst year\b"),
        member("首周", r"首周|第一周|第一个星期", r"week|seven days|7 days", r"\bfirst week\b"),
        member("首日", r"首日|第一天", r"day|24 hours|launch|hours|immediate", r"\bfirst day\b"),
    ),
)
_OPEN = (
    (
        member(
            "开源",
            r"开源(?!权重|社区)",
            r"open[- ‑]?sourc|\boss\b|apache|\bmit\b|gpl|bsd|github|source|\bcode\b|repo|licen[cs]"
            r"|\bopen\b(?![- ‑]?weight)|opened",
        ),
        member("开放权重", NEVER, NEVER, r"\b[Oo]pen[- ‑][Ww]eights?\b"),
    ),
)
_MODES = (
    (
        member(
            "音频",
            r"音频",
            r"audio|voice|speech|sound|music|song|podcast|listen|tts|asr|omni|talk|whisper"
            r"|mp3|spoken|conversation|call|hear|vocal",
            NEVER,
        ),
        member(
            "视频",
            r"视频",
            r"video|clip|film|movie|footage|youtube|watch|talk|lecture|webinar|stream|record"
            r"|episode|demo|mp4|sora|veo|frame|anim|vlog|kling|runway|course|tutorial|cinema"
            r"|play|multimodal|vid\b|gif|scene|camera|motion|wan|lip|interview|presentation"
            r"|keynote|panel|tiktok|reel|loom",
            NEVER,
        ),
        member(
            "文本和图像",
            NEVER,
            NEVER,
            r"\b[Tt]ext[/, ]+(?:and )?images?(?:[/, ]+(?:and )?videos?)?\b",
        ),
    ),
)
_CERTAINTY = (
    (
        member(
            "居首",
            r"登顶|居首|榜首|夺冠|拔得头筹|排名第一|[位名]列第一|[位排]居第一|位居首位|第一名",
            r"first|#\s?1\b|no\.? ?1\b|number[- ]one|\b1st|\btop(?![- ]?\d|[- ](?:three|five"
            r"|ten))|lead|\bled\b|best|highest|\bmost\b|dominat|crown|champion|\bw[io]n"
            r"|ahead|beat|outperform|exceed|sota|state[- ]of[- ]the[- ]art|king|largest"
            r"|strongest|leader|primary|gold|surpass|overtak|favou?rite|throne|popular"
            r"|\bone\b|winner|rank(?:s|ed|ing)? 1\b|edg",
            NEVER,
        ),
        member(
            "靠前",
            NEVER,
            NEVER,
            r"\b[Tt]op[- ](?:[2-9]|\d\d|three|five|ten)\b|#[2-9]\b|\b(?:second|third|fourth"
            r"|fifth|2nd|3rd|4th|runner-up)\b",
        ),
    ),
    (
        member(
            "垫底",
            r"垫底|倒数第一|排名末位|居末",
            r"last|bottom|worst|lowest|tail|least|fewest|trail|behind|poor|weak|below",
            NEVER,
        ),
        member("居首", NEVER, NEVER, r"\b(?:first|top|#1|lead(?:s|ing)?|best|second|third)\b"),
    ),
)
KINDS: tuple[tuple[Member, ...], ...] = (*_WORK, *_OPEN, *_MODES, *_CERTAINTY)
"""Each with its members, as `CATEGORIES`."""
UNSAID: tuple[Member, ...] = (
    member(
        "证实",
        r"(?<![未没不难待获得经到])(?<!尚未)(?<!无法)证实(?!前)|已(?:经)?得到证实|已[获经]?[得到]*确认|确诊"
        r"|(?:数据|事实)证明",
        r"confirm|verif|prov(?:e|en|es|ed|ing)\b|proof|valid|corroborat|establish|evidence"
        r"|demonstrat|acknowledg|admit|official|diagnos|indeed|debunk|reveal|show(?:s|n|ed|ing)?\b"
        r"|found(?!er|ation|ing)|finds\b|conclu|certain|replicat|reproduc(?:ed|es)",
    ),
    member("全部", r"全部(?!参数|代码|权重|源码)|所有(?!者|权|制)|任意|悉数|一律", _ALL),
    member("打算", r"打算|日后将|计划(?:在|于|明年)|将(?=参加|采用)", AHEAD),
)
"""Words that nothing stands for where the English has none of theirs."""
