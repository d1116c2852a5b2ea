"""One page -> one published digest: made, compared with what is there, written, or its draft.

What was changed by hand is not written over, and what a digest was made from is sealed in it.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import NewerFormat, NotPublished, PageNotUnderstood, SettingsError
from pipeline.plan import PreparedJob, damaged_error
from pipeline.progress import Progress
from pipeline.publish.up_to_date import UpToDate, made_from_of, seal, sum_of_inputs, with_made_from
from pipeline.settings import Settings
from pipeline.storage import StoragePath, changed_program, is_remote, read_regular
from pipeline.write import (
    DRAFTS,
    DamagedDigest,
    DigestHead,
    head_of,
    require_own_markdown,
    require_writable,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from pipeline.llm import Ask
    from pipeline.records import Digest
    from pipeline.run import GenerationInput


class PublishedDigest(NamedTuple):
    """One published digest."""

    head: DigestHead
    """What is said of it."""
    read: "Callable[[], Digest]"
    """Gives it whole; one that was left alone is read only when that is asked for."""
    path: StoragePath
    """Its Markdown file; the JSON lies beside it."""
    changed: bool
    """Whether the files are new or have other bytes than before."""
    replaced: str = ""
    """What of an earlier version is not there any more; blank where there was none, or the same."""
    made_from: str = ""
    """The sum of what it was made from, which its files may not name where they were there before;
    blank where the same run again could give another digest, or where nothing was made."""

    @property
    def digest(self) -> "Digest":
        """The digest."""
        return self.read()

    def lines(self) -> Iterator[str]:
        """Say what it holds, what it has replaced, and what the checks found."""
        stem, head = self.path.stem, self.head
        if self.replaced:
            yield f"note {stem}: {self.replaced}"
        yield f"note {stem}: {head.news} news and {head.tools} tools from {head.issue_url}"
        if not head.severities:
            return
        entries = dict(self.digest.placed)
        for finding in self.digest.findings:
            entry = entries.get(finding.entry)
            yield finding.line(stem, entry.title if entry else "")


def left_alone(found: UpToDate, path: StoragePath) -> PublishedDigest:
    """Give a digest that is up to date as one that was published before."""

    @cache
    def read() -> "Digest":
        from pipeline.write import from_json

        return from_json(found.data.decode())

    return PublishedDigest(head=found.head, read=read, path=path, changed=False)


def publish(
    job: PreparedJob,
    *,
    ask: "Ask",
    settings: Settings,
    progress: Progress,
    pool: "Executor | None" = None,
    compute_pool: "Executor | None" = None,
) -> PublishedDigest:
    """Make one digest of one page and write it.

    `pool` is for the questions, where several issues share it, and `compute_pool` the one thread
    for what only computes, where several are open.

    Raises:
        NotPublished: too many entries passed no check, and the digest went to `drafts/`; or the
            Markdown that is there was changed by hand or lacks its JSON, and nothing is forced.
        DigestError: the page, the model or the disk; what was in `outputs/` before is untouched.
    """
    from pipeline.run import generate

    require_writable(settings.outputs_dir)
    if not job.force:
        _require_unchanged(job, settings)
        ask = _without_requests(ask, job, settings)
    inputs = _prepare(job, settings=settings, progress=progress, pool=compute_pool)
    # Before the model is asked: what is changed meanwhile is not what the digest was made from.
    total = ""
    with suppress(OSError):
        total = sum_of_inputs(job, inputs.memory.digests, settings)
    # A page is a megabyte, and a backfill has many open while the model is asked.
    inputs = inputs.without_page_text()
    job = inputs.job
    digest = generate(inputs, ask=ask, progress=progress, pool=pool)
    if total and is_repeatable(digest, ask, settings):
        digest = seal(digest, total)
    if not job.force:
        _require_own_markdown(digest, job.stem, settings)
    earlier = None
    with suppress(PageNotUnderstood):  # what is damaged, or a later version's, is written over
        earlier = read_existing(job, settings)
    kept = with_made_from(digest, made_from_of(earlier)) if earlier else digest
    written = write_or_draft(
        kept if kept == earlier else digest, job.stem, settings=settings, progress=progress
    )
    replaced = ""
    if earlier is not None and earlier != kept:
        replaced = _describe_replaced(earlier, digest, job.stem)
    return written._replace(made_from=made_from_of(digest), replaced=replaced)


def _prepare(
    job: PreparedJob, *, settings: Settings, progress: Progress, pool: "Executor | None"
) -> "GenerationInput":
    """Do what needs no model, in the thread for what only computes where there is one."""
    from pipeline.llm import model_profile
    from pipeline.run import prepare

    work = partial(
        prepare,
        job,
        profile=model_profile(settings),
        progress=progress,
        outputs=settings.outputs_dir,
        index_dir=settings.index_dir,
    )
    return pool.submit(work).result() if pool else work()


def _describe_replaced(earlier: "Digest", digest: "Digest", stem: str) -> str:
    from pipeline.edits import describe_replaced

    return describe_replaced(earlier, digest, stem)


def is_repeatable(digest: "Digest", ask: "Ask", settings: Settings) -> bool:
    """Whether the same run again would make the same digest.

    What got no answer would be asked again, and so would a model that another one went on for; and
    a program that was changed while it ran is another one by then.
    """
    from pipeline.llm import DigestAsk, model_profile

    profile = model_profile(settings)
    asked = {profile.model, *({profile.proofread_model} - {settings.fallback_model})}
    answered = digest.provenance.model.split(" + ") if digest.provenance else ()
    answers = isinstance(ask, DigestAsk) and ask.is_repeatable and asked.issuperset(answered)
    return answers and not changed_program()


def require_same_model(
    digest: "Digest", settings: Settings, *, may_change: Callable[[str], bool]
) -> None:
    """Refuse to have a digest told again by a model that did not make it, unless that is wanted.

    `may_change` says whether it is wanted, and is given what would happen.

    Raises:
        SettingsError: it is not; names both models.
    """
    from pipeline.llm import model_profile

    made_by = digest.provenance.model if digest.provenance else ""
    now = model_profile(settings).model
    if now in made_by.split(" + "):
        return
    said = f"the digest of {digest.date} was made by {made_by!r}, and {now!r} would be asked"
    if not may_change(said):
        wanted = "set OPENAI_API_KEY" if settings.embedded else "set AINEWS_MODEL to the first"
        raise SettingsError(f"{said}: {wanted}, or give --model-change")


def _require_unchanged(job: PreparedJob, settings: Settings) -> None:
    """Refuse to make a digest again whose Markdown was changed by hand, before it costs anything.

    Raises:
        NotPublished: says how the changes are taken over.
    """
    from pipeline.write import require_unchanged

    if digest := read_existing(job, settings):
        require_unchanged(digest, settings.outputs_dir / f"{job.stem}.json")


def _without_requests(ask: "Ask", job: PreparedJob, settings: Settings) -> "Ask":
    """Ask nothing where the Markdown lacks its JSON: only what is kept can give the same bytes."""
    from pipeline.llm import DigestAsk
    from pipeline.write import orphan_problem

    problem = orphan_problem(None, settings.outputs_dir / f"{job.stem}.json")
    if problem and isinstance(ask, DigestAsk):
        return ask.from_kept(NotPublished(f"{problem}; nothing was asked"))
    return ask


def _require_own_markdown(digest: "Digest", stem: str, settings: Settings) -> None:
    """Refuse to write over Markdown without its JSON that says something else.

    Raises:
        NotPublished: says what to do.
    """
    draft = is_too_degraded(head_of(digest), settings)
    folder = settings.outputs_dir / DRAFTS if draft else settings.outputs_dir
    require_own_markdown(digest, folder / f"{stem}.json", draft=draft)


def read_existing(job: PreparedJob, settings: Settings) -> "Digest | None":
    """Read the earlier version of a digest; None where there is none, or none that must be read.

    Raises:
        NewerFormat: a later version of this program wrote it.
        PageNotUnderstood: it is damaged within, which its first and last bytes do not show, and
            nothing is forced: its edits would be lost.
    """
    from pipeline.write import from_json

    file = settings.outputs_dir / f"{job.stem}.json"
    try:
        digest = from_json(read_regular(file).decode())
    except OSError:
        return None
    except NewerFormat as error:
        raise NewerFormat(f"{job.stem}.json: {error}") from error
    except (UnicodeDecodeError, PageNotUnderstood) as error:
        if job.force:
            return None
        if is_remote(file):  # what answers may be no store at all
            from pipeline.storage import require_listed

            require_listed(file)
        hurt = DamagedDigest(stem=job.stem, reason=str(error), slug=job.page.slug)
        raise damaged_error(hurt, settings.outputs_dir) from error
    same = digest.provenance and digest.provenance.slug == job.page.slug
    return digest if same else None


def is_too_degraded(head: DigestHead, settings: Settings) -> bool:
    """Whether more of a digest is quoted, or could not be told at all, than may be published."""
    return head.degraded + head.untold > _most_failed(head, settings)


def describe_degraded(head: DigestHead, settings: Settings, name: str) -> str:
    """Say how much of a digest that is too degraded did not pass the checks."""
    failed, entries = head.degraded + head.untold, head.news + head.tools + head.untold
    return (
        f"{failed} of {entries} entries of {name!r} did not pass the checks, and "
        f"{max(settings.max_degraded, _most_failed(head, settings))} may"
    )


def _most_failed(head: DigestHead, settings: Settings) -> int:
    """Say how many entries may fail: never all.

    What a model that only translates cannot tell is left out, not quoted, and may be as much as it
    tells.
    """
    entries = head.news + head.tools
    if head.untold:
        return max(settings.max_degraded, entries - head.degraded)
    return min(settings.max_degraded, entries - 1)


def write_or_draft(
    digest: "Digest", stem: str, *, settings: Settings, progress: Progress
) -> PublishedDigest:
    """Write one digest, or its draft where it is not fit to be published.

    Raises:
        NotPublished: too many entries passed no check; the digest went to `drafts/`.
        WriteError: what was there before is there still.
    """
    from pipeline.write import discard_draft, write

    folder, head = settings.outputs_dir, head_of(digest)
    progress.stage("write")
    if is_too_degraded(head, settings):
        draft = write(digest, folder, stem, draft=True).markdown_path
        raise NotPublished(
            f"not published: {describe_degraded(head, settings, head.slug or stem)}; see "
            f"{str(draft)!r}, then run again with another model or a higher AINEWS_MAX_DEGRADED"
        )
    written = write(digest, folder, stem)
    discard_draft(folder, stem)
    progress.step()
    return PublishedDigest(
        head=head, read=lambda: digest, path=written.markdown_path, changed=bool(written.changed)
    )
