"""The review page: what a reviewer is told of a digest, in Chinese, and nothing made up."""

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import get_args

import pytest
from bs4 import BeautifulSoup, Tag

from pipeline.diff import Comparison
from pipeline.diff.changes import (
    Cause,
    CauseKind,
    DigestDiff,
    DigestVersion,
    EntryDiff,
    FieldChange,
    Piece,
)
from pipeline.diff.text_format import render_text
from pipeline.edits import make_anchor
from pipeline.llm.ledger import Bill, BillLine, Usage
from pipeline.records import (
    Coverage,
    Digest,
    DroppedItem,
    Edit,
    Entry,
    EntryKind,
    Finding,
    OmittedStory,
    PartCoverage,
    Provenance,
    ReasonCode,
    StoryAnchor,
    read_reason,
)
from pipeline.records.reasons import ENGLISH, read_fact
from pipeline.site import reasons
from pipeline.site.causes import cause_view
from pipeline.site.diff_view import diff_view, render_diff_page
from pipeline.site.render import render_template
from pipeline.site.review import PreviousDiff, review_page
from pipeline.verify.registry import CHECKS

REPEATED = "told on 2025-12-20 as news:3: names A, and alike"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def reason_in_chinese(sentence: str) -> reasons.Phrase:
    """Word a saved sentence."""
    return reasons.reason_in_chinese(read_reason(sentence))


def fact_in_chinese(clause: str) -> reasons.Phrase:
    """Word a saved clause."""
    return reasons.fact_in_chinese(read_fact(clause))


def entry(
    title: str = "标题", summary: str = "摘要。", kind: EntryKind = "news", **more: object
) -> Entry:
    """Write an entry."""
    given = {"kind": kind, "title": title, "summary": summary, "link": "https://example.org/a"}
    return Entry.model_validate(given | more)


def finding(place: str, check: str = "number", found: str = "6710亿") -> Finding:
    """Write a finding."""
    return Finding(
        entry=place,
        check=check,
        severity="error",
        expected="a quantity of the text, which has 671B",
        found=found,
    )


def digest(*, coverage: Coverage | None = None, **more: object) -> Digest:
    """Write a digest of one news and one tool entry."""
    seen = {"twitter": PartCoverage(mentions=40, stories=20, shown=15, told=1)}
    passed = OmittedStory(
        story="s02",
        words="A model was released",
        part="twitter",
        link="https://example.org/b",
        score=4.5,
        facts=("stands in twitter +2.6", "impressions -0.4"),
        reason="told on 2025-12-20 as news:3: same link https://example.org/b",
    )
    known = Coverage(
        characters=12345,
        mentions={"twitter": 40},
        stories=20,
        shown=15,
        parts=seen,
        passed=(passed,),
    )
    origin = Provenance(
        slug="25-12-21-sampler",
        title="A sampler",
        issue_date=date(2025, 12, 21),
        source="site",
        page_sha256="ab" * 32,
        model="m",
        prompts={"translate": "cd" * 32, "glossary": "ef" * 32},
        settings={"temperature": None, "want": 10},
        coverage=coverage or known,
    )
    given = {
        "date": date(2025, 12, 21),
        "issue_url": "https://news.example.org/issues/25-12-21-sampler/",
        "news": (entry(),),
        "tools": (entry("工具", kind="tool"),),
        "provenance": origin,
    }
    return Digest.model_validate(given | more)


def difference(*entries: EntryDiff, causes: tuple[Cause, ...] = ()) -> DigestDiff:
    """Write a difference of two versions of one digest."""
    return DigestDiff(
        old=DigestVersion(name="HEAD:outputs/2025-12-21.json", digest=digest()),
        new=DigestVersion(name="outputs/2025-12-21.json", digest=digest()),
        entries=entries,
        causes=causes,
    )


def page(told: Digest, before: PreviousDiff = "first", bill: Bill | None = None) -> BeautifulSoup:
    """Render a review page."""
    view = review_page(told, "2025-12-21", previous=before, bill=bill)
    html = render_template("review.html", view=view, root="../", canonical=None, active="")
    return BeautifulSoup(html, "lxml")


def one(within: Tag, selector: str) -> Tag:
    """Give the only element of a kind."""
    (found,) = within.select(selector)
    return found


def words(soup: BeautifulSoup, where: str = "main") -> str:
    """Give the text of a part of a page, white space folded."""
    (found,) = soup.select(where)
    return " ".join(found.get_text(" ").split())


NUMBER = FieldChange(
    field="summary",
    old="参数 671 亿。",
    new="参数 6710 亿。",
    pieces=(
        Piece(change="same", kind="words", text="参数 "),
        Piece(change="gone", kind="number", text="671"),
        Piece(change="new", kind="number", text="6710"),
        Piece(change="same", kind="words", text=" 亿。"),
    ),
)
CHANGED = EntryDiff(
    old_place="news:5",
    new_place="news:2",
    old=entry(summary=NUMBER.old),
    new=entry(summary=NUMBER.new),
    moved=True,
    changes=(NUMBER,),
    went=(finding("news:5"),),
    causes=(Cause(why="prompt", what="translate", old="2482465a3d48", new="9f1c0be77a21"),),
)


# --- side by side --------------------------------------------------------------------------------


def test_each_side_has_its_own_words_and_a_changed_number_is_labelled() -> None:
    """The pieces of a side are its version, told apart by element and label, not by colour."""
    soup = page(digest(), difference(CHANGED))
    (old,), (new,) = soup.select(".side.old"), soup.select(".side.new")
    assert one(old, ".summary").get_text() == NUMBER.old
    assert one(new, ".summary").get_text() == NUMBER.new
    assert [(tag["data-label"], tag.get_text()) for tag in old.select("del")] == [("删数字", "671")]
    assert [(tag["data-label"], tag.get_text()) for tag in new.select("ins")] == [
        ("增数字", "6710")
    ]
    assert not old.select("ins")


def test_what_happened_and_why_is_told_by_place() -> None:
    """A move, a changed field, a finding that went, and the prompt with both its hashes."""
    (row,) = page(digest(), difference(CHANGED)).select(".row")
    badges = [tag.get_text() for tag in row.select("h3 .badge")]
    assert badges == ["移动 news:5 → news:2", "摘要", "核对结果"]
    causes = " ".join(one(row, ".causes").get_text(" ").split())
    assert causes == "原因 提示词 translate ： 2482465a3d48 → 9f1c0be77a21"
    (gone,) = row.select(".checks del")
    assert gone["data-label"] == "消失"
    assert gone.get_text() == "数字错误：应为原文中的数量；原文有 671B，实为“6710亿”"


DROPPED = EntryDiff(
    old_place="news:3",
    new_place=None,
    old=entry("旧闻"),
    new=None,
    instead="news:4",
    reason="tells the same link as s03",
    causes=(Cause(why="sampling", what=""),),
)
ADDED = EntryDiff(
    old_place=None,
    new_place="news:4",
    old=None,
    new=entry("新闻"),
    instead="news:3",
    reason="spare",
)


def test_what_was_dropped_stands_beside_what_took_its_place() -> None:
    """One row tells both, why each version lacks the other one, and the causes of both."""
    (row,) = page(digest(), difference(DROPPED, ADDED)).select(".row")
    assert [tag.get_text() for tag in row.select(".badge")] == ["删除，由 news:4 顶替"]
    assert [tag.get_text() for tag in row.select(".side .title")] == ["旧闻", "新闻"]
    assert [tag.get_text() for tag in row.select(".why-not")] == [
        "新版不讲旧条目 与 s03 链接相同",
        "旧版不讲新条目 候补",
    ]
    assert [tag.get_text() for tag in row.select(".why")] == ["仅采样不同，或直接改了文件"]


@pytest.mark.parametrize(
    ("compared", "badge", "absent"),
    [
        (DROPPED, "删除，由 news:4 顶替", "新版没有这一条"),
        (ADDED, "新增，顶替 news:3", "旧版没有这一条"),
    ],
)
def test_what_only_one_version_has_says_so(compared: EntryDiff, badge: str, absent: str) -> None:
    """The other side is there, and empty."""
    (row,) = page(digest(), difference(compared)).select(".row")
    assert [tag.get_text() for tag in row.select(".badge")] == [badge]
    assert one(row, ".absent .nothing").get_text() == absent


def test_a_change_without_a_cause_says_that_it_is_unknown() -> None:
    """Nothing is left without a reason, and none is made up."""
    (row,) = page(digest(), difference(ADDED)).select(".row")
    assert one(row, ".causes").get_text(" ").split() == ["原因", "原因不明"]


def test_a_changed_link_leads_to_both_addresses_unless_one_is_no_web_address() -> None:
    """What is no http or https address stays text."""
    moved = EntryDiff(
        old_place="news:1",
        new_place="news:1",
        old=entry(link="javascript:alert(1)"),
        new=entry(link="https://example.org/b"),
        changes=(
            FieldChange(
                field="link", old="javascript:alert(1)", new="https://example.org/b", pieces=()
            ),
        ),
    )
    (row,) = page(digest(), difference(moved)).select(".row")
    assert [tag["href"] for tag in row.select("a")] == ["https://example.org/b"]
    assert one(row, ".old del").get_text() == "javascript:alert(1)"
    assert one(row, ".new ins")["data-label"] == "增链接"


def test_unchanged_entries_are_folded_where_they_stand() -> None:
    """A run of them is one fold that names its range, and where each of them stood."""
    same = [
        EntryDiff(old_place=f"news:{n + 1}", new_place=f"news:{n}", old=entry(), new=entry())
        for n in (3, 4)
    ]
    soup = page(digest(), difference(CHANGED, *same))
    (folded,) = soup.select(".diff > .folded")
    assert folded.name == "details"
    assert not folded.has_attr("open")
    assert "未改动的 2 条 news:3 至 news:4" in " ".join(folded.get_text(" ").split())
    assert "原 news:5" in folded.get_text()
    assert [tag.get_text() for tag in soup.select(".diff .counts .badge")] == [
        "移动",
        "改写",
        "核对结果有变",
        "未改动",
    ]


def test_a_changed_mention_is_shown_with_both_texts_in_english() -> None:
    """The cause folds the two texts away, and one that only may be it says so."""
    text = Cause(why="source", what="A model was", old="A model was old", new="", sure=False)
    soup = page(digest(), difference(CHANGED, causes=(text,)))
    (cause,) = soup.select(".diff > .causes details")
    assert "来源页改动（可能）" in " ".join(one(cause, "summary").get_text().split())
    assert [(tag.get("lang"), tag.get_text()) for tag in cause.select("dd")] == [
        ("en", "A model was old"),
        (None, "无"),
    ]


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (
            Cause(why="edit", what="news:3", new="set title, link"),
            "人工改动 news:3：改写标题、链接",
        ),
        (Cause(why="edit", what="news:3", old="swap"), "人工改动 news:3：撤回换入"),
        (Cause(why="prompt", what="glossary", old="aa", new="bb"), "术语表：aa → bb"),
        (Cause(why="settings", what="temperature", new="0.7"), "设置 temperature：无 → 0.7"),
        (
            Cause(why="source", what="mentions", old="1 gone", new="2 new"),
            "来源页改动 提及：少了 1 处，多了 2 处",
        ),
        (
            Cause(why="source", what="served by", old="site", new="feed"),
            "来源页改动 供稿来源：网站 → 订阅源",
        ),
        (Cause(why="program", what="typography", sure=False), "程序（可能） 排版"),
        (
            Cause(
                why="earlier",
                what="",
                new=REPEATED,
                reason=read_reason(REPEATED),
            ),
            "此前的日报：无 → 2025-12-20 的日报已讲过（news:3）：名称 A 相同，内容相近",
        ),
        (Cause(why="unknown", what="settings", sure=False), "原因不明 设置未记录"),
        (Cause(why="sampling", what=""), "仅采样不同，或直接改了文件"),
    ],
)
def test_each_cause_is_told_in_chinese(cause: Cause, said: str) -> None:
    """With names, values and hashes as they are."""
    soup = page(digest(), difference(CHANGED, causes=(cause,)))
    (told,) = soup.select(".diff > .causes li")
    assert " ".join(told.get_text().split()) == said


def test_identical_versions_say_so() -> None:
    """And fold everything."""
    same = EntryDiff(old_place="news:1", new_place="news:1", old=entry(), new=entry())
    soup = page(digest(), difference(same))
    assert "两个版本完全相同" in words(soup, "#changes")
    assert not soup.select(".row")


@pytest.mark.parametrize(
    ("before", "said"), [("first", "首个版本"), ("unknown", "没有读取更早的版本")]
)
def test_without_another_version_the_page_says_why(before: PreviousDiff, said: str) -> None:
    """A first version is not one whose past nobody looked at."""
    assert said in words(page(digest(), before), "#changes")


def test_the_page_of_a_difference_needs_no_other_file() -> None:
    """One inline style, allowed by its hash; no script, and nothing that is fetched."""
    html = render_diff_page(difference(CHANGED))
    soup = BeautifulSoup(html, "lxml")
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    wanted = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = (tag["content"] for tag in soup.select("meta[http-equiv]"))
    assert f"style-src 'sha256-{wanted}'" in policy
    assert not soup.select("script, link, img, [src], [style]")
    assert one(soup, "html")["lang"] == "zh-CN"
    assert "摘要" in soup.get_text()


# --- findings, drops, edits ----------------------------------------------------------------------


def test_findings_name_the_entry_and_say_what_would_pass() -> None:
    """One row each, in a region that scrolls by keyboard."""
    soup = page(digest(findings=(finding("news:1"), finding("s09", check="odd", found="x"))))
    region = one(soup, "#findings [role=region]")
    assert (region["tabindex"], region["aria-label"]) == ("0", "核对结果表")
    rows = [
        [cell.get_text(" ").strip() for cell in row.select("th, td")]
        for row in soup.select("#findings tbody tr")
    ]
    assert rows == [
        ["news:1  标题", "数字", "错误", "原文中的数量；原文有 671B", "6710亿"],
        ["s09", "odd", "错误", "原文中的数量；原文有 671B", "x"],
    ]
    assert "没有遗留问题" in words(page(digest()), "#findings")


def test_drops_and_edits_are_told_with_the_story() -> None:
    """Each with its reason, and what was put out by hand."""
    drops = (
        DroppedItem(what="s02", reason="spare"),
        DroppedItem(what="s77", reason="Quota 7 is <gone>"),
    )
    edit = Edit(
        do="swap",
        story=StoryAnchor(id="s09", key="0" * 64, words="Alpacas on phones"),
        stood="news:3",
        place="news:4",
        instead=StoryAnchor(id="s10", key="1" * 64, words="Routers"),
        title="人写的标题",
    )
    soup = page(digest(drops=drops, edits=(edit,)))
    assert "s02 候补 A model was released" in words(soup, "#findings")
    assert one(soup, ".drops p[lang=en]").get_text() == "A model was released"
    assert soup.select(".drops span[lang=en]")[0].get_text() == "Quota 7 is <gone>"
    (told,) = soup.select(".edits li")
    assert " ".join(told.get_text(" ").split()) == (
        "换入 news:3 → news:4 Alpacas on phones ，换下 Routers 标题 人写的标题"
    )


# --- coverage ------------------------------------------------------------------------------------


def test_coverage_counts_by_part_with_a_bar_that_is_read_aloud() -> None:
    """The bars say in words what they show."""
    soup = page(digest())
    (row,) = soup.select(".shares tbody tr")
    assert [cell.get_text() for cell in row.select("th, td.n")] == [
        "Twitter",
        "40",
        "20",
        "15",
        "1",
    ]
    bar = one(row, "svg")
    assert bar["aria-label"] == "Twitter：20 则报道中展示 15 则，入选 1 则"
    assert [tag["width"] for tag in bar.select("rect")] == ["100", "75", "5"]
    assert "12,345 个字符" in words(soup, "#coverage")


def test_the_best_that_were_not_chosen_say_why_in_chinese() -> None:
    """Their English words link to the source, and their score to what it was made of."""
    (told,) = page(digest()).select(".untold > li")
    link = one(told, "[lang=en] a")
    assert (link["href"], link["rel"]) == ("https://example.org/b", ["noopener", "noreferrer"])
    assert "2025-12-20 的日报已讲过（news:3）：同一链接 https://example.org/b" in told.get_text()
    facts = [tag.get_text() for tag in told.select(".facts li")]
    assert facts == ["位于 Twitter +2.6", "个人感受 −0.4"]


def test_what_an_older_digest_does_not_say_is_not_nothing() -> None:
    """Per part and for the untold stories: 未记录, and no bar; what it says is shown."""
    old = Coverage(characters=10, mentions={"reddit": 7}, stories=20, shown=15)
    soup = page(digest(coverage=old))
    rows = [
        [cell.get_text() for cell in row.select("th, td.n")] for row in soup.select(".shares tr")
    ]
    assert rows[1:] == [
        ["Reddit", "7", "未记录", "未记录", "未记录"],
        ["合计", "7", "20", "15", "未记录"],
    ]
    assert not soup.select(".shares svg")
    assert "未入选的报道中最显著的 未记录" in words(soup, "#coverage")
    none = page(digest(provenance=None))
    assert words(none, "#findings") == "核对结果 未记录。"
    assert words(none, "#coverage") == "覆盖 未记录。"
    assert words(none, "#origin") == "来历 未记录。"


def test_that_nothing_was_left_untold_is_not_unknown() -> None:
    """A digest that counts by part, and names no untold story, has none."""
    seen = {"twitter": PartCoverage(mentions=1, stories=0, shown=0, told=1)}
    whole = Coverage(characters=10, mentions={"twitter": 1}, stories=1, shown=1, parts=seen)
    soup = page(digest(coverage=whole))
    assert "全部报道都已入选" in words(soup, "#coverage")
    assert [tag["width"] for tag in soup.select("rect")] == ["100", "0", "0"]


# --- receipt -------------------------------------------------------------------------------------


def test_the_receipt_is_that_of_the_ledger_and_an_unknown_price_is_none() -> None:
    """Per prompt and in all; a price that is partly known is a lower bound."""

    def item(prompt: str, unpriced: int, cost: float) -> BillLine:
        return BillLine(
            unpriced=unpriced,
            usage=Usage(prompt=prompt, calls=2, input_tokens=1234, cost_usd=cost, seconds=1.25),
        )

    bill = Bill(
        digest="2025-12-21=25-12-21-sampler",
        since="2025-12-21",
        until="2025-12-22",
        models=("a", "b"),
        total=item("", 1, 0.5),
        prompts=(item("select", 0, 0.5), item("translate", 2, 0.0)),
    )
    soup = page(digest(), bill=bill)
    assert "合计 ≥ $0.5000 模型 a + b 调用日期 2025-12-21 至 2025-12-22" in words(soup, "#receipt")
    costs = {
        one(row, "th").get_text(): [cell.get_text() for cell in row.select("td")]
        for row in soup.select(".costs tbody tr, .costs tfoot tr")
    }
    assert costs["select"] == ["2", "0", "0", "0", "1,234", "0", "0", "0", "$0.5000", "1.2"]
    assert costs["translate"][8] == "未知"
    assert costs["合计"][8] == "≥ $0.5000"
    assert "无记录" in words(page(digest()), "#receipt")


# --- the page ------------------------------------------------------------------------------------


def test_what_was_written_by_others_stays_text() -> None:
    """Hostile titles, texts, reasons, names and addresses make no element."""
    bad = entry(HOSTILE, HOSTILE, link=f"https://example.org/?{HOSTILE}")
    change = FieldChange(
        field="title",
        old="",
        new=HOSTILE,
        pieces=(Piece(change="new", kind="words", text=HOSTILE),),
    )
    compared = EntryDiff(
        old_place="news:1",
        new_place="news:1",
        old=entry(),
        new=bad,
        changes=(change,),
        came=(finding("news:1", HOSTILE, HOSTILE),),
        causes=(
            Cause(why="source", what=HOSTILE, old=HOSTILE, new=HOSTILE),
            Cause(why="model", what=HOSTILE, old=HOSTILE, new="m"),
        ),
    )
    told = digest(
        findings=(finding(HOSTILE, HOSTILE, HOSTILE),),
        drops=(DroppedItem(what=HOSTILE, reason=HOSTILE),),
        issue_url=f"javascript:{HOSTILE}",
    )
    both = difference(compared)
    named = both.model_copy(update={"old": DigestVersion(name=HOSTILE, digest=told)})
    for soup in (page(told, named), BeautifulSoup(render_diff_page(named), "lxml")):
        (main,) = soup.select("main")
        assert not main.select("script, img, [onerror], [style]")
        assert HOSTILE in main.get_text()
        assert all(
            str(tag["href"]).startswith(("https://", "#", "../")) for tag in main.select("a")
        )


def test_headings_are_in_order_and_tables_have_headers() -> None:
    """No level is skipped, every id stands once, every header cell has a scope."""
    soup = page(digest(findings=(finding("news:1"),)), difference(CHANGED))
    levels = [int(tag.name[1]) for tag in soup.select("main :is(h1, h2, h3, h4)")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert all(tag["scope"] in {"col", "row"} for tag in soup.select("th"))
    assert {tag["href"] for tag in soup.select(".contents a")} <= {f"#{name}" for name in ids}


def test_unknown_words_of_the_program_stay_as_they_are() -> None:
    """English that no form knows is marked as English."""
    assert reason_in_chinese("a new reason") == ("a new reason", True)
    assert fact_in_chinese("a new fact +0.5") == ("a new fact +0.5", True)
    assert fact_in_chinese("no points") == ("no points", True)
    assert reasons.expected_in_chinese("a new thing") == ("a new thing", True)
    assert reason_in_chinese("x" * 10_000).english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "did not pass the checks: number '6710亿参数', name \"it's\"",
            "未通过核对：数字“6710亿参数”、名称“it's”",
        ),
        (
            "told on 2025-12-20 as tools:3: names GLM-4.7, and alike; new: quantities 3, 4",
            "2025-12-20 的日报已讲过（tools:3）：名称 GLM-4.7 相同，内容相近；新增：数量 3, 4",
        ),
        ("not chosen by the model", "模型未选中"),
        ("not shown to the model", "未展示给模型"),
        ("not chosen", "未选中"),
        ("by hand", "人工改动"),
    ],
)
def test_the_reasons_of_the_program_are_told_in_chinese(english: str, chinese: str) -> None:
    """What is quoted in them stays as it is."""
    assert reason_in_chinese(english) == (chinese, False)


def test_every_word_of_the_program_has_its_chinese() -> None:
    """What the stages say today: a new clause, check or cause has to be added here."""
    assert {*reasons.CHINESE, "other"} == {*ENGLISH, "other"} == {*get_args(ReasonCode)}
    assert not [check for check in CHECKS if check.name not in reasons.CHECK_LABELS]
    labels = {cause_view(Cause(why=why, what="")).label for why in get_args(CauseKind)}
    assert len(labels) == len(get_args(CauseKind))


def test_the_view_of_a_difference_has_no_words_of_the_other_side() -> None:
    """Consecutive runs of one change say once what happened."""
    pieces = (
        Piece(change="gone", kind="words", text="旧"),
        Piece(change="gone", kind="name", text="GPT"),
        Piece(change="new", kind="words", text="新"),
        Piece(change="same", kind="words", text="。"),
    )
    change = FieldChange(field="summary", old="旧GPT。", new="新。", pieces=pieces)
    compared = CHANGED.model_copy(update={"changes": (change,)})
    (group,) = diff_view(difference(compared)).groups
    assert group.row is not None
    assert group.row.old is not None
    assert group.row.new is not None
    assert [(run.text, run.label) for run in group.row.old.summary] == [
        ("旧", "删"),
        ("GPT", "名称"),
        ("。", ""),
    ]
    assert [(run.text, run.label) for run in group.row.new.summary] == [("新", "增"), ("。", "")]


# --- the view of a difference, further -----------------------------------------------------------


def same(place: str, was: str | None = None) -> EntryDiff:
    """Write an entry that did not change."""
    return EntryDiff(old_place=was or place, new_place=place, old=entry(), new=entry())


def test_only_what_happened_is_counted() -> None:
    """Who was only pushed along did not move; what is added has no checks of its own."""
    added = EntryDiff(
        old_place=None, new_place="news:3", old=None, new=entry(), came=(finding("news:3"),)
    )
    dropped = EntryDiff(
        old_place="news:4", new_place=None, old=entry(), new=None, went=(finding("news:4"),)
    )
    view = diff_view(difference(CHANGED, added, dropped, same("news:6", "news:7"), same("news:8")))
    assert [(kind, count) for kind, _, count in view.counts] == [
        ("added", 1),
        ("dropped", 1),
        ("moved", 1),
        ("changed", 1),
        ("checked", 1),
        ("same", 2),
    ]
    assert [(kind, count) for kind, _, count in diff_view(difference(same("news:1"))).counts] == [
        ("same", 1)
    ]


def test_what_was_reworded_is_counted_as_on_a_terminal() -> None:
    """Another link, or another mark, is counted apart."""
    link = FieldChange(field="link", old="https://a.org/", new="https://b.org/", pieces=())
    mark = FieldChange(field="quoted", old="", new="quoted", pieces=())
    only = [
        CHANGED.model_copy(update={"changes": (each,), "moved": False, "went": ()})
        for each in (link, mark)
    ]
    view = diff_view(difference(CHANGED, *only))
    counts = {text: count for _, text, count in view.counts}
    assert (counts["改写"], counts["换链接"], counts["改标注"]) == (1, 1, 1)
    found = Comparison(stem="x", old_name="a", new_name="b", difference=difference(CHANGED, *only))
    assert "1 reworded (1 with another number), 1 with another link, " in render_text([found]).plain


def test_neighbours_that_did_not_change_are_one_group() -> None:
    """With where they stood, if that is another place; their order is the digest's."""
    view = diff_view(difference(same("news:1"), same("news:2", "news:3"), CHANGED, same("news:5")))
    assert [len(group.unchanged) for group in view.groups] == [2, 0, 1]
    assert [(each.place, each.before) for each in view.groups[0].unchanged] == [
        ("news:1", ""),
        ("news:2", "news:3"),
    ]


def test_findings_that_went_with_a_dropped_entry_stand_beside_what_came_for_it() -> None:
    """Only where each names the other."""
    dropped = EntryDiff(
        old_place="news:3",
        new_place=None,
        old=entry("旧"),
        new=None,
        went=(finding("news:3"),),
        instead="news:4",
        reason="named twice",
    )
    added = EntryDiff(
        old_place=None,
        new_place="news:4",
        old=None,
        new=entry("新"),
        came=(finding("news:4", "name"),),
        instead="news:3",
        reason="not chosen by the model",
    )
    (group,) = diff_view(difference(dropped, added)).groups
    assert group.row is not None
    assert ([each.check for each in group.row.went], [each.check for each in group.row.came]) == (
        ["数字"],
        ["名称"],
    )
    assert [(which, said.text) for which, said in group.row.notes] == [
        ("新版不讲旧条目", "模型重复选中，仍入选一次"),
        ("旧版不讲新条目", "模型未选中"),
    ]
    assert group.row.what == (("dropped", "删除，由 news:4 顶替"),)
    other = added.model_copy(update={"instead": "news:9"})
    assert len(diff_view(difference(dropped, other)).groups) == 2


def test_a_line_that_one_side_has_not_is_said_to_be_none() -> None:
    """And is no change of that side."""
    change = FieldChange(field="link", old="", new="https://example.org/a", pieces=())
    compared = CHANGED.model_copy(
        update={"changes": (change,), "old": entry(link=None), "new": entry()}
    )
    (group,) = diff_view(difference(compared)).groups
    assert group.row is not None
    assert group.row.old is not None
    assert group.row.new is not None
    (old,), (new,) = group.row.old.lines, group.row.new.lines
    assert [(run.change, run.text) for run in old.runs] == [("same", "无")]
    assert [(run.change, run.text) for run in new.runs] == [("new", "https://example.org/a")]
    assert (old.href, new.href) == (None, "https://example.org/a")


# --- causes and words, further -------------------------------------------------------------------


def said(given: Cause) -> tuple[str, list[tuple[str, str]], bool]:
    """Say what a cause is about, its values, and whether they are folded."""
    found = cause_view(given)
    return (
        found.what.text if found.what else "",
        [(each.text, each.form) for each in found.values],
        found.folded,
    )


def test_a_mention_is_folded_where_there_is_a_text_to_show() -> None:
    """Its words are English, as those of the issue are."""
    mention = Cause(why="source", what="A model was", old="A model was released.")
    assert said(mention) == (
        "A model was",
        [("A model was released.", "english"), ("无", "words")],
        True,
    )
    assert said(Cause(why="program", what="A model was")) == ("A model was", [], False)
    assert said(Cause(why="program", what="links", old="a", new="b")) == (
        "链接",
        [("a", "code"), ("b", "code")],
        False,
    )


def test_each_kind_of_value_is_said_in_its_own_way() -> None:
    """Hashes and names as they are, edits, sources and counts in Chinese."""
    assert said(Cause(why="prompt", what="select", old="aa")) == (
        "select",
        [("aa", "code"), ("无", "words")],
        False,
    )
    assert said(Cause(why="settings", what="glossary", old="1", new="2"))[0] == "glossary"
    assert said(Cause(why="edit", what="news:3", old="set title", new="drop"))[1] == [
        ("撤回改写标题", "words"),
        ("删去", "words"),
    ]
    assert said(Cause(why="source", what="served by", old="file"))[1] == [
        ("文件", "words"),
        ("无", "words"),
    ]
    assert said(Cause(why="source", what="mentions", new="2 new"))[1] == [("多了 2 处", "words")]
    assert said(Cause(why="program", what="mentions", old="3 gone"))[1] == [("少了 3 处", "words")]
    assert said(Cause(why="earlier", what="", new="2026-01-29"))[1] == [
        ("无", "words"),
        ("2026-01-29", "code"),
    ]


@pytest.mark.parametrize(
    ("say", "english", "chinese"),
    [
        (
            fact_in_chinese,
            "told in twitter, discord_details +1.5",
            "见于 Twitter、Discord 分频道 +1.5",
        ),
        (fact_in_chinese, "120 votes on Reddit -0.2", "Reddit 120 票 −0.2"),
        (fact_in_chinese, "place in its list +0.1", "在栏目中的位置 +0.1"),
        (reasons.expected_in_chinese, "a title of 6 to 40 characters", "标题 6–40 字"),
        (reasons.expected_in_chinese, "智能体 for 'agent'", "术语“agent”译作“智能体”"),
        (reasons.expected_in_chinese, "plain text without HTML", "不含 HTML 的纯文本"),
        (reasons.expected_in_chinese, "at most 10 entries", "最多 10 条"),
        (
            reasons.expected_in_chinese,
            "move of news:3, 'How it begins', to be applied",
            "应用人工改动：移动 news:3，“How it begins”",
        ),
        (reasons.found_in_chinese, "12 characters", "12 字"),
        (reasons.found_in_chinese, "news:3 stands under s02 too", "news:3 也在 s02 之下"),
        (reason_in_chinese, "tells the same link as s01", "与 s01 链接相同"),
        (reason_in_chinese, "completed", "按显著度补足"),
        (
            reason_in_chinese,
            "told on 2025-12-20 as news:1: link https://a.org/",
            "2025-12-20 的日报已讲过（news:1）：链接 https://a.org/",
        ),
        (
            reason_in_chinese,
            "m gave no usable answer to 'translate' in 3 tries: too long",
            "m 答了 3 次都不可用（'translate'）：too long",
        ),
    ],
)
def test_each_form_of_the_program_is_told_in_chinese(
    say: Callable[[str], reasons.Phrase], english: str, chinese: str
) -> None:
    """With its numbers, places and quotations as they are."""
    assert say(english) == (chinese, False)


def test_what_was_found_is_english_only_where_it_has_no_chinese() -> None:
    """A quotation of a digest is Chinese, whatever stands in it."""
    assert reasons.found_in_chinese("GPT-5 发布") == ("GPT-5 发布", False)
    assert reasons.found_in_chinese("GPT-5 is out") == ("GPT-5 is out", True)


def test_a_long_reason_of_a_server_is_read_up_to_two_thousand_characters() -> None:
    """Longer ones stay as they are."""
    for length, english in ((1_900, False), (2_100, True)):
        text = f"m refused to answer 'translate': {'x' * length}"
        assert reason_in_chinese(text).english is english


# --- the page, further ---------------------------------------------------------------------------


def facts(told: Digest) -> dict[str, tuple[str, bool]]:
    """Say where a digest comes from, as its page does."""
    return {
        what: (value, name) for what, value, name in review_page(told, "x", previous="first").facts
    }


def test_where_a_digest_comes_from_is_said_as_far_as_it_says_so() -> None:
    """Hashes by twelve digits; a setting without a value has none; nothing is not unknown."""
    made = digest()
    assert made.provenance is not None
    known = facts(made)
    assert known["来源页 SHA-256"] == ("ab" * 6, True)
    assert known["提示词 translate"] == ("cd" * 6, True)
    assert known["术语表"] == ("ef" * 6, True)
    assert (known["设置 temperature"], known["设置 want"]) == (("无", False), ("10", True))
    assert known["来源"] == ("网站", False)
    assert known["模型"] == ("m", True)
    assert known["期号"] == ("25-12-21-sampler", True)
    assert known["原刊标题"] == ("A sampler", True)
    assert known["原刊日期"] == ("2025-12-21", True)
    assert known["对照过的日报"] == ("未记录", False)
    assert "设置" not in known
    for memory, value in (
        ((), "没有更早的日报"),
        (("2025-12-19", "2025-12-20"), "2025-12-19、2025-12-20"),
    ):
        other = made.provenance.model_copy(update={"memory": memory, "settings": {}})
        assert facts(made.model_copy(update={"provenance": other}))["对照过的日报"][0] == value
        assert facts(made.model_copy(update={"provenance": other}))["设置"] == ("未记录", False)
    assert facts(made.model_copy(update={"provenance": None})) == {}
    assert "提问方式" not in known
    plain = made.provenance.model_copy(update={"profile": "plain"})
    assert facts(made.model_copy(update={"provenance": plain}))["提问方式"] == (
        "逐句翻译（plain）",
        False,
    )


def test_an_edit_says_where_once() -> None:
    """Two places where it goes to another one."""
    edit = Edit(do="pin", story=StoryAnchor(id="s09", key="0" * 64, words="W"), stood="news:3")
    for place, where in ((None, "news:3"), ("news:3", "news:3"), ("news:1", "news:3 → news:1")):
        told = digest(edits=(edit.model_copy(update={"place": place}),))
        (shown,) = review_page(told, "x", previous="first").edits
        assert (shown.what, shown.where, shown.instead, shown.fields) == ("固定", where, "", ())


def test_a_bar_is_never_longer_than_whole() -> None:
    """One story may be told of two parts; a part without stories has no bar."""
    parts = {
        "reddit": PartCoverage(mentions=9, stories=3, shown=4, told=1),
        "intro": PartCoverage(mentions=1, stories=0, shown=0, told=0),
    }
    whole = Coverage.model_validate(
        {"characters": 1, "mentions": {}, "stories": 3, "shown": 3, "parts": parts}
    )
    shown = review_page(digest(coverage=whole), "x", previous="first").coverage
    assert shown is not None
    assert [(each.part, each.bars) for each in shown.shares] == [
        ("导语", (0, 0)),
        ("Reddit", (100, 33)),
    ]
    assert (shown.total.selected, shown.omitted) == ("1", ())


def test_a_receipt_says_its_days_and_every_count() -> None:
    """One day once; each cell with its commas."""
    usage = Usage(
        prompt="select",
        calls=1001,
        batched=2,
        from_cache=3,
        failed=4,
        input_tokens=5000,
        cached_tokens=6,
        output_tokens=7,
        reasoning_tokens=8,
        cost_usd=0.5,
        seconds=1234.56,
    )
    item = BillLine(unpriced=0, usage=usage)
    bill = Bill(
        digest="d",
        since="2025-12-21",
        until="2025-12-21",
        models=("m",),
        total=item.model_copy(update={"usage": usage.model_copy(update={"prompt": ""})}),
        prompts=(item,),
    )
    for until, days in (("2025-12-21", "2025-12-21"), ("2025-12-22", "2025-12-21 至 2025-12-22")):
        found = review_page(
            digest(), "x", previous="first", bill=bill.model_copy(update={"until": until})
        ).receipt
        assert found is not None
        assert found.days == days
        (line,) = found.lines
        assert line.prompt == "select"
        assert line.cells == (
            *("1,001", "2", "3", "4", "5,000", "6", "7", "8", "$0.5000", "1,234.6"),
        )
        assert found.total.prompt == "合计"


def test_an_edit_is_shown_where_its_entry_stands_now() -> None:
    """With its title; where it stood when it was edited is said beside it."""
    mine = digest().news[0].model_copy(update={"evidence": "Words of its own."})
    made = digest(news=(mine,))
    edit = Edit(do="set", story=make_anchor(mine), stood="news:4", title="人写的")
    made = made.model_copy(update={"edits": (edit,)})
    (row,) = review_page(made, "x", previous="first").edits
    assert (row.where, row.before, row.title) == ("news:1", "news:4", made.news[0].title)
    (told,) = page(made).select(".edits li")
    shown = " ".join(told.get_text(" ").split())
    assert f"news:1 当时 news:4 {made.news[0].title}" in shown


def test_errors_stand_above_warnings() -> None:
    """Else in the order of the digest."""
    mild = [
        finding(place).model_copy(update={"severity": "warning"}) for place in ("news:1", "news:2")
    ]
    severe = finding("news:3").model_copy(update={"severity": "error"})
    shown = review_page(digest(findings=(*mild, severe)), "x", previous="first").findings
    assert [view.place for view, _ in shown] == ["news:3", "news:1", "news:2"]
