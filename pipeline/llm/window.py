"""How much of a question a server reads: some cut what is longer than their window, and are silent.

What they say they have read gives them away, and nothing else does. A low figure may also leave out
what a server had in its cache, or mean nothing; so it is put to the test once, by a question of
filler that no cache has: a window reads as much of it as of the other one.
"""

import random
import threading
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel

from pipeline.errors import QuestionCut
from pipeline.lines import get_logger

_log = get_logger(__name__)

# Characters of English that a tokenizer packs into one token, and tokens that it makes of any other
# character: no tokenizer in use goes beyond the first pair, few go beyond the second. On a machine
# of one's own the test costs nothing, so that a smaller gap is looked into.
_HOSTED_DENSITY: Final = (5.5, 0.25)
_LOCAL_DENSITY: Final = (4.3, 0.25)
# No window is as small, and a cache may leave as little to read.
_MIN_WINDOW: Final = 512
# How long the filler is, in characters for each token that was read: it has more tokens than those.
_PROBE_CHARS: Final = 8.5
_SHORT_CHARS: Final = 80
_FIGURES: Final = 99_999
_NEAR: Final = 8
_TOLERANCE: Final = 0.02
# Which part of a window a question may fill, since its answer stands in it too, and the tokens of
# the form of an answer, which is joined to it.
_QUESTION_SHARE: Final = 0.75
_FORM_TOKENS: Final = 300
# Ollama reads all that its window holds, and of more than that half a window and a little.
_HALF_EXTRA: Final = 2
_HALF_STEP: Final = 256
_WORDS: Final = ("model", "reads", "questions", "about", "release", "notes", "while", "engineers")
WIDEN: Final = (
    "widen its window (Ollama: OLLAMA_CONTEXT_LENGTH or num_ctx; llama.cpp: -c; LM Studio: context "
    "length; vLLM: --max-model-len)"
)
"""What to do about a server that cuts questions."""

Probe = Callable[[str], int | None]
"""Asks a question, and says how many tokens of it the server says it has read."""


def least_tokens(text: str, *, local: bool = False) -> float:
    """Say how many tokens a text has at least; for a server nearby a tighter figure."""
    ascii_chars = len(text.encode("ascii", "ignore"))
    per_token, other = _LOCAL_DENSITY if local else _HOSTED_DENSITY
    return ascii_chars / per_token + (len(text) - ascii_chars) * other


def filler_question(chars: int) -> str:
    """Write a question of so many characters that nobody has been asked before."""
    chance = random.Random()  # noqa: S311 - no secret
    words = [str(chance.randrange(10**9))]
    while chars > 0:
        # A figure for every third word: plain words alone make few tokens.
        figure = chance.randrange(3) == 0
        words.append(str(chance.randrange(_FIGURES)) if figure else chance.choice(_WORDS))
        chars -= len(words[-1]) + 1
    return f"{' '.join(words)}\n\nAnswer with the word: ok"


class ProbeAnswer(BaseModel):
    """What a question of filler is answered with; nobody reads it."""

    word: str


class ReadingWindow:
    """The window of one server, as far as it is known; used by several threads at once."""

    def __init__(self, host: str) -> None:
        """Know nothing of it; `host` is what messages call the server."""
        self._host = host
        self._is_local = is_local(host)
        self._lock = threading.Lock()
        self._state: Literal["unknown", "none", "known"] = "unknown"
        self._tokens = 0

    def check(self, text: str, estimated: int) -> None:
        """See that a question fits, before it is asked.

        Raises:
            QuestionCut: it would be cut.
        """
        if self._state == "known" and least_tokens(text) > self._holds:
            raise self._cut(estimated)

    def is_low(self, read: int | None, text: str) -> bool:
        """Say whether a server seems to have read a part of a text only.

        It has read less than the text can have tokens, or just what its window holds.
        """
        if self._state == "none" or read is None or read < _MIN_WINDOW:
            return False
        if self._state == "known":
            return self._is_full(read)
        return read < least_tokens(text, local=self._is_local)

    def judge(self, read: int, estimated: int, probe: Probe) -> None:
        """Find out whether a low figure is that of a window; ask once in a run.

        Raises:
            QuestionCut: it is, so that the answer does not count.
        """
        with self._lock:
            if self._state == "unknown":
                is_window = _is_window(read, probe)
                self._state, self._tokens = ("known", read) if is_window else ("none", 0)
                if is_window:
                    _log.warning("%s", self._message(estimated))
        if self._state == "known" and self._is_full(read):
            raise self._cut(estimated)

    def _is_full(self, read: int) -> bool:
        return abs(read - self._tokens) <= _NEAR

    def _cut(self, estimated: int) -> QuestionCut:
        room = int(self._holds * _QUESTION_SHARE) - _FORM_TOKENS
        return QuestionCut(self._message(estimated), room)

    @property
    def _holds(self) -> int:
        """How long a question may be that is not cut."""
        half = self._tokens - _HALF_EXTRA
        return self._tokens if half % _HALF_STEP else 2 * half

    def _message(self, estimated: int) -> str:
        return (
            f"{self._host} reads {self._tokens:,} tokens of a question and cuts the rest of about "
            f"{estimated:,}; {WIDEN}"
        )


def _is_window(read: int, probe: Probe) -> bool:
    """Say whether a server reads as much of a longer question, and less of a short one."""
    longer = probe(filler_question(int(read * _PROBE_CHARS)))
    if longer is None or abs(longer - read) > _near(read):
        return False
    shorter = probe(filler_question(_SHORT_CHARS))
    return shorter is not None and shorter < read / 2


def _near(read: int) -> float:
    """Say how far two figures of one window may be apart."""
    return max(float(_NEAR), read * _TOLERANCE)


def is_local(host: str) -> bool:
    """Say whether `name[:port][/path]` is this machine, or one of its network."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    try:
        return ip_address(name).is_private
    except ValueError:
        return "." not in name or name.endswith((".local", ".lan", ".internal", ".localhost"))
