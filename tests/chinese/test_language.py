"""A text is Simplified Chinese: English that was left in is told from names that stay."""

import re

import pytest

from pipeline.chinese.language import (
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
    """Clauses, single words and words glued to Chinese ones; of single words nothing is sure."""
    left = dict(untranslated_english(said, EVIDENCE))
    assert found in left
    assert left[found] is not bool(re.fullmatch("[a-z’-]+", found))


@pytest.mark.parametrize("said", STAYS.strip().splitlines())
def test_names_and_kept_words_stay(said: str) -> None:
    """Names, commands, short originals in brackets or quotes and inline code are no leftovers."""
    assert list(untranslated_english(said, EVIDENCE, ["@fal", "github.com"])) == []


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
    assert not is_chinese("Agent Trainer Pro登顶GitHub")
    assert not is_chinese("Agent Trainer Pro", ignore_names=True)
    assert is_chinese("中文 Alpha Beta")
    assert not is_chinese("中文 Alpha Beta Gamma")
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
