"""A digest that exists -> what need not be asked for when it is edited: pure.

Its entries stand for the model's answers, so that an edit changes what was asked for and nothing
else, on any machine, whatever model made the digest and whatever its cache holds.
"""

from collections.abc import Sequence

from pipeline.drafts import DraftEntry
from pipeline.edits import StoryFinder, make_anchor, parse_place, story_from_entry
from pipeline.llm import Answer, Question
from pipeline.reasons import Reason
from pipeline.records import (
    Digest,
    Edit,
    Entry,
    EntryKind,
    Finding,
    SelectedStory,
    Selection,
    Story,
)
from pipeline.run import GenerationInput, ReusedEntries
from pipeline.select import select
from pipeline.verify import whole_digest_checks


def reuse_entries(
    digest: Digest, inputs: GenerationInput, reverted: Sequence[Edit]
) -> tuple[ReusedEntries, tuple[Story, ...]]:
    """Take the digest as it is, without the edits that are taken back.

    Args:
        digest: the digest.
        inputs: its issue as it is now.
        reverted: edits that are taken back; what they hid is told again.

    Returns:
        What is known, and all stories: the issue's, and of entries whose story it has no more.
    """
    finder, taken = StoryFinder(inputs.stories), {story.id for story in inputs.stories}
    told: dict[str, DraftEntry] = {}
    halves: dict[EntryKind, list[SelectedStory]] = {"news": [], "tool": []}
    for section, entries in (("news", digest.news), ("tools", digest.tools)):
        for number, entry in enumerate(entries, 1):
            story = finder.find(make_anchor(entry))
            if story is None or story.id in told:
                name = entry.story or ""
                free = name and name not in taken
                story = story_from_entry(entry, name if free else f"{section}-{number}")
            each = _reused_draft(entry, story, digest.findings, f"{section}:{number}")
            told[story.id] = each
            halves[entry.kind].append(each.choice)
    stories = (*inputs.stories, *(each.choice.story for each in told.values()))
    stories = tuple({story.id: story for story in stories}.values())
    for edit in reversed(reverted):
        _revert_edit(edit, halves, told, inputs, StoryFinder(stories))
    for half in halves.values():
        _trim(half, inputs.profile.want)
    base = (*halves["news"], *halves["tool"])
    return (
        ReusedEntries(
            find_draft=lambda choice: told.get(choice.story.id),
            selection=Selection(
                news=tuple(halves["news"]),
                tools=tuple(halves["tool"]),
                spares=tuple(_list_spares(digest, inputs, base)),
                drops=tuple(drop for drop in digest.drops if drop.reason.code != "by_hand"),
                shown=inputs.plan.shown,
            ),
            provenance=digest.provenance,
        ),
        stories,
    )


def _reused_draft(
    entry: Entry, story: Story, findings: Sequence[Finding], place: str
) -> DraftEntry:
    link = entry.link
    if "link" in entry.edited:
        link = next(iter((*story.sources, *(each.url for each in story.links))), None)
    choice = SelectedStory(
        story=story, kind=entry.kind, link=link, reason=entry.reason, follows=entry.follows
    )
    return DraftEntry(
        choice=choice,
        entry=entry.model_copy(update={"story": story.id, "edited": ()}),
        findings=tuple(
            each.model_copy(update={"entry": story.id})
            for each in findings
            if each.entry == place and each.check not in whole_digest_checks()
        ),
        attempts=entry.tries,
    )


def _revert_edit(
    edit: Edit,
    halves: dict[EntryKind, list[SelectedStory]],
    drafts: dict[str, DraftEntry],
    inputs: GenerationInput,
    finder: StoryFinder,
) -> None:
    """Put a story back where it stood, and let what was said by hand be told again."""
    story = finder.find(edit.story)
    place = parse_place(edit.stood)
    if story is None or place is None:
        return
    half = halves[place.kind]
    if edit.do == "set":
        drafts.pop(story.id, None)
        return
    if edit.do == "pin":
        return
    here = next((c for h in halves.values() for c in h if c.story.id == story.id), None)
    for each in halves.values():
        each[:] = [choice for choice in each if choice.story.id != story.id]
    back = finder.find(edit.instead) if edit.instead else story
    if back is None:
        return
    if edit.do != "move" or here is None:
        link = next(iter(back.sources), None)
        follows = inputs.recalled.follows.get(back.id)
        here = SelectedStory(
            story=back, kind=place.kind, link=link, reason=Reason("model"), follows=follows
        )
    half.insert(place.number - 1, here)


def _trim(half: list[SelectedStory], want: int) -> None:
    """Send away what had come in for a story that is back: the last spare."""
    while len(half) > want:
        spare = next((c for c in reversed(half) if c.reason.code in ("spare", "by_hand")), half[-1])
        half.remove(spare)


def _list_spares(
    digest: Digest, inputs: GenerationInput, base: Sequence[SelectedStory]
) -> list[SelectedStory]:
    """List who may come next: as `select` does for the stories of the digest."""
    ids = {choice.story.id for choice in base}
    known = {story.id for story in inputs.recalled.stories}
    named = {
        "news": [c.story.id for c in base if c.kind == "news" and c.story.id in known],
        "tools": [c.story.id for c in base if c.kind == "tool" and c.story.id in known],
    }

    def answered(_question: Question, schema: type[Answer], /) -> Answer:
        return schema.model_validate(named)

    found = select(
        inputs.recalled.stories,
        issue=inputs.issue,
        ask=answered,
        plan=inputs.plan,
        follows=inputs.recalled.follows,
    )
    failed: set[str] = set()
    if digest.provenance and digest.provenance.page_sha256 == inputs.job.page.sha256:
        failed = {drop.what for drop in digest.drops if drop.reason.code != "by_hand"}
    others = [c for c in (*found.news, *found.tools, *found.spares) if c.story.id not in ids]
    return [
        c.model_copy(update={"reason": Reason("spare")}) for c in others if c.story.id not in failed
    ]
