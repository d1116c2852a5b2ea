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
        str, typer.Argument(metavar="DIGEST", help="A date, 2025-12-21-2, or a file of it.")
    ],
    *,
    drop: Annotated[
        OptionValues, typer.Option(metavar="news:3", help="Leave out; the next story comes in.")
    ] = None,
    swap: Annotated[
        OptionValues,
        typer.Option(
            metavar="tools:2=s17", help="Put that story there instead; news:1=news:2 exchanges."
        ),
    ] = None,
    pin: Annotated[
        OptionValues,
        typer.Option(metavar="news:2", help="Keep its place and its text as they are."),
    ] = None,
    move: Annotated[
        OptionValues,
        typer.Option(
            metavar="news:5=1", help="Put it at that place; tools:2=news:4 for the other half."
        ),
    ] = None,
    words: Annotated[
        OptionValues,
        typer.Option(
            "--set",
            metavar="news:1.title=…",
            help="Replace title, summary or link (also by its number).",
        ),
    ] = None,
    undo: Annotated[
        OptionValues, typer.Option(metavar="N|last|all", help="Take an edit back.")
    ] = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Take over what was changed in the Markdown file.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write words that do not pass the checks, too.")
    ] = False,
    show_list: Annotated[bool, typer.Option("--list", help="Show the edits.")] = False,
    stories: Annotated[
        bool, typer.Option("--stories", help="Show the issue's stories, for --swap.")
    ] = False,
    grep: Annotated[
        str | None, typer.Option(metavar="WORD", help="Of --stories those that have this word.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; ask and write nothing.")
    ] = False,
    source: Annotated[
        str | None, typer.Option(metavar="FILE", help="The page of a digest made from a file.")
    ] = None,
    out: OutOption = None,
) -> None:
    """Change a digest by hand: all that is asked for, or nothing; it outlives every re-run.

    Without an option the Markdown file is opened in $EDITOR, and what you change is taken over.

    Example: ainews-digest edit 2025-12-21 --drop news:3 --move tools:5=1 --dry-run

    Exit codes: 0 done; 1 words do not pass the checks, or the Markdown was changed by hand; 2 an
    edit is not possible; 3 the page cannot be fetched; 4 what is in the file cannot be taken over;
    5 the model cannot be asked; 6 it cannot be written.
    """
    from pipeline.edits import EditOptions
    from pipeline.ops import locate_digest

    settings = common.load_settings(out)
    location = locate_digest(digest, settings.outputs_dir)
    changes = {"drop": drop, "swap": swap, "pin": pin, "move": move, "set": words, "undo": undo}
    if show_list:
        _list_edits(location)
    elif stories or grep:
        _list_stories(location, settings, source, grep or "")
    elif adopt and any(changes.values()):
        raise SettingsError("--adopt takes over the Markdown file: give no other edit with it")
    elif not (adopt or any(changes.values())):
        from pipeline.commands.editor import edit_file

        edit_file(location.json_path.with_suffix(".md"))
        _edit(location, EditOptions(adopt=True, force=force, source=source), settings)
    else:
        given = {name: tuple(values or ()) for name, values in changes.items()}
        more = {"adopt": adopt, "force": force, "source": source, "dry_run": dry_run}
        options = EditOptions.model_validate({**given, **more})
        _edit(location, options, settings)


def _list_edits(location: "DigestLocation") -> None:
    from pipeline.edits import describe_edit
    from pipeline.ops import read_editable

    for number, edit in enumerate(read_editable(location).edits, 1):
        common.echo(visible(f"{number}  {describe_edit(edit)}"))


def _list_stories(
    location: "DigestLocation", settings: "Settings", source: str | None, word: str
) -> None:
    """Show each story with its first link, and where it is told."""
    from pipeline.ops import list_stories
    from pipeline.progress import TerminalProgress

    with TerminalProgress() as progress:
        listed = list_stories(
            location, settings=settings, progress=progress, stdin=sys.stdin.buffer, source=source
        )
    for place, story in listed:
        if word.casefold() in story.evidence.casefold():
            line = f"{story.id}  {place:<8}  {story.part:<15}  {story.lead}"
            common.echo(visible(f"{line}  {story.first_url}" if story.first_url else line))


def _edit(location: "DigestLocation", options: "EditOptions", settings: "Settings") -> None:
    from pipeline.ops import edit_digest
    from pipeline.progress import TerminalProgress

    with TerminalProgress() as progress:
        result = edit_digest(
            location, options, settings=settings, progress=progress, stdin=sys.stdin.buffer
        )
        for finding in result.findings:
            progress.note(finding.line(result.path.stem))
    for line in result.changes or ("nothing changes",):
        common.echo(line)
    if options.dry_run:
        asked = f"the model would be asked for {result.questions} entries"
        common.echo_err(f"{asked}; nothing was written")
    else:
        common.echo_err(f"written: {result.path}")
