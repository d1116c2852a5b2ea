"""What goes from the cache: answers and pages that nobody has read for long, or that are too many.

A row is of use when it is written or read, and what was of use within a day never goes: no run
lasts as long, so that none loses what it, or another beside it, has read or paid for. The ledger
and what servers were found to take stay. The work of one run is bounded; the next goes on.
"""

from typing import Final

from pipeline.llm.cache import Cache

_KEYS: Final = {"replies": "key", "answers": "key", "pages": "url"}
_MAX_AGED_ROWS: Final = 2_000
_ROUND_ROWS: Final = 200
_MAX_ROUNDS: Final = 20
_MAX_FREED_PAGES: Final = 20_000
_USED_WITHIN: Final = "datetime('now', '-1 day')"


def prune(cache: Cache, *, max_age_days: int, max_bytes: int) -> None:
    """Remove what is too old, and the oldest rows while the cache is too large."""
    if cache.loss:
        return
    for table, key in _KEYS.items():
        # A clock that was ahead has marked rows as of use on days to come: they would never go.
        cache.execute(
            f"UPDATE {table} SET created = CURRENT_TIMESTAMP WHERE {key} IN (SELECT {key} "  # noqa: S608 - our own names
            f"FROM {table} WHERE created > datetime('now', '+1 day') LIMIT {_MAX_AGED_ROWS})"
        )
        cache.execute(
            f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} "  # noqa: S608 - our own names
            f"WHERE created < datetime('now', ?) AND created < {_USED_WITHIN} "
            f"ORDER BY created LIMIT {_MAX_AGED_ROWS})",
            f"-{max_age_days} days",
        )
    for _ in range(_MAX_ROUNDS):
        if not _remove_oldest(cache, max_bytes):
            break
    cache.give_back(_MAX_FREED_PAGES)


def _used_bytes(cache: Cache) -> int:
    sizes = [
        cache.execute(f"PRAGMA {name}") for name in ("page_count", "freelist_count", "page_size")
    ]
    if not all(sizes):
        return 0
    pages, free, size = (int(rows[0][0]) for rows in sizes)
    return (pages - free) * size


def _remove_oldest(cache: Cache, max_bytes: int) -> bool:
    """Remove rows that were of no use for longest; say whether there may be more to remove."""
    if _used_bytes(cache) <= max_bytes:
        return False
    each = " UNION ALL ".join(
        f"SELECT * FROM (SELECT '{table}', {key}, created FROM {table} WHERE created < "  # noqa: S608 - our own names
        f"{_USED_WITHIN} ORDER BY created LIMIT {_ROUND_ROWS})"
        for table, key in _KEYS.items()
    )
    oldest = cache.execute(f"{each} ORDER BY 3 LIMIT {_ROUND_ROWS}")
    for table, name, _ in oldest:
        # Another process may have read it meanwhile.
        cache.execute(
            f"DELETE FROM {table} WHERE {_KEYS[table]} = ? AND created < {_USED_WITHIN}",  # noqa: S608 - our own names
            name,
        )
        if _used_bytes(cache) <= max_bytes:
            return False
    return bool(oldest)
