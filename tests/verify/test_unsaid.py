"""No sentence says what no word of its lines could stand for."""

import pytest

from build import entry, mention
from pipeline.records import Sentence, Story
from pipeline.verify.registry import verify
from pipeline.verify.unsaid import find_unsaid


@pytest.mark.parametrize(
    ("english", "right", "wrong", "found"),
    [
        ("Heron matches Lark on code.", "Heron的编程能力与Lark相当。", "Heron超越Lark。", "超越"),
        ("Heron and Lark are used for code.", "两者用于编程。", "Heron不如Lark。", "不如"),
        ("Heron beats Lark on code.", "Heron编程优于Lark。", "Heron与Lark旗鼓相当。", "旗鼓相当"),
        ("Kite cut the price of Heron.", "Kite下调Heron价格。", "Kite上调Heron价格。", "上调"),
        ("Kite loosened the licence.", "Kite放宽许可。", "Kite收紧许可。", "收紧"),
        ("Calls go to cheaper models.", "请求发往更便宜的模型。", "请求发往更贵的模型。", "更贵"),
        ("Heron adds a session view.", "Heron新增会话视图。", "Heron取消会话视图。", "取消"),
        ("Kite launched Heron.", "Kite推出Heron。", "Kite弃用Heron。", "弃用"),
        ("Heron is open-source.", "Heron是开源的。", "Heron是闭源的。", "闭源"),
        ("The code was released.", "代码已发布。", "代码未公开。", "未公开"),
        ("Heron is free for a week.", "Heron免费一周。", "Heron为付费产品。", "付费"),
        ("Heron is the first on phones.", "Heron首个登陆手机。", "Heron是唯一的。", "唯一"),
        ("Some say it is slow.", "有人说它慢。", "多数人说它慢。", "多数"),
        ("Heron is out; Lark fell.", "Heron发布，Lark下跌。", "由于Heron发布，Lark下跌。", "由于"),
        ("Kite praised Heron.", "Kite称赞Heron。", "Kite批评Heron。", "批评"),
        ("Heron runs locally.", "Heron在本地运行。", "Heron在云端运行。", "云端"),
        ("Kite bought Lark.", "Kite收购了Lark。", "Kite计划收购Lark。", "计划收购"),
    ],
)
def test_what_nothing_stands_for_is_found(english: str, right: str, wrong: str, found: str) -> None:
    """A word for what the lines do not speak of at all is found."""
    assert list(find_unsaid(right, english)) == []
    assert list(find_unsaid(wrong, english)) == [found]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Heron trails Lark on code.", "Lark的编程能力优于Heron。"),
        ("Heron is on par with Lark.", "Heron与Lark持平。"),
        ("Heron is cheaper than Lark.", "Lark比Heron更贵。"),
        ("The cap went from 20 to 10.", "上限从20下调至10。"),
        ("The preview ends on Friday.", "预览版周五下架。"),
        ("Heron is on the Pro tier only.", "Heron仅供付费用户使用。"),
        ("Kite is in talks to buy Lark.", "Kite拟收购Lark。"),
        ("Kite kept its weights private.", "Kite未公开权重。"),
        ("It is one of a kind.", "它是唯一的。"),
        ("Heron lost 4 points once quantized.", "Heron量化后下降4分。"),
    ],
)
def test_whatever_may_stand_for_a_word_counts(english: str, chinese: str) -> None:
    """Most of these words have many translations."""
    assert list(find_unsaid(chinese, english)) == []


def test_a_sentence_is_compared_with_its_own_lines() -> None:
    """That another line speaks of a rise does not make one of this cut."""
    texts = ("Kite cut the price of Heron.", "Lark raised its price for teams.")
    mentions = tuple(mention(text, name=f"m{number:03}") for number, text in enumerate(texts, 1))
    told = Story(id="s01", mentions=mentions)
    sentences = (
        Sentence(text="Kite上调了Heron的价格。", lines=(1,)),
        Sentence(text="Lark上调了团队版价格。", lines=(2,)),
    )
    draft = entry("s01", None).model_copy(
        update={
            "title": "Kite与Lark调整模型价格",
            "summary": "".join(one.text for one in sentences),
            "sentences": sentences,
            "evidence": told.evidence,
            "mentions": ("m001", "m002"),
        }
    )
    found = [one for one in verify(draft, told) if one.check == "term"]
    assert [(one.found, one.sentence, one.severity) for one in found] == [("上调", 1, "warning")]
