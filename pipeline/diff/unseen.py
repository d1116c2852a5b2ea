"""Characters that cannot be seen, made visible: one may be the change, and one could hide a change.

A terminal also obeys some of them. Needs nothing but the standard library.
"""

import unicodedata

_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def escape_invisible(text: str, *, changed: bool = False) -> str:
    """Name every character that cannot be seen, `<U+202E>`; in changed text odd spaces, too."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"<U+{ord(c):04X}>" if _is_invisible(c, changed) else c for c in text)


def _is_invisible(character: str, changed: bool) -> bool:
    category = unicodedata.category(character)
    return category in _INVISIBLE_CATEGORIES or (changed and category == "Zs" and character != " ")
