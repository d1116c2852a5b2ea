"""Tests of `pipeline.parse.page`: our own small issues of every layout, and the stored real ones."""

import html
import re
import time
import warnings
from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import FIXTURES
from pipeline.errors import PageNotUnderstood
from pipeline.parse.page import parse
from pipeline.records import Issue, Mention, Page, PageFormat
from stored import html_path, stored_issue

OURS = FIXTURES / "parse"
TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "—": "--"})


class Counts(NamedTuple):
    """Size of one real issue: all mentions, and the bullets and links they hold."""

    mentions: int
    bullets: int
    links: int


# Counted once by parse, and checked against the pages by the tests that count on their own.
REAL = {
    "23-12-11-ainews-12112023-mixtral-beats-gpt35-and-llama2-70b": Counts(208, 205, 88),
    "24-02-29-ainews-dia-de-las-secuelas-starcoder-the-stack-dune-semianalysis": Counts(
        768, 735, 491
    ),
    "24-10-16-ainews-did-nvidias-nemotron-70b-train-on-test": Counts(954, 1342, 378),
    "25-04-16-ainews-openai-o3-o4-mini-and-codex-cli": Counts(460, 807, 385),
    "25-04-16-ainews-qwq-32b-claims-to-match-deepseek-r1-671b": Counts(462, 768, 350),
    "25-08-05-gpt-oss": Counts(457, 860, 441),
    "25-12-18-claude-skills-grows": Counts(380, 681, 284),
    "25-12-19-not-much": Counts(379, 672, 259),
    "25-12-22-not-much": Counts(337, 624, 200),
    "26-02-24-claude-code": Counts(430, 790, 314),
    "26-05-14-not-much": Counts(28, 49, 106),
    "26-08-20-not-much": Counts(35, 68, 88),
    "26-08-21-not-much": Counts(37, 68, 96),
}


def make_page(text: str, media: PageFormat = "html", slug: str = "26-01-02-fish") -> Page:
    """Give a page as `fetch` would."""
    return Page(
        slug=slug,
        url=f"https://news.smol.ai/issues/{slug}",
        source="site",
        media=media,
        text=text,
        sha256="0" * 64,
    )


def read(name: str) -> Issue:
    """Parse one of our own issues."""
    path = OURS / name
    media: PageFormat = "html" if path.suffix == ".html" else "markdown"
    return parse(make_page(path.read_text(encoding="utf-8"), media, path.stem))


def recap(body: str, media: PageFormat = "html") -> tuple[Mention, ...]:
    """Give the mentions of a page with one recap."""
    heading = "<h1>AI Twitter Recap</h1>\n" if media == "html" else "# AI Twitter Recap\n\n"
    return parse(make_page(heading + body, media)).mentions


def archived(body: str) -> Mention:
    """Give the first mention of an old issue's Markdown."""
    page = make_page("# AI Twitter Recap\n\n" + body, "markdown", "24-01-02-fish")
    return parse(page).mentions[0]


def folded(text: str) -> str:
    """Leave out white space and typography that the two forms differ in."""
    return " ".join(text.translate(TYPOGRAPHY).split())


def comparable(issue: Issue) -> list[tuple[object, ...]]:
    """Give all of an issue but its white space and typography."""
    head = (folded(issue.title), issue.date, folded(issue.description), issue.tags)
    return [
        head,
        *(
            (
                mention.id,
                mention.part,
                *map(folded, mention.section),
                folded(mention.lead),
                *map(folded, mention.text.splitlines()),
                *((link.url, folded(link.text)) for link in mention.links),
                mention.bullets,
                mention.activity,
            )
            for mention in issue.mentions
        ),
    ]


def read_real(shared: Path, slug: str, media: PageFormat) -> Issue:
    """Parse one form of a stored issue."""
    if media == "html":
        return stored_issue(shared, slug)
    text = (shared / "markdown" / f"{slug}.md").read_text(encoding="utf-8")
    return parse(make_page(text, media, slug))


def counted(text: str) -> tuple[int, Counter[str]]:
    """Count the bullets and links in the recaps of an article, with nothing but patterns.

    Links that nobody can follow (mail, templates, hosts that cannot be) and those of headings to
    their Discord channel do not count.
    """
    followed = re.compile(
        r"https?://(?:[\w-]+\.)+[a-z][\w-]*\.?(?::\d+)?(?:[/?#]|$)", re.IGNORECASE
    )
    first = re.search(r"<h[1-6][^>]*>(?:(?!</h).)*(?:Twitter|Discord) (?:Recap|Summary)", text)
    assert first
    recaps = re.sub(
        r"<pre><code[^>]*>(?=\s*&#x3C;[uo]l>)(.*?)</code></pre>",
        lambda code: html.unescape(code[1]),
        text[first.start() :],
        flags=re.DOTALL,
    )
    channels = re.compile(r'href="https://discord\.com/channels/[^"]*"')
    recaps = re.sub(r"<h[1-6].*?</h[1-6]>", lambda h: channels.sub("", h[0]), recaps)
    links = [html.unescape(href) for href in re.findall(r'<a\s[^>]*?href="([^"]*)"', recaps)]
    prose = re.sub(r"<(a|code|h[1-6])\b.*?</\1>", " ", recaps, flags=re.DOTALL)
    prose = html.unescape(re.sub(r"</?(p|li|ul|ol|br|strong|em|blockquote)\b[^>]*>", " ", prose))
    address = r"(?<![\w/.])https?://[\w-]+\.[^\s<>\"'()\[\]]*[^\s<>\"'()\[\].,;:!?*]"
    links += re.findall(address, prose)
    return len(re.findall(r"<li[\s>]", recaps)), Counter(
        link for link in links if followed.match(link)
    )


def assert_nothing_lost(issue: Issue, article: str) -> None:
    """Compare the recaps with what we count in the article."""
    bullets, links = counted(article)
    recaps = [mention for mention in issue.mentions if mention.part != "intro"]
    assert sum(mention.bullets for mention in recaps) == bullets
    assert Counter(link.url for mention in recaps for link in mention.links) == links


# ── Our own issues ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["24-05-06-frozen", "26-03-04-live"])
def test_html_and_markdown_of_an_issue_give_the_same(name: str) -> None:
    """A page and its Markdown differ in white space and typographic punctuation only."""
    assert comparable(read(f"{name}.html")) == comparable(read(f"{name}.md"))


def test_frozen_issue_tells_what_it_is() -> None:
    """Title, date, description and tags come from the page, the date from the slug first."""
    issue = read("24-05-06-frozen.html")
    assert issue.title == "Orca 3 runs on a watch | what's next?"
    assert issue.date == date(2024, 5, 6)
    assert issue.description.startswith('Examplecorp released Orca 3. "It fits a watch", said')
    assert issue.tags == ("examplecorp", "orca-3", "3.10", "on-device")


def test_frozen_issue_has_every_part_in_order() -> None:
    """Each mention stands below its headings, those that are only bold text included."""
    issue = read("24-05-06-frozen.html")
    sections = list(dict.fromkeys((mention.part, mention.section) for mention in issue.mentions))
    details = "PART 2: Detailed by-Channel summaries and links"
    general = "Fish Tank ▷ #general (3 messages🔥)"
    off_topic = "Fish Tank ▷ #off-topic (1 messages)"
    assert sections == [
        ("intro", ()),
        ("intro", ("How it was trained",)),
        ("twitter", ("AI Twitter Recap", 'Models and "weights"')),
        ("twitter", ("AI Twitter Recap", "Memes")),
        ("reddit", ("AI Reddit Recap", "/r/LocalLlama Recap", "Theme 1. Tiny models")),
        ("discord", ("PART 0: Summary of Summaries of Summaries",)),
        ("discord", ("PART 1: High level Discord summaries", "Fish Tank Discord")),
        ("discord_details", (details, general)),
        ("discord_details", (details, general, "Links mentioned")),
        ("discord_details", (details, off_topic)),
        ("discord_details", (details, off_topic, "Link mentioned")),
    ]
    assert [mention.id for mention in issue.mentions][:2] == ["m001", "m002"]


def test_reddit_post_keeps_its_comments_its_links_and_its_votes() -> None:
    """Nested bullets belong to their parent, on lines of their own, with their links in order."""
    post, other = (m for m in read("24-05-06-frozen.md").mentions if m.part == "reddit")
    assert post.lead == "Orca 3 on a watch"
    assert post.text.splitlines() == [
        "Orca 3 on a watch (Score: 1,048, Comments: 7): Somebody did it.",
        "  - A comment by dana, with a log.",
        "    - A reply to it.",
        "  - A second comment.",
    ]
    assert [link.text for link in post.links] == [post.lead, "Score: 1,048, Comments: 7", "log"]
    assert (post.bullets, post.activity) == (4, 1048)
    assert (other.lead, other.bullets, other.activity) == ("Another post", 1, 31)


def test_boilerplate_is_no_mention_but_a_link_in_a_recap_saves_it() -> None:
    """Template tags, counts, captions and quiet guilds go; a recap's paragraph with a link stays."""
    texts = " ".join(mention.text for mention in read("24-05-06-frozen.html").mentions)
    for phrase in ("AI News for", "Table of", "TOC", "{%", "no new messages", "best of 4", "jokes"):
        assert phrase not in texts
    assert "share with a friend" in texts


def test_guilds_of_2023_have_summaries_and_channels() -> None:
    """Without recaps, a guild's bullets are the Discord recap and its channels the details."""
    found = [(m.part, m.section, m.text) for m in read("23-12-08-guilds.md").mentions]
    tank = "Fish Tank Discord Summary"
    assert found == [
        ("intro", (), "And the second one tells of a pond."),
        ("discord", (tank,), "@carp found a paper."),
        ("discord_details", (tank, "▷ #deep-water (2 messages)"), "Depth: @pike dived."),
        (
            "discord_details",
            (tank, "▷ #events (1 messages)"),
            "pike: come! https://pond.test/event",
        ),
        ("discord", ("Aquarium Discord Summary",), "Glass was discussed."),
    ]


def test_live_issue_reads_nothing_but_its_article() -> None:
    """Menus, tables of contents and neighbours of an Astro page are no mentions."""
    issue = read("26-03-04-live.html")
    assert [mention.part for mention in issue.mentions] == [
        *("twitter", "twitter", "reddit", "reddit", "reddit", "discord")
    ]
    assert issue.title == "not much swam today"
    assert [mention.activity for mention in issue.mentions] == [None, None, 2059, 7, 1200, None]
    assert issue.mentions[1].section == ("AI Twitter Recap", "Top tweets (by engagement)")


def test_bare_fragment_takes_title_and_date_from_its_slug() -> None:
    """The feed's HTML has no head: what it cannot say is empty or read off the slug."""
    body = "<h1>AI Discord Recap</h1><p>Ponds.</p>"
    issue = parse(make_page(body, slug="26-01-02-many-fish"))
    assert (issue.title, issue.date) == ("many fish", date(2026, 1, 2))
    assert (issue.description, issue.tags) == ("", ())
    assert [(mention.part, mention.text) for mention in issue.mentions] == [("discord", "Ponds.")]


def test_substack_body_reads_like_the_site() -> None:
    """Wrapped headings, paragraphs in bullets and subscription forms do not disturb."""
    body = """<p>Hello.</p><div class="subscription-widget"><form><p>Type your email</p></form></div>
        <h1 class="header-anchor-post">AI Twitter Recap<div><button>Copy link</button></div></h1>
        <p><strong>Theme</strong></p><ul><li><p><strong>Orca</strong>: by <a href="https://x.com/a"
        rel="">@a</a></p><ul><li><p>nested</p></li></ul></li></ul>"""
    hello, orca = parse(make_page(body)).mentions
    assert (hello.part, hello.text) == ("intro", "Hello.")
    assert orca.section == ("AI Twitter Recap", "Theme")
    assert orca.text == "Orca: by @a\n  - nested"


# ── Details ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "lead"),
    [
        ("**Orca 3**: swims", "Orca 3"),
        ("**Orca 3:** swims", "Orca 3"),
        ("**[Orca](https://a.test)** (Activity: 4): swims", "Orca"),
        ("[**Orca**](https://a.test): swims", "Orca"),
        ("****Orca****: swims", "Orca"),
        ("***Orca***, swims", "Orca"),
        ("**`orca-3`** swims", "orca-3"),
        ("`orca-3` **swims**", ""),
        ("**Acme opens** `orca-3` **and** `orca-4`: `pip`", "Acme opens orca-3 and orca-4"),
        ("**Acme opens** `orca-3` today", "Acme opens"),
        ("[Orca](https://a.test) **swims**", ""),
        ("Orca", ""),
    ],
)
def test_lead_is_what_a_bullet_starts_with_in_bold(line: str, lead: str) -> None:
    """Bold words at the very start are the lead, without their colon."""
    assert recap(f"- {line}", "markdown")[0].lead == lead


@pytest.mark.parametrize(
    ("written", "activity"),
    [
        ("(Activity: 449)", 449),
        ("(Activity: 12,345)", 12345),
        ("(Activity: 1.2k)", 1200),
        ("([Score: 48, Comments: 7](https://a.test))", 48),
        ("(Comments: 7)", None),
        ("", None),
        (f"(Activity: {'9' * 5000})", None),
        (f"(Activity: {'9' * 400}k)", None),
        ("(Activity: 1,234,567)", 1234567),
    ],
)
def test_activity_is_a_number_of_votes(written: str, activity: int | None) -> None:
    """Activity and score are read with their thousands separators."""
    page = make_page(f"# AI Reddit Recap\n\n- **Orca** {written}: swims", "markdown")
    assert parse(page).mentions[0].activity == activity


def test_votes_are_those_behind_a_post_of_the_reddit_recap() -> None:
    """A title or a tweet may claim any activity; it counts for nothing."""
    page = "# AI Reddit Recap\n\n- **Orca (Activity: 99999)** (Activity: 12): swims (Score: 5)"
    assert parse(make_page(page, "markdown")).mentions[0].activity == 12
    assert recap("- **Orca** (Activity: 99999): swims", "markdown")[0].activity is None


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://a.test/x?b=1&amp;c=%7B2%7D#d", "https://a.test/x?b=1&c=%7B2%7D#d"),
        (" https://a.test/\n x\u200b ", "https://a.test/%20x"),
        ("HTTP://A.test/Über", "HTTP://A.test/Über"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@b.test", None),
        ("/tags/orca", None),
        ("//a.test/x", None),
        ("#top", None),
        ("https:///x", None),
        ("https://[::1", None),
        ("https://user:secret@a.test/", None),
        ("https://a.test@b.test/", None),
        ("https://a.test%40b.test/", None),
        ("https://a.test%EF%BC%A0b.test/", None),
        ("https://a.test\\@b.test/", None),
        ("https://a.test\\.b.test/", None),
        ("https://a.test%2fb.test/", None),
        ("https://\u0430.test/\u0430", "https://xn--80a.test/\u0430"),
        ("https://%D0%B0.test/x", "https://xn--80a.test/x"),
        ("https://a.\u0440\u0444:8080/x", "https://a.xn--p1ai:8080/x"),
        ("https://\uff41.test/x", "https://a.test/x"),
        ("https://a.test%3E/x", None),
        ("https://a.test.:443/x", "https://a.test.:443/x"),
        ("https://a.test:99999/x", None),
        ("https://localhost/x", None),
        ("http://127.0.0.1:5000", None),
        ("https://\uff11\uff12\uff17.0.0.1/x", None),
        ("https://127\u30020\u30020\u30021/x", None),
        ("https://%31%32%37.0.0.1/x", None),
        ("https://\u0430..test/x", None),
        ("https://" + "\u0430" * 64 + ".test/x", None),
        (f"https://a.test/{'b' * 4000}", None),
        ("javascript://a.test/%0aalert(1)", None),
        ("ftp://a.test/x", None),
        ("file://a.test/x", None),
        ("", None),
    ],
)
def test_only_absolute_web_addresses_are_links(href: str, url: str | None) -> None:
    """What a reader should not follow is dropped; the rest stays as it is written."""
    (mention,) = recap(f'<ul><li>See <a href="{href}">this</a></li></ul>')
    assert [link.url for link in mention.links] == ([url] if url else [])
    assert mention.text == "See this"


def test_what_does_not_show_is_removed() -> None:
    """Zero-width, bidirectional, tag and control characters hide nothing in text or headings."""
    body = "<p><b>Th\u202eeme\u200b</b></p><ul><li>\u200b<b>Or\u2066ca&#8203;</b>: \U000e0041s&#x7;w\x00im\xads</li></ul>"
    (mention,) = recap(body)
    assert (mention.section[-1], mention.lead, mention.text) == ("Theme", "Orca", "Orca: swims")


@pytest.mark.parametrize(
    "mark", [*"\u034f\u115f\u17b4\u180b\u2800\u3164\ufe00\uffa0", "\U000e0100"]
)
def test_fillers_and_selectors_hide_nothing(mark: str) -> None:
    """Characters that show nothing go, but for the selector that colours an emoji."""
    (mention,) = recap(f"<ul><li>or{mark}ca \u2708\ufe0f{mark * 9}</li></ul>")
    assert mention.text == "orca \u2708\ufe0f"


def test_text_shows_no_password_of_an_address() -> None:
    """What stands before the @ of an address is left out, also where markup splits it."""
    body = "<li><b>See https://u:p@a.test</b> or https://u:<i>p</i>@b.test/@c, mail d@e.test</li>"
    (mention,) = recap(f"<ul>{body}</ul>")
    assert mention.lead == "See https://a.test"
    assert mention.text == "See https://a.test or https://b.test/@c, mail d@e.test"


def test_a_flood_is_cut() -> None:
    """A mention ends after 100,000 characters, a heading after 400, with a mark."""
    page = "<h2>" + "a" * 9999 + "</h2><ul><li>" + "b" * 999_999 + "</li><li>c</li></ul>"
    flood, after = recap(page)
    assert flood.text == "b" * 99_999 + "…"
    assert flood.section[-1] == after.section[-1] == "a" * 399 + "…"
    assert after.text == "c"


def test_who_is_quoted_heads_nothing() -> None:
    """Headings and bold lines within a quotation or a bullet are its text."""
    body = "> # AI Reddit Recap\n> **AI Discord Recap**\n\nx\n\n- # AI Discord Recap\n\ny"
    found = recap(body, "markdown")
    assert {(mention.part, mention.section) for mention in found} == {
        ("twitter", ("AI Twitter Recap",))
    }


def test_no_link_of_a_recap_is_lost_wherever_it_stands() -> None:
    """Links of headings, pictures, quotations and tables are kept; a channel's own is a heading."""
    body = """
        <h2><a href="https://a.test/1">Story</a></h2><p><a href="https://a.test/2"><img src="x"></a></p>
        <h3>▷ #<a href="https://discord.com/channels/1/2">pond</a></h3>
        <blockquote><p>says <a href="https://a.test/3">who</a></p></blockquote>
        <table><tr><td>a</td><td><a href="https://a.test/4">b</a></td></tr></table>
        <a href="https://a.test/5"><div>card</div></a>
        <p><strong><a href="https://a.test/6">all bold</a></strong></p><ul><li>below it</li></ul>"""
    found = recap(body)
    assert [link.url[-1] for mention in found for link in mention.links] == list("123456")
    assert [mention.text for mention in found] == [
        *("Story", "https://a.test/2", "says who", "a b", "card", "all bold", "below it")
    ]
    assert found[-1].section[-1] == "all bold"


def test_rule_ends_a_bold_heading() -> None:
    """What follows a rule does not stand below the bold words above it."""
    first, second = recap("<p><b>Theme</b></p><p>one</p><hr><p>two</p>")
    assert first.section == ("AI Twitter Recap", "Theme")
    assert second.section == ("AI Twitter Recap",)


def test_lines_are_folded() -> None:
    """Breaks and tabs are spaces, blocks in an item are lines, and entities are characters."""
    (mention,) = recap(
        "<ol><li>a&nbsp;<br>b\n\tc &amp;<p>d</p><ul><li>e<p>f</p></li></ul>g</li></ol>"
    )
    assert mention.text == "a b c &\nd\n  - e\n    f\ng"
    assert mention.bullets == 2


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("****Orca** swims!**: far", "Orca swims!: far"),
        ("*SWIM F***ING FAR*.", "SWIM F**ING FAR*."),
        ("**a*b**c*", "a*bc*"),
        ("foo***bar***baz", "foobarbaz"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        (r"\*not\* a `**code**` &amp; \$5", "*not* a **code** & $5"),
        ("a <think>b</think> <!-- c --> d", "a b d"),
        ("3~4 and 5~6", "3~4 and 5~6"),
    ],
)
def test_emphasis_of_the_archive_is_remarks(line: str, text: str) -> None:
    """The odd asterisks of real issues pair as they do on the site."""
    assert archived(f"- {line}").text == text


def test_archive_has_no_raw_html() -> None:
    """The site's frozen pages leave out blocks of HTML; a bare address is a link all the same."""
    mention = archived("<ul><li>gone</li></ul>\n\nsee https://a.test and ~~this~~")
    assert mention.text == "see https://a.test and ~~this~~"
    assert [link.url for link in mention.links] == ["https://a.test"]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://a.test/b_c_(d)_e.", ["https://a.test/b_c_(d)_e"]),
        ("(see https://a.test/b).** c", ["https://a.test/b"]),
        (
            "**https://a.test/b.** https://c.test?d=1&e=2",
            ["https://a.test/b", "https://c.test?d=1&e=2"],
        ),
        ("x www.a.test/b, c", ["http://www.a.test/b"]),
        ("`https://a.test` xhttps://b.test ftp://c.test a@b.test", []),
        ("[https://a.test](https://b.test)", ["https://b.test"]),
        ("<https://a.test/b>", ["https://a.test/b"]),
        ("[a](https://a.test/ü|[b])", ["https://a.test/%C3%BC%7C%5Bb%5D"]),
        ("[a](javascript:alert(1)) [b][c]\n\n[c]: https://c.test", ["https://c.test"]),
        ('<b>a</b> <a href="https://a.test">b</a>', ["https://a.test"]),
    ],
)
def test_live_markdown_links_as_github_does(text: str, urls: list[str]) -> None:
    """Live pages link bare addresses, without the punctuation behind them, and keep raw HTML."""
    mentions = recap(text, "markdown")
    assert [link.url for mention in mentions for link in mention.links] == urls


@pytest.mark.parametrize(
    "opening",
    [
        "<!-- x",
        "<script>",
        "<style>",
        "<textarea>",
        "<title>",
        "<svg>",
        "<?php",
        "<!A",
        "<![CDATA[",
    ],
)
@pytest.mark.parametrize("slug", ["26-01-02-fish", "24-01-02-fish"])
def test_raw_html_that_stays_open_hides_nothing_below(opening: str, slug: str) -> None:
    """A comment, a script or an element without its end ends with its paragraph or bullet."""
    for before in (f"{opening} a", f"- {opening} a", f"b {opening} a", f"> {opening}\n> a"):
        page = make_page(f"# AI Twitter Recap\n\n{before}\n\n- **Orca**: c", "markdown", slug)
        last = parse(page).mentions[-1]
        assert (last.lead, last.text, last.part) == ("Orca", "Orca: c", "twitter")


def test_a_block_of_raw_html_keeps_its_bullets_and_links_only() -> None:
    """On a live page its lists are mentions; attributes, scripts and stray ends are gone."""
    body = (
        "<div onclick=x><ul class='y'>\n<li><a title='>' href='https://a.test?b=1&amp;c=2'>one</a>"
        "</table></li>\n<li>two <script>if (a < b) alert('<li>')</script> 1 < 2\n</div>\n</article>"
    )
    one, two, after = recap(f"{body}\n\n- after", "markdown")
    assert [link.url for link in one.links] == ["https://a.test?b=1&c=2"]
    assert (one.text, two.text, after.text) == ("one", "two 1 < 2", "after")


def test_definitions_of_links_hold_for_the_page_only_where_they_stand_in_no_bullet() -> None:
    """Else any stranger could make a link of everybody's `[D]`."""
    (mention, *_) = recap("- [D] a\n- [D]: https://a.test", "markdown")
    assert mention.links == ()
    (mention, *_) = recap("- [D] a\n\n[D]: https://a.test", "markdown")
    assert [link.url for link in mention.links] == ["https://a.test"]


def test_front_matter_of_repeated_aliases_is_no_bomb() -> None:
    """A few lines of YAML that stand for billions of words are not written out."""
    bomb = "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 9)}]\n" for n in range(12)
    )
    text = (
        f"---\n{bomb}title: *a11\ncompanies: *a11\ntopics: [b, *a11]\n---\n# AI Reddit Recap\n\n- c"
    )
    start = time.process_time()
    issue = parse(make_page(text, "markdown"))
    assert time.process_time() - start < 1
    assert (issue.title, issue.tags) == ("fish", ("b",))


def test_front_matter_that_is_broken_costs_only_the_metadata() -> None:
    """Whatever its YAML, the text below is read."""
    for front in (
        "a: [",
        "a: " + "[" * 600,
        "- a",
        "title: [1]\ndate: 2025-99-99\ntopics: {a: b}",
    ):
        page = make_page(f"---\n{front}\n---\n# AI Reddit Recap\n\n- **a** b", "markdown")
        assert parse(page).mentions[0].text == "a b"


def test_date_comes_from_the_page_where_the_slug_has_none() -> None:
    """A file with any name takes the date of its metadata; with none at all it is refused."""
    text = (OURS / "26-03-04-live.html").read_text(encoding="utf-8")
    assert parse(make_page(text, slug="draft")).date == date(2026, 3, 4)
    text = (OURS / "24-05-06-frozen.html").read_text(encoding="utf-8")
    assert parse(make_page(text, slug="24-99-99-draft")).date == date(2024, 5, 7)
    text = (OURS / "24-05-06-frozen.md").read_text(encoding="utf-8")
    assert parse(make_page(text, "markdown", slug="draft")).date == date(2024, 5, 7)
    with pytest.raises(PageNotUnderstood, match="'draft'"):
        parse(make_page("<h1>AI Twitter Recap</h1><p>a", slug="draft"))


# ── What is no issue, and what means harm ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "index.html",
        "https://news.smol.ai/",
        "<html><body><h1>Log in</h1><form><p>Password</p></form><p>Forgot it?</p></body></html>",
        '<meta http-equiv="refresh" content="0;url=/x"><h1>Many fish</h1><p>Moved.</p>',
        "<article><h1>AI Twitter Recap</h1></article>",
        '<?xml version="1.0"?><rss><channel><title>AINews</title></channel></rss>',
        "%PDF-1.7\x00\x01\x02\ufffd\ufffd<<>>stream",
        "---\ntitle: a\n---\nArchived full issue body.",
    ],
)
@pytest.mark.parametrize("media", ["html", "markdown"])
def test_page_without_a_recap_is_an_error_of_one_line(text: str, media: PageFormat) -> None:
    """Something else than an issue is refused, saying what was looked for and where."""
    with pytest.raises(PageNotUnderstood) as caught:
        parse(make_page(text, media))
    message = str(caught.value)
    assert "\n" not in message
    assert "AI Twitter Recap" in message
    assert "https://news.smol.ai/issues/26-01-02-fish" in message


def test_page_cut_in_the_middle_gives_what_is_there() -> None:
    """Every mention before the cut is the whole page's."""
    text = (OURS / "24-05-06-frozen.html").read_text(encoding="utf-8")
    whole = read("24-05-06-frozen.html").mentions
    for cut in range(text.index("AI Reddit Recap"), len(text), 97):
        found = parse(make_page(text[:cut], slug="24-05-06-frozen")).mentions
        assert found[:-1] == whole[: len(found) - 1]


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("html", "<ul><li>x" * 1000),
        ("html", "<blockquote><b><a href='https://a.test'>x" * 1000),
        ("html", "<div><br>" * 5000 + "x"),
        ("html", "<ul>" + "<li></li>" * 5000 + "</ul>x"),
        ("html", "<article>" * 10_000 + "<h1>AI Twitter Recap</h1>x"),
        ("html", "<title>" + " " * 100_000 + "</title>x"),
        ("html", "<h2>" + "twitter " * 12_000 + "</h2>x"),
        ("markdown", "\n".join("  " * depth + "- x" for depth in range(1000))),
        ("markdown", ">" * 1000 + " x\n\ny"),
        ("markdown", "> - " * 1000 + " x\n\ny"),
        ("markdown", "x " * 50_000),
        ("markdown", "[" * 20_000),
        ("markdown", "a**b_" * 10_000),
        ("markdown", "https://" * 12_000),
        ("markdown", " a://b" * 12_000),
        ("markdown", "https://a.test/" + ")" * 100_000),
        ("markdown", "\n- " * 10_000 + "\n\nx"),
        ("markdown", "<!-- -->\n" * 10_000 + "\nx"),
        ("markdown", "<!--\n\n" * 10_000 + "\nx"),
        ("markdown", "<div><script>\n" * 7_000 + "\nx"),
        ("markdown", "<div>" * 20_000 + "\n\nx"),
        ("markdown", "a <![CDATA[" * 10_000),
    ],
)
def test_hostile_nesting_and_long_lines_end_soon(media: PageFormat, body: str) -> None:
    """Thousands of levels or 100 KB in one line cost seconds at most, and never the process."""
    start = time.process_time()
    assert recap(body, media)
    assert time.process_time() - start < 4


BITS = st.sampled_from(
    [
        *(
            "<li>",
            "</ul>",
            "<ul>",
            "<a href='https://a.test'>",
            "</a>",
            "<b>",
            "</b>",
            "<h2>",
            "</h9>",
        ),
        *(
            "<blockquote>",
            "<hr>",
            "<br>",
            "<!--",
            "-->",
            "<script>",
            "<article>",
            "</article>",
            "<p",
        ),
        *(
            "\n\n- ",
            "\n> ",
            "**",
            "_",
            "`",
            "[",
            "](",
            "https://a.test",
            ")",
            "\n---\n",
            "\n# ",
            "~",
        ),
        *(
            "AI Reddit Recap",
            "(Activity: 9)",
            "&#0;",
            "\x00",
            "\ud800",
            "\u202e",
            " ",
            "x",
            "| a |\n",
        ),
    ]
)


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.lists(BITS, max_size=40), st.sampled_from(["html", "markdown"]))
def test_no_page_breaks_the_parser(bits: list[str], media: PageFormat) -> None:
    """Whatever the markup, the answer is an issue that holds to its promises, or our own error."""
    page = make_page("x", media).model_copy(update={"text": "".join(bits)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            issue = parse(page)
        except PageNotUnderstood:
            return
    assert issue.mentions
    for mention in issue.mentions:
        assert mention.text.strip()
        assert mention.text.replace("\n", "").isprintable()
        assert all(link.url.startswith("https://a.test") for link in mention.links)


def test_an_issue_of_raw_html_is_read_from_its_markdown_file() -> None:
    """Where no line is Markdown its blocks of HTML are the issue, in the frozen years too."""
    page = (
        "---\ntitle: x\ndate: '2024-06-19'\n---\n<h1>AI Twitter Recap</h1>\n<ul>\n"
        '<li><b>Orca</b> swims <a href="https://a.test/1">a</a></li>\n</ul>\n'
    )
    (mention,) = parse(make_page(page, "markdown", "24-06-19-x")).mentions
    assert (mention.part, mention.lead, len(mention.links)) == ("twitter", "Orca", 1)


def test_mail_text_has_recaps_in_capitals() -> None:
    """A line in capitals that names a recap begins it, and a short line below heads a list."""
    text = (
        "AI TWITTER RECAP\n\nModels\n\n* Tool B: @ann\nhttps://x.com/ann/status/1 said it is fast.\n\n"
        "AI REDDIT RECAP\n\n* Tool C: https://www.reddit.com/r/a/1 is big.\n"
    )
    first, second = parse(make_page(text, "markdown")).mentions
    assert (first.part, first.section) == ("twitter", ("AI TWITTER RECAP", "Models"))
    assert [link.url for link in first.links] == ["https://x.com/ann/status/1"]
    assert (second.part, second.section) == ("reddit", ("AI REDDIT RECAP",))


def test_posts_under_a_name_are_mentions() -> None:
    """A bullet that only names a list is the heading of its posts; one that tells is one mention."""
    posts = "".join(
        f"    - Post {n}: [a](https://x.com/a/status/{n})\n      - more\n" for n in "12"
    )
    found = recap(f"- **Robots**\n{posts}", "markdown")
    assert [(it.section[-1], it.text, len(it.links), it.bullets) for it in found] == [
        ("Robots", "Post 1: a\n  - more", 1, 3),
        ("Robots", "Post 2: a\n  - more", 1, 2),
    ]
    (whole,) = recap(f"- **Robots** fold towels\n{posts}", "markdown")
    assert whole.bullets == 5
    (mixed,) = recap(
        "- **Robots**\n    - Post [a](https://x.com/a/status/1)\n    - no link\n", "markdown"
    )
    assert mixed.bullets == 3


# ── The stored real issues ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slug", REAL)
def test_real_issue_loses_nothing_in_either_form(slug: str, shared: Path) -> None:
    """Both forms give the same; bullets and links of the recaps are the page's own, all of them."""
    issue = read_real(shared, slug, "html")
    assert comparable(issue) == comparable(read_real(shared, slug, "markdown"))
    text = html_path(shared, slug).read_text(encoding="utf-8")
    assert_nothing_lost(issue, text[text.index("<article") : text.index("</article")])
    assert REAL[slug] == (
        len(issue.mentions),
        sum(mention.bullets for mention in issue.mentions),
        sum(len(mention.links) for mention in issue.mentions),
    )
    assert issue.title
    assert issue.description
    assert len(issue.tags) >= 9
    assert issue.date.strftime("%y-%m-%d") == slug[:8]


def test_all_stored_issues_are_tested(shared: Path) -> None:
    """The table of counts has every issue of the folder."""
    assert sorted(REAL) == sorted(path.stem for path in (shared / "markdown").glob("*.md"))


def test_feed_entries_lose_nothing(shared: Path) -> None:
    """The ten full entries of the feed read like pages."""
    feed = (shared / "site" / "rss.xml").read_text(encoding="utf-8")
    bodies = re.findall(r"<content:encoded>(.*?)</content:encoded>", feed, re.DOTALL)
    assert len(bodies) == 10
    for body in map(html.unescape, bodies):
        assert_nothing_lost(parse(make_page(body)), body)


def test_redirect_of_an_old_issue_is_no_issue(shared: Path) -> None:
    """The page at an old issue's address leads on, and has nothing to read itself."""
    path = shared / "site" / "issues" / "25-12-19-not-much" / "index.html"
    with pytest.raises(PageNotUnderstood, match="not an issue"):
        parse(make_page(path.read_text(encoding="utf-8")))


def test_largest_page_is_read_in_half_a_second(shared: Path) -> None:
    """The page with most bullets and the longest one are quick to read."""
    for slug in ("24-10-16-ainews-did-nvidias-nemotron-70b-train-on-test", "26-02-24-claude-code"):
        page = make_page(html_path(shared, slug).read_text(encoding="utf-8"))
        seconds = []
        for _ in range(3):
            start = time.process_time()
            parse(page)
            seconds.append(time.process_time() - start)
            if seconds[-1] < 0.5:
                break
        assert min(seconds) < 0.5


def test_a_block_of_raw_html_may_end_the_page() -> None:
    """Without a blank line behind it all its lines are its own."""
    found = recap("<ul>\n<li>a\n<li>b\n</ul>", "markdown")
    assert [mention.text for mention in found] == ["a", "b"]


# ── Boundaries, each from both sides ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("<meta property='article:published_time' content='2026-13-45'>", date(2026, 3, 4)),
        ("<meta property='article:published_time' content='2026-02-01T00:00Z'>", date(2026, 2, 1)),
        ("<meta name='article:published_time' content='2026-02-01'>", date(2026, 2, 1)),
        ("<p class=eyebrow>2026-01-09</p>", date(2026, 3, 4)),
        ("", date(2026, 3, 4)),
        ("<time datetime='1926-03-05'></time>", date(2026, 3, 4)),
        ("<time datetime='2026-03-051'></time>", date(2026, 3, 4)),
        ("<time datetime='12026-03-05'></time>", date(2026, 3, 4)),
        ("<time datetime='2026-02-30 2026-02-28'></time>", date(2026, 2, 28)),
    ],
)
def test_the_first_date_of_the_calendar_counts(head: str, day: date) -> None:
    """The published time goes before a `time`, that before an eyebrow; what is no date is passed."""
    body = "<time datetime='2026-03-04'></time><article><h1>AI Twitter Recap</h1><p>x</article>"
    assert parse(make_page(head + body, slug="draft")).date == day


def test_an_eyebrow_dates_a_page_that_has_nothing_else() -> None:
    """It is the last place that is looked at."""
    page = (
        "<p class=eyebrow>Issue of 2026-01-09</p><article><h1>AI Twitter Recap</h1><p>x</article>"
    )
    assert parse(make_page(page, slug="draft")).date == date(2026, 1, 9)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<h1>Many <em>big</em> fish</h1>", "Many big fish"),
        ("<title>A pond | AINews</title><h1>Many fish</h1>", "A pond"),
        ("<title>A pond| AINews</title>", "A pond"),
        ("<title>AINews | A pond</title>", "AINews | A pond"),
        ("<title>**A** *small* `pond` of 2*3</title>", "A small pond of 2*3"),
        ("<title> </title>", "fish"),
        ("", "fish"),
    ],
)
def test_a_title_comes_from_the_head_else_from_the_heading_above(head: str, title: str) -> None:
    """Without both the slug's words are the title; what a recap is called never is."""
    page = f"{head}<article><h1>AI Twitter Recap</h1><p>x</article>"
    assert parse(make_page(page)).title == title


def test_a_fragments_heading_is_no_title() -> None:
    """Without an article the first heading is a recap's."""
    assert parse(make_page("<h1>AI Twitter Recap</h1><p>x", slug="26-01-02-a-b-c")).title == "a b c"


def test_tags_are_the_addresses_below_tags_each_once() -> None:
    """In their order; the list of all tags is none, nor is what stands in the article."""
    links = "".join(
        f'<a href="{href}"> {text}\n</a>'
        for href, text in (
            ("/tags/b", "b"), ("/tags/", "all"), ("/tags/a", "a"), ("/tags/B", "b"),
            ("/x/tags/c", "c"), ("/tags/d", ""),
        )
    )  # fmt: skip
    recap_ = '<article><h1>AI Twitter Recap</h1><p>x <a href="/tags/e">e</a></article>'
    assert parse(make_page(links + recap_)).tags == ("b", "a")


def test_tags_of_markdown_come_from_four_lists_in_their_order() -> None:
    """Companies, models, topics, people, each name once; other fields are no tags."""
    front = "people: [d, a]\ntopics: [c]\nmodels: [b, c]\ncompanies: [a]\nauthors: [e]"
    issue = parse(make_page(f"---\n{front}\n---\n# AI Reddit Recap\n\n- x", "markdown"))
    assert issue.tags == ("a", "b", "c", "d")
    front = "companies: abc\nmodels: {d: e}\ntopics:\n- [f]\n- g\n- '  '\n- h  i"
    issue = parse(make_page(f"---\n{front}\n---\n# AI Reddit Recap\n\n- x", "markdown"))
    assert issue.tags == ("g", "h i")


@pytest.mark.parametrize(
    ("slug", "written", "links"),
    [
        ("26-01-01-x", "", 2),
        ("25-12-31-x", "", 1),
        ("26-01-01-x", "2025-12-31", 2),
        ("draft", "2026-01-01", 2),
        ("draft", "2025-12-31", 1),
    ],
)
def test_issues_from_2026_on_are_rendered_as_live_pages(
    slug: str, written: str, links: int
) -> None:
    """The slug's date decides, else the front matter's: only live pages link `www.` names."""
    page = f"---\ndate: '{written}'\n---\n# AI Twitter Recap\n\n- see https://a.test/b www.c.test"
    (mention,) = parse(make_page(page, "markdown", slug)).mentions
    assert len(mention.links) == links


@pytest.mark.parametrize("long", [0, 1, 2])
def test_the_article_with_most_text_is_the_issue(long: int) -> None:
    """Wherever it stands, and however many tags the others have."""
    articles = ["<article><h1>Other</h1>" + "<p><b>y</b></p>" * 30 + "</article>"] * 2
    articles.insert(
        long, "<article><h1>AI Twitter Recap</h1><p>" + "words " * 30 + "</p></article>"
    )
    (mention,) = parse(make_page("".join(articles))).mentions
    assert (mention.part, mention.text) == ("twitter", " ".join(["words"] * 30))


@pytest.mark.parametrize(
    "silent",
    [
        "<nav>a<nav>b</nav>c</nav>",
        "<svg><svg><text>b</text></svg><text>c</text></svg>",
        "<textarea><b>a</b></textarea>",
        "<button>Copy</button>",
        "<select><option>a</option></select>",
        "<noscript>a</noscript>",
        "<iframe>a</iframe>",
        "<template><p>a</p></template>",
        "<!-- a -->",
    ],
)
def test_tags_without_the_issues_text_are_passed_over_whole(silent: str) -> None:
    """Nested ones of their kind too; what follows them is read."""
    (mention,) = recap(f"<p>one {silent}two</p>")
    assert mention.text.replace("one two", "onetwo") == "onetwo"


def quoted(words: int, more: str = "") -> str:
    """Write a quotation of so many characters."""
    return f"<blockquote><p>{'q' * words}{more}</p></blockquote>"


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (quoted(400), []),
        (quoted(401), ["q" * 401]),
        (quoted(3, ' <a href="https://a.test">b</a>'), ["qqq b"]),
        (quoted(3) + quoted(4), []),
        ("<p>x</p>" + quoted(3), ["x", "qqq"]),
        ("<p><b>Theme</b></p>" + quoted(3), ["qqq"]),
        ("<h2>Theme</h2>" + quoted(3), []),
        ("<ul><li>x</li></ul>" + quoted(3), ["x", "qqq"]),
    ],
)
def test_a_short_quotation_right_below_a_recaps_heading_describes_it(
    body: str, texts: list[str]
) -> None:
    """One that is long, has a link, or stands further down is somebody's words, and told."""
    found = recap(body + "<p>end</p>")
    assert [mention.text for mention in found] == [*texts, "end"]


def test_a_quotation_of_the_introduction_is_told() -> None:
    """Only recaps describe themselves so."""
    page = f"<h2>Welcome</h2>{quoted(3)}<h1>AI Twitter Recap</h1><p>x</p>"
    assert [mention.text for mention in parse(make_page(page)).mentions] == ["qqq", "x"]


@pytest.mark.parametrize(("length", "heads"), [(200, True), (201, False)])
def test_bold_words_head_what_follows_up_to_200_characters(length: int, heads: bool) -> None:
    """A longer bold line is a paragraph whose writer was excited."""
    *_, last = recap(f"<p><b>{'t' * length}</b></p><p>x</p>")
    assert (last.section[-1] == "t" * length) is heads


@pytest.mark.parametrize("outer", range(1, 7))
def test_a_heading_ends_those_of_its_level_and_below(outer: int) -> None:
    """Not those above it."""
    page = (
        "<h1>AI Twitter Recap</h1>"
        f"<h{outer}>one</h{outer}><h6>deep</h6><p><b>bold</b></p><h{outer}>two</h{outer}><p>x</p>"
    )
    (mention,) = parse(make_page("<h1>AI Twitter Recap</h1><p>first</p>" + page)).mentions[1:]
    assert mention.section == (("AI Twitter Recap", "two") if outer > 1 else ("two",))


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("AI Twitter Recap", "twitter"),
        ("Twitter summaries", "twitter"),
        ("The big twitter narrative", "twitter"),
        ("AI Reddit Recap", "reddit"),
        ("/r/LocalLlama Recap", "reddit"),
        ("r/singularity + other recap", "reddit"),
        ("Less technical subreddit recap", "reddit"),
        ("AI Discord Recap", "discord"),
        ("AI Discords", "discord"),
        ("Discord", "discord"),
        ("Fish Tank Discord Summary", "discord"),
        ("Summary of Summaries", "discord"),
        ("PART 1: High level summaries", "discord"),
        ("PART 2: Detailed by-Channel summaries and links", "discord_details"),
        ("Discord: channel summaries", "discord_details"),
        ("Fish ▷ #general Discord Recap", "discord_details"),
        ("Twitter", "intro"),
        ("REDDIT", "reddit"),
        ("Part 2", "discord_details"),
        ("PART X: AI Twitter", "twitter"),
        ("A recap of the day", "intro"),
        ("PART 1: The pond", "intro"),
        ("Discord and we", "intro"),
    ],
)
def test_a_recap_is_known_by_its_heading(heading: str, part: str) -> None:
    """As each was called over the years; what only sounds like one is the introduction's."""
    page = f"<h2>{heading}</h2><p>it</p><h1>AI Twitter Recap</h1><p>x</p>"
    assert parse(make_page(page)).mentions[0].part == part


def test_the_innermost_recap_counts() -> None:
    """A recap below another one's heading is its own; a heading that names none changes nothing."""
    body = "<h2>AI Reddit Recap</h2><p>a</p><h3>Theme</h3><p>b</p><h2>Memes</h2><p>c</p>"
    assert [mention.part for mention in recap(body)] == ["reddit", "reddit", "twitter"]


@pytest.mark.parametrize(
    "line",
    [
        "TOC",
        "[TOC]",
        "Table of Contents",
        "{% if medium == 'web' %}",
        "{{ email_url }}",
        "AI News for 1/1/2026-1/2/2026. We checked 7 subreddits.",
        "all recaps done by a model, best of 4 runs",
        "The Pond Discord has no new messages.",
        "We are removing Table of Contents",
        "The Table of Contents and Channel Summaries have been moved.",
        "The full channel by channel breakdowns have been truncated for email.",
        "For the full breakdown, please visit the web version",
        "If you enjoyed AInews, please share",
        "You are receiving this email because you signed up",
        "Change how you receive these emails",
    ],
)
def test_boilerplate_is_known_by_its_words(line: str) -> None:
    """Without a link it is left out everywhere; with one it stays in a recap, and only there."""
    linked = f'<p>{line}<a href="https://a.test"><img src="x"></a></p>'
    page = f"<p>{line}</p>{linked}<h1>AI Twitter Recap</h1><p>{line}</p>{linked}"
    (mention,) = parse(make_page(page)).mentions
    assert (mention.part, mention.text, len(mention.links)) == ("twitter", line, 1)


@pytest.mark.parametrize(
    ("length", "kept"), [(4000, True), (4001, False)], ids=["longest", "too long"]
)
def test_an_address_has_4000_characters_at_most(length: int, kept: bool) -> None:
    """A longer one is followed by nobody."""
    url = "https://a.test/" + "b" * (length - 15)
    (mention,) = recap(f'<ul><li><a href="{url}">x</a></li></ul>')
    assert [link.url for link in mention.links] == [url] * kept


@pytest.mark.parametrize(("length", "kept"), [(255, True), (256, False)])
def test_a_host_has_255_characters_at_most(length: int, kept: bool) -> None:
    """As in the DNS."""
    host = ("a" * 49 + ".") * 5 + "b" * (length - 250)
    (mention,) = recap(f'<ul><li><a href="https://{host}/">x</a></li></ul>')
    assert len(mention.links) == kept


def test_deep_nesting_is_indented_by_twenty_levels_at_most() -> None:
    """Two spaces a level, and a dash for each bullet; all of them are counted."""
    (mention,) = recap("<ul><li>x" * 25)
    lines = mention.text.splitlines()
    assert [len(line) - len(line.lstrip()) for line in lines] == [
        2 * min(level, 20) for level in range(25)
    ]
    assert [line.lstrip() for line in lines] == ["x", *["- x"] * 24]
    assert mention.bullets == 25


def test_a_bullet_whose_words_come_in_a_block_has_its_dash() -> None:
    """A block that is empty takes it from nobody; a second line has none."""
    (mention,) = recap("<ul><li>a<ul><li><p></p><p>b</p><p>c</p></li></ul></li></ul>")
    assert mention.text == "a\n  - b\n    c"


def test_a_rule_in_a_bullet_ends_no_heading() -> None:
    """Only one between the bullets does."""
    body = "<p><b>Theme</b></p><ul><li>a<hr>b</li><li>c</li></ul><hr><ul><li>d</li></ul>"
    themes = [mention.section[1:] for mention in recap(body)]
    assert themes == [("Theme",), ("Theme",), ()]


def test_cells_breaks_and_struck_words_part_and_show() -> None:
    """Cells are parted by a space, and what a page strikes through has its tildes back."""
    (row,) = recap("<table><tr><th>a</th><th>b</th><td>c</td></tr></table>")
    assert row.text == "a b c"
    (struck,) = recap("<p>3<del>4 … 5</del>6 <s>7</s>8</p>")
    assert struck.text == "3~4 … 5~6 ~7~8"


def test_bold_ends_with_its_tag() -> None:
    """Nested bold is bold, what follows it is not."""
    (mention,) = recap("<ul><li><b>a <strong>b</strong> c</b> d <b>e</b></li></ul>")
    assert mention.lead == "a b c"


def test_an_anchors_words_end_with_it() -> None:
    """Each link has its own words, one that leads nowhere gives none to its neighbour."""
    body = '<ul><li><a href="https://a.test">a</a> b <a href="/c">c</a> <a href="https://d.test"> d <i>e</i></a></li></ul>'
    (mention,) = recap(body)
    assert [(link.url, link.text) for link in mention.links] == [
        ("https://a.test", "a"),
        ("https://d.test", "d e"),
    ]


def test_mentions_are_numbered_with_three_digits() -> None:
    """In the order of the page, from one."""
    found = recap("<ul>" + "<li>x</li>" * 101 + "</ul>")
    assert [found[0].id, found[9].id, found[100].id] == ["m001", "m010", "m101"]


@pytest.mark.parametrize(("size", "title"), [(50_000, "Pond"), (50_001, "fish")])
def test_front_matter_of_50000_characters_at_most_is_read(size: int, title: str) -> None:
    """YAML is slow; what is longer costs only the metadata."""
    front = "title: Pond\nx: "
    front += "y" * (size - len(front) - 1) + "\n"
    page = f"---\n{front}---\n# AI Reddit Recap\n\n- a"
    issue = parse(make_page(page, "markdown"))
    assert (issue.title, issue.mentions[0].text) == (title, "a")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("**a**b", "ab"),
        ("***a** b*", "a b"),
        ("*a **b***", "a b"),
        ("*a**b*", "a**b"),
        ("a_b_c and _d_", "a_b_c and d"),
        ("**a* b", "*a b"),
        ("*a _b* c_", "a _b c_"),
        ("__a__ *b", "a *b"),
    ],
)
def test_emphasis_pairs_as_in_commonmark(written: str, text: str) -> None:
    """Runs of equal kind find each other from the inside out; what has no partner is text."""
    assert archived(f"- {written}").text == text
    assert recap(f"- {written}", "markdown")[0].text == text


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("(https://a.test/b) c", "https://a.test/b"),
        ("https://a.test/b) c", "https://a.test/b"),
        ("https://a.test/(b) c", "https://a.test/(b)"),
        ("https://a.test/b)). c", "https://a.test/b"),
        ("http://a.test/b! c", "http://a.test/b"),
        ("https://a.test/b?~*_\"':;, c", "https://a.test/b"),
        ("www.a.test/(b)) c", "http://www.a.test/(b)"),
    ],
)
def test_a_bare_address_ends_before_its_punctuation(text: str, url: str) -> None:
    """Quotation marks and a bracket that nothing opened are the sentence's."""
    (mention,) = recap(f"- see {text}", "markdown")
    assert [link.url for link in mention.links] == [url]


@pytest.mark.parametrize(
    ("block", "texts"),
    [
        ("<div><i>x</div>y", ["x", "y"]),
        ("<div>a<br>b</div>", ["a b"]),
        ("<div><script>a</script>b<style>c</style></div>", ["b"]),
        ("<div><svg>a</svg>b<svg>c</div>", ["bc"]),
        ("<div>a</p></i>b</div>", ["ab"]),
        ("<div><!-- a -->b<!doctype c></div>", ["b"]),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", ["a\n  - b", "c"]),
        ("<div>1 < 2 & 3 > 2</div>", ["1 < 2 & 3 > 2"]),
        ("<div>x <b y</div>", ["x <b y"]),
    ],
)
def test_a_block_of_raw_html_ends_where_it_ends(block: str, texts: list[str]) -> None:
    """Every tag of it is closed, whatever is missing or too many, and nothing leaks below it."""
    found = recap(f"{block}\n\n- after", "markdown")
    assert [mention.text for mention in found] == [*texts, "after"]
    assert not found[-1].lead


def test_a_picture_that_links_is_told_in_a_recap_only() -> None:
    """Its address is its text; the introduction's pictures say nothing of the day."""
    card = '<p><a href="https://a.test/b"><img src="x"></a></p>'
    (mention,) = parse(make_page(f"{card}<h1>AI Twitter Recap</h1>{card}")).mentions
    assert (mention.part, mention.text) == ("twitter", "https://a.test/b")


def test_a_lead_is_no_longer_than_its_text() -> None:
    """Where a flood is cut, both are."""
    (flood,) = recap("<ul><li><b>" + "b" * 100_001 + "</b></li></ul>")
    assert (len(flood.text), len(flood.lead)) == (100_000, 100_000)


@pytest.mark.parametrize(
    ("lead", "heads"),
    [
        ("Link mentioned", True),
        ("Links mentioned", True),
        ("LINKS MENTIONED here", True),
        ("All links mentioned", False),
        ("Links mentionedly", False),
    ],
)
def test_the_links_of_a_channel_stand_below_a_heading_of_their_own(lead: str, heads: bool) -> None:
    """Also where there is one, in the paragraph itself."""
    (mention,) = recap(f'<p><b>{lead}</b>: <a href="https://a.test">b</a></p>')
    assert (mention.section[-1], mention.lead) == (
        (lead, "") if heads else ("AI Twitter Recap", lead)
    )


@pytest.mark.parametrize(
    ("line", "activity"),
    [
        ("(Activity: 1.5k)", 1500),
        ("(Activity: 2k)", 2000),
        ("(Activity: 1.234)", 1234),
        ("(Activity: 1_234 567)", 1234567),
        ("(activity: 7)", 7),
        ("( Score: 7)", 7),
        ("(Votes: 7)", None),
        ("Activity: 7", None),
        ("(Score: 7, Activity: 9)", 7),
        ("(Activity: 1234567890)", None),
        ("(Activity: 123456789)", 123456789),
        ("(Activity: ٣)", None),
    ],
)
def test_votes_are_read_as_reddit_writes_them(line: str, activity: int | None) -> None:
    """Thousands with their separators or a k; what is no number of votes is none."""
    page = make_page(f"<h1>AI Reddit Recap</h1><ul><li><b>Orca</b> {line}: x</li></ul>")
    found = parse(page).mentions[0].activity
    assert found == activity


def test_a_top_story_keeps_its_headline_above_its_sections() -> None:
    """Until other topics begin, or a rule; a page without a Twitter heading has it there too."""
    page = (
        "<p><b>Top Story: Zeta-4 ships</b></p><h2>What happened</h2><ul><li>one</li></ul>"
        "<h2>Reactions</h2><ul><li>two</li></ul><p><b>Other Topics</b></p><p><b>Robots</b></p>"
        "<ul><li>three</li></ul><hr><h1>AI Reddit Recap</h1><ul><li>four</li></ul>"
    )
    mentions = parse(make_page(page)).mentions
    assert [(mention.part, mention.section) for mention in mentions] == [
        ("twitter", ("Top Story: Zeta-4 ships", "What happened")),
        ("twitter", ("Top Story: Zeta-4 ships", "Reactions")),
        ("twitter", ("Robots",)),
        ("reddit", ("AI Reddit Recap",)),
    ]


@pytest.mark.parametrize("heading", ["h1", "h2"])
@pytest.mark.parametrize("name", ["Top Story: Zeta-4 ships", "Headline Story: Zeta-4 ships"])
def test_a_top_story_may_be_a_heading_of_rank(heading: str, name: str) -> None:
    """Its sections may have the same rank; other topics end it."""
    page = (
        f"<{heading}>{name}</{heading}><h2>What happened</h2><ul><li>one</li></ul>"
        "<h2>Reactions</h2><ul><li>two</li></ul><h2>Other Topics (in short)</h2>"
        "<h3>Robots</h3><ul><li>three</li></ul>"
    )
    mentions = parse(make_page(page)).mentions
    assert [(mention.part, mention.section) for mention in mentions[:2]] == [
        ("twitter", (name, "What happened")),
        ("twitter", (name, "Reactions")),
    ]
    assert mentions[2].section == ("Other Topics (in short)", "Robots")


def test_a_top_story_without_a_headline_has_that_of_its_first_sentence() -> None:
    """So that what stands in its later sections is known to be about it."""
    page = (
        "<h1>AI Twitter Recap</h1><h2>What happened</h2>"
        "<p><b>Acme launched Zeta-4, its first open model.</b></p><ul><li>one</li></ul>"
        "<h2>Reactions</h2><ul><li>two</li></ul><p><b>Robots</b></p><ul><li>three</li></ul>"
    )
    sections = [mention.section[:2] for mention in parse(make_page(page)).mentions]
    named = ("AI Twitter Recap", "Top Story: Acme launched Zeta-4")
    assert sections[-3:] == [named, named, ("AI Twitter Recap", "Robots")]


def test_a_bold_line_ends_a_top_story_that_has_sections() -> None:
    """The day's other subjects follow it so, not always under a heading that says other topics."""
    page = (
        "<h1>AI Twitter Recap</h1><p><b>Top Story: Zeta-4 ships</b></p><h2>Facts</h2>"
        "<ul><li>one</li></ul><p><b>Robots</b></p><ul><li>two</li></ul>"
    )
    sections = [mention.section for mention in parse(make_page(page)).mentions]
    assert sections == [
        ("AI Twitter Recap", "Top Story: Zeta-4 ships", "Facts"),
        ("AI Twitter Recap", "Robots"),
    ]


def test_a_bold_sentence_of_a_section_is_not_its_last_heading() -> None:
    """It sums the section up: a bold name after its bullets is another subject, one below it is not."""
    page = (
        "<h1>AI Twitter Recap</h1><p><b>Top Story: Zeta-4 ships</b></p><h2>Context</h2>"
        "<p><b>It matters.</b></p><p><b>For</b></p><ul><li>one</li></ul>"
        "<h2>Later</h2><p><b>It will matter.</b></p><ul><li>two</li></ul>"
        "<p><b>Robots</b></p><ul><li>three</li></ul>"
    )
    sections = [mention.section[1:] for mention in parse(make_page(page)).mentions]
    assert sections[0][-1] == "For"
    assert sections[0][:2] == ("Top Story: Zeta-4 ships", "Context")
    assert sections[1][:2] == ("Top Story: Zeta-4 ships", "Later")
    assert sections[2] == ("Robots",)


def test_a_quotation_below_a_bold_sentence_is_told() -> None:
    """It is no caption of a recap."""
    page = (
        "<h1>AI Twitter Recap</h1><h2>Facts</h2><p><b>Acme cut prices.</b></p>"
        "<blockquote><p>Zeta-4 costs $1, said its maker.</p></blockquote><ul><li>one</li></ul>"
    )
    texts = [mention.text for mention in parse(make_page(page)).mentions]
    assert texts == ["Zeta-4 costs $1, said its maker.", "one"]


def test_a_channel_heading_may_be_bold_in_half() -> None:
    """Its count stands beside the name; it heads what follows and is no mention."""
    page = (
        "<h1>AI Discord Recap</h1><p><strong>Pond \u25b7 #"
        '<a href="https://discord.com/channels/1/2">lab</a></strong> (1,204 messages\U0001f525):</p>'
        "<ul><li><strong>Tool A</strong>: new</li></ul>"
    )
    (mention,) = parse(make_page(page)).mentions
    assert mention.part == "discord_details"
    assert "Pond \u25b7 #lab" in mention.section[-1]


def test_a_heading_of_first_rank_that_no_recap_has_ends_none() -> None:
    """A line of code that looks like one, for instance."""
    page = "<h1>AI Twitter Recap</h1><p>one</p><h1>setup</h1><p>two</p>"
    assert [mention.part for mention in parse(make_page(page)).mentions] == ["twitter", "twitter"]


def test_channels_that_a_code_fence_swallowed_are_read() -> None:
    """With their links, as if the fence had been closed where the bullet ended."""
    page = (
        "<h1>AI Discord Recap</h1><pre><code>x = 1\n**Pond \u25b7 #lab** (2 messages):\n\n"
        "- [Foo](https://foo.test/1) is out\n\n**Pond \u25b7 #den** (3 messages):\n\n"
        "- [Bar](https://bar.test/2) is out\n</code></pre>"
    )
    mentions = [mention for mention in parse(make_page(page)).mentions if mention.links]
    assert [(m.section[-1], m.links[0].url) for m in mentions] == [
        ("Pond \u25b7 #lab (2 messages)", "https://foo.test/1"),
        ("Pond \u25b7 #den (3 messages)", "https://bar.test/2"),
    ]


def test_a_list_in_html_within_a_block_of_code_is_read_as_one() -> None:
    """An editor has fenced it; an example that is only begun stays code."""
    listed = "&lt;ul&gt;\n  &lt;li&gt;&lt;b&gt;Foo&lt;/b&gt; is out&lt;/li&gt;\n\n"
    page = (
        f"<h1>AI Discord Recap</h1><pre><code>{listed}  &lt;li&gt;Bar &lt;a "
        'href="https://bar.test/"&gt;too&lt;/a&gt;&lt;/li&gt;\n&lt;/ul&gt;\n</code></pre>'
        f"<p>Begun:</p><pre><code>{listed}</code></pre>"
    )
    first, second, *_, last = parse(make_page(page)).mentions
    assert (first.text, second.text) == ("Foo is out", "Bar too")
    assert second.links[0].url == "https://bar.test/"
    assert "<li>" in last.text


def test_code_within_a_bullet_stays_code() -> None:
    """A stranger's code heads no channel and adds no link."""
    page = (
        "<h1>AI Discord Recap</h1><ul><li>Look<pre><code>**Pond \u25b7 #lab** (2 messages):\n\n"
        "- [Foo](https://foo.test/1)\n</code></pre></li></ul>"
    )
    (mention,) = parse(make_page(page)).mentions
    assert mention.section == ("AI Discord Recap",)
    assert mention.links == ()


@pytest.mark.parametrize("name", ["Other News", "Top story of the channel"])
def test_only_twitter_has_a_top_story(name: str) -> None:
    """What a channel calls so keeps the channel's name above it."""
    page = f"<h1>AI Discord Recap</h1><h2>Pond Discord</h2><p><b>{name}</b></p><p>one</p>"
    (mention,) = parse(make_page(page)).mentions
    assert mention.section == ("AI Discord Recap", "Pond Discord", name)


def test_other_subjects_stay_in_a_recap_that_only_its_top_story_began() -> None:
    """They are not the introduction, on a page without a Twitter heading."""
    page = (
        "<p><b>Top Story: Zeta-4 ships</b></p><h2>Facts</h2><ul><li>one</li></ul>"
        "<p><b>Robots</b></p><ul><li>two</li></ul>"
    )
    mention = parse(make_page(page)).mentions[1]
    assert (mention.part, mention.section) == ("twitter", ("Robots",))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('Acme ""Foo"" ships', 'Acme "Foo" ships'),
        ("It''s out", "It's out"),
        ("See [Foo](https://foo.test/a) today", "See Foo today"),
        ("An array[0] (of two)", "An array[0] (of two)"),
    ],
)
def test_a_description_is_plain_text(written: str, shown: str) -> None:
    """Without the Markdown of links, nor the quotes that a source doubled."""
    text = f"---\ndescription: |\n  {written}\n---\n# AI Twitter Recap\n\n- one\n"
    page = make_page(text, media="markdown")
    assert parse(page).description == shown


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_markdown_is_read_whatever_its_line_ends(end: str) -> None:
    """As an editor of another system saves it, its front matter too."""
    text = "---\ntitle: Foo ships\n---\n\n# AI Twitter Recap\n\n- **one**\n- two\n"
    plain, other = (parse(make_page(it, "markdown")) for it in (text, text.replace("\n", end)))
    assert other == plain
    assert plain.title == "Foo ships"
