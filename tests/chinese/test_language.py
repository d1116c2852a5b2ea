"""A text is Simplified Chinese: English that was left in is told from names that stay."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chinese.english_words import NO_ADVERBS, ORDINARY_WORDS
from pipeline.chinese.glossary import load_glossary
from pipeline.chinese.language import (
    UntranslatedText,
    assistant_preamble,
    is_chinese,
    repeated_sentences,
    traditional_characters,
    untranslated_english,
)

EVIDENCE = (
    "@fal and @uv_dev: the discourse about aging benchmarks went on. Mac mini users run GPQA, "
    "MMLU Pro, and aider on it; a wide rollout of smolagents is reportedly near."
)

LEFT = """
引发了 discourse 和争议 | discourse
在 benchmarks上表现出色 | benchmarks
该功能 reportedly 即将上线 | reportedly
成本 attributed to vLLM | attributed to vLLM
结果 went on without end | went on without end
该模型It was trained on GPUs，效果好 | It was trained on GPUs
文本-heavy任务 | 文本-heavy
语音-to-prototype工具 | 语音-to-prototype
他说“the discourse about benchmarks went on and on” | the discourse about benchmarks went on and on
Google and Meta of the US | Google and Meta of the US
the在中文里 | the
它don’t运行 | don’t
三个汉字五个汉字-heavy任务 | 五个汉字-heavy
low-文本任务 | low-文本任务
文本–heavy任务 | 文本–heavy
采用one-shot-learning方法 | one-shot-learning
达到state-of-the-art水平 | state-of-the-art
采用fine-tuning方法 | fine-tuning
一家fast-growing公司 | fast-growing
采用in-context学习 | in-context
某abc词 | abc
Air mini可运行 | mini
大型large、小型small模型 | large
大型large、小型small模型 | small
大型large models可用 | large models
A B C D E F G H I | A B C D E F G H I
（one two three four five six） | one two three four five six
(中文 discourse 词) | discourse
“中文 discourse 词” | discourse
ｄｉｓｃｏｕｒｓｅ争议 | discourse
大模型 attributed to vLLM, of course, 好 | attributed to vLLM, of course
discourse,争议 | discourse
foo/bar好 | foo/bar
Alpha Beta of Gamma好 | Alpha Beta of Gamma
`code`与 discourse | discourse
该it is好 | it is
"""

STAYS = """
token、prompt与pip等词
由fal提供，支持uv与npm
`pip install some-package`安装
使用vLLM、llama.cpp与scikit-learn
负迁移（ray interference）
所谓“ray interference”现象
Mac mini可运行
pass@k指标与A/B测试
Claude Opus 4.5、GPT-5.2、Gemini 3 Flash
Chain of Thought提示
文本-v2任务
open-source模型与multi-agent系统
token-efficient方法
某ab词与a词
A B C D E F G H
（one two three four five）
“one two three four five”
‘ray interference’与「ray interference」、『ray interference』
《ray interference》与【ray interference】
x-ray检测
docx、pptx、xlsx、csv、tsv、json、jsonl、yaml、toml、html、css、xml、pdf、png、jpg、svg、gif与wav
token、tokens、prompts、npm、npx、git、bash、zsh、sudo、curl、docker、kubectl、conda与brew
vim、tmux、via、etc、app、apps、web、demo、bug、bugs、pass与fps
"""


def _rows(table: str) -> list[tuple[str, str]]:
    rows = (line.partition(" | ") for line in table.strip().splitlines())
    return [(said, found) for said, _, found in rows]


@pytest.mark.parametrize(("said", "found"), _rows(LEFT))
def test_english_that_was_left_in_is_found(said: str, found: str) -> None:
    """Clauses, ordinary words and words glued to Chinese ones are sure; another word may be a name."""
    left = dict(untranslated_english(said, EVIDENCE))
    assert found in left
    single = bool(re.fullmatch("[a-z’-]+", found))
    assert left[found] is (not single or found in {"reportedly", "the", "don’t"})


@pytest.mark.parametrize("said", STAYS.strip().splitlines())
def test_names_and_kept_words_stay(said: str) -> None:
    """Names, commands, short originals in brackets or quotes and inline code are no leftovers."""
    assert list(untranslated_english(said, EVIDENCE, ["@fal", "github.com"])) == []


REAL = """
16 million 对话 | million
该协议 timing 未定 | timing
价格约 roughly 3倍 | roughly
超过16 milli 对话 | milli
仅凭奖励 alone 学习 | alone
它would在周一发布 | would
用户 praised 其速度 | praised
引发 backlash 与争议 | backlash
it’s更快 | it’s
"""


@pytest.mark.parametrize(("said", "found"), _rows(REAL))
def test_an_ordinary_word_or_the_front_of_one_is_surely_left_over(said: str, found: str) -> None:
    """Whatever the evidence does with it, unless it is given as a name."""
    for evidence in (
        "About 16 million talks; alone, roughly as praised.",
        "- million v2 (timing, roughly)\nalone: more than 16 million, (million)",
    ):
        assert (found, True) in list(untranslated_english(said, evidence))
    assert not [
        each
        for each in untranslated_english(said, "16 million", [found])
        if each.text == found and "’" not in found
    ]


@given(st.sampled_from(sorted(word for word in ORDINARY_WORDS if len(word) > 2)))
def test_every_ordinary_word_is_surely_left_over(word: str) -> None:
    """Alone between Chinese, glued or spaced; in quotes, brackets and code it is explained."""
    for said in (f"模型{word}任务", f"模型 {word} 任务", f"共3 {word}。"):
        assert list(untranslated_english(said, EVIDENCE)) == [UntranslatedText(word, sure=True)]
    for said in (f"模型“{word}”", f"模型（{word}）", f"模型`{word}`"):
        assert list(untranslated_english(said, EVIDENCE)) == []


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("torchao v0.15.0支持", "torchao v0.15.0: it trains"),
        ("采用torchao训练", "We use torchao v0.15 here"),
        ("用户foodhype则称", "Comments:\n  - foodhype clarifies this"),
        ("设high和max两种强度", "two modes (high and max), more"),
        ("high和ultra可提高召回率", "low effort beats others, while high/ultra improve recall"),
        ("常直接提交到main", "minimize branches and often commit to main"),
        ("合并进dev分支", "the PR was merged into dev"),
        ("设low、high两种强度", "Modes: GLM-5.2 (high) and GLM-5.2 (low)"),
        ("vllm支持sglang", "vLLM and SGLang are out"),
        ("vllm sglang可用", "vLLM and SGLang are out"),
        ("以`foo bar`运行", "A text."),
        ("可用pip install vllm安装", "Run pip install vllm now"),
        ("可用 uv pip install -U torchao 安装", "$ uv pip install -U torchao and restart"),
        ("运行ollama run gemma3即可", "then ollama run gemma3"),
        ("claude mcp add可添加工具", "Use claude mcp add for tools"),
        ("加上--no-cache与-p选项", "Options: --no-cache, -p"),
        ("使用-p参数", "With -p it prints"),
        ("编辑config.yaml与snake_case、CamelCase", "A text."),
        ("使用llama.cpp、uv与scikit-learn", "A text."),
        ("见https://example.org/new/thing。", "A text."),
        ("是 FlashAttention2 的 2 倍、xformers 的 3 倍", "beats FlashAttention2 and xformers here"),
        ("设servers与vLLM两种", "It is for vLLM/servers"),
        ("TextGen（原 text-generation-webui）打包", "TextGen (formerly text-generation-webui)."),
        ("博文Reward hacking in long runs指出", "Acme put out Reward hacking in long runs today"),
        ("推出名为slow lane的功能", "It has a feature, named slow lane, for long jobs."),
        ("新增slow lane", "It has a feature dubbed slow lane that queues long jobs"),
        ("新增slow lane", "It has `slow lane` for long jobs"),
        ("新增名为Ask before running的选项", "It has an Ask before running option"),
        ("新增Ask before running选项", "It has an Ask before running option"),
    ],
)
def test_what_the_evidence_writes_like_a_name_or_a_command_stays(said: str, evidence: str) -> None:
    """A version, a label in brackets, the head of a line, a name's letters, a command line."""
    assert list(untranslated_english(said, evidence)) == []


@pytest.mark.parametrize(
    ("said", "evidence", "found"),
    [
        ("采用torchao训练", "We use another library here", "torchao"),
        ("设high和max两种强度", "It has high limits", "high"),
        ("可用pip install vllm安装", "Install vllm", "pip install vllm"),
        ("git is great for teams的说法", "git is great for teams", "git is great for teams"),
        ("ollama serve gemma可运行", "then ollama run gemma3", "ollama serve gemma"),
        ("使用-p参数", "With -x it prints", "使用-p"),
        ("支持transformers", "It beats Whisper and other transformers", "transformers"),
        ("新增slow lane", "It has a slow lane for long jobs", "slow lane"),
        ("称为slow lane", "It is called slow lane routing by its makers", "slow lane"),
        ("论文Models fail at it指出", "Models fail at it. A paper", "Models fail at it"),
        ("新增ask before running选项", "It can ask before running", "ask before running"),
        ("采用text-generation-webui", "It has a web UI", "text-generation-webui"),
        ("引发discourse争议", "(much more discourse than before)", "discourse"),
    ],
)
def test_a_word_of_its_prose_does_not(said: str, evidence: str, found: str) -> None:
    """Nor a command that is another one, or a sentence that begins like one."""
    assert found in {each.text for each in untranslated_english(said, evidence)}


SETTINGS = (
    "none low medium high max auto fast free pro mini tiny base large huge best latest stable nightly"
    " user assistant system tool thinking loss momentum critic policy budget double train test dev"
)


@pytest.mark.parametrize("word", SETTINGS.split())
def test_a_word_that_may_be_a_setting_is_never_sure(word: str) -> None:
    """Levels, sizes, channels, roles and quantities of training are written as they are."""
    assert not any(each.sure for each in untranslated_english(f"设为{word}模式", EVIDENCE))


def test_no_ordinary_word_is_a_term_that_stays() -> None:
    """The list takes nothing back that the glossary lets stay."""
    for term in load_glossary():
        stays = {term.term.casefold()} if term.keep else set()
        stays |= {word.casefold() for word in term.accept if word.isascii()}
        assert not stays & ORDINARY_WORDS
    assert not ORDINARY_WORDS & NO_ADVERBS


def test_compounds_of_ordinary_words_are_left_over() -> None:
    """An ending or a function word tells them from names; terms like open-source stay."""
    words = (
        "tuning trainings tuned quickly action actions tension sadness usable flexible helpful"
        " useless moment moments clarity qualities realism realisms famous massive logical finally"
        " balance science friendship forward forwards holistic utilizes realised optimised this"
    )
    for word in words.split():
        for said in (f"self-{word}", f"{word}-self"):
            found = [passage.text for passage in untranslated_english(f"某{said}方法", "A text.")]
            assert found == [said]
    for stays in ("self-hosting", "open-source", "low-rank", "multi-agent", "few-shot"):
        assert not list(untranslated_english(f"某{stays}方法", "A text.", ["self-hosting"]))


def test_words_of_given_names_stay() -> None:
    """A repository's name is a name in lower case too."""
    said = "smolagents已更新"
    assert [passage.text for passage in untranslated_english(said, EVIDENCE)] == ["smolagents"]
    assert list(untranslated_english(said, EVIDENCE, ["huggingface smolagents"])) == []
    assert list(untranslated_english(said, EVIDENCE, ["HuggingFace/Smolagents"])) == []


def test_traditional_characters_are_named() -> None:
    """Each once; simplified text, brand names and words that keep an old character have none."""
    assert traditional_characters("這個模型發布，這個") == "這個發"
    assert traditional_characters("GPT-5發布abc") == "發"
    assert traditional_characters("昇腾芯片与乾坤系统发布，著名的后端") == ""


def test_a_title_may_be_full_of_names() -> None:
    """Names fill a good title, but not all of it, and not a summary."""
    assert is_chinese("Agent Trainer Pro登顶GitHub", ignore_names=True)
    assert not is_chinese("Agent Trainer Pro", ignore_names=True)
    assert is_chinese("中文 Alpha Beta")
    assert is_chinese("中文 Alpha Beta Gamma")  # one name, as far as one can see
    assert not is_chinese("中文，Alpha、Beta、Gamma")
    assert is_chinese("中文 one two Alpha", ignore_names=True)
    assert not is_chinese("中文 one two three", ignore_names=True)
    assert not is_chinese("中 Alpha", ignore_names=True)
    assert not is_chinese("中")
    assert is_chinese("中文")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("以下是摘要：新模型", "以下是"),
        ("好的，新模型", "好的，"),
        ("标题：新模型", "标题："),
        ("以下为译文", "以下为"),
        ("好的,新模型", "好的,"),
        ("当然！新模型", "当然！"),
        ("没问题。新模型", "没问题。"),
        ("好的!新模型", "好的!"),
        ("摘要:新模型", "摘要:"),
        ("翻译：新模型", "翻译："),
        ("译文：新模型", "译文："),
        ("总结：新模型", "总结："),
        ("中文标题：新模型", "中文标题："),
        ("中文摘要如下：新模型", "中文摘要如下："),
        ("抱歉，无法翻译", "抱歉，"),
        ("对不起，无法翻译", "对不起，"),
        ("很遗憾,无法翻译", "很遗憾,"),
        ("这是一个翻译", "这是一个翻译"),
        ("这里是摘要", "这里是摘要"),
        ("这是一份译文", "这是一份译文"),
        ("这是一篇摘要", "这是一篇摘要"),
        ("这是翻译", "这是翻译"),
        ("根据您的要求", "根据您的要求"),
        ("根据你提供的文本", "根据你提供"),
        ("作为一个AI语言模型，我", "作为一个AI语言模型，我"),
        ("作为一名人工智能助手，无法翻译", "作为一名人工智能助手，"),
        ("作为一款大模型,我", "作为一款大模型,我"),
        ("作为大语言模型，无法翻译", "作为大语言模型，"),
        ("新模型。作为语言模型，我认为", "作为语言模型，我"),
        ("新模型。希望这对您有帮助", "希望这对您有帮助"),
        ("新模型。希望以上内容有帮助", "希望以上内容有帮助"),
        ("希望这一二三四五六七八对你", "希望这一二三四五六七八对你"),
        ("希望这一二三四五六七八九对你", ""),
        (" “以下是摘要", "“以下是"),
        ("新模型。以下是详情", ""),
        ("抱歉新模型", ""),
        ("根据模型的要求", ""),
        ("作为AI助手的模型", ""),
        ("希望模型有帮助", ""),
        ("作为AI助手，我认为", "作为AI助手，我"),
        ("好的模型需要好的数据", ""),
        ("新标题：模型", ""),
    ],
)
def test_chatter_of_a_machine_is_found(text: str, found: str) -> None:
    """Opening words are no news."""
    assert assistant_preamble(text) == found


def test_a_sentence_said_twice_is_found() -> None:
    """Short exclamations may repeat."""
    assert repeated_sentences("这家公司发布模型。它很快。这家公司发布模型。") == "这家公司发布模型"
    assert repeated_sentences("它很快。它很快。") == ""
    assert repeated_sentences("一二三四五六。一二三四五六。") == ""
    assert repeated_sentences("一二三四五六七。八。一二三四五六七。") == "一二三四五六七"
    for mark in "！？；\n":
        assert repeated_sentences(f"一二三四五六七{mark} 一二三四五六七") == "一二三四五六七"
    assert (
        repeated_sentences("甲乙丙丁戊己庚。一二三四五六七。一二三四五六七。甲乙丙丁戊己庚。")
        == "一二三四五六七"
    )


def test_a_long_run_of_figures_takes_no_time() -> None:
    """A page may hold a word of any length."""
    began = time.process_time()
    assert [*untranslated_english("支持kernels库。", "1." * 20_000)]
    assert time.process_time() - began < 1
