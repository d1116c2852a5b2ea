"""Whether a digest is what it would be if it were made again, known by its page and its files.

`made_from` in its provenance is one sum over all that goes into a digest and both files that came
out: page, date, model, settings, prompts and this program, the earlier digests that it was compared
with, and its own words, edits included. Where any of them differs, the digest is made again, which
then says what differs. One that came out the same keeps its bytes; the cache remembers under which
sum it did.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.llm import Cache, model_profile
from pipeline.plan import PreparedJob
from pipeline.settings import Settings
from pipeline.storage import program_hash, read_or_none
from pipeline.write import DRAFTS, DigestHead, read_head

if TYPE_CHECKING:
    from pipeline.records import Digest

_REFRESHING: Final = "issues being refreshed"
_MADE_FROM: Final = re.compile(rb'    "made_from": "[0-9a-f]{64}",\n')


class UpToDate(NamedTuple):
    """A digest that is what would be made again."""

    head: DigestHead
    data: bytes
    """Its JSON, which this program has written."""


def sum_of_inputs(job: PreparedJob, memory: Iterable[str], settings: Settings) -> str:
    """Add up all that goes into a digest, but for its issue, date and edits, which it holds itself.

    Raises:
        OSError: an earlier digest cannot be read.
    """
    page, profile = job.page, model_profile(settings)
    inputs = {
        "program": program_hash(settings.index_dir),
        "page": [page.source, page.media, page.sha256, _hash(page.text)],
        "model": [profile.model, profile.settings],
        "memory": [
            [stem, _hash(read_or_none(settings.outputs_dir / f"{stem}.json") or b"")]
            for stem in memory
        ],
    }
    return _hash(json.dumps(inputs, sort_keys=True))


def seal(digest: "Digest", inputs: str) -> "Digest":
    """Give a digest with the sum of what it was made from, itself included."""
    from pipeline.write import to_json, to_markdown

    bare = with_made_from(digest, "")
    return with_made_from(digest, _sum(inputs, _encode(to_json(bare)), _encode(to_markdown(bare))))


def made_from_of(digest: "Digest") -> str:
    """Give the sum that a digest names; blank where it names none."""
    return digest.provenance.made_from if digest.provenance else ""


def with_made_from(digest: "Digest", made_from: str) -> "Digest":
    """Give a digest that names another sum."""
    origin = digest.provenance
    if origin is None:
        return digest
    named = origin.model_copy(update={"made_from": made_from})
    return digest.model_copy(update={"provenance": named})


def find_up_to_date(job: PreparedJob, settings: Settings, cache: Cache) -> UpToDate | None:
    """Find the digest of a job, where it is what would be made again; None where it may not be.

    What is wrong with a file, and a draft, which may hold later edits, is for who makes it again.
    The digest is not read whole: where the sum is right, this program has written its bytes.
    """
    folder, name = settings.outputs_dir, f"{job.stem}.json"
    if job.page.slug in cache.notes(_REFRESHING):
        return None
    try:
        data, shown = read_or_none(folder / name), read_or_none(folder / f"{job.stem}.md")
        if data is None or shown is None or read_or_none(folder / DRAFTS / name) is not None:
            return None
        head = read_head(data)
        if head is None or head.memory is None:
            return None
        inputs = sum_of_inputs(job, head.memory, settings)
    except OSError:
        return None
    found = _sum(inputs, _MADE_FROM.sub(b"", data), shown)
    is_same = found in (head.made_from, _noted(job.stem, settings, cache))
    return UpToDate(head, data) if is_same else None


def note_up_to_date(
    digest: "Digest", made_from: str, stem: str, *, settings: Settings, cache: Cache
) -> None:
    """Remember under which sum a digest that was made again kept files that name another one."""
    if made_from not in ("", made_from_of(digest)):
        cache.put_note(_kind(settings), stem, made_from)


def begin_refresh(slug: str, cache: Cache) -> None:
    """Remember that kept answers of an issue are replaced, until a digest is made of them."""
    cache.put_note(_REFRESHING, slug, "")


def end_refresh(slug: str, cache: Cache) -> None:
    """Remember that a digest is made of the answers that are kept."""
    cache.delete_note(_REFRESHING, slug)


def _noted(stem: str, settings: Settings, cache: Cache) -> str:
    sql = "SELECT text FROM notes WHERE kind = ? AND name = ?"
    return next((str(text) for (text,) in cache.execute(sql, _kind(settings), stem)), "")


def _kind(settings: Settings) -> str:
    return f"up to date in {settings.outputs_dir.absolute()}"


def _sum(inputs: str, data: bytes, shown: bytes) -> str:
    """Add up the inputs and both files, the JSON without the line that names the sum."""
    return _hash(f"{inputs} {_hash(data)} {_hash(shown)}")


def _hash(text: str | bytes) -> str:
    return hashlib.sha256(_encode(text) if isinstance(text, str) else text).hexdigest()


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
