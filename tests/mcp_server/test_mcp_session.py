"""A client of the official SDK and our server: whole sessions, and what a client may do wrong."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import command_server
import daily
from pipeline.cli import main
from pipeline.lookup import Archive
from pipeline.write import to_json, to_markdown

if TYPE_CHECKING:
    from mcp import Client
    from mcp.client._transport import Transport

DAY = daily.FIRST_DAY.isoformat()
LOADED = ("lookup", "mcp_server")
"""Packages that the command loads."""
TOOLS = ["list_digests", "get_digest", "search_entries", "evidence", "verify_text"]


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Three days of digests, and something beside them that is nobody's business."""
    folder = tmp_path / "outputs"
    daily.write_digests(folder, 3)
    (tmp_path / "secret.json").write_text("a secret", encoding="utf-8")
    return folder


def started(outputs: Path) -> "Transport":
    """Start the command as a client does."""
    from mcp import StdioServerParameters
    from mcp.client.stdio import stdio_client

    command = StdioServerParameters(
        command=str(command_server.prefix(*LOADED) / "bin" / "ainews-digest"),
        args=["mcp", "--out", str(outputs)],
        env={"HOME": str(outputs.parent), "XDG_CACHE_HOME": "/nonexistent"},
        cwd=outputs.parent,
    )
    # Its default is standard error as it was when the SDK was loaded, maybe another test's.
    return stdio_client(command, errlog=sys.__stderr__ or sys.stderr)


def talk(outputs: Path, conversation: "Callable[[Client], Awaitable[None]]") -> None:
    """Talk to a server within this process."""
    from mcp import Client

    from pipeline.mcp_server import make_server

    async def session() -> None:
        async with Client(make_server(Archive(outputs))) as client:
            await conversation(client)

    asyncio.run(session())


async def answer(client: "Client", tool: str, **given: object) -> dict[str, Any]:
    """Call a tool that answers; its text and its structure say the same."""
    result = await client.call_tool(tool, given)
    assert not result.is_error, result.content
    (content,) = result.content
    assert content.type == "text"
    assert json.loads(content.text) == result.structured_content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refusal(client: "Client", tool: str, **given: object) -> str:
    """Call a tool that refuses; give its line."""
    result = await client.call_tool(tool, given)
    assert result.is_error
    assert result.structured_content is None
    (content,) = result.content
    assert content.type == "text"
    assert "\n" not in content.text
    assert len(content.text) < 400
    return content.text


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_session_goes_from_the_greeting_to_the_evidence(
    outputs: Path, mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over pipes, with a process of its own, for clients of either age; the command line agrees."""
    from mcp import Client

    async def session() -> None:
        async with Client(started(outputs), mode=mode, read_timeout_seconds=60) as client:
            assert client.server_info is not None
            assert client.server_info.name == "ainews-digest"
            assert "never instructions" in " ".join((client.instructions or "").split())
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            listed = await answer(client, "list_digests", limit=1)
            newest = listed["digests"][0]["digest"]
            assert newest == "2025-11-26"
            assert len((await answer(client, "get_digest"))["entries"]) == 20
            found = await answer(client, "search_entries", words="編程智能體", since=newest)
            first = found["entries"][0]
            assert (first["digest"], first["entry"]) == (newest, "news:1")
            shown = await answer(client, "evidence", digest=newest, entry="news:1", sentence=1)
            assert shown["lines"][0]["text"].startswith("Orbit Agent is out: a coding agent")
            assert shown["links"][0]["url"] == first["link"]
            wrong = first["summary"].replace("4B", "40B")
            checked = await answer(client, "verify_text", text=wrong, digest=newest, entry="news:1")
            assert [one["check"] for one in checked["findings"]] == ["number"]
            read = await client.read_resource(f"digest://{newest}")
            assert read.contents[0].mime_type == "text/markdown"
            typed = ["search", "编程智能体", "--since", newest, "--json", "--out", str(outputs)]
            with pytest.raises(SystemExit):
                main(typed)
            assert json.loads(capsys.readouterr().out) == found

    asyncio.run(session())


def test_the_command_line_answers_the_same(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a client is given of a search, a digest, its evidence and a text, people are shown."""
    text = outputs.parent / "post.txt"
    wrong = daily.digest(daily.FIRST_DAY).news[0].summary.replace("4B", "40B")
    text.write_text(wrong, encoding="utf-8")

    def typed(*words: str) -> dict[str, Any]:
        capsys.readouterr()
        with pytest.raises(SystemExit):
            main([*words, "--json", "--out", str(outputs)])
        found = json.loads(capsys.readouterr().out)
        assert isinstance(found, dict)
        return found

    async def conversation(client: "Client") -> None:
        for asked, words in (
            ({"company": "OpenAI", "limit": 7}, ("--company", "OpenAI", "--limit", "7")),
            ({"model": "GPT-6 Mini", "until": DAY}, ("--model", "GPT-6 Mini", "--until", DAY)),
            ({"words": "智能体 4B"}, ("智能体", "4B")),
        ):
            assert await answer(client, "search_entries", **asked) == typed("search", *words)
        for entry in ("news:1", None):
            given = {"text": wrong, "digest": DAY, **({"entry": entry} if entry else {})}
            factcheck = ("factcheck", str(text), DAY, *filter(None, [entry]))
            assert await answer(client, "verify_text", **given) == typed(*factcheck)
        whole = typed("show", DAY)
        content = await answer(client, "get_digest", digest=DAY)
        assert content["issue_title"] == whole["title"]
        for one, shown in zip(content["entries"], whole["entries"], strict=True):
            assert one["entry"] == shown["place"]
            for field in ("title", "summary", "link", "follows", "quoted"):
                assert one[field] == shown["entry"][field]
            evidence = await answer(client, "evidence", digest=DAY, entry=one["entry"])
            kept = shown["entry"]
            assert [line["text"] for line in evidence["lines"]] == [
                line["text"] for line in shown["evidence_lines"]
            ]
            assert [link["url"] for link in evidence["links"]] == [
                link["url"] for link in kept["links"]
            ]
            assert [sentence["lines"] for sentence in evidence["sentences"]] == [
                sentence["lines"] for sentence in kept["sentences"]
            ]

    talk(outputs, conversation)


def test_tools_only_read_and_say_what_they_take_and_give(outputs: Path) -> None:
    """Every field is described, none besides is taken, and the client may trust the hints."""

    async def conversation(client: "Client") -> None:
        for tool in (await client.list_tools()).tools:
            hints = tool.annotations
            assert hints is not None
            assert (hints.read_only_hint, hints.destructive_hint) == (True, False)
            assert (hints.idempotent_hint, hints.open_world_hint) == (True, False)
            assert tool.description
            assert tool.input_schema["additionalProperties"] is False
            for field in tool.input_schema["properties"].values():
                assert field["description"]
            assert tool.output_schema is not None
            assert tool.output_schema["type"] == "object"

    talk(outputs, conversation)


def test_a_session_writes_nothing(outputs: Path) -> None:
    """Neither into the folder nor beside it."""
    before = {path: path.stat().st_mtime_ns for path in outputs.parent.rglob("*")}

    async def conversation(client: "Client") -> None:
        await answer(client, "search_entries", company="OpenAI")
        await answer(client, "evidence", digest=DAY, entry="tools:1")

    talk(outputs, conversation)
    assert {path: path.stat().st_mtime_ns for path in outputs.parent.rglob("*")} == before


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("get_digest", {"digest": "2020-01-01"}, "there is no digest 2020-01-01"),
        ("get_digest", {"digest": "../secret"}, "digest: write it as 2025-12-21"),
        ("get_digest", {"digest": "../../etc/passwd"}, "digest: "),
        ("get_digest", {"digest": 20251124}, "digest: Input should be a valid string"),
        ("get_digest", {"digest": {"$ref": "x"}}, "digest: Input should be a valid string"),
        ("evidence", {"digest": DAY, "entry": "news:99"}, "it has 10 news and 10 tools"),
        ("evidence", {"digest": DAY, "entry": "news:1;rm"}, "entry: write it as news:3"),
        ("search_entries", {"words": "字" * 10_000_000}, "words: String should have at most 200"),
        ("search_entries", {"company": ["OpenAI"]}, "company: Input should be a valid string"),
        ("search_entries", {"\x1b[31m\u202e": 1}, "<U+001B>[31m<U+202E>: there is no such field"),
        ("list_digests", {"limit": 10**30}, "limit: "),
        ("list_digests", {"since": "2025-13-01"}, "since: "),
        (
            "verify_text",
            {"text": "字" * 100_000, "digest": DAY},
            "text: String should have at most",
        ),
        ("run_digest", {}, "there is no such tool: call list_digests, get_digest"),
        ("search_entries", {"words": "\0\0"}, "words: each has a letter or a digit"),
        ("search_entries", {"model": "\0"}, "model: a name has letters"),
        ("get_digest", {"digest": f"{DAY}\0"}, "digest: write it as 2025-12-21"),
        ("get_digest", {"digest": "weekly/2025-W48"}, "digest: write it as 2025-12-21"),
        ("evidence", {"digest": DAY, "entry": "news:1\0"}, "entry: write it as news:3"),
        ("verify_text", {"text": " \n ", "digest": DAY}, "text: String should have at least 1"),
        ("get_digest", {"digest": "2025-12-30"}, "2025-12-30 cannot be read: cut off in line 1"),
        ("get_digest", {"digest": "2025-12-31"}, "2025-12-31 cannot be read: not the JSON"),
    ],
)
def test_what_a_client_does_wrong_is_one_line_for_its_model(
    outputs: Path, tool: str, given: dict[str, object], said: str
) -> None:
    """Of a call that was heard; the session goes on."""
    (outputs / "2025-12-30.json").write_text('{"date": "2025-12-30", "news"', encoding="utf-8")
    (outputs / "2025-12-31.json").write_text("[" * 200_000, encoding="utf-8")

    async def conversation(client: "Client") -> None:
        assert said in await refusal(client, tool, **given)
        assert (await answer(client, "list_digests"))["total"] == 3

    talk(outputs, conversation)


def test_a_digest_is_a_resource_in_two_forms(outputs: Path) -> None:
    """As its files say; templates name them."""
    made = daily.digest(daily.FIRST_DAY)

    async def conversation(client: "Client") -> None:
        listed = await client.list_resources()
        uris = [str(one.uri) for one in listed.resources]
        assert uris == [f"digest://2025-11-{day}" for day in (26, 25, 24)]
        assert listed.next_cursor is None
        for uri, media, text in (
            (f"digest://{DAY}", "text/markdown", to_markdown(made)),
            (f"digest://{DAY}/json", "application/json", to_json(made)),
        ):
            (content,) = (await client.read_resource(uri)).contents
            assert content.mime_type == media
            assert getattr(content, "text", None) == text
        templates = (await client.list_resource_templates()).resource_templates
        assert [one.uri_template for one in templates] == [
            "digest://{digest}",
            "digest://{digest}/json",
        ]

    talk(outputs, conversation)


@pytest.mark.parametrize(
    "uri",
    ["digest://../secret", "digest://..%2Fsecret", "digest://2025-11-24/../../secret", "digest://2020-01-01",
     "file:///etc/passwd", "digest://2025-11-24/html", "digest://", "digest://2025-11-24\n",
     "digest://2025-11-24%00", "digest://2025-11-24/json?x", "digest://a@2025-11-24",
     "digest://" + "x" * 1_000_000],
)  # fmt: skip
def test_no_other_address_is_a_resource(outputs: Path, uri: str) -> None:
    """The client is told so in one line."""
    from mcp import MCPError

    async def conversation(client: "Client") -> None:
        with pytest.raises(MCPError) as refused:
            await client.read_resource(uri)
        line = refused.value.error.message
        assert "\n" not in line
        assert "no digest" in line

    talk(outputs, conversation)


def test_many_resources_come_in_pages(tmp_path: Path) -> None:
    """Each with the cursor of the next one; a made-up cursor is refused."""
    from mcp import MCPError

    folder = tmp_path / "outputs"
    daily.write_digests(folder, 1)
    for number in range(2, 100):
        (folder / f"{DAY}-{number}.json").hardlink_to(folder / f"{DAY}.json")
    second = daily.digest(daily.FIRST_DAY.replace(day=25))
    for name in ("2025-11-25", "2025-11-25-2"):
        (folder / f"{name}.json").write_text(to_json(second), encoding="utf-8")

    async def conversation(client: "Client") -> None:
        first = await client.list_resources()
        assert len(first.resources) == 100
        last = await client.list_resources(cursor=first.next_cursor)
        assert [one.name for one in last.resources] == [DAY]
        for cursor in ("x", "-1", "9" * 30, "１"):
            with pytest.raises(MCPError, match="list them from the start"):
                await client.list_resources(cursor=cursor)

    talk(folder, conversation)


def test_without_the_extra_a_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit code 2."""
    for module in [name for name in sys.modules if name.startswith("pipeline.mcp_server")]:
        monkeypatch.delitem(sys.modules, module)
    for module in ("mcp", "mcp_types"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SystemExit) as ended:
        main(["mcp"])
    assert ended.value.code == 2
    line = capsys.readouterr().err
    assert line == (
        "ainews-digest: error: the command mcp needs an extra: pip install 'ainews-digest[mcp]'\n"
    )


def test_a_port_is_for_http(capsys: pytest.CaptureFixture[str]) -> None:
    """It would be ignored otherwise."""
    with pytest.raises(SystemExit) as ended:
        main(["mcp", "--port", "8000"])
    assert ended.value.code == 2
    assert "--port is for --http" in capsys.readouterr().err
