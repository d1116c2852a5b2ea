"""The text of a body, whatever it is packed and written in. Pure.

JSON is UTF-8, and nearly all that comes is. What is not is read as it says that it is written; a
body that is packed though no header says so is known by its first bytes.
"""

import codecs
import re
import zlib
from typing import Final

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_GZIP: Final = b"\x1f\x8b\x08"
_GZIP_WINDOW: Final = 31


def decode_body(body: bytes, content_type: str, *, max_bytes: int) -> str:
    """Read a body as text.

    Args:
        body: as it came.
        content_type: the header of that name.
        max_bytes: most that is unpacked of it.
    """
    if body.startswith(_GZIP):
        body = _unpack(body, max_bytes)
    declared = _CHARSET.search(content_type)
    encodings = ["utf-8", *([declared[1]] if declared else [])]
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings.append("utf-16")
    for encoding in encodings:
        try:
            return body.decode(encoding)
        except (LookupError, ValueError):
            continue
    return body.decode("utf-8", "replace")


def _unpack(body: bytes, max_bytes: int) -> bytes:
    """Unpack what is whole and not too large; all else stays as it is."""
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        found = unpacker.decompress(body, max_bytes)
    except zlib.error:
        return body
    return found if unpacker.eof else body
