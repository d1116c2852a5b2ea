"""The ledger: what every call cost, written at once, and what a day may still cost.

One row a call, so that the spending of a run that was killed is known. The rows stand in the cache,
into which several processes write; they are added up when they are read.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from typing_extensions import override

from pipeline.llm.daily_limit import RECKONED_USD, SHANGHAI, DailyBudget
from pipeline.records import Record

if TYPE_CHECKING:
    from pipeline.llm.cache import Cache

_CHARGED_DIGEST: ContextVar[str] = ContextVar("digest", default="")


class Usage(Record):
    """What the questions of one prompt cost."""

    prompt: str
    """Name of the prompt file."""
    calls: int = 0
    """Answers that a server gave."""
    batched: int = 0
    """Those of them that came through a batch, at its price."""
    failed: int = 0
    """Calls that ended without an answer; what came before they broke off is in the tokens."""
    from_cache: int = 0
    """Questions that were answered from the cache."""
    uncounted: int = 0
    """Calls whose server did not say how many tokens they took; the tokens here are estimated."""
    input_tokens: int = 0
    """Tokens sent, those that the provider had cached included."""
    cached_tokens: int = 0
    """Tokens sent that the provider had cached."""
    output_tokens: int = 0
    """Tokens received, reasoning included."""
    reasoning_tokens: int = 0
    """Tokens received that were reasoning."""
    cost_usd: float | None = 0.0
    """Price, of estimated tokens where some are; None where the model's price is not known."""
    saved_usd: float = 0.0
    """What the same answers would have cost more without a batch, where the price is known."""
    seconds: float = 0.0
    """Time spent waiting, added up over calls that may have run at once."""


_MAX_NAME_CHARS = 300


def _text(column: str) -> str:
    """Read a column as a text of a length that a table can show, whatever stands in it."""
    return f"coalesce(substr(CAST({column} AS TEXT), 1, {_MAX_NAME_CHARS}), '')"


def _sum(column: str, kind: str) -> str:
    """Add up a column as a number, whatever stands in it; none is larger than floats are exact."""
    return f"CAST(coalesce(max(min(total({column}), 9e15), 0), 0) AS {kind})"


_SUM_COLUMNS = ", ".join(
    _sum(name, "INTEGER" if field.annotation is int else "REAL")
    for name, field in Usage.model_fields.items()
    if name != "prompt"
)
_UNPRICED = _sum("(cost_usd IS NULL) * (calls + failed)", "INTEGER")


class LedgerRow(Record):
    """One line of the ledger."""

    run: str
    """What the caller calls the run."""
    day: str
    """Calendar date of the call in Asia/Shanghai, `YYYY-MM-DD`."""
    model: str
    """Name of the model."""
    usage: Usage
    """What it cost."""
    estimated_usd: float = 0.0
    """What counts towards a day's cap: the cost, of estimated tokens where none were counted."""
    digest: str = ""
    """Name of the digest that it was asked for, as `digest_key` gives it; blank where unknown."""


class DailyUsage(Record):
    """What one model cost on one day, or all of them on all days."""

    day: str
    """Calendar date; blank for all days."""
    model: str
    """Name of the model; blank for all models."""
    runs: int
    """Runs that asked it, by name."""
    unpriced: int
    """Calls whose cost is not known, and not in the sum."""
    usage: Usage
    """The sum; its `prompt` is empty, its cost never None."""


class BillLine(Record):
    """What one prompt of one digest cost, or all of them."""

    unpriced: int
    """Calls whose cost is not known, and not in the sum."""
    usage: Usage
    """The sum; its `prompt` is blank for all prompts, its cost never None."""


class Bill(Record):
    """What one digest has cost so far, in all the runs that made it.

    A line of the ledger that does not say for which digest it was asked is in no bill.
    """

    digest: str
    """Its name, as `digest_key` gives it."""
    since: str
    """Calendar date of the first call."""
    until: str
    """Calendar date of the last one."""
    models: tuple[str, ...]
    """Models that were asked, in alphabetical order."""
    total: BillLine
    """All together."""
    prompts: tuple[BillLine, ...]
    """One line per prompt, in alphabetical order."""


def digest_key(date: dt.date, slug: str) -> str:
    """Name a digest in the ledger."""
    return f"{date}={slug}"


@contextmanager
def charge_to(digest: str) -> Iterator[None]:
    """Have whatever this thread asks meanwhile written down as asked for this digest.

    All issues of a process share one model, which knows nothing of issues; so this does not go
    through it.
    """
    token = _CHARGED_DIGEST.set(digest)
    try:
        yield
    finally:
        _CHARGED_DIGEST.reset(token)


def charged_digest() -> str:
    """Name the digest that this thread asks for; blank where nobody said."""
    return _CHARGED_DIGEST.get()


class Ledger:
    """Writes down what calls cost, and knows what the day has cost: one for all runs of a process.

    What other processes have spent, and have on its way, is read before each call.
    """

    def __init__(self, cache: "Cache", *, today: Callable[[], dt.date] | None = None) -> None:
        """Write into a cache; `today` gives the date, by default that of Asia/Shanghai."""
        self._cache = cache
        self._today = today or (lambda: dt.datetime.now(ZoneInfo(SHANGHAI)).date())
        self.daily_budget = DailyBudget(cache, self._today)

    def add(self, run: str, model: str, usage: Usage, estimated_usd: float) -> None:
        """Add one line."""
        day = self._today().isoformat()
        line = LedgerRow(
            run=run,
            day=day,
            model=model,
            usage=usage,
            estimated_usd=estimated_usd,
            digest=charged_digest(),
        )
        self.add_rows([line])

    def add_rows(self, lines: Iterable[LedgerRow]) -> None:
        """Add lines to the ledger."""
        for line in lines:
            cells = (line.run, line.day, line.model, line.estimated_usd)
            cells += (*line.usage.model_dump().values(), line.digest)
            self._cache.execute(f"INSERT INTO usage VALUES ({', '.join('?' * len(cells))})", *cells)  # noqa: S608 - only marks

    def is_news(self, kind: str, name: str) -> bool:
        """Whether this is asked for the first time; always, where nothing can be kept."""
        if name in self._cache.notes(kind):
            return False
        self._cache.put_note(kind, name, self._today().isoformat())
        return True

    def spent_usd(self, day: str) -> float:
        """Add up what counts towards the cap of a day, of all runs and processes."""
        rows = self._cache.execute(f"SELECT {RECKONED_USD} FROM usage WHERE day = ?", day)  # noqa: S608 - our own text
        return float(rows[0][0]) if rows else 0.0

    def daily_usage(self, since: str = "") -> tuple[DailyUsage, ...]:
        """Add up the ledger by day and model, oldest first; the last line is the sum of all."""
        what = f"count(DISTINCT run), {_UNPRICED}, {_SUM_COLUMNS} FROM usage"
        where = "WHERE day >= ?"
        days = self._cache.execute(
            f"SELECT {_text('day')}, {_text('model')}, {what} {where} GROUP BY 1, 2 ORDER BY 1, 2",
            since,
        )
        if not days:
            return ()
        return tuple(
            DailyUsage(
                day=day,
                model=model,
                runs=runs,
                unpriced=unpriced,
                usage=_usage_from_sums("", sums),
            )
            for day, model, runs, unpriced, *sums in (
                *days,
                *self._cache.execute(f"SELECT '', '', {what} {where}", since),
            )
        )

    def last_day(self) -> str:
        """Give the last day on which anything was asked; blank where nothing ever was."""
        [(day,)] = self._cache.execute(f"SELECT max({_text('day')}) FROM usage") or [("",)]  # noqa: S608 - our own text
        return str(day or "")

    def digest_bills(self) -> "DigestBills":
        """Add up the ledger by digest, as far as its lines say for which one they were asked."""
        what = f"{_UNPRICED}, {_SUM_COLUMNS} FROM usage WHERE digest > ''"
        names = f"{_text('digest')}, {_text('prompt')}"
        by_prompt: dict[str, list[tuple[Any, ...]]] = {}
        for digest, *line in self._cache.execute(
            f"SELECT {names}, {what} GROUP BY 1, 2 ORDER BY 1, 2"
        ):
            by_prompt.setdefault(digest, []).append(tuple(line))
        days = f"min({_text('day')}), max({_text('day')})"
        whole = f"{days}, json_group_array(DISTINCT {_text('model')})"
        bills = (
            Bill(
                digest=digest,
                since=since,
                until=until,
                models=tuple(sorted(json.loads(models))),
                total=_bill_line(["", *total]),
                prompts=tuple(_bill_line(line) for line in by_prompt.pop(digest, ())),
            )
            for digest, since, until, models, *total in self._cache.execute(
                f"SELECT {_text('digest')}, {whole}, {what} GROUP BY 1"
            )
        )
        return DigestBills({bill.digest: bill.model_dump_json() for bill in bills})


class DigestBills(Mapping[str, Bill]):
    """The bills of all digests, by name; of thousands each is a text until it is asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Hold them as JSON."""
        self._texts = texts

    @override
    def __getitem__(self, digest: str) -> Bill:
        return Bill.model_validate_json(self._texts[digest])

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    @override
    def __len__(self) -> int:
        return len(self._texts)


def _bill_line(line: Sequence[Any]) -> BillLine:
    prompt, unpriced, *sums = line
    return BillLine(unpriced=unpriced, usage=_usage_from_sums(prompt, sums))


def _usage_from_sums(prompt: str, sums: Sequence[Any]) -> Usage:
    names = (name for name in Usage.model_fields if name != "prompt")
    return Usage(prompt=prompt, **dict(zip(names, sums, strict=True)))


def format_cost(daily: DailyUsage) -> str:
    """Say what a line cost: a price, or about that, at least so much, or unknown."""
    known = daily.usage.cost_usd or 0.0
    if not daily.unpriced:
        return f"{'about ' * bool(daily.usage.uncounted and known)}${known:.4f}"
    return f"≥ ${known:.4f}" if known else "unknown"
