"""Help in which an option without a value names none: `--force`, and not `--force <bool>`.

What a shell completes goes the same way: each parameter is looked at once, as it is shown.
"""

from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption

from pipeline.commands.completion import completes, value_completions


def _without_type(params: list[Any]) -> None:
    for param in params:
        if isinstance(param, TyperOption) and param.is_flag:
            param.metavar = ""


def _completed(params: list[Any]) -> None:
    for param in params:
        if completes(param):
            param._custom_shell_complete = value_completions  # noqa: SLF001 - typer has no other way in


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
