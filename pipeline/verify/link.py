"""The link of an entry is one of its story's."""

from collections.abc import Iterator

from pipeline.urls import canonical
from pipeline.verify.check import CheckInput, CheckResult, Problem
from pipeline.verify.link_choice import relevant_links


def check_link(data: CheckInput) -> CheckResult:
    """Compare the link with the story's."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    entry, story = data.entry, data.story
    links = {canonical(link.url) for link in story.links}
    if entry.link is None:
        # A link that stands in the story, but about something else, is rightly left out; one that
        # somebody took off is, too.
        left_out = entry.unlinked or "link" in entry.edited
        if not left_out and relevant_links(entry, story):
            yield Problem("one of the story's links", "no link")
    elif canonical(entry.link) not in links:
        expected = "one of the story's links" if links else "no link: the story has none"
        yield Problem(expected, entry.link)
