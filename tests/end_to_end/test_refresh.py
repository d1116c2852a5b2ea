"""Some entries are told anew, and every other one stays as it is, byte for byte."""

import datetime as dt
import io
import json
import re
import shutil
from typing import Any

import pytest

import editor
from build import small_page
from desk import DAY, SUMMARY, TITLE, Desk
from openai_server import OpenAIServer
from pipeline.errors import DigestError, NotPublished, SettingsError
from pipeline.plan import RunRequest
from pipeline.records import Digest
from pipeline.revise import RefreshOptions, locate_to_refresh, refresh_entries
from pipeline.revise.refresh import RefreshResult


def refresh(desk: Desk, *places: str, day: dt.date | None = DAY, **more: Any) -> RefreshResult:
    """Ask again for some entries, as the command does."""
    wanted = RunRequest(date=day, source=str(desk.page))
    location = locate_to_refresh(wanted, desk.settings, io.BytesIO())
    options = RefreshOptions(places, str(desk.page), **more)
    return refresh_entries(
        location, options, settings=desk.settings, progress=desk.notes, stdin=io.BytesIO()
    )


def reworded(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
    """Answer as always, in other words."""
    return re.sub("这是一条新闻的摘要", "这是另一种说法的摘要", editor.answer(messages, schema))


def others(digest: Digest, *places: str) -> list[tuple[str, str]]:
    """Write down all entries but those of some places, with all that the JSON holds of them."""
    return [
        (place, entry.model_dump_json()) for place, entry in digest.placed if place not in places
    ]


@pytest.mark.parametrize("lost", ["cache kept", "cache lost", "another machine"])
def test_every_other_entry_stays_byte_for_byte(desk: Desk, lost: str) -> None:
    """Two questions, whatever the cache holds, also where the whole cache folder is another's."""
    before = desk.digest()
    if lost != "cache kept":
        shutil.rmtree(desk.settings.cache_dir)
    with OpenAIServer(answer=reworded) as other:
        if lost == "another machine":
            url = other.base_url
            desk.settings = desk.settings.model_copy(update={"openai_base_url": url})
        desk.server.answer = reworded
        result = refresh(desk, "news:3")
        desk.server.answer = editor.answer
        assert len(desk.server.requests) + len(other.requests) == 2
    after = desk.digest()
    assert others(after, "news:3") == others(before, "news:3")
    assert "另一种说法" in after.news[2].summary
    assert result.summary == "news:3 reworded, 19 unchanged"
    assert (result.published.changed, after.edits) == (True, before.edits)


def test_edits_outlive_it(desk: Desk) -> None:
    """Places, words and drops by hand stand as before, and the entry is found where it is now."""
    desk.edit(drop=("news:1",), move=("tools:3=1",), set=(f"news:2.title={TITLE}",))
    before = desk.digest()
    shutil.rmtree(desk.settings.cache_dir)
    result = refresh(desk, "tools:1", "news:1", "tools:1")
    after = desk.digest()
    assert others(after, "tools:1", "news:1") == others(before, "tools:1", "news:1")
    assert (after.edits, after.news[1].title) == (before.edits, before.news[1].title)
    assert result.summary.endswith("18 unchanged")


def test_another_model_needs_a_word(desk: Desk) -> None:
    """Nothing is asked without it; with it the digest names both models."""
    before = desk.bytes()
    desk.settings = desk.settings.model_copy(update={"model": "another-model"})
    with pytest.raises(SettingsError, match=r"'test-model'.*'another-model'.*--model-change"):
        refresh(desk, "news:3")
    for prompt in ("select", "translate"):
        with pytest.raises(SettingsError, match="--model-change"):
            desk.run(refresh=(prompt,))
    assert (desk.asked(), desk.bytes()) == (0, before)
    refresh(desk, "news:3", may_change_model=lambda said: "another-model" in said)
    origin = desk.digest().provenance
    assert origin
    assert origin.model == "test-model + another-model"


def test_new_words_that_do_not_pass_change_nothing(desk: Desk) -> None:
    """A translation is not replaced by a quotation; the files stay as they are."""
    before = desk.bytes()

    def invented(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
        fields = json.loads(editor.answer(messages, schema))
        for sentence in fields.get("sentences", []):
            sentence["text"] += "融资98765万美元。"
        return json.dumps(fields, ensure_ascii=False)

    desk.server.answer = invented
    with pytest.raises(NotPublished, match="news:3 was not reworded"):
        refresh(desk, "news:3")
    desk.server.answer = editor.answer
    assert desk.bytes() == before


def test_what_does_not_exist_cannot_be_asked_again(desk: Desk) -> None:
    """One line, exit code 2, nothing asked and nothing written; nor words that are by hand."""
    desk.edit(set=(f"news:2.title={TITLE}", f"news:2.summary={SUMMARY}"))
    before, _ = desk.bytes(), desk.asked()
    for place, day, said in (
        ("news:11", DAY, "no news:11"),
        ("news:2", DAY, "by hand"),
        ("news:3", dt.date(2026, 1, 31), "2026-01-31"),
    ):
        with pytest.raises(DigestError, match=said) as caught:
            refresh(desk, place, day=day)
        assert (caught.value.exit_code, desk.asked(), desk.bytes()) == (2, 0, before)


def test_the_digest_is_found_by_its_page_too(desk: Desk) -> None:
    """Of two digests of one date, the one that was made from it."""
    other = desk.page.with_name("26-01-29-other.md")
    other.write_text(
        small_page(desk.page.parent, 30).read_text("utf-8").replace("26-01-30", "26-01-29"), "utf-8"
    )
    for slug, stem in ((desk.page.stem, "2026-01-30"), ("26-01-30-none", None)):
        wanted = RunRequest(date=DAY, issue=slug)
        if stem:
            assert locate_to_refresh(wanted, desk.settings, io.BytesIO()).stem == stem
        else:
            with pytest.raises(SettingsError, match=r"there is no digest 2026-01-30 of 26-01-30"):
                locate_to_refresh(wanted, desk.settings, io.BytesIO())
