"""One digest -> its score card: what can be counted about it, without believing the run.

Pure. Everything is looked up again in the issue and its stories; what the run itself found and
repaired is only counted. Whether a sentence is true beyond its numbers and names, and whether the
Chinese reads well, is not measured here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from eval.card import Card, Ratio, added, added_by_check, added_by_kind
from eval.checks import (
    NOTHING_JUDGED,
    Alarm,
    Objection,
    Pair,
    alarms,
    count_caught,
    failed_checks,
    matched,
)
from eval.rehearse import ReplayedRun
from pipeline.chinese.glossary import Term
from pipeline.chinese.typography import chinese_width
from pipeline.quantities import find_quantities, unsupported_quantities
from pipeline.records import Digest, Entry, Story
from pipeline.urls import canonical, order_links
from pipeline.verify.length import TITLE_CHARS, summary_chars
from pipeline.verify.link_choice import relevant_links
from pipeline.verify.names import unsupported_names

WANT: Final = 10
"""Entries that each half of a digest should have."""

_CHECKS: Final = {"numbers": "number", "names": "name", "terms": "term", "language": "language"}
_GROUPS: Final = {
    "number": "caught_numbers",
    "name": "caught_names",
    "link": "caught_links",
    "english": "caught_english",
    "moved": "caught_moved",
    "qualifier": "caught_qualifiers",
    "subject": "caught_subjects",
    "fact": "caught_facts",
    "line": "caught_lines",
    "padding": "caught_padding",
}
_OTHERS: Final = "caught_others"
_FULL_STOP: Final = re.compile("[。！？]")
_NAME: Final = re.compile("[A-Za-z]{2}")
# Places where people talk about things, rather than the things.
_TALK: Final = (
    "x.com",
    "twitter.com",
    "reddit.com",
    "redd.it",
    "discord.com",
    "discord.gg",
    "discordapp.com",
    "imgur.com",
    "twimg.com",
    "news.smol.ai",
    "news.ycombinator.com",
    "linkedin.com",
    "threads.net",
    "bsky.app",
    "t.co",
)
# The story of an entry that tells none of the issue's: it bears nothing out.
_NOWHERE: Final = Story(id="", mentions=())


def score(
    run: ReplayedRun,
    references: Sequence[Digest] = (),
    *,
    terms: Sequence[Term] = (),
    right: AbstractSet[Alarm] = frozenset(),
    judged: Mapping[Objection, bool] = NOTHING_JUDGED,
    every: bool = False,
) -> Card:
    """Count what can be counted about one digest.

    Args:
        run: the digest, and what it was made from.
        references: digests of the same issue by somebody else.
        terms: the glossary.
        right: findings on these references that are right.
        judged: findings on first answers, and whether they are right.
        every: try every break of every entry rather than a sample.
    """
    digest = run.digest
    entries = [*digest.news, *digest.tools]
    told = list(zip(entries, _told_stories(entries, run.stories), strict=True))
    chosen = [story for _entry, story in told]
    written = [pair for pair in told if not pair[0].quoted]
    theirs = matched(references, run.stories, terms)
    found = [count_caught(pairs, terms, every=every) for pairs in (written, theirs)]
    kinds = added_by_kind([one.by_kind for one in found])
    wrong = [each for each in alarms(references, run.issue, terms) if each not in right]
    refusals, objections = _refusals(run, judged)
    return Card(
        model=run.header.model,
        name=run.name,
        whole=_whole(digest, len(run.stories)),
        **_links(told, {canonical(link.url) for m in run.issue.mentions for link in m.links}),
        repeats=_repeats(entries),
        **_texts(written, terms),
        **_sentences(written),
        **_effort(run, entries),
        **refusals,
        agreement=_agreement(chosen, run.stories, references),
        agreement_alone=_agreement(run.alone, run.stories, references),
        **_caught(kinds),
        by_kind=kinds,
        by_kind_open=added_by_kind([one.by_kind_open for one in found]),
        by_check=added_by_check([one.by_check for one in found]),
        objections=objections,
        false_alarms=Ratio(
            hit=len({(each.digest, each.entry) for each in wrong}),
            of=sum(len(one.news) + len(one.tools) for one in references),
        ),
        missed=tuple(line for one in found for line in one.missed),
        alarms=tuple(f"{e.digest} {e.entry} {e.check}: {e.found}" for e in wrong),
    )


def _told_stories(entries: Sequence[Entry], stories: Sequence[Story]) -> Iterator[Story]:
    """Make the story of each entry of the issue's mentions that it names: its event's, all of them."""
    known = {story.id: story for story in stories}
    mentions = {mention.id: mention for story in stories for mention in story.mentions}
    for entry in entries:
        lead = known.get(str(entry.story), _NOWHERE)
        named = tuple(mentions[name] for name in entry.mentions if name in mentions)
        sources = order_links(named).shown
        yield lead.model_copy(update={"mentions": named, "sources": sources}) if named else lead


def is_first_hand(url: str) -> bool:
    """Whether an address is a thing itself rather than a post about it."""
    host = re.split("[/?]", canonical(url))[0]
    return not any(host == talk or host.endswith(f".{talk}") for talk in _TALK)


def _whole(digest: Digest, stories: int) -> Ratio:
    there = min(len(digest.news), WANT) + min(len(digest.tools), WANT)
    return Ratio(hit=there, of=min(2 * WANT, stories))


def _links(told: Sequence[Pair], issue: set[str]) -> dict[str, Ratio]:
    """Look every link up in the whole issue and in its own story, whatever the entry says."""
    own = [({canonical(link.url) for link in story.links}, entry.link) for entry, story in told]
    shown = [(links, canonical(link)) for links, link in own if link]
    better = [link for links, link in shown if any(map(is_first_hand, links))]
    # Where all of a story's links stand on lines about something else, none of them is wanted.
    wanted = sum(
        bool(entry.link or (not entry.unlinked and relevant_links(entry, story)))
        for entry, story in told
    )
    return {
        "linked": Ratio(hit=len(shown), of=wanted),
        "grounded": Ratio(
            hit=sum(link in issue and link in links for links, link in shown), of=len(shown)
        ),
        "first_hand": Ratio(hit=sum(map(is_first_hand, better)), of=len(better)),
    }


def _repeats(entries: Sequence[Entry]) -> Ratio:
    told = Counter(entry.story for entry in entries)
    shown = Counter(canonical(entry.link) for entry in entries if entry.link)
    again = sum(count - 1 for count in told.values()) + sum(count - 1 for count in shown.values())
    return Ratio(hit=min(again, len(entries)), of=len(entries))


def _texts(told: Sequence[Pair], terms: Sequence[Term]) -> dict[str, Ratio]:
    """Check the texts of entries that the model wrote."""
    found = [failed_checks(entry, story, terms) for entry, story in told]
    fits = [
        chinese_width(entry.title) <= TITLE_CHARS[-1]
        and len(entry.summary) >= summary_chars(entry.evidence)[0]
        and chinese_width(entry.summary) <= summary_chars(entry.evidence)[-1]
        for entry, _story in told
    ]
    free = {
        field: Ratio(hit=sum(check not in errors for errors in found), of=len(told))
        for field, check in _CHECKS.items()
    }
    return free | {
        "length": Ratio(hit=sum(fits), of=len(told)),
        "clean": Ratio(hit=sum(not errors for errors in found), of=len(told)),
    }


def _sentences(told: Sequence[Pair]) -> dict[str, Ratio]:
    """Look the lines of each sentence up, and its numbers and names in them."""
    cited = sourced = Ratio()
    for entry, story in told:
        if not entry.sentences:
            cited += Ratio(of=len(_FULL_STOP.findall(entry.summary)))
            continue
        places = entry.line_places
        for sentence in entry.sentences:
            known = [line for line in sentence.lines if 0 < line <= len(places)]
            whole = bool(known) and len(known) == len(sentence.lines)
            cited += Ratio(hit=int(whole), of=1)
            lines = "\n".join(entry.evidence[slice(*places[line - 1])] for line in known)
            sourced += _sourced(sentence.text, lines, story)
    return {"cited": cited, "sourced": sourced}


def _sourced(text: str, lines: str, story: Story) -> Ratio:
    """Say whether lines have the numbers and names of a sentence, if it has any."""
    if not (_NAME.search(text) or any(not each.weak for each in find_quantities(text))):
        return Ratio()
    links = [words for link in story.links for words in (link.text, link.url)]
    lost = [each for each in unsupported_quantities(text, lines) if not each.weak]
    return Ratio(hit=int(not lost and not unsupported_names(text, lines, links)), of=1)


def _refusals(
    run: ReplayedRun, judged: Mapping[Objection, bool]
) -> tuple[dict[str, Ratio], tuple[str, ...]]:
    """Count the first answers to which something objects wrongly; a small model's are not judged."""
    if run.header.embedded:
        return {}, ()
    rejected = warned = 0
    lines: list[str] = []
    for draft in run.first:
        title = draft.entry.title if draft.entry else ""
        made = [(finding, Objection.of(run.name, title, finding)) for finding in draft.findings]
        wrong = [(finding, one) for finding, one in made if not judged.get(one)]
        severities = {finding.severity for finding, _ in wrong}
        rejected += "error" in severities
        warned += severities == {"warning"}
        lines += [f"{_verdict(one, judged)}: {one.line(finding)}" for finding, one in wrong]
    named = [Objection.named(run.name, problem) for problem in run.named]
    misread = [one for one in named if not judged.get(one)]
    lines += [
        f"{_verdict(one, judged)}: {one.issue} {one.title} {one.check}: {one.found}"
        for one in misread
    ]
    of, entries = len(run.first), len(run.digest.entries)
    misread_entries = len({one.title for one in misread})
    counts = {
        "rejected": Ratio(hit=rejected, of=of),
        "warned": Ratio(hit=warned, of=of),
        "misread": Ratio(hit=misread_entries, of=entries) if run.is_proofread else Ratio(),
    }
    return counts, tuple(lines)


def _verdict(one: Objection, judged: Mapping[Objection, bool]) -> str:
    return "judged wrong" if one in judged else "not judged"


def _effort(run: ReplayedRun, entries: Sequence[Entry]) -> dict[str, Ratio]:
    """Count what the run had to mend; a story is one question that is not asked again."""
    asked = sum(
        t.question.prompt == "translate" and not t.question.asked_before for t in run.questions
    )
    there = run.digest.provenance
    coverage = Ratio()
    if there:
        # No model is shown a story where the code chooses: it looks at all of them.
        every = there.coverage.stories
        seen = every if there.profile == "plain" else there.coverage.shown
        coverage = Ratio(hit=seen, of=every)
    mended = sum(entry.tries > 1 for entry in entries if not entry.quoted)
    return {
        "coverage": coverage,
        "repaired": Ratio(hit=mended, of=len(entries)),
        "replaced": Ratio(hit=asked - len(entries), of=asked),
        "quoted": Ratio(hit=run.digest.degraded, of=len(entries)),
    }


def _agreement(
    chosen: Iterable[Story], stories: Iterable[Story], references: Sequence[Digest]
) -> Ratio:
    """Count each reference's links, once each, that are among those of the chosen stories."""
    ours = {canonical(link.url) for story in chosen for link in story.links}
    known = {canonical(link.url) for story in stories for link in story.links}
    theirs = [
        {canonical(entry.link) for entry in (*one.news, *one.tools) if entry.link} & known
        for one in references
    ]
    return Ratio(hit=sum(len(one & ours) for one in theirs), of=sum(map(len, theirs)))


def _caught(kinds: Mapping[str, Ratio]) -> dict[str, Ratio]:
    """Add the kinds of breaks up to what the card shows."""
    return {
        field: added(
            ratio
            for kind, ratio in kinds.items()
            if _GROUPS.get(kind.partition(":")[0], _OTHERS) == field
        )
        for field in (*_GROUPS.values(), _OTHERS)
    }
