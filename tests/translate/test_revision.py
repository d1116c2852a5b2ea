"""A second try changes what was found, and nothing else."""

from collections.abc import Mapping

import pytest

import build
from pipeline.records import Entry, Finding, Sentence
from pipeline.translate.answers import Revision
from pipeline.translate.evidence import EvidenceLimits, collect_evidence
from pipeline.translate.revision import FailedEntry, failed_passages, revise

FIRST, SECOND = "Orca发布，参数量为70B。", "每百万token价格为2美元。"
URLS = ("https://example.org/1", "https://example.org/2")
EVIDENCE = collect_evidence(build.story("s01", *URLS), EvidenceLimits())


def entry() -> Entry:
    """Write an entry of two sentences."""
    return build.entry("s01", URLS[0]).model_copy(
        update={
            "title": "Acme发布Orca",
            "summary": FIRST + SECOND,
            "sentences": (
                Sentence(text=FIRST, lines=(1,)),
                Sentence(text=SECOND, lines=(2,)),
            ),
        }
    )


def finding(check: str, found: str, sentence: int | None = None) -> Finding:
    """Write a finding on it."""
    return Finding(
        entry="s01", check=check, severity="error", expected="x", found=found, sentence=sentence
    )


def revised(revision: Mapping[str, object], *findings: Finding) -> Entry:
    """Take an answer to these findings."""
    answer = Revision.model_validate({"title": "", "sentences": [], "link": 0, **revision})
    return revise(FailedEntry(entry(), findings), answer, EVIDENCE)


@pytest.mark.parametrize(
    ("found", "open_to_change"),
    [
        ([finding("number", "2美元")], {2}),
        ([finding("number", "70B")], {1}),
        ([finding("name", "Orca")], {0, 1}),
        ([finding("qualifier", "whatever", 1)], {1}),
        ([finding("number", "2美元", 0)], {0}),
        ([finding("length", "9 characters")], {0, 1, 2}),
        ([finding("link", URLS[0])], set()),
        ([finding("number", "2美元"), finding("link", URLS[0])], {2}),
    ],
)
def test_a_finding_opens_what_it_is_about(found: list[Finding], open_to_change: set[int]) -> None:
    """A sentence, the title as 0, or all where it is about the whole."""
    assert failed_passages(entry(), found) == open_to_change


ALL_NEW = {
    "title": "别的标题在这里",
    "sentences": [
        {"number": 1, "text": "Orca已发布。", "lines": [4]},
        {"number": 2, "text": "价格为3美元", "lines": [5]},
        {"number": 3, "text": "另有一句。", "lines": [6]},
    ],
    "link": 2,
}


def test_what_passed_stays_whatever_is_answered() -> None:
    """Only the sentence with the finding takes the new words, with their lines."""
    made = revised(ALL_NEW, finding("number", "2美元"))
    assert made.title == "Acme发布Orca"
    assert [sentence.text for sentence in made.sentences] == [FIRST, "价格为3美元。"]
    assert [sentence.lines for sentence in made.sentences] == [(1,), (5,)]
    assert made.summary == FIRST + "价格为3美元。"
    assert made.link == URLS[0]


def test_a_title_changes_where_it_was_found_wrong() -> None:
    """An empty one keeps what is there."""
    assert revised(ALL_NEW, finding("form", "x", 0)).title == "别的标题在这里"
    assert revised({}, finding("form", "x", 0)).title == "Acme发布Orca"


def test_a_link_changes_where_it_was_found_wrong() -> None:
    """By its number; a number that no link has changes nothing."""
    assert revised(ALL_NEW, finding("link", "x")).link == URLS[1]
    assert revised({"link": 9}, finding("link", "x")).link == URLS[0]


def test_a_sentence_without_text_is_taken_out() -> None:
    """One stays in any case."""
    gone = {"sentences": [{"number": 2, "text": " ", "lines": []}]}
    assert revised(gone, finding("number", "2美元")).summary == FIRST
    none = [{"number": n, "text": "", "lines": list[int]()} for n in (1, 2)]
    assert revised({"sentences": none}, finding("length", "long")).summary == FIRST + SECOND


def test_an_entry_that_is_too_short_grows() -> None:
    """Where all may change, a sentence with a new number is one more, up to four."""
    more = {
        "sentences": [{"number": n, "text": f"第{n}句在这里。", "lines": [1]} for n in range(3, 7)]
    }
    made = revised(more, finding("length", "9 characters"))
    assert [sentence.text for sentence in made.sentences] == [
        FIRST,
        SECOND,
        "第3句在这里。",
        "第4句在这里。",
    ]
