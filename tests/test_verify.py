"""An entry's link is one of its own story's, and no two entries share one."""

from build import entry, story
from pipeline.verify import repeats, verify


def test_a_link_of_the_story_passes() -> None:
    """The same page under its other name is still the story's link."""
    told = story("s01", "https://twitter.com/a/status/1")
    assert verify(entry("s01", "https://x.com/a/status/1"), told) == ()


def test_a_link_from_elsewhere_is_an_error() -> None:
    """An address that the story does not have is found, with what was expected."""
    told = story("s01", "https://example.org/a")
    (finding,) = verify(entry("s01", "https://example.org/b"), told)
    assert (finding.check, finding.severity, finding.found) == (
        "link",
        "error",
        "https://example.org/b",
    )


def test_an_entry_without_link_passes_only_where_the_story_has_none() -> None:
    """A story with a link must show it."""
    assert verify(entry("s01", None), story("s01")) == ()
    assert verify(entry("s01", None), story("s01", "https://example.org/a"))[0].check == "link"


def test_an_address_under_two_entries_is_found() -> None:
    """The second entry of one page is the finding."""
    two = [entry("s01", "https://x.com/a/1"), entry("s02", "https://twitter.com/a/1")]
    assert [finding.entry for finding in repeats(two)] == ["s02"]
    assert repeats([two[0], entry("s03", None), entry("s04", None)]) == ()
