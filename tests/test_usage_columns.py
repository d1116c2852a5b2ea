"""The table of costs in a narrow terminal: columns are left out, figures never cut."""

import re
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.llm.ledger import DailyUsage, Ledger, Usage

DAY = DailyUsage(
    day="2026-01-28",
    model="gpt-6-luna-2026-01-15",
    runs=3,
    unpriced=0,
    usage=Usage(
        prompt="translate",
        calls=1_234,
        from_cache=456,
        input_tokens=12_345_678,
        cached_tokens=1_234_567,
        output_tokens=2_345_678,
        reasoning_tokens=345_678,
        cost_usd=12.345678,
    ),
)


@pytest.mark.parametrize("width", [48, 60, 80, 120, 121, 160])
def test_a_figure_is_whole_or_left_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    width: int,
) -> None:
    """Day, model and cost always stand there; a wide terminal has all columns."""
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(Ledger, "daily_usage", lambda *_: (DAY,))
    (tmp_path / "cache.sqlite").touch()
    with pytest.raises(SystemExit):
        main(["usage"])
    out = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert max(map(len, out.splitlines())) <= width
    assert "…" not in out
    assert {"2026-01-28", "gpt-6-luna-2026-01-15"} <= set(out.split())
    figures = {"3", "1,234", "456", "0", "12,345,678", "1,234,567", "2,345,678", "345,678"}
    shown = figures & set(out.split())
    assert (shown == figures) is (width >= 121)
    assert out.split()[-1].startswith("$12.34")
