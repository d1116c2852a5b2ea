"""Last stage: Digest -> Markdown and JSON, and both to disk; `read.py` is the way back.

`render`, `dump` and `load` are pure; `write` alone touches the disk. What keeps a title or a
summary from being markup is in `_escape.py`.
"""

import errno
import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from pipeline.errors import PageNotUnderstood, WriteError
from pipeline.records import Digest, Entry, EntryKind, Record
from pipeline.storage import StoragePath, is_remote
from pipeline.write import escape as _escape

if TYPE_CHECKING:
    from pipeline.storage import S3Path

NO_LINK = "来源：文章内容"
"""Stands where an entry's link would, when its story has none."""
NO_ENTRIES = "本期没有入选的条目"
"""Stands where a section's entries would, when it has none."""
FOLLOWS = " · 后续（{}）"
"""Ends the line with the link of an event that the digest of that date told before."""
QUOTED_TITLE = "【原文】"
"""Begins the title of an entry that quotes the English text."""
QUOTED = "原文摘录（译文未通过核对）："
"""Stands alone on the line above such an entry's quotation, where no other entry has a line."""
QUOTATION = "“{}”"
"""How that quotation is marked."""
DEGRADED = "⚠️ 本期有 {} 条译文未通过核对，以英文原文摘录代替。"
"""Tells above the sections how many entries quote the English text."""
DRAFT = "⚠️ 草稿，未发布：未通过核对的条目过多。"
"""Tells above the sections that a digest was not published."""
DRAFTS = "drafts"
"""Folder beside the digests for those that are not published; no state is read from it."""

_SECTIONS: dict[EntryKind, tuple[str, str]] = {
    "news": ("📰", "AI新闻要点"),
    "tool": ("🛠️", "工具产品要点"),
}
_DIGITS = "零一二三四五六七八九"


class WrittenFiles(Record):
    """The two files of one digest."""

    markdown_path: StoragePath
    """The digest for readers."""
    json_path: StoragePath
    """The digest for machines."""
    changed: tuple[StoragePath, ...]
    """Those of the two whose bytes are new; empty when both already were as they should be."""


def to_markdown(digest: Digest, *, draft: bool = False) -> str:
    """Turn a digest into Markdown: the seed's form, byte for byte, and one final newline.

    Args:
        digest: of 0-20 entries per section; what each heading counts is what stands below it.
        draft: whether to say that it is not published.

    Returns:
        Markdown in which titles and summaries are text. White space in them is folded, invisible
        characters are dropped, and bare web and mail addresses become inline code.

    Raises:
        WriteError: a link is not http or https.

    Source: DESIGN.md, section 4.
    """
    notes = [_escape.markdown_link(digest.issue_url, "原文链接")]
    notes += [DRAFT] * draft
    notes += [DEGRADED.format(digest.degraded)] * (digest.degraded > 0)
    sections = (_render_section("news", digest.news), _render_section("tool", digest.tools))
    head = [f"## AINews - {digest.date.isoformat()}", *(f"> {note}" for note in notes)]
    return "\n\n".join([*head, "\n\n---\n\n".join(sections)]) + "\n"


def heading(kind: EntryKind, entries: int) -> str:
    """Head one section with its count in Chinese; without a count when it is empty."""
    symbol, name = _SECTIONS[kind]
    return f"## {symbol} {_chinese_numeral(entries)}大{name}" if entries else f"## {symbol} {name}"


def to_json(digest: Digest) -> str:
    """Turn a digest into JSON: fields in the records' order, free keys sorted, one final newline.

    Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark.
    """
    tree = digest.model_dump(mode="json")
    tree["edits"] = [edit.model_dump(mode="json", exclude_defaults=True) for edit in digest.edits]
    _drop_empty(tree, "edits")
    for entry in _entries(tree):
        _drop_empty(entry, "edited", "parts")
    if digest.provenance:
        provenance, coverage = tree["provenance"], tree["provenance"]["coverage"]
        for free in ("prompts", "settings"):
            provenance[free] = dict(sorted(provenance[free].items()))
        for free in ("mentions", "parts"):
            coverage[free] = dict(sorted(coverage[free].items()))
        if provenance["memory"] is None:
            del provenance["memory"]
        _drop_empty(provenance, "settings", "mentions")
        _drop_empty(coverage, "parts", "passed")
    text = json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "replace").decode("utf-8")


def from_json(text: str) -> Digest:
    """Read back what `dump` wrote.

    Raises:
        PageNotUnderstood: naming the first place that is wrong, counted from 0: `news.3.title`.
    """
    try:
        digest = Digest.model_validate_json(text.removeprefix("\ufeff"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = " ".join(".".join(map(str, first["loc"])).split()) or "the file"
        raise PageNotUnderstood(f"not the JSON of a digest: {place}: {first['msg']}") from error
    addresses = {"issue_url": digest.issue_url}
    for name, entries in (("news", digest.news), ("tools", digest.tools)):
        links = [entry.link for entry in entries]
        addresses |= {f"{name}.{n}.link": url for n, url in enumerate(links) if url is not None}
    for place, url in addresses.items():
        if not _escape.is_web_url(url):
            message = f"not the JSON of a digest: {place}: {url!r} is not an http or https address"
            raise PageNotUnderstood(message)
    return digest


def write(
    digest: Digest, folder: Path, stem: str | None = None, *, draft: bool = False
) -> WrittenFiles:
    """Write a digest's Markdown and JSON into a folder, both or neither.

    Args:
        digest: what to write.
        folder: made when it is missing.
        stem: file name without ending; the digest's date when not given. Where another process
            has written another issue's digest under it meanwhile, this one gets the next name.
        draft: whether it is not to be published; it goes to the folder's `drafts`, and says so.

    Returns:
        The two paths. A file that already has its bytes is not touched.

    Raises:
        WriteError: naming the file and the reason; what was there before is there still.
        SettingsError: the folder is one of a store, and its address or key cannot be used.
    """
    stem = stem or digest.date.isoformat()
    folder = folder / DRAFTS if draft else folder
    # The JSON comes last: it is the state that says an issue is digested. A run killed between
    # the two leaves new Markdown that nobody counts, and the next run writes both again; the
    # other way round the issue would count as done, and its Markdown be missing for good.
    markdown, data = to_markdown(digest, draft=draft).encode(), to_json(digest).encode()
    try:
        if is_remote(folder):
            return _write_remote(folder, stem, digest, markdown, data)
        folder.mkdir(parents=True, exist_ok=True)
        with _folder_lock(folder) as descriptor:
            json_path = folder / f"{_free_stem(stem, digest, folder)[0]}.json"
            markdown_path = json_path.with_suffix(".md")
            changed = _replace_files({markdown_path: markdown, json_path: data}, descriptor)
    except OSError as error:
        where = error.filename2 or error.filename or folder / stem
        reason = error.strerror or str(error)
        message = f"cannot write {str(where)!r}: {reason}; put that right and run again"
        raise WriteError(message) from error
    return WrittenFiles(markdown_path=markdown_path, json_path=json_path, changed=changed)


def discard_draft(folder: Path, stem: str) -> bool:
    """Remove the draft of a digest that is published now.

    Args:
        folder: where the digest lies; its drafts lie in `drafts` below it.
        stem: file name of the digest, without ending.

    Returns:
        Whether there was one. A draft of that name that tells another issue stays.

    Raises:
        WriteError: naming the file and the reason.
    """
    draft = folder / DRAFTS / f"{stem}.json"
    try:
        if _issue_url(draft) != _issue_url(folder / draft.name):
            return False
        for path in (draft.with_suffix(".md"), draft):
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise WriteError(f"cannot remove the draft {str(draft)!r}: {error.strerror}") from error
    return True


def _free_stem(stem: str, digest: Digest, folder: Path) -> tuple[str, bytes | None]:
    """Give the first of `stem`, `stem-2`, … that no other issue's digest has, and what it holds."""
    slug = digest.provenance.slug if digest.provenance else None
    for name in (stem, *(f"{digest.date.isoformat()}-{number}" for number in range(2, 100))):
        file = folder / f"{name}.json"
        if (there := _read_bytes(file)) is None:
            return name, None
        try:
            taken = json.loads(there)["provenance"]["slug"]
        except (ValueError, KeyError, TypeError):
            taken = None
        if slug is None or slug == taken or (taken is None and name == stem):
            return name, there
    raise FileExistsError(errno.EEXIST, "a hundred digests of one date", str(folder / stem))


def _issue_url(path: Path) -> object:
    """Read which issue a digest tells; a file that is no digest tells none, but its own."""
    try:
        return json.loads(path.read_bytes())["issue_url"]
    except (ValueError, KeyError, TypeError):
        return path


def _drop_empty(tree: dict[str, Any], *fields: str) -> None:
    """Leave out what says nothing, so that an older digest has the bytes that it always had."""
    for field in fields:
        if not tree[field]:
            del tree[field]


def _entries(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [*tree["news"], *tree["tools"]]


def _chinese_numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number == 2:  # noqa: PLR2004 - two of a kind are 两, never 二
        return "两"
    if tens > 9:  # noqa: PLR2004 - nobody reads such a digest, but it is still told by its number
        return str(number)
    return (_DIGITS[tens] if tens > 1 else "") + "十" * bool(tens) + (_DIGITS[ones] if ones else "")


def _render_section(kind: EntryKind, entries: Sequence[Entry]) -> str:
    items = [_render_entry(number, entry) for number, entry in enumerate(entries, 1)]
    return f"{heading(kind, len(items))}\n\n" + ("\n\n---\n\n".join(items) or f"> {NO_ENTRIES}")


def _render_entry(number: int, entry: Entry) -> str:
    title, summary = entry.title, entry.summary
    if entry.quoted:
        # Settled first, so that what is read back is settled too.
        title = QUOTED_TITLE + _escape.plain_text(title)
        summary = QUOTATION.format(_escape.plain_text(summary))
    source = NO_LINK if entry.link is None else _escape.markdown_link(entry.link)
    source += FOLLOWS.format(entry.follows) if entry.follows else ""
    told = [QUOTED] * entry.quoted + [_escape.escape_line(summary)]
    lines = (
        f"### {number}. {_escape.escape_title(title)}",
        *(f"> {each}" for each in (source, *told)),
    )
    return "\n".join(line.rstrip() for line in lines)


def _write_remote(
    folder: "S3Path", stem: str, digest: Digest, markdown: bytes, data: bytes
) -> WrittenFiles:
    """Write both files to a store, where no lock keeps others out meanwhile."""
    from pipeline.storage import replace_files

    while True:
        name, there = _free_stem(stem, digest, cast("Path", folder))
        markdown_path, json_path = folder / f"{name}.md", folder / f"{name}.json"
        try:
            changed = replace_files({markdown_path: markdown, json_path: data}, expected_last=there)
        except FileExistsError:
            # Another issue's digest took the name after we had looked. Its Markdown, which stood
            # in the place of ours, is made again from its JSON, and ours gets the next name.
            with suppress(PageNotUnderstood):
                theirs = from_json(json_path.read_bytes().decode(errors="replace"))
                drafted = folder.name == DRAFTS
                markdown_path.write_bytes(to_markdown(theirs, draft=drafted).encode())
            continue
        return WrittenFiles(markdown_path=markdown_path, json_path=json_path, changed=changed)


@contextmanager
def _folder_lock(folder: Path) -> Iterator[int]:
    """Hold the folder's lock, which the system releases when its holder dies; give its descriptor.

    With one writer at a time, the temporary files that are there are those of a killed run.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _replace_files(files: Mapping[Path, bytes], folder: int) -> tuple[Path, ...]:
    """Put files in place, in their order, all or none; return those that had other bytes."""
    old = {path: _read_bytes(path) for path in files}
    changed = tuple(path for path in files if files[path] != old[path])
    try:
        for path in changed:
            _write_synced(_temporary(path, "new"), files[path])
            if (data := old[path]) is not None:
                _write_synced(_temporary(path, "old"), data)
        _move_staged({path: old[path] for path in changed}, folder)
    finally:
        for path in files:
            for name in ("new", "old"):
                with suppress(OSError):
                    _temporary(path, name).unlink()
    return changed


def _move_staged(old: Mapping[Path, bytes | None], folder: int) -> None:
    """Move the staged files into place; what cannot be finished is undone, which takes no space."""
    try:
        for path in old:
            _temporary(path, "new").replace(path)
        if old:
            os.fsync(folder)
    except BaseException:
        for path, data in old.items():
            if data is None:
                path.unlink(missing_ok=True)
            elif _read_bytes(path) != data:
                _temporary(path, "old").replace(path)
        raise


def _write_synced(path: Path, data: bytes) -> None:
    """Write a file in full and wait until the disk has it; its mode is what the umask leaves."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _temporary(path: Path, name: str) -> Path:
    return path.with_name(f".{path.name}.{name}.tmp")


def _read_bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
