"""How large a model is, as far as its name says so. Pure."""

import re
from typing import Final

MAX_PLAIN_BILLIONS: Final = 4.0
"""Up to so many billion parameters a model translates sentences better than it tells stories."""

# After a letter stands something else: a mixture's active part (30B-A3B), a version (v2b).
_SIZE: Final = re.compile(
    r"(?<![a-z0-9.])(?:(?P<experts>\d{1,3})x)?(?P<count>\d{1,4}(?:\.\d{1,3})?)"
    r"(?P<unit>[bm])(?![a-z0-9])",
    re.IGNORECASE,
)
_UNNUMBERED: Final = {re.compile(r"\bphi-?(?:3(?:\.5)?|4)[-:]mini\b", re.IGNORECASE): 3.8}
"""Models that are known by another word than their size."""


def parameter_billions(name: str) -> float | None:
    """Read the parameters of a model from its name, in billions; None where it does not say.

    Args:
        name: as a server has it: `qwen3:4b`, `Qwen/Qwen3-4B-Instruct`. Of a mixture of experts all
            of it counts, not the part that is active for a token: the largest number of the name.
    """
    sizes = [
        int(found["experts"] or 1) * float(found["count"]) / (1_000 if found["unit"] in "mM" else 1)
        for found in _SIZE.finditer(name.replace("_", "-"))
    ]
    known = [size for pattern, size in _UNNUMBERED.items() if pattern.search(name)]
    return max(sizes or known, default=None)
