"""A digest that exists -> what need not be asked for when it is edited: pure.

Its entries stand for the model's answers, so that an edit changes what was asked for and nothing
else, on any machine, whatever model made the digest and whatever its cache holds.
"""

from collections.abc import Sequence

from pipeline.drafts import Told
from pipeline.edits.anchors import Finder, mark, own_story
from pipeline.edits.apply import BY_HAND, place_of
from pipeline.llm.prompts import Answer, Question
from pipeline.records import Choice, Digest, Edit, Entry, Finding, Kind, Selection, Story
from pipeline.run import Kept, Start
from pipeline.select.selection import select

_OF_THE_WHOLE = frozenset({"repeat", "edit"})
"""Checks that are made anew with every version."""


def kept_of(digest: Digest, start: Start, back: Sequence[Edit]) -> tuple[Kept, tuple[Story, ...]]:
    """Take the digest as it is, without the edits that are taken back.

    Args:
        digest: the digest.
        start: its issue as it is now.
        back: edits that are taken back; what they hid is told again.

    Returns:
        What is known, and all stories: the issue's, and of entries whose story it has no more.
    """
    finder, taken = Finder(start.stories), {story.id for story in start.stories}
    told: dict[str, Told] = {}
    halves: dict[Kind, list[Choice]] = {"news": [], "tool": []}
    for section, entries in (("news", digest.news), ("tools", digest.tools)):
        for number, entry in enumerate(entries, 1):
            story = finder.find(mark(entry))
            if story is None or story.id in told:
                name = entry.story or ""
                free = name and name not in taken
                story = own_story(entry, name if free else f"{section}-{number}")
            each = _told(entry, story, digest.findings, f"{section}:{number}")
            told[story.id] = each
            halves[entry.kind].append(each.choice)
    stories = (*start.stories, *(each.choice.story for each in told.values()))
    stories = tuple({story.id: story for story in stories}.values())
    for edit in reversed(back):
        _take_back(edit, halves, told, start, Finder(stories))
    for half in halves.values():
        _shorten(half, start.how.want)
    base = (*halves["news"], *halves["tool"])
    return (
        Kept(
            told=lambda choice: told.get(choice.story.id),
            chosen=Selection(
                news=tuple(halves["news"]),
                tools=tuple(halves["tool"]),
                spares=tuple(_spares(digest, start, base)),
                drops=tuple(drop for drop in digest.drops if drop.reason != BY_HAND),
                shown=start.plan.shown,
            ),
            provenance=digest.provenance,
        ),
        stories,
    )


def _told(entry: Entry, story: Story, findings: Sequence[Finding], place: str) -> Told:
    link = entry.link
    if "link" in entry.edited:
        link = next(iter((*story.sources, *(each.url for each in story.links))), None)
    choice = Choice(
        story=story, kind=entry.kind, link=link, reason=entry.reason, follows=entry.follows
    )
    return Told(
        choice=choice,
        entry=entry.model_copy(update={"story": story.id, "edited": ()}),
        findings=tuple(
            each.model_copy(update={"entry": story.id})
            for each in findings
            if each.entry == place and each.check not in _OF_THE_WHOLE
        ),
        asked=entry.tries,
    )


def _take_back(
    edit: Edit,
    halves: dict[Kind, list[Choice]],
    told: dict[str, Told],
    start: Start,
    finder: Finder,
) -> None:
    """Put a story back where it stood, and let what was said by hand be told again."""
    story = finder.find(edit.story)
    place = place_of(edit.stood)
    if story is None or place is None:
        return
    half = halves[place.kind]
    if edit.do == "set":
        told.pop(story.id, None)
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
        follows = start.recalled.follows.get(back.id)
        here = Choice(story=back, kind=place.kind, link=link, reason="model", follows=follows)
    half.insert(place.number - 1, here)


def _shorten(half: list[Choice], want: int) -> None:
    """Send away what had come in for a story that is back: the last spare."""
    while len(half) > want:
        spare = next((c for c in reversed(half) if c.reason in ("spare", BY_HAND)), half[-1])
        half.remove(spare)


def _spares(digest: Digest, start: Start, base: Sequence[Choice]) -> list[Choice]:
    """List who may come next: as `select` does for the stories of the digest."""
    ids = {choice.story.id for choice in base}
    known = {story.id for story in start.recalled.stories}
    named = {
        "news": [c.story.id for c in base if c.kind == "news" and c.story.id in known],
        "tools": [c.story.id for c in base if c.kind == "tool" and c.story.id in known],
    }

    def answered(_question: Question, schema: type[Answer], /) -> Answer:
        return schema.model_validate(named)

    found = select(
        start.recalled.stories,
        issue=start.issue,
        ask=answered,
        plan=start.plan,
        follows=start.recalled.follows,
    )
    failed: set[str] = set()
    if digest.provenance and digest.provenance.page_sha256 == start.job.page.sha256:
        failed = {drop.what for drop in digest.drops if drop.reason != BY_HAND}
    others = [c for c in (*found.news, *found.tools, *found.spares) if c.story.id not in ids]
    return [c.model_copy(update={"reason": "spare"}) for c in others if c.story.id not in failed]
