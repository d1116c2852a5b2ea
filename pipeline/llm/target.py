"""Which model is asked, where it is, and how it is asked: what `Model` begins with."""

from collections.abc import Callable
from typing import NamedTuple

from pydantic import Field

from pipeline.llm.budget import BudgetLimits
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.prices import Prices
from pipeline.llm.responses import Endpoint
from pipeline.records import Record


class ModelTarget(NamedTuple):
    """Which model is asked, and where."""

    host: str
    """Identity of the server for the cache and for messages, `host/path` without scheme: it
    outlives the address on which an embedded model listens."""
    name: str
    """The model's name on that server."""
    connect: Callable[[], Endpoint]
    """Called at most once, at the first call; may take seconds."""
    capabilities: ServerCapabilities | None = None
    """What the server is taken for before its first answer; None goes by `host`."""


class ModelOptions(Record):
    """How questions are asked."""

    timeout_s: float = Field(gt=0)
    """Longest wait for one answer, its last byte included."""
    attempts: int = Field(ge=1)
    """How often one call is tried when it fails in a way that may pass."""
    limits: BudgetLimits
    """What the run stops before it passes."""
    prices: Prices | None = None
    """The model's price; None looks it up in the list that comes with genai-prices."""
    batch_price_factor: float = 0.5
    """What an answer costs by batch, as a part of its price."""
    temperature: float | None = None
    """Sent only when set."""
    reask_temperature: float | None = None
    """Sent in its place when a question is asked again, which a cold model answers alike."""
