"""One chosen story -> a marked quotation of its English text, when no translation can be published.

Pure, and without the model: every word is the story's own. The marks that call it a quotation are
the renderer's; the record holds the bare excerpts.
"""

import re

from pipeline.records import Entry, SelectedStory
from pipeline.translate.entry import make_entry

_LONGEST_TITLE = 40  # characters, as of any title
_LONGEST_SUMMARY = 200  # characters; English says in them what Chinese says in seventy
_SHORTEST = 60  # characters that a quotation has where the evidence has them
_CUT = "…"
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’')\]]*(?= )")


def quote_evidence(choice: SelectedStory) -> Entry:
    """Write the entry of one story from excerpts of its evidence.

    Returns:
        The entry: a title of at most 40 and a summary of at most 200 characters, both verbatim
        but for white space, and ending in … where a sentence is cut.
    """
    story = choice.story
    lead = " ".join(story.lead.split())
    text = _opening(story.evidence)
    rest = text.removeprefix(lead).lstrip(" .:;,-–—")
    # The title has said the lead already, unless it had to cut it.
    said = len(lead) <= _LONGEST_TITLE and len(rest) >= _SHORTEST
    return make_entry(
        choice,
        title=_excerpt(lead, _LONGEST_TITLE),
        summary=_excerpt(rest if said else text, _LONGEST_SUMMARY),
        quoted=True,
    )


def _excerpt(text: str, longest: int) -> str:
    """Cut a text after its last whole sentence that fits, or else after a word."""
    if len(text) <= longest:
        return text
    ends = [found.end() for found in _SENTENCE.finditer(text, 0, longest + 1)]
    if ends and ends[-1] >= _SHORTEST:
        return text[: ends[-1]]
    room = text[: longest - len(_CUT) + 1]
    words = room.rsplit(" ", 1)[0] if " " in room else room[:-1]
    return words.rstrip(" ,;:([{“\"'-–—") + _CUT


def _opening(evidence: str) -> str:
    """Give the first lines, on one line: as many as it takes to say something."""
    opening = ""
    for line in evidence.splitlines():
        opening = " ".join([*opening.split(), *line.split()])
        if len(opening) > _LONGEST_TITLE + _SHORTEST:
            break
    return opening
