"""Help in which an option without a value names none: `--force`, and not `--force <bool>`.

What a shell completes goes the same way: dates, digests, forms and what to refresh, each known by
the word that stands for its value in the help. Nothing of that may fail or print: whatever is
wrong, the shell completes nothing.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

from typer.core import TyperCommand, TyperGroup, TyperOption

from pipeline.errors import DigestError


def _without_type(params: list[Any]) -> None:
    for param in params:
        if isinstance(param, TyperOption) and param.is_flag:
            param.metavar = ""


def _completed(params: list[Any]) -> None:
    for param in params:
        if _values(param):
            param._custom_shell_complete = _value_completions  # noqa: SLF001 - typer has no other way in


class PlainCommand(TyperCommand):
    """A command with such a help."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - of typer's own copy of click
        """Give its options and arguments, `--help` among them."""
        params: list[Any] = super().get_params(ctx)
        _without_type(params)
        _completed(params)
        return params


class PlainGroup(TyperGroup):
    """The program, with such a help."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - likewise
        """Give its options, `--help` among them."""
        params: list[Any] = super().get_params(ctx)
        _without_type(params)
        return params


def _value_completions(context: Any, param: Any, incomplete: str) -> list[str]:  # noqa: ANN401 - of typer's own copy of click
    """List the values of an option or argument that begin so."""
    found: Iterable[str] = ()
    with suppress(DigestError, OSError, ValueError):
        make = _values(param)
        found = make(context) if make else ()
    return [value for value in found if value.startswith(incomplete)]


def _values(param: Any) -> Callable[[Any], Iterable[str]] | None:  # noqa: ANN401 - likewise
    """Give what lists the values of an option or argument, where they are known."""
    return _BY_METAVAR.get(str(param.metavar or "").removesuffix("..."))


def _stems(context: Any) -> list[str]:  # noqa: ANN401 - likewise
    """List the digests, the newest first."""
    from pipeline.commands.common import load_settings
    from pipeline.storage import is_remote

    folder = load_settings(context.params.get("out")).outputs_dir
    if is_remote(folder):
        return []
    names = (name.removesuffix(".json") for name in os.listdir(folder) if name.endswith(".json"))  # noqa: PTH208 - names only
    return sorted((name for name in names if name[:1].isdigit()), reverse=True)


def _dates(context: Any) -> list[str]:  # noqa: ANN401 - likewise
    """List the dates of the digests, the newest first."""
    return list(dict.fromkeys(stem[:10] for stem in _stems(context)))


def _forms(context: Any) -> Iterable[str]:  # noqa: ANN401 - likewise
    """List the forms that the command can write."""
    from pipeline.write import EXPORTS, FORMATS

    names = {"export": tuple(EXPORTS), "render": tuple(FORMATS)}
    return names.get(context.info_name or "", ())


def _refreshed(_context: Any) -> list[str]:  # noqa: ANN401 - likewise
    """List what can be asked for again."""
    places = [f"{half}:{number}" for half in ("news", "tools") for number in range(1, 11)]
    return ["select", "translate", "proofread", *places]


_BY_METAVAR: Final[dict[str, Callable[[Any], Iterable[str]]]] = {
    "YYYY-MM-DD": _dates,
    "DIGEST": _stems,
    "NAME": _forms,
    "WHAT": _refreshed,
}
