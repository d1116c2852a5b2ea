"""The commands that make digests: `run` and `demo`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from pipeline.commands import common
from pipeline.commands.common import JsonOption, OutOption
from pipeline.errors import SettingsError
from pipeline.lines import is_verbose

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pipeline.errors import DigestError
    from pipeline.llm import RunCost
    from pipeline.ops import RunPlan
    from pipeline.plan import RunRequest
    from pipeline.progress import Progress
    from pipeline.publish import PublishedDigest, RefreshTargets
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
    force: Annotated[
        bool, typer.Option("--force", help="Make it again, over changed Markdown too.")
    ] = False,
    refresh: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT",
            help="Ask again for an entry such as news:3, or for all of select, translate or "
            "proofread; repeatable.",
        ),
    ] = None,
    model_change: Annotated[
        bool, typer.Option("--model-change", help="Let another model than the digest's answer.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing when all is well.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what a run would do, ask and cost; ask nothing."),
    ] = False,
    no_notify: Annotated[
        bool, typer.Option("--no-notify", help="Tell no channel of the digest, or of a failure.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Digest the newest issue, or the one that is named.

    Without an option it is the nightly run: the newest issue under today's date in Shanghai, and
    issues that earlier nights missed. An issue that is digested already is left alone, unless
    --date, --issue or --source names it: then its digest is made again, with its edits by hand,
    from the answers that are kept, or from new ones where model or server is another. What differs
    is replaced, and a line says so. --force does it over Markdown changed by hand, and over damage.

    Example: ainews-digest run --date 2025-12-21 --refresh news:3

    Exit codes: 0 done, or nothing new; 1 not fit to be published, or its Markdown was changed or
    removed by hand; 2 a setting or an argument cannot be used; 3 the newsletter cannot be reached,
    or is stale; 4 the page is not an issue, or a digest that is there is damaged; 5 the model
    cannot be asked; 6 the digest cannot be written.
    """
    from pipeline.plan import RunRequest

    if issue and source:
        raise SettingsError("--issue and --source both name the issue: give one of them")
    if refresh and not (date or issue or source):
        raise SettingsError(
            "--refresh asks again for a digest that exists: name it with --date, --issue or "
            "--source"
        )
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
    if no_notify:
        settings = settings.model_copy(update={"notify_urls": None})
    common.warn_of_unknown_variables()
    if dry_run:
        more = [word for target in refresh or () for word in ("--refresh", target)]
        more += ["--model-change"] if model_change else []
        plan = _plan(request, settings, targets.places if targets else (), more)
        if as_json:
            common.echo_json(plan[0])
        else:
            for line in plan[1]:
                common.echo(line)
        if code := plan[0].exit_code:
            common.echo_err("the run would be refused", "error")
            raise typer.Exit(code)
        return
    shown = _Shown(quiet=quiet, as_json=as_json)
    if targets and targets.places:
        _refresh(request, targets.places, settings, shown)
    else:
        _run_and_tell(request, settings, shown)


def demo(
    *,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", help="Folder of the digest; by default in the cache."),
    ] = None,
) -> None:
    """Digest the bundled issue and show the digest.

    Without a key or a server the embedded model tells it; no network is needed.

    Example: ainews-digest demo > demo.md

    Exit codes: 0 done; 2 a setting cannot be used; 5 the model cannot be asked; 6 the digest cannot
    be written.
    """
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
        for path in _run(RunRequest(source=str(file)), settings, _Shown(entries=True)):
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


class _Shown(NamedTuple):
    """What is printed of a run that goes well."""

    quiet: bool = False
    """Nothing but warnings of the run."""
    as_json: bool = False
    """A record of all digests at the end, and not the path of each as it is made."""
    entries: bool = False
    """Each entry as it comes, and not the paths."""

    def path(self, path: Path) -> None:
        """Print the path of a digest that was made."""
        if not (self.quiet or self.as_json or self.entries):
            common.echo(str(path))

    def result(
        self,
        made: "Sequence[PublishedDigest]",
        cost: "RunCost | None",
        began: float,
        failed: "DigestError | None" = None,
    ) -> None:
        """Print what was made, and say how it went; what failed is not quiet."""
        import time

        from pipeline.night import closing_line

        seconds = time.monotonic() - began
        if self.as_json:
            from pipeline.ops import run_result

            common.echo_json(run_result(made, cost, seconds, failed))
        if failed is None and self.quiet:
            return
        if made or failed is None:
            facts = [(one.path, one.digest, one.changed) for one in made]
            common.echo_err(closing_line(facts, cost, seconds, failed))


def _run_and_tell(request: "RunRequest", settings: "Settings", shown: _Shown) -> None:
    """Print the path of each digest; tell of a failed night whom a digest would be told."""
    from pipeline.errors import as_digest_error
    from pipeline.night import forget_failures, tell_failure
    from pipeline.settings import today

    try:
        _run(request, settings, shown, send_notifications=True)
    except Exception as error:
        if request.nightly and not isinstance(error, BrokenPipeError):
            for warning in tell_failure(as_digest_error(error), settings, today()):
                common.echo_err(f"warning: {warning}")
        raise
    if request.nightly:
        forget_failures(settings)


def _refresh(
    request: "RunRequest", places: tuple[str, ...], settings: "Settings", shown: _Shown
) -> None:
    """Have some entries of a digest told anew, and say what came of it."""
    import time

    from pipeline.ops import RefreshOptions, locate_to_refresh, refresh_entries

    began = time.monotonic()
    stdin = sys.stdin.buffer
    location = locate_to_refresh(request, settings, stdin)
    options = RefreshOptions(places, request.source, request.force, request.may_change_model)
    with _progress(quiet=shown.quiet) as progress:
        made = refresh_entries(location, options, settings=settings, progress=progress, stdin=stdin)
        for line in (*made.published.lines(), made.summary):
            progress.note(line)
    shown.path(made.published.path)
    shown.result([made.published], made.cost, began)


def _run(
    request: "RunRequest",
    settings: "Settings",
    shown: _Shown,
    *,
    send_notifications: bool = False,
) -> "Sequence[Path]":
    """Publish digests, say what each of them holds, notify people of new ones, say how it went.

    What is printed comes when the progress is off the screen, also where one of them fails.
    """
    import time

    from pipeline.announcements import announce, announce_waiting
    from pipeline.errors import as_digest_error
    from pipeline.publish import run_request
    from pipeline.settings import today

    began = time.monotonic()
    receipts: list[RunCost] = []
    made: list[PublishedDigest] = []
    try:
        with _progress(quiet=shown.quiet, shows_entries=shown.entries) as progress:
            for line in announce_waiting(settings) if send_notifications else ():
                progress.note(line)
            for published in run_request(
                request,
                settings=settings,
                today=today(),
                progress=progress,
                stdin=sys.stdin.buffer,
                take_receipt=receipts.append,
            ):
                made.append(published)
                if not shown.quiet:
                    for line in published.lines():
                        progress.note(line)
                if send_notifications and published.changed:
                    for warning in announce(published.digest, published.path.stem, settings):
                        progress.note(f"warning {published.path.stem}: {warning}")
    except Exception as error:
        if not isinstance(error, BrokenPipeError):
            failed = as_digest_error(error)
            shown.result(made, receipts[0] if receipts else None, began, failed)
        raise
    finally:
        for one in made:
            shown.path(one.path)
    shown.result(made, receipts[0] if receipts else None, began)
    return [one.path for one in made]


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


def _plan(
    request: "RunRequest", settings: "Settings", places: tuple[str, ...], more: "Sequence[str]"
) -> "tuple[RunPlan, list[str]]":
    """Find out what a run would do; give it as a record, and as lines for people."""
    from pipeline.ops import (
        RunPlan,
        estimate,
        exceeded_limits,
        locate_to_refresh,
        plan_refresh,
        planned_digest,
    )
    from pipeline.progress import TerminalProgress
    from pipeline.settings import today

    day, stdin = today(), sys.stdin.buffer
    if places:
        location = locate_to_refresh(request, settings, stdin)
        change = "--model-change" in more
        found = plan_refresh(
            location, places, settings, force=request.force, model_change=change
        ).model_copy(update={"command": _command(request, more)})
        return RunPlan(refresh=found), list(found.lines())
    with TerminalProgress() as progress:
        estimates = estimate(request, settings=settings, today=day, progress=progress, stdin=stdin)
    digests, lines = [], []
    for one in estimates:
        issue = one.issue.slug if request.source is None else None
        named = request.model_copy(update={"date": one.day, "issue": issue})
        digests.append(planned_digest(one, _command(named, more)))
        lines += [*one.lines(verbose=is_verbose()), f"command    {digests[-1].command}"]
    limits = exceeded_limits(estimates, settings=settings, today=day)
    lines += [f"limit      the run would stop at {name}: raise it first" for name in limits]
    return RunPlan(digests=tuple(digests), exceeded_limits=limits), lines


def _command(request: "RunRequest", more: "Sequence[str]") -> str:
    """Write the command that does what was shown; `more` are the other options, as given."""
    from pipeline.typed_command import typed_command

    words = ["run"]
    for name in ("date", "issue", "source"):
        if (value := getattr(request, name)) is not None:
            words += [f"--{name}", str(value)]
    if request.force:
        words.append("--force")
    return typed_command(*words, *more)
