"""The command that builds the pages of all digests, and shows them: `site`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import JsonOption
from pipeline.errors import SettingsError
from pipeline.lines import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.llm import Bill
    from pipeline.settings import Settings
    from pipeline.site import BuiltSite

_DEFAULT_PORT = 8000


def site(
    *,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="DIR", help="The site's own folder; by default site/ beside outputs/."
        ),
    ] = None,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the site will be found.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="REV",
            help="Compare on the review pages with this revision, the base of a pull request; "
            "by default with each digest's last version.",
        ),
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Show it on this machine, and build again on change.")
    ] = False,
    as_json: JsonOption = False,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            metavar="PORT",
            help=f"Port of --serve, {_DEFAULT_PORT}; 0 for any that is free.",
        ),
    ] = None,
) -> None:
    """Build a static site of all digests: pages, search, feed, and what reviewers look at.

    Example: ainews-digest site --serve

    Exit codes: 0 built; 2 a folder or an address cannot be used; 6 a file cannot be written.
    """
    settings = common.load_settings(None)
    if not serve:
        if port is not None:
            raise SettingsError("--port is for --serve: add it")
        folder = _site_folder(settings, out)
        built = _build(settings, folder, _parse_url(url) or settings.pages_url, against)
        _print_summary(built, as_json=as_json)
        return
    if as_json:
        raise SettingsError("--json is for a site that is built, and --serve shows it: drop one")
    if url is not None:
        raise SettingsError("--url is for a site that is put somewhere, --serve shows it here")
    _serve(settings, out, _DEFAULT_PORT if port is None else port, against)


def _site_folder(settings: "Settings", out: str | None) -> Path:
    """Give the folder of the site, which is always one of this machine."""
    from pipeline.storage import location_argument, require_local

    if out is not None:
        return require_local(
            location_argument(out, "--out"), "give a local one with --out, and upload what is in it"
        )
    return require_local(settings.outputs_dir, "say with --out where the site goes").parent / "site"


def _serve(settings: "Settings", out: str | None, port: int, against: str | None) -> None:
    """Show the site until Ctrl-C, from a folder that goes away then unless one is named."""
    from contextlib import ExitStack
    from tempfile import TemporaryDirectory

    from pipeline.site import WATCHED_FOLDERS, BuiltFiles, serve
    from pipeline.storage import require_local
    from pipeline.write import ROUNDUPS

    watched = require_local(
        settings.outputs_dir, "--serve cannot watch it; build the site with --out"
    )
    folders = (watched, *(watched / name for name in ROUNDUPS), *WATCHED_FOLDERS)
    with ExitStack() as stack:
        folder = (
            Path(stack.enter_context(TemporaryDirectory(prefix="ainews-site-")))
            if out is None
            else _site_folder(settings, out)
        )
        warned: list[str] = []

        def build() -> BuiltFiles:
            built = _build(settings, folder, None, against)
            for warning in built.warnings:
                if warning not in warned:
                    common.echo_err(warning)
            warned[:] = built.warnings
            return BuiltFiles(built.out, frozenset(built.files))

        def ready(address: str) -> None:
            common.echo(address)
            common.echo_err("built again whenever a digest changes; Ctrl-C ends it")

        try:
            serve(
                build,
                folders,
                port=port,
                log=common.echo_err,
                on_ready=ready,
            )
        except KeyboardInterrupt:
            return  # that is how it ends


def _build(
    settings: "Settings", out: Path, base_url: str | None, against: str | None
) -> "BuiltSite":
    from pipeline.site import ReviewSources, build_site

    return build_site(
        settings.outputs_dir,
        out,
        base_url=base_url,
        repository_url=settings.repository_url,
        reviews_of=ReviewSources(_read_bills(settings), against),
        index_dir=settings.index_dir,
    )


def _read_bills(settings: "Settings") -> "Mapping[str, Bill]":
    """Read what each digest has cost, as far as this machine knows."""
    from pipeline.llm import Cache, Ledger

    with Cache(settings.cache_file, looks=True) as cache:
        return Ledger(cache).digest_bills()


def _parse_url(url: str | None) -> str | None:
    from pydantic import TypeAdapter, ValidationError

    from pipeline.settings import PagesUrl

    if url is None:
        return None
    try:
        return TypeAdapter(PagesUrl).validate_python(url)
    except ValidationError as error:
        message = error.errors(include_url=False, include_input=False)[0]["msg"]
        message = message.removeprefix("Value error, ")
        given = "" if "@" in url else f" {url!r}"  # it may hold a password
        # Pydantic's own text quotes it in halves.
        raise SettingsError(f"--url{given} cannot be used: {message}") from None


def _print_summary(built: "BuiltSite", *, as_json: bool) -> None:
    for warning in built.warnings:
        common.echo_err(warning)
    if as_json:
        common.echo_json(built)
        return
    common.echo(
        f"{built.out}: {counted(built.digests, 'digest')}, {counted(len(built.files), 'file')}, "
        f"{len(built.changed)} changed, {len(built.removed)} removed"
    )
