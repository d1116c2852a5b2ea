"""Nobody starts a run through the operator's browser: attacks on the real page, on loopback."""

import json
import socket
import urllib.parse

import pytest

from orchestration.conftest import DagsterSetup

MUTATION = (
    "mutation{launchPartitionBackfill(backfillParams:"
    '{partitionNames:["2026-01-12"],assetSelection:[{path:["digest"]}]}){__typename}}'
)
QUERY = "query=" + urllib.parse.quote(MUTATION)
BODY = json.dumps({"query": MUTATION})
FORM = "application/x-www-form-urlencoded"
_BACKFILLS = "{ partitionBackfillsOrError { ... on PartitionBackfills { results { id } } } }"
_UPGRADE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: graphql-ws",
)


def send(place: DagsterSetup, first: str, *headers: str, body: str = "") -> int:
    """Send a request byte by byte as given, `OWN` for the page's host, and give the status."""
    own = f"127.0.0.1:{place.dagster.port}"
    lines = [first, *headers, *([f"Content-Length: {len(body)}"] if body else [])]
    text = "\r\n".join([*lines, "", body]).replace("OWN", own)
    with socket.create_connection(("127.0.0.1", place.dagster.port), timeout=20) as wire:
        wire.sendall(text.encode("latin-1"))
        return int(wire.recv(4096).split()[1])


def backfills(place: DagsterSetup) -> list[str]:
    """Name the backfills that were ever asked for."""
    found = place.dagster.ask(_BACKFILLS)["partitionBackfillsOrError"]["results"]
    return [each["id"] for each in found]


JSON = "Content-Type: application/json"
POST = "POST /graphql HTTP/1.1"


@pytest.mark.parametrize(
    ("first", "headers", "body"),
    [
        (POST, ["Host: evil.example", JSON], BODY),
        (POST, ["Host: evil.example:3000", "Origin: http://evil.example:3000", JSON], BODY),
        (POST, ["Host: OWN", "Host: evil.example", JSON], BODY),
        (POST, ["Host: OWN", "Host: OWN", JSON], BODY),
        ("POST /graphql HTTP/1.0", [JSON], BODY),
        (POST, ["Host: OWN", "Origin: null", JSON], BODY),
        (POST, ["Host: OWN", "Origin: http://evil.example", JSON], BODY),
        (POST, ["Host: OWN", "ORIGIN: HTTP://EVIL.EXAMPLE", JSON], BODY),
        (POST, ["Host: OWN", "Origin: http://OWN", "Origin: null", JSON], BODY),
        (POST, ["Host: OWN", "Sec-Fetch-Site: cross-site", JSON], BODY),
        (POST, ["Host: OWN", "SEC-FETCH-SITE: Same-Site", JSON], BODY),
        (POST, ["Host: OWN", "Content-Type: text/plain"], BODY),
        (POST, ["Host: OWN", "Content-Type: text/plain;application/json"], BODY),
        (POST, ["Host: OWN", "Content-Type: application/graphql"], MUTATION),
        (POST, ["Host: OWN", "Content-Type: multipart/form-data; boundary=application/json"], BODY),
        (POST, ["Host: OWN"], BODY),
        (f"POST /graphql?{QUERY} HTTP/1.1", ["Host: OWN", f"Content-Type: {FORM}"], "a=b"),
        (f"POST /graphql?{QUERY} HTTP/1.1", ["Host: OWN", "Content-Length: 0"], ""),
        (f"GET /graphql?{QUERY} HTTP/1.1", ["Host: OWN"], ""),
        (f"GET /graphql?{QUERY} HTTP/1.1", ["Host: OWN", "Sec-Fetch-Site: none"], ""),
        (f"GET /%67raphql?{QUERY} HTTP/1.1", ["Host: OWN"], ""),
        (f"GET //graphql?{QUERY} HTTP/1.1", ["Host: OWN"], ""),
        (f"GET /graphql%0a?{QUERY} HTTP/1.1", ["Host: OWN"], ""),
        (f"GET /graphql%0A?{QUERY} HTTP/1.1", ["Host: OWN", "Sec-Fetch-Site: none"], ""),
        (f"HEAD /graphql%0a?{QUERY} HTTP/1.1", ["Host: OWN"], ""),
        (f"HEAD /graphql?{QUERY} HTTP/1.1", ["Host: OWN"], ""),
        (f"GET http://OWN/graphql?{QUERY} HTTP/1.1", ["Host: OWN"], ""),
        ("POST http://OWN/graphql HTTP/1.1", ["Host: evil.example", JSON], BODY),
        ("POST http://evil.example/graphql HTTP/1.1", ["Host: OWN", JSON], BODY),
        ("OPTIONS /graphql HTTP/1.1", ["Host: OWN", "Origin: http://evil.example"], ""),
        ("POST /report_asset_materialization/digest HTTP/1.1", ["Host: OWN"], "partition=x"),
        ("GET / HTTP/1.1", ["Host: evil.example"], ""),
        ("GET /logs/a/b.out HTTP/1.1", ["Host: OWN", "Sec-Fetch-Site: cross-site"], ""),
        ("GET /graphql HTTP/1.1", ["Host: OWN", "Origin: http://evil.example", *_UPGRADE], ""),
        ("GET /graphql HTTP/1.1", ["Host: OWN", "Origin: null", *_UPGRADE], ""),
        ("GET /graphql HTTP/1.1", ["Host: evil.example", *_UPGRADE], ""),
        ("GET /graphql HTTP/1.1", ["Host: OWN", "Sec-Fetch-Site: same-site", *_UPGRADE], ""),
    ],
)
def test_an_attack_starts_nothing(
    place: DagsterSetup, first: str, headers: list[str], body: str
) -> None:
    """Each is refused, and no backfill has come of it."""
    before = backfills(place)
    assert 400 <= send(place, first, *headers, body=body) < 500
    assert backfills(place) == before


def test_what_the_page_itself_sends_gets_through(place: DagsterSetup) -> None:
    """Its questions, its subscriptions, and a reader who comes by address."""
    own = ("Host: OWN", "Origin: http://OWN", "Sec-Fetch-Site: same-origin")
    question = json.dumps({"query": "{ version }"})
    assert send(place, POST, *own, JSON, body=question) == 200
    assert send(place, "GET / HTTP/1.1", "Host: OWN", "Sec-Fetch-Site: none") == 200
    assert send(place, "GET /graphql HTTP/1.1", *own, *_UPGRADE) == 101
