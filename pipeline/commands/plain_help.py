"""Help in which an option that takes no value names none: `--force`, and not `--force <bool>`."""

from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption


def _without_type(params: list[Any]) -> None:
    for param in params:
        if isinstance(param, TyperOption) and param.is_flag:
            param.metavar = ""


class PlainCommand(TyperCommand):
    """A command with such a help."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - of typer's own copy of click
        """Give its options and arguments, `--help` among them."""
        params: list[Any] = super().get_params(ctx)
        _without_type(params)
        return params


class PlainGroup(TyperGroup):
    """The program, with such a help."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - likewise
        """Give its options, `--help` among them."""
        params: list[Any] = super().get_params(ctx)
        _without_type(params)
        return params
