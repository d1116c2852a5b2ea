"""Records for tests, with only the fields that a test is about."""

from datetime import date

from pipeline.records import Choice, Entry, Issue, Kind, Link, Mention, Part, Story


def mention(
    text: str = "",
    *urls: str,
    lead: str = "",
    part: Part = "twitter",
    section: tuple[str, ...] = ("AI Twitter Recap",),
    name: str = "m001",
    activity: int | None = None,
) -> Mention:
    """Write a mention whose text is long enough to fill a summary, unless the test gives one."""
    return Mention(
        id=name,
        part=part,
        section=section,
        lead=lead,
        text=text or "An open model was released with weights and code. " * 5,
        links=tuple(Link(url=url, text="link") for url in urls),
        bullets=1,
        activity=activity,
    )


def story(name: str, *urls: str, text: str = "") -> Story:
    """Write a story of one mention."""
    return Story(id=name, mentions=(mention(text, *urls),), sources=urls)


def stories(count: int) -> list[Story]:
    """Write stories `s01`…, each with an address of its own."""
    return [
        story(f"s{number:02d}", f"https://example.org/{number}") for number in range(1, count + 1)
    ]


def issue(
    *mentions: Mention,
    title: str = "A sampler",
    description: str = "What happened.",
    tags: tuple[str, ...] = (),
) -> Issue:
    """Write an issue."""
    return Issue(
        slug="26-01-30-sampler",
        title=title,
        date=date(2026, 1, 30),
        url="https://news.smol.ai/issues/26-01-30-sampler/",
        description=description,
        tags=tags,
        mentions=mentions or (mention(),),
    )


def choice(told: Story, kind: Kind = "news") -> Choice:
    """Choose a story, with its first link."""
    link = told.links[0].url if told.links else None
    return Choice(story=told, kind=kind, link=link, reason="model")


def entry(name: str, link: str | None, kind: Kind = "news") -> Entry:
    """Write an entry."""
    return Entry(kind=kind, title="标题", summary="摘要" * 30, link=link, story=name)
