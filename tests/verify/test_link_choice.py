"""Each entry shows a link that is about what it tells."""

import time

import pytest

from build import mention
from pipeline.records import Entry, Link, Mention, Story
from pipeline.verify.link_choice import choose_links, relevant_links

ROUTER = "https://example.org/router-docs"
MOE = "https://github.com/kestrel/tidemoe"
PAPER = "https://arxiv.org/abs/2601.00001"


def entry(title: str, link: str | None, name: str = "s01", **more: object) -> Entry:
    """Write an entry."""
    facts = {"kind": "news", "title": title, "summary": "摘要。", "link": link, "story": name}
    return Entry.model_validate(facts | more)


def umbrella(*lines: tuple[str, str]) -> Mention:
    """Write a bullet whose lines each end in a link."""
    text = "\n  - ".join(f"{said} (see here{number})" for number, (said, _) in enumerate(lines))
    links = tuple(
        Link(url=url, text=f"here{number}") for number, (_, url) in enumerate(lines) if url
    )
    return mention(text).model_copy(update={"links": links})


BOTH = umbrella(
    ("The Harbour Router spreads load over a fleet", ""),
    ("TideMoE is an MoE kernel for Kestrel cards", MOE),
    ("its authors have a paper", PAPER),
)


def test_a_link_on_a_line_about_something_else_is_passed_over() -> None:
    """The kernel's repository is not the router's link, and nothing says more of the router."""
    story = Story(
        id="s01", mentions=(BOTH, mention("Harbour Router docs", ROUTER)), sources=(MOE, ROUTER)
    )
    assert choose_links([(entry("Harbour Router发布", MOE), story)]) == (ROUTER,)
    assert choose_links([(entry("TideMoE内核发布", MOE), story)]) == (MOE,)


def test_who_a_page_is_about_has_it_before_the_others() -> None:
    """The router's story, told first, leaves the kernel's link to the kernel's story."""
    router = Story(id="s01", mentions=(BOTH,), sources=(MOE,))
    kernel = Story(id="s02", mentions=(mention("TideMoE is out", MOE),), sources=(MOE, PAPER))
    told = [
        (entry("Harbour Router发布", MOE), router),
        (entry("TideMoE内核发布", PAPER, "s02"), kernel),
    ]
    assert choose_links(told) == (None, MOE)


def test_a_line_that_names_nothing_belongs_to_what_is_above_it() -> None:
    """`its authors have a paper` is about the entry, whatever the entry is about."""
    story = Story(id="s01", mentions=(BOTH,), sources=(MOE, PAPER))
    assert relevant_links(entry("Harbour Router发布", MOE), story) == (PAPER,)


def test_the_most_first_hand_link_stays_where_all_are_about_it() -> None:
    """One line, or names in all lines: the order of the sources decides."""
    story = Story(id="s01", mentions=(mention("TideMoE is out", PAPER, MOE),), sources=(MOE, PAPER))
    assert choose_links([(entry("TideMoE发布", MOE), story)]) == (MOE,)
    assert choose_links([(entry("内核发布", MOE), story)]) == (MOE,)


def test_the_last_link_stays_where_nobody_else_wants_it() -> None:
    """A doubtful link is better than none, as long as it is nobody else's."""
    story = Story(id="s01", mentions=(BOTH,), sources=(MOE,))
    assert choose_links([(entry("Harbour Router发布", MOE), story)]) == (MOE,)


def test_what_was_set_by_hand_stays() -> None:
    """An edited entry keeps its link, and no other entry gets it."""
    story = Story(
        id="s01", mentions=(BOTH, mention("Harbour Router docs", ROUTER)), sources=(MOE, ROUTER)
    )
    other = Story(id="s02", mentions=(mention("TideMoE is out", MOE),), sources=(MOE, PAPER))
    told = [
        (entry("Harbour Router发布", MOE, edited=("link",)), story),
        (entry("TideMoE内核发布", MOE, "s02"), other),
    ]
    assert choose_links(told) == (MOE, PAPER)


def test_a_story_without_links_has_none() -> None:
    """Nothing comes of nothing."""
    assert choose_links([(entry("消息", None), Story(id="s01", mentions=(mention(),)))]) == (None,)


def placed(*lines: str, links: tuple[tuple[str, str], ...]) -> Story:
    """Make a story of one bullet with these lines and these anchors."""
    told = mention("\n".join(lines)).model_copy(
        update={"links": tuple(Link(url=url, text=text) for text, url in links)}
    )
    return Story(id="s01", mentions=(told,), sources=tuple(url for _, url in links))


ABOUT = entry("Harbour Router发布", None)


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("TideMoE is out (here)", False),
        ("NCCL is out (here)", False),
        ("Kestrel is out (here)", False),
        ("Kestrel 2 for HARBOUR cards (here)", True),
        ("the harbour-router of Kestrel (here)", True),
        ("the code is (here)", True),
        ("An OS of it is (here)", True),
        ("Router and Harbour (here)", True),
    ],
)
def test_a_line_is_about_something_else_if_it_names_only_others(line: str, own: bool) -> None:
    """Proper names, abbreviations and versions are names; a line with the entry's own is about it."""
    story = placed("The Harbour Router is out", line, links=(("here", PAPER),))
    assert relevant_links(ABOUT, story) == ((PAPER,) if own else ())


def test_an_address_that_says_the_name_is_about_it() -> None:
    """Whatever stands on its line."""
    url = "https://github.com/kestrel/harbour-x"
    story = placed("The Harbour Router", "TideMoE (here)", links=(("here", url),))
    assert relevant_links(ABOUT, story) == (url,)


def test_a_story_of_one_line_owns_its_links() -> None:
    """There is nothing else that they could belong to; nor is there for an entry without names."""
    story = placed("TideMoE is out (here)", links=(("here", PAPER),))
    assert relevant_links(ABOUT, story) == (PAPER,)
    two = placed("TideMoE", "TideMoE is out (here)", links=(("here", PAPER),))
    assert relevant_links(ABOUT, two) == ()
    assert relevant_links(entry("新内核发布", None), two) == (PAPER,)
    assert relevant_links(entry("AI新内核v2发布", None), two) == (PAPER,)
    assert relevant_links(entry("Veo发布", None), two) == ()


def test_each_anchor_is_looked_for_behind_the_one_before() -> None:
    """Two anchors of one name stand on two lines; one without a name stands where the last did."""
    story = placed(
        "The Harbour Router (here)",
        "TideMoE (here)",
        "the Harbour again",
        links=(("here", ROUTER), ("here", MOE), ("", PAPER)),
    )
    assert relevant_links(ABOUT, story) == (ROUTER,)
    assert relevant_links(entry("TideMoE发布", None), story) == (MOE, PAPER)
    ends = placed("Harbour", "TideMoE", links=(("Harbour", ROUTER), ("TideMoE", PAPER)))
    assert relevant_links(ABOUT, ends) == (ROUTER,)
    assert relevant_links(entry("TideMoE发布", None), ends) == (PAPER,)


def test_a_page_that_stands_on_two_lines_is_about_both() -> None:
    """One line about the entry is enough, whichever comes first."""
    for lines in (("Harbour (one)", "TideMoE (two)"), ("TideMoE (one)", "Harbour (two)")):
        story = placed(*lines, links=(("one", PAPER), ("two", PAPER + "?utm_source=x")))
        assert relevant_links(ABOUT, story) == story.sources


def test_no_page_is_shown_twice_under_two_names() -> None:
    """What one entry shows, the next does not, whether by right or for want of anything else."""
    one, other = "https://twitter.com/a/status/1", "https://x.com/a/status/1"
    first = Story(id="s01", mentions=(mention("Harbour Router", one),), sources=(one,))
    second = Story(id="s02", mentions=(mention("Harbour 2", other, PAPER),), sources=(other, PAPER))
    assert choose_links(
        [(entry("Harbour", one), first), (entry("Harbour 2", other, "s02"), second)]
    ) == (
        one,
        PAPER,
    )
    assert choose_links(
        [(entry("Harbour", one), first), (entry("Harbour", one, "s02"), first)]
    ) == (
        one,
        None,
    )
    both = Story(id="s02", mentions=(BOTH,), sources=(MOE,))
    told = [(entry("Harbour Router", MOE), both), (entry("Harbour Router", MOE, "s02"), both)]
    assert choose_links(told) == (MOE, None)


def test_a_page_of_another_name_is_nobodys_second_choice() -> None:
    """The doubtful link of one entry is the own link of another, under another name."""
    one, other = "https://twitter.com/a/status/1", "https://x.com/a/status/1"
    lines = placed("The Harbour Router", "TideMoE (here)", links=(("here", one),))
    kernel = Story(
        id="s02", mentions=(mention("TideMoE is out", MOE, other),), sources=(MOE, other)
    )
    told = [(entry("Harbour Router", one), lines), (entry("TideMoE", MOE, "s02"), kernel)]
    assert choose_links(told) == (None, MOE)


def test_a_link_that_is_not_the_storys_stays() -> None:
    """It was set by hand, or a digest had it; an entry without link may get one."""
    story = Story(id="s01", mentions=(mention("TideMoE", MOE),), sources=(MOE,))
    elsewhere = "https://example.net/elsewhere"
    assert choose_links([(entry("TideMoE", elsewhere), story)]) == (elsewhere,)
    assert choose_links([(entry("TideMoE", MOE, edited=("link",)), story)]) == (MOE,)
    assert choose_links([(entry("TideMoE", None, edited=("link",)), story)]) == (None,)


def test_a_page_is_shown_without_what_tracks_its_readers() -> None:
    """Where the issue has the address of a page twice, the one without a tracking query is shown."""
    plain, tracked = "https://acme.test/orca", "https://acme.test/orca?utm_source=x"
    told = Story(id="s01", mentions=(mention("Orca is out", tracked, plain),), sources=(tracked,))
    assert choose_links([(entry("Orca发布", tracked), told)]) == (plain,)
    # A hand's link is the hand's.
    by_hand = entry("Orca发布", tracked).model_copy(update={"edited": ("link",)})
    assert choose_links([(by_hand, told)]) == (tracked,)
    alone = Story(id="s01", mentions=(mention("Orca is out", tracked),), sources=(tracked,))
    assert choose_links([(entry("Orca发布", tracked), alone)]) == (tracked,)


def test_the_link_that_the_model_named_comes_first() -> None:
    """It is shown if it is about the entry; one about another event of the bullet is not."""
    story = Story(id="s01", mentions=(BOTH,), sources=(MOE, PAPER))
    kernel = entry("TideMoE内核发布", PAPER)
    assert choose_links([(kernel, story)], {"s01"}) == (PAPER,)
    assert choose_links([(kernel, story)]) == (MOE,)
    assert choose_links([(entry("Harbour Router发布", MOE), story)], {"s01"}) == (PAPER,)


def test_where_no_line_has_a_name_of_the_entry_the_models_link_is_shown() -> None:
    """A maker's name, which any line may have, tells nobody better than the model."""
    lines = placed(
        "The Harbour Router", "Anthropic sues", links=(("Router", ROUTER), ("sues", MOE))
    )
    told = [(entry("Osprey 的 Anthropic 起诉", MOE), lines)]
    assert choose_links(told, {"s01"}) == (MOE,)
    assert choose_links(told) == (ROUTER,)


def test_of_a_mirror_the_post_itself_is_shown() -> None:
    """Also where the model named the mirror, but not where somebody wrote it by hand."""
    post = "https://x.com/acme/status/1"
    for url in ("https://xcancel.com/acme/status/1", "https://fixupx.com/acme/status/1?s=46"):
        told = Story(id="s01", mentions=(mention("Orca is out", url),), sources=(url,))
        assert choose_links([(entry("Orca发布", url), told)]) == (post,)
        assert choose_links([(entry("Orca发布", url), told)], named=("s01",)) == (post,)
        by_hand = entry("Orca发布", url).model_copy(update={"edited": ("link",)})
        assert choose_links([(by_hand, told)]) == (url,)


def hostile_story(unit: str, size: int, links: int = 1) -> Story:
    """Write a story of which one line is something over and over, with links on it."""
    given = tuple(Link(url=f"https://a.test/{number}", text="") for number in range(links))
    flood = mention(unit * (size // len(unit)) + "\nx").model_copy(update={"links": given})
    sources = (ROUTER, *(link.url for link in given))
    about = mention("Harbour Router docs", ROUTER)
    return Story(id="s01", mentions=(flood, about), sources=sources)


@pytest.mark.parametrize("unit", ["A.", "Ab.", "A+.", "A..", "1.", ".", "1..a", "A_-", "Ab ", "。"])
@pytest.mark.parametrize("links", [1, 200])
def test_a_line_of_any_letters_costs_in_proportion(unit: str, links: int) -> None:
    """Runs that may become a name with a number at their end, which never comes, too."""
    story = hostile_story(unit, 200_000, links)
    began = time.process_time()
    relevant_links(entry("Harbour Router发布", None), story)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("unit", [".", "1", "1.", "1..", "1-", "1..a ", "a."])
def test_a_title_of_any_letters_costs_in_proportion(unit: str) -> None:
    """Figures and dots that no letter follows begin no name, however many they are."""
    story = hostile_story("Aa ", 30)
    began = time.process_time()
    relevant_links(entry(unit * (200_000 // len(unit)), None), story)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("code is here", True),
        ("AI is it", True),
        ("more at a.b.c. and x-1", True),
        ("Kestrel is out", False),
        ("see GPU", False),
        ("see the x-K2 card", False),
        ("see A.b.c.2", False),
        ("see A.b.c 2", True),
        ("see 2A.B.C", True),
        ("see 2A-B2", False),
        ("see éA2", True),
    ],
)
def test_a_line_that_names_nothing_is_about_what_stands_above(line: str, stays: bool) -> None:
    """A name has a capital and two letters more, is in capitals, or has a number behind it."""
    link = Link(url=MOE, text="")
    flood = mention(f"{line}\nof it").model_copy(update={"links": (link,)})
    story = Story(
        id="s01", mentions=(flood, mention("Harbour Router docs", ROUTER)), sources=(MOE, ROUTER)
    )
    found = relevant_links(entry("Harbour Router发布", None), story)
    assert found == ((MOE, ROUTER) if stays else (ROUTER,))


@pytest.mark.parametrize(
    ("title", "stays"),
    [
        *(("发布1.5B", True), ("发布1..5B", True), ("发布12..5GLM", False), ("发布5-GLM", True)),
        *(("发布5.2", True), ("发布GLM..5", True), ("发布K.5.GLM", False)),
    ],
)
def test_a_name_begins_with_a_letter_or_its_figures(title: str, stays: bool) -> None:
    """Figures and dots that a letter follows belong to it; where there is no name all stay."""
    link = Link(url=MOE, text="")
    told = mention("The GLM and the Kestrel 15B\nof it").model_copy(update={"links": (link,)})
    story = Story(id="s01", mentions=(told,), sources=(MOE,))
    assert relevant_links(entry(title, None), story) == ((MOE,) if stays else ())


def test_a_file_out_of_a_chat_is_shown_by_no_entry() -> None:
    """Neither for want of another link nor for being the only one that names the entry."""
    file = "https://cdn.discordapp.com/attachments/1/2/tidemoe.png"
    story = Story(id="s01", mentions=(mention("TideMoE is fast", file),), sources=())
    assert choose_links([(entry("TideMoE发布", file), story)]) == (None,)
