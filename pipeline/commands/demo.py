"""The command `demo`, for somebody who does not know the project."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.making import Shown, make_digests

if TYPE_CHECKING:
    from pipeline.settings import Settings


def demo(
    *,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", help="Folder of the digest; by default in the cache."),
    ] = None,
) -> None:
    """Digest the bundled issue and show the digest.

    Without a key or a server the embedded model tells it; no network is needed.

    Example: ainews-digest demo > demo.md

    Exit codes: 0 done; 2 a setting cannot be used; 5 the model cannot be asked; 6 the digest cannot
    be written.
    """
    from importlib import resources

    from pipeline.plan import RunRequest
    from pipeline.storage import read_regular
    from pipeline.typed_command import give_option

    settings = common.load_settings(out)
    common.warn_of_unknown_variables()
    if out is None:
        settings = settings.model_copy(update={"outputs_dir": settings.cache_dir / "demo"})
        give_option("--out", str(settings.outputs_dir))
    for line in _demo_introduction(settings):
        common.tell(line)
    with resources.as_file(resources.files("pipeline") / "data" / "demo.md") as file:
        for path in make_digests(RunRequest(source=str(file)), settings, Shown(entries=True)):
            typer.echo(read_regular(path).decode(), nl=False)
            for line in _next_commands(path, settings):
                common.tell(line)


def _demo_introduction(settings: "Settings") -> Iterator[str]:
    """Say what happens now, for somebody who does not know the project."""
    from pipeline.llm import model_profile

    profile = model_profile(settings)
    yield "This is a demo of ainews-digest, which makes a page in Chinese of a long English"
    yield "newsletter about AI: ten news and ten tools, each with its source. It reads an issue"
    if not settings.embedded:
        yield f"that is bundled, and asks {profile.model} at {profile.host}."
        return
    yield "that is bundled. The model is small and runs on this machine: nothing leaves it, no key"
    yield "is needed. The first time takes some minutes: entries are shown as they come."


def _next_commands(path: Path, settings: "Settings") -> Iterator[str]:
    """Name three commands that go on from the demo."""
    import os
    import shlex
    import shutil

    name, ours = "ainews-digest", Path(sys.argv[0])
    if ours.name == name and not shutil.which(name):  # in a .venv that is not active
        name = shlex.quote(os.path.relpath(ours))
    page = path.with_suffix(".json")
    commands = {
        f"show {shlex.quote(str(page))}": "every sentence beside the English that it rests on",
        "init": "set a better model: a key, or a server of your own",
        "run": "digest the newest issue",
    }
    if not settings.embedded:
        del commands["init"]
        commands["site --serve"] = "see your digests as pages"
    yield ""
    yield f"The digest is in {path}. Three commands to go on with:"
    for command, what in commands.items():
        yield f"  {name} {command}"
        yield f"      {what}"
