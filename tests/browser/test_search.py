"""What a search finds and what it does not, in a real browser: one folding for text and question."""

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from opencc import OpenCC
from playwright.sync_api import Browser, Page, expect

from browser.conftest import BrowserLog, looking
from build import entry
from pipeline.records import Digest
from pipeline.site.build import build_site
from pipeline.site.server import BuiltFiles, SiteServer
from pipeline.write.files import write

TEXTS = {
    "OpenAI 发布 GPT-5.2": "支持 128k 上下文，每百万 token 收 0.15 美元，超过 GPT-4o 与 o3。",
    "Veo 3 上线": "训练成本为 10.15 美元，a giant leap，见 GPT-4 only 的说明，in 5 days。",
    "Llama 4 与 Qwen3-30B-A3B": "开放权重，ＡＢＣ１２３ 的长上下文训练，open-source 许可。",
    "Claude 后训练": "人工智能的机器学习与软件，Kimi-K2 发布会上，128k 2 次。",
}
FOUND = {
    # 发布 beside Latin letters, with and without the blank.
    "OpenAI发布": (1,),
    "OpenAI 发布": (1,),
    "openai　发布": (1,),
    "发布GPT-5.2": (1,),
    "128k上下文": (1,),
    "128K 上下文": (1,),
    "１２８ｋ上下文": (1,),
    "收0.15": (1,),
    "0.15美元": (1,),
    "10.15美元": (2,),
    "token收": (1,),
    "Veo3上线": (2,),
    # The name of a model, with a dash, a blank or nothing.
    "GPT5.2": (1,),
    "GPT-5.2": (1,),
    "gpt 5.2": (1,),
    "gpt‑5.2": (1,),
    "ＧＰＴ－５.２": (1,),
    "GPT5": (1,),
    "GPT-": (1, 2),
    "GPT4": (1, 2),
    "GPT4o": (1,),
    "Llama4": (3,),
    "Llama-4": (3,),
    "Llama 4": (3,),
    "Qwen330B": (),
    "Qwen3-30B": (3,),
    "Qwen3 30B": (3,),
    "Kimi K2": (4,),
    "Kimi-K2": (4,),
    "K2": (4,),
    # Traditional characters, and one in the text's own.
    "後訓練": (4,),
    "後训练": (4,),
    "長上下文": (3,),
    "機器學習與軟件": (4,),
    "開放權重": (3,),
    "OpenAI發布": (1,),
    "OpenAI 發布": (1,),
    "上線": (2,),
    # Width and case.
    "abc123": (3,),
    "ABC123的": (3,),
    "OPEN-SOURCE": (3,),
    # What is not there.
    "o3": (1,),
    "0.15": (1,),
    "5.15": (),
    "AI发布": (),
    "agi": (),
    "GPT4only": (),
    "n5": (),
    "K2次": (),
    "128k2": (),
    "布GPT": (1,),
    "GPT-5.2支持": (),
    "上下文训练": (3,),
    "智能机器": (),
    "發佈會議": (),
}


@pytest.fixture(scope="module")
def search(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Open the search of a site of one digest, and see that it did nothing that it should not."""
    folder = tmp_path_factory.mktemp("search")
    news = tuple(
        entry("s01", f"https://example.org/{number}").model_copy(
            update={"title": title, "summary": summary}
        )
        for number, (title, summary) in enumerate(TEXTS.items())
    )
    issue = "https://news.smol.ai/issues/26-01-30-sampler/"
    write(
        Digest(date=dt.date(2026, 1, 30), issue_url=issue, news=news, tools=()), folder / "outputs"
    )
    built = build_site(folder / "outputs", folder / "out")
    with SiteServer(BuiltFiles(built.out, frozenset(built.files)), port=0) as server:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        with looking(chromium, server.url) as (context, seen):
            page = context.new_page()
            page.goto(f"{server.url}search.html")
            yield page
        server.shutdown()
    assert seen == BrowserLog([], [])


@pytest.mark.parametrize("query", FOUND)
def test_a_search_finds_what_is_meant_and_no_more(search: Page, query: str) -> None:
    """However it is written; the numbers are those of the entries.

    Asked on one page: from Enter on nothing of the search before it is shown.
    """
    field = search.get_by_role("searchbox")
    field.fill(query)
    field.press("Enter")
    told = f"共找到 {len(FOUND[query])} 条" if FOUND[query] else "没有找到"
    expect(search.locator("#status")).to_contain_text(told)
    links = search.locator("#hits li a").evaluate_all("all => all.map(each => each.hash)")
    assert links == [f"#news-{number}" for number in FOUND[query]]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("OpenAI发布", ["OpenAI 发布"]),
        ("gpt5", ["GPT-5"]),
        ("0.15美元", ["0.15 美元"]),
        ("OpenAI發布", ["OpenAI 发布"]),
        ("abc1", ["ＡＢＣ１"]),
        ("OpenAI 发布", ["OpenAI", "发布"]),
    ],
)
def test_the_words_as_they_stand_are_marked(search: Page, query: str, marked: list[str]) -> None:
    """With the blank or the dash that the question had not, and not with the one behind them."""
    base = search.url.partition("?")[0]
    search.goto(f"{base}?q={quote(query)}")
    expect(search.locator("#hits li").first).to_be_visible()
    assert search.locator("#hits mark").all_inner_texts() == marked


@pytest.mark.parametrize(
    ("query", "asked"), [("智能体GPT", False), ("發布", True), ("gpt5", False)]
)
def test_the_table_of_characters_comes_only_to_who_needs_it(
    search: Page, query: str, *, asked: bool
) -> None:
    """Who searches in traditional characters."""
    base = search.url.partition("?")[0]
    search.goto(f"{base}?q={quote(query)}")
    expect(search.locator("#status")).to_contain_text("找到")
    loaded = search.evaluate(
        "performance.getEntriesByType('resource').some(each => each.name.includes('traditional'))"
    )
    assert loaded is asked


def test_the_table_is_that_of_opencc() -> None:
    """Each character of Big5 and the one of GB 2312 for it; and it is small."""
    file = Path(__file__).parents[2] / "pipeline" / "site" / "static" / "traditional.js"
    pairs = "".join(file.read_text(encoding="utf-8").split("`")[1].split())
    simplify = OpenCC("t2s").convert
    expected = [
        char + simplify(char)
        for char in map(chr, range(0x4E00, 0xA000))
        if _is_in(char, "big5") and simplify(char) != char and _is_in(simplify(char), "gb2312")
    ]
    assert pairs == "".join(expected)
    assert file.stat().st_size < 16_000


def _is_in(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(char) == 1
