"""What `names` knows about names that the evidence cannot say, as data.

Three small tables, each with its reason. Nothing here says that a company made a product: an entry
that names the maker has it from its evidence.
"""

import re
from collections.abc import Iterator

COMMON = re.compile(
    "ai|api|app|bug|ceo|cli|cpu|cto|gpu|ide|it|json|llm|ml|nlp|ok|os|pc|pdf|pr|rag|sdk|tokens?"
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
Twitter | X
X | Twitter
AGI | general intelligence
ASR | speech recognition
CoT | chain of thought
CI | continuous integration
CUDA | cu
DPO | direct preference optimization
GUI | graphical user interface
KV | key value
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
