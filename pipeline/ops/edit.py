"""A digest that exists, and wishes -> the same digest with edits by hand: the command `edit`.

Where the cache holds every answer that made the digest, it is made again from them with its edits
changed; else its own entries are taken as they are (`kept`). Either way nothing is asked but what
the edits bring in, and nothing changes that was not asked for.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.drafts import DraftEntry, quoted_draft, translate_checked
from pipeline.edits import (
    EditOptions,
    describe_changes,
    parse_edits,
    read_digest,
    read_edits,
    reverted_edits,
)
from pipeline.errors import ModelError, SettingsError
from pipeline.fetch import read_source
from pipeline.llm import (
    Answer,
    Cache,
    DigestAsk,
    FallbackModel,
    Question,
    digest_key,
    model_profile,
    open_model,
)
from pipeline.ops.reuse import reuse_entries
from pipeline.plan import PreparedJob, open_sources
from pipeline.progress import NullProgress, Progress
from pipeline.publish import write_or_draft
from pipeline.records import Digest, Finding, Page, Provenance, SelectedStory, Story
from pipeline.run import GenerationInput, ReusedEntries, generate, prepare
from pipeline.settings import Settings
from pipeline.storage import location_argument
from pipeline.write import DRAFTS, issue_lock


class DigestLocation(NamedTuple):
    """Where a digest lies."""

    folder: Path
    """The digests."""
    json_path: Path
    """Its JSON, in that folder or in the drafts."""

    @property
    def stem(self) -> str:
        """Name of its files, without ending."""
        return self.json_path.stem


class EditResult(NamedTuple):
    """What came of an edit."""

    changes: tuple[str, ...]
    """What changes, one line each; none where nothing does."""
    findings: tuple[Finding, ...]
    """What the checks find in the digest then."""
    path: Path
    """The Markdown file that was written, or would be."""
    questions: int
    """How many entries the model would be asked for; 0 where the digest was written."""


class _NotCached(ModelError):
    """The cache has no answer to a question."""


def locate_digest(name: str, folder: Path) -> DigestLocation:
    """Find a digest by its date, its file name without ending, or the path of its JSON.

    Raises:
        SettingsError: there is none of that name.
    """
    if name.endswith(".json") or "/" in name:
        file = location_argument(name, "the digest")
        parent = file.absolute().parent
        return DigestLocation(parent.parent if parent.name == DRAFTS else parent, file)
    for file in (folder / f"{name}.json", folder / DRAFTS / f"{name}.json"):
        if file.is_file():
            return DigestLocation(folder, file)
    raise SettingsError(
        f"there is no digest {name!r} in {str(folder)!r}: give a date, a name such as "
        "2025-12-21-2, or the path of its JSON"
    )


def read_editable(location: DigestLocation) -> Digest:
    """Read a digest with its latest edits, which are those of its draft where it has one.

    Raises:
        SettingsError: it does not say what it was made from.
    """
    digest = read_digest(location.json_path)
    if digest.provenance is None:
        raise SettingsError(
            f"{str(location.json_path)!r} does not say what it was made from: not editable"
        )
    edits = read_edits(location.folder, location.stem, digest.provenance.slug)
    if digest.edits != edits:
        raise SettingsError(
            f"{location.stem} has a later draft: edit {DRAFTS}/{location.stem}.json"
        )
    return digest


def list_stories(
    location: DigestLocation,
    *,
    settings: Settings,
    progress: Progress,
    stdin: BinaryIO,
    source: str | None = None,
) -> tuple[Story, ...]:
    """Give the stories of a digest's issue, which a swap may bring in.

    Raises:
        SourceError, SettingsError, PageNotUnderstood: as `revise`.
    """
    with Cache(settings.cache_dir / "cache.sqlite") as cache:
        page = _find_page(read_editable(location), source, settings, cache, progress, stdin)
    return _prepare(read_editable(location), page, location, settings, progress).stories


def edit_digest(
    location: DigestLocation,
    options: EditOptions,
    *,
    settings: Settings,
    progress: Progress,
    stdin: BinaryIO,
) -> EditResult:
    """Change one digest by hand, and write it unless the wish is a dry one.

    Args:
        location: the digest.
        options: what is to be changed.
        settings: the settings; the digest's own folder is the one that is written to.
        progress: where progress is told.
        stdin: what the source `-` reads.

    Raises:
        SettingsError: one of the wishes cannot be; nothing has changed.
        NotPublished: too many entries are quotations then; the digest went to `drafts/`.
        DigestError: any other of the tree; what was there is there still.
    """
    settings = settings.model_copy(update={"outputs_dir": location.folder})
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_dir / "cache.sqlite"))
        slug = _require_provenance(read_editable(location)).slug
        stack.enter_context(
            issue_lock(settings.lock_dir, settings.outputs_dir, slug, progress.note)
        )
        digest = read_editable(location)
        page = _find_page(digest, options.source, settings, cache, progress, stdin)
        start = _prepare(digest, page, location, settings, progress)
        edits = parse_edits(options, digest, location.stem, start.stories)
        model = stack.enter_context(open_model(settings, cache, progress.bytes))
        kept = None
        if not _is_reproducible(digest, start, model):
            progress.note(
                "not all answers that made it are in the cache: its entries stay as they are"
            )
            kept, stories = reuse_entries(digest, start, reverted_edits(options, digest.edits))
            start = start.model_copy(update={"stories": stories})
        start = start.model_copy(update={"edits": edits})
        if options.dry_run:
            counted = _QuestionCounter(start, model, kept)
            new = generate(
                start, ask=_CachedAnswers(model), progress=NullProgress(), reused=counted.kept
            )
            questions, path = counted.questions, location.folder / f"{location.stem}.md"
        else:
            ask = DigestAsk(model, digest_key(digest.date, _require_provenance(digest).slug))
            new = _with_model_name(
                generate(start, ask=ask, progress=progress, reused=kept), ask.model_names("")
            )
            questions, path = (
                0,
                write_or_draft(new, location.stem, settings=settings, progress=progress).path,
            )
            progress.note(model.receipt().describe())
    return EditResult(tuple(describe_changes(digest, new)), new.findings, path, questions)


def _with_model_name(digest: Digest, answered: str) -> Digest:
    """Name the model that told what came in, where another one told the rest."""
    origin = _require_provenance(digest)
    if not answered or answered in origin.model.split(" + "):
        return digest
    both = origin.model_copy(update={"model": f"{origin.model} + {answered}"})
    return digest.model_copy(update={"provenance": both})


def _is_reproducible(digest: Digest, inputs: GenerationInput, model: FallbackModel) -> bool:
    """Whether the cache alone makes the digest again, byte for byte."""
    try:
        return generate(inputs, ask=_CachedAnswers(model), progress=NullProgress()) == digest
    except ModelError:
        return False


class _CachedAnswers:
    """An `Ask` that answers from the cache."""

    def __init__(self, model: FallbackModel) -> None:
        self._model = model

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        if self._model.first.pending_request(question, schema) is not None:
            raise _NotCached(f"the cache has no answer to {question.prompt!r}")
        return self._model.ask(question, schema)


class _QuestionCounter:
    """Counts the stories that the model would be asked for, and quotes them meanwhile."""

    def __init__(
        self, start: GenerationInput, model: FallbackModel, kept: ReusedEntries | None
    ) -> None:
        self._start, self._before = start, kept
        self._ask = _CachedAnswers(model)
        self._asked: set[str] = set()
        self.kept = (
            kept._replace(find_draft=self._translate_or_count)
            if kept
            else ReusedEntries(find_draft=self._translate_or_count)
        )

    @property
    def questions(self) -> int:
        return len(self._asked)

    def _translate_or_count(self, choice: SelectedStory) -> DraftEntry:
        known = self._before.find_draft(choice) if self._before else None
        if known is not None:
            return known
        try:
            return translate_checked(
                choice, issue=self._start.issue, ask=self._ask, profile=self._start.profile
            )
        except _NotCached:
            self._asked.add(choice.story.id)
            return quoted_draft(choice)


def _require_provenance(digest: Digest) -> Provenance:
    if digest.provenance is None:
        raise SettingsError("the digest does not say what it was made from")
    return digest.provenance


def _prepare(
    digest: Digest, page: Page, location: DigestLocation, settings: Settings, progress: Progress
) -> GenerationInput:
    memory = _require_provenance(digest).memory
    job = PreparedJob(page=page, date=digest.date, stem=location.stem, memory=memory)
    return prepare(job, profile=model_profile(settings), progress=progress, outputs=location.folder)


def _find_page(
    digest: Digest,
    source: str | None,
    settings: Settings,
    cache: Cache,
    progress: Progress,
    stdin: BinaryIO,
) -> Page:
    """Bring the page that the digest was made from, or as it is now."""
    origin = _require_provenance(digest)
    progress.stage("fetch")
    if source is not None:
        page = read_source(source, stdin, max_page_bytes=settings.max_page_bytes)
        if page.slug != origin.slug:
            raise SettingsError(f"--source {source!r} is {page.slug!r}, not {origin.slug!r}")
    elif origin.source == "file":
        raise SettingsError(f"{origin.slug!r} was made from a file: give it again with --source")
    else:
        with open_sources(settings, cache) as sources:
            # The very page spares the source, and cannot have changed.
            page = sources.find_stored(
                origin.slug, origin.source, origin.page_sha256
            ) or sources.fetch(origin.slug)
    progress.step()
    if page.sha256 != origin.page_sha256:
        progress.note(f"the page of {origin.slug!r} has changed since the digest was made")
    return page
