"""The command line as one language: what is typed wrong, what is asked of it, and its help."""

import datetime as dt
import inspect
import io
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from rich.console import Console
from typer.core import TyperGroup
from typer.main import get_command

import daily
from invoke import invoke
from pipeline.cli import app, main
from pipeline.commands.registry import MODULES, load_command
from pipeline.errors import DigestError, PageNotUnderstood
from pipeline.progress import TerminalProgress
from pipeline.publish import PublishedDigest
from pipeline.write import head_of

COMMANDS = {name: load_command(name) for name in MODULES}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("stats",), "Did you mean 'status'? See `ainews-digest --help`"),
        (("veri",), "Did you mean 'verify'"),
        (("status", "--exitcode"), "--exit-code); see `ainews-digest status --help`"),
        (("run", "--dat", "2025-12-21"), "--date"),
        (("edit", "2025-12-21", "--swop", "news:1=s2"), "--swap"),
        (("--verbos", "doctor"), "--verbose"),
        (("show",), "Missing argument 'DIGEST'; see `ainews-digest show --help`"),
        (("diff", "--format", "xml"), "'--format': 'xml' is not one of 'text'"),
        (("site", "--serve", "--port", "x"), "'--port'"),
        (("usage", "--since"), "'--since' requires an argument"),
    ],
)
def test_what_is_typed_wrong_names_what_was_meant_and_the_help_at_hand(
    capsys: pytest.CaptureFixture[str], typed: Sequence[str], said: str
) -> None:
    """In one line, with exit code 2; nothing is done."""
    code, out, line = invoke(capsys, *typed)
    assert (code, out, line.count("\n")) == (2, "", 1)
    assert said in line


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_a_line(capsys: pytest.CaptureFixture[str], option: str) -> None:
    """With a short option, too."""
    code, out, said = invoke(capsys, option)
    assert (code, said) == (0, "")
    assert re.fullmatch(r"ainews-digest \d+\.\d+\.\d+\S*\n", out)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_help_of_a_command_has_an_example_and_its_exit_codes(name: str) -> None:
    """The example is a call of this very command, with options that it has; each code exists."""
    text = inspect.getdoc(COMMANDS[name]) or ""
    (example,) = re.findall(r"^Example: (.*)$", text, flags=re.MULTILINE)
    assert f"ainews-digest {name}" in example
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    options = {option for given in group.commands[name].params for option in given.opts}
    assert set(re.findall(r"--[a-z-]+", example)) <= options
    (codes,) = re.findall(r"^Exit codes: (.*)\Z", text, flags=re.MULTILINE | re.DOTALL)
    known = {0, 130, *(kind.exit_code for kind in _kinds(DigestError))}
    assert {int(code) for code in re.findall(r"\b\d+\b", codes)} <= known


def _kinds(kind: type[DigestError]) -> list[type[DigestError]]:
    return [kind, *(below for each in kind.__subclasses__() for below in _kinds(each))]


@pytest.mark.parametrize(
    ("words", "offered"),
    [("ainews-digest sta", "status"), ("ainews-digest status --exi", "--exit-code")],
)
def test_a_shell_is_offered_commands_and_options(words: str, offered: str) -> None:
    """On standard output, with nothing besides."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline"],
        env={
            **os.environ,
            "_AINEWS_DIGEST_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout.split(), done.stderr) == ([offered], "")


def test_typer_shows_the_help_of_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard output, with exit code 0, and whole at 80 columns."""
    for name in COMMANDS:
        code, out, said = invoke(capsys, name, "--help")
        assert (code, said) == (0, "")
        assert f"ainews-digest {name}" in out
        # An option that takes no value names none.
        assert "<bool>" not in out


def test_the_help_of_the_program_lists_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    """All that an error can end in, and what a shell is told of an interruption."""
    _, out, _ = invoke(capsys, "--help")
    (codes,) = re.findall(r"Exit codes: (.*)", " ".join(out.split()))
    known = {0, 74, 130, *(kind.exit_code for kind in _kinds(DigestError))}
    assert {int(code) for code in re.findall(r"\b\d+\b", codes)} == known


@pytest.mark.parametrize("fails", [False, True])
def test_a_path_is_printed_when_the_progress_is_off_the_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, fails: bool
) -> None:
    """Also where a later digest fails; nothing of the line that moves stays."""
    seen: list[str] = []
    screen = io.StringIO()

    class Shown(TerminalProgress):
        def __init__(self, **options: bool) -> None:
            super().__init__(Console(file=screen, force_terminal=True, width=80), **options)

        def __exit__(self, *_: object) -> None:
            super().__exit__(*_)
            seen.append(f"closed after {capsys.readouterr().out!r}")

    def run(*_: object, progress: TerminalProgress, **__: object) -> Iterator[PublishedDigest]:
        progress.stage("translate", 3)
        progress.step()
        digest = daily.digest(dt.date(2026, 1, 28))
        yield PublishedDigest(
            head=head_of(digest),
            read=lambda: digest,
            path=Path("outputs/2026-01-28.md"),
            changed=False,
        )
        if fails:
            raise PageNotUnderstood("the second one is no issue")

    monkeypatch.setattr("pipeline.progress.TerminalProgress", Shown)
    monkeypatch.setattr("pipeline.publish.run_request", run)
    code, out, said = invoke(capsys, "run", "--date", "2026-01-28")
    assert seen == ["closed after ''"]
    assert (code, out) == (4 if fails else 0, "outputs/2026-01-28.md\n")
    assert said.splitlines()[-1].startswith(
        "ainews-digest: error: the second" if fails else "ainews-digest: ok 2026-01-28: 10 + 10"
    )
    # The line is cleared, and the cursor stands where it stood.
    assert screen.getvalue().endswith("\x1b[2K") or screen.getvalue().endswith("\x1b[?25h")


def test_who_calls_the_command_goes_on_where_a_question_is_left() -> None:
    """A process of its own ends at once, with its questions; another one's is none of ours."""
    answered = threading.Event()
    question = threading.Thread(target=answered.wait, args=(30,), name="ask_0")
    before = signal.getsignal(signal.SIGTERM)
    question.start()
    try:
        with pytest.raises(SystemExit) as left:
            main(["--version"])
    finally:
        answered.set()
        signal.signal(signal.SIGTERM, before)
        question.join()
    assert left.value.code == 0
