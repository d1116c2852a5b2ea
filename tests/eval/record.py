"""Recording: run the pipeline for real, and keep what the model answered.

What is in the old recording, or in the journal of one that was interrupted, is not asked again; so
after a change of a prompt or of a check only the new questions cost anything.
"""

from collections.abc import Sequence
from pathlib import Path

from eval import tape
from eval.cases import Case
from eval.rehearse import Quiet, header, rehearse, settings_of
from pipeline.errors import DigestError, SettingsError
from pipeline.llm.cache import Learnt
from pipeline.llm.factory import sizes
from pipeline.plan import Show
from pipeline.settings import Settings


class NotRepeated(DigestError):
    """A recording that does not play back to what was recorded."""


def record(case: Case, *, settings: Settings, folder: Path, show: Show) -> str:
    """Record one issue with the model of the settings.

    Returns:
        What came of it, in one line.

    Raises:
        DigestError: the run failed; what was answered is in the journal.
        NotRepeated: the recording was written, but is not complete.
    """
    model = sizes(settings).model
    file = tape.file_of(folder, model, case.name)
    journal = tape.file_of(settings.cache_dir / "eval", model, case.name)
    known = tape.Recording(
        header=header(settings, _wire(file)),
        replies=_once([*tape.salvage(file), *tape.salvage(journal)]),
    )
    run = rehearse(
        case,
        known,
        settings=settings,
        show=show,
        keep=lambda reply: tape.append(journal, reply),
    )
    tape.save(tape.Recording(header=run.header, replies=run.used), file)
    played = tape.load(file)
    again = rehearse(case, played, settings=settings_of(played.header), show=Quiet())
    if again.digest != run.digest:
        raise NotRepeated(
            f"{file} does not play back to the digest that was recorded: record again"
        )
    degraded = f", {run.digest.degraded} quoted" if run.digest.degraded else ""
    return f"{len(run.used)} answers, {run.asked} of them new{degraded}"


def _wire(file: Path) -> Learnt | None:
    try:
        return tape.load(file).header.wire if file.is_file() else None
    except SettingsError:
        return None  # a damaged recording is made anew from what can be read of it


def _once(replies: Sequence[tape.Reply]) -> tuple[tape.Reply, ...]:
    return tuple({reply.key: reply for reply in replies}.values())
