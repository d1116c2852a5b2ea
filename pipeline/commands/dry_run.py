"""What `run --dry-run` shows: what a run would do, and the command that does it."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from pipeline.commands import common
from pipeline.lines import is_verbose

if TYPE_CHECKING:
    from pipeline.estimate import RunPlan
    from pipeline.plan import RunRequest
    from pipeline.settings import Settings


def show_plan(
    request: "RunRequest",
    settings: "Settings",
    places: tuple[str, ...],
    more: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Print what a run would do.

    Args:
        request: what is to be run.
        settings: the settings.
        places: the entries to be told anew; none for whole digests.
        more: the options besides those of the request, as they were given.
        as_json: whether it is printed for programs.
    """
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
    from pipeline.estimate import RunPlan, estimate, exceeded_limits, plan_refresh, planned_digest
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
        issue = one.issue.slug if request.source is None else None
        named = request.model_copy(update={"date": one.day, "issue": issue})
        digests.append(planned_digest(one, _command(named, more)))
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
