"""An editor's desk: a digest of a small issue on a disk, and the server that told it."""

import datetime as dt
import io
import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr

from openai_server import OpenAIServer
from pipeline.edits.options import EditOptions
from pipeline.plan import RunRequest
from pipeline.publish import run_request
from pipeline.records import Digest
from pipeline.revise import EditResult, edit_digest, locate_digest
from pipeline.settings import Settings
from pipeline.write.json_format import from_json
from test_plan import Notes

DEMO = Path(__file__).parents[1] / "pipeline" / "data" / "demo.md"
DAY = dt.date(2026, 1, 30)
TITLE = "一个由编辑亲手写下的标题"
SUMMARY = "这是编辑亲手写下的摘要，不来自任何模型，也不含原文没有的数字。它说明了发生的事情，以及对工程师的意义。"


class Desk:
    """An editor's desk: a digest of the bundled issue, and a server that is asked for it."""

    def __init__(self, tmp_path: Path, server: OpenAIServer, page: Path = DEMO) -> None:
        self.folder = tmp_path / "outputs"
        self.server, self.page, self.notes = server, page, Notes()
        self.settings = Settings.model_construct(
            **{
                **Settings().model_dump(),
                "outputs_dir": self.folder,
                "cache_dir": tmp_path / "cache",
                "model": "test-model",
                "model_attempts": 2,
                "openai_base_url": server.base_url,
                "openai_api_key": SecretStr("sk-planted-key"),
            }
        )

    def set_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have the command work at this desk."""
        for name, value in (
            ("AINEWS_OUTPUTS_DIR", str(self.folder)),
            ("AINEWS_CACHE_DIR", str(self.settings.cache_dir)),
            ("AINEWS_MODEL", "test-model"),
            ("OPENAI_BASE_URL", self.server.base_url),
            ("OPENAI_API_KEY", "sk-planted-key"),
        ):
            monkeypatch.setenv(name, value)

    def copy(self, folder: Path) -> "Desk":
        """Lay a copy, with the cache and the settings that it was made with, into a folder."""
        shutil.copytree(self.folder.parent, folder, dirs_exist_ok=True)
        other = Desk(folder, self.server, self.page)
        places = {"outputs_dir": other.folder, "cache_dir": other.settings.cache_dir}
        other.settings = self.settings.model_copy(update=places)
        return other

    def run(self, day: dt.date = DAY, **more: object) -> Digest:
        """Make the digest, or make it again."""
        wanted = RunRequest.model_validate({"source": str(self.page), "date": day, **more})
        for _ in run_request(
            wanted, settings=self.settings, today=day, progress=self.notes, stdin=io.BytesIO()
        ):
            pass
        return self.digest()

    def edit(self, name: str = "2026-01-30", /, **wishes: object) -> EditResult:
        """Change it by hand."""
        wanted = EditOptions.model_validate({"source": str(self.page), **wishes})
        place = locate_digest(name, self.folder)
        return edit_digest(
            place, wanted, settings=self.settings, progress=self.notes, stdin=io.BytesIO()
        )

    def digest(self, name: str = "2026-01-30") -> Digest:
        """Read it."""
        return from_json((self.folder / f"{name}.json").read_text(encoding="utf-8"))

    def bytes(self) -> dict[str, bytes]:
        """Read all files."""
        return {file.name: file.read_bytes() for file in self.folder.glob("*.*")}

    def asked(self) -> int:
        """Count the requests since the last count."""
        count = len(self.server.requests)
        self.server.requests.clear()
        return count
