"""A digest, or one entry of it -> plain lines for a terminal: the command `show`.

Pure. Each sentence stands with the numbers of the evidence lines that it rests on, and lines and
links with their numbers. What a page or a model wrote stays on its line and moves no cursor.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.diff import escape_invisible
from pipeline.edits import describe_edit, find_entry, places_by_key
from pipeline.records import Digest, Edit, Entry, Finding

_INDENT = " " * 4
_Edits = Sequence[tuple[int, Edit]]
"""Edits with their numbers, by which `edit --undo` takes them back."""


def digest_text(digest: Digest, stem: str, place: str | None = None) -> str:
    """Write a digest for a terminal.

    With a `place`, such as `news:3`, of this entry alone; without, of all.

    Raises:
        SettingsError: it is no place, or nothing stands there.
    """
    edits, places = tuple(enumerate(digest.edits, 1)), places_by_key(digest)
    if place is not None:
        entry = find_entry(digest, place, stem)
        return _joined(_entry_lines(place, entry, digest.findings, _edits_of(place, edits, places)))
    title = digest.provenance.title if digest.provenance else ""
    blocks: list[Iterable[str]] = [
        _head_lines(digest, title),
        *(
            _entry_lines(name, entry, digest.findings, _edits_of(name, edits, places))
            for name, entry in digest.placed
        ),
        _other_lines(digest, edits, places),
    ]
    return "\n".join(filter(None, map(_joined, blocks)))


def _head_lines(digest: Digest, title: str) -> Iterator[str]:
    yield _plain(f"{digest.date} {title} {digest.issue_url}")
    if digest.plain_model:
        yield _plain(f"translated sentence by sentence by {digest.plain_model} (profile plain)")


def _entry_lines(
    place: str, entry: Entry, findings: Iterable[Finding], edits: _Edits
) -> Iterator[str]:
    notes = entry_notes(entry)
    yield f"{place}  {_plain(entry.title)}" + (f"  ({notes})" if notes else "")
    yield from (f"{_INDENT}{_plain(text)}" for text in _sentences(entry))
    urls = [link.url for link in entry.links]
    if entry.link:
        name = f"L{urls.index(entry.link) + 1} " if entry.link in urls else ""
        yield f"{_INDENT}link: {name}{_plain(entry.link)}"
    yield from _evidence_lines(entry)
    yield from _numbered("L", [f"{link.url}  {link.text}" for link in entry.links])
    own = [finding for finding in findings if finding.entry == place]
    yield from (f"{_INDENT}{line}" for line in _finding_lines(own))
    now = {edit.story.key: place for _, edit in edits}
    yield from (f"{_INDENT}{line}" for line in _edit_lines(edits, now))


def _sentences(entry: Entry) -> Iterator[str]:
    """Give the sentences with the numbers of their lines; the summary where they are not known."""
    if not entry.told:
        yield entry.summary
    for sentence in entry.told:
        numbers = ",".join(map(str, sentence.lines))
        yield f"{sentence.text} [{numbers}]" if numbers else sentence.text


def _evidence_lines(entry: Entry) -> Iterator[str]:
    """Give the lines with their numbers; those of an older entry, which nothing names, without."""
    if lines := entry.evidence_lines:
        return _numbered("", [line.text for line in lines])
    texts = map(_plain, entry.evidence.split("\n"))
    return (f"{_INDENT}{text}" for text in texts if text)


def _numbered(sign: str, texts: Sequence[str]) -> Iterator[str]:
    width = len(f"{sign}{len(texts)}")
    for number, text in enumerate(texts, 1):
        yield f"{_INDENT}{f'{sign}{number}':>{width}}  {_plain(text)}"


def _finding_lines(findings: Iterable[Finding]) -> Iterator[str]:
    yield from (_plain(finding.line()) for finding in findings)


def _edit_lines(edits: _Edits, places: Mapping[str, str]) -> Iterator[str]:
    yield from (_plain(f"edit {number}: {describe_edit(edit, places)}") for number, edit in edits)


def _edits_of(place: str, edits: _Edits, places: Mapping[str, str]) -> _Edits:
    """Give the edits that keep, move or word the entry of a place, or brought it in."""
    about = ((n, edit) for n, edit in edits if places.get(edit.story.key) == place)
    return [(n, edit) for n, edit in about if edit.do != "drop"]


def _other_lines(digest: Digest, edits: _Edits, places: Mapping[str, str]) -> Iterator[str]:
    """Give the findings and the edits that are about no entry that stands here."""
    placed = dict(digest.placed)
    yield from _finding_lines(one for one in digest.findings if one.entry not in placed)
    shown = {number for place in placed for number, _ in _edits_of(place, edits, places)}
    yield from _edit_lines([(number, edit) for number, edit in edits if number not in shown], {})


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _plain(text: str) -> str:
    """Give a text on one line, with a name for what cannot be seen."""
    return escape_invisible(" ".join(text.split()))


def entry_notes(entry: Entry) -> str:
    """Say in a few words what an entry has that most have not; blank for nothing."""
    flags = (
        (entry.quoted, "quoted"),
        (entry.edited, f"by hand: {', '.join(entry.edited)}"),
        (entry.tries > 1, f"after {entry.tries} tries"),
        (entry.follows, f"follows {entry.follows}"),
        (entry.link is None, "no link"),
    )
    return ", ".join(text for applies, text in flags if applies)
