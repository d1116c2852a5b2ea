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


def told(summary: str, evidence: str) -> list[tuple[str, str, str]]:
    """Verify a summary against a text."""
    made = entry("s01", None).model_copy(update={"summary": summary})
    return [(f.check, f.severity, f.found) for f in verify(made, story("s01", text=evidence))]


def test_a_quantity_has_to_be_in_the_evidence() -> None:
    """Another notation of the same quantity passes; another quantity is an error."""
    text = "MatX raised $500M for a chip, 40k hours of video, a 27B model, 1.86x faster."
    assert told("获5亿美元融资，4万小时视频，270亿参数模型，快1.86倍。", text) == []
    assert told("MatX获500万美元融资，500万美元用于芯片。", text) == [
        ("number", "error", "500万美元")
    ]
    assert told("发布了28B模型。", text) == [("number", "error", "28B")]


def test_a_small_count_in_words_is_only_a_warning() -> None:
    """A translation may count what the text lists."""
    assert told("支持两种格式。", "It reads docx and csv.") == [("number", "warning", "两")]


def test_a_name_has_to_be_in_the_evidence() -> None:
    """Case, hyphens and spaces do not matter; another letter or digit does."""
    text = "Liquid AI put out LFM2‑24B‑A2B; jax-js runs in the browser."
    assert told("Liquid AI发布lfm2-24b-a2b，JAX JS可在浏览器运行。", text) == []
    assert told("LFLM2-24B-A2B发布。", text) == [("name", "error", "LFLM2-24B-A2B")]
    assert told("OpenAI发布LFM2-24B-A2B。", text) == [("name", "error", "OpenAI")]


def test_a_name_may_stand_in_an_anchor_only() -> None:
    """What a link is called is evidence too."""
    made = entry("s01", "https://example.org/a").model_copy(update={"summary": "由link发布。"})
    assert verify(made, story("s01", "https://example.org/a")) == ()


def test_common_words_need_no_evidence() -> None:
    """AI, API and the like are how Chinese says it."""
    assert told("该AI模型的API上线。", "The model can be called now.") == []
