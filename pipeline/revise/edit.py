"""A digest that exists, and options -> the same digest with edits by hand: the command `edit`.

Where the cache holds every answer that made the digest, it is made again from them with its edits
changed; else its own entries are reused as they are (`reuse.py`). Either way only what the edits
bring in is asked for, and only what was asked for changes.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.edits import (
    EditOptions,
    name_remark_prompt,
    parse_edits,
    passage_story,
    reverted_edits,
)
from pipeline.errors import NotPublished
from pipeline.llm import Cache, DigestAsk, FallbackModel, digest_key, open_model
from pipeline.plan import PreparedJob
from pipeline.progress import Progress
from pipeline.publish import (
    is_repeatable,
    made_from_of,
    require_same_model,
    seal,
    sum_of_inputs,
    with_made_from,
    write_or_draft,
)
from pipeline.records import Digest, Edit, Page
from pipeline.revise.adopted_markdown import adopted_options, lay_aside
from pipeline.revise.edit_checks import (
    require_kept,
    require_passed,
    require_publishable,
    require_told,
)
from pipeline.revise.edit_result import EditResult, edit_result
from pipeline.revise.existing import (
    add_model_name,
    prepare_again,
    provenance_of,
    read_editable,
    read_page_again,
    shown_links,
)
from pipeline.revise.grafting import can_reword, graft, reuse_others, reword
from pipeline.revise.locations import DigestLocation
from pipeline.revise.rehearsal import is_reproducible, rehearse
from pipeline.revise.reuse import reuse_entries
from pipeline.run import GenerationInput, generate
from pipeline.settings import Settings
from pipeline.tell import ReusedEntries
from pipeline.write import issue_lock, require_unchanged, require_writable


class _Desk(NamedTuple):
    """What one edit is made with."""

    digest: Digest
    """The digest as it is."""
    location: DigestLocation
    options: EditOptions
    settings: Settings
    progress: Progress

    @property
    def told_again(self) -> tuple[str, ...]:
        """The places of entries that are told again."""
        return tuple(word.partition("=")[0] for word in self.options.tell)


class _Material(NamedTuple):
    """What a digest is made of that is not written yet."""

    inputs: GenerationInput
    """With its new edits."""
    reused: ReusedEntries | None
    """What is not asked for; None where the cache has it all."""
    model: FallbackModel


def edit_digest(
    location: DigestLocation,
    options: EditOptions,
    *,
    settings: Settings,
    progress: Progress,
    stdin: BinaryIO,
    may_change_model: Callable[[str], bool] = lambda _said: False,
) -> EditResult:
    """Change one digest by hand, and write it unless it is a dry run or a preview.

    The digest's own folder is written to, whatever the settings say. Before another model than the
    one that made the digest tells an entry again, or an added one, `may_change_model` is asked.

    Raises:
        SettingsError: one of the options is not possible; nothing has changed.
        NotPublished: words by hand or the words of an entry that is told again do not pass the
            checks, and it is not forced; or the Markdown was changed by hand, and is not to be
            written over; or too many entries are quotations then, and the digest went to `drafts/`.
            A preview says so in its result.
        DigestError: any other of the tree; the old digest is untouched.
    """
    settings = settings.model_copy(update={"outputs_dir": location.folder})
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_file))
        slug = provenance_of(read_editable(location)).slug
        folder = settings.outputs_dir
        stack.enter_context(issue_lock(settings.lock_dir, folder, slug, progress.note))
        desk = _open_desk(location, options, settings, progress)
        digest, options = desk.digest, desk.options
        if (words := _with_words_alone(desk)) is not None:
            return _finish(desk, words)
        _check_options(desk)
        if options.tell or options.add:
            require_same_model(
                digest,
                settings,
                may_change=lambda said: options.model_change or may_change_model(said),
            )
        page = read_page_again(digest, options.source, settings, cache, progress, stdin)
        inputs = prepare_again(digest, page, location, settings, progress)
        edits = _read_edits(desk, page, inputs)
        model = stack.enter_context(open_model(settings, cache, progress.bytes))
        material = _gather(desk, inputs, edits, model)
        if options.dry_run:
            return _rehearsed(desk, material)
        if material.reused and not (options.tell or options.add):
            require_same_model(
                digest,
                settings,
                may_change=lambda said: (
                    options.model_change
                    or not rehearse(material.inputs, None, material.reused)[1]
                    or may_change_model(said)
                ),
            )
        stack.callback(lambda: progress.note(model.receipt().describe()))
        return _made(desk, material)


def _open_desk(
    location: DigestLocation, options: EditOptions, settings: Settings, progress: Progress
) -> _Desk:
    """Read the digest and its Markdown, and refuse what could not be written."""
    digest = read_editable(location)
    if options.adopt:
        options = adopted_options(digest, location, options)
    elif not options.overwrite:
        require_unchanged(digest, location.json_path, option="--overwrite")
    if not (options.dry_run or options.preview):
        require_writable(location.json_path.parent)
    return _Desk(digest, location, options, settings, progress)


def _check_options(desk: _Desk) -> None:
    """Refuse what is wrong with an option before the page is asked for, as far as that shows it."""
    options = desk.options
    swaps = tuple(word for word in options.swap if ":" in word.partition("=")[2])
    without_page = options.model_copy(update={"add": (), "swap": swaps})
    parse_edits(without_page, desk.digest, desk.location.stem, ())


def _with_words_alone(desk: _Desk) -> Digest | None:
    """Give the digest with other words, where nothing else is asked for and no page is needed."""
    digest, options = desk.digest, desk.options
    if options.adopt and not (options.set or options.move or options.drop):
        return digest
    if not options.only_words:
        return None
    edits = parse_edits(options, digest, desk.location.stem, ())
    new = edits[len(digest.edits) :]
    return reword(digest, new) if can_reword(digest, new) else None


def _read_edits(desk: _Desk, page: Page, inputs: GenerationInput) -> tuple[Edit, ...]:
    read = partial(passage_story, page=page, issue=inputs.issue, stories=inputs.stories)
    stem = desk.location.stem
    return parse_edits(desk.options, desk.digest, stem, inputs.stories, read_passage=read)


def _gather(
    desk: _Desk, inputs: GenerationInput, edits: Sequence[Edit], model: FallbackModel
) -> _Material:
    """Bring together what the new version is made of."""
    digest = desk.digest
    fresh = {edit.story.key for edit in edits if edit.do == "tell" and edit not in digest.edits}
    told = any(edit.do == "tell" for edit in edits)
    reverted = reverted_edits(desk.options, digest.edits)
    again = fresh | {edit.story.key for edit in reverted if edit.do == "tell"}
    inputs = inputs.model_copy(update={"links": shown_links(digest, again)})
    edited = inputs.with_edits(edits)
    if not (told and desk.options.dry_run):
        if is_reproducible(digest, inputs, model):
            return _Material(edited, None, model)
        desk.progress.note(
            "not all answers that made it are in the cache: its entries stay as they are"
        )
    reused, stories = reuse_entries(digest, inputs, reverted)
    gone = {story.id for story in inputs.stories} - {story.id for story in edited.stories}
    known = {story.id: story for story in (*edited.stories, *stories) if story.id not in gone}
    edited = edited.model_copy(update={"stories": tuple(known.values())})
    return _Material(edited, reused if desk.options.dry_run else reuse_others(reused, fresh), model)


def _rehearsed(desk: _Desk, material: _Material) -> EditResult:
    """Say what would change; an entry that would be told again stands as it is."""
    inputs, reused, model = material
    fresh = [edit for edit in inputs.edits if edit.do == "tell" and edit not in desk.digest.edits]
    rest = tuple(edit for edit in inputs.edits if edit not in fresh)
    links = {**shown_links(desk.digest), **inputs.links}
    inputs = inputs.model_copy(update={"edits": rest, "links": links})
    new, asked = rehearse(inputs, model, reused)
    new = new.model_copy(update={"edits": material.inputs.edits})
    result = edit_result(desk.digest, new, desk.location.markdown_path, asked)
    lines = (f"~ {edit.stood} told again: “{edit.remark}”" for edit in fresh)
    questions = len(asked) + len({edit.story.key for edit in fresh})
    return result._replace(changes=(*result.changes, *lines), questions=questions)


def _made(desk: _Desk, material: _Material) -> EditResult:
    """Make the new version, and finish it; a preview says why there is none."""
    try:
        return _finish(desk, _make(desk, material))
    except NotPublished as error:
        if not desk.options.preview:
            raise
        path = desk.location.markdown_path
        return edit_result(desk.digest, desk.digest, path)._replace(refused=str(error))


def _make(desk: _Desk, material: _Material) -> Digest:
    """Have the model asked for what is new."""
    digest, inputs = desk.digest, material.inputs
    ask = DigestAsk(material.model, digest_key(digest.date, provenance_of(digest).slug))
    new = generate(inputs, ask=ask, progress=desk.progress, reused=material.reused)
    require_told(digest, new, desk.told_again)
    if material.reused and not desk.options.force:
        require_kept(digest, new, reverted_edits(desk.options, digest.edits))
    if desk.options.tell and not desk.options.reorders:
        named = [word.partition(".")[0] for word in desk.options.set]
        places = tuple(dict.fromkeys((*desk.told_again, *named)))
        origin = name_remark_prompt(provenance_of(digest), inputs.edits)
        new = graft(digest, new, places).model_copy(
            update={"edits": inputs.edits, "provenance": origin}
        )
    return _sealed(add_model_name(new, ask.model_names("")), ask, inputs.job, desk)


def _sealed(new: Digest, ask: DigestAsk, job: PreparedJob, desk: _Desk) -> Digest:
    """Have the edited digest up to date where the one before it was; else it names the same sum."""
    with suppress(OSError):
        memory = provenance_of(desk.digest).memory or ()
        total = sum_of_inputs(job, memory, desk.settings)
        if seal(desk.digest, total) == desk.digest and is_repeatable(new, ask, desk.settings):
            return seal(new, total)
    return with_made_from(new, made_from_of(desk.digest))


def _finish(desk: _Desk, new: Digest) -> EditResult:
    """Check the new version and write it; only say what it is, where that is what is asked for."""
    options, path = desk.options, desk.location.markdown_path
    result = edit_result(desk.digest, new, path)
    if options.dry_run:
        return result
    try:
        _require_fit(desk, new)
    except NotPublished as error:
        if options.preview:
            return result._replace(refused=str(error))
        if not options.adopt:
            raise
        raise NotPublished(f"{error}; {_where_refused(desk, path)}") from error
    if options.preview:
        return result
    stem = desk.location.stem
    written = write_or_draft(new, stem, settings=desk.settings, progress=desk.progress)
    return result._replace(path=written.path, findings=new.findings)


def _where_refused(desk: _Desk, markdown: Path) -> str:
    """Say where words are that somebody saved in the Markdown and that are not taken over."""
    if desk.options.from_editor:
        return lay_aside(desk.digest, markdown)
    return f"until then {str(markdown)!r} has them, which is not what its JSON says"


def _require_fit(desk: _Desk, new: Digest) -> None:
    """Refuse words that do not pass the checks, and in a preview what would go to `drafts/`."""
    options = desk.options
    if not options.force:
        for line in require_passed(desk.digest, new, adopted=options.adopt):
            desk.progress.note(f"warning: {line}")
    if options.preview:
        require_publishable(new, desk.settings)
