"""What is installed is whole: prompts and the bundled issue travel with the wheel."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it, as an installer does."""
    built, target = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def python(installed: Path, code: str) -> str:
    """Run a line of Python that sees the installed package and not the checkout."""
    env = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=installed, check=True, capture_output=True
    )
    return done.stdout.decode().strip()


def test_prompts_travel_with_the_wheel(installed: Path) -> None:
    """Every prompt file is read from the installed package, byte for byte."""
    names = [file.stem for file in sorted((ROOT / "prompts").glob("*.md"))]
    names.remove("CHANGELOG")
    place, *hashes = python(
        installed,
        "import pipeline.llm.prompts as p; print(p.__file__); "
        f"[print(p.load_prompt(name).sha256) for name in {names!r}]",
    ).splitlines()
    assert place.startswith(str(installed))
    assert [len(sha256) for sha256 in hashes] == [64] * len(names)


def test_the_installed_command_parses_the_bundled_issue(installed: Path) -> None:
    """The demonstration issue has at least thirty mentions, in all three recaps."""
    code = (
        "import io, pipeline; from pathlib import Path; from pipeline.fetch.local_file import read_source;"
        "from pipeline.parse.page import parse;"
        "file = Path(pipeline.__file__).parent / 'data' / 'demo.md';"
        "issue = parse(read_source(file, io.BytesIO()));"
        "print(len(issue.mentions), *sorted({m.part for m in issue.mentions}))"
    )
    count, *parts = python(installed, code).split()
    assert int(count) >= 30
    assert parts == ["discord", "reddit", "twitter"]


def test_help_is_quick_and_lists_the_commands() -> None:
    """Nothing heavy is imported before a command needs it: `--help` stays under 0.3 s of work.

    The least of five, beside what Typer alone takes: a core that is shared does less a second.
    """
    code = (
        "import sys; from pipeline.cli import app; app(['--help'], standalone_mode=False);"
        "print('HEAVY', *{'openai', 'pydantic', 'httpx', 'bs4', 'lxml'} & set(sys.modules))"
    )
    seconds, shown = _least_work(code)
    for command in ("run", "parse", "read", "render", "demo"):
        assert f" {command} " in shown
    assert "HEAVY\n" in shown
    typer, _ = _least_work("import typer.main, typer.rich_utils")
    assert seconds < max(0.3, 2 * typer)


def _least_work(code: str) -> tuple[float, str]:
    """Give the least processor time, in seconds, that a program takes of five times, and its output."""
    code += "\nimport time; print('CPU', time.process_time())"
    told = [
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, cwd=ROOT
        ).stdout.decode()
        for _ in range(5)
    ]
    return min(float(each.rpartition("CPU ")[2]) for each in told), told[0]


def test_the_lock_files_name_no_host_and_hash_everything() -> None:
    """A version is installed by its hash, from wherever the installer is set up to look."""
    for lock in sorted((ROOT / "locks").glob("*.txt")):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "index" not in text
        pins = [line for line in text.splitlines() if "==" in line]
        assert pins
        assert all(line.rstrip().endswith("\\") for line in pins)
