"""The file of the cache: whether it may be used, its tables, and what is done where it is damaged.

Gives an open database whatever is wrong: the file, else one in memory that reads the file beside
it, else one in memory alone.
"""

import os
import sqlite3
import stat
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline.lines import get_logger
from pipeline.storage import create_exclusively, untrusted_reason

_log = get_logger(__name__)

_VERSION = 4
_READABLE_VERSIONS = (3, _VERSION)
_BUSY_TIMEOUT_S = 15.0
_MAX_CELL_BYTES = 64_000_000
_DAMAGE_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
ASIDE_ENDINGS = ("damaged", "other")
"""What a file is called that was moved aside, after its own name."""

# The columns of `answers` are the fields of `cache.StoredAnswer`, those of `usage` the fields of
# `ledger.LedgerRow` and its `Usage`, in their order. `created` is when a row was last of use.
_TABLES = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, answer TEXT NOT NULL, created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, content, refusal, finish_reason, turned_down, status,
    created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS modes (
    host TEXT, model TEXT, mode TEXT NOT NULL, token_param TEXT NOT NULL,
    PRIMARY KEY (host, model)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, content_type TEXT NOT NULL,
    body BLOB NOT NULL, created TEXT
);
CREATE TABLE IF NOT EXISTS notes (
    kind TEXT, name TEXT, text TEXT NOT NULL, PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS usage (
    run, day, model, reckoned_usd, prompt, calls, batched, failed, from_cache, uncounted,
    input_tokens, cached_tokens, output_tokens, reasoning_tokens, cost_usd, saved_usd, seconds,
    digest
);
CREATE INDEX IF NOT EXISTS usage_by_day ON usage (day, reckoned_usd)
"""
_INDEXES_BY_AGE = """
CREATE INDEX IF NOT EXISTS replies_by_age ON replies (created);
CREATE INDEX IF NOT EXISTS answers_by_age ON answers (created);
CREATE INDEX IF NOT EXISTS pages_by_age ON pages (created)
"""
# What is done to the tables of an earlier version. That of 1 had a ledger of another shape, into
# which nothing was ever written; that of 2 named a run of one digest as the digest is called now;
# that of 3 did not know how old a page is.
_MIGRATIONS = {
    1: ("DROP TABLE IF EXISTS usage",),
    2: (
        "ALTER TABLE usage ADD COLUMN digest",
        "UPDATE usage SET digest = run WHERE run GLOB '????-??-??=*' AND run NOT GLOB '* *'",
    ),
    3: (),
}


class OpenedCache(NamedTuple):
    """An open database."""

    db: sqlite3.Connection
    loss: str = ""
    """Why what it is given is lost with the process; blank where it is kept."""
    reads_file: bool = False
    """Whether the file, which cannot be written, is the database `kept` beside it."""


class _UnusableFile(Exception):
    """The file may not be used: somebody else could have written it, or it is none."""


class _UnknownVersion(Exception):
    """The file has tables of a version that this one cannot take over."""


def open_cache(path: Path, *, looks: bool = False) -> OpenedCache:
    """Open the file, else a new file, else memory; what is wrong is said in the log.

    Args:
        path: the file.
        looks: whether nothing need be kept: then none is made, what cannot be written is read
            without a word, and of what others could write the ledger is.
    """
    if looks and _is_missing(path):
        return OpenedCache(_open_database(":memory:"))
    try:
        return OpenedCache(*_open_file(path))
    except (_UnusableFile, OSError, sqlite3.Error) as error:
        trusted = not isinstance(error, _UnusableFile)
        if (trusted or looks) and (opened := _open_unwritable(path, error, trusted=trusted)):
            if not looks:
                _log.warning("%s", opened.loss)
            return opened
        todo = "read" if looks else "used, nothing will be kept"
        loss = f"the cache {path} cannot be {todo}: {error}"
    _log.warning("%s; put that right or set AINEWS_CACHE_DIR", loss)
    return OpenedCache(_open_database(":memory:"), loss)


def move_aside(path: Path, what: str, ending: str) -> str:
    """Move a file aside, with the time of now, and say so; gives what was said."""
    aside = path.with_name(f"{path.name}.{ending}")
    loss = f"the cache {path} {what}: moved to {aside.name}"
    _log.warning("%s", loss)
    with suppress(OSError):
        path.replace(aside)
        os.utime(aside)
    for file in _neighbours(path):
        file.unlink(missing_ok=True)
    return loss


def is_damaged(error: sqlite3.Error) -> bool:
    """Say whether an error means that the file is damaged."""
    # The low byte is the error, the others say more about it.
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGE_CODES


def file_problem(path: Path) -> str:
    """Say why the file of a cache may not be used; blank where it may.

    Raises:
        OSError: it cannot be looked at.
    """
    if reason := untrusted_reason(path.parent, folder=True):
        return reason
    for file in (path, *_neighbours(path)):
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(file.stat().st_mode):
                return f"{str(file)!r} is not a regular file: remove it"
            if reason := untrusted_reason(file):
                return reason
    return ""


def _open_file(path: Path) -> tuple[sqlite3.Connection, str]:
    """Open a file that nobody else reads; say where an earlier one could not be used."""
    _make_private(path)
    loss = ""
    try:
        return _open_database(path), loss
    except _UnknownVersion as error:
        loss = move_aside(path, f"is of version {error}, not {_VERSION}", "other")
    except sqlite3.DatabaseError as error:
        if not is_damaged(error):
            raise
        loss = move_aside(path, f"is damaged ({error})", "damaged")
    return _open_database(path), loss


def _make_private(path: Path) -> None:
    """Make the file where there is none, and let nobody else read it.

    Raises:
        _UnusableFile: it may not be used.
    """
    # Twice: what is on the way must be ours before a folder is made there, and the folder after.
    for _ in range(2):
        if problem := file_problem(path):
            raise _UnusableFile(problem)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(create_exclusively(path, 0o600))
    for file in (path, *_neighbours(path)):
        if file.is_file() and file.stat().st_mode & 0o077:
            file.chmod(0o600)


def _is_missing(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def read_only_addresses(path: Path) -> tuple[str, ...]:
    """Give the addresses by which SQLite reads a file and leaves no trace, the best first.

    A log of changes that were not taken over yet is read where nothing can be made beside it: in
    the folder of another user, into which root may write, it is left alone.
    """
    address = f"{path.absolute().as_uri()}?mode=ro"
    still = f"{address}&immutable=1"
    foreign = path.stat().st_uid != os.geteuid() or path.parent.stat().st_uid != os.geteuid()
    return (still,) if foreign and os.access(path.parent, os.W_OK) else (address, still)


def _open_unwritable(path: Path, error: Exception, *, trusted: bool) -> OpenedCache | None:
    """Open memory, with a file that cannot be written beside it; None where it cannot be read."""
    try:
        addresses = read_only_addresses(path) if path.is_file() else ()
    except OSError:
        return None
    db = _open_database(":memory:")
    db.execute("PRAGMA trusted_schema = OFF")
    for address in addresses:
        try:
            db.execute("ATTACH ? AS kept", (address,))
            (version,) = db.execute("PRAGMA kept.user_version").fetchone()
            if version in _READABLE_VERSIONS:
                # What is added up, or found by more than its key, is looked for in one place.
                for table in ("usage", "modes", "notes") if trusted else ("usage",):
                    db.execute(f"INSERT INTO {table} SELECT * FROM kept.{table}")  # noqa: S608 - our own names
                loss = f"the cache {path} cannot be written to, it is only read: {error}"
                return OpenedCache(db, loss, reads_file=trusted)
        except (OSError, sqlite3.Error):
            pass
        with suppress(sqlite3.Error):
            db.execute("DETACH kept")
    db.close()
    return None


def _neighbours(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]


def _open_database(path: Path | str) -> sqlite3.Connection:
    """Open a database and give it this version's tables; what earlier ones kept stays."""
    address = path if isinstance(path, str) else path.absolute().as_uri()
    db = sqlite3.connect(
        address, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, uri=True
    )
    try:
        # Nothing that we keep is as large; what is larger is not read.
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_CELL_BYTES)
        db.text_factory = partial(str, encoding="utf-8", errors="replace")
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        # Two processes may both find a new file: the second waits here, then finds the tables.
        db.execute("BEGIN IMMEDIATE")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version != _VERSION:
            names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if names and version not in _MIGRATIONS:
                raise _UnknownVersion(version)  # noqa: TRY301 - the handler below closes the file
            for statement in (*_MIGRATIONS.get(version, ()), *_TABLES.split(";")):
                db.execute(statement)
            if "created" not in {row[1] for row in db.execute("PRAGMA table_info(pages)")}:
                db.execute("ALTER TABLE pages ADD COLUMN created TEXT")
                db.execute("UPDATE pages SET created = CURRENT_TIMESTAMP")
            for statement in _INDEXES_BY_AGE.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("COMMIT")
    except (sqlite3.Error, _UnknownVersion):
        db.close()
        raise
    return db
