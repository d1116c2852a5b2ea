"""A folder is named by a path or an address; what cannot be one is refused, and no key is shown."""

import sys
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.storage.location import (
    is_here,
    is_remote,
    location_argument,
    parse_location,
    require_local,
)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("outputs", Path("outputs")),
        ("/a/b c", Path("/a/b c")),
        (Path("x"), Path("x")),
        ("a:b", Path("a:b")),
        ("me@home", Path("me@home")),
        ("file:///a/b", Path("/a/b")),
        ("file://localhost/a/b", Path("/a/b")),
        ("file:///a%20b/me@home", Path("/a b/me@home")),
    ],
)
def test_a_folder_of_this_machine_is_named_in_several_ways(value: str | Path, path: Path) -> None:
    """A path as it is, or an address of it, percent-encoded."""
    found = parse_location(value)
    assert found == path
    assert not is_remote(found)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "blank"),
        (" ", "blank"),
        ("s3://", "no bucket"),
        ("s3:///folder", "no bucket"),
        ("file://elsewhere/a", "another machine"),
        ("gs://bucket/folder", "'gs' is unknown"),
        ("https://a.test/x", "'https' is unknown"),
        ("s3://a/b?c=d", "without"),
        ("s3://a/b#c", "without"),
        ("file:///a?b", "without"),
        ("s3://key:secret@bucket/folder", "no key belongs"),
        ("s3://secret@bucket", "no key belongs"),
        ("a/b\0c", "NUL"),
        ("file:///a%00b", "NUL"),
        ("s3://key:secret@bucket/a%00b", "NUL"),
    ],
)
def test_what_cannot_be_a_folder_is_refused_with_the_reason(value: str, said: str) -> None:
    """Who named it is said, and what may be a key is not."""
    with pytest.raises(SettingsError, match=said) as caught:
        location_argument(value, "--out")
    assert str(caught.value).startswith("--out cannot be used: ")
    assert "secret" not in str(caught.value)


def test_a_key_is_looked_for_before_the_folder_only() -> None:
    """An @ further on is a name."""
    assert location_argument("file:///a@b", "--out") == Path("/a@b")


def test_a_name_that_no_file_can_have_is_nowhere(tmp_path: Path) -> None:
    """One that is too long, or has a NUL in it, is as one that is missing."""
    assert is_here(str(tmp_path))
    names = ("missing", "x" * 300, "a\0b")
    assert not any(is_here(str(tmp_path / name)) for name in names)


def test_a_path_of_this_machine_is_local() -> None:
    """It is given back as it is."""
    assert require_local(Path("x"), "why") == Path("x")


def test_a_store_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without either of its packages the line says what to install."""
    for missing in ("s3fs", "upath"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, missing, None)
            with pytest.raises(ValueError, match=r"ainews-digest\[s3\]"):
                parse_location("s3://bucket/folder")
