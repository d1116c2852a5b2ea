"""What `outputs/` holds decides what is new and what a file is called."""

import json
from datetime import date
from pathlib import Path

import pytest

from daily import digest
from pipeline.write.json_format import to_json
from pipeline.write.markdown_format import to_markdown
from pipeline.write.state import DigestRef, read_state


def put(folder: Path, stem: str, day: str, slug: str) -> None:
    """Write as much of a digest as the state reads."""
    facts = {"date": day, "provenance": {"slug": slug}}
    (folder / f"{stem}.json").write_text(json.dumps(facts), encoding="utf-8")


def test_an_empty_or_missing_folder_holds_nothing(tmp_path: Path) -> None:
    """The first run of all finds no digest, and needs no folder."""
    assert read_state(tmp_path / "none").digests == ()
    assert read_state(tmp_path).stem_for("26-01-30-a", date(2026, 1, 30)) == "2026-01-30"


def test_a_digest_replaces_itself_and_never_another_issues(tmp_path: Path) -> None:
    """The same issue keeps its file; a second issue of the date gets `-2`, a third `-3`."""
    put(tmp_path, "2025-04-17", "2025-04-17", "25-04-16-a")
    put(tmp_path, "2025-04-17-2", "2025-04-17", "25-04-16-b")
    found = read_state(tmp_path)
    day = date(2025, 4, 17)
    assert found.stem_for("25-04-16-a", day) == "2025-04-17"
    assert found.stem_for("25-04-16-b", day) == "2025-04-17-2"
    assert found.stem_for("25-04-16-c", day) == "2025-04-17-3"


def test_digests_are_found_by_issue_and_by_date(tmp_path: Path) -> None:
    """The earliest digest of an issue counts, and the first of a date."""
    put(tmp_path, "2025-12-21", "2025-12-21", "25-12-19-a")
    put(tmp_path, "2025-12-22", "2025-12-22", "25-12-19-a")
    found = read_state(tmp_path)
    of_issue, of_date = found.find_by_issue("25-12-19-a"), found.find_by_date(date(2025, 12, 22))
    assert of_issue is not None
    assert of_issue.stem == "2025-12-21"
    assert of_date is not None
    assert of_date.stem == "2025-12-22"
    assert found.find_by_issue("25-12-20-b") is None


def test_a_damaged_digest_is_named_and_never_overwritten(tmp_path: Path) -> None:
    """A file that cannot be read is reported, and its name stays taken."""
    (tmp_path / "2025-12-21.json").write_text("{", encoding="utf-8")
    found = read_state(tmp_path)
    assert found.digests == ()
    assert found.damaged[0].line.startswith("2025-12-21.json: ")
    assert found.stem_for("25-12-19-a", date(2025, 12, 21)) == "2025-12-21-2"


def test_a_draft_is_no_digest(tmp_path: Path) -> None:
    """What lies in the drafts' folder digests no issue and takes no name."""
    (tmp_path / "drafts").mkdir()
    put(tmp_path / "drafts", "2025-12-21", "2025-12-21", "25-12-19-a")
    found = read_state(tmp_path)
    assert (found.digests, found.damaged) == ((), ())
    assert found.find_by_issue("25-12-19-a") is None
    assert found.stem_for("25-12-19-a", date(2025, 12, 21)) == "2025-12-21"


def test_the_earliest_digest_of_an_issue_is_the_one_of_the_earliest_date(tmp_path: Path) -> None:
    """Whatever the files are called; of two of one date the first name counts."""
    put(tmp_path, "2025-12-21", "2025-12-23", "25-12-19-a")
    put(tmp_path, "2025-12-22", "2025-12-22", "25-12-19-a")
    put(tmp_path, "2025-12-22-2", "2025-12-22", "25-12-19-a")
    found = read_state(tmp_path).find_by_issue("25-12-19-a")
    assert found is not None
    assert (found.stem, found.date) == ("2025-12-22", date(2025, 12, 22))


def test_an_issue_of_two_dates_has_two_files(tmp_path: Path) -> None:
    """A digest under another date replaces none, and takes no name that is taken."""
    put(tmp_path, "2025-12-21", "2025-12-21", "25-12-19-a")
    put(tmp_path, "2025-12-22", "2025-12-22", "25-12-20-b")
    found = read_state(tmp_path)
    assert found.stem_for("25-12-19-a", date(2025, 12, 22)) == "2025-12-22-2"
    assert found.stem_for("25-12-19-a", date(2025, 12, 23)) == "2025-12-23"


def test_a_digest_that_is_going_to_be_made_counts(tmp_path: Path) -> None:
    """Its name is taken and its issue told, and what was read before stays as it was."""
    put(tmp_path, "2025-12-21", "2025-12-21", "25-12-19-a")
    before = read_state(tmp_path)
    after = before.with_digest("25-12-20-b", date(2025, 12, 21))
    assert [known.stem for known in after.digests] == ["2025-12-21", "2025-12-21-2"]
    made = after.find_by_issue("25-12-20-b")
    assert made is not None
    assert (made.stem, made.date) == ("2025-12-21-2", date(2025, 12, 21))
    assert after.stem_for("25-12-20-c", date(2025, 12, 21)) == "2025-12-21-3"
    first = after.find_by_date(date(2025, 12, 21))
    assert first is not None
    assert first.stem == "2025-12-21"
    assert len(before.digests) == 1


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"x"',
        "null",
        '{"date": "2025-12-21"}',
        '{"date": "2025-12-32", "provenance": {"slug": "x"}}',
        '{"date": 5, "provenance": {"slug": "x"}}',
        '{"date": "2025-12-21", "provenance": null}',
        '{"date": "2025-12-21", "provenance": {}}',
        '{"date": "2025-12-21", "provenance": {"slug": 5}}',
        pytest.param("[" * 100_000, id="nested lists"),
        pytest.param('{"a":' * 50_000, id="nested objects"),
    ],
)
def test_whatever_is_no_digest_is_damaged(tmp_path: Path, text: str) -> None:
    """It is one line with its name, and the others are read."""
    put(tmp_path, "2025-12-22", "2025-12-22", "25-12-20-b")
    (tmp_path / "2025-12-21.json").write_text(text, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    found = read_state(tmp_path)
    assert [hurt.line.partition(": ")[0] for hurt in found.damaged] == ["2025-12-21.json"]
    assert [known.stem for known in found.digests] == ["2025-12-22"]


def test_a_folder_named_like_a_digest_is_damaged(tmp_path: Path) -> None:
    """It cannot be read, and its name is taken."""
    (tmp_path / "2025-12-21.json").mkdir()
    found = read_state(tmp_path)
    assert len(found.damaged) == 1
    assert found.stem_for("25-12-19-a", date(2025, 12, 21)) == "2025-12-21-2"


@pytest.mark.parametrize("indent", [2, None, 4])
def test_our_own_digests_and_those_that_were_formatted_anew_read_alike(
    tmp_path: Path, indent: int | None
) -> None:
    """The date and the slug are the digest's own, however its JSON is laid out."""
    text = to_json(digest(date(2025, 12, 21)))
    tree = json.loads(text)
    written = text if indent == 2 else json.dumps(tree, indent=indent)
    (tmp_path / "a.json").write_text(written, encoding="utf-8")
    (known,) = read_state(tmp_path).digests
    assert known == DigestRef(stem="a", date=date(2025, 12, 21), slug=tree["provenance"]["slug"])


@pytest.mark.parametrize("cut", [1, 2, 3, 100])
def test_a_digest_of_ours_that_is_cut_off_is_damaged(tmp_path: Path, cut: int) -> None:
    """Although date and slug stand in what is left of it."""
    text = to_json(digest(date(2025, 12, 21)))
    (tmp_path / "2025-12-21.json").write_text(text[:-cut].rstrip(), encoding="utf-8")
    found = read_state(tmp_path)
    assert bool(found.damaged) == (cut > 1)


def test_another_slug_in_a_digest_is_not_its_own(tmp_path: Path) -> None:
    """A field of that name elsewhere in the file, as a person may add, is not taken for it."""
    tree = json.loads(to_json(digest(date(2025, 12, 21))))
    slug = tree["provenance"]["slug"]
    tree = {"date": tree.pop("date"), "own": {"slug": "25-12-20-other"}, **tree}
    text = json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
    (tmp_path / "2025-12-21.json").write_text(text, encoding="utf-8")
    assert [known.slug for known in read_state(tmp_path).digests] == [slug]


def test_digests_are_listed_by_name(tmp_path: Path) -> None:
    """As are those that are damaged."""
    for stem in ("2025-12-23", "2025-12-21", "2025-12-22"):
        put(tmp_path, stem, stem, f"25-12-20-{stem}")
        (tmp_path / f"{stem}-2.json").write_text("{", encoding="utf-8")
    found = read_state(tmp_path)
    assert [known.stem for known in found.digests] == ["2025-12-21", "2025-12-22", "2025-12-23"]
    assert [hurt.stem[:10] for hurt in found.damaged] == ["2025-12-21", "2025-12-22", "2025-12-23"]


@pytest.mark.parametrize("kept", [0.97, 0.5, 0.1, 0.0])
@pytest.mark.parametrize("beside", [True, False], ids=["with its Markdown", "alone"])
def test_the_issue_of_a_damaged_digest_is_known_from_what_is_left(
    tmp_path: Path, kept: float, *, beside: bool
) -> None:
    """From its JSON, or from the Markdown beside it; a name that is no digest's says nothing."""
    whole = digest(date(2025, 12, 21))
    text = to_json(whole)
    slug = json.loads(text)["provenance"]["slug"]
    (tmp_path / "2025-12-21.json").write_text(text[: int(len(text) * kept)], encoding="utf-8")
    (tmp_path / "settings.json").write_text(text[:-20], encoding="utf-8")
    if beside:
        (tmp_path / "2025-12-21.md").write_text(to_markdown(whole), encoding="utf-8")
    found = read_state(tmp_path)
    assert [hurt.slug for hurt in found.damaged] == [slug if kept or beside else None, None]
    known = bool(kept or beside)
    assert found.find_damaged(slug) == (found.damaged[0] if known else None)
    day = date(2025, 12, 21)
    assert found.stem_for(slug, day) == ("2025-12-21" if known else "2025-12-21-2")
    assert ("--date 2025-12-21 --force" in found.damaged[0].remedy) == known


def test_two_addresses_in_a_damaged_digest_name_no_issue(tmp_path: Path) -> None:
    """What is not sure is not said."""
    text = to_json(digest(date(2025, 12, 21)))
    slugs = "".join(f'\n    "slug": "{name}",\n' for name in ("25-12-19-a", "25-12-20-b"))
    (tmp_path / "2025-12-21.json").write_text(text[:300] + slugs, encoding="utf-8")
    assert read_state(tmp_path).damaged[0].slug is None
