"""What somebody else could write is told from what nobody else could."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.storage import create_exclusively, foreign_link, untrusted_reason

STRANGER = 12345


def root_only() -> None:
    """Skip, visibly, where files cannot be given away."""
    if os.geteuid() != 0:
        pytest.skip("only root may give a file to somebody else")


def given_away(path: Path) -> Path:
    """Give a file, a folder or a link to another user."""
    os.chown(path, STRANGER, STRANGER, follow_symlinks=False)
    return path


def shared_folder(path: Path, mode: int) -> Path:
    """Make a folder with a mode that the umask does not change."""
    path.mkdir()
    path.chmod(mode)
    return path


def writable_by_group(path: Path) -> Path:
    """Those of its group may write into it."""
    return shared_folder(path / "a", 0o770)


def writable_by_all(path: Path) -> Path:
    """Everybody may write into it; a sticky bit does not keep new files out."""
    return shared_folder(path / "a", 0o1777)


def below_a_shared_folder(path: Path) -> Path:
    """Everybody may rename it, since the folder above has no sticky bit."""
    return shared_folder(shared_folder(path / "a", 0o777) / "b", 0o700)


def of_a_stranger(path: Path) -> Path:
    """It is theirs."""
    root_only()
    return given_away(shared_folder(path / "a", 0o755))


def below_a_strangers(path: Path) -> Path:
    """The folder above is theirs, who may rename ours."""
    root_only()
    ours = shared_folder(shared_folder(path / "a", 0o755) / "b", 0o700)
    given_away(path / "a")
    return ours


def by_a_strangers_link(path: Path) -> Path:
    """Ours, by way of a link that they can turn elsewhere."""
    root_only()
    shared_folder(path / "ours", 0o700)
    (path / "link").symlink_to(path / "ours")
    return given_away(path / "link")


def by_a_link_to_a_strangers_link(path: Path) -> Path:
    """Our link leads over theirs."""
    by_a_strangers_link(path)
    (path / "mine").symlink_to("link")
    return path / "mine"


def by_our_link_into_theirs(path: Path) -> Path:
    """Our own link leads into a folder of theirs."""
    root_only()
    given_away(shared_folder(path / "theirs", 0o755))
    (path / "link").symlink_to(path / "theirs")
    return path / "link"


def missing_below_a_strangers(path: Path) -> Path:
    """It would be made in a folder of theirs."""
    root_only()
    return given_away(shared_folder(path / "a", 0o755)) / "new" / "newer"


@pytest.mark.parametrize(
    "make",
    [
        writable_by_group,
        writable_by_all,
        below_a_shared_folder,
        of_a_stranger,
        below_a_strangers,
        by_a_strangers_link,
        by_a_link_to_a_strangers_link,
        by_our_link_into_theirs,
        missing_below_a_strangers,
    ],
)
def test_what_others_could_write_or_exchange_is_told(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    """The reason names the place."""
    reason = untrusted_reason(make(tmp_path))
    assert str(tmp_path) in reason
    assert "\n" not in reason


def test_what_nobody_else_can_write_is_ours(tmp_path: Path) -> None:
    """Whether others may read it, whether it is there, and by links of our own."""
    ours = shared_folder(tmp_path / "ours", 0o755)
    in_sticky = shared_folder(shared_folder(tmp_path / "tmp", 0o1777) / "mine", 0o700)
    in_group = shared_folder(shared_folder(tmp_path / "group", 0o775) / "mine", 0o700)
    (tmp_path / "link").symlink_to("ours")
    (ours / "up").symlink_to("../link")
    for path in (ours, in_sticky, in_group, tmp_path / "link", ours / "up" / ".." / "ours"):
        assert untrusted_reason(path) == ""
    assert untrusted_reason(tmp_path / "none" / "such") == ""


def test_what_is_no_folder_is_said_and_not_whose_it_is(tmp_path: Path) -> None:
    """No advice is given on the permissions of a device; a file may be looked at as a file."""
    file = tmp_path / "file"
    file.touch()
    for place in (Path("/dev/null"), Path("/dev/null/cache"), file, file / "cache" / "models"):
        named = "/dev/null" if "null" in str(place) else str(file)
        assert untrusted_reason(place, folder=True) == f"{named!r} is no folder"
    assert untrusted_reason(file) == ""


def test_a_relative_path_is_looked_at_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All folders above count, too."""
    writable_by_all(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert "'" + str(tmp_path / "a") + "'" in untrusted_reason(Path("a"))


def test_a_circle_of_links_is_an_error(tmp_path: Path) -> None:
    """It comes to an end."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        untrusted_reason(tmp_path / "a" / "c")


def test_a_new_file_is_never_one_that_was_there(tmp_path: Path) -> None:
    """No link is followed, even one to nowhere, and no file cut off."""
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "link").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    for name in ("file", "link", "pipe"):
        with pytest.raises(FileExistsError):
            create_exclusively(tmp_path / name)
    assert (tmp_path / "file").read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()
    os.close(create_exclusively(tmp_path / "new", 0o600))
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_whose_a_link_is(tmp_path: Path) -> None:
    """Ours and what is no link are not a stranger's."""
    root_only()
    for name in ("mine", "theirs"):
        (tmp_path / name).symlink_to("x")
    given_away(tmp_path / "theirs")
    found = {name: foreign_link(tmp_path / name) for name in ("mine", "theirs", "none", ".")}
    assert found == {"mine": False, "theirs": True, "none": False, ".": False}
