"""English and Chinese text goes in, comparable quantities come out.

Open `compare.py` first: it says which quantities of one text another one lacks.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.quantities.compare import Quantity as Quantity
    from pipeline.quantities.compare import _equals_name_part as _equals_name_part
    from pipeline.quantities.compare import _is_equal as _is_equal
    from pipeline.quantities.compare import _is_known_date as _is_known_date
    from pipeline.quantities.compare import _possible_equals as _possible_equals
    from pipeline.quantities.compare import _quantities_in_name as _quantities_in_name
    from pipeline.quantities.compare import _scan as _scan
    from pipeline.quantities.compare import find_quantities as find_quantities
    from pipeline.quantities.compare import unsupported_quantities as unsupported_quantities
    from pipeline.quantities.units import Unit as Unit
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "compare": (
                "Quantity",
                "_equals_name_part",
                "_is_equal",
                "_is_known_date",
                "_possible_equals",
                "_quantities_in_name",
                "_scan",
                "find_quantities",
                "unsupported_quantities",
            ),
            "units": ("Unit",),
        },
    )
