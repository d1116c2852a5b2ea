"""Characters that are written in several ways, and texts that are cut short."""

import re
import unicodedata

HAN = "\u3400-\u9fff"
"""Chinese characters, as a range within the brackets of a pattern."""
ANY_HAN = re.compile(f"[{HAN}]")
HYPHENS = "‐‑‒−"
"""What stands for the hyphen `-`."""
DASHES = f"{HYPHENS}–—―"
"""What stands for a hyphen or parts a sentence."""
APOSTROPHES = "‘’ʼ＇"
"""What stands for the straight apostrophe."""


def fold(text: str) -> str:
    """Give the form in which texts are compared whatever their case and widths."""
    return unicodedata.normalize("NFKC", text).casefold()


def shorten(text: str, max_chars: int, *, within: bool = True) -> str:
    """Cut a text that has more than `max_chars` characters, and mark the cut with `…`.

    With `within` the mark is one of those characters, rather than one more.
    """
    return text if len(text) <= max_chars else f"{text[: max_chars - within]}…"
