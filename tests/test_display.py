"""Progress is a live line on a terminal and plain lines elsewhere."""

import io
import re

from rich.console import Console

from pipeline.display import Display


def shown(*, terminal: bool) -> str:
    """Show a short run, and take down what appeared."""
    out = io.StringIO()
    with Display(Console(file=out, force_terminal=terminal, width=100)) as show:
        show.stage("fetch")
        show.step()
        show.watch(lambda: "1,234 tokens, $0.0010")
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
        "ainews-digest: an issue is [old]",
        "translate: 2/2  1,234 tokens, $0.0010",
    ]


def test_a_terminal_sees_stage_count_tokens_and_cost() -> None:
    """The live line has all four, and is gone at the end."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown(terminal=True))
    assert "translate" in text
    assert "2/2" in text
    assert "1,234 tokens, $0.0010" in text
    assert "an issue is [old]" in text
