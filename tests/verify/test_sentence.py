"""One Chinese sentence says what its English one says: no more, no less, and not otherwise."""

from pathlib import Path

import pytest

from pipeline.chinese import load_glossary
from pipeline.verify import check_sentence

GLOSSARY = load_glossary()
_TABLES = Path(__file__).parent.parent / "fixtures" / "sentences"


def _pairs(name: str) -> list[tuple[str, str]]:
    rows = (_TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [(english, chinese) for english, chinese in (row.split(" | ") for row in rows)]


@pytest.mark.parametrize(("english", "chinese"), _pairs("right"))
def test_a_right_sentence_passes(english: str, chinese: str) -> None:
    """A sentence that says what the English says is not asked for again."""
    assert check_sentence(english, chinese, GLOSSARY) == ()


@pytest.mark.parametrize(("english", "chinese"), _pairs("wrong"))
def test_a_wrong_sentence_is_seen(english: str, chinese: str) -> None:
    """A number, a name, a clause or a sense that differs is named."""
    assert check_sentence(english, chinese, GLOSSARY)


@pytest.mark.parametrize(("english", "chinese"), _pairs("words_right"))
def test_names_commands_and_accepted_words_may_stay(english: str, chinese: str) -> None:
    """What Chinese engineers write in lower-case letters is not taken for English left over."""
    assert not any("still English" in one for one in check_sentence(english, chinese, GLOSSARY))


@pytest.mark.parametrize(("english", "chinese"), _pairs("words_wrong"))
def test_a_word_that_is_still_english_is_seen(english: str, chinese: str) -> None:
    """Also one in quotation marks, of a compound, or that no list of common words has."""
    assert any("still English" in one for one in check_sentence(english, chinese, GLOSSARY))


@pytest.mark.parametrize(
    ("english", "chinese", "said"),
    [
        ("Orca reached 1451 points.", "Orca 排名 1451 位。", "no rank"),
        ("It works on Linear tickets.", "它处理线性工单。", "Linear"),
        ("It rivals Ollama.", "它与OpenAI竞争。", "Ollama"),
        ("It rivals Ollama.", "它与OpenAI竞争。", "OpenAI"),
        ("Meta plans for 6GW of chips.", "Meta规划了芯片。", "6GW"),
        ("Exo got 28.3, llama.cpp 16.4.", "Exo得28.3，llama.cpp也得28.3。", "16.4"),
        ("It runs on 64 GB200 nodes.", "它在64GB200节点上运行。", "64GB200"),
        ("Qwen converged quickly.", "Qwen 很快 converged。", "converged"),
        ("It writes, says Jim Fan.", "它会写作，称 Jim Fan。", "at the end"),
        ("It writes, says Jim Fan.", "它会写作，称其为Jim Fan。", "at the end"),
        ("It writes, claims its repository.", "它会写作，声称其仓库。", "at the end"),
        ("Leaks say it sleeps.", "Leaks称它会睡觉。", "Leaks"),
        ("It needs 45% less memory.", "它需要45%的内存。", "45% less"),
        ("It is 1.86x as fast as before.", "它比以前快1.86倍。", "1.86x"),
        ("The model does not see images.", "该模型可以看图像。", "not"),
        ("The model sees images.", "该模型不支持图像。", "不支持"),
        ("Cohere may open an office.", "Cohere开设了办公室。", "may"),
        ("Jim Fan says the robot walks.", "Jim Fan的机器人会走路。", "says"),
        ("It has over 300 tasks.", "它有300个任务。", "300"),
        ("It activates 3B of its 80B parameters.", "它激活3B参数中的80B。", "3B"),
        ("It is released.", "我们发布了它。", "我们"),
        ("It is the “largest release”.", "它是“工具的“最大发布”。", "other half"),
    ],
)
def test_what_is_wrong_is_named(english: str, chinese: str, said: str) -> None:
    """The model is told what to mend, so each fault has its words."""
    assert any(said in one for one in check_sentence(english, chinese))
