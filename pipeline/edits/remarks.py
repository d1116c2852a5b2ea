"""The editor's remark on one entry -> a part of every question that is asked for that entry.

A question without a remark stays as it is, byte for byte: what was asked before is answered from
the cache.
"""

from collections.abc import Sequence

from pipeline.llm import Answer, Ask, Question, load_prompt
from pipeline.records import Edit, Provenance

_PROMPT = "remark"


def with_remark(ask: Ask, remark: str | None) -> Ask:
    """Have a remark added to all that is asked; the same `ask` where there is none.

    Source: prompts/remark.md.
    """
    if not remark:
        return ask

    def ask_with_remark(question: Question, schema: type[Answer], /) -> Answer:
        added = load_prompt(_PROMPT).fill(remark=remark)
        user = f"{question.user}\n\n{added.system}\n\n{added.user}"
        return ask(question.model_copy(update={"user": user}), schema)

    return ask_with_remark


def name_remark_prompt(provenance: Provenance, edits: Sequence[Edit]) -> Provenance:
    """Say that the prompt was used, or that it no longer is."""
    prompts = {name: sha256 for name, sha256 in provenance.prompts.items() if name != _PROMPT}
    if any(edit.do == "tell" for edit in edits):
        prompts[_PROMPT] = load_prompt(_PROMPT).sha256
    return provenance.model_copy(update={"prompts": prompts})
