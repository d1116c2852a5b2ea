"""Comparisons -> JSON for machines, in a stable order.

An object of two fields: `identical`, how many digests are the same byte for byte and therefore not
listed, and `digests`. Each of these has the fields of `comparison.Row`, which are its name, its
issue, its status and the counts; `old` and `new`, what its versions are called; and `difference`,
null where only one of them exists: the fields `entries`, `causes`, `came` and `went` of the record
`changes.Difference`, as they are.
"""

import json
from collections.abc import Iterator, Sequence

from pipeline.diff.summary import Comparison, summarize

_FIELDS = {"entries", "causes", "came", "went"}


def render_json(comparisons: Sequence[Comparison], *, identical: int = 0) -> Iterator[str]:
    """Write comparisons as JSON, digest by digest; fields in the records' order, one last newline.

    Args:
        comparisons: in the order in which they are shown.
        identical: digests that are the same byte for byte and are only counted.
    """
    yield f'{{"identical": {identical}, "digests": ['
    for number, comparison in enumerate(comparisons):
        whole = comparison.difference and comparison.difference.model_dump(
            mode="json", include=_FIELDS
        )
        names = {"old": comparison.old_name, "new": comparison.new_name}
        data = {**summarize(comparison).model_dump(mode="json"), **names, "difference": whole}
        text = json.dumps(data, indent=2, ensure_ascii=False)
        # Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark.
        yield "," * (number > 0) + "\n" + text.encode("utf-8", "replace").decode("utf-8")
    yield "\n]}\n"
