"""What the lines deny is not affirmed, and what they affirm is not denied."""

import time

import pytest

from build import entry, story
from pipeline.records import Sentence
from pipeline.verify.denial import find_turned_denials
from pipeline.verify.predicates import predicates_in
from pipeline.verify.registry import verify

# English, right Chinese, and its opposite.
_TURNED = [
    (
        "It correlates fields rather than direct measurement.",
        "它靠字段推算，并非直接测量。",
        "它靠直接测量得出。",
    ),
    ("Heron trains on unlabeled video.", "Heron用未标注的视频训练。", "Heron用已标注的视频训练。"),
    ("Heron does not support video.", "Heron不支持视频。", "Heron支持视频。"),
    ("Heron supports video and audio.", "Heron支持视频和音频。", "Heron不支持视频。"),
    ("Heron no longer supports Linux.", "Heron不再支持Linux。", "Heron开始支持Linux。"),
    ("Heron learns without human labels.", "Heron不靠人工标注学习。", "Heron靠人工标注学习。"),
    ("Heron can run on phones.", "Heron可在手机上运行。", "Heron无法在手机上运行。"),
    (
        "It removes a step and supports video.",
        "它去掉一步，并支持视频。",
        "它去掉一步，但不支持视频。",
    ),
    (
        "Tools help the crew instead of replacing it.",
        "工具帮助剧组，而非取代它。",
        "工具取代剧组，而非帮助它。",
    ),
    ("It leads to a loss of accuracy.", "它损失精度。", "它带来明显的精度提升。"),
    ("Kite cut prices of Heron Pro Max.", "Kite下调价格。", "Kite上调Heron Pro Max价格。"),
    ("Heron failed to load the file.", "Heron未能加载该文件。", "Heron已加载该文件。"),
    ("No benchmarks were published yet.", "目前还没有基准成绩。", "基准成绩已经公布。"),
    ("Users report the inability to save files.", "用户称无法保存文件。", "用户称可以保存文件。"),
    ("Plover was absent from the Heron list.", "名单里没有Plover。", "名单里也有Plover。"),
    ("It ships without Heron.", "发货时不含Heron。", "发货时附带Heron。"),
    ("Kite removed the limit.", "Kite取消了限制，删除相关条款。", "Kite增加了相关条款。"),
    ("The agent refused to run the test.", "智能体拒绝运行测试。", "智能体同意运行测试。"),
    ("Heron is unaffected.", "Heron不受影响。", "Heron也受影响。"),
    (
        "The courses are legitimate training material.",
        "课程是正规教材。",
        "课程并非Kite的正规教材。",
    ),
    ("Kite was the first to pass 50%.", "Kite是首个过半的。", "Kite并非首个过半的。"),
    (
        "It uses the design of Heron rather than Lark.",
        "它用Heron的设计，不用Lark。",
        "它用Lark的设计。",
    ),
    ("It drops support for Lark.", "它不再支持Lark。", "它支持Lark。"),
    (
        "Members asked about Lark; Kite clarified that a licence is necessary.",
        "Kite澄清需要许可。",
        "Kite澄清并不需要许可。",
    ),
    ("It beats all cards except the Heron.", "除Heron外，它胜过各卡。", "它胜过Heron等各卡。"),
    ("ARR climbed to $5M from $3M.", "ARR从300万升至500万美元。", "ARR从500万降至300万美元。"),
    ("The API brings a price increase.", "API价格上调。", "API价格下调。"),
    ("Revenue fell to $3M in May.", "营收5月降至300万美元。", "营收5月升至300万美元。"),
    ("Heron cuts latency by half.", "Heron的延迟减半。", "Heron的延迟增加一倍。"),
    (
        "Lark support: Heron aren't focused on robots.",
        "Heron并不专注于机器人。",
        "Heron专注于机器人。",
    ),
    ("Lower latency at higher throughput.", "更高吞吐下延迟更低。", "更低吞吐下延迟更低。"),
    ("Latency is lower and throughput higher.", "延迟更低而吞吐更高。", "延迟更高而吞吐更高。"),
    (
        "The update does not support Lark but supports Heron.",
        "新版支持Heron，不支持Lark。",
        "新版支持Lark。",
    ),
]


@pytest.mark.parametrize(("english", "right", "wrong"), _TURNED)
def test_what_is_turned_round_is_seen(english: str, right: str, wrong: str) -> None:
    """What one text affirms and the other denies is found, and an opposite word as well."""
    assert list(find_turned_denials(english, right)) == []
    assert list(find_turned_denials(english, wrong))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "Kite launched Heron; future versions will be open rather than this first release.",
            "Kite推出Heron，开源的是今后的版本。",
        ),
        ("Kite released a demo of the now-shut-down Heron.", "Kite放出已关停的Heron的演示。"),
        (
            "only makers of closed U.S. models are tested on Heron, while open models are exempt.",
            "只有在Heron上测试的美国闭源模型才要送交，开放模型则获豁免。",
        ),
        (
            "Heron is the top U.S. open-weights release, behind the best closed models.",
            "Heron领先美国开放权重模型，落后于最佳闭源模型。",
        ),
        ("Users ask whether Heron supports video.", "用户想知道Heron是否不支持视频。"),
        ("Heron supports only Linux.", "Heron不支持Windows。"),
        ("Heron may not support video.", "Heron或许支持视频。"),
        ("Heron eliminates rules that were previously required.", "用户不再需要规则。"),
        ("Heron supports text. Lark doesn't support it.", "Lark不支持文本。"),
        ("Heron supports text. Lark doesn't support it.", "Heron支持文本。"),
        ("Not only Heron supports video.", "不仅Heron支持视频。"),
        ("They can end it for no reason with 30 days notice.", "只需提前30天通知就能终止。"),
        ("JSON files do not produce the expected results.", "JSON文件得不到预期结果。"),
        ("Heron is being advertised as censorship free.", "Heron以无审查为卖点。"),
        ("Kite declined the buyout offer.", "Kite拒绝接受收购要约。"),
        ("Heron is quantized post-training, with no training on data.", "Heron只用后训练量化。"),
        ("The Heron paper is not new.", "Heron论文早已发表。"),
        ("The loss does not go below 3.6 after 100 epochs.", "训练100个epoch后损失高于3.6。"),
        ("It used 4 tokens instead of the expected 16.", "它用了4个token，而预期是16个。"),
        ("Check the path rather than only Heron.", "检查路径，而不只看Heron。"),
        ("Not all models of Heron support video.", "并非所有Heron模型都支持视频。"),
        ("It beats all cards except the Heron.", "它在各卡中仅逊于Heron。"),
        ("Revenue of Lark grew in May while costs fell.", "成本下降。"),
        ("Heron lowers costs; Lark raises prices.", "Lark的价格上调。"),
        ("Performance drops below a clock; one saw a RAM boost.", "有人的内存性能提高。"),
        ("Heron is on par with closed models and open-source.", "Heron比肩闭源模型。"),
        ("Heron advances open-weight models and trails.", "Heron整体略逊于闭源模型。"),
        ("The list has IDs plus stubs for excluded files.", "评论者指出它涵盖整个列表。"),
        ("One tester complained while another praised it.", "有评论者抱怨它。"),
        ("Prices rose while costs fell.", "价格上涨而成本下降。"),
        ("Costs fell and prices rose.", "成本下降但价格上涨。"),
        ("Higher cost, lower latency.", "成本更高换来延迟更低。"),
        ("Demand drops when prices rise.", "价格上涨时需求下降。"),
        ("Quality went up with smaller memory.", "以更小内存提升质量。"),
    ],
)
def test_what_goes_both_ways_or_neither_passes(english: str, chinese: str) -> None:
    """What is asked, supposed, said of another name or both ways is no contradiction."""
    assert list(find_turned_denials(english, chinese)) == []


def test_each_thing_of_the_table_is_found_by_its_words_only() -> None:
    """No pattern finds nothing at all, and a row is tried wherever its Chinese may stand."""
    rows = list(predicates_in("涨停支持错误"))
    assert rows
    for row in rows:
        assert not row.in_english().search("")
        assert not row.in_chinese().search("")
    assert [row.english for row in predicates_in("用户卖掉它") if "卖" in row.chinese]
    assert list(predicates_in("，")) == []


def test_a_turned_denial_is_a_warning_at_its_sentence() -> None:
    """It asks for no second try, and names the sentence."""
    told = story("s01", text="Heron does not support video. It costs $3.")
    sentences = (
        Sentence(text="Heron支持视频。", lines=(1,)),
        Sentence(text="售价3美元。", lines=(1,)),
    )
    turned = entry("s01", None).model_copy(
        update={
            "summary": "".join(one.text for one in sentences),
            "sentences": sentences,
            "evidence": told.evidence,
            "mentions": ("m001",),
        }
    )
    found = [one for one in verify(turned, told) if one.check == "denial"]
    assert [(one.severity, one.sentence) for one in found] == [("warning", 1)]


def test_a_word_said_a_thousand_times_takes_no_time() -> None:
    """A page may say anything, and the sentence around each of them is long."""
    began = time.process_time()
    assert list(find_turned_denials("use " * 9_999, "它使用它。")) == []
    assert time.process_time() - began < 1.5


def test_lines_of_any_length_are_compared() -> None:
    """As where a sentence names all lines of a long story."""
    lines = "Heron costs $3. " * 2_000 + "Heron no longer supports Linux."
    assert all(
        "no longer" in one.expected for one in find_turned_denials(lines, "Heron支持Linux。")
    )
    assert list(find_turned_denials(lines, "Heron支持Linux。"))
