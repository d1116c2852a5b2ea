"""What a run would write over, and which changes by hand would stay: a part of `--dry-run`."""

from pathlib import Path

from pipeline.edits import StoryFinder, describe_edit, places_by_key, read_previous
from pipeline.errors import NewerFormat, NotPublished, PageNotUnderstood
from pipeline.records import Digest, Record
from pipeline.run import GenerationInput
from pipeline.storage import read_or_none
from pipeline.write import DRAFTS, from_json, orphan_problem, overwrite_problem


class Replaced(Record):
    """What stands in the place of a digest that would be made."""

    words: str
    """In one clause, for people."""
    edits: tuple[str, ...] = ()
    """What becomes of each change by hand, a line each."""
    exit_code: int = 0
    """What the run would be refused with; 0 where it would not be."""


def what_is_replaced(
    inputs: GenerationInput, outputs: Path, digest: Digest | None = None
) -> Replaced:
    """Look at the digest that a run would write over.

    `digest` is what would be written, where all its answers are kept.
    """
    finder = StoryFinder(inputs.stories)
    previous = read_previous(outputs, inputs.job.stem, inputs.issue.slug)
    places = places_by_key(previous) if previous else {}
    edits = tuple(
        f"{'stays' if finder.find(edit.story) else 'finds no story any more'}: "
        f"{describe_edit(edit, places)}"
        for edit in inputs.edits
    )
    try:
        return Replaced(words=_describe(inputs, outputs, digest), edits=edits)
    except (NewerFormat, NotPublished) as error:
        words = f"would be refused: {error}"
        return Replaced(words=words, edits=edits, exit_code=error.exit_code)


def _describe(inputs: GenerationInput, outputs: Path, digest: Digest | None) -> str:
    """Say in one clause what stands there, or raise what the run would be refused with."""
    file = outputs / f"{inputs.job.stem}.json"
    data = read_or_none(file)
    if data is None:
        return _describe_new(inputs, file, digest)
    try:
        there = from_json(data.decode())
    except NewerFormat:
        if not inputs.job.force:
            raise
        return "writes over a later version's digest"
    except (UnicodeDecodeError, PageNotUnderstood):
        return "replaces a damaged digest, without its edits by hand"
    made_by = f", made by {there.provenance.model}" if there.provenance else ""
    words = f"replaces {len(there.news)} + {len(there.tools)} entries{made_by}"
    problem = overwrite_problem(there, file)
    if not problem:
        return words
    if inputs.job.force:
        return f"{words}, and writes over its Markdown, which was changed or removed by hand"
    raise NotPublished(problem)


def _describe_new(inputs: GenerationInput, file: Path, digest: Digest | None) -> str:
    """Say what lies where a new digest is written, or raise what the run would be refused with."""
    if problem := orphan_problem(digest, file):
        if not inputs.job.force:
            raise NotPublished(problem)
        return "new, and writes over the Markdown that lies there without its JSON"
    draft = read_or_none(file.parent / DRAFTS / file.name)
    return "new" if draft is None else "new; its draft goes"
