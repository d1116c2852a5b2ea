"""A real git repository for tests, in whose folder of digests versions come and go.

    held = Held(tmp_path / "空 格")
    held.put("2026-01-30", digest)      # writes its JSON and Markdown
    held.commit()

Nobody's own configuration of git counts: `use` sets the environment of this process, too.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.records import Digest
from pipeline.write.json_format import to_json
from pipeline.write.markdown_format import to_markdown

GIT_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "test",
    "GIT_AUTHOR_EMAIL": "test@example.org",
    "GIT_COMMITTER_NAME": "test",
    "GIT_COMMITTER_EMAIL": "test@example.org",
}


def require_git() -> None:
    """Skip a test on a machine without git."""
    if shutil.which("git") is None:
        pytest.skip("needs git")


def isolate_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let git see no configuration but the repository's own."""
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


class DigestRepository:
    """A repository with a folder of digests two levels down."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "我的 站" / "outputs"
        self.folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        """Call git at the root."""
        return subprocess.run(
            ["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True
        ).stdout

    def write_digest(self, stem: str, digest: Digest) -> Path:
        """Write a digest's two files; give the JSON's path."""
        file = self.folder / f"{stem}.json"
        file.write_text(to_json(digest), encoding="utf-8")
        file.with_suffix(".md").write_text(to_markdown(digest), encoding="utf-8")
        return file

    def commit(self) -> str:
        """Commit everything; give the commit's hash."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")
        return self.git("rev-parse", "HEAD").strip()
