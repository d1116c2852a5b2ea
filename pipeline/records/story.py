"""Mentions that tell one event, and those of them that were chosen."""

import datetime as dt
from typing import Literal

from pipeline.records.base import EntryKind, IssuePart, Record
from pipeline.records.issue import DroppedItem, Link, Mention
from pipeline.records.reasons import Reason, SalienceFact

Telling = Literal["whole", "partly", "not"]
"""How well a story can be told in sentences that stand by themselves."""


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
    """How many stories the model was shown; none where the code chose."""
    shown_ids: tuple[str, ...] | None = None
    """Their ids, where a server read less than the plan; None where it read all of it."""

    @property
    def chosen(self) -> tuple[SelectedStory, ...]:
        """Those that have a place, the news first."""
        return (*self.news, *self.tools)
