"""The command that gives a digest away in another form: `export`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.commands.digests import (
    DigestArgument,
    command_name,
    digest_file,
    note_changed_markdown,
    read_named,
)
from pipeline.errors import SettingsError, WriteError

_MIN_BYTES = 200
_LEFT_TO_THE_SENDER = "fill in From, To, Date, Message-ID and List-Unsubscribe before it is sent"


def export(
    digest: DigestArgument,
    *,
    form: Annotated[
        str,
        typer.Option("--format", metavar="NAME", help="wechat, email, text, markdown or json."),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", metavar="FILE", help="Write it there, and print nothing; - prints."
        ),
    ] = None,
    max_bytes: Annotated[
        int | None,
        typer.Option(
            min=_MIN_BYTES, metavar="N", help="Of text: the largest message that the chat takes."
        ),
    ] = None,
    out: OutOption = None,
) -> None:
    """Give a digest away as an article, a mail, a text for chats, Markdown or JSON.

    Example: ainews-digest export 2025-12-21 --format wechat --output article.html

    Exit codes: 0 done; 2 there is no such digest or format; 4 the file is not a digest; 6 the
    output cannot be written.
    """
    from pipeline.write import DRAFTS, EXPORTS, count_shortened, errors_line, to_text

    common.require_format(form, EXPORTS)
    if max_bytes is not None and form != "text":
        raise SettingsError("--max-bytes is for --format text: leave it out")
    file = digest_file(digest, out)
    target = None if output in {None, "-"} else _output_file(str(output), out)
    given = read_named(file)
    made = to_text(given, max_bytes=max_bytes) if form == "text" else EXPORTS[form].render(given)
    if target is None:
        sys.stdout.buffer.write(made.encode())
    else:
        _write(target, made.encode())
    note_changed_markdown([file], out)
    if given.errors:
        common.echo_err(f"warning: {errors_line(command_name(file, out), given.errors)}")
    if Path(file).parent.name == DRAFTS:
        common.echo_err("warning: it is a draft, which was not published")
    if max_bytes is not None and (cut := count_shortened(given, made)):
        said = f"{cut} of {len(given.entries)} entries do not fit whole into {max_bytes} bytes"
        common.echo_err(f"warning: {said}: ……, … or 未列出 stands where words are left out")
    if form == "email":
        common.echo_err(_LEFT_TO_THE_SENDER)


def _output_file(output: str, out: str | None) -> Path:
    """Give the file to write, which is none of the digests' own, and no device."""
    from pipeline.storage import is_remote, location_argument, require_local
    from pipeline.write import DRAFTS

    given = require_local(location_argument(output, "--output"), "give a local file with --output")
    # `resolve` raises what is no OSError where a link leads to itself.
    file = Path(os.path.realpath(given))
    if os.path.lexists(file) and not file.is_file():
        raise SettingsError(f"--output {output!r} is no file: leave it out to print the result")
    folder = common.load_settings(out).outputs_dir
    folders = () if is_remote(folder) else (folder, folder / DRAFTS)
    if str(file.parent) in map(os.path.realpath, folders):
        raise SettingsError(
            f"--output {output!r} lies among the digests, which `run` and `edit` write: "
            "give another folder"
        )
    return file


def _write(file: Path, data: bytes) -> None:
    from pipeline.storage import replace_file

    try:
        replace_file(file, data)
    except OSError as error:
        message = f"cannot write {str(file)!r}: {error.strerror or error}; put that right"
        raise WriteError(message) from error
