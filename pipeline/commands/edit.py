"""The command that changes a digest by hand: `edit`."""

import sys
from typing import Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError

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
        OptionValues, typer.Option(metavar="tools:2=s17", help="Tell that story there instead.")
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
    from rich.console import Console

    from pipeline.edits import EditOptions, describe_edit
    from pipeline.ops import edit_digest, list_stories, locate_digest, read_editable
    from pipeline.progress import TerminalProgress

    settings = common.load_settings(out)
    place = locate_digest(digest, settings.outputs_dir)
    given = {"drop": drop, "swap": swap, "pin": pin, "move": move, "set": words, "undo": undo}
    wishes = EditOptions(
        **{name: tuple(each or ()) for name, each in given.items()}, source=source, dry_run=dry_run
    )
    if show_list:
        for number, each in enumerate(read_editable(place).edits, 1):
            typer.echo(f"{number}  {describe_edit(each)}")
        return
    with TerminalProgress(Console(stderr=True)) as show:
        if stories:
            for story in list_stories(
                place, settings=settings, progress=show, stdin=sys.stdin.buffer, source=source
            ):
                typer.echo(f"{story.id}  {story.part:<15}  {story.lead}")
            return
        if not any(given.values()):
            raise SettingsError("nothing to do: give --drop, --swap, --set, --pin, --move, --undo")
        done = edit_digest(place, wishes, settings=settings, progress=show, stdin=sys.stdin.buffer)
        for finding in done.findings:
            show.note(f"{finding.severity}: {finding.entry} {finding.check}: {finding.found}")
    for line in done.changes or ("nothing changes",):
        typer.echo(line)
    if dry_run:
        common.echo_err(
            f"the model would be asked for {done.questions} entries; nothing was written"
        )
    else:
        common.echo_err(f"written: {done.path}")
