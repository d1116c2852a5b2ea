"""A story by words of the page that the parser missed: the page's own, kept, and taken back."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from build import small_page
from desk import Desk
from editor import answer
from openai_server import OpenAIServer
from pipeline.audit import audit
from pipeline.errors import SettingsError
from pipeline.revise import list_edits
from pipeline.write.json_format import to_json

MISSED = "This guild has no new messages but one: Zorbex 4 costs $30.50 and runs on one machine."
"""What reads like boilerplate, and is passed over."""
TAIL = f"\n\n# AI Discord Recap\n\n**Zorbex ▷ #general**\n\n{MISSED}\n"
WITH_LINK = "Told at [the site](https://zorbex.example/4) of Zorbex, at some length, by its maker."


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Make a digest of a page with a passage that is no mention."""
    folder = tmp_path_factory.mktemp("first")
    page = small_page(folder, 44)
    page.write_text(page.read_text(encoding="utf-8") + TAIL, encoding="utf-8")
    with OpenAIServer(answer=answer) as server:
        desk = Desk(folder, server, page)
        desk.run()
        yield desk


@pytest.fixture
def missed(first: Desk, tmp_path: Path) -> Desk:
    """Lay a copy of it on the desk."""
    shutil.copytree(first.folder.parent, tmp_path, dirs_exist_ok=True)
    first.asked()
    return Desk(tmp_path, first.server, first.page)


@pytest.mark.parametrize("lost", [False, True], ids=["cache kept", "cache lost"])
def test_a_passage_becomes_an_entry_like_any_other(missed: Desk, *, lost: bool) -> None:
    """With its words as evidence; the others make room, and keep every byte."""
    before, bytes_before = missed.digest(), missed.bytes()
    if lost:
        shutil.rmtree(missed.settings.cache_dir)
    done = missed.edit(add=(f"news：4={MISSED.lower()}",))
    assert missed.asked() == 2  # the entry, and its proofreading
    after = missed.digest()
    entry = after.news[3]
    assert (entry.evidence, entry.edited, entry.parts) == (MISSED, ("story",), ("discord",))
    assert entry.section == ("AI Discord Recap",)
    assert not entry.quoted
    kept = [*after.news[:3], *after.news[4:]]
    assert [it.model_dump_json() for it in kept] == [it.model_dump_json() for it in before.news[:9]]
    assert after.tools == before.tools
    assert [line[0] for line in done.changes] == ["-", "+"]
    (edit,) = after.edits
    assert (edit.do, edit.place, edit.passage) == ("add", "news:4", MISSED)
    assert edit.instead
    assert list_edits(after)[0].place == "news:4"
    if not lost:
        written = missed.bytes()
        missed.run()
        assert (missed.bytes(), missed.asked()) == (written, 0)
    missed.edit(undo=("last",))
    again = missed.digest()
    assert [entry.story for entry in again.entries] == [entry.story for entry in before.entries]
    if not lost:
        assert missed.bytes() == bytes_before


def test_it_is_there_again_when_the_digest_is_made_again(missed: Desk) -> None:
    """Without a kept answer; and where the page has lost the words, that is said."""
    missed.edit(add=(f"tools:1={MISSED}",))
    told = missed.digest()
    shutil.rmtree(missed.settings.cache_dir)
    again = missed.run(force=True)
    assert again == told
    page = missed.page.with_name("other") / missed.page.name
    page.parent.mkdir(exist_ok=True)
    page.write_text(missed.page.read_text(encoding="utf-8").replace("no new", "many"), "utf-8")
    missed.page = page
    changed = missed.run(force=True)
    assert MISSED not in [entry.evidence for entry in changed.entries]
    (finding,) = [finding for finding in changed.findings if finding.check == "edit"]
    assert "no story of the issue" in finding.found
    assert len(changed.edits) == 1


def test_a_passage_has_the_links_that_stand_in_it(missed: Desk, tmp_path: Path) -> None:
    """And shows one of them; without a place it stands at the end of the half that it speaks for."""
    page = tmp_path / "linked" / missed.page.name
    page.parent.mkdir()
    text = missed.page.read_text(encoding="utf-8")
    page.write_text(text.replace(MISSED, f"{MISSED} {WITH_LINK}"), encoding="utf-8")
    desk = Desk(tmp_path / "desk", missed.server, page)
    desk.run()
    desk.edit(add=("at the site of zorbex, at some length",))
    (entry,) = [entry for entry in desk.digest().entries if "story" in entry.edited]
    assert (entry.evidence, entry.link) == (
        "at the site of Zorbex, at some length,",
        "https://zorbex.example/4",
    )
    assert entry in (desk.digest().news[-1], desk.digest().tools[-1])


def test_what_is_not_of_the_page_is_refused(missed: Desk) -> None:
    """Nothing is asked and written; so are places that are not there, and a story twice."""
    before = missed.bytes()
    for word, said in (
        (f"news:4={MISSED.replace('30', '31')}", "--add news:4: the page does not have.*nearest"),
        ("news:4=", "write it as --add news:4"),
        ("news:4=Zorbex 4 costs", "20 to 5,000"),
        (f"news:12={MISSED}", "no news:12"),
        (f"news:0={MISSED}", "'news:0' is not an entry"),
        (f"nws:4={MISSED}", "the page does not have"),
    ):
        with pytest.raises(SettingsError, match=said):
            missed.edit(add=(word,))
    with pytest.raises(SettingsError, match="same command"):
        missed.edit(add=(f"news:4={MISSED}", f"tools:4={MISSED}"))
    assert (missed.bytes(), missed.asked()) == (before, 0)
    told = " ".join(missed.digest().tools[2].evidence.split()[3:14])
    with pytest.raises(SettingsError, match=r"tools:3 “.*tells of these words already; --force"):
        missed.edit(add=(f"news:2={told}",))
    missed.edit(add=(f"news:4={MISSED}",))
    with pytest.raises(SettingsError, match="that is news:4 already"):
        missed.edit(add=(f"news:2={MISSED}",))


def test_another_model_tells_an_added_story_only_if_that_is_wanted(missed: Desk) -> None:
    """As it does an entry that is told again; without a key the line says what to set."""
    missed.settings = missed.settings.model_copy(update={"model": "another"})
    with pytest.raises(SettingsError, match=r"'test-model'.*'another'.*--model-change"):
        missed.edit(add=(f"news:4={MISSED}",))
    missed.edit(add=(f"news:4={MISSED}",), model_change=True)
    assert missed.digest().news[3].evidence == MISSED
    without = {"openai_api_key": None, "openai_base_url": None, "model": None}
    missed.settings = missed.settings.model_copy(update=without)
    with pytest.raises(SettingsError, match="set OPENAI_API_KEY"):
        missed.edit(add=("tools:1=the Bilor project has come out",))


def test_other_edits_go_on_with_an_added_story(missed: Desk) -> None:
    """It is moved, reworded and left out like any other; messages name the issue's own stories."""
    missed.edit(add=(f"news:4={MISSED}",))
    missed.edit(move=("news:4=tools:2",))
    assert missed.digest().tools[1].evidence == MISSED
    assert list_edits(missed.digest())[0].words.startswith("add news:4, now tools:2: ")
    with pytest.raises(SettingsError, match="it has s01 to s44"):
        missed.edit(swap=("news:1=s99",))
    missed.edit(drop=("tools:2",))
    assert MISSED not in [entry.evidence for entry in missed.digest().entries]
    missed.edit(undo=("last",))
    assert missed.digest().tools[1].evidence == MISSED


def test_an_added_story_is_of_the_issue_for_verify(missed: Desk) -> None:
    """With the page at hand its evidence is found there."""
    missed.edit(add=(f"news:4={MISSED}",))
    found = audit(
        to_json(missed.digest()),
        str(missed.page),
        settings=missed.settings,
        stdin=io.BytesIO(),
    )
    assert [f for f in found.findings if f.check in ("story", "evidence")] == []
