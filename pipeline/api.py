"""One digest for Python programs: `from pipeline import digest`.

    made = digest("2025-12-21")
    print(made.markdown)
    made.save("outputs")

The same way as the command `run`, without its lock, drafts and notifications.
"""

import datetime as dt
import sys
from pathlib import Path

from pipeline.clock import today
from pipeline.errors import SettingsError
from pipeline.llm import Cache, DigestAsk, digest_key, model_profile, open_model
from pipeline.plan import RunRequest, fetch_job, open_sources, plan_tasks
from pipeline.progress import NullProgress
from pipeline.records import Digest
from pipeline.run import generate, prepare
from pipeline.settings import load
from pipeline.storage import StoragePath, location_argument
from pipeline.write import read_state, to_json, to_markdown, write


class DigestResult(Digest):
    """A digest, and the ways out of it."""

    @property
    def markdown(self) -> str:
        """The digest for readers, as `run` writes it."""
        return to_markdown(self)

    @property
    def json(self) -> str:  # type: ignore[override]  # Pydantic's own `json` has been deprecated
        """The digest for machines, as `run` writes it."""
        return to_json(self)

    def save(self, folder: str | Path) -> StoragePath:
        """Write Markdown and JSON, in place of an earlier version of this digest alone.

        Args:
            folder: made when it is missing; may be `s3://bucket/folder`.

        Returns:
            Path of the Markdown; the JSON lies beside it.

        Raises:
            WriteError: what was there before is untouched.
        """
        place = location_argument(str(folder), "the folder")
        stem = read_state(place).stem_for(self.slug, self.date)
        return write(self, place, stem).markdown_path


def digest(
    date: str | dt.date | None = None,
    *,
    issue: str | None = None,
    source: str | Path | None = None,
    model: str | None = None,
    api_key: str | None = None,
    base_url: str | None = None,
) -> DigestResult:
    """Make the digest of one issue; write no file of it.

    What is not given comes from the environment and `.env`, as for the command. Earlier digests and
    edits by hand play no part: the result depends on the page and the model alone. Pages and the
    model's answers are cached, so that the same call is free the second time.

    Args:
        date: digest date, `2025-12-21`; also picks the issue where nothing else does. Without any
            of the three the newest issue is digested, under today's date.
        issue: slug or address of an issue.
        source: file that holds the issue's page.
        model: name of the model.
        api_key: key of the server.
        base_url: address of any server that speaks the OpenAI protocol.

    Raises:
        DigestError: any of the tree in `errors.py`.
    """
    if issue is not None and source is not None:
        raise SettingsError("issue and source both name the issue: give one of them")
    progress = NullProgress()
    given = {"model": model, "OPENAI_API_KEY": api_key, "OPENAI_BASE_URL": base_url}
    settings = load({name: value for name, value in given.items() if value is not None})
    # No folder of digests is looked at: this one does not exist.
    settings = settings.model_copy(update={"outputs_dir": settings.cache_dir / "no-outputs"})
    request = RunRequest(
        date=_parse_date(date),
        issue=issue,
        source=str(source) if source is not None else None,
        force=date is None and issue is None and source is None,
    )
    with (
        Cache(settings.cache_file) as cache,
        open_sources(settings, cache) as sources,
    ):
        (task,) = plan_tasks(
            request,
            sources=sources,
            settings=settings,
            today=today(),
            progress=progress,
            stdin=sys.stdin.buffer,
        )
        key = digest_key(task.date, task.slug)
        job = fetch_job(task, sources=sources, settings=settings, progress=progress)
        inputs = prepare(job, profile=model_profile(settings), progress=progress)
        with open_model(settings, cache, progress.bytes, run=key) as opened:
            made = generate(inputs, ask=DigestAsk(opened, key), progress=progress)
    return DigestResult.model_construct(**dict(made))


def _parse_date(date: str | dt.date | None) -> dt.date | None:
    if not isinstance(date, str):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError as error:
        raise SettingsError(f"{date!r} is not a date: write it as 2025-12-21") from error
