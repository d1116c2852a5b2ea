"""Who is told of a digest: each channel once of the same words, and later where it was down.

The cache remembers which channel took which words, by hashes, and which digests wait for a channel.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pipeline.errors import PageNotUnderstood
from pipeline.llm import Cache
from pipeline.settings import Settings
from pipeline.storage import read_regular

if TYPE_CHECKING:
    from pipeline.records import Digest

_MAX_WAITING: Final = 5
"""As many as one night makes; who was down for longer is not sent all of it at once."""


def announce(digest: "Digest", stem: str, settings: Settings) -> tuple[str, ...]:
    """Tell every channel of the settings of a digest, once of the same words.

    Under `stem`, the name of its files, it waits for a channel that fails.

    Returns:
        One warning for each channel that did not take it; the next run sends it again.
    """
    if settings.notify_urls is None:
        return ()
    with Cache(settings.cache_file) as cache:
        return _announce(digest, stem, settings, cache)


def announce_waiting(settings: Settings) -> Iterator[str]:
    """Send what an earlier run could not, the oldest first; give a line for each failure.

    A digest that is gone since, or too old, waits no longer.
    """
    if settings.notify_urls is None:
        return
    with Cache(settings.cache_file) as cache:
        stems = sorted(cache.notes(_waiting(settings)))
        for stem in stems[:-_MAX_WAITING]:
            cache.delete_note(_waiting(settings), stem)
            yield f"warning {stem}: its messages were not sent, and are too old to be sent now"
        for stem in stems[-_MAX_WAITING:]:
            digest = _read(stem, settings)
            if digest is None:
                cache.delete_note(_waiting(settings), stem)
                continue
            for warning in _announce(digest, stem, settings, cache):
                yield f"warning {stem}: {warning}"


def _announce(digest: "Digest", stem: str, settings: Settings, cache: Cache) -> tuple[str, ...]:
    from pipeline.write import notify_channels, split_addresses

    urls = settings.notify_urls
    marks = {
        number: _mark(digest, address)
        for number, address in (split_addresses(urls) if urls else {}).items()
    }
    told = cache.notes(_told(settings))
    left = {number for number, mark in marks.items() if mark not in told}
    if urls is None or not left:
        cache.delete_note(_waiting(settings), stem)
        return ()
    failed = notify_channels(
        digest,
        urls=urls,
        numbers=left,
        max_bytes=settings.notify_bytes,
        max_messages=settings.notify_messages,
    )
    for number in left - set(failed):
        cache.put_note(_told(settings), marks[number], stem)
    if failed:
        cache.put_note(_waiting(settings), stem, "")
    else:
        cache.delete_note(_waiting(settings), stem)
    return tuple(dict.fromkeys(failed.values()))


def _read(stem: str, settings: Settings) -> "Digest | None":
    from pipeline.write import from_json

    try:
        return from_json(read_regular(settings.outputs_dir / f"{stem}.json").decode())
    except (OSError, UnicodeDecodeError, PageNotUnderstood):
        return None


def _mark(digest: "Digest", address: str) -> str:
    """Name some words and who gets them; the date is none of them, and no secret can be read."""
    words = [(one.kind, one.title, one.summary, one.link, one.quoted) for one in digest.entries]
    return hashlib.sha256(json.dumps([address, *words]).encode()).hexdigest()[:32]


def _told(settings: Settings) -> str:
    return f"announced digests of {settings.outputs_dir.absolute()}"


def _waiting(settings: Settings) -> str:
    return f"digests that wait for a channel of {settings.outputs_dir.absolute()}"
