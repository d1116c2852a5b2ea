"""The head of a digest says the same of its JSON and of its records."""

import json
from pathlib import Path

import pytest

import daily
from conftest import FIXTURES
from pipeline.records import Digest
from pipeline.write.head import head_of, read_head
from pipeline.write.json_format import from_json, to_json
from written import one_entry

ROOT = Path(__file__).parents[2]
STORED = sorted([*(FIXTURES / "write").glob("*.json"), *(ROOT / "outputs").glob("*.json")])


def with_quotation(digest: Digest) -> Digest:
    """Quote one tool entry."""
    first, *rest = digest.tools
    return digest.model_copy(update={"tools": (first.model_copy(update={"quoted": True}), *rest)})


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.name)
def test_the_json_of_a_digest_has_the_head_of_its_records(file: Path) -> None:
    """Of digests as this version and earlier ones wrote them."""
    assert read_head(file.read_bytes()) == head_of(from_json(file.read_text("utf-8")))


def test_findings_quotations_and_a_digest_without_its_origin_are_counted() -> None:
    """What a run says of them is the same."""
    whole = with_quotation(daily.digest(daily.FIRST_DAY))
    assert whole.findings
    for digest in (whole, whole.model_copy(update={"provenance": None}), one_entry("标题")):
        assert read_head(to_json(digest).encode()) == head_of(digest)
    head = head_of(whole)
    assert (head.degraded, len(head.severities)) == (1, len(whole.findings))


def test_fields_that_an_earlier_version_left_out_have_their_defaults() -> None:
    """A digest without them reads as `from_json` reads it."""
    tree = json.loads(to_json(daily.digest(daily.FIRST_DAY)))
    for name in ("findings", "drops", "$schema", "format_version"):
        del tree[name]
    for name in ("memory", "made_from"):
        tree["provenance"].pop(name, None)
    for entry in (*tree["news"], *tree["tools"]):
        del entry["quoted"]
    text = json.dumps(tree, ensure_ascii=False)
    assert read_head(text.encode()) == head_of(from_json(text))


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"[]", b"{}", b"null", b'"x"', b"\xff", b"[" * 100_000),
        *(b'{"provenance": null}', b'{"provenance": [], "news": 1}'),
        b'{"provenance": {}, "issue_url": "", "news": [], "tools": []}',
        b'{"provenance": null, "issue_url": "", "news": [1], "tools": []}',
        b'{"provenance": null, "issue_url": "", "news": [], "tools": [], "findings": [{}]}',
    ],
)
def test_what_is_no_digest_has_no_head(data: bytes) -> None:
    """Whoever makes it again says what is wrong with it."""
    assert read_head(data) is None
