"""What is still to come is not told as done."""

import pytest

from pipeline.verify.tense import find_told_as_done

# English, right Chinese, and the same told as done.
_PLANS = [
    ("Heron 1.0 is to be open‑sourced.", "Heron 1.0将开源。", "Heron 1.0已开源。"),
    ("They plan to publish the fork.", "他们打算公开该分支。", "他们已公开该分支。"),
    ("Lark is developing a hosting service.", "Lark正在开发托管服务。", "Lark已推出托管服务。"),
    ("The weights are coming shortly, open.", "权重即将开放。", "权重已经开放。"),
    (
        "Lark set itself a goal to amass 9,000 GPUs.",
        "Lark目标是拥有9000块GPU。",
        "Lark已拥有9000块GPU。",
    ),
    (
        "Kite introduces Heron and promises open-source weights.",
        "Kite推出Heron，承诺开源权重。",
        "Kite推出Heron，权重已开源。",
    ),
    ("Kite is planning $7.9B in spending.", "Kite计划投入79亿美元。", "Kite已投入79亿美元。"),
    ("The bill has a fair chance of being vetoed.", "法案有可能被否决。", "法案已被否决。"),
    ("Kite is in early talks to acquire Lark.", "Kite正洽购Lark。", "Kite已收购Lark。"),
    ("The weights may be delayed again.", "权重可能再次推迟。", "权重已再次推迟。"),
    ("The release of Heron looms.", "Heron即将发布。", "Heron已经发布。"),
    ("It could be integrated into Heron.", "它可能集成到Heron。", "它已集成到Heron。"),
]


@pytest.mark.parametrize(("english", "right", "wrong"), _PLANS)
def test_a_plan_that_is_told_as_done_is_seen(english: str, right: str, wrong: str) -> None:
    """A verb behind 已 that the lines have as something to come only is named."""
    assert not list(find_told_as_done(english, right))
    assert list(find_told_as_done(english, wrong))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Heron released the model and plans to open-source the data.", "Heron已发布模型。"),
        ("Of 50 pull requests 10 were merged.", "50个PR中已合并10个。"),
        ("The trial ended, and members discussed it.", "试用期已经结束。"),
        ("Kite cut 20 jobs and plans to cut more.", "Kite已裁员20人。"),
        ("The bill passed; a veto is possible.", "法案已获通过。"),
        ("Heron will publish the code.", "Heron已有代码。"),
        ("As promised, Heron open-sourced the model.", "Heron已开源该模型。"),
        ("Many asked for weights, so Heron released them.", "Heron已发布权重。"),
        ("They discussed how the model was open-sourced.", "该模型已开源。"),
        ("You should try the new release.", "新版已发布。"),
        ("It is currently available on the web and coming to phones soon.", "目前已在网页提供。"),
        ("Two models were already launched, more are expected soon.", "已上线两款模型。"),
        ("It is available on the web, with mobile coming soon.", "已在网页提供。"),
        ("Heron is known for its plans to launch.", "Heron已知会推出新品。"),
    ],
)
def test_what_is_done_may_be_told_so(english: str, chinese: str) -> None:
    """One use of the verb that is no plan, or no such verb at all, is enough."""
    assert not list(find_told_as_done(english, chinese))
