"""One process at a time for one issue of one folder; without a lock a run goes on."""

import threading
from pathlib import Path

import pytest

from pipeline.errors import WriteError
from pipeline.settings import Settings
from pipeline.write.lock import issue_lock


@pytest.fixture
def ours(tmp_path: Path) -> Settings:
    """Write to folders of the test."""
    return Settings(outputs_dir=tmp_path / "outputs", cache_dir=tmp_path / "cache")


class Taker:
    """Another run that wants the lock; knows whether it waits, and what it was told."""

    def __init__(self, settings: Settings, slug: str) -> None:
        self.notes: list[str] = []
        self.waited: list[bool] = []
        self._news = threading.Event()
        self._thread = threading.Thread(target=self._take, args=(settings, slug), daemon=True)
        self._thread.start()
        assert self._news.wait(10)

    def end(self) -> list[bool]:
        """Wait for its end."""
        self._thread.join(10)
        return self.waited

    def _take(self, settings: Settings, slug: str) -> None:
        with issue_lock(settings.lock_dir, settings.outputs_dir, slug, self._told) as waited:
            self.waited.append(waited)
        self._news.set()

    def _told(self, line: str) -> None:
        self.notes.append(line)
        self._news.set()


def test_a_second_run_of_an_issue_waits_and_knows_it(ours: Settings) -> None:
    """It is told which issue it waits for, and goes on once the first has ended."""
    with issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", print) as waited:
        assert not waited
        second = Taker(ours, "26-01-30-a")
        assert len(second.notes) == 1
        assert "26-01-30-a" in second.notes[0]
        assert second.waited == []
    assert second.end() == [True]


def test_other_issues_and_other_folders_are_not_waited_for(ours: Settings, tmp_path: Path) -> None:
    """The same folder is the same by any of its names."""
    other = ours.model_copy(update={"outputs_dir": tmp_path / "other"})
    (tmp_path / "outputs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "outputs")
    same = ours.model_copy(update={"outputs_dir": tmp_path / "link"})
    with issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", print):
        takers = [
            Taker(ours, "26-01-30-b"), Taker(other, "26-01-30-a"), Taker(same, "26-01-30-a"),
        ]  # fmt: skip
        assert [len(taker.notes) for taker in takers] == [0, 0, 1]
    assert [taker.end() for taker in takers] == [[False], [False], [True]]


def test_a_lock_is_given_back(ours: Settings) -> None:
    """After the end, and after a failure."""
    with pytest.raises(KeyError), issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", print):
        raise KeyError
    with issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", pytest.fail) as waited:
        assert not waited


def test_locks_are_their_owners_alone(ours: Settings) -> None:
    """Their names tell nothing, and they stay, empty."""
    with issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", print):
        folder = ours.cache_dir / "locks"
        (file,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert "26-01-30" not in file.name
    assert file.read_bytes() == b""


@pytest.mark.parametrize("taken", ["cache", "cache/locks"])
def test_without_a_folder_for_locks_a_run_goes_on(
    ours: Settings, tmp_path: Path, taken: str
) -> None:
    """Where a file stands in its place there is no lock, and nobody waits."""
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_bytes(b"")
    with (
        issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", pytest.fail) as one,
        issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", pytest.fail) as two,
    ):
        assert (one, two) == (False, False)


def test_a_folder_of_locks_that_others_could_write_is_not_used(ours: Settings) -> None:
    """Somebody else could hold every run up; a run goes on without."""
    ours.lock_dir.mkdir(parents=True)
    ours.lock_dir.chmod(0o777)
    with (
        issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", pytest.fail) as one,
        issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", pytest.fail) as two,
    ):
        assert (one, two) == (False, False)
    assert list(ours.lock_dir.iterdir()) == []


def test_outputs_of_another_user_are_said_to_be_closed(
    ours: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They have locks, and may well be folders of this machine."""

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    ours.outputs_dir.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr("pipeline.write.lock.probe_lock", refuse)
    lock = issue_lock(ours.lock_dir, ours.outputs_dir, "x", pytest.fail)
    with pytest.raises(WriteError, match=r"closed to this user .*`ls -ld .*OUTPUTS_DIR"), lock:
        pass


def test_outputs_that_are_a_circle_of_links_have_a_name_too(ours: Settings) -> None:
    """That they cannot be written is told where they are."""
    ours.outputs_dir.symlink_to(ours.outputs_dir.name)
    with issue_lock(ours.lock_dir, ours.outputs_dir, "26-01-30-a", pytest.fail) as waited:
        assert not waited
