"""What became of a digest -> the command that mends it, as it is typed."""

import datetime as dt
from collections.abc import Sequence

from pipeline.typed_command import typed_command


def make_command(slug: str, day: dt.date) -> str:
    """Say how the digest of an issue is made."""
    return typed_command("run", "--issue", slug, "--date", day.isoformat())


def remake_command(slug: str, stem: str, day: dt.date) -> str:
    """Say how a damaged digest is made again."""
    return typed_command("run", "--issue", slug, "--date", stem_date(stem, day), "--force")


def retell_command(slug: str, day: dt.date, places: Sequence[str]) -> str:
    """Say how entries that are quotations are asked for again."""
    options = [word for place in places for word in ("--refresh", place)]
    return typed_command("run", "--issue", slug, "--date", day.isoformat(), *options)


def look_command() -> str:
    """Say how to find out why the newsletter has nothing new."""
    return typed_command("doctor", takes_out=False)


def stem_date(stem: str, otherwise: dt.date) -> str:
    """Give the digest date that a file's name begins with."""
    try:
        return dt.date.fromisoformat(stem[:10]).isoformat()
    except ValueError:
        return otherwise.isoformat()
