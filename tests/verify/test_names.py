"""A name of the Chinese text is a name of the evidence, as a whole and in the same version."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import entry, mention, story
from pipeline.edits.anchors import story_from_entry
from pipeline.records import Story
from pipeline.verify.aliases import CHINESE_NAMES, NO_CHINESE_NAMES
from pipeline.verify.names import match_names, name_key, unsupported_names
from pipeline.verify.registry import verify
from stored import stored_issue

KNOWN = """
# case, width, hyphens, spaces, CamelCase
GPT-5.2发布 | OpenAI shipped GPT‑5.2 today
gpt 5.2 | GPT-5.2
ＧＰＴ－５.２ | GPT-5.2
GPT5.2 | GPT 5.2
Hugging Face | HuggingFace is the host
HuggingFace | on Hugging Face
vLLM Metal | vllm-metal is out
VLLM-metal | vLLM Metal
LlamaIndex | llama_index
LFM2-24B-A2B | LFM2‑24B‑A2B
Flash Attention 3 | FlashAttention-3 (Hopper)
FlashAttention 3 | FlashAttention 3
José | Jose said
# neighbours of a name
Qwen团队开源Qwen3.5 | Qwen3.5 was opened by the Qwen team
开源的Qwen3.5可用 | Qwen3.5
GPT-5.2-Codex | the GPT‑5.2‑Codex model
GPT-5.2 | GPT-5.2-Codex
Qwen3.5-35B | Qwen3.5-35B-A3B
Codex | GPT-5.2-Codex
Gemma | T5Gemma is out
GEMMA | T5Gemma is out
Gemma | TGemma is out
LLM | vLLM
Hugging | HuggingFace
Code | VSCode
VS | VSCode
App | NetApp2
GPT-5 | This is GPT-5.
GPT-5 | GPT-5, Claude
# plural and possessive
Bo’s | Bo
H100s | an H100
Skill | Skills
H100 | eight H100s
LLMs | an LLM
Skills | a Skill
Acme's | Acme
Acme | Acme's model
Transformer | It is a transformerless model
Acme Orca | They ship Acme Orca™ now
# versions after a name
Gemma Scope 2 | Gemma Scope 2
Gemma Scope 2套件 | Gemma Scope 2
Gemini 3 Flash | Gemini 3 Flash
Claude Sonnet 4.5 | Sonnet 4.5
Claude Sonnet 4.5 | Claude 4.5 Sonnet
Sonnet 4.5 | Sonnet 4 and 4.5
GPT-5.3 | GPT-5.2 and 5.3
GPT-5.1 | GPT-5.2/5.1
Wan 2.2 | Wan v2.2
ERNIE 5.0预览版 | ERNIE-5.0-Preview-1103
Claude Opus 4.5 | Opus 4.5 of the Claude family
Mixtral 8x7B | Mixtral 8X7B
Sonnet 4.6 | Sonnet 4, 4.5, and 4.6
Sonnet 4.6 | Sonnet 4.5 or 4.6
Sonnet 4.6 | Sonnet 4.5 & 4.6
Sonnet 4.6 | Sonnet 4.5 vs. 4.6
Sonnet 4.6 | Sonnet 4.5 to 4.6
Sonnet 4.6 | Sonnet 4.5 -> 4.6
Sonnet 4.6 | Sonnet 4.5 → 4.6
Sonnet 4.6 | Sonnet 4.5; 4.6
Sonnet 4.6 | Sonnet 4.5/v4.6
Sonnet 4.6 | Sonnet 4.5 Pro and Sonnet 4.6
Sonnet 4.6 | Sonnet version 4.6
Sonnet 4 | Sonnet 1, 2, 3, 3.5, 3.7, 4
Qwen 3 | Qwen3
Gemma3n | Gemma 3n
Claude Sonnet 4.5 | Claude4.5 Sonnet
C#与C++ | C# and C++
AT&T与R&D | AT&T, R&D
Café | Cafe
# a quantity is compared elsewhere
Qwen 3个版本 | Qwen has three versions
Acme 2025年营收 | Acme in 2025
Acme 40GB显存 | Acme needs 40GB
Acme 40GB-class显存 | Acme needs 40GB
约20tokens | 20k tokens
16GB显存与1080p | 16 GB of memory, 1080p
1080pixels | 1080 pixels
1Password | 1Password is out
# what Chinese always says so
AI、API、LLM与GPU | a language model
X | a tweet on Twitter
RL后训练 | reinforcement learning
MoE架构 | a mixture-of-experts model
HF | on Hugging Face
Hugging Face | on HF
# handles and addresses name things too
Rohan Paul | @rohanpaul_ai posted
Alibaba的Qwen | @Alibaba_Qwen
Acme Labs | @acmelabs
Acme Labs Turbo | @AcmeLabsTurbo
Acme Labs | Acme/Labs
Acme Labs | Acme.Labs
Acme Labs | Acme & Labs
# an organisation stands in its account
NVIDIA发布 | @NVIDIAAI posted
英伟达发布 | @NVIDIAAI posted
英伟达发布 | @nvidiaaidev posted
NVIDIA AI发布 | @NVIDIAAIDev posted
谷歌DeepMind | @GoogleDeepMind
OpenAI发布 | @OpenAIDevs: it is out
OpenAI发布 | @openaidevs: it is out
Hugging Face | @huggingface
Claude | @claudeai
LMSYS | @lmsysorg
Tinker | @tinkerapi
Friendli | @friendliai
Cua | @trycua
Proximal | @ProximalHQ
Meta | @AIatMeta
# companies and people in Chinese
阿里巴巴发布 | @Alibaba_Qwen
阿里云 | Alibaba Cloud
谷歌发布 | Google/DeepMind
英伟达 | NVIDIA
吴恩达 | @AndrewYNg
"""

UNKNOWN = """
GPT 3.5 Haiku | gpt-4o and claude 3.5 haiku
GPT-5 | GPT-5.2
GPT-5.2 | GPT-5
GPT-5.2 | GPT-5.1 and GPT-4.2
GPT-4 | GPT-4o
Qwen3 | Qwen3.5
Qwen3 | Qwen35
GPT 5 | GPT 50
GemmaX | T5Gemma
T5 | T5Gemma
Gemma | T5gemma
LM | vLLM
NetApp2 | NetApp2x
Skil | Skills
As | A
Sonnet 4.6 | Sonnet 4 4.6
Sonnet 4.6 | Sonnet 4.61
Sonnet 4.6 | Sonnet 4.6.1
Sonnet 4.6 | Sonnet 4.6b
Sonnet 9 | Sonnet 1, 2, 3, 3.5, 3.7, 4, 9
Sonnet 4.5 | 4.5 Sonnet
net 4 | Sonnet 4
Alpha Gamma | Alpha Beta
Acme与Labs | @acmelabs
Labs | @acmelabs
Opus | Claude
马克・扎克 | Mark Z.
Son | for this reason
Mac | a machine
Face | surface
Claude Opus 4.5 | Claude Sonnet 4.5 and Opus 4
Claude 4.5 | Claude 4.6
Sonnet | Opus
Gemma Scope 3 | Gemma Scope 2, of 3 parts
Gemma 2 | T5Gemma 2
Gemini 2 Flash | Gemini 2.5 Flash
Gemini 3 Pro | Gemini 2.5 Pro
FlashAttention 2 | FlashAttention 3
ERNIE 4.0预览版 | ERNIE-5.0-Preview
Qwen3.5-35B-A8B | Qwen3.5-35B-A3B
LFLM2-24B | LFM2-24B
OpenAl | OpenAI
Mistal | Mistral
罗hanpaul_ai | @rohanpaul_ai
RL | a rail
MoE | a moat
微软发布 | Google ships it
阿里巴巴 | by Tencent
百度 | Google
杰夫·迪恩撰文 | Jeff Dean wrote it
NVIDIA发布 | NVIDIAAI posted
NVID发布 | @NVIDIAAI posted
16Kimi显存 | 16GB of memory
3Alpha | 3 betas
英伟达发布 | @NVIDIATED posted
IDIA发布 | @NVIDIAAI posted
Open发布 | @openness posted
Hug | @huggingface
X发布 | @xai posted
OpenAI发布 | @openaide
Dev与Cat | @catdev
"""


def _rows(table: str) -> list[tuple[str, str]]:
    lines = [line for line in table.strip().splitlines() if not line.startswith("# ")]
    return [(said, evidence) for said, _, evidence in (line.partition(" | ") for line in lines)]


@pytest.mark.parametrize(("said", "evidence"), _rows(KNOWN))
def test_known(said: str, evidence: str) -> None:
    """Every name is in the evidence, however the two write it."""
    assert [problem.found for problem in unsupported_names(said, evidence)] == []


@pytest.mark.parametrize(("said", "evidence"), _rows(UNKNOWN))
def test_unknown(said: str, evidence: str) -> None:
    """A name that is only part of another one, or another version, is not in the evidence."""
    assert unsupported_names(said, evidence)


def test_a_stranger_is_named_once_with_what_is_like_it() -> None:
    """A finding says which name of the evidence may have been meant."""
    (found,) = unsupported_names("Mistal发布模型，Mistal称其领先。", "Mistral ships it.")
    assert (found.found, found.expected) == ("Mistal", "a name of the text, such as 'Mistral'")


def test_other_texts_name_things_too() -> None:
    """Anchors and addresses are given apart from the evidence, and run into nothing."""
    assert unsupported_names("Acme的Turbo", "A parser.", other_texts=["Acme", "turbo"]) == ()
    assert unsupported_names("AcmeTurbo", "A parser.", other_texts=["Acme", "turbo"])


CHINESE = {
    "Alibaba": "阿里巴巴 阿里云 阿里达摩院 阿里", "Aliyun": "阿里云", "Airbnb": "爱彼迎",
    "Altman": "奥特曼 阿尔特曼 阿特曼", "sama": "奥特曼", "Baidu": "百度", "Bezos": "贝索斯",
    "Gates": "比尔·盖茨", "Boston Dynamics": "波士顿动力", "Berkeley": "伯克利", "Broadcom": "博通",
    "CMU": "卡内基梅隆", "Carnegie": "卡内基梅隆", "Karpathy": "卡帕西 卡帕斯", "Carmack": "卡马克",
    "Dell": "戴尔", "Doubao": "豆包", "Qualcomm": "高通", "Google": "谷歌", "GDM": "谷歌",
    "DeepMind": "谷歌", "Harvard": "哈佛", "Hassabis": "哈萨比斯", "demis": "哈萨比斯",
    "Kaiming": "何恺明", "Red Hat": "红帽", "Huawei": "华为 昇腾", "Ascend": "昇腾",
    "Jensen": "黄仁勋", "Huang": "黄仁勋", "Hinton": "辛顿", "Hunyuan": "混元 腾讯",
    "Cambridge": "剑桥大学", "LeCun": "杨立昆", "Kling": "可灵", "Kuaishou": "快手",
    "Fei-Fei": "李飞飞", "drfeifei": "李飞飞", "LinkedIn": "领英", "Musk": "马斯克",
    "Elon": "马斯克", "MIT": "麻省理工", "Massachusetts": "麻省理工", "Micron": "美光",
    "Meituan": "美团", "LongCat": "美团", "Nadella": "纳德拉", "satya": "纳德拉",
    "Netflix": "奈飞 网飞", "Oxford": "牛津大学", "Pichai": "皮查伊", "sundar": "皮查伊",
    "Princeton": "普林斯顿", "Tsinghua": "清华", "THU": "清华", "SoftBank": "软银",
    "Samsung": "三星 三星电子 三星公司", "SenseTime": "商汤", "DeepSeek": "深度求索",
    "Stanford": "斯坦福", "Sutskever": "苏茨克维", "Ilya": "苏茨克维", "SSI": "苏茨克维",
    "TSMC": "台积电", "Trump": "特朗普", "Tesla": "特斯拉", "Tencent": "腾讯",
    "Qwen": "通义 千问", "Tongyi": "通义", "Microsoft": "微软", "MSFT": "微软", "MSR": "微软",
    "Wikipedia": "维基百科", "ERNIE": "文心", "Wenxin": "文心", "Andrew Ng": "吴恩达",
    "DeepLearningAI": "吴恩达", "Xiaomi": "小米", "MiMo": "小米", "iFlytek": "讯飞",
    "Amazon": "亚马逊", "AWS": "亚马逊", "Intel": "英特尔", "NVIDIA": "英伟达", "NVDA": "英伟达",
    "YouTube": "油管", "Moonshot": "月之暗面", "Kimi": "月之暗面", "Zuckerberg": "扎克伯格",
    "zuck": "扎克伯格", "Facebook": "脸书", "Meta": "脸书", "Zhipu": "智谱", "Z.ai": "智谱",
    "ZAI": "智谱", "GLM": "智谱", "ByteDance": "字节跳动", "Oracle": "甲骨文", "JD": "京东",
    "Apple": "苹果",
}  # fmt: skip
"""Companies and people by a name that a text may have, each with its Chinese ones."""

FOR = """
Claude: Opus, Sonnet, Haiku
Google: GDM, DeepMind
Hugging Face: HF
HuggingFace: HF
HF: Hugging Face
GitHub: GH
Twitter: X
X: Twitter
AGI: general intelligence
ASR: speech recognition
CoT: chain of thought
CI: continuous integration
CUDA: cu128
DPO: direct preference optimization
GUI: graphical user interface
KV: key value
LoRA: low rank
MCP: model context protocol
MoE: mixture of experts, mixture-of-expert
Mixture: MoE
OCR: optical character recognition
PPO: proximal policy optimization
QA: question answering, Q&A
RL: reinforcement learning, RLHF, RLVR
RLHF: human feedback
SFT: supervised finetuning, supervised fine-tuning
SOTA: state of the art
SSM: state space
TPS: tokens per second, tok/s, t/s
TTFT: time to first token
TTS: text to speech
UAE: Emirates
UK: United Kingdom, Britain, British
US: U.S., United States, America, American, USA
USA: United States, America, American, US
VLM: vision-language
VR: virtual reality
"""
"""What a text may have in the place of a name."""

COMMON = (
    "AI api APP bug CEO CLI cpu CTO GPU IDE IT json LLM ML NLP OK OS PC PDF PR RAG SDK token tokens"
    " UI url UX VRAM vs web APIs LLMs"
)


def test_chinese_names_of_companies_and_people_are_known() -> None:
    """Each passes where the text has one of its Latin names, and only there."""
    for latin, names in CHINESE.items():
        for name in names.split():
            assert unsupported_names(f"{name}发布模型", f"News of {latin} today.") == (), (
                name,
                latin,
            )
            (found,) = unsupported_names(f"{name}发布模型", "News of Somebody today.")
            assert found.found == name


def test_the_longest_chinese_name_is_found() -> None:
    """阿里云 is one name, and a finding says which Latin name is missing."""
    (found,) = unsupported_names("阿里云发布模型", "by Tencent")
    assert (found.found, found.expected) == (
        "阿里云",
        "a name of the text, which does not have Alibaba",
    )
    (long,) = unsupported_names("弗拉基米尔·弗拉基米罗夫", "Vladimir says")
    assert long.found == "弗拉基米尔·弗拉基米罗夫"
    (dotted,) = unsupported_names("马克·扎克说", "Mark says")
    assert (dotted.found, dotted.expected) == (
        "马克·扎克说",
        "the name in Latin letters, as in the text",
    )


@pytest.mark.parametrize("line", FOR.strip().splitlines())
def test_a_name_may_be_written_out_or_cut_short(line: str) -> None:
    """What means the same passes in the place of a name, and nothing else does."""
    name, _, others = line.partition(": ")
    for other in others.split(", "):
        assert unsupported_names(f"{name}模型", f"We have {other} here.") == (), other
    assert unsupported_names(f"{name}模型", "We have nothing here.")


def test_words_that_chinese_takes_from_english_need_no_evidence() -> None:
    """AI, API and their kind are said where English says it otherwise; other short ones are not."""
    for word in COMMON.split():
        assert unsupported_names(f"该{word}可用", "A text.") == (), word
    for word in ("AGI", "NPU", "AIM", "GPT", "apt"):
        assert unsupported_names(f"该{word}可用", "A text."), word


def test_names_are_found_in_the_order_of_the_text() -> None:
    """Latin names first to last, then Chinese ones, each once."""
    found = unsupported_names("微软的Zeta与Acme、Turbo，Acme与谷歌", "x")
    assert [each.found for each in found] == ["Zeta", "Acme", "Turbo", "微软", "谷歌"]


@pytest.mark.parametrize(
    ("name", "squeezed"),
    [
        ("GPT‑5.2", "gpt5.2"),
        ("gpt 5.2", "gpt5.2"),
        ("Bo's", "bo"),
        ("Bo’s", "bo"),
        ("Café_2", "cafe2"),
        ("Ｑwen/3.5", "qwen3.5"),
        ("Qwen35", "qwen35"),
        ("——", ""),
    ],
)
def test_a_name_is_squeezed(name: str, squeezed: str) -> None:
    """Case, width, accents, hyphens, spaces and the possessive make no difference."""
    assert name_key(name) == squeezed


def test_a_wrong_version_is_named_with_its_name() -> None:
    """The finding is `Gemini 2`, not the number alone; a name that is unknown comes without it."""
    (wrong,) = unsupported_names("Gemini 2发布", "Gemini 2.5 Flash")
    assert (wrong.found, wrong.expected) == ("Gemini 2", "a name of the text, such as 'Gemini'")
    (unknown,) = unsupported_names("Quux 2发布", "Gemini 2.5 Flash")
    assert (unknown.found, unknown.expected) == ("Quux", "a name of the text")


_LETTERS = st.text("abcdefghiklmnopqrstuvwxyz", min_size=3, max_size=8)
_NUMBERS = st.integers(1, 99).map(str) | st.tuples(st.integers(1, 9), st.integers(1, 9)).map(
    lambda pair: f"{pair[0]}.{pair[1]}"
)


@given(_LETTERS, _NUMBERS, st.sampled_from(["-", " ", "", "‑"]), st.sampled_from(["-", " ", ""]))
def test_a_version_is_found_however_it_is_joined(
    word: str, number: str, there: str, here: str
) -> None:
    """Acme-2, Acme 2 and Acme2 are one name."""
    name = word.capitalize()
    assert (
        unsupported_names(f"{name}{here}{number}发布", f"We ship {name}{there}{number}, at last.")
        == ()
    )


@given(_LETTERS, _NUMBERS, _NUMBERS)
def test_another_version_is_another_name(word: str, number: str, other: str) -> None:
    """No version passes for another, also where one starts with the other."""
    name = word.capitalize()
    found = unsupported_names(f"{name}-{number}发布", f"We ship {name}-{other}, at last.")
    assert bool(found) == (number != other)


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    """Whatever a page or a model writes is looked up; a name squeezes to letters and digits."""
    unsupported_names(text, text)
    assert all(char.isascii() and (char.isalnum() or char == ".") for char in name_key(text))


def test_every_name_of_a_real_text_is_in_it(shared: Path) -> None:
    """A text names nothing that it does not have, in any case, with and without hyphens."""
    for one in stored_issue(shared, "25-12-22-not-much").mentions[::4]:
        text = one.text[:4000]
        for said in (text, text.replace("-", " "), text.lower()):
            assert unsupported_names(said, text) == ()


def test_a_name_may_begin_with_a_version() -> None:
    """V4-Flash is a name, although V4 alone is a version."""
    text = "DeepSeek V4-Flash-Vision-Exp adds images."
    assert unsupported_names("DeepSeek V4-Flash-Vision-Exp发布", text) == ()
    for wrong in ("V4.8-Flash-Vision-Exp", "V4-Flsah-Vision-Exp", "V5-Flash-Vision-Exp"):
        (found,) = unsupported_names(f"DeepSeek {wrong}发布", text)
        assert wrong in found.found


ACCOUNT_TAILS = "AI ai API App Apps Cloud Dev Devs Developers HQ IO Lab Labs LLM Org Research Team"


@given(st.text("bcdfghklmnprtvwz", min_size=6, max_size=9), st.sampled_from(ACCOUNT_TAILS.split()))
def test_an_organisation_stands_in_any_account_that_adds_what_accounts_add(
    name: str, tail: str
) -> None:
    """In capitals or not, with its place in the evidence; cut or made longer it does not."""
    for account in (f"{name}{tail}", f"{name.upper()}{tail.upper()}", f"{name.title()}{tail}"):
        evidence = f"It is out @{account} today"
        assert unsupported_names(f"{name.title()}发布模型", evidence) == ()
        (span,) = match_names(f"{name.title()}发布模型", evidence)
        assert span.evidence == ((11, 11 + len(name)),)
        for wrong in (name[:-1], f"{name}x"):
            assert unsupported_names(f"{wrong.title()}发布模型", evidence)


@pytest.mark.parametrize(
    ("said", "account", "known"),
    [
        ("Artificial Analysis", "ArtificialAnlys", True),
        ("Artificial Analysis", "ArtificialAls", False),
        ("Artificial Intelligence", "ArtificialAnlys", False),
        ("Artificial Anglers", "ArtificialAnlys", False),
        ("Artificial Analysis", "ArtfclAnlys", False),
        ("Artificial Analysis Lab", "ArtificialAnlys", False),
        ("Heron Research", "HeronRsrch", False),
        ("Heron Research", "HeronResrch", True),
        ("Heron Reports", "HeronResrch", False),
    ],
)
def test_a_name_of_several_words_stands_in_an_account_that_shortens_one(
    said: str, account: str, *, known: bool
) -> None:
    """A word is whole, and the short one has its word's first letters and half of them in order."""
    evidence = f"It is smarter, says @{account} today"
    assert (unsupported_names(f"{said}称其更聪明", evidence) == ()) is known


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://x.com/NVIDIAAI/status/1", True),
        ("https://twitter.com/nvidiaai/status/1", True),
        ("https://github.com/nvidiaai/x", True),
        ("https://www.youtube.com/@NVIDIAAI", True),
        ("https://example.org/NVIDIAAI/x", False),
        ("https://x.com/someone/nvidiaai", False),
    ],
)
def test_the_account_of_a_linked_page_names_its_organisation(url: str, *, known: bool) -> None:
    """Where the first part of the path is an account."""
    made = entry("s01", url).model_copy(
        update={"title": "英伟达发布芯片", "summary": "英伟达发布芯片，" + "没有更多消息。" * 5}
    )
    checks = {each.found for each in verify(made, story("s01", url, text="A chip."))}
    assert ("英伟达" not in checks) is known


@pytest.mark.parametrize(
    ("said", "evidence", "found"),
    [
        ("scaling01指出", "@scaling01 says so", ["scaling01"]),
        ("rohanpaul_ai演示了", "It works @rohanpaul_ai", ["rohanpaul_ai"]),
        ("_philschmid与a_b说", "@a_b, @c_d", ["a_b"]),
        ("用户scaling01指出", "@scaling01 says so", []),
        ("官方账号 cursor_ai 发布", "@cursor_ai says so", []),
        ("网友“scaling01”指出", "@scaling01 says so", []),
        ("llama_index更新", "@llama_index: llama_index is out", []),
        ("OpenAI指出", "@OpenAI says so", []),
        ("ollama支持", "@ollama says so", []),
        ("some_tool更新", "some_tool is out", []),
    ],
)
def test_an_account_in_the_place_of_a_name_is_a_warning(
    said: str, evidence: str, found: list[str]
) -> None:
    """Where it cannot be a name, is called no account, and the evidence has it with its sign only."""
    made = entry("s01", None).model_copy(update={"title": "公司发布芯片", "summary": said})
    names = [each for each in verify(made, story("s01", text=evidence)) if each.check == "name"]
    assert [each.found for each in names if each.severity == "warning"] == found


def test_every_chinese_name_passes_with_each_of_its_latin_ones_and_with_no_other() -> None:
    """The Chinese form counts as the name; with nothing of it in the evidence it is an error."""
    for name, latin in CHINESE_NAMES.items():
        for other in latin:
            assert unsupported_names(f"据{name}称", f"News of {other} today.") == (), (name, other)
        assert [each.found for each in unsupported_names(f"据{name}称", "No news.")] == [name]


def test_words_that_hold_a_chinese_name_by_chance_are_no_names() -> None:
    """三星级 is no Samsung, though 三星 is."""
    for word in NO_CHINESE_NAMES:
        assert unsupported_names(f"这是{word}吗", "A text.") == ()
    assert [each.found for each in unsupported_names("三星级的三星", "x")] == ["三星"]


@pytest.mark.parametrize(
    "said",
    [
        "可灵活选用模型", "更高通过率与高通量筛选", "把经验升华为规则", "北美团队", "尽快手动确认", "上千问题",
        "链路透明", "深思科技", "东京东部", "资讯飞速增长", "普通义务", "论文心得", "声波音频", "带领英国队",
    ],
)  # fmt: skip
def test_a_name_that_two_other_words_make_is_none(said: str) -> None:
    """Chinese has no spaces: the end of one word and the next may look like a company."""
    assert unsupported_names(said, "x") == ()


@pytest.mark.parametrize(
    "said", ["可灵发布新版", "高通推出芯片", "华为与美团", "快手上线", "千问开源"]
)
def test_a_company_that_the_evidence_lacks_is_found_beside_them(said: str) -> None:
    """The words that only look like one take nothing from it."""
    assert unsupported_names(said, "x")


@pytest.mark.parametrize("stored", [False, True], ids=["of an issue", "of a stored digest"])
def test_where_the_lines_stand_is_a_name_that_may_be_told(*, stored: bool) -> None:
    """The recap, the heading and the channel, as the model is shown them; no other place is."""
    section = ("AI Reddit Recap", "/r/LocalLLaMA", "Unsloth notes")
    source = mention("A tester ran the model on one card.", part="reddit", section=section)
    told = Story(id="s01", mentions=(source,), sources=())
    for name, known in (("Reddit", True), ("Unsloth", True), ("Discord", False)):
        made = entry("s01", None).model_copy(
            update={
                "title": "有人在单卡上运行了模型",
                "summary": f"有{name}用户称，在单张显卡上运行了该模型。",
            }
        )
        made = made.model_copy(
            update={"parts": ("reddit",), "section": section, "evidence": told.evidence}
        )
        about = story_from_entry(made, "s01") if stored else told
        names = [one.found for one in verify(made, about) if one.check == "name"]
        assert names == ([] if known else [name])


@pytest.mark.parametrize(
    ("headings", "known"),
    [
        (("Top Story: Zeta-4 launch", "Community"), True),
        (("Zeta-4 and others", "Community"), False),
        (("Models", "Zeta-4 upgrades"), True),
        (("Models", "Zeta-4, Kite"), False),
        (("Models", "Zeta-4 and Kite"), False),
        (("Zeta-4 upgrades", "Community"), False),
    ],
)
def test_the_heading_of_a_top_story_or_of_one_name_vouches(
    headings: tuple[str, ...], *, known: bool
) -> None:
    """A line below it often does not say again what it is about; one of several names none."""
    section = ("AI Twitter Recap", *headings)
    source = mention("Heron Lab released quants.", part="twitter", section=section)
    made = entry("s01", None).model_copy(
        update={
            "title": "Heron Lab发布Zeta-4的量化版",
            "summary": "Heron Lab发布了Zeta-4的量化版。",
            "parts": ("twitter",),
            "section": section,
        }
    )
    about = Story(id="s01", mentions=(source,), sources=())
    names = [one.found for one in verify(made, about) if one.check == "name"]
    assert names == ([] if known else ["Zeta-4"])


@pytest.mark.parametrize(("said", "known"), [("Heron K3", True), ("Lark K3", False)])
def test_the_maker_before_a_version_is_known_from_a_heading_of_several(
    said: str, *, known: bool
) -> None:
    """A line that says K3 is about the K3 of its heading."""
    section = ("AI Twitter Recap", "Acme Heron K3, Lark Q2 and others")
    source = mention("K3 went to 16% in three days.", part="twitter", section=section)
    made = entry("s01", None).model_copy(
        update={
            "title": f"{said}三天升至16%",
            "summary": f"{said}三天内升至16%。",
            "section": section,
        }
    )
    about = Story(id="s01", mentions=(source,), sources=())
    names = [one.found for one in verify(made, about) if one.check == "name"]
    assert names == ([] if known else ["Lark"])


@pytest.mark.parametrize(
    ("said", "evidence", "found"),
    [
        ("heronlib 4.45.1", "The latest version of heronlib (4.45.1) is out.", []),
        ("Kite 12.1", "Their Kite version (12.1) is old.", []),
        ("Heron 1.82.3", "The older version (1.82.3) of Heron is safe.", []),
        ("Heron 0.9.2", "Heron brings more; version 0.9.2 also fixes a leak.", []),
        ("Heron 19", "It hits Heron 19.0 to 19.2.", []),
        ("Heron 3.5", "Heron 3.7 is better than 3.5, by far.", []),
        ("Heron 2.5", "Heron 3 Flash is 3x faster than 2.5 Pro.", []),
        ("Heron 3.5", "Heron 3.7 scored higher than 3.5 points.", ["Heron 3.5"]),
        ("Heron 3.5", "Heron 3.7 is faster than Kite and 3.5.", ["Heron 3.5"]),
        ("Heron 3.5", "Heron 3.7 scored 3.5.", ["Heron 3.5"]),
        ("Kite 4.45.1", "heronlib (4.45.1) needs Kite.", ["Kite 4.45.1"]),
        ("Heron 0.9.2", "Heron brings more; version 0.9.2 of Kite is out.", ["Heron 0.9.2"]),
    ],
)
def test_a_version_may_stand_apart_from_its_name(
    said: str, evidence: str, found: list[str]
) -> None:
    """In brackets, before it or compared with another one, but not beyond another name."""
    assert [one.found for one in unsupported_names(f"已发布{said}。", evidence)] == found
