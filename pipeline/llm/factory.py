"""Which model answers: the hosted one, or the embedded one where neither key nor URL is set.

Nothing is opened here: a run whose answers are all in the cache connects to nobody and loads no
weights. How large the questions are is in `profile.py`.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final
from uuid import uuid4

from pydantic import SecretStr

from pipeline.llm.budget import BudgetLimits, RunLedger, RunSpending
from pipeline.llm.cache import Cache
from pipeline.llm.embedded import EmbeddedServer, require_installed
from pipeline.llm.fallback import FallbackModel
from pipeline.llm.ledger import Ledger
from pipeline.llm.model import Model
from pipeline.llm.profile import OPENAI_URL, ModelProfile, model_profile
from pipeline.llm.pruning import prune
from pipeline.llm.redaction import find_secrets
from pipeline.llm.responses import Endpoint
from pipeline.llm.target import ModelOptions, ModelTarget
from pipeline.llm.weights import prepare_weights
from pipeline.settings import Settings

_FULL_SLOT_TOKENS: Final = 8_192


def hosted_endpoint(settings: Settings) -> Endpoint:
    """Say where the hosted model listens."""
    key = settings.openai_api_key or SecretStr("")
    secrets = tuple(SecretStr(secret) for secret in find_secrets(settings.extra_fields))
    base_url = settings.openai_base_url or OPENAI_URL
    return Endpoint(base_url=base_url, api_key=key, secrets=secrets)


@contextmanager
def open_model(
    settings: Settings,
    cache: Cache,
    progress: Callable[[str, int, int], None],
    *,
    run: str | None = None,
    ledger: Ledger | None = None,
) -> Iterator[FallbackModel]:
    """Give the model that the settings name, and close it and its server at the end.

    The name of a run in the ledger begins with `run`, which says what it does; a name of its own
    follows, so that two runs that do the same count as two. `ledger` is that of this process; one
    of its own in the same cache does not know what other models of this process have on their way.
    `progress` hears how far the weights are: what is done, bytes done, bytes in all.
    """
    profile = model_profile(settings)
    options = _model_options(settings, profile)
    name = f"{run or 'run'} {uuid4().hex[:12]}"
    account = RunLedger(ledger or Ledger(cache), name, RunSpending())
    slots = threading.Semaphore(profile.in_flight)
    with ExitStack() as stack:
        connect = (
            partial(_start_embedded, settings, stack, progress)
            if settings.embedded
            else partial(hosted_endpoint, settings)
        )
        target = ModelTarget(profile.host, profile.model, connect, profile.capabilities)

        def open_named(name: str) -> Model:
            named = target._replace(name=name)
            return Model(named, options=options, cache=cache, account=account, slots=slots)

        second = None if settings.embedded else settings.fallback_model
        proofreader = profile.proofread_model if profile.proofreads else ""
        model = FallbackModel(
            open_named(profile.model),
            second_name=second or "",
            open_second=partial(open_named, second) if second else None,
            by_prompt={"proofread": open_named(proofreader)} if proofreader else None,
        )
        yield stack.enter_context(model)
        prune(
            cache,
            max_age_days=settings.cache_max_days,
            max_bytes=settings.cache_max_mb * 1_000_000,
        )


def _model_options(settings: Settings, profile: ModelProfile) -> ModelOptions:
    return ModelOptions(
        timeout_s=settings.embedded_timeout_s if settings.embedded else settings.model_timeout_s,
        attempts=settings.model_attempts,
        limits=BudgetLimits(
            max_tokens=settings.max_tokens_per_run,
            max_cost_usd=settings.max_cost_usd,
            max_cost_usd_per_day=settings.max_cost_usd_per_day,
            explicit=tuple(
                f"AINEWS_{name.upper()}"
                for name in ("max_cost_usd", "max_cost_usd_per_day")
                if name in settings.model_fields_set
            ),
        ),
        prices=profile.prices,
        batch_price_factor=settings.batch_price_factor,
        temperature=profile.temperature,
        reask_temperature=profile.reask_temperature,
    )


def _start_embedded(
    settings: Settings, stack: ExitStack, progress: Callable[[str, int, int], None]
) -> Endpoint:
    """Bring the weights and start their server, which the stack closes."""
    require_installed()
    file = prepare_weights(
        chosen=settings.embedded_weights,
        cache_dir=settings.cache_dir,
        url=settings.embedded_weights_url,
        progress=progress,
    )
    slot_tokens = {} if settings.plain else {"slot_tokens": _FULL_SLOT_TOKENS}
    server = stack.enter_context(
        EmbeddedServer(
            file,
            slots=settings.embedded_slots,
            threads=settings.embedded_threads,
            **slot_tokens,
        )
    )
    base_url, key = server.connect()
    return Endpoint(base_url=base_url, api_key=SecretStr(key), prefill=server.prefill)
