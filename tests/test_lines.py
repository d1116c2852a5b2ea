"""Nothing that is said on a terminal or in a log acts, hides or begins a line of its own."""

import ast
import logging
import os
import unicodedata
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import openai_server as fake
from build import PAGE
from openai_server import OpenAIServer, Request, ServerReply
from pipeline.batch.ranges import IssueOutcome
from pipeline.lines import (
    counted,
    get_logger,
    is_trouble,
    log_to_stderr,
    print_traceback,
    said_line,
    visible,
    visible_lines,
    with_level,
)
from pipeline.progress import TerminalBatchProgress, TerminalProgress
from pipeline.records import Finding
from pipeline.tables import format_table
from whole_run import call_here

ROOT = Path(__file__).parent.parent
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\u200b\ufeff\u2028\x85\r\nFORGED\ttab\x00\udc80"
"""What a terminal obeys, what turns or hides text, and what begins another line."""
PLAIN = (
    "Qwen3 发布：8B 参数，“开源”…—— 价格 ¥1 / 百万 tokens（约 50%）！\u3000café naïve ❤\ufe0f 🚀 한국어 עברית "
    "C:\\new <U+1> 100\u00a0% − · ‑ ﹪ ～"
)


def acting(text: str) -> list[str]:
    """List the characters of a text that should have been named, but for the ends of its lines."""
    return [
        f"U+{ord(c):04X}"
        for c in text.replace("\n", "")
        if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    ]


def test_clean_lines_stay_as_they_are() -> None:
    """Chinese, accents, emoji, right-to-left letters and backslashes."""
    assert visible(PLAIN) == PLAIN
    assert visible("") == ""
    assert visible(visible(HOSTILE)) == visible(HOSTILE)


@pytest.mark.parametrize(
    "character",
    [
        *("\x00", "\x07", "\x08", "\t", "\n", "\x0b", "\r", "\x1b", "\x7f", "\x80", "\x85", "\x9b"),
        *("\xad", "\u061c", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028"),
        *("\u2029", "\u202a", "\u202e", "\u2060", "\u2064", "\u2066", "\u2069", "\u206a", "\ufeff"),
        *("\ufff9", "\U000e0041", "\U000e0001", "\ud800", "\udfff", "\u034f", "\u115f", "\u3164"),
        *("\uffa0", "\ufe00", "\U000e0100", "\u2800", "\ue000", "\u17b4"),
    ],
)
def test_what_acts_or_hides_is_named(character: str) -> None:
    """Controls of both kinds, marks of direction, what has no width, separators, tags, fillers."""
    assert visible(f"a{character}b") == f"a<U+{ord(character):04X}>b"


def test_several_lines_keep_their_own_ends_only() -> None:
    """Where lines are put together by us, nothing else separates them."""
    assert visible_lines("a\x1b\nb\rc\x85d\n") == "a<U+001B>\nb<U+000D>c<U+0085>d\n"


def test_a_table_has_as_many_lines_as_rows() -> None:
    """A cell cannot begin a row of its own."""
    shown = format_table(("a", "b"), [(HOSTILE, "x"), ("y", "z")])
    assert len(shown.splitlines()) == 3
    assert acting(shown) == []


@pytest.mark.parametrize("terminal", [False, True])
def test_progress_says_visible_lines(terminal: bool) -> None:
    """Stages, files, notes and outcomes; on a terminal the live line's own codes alone stand there."""
    out = StringIO()
    console = Console(file=out, force_terminal=terminal, width=500, color_system=None)
    with TerminalProgress(console) as shown:
        shown.watch_cost(lambda: HOSTILE)
        shown.stage(HOSTILE, 1)
        shown.bytes(HOSTILE, 1, 1)
        shown.note(HOSTILE)
        shown.step()
    outcome = {
        "date": "2026-01-30",
        "slug": HOSTILE[:-1],
        "status": "failed",
        "reason": HOSTILE[:-1],
    }
    with TerminalBatchProgress(console) as batch:
        batch.begin(1, lambda: HOSTILE)
        batch.ended(IssueOutcome.model_validate(outcome))
    said = out.getvalue()
    assert "<U+202E>evil<U+200B>" in said
    assert not {"\u202e", "\u200b", "\x9b", "\x07", "\x85"} & set(said)
    assert "\x1b]" not in said
    assert "\x1b[2J" not in said
    assert not [line for line in said.splitlines() if line.startswith("FORGED")]
    if not terminal:
        assert acting(said) == []


@pytest.mark.parametrize("verbose", [False, True])
def test_a_log_has_visible_lines(
    verbose: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own records wherever they go, those of other libraries, and tracebacks on the terminal."""
    records: list[logging.LogRecord] = []
    taking = logging.Handler()
    monkeypatch.setattr(taking, "emit", records.append)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging.getLogger("pipeline"), "level", logging.NOTSET)
    log_to_stderr(verbose=verbose)
    logging.getLogger().addHandler(taking)
    get_logger("pipeline.test").warning("%s: %d", HOSTILE, 1)
    logging.getLogger("another.library").warning(HOSTILE)
    try:
        int(HOSTILE)
    except ValueError as error:
        error.args = (HOSTILE,)
        logging.getLogger("another.library").exception("failed")
        print_traceback(type(error), error, error.__traceback__)
    assert acting(records[0].getMessage()) == []
    said = capsys.readouterr().err
    assert acting(said) == []
    assert said.count("Traceback") == 2
    assert not [line for line in said.splitlines() if line.startswith("FORGED")]


def test_every_line_is_said_in_one_place() -> None:
    """Standard output and error, loggers and consoles are reached through `lines` and `echo` alone.

    Exempt is what writes JSON, a digest's own text or colours, each by the function that does.
    """
    exempt = {
        ("lines.py", "sys.stderr.write"),
        ("lines.py", "logging.getLogger"),
        ("write/notifications.py", "logging.getLogger"),  # silences another library
        ("settings/env_file.py", "logging.getLogger"),  # names the file in another library's line
        ("cli.py", "typer.echo"),  # our own version
        ("cli.py", "sys.stderr.write"),  # a fixed line, while the program is loaded
        ("commands/common.py", "typer.echo"),
        ("commands/common.py", "typer.confirm"),
        ("commands/init.py", "typer.prompt"),
        ("commands/schema.py", "typer.echo"),
        ("commands/diff.py", "typer.echo"),
        ("commands/diff.py", "sys.stdout.buffer.write"),
        ("commands/inspect.py", "typer.echo"),
        ("commands/demo.py", "typer.echo"),
        ("commands/ops.py", "typer.echo"),
        ("commands/search.py", "typer.echo"),
        ("commands/export.py", "sys.stdout.buffer.write"),
    }
    spoken = {
        *("print", "input", "typer.echo", "typer.secho", "typer.prompt", "typer.confirm"),
        *("click.echo", "sys.stderr.write", "sys.stdout.write", "sys.stdout.buffer.write"),
        *("logging.getLogger", "logging.warning", "logging.basicConfig", "warnings.warn"),
        "traceback.print_exc",
    }
    found = {
        (str(file.relative_to(ROOT / "pipeline")), name)
        for file in (ROOT / "pipeline").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in spoken
    }
    assert found - {("lines.py", "logging.basicConfig")} <= exempt
    for file, name in exempt:
        assert (file, name) in found


def denied(request: Request, content: str) -> ServerReply:
    """Refuse with hostile words."""
    return fake.failing(400, HOSTILE[:-1])(request, content)


def test_the_command_says_visible_lines(tmp_path: Path) -> None:
    """Of a hostile page, server, file name, setting and argument, in every command that tells of them."""
    hostile = HOSTILE[:-2].replace("\n", " ")
    page = PAGE.replace('title: "', f'title: "{hostile}').replace("Cedar", f"Cedar{hostile}")
    (tmp_path / "26-01-30-sampler.md").write_text(page, encoding="utf-8", newline="")
    outputs = tmp_path / "out\x1b[31m\u202e"
    outputs.mkdir()
    (outputs / "2026-01-30.json").write_text("{", encoding="utf-8")
    (outputs / "2026-01-30\x1b[2J\u202e.json").write_text("{", encoding="utf-8")
    with OpenAIServer(behave=lambda _request: denied) as server:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "AINEWS_CACHE_DIR": str(tmp_path / "cache\x1b[1m\u202e"),
            "AINEWS_OUTPUTS_DIR": str(outputs),
            "AINEWS_SITE_URL": "http://127.0.0.1:9/\u202e/",
            "AINEWS_UPSTREAM_URL": "http://127.0.0.1:9/",
            "AINEWS_SUBSTACK_URL": "http://127.0.0.1:9/",
            "AINEWS_HTTP_ATTEMPTS": "1",
            "AINEWS_MODEL_ATTEMPTS": "1",
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_API_KEY": "sk-planted",
        }
        commands = [
            ["parse", "26-01-30-sampler.md"],
            ["stories", "26-01-30-sampler.md"],
            ["--verbose", "run", "--source", "26-01-30-sampler.md"],
            ["--verbose", "run", "--issue", f"26-01-30-x{hostile}"],
            ["run", f"--no-such{hostile}"],
            ["status", "--since", "2026-01-29", "--until", "2026-01-30"],
            ["doctor"],
            ["diff", f"2026-01-30{hostile}"],
            ["show", f"missing{hostile}.json"],
        ]
        said = ""
        for command in commands:
            done = call_here(*command, env=environment, cwd=tmp_path)
            assert done.returncode or command[0] in {"parse", "stories", "status"}, command
            said += (done.stdout + done.stderr).decode()
    assert acting(said) == []
    assert not [line for line in said.splitlines() if line.startswith("FORGED")]
    assert said.count("<U+202E>") > len(commands)


@pytest.mark.parametrize(
    ("fields", "said", "line"),
    [
        ({}, {}, "error[link] news:1: found x, expected y"),
        (
            {"sentence": 2},
            {"title": "标题"},
            "error[link] news:1 sentence 2 «标题»: found x, expected y",
        ),
        ({"expected": ""}, {}, "error[link] news:1: found x"),
        (
            {"severity": "warning", "entry": "s09"},
            {"digest": "2026-01-28"},
            "warning[link] 2026-01-28 s09: found x, expected y",
        ),
        (
            {},
            {"digest": "2026-01-28"},
            "error[link] 2026-01-28 news:1: found x, expected y — ainews-digest edit 2026-01-28 --set news:1.link=…",
        ),
        (
            {"check": "number", "sentence": 0},
            {"file": "a/b.json"},
            "error[number] news:1 title: found x, expected y — ainews-digest edit a/b.json --set news:1.title=…",
        ),
        (
            {"check": "number"},
            {"file": "a b.json"},
            "error[number] news:1: found x, expected y — ainews-digest show 'a b.json' news:1",
        ),
    ],
)
def test_a_finding_is_one_line_that_begins_with_its_check(
    fields: dict[str, object], said: dict[str, str], line: str
) -> None:
    """Level and check, digest, place, title, what was found and expected, and one hint."""
    given = {"entry": "news:1", "check": "link", "severity": "error", "expected": "y", "found": "x"}
    finding = Finding.model_validate({**given, **fields})
    digest, title, file = (said.get(name, "") for name in ("digest", "title", "file"))
    assert finding.line(digest, title, file=file) == line
    # Its level is known, so that it gets no other one.
    assert with_level(line) == line
    assert is_trouble(line)


def test_a_warning_is_said_once_in_a_command(capfd: pytest.CaptureFixture[str]) -> None:
    """However often its cause is met; the next command says it again."""
    for _ in range(2):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("logging.root.handlers", [])
            log_to_stderr(verbose=False)
            for words in ("the cache is not used", "the cache is not used", "another"):
                logging.getLogger("pipeline.test").warning("%s", words)
        said = capfd.readouterr().err
        assert said.count("the cache is not used") == 1
        assert said.count("another") == 1


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (1, "day", "1 day"),
        (400, "day", "400 days"),
        (0, "issue", "0 issues"),
        (1000, "entry", "1,000 entries"),
        (2, "story", "2 stories"),
        (2, "key", "2 keys"),
    ],
)
def test_a_number_is_written_with_what_it_counts(number: int, noun: str, said: str) -> None:
    """In the plural where there is not just one."""
    assert counted(number, noun) == said


def test_a_name_of_thousands_of_characters_is_not_said_whole() -> None:
    """Only its ends are; a name that a system may have, and many words, are."""
    said = said_line(f"no such file {'x' * 5_000!r}")
    assert 200 < len(said) < 320
    assert "…" in said
    for whole in ("y" * 450, "word " * 999):
        assert said_line(whole) == f"note: {whole}"
