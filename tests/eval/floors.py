"""What is good enough: the floors in `floors.toml`, and the only ways to change them.

Floors go up by `raised`, whenever more is reached, and down only by `lowered`, which wants a reason
and adds a dated line to the changelog of the prompts. A seal over both, the floors and that part of
the changelog, is checked whenever they are read: a floor that somebody lowered in an editor fails
there, although every card still passes. The seal is no lock, whoever can run this code can make
one; it keeps a change from being made in passing, or without its line.
"""

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError

from eval.card import LOW, RATIOS, Card
from pipeline.errors import DigestError, SettingsError
from pipeline.records import Record

_HEADING = "## floors"
_SECTION = re.compile(rf"(?ms)^{_HEADING}$.*?(?=^## |\Z)")
_ISSUES = "issues"
# What the run had to mend to get there is shown, but neither good nor bad.
_FREE = {"repaired"}
_HEAD = """\
# What `make eval` must reach. Change nothing here by hand: the seal would break.
#   python tests/eval floors --raise                                up to what is reached
#   python tests/eval floors --lower TABLE FIELD VALUE --why "..."  and a line in prompts/CHANGELOG.md
# [each] holds for every issue, [total] for every model, [models.NAME] for that model's total. Of
# {low} the number is the most there may be.
"""

Table = dict[str, float]


class Floors(Record):
    """What must be reached, field by field, as shares from 0 to 1."""

    each: Table
    """Of every card."""
    total: Table
    """Of every model's total."""
    models: dict[str, Table] = Field(default_factory=dict)
    """Of one model's total, by its name; `issues` is how many must have been scored."""


class Shortfall(Record):
    """One figure that is not good enough."""

    model: str
    """Name of the model."""
    name: str
    """Name of the issue, or `total`."""
    field: str
    """The figure."""
    floor: float
    """What it should be."""
    reached: float
    """What it is."""

    def line(self) -> str:
        """Say it in one line."""
        way = "above the ceiling" if self.field in LOW else "below the floor"
        of = f"{self.field} of {self.name}, {self.model}"
        return f"{of}: {_shown(self.reached)} is {way} {_shown(self.floor)}"


class BrokenSeal(DigestError):
    """The floors, or what the changelog says of them, were changed by hand."""


def load(file: Path, changelog: Path) -> Floors:
    """Read the floors.

    Raises:
        SettingsError: they cannot be read.
        BrokenSeal: they are not as they were left.
    """
    try:
        facts = tomllib.loads(file.read_text(encoding="utf-8"))
        seal = facts.pop("seal", "")
        floors = Floors.model_validate(facts)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        said = " ".join(str(error).split())
        raise SettingsError(f"{file} cannot be used: {said}; restore it from git") from error
    if seal != _seal(floors, changelog):
        raise BrokenSeal(
            f"{file}, or {_HEADING!r} in {changelog.name}, was changed by hand: restore both from "
            "git; `python tests/eval floors --lower TABLE FIELD VALUE --why ...` lowers a floor"
        )
    return floors


def save(floors: Floors, file: Path, changelog: Path) -> None:
    """Write the floors, and seal them."""
    parts = [_HEAD.format(low=", ".join(sorted(LOW))), f'seal = "{_seal(floors, changelog)}"\n']
    tables = {"each": floors.each, "total": floors.total}
    tables |= {f"models.{json.dumps(name)}": table for name, table in sorted(floors.models.items())}
    for title, table in tables.items():
        parts += [f"\n[{title}]\n", *(f"{name} = {_shown(table[name])}\n" for name in table)]
    file.write_text("".join(parts), encoding="utf-8")


def shortfalls(
    floors: Floors, cards: Sequence[Card], totals: Sequence[Card], *, complete: bool
) -> list[Shortfall]:
    """Compare cards with the floors.

    Args:
        floors: what must be reached.
        cards: one per model and issue.
        totals: one per model.
        complete: whether the stored newsletter is at hand; without it a total is one of fewer
            issues, and says nothing.
    """
    found = [low for card in cards for low in _below(floors.each, card)]
    for card in totals if complete else ():
        own = dict(floors.models.get(card.model, {}))
        wanted, scored = own.pop(_ISSUES, 0), sum(one.model == card.model for one in cards)
        if scored < wanted:
            low = {"field": _ISSUES, "floor": wanted, "reached": scored}
            found.append(Shortfall(model=card.model, name=card.name, **low))
        found += [*_below(floors.total, card), *_below(own, card, counted=True)]
    return found


def without(floors: Floors, totals: Sequence[Card]) -> list[str]:
    """Name the models that were measured and have no floors of their own yet."""
    return [card.model for card in totals if card.model not in floors.models]


def raised(floors: Floors, cards: Sequence[Card], totals: Sequence[Card]) -> Floors:
    """Raise the floors of each model and of each issue to what is reached, in whole hundredths.

    None is lowered; an issue's floors are those of the fields that have one.
    """
    models = dict(floors.models)
    for card in totals:
        table = dict(models.get(card.model, {}))
        table[_ISSUES] = max(table.get(_ISSUES, 0), sum(one.model == card.model for one in cards))
        for field in RATIOS:
            if field not in _FREE and (reached := _reached(card, field)) is not None:
                table[field] = _best(field, table.get(field, reached), reached)
        models[card.model] = table
    each = {}
    for field, floor in floors.each.items():
        found = [one for card in cards if (one := _reached(card, field)) is not None]
        worst = max(found, default=floor) if field in LOW else min(found, default=floor)
        each[field] = _best(field, floor, worst)
    return floors.model_copy(update={"models": models, "each": each})


def _reached(card: Card, field: str) -> float | None:
    """Give a figure in whole hundredths, the worse way; None where nothing was counted."""
    value: float | None = getattr(card, field).value
    if value is None:
        return None
    # A share of 0.29 is 28.999… hundredths.
    hundredths = round(100 * value, 6)
    whole: int = math.ceil(hundredths) if field in LOW else math.floor(hundredths)
    return whole / 100


def _best(field: str, *figures: float) -> float:
    return min(figures) if field in LOW else max(figures)


def lowered(floors: Floors, table: str, field: str, value: float) -> tuple[Floors, float]:
    """Lower one floor, or lift one ceiling.

    Returns:
        The floors, and what it was before.

    Raises:
        SettingsError: there is no such floor, or the value is no lower one.
    """
    tables = {"each": floors.each, "total": floors.total, **floors.models}
    if table not in tables:
        raise SettingsError(f"{table!r} is no table of floors: give one of {sorted(tables)}")
    if field not in tables[table]:
        raise SettingsError(f"{table!r} has no floor {field!r}: give one of {list(tables[table])}")
    before = tables[table][field]
    if (value <= before) if field in LOW else (value >= before):
        raise SettingsError(f"{value} does not lower {field!r}, which is {before}; use --raise")
    if not 0 <= value <= 1 and field != _ISSUES:
        raise SettingsError(f"{value} is no share: give a number from 0 to 1")
    changed = tables[table] | {field: value}
    if table in {"each", "total"}:
        return floors.model_copy(update={table: changed}), before
    return floors.model_copy(update={"models": floors.models | {table: changed}}), before


def explain(line: str, *, today: date, changelog: Path) -> None:
    """Add a dated line to the floors' part of the changelog."""
    text = changelog.read_text(encoding="utf-8").rstrip("\n") + "\n"
    found = _SECTION.search(text)
    entry = f"- {today.isoformat()}, {' '.join(line.split())}\n"
    if found is None:
        text += f"\n{_HEADING}\n\n{entry}"
    else:
        rest = text[found.end() :]
        text = f"{text[: found.end()].rstrip()}\n{entry}" + (f"\n{rest}" if rest else "")
    changelog.write_text(text, encoding="utf-8")


def _below(table: Mapping[str, float], card: Card, *, counted: bool = False) -> list[Shortfall]:
    """Find the figures below a table; where they were `counted` before, none may be missing."""
    found = []
    for field, floor in table.items():
        value = getattr(card, field).value
        if value is None and counted:
            value = float(field in LOW)
        if value is None or ((value <= floor) if field in LOW else (value >= floor)):
            continue
        found.append(
            Shortfall(model=card.model, name=card.name, field=field, floor=floor, reached=value)
        )
    return found


def _seal(floors: Floors, changelog: Path) -> str:
    """Hash what must not change in silence."""
    text = changelog.read_text(encoding="utf-8") if changelog.is_file() else ""
    said = _SECTION.search(text)
    shape = (floors.model_dump(mode="json"), said[0].strip() if said else "")
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()


def _shown(value: float) -> str:
    """Write a share so that it is never rounded up to its floor."""
    return f"{value:.4g}" if value != int(value) else f"{value:.1f}"
