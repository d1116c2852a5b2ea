"""Each address says what its page is, and who speaks there."""

import pytest

from pipeline.urls import link_type
from pipeline.urls.page_type import account_of
from pipeline.urls.same_page import is_mirror


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
