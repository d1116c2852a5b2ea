"""A right answer in the order of English is put into Chinese order, and no other is touched."""

import pytest

from pipeline.translate.chinese_order import in_chinese_order


@pytest.mark.parametrize(
    ("chinese", "english", "expected"),
    [
        ("Orca 2 比 Orca 1 更好，据其制造商称。", "", "据其制造商称，Orca 2 比 Orca 1 更好。"),
        ("Orca 的内存减少了 45%，根据论文和仓库。", "", "根据论文和仓库，Orca 的内存减少了 45%。"),
        ("它的作者声称，Orca 可以说话。", "", "据其作者称，Orca 可以说话。"),
        ("它的仓库声称，Orca 快 8 倍。", "", "据其仓库称，Orca 快 8 倍。"),
        ("代码和权重是 Apache 2.0。", "", "代码和权重采用 Apache 2.0 许可。"),
        ("Orca 2 是 MIT 许可，可商用。", "", "Orca 2 采用 MIT 许可，可商用。"),
        (
            "Orca 可以减少内存 45%。作者在他们的论文中报告了这一点。",
            "",
            "据作者的论文，Orca 可以将内存减少45%。",
        ),
        ("Orca 比旧代码快86%在H100上运行。", "", "Orca 在 H100 上比旧代码快 86%。"),
        ("Orca 降低了延迟约 30%，更便宜。", "", "Orca 将延迟降低约 30%，更便宜。"),
        (
            "Orca 通过并行处理 token，并每秒生成 1000 个。",
            "Orca refines tokens in parallel and writes 1,000 each second.",
            "Orca 并行处理 token，并每秒生成 1000 个。",
        ),
        ("稀缺的 LLMtoken 用于任务。", "", "稀缺的 LLM token 用于任务。"),
        (
            "它比 bf16 的速度提高了 1.2 倍。",
            "It shows a 1.2x end-to-end speedup over bf16.",
            "它比 bf16 的速度提高到 1.2 倍。",
        ),
        (
            "每个 token 都会路由到这 4 个专家中。",
            "It routes every token to four of them.",
            "每个 token 都会路由到其中 4 个专家中。",
        ),
    ],
)
def test_what_stands_in_english_order_is_put_right(
    chinese: str, english: str, expected: str
) -> None:
    """Who says it is first, a licence is one that a thing is under, some of many are 其中."""
    assert in_chinese_order(chinese, english) == expected


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("据其制造商称，Orca 2 比 Orca 1 更好。", ""),
        ("这 4 个专家都在一块显卡上。", "These four experts sit on one card."),
        ("Orca 2 是 Apache 基金会的项目。", ""),
        ("它的作者离开了 Acme。", ""),
        ("速度提高了 1.2 倍。", "It is faster by 1.2 times."),
        ("Orca 2 发布，根据地址可以下载，权重开放。", ""),
        ("Orca 的费用减少约 45%。", ""),
        ("Orca 通过接口发布，并降价。", "Acme released Orca through its API and cut the price."),
    ],
)
def test_what_is_in_order_stays(chinese: str, english: str) -> None:
    """No word of it changes."""
    assert in_chinese_order(chinese, english) == chinese
