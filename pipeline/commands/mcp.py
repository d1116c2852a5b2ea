"""The command that answers programs about the published digests: `mcp`."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.lookup import Archive

_DEFAULT_PORT = 8765
_INSTALL = "pip install 'ainews-digest[mcp]'"


def mcp(
    *,
    http: Annotated[
        bool,
        typer.Option("--http", help="Serve HTTP on this machine, not a client's pipes."),
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help=f"Port of --http, {_DEFAULT_PORT}; 0 for any that is free."
        ),
    ] = None,
    out: OutOption = None,
) -> None:
    """Answer programs about the published digests, by the Model Context Protocol; read only.

    A client starts it by itself, and speaks to it over standard input and output: see docs/mcp.md.
    No model is asked, and nothing is fetched or written.

    Example: ainews-digest mcp --http --port 8765

    Exit codes: 0 the client has gone; 2 the extra is not installed, or the port is taken.
    """
    if port is not None and not http:
        raise SettingsError("--port is for --http: add it")
    archive = open_archive(out)
    try:
        from pipeline.mcp_server import serve_http, serve_stdio
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("pipeline"):
            raise
        raise SettingsError(f"the command mcp needs an extra: {_INSTALL}") from error
    if http:
        serve_http(archive, _DEFAULT_PORT if port is None else port, common.echo)
    else:
        serve_stdio(archive)


def open_archive(out: str | None) -> "Archive":
    """Open the folder of the published digests."""
    from pipeline.lookup import Archive

    settings = common.load_settings(out)
    return Archive(settings.outputs_dir, settings.index_dir)
