"""Markdown that lies in a folder of digests without its JSON: whose it is, and what may be done.

It may hold what somebody has written by hand, since the JSON that would show it is gone. So it is
written over only where its bytes stay the same.
"""

import datetime as dt
import json
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import NotPublished
from pipeline.patterns import lazy_pattern
from pipeline.records import DIGEST_NAME, Record
from pipeline.storage import is_remote, read_or_none, read_regular
from pipeline.typed_command import issue_options, typed_command

if TYPE_CHECKING:
    from pipeline.records import Digest

SLUG: Final = re.compile(rb'\n    "slug": ("[^"\\\n]+"),\n')
"""Where the JSON of a digest names its issue, as it is written."""
# Where a digest names its issue's address, in its JSON and in its Markdown.
_ADDRESS = lazy_pattern(
    r"(?:\"issue_url\": \"|> \[原文链接\]\()https?://[^\"\s()]*/(?P<slug>[\w.~-]+)/?[\")]", re.ASCII
)


class OrphanMarkdown(Record):
    """A Markdown file with the name of a digest, and without its JSON."""

    stem: str
    """File name without its ending."""
    date: dt.date
    """Digest date, by its name."""
    slug: str | None = None
    """Slug of its issue, where it says so."""


def find_orphans(folder: Path, stems: Collection[str]) -> tuple[OrphanMarkdown, ...]:
    """Find the Markdown files of a folder that have no JSON, in the order of their names."""
    try:
        names = (
            [file.name for file in folder.glob("*.md")] if is_remote(folder) else os.listdir(folder)  # noqa: PTH208 - 10,000 names, and no paths of them
        )
    except OSError:
        return ()
    found = sorted(name.removesuffix(".md") for name in names if name.endswith(".md"))
    lone = [stem for stem in found if stem not in stems]
    return tuple(orphan for stem in lone if (orphan := _orphan(folder, stem)))


def _orphan(folder: Path, stem: str) -> OrphanMarkdown | None:
    if not DIGEST_NAME.fullmatch(stem):
        return None
    try:
        day = dt.date.fromisoformat(stem[:10])
    except ValueError:
        return None
    return OrphanMarkdown(stem=stem, date=day, slug=find_slug(folder / f"{stem}.json"))


def find_slug(json_file: Path) -> str | None:
    """Find out which issue a digest is of, from what can be read of its JSON or its Markdown."""
    if not DIGEST_NAME.fullmatch(json_file.stem):
        return None
    for path in (json_file, json_file.with_suffix(".md")):
        try:
            data = read_regular(path)
        except OSError:
            continue
        if slugs := set(SLUG.findall(data)):
            return str(json.loads(slugs.pop())) if len(slugs) == 1 else None
        if address := _ADDRESS.search(data.decode(errors="replace")):
            return address["slug"]
    return None


def orphan_problem(digest: "Digest | None", json_file: Path, *, draft: bool = False) -> str:
    """Say that Markdown without its JSON would be written over with other bytes; blank if not.

    Of a digest that is not known, None, the bytes count as others.

    Raises:
        OSError: the Markdown cannot be read.
    """
    from pipeline.write.markdown_format import to_markdown

    if read_or_none(json_file) is not None:
        return ""
    file = json_file.with_suffix(".md")
    lies = read_or_none(file)
    if lies is None or (digest and lies == to_markdown(digest, draft=draft).encode()):
        return ""
    return (
        f"{str(file)!r} lies there without its JSON, and may have been changed by hand: "
        f"restore the JSON; or `{overwrite_command(json_file)}` writes over it"
    )


def overwrite_command(json_file: Path) -> str:
    """Name the command that makes a digest again over its Markdown, as it is typed."""
    slug = find_slug(json_file)
    issue = issue_options(slug) if slug else ()
    return typed_command("run", *issue, "--date", json_file.stem[:10], "--force")


def require_own_markdown(digest: "Digest", json_file: Path, *, draft: bool = False) -> None:
    """Refuse to write over Markdown whose JSON is gone, unless its bytes stay the same.

    Raises:
        NotPublished: they would not; says what to do.
        OSError: the Markdown cannot be read.
    """
    if problem := orphan_problem(digest, json_file, draft=draft):
        raise NotPublished(f"{problem}; nothing was written")
