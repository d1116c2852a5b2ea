"""Where a model thinks aloud in its answer, and where it answers: marks of every dress.

Pure. Models mark their thoughts in tags of their own, open them in the prompt, or forget to close
them. So a closing mark makes all before it a thought, whether it was opened or not.
"""

import re
from typing import Final, Literal, NamedTuple, cast

MarkKind = Literal["opens", "closes", "answers", "ends", "object"]
"""What a mark does: thoughts begin, thoughts end, the answer begins, one message of several ends,
which may have been thoughts; or it is the brace of an object."""


class Mark(NamedTuple):
    """One mark in a text."""

    kind: MarkKind
    start: int
    end: int


_NAME: Final = (
    r"(?:\w{1,12}[:_])?(?:think(?:ing)?|thoughts?|reason(?:ing)?|cot|reflect(?:ion)?|scratchpad"
    r"|analysis|思考(?:过程)?|推理(?:过程)?)"
)
_ANSWER: Final = r"(?:final[ _]?)?(?:answer|response|output|solution)|final"
_OPEN: Final = r"[<\[◁＜〈⟨【]\s?[|｜]?"
_CLOSE: Final = r"(?:\s[^<>\[\]{}\n]{0,80})?[|｜]?\s?[>\]▷＞〉⟩】]"
_BEGINS: Final = r"(?:begin|start)(?:_of)?_"
_ENDS: Final = r"(?:end|stop)(?:_of)?_"

_CLOSING: Final = (
    rf"{_OPEN}\s?/\s?{_NAME}{_CLOSE}",
    rf"{_OPEN}{_ENDS}{_NAME}{_CLOSE}",
    rf"{_OPEN}{_NAME}_end{_CLOSE}",
    r"<channel\|>",
    r"<unused95>",
    r"<\|inner_suffix\|>",
    r"</details>",
)
_ANSWERING: Final = (
    rf"{_OPEN}(?:{_BEGINS})?(?:{_ANSWER}){_CLOSE}",
    r"<\|channel\|>\s*final\b(?:[^{}]{0,60}?<\|message\|>)?",
    # Harmony whose special tokens were lost in decoding.
    r"assistant\s?final(?=(?:json|code)?[\s`]*(?:json)?\s*[{\[\"])",
    r"\bhere(?:'s| is) my (?:response|answer)\s*:",
)
_OPENING: Final = (
    rf"{_OPEN}(?:{_BEGINS})?{_NAME}(?:_start)?{_CLOSE}",
    r"<\|channel\|>\s*\w+[^{}]{0,60}?<\|message\|>",
    r"<\|channel>(?:\w+)?",
    r"<unused94>(?:thought)?",
    r"<\|inner_prefix\|>",
    r"<details\b[^<>]{0,80}reasoning[^<>]{0,80}>",
    r"\bhere(?:'s| is) my thought process\s*:",
)
_ENDING: Final = (r"<\|(?:end|return|call|im_end|eot_id)\|>",)
_GROUPS: Final = {
    "closes": _CLOSING,
    "answers": _ANSWERING,
    "opens": _OPENING,
    "ends": _ENDING,
    "object": (r"\{",),
}
_MARKS: Final = re.compile(
    "|".join(f"(?P<{name}>{'|'.join(marks)})" for name, marks in _GROUPS.items()), re.IGNORECASE
)
# What may stand after an object at the end of a message, beside marks.
_TRAIL: Final = re.compile(r"\s+|`{3}|~{3}|\]|<\|\w{1,12}\|>")
_TAG: Final = re.compile(r"</?\w{1,12}>")


def next_mark(text: str, start: int) -> Mark | None:
    """Find the next mark, or the next brace."""
    found = _MARKS.search(text, start)
    if found is None:
        return None
    if found.group().rstrip("]>▷＞〉⟩】 ").endswith("/"):
        return next_mark(text, found.end())  # an empty tag
    return Mark(cast("MarkKind", found.lastgroup), found.start(), found.end())


def ends_message(text: str, at: int) -> bool:
    """Say whether nothing but marks stands between a place and the end of a message."""
    while at < len(text):
        mark = _MARKS.match(text, at)
        if mark is not None:
            return mark.lastgroup != "object"
        found = _TRAIL.match(text, at) or _TAG.match(text, at)
        if found is None:
            return False
        at = found.end()
    return True
