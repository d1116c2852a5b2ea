"""A digest, or why a night failed, goes in; each channel that people read is told once.

Open `digests.py` first; `failures.py` tells of nights without a digest. What a channel took stands
in the cache; how it is sent is the business of `write/notifications.py`.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.announcements.digests import announce as announce
    from pipeline.announcements.digests import announce_waiting as announce_waiting
    from pipeline.announcements.failures import forget_failures as forget_failures
    from pipeline.announcements.failures import tell_failure as tell_failure
else:
    __getattr__ = lazy_exports(__name__)
