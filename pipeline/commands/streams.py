"""Standard input, output and error: UTF-8 whatever the locale, and there whoever closed them.

What is said on standard error may be lost: no command ends for it. Standard output that is lost
ends a command that does nothing but print, and no other.
"""

import codecs
import errno
import io
import os
import select
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NAMES = ("stdin", "stdout", "stderr")
_AS_THEY_ARE = "ainews-names"


class _Output(io.FileIO):
    """Writes to a standard stream; where it is no longer needed, what cannot be written is lost."""

    def __init__(self, replaced: io.TextIOWrapper, *, needed: bool) -> None:
        super().__init__(replaced.fileno(), "w", closefd=False)
        self._replaced = replaced  # would close the stream when nothing holds it
        self.needed = needed
        self.failure: OSError | None = None

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write, and keep why it failed."""
        try:
            # None is where a stream would have to wait, and was set never to.
            while (written := super().write(data)) is None:
                select.select((), (self,), ())
        except OSError as error:
            self.failure = error
            if self.needed:
                raise
            return memoryview(data).nbytes
        return written


_outputs: dict[str, _Output] = {}


def prepare_streams() -> None:
    """Make output UTF-8, and open what is closed on nothing, so that no file takes its place."""
    codecs.register_error(_AS_THEY_ARE, _encode_odd_text)
    if os.environ.get("COLUMNS", "1").strip("0") == "":
        del os.environ["COLUMNS"]  # nothing can be shown in no column
    _outputs.clear()
    for number, name in enumerate(_NAMES):
        stream = getattr(sys, name)
        if stream is None:
            nothing = open(os.devnull, "w" if number else "r", encoding="utf-8")  # noqa: PTH123, SIM115 - open until the end
            setattr(sys, name, nothing)
        elif number and isinstance(stream, io.TextIOWrapper):
            errors = "backslashreplace" if name == "stderr" else _AS_THEY_ARE
            stream.reconfigure(encoding="utf-8", errors=errors)
            if _descriptor(stream) == number:
                raw = _Output(stream, needed=name == "stdout")
                _outputs[name] = raw
                setattr(sys, name, _text_of(raw, stream))


def go_on_unread() -> None:
    """Have the command do its work to the end although standard output cannot be written."""
    if "stdout" in _outputs:
        _outputs["stdout"].needed = False


def is_output_failure(error: BaseException) -> bool:
    """Say whether an error is that of standard output, which `finish_output` gives."""
    return error is _output_failure()


def finish_output() -> OSError | None:
    """Write what is still held back; whatever cannot be written is dropped.

    Returns:
        Why standard output did not take all of it, unless its reader only went away.
    """
    for raw in _outputs.values():
        raw.needed = False
    for stream in (sys.stdout, sys.stderr):
        with suppress(ValueError):  # closed
            stream.flush()
    failure = _output_failure()
    return None if failure is not None and failure.errno == errno.EPIPE else failure


def _output_failure() -> OSError | None:
    return _outputs["stdout"].failure if "stdout" in _outputs else None


def _descriptor(stream: io.TextIOWrapper) -> int:
    """Give the number of an open file; -1 where a stream is none."""
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return -1


def _text_of(raw: _Output, like: io.TextIOWrapper) -> io.TextIOWrapper:
    """Make a stream of text that holds back as much as another one."""
    unbuffered = isinstance(like.buffer, io.RawIOBase)
    return io.TextIOWrapper(
        raw if unbuffered else io.BufferedWriter(raw),
        encoding=like.encoding,
        errors=like.errors,
        newline="\n",
        line_buffering=like.line_buffering,
        write_through=like.write_through,
    )


def _encode_odd_text(error: UnicodeError) -> tuple[bytes | str, int]:
    """Write the bytes of a file's name that are no UTF-8 as they are, and escape all else."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    try:
        return text.encode("utf-8", "surrogateescape"), error.end
    except UnicodeEncodeError:
        return text.encode("ascii", "backslashreplace"), error.end
