"""Which texts name a company or a model."""

import pytest

from pipeline.verify import NameQuery


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Google", "谷歌发布新模型"),
        ("谷歌", "Google发布新模型"),
        ("谷歌", "Google DeepMind 发布新模型"),
        ("阿里巴巴", "阿里云上线服务"),
        ("alibaba", "阿里达摩院开源代码"),
        ("英偉達", "英伟达公布财报"),
        ("openai", "OpenAI发布GPT-5.2"),
        ("GPT-5.2", "OpenAI发布GPT‑5.2"),
        ("gpt 5.2", "GPT-5.2上线"),
        ("GPT", "GPT-5.2上线"),
        ("Qwen3", "Qwen3-235B开放权重"),
        ("HF", "模型在Hugging Face上提供"),
        ("Claude", "Opus 4.5上线"),
        ("月之暗面", "Kimi K2开源"),
        ("某某科技", "某某科技发布芯片"),
    ],
)
def test_a_name_is_found_in_each_of_its_spellings(name: str, text: str) -> None:
    """In either language, whatever its case, hyphens and characters."""
    assert NameQuery(name).is_in(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GPT-5", "GPT-5.2上线"),
        ("Qwen3", "Qwen3.5上线"),
        ("Meta", "Metaverse的未来"),
        ("DeepMind", "Google发布新模型"),
        ("三星", "米其林三星餐厅"),
        ("小米", "小米粥的做法"),
        ("OpenAI", "Anthropic发布新模型"),
        ("谷歌AI", "AI让谷歌受益"),
    ],
)
def test_another_name_is_not(name: str, text: str) -> None:
    """Neither a longer one, nor another version, nor a word that has it by chance."""
    assert not NameQuery(name).is_in(text)


@pytest.mark.parametrize("name", ["", "  ", "?!", "--"])
def test_what_has_no_letters_is_no_name(name: str) -> None:
    """It would be in every text."""
    with pytest.raises(ValueError, match="letters"):
        NameQuery(name)
