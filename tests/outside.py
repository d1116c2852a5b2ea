"""Answers from outside: what a page has, and how it was told."""

import json
from collections.abc import Iterator
from pathlib import Path

from build import entry
from pipeline.fetch.local_file import read_source
from pipeline.parse.page import parse
from pipeline.records import Entry, Story


def answers_from_outside(shared: Path, page: str, answers: str) -> Iterator[tuple[Entry, Story]]:
    """Give the entry and the story of each answer of a file in `cases`."""
    file = shared / "cases" / page
    with file.open("rb") as opened:
        mentions = parse(read_source(str(file), opened)).mentions
    told = json.loads((shared / "cases" / answers).read_text("utf-8"))
    for name, (title, summary) in told.items():
        (mention,) = [each for each in mentions if each.lead.startswith(name)]
        made = entry("s01", mention.links[0].url)
        words = {"title": title, "summary": summary}
        yield made.model_copy(update=words), Story(id="s01", mentions=(mention,))
