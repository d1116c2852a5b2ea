"""An entry of any digest finds the mentions it tells: by link and names, never by numbers."""

import io
from pathlib import Path

import pytest

from build import mention
from pipeline.fetch import read_source
from pipeline.match import Index
from pipeline.merge import merge
from pipeline.parse import parse
from pipeline.read import read
from pipeline.records import Entry, Mention, Story

FILLER = [
    mention(
        f"Zebra{n} is a library number {n} about topic{n} and nothing else at all.",
        f"https://example.org/{n}",
    ).model_copy(update={"id": f"m{n + 100}"})
    for n in range(40)
]

FILLERS = [Story(id=each.id, mentions=(each,)) for each in FILLER]


def index(*mentions: Mention) -> Index:
    """Index an issue of these mentions among many others."""
    numbered = [
        each.model_copy(update={"id": f"m{n:03d}"}) for n, each in enumerate(mentions, start=1)
    ]
    told = [*numbered, *FILLER]
    return Index([Story(id=f"s{n}", mentions=(each,)) for n, each in enumerate(told, start=1)])


def said(title: str, summary: str, link: str | None = None) -> Entry:
    """Write an entry without evidence."""
    return Entry(kind="news", title=title, summary=summary, link=link)


def test_an_entry_is_found_by_its_link() -> None:
    """The same page under its other name leads to the mention."""
    shelf = index(
        mention("Voxtral Mini by Mistral is out with 3B.", "https://twitter.com/a/status/12345")
    )
    found = shelf.match(said("Mistral发布Voxtral Mini", "共3B。", "https://x.com/b/status/12345"))
    assert found is not None
    assert found.mentions[0].id == "m001"


def test_an_entry_without_link_is_found_by_its_names() -> None:
    """Rare names in common are enough, and each join says why."""
    shelf = index(mention("Voxtral Mini by Mistral is out with 3B."))
    found = shelf.match(said("Mistral发布Voxtral Mini", "Voxtral Mini参数量为3B。"))
    assert found is not None
    assert [each.id for each in found.mentions] == ["m001"]
    assert len(found.joins) == 1


def test_a_number_finds_nothing() -> None:
    """A mention that has an entry's number and nothing else of it is no evidence."""
    shelf = index(
        mention("Voxtral Mini by Mistral is out with 3B."),
        mention("Another outfit raised 98765 dollars for its kitchen robots this week."),
    )
    found = shelf.match(said("Mistral发布Voxtral Mini", "Voxtral Mini融资98765美元。"))
    assert found is not None
    assert [each.id for each in found.mentions] == ["m001"]


def test_one_wrong_name_brings_no_mention() -> None:
    """A mention that shares a single name, and nothing with what was found, stays out."""
    shelf = index(
        mention("Voxtral Mini by Mistral is out with 3B.", "https://x.com/b/status/12345"),
        mention("Kestrel Labs raised money for its robots.", section=("Elsewhere",)),
    )
    entry = said("Mistral发布Voxtral Mini", "由Kestrel Labs训练。", "https://x.com/b/status/12345")
    found = shelf.match(entry)
    assert found is not None
    assert [each.id for each in found.mentions] == ["m001"]


def test_an_entry_may_tell_of_two_mentions() -> None:
    """Two names in one mention, beside the subject's own, are more than a slip."""
    shelf = index(
        mention("Voxtral Mini by Mistral is out with 3B.", "https://x.com/b/status/12345"),
        mention("Quillon and Tarpon run Voxtral on phones."),
    )
    entry = said(
        "Mistral发布Voxtral Mini", "Quillon已支持，另有Tarpon。", "https://x.com/b/status/12345"
    )
    found = shelf.match(entry)
    assert found is not None
    assert [each.id for each in found.mentions] == ["m001", "m002"]


def test_the_link_of_another_story_is_no_evidence() -> None:
    """Where names and link disagree, the names say what the entry tells."""
    shelf = index(
        mention("Voxtral Mini by Mistral is out with 3B."),
        mention("Kestrel Labs raised money for its robots.", "https://x.com/b/status/12345"),
    )
    found = shelf.match(
        said("Mistral发布Voxtral Mini", "Voxtral Mini发布。", "https://x.com/b/status/12345")
    )
    assert found is not None
    assert [each.id for each in found.mentions] == ["m001"]


def test_chinese_words_are_read_as_what_the_issue_calls_them() -> None:
    """A topic word counts like a name, if few mentions have it."""
    told = [mention("Trouble with hallucination in Voxtral.").model_copy(update={"id": "m001"})]
    stories = [Story(id=f"s{n}", mentions=(each,)) for n, each in enumerate([*told, *FILLER])]
    entry = said("Voxtral的幻觉问题", "社区担忧。")
    assert Index(stories, {"幻觉": "hallucination"}).match(entry) is not None
    assert Index(FILLERS).match(entry) is None


def test_what_the_issue_does_not_tell_has_no_evidence() -> None:
    """Unknown names and an unknown link match nothing."""
    assert index().match(said("某公司发布Quux 9", "Quux 9发布。", "https://example.net/x")) is None


@pytest.mark.parametrize(
    ("day", "slug"),
    [("2025-12-21", "25-12-19-not-much"), ("2025-08-07", "25-08-05-gpt-oss")],
)
def test_every_published_entry_finds_its_link(shared: Path, day: str, slug: str) -> None:
    """Of a digest by another system, an entry whose link is in the issue finds its mention."""
    page = read_source(str(shared / "site" / "frozen-issues" / f"{slug}.html"), io.BytesIO())
    stories = merge(parse(page))
    digest = read((shared / "published" / f"ai_news_summary_{day}.md").read_text("utf-8"))
    shelf = Index(stories)
    links = {link.url for story in stories for link in story.links}
    for entry in (*digest.news, *digest.tools):
        found = shelf.match(entry)
        if entry.link in links:
            assert found is not None, entry.title
            assert entry.link in {link.url for link in found.links}, entry.title
