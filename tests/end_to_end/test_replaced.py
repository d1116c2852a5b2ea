"""A run that writes over a published digest says so, and what became of the entries."""

import io
from typing import Any

from desk import DAY, TITLE, Desk
from editor import answer
from openai_server import OpenAIServer
from pipeline.estimate import estimate
from pipeline.plan import RunRequest
from pipeline.publish import PublishedDigest, run_request
from pipeline.revise import list_edits


def other_words(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
    """Answer as always, with another title for every entry."""
    return answer(messages, schema).replace('"title": "', '"title": "又')


def run_again(desk: Desk) -> PublishedDigest:
    """Run once more for the date, without force."""
    request = RunRequest(source=str(desk.page), date=DAY)
    (one,) = run_request(
        request, settings=desk.settings, today=DAY, progress=desk.notes, stdin=io.BytesIO()
    )
    return one


def test_what_is_replaced_is_said(desk: Desk) -> None:
    """By another server's answers; not where the same bytes come out."""
    same = run_again(desk)
    assert (same.replaced, same.changed) == ("", False)
    assert not any("replaced" in line for line in same.lines())
    with OpenAIServer(answer=other_words) as other:
        settings = desk.settings.model_copy(update={"openai_base_url": other.base_url})
        desk.settings = settings
        again = run_again(desk)
    assert again.replaced == (
        "replaced the digest that was there, made by test-model: 20 reworded; "
        "`ainews-digest diff 2026-01-30`"
    )
    assert next(again.lines()) == f"note 2026-01-30: {again.replaced}"


def test_a_dry_run_lists_edits_as_the_digest_does(desk: Desk) -> None:
    """Each by the place where its story stands now."""
    desk.edit(set=(f"news:3.title={TITLE}",))
    desk.edit(move=("news:3=tools:1",))
    desk.edit(drop=("news:1",))
    request = RunRequest(source=str(desk.page), date=DAY, force=True)
    (found,) = estimate(
        request, settings=desk.settings, today=DAY, progress=desk.notes, stdin=io.BytesIO()
    )
    listed = [one.words for one in list_edits(desk.digest())]
    assert found.replaced.edits == tuple(f"stays: {words}" for words in listed)
    assert found.replaced.edits[0].startswith("stays: set tools:1: title")
