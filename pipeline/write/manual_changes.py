"""Whether a digest's Markdown still says what its JSON says, or somebody has changed it by hand."""

from pathlib import Path
from typing import Final, Literal

from pipeline.errors import NotPublished, PageNotUnderstood
from pipeline.records import Digest
from pipeline.storage import read_or_none
from pipeline.typed_command import typed_command
from pipeline.write.files import ROUNDUPS, unfinished_digest
from pipeline.write.markdown_format import from_markdown, to_markdown
from pipeline.write.state import DRAFTS

MarkdownState = Literal["same", "changed", "missing", "unreadable"]
"""What a digest's Markdown is beside its JSON."""
MARKDOWN_WORDS: Final[dict[MarkdownState, str]] = {
    "same": "says what its JSON says",
    "changed": "was changed by hand",
    "missing": "is missing beside its JSON",
    "unreadable": "cannot be read",
}
"""What is said of it."""
ADOPT_EFFECTS: Final[dict[MarkdownState, str]] = {
    "same": "changes nothing",
    "changed": "takes over what the Markdown says",
    "missing": "writes it again",
    "unreadable": "writes it again once it is removed",
}
"""What `edit --adopt` does then."""


def markdown_state(digest: Digest, json_file: Path) -> MarkdownState:
    """Compare a digest's Markdown with its JSON.

    What only looks otherwise, such as line ends or a form of an earlier version, is the same; so is
    what a run that was killed between the two files has left.
    """
    return without_leftovers(compare_markdown(digest, json_file), json_file)


def compare_markdown(digest: Digest, json_file: Path) -> MarkdownState:
    """Compare the two files alone: what a killed run has left is a change, too.

    That much of it may be kept while both files are what they are.
    """
    try:
        data = read_or_none(json_file.with_suffix(".md"))
    except OSError:  # a folder, or locked away
        return "unreadable"
    return compare_bytes(digest, data, draft=json_file.parent.name == DRAFTS)


def compare_bytes(digest: Digest, data: bytes | None, *, draft: bool) -> MarkdownState:
    """Compare a digest with the bytes of its Markdown; None where there are none."""
    if data is None:
        return "missing"
    written = to_markdown(digest, draft=draft)
    try:
        text = data.decode("utf-8")
        same = text == written or from_markdown(text) == from_markdown(written)
    except (UnicodeDecodeError, PageNotUnderstood):
        return "changed"
    return "same" if same else "changed"


def without_leftovers(state: MarkdownState, json_file: Path) -> MarkdownState:
    """Take back that Markdown was changed, where a killed run has left it so.

    Raises:
        OSError: the Markdown cannot be read.
    """
    if state != "changed" or (killed := unfinished_digest(json_file)) is None:
        return state
    draft = json_file.parent.name == DRAFTS
    written = to_markdown(killed, draft=draft).encode()
    return "same" if read_or_none(json_file.with_suffix(".md")) == written else "changed"


def describe_markdown(state: MarkdownState, json_file: Path) -> str:
    """Say in one line that the Markdown differs, and what to do; blank where it does not."""
    name = str(json_file.with_suffix(".md"))
    if state != "same" and json_file.parent.name in ROUNDUPS:
        again = typed_command(json_file.parent.name, json_file.stem, "--force")
        return f"{name!r} {MARKDOWN_WORDS[state]}: `{again}` writes it again"
    if state == "same":
        return ""
    does = ADOPT_EFFECTS[state]
    if state == "changed":
        does = "takes over what it says, also where the JSON was changed"
    mend = "put that right, or " if state == "unreadable" else ""
    return f"{name!r} {MARKDOWN_WORDS[state]}: {mend}`{adopt_command(json_file)}` {does}"


def errors_line(name: str, errors: int) -> str:
    """Say in one line that a digest was written although the checks found errors in it."""
    many = "an error" if errors == 1 else f"{errors} errors"
    command = typed_command("verify", name)
    return f"{name} was written with {many} that the checks found: `{command}` lists them"


def adopt_command(json_file: Path) -> str:
    """Name the command that takes over what is in the Markdown, as it is typed."""
    return typed_command("edit", _digest_name(json_file), "--adopt")


def require_unchanged(digest: Digest, json_file: Path, *, option: str = "--force") -> None:
    """Refuse to write over Markdown that somebody has changed or removed.

    `option` is the command's own, that writes over it all the same.

    Raises:
        NotPublished: it differs from its JSON, or cannot be read; says what to do.
    """
    hint = f"nothing was written; {option} writes over the Markdown"
    if problem := overwrite_problem(digest, json_file, hint):
        raise NotPublished(problem)


def overwrite_problem(digest: Digest, json_file: Path, hint: str = "--force writes over it") -> str:
    """Say why Markdown is not to be written over; blank where it may be.

    The hint is left out where nothing writes over it, since its bytes could not be put back.
    """
    state = markdown_state(digest, json_file)
    line = describe_markdown(state, json_file)
    return line if state in ("same", "unreadable") else f"{line}; {hint}"


def _digest_name(json_file: Path) -> str:
    """Name a digest as commands take it."""
    return f"{DRAFTS}/{json_file.name}" if json_file.parent.name == DRAFTS else json_file.stem
