"""A digest as it is named on the command line: by a date, a name or a file, everywhere."""

import shlex
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.errors import NewerFormat, PageNotUnderstood, SettingsError
from pipeline.records import DIGEST_NAME, PERIOD_NAME
from pipeline.typed_command import typed_command

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.records import Digest
    from pipeline.write import MarkdownState

DigestArgument = Annotated[
    str,
    typer.Argument(
        metavar="DIGEST", help="A date, a name such as 2025-12-21-2, a file, or - for stdin."
    ),
]


def digest_file(name: str, out: str | None = None) -> str:
    """Give the file that a name is, or that the digest of that name has."""
    from pipeline.revise import locate_digest
    from pipeline.storage import is_here
    from pipeline.write import FORMATS

    if name == "-" or (is_here(name) and not DIGEST_NAME.fullmatch(name)):
        return name
    period, name = name, _below_its_folder(name)
    ending = next((f.suffix for f in FORMATS.values() if name.endswith(f.suffix)), "")
    if "://" in name or (ending and name.startswith(("/", "~"))):
        return name
    outputs = common.load_settings(out).outputs_dir
    found = locate_digest(name, outputs).json_path
    if period != name and not found.exists():
        again = typed_command(name.partition("/")[0], period)
        raise SettingsError(
            f"there is no roundup {period!r} in {str(outputs)!r}: `{again}` makes it"
        )
    return str(found.with_suffix(ending) if ending else found)


def _below_its_folder(name: str) -> str:
    """Give where a roundup lies that is named by its week or month; else the name as it is."""
    found = PERIOD_NAME.fullmatch(name)
    return f"{'weekly' if found['week'] else 'monthly'}/{name}" if found else name


def command_name(file: str, out: str | None = None) -> str:
    """Give what a digest's file is called in a command, in as few words as there are."""
    from pipeline.storage import location_argument
    from pipeline.write import DRAFTS

    path = location_argument(file, "the file")
    if not _is_at_home(path, out):
        return file
    return f"{DRAFTS}/{path.name}" if path.parent.name == DRAFTS else path.stem


def editable_name(file: str, out: str | None = None) -> str:
    """Give what commands call a digest that they can change; blank where its JSON is not there."""
    from pipeline.storage import location_argument

    if file == "-" or not location_argument(file, "the file").with_suffix(".json").is_file():
        return ""
    return command_name(file, out)


def require_json(file: str) -> None:
    """Refuse Markdown that lies there without its JSON, to commands that are about the JSON.

    Raises:
        SettingsError: names both files, and what to do.
    """
    from pipeline.storage import location_argument

    path = location_argument(file, "the file")
    if path.suffix == ".md" and path.is_file() and not path.with_suffix(".json").is_file():
        raise SettingsError(
            f"{file!r} lies there without its JSON {path.with_suffix('.json').name!r}, which is "
            "the digest: restore it, or look at the text with "
            f"`ainews-digest verify {shlex.quote(file)}`"
        )


def below_outputs(name: str, out: str | None = None) -> str:
    """Give the path of a file that is named as it is in the folder of the digests."""
    from pipeline.storage import is_here
    from pipeline.write import FORMATS

    named = name.endswith(tuple(one.suffix for one in FORMATS.values()))
    if not named or "://" in name or name.startswith(("/", "~")) or is_here(name):
        return name
    file = common.load_settings(out).outputs_dir / name
    return str(file) if file.is_file() else name


def read_named(file: str) -> "Digest":
    """Read the digest of a file, in whatever format it is.

    Raises:
        SettingsError: it cannot be read.
        PageNotUnderstood: it is no digest, or a later version wrote it; names the file.
    """
    from pipeline.write import read_digest

    # What has another name, `status` knows nothing of.
    named, _, ending = file.rpartition("/")[2].partition(".")
    known = ending == "json" and DIGEST_NAME.fullmatch(named)
    more = f"; `{typed_command('status')}` says how it is restored" if known else ""
    try:
        return read_digest(_read_bytes(file).decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        raise PageNotUnderstood(f"{file!r} is not UTF-8 text: {error.reason}{more}") from error
    except NewerFormat as error:
        raise NewerFormat(f"{file!r}: {error}") from error
    except PageNotUnderstood as error:
        raise PageNotUnderstood(f"{file!r}: {error}{more}") from error


def _read_bytes(file: str) -> bytes:
    """Read the bytes of a digest; what stands in its place and is no file is damage."""
    from pipeline.write import damage_words, is_no_file

    try:
        return common.read_bytes(file)
    except SettingsError as error:
        cause = error.__cause__
        if file.endswith(".json") and isinstance(cause, OSError) and is_no_file(cause):
            raise PageNotUnderstood(damage_words(cause)) from error
        raise


def read_recorded(file: str) -> "Digest":
    """Read the digest of a file; of Markdown that says what the JSON beside it says, that JSON.

    So its evidence and its sentences are those that it was made with.

    Raises:
        SettingsError: it cannot be read.
        PageNotUnderstood: it is no digest, or a later version wrote it; names the file.
    """
    from pipeline.storage import location_argument
    from pipeline.write import markdown_state

    if file != "-" and file.endswith(".md"):
        json_file = location_argument(file, "the file").with_suffix(".json")
        # Without a JSON that can be read the Markdown is all there is.
        with suppress(SettingsError, PageNotUnderstood, OSError):
            digest = read_named(str(json_file))
            if markdown_state(digest, json_file) == "same":
                return digest
    return read_named(file)


def note_changed_markdown(
    names: "Iterable[str]", out: str | None = None
) -> "dict[Path, MarkdownState]":
    """Say of each digest that was named whether its Markdown is not what its JSON says.

    Returns:
        As `find_changed_markdown`.
    """
    from pipeline.write import describe_markdown

    found = find_changed_markdown(names, out)
    for file, state in found.items():
        common.echo_err(f"warning: {describe_markdown(state, file)}")
    return found


def find_changed_markdown(
    names: "Iterable[str]", out: str | None = None
) -> "dict[Path, MarkdownState]":
    """Find of the digests that were named those whose Markdown is not what their JSON says.

    Returns:
        What it is, by the digest's JSON.
    """
    from pipeline.storage import location_argument
    from pipeline.write import changed_markdown

    paths = (location_argument(name, "the file") for name in names if name != "-")
    files = {path if path.suffix == ".json" else path.with_suffix(".json") for path in paths}
    # An index pays where many are looked at.
    index_dir = common.load_settings(out).index_dir if len(files) > 1 else None
    return {
        file: state
        for file, state in changed_markdown(files, index_dir)
        # Beside a copy that lies elsewhere nobody misses the Markdown.
        if state == "changed" or _is_at_home(file, out)
    }


def _is_at_home(file: "Path", out: str | None) -> bool:
    """Whether a file lies in the folder of the digests, or in its drafts."""
    from pipeline.write import DRAFTS

    with suppress(SettingsError):
        ours = common.load_settings(out).outputs_dir.absolute()
        return str(file.parent.absolute()) in {str(ours), str(ours / DRAFTS)}
    return False
