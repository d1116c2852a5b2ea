"""The harness that measures the checks breaks one thing at a time, and the checks notice."""

from collections import Counter
from pathlib import Path

from build import entry, story
from eval.broken import CHECKS_BY_GROUP, BrokenEntry, broken_entries
from pipeline.audit import EvidenceIndex
from pipeline.chinese.glossary import Term
from pipeline.fetch.local_file import read_source
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.records import Entry, Story
from pipeline.urls import canonical
from pipeline.verify.registry import verify
from pipeline.write.markdown_format import from_markdown

TERMS = (Term(term="reward hacking", chinese="奖励黑客", never=("奖励攻击",)),)
URL = "https://github.com/acme/turbo"
EVIDENCE = """\
Acme Labs released Turbo-Coder 3.5, a 35B-A3B mixture of experts under Apache 2.0 for Google TPUs.
It scores 73.8% on SWE-bench, up from 61% last year, and runs 1.86x faster than Turbo-Coder 3.4.
The weights take 40GB; quantized they need 12-16 GB and answer in under 15 ms on one H100.
Training took 40k hours of video and cost $1.5M, the company says, and it was done in March 2025.
A member found that the model shows signs of reward hacking when it is asked for long answers; a fix is due in 2028.
"""
CORRECT = {
    "title": "Acme Labs发布代码模型Turbo-Coder 3.5",
    "summary": (
        "Acme Labs发布Turbo-Coder 3.5，共350亿参数，采用Apache 2.0许可，面向谷歌TPU。"
        "它在SWE-bench上达到73.8%，去年为61%，速度提升1.86倍。权重为40GB，量化后需12-16 GB，"
        "延迟不到15毫秒。训练用了4万小时视频，花费150万美元，于2025年3月完成。"
        "有成员发现它会出现奖励黑客，2028年修复。"
    ),
}


def _correct() -> tuple[Entry, Story]:
    told = story("s01", URL, text=EVIDENCE)
    return entry("s01", URL).model_copy(update=CORRECT), told


def _all() -> list[BrokenEntry]:
    made, told = _correct()
    other = story("s02", "https://example.org/other")
    return list(broken_entries(made, told, others=[other], terms=TERMS))


def _missed(made: list[BrokenEntry], told: Story, terms: tuple[Term, ...]) -> list[BrokenEntry]:
    return [
        each
        for each in made
        if not each.borne_out
        and not any(
            found.severity == "error" and found.check in CHECKS_BY_GROUP[each.group]
            for found in verify(each.entry, told, terms=terms)
        )
    ]


def test_the_entry_that_is_broken_is_correct() -> None:
    """What is noticed of a broken entry is what was broken."""
    made, told = _correct()
    assert verify(made, told, terms=TERMS) == ()


def test_each_break_changes_one_thing() -> None:
    """One field differs, and what it was and became can be read off the break."""
    made, _ = _correct()
    for each in _all():
        changed = [
            field for field in ("title", "summary", "link")
            if getattr(made, field) != getattr(each.entry, field)
        ]  # fmt: skip
        assert len(changed) == 1, each


def test_breaks_are_the_same_each_time() -> None:
    """A measure that is repeated gives the same numbers."""
    assert _all() == _all()


def test_everything_is_broken_in_every_way() -> None:
    """Each group has its kinds, and none is a kind in name only."""
    kinds = Counter((each.group, each.kind) for each in _all())
    first = {"number", "name", "link", "english", "traditional", "form", "length", "term"}
    assert first <= {group for group, _ in kinds} <= set(CHECKS_BY_GROUP)
    for kind in (
        "digit changed", "digit dropped", "digit added", "decimal moved", "unit changed",
        "万 and 亿 exchanged", "range's end changed", "year changed", "date changed",
        "letters swapped", "letter replaced", "other name", "other company in Chinese",
        "version changed", "version cut short", "version made longer",
        "link left out", "character changed", "path cut short", "another story's link",
        "clause left in English", "sentence left in English",
        "clause in traditional characters", "term misused", "too short", "too long", "cut off",
    ):  # fmt: skip
        assert any(here == kind for _, here in kinds), kind


def test_a_break_that_the_evidence_bears_out_is_marked() -> None:
    """3.4 for 3.5 is a version of the evidence; that the claim is wrong is out of reach."""
    true = {(each.kind, each.now) for each in _all() if each.borne_out}
    assert ("version changed", "Turbo-Coder 3.4") in true
    assert ("version changed", "Turbo-Coder 3.6") not in true


def test_no_break_of_a_link_is_a_link_of_the_story() -> None:
    """Another spelling of the same page is no break."""
    for each in _all():
        if each.group == "link" and each.entry.link and not each.borne_out:
            assert canonical(each.entry.link) != canonical(URL)


def test_what_is_broken_is_noticed() -> None:
    """Every break of an entry of our own is noticed by the check that it is for."""
    _, told = _correct()
    assert _missed(_all(), told, TERMS) == []


def test_what_is_broken_in_published_entries_is_noticed(shared: Path) -> None:
    """Numbers 99 %, names 98 %, links 100 %, English 98 %, over one published digest (`make eval` breaks them all)."""
    digest = from_markdown(
        (shared / "published" / "ai_news_summary_2025-12-24.md").read_text("utf-8")
    )
    page = shared / "site" / "frozen-issues" / "25-12-22-not-much.html"
    with page.open("rb") as opened:
        stories = merge(parse(read_source(str(page), opened)))
    index = EvidenceIndex(stories)
    tried: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for made in (*digest.news, *digest.tools):
        told = index.match(made)
        if told is None or any(each.severity == "error" for each in verify(made, told)):
            continue
        whole = [
            each for each in broken_entries(made, told, others=stories[:1])
            if each.group in {"number", "name", "link", "english"} and not each.borne_out
        ]  # fmt: skip
        tried.update(each.group for each in whole)
        missed.update(each.group for each in _missed(whole, told, ()))
    assert min(tried[group] for group in ("number", "name", "link", "english")) > 30
    bars = {"number": 0.99, "name": 0.98, "link": 1.0, "english": 0.98}
    reached = {group: 1 - missed[group] / tried[group] for group in bars}
    assert all(reached[group] >= bar for group, bar in bars.items()), reached
