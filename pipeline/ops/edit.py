"""A digest that exists, and options -> the same digest with edits by hand: the command `edit`.

Where the cache holds every answer that made the digest, it is made again from them with its edits
changed; else its own entries are reused as they are (`reuse.py`). Either way only what the edits
bring in is asked for, and only what was asked for changes.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.edits import (
    EditOptions,
    describe_changes,
    parse_edits,
    read_digest,
    read_edits,
    reverted_edits,
)
from pipeline.errors import ModelError, ModelInvalid, SettingsError
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
from pipeline.run import GenerationInput, generate, prepare
from pipeline.settings import Settings
from pipeline.storage import location_argument
from pipeline.tell import ReusedEntries, load_checks
from pipeline.translate import DraftEntry, quoted_draft, translate_checked
from pipeline.write import DRAFTS, issue_lock


class DigestLocation(NamedTuple):
    """Where a digest lies."""

    folder: Path
    """Folder of the digests."""
    json_path: Path
    """Its JSON, in that folder or in the drafts."""

    @property
    def stem(self) -> str:
        """Name of its files, without ending."""
        return self.json_path.stem


class EditResult(NamedTuple):
    """What came of an edit."""

    changes: tuple[str, ...]
    """One line each; none where nothing changes."""
    findings: tuple[Finding, ...]
    """Those of the changed digest."""
    path: Path
    """The Markdown file that was written, or would be."""
    questions: int = 0
    """How many entries the model would be asked for; 0 where the digest was written."""


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
        try:
            if file.is_file():
                return DigestLocation(folder, file)
        except OSError as error:
            message = f"cannot look for the digest {name!r} in {str(folder)!r}: {error.strerror}"
            raise SettingsError(message) from error
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
        SourceError, SettingsError, PageNotUnderstood: as `edit_digest`.
    """
    digest = read_editable(location)
    with Cache(settings.cache_file) as cache:
        page = _read_page(digest, source, settings, cache, progress, stdin)
    return _prepare(digest, page, location, settings, progress).stories


def edit_digest(
    location: DigestLocation,
    options: EditOptions,
    *,
    settings: Settings,
    progress: Progress,
    stdin: BinaryIO,
) -> EditResult:
    """Change one digest by hand, and write it unless it is a dry run.

    Args:
        location: the digest.
        options: what is to be changed.
        settings: the settings; the digest's own folder is the one that is written to.
        progress: where progress is shown.
        stdin: what the source `-` reads.

    Raises:
        SettingsError: one of the options is not possible; nothing has changed.
        NotPublished: too many entries are quotations then; the digest went to `drafts/`.
        DigestError: any other of the tree; the old digest is untouched.
    """
    settings = settings.model_copy(update={"outputs_dir": location.folder})
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_file))
        slug = _origin(read_editable(location)).slug
        folder = settings.outputs_dir
        stack.enter_context(issue_lock(settings.lock_dir, folder, slug, progress.note))
        digest = read_editable(location)
        page = _read_page(digest, options.source, settings, cache, progress, stdin)
        inputs = _prepare(digest, page, location, settings, progress)
        edits = parse_edits(options, digest, location.stem, inputs.stories)
        model = stack.enter_context(open_model(settings, cache, progress.bytes))
        reused = None
        if not _is_reproducible(digest, inputs, model):
            progress.note(
                "not all answers that made it are in the cache: its entries stay as they are"
            )
            reused, stories = reuse_entries(digest, inputs, reverted_edits(options, digest.edits))
            inputs = inputs.model_copy(update={"stories": stories})
        inputs = inputs.model_copy(update={"edits": edits})
        if options.dry_run:
            new, questions = _rehearse(inputs, model, reused)
            path = location.folder / f"{location.stem}.md"
            return EditResult(tuple(describe_changes(digest, new)), new.findings, path, questions)
        ask = DigestAsk(model, digest_key(digest.date, slug))
        new = generate(inputs, ask=ask, progress=progress, reused=reused)
        new = _add_model_name(new, ask.model_names(""))
        path = write_or_draft(new, location.stem, settings=settings, progress=progress).path
        progress.note(model.receipt().describe())
    return EditResult(tuple(describe_changes(digest, new)), new.findings, path)


def _add_model_name(digest: Digest, name: str) -> Digest:
    """Add the model that wrote what came in, where another one wrote the rest."""
    origin = _origin(digest)
    if not name or name in origin.model.split(" + "):
        return digest
    both = origin.model_copy(update={"model": f"{origin.model} + {name}"})
    return digest.model_copy(update={"provenance": both})


class _NotCached(ModelError):
    """The cache has no answer to a question."""


class _CachedAnswers:
    """An `Ask` that answers from the cache.

    A question of a prompt that may be left out counts as answered by nobody.
    """

    def __init__(self, model: FallbackModel, optional: str = "") -> None:
        self._model = model
        self._optional = optional

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        if self._model.model_for(question).pending_request(question, schema) is not None:
            said = f"the cache has no answer to {question.prompt!r}"
            raise ModelInvalid(said) if question.prompt == self._optional else _NotCached(said)
        return self._model.ask(question, schema)


def _is_reproducible(digest: Digest, inputs: GenerationInput, model: FallbackModel) -> bool:
    """Whether the cache alone makes the digest again, byte for byte."""
    try:
        return generate(inputs, ask=_CachedAnswers(model), progress=NullProgress()) == digest
    except ModelError:
        return False


def _rehearse(
    inputs: GenerationInput, model: FallbackModel, reused: ReusedEntries | None
) -> tuple[Digest, int]:
    """Make a digest without asking; give it with the number of stories that had to be quoted."""
    ask = _CachedAnswers(model)
    unknown: set[str] = set()

    def find_draft(choice: SelectedStory) -> DraftEntry:
        if reused and (draft := reused.find_draft(choice)):
            return draft
        try:
            return translate_checked(
                choice, issue=inputs.issue, ask=ask, profile=inputs.profile, checks=load_checks()
            )
        except _NotCached:
            unknown.add(choice.story.id)
            return quoted_draft(choice)

    known = reused or ReusedEntries(find_draft, proofread=False)
    known = known._replace(find_draft=find_draft)
    lenient = _CachedAnswers(model, optional="proofread")
    return generate(inputs, ask=lenient, progress=NullProgress(), reused=known), len(unknown)


def _origin(digest: Digest) -> Provenance:
    if digest.provenance is None:
        raise SettingsError("the digest does not say what it was made from")
    return digest.provenance


def _prepare(
    digest: Digest, page: Page, location: DigestLocation, settings: Settings, progress: Progress
) -> GenerationInput:
    memory = _origin(digest).memory
    job = PreparedJob(page=page, date=digest.date, stem=location.stem, memory=memory)
    return prepare(job, profile=model_profile(settings), progress=progress, outputs=location.folder)


def _read_page(
    digest: Digest,
    source: str | None,
    settings: Settings,
    cache: Cache,
    progress: Progress,
    stdin: BinaryIO,
) -> Page:
    """Bring the page that the digest was made from, or as it is now."""
    origin = _origin(digest)
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
            stored = sources.find_stored(origin.slug, origin.source, origin.page_sha256)
            page = stored or sources.fetch(origin.slug)
    progress.step()
    if page.sha256 != origin.page_sha256:
        progress.note(f"the page of {origin.slug!r} has changed since the digest was made")
    return page
