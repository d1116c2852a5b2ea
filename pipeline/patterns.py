"""Regular expressions that are compiled when they are first used.

A module of rules has dozens of them, most commands use few, and compiling all of a repeated run's
took a twelfth of its time.
"""

import re
from typing import cast


def lazy_pattern(pattern: str, flags: int | re.RegexFlag = 0) -> re.Pattern[str]:
    """Give a pattern whose methods compile it when the first of them is asked for."""
    return cast("re.Pattern[str]", _Pattern(pattern, flags))


class _Pattern:
    def __init__(self, pattern: str, flags: int | re.RegexFlag) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> object:
        value: object = getattr(re.compile(self.pattern, self._flags), name)
        # Found without asking here the next time, and called as quickly as that of a pattern.
        self.__dict__[name] = value
        return value
