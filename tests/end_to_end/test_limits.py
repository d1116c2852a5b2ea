"""Tests of how much of a page is read, and of what is said about the rest."""

import datetime as dt
from pathlib import Path

import pytest

from bench.reading import hosted_profile
from eval.cases import cases
from pipeline.parse.page import parse
from pipeline.plan import PreparedJob
from pipeline.progress import NullProgress
from pipeline.records import DroppedItem, Issue, Page, PageFormat, Reason, read_reason
from pipeline.run import prepare
from stored import issue_at

SECTION = "'AI Twitter Recap / Pond'"


def read(body: str, media: PageFormat = "html") -> Issue:
    """Parse a page that has one section."""
    heads = {
        "html": "<h1>AI Twitter Recap</h1><h2>Pond</h2>",
        "markdown": "# AI Twitter Recap\n\n## Pond\n\n",
    }
    text = heads[media] + body
    return parse(page(text, media))


def page(text: str, media: PageFormat = "html") -> Page:
    """Make a page of an issue."""
    url = "https://news.smol.ai/issues/26-01-02-fish/"
    return Page(
        slug="26-01-02-fish", url=url, source="site", media=media, text=text, sha256="0" * 64
    )


def bullets(count: int, links: int = 0, lead: int = 0) -> str:
    """Write bullets with as many links and words of a lead each."""
    linked = "".join(f"<a href='https://a.test/{number}'>x</a>" for number in range(links))
    bold = f"<b>{' '.join(['word'] * lead)}</b>" if lead else ""
    return f"<ul>{f'<li>{bold} text {linked}</li>' * count}</ul>"


def dropped(what: str, count: int, limit: int) -> tuple[DroppedItem, ...]:
    """Write what is said of one kind."""
    reason = Reason.of("page_limit", count, limit)
    return (DroppedItem(what=f"{what}, from {SECTION} on", reason=reason),)


@pytest.mark.parametrize(
    ("body", "drops"),
    [
        (bullets(4_000), ()),
        (bullets(4_003), dropped("mentions of the page", 3, 4_000)),
        (bullets(2, links=200), ()),
        (bullets(2, links=203), dropped("links of one mention", 6, 200)),
        (bullets(25, links=200), ()),
        (bullets(26, links=200), dropped("links of the page", 200, 5_000)),
        (bullets(2, lead=200), ()),
        (bullets(2, lead=201), dropped("words of one lead", 2, 200)),
    ],
)
def test_what_is_too_much_is_counted_in_one_line(body: str, drops: tuple[DroppedItem, ...]) -> None:
    """Which section it began in and how many are left out stand in one line per kind."""
    assert read(body).drops == drops


def test_what_is_within_the_limits_stays_when_the_rest_goes() -> None:
    """The first mentions, links and words are those that are read, and a text stays whole."""
    (mention,) = read(bullets(1, links=300, lead=300)).mentions
    assert [link.url for link in mention.links] == [f"https://a.test/{n}" for n in range(200)]
    assert len(mention.lead.split()) == 200
    assert len(mention.text.split()) > 300
    assert mention.text.startswith(mention.lead)
    assert [mention.id for mention in read(bullets(5_000)).mentions][-1] == "m4000"


class Notes(NullProgress):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, text: str) -> None:
        """Keep one line."""
        self.said.append(text)


def test_the_operator_reads_what_a_page_has_too_much_of() -> None:
    """A run says it in one line, and the reason is read back from a digest."""
    flood = page("<h1>AI Twitter Recap</h1><h2>Pond</h2>" + bullets(4_002))
    notes = Notes()
    given = PreparedJob(page=flood, date=dt.date(2026, 1, 2), stem="x")
    prepare(given, profile=hosted_profile(), progress=notes)
    line = f"mentions of the page, from {SECTION} on: 2 left out, beyond the first 4000"
    assert notes.said == [f"warning: the page has too much: {line}"]
    assert read_reason("2 left out, beyond the first 4000") == Reason.of("page_limit", 2, 4_000)


def test_no_real_issue_meets_a_limit(shared: Path) -> None:
    """The limits are far above what the newsletter has."""
    for case in cases(shared):
        assert issue_at(case.path).drops == ()


def test_a_table_ends_and_its_rows_stay_as_text() -> None:
    """Beyond so many cells the rows are the text of a paragraph."""
    issue = read("| a |\n|---|\n" + "| row |\n" * 12_000, "markdown")
    assert len(issue.mentions) == 4_000
    assert read("| a |\n|---|\n" + "| row |\n" * 3_000, "markdown").drops == ()


@pytest.mark.parametrize(("depth", "linked"), [(7, True), (8, False)])
def test_a_links_text_has_8_open_brackets_at_most(depth: int, linked: bool) -> None:
    """What is deeper is text, with its brackets."""
    text = "[" * depth + "x" + "]" * depth
    (mention,) = read(f"- [{text}](https://a.test/x) and y\n", "markdown").mentions
    assert ("https://a.test/x" not in mention.text) is linked
    assert "[x]" in mention.text


def test_a_page_of_too_many_blocks_ends_in_their_text() -> None:
    """What follows is one paragraph, and no word of it is lost."""
    issue = read("---\n" * 50_001 + "\n- the **last** bullet\n", "markdown")
    (rest,) = issue.mentions
    assert rest.text.startswith("--- ---")
    assert rest.text.endswith("--- - the last bullet")


@pytest.mark.parametrize("marks", ["x*", "["])
def test_lines_of_too_many_marks_are_plain_text(marks: str) -> None:
    """A page of 50,000 marks has no use for them."""
    flood = f"{marks} " * 49_000
    issue = read(f"{flood}\n\n{flood}\n\n{flood}\n\n- **Lead**: text\n", "markdown")
    assert issue.mentions[-1].text == "**Lead**: text"
    assert issue.mentions[-1].lead == ""
