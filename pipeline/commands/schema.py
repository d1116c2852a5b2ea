"""The command that prints the JSON Schemas of what programs read: `schema`."""

from typing import Annotated

import typer

from pipeline.commands import common


def schema(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Which one; without a name they are listed."),
    ] = None,
    *,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Write all there, or the one named.")
    ] = None,
) -> None:
    """Print the JSON Schema of a digest's file, or of what a command prints with --json.

    Example: ainews-digest schema digest > digest.schema.json

    Exit codes: 0 printed; 2 there is none of that name, or the folder cannot be used; 6 a file
    cannot be written.
    """
    import json

    from pipeline.commands.schema_table import OUTPUTS, json_schema
    from pipeline.tables import format_table

    if out is not None:
        for one in [name] if name else OUTPUTS:
            text = json.dumps(json_schema(one), indent=2, ensure_ascii=False) + "\n"
            common.echo(_write(out, f"{one}.json", text))
    elif name is None:
        rows = [(one, f"ainews-digest {output.command}") for one, output in OUTPUTS.items()]
        common.echo(format_table(("name", "printed by"), rows).rstrip("\n"))
    else:
        typer.echo(json.dumps(json_schema(name), indent=2, ensure_ascii=False))


def _write(folder: str, name: str, text: str) -> str:
    """Write a file into a folder of this machine; give its path."""
    from pipeline.errors import WriteError
    from pipeline.storage import location_argument, require_local

    path = require_local(location_argument(folder, "--out"), "give a local folder with --out")
    file = path / name
    try:
        path.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WriteError(f"cannot write {str(file)!r}: {error.strerror}") from error
    return str(file)
