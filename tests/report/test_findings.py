"""Findings in a pull request: on the line where they stand, and with the right answer, if any."""

import datetime as dt
import re
import shlex
from pathlib import Path

import pytest

from build import entry
from pipeline.chinese import load_glossary
from pipeline.cli import main
from pipeline.records import Digest, Entry, Finding, Sentence
from pipeline.report import annotations, report
from pipeline.write import to_markdown
from pipeline.write.files import write


def digest(
    *findings: Finding, news: tuple[Entry, ...] = (), tools: tuple[Entry, ...] = ()
) -> Digest:
    """Write a digest with findings."""
    return Digest(
        date=dt.date(2026, 1, 31),
        issue_url="https://news.smol.ai/issues/26-01-30-sampler/",
        news=news or (entry("s01", "https://example.org/1"), entry("s02", None)),
        tools=tools or (entry("s03", "https://example.org/3", "tool"),),
        findings=findings,
    )


def finding(place: str, check: str = "name", found: str = "b", **more: object) -> Finding:
    """Write a finding, an error about the entry unless told otherwise."""
    made = Finding(entry=place, check=check, severity="error", expected="a", found=found)
    return made.model_copy(update=more)


def told(summary: str, evidence: str, title: str = "标题") -> Entry:
    """Write an entry of sentences that rest on the first line."""
    sentences = tuple(Sentence(text=text, lines=(1,)) for text in re.findall("[^。]+。", summary))
    return entry("s01", "https://example.org/1").model_copy(
        update={
            "title": title,
            "summary": summary,
            "sentences": sentences,
            "evidence": evidence,
            "mentions": ("m1",),
        }
    )


def annotated(made: Digest, markdown: str | None = None) -> list[str]:
    """Annotate the Markdown of a digest, or another one."""
    return list(annotations("outputs/d.md", made, markdown or to_markdown(made)))


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (finding("news:1", sentence=0), "### 1. 标题"),
        (finding("news:1", sentence=1), f"> {'摘要' * 30}"),
        (finding("news:1"), "### 1. 标题"),
        (finding("news:1", found="摘要"), f"> {'摘要' * 30}"),
        (finding("news:1", "link"), "> [https://example.org/1](https://example.org/1)"),
        (finding("news:2", "link"), "> 来源：文章内容"),
        (finding("tools:1", "link"), "> [https://example.org/3](https://example.org/3)"),
        (finding("tools:1", sentence=2), f"> {'摘要' * 30}"),
        (finding("news:11", "count"), "## AINews - 2026-01-31"),
        (finding("s07", "edit"), "## AINews - 2026-01-31"),
    ],
)
def test_a_finding_is_annotated_on_its_line(found: Finding, line: str) -> None:
    """The title's, the source's or the summary's of its entry; else the first of the file."""
    made = digest(found)
    [command] = annotated(made)
    shown = re.fullmatch(r"::error file=outputs/d\.md,line=(\d+),title=[^,:]*::.*", command)
    assert shown is not None
    lines = to_markdown(made).split("\n")
    assert lines[int(shown[1]) - 1] == line
    half = lines.index(next(text for text in lines if "工具" in text)) + 1
    if not found.entry.startswith(("s", "news:11")):
        assert (int(shown[1]) > half) is found.entry.startswith("tools")


def test_a_quoted_and_a_changed_markdown_have_their_own_lines() -> None:
    """Lines are counted in the file as it is, which may hold more than the digest would."""
    quoted = entry("s01", None).model_copy(update={"quoted": True, "summary": "Quoted words."})
    made = digest(finding("news:1", sentence=1), news=(quoted,))
    lines = to_markdown(made).split("\n")
    [command] = annotated(made)
    assert f",line={lines.index('> “Quoted words.”') + 1}," in command
    [command] = annotated(made, "\n\n" + to_markdown(made))
    assert f",line={lines.index('> “Quoted words.”') + 3}," in command
    [command] = annotated(made, "nothing of a digest")
    assert ",line=1," in command


def test_the_worst_is_annotated_first() -> None:
    """GitHub shows ten of a step."""
    warnings = [finding("news:1", severity="warning")] * 2
    commands = annotated(digest(*warnings, finding("news:2")))
    assert [command.split()[0] for command in commands] == ["::error", "::warning", "::warning"]
    assert annotated(digest()) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "a\n::error::forged",
        "a\r\n::set-output name=x::y",
        "100%0A::add-mask::a",
        "::stop-commands::x",
        "a,line=9::b",
        "\u2028::error::x\u0085::error::y\x1b[31m",
        "##[error]x",
    ],
)
def test_a_strangers_words_are_one_command(hostile: str) -> None:
    """On one line, with its own properties, and the words as they were."""
    entries = (entry("s01", None).model_copy(update={"title": hostile}),)
    made = digest(finding("news:1", hostile, hostile, expected=hostile), news=entries)
    [command] = annotated(made, "one line")
    assert len(command.splitlines()) == 1
    assert command.isprintable()
    shown = re.fullmatch(r"::error file=outputs/d\.md,line=1,title=([^,:]*)::(.*)", command)
    assert shown is not None
    message = re.sub("%25", "%", shown[2])
    words = re.sub(r"[^\w%:#=,-]", "", " ".join(hostile.split()))
    assert re.sub(r"[^\w%:#=,-]", "", message).count(words.split("x1b")[0].split("31m")[0]) >= 2


def answered(made: Digest) -> list[str]:
    """List the lines that the suggestions of a pull request have."""
    text = report([("2026-01-31", made)], (), terms=load_glossary())
    return re.findall(r"(?m)^  ```suggestion\n  (.*)\n  ```$", text)


AGENT = "The agent plans, and the proxy waits."


def term(found: str = "代理人", **more: object) -> Finding:
    """Write a finding about a term."""
    return finding("news:1", "term", found, expected="智能体 for 'agent'", **more)


def test_a_wrong_word_of_the_glossary_has_one_right_answer() -> None:
    """The line as it would be, where it stands, and the command that makes it so."""
    made = digest(term(), news=(told("代理人会规划。代理人等待。", AGENT),))
    text = report([("2026-01-31", made)], (), terms=load_glossary())
    assert answered(made) == ["> 智能体会规划。智能体等待。"]
    number = to_markdown(made).split("\n").index("> 代理人会规划。代理人等待。") + 1
    assert f"  Line {number} of the Markdown:\n" in text
    [command] = re.findall(r"(?m)^  (ainews-digest edit .*)$", text)
    assert shlex.split(command) == [
        *("ainews-digest", "edit", "2026-01-31"),
        *("--set", "news:1.summary=智能体会规划。智能体等待。"),
    ]


def test_title_and_summary_are_both_corrected() -> None:
    """Each on its line, with a space where Chinese comes to touch English."""
    made = digest(
        finding("news:1", "term", "代币", expected="token for 'token'"),
        news=(told("每个代币更便宜。", "Each token is cheaper.", "代币降价"),),
    )
    assert answered(made) == ["### 1. token 降价", "> 每个 token 更便宜。"]


def test_a_character_that_only_looks_like_chinese_has_one_right_answer() -> None:
    """The one that the finding names."""
    lookalike = finding("news:1", "scripts", "⽅ (U+2F45)", expected="the character 方")
    made = digest(lookalike, news=(told("新⽅法发布。", "A new method."),))
    assert answered(made) == ["> 新方法发布。"]


@pytest.mark.parametrize(
    ("found", "summary", "evidence"),
    [
        # A matter of taste, of which the finding itself is not sure.
        (term("代理", severity="warning"), "代理会规划。", AGENT),
        # Two terms call it wrong, and have different words.
        (term(), "代理人会规划。", "The agent is one of a multi-agent system."),
        # It stands in a longer word that is right, too.
        (term(), "代理人工作，代理人工智能。", AGENT),
        # An English word with more than one translation, and one that stands twice.
        (finding("news:1", "term", "harness"), "用 harness 评测。", "A harness."),
        (finding("news:1", "term", "agent"), "用 agent 与“agent”。", AGENT),
        # It does not stand there any more, or the evidence does not speak of it.
        (term(), "智能体会规划。", AGENT),
        (term(), "代理人会规划。", "The estate is sold."),
        # Other checks leave a choice.
        (finding("news:1", "number", "9"), "9个智能体。", AGENT),
        (finding("news:1", "name", "Alder"), "Alder会规划。", AGENT),
        (finding("news:1", "link", "no link"), "智能体会规划。", AGENT),
        (finding("news:1", "scripts", "ж (U+0436)"), "ж会规划。", AGENT),
        (finding("news:9", "term", "代理人"), "代理人会规划。", AGENT),
    ],
)
def test_without_one_right_answer_nothing_is_suggested(
    found: Finding, summary: str, evidence: str
) -> None:
    """A guess would be taken with one press of a button."""
    made = digest(found, news=(told(summary, evidence),))
    assert answered(made) == []
    assert "ainews-digest edit" in report([("x", made)], (), terms=load_glossary())


def test_what_quotes_or_has_no_evidence_is_not_corrected() -> None:
    """There is nothing to check the answer with."""
    one = told("代理人会规划。", AGENT)
    for update in ({"quoted": True}, {"evidence": "", "mentions": (), "sentences": ()}):
        assert answered(digest(term(), news=(one.model_copy(update=update),))) == []


def test_a_strangers_words_do_not_end_a_suggestion() -> None:
    """They stand on a line that begins with the mark of a quote or a heading."""
    made = digest(term(), news=(told("``` 代理人会规划，``` @octocat。", AGENT, "``` # x"),))
    text = report([("2026-01-31", made)], (), terms=load_glossary())
    assert len(answered(made)) == 1
    assert len(re.findall(r"(?m)^ *```", text)) % 2 == 0


def test_the_command_annotates_files_from_the_roots_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever file of a digest is named, and however; nothing but the commands is printed."""
    monkeypatch.chdir(tmp_path)
    write(digest(finding("news:2", "link")), tmp_path / "outputs")
    for name in (
        "outputs/2026-01-31.json",
        "./outputs/2026-01-31.md",
        f"{tmp_path}/outputs/2026-01-31.json",
    ):
        with pytest.raises(SystemExit) as ended:
            main(["report", "--annotations", name])
        assert not ended.value.code
        assert capsys.readouterr().out == (
            "::error file=outputs/2026-01-31.md,line=14,title=error[link] news%3A2"
            "::«标题»: found b, expected a\n"
        )
    (tmp_path / "outputs" / "2026-01-31.md").unlink()
    with pytest.raises(SystemExit):
        main(["report", "--annotations", "outputs/2026-01-31.json"])
    assert ",line=14," in capsys.readouterr().out


def test_a_report_makes_no_cache_where_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Looking leaves nothing behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(tmp_path / "cache"))
    write(digest(), tmp_path / "outputs")
    for more in ((), ("--json",)):
        with pytest.raises(SystemExit) as ended:
            main(["report", "outputs/2026-01-31.json", *more])
        assert not ended.value.code
        assert capsys.readouterr().err == ""
    assert [path.name for path in tmp_path.iterdir()] == ["outputs"]
