"""What is possible, claimed, expected or approximate is not told as plain fact."""

import pytest

from build import entry, story
from pipeline.records import Entry, Sentence, Story
from pipeline.verify.check import CheckInput
from pipeline.verify.qualifier import check_qualifier

TITLE = "一家公司公布了新的进展"


def told(*sentences: tuple[str, tuple[int, ...]], evidence: str) -> tuple[Entry, Story]:
    """Make an entry of sentences and the lines that they rest on."""
    source = story("s01", text=evidence)
    made = entry("s01", None).model_copy(
        update={
            "title": TITLE,
            "summary": "".join(text for text, _ in sentences),
            "sentences": tuple(Sentence(text=text, lines=lines) for text, lines in sentences),
            "evidence": evidence,
            "mentions": tuple(mention.id for mention in source.mentions),
        }
    )
    return made, source


def lost(*sentences: tuple[str, tuple[int, ...]], evidence: str) -> list[int | None]:
    """Give the sentences that leave a qualifier out."""
    made, source = told(*sentences, evidence=evidence)
    return [problem.sentence for problem in check_qualifier(CheckInput(made, source)).problems]


# English, Chinese that keeps the qualifier, Chinese that does not.
PAIRS = [
    # bounds
    ("It transcribes audio of up to 30 minutes.", "可转写最长30分钟的音频。", "可转写30分钟的音频。"),
    ("The pool serves as many as 5,000 users; up to 8 GPUs share it.", "最多由8个GPU共用。", "由8个GPU共用。"),
    ("Throughput rises by up to 20%.", "吞吐量最高提升20%。", "吞吐量提升20%。"),
    ("The family has models of up to 27B parameters.", "该系列模型最大27B参数。", "该系列模型有27B参数。"),
    ("Acme raised over $1 billion.", "Acme融资超过10亿美元。", "Acme融资10亿美元。"),
    ("Acme opened more than 24,000 accounts.", "Acme开设了24000多个账户。", "Acme开设了24000个账户。"),
    ("It was trained on 100M+ frames.", "用1亿多帧数据训练。", "用1亿帧数据训练。"),
    ("It needs at least 48 GB of memory.", "至少需要48GB内存。", "需要48GB内存。"),
    ("Runs at 45 tokens/s or more.", "每秒生成45个token以上。", "每秒生成45个token。"),
    ("It uses ~15M parameters.", "参数约15M。", "参数为15M。"),
    ("It takes about 45 seconds per image.", "每张图约需45秒。", "每张图需要45秒。"),
    ("Roughly 60% of the tasks are flawed.", "大约60%的题目有缺陷。", "60%的题目有缺陷。"),
    ("Training took nearly 14 hours.", "训练耗时近14小时。", "训练耗时14小时。"),
    ("Almost 300 teams took part.", "近300支队伍参加。", "300支队伍参加。"),
    ("It answers in under 15 ms.", "不到15毫秒即可响应。", "15毫秒即可响应。"),
    ("It holds ≈40 GB of data.", "可存40GB左右的数据。", "可存40GB的数据。"),
    ("At most 4 agents run in parallel.", "至多4个智能体并行。", "4个智能体并行。"),
    ("The run lasted for over 3 hours.", "运行持续3小时以上。", "运行持续3小时。"),
    # what may be
    ("Acme may release Turbo 3 in July.", "Acme可能在7月发布Turbo 3。", "Acme将在7月发布Turbo 3。"),
    ("The flaw might affect 300 servers.", "该漏洞或影响300台服务器。", "该漏洞影响300台服务器。"),
    ("The change could cut costs by 40%.", "这一改动有望使成本降低40%。", "这一改动使成本降低了40%。"),
    ("The model may refuse harmless prompts.", "该模型可能拒绝无害的提示词。", "该模型会拒绝无害的提示词。"),
    ("The drop is likely caused by data contamination.", "下降很可能由数据污染造成。", "下降由数据污染造成。"),
    ("Acme's Turbo 2 appears to be a fine-tune of Qwen3.", "Acme的Turbo 2似乎由Qwen3微调而来。", "Acme的Turbo 2由Qwen3微调而来。"),
    ("The router seems to drop long prompts.", "路由器似乎会丢弃过长的提示词。", "路由器会丢弃过长的提示词。"),
    ("The results suggest that scaling has slowed.", "结果表明，规模扩展已经放缓。", "规模扩展已经放缓，增速下降。"),
    ("Perhaps 12 labs have a copy of the weights.", "也许有12家实验室拥有权重副本。", "有12家实验室拥有权重副本。"),
    ("The outage was probably caused by a bad driver.", "故障大概由驱动错误引起。", "故障由驱动错误引起。"),
    # what is said
    ("Acme is reportedly in talks to raise $900M.", "据报道，Acme正商谈融资9亿美元。", "Acme正商谈融资9亿美元。"),
    ("The lab allegedly copied 16 million chats.", "该实验室据称复制了1600万次对话。", "该实验室复制了1600万次对话。"),
    ("Acme is said to have bought 2,000 GPUs.", "据悉，Acme购买了2000块GPU。", "Acme购买了2000块GPU。"),
    ("Its authors claim fewer errors than Whisper.", "作者称其错误少于Whisper。", "其错误少于Whisper。"),
    ("It reads a 10-hour book in 20 seconds, its author claims.", "作者称它朗读10小时的书只需20秒。", "朗读10小时的书只需20秒。"),
    ("Acme claims that Turbo 2 is 3x faster than Turbo 1.", "Acme宣称Turbo 2比Turbo 1快3倍。", "Turbo 2比Turbo 1快3倍。"),
    ("A thread claims a 42M policy beats humans in 50 tasks.", "一则帖子称，42M的策略在50项任务上胜过人类。", "42M的策略在50项任务上胜过人类。"),
    ("Rumored specs include 96 GB of memory.", "传闻其配备96GB内存。", "它配备96GB内存。"),
    ("Rumor has it that Acme will drop Turbo for Llama 5.", "有传言说，Acme将弃用Turbo，改用Llama 5。", "Acme将弃用Turbo，改用Llama 5。"),
    ("One user says the model reaches 40 tok/s on an M4.", "有用户称，该模型在M4上每秒达40个token。", "该模型在M4上每秒达40个token。"),
    ("Some users report that CI fell from 250 to 38 seconds.", "部分用户反馈，CI耗时由250秒降至38秒。", "CI耗时由250秒降至38秒。"),
    ("Several commenters complain that it loops on 70% of prompts.", "多名评论者抱怨它在70%的提示词上陷入循环。", "它在70%的提示词上陷入循环。"),
    # what is to come
    ("Turbo 3 is expected in July.", "Turbo 3预计7月推出。", "Turbo 3已于7月推出。"),
    ("Acme plans to open 12 data centers.", "Acme计划开设12座数据中心。", "Acme开设了12座数据中心。"),
    ("Acme expects to hire 500 people.", "Acme预计招聘500人。", "Acme招聘了500人。"),
    ("The kernel is slated for the 6.2 GB image.", "该内核拟纳入6.2GB的镜像。", "该内核已纳入6.2GB的镜像。"),
    ("Acme intends to publish the Turbo weights.", "Acme拟公布Turbo的权重。", "Acme公布了Turbo的权重。"),
    # what is early
    ("Acme launched Turbo Studio in public preview.", "Acme推出Turbo Studio公开预览版。", "Acme推出了Turbo Studio。"),
    ("Turbo Studio is available in beta for all plans.", "Turbo Studio测试版已向所有套餐开放。", "Turbo Studio已向所有套餐开放。"),
    ("Acme put out a research preview of Remote Control.", "Acme发布Remote Control研究预览。", "Acme发布Remote Control。"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "kept", "dropped"), PAIRS)
def test_a_qualifier_is_kept_or_missed(english: str, kept: str, dropped: str) -> None:
    """The sentence that tells the qualifier passes, the one that tells it as a fact does not."""
    assert lost((kept, (1,)), evidence=english) == []
    assert lost((dropped, (1,)), evidence=english) == [1]


# English with a word that looks like a qualifier, or one that governs something else.
NONE = [
    ("Acme shipped Turbo 2 in May 2026.", "Acme于2026年5月发布Turbo 2。"),
    ("May 14: Acme ships Turbo 2.", "5月14日，Acme发布Turbo 2。"),
    ("Turbo 2 streams tokens over HTTP to 20 clients.", "Turbo 2通过HTTP向20个客户端流式输出token。"),
    ("RDMA over Thunderbolt 5 joins four Macs.", "借助Thunderbolt 5上的RDMA连接四台Mac。"),
    ("Chats now show a link preview for 3 sites.", "聊天现在为3个网站显示链接卡片。"),
    ("The app adds preview images in the chat.", "该应用在聊天中新增了缩略图。"),
    ("The server checks the JWT claims of 2 issuers.", "服务器检查2个签发方的JWT声明。"),
    ("The gateway validates the claims in each token.", "网关校验每个令牌中的声明字段。"),
    ("A paper about 3 kinds of attention is out.", "一篇关于3种注意力的论文已经发表。"),
    ("The post warns about 40 GB of weights.", "帖子提醒权重有40GB。"),
    ("As expected, Turbo 2 passes all 36 tests.", "Turbo 2通过了全部36项测试。"),
    ("Turbo 2 is faster than expected on 8 GPUs.", "Turbo 2在8块GPU上的速度超出想象。"),
    ("It minimizes the expected loss over 24 environments.", "它在24个环境上最小化损失。"),
    ("The deal runs over five years and covers 6GW.", "协议为期五年，容量6GW。"),
    ("Scores are averaged over 5 seeds.", "成绩取5个种子的平均值。"),
    ("It gained 83 points over GLM-4.6 and ranks 6.", "它比GLM-4.6高83分，排名第6。"),
    ("The library is built around 3 primitives.", "该库以3个原语为核心。"),
    ("Acme lists gpt-4o-preview and Turbo 2 at $5.", "Acme以5美元提供gpt-4o-preview和Turbo 2。"),
    ("GPT-5 preview scores 81.2 on the test.", "GPT-5 preview在测试中得81.2分。"),
    ("Horizon Beta scores 5 of 5.", "Horizon Beta得5分，满分5分。"),
    ("Turbo 2 samples from a beta distribution.", "Turbo 2新增从贝塔分布取样的支持。"),
    ("Acme claimed the top spot on the Arena with Turbo 2.", "Acme凭Turbo 2登上Arena榜首。"),
    ("Acme claims first place on 4 boards.", "Acme在4个榜单上获得第一。"),
    ("We could not reproduce the 81% figure.", "我们没能复现81%的结果。"),
    ("They asked whether it could run on 8 GPUs.", "他们问它在8块GPU上如何运行。"),
    ("Turbo 2 is 3x more likely to call tools.", "Turbo 2调用工具的概率是原来的3倍。"),
    ("The word appears in 40 files.", "这个词出现在40个文件中。"),
    ("Users can export 12 formats.", "用户可以导出12种格式。"),
    ("Prices went up to $20 a month.", "价格涨到每月20美元。"),
    ("The prompt fixes how many layers, from 3 up to 10.", "由提示词指定层数，3到10层。"),
    ("Turbo 2 has 24B parameters. A larger one may follow.", "Turbo 2有24B参数。"),
    ("Turbo 2 costs $5; Acme expects to cut prices by 20%.", "Turbo 2售价5美元。"),
    ("Turbo 2 is out, and Turbo 3 is expected in July.", "Turbo 2已经发布。"),
    ("IBM fell 10% after the launch, suggesting fear.", "发布后IBM下跌10%。"),
    ("Turbo 2 has 40 layers. Users say it is slow.", "Turbo 2共40层。"),
    ("Acme raised $500M, though it may need more.", "Acme融资5亿美元。"),
    ("Acme raised over $500M. Its filing says $500M.", "Acme融资5亿美元。"),
    ("Turbo 2 lives up to 3 promises.", "Turbo 2兑现了3项承诺。"),
    ("Acme was founded around 2019 in Paris.", "Acme于2019年在Paris成立。"),
    ("It beats models above Claude 4.6 in price.", "它的价格高于Claude 4.6。"),
    ("Agents may now hand it docx and csv files.", "智能体现在可传入docx和csv文件。"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "chinese"), NONE)
def test_what_only_looks_like_a_lost_qualifier_is_none(english: str, chinese: str) -> None:
    """Other senses of the words, and qualifiers of what the sentence does not tell."""
    assert lost((chinese, (1,)), evidence=english) == []
