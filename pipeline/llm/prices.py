"""What tokens cost, at a price that was set or at the listed one; no call is counted here.

A price that nobody knows is None, never 0.
"""

from pydantic import Field

from pipeline.network import is_loopback
from pipeline.records import Record

_MTOK = 1_000_000


class Prices(Record):
    """What a model costs."""

    input_usd_per_mtok: float = Field(ge=0)
    """Price of a million input tokens, in USD."""
    cached_input_usd_per_mtok: float | None = Field(default=None, ge=0)
    """Price of a million input tokens that the provider had cached; None as all others."""
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


def calculate_cost(tokens: Tokens, *, host: str, model: str, prices: Prices | None) -> float | None:
    """Price tokens, in USD: at these prices, else at the listed ones; None where nobody knows."""
    if prices is None:
        return _listed_cost(host, model, tokens)
    cached_price = prices.cached_input_usd_per_mtok
    if cached_price is None:
        cached_price = prices.input_usd_per_mtok
    inputs = (tokens.input - tokens.cached) * prices.input_usd_per_mtok
    inputs += tokens.cached * cached_price
    return (inputs + tokens.output * prices.output_usd_per_mtok) / _MTOK


def _listed_cost(host: str, model: str, tokens: Tokens) -> float | None:
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
