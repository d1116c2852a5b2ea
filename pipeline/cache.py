"""Replies, pages, learnt modes and usage in one SQLite file: disposable.

Losing it loses money, never truth. So nothing in here is fatal: a damaged file is moved aside, a
folder that cannot be written means a cache in memory, a full disk means that nothing more is kept;
each is said once, as a warning. Several threads and several processes may use one file.
"""

import logging
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError

from pipeline.records import Record, StoredPage
from pipeline.structured import Mode

_log = logging.getLogger(__name__)

_VERSION = 1
_BUSY_S = 15.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
TokenParam = Literal["max_tokens", "max_completion_tokens"]
"""What a server calls the cap of an answer."""


class Learnt(Record):
    """What one server was found to take for one model."""

    mode: Mode
    """Structured-output mode."""
    token_param: TokenParam
    """Name of the output cap."""


class Usage(Record):
    """What the questions of one prompt cost."""

    prompt: str
    """Name of the prompt file."""
    calls: int = 0
    """Answers that a server gave."""
    failed: int = 0
    """Calls that ended without an answer; what they cost is not known."""
    from_cache: int = 0
    """Questions that were answered from the cache."""
    uncounted: int = 0
    """Calls whose server did not say how many tokens they took; the tokens here are estimated."""
    input_tokens: int = 0
    """Tokens sent, those that the provider had cached included."""
    cached_tokens: int = 0
    """Tokens sent that the provider had cached."""
    output_tokens: int = 0
    """Tokens received, reasoning included."""
    reasoning_tokens: int = 0
    """Tokens received that were reasoning."""
    cost_usd: float | None = 0.0
    """Price; None where the model's price or a call's tokens are not known."""
    seconds: float = 0.0
    """Time spent waiting, added up over calls that may have run at once."""


class Spent(Record):
    """One line of the ledger."""

    run: str
    """What the caller calls the run."""
    day: str
    """Calendar date of the run, `YYYY-MM-DD`."""
    model: str
    """Name of the model."""
    usage: Usage
    """What it cost."""


_Cell = str | bytes | int | float | None

_TABLES = f"""
CREATE TABLE replies (
    key TEXT PRIMARY KEY, answer TEXT NOT NULL, created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE modes (
    host TEXT, model TEXT, mode TEXT NOT NULL, token_param TEXT NOT NULL,
    PRIMARY KEY (host, model)
) WITHOUT ROWID;
CREATE TABLE pages (
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, content_type TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE usage (run, day, model, {", ".join(Usage.model_fields)})
"""


class Cache:
    """One SQLite file, or one in memory where no file can be had."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._warned = False
        self._open: sqlite3.Connection | None = None
        with self._lock:
            self._open = self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; whatever is asked afterwards is not found, and nothing is kept."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    def reply(self, key: str) -> str | None:
        """Find the JSON text that answered this question before."""
        rows = self._run("SELECT answer FROM replies WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def keep_reply(self, key: str, answer: str) -> None:
        """Keep the JSON text of a valid answer."""
        self._run("INSERT OR REPLACE INTO replies (key, answer) VALUES (?, ?)", key, answer)

    def mode(self, host: str, model: str) -> Learnt | None:
        """Find what this server was found to take for this model."""
        sql = "SELECT mode, token_param FROM modes WHERE host = ? AND model = ?"
        with suppress(ValidationError):
            for mode, token_param in self._run(sql, host, model):
                return Learnt.model_validate({"mode": mode, "token_param": token_param})
        return None

    def keep_mode(self, host: str, model: str, learnt: Learnt) -> None:
        """Remember what this server takes for this model."""
        sql = "INSERT OR REPLACE INTO modes VALUES (?, ?, ?, ?)"
        self._run(sql, host, model, learnt.mode, learnt.token_param)

    def get(self, url: str) -> StoredPage | None:
        """Find the page that this address answered before."""
        names = ("url", "etag", "last_modified", "content_type", "body")
        sql = "SELECT url, etag, last_modified, content_type, body FROM pages WHERE url = ?"
        with suppress(ValidationError):
            for row in self._run(sql, url):
                return StoredPage.model_validate(dict(zip(names, row, strict=True)))
        return None

    def put(self, page: StoredPage) -> None:
        """Keep a page in the place of the one that its address answered before."""
        sql = "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)"
        self._run(sql, page.url, page.etag, page.last_modified, page.content_type, page.body)

    def keep_usage(self, lines: Iterable[Spent]) -> None:
        """Add lines to the ledger."""
        for line in lines:
            cells = (line.run, line.day, line.model, *line.usage.model_dump().values())
            self._run(f"INSERT INTO usage VALUES ({', '.join('?' * len(cells))})", *cells)  # noqa: S608 - only marks

    def usage(self) -> tuple[Spent, ...]:
        """Read the ledger, oldest line first."""
        return tuple(
            Spent(
                run=run,
                day=day,
                model=model,
                usage=Usage(**dict(zip(Usage.model_fields, rest, strict=True))),
            )
            for run, day, model, *rest in self._run("SELECT * FROM usage ORDER BY rowid")
        )

    def _run(self, sql: str, *cells: _Cell) -> list[tuple[Any, ...]]:
        """Run one statement; a failing cache is one that finds and keeps nothing."""
        with self._lock:
            if self._open is None:
                return []
            try:
                return self._open.execute(sql, cells).fetchall()
            except sqlite3.Error as error:
                if _is_damage(error):
                    self._open.close()
                    self._set_aside(error)
                    self._open = self._connect()
                else:
                    self._warn(f"the cache {self._path} does not work, going on without: {error}")
                return []

    def _connect(self) -> sqlite3.Connection:
        """Open the file, else a new file, else memory."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            if self._path.is_file():
                self._path.chmod(0o600)
            try:
                return _prepared(self._path)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._set_aside(error)
                return _prepared(self._path)
        except (OSError, sqlite3.Error) as error:
            self._warn(f"the cache {self._path} cannot be used, nothing will be kept: {error}")
            return _prepared(":memory:")

    def _set_aside(self, error: sqlite3.Error) -> None:
        aside = self._path.with_name(self._path.name + ".damaged")
        _log.warning("the cache %s is damaged (%s): moved to %s", self._path, error, aside.name)
        with suppress(OSError):
            self._path.replace(aside)
        for ending in ("-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def _warn(self, message: str) -> None:
        if not self._warned:
            self._warned = True
            _log.warning("%s", message)


def _is_damage(error: sqlite3.Error) -> bool:
    # The low byte is the error, the others say more about it.
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED


def _prepared(path: Path | str) -> sqlite3.Connection:
    """Open a database and give it this version's tables; those of another version go."""
    db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        # Two processes may both find a new file: the second waits here, then finds the tables.
        db.execute("BEGIN IMMEDIATE")
        if db.execute("PRAGMA user_version").fetchone() != (_VERSION,):
            names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for statement in (*(f'DROP TABLE "{name}"' for (name,) in names), *_TABLES.split(";")):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("COMMIT")
    except sqlite3.Error:
        db.close()
        raise
    return db
