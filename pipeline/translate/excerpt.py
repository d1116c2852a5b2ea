"""One chosen story -> a marked quotation of its English text, when no translation can be published.

Pure, and without the model: every word is the story's own. The marks that call it a quotation are
the renderer's; the record holds the bare excerpts.
"""

import re
import unicodedata

from pipeline.records import Entry, SelectedStory

_LONGEST_TITLE = 40  # characters, as of any title
_LONGEST_SUMMARY = 200  # characters; English says in them what Chinese says in seventy
_SHORTEST = 60  # characters that a quotation has where the evidence has them
_CUT = "…"
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’')\]]*(?= )")


def quote_evidence(choice: SelectedStory) -> Entry:
    """Tell one story by excerpts of its evidence.

    Returns:
        The entry: a title of at most 40 and a summary of at most 200 characters, both verbatim
        but for white space, and ending in … where a sentence is cut.
    """
    story = choice.story
    lead = " ".join(story.lead.split())
    text = _opening(story.evidence)
    rest = text.removeprefix(lead).lstrip(" .:;,-–—")
    return Entry(
        kind=choice.kind,
        title=_excerpt(lead, _LONGEST_TITLE),
        # The title has said the lead already, unless it had to cut it.
        summary=_excerpt(
            rest if len(lead) <= _LONGEST_TITLE and len(rest) >= _SHORTEST else text,
            _LONGEST_SUMMARY,
        ),
        link=choice.link,
        story=story.id,
        section=story.mentions[0].section,
        parts=story.parts,
        links=story.links,
        evidence=story.evidence,
        reason=choice.reason,
        follows=choice.follows,
        quoted=True,
    )


def is_verbatim(excerpt: str, text: str) -> bool:
    """Whether an excerpt stands in a text, but for white space, and for what rendering changes."""
    said = _visible_characters(excerpt).removesuffix(_CUT)
    return bool(said) and said in _visible_characters(text)


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


def _visible_characters(text: str) -> str:
    """Leave out what rendering adds, folds or drops: backticks, white space, the invisible."""
    invisible = {"Cc", "Cf", "Cs"}
    return "".join(
        character
        for character in text
        if not (
            character.isspace() or character == "`" or unicodedata.category(character) in invisible
        )
    )
