"""The demo: what somebody sees who does not know the project."""

import os
import shlex
from pathlib import Path

import pytest

from editor import answer
from openai_server import OpenAIServer
from pipeline.write import from_markdown
from whole_run import call_here, environment


def test_the_digest_alone_is_on_standard_output(tmp_path: Path) -> None:
    """What it is and what comes next are said beside it."""
    with OpenAIServer(answer=answer) as server:
        env = environment(tmp_path, server)
        done = call_here("demo", env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    page = done.stdout.decode()
    assert page.count("\n### ") == 20
    assert from_markdown(page).issue_url == "https://news.smol.ai/"
    said = done.stderr.decode().splitlines()
    assert said[0].startswith("This is a demo of ainews-digest")
    assert any("test-model" in line for line in said[:4])
    file = next(tmp_path.glob("cache/demo/*.md"))
    assert file.read_text(encoding="utf-8") == page
    at = next(number for number, line in enumerate(said) if str(file) in line)
    commands = [line.strip() for line in said[at + 1 :] if line.startswith("  ainews-digest ")]
    assert len(commands) == 3
    assert commands[0] == shlex.join(["ainews-digest", "show", str(file.with_suffix(".json"))])
    with OpenAIServer(answer=answer) as server:
        env = environment(tmp_path, server)
        shown = call_here(*shlex.split(commands[0])[1:], env=env, cwd=tmp_path)
    assert shown.returncode == 0
    assert b"news:1  " in shown.stdout


def test_another_model_may_make_the_demo_again(tmp_path: Path) -> None:
    """Whoever tries a better one is not told that there is a digest already."""
    with OpenAIServer(answer=answer) as server:
        env = environment(tmp_path, server)
        pages = [
            call_here("demo", env=env | {"AINEWS_MODEL": name}, cwd=tmp_path)
            for name in ("small", "large")
        ]
    assert [done.returncode for done in pages] == [0, 0]
    [json_file] = (tmp_path / "cache" / "demo").glob("*.json")
    assert '"model": "large"' in json_file.read_text(encoding="utf-8")


def test_a_command_that_is_not_on_the_path_is_named_by_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a `.venv` that is not active."""
    place = tmp_path / ".venv" / "bin" / "ainews-digest"
    monkeypatch.setattr("sys.argv", [str(place)])
    with OpenAIServer(answer=answer) as server:
        env = environment(tmp_path, server) | {"PATH": os.defpath}
        done = call_here("demo", env=env, cwd=tmp_path)
    assert "\n  .venv/bin/ainews-digest run\n" in done.stderr.decode()
