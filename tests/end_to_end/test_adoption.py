"""A digest's Markdown that somebody has changed is noticed, kept, and taken over when asked."""

import pytest

from desk import SUMMARY, TITLE, Desk
from pipeline.errors import NotPublished, PageNotUnderstood
from pipeline.ops import digest_text
from pipeline.write.files import write
from pipeline.write.json_format import to_json
from pipeline.write.manual_changes import describe_markdown, markdown_state, require_unchanged
from pipeline.write.markdown_format import to_markdown

NAME = "2026-01-30"


def change(desk: Desk, old: str, new: str) -> str:
    """Change the Markdown by hand; give the text that is there now."""
    file = desk.folder / f"{NAME}.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file.read_text(encoding="utf-8")


def test_markdown_changed_by_hand_is_never_written_over(desk: Desk) -> None:
    """Neither by a run nor by an edit; both name the command that takes the change over."""
    text = change(desk, desk.digest().news[1].title, TITLE)
    over = rf"{NAME}\.md.*edit {NAME} --adopt.*"
    with pytest.raises(NotPublished, match=over + "--force"):
        desk.run()
    for wish in ({"pin": ("news:1",)}, {"set": (f"news:3.title={TITLE}",)}, {"undo": ("all",)}):
        for force in (False, True):
            with pytest.raises(NotPublished, match=over + "--overwrite"):
                desk.edit(**wish, force=force)
    assert (desk.folder / f"{NAME}.md").read_text(encoding="utf-8") == text
    assert desk.asked() == 0
    desk.run(force=True)
    assert TITLE not in (desk.folder / f"{NAME}.md").read_text(encoding="utf-8")


def test_markdown_changed_by_hand_is_written_over_when_that_is_said(desk: Desk) -> None:
    """It alone: words that do not pass the checks are another matter."""
    change(desk, desk.digest().news[1].title, TITLE)
    with pytest.raises(NotPublished, match="--force"):
        desk.edit(set=("news:3.title=融资98765万美元",), overwrite=True)
    assert TITLE in (desk.folder / f"{NAME}.md").read_text(encoding="utf-8")
    desk.edit(pin=("news:1",), overwrite=True)
    assert TITLE not in (desk.folder / f"{NAME}.md").read_text(encoding="utf-8")


def test_what_was_changed_is_taken_over(desk: Desk) -> None:
    """It becomes an edit of the digest, which the next run keeps."""
    old = desk.digest()
    text = change(desk, old.news[1].title, TITLE)
    desk.edit(adopt=True)
    new = desk.digest()
    assert (new.news[1].title, new.news[1].edited, len(new.edits)) == (TITLE, ("title",), 1)
    assert (desk.folder / f"{NAME}.md").read_text(encoding="utf-8") == text
    assert desk.run() == new
    assert desk.asked() == 0


def test_a_change_that_fails_a_check_is_refused_and_stays_in_the_file(desk: Desk) -> None:
    """Until it is corrected or forced; then the finding is kept."""
    link = str(desk.digest().news[0].link)
    file = desk.folder / f"{NAME}.md"
    file.write_text(
        file.read_text(encoding="utf-8").replace(link, "https://evil.example/x"), encoding="utf-8"
    )
    before = desk.bytes()
    with pytest.raises(NotPublished, match=r"error\[link\] news:1"):
        desk.edit(adopt=True)
    assert desk.bytes() == before
    desk.edit(adopt=True, force=True)
    assert desk.digest().news[0].link == "https://evil.example/x"
    assert "link" in {finding.check for finding in desk.digest().findings}


def test_what_cannot_be_taken_over_is_named_with_its_line(desk: Desk) -> None:
    """The file stays as somebody wrote it."""
    change(desk, "### 3.", "A remark of mine.\n\n### 3.")
    before = desk.bytes()
    with pytest.raises(PageNotUnderstood, match=rf"{NAME}\.md.*line \d+.*A remark of mine"):
        desk.edit(adopt=True)
    assert desk.bytes() == before


def test_markdown_that_is_gone_is_noticed_and_written_again_when_asked(desk: Desk) -> None:
    """Whoever removed it may have meant it: a run does not bring it back by itself."""
    file = desk.folder / f"{NAME}.md"
    text = file.read_text(encoding="utf-8")
    file.unlink()
    with pytest.raises(NotPublished, match=rf"missing.*edit {NAME} --adopt"):
        desk.run()
    assert not file.exists()
    desk.edit(adopt=True)
    assert file.read_text(encoding="utf-8") == text


def test_what_a_killed_run_has_left_is_no_change_by_hand(desk: Desk) -> None:
    """New Markdown beside the old JSON, and the new JSON still under its temporary name."""
    old = desk.digest()
    title = old.news[0].model_copy(update={"title": TITLE})
    new = old.model_copy(update={"news": (title, *old.news[1:])})
    state = desk.folder / f"{NAME}.json"
    (desk.folder / f"{NAME}.md").write_text(to_markdown(new), encoding="utf-8")
    assert markdown_state(old, state) == "changed"
    (desk.folder / f".{NAME}.json.new.tmp").write_text(to_json(new), encoding="utf-8")
    assert markdown_state(old, state) == "same"
    require_unchanged(old, state)


def test_the_same_said_otherwise_is_the_same(desk: Desk) -> None:
    """Line ends of another system, or a file that ends without one."""
    file, state = desk.folder / f"{NAME}.md", desk.folder / f"{NAME}.json"
    text = file.read_text(encoding="utf-8")
    for same in (text.replace("\n", "\r\n"), text.rstrip("\n"), "\ufeff" + text):
        file.write_bytes(same.encode())
        assert markdown_state(desk.digest(), state) == "same"
    file.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    assert markdown_state(desk.digest(), state) == "changed"
    assert describe_markdown("same", state) == ""


def test_a_draft_is_compared_with_its_own_form(desk: Desk) -> None:
    """It says that it is a draft, and the command names it as one."""
    written = write(desk.digest(), desk.folder, NAME, draft=True)
    state = desk.folder / "drafts" / f"{NAME}.json"
    assert markdown_state(desk.digest(), state) == "same"
    assert f"edit drafts/{NAME}.json --adopt" in describe_markdown("changed", state)
    assert str(written.json_path) == str(state)


def test_words_by_hand_have_no_citation_that_nobody_gave(desk: Desk) -> None:
    """A sentence that stayed keeps its lines, beside one that was added, changed or moved."""
    old = desk.digest().news[1]
    first, *rest = old.told
    assert first.lines
    assert not rest
    added = "该项目由编辑手工补充了这一句话。"
    change(desk, old.summary, f"{added}{old.summary}")
    desk.edit(adopt=True)
    new = desk.digest().news[1]
    sentences = [(it.text, it.lines) for it in new.told]
    assert sentences[0] == (added, ())
    assert {lines for _, lines in sentences[1:]} == {first.lines}
    shown = [line.strip() for line in digest_text(desk.digest(), NAME).splitlines()]
    assert added in shown
    desk.edit(move=("news:2=1",))
    assert desk.digest().news[0].told == new.told
    assert desk.run().news[0].told == new.told
    desk.edit(set=(f"news:1.title={TITLE}",))
    assert desk.digest().news[0].told == new.told
    desk.edit(set=(f"news:1.summary={SUMMARY}",))
    assert not any(it.lines for it in desk.digest().news[0].told)
