"""Who is told that a night failed: the channels of a digest, once per cause.

The cache remembers which causes of the last night were told.
"""

import datetime as dt
import os
import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from pipeline.errors import DigestError
from pipeline.lines import visible
from pipeline.llm import Cache, Redactor, find_secrets
from pipeline.settings import Settings

# What differs from night to night although the cause is the same: how long, how much, which day.
_PASSING: Final = (
    r"drafts/[\w.-]+"
    r"|\b\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\b"
    r"|\$\d[\d.,]*|\b\d[\d.,]*(?= ?(?:%|USD|tokens?|bytes|[kMG]?i?B|ms|s|sec\w*|min\w*|h|hours?"
    r"|days?|times|attempts?|tries|calls?|questions?|of \d+ entries)\b)"
    r"|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b[0-9a-f]{12,}\b|\breq(?:uest)?[-_][\w-]+"
)
_SECRET_PART_CHARS: Final = 8


def tell_failure(error: DigestError, settings: Settings, today: dt.date) -> tuple[str, ...]:
    """Tell the channels of a digest why a night failed, once per cause.

    Returns:
        What went wrong with the telling.
    """
    if settings.notify_urls is None:
        return ()
    from pipeline.write import FailedNight, notify_failure

    redact = _redactor(settings)
    causes = {
        _cause_of(one): redact.redact_line(visible(str(one))) for one in (error, *error.others)
    }
    with Cache(settings.cache_file) as cache:
        known = set(cache.notes(_kind(settings)))
        for over in known - set(causes):
            cache.delete_note(_kind(settings), over)
        new = {cause: words for cause, words in causes.items() if cause not in known}
        if not new:
            return ()
        heard, warnings = notify_failure(
            FailedNight(today, tuple(new.values())),
            urls=settings.notify_urls,
            max_bytes=settings.notify_bytes,
        )
        for cause in new if heard else ():
            cache.put_note(_kind(settings), cause, today.isoformat())
    return warnings


def forget_failures(settings: Settings) -> None:
    """Take every cause for over, so that one that comes back is told again."""
    if settings.notify_urls is not None:
        with Cache(settings.cache_file) as cache:
            for cause in cache.notes(_kind(settings)):
                cache.delete_note(_kind(settings), cause)


def _kind(settings: Settings) -> str:
    """Name the notes of the nights that write into one folder."""
    return f"failed nights of {settings.outputs_dir.absolute()}"


def _redactor(settings: Settings) -> Redactor:
    """Know every secret of the settings and of the environment, addresses in parts."""
    given = [value for _, value in settings if isinstance(value, SecretStr)]
    words = " ".join(value.get_secret_value() for value in given).split()
    parts = [part for word in words for part in re.split(r"[/?&=:@,]+", word)]
    addresses = [value for _, value in settings if isinstance(value, str) and "://" in value]
    # The host of a source or a server is no secret, although a channel may be on it too: of such a
    # channel's address the parts are secrets, and not the whole, whose parts would hide the host.
    hosts = set(filter(None, (urlsplit(address).hostname for address in addresses)))
    shared = [word for word in words if any(host in word for host in hosts)]
    others = {*words, *(part for part in parts if len(part) >= _SECRET_PART_CHARS)}
    others -= {*shared, *hosts}
    addresses += shared
    others |= find_secrets(settings.extra_fields) | find_secrets(dict(os.environ))
    return Redactor("", *addresses, others=others)


def _cause_of(error: DigestError) -> str:
    """Name a cause, the same on all nights that fail for it; holds no secret."""
    from hashlib import sha256

    words = f"{type(error).__name__} {re.sub(_PASSING, '#', str(error))}"
    return sha256(words.encode()).hexdigest()[:32]
