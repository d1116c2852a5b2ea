"""Which model is asked, and how large its questions are: the settings as the model's own words.

Nothing is opened here, and nothing is loaded that asks: a digest that is up to date is known by it.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from pydantic import Field, JsonValue

from pipeline.llm.prices import Prices, Tokens, calculate_cost
from pipeline.llm.redaction import mask_secrets
from pipeline.network import is_loopback
from pipeline.records import Record
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.llm.capabilities import ServerCapabilities

OPENAI_URL = "https://api.openai.com/v1/"
_FREE_PRICES = Prices(input_usd_per_mtok=0, output_usd_per_mtok=0)
_PLAIN_LIMITS: Final[Mapping[str, Any]] = {
    "plain": True,
    # Of the weight of readers' choices for three issues salience alone told 0.64, 0.81 and 0.72,
    # and the embedded model 0.60, 0.49 and 0.70.
    "select_tokens": 0,
    "select_questions": 0,
    "evidence_chars": 1_200,
    "evidence_links": 0,
    # It seldom mends what it did not mend at once, and each try takes it ten seconds.
    "mends": 1,
}
# What a large model is asked at once does not fit into a slot of the embedded server.
_EMBEDDED_LIMITS: Final[Mapping[str, Any]] = {
    "select_tokens": 3_000,
    "select_questions": 64,
    "evidence_chars": 6_000,
}
# Of seven answers that did not fit, none fitted when asked for again at 0, all at 0.7.
_SMALL_MODEL_TEMPERATURES: Final = {"temperature": 0.0, "reask_temperature": 0.7}


class ModelProfile(Record):
    """Which model is asked, and how large the questions to it are."""

    model: str
    """Name of the model, for the digest's provenance."""
    host: str
    """Identity of its server: address without scheme."""
    prices: Prices | None
    """Its price; None where the price list is asked."""
    in_flight: int
    """Questions on their way at once."""
    select_tokens: int
    """Longest choosing question, in tokens."""
    select_questions: int
    """How many choosing questions there may be."""
    evidence_chars: int
    """How much of a long story is shown, in characters."""
    evidence_links: int = 20
    """Links that it is shown, of which it names one; with none the code chooses."""
    plain: bool = False
    """Whether it only translates, sentence by sentence, as suits a model of a few billion
    parameters: the code chooses the events and the sentences."""
    mends: int = 2
    """How often a story is translated again that did not pass the checks."""
    proofreads: bool = False
    """Whether the whole digest is read once more."""
    proofread_model: str = ""
    """Name of another model that does it; blank for the same."""
    want: int = 10
    """Entries per section."""
    temperature: float | None = None
    """Sampling temperature; None sends none."""
    reask_temperature: float | None = None
    """The same for a question that is asked again."""
    extra_body: dict[str, JsonValue] = Field(default_factory=dict, repr=False)
    """Fields that every request has besides."""

    @property
    def threads(self) -> int:
        """How many ask: some check an answer while the others keep all questions on their way."""
        return self.in_flight + self.in_flight // 4

    @property
    def is_free(self) -> bool:
        """Whether nothing is paid: it runs in this process, or on this machine."""
        embedded = self.host.startswith("embedded:")
        return embedded or (self.prices is None and is_loopback(self.host))

    @property
    def capabilities(self) -> "ServerCapabilities":
        """What the server is taken for, with the fields that were set."""
        from pipeline.llm.capabilities import assumed_capabilities

        assumed = assumed_capabilities(self.host)
        fields = {**assumed.extra_body, **self.extra_body}
        return assumed.model_copy(update={"extra_body": fields})

    @property
    def settings(self) -> dict[str, str | int | float | None]:
        """All of it that shapes an answer, for the digest's provenance.

        The server's address may be nobody's business: it is hashed. Keys are masked.
        """
        shaping = (
            "want",
            "select_tokens",
            "select_questions",
            "evidence_chars",
            "evidence_links",
            "mends",
        )
        given = self.model_dump(include={*shaping, "temperature", "reask_temperature"})
        proofreader = (self.proofread_model or self.model) if self.proofreads else None
        host = hashlib.sha256(self.host.encode()).hexdigest()[:12]
        extra = {"extra_body": mask_secrets(self.extra_body)} if self.extra_body else {}
        return {"host": host, **given, "proofreader": proofreader, **extra}


def model_profile(settings: Settings) -> ModelProfile:
    """Size the questions for the model that the settings name."""
    return _embedded_profile(settings) if settings.embedded else _hosted_profile(settings)


def _embedded_profile(settings: Settings) -> ModelProfile:
    from pipeline.llm.weights import WEIGHTS

    chosen = settings.embedded_weights
    limits = _PLAIN_LIMITS if settings.plain else _EMBEDDED_LIMITS
    return ModelProfile(
        model=chosen.stem if chosen else WEIGHTS.model,
        host=f"embedded:{chosen.name if chosen else WEIGHTS.sha256[:12]}",
        prices=_FREE_PRICES,
        in_flight=settings.embedded_slots,
        proofreads=settings.proofreads,
        **_SMALL_MODEL_TEMPERATURES,
        **limits,
    )


def _hosted_profile(settings: Settings) -> ModelProfile:
    parts = urlsplit(settings.openai_base_url or OPENAI_URL)
    prices = None
    if settings.input_usd_per_mtok is not None and settings.output_usd_per_mtok is not None:
        prices = Prices(
            input_usd_per_mtok=settings.input_usd_per_mtok,
            output_usd_per_mtok=settings.output_usd_per_mtok,
            cached_input_usd_per_mtok=settings.cached_input_usd_per_mtok,
        )
    limits = _PLAIN_LIMITS if settings.plain else _full_limits(settings)
    return ModelProfile(
        model=settings.model,
        host=parts.netloc.rpartition("@")[2] + parts.path.rstrip("/"),
        prices=prices,
        in_flight=settings.in_flight,
        proofreads=settings.proofreads,
        proofread_model=settings.proofread_model or "",
        **_temperatures(settings),
        extra_body=settings.extra_fields,
        **limits,
    )


def _temperatures(settings: Settings) -> Mapping[str, float | None]:
    """Give what is set; a small model that is left to its server's default invents more."""
    if settings.plain and settings.temperature is None:
        return _SMALL_MODEL_TEMPERATURES
    return {"temperature": settings.temperature, "reask_temperature": settings.temperature}


def _full_limits(settings: Settings) -> Mapping[str, Any]:
    # The great event of a day is shown whole: what its last lines have, often the price, is missed
    # otherwise. A server for which shorter choosing questions are set has a small context window.
    room = 4 * (settings.select_tokens - 3_000)
    return {
        "select_tokens": settings.select_tokens,
        "select_questions": 64,
        "evidence_chars": min(24_000, max(12_000, room)),
    }


def price_is_known(profile: ModelProfile) -> bool:
    """Whether anybody knows what the model costs; without that no limit in USD holds."""
    thousand = Tokens(input=1000, output=1000)
    cost = calculate_cost(thousand, host=profile.host, model=profile.model, prices=profile.prices)
    return cost is not None
