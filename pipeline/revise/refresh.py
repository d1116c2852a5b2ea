"""A digest that exists, and places in it -> the same digest with those entries told anew.

Every other entry is the digest's own, byte for byte, whatever the cache holds and whatever model
is set: only the entries that are named are asked for, and only they are replaced.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import BinaryIO, NamedTuple

from pipeline.edits import find_entry, make_anchor
from pipeline.errors import SettingsError
from pipeline.fetch import parse_slug, read_source
from pipeline.llm import Cache, DigestAsk, RunCost, digest_key, open_model
from pipeline.plan import RunRequest, damaged_error
from pipeline.progress import Progress
from pipeline.publish import PublishedDigest, require_same_model, write_or_draft
from pipeline.records import Digest, Entry
from pipeline.revise.existing import (
    add_model_name,
    prepare_again,
    provenance_of,
    read_editable,
    read_page_again,
    shown_links,
)
from pipeline.revise.grafting import graft, reuse_others
from pipeline.revise.locations import DigestLocation, locate_digest
from pipeline.revise.reuse import reuse_entries
from pipeline.run import generate
from pipeline.settings import Settings
from pipeline.write import issue_lock, read_state, require_unchanged, require_writable


class RefreshOptions(NamedTuple):
    """What is told anew, and what may happen on the way."""

    places: tuple[str, ...]
    """Entries, such as `news:3`."""
    source: str | None = None
    """File with the issue's page, for a digest that was made from one."""
    force: bool = False
    """Whether Markdown that was changed by hand is written over."""
    may_change_model: Callable[[str], bool] = lambda _said: False
    """Asked before another model than the one that made the digest is asked."""


class RefreshResult(NamedTuple):
    """What came of it."""

    published: PublishedDigest
    summary: str
    """One line: `news:3 reworded, 19 unchanged`."""
    cost: RunCost
    """What it cost."""


def refresh_entries(
    location: DigestLocation,
    options: RefreshOptions,
    *,
    settings: Settings,
    progress: Progress,
    stdin: BinaryIO,
) -> RefreshResult:
    """Ask again for some entries of a digest, and write it.

    The digest's own folder is written to, whatever the settings say.

    Raises:
        SettingsError: there is no such entry, its words are by hand, or another model is set.
        NotPublished: the new words of an entry do not pass the checks, or the Markdown was changed
            by hand; nothing was written.
        DigestError: any other of the tree; the old digest is untouched.
    """
    settings = settings.model_copy(update={"outputs_dir": location.folder})
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_file))
        slug = provenance_of(read_editable(location)).slug
        stack.enter_context(
            issue_lock(settings.lock_dir, settings.outputs_dir, slug, progress.note)
        )
        digest = read_editable(location)
        named = [_entry_to_ask_for(digest, place, location.stem) for place in options.places]
        require_same_model(digest, settings, may_change=options.may_change_model)
        require_writable(location.json_path.parent)
        if not options.force:
            require_unchanged(digest, location.json_path)
        page = read_page_again(digest, options.source, settings, cache, progress, stdin)
        inputs = prepare_again(digest, page, location, settings, progress)
        reused, stories = reuse_entries(digest, inputs, ())
        keys = {make_anchor(entry).key for entry in named}
        links = shown_links(digest, keys)
        inputs = inputs.model_copy(update={"stories": stories, "links": links})
        model = stack.enter_context(open_model(settings, cache, progress.bytes))
        free = inputs.profile.is_free
        progress.watch_cost(lambda: model.receipt().summary(is_free=free))
        stack.callback(lambda: progress.note(model.receipt().describe()))
        model.refresh(lambda _question: True)
        ask = DigestAsk(model, digest_key(digest.date, slug))
        others = reuse_others(reused, keys)
        told = generate(inputs, ask=ask, progress=progress, reused=others)
        new = graft(digest, told, options.places)
        new = add_model_name(new, ask.model_names(""))
        written = write_or_draft(new, location.stem, settings=settings, progress=progress)
        cost = model.receipt()
    return RefreshResult(written, _describe(digest, new, options.places), cost)


def locate_to_refresh(request: RunRequest, settings: Settings, stdin: BinaryIO) -> DigestLocation:
    """Find the digest that a request names by its date, its issue or the page it was made from.

    Raises:
        SettingsError: there is none.
        PageNotUnderstood: it is damaged; says how it comes back.
    """
    slug = request.issue and (parse_slug(request.issue) or request.issue)
    if request.source not in (None, "-"):
        limit = settings.max_page_bytes
        slug = read_source(str(request.source), stdin, max_page_bytes=limit).slug
    known = read_state(settings.outputs_dir)
    # Of two digests of a date the first is meant.
    found = min(
        (
            ref.stem
            for ref in known.digests
            if slug in (None, ref.slug) and request.date in (None, ref.date)
        ),
        default=None,
    )
    for hurt in known.damaged:
        meant = hurt.slug == slug if slug else hurt.date == request.date
        if meant and (found is None or hurt.stem < found):
            raise damaged_error(hurt, settings.outputs_dir, request.source)
    if found is not None:
        return locate_digest(found, settings.outputs_dir)
    named = " of ".join(str(one) for one in (request.date, slug) if one)
    raise SettingsError(
        f"there is no digest {named} in {str(settings.outputs_dir)!r}: make it with `run`"
    )


def _entry_to_ask_for(digest: Digest, place: str, stem: str) -> Entry:
    entry = find_entry(digest, place, stem)
    if {"title", "summary"} <= set(entry.edited):
        raise SettingsError(f"{place} is written by hand: undo that edit to ask the model")
    return entry


def _describe(old: Digest, new: Digest, places: Sequence[str]) -> str:
    """Say in one line what was reworded."""
    before, after = dict(old.placed), dict(new.placed)
    words = {place: (entry.title, entry.summary, entry.link) for place, entry in before.items()}
    changed = [
        place
        for place, entry in after.items()
        if words[place] != (entry.title, entry.summary, entry.link)
    ]
    same = [place for place in places if place not in changed]
    parts = [f"{', '.join(changed)} reworded"] if changed else []
    parts += [f"{', '.join(same)} told in the same words"] if same else []
    return ", ".join([*parts, f"{len(after) - len(set(places))} unchanged"])
