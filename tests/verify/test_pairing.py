"""Figures stand beside the names and nouns that they have in the text."""

import pytest

from pipeline.verify.pairing import find_exchanged_numbers

# English, right Chinese, and the same with two figures exchanged.
_EXCHANGED = [
    (
        "The share fell from 69% in January to 48% in May.",
        "份额1月为69%，5月为48%。",
        "份额5月为69%，1月为48%。",
    ),
    (
        "Of 12 models the best reaches 61%, the worst 9%, and humans 94%.",
        "最好的得61%，最差的得9%，人类94%。",
        "最好的得9%，最差的得61%，人类94%。",
    ),
    (
        "Heron Swallows Lark in an $80B Deal: it values Heron at $80 billion and Lark at $33 billion.",
        "Heron估值800亿美元，Lark估值330亿美元。",
        "Heron估值330亿美元，Lark估值800亿美元。",
    ),
    (
        "It brings 1.82× prefill and 1.48× decode.",
        "预填充加速1.82倍，解码加速1.48倍。",
        "预填充加速1.48倍，解码加速1.82倍。",
    ),
    (
        "Kite secured $640 million of funding, boosting its valuation to $2.8 billion.",
        "Kite融资6.4亿美元，估值28亿美元。",
        "Kite融资28亿美元，估值6.4亿美元。",
    ),
    (
        "It reduces costs by 90% and latency by 85%.",
        "成本降低90%，延迟降低85%。",
        "成本降低85%，延迟降低90%。",
    ),
    (
        "The clip got 12,000 likes and 390,000 views.",
        "该视频获得1.2万点赞和39万次观看。",
        "该视频获得39万点赞和1.2万次观看。",
    ),
    (
        "Heron 8B uses 22GB compared to Lark 3B utilizing 43GB.",
        "Heron 8B占用22GB，Lark 3B则要43GB。",
        "Heron 8B占用43GB，Lark 3B则要22GB。",
    ),
    (
        "Heron reached 100 tokens/s, compared to 20 for Lark.",
        "Heron每秒100个token，Lark只有20个。",
        "Heron每秒20个token，Lark却有100个。",
    ),
    (
        "The build took 115 seconds (Metal) and 160 seconds (Vulkan).",
        "构建用Metal耗时115秒，用Vulkan耗时160秒。",
        "构建用Metal耗时160秒，用Vulkan耗时115秒。",
    ),
    (
        "The set mixes WebText (14T), WebText-2 (4T) and Pile (1T).",
        "数据混合WebText（14T）、WebText-2（4T）和Pile（1T）。",
        "数据混合WebText（4T）、WebText-2（14T）和Pile（1T）。",
    ),
    (
        "It holds 115k queries over 30M docs from 1B+ pages.",
        "它有11.5万条查询，覆盖10亿多网页中的3000万份文档。",
        "它有3000万条查询，覆盖10亿多网页中的11.5万份文档。",
    ),
    (
        "GPU 0 has 100% load, while GPU 1 has 0% load.",
        "GPU 0负载100%，GPU 1则是0%。",
        "GPU 1负载100%，GPU 0则是0%。",
    ),
    (
        "Making it 4x as complex resulted in a 12x increase in the ratio.\nComplexity grew 4x.",
        "复杂度提高到4倍后，扩展比增加到12倍。",
        "复杂度提高到12倍后，扩展比增加到4倍。",
    ),
]


@pytest.mark.parametrize(("english", "right", "wrong"), _EXCHANGED)
def test_exchanged_figures_are_seen(english: str, right: str, wrong: str) -> None:
    """Each of two figures beside the name of the other is an error; as in the text it is none."""
    assert not list(find_exchanged_numbers(english, right))
    assert list(find_exchanged_numbers(english, wrong))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("The paper tests 12 models on 1,240 tasks.", "论文用1240道题测试12个模型。"),
        ("Modal raises $355M Series C at $4.65B.", "Modal以46.5亿美元估值完成3.55亿美元C轮。"),
        ("Heron got 50x to 100x on an RTX 3090.", "在RTX 3090上，Heron得到50至100倍速。"),
        ("They train 500+ hours from 700+ people.", "训练数据来自700多人，共500多小时。"),
        (
            "Heron-80B-A3B is an 80B MoE with only 3B active parameters.",
            "Heron-80B-A3B总共800亿参数，激活仅30亿。",
        ),
        (
            "Three V100 32GB failed. They need 2x A100 80GB.",
            "三张32GB的V100不行，要两张80GB的A100。",
        ),
    ],
)
def test_another_order_is_no_exchange(english: str, chinese: str) -> None:
    """Chinese may turn a sentence round, and of a range or a part no figure has a name alone."""
    assert not list(find_exchanged_numbers(english, chinese))
