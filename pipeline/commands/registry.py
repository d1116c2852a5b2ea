"""Which commands there are, and the module of each, loaded when its command is asked for."""

import inspect
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from copy import copy
from functools import cache
from importlib import import_module
from typing import Any, Final, cast

import typer

from pipeline.commands.plain_help import PlainCommand, PlainGroup

MODULES: Final = {
    "init": "init",
    "run": "run",
    "demo": "demo",
    "backfill": "backfill",
    "edit": "edit",
    "parse": "inspect",
    "stories": "inspect",
    "read": "inspect",
    "render": "inspect",
    "verify": "inspect",
    "show": "show",
    "export": "export",
    "weekly": "roundup",
    "monthly": "roundup",
    "search": "search",
    "factcheck": "search",
    "mcp": "mcp",
    "diff": "diff",
    "textconv": "diff",
    "site": "site",
    "usage": "usage",
    "status": "ops",
    "doctor": "ops",
    "report": "ops",
    "schema": "schema",
}
"""In the order of the help; each is a function of its name in `pipeline/commands/`."""


class CommandTable(Mapping[str, Any]):
    """The commands by name, as typer has them."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - of typer's own copy of click
        """Give a command, made when it is first asked for."""
        return _make_command(name)

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


class CommandGroup(PlainGroup):
    """The program: all commands, of which one is made."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - typer's own
        super().__init__(**given)
        self.commands = cast("MutableMapping[str, Any]", CommandTable())

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - likewise
        """Show the commands with what they are for; none is taken apart for that."""
        listed: Any = copy(self)
        listed.commands = {
            name: PlainCommand(name, help=_help_text(load_command(name))) for name in MODULES
        }
        super(CommandGroup, listed).format_help(ctx, formatter)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - likewise
        """Name the commands, without making them."""
        return list(MODULES)


def load_command(name: str) -> Callable[..., None]:
    """Give the function of a command.

    Raises:
        KeyError: there is no such command.
    """
    module = import_module(f"pipeline.commands.{MODULES[name]}")
    function: Callable[..., None] = getattr(module, name)
    return function


@cache
def _make_command(name: str) -> Any:  # noqa: ANN401 - likewise
    function = load_command(name)
    kind = PlainCommand
    if name == "edit":
        from pipeline.commands.edit import EditCommand

        kind = EditCommand
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name, help=_help_text(function), cls=kind)(function)
    return typer.main.get_command(alone)


def _help_text(function: Callable[..., None]) -> str:
    """Give what a command says of itself; lines of a terminal are not those of the source."""
    paragraphs = (inspect.getdoc(function) or "").split("\n\n")
    return "\n\n".join(" ".join(text.split()) for text in paragraphs)
