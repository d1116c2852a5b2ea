"""A digest that exists -> the entries that are reused when it is edited: pure.

They stand for the model's answers, so that an edit changes what was asked for and nothing else, on
any machine, whatever model made the digest and whatever the cache holds.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from pipeline.edits import EntryPlace, StoryFinder, make_anchor, parse_place, story_from_entry
from pipeline.llm import Answer, Question
from pipeline.records import (
    Digest,
    Edit,
    Entry,
    EntryKind,
    Finding,
    Reason,
    SelectedStory,
    Selection,
    Story,
)
from pipeline.run import GenerationInput
from pipeline.select import join_stories, select
from pipeline.tell import ReusedEntries
from pipeline.translate import DraftEntry, take_spare
from pipeline.verify import whole_digest_checks


def reuse_entries(
    digest: Digest, inputs: GenerationInput, reverted: Sequence[Edit]
) -> tuple[ReusedEntries, tuple[Story, ...]]:
    """Take the digest as it is, without the edits that are taken back.

    What the `reverted` edits hid is published again.

    Returns:
        What is known, and all stories: the issue's, and of entries whose story it no longer has.
    """
    finder = StoryFinder(inputs.stories, map(make_anchor, digest.entries))
    taken = {story.id for story in inputs.stories}
    drafts: dict[str, DraftEntry] = {}
    halves: dict[EntryKind, list[SelectedStory]] = {"news": [], "tool": []}
    for place, entry in digest.placed:
        story = finder.find(make_anchor(entry))
        if story is None or story.id in drafts:
            name = entry.story or ""
            free = name and name not in taken
            story = story_from_entry(entry, name if free else place.replace(":", "-"))
        else:
            story = _join_told(entry, story, inputs.stories)
        draft = reuse_entry(entry, story, digest.findings, place)
        drafts[story.id] = draft
        halves[entry.kind].append(draft.choice)
    known = (*inputs.stories, *(draft.choice.story for draft in drafts.values()))
    stories = tuple({story.id: story for story in known}.values())
    for edit in reversed(reverted):
        _revert_edit(edit, halves, drafts, inputs, StoryFinder(stories))
    for half in halves.values():
        _trim(half, inputs.profile.want)
    spares = _list_spares(digest, inputs, (*halves["news"], *halves["tool"]))
    if reverted:
        _fill(halves, spares, inputs.profile.want)
    selection = Selection(
        news=tuple(halves["news"]),
        tools=tuple(halves["tool"]),
        spares=tuple(spares),
        drops=tuple(drop for drop in digest.drops if drop.reason.code != "by_hand"),
        shown=inputs.plan.shown,
    )
    reused = ReusedEntries(
        find_draft=partial(_find_reused, drafts),
        selection=selection,
        provenance=digest.provenance,
        untold=tuple(finding for finding in digest.findings if finding.check == "told"),
    )
    return reused, stories


def _find_reused(drafts: Mapping[str, DraftEntry], choice: SelectedStory) -> DraftEntry | None:
    """Give the entry of a story; one that moves to the other half takes its words along."""
    draft = drafts.get(choice.story.id)
    return draft and draft.in_half(choice.kind)


def _join_told(entry: Entry, lead: Story, stories: Sequence[Story]) -> Story:
    """Join to the story of an entry the others of its event, whose words the entry carries."""
    told = f"\n\n{entry.evidence}\n\n"
    others = (
        story
        for story in stories
        if story.id != lead.id and all(f"\n\n{it.text}\n\n" in told for it in story.mentions)
    )
    return join_stories([lead, *others])


def reuse_entry(entry: Entry, story: Story, findings: Sequence[Finding], place: str) -> DraftEntry:
    """Take an entry as what the model wrote of its story, with the findings at its place."""
    link = story.first_url if "link" in entry.edited else entry.link
    choice = SelectedStory(
        story=story, kind=entry.kind, link=link, reason=entry.reason, follows=entry.follows
    )
    return DraftEntry(
        choice=choice,
        entry=entry.model_copy(update={"story": story.id, "edited": ()}),
        findings=tuple(
            finding.model_copy(update={"entry": story.id})
            for finding in findings
            if finding.entry == place and finding.check not in whole_digest_checks()
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
    """Put a story back where it stood; its words by hand are the model's business again."""
    story = finder.find(edit.story)
    stood = parse_place(edit.stood)
    if story is None or stood is None:
        return
    if edit.do in ("set", "tell"):
        drafts.pop(story.id, None)
    if edit.do in ("set", "tell", "pin"):
        return
    told = _take_out(story, halves)
    returning = []
    if edit.do in ("drop", "move") or (edit.do == "swap" and edit.stood != edit.place):
        moved = edit.do != "drop" and told
        returning.append((stood, moved or _choose_again(story, stood.kind, inputs)))
    target = parse_place(edit.place or edit.stood) or stood
    if edit.do == "swap" and edit.instead and (out := finder.find(edit.instead)):
        returning.append((target, _choose_again(out, target.kind, inputs)))
    _put_back(returning, halves)
    if edit.do in ("add", "move"):
        _make_up_room(edit, halves[target.kind], target.kind, inputs, finder)


def _put_back(
    returning: Sequence[tuple[EntryPlace, SelectedStory]],
    halves: dict[EntryKind, list[SelectedStory]],
) -> None:
    """Put stories at their places, the first place first."""
    for place, choice in sorted(returning, key=lambda pair: pair[0].number):
        back = choice.model_copy(update={"kind": place.kind})
        halves[place.kind].insert(place.number - 1, back)


def _take_out(story: Story, halves: dict[EntryKind, list[SelectedStory]]) -> SelectedStory | None:
    """Take a story out of both halves; give the choice of it that stood there first."""
    selected = (choice for half in halves.values() for choice in half)
    told = next((choice for choice in selected if choice.story.id == story.id), None)
    for half in halves.values():
        half[:] = [choice for choice in half if choice.story.id != story.id]
    return told


def _make_up_room(
    edit: Edit,
    half: list[SelectedStory],
    kind: EntryKind,
    inputs: GenerationInput,
    finder: StoryFinder,
) -> None:
    """Bring back, at the end, the story that has made room for one that came into this half."""
    back = finder.find(edit.instead) if edit.instead else None
    if back and back.id not in {choice.story.id for choice in half}:
        half.append(_choose_again(back, kind, inputs))


def _choose_again(story: Story, kind: EntryKind, inputs: GenerationInput) -> SelectedStory:
    return SelectedStory(
        story=story,
        kind=kind,
        link=next(iter(story.sources), None),
        reason=Reason("model"),
        follows=inputs.repeats.follows.get(story.id),
    )


def _trim(half: list[SelectedStory], want: int) -> None:
    """Remove what had come in for a story that is back: the last spare."""
    while len(half) > want:
        spare = next((c for c in reversed(half) if c.reason.code in ("spare", "by_hand")), half[-1])
        half.remove(spare)


def _fill(
    halves: Mapping[EntryKind, list[SelectedStory]], spares: list[SelectedStory], want: int
) -> None:
    """Take spares for what no edit says it has displaced, those that lean to the half first."""
    for kind, half in halves.items():
        while len(half) < want and spares:
            half.append(take_spare(spares, kind))


def _list_spares(
    digest: Digest, inputs: GenerationInput, base: Sequence[SelectedStory]
) -> list[SelectedStory]:
    """List the next stories, as `select` does where the model answers with the digest's own."""
    told = {mention.id for choice in base for mention in choice.story.mentions}
    passed_over = {choice.story.id for choice in base} | {
        story.id for story in inputs.stories if told.issuperset(it.id for it in story.mentions)
    }
    if digest.provenance and digest.provenance.page_sha256 == inputs.job.page.sha256:
        passed_over |= {drop.what for drop in digest.drops if drop.reason.code != "by_hand"}
    found = _select_again(inputs, base)
    return [
        choice.model_copy(update={"reason": Reason("spare")})
        for choice in (*found.news, *found.tools, *found.spares)
        if choice.story.id not in passed_over
    ]


def _select_again(inputs: GenerationInput, base: Sequence[SelectedStory]) -> Selection:
    """Choose the stories of an issue where the model's answer is what a digest has."""
    known = {story.id for story in inputs.repeats.stories}
    halves: dict[EntryKind, list[dict[str, object]]] = {"news": [], "tool": []}
    for choice in base:
        if (name := choice.story.id) in known:
            # No two ids pass for the same words.
            halves[choice.kind].append({"stories": [name], "event": name})
    named = {"news": halves["news"], "tools": halves["tool"]}

    def answered(_question: Question, schema: type[Answer], /) -> Answer:
        return schema.model_validate(named)

    return select(
        inputs.repeats.stories,
        issue=inputs.issue,
        ask=answered,
        plan=inputs.plan,
        follows=inputs.repeats.follows,
    )
