"""Digests -> the search data that a browser loads, one file per month.

Pure. A file is a script, since a page that was opened from disk may load scripts of its own but no
data; it calls `ainewsSearch` with what `static/search.js` looks through: per digest its name, its
news and its tools, and per entry its title and its summary, and a 1 where both are English.
"""

import json
from collections.abc import Sequence

from pipeline.records import Entry
from pipeline.site.feed import SiteDigest
from pipeline.site.shown import one_line

# Nothing in a script of its own needs them escaped; wherever it is put, they stay text.
_ESCAPES = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


def search_data(published: Sequence[SiteDigest]) -> str:
    """Write the search data of one month, given its digests, newest first; at least one."""
    month = published[0].stem[:7]
    rows = [[each.stem, _rows(each.digest.news), _rows(each.digest.tools)] for each in published]
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair is dropped by `line`, so that UTF-8 can hold whatever is here.
    return f"window.ainewsSearch({json.dumps(month)},{data.translate(_ESCAPES)});\n"


def _rows(entries: Sequence[Entry]) -> list[list[str | int]]:
    return [
        [one_line(each.title), one_line(each.summary), *([1] * each.quoted)] for each in entries
    ]
