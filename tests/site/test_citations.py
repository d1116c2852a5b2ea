"""Which lines a sentence is shown to rest on, and what numbers the folded evidence has."""

import datetime as dt
import re

import pytest

from pipeline.records import Digest, Entry, Finding, Sentence
from pipeline.site.citations import EvidenceBlock, line_ranges
from pipeline.site.entry import EntryView, entry_view
from pipeline.site.feed import SiteDigest
from pipeline.site.pages import digest_page
from pipeline.site.render import render_template
from pipeline.site.review import review_page

LONG = "Alder is out. " + "It has weights. " * 15 + "It has code."
EVIDENCE = f"{LONG}\n- It runs on 2 GPUs.\n\nBirch likes Alder."
# Lines: 1 and 2 are the long one, 3 the bullet, 4 the second mention.


def told(*sentences: tuple[str, tuple[int, ...]], **more: object) -> Entry:
    """Write an entry of these sentences, each with its lines."""
    fields: dict[str, object] = {
        "kind": "news",
        "title": "甲",
        "summary": "".join(text for text, _ in sentences),
        "sentences": tuple(Sentence(text=text, lines=lines) for text, lines in sentences),
        "link": None,
        "evidence": EVIDENCE,
        "mentions": ("m001", "m002"),
    }
    return Entry.model_validate(fields | more)


def shown(*sentences: tuple[str, tuple[int, ...]], **more: object) -> EntryView:
    """Show such an entry."""
    return entry_view(told(*sentences, **more), "news-1", 1)


def one_entry(entry: Entry) -> Digest:
    """Write a digest of one entry."""
    return Digest(
        date=dt.date(2026, 1, 30), issue_url="https://example.org/", news=(entry,), tools=()
    )


def numbers(blocks: tuple[EvidenceBlock, ...]) -> list[list[list[int]]]:
    """Give the numbers of the lines, by mention and paragraph."""
    return [[[line.number for line in one.lines] for one in block] for block in blocks]


def said(view: EntryView) -> list[tuple[str, tuple[int, ...], str]]:
    """Give of each sentence its text, its lines and how a reader sees their numbers."""
    return [
        ("".join(run.text for run in one.runs), one.lines, one.ranges) for one in view.sentences
    ]


@pytest.mark.parametrize(
    ("lines", "ranges"),
    [((), ""), ((3,), "3"), ((1, 2), "1–2"), ((1, 2, 3, 5, 8, 9), "1–3,5,8–9"), ((1, 3), "1,3")],
)
def test_neighbours_are_a_range(lines: tuple[int, ...], ranges: str) -> None:
    """Whatever stands alone is itself."""
    assert line_ranges(lines) == ranges


def test_sentences_name_lines_and_the_evidence_numbers_them() -> None:
    """A long line of the issue is one paragraph of several lines; a bullet keeps its depth."""
    view = shown(("甲发布。", (2, 1)), ("乙说好。", (4,)))
    assert said(view) == [("甲发布。", (1, 2), "1–2"), ("乙说好。", (4,), "4")]
    assert numbers(view.evidence) == [[[1, 2], [3]], [[4]]]
    assert [[one.depth for one in block] for block in view.evidence] == [[0, 1], [0]]
    bullet = view.evidence[0][1].lines[0]
    assert "".join(run.text for run in bullet.runs) == "It runs on 2 GPUs."


@pytest.mark.parametrize(
    "more",
    [
        {"sentences": ()},
        {"summary": "另一句。"},
        {"quoted": True},
        {"mentions": ()},
        {"mentions": ("m001",)},
        {"evidence": "", "mentions": ()},
        {"sentences": ({"text": "甲发布。"},)},
        {"sentences": ({"text": "甲发布。", "lines": (0, -1, 5, 99)},)},
    ],
)
def test_what_it_rests_on_is_not_shown_where_it_is_not_known(more: dict[str, object]) -> None:
    """An older digest, words by hand, a quotation, lines that do not exist: no marks, no numbers."""
    view = shown(("甲发布。", (1,)), **more)
    assert view.sentences == ()
    assert all(number == 0 for block in numbers(view.evidence) for one in block for number in one)


def test_a_sentence_without_lines_stands_among_others() -> None:
    """It has no mark; lines that do not exist are left out."""
    view = shown(("甲发布。", ()), ("乙说好。", (99, 4)))
    assert said(view) == [("甲发布。", (), ""), ("乙说好。", (4,), "4")]


def test_what_cannot_be_seen_moves_no_line() -> None:
    """Sentences and lines are cut where they are, whatever a page drops before them."""
    hidden = "A\u202elder \x00is out.\n\u200b\nIt\ttakes 2 GPUs."
    view = shown(
        ("甲\u202e发布， 在\n2个GPU上。", (1, 2)),
        ("  乙说好。", (3,)),
        evidence=f"{hidden}\n\n\u202eBirch.",
    )
    assert said(view) == [("甲发布， 在 2个GPU上。", (1,), "1"), (" 乙说好。", (3,), "3")]
    lines = [line for block in view.evidence for one in block for line in one.lines]
    texts = [(line.number, "".join(run.text for run in line.runs)) for line in lines]
    assert texts == [(1, "Alder is out."), (3, "It takes 2 GPUs."), (4, "Birch.")]


def test_a_number_is_marked_in_the_lines_of_its_sentence() -> None:
    """Where another line has it too, it is not what the sentence rests on."""
    evidence = "Alder has 40k users.\n\nBirch has 40k users."
    for lines, places in (((1,), [1]), ((2,), [2]), ((1, 2), [1, 2])):
        view = shown(("它有4万用户。", lines), evidence=evidence)
        marked = [
            line.number
            for block in view.evidence
            for one in block
            for line in one.lines
            if any(run.kind == "number" for run in line.runs)
        ]
        assert marked == places
    apart = shown(("它有4万用户。", (1,)), evidence="Alder is out.\n\nBirch has 40k users.")
    assert any(run.kind for run in apart.evidence[1][0].lines[0].runs)


def finding(sentence: int | None) -> Finding:
    """Write a finding about a sentence of the first entry."""
    return Finding(
        entry="news:1",
        check="number",
        severity="warning",
        expected="4万",
        found="5万",
        sentence=sentence,
    )


def test_a_finding_stands_at_its_sentence() -> None:
    """Its mark says so; one about the entry is only counted, one about another is not here."""
    entry = told(("甲发布。", (1,)), ("乙说好。", (4,)))
    found = (finding(2), finding(0), finding(None))
    digest = one_entry(entry).model_copy(update={"findings": found})
    page = digest_page(SiteDigest("2026-01-30", digest), stems=())
    view = page.sections[0].items[0]
    assert [(one.sentence, one.finding.sentence) for one in view.findings] == [
        (2, "第2句"),
        (0, "标题"),
    ]
    assert [one.finding for one in view.sentences] == ["", "提醒"]
    other = digest.model_copy(update={"news": (entry, entry)})
    second = digest_page(SiteDigest("2026-01-30", other), stems=()).sections[0].items[1]
    assert (second.findings, [one.finding for one in second.sentences]) == ((), ["", ""])


def test_the_review_page_says_which_sentence_a_finding_is_about() -> None:
    """Or the title, or nothing."""
    digest = one_entry(told(("甲发布。", (1,))))
    made = digest.model_copy(update={"findings": tuple(map(finding, (1, 0, None)))})
    review = review_page(made, "2026-01-30", previous="first")
    assert [one.sentence for one, _ in review.findings] == ["第1句", "标题", ""]
    page = render_template("review.html", view=review, root="../", canonical=None, active="")
    for label in ("第1句", "标题"):
        assert f'<code>news:1</code> <span class="label">{label}</span> 甲</th>' in page
    assert "<code>news:1</code> 甲</th>" in page


def test_the_marks_of_a_page_lead_to_its_lines() -> None:
    """Each to a line that is there, once; without sentences there is neither mark nor script."""
    entry = told(("甲发布。", (1, 2)), ("乙说好。", (4,)))
    page = digest_page(SiteDigest("2026-01-30", one_entry(entry)), stems=())
    text = render_template("digest.html", view=page, root="", canonical=None, active="")
    marks = re.findall(r'<a class="cite" href="#([^"]+)".*?aria-label="([^"]+)">([^<]+)</a>', text)
    assert marks == [
        ("news-1-line-1", "第1句的出处：原刊第 1–2 行", "1–2"),
        ("news-1-line-4", "第2句的出处：原刊第 4 行", "4"),
    ]
    assert re.findall(r'id="(news-1-line-\d+)"', text) == [f"news-1-line-{n}" for n in (1, 2, 3, 4)]
    assert "static/sources.js" in text
    older = entry.model_copy(update={"sentences": ()})
    page = digest_page(SiteDigest("2026-01-30", one_entry(older)), stems=())
    text = render_template("digest.html", view=page, root="", canonical=None, active="")
    assert not re.search('class="(?:cite|told|line|no)"|sources.js', text)
    assert '<p class="summary" dir="auto">甲发布。乙说好。</p>' in text
