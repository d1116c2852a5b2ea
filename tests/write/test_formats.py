"""A format is one entry of the registry: every place that writes or reads digests asks there."""

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.diff import find_version_pairs, read_version
from pipeline.errors import PageNotUnderstood
from pipeline.records import Digest
from pipeline.write import (
    FORMATS,
    discard_draft,
    from_json,
    read_digest,
    to_json,
    to_markdown,
    write,
)
from pipeline.write.formats import OutputFormat
from written import one_entry


def render_titles(digest: Digest, draft: bool) -> str:
    """Write a digest as its date, its issue and its titles, one a line."""
    head = f"%{'draft' if draft else 'digest'} {digest.date} {digest.issue_url}\n"
    return head + "".join(f"{entry.title}\n" for entry in (*digest.news, *digest.tools))


def read_titles(text: str) -> Digest:
    """Read such a file as a digest of news."""
    head, *titles = text.splitlines()
    _, day, issue_url = head.split()
    entries = [{"kind": "news", "title": t, "summary": t, "link": None} for t in titles]
    return Digest.model_validate_json(
        json.dumps({"date": day, "issue_url": issue_url, "news": entries, "tools": []})
    )


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> OutputFormat:
    """Register a format: one entry, and nothing else."""
    made = OutputFormat(suffix=".titles", render=render_titles, read=read_titles, starts_with="%")
    monkeypatch.setitem(FORMATS, "titles", made)
    return made


def test_a_digest_is_written_in_every_registered_format(
    titles: OutputFormat, tmp_path: Path
) -> None:
    """The new file lies beside the others, the JSON is put in place last, and nothing is missed."""
    written = write(one_entry("甲"), tmp_path)
    assert [path.suffix for path in written.changed] == [".md", titles.suffix, ".json"]
    assert written.paths["titles"].read_text("utf-8") == render_titles(one_entry("甲"), False)
    assert write(one_entry("甲"), tmp_path).changed == ()
    written.paths["titles"].unlink()
    assert write(one_entry("甲"), tmp_path).changed == (written.paths["titles"],)


@pytest.mark.usefixtures("titles")
def test_a_draft_goes_in_every_registered_format(tmp_path: Path) -> None:
    """A draft's file says that it is one, and all its files go when the digest is published."""
    draft = write(one_entry("甲"), tmp_path, draft=True)
    assert draft.paths["titles"].read_text("utf-8").startswith("%draft")
    write(one_entry("甲"), tmp_path)
    assert discard_draft(tmp_path, "2026-01-31")
    assert list((tmp_path / "drafts").iterdir()) == []


def test_a_digest_of_any_registered_format_is_read(titles: OutputFormat) -> None:
    """A name's ending decides; without one the text does, and Markdown is what is left."""
    digest = one_entry("甲").model_copy(update={"news": (one_entry("甲").news[0],)})
    for text in (to_json(digest), to_markdown(digest)):
        assert read_digest(text).news[0].title == "甲"
    text = titles.render(digest, False)
    assert read_digest(text) == read_digest(text, "a.titles") == titles.read(text)
    with pytest.raises(PageNotUnderstood, match="line 1: expected the heading"):
        read_digest(text, "a.md")
    with pytest.raises(PageNotUnderstood, match="no JSON from line 1, column 1 on"):
        read_digest(to_markdown(digest), "a.json")


@pytest.mark.usefixtures("titles")
def test_the_commands_know_every_registered_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`render` writes it, `read` takes it, `verify` and `diff` too."""
    written = write(one_entry("甲"), tmp_path)

    def run(*arguments: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(arguments)
        return left.value.code, capsys.readouterr().out

    file, state = (str(written.paths[name]) for name in ("titles", "json"))
    assert run("render", state, "--format", "titles") == (0, render_titles(one_entry("甲"), False))
    code, text = run("read", file)
    assert code == 0
    assert from_json(text) == read_titles(Path(file).read_text("utf-8"))
    assert run("render", state)[1] == to_markdown(one_entry("甲"))
    assert run("render", state, "--format", "nothing")[0] == 2
    pairs = find_version_pairs([state], folder=tmp_path, against=file, stdin=bytes)
    (old, new) = (read_version(side) for side in (pairs[0].old, pairs[0].new))
    assert old
    assert new
    assert old.digest.date == new.digest.date == date(2026, 1, 31)
    assert old.digest.news[0].link is None
