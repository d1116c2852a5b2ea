"""What a good editor writes passes every check, and its wrong neighbour is found."""

import pytest

from eval.known import KnownAnswer, findings_on
from pipeline.chinese.glossary import load_glossary
from pipeline.records import Finding, Sentence

TERMS = load_glossary()
TITLE = "社区讨论模型与工具的最新进展"

# English, Chinese that is right, Chinese that is wrong beside it.
ACCOUNTS = [
    (
        "@ericschmidt warned that it may come soon.",
        "Schmidt警告可能很快到来。",
        "Smith警告可能很快到来。",
    ),
    ("@jeremyphoward posted a guide.", "Jeremy Howard发布指南。", "Jeremy Hoard发布指南。"),
    ("@fchollet posted a guide.", "Chollet发布指南。", "Cholle发布指南。"),
    ("@nvidia posted a guide.", "NVIDIA发布指南。", "Vidia发布指南。"),
]
NUMBERS = [
    ("The new kernel is 10–50x faster.", "新内核快10–50倍。", "新内核快了10–50次。"),
    ("The job runs 10–50x per day.", "该任务每天运行10–50次。", "该任务每天运行10–60次。"),
    ("The robot walked 70 m in the test.", "机器人走了70米。", "机器人走了7000万步。"),
    ("A 1.5 m tall robot carries boxes.", "1.5米高的机器人会搬箱子。", "15米高的机器人会搬箱子。"),
    ("It ran for 70m on one GPU.", "它在单GPU上运行了70分钟。", "它在单GPU上运行了70小时。"),
    ("The app has 70m users.", "该应用有7000万用户。", "该应用有70米用户。"),
    ("It has a 1-2m long context.", "它有100万至200万的长上下文。", "它有100万至300万的长上下文。"),
    ("We made 5m high-quality images.", "制作了500万张优质图片。", "制作了500张优质图片。"),
    (
        "The lab spent 70m on computing.",
        "该实验室花费7000万用于计算。",
        "该实验室花费7000用于计算。",
    ),
    ("It made 2 million round trips.", "它完成了200万次往返。", "它融资200万美元。"),
    ("It has 3 million seed tasks.", "它有300万个种子任务。", "它获得300万美元种子资金。"),
    (
        "The lab got a 3 million seed round.",
        "该实验室种子轮融资300万美元。",
        "该实验室种子轮融资300万欧元。",
    ),
    ("Downloads jumped to 5m.", "下载量升至500万。", "下载量升至500。"),
    ("Its sequence length is 1m.", "其序列长度为100万。", "其序列长度为100。"),
    ("It took a random 1m subset.", "它随机取了100万的子集。", "它随机取了100的子集。"),
    ("A context length of 1M is supported.", "支持100万上下文。", "支持1米上下文。"),
    (
        "Passing tests went from 24 to 35 / 87.",
        "通过率由24/87升至35/87。",
        "通过率由24/78升至35/87。",
    ),
    ("It solved 35 / 87 problems.", "解出35/87道题。", "解出35/78道题。"),
]
ENGLISH = [
    ("The llama runner process ended.", "llama runner进程结束。", "llama models进程结束。"),
    ("The nccl watchdog timed out.", "nccl watchdog超时。", "训练watchdog的model router超时。"),
    ("Podman runs rootless containers.", "Podman以rootless方式运行容器。", "Podman以wonderless方式运行容器。"),
    ("The kernels library loads code handlers.", "kernels库可加载代码。", "handlers库可加载代码。"),
    ("The swizzling of tiles is new.", "瓦片的swizzling是新的。", "瓦片的tilings是新的。"),
    ("Set effort to 'high' for it.", "可将effort设为high。", "可将effort设为low。"),
    ('It has an "agent" mode now.', "新增agent模式。", "新增agent这种模式的功能。"),
    ("It took 412 commits and closes over 200 issues.", "含412次提交，关闭逾200个issue。", "含412次提交，关闭逾300个issue。"),
]  # fmt: skip
GLOSSES = [
    (
        "It hired a Data Protection Officer (DPO) after the fine.",
        "它被罚后聘请了数据保护官（DPO）。",
        "它被罚后聘请了经纪人（DOP）。",
    ),
    (
        "The MoE (Ministry of Education) wrote rules.",
        "教育部（MoE）制定规则。",
        "国防部（MoD）制定规则。",
    ),
]
MORE = [
    (
        "LMArena's valuation is at 600M after a recent 100M funding round.",
        "LMArena完成1亿美元融资后，估值达到6亿美元。",
        "LMArena完成1亿美元融资后，估值达到6亿欧元。",
    ),
    (
        "11x AI raised 24 million in Series A funding.",
        "11x AI完成2400万美元A轮融资。",
        "11x AI完成2400万英镑A轮融资。",
    ),
    (
        "VS Code ignores subsequent 401s from the server.",
        "VS Code会忽略服务器后续返回的401。",
        "VS Code会忽略服务器后续返回的403。",
    ),
    (
        "It was compared to OpenAI Five's success in Dota 2.",
        "有人将其与OpenAI Five在Dota 2上的成功相比。",
        "有人将其与OpenAI Six在Dota 2上的成功相比。",
    ),
    (
        "EXO scales: 2× M3 Ultra → one model at 14 tok/s; 4× → two models at 28 tok/s.",
        "两台M3 Ultra跑一个模型为每秒14个token，四台跑两个模型为28个。",
        "两台M3 Ultra跑一个模型为每秒14个token，五台跑两个模型为28个。",
    ),
    (
        "Models of ≤20B‑active‑param improved ~3.1×.",
        "激活不超过200亿参数的模型提升到约3.1倍。",
        "激活不超过20亿参数的模型提升到约3.1倍。",
    ),
    (
        "In /r/LocalLLaMA, a user trained a 300M model.",
        "一名Reddit用户训练了300M参数的模型。",
        "一名Discord用户训练了300M参数的模型。",
    ),
    (
        "GPT-5.2 and 5.1 share a tokenizer, while 4o uses another.",
        "GPT-5.2与GPT-5.1共用分词器，GPT-4o用另一种。",
        "GPT-5.2与GPT-5.1共用分词器，GPT-4用另一种。",
    ),
    (
        "A user says GPT-4.1 mini is behind 2.0 flash.",
        "有用户称GPT-4.1 mini不如Gemini 2.0 Flash。",
        "有用户称GPT-4.1 mini不如Gemini 2.5 Flash。",
    ),
    (
        "Files are not added to /mnt/data for it.",
        "文件没有放入/mnt/data。",
        "文件没有放入/home/data。",
    ),
    (
        "The paper-discussion channel reads a book.",
        "paper-discussion频道开始读一本书。",
        "book-discussion频道开始读一本书。",
    ),
    (
        "Use the base version of Llama-3 first.",
        "先用Llama-3的base版本。",
        "先用Llama-3的latest版本。",
    ),
    (
        "Pplx has 115k real queries over 30M docs.",
        "含11.5万条真实查询，覆盖3000万份文档。",
        "含11.5万条真实查询，覆盖3亿份文档。",
    ),
    (
        "Acme may overtake Nvidia with 8 chips.",
        "Acme或凭8款芯片撼动英伟达。",
        "Acme凭8款芯片撼动英伟达。",
    ),
    (
        "Acme may overtake Nvidia with 8 chips.",
        "Acme的8款芯片或撼动英伟达。",
        "Acme的8款芯片撼动英伟达。",
    ),
    (
        "A user says GPT-4.1 mini is behind 3.5 haiku, and that Claude Sonnet 4 is new.",
        "有用户称GPT-4.1 mini不如Claude 3.5 Haiku。",
        "有用户称GPT-4.1 mini不如Claude 4.5 Haiku。",
    ),
    (
        "Claude Opus 4.5 beats Claude 3.5 Haiku.",
        "Claude Opus 4.5胜过Claude 3.5 Haiku。",
        "Claude Opus 3.5胜过Claude 4.5 Haiku。",
    ),
    (
        "Nova 4.1 mini is cheap and GPT is not.",
        "Nova 4.1 mini便宜，GPT则不然。",
        "GPT 4.1 mini便宜，Nova则不然。",
    ),
    (
        "It took 401s to load.",
        "加载花了401秒。",
        "加载花了401分钟。",
    ),
    (
        "The deal was valued at 600M.",
        "该交易估值6亿美元。",
        "该交易估值6亿人民币。",
    ),
    (
        "A user saw a \"pathspec '417ea027' did not match any file(s) known to git\" error.",
        "有用户反映报错“pathspec '417ea027' did not match any file(s) known to git”。",
        "有用户反映报错“pathspec '417ea027' did not match a file that is known to git”。",
    ),
    (
        "The Heron model is faster, and OpenPencil has .fig file support.",
        "OpenPencil支持.fig文件。",
        "OpenPencil支持.settings文件。",
    ),
    (
        "It deploys 500 'tinyboxes' with new cards.",
        "部署500台装有新显卡的tinybox。",
        "部署500台装有新显卡的tinycube。",
    ),
    (
        "It cuts memory by 75% with <0.1% accuracy loss.",
        "它把内存减少75%，准确率损失不到0.1%。",
        "它把内存减少75%，准确率提升不到0.1%。",
    ),
    (
        "Suno songs may be up to 8 minutes long.",
        "Suno的歌曲最长8分钟。",
        "Suno的歌曲最长9分钟。",
    ),
    (
        "Try the instruct version or base version of Llama-3.",
        "可试用Llama-3的instruct或base版。",
        "可试用Llama-3的instruct或tuned版。",
    ),
    (
        "The same input maps to about 1.0–1.35× the tokens.",
        "同一输入约对应1.0至1.35倍的token。",
        "同一输入约对应1.0至1.45倍的token。",
    ),
    (
        "A user with a Ryzen 5 5500, 32GB RAM and an RX 7600 ran it.",
        "有用户用Ryzen 5 5500、32GB内存和RX 7600运行它。",
        "有用户用Ryzen 5 5600、32GB内存和RX 7600运行它。",
    ),
    (
        "300 agents run on a MacBook M1 Max 64G.",
        "300个智能体在64G内存的MacBook M1 Max上运行。",
        "300个智能体在32G内存的MacBook M1 Max上运行。",
    ),
    (
        "A user said P40s were worth it when you could get 4 of them.",
        "有用户称，能买到4块P40时值得买。",
        "有用户称，能买到5块P40时值得买。",
    ),
    (
        "After the update llm prints Error: module 'openai' has no attribute 'Chat' here.",
        "更新后llm报错“module 'openai' has no attribute 'Chat'”。",
        "更新后llm报错“module 'openai' has no method named 'Chat'”。",
    ),
]
EVERY = [*MORE, *ACCOUNTS, *NUMBERS, *ENGLISH, *GLOSSES]


def findings(english: str, chinese: str, title: str = TITLE) -> list[Finding]:
    """Check one sentence that rests on one line."""
    answer = KnownAnswer(
        kind="pair",
        lines=(english,),
        title=title,
        sentences=(Sentence(text=chinese, lines=(1,)),),
    )
    return [found for found in findings_on(answer, TERMS) if found.check != "length"]


@pytest.mark.parametrize(("english", "right", "wrong"), EVERY)
def test_a_right_sentence_passes_and_a_wrong_one_is_found(
    english: str, right: str, wrong: str
) -> None:
    """Neither has an error or a warning for what the other one is."""
    assert findings(english, right) == []
    assert findings(english, wrong)


def test_an_abbreviation_has_its_own_meaning_unless_the_text_gives_another() -> None:
    """DPO is no officer where a text trains with it."""
    for english in ("It was trained with DPO.", "Direct Preference Optimization (DPO) is used."):
        assert [one.check for one in findings(english, "它用数据保护官训练。")] == ["term"]


def test_an_abbreviation_ends_no_sentence() -> None:
    """What may be holds for all of the sentence, also behind `v.` and `N.D. Cal.`."""
    for court in ("Doe v. Acme Corp.", "the N.D. Cal. Judge Roe", "Roe et al. Heron"):
        english = f"It may settle {court} for $40M."
        assert findings(english, "它可能以4000万美元和解。") == []
        assert [one.check for one in findings(english, "它以4000万美元和解。")] == ["qualifier"]


def test_a_title_that_tells_no_claim_loses_no_qualifier() -> None:
    """It says what is talked about, or who says it; a claim in it is another thing."""
    english = "A commenter points to a Heron flow that reportedly ran on Gulls chips."
    chinese = "有评论者提到，据称Heron流程曾在Gulls芯片上运行。"
    assert findings(english, chinese, title="Heron与Gulls芯片受关注") == []
    assert findings(english, chinese, title="用户提及Heron与Gulls芯片") == []
    assert findings(english, chinese, title="Heron已在Gulls芯片上运行") != []


def test_a_title_that_names_users_is_enough_for_one_sentence() -> None:
    """Whose claim it is stands above it; that the maker only claims it has to be told."""
    english = "A member reported that Heron 3 went from 170 to 180 tokens a second."
    chinese = "Heron 3的速度由每秒170个token升至180个token。"
    assert findings(english, chinese, title="有用户称Heron 3小幅提速") == []
    assert findings(english, chinese, title="Heron 3的速度小幅提升") != []


def test_a_title_counts_what_a_sentence_lists() -> None:
    """Six models are six, also where the text counts two others."""
    english = "The 1B, 2B, 4B and 8B dense models and two others are Apache 2.0."
    chinese = "1B、2B、4B、8B四款稠密模型和另外两款采用Apache 2.0许可。"
    assert findings(english, chinese, title="四款稠密模型开放") == []
    assert [one.check for one in findings(english, chinese, title="五款稠密模型开放")] == ["number"]
