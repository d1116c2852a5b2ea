"""What the evidence writes as code is no markup of the entry."""

import pytest

from build import entry, story
from pipeline.chinese.glossary import load_glossary
from pipeline.verify.registry import verify

SUMMARY = "该公司公布了新的推理芯片，并开放了编译器的源代码。工程师可以申请试用，价格和供货时间还没有公布。"


def found(text: str, evidence: str, check: str) -> list[str]:
    """Name what a check finds in a summary that ends in these words."""
    made = entry("s01", None).model_copy(
        update={"title": "公司公布新的芯片", "summary": f"{SUMMARY}{text}。"}
    )
    findings = verify(made, story("s01", text=evidence), terms=load_glossary())
    return [each.found for each in findings if each.check == check]


@pytest.mark.parametrize(
    ("text", "evidence", "form"),
    [
        ("包名为@acme-ai/claude-code", "npm i @acme-ai/claude-code", []),
        ("包名为@acme-ai/claude-code", "npm i claude-code", ["@acme"]),
        ("由@acme发布", "by @acme today", ["@acme"]),
        ("输出<think>标签", "It prints <think> first", []),
        ("输出</think>标签", "It ends with </think> here", []),
        ("输出<think>标签", "It thinks first", ["<think>"]),
        ("输出<tool_call>标签", "It prints <tool_call> tags", []),
        ("输出<b>标签", "It prints <b> tags", ["<b>"]),
        ("输出<script>标签", "It prints <script> tags", ["<script>"]),
        ("输出<IMG>标签", "It prints <IMG> tags", ["<IMG>"]),
        ("可用ollama run acme/{username}运行", "then ollama run acme/{username}", []),
        ("可用ollama run acme/{username}运行", "then ollama run acme/orca", ["{"]),
        ("可用ollama run acme/{{user}}运行", "then ollama run acme/{{user}}", ["{"]),
        ("可用{% user %}运行", "then {% user %}", ["{"]),
        ("输出<think onload=x>标签", "It prints <think onload=x> tags", ["<think onload=x>"]),
    ],
)
def test_packages_and_tags_of_the_evidence_stay(text: str, evidence: str, form: list[str]) -> None:
    """A package of npm and a model's own tag; an account and an element of HTML do not."""
    assert found(text, evidence, "form") == form


@pytest.mark.parametrize(
    ("text", "evidence", "term"),
    [
        ("可用vllm benchmark测量", "Run vllm benchmark to see the benchmark", []),
        ("可用vllm benchmark测量", "vLLM has a benchmark", ["benchmark"]),
        ("可加--agent选项", "Use --agent with an agent", []),
        ("可用ollama run hf/{repository}运行", "ollama run hf/{repository} for a repository", []),
        ("多个agent协作", "Use --agent with an agent", ["agent"]),
    ],
)
def test_a_term_in_a_command_is_no_misuse(text: str, evidence: str, term: list[str]) -> None:
    """As the evidence writes the command."""
    assert found(text, evidence, "term") == term
