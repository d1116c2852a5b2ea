"""The command that changes a digest by hand: `edit`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError
from pipeline.lines import visible

if TYPE_CHECKING:
    from pipeline.edits import EditOptions
    from pipeline.ops import DigestLocation
    from pipeline.settings import Settings

OptionValues = list[str] | None


def edit(
    digest: Annotated[
        str, typer.Argument(metavar="DIGEST", help="A date, 2025-12-21-2, or the path of a JSON.")
    ],
    *,
    drop: Annotated[
        OptionValues, typer.Option(metavar="news:3", help="Leave out; the next story comes in.")
    ] = None,
    swap: Annotated[
        OptionValues, typer.Option(metavar="tools:2=s17", help="Put that story there instead.")
    ] = None,
    pin: Annotated[
        OptionValues,
        typer.Option(metavar="news:2", help="Keep its place and its text as they are."),
    ] = None,
    move: Annotated[
        OptionValues, typer.Option(metavar="news:5=1", help="Put it at that place.")
    ] = None,
    words: Annotated[
        OptionValues,
        typer.Option("--set", metavar="news:1.title=…", help="Replace title, summary or link."),
    ] = None,
    undo: Annotated[OptionValues, typer.Option(metavar="N|all", help="Take an edit back.")] = None,
    show_list: Annotated[bool, typer.Option("--list", help="Show the edits.")] = False,
    stories: Annotated[
        bool, typer.Option("--stories", help="Show the issue's stories, for --swap.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; ask and write nothing.")
    ] = False,
    source: Annotated[
        str | None, typer.Option(metavar="FILE", help="The page of a digest made from a file.")
    ] = None,
    out: OutOption = None,
) -> None:
    """Change a digest by hand: all that is asked for, or nothing; it outlives every re-run."""
    from pipeline.edits import EditOptions
    from pipeline.ops import locate_digest

    settings = common.load_settings(out)
    location = locate_digest(digest, settings.outputs_dir)
    changes = {"drop": drop, "swap": swap, "pin": pin, "move": move, "set": words, "undo": undo}
    if show_list:
        _list_edits(location)
    elif stories:
        _list_stories(location, settings, source)
    elif not any(changes.values()):
        raise SettingsError("nothing to do: give --drop, --swap, --set, --pin, --move, --undo")
    else:
        given = {name: tuple(values or ()) for name, values in changes.items()}
        options = EditOptions.model_validate({**given, "source": source, "dry_run": dry_run})
        _edit(location, options, settings)


def _list_edits(location: "DigestLocation") -> None:
    from pipeline.edits import describe_edit
    from pipeline.ops import read_editable

    for number, edit in enumerate(read_editable(location).edits, 1):
        common.echo(visible(f"{number}  {describe_edit(edit)}"))


def _list_stories(location: "DigestLocation", settings: "Settings", source: str | None) -> None:
    from pipeline.ops import list_stories
    from pipeline.progress import TerminalProgress

    with TerminalProgress() as progress:
        for story in list_stories(
            location, settings=settings, progress=progress, stdin=sys.stdin.buffer, source=source
        ):
            common.echo(visible(f"{story.id}  {story.part:<15}  {story.lead}"))


def _edit(location: "DigestLocation", options: "EditOptions", settings: "Settings") -> None:
    from pipeline.ops import edit_digest
    from pipeline.progress import TerminalProgress

    with TerminalProgress() as progress:
        result = edit_digest(
            location, options, settings=settings, progress=progress, stdin=sys.stdin.buffer
        )
        for finding in result.findings:
            progress.note(finding.line)
    for line in result.changes or ("nothing changes",):
        common.echo(line)
    if options.dry_run:
        asked = f"the model would be asked for {result.questions} entries"
        common.echo_err(f"{asked}; nothing was written")
    else:
        common.echo_err(f"written: {result.path}")
