"""The commands that make digests: `run` and `demo`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.plan import RunRequest
    from pipeline.settings import Settings


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
    refresh: Annotated[
        list[str] | None,
        typer.Option(
            metavar="select|translate|proofread|ENTRY",
            help="Ask this again, such as news:3; repeatable.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the issue, tokens and price; ask nothing.")
    ] = False,
) -> None:
    """Digest the newest issue, or the one that is named."""
    from pipeline.plan import RunRequest

    if issue and source:
        raise SettingsError("--issue and --source both name the issue: give one of them")
    if refresh and not (date or issue or source):
        raise SettingsError("--refresh asks again for a digest that exists: name it with --date")
    request = RunRequest(
        date=common.parse_date(date),
        issue=issue,
        source=source,
        force=force,
        refresh=_parse_refresh(refresh),
    )
    settings = common.load_settings(out)
    common.warn_of_unknown_variables()
    if dry_run:
        _dry_run(request, settings)
    else:
        for path in _run(request, settings, send_notifications=True):
            typer.echo(path)


def demo(*, out: OutOption = None) -> None:
    """Digest the bundled issue and show the digest."""
    from importlib import resources

    from pipeline.plan import RunRequest

    settings = common.load_settings(out)
    common.warn_of_unknown_variables()
    if out is None:
        settings = settings.model_copy(update={"outputs_dir": settings.cache_dir / "demo"})
    with resources.as_file(resources.files("pipeline") / "data" / "demo.md") as file:
        for path in _run(RunRequest(source=str(file)), settings):
            typer.echo(path.read_text(encoding="utf-8"), nl=False)
            common.echo_err(f"the digest is in {path}")


def _parse_refresh(targets: list[str] | None) -> tuple[str, ...]:
    if not targets:
        return ()
    from pipeline.publish import parse_refresh

    return parse_refresh(targets)


def _run(
    request: "RunRequest", settings: "Settings", *, send_notifications: bool = False
) -> Iterator[Path]:
    """Publish digests, with a note on what each of them holds, and notify people of new ones."""
    from pipeline.progress import TerminalProgress
    from pipeline.publish import announce, run_request
    from pipeline.settings import today

    with TerminalProgress() as progress:
        for published in run_request(
            request, settings=settings, today=today(), progress=progress, stdin=sys.stdin.buffer
        ):
            for line in published.lines():
                progress.note(line)
            if send_notifications and published.changed:
                for warning in announce(published.digest, settings):
                    progress.note(f"warning: {warning}")
            yield published.path


def _dry_run(request: "RunRequest", settings: "Settings") -> None:
    from pipeline.ops import estimate, exceeded_limits
    from pipeline.progress import TerminalProgress
    from pipeline.settings import today

    day = today()
    with TerminalProgress() as progress:
        estimates = estimate(
            request, settings=settings, today=day, progress=progress, stdin=sys.stdin.buffer
        )
    for found in estimates:
        for line in found.lines():
            typer.echo(line)
    for name in exceeded_limits(estimates, settings=settings, today=day):
        typer.echo(f"limit      the run would stop at {name}: raise it first")
