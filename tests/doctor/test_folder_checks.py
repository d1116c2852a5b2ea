"""What the doctor finds of locks and owners, in the folders that a run would write to."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from pipeline.doctor.folders import FolderProblem, folder_problems, quick_check
from pipeline.llm.cache import Cache
from pipeline.settings import Settings

NAME = "AINEWS_MAX_COST_USD_PER_DAY"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Make folders where nothing is wrong."""
    made = Settings(
        OPENAI_API_KEY="k",
        outputs_dir=tmp_path / "outputs",
        cache_dir=tmp_path / "cache",
        max_cost_usd_per_day=3,
    )
    made.outputs_dir.mkdir()
    made.lock_dir.mkdir(parents=True, mode=0o700)
    made.cache_dir.chmod(0o700)
    Cache(made.cache_file).close()
    return made


def found(settings: Settings, *, writable: bool = True) -> list[FolderProblem]:
    """Look; nothing may stay behind, but what SQLite puts beside a database that it reads."""

    def names() -> set[Path]:
        paths = settings.outputs_dir.parent.rglob("*")
        return {path for path in paths if not path.name.endswith(("-shm", "-wal"))}

    before = names()
    problems = list(folder_problems(settings, cache_writable=writable))
    assert names() == before
    assert all("\n" not in problem.found for problem in problems)
    return problems


def test_folders_as_they_should_be_have_no_problem(settings: Settings) -> None:
    """Also those that are not made yet."""
    assert found(settings) == []
    settings.outputs_dir.rmdir()
    settings.lock_dir.rmdir()
    assert found(settings) == []


@pytest.mark.parametrize("name", ["ENOLCK", "ENOSYS", "EOPNOTSUPP"])
def test_each_folder_without_flock_is_told(
    name: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lock files stand in: a warning."""

    def refuse(*_: object) -> None:
        raise OSError(getattr(errno, name), "no such lock")

    monkeypatch.setattr(fcntl, "flock", refuse)
    problems = found(settings)
    assert [problem.name for problem in problems] == ["disk", "cache", "cache"]
    for problem, folder in zip(
        problems, (settings.outputs_dir, settings.cache_dir, settings.lock_dir), strict=True
    ):
        assert problem.found.startswith(f"{folder} knows no flock")
        assert problem.error is None


def test_a_lock_that_two_get_at_once_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process really tries."""
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    assert ["two processes the same lock" in problem.found for problem in found(settings)] == [
        True
    ] * 3


def test_digests_that_cannot_be_locked_would_end_a_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run goes on without locks of issues."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", refuse)
    problems = found(settings)
    assert [problem.error and problem.error.exit_code for problem in problems] == [6, None, None]


def test_a_cache_in_a_folder_for_everybody_is_to_be_another(settings: Settings) -> None:
    """Nobody should take the sticky folder of a machine away from the others."""
    settings.cache_dir.chmod(0o1777)
    told, *_ = found(settings)
    assert "is a folder for everybody" in told.found
    assert told.todo.endswith("set AINEWS_CACHE_DIR")
    assert "chmod" not in told.found


def test_a_cache_that_others_could_write_ends_a_run_with_a_cap_by_hand(
    settings: Settings,
) -> None:
    """Without one it is a warning."""
    settings.cache_dir.chmod(0o777)
    told, ending = found(settings)
    assert "is not used" in told.found
    assert "chmod go-w" in told.found
    assert told.error is None
    assert ending.error is not None
    assert ending.error.exit_code == 5
    assert NAME in ending.found
    by_default = Settings(outputs_dir=settings.outputs_dir, cache_dir=settings.cache_dir)
    assert [problem.error for problem in found(by_default)] == [None]


@pytest.mark.parametrize("harm", ["damaged", "pipe", "aside", "unwritable"])
def test_a_ledger_that_cannot_be_kept_ends_a_run_with_a_cap_by_hand(
    harm: str, settings: Settings
) -> None:
    """Whatever is wrong with it."""
    if harm == "damaged":
        settings.cache_file.write_bytes(b"no database" * 1000)
    elif harm == "pipe":
        settings.cache_file.unlink()
        os.mkfifo(settings.cache_file)
    elif harm == "aside":
        (settings.cache_dir / "cache.sqlite.damaged").touch()
    *_, ending = found(settings, writable=harm != "unwritable")
    assert ending.error is not None
    assert f"{NAME} cannot be kept: " in ending.found


def test_a_pipe_is_no_database(tmp_path: Path) -> None:
    """It is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    assert quick_check(tmp_path / "pipe") == "not a regular file"


def test_folders_that_are_locked_away_are_looked_at_as_far_as_they_can_be(
    settings: Settings,
) -> None:
    """As those of another user are: the doctor goes on."""
    if os.geteuid() != 0:
        pytest.skip("only root may become somebody else")
    os.seteuid(12345)
    try:
        found = [problem.name for problem in folder_problems(settings, cache_writable=False)]
    finally:
        os.seteuid(0)
    assert "cache" in found
