"""The folder of digests -> what other pages say of each of them, and one digest at a time whole.

What is small is held of all digests, and kept in an index; a digest itself is read when its pages
are made.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.diff import git_names
from pipeline.errors import PageNotUnderstood, WriteError
from pipeline.site.entry_facts import EntryFacts, entry_facts
from pipeline.site.feed import SiteDigest
from pipeline.site.pages import Outline, outline
from pipeline.storage import FileIndex, program_hash, read_regular
from pipeline.write import (
    MarkdownState,
    compare_markdown,
    damage_words,
    describe_markdown,
    errors_line,
    from_json,
    without_leftovers,
)

_STEM: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:-([2-9]|[1-9]\d))?")


class DigestFacts(NamedTuple):
    """What is held of a digest."""

    date: dt.date
    slug: str
    """Of its issue; blank where it does not say."""
    entries: tuple[int, int]
    """How many news and how many tools it has."""
    follows: tuple[str, ...]
    """Dates of the earlier digests that its entries follow."""
    git_names: tuple[str, str]
    """Of its bytes, by SHA-1 and by SHA-256."""
    outline: Outline
    markdown: MarkdownState
    """As `compare_markdown` gives it."""
    entry_facts: tuple[EntryFacts, ...]
    """Of each entry what pages by subject say."""
    errors: int
    """How many errors the checks found in what it tells."""

    @property
    def stem(self) -> str:
        """File name without ending."""
        return self.outline.stem


class Library:
    """The digests of a folder, newest first."""

    def __init__(self, folder: Path, index_dir: Path | None) -> None:
        """Look at all digests, and read those that no index knows."""
        self._folder = folder
        self.warnings: list[str] = []
        """What cannot be read, and why."""
        self.steady = True
        """Whether every digest that was read still was what it was when it was looked at."""
        index = FileIndex(
            folder,
            _read_facts,
            DigestFacts,
            index_dir=index_dir,
            version=program_hash(),
            beside=".md",
        )
        self.digests: tuple[DigestFacts, ...] = tuple(
            sorted(self._look(index), key=_date_and_number, reverse=True)
        )
        """What is held of each."""
        self.warnings.sort()
        self.stems = frozenset(facts.stem for facts in self.digests)
        """Their names."""
        self._last: tuple[str, SiteDigest] | None = None

    def _look(self, index: FileIndex[DigestFacts]) -> Iterator[DigestFacts]:
        names = index.json_names()
        for name in names:
            file = index.path(name)
            try:
                facts = index.get(name)
                state = without_leftovers(facts.markdown, file)
                if line := describe_markdown(state, file):
                    self.warnings.append(f"{line}; the site shows what the JSON says")
                if facts.errors:
                    self.warnings.append(errors_line(facts.stem, facts.errors))
                yield facts
            except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
                why = damage_words(error) if isinstance(error, OSError) else error
                self.warnings.append(f"{self._folder / name} is not on the site: {why}")
        index.save(frozenset(names))

    @property
    def git_names(self) -> dict[str, tuple[str, str]]:
        """What git calls the bytes of each file."""
        return {f"{facts.stem}.json": facts.git_names for facts in self.digests}

    def read(self, facts: DigestFacts) -> SiteDigest:
        """Read a digest, unless it is the one that was read last.

        Raises:
            WriteError: it is not there any more, or no digest any more.
        """
        if self._last and self._last[0] == facts.stem:
            return self._last[1]
        file = self._folder / f"{facts.stem}.json"
        try:
            data = read_regular(file)
            found = SiteDigest(facts.stem, from_json(data.decode()))
        except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
            message = f"{file} changed while the site was built: {error}; build it again"
            raise WriteError(message) from error
        self.steady &= git_names(data) == facts.git_names
        self._last = facts.stem, found
        return found

    def read_all(self, of: Iterable[DigestFacts]) -> Iterator[SiteDigest]:
        """Read several digests, one after the other."""
        return map(self.read, of)


def _read_facts(file: Path) -> DigestFacts:
    data = read_regular(file)
    digest = from_json(data.decode())
    named = _STEM.fullmatch(file.stem)
    # Pages are named by it, and one such as `index` has its place already.
    if named is None or named[1] != digest.date.isoformat():
        raise PageNotUnderstood(f"its date is {digest.date}: name it so")
    follows = {entry.follows.isoformat() for entry in digest.entries if entry.follows}
    return DigestFacts(
        date=digest.date,
        slug=digest.slug,
        entries=(len(digest.news), len(digest.tools)),
        follows=tuple(sorted(follows)),
        git_names=git_names(data),
        outline=outline(SiteDigest(file.stem, digest), whole=False),
        markdown=compare_markdown(digest, file),
        entry_facts=tuple(entry_facts(digest)),
        errors=digest.errors,
    )


def _date_and_number(facts: DigestFacts) -> tuple[dt.date, int]:
    return facts.date, int(facts.stem[11:] or 1)
