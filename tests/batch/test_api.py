"""The Batch calls of a server: found page by page, tried again where that helps, never twice."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipeline.batch.api import BatchApi, read_lines
from pipeline.errors import ModelError, ModelTransient, ModelUnavailable
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.transport import ModelConnection

HOST = "example.org/v1"
BUSY = RequestRejected(503, "busy")
PASSING = ModelTransient("broke off")


def batch(number: int, mark: str = "", **more: object) -> dict[str, object]:
    """Write a batch as the server does."""
    metadata = {"ainews_digest": mark} if mark else None
    return {"id": f"b{number}", "status": "in_progress", "metadata": metadata} | more


def page(*batches: dict[str, object], more: bool = False) -> dict[str, object]:
    """Write one page of the list of batches."""
    return {"data": batches, "has_more": more}


class Stub:
    """A server that answers from a list, and remembers what was called and with what."""

    def __init__(self, *answers: object) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.pauses: list[float] = []
        self._answers = list(answers)
        self.clean = self.redact = str

    def call(self, send: Callable[[Any], Any], *, max_bytes: int = 0) -> Any:
        """Make a call with a client that answers."""
        del max_bytes
        names = ("list", "create", "retrieve", "delete")
        raw = SimpleNamespace(**{name: self._answering(name) for name in names})
        both = SimpleNamespace(with_raw_response=raw)
        return send(SimpleNamespace(batches=both, files=both))

    def provider(self) -> BatchApi:
        """Call it."""
        server = cast("ModelConnection", self)
        return BatchApi(server, host=HOST, model="m", sleep=self.pauses.append)

    def _answering(self, name: str) -> Callable[..., Any]:
        def answer(*ids: str, **given: Any) -> Any:
            self.calls.append((name, given or {"id": ids[0]}))
            found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            if isinstance(found, Exception):
                raise found
            return SimpleNamespace(text=found if isinstance(found, str) else json.dumps(found))

        return answer


def test_a_batch_is_found_by_its_mark_page_by_page() -> None:
    """The next page begins after the last one of this; what others made is passed over."""
    stub = Stub(
        page(batch(1), batch(2, "other"), more=True),
        page(batch(3), batch(4), more=True),
        page(batch(5, "mine"), batch(6, "mine"), more=True),
    )
    found = stub.provider().find("mine")
    assert found is not None
    assert found.id == "b5"
    assert [given for _, given in stub.calls] == [
        {"limit": 100},
        {"limit": 100, "after": "b2"},
        {"limit": 100, "after": "b4"},
    ]


@pytest.mark.parametrize(
    ("last", "calls"), [(page(batch(1)), 1), (page(more=True), 1), (page(batch(1), more=True), 20)]
)
def test_a_search_ends(last: dict[str, object], calls: int) -> None:
    """Where there are no more, where a page is empty, and after twenty pages."""
    stub = Stub(last)
    assert stub.provider().find("mine") is None
    assert len(stub.calls) == calls


def test_a_batch_that_was_begun_unheard_is_not_begun_again() -> None:
    """Only after a failure it is looked for."""
    stub = Stub(PASSING, page(batch(7, "mine")))
    assert stub.provider().create("file-1", "mine").id == "b7"
    assert [name for name, _ in stub.calls] == ["create", "list"]
    again = Stub(PASSING, page(batch(7, "other")), batch(8, "mine"))
    assert again.provider().create("file-1", "mine").id == "b8"
    assert [name for name, _ in again.calls] == ["create", "list", "create"]
    assert again.calls[0][1] == {
        "input_file_id": "file-1",
        "endpoint": "/v1/chat/completions",
        "completion_window": "24h",
        "metadata": {"ainews_digest": "mine"},
    }


def test_a_call_is_tried_five_times() -> None:
    """With growing pauses; a pause that the server asks for is kept as it is."""
    stub = Stub(BUSY)
    with pytest.raises(ModelTransient, match="cannot answer now"):
        stub.provider().retrieve("b1")
    assert len(stub.calls) == 5
    assert all(pause > 0 for pause in stub.pauses)
    assert len(stub.pauses) == 4
    asked = Stub(RequestRejected(429, "slow", 7.0), RequestRejected(429, "slow", 0.0), batch(1))
    found = asked.provider().retrieve("b1")
    assert found is not None
    assert asked.pauses == [7.0, 0.0]


@pytest.mark.parametrize(
    ("refusal", "kind", "said"),
    [
        (RequestRejected(404, "no route"), ModelError, "has no Batch API (404: no route)"),
        (RequestRejected(405, "no"), ModelError, "has no Batch API"),
        (RequestRejected(501, "no"), ModelError, "has no Batch API"),
        (
            RequestRejected(400, "bad line"),
            ModelError,
            "turned the batch down (400: bad line); run fewer",
        ),
        (RequestRejected(422, "bad line"), ModelError, "turned the batch down"),
        (RequestRejected(413, "too large"), ModelError, "turned the batch down"),
        (RequestRejected(400, "insufficient_quota"), ModelUnavailable, "no credit left"),
        (RequestRejected(401, "key"), ModelError, "does not accept the key"),
        (RequestRejected(429, "slow", 61.0), ModelUnavailable, "asks to wait 61 s"),
    ],
)
def test_what_will_not_pass_is_one_error(
    refusal: RequestRejected, kind: type[ModelError], said: str
) -> None:
    """Made of the server's words, at the first attempt."""
    stub = Stub(refusal)
    with pytest.raises(ModelError) as caught:
        stub.provider().create("file-1", "mine")
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert len(stub.calls) == 1


def test_a_batch_that_is_no_more_is_none() -> None:
    """Of one thing, 404 says that; of the calls as a whole that there are none."""
    assert Stub(RequestRejected(404, "no such batch")).provider().retrieve("b1") is None
    with pytest.raises(ModelError, match="no Batch API"):
        Stub(RequestRejected(404, "no")).provider().check_support()
    with pytest.raises(ModelError, match="no Batch API"):
        Stub(RequestRejected(405, "no")).provider().retrieve("b1")


def test_an_answer_that_makes_no_sense_is_no_batch_api_until_one_was_seen() -> None:
    """Afterwards it may pass."""
    strange = Stub("<html>")
    with pytest.raises(ModelError, match=r"no Batch API \(it answered with a web page\)"):
        strange.provider().check_support()
    assert len(strange.calls) == 1
    later = Stub(page(), "<html>", batch(1))
    provider = later.provider()
    provider.check_support()
    assert later.calls[0] == ("list", {"limit": 1})
    found = provider.retrieve("b1")
    assert found is not None
    assert len(later.calls) == 3


def test_files_are_deleted_whatever_becomes_of_one() -> None:
    """The server's own term ends what stays."""
    stub = Stub(RequestRejected(404, "gone"), ModelError("odd"), {})
    stub.provider().delete(["f1", "f2", "f3"])
    assert [given["id"] for _, given in stub.calls] == ["f1", "f2", "f3"]


def test_a_file_is_uploaded_from_its_beginning_each_time() -> None:
    """Under its name, as lines of JSON, for a batch."""
    stub = Stub(PASSING, {"id": "file-7"})
    questions = io.BytesIO(b"{}\n")
    questions.seek(2)
    assert stub.provider().upload(questions, "q.jsonl") == "file-7"
    for name, given in stub.calls:
        assert (name, given["purpose"]) == ("create", "batch")
        assert given["file"][0] == "q.jsonl"
    assert questions.tell() == 0


def test_a_file_that_broke_off_is_brought_from_its_beginning() -> None:
    """Nothing of the first attempt is left in it."""
    parts: list[list[bytes | Exception]] = [[b"too long", PASSING], [b"wh", b"ole"]]

    class Streaming(Stub):
        def call(self, send: Callable[[Any], Any], *, max_bytes: int = 0) -> Any:
            assert max_bytes == 13_000_000

            @contextmanager
            def content(_file: str) -> Iterator[Any]:
                yield SimpleNamespace(iter_bytes=lambda: played(parts.pop(0)))

            return send(
                SimpleNamespace(
                    files=SimpleNamespace(with_streaming_response=SimpleNamespace(content=content))
                )
            )

    def played(given: list[bytes | Exception]) -> Iterator[bytes]:
        for part in given:
            if isinstance(part, Exception):
                raise part
            yield part

    found = Streaming().provider().download("file-1", 10)
    assert found is not None
    with found:
        assert found.read() == b"whole"


def test_a_line_that_no_memory_should_hold_is_cut() -> None:
    """Those before and after it come whole."""
    file = io.BytesIO(b"one\n" + b"x" * 20_000_000 + b"\ntwo\nthree")
    one, long, *others = read_lines(file)
    assert one == b"one\n"
    assert len(long) == 8_000_000
    assert others == [b"two\n", b"three"]
