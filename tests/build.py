"""Records for tests, with only the fields that a test is about."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pipeline.llm.profile import ModelProfile
from pipeline.llm.prompts import Ask
from pipeline.plan import PreparedJob
from pipeline.progress import NullProgress
from pipeline.records import (
    Digest,
    Entry,
    EntryKind,
    Issue,
    IssuePart,
    Link,
    Mention,
    SelectedStory,
    Story,
)
from pipeline.run import generate, prepare
from pipeline.tell import load_checks

CHECKS = load_checks()
"""What an entry goes through."""


def mention(
    text: str = "",
    *urls: str,
    lead: str = "",
    part: IssuePart = "twitter",
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


def choice(story: Story, kind: EntryKind = "news") -> SelectedStory:
    """Choose a story, with its first link."""
    link = story.links[0].url if story.links else None
    return SelectedStory(story=story, kind=kind, link=link, reason="model")


def picked(news: Iterable[str], tools: Iterable[str]) -> dict[str, list[dict[str, object]]]:
    """Write an answer to `select`: of each event its stories, `s05 s07`, the leading one first."""
    return {
        half: [
            {"stories": names.split(), "event": f"What {names} tells of the {half}"}
            for names in events
        ]
        for half, events in (("news", news), ("tools", tools))
    }


def entry(name: str, link: str | None, kind: EntryKind = "news") -> Entry:
    """Write an entry."""
    return Entry(kind=kind, title="标题", summary="摘要" * 30, link=link, story=name)


PAGE = """---
title: A sampler
---

# AI Twitter Recap

**Models**

- **Alder**: a lab published the weights of its model Alder, and the code it was trained with
- **Birch**: a team measured how its agent Birch mends failing tests in a real repository
- **Cedar**: an engineer told how a cache named Cedar halves the time to the first token
"""
"""An issue of three stories."""


def small_page(folder: Path, bullets: int = 22) -> Path:
    """Write an issue with so many stories, which have nothing in common."""
    names = [f"{a}{b}{c}or" for a in "BDFGK" for b in "aeiou" for c in "lmn"]
    lines = [
        f"- **{name}**: the {name} project has come out, and people who tried {name} say that it does "
        f"what the {name} manual promises; more of it at ([{name}](https://{name.lower()}.example/{n})), "
        "where it is told at length."
        for n, name in enumerate(names[:bullets])
    ]
    page = folder / "26-01-30-small.md"
    head = "---\ntitle: Small\n---\n\n# AI Twitter Recap\n\n**Section**\n\n"
    page.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return page


def make_digest(job: PreparedJob, ask: Ask, profile: ModelProfile) -> Digest:
    """Go the whole way from a page to its digest, without earlier digests."""
    inputs = prepare(job, profile=profile, progress=NullProgress())
    return generate(inputs, ask=ask, progress=NullProgress())
