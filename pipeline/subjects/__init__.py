"""An entry goes in, the companies, models, people and products that it names come out.

Open `naming.py` first; `known.py` is the table of names.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.subjects.naming import Subject as Subject
    from pipeline.subjects.naming import subjects_of as subjects_of
else:
    __getattr__ = lazy_exports(__name__)
