"""GitHub's API on loopback, as far as a review of a pull request needs it, and as strict.

    with GitHub(lambda: clone) as github:
        ...                              # POST github.url/repos/OWNER/NAME/pulls/7/reviews
        github.reviews                   # what it took
        github.refused                   # what it did not take, and why
        github.take(0)                   # commits a suggestion, as its button does

A comment must be about a line that the pull request's diff shows, of its last commit.
"""

import json
import re
import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from typing_extensions import override

_HUNK = re.compile(r"(?m)^@@ -\S+ \+(?P<first>\d+)(?:,(?P<count>\d+))? @@")
_SUGGESTION = re.compile(r"(?ms)^```suggestion\n(.*?)\n```$")


class GitHub:
    """One repository with one pull request."""

    def __init__(self, repository: Path, base: str, branch: str) -> None:
        """Know the repository that is pushed to, and both ends of its pull request."""
        self._repository, self._base, self._branch = repository, base, branch
        self.reviews: list[dict[str, Any]] = []
        self.refused: list[str] = []
        github = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                why = github._refusal(self.path, self.headers["Authorization"], body)
                (github.refused.append(why) if why else github.reviews.append(body))
                said = json.dumps({"message": why} if why else {"id": len(github.reviews)}).encode()
                self.send_response(422 if why else 200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            @override
            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def comments(self) -> list[dict[str, Any]]:
        """All comments, the oldest first."""
        return [comment for review in self.reviews for comment in review["comments"]]

    def take(self, number: int) -> None:
        """Press the button of a comment: its line becomes what is suggested, in a commit."""
        comment = self.comments[number]
        [words] = _SUGGESTION.findall(comment["body"])
        lines = self._git("show", f"{self._branch}:{comment['path']}").split("\n")
        lines[comment["line"] - 1] = words
        work = self._repository.parent / "browser"
        if not work.exists():
            self._git("clone", "--quiet", str(self._repository), str(work))
        self._git("fetch", "--quiet", "origin", at=work)
        self._git("switch", "--quiet", "-C", self._branch, f"origin/{self._branch}", at=work)
        (work / comment["path"]).write_text("\n".join(lines), encoding="utf-8")
        who = ("-c", "user.name=reviewer", "-c", "user.email=reviewer@example.org")
        self._git(*who, "commit", "--quiet", "--all", "--message", "Apply suggestion", at=work)
        self._git("push", "--quiet", "origin", self._branch, at=work)

    def _refusal(self, path: str, authorization: str | None, body: dict[str, Any]) -> str:
        """Say why a review is not taken; nothing where it is."""
        head = self._git("rev-parse", self._branch).strip()
        if path != "/repos/somebody/ainews/pulls/7/reviews" or authorization != "token gh-token":
            return "Not Found"
        if body.keys() - {"commit_id", "event", "body", "comments"} or body["event"] != "COMMENT":
            return "Unprocessable Entity"
        if body["commit_id"] != head:
            return "commit_id is not part of the pull request"
        for comment in body["comments"]:
            if comment.keys() != {"path", "line", "side", "body"} or comment["side"] != "RIGHT":
                return "Unprocessable Entity"
            if comment["line"] not in self._shown(comment["path"]):
                return "pull_request_review_thread.line must be part of the diff"
        return ""

    def _shown(self, path: str) -> set[int]:
        """Number the lines of a file that the diff shows, three around each change."""
        diff = self._git("diff", f"{self._base}...{self._branch}", "--", path)
        return {
            int(hunk["first"]) + after
            for hunk in _HUNK.finditer(diff)
            for after in range(int(hunk["count"] or 1))
        }

    def _git(self, *arguments: str, at: Path | None = None) -> str:
        run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run
        command = ["git", *arguments]
        return run(
            command, cwd=at or self._repository, check=True, capture_output=True, text=True
        ).stdout
