"""The format `text`: a digest for chats, as messages of which each fits into one.

The same text as a notice of a channel that shows no markup. Several messages are parted by a line
with a form feed, which no text of an entry can hold.
"""

from typing import Final

from pipeline.records import Digest
from pipeline.write.messages import build_messages

MESSAGE_BREAK: Final = "\f\n"
"""Stands between two messages."""
_MAX_MESSAGES: Final = 999


def to_text(digest: Digest, *, max_bytes: int | None = None) -> str:
    """Turn a digest into one or more messages.

    Args:
        digest: what is told.
        max_bytes: largest message in UTF-8 bytes, at least 200; None for one message of any size.

    Raises:
        WriteError: a link is not http or https.
    """

    def fits(title: str, body: str) -> bool:
        return max_bytes is None or len(f"{title}\n\n{body}\n".encode()) <= max_bytes

    messages = build_messages(digest, layout="text", fits=fits, max_messages=_MAX_MESSAGES)
    return MESSAGE_BREAK.join(f"{message.title}\n\n{message.body}\n" for message in messages)
