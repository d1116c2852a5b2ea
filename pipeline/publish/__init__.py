"""What was asked for goes in, published digests come out: locked, compared, written, or drafts.

Open `request.py` first: it goes from a request to its digests; `digest.py` publishes one,
`up_to_date.py` finds one that would come out the same.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.publish.digest import PublishedDigest as PublishedDigest
    from pipeline.publish.digest import describe_degraded as describe_degraded
    from pipeline.publish.digest import is_repeatable as is_repeatable
    from pipeline.publish.digest import is_too_degraded as is_too_degraded
    from pipeline.publish.digest import publish as publish
    from pipeline.publish.digest import require_same_model as require_same_model
    from pipeline.publish.digest import write_or_draft as write_or_draft
    from pipeline.publish.request import SINGLE_ISSUE_ERRORS as SINGLE_ISSUE_ERRORS
    from pipeline.publish.request import RefreshTargets as RefreshTargets
    from pipeline.publish.request import parse_refresh as parse_refresh
    from pipeline.publish.request import run_request as run_request
    from pipeline.publish.up_to_date import made_from_of as made_from_of
    from pipeline.publish.up_to_date import seal as seal
    from pipeline.publish.up_to_date import sum_of_inputs as sum_of_inputs
    from pipeline.publish.up_to_date import with_made_from as with_made_from
else:
    __getattr__ = lazy_exports(__name__)
