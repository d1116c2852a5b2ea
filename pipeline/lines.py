"""Lines that are said to people, on a terminal or in a log: nothing in them acts, hides or tells.

What they quote comes from pages, servers, file names, settings and models. Each passes `visible`,
here or in what prints it. JSON and a digest's own text are no lines.
"""

import logging
import re
import sys
import traceback
import unicodedata
from types import TracebackType
from typing import Final

from pipeline.patterns import lazy_pattern

_ErrorInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
_HIDING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks that nothing is drawn for; the variation selectors for text and emoji stand in
# clean text.
_BLANK: Final = lazy_pattern(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0"
    "\U000e0100-\U000e01ef]"
)
# A path folds two slashes into one.
_LOGIN: Final = lazy_pattern(r"(?:(?<=//)|(?<=:/))[^\s/?#'\"<>]*@")
_UNDECODED: Final = lazy_pattern("[\udc80-\udcff]+")
_KEY_FIELD: Final = lazy_pattern(
    r"([?&;#][\w.%~-]{0,40}(?:key|token|secret|passw(?:or)?d|pwd|sig|signature|credentials?|auth)=)"
    r"[^\s&;#'\"<>]+",
    re.IGNORECASE,
)
_LONG_WORD: Final = lazy_pattern(r"(\S{200})\S{240,}(\S{60})")
_LEVEL: Final = lazy_pattern(
    # What a check has found says which check it was: `error[link] 2026-08-22 news:3 «…»: found …`.
    r"(?:error|warning)\[[\w-]{1,40}\] "
    r"|(?:ok|note|warning|error)(?: \d{4}-\d\d-\d\d(?:-\d+)?(?:, \d{4}-\d\d-\d\d(?:-\d+)?)*"
    r"(?: (?:news|tools):\d+)?)?: "
)


def counted(number: int, noun: str) -> str:
    """Write a number and what it counts: `1 issue`, `2 days`, `1,000 entries`."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeou" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}"


def visible(text: str) -> str:
    """Give one line that shows what would act on a terminal, hide, or begin another line.

    Escapes and other controls, bidirectional and zero-width marks, separators of lines, characters
    that nothing is drawn for and halves of surrogate pairs are named: `<U+001B>`. The login and the
    keys of an address are masked.
    """
    # A name of a file in a locale that is not UTF-8 comes as bytes that are.
    shown = without_secrets(_UNDECODED.sub(_decode, text))
    if shown.isascii() and shown.isprintable():
        return shown
    return "".join(f"<U+{ord(c):04X}>" if _hides(c) else c for c in shown)


def _decode(found: re.Match[str]) -> str:
    return found[0].encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def visible_lines(text: str) -> str:
    """Give a text of several lines, each of them visible."""
    return "\n".join(map(visible, text.split("\n")))


def without_secrets(text: str) -> str:
    """Mask user and password of every address in a text, and what its query calls a key."""
    return _KEY_FIELD.sub(r"\1***", _LOGIN.sub("***@", text))


def with_level(line: str, level: str = "note") -> str:
    """Begin a line with its level, unless it has one: `warning 2026-08-22 news:3: words`."""
    return line if _LEVEL.match(line) else f"{level}: {line}"


def said_line(line: str, level: str = "note") -> str:
    """Give a line as it is said: with its level, visible, and no word of 500 characters whole."""
    return _LONG_WORD.sub(r"\1…\2", visible(with_level(line, level)))


def of_digest(line: str, digest: str) -> str:
    """Name the digest that a line is about behind its level, unless one is named there."""
    return re.sub(r"\A(\w+): ", lambda found: f"{found[1]} {digest}: ", with_level(line))


def is_trouble(line: str) -> bool:
    """Say whether a line is a warning or an error."""
    return with_level(line).startswith(("warning", "error"))


def echo_err(line: str, level: str = "note") -> None:
    """Say one line on standard error: its level, what it is about, its words."""
    sys.stderr.write(f"ainews-digest: {said_line(line, level)}\n")


def write_err(text: str) -> None:
    """Write lines without a level on standard error."""
    sys.stderr.write(f"{visible_lines(text)}\n")


def get_logger(name: str) -> logging.Logger:
    """Give a module's logger, whose records hold visible lines wherever they go."""
    logger = logging.getLogger(name)
    logger.addFilter(_make_visible)
    return logger


def log_to_stderr(*, verbose: bool) -> None:
    """Show warnings, or all that our own modules log, on standard error; other libraries' too."""
    handler = logging.StreamHandler()
    handler.addFilter(_OnceOnly())
    handler.setFormatter(_LineFormatter("%(name)s: %(message)s" if verbose else "%(message)s"))
    logging.basicConfig(handlers=[handler])
    logging.getLogger("pipeline").setLevel(logging.DEBUG if verbose else logging.NOTSET)


def is_verbose() -> bool:
    """Say whether all that our own modules log is shown."""
    return logging.getLogger("pipeline").isEnabledFor(logging.DEBUG)


def print_traceback(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print an error with where it came from; a hook for those that nothing catches."""
    sys.stderr.write(_traceback_text(kind, error, trace))


class _OnceOnly(logging.Filter):
    """Passes a warning once in a command, however often its cause is met."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING or record.exc_info:
            return True
        line = record.getMessage()
        known = line in self._seen
        self._seen.add(line)
        return not known


class _LineFormatter(logging.Formatter):
    """Makes a record one visible line, and its traceback visible lines below."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        line = super().formatMessage(record)
        return f"ainews-digest: {said_line(line, record.levelname.lower())}"

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 - logging's name
        return _traceback_text(*ei).rstrip("\n")


def _traceback_text(
    kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
) -> str:
    """Give a traceback whose errors are one visible line each; frames and joints have several."""
    return "".join(
        visible_lines(part) if part.startswith(("  ", "\n")) else visible(part.rstrip("\n")) + "\n"
        for part in traceback.format_exception(kind, error, trace)
    )


def _make_visible(record: logging.LogRecord) -> bool:
    record.msg, record.args = visible(record.getMessage()), ()
    return True


def _hides(character: str) -> bool:
    return unicodedata.category(character) in _HIDING or bool(_BLANK.match(character))
