"""What `names` knows about names that the evidence cannot say, as data.

Three tables, each with its reason. Nothing here says that a company made a product: an entry
that names the maker has it from its evidence.
"""

import re
from collections.abc import Iterator

COMMON = re.compile(
    "ai|api|app|bug|ceo|cli|cpu|cto|gpu|id|ide|it|json|llm|ml|nlp|ok|os|pc|pdf|pr|rag|sdk|tokens?"
    "|ui|url|ux|vram|vs|web",
    re.IGNORECASE,
)
"""How Chinese says what English may call otherwise: no evidence is asked for."""

_EXPANSIONS_TABLE = """
Claude | Opus | Sonnet | Haiku
Google | GDM | DeepMind
Hugging Face | HF
HuggingFace | HF
Hugging | HF
Face | HF
HF | Hugging Face
GitHub | GH
GPT-4o | 4o
Gemini | 2.0 Flash | 2.5 Flash | 2.5 Pro
Twitter | X
X | Twitter
AGI | general intelligence
ASR | speech recognition
CoT | chain of thought
CI | continuous integration
CUDA | cu
DPO | direct preference optimization
GUI | graphical user interface
KV | key value | kvcache
SD | Stable Diffusion
LoRA | low rank
MCP | model context protocol
MoE | mixture of experts | mixture of expert
Mixture | MoE
OCR | optical character recognition
PPO | proximal policy optimization
QA | question answering | Q&A
RL | reinforcement learning | RLHF | RLVR
RLHF | human feedback
SFT | supervised finetuning | supervised fine tuning
SOTA | state of the art
SSM | state space
TPS | tokens per second | tok s | t s
TTFT | time to first token
TTS | text to speech
UAE | Emirates
UK | United Kingdom | Britain | British
US | U.S. | United States | America | American | USA
USA | U.S. | United States | America | American | US
VLM | vision language
VR | virtual reality
"""

_CHINESE_NAMES_TABLE = """
阿里巴巴 阿里云 阿里达摩院 阿里 | Alibaba | Aliyun | Ali
爱彼迎 | Airbnb
奥特曼 阿尔特曼 阿特曼 | Altman | sama
百度 | Baidu
贝索斯 | Bezos
比尔·盖茨 | Gates
波士顿动力 | Boston Dynamics
伯克利 | Berkeley
博通 | Broadcom
卡内基梅隆 | CMU | Carnegie
卡帕西 卡帕斯 | Karpathy
卡马克 | Carmack
戴尔 | Dell
豆包 | Doubao
高通 | Qualcomm
谷歌 | Google | GDM | DeepMind
哈佛 | Harvard
哈萨比斯 | Hassabis | demis
何恺明 | Kaiming
红帽 | Red Hat
华为 昇腾 | Huawei | Ascend
黄仁勋 | Jensen | Huang
辛顿 | Hinton
混元 | Hunyuan
剑桥大学 | Cambridge
杨立昆 | LeCun
可灵 | Kling
快手 | Kuaishou
李飞飞 | Fei-Fei | drfeifei
领英 | LinkedIn
马斯克 | Musk | Elon
麻省理工 | MIT | Massachusetts
美光 | Micron
美团 | Meituan | LongCat
纳德拉 | Nadella | satya
奈飞 网飞 | Netflix
牛津大学 | Oxford
皮查伊 | Pichai | sundar
普林斯顿 | Princeton
清华 | Tsinghua | THU
软银 | SoftBank
三星电子 三星公司 | Samsung
商汤 | SenseTime
深度求索 | DeepSeek
斯坦福 | Stanford
苏茨克维 | Sutskever | Ilya | SSI
台积电 | TSMC
拜登 | Biden
特朗普 | Trump
特斯拉 | Tesla
腾讯 | Tencent | Hunyuan
通义 千问 | Qwen | Tongyi
微软 | Microsoft | MSFT | MSR
维基百科 | Wikipedia
文心 | ERNIE | Wenxin
吴恩达 | Andrew Ng | AndrewYNg | DeepLearningAI
小米 | Xiaomi | MiMo
讯飞 | iFlytek
亚马逊 | Amazon | AWS
英特尔 | Intel
英伟达 | NVIDIA | NVDA
油管 | YouTube
月之暗面 | Moonshot | Kimi
扎克伯格 | Zuckerberg | zuck
脸书 | Facebook | Meta
智谱 | Zhipu | Z.ai | ZAI | GLM
字节跳动 | ByteDance
甲骨文 | Oracle
京东 | JD
苹果 | Apple
阿斯麦 | ASML
马克斯·普朗克研究所 | Max Planck | MPI
艾伦人工智能研究所 | AI2 | Allen | allenai
安卓 | Android
奥尔特曼 | Altman | sama
奥多比 | Adobe
贝宝 | PayPal
贝莱德 | BlackRock
北京大学 | Peking | PKU
比亚迪 | BYD
宾夕法尼亚大学 | Pennsylvania | Penn | UPenn
波音 | Boeing
滴滴出行 | DiDi
东京大学 | Tokyo | UTokyo
杜克大学 | Duke
多伦多大学 | Toronto | UofT
丰田 | Toyota
福布斯 | Forbes
福特汽车 福特公司 | Ford
复旦 | Fudan
富士康 | Foxconn | Hon Hai
高盛 | Goldman
哥伦比亚大学 | Columbia
海力士 | Hynix
寒武纪 | Cambricon | Cambrian
华纳音乐 | Warner
华尔街日报 | WSJ | Wall Street Journal
华盛顿大学 | Washington | UW
华盛顿邮报 | Washington Post | WaPo
加州理工 | Caltech | California Institute of Technology
阶跃星辰 | StepFun
金融时报 | Financial Times | FT
康奈尔 | Cornell
联发科 | MediaTek
路透 | Reuters
洛桑联邦理工 | EPFL
摩尔线程 | Moore Threads
摩根大通 | JPMorgan | JP Morgan
摩根士丹利 | Morgan Stanley
南洋理工 | Nanyang | NTU
纽约大学 | NYU | New York University
纽约时报 | NYT | New York Times | NYTimes
诺基亚 | Nokia
彭博 | Bloomberg
拼多多 | Pinduoduo | PDD
任天堂 | Nintendo
三星 | Samsung
上海交大 上海交通大学 | SJTU | Jiao Tong | Jiaotong
思科 | Cisco
苏黎世联邦理工 | ETH
索尼 | Sony
五角大楼 | Pentagon | Department of Defense | Department of War | DoD | DoW
沃尔玛 | Walmart
西门子 | Siemens
香港大学 | HKU | University of Hong Kong
香港科技大学 | HKUST | Hong Kong University of Science
香港中文大学 | CUHK | Chinese University of Hong Kong
小红书 | Xiaohongshu | RedNote | rednote
新加坡国立大学 | NUS | National University of Singapore
耶鲁 | Yale
优步 | Uber
宇树 | Unitree
智源研究院 | BAAI
中芯国际 | SMIC
中国科学院 中科院 | CAS | Chinese Academy of Sciences | UCAS
迪士尼 | Disney
阿斯利康 | AstraZeneca
埃森哲 | Accenture
巴克莱 | Barclays
百川智能 百川 | Baichuan
贝恩资本 贝恩公司 | Bain
伯克希尔 | Berkshire
德勤 | Deloitte
抖音 | Douyin | TikTok | ByteDance
法新社 | AFP | Agence France
富达投资 | Fidelity
高瓴 | Hillhouse | HongShan
哈工大 哈尔滨工业大学 | Harbin | HIT
汇丰 | HSBC
黑石集团 黑石 | Blackstone
红杉资本 红杉中国 红杉 | Sequoia | HongShan
花旗 | Citi | Citigroup | Citibank
滑铁卢大学 | Waterloo
辉瑞 | Pfizer
火山引擎 | Volcengine | Volcano
吉利汽车 吉利控股 | Geely
凯雷 | Carlyle
可口可乐 | Coca-Cola | Coke
老虎环球 | Tiger Global
理想汽车 | Li Auto
礼来 | Eli Lilly | Lilly
零一万物 | 01.AI | Yi
麦当劳 | McDonald
麦肯锡 | McKinsey
美国银行 | Bank of America | BofA
美国运通 | American Express | Amex
美联社 | Associated Press | AP
蔚来汽车 | NIO
面壁智能 | ModelBest | MiniCPM | OpenBMB
莫德纳 | Moderna
诺和诺德 | Novo Nordisk
帕兰提尔 | Palantir
普华永道 | PwC | PricewaterhouseCoopers
浦项科技大学 | POSTECH
启明创投 | Qiming
日立 | Hitachi
赛诺菲 | Sanofi
施耐德电气 | Schneider
淡马锡 | Temasek
通用电气 | GE | General Electric
通用汽车 | General Motors | GM
网易 | NetEase | Youdao
微博 | Weibo
微信 | WeChat | Weixin
稀宇科技 | MiniMax
现代汽车 | Hyundai
小鹏汽车 | XPeng
新华社 | Xinhua
星巴克 | Starbucks
宜家 | IKEA
浙江大学 浙大 | Zhejiang | ZJU
蚂蚁集团 | Ant Group | Ant | inclusionAI | Ling | Alipay
中国电信 | China Telecom | TeleAI
中国科学技术大学 中科大 | USTC | University of Science and Technology of China
中国联通 | China Unicom
中国移动 | China Mobile
中国人民大学 | Renmin | RUC
韩国科学技术院 | KAIST
南京大学 | Nanjing | NJU
帝国理工 | Imperial
佐治亚理工 | Georgia Tech | Georgia Institute
芝加哥大学 | Chicago | UChicago
密歇根大学 | Michigan | UMich
爱丁堡大学 | Edinburgh
慕尼黑工业大学 | TUM | Munich
爱立信 | Ericsson
空中客车 空客公司 | Airbus
保时捷 | Porsche
大众汽车 | Volkswagen | VW
本田 | Honda
宝马 | BMW
"""

_OTHER_WORDS = """
三星级 三星堆 三星酒店 三星餐厅 三星主厨 米其林三星 最优步 次优步 优步骤 小米粒 小米粥 甲骨文字
苹果树 思科学 思科技 思科幻 思科研 可灵活 可灵敏 可灵巧 可灵便 高通量 高通过 高通道 高通用 高通信
高通胀 高通勤 高通透 升华为 精华为 年华为 带领英 率领英 占领英 美团队 美团体 尽快手 加快手 更快手
快手动 快手写 千问题 千问答 链路透 线路透 思路透 道路透 电路透 网路透 通路透 声波音 电波音 微波音
北京东 东京东 南京东 稍微软 轻微软 通讯飞 资讯飞 论文心 作文心 人文心 原文心 普通义 共通义 交通义
美光线 贝宝贝 海纳百川 黑石头 红杉树 抖音乐 日立方 日立即 日立刻 日立法 当日立 今日立 微信号
细微信息 略微信 稍微信 微博弈 轻微博 基本田 日本田野
三星期 三星评 三星好评 高通话 高通关 中文心 英文心 日立案 日立项 数百度 几百度 上百度
"""


def _rows(table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for row in table.strip().splitlines():
        first, *others = (part.strip() for part in row.split("|"))
        yield first, tuple(others)


EXPANSIONS = {name.casefold(): others for name, others in _rows(_EXPANSIONS_TABLE)}
"""By name in lower case, what the evidence may have instead: the same written out or cut short."""

CHINESE_NAMES = {
    name: latin for names, latin in _rows(_CHINESE_NAMES_TABLE) for name in names.split()
}
"""By Chinese name, the Latin ones: the evidence has at least one of those."""

NO_CHINESE_NAMES = frozenset(_OTHER_WORDS.split())
"""Chinese words in which one of those names stands by chance."""
