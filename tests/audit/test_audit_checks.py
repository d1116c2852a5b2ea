"""The command that checks any digest: findings by entry, exit code 1 on errors."""

import io
import json
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from pipeline.audit import audit, topic_words
from pipeline.audit.audit_checks import check_digest, needs_issue
from pipeline.audit.audits import AuditReport
from pipeline.chinese.glossary import Term
from pipeline.cli import main
from pipeline.errors import PageNotUnderstood
from pipeline.fetch.local_file import read_source
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.records import Digest, Entry, Finding, Issue, Link, Story
from pipeline.settings import Settings
from pipeline.write.json_format import to_json
from pipeline.write.markdown_format import to_markdown
from whole_run import call_here

DEMO = Path(__file__).parents[2] / "pipeline" / "data" / "demo.md"
SUMMARY = "Anthropic推出了Remote Control功能，可在手机或网页上接管终端里的会话。该功能目前处于研究预览阶段。"


@cache
def issue() -> Issue:
    """Parse the bundled issue, once."""
    return parse(read_source(str(DEMO), stdin=io.BytesIO()))


@cache
def remote_control() -> Story:
    """Find the story that the entry tells."""
    return next(each for each in merge(issue()) if "Remote Control" in each.lead)


def digest(**change: object) -> Digest:
    """Write a digest of one true entry, changed as the test wants."""
    told = remote_control()
    entry = Entry(
        kind="news",
        title="Anthropic推出Remote Control功能",
        summary=SUMMARY,
        link=told.sources[0],
        story=told.id,
        links=told.links,
        evidence=told.evidence,
    )
    changed = entry.model_copy(update=change)
    return Digest(
        date=issue().date, issue_url="https://news.smol.ai/issues/x/", news=(changed,), tools=()
    )


def verify(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command in this process."""
    with pytest.raises(SystemExit) as left:
        main(["verify", *arguments])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    """Run the command for its JSON."""
    _, out, _ = verify(capsys, *arguments, "--json")
    told: list[dict[str, str]] = json.loads(out)
    return told


def saved(folder: Path, text: str, name: str) -> str:
    """Write a file."""
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_a_true_digest_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Our JSON is checked against its own evidence, with and without its issue; Markdown too."""
    made = saved(tmp_path, to_json(digest()), "a.json")
    text = saved(tmp_path, to_markdown(digest()), "a.md")
    for arguments in ((made,), (made, "--source", str(DEMO)), (text, "--source", str(DEMO))):
        code, out, _ = verify(capsys, *arguments)
        assert (code, out.splitlines()[-1]) == (0, "1 entry, 0 errors, 0 warnings"), out


def test_what_only_the_issue_shows_is_said_not_to_be_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who tells a figure: the evidence alone does not part the editors' words from a user's."""
    liquid = next(it for it in merge(issue()) if "LFM2" in it.lead)
    words = "Liquid AI的预览版LFM2-24B-A2B有40层，每块64个专家，每个token激活其中四个。它在AMD CPU上每秒生成112个token。"
    change: dict[str, object] = {"title": "Liquid AI预览LFM2-24B-A2B", "summary": words}
    change |= {"story": liquid.id, "link": liquid.sources[0]}
    change |= {"links": liquid.links, "evidence": liquid.evidence}
    made = saved(tmp_path, to_json(digest(**change)), "a.json")
    code, out, err = verify(capsys, made)
    assert (code, out.splitlines()[-1]) == (0, "1 entry, 0 errors, 0 warnings")
    assert err.startswith("ainews-digest: note: attribution: needs the issue")
    code, out, err = verify(capsys, made, "--source", str(DEMO))
    assert "warning[attribution] news:1" in out
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    ("change", "check", "said"),
    [
        ({"summary": SUMMARY + "融资98765万美元。"}, "number", "98765万美元"),
        ({"summary": SUMMARY + "由Inventia支持。"}, "name", "Inventia"),
        ({"summary": SUMMARY + "It works on every device you own."}, "language", "It works"),
        ({"summary": SUMMARY + "這項功能對開發者很實用。"}, "language", ""),
        ({"summary": "太短了。"}, "length", "4 characters"),
        ({"link": "https://example.org/elsewhere"}, "link", "https://example.org/elsewhere"),
    ],
)
def test_what_is_broken_is_named_with_its_entry(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, object],
    check: str,
    said: str,
) -> None:
    """One thing wrong is exit code 1 and an error under `news:1`, in JSON and in Markdown."""
    made = saved(tmp_path, to_json(digest(**change)), "a.json")
    text = saved(tmp_path, to_markdown(digest(**change)), "a.md")
    for arguments in ((made,), (text, "--source", str(DEMO))):
        assert verify(capsys, *arguments)[0] == 1
        errors = [each for each in found(capsys, *arguments) if each["severity"] == "error"]
        assert any(
            (each["entry"], each["check"]) == ("news:1", check) and said in each["found"]
            for each in errors
        ), errors
        assert set(errors[0]) == {"entry", "check", "severity", "expected", "found"}


def test_evidence_that_the_issue_does_not_have_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An entry cannot bring its own proof."""
    forged = digest(evidence="Anthropic gave Remote Control to everyone.", summary=SUMMARY)
    made = saved(tmp_path, to_json(forged), "a.json")
    told = found(capsys, made, "--source", str(DEMO))
    assert "evidence" in {each["check"] for each in told}


def test_the_same_issue_in_another_form_has_the_same_evidence() -> None:
    """Round quotes and long dashes are the site's; upstream's Markdown has them straight."""
    told = digest().news[0].evidence
    rounded = told.replace("'", "’").replace(" - ", " – ")
    assert rounded != told
    assert check_digest(digest(evidence=rounded), issue()) == ()


def test_an_entry_that_only_its_link_ties_to_the_issue_is_doubted() -> None:
    """Nothing says that the link is the right one: a warning."""
    entry = (
        digest()
        .news[0]
        .model_copy(
            update={
                "title": "一项新功能面向开发者推出",
                "summary": "该功能让开发者更方便地完成日常工作，目前处于预览阶段，后续会向更多用户开放使用。",
                "evidence": "",
                "links": (),
            }
        )
    )
    doubts = check_digest(digest().model_copy(update={"news": (entry,)}), issue())
    assert [(each.check, each.severity) for each in doubts] == [("story", "warning")]


def test_the_command_ends_with_its_code(tmp_path: Path) -> None:
    """A digit changed in a Markdown file is exit code 1 and the number of the entry."""
    sound = digest(summary=SUMMARY.replace("手机", "1部手机"))
    text = saved(tmp_path, to_markdown(sound).replace("1部", "7500部"), "a.md")
    done = call_here("verify", text, "--source", str(DEMO), env={}, cwd=tmp_path)
    said = done.stdout.decode().splitlines()
    assert done.returncode == 1
    assert said[-1].startswith("1 entry, 1 error")
    assert any(
        re.match(r"error\[number\] news:1( title| sentence \d+)?( «.*»)?: found 7500", line)
        for line in said
    )


def test_an_entry_that_tells_nothing_of_the_issue_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What matches no story is an error of its own."""
    alien = digest(
        title="Quuxia发布Florp 9模型",
        summary="Quuxia发布了Florp 9模型，" + "该模型面向普通读者。" * 4,
        link=None,
    )
    text = saved(tmp_path, to_markdown(alien), "a.md")
    assert [each["check"] for each in found(capsys, text, "--source", str(DEMO))] == ["story"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nowhere.md",), 2, "nowhere.md"),
        (("-", "--source", "-"), 2, "standard input"),
        ((str(DEMO),), 4, "AINews"),
        (("{text}", "--source", "no/such file"), 2, "no/such file"),
        (("{text}",), 4, "--source"),
    ],
)
def test_wrong_use_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    """What cannot be checked is said, with the exit code of its kind."""
    bare = digest().model_copy(update={"issue_url": "https://example.org/"})
    text = saved(tmp_path, to_markdown(bare), "a.md")
    left, out, err = verify(capsys, *(each.format(text=text) for each in arguments))
    assert (left, out) == (code, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_the_digest_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-` is read as a file is."""
    stream = io.TextIOWrapper(io.BytesIO(to_json(digest()).encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    assert verify(capsys, "-")[0] == 0


def several(*entries: Entry, tools: tuple[Entry, ...] = ()) -> Digest:
    """Write a digest of these entries."""
    return digest().model_copy(update={"news": entries, "tools": tools})


def shown(digest: Digest, issue: Issue | None = None) -> list[tuple[str, str, str]]:
    """List the findings, without what was found."""
    return [(each.entry, each.check, each.severity) for each in check_digest(digest, issue)]


def test_more_than_ten_entries_of_a_half_are_a_warning() -> None:
    """Under the first that is too much; ten are none too many."""
    one = digest().news[0]
    entries = [
        one.model_copy(update={"link": f"{one.link}#{n}", "story": f"s{n}"}) for n in range(11)
    ]
    entries = [
        entry.model_copy(update={"links": (Link(url=str(entry.link), text=""),)})
        for entry in entries
    ]
    assert [
        each
        for each in shown(several(*entries[:10], tools=tuple(entries[:0])))
        if each[1] == "count"
    ] == []
    for half, many in (("news", several(*entries)), ("tools", several(tools=tuple(entries)))):
        (found,) = [each for each in check_digest(many, None) if each.check == "count"]
        assert (found.entry, found.severity) == (f"{half}:11", "warning")
        assert (found.expected, found.found) == ("at most 10 entries", "11")


def test_each_entry_has_its_number_and_its_half() -> None:
    """In order, news before tools, and what is about several comes last."""
    good = digest().news[0]
    bad = good.model_copy(update={"summary": f"{SUMMARY}由Inventia支持。"})
    found = shown(several(good, bad, tools=(bad,)))
    assert found == [
        ("news:2", "name", "error"),
        ("tools:1", "name", "error"),
        ("news:2", "repeat", "error"),
        ("tools:1", "repeat", "error"),
    ]


def test_a_story_that_is_told_under_two_links_is_found() -> None:
    """Once, and with the first; of two entries without a story the words are compared."""
    one = digest().news[0]
    other = one.model_copy(update={"link": "https://example.org/other"})
    other = other.model_copy(update={"links": (*one.links, Link(url=str(other.link), text=""))})
    (found,) = check_digest(several(one, tools=(other,)), None)
    assert (found.entry, found.check, found.found) == (
        "tools:1",
        "repeat",
        f"{one.story} is told by news:1 too",
    )
    loose = [each.model_copy(update={"story": None}) for each in (one, other)]
    (found,) = check_digest(several(*loose), None)
    assert (found.check, found.found) == ("repeat", "nearly all words of news:1")


def test_what_an_entry_carries_is_looked_for_in_the_issue() -> None:
    """Text and links; a long text is cut to 80 characters in the finding."""
    one = digest().news[0]
    long = "Anthropic has a Remote Control. " * 4
    forged = one.model_copy(update={"evidence": f"{one.evidence}\n\n{long.strip()}"})
    found = [each for each in check_digest(several(forged), issue()) if each.check == "evidence"]
    assert [(each.found, each.expected, each.severity) for each in found] == [
        (f"{long[:79]}…", "text of the issue", "error")
    ]
    links = (*one.links, Link(url="https://example.org/forged", text="x"))
    (found_link,) = check_digest(several(one.model_copy(update={"links": links})), issue())
    assert (found_link.check, found_link.found, found_link.expected) == (
        "evidence",
        "https://example.org/forged",
        "a link of the issue",
    )


def test_a_link_that_is_missing_weighs_less_where_it_may_be() -> None:
    """Digests without evidence may leave it out; an entry with evidence may not."""
    bare = digest(link=None, evidence="", links=())
    assert shown(bare, issue()) == [("news:1", "link", "warning")]
    own = digest(link=None)
    assert shown(own, None) == [("news:1", "link", "error")]
    other = digest(link="https://example.org/elsewhere")
    assert shown(other, issue()) == [("news:1", "link", "error")]


def test_a_link_of_another_mention_is_found() -> None:
    """It is one of the issue, but not one of the story's."""
    links = {link.url for mention in issue().mentions for link in mention.links}
    elsewhere = min(links - {link.url for link in digest().news[0].links})
    assert ("news:1", "link", "error") in shown(digest(link=elsewhere), issue())
    bare = digest(link=elsewhere, evidence="", links=())
    assert ("news:1", "link", "error") in shown(bare, issue())


def test_terms_are_checked_with_and_without_the_issue() -> None:
    """And where the entry carries no evidence."""
    terms = [Term(term="remote control", chinese="远程控制", never=("遥控器",))]
    said = {"summary": f"{SUMMARY}它不是遥控器。"}
    for made, whole in (
        (digest(**said), None),
        (digest(**said), issue()),
        (digest(**said, evidence="", links=()), issue()),
    ):
        assert [each.check for each in check_digest(made, whole, terms)] == ["term"]
        assert check_digest(made, whole) == ()


def test_an_issue_is_needed_where_an_entry_has_no_evidence() -> None:
    """One such entry is enough, in either half."""
    one = digest().news[0]
    bare = one.model_copy(update={"evidence": ""})
    assert not needs_issue(several(one, tools=(one,)))
    assert needs_issue(several(one, bare))
    assert needs_issue(several(one, tools=(bare,)))


def test_topics_are_names_and_terms_in_chinese() -> None:
    """Each Chinese word leads to the English that an issue would have."""
    terms = [Term(term="agent", chinese="智能体", accept=("代理",)), Term(term="LLM", keep=True)]
    found = topic_words(terms)
    assert (found["智能体"], found["代理"]) == ("agent", "agent")
    assert found["阿里云"].strip() == "Alibaba"
    assert found["微软"].strip() == "Microsoft"
    assert "LLM" not in found


def finding(severity: str) -> Finding:
    """Write a finding."""
    return Finding.model_validate(
        {"entry": "news:1", "check": "name", "severity": severity, "expected": "", "found": ""}
    )


@pytest.mark.parametrize(
    ("entries", "severities", "line", "sound"),
    [
        (0, [], "0 entries, 0 errors, 0 warnings", True),
        (1, ["warning"], "1 entry, 0 errors, 1 warning", True),
        (2, ["error"], "2 entries, 1 error, 0 warnings", False),
        (20, ["error", "warning", "warning", "error"], "20 entries, 2 errors, 2 warnings", False),
    ],
)
def test_an_audit_is_summed_up_in_a_line(
    entries: int, severities: list[str], line: str, sound: bool
) -> None:
    """Numbers and their nouns; only errors make it unsound."""
    made = AuditReport(entries=entries, findings=tuple(map(finding, severities)))
    assert (made.summary(), made.passed) == (line, sound)


def test_a_digest_is_told_from_its_first_character() -> None:
    """JSON may begin with white space or a byte order mark; both halves are counted."""
    one = digest().news[0]
    words = {
        "title": "Claude Code可用手机接管",
        "summary": SUMMARY.replace("Remote Control", "一项"),
    }
    tool = one.model_copy(update={"link": None, "story": "s99", **words})
    two = several(one, tools=(tool,))
    for start in ("", "\ufeff", " \t\r\n"):
        made = audit(start + to_json(two), None, settings=Settings(), stdin=io.BytesIO())
        assert made.entries == 2
        assert [finding.entry for finding in made.findings] == ["tools:1"]


def test_an_issue_may_come_from_standard_input() -> None:
    """Or the digest says which it is, by its address."""
    text = to_markdown(digest())
    page = io.BytesIO(DEMO.read_bytes())
    made = audit(text, "-", settings=Settings(), stdin=page)
    assert (made.entries, made.findings) == (1, ())
    nameless = to_markdown(digest().model_copy(update={"issue_url": "https://example.org/"}))
    with pytest.raises(
        PageNotUnderstood, match=r"carries no evidence, and 'https://example\.org/'"
    ):
        audit(nameless, None, settings=Settings(), stdin=io.BytesIO())


def test_published_digests_are_checked_as_they_are(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of another system's 20 entries, only those with something wrong are named."""
    file = shared / "published" / "ai_news_summary_2025-12-24.md"
    page = shared / "site" / "frozen-issues" / "25-12-22-not-much.html"
    errors = [
        (each["entry"], each["check"])
        for each in found(capsys, str(file), "--source", str(page))
        if each["severity"] == "error"
    ]
    # A link of another post, and a company that the text does not name.
    assert errors == [("news:10", "link"), ("tools:1", "name")]
