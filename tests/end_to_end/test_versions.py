"""Versions of digests: what a name means, and what git has of it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

import repository
from differences import digest, titled_entry
from pipeline.diff.git import CommittedFile, Repository, git_names
from pipeline.diff.previous import PreviousVersions, previous_versions
from pipeline.diff.versions import UnreadVersion, find_version_pairs, read_version
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.write.json_format import to_json
from pipeline.write.markdown_format import to_markdown
from repository import DigestRepository

DAY = "2026-01-30"


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DigestRepository:
    """Make an empty repository at a path with spaces and Chinese."""
    repository.require_git()
    repository.isolate_git(monkeypatch)
    return DigestRepository(tmp_path / "一个 仓库")


def earlier_versions(
    folder: Path, *, index_dir: Path | None = None, against: str | None = None
) -> PreviousVersions:
    """Find the previous versions of all digests that stand in a folder."""
    names = {file.name: git_names(file.read_bytes()) for file in sorted(folder.glob("*.json"))}
    return previous_versions(folder, names, index_dir, against)


def found(
    held: DigestRepository, *what: str, against: str | None = None
) -> list[tuple[str, str, str]]:
    """Find pairs; say of each the stem and the first titles of both versions."""
    said = []
    for pair in find_version_pairs(what, folder=held.folder, against=against, stdin=lambda: b""):
        sides = [read_version(side) for side in (pair.old, pair.new)]
        titles = [each.digest.news[0].title if each else "none" for each in sides]
        said.append((pair.stem, *titles))
    return [(stem, old, new) for stem, old, new in said]


def refused(held: DigestRepository, *what: str, against: str | None = None) -> str:
    """Say why nothing is found."""
    with pytest.raises(SettingsError) as error:
        find_version_pairs(what, folder=held.folder, against=against, stdin=lambda: b"")
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_working_tree_is_compared_with_the_last_commit(held: DigestRepository) -> None:
    """Also where the digest is new, or gone."""
    held.write_digest(DAY, digest(titled_entry("旧")))
    held.write_digest("2026-01-29", digest(titled_entry("去")))
    held.commit()
    held.write_digest(DAY, digest(titled_entry("新")))
    (held.folder / "2026-01-29.json").unlink()
    held.write_digest("2026-01-31", digest(titled_entry("来")))
    assert found(held, DAY) == [(DAY, "旧", "新")]
    assert found(held, "2026-01-29") == [("2026-01-29", "去", "none")]
    assert found(held, "2026-01-31") == [("2026-01-31", "none", "来")]
    [pair] = find_version_pairs([DAY], folder=held.folder, against=None, stdin=lambda: b"")
    assert pair.old.name == f"HEAD:我的 站/outputs/{DAY}.json"
    assert pair.new.name == str(held.folder / f"{DAY}.json")


def test_a_date_means_all_its_digests_and_a_name_one(held: DigestRepository) -> None:
    """A second issue of a date has a name of its own."""
    for stem in (DAY, f"{DAY}-2", f"{DAY}-10", f"{DAY}-x"):
        held.write_digest(stem, digest(titled_entry(stem)))
    held.commit()
    assert [stem for stem, _, _ in found(held, DAY)] == [DAY, f"{DAY}-2", f"{DAY}-10"]
    assert [stem for stem, _, _ in found(held, f"{DAY}-2")] == [f"{DAY}-2"]


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        ("2026-01-29..2026-01-30", ["29", "30"]),
        ("2026-01-30..", ["30", "31"]),
        ("..2026-01-29", ["28", "29"]),
        ("..", ["28", "29", "30", "31"]),
    ],
)
def test_a_range_of_dates_includes_both_ends(
    held: DigestRepository, dates: str, days: Sequence[str]
) -> None:
    """What only one side has is in it, and what is named twice is in it once."""
    for day in ("28", "29", "30"):
        held.write_digest(f"2026-01-{day}", digest())
    held.commit()
    (held.folder / "2026-01-29.json").unlink()
    held.write_digest("2026-01-31", digest())
    held.write_digest("notes", digest())
    assert [stem for stem, _, _ in found(held, dates, dates)] == [f"2026-01-{d}" for d in days]


def test_any_two_versions_can_be_compared(held: DigestRepository) -> None:
    """By revision, tag, file, another date's digest, or what comes from standard input."""
    held.write_digest(DAY, digest(titled_entry("一")))
    first = held.commit()
    held.git("tag", "v1")
    file = held.write_digest(DAY, digest(titled_entry("二")))
    held.commit()
    held.write_digest(DAY, digest(titled_entry("三")))
    held.write_digest("2026-01-31", digest(titled_entry("四")))
    for revision in ("HEAD~1", first, first[:8], "v1", "refs/tags/v1"):
        assert found(held, DAY, against=revision) == [(DAY, "一", "三")]
    assert found(held, str(file), against="v1") == [(DAY, "一", "三")]
    assert found(held, DAY, against="2026-01-31") == [(DAY, "四", "三")]
    assert found(held, DAY, against=str(held.folder / "2026-01-31.md")) == [(DAY, "四", "三")]
    assert found(held, str(file.with_suffix(".md")), against="HEAD") == [(DAY, "二", "三")]
    for data in (
        to_json(digest(titled_entry("五"))),
        "\ufeff" + to_markdown(digest(titled_entry("五"))),
    ):
        [pair] = find_version_pairs(["-"], folder=held.folder, against=DAY, stdin=data.encode)
        read = read_version(pair.new)
        assert read
        assert (pair.stem, read.name, read.digest.news[0].title) == (DAY, "standard input", "五")


HOSTILE = [
    "--output=x",
    "-p",
    "HEAD:..",
    "HEAD:我的 站",
    "@{-1}",
    "^HEAD",
    "HEAD^@",
    "HEAD..HEAD",
    "HEAD\n--all",
    "",
    " ",
    "HEAD~9",
    "no-such-branch",
    "a" * 5000,
]


def test_a_revision_is_only_ever_a_revision(held: DigestRepository) -> None:
    """Options, trees, ranges and what git does not know are refused in one line."""
    held.write_digest(DAY, digest())
    held.commit()
    for revision in HOSTILE:
        assert "revision" in refused(held, DAY, against=revision)
    assert not list(held.root.rglob("x"))


def test_what_does_not_exist_is_said(
    held: DigestRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what can be given instead."""
    held.write_digest(DAY, digest())
    held.commit()
    monkeypatch.chdir(held.folder)
    for what, said in {
        "2026-02-01": "there is no digest '2026-02-01'",
        "nothing.json": "there is no digest 'nothing.json'",
        "b" * 300: "there is no digest",
        "b" * 300 + ".json": "cannot read",
        "2026-01-31..2026-01-30": "ends before it begins",
        "2026-01..x": "is no range of dates",
        "-": "standard input has no revision",
    }.items():
        assert said in refused(held, what)


def test_one_digest_is_compared_with_one(held: DigestRepository) -> None:
    """A file or a date after `--against` takes no range, and has to be there."""
    held.write_digest(DAY, digest())
    held.commit()
    assert "name one" in refused(held, "..", against=DAY)
    assert "name one" in refused(held, DAY, DAY, against=f"{DAY}.md")
    assert "no digest 'gone.json'" in refused(held, DAY, against="gone.json")
    assert "cannot both" in refused(held, "-", against="-")


def test_without_git_only_files_are_compared(
    held: DigestRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No repository, nothing committed, or no git at all: each is said, and what helps."""
    file = held.write_digest(DAY, digest())
    assert "nothing is committed yet" in refused(held, DAY)
    outside = tmp_path / "outside"
    outside.mkdir()
    lone = shutil.copy(file, outside)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert "is in no git repository" in refused(held, str(lone))
    assert earlier_versions(outside) == {}
    monkeypatch.setenv("PATH", str(outside))
    assert "cannot start git" in refused(held, DAY)
    assert earlier_versions(held.folder) == {}
    assert found(held, DAY, against=str(lone)) == [(DAY, "一", "一")]


def test_a_shallow_clone_says_what_it_lacks(
    held: DigestRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its last commit is compared with as anywhere."""
    for title in ("一", "二"):
        held.write_digest(DAY, digest(titled_entry(title)))
        held.commit()
    held.git("clone", "--quiet", "--depth=1", held.root.as_uri(), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone" / "我的 站")
    with pytest.raises(SettingsError, match="git fetch --unshallow"):
        find_version_pairs([DAY], folder=Path("outputs"), against="HEAD~1", stdin=lambda: b"")
    [pair] = find_version_pairs([DAY], folder=Path("outputs"), against=None, stdin=lambda: b"")
    assert pair.old.data == pair.new.data


def test_damage_is_said_with_its_place(held: DigestRepository) -> None:
    """Of a file as of a revision."""
    file = held.write_digest(DAY, digest())
    file.write_bytes(file.read_bytes()[:100])
    held.commit()
    held.write_digest(DAY, digest())
    [pair] = find_version_pairs([DAY], folder=held.folder, against=None, stdin=lambda: b"")
    with pytest.raises(PageNotUnderstood, match=r"^HEAD:我的 站/outputs/.*\.json is damaged: "):
        read_version(pair.old)
    assert read_version(pair.new)
    for data in (b"\xff\xfe", b"", b"<<<<<<< HEAD\n{}"):
        with pytest.raises(PageNotUnderstood, match=r"^x\.json is "):
            read_version(UnreadVersion("x.json", data))
    assert read_version(UnreadVersion("x.json", None)) is None


def test_what_is_no_file_in_the_place_of_a_digest_is_damage(held: DigestRepository) -> None:
    """As for every other command that reads it."""
    held.write_digest(DAY, digest(titled_entry("旧")))
    (held.folder / "2026-01-31.json").mkdir()
    file = str(held.folder / "2026-01-31.json")
    with pytest.raises(PageNotUnderstood, match="a folder stands in its place"):
        find_version_pairs([file], folder=held.folder, against=DAY, stdin=lambda: b"")


def test_the_previous_versions_of_a_folder(held: DigestRepository) -> None:
    """Of each digest the last committed one with other bytes, whatever stands there now."""
    for stem in ("edited", "same", "once", "broken", "removed"):
        held.write_digest(stem, digest(titled_entry("一")))
    held.commit()
    held.write_digest("same", digest(titled_entry("二")))
    (held.folder / "broken.json").write_text("{", encoding="utf-8")
    (held.folder / "removed.json").unlink()
    held.commit()
    held.write_digest("edited", digest(titled_entry("三")))
    held.write_digest("broken", digest(titled_entry("三")))
    held.write_digest("untracked", digest())
    (held.folder / "drafts").mkdir()
    found = earlier_versions(held.folder)
    titles = {stem: each.digest.news[0].title for stem, each in found.items()}
    # The last one of `broken` cannot be read; `once` has no other, `removed` is no digest now.
    assert titles == {"edited": "一", "same": "一"}
    assert found["same"].name.endswith(":我的 站/outputs/same.json")


def test_the_previous_version_before_a_merge(held: DigestRepository) -> None:
    """A merge that settled a digest by hand is its last version; before it comes a branch's."""
    held.write_digest(DAY, digest(titled_entry("一")))
    held.commit()
    held.git("switch", "--quiet", "--create", "other")
    held.write_digest(DAY, digest(titled_entry("二")))
    held.commit()
    held.git("switch", "--quiet", "main")
    held.git("merge", "--quiet", "--no-ff", "--no-commit", "other")
    held.write_digest(DAY, digest(titled_entry("三")))
    held.commit()
    held.write_digest(DAY, digest(titled_entry("四")))
    assert earlier_versions(held.folder)[DAY].digest.news[0].title == "三"
    held.write_digest(DAY, digest(titled_entry("三")))
    assert earlier_versions(held.folder)[DAY].digest.news[0].title in {"一", "二"}


def test_what_a_merge_brought_is_one_change(held: DigestRepository) -> None:
    """Its review page shows what the pull request changed, not what its last commit did."""
    held.write_digest(DAY, digest(titled_entry("一")))
    held.commit()
    held.git("switch", "--quiet", "--create", "other")
    for title in ("二", "三"):
        held.write_digest(DAY, digest(titled_entry(title)))
        held.commit()
    held.git("switch", "--quiet", "main")
    held.git("merge", "--quiet", "--no-ff", "--no-edit", "other")
    assert earlier_versions(held.folder)[DAY].digest.news[0].title == "一"


def test_a_branch_is_compared_with_where_it_goes(held: DigestRepository) -> None:
    """What that has with other bytes; of what is the same or new the last version stays."""
    for stem in (DAY, "same"):
        held.write_digest(stem, digest(titled_entry("一")))
        held.commit()
        held.write_digest(stem, digest(titled_entry("二")))
    held.commit()
    held.git("switch", "--quiet", "--create", "remake")
    for title in ("三", "四"):
        for stem in (DAY, "new"):
            held.write_digest(stem, digest(titled_entry(title)))
        held.commit()

    def titles(against: str | None) -> dict[str, str]:
        found = earlier_versions(held.folder, against=against)
        return {stem: each.digest.news[0].title for stem, each in found.items()}

    assert titles(None) == {DAY: "三", "same": "一", "new": "三"}
    assert titles("main") == {DAY: "二", "same": "一", "new": "三"}
    with pytest.raises(SettingsError, match=r"no revision 'nowhere': see `git log --oneline`$"):
        titles("nowhere")


def test_of_one_date_the_tenth_stands_after_the_second(held: DigestRepository) -> None:
    """And dates in their own order, whatever the folder's."""
    stems = [f"{DAY}-10", DAY, f"{DAY}-9", "2026-01-29-2", f"{DAY}-2", "2026-01-29"]
    for stem in stems:
        held.write_digest(stem, digest(titled_entry(stem)))
    held.commit()
    assert [stem for stem, _, _ in found(held, "2026-01-29..2026-01-30")] == [
        "2026-01-29",
        "2026-01-29-2",
        DAY,
        f"{DAY}-2",
        f"{DAY}-9",
        f"{DAY}-10",
    ]


def test_a_name_means_one_file_only(held: DigestRepository) -> None:
    """What begins like it is another one."""
    for stem in (f"{DAY}-2", f"{DAY}-2-3", "notes", "notes-2"):
        held.write_digest(stem, digest(titled_entry(stem)))
    held.commit()
    for name in (f"{DAY}-2", "notes"):
        assert [stem for stem, _, _ in found(held, name)] == [name]


def test_a_range_of_one_day_is_a_range(held: DigestRepository) -> None:
    """One that ends before it begins is none, nor one of what are no dates."""
    held.write_digest(DAY, digest())
    held.commit()
    assert [stem for stem, _, _ in found(held, f"{DAY}..{DAY}")] == [DAY]
    assert "exchange the dates" in refused(held, f"{DAY}..2026-01-29")
    for dates in ("2026-02-30..", "..tomorrow", "x..y"):
        assert "no range of dates" in refused(held, dates)


def test_a_file_is_read_as_what_its_name_says() -> None:
    """Markdown may begin with a brace; without a name the text decides; a mark of order is none."""
    made = digest(titled_entry("一"))
    for name, text in (
        ("a.json", to_json(made)),
        ("a.json", "\ufeff" + to_json(made)),
        ("standard input", to_json(made)),
        ("standard input", "\n " + to_json(made)),
        ("standard input", to_markdown(made)),
        ("a.md", "\ufeff" + to_markdown(made)),
    ):
        known = read_version(UnreadVersion(name, text.encode()))
        assert known is not None
        assert (known.name, known.digest.news[0].title) == (name, "一")
        assert (known.digest == made) is (to_markdown(made) not in text)
    for name, text in (("a.md", to_json(made)), ("a.json", to_markdown(made))):
        with pytest.raises(PageNotUnderstood):
            read_version(UnreadVersion(name, text.encode()))


def test_one_digest_that_cannot_be_read_hides_no_other_previous_one(held: DigestRepository) -> None:
    """Wherever it stands among them."""
    for stem in ("a", "b", "c"):
        held.write_digest(stem, digest(titled_entry("一")))
    (held.folder / "b.json").write_text("{", encoding="utf-8")
    held.commit()
    for stem in ("a", "b", "c"):
        held.write_digest(stem, digest(titled_entry("二")))
    assert earlier_versions(held.folder).keys() == {"a", "c"}
    (held.folder / "a.json").write_text("{", encoding="utf-8")
    held.commit()
    held.write_digest("a", digest(titled_entry("三")))
    assert earlier_versions(held.folder).keys() == {"c"}


def test_of_many_digests_git_is_asked_for_what_differs(
    held: DigestRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is the same byte for byte is told apart by its name; both its sides can be read still."""
    stems = [f"2026-01-{day:02d}" for day in range(1, 21)]
    for stem in stems:
        held.write_digest(stem, digest(titled_entry("旧")))
    held.commit()
    held.write_digest(stems[3], digest(titled_entry("新")))
    (held.folder / f"{stems[5]}.json").unlink()
    held.write_digest("2026-01-21", digest(titled_entry("增")))
    asked: list[str] = []
    real = Repository.read_blobs

    def read_blobs(self: Repository, blobs: Sequence[str]) -> dict[str, bytes]:
        asked.extend(blobs)
        return real(self, blobs)

    monkeypatch.setattr(Repository, "read_blobs", read_blobs)
    pairs = find_version_pairs(
        ["2026-01-01.."], folder=held.folder, against=None, stdin=lambda: b""
    )
    assert len(asked) == 2
    assert [pair.stem for pair in pairs if not pair.identical] == [stems[3], stems[5], "2026-01-21"]
    assert len(pairs) == 21
    for pair in pairs:
        assert pair.identical is (pair.old.data == pair.new.data)
    (alone,) = find_version_pairs([stems[0]], folder=held.folder, against=None, stdin=lambda: b"")
    assert (alone.identical, alone.old.name) == (True, f"HEAD:我的 站/outputs/{stems[0]}.json")
    assert read_version(alone.old) is not None


def test_previous_versions_are_read_a_few_at_a_time(
    held: DigestRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When they are asked for, and none before."""
    stems = [f"2026-{month:02d}-{day:02d}" for month in (1, 2, 3) for day in range(1, 29)]
    for title in ("一", "二"):
        for stem in stems:
            held.write_digest(stem, digest(titled_entry(f"{title}{stem}")))
        held.commit()
    asked: list[int] = []
    real = Repository.read_blobs

    def read_blobs(self: Repository, blobs: Sequence[str]) -> dict[str, bytes]:
        asked.append(len(blobs))
        return real(self, blobs)

    monkeypatch.setattr(Repository, "read_blobs", read_blobs)
    found = earlier_versions(held.folder)
    assert asked == []
    assert found["2026-02-01"].digest.news[0].title == "一2026-02-01"
    assert len(asked) == 1
    assert asked[0] < len(stems) / 2
    asked.clear()
    assert [found[stem].digest.news[0].title for stem in sorted(stems)] == [
        f"一{stem}" for stem in sorted(stems)
    ]
    assert sum(asked) <= 2 * len(stems)
    assert found.complete
    assert found.origin("2026-02-01") != found.origin("2026-02-02")
    assert found.origin("none") == ""


def test_git_is_asked_for_the_commits_that_are_new(
    held: DigestRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever became of the branch, the versions are those that the whole history has."""
    asked: list[str] = []
    real = Repository.committed_files

    def committed_files(
        self: Repository, since: str = "", *, mainline: bool = False
    ) -> dict[str, list[CommittedFile]]:
        asked.append(since)
        return real(self, since, mainline=mainline)

    monkeypatch.setattr(Repository, "committed_files", committed_files)

    def write_and_commit(title: str) -> str:
        held.write_digest(DAY, digest(titled_entry(title)))
        held.commit()
        return held.git("rev-parse", "HEAD").strip()

    def look() -> list[str]:
        whole = earlier_versions(held.folder)
        asked.clear()
        found = earlier_versions(held.folder, index_dir=tmp_path / "index")
        asked_now = asked.copy()
        assert dict(found) == dict(whole)
        assert found.origin(DAY) == whole.origin(DAY)
        return asked_now

    assert look() == []
    held.write_digest("none", digest())
    (held.folder / "\udcff.json").write_bytes(b"{}")
    first = write_and_commit("一")
    assert (look(), look()) == ([""], [])
    second = write_and_commit("二")
    assert (look(), look()) == ([first], [])
    held.git("commit", "--quiet", "--amend", "--message", "another")
    assert look() == [""]
    held.git("reset", "--quiet", "--hard", first)
    assert look() == [""]
    held.git("switch", "--quiet", "--create", "other", second)
    assert look() == [first]
    held.git("switch", "--quiet", "main")
    base = write_and_commit("三")
    look()
    held.git("merge", "--quiet", "--strategy", "ours", "--no-edit", "other")
    assert (look(), look()) == ([""], [])
    write_and_commit("四")
    assert look() != [""]
    held.git("replace", "HEAD~1", base)
    assert look() == [""]
    (held.folder.parents[1] / ".git" / "shallow").write_text(held.git("rev-parse", "HEAD"))
    assert (look(), look()) == ([""], [""])


def test_a_digest_that_is_missing_outside_git_is_named(
    held: DigestRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is the one to look at or the one to compare with; git would not help."""
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.copy(held.write_digest(DAY, digest()), outside)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for target, against in (("2026-01-29", None), (DAY, "2026-01-29")):
        with pytest.raises(SettingsError, match=r"^there is no digest '2026-01-29' in .*outside"):
            find_version_pairs([target], folder=outside, against=against, stdin=lambda: b"")
    with pytest.raises(SettingsError, match="in no git repository"):
        find_version_pairs([DAY], folder=outside, against=None, stdin=lambda: b"")
