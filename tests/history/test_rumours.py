"""A rumour of an earlier day does not make what comes of it told."""

from datetime import date
from pathlib import Path

import pytest
from test_history import entry as published_entry
from test_history import put

from build import mention
from pipeline.history import PublishedEntry, find_repeats, read_history
from pipeline.history.rumours import is_announced, is_rumour
from pipeline.records import IssuePart, Mention, Story

POST = "https://x.com/acme/status/1"
THREAD = "https://www.reddit.com/r/LocalLLaMA/comments/1abc/heron_2/"
RUMOUR = "Acme Heron-2 is said to map lakes: a leak says that Heron-2 maps lakes for small boats."
NEWS = "Acme ships Heron-2, which maps lakes: Heron-2 maps lakes for small boats, as Acme showed."
TITLE = "传闻Acme将推出Heron-2，可绘制湖泊地图"


def told(title: str = TITLE, evidence: str = RUMOUR, link: str = THREAD) -> PublishedEntry:
    """Tell it on an earlier day."""
    return PublishedEntry(
        date=date(2026, 1, 29),
        place="news:3",
        title=title,
        link=link,
        links=(link,),
        evidence=evidence,
        rumour=is_rumour(title, ""),
    )


def today(text: str, *urls: str, part: IssuePart = "twitter") -> Story:
    """Tell it today."""
    return Story(id="s01", mentions=(_mention(text, *urls, part=part),), sources=urls)


def _mention(text: str, *urls: str, part: IssuePart = "twitter") -> Mention:
    return mention(text, *urls, lead=text.split(":", maxsplit=1)[0], part=part)


def fate(story: Story, *earlier: PublishedEntry) -> str:
    """Say what becomes of a story."""
    found = find_repeats([story], earlier)
    if found.drops:
        return "told"
    return "follows" if story.id in found.follows else "new"


def test_an_announcement_follows_its_rumour() -> None:
    """By whichever of them a story is known for one that was published."""
    for link in (POST, THREAD, "https://acme.com/heron-2"):
        assert fate(today(NEWS, POST), told(link=link)) == "follows"
    assert fate(today(NEWS, "https://acme.com/heron-2", part="reddit"), told()) == "follows"
    found = find_repeats([today(NEWS, POST)], [told()])
    assert str(found.reasons["s01"]).endswith("new: announced, a rumour before")


def test_an_announcement_that_was_told_stays_told() -> None:
    """Also where a rumour was told before it, or after."""
    plain = told("Acme发布Heron-2，可绘制湖泊地图", NEWS, POST)
    assert fate(today(NEWS, POST), plain) == "told"
    assert fate(today(NEWS, POST), plain, told()) == "told"
    assert fate(today(NEWS, POST), told(), plain) == "told"
    assert fate(today(RUMOUR, THREAD, part="reddit"), plain) == "told"


@pytest.mark.parametrize(
    ("text", "url", "part"),
    [
        (RUMOUR, POST, "twitter"),
        (RUMOUR, THREAD, "reddit"),
        (NEWS, THREAD, "reddit"),
        (NEWS, "https://acme.evil.example/heron-2", "discord"),
        (NEWS.replace("ships", "may ship"), POST, "twitter"),
        (NEWS.replace("ships Heron-2, which", "Heron-2 soon"), POST, "twitter"),
    ],
)
def test_a_rumour_that_is_told_again_stays_told(text: str, url: str, part: IssuePart) -> None:
    """So does one that strangers tell as a fact."""
    assert fate(today(text, url, part=part), told()) == "told"


@pytest.mark.parametrize(
    "title",
    [
        *(
            "传闻Acme将推出Heron-2",
            "据传Heron-2本周上线",
            "Acme Heron-2遭泄露",
            "爆料称Heron-2有30B参数",
        ),
        *(
            "疑似Heron-2现身榜单",
            "Acme被曝正在训练Heron-2",
            "未经证实：Heron-2将至",
            "据报道Acme将收购Gull",
        ),
    ],
)
def test_a_title_says_that_it_is_a_rumour(title: str) -> None:
    """In whichever words, or the summary does where it begins."""
    assert is_rumour(title, "")


def test_a_summary_begins_with_it() -> None:
    """What comes later in it is in passing."""
    assert is_rumour("Acme Heron-2", "据传Acme将推出Heron-2。")
    assert not is_rumour("Acme Heron-2", "Acme展示了绘制湖泊地图的Heron-2，此前有传闻。")


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Acme发布Heron-2", "Acme发布Heron-2，可绘制湖泊地图；有用户称，此前的传闻说它更大。"),
        ("Acme称Heron-2快5倍", "据Acme的博客，Heron-2可绘制湖泊地图。"),
        ("Acme宣传Heron-2", "Acme上传了Heron-2的权重，并可在线传输地图。"),
    ],
)
def test_what_is_told_as_a_fact_is_none(title: str, summary: str) -> None:
    """A rumour in passing does not make it one."""
    assert not is_rumour(title, summary)


def test_the_editors_announce_and_the_maker_does() -> None:
    """A stranger does only with the maker's own page, named in his lead."""
    assert is_announced([_mention(NEWS, POST)])
    assert is_announced([_mention(NEWS, "https://acme.com/x", part="reddit")])
    assert not is_announced([_mention(NEWS, "https://acme.evil.example/x", part="reddit")])
    assert not is_announced([_mention(NEWS, "https://github.com/acme-labs/x", part="reddit")])
    assert not is_announced([_mention(RUMOUR, "https://acme.com/x")])
    assert is_announced([_mention(RUMOUR, THREAD, part="reddit"), _mention(NEWS, POST)])


def test_whether_it_was_a_rumour_is_read_from_the_digest(tmp_path: Path) -> None:
    """From the titles of older digests, whoever wrote them."""
    put(tmp_path, "2026-01-29", "2026-01-28", published_entry(TITLE), published_entry("发布"))
    found = read_history(tmp_path, before=date(2026, 1, 30), slug="26-01-30-sampler").entries
    assert [each.rumour for each in found] == [True, False]
