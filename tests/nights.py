"""One night after the other, in this process."""

import datetime as dt
import io

from pipeline.plan import RunRequest
from pipeline.publish import PublishedDigest, run_request
from pipeline.settings import Settings
from pipeline.write.state import read_state
from test_plan import Notes


def night(
    settings: Settings, day: dt.date, notes: Notes | None = None, wanted: RunRequest | None = None
) -> list[PublishedDigest]:
    """Run once."""
    show = notes or Notes()
    made = run_request(
        wanted or RunRequest(), settings=settings, today=day, progress=show, stdin=io.BytesIO()
    )
    return list(made)


def told(settings: Settings) -> dict[str, str]:
    """Read which digest tells which issue."""
    return {ref.stem: ref.slug for ref in read_state(settings.outputs_dir).digests}
