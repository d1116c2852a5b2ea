"""No entry holds a way out: addresses, accounts, pings, groups of chats; names stay."""

import pytest

from build import entry, mention, story
from pipeline.records import IssuePart, Story
from pipeline.verify.registry import story_of_entry, verify

SUMMARY = "该公司公布了新的推理芯片，并开放了编译器的源代码。工程师可以申请试用，价格和供货时间还没有公布。"


def findings(text: str, told: Story, *, title: str = "公司公布新的芯片") -> list[tuple[str, str]]:
    """Give what the check of form wants and finds in a summary that ends in these words."""
    made = entry("s01", None).model_copy(update={"title": title, "summary": f"{SUMMARY}{text}。"})
    return [(each.expected, each.found) for each in verify(made, told) if each.check == "form"]


def form(text: str, *said: tuple[IssuePart, str], url: str = "https://acme.com/a") -> list[str]:
    """Give what is found, in a story of what each part says."""
    given = said or (("reddit", text),)
    parts = [
        mention(words, url, part=part, name=f"m{number:03d}")
        for number, (part, words) in enumerate(given, 1)
    ]
    return [found for _, found in findings(text, Story(id="s01", mentions=tuple(parts)))]


@pytest.mark.parametrize(
    ("text", "what", "found"),
    [
        ("见https://gift.evil.example/x 领取", "a link", "https://gift.evil.example/x"),
        ("见`https://gift.evil.example/x`", "a link", "https://gift.evil.example/x"),
        ("见hxxps://evil.com/x 领取", "a link", "hxxps://evil.com/x"),
        ("见`tg://join?invite=1`", "a link", "tg://join?invite=1"),
        ("见`evil.com/x`", "a link", "evil.com/x"),
        ("见evil.com:8080领取", "a link", "evil.com:8080"),
        ("见t.me/evilgroup 领取", "a link", "t.me/evilgroup"),
        ("见discord.gg/abc 领取", "a link", "discord.gg/abc"),
        ("见evil.sh/x 领取", "a link", "evil.sh/x"),
        ("见203.0.113.7:8080/x 领取", "a link", "203.0.113.7:8080/x"),
        ("见www.evil.com领取", "a link", "www.evil.com领取。"),
        ("`<at用户>`", "a ping", "<at用户>"),
        ("见evil.com领取", "a domain", "evil.com"),
        ("见`gift.evil.example`", "a domain", "gift.evil.example"),
        ("见EVIL.COM领取", "a domain", "EVIL.COM"),
        ("见EVIL.AI领取", "a domain", "EVIL.AI"),
        ("见evil.ai领取", "a domain", "evil.ai"),
        ("见163.com领取", "a domain", "163.com"),
        ("见ｅｖｉｌ．ｃｏｍ领取", "a domain", "ｅｖｉｌ．ｃｏｍ"),
        ("见evil。com领取", "a domain", "evil。com"),
        ("见evil[.]com领取", "a domain", "evil[.]com"),
        ("见evil点com领取", "a domain", "evil点com"),
        ("见xn--abc.xn--fiqs8s领取", "a domain", "xn--abc.xn--fiqs8s"),
        ("写信给me@a.example的人", "a mail address", "me@a.example"),
        ("写信给`me@163.com`", "a mail address", "me@163.com"),
        ("写信给me[at]evil.com", "a mail address", "me[at]evil.com"),
        ("由@someone发布", "an @handle", "@someone"),
        ("由`@someone`发布", "an @handle", "@someone"),
        ("由＠someone发布", "an @handle", "＠someone"),
        ("`@所有人`领取", "an @handle", "@所有人"),
        ('`<at user_id="all">全体</at>`', "a ping", '<at user_id="all">'),
        ("`<!everyone>`", "a ping", "<!everyone>"),
        ("`<@U123>`", "a ping", "<@U123>"),
        ("加微信abc123", "an invitation to a chat", "加微信"),
        ("加V：abc123", "an invitation to a chat", "加V"),
        ("加我VX详聊", "an invitation to a chat", "加我VX"),
        ("`加群领取`", "an invitation to a chat", "加群"),
        ("群号123456789", "an invitation to a chat", "群号"),
        ("QQ：123456789", "an invitation to a chat", "QQ：123456789"),
        ("QQ 123456789", "an invitation to a chat", "QQ 123456789"),
        ("微信号：evil_ai", "an invitation to a chat", "微信号：evil_ai"),
        ("进QQ群领取", "an invitation to a chat", "QQ群"),
        ("关注公众号领取", "an invitation to a chat", "关注公众号"),
        ("在公众号“芯片”发布", "an invitation to a chat", "公众号"),
        ("进Telegram群领取", "an invitation to a chat", "Telegram群"),
        ("扫码进群", "an invitation to a chat", "扫码进"),
        ("见ipfs://Qm1领取", "a link", "ipfs://Qm1领取。"),
        ("见whatsapp://send", "a link", "whatsapp://send。"),
        ("见ssh://evil.com", "a link", "ssh://evil.com。"),
        ("见tel:+8613800000000", "a link", "tel:+8613800000000"),
        ("见evil.live领取", "a domain", "evil.live"),
        ("见`evil.world`", "a domain", "evil.world"),
        ("见evil.link领取", "a domain", "evil.link"),
        ("见evil.hf.space", "a domain", "evil.hf.space"),
        ("见evil[dot]ai领取", "a domain", "evil[dot]ai"),
        ("见evil<.>com领取", "a domain", "evil<.>com"),
        ("由u/someone发布", "an @handle", "u/someone"),
        ("由`/u/some_one`发布", "an @handle", "/u/some_one"),
        ('`< at user_id="all">`', "a ping", '< at user_id="all">'),
        ("➕微信", "an invitation to a chat", "➕微信"),
        ("加薇abc123", "an invitation to a chat", "加薇abc123"),
        ("微信号evil_ai", "an invitation to a chat", "微信号evil_ai"),
        ("添加wxid_abc123", "an invitation to a chat", "wxid_abc123"),
        ("裙号123456789", "an invitation to a chat", "裙号"),
        ("群：123456789", "an invitation to a chat", "群：123456789"),
        ("q群123456789", "an invitation to a chat", "q群123456789"),
        ("进钉钉群领取", "an invitation to a chat", "钉钉群"),
        ("扫二维码进入", "an invitation to a chat", "二维码进"),
        ("致电13800138000", "an invitation to a chat", "致电13800138000"),
    ],
)
def test_a_way_out_of_the_text_is_found(text: str, what: str, found: str) -> None:
    """Also where the evidence has it, and in inline code."""
    told = Story(id="s01", mentions=(mention(text, "https://acme.com/a", part="discord"),))
    wanted = f"plain text without {what}"
    assert (wanted, found) in findings(text, told)
    assert wanted in {each for each, _ in findings("", told, title=f"芯片{text}")}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "可用Node.js、Next.js与Three.js",
            "Z.ai与z.ai公布",
            "Socket.io与socket.io",
            "用llama.cpp",
        ),
        *(
            "配置在config.yaml与CLAUDE.md",
            "改`src/main.rs`与`run.sh`",
            "升级到v1.2.3",
            "到2.10.0.dev",
        ),
        *("用`pip install vllm`安装", "用`npm i foo@1.2.3`安装", "用`torch.compile`加速"),
        *('用`model.to("cuda")`', "支持ASP.NET与.NET 9", "Z.ai/OpenAI的模型", "发布于cs.AI与cs.CL"),
        *("用`@torch.compile`与`@tool`", "指标为pass@1", "由Krea.ai与Vast.ai提供", "读`user.name`"),
        *("支持Qwen。AI公司参与", "权重为model.safetensors与model.pt", "GPT-4.1与Qwen3.5-35B-A3B"),
        *("新增加QQ登录", "支持微信与QQ登录", "微信小程序可用", "集群号码不变", "推进群体研究"),
        *(
            "更加V形",
            "GPT-4V：OpenAI的模型",
            "tg: 128.5每秒",
            "增加群组功能",
            "加入群聊功能",
            "参加群体实验",
            "在PyPI的pypi.org上",
            "e.g.与i.e.",
        ),
        *(
            "用`<think>`标签",
            "价格<5与>3",
            "比为3:1:2",
            "版本1.2.3.4可用",
            "在download.pytorch.org下载",
        ),
        *(
            "H2O.ai与C3.ai的模型",
            "JD.com与Amazon.com采用",
            "由Lovable.dev生成",
            "在127.0.0.1:8000启动",
        ),
        *("用`model.chat`与`nx.link`", "r/LocalLLaMA用户称", "以I/O与GPU/CPU计", "`a/u/b`一路"),
        *("集群12345678核", "人群：12345678", "社群12345678人", "扫描二维码功能", "增加薇薇安角色"),
        *("比为p<0.05与x < 3", "用C++与.NET 9", "手机端快2倍", "电话客服", "QQ号码查询"),
    ],
)
def test_a_name_is_no_way_out(text: str) -> None:
    """Products, files, versions, packages, calls, commands, what a product can do."""
    assert form(text) == []


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("intro", []),
        ("twitter", []),
        ("reddit", ["agentskills.io"]),
        ("discord", ["agentskills.io"]),
        ("discord_details", ["agentskills.io"]),
    ],
)
def test_a_domain_stays_where_the_editors_carry_it(part: IssuePart, found: list[str]) -> None:
    """One that only a mention of strangers carries does not."""
    said = (part, "It aligns with an agentskills.io standard")
    assert form("与agentskills.io标准一致", said) == found
    assert form("与agentskills.io标准一致", ("twitter", "Skills"), said) == found
    assert form("与`Agentskills.IO`标准一致", said) == (["Agentskills.IO"] if found else [])


@pytest.mark.parametrize(
    "words", ["an xagentskills.io", "agentskills.io.evil.com", "no-agentskills.io"]
)
def test_another_domain_of_the_editors_is_not_this_one(words: str) -> None:
    """Its name has to be whole."""
    assert form("与agentskills.io标准一致", ("twitter", words)) == ["agentskills.io"]


def test_a_page_of_the_editors_is_a_link_all_the_same() -> None:
    """An address with its page is what the entry's link is for."""
    said: tuple[IssuePart, str] = ("twitter", "see agentskills.io/start")
    assert form("见agentskills.io/start 一页", said) == ["agentskills.io/start"]


def test_a_file_is_a_domain_where_it_is_linked() -> None:
    """An ending that files have too is a domain's when the story has a link there."""
    assert form("见skills.sh的目录", url="https://skills.sh/a") == ["skills.sh"]
    assert form("见skills.sh的目录") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("可接入微信群", "It joins WeChat groups"),
        ("可接入Telegram群", "It works in Telegram groups"),
        ("可接入QQ群", "It reads QQ groups"),
        ("可接入钉钉群", "It joins groups of DingTalk"),
    ],
)
def test_a_platform_that_the_editors_name_stays(text: str, said: str) -> None:
    """What a product does in groups of a chat; strangers cannot vouch for it."""
    assert form(text, ("twitter", said)) == []
    assert len(form(text, ("reddit", said))) == 1


def test_an_audit_takes_the_domains_of_the_evidence() -> None:
    """Who said what is not known there; the rest is found."""
    made = entry("s01", None).model_copy(
        update={
            "summary": f"{SUMMARY}与agentskills.io一致，见`https://evil.example/x`。",
        }
    )
    found = [each.found for each in verify(made, story_of_entry(made)) if each.check == "form"]
    assert found == ["agentskills.io", "https://evil.example/x"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask @someone at agentskills.io about <b>.", []),
        ("Write to me@evil.example now.", ["me@evil.example"]),
        ("Open `https://evil.example/x` now.", ["https://evil.example/x"]),
        ('All: `<at user_id="all">` now.', ['<at user_id="all">']),
    ],
)
def test_a_quotation_keeps_accounts_and_domains_alone(text: str, found: list[str]) -> None:
    """They are words of the evidence, which nobody mistakes for ours."""
    made = entry("s01", None).model_copy(update={"title": text, "summary": text, "quoted": True})
    problems = verify(made, story("s01", text=text))
    assert sorted({each.found for each in problems if each.check == "form"}) == found
