"""An issue's mentions go in, its stories come out, the most salient first.

Open `stories.py` first: it orders the steps: features, similarity, clustering, ranking.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.merge.coverage import compute_coverage as compute_coverage
    from pipeline.merge.coverage import update_coverage as update_coverage
    from pipeline.merge.features import find_names as find_names
    from pipeline.merge.features import normalize as normalize
    from pipeline.merge.features import rarity_limit as rarity_limit
    from pipeline.merge.stories import merge as merge
else:
    __getattr__ = lazy_exports(__name__)
