"""A failed night -> the message that tells of it: pure."""

import datetime as dt
import html
from typing import NamedTuple

from pipeline.write.escape import escape_line, plain_text
from pipeline.write.messages import FitsChannel, MessageFormat, Notification
from pipeline.write.pings import without_pings

_CUT = "……"


class FailedNight(NamedTuple):
    """What is told of a night that failed."""

    day: dt.date
    """Its date."""
    reasons: tuple[str, ...]
    """A line each, without secrets."""


def build_failure_message(
    night: FailedNight, *, layout: MessageFormat, fits: FitsChannel
) -> tuple[Notification, ...]:
    """Write one message, cut where the channel takes no more; it calls nobody.

    Args:
        night: what is told.
        layout: how the channel's texts are marked up.
        fits: whether the channel takes a title and a body as one message.
    """
    title = f"AINews - {night.day.isoformat()} 运行失败"
    words = without_pings("\n".join(night.reasons))
    length = len(words)
    while True:
        shown = words[:length] + (_CUT if length < len(words) else "")
        body = "\n".join(_render(line, layout) for line in shown.split("\n"))
        if length == 0 or fits(title, body):
            return (Notification(title=title, body=body),)
        length = length * 3 // 4


def _render(line: str, layout: MessageFormat) -> str:
    if layout == "html":
        return f"<p>{html.escape(plain_text(line), quote=False)}</p>"
    return escape_line(line) if layout == "markdown" else plain_text(line)
