"""Whatever happens to a folder of digests: with indexes all says what it says without them."""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import daily
from pipeline.diff import find_version_pairs
from pipeline.ops import status
from pipeline.site.build import build_site
from pipeline.write import changed_markdown, read_state
from pipeline.write.json_format import to_json
from pipeline.write.markdown_format import to_markdown
from repository import DigestRepository, isolate_git, require_git

DAYS = [daily.FIRST_DAY + dt.timedelta(days=number) for number in range(6)]


class Folder:
    """A folder of digests in a repository, looked at by every command again and again."""

    def __init__(self, root: Path) -> None:
        self.repository = DigestRepository(root / "repository")
        self.outputs, self.index_dir = self.repository.folder, root / "cache" / "index"
        self.site = root / "site"
        for day in DAYS:
            self.put(day.isoformat(), day)
        self.repository.commit()

    def put(self, stem: str, day: dt.date) -> Path:
        """Write a digest of two entries."""
        whole = daily.digest(day)
        small = whole.model_copy(update={"news": whole.news[:1], "tools": whole.tools[:1]})
        return self.repository.write_digest(stem, small)

    def json(self, number: int) -> Path:
        """Name the JSON of a day."""
        return self.outputs / f"{DAYS[number]}.json"

    def said(self, index_dir: Path | None) -> tuple[object, ...]:
        """Give what the commands that look at all digests say."""
        pairs = find_version_pairs(
            [".."], folder=self.outputs, against=None, stdin=bytes, index_dir=index_dir
        )
        return (
            read_state(self.outputs, index_dir),
            status(
                self.outputs,
                None,
                since=DAYS[0],
                until=DAYS[-1] + dt.timedelta(days=9),
                stale_after_days=5,
                index_dir=index_dir,
            ),
            list(changed_markdown(sorted(self.outputs.glob("*.json")), index_dir)),
            [(pair.stem, pair.identical, pair.old.data, pair.new.data) for pair in pairs],
            self._site(index_dir),
        )

    def _site(self, index_dir: Path | None) -> tuple[object, ...]:
        out = self.site if index_dir else self.site.with_name("anew")
        if index_dir is None:
            shutil.rmtree(out, ignore_errors=True)
        built = build_site(self.outputs, out, base_url="https://example.org/", index_dir=index_dir)
        files = (file for file in out.rglob("*") if file.is_file())
        return built.files, built.warnings, {str(f.relative_to(out)): f.read_bytes() for f in files}

    def assert_alike(self) -> None:
        """Look once without indexes, and twice with them."""
        plain = self.said(None)
        for _ in range(2):
            assert self.said(self.index_dir) == plain


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Make the folder, and the indexes of it."""
    require_git()
    isolate_git(monkeypatch)
    made = Folder(tmp_path)
    made.assert_alike()
    return made


def _nothing(_folder: Folder) -> None:
    pass


def _added(folder: Folder) -> None:
    day = DAYS[-1] + dt.timedelta(days=1)
    folder.put(day.isoformat(), day)
    folder.put(f"{DAYS[2]}-2", DAYS[2])


def _edited(folder: Folder) -> None:
    changed = daily.changed_digest(daily.digest(DAYS[1]))
    folder.repository.write_digest(DAYS[1].isoformat(), changed)


def _of_the_same_size(folder: Folder) -> None:
    """Change words of two files in place, and set back the time that anybody can set."""
    for file in (folder.json(0), folder.json(3).with_suffix(".md")):
        times = file.stat()
        data = file.read_bytes()
        other = data.replace("权重".encode(), "代码".encode())
        assert (len(other), other == data) == (len(data), False)
        with file.open("r+b") as held:
            held.write(other)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def _removed(folder: Folder) -> None:
    folder.json(4).unlink()
    folder.json(4).with_suffix(".md").unlink()
    folder.json(2).unlink()
    folder.json(1).with_suffix(".md").unlink()


def _renamed(folder: Folder) -> None:
    """Let two digests exchange their names, and a third take one that is free."""
    first, second, third = (folder.json(number) for number in range(3))
    aside = first.with_name("aside")
    first.rename(aside)
    second.rename(first)
    aside.rename(second)
    third.rename(folder.outputs / f"{DAYS[2]}-3.json")


def _damaged(folder: Folder) -> None:
    folder.json(1).write_bytes(folder.json(1).read_bytes()[:-40])
    folder.json(2).write_text("[]", "utf-8")
    folder.json(3).chmod(0o644)


def _committed(folder: Folder) -> None:
    _edited(folder)
    folder.repository.commit()
    _of_the_same_size(folder)


def _moved_back_in_time(folder: Folder) -> None:
    file = folder.json(5)
    digest = daily.changed_digest(daily.digest(DAYS[5]))
    file.write_text(to_json(digest), "utf-8")
    file.with_suffix(".md").write_text(to_markdown(digest), "utf-8")
    os.utime(file, ns=(0, 0))


_EVENTS = (
    *(_nothing, _added, _edited, _of_the_same_size, _removed, _renamed, _damaged, _committed),
    _moved_back_in_time,
)


@pytest.mark.parametrize("happens", _EVENTS)
def test_all_is_said_as_without_indexes(folder: Folder, happens: Callable[[Folder], None]) -> None:
    """At once after it happened, which may be within one tick of the clock."""
    happens(folder)
    folder.assert_alike()


def test_it_stays_so_where_all_that_is_kept_counts_at_once(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One event after the other, and back, with files that count as written long ago."""
    monkeypatch.setattr("pipeline.storage.index.SETTLED_NS", 0)
    for happens in (_added, _edited, _renamed, _committed, _added):
        happens(folder)
        folder.assert_alike()


def test_an_index_that_is_damaged_or_foreign_is_made_anew(folder: Folder) -> None:
    """In silence: no file of the folder of indexes changes what is said."""
    plain = folder.said(None)
    files = sorted(folder.index_dir.iterdir())
    assert files
    for data in (b"", b"\0" * 99, files[0].read_bytes()[:-1], files[-1].read_bytes()):
        for file in files:
            file.write_bytes(data)
        assert folder.said(folder.index_dir) == plain
    shutil.rmtree(folder.index_dir)
    folder.index_dir.write_bytes(b"no folder")
    assert folder.said(folder.index_dir) == plain
