"""What an earlier digest told is left out, unless there is something new; in doubt it is told."""

import json
from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest

from build import mention
from pipeline.history import PublishedEntry, find_repeats, match_evidence, read_history
from pipeline.history.fingerprints import (
    Fingerprint,
    fingerprint_of,
    is_document,
    is_versioned,
    longest_names,
)
from pipeline.records import Coverage, Digest, Entry, Link, Mention, Provenance, Reason, Story
from pipeline.write.files import write

POST = "https://x.com/parserlab/status/1900000000000000001"
PAPER = "https://arxiv.org/abs/2601.00001"
REPOSITORY = "https://github.com/parserlab/parser"
LAUNCH = (
    "Parser-4.2 reads whole archives: the lab showed Parser-4.2, which reads 900 pages a second."
)
PAPER_PAGE = "arxiv.org/abs/2601.00001"
POST_PAGE = "x.com/status/1"
REPOSITORY_PAGE = "github.com/lab/parser"
# Beginnings that are more and less alike: 100, then about 70, 55 and 30 of 100.
HEAD = "archive reader takes nine hundred pages every second"
VERY, ALIKE, SOMEWHAT, HARDLY = (
    HEAD,
    "archive reader takes some other book",
    "archive keeper takes something else",
    "poems about birds",
)


def told(
    evidence: str = LAUNCH,
    *links: str,
    title: str = "Parser-4.2可以读完整个档案",
    day: date = date(2026, 1, 29),
) -> PublishedEntry:
    """Tell a story; its first link is the one that was shown."""
    link = links[0] if links else None
    return PublishedEntry(
        date=day, place="news:3", title=title, link=link, links=links, evidence=evidence
    )


def story(text: str, *urls: str, more: tuple[Mention, ...] = (), name: str = "s01") -> Story:
    """Write a story whose lead is what stands before the first colon; its first link is shown."""
    first = mention(text, *urls, lead=text.split(":", maxsplit=1)[0] if ":" in text else "")
    return Story(id=name, mentions=(first, *more), sources=urls)


def fate(new: Story, *tellings: PublishedEntry) -> str:
    """Say what becomes of a story: `told`, `follows` or `new`."""
    found = find_repeats([new], tellings)
    if found.drops:
        assert found.stories == ()
        return "told"
    assert found.stories == (new,)
    return "follows" if new.id in found.follows else "new"


def put(folder: Path, day: str, issue: str, *entries: Entry, slug: str = "") -> Path:
    """Write a digest of one day about the issue of another."""
    issue_date = date.fromisoformat(issue)
    slug = slug or f"{issue_date:%y-%m-%d}-sampler"
    coverage = Coverage(characters=1, mentions={}, stories=1, shown=1)
    provenance = Provenance(
        slug=slug,
        title="A sampler",
        issue_date=issue_date,
        source="file",
        page_sha256="0" * 64,
        model="none",
        prompts={},
        coverage=coverage,
    )
    digest = Digest(
        date=date.fromisoformat(day),
        issue_url=f"https://news.smol.ai/issues/{slug}/",
        news=entries,
        tools=(),
        provenance=provenance,
    )
    return write(digest, folder).json_path


def entry(title: str, evidence: str = LAUNCH) -> Entry:
    """Write an entry with two links."""
    links = (Link(url=POST, text="post"), Link(url=PAPER, text="paper"))
    return Entry(
        kind="news", title=title, summary="摘要", link=POST, links=links, evidence=evidence
    )


def test_entries_of_older_issues_are_read(tmp_path: Path) -> None:
    """Each entry comes with its date, place, title, links and evidence, the latest digest first."""
    put(tmp_path, "2026-01-28", "2026-01-27", entry("甲"), entry("乙"))
    put(tmp_path, "2026-01-29", "2026-01-28", entry("丙"))
    found = read_history(tmp_path, before=date(2026, 1, 30), slug="26-01-30-sampler").entries
    assert [(each.title, each.date.day, each.place) for each in found] == [
        ("丙", 29, "news:1"),
        ("甲", 28, "news:1"),
        ("乙", 28, "news:2"),
    ]
    assert (found[0].link, found[0].links, found[0].evidence) == (POST, (POST, PAPER), LAUNCH)


@pytest.mark.parametrize(
    ("issue", "slug"),
    [
        ("2026-01-30", "26-01-30-other"),
        ("2026-02-02", ""),
        ("2025-12-30", ""),
        ("2026-01-29", "26-01-30-sampler"),
    ],
)
def test_only_the_past_of_an_issue_counts(tmp_path: Path, issue: str, slug: str) -> None:
    """The issue's own digest, younger issues and those of more than thirty days ago are left out."""
    put(tmp_path, "2026-01-31", issue, entry("甲"), slug=slug)
    assert read_history(tmp_path, before=date(2026, 1, 30), slug="26-01-30-sampler").entries == ()


@pytest.mark.parametrize(
    ("issue", "days", "counts"),
    [
        ("2026-01-29", 30, True),
        ("2026-01-30", 30, False),
        ("2026-01-31", 30, False),
        ("2025-12-31", 30, True),
        ("2025-12-30", 30, False),
        ("2026-01-29", 1, True),
        ("2026-01-28", 1, False),
    ],
)
def test_the_days_of_the_past_are_counted(
    tmp_path: Path, issue: str, days: int, *, counts: bool
) -> None:
    """An issue of the day before counts, one of the same day does not, nor one day too many."""
    put(tmp_path, "2026-01-30", issue, entry("甲"), slug="26-01-01-other")
    found = read_history(tmp_path, before=date(2026, 1, 30), slug="x", days=days)
    assert bool(found.entries) is counts
    assert read_history(tmp_path, before=date(2026, 1, 30), slug="x").digests == (
        ("2026-01-30",) if "2025-12-31" <= issue < "2026-01-30" else ()
    )


def test_digests_are_named_and_may_be_chosen(tmp_path: Path) -> None:
    """The latest digest comes first, whatever its file is called; only those asked for are read."""
    for day, issue, title in (
        ("2026-01-26", "2026-01-25", "甲"),
        ("2026-01-28", "2026-01-27", "乙"),
        ("2026-01-27", "2026-01-26", "丙"),
    ):
        put(tmp_path, day, issue, entry(title))
    (tmp_path / "2026-01-26.json").rename(tmp_path / "zzz.json")

    def read(only: Collection[str] | None = None) -> tuple[tuple[str, ...], list[str]]:
        found = read_history(tmp_path, before=date(2026, 1, 30), slug="x", only=only)
        return found.digests, [entry.title for entry in found.entries]

    assert read() == (("2026-01-28", "2026-01-27", "zzz"), ["乙", "丙", "甲"])
    assert read(["2026-01-27", "zzz"]) == (("2026-01-27", "zzz"), ["丙", "甲"])
    assert read([]) == ((), [])


def test_two_digests_of_one_date_stand_in_one_order(tmp_path: Path) -> None:
    """Where two have one date, the one whose name is the date alone comes first."""
    put(tmp_path, "2026-01-28", "2026-01-27", entry("甲"))
    put(tmp_path, "2026-01-28", "2026-01-26", entry("乙"), slug="26-01-26-other")
    found = read_history(tmp_path, before=date(2026, 1, 30), slug="x")
    assert found.digests == ("2026-01-28", "2026-01-28-2")
    assert [entry.title for entry in found.entries] == ["甲", "乙"]


def test_tools_are_told_too(tmp_path: Path) -> None:
    """Both halves of a digest count, the news first, each numbered by itself."""
    path = put(tmp_path, "2026-01-28", "2026-01-27", entry("甲"))
    digest = json.loads(path.read_text("utf-8"))
    digest["tools"] = [{**digest["news"][0], "title": "乙", "link": None}]
    path.write_text(json.dumps(digest), "utf-8")
    found = read_history(tmp_path, before=date(2026, 1, 30), slug="x").entries
    assert [(each.place, each.title, each.link) for each in found] == [
        ("news:1", "甲", POST),
        ("tools:1", "乙", None),
    ]


def test_drafts_and_damaged_files_have_told_nothing(tmp_path: Path) -> None:
    """A draft, half a file, another JSON and a digest without provenance are passed over."""
    path = put(tmp_path, "2026-01-28", "2026-01-27", entry("甲"))
    text = path.read_text("utf-8")
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "2026-01-29.json").write_text(text, "utf-8")
    (tmp_path / "cut.json").write_text(text[: len(text) - 9], "utf-8")
    (tmp_path / "list.json").write_text('["issue_date", {"issue_date": "2026-01-27"}]', "utf-8")
    (tmp_path / "wrong.json").write_text('{"issue_date": "2026-13-27"}', "utf-8")
    (tmp_path / "read.json").write_text('{"date": "2026-01-28", "provenance": null}', "utf-8")
    (tmp_path / "nested.json").write_text('{"issue_date": "2026-01-27", ' + "[" * 100_000, "utf-8")
    (tmp_path / "folder.json").mkdir()
    found = read_history(tmp_path, before=date(2026, 1, 30), slug="x").entries
    assert [each.title for each in found] == ["甲"]
    assert read_history(tmp_path / "none", before=date(2026, 1, 30), slug="x").entries == ()


def test_text_cannot_pass_for_a_date(tmp_path: Path) -> None:
    """A story that quotes the field's name and a date does not move its digest in time."""
    forged = '"issue_date": "2026-01-29" \\"issue_date": "2026-01-29"'
    put(tmp_path, "2026-02-28", "2026-02-27", entry(forged, forged))
    assert read_history(tmp_path, before=date(2026, 1, 30), slug="x").entries == ()


def test_with_nothing_told_every_story_is_new() -> None:
    """The first digest of all has no past."""
    new = [story(LAUNCH, POST, name="s01"), story(LAUNCH, name="s02")]
    found = find_repeats(new, [])
    assert (found.stories, found.follows, found.drops) == (tuple(new), {}, ())


@pytest.mark.parametrize("link", [POST, POST.replace("x.com", "twitter.com") + "?s=20", PAPER])
def test_the_same_document_is_told(link: str) -> None:
    """One post or paper is one event, however its address is written; the reason names it."""
    found = find_repeats([story("An archive in a minute: a reader.", link)], [told(LAUNCH, link)])
    assert found.stories == ()
    assert found.drops[0].what == "s01"
    assert str(found.drops[0].reason).startswith("told on 2026-01-29 as news:3: same link ")


def test_a_document_has_nothing_new_to_say() -> None:
    """Another summary of the same paper picks other numbers out of it, and is no news."""
    again = story("Parser-4.2 in detail: 31% fewer errors, 48 GB of memory, $2 an hour.", PAPER)
    assert fate(again, told(LAUNCH, PAPER)) == "told"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("Parser-4.2 costs: users pay $3 for a million pages, 40% less than before.", "follows"),
        ("Parser-4.2 praised: users love how it reads 900 pages a second.", "told"),
        ("Parser-4.2 praised: 5,120 upvotes and 7,300 comments (Activity: 51200).", "told"),
        ("Parser-4.2 praised: it is 40% quicker, that is, by 40%.", "told"),
        ("Parser-4.2 on Monday 2026-01-26: version 2.0 of the manual came at 10:30.", "told"),
    ],
)
def test_two_new_quantities_are_news(more: str, expected: str) -> None:
    """A price and a saving keep the story; opinions, votes, dates and versions do not."""
    new = story(LAUNCH, POST, more=(mention(more, lead=more.split(":", maxsplit=1)[0]),))
    assert fate(new, told(LAUNCH, POST)) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("It handles 3,000 archives and 4,000 poems.", "follows"),
        ("It handles 2,999 archives and 2,998 poems.", "told"),
        ("It handles 3,000 archives and 2,999 poems.", "told"),
        ("It handles 40% more, for $3.", "follows"),
        ("It handles 40% more.", "told"),
        ("It handles 40% more, with 900 pages a second.", "told"),
        ("It came in 2019 and was sold in 2021.", "told"),
        ("It is the first of its kind, 40% better.", "told"),
        ("It is the third of its kind, 40% better.", "follows"),
    ],
)
def test_what_counts_as_a_quantity(more: str, expected: str) -> None:
    """A number has a unit or is at least 3,000; two of them have to be new, and different."""
    new = story(LAUNCH, POST, more=(mention(more, lead="Parser-4.2"),))
    assert fate(new, told(LAUNCH, POST)) == expected
    if expected == "follows":
        why = find_repeats([new], [told(LAUNCH, POST)]).reasons["s01"]
        assert "; new: quantities " in str(why)


def test_a_document_that_was_told_brings_no_quantities() -> None:
    """What a paper of an earlier telling says is known; a post counts where it was shown."""
    costs = "Parser-4.2 costs: $3 for a million pages, 40% less than before."
    paper = story(LAUNCH, POST, more=(mention(costs, PAPER, lead="Parser-4.2 costs"),))
    assert fate(paper, told(LAUNCH, POST)) == "follows"
    assert fate(paper, told(LAUNCH, POST, PAPER)) == "told"
    remark = "https://x.com/somebody/status/1900000000000000009"
    post = story(LAUNCH, POST, more=(mention(costs, remark, lead="Parser-4.2 costs"),))
    assert fate(post, told(LAUNCH, POST, remark)) == "follows"
    assert fate(post, told(LAUNCH, POST), told(LAUNCH, remark)) == "told"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://huggingface.co/parserlab/Parser-4.2", "follows"),
        ("https://github.com/parserlab/Parser4.2", "follows"),
        ("https://arxiv.org/abs/2601.00009", "told"),
        ("https://huggingface.co/parserlab/other", "told"),
        ("https://x.com/parser4.2/status/9", "told"),
        ("https://someone.test/parser-4.2", "told"),
        ("https://someone.test/blog/parser-4.2", "follows"),
    ],
)
def test_a_first_hand_page_about_it_is_news(url: str, expected: str) -> None:
    """A repository, card or announcement that says the name is new; a post or a page is not."""
    new = story(LAUNCH, POST, more=(mention("More.", url),))
    assert fate(new, told(LAUNCH, POST)) == expected
    assert fate(new, told(LAUNCH, POST, url)) == "told"


def test_a_new_version_is_named_first_by_the_alphabet() -> None:
    """Of several new versions of a lead one is named; a known one, and one too short, is not."""
    new = story("Parser-6.0 and Parser-5.0 read archives: 900 pages a second.", REPOSITORY)
    found = find_repeats([new], [told(LAUNCH, REPOSITORY)])
    assert str(found.reasons["s01"]).endswith("; new: name parser5.0")
    known = told(f"{LAUNCH}\n\nParser-5.0 and Parser-6.0 come next.", REPOSITORY)
    assert fate(new, known) == "told"
    assert fate(story("K2 reads whole archives: 900 pages a second.", REPOSITORY), known) == "told"


@pytest.mark.parametrize(("count", "total", "kept"), [(6, 250, 0), (7, 250, 0), (8, 250, 8)])
def test_a_name_may_be_in_three_of_a_hundred_stories(count: int, total: int, kept: int) -> None:
    """A name is a sign as long as few stories of the issue lead with it."""
    text = "Parser-4.2 reads archives: people say that whole archives are read at once."
    day = [story(text, name=f"s{number}") for number in range(count)]
    others = [story(f"Thing {n}x: nothing.", name=f"o{n}") for n in range(total - count)]
    found = find_repeats([*day, *others], [told(LAUNCH, POST)])
    assert len(found.stories) == kept + len(others)


def test_the_latest_telling_is_named() -> None:
    """Of several tellings the first given counts, in the reason and for the date."""
    tellings = [told(LAUNCH, POST, day=date(2026, 1, day)) for day in (29, 27, 28)]
    found = find_repeats([story(LAUNCH, POST)], tellings)
    assert str(found.drops[0].reason).startswith("told on 2026-01-29")
    unlike = told("Ibis: reads charts.", title="鹮", day=date(2026, 1, 29))
    found = find_repeats([story(LAUNCH, POST)], [unlike, tellings[2]])
    assert str(found.drops[0].reason).startswith("told on 2026-01-28")


def test_what_follows_carries_the_date_and_says_why() -> None:
    """The digest date of the latest telling is kept, with the sign and with what is new."""
    more = mention("Weights are out.", "https://huggingface.co/parserlab/Parser-4.2")
    new = story(LAUNCH, POST, more=(more,))
    older = told(LAUNCH, POST, day=date(2026, 1, 28))
    found = find_repeats([new], [told(LAUNCH, POST), older])
    assert found.follows == {"s01": date(2026, 1, 29)}
    assert str(found.reasons["s01"]).startswith(
        "told on 2026-01-29 as news:3: same link x.com/status/"
    )
    assert str(found.reasons["s01"]).endswith("; new: link huggingface.co/parserlab/parser-4.2")


def test_what_any_telling_had_is_not_new() -> None:
    """The weights were news once, and are not when the next digest looks back at two tellings."""
    card = "https://huggingface.co/parserlab/Parser-4.2"
    new = story(LAUNCH, POST, more=(mention("Weights are out.", card),))
    first = told(LAUNCH, POST, day=date(2026, 1, 27))
    assert fate(new, first) == "follows"
    assert fate(new, told(f"{LAUNCH}\n\nWeights are out.", POST, card), first) == "told"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Parser-4.2 reads archives: people say that whole archives are read at once.", "told"),
        ("Parser-4.2 tops the leaderboard: judges prefer its answers to all others.", "new"),
        ("Parser-4.2 Mini reads archives: the lab showed what reads whole archives.", "new"),
        ("Parser-4.3 reads archives: the lab showed what reads whole archives.", "new"),
        ("ParserLab hires: the lab that reads archives wants engineers.", "new"),
        ("Archives are read: whole archives can now be read at once, the lab showed.", "new"),
    ],
)
def test_a_version_and_a_lead_that_is_alike_are_a_sign(text: str, expected: str) -> None:
    """The same version doing the same was told; another version, size, event or name was not."""
    pro = told(LAUNCH.replace("4.2", "4.2 Pro"), title="Parser-4.2 Pro可以读完整个档案")
    text = text.replace("4.2", "4.2 Pro") if "Mini" not in text else text
    assert fate(story(text), pro) == expected


def test_a_company_is_in_the_news_for_many_things() -> None:
    """A name without a version is a sign only with leads that are nearly the same."""
    office = told(
        "ParserLab opens an office in Oslo: forty engineers will write grammars for northern "
        "languages there, close to the university and its archive of newspapers.",
        title="ParserLab在奥斯陆开设办公室",
    )
    same = (
        "ParserLab opens Oslo office: grammars for northern languages will be written by forty "
        "engineers, close to the newspapers of the university."
    )
    assert fate(story(same), office) == "told"
    for other in (
        "ParserLab opens its archive reader to everybody: it is free from today.",
        "ParserLab opens the office doors: on Sunday visitors may ask what they like, and see how a parser is made, says the invitation, which also promises cake and music until late.",
    ):
        assert fate(story(other), office) == "new"


def test_a_name_in_passing_was_not_told() -> None:
    """An entry about something else, whose evidence has the name, has not told the story."""
    passing = told(f"{LAUNCH}\n\nOther things: a roundup.", title="一周回顾")
    assert fate(story(LAUNCH), passing) == "new"


def test_a_page_that_an_entry_did_not_show_needs_more() -> None:
    """An entry without a link of its own is no document, whatever its evidence points to."""
    passing = PublishedEntry(
        date=date(2026, 1, 29),
        place="tools:1",
        title="一周回顾",
        link=None,
        links=(PAPER,),
        evidence="Other things: a roundup.",
    )
    assert fate(story(LAUNCH, PAPER), passing) == "new"


def test_a_remark_that_two_stories_quote_is_no_sign() -> None:
    """A post which neither shows may stand in both, and they are still two events."""
    remark = "https://x.com/somebody/status/1900000000000000009"
    price = "Parser-4.2 costs less: the lab cut the price of Parser-4.2 by 20%, to $4."
    assert fate(story(price, POST, remark), told(LAUNCH, PAPER, remark)) == "new"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Parser learns Finnish: grammars for forms and for poems were added.", "new"),
        ("Parser reads whole archives: 900 pages a second, the lab showed.", "told"),
    ],
)
def test_a_page_that_lives_on_needs_more_than_itself(text: str, expected: str) -> None:
    """A repository is the source of many events; beginnings that are alike make it one."""
    assert fate(story(text, REPOSITORY), told(LAUNCH, REPOSITORY)) == expected


def test_a_new_version_on_a_told_page_is_new() -> None:
    """A version in the lead that no telling had keeps the story."""
    new = story("Parser-5.0 reads whole archives: 900 pages a second, as before.", REPOSITORY)
    assert fate(new, told(LAUNCH, REPOSITORY)) == "follows"


def test_what_everybody_talks_about_is_no_sign() -> None:
    """A name in the leads of many stories says what the day was about, not what happened."""
    text = "Parser-4.2 reads archives: people say that whole archives are read at once."
    day = [story(text, name=f"s{number:02d}") for number in range(1, 9)]
    assert len(find_repeats(day, [told(LAUNCH, POST)]).stories) == len(day)
    assert len(find_repeats(day[:6], [told(LAUNCH, POST)]).stories) == 0


def test_a_quotation_tells_too() -> None:
    """An entry that quoted the English text told its story like any other."""
    quoted = told(LAUNCH, title="Parser-4.2 reads whole archives")
    assert fate(story("Parser-4.2 reads archives: whole archives, at once."), quoted) == "told"


def test_home_pages_and_pictures_are_no_sign() -> None:
    """An address about many things, or about nothing, tells no event."""
    last_week = "Office hours: members meet on Tuesday to talk about archives."
    this_week = "Office hours: members meet on Friday to talk about poems."
    for page in ("https://openai.com/", "https://i.redd.it/a.png", "https://discord.gg/abc"):
        assert fate(story(this_week, page), told(last_week, page, title="答疑时间")) == "new"
    page = "https://parserlab.dev/office-hours/of-last-week"
    assert fate(story(this_week, page), told(last_week, page, title="答疑时间")) == "told"


def test_every_story_is_kept_or_dropped_with_a_reason() -> None:
    """What goes in comes out, in its order, once."""
    day = [
        story("A reader: it is quick.", "https://example.org/1", name="s01"),
        story(LAUNCH, POST, name="s02"),
        story("An editor: it is slow.", "https://example.org/2", name="s03"),
    ]
    found = find_repeats(day, [told(LAUNCH, POST)])
    assert [story.id for story in found.stories] == ["s01", "s03"]
    assert [drop.what for drop in found.drops] == ["s02"]


def test_every_lead_of_a_story_names_it() -> None:
    """A name counts where any lead says it; without leads the beginning of the text does."""
    more = mention(LAUNCH, lead="Parser-4.2 reads whole archives")
    assert fate(story("An archive in a minute: somebody timed it.", more=(more,)), told()) == "told"
    assert fate(story("Parser-4.2 reads whole archives at 900 pages a second"), told()) == "told"
    plain = mention(LAUNCH.replace("Parser", "parser"))
    assert fate(story("An archive in a minute: somebody timed it.", more=(plain,)), told()) == "new"


def seen(
    shown: str | None = None,
    *pages: str,
    names: tuple[str, ...] = (),
    lead: tuple[str, ...] = (),
    head: str = HEAD,
) -> Fingerprint:
    """Describe a story or an entry by what it can be known by."""
    return Fingerprint(
        shown_page=shown,
        pages=frozenset(filter(None, (shown, *pages))),
        names=frozenset(names),
        leads=(frozenset(lead),),
        heads=(head,),
    )


@pytest.mark.parametrize(
    ("page", "head", "known"),
    [
        (PAPER_PAGE, HARDLY, True),
        (POST_PAGE, HARDLY, True),
        ("reddit.com/comments/1abc", HARDLY, True),
        ("wsj.com/tech/a", HARDLY, True),
        (REPOSITORY_PAGE, HARDLY, False),
        (REPOSITORY_PAGE, VERY, True),
        ("a.test/b", HARDLY, False),
    ],
)
def test_the_same_shown_page_is_a_sign(page: str, head: str, *, known: bool) -> None:
    """One document is one event; a page that lives on needs a beginning that is alike."""
    found = match_evidence(seen(page, head=head), seen(page), common_names=frozenset())
    assert found == (Reason("same_link", (page,)) if known else None)


@pytest.mark.parametrize(
    ("head", "lead", "names", "known"),
    [
        (ALIKE, (), (), True),
        (SOMEWHAT, (), (), False),
        (SOMEWHAT, ("reads",), (), False),
        (SOMEWHAT, ("reads", "whole"), (), True),
        (HARDLY, ("reads", "whole"), (), False),
        (HARDLY, (), ("parser",), True),
    ],
)
def test_a_page_that_lives_on_needs_more(
    head: str, lead: tuple[str, ...], names: tuple[str, ...], *, known: bool
) -> None:
    """Beginnings that are alike, or somewhat alike with two words of the lead, or a name."""
    one = seen(REPOSITORY_PAGE, head=head, lead=(*lead, "fast"), names=names)
    other = seen(REPOSITORY_PAGE, lead=(*lead, "slow"), names=names)
    assert bool(match_evidence(one, other, common_names=frozenset())) is known


@pytest.mark.parametrize(
    ("page", "head", "names", "known"),
    [
        (REPOSITORY_PAGE, ALIKE, (), True),
        (REPOSITORY_PAGE, SOMEWHAT, (), False),
        (REPOSITORY_PAGE, SOMEWHAT, ("sonicmoe",), True),
        (REPOSITORY_PAGE, HARDLY, ("sonicmoe",), False),
        (POST_PAGE, VERY, (), False),
    ],
)
def test_a_page_in_common_needs_more(
    page: str, head: str, names: tuple[str, ...], *, known: bool
) -> None:
    """A page that is not shown by both is a sign with a beginning that is alike; a remark is none."""
    one = seen("a.test/x", page, head=head, names=names)
    other = seen("a.test/y", page, names=names)
    found = match_evidence(one, other, common_names=frozenset())
    assert found == (Reason("link_alike", (page,)) if known else None)
    assert match_evidence(one, seen(None, page, names=names), common_names=frozenset()) == found


def test_a_document_that_one_shows_is_a_page_in_common() -> None:
    """A post that the one shows and the other points to counts, where both begin alike."""
    found = match_evidence(seen("a.test/x", POST_PAGE), seen(POST_PAGE), common_names=frozenset())
    assert found == Reason("link_alike", (POST_PAGE,))
    assert (
        match_evidence(seen(POST_PAGE), seen("a.test/x", POST_PAGE), common_names=frozenset())
        == found
    )
    both = (REPOSITORY_PAGE, "a.test/z")
    assert match_evidence(seen(None, *both), seen(None, *both), common_names=frozenset()) == Reason(
        "link_alike", ("a.test/z",)
    )


@pytest.mark.parametrize(
    ("name", "head", "lead", "known"),
    [
        ("parser4.2", ALIKE, ("reads",), True),
        ("parser4.2", SOMEWHAT, ("reads",), False),
        ("parser4.2", HARDLY, ("reads", "whole"), True),
        ("parser4.2", VERY, (), False),
        ("sonicmoe", VERY, ("reads",), True),
        ("sonicmoe", ALIKE, ("reads",), False),
        ("sonicmoe", ALIKE, ("reads", "whole"), True),
        ("sonicmoe", HARDLY, ("reads", "whole"), False),
        ("gepa", VERY, ("reads",), True),
        ("api", VERY, ("reads",), False),
    ],
)
def test_a_name_in_common_needs_a_lead_that_says_the_same(
    name: str, head: str, lead: tuple[str, ...], *, known: bool
) -> None:
    """A version is in the news for few things, a project for many, and three letters are no name."""
    one = seen(names=(name,), head=head, lead=(*lead, "fast"))
    other = seen(names=(name,), lead=(*lead, "slow"))
    found = match_evidence(one, other, common_names=frozenset())
    assert found == (Reason("names_alike", (name,)) if known else None)
    assert match_evidence(one, other, common_names={name}) is None


def test_all_names_in_common_are_given() -> None:
    """Names are listed by the alphabet, without those that are common."""
    one = seen(names=("sonicmoe", "parser4.2", "gepa", "ibisx"), lead=("reads",))
    other = seen(names=("sonicmoe", "parser4.2", "gepa", "zebrax"), lead=("reads",))
    found = match_evidence(one, other, common_names={"gepa"})
    assert str(found) == "names parser4.2, sonicmoe, and alike"


def test_the_nearest_mentions_are_compared() -> None:
    """Of several mentions on both sides the two that are most alike decide."""
    one = seen(names=("sonicmoe",), lead=("reads",))
    one = one._replace(heads=(HARDLY, HEAD), leads=(frozenset(), frozenset({"reads"})))
    assert match_evidence(one, one._replace(heads=(HEAD, HARDLY)), common_names=frozenset())


def test_a_story_is_prepared_for_comparing() -> None:
    """Pages about many things are left out, names are the longest, leads are given or guessed."""
    found = fingerprint_of(
        ("https://a.test/", "https://Github.com/Lab/Parser/", "https://i.redd.it/a.png",
         "https://arxiv.org/pdf/2601.00001"),
        "Parser-4.2 and Parser-4.2-Codex",
        ["Parser-4.2 reads the archives: it is done. Later", "A second mention is here: well"],
        ["", "Given leads count"],
    )  # fmt: skip
    assert found.shown_page == REPOSITORY_PAGE
    assert found.pages == {REPOSITORY_PAGE, PAPER_PAGE}
    assert found.names == {"parser4.2codex"}
    assert [set(lead) for lead in found.leads] == [{"reads", "archiv"}, {"given", "leads", "count"}]
    assert found.heads == ("parser 4 2 reads archives done later", "second mention here well")
    assert fingerprint_of((), "", [], []) == Fingerprint(None, frozenset(), frozenset(), (), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zebras walk over bridges: then fish", {"zebras", "walk", "over", "bridge"}),
        ("Zebras walk over bridges. Then fish", {"zebras", "walk", "over", "bridge"}),
        ("Zebras walk over bridges (Activity: 7) fish", {"zebras", "walk", "over", "bridge"}),
        ("Zebras walk over bridges\nfish", {"zebras", "walk", "over", "bridge"}),
        ("Zebras: walk over bridges: then fish", {"zebras", "walk", "over", "bridge"}),
        ("Zebra and the new 7 of 24", {"zebra"}),
        ("Z" + "z" * 118 + " ibis owls", {"zzzzzz"}),
        ("A" * 115 + " owls ibis", {"aaaaaa", "owls"}),
    ],
)
def test_a_lead_is_guessed(text: str, words: set[str]) -> None:
    """It ends at a colon or a sentence, after 16 characters or more, and at 120 at the latest."""
    (lead,) = fingerprint_of((), "", [text], [""]).leads
    assert lead == words


def test_words_of_names_are_no_words_of_a_lead() -> None:
    """What a lead says of its subject is compared, not the subject; only the names given count."""
    lead = "Sonic-MoE moves sonic birds"
    (without,) = fingerprint_of((), "Sonic-MoE", ["T"], [lead]).leads
    (whole,) = fingerprint_of((), "", ["T"], [lead]).leads
    assert (set(without), set(whole)) == ({"moves", "birds"}, {"sonic", "moe", "moves", "birds"})


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("One two\nthree", ""),
        ("Archive, reader: 42 nine", "archive reader 42 nine"),
        ("ARCHIVE of all four", "archive four"),
        ("w" * 300, "w" * 240),
    ],
)
def test_a_beginning_leaves_small_words_out(text: str, head: str) -> None:
    """Of the first line 240 characters count, numbers and words of four letters or more."""
    assert fingerprint_of((), "", [text], ["x"]).heads == (head,)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("gpt5.2", "gpt5.2codex"), {"gpt5.2codex"}),
        (("gpt5.2codex", "gpt5.2", "gpt"), {"gpt5.2codex"}),
        (("codex", "gpt5.2codex"), {"codex", "gpt5.2codex"}),
        ((), set()),
    ],
)
def test_the_longest_names_are_kept(names: tuple[str, ...], expected: set[str]) -> None:
    """A name that another one goes on from says less."""
    assert longest_names(names) == expected


@pytest.mark.parametrize(
    ("name", "versioned"),
    [
        ("kling2.6", True),
        ("gpt-5", True),
        ("glm5", False),
        ("nvidia", False),
        ("v2", False),
        ("4chan5", False),
    ],
)
def test_a_version_says_which_of_a_family(name: str, *, versioned: bool) -> None:
    """A versioned name has five characters or more, begins with a letter and has a digit."""
    assert is_versioned(name) is versioned


@pytest.mark.parametrize(
    ("url", "document"),
    [
        (f"https://{PAPER_PAGE}", True),
        ("https://x.com/a/status/1", True),
        ("https://www.reddit.com/r/a/comments/1abc/x", True),
        ("https://wsj.com/tech/a", True),
        (f"https://{REPOSITORY_PAGE}", False),
        ("https://a.test/blog/b", False),
        ("https://youtu.be/a", False),
    ],
)
def test_a_document_says_tomorrow_what_it_says_today(url: str, *, document: bool) -> None:
    """Papers, posts, threads and articles do; repositories and pages change."""
    assert is_document(url) is document


def test_of_many_digests_those_of_these_days_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once their dates are known; one that changed is looked at again."""
    folder, index_dir = tmp_path / "outputs", tmp_path / "index"
    folder.mkdir()
    for number in range(28):
        put(folder, f"2026-01-{number + 1:02d}", f"2025-{number % 12 + 1:02d}-27", entry("甲"))
    monkeypatch.setattr("pipeline.storage.index.SETTLED_NS", 0)
    read: list[str] = []

    def counted(file: Path) -> bytes:
        read.append(file.name)
        return file.read_bytes()

    monkeypatch.setattr("pipeline.history.published.read_regular", counted)

    def titles(*, indexed: bool = True) -> list[str]:
        read.clear()
        before, where = date(2026, 1, 2), index_dir if indexed else None
        found = read_history(folder, before=before, slug="x", index_dir=where)
        return [each.title for each in found.entries]

    assert titles() == titles(indexed=False) == ["甲", "甲"]
    assert titles() == ["甲", "甲"]
    assert sorted(read) == ["2026-01-12.json", "2026-01-24.json"]
    put(folder, "2026-01-05", "2025-12-28", entry("乙"))
    assert titles() == titles(indexed=False) == ["甲", "甲", "乙"]
    (folder / "2026-01-12.json").unlink()
    (folder / "2026-01-24.json").write_text("{", "utf-8")
    assert titles() == titles(indexed=False) == ["乙"]
