"""What is possible, claimed, expected or approximate is not told as plain fact."""

import time

import pytest

from build import entry, story
from pipeline.records import Entry, Sentence, Story
from pipeline.verify.check import CheckInput
from pipeline.verify.qualifier import check_qualifier
from pipeline.verify.registry import verify

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
    ("Acme's tool indexed over 300 files.", "Acme的工具索引了300多个文件。", "Acme的工具索引了300个文件。"),
    ("Over 500 developers of Acme signed.", "Acme的500多名开发者签署。", "Acme的500名开发者签署。"),
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
    ("Acme won 61% of its games over 100 trials.", "Acme在100次试验中胜率为61%。"),
    ("Recall is stable over 4,200 calls.", "召回率在4200次调用中保持稳定。"),
    ("New buyers were told to expect a wait of 48 hours.", "新买家被告知需等待48小时。"),
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
    ("Mistral opened its beta program page at 10 am.", "Mistral在10点开放了申请页面。"),
    ("The May release of vLLM adds 4 kernels.", "vLLM的5月版本新增4个内核。"),
    ("Voice over IP calls are billed at $0.02.", "VoIP通话按0.02美元计费。"),
    ("The vote passed 7 over 2 objections.", "投票以7票通过，2票反对。"),
    ("The agent hands over 3 files to the reviewer.", "智能体把3个文件交给审查者。"),
    ("Over the past 12 months the price halved.", "过去12个月价格减半。"),
    ("It has run over 30 days without a restart.", "它已连续运行30天没有重启。"),
    ("Turn over 2 cards to win.", "翻开2张牌即可获胜。"),
    ("Claims processing at the insurer fell to 3 days.", "该保险公司的理赔时间降至3天。"),
    ("The patent claims cover 5 designs.", "专利权利要求涵盖5种设计。"),
    ("OAuth 2 claims are now signed.", "OAuth 2的声明现在会被签名。"),
    ("Alpha-beta pruning cuts the tree by 60%.", "Alpha-beta剪枝使树缩小60%。"),
    ("Adam uses beta of 0.9.", "Adam使用0.9的beta。"),
    ("gemini-2.5-pro-preview-05-06 leads the board.", "gemini-2.5-pro-preview-05-06居榜首。"),
    ("Gemini 2.5 Pro Preview costs $10.", "Gemini 2.5 Pro Preview售价10美元。"),
    ("The reportedly named file is fine; size is 4 KB.", "大小为4KB。"),
    ("What's up to date: 3 docs pages were rewritten.", "3个文档页面已重写。"),
    ("It is up to you which of 4 modes runs.", "4种模式中运行哪种由用户决定。"),
    ("Bring at least your laptop; 40 seats are set.", "已设置40个座位。"),
    ("Nearly all tests pass; 12 are skipped.", "12项测试被跳过。"),
    ("Tickets went on sale and expected value rose 5%.", "期望值上升5%。"),
    ("The appeal of Rust appears in 3 talks.", "Rust的魅力见于3场演讲。"),
    ("He suggested using 2 GPUs.", "他建议使用2块GPU。"),
    ("The suggested batch size is 32.", "推荐的批大小为32。"),
    ("It works around a bug in CUDA 12.8.", "它绕过了CUDA 12.8中的一个缺陷。"),
    ("The world's largest wheel goes around 4 times.", "它转了4圈。"),
    ("Microsoft reported revenue of $70 billion.", "Microsoft公布营收700亿美元。"),
    ("Users can now pin 5 chats.", "用户现在可以置顶5个对话。"),
    ("Likes passed 10,000 on the demo.", "演示的点赞数突破10000。"),
    ("GitHub Copilot Preview features were removed from 2 plans.", "GitHub Copilot从2个套餐中移除了部分功能。"),
    ("Acme might sue. It has 40 lawyers.", "Acme有40名律师。"),
    ("Acme, which may go public, released Turbo 2 with 8 experts.", "Acme发布了有8个专家的Turbo 2。"),
    ("Acme released Turbo 2 (a larger Turbo 3 is expected in June).", "Acme发布了Turbo 2。"),
    ("Acme released Turbo 2 with 8 experts, and says it may open Turbo 3.", "Acme发布了有8个专家的Turbo 2。"),
    ("Acme released Turbo 2, claiming it is 3x faster than Turbo 1.", "Acme发布了Turbo 2。"),
    ("Users praise Turbo 2, which Acme released with 8 experts.", "Acme发布了有8个专家的Turbo 2。"),
    ("Turbo 2, reportedly trained on 4T tokens, is open under MIT.", "Turbo 2以MIT许可开源。"),
    ("Turbo 2 is open under MIT and supports up to 1M tokens.", "Turbo 2以MIT许可开源。"),
    ("Reddit users report that the MIT-licensed Turbo 2 has 8 experts.", "据Reddit用户，Turbo 2采用MIT许可，有8个专家。"),
    ("If Turbo 2 could run on 8 GB, it would win.", "若能在8GB上运行，Turbo 2会胜出。"),
    ("It could not be trained on 8 GPUs.", "用8块GPU无法训练。"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "chinese"), NONE)
def test_what_only_looks_like_a_lost_qualifier_is_none(english: str, chinese: str) -> None:
    """Other senses of the words, and qualifiers of what the sentence does not tell."""
    assert lost((chinese, (1,)), evidence=english) == []


# Other ways to keep a qualifier.
KEPT = [
    ("Up to 64 agents can share one cache.", "一个缓存最多可供64个智能体共享。"),
    ("Battery life is up to 18 hours.", "续航可达18小时。"),
    ("The window extends up to 1M tokens.", "上下文窗口至多可扩展到100万token。"),
    ("Discounts of up to 75% apply at night.", "夜间折扣高达75%。"),
    ("Files up to 512 MB are accepted.", "可接收不超过512MB的文件。"),
    ("Files up to 512 MB are accepted.", "支持512MB以内的文件。"),
    ("More than 3,000 repositories use it.", "逾3000个代码仓库在使用它。"),
    ("More than 3,000 repositories use it.", "有三千多个代码仓库在使用它。"),
    ("Over 2 million people signed up.", "注册人数突破200万。"),
    ("Over 2 million people signed up.", "已有200余万人注册。"),
    ("At least 12 people were laid off.", "被裁员工不少于12人。"),
    ("At least 12 people were laid off.", "裁员人数在12人以上。"),
    ("It needs 24 GB or more of VRAM.", "需要24GB及以上显存。"),
    ("It costs about $3 per million tokens.", "每百万token价格约为3美元。"),
    ("It costs about $3 per million tokens.", "每百万token约3美元。"),
    ("Roughly half of the prompts fail.", "大约一半的提示词失败。"),
    ("Nearly 90% of the code was written by agents.", "接近90%的代码由智能体编写。"),
    ("Nearly 90% of the code was written by agents.", "将近九成代码由智能体编写。"),
    ("Around 70 startups joined.", "70家左右的初创公司加入。"),
    ("~300 GPUs were used.", "使用了300块上下的GPU。"),
    ("Less than 5% of users noticed.", "不足5%的用户有所察觉。"),
    ("Fewer than 100 seats remain.", "剩余席位不到100个。"),
    ("The bug may corrupt caches on 3 platforms.", "该缺陷或会损坏3个平台上的缓存。"),
    ("Prices might rise by 10% next quarter.", "下季度价格可能上涨10%。"),
    ("The tool could replace Jenkins at small firms.", "在小公司，该工具有潜力取代Jenkins。"),
    ("Sora 3 may never ship, Altman hinted.", "Altman暗示，Sora 3未必会推出。"),
    ("The lawsuit could cost Meta $2 billion.", "该诉讼可能让Meta付出20亿美元。"),
    ("GPT-6 is likely to use sparse attention.", "GPT-6很可能采用稀疏注意力。"),
    ("The leak appears to come from a contractor.", "泄露看来源自一家承包商。"),
    ("It seems that caching was disabled for Opus.", "Opus的缓存似乎被关闭了。"),
    ("The data suggests users prefer shorter answers.", "数据显示用户更喜欢较短的回答。"),
    ("Apple is reportedly testing Gemini for Siri.", "据彭博社报道，苹果正为Siri测试Gemini。"),
    ("Apple is reportedly testing Gemini for Siri.", "有消息称苹果正为Siri测试Gemini。"),
    ("xAI allegedly used 200,000 GPUs.", "xAI被指使用了20万块GPU。"),
    ("The founders claim a 40x speedup.", "创始人声称提速40倍。"),
    ("DeepSeek claims its V4 cost $6 million to train.", "DeepSeek表示，V4的训练成本为600万美元。"),
    ("Rumors suggest a 1T-parameter model.", "坊间传闻有一个1万亿参数的模型。"),
    ("The rumored Grok 5 would have 6T parameters.", "传言中的Grok 5将有6万亿参数。"),
    ("Some users say Opus 4.6 writes worse prose.", "有人说Opus 4.6的文笔变差了。"),
    ("One user claims it solved 12 of 15 puzzles.", "一位网友自述它解出了15道谜题中的12道。"),
    ("Multiple developers report crashes on Windows 11.", "多位开发者反映在Windows 11上会崩溃。"),
    ("Commenters argue the test of 40 questions is flawed.", "评论区认为这40道题的测试有缺陷。"),
    ("Llama 5 is expected in spring.", "Llama 5预期在春季问世。"),
    ("OpenAI plans to spend $100 billion on chips.", "OpenAI拟投入1000亿美元购买芯片。"),
    ("OpenAI plans to spend $100 billion on chips.", "OpenAI将投入1000亿美元购买芯片。"),
    ("Nvidia expects to ship 500 racks this year.", "英伟达有望今年交付500个机架。"),
    ("The feature is in beta for Pro accounts.", "该功能面向Pro账户开放公测。"),
    ("Cursor released an early preview of Composer 2.", "Cursor放出Composer 2的早期预览。"),
    ("Codex Cloud entered private beta.", "Codex Cloud进入内测。"),
    ("Gemini CLI is available in public preview.", "Gemini CLI已开放公开预览。"),
    ("The company says up to 40 percent of tickets are closed by bots, over 2x last year.", "该公司称，机器人最多可关闭40%的工单，是去年的2倍多。"),
    ("A study suggests LLM judges may favor longer answers.", "研究表明，LLM评委可能偏爱更长的回答。"),
    ("Speed can reach up to 300 tok/s.", "速度最快每秒300个token。"),
    ("Latency falls to as low as 80 ms, up to 3x faster.", "延迟低至80毫秒，最多快3倍。"),
    ("Latency is under 200 ms.", "延迟低于200毫秒。"),
    ("Some 400 employees signed the letter.", "约400名员工签署了公开信。"),
    ("The paper reportedly took 3 years.", "据悉该论文耗时3年。"),
    ("It supports up to 10 reference images.", "支持多达10张参考图。"),
    ("It supports up to 10 reference images.", "参考图上限为10张。"),
    ("Anthropic is said to be valued at $350 billion.", "据传Anthropic估值3500亿美元。"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "chinese"), KEPT)
def test_each_way_to_tell_a_qualifier_passes(english: str, chinese: str) -> None:
    """Chinese has many."""
    assert lost((chinese, (1,)), evidence=english) == []


LOST = [
    ("The court may fine Meta up to $2 billion.", "法院将对Meta罚款20亿美元。"),
    ("Gemini 3 reportedly uses a 5T-parameter mixture.", "Gemini 3使用5万亿参数的混合架构。"),
    ("The authors claim that it beats GPT-5 on 9 of 10 tests.", "它在10项测试中的9项上胜过GPT-5。"),
    ("Sources say Apple will drop Gemini.", "苹果将弃用Gemini。"),
    ("According to rumors, Grok 5 has 6T parameters.", "Grok 5有6万亿参数。"),
    ("The model is expected to launch on March 3.", "该模型于3月3日发布。"),
    ("Copilot Studio is in public preview.", "Copilot Studio已经推出。"),
    ("Some users report 30% slower builds with Bun 2.", "Bun 2使构建变慢30%。"),
    ("Bun 2 may slow builds by 30%.", "Bun 2使构建变慢30%。"),
    ("Possibly 5 labs will join.", "5家实验室将加入。"),
    ("The change is believed to affect 40% of calls.", "这一改动影响40%的调用。"),
    ("Probably the largest model yet, it has over 2T parameters.", "它是迄今最大的模型，有2万亿参数。"),
    ("It may be the first open model to pass AIME.", "它是首个通过AIME的开放模型。"),
    ("The chip seems to overheat.", "该芯片会过热。"),
    ("A member claims Kimi K3 beats Opus 4.6.", "Kimi K3胜过Opus 4.6。"),
    ("Kimi K3 supposedly runs on one H100.", "Kimi K3可在一块H100上运行。"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "chinese"), LOST)
def test_a_lost_qualifier_is_found_without_its_pair(english: str, chinese: str) -> None:
    """A rumour, a claim, a plan or a preview that is told as a fact."""
    assert set(lost((chinese, (1,)), evidence=english)) == {1}


TWO_LINES = (
    "Acme released Turbo 2 with 8 experts under MIT.\n"
    "Acme may open Turbo 3 in July, and users report 40 tok/s on an M4."
)


@pytest.mark.parametrize(
    ("sentences", "seen"),
    [
        ([("Acme以MIT许可发布有8个专家的Turbo 2。", (1,))], []),
        ([("Acme以MIT许可发布有8个专家的Turbo 2。", (1, 2))], []),
        ([("Acme将于7月开放Turbo 3。", (2,))], [1]),
        ([("Acme可能于7月开放Turbo 3。", (2,))], []),
        ([("Turbo 2已发布。", (1,)), ("它在M4上每秒生成40个token。", (2,))], [2]),
        ([("Turbo 2已发布。", (1,)), ("有用户称它在M4上每秒生成40个token。", (2,))], []),
        ([("有用户谈到M4上的速度。", (2,)), ("它每秒生成40个token。", (2,))], []),
        ([("有用户谈到MIT许可。", (1,)), ("它每秒生成40个token。", (2,))], [2]),
        ([("Acme将于7月开放Turbo 3，Turbo 2在M4上每秒生成40个token。", (1, 2))], [1]),
    ],
)
def test_a_sentence_answers_for_the_lines_it_names(
    sentences: list[tuple[str, tuple[int, ...]]], seen: list[int]
) -> None:
    """And for what it tells of them; the one before it may have named who says so."""
    assert lost(*sentences, evidence=TWO_LINES) == seen


def test_what_another_line_states_plainly_needs_no_qualifier() -> None:
    """Whatever one line is unsure of."""
    evidence = "Acme reportedly raised over $500M.\nIts filing says that Acme raised $500M."
    assert lost(("Acme融资5亿美元。", (1,)), evidence=evidence) == []
    assert lost(("Acme融资5亿美元。", (1, 2)), evidence=evidence) == []
    assert lost(("Acme融资5亿美元。", (1,)), evidence=evidence.split("\n", maxsplit=1)[0]) == [1, 1]


def test_a_title_is_held_to_claims_but_not_to_bounds() -> None:
    """A headline may round; it may not make a fact of a rumour."""
    evidence = "Acme is rumored to sell over 4,000 racks to Lumen."
    made, source = told(("据传，Acme将向Lumen出售4000多个机架。", (1,)), evidence=evidence)
    for title, seen in (("Acme向Lumen出售4000个机架", [0]), ("传闻Acme向Lumen出售4000个机架", [])):
        data = CheckInput(made.model_copy(update={"title": title}), source)
        assert [problem.sentence for problem in check_qualifier(data).problems] == seen


def test_a_finding_says_which_qualifier_and_how_to_tell_it() -> None:
    """As a warning, for the editor and for the model that mends the entry."""
    made, source = told(
        ("Acme融资10亿美元，用于Turbo 3。", (1,)),
        evidence="Acme reportedly raised more than $1 billion for Turbo 3.",
    )
    found = [each for each in verify(made, source) if each.check == "qualifier"]
    assert [(each.severity, each.sentence, each.expected, each.found) for each in found] == [
        ("warning", 1, "the bound of 'more than $1 billion', such as 超过, 至少", "10亿美元"),
        ("warning", 1, "what 'reportedly' says, such as 据称", "Acme融资10亿美元，用于Turbo 3。"),
    ]


@pytest.mark.parametrize(
    "word", ["may ", "if ", "- ", "claims ", "over 5 ", "users say ", "~5 ", "Acme "]
)
def test_a_qualifier_a_thousand_times_takes_no_time(word: str) -> None:
    """The page was written by strangers."""
    made, source = told(("Acme可能有5个模型。Acme有5。", (1,)), evidence=word * 2000)
    started = time.process_time()
    list(check_qualifier(CheckInput(made, source)).problems)
    assert time.process_time() - started < 3
