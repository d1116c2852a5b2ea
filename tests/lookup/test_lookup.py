"""Questions about the published digests, without any server."""

import gc
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import daily
from pipeline.errors import DigestError, PageNotUnderstood, SettingsError
from pipeline.lookup import (
    Archive,
    DigestQuestion,
    EvidenceQuestion,
    ListQuestion,
    SearchQuestion,
    TextQuestion,
    entry_evidence,
    get_digest,
    list_digests,
    read_question,
    search_entries,
    verify_text,
)
from pipeline.lookup.archive import ArchivedDigest
from pipeline.records import Digest, Entry, Link, Sentence
from pipeline.write import to_json

Asking = Callable[[], object]
DAY = daily.FIRST_DAY.isoformat()


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Three days of digests."""
    folder = tmp_path / "outputs"
    daily.write_digests(folder, 3)
    return folder


@pytest.fixture
def archive(outputs: Path) -> Archive:
    """Give the folder of the three days, without an index."""
    return Archive(outputs)


def put(folder: Path, name: str, digest: Digest) -> None:
    """Write the JSON of a digest alone."""
    (folder / f"{name}.json").write_text(to_json(digest), encoding="utf-8")


def with_first(**words: object) -> Digest:
    """Write a digest whose first news entry is other."""
    made = daily.digest(daily.FIRST_DAY)
    first = made.news[0].model_copy(update=words)
    return made.model_copy(update={"news": (first, *made.news[1:])})


def found(archive: Archive, **given: object) -> list[str]:
    """Give the places of what is found."""
    entries = search_entries(archive, SearchQuestion.model_validate(given)).entries
    return [f"{entry.digest} {entry.entry}" for entry in entries]


def test_digests_are_listed_the_newest_first_and_page_by_page(archive: Archive) -> None:
    """Each page says where the next one begins; the last says none."""
    first = list_digests(archive, ListQuestion(limit=2))
    assert [one.digest for one in first.digests] == ["2025-11-26", "2025-11-25"]
    assert (first.total, first.next_offset) == (3, 2)
    last = list_digests(archive, ListQuestion(limit=2, offset=2))
    assert [one.digest for one in last.digests] == [DAY]
    assert last.next_offset is None
    assert (last.digests[0].news, last.digests[0].tools) == (10, 10)
    beyond = list_digests(archive, ListQuestion(offset=9))
    assert (beyond.digests, beyond.next_offset) == ((), None)


@pytest.mark.parametrize("indexed", [False, True])
def test_what_is_not_shown_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, indexed: bool
) -> None:
    """However many digests there are, one is looked at after the other."""
    monkeypatch.setattr("pipeline.storage.index.SETTLED_NS", 0)
    daily.write_digests(tmp_path / "outputs", 12)
    archive = Archive(tmp_path / "outputs", tmp_path / "index" if indexed else None)
    search_entries(archive, SearchQuestion())
    held: list[int] = []
    look = Archive.digests

    def count(*given: Any) -> Iterator[ArchivedDigest]:
        for digest in look(*given):
            held.append(sum(isinstance(each, ArchivedDigest) for each in gc.get_objects()))
            yield digest

    monkeypatch.setattr(Archive, "digests", count)
    answer = search_entries(archive, SearchQuestion(limit=1))
    assert (len(answer.entries), answer.total > 12, len(held)) == (1, True, 12)
    assert max(held) <= 2


def test_a_second_digest_of_a_date_stands_after_the_first(outputs: Path) -> None:
    """And the tenth after the second."""
    for number in (10, 2):
        put(outputs, f"{DAY}-{number}", daily.digest(daily.FIRST_DAY))
    names = [one.digest for one in list_digests(Archive(outputs), ListQuestion()).digests]
    assert names[-3:] == [f"{DAY}-10", f"{DAY}-2", DAY]


def test_what_is_no_digest_is_named_and_the_rest_is_there(outputs: Path) -> None:
    """A damaged file, one with a wrong name, and one that is no text."""
    (outputs / "2025-11-30.json").write_text('{"date": "2025-', encoding="utf-8")
    (outputs / "2025-12-01.json").write_bytes(b"\xff\xfe")
    put(outputs, "2025-12-02", daily.digest(daily.FIRST_DAY))
    put(outputs, "index", daily.digest(daily.FIRST_DAY))
    listed = list_digests(Archive(outputs), ListQuestion())
    assert listed.total == 3
    assert [line.partition(":")[0] for line in listed.unreadable] == [
        "2025-11-30.json",
        "2025-12-01.json",
        "2025-12-02.json",
        "index.json",
    ]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    """Nor is it made."""
    empty = Archive(tmp_path / "none")
    assert list_digests(empty, ListQuestion()).total == 0
    with pytest.raises(SettingsError, match="no digest yet"):
        get_digest(empty, DigestQuestion())
    assert not (tmp_path / "none").exists()


def test_asking_again_reads_an_index_and_sees_every_change(outputs: Path, tmp_path: Path) -> None:
    """Of a digest that was changed, added or removed."""
    archive = Archive(outputs, tmp_path / "index")
    before = list_digests(archive, ListQuestion())
    assert list_digests(archive, ListQuestion()) == before
    put(outputs, DAY, with_first(title="量子计算机问世了"))
    (outputs / "2025-11-25.json").unlink()
    assert found(archive, words="量子计算机") == [f"{DAY} news:1"]
    assert list_digests(archive, ListQuestion()).total == 2


@pytest.mark.parametrize(
    ("words", "title", "there"),
    [
        ("openai发布", "OpenAI 发布新模型", True),
        ("OpenAI 发布", "OpenAI发布新模型", True),
        ("gpt5.2", "GPT-5.2 上线", True),
        ("ＧＰＴ－５.２", "GPT-5.2 上线", True),
        ("GPT-5", "GPT-5.2 上线", False),
        ("0.15", "涨幅10.15%", False),
        ("15", "涨幅0.15%", False),
        ("128K上下文", "128k 上下文窗口", True),
        ("智能體", "智能体平台", True),
        ("agent", "Agents平台", True),
        ("son", "reason模型", False),
        ("平台 上线", "平台今天上线", True),
        ("平台 下线", "平台今天上线", False),
        ("C++", "C++编译器", True),
    ],
)
def test_words_are_found_as_people_write_them(
    outputs: Path, words: str, title: str, there: bool
) -> None:
    """Spaces, hyphens, width, case and characters do not matter; numbers are whole."""
    put(outputs, DAY, with_first(title=title, summary="一句话。", sentences=()))
    assert (f"{DAY} news:1" in found(Archive(outputs), words=words, limit=50)) is there


def test_everything_that_is_asked_for_holds_together(archive: Archive) -> None:
    """Words, a model and dates."""
    both = found(archive, words="单张显卡", model="Orbit Agent", since=DAY, until=DAY)
    assert both == [f"{DAY} news:1", f"{DAY} news:6", f"{DAY} tools:1", f"{DAY} tools:6"]
    assert found(archive, words="单张显卡", company="OpenAI") == []
    assert len(found(archive, since="2025-11-26", limit=50)) == 20


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"words": "字" * 10_000_000}, "words: String should have at most 200 characters"),
        ({"words": "a " * 50}, "words: at most 12 of them"),
        ({"words": "!?"}, "words: each has a letter or a digit"),
        ({"company": "…"}, "company: a name has letters"),
        ({"limit": 51}, "limit: Input should be less than or equal to 50"),
        ({"limit": 0}, "limit: "),
        ({"offset": -1}, "offset: "),
        ({"since": "yesterday"}, "since: "),
        ({"since": "2025-12-02", "until": "2025-12-01"}, "since is after until"),
        ({"compny": "OpenAI"}, "compny: there is no such field; known are since, until"),
        ({"x" * 1000: 1}, "xxx: there is no such field"),
        ({"words": None}, "words: Input should be a valid string"),
    ],
)
def test_a_question_that_cannot_be_is_one_line(
    archive: Archive, given: dict[str, object], said: str
) -> None:
    """Short, with the field that is wrong, and without what was given."""
    with pytest.raises(SettingsError) as refused:
        search_entries(archive, read_question(SearchQuestion, given))
    line = str(refused.value)
    assert said in line
    assert "\n" not in line
    assert len(line) < 300


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "2025-11-24/../2025-11-24", "2025-11-24\n", "drafts/2025-11-24",
     "２０２５-11-24", "2025-11-24.json", "", "2025-11-24\0"],
)  # fmt: skip
def test_a_name_leads_out_of_no_folder(archive: Archive, name: str) -> None:
    """What is no date is no name."""
    with pytest.raises(SettingsError):
        read_question(DigestQuestion, {"digest": name})
    with pytest.raises(SettingsError):
        archive.read(name)


def test_neither_does_a_link_nor_a_pipe_nor_a_huge_file(outputs: Path, tmp_path: Path) -> None:
    """A digest elsewhere stays elsewhere; nothing hangs, and nothing is read whole."""
    put(tmp_path, "2026-01-01", daily.digest(daily.FIRST_DAY))
    (outputs / "2026-01-01.json").symlink_to(tmp_path / "2026-01-01.json")
    os.mkfifo(outputs / "2026-01-02.json")
    (outputs / "2026-01-04.json").symlink_to(outputs / "2026-01-04.json")
    (outputs / "2026-01-05.json").mkdir()
    with (outputs / "2026-01-03.json").open("wb") as file:
        file.truncate(9_000_000_000)
    archive = Archive(outputs)
    for name, said in (
        ("2026-01-01", "out of the folder"),
        ("2026-01-02", "cannot be read"),
        ("2026-01-03", "no digest has so many"),
        ("2026-01-04", "cannot be read"),
        ("2026-01-05", "cannot be read"),
    ):
        with pytest.raises(PageNotUnderstood, match=said):
            archive.read(name)
    assert len(list_digests(archive, ListQuestion()).unreadable) == 5


def test_a_sentence_comes_with_its_lines_and_links(archive: Archive) -> None:
    """Only those that it rests on; the whole entry with all of them."""
    one = entry_evidence(archive, EvidenceQuestion(digest=DAY, entry="news:3", sentence=1))
    assert [line.number for line in one.lines] == [1]
    assert "TensorForge is out" in one.lines[0].text
    assert [sentence.number for sentence in one.sentences] == [1]
    whole = entry_evidence(archive, EvidenceQuestion(digest=DAY, entry="news:3"))
    assert [line.number for line in whole.lines] == [1, 2]
    assert [sentence.lines for sentence in whole.sentences] == [(1,), (1, 2)]
    assert [link.url for link in whole.links] == [whole.link, f"{whole.link}/code"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"digest": "2020-01-01", "entry": "news:1"}, "there is no digest 2020-01-01"),
        ({"digest": DAY, "entry": "news:11"}, "there is no news:11 in the digest"),
        ({"digest": DAY, "entry": "news:1", "sentence": 3}, "news:1 has 2"),
        ({"digest": DAY, "entry": "news:1", "first_line": 3}, "the last line is 2"),
        ({"digest": DAY, "entry": "news:0"}, "entry: write it as news:3"),
        ({"digest": DAY}, "entry: Field required"),
    ],
)
def test_what_is_not_there_is_said(
    archive: Archive, question: dict[str, object], said: str
) -> None:
    """With what is there."""
    with pytest.raises(SettingsError, match=said):
        entry_evidence(archive, read_question(EvidenceQuestion, question))


def test_much_evidence_comes_in_pages(outputs: Path) -> None:
    """Each answer is bounded, and together they have every line once."""
    lines = [f"Line {number} says {'much ' * 40}" for number in range(900)]
    words = "。".join(["一句话"] * 3) + "。"
    put(
        outputs,
        DAY,
        with_first(evidence="\n".join(lines), mentions=("m1",), summary=words, sentences=()),
    )
    archive, seen, start = Archive(outputs), [], 1
    while start:
        question = EvidenceQuestion(digest=DAY, entry="news:1", first_line=start)
        answer = entry_evidence(archive, question)
        assert len(answer.model_dump_json()) < 60_000
        seen += [line.number for line in answer.lines]
        start = answer.next_line or 0
    assert seen == list(range(1, 901))


def test_what_hides_is_named_and_what_is_long_is_cut(outputs: Path) -> None:
    """In a title, a line and a link, whoever wrote them."""
    hidden = "a\u202eb\u200bc\x1b[31m\nd"
    put(
        outputs,
        DAY,
        with_first(
            title=hidden + "x" * 5_000, summary=hidden, sentences=(), evidence=hidden, mentions=()
        ),
    )
    answer = entry_evidence(Archive(outputs), EvidenceQuestion(digest=DAY, entry="news:1"))
    text = answer.model_dump_json()
    assert "<U+202E>" in answer.lines[0].text
    assert not {"\u202e", "\u200b", "\x1b"} & set(json.loads(text)["title"] + text)
    assert len(answer.title) == 1_000


def test_answers_stay_small_whatever_a_digest_holds(outputs: Path) -> None:
    """Long titles, links and lists of lines, empty lines, and more entries than there are."""
    links = (Link(url=f"https://example.org/{'x' * 9_000}", text="y" * 9_000),) * 60
    made = daily.digest(daily.FIRST_DAY)
    first = made.news[0].model_copy(
        update={
            "title": "长" * 5_000,
            "summary": "句。" * 1_000,
            "sentences": tuple(Sentence(text="句。", lines=(1,) * 200) for _ in range(1_000)),
            "link": f"https://example.org/{'x' * 20_000}",
            "links": links,
            "evidence": "z\n" + "\n" * 3_000 + "z" * 20_000,
            "mentions": (),
        }
    )
    small = first.model_copy(update={"links": (), "sentences": (), "evidence": "z"})
    put(outputs, DAY, made.model_copy(update={"news": (first, *(small,) * 69)}))
    archive = Archive(outputs)
    answers = [
        get_digest(archive, DigestQuestion(digest=DAY)),
        search_entries(archive, SearchQuestion(words="长长长", limit=50)),
        entry_evidence(archive, EvidenceQuestion(digest=DAY, entry="news:1")),
        verify_text(archive, TextQuestion(text="句。" * 900, digest=DAY, entry="news:1")),
    ]
    assert max(len(answer.model_dump_json()) for answer in answers) < 300_000


def test_an_older_entry_has_its_lines_without_numbers_of_sentences(outputs: Path) -> None:
    """Where it is not known what a sentence rests on, it comes with all lines."""
    old = {"evidence": "One thing.\n\nAnother thing.", "mentions": (), "sentences": ()}
    put(outputs, DAY, with_first(**old))
    question = EvidenceQuestion(digest=DAY, entry="news:1", sentence=2)
    answer = entry_evidence(Archive(outputs), question)
    assert [line.text for line in answer.lines] == ["One thing.", "Another thing."]
    assert answer.sentences[0].lines == ()


def checks(archive: Archive, text: str, entry: str | None = None) -> list[str]:
    """Name the errors of a text."""
    answer = verify_text(archive, TextQuestion(text=text, digest=DAY, entry=entry))
    assert answer.passed is (not [one for one in answer.findings if one.severity == "error"])
    return [one.check for one in answer.findings if one.severity == "error"]


@pytest.mark.parametrize("entry", ["news:1", None])
def test_a_text_is_compared_with_its_evidence(archive: Archive, entry: str | None) -> None:
    """A right one passes; an invented number or name, English and markup do not."""
    right = "Orbit Agent是一个4B参数的编程智能体，可以在单张显卡上运行。"
    assert checks(archive, right, entry) == []
    assert checks(archive, right.replace("4B", "70B"), entry) == ["number"]
    assert checks(archive, right.replace("单张", "Zephyr"), entry) == ["name"]
    assert "form" in checks(archive, f"{right}见[这里](https://evil.example)。", entry)
    assert "language" in checks(archive, f"{right}It is a great agent for everybody.", entry)


def test_a_text_about_nothing_of_the_digest_does_not_pass(archive: Archive) -> None:
    """It is not compared with what has nothing to do with it."""
    assert checks(archive, "今天天气很好，我们去公园散步。") == ["story"]


def test_every_entry_of_a_clean_digest_passes_its_own_check(archive: Archive) -> None:
    """Also where the evidence is looked up; no right text is refused."""
    _, made = archive.read(DAY)

    def errors(entry: Entry, place: str | None) -> list[str]:
        return checks(archive, entry.summary, place)

    assert [place for place, entry in made.placed if errors(entry, place)] == []
    assert [place for place, entry in made.placed if errors(entry, None)] == []


@pytest.mark.parametrize("text", ["", "字" * 2_001])
def test_a_text_has_a_length(text: str) -> None:
    """Neither nothing nor a book."""
    with pytest.raises(DigestError, match="text: "):
        read_question(TextQuestion, {"text": text, "digest": DAY})
