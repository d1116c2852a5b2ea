"""The command that answers programs about the published digests: `mcp`."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.lookup import Archive
    from pipeline.records import Page

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
            min=0,
            max=65535,
            metavar="PORT",
            help=f"Port of --http, {_DEFAULT_PORT}; 0 for any that is free.",
        ),
    ] = None,
    fetch: Annotated[
        bool,
        typer.Option("--fetch", help="Fetch the page of an issue that is not kept, for a check."),
    ] = False,
    out: OutOption = None,
) -> None:
    """Answer programs about the published digests, by the Model Context Protocol; read only.

    A client starts it by itself, and speaks to it over standard input and output: see docs/mcp.md.
    No model is asked, nothing is written, and without --fetch nothing is fetched.

    Example: ainews-digest mcp --http --port 8765

    Exit codes: 0 the client has gone; 2 the extra is not installed, or the port is taken.
    """
    if port is not None and not http:
        raise SettingsError("--port is for --http: add it")
    archive = open_archive(out, may_fetch=fetch)
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


def open_archive(
    out: str | None, *, page: "Page | None" = None, may_fetch: bool = False
) -> "Archive":
    """Open the folder of the published digests.

    `page` is that of the issue that is asked about; without it, one that the cache has is taken, or
    with `may_fetch` one that is fetched.
    """
    from pipeline.lookup import Archive, given_page, kept_pages

    settings = common.load_settings(out)
    find_page = given_page(page) if page else kept_pages(settings, may_fetch=may_fetch)
    return Archive(settings.outputs_dir, settings.index_dir, find_page=find_page)
