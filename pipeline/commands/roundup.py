"""The commands that make a digest of digests: `weekly`, `monthly`."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.records import PeriodDates, PeriodKind

_ForceOption = Annotated[
    bool, typer.Option("--force", help="Write over what somebody has changed by hand.")
]


def weekly(
    week: Annotated[
        str | None,
        typer.Argument(metavar="WEEK", help="2026-W08 or a date in it; the last complete one."),
    ] = None,
    *,
    force: _ForceOption = False,
    out: OutOption = None,
) -> None:
    """Make the roundup of a week from its digests, by rule: no model is asked.

    First what several days told, as timelines; then what weighs most, at most fifteen news and ten
    tools. Every entry is one of a digest, word for word.

    Example: ainews-digest weekly 2026-W08

    Exit codes: 0 written, or there is no digest of that week; 1 the one that is there was changed
    by hand; 2 there is no such week; 6 it cannot be written.
    """
    _make("weekly", week, out, force=force)


def monthly(
    month: Annotated[
        str | None,
        typer.Argument(metavar="MONTH", help="2026-02 or a date in it; the last complete one."),
    ] = None,
    *,
    force: _ForceOption = False,
    out: OutOption = None,
) -> None:
    """Make the roundup of a month from its digests, as `weekly` does.

    Example: ainews-digest monthly 2026-02

    Exit codes: 0 written, or there is no digest of that month; 1 the one that is there was changed
    by hand; 2 there is no such month; 6 it cannot be written.
    """
    _make("monthly", month, out, force=force)


def _make(kind: "PeriodKind", given: str | None, out: str | None, *, force: bool) -> None:
    from pipeline.roundup import compose_roundup, read_period, write_roundup

    period = _parse_period(kind, given)
    folder = common.load_settings(out).outputs_dir
    common.require_folder(folder)
    found = read_period(folder, period)
    for line in found.unreadable:
        common.echo_err(f"warning: left out: {line}")
    if not found.digests:
        common.echo_err(f"{period.name}: no digest in {str(folder)!r}, so nothing was written")
        return
    written = write_roundup(compose_roundup(period, found.digests), folder, period, force=force)
    common.echo(str(written.markdown_path))
    if not written.changed:
        common.echo_err("unchanged")


def _parse_period(kind: "PeriodKind", given: str | None) -> "PeriodDates":
    """Read what period is meant.

    Raises:
        SettingsError: it is neither a name of one nor a date.
    """
    import datetime as dt

    from pipeline.clock import today
    from pipeline.records import last_complete, month_of, period_dates, week_of

    if given is None:
        return last_complete(kind, today())
    try:
        period = period_dates(given)
    except ValueError:
        pass
    else:
        if period.kind == kind:
            return period
    example = "2026-W08" if kind == "weekly" else "2026-02"
    try:
        day = dt.date.fromisoformat(given) if len(given) == len("2026-02-21") else None
        if day:
            return week_of(day) if kind == "weekly" else month_of(day)
    except (ValueError, OverflowError):
        pass
    raise SettingsError(f"{given!r} is no {kind[:-2]}: write it as {example}, or give a date in it")
