"""A title is in the words of a title, and one that says nothing is told from one that does."""

import pytest

from pipeline.translate.title_words import in_title_words, is_no_title, is_poor


@pytest.mark.parametrize(
    ("clause", "title"),
    [
        ("据称据说 X 上的直播演示展示机器人手臂", "据称 X 上的直播演示展示机器人手臂"),
        ("Acme 还推出一个关于运动控制的模型", "Acme推出关于运动控制的模型"),
        ("Acme 正在积极开发混合专家（MoE）训练支持", "Acme 正在开发混合专家训练支持"),
        ("ORCA-JS 是一个能在浏览器中计算的库", "ORCA-JS：能在浏览器中计算的库"),
        ("据称使用 Orca，专家层可以减少内存 45%", "据称 Orca让专家层减少内存 45%"),
        ("刚刚发布的 Orca 2 在排行榜上排名第 17", "Orca 2 在排行榜上排名第 17"),
        ("针对 NVIDIA GPU 优化的 OrcaMoE 内存减少 45%", "OrcaMoE 内存减少 45%"),
        ("Orca 2 在一个月内升至第一", "Orca 2 在一个月内升至第一"),
        ("Acme 推出一个月订阅", "Acme 推出一个月订阅"),
        ("名为 Sky 的语音被替换为 Juniper", "语音 Sky 被替换为 Juniper"),
        ("一个名为 Orca 2 的数据集替代 Whale", "数据集 Orca 2 替代 Whale"),
        ("arXiv 上有一篇新论文介绍 Orca", "新论文提出 Orca"),
        ("据其作者称 Orca 在 15 毫秒内开始说话", "据称 Orca 在 15 毫秒内开始说话"),
    ],
)
def test_a_clause_is_said_in_the_words_of_a_title(clause: str, title: str) -> None:
    """Without what counts one, explains in brackets, or says hearsay twice."""
    assert in_title_words(clause) == title


@pytest.mark.parametrize(
    "title",
    [
        "LangChain 发布集成",
        "OpenReview 发布一封信",
        "Pandora 的 Router 来自 Google DeepMind",
        "DeepMind 的一项论文引起了关注",
        "Reddit 用户声称 33.4% 的 HellaSwag",
        "报告中提到“Theo”称它在测试中胜出",
        "Blackwell 上的 FA2 非常慢",
        "Mercury 2 并行处理许多 token",
        "Chelsea Finn 共享了一个微调结果",
        "Chelsea Finn 分享微调结果",
        "多篇帖子指出 Orca 可能退步",
        "OpenAI 暂停使用",
    ],
)
def test_a_title_that_tells_nothing_is_poor(title: str) -> None:
    """It names no event, or only that somebody wrote of one."""
    assert is_poor(title)


@pytest.mark.parametrize(
    "title",
    [
        "MatX 筹集 5 亿美元",
        "Graphite 加入 Cursor",
        "OpenAI 暂停使用 Sky 语音",
        "阿里巴巴发布 Qwen-Image-Layered",
        "Anthropic 声称三个实验室复制了 Claude",
        "LMArena 排名背后的 Python 包已开源",
        "OpenAI 将 GPT-5.6 Sol 的价格下调超过 20%",
        "Google DeepMind 训练稀疏自编码器和转码器",
        "ORCA-JS：能在浏览器中计算的库",
        "Acme 分享 Orca 2 的训练方法",
        "Ann Roe 介绍 NitroGen",
    ],
)
def test_a_title_that_says_who_did_what_is_none_of_the_poor(title: str) -> None:
    """However short it is."""
    assert not is_poor(title)


@pytest.mark.parametrize(("title", "nobody"), [
    ("观察到速度可达 5.7GB/s", True),
    ("主要软件是 Ubuntu 24.04", True),
    ("测试者指出编译时间过长影响性能", True),
    ("Reddit 帖子宣布", True),
    ("OpenAI 解释", True),
    ("独立测试显示 Orca 3 落后于的 Heron", True),
    ("Orca 3 通常会比要求的更多", True),
    ("GPT-4o 的增强", True),
    ("John Carmack 描述了实验", True),
    ("LangChain 强调了一个基于 Oracle 的中心", True),
    ("Artificial Analysis 报告 Orca 3", True),
    ("Databricks 在峰会上强调整合数据与应用平台", False),
    ("OpenAI 强调 Orca 3 的成本下降 40%", False),
    ("Acme 报告 Orca 3 的成本下降", False),
    ("Acme 下调 Orca 的价格", False),
    ("Orca 3 的用户达到 2000 万", False),
    ("Acme 宣布裁员", False),
    ("Orca 3 优于 Heron 2", False),
    ("Acme 的主要产品是 Orca", False),
])  # fmt: skip
def test_a_title_says_who_did_what_to_its_end(title: str, nobody: bool) -> None:
    """What nobody by name did, and what breaks off, is no title at all."""
    assert is_no_title(title) is nobody
