"""A digest that exists, and options -> the same digest with edits by hand: the command `edit`.

Where the cache holds every answer that made the digest, it is made again from them with its edits
changed; else its own entries are reused as they are (`reuse.py`). Either way only what the edits
bring in is asked for, and only what was asked for changes.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.edits import (
    EditOptions,
    describe_changes,
    make_anchor,
    options_from_markdown,
    parse_edits,
    reverted_edits,
)
from pipeline.errors import (
    ModelError,
    ModelInvalid,
    NotPublished,
    PageNotUnderstood,
    SettingsError,
)
from pipeline.llm import (
    Answer,
    Cache,
    DigestAsk,
    FallbackModel,
    Question,
    digest_key,
    open_model,
)
from pipeline.ops.existing import (
    DigestLocation,
    add_model_name,
    prepare_again,
    provenance_of,
    read_editable,
    read_page_again,
)
from pipeline.ops.reuse import reuse_entries
from pipeline.ops.reword import can_reword, reword
from pipeline.progress import NullProgress, Progress
from pipeline.publish import write_or_draft
from pipeline.records import Digest, Edit, Finding, SelectedStory, Story
from pipeline.run import GenerationInput, generate
from pipeline.settings import Settings
from pipeline.storage import read_or_none
from pipeline.tell import ReusedEntries, load_checks
from pipeline.translate import DraftEntry, quoted_draft, translate_checked
from pipeline.write import DRAFTS, issue_lock, require_unchanged


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


def list_stories(
    location: DigestLocation,
    *,
    settings: Settings,
    progress: Progress,
    stdin: BinaryIO,
    source: str | None = None,
) -> tuple[tuple[str, Story], ...]:
    """Give the stories of a digest's issue, which a swap may bring in, each with its place if told.

    Raises:
        SourceError, SettingsError, PageNotUnderstood: as `edit_digest`.
    """
    digest = read_editable(location)
    with Cache(settings.cache_file) as cache:
        page = read_page_again(digest, source, settings, cache, progress, stdin)
    told = {name: place for place, entry in digest.placed for name in entry.mentions}
    stories = prepare_again(digest, page, location, settings, progress).stories
    return tuple(
        (next((told[m.id] for m in story.mentions if m.id in told), ""), story) for story in stories
    )


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
        NotPublished: words by hand do not pass the checks, or the Markdown was changed by hand,
            and it is not forced; or too many entries are quotations then, and the digest went to
            `drafts/`.
        DigestError: any other of the tree; the old digest is untouched.
    """
    settings = settings.model_copy(update={"outputs_dir": location.folder})
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_file))
        slug = provenance_of(read_editable(location)).slug
        folder = settings.outputs_dir
        stack.enter_context(issue_lock(settings.lock_dir, folder, slug, progress.note))
        digest = read_editable(location)
        if options.adopt:
            options = _adopted_options(digest, location, options)
            if not (options.set or options.move or options.drop):
                return _write_words(digest, digest, location, options, settings, progress)
        elif not options.force:
            require_unchanged(digest, location.json_path)
        if options.only_words:
            edits = parse_edits(options, digest, location.stem, ())
            if can_reword(digest, edits[len(digest.edits) :]):
                new = reword(digest, edits[len(digest.edits) :])
                return _write_words(digest, new, location, options, settings, progress)
        page = read_page_again(digest, options.source, settings, cache, progress, stdin)
        inputs = prepare_again(digest, page, location, settings, progress)
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
        new = add_model_name(new, ask.model_names(""))
        if not options.force:
            _require_passed(digest, new, edits)
        path = write_or_draft(new, location.stem, settings=settings, progress=progress).path
        progress.note(model.receipt().describe())
    return EditResult(tuple(describe_changes(digest, new)), new.findings, path)


def _write_words(
    digest: Digest,
    new: Digest,
    location: DigestLocation,
    options: EditOptions,
    settings: Settings,
    progress: Progress,
) -> EditResult:
    """Write a digest of which only words are other ones."""
    path = location.json_path.with_suffix(".md")
    if not options.dry_run:
        if not options.force:
            _require_passed(digest, new, new.edits)
        path = write_or_draft(new, location.stem, settings=settings, progress=progress).path
    return EditResult(tuple(describe_changes(digest, new)), new.findings, path)


def _adopted_options(digest: Digest, location: DigestLocation, options: EditOptions) -> EditOptions:
    """Give the options that say what somebody has changed in the Markdown; none if it is gone."""
    file = location.json_path.with_suffix(".md")
    try:
        data = read_or_none(file)
        if data is None:
            return options
        draft = file.parent.name == DRAFTS
        said = options_from_markdown(digest, data.decode("utf-8-sig"), draft=draft)
    except OSError as error:
        raise SettingsError(f"cannot read {str(file)!r}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PageNotUnderstood(f"{str(file)!r} is not UTF-8 text: {error.reason}") from error
    except (PageNotUnderstood, SettingsError) as error:
        raise type(error)(f"{str(file)!r}: {error}; nothing was written") from error
    return options.model_copy(update={"set": said.set, "move": said.move, "drop": said.drop})


def _require_passed(old: Digest, new: Digest, edits: Sequence[Edit]) -> None:
    """Refuse words by hand in which the checks find an error that is new."""
    added = {edit.story.key for edit in edits if edit.do == "set" and edit not in old.edits}
    given = {
        place for place, entry in new.placed if make_anchor(entry).key in added and not entry.quoted
    }
    known = {(finding.check, finding.found) for finding in old.findings}
    refused = [
        finding
        for finding in new.findings
        if finding.severity == "error"
        and finding.entry in given
        and (finding.check, finding.found) not in known
    ]
    if refused:
        first, more = refused[0], f" and {len(refused) - 1} more" if refused[1:] else ""
        raise NotPublished(
            f"error[{first.check}] {first.place}: {first.found}{more}; expected {first.expected}: "
            "nothing was written; correct it, or write it all the same with --force"
        )


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
