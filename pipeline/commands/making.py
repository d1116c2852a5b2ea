"""The commands that make digests: `run` and `demo`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.obtain import Wanted
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the issue, tokens and price; ask nothing.")
    ] = False,
) -> None:
    """Digest the newest issue, or the one that is named."""
    from pipeline.obtain import Wanted

    if issue and source:
        raise SettingsError("--issue and --source both name the issue: give one of them")
    wanted = Wanted(date=common.date(date), issue=issue, source=source, force=force)
    settings = common.settings(out)
    if dry_run:
        _dry_run(wanted, settings)
    else:
        path = _make(wanted, settings)
        if path is not None:
            typer.echo(path)


def demo(*, out: OutOption = None) -> None:
    """Digest the bundled issue and show the digest."""
    from importlib import resources

    from pipeline.obtain import Wanted

    settings = common.settings(None)
    settings = settings.model_copy(update={"outputs_dir": out or settings.cache_dir / "demo"})
    with resources.as_file(resources.files("pipeline") / "data" / "demo.md") as file:
        path = _make(Wanted(source=str(file)), settings)
    if path is not None:
        typer.echo(path.read_text(encoding="utf-8"), nl=False)
        common.say(f"the digest is in {path}")


def _make(wanted: "Wanted", settings: "Settings") -> Path | None:
    """Make one digest, showing how far it is and, at the end, what it cost."""
    from rich.console import Console

    from pipeline.display import Display
    from pipeline.run import run as run_once

    with Display(Console(stderr=True)) as show:
        made = run_once(
            wanted, settings=settings, today=common.today(), show=show, stdin=sys.stdin.buffer
        )
    if made is None:
        return None
    digest = made.digest
    common.say(f"{len(digest.news)} news and {len(digest.tools)} tools from {digest.issue_url}")
    for finding in digest.findings:
        common.say(f"{finding.severity}: {finding.entry} {finding.check}: {finding.found}")
    common.say(made.receipt.line())
    return made.path


def _dry_run(wanted: "Wanted", settings: "Settings") -> None:
    from rich.console import Console

    from pipeline.display import Display
    from pipeline.estimate import estimate

    with Display(Console(stderr=True)) as show:
        found = estimate(
            wanted, settings=settings, today=common.today(), show=show, stdin=sys.stdin.buffer
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
