"""A digest that exists, and what it was made from: what `edit` and `run --refresh` begin with."""

from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.edits import read_digest, read_edits
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.fetch import read_source
from pipeline.llm import Cache, model_profile
from pipeline.plan import PreparedJob, damaged_error, open_sources
from pipeline.progress import Progress
from pipeline.records import Digest, Page, Provenance
from pipeline.run import GenerationInput, prepare
from pipeline.settings import Settings
from pipeline.storage import is_remote, location_argument
from pipeline.typed_command import typed_command
from pipeline.write import DRAFTS, FORMATS, read_state

_ENDINGS = tuple(form.suffix for form in FORMATS.values())


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


def locate_digest(name: str, folder: Path) -> DigestLocation:
    """Find a digest by its date, its file name without ending, or the path of one of its files.

    A path may also be one below the folder of the digests, such as `drafts/2025-12-21`.

    Raises:
        SettingsError: there is none of that name.
    """
    if "/" in name or name.endswith(_ENDINGS):
        return _locate_file(name, folder)
    for file in (folder / f"{name}.json", folder / DRAFTS / f"{name}.json"):
        try:
            if file.is_file():
                return DigestLocation(folder, file)
        except OSError as error:
            message = f"cannot look for the digest {name!r} in {str(folder)!r}: {error.strerror}"
            raise SettingsError(message) from error
    if (folder / f"{name}.md").exists():
        raise SettingsError(
            f"'{folder / name}.md' lies there without its JSON, which is the digest: restore it, "
            f"or make it again with `{typed_command('run', '--date', name[:10])}`"
        )
    raise SettingsError(
        f"there is no digest {name!r} in {str(folder)!r}: give a date, a name such as "
        "2025-12-21-2, or the path of its JSON"
    )


def _locate_file(name: str, folder: Path) -> DigestLocation:
    """Find the JSON of a digest by the path of any of its files, with or without ending."""
    stem = next((name.removesuffix(end) for end in _ENDINGS if name.endswith(end)), name)
    file = location_argument(f"{stem}.json", "the file")
    below = folder / f"{stem}.json"
    try:
        if not is_remote(file) and not file.exists() and below.is_file():
            return DigestLocation(folder, below)
    except OSError as error:
        raise SettingsError(f"cannot look for the digest {name!r}: {error.strerror}") from error
    parent = file.absolute().parent
    return DigestLocation(parent.parent if parent.name == DRAFTS else parent, file)


def read_editable(location: DigestLocation) -> Digest:
    """Read a digest with its latest edits, which are those of its draft where it has one.

    Raises:
        SettingsError: it does not say what it was made from.
        PageNotUnderstood: it is damaged; says how it comes back.
    """
    try:
        digest = read_digest(location.json_path)
    except PageNotUnderstood as error:
        damaged = read_state(location.folder).damaged
        hurt = next((one for one in damaged if one.stem == location.stem), None)
        raise (damaged_error(hurt, location.folder) if hurt else error) from error
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
