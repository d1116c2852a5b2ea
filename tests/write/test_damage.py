"""Why a file is no digest, in plain words."""

import errno
import os
from pathlib import Path

import pytest

from pipeline.write.damage import damage_words
from pipeline.write.state import read_state


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b'{\n"date": "2026', "cut off in line 2"),
        (b'{"date": "2026-01-01",', "cut off in line 1"),
        (b'{"date" "x"}', "no JSON from line 1, column 9 on"),
        (b"\xff\xfe{", "not UTF-8 text"),
        (b"{}", "it has no 'date'"),
        (b"[]", "a value in it is of another kind"),
        (b'{"date": "x", "provenance": {"slug": "a"}}', "of another kind"),
        (b"[" * 200_000, "nested too deep"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_words(
    tmp_path: Path, data: bytes, words: str
) -> None:
    """No name of an error of Python's among them."""
    (tmp_path / "2026-01-01.json").write_bytes(data)
    (hurt,) = read_state(tmp_path).damaged
    assert words in hurt.reason
    assert "Error" not in hurt.reason


def test_a_file_that_cannot_be_read_has_the_systems_reason() -> None:
    """Without number and name."""
    error = PermissionError(errno.EACCES, os.strerror(errno.EACCES), "x.json")
    assert damage_words(error) == "it cannot be read: permission denied"
