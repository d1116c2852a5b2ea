"""Paid answers, replies, pages, server capabilities and the ledger in one SQLite file: disposable.

Losing it loses money, never truth. So nothing in here is fatal: a damaged file is moved aside, a
folder that cannot be written is only read, one that others could write is not used, a full disk
means that nothing more is kept; each is said once, as a warning (`cache_file.py`). Several threads
and several processes may use one file. What one method keeps is committed when it returns, and
outlives the process.
"""

import json
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationError

from pipeline.lines import get_logger
from pipeline.llm.cache_file import OpenedCache, is_damaged, move_aside, open_cache
from pipeline.records import Record, StoredPage

if TYPE_CHECKING:
    from pipeline.llm.capabilities import ServerCapabilities

_log = get_logger(__name__)

_CAPABILITIES = "capabilities"  # a kind of notes
# A row that was read within a day is not marked again as of use.
_IS_UNMARKED = (
    "created IS NULL OR created NOT BETWEEN datetime('now', '-1 day') AND datetime('now')"
)


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


_PAGE_COLUMNS = ("url", "etag", "last_modified", "content_type", "body")
_Cell = str | bytes | int | float | None


class Cache:
    """One SQLite file, or one in memory where no file can be had."""

    def __init__(self, path: Path | None, *, looks: bool = False) -> None:
        """Open the file; None finds and keeps nothing, `looks` is that of `open_cache`."""
        self._path = path or Path()
        self.loss = ""
        """Why what is written is lost, or what was written is; blank where nothing is."""
        self._lock = threading.RLock()
        self._warned = False
        self._reads_file = False
        self._db: sqlite3.Connection | None = None
        with self._lock:
            if path:
                self._take(open_cache(path, looks=looks))

    @property
    def path(self) -> Path:
        """Name of the file."""
        return self._path

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
        row = self._find("replies", "key", key, ("answer",))
        return str(row[0]) if row else None

    def put_reply(self, key: str, answer: str) -> None:
        """Keep the JSON text of a valid answer."""
        self.execute("INSERT OR REPLACE INTO replies (key, answer) VALUES (?, ?)", key, answer)

    def get_answer(self, key: str) -> StoredAnswer | None:
        """Find what a server answered to this call before."""
        names = tuple(StoredAnswer.model_fields)
        with suppress(ValidationError):
            if row := self._find("answers", "key", key, names):
                return StoredAnswer.model_validate(dict(zip(names, row, strict=True)))
        return None

    def put_answer(self, key: str, answer: StoredAnswer) -> None:
        """Keep what a server answered to this call, in the place of an earlier answer."""
        names = ", ".join(StoredAnswer.model_fields)
        cells = tuple(answer.model_dump().values())
        marks = ", ".join("?" * (1 + len(cells)))
        statement = f"INSERT OR REPLACE INTO answers (key, {names}) VALUES ({marks})"  # noqa: S608 - our own field names
        self.execute(statement, key, *cells)

    def get_capabilities(self, host: str, model: str) -> "ServerCapabilities | None":
        """Find what this server was found to take for this model."""
        from pipeline.llm.capabilities import ServerCapabilities

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

    def put_capabilities(self, host: str, model: str, capabilities: "ServerCapabilities") -> None:
        """Remember what this server takes for this model."""
        text = capabilities.model_dump_json(exclude_defaults=True)
        self.put_note(_CAPABILITIES, _server_name(host, model), text)

    def get(self, url: str) -> StoredPage | None:
        """Find the page that this address answered before."""
        with suppress(ValidationError):
            if row := self._find("pages", "url", url, _PAGE_COLUMNS):
                return StoredPage.model_validate(dict(zip(_PAGE_COLUMNS, row, strict=True)))
        return None

    def put(self, page: StoredPage) -> None:
        """Keep a page in the place of the one that its address answered before."""
        sql = "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, CURRENT_TIMESTAMP)"
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
            except sqlite3.DataError as error:
                self._warn_once(f"the cache {self._path} holds what is too large: {error}")
            except sqlite3.Error as error:
                if is_damaged(error):
                    self._db.close()
                    loss = move_aside(self._path, f"is damaged ({error})", "damaged")
                    self._take(open_cache(self._path))
                    self.loss = loss
                else:
                    self.loss = f"the cache {self._path} does not work, going on without: {error}"
                    self._warn_once(self.loss)
            return []

    def give_back(self, max_pages: int) -> None:
        """Give the disk back what is not used any more, as far as the file can become smaller."""
        with self._lock, suppress(sqlite3.Error):
            if self._db is not None:
                # Each page is a row without columns, which `execute` would not go on to.
                self._db.executescript(f"PRAGMA incremental_vacuum({int(max_pages)})")

    def _take(self, opened: OpenedCache) -> None:
        self._db, self.loss, self._reads_file = opened

    def _find(
        self, table: str, column: str, key: str, names: tuple[str, ...]
    ) -> tuple[Any, ...] | None:
        """Find one row by its key, and mark it as of use."""
        what = f"SELECT {', '.join(names)}, {_IS_UNMARKED} FROM"
        which = f"{table} WHERE {column} = ?"
        rows = self.execute(f"{what} {which}", key)
        if not rows and self._reads_file:
            rows = self.execute(f"{what.replace(_IS_UNMARKED, '0')} kept.{which}", key)
        for *row, is_unmarked in rows:
            if is_unmarked:
                mark = f"UPDATE {table} SET created = CURRENT_TIMESTAMP WHERE {column} = ?"  # noqa: S608 - our own names
                self.execute(mark, key)
            return tuple(row)
        return None

    def _warn_once(self, message: str) -> None:
        if not self._warned:
            self._warned = True
            _log.warning("%s", message)


def _server_name(host: str, model: str) -> str:
    return json.dumps([host, model])
