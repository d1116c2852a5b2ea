"""Every public record that passes between stages, in the order of the flow.

All are frozen Pydantic records that reject unknown keys; sequences are tuples. They carry no
behaviour beyond what can be read off their own fields.
"""

import datetime as dt
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from pipeline.reasons import NO_REASON, Reason, SalienceFact
from pipeline.typed_command import PROGRAM, given_options

IssuePart = Literal["intro", "twitter", "reddit", "discord", "discord_details"]
"""Which recap a mention stands in; `discord_details` are the by-channel summaries."""

EntryKind = Literal["news", "tool"]
"""Which half of the digest an entry belongs to."""

Telling = Literal["whole", "partly", "not"]
"""How well a story can be told in sentences that stand by themselves."""

SourceName = Annotated[str, StringConstraints(pattern="^[a-z]+$")]
"""Which source served a page: `file`, or the name of one of `SOURCES` in `fetch/chain.py`."""

PageFormat = Literal["html", "markdown"]
"""How a page is written."""

EditedField = Literal["story", "place", "title", "summary", "link", "remark"]
"""What of an entry an edit decides: its story, its place or its words; with a remark the model told
it again as the editor asked."""


class Record(BaseModel):
    """Base of all records: frozen, and strict about what it does not know.

    What checks a record is built when one is first made: most commands make few kinds of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class IssueRef(Record):
    """One line of the feed: an issue that exists, without its text."""

    slug: str
    """`YY-MM-DD-title`, as in the issue's URL."""
    date: dt.date
    """Issue date: the date in the slug."""
    title: str


class StoredPage(Record):
    """One answer of a server, with what is needed to ask whether it has changed."""

    url: str
    etag: str | None
    last_modified: str | None
    content_type: str
    """Its Content-Type, verbatim; may be empty."""
    body: bytes
    """The page's bytes, content encoding removed."""


class Page(Record):
    """One issue's page as it came from its source."""

    slug: str
    """Slug of the issue; for a file without one, the file's name."""
    url: str
    """Public address of the issue, whatever served it."""
    source: SourceName
    media: PageFormat
    text: str
    """The page, decoded; at most `max_page_bytes` before decoding."""
    sha256: str
    """SHA-256 of the page's bytes as they were served, hexadecimal."""


class Link(Record):
    """One link of the issue."""

    url: str
    """Address as the issue has it, http or https."""
    text: str
    """Anchor text, white space folded; may be empty."""
    mention: str = Field(default="", exclude_if=lambda name: not name)
    """Id of the mention that an entry has it from; not in the JSON where it is unknown."""


class Mention(Record):
    """One bullet, post or paragraph of the issue about one thing."""

    id: str
    """`m001`… in the order of the page."""
    part: IssuePart
    section: tuple[str, ...]
    """Headings above it, outermost first, the recap's own heading included."""
    lead: str
    """The bold words or the post title that it starts with, or empty."""
    text: str
    """Plain text, lead included; nested bullets follow on lines of their own, `- ` before each,
    two spaces of indent per level."""
    links: tuple[Link, ...]
    """Its links and those of its nested bullets, in order."""
    bullets: int = Field(ge=0)
    """List items it holds, itself and nested ones; 0 for a paragraph."""
    activity: int | None = None
    """Reddit's activity or score, in votes; None where the issue gives none."""


class DroppedItem(Record):
    """Something that a stage left out, and why."""

    what: str
    """Story id, the id that the model gave, or what a page has too much of."""
    reason: Reason


class Issue(Record):
    """One parsed issue."""

    slug: str
    """`YY-MM-DD-title`."""
    title: str
    date: dt.date
    """Issue date: the slug's, else the page's own."""
    url: str
    """Public address of the issue."""
    description: str
    """The editors' own summary, plain text; may be empty."""
    tags: tuple[str, ...]
    """Companies, models, topics and people that the editors named, in their order."""
    mentions: tuple[Mention, ...]
    drops: tuple[DroppedItem, ...] = Field(default=(), exclude_if=lambda drops: not drops)
    """What the page has beyond the limits of a page."""


class Salience(Record):
    """How much a story matters, judged from facts of the issue alone."""

    score: float = 0.0
    """Larger is more salient; comparable within one issue only."""
    leaning: EntryKind = "news"
    """The half of the digest that its links and words speak for."""
    facts: tuple[SalienceFact, ...] = ()
    """What the score was made of."""


class Story(Record):
    """All mentions of one event."""

    id: str
    """`s01`… in the order in which the model sees them."""
    mentions: tuple[Mention, ...]
    """At least one, best first."""
    joins: tuple[Reason, ...] = ()
    """Why each mention stands here, in the order of the mentions; empty where there is one."""
    sources: tuple[str, ...] = ()
    """Addresses that an entry may show, the most first-hand one first; among its links."""
    salience: Salience = Salience()

    @property
    def lead(self) -> str:
        """The first mention's lead, or the start of its text."""
        first = self.mentions[0]
        return first.lead or first.text.splitlines()[0][:120]

    @property
    def part(self) -> IssuePart:
        """The part in which its first mention stands."""
        return self.mentions[0].part

    @property
    def parts(self) -> tuple[IssuePart, ...]:
        """Every part in which it stands, that of its first mention first."""
        return tuple(dict.fromkeys(mention.part for mention in self.mentions))

    @property
    def links(self) -> tuple[Link, ...]:
        """Every link of its mentions, in order, each address once."""
        seen: dict[str, Link] = {}
        for mention in self.mentions:
            for link in mention.links:
                if link.url not in seen:
                    seen[link.url] = link.model_copy(update={"mention": mention.id})
        return tuple(seen.values())

    @property
    def first_url(self) -> str | None:
        """Its most first-hand address; None where it has no link."""
        return next(iter((*self.sources, *(link.url for link in self.links))), None)

    @property
    def evidence(self) -> str:
        """The verbatim English text of its mentions, one blank line between them."""
        return "\n\n".join(mention.text for mention in self.mentions)


class SelectedStory(Record):
    """One story that was chosen, or waits to be."""

    story: Story
    kind: EntryKind
    """The half of the digest it was chosen for."""
    link: str | None
    """Address that the entry will show: one of the story's, or None where it has none."""
    reason: Reason
    """Why it is here: `model`, or how the code completed the model's answer."""
    follows: dt.date | None = None
    """Digest date of the earlier digest that published it, where it has something new."""
    event: str = ""
    """The event in a few English words, by the model that chose it; only shown to a model."""


class Selection(Record):
    """The stories of one digest, in order."""

    news: tuple[SelectedStory, ...]
    """News, most important first."""
    tools: tuple[SelectedStory, ...]
    """Tools, most useful first."""
    spares: tuple[SelectedStory, ...]
    """Stories that take the place of one that fails, best first; no kind is final."""
    drops: tuple[DroppedItem, ...]
    """Ids of the model's answer that were repaired, and stories that were passed over."""
    shown: int
    """How many stories the model was shown."""
    shown_ids: tuple[str, ...] | None = None
    """Their ids, where a server read less than the plan; None where it read all of it."""


class EvidenceLine(Record):
    """One line of what an entry rests on: a line of its mention, a long one cut at a sentence."""

    mention: str
    """Id of the mention that it stands in."""
    text: str
    """Its words, verbatim."""
    continues: bool = Field(default=False, exclude_if=lambda on: not on)
    """Whether it goes on the line of the mention that the one above began; not in the JSON where
    it does not."""


class Sentence(Record):
    """One sentence of a summary, and what it rests on."""

    text: str
    lines: tuple[int, ...] = ()
    """Numbers, from 1, of evidence lines of its entry; empty where they are not known."""


_LINES = TypeAdapter(list[EvidenceLine])
_LINE_CHARS = 240
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”)])) (?=[A-Z\"“])")


_CHINESE_SENTENCE = re.compile(r"[^。！？]+(?:[。！？]+[”’」）)]*|$)")


def cut_sentences(summary: str) -> tuple[Sentence, ...]:
    """Cut a summary at its full stops; what its sentences rest on is not known."""
    return tuple(Sentence(text=text) for text in _CHINESE_SENTENCE.findall(summary))


def cut_lines(mention: str, text: str) -> Iterator[EvidenceLine]:
    """Cut the text of a mention into evidence lines.

    A line of more than 240 characters is cut at ends of its sentences.
    """
    for raw in text.split("\n"):
        start = end = 0
        for found in (*_SENTENCE_END.finditer(raw), None):
            stop = found.start() if found else len(raw)
            if end > start and stop - start >= _LINE_CHARS:
                yield EvidenceLine(mention=mention, text=raw[start:end], continues=start > 0)
                start = end + 1
            end = stop
        yield EvidenceLine(mention=mention, text=raw[start:end], continues=start > 0)


def join_lines(evidence: str | Iterable[Mapping[str, Any]]) -> str:
    """Make one text of what a digest's JSON has as evidence: lines, or in an older one a text."""
    if isinstance(evidence, str):
        return evidence
    text, mention = "", None
    for line in evidence:
        same = line["mention"] == mention
        parted = (
            "" if mention is None else " " if line.get("continues") else "\n" if same else "\n\n"
        )
        text, mention = text + parted + line["text"], line["mention"]
    return text


# Every check of an entry asks for them.
@lru_cache(maxsize=64)
def _cut_evidence(evidence: str, mentions: tuple[str, ...]) -> tuple[EvidenceLine, ...]:
    blocks = evidence.split("\n\n")
    if len(blocks) != len(mentions):
        return ()
    pairs = zip(mentions, blocks, strict=True)
    return tuple(line for name, block in pairs for line in cut_lines(name, block))


@lru_cache(maxsize=64)
def _line_places(evidence: str, mentions: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    places: list[tuple[int, int]] = []
    end = 0
    for line in _cut_evidence(evidence, mentions):
        start = evidence.index(line.text, end)
        end = start + len(line.text)
        places.append((start, end))
    return tuple(places)


def _moved_lines(
    lines: Sequence[EvidenceLine], text: str, mentions: tuple[str, ...]
) -> Callable[[int], tuple[int, ...]]:
    """Find the numbers that lines have which were cut in another way; 0 for a line that is none."""
    places = _line_places(text, mentions)
    starts = list(accumulate((len(line.text) for line in lines), initial=0))

    def move(number: int) -> tuple[int, ...]:
        if not 0 < number <= len(lines):
            return (0,)
        # Among the letters of the text, white space apart from them counted by place.
        start = text.index(lines[number - 1].text, starts[number - 1])
        end = start + len(lines[number - 1].text)
        found = [at for at, (first, last) in enumerate(places, 1) if first < end and start < last]
        return tuple(found) or (0,)

    return move


class Entry(Record):
    """One item of the digest."""

    kind: EntryKind
    title: str
    """Chinese title, at most 40 characters, plain text."""
    summary: str
    """Chinese sentences, plain text: at most 260 characters, 420 of an event told at length."""
    sentences: tuple[Sentence, ...] = ()
    """The summary sentence by sentence; not in the JSON where it is not known what they rest
    on."""
    link: str | None
    """First-hand source, an address of the story; None where the story has none about it."""
    unlinked: bool = Field(default=False, exclude_if=lambda none: not none)
    """Whether a model that saw every link of the story said that none is about the event."""
    story: str | None = None
    """Id of its story; None in a digest read from Markdown."""
    section: tuple[str, ...] = ()
    """Headings above the story's first mention."""
    parts: tuple[IssuePart, ...] = ()
    """Recaps in which its story stands, that of its first mention first; not in the JSON where
    they are unknown."""
    links: tuple[Link, ...] = ()
    evidence: str = ""
    """The English text of its mentions, one blank line between them; in the JSON a list of lines,
    each with its mention."""
    mentions: tuple[str, ...] = ()
    """Ids of those mentions; unknown in an older digest, whose evidence is one text in the JSON."""
    reason: Reason = NO_REASON
    follows: dt.date | None = None
    """Digest date of the earlier digest that published the same event; shown as 后续."""
    tries: int = 1
    """How often the model was asked until it passed the checks."""
    quoted: bool = False
    """Whether it quotes the English evidence, since no translation passed the checks."""
    edited: tuple[EditedField, ...] = ()
    """What of it is by hand; not in the JSON where nothing is."""
    published: str = Field(
        default="", pattern=r"^(\d{4}-\d\d-\d\d(-\d{1,2})?)?$", exclude_if=lambda name: not name
    )
    """Of a roundup: name of the daily digest that it stands in; only there in the JSON."""
    timeline: int = Field(default=0, ge=0, exclude_if=lambda number: not number)
    """Of a roundup: number of the timeline that it belongs to, from 1; else not in the JSON."""

    @model_validator(mode="before")
    @classmethod
    def _read_lines(cls, data: object) -> object:
        """Read evidence that is a list of lines."""
        if not (isinstance(data, dict) and isinstance(data.get("evidence"), list)):
            return data
        lines = _LINES.validate_python(data["evidence"])
        names = tuple(name for name, _ in groupby(line.mention for line in lines))
        text = join_lines(map(vars, lines))
        read = {**data, "evidence": text, "mentions": names}
        if data.get("sentences") and _cut_evidence(text, names) != tuple(lines):
            moved = _moved_lines(lines, text, names)
            sentences = TypeAdapter(list[Sentence]).validate_python(data["sentences"])
            read["sentences"] = tuple(
                sentence.model_copy(
                    update={"lines": tuple(new for old in sentence.lines for new in moved(old))}
                )
                for sentence in sentences
            )
        return read

    @property
    def told(self) -> tuple[Sentence, ...]:
        """Its sentences, where they make up the summary; nothing where they are not known."""
        whole = "".join(sentence.text for sentence in self.sentences)
        return self.sentences if whole == self.summary else ()

    @property
    def evidence_lines(self) -> tuple[EvidenceLine, ...]:
        """Its evidence line by line; nothing where it is not known which mention has which."""
        return _cut_evidence(self.evidence, self.mentions)

    @property
    def line_places(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each evidence line in the evidence."""
        return _line_places(self.evidence, self.mentions)


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
    parts: dict[IssuePart, PartCoverage] = {}
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
    settings: dict[str, str | int | FiniteFloat | None] = {}
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
    def placed(self) -> tuple[tuple[str, Entry], ...]:
        """All entries with their places, such as `news:3` and `tools:10`."""
        halves = (("news", self.news), ("tools", self.tools))
        return tuple(
            (f"{name}:{number}", entry)
            for name, half in halves
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
