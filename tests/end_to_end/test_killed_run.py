"""A run that is killed between an answer and its re-ask pays for nothing twice."""

import io
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import editor
import openai_server as fake
from build import PAGE
from openai_server import Behaviour, OpenAIServer, Request
from pipeline.llm.cache import Cache
from pipeline.llm.ledger import Ledger
from pipeline.plan import RunRequest
from pipeline.publish import run_request
from pipeline.settings import Settings
from test_plan import Notes
from whole_run import DAY, environment, files, until


def test_kill_9_between_an_answer_and_its_re_ask_costs_nothing_twice(tmp_path: Path) -> None:
    """Each call is answered once, before or after, and the digest is that of an undisturbed run."""
    page = tmp_path / "26-01-30-sampler.md"
    page.write_text(PAGE, encoding="utf-8")
    asked: list[str] = []
    hung: list[str] = []

    def wordy(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
        """Answer each question wrongly at first."""
        right = editor.answer(messages, schema)
        return right if "no complete JSON object" in messages[1]["content"] else "Rather not."

    def behave(request: Request) -> Behaviour:
        """Hang at the re-ask of the first story."""
        body = json.dumps(request.body, sort_keys=True)
        if len(asked) == 3 and not hung:
            hung.append(body)
            return fake.hang
        asked.append(body)
        return fake.ok

    with OpenAIServer(answer=wordy) as server:
        publish(page, tmp_path / "undisturbed", server)
        plain = [json.dumps(request.body, sort_keys=True) for request in server.requests]
    with OpenAIServer(answer=wordy, behave=behave) as server:
        env = environment(tmp_path, server, AINEWS_IN_FLIGHT="1", AINEWS_MODEL_TIMEOUT_S="60")
        arguments = ["run", "--source", str(page), "--date", "2026-01-30"]
        with subprocess.Popen([sys.executable, "-m", "pipeline", *arguments], env=env) as process:
            until(hung, 1)  # type: ignore[arg-type]
            process.kill()
        assert len(asked) == 3
        publish(page, tmp_path, server)
    assert len(plain) == 10
    assert max(Counter(asked).values()) == 1
    assert sorted(asked) == sorted(plain)
    assert unnamed(tmp_path / "outputs") == unnamed(tmp_path / "undisturbed" / "outputs")
    with Cache(tmp_path / "cache" / "cache.sqlite") as cache:
        assert Ledger(cache).daily_usage()[-1].usage.calls == 10


def unnamed(folder: Path) -> dict[str, bytes]:
    """Read all files of a folder; what stands for the server's address is left out."""
    address = rb'"host": "[0-9a-f]{12}"|"made_from": "[0-9a-f]{64}"'
    return {name: re.sub(address, b"", data) for name, data in files(folder).items()}


def publish(page: Path, folder: Path, server: OpenAIServer) -> None:
    """Digest a page in this process."""
    settings = Settings.model_validate(
        {
            "cache_dir": folder / "cache",
            "outputs_dir": folder / "outputs",
            "model": "test-model",
            "in_flight": 1,
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_API_KEY": "sk-planted-key",
        }
    )
    wanted = RunRequest(source=str(page), date=DAY)
    list(run_request(wanted, settings=settings, today=DAY, progress=Notes(), stdin=io.BytesIO()))
