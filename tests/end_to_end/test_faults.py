"""The fault matrix: every row is played with real servers, the real command and the real disk.

`python tests/fault_matrix.py` plays it and prints the table.
"""

from collections.abc import Callable

import pytest

from faults.bench import FaultBench, FaultCase
from faults.matrix import FAULTS

# A process of several threads is forked, which newer Pythons warn of: the child runs one command.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_ends_as_the_matrix_says(
    fault: FaultCase, bench: FaultBench, record_property: Callable[[str, object], None]
) -> None:
    """The exit code, one line that tells of it, no traceback, and nothing lost or half-written."""
    ended = fault.play(bench)
    record_property("code", ended.code)
    record_property("line", ended.last if ended.code else _telling(ended.lines, fault.says))
    assert ended.code == fault.code, ended.err
    assert "Traceback" not in ended.err
    assert "sk-planted" not in ended.err
    if fault.says:
        telling = [line for line in ended.lines if all(words in line for words in fault.says)]
        assert len(telling) == 1, ended.err
        assert ended.code == 0 or telling == [ended.last], ended.err
    if ended.code == 0:
        assert len(ended.out.splitlines()) == 1
    else:
        assert ended.out == ""
    assert bench.names() == fault.leaves
    for name, data in bench.good.items():
        assert (bench.outputs / name).read_bytes() == data
    assert not list(bench.outputs.rglob("*.tmp"))
    for name in fault.leaves:
        assert (bench.outputs / f"{name}.md").read_text(encoding="utf-8").endswith("\n")


def _telling(lines: list[str], says: tuple[str, ...]) -> str:
    return next((line for line in lines if says and all(each in line for each in says)), "")
