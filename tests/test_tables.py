"""A table fits its terminal: columns are dropped, in the order that is named, and no cell is cut."""

import pytest

from pipeline.tables import cell_width, fold, format_table, table_width

HEAD = ("date", "issue", "calls", "tokens", "reason")
ROWS = [
    ("2026-01-28", "26-01-28-a-long-name-of-an-issue", "1,234", "12,345,678", "the server said no"),
    ("2026-01-29", "26-01-29-short", "7", "9", "《标题》没有通过检查 twice"),
]


def test_text_is_set_in_columns() -> None:
    """As wide as their widest cell, the head included; of no rows there is nothing."""
    assert format_table(("a", "long head"), [("wide cell", "b"), ("c", "")]) == (
        "a          long head\nwide cell  b\nc\n"
    )
    assert format_table(("a",), []) == ""


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_columns_are_dropped_until_the_others_fit(width: int) -> None:
    """The first that is named goes first; what stays is whole, and no line is wider."""
    shown = format_table(HEAD, ROWS, droppable=("issue", "calls"), right=("calls",), width=width)
    lines = shown.splitlines()
    assert max(map(cell_width, lines)) <= max(width, 50)
    assert ("26-01-28-a-long-name-of-an-issue" in shown) is (width == 120)
    assert ("1,234" in shown) is (width >= 60)
    assert {"2026-01-28", "12,345,678", "2026-01-29", "9"} <= set(shown.split())
    assert "…" not in shown
    words = " ".join(shown.split())
    assert "reason" in words


def test_the_last_column_is_folded_at_its_words() -> None:
    """Below itself, so that a long reason is whole; an address is one word."""
    url = "https://example.org/" + "x" * 60
    shown = format_table(("date", "why"), [("2026-01-28", f"because of {url} and more")], width=50)
    assert shown.splitlines()[1:] == [
        "2026-01-28  because of",
        f"            {url}",
        "            and more",
    ]
    assert fold("short", 24) == ["short"]


def test_figures_stand_at_the_right_and_chinese_takes_two_columns() -> None:
    """What is beside them stays in line."""
    shown = format_table(
        ("n", "title", "x"), [("7", "标题", "a"), ("1,000", "ab", "b")], right=("n",)
    )
    assert shown.splitlines() == ["    n  title  x", "    7  标题   a", "1,000  ab     b"]
    assert (cell_width("e\u0301"), cell_width("标"), cell_width("（")) == (1, 2, 2)


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """And 80 where there is none, as in a pipe."""
    monkeypatch.setenv("COLUMNS", "63")
    assert table_width() == 63
    monkeypatch.delenv("COLUMNS")
    monkeypatch.setattr("os.get_terminal_size", lambda *_: (_ for _ in ()).throw(OSError))
    assert table_width() == 80
