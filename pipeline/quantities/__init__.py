"""English and Chinese text goes in, comparable quantities come out.

Open `compare.py` first: it says which quantities of one text another one lacks. The way there:

    patterns    text to tokens: dates, shares, names, spelled, numerals each read their kind
    sharing     neighbours share a unit, a month, a century
    trends      a rise or a fall, by or to so much
    parallel    what stands in parallel rises or falls alike
    scan        tokens to quantities
    readings    what else a quantity may mean
    equality    which two are equal
    from_to     which change goes the wrong way
    chinese_form    English quantities in Chinese, for a model that copies them
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.quantities.chinese_form import chinese_forms as chinese_forms
    from pipeline.quantities.chinese_form import has_same_quantities as has_same_quantities
    from pipeline.quantities.compare import QuantityMatch as QuantityMatch
    from pipeline.quantities.compare import match_quantities as match_quantities
    from pipeline.quantities.compare import unsupported_quantities as unsupported_quantities
    from pipeline.quantities.scan import Quantity as Quantity
    from pipeline.quantities.scan import find_quantities as find_quantities
    from pipeline.quantities.units import Unit as Unit
else:
    __getattr__ = lazy_exports(__name__)
