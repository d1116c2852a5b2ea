"""An entry says nothing about what its text leaves out."""

import pytest

from build import entry, story
from pipeline.records import Finding
from pipeline.verify.registry import verify

FACT = "Voxtral Mini采用Apache 2.0许可，共有3B参数，可以离线转写语音，代码和权重都可以下载。"
EVIDENCE = (
    "Mistral shipped Voxtral Mini: a 3B speech model under Apache 2.0. It transcribes speech offline;"
    " code and weights can be downloaded."
)


def padded(sentence: str, evidence: str = EVIDENCE) -> list[Finding]:
    """Give what is said of a sentence beside a fact."""
    made = entry("s01", None).model_copy(
        update={"title": "Mistral发布语音模型Voxtral Mini", "summary": FACT + sentence}
    )
    found = verify(made, story("s01", text=evidence))
    return [finding for finding in found if finding.check == "padding"]


WHO = ("", "原文", "文中", "文章", "帖子", "公告", "公司")
ABSENT = (
    "未提及训练数据",
    "没有提到价格",
    "尚未披露细节",
    "未透露更多信息",
    "暂未说明原因",
    "并未公布具体参数",
    "没有给出具体数字",
    "未作说明，没有提供更多细节",
)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("absent", ABSENT)
def test_what_the_text_leaves_out_is_no_news(who: str, absent: str) -> None:
    """Whoever is said to leave it out."""
    (finding,) = padded(f"{who}{absent}。")
    assert finding.severity == "error"
    assert finding.found in f"{who}{absent}"


@pytest.mark.parametrize(
    "sentence",
    [
        "原文没有说训练用了多少数据。",
        "原文未给出评测结果。",
        "文中未提及其他语言。",
        "原文对此没有进一步说明。",
        "材料中没有价格。",
        "暂无更多信息。",
        "目前没有更多细节。",
        "尚无进一步的消息。",
        "具体细节尚不清楚。",
        "发布时间不明。",
        "训练所用的数据不详。",
        "其价格不得而知。",
        "缺乏更多的技术细节。",
    ],
)
def test_each_wording_of_padding_is_found(sentence: str) -> None:
    """As an error, and in the sentence that has it."""
    (finding,) = padded(sentence)
    assert (finding.check, finding.severity) == ("padding", "error")
    assert finding.found in sentence


@pytest.mark.parametrize(
    "ground",
    [
        "Its authors have not disclosed the training data.",
        "The post gives no details.",
        "Mistral did not say what it costs.",
        "The price is unknown.",
        "It is unclear how it was trained.",
        "Benchmarks are not yet available.",
        "It came without benchmarks.",
        "Commenters miss any information about the data.",
        "The company declined to comment on prices.",
        "They haven't shared the numbers.",
        "Pricing is TBD.",
        "The terms were undisclosed.",
        "The terms are still under wraps.",
    ],
)
@pytest.mark.parametrize("absent", ["训练细节尚未披露。", "没有给出具体数字。", "价格未知。"])
def test_what_the_text_itself_calls_absent_is_news(ground: str, absent: str) -> None:
    """Not disclosed, no details, unclear, without: the sentence may say so."""
    assert padded(absent, f"{EVIDENCE} {ground}") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "目前还没有Windows ARM的预编译包。",
        "该模型不支持视频，也没有图形界面。",
        "它不会保存用户的录音。",
        "攻击者利用未知漏洞。",
        "模型无需说明即可转写。",
        "代码没有说服所有评论者。",
        "网站未经许可就被屏蔽。",
        "还有40个问题未解决。",
        "它能说明自己的推理过程。",
        "作者公布了更多细节。",
        "公司披露了训练数据。",
        "团队提供详细的说明文档。",
        "其中包含模型没有见过的题目。",
        "译文不含原文没有的数字。",
    ],
)
def test_what_a_thing_lacks_is_no_padding(sentence: str) -> None:
    """A negation is a fact where it is about the thing; so is what was disclosed."""
    assert padded(sentence) == []


def test_attention_without_ground_is_a_warning() -> None:
    """Where the text shows any, it may be told."""
    (finding,) = padded("该模型引发广泛关注。")
    assert (finding.severity, finding.found) == ("warning", "引发广泛关注")
    for drawn in ("Commenters praise its speed.", "(Activity: 612)", "It drew much interest."):
        assert padded("该模型引发广泛关注。", f"{EVIDENCE} {drawn}") == []


def test_a_title_is_checked_too() -> None:
    """It is passage 0."""
    made = entry("s01", None).model_copy(
        update={"title": "Mistral发布Voxtral Mini，未透露更多", "summary": FACT}
    )
    found = verify(made, story("s01", text=EVIDENCE))
    assert [(each.check, each.sentence) for each in found] == [("padding", 0)]
