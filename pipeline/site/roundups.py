"""The folders of roundups -> their pages, a page that lists them, and a feed.

A roundup is shown as a digest is, each timeline as a section, and each entry leads to the digest
that it stands in. One that changed is read again, the others are known from an index.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.diff import git_names
from pipeline.errors import PageNotUnderstood, WriteError
from pipeline.records import HALVES, Digest, EntryKind
from pipeline.site.entry import DayLink, EntryView, day_link, entry_view
from pipeline.site.feed import FeedHead, SiteDigest, feed_posts, render_feed
from pipeline.site.folder import SiteFile
from pipeline.site.forms import FormLink, form_file, form_links
from pipeline.site.library import DigestFacts, Library
from pipeline.site.pages import PageSection
from pipeline.site.report_link import ReportForm
from pipeline.site.safe import one_line
from pipeline.site.stamps import hash_inputs
from pipeline.site.subjects import RenderPage
from pipeline.storage import FileIndex, program_hash, read_regular
from pipeline.write import (
    EXPORTS,
    NO_ENTRIES,
    ROUNDUPS,
    closing_note,
    digest_sections,
    from_json,
    period_word,
)

FOLDER: Final = "roundup"
INDEX: Final = f"{FOLDER}/index.html"
FEED: Final = f"{FOLDER}/feed.xml"
MAX_FEED_ROUNDUPS: Final = 20
"""How many a feed has."""


class RoundupFacts(NamedTuple):
    """What is held of a roundup."""

    name: str
    """`2026-W08` or `2026-02`."""
    last: dt.date
    """Its last day."""
    notes: tuple[str, ...]
    digests: tuple[str, ...]
    """Names of the digests that it was made of."""
    git_names: tuple[str, str]

    @property
    def label(self) -> str:
        """What it is called."""
        return f"{period_word(self.name)} {self.name}"

    @property
    def page(self) -> str:
        """Its page, from the site's root."""
        return f"{FOLDER}/{self.name}.html"


class RoundupPage(NamedTuple):
    """All that the page of a roundup shows."""

    label: str
    notes: tuple[str, ...]
    sections: tuple[PageSection, ...]
    """The timelines, and what is left of each half."""
    cited: bool
    translated: str
    """Names the models that translated sentence by sentence; blank for none."""
    forms: tuple[FormLink, ...]


class Roundups:
    """The roundups below a folder of digests."""

    def __init__(
        self, folder: Path, index_dir: Path | None, form: ReportForm | None = None
    ) -> None:
        """Look at all, and read those that no index knows."""
        self._folder, self._form = folder, form
        self.warnings: list[str] = []
        """What cannot be read, and why."""
        found = [one for name in ROUNDUPS for one in self._look(folder / name, index_dir)]
        self.all: tuple[RoundupFacts, ...] = tuple(
            sorted(found, key=lambda facts: (facts.last, "W" in facts.name), reverse=True)
        )
        """The newest first."""

    def _look(self, folder: Path, index_dir: Path | None) -> Iterator[RoundupFacts]:
        index = FileIndex(
            folder, _read_facts, RoundupFacts, index_dir=index_dir, version=program_hash()
        )
        names = index.json_names()
        for name in names:
            try:
                yield index.get(name)
            except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
                self.warnings.append(f"{folder / name} is not on the site: {error}")
        index.save(frozenset(names))

    def files(
        self, render: RenderPage, library: Library, base_url: str | None
    ) -> Iterator[SiteFile]:
        """Give all files; the library knows where the entries of digests stand."""
        days = {facts.stem: facts for facts in library.digests}
        for facts in self.all:
            yield from self._files_of(facts, render, days, base_url)
        listed = hash_inputs("roundups", self.all, base_url)
        yield SiteFile(INDEX, lambda: render(INDEX, "roundups.html", self.all, "roundup"), listed)
        yield SiteFile(FEED, lambda: self._feed(base_url), listed)

    def _files_of(
        self,
        facts: RoundupFacts,
        render: RenderPage,
        days: Mapping[str, DigestFacts],
        base_url: str | None,
    ) -> Iterator[SiteFile]:
        made_of = [(name, days[name].entry_facts) for name in facts.digests if name in days]

        def make() -> bytes:
            page = roundup_page(self._read(facts), days, self._form)
            return render(facts.page, "roundup.html", page, "roundup")

        yield SiteFile(
            facts.page, make, hash_inputs("roundup", facts, made_of, base_url, self._form)
        )
        for form, export in EXPORTS.items():
            file = form_file(facts.name, form)
            yield SiteFile(
                file,
                partial(self._export, facts, export.render),
                hash_inputs(file, facts.git_names),
            )

    def _export(self, facts: RoundupFacts, render: Callable[[Digest], str]) -> bytes:
        return render(self._read(facts)).encode()

    def _feed(self, base_url: str | None) -> bytes:
        newest = self.all[:MAX_FEED_ROUNDUPS]
        posts = feed_posts(
            (SiteDigest(facts.name, self._read(facts)) for facts in newest),
            base_url=base_url,
            stems=(),
        )
        named = tuple(
            post._replace(
                title=f"AINews {facts.label}",
                address=f"{base_url}{facts.page}" if base_url else f"../{facts.page}",
                summary="".join(facts.notes),
            )
            for post, facts in zip(posts, newest, strict=True)
        )
        head = FeedHead(FEED, "AINews 周报与月报", "日报条目的汇编，每条注明日期与来源", INDEX)
        return render_feed(named, base_url=base_url, head=head).encode()

    def _read(self, facts: RoundupFacts) -> Digest:
        """Read a roundup.

        Raises:
            WriteError: it is not there any more, or no digest any more.
        """
        file = self._folder / ("weekly" if "W" in facts.name else "monthly") / f"{facts.name}.json"
        try:
            return from_json(read_regular(file).decode())
        except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
            message = f"{file} changed while the site was built: {error}; build it again"
            raise WriteError(message) from error


def roundup_page(
    roundup: Digest, days: Mapping[str, DigestFacts], form: ReportForm | None = None
) -> RoundupPage:
    """Show one roundup."""
    name = roundup.period.name if roundup.period else ""
    placed = dict(roundup.placed)

    def shown(kind: EntryKind, number: int) -> EntryView:
        place = f"{HALVES[kind]}:{number}"
        entry = placed[place]
        findings = [one for one in roundup.findings if one.entry == place]
        earlier = _day(entry.follows.isoformat(), days) if entry.follows else None
        anchor = place.replace(":", "-")
        published = _day(entry.published, days, one_line(entry.title))
        # An error is mended in the digest, where the entry stands.
        stands = published.href.partition("#")[2].replace("-", ":") if published else ""
        where = (entry.published, stands) if stands else (name, place)
        report = form.link(*where, entry) if form else ""
        view = entry_view(entry, anchor, number, findings=findings, earlier=earlier, report=report)
        return view._replace(published=published)

    sections = tuple(
        PageSection(
            id=f"timeline-{section.timeline}" if section.timeline else HALVES[section.kind],
            heading=section.plain_heading.split(maxsplit=1)[1],  # without its picture
            items=tuple(shown(section.kind, text.number) for text in section.entries),
            nothing=NO_ENTRIES,
        )
        for section in digest_sections(roundup)
    )
    return RoundupPage(
        label=f"{period_word(name)} {name}",
        notes=tuple(map(one_line, roundup.period.notes)) if roundup.period else (),
        sections=sections,
        cited=any(item.sentences for section in sections for item in section.items),
        translated=closing_note(roundup, clean=one_line),
        forms=form_links(name),
    )


def _day(name: str, days: Mapping[str, DigestFacts], title: str = "") -> DayLink | None:
    """Link to a digest, and in it to the entry of a title; without address where it is missing."""
    if not name:
        return None
    day = day_link(name)
    if name not in days:
        return day._replace(href="")
    found = (facts.anchor for facts in days[name].entry_facts if title == facts.title)
    anchor = next(found, "")
    return day._replace(href=f"../{day.href}#{anchor}" if anchor else f"../{day.href}")


def _read_facts(file: Path) -> RoundupFacts:
    data = read_regular(file)
    roundup = from_json(data.decode())
    period = roundup.period
    kind = "weekly" if period and "W" in period.name else "monthly"
    if period is None or (file.parent.name, file.stem) != (kind, period.name):
        raise PageNotUnderstood("it is no roundup of that name")
    return RoundupFacts(
        name=period.name,
        last=roundup.date,
        notes=tuple(map(one_line, period.notes)),
        digests=period.digests,
        git_names=git_names(data),
    )
