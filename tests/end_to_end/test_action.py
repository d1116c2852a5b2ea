"""The action for other repositories: what it may do, and a night of it step by step here."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import openai_server as odd
from night_place import NightPlace, night_place, today
from runner import workflow

ROOT = Path(__file__).parents[2]
FILE = ROOT / "action.yml"
ACTION: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


class Elsewhere:
    """Another repository, in which the steps of the action are played."""

    def __init__(self, place: NightPlace) -> None:
        self.place, self.night, self.model = place, place.night, place.model
        # What `Install` makes of the action's own checkout.
        action = self.night.folder / "the action"
        action.mkdir()
        self.night.install(action)
        self.night.context["github.action_path"] = str(action)

    def run(self, **inputs: str) -> dict[str, str]:
        """Play the steps, and give the outputs; what is not given is its default."""
        night = self.night
        night.temp.mkdir(exist_ok=True)
        night.failed = night.summary = ""
        given = {
            "base_url": self.model.base_url,
            "model": "test-model",
            "api_key": "sk-planted-key",
        }
        for name, each in ACTION["inputs"].items():
            value = {**given, **inputs}.get(name.replace("-", "_"), each["default"])
            night.context[f"inputs.{name}"] = value
        for step in STEPS:
            if "run" not in step or step["name"] == "Install" or night.failed:
                continue
            if step.get("if") != "${{ inputs.site != '' }}" or night.context["inputs.site"]:
                night.step(step)
        return {name: night.expand(each["value"]) for name, each in ACTION["outputs"].items()}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    """A repository that has nothing of ours, and one issue that came out yesterday."""
    with night_place(tmp_path) as made:
        yield Elsewhere(made)


def test_a_night_leaves_its_digests_and_names_them(elsewhere: Elsewhere) -> None:
    """The next one finds nothing new, and asks nothing; no key is shown."""
    day = today().isoformat()
    outputs = elsewhere.run()
    assert elsewhere.night.failed == "", (elsewhere.night.folder / "failed.json").read_text()
    assert outputs == {"code": "0", "digests": f"outputs/{day}.md"}
    assert (elsewhere.night.clone / "outputs" / f"{day}.json").is_file()
    assert "exit code 0" in elsewhere.night.summary
    assert "sk-planted-key" not in elsewhere.night.summary
    asked = len(elsewhere.model.requests)
    assert elsewhere.run() == {"code": "0", "digests": ""}
    assert len(elsewhere.model.requests) == asked


def test_other_folders_and_a_site(elsewhere: Elsewhere) -> None:
    """Names with a blank in them, too."""
    outputs = elsewhere.run(outputs="our news", site="public site", date=today().isoformat())
    assert elsewhere.night.failed == "", (elsewhere.night.folder / "failed.json").read_text()
    assert outputs["digests"] == f"our news/{today()}.md"
    assert (elsewhere.night.clone / "public site" / "index.html").is_file()
    page = elsewhere.night.clone / "public site" / f"{today()}.html"
    assert "https://github.com/somebody/ainews-digest/issues/new?" in page.read_text("utf-8")


def test_a_night_that_fails_says_its_code(elsewhere: Elsewhere) -> None:
    """And builds no site."""
    elsewhere.place.behaviour = odd.failing(401)
    outputs = elsewhere.run(site="site")
    assert elsewhere.night.failed == "Digest"
    assert outputs == {"code": "5", "digests": ""}
    assert not (elsewhere.night.clone / "site").exists()


def test_an_input_that_is_a_command_is_only_text(elsewhere: Elsewhere) -> None:
    """It ends as any other wrong date, and sets no output of its own."""
    outputs = elsewhere.run(date='"; touch owned; $(touch owned)\ncode=0')
    assert outputs == {"code": "2", "digests": ""}
    assert not (elsewhere.night.clone / "owned").exists()


def test_no_input_is_pasted_into_a_script_and_every_action_is_pinned() -> None:
    """As in the workflows, whose very versions it uses; each step names its shell."""
    text = FILE.read_text(encoding="utf-8")
    known = {
        step["uses"]
        for job in workflow("nightly.yml")["jobs"].values()
        for step in job["steps"]
        if "uses" in step
    }
    for step in STEPS:
        if "run" in step:
            assert "${{" not in step["run"]
            assert step["shell"] == "bash"
        else:
            assert step["uses"] in known
            assert re.search(rf"{re.escape(step['uses'])} # v\d+\.\d+\.\d+\n", text)


def test_every_input_is_described_used_and_documented() -> None:
    """With a default, so that none is required; each stands in both documents."""
    played = json.dumps(STEPS)
    for name, each in ACTION["inputs"].items():
        assert each["description"]
        assert isinstance(each["default"], str)
        assert f"inputs.{name}" in played
    for file in ("install.md", "install.zh-CN.md"):
        page = (ROOT / "docs" / file).read_text(encoding="utf-8")
        for name in (*ACTION["inputs"], *ACTION["outputs"]):
            assert f"`{name}`" in page


def test_the_scripts_are_those_of_a_shell() -> None:
    """By shellcheck, where it is there."""
    shellcheck = shutil.which("shellcheck") or shutil.which(
        "shellcheck", path=str(Path(sys.executable).parent)
    )
    if shellcheck is None:
        pytest.skip("needs shellcheck")
    for step in STEPS:
        if "run" in step:
            subprocess.run(
                [shellcheck, "-s", "bash", "-"], input=step["run"], text=True, check=True
            )
