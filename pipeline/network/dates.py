"""Dates as mails, feeds and HTTP headers write them (RFC 5322), from whoever sends them.

The only importer of the library's reader, which raises an OverflowError, too, at a date such as
`Mon, 1 Jan 2024 00:00:00 +99999999999999`.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_MAX_CHARS: Final = 200


def parse_internet_date(text: str) -> datetime | None:
    """Read a date with its zone, UTC where none is named; None for what is no date."""
    if len(text) > _MAX_CHARS:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
