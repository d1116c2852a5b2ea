"""What an entry names, folded: one subject however it is written."""

import pytest

from build import entry
from pipeline.records import Entry
from pipeline.subjects import subjects_of


def _entry(title: str, evidence: str = "", summary: str = "摘要。") -> Entry:
    made = entry("s01", "https://example.org/1")
    return made.model_copy(update={"title": title, "summary": summary, "evidence": evidence})


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("OpenAI 发布 GPT-5.2", ["company-openai", "model-gpt5-2"]),
        ("OpenAI's GPT 5.2", ["company-openai", "model-gpt5-2"]),
        ("openai 的新模型", ["company-openai"]),
        ("谷歌发布新模型", ["company-google"]),
        ("Google DeepMind 发布 Gemini 3 Pro", ["company-google", "model-gemini3pro"]),
        ("Opus 4.5 上线", ["model-claudeopus4-5"]),
        ("Claude Opus 4.5 上线", ["model-claudeopus4-5"]),
        ("Anthropic 的 Claude Code", ["company-anthropic", "product-claudecode"]),
        ("奥特曼谈 o3", ["model-o3", "person-altman"]),
        ("Sam Altman 谈话", ["person-altman"]),
        ("三星堆出土文物", []),
        ("苹果树与苹果", ["company-apple"]),
        ("OpenAI、OpenAI 与 OPENAI", ["company-openai"]),
        ("llama.cpp 与 llama-server", ["product-llamacpp"]),
        ("Kaggle Game Arena 开赛", []),
        ("Claude Max 5x 涨价", ["model-claude"]),
        ("MCP 与 RAG 的 API", []),
    ],
)
def test_a_subject_is_found_by_its_whole_name(title: str, slugs: list[str]) -> None:
    """In either language, in any spelling, and nothing that only looks like one."""
    assert sorted(subject.slug for subject in subjects_of(_entry(title))) == sorted(slugs)


def test_versions_are_different_subjects() -> None:
    """GPT-5 is not GPT-5.2, and Qwen3 not Qwen3.5."""
    slugs = {
        subject.slug
        for title in ("GPT-5", "GPT-5.2", "Qwen3", "Qwen3.5")
        for subject in subjects_of(_entry(title))
    }
    assert slugs == {"model-gpt5", "model-gpt5-2", "model-qwen3", "model-qwen3-5"}


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        ("Google DeepMind releases a model.", True),
        ("The GDM team releases a model.", True),
        ("Somebody releases a model.", False),
    ],
)
def test_a_name_counts_where_the_evidence_has_a_spelling_of_it(
    evidence: str, *, found: bool
) -> None:
    """What an entry adds by itself is no subject of it."""
    assert bool(subjects_of(_entry("谷歌发布模型", evidence))) is found


@pytest.mark.parametrize(
    "title",
    ["GPT-5/../../etc 发布", "Qwen3%2e%2e", "GPT-5.2\u202e", "gpt-5:con", "Claude 4" + "4" * 300],
)
def test_a_slug_is_safe_as_a_file_name_and_in_an_address(title: str) -> None:
    """Small letters, digits and hyphens, and not long."""
    for subject in subjects_of(_entry(title)):
        assert len(subject.slug) <= 80
        assert subject.slug.isascii()
        assert not set(subject.slug) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
