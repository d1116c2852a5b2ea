"""Each entry shows a link that is about what it tells."""

from build import mention
from pipeline.attribute import attribute, own_links
from pipeline.records import Entry, Link, Mention, Story

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
    assert attribute([(entry("Harbour Router发布", MOE), story)]) == (ROUTER,)
    assert attribute([(entry("TideMoE内核发布", MOE), story)]) == (MOE,)


def test_who_a_page_is_about_has_it_before_the_others() -> None:
    """The router's story, told first, leaves the kernel's link to the kernel's story."""
    router = Story(id="s01", mentions=(BOTH,), sources=(MOE,))
    kernel = Story(id="s02", mentions=(mention("TideMoE is out", MOE),), sources=(MOE, PAPER))
    told = [
        (entry("Harbour Router发布", MOE), router),
        (entry("TideMoE内核发布", PAPER, "s02"), kernel),
    ]
    assert attribute(told) == (None, MOE)


def test_a_line_that_names_nothing_belongs_to_what_is_above_it() -> None:
    """`its authors have a paper` is about the entry, whatever the entry is about."""
    story = Story(id="s01", mentions=(BOTH,), sources=(MOE, PAPER))
    assert own_links(entry("Harbour Router发布", MOE), story) == (PAPER,)


def test_the_most_first_hand_link_stays_where_all_are_about_it() -> None:
    """One line, or names in all lines: the order of the sources decides."""
    story = Story(id="s01", mentions=(mention("TideMoE is out", PAPER, MOE),), sources=(MOE, PAPER))
    assert attribute([(entry("TideMoE发布", MOE), story)]) == (MOE,)
    assert attribute([(entry("内核发布", MOE), story)]) == (MOE,)


def test_the_last_link_stays_where_nobody_else_wants_it() -> None:
    """A doubtful link is better than none, as long as it is nobody else's."""
    story = Story(id="s01", mentions=(BOTH,), sources=(MOE,))
    assert attribute([(entry("Harbour Router发布", MOE), story)]) == (MOE,)


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
    assert attribute(told) == (MOE, PAPER)


def test_a_story_without_links_has_none() -> None:
    """Nothing comes of nothing."""
    assert attribute([(entry("消息", None), Story(id="s01", mentions=(mention(),)))]) == (None,)
