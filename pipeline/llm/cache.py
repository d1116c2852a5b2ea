"""Paid answers, replies, pages, server capabilities and the ledger in one SQLite file: disposable.

Losing it loses money, never truth. So nothing in here is fatal: a damaged file is moved aside, a
folder that cannot be written means a cache in memory, a full disk means that nothing more is kept;
each is said once, as a warning. Several threads and several processes may use one file. What one
method keeps is committed when it returns, and outlives the process.
"""

import json
import logging
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from pipeline.llm.capabilities import ServerCapabilities
from pipeline.records import Record, StoredPage

_log = logging.getLogger(__name__)

_VERSION = 3
_BUSY_TIMEOUT_S = 15.0
_CAPABILITIES = "capabilities"  # a kind of notes
_DAMAGE_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class StoredAnswer(Record):
    """One answer as the server gave it: what was paid for."""

    content: str | None = None
    """The model's words."""
    refusal: str | None = None
    """The model's words where it refused."""
    finish_reason: str | None = None
    """Why it ended."""
    turned_down: str | None = None
    """The words of a content filter that let no answer through."""
    status: int | None = None
    """HTTP status that came with `turned_down`."""


_Cell = str | bytes | int | float | None

# The columns of `usage` are the fields of `ledger.LedgerRow` and its `Usage`, in their order.
_TABLES = f"""
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, answer TEXT NOT NULL, created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, {", ".join(StoredAnswer.model_fields)},
    created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS modes (
    host TEXT, model TEXT, mode TEXT NOT NULL, token_param TEXT NOT NULL,
    PRIMARY KEY (host, model)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, content_type TEXT NOT NULL,
    body BLOB NOT NULL
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
# What is done to the tables of an earlier version. That of 1 had a ledger of another shape, into
# which nothing was ever written; that of 2 named a run of one digest as the digest is called now.
_MIGRATIONS = {
    1: ("DROP TABLE IF EXISTS usage",),
    2: (
        "ALTER TABLE usage ADD COLUMN digest",
        "UPDATE usage SET digest = run WHERE run GLOB '????-??-??=*' AND run NOT GLOB '* *'",
    ),
}


class Cache:
    """One SQLite file, or one in memory where no file can be had."""

    def __init__(self, path: Path | None) -> None:
        """Open the file; None finds and keeps nothing."""
        self._path = path or Path()
        self._lock = threading.RLock()
        self._warned = False
        with self._lock:
            self._db = self._connect() if path else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; whatever is asked afterwards is not found, and nothing is kept."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def get_reply(self, key: str) -> str | None:
        """Find the JSON text that answered this question before."""
        rows = self.execute("SELECT answer FROM replies WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def put_reply(self, key: str, answer: str) -> None:
        """Keep the JSON text of a valid answer."""
        self.execute("INSERT OR REPLACE INTO replies (key, answer) VALUES (?, ?)", key, answer)

    def get_answer(self, key: str) -> StoredAnswer | None:
        """Find what a server answered to this call before."""
        names = StoredAnswer.model_fields
        with suppress(ValidationError):
            for row in self.execute(f"SELECT {', '.join(names)} FROM answers WHERE key = ?", key):  # noqa: S608 - only names
                return StoredAnswer.model_validate(dict(zip(names, row, strict=True)))
        return None

    def put_answer(self, key: str, answer: StoredAnswer) -> None:
        """Keep what a server answered to this call, in the place of an earlier answer."""
        names = ", ".join(StoredAnswer.model_fields)
        cells = tuple(answer.model_dump().values())
        marks = ", ".join("?" * (1 + len(cells)))
        statement = f"INSERT OR REPLACE INTO answers (key, {names}) VALUES ({marks})"  # noqa: S608 - our own field names
        self.execute(statement, key, *cells)

    def get_capabilities(self, host: str, model: str) -> ServerCapabilities | None:
        """Find what this server was found to take for this model."""
        sql = "SELECT text FROM notes WHERE kind = ? AND name = ?"
        with suppress(ValidationError):
            for (text,) in self.execute(sql, _CAPABILITIES, _server_name(host, model)):
                return ServerCapabilities.model_validate_json(text)
        # Where an earlier version kept it.
        sql = "SELECT mode, token_param FROM modes WHERE host = ? AND model = ?"
        with suppress(ValidationError):
            for mode, token_param in self.execute(sql, host, model):
                return ServerCapabilities.model_validate({"mode": mode, "token_param": token_param})
        return None

    def put_capabilities(self, host: str, model: str, capabilities: ServerCapabilities) -> None:
        """Remember what this server takes for this model."""
        text = capabilities.model_dump_json(exclude_defaults=True)
        self.put_note(_CAPABILITIES, _server_name(host, model), text)

    def get(self, url: str) -> StoredPage | None:
        """Find the page that this address answered before."""
        names = ("url", "etag", "last_modified", "content_type", "body")
        sql = "SELECT url, etag, last_modified, content_type, body FROM pages WHERE url = ?"
        with suppress(ValidationError):
            for row in self.execute(sql, url):
                return StoredPage.model_validate(dict(zip(names, row, strict=True)))
        return None

    def put(self, page: StoredPage) -> None:
        """Keep a page in the place of the one that its address answered before."""
        sql = "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)"
        self.execute(sql, page.url, page.etag, page.last_modified, page.content_type, page.body)

    def notes(self, kind: str) -> dict[str, str]:
        """Read the notes of a kind, by name."""
        return dict(self.execute("SELECT name, text FROM notes WHERE kind = ? ORDER BY name", kind))

    def put_note(self, kind: str, name: str, text: str) -> None:
        """Keep a note that another process may have to find, in the place of an earlier one."""
        self.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", kind, name, text)

    def delete_note(self, kind: str, name: str) -> None:
        """Forget a note."""
        self.execute("DELETE FROM notes WHERE kind = ? AND name = ?", kind, name)

    def execute(self, sql: str, *cells: _Cell) -> list[tuple[Any, ...]]:
        """Run one statement; a failing cache is one that finds and keeps nothing."""
        with self._lock:
            if self._db is None:
                return []
            try:
                return self._db.execute(sql, cells).fetchall()
            except sqlite3.Error as error:
                if _is_damaged(error):
                    self._db.close()
                    self._move_aside(f"is damaged ({error})", "damaged")
                    self._db = self._connect()
                else:
                    self._warn_once(
                        f"the cache {self._path} does not work, going on without: {error}"
                    )
                return []

    def _connect(self) -> sqlite3.Connection:
        """Open the file, else a new file, else memory."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            for file in (self._path, *self._wal_files()):
                if file.is_file():
                    file.chmod(0o600)
            try:
                return _open_database(self._path)
            except _UnknownVersion as error:
                self._move_aside(f"is of version {error}, not {_VERSION}", "other")
            except sqlite3.DatabaseError as error:
                if not _is_damaged(error):
                    raise
                self._move_aside(f"is damaged ({error})", "damaged")
            return _open_database(self._path)
        except (OSError, sqlite3.Error) as error:
            self._warn_once(f"the cache {self._path} cannot be used, nothing will be kept: {error}")
            return _open_database(":memory:")

    def _move_aside(self, what: str, ending: str) -> None:
        aside = self._path.with_name(f"{self._path.name}.{ending}")
        _log.warning("the cache %s %s: moved to %s", self._path, what, aside.name)
        with suppress(OSError):
            self._path.replace(aside)
        for file in self._wal_files():
            file.unlink(missing_ok=True)

    def _wal_files(self) -> list[Path]:
        return [self._path.with_name(self._path.name + ending) for ending in ("-wal", "-shm")]

    def _warn_once(self, message: str) -> None:
        if not self._warned:
            self._warned = True
            _log.warning("%s", message)


def _server_name(host: str, model: str) -> str:
    return json.dumps([host, model])


def _is_damaged(error: sqlite3.Error) -> bool:
    # The low byte is the error, the others say more about it.
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGE_CODES


class _UnknownVersion(Exception):
    """The file has tables of a version that this one cannot take over."""


def _open_database(path: Path | str) -> sqlite3.Connection:
    """Open a database and give it this version's tables; what earlier ones kept stays."""
    db = sqlite3.connect(
        path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
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
            db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("COMMIT")
    except (sqlite3.Error, _UnknownVersion):
        db.close()
        raise
    return db
