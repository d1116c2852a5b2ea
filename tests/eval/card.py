"""Score cards: what is counted about a digest, and how counts add up.

Every figure is a share of something, so that issues add up to a total without averaging averages.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pydantic import Field

from pipeline.records import Record

LOW: Final = frozenset(
    {
        "repeats",
        "repaired",
        "replaced",
        "quoted",
        "rejected",
        "warned",
        "misread",
        "false_alarms",
        "right_rejected",
        "wrong_passed",
        "pairs_rejected",
        "pairs_passed",
        "given_rejected",
        "given_passed",
    }
)
"""Fields of which less is better; all others are the better the higher."""


class Ratio(Record):
    """So many of so many."""

    hit: int = 0
    """How many are as the field says."""
    of: int = 0
    """Out of how many; 0 where there was nothing to count."""

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None where there was nothing to count."""
        return self.hit / self.of if self.of else None

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(hit=self.hit + other.hit, of=self.of + other.of)


class Card(Record):
    """What was counted about one issue's digest, or about several together."""

    model: str
    """Name of the model."""
    name: str
    """Name of the issue; `total` for all of a model."""
    whole: Ratio = Ratio()
    """Entries, of the ten news and ten tools that the issue has stories for."""
    linked: Ratio = Ratio()
    """Entries with a link, of those whose story has one that is not about something else."""
    grounded: Ratio = Ratio()
    """Links that stand in the issue and in their own story, of all shown."""
    first_hand: Ratio = Ratio()
    """Links to a page other than a post about it, of entries whose story has such a link."""
    repeats: Ratio = Ratio()
    """Entries that tell a story or show an address again, of all entries."""
    numbers: Ratio = Ratio()
    """Entries without a quantity that the story lacks, of those that are no quotations."""
    names: Ratio = Ratio()
    """Entries without a name that the story lacks, of those that are no quotations."""
    terms: Ratio = Ratio()
    """Entries without a term that is rendered otherwise, of those that are no quotations."""
    language: Ratio = Ratio()
    """Entries in Simplified Chinese, of those that are no quotations."""
    length: Ratio = Ratio()
    """Entries with a title up to 40 and a summary of 12 to 260 characters, of the same."""
    clean: Ratio = Ratio()
    """Entries of which no check says anything, of the same."""
    cited: Ratio = Ratio()
    """Sentences that name lines, all of which exist, of those of the same."""
    sourced: Ratio = Ratio()
    """Sentences whose lines have all their numbers and names, of those that have any."""
    coverage: Ratio = Ratio()
    """Stories that the model was shown, of all."""
    repaired: Ratio = Ratio()
    """Entries that passed the checks only when asked for again, of all entries."""
    replaced: Ratio = Ratio()
    """Stories that were told, but not published, of all told."""
    quoted: Ratio = Ratio()
    """Entries that quote the English text for want of a translation, of all entries."""
    rejected: Ratio = Ratio()
    """Answers of a hosted model to which a check wrongly objected as they came first, with an
    error, of all first answers. A finding is wrong until `judged.toml` says that it is right."""
    warned: Ratio = Ratio()
    """The same with a warning and no error."""
    misread: Ratio = Ratio()
    """Entries of which proofreading wrongly named a sentence, of all entries; what it named is judged
    in the same file."""
    agreement: Ratio = Ratio()
    """Links that a published digest of the issue shows, in stories of our choice, of all that it
    shows and the issue has."""
    agreement_alone: Ratio = Ratio()
    """The same, of the choice on salience alone."""
    caught_numbers: Ratio = Ratio()
    """Entries with a broken number or unit that the checks object to, of all so broken."""
    caught_names: Ratio = Ratio()
    """The same of names, models and versions."""
    caught_links: Ratio = Ratio()
    """The same of links."""
    caught_english: Ratio = Ratio()
    """The same of clauses and sentences left in English."""
    caught_others: Ratio = Ratio()
    """The same of traditional characters, other scripts, form, length and terms."""
    caught_moved: Ratio = Ratio()
    """The same of figures that another line of the event has."""
    caught_qualifiers: Ratio = Ratio()
    """The same of qualifiers left out, warnings included."""
    caught_subjects: Ratio = Ratio()
    """The same of organisations of which only other entries tell."""
    caught_facts: Ratio = Ratio()
    """The same of clauses with a figure that are another entry's."""
    caught_lines: Ratio = Ratio()
    """The same of wrong line numbers; those that code puts right count too."""
    caught_padding: Ratio = Ratio()
    """The same of sentences on what the text does not say."""
    false_alarms: Ratio = Ratio()
    """Published entries to which the checks object wrongly, of all published entries."""
    right_rejected: Ratio = Ratio()
    """Right answers written for this, each of a kind that a plain comparison rejects, to which a
    check objects, of all."""
    wrong_passed: Ratio = Ratio()
    """Wrong answers written for this to which no check objects, of all."""
    pairs_rejected: Ratio = Ratio()
    """The same as `right_rejected` of our own pairs of a quantity in English and Chinese."""
    pairs_passed: Ratio = Ratio()
    """The same as `wrong_passed` of these."""
    given_rejected: Ratio = Ratio()
    """The same as `right_rejected` of pairs of quantities that somebody else wrote."""
    given_passed: Ratio = Ratio()
    """The same as `wrong_passed` of these."""
    by_kind: dict[str, Ratio] = Field(default_factory=dict)
    """What `caught_…` is made of, by `group: kind` of break."""
    by_kind_open: dict[str, Ratio] = Field(default_factory=dict)
    """Breaks that are left to proofreading, noticed by the checks all the same, by the same."""
    by_check: dict[str, dict[str, int]] = Field(default_factory=dict)
    """How many breaks of a kind each check noticed; several may notice one."""
    missed: tuple[str, ...] = ()
    """Breaks that no check noticed, one line each."""
    alarms: tuple[str, ...] = ()
    """False alarms, one line each."""
    objections: tuple[str, ...] = ()
    """Findings on first answers that are not right, or not judged, one line each."""


RATIOS: Final = tuple(
    name for name, field in Card.model_fields.items() if field.annotation is Ratio
)
"""Names of the fields that are counted."""


def total(cards: Sequence[Card]) -> Card:
    """Add the cards of one model up."""
    sums = {name: added(getattr(card, name) for card in cards) for name in RATIOS}
    return Card(
        model=cards[0].model,
        name="total",
        by_kind=added_by_kind([card.by_kind for card in cards]),
        by_kind_open=added_by_kind([card.by_kind_open for card in cards]),
        by_check=added_by_check([card.by_check for card in cards]),
        missed=tuple(line for card in cards for line in card.missed),
        alarms=tuple(line for card in cards for line in card.alarms),
        objections=tuple(line for card in cards for line in card.objections),
        **sums,
    )


def added(ratios: Iterable[Ratio]) -> Ratio:
    """Add shares up: so many of so many in all."""
    return sum(ratios, Ratio())


def added_by_kind(tables: Sequence[Mapping[str, Ratio]]) -> dict[str, Ratio]:
    """Add tables of shares up, kind by kind, in alphabetical order."""
    kinds = sorted({kind for table in tables for kind in table})
    return {kind: added(table.get(kind, Ratio()) for table in tables) for kind in kinds}


def added_by_check(
    tables: Sequence[Mapping[str, Mapping[str, int]]],
) -> dict[str, dict[str, int]]:
    """Add up what each check noticed, kind by kind."""
    sums: dict[str, Counter[str]] = {}
    for table in tables:
        for kind, found in table.items():
            sums.setdefault(kind, Counter()).update(found)
    return {kind: dict(sorted(sums[kind].items())) for kind in sorted(sums)}
