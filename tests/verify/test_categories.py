"""Words of a category and places: what the English has another one of, and what it has not."""

import pytest

from pipeline.verify.categories import (
    find_exchanged_kinds,
    find_exchanged_words,
    find_unsaid_words,
)
from pipeline.verify.names import unsupported_names


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "Acme raised a Series B led by Heron on Thursday; it closed its Series A last year.",
            "Acme周四完成B轮融资，由Heron领投；去年完成A轮。",
        ),
        ("The Series A and B investors joined the Series C.", "A轮与B轮投资方参与C轮。"),
        (
            "Acme announced a $20M A round a year after its seed round.",
            "Acme宣布2000万美元A轮融资，距种子轮一年。",
        ),
        (
            "Acme had net losses in 2025 and expects to be profitable by 2027.",
            "Acme 2025年亏损，预计2027年盈利。",
        ),
        ("Acme is profitable on $100M in revenue.", "Acme营收1亿美元，已经盈利。"),
        ("Acme burns cash; revenue hit $2B.", "Acme仍在亏损，营收20亿美元。"),
        (
            "Revenue rose 62% from a year earlier and 22% from the previous quarter.",
            "营收同比增长62%，环比增长22%。",
        ),
        ("Revenue grew 20% QoQ and 80% YoY.", "营收环比增长20%，同比增长80%。"),
        (
            "Heron led the round, with participation from Kite and existing investors.",
            "Heron领投，Kite和老股东跟投。",
        ),
        (
            "Acme will ship Heron 3 this Thursday, after a delay last week.",
            "Acme本周四推出Heron 3，上周曾推迟。",
        ),
        (
            "Starting next Monday, the limits reset every week; on Tuesday they double.",
            "下周一起限额每周重置，周二翻倍。",
        ),
        ("Users get three resets each week, said Acme on Monday.", "Acme周一称用户每周三次重置。"),
        (
            "Acme said on Friday that weekly releases, one a week, will stop.",
            "Acme周五称将停止每周一版的发布。",
        ),
        ("Heron launches tomorrow; the demo was shown today.", "Heron明天上线，今天展示了演示。"),
        ("Heron was out yesterday, and the price drops tomorrow.", "Heron昨天发布，明天降价。"),
        (
            "The paper was posted two days ago; next week the code follows.",
            "论文上周发布，代码下周放出。",
        ),
        (
            "Heron arrives this fall, and a smaller one next spring.",
            "Heron今秋推出，较小的版本明年春季推出。",
        ),
        (
            "The event takes place on Aug 3 this summer at 9am PT.",
            "活动于8月3日太平洋时间上午9点举行，今夏仅此一场。",
        ),
        (
            "By the end of 2026 Acme wants 10 plants; early this year it had two.",
            "Acme计划到2026年底建10座工厂，年初为两座。",
        ),
        (
            "Acme is in talks to raise $2B; it closed a round of $500M in May.",
            "Acme正洽谈融资20亿美元，5月完成5亿美元融资。",
        ),
        (
            "Acme is in talks to buy Heron; the deal should close in June.",
            "Acme洽谈收购Heron，预计6月完成收购。",
        ),
        (
            "Acme rejected Kite's bid but accepted Heron's offer.",
            "Acme拒绝Kite的收购要约，接受了Heron的要约。",
        ),
        ("Acme declined a $2B offer from Kite.", "Acme拒绝接受Kite 20亿美元的收购要约。"),
        (
            "It is available to select developers; all users get it in May.",
            "该功能向部分开发者开放，5月向所有用户开放。",
        ),
        ("Join at 9am PT / 12pm ET on Wednesday.", "周三太平洋时间9点、美东时间12点参加。"),
        (
            "Acme's loss narrowed to $3M while revenue doubled.",
            "Acme净亏损收窄至300万美元，营收翻倍。",
        ),
        (
            "Acme's training loss falls early and validation loss late; it is profitable.",
            "Acme已盈利，训练损失初期下降。",
        ),
        (
            "This week three models came out; the last one on Saturday.",
            "本周三款模型发布，最后一款在周六。",
        ),
        ("Today Acme cut prices; they take effect Monday.", "Acme今日降价，周一生效。"),
        (
            "Acme IPO: it filed for an IPO last month, having raised $2B in its Series E.",
            "Acme上月提交IPO申请，此前完成20亿美元E轮融资。",
        ),
        ("The call is on Sun, Dec 7 and again on Wed 10.", "会议在周日（12月7日）和周三举行。"),
        (
            "Heron is out in preview; a stable release comes mid-2026, the hardware late 2026.",
            "Heron预览版发布，稳定版2026年中推出，硬件2026年底推出。",
        ),
        ("Acme will release it at the end of the year.", "Acme将于年末发布。"),
        ("The valuation is $3B pre-money, $3.5B post-money.", "投前估值30亿美元，投后35亿美元。"),
        (
            "Winter is coming for startups, but next spring looks better.",
            "初创公司的寒冬将至，但明年春天会更好。",
        ),
        ("Revenue in the last quarter rose 30% YoY.", "上季度营收同比增长30%。"),
        ("Month-over-month usage is up 12% and YoY up 3x.", "用量环比增长12%，同比增至3倍。"),
        ("Acme made $2M in profit; in 2024 it had a net loss.", "Acme盈利200万美元，2024年亏损。"),
        ("Acme isn't profitable, revenue is flat.", "Acme尚未盈利，营收持平。"),
    ],
)
def test_a_word_that_the_english_may_mean_is_not_exchanged(english: str, chinese: str) -> None:
    """Whatever it may stand for counts, beside words of its category."""
    assert list(find_exchanged_words(chinese, english)) == []


@pytest.mark.parametrize(
    ("english", "chinese", "found", "expected"),
    [
        ("Acme raised a Series B led by Heron.", "Acme完成A轮融资。", "A轮", "B轮"),
        ("Acme closed a seed round of $3M.", "Acme完成300万美元A轮融资。", "A轮", "种子轮"),
        ("The call is on Wednesday.", "会议在周四举行。", "周四", "周三"),
        ("Acme is valued at $3B pre-money.", "Acme投后估值30亿美元。", "投后", "投前"),
        ("Revenue rose 20% QoQ.", "营收同比增长20%。", "同比增长20", "环比"),
        ("Heron ships next fall.", "Heron明年夏季发货。", "明年夏", "秋季"),
        ("Join tomorrow at 9am ET.", "太平洋时间明天上午9点参加。", "太平洋时间", "美国东部时间"),
        ("Join tomorrow at 9am ET.", "美东时间今天上午9点参加。", "今天", "明天"),
        ("Acme's net loss was $3M.", "Acme净利润300万美元。", "净利润", "亏损"),
        ("Revenue was $3M in May.", "5月净利润300万美元。", "净利润", "营收"),
        (
            "Acme is in early talks to raise $2B.",
            "Acme已完成20亿美元融资。",
            "完成20亿美元融资",
            "洽谈",
        ),
        ("It ships at the end of 2026.", "2026年初发货。", "年初", "年底"),
        ("Acme released it this week.", "Acme上周发布。", "上周", "本周"),
        ("Kite led the Series B.", "Kite跟投B轮。", "跟投", "领投"),
    ],
)
def test_another_word_of_the_category_is_found(
    english: str, chinese: str, found: str, expected: str
) -> None:
    """The English has another one of its kind, and nothing that this one may stand for."""
    exchanged = [(one.found, one.expected) for one in find_exchanged_words(chinese, english)]
    assert (found, expected) in exchanged


def test_a_category_that_the_english_has_not_is_left_alone() -> None:
    """A weekday from a date, or a season from a month, may be right."""
    assert list(find_exchanged_words("周四太平洋时间", "It ships on Dec 4.")) == []


@pytest.mark.parametrize(
    ("chinese", "evidence"),
    [
        ("沙特", "Riyadh wants chips."),
        ("英国", "An office in London."),
        ("美国商务部", "The Commerce Department."),
        ("美国东部时间", "At 3pm ET."),
        ("其中国内的模型", "Among them the domestic ones."),
        ("撒哈拉以南非洲", "Sub-Saharan languages."),
        ("印度尼西亚", "Users in Jakarta."),
        ("今日本地部署", "Deployed locally today."),
        ("中国科学院", "By CAS."),
    ],
)
def test_a_place_may_stand_in_the_text_as_its_town_or_its_ministry(
    chinese: str, evidence: str
) -> None:
    """What a Chinese name may stand for is wide, and a word that holds one by chance is none."""
    assert unsupported_names(chinese, evidence) == ()


@pytest.mark.parametrize(
    ("chinese", "evidence"),
    [
        ("沙特", "Chips for the UAE."),
        ("英国", "The EU and the US."),
        ("印度", "Users in Jakarta, Indonesia."),
        ("美国", "A USB stick."),
        ("白宫", "The European Commission."),
        ("黑石", "BlackRock led it."),
    ],
)
def test_a_place_that_the_text_has_not_is_found(chinese: str, evidence: str) -> None:
    """A country, a ministry and an investor come from the text."""
    assert [one.found for one in unsupported_names(f"据{chinese}称", evidence)] == [chinese]


@pytest.mark.parametrize(
    ("english", "right", "wrong", "found"),
    [
        ("Heron is a dense 7B model.", "Heron是稠密模型。", "Heron是混合专家模型。", "混合专家"),
        ("Heron reads text/image/video.", "Heron可读视频。", "Heron可读音频。", "音频"),
        ("The meetup is in-person.", "活动在线下举行。", "活动在线上举行。", "线上"),
        ("It covers 40+ languages.", "它涵盖40多种语言。", "它涵盖40多种编程语言。", "编程语言"),
        ("It is for non-commercial use.", "它仅限非商用。", "它可以商用。", "商用"),
        ("Heron came in #2 of 9.", "Heron名列第二。", "Heron登顶。", "登顶"),
        ("A used 3090 is enough.", "一张二手3090就够。", "一张全新3090就够。", "全新"),
        ("An agent visits it.", "智能体访问它。", "代理服务器访问它。", "代理服务器"),
        ("Heron is open-weight.", "Heron开放权重。", "Heron已开源。", "开源"),
        ("It solves NP-hard tasks.", "它解NP难任务。", "它解NP完全任务。", "NP完全"),
        ("It needs 64GB of system RAM.", "需要64GB内存。", "需要64GB显存。", "显存"),
    ],
)
def test_another_kind_is_found(english: str, right: str, wrong: str, found: str) -> None:
    """A kind, a place or a certainty that the English does not have is found."""
    assert list(find_exchanged_kinds(right, english)) == []
    assert found in [one.found for one in find_exchanged_kinds(wrong, english)]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Some say that every workload runs on Heron.", "所有负载都用Heron。"),
        ("It is rumoured and now confirmed.", "消息已获证实。"),
        ("Top 5 models: Heron leads.", "Heron居首。"),
        ("Lark speaks text and images to video and music.", "Lark支持音频。"),
    ],
)
def test_another_kind_that_the_english_may_mean_passes(english: str, chinese: str) -> None:
    """Whatever it may stand for counts."""
    assert list(find_exchanged_kinds(chinese, english)) == []


@pytest.mark.parametrize(
    ("english", "right", "wrong", "found"),
    [
        ("Some workloads run on Heron.", "部分负载用Heron。", "全部负载用Heron。", "全部"),
        ("Heron opens to paid users.", "Heron向付费用户开放。", "Heron向所有用户开放。", "所有"),
        ("Users suspect a bug.", "用户怀疑有bug。", "用户证实有bug。", "证实"),
        ("A post argues it is slow.", "一篇帖子认为它慢。", "数据证明它慢。", "数据证明"),
        ("Kite open-sources the spec.", "Kite开源规范。", "Kite打算开源规范。", "打算"),
        ("Kite is adopting it.", "Kite正在采用它。", "Kite计划明年采用它。", "计划明年"),
    ],
)
def test_all_proved_and_planned_need_a_word_of_the_text(
    english: str, right: str, wrong: str, found: str
) -> None:
    """A word for all, proof or a plan is found where the English has none of any kind."""
    assert list(find_unsaid_words(right, english)) == []
    assert list(find_unsaid_words(wrong, english)) == [found]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("8/8 models found it.", "8个模型全部找出。"),
        ("Compute runs wherever GPUs are.", "计算可在任何有GPU的地方运行。"),
        ("A multi-replica ownership model.", "多副本所有权模型。"),
        ("The weights are open.", "权重开放，任何人都可下载。"),
        ("It was reproduced by two labs.", "两个实验室证实了它。"),
        ("Kite wants to open it.", "Kite打算开放它。"),
        ("Kite has yet to open it.", "Kite打算日后开放它。"),
    ],
)
def test_all_proved_and_planned_may_be_said_in_many_words(english: str, chinese: str) -> None:
    """Whatever in the English may stand for the word counts."""
    assert list(find_unsaid_words(chinese, english)) == []
