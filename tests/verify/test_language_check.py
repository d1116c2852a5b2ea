"""What stays English in an entry is a name of its story, or a word that the glossary lets stay."""

from pathlib import Path

import pytest

from build import entry, story
from outside import answers_from_outside
from pipeline.chinese.glossary import load_glossary
from pipeline.verify.registry import verify

SUMMARY = "该公司公布了新的推理芯片，并开放了编译器的源代码。工程师可以申请试用，价格和供货时间还没有公布。"
TERMS = load_glossary()


def left(text: str, evidence: str, *urls: str) -> list[tuple[str, str]]:
    """List the English that the check finds in a summary with these words, and how surely."""
    made = entry("s01", urls[0] if urls else None).model_copy(
        update={"title": "公司公布新的芯片", "summary": f"{SUMMARY}又说{text}。"}
    )
    found = verify(made, story("s01", *urls, text=evidence), terms=TERMS)
    return [(each.severity, each.found) for each in found if each.check == "language"]


@pytest.mark.parametrize(
    ("text", "evidence", "url", "found"),
    [
        ("openrouter/free可用", "It is free.", "https://openrouter.ai/openrouter/free", []),
        ("openrouter/free可用", "It is free.", "https://openrouter.ai/x", [("warning", "free")]),
        (
            "token/revenues限制",
            "Limits",
            "https://a.example/token-messages",
            [("error", "revenues")],
        ),
        ("harness的作用", "the harness of an agent", "", []),
        ("kernel与fork", "a kernel and a fork", "", []),
        ("batch size为8", "a batch size of 8", "", []),
        ("batch size为8", "a size of 8 for a batch", "", [("error", "batch size")]),
        ("size为8", "a batch size of 8", "", [("warning", "size")]),
        ("discourse很热烈", "the discourse", "", [("warning", "discourse")]),
        ("费用roughly减半", "roughly half", "", [("error", "roughly")]),
        ("由praised公布", "@praised: it is out", "", []),
        ("million已上线", "A library", "https://github.com/acme/million", []),
    ],
)
def test_english_is_told_from_names(
    text: str, evidence: str, url: str, found: list[tuple[str, str]]
) -> None:
    """A path of an address, an account, a project and an accepted word stay; ordinary words do not."""
    assert left(text, evidence, *([url] if url else [])) == found


def test_right_answers_from_outside_are_not_rejected(shared: Path) -> None:
    """Names, terms, language, scripts and form have nothing to say of them, with the glossary."""
    cases = answers_from_outside(shared, "26-01-31-faithful.md", "faithful.answers.json")
    for made, source in cases:
        findings = verify(made, source, terms=TERMS)
        checks = {each.check for each in findings}
        assert not checks & {"name", "term", "language", "scripts", "form"}, (made.title, findings)
