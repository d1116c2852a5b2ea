"""Recording: run the pipeline for real, and keep what the model answered.

What is in the old recording, or in the journal of one that was interrupted, is not asked again; so
after a change of a prompt or of a check only the new questions cost anything.
"""

from collections.abc import Sequence
from pathlib import Path

from eval import tape
from eval.cases import Case
from eval.rehearse import header, recorded_settings, replay
from pipeline.errors import DigestError, SettingsError
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.profile import model_profile
from pipeline.progress import NullProgress, Progress
from pipeline.settings import Settings


class ReplayMismatch(DigestError):
    """A recording that does not play back to what was recorded."""


def record(case: Case, *, settings: Settings, folder: Path, progress: Progress) -> str:
    """Record one issue with the model of the settings.

    Returns:
        What came of it, in one line.

    Raises:
        DigestError: the run failed; what was answered is in the journal.
        NotRepeated: the recording was written, but is not complete.
    """
    model = model_profile(settings).model
    file = tape.recording_path(folder, model, case.name)
    journal = tape.recording_path(settings.cache_dir / "eval", model, case.name)
    known = tape.Recording(
        header=header(settings, _recorded_capabilities(file)),
        replies=_deduplicated(
            [*tape.read_intact_replies(file), *tape.read_intact_replies(journal)]
        ),
    )
    run = replay(
        case,
        known,
        settings=settings,
        progress=progress,
        keep=lambda reply: tape.append(journal, reply),
    )
    tape.save(tape.Recording(header=run.header, replies=run.used), file)
    played = tape.load(file)
    again = replay(case, played, settings=recorded_settings(played.header), progress=NullProgress())
    if again.digest != run.digest:
        raise ReplayMismatch(
            f"{file} does not play back to the digest that was recorded: record again"
        )
    degraded = f", {run.digest.degraded} quoted" if run.digest.degraded else ""
    return f"{len(run.used)} answers, {run.asked} of them new{degraded}"


def _recorded_capabilities(file: Path) -> ServerCapabilities | None:
    try:
        return tape.load(file).header.wire if file.is_file() else None
    except SettingsError:
        return None  # a damaged recording is made anew from what can be read of it


def _deduplicated(replies: Sequence[tape.RecordedReply]) -> tuple[tape.RecordedReply, ...]:
    return tuple({reply.key: reply for reply in replies}.values())
