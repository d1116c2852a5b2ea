"""A digest made again without asking: from the answers that the cache holds.

So `edit` finds out whether they make the digest again, and what an edit would change and ask.
"""

from pipeline.errors import ModelError, ModelInvalid
from pipeline.llm import Answer, FallbackModel, Question
from pipeline.progress import NullProgress
from pipeline.publish import made_from_of, with_made_from
from pipeline.records import Digest, SelectedStory
from pipeline.run import GenerationInput, generate
from pipeline.tell import ReusedEntries, load_checks
from pipeline.translate import DraftEntry, quoted_draft, translate_checked


class _NotCached(ModelError):
    """The cache has no answer to a question."""


class _CachedAnswers:
    """An `Ask` that answers from the cache.

    A question of a prompt that may be left out counts as answered by nobody.
    """

    def __init__(self, model: FallbackModel | None, optional: str = "") -> None:
        self._model = model
        self._optional = optional

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        model = self._model
        if model is None or model.model_for(question).pending_request(question, schema) is not None:
            said = f"the cache has no answer to {question.prompt!r}"
            raise ModelInvalid(said) if question.prompt == self._optional else _NotCached(said)
        return model.ask(question, schema)


def is_reproducible(digest: Digest, inputs: GenerationInput, model: FallbackModel) -> bool:
    """Whether the cache alone makes the digest again, but for the sum that it names."""
    try:
        again = generate(inputs, ask=_CachedAnswers(model), progress=NullProgress())
    except ModelError:
        return False
    return with_made_from(again, made_from_of(digest)) == digest


def rehearse(
    inputs: GenerationInput, model: FallbackModel | None, reused: ReusedEntries | None
) -> tuple[Digest, frozenset[str]]:
    """Make a digest without asking; give it with the stories that had to be quoted.

    Without `model` it is one that has answered nothing yet.
    """
    ask = _CachedAnswers(model)
    unknown: set[str] = set()

    def find_draft(choice: SelectedStory) -> DraftEntry | None:
        if reused and (draft := reused.find_draft(choice)):
            return draft
        try:
            return translate_checked(
                choice, issue=inputs.issue, ask=ask, profile=inputs.profile, checks=load_checks()
            )
        except _NotCached:
            unknown.add(choice.story.id)
            return quoted_draft(choice)

    known = reused or ReusedEntries(find_draft, proofread=False)
    known = known._replace(find_draft=find_draft)
    lenient = _CachedAnswers(model, optional="proofread")
    return generate(inputs, ask=lenient, progress=NullProgress(), reused=known), frozenset(unknown)
