"""The command line: commands and exit codes, nothing else.

Results go to standard output, all else to standard error. Every import that costs time stands in
the command that needs it, so that `--help` is quick.
"""

import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipeline.errors import DigestError, SettingsError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pipeline.obtain import Wanted
    from pipeline.settings import Settings

app = typer.Typer(
    name="ainews-digest",
    help="Turn AINews issues into short Simplified-Chinese digests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="A file, or - for standard input.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder of the digests.")
]
_INTERRUPTED = 130
_verbose = False


def main(arguments: "Sequence[str] | None" = None) -> NoReturn:
    """Run one command; every failure ends in one line and its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = _call(arguments)
    except DigestError as error:
        if _verbose:
            traceback.print_exc()
        _say(str(error))
        _leave(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away; nothing more can be said to it.
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - stays open until the end
        code = 0
    # Typer makes this code of Ctrl-C by itself.
    if code == _INTERRUPTED:
        _say("interrupted; answers so far are kept, run the same command again to go on")
    _leave(code)


@app.callback(invoke_without_command=True)
def _options(
    *,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more, with tracebacks.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"ainews-digest {installed('ainews-digest')}")
        raise typer.Exit
    if verbose:
        import logging

        global _verbose  # noqa: PLW0603 - one process runs one command
        _verbose = True
        logging.basicConfig(format="%(name)s: %(message)s")
        logging.getLogger("pipeline").setLevel(logging.DEBUG)


@app.command()
def run(
    *,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Digest date; picks the issue too.")
    ] = None,
    issue: Annotated[
        str | None, typer.Option(metavar="SLUG-or-URL", help="The issue to digest.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="FILE", help="Read the issue from a file, - for stdin.")
    ] = None,
    out: OutOption = None,
    force: Annotated[bool, typer.Option("--force", help="Digest the newest issue again.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the issue, tokens and price; ask nothing.")
    ] = False,
) -> None:
    """Digest the newest issue, or the one that is named."""
    from pipeline.obtain import Wanted

    if issue and source:
        raise SettingsError("--issue and --source both name the issue: give one of them")
    wanted = Wanted(date=_date(date), issue=issue, source=source, force=force)
    settings = _settings(out)
    if dry_run:
        _dry_run(wanted, settings)
    else:
        path = _make(wanted, settings)
        if path is not None:
            typer.echo(path)


@app.command()
def demo(*, out: OutOption = None) -> None:
    """Digest the bundled issue and show the digest."""
    from importlib import resources

    from pipeline.obtain import Wanted

    settings = _settings(None)
    settings = settings.model_copy(update={"outputs_dir": out or settings.cache_dir / "demo"})
    with resources.as_file(resources.files("pipeline") / "data" / "demo.md") as file:
        path = _make(Wanted(source=str(file)), settings)
    if path is not None:
        typer.echo(path.read_text(encoding="utf-8"), nl=False)
        _say(f"the digest is in {path}")


@app.command()
def parse(
    file: FileArgument,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The whole record as JSON.")] = False,
) -> None:
    """Show what an issue's page holds."""
    from pipeline.fetch import read_source
    from pipeline.parse import parse as parse_page

    issue = parse_page(read_source(file, sys.stdin.buffer))
    if as_json:
        typer.echo(issue.model_dump_json(indent=2))
        return
    typer.echo(f"{issue.slug}  {issue.date}  {issue.title}\n{issue.url}")
    section: tuple[str, ...] | None = None
    for mention in issue.mentions:
        if mention.section != section:
            section = mention.section
            typer.echo(f"\n[{mention.part}] {' › '.join(section)}")
        first = mention.lead or mention.text.splitlines()[0][:100]
        typer.echo(f"  {mention.id} {first} (links: {len(mention.links)})")


@app.command()
def read(file: FileArgument) -> None:
    """Turn a digest's Markdown into JSON."""
    from pipeline.read import read as read_digest
    from pipeline.write import dump

    typer.echo(dump(read_digest(_text(file))), nl=False)


@app.command()
def render(file: FileArgument) -> None:
    """Turn a digest's JSON into Markdown."""
    from pipeline.write import load
    from pipeline.write import render as render_digest

    typer.echo(render_digest(load(_text(file))), nl=False)


@app.command()
def verify(
    file: FileArgument,
    *,
    source: Annotated[
        str | None,
        typer.Option(metavar="ISSUE", help="The issue it tells: a file, -, a slug or an address."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False,
) -> None:
    """Check any digest, Markdown or JSON, against its issue; exit code 1 on errors."""
    import json

    from pipeline.audit import audit

    if file == source == "-":
        raise SettingsError("the digest and --source cannot both be standard input")
    found = audit(_text(file), source, settings=_settings(None), stdin=sys.stdin.buffer)
    if as_json:
        told = [finding.model_dump(mode="json") for finding in found.findings]
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for each in found.findings:
            typer.echo(
                f"{each.entry} {each.severity} {each.check}: found {each.found!r}, "
                f"expected {each.expected}"
            )
        typer.echo(found.line())
    if not found.sound:
        raise typer.Exit(1)


def _make(wanted: "Wanted", settings: "Settings") -> Path | None:
    """Make one digest, showing how far it is and, at the end, what it cost."""
    from rich.console import Console

    from pipeline.display import Display
    from pipeline.run import run as run_once

    with Display(Console(stderr=True)) as show:
        made = run_once(
            wanted, settings=settings, today=_today(), show=show, stdin=sys.stdin.buffer
        )
    if made is None:
        return None
    digest = made.digest
    _say(f"{len(digest.news)} news and {len(digest.tools)} tools from {digest.issue_url}")
    for finding in digest.findings:
        _say(f"{finding.severity}: {finding.entry} {finding.check}: {finding.found}")
    _say(made.receipt.line())
    return made.path


def _dry_run(wanted: "Wanted", settings: "Settings") -> None:
    from rich.console import Console

    from pipeline.display import Display
    from pipeline.estimate import estimate

    with Display(Console(stderr=True)) as show:
        found = estimate(
            wanted, settings=settings, today=_today(), show=show, stdin=sys.stdin.buffer
        )
    if found is None:
        return
    typer.echo(f"issue      {found.issue.slug}  {found.issue.title}\nurl        {found.issue.url}")
    typer.echo(f"digest     {found.path}")
    typer.echo(f"mentions   {len(found.issue.mentions)}, of which {found.stories} can be told")
    for section, count in found.mentions.items():
        typer.echo(f"  {count:4}  {section}")
    typer.echo(f"model      {found.model}, {found.questions} questions")
    typer.echo(f"tokens     about {found.tokens.input:,} in, {found.tokens.output:,} out")
    cost = "unknown" if found.cost_usd is None else f"about ${found.cost_usd:.4f}"
    typer.echo(f"price      {cost}")


def _settings(out: Path | None) -> "Settings":
    from pipeline.settings import load

    settings = load()
    return settings.model_copy(update={"outputs_dir": out}) if out else settings


def _date(text: str | None) -> "dt.date | None":
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--date {text!r} is not a date: write it as 2025-12-21") from error


def _today() -> "dt.date":
    """Read the clock: the calendar date in Asia/Shanghai."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _text(file: str) -> str:
    """Read a text file or standard input."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"cannot read {file!r}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file!r} is not UTF-8 text: {error.reason}") from error


def _call(arguments: "Sequence[str] | None") -> int:
    """Let typer take the arguments apart; what it does not understand is exit code 2."""
    from typer.exceptions import TyperException

    try:
        return int(app(args=arguments, standalone_mode=False) or 0)
    except typer.Exit as left:
        return left.exit_code
    except TyperException as error:
        if not str(error):
            return error.exit_code  # no command at all: the help was shown
        raise SettingsError(f"{error}; see ainews-digest --help") from error


def _interrupt(_number: int, _frame: object) -> NoReturn:
    """End on SIGTERM as on Ctrl-C, also where a shell's `&` has Ctrl-C ignored."""
    raise KeyboardInterrupt


def _say(line: str) -> None:
    typer.echo(f"ainews-digest: {line}", err=True)


def _leave(code: int) -> NoReturn:
    """End the process, without waiting for questions that nobody wants answered any more."""
    if any(thread.name.startswith("ask") for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
