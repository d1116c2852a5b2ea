"""The command that changes a digest by hand: `edit`."""

import re
import shlex
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.commands.plain_help import PlainCommand
from pipeline.errors import NotPublished, SettingsError
from pipeline.lines import counted, visible
from pipeline.typed_command import PROGRAM, given_options, typed_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.edits import EditOptions
    from pipeline.revise import DigestLocation, EditResult
    from pipeline.settings import Settings

OptionValues = list[str] | None
_PAIR_OPTIONS = ("--tell", "--add")
# Letters, a colon of any width and a number, and what cannot be seen between them; or half of that,
# which is refused in words.
_PLACE = re.compile(
    r"[^\S\n]*[^\s=＝]{1,20}[:：][^\s=＝]{1,8}[^\S\n]*|news|tools?|s?\d{1,3}", re.IGNORECASE
)


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
            help="Replace title, summary or link (its number; blank for none).",
        ),
    ] = None,
    tell: Annotated[
        OptionValues,
        typer.Option(
            metavar='news:3 "…"', help="Have the model tell it again, and mind what you say."
        ),
    ] = None,
    add: Annotated[
        OptionValues,
        typer.Option(
            metavar='news:4 "…"', help="Tell a story of words of the page that is not in --stories."
        ),
    ] = None,
    undo: Annotated[
        OptionValues, typer.Option(metavar="N|last|all", help="Take edits back: 2, or 12,13.")
    ] = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Take over what was changed in the Markdown file.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write words that do not pass the checks, too.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write over Markdown that was changed by hand.")
    ] = False,
    model_change: Annotated[
        bool,
        typer.Option("--model-change", help="Let another model tell what is to be told."),
    ] = False,
    show_list: Annotated[bool, typer.Option("--list", help="Show the edits.")] = False,
    stories: Annotated[
        bool, typer.Option("--stories", help="Show the issue's stories, for --swap.")
    ] = False,
    grep: Annotated[
        str | None, typer.Option(metavar="WORD", help="Of --stories those that have this word.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print --list or --stories as JSON.")
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Ask, show old and new words, and write nothing.")
    ] = False,
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

    Example: ainews-digest edit 2025-12-21 --drop news:3 --tell tools:5 "name its price" --preview

    Exit codes: 0 done; 1 words do not pass the checks, or the Markdown was changed by hand; 2 an
    edit is not possible; 3 the page cannot be fetched; 4 what is in the file cannot be taken over;
    5 the model cannot be asked; 6 it cannot be written.
    """
    from pipeline.edits import EditOptions
    from pipeline.revise import locate_digest

    settings = common.load_settings(out)
    location = locate_digest(digest, settings.outputs_dir)
    named = {"drop": drop, "swap": swap, "pin": pin, "move": move, "set": words, "tell": tell}
    named |= {"add": add, "undo": undo}
    changes = {name: tuple(values) for name, values in named.items() if values}
    changing = bool(changes)
    if show_list or stories or grep:
        if changing or adopt:
            raise SettingsError(
                "--list, --stories and --grep change nothing: give no edit with them"
            )
        if not show_list:
            _list_stories(location, settings, source, grep or "", as_json=as_json)
        elif stories or grep:
            raise SettingsError("--list shows the edits, --stories the stories: give one of them")
        else:
            _list_edits(location, as_json=as_json)
    elif as_json:
        raise SettingsError("--json prints --list or --stories: give one of them")
    elif adopt and changing:
        raise SettingsError("--adopt takes over the Markdown file: give no other edit with it")
    else:
        in_editor = not (adopt or changing)
        options = EditOptions(
            from_editor=in_editor,
            adopt=adopt or in_editor,
            force=force,
            overwrite=overwrite,
            source=source,
            preview=preview,
            dry_run=dry_run,
            model_change=model_change,
            **changes,
        )
        _edit(location, options, settings, [digest, *(["--out", out] if out else [])])


def _list_edits(location: "DigestLocation", *, as_json: bool) -> None:
    from pipeline.revise import list_edits, read_editable

    listed = list_edits(read_editable(location))
    if as_json:
        common.echo_json(listed)
        return
    if not listed:
        common.echo_err("no edits")
    for one in listed:
        common.echo(visible(f"{one.number}  {one.words}"))


def _list_stories(
    location: "DigestLocation",
    settings: "Settings",
    source: str | None,
    word: str,
    *,
    as_json: bool,
) -> None:
    """Show each story with its first link, and where it is told."""
    from pipeline.progress import TerminalProgress
    from pipeline.revise import list_stories, stories_lines

    with TerminalProgress() as progress:
        listed = list_stories(
            location,
            settings=settings,
            progress=progress,
            stdin=sys.stdin.buffer,
            source=source,
            word=word,
        )
    if as_json:
        common.echo_json(listed)
        return
    if not listed:
        common.echo_err(visible(f"no story has {word!r}" if word else "no stories"))
    for line in stories_lines(listed):
        common.echo(visible(line))


def _edit(
    location: "DigestLocation", options: "EditOptions", settings: "Settings", named: list[str]
) -> None:
    """Change the digest, and say what changed and what the checks found."""
    from pipeline.progress import TerminalProgress
    from pipeline.revise import edit_digest

    if options.from_editor:
        from pipeline.commands.editor import edit_file

        edit_file(location.markdown_path)
    with TerminalProgress() as progress:
        result = edit_digest(
            location,
            options,
            settings=settings,
            progress=progress,
            stdin=sys.stdin.buffer,
            may_change_model=common.confirm,
        )
        for line in _finding_lines(result, named[0]):
            progress.note(line)
    unchanged = "no entry changes" if "," in result.edits else "nothing changes"
    for line in (result.preview if options.preview else result.changes) or (unchanged,):
        common.echo(visible(line))
    if result.refused:
        raise NotPublished(result.refused)
    closing = _closing_line(result, options, named)
    common.echo_err(visible(closing) if options.preview else closing)


def _finding_lines(result: "EditResult", digest: str) -> "Iterator[str]":
    """Say what the checks found that they did not find before, and how much they did."""
    for finding, known in zip(result.findings, result.as_before, strict=True):
        if not known:
            yield finding.line(result.path.stem)
    if count := sum(result.as_before):
        many = "1 finding is" if count == 1 else f"{count} findings are"
        yield f"{many} as before, of entries that did not change: {typed_command('show', digest)}"


def _closing_line(result: "EditResult", options: "EditOptions", named: list[str]) -> str:
    """Say what was written, or what writes it."""
    if options.preview:
        command = shlex.join([PROGRAM, *given_options("--directory"), "edit", *named])
        more = shlex.join(options.arguments)
        return f"{result.edits}; nothing was written; this writes it: {command} {more}"
    if options.dry_run:
        asked = f"the model would be asked for {counted(result.questions, 'entry')}"
        return f"{asked}; {result.edits}; nothing was written"
    same = not (result.changes or "," in result.edits or options.adopt)
    return f"{'unchanged' if same else 'written'}: {result.path}: {result.edits}"


class EditCommand(PlainCommand):
    """Reads `--tell news:3 "…"` and `--add news:4 "…"`, two words after one option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer hides it
        """Join the place and the words, as the other options have them: `news:3=…`."""
        joined = list(args)
        for at in reversed(range(len(args) - 2)):
            option, place, words = args[at : at + 3]
            is_pair = option in _PAIR_OPTIONS and _PLACE.fullmatch(place)
            if is_pair and not words.startswith("--"):
                joined[at + 1 : at + 3] = [f"{place}={words}"]
        return super().parse_args(ctx, joined)
