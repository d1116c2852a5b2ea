"""Answers and pairs that are known to be right or wrong, put before the checks.

No recording is needed: what is right and wrong was written down with its evidence, and every right
answer that a check rejects is a fault like every wrong one that passes.
"""

import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from eval.card import Card, Ratio
from pipeline.chinese.glossary import Term
from pipeline.errors import SettingsError
from pipeline.quantities import unsupported_quantities
from pipeline.records import Entry, Finding, Link, Mention, Record, Sentence, Story
from pipeline.verify.citation import complete_citations
from pipeline.verify.registry import verify

RIGHT_FILE: Final = Path(__file__).with_name("right_answers.jsonl")
"""Right answers, one JSON object a line."""
WRONG_FILE: Final = Path(__file__).with_name("wrong_answers.jsonl")
"""Wrong answers."""
MODEL: Final = "checks"
"""Stands for a model where no model answered."""


class KnownAnswer(Record):
    """One answer, and the lines that it was written from."""

    kind: str
    """What of it is hard to judge, or wrong."""
    lines: tuple[str, ...]
    """English lines, each of a mention of its own."""
    title: str
    sentences: tuple[Sentence, ...]
    links: tuple[tuple[str, str], ...] = (("announcement", "https://example.org/news/1"),)
    """Anchor text and address of each; the first is the entry's."""
    checks: tuple[str, ...] = ()
    """Of a wrong one, the checks of which one must object; empty for any."""

    @property
    def story(self) -> Story:
        """The event as the issue would tell it."""
        links = tuple(Link(text=text, url=url) for text, url in self.links)
        mentions = tuple(
            Mention(
                id=f"m{number:03}",
                part="twitter",
                section=("AI Twitter Recap",),
                lead="",
                text=line,
                links=links if number == 1 else (),
                bullets=1,
            )
            for number, line in enumerate(self.lines, 1)
        )
        return Story(id="s01", mentions=mentions, sources=tuple(link.url for link in links))

    @property
    def entry(self) -> Entry:
        """The answer as an entry."""
        story = self.story
        return Entry(
            kind="news",
            title=self.title,
            summary="".join(sentence.text for sentence in self.sentences),
            sentences=self.sentences,
            link=story.first_url,
            story=story.id,
            links=story.links,
            evidence=story.evidence,
            mentions=tuple(mention.id for mention in story.mentions),
        )


def read_answers(file: Path) -> tuple[KnownAnswer, ...]:
    """Read answers.

    Raises:
        SettingsError: a line cannot be used; names it.
    """
    answers = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            answers.append(KnownAnswer.model_validate_json(line))
        except ValidationError as error:
            said = error.errors(include_url=False)[0]["msg"]
            raise SettingsError(f"{file}: line {number} cannot be used: {said}") from error
    return tuple(answers)


def findings_on(answer: KnownAnswer, terms: Sequence[Term]) -> tuple[Finding, ...]:
    """Check an answer as a run would."""
    story = answer.story
    return verify(complete_citations(answer.entry, story), story, terms=terms)


def score_known(
    terms: Sequence[Term],
    *,
    shared: Path,
    right: Iterable[KnownAnswer] | None = None,
    wrong: Iterable[KnownAnswer] | None = None,
) -> Card:
    """Count what the checks reject of what is right, and let pass of what is wrong.

    Args:
        terms: the glossary.
        shared: folder that has pairs of quantities by somebody else; they are left out where it is
            missing.
        right: right answers, by default those of the file.
        wrong: wrong ones.
    """
    rights = tuple(read_answers(RIGHT_FILE) if right is None else right)
    wrongs = tuple(read_answers(WRONG_FILE) if wrong is None else wrong)
    rejected = [(one, found) for one in rights if (found := findings_on(one, terms))]
    passed = [one for one in wrongs if not _is_noticed(one, terms)]
    given_rejected, given_passed = _given_pairs(shared / "cases" / "quantities.tsv")
    pairs_rejected, pairs_passed = _own_pairs()
    return Card(
        model=MODEL,
        name="known",
        right_rejected=Ratio(hit=len(rejected), of=len(rights)),
        wrong_passed=Ratio(hit=len(passed), of=len(wrongs)),
        pairs_rejected=pairs_rejected,
        pairs_passed=pairs_passed,
        given_rejected=given_rejected,
        given_passed=given_passed,
        objections=tuple(
            f"right, rejected: {one.kind}: {finding.severity} {finding.check}: {finding.found!r} "
            f"in {one.title!r}"
            for one, found in rejected
            for finding in found
        ),
        missed=tuple(f"wrong, passed: {one.kind}: {one.title!r}" for one in passed),
    )


def _is_noticed(answer: KnownAnswer, terms: Sequence[Term]) -> bool:
    found = {finding.check for finding in findings_on(answer, terms)}
    return bool(found.intersection(answer.checks) if answer.checks else found)


def _given_pairs(file: Path) -> tuple[Ratio, Ratio]:
    """Compare pairs of an English and a Chinese quantity, `right` or `wrong` before each."""
    if not file.is_file():
        return Ratio(), Ratio()
    rejected = passed = Ratio()
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        verdict, english, chinese = line.split("\t")
        objects = bool(unsupported_quantities(chinese, english))
        if verdict == "right":
            rejected += Ratio(hit=int(objects), of=1)
        else:
            passed += Ratio(hit=int(not objects), of=1)
    return rejected, passed


def _own_pairs() -> tuple[Ratio, Ratio]:
    """Ask the module of our own pairs, where it is there."""
    try:
        pairs = importlib.import_module("eval.pairs")
    except ModuleNotFoundError as error:
        if error.name != "eval.pairs":
            raise
        return Ratio(), Ratio()
    right, rejected, wrong, passed = pairs.pairs_score()
    return Ratio(hit=rejected, of=right), Ratio(hit=passed, of=wrong)
