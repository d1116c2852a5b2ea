"""One question per story, with its own evidence; an answer must be Chinese and plain."""

from datetime import date

import pytest

from build import choice, story
from fakes import FakeModel
from pipeline.errors import ModelInvalid
from pipeline.records import Finding
from pipeline.translate import _Reply, question, translate

DAY = date(2026, 1, 30)
TITLE = "Mistral发布语音模型Voxtral Mini"
SUMMARY = "Mistral发布语音模型Voxtral Mini，参数量为3B，采用Apache 2.0许可。该模型可转写最长30分钟的音频，价格为同类的一半。"


def test_an_entry_carries_its_story_and_the_link_that_was_chosen() -> None:
    """Title and summary come from the model; everything else from the story."""
    told = story(
        "s07", "https://example.org/a", "https://example.org/b", text="Voxtral Mini. " * 20
    )
    model = FakeModel([{"title": TITLE + "。", "summary": SUMMARY}])
    made = translate(choice(told, "tool"), issue_date=DAY, ask=model.ask)
    assert (made.kind, made.title, made.summary) == ("tool", TITLE, SUMMARY)
    assert (made.story, made.link) == ("s07", "https://example.org/a")
    assert [link.url for link in made.links] == ["https://example.org/a", "https://example.org/b"]
    assert made.evidence == told.evidence


def test_the_question_holds_this_story_and_the_date() -> None:
    """The model sees one story, fenced, and when it happened."""
    asked = question(choice(story("s01", text="SonicMoE is 1.86x faster.")), issue_date=DAY)
    assert "<material>\nSonicMoE is 1.86x faster.\n</material>" in asked.user
    assert "2026-01-30" in asked.user


def test_links_do_not_pass_through_the_model() -> None:
    """The addresses of a story are not in the question."""
    asked = question(choice(story("s01", "https://example.org/secret")), issue_date=DAY)
    assert "example.org" not in asked.user + asked.system


def test_handles_are_not_shown_to_the_model() -> None:
    """Who posted is left out where a bracket says nothing else; in a sentence the name stays."""
    text = (
        "fal serves it (@fal, @linoy_tsaban; tweet). @OpenAIDevs said so (see @a for more): a@b.co"
    )
    asked = question(choice(story("s01", text=text)), issue_date=DAY)
    assert "fal serves it. OpenAIDevs said so (see a for more): a@b.co" in asked.user


def test_a_long_story_is_cut_at_a_word() -> None:
    """Evidence beyond the limit is not sent."""
    told = story("s01", text="word " * 5_000)
    asked = question(choice(told), issue_date=DAY, max_evidence_chars=1_000)
    assert len(asked.user) < 1_300
    assert "word …" in asked.user


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("title", "Mistral ships a speech 模型", "Simplified Chinese"),
        ("title", "短题", "at least 6"),
        ("title", "很长的标题" * 9, "at most 40 characters, not 45"),
        ("title", "很长的标题" * 12, "at most 52"),
        ("title", "Exo 1.0发布，llama.cpp性能仅", "ends in the middle"),
        ("summary", "太短了。", "at least 40"),
        (
            "summary",
            "".join(f"第{n}个模型发布了。" for n in range(28)),
            "at most 260 characters, not 270",
        ),
        ("summary", "模型发布。" * 61, "at most 300"),
        ("summary", SUMMARY + "该模型支持、", "ends in the middle"),
        ("summary", "该公司发布了新的开源模型。" * 6, "same thing twice"),
        (
            "summary",
            SUMMARY + "It was trained on more than ten thousand hours of audio.",
            "English",
        ),
        ("summary", SUMMARY + "详见https://evil.example/x。", "no link"),
        ("summary", SUMMARY + "详见[这里](x)。", "no link"),
        ("summary", SUMMARY + "<b>重要</b>。", "no link"),
        ("summary", SUMMARY + "由 @someone 发布。", "no link"),
        ("summary", SUMMARY + "成本 attributed to vLLM。", "attributed to"),
        ("summary", SUMMARY + "”}，，，，，", "braces"),
        ("summary", "以下是摘要：" + SUMMARY, "opening words"),
    ],
)
def test_an_answer_that_is_no_chinese_summary_is_refused(field: str, text: str, said: str) -> None:
    """Wrong language, length, links, markup and chatter are asked for again, with the reason."""
    answer = {"title": TITLE, "summary": SUMMARY, field: text}
    with pytest.raises(ModelInvalid, match=said):
        FakeModel([answer]).ask(question(choice(story("s01")), issue_date=DAY), _Reply)


def test_a_missing_full_stop_is_added() -> None:
    """A last sentence that is whole but for its mark is not asked for again."""
    assert _Reply(title=TITLE, summary=SUMMARY.rstrip("。")).summary == SUMMARY


def test_an_original_term_may_stand_in_brackets() -> None:
    """负迁移（ray interference） says what the Chinese term is for."""
    text = SUMMARY + "小模型会出现负迁移（ray interference）。"
    assert _Reply(title=TITLE, summary=text).summary == text


def test_names_and_versions_stay_in_latin_letters() -> None:
    """A summary full of product names is still Chinese."""
    text = "vLLM与SGLang均已支持GLM-4.7，Hugging Face上可下载Qwen3.5-35B-A3B的权重，llama.cpp的支持仍在开发。"
    assert _Reply(title="vLLM与SGLang支持GLM-4.7", summary=text).summary == text


def test_a_second_question_says_what_was_wrong() -> None:
    """The findings follow the same question, and it is marked as asked before."""
    model = FakeModel([{"title": TITLE, "summary": SUMMARY}])
    finding = Finding(
        entry="s01",
        check="number",
        severity="error",
        expected="a quantity of the text",
        found="500万美元",
    )
    told = choice(story("s01"))
    translate(told, issue_date=DAY, ask=model.ask, mend=[finding])
    asked = model.history[0]
    assert asked.again
    assert asked.user.startswith(question(told, issue_date=DAY).user)
    assert asked.user.endswith("- number: 500万美元")
