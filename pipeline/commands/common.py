"""What the commands share: arguments, settings, and where lines are printed."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import SettingsError
from pipeline.lines import echo_err, visible, visible_lines
from pipeline.typed_command import give_option

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.records import Record
    from pipeline.settings import Settings

__all__ = ["echo_err"]
FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="A file, or - for standard input.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="As JSON, for programs; `schema` describes it.")
]
OutOption = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Folder of the digests, or s3://…; by default AINEWS_OUTPUTS_DIR.",
    ),
]


def change_directory(folder: str) -> None:
    """Make a folder the working folder."""
    import os

    from pipeline.storage import location_argument, require_local

    path = require_local(location_argument(folder, "--directory"), "give one with --directory")
    try:
        os.chdir(path)
        give_option("--directory", folder)
    except OSError as error:
        raise SettingsError(f"--directory {folder!r} cannot be used: {error.strerror}") from error


def warn_of_unknown_variables() -> None:
    """Name the variables that look like settings and are none."""
    import os

    from pipeline.settings import unknown_variables

    for line in unknown_variables(os.environ):
        echo_err(f"warning: {line}")


def load_settings(out: str | None) -> "Settings":
    """Read the settings; `out` replaces the folder of the digests."""
    from pipeline.settings import load
    from pipeline.storage import location_argument

    settings = load()
    if out is None:
        return settings
    give_option("--out", out)
    return settings.model_copy(update={"outputs_dir": location_argument(out, "--out")})


def require_folder(outputs: "Path") -> None:
    """Refuse to call digests missing where their folder cannot even be listed.

    Raises:
        SettingsError: names it.
    """
    import os

    from pipeline.storage import is_remote

    if is_remote(outputs) or not os.path.lexists(outputs):
        return
    try:
        os.listdir(outputs)  # noqa: PTH208 - asks whether it can be listed, by the system's reason
    except OSError as error:
        reason = f"{str(outputs)!r} cannot be listed: {(error.strerror or 'no reason').lower()}"
        raise SettingsError(f"{reason}; see `ainews-digest doctor`") from error


def parse_date(text: str | None, name: str = "--date") -> "dt.date | None":
    """Read a date; `name` is its option."""
    import datetime as dt

    if text is None:
        return None
    with suppress(ValueError):
        if "W" not in text:  # 2025-W51 is its Monday to Python, and a week to everybody else
            return dt.date.fromisoformat(text)
    raise SettingsError(f"{name} {text!r} is not a date: write it as 2025-12-21")


def date_range(since: str, until: str | None, *, default: "dt.date") -> "tuple[dt.date, dt.date]":
    """Read `--since` and `--until`, which is `default` where it was not given."""
    import datetime as dt

    first = parse_date(since, "--since") or dt.date.min
    last = parse_date(until, "--until") or default
    if first <= last:
        return first, last
    if until is None:
        raise SettingsError(f"--since {first} is after today, {last}: give an earlier date")
    raise SettingsError(f"--since {first} is after --until {last}: turn them round")


def read_bytes(file: str) -> bytes:
    """Read a file, which may be one of a store, or standard input."""
    from pipeline.storage import location_argument, read_given

    try:
        if file == "-":
            return sys.stdin.buffer.read()
        return read_given(location_argument(file, "the file"))
    except OSError as error:
        raise SettingsError(f"cannot read {file!r}: {error.strerror}") from error


def read_text(file: str) -> str:
    """Read a text file, which may be one of a store, or standard input."""
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file!r} is not UTF-8 text: {error.reason}") from error


def require_format(name: str, known: "Iterable[str]") -> None:
    """Refuse a format that there is not.

    Raises:
        SettingsError: names those that there are, and the one that was meant.
    """
    from difflib import get_close_matches

    names = tuple(known)
    if name not in names:
        near = get_close_matches(name.strip().lower(), names, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise SettingsError(f"--format {name!r} is unknown: give one of {', '.join(names)}{meant}")


def echo(text: str) -> None:
    """Print lines about something on standard output; a digest and JSON are none."""
    typer.echo(visible_lines(text))


def tell(text: str) -> None:
    """Print lines on standard error that are no message of a run: they have no level."""
    typer.echo(visible_lines(text), err=True)


def confirm(said: str) -> bool:
    """Ask whoever sits at the terminal whether to go on; where nobody does, the answer is no."""
    return sys.stdin.isatty() and typer.confirm(f"{visible(said)}: go on?", err=True)


def echo_json(what: "Record | Iterable[Record]") -> None:
    """Print a record as JSON, or several as a list.

    Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark.
    """
    import json

    from pipeline.records import Record

    tree = (
        what.model_dump(mode="json")
        if isinstance(what, Record)
        else [record.model_dump(mode="json") for record in what]
    )
    text = json.dumps(tree, indent=2, ensure_ascii=False)
    typer.echo(text.encode("utf-8", "replace").decode("utf-8"))
