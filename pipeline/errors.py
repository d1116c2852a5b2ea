"""The error tree: every failure a user can meet, and the exit code it ends in.

    DigestError
    ├── SettingsError            2  a setting, an argument or an input file is not usable
    ├── SourceError              3  the newsletter could not be read
    │   ├── IssueNotFound           no issue by that date, slug or URL
    │   ├── SourceTransient         one request failed in a way that may pass (retried)
    │   └── SourceStale             the newest issue is older than it should be
    ├── PageNotUnderstood        4  the page or digest has nothing that we recognise
    │   └── NewerFormat             a later version of this program wrote the digest
    ├── ModelError               5  the model could not be asked
    │   ├── ModelTransient          one call failed in a way that may pass (retried)
    │   ├── ModelUnavailable        this model cannot be asked at all, another one might be
    │   ├── ModelInvalid            no answer fitted the schema, re-asks included
    │   │   └── QuestionCut             the server read a part of the question only
    │   ├── ModelRefused            the provider's content filter said no
    │   └── WeightsError            the embedded model's weights are not usable
    ├── WriteError               6  the digest could not be written
    ├── NotPublished             1  the digest is not fit to be published
    └── ProgramFault            70  a fault of this program: to be reported

`Transient` marks the two classes that `network/retry.py` may retry; nothing else is retried.
A message is one line: what happened, to which thing, and what to do next.
"""

import errno
import traceback
from pathlib import PurePath
from typing import ClassVar


class DigestError(Exception):
    """A failure with an exit code and a one-line message for its reader."""

    exit_code: ClassVar[int] = 1
    others: "tuple[DigestError, ...]" = ()
    """What else went wrong in the same run."""
    issue: str = ""
    """Slug of the issue that it is about, where a run knows of several."""


class Transient(DigestError):
    """A failure that may pass by itself."""

    attempts: int = 1
    """How often it was tried."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        """Keep the pause that the server asked for, in seconds; None where it did not say."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class SettingsError(DigestError):
    """A setting, an argument or an input file is not usable."""

    exit_code = 2


class SourceError(DigestError):
    """The newsletter could not be read."""

    exit_code = 3


class IssueNotFound(SourceError):
    """No source knows an issue by that date, slug or URL."""


class SourceTransient(Transient, SourceError):
    """One request failed in a way that may pass: a timeout, 429 or 5xx."""


class SourceStale(SourceError):
    """The newest issue is older than `stale_after_days`."""


class PageNotUnderstood(DigestError):
    """A page or a digest file has nothing in it that we recognise."""

    exit_code = 4


class NewerFormat(PageNotUnderstood):
    """A digest was written by a later version of this program; it is whole, and stays as it is."""


class ModelError(DigestError):
    """The model could not be asked, or the server's answer makes no sense."""

    exit_code = 5


class ModelTransient(Transient, ModelError):
    """One call failed in a way that may pass: a timeout, 429, 5xx or a blank answer."""


class ModelUnavailable(ModelError):
    """This model cannot be asked at all: it is unknown, without credit, or busy for long."""


class ModelInvalid(ModelError):
    """No answer fitted the schema, although the model was asked again with the error."""


class QuestionCut(ModelInvalid):
    """The server read a part of the question only, so that no answer to it counts."""

    def __init__(self, message: str, room_tokens: int) -> None:
        """Keep how long a question may be that is read whole, in estimated tokens."""
        super().__init__(message)
        self.room_tokens = room_tokens


class ModelRefused(ModelError):
    """The model or the provider's content filter refused this one question."""


class WeightsError(ModelError):
    """The embedded model's weights are missing, damaged or do not fit on the disk."""


class WriteError(DigestError):
    """The digest could not be written; what was there before is untouched."""

    exit_code = 6


class NotPublished(DigestError):
    """The digest is not fit to be published."""

    exit_code = 1


class ProgramFault(DigestError):
    """A fault of this program, which nobody foresaw."""

    exit_code = 70


_SYSTEM_ERRNOS = frozenset(
    {
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
        *(errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOENT, errno.ENOTDIR),
        *(errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG),
    }
)
"""What the system refuses, whoever asks: not our fault."""
_NO_THREAD = "can't start new thread"
_PLACES = 3
"""How many places in our code a fault names, the last ones."""


def as_digest_error(error: BaseException) -> DigestError:
    """Make an error of the tree of whatever was raised; the last handlers call it.

    The words of a foreign error are left out, since they may hold a key: kind and place tell as
    much to those who know the code.
    """
    if isinstance(error, DigestError):
        return error
    if isinstance(error, OSError) and error.errno in _SYSTEM_ERRNOS:
        where = f": {error.filename!r}" if error.filename else ""
        return WriteError(f"the system refused: {error.strerror}{where}; see --verbose for where")
    if isinstance(error, MemoryError):
        return ProgramFault("memory ran out; try again with more, or with a smaller input")
    if isinstance(error, RuntimeError) and str(error) == _NO_THREAD:
        return ProgramFault(
            "the system starts no more threads; try again with more memory and processes, or set a "
            "smaller AINEWS_IN_FLIGHT"
        )
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if "pipeline" in PurePath(frame.filename).parts]
    places = ", ".join(
        f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in inside[-_PLACES:]
    )
    return ProgramFault(
        f"a fault of this program ({type(error).__name__} at {places or 'no place of ours'}); "
        "please report this line with the version and the command, without any key; "
        "--verbose says more"
    )
