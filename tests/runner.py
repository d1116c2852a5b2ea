"""Runs the `run:` steps of a workflow's job as GitHub's runner does, in a clone on this machine.

    night = Night(tmp_path, env)      # a bare remote, a clone of it, and a `gh` that keeps notes
    night.run()                       # every step in order; night.failed names the step that failed

Steps that use an action are skipped: they set up the machine. Also `Install`, in whose place stands
the command of `command_server`. Expressions are looked up in `Night.context`; conditions are those that are in use.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import command_server

ROOT = Path(__file__).parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"

_GH = """#!/usr/bin/env bash
# GitHub as far as the workflow needs it: at most one open pull request, whose number is in a file.
printf '%s\\n' "$*" >> "$GH_NOTES/calls"
if [ "$1" = api ]; then exec "$PYTHON" "$GH_NOTES/api.py" "$@"; fi
while [ $# -gt 0 ]; do
  case $1 in
    list) [ ! -e "$GH_NOTES/open" ] || cat "$GH_NOTES/open" ;;
    create) echo 7 > "$GH_NOTES/open"; echo "https://example.org/pull/7" ;;
    --body-file) cp "$2" "$GH_NOTES/body.md" ;;
  esac
  shift
done
"""

_API = """import os, sys, urllib.request
words = sys.argv[2:]
[path] = [word for word in words if word.startswith("repos/")]
body = open(words[words.index("--input") + 1], "rb").read()
request = urllib.request.Request(
    f"{os.environ['GH_API']}/{path}", body, method=words[words.index("--method") + 1],
    headers={"Authorization": f"token {os.environ['GH_TOKEN']}"},
)
urllib.request.urlopen(request)
"""


def workflow(name: str) -> dict[str, Any]:
    """Read a workflow; YAML takes its key `on` for true."""
    loaded = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return {"on" if key is True else str(key): value for key, value in loaded.items()}


class NightlyJob:
    """A repository, and nights on which the job runs in it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Make the repository.

        Args:
            folder: where everything is made.
            environment: what the machine sets besides, addresses of loopback servers for example.
        """
        self.folder = folder
        self.gh_folder = folder / "gh"
        self.temp = folder / "temp"
        self.clone = folder / "clone"
        self.failed = ""
        self.summary = ""
        self.printed = ""
        self.api_url = ""
        self.context = {
            "github.ref_name": "main",
            "github.repository": "somebody/ainews-digest",
            "github.server_url": "https://github.com",
            "github.token": "gh-token",
            "runner.temp": str(self.temp),
            "secrets.OPENAI_API_KEY": "sk-planted-key",
        }
        tools = folder / "bin"
        for each in (self.gh_folder, tools, folder / "home"):
            each.mkdir()
        (tools / "gh").write_text(_GH, encoding="utf-8")
        (tools / "gh").chmod(0o755)
        (self.gh_folder / "api.py").write_text(_API, encoding="utf-8")
        self._environment = {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "GH_NOTES": str(self.gh_folder),
            "GITHUB_REPOSITORY": "somebody/ainews",
            "PYTHON": sys.executable,
            "GIT_CONFIG_NOSYSTEM": "1",
            # The command of the job is that of the package that is tested.
            **{name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
            **environment,
        }
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git", at=folder)
        self._check_out()
        self.git("switch", "--quiet", "--create", "main")
        for name in (".gitignore", ".gitattributes", "Makefile"):
            shutil.copy(ROOT / name, self.clone)
        self.git("add", "--all")
        self.git(*_AUTHOR, "commit", "--quiet", "--message", "Begin")
        self.git("push", "--quiet", "origin", "main")

    def git(self, *arguments: str, at: Path | None = None) -> str:
        """Call git, in the clone unless another place is given."""
        return subprocess.run(
            ["git", *arguments],
            cwd=at or self.clone,
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def merge(self, branch: str) -> None:
        """Merge the pull request, as a reviewer does, and close it."""
        self._check_out()
        self.git(*_AUTHOR, "merge", "--quiet", "--no-edit", f"origin/{branch}")
        self.git("push", "--quiet", "origin", "main")
        (self.gh_folder / "open").unlink()

    def files_on_branch(self, branch: str = "digest/nightly") -> list[str]:
        """List the files that a branch has and main has not; nothing where there is no branch."""
        remote = self.folder / "remote.git"
        if not self.git("branch", "--list", branch, at=remote):
            return []
        return self.git("diff", "--name-only", f"main...{branch}", at=remote).split()

    def calls(self) -> list[str]:
        """What `gh` was called for since the last time."""
        file = self.gh_folder / "calls"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [" ".join(line.split()[:2]) for line in lines]

    def run(self, **inputs: str) -> None:
        """Check out anew, and run the steps; a step after a failed one runs if it says so."""
        self._check_out()
        self.install()
        shutil.rmtree(self.temp, ignore_errors=True)
        self.temp.mkdir()
        self.failed = self.summary = ""
        for name in [name for name in self.context if name.startswith(("steps.", "inputs."))]:
            del self.context[name]
        self.context.update({f"inputs.{name}": value for name, value in inputs.items()})
        job = workflow("nightly.yml")["jobs"]["digest"]
        for step in job["steps"]:
            if "run" in step and step["name"] != "Install" and self._should_run(step.get("if", "")):
                self._step(step, {**job["env"], **step.get("env", {})})

    def install(self, folder: Path | None = None) -> None:
        """Do what `Install` does, in the clone unless another place is given."""
        ((folder or self.clone) / ".venv").symlink_to(command_server.prefix())

    def _check_out(self) -> None:
        shutil.rmtree(self.clone, ignore_errors=True)
        self.git("clone", "--quiet", "remote.git", str(self.clone), at=self.folder)

    def _should_run(self, condition: str) -> bool:
        """Decide a condition; without one a step needs all before it to have gone well."""
        if not condition:
            return not self.failed
        inner = condition.removeprefix("${{").removesuffix("}}")
        return all(self._condition_holds(term.strip()) for term in inner.split("&&"))

    def _condition_holds(self, term: str) -> bool:
        known = {"always()": True, "!cancelled()": True, "failure()": bool(self.failed)}
        if term in known:
            return known[term]
        name, _, value = term.partition(" != ")
        assert re.fullmatch(r"'[^']*'", value), f"a condition that is not known here: {term}"
        return self.context.get(name, "") != value.strip("'")

    def step(self, step: dict[str, Any]) -> None:
        """Run one step alone, of any workflow."""
        self._step(step, step.get("env", {}))

    def _step(self, step: dict[str, Any], variables: dict[str, object]) -> None:
        files = {name: self.temp / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_bytes(b"")
        script = self.temp / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.clone,
            env={
                **self._environment,
                **{name: self.expand(str(value)) for name, value in variables.items()},
                **{name: str(file) for name, file in files.items()},
                "RUNNER_TEMP": str(self.temp),
                "GH_API": self.api_url,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        self.printed = done.stdout + done.stderr
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        for name, value in _outputs(files["GITHUB_OUTPUT"].read_text(encoding="utf-8")):
            self.context[f"steps.{step['id']}.outputs.{name}"] = value
        if done.returncode:
            self.failed = self.failed or step["name"]
            (self.folder / "failed.json").write_text(json.dumps([done.stdout, done.stderr]))

    def expand(self, text: str) -> str:
        """Fill in expressions; what is not set is nothing."""
        return re.sub(
            r"\$\{\{ *([\w.-]+) *\}\}", lambda found: self.context.get(found[1], ""), text
        )


def _outputs(text: str) -> Iterator[tuple[str, str]]:
    """Read what a step has set: `name=value`, or lines between `name<<END` and `END`."""
    lines = iter(text.splitlines())
    for line in lines:
        name, mark, rest = re.split("(=|<<)", line, maxsplit=1)
        if mark == "<<":
            rest = "\n".join(iter(lambda: next(lines), rest))
        yield name, rest


_AUTHOR = ("-c", "user.name=test", "-c", "user.email=test@example.org")
