"""Standard input, output and error: UTF-8 whatever the locale, and there whoever closed them."""

import codecs
import errno
import io
import os
import sys
from contextlib import suppress

_NAMES = ("stdin", "stdout", "stderr")
_AS_THEY_ARE = "ainews-names"


def prepare_streams() -> None:
    """Make output UTF-8, and open what is closed on nothing, so that no file takes its place."""
    codecs.register_error(_AS_THEY_ARE, _encode_odd_text)
    if os.environ.get("COLUMNS", "1").strip("0") == "":
        del os.environ["COLUMNS"]  # nothing can be shown in no column
    for number, name in enumerate(_NAMES):
        stream = getattr(sys, name)
        if stream is None:
            nothing = open(os.devnull, "w" if number else "r", encoding="utf-8")  # noqa: PTH123, SIM115 - open until the end
            setattr(sys, name, nothing)
        elif number and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                encoding="utf-8", errors="backslashreplace" if number > 1 else _AS_THEY_ARE
            )


def finish_output() -> OSError | None:
    """Write what is still held back; whatever cannot be written is dropped.

    Returns:
        Why standard output did not take all of it, unless its reader only went away.
    """
    failure = None
    for name in _NAMES[1:]:
        stream = getattr(sys, name)
        try:
            stream.flush()
        except ValueError:
            pass  # closed
        except OSError as error:
            _drop_output(name)
            if name == "stdout" and error.errno != errno.EPIPE:
                failure = error
    return failure


def _drop_output(name: str) -> None:
    """Let what a stream holds, and all that follows, go nowhere: nobody takes it."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, getattr(sys, name).fileno())
        os.close(nothing)


def _encode_odd_text(error: UnicodeError) -> tuple[bytes | str, int]:
    """Write the bytes of a file's name that are no UTF-8 as they are, and escape all else."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    try:
        return text.encode("utf-8", "surrogateescape"), error.end
    except UnicodeEncodeError:
        return text.encode("ascii", "backslashreplace"), error.end
