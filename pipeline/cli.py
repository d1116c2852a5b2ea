"""The command line: its options, and how each command ends.

Results go to standard output, all else to standard error. Every import that costs time stands in
the command that needs it, and a command's module is loaded with the command.
"""

import atexit
import gc
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, NoReturn

try:
    import typer

    from pipeline.commands.common import change_directory
    from pipeline.commands.registry import CommandGroup
    from pipeline.commands.streams import (
        finish_output,
        go_on_unread,
        is_output_failure,
        prepare_streams,
    )
    from pipeline.errors import SettingsError, as_digest_error
    from pipeline.lines import echo_err, log_to_stderr, print_traceback
    from pipeline.typed_command import give_option
except KeyboardInterrupt:
    # Half of the time of a short command is this; neither `main` nor `lines` is there to say it.
    sys.stderr.write("ainews-digest: error: interrupted\n")
    sys.exit(130)

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXIT_CODES = """
Exit codes: 0 done; 1 it is not fit to be published, its Markdown was changed or removed by hand, or
what was asked for was found (verify, factcheck, status and diff with --exit-code); 2 a setting, an
argument or a file that is named cannot be used; 3 the newsletter cannot be read; 4 the page is not
an issue, or the digest is damaged, foreign, or of a later version; 5 the model cannot be asked; 6 a
file cannot be written; 70 a fault of this program; 74 it is done, but standard output cannot be
written; 130 interrupted.
"""

app = typer.Typer(
    name="ainews-digest",
    cls=CommandGroup,
    help="Turn AINews issues into short Simplified-Chinese digests.",
    epilog=" ".join(_EXIT_CODES.split()),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_INTERRUPTED_EXIT_CODE = 130
_UNWRITTEN_OUTPUT_EXIT_CODE = 74
_ASKING = frozenset({"run", "demo", "backfill", "edit"})
"""Commands that ask the model, and keep each answer at once."""
_WRITING = _ASKING | {"init", "export", "weekly", "monthly", "site", "schema"}
"""Commands that may write files: they do so whether or not somebody reads what they print."""
_PROGRAM_OPTIONS = frozenset({"--verbose", "--directory", "--version"})
_verbose = False
_command = ""


def main(arguments: "Sequence[str] | None" = None) -> NoReturn:
    """Run one command; every failure ends in one line and its exit code.

    Args:
        arguments: those of the command; None for those of this process, which is the command's then
            and ends without waiting for questions that nobody wants answered any more.
    """
    signal.signal(signal.SIGTERM, _raise_interrupt)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # not below nohup
        signal.signal(signal.SIGHUP, _raise_interrupt)
    global _verbose, _command
    _verbose, _command = False, ""
    prepare_streams()
    sys.excepthook = print_traceback
    try:
        code = _run_app(arguments)
        with suppress(OSError):  # told below
            sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED_EXIT_CODE
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the last handler of all
        # Typer makes an exit of a reader who went away.
        gone = isinstance(error, SystemExit) and isinstance(error.__context__, BrokenPipeError)
        cause = error.__context__ or error if gone else error
        code = 0 if is_output_failure(cause) else _tell(cause)
    # Typer makes this code of Ctrl-C by itself.
    if code == _INTERRUPTED_EXIT_CODE:
        kept = "; answers so far are kept, run the same command again to go on"
        _say(f"interrupted{kept if _command in _ASKING else ''}")
    failure = finish_output()
    if failure is not None and not code:
        code = _UNWRITTEN_OUTPUT_EXIT_CODE
        done = "; the files that were to be written are" if _command in _WRITING else ""
        _say(f"standard output cannot be written: {failure.strerror}{done}")
    if arguments is None:
        _exit(code)
    sys.exit(code)


def _tell(error: BaseException) -> int:
    """Say one line of an error, with its traceback where that is asked for; give its exit code."""
    failure = as_digest_error(error)
    if _verbose:
        print_traceback(type(error), error, error.__traceback__)
    _say(str(failure))
    return failure.exit_code


def _say(line: str) -> None:
    """Say what went wrong."""
    echo_err(line, "error")


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more, with tracebacks.")] = False,
    directory: Annotated[
        str | None,
        typer.Option("--directory", metavar="DIR", help="Work there: its .env, its outputs/."),
    ] = None,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"ainews-digest {installed('ainews-digest')}")
        raise typer.Exit
    give_option("--directory", None)
    give_option("--out", None)
    if directory is not None:
        change_directory(directory)
    global _verbose, _command
    _verbose, _command = verbose, context.invoked_subcommand or ""
    if _command in _WRITING:
        go_on_unread()
    log_to_stderr(verbose=verbose)


def _run_app(arguments: "Sequence[str] | None") -> int:
    """Let typer take the arguments apart; what it does not understand is exit code 2."""
    from typer.exceptions import TyperException

    try:
        return int(app(args=arguments, standalone_mode=False, prog_name=app.info.name) or 0)
    except typer.Exit as left:
        return left.exit_code
    except SystemExit as left:
        # Typer ends so after what it says to a shell that completes words.
        if isinstance(left.code, int) and _is_typers(left):
            return left.code
        raise
    except TyperException as error:
        if not str(error):
            return error.exit_code  # no command at all: the help was shown
        context = getattr(error, "ctx", None)
        command = context.command_path if context else app.info.name
        said = error.format_message().replace("Value error, ", "").rstrip(".")
        end = " See" if said.endswith("?") else "; see"
        raise SettingsError(f"{said}{end} `{command} --help`{_place_hint(error)}") from error


def _place_hint(error: Exception) -> str:
    """Say where an option of the program stands that was put behind a command."""
    name = getattr(error, "option_name", "")
    if name not in _PROGRAM_OPTIONS:
        return ""
    return f" or put {name} before the command: `{app.info.name} {name} …`"


def _is_typers(left: SystemExit) -> bool:
    """Whether typer ended by itself, and not since nobody reads any more."""
    import traceback
    from pathlib import PurePath

    last = traceback.extract_tb(left.__traceback__)[-1]
    unread = isinstance(left.__context__, BrokenPipeError)
    return PurePath(last.filename).parent.name == "typer" and not unread


def _raise_interrupt(_number: int, _frame: object) -> NoReturn:
    """End on SIGTERM, and with the terminal, as on Ctrl-C; also where `&` has Ctrl-C ignored."""
    raise KeyboardInterrupt


# At its end Python looks for garbage among all that was loaded, and takes it apart piece by piece:
# half a second after a run that has asked a model. The system takes it back at once.
atexit.register(gc.freeze)


def _exit(code: int) -> NoReturn:
    """End the process, without waiting for questions that nobody wants answered any more."""
    if any(thread.name.startswith("ask") for thread in threading.enumerate()):
        os._exit(code)
    sys.exit(code)
