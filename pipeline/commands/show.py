"""The command that prints a digest for people: `show`."""

from pathlib import PurePosixPath
from typing import Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import JsonOption, OutOption
from pipeline.commands.digests import DigestArgument, digest_file, note_changed_markdown, read_named


def show(
    digest: DigestArgument,
    place: Annotated[
        str | None, typer.Argument(metavar="ENTRY", help="news:3 for one entry alone.")
    ] = None,
    *,
    as_json: JsonOption = False,
    out: OutOption = None,
) -> None:
    """Print a digest: each sentence with its evidence lines, links, findings and edits.

    Example: ainews-digest show 2025-12-21 news:3

    Exit codes: 0 shown; 2 there is no such digest or entry; 4 the file is not a digest.
    """
    from pipeline.ops import digest_text, shown_digest

    file = digest_file(digest, out)
    shown = read_named(file)
    name = PurePosixPath(file).stem
    if as_json:
        common.echo_json(shown_digest(shown, name, place))
    else:
        common.echo(digest_text(shown, name, place).removesuffix("\n"))
    note_changed_markdown([file], out)
