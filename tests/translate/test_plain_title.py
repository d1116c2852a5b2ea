"""Titles without asking for one: the first clause, and the main clause that is translated alone."""

import pytest

from pipeline.translate.headlines import headlines, main_clause
from pipeline.translate.plain_title import (
    clause_title,
    cut_title,
    first_clause,
    headline_title,
    long_title,
    named_title,
    title_without_means,
    with_name,
)


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("OpenAI 发布了 Orca 2，该模型得分 56.4%。", "OpenAI 发布 Orca 2"),
        ("据报道，Acme 正在开发两个模型，代号为 A1 和 B2。", "据报道Acme 正在开发两个模型"),
        ("在 128k 上下文下，Orca 比 Whale 快 8 倍，且更省内存。", "Orca 比 Whale 快 8 倍"),
        ("一位用户称，Orca 2 需要 64 GB 内存，速度较慢。", "一位用户称Orca 2 需要 64 GB 内存"),
        (
            "一个新的评测榜，Orca Bench 要求智能体解决 300 个任务，没有重叠。",
            "Orca Bench 要求智能体解决 300 个任务",
        ),
        ("Ann Roe 和 Jo Doe 发布了调优建议，来自 Acme。", "Ann Roe 和 Jo Doe 发布调优建议"),
        # The board belongs to the score; a long name has a short form.
        (
            "在 Code Arena 上，Orca 2 比 Orca 1 高 83 分，排名第 1。",
            "Orca 2 在 Code Arena 上比 Orca 1 高 83 分",
        ),
        ("在 Code Arena 上，Orca 2 领先于 Whale，而 Heron 落后。", "Orca 2 领先于 Whale"),
        (
            "Andrew Wagenmaker 推出了 Posterior Behavioral Cloning（PostBC），用于预训练。",
            "Andrew Wagenmaker 推出 PostBC",
        ),
        # Nobody does anything, or nobody knows who.
        ("该模型支持 12 种语言，采用 Apache 2.0 许可。", ""),
        ("它支持 12 种语言。", ""),
        ("一个 300 亿参数的模型，可在手机上运行。", ""),
        ("Orca 2，可在手机上运行。", ""),
        ("Acme 的新开放模型 Orca 2，可在手机上运行。", ""),
        ("一个名为 Orca 2 的新模型，可在手机上运行。", ""),
        ("代码和权重采用 Apache 2.0 许可。", ""),
        ("用 Rust 编写，速度快 2 倍。", ""),
    ],
)
def test_a_title_is_the_first_clause_that_says_who_did_what(sentence: str, title: str) -> None:
    """In the words of a title; that it is hearsay, and who says it, stays."""
    assert clause_title(sentence) == title


def test_a_first_clause_that_is_long_is_the_last_resort() -> None:
    """Where nothing shorter passes it is a title of up to 40 characters."""
    sentence = "阿里巴巴的新模型能把一张平面图片拆分成多个可以分别编辑的透明图层，用户可指定层数。"
    assert clause_title(sentence) == ""
    assert long_title(sentence) == first_clause(sentence)
    assert long_title("阿里巴巴" * 12 + "发布模型。") == ""


@pytest.mark.parametrize(
    ("sentence", "main"),
    [
        ("Acme released Orca 2, which scores 81.5% on MMLU.", "Acme released Orca 2."),
        (
            "Acme opened the model Orca 2 to all developers through its API in May.",
            "Acme opened the model Orca 2 to all developers through its API in May.",
        ),
        (
            (
                "Acme's new model Orca 2 takes one flat picture and returns a stack of many layers "
                "that can be edited."
            ),
            "Acme's new model Orca 2 takes one flat picture.",
        ),
        (
            (
                "Acme released a hook that records each model call and each tool call of Orca 2, "
                "so that teams see what went wrong."
            ),
            "Acme released a hook that records each model call.",
        ),
        (
            "Acme published Orca 2, a suite of tests intended to measure thoughts of models.",
            "Acme published Orca 2.",
        ),
        # What was described stood in what would be cut off.
        ("Jo Doe describes experiments where simulators of Orca transfer poorly to robots.", None),
        # A noun without its verb, and an exclamation.
        ("Acme's new open model, Orca 2, which everybody likes and which nobody has run.", None),
        ("What a day for everybody who has waited for a model of this kind from Acme!", None),
    ],
)
def test_a_sentence_is_cut_to_its_main_clause(sentence: str, main: str | None) -> None:
    """The longest beginning of headline length that is a statement."""
    assert next(headlines("", sentence), None) == main


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        (
            "据说，Acme 将支付 60 亿美元来许可 Orca Labs 的鲸鱼模型开发系统/“Model Factory”以及向 109 名员工提出报价。",
            "据说Acme 将支付 60 亿美元来许可 Orca Labs 的鲸鱼模型开发系统",
        ),
        ("Acme 的 EnvOrca / EnvWhale 通过插件层和策略诊断来重塑静态的环境，提高 9 分。", "Acme 的 EnvOrca 通过插件层和策略诊断来重塑静态的环境"),
        ("据称，Acme Orca 在 25 个公共的 WHALE-BENCH-3 测试环境中解决了所有 183 个关卡。", "据称Acme Orca解决了所有 183 个关卡"),
        ("Acme 发布 Orca 2。", "Acme 发布 Orca 2"),
        ("OpenAI 通过自动化红队测试、强化学习和快速缓解循环来增强其浏览器智能体的提示词注入防护能力和其他能力。", ""),
        ("该模型通过插件层和策略诊断来重塑静态的环境以及其他所有的很多很多的东西和更多的事物。", ""),
    ],
)  # fmt: skip
def test_a_clause_that_is_too_long_is_cut_where_it_goes_on(sentence: str, title: str) -> None:
    """A right sentence is not lost since its first clause has no room; one name of two is enough."""
    assert cut_title(sentence) == title


def test_a_name_with_its_kind_is_the_last_resort() -> None:
    """A noun is a title where nothing else passes; nothing without a subject is."""
    named = named_title("Acme 的新开放模型 Orca 2，可在手机上运行。")
    assert named == "Acme 推出新开放模型 Orca 2"  # whose new thing it is, put it out
    long = "Jim Fan 说，Acme 的语言模型 Orca 2 在并行处理许多 token 的同时还能够做很多别的事情。"
    assert named_title(long) == "Acme 的语言模型 Orca 2"
    assert named_title("Acme 预览版中，每个块有 40 层。") == ""
    assert named_title("代码和权重采用 Apache 2.0 许可。") == ""


def test_what_somebody_says_is_a_headline_too() -> None:
    """After the one that says it, where the whole is too long."""
    said = "Jim Fan says that Acme released Orca 2, which scores 81.5% on MMLU and costs nothing."
    assert "Acme released Orca 2." in list(headlines("", said))


def test_a_headline_that_became_a_definition_is_no_title() -> None:
    """A small model makes `is` of a verb that it does not know."""
    assert headline_title("Orca 2 是一张图片。", "Orca 2 takes one picture.") == ""
    assert headline_title("Orca 2 是一个开放模型。", "Orca 2 is an open model.")


def test_what_came_out_is_told_with_what_it_does() -> None:
    """A short headline is taken whole where its first clause says nothing."""
    said = "Acme released an integration that records each call."
    assert headline_title("Acme 发布了集成，记录每次调用。", said) == "Acme 发布集成，记录每次调用"
    assert headline_title("Acme 发布了 Orca 2，记录每次调用。", said) == "Acme 发布 Orca 2"


def test_a_lead_is_a_headline_where_it_is_a_statement_about_the_same() -> None:
    """A name alone is none, nor is one with an aside or of another thing."""
    sentence = "In a deal of several years, Acme will fit the Instinct series into its halls."
    assert next(headlines("Acme orders new GPUs", sentence)) == "Acme orders new GPUs."
    for lead in ("Acme", "Acme orders GPUs (again)", "Other orders new GPUs"):
        assert f"{lead}." not in list(headlines(lead, sentence))


def test_a_name_that_stands_behind_its_kind_is_the_subject_of_a_headline() -> None:
    """It is shorter than the kind; who says it at the end is left to the title's 据称."""
    text = (
        "Acme's new model for pictures, Orca 2, takes a picture and returns layers, says Ann Roe."
    )
    assert "Orca 2 takes a picture and returns layers." in [*headlines("", text)]
    text = "Acme's new model for pictures and films takes a picture and returns layers."
    assert not any(one.startswith("Orca") for one in headlines("", text))


def test_what_it_is_done_with_stays_where_the_clause_names_nothing() -> None:
    """使用 Orca is all that says what it is about."""
    assert first_clause("使用 Orca，训练可以减少内存 45%，很快。") == "Orca让训练减少内存 45%"
    assert first_clause("使用 Orca，Whale 可以减少内存 45%。") == "Whale 可以减少内存 45%"
    said = first_clause("据作者的论文，使用 Orca，训练可以减少内存 45%，很快。")
    assert said == "据称 Orca让训练减少内存 45%"


@pytest.mark.parametrize(
    ("title", "lead", "expected"),
    [
        (
            "量化库能训练混合专家模型",
            "torchao v0.15.0",
            "torchao v0.15.0：量化库能训练混合专家模型",
        ),
        ("谷歌训练稀疏自编码器", "Gemma Scope 2 opens up", "Gemma Scope 2：谷歌训练稀疏自编码器"),
        (
            "Acme 让会话在手机上继续",
            "Claude Code Remote Control",
            "Claude Code：Acme 让会话在手机上继续",
        ),
        ("LangChain 发布一个集成", "LangSmith sees Codex", "LangSmith：LangChain 发布一个集成"),
    ],
)
def test_a_title_without_the_name_of_its_lead_is_given_it(
    title: str, lead: str, expected: str
) -> None:
    """A reader sees what the entry is about."""
    assert with_name(title, lead) == expected


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("OpenAI 停用一项基准测试", "OpenAI drops SWE-bench"),
        ("团队发布新的基准测试", "Four Mac Studios, one model"),
        ("团队发布新的技能", "Skills in Codex"),
        ("公司降价", "NovaTech's new prices"),
        ("模型增加音频", "Runner’s GWM-1 and Gen-4.5"),
        ("公司允许开发者在手机上继续本地会话并查看结果", "NovaTech-Workbench Remote Control 2026"),
        ("社区列出十个模型", "Open-source models"),
        ("Orca 2 能读图", "HeronGemma (270M) + Orca 2 (encoder)"),
        ("OpenRouter 宣布新的助手", "SmolAgents, DSPy Skills, and OpenRouter SDKs"),
        ("Yi 1.5 发布长上下文版本", "Yi-1.5 models with longer context"),
    ],
)
def test_a_title_that_has_the_name_or_no_room_for_it_stays(title: str, lead: str) -> None:
    """Words that begin a lead and are no name are not put before a title."""
    assert with_name(title, lead) == title


def test_what_is_done_is_a_title_without_what_it_is_done_with() -> None:
    """Where the clause says both and is too long."""
    long = "Acme 通过自动化红队测试、强化学习和快速缓解循环来增强 Orca 2 的提示词注入防护。"
    assert title_without_means(long) == "Acme 增强 Orca 2 的提示词注入防护"
    assert title_without_means("Acme 增强 Orca 2 的防护。") == ""


def test_a_headline_with_a_figure_comes_first() -> None:
    """Of two things that are done, the one that has one, with its noun."""
    english = (
        "Acme's model for text, Orca 2, refines many tokens in parallel and writes about 1,000 of"
        " them each second, says Ann Roe."
    )
    assert next(headlines("", english)) == "Orca 2 writes about 1,000 tokens each second."
    english = "Orca 2 refines 12 tokens in parallel and writes about 1,000 of them each second."
    assert not any(one.startswith("Orca 2 writes") for one in headlines("", english))


def test_what_somebody_describes_is_the_headline() -> None:
    """Not that it was described."""
    english = "Ann Roe describes experiments where Orca 2 loses 40% of its score on real cameras."
    assert next(headlines("", english)) == "Orca 2 loses 40% of its score on real cameras."


def test_an_aside_of_a_title_goes() -> None:
    """What stands between two halves of a name's words is for the sentence."""
    said = "谷歌发布了一本关于上下文工程——会话、内存和检索的实践白皮书。"
    assert long_title(said) == "谷歌发布一本关于上下文工程的实践白皮书"


def test_no_clause_is_cut_before_its_noun() -> None:
    """`a large-scale` wants more after it."""
    english = (
        "Acme says it detected and disrupted a large-scale, minimally supervised campaign of 30"
        " accounts that it attributes to a group of Orca."
    )
    assert "large-scale." not in main_clause(english, longest=150)
