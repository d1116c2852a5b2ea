"""The folder of a site: what is written, what is left alone, and what goes away."""

import json
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from pipeline.errors import SettingsError, WriteError
from pipeline.site.folder import MANIFEST, SiteFile, SyncResult, sync_site


def sync_folder(files: Mapping[str, bytes], out: Path) -> SyncResult:
    """Lay a site of files that are made already."""
    made = (SiteFile(name, partial(files.__getitem__, name)) for name in sorted(files))
    return sync_site(files.keys(), made, out)


def names(folder: Path) -> list[str]:
    """List the files of a folder, its list of ours apart."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name != MANIFEST)


def test_a_site_is_laid_and_laid_again(tmp_path: Path) -> None:
    """Only what has other bytes is written, and what is gone is removed with its empty folders."""
    out = tmp_path / "new" / "site"
    laid = sync_folder({"index.html": b"1", "month/a.html": b"2", "static/x.js": b"3"}, out)
    assert laid.changed == ("index.html", "month/a.html", "static/x.js")
    stamp = (out / "index.html").stat().st_mtime_ns
    laid = sync_folder({"index.html": b"1", "static/x.js": b"4"}, out)
    assert (laid.changed, laid.removed) == (("static/x.js",), ("month/a.html",))
    assert (out / "index.html").stat().st_mtime_ns == stamp
    assert names(out) == ["index.html", "static/x.js"]
    assert not (out / "month").exists()


def test_what_others_put_there_stays(tmp_path: Path) -> None:
    """Their files are neither removed nor overwritten, and their folders do not go."""
    sync_folder({"index.html": b"1", "month/a.html": b"2"}, tmp_path)
    (tmp_path / "CNAME").write_text("example.org")
    (tmp_path / "month" / "mine.txt").write_text("mine")
    sync_folder({"index.html": b"1"}, tmp_path)
    assert names(tmp_path) == ["CNAME", "index.html", "month/mine.txt"]
    (tmp_path / "about.html").write_text("mine")
    with pytest.raises(SettingsError, match=r"about\.html' is not of this site's making"):
        sync_folder({"index.html": b"2", "about.html": b"ours"}, tmp_path)
    assert (tmp_path / "about.html").read_text() == "mine"
    assert (tmp_path / "index.html").read_bytes() == b"1"


@pytest.mark.parametrize(
    "listed", [None, "not JSON", '{"a": 1}', "[1]", pytest.param("[" * 100_000, id="nested")]
)
def test_a_folder_of_something_else_is_refused(tmp_path: Path, listed: str | None) -> None:
    """One that holds files and no list of ours stays as it is."""
    (tmp_path / "thesis.tex").write_text("years of work")
    if listed is not None:
        (tmp_path / MANIFEST).write_text(listed)
    with pytest.raises(SettingsError, match="not empty and holds no site of ours"):
        sync_folder({"index.html": b"1"}, tmp_path)
    assert names(tmp_path) == ["thesis.tex"]


def test_a_list_that_was_changed_leads_nowhere_else(tmp_path: Path) -> None:
    """Neither by `..`, nor by a whole path, nor by a link."""
    outside = tmp_path / "outside"
    outside.mkdir()
    victims = [tmp_path / "a.txt", tmp_path / "b.txt", outside / "c.txt"]
    for victim in victims:
        victim.write_text("mine")
    out = tmp_path / "site"
    sync_folder({"index.html": b"1"}, out)
    (out / "link").symlink_to(outside)
    (out / MANIFEST).write_text(json.dumps(["../a.txt", str(victims[1]), "link/c.txt", "", "."]))
    (out / "index.html").unlink()
    assert sync_folder({"index.html": b"1"}, out).removed == ()
    assert [victim.read_text() for victim in victims] == ["mine"] * 3


def test_a_killed_run_leaves_nothing_that_nobody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that it had written are known to be ours by the next one; none is half written."""
    real, calls = Path.replace, []

    def killed(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        sync_folder({"a.html": b"1", "b.html": b"2", "c.html": b"3"}, tmp_path)
    assert names(tmp_path) == ["a.html"]
    monkeypatch.undo()
    sync_folder({"b.html": b"2"}, tmp_path)
    assert names(tmp_path) == ["b.html"]


def test_a_disk_that_takes_nothing_is_one_line(tmp_path: Path) -> None:
    """It names the path and the reason."""
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=r"cannot write '.*file': File exists"):
        sync_folder({"index.html": b"1"}, tmp_path / "file")


def test_what_changed_and_what_went_is_told_in_the_order_of_names(tmp_path: Path) -> None:
    """Whatever order the files came in; names with dots are names, paths that lead out are none."""
    laid = sync_folder({"z": b"1", "b/y": b"2", "a..b": b"3", "b/x": b"4"}, tmp_path)
    assert laid.changed == ("a..b", "b/x", "b/y", "z")
    laid = sync_folder({"z": b"2", "b/y": b"1"}, tmp_path)
    assert (laid.changed, laid.removed) == (("b/y", "z"), ("a..b", "b/x"))


def test_what_was_ours_and_is_not_rewritten_yet_is_known_as_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that was killed between removing two files leaves the other one to the next run."""
    sync_folder({"a": b"1", "b": b"2", "c": b"3"}, tmp_path)
    real = Path.unlink

    def killed(self: Path, missing_ok: bool = False) -> None:
        if self.name == "b":
            raise KeyboardInterrupt
        real(self, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            sync_folder({"c": b"3"}, tmp_path)
    assert names(tmp_path) == ["b", "c"]
    assert sync_folder({"c": b"3"}, tmp_path).removed == ("b",)
    assert names(tmp_path) == ["c"]


def test_a_folder_of_it_that_became_a_link_is_refused(tmp_path: Path) -> None:
    """Nothing is written elsewhere, neither new files nor changed ones."""
    outside, out = tmp_path / "outside", tmp_path / "site"
    outside.mkdir()
    sync_folder({"month/a.html": b"1"}, out)
    (out / "month" / "a.html").unlink()
    (out / "month").rmdir()
    (out / "month").symlink_to(outside)
    for name in ("month/a.html", "month/new.html"):
        with pytest.raises(SettingsError, match="not of this site's making"):
            sync_folder({name: b"2"}, out)
    assert list(outside.iterdir()) == []


def test_pipes_and_links_in_the_folder_hold_nothing_up(tmp_path: Path) -> None:
    """A page that became a pipe, and a part that somebody prepared."""
    out, theirs = tmp_path / "site", tmp_path / "theirs"
    theirs.write_text("precious")
    sync_folder({"index.html": b"1"}, out)
    (out / ".index.html.part").symlink_to(theirs)
    sync_folder({"index.html": b"2"}, out)
    assert (out / "index.html").read_bytes() == b"2"
    assert theirs.read_text() == "precious"
    (out / "index.html").unlink()
    os.mkfifo(out / "index.html")
    with pytest.raises(WriteError, match=r"index\.html.*not a regular file"):
        sync_folder({"index.html": b"3"}, out)
    (out / MANIFEST).unlink()
    os.mkfifo(out / MANIFEST)
    with pytest.raises(WriteError, match="not a regular file"):
        sync_folder({"index.html": b"3"}, out)


def test_a_folder_that_is_somebody_elses_link_is_refused(tmp_path: Path) -> None:
    """It could lead anywhere by the time we write."""
    if os.geteuid() != 0:
        pytest.skip("only root may give a link to somebody else")
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to("real")
    sync_folder({"index.html": b"1"}, tmp_path / "site")
    os.chown(tmp_path / "site", 12345, 12345, follow_symlinks=False)
    with pytest.raises(SettingsError, match="another user"):
        sync_folder({"index.html": b"2"}, tmp_path / "site")
