"""Stories go in, the selection of the digest comes out: ten news, ten tools and spares.

Open `selection.py` first: it plans the questions, reads the answers and completes them by code.
`early_choice.py` names stories while the model is still writing, for whoever tells them at once.
`by_code.py` chooses for a model that only translates, which is not asked.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.select.by_code import select_by_code as select_by_code
    from pipeline.select.groups import join_stories as join_stories
    from pipeline.select.selection import SelectionLimits as SelectionLimits
    from pipeline.select.selection import SelectionPlan as SelectionPlan
    from pipeline.select.selection import SelectionRun as SelectionRun
    from pipeline.select.selection import plan_selection as plan_selection
    from pipeline.select.selection import select as select
else:
    __getattr__ = lazy_exports(__name__)
