"""The real command in odd surroundings: it works, or ends in one line and the right code.

Each start takes a second, so one question is asked of each: its exit code, one line, no traceback.
What does not depend on how Python was started is asked in this process, or in a fork of one that
has the command loaded.
"""

import importlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

import command_server
import daily
from editor import answer
from faults.bench import MARKDOWN, SLUG, FaultBench, FinishedCommand
from openai_server import OpenAIServer
from pipeline import cli
from pipeline.errors import WriteError

STEM = str(daily.FIRST_DAY)
RENDER = ("render", f"outputs/{STEM}.json")
RUN = ("run", "--source", f"{SLUG}.md", "--date", "2026-01-30")
MADE = "outputs/2026-01-30.md\n"
STARTED = (sys.executable, "-m", "pipeline")
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: bytes
    lines: list[str]
    """What it said on standard error."""


class Surroundings:
    """A folder with an issue and a digest, a model on loopback, and no environment but that."""

    def __init__(self, folder: Path, model: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "OPENAI_BASE_URL": model,
            "OPENAI_API_KEY": "sk-planted-key",
            "AINEWS_MODEL": "test-model",
            "AINEWS_MODEL_ATTEMPTS": "1",
            "AINEWS_HTTP_ATTEMPTS": "1",
        } | {
            f"AINEWS_{name}_URL": "http://127.0.0.1:9/" for name in ("SITE", "UPSTREAM", "SUBSTACK")
        }

    def start(
        self,
        *arguments: str | bytes,
        before: tuple[str, ...] = (),
        variables: Mapping[str, str | None] = {},
        command: tuple[str, ...] = STARTED,
    ) -> Ended:
        """Run the command, with these variables set or, where they are None, missing."""
        environment = {**self.environment, **variables}
        return _ended(
            subprocess.run(
                [*before, *command, *arguments],
                cwd=self.folder,
                env={name: value for name, value in environment.items() if value is not None},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=60,
            )
        )

    def shell(self, line: str, command: tuple[str, ...] = STARTED) -> Ended:
        """Run a line of the shell, in which `ainews` is the command."""
        script = f'ainews() {{ {shlex.join(command)} "$@"; }}\n{line}'
        return _ended(
            subprocess.run(
                ["bash", "-c", script],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=60,
            )
        )

    @property
    def made(self) -> bool:
        """Whether the digest of the issue is there."""
        return (self.folder / MADE.strip()).is_file()


def forked() -> tuple[str, ...]:
    """Give the command for what Python does not look at when it starts."""
    return (str(command_server.prefix() / "bin" / "ainews-digest"),)


def _ended(done: "subprocess.CompletedProcess[bytes]") -> Ended:
    err = done.stderr.decode()
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert "planted" not in err
    return Ended(done.returncode, done.stdout, err.splitlines())


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAIServer]:
    """Run a model that does its work on loopback."""
    with OpenAIServer(answer=answer) as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, model: OpenAIServer) -> Surroundings:
    """Make a place where nothing is wrong."""
    (tmp_path / f"{SLUG}.md").write_text(MARKDOWN, encoding="utf-8")
    daily.write_digests(tmp_path / "outputs", 1)
    return Surroundings(tmp_path, model.base_url)


@pytest.fixture
def bench(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    model: OpenAIServer,
) -> Iterator[FaultBench]:
    """Make the same place for the command in this process."""
    made = FaultBench(tmp_path, monkeypatch, capfd)
    monkeypatch.delenv("AINEWS_OUTPUTS_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-key")
    with made.stack:
        yield made


def clean(ended: FinishedCommand) -> FinishedCommand:
    """See that it said nothing that no command may say."""
    assert "Traceback" not in ended.err
    assert "planted" not in ended.err
    return ended


def digest_text(place: Surroundings) -> bytes:
    """Read the Markdown of the digest that is there."""
    return (place.folder / "outputs" / f"{STEM}.md").read_bytes()


@pytest.mark.parametrize("encoding", ["gbk", "latin-1", "utf-16", "ascii:strict"])
def test_output_is_utf8_whatever_python_is_told(place: Surroundings, encoding: str) -> None:
    """The digest's bytes are those of its file."""
    ended = place.start(*RENDER, variables={"PYTHONIOENCODING": encoding})
    assert (ended.code, ended.out, ended.lines) == (0, digest_text(place), [])


@pytest.mark.parametrize(
    ("locale", "utf8"), [("C", "0"), ("C", "1"), ("POSIX", "0"), ("zh_CN.GBK", "0")]
)
def test_output_is_utf8_whatever_the_locale(place: Surroundings, locale: str, utf8: str) -> None:
    """Those that the system has not included."""
    names = {"LC_ALL": locale, "LANG": locale}
    ended = place.start(
        *RENDER, variables={**names, "PYTHONUTF8": utf8, "PYTHONCOERCECLOCALE": "0"}
    )
    assert (ended.code, ended.out, ended.lines) == (0, digest_text(place), [])


@pytest.mark.parametrize("variables", [{}, {"PYTHONIOENCODING": "latin-1"}, ASCII])
def test_a_folder_with_a_chinese_name(place: Surroundings, variables: dict[str, str]) -> None:
    """Its name is printed as it is on the disk."""
    ended = place.start(*RUN, "--out", "摘要", variables=variables)
    assert (ended.code, ended.out.decode()) == (0, "摘要/2026-01-30.md\n")
    assert (place.folder / "摘要" / "2026-01-30.json").is_file()


@pytest.mark.parametrize("variables", [{}, ASCII])
def test_a_file_whose_name_is_no_text(place: Surroundings, variables: dict[str, str]) -> None:
    """It is read, and the page without a date is named with what can be read of its name."""
    file = place.folder / os.fsdecode(b"bad\xff.md")
    file.write_text(MARKDOWN, encoding="utf-8")
    ended = place.start("run", "--source", b"bad\xff.md", "--out", b"bad\xff", variables=variables)
    assert ended.code == 4, ended.lines
    assert "bad\ufffd" in ended.lines[-1]


def test_a_home_is_written_as_a_tilde(bench: FaultBench) -> None:
    """In settings and options that no shell has seen."""
    bench.set(CACHE_DIR="~/kept")
    source = f"--source=~/{SLUG}.md"
    ended = clean(bench.run("run", source, "--date=2026-01-30", "--out=~/made"))
    assert ended.code == 0, ended.err
    assert (bench.tmp_path / "made" / "2026-01-30.md").is_file()
    assert (bench.tmp_path / "kept" / "cache.sqlite").is_file()
    assert not (bench.tmp_path / "~").exists()
    bench.set(CACHE_DIR="~nosuchuser/kept")
    ended = clean(bench.run(*RUN))
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert "AINEWS_CACHE_DIR" in ended.last


def test_a_user_without_home_or_entry(place: Surroundings) -> None:
    """As in a container that was given any user id: the cache is among the temporary files."""
    nobody = ("unshare", "--user", "--map-user=54321", "--map-group=54321")
    if shutil.which("unshare") is None or subprocess.run([*nobody, "true"], check=False).returncode:
        pytest.skip("needs a user id of its own")
    temporary = place.folder / "tmp"
    temporary.mkdir()
    ended = place.start(*RUN, before=nobody, variables={"HOME": None, "TMPDIR": str(temporary)})
    assert (ended.code, ended.out.decode()) == (0, MADE), ended.lines
    assert (temporary / "ainews-digest-54321" / "cache.sqlite").is_file()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ainews {render} | head -1 >/dev/null; exit ${PIPESTATUS[0]}", 0),
        ("ainews --help | true; exit ${PIPESTATUS[0]}", 0),
        ("ainews run --date x 2>&1 | true; exit ${PIPESTATUS[0]}", 2),
        ("ainews {render} <&- 2>&-", 0),
        ("ainews {render} >&-", 0),
        ("ainews {run} <&- >&- 2>&-", 0),
        ("ainews run --date x 2>&-", 2),
        ("ainews run --source - <&-", 2),
        ("ainews {render} >/dev/full", 74),
        ("ainews {render} 2>/dev/full", 0),
        ("ainews run --date x 2>/dev/full", 2),
        ("ainews --verbose {run} 2>&1 | true; exit ${PIPESTATUS[0]}", 0),
        ("ainews {run} 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}", 0),
        ("AINEWS_MODLE=x ainews {run} --quiet 2>&1 | true; exit ${PIPESTATUS[0]}", 0),
        ("ainews {run} 2>/dev/full", 0),
        ("ainews {run} | true; exit ${PIPESTATUS[0]}", 0),
        ("ainews {run} >/dev/full", 74),
        ("ainews {run} --json >/dev/full", 74),
    ],
)
def test_streams_that_are_closed_or_full(place: Surroundings, line: str, code: int) -> None:
    """Nothing else is lost, and no file takes the place of a closed one."""
    words = line.replace("{render}", " ".join(RENDER)).replace("{run}", " ".join(RUN))
    # Python itself finds its streams closed.
    ended = place.shell(words, STARTED if "&-" in line else forked())
    assert ended.code == code, ended.lines
    assert place.made is ("{run}" in line)
    if code == 74:
        assert "standard output cannot be written" in ended.lines[-1]
        assert "No space left on device" in ended.lines[-1]


def test_a_pipe_that_never_waits_is_waited_for(place: Surroundings) -> None:
    """Another program may have set it so; nothing of what is printed is lost."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    filled = os.write(writer, bytes(10**6))
    words = (*forked(), *RENDER)
    with subprocess.Popen(
        words, cwd=place.folder, env=place.environment, stdout=writer, stderr=subprocess.PIPE
    ) as running:
        os.close(writer)
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(1)
        with open(reader, "rb") as pipe:  # noqa: PTH123 - a descriptor
            assert pipe.read()[filled:] == digest_text(place)
    assert running.returncode == 0


@pytest.mark.parametrize("stream", ["2>&1 | true", "2>/dev/full", "| true", ">/dev/full"])
def test_an_edit_is_kept_whoever_reads(place: Surroundings, stream: str) -> None:
    """What cannot be said does not undo what was asked for."""
    page = f"--source {SLUG}.md"
    place.shell(f"ainews {' '.join(RUN)} && ainews edit 2026-01-30 {page} --pin news:2", forked())
    place.shell(f"ainews edit 2026-01-30 {page} --pin news:1 {stream}", forked())
    listed = place.start("edit", "2026-01-30", "--list", command=forked()).out.decode()
    assert len(listed.splitlines()) == 2


@pytest.mark.parametrize(
    "variables",
    [
        {
            "TERM": "dumb",
            "COLUMNS": "0",
            "LINES": "0",
            "TZ": "Mars/Olympus",
            "XDG_CACHE_HOME": "relative",
            "AINEWS_CACHE_DIR": None,
        },
        {"COLUMNS": "-3", "TZ": ":/etc/passwd", "TMPDIR": "/no-such-folder"},
        {"COLUMNS": "wide", "FORCE_COLOR": "1", "HOME": "/proc/1", "AINEWS_CACHE_DIR": None},
    ],
    ids=str,
)
def test_a_terminal_clock_or_folder_that_is_odd(
    place: Surroundings, variables: dict[str, str | None]
) -> None:
    """The digest is made all the same."""
    variables = {"AINEWS_CACHE_DIR": str(place.folder / "c"), **variables}
    ended = place.start(*RUN, variables=variables, command=forked())
    assert not (place.folder / "relative").exists()
    assert (ended.code, ended.out.decode()) == (0, MADE), ended.lines


def test_a_terminal_without_columns_has_some(place: Surroundings) -> None:
    """The help is shown."""
    ended = place.start("--help", variables={"COLUMNS": "0"}, command=forked())
    assert ended.code == 0
    assert b"backfill" in ended.out


def test_whatever_may_be_written_by_whom(bench: FaultBench) -> None:
    """A mask is the user's own."""
    before = os.umask(0o077)
    try:
        ended = clean(bench.run(*RUN))
    finally:
        os.umask(before)
    assert (ended.code, ended.out) == (0, MADE), ended.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("run", 2), (f"show {STEM}", 2), ("render ../x.json", 2), ("--version", 0)],
)
def test_a_working_folder_that_is_gone(place: Surroundings, arguments: str, code: int) -> None:
    """One line says so where it matters."""
    ended = place.shell(f"mkdir gone; cd gone; rmdir ../gone; ainews {arguments}")
    assert (ended.code, len(ended.lines)) == (code, int(code > 0))


def test_another_folder_can_be_worked_in(bench: FaultBench) -> None:
    """With its `.env` and its digests; one that is not there is named."""
    (bench.tmp_path / "other").mkdir()
    (bench.tmp_path / "other" / ".env").write_text("AINEWS_OUTPUTS_DIR=made\n", encoding="utf-8")
    source = ("run", "--source", f"../{SLUG}.md", "--date", "2026-01-30")
    ended = clean(bench.run("--directory", "other", *source))
    assert (ended.code, ended.out) == (0, "made/2026-01-30.md\n"), ended.err
    assert (bench.tmp_path / "other" / "made" / "2026-01-30.json").is_file()
    ended = clean(bench.run("--directory", "nowhere", *RUN))
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert "--directory 'nowhere'" in ended.last


def test_a_variable_that_sets_nothing_is_named_once(bench: FaultBench) -> None:
    """By `run`, with the nearest that does; those of the orchestration are settings too."""
    (bench.tmp_path / ".env").write_text("AINEWS_MAX_COST=2\n", encoding="utf-8")
    bench.set(MODLE="x", DAGSTER_PORT="1")
    bench.monkeypatch.setenv("AINEWS", "y")
    ended = clean(bench.run(*RUN, "--dry-run"))
    assert ended.code == 0
    assert [line for line in ended.err.splitlines() if "no setting" in line] == [
        f"ainews-digest: warning: {name} is no setting, and has no effect: did you mean {near}?"
        for name, near in (
            ("AINEWS_MAX_COST", "AINEWS_MAX_COST_USD"),
            ("AINEWS_MODLE", "AINEWS_MODEL"),
        )
    ]


def _raise(error: BaseException) -> Callable[..., object]:
    def raising(*_: object, **__: object) -> object:
        raise error

    return raising


WORDS = "sk-planted-words"
ENDINGS: dict[str, tuple[BaseException, int, str]] = {
    "a fault": (KeyError(WORDS), 70, "a fault of this program (KeyError at "),
    "no memory": (MemoryError(WORDS), 70, "memory ran out"),
    "no thread": (RuntimeError("can't start new thread"), 70, "AINEWS_IN_FLIGHT"),
    "too deep": (RecursionError(WORDS), 70, "(RecursionError at "),
    "an exit": (SystemExit(WORDS), 70, "(SystemExit at "),
    "a full disk": (
        OSError(28, "No space left on device", "/x"),
        6,
        "No space left on device: '/x'",
    ),
    "an odd error of the system": (OSError(WORDS), 70, "(OSError at "),
    "Ctrl-C": (KeyboardInterrupt(), 130, "interrupted"),
    "a pipe of ours that broke": (BrokenPipeError(32, WORDS), 70, "(BrokenPipeError at "),
    "an error of ours": (WriteError("cannot write 'x': full; make room"), 6, "cannot write 'x'"),
}


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("name", ENDINGS)
def test_whatever_is_raised_ends_in_one_line(
    name: str,
    *,
    verbose: bool,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A fault of ours in exit code 70, with its places and none of its words.

    A traceback comes only where it is asked for.
    """
    error, code, says = ENDINGS[name]
    monkeypatch.setattr("pipeline.settings.load", _raise(error))
    monkeypatch.setattr(cli, "_verbose", False)
    monkeypatch.setattr("logging.root.handlers", [])
    with pytest.raises(SystemExit) as ended:
        cli.main([*["--verbose"] * verbose, "show", "2026-01-30"])
    assert ended.value.code == code
    said = capfd.readouterr().err
    assert ("Traceback" in said) is (verbose and code in (6, 70))
    if not verbose:
        assert WORDS not in said
        assert len(said.splitlines()) == bool(says)
    if says:
        assert says in said.splitlines()[-1]
    if code == 70 and name not in ("no memory", "no thread"):
        assert "please report this line" in said
        assert "common.py:" in said


def test_the_orchestration_ends_in_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before it becomes Dagster."""
    starting = importlib.import_module("pipeline.orchestration.__main__")
    monkeypatch.setattr(starting, "load", _raise(KeyError(WORDS)))
    with pytest.raises(SystemExit) as ended:
        starting.main()
    assert ended.value.code == 70
    said = capsys.readouterr().err
    assert WORDS not in said
    assert len(said.splitlines()) == 1
