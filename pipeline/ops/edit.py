"""A digest that exists, and wishes -> the same digest with edits by hand: the command `edit`.

Where the cache holds every answer that made the digest, it is made again from them with its edits
changed; else its own entries are taken as they are (`kept`). Either way nothing is asked but what
the edits bring in, and nothing changes that was not asked for.
"""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.drafts import Told, tell, unasked
from pipeline.edits.options import Wishes, changes, undone, wished
from pipeline.edits.previous import digest_in, edits_of
from pipeline.errors import ModelError, SettingsError
from pipeline.fetch.chain import read_source
from pipeline.fetch.http import decode
from pipeline.llm.cache import Cache
from pipeline.llm.factory import open_model, sizes
from pipeline.llm.fallback import Asked
from pipeline.llm.ledger import called
from pipeline.llm.model import Model
from pipeline.llm.prompts import Answer, Question
from pipeline.ops.reuse import kept_of
from pipeline.plan import Job, Show, newsstand
from pipeline.publish import put
from pipeline.records import Choice, Digest, Finding, Page, Provenance, Story
from pipeline.run import Kept, Start, begin, finish
from pipeline.settings import Settings
from pipeline.write.files import DRAFTS
from pipeline.write.lock import alone
from pipeline.write.store import named


class Place(NamedTuple):
    """Where a digest lies."""

    folder: Path
    """The digests."""
    file: Path
    """Its JSON, in that folder or in the drafts."""

    @property
    def stem(self) -> str:
        """Name of its files, without ending."""
        return self.file.stem


class Revised(NamedTuple):
    """What came of an edit."""

    lines: tuple[str, ...]
    """What changes, one line each; none where nothing does."""
    findings: tuple[Finding, ...]
    """What the checks find in the digest then."""
    path: Path
    """The Markdown file that was written, or would be."""
    questions: int
    """How many entries the model would be asked for; 0 where the digest was written."""


class _NotKept(ModelError):
    """The cache has no answer to a question."""


def locate(name: str, folder: Path) -> Place:
    """Find a digest by its date, its file name without ending, or the path of its JSON.

    Raises:
        SettingsError: there is none of that name.
    """
    if name.endswith(".json") or "/" in name:
        file = named(name, "the digest")
        parent = file.absolute().parent
        return Place(parent.parent if parent.name == DRAFTS else parent, file)
    for file in (folder / f"{name}.json", folder / DRAFTS / f"{name}.json"):
        if file.is_file():
            return Place(folder, file)
    raise SettingsError(
        f"there is no digest {name!r} in {str(folder)!r}: give a date, a name such as "
        "2025-12-21-2, or the path of its JSON"
    )


def current(place: Place) -> Digest:
    """Read a digest with its latest edits, which are those of its draft where it has one.

    Raises:
        SettingsError: it does not say what it was made from.
    """
    digest = digest_in(place.file)
    if digest.provenance is None:
        raise SettingsError(f"{str(place.file)!r} does not say what it was made from: not editable")
    edits = edits_of(place.folder, place.stem, digest.provenance.slug)
    if digest.edits != edits:
        raise SettingsError(f"{place.stem} has a later draft: edit {DRAFTS}/{place.stem}.json")
    return digest


def stories_of(
    place: Place, *, settings: Settings, show: Show, stdin: BinaryIO, source: str | None = None
) -> tuple[Story, ...]:
    """Give the stories of a digest's issue, which a swap may bring in.

    Raises:
        SourceError, SettingsError, PageNotUnderstood: as `revise`.
    """
    with Cache(settings.cache_dir / "cache.sqlite") as cache:
        page = _page(current(place), source, settings, cache, show, stdin)
    return _begin(current(place), page, place, settings, show).stories


def revise(
    place: Place, wishes: Wishes, *, settings: Settings, show: Show, stdin: BinaryIO
) -> Revised:
    """Change one digest by hand, and write it unless the wish is a dry one.

    Args:
        place: the digest.
        wishes: what is to be changed.
        settings: the settings; the digest's own folder is the one that is written to.
        show: where progress is told.
        stdin: what the source `-` reads.

    Raises:
        SettingsError: one of the wishes cannot be; nothing has changed.
        NotPublished: too many entries are quotations then; the digest went to `drafts/`.
        DigestError: any other of the tree; what was there is there still.
    """
    settings = settings.model_copy(update={"outputs_dir": place.folder})
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_dir / "cache.sqlite"))
        stack.enter_context(alone(settings, _origin(current(place)).slug, show.note))
        digest = current(place)
        page = _page(digest, wishes.source, settings, cache, show, stdin)
        start = _begin(digest, page, place, settings, show)
        edits = wished(wishes, digest, place.stem, start.stories)
        model = stack.enter_context(open_model(settings, cache, show.bytes))
        kept = None
        if not _is_known(digest, start, model):
            show.note("not all answers that made it are in the cache: its entries stay as they are")
            kept, stories = kept_of(digest, start, undone(wishes, digest.edits))
            start = start.model_copy(update={"stories": stories})
        start = start.model_copy(update={"edits": edits})
        if wishes.dry:
            counted = _Counted(start, model, kept)
            new = finish(start, ask=_OnlyKept(model), show=_Quiet(), kept=counted.kept)
            questions, path = counted.questions, place.folder / f"{place.stem}.md"
        else:
            ask = Asked(model, called(digest.date, _origin(digest).slug))
            new = _credited(finish(start, ask=ask, show=show, kept=kept), ask.named(""))
            questions, path = 0, put(new, place.stem, settings=settings, show=show).path
            show.note(model.receipt().line())
    return Revised(tuple(changes(digest, new)), new.findings, path, questions)


def _credited(digest: Digest, answered: str) -> Digest:
    """Name the model that told what came in, where another one told the rest."""
    origin = _origin(digest)
    if not answered or answered in origin.model.split(" + "):
        return digest
    both = origin.model_copy(update={"model": f"{origin.model} + {answered}"})
    return digest.model_copy(update={"provenance": both})


def _is_known(digest: Digest, start: Start, model: Model) -> bool:
    """Whether the cache alone makes the digest again, byte for byte."""
    try:
        return finish(start, ask=_OnlyKept(model), show=_Quiet()) == digest
    except ModelError:
        return False


class _OnlyKept:
    """An `Ask` that answers from the cache."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        if self._model.unasked(question, schema) is not None:
            raise _NotKept(f"the cache has no answer to {question.prompt!r}")
        return self._model.ask(question, schema)


class _Counted:
    """Counts the stories that the model would be asked for, and quotes them meanwhile."""

    def __init__(self, start: Start, model: Model, kept: Kept | None) -> None:
        self._start, self._before = start, kept
        self._ask = _OnlyKept(model)
        self._asked: set[str] = set()
        self.kept = kept._replace(told=self._told) if kept else Kept(told=self._told)

    @property
    def questions(self) -> int:
        return len(self._asked)

    def _told(self, choice: Choice) -> Told:
        known = self._before.told(choice) if self._before else None
        if known is not None:
            return known
        try:
            return tell(choice, issue=self._start.issue, ask=self._ask, how=self._start.how)
        except _NotKept:
            self._asked.add(choice.story.id)
            return unasked(choice)


def _origin(digest: Digest) -> Provenance:
    if digest.provenance is None:
        raise SettingsError("the digest does not say what it was made from")
    return digest.provenance


def _begin(digest: Digest, page: Page, place: Place, settings: Settings, show: Show) -> Start:
    memory = _origin(digest).memory
    job = Job(page=page, date=digest.date, stem=place.stem, memory=memory)
    return begin(job, how=sizes(settings), show=show, outputs=place.folder)


def _page(
    digest: Digest,
    source: str | None,
    settings: Settings,
    cache: Cache,
    show: Show,
    stdin: BinaryIO,
) -> Page:
    """Bring the page that the digest was made from, or as it is now."""
    origin = _origin(digest)
    show.stage("fetch")
    if source is not None:
        page = read_source(source, stdin, max_page_bytes=settings.max_page_bytes)
        if page.slug != origin.slug:
            raise SettingsError(f"--source {source!r} is {page.slug!r}, not {origin.slug!r}")
    elif origin.source == "file":
        raise SettingsError(f"{origin.slug!r} was made from a file: give it again with --source")
    else:
        page = _kept_page(digest, origin, settings, cache) or _fetched(origin, settings, cache)
    show.step()
    if page.sha256 != origin.page_sha256:
        show.note(f"the page of {origin.slug!r} has changed since the digest was made")
    return page


def _fetched(origin: Provenance, settings: Settings, cache: Cache) -> Page:
    with newsstand(settings, cache) as stand:
        return stand.fetch(origin.slug)


def _kept_page(digest: Digest, origin: Provenance, settings: Settings, cache: Cache) -> Page | None:
    """Find the very page in the cache, which spares the source and cannot have changed."""
    site, content = settings.site_url, f"{settings.upstream_url}src/content/"
    slug = origin.slug
    urls = {
        "site": (f"{site}issues/{slug}/", f"{site}frozen-issues/{slug}.html"),
        "upstream": (f"{content}issues/{slug}.md", f"{content}frozen-issues/{slug}.md"),
    }
    for url in urls.get(origin.source, ()):
        stored = cache.get(url)
        if stored and hashlib.sha256(stored.body).hexdigest() == origin.page_sha256:
            return Page(
                slug=slug,
                url=digest.issue_url,
                source=origin.source,
                media="markdown" if origin.source == "upstream" else "html",
                text=decode(stored.body, stored.content_type),
                sha256=origin.page_sha256,
            )
    return None


class _Quiet:
    """A run that nobody watches."""

    def stage(self, name: str, total: int = 1) -> None:
        """Say nothing."""

    def step(self, done: int = 1) -> None:
        """Say nothing."""

    def note(self, line: str) -> None:
        """Say nothing."""

    def watch(self, spent: Callable[[], str]) -> None:
        """Say nothing."""

    def bytes(self, what: str, done: int, total: int) -> None:
        """Say nothing."""
