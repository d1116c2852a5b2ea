"""A text is Simplified Chinese: English that was left in is told from names that stay."""

import re

import pytest

from pipeline._language import chatter, echoes, is_chinese, leftovers, traditional

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
"""


def _rows(table: str) -> list[tuple[str, str]]:
    rows = (line.partition(" | ") for line in table.strip().splitlines())
    return [(said, found) for said, _, found in rows]


@pytest.mark.parametrize(("said", "found"), _rows(LEFT))
def test_english_that_was_left_in_is_found(said: str, found: str) -> None:
    """Clauses, single words and words glued to Chinese ones; of single words nothing is sure."""
    left = dict(leftovers(said, EVIDENCE))
    assert found in left
    assert left[found] is not bool(re.fullmatch("[a-z-]+", found))


@pytest.mark.parametrize("said", STAYS.strip().splitlines())
def test_names_and_kept_words_stay(said: str) -> None:
    """Names, commands, short originals in brackets or quotes and inline code are no leftovers."""
    assert list(leftovers(said, EVIDENCE, ["@fal", "github.com"])) == []


def test_words_of_given_names_stay() -> None:
    """A repository's name is a name in lower case too."""
    said = "smolagents已更新"
    assert [each.text for each in leftovers(said, EVIDENCE)] == ["smolagents"]
    assert list(leftovers(said, EVIDENCE, ["huggingface smolagents"])) == []


def test_traditional_characters_are_named() -> None:
    """Each once; simplified text, brand names and words that keep an old character have none."""
    assert traditional("這個模型發布，這個") == "這個發"
    assert traditional("昇腾芯片与乾坤系统发布，著名的后端") == ""


def test_a_title_may_be_full_of_names() -> None:
    """Names fill a good title, but not all of it, and not a summary."""
    assert is_chinese("Agent Trainer Pro登顶GitHub", names=True)
    assert not is_chinese("Agent Trainer Pro登顶GitHub")
    assert not is_chinese("Agent Trainer Pro", names=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("以下是摘要：新模型", "以下是"),
        ("好的，新模型", "好的，"),
        ("标题：新模型", "标题："),
        ("作为AI助手，我认为", "作为AI助手，我"),
        ("好的模型需要好的数据", ""),
        ("新标题：模型", ""),
    ],
)
def test_chatter_of_a_machine_is_found(text: str, found: str) -> None:
    """Opening words are no news."""
    assert chatter(text) == found


def test_a_sentence_said_twice_is_found() -> None:
    """Short exclamations may repeat."""
    assert echoes("这家公司发布模型。它很快。这家公司发布模型。") == "这家公司发布模型"
    assert echoes("它很快。它很快。") == ""
