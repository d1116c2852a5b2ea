"""By what a story is known for one that was told before."""

import pytest

from pipeline.signs import (
    Fingerprint,
    fingerprint_of,
    is_document,
    is_versioned,
    longest_names,
    match_evidence,
)

PAPER = "arxiv.org/abs/2601.00001"
POST = "x.com/status/1"
REPOSITORY = "github.com/lab/parser"
# Beginnings that are more and less alike: 100, then about 70, 55 and 30 of 100.
HEAD = "archive reader takes nine hundred pages every second"
VERY, ALIKE, SOMEWHAT, HARDLY = (
    HEAD,
    "archive reader takes some other book",
    "archive keeper takes something else",
    "poems about birds",
)


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
        (PAPER, HARDLY, True),
        (POST, HARDLY, True),
        ("reddit.com/comments/1abc", HARDLY, True),
        ("wsj.com/tech/a", HARDLY, True),
        (REPOSITORY, HARDLY, False),
        (REPOSITORY, VERY, True),
        ("a.test/b", HARDLY, False),
    ],
)
def test_the_same_shown_page_is_a_sign(page: str, head: str, *, known: bool) -> None:
    """One document is one event; a page that lives on needs a beginning that is alike."""
    found = match_evidence(seen(page, head=head), seen(page), common_names=frozenset())
    assert found == (f"same link {page}" if known else "")


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
    one = seen(REPOSITORY, head=head, lead=(*lead, "fast"), names=names)
    other = seen(REPOSITORY, lead=(*lead, "slow"), names=names)
    assert bool(match_evidence(one, other, common_names=frozenset())) is known


@pytest.mark.parametrize(
    ("page", "head", "names", "known"),
    [
        (REPOSITORY, ALIKE, (), True),
        (REPOSITORY, SOMEWHAT, (), False),
        (REPOSITORY, SOMEWHAT, ("sonicmoe",), True),
        (REPOSITORY, HARDLY, ("sonicmoe",), False),
        (POST, VERY, (), False),
    ],
)
def test_a_page_in_common_needs_more(
    page: str, head: str, names: tuple[str, ...], *, known: bool
) -> None:
    """A page that is not shown by both is a sign with a beginning that is alike; a remark is none."""
    one = seen("a.test/x", page, head=head, names=names)
    other = seen("a.test/y", page, names=names)
    found = match_evidence(one, other, common_names=frozenset())
    assert found == (f"link {page}, and alike" if known else "")
    assert match_evidence(one, seen(None, page, names=names), common_names=frozenset()) == found


def test_a_document_that_one_shows_is_a_page_in_common() -> None:
    """A post that the one shows and the other points to counts, where both begin alike."""
    found = match_evidence(seen("a.test/x", POST), seen(POST), common_names=frozenset())
    assert found == f"link {POST}, and alike"
    assert match_evidence(seen(POST), seen("a.test/x", POST), common_names=frozenset()) == found
    both = (REPOSITORY, "a.test/z")
    assert match_evidence(
        seen(None, *both), seen(None, *both), common_names=frozenset()
    ).startswith("link a.test/z")


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
    assert found == (f"names {name}, and alike" if known else "")
    assert match_evidence(one, other, common_names={name}) == ""


def test_all_names_in_common_are_given() -> None:
    """Names are listed by the alphabet, without those that are common."""
    one = seen(names=("sonicmoe", "parser4.2", "gepa", "ibisx"), lead=("reads",))
    other = seen(names=("sonicmoe", "parser4.2", "gepa", "zebrax"), lead=("reads",))
    assert (
        match_evidence(one, other, common_names={"gepa"}) == "names parser4.2, sonicmoe, and alike"
    )


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
    assert found.shown_page == REPOSITORY
    assert found.pages == {REPOSITORY, PAPER}
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
        (f"https://{PAPER}", True),
        ("https://x.com/a/status/1", True),
        ("https://www.reddit.com/r/a/comments/1abc/x", True),
        ("https://wsj.com/tech/a", True),
        (f"https://{REPOSITORY}", False),
        ("https://a.test/blog/b", False),
        ("https://youtu.be/a", False),
    ],
)
def test_a_document_says_tomorrow_what_it_says_today(url: str, *, document: bool) -> None:
    """Papers, posts, threads and articles do; repositories and pages change."""
    assert is_document(url) is document
