"""The built package in a bare environment, as somebody gets it who has nothing else of ours.

Needs the package index, and nothing else of the network.
"""

import asyncio
import os
import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import NamedTuple

import pytest
from mcp import Client, StdioServerParameters

import daily
from openai_server import OpenAIServer

ROOT = Path(__file__).parent.parent.parent
UV = Path(sys.executable).parent / "uv"
# As it was before tests put the tester's own folders aside: what was downloaded once is enough.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("AINEWS_", "OPENAI_", "PYTHON", "VIRTUAL_ENV"))
}
DAY = daily.FIRST_DAY.isoformat()


class Built(NamedTuple):
    """What was built."""

    wheel: Path
    sdist: Path


class Bare:
    """An environment that holds the package alone, in a folder of its own."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder, self.bin = folder, folder / "venv" / "bin"
        self.environment = {**ENVIRONMENT, "XDG_CACHE_HOME": str(folder / "cache")}
        call(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv", at=folder)
        self.install(str(wheel))

    def install(self, what: str) -> None:
        """Install a wheel, with an extra if it is named."""
        python = self.bin / "python"
        call(UV, "pip", "install", "--quiet", "--python", python, what, at=self.folder)

    def run(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Call the installed command."""
        return subprocess.run(
            [self.bin / "ainews-digest", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def call(*command: str | Path, at: Path) -> str:
    """Call a tool that has to go well."""
    done = subprocess.run(
        command, cwd=at, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the source distribution, and the wheel from what it holds."""
    folder = tmp_path_factory.mktemp("dist")
    call(UV, "build", "--quiet", "--python", sys.executable, "--out-dir", folder, ROOT, at=folder)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture(scope="module")
def bare(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Bare:
    """Install the wheel, without any extra."""
    return Bare(tmp_path_factory.mktemp("bare"), built.wheel)


def test_the_metadata_says_what_it_is(built: Built) -> None:
    """For people who search an index, and for installers."""
    with zipfile.ZipFile(built.wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        data = HeaderParser().parsestr(archive.read(name).decode())
    assert data["Name"] == "ainews-digest"
    assert data["License-Expression"] == "MIT"
    assert data["Requires-Python"] == ">=3.11"
    assert "mcp" in (data["Keywords"] or "").split(",")
    kinds = data.get_all("Classifier") or []
    assert "Natural Language :: Chinese (Simplified)" in kinds
    assert "Typing :: Typed" in kinds
    assert {"local", "mcp", "notify", "s3"} <= set(data.get_all("Provides-Extra") or [])


def test_the_source_holds_what_the_wheel_is_made_of_and_nothing_of_anybody(built: Built) -> None:
    """No settings, no digests, nothing that was built; and all that tests need."""
    with tarfile.open(built.sdist) as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "LICENSE",
        "README.md",
        "prompts/select.md",
        "tests/build.py",
    } <= files
    assert not [
        name
        for name in files
        if name.split("/")[0] in {".env", ".venv", ".git", "dist", "site"}
        or (name.startswith("outputs/") and not name.endswith(".gitkeep"))
    ]


def test_three_lines_of_python_make_a_digest(bare: Bare, writer: OpenAIServer) -> None:
    """The package is imported as `pipeline`; all that it needs has come with it."""
    issue = ROOT / "pipeline" / "data" / "demo.md"
    lines = (
        "from pipeline import digest\n"
        f"made = digest(source={str(issue)!r}, model='test-model', base_url={writer.base_url!r})\n"
        "print(made.markdown)\n"
    )
    done = subprocess.run(
        [bare.bin / "python", "-I", "-c", lines],
        cwd=bare.folder,
        env={**bare.environment, "OPENAI_API_KEY": "sk-test"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("## AINews - ")
    assert done.stdout.count("\n### ") == 20


def test_what_needs_an_extra_says_how_to_get_it(bare: Bare) -> None:
    """In one line, with the command that installs it."""
    for command, code, extra in (
        (["demo"], 5, "local"),
        (["mcp"], 2, "mcp"),
        (["status", "--out", "s3://bucket/digests"], 2, "s3"),
    ):
        done = bare.run(*command)
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        last = done.stderr.splitlines()[-1]
        assert f"pip install 'ainews-digest[{extra}]'" in last
        assert "Traceback" not in done.stderr


def test_what_needs_no_extra_works(bare: Bare) -> None:
    """Digests from elsewhere are searched, turned into other formats, and verified."""
    daily.write_digests(bare.folder / "outputs", 1)
    found = bare.run("search", "编程智能体", "--limit", "1")
    assert (found.returncode, found.stdout.split()[:2]) == (0, [DAY, "news:1"])
    assert bare.run("render", DAY).stdout.startswith(f"## AINews - {DAY}")
    exported = bare.run("export", DAY, "--format", "text")
    assert exported.stdout
    assert not exported.stderr
    assert bare.run("verify", DAY).stdout.splitlines()[-1].startswith("20 entries, 0 errors")


def test_the_extra_mcp_answers_a_client(built: Built, bare: Bare) -> None:
    """Installed beside it, nothing else is needed."""
    daily.write_digests(bare.folder / "outputs", 1)
    bare.install(f"ainews-digest[mcp] @ {built.wheel.as_uri()}")

    async def session() -> None:
        server = StdioServerParameters(
            command=str(bare.bin / "ainews-digest"), args=["mcp"], cwd=bare.folder
        )
        async with Client(server, mode="legacy", read_timeout_seconds=60) as client:
            shown = await client.call_tool("evidence", {"digest": DAY, "entry": "news:1"})
            assert not shown.is_error

    asyncio.run(session())


@pytest.mark.parametrize("tool", ["uvx", "pipx"])
def test_the_lines_of_the_documents_run_it_without_installing(built: Built, tool: str) -> None:
    """By uvx and by pipx, from the wheel that was built."""
    uvx = UV.parent / "uvx"
    lines: dict[str, tuple[str | Path, ...]] = {
        "uvx": (uvx, "--from", built.wheel),
        "pipx": (uvx, "--quiet", "pipx", "run", "--spec", built.wheel),
    }
    said = call(*lines[tool], "ainews-digest", "--version", at=built.wheel.parent)
    assert said.startswith("ainews-digest ")
