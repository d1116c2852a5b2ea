"""The text of a pull request: complete, short enough, and quiet."""

import datetime as dt
import re

import pytest
from markdown_it import MarkdownIt

from build import entry
from pipeline.llm.ledger import DailyUsage, Usage
from pipeline.ops.reports import report
from pipeline.records import (
    Coverage,
    Digest,
    DroppedItem,
    Entry,
    Finding,
    Provenance,
    Sentence,
)
from pipeline.write import MAX_GITHUB_CHARS

GFM = MarkdownIt("commonmark").enable("table")


def digest(*news: Entry, **more: object) -> Digest:
    """Write a digest."""
    facts = Digest(
        date=dt.date(2026, 1, 31),
        issue_url="https://news.smol.ai/issues/26-01-30-sampler/",
        news=news or (entry("s01", "https://example.org/1"),),
        tools=(entry("s02", "https://example.org/2", "tool"),),
        provenance=Provenance(
            slug="26-01-30-sampler",
            title="A sampler",
            issue_date=dt.date(2026, 1, 30),
            source="site",
            page_sha256="0" * 64,
            model="test-model",
            prompts={},
            coverage=Coverage(
                characters=12_345, mentions={"twitter": 40, "reddit": 4}, stories=40, shown=39
            ),
        ),
    )
    return facts.model_copy(update=more)


def plain(markdown: str) -> str:
    """Give the text that a reader sees."""
    tokens = [each for token in GFM.parse(markdown) for each in token.children or ()]
    return "\n".join(each.content for each in tokens if each.type in ("text", "code_inline"))


def test_a_reviewer_sees_what_was_told_found_and_left_out() -> None:
    """Titles in order with their marks, findings, drops with reasons, coverage."""
    first = entry("s01", None).model_copy(
        update={"title": "甲", "tries": 3, "quoted": True, "edited": ("title",)}
    )
    second = entry("s03", "https://example.org/3").model_copy(
        update={"title": "乙", "follows": dt.date(2026, 1, 20)}
    )
    finding = Finding(
        entry="news:2", check="number", severity="warning", expected="40k", found="4千"
    )
    drop = DroppedItem(what="s09", reason="did not pass the checks: name 'Foo'")
    text = report([("2026-01-31", digest(first, second, findings=(finding,), drops=(drop,)))], ())
    assert "1. 甲 — *quoted, by hand: title, after 3 tries, no link*\n" in text
    assert "2. 乙 — *follows 2026-01-20*\n" in text
    assert "2 news, 1 tools, **1 of 3 quoted**" in text
    assert "- warning at news:2, number: found 4千, expected 40k\n" in text
    assert "- s09: did not pass the checks: name 'Foo'\n" in text
    assert "12,345 characters in 44 mentions, 39 of 40 stories shown to the model." in text
    assert "Receipt" not in text
    assert text.endswith(".\n")


def test_the_receipt_has_a_line_for_each_day_and_model() -> None:
    """With the calls that failed; a price that nobody knows is unknown, the sum is left out."""
    usage = Usage(prompt="", calls=21, failed=2, input_tokens=21_000, cached_tokens=8_400)
    known = usage.model_copy(update={"cost_usd": 0.0312, "output_tokens": 2_100})
    spent = (
        DailyUsage(day="2026-01-31", model="a|b", runs=2, unpriced=0, usage=known),
        DailyUsage(day="2026-02-01", model="c", runs=1, unpriced=3, usage=usage),
        DailyUsage(day="", model="", runs=3, unpriced=3, usage=usage),
    )
    text = report([("2026-01-31", digest())], spent)
    rows = [line for line in text.splitlines() if line.startswith("| 2026")]
    assert (
        rows[0] == "| 2026-01-31 | a&#124;b | 2 | 21 | 2 | 21,000 | 8,400 | 2,100 | 0 | $0.0312 |"
    )
    assert rows[1].endswith("| unknown |")
    assert len(rows) == 2
    assert "<td>a|b</td>" in GFM.render(text)


@pytest.mark.parametrize(
    "hostile",
    [
        "@octocat sees this",
        "as @octo-org/team said",
        "closes #12",
        "octo/repo#12 and GH-12",
        "octo/repo@0123456",
        "`@octocat`",
        "<img src=x onerror=alert(1)>",
        "[x](https://evil.example)",
        "https://github.com/octo/repo/issues/1",
        "</details> | a | b |",
    ],
)
def test_what_strangers_wrote_calls_nobody_and_stays_text(hostile: str) -> None:
    """No mention, no reference to an issue, no link but the issue's own, no HTML."""
    told = entry("s01", "https://github.com/octo/repo/issues/1").model_copy(
        update={"title": hostile}
    )
    finding = Finding(
        entry="news:1", check="name", severity="error", expected=hostile, found=hostile
    )
    drops = (DroppedItem(what=hostile, reason=hostile),)
    base = digest(told, findings=(finding,), drops=drops)
    assert base.provenance
    titled = base.provenance.model_copy(update={"title": hostile, "model": hostile})
    text = report([("2026-01-31", base.model_copy(update={"provenance": titled}))], ())
    assert not re.search(r"(?i)[@#]\w|\bgh-\d", text)
    rendered = GFM.render(text)
    assert re.findall(r'href="([^"]*)"', rendered) == [base.issue_url]
    assert "<img" not in rendered
    seen = plain(text).replace("\u200b", "").replace("\n", "")
    assert seen.count(hostile.strip("`")) >= 5


def test_many_digests_end_before_githubs_limit() -> None:
    """Cut at a whole line, which says how much is missing."""
    drops = tuple(DroppedItem(what=f"s{number}", reason="原因" * 100) for number in range(400))
    text = report([(f"2026-01-{day}", digest(drops=drops)) for day in range(10, 31)], ())
    assert MAX_GITHUB_CHARS - 500 < len(text) <= MAX_GITHUB_CHARS
    assert re.search(r"\n\n… \d+ more lines: see the digests' JSON\.\n\Z", text)


def test_a_long_list_of_drops_is_summed_up_by_reason() -> None:
    """The first forty in full, the rest counted."""
    drops = tuple(DroppedItem(what=f"s{number}", reason=f"told: {number}") for number in range(60))
    text = report([("2026-01-31", digest(drops=drops))], ())
    assert text.count("- s") == 40
    assert "- 20 more: told\n" in text


def test_a_digest_without_provenance_is_told_all_the_same() -> None:
    """One that was read from Markdown carries none."""
    text = report([("2026-01-31", digest(provenance=None))], ())
    assert text.startswith("## 2026-01-31\n\nIssue (")


def test_the_text_is_laid_out_for_a_reviewer() -> None:
    """Digest by digest: what it tells, what was found, what was left out, how much was looked at."""
    first = entry("s01", "https://example.org/1").model_copy(update={"title": "甲", "tries": 2})
    finding = Finding(entry="news:1", check="name", severity="error", expected="a", found="b")
    made = digest(
        first, entry("s03", None), findings=(finding,), drops=(DroppedItem(what="s9", reason="c"),)
    )
    assert made.provenance is not None
    bare = digest(tools=()).model_copy(update={"provenance": None})
    assert report([("2026-01-31", made), ("2026-02-01", bare)], ()).splitlines() == [
        "## 2026-01-31",
        "",
        text_of_issue("A sampler", "2 news, 1 tools"),
        "",
        "### News",
        "",
        "1. 甲 — *after 2 tries*",
        "2. 标题 — *no link*",
        "",
        "### Tools",
        "",
        "1. 标题",
        "",
        "### Findings",
        "",
        "- error at news:1, name: found b, expected a",
        "",
        "### Left out",
        "",
        "- s9: c",
        "",
        (
            "Model test-model; page from site; 12,345 characters in 44 mentions, "
            "39 of 40 stories shown to the model."
        ),
        "",
        "## 2026-02-01",
        "",
        text_of_issue("Issue", "1 news, 0 tools"),
        "",
        "### News",
        "",
        "1. 标题",
        "",
        "### Tools",
    ]


def text_of_issue(title: str, counts: str) -> str:
    """Write the line of an issue."""
    url = "https://news.smol.ai/issues/26-01-30-sampler/"
    return f"{title} ([{url}]({url})): {counts}"


@pytest.mark.parametrize("count", [39, 40, 41, 43])
def test_forty_drops_are_told_in_full(count: int) -> None:
    """The rest is counted by its reason, the most frequent one first."""
    reasons = ["a: 1"] * 41 + ["b: 2", "b: 3"]
    drops = tuple(DroppedItem(what=f"s{n}", reason=reasons[n]) for n in range(count))
    text = report([("2026-01-31", digest(drops=drops))], ())
    assert text.count("- s") == min(count, 40)
    assert re.findall(r"- (\d+) more: (\w)", text) == {
        39: [], 40: [], 41: [("1", "a")], 43: [("2", "b"), ("1", "a")],
    }[count]  # fmt: skip


def test_the_receipt_begins_with_its_first_day() -> None:
    """A sum alone, or nothing, is no receipt."""
    usage = Usage(prompt="", calls=1, input_tokens=1, cost_usd=0.5)
    total = DailyUsage(day="", model="", runs=1, unpriced=0, usage=usage)
    one = total.model_copy(update={"day": "2026-01-30", "model": "m"})
    two = one.model_copy(update={"day": "2026-01-31"})
    assert "Receipt" not in report([], (total,))
    text = report([], (one, two, total))
    assert text.startswith("## Receipt: all runs since 2026-01-30\n\n| day |")
    assert text.count("\n| 2026-01-3") == 2
    assert text.endswith("|\n")


@pytest.mark.parametrize("spare", [0, -1])
def test_a_text_is_cut_only_where_it_must_be(spare: int) -> None:
    """The line that still fits is the last one, whole; the next is counted."""
    filler = "原" * 100
    bare = report([("2026-01-31", digest(drops=(DroppedItem(what="s1", reason=filler),) * 40))], ())
    room = MAX_GITHUB_CHARS - 100 - len(bare) - 1
    title = "x" * (room + len("标题") - spare)
    first = entry("s01", "https://example.org/1").model_copy(update={"title": title})
    drops = (DroppedItem(what="s1", reason=filler),) * 40
    text = report([("2026-01-31", digest(first, drops=drops))], ())
    assert ("more lines" in text) is (spare < 0)
    assert len(text) <= MAX_GITHUB_CHARS


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("a@b", False),
        ("@ b", True),
        ("# b", True),
        ("gh-1", False),
        ("GH-1", False),
        ("gh-x", True),
    ],
)
def test_only_what_calls_is_broken_up(text: str, quiet: bool) -> None:
    """A space of no width stands behind the sign that GitHub looks for, and nowhere else."""
    titled = entry("s01", None).model_copy(update={"title": text})
    assert ("\u200b" not in report([("x", digest(titled))], ())) is quiet


def cited(summary: str, evidence: str, *lines: tuple[int, ...]) -> Entry:
    """Write an entry of sentences, each in 。, which rest on these lines."""
    told = re.findall("[^。]+。", summary)
    return entry("s01", "https://example.org/1").model_copy(
        update={
            "title": "甲",
            "summary": summary,
            "sentences": tuple(
                Sentence(text=text, lines=numbers)
                for text, numbers in zip(told, lines, strict=True)
            ),
            "evidence": evidence,
            "mentions": tuple(f"m{number}" for number in range(evidence.count("\n\n") + 1)),
        }
    )


def test_the_evidence_is_folded_below_its_entry_with_the_numbers_of_its_lines() -> None:
    """A sentence is followed by the lines that it rests on; what a mention has on one line is one."""
    long = "Alder is out. " + "It has weights. " * 15 + "It has code."
    told = cited("甲发布。乙说好。", f"{long}\n- It runs.\n\nBirch likes it.", (1, 3), ())
    text = report([("2026-01-31", digest(told, tools=()))], ())
    assert text.count("<details>") == text.count("</details>") == 1
    rendered = GFM.render(text).replace("\n", "")
    assert (
        "<li><p>甲</p><details><summary>Evidence</summary><p>甲发布。 [1,3] 乙说好。</p>"
        in rendered
    )
    assert re.search(r"<li>\[1\] Alder is out\.[^<]* \[2\] It has[^<]*</li>", rendered)
    assert "<li>[3] It runs.</li><li>[4] Birch likes it.</li></ul></details></li>" in rendered


def test_older_evidence_is_folded_without_numbers() -> None:
    """It is not known which line a sentence rests on; an entry without evidence folds nothing."""
    told = cited("甲发布。", "Alder is out.\n  - It runs.", (1,))
    older = told.model_copy(update={"sentences": (), "mentions": ()})
    text = report([("2026-01-31", digest(older, entry("s02", None), tools=()))], ())
    rendered = GFM.render(text).replace("\n", "")
    assert text.count("<details>") == 1
    assert "<p>甲发布。</p><ul><li>Alder is out.</li><li>It runs.</li></ul></details>" in rendered
    assert not re.search(r"\[\d", rendered)


def test_words_by_hand_have_no_numbers_of_the_model() -> None:
    """A summary that its sentences do not make is told as it is."""
    told = cited("甲发布。", "Alder is out.", (1,)).model_copy(update={"summary": "乙。"})
    text = report([("2026-01-31", digest(told))], ())
    assert "   乙。\n" in text
    assert "甲发布" not in text


@pytest.mark.parametrize(
    "hostile",
    [
        "@octocat sees this",
        "closes #12",
        "<img src=x onerror=alert(1)>",
        "[x](https://evil.example)",
        "(https://evil.example)",
        "[1]: https://evil.example",
        "</details></li></ol>",
        "```\n# not fenced",
        "| a | b |",
        "*half",
        "\u202e reversed",
    ],
)
def test_evidence_of_strangers_calls_nobody_and_stays_text(hostile: str) -> None:
    """Nor do two of them make a link, an emphasis or a fold between them."""
    told = cited(f"{hostile}。{hostile}。", f"{hostile}\n{hostile}\n\n- {hostile}", (1,), (2,))
    for one in (told, told.model_copy(update={"sentences": (), "mentions": ()})):
        text = report([("2026-01-31", digest(one, tools=()))], ())
        rendered = GFM.render(text)
        assert not re.search(r"(?i)[@#]\w|\bgh-\d", text)
        assert re.findall(r'href="([^"]*)"', rendered) == [digest().issue_url]
        assert not re.search("<(?:img|em|table|pre|h1)", rendered)
        assert "\u202e" not in text
        assert len(re.findall("(?m)^ *</details>$", text)) == text.count("<details>") == 1


@pytest.mark.parametrize(("length", "left_out"), [(50_000, False), (60_000, True)])
def test_evidence_without_room_is_left_out_before_anything_else(
    length: int, left_out: bool
) -> None:
    """One line counts the entries; what is shorter, and all that is no evidence, still stands."""
    entries = cited("甲。", "x" * length, (1,)), cited("乙。", "Short.", (1,))
    drops = (DroppedItem(what="s9", reason="last"),)
    text = report([("2026-01-31", digest(*entries, drops=drops))], ())
    assert len(text) <= MAX_GITHUB_CHARS
    assert ("the evidence of 1 entry is left out: see the JSON.\n" in text) is left_out
    assert ("xxx" in text) is not left_out
    assert "Short." in text
    assert "- s9: last\n" in text


def test_all_digests_are_told_before_the_evidence_of_any() -> None:
    """The first ones have theirs, as many as there is room for."""
    told = cited("甲。", "A long line of evidence. " * 200, (1,))
    text = report([(f"2026-01-{day}", digest(told, told)) for day in range(10, 31)], ())
    assert len(text) <= MAX_GITHUB_CHARS
    assert text.count("\n1. 甲\n") == 21
    shown = text.count("<details>")
    assert shown > 5
    assert f"the evidence of {42 - shown} entries is left out" in text
    assert "more lines" not in text


def test_a_finding_says_which_sentence_it_is_about() -> None:
    """Or the title; where that is not known, the entry."""
    findings = tuple(
        Finding(
            entry="news:1", check="name", severity="error", expected="a", found="b", sentence=at
        )
        for at in (None, 0, 2)
    )
    text = report([("2026-01-31", digest(findings=findings))], ())
    for place in ("news:1", "news:1 title", "news:1 sentence 2"):
        assert f"- error at {place}, name: found b, expected a\n" in text
