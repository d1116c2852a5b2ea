"""What the questions of one run cost, and the limits that stop a run before it passes them.

Knows prices and counts; it does not ask. A price that nobody knows is None, never 0. The tokens of
calls in flight are reserved, so that twenty calls at once cannot pass a limit together.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import Field

from pipeline.cache import Usage
from pipeline.errors import ModelError
from pipeline.records import Record

_MTOK = 1_000_000


class Prices(Record):
    """What a model costs."""

    input_usd_per_mtok: float = Field(ge=0)
    """Price of a million input tokens, in USD."""
    output_usd_per_mtok: float = Field(ge=0)
    """Price of a million output tokens, in USD."""


class Tokens(Record):
    """Tokens of one call."""

    input: int = Field(ge=0)
    """Sent, cached ones included."""
    output: int = Field(ge=0)
    """Received, reasoning included; of a call in flight the most that may be received."""
    cached: int = 0
    """Sent, and already known to the provider."""
    reasoning: int = 0
    """Received, and not part of the answer."""


class Receipt(Record):
    """What a run has cost so far."""

    model: str
    """Name of the model."""
    total: Usage
    """All prompts together; its `prompt` is empty."""
    prompts: tuple[Usage, ...]
    """One line per prompt, in alphabetical order."""

    def brief(self) -> str:
        """Say it in a few words, for a display."""
        cost = self.total.cost_usd
        spent = "price unknown" if cost is None else f"${cost:.4f}"
        return f"{self.total.input_tokens + self.total.output_tokens:,} tokens, {spent}"

    def line(self) -> str:
        """Say it in one line."""
        total = self.total
        parts = [f"{self.model}: {total.calls} calls, {total.from_cache} answers from the cache"]
        if total.failed:
            parts.append(f"{total.failed} calls failed")
        parts.append(
            f"{total.input_tokens:,} tokens in ({total.cached_tokens:,} cached), "
            f"{total.output_tokens:,} out ({total.reasoning_tokens:,} reasoning)"
        )
        if total.uncounted:
            parts.append(f"{total.uncounted} calls estimated")
        parts.append("price unknown" if total.cost_usd is None else f"${total.cost_usd:.4f}")
        return "; ".join(parts)


class Meter:
    """Counts one run; used by several threads at once."""

    def __init__(
        self, *, host: str, model: str, prices: Prices | None, max_tokens: int, max_cost_usd: float
    ) -> None:
        self._host = host
        self._model = model
        self._prices = prices
        self._max_tokens = max_tokens
        self._max_cost_usd = max_cost_usd
        self._lock = threading.Lock()
        self._lines: dict[str, Usage] = {}
        self._tokens = 0
        self._cost_usd = 0.0

    @contextmanager
    def hold(self, expected: Tokens) -> Iterator[None]:
        """Reserve what a call may take while it is on its way.

        Raises:
            ModelError: with it the run could pass a limit; names the setting to raise.
        """
        tokens = expected.input + expected.output
        cost = self._price(expected) or 0.0
        with self._lock:
            self._check(tokens, cost)
            self._tokens += tokens
            self._cost_usd += cost
        try:
            yield
        finally:
            with self._lock:
                self._tokens -= tokens
                self._cost_usd -= cost

    def answered(self, prompt: str, tokens: Tokens, *, counted: bool, seconds: float) -> None:
        """Count an answer.

        Args:
            prompt: name of the prompt.
            tokens: what the call took.
            counted: False when the server did not say and `tokens` is our estimate.
            seconds: how long it took.
        """
        cost = self._price(tokens)
        known = cost if counted or cost == 0 else None
        line = Usage(
            prompt=prompt,
            calls=1,
            uncounted=not counted,
            input_tokens=tokens.input,
            cached_tokens=tokens.cached,
            output_tokens=tokens.output,
            reasoning_tokens=tokens.reasoning,
            cost_usd=known,
            seconds=seconds,
        )
        with self._lock:
            self._tokens += tokens.input + tokens.output
            self._cost_usd += cost or 0.0
            self._add(line)

    def failed(self, prompt: str, *, seconds: float) -> None:
        """Count a call that ended without an answer."""
        with self._lock:
            self._add(Usage(prompt=prompt, failed=1, seconds=seconds))

    def from_cache(self, prompt: str) -> None:
        """Count a question that needed no call."""
        with self._lock:
            self._add(Usage(prompt=prompt, from_cache=1))

    def receipt(self) -> Receipt:
        """Write down what the run has cost so far."""
        with self._lock:
            lines = tuple(self._lines[name] for name in sorted(self._lines))
        total = Usage(prompt="")
        for line in lines:
            total = _sum(total, line)
        return Receipt(model=self._model, total=total, prompts=lines)

    def _add(self, line: Usage) -> None:
        self._lines[line.prompt] = _sum(
            self._lines.get(line.prompt, Usage(prompt=line.prompt)), line
        )

    def _check(self, tokens: int, cost: float) -> None:
        if self._tokens + tokens > self._max_tokens:
            raise ModelError(
                f"stopped before passing {self._max_tokens} tokens: {self._tokens} are spent or on "
                f"their way, the next question may take {tokens}; raise AINEWS_MAX_TOKENS_PER_RUN"
            )
        if cost and self._cost_usd + cost > self._max_cost_usd:
            raise ModelError(
                f"stopped before passing {self._max_cost_usd} USD: {self._cost_usd:.4f} are spent "
                f"or on their way, the next question may cost {cost:.4f}; "
                "raise AINEWS_MAX_COST_USD"
            )

    def _price(self, tokens: Tokens) -> float | None:
        return price(tokens, host=self._host, model=self._model, prices=self._prices)


def price(tokens: Tokens, *, host: str, model: str, prices: Prices | None) -> float | None:
    """Price tokens, in USD: at these prices, else at the listed ones; None where nobody knows."""
    if prices is None:
        return _listed(host, model, tokens)
    inputs = tokens.input * prices.input_usd_per_mtok
    return (inputs + tokens.output * prices.output_usd_per_mtok) / _MTOK


def _listed(host: str, model: str, tokens: Tokens) -> float | None:
    """Look the price up in the list that comes with genai-prices; no network."""
    if is_loopback(host):
        return None  # who serves a model here does not pay its maker's price
    import genai_prices

    usage = genai_prices.Usage(
        input_tokens=tokens.input, output_tokens=tokens.output, cache_read_tokens=tokens.cached
    )
    for provider in (f"https://{host}", None):
        try:
            found = genai_prices.calc_price(usage, model, provider_api_url=provider)
        except (LookupError, ValueError):
            continue
        return float(found.total_price)
    return None


def is_loopback(host: str) -> bool:
    """Tell whether `name[:port][/path]` is this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _sum(one: Usage, two: Usage) -> Usage:
    added = {
        name: getattr(one, name) + getattr(two, name)
        for name in Usage.model_fields
        if name not in {"prompt", "cost_usd"}
    }
    unknown = one.cost_usd is None or two.cost_usd is None
    cost = None if unknown else (one.cost_usd or 0.0) + (two.cost_usd or 0.0)
    return Usage(prompt=one.prompt, cost_usd=cost, **added)
