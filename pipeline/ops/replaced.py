"""What a run would write over, and which changes by hand would stay: a part of `--dry-run`."""

from pathlib import Path

from pipeline.edits import StoryFinder, describe_edit
from pipeline.errors import NewerFormat, PageNotUnderstood
from pipeline.records import Record
from pipeline.run import GenerationInput
from pipeline.storage import read_or_none
from pipeline.write import DRAFTS, describe_markdown, from_json, markdown_state


class Replaced(Record):
    """What stands in the place of a digest that would be made."""

    words: str
    """In one clause, for people."""
    edits: tuple[str, ...] = ()
    """What becomes of each change by hand, a line each."""


def what_is_replaced(inputs: GenerationInput, outputs: Path) -> Replaced:
    """Look at the digest that a run would write over."""
    finder = StoryFinder(inputs.stories)
    edits = tuple(
        f"{'stays' if finder.find(edit.story) else 'finds no story any more'}: "
        f"{describe_edit(edit)}"
        for edit in inputs.edits
    )
    return Replaced(words=_describe(inputs, outputs), edits=edits)


def _describe(inputs: GenerationInput, outputs: Path) -> str:
    stem = inputs.job.stem
    file = outputs / f"{stem}.json"
    data = read_or_none(file)
    if data is None:
        draft = read_or_none(outputs / DRAFTS / f"{stem}.json")
        return "new" if draft is None else "new; its draft goes"
    try:
        digest = from_json(data.decode())
    except NewerFormat as error:
        forced = inputs.job.force
        return "writes over a later version's digest" if forced else f"would be refused: {error}"
    except (UnicodeDecodeError, PageNotUnderstood):
        return "replaces a damaged digest, without its edits by hand"
    made_by = f", made by {digest.provenance.model}" if digest.provenance else ""
    there = f"replaces {len(digest.news)} + {len(digest.tools)} entries{made_by}"
    changed = describe_markdown(markdown_state(digest, file), file)
    if not changed:
        return there
    if inputs.job.force:
        return f"{there}, and writes over its Markdown, which was changed or removed by hand"
    return f"would be refused: {changed}; --force writes over it"
