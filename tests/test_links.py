"""Addresses of one page are equal, and addresses of two pages are not."""

import pytest

from pipeline.links import canonical, is_picture


@pytest.mark.parametrize(
    "other",
    [
        "http://twitter.com/a/status/1",
        "https://www.x.com/a/status/1/",
        "https://mobile.twitter.com/a/status/1?s=20&t=abc",
        "https://x.com/a/status/1?utm_source=ainews&ref_src=twsrc#replies",
    ],
)
def test_names_of_one_post_are_equal(other: str) -> None:
    """The same post is one page, whatever its host, scheme, slash and tracking."""
    assert canonical(other) == canonical("https://x.com/a/status/1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.com/a/status/1", "https://x.com/a/status/2"),
        ("https://youtube.com/watch?v=a", "https://youtube.com/watch?v=b"),
        ("https://example.org/?t=1", "https://example.org/?t=2"),
        ("https://github.com/a/b", "https://gitlab.com/a/b"),
    ],
)
def test_two_pages_stay_apart(one: str, other: str) -> None:
    """A path, a query that means something, and the host all make another page."""
    assert canonical(one) != canonical(other)


def test_a_picture_is_told_from_a_page() -> None:
    """Only hosts that serve nothing but pictures and clips count as pictures."""
    assert is_picture("https://i.redd.it/abc.png")
    assert not is_picture("https://www.reddit.com/r/LocalLLaMA/comments/1/")
