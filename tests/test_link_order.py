"""What a stranger writes never takes the link of a story that the editors tell."""

import functools

import pytest

from build import issue, mention
from pipeline.merge.stories import merge
from pipeline.records import Entry, Link, Mention, Story
from pipeline.urls import order_links
from pipeline.urls.owner import is_on_known_account
from pipeline.verify.link_choice import choose_links

LEAD = "Acme ships Heron-2"
TEXT = f"{LEAD}: an open model with weights, code and a paper, for boats that fly over lakes. " * 3
OFFICIAL = "https://acme.com/heron-2"
TWEET = "https://x.com/acme/status/1"
EVIL = (
    "https://acme-com.evil.example/acme-ships-heron-2",
    "https://acme.com.evil.example/heron-2",
    "https://acme.evil.example/acme.com",
    "https://acme.evil.example/blog/acme-ships-heron-2-weights-code-paper",
    "https://github.com/acme-evil/heron",
    "https://github.com/evil/acme-heron-2",
    "https://huggingface.co/evil/Heron-2",
    "https://xn--acm-cva.com/heron-2",
    "https://pypi.org/project/acme-heron-2/",
    "https://arxiv.org/abs/2601.00001",
    "https://openreview.net/forum?id=acmeheron",
    "https://heron-2.com/acme",
    "https://acme.vercel.app/heron-2",
    "https://bit.ly/acme-heron-2",
    "https://x.com/acme_heron/status/9",
    "https://www.theverge.com/acme-ships-heron-2",
)


def told(*urls: str, name: str = "m001") -> Mention:
    """Write what the editors tell."""
    return mention(TEXT, *urls, lead=LEAD, name=name)


def posted(*urls: str, name: str = "m002", lead: str = LEAD) -> Mention:
    """Write what a post on Reddit tells."""
    section = ("AI Reddit Recap", "/r/LocalLlama")
    return mention(TEXT, *urls, lead=lead, part="reddit", section=section, name=name, activity=900)


def chatted(*urls: str, name: str = "m003") -> Mention:
    """Write what a chat on Discord tells."""
    return mention(TEXT, *urls, lead=LEAD, part="discord", section=("Discord",), name=name)


def link_of(*mentions: Mention, named: str | None = None) -> str | None:
    """Merge mentions into one story and choose its entry's link; `named` is the model's."""
    (story,) = _stories(mentions)
    link = named or story.sources[0]
    facts = {"kind": "news", "title": "Acme发布Heron-2", "summary": "Acme发布Heron-2。"}
    entry = Entry.model_validate(facts | {"link": link, "story": story.id})
    return choose_links([(entry, story)], {story.id} if named else ())[0]


@functools.cache
def _stories(mentions: tuple[Mention, ...]) -> tuple[Story, ...]:
    return merge(issue(*mentions))


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("official", [OFFICIAL, TWEET, "https://www.acme.com/"])
def test_a_strangers_link_never_wins(official: str, evil: str) -> None:
    """However often it is named, wherever it stands, and also where the model names it."""
    for others in (
        (posted(evil),),
        (posted(official, evil),),
        (posted(evil, official),),
        (posted(evil), posted(evil, name="m004")),
        (chatted(evil, *EVIL[:3]),),
        (posted(evil), chatted(evil)),
    ):
        for mentions in ((told(official), *others), (*others, told(official))):
            assert link_of(*mentions) == official
            assert link_of(*mentions, named=evil) == official


def test_a_strangers_link_is_not_offered() -> None:
    """The model that is asked for the number of a link does not see it."""
    for evil in EVIL:
        assert order_links([told(OFFICIAL), posted(evil)]).shown == (OFFICIAL,)


def test_a_link_that_a_made_story_names_is_passed_over() -> None:
    """Also where it stands among the sources, and where the official one is another entry's."""
    evil = EVIL[0]
    mentions = (told(OFFICIAL), posted(evil))
    for sources in ((evil, OFFICIAL), (evil,)):
        story = Story(id="s01", mentions=mentions, sources=sources)
        facts = {"kind": "news", "title": "Heron-2", "summary": "摘要。", "link": evil}
        entry = Entry.model_validate(facts | {"story": "s01"})
        assert choose_links([(entry, story)], {"s01"}) == (OFFICIAL,)
        first = entry.model_copy(update={"link": OFFICIAL, "edited": ("link",)})
        assert choose_links([(first, story), (entry, story)], {"s01"}) == (OFFICIAL, None)
        by_hand = entry.model_copy(update={"edited": ("link",)})
        assert choose_links([(by_hand, story)]) == (evil,)


def test_what_a_link_stands_on_decides_nothing() -> None:
    """`acme.com` is the text of a link that leads elsewhere."""
    links = (Link(url=EVIL[1], text="acme.com"), Link(url=OFFICIAL, text="a"))
    both = posted().model_copy(update={"links": links})
    assert link_of(told(OFFICIAL), both) == OFFICIAL
    assert link_of(both) == OFFICIAL


def test_the_makers_page_is_shown_before_a_post_about_it() -> None:
    """Where the editors have a post only, also a stranger may point to the maker's own page."""
    for page in (
        OFFICIAL,
        "https://blog.acme.com/heron",
        "https://github.com/acme/heron",
        "https://huggingface.co/acme/Heron-2",
    ):
        for evil in EVIL:
            assert link_of(told(TWEET), posted(evil, page)) == page
            assert link_of(told(TWEET), posted(evil), chatted(page)) == page
    repository = "https://github.com/elsewhere/thing"
    assert link_of(told(TWEET, repository), posted(OFFICIAL)) == repository


@pytest.mark.parametrize(
    ("lead", "page"),
    [
        ("Zhipu AI ships GLM-5.1", "https://huggingface.co/zai-org/GLM-5.1"),
        ("GLM-5.1 is out", "https://huggingface.co/zai-org/GLM-5.1-FP8"),
        ("DeepSeek-V4 is out", "https://huggingface.co/deepseek-ai/DeepSeek-V4"),
        ("Grok-7 has open weights", "https://github.com/xai-org/grok-7"),
        ("Meta opens HeronGym", "https://github.com/facebookresearch/HeronGym"),
        ("Qwen9-27B lands", "https://huggingface.co/Qwen/Qwen9-27B"),
    ],
)
def test_a_makers_account_may_have_another_name(lead: str, page: str) -> None:
    """The accounts of well-known makers are known, where the address names what is told."""
    text = f"{lead}: weights, code and a paper, for boats that fly over lakes. " * 3
    post = "https://x.com/elsewhere/status/1"
    told_by_editors = mention(text, post, lead=lead, name="m001")
    asked = mention(text, EVIL[5], page, lead=lead, part="reddit", section=("Reddit",), name="m002")
    assert order_links([told_by_editors, asked]).shown == (page, post)
    host, name = page.split("/")[2:5:2]
    for other in (
        f"https://{host}/{page.split('/')[3]}-evil/{name}",
        f"https://{host}/{page.split('/')[3]}a/{name}",
        f"https://{host}/{page.split('/')[3]}/kite",
        f"https://evil.example/{page.split('/')[3]}/{name}",
    ):
        by_stranger = asked.model_copy(update={"links": (Link(url=other, text="it"),)})
        assert order_links([told_by_editors, by_stranger]).shown == (post,)


def test_a_newspapers_page_is_shown_where_editors_have_posts_alone() -> None:
    """Strangers cannot write it; its address says what is told, and its host is the newspaper's."""
    text = "Harbour Labs lost sight of its agent for a week: it wrote notes to itself. " * 3
    post = "https://x.com/elsewhere/status/1"
    told_by_editors = mention(text, post, lead="Harbour Labs lost its agent", name="m001")

    def shown(page: str) -> tuple[str, ...]:
        asked = mention(
            text, page, lead="Harbour Labs", part="reddit", section=("Reddit",), name="m002"
        )
        return order_links([told_by_editors, asked]).shown

    page = "https://www.reuters.com/business/harbour-did-not-notice-its-agent-2026-07-24/"
    assert shown(page) == (page, post)
    for other in (
        "https://www.reuters.com/business/markets-close-2026-07-24/",
        "https://reuters.com.evil.example/business/harbour-did-not-notice",
        "https://reuters.tech/business/harbour-did-not-notice",
        "https://archive.is/harbour-did-not-notice",
        "https://www.forbes.com/sites/anybody/harbour-did-not-notice",
    ):
        assert shown(other) == (post,)
    blog = "https://harbour.example/notes-on-the-agent"
    official = told_by_editors.model_copy(update={"links": (Link(url=blog, text="blog"),)})
    asked = mention(text, page, part="reddit", section=("Reddit",), name="m002")
    assert order_links([official, asked]).shown == (blog,)


def test_a_paper_is_shown_where_editors_have_reactions_alone() -> None:
    """Whoever shares it, a paper is the thing itself, and beside the maker's post it is not."""
    paper = "https://arxiv.org/abs/2601.00001"
    reaction = "https://x.com/elsewhere/status/1"
    assert order_links([told(reaction), posted(paper)]).shown == (paper, reaction)
    assert order_links([told(TWEET), posted(paper)]).shown == (TWEET,)
    survey = "https://boats.example.dev/survey"
    assert order_links([told(survey), posted(paper)]).shown == (survey,)


def test_the_makers_page_of_it_comes_second_to_a_page_of_the_editors() -> None:
    """Where several name it, as the launch beside a page of the manual."""
    manual = "https://docs.acme.com/compaction"

    def shown(page: str) -> tuple[str, ...]:
        return order_links([told(manual, TWEET), posted(page), chatted(page)]).shown

    assert shown(OFFICIAL) == (manual, OFFICIAL, TWEET)
    assert order_links([told(manual, TWEET), posted(OFFICIAL)]).shown == (manual, TWEET)
    for other in (
        "https://acme.com/careers",
        "https://acme-heron.example/heron-2",
        f"{OFFICIAL}?a",
    ):
        assert shown(other) == (manual, TWEET)


def test_an_account_without_its_hyphen_is_not_the_makers() -> None:
    """Whoever takes a name that is only like a well-known account is a stranger."""
    names = frozenset({"deepseek", "xai", "qwen"})
    for url in ("deepseek-ai/DeepSeek-V4", "xai-org/grok", "QwenLM/Qwen9"):
        assert is_on_known_account(f"https://github.com/{url}", names)
        assert not is_on_known_account(f"https://github.com/{url}", {"acme"})
    for url in (
        "deepseekai/DeepSeek-V4",
        "xaiorg/grok",
        "qwen/Qwen9",
        "deepseek-ai",
        "xai-org/grok/pull/1",
    ):
        assert not is_on_known_account(f"https://github.com/{url}", names)
    assert not is_on_known_account("https://x.com/deepseek-ai/status/1", names)


def test_who_is_the_maker_is_not_a_strangers_to_say() -> None:
    """A post whose title names its writer's own host does not make that the maker's."""
    evil = posted("https://evil.com/heron-2", lead="Evil and Acme ship Heron-2")
    assert link_of(told(TWEET), evil) == TWEET


@pytest.mark.parametrize("evil", EVIL)
def test_a_story_of_strangers_shows_the_makers_link(evil: str) -> None:
    """Told on Reddit or Discord alone, with the maker's own page or post beside another."""
    for own in (OFFICIAL, "https://github.com/acme/heron", TWEET):
        for urls in ((own, evil), (evil, own)):
            assert link_of(posted(*urls)) == own
            assert link_of(chatted(*urls)) == own


def test_a_story_of_strangers_has_its_own_link() -> None:
    """There is nobody whose link it could take."""
    url = "https://github.com/somebody/kite"
    assert link_of(posted(url)) == link_of(chatted(url)) == url
    assert link_of(posted(url), told()) == url
    assert link_of(posted(url), told("https://pbs.twimg.com/media/a.png")) == url


def test_the_order_of_links() -> None:
    """More mentions, then the maker's, then Reddit before Discord, then the place."""
    one, two, three = (f"https://{name}.test/a" for name in ("one", "two", "three"))
    assert order_links([posted(one, two), chatted(two)]).shown == (two, one)
    assert order_links([posted(one, OFFICIAL)]).shown == (OFFICIAL, one)
    assert order_links([posted(one), posted(one, OFFICIAL, name="m004")]).shown == (one, OFFICIAL)
    assert order_links([chatted(one), posted(two)]).shown == (two, one)
    assert order_links([posted(three, one, two)]).shown == (three, one, two)
    assert order_links([told(one, two), told(two, name="m002")]).shown == (two, one)
    # A mention that names a page twice names it once.
    assert order_links([told(one, two, f"{two}?utm_source=x")]).shown[0] == one


def test_a_mirror_counts_as_what_it_mirrors() -> None:
    """A stranger who mirrors the maker's post names that post."""
    mirror = "https://xcancel.com/acme/status/1"
    assert link_of(told(TWEET), posted(mirror, EVIL[0])) == TWEET
    assert link_of(posted(mirror, EVIL[0])) == TWEET


def test_a_short_form_of_the_editors_gives_way_to_the_makers_page_alone() -> None:
    """It hides where it leads, but nobody else's page is better for that."""
    short = "https://t.co/abc"
    assert link_of(told(short), posted(OFFICIAL)) == OFFICIAL
    assert link_of(told(short), posted(EVIL[0])) == short


def test_the_makers_own_post_is_shown_before_anybodys_about_it() -> None:
    """Through a mirror too; an account that has the maker's name within its own is not the maker."""
    about = "https://x.com/newsdesk/status/7"
    for own in (TWEET, "https://xcancel.com/acme/status/1"):
        assert link_of(told(about), posted(own)) == TWEET
    for other in ("https://x.com/acme_ai/status/2", "https://xcancel.com/theacme/status/2"):
        assert link_of(told(about), posted(other)) == about
    assert link_of(told(TWEET), posted("https://x.com/acme/status/9")) == TWEET
    page = "https://simonwillison.net/2026/Jan/3/heron-2/"
    assert link_of(told(page), posted(TWEET)) == page


@pytest.mark.parametrize(
    "written",
    [
        "https://acme.com:8443/heron-2",
        "http://acme.com/heron-2",
        "https://acme.com/heron-2#:~:text=free",
        "https://www.acme.com/heron-2/?ref=evil",
    ],
)
def test_a_page_is_shown_as_the_editors_write_it(written: str) -> None:
    """Also where a stranger's telling of it stands first."""
    assert link_of(posted(written), told(OFFICIAL)) == OFFICIAL
    assert order_links([posted(written), told(OFFICIAL)]).shown == (OFFICIAL,)
    assert link_of(told(OFFICIAL), posted(written), chatted(written)) == OFFICIAL


def test_a_word_of_a_headline_makes_nobody_the_maker() -> None:
    """A headline has capitals everywhere: its common words are anybody's accounts and hosts."""
    lead = "Acme Ships Heron-2 With New Weights Today"
    headline = told(TWEET).model_copy(update={"lead": lead, "text": f"{lead}: {TEXT}"})
    for evil in (
        "https://github.com/weights/heron-2",
        "https://newweights.com/heron-2",
        "https://today.dev/heron-2",
    ):
        assert link_of(headline, posted(evil)) == TWEET
    assert link_of(headline, posted(OFFICIAL)) == OFFICIAL
    assert link_of(told(TWEET, "https://github.com/weights/heron-2")) is not None


def test_a_short_form_that_the_model_names_gives_way() -> None:
    """It is shown where there is nothing else only."""
    page = "https://boats.example.dev/heron-2"
    for short in (
        "https://www.google.com/url?q=https://evil.example/x",
        "https://www.youtube.com/redirect?q=https%3A%2F%2Fevil.example",
        "https://t.co/abc",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.example",
    ):
        assert link_of(posted(short, page), named=short) == page
        assert link_of(posted(short), named=short) == short
        assert link_of(posted("https://t.co/first", short), named=short) == short
