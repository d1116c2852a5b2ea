"""A digest that exists, and what it was made from: what `edit` and `run --refresh` begin with."""

from collections.abc import Collection
from typing import BinaryIO

from pipeline.edits import event_key, places_by_key, read_digest, read_edits
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.fetch import read_source
from pipeline.llm import Cache, model_profile
from pipeline.ops import damaged_digests
from pipeline.plan import PreparedJob, open_sources
from pipeline.progress import Progress
from pipeline.records import Digest, Page, Provenance
from pipeline.revise.locations import DigestLocation
from pipeline.run import GenerationInput, prepare
from pipeline.settings import Settings
from pipeline.write import DRAFTS


def read_editable(location: DigestLocation) -> Digest:
    """Read a digest with its latest edits, which are those of its draft where it has one.

    Raises:
        SettingsError: it does not say what it was made from.
        PageNotUnderstood: it is damaged; says how it comes back.
    """
    try:
        digest = read_digest(location.json_path)
    except PageNotUnderstood as error:
        folder = location.json_path.parent
        for hurt, remedy in damaged_digests(folder):
            if hurt.stem == location.stem:
                raise PageNotUnderstood(f"{folder}/{hurt.line}: {remedy}") from error
        raise
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


def add_model_name(digest: Digest, name: str) -> Digest:
    """Add the model that wrote what came in, where another one wrote the rest."""
    origin = provenance_of(digest)
    if not name or name in origin.model.split(" + "):
        return digest
    both = origin.model_copy(update={"model": f"{origin.model} + {name}"})
    return digest.model_copy(update={"provenance": both})


def provenance_of(digest: Digest) -> Provenance:
    """Give what a digest was made from.

    Raises:
        SettingsError: it does not say so.
    """
    if digest.provenance is None:
        raise SettingsError("the digest does not say what it was made from")
    return digest.provenance


def prepare_again(
    digest: Digest, page: Page, location: DigestLocation, settings: Settings, progress: Progress
) -> GenerationInput:
    """Do all that needs no model once more, compared with what the digest was compared with.

    Raises:
        PageNotUnderstood: the page holds no issue.
    """
    memory = provenance_of(digest).memory
    job = PreparedJob(page=page, date=digest.date, stem=location.stem, memory=memory)
    return prepare(job, profile=model_profile(settings), progress=progress, outputs=location.folder)


def shown_links(digest: Digest, retold: Collection[str] = ()) -> dict[str, str | None]:
    """Give the links that entries show and keep, by `event_key`: those that are no edit's.

    The words, and so the links, of entries with the keys `retold` are asked for again.
    """
    places = places_by_key(digest)
    given = [edit.story.key for edit in digest.edits if edit.do == "set" and edit.link is not None]
    changed = {places.get(key) for key in (*given, *retold)}
    return {event_key(entry): entry.link for place, entry in digest.placed if place not in changed}


def read_page_again(
    digest: Digest,
    source: str | None,
    settings: Settings,
    cache: Cache,
    progress: Progress,
    stdin: BinaryIO,
) -> Page:
    """Bring the page that the digest was made from, or as it is now."""
    origin = provenance_of(digest)
    progress.stage("fetch")
    if source is not None:
        page = read_source(source, stdin, max_page_bytes=settings.max_page_bytes)
        if page.slug != origin.slug:
            raise SettingsError(f"--source {source!r} is {page.slug!r}, not {origin.slug!r}")
    elif origin.source == "file":
        made = f"the digest of {digest.date} was made from a file ({origin.slug!r})"
        raise SettingsError(f"{made}: give its page again with --source FILE")
    else:
        with open_sources(settings, cache) as sources:
            # The very page spares the source, and cannot have changed.
            stored = sources.find_stored(origin.slug, origin.source, origin.page_sha256)
            page = stored or sources.fetch(origin.slug)
    progress.step()
    if page.sha256 != origin.page_sha256:
        progress.note(f"the page of {origin.slug!r} has changed since the digest was made")
    return page
