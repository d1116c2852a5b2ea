"""Making digests for a command: the progress, what is printed of each, and the closing line."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.commands import common
from pipeline.lines import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from pipeline.errors import DigestError
    from pipeline.llm import RunCost
    from pipeline.plan import RunRequest
    from pipeline.progress import Progress
    from pipeline.publish import PublishedDigest
    from pipeline.settings import Settings
    from pipeline.storage import StoragePath
    from pipeline.write import DigestHead


class Shown(NamedTuple):
    """What is printed of a run that goes well."""

    quiet: bool = False
    """Nothing but warnings of the run."""
    as_json: bool = False
    """A record of all digests at the end, and not the path of each as it is made."""
    entries: bool = False
    """Each entry as it comes, and not the paths."""

    def lines(self, published: "PublishedDigest") -> "Iterable[str]":
        """Say what a digest holds, and what the checks found."""
        return () if self.quiet else published.lines()

    def paths(self, made: "Iterable[PublishedDigest]") -> None:
        """Print where the digests are that were made."""
        if not (self.quiet or self.as_json or self.entries):
            for one in made:
                common.echo(str(one.path))

    def result(
        self,
        made: "Sequence[PublishedDigest]",
        cost: "RunCost | None",
        began: float,
        failed: "DigestError | None" = None,
    ) -> None:
        """Print what was made, and say how it went; what failed is not quiet."""
        import time

        seconds = time.monotonic() - began
        if self.as_json:
            from pipeline.ops import run_result

            common.echo_json(run_result(made, cost, seconds, failed))
        if failed is None and self.quiet:
            return
        if made or failed is None:
            facts = [(one.path, one.head, one.changed) for one in made]
            common.echo_err(_closing_line(facts, cost, seconds, failed))


def make_digests(
    request: "RunRequest",
    settings: "Settings",
    shown: Shown,
    *,
    send_notifications: bool = False,
) -> "Sequence[Path]":
    """Publish digests, say what each of them holds, notify people of new ones, say how it went.

    What is printed comes when the progress is off the screen, also where one of them fails.
    """
    import time

    from pipeline.announcements import announce_waiting
    from pipeline.clock import today
    from pipeline.errors import as_digest_error
    from pipeline.publish import run_request

    began = time.monotonic()
    receipts: list[RunCost] = []
    made: list[PublishedDigest] = []
    try:
        with show_progress(quiet=shown.quiet, shows_entries=shown.entries) as progress:
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
                for line in shown.lines(published):
                    progress.note(line)
                for line in _announce(published, settings) if send_notifications else ():
                    progress.note(line)
    except Exception as error:
        failed = as_digest_error(error)
        shown.result(made, receipts[0] if receipts else None, began, failed)
        raise
    finally:
        shown.paths(made)
    shown.result(made, receipts[0] if receipts else None, began)
    return [one.path for one in made]


def _announce(published: "PublishedDigest", settings: "Settings") -> "Iterator[str]":
    """Tell the channels of a digest that is new, and say what failed."""
    from pipeline.announcements import announce

    if published.changed:
        stem = published.path.stem
        for warning in announce(published.digest, stem, settings):
            yield f"warning {stem}: {warning}"


def show_progress(
    *, quiet: bool, shows_entries: bool = False
) -> "AbstractContextManager[Progress]":
    """Show progress, or nothing but warnings and errors."""
    from contextlib import nullcontext

    from pipeline.lines import is_trouble
    from pipeline.progress import NullProgress, TerminalProgress

    if not quiet:
        return TerminalProgress(entries=shows_entries)
    return nullcontext(
        NullProgress(lambda line: common.echo_err(line) if is_trouble(line) else None)
    )


def _closing_line(
    made: "Sequence[tuple[StoragePath, DigestHead, bool]]",
    cost: "RunCost | None",
    seconds: float,
    failed: "DigestError | None" = None,
) -> str:
    """Say in one line how it went: what was made, what it cost, what failed.

    Nothing is `made` where nothing is new; there is no `cost` where the model was not needed.
    """
    took = f"{seconds:.0f} s"
    if not made:
        return f"ok: nothing new, {took}"
    halves = [
        f"{head.news} + {head.tools}{'' if changed else ' unchanged'}" for _, head, changed in made
    ]
    severities = [severity for _, head, _ in made for severity in head.severities]
    counts = {
        "warning": severities.count("warning"),
        "error": severities.count("error"),
        "quotation": sum(head.degraded for _, head, _ in made),
    }
    said = [counted(number, name) for name, number in counts.items() if number]
    names = ", ".join(path.stem for path, _, _ in made)
    words = ", ".join((*halves, *said, _price(cost), took))
    if failed is None:
        return f"ok {names}: {words}"
    lost = [one.issue or type(one).__name__ for one in (failed, *failed.others)]
    return f"error {names}: published: {words}; failed: {', '.join(lost)}"


def _price(cost: "RunCost | None") -> str:
    if cost is None:
        return "$0"
    usd = cost.total.cost_usd
    if usd is None:
        return "price unknown"
    if not usd:
        return "$0"
    about = "about " if cost.total.uncounted else ""
    return f"{about}${usd:.3f}" if usd >= 0.001 else f"{about}${usd:.4f}"  # noqa: PLR2004 - a digit more for little
