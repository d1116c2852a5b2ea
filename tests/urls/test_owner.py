"""Whose a page is follows from whole names of hosts and accounts."""

import pytest

from build import mention
from pipeline.urls import is_generic_word, is_owned_by, maker_names


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.com/heron-2",
        "https://www.acme.com/heron-2",
        "https://blog.acme.ai/heron",
        "https://acme.co.uk/heron",
        "https://github.com/acme/heron",
        "https://huggingface.co/Acme/Heron-2",
        "https://huggingface.co/spaces/acme/heron",
        "https://acme.github.io/heron",
        "https://x.com/acme/status/1",
        "https://xcancel.com/Acme/status/1",
    ],
)
def test_a_page_is_of_whom_its_host_or_account_names(url: str) -> None:
    """The name before the ending, or the account where many have pages, is the maker's."""
    assert is_owned_by(url, {"acme"})


@pytest.mark.parametrize(
    "url",
    [
        "https://acme-com.evil.example/acme-ships-heron-2",
        "https://acme.com.evil.example/heron-2",
        "https://acme.evil.example/acme.com",
        "https://evil.example/acme.com/acme",
        "https://acme-heron.example/",
        "https://acmee.com/heron",
        "https://xn--acm-cva.com/heron",
        "https://acme.vercel.app/heron",
        "https://acme.notion.site/heron",
        "https://acme.co.evil.uk/heron",
        "https://github.com/acme-evil/heron",
        "https://github.com/evil/acme",
        "https://gist.github.com/evil/acme",
        "https://acme.github.io.evil.example/",
        "https://huggingface.co/evil/acme",
        "https://huggingface.co/spaces/evil/acme",
        "https://huggingface.co/acme",
        "https://acme@evil.example/acme.com",
        "https://acme.com@evil.example/heron",
        "https://evil.example/?u=acme.com",
        "https://evil.example#acme.com",
        "https://com/acme",
    ],
)
def test_a_name_that_is_only_like_the_makers_is_not_the_makers(url: str) -> None:
    """Neither a longer name, nor one that stands before somebody's host or in a path."""
    assert not is_owned_by(url, {"acme"})


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://z.ai/blog/glm", "zai"),
        ("https://www.liquid.ai/blog/lfm", "liquid"),
        ("https://www.liquid.ai/blog/lfm", "liquidai"),
        ("https://deepmind.google/blog/scope", "google"),
        ("https://huggingface.co/zai-org/GLM", "zaiorg"),
    ],
)
def test_a_host_has_several_names(url: str, name: str) -> None:
    """With its ending or without it; the ending alone where a maker owns it."""
    assert is_owned_by(url, {name})


def test_the_hosts_where_anybody_has_pages_are_nobodys() -> None:
    """A page on Google's sites is not Google's, nor one on a host that Vercel serves Vercel's."""
    for url in (
        "https://sites.google.com/view/gemini",
        "https://docs.google.com/document/d/1",
        "https://www.google.com/url?q=https://evil.example",
        "https://gemini.vercel.app/x",
    ):
        assert not is_owned_by(url, {"google", "vercel", "gemini"})


def test_the_rooms_of_a_host_are_no_accounts() -> None:
    """`spaces` and `blog` name nobody, whatever else the lead names."""
    for url in ("https://huggingface.co/spaces/evil", "https://huggingface.co/blog/evil/kite"):
        assert not is_owned_by(url, {"spaces", "blog"})


def test_who_may_be_the_maker_stands_in_the_lead() -> None:
    """Capitalised words, pairs and posting accounts; a product's name with a figure is none."""
    text = "Acme Labs ships Heron-2 for Kite-Image: Elsewhere says Google."
    names = maker_names(
        [mention(text, "https://x.com/Tug_Boat/status/1", lead="Acme Labs ships Heron-2")]
    )
    assert names == {"acme", "labs", "acmelabs", "tugboat", "google"}
    posted = mention(text, "https://x.com/Tug_Boat/status/1", lead="Acme ships", part="reddit")
    assert maker_names([posted]) == {"acme", "google"}
    assert "qwen" in maker_names([mention("Qwen-Image-Layered is out")])
    assert maker_names([mention("open models ship, says nobody")]) == frozenset()


@pytest.mark.parametrize(
    ("word", "common"), [("openai", True), ("model", True), ("heron", False), ("OpenAI", False)]
)
def test_common_words_are_known(word: str, *, common: bool) -> None:
    """Great makers and words of every headline say little about which thing is meant."""
    assert is_generic_word(word) is common
