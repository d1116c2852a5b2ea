"""How a command of this program is typed, so that what a message offers does what it says.

The options that name the folder of the digests are those that the command at hand was given: what
is offered works on the same folder. The one place that they are added in.
"""

import re
import shlex
from typing import Final

PROGRAM: Final = "ainews-digest"

_given: Final[dict[str, str | None]] = {}


def give_option(name: str, value: str | None) -> None:
    """Have an option of this process's command in every command that it offers."""
    _given[name] = value


def given_options(*names: str) -> list[str]:
    """Give the options of these names as they were typed; none of those that were not given."""
    return [word for name in names if (value := _given.get(name)) for word in (name, value)]


def issue_options(slug: str) -> tuple[str, str]:
    """Name an issue, or the file that one without a date in its name was read from."""
    return ("--issue", slug) if re.match(r"\d\d-\d\d-\d\d-", slug) else ("--source", "FILE")


def typed_command(*words: str, takes_out: bool = True) -> str:
    """Write a command as it is typed.

    `words` are the command, its arguments and options, without the folders.
    """
    folders = given_options("--out") if takes_out else []
    return shlex.join([PROGRAM, *given_options("--directory"), *words, *folders])
