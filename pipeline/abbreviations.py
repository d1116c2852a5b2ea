"""Where a full stop ends no sentence of an English text: `v.`, `et al.`, `N.D. Cal.`, `U.S.`.

Data. Not covered: a single initial (J. Smith), since a sentence may end in Plan B.
"""

import re

_NEVER_LAST = "v vs a.k.a e.g i.e cf ca approx Dr Mr Mrs Ms Prof St Fig Figs Eq Eqs"
_SELDOM_LAST = (
    "al Sec Ch Vol Art App Ex No Cal Civ Cir Ct Cl Crim Supp Dist Div Mass Tex Del Conn Ill Pa Fla"
    " Inc Corp Ltd Co Dept Univ Rep Sen Gov Gen Jr Sr Ph.D"
)
_INITIALS = r"(?<![ (.][A-Z]\.[A-Z]\.)(?<!\.[A-Z]\.[A-Z]\.)"
_STARTS = r"(?= (?:The|This|That|These|It|Its|In|On|A|An|We|They|He|She|But|And|So|However|If)\b)"


def _unlike(words: str) -> str:
    return "".join(rf"(?<!\b{re.escape(word)}\.)" for word in words.split())


NO_ABBREVIATION = rf"{_unlike(_NEVER_LAST)}(?:{_unlike(_SELDOM_LAST)}{_INITIALS}|{_STARTS})"
"""A pattern for the place behind a full stop: that it may end a sentence."""
