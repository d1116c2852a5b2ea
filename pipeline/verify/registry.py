"""The checks: an entry and its story go in, findings come out.

A check is one file of this package and one entry of `CHECKS`; whatever names checks reads them
there. Pure: a failed check is a value, and whether an entry is asked for again is for others to
decide. Each finding is read by the model that mends the entry and by a reviewer, so it says what
would pass. Not covered: whether a sentence claims what the text claims (开源 for closed source
passes), and Chinese names that were made up for a person.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from pipeline.chinese import Term
from pipeline.records import Entry, Finding, Mention, Story
from pipeline.verify.attribution import check_attribution
from pipeline.verify.check import CheckedSpan, CheckInput, EntryCheck, Problem
from pipeline.verify.citation import check_citation, complete_citations
from pipeline.verify.denial import check_denial
from pipeline.verify.form import check_form
from pipeline.verify.language import check_language
from pipeline.verify.length import check_length
from pipeline.verify.link import check_link
from pipeline.verify.names import check_names
from pipeline.verify.numbers import check_numbers
from pipeline.verify.padding import check_padding
from pipeline.verify.qualifier import check_qualifier
from pipeline.verify.scripts import check_scripts
from pipeline.verify.sides import check_sides
from pipeline.verify.tense import check_tense
from pipeline.verify.terms import check_terms


class Check(NamedTuple):
    """One check."""

    name: str
    """As findings name it."""
    label_en: str
    """What it asks for, as a sentence."""
    label_zh: str
    """What it is called on a page."""
    severity: Literal["error", "warning"] = "error"
    """Of its findings, but for problems that are minor."""
    run: EntryCheck | None = None
    """What compares an entry with its story; None where others make the findings."""
    on_quotations: bool = False
    """Whether quotations are checked too."""
    on_generation: bool = True
    """Whether every digest that is made is checked, rather than one that is audited or edited."""
    per_entry: bool = True
    """Whether one entry and its story decide; others are checked again after an edit."""
    by_mention: bool = False
    """Whether it asks who tells what: an entry's evidence alone does not part its mentions."""


# In the order in which an entry is checked: findings come in it.
CHECKS: tuple[Check, ...] = (
    Check(
        "link",
        "An entry's link is one of its story's.",
        "链接",
        run=check_link,
        on_quotations=True,
    ),
    Check("number", "Every quantity has its equal in the evidence.", "数字", run=check_numbers),
    Check(
        "name",
        "Every Latin name, model and version stands in the evidence.",
        "名称",
        run=check_names,
    ),
    Check(
        "citation",
        "Every sentence names the lines that have its numbers and names.",
        "出处",
        run=check_citation,
    ),
    Check("language", "The text is Simplified Chinese.", "语言", run=check_language),
    Check(
        "scripts",
        "Letters are Chinese, Latin, or symbols of the text.",
        "文字",
        run=check_scripts,
    ),
    Check("term", "Terms are those of the glossary.", "术语", run=check_terms),
    Check(
        "qualifier",
        "What the text calls possible, claimed or approximate is not told as plain fact.",
        "限定语",
        severity="warning",
        run=check_qualifier,
    ),
    Check(
        "attribution",
        "A figure that only strangers tell is told as theirs, where editors tell the event too.",
        "转述",
        run=check_attribution,
        by_mention=True,
    ),
    Check(
        "sides",
        "Who does what to whom, and what beats what, is as in the text.",
        "主客",
        run=check_sides,
    ),
    Check(
        "denial",
        "What the text denies is not affirmed, and what it affirms is not denied.",
        "正反",
        severity="warning",
        run=check_denial,
    ),
    Check(
        "tense",
        "What is still to come is not told as done, nor the other way round.",
        "时态",
        severity="warning",
        run=check_tense,
    ),
    Check("padding", "No sentence says what the text leaves out.", "空话", run=check_padding),
    Check(
        "length",
        "Titles and summaries are neither too long nor too short.",
        "长度",
        run=check_length,
    ),
    Check(
        "form",
        "No markup, control characters, addresses or accounts.",
        "格式",
        run=check_form,
        on_quotations=True,
    ),
    Check(
        "proofread",
        "A model that reads the whole digest names nothing that the lines do not say.",
        "通读",
        severity="warning",
        on_generation=False,
    ),
    Check(
        "repeat", "No page is shown, and no event told, by two entries.", "重复", per_entry=False
    ),
    Check(
        "told",
        "Each chosen story has an entry, or another story has its place.",
        "缺稿",
        severity="warning",
        per_entry=False,
    ),
    Check("story", "The issue has what an entry says.", "报道", on_generation=False),
    Check("evidence", "What an entry carries stands in the issue.", "原文", on_generation=False),
    Check("count", "No half has too many entries.", "条数", on_generation=False, per_entry=False),
    Check(
        "edit",
        "Changes by hand find their place.",
        "人工改动",
        on_generation=False,
        per_entry=False,
    ),
)


def verify(entry: Entry, story: Story, *, terms: Sequence[Term] = ()) -> tuple[Finding, ...]:
    """Compare one entry with its story.

    Args:
        entry: what is to be published; a quotation is only checked for its words and its form.
        story: its story: evidence and links.
        terms: the glossary, for the terms of the evidence that are written otherwise.

    Returns:
        One finding per failed check and place, empty for a clean entry. Warnings are for lost
        qualifiers, small counts that are spelled as words, and single words that may be names.
    """
    data = CheckInput(_with_lines(entry, story), story, tuple(terms))
    return tuple(
        dict.fromkeys(
            Finding(
                entry=story.id,
                check=check.name,
                severity="warning" if problem.minor else check.severity,
                expected=problem.expected,
                found=problem.found,
                sentence=_sentence_of(problem, data),
            )
            for check, run in _checks_of(entry)
            for problem in run(data).problems
        )
    )


def checked_spans(entry: Entry) -> dict[str, tuple[CheckedSpan, ...]]:
    """Give, by check, what of an entry was found in the evidence that it carries.

    Offsets are those of title and summary as one text, `。` between them, and of the evidence.
    """
    story = story_of_entry(entry)
    data = CheckInput(_with_lines(entry, story), story)
    return {check.name: tuple(run(data).spans) for check, run in _checks_of(entry)}


def _with_lines(entry: Entry, story: Story) -> Entry:
    """Give sentences by hand, which name no lines, those that they seem to rest on."""
    bare = any(not sentence.lines for sentence in entry.told)
    return complete_citations(entry, story) if bare and entry.edited else entry


def story_of_entry(entry: Entry) -> Story:
    """Make a story of the evidence and the links that an entry carries."""
    mention = Mention(
        id="own",
        part="intro",
        section=(),
        lead="",
        text=entry.evidence,
        links=entry.links,
        bullets=0,
    )
    return Story(id="own", mentions=(mention,))


def check_labels() -> dict[str, str]:
    """Give what each check is called in Chinese."""
    return {check.name: check.label_zh for check in CHECKS}


def generation_checks() -> dict[str, str]:
    """Give the checks of every digest that is made, each with what it asks for."""
    return {check.name: check.label_en for check in CHECKS if check.on_generation}


def whole_digest_checks() -> frozenset[str]:
    """Give the checks that compare more than one entry with its story."""
    return frozenset(check.name for check in CHECKS if not check.per_entry)


def checks_by_mention() -> tuple[str, ...]:
    """Give the checks that need the mentions of a story apart, as only its issue has them."""
    return tuple(check.name for check in CHECKS if check.by_mention)


def _sentence_of(problem: Problem, data: CheckInput) -> int | None:
    """Say which passage of an entry a problem is about, where only one may be."""
    if problem.sentence is not None or not data.entry.sentences:
        return problem.sentence
    has = [passage.number for passage in data.passages if problem.found in passage.text]
    return has[0] if len(has) == 1 else None


def _checks_of(entry: Entry) -> Iterator[tuple[Check, EntryCheck]]:
    for check in CHECKS:
        if check.run and (check.on_quotations or not entry.quoted):
            yield check, check.run
