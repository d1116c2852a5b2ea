"""A digest: its entries, what was found in them, where they came from, and edits by hand."""

import datetime as dt
import shlex
from typing import Literal

from pydantic import Field, FiniteFloat

from pipeline.records.base import IssuePart, Record
from pipeline.records.entry import Entry
from pipeline.records.issue import DroppedItem
from pipeline.records.page import SourceName
from pipeline.records.reasons import Reason, SalienceFact
from pipeline.typed_command import PROGRAM, given_options


class Finding(Record):
    """One result of a check on one entry."""

    entry: str
    """`news:3` or `tools:10`; the story id where there is no entry."""
    check: str
    severity: Literal["error", "warning"]
    expected: str
    """What would have passed."""
    found: str
    sentence: int | None = Field(default=None, exclude_if=lambda number: number is None)
    """Which sentence it is about, from 1, or 0 for the title; not in the JSON where it is about
    the entry, or where that is not known."""

    @property
    def place(self) -> str:
        """Where it is, for people: `news:3`, `news:3 title` or `news:3 sentence 2`."""
        if self.sentence is None:
            return self.entry
        return f"{self.entry} {f'sentence {self.sentence}' if self.sentence else 'title'}"

    @property
    def name(self) -> str:
        """What it is, for people: `error[link]`."""
        return f"{self.severity}[{self.check}]"

    def line(self, digest: str = "", title: str = "", *, file: str = "") -> str:
        """The finding in one line, for people: the one form that all commands print.

        `error[link] 2026-01-28 news:1 «title»: found …, expected … — what to do`

        Args:
            digest: the name of its digest, where that is not plain.
            title: the title of its entry.
            file: what the digest is called in a command; its name if not given.
        """
        about = " ".join(filter(None, (digest, self.place, title and f"«{title}»")))
        expected = f", expected {self.expected}" if self.expected else ""
        named = shlex.quote(file or digest) if file or digest else ""
        hint = f" — {self._remedy(named)}" if named and ":" in self.entry else ""
        return f"{self.name} {about}: found {self.found}{expected}{hint}"

    def _remedy(self, digest: str) -> str:
        """The command that mends it, or shows what it is about."""
        field = "link" if self.check == "link" else ""
        if self.sentence is not None:
            field = "summary" if self.sentence else "title"
        folder, out = (shlex.join(given_options(name)) for name in ("--directory", "--out"))
        change = f"edit {digest} --set {self.entry}.{field}=…"
        command = change if field else f"show {digest} {self.entry}"
        return " ".join(filter(None, (PROGRAM, folder, command, out)))


class PartCoverage(Record):
    """How much of one part of the issue the run looked at."""

    mentions: int
    stories: int
    """Stories whose first mention stands in it, without those that were published earlier."""
    shown: int
    """Those of them that the model was shown."""
    told: int
    """Those of them that the digest has."""


class OmittedStory(Record):
    """A salient story that the digest leaves out."""

    story: str
    words: str
    """How it begins, in English."""
    part: IssuePart
    """Where its first mention stands."""
    link: str | None
    """Its most first-hand address; None where it has no link."""
    score: FiniteFloat
    """Its salience, comparable within the issue."""
    facts: tuple[SalienceFact, ...]
    """What the score was made of."""
    reason: Reason
    """Why it is left out."""


class Coverage(Record):
    """How much of the issue the run looked at."""

    characters: int
    """Length of all mentions' text."""
    mentions: dict[IssuePart, int]
    stories: int
    """Stories that could have been chosen."""
    shown: int
    """Stories that the model was shown."""
    parts: dict[IssuePart, PartCoverage] = Field(default={})
    """The same per part; not in the JSON where it is unknown."""
    passed: tuple[OmittedStory, ...] = ()
    """The most salient stories that are left out, at most twenty; not in the JSON where there are
    none."""


class Provenance(Record):
    """Where a digest came from: enough to make it again, nothing that changes by itself."""

    slug: str
    title: str
    issue_date: dt.date
    source: SourceName
    page_sha256: str
    """SHA-256 of the page's bytes."""
    model: str
    prompts: dict[str, str]
    """SHA-256 of each prompt file that was used, by its name."""
    settings: dict[str, str | int | FiniteFloat | None] = Field(default={})
    """How the model was asked, by the setting's name; not in the JSON where it is unknown."""
    profile: Literal["plain"] | None = None
    """`plain` where the model translated sentence by sentence what the code chose; not in the JSON
    where it is None, as in the full profile and in what versions before this field made."""
    memory: tuple[str, ...] | None = None
    """Earlier digests, by file name, whose stories were not published again; None where unknown."""
    mentions: str = ""
    """The page's mentions in their order, the first eight digits of each one's key, a space
    between them, so that a later version can tell which of them are new; empty where unknown."""
    made_from: str = ""
    """SHA-256 over all that it was made from and both files, hexadecimal, by which a run knows that
    it is up to date; not in the JSON where the same run again could ask the model anew, and in what
    versions before this field made."""
    coverage: Coverage


class StoryAnchor(Record):
    """How an edit finds its story again, on a page that may have changed since."""

    id: str
    """Id of the story when the edit was made; ids follow salience, so this alone finds nothing."""
    key: str
    """SHA-256 of the letters and digits of its first mention, hexadecimal."""
    link: str | None = None
    """Its most first-hand address, canonical; None where it has no link."""
    words: str
    """How it begins, for people."""


class Edit(Record):
    """One change by hand to one digest; it is applied again whenever that digest is made again."""

    do: Literal["drop", "swap", "pin", "move", "set", "tell", "add"]
    """Leave the story out; put it in another's place; keep it, its place and its text; put it at
    a place; replace words of it; have it told again with a remark; make it of words of the page."""
    story: StoryAnchor
    """The story that it is about: of a swap, the one that comes in."""
    stood: str
    """Where the story stood before: `news:3`; of a swap with a story that was not told, where the
    other one did."""
    place: str | None = None
    """Where it is to stand, for `swap`, `pin`, `move`, `add`, and the words of a quotation."""
    instead: StoryAnchor | None = None
    """The story that a swap leaves out, or that makes room for one that is added or comes from the
    other half."""
    title: str | None = None
    summary: str | None = None
    link: str | None = None
    """Its address by hand, empty for none; null leaves the one that it has."""
    quoted: bool = False
    """Whether the text that was pinned is a quotation."""
    remark: str | None = None
    """What the model is asked to mind, for `tell`."""
    passage: str | None = None
    """The words of the page, verbatim, that an added story consists of."""


class Period(Record):
    """The week or the month that a roundup is of."""

    name: str = Field(pattern=r"^\d{4}-(W\d\d|\d\d)$")
    """`2026-W08` or `2026-02`."""
    notes: tuple[str, ...] = ()
    """What is counted in it, in Chinese sentences of numbers, dates and names."""
    digests: tuple[str, ...] = ()
    """Names of the daily digests that it was made of, oldest first; empty where unknown."""


class Digest(Record):
    """One digest: what is written, and all that is written."""

    date: dt.date
    """Digest date: in the heading and in the file's name."""
    issue_url: str
    """Public address of the issue."""
    news: tuple[Entry, ...]
    tools: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()
    """Findings that did not keep the digest from being written."""
    drops: tuple[DroppedItem, ...] = ()
    """What the selection and the translation left out, and why."""
    edits: tuple[Edit, ...] = ()
    """What was changed by hand, oldest first; not in the JSON where nothing was."""
    provenance: Provenance | None = None
    """Where it came from; None in a digest read from Markdown."""
    translated_by: str = ""
    """Who translated it sentence by sentence, as its Markdown says; blank where that does not say
    so, and in a digest with `provenance`."""
    period: Period | None = Field(default=None, exclude_if=lambda period: period is None)
    """What a roundup, made of entries of daily digests, is of; not in the JSON of a digest."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, news first."""
        return (*self.news, *self.tools)

    @property
    def slug(self) -> str:
        """Slug of its issue; blank where it does not say."""
        return self.provenance.slug if self.provenance else ""

    @property
    def halves(self) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        """Both halves by their names."""
        return ("news", self.news), ("tools", self.tools)

    @property
    def placed(self) -> tuple[tuple[str, Entry], ...]:
        """All entries with their places, such as `news:3` and `tools:10`."""
        return tuple(
            (f"{name}:{number}", entry)
            for name, half in self.halves
            for number, entry in enumerate(half, start=1)
        )

    @property
    def plain_model(self) -> str:
        """The model that translated it sentence by sentence; blank in the full profile."""
        if self.provenance is None:
            return self.translated_by
        return self.provenance.model if self.provenance.profile == "plain" else ""

    @property
    def errors(self) -> int:
        """How many errors the checks found in what it tells, not in what it quotes instead."""
        quoted = {place for place, entry in self.placed if entry.quoted}
        errors = (one for one in self.findings if one.severity == "error")
        return sum(one.entry not in quoted for one in errors)

    @property
    def degraded(self) -> int:
        """How many entries quote the English text, for want of a translation."""
        return sum(entry.quoted for entry in self.entries)

    @property
    def untold(self) -> int:
        """How many places stay empty, for want of a story that could be told."""
        return sum(finding.check == "told" for finding in self.findings)
