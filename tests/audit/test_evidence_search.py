"""An entry of any digest finds the mentions it tells: by link and names, never by numbers."""

import io
from pathlib import Path

import pytest

from build import mention
from pipeline.audit import EvidenceIndex
from pipeline.fetch.local_file import read_source
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.records import Entry, Mention, Story
from pipeline.write.markdown_format import from_markdown

FILLER = [
    mention(
        f"Zebra{n} is a library number {n} about topic{n} and nothing else at all.",
        f"https://example.org/{n}",
    ).model_copy(update={"id": f"m{n + 100}"})
    for n in range(40)
]

FILLERS = [Story(id=each.id, mentions=(each,)) for each in FILLER]


def index(*mentions: Mention) -> EvidenceIndex:
    """Index an issue of these mentions among many others."""
    numbered = [
        each.model_copy(update={"id": f"m{n:03d}"}) for n, each in enumerate(mentions, start=1)
    ]
    told = [*numbered, *FILLER]
    return EvidenceIndex(
        [Story(id=f"s{n}", mentions=(each,)) for n, each in enumerate(told, start=1)]
    )


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
    assert EvidenceIndex(stories, {"幻觉": "hallucination"}).match(entry) is not None
    assert EvidenceIndex(FILLERS).match(entry) is None


def test_what_the_issue_does_not_tell_has_no_evidence() -> None:
    """Unknown names and an unknown link match nothing."""
    assert index().match(said("某公司发布Quux 9", "Quux 9发布。", "https://example.net/x")) is None


VOXTRAL = mention("Voxtral by Mistral is out.")
LINK = "https://x.com/b/status/12345"


def matched(shelf: EvidenceIndex, entry: Entry) -> list[str]:
    """List the mentions that an entry finds, in order."""
    found = shelf.match(entry)
    return [each.id for each in found.mentions] if found else []


@pytest.mark.parametrize(
    ("title", "summary", "found"),
    [
        ("Voxtral发布", "摘要。", True),
        ("新模型发布", "Voxtral发布。", False),
        ("新模型发布", "Mistral的Voxtral发布。", True),
        ("Vox Tral发布", "摘要。", True),
        ("VOXTRAL发布", "摘要。", True),
        ("Ｖｏｘｔｒａｌ发布", "摘要。", True),
        ("Voxtral2发布", "摘要。", True),
        ("Voxtrals发布", "摘要。", False),
        ("library发布", "and nothing else", False),
    ],
)
def test_a_rare_name_finds_a_mention(title: str, summary: str, found: bool) -> None:
    """One is enough in the title, not in the summary; words that many mentions have are not."""
    assert matched(index(VOXTRAL), said(title, summary)) == (["m001"] if found else [])


def test_two_words_may_be_one_on_either_side() -> None:
    """Flash Attention is FlashAttention."""
    for there, here in (
        ("FlashAttention", "Flash Attention"),
        ("Flash Attention", "FlashAttention"),
    ):
        assert matched(index(mention(f"{there} is out")), said(f"{here}发布", "摘要。")) == ["m001"]


def test_a_join_says_why() -> None:
    """The link, where it is what is shared, and the weightiest six names, those of the title first."""
    shelf = index(mention("Aa Bb Cc Dd Ee Ff Gg Hh", LINK))
    found = shelf.match(said("Hh Gg Ff", "Aa Bb Cc Dd Ee", LINK))
    assert found
    assert tuple(map(str, found.joins)) == ("link; names ff, gg, hh, aa, bb, cc",)
    alone = shelf.match(said("某公司发布新模型", "摘要。", LINK))
    assert alone
    assert tuple(map(str, alone.joins)) == ("link",)
    named = shelf.match(said("Hh Gg Ff", "摘要。", "https://example.net/x"))
    assert named
    assert tuple(map(str, named.joins)) == ("names ff, gg, hh",)
    assert named.id == "s1"


@pytest.mark.parametrize(
    ("fillers", "mentions", "found"), [(80, 1, True), (80, 2, False), (40, 1, False)]
)
def test_a_topic_counts_if_few_mentions_of_many_have_it(
    fillers: int, mentions: int, found: bool
) -> None:
    """A Chinese word leads to its English only where that tells one mention from the others."""
    told = [mention("Trouble with hallucination."), mention("Less hallucination.")][:mentions]
    others = [mention(f"Zebra{n} counts library {n} of topics.") for n in range(fillers)]
    stories = [
        Story(id=f"s{n}", mentions=(each.model_copy(update={"id": f"m{n:03d}"}),))
        for n, each in enumerate([*told, *others], start=1)
    ]
    shelf = EvidenceIndex(stories, {"幻觉": "hallucination"})
    assert bool(matched(shelf, said("幻觉问题", "摘要。"))) is found
    assert not matched(EvidenceIndex(stories), said("幻觉问题", "摘要。"))
    assert bool(matched(shelf, said("GPT 幻 觉问题", "摘要。"))) is False


def test_at_most_five_mentions_join_for_telling_the_same() -> None:
    """Those of one weight in the order of the issue."""
    shelf = index(*(mention(f"Voxtral by Mistral, part {word}.") for word in "abcdefgh"))
    entry = said("Voxtral发布", "Mistral的模型。")
    assert matched(shelf, entry) == [f"m00{n}" for n in range(1, 7)]


def test_at_most_three_mentions_join_for_names_that_are_still_missing() -> None:
    """Each has the title's name and one that no mention before it has; another name alone is none."""
    names = ["Quillon", "Tarpon", "Umbra", "Wexley", "Yonder"]
    shelf = index(
        mention("Voxtral by Mistral is out.", LINK, section=("Here",)),
        *(mention(f"{name} runs Voxtral by Mistral.", section=(name,)) for name in names),
    )
    entry = said("Mistral发布Voxtral", "、".join(names), LINK)
    found = matched(shelf, entry)
    assert found[0] == "m001"
    assert found == ["m001", "m002", "m003", "m004", "m005", "m006"]


def test_a_neighbour_with_a_new_name_of_two_words_joins() -> None:
    """In the same section and next to a chosen mention; not further away."""
    entry = said("Mistral发布Voxtral", "由Kestrel Labs训练。", LINK)
    first = mention("Voxtral by Mistral is out.", LINK)
    other = mention("Kestrel Labs raised money.")
    between = mention("Nothing of the kind.")
    assert matched(index(first, other), entry) == ["m001", "m002"]
    assert matched(index(first, between, other), entry) == ["m001"]
    one = mention("Kestrel raised money.")
    assert matched(index(first, one), entry) == ["m001"]


def test_the_fullest_of_the_links_mentions_comes_first() -> None:
    """Others with the link stay out where they have less than a share of its names."""
    shelf = index(
        mention("Something else of the link.", LINK),
        mention("Voxtral by Mistral is out.", LINK),
        mention("Mistral has Voxtral.", LINK),
    )
    entry = said("Mistral发布Voxtral", "摘要。", LINK)
    assert matched(shelf, entry) == ["m002", "m003"]
    assert matched(shelf, said("某公司发布", "摘要。", LINK)) == ["m001", "m002", "m003"]


def test_a_mention_of_the_same_story_joins_with_one_name() -> None:
    """What the issue tells as one event needs less in common than another story."""
    first = VOXTRAL.model_copy(
        update={"id": "m001", "text": "Voxtral by Mistral with Quillon and Tarpon."}
    )
    second = mention("Mistral again.").model_copy(update={"id": "m002"})
    entry = said("Mistral发布Voxtral", "Quillon与Tarpon。")
    one = [Story(id="s1", mentions=(first, second))]
    two = [Story(id="s1", mentions=(first,)), Story(id="s2", mentions=(second,))]
    assert matched(EvidenceIndex([*one, *FILLERS]), entry) == ["m001", "m002"]
    assert matched(EvidenceIndex([*two, *FILLERS]), entry) == ["m001"]


def test_mentions_are_numbered_not_spelled() -> None:
    """The ninth comes before the tenth and the thousandth, in whichever order they are given."""
    names = ("m1000", "m010", "m009")
    told = [VOXTRAL.model_copy(update={"id": name}) for name in names]
    stories = [Story(id=each.id, mentions=(each,)) for each in told]
    assert matched(EvidenceIndex([*stories, *FILLERS]), said("Voxtral发布", "Mistral。")) == [
        "m009",
        "m010",
        "m1000",
    ]


def test_an_issue_without_mentions_has_no_evidence() -> None:
    """Whatever the entry says."""
    assert EvidenceIndex([]).match(said("Voxtral发布", "Mistral。", LINK)) is None
    assert EvidenceIndex(FILLERS).match(said("Voxtral发布", "Mistral。")) is None
    (one,) = [Story(id="s1", mentions=(VOXTRAL,))]
    found = EvidenceIndex([one, *FILLERS]).match(said("Voxtral发布", "Mistral。"))
    assert found
    assert found.id == "s1"


@pytest.mark.parametrize(
    ("day", "slug"),
    [("2025-12-21", "25-12-19-not-much"), ("2025-08-07", "25-08-05-gpt-oss")],
)
def test_every_published_entry_finds_its_link(shared: Path, day: str, slug: str) -> None:
    """Of a digest by another system, an entry whose link is in the issue finds its mention."""
    page = read_source(str(shared / "site" / "frozen-issues" / f"{slug}.html"), io.BytesIO())
    stories = merge(parse(page))
    digest = from_markdown((shared / "published" / f"ai_news_summary_{day}.md").read_text("utf-8"))
    shelf = EvidenceIndex(stories)
    links = {link.url for story in stories for link in story.links}
    for entry in (*digest.news, *digest.tools):
        found = shelf.match(entry)
        if entry.link in links:
            assert found is not None, entry.title
            assert entry.link in {link.url for link in found.links}, entry.title
