"""The tokens that a server says a call took, as far as they can be true.

Pure. Figures come as text and as fractions, without the reasoning, or as nothing for an answer of
a thousand words. What is not counted is estimated by whoever asked.
"""

import math
from typing import Final, NamedTuple

from pipeline.llm.prices import Tokens

# More than any model has read or written in one call, and few enough for sums and for the ledger.
_MAX_TOKENS: Final = 1_000_000_000
_CACHED: Final = ("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")


class Counts(NamedTuple):
    """What a server counted."""

    tokens: Tokens | None
    """All of it; None where a figure is missing or cannot be true."""
    read: int | None
    """What it read of the question, from its cache or not; None where it does not say."""


class _Nonsense(ValueError):
    """A figure that no call can have."""


def read_usage(usage: object, *, answered: bool) -> Counts:
    """Read the figures of a call.

    Args:
        usage: what the server sent.
        answered: whether its answer has any words, so that it took tokens.
    """
    if not isinstance(usage, dict):
        return Counts(None, None)
    try:
        return _read_counts(usage, answered=answered)
    except _Nonsense:
        return Counts(None, None)


def _read_counts(usage: dict[str, object], *, answered: bool) -> Counts:
    sent = _figure(usage, "prompt_tokens", "input_tokens")
    written = _figure(usage, "completion_tokens", "output_tokens")
    total = _figure(usage, "total_tokens")
    details = _details(usage, "prompt_tokens_details", "input_tokens_details")
    cached = max((_figure(place, *_CACHED) or 0) for place in (usage, details))
    details = _details(usage, "completion_tokens_details", "output_tokens_details")
    reasoning = max((_figure(place, "reasoning_tokens") or 0) for place in (usage, details))
    if not sent or (written is None and not total):
        return Counts(None, None)
    read = sent if cached <= sent else sent + cached
    if total and read > sent and total >= read + (written or 0):
        sent = read  # its figure leaves out what was cached
    received = max(written or 0, (total or 0) - sent)
    if reasoning > received:
        received += reasoning  # its figure leaves out the reasoning
    if answered and not received:
        return Counts(None, read)
    tokens = Tokens(
        input=sent, output=received, cached=min(cached, sent), reasoning=min(reasoning, received)
    )
    return Counts(tokens, read)


def _details(usage: dict[str, object], *names: str) -> dict[str, object]:
    found = next((usage[name] for name in names if isinstance(usage.get(name), dict)), None)
    return found if isinstance(found, dict) else {}


def _figure(place: dict[str, object], *names: str) -> int | None:
    """Read the first figure that stands under one of some names."""
    value = next((place[name] for name in names if place.get(name) is not None), None)
    if value is None:
        return None
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError) as error:
        raise _Nonsense from error
    if isinstance(value, bool) or not 0 <= number <= _MAX_TOKENS:
        raise _Nonsense
    return math.ceil(number)
