"""One entry told again with the editor's remark: it alone, kept, checked, shown and taken back."""

import io
import shutil
from collections.abc import Iterator

import pytest

import editor
from desk import SUMMARY, TITLE, Desk
from pipeline.diff.changes import DigestVersion
from pipeline.diff.compare import diff
from pipeline.errors import NotPublished, SettingsError
from pipeline.llm.prompts import load_prompt
from pipeline.ops import digest_text
from pipeline.records import Digest
from pipeline.report import report
from pipeline.revise import RefreshOptions, list_edits, locate_digest, refresh_entries
from pipeline.site.entry import entry_view
from pipeline.site.review import review_page
from pipeline.write.json_format import from_json, to_json

REMARK = "say that it is a preview"


@pytest.fixture
def asked(desk: Desk) -> Iterator[Desk]:
    """Have the server of the desk mind remarks."""
    desk.server.answer = editor.minding
    yield desk
    desk.server.answer = editor.answer


def others(digest: Digest, *places: str) -> list[tuple[str, str]]:
    """Write down all entries but those of some places."""
    return [
        (place, entry.model_dump_json()) for place, entry in digest.placed if place not in places
    ]


def remarks_asked(desk: Desk) -> list[str]:
    """Give the remarks of the questions since the last count; empty for a question without."""
    found = [
        it.messages[1]["content"].partition(editor.REMARK_MARK)[2].strip()
        for it in desk.server.requests
    ]
    desk.asked()
    return found


@pytest.mark.parametrize("lost", [False, True], ids=["cache kept", "cache lost"])
def test_only_the_named_entry_is_told_again_with_the_remark(asked: Desk, *, lost: bool) -> None:
    """It is asked for and proofread; every other entry stays byte for byte, whatever the cache."""
    before, first = asked.digest(), asked.bytes()
    if lost:
        shutil.rmtree(asked.settings.cache_dir)
    done = asked.edit(tell=(f"news:3={REMARK}",))
    assert remarks_asked(asked) == [REMARK, ""]
    after = asked.digest()
    assert others(after, "news:3") == others(before, "news:3")
    assert after.news[2].title == f"预览版{before.news[2].title}"
    assert after.news[2].edited == ("remark",)
    assert done.changes == (f"~ news:3 title: “{before.news[2].title}” to “{after.news[2].title}”",)
    assert done.edits == "1 edit, new"
    (edit,) = after.edits
    assert (edit.do, edit.stood, edit.place, edit.remark) == ("tell", "news:3", None, REMARK)
    assert after.provenance
    assert after.provenance.prompts["remark"] == load_prompt("remark").sha256
    if not lost:
        written = asked.bytes()
        asked.run()
        assert (asked.bytes(), asked.asked()) == (written, 0)
    asked.edit(undo=("last",))
    assert others(asked.digest(), "news:3") == others(before, "news:3")
    assert asked.digest().provenance == before.provenance
    if not lost:
        assert (asked.bytes(), asked.asked()) == (first, 0)


def test_a_remark_stays_when_the_digest_is_made_again(asked: Desk) -> None:
    """Without any kept answer it is asked with that entry alone; so it is by a refresh."""
    asked.edit(tell=(f"tools:2={REMARK}",))
    told = asked.digest().tools[1]
    shutil.rmtree(asked.settings.cache_dir)
    asked.asked()
    asked.run(force=True)
    assert remarks_asked(asked).count(REMARK) == 1
    assert asked.digest().tools[1] == told
    refresh_entries(
        locate_digest("2026-01-30", asked.folder),
        RefreshOptions(("tools:2",), str(asked.page)),
        settings=asked.settings,
        progress=asked.notes,
        stdin=io.BytesIO(),
    )
    assert REMARK in remarks_asked(asked)
    assert asked.digest().tools[1] == told


def test_a_question_without_a_remark_is_as_it_was(asked: Desk) -> None:
    """So that answers that were kept or recorded before go on answering."""
    shutil.rmtree(asked.settings.cache_dir)
    asked.edit(drop=("news:1",))
    plain = asked.server.requests[0].messages[1]["content"]
    asked.edit(undo=("all",))
    asked.asked()
    asked.edit(tell=(f"news:1={REMARK}",))
    user = asked.server.requests[0].messages[1]["content"]
    assert editor.REMARK_MARK not in plain
    assert user.startswith(user.partition("\n\nThe editor of the digest")[0] + "\n\nThe editor")
    assert user.endswith(f"{editor.REMARK_MARK}\n{REMARK}")


def test_remarks_on_one_entry_add_up(asked: Desk) -> None:
    """The later after the earlier one; the same one again changes nothing."""
    asked.edit(tell=(f"news:3={REMARK}",))
    asked.asked()
    asked.edit(tell=("news:3=and name its maker",))
    assert remarks_asked(asked)[0] == f"{REMARK}\nand name its maker"
    assert len(asked.digest().edits) == 2
    again = asked.edit(tell=("news:3=and name its maker",))
    assert (again.changes, again.edits, len(asked.digest().edits)) == ((), "2 edits", 2)


def test_what_the_model_invents_for_a_remark_is_refused(asked: Desk) -> None:
    """The answer passes the same checks: else nothing is written, also in a preview."""
    before = asked.bytes()
    wish = {"tell": ("news:3=invent how much it raised",)}
    with pytest.raises(NotPublished, match=r"news:3 was not told again.*error\[number\] news:3"):
        asked.edit(**wish)
    shown = asked.edit(**wish, preview=True)
    assert "was not told again" in shown.refused
    assert asked.bytes() == before
    shutil.rmtree(asked.settings.cache_dir)
    with pytest.raises(NotPublished, match="not told again"):
        asked.edit(**wish, drop=("news:9",))
    assert asked.bytes() == before


def test_an_entry_that_is_told_again_keeps_what_else_is_by_hand(asked: Desk) -> None:
    """A title by hand stays; an entry with all words by hand has nothing to be told."""
    asked.edit(set=(f"news:3.title={TITLE}",))
    asked.edit(tell=(f"news:3={REMARK}",), move=("news:5=1",))
    entry = next(entry for entry in asked.digest().news if "remark" in entry.edited)
    assert (entry.title, entry.edited) == (TITLE, ("title", "remark"))
    asked.edit(set=(f"tools:1.title={TITLE}", f"tools:1.summary={SUMMARY}"))
    with pytest.raises(SettingsError, match="tools:1 is written by hand"):
        asked.edit(tell=(f"tools:1={REMARK}",))


def test_another_model_tells_an_entry_again_only_if_that_is_wanted(asked: Desk) -> None:
    """One line names both models; with a word the digest names both."""
    before = asked.bytes()
    asked.settings = asked.settings.model_copy(update={"model": "another"})
    with pytest.raises(SettingsError, match=r"'test-model'.*'another'.*--model-change"):
        asked.edit(tell=(f"news:3={REMARK}",))
    assert (asked.bytes(), asked.asked()) == (before, 0)
    asked.edit(tell=(f"news:3={REMARK}",), model_change=True)
    origin = asked.digest().provenance
    assert origin
    assert origin.model == "test-model + another"
    without = {"openai_api_key": None, "openai_base_url": None, "model": None}
    asked.settings = asked.settings.model_copy(update=without)
    with pytest.raises(SettingsError, match="set OPENAI_API_KEY"):
        asked.edit(tell=(f"news:4={REMARK}",))


def test_a_dry_run_names_the_entry_and_its_question(asked: Desk) -> None:
    """Beside what else would change, whatever remarks the digest has; nothing is asked."""
    asked.edit(tell=(f"tools:2={REMARK}",))
    before = asked.bytes()
    asked.asked()
    dry = asked.edit(tell=("news:3=shorter",), set=(f"news:1.title={TITLE}",), dry_run=True)
    assert (dry.questions, asked.asked(), asked.bytes()) == (1, 0, before)
    assert dry.changes[-1] == "~ news:3 told again: “shorter”"
    assert dry.changes[0].startswith("~ news:1 title: ")
    assert (len(dry.changes), dry.edits) == (2, "3 edits, 2 of them new")


def test_a_remark_is_shown_wherever_edits_are(asked: Desk) -> None:
    """By the list, `show`, the pull request, the site and the diff; and the JSON is read back."""
    before = asked.digest()
    asked.edit(tell=(f"news:3={REMARK}",))
    after = asked.digest()
    (listed,) = list_edits(after)
    assert (listed.number, listed.place) == (1, "news:3")
    for text in (
        listed.words,
        digest_text(after, "x", "news:3"),
        report([("2026-01-30", after)], ()),
        str(review_page(after, "x", previous="first").edits),
    ):
        assert REMARK in text
    assert "by hand: remark" in digest_text(after, "x", "news:3")
    assert "按编辑意见重写" in str(entry_view(after.news[2], "news-3", 3))
    assert from_json(to_json(after)) == after
    assert '"remark"' not in to_json(before)
    changed = diff(
        DigestVersion(name="old", digest=before), DigestVersion(name="new", digest=after)
    )
    causes = {
        (cause.why, cause.what, cause.new) for entry in changed.entries for cause in entry.causes
    }
    assert causes == {("edit", "news:3", f"tell “{REMARK}”")}
