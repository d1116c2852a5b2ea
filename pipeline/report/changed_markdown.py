"""That the Markdown of a digest is not what its JSON says -> words for a reviewer. Pure.

A reviewer reads the Markdown, and what a report says of findings and entries is the JSON's: what is
mended in the Markdown alone is still found.
"""

from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from pipeline.report.text import safe_text
from pipeline.write import ADOPT_EFFECTS, MARKDOWN_WORDS, MarkdownState, adopt_command


class MarkdownChange(NamedTuple):
    """What is said of Markdown that differs, and what takes care of it."""

    said: str
    """What it is, `was changed by hand`."""
    command: str
    """The command, as it is typed."""
    effect: str
    """What the command does."""

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return f"The Markdown {self.said}, and this tells what the JSON says: {self._remedy}"

    @property
    def markdown(self) -> str:
        """All of it as a line of a pull request."""
        said = safe_text(f"The Markdown {self.said}, and this text tells what the JSON says:")
        return f"**{said}** {self._remedy}"

    @property
    def _remedy(self) -> str:
        return f"`{self.command}` {self.effect}."


def describe_change(state: MarkdownState, json_file: Path) -> MarkdownChange | None:
    """Say that the Markdown of a digest differs; None where it does not."""
    if state == "same":
        return None
    return MarkdownChange(MARKDOWN_WORDS[state], adopt_command(json_file), ADOPT_EFFECTS[state])


def first_changed_line(written: str, held: str) -> int:
    """Number the first line that is not what was written, from 1."""
    both = zip_longest(written.splitlines(), held.splitlines())
    return next((number for number, (old, new) in enumerate(both, 1) if old != new), 1)
