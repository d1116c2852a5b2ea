"""The text of a pull request: complete, short enough, and quiet."""

import datetime as dt
import re
import shlex

import pytest
from markdown_it import MarkdownIt

from build import entry
from pipeline.llm.ledger import Bill, BillLine, DailyUsage, Usage, digest_key
from pipeline.records import (
    Coverage,
    Digest,
    DroppedItem,
    Entry,
    Finding,
    OmittedStory,
    Provenance,
    Sentence,
)
from pipeline.report import report
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
    assert "2. [乙](https://example.org/3) — *follows 2026-01-20, warning[number]*\n" in text
    assert "2 news, 1 tools, **1 of 3 quoted**" in text
    assert "- warning[number] news:2 «乙»: found 4千, expected 40k\n" in text
    assert "- s09: did not pass the checks: name 'Foo'\n" in text
    assert "12,345 characters in 44 mentions, 39 of 40 stories shown to the model." in text
    assert "Receipt" not in text
    assert text.endswith(".\n")


def test_what_was_left_out_is_told_with_the_words_of_its_story() -> None:
    """As far as they are known; a stranger's calls nobody, and a long one is cut."""
    passed = OmittedStory(
        story="s09",
        words="@octocat says " + "more " * 40,
        part="twitter",
        link=None,
        score=1.0,
        facts=(),
        reason="spare",
    )
    drops = (DroppedItem(what="s09", reason="spare"), DroppedItem(what="s10", reason="spare"))
    made = digest(drops=drops)
    assert made.provenance
    coverage = made.provenance.coverage.model_copy(update={"passed": (passed,)})
    known = made.provenance.model_copy(update={"coverage": coverage})
    text = report([("2026-01-31", made.model_copy(update={"provenance": known}))], ())
    (line,) = (line for line in text.splitlines() if line.startswith("- s09"))
    assert re.fullmatch(r"- s09 “\S*octocat says more .*…”: spare", line)
    assert "@octocat" not in line
    assert len(line) < 120
    assert "- s10: spare\n" in text


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
    assert rows[0] == r"| 2026-01-31 | a\|b | 2 | 21 | 2 | 21,000 | 8,400 | 2,100 | 0 | $0.0312 |"
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
    assert re.findall(r'href="([^"]*)"', rendered) == [
        base.issue_url,
        "https://redirect.github.com/octo/repo/issues/1",
        "https://example.org/2",
    ]
    assert "<img" not in rendered
    seen = plain(text).replace("\u200b", "").replace("\n", "")
    assert seen.count(hostile) >= 6


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
    assert text.startswith("2 entries\n\n## 2026-01-31\n\nIssue (")


def test_a_reviewer_sees_that_a_digest_is_of_the_plain_profile() -> None:
    """Beside the model."""
    made = digest()
    assert made.provenance is not None
    plain = made.provenance.model_copy(update={"profile": "plain"})
    text = report([("2026-01-31", digest(provenance=plain))], ())
    assert "Model test-model, profile plain; page from site" in text


def test_the_text_is_laid_out_for_a_reviewer() -> None:
    """Digest by digest: what it tells, what was found, what was left out, how much was looked at."""
    first = entry("s01", "https://example.org/1").model_copy(update={"title": "甲", "tries": 2})
    findings = tuple(
        Finding(entry="news:1", check="name", severity=severity, expected="a", found="b")
        for severity in ("warning", "error")
    )
    made = digest(
        first, entry("s03", None), findings=findings, drops=(DroppedItem(what="s9", reason="c"),)
    )
    assert made.provenance is not None
    bare = digest(tools=()).model_copy(update={"provenance": None})
    text = report([("2026-01-31", made), ("2026-02-01", bare)], ())
    outside = re.sub(r"(?s)\n *<details>.*?</details>\n", "\n", text)
    assert [line for line in outside.splitlines() if line] == [
        "2 digests · 4 entries · 1 error · 1 warning",
        "## 2026-01-31",
        text_of_issue("A sampler", "2 news, 1 tools"),
        "### Findings",
        "- error[name] news:1 «甲»: found b, expected a",
        "- warning[name] news:1 «甲»: found b, expected a",
        "### News",
        "1. [甲](https://example.org/1) — *after 2 tries, error[name], warning[name]*",
        f"   {'摘要' * 30}",
        "2. 标题 — *no link*",
        f"   {'摘要' * 30}",
        "### Tools",
        "1. [标题](https://example.org/2)",
        f"   {'摘要' * 30}",
        "### Left out",
        "- s9: c",
        (
            "Model test-model; page from site; 12,345 characters in 44 mentions, "
            "39 of 40 stories shown to the model."
        ),
        "## 2026-02-01",
        text_of_issue("Issue", "1 news, 0 tools"),
        "### News",
        "1. [标题](https://example.org/1)",
        f"   {'摘要' * 30}",
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

    def text_of(reason: str) -> str:
        drops = (
            *(DroppedItem(what="s1", reason="原" * 1_000),) * 39,
            DroppedItem(what="s2", reason=reason),
        )
        return report([("x", digest(drops=drops).model_copy(update={"news": (), "tools": ()}))], ())

    room = MAX_GITHUB_CHARS - 100 - len(text_of("")) - 1
    text = text_of("原" * (room - spare))
    assert ("more lines" in text) is (spare < 0)
    assert len(text) <= MAX_GITHUB_CHARS


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("a@b", False),
        ("at b", True),
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
        '<li><p><a href="https://example.org/1">甲</a></p><p>甲发布。<sup>[1,3]</sup> 乙说好。</p>'
        "<details><summary>Evidence and commands</summary><ul><li>[1] Alder"
    ) in rendered
    assert re.search(r"<li>\[1\] Alder is out\.[^<]* \[2\] It has[^<]*</li>", rendered)
    assert "<li>[3] It runs.</li><li>[4] Birch likes it.</li></ul><pre>" in rendered
    assert rendered.count("</pre></details></li>") == 1


def test_older_evidence_is_folded_without_numbers() -> None:
    """It is not known which line a sentence rests on; without evidence there are only commands."""
    told = cited("甲发布。", "Alder is out.\n  - It runs.", (1,))
    older = told.model_copy(update={"sentences": (), "mentions": ()})
    text = report([("2026-01-31", digest(older, entry("s02", None), tools=()))], ())
    rendered = GFM.render(text).replace("\n", "")
    assert text.count("<summary>Evidence and commands</summary>") == 1
    assert text.count("<summary>Commands</summary>") == 1
    assert "<ul><li>Alder is out.</li><li>It runs.</li></ul><pre>" in rendered
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
        "    indented",
        "\u00a0- bullet",
        "- [ ] task",
        "1. item",
        "[^1]: note",
        "> [!NOTE]",
        ":smile: costs",
        "&commat;octocat",
        "---",
    ],
)
def test_evidence_of_strangers_calls_nobody_and_stays_text(hostile: str) -> None:
    """Nor do two of them make a link, an emphasis or a fold between them."""
    told = cited(f"{hostile}。{hostile}。", f"{hostile}\n{hostile}\n\n- {hostile}", (1,), (2,))
    for one in (told, told.model_copy(update={"sentences": (), "mentions": ()})):
        text = report([("2026-01-31", digest(one, tools=()))], ())
        rendered = GFM.render(text)
        assert not re.search(r"(?i)[@#]\w|\bgh-\d", text)
        assert re.findall(r'href="([^"]*)"', rendered) == [digest().issue_url, told.link]
        assert not re.search("<(?:img|em|table|h1|hr|blockquote|input|section)", rendered)
        assert (rendered.count("<ol"), rendered.count("<ul")) == (1, 1)
        assert rendered.count("<pre") == rendered.count('<pre><code class="language-sh">') == 1
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
    assert text.count("\n1. [甲](https://example.org/1)\n") == 21
    shown = text.count("<summary>Evidence and commands</summary>")
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
        assert f"- error[name] {place} «标题»: found b, expected a\n" in text


def bill(of: Digest, cost: float | None, unpriced: int = 0) -> dict[str, Bill]:
    """Write what a digest cost."""
    assert of.provenance
    key = digest_key(of.date, of.provenance.slug)
    line = BillLine(unpriced=unpriced, usage=Usage(prompt="", cost_usd=cost))
    return {key: Bill(digest=key, since="", until="", models=(), total=line, prompts=())}


def test_the_first_line_sums_up() -> None:
    """Entries, findings, what is by hand or quoted, and the price."""
    one = entry("s01", "https://example.org/1")
    by_hand = one.model_copy(update={"edited": ("title", "link")})
    warning = Finding(entry="news:1", check="name", severity="warning", expected="a", found="b")
    made = digest(by_hand, by_hand, tools=(one,) * 10, findings=(warning,))
    first = report([("x", made)], (), bills=bill(made, 0.0063)).partition("\n")[0]
    assert first == "12 entries · 1 warning · 2 by hand · $0.006"
    quoted = one.model_copy(update={"quoted": True})
    worse = made.model_copy(
        update={
            "news": (quoted,),
            "tools": (),
            "findings": (warning.model_copy(update={"severity": "error"}),) * 2,
        }
    )
    assert report([("x", worse)], ()).startswith("1 entry · 2 errors · 1 quoted\n\n## x\n")
    assert report([("x", digest())], ()).startswith("2 entries · nothing found\n")
    both = report([("x", made), ("y", worse)], ()).partition("\n")[0]
    assert both == "2 digests · 13 entries · 2 errors · 1 warning · 2 by hand · 1 quoted"


@pytest.mark.parametrize(
    ("cost", "unpriced", "said"),
    [
        (0.0063, 0, "$0.006"),
        (1.5, 0, "$1.500"),
        (0.0004, 0, "$0.0004"),
        (0.0, 0, "$0.000"),
        (0.0063, 2, "≥ $0.006"),
        (0.0, 2, None),
        (None, 1, None),
    ],
)
def test_a_price_that_is_not_known_is_not_said(
    cost: float | None, unpriced: int, said: str | None
) -> None:
    """One that is known in part is said to be at least so much."""
    first = report([("x", digest())], (), bills=bill(digest(), cost, unpriced)).partition("\n")[0]
    assert first == " · ".join(filter(None, ["2 entries", "nothing found", said]))


def test_the_price_is_that_of_these_digests() -> None:
    """Another digest of the ledger is not in it; one without a bill makes it at least so much."""
    other = digest().model_copy(update={"date": dt.date(2026, 2, 1)})
    bills = bill(digest(), 0.5) | bill(other, 0.25)
    assert "· $0.500\n" in report([("x", digest())], (), bills=bills)
    assert "· $0.750\n" in report([("x", digest()), ("y", other)], (), bills=bills)
    assert "· ≥ $0.250\n" in report([("x", digest()), ("y", other)], (), bills=bill(other, 0.25))
    bare = digest().model_copy(update={"provenance": None})
    assert report([("x", bare)], (), bills=bills).startswith("2 entries\n")


def test_what_was_checked_is_bold() -> None:
    """Numbers and names that the evidence has, and no others; strangers' marks stay text."""
    told = cited(
        "Alder 发布*3*款模型，$5。Birch 等待 9 天。",
        "Alder ships 3 models for $5.\n\nFir.",
        (1,),
        (),
    )
    text = report([("2026-01-31", digest(told, tools=()))], ())
    shown = GFM.render(text)
    assert re.findall("<b>(.*?)</b>", shown) == ["Alder", "3", "$5"]
    assert "发布*<b>3</b>*款" in shown
    assert "<em>" not in shown
    quoted = told.model_copy(update={"quoted": True})
    assert "<b>" not in report([("2026-01-31", digest(quoted, tools=()))], ())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a_(b)?c=*d*", "https://example.org/a_(b)?c=*d*"),
        ("https://github.com/octo/repo", "https://github.com/octo/repo"),
        ("https://github.com/octo/repo/pull/7", "https://redirect.github.com/octo/repo/pull/7"),
        ("http://GitHub.com:443//o/r/issues/1#c", "https://redirect.github.com//o/r/issues/1#c"),
        ("https://www.github.com/o/r/commit/abc", "https://redirect.github.com/o/r/commit/abc"),
        ("https://u@github.com./o/r/issues/1", "https://redirect.github.com/o/r/issues/1"),
        ("https://github.com.example/o/r/issues/1", "https://github.com.example/o/r/issues/1"),
    ],
)
def test_a_title_is_linked_without_telling_github(url: str, shown: str) -> None:
    """A link to somebody's issue goes through the host that leaves no trace there."""
    told = entry("s01", url).model_copy(update={"title": "甲"})
    rendered = GFM.render(report([("x", digest(told, tools=()))], ()))
    assert f'<li><p><a href="{shown}">甲</a></p>'.replace("<p>", "") in rendered.replace(
        "<p>", ""
    ).replace("\n", "")


def test_an_address_that_is_none_is_not_linked() -> None:
    """A digest can be judged in which somebody wrote one."""
    for url in ("javascript:alert(1)", "file:///etc/passwd", "https://[::1"):
        told = entry("s01", url).model_copy(update={"title": "甲"})
        rendered = GFM.render(report([("x", digest(told, tools=()))], ()))
        assert re.findall(r'href="([^"]*)"', rendered) == [digest().issue_url], url


@pytest.mark.parametrize(
    "words",
    [
        "甲's “乙” $(touch owned) `x` !!",
        "@octocat closes #12 and GH-7",
        "'",
        "''@a'#b\\",
        "-x",
        "a\u202eb\nc",
    ],
)
def test_each_entry_has_its_commands_to_copy(words: str) -> None:
    """A shell takes them apart into the words of the entry, whatever these are."""
    told = entry("s01", None).model_copy(update={"title": words, "summary": words})
    text = report([("2026-01-31", digest(told, tools=()))], ())
    assert not re.search(r"(?i)(?:@|(?<!&)#)\w|\bgh-\d", text)
    [block] = [token.content for token in GFM.parse(text) if token.type == "fence"]
    seen = " ".join(words.replace("\u202e", "").split())
    edit = ["ainews-digest", "edit", "2026-01-31"]
    assert [shlex.split(line) for line in block.splitlines()] == [
        ["ainews-digest", "show", "2026-01-31", "news:1"],
        [*edit, "--set", f"news:1.title={seen}"],
        [*edit, "--set", f"news:1.summary={seen}"],
        [*edit, "--drop", "news:1"],
    ]


def test_the_site_is_linked_where_it_is_known() -> None:
    """The page of the digest and its review, which are there once it is merged."""
    text = report([("2026-01-31", digest())], (), pages_url="https://example.org/site/")
    assert (
        " · [page](https://example.org/site/2026-01-31.html) and "
        "[review](https://example.org/site/review/2026-01-31.html) once it is merged\n"
    ) in text
    assert "once it is merged" not in report([("2026-01-31", digest())], ())


def test_summaries_are_left_out_after_the_evidence() -> None:
    """Titles are told of all digests; what has no room is counted by its kind."""
    told = cited("甲。" * 200, "A line.", *((1,),) * 200)
    text = report([(f"x{n}", digest(*(told,) * 10, tools=())) for n in range(20)], ())
    assert len(text) <= MAX_GITHUB_CHARS
    assert len(re.findall(r"\n\d+\. \[甲\]", text)) == 200
    summaries = text.count("<details>")
    assert 0 < summaries < 200
    assert f"the summary and evidence of {200 - summaries} entries is left out" in text
    assert text.count("</details>") == summaries


def test_what_no_sentence_names_is_left_out_before_what_one_does() -> None:
    """Of an entry that is too long as a whole; the short ones are whole."""
    lines = "\n\n".join(["Named.", *["x" * 30_000] * 3])
    long, short = cited("甲。", lines, (1,)), cited("乙。", "Short.\n\nOther.", (2,))
    text = report([("2026-01-31", digest(long, short, tools=()))], ())
    assert "the rest of the evidence of 1 entry is left out: see the JSON.\n" in text
    assert "<summary>Evidence of the sentences, and commands</summary>" in text
    assert "- \\[1\\] Named.\n" in text
    assert "xxx" not in text
    assert "- \\[1\\] Short.\n   - \\[2\\] Other.\n" in text


def test_as_few_entries_as_possible_lack_their_evidence() -> None:
    """One long one does not take the room of many."""
    long, short = cited("甲。", "x" * 50_000, (1,)), cited("乙。", "y" * 4_000, (1,))
    text = report([("2026-01-31", digest(long, *[short] * 9, tools=()))], ())
    assert text.count("y" * 4_000) == 9
    assert "the evidence of 1 entry is left out" in text
