"""A line of an issue that repeats anything a thousand times costs seconds at most."""

import time

import pytest

from test_untrusted import CALM, HARMLESS, LINKS, assert_sound, digested, page

SEEDS = [
    *(
        "9",
        "1,",
        "1.",
        "1 ",
        "9万",
        "一",
        "百万",
        "1-",
        "$1",
        "1k",
        "1%",
        "a",
        "A",
        "a-",
        "a.",
        "a b ",
    ),
    *(
        "@",
        "@a",
        "(@xtweet",
        "GPT-4 ",
        "v1.",
        "[",
        "(",
        "[[",
        "](",
        "*",
        "**a ",
        "_",
        "~",
        "`",
        "`a",
    ),
    *(
        "<",
        "<a ",
        "<!--",
        "<?",
        "&",
        "&#",
        "\\",
        "|",
        "{",
        "}",
        "'",
        '"',
        "。",
        "，",
        "…",
        "？",
        "：",
        " ",
    ),
    *(
        "http://",
        "https://a.b/",
        "www.a.",
        "://",
        "s01 [",
        "Links mentioned: ",
        "twitter ",
        "é",
        "🇨",
    ),
    *(
        "million ",
        "twenty-",
        "point ",
        "half ",
        "Jan 1 ",
        "2025-01-",
        "1:",
        "1/",
        "the ",
        "OpenAI ",
    ),
]


@pytest.mark.parametrize(
    ("seeds", "size"),
    # All kinds at 100 KB would take minutes; what grows faster than its length shows at 6 KB too.
    [
        *((SEEDS[at : at + 1], 100_000) for at in range(0, len(SEEDS), 14)),
        *((SEEDS[at : at + 6], 6_000) for at in range(0, len(SEEDS), 6)),
    ],
)
def test_a_long_line_costs_seconds_at_most(seeds: list[str], size: int) -> None:
    """Whatever is repeated in one line, every stage stays quick and all other stories are told."""
    floods = " and ".join(seed * (size // len(seed)) for seed in seeds)
    words = f"{HARMLESS} ({floods}!"
    began = time.process_time()
    made = digested(page(words, "html"))
    assert time.process_time() - began < 8
    assert made.others() == CALM["html"].others()
    assert_sound(made, LINKS | {entry.link or "" for entry in [made.quill()] if entry})
