"""Every row of the fault matrix, in the order in which it is printed."""

from faults import disk, folders, model, source, surroundings
from faults.bench import FaultCase

FAULTS: tuple[FaultCase, ...] = (
    *source.ROWS,
    *model.ROWS,
    *disk.ROWS,
    *folders.ROWS,
    *surroundings.ROWS,
)
