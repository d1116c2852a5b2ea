"""Options of `edit` in other spellings: what is meant is done, or it is said how to write it."""

import pytest

from desk import TITLE, Desk
from pipeline.cli import app
from pipeline.edits import parse_edits
from pipeline.edits.options import EditOptions
from pipeline.errors import SettingsError
from pipeline.records import Digest, Link
from pipeline.revise import list_edits

PAGE = "https://lmarena.example.org/leaderboard/text"


@pytest.fixture
def linked(desk: Desk) -> Digest:
    """Give a digest whose second entry has a link more."""
    digest = desk.digest()
    second = digest.news[1].model_copy(update={"links": (Link(url=PAGE, text="board"),)})
    return digest.model_copy(update={"news": (digest.news[0], second, *digest.news[2:])})


@pytest.mark.parametrize(
    "typed", [PAGE, f"{PAGE}#frag", f"{PAGE}/", f"{PAGE}?utm_source=x", "1", "L1", f"{PAGE}/#a"]
)
def test_an_address_is_written_as_the_issue_spells_it(linked: Digest, typed: str) -> None:
    """Whatever was pasted of it."""
    options = EditOptions(set=(f"news:2.link={typed}",))
    (edit,) = parse_edits(options, linked, "2026-01-30", ())
    assert edit.link == PAGE


def test_another_address_stays_as_it_was_typed(linked: Digest) -> None:
    """It is for the checks to refuse."""
    other = "https://lmarena.example.org/leaderboard/text/more/"
    (edit,) = parse_edits(EditOptions(set=(f"news:2.link={other}",)), linked, "2026-01-30", ())
    assert edit.link == other


def test_a_link_is_taken_off_and_comes_back(desk: Desk) -> None:
    """It stays off when the digest is made again, and when another word is set."""
    before = desk.bytes()
    link = desk.digest().news[1].link
    assert link
    shown = desk.edit(set=("news:2.link=",))
    assert f"~ news:2 link: “{link}” to none" in shown.changes
    assert desk.digest().news[1].link is None
    desk.edit(set=(f"news:2.title={TITLE}",))
    desk.edit(move=("news:5=1",))
    again = desk.run(force=True)
    (entry,) = [entry for entry in again.news if entry.title == TITLE]
    assert (entry.link, entry.edited) == (None, ("title", "link"))
    assert list_edits(again)[0].words.startswith("set news:3: link none (")
    desk.edit(undo=("1",))
    assert desk.digest().news[2].link == link
    desk.edit(undo=("all",))
    assert desk.bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--add", "news", "words of the page, a whole sentence"], "'news' is not a place"),
        (["--add", "4", "words of the page, a whole sentence"], "'4' is not a place"),
        (["--tell", "3", "x"], "--tell 3: write it as --tell news:3"),
        (["--tell", "news", "x"], "--tell news: write it as --tell news:3"),
        (["--undo", "1,2"], "--undo 1: the digest has no edits"),
    ],
    ids=str,
)
def test_half_a_place_is_refused_in_words(
    desk: Desk, words: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked or written."""
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", str(desk.folder))
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(desk.settings.cache_dir))
    monkeypatch.setenv("OPENAI_BASE_URL", desk.server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-key")
    monkeypatch.setenv("AINEWS_MODEL", "test-model")
    before = desk.bytes()
    with pytest.raises(SettingsError) as refused:
        app(["edit", "2026-01-30", "--source", str(desk.page), *words], standalone_mode=False)
    assert said in str(refused.value)
    assert (desk.bytes(), desk.asked()) == (before, 0)
