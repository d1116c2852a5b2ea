"""The words that every rendering of a digest shares."""

import pytest

from pipeline.records import EntryKind
from pipeline.write.entry_text import heading


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (0, "## 📰 AI新闻要点"),
        (1, "## 📰 一大AI新闻要点"),
        (2, "## 📰 两大AI新闻要点"),
        (9, "## 📰 九大AI新闻要点"),
        (10, "## 📰 十大AI新闻要点"),
        (12, "## 📰 十二大AI新闻要点"),
        (20, "## 📰 二十大AI新闻要点"),
        (45, "## 📰 四十五大AI新闻要点"),
        (100, "## 📰 100大AI新闻要点"),
    ],
)
def test_heading_gives_the_true_count(entries: int, expected: str) -> None:
    """A section's heading counts what stands below it."""
    assert heading("news", entries) == expected


@pytest.mark.parametrize(
    ("count", "shown"),
    [(1, "一"), (2, "两"), (3, "三"), (10, "十"), (11, "十一"), (19, "十九"), (22, "二十二"),
     (30, "三十"), (99, "九十九")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("kind", "form"), [("news", "## 📰 {}大AI新闻要点"), ("tool", "## 🛠️ {}大工具产品要点")]
)
def test_both_headings_count_in_chinese(count: int, shown: str, kind: EntryKind, form: str) -> None:
    """From one to ninety-nine."""
    assert heading(kind, count) == form.format(shown)
