"""The command that prints a digest for people: `show`."""

from pathlib import PurePosixPath
from typing import Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption


def show(
    digest: Annotated[
        str, typer.Argument(metavar="DIGEST", help="A date, 2025-12-21-2, a file, or -.")
    ],
    place: Annotated[
        str | None, typer.Argument(metavar="ENTRY", help="news:3 for one entry alone.")
    ] = None,
    *,
    out: OutOption = None,
) -> None:
    """Print a digest: each sentence with its evidence lines, links, findings and edits."""
    from pipeline.ops import digest_text
    from pipeline.write import read_digest

    file = _digest_file(digest, out)
    shown = read_digest(common.read_text(file), file)
    common.echo(digest_text(shown, PurePosixPath(file).stem, place).removesuffix("\n"))


def _digest_file(name: str, out: str | None) -> str:
    """Give the file that a name is, or that the digest of that name has."""
    from pipeline.ops import locate_digest
    from pipeline.write import FORMATS

    if name == "-" or "/" in name or name.endswith(tuple(form.suffix for form in FORMATS.values())):
        return name
    return str(locate_digest(name, common.load_settings(out).outputs_dir).json_path)
