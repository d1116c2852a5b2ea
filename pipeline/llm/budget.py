"""What the questions of one run cost, and the limits that stop a run before it passes them.

Counts what is priced; it does not ask. The tokens of calls in flight are reserved, so that twenty
calls at once cannot pass a limit together. Each call is written into the ledger at once, as far as
there is one.
"""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from pipeline.errors import ModelError
from pipeline.lines import counted, get_logger
from pipeline.llm.daily_limit import Budget
from pipeline.llm.ledger import Ledger, Usage
from pipeline.llm.prices import Prices, Tokens, calculate_cost
from pipeline.records import Record

_log = get_logger(__name__)


class ModelPricing(Record):
    """What the answers of one model cost."""

    host: str
    """Identity of its server, `host/path` without scheme."""
    model: str
    """Name of the model."""
    prices: Prices | None = None
    """Its price; None looks it up in the list that comes with genai-prices."""
    batch_price_factor: float = 0.5
    """What an answer costs by batch, as a part of its price."""


class BudgetLimits(Record):
    """What a run stops before it passes."""

    max_tokens: int
    """Input and output of the run."""
    max_cost_usd: float
    """Price of the run, where it is known."""
    max_cost_usd_per_day: float = math.inf
    """Price of all runs of a day, where it is known."""
    explicit: tuple[str, ...] = ()
    """Those settings of a price that somebody chose, for a warning where they have no effect."""


class RunSpending:
    """What the models of one run have spent together, and have on its way."""

    def __init__(self) -> None:
        """Begin with nothing spent."""
        self.tokens = Budget(lambda: self._tokens)
        self.usd = Budget(lambda: self._usd)
        self._tokens = 0
        self._usd = 0.0
        self._lock = threading.Lock()

    def add(self, tokens: int, usd: float) -> None:
        """Count what a call took."""
        with self._lock:
            self._tokens += tokens
            self._usd += usd


class RunLedger(NamedTuple):
    """Whose ledger the calls of a run are written into, and under which name."""

    ledger: Ledger
    """The ledger of this process."""
    run: str
    """Name of the run."""
    spending: RunSpending | None = None
    """What the run has spent, where several models share its limits."""


class RunCost(Record):
    """What a run has cost so far."""

    model: str
    """Name of the model."""
    total: Usage
    """All prompts together; its `prompt` is empty."""
    prompts: tuple[Usage, ...]
    """One line per prompt, in alphabetical order."""

    def summary(self, *, is_free: bool = False) -> str:
        """Say it in a few words, for a display: where nothing is paid, what was answered so far."""
        if is_free:
            return self._answered
        return (
            f"{self.total.input_tokens + self.total.output_tokens:,} tokens, {_price(self.total)}"
        )

    def add(self, other: "RunCost") -> "RunCost":
        """Add what another model of the same run has cost."""
        lines = {line.prompt: line for line in self.prompts}
        for line in other.prompts:
            lines[line.prompt] = _add_usage(lines.get(line.prompt, Usage(prompt=line.prompt)), line)
        return RunCost(
            model=f"{self.model} + {other.model}",
            total=_add_usage(self.total, other.total),
            prompts=tuple(lines[name] for name in sorted(lines)),
        )

    @property
    def _answered(self) -> str:
        """Count the sentences that were translated; the answers, where whole entries are."""
        answers = {line.prompt: line.calls + line.from_cache for line in self.prompts}
        sentences = sum(n for prompt, n in answers.items() if prompt.endswith("_sentence"))
        return f"{sentences} sentences" if sentences else f"{sum(answers.values())} answers"

    def describe(self) -> str:
        """Say it in one line."""
        total = self.total
        calls, kept = counted(total.calls, "call"), counted(total.from_cache, "answer")
        parts = [f"{self.model}: {calls}, {kept} from the cache"]
        if total.failed:
            parts.append(f"{counted(total.failed, 'call')} failed")
        parts.append(
            f"{total.input_tokens:,} tokens in ({total.cached_tokens:,} cached), "
            f"{total.output_tokens:,} out ({total.reasoning_tokens:,} reasoning)"
        )
        if total.uncounted:
            parts.append(f"{counted(total.uncounted, 'call')} estimated")
        if total.batched:
            parts.append(f"{total.batched} by batch, which saved ${total.saved_usd:.4f}")
        parts.append(f"{_price(total)}{self._by_prompt}")
        return "; ".join(parts)

    @property
    def _by_prompt(self) -> str:
        """Say what each prompt cost, where several were asked."""
        asked = [line for line in self.prompts if line.calls]
        each = ", ".join(f"{line.prompt} {_price(line)}" for line in asked)
        return f" ({each})" if len(asked) > 1 and self.total.cost_usd else ""


def _price(line: Usage) -> str:
    if line.cost_usd is None:
        return "price unknown"
    return f"{'about ' * bool(line.uncounted and line.cost_usd)}${line.cost_usd:.4f}"


class CostMeter:
    """Counts one run; used by several threads at once."""

    def __init__(
        self, pricing: ModelPricing, limits: BudgetLimits, account: RunLedger | None = None
    ) -> None:
        self._pricing = pricing
        self._limits = limits
        self._account = account
        self._lock = threading.Lock()
        self._lines: dict[str, Usage] = {}
        self._spending = (account and account.spending) or RunSpending()
        self._warned = False

    @contextmanager
    def reserve(self, expected: Tokens, *, batch: bool = False) -> Iterator[None]:
        """Reserve what a call may take while it is on its way; wait for others where it must.

        Raises:
            ModelError: with it the run, or the day, could pass a limit; names the setting to raise.
        """
        caps = self._limits
        tokens = expected.input + expected.output
        cost = self._cost(expected, batch=batch)
        if cost is None:
            self._warn_unpriced()
        with ExitStack() as stack:
            stack.enter_context(
                self._spending.tokens.reserve(
                    tokens,
                    caps.max_tokens,
                    lambda spent: ModelError(
                        f"stopped before passing {caps.max_tokens} tokens: {spent:.0f} are spent, "
                        f"the next question may take {tokens}; {_ANSWERS_ARE_KEPT} raise "
                        "AINEWS_MAX_TOKENS_PER_RUN"
                    ),
                )
            )
            if cost:
                run = _limit_error(caps.max_cost_usd, cost, "", "AINEWS_MAX_COST_USD")
                stack.enter_context(self._spending.usd.reserve(cost, caps.max_cost_usd, run))
            if cost and self._account is not None:
                most = caps.max_cost_usd_per_day
                day = _limit_error(most, cost, " today", _PER_DAY)
                by_hand = _PER_DAY if _PER_DAY in caps.explicit else ""
                daily = self._account.ledger.daily_budget
                stack.enter_context(daily.reserve(cost, most, day, by_hand=by_hand))
            yield

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until no call is on its way; return whether that came true."""
        return self._spending.tokens.wait_idle(timeout_s)

    def record_answer(
        self, prompt: str, tokens: Tokens, *, counted: bool, seconds: float, batch: bool = False
    ) -> None:
        """Count an answer.

        `counted` is False when the server did not say, and `tokens` is our estimate.
        """
        cost = self._cost(tokens, batch=batch)
        full = self._cost(tokens) if batch and cost else None
        line = Usage(
            prompt=prompt,
            calls=1,
            batched=batch,
            uncounted=not counted,
            input_tokens=tokens.input,
            cached_tokens=tokens.cached,
            output_tokens=tokens.output,
            reasoning_tokens=tokens.reasoning,
            cost_usd=cost,
            saved_usd=full - cost if full and cost else 0.0,
            seconds=seconds,
        )
        self._record(line)

    def record_failure(
        self, prompt: str, taken: tuple[Tokens, bool] | None = None, *, seconds: float
    ) -> None:
        """Count a call that ended without an answer.

        `taken` is what it took before, and whether the server counted that; None for nothing.
        """
        tokens, counted = taken or (Tokens(input=0, output=0), True)
        line = Usage(
            prompt=prompt,
            failed=1,
            uncounted=not counted,
            input_tokens=tokens.input,
            cached_tokens=tokens.cached,
            output_tokens=tokens.output,
            reasoning_tokens=tokens.reasoning,
            cost_usd=self._cost(tokens) if taken else 0.0,
            seconds=seconds,
        )
        self._record(line)

    def record_cache_hit(self, prompt: str) -> None:
        """Count a question that needed no call."""
        self._record(Usage(prompt=prompt, from_cache=1))

    def receipt(self) -> RunCost:
        """Write down what the run has cost so far."""
        with self._lock:
            lines = tuple(self._lines[name] for name in sorted(self._lines))
        total = Usage(prompt="")
        for line in lines:
            total = _add_usage(total, line)
        return RunCost(model=self._pricing.model, total=total, prompts=lines)

    def _record(self, line: Usage) -> None:
        usd = line.cost_usd or 0.0
        self._spending.add(line.input_tokens + line.output_tokens, usd)
        with self._lock:
            before = self._lines.get(line.prompt, Usage(prompt=line.prompt))
            self._lines[line.prompt] = _add_usage(before, line)
        if self._account is not None:
            self._account.ledger.add(self._account.run, self._pricing.model, line, usd)

    def _cost(self, tokens: Tokens, *, batch: bool = False) -> float | None:
        tariff = self._pricing
        cost = calculate_cost(tokens, host=tariff.host, model=tariff.model, prices=tariff.prices)
        return cost * tariff.batch_price_factor if cost and batch else cost

    def _warn_unpriced(self) -> None:
        with self._lock:
            warned, self._warned = self._warned, True
        limits, model = " and ".join(self._limits.explicit), self._pricing.model
        if not limits or warned:
            return
        # Once for all nights: one that goes well is quiet, and `doctor` says it whenever asked.
        if not self._account or self._account.ledger.is_news(_UNPRICED, f"{limits} {model}"):
            _log.warning(
                "%s cannot stop the run: the price of %r is not known; set "
                "AINEWS_INPUT_USD_PER_MTOK and AINEWS_OUTPUT_USD_PER_MTOK",
                limits,
                model,
            )


_UNPRICED = "limits that an unknown price leaves without effect"
_PER_DAY = "AINEWS_MAX_COST_USD_PER_DAY"
_ANSWERS_ARE_KEPT = "answers so far are kept:"


def _limit_error(
    most: float, cost: float, when: str, setting: str
) -> Callable[[float], ModelError]:
    return lambda spent: ModelError(
        f"stopped before passing {most} USD{when}: {spent:.4f} are spent{when}, the next question "
        f"may cost {cost:.4f}; {_ANSWERS_ARE_KEPT} raise {setting}"
    )


def _add_usage(one: Usage, two: Usage) -> Usage:
    added = {
        name: getattr(one, name) + getattr(two, name)
        for name in Usage.model_fields
        if name not in {"prompt", "cost_usd"}
    }
    unknown = one.cost_usd is None or two.cost_usd is None
    cost = None if unknown else (one.cost_usd or 0.0) + (two.cost_usd or 0.0)
    return Usage(prompt=one.prompt, cost_usd=cost, **added)
