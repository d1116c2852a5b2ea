"""Progress is a live line on a terminal and plain lines elsewhere."""

import io
import re

import pytest
from rich.console import Console

from pipeline.batch.ranges import IssueOutcome
from pipeline.progress import TerminalBatchProgress, TerminalProgress


def shown(*, terminal: bool) -> str:
    """Show a short run, and take down what appeared."""
    out = io.StringIO()
    with TerminalProgress(Console(file=out, force_terminal=terminal, width=100)) as show:
        show.stage("fetch")
        show.step()
        show.watch_cost(lambda: "1,234 tokens, $0.0010")
        show.stage("translate", 2)
        show.bytes("joining the weights", 50, 100)
        show.step()
        show.bytes("joining the weights", 100, 100)
        show.note("an issue is [old]")
        show.step()
    return out.getvalue()


def test_plain_lines_say_what_is_done_and_what_it_cost() -> None:
    """One line a stage, at its end, and a note as it is; no control character."""
    assert shown(terminal=False).splitlines() == [
        "fetch: 1/1",
        "joining the weights: 100 %",
        "ainews-digest: note: an issue is [old]",
        "translate: 2/2  1,234 tokens, $0.0010",
    ]


def test_a_terminal_sees_stage_count_tokens_and_cost() -> None:
    """The live line has all four, and is gone at the end."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown(terminal=True))
    assert "translate" in text
    assert "2/2" in text
    assert "1,234 tokens, $0.0010" in text
    assert "an issue is [old]" in text


def test_a_slow_stage_says_after_ten_seconds_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not sooner; and so does a large file, in whole per cent, of any size."""
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    out = io.StringIO()
    with TerminalProgress(Console(file=out, width=100)) as show:
        show.stage("translate", 9)
        for second in (5.0, 10.0, 10.5, 20.5, 20.6):
            clock[0] = second
            show.step()
        assert out.getvalue().splitlines() == ["translate: 3/9", "translate: 5/9"]
        show.step(4)
        clock[0] = 40.0
        show.bytes("weights", 333, 1000)
        show.bytes("weights", 0, 0)
    assert out.getvalue().splitlines()[2:] == [
        "translate: 9/9",
        "weights: 33 %",
        "weights: 0 %",
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_entries_are_shown_to_who_waits_for_them(
    monkeypatch: pytest.MonkeyPatch, *, terminal: bool
) -> None:
    """As text, where that is wanted, and not those that are there at once."""
    for wanted in (True, False):
        clock = [0.0]
        monkeypatch.setattr("time.monotonic", lambda clock=clock: clock[0])
        out = io.StringIO()
        console = Console(file=out, width=100, force_terminal=terminal)
        with TerminalProgress(console, entries=wanted) as show:
            show.stage("translate", 2)
            show.entry("很快", "一")
            clock[0] = 6.0
            show.entry("[b]慢[/b]", "二\x1b[2J")
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue())
        assert "很快" not in text
        assert ("[b]慢[/b]\n    二<U+001B>[2J\n" in text) is wanted


@pytest.mark.parametrize("width", range(30, 131, 10))
def test_a_live_line_has_whole_numbers_at_every_width(width: int) -> None:
    """First the time goes, then the bar, then what is said first; never a part of a number."""
    words = ["7/20", "0:00:00", "1,174,842 tokens", "price unknown", "50 %", "1/120"]
    words += ["0.6 issues/min", "198 min left"]
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=width)
    with TerminalProgress(console) as run:
        run.watch_cost(lambda: "1,174,842 tokens, price unknown")
        run.stage("translate", 20)
        run.step(7)
        run.bytes("downloading weights of Qwen2.5-1.5B-Instruct", 50, 100)
    clock = [0.0]
    with TerminalBatchProgress(console, clock=lambda: clock[0]) as backfill:
        backfill.begin(120, lambda: "1,174,842 tokens, price unknown")
        clock[0] = 100.0
        backfill.ended(outcome("done"))
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue()))
    assert max(map(len, lines)) <= width
    for line in lines:
        rest = line
        for word in words:
            rest = rest.replace(word, "")
        assert not re.search(r"\d", re.sub(r"Qwen\S*|\b0/(20|120)|\b0 %", "", rest)), line
    last = [line for line in lines if "1/120" in line][-1]
    assert "198 min left" in last
    assert ("1,174,842 tokens" in last) == (width >= 70)
    assert ("─" in last) == (width >= 100)


def outcome(ending: str, slug: str = "a", reason: str = "") -> IssueOutcome:
    """Write how an issue ended."""
    return IssueOutcome.model_validate(
        {"date": "2026-01-30", "slug": slug, "status": ending, "reason": reason}
    )


def bar(*ended: IssueOutcome, total: int = 4, terminal: bool = False, minutes: float = 2.0) -> str:
    """Show a backfill in which each issue takes so many minutes."""
    clock = [0.0]
    out = io.StringIO()
    console = Console(file=out, width=200, force_terminal=terminal)
    with TerminalBatchProgress(console, clock=lambda: clock[0]) as shown:
        shown.begin(total, lambda: "$0.0100")
        for each in ended:
            clock[0] += 60 * minutes
            shown.ended(each)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue())


def test_a_backfill_says_what_became_of_each_issue_and_how_long_it_will_take() -> None:
    """At the rate of those that were worked on; of the last one nothing is left."""
    done = [outcome("done", slug) for slug in "abcd"]
    assert bar(*done).splitlines() == [
        "1/4  2026-01-30 a: done  (0.5 issues/min, $0.0100, 6 min left)",
        "2/4  2026-01-30 b: done  (0.5 issues/min, $0.0100, 4 min left)",
        "3/4  2026-01-30 c: done  (0.5 issues/min, $0.0100, 2 min left)",
        "4/4  2026-01-30 d: done  (0.5 issues/min, $0.0100)",
    ]


def test_what_was_skipped_is_not_said_and_makes_nothing_look_quick() -> None:
    """What was not tried is said, and counts as little; a long reason is left to the table."""
    long = f"no page{'.' * 1_000}"
    shown = bar(outcome("skipped"), outcome("not tried", "b"), outcome("failed", "c", long))
    assert shown.splitlines() == [
        "2/4  2026-01-30 b: not tried  (0.0 issues/min, $0.0100)",
        f"3/4  2026-01-30 c: failed, {long[:120]}…  (0.2 issues/min, $0.0100, 6 min left)",
    ]


def test_a_live_line_has_words_only_for_what_went_wrong() -> None:
    """An issue that failed, and one that is not fit."""
    shown = bar(
        outcome("done", "fine"),
        outcome("degraded", "poor", "too many"),
        outcome("failed", "lost"),
        terminal=True,
    )
    assert "ainews-digest: warning: 2026-01-30 poor: degraded, too many" in shown
    assert "ainews-digest: error: 2026-01-30 lost: failed" in shown
    assert "fine: done" not in shown
