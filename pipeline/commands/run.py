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
    from pipeline.ops import Estimate
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
            metavar="select|translate|ENTRY", help="Ask this again, such as news:3; repeatable."
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
    anew: tuple[str, ...] = ()
    if refresh:
        from pipeline.publish import parse_refresh

        anew = parse_refresh(refresh)
    wanted = RunRequest(
        date=common.parse_date(date), issue=issue, source=source, force=force, refresh=anew
    )
    settings = common.load_settings(out)
    if dry_run:
        _dry_run(wanted, settings)
    else:
        for path in _run_and_print(wanted, settings, send_notifications=True):
            typer.echo(path)


def demo(*, out: OutOption = None) -> None:
    """Digest the bundled issue and show the digest."""
    from importlib import resources

    from pipeline.plan import RunRequest

    settings = common.load_settings(out)
    if out is None:
        settings = settings.model_copy(update={"outputs_dir": settings.cache_dir / "demo"})
    with resources.as_file(resources.files("pipeline") / "data" / "demo.md") as file:
        for path in _run_and_print(RunRequest(source=str(file)), settings):
            typer.echo(path.read_text(encoding="utf-8"), nl=False)
            common.echo_err(f"the digest is in {path}")


def _run_and_print(
    request: "RunRequest", settings: "Settings", *, send_notifications: bool = False
) -> Iterator[Path]:
    """Make digests, showing how far it is and what each of them holds; tell people of new ones."""
    from rich.console import Console

    from pipeline.progress import TerminalProgress
    from pipeline.publish import run_request as run_now
    from pipeline.settings import today

    with TerminalProgress(Console(stderr=True)) as show:
        for made in run_now(
            request, settings=settings, today=today(), progress=show, stdin=sys.stdin.buffer
        ):
            digest = made.digest
            show.note(
                f"{len(digest.news)} news and {len(digest.tools)} tools from {digest.issue_url}"
            )
            for finding in digest.findings:
                show.note(f"{finding.severity}: {finding.entry} {finding.check}: {finding.found}")
            if send_notifications and made.changed and settings.notify_urls is not None:
                from pipeline.write import notify

                warnings = notify(
                    digest,
                    urls=settings.notify_urls,
                    max_bytes=settings.notify_bytes,
                    max_messages=settings.notify_messages,
                )
                for warning in warnings:
                    show.note(f"warning: {warning}")
            yield made.path


def _dry_run(request: "RunRequest", settings: "Settings") -> None:
    from rich.console import Console

    from pipeline.ops import estimate, exceeded_limits
    from pipeline.progress import TerminalProgress
    from pipeline.settings import today

    day = today()
    with TerminalProgress(Console(stderr=True)) as show:
        found = estimate(
            request, settings=settings, today=today(), progress=show, stdin=sys.stdin.buffer
        )
    for each in found:
        _print_estimate(each)
    for name in exceeded_limits(found, settings=settings, today=day):
        typer.echo(f"limit      the run would stop at {name}: raise it first")


def _print_estimate(found: "Estimate") -> None:
    from pipeline.ops import MIN_CACHED_PREFIX_TOKENS

    typer.echo(f"issue      {found.issue.slug}  {found.issue.title}\nurl        {found.issue.url}")
    typer.echo(f"digest     {found.path}")
    typer.echo(f"mentions   {len(found.issue.mentions)}, of which {found.stories} can be told")
    for section, count in found.mentions.items():
        typer.echo(f"  {count:4}  {section}")
    typer.echo(f"model      {found.model}, {found.questions} questions")
    typer.echo(f"tokens     about {found.tokens.input:,} in, {found.tokens.output:,} out")
    cost = "unknown" if found.cost_usd is None else f"about ${found.cost_usd:.4f}"
    typer.echo(f"price      {cost}")
    shared = f"{found.shared_tokens:,} tokens of each of {found.translate_questions} questions"
    if found.shared_tokens < MIN_CACHED_PREFIX_TOKENS:
        shared += (
            f", too few for OpenAI's prompt cache, which begins at {MIN_CACHED_PREFIX_TOKENS:,}"
        )
    typer.echo(f"shared prefix  about {shared}")
