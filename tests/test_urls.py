"""Addresses of one page are equal, addresses of two pages are not, and each says what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.urls import (
    account_of,
    canonical,
    is_generic_word,
    is_mirror,
    is_public_url,
    is_shortened,
    link_type,
    original_url,
)


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
    ("url", "kind"),
    [
        ("https://github.com/vllm-project/vllm-metal", "repository"),
        ("https://github.com/vllm-project", "hub"),
        ("https://huggingface.co/Qwen/Qwen-Image-Layered", "model"),
        ("https://huggingface.co/papers/2512.14080", "paper"),
        ("https://huggingface.co/docs/hub/ollama", "vendor"),
        ("https://huggingface.co/spaces/a/some-leaderboard", "hub"),
        ("https://arxiv.org/pdf/2512.14080", "paper"),
        ("https://pypi.org/project/arena-rank/", "package"),
        ("https://openai.com/index/introducing-gpt-oss/", "vendor"),
        ("https://docs.unsloth.ai/new/3x-faster", "vendor"),
        ("https://openrouter.ai/openai/gpt-5", "offer"),
        ("https://openrouter.ai/announcements/healing", "vendor"),
        ("https://someone.test/2025/why-yaml", "page"),
        ("https://twitter.com/a/status/1", "post"),
        ("https://x.com/a", "hub"),
        ("https://www.scmp.com/tech/article/1/manus", "press"),
        ("https://reddit.com//r/a/comments/1/x/", "thread"),
        ("https://www.reddit.com/r/a/", "hub"),
        ("https://youtu.be/abc", "video"),
        ("https://discord.com/channels/1/2/3", "chat"),
        ("https://lmarena.ai/leaderboard/text", "hub"),
        ("https://someone.test/", "hub"),
        ("https://example.com/polyglot", "hub"),
        ("https://cdn.discordapp.com/attachments/1/2/a.txt", "picture"),
        ("https://someone.test/a.png", "picture"),
        ("https://news.smol.ai/issues/x", "own"),
        ("https://news.smol.ai", "own"),
        ("https://buttondown.email/ainews/archive/x", "own"),
        ("https://link.to/x", "hub"),
        ("https://docs.example.org/x", "hub"),
        ("https://i.imgur.com/a", "picture"),
        ("https://preview.redd.it/a", "picture"),
        ("https://pbs.twimg.com/media/a", "picture"),
        ("https://tenor.com/view/a", "picture"),
        ("https://someone.test/a.MP4", "picture"),
        ("https://t.me/a", "chat"),
        ("https://a-team.slack.com/b", "chat"),
        ("https://someone.test/leaderboards", "hub"),
        ("https://someone.test/a/open-leaderboard/b", "hub"),
        ("https://vimeo.com/1", "video"),
        ("https://t.co/a", "post"),
        ("https://bsky.app/profile/a", "post"),
        ("https://nitter.net/a/status/1", "post"),
        ("https://www.linkedin.com/posts/a", "post"),
        ("https://www.reddit.com/gallery/1abc", "thread"),
        ("https://lobste.rs/s/a", "thread"),
        ("https://discuss.python.org/t/a", "thread"),
        ("https://www.nature.com/articles/a", "paper"),
        ("https://doi.org/10.1/a", "paper"),
        ("https://proceedings.mlr.press/v1", "paper"),
        ("https://openreview.net/forum?id=a", "paper"),
        ("https://hub.docker.com/r/a", "package"),
        ("https://gist.github.com/a/1", "repository"),
        ("https://gitlab.com/a/b", "repository"),
        ("https://codeberg.org/a/b", "repository"),
        ("https://hf.co/a/b", "model"),
        ("https://huggingface.co/blog/a", "vendor"),
        ("https://huggingface.co/a", "hub"),
        ("https://huggingface.co", "hub"),
        ("https://www.kaggle.com/a/b", "model"),
        ("https://ollama.com/library/a", "offer"),
        ("https://replicate.com/a/b", "offer"),
        ("https://openrouter.ai/docs/a", "vendor"),
        ("https://openrouter.ai/a/b/c", "page"),
        ("https://techcrunch.com/", "hub"),
        ("https://www.bbc.co.uk/news/a", "press"),
        ("https://someone.test/blog", "hub"),
        ("https://someone.test/blog/", "hub"),
        ("https://someone.test/pricing", "hub"),
        ("https://someone.test/blog/a", "vendor"),
        ("https://someone.test/en/docs/a", "vendor"),
        ("https://someone.test/introducing-a/b", "vendor"),
        ("https://docs.someone.test/a", "vendor"),
        ("https://someone.github.io/a", "vendor"),
        ("https://someone.readthedocs.io/a", "vendor"),
        ("https://someone.test/about-us", "page"),
        ("https://someone.test//a", "page"),
    ],
)
def test_an_address_says_what_it_is(url: str, kind: str) -> None:
    """What a page is follows from its host and path alone."""
    assert link_type(url) == kind


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://twitter.com/OpenAIDevs/status/1", "openaidevs"),
        ("https://github.com/Dao-AILab/sonic-moe", "dao-ailab"),
        ("https://www.liquid.ai/blog/lfm2", "liquid"),
        ("https://nitter.net/OpenAIDevs/status/1", "openaidevs"),
        ("https://hf.co/Qwen/Qwen-Image", "qwen"),
        ("https://gitlab.com/A-Team/b", "a-team"),
        ("https://pypi.org/project/heron", "pypi"),
        ("https://docs.unsloth.ai/a", "unsloth"),
        ("https://localhost/a", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_an_address_says_who_speaks(url: str, name: str) -> None:
    """A post has its account, a repository its owner, and any other page its site."""
    assert account_of(url) == name


def test_a_picture_is_told_from_a_page() -> None:
    """Only what shows nothing but a picture or a clip counts as one."""
    assert link_type("https://i.redd.it/abc.png") == "picture"
    assert link_type("https://www.reddit.com/r/LocalLLaMA/comments/1/") != "picture"


def test_the_newsletter_and_mirrors_are_known() -> None:
    """The newsletter's own pages, and frames around other people's posts, can be told."""
    assert link_type("https://news.smol.ai/issues/25-12-19-not-much") == "own"
    assert link_type("https://smol.ai/") != "own"
    assert is_mirror("https://xcancel.com/a/status/1")
    assert is_mirror("https://www.nitter.net/a/status/1")
    assert not is_mirror("https://notxcancel.com/a/status/1")
    for host in ("mobile.twitter.com", "twitter.com", "x.com", "mobile.x.com", "old.reddit.com"):
        assert not is_mirror(f"https://{host}/a/status/1")


@pytest.mark.parametrize(
    ("word", "common"), [("openai", True), ("model", True), ("heron", False), ("OpenAI", False)]
)
def test_common_words_are_known(word: str, *, common: bool) -> None:
    """Great makers and words of every headline say little about which thing is meant."""
    assert is_generic_word(word) is common


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
