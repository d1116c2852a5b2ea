"""The base of all records, and the words that several of them share."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

IssuePart = Literal["intro", "twitter", "reddit", "discord", "discord_details"]
"""Which recap a mention stands in; `discord_details` are the by-channel summaries."""

EntryKind = Literal["news", "tool"]
"""Which half of the digest an entry belongs to."""

HALVES: Final[dict[EntryKind, str]] = {"news": "news", "tool": "tools"}
"""What the half of each kind is called: a field of the digest, and in a place such as `tools:3`."""


class Record(BaseModel):
    """Base of all records: frozen, and strict about what it does not know.

    What checks a record is built when one is first made: most commands make few kinds of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
