"""What `status` and the nightly run read of many digests: each once."""

import datetime as dt
from pathlib import Path

import pytest

import daily
from pipeline.ops import Status, status
from pipeline.records import Digest
from pipeline.storage import read_regular
from pipeline.write import DRAFTS, OutputsState, from_json, read_state, state, write

DAYS = 30
SINCE = daily.FIRST_DAY
UNTIL = SINCE + dt.timedelta(days=DAYS)


class Looks:
    """A folder of digests and drafts, and what was read of it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.index_dir = folder / "outputs", folder / "cache" / "index"
        self.opened: list[str] = []
        self.parsed = 0
        daily.write_digests(self.folder, DAYS)
        write(daily.digest(UNTIL), self.folder, draft=True)
        real_open, real_parse = read_regular, from_json

        def opened(file: Path) -> bytes:
            self.opened.append(file.name)
            return real_open(file)

        def parsed(text: str) -> Digest:
            self.parsed += 1
            return real_parse(text)

        monkeypatch.setattr("pipeline.storage.index.SETTLED_NS", 0)
        monkeypatch.setattr(state, "read_regular", opened)
        monkeypatch.setattr("pipeline.write.digest_index.from_json", parsed)

    def status(self, since: dt.date = SINCE, *, indexed: bool = True) -> Status:
        """Look at the digests."""
        self.opened.clear()
        self.parsed = 0
        index_dir = self.index_dir if indexed else None
        return status(
            self.folder, None, since=since, until=UNTIL, stale_after_days=5, index_dir=index_dir
        )

    def state(self) -> OutputsState:
        """Look which issues are digested, as the nightly run does."""
        self.opened.clear()
        return read_state(self.folder, self.index_dir)


@pytest.fixture
def looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Make the folder."""
    return Looks(tmp_path, monkeypatch)


def test_a_digest_is_read_once(looks: Looks) -> None:
    """By `status` and by the nightly run, drafts too; and the rows are the same."""
    plain = looks.status(indexed=False)
    assert looks.parsed == DAYS + 1
    assert looks.status() == plain
    assert (looks.parsed, len(looks.opened)) == (DAYS + 1, DAYS + 1)
    for _ in range(2):
        assert looks.status() == plain
        assert looks.state() == read_state(looks.folder)
        looks.state()
        assert (looks.parsed, looks.opened) == (0, [])


def test_digests_beyond_the_range_stay_shut(looks: Looks) -> None:
    """Also when nothing is kept yet; what is kept of others stays kept."""
    looks.status(UNTIL - dt.timedelta(days=3))
    assert looks.parsed == 4
    looks.status()
    assert looks.parsed == DAYS - 3
    looks.status(UNTIL)
    looks.status()
    assert looks.parsed == 0


def test_one_that_changed_is_read_again(looks: Looks) -> None:
    """That one alone; a damaged one each time, with its reason, until it is mended."""
    looks.status()
    file = looks.folder / f"{SINCE}.json"
    whole = file.read_bytes()
    for data in (whole[:-9], whole.replace(b'"issue_url"', b'"issue_uri"')):
        file.write_bytes(data)
        for _ in range(2):
            found = looks.status()
            assert found == looks.status(indexed=False)
            assert [row.condition for row in found.rows].count("damaged") == 1
    file.write_bytes(whole.replace(b"25-11-24-not-much", b"25-11-24-too-much"))
    found = looks.status()
    assert (looks.parsed, looks.opened) == (1, [file.name])
    assert found.rows[0].issue == "25-11-24-too-much"
    file.unlink()
    file.with_suffix(".md").unlink()
    assert len(looks.status().rows) == DAYS


def test_a_draft_is_none_of_the_digests(looks: Looks) -> None:
    """What is kept of the one folder says nothing of the other."""
    looks.status()
    for ending in ("json", "md"):
        file = looks.folder / f"{SINCE}.{ending}"
        file.rename(looks.folder / DRAFTS / file.name)
    assert looks.status() == looks.status(indexed=False)
    assert looks.status().count("draft") == 2
