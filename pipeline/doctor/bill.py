"""What doctor's own question cost, entered into the ledger: a question is paid, whoever asks it."""

from contextlib import suppress
from uuid import uuid4

from pipeline.doctor.folders import quick_check
from pipeline.llm import Cache, Ledger, Tokens, Usage, calculate_cost, file_problem, model_profile
from pipeline.settings import Settings


def enter_question(settings: Settings, tokens: Tokens | None, seconds: float) -> None:
    """Write down one question and its answer, where a cache is there and whole; make none.

    Args:
        settings: name the model and the cache.
        tokens: what it took; None where the server did not say.
        seconds: how long it took.
    """
    file = settings.cache_file
    with suppress(OSError):
        if not file.exists() or quick_check(file) != "ok" or file_problem(file):
            return  # whatever is wrong with it is told elsewhere, and mended by a run
        if file.stat().st_mode & 0o077:
            return  # likewise; to open it would mend that before it is told
        profile = model_profile(settings)
        counted = tokens or Tokens(input=0, output=0)
        cost = (
            calculate_cost(tokens, host=profile.host, model=profile.model, prices=profile.prices)
            if tokens
            else None
        )
        usage = Usage(
            prompt="doctor",
            calls=1,
            uncounted=0 if tokens else 1,
            input_tokens=counted.input,
            output_tokens=counted.output,
            cost_usd=cost,
            seconds=seconds,
        )
        with Cache(file) as cache:
            Ledger(cache).add(f"doctor {uuid4().hex[:12]}", profile.model, usage, cost or 0.0)
