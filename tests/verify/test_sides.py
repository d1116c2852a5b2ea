"""Who does what to whom, and what beats what, is as in the text."""

import pytest

from pipeline.verify.sides import find_exchanged_sides

# English, right Chinese, and the same the other way round.
_SIDES = [
    (
        "Plover said it is moving 4M rows from Heron to Lark.",
        "Plover称正把400万行从Heron迁到Lark。",
        "Plover称正把400万行从Lark迁到Heron。",
    ),
    ("Heron clearly outperformed Lark.", "Heron远胜Lark。", "Lark远胜Heron。"),
    ("Heron is acquiring Lark for cash.", "Heron正以现金收购Lark。", "Lark正以现金收购Heron。"),
    ("Lark was acquired by Heron.", "Lark被Heron收购。", "Heron被Lark收购。"),
    ("Lark was acquired by Heron.", "Heron收购了Lark。", "Lark收购了Heron。"),
    (
        "Heron donated the protocol to the Plover Foundation.",
        "Heron把协议捐赠给Plover基金会。",
        "Plover基金会把协议捐赠给Heron。",
    ),
    (
        "Heron 4 mini is replacing Heron 3.",
        "Heron 4 mini取代Heron 3。",
        "Heron 3取代Heron 4 mini。",
    ),
    ("Lark was beaten by Heron.", "Heron胜过Lark。", "Lark超越Heron。"),
    ("Lark was outperformed by Heron.", "Lark不如Heron。", "Heron不如Lark。"),
    (
        "Lark was replaced with Heron in the editor.",
        "编辑器以Heron取代Lark。",
        "编辑器中Lark取代Heron。",
    ),
    ("Heron is 5 points ahead of Lark.", "Heron比Lark高5分。", "Heron比Lark低5分。"),
    ("Heron scores higher than Lark.", "Heron得分高于Lark。", "Heron得分低于Lark。"),
    (
        "Heron is close to paying Lark $1B.",
        "Heron接近向Lark支付10亿。",
        "Lark接近向Heron支付10亿。",
    ),
    ("Heron beat Lark.", "Lark被Heron超过。", "Heron被Lark超过。"),
    ("Heron sued Lark.", "Heron起诉了Lark。", "Lark起诉了Heron。"),
    ("Google’s 3.6 model outperforms Lark.", "谷歌的3.6模型胜过Lark。", "Lark胜过谷歌的3.6模型。"),
    ("Heron outperforms Lark on math.", "Heron的数学优于Lark。", "Heron的数学不及Lark。"),
    ("Heron is slower than Lark.", "Heron比Lark慢。", "Heron比Lark快。"),
    ("Heron is cheaper than Lark.", "Heron比Lark便宜。", "Heron比Lark还贵。"),
    ("Heron trails Lark.", "Heron不如Lark。", "Lark不如Heron。"),
    ("It needs Heron rather than Lark.", "它要用Heron而不是Lark。", "它要用Lark而不是Heron。"),
    ("Users picked Heron over Lark.", "用户选了Heron而非Lark。", "用户选了Lark而非Heron。"),
    ("They moved from Lark to Heron.", "他们从Lark迁移到Heron。", "他们从Heron迁移到Lark。"),
    (
        "Lark failed, forcing them to switch to Heron.",
        "Lark出了问题，他们只好改用Heron。",
        "Heron出了问题，他们只好改用Lark。",
    ),
]


@pytest.mark.parametrize(("english", "right", "wrong"), _SIDES)
def test_exchanged_sides_are_seen(english: str, right: str, wrong: str) -> None:
    """The object told as the subject is found, and so is the opposite verb."""
    assert not list(find_exchanged_sides(english, right))
    assert list(find_exchanged_sides(english, wrong))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Heron beats Lark on math; Lark beats Heron on code.", "写代码时Lark胜过Heron。"),
        ("Heron beats Lark on math. Lark leads Heron on code.", "写代码时Lark胜过Heron。"),
        ("Heron loses to Lark on math but wins over it on code.", "写代码时Heron胜过Lark。"),
        ("Heron is not better than Lark.", "Heron不如Lark。"),
        ("Heron beats Lark and trails Plover.", "Plover强于Heron。"),
        ("Heron lost its lead to Lark.", "Lark超过Heron。"),
        ("Plover, acquired from Lark by Heron.", "Heron收购Plover。"),
        ("Lark was outperformed by Heron.", "Lark被Heron击败。"),
        ("Heron partnered with Lark.", "Lark收购了Heron。"),
        ("Heron in ChatGPT replaces Lark.", "Heron在ChatGPT中取代Lark。"),
    ],
)
def test_what_a_line_may_support_passes(english: str, chinese: str) -> None:
    """Nothing is said where a line tells it too, or tells of no such verb."""
    assert not list(find_exchanged_sides(english, chinese))
