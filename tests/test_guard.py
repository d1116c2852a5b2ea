"""What may reach Dagster's page, and which settings open it: without Dagster."""

import asyncio
from typing import Any

import pytest

from pipeline.errors import SettingsError
from pipeline.orchestration.guard import Guard, allowed_hosts, check_request
from pipeline.orchestration.setup import load

HOSTS = allowed_hosts("127.0.0.1", 3000, ("digests.example", "digests.example:8443"))
OWN = "127.0.0.1:3000"
JSON = ("Content-Type", "application/json")


def request(
    *headers: tuple[str, str], method: str = "GET", path: str = "/", kind: str = "http"
) -> dict[str, Any]:
    """Write a request as an ASGI server hands it on."""
    listed = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    return {"type": kind, "method": method, "path": path, "headers": listed}


def status(*headers: tuple[str, str], host: str = OWN, **more: str) -> int | None:
    """Give the status that a request is refused with; None where it may pass."""
    refusal = check_request(request(("Host", host), *headers, **more), HOSTS)
    return refusal and refusal.status


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:3000", "localhost:3000", "LOCALHOST:3000", "[::1]:3000"),
        *("digests.example", "digests.example:3000", "Digests.Example:8443"),
    ],
)
def test_names_of_the_page_may_be_asked(host: str) -> None:
    """Loopback's names with the page's port, and those of the setting, in any case."""
    assert status(host=host) is None
    assert (
        status(("Origin", f"http://{host}"), ("Sec-Fetch-Site", "same-origin"), host=host) is None
    )
    assert status(("Origin", f"https://{host}"), JSON, host=host, method="POST") is None


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:3000", "127.0.0.1", "localhost", "127.0.0.1:3001", ""),
        *("127.0.0.1:3000.evil.example", "localhost.:3000", "127.1:3000", "0.0.0.0:3000"),
        *(
            "me@127.0.0.1:3000",
            "127.0.0.1:03000",
            "127.0.0.1:3000,evil.example",
            "a.digests.example",
        ),
        *("localhost:3000/", "ｌocalhost:3000".encode().decode("latin-1"), "digests.example:9"),
    ],
)
def test_other_names_are_refused(host: str) -> None:
    """A name that an attacker can point at this machine is none of the page's."""
    assert status(host=host) == 403
    assert status(JSON, host=host, method="POST", path="/graphql") == 403


def test_one_host_is_needed() -> None:
    """None, and two of which one would do, are refused."""
    assert check_request(request(), HOSTS)
    assert status(("Host", "evil.example")) == 403
    assert status(("Host", OWN)) == 403
    assert status(("X-Forwarded-Host", OWN), host="evil.example") == 403


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "headers",
    [
        [("Origin", "null")],
        [("Origin", "")],
        [("Origin", "http://evil.example")],
        [("Origin", "http://evil.example:3000")],
        [("Origin", "http://127.0.0.1:3001")],
        [("Origin", "http://localhost:3000")],
        [("Origin", f"http://{OWN}.evil.example")],
        [("Origin", f"http://{OWN}/")],
        [("Origin", f"file://{OWN}")],
        [("Origin", f"http://{OWN}"), ("Origin", "http://evil.example")],
        [("ORIGIN", "HTTP://EVIL.EXAMPLE")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")],
        [("SEC-FETCH-SITE", "CROSS-SITE")],
        [("Sec-Fetch-Site", "")],
        [("Sec-Fetch-Site", "something-new")],
        [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-origin, cross-site")],
        [("Sec-Fetch-Site", "cross-site"), ("Origin", f"http://{OWN}")],
    ],
)
def test_what_another_page_asks_for_is_refused(headers: list[tuple[str, str]], kind: str) -> None:
    """By its origin, or by what the browser says of where it comes from; for websockets too."""
    assert status(*headers, kind=kind) == 403
    assert status(*headers, JSON, kind=kind, method="POST", path="/graphql") == 403


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "X"]
)
@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "//graphql", "/GraphQL", "/x/graphql//"])
def test_graphql_is_asked_by_post_alone(path: str, method: str) -> None:
    """A mutation in an address is no mutation; a question before a foreign one has no yes."""
    assert status(method=method, path=path) == 405
    assert status(JSON, method=method, path=path) == 405
    assert status(JSON, method="POST", path=path) is None


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\0", "\x85", "\u2028", "\x1b", "\u202e"])
def test_a_path_with_a_break_is_none(end: str, kind: str) -> None:
    """The page's routes take a line break at the end of a path for nothing."""
    assert status(path=f"/graphql{end}", kind=kind) == 400
    assert status(path=f"/gra{end}phql", kind=kind) == 400
    assert status(JSON, path=f"/graphql{end}", method="POST") == 400


def test_a_path_of_any_letters_is_one() -> None:
    """Names of assets and of logs may have blanks and Chinese letters."""
    for path in ("/assets/日报 1", "/logs/a b.out", "/assets/é/“x”"):
        assert status(path=path) is None


@pytest.mark.parametrize("path", ["/graphql", "/report_asset_materialization/digest", "/other"])
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Content-Type", "text/plain")],
        [("Content-Type", "text/plain; application/json")],
        [("Content-Type", "text/plain, application/json")],
        [("Content-Type", "application/x-www-form-urlencoded")],
        [("Content-Type", "multipart/form-data; boundary=application/json")],
        [("Content-Type", "application/graphql")],
        [("Content-Type", "application/jsonx")],
        [JSON, ("Content-Type", "text/plain")],
        [JSON, JSON],
    ],
)
def test_what_a_form_can_send_changes_nothing(path: str, headers: list[tuple[str, str]]) -> None:
    """Whatever is posted is JSON by its type and by nothing else."""
    assert status(*headers, method="POST", path=path) == 415


def test_json_may_be_posted_and_pages_looked_at() -> None:
    """With a charset, in capitals; pages, files and logs by GET and HEAD."""
    for kind in ("application/json", "application/json; charset=utf-8", "APPLICATION/JSON"):
        assert status(("Content-Type", kind), method="POST", path="/graphql") is None
    for path in ("/", "/runs/1", "/graphql.js", "/assets/digest", "/logs/a/b.out"):
        assert status(path=path) is status(path=path, method="HEAD") is None
    assert status(("Sec-Fetch-Site", "none")) is None
    assert status(kind="websocket", path="/graphql") is None
    assert status(path="http://127.0.0.1:3000/graphql") == 400
    assert status(JSON, path="http://evil.example/graphql", method="POST") == 400


def test_a_page_on_port_80_needs_no_port() -> None:
    """As browsers leave it away; an address of IP version 6 stands in brackets."""
    assert {"localhost", "localhost:80", "[::1]"} <= allowed_hosts("127.0.0.1", 80)
    assert "[fd00::1]:3000" in allowed_hosts("fd00::1", 3000)


def sent(scope: dict[str, Any]) -> tuple[list[Any], list[str]]:
    """Send a request through the guard: what is answered, and which requests the page saw."""
    answers: list[Any] = []
    seen: list[str] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        seen.append(scope["type"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})

    async def send(message: Any) -> None:
        answers.append(message)

    async def receive() -> Any:
        raise AssertionError

    asyncio.run(Guard(app, HOSTS)(scope, receive, send))
    return answers, seen


def test_the_guard_answers_for_the_page() -> None:
    """A refused request never reaches it and is told why; a websocket is closed unopened."""
    answers, seen = sent(request(("Host", "evil.example\x1b")))
    assert (answers[0]["status"], seen) == (403, [])
    assert b"AINEWS_DAGSTER_HOSTS" in answers[1]["body"]
    assert b"\x1b" not in answers[1]["body"]
    answers, seen = sent(request(("Host", OWN), ("Origin", "null"), kind="websocket"))
    assert ([each["type"] for each in answers], seen) == (["websocket.close"], [])


def test_what_passes_cannot_be_framed() -> None:
    """No other page shows this one in a frame; starting and ending pass untouched."""
    answers, seen = sent(request(("Host", OWN)))
    assert answers[0]["headers"] == [(b"a", b"b"), (b"x-frame-options", b"SAMEORIGIN")]
    assert seen == ["http"]
    assert sent({"type": "lifespan"})[1] == ["lifespan"]


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "0", " ", "*", "192.168.1.2", "digests.example", "127.1", "localhost."],  # noqa: S104 - what is refused
)
def test_another_address_than_loopbacks_takes_a_second_setting(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has no password: that others reach it is said by name, or it does not start."""
    monkeypatch.setenv("AINEWS_DAGSTER_HOST", host)
    with pytest.raises(SettingsError, match=r"AINEWS_DAGSTER_HOST .*AINEWS_DAGSTER_ALLOW_REMOTE=1"):
        load()
    monkeypatch.setenv("AINEWS_DAGSTER_ALLOW_REMOTE", "1")
    assert load().host == host


def test_loopback_takes_no_second_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """In any of its spellings; more names are separated by commas or blanks."""
    for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        monkeypatch.setenv("AINEWS_DAGSTER_HOST", host)
        assert load().host == host
    monkeypatch.setenv("AINEWS_DAGSTER_HOSTS", "Digests.example, box:8080 [fd00::1]:80,")
    assert load().hosts == ("digests.example", "box:8080", "[fd00::1]:80")


@pytest.mark.parametrize("name", ["*", "*.example", "http://box", "box/", "a:b", "me@box", "::1"])
def test_a_name_that_is_none_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No pattern, no address of a page."""
    monkeypatch.setenv("AINEWS_DAGSTER_HOSTS", name)
    with pytest.raises(SettingsError, match="AINEWS_DAGSTER_HOSTS cannot be used"):
        load()
