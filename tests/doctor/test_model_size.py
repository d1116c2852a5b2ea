"""The size of a model is read from its name, and from nothing that only looks like one."""

import pytest

from pipeline.doctor.models import parameter_billions


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("qwen3:4b", 4),
        ("qwen3:0.6b", 0.6),
        ("Qwen/Qwen3-4B-Instruct-2507", 4),
        ("Qwen3-1.7B-Q4_K_M.gguf", 1.7),
        ("qwen3_4b_instruct", 4),
        ("gemma-3-1b", 1),
        ("gemma-3-270m-it", 0.27),
        ("gemma3:4b-it-qat", 4),
        ("llama3.2:3b", 3),
        ("meta-llama/Llama-3.2-3B-Instruct", 3),
        ("llama3.2-vision:11b", 11),
        ("HuggingFaceTB/SmolLM2-360M-Instruct", 0.36),
        ("TinyLlama-1.1B-Chat-v1.0", 1.1),
        ("deepseek-r1:1.5b", 1.5),
        ("phi-4-mini", 3.8),
        ("phi4-mini:latest", 3.8),
        ("microsoft/Phi-3.5-mini-instruct", 3.8),
        ("phi3:mini-4k", 3.8),
        ("phi4:14b", 14),
        ("granite-3.3-2b-instruct", 2),
        ("mistral-7b-instruct-4bit", 7),
        ("qwen3:8b-q4_K_M", 8),
        ("gpt-oss-20b", 20),
    ],
)
def test_a_name_says_how_large_a_model_is(name: str, billions: float) -> None:
    """Billions or millions, in any spelling; Phi's small ones are known by name."""
    assert parameter_billions(name) == pytest.approx(billions)


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("Qwen3-30B-A3B", 30),
        ("qwen3:30b-a3b-instruct", 30),
        ("qwen3-next-80b-a3b", 80),
        ("LFM2-8B-A1B", 8),
        ("OLMoE-1B-7B-0924-Instruct", 7),
        ("mixtral:8x7b", 56),
        ("granite-3.1-1b-a400m-instruct", 1),
        ("Llama-4-Scout-17B-16E", 17),
    ],
)
def test_of_a_mixture_of_experts_all_of_it_counts(name: str, billions: float) -> None:
    """The part that is active for a token says how quick it is, not how much it knows."""
    assert parameter_billions(name) == pytest.approx(billions)


@pytest.mark.parametrize(
    "name",
    [
        "gpt-6-luna",
        "gpt-5-mini",
        "gemini-2.5-flash",
        "o4-mini",
        "Qwen1.5-MoE-A2.7B",
        "kimi-k2:1t",
        "llama3.2:latest",
        "model-4bit",
        "w4a16",
        "v2b",
        "phi-4",
        "phi-4-minimal",
        "deepseek-chat",
        "",
        "4",
        "b",
    ],
)
def test_a_name_without_a_size_says_nothing(name: str) -> None:
    """Nothing is guessed."""
    assert parameter_billions(name) is None
