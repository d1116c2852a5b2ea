"""What a night says: of each digest, at its end, and to the channels where it failed.

One form of line: level, digest, entry, words. A failure is told once per cause, to whom a digest
would have gone; the cache remembers which causes of the last night were told.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from pipeline.errors import DigestError, SettingsError
from pipeline.lines import counted, visible
from pipeline.llm import Cache, Redactor, RunCost, find_secrets
from pipeline.records import Digest
from pipeline.settings import Settings
from pipeline.storage import StoragePath

# What differs from night to night although the cause is the same: how long, how much, which day.
_PASSING: Final = (
    r"drafts/[\w.-]+"
    r"|\b\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\b"
    r"|\$\d[\d.,]*|\b\d[\d.,]*(?= ?(?:%|USD|tokens?|bytes|[kMG]?i?B|ms|s|sec\w*|min\w*|h|hours?"
    r"|days?|times|attempts?|tries|calls?|questions?|of \d+ entries)\b)"
    r"|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b[0-9a-f]{12,}\b|\breq(?:uest)?[-_][\w-]+"
)

_SECRET_PART_CHARS: Final = 8


def require_model_of_night(settings: Settings) -> None:
    """Refuse the embedded model where nobody looks on: the key may have been lost with `.env`.

    Raises:
        SettingsError: neither a key nor a server is set, and the embedded model is not wanted.
    """
    if settings.embedded and not settings.allow_embedded:
        raise SettingsError(
            "neither OPENAI_API_KEY nor OPENAI_BASE_URL is set (is .env gone?), and a scheduled "
            "run does not publish what the embedded model tells: set one of them, or "
            "AINEWS_ALLOW_EMBEDDED=1"
        )


def digest_lines(digest: Digest, stem: str) -> Iterator[str]:
    """Say what a digest holds, and what the checks found in it."""
    yield (
        f"note {stem}: {len(digest.news)} news and {len(digest.tools)} tools "
        f"from {digest.issue_url}"
    )
    entries = dict(digest.placed)
    for finding in digest.findings:
        entry = entries.get(finding.entry)
        yield finding.line(stem, entry.title if entry else "")


def closing_line(
    made: Sequence[tuple[StoragePath, Digest, bool]],
    cost: RunCost | None,
    seconds: float,
    failed: DigestError | None = None,
) -> str:
    """Say in one line how it went.

    Args:
        made: file, digest and whether it is new or has changed, of each digest; none where nothing
            is new.
        cost: what the model was paid; None where it was not needed.
        seconds: how long it took.
        failed: what went wrong with other issues of the same run; None for nothing.
    """
    took = f"{seconds:.0f} s"
    if not made:
        return f"ok: nothing new, {took}"
    halves = [
        f"{len(digest.news)} + {len(digest.tools)}{'' if changed else ' unchanged'}"
        for _, digest, changed in made
    ]
    findings = [finding for _, digest, _ in made for finding in digest.findings]
    counts = {
        "warning": sum(one.severity == "warning" for one in findings),
        "error": sum(one.severity == "error" for one in findings),
        "quotation": sum(digest.degraded for _, digest, _ in made),
    }
    said = [counted(number, name) for name, number in counts.items() if number]
    names = ", ".join(path.stem for path, _, _ in made)
    words = ", ".join((*halves, *said, _price(cost), took))
    if failed is None:
        return f"ok {names}: {words}"
    lost = [one.issue or type(one).__name__ for one in (failed, *failed.others)]
    return f"error {names}: published: {words}; failed: {', '.join(lost)}"


def _price(cost: RunCost | None) -> str:
    if cost is None:
        return "$0"
    usd = cost.total.cost_usd
    if usd is None:
        return "price unknown"
    if not usd:
        return "$0"
    about = "about " if cost.total.uncounted else ""
    return f"{about}${usd:.3f}" if usd >= 0.001 else f"{about}${usd:.4f}"  # noqa: PLR2004 - a digit more for little


def tell_failure(error: DigestError, settings: Settings, today: dt.date) -> tuple[str, ...]:
    """Tell the channels of a digest why a night failed, once per cause.

    Args:
        error: why; what went wrong besides goes with it.
        settings: name the channels.
        today: the calendar date in Asia/Shanghai.

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
