"""What docs/mcp.md tells three clients to write works as it stands."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import command_server
import daily
from pipeline.cli import app

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
DAY = daily.FIRST_DAY.isoformat()


def blocks(language: str) -> list[str]:
    """Give the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_the_configurations_start_the_command() -> None:
    """They are JSON, and what they start is a command that exists."""
    desktop, code = map(json.loads, blocks("json"))
    for server in (desktop["mcpServers"]["ainews"], code["servers"]["ainews"]):
        assert server["command"].endswith("/ainews-digest")
        typed = [str(ROOT) if word.startswith("/srv") else word for word in server["args"]]
        assert CliRunner().invoke(app, [*typed, "--help"]).exit_code == 0


def test_the_client_in_python_shows_a_title_and_its_lines(tmp_path: Path) -> None:
    """As a file, in a folder that has digests."""
    daily.write_digests(tmp_path / "outputs", 1)
    (code,) = blocks("python")
    start = 'command=".venv/bin/ainews-digest", args=["mcp"]'
    assert code.count(start) == 1
    (tmp_path / ".venv").symlink_to(command_server.prefix("lookup", "mcp_server"))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    title, line = done.stdout.splitlines()
    assert title.startswith("Orbit Agent发布")
    assert line.startswith("1 Orbit Agent is out")


@pytest.mark.parametrize("name", ["mcp.md", "mcp.zh-CN.md"])
def test_every_tool_and_argument_is_in_the_table(name: str) -> None:
    """And no other."""
    from pipeline.mcp_server.tools import TOOLS

    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|(.*)$", text, re.MULTILINE)[: len(TOOLS)]
    assert [tool for tool, _ in rows] == [tool.name for tool in TOOLS]
    for tool, (_, row) in zip(TOOLS, rows, strict=True):
        named = set(re.findall(r"`(\w+)`", row))
        fields = set(tool.question.model_fields)
        assert named == fields - ({"since", "until"} - named)
