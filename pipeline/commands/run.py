"""The commands that make digests: `run` and `demo`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError
from pipeline.lines import is_verbose

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pipeline.llm import RunCost
    from pipeline.plan import RunRequest
    from pipeline.progress import Progress
    from pipeline.publish import RefreshTargets
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
    model_change: Annotated[
        bool, typer.Option("--model-change", help="Let another model tell what is asked again.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing when all is well.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what a run would do, ask and cost; ask nothing."),
    ] = False,
) -> None:
    """Digest the newest issue, or the one that is named."""
    from pipeline.plan import RunRequest

    if issue and source:
        raise SettingsError("--issue and --source both name the issue: give one of them")
    if refresh and not (date or issue or source):
        raise SettingsError("--refresh asks again for a digest that exists: name it with --date")
    targets = _parse_refresh(refresh)
    request = RunRequest(
        date=common.parse_date(date),
        issue=issue,
        source=source,
        force=force,
        refresh=targets.prompts if targets else (),
        may_change_model=lambda said: model_change or common.confirm(said),
        unattended=quiet or not (sys.stdin.isatty() or sys.stdout.isatty()),
    )
    settings = common.load_settings(out)
    common.warn_of_unknown_variables()
    if dry_run:
        more = [word for target in refresh or () for word in ("--refresh", target)]
        more += ["--model-change"] if model_change else []
        more += ["--out", out] if out else []
        _dry_run(request, settings, targets.places if targets else (), more)
    elif targets and targets.places:
        path = _refresh(request, targets.places, settings, quiet=quiet)
        if not quiet:
            common.echo(str(path))
    else:
        _run_and_tell(request, settings, quiet=quiet)


def demo(*, out: OutOption = None) -> None:
    """Digest the bundled issue and show the digest."""
    from importlib import resources

    from pipeline.plan import RunRequest
    from pipeline.storage import read_regular

    settings = common.load_settings(out)
    common.warn_of_unknown_variables()
    if out is None:
        settings = settings.model_copy(update={"outputs_dir": settings.cache_dir / "demo"})
    for line in _demo_introduction(settings):
        common.tell(line)
    with resources.as_file(resources.files("pipeline") / "data" / "demo.md") as file:
        for path in _run(RunRequest(source=str(file)), settings, shows_entries=True):
            typer.echo(read_regular(path).decode(), nl=False)
            for line in _next_commands(path, settings):
                common.tell(line)


def _demo_introduction(settings: "Settings") -> Iterator[str]:
    """Say what happens now, for somebody who does not know the project."""
    from pipeline.llm import model_profile

    profile = model_profile(settings)
    yield "This is a demo of ainews-digest, which makes a page in Chinese of a long English"
    yield "newsletter about AI: ten news and ten tools, each with its source. It reads an issue"
    if not settings.embedded:
        yield f"that is bundled, and asks {profile.model} at {profile.host}."
        return
    yield "that is bundled. The model is small and runs on this machine: nothing leaves it, no key"
    yield "is needed, and it takes some minutes. Entries are shown as they come; the page follows."


def _next_commands(path: Path, settings: "Settings") -> Iterator[str]:
    """Name three commands that go on from the demo."""
    import os
    import shlex
    import shutil

    name, ours = "ainews-digest", Path(sys.argv[0])
    if ours.name == name and not shutil.which(name):  # in a .venv that is not active
        name = shlex.quote(os.path.relpath(ours))
    page = path.with_suffix(".json")
    commands = {
        f"show {shlex.quote(str(page))}": "every sentence beside the English that it rests on",
        "init": "set a better model: a key, or a server of your own",
        "run": "digest the newest issue",
    }
    if not settings.embedded:
        del commands["init"]
        commands["site --serve"] = "see your digests as pages"
    yield ""
    yield f"The digest is in {path}. Three commands to go on with:"
    for command, what in commands.items():
        yield f"  {name} {command}"
        yield f"      {what}"


def _parse_refresh(targets: list[str] | None) -> "RefreshTargets | None":
    if not targets:
        return None
    from pipeline.publish import parse_refresh

    return parse_refresh(targets)


def _run_and_tell(request: "RunRequest", settings: "Settings", *, quiet: bool) -> None:
    """Print the path of each digest; tell of a failed night whom a digest would be told."""
    from pipeline.errors import as_digest_error
    from pipeline.night import forget_failures, tell_failure
    from pipeline.settings import today

    try:
        for path in _run(request, settings, send_notifications=True, quiet=quiet):
            if not quiet:
                common.echo(str(path))
    except Exception as error:
        if request.nightly and not isinstance(error, BrokenPipeError):
            for warning in tell_failure(as_digest_error(error), settings, today()):
                common.echo_err(f"warning: {warning}")
        raise
    if request.nightly:
        forget_failures(settings)


def _refresh(
    request: "RunRequest", places: tuple[str, ...], settings: "Settings", *, quiet: bool
) -> Path:
    """Have some entries of a digest told anew, and say what came of it."""
    from pipeline.ops import RefreshOptions, locate_to_refresh, refresh_entries

    stdin = sys.stdin.buffer
    location = locate_to_refresh(request, settings, stdin)
    options = RefreshOptions(places, request.source, request.force, request.may_change_model)
    with _progress(quiet=quiet) as progress:
        made = refresh_entries(location, options, settings=settings, progress=progress, stdin=stdin)
        for line in (*made.published.lines(), made.summary):
            progress.note(line)
    return made.published.path


def _run(
    request: "RunRequest",
    settings: "Settings",
    *,
    send_notifications: bool = False,
    quiet: bool = False,
    shows_entries: bool = False,
) -> Iterator[Path]:
    """Publish digests, say what each of them holds, notify people of new ones, say how it went."""
    import time

    from pipeline.night import closing_line
    from pipeline.publish import announce, run_request
    from pipeline.settings import today

    began = time.monotonic()
    receipts: list[RunCost] = []
    made = []
    with _progress(quiet=quiet, shows_entries=shows_entries) as progress:
        for published in run_request(
            request,
            settings=settings,
            today=today(),
            progress=progress,
            stdin=sys.stdin.buffer,
            take_receipt=receipts.append,
        ):
            made.append((published.path, published.digest, published.changed))
            if not quiet:
                for line in published.lines():
                    progress.note(line)
            if send_notifications and published.changed:
                for warning in announce(published.digest, settings):
                    progress.note(f"warning {published.path.stem}: {warning}")
            yield published.path
    if not quiet:
        cost = receipts[0] if receipts else None
        common.echo_err(closing_line(made, cost, time.monotonic() - began))


def _progress(*, quiet: bool, shows_entries: bool = False) -> "AbstractContextManager[Progress]":
    """Show progress, or nothing but warnings and errors."""
    from contextlib import nullcontext

    from pipeline.lines import is_trouble
    from pipeline.progress import NullProgress, TerminalProgress

    if not quiet:
        return TerminalProgress(entries=shows_entries)
    return nullcontext(
        NullProgress(lambda line: common.echo_err(line) if is_trouble(line) else None)
    )


def _dry_run(
    request: "RunRequest", settings: "Settings", places: tuple[str, ...], more: "Sequence[str]"
) -> None:
    from pipeline.ops import estimate, exceeded_limits, locate_to_refresh, refresh_lines
    from pipeline.progress import TerminalProgress
    from pipeline.settings import today

    day, stdin = today(), sys.stdin.buffer
    if places:
        location = locate_to_refresh(request, settings, stdin)
        for line in refresh_lines(location, places, settings, force=request.force):
            common.echo(line)
        common.echo(f"command    {_command(request, more)}")
        return
    with TerminalProgress() as progress:
        estimates = estimate(request, settings=settings, today=day, progress=progress, stdin=stdin)
    for found in estimates:
        for line in found.lines(verbose=is_verbose()):
            common.echo(line)
        issue = found.issue.slug if request.source is None else None
        named = {"date": found.day, "issue": issue}
        common.echo(f"command    {_command(request.model_copy(update=named), more)}")
    for name in exceeded_limits(estimates, settings=settings, today=day):
        common.echo(f"limit      the run would stop at {name}: raise it first")


def _command(request: "RunRequest", more: "Sequence[str]") -> str:
    """Write the command that does what was shown; `more` are the other options, as given."""
    import shlex

    words = ["ainews-digest", *common.directory_option(), "run"]
    for name in ("date", "issue", "source"):
        if (value := getattr(request, name)) is not None:
            words += [f"--{name}", str(value)]
    if request.force:
        words.append("--force")
    return shlex.join([*words, *more])
