"""A body is read in whatever it is packed and written, up to its limit."""

import gzip

import pytest

from pipeline.llm.bodies import decode_body

TEXT = '{"title": "标题"}'
JSON = "application/json"


def decoded(body: bytes, kind: str = JSON) -> str:
    """Read a body."""
    return decode_body(body, kind, max_bytes=1000)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (TEXT.encode(), JSON),
        (TEXT.encode(), "application/json; charset=gbk"),
        (TEXT.encode(), "text/plain; charset=none-such"),
        (TEXT.encode("gbk"), "application/json; charset=gbk"),
        (TEXT.encode("gb18030"), 'application/json; charset="GB18030"'),
        (TEXT.encode("utf-16"), JSON),
        (TEXT.encode("utf-16-le"), "application/json; charset=utf-16le"),
        (gzip.compress(TEXT.encode(), mtime=0), JSON),
    ],
)
def test_a_body_is_read_as_it_is_written(body: bytes, kind: str) -> None:
    """UTF-8 whatever the header says, else what the header says, or the mark at its start."""
    assert decoded(body, kind) == TEXT


@pytest.mark.parametrize("charset", ["zip", "hex", "undefined", "idna", "none-such", ""])
def test_a_charset_that_reads_nothing_leaves_marks(charset: str) -> None:
    """Never an exception."""
    assert "title" in decoded(b'{"title": "\xff\xfe"}', f"text/plain; charset={charset}")


def test_what_unpacks_to_too_much_or_breaks_off_stays_packed() -> None:
    """Nothing is unpacked past the limit."""
    for body in (gzip.compress(b"a" * 10**6), gzip.compress(TEXT.encode())[:-9], b"\x1f\x8b\x08no"):
        assert len(decoded(body)) <= len(body)
