"""The Markdown of a digest as somebody has saved it -> the options of `edit` that say the same.

What an editor has saved and what cannot be taken over is laid beside the digest, whose Markdown is
as before then: so the next command finds a digest that it can read.
"""

import shlex
from pathlib import Path

from pipeline.edits import EditOptions, options_from_markdown
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.records import Digest
from pipeline.revise.locations import DigestLocation
from pipeline.storage import read_or_none, replace_file
from pipeline.write import DRAFTS, adopt_command, to_markdown


def adopted_options(digest: Digest, location: DigestLocation, options: EditOptions) -> EditOptions:
    """Give the options that say what somebody has changed in the Markdown; none if it is gone.

    Raises:
        SettingsError: it says what no edit can.
        PageNotUnderstood: it is not a digest's Markdown.
    """
    file = location.markdown_path
    draft = file.parent.name == DRAFTS
    try:
        data = read_or_none(file)
        if data is None:
            return options
        said = options_from_markdown(digest, data.decode("utf-8-sig"), draft=draft)
    except OSError as error:
        message = f"cannot read {str(file)!r}: {error.strerror}; put that right, or move it away"
        raise SettingsError(message) from error
    except UnicodeDecodeError as error:
        why = f"{str(file)!r} is not UTF-8 text: {error.reason}"
        raise PageNotUnderstood(f"{why}; {_what_now(digest, file, options)}") from error
    except (PageNotUnderstood, SettingsError) as error:
        why = f"{str(file)!r}: {error}".removesuffix("; correct it")
        raise type(error)(f"{why}; {_what_now(digest, file, options)}") from error
    return options.model_copy(update={"set": said.set, "move": said.move, "drop": said.drop})


def _what_now(digest: Digest, file: Path, options: EditOptions) -> str:
    """Say how to go on from what cannot be taken over."""
    if not options.from_editor or options.dry_run or options.preview:
        adopt = adopt_command(file.with_suffix(".json"))
        return f"nothing was written; correct it, or remove it: `{adopt}` then writes it again"
    return lay_aside(digest, file)


def lay_aside(digest: Digest, file: Path) -> str:
    """Lay what an editor has saved beside the digest; say how to go on from there."""
    beside = file.with_name(f"{file.name}.refused")
    beside.unlink(missing_ok=True)
    file.rename(beside)
    text = to_markdown(digest, draft=file.parent.name == DRAFTS)
    replace_file(file, text.encode())
    back = shlex.join(["mv", str(beside), str(file)])
    return (
        f"{str(file)!r} is as it was before; what you saved is {str(beside)!r}: correct it there, "
        f"and take it over with `{back}` and `{adopt_command(file.with_suffix('.json'))}`"
    )
