"""The writer leaves whole files or none, in every format, and never another issue's."""

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import WriteError
from pipeline.write.files import discard_draft, write
from pipeline.write.json_format import from_json, to_json
from pipeline.write.markdown_format import from_markdown, to_markdown
from written import digest_of, news_digest, one_entry


def test_half_a_surrogate_pair_is_written_as_a_question_mark(tmp_path: Path) -> None:
    """A text that UTF-8 cannot hold is no reason not to write."""
    written = write(one_entry("a\ud83db"), tmp_path)
    assert from_json(written.json_path.read_text("utf-8")).news[0].title == "a?b"
    assert from_markdown(written.markdown_path.read_text("utf-8")).news[0].title == "ab"


def test_write_makes_both_files_and_nothing_else(tmp_path: Path) -> None:
    """The folder is made, and holds the digest twice, readable as the umask allows."""
    umask = os.umask(0o027)
    try:
        written = write(one_entry("标题"), tmp_path / "new" / "outputs")
    finally:
        os.umask(umask)
    assert written.changed == (written.markdown_path, written.json_path)
    assert written.markdown_path.read_text("utf-8") == to_markdown(one_entry("标题"))
    assert written.json_path.read_text("utf-8") == to_json(one_entry("标题"))
    assert stat.S_IMODE(written.json_path.stat().st_mode) == 0o640
    assert names(tmp_path / "new" / "outputs") == ["2026-01-31.json", "2026-01-31.md"]


def test_write_takes_a_name(tmp_path: Path) -> None:
    """The second digest of a date gets the name that it is given."""
    write(one_entry("标题"), tmp_path, "2026-01-31-2")
    assert names(tmp_path) == ["2026-01-31-2.json", "2026-01-31-2.md"]


def test_what_is_already_written_is_not_touched(tmp_path: Path) -> None:
    """Writing the same digest again changes no file, and another one changes both."""
    first = write(one_entry("甲"), tmp_path)
    for path in (first.markdown_path, first.json_path):
        os.utime(path, (1, 1))
    assert write(one_entry("甲"), tmp_path).changed == ()
    assert [path.stat().st_mtime for path in tmp_path.iterdir()] == [1, 1]
    assert len(write(one_entry("乙"), tmp_path).changed) == 2


def test_a_draft_leaves_the_digest_alone(tmp_path: Path) -> None:
    """A draft lies in a folder of its own, and a digest of its name stays as it was."""
    write(one_entry("旧"), tmp_path)
    before = contents(tmp_path)
    written = write(one_entry("新", quoted=True), tmp_path, draft=True)
    assert written.markdown_path == tmp_path / "drafts" / "2026-01-31.md"
    assert "草稿" in written.markdown_path.read_text("utf-8")
    assert from_json(written.json_path.read_text("utf-8")) == one_entry("新", quoted=True)
    assert {name: data for name, data in contents(tmp_path).items() if name != "drafts"} == before


def test_a_draft_is_gone_once_its_digest_is_published(tmp_path: Path) -> None:
    """Publishing removes the draft of that name; without one nothing happens."""
    write(one_entry("新"), tmp_path, draft=True)
    write(one_entry("别的"), tmp_path, "2026-01-31-2", draft=True)
    write(one_entry("好"), tmp_path)
    assert discard_draft(tmp_path, "2026-01-31")
    assert not discard_draft(tmp_path, "2026-01-31")
    assert names(tmp_path / "drafts") == ["2026-01-31-2.json", "2026-01-31-2.md"]


def test_a_draft_of_another_issue_or_an_editors_file_stays(tmp_path: Path) -> None:
    """Only a draft of the issue that is published now is taken away."""
    write(news_digest(issue_url="https://news.smol.ai/issues/y/"), tmp_path, draft=True)
    write(one_entry("好"), tmp_path)
    assert not discard_draft(tmp_path, "2026-01-31")
    for text in ("[", "[" * 100_000):
        (tmp_path / "drafts" / "2026-01-31.json").write_text(text, "utf-8")
        assert not discard_draft(tmp_path, "2026-01-31")
    assert names(tmp_path / "drafts") == ["2026-01-31.json", "2026-01-31.md"]


def test_a_draft_that_cannot_be_removed_is_an_error(tmp_path: Path) -> None:
    """What lies in the way is named, in one line."""
    written = write(one_entry("新"), tmp_path, draft=True)
    write(one_entry("好"), tmp_path)
    written.markdown_path.unlink()
    written.markdown_path.mkdir()
    with pytest.raises(WriteError, match="cannot remove the draft"):
        discard_draft(tmp_path, "2026-01-31")


STEPS: dict[str, tuple[str, Callable[..., bool]]] = {
    "lock": ("open", lambda path, *_: Path(path).is_dir()),
    "text": ("fsync", lambda file: stat.S_ISREG(os.fstat(file).st_mode)),
    "first file": ("replace", lambda _, to: to.suffix == ".md"),
    "second file": ("replace", lambda _, to: to.suffix == ".json"),
    "folder": ("fsync", lambda file: stat.S_ISDIR(os.fstat(file).st_mode)),
}


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("step", STEPS)
def test_a_failure_leaves_what_was_there(
    step: str, code: int, existing: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever step fails, the error is one line, old files are whole, and nothing is left over."""
    if existing:
        write(one_entry("旧"), tmp_path)
    before = contents(tmp_path)
    name, applies = STEPS[step]
    call = getattr(os, name)

    def fail(*args: Any, **kwargs: Any) -> Any:
        if applies(*args):
            raise OSError(code, os.strerror(code), args[0] if name == "open" else None)
        return call(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, name, fail)
        with pytest.raises(WriteError) as caught:
            write(one_entry("新"), tmp_path)
    assert contents(tmp_path) == before
    assert os.strerror(code) in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_interruption_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the folder is synced undoes both files, and goes on."""
    write(one_entry("旧"), tmp_path)
    before = contents(tmp_path)
    fsync = os.fsync

    def interrupt(file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise KeyboardInterrupt
        fsync(file)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write(one_entry("新"), tmp_path)
    assert contents(tmp_path) == before


def test_a_disk_that_takes_no_more_is_an_error(tmp_path: Path) -> None:
    """The system itself cuts a file short; the old digest stays, and the error names it."""
    write(one_entry("旧"), tmp_path)
    before = contents(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        with pytest.raises(WriteError, match="File too large"):
            write(one_entry("新"), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("folder", ["taken", "taken/outputs"])
def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path, folder: str) -> None:
    """No folder can be made where a file is."""
    (tmp_path / "taken").write_text("mine", "utf-8")
    with pytest.raises(WriteError, match="taken"):
        write(one_entry("标题"), tmp_path / folder)
    assert contents(tmp_path) == {"taken": b"mine"}


@pytest.mark.parametrize("name", ["2026-01-31.md", "2026-01-31.json"])
def test_a_folder_in_place_of_a_file_is_an_error(tmp_path: Path, name: str) -> None:
    """A file cannot be put where a folder is, and its sibling is not written either."""
    (tmp_path / name).mkdir()
    with pytest.raises(WriteError, match=name):
        write(one_entry("标题"), tmp_path)
    assert names(tmp_path) == [name]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder")
def test_a_folder_without_permission_is_an_error(tmp_path: Path) -> None:
    """A folder that is read-only for us is an error that says so."""
    tmp_path.chmod(0o555)
    with pytest.raises(WriteError, match="Permission denied"):
        write(one_entry("标题"), tmp_path)


def test_the_digest_of_another_issue_is_not_overwritten(tmp_path: Path) -> None:
    """Whoever comes second takes the next name, and whoever comes again keeps its own."""
    assert write(digest_of("a"), tmp_path).json_path.stem == "2026-01-31"
    first = contents(tmp_path)
    assert write(digest_of("b"), tmp_path).json_path.stem == "2026-01-31-2"
    assert write(digest_of("c"), tmp_path, "2026-01-31").json_path.stem == "2026-01-31-3"
    assert write(digest_of("b", "新"), tmp_path).json_path.stem == "2026-01-31-2"
    assert {name: contents(tmp_path)[name] for name in first} == first
    assert [from_json(path.read_text("utf-8")).issue_url[-2] for path in jsons(tmp_path)] == list(
        "bca"
    )
    assert len(names(tmp_path)) == 6


def test_a_name_that_was_given_is_taken_only_from_its_own_issue(tmp_path: Path) -> None:
    """The next names are those of the digest's date."""
    write(digest_of("a"), tmp_path, "mine")
    assert write(digest_of("b"), tmp_path, "mine").json_path.stem == "2026-01-31-2"
    assert write(digest_of("a", "新"), tmp_path, "mine").json_path.stem == "mine"


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"provenance": null}', pytest.param("[" * 100_000, id="nested")]
)
def test_a_file_that_is_no_digest_gives_its_name_only_to_who_asks_for_it(
    tmp_path: Path, text: str
) -> None:
    """The caller has looked at it; a name that is merely the next one is not taken from it."""
    (tmp_path / "2026-01-31.json").write_text(text, "utf-8")
    assert write(digest_of("a"), tmp_path).json_path.stem == "2026-01-31"
    (tmp_path / "2026-01-31-2.json").write_text(text, "utf-8")
    assert write(digest_of("b"), tmp_path).json_path.stem == "2026-01-31-3"
    assert (tmp_path / "2026-01-31-2.json").read_text("utf-8") == text


def test_a_digest_without_provenance_takes_its_name(tmp_path: Path) -> None:
    """It is written by hand, and says which it replaces."""
    write(digest_of("a"), tmp_path)
    assert write(one_entry("标题"), tmp_path).json_path.stem == "2026-01-31"


def test_a_hundred_digests_of_one_date_are_too_many(tmp_path: Path) -> None:
    """The ninety-ninth is the last; nothing is overwritten."""
    data = to_json(digest_of("other"))
    for number in range(1, 99):
        name = f"2026-01-31-{number}" if number > 1 else "2026-01-31"
        (tmp_path / f"{name}.json").write_text(data, "utf-8")
    assert write(digest_of("a"), tmp_path).json_path.stem == "2026-01-31-99"
    with pytest.raises(WriteError, match="a hundred digests"):
        write(digest_of("b"), tmp_path)


def test_drafts_have_names_of_their_own(tmp_path: Path) -> None:
    """Digests take none from them, nor they from digests."""
    write(digest_of("a"), tmp_path)
    assert (
        write(digest_of("b"), tmp_path, draft=True).json_path == tmp_path / "drafts/2026-01-31.json"
    )
    assert write(digest_of("c"), tmp_path, draft=True).json_path.stem == "2026-01-31-2"


def test_a_draft_of_another_name_stays_where_its_digest_is_published(tmp_path: Path) -> None:
    """A draft is known by its name and its issue; without either digest nothing is removed."""
    write(digest_of("a"), tmp_path, draft=True)
    assert not discard_draft(tmp_path, "2026-01-31")
    assert len(names(tmp_path / "drafts")) == 2
    write(digest_of("a"), tmp_path)
    assert discard_draft(tmp_path, "2026-01-31")
    assert names(tmp_path / "drafts") == []
    assert len(names(tmp_path)) == 3


def jsons(folder: Path) -> list[Path]:
    """Name the digests of a folder."""
    return sorted(folder.glob("*.json"))


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from pipeline.write.files import write
    from pipeline.write.json_format import from_json

    replace = os.replace
    def die(source, target):
        if Path(target).suffix == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)
        replace(source, target)
    os.replace = die
    write(from_json(sys.stdin.read()), Path(sys.argv[1]))
"""


@pytest.mark.parametrize("before", [".md", ".json"])
def test_a_killed_run_is_made_good_by_the_next(tmp_path: Path, before: str) -> None:
    """Killed before either file is in place, no file is cut short; the next write clears up."""
    write(one_entry("旧"), tmp_path)
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), before]
    killed = subprocess.run(command, input=to_json(one_entry("新")), text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    # The JSON, which says what is digested, is never ahead of the Markdown.
    assert (tmp_path / "2026-01-31.json").read_text("utf-8") == to_json(one_entry("旧"))
    markdown = one_entry("旧") if before == ".md" else one_entry("新")
    assert (tmp_path / "2026-01-31.md").read_text("utf-8") == to_markdown(markdown)
    left = [name for name in names(tmp_path) if name.startswith(".2026-01-31.")]
    assert left
    assert all(name.endswith(".tmp") for name in left)

    write(one_entry("新"), tmp_path)
    assert names(tmp_path) == ["2026-01-31.json", "2026-01-31.md"]
    assert (tmp_path / "2026-01-31.json").read_text("utf-8") == to_json(one_entry("新"))
    assert (tmp_path / "2026-01-31.md").read_text("utf-8") == to_markdown(one_entry("新"))


def test_concurrent_writers_leave_one_whole_digest(tmp_path: Path) -> None:
    """Of many writers of one date, both files in the end are one writer's."""
    digests = [one_entry(f"第{number}个" * number) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: write(one, tmp_path), digests))
    assert names(tmp_path) == ["2026-01-31.json", "2026-01-31.md"]
    last = from_json((tmp_path / "2026-01-31.json").read_text("utf-8"))
    assert last in digests
    assert (tmp_path / "2026-01-31.md").read_text("utf-8") == to_markdown(last)


def names(folder: Path) -> list[str]:
    """Name the files of a folder."""
    return sorted(path.name for path in folder.iterdir())


def contents(folder: Path) -> dict[str, bytes]:
    """Read the files of a folder."""
    return {path.name: b"" if path.is_dir() else path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("kind", ["link", "dangling", "hard link", "pipe"])
def test_what_has_the_name_of_a_temporary_file_is_not_written_through(
    tmp_path: Path, kind: str
) -> None:
    """Somebody may have prepared it in a folder that others write into."""
    folder, theirs = tmp_path / "outputs", tmp_path / "theirs"
    write(one_entry("旧"), folder)
    theirs.write_bytes(b"precious")
    for name in ("md", "json"):
        for when in ("new", "old"):
            place = folder / f".2026-01-31.{name}.{when}.tmp"
            if kind == "pipe":
                os.mkfifo(place)
            elif kind == "hard link":
                place.hardlink_to(theirs)
            else:
                place.symlink_to(theirs if kind == "link" else tmp_path / "none")
    write(one_entry("新"), folder)
    assert theirs.read_bytes() == b"precious"
    assert not (tmp_path / "none").exists()
    assert names(folder) == ["2026-01-31.json", "2026-01-31.md"]
    assert not (folder / "2026-01-31.json").is_symlink()


def test_a_digest_that_is_made_again_keeps_its_mode(tmp_path: Path) -> None:
    """A new one gets what the umask leaves."""
    written = write(one_entry("旧"), tmp_path)
    written.json_path.chmod(0o604)
    written = write(one_entry("新"), tmp_path)
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(written.json_path.stat().st_mode) == 0o604
    assert stat.S_IMODE(written.markdown_path.stat().st_mode) == 0o666 & ~umask


def test_drafts_go_through_no_link_of_somebody_elses(tmp_path: Path) -> None:
    """Our own link may lead to another disk."""
    if os.geteuid() != 0:
        pytest.skip("only root may give a link to somebody else")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "drafts").symlink_to("elsewhere")
    write(one_entry("旧"), tmp_path, draft=True)
    os.chown(tmp_path / "drafts", 12345, 12345, follow_symlinks=False)
    before = contents(tmp_path / "elsewhere")
    with pytest.raises(WriteError, match="another user"):
        write(one_entry("新"), tmp_path, draft=True)
    assert contents(tmp_path / "elsewhere") == before
