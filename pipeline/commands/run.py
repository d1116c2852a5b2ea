"""The command `run`."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import JsonOption, OutOption
from pipeline.commands.making import Shown, make_digests, show_progress
from pipeline.errors import SettingsError
from pipeline.lines import is_verbose

if TYPE_CHECKING:
    from pipeline.estimate import RunPlan
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
    --date, --issue or --source names it: then its digest is made again where anything that it was
    made from differs, with its edits by hand, from the answers that are kept, or from new ones
    where model or server is another. What differs is replaced, and a line says so. --force does it
    in any case, over Markdown changed by hand and over damage, too.

    Example: ainews-digest run --date 2025-12-21 --refresh news:3

    Exit codes: 0 done, or nothing new; 1 not fit to be published, or its Markdown was changed or
    removed by hand; 2 a setting or an argument cannot be used; 3 the newsletter cannot be reached,
    or is stale; 4 the page is not an issue, or a digest that is there is damaged; 5 the model
    cannot be asked; 6 the digest cannot be written.
    """
    from pipeline.plan import RunRequest
    from pipeline.publish import parse_refresh

    if issue and source:
        raise SettingsError("--issue and --source both name the issue: give one of them")
    if refresh and not (date or issue or source):
        raise SettingsError(
            "--refresh asks again for a digest that exists: name it with --date, --issue or "
            "--source"
        )
    targets = parse_refresh(refresh or ())
    request = RunRequest(
        date=common.parse_date(date),
        issue=issue,
        source=source,
        force=force,
        refresh=targets.prompts,
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
        _show_plan(request, settings, targets.places, more, as_json=as_json)
        return
    shown = Shown(quiet=quiet, as_json=as_json)
    if targets.places:
        _refresh(request, targets.places, settings, shown)
    else:
        _run_and_tell(request, settings, shown)


def _run_and_tell(request: "RunRequest", settings: "Settings", shown: Shown) -> None:
    """Print the path of each digest; tell of a failed night whom a digest would be told."""
    from pipeline.announcements import forget_failures, tell_failure
    from pipeline.clock import today
    from pipeline.errors import as_digest_error

    try:
        make_digests(request, settings, shown, send_notifications=True)
    except Exception as error:
        if request.nightly:
            for warning in tell_failure(as_digest_error(error), settings, today()):
                common.echo_err(f"warning: {warning}")
        raise
    if request.nightly:
        forget_failures(settings)


def _refresh(
    request: "RunRequest", places: tuple[str, ...], settings: "Settings", shown: Shown
) -> None:
    """Have some entries of a digest told anew, and say what came of it."""
    import time

    from pipeline.revise import RefreshOptions, locate_to_refresh, refresh_entries

    began = time.monotonic()
    stdin = sys.stdin.buffer
    location = locate_to_refresh(request, settings, stdin)
    options = RefreshOptions(places, request.source, request.force, request.may_change_model)
    with show_progress(quiet=shown.quiet) as progress:
        made = refresh_entries(location, options, settings=settings, progress=progress, stdin=stdin)
        for line in (*made.published.lines(), made.summary):
            progress.note(line)
    shown.paths([made.published])
    shown.result([made.published], made.cost, began)


def _show_plan(
    request: "RunRequest",
    settings: "Settings",
    places: tuple[str, ...],
    more: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Print what a run would do."""
    plan, lines = _find_plan(request, settings, places, more)
    if as_json:
        common.echo_json(plan)
    else:
        for line in lines:
            common.echo(line)
    if code := plan.exit_code:
        common.echo_err("the run would be refused", "error")
        raise typer.Exit(code)


def _find_plan(
    request: "RunRequest", settings: "Settings", places: tuple[str, ...], more: "Sequence[str]"
) -> "tuple[RunPlan, list[str]]":
    """Find out what a run would do; give it as a record, and as lines for people."""
    from pipeline.clock import today
    from pipeline.estimate import RunPlan, estimate, exceeded_limits, plan_refresh
    from pipeline.progress import TerminalProgress
    from pipeline.revise import locate_to_refresh

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
    digests = []
    lines: list[str] = []
    for one in estimates:
        issue = one.issue if request.source is None else None
        named = request.model_copy(update={"date": one.date, "issue": issue})
        digests.append(one.planned(_command(named, more)))
        lines += [""] * bool(lines)
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
