"""Addresses of one page are equal, addresses of two pages are not, and private ones are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.urls import canonical, is_public_url, is_shortened, link_type, original_url
from pipeline.urls.page_type import account_of
from pipeline.urls.same_page import is_mirror


@pytest.mark.parametrize(
    "other",
    [
        "http://twitter.com/a/status/1",
        "https://www.x.com/a/status/1/",
        "https://mobile.twitter.com/a/status/1?s=20&t=abc",
        "https://x.com/a/status/1?utm_source=ainews&ref_src=twsrc#replies",
        "https://xcancel.com/A/status/1?s=46",
        "https://fxtwitter.com/a/status/1/photo/1",
        "https://x.com/i/status/1",
    ],
)
def test_names_of_one_post_are_equal(other: str) -> None:
    """The same post is one page, whatever its host, scheme, slash, account and tracking."""
    assert canonical(other) == canonical("https://x.com/a/status/1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://arxiv.org/abs/2512.14080", "http://arxiv.org/pdf/2512.14080v2.pdf"),
        ("https://arxiv.org/abs/2512.14080", "https://huggingface.co/papers/2512.14080"),
        ("https://arxiv.org/abs/2512.14080", "https://www.alphaxiv.org/abs/2512.14080"),
        ("https://github.com/A/b", "https://github.com/a/b.git"),
        ("https://github.com/a/b", "https://github.com/a/b/tree/main/"),
        ("https://github.com/a/b", "https://github.com/a/b/blob/main/README.md"),
        ("https://huggingface.co/a/b", "https://hf.co/a/b/tree/main"),
        (
            "https://www.reddit.com/r/LocalLLaMA/comments/1abc/a_title/",
            "https://reddit.com//r/LocalLLaMA/comments/1abc?utm_source=share",
        ),
        ("https://www.reddit.com/r/a/comments/1abc/x", "https://redd.it/1abc"),
        ("https://old.reddit.com/r/a/comments/1abc/x/", "https://reddit.com/comments/1abc"),
        ("https://m.reddit.com/user/a/comments/1abc/x", "https://np.reddit.com/r/b/comments/1ABC"),
        (
            "https://reddit.com/r/a/comments/1abc/x/c9/?context=3&share_id=1&rdt=5",
            "https://www.reddit.com/r/a/comments/1abc/x/c9",
        ),
        ("https://github.com/a/b/blob/master/README.md#use", "https://github.com/a/b/tree/master"),
        ("https://huggingface.co/datasets/a/b/blob/main/README.md", "https://hf.co/datasets/A/b"),
        ("https://export.arxiv.org/abs/2512.14080v1", "https://ar5iv.org/html/2512.14080"),
        ("https://openreview.net/pdf?id=a", "https://openreview.net/forum?id=a"),
        ("https://m.youtube.com/watch?v=a&si=1&feature=share&ab_channel=x", "https://youtu.be/a/"),
        ("https://a.test/b?fbclid=1&gclid=2&mc_cid=3&mc_eid=4&igsh=5", "http://www.a.test/b/"),
        ("https://a.test/b?UTM_medium=x&ref_url=y&ref_src=z#top", "https://a.test//b"),
        ("https://A.test./b", "https://a.test/b"),
        (" https://a.test/b ", "https://a.test/b"),
        ("https://youtu.be/Ab?si=x", "https://www.youtube.com/watch?v=Ab&t=12"),
        (
            "https://docs.google.com/document/d/1x/edit?tab=t.0",
            "https://docs.google.com/document/d/1x",
        ),
    ],
)
def test_names_of_one_page_are_equal(one: str, other: str) -> None:
    """A paper, a repository, a model, a thread and a film each have one form."""
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.com/a/status/1", "https://x.com/a/status/2"),
        ("https://youtube.com/watch?v=a", "https://youtube.com/watch?v=b"),
        ("https://youtu.be/a", "https://youtu.be/A"),
        ("https://example.org/?t=1", "https://example.org/?t=2"),
        ("https://github.com/a/b", "https://gitlab.com/a/b"),
        ("https://github.com/a/b", "https://github.com/a/b/issues/1"),
        ("https://github.com/a/b/issues/1", "https://github.com/a/b/issues/2"),
        ("https://arxiv.org/abs/2512.14080", "https://arxiv.org/abs/2512.14081"),
        ("https://www.reddit.com/r/a/comments/1/x", "https://www.reddit.com/r/a/comments/1/x/c9"),
        ("https://openreview.net/forum?id=a", "https://openreview.net/forum?id=b"),
        ("https://a.test/Page", "https://a.test/page"),
        ("https://a.test/?si=1", "https://a.test/?si=2"),
        ("https://a.test/?utm=1", "https://a.test/?utm=2"),
        ("https://github.com/a/b/tree/dev", "https://github.com/a/b"),
        ("https://huggingface.co/a/b", "https://huggingface.co/a/c"),
        ("https://huggingface.co/a/b/blob/main/x.json", "https://huggingface.co/a/b"),
        ("https://a.test/pdf?id=a", "https://a.test/forum?id=a"),
        ("https://www.a.test/x", "https://w.a.test/x"),
        ("https://docs.google.com/document/d/1x", "https://docs.google.com/document/d/1y"),
    ],
)
def test_two_pages_stay_apart(one: str, other: str) -> None:
    """A path, a query that means something, and the host all make another page."""
    assert canonical(one) != canonical(other)


@given(st.text(max_size=60))
def test_any_text_has_a_form_and_a_kind(text: str) -> None:
    """No address is so odd that it stops a run, and a form is its own form."""
    for url in (text, f"https://{text}", f"https://x.com/{text}"):
        assert link_type(url)
        assert canonical(url) == canonical(url.strip())


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://www.x.com/A/status/1?s=20", "x.com/status/1"),
        ("https://x.com/OpenAI/", "x.com/openai"),
        ("https://youtu.be/Ab", "youtube.com/watch?v=Ab"),
        ("https://a.test/Page/?b=2&a=1", "a.test/Page?b=2&a=1"),
        ("https://reddit.com/r/a/comments/1abc/x/c9", "reddit.com/comments/1abc/c9"),
        ("https://huggingface.co/A/b/tree/main", "huggingface.co/a/b"),
    ],
)
def test_a_form_is_the_address_without_what_says_nothing(url: str, form: str) -> None:
    """Host and path stay, and a query that means something, in its order."""
    assert canonical(url).removeprefix("/") == form


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.1", "0x7f.1", "0177.0.0.1", "2130706433", "0x7f000001", "127.0.0.1."),
        *("8.8.8.8", "1.2.3.0x", "[::1]", "[::ffff:10.0.0.1]", "[fe80::1%25eth0]", "[v1.a]"),
        *("localhost", "LOCALHOST.", "a.localhost", "localhost.localdomain", "intranet", "router"),
        *("printer.local", "vault.internal", "nas.lan", "tv.home.arpa", "127.0.0.1.nip.io"),
        *("a%2etest", "a.test%00", "%6cocalhost", "a..test", ".a.test", "a.test..", ".", ""),
        *("a.test:0", "a.test:65536", "a.test:http", "a.test:-1", "a:1:2:3", "a.test:\u0661x"),
        *("-a.test", "a-.test", "a b.test", "a.te,st", f"{'a' * 64}.test", "\u0430.test"),
    ],
)
def test_what_names_no_public_host_is_no_address_of_the_open_web(host: str) -> None:
    """Numbers in any spelling, one label, private names and hosts that cannot be are none."""
    assert not is_public_url(f"https://{host}/x")


@pytest.mark.parametrize(
    "host",
    [
        *("a.test", "A.Test:8080", "a.test.", "a.test:", "xn--80a.xn--p1ai", "a_b.substack.com"),
        *("1.1.1.1.com", "3dnews.ru", "0x.org", "local.ai", "internal.dev", "localhost.run"),
        *("mylocal.network", "notlocalhost.com", "fe80.io", "a--b.test", "127.0.0.1.test"),
    ],
)
def test_a_name_of_two_labels_may_be_linked_to(host: str) -> None:
    """Figures, and words of private names, may stand anywhere else in a name."""
    assert is_public_url(f"http://{host}/x")
    assert is_public_url(f"HTTPS://{host}?x#y")
    assert not is_public_url(f"ftp://{host}/x")


@pytest.mark.parametrize(
    ("host", "frame"),
    [
        *((host, True) for host in ("xcancel.com", "nitter.net", "nitter.poast.org")),
        *((host, False) for host in ("fxtwitter.com", "d.fxtwitter.com", "vxtwitter.com")),
        *((host, False) for host in ("fixupx.com", "fixvx.com", "www.fixupx.com")),
    ],
)
def test_a_mirror_of_a_post_is_that_post(host: str, *, frame: bool) -> None:
    """It is the same page, whether or not a browser is led on to it."""
    url = f"https://{host}/a/status/1"
    assert is_mirror(url) is frame
    assert original_url(f"{url}?s=20#m") == "https://x.com/a/status/1"
    assert canonical(url) == canonical("https://x.com/a/status/1")
    assert (link_type(url), account_of(url)) == ("post", "a")


def test_a_mirror_of_a_thread_is_that_thread() -> None:
    """Reddit is mirrored as X is."""
    url, thread = (
        "https://redlib.a.test/r/b/comments/1c/d/",
        "https://reddit.com/r/b/comments/1c/d/",
    )
    assert is_mirror(url)
    assert original_url(url) == thread
    assert canonical(url) == canonical(thread)


@pytest.mark.parametrize(
    "url",
    [
        *("https://x.com/a/status/1?s=20", "https://redd.it/1abc", "https://nitter.net/", ""),
        *(
            "https://xcancel.com",
            "https://old.reddit.com/r/a",
            "https://a.test/nitter.net/status/1",
        ),
    ],
)
def test_what_mirrors_no_post_stays(url: str) -> None:
    """Another name of the same host is none, and a home page shows no post."""
    assert original_url(url) == url


def test_a_short_form_is_told_from_another_name_of_a_host() -> None:
    """Whose short form a company's own is can be told from its name."""
    for host in (
        "t.co",
        "BIT.ly",
        "www.tinyurl.com",
        "buff.ly",
        "lnkd.in",
        "goo.gl",
        "ow.ly",
        "git.io",
    ):
        assert is_shortened(f"https://{host}/a")
    for host in ("redd.it", "youtu.be", "hf.co", "a.bit.ly.test", "x.com"):
        assert not is_shortened(f"https://{host}/a")


def test_a_page_that_leads_on_is_a_short_form() -> None:
    """Its host says nothing about where its reader arrives; other pages of the host do."""
    for url in (
        "https://www.google.com/url?q=https://a.test/",
        "https://youtube.com/redirect?q=x",
        "https://l.facebook.com/l.php?u=x",
        "https://out.reddit.com/t3_1?url=x",
    ):
        assert is_shortened(url)
    for url in ("https://youtube.com/watch?v=1", "https://www.google.com/search?q=url"):
        assert not is_shortened(url)
