"""Read one hostile page and merge it: `python tests/bench/flood.py NAME SIZE`, a line of JSON.

A process of its own, so that its memory is the page's.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import shapes
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.select.selection import SelectionLimits, plan_selection


def main() -> int:
    """Take the time of parse, merge and the first question."""
    name, size = sys.argv[1:]
    page = shapes.SHAPES[name].page(int(size))
    began = time.process_time()
    issue = parse(page)
    parsed = time.process_time()
    plan_selection(merge(issue), issue=issue, limits=SelectionLimits())
    taken = {"parse": parsed - began, "merge": time.process_time() - parsed}
    print(json.dumps(taken))  # noqa: T201 - who started it reads this
    return 0


if __name__ == "__main__":
    sys.exit(main())
