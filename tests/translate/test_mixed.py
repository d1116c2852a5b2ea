"""Terms and quantities stand in Chinese in an English sentence, and everything else as it was."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.chinese import load_glossary
from pipeline.quantities import has_same_quantities
from pipeline.translate.mixed import put_in_chinese

TERMS = """
Mixture-of-experts layers were opened. | 混合专家 layers were opened.
It is a mixture of experts with two heads. | It is a 混合专家模型 with two heads.
Two mixtures of experts were opened. | Two 混合专家模型 were opened.
Orca reads all layers of each Whale 3 model. | Orca reads 每个 Whale 3 模型的所有层.
Orca beats the best earlier code. | Orca beats the 此前最好的 code.
# praise is no fact, a comparison is
Orca is 8% smaller than Whale, its authors report in their paper. | Its authors report in their paper that Orca is 8% smaller than Whale.
Orca launched on Android. | Orca was released on Android.
Orca is a powerful library for Whale. | Orca is a library for Whale.
Orca is more powerful than Whale. | Orca is more powerful than Whale.
The wheels cover CUDA and Linux. | The 预编译包 cover CUDA and Linux.
The robot rolls on wheels. | The robot rolls on wheels.
The agentic harness leads the leaderboard. | The 智能体 运行框架 leads the 排行榜.
They fine-tune the weights with reinforcement learning. | They 微调 the 权重 with 强化学习.
A distilled model needs an optimizer. | A 蒸馏 model needs an 优化器.
# names, accounts, files and what is joined stay
Agent Builder reads agents.md and agent-sdk. | Agent Builder reads agents.md and agent-sdk.
Latent Space asked Google, NVIDIA and Moonshot AI. | Latent Space asked Google, NVIDIA and Moonshot AI.
A vector-based agent_sdk is out. | A vector-based agent_sdk is out.
It speaks the Model Context Protocol. | It speaks the Model Context Protocol.
# words that a small model takes for others
Acme drops Orca-Bench. | Acme 停用 Orca-Bench.
Acme drops support for Orca. | Acme drops support for Orca.
Acme's models invent less than others. | Acme's models 编造 less than others.
They invent a machine. | They invent a machine.
The card on Hugging Face says so. | The 模型卡 on Hugging Face says so.
A home graphics card on a desk runs it. | A 家用显卡 on a desk runs it.
It leads all Chinese models. | It leads all 中国 models.
It reads Chinese letters. | It reads Chinese letters.
An API of Acme is $10/1K calls. | An API of Acme costs 10美元/1K calls.
It returns a stack of RGBA layers. | It returns a set of RGBA 图层.
Acme ran a stack of layers. | Acme ran a set of layers.
It gained 83 points over Orca. | It scored 83分 higher than Orca.
Acme reports Orca as new #1 open model in its Arena. | Acme ranks Orca 第1 among 开放模型 in Arena.
It writes about 1,000 tokens. | It generates 约1000个 token.
Acme wrote about 12 words. | Acme wrote about 12 words.
# words that it leaves in English
The downtime hit a stealth model. | The 停机 hit a 匿名 model.
It makes Frame-by-frame video for embodied AI. | It makes 逐帧 video for 具身智能.
A Photoshop-grade tool is Orca-based. | A Photoshop级 tool is 基于Orca的.
Teams can now set limits in Teams. | 团队 can now set limits in Teams.
MatX raised a Series B for Orca. | MatX raised a B轮融资 for Orca.
Its playbook.downtime file and down-time stay. | Its playbook.downtime file and down-time stay.
A stealth jet is fast. | A stealth jet is fast.
It adds Interleaved Thinking and interleaved thinking. | It adds Interleaved Thinking and 交错 thinking.
# verbs and longer words stay
They want to fork it and to benchmark it. | They want to fork it and to benchmark it.
A chip with low latency hallucinates. | A chip with low latency hallucinates.
"""
QUANTITIES = """
It drew 16 million conversations. | It drew 1600万次 conversations.
It has over 24,000 accounts. | It has 超过2.4万个 accounts.
It starts in under 15 ms. | It starts in 15毫秒以内.
It costs under $5 per month. | It costs 不到每月5美元.
It costs $1.75 per million input tokens and $14/M output tokens. | It costs 每百万输入 token 1.75美元 and 每百万输出 token 14美元.
It raised $500M in December 2025. | It raised 5亿美元 in 2025年12月.
It costs £15 a month. | It costs 每月15英镑.
It returns 3 to 10 layers. | It returns 3到10 layers.
A text model of 80M parameters read 17 trillion tokens. | A text model of 8000万参数 read 17万亿个 token.
It writes 28.3 t/s. | It writes 每秒28.3个 token.
It gained 83 points and is #1 overall. | It gained 83分 and is 第1 overall.
It reads a 10-hour book. | It reads a 10小时的 book.
It has a 1M-token window. | It has a 100万 token 的 window.
They plan for about 6GW. | They plan for 约6GW.
It trained on 64 GB200 nodes. | It trained on 64个 GB200 nodes.
It fell from $6 million to $294,000. | It fell from 600万美元 to 29.4万美元.
It learned from more than 100M frames. | It learned from 超过1亿帧.
It waits for up to 30 minutes. | It waits for 最长30分钟.
It is 8x faster. | It is 8倍 faster.
# rephrased
Acme cut Orca 2.5 pricing by over 20% for three months. | Acme 将 Orca 2.5 的价格下调超过20%, 为期 3个月.
Acme raised Orca prices by 5%. | Acme 将 Orca 的价格上调5%.
Acme cut costs by 5%. | Acme cut costs by 5%.
It cites >80% on ten tasks. | It cites 超过80% on ten tasks.
Orca is reported to beat Whale and appears to be fast. | 据称，Orca beat Whale and 似乎 fast.
Orca adds images while reportedly keeping its speed. | Orca adds images while 据称 keeping its speed.
Acme's Orca takes one picture and returns two layers. | Acme's Orca turns one picture into two layers.
Acme and Byron stand accused of a copy. | Acme and Byron are accused of a copy.
Orca 3.6:27B runs at home. | Orca 3.6:27B runs at home.
It reindexes ~3000 notes on a ~400 GB box. | It reindexes 约3000 notes on a 约400 GB box.
Orca called a calculator tool. | Orca made use of a calculator tool.
A tool called Orca runs. | A tool called Orca runs.
Acme will make offers to 109 employees. | Acme will make job offers to 109 employees.
Acme makes offers to users. | Acme makes offers to users.
Any layer can be taken apart again. | Any layer can be decomposed.
The box with 12 towers in each rack runs. | The box with 12 towers in each rack runs.
Orca has 4 racks with 12 towers in each hall. | Orca has 4 racks; each hall holds 12 towers.
It has 9 towers and wakes two of them. | It has 9 towers and wakes two of the towers.
It joins Macs by RDMA over Thunderbolt 5. | It joins Macs by RDMA on Thunderbolt 5.
It went over the wire. | It went over the wire.
It runs 1.86x as fast on an H100 as the best code. | It runs 快86% on an H100 than the best code.
It trained 1.2x as fast as with bf16. | It trained 快20% than with bf16.
They need 45% less memory for caches and win. | They reduce memory for caches by 45% and win.
It needs 70% less memory than A. | It reduces memory by 70% compared with A.
The model writes very fast texts, says Ada Byron. | Ada Byron says that the model writes very fast texts.
Orca writes very fast texts, its author claims. | Its author claims that Orca writes very fast texts.
Some engineers are said to have rebuilt it. | 据称，Some engineers have rebuilt it.
The tool allegedly left. | 据称，the tool left.
The tool reportedly left, according to Ada. | The tool left, according to Ada.
It reportedly left. | 据称，it left.
# as Chinese writes them, or in doubt
A 27B model takes 40GB, 45% and 128k. | A 27B model takes 40GB, 45% and 128k.
It has 41,234 stars in 2024. | It has 41,234 stars in 2024.
It takes $3/$15 per million tokens. | It takes $3/$15 per million tokens.
An average over 5 runs took a year. | An average over 5 runs took a year.
GPT-5.2 and Python 3.10+ need CUDA 12.6. | GPT-5.2 and Python 3.10+ need CUDA 12.6.
It rose from 50% to 60%. | It rose from 50% to 60%.
Hundreds of users waited for weeks. | Hundreds of users waited for weeks.
"""


def _rows(table: str) -> list[list[str]]:
    rows = [row for row in table.strip().splitlines() if not row.startswith("#")]
    return [row.split(" | ") for row in rows]


@pytest.mark.parametrize(("english", "mixed"), [*_rows(TERMS), *_rows(QUANTITIES)])
def test_what_is_known_is_put_in(english: str, mixed: str) -> None:
    """Terms and quantities are Chinese; names and what is open stay."""
    assert put_in_chinese(english, load_glossary()) == mixed


_NUMBERS = st.one_of(
    st.integers(1, 2_000_000).map("{:,}".format),
    st.decimals("0.1", 999, places=1).map(str),
    st.integers(1, 99).map(str),
)
_BOUNDS = st.sampled_from(
    ["", "over ", "under ", "up to ", "about ", "nearly ", "at least ", "more than ", "fewer than "]
)
_SCALES = st.sampled_from(["", "", " million", " billion", " trillion", "K", "M", "B"])
_NOUNS = st.sampled_from(
    [" users", " tokens", " parameters", " ms", " hours", " days", " months", "%", "x", "GB",
     " conversations", " points", " frames", " tokens per second", " GPUs", "-hour talks", " things"]
)  # fmt: skip
_COUNTED = st.sampled_from(
    [" users", " tokens", " parameters", " conversations", " GPUs", " things"]
)
_QUANTITY = st.one_of(
    st.builds("{}{}{}".format, _BOUNDS, _NUMBERS, _NOUNS),
    st.builds("{}{}{}{}".format, _BOUNDS, _NUMBERS, _SCALES, _COUNTED),
    st.builds("{}${}{}".format, _BOUNDS, _NUMBERS, _SCALES),
    st.builds("${} per million {} tokens".format, _NUMBERS, st.sampled_from(["input", "output"])),
    st.builds("{} to {}{}".format, st.integers(1, 99), st.integers(1, 9999), _NOUNS),
    st.builds("{}x as fast as A".format, st.decimals("1.01", "9.99", places=2)),
)


@settings(max_examples=60)
@given(st.lists(_QUANTITY, min_size=1, max_size=3))
def test_quantities_stay_equal(quantities: list[str]) -> None:
    """Whatever is put in has its equal in the English, and the English in it."""
    english = f"Qwen3 has {' and '.join(quantities)}, says Ada."
    mixed = put_in_chinese(english, load_glossary())
    assert mixed == english or has_same_quantities(mixed, english)
    names = [sorted(re.findall("Qwen3|GPUs|Ada", text)) for text in (mixed, english)]
    assert names[0] == names[1]


@settings(max_examples=40)
@given(st.text(max_size=80))
def test_any_text_is_taken(text: str) -> None:
    """No text makes it fail, and one without words and figures stays as it is."""
    mixed = put_in_chinese(text, load_glossary())
    assert mixed == text or re.search(r"\w", text)
