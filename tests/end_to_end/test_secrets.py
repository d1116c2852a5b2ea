"""A planted key is in nothing that was written: not in output, digests, cache, ledger or logs."""

import base64
import json
import logging
import os
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer.main

import editor
import openai_server as fake
from build import PAGE
from faults.bench import fork
from openai_server import OpenAIServer, Request, ServerReply
from pipeline.cli import app
from pipeline.errors import ModelError, SettingsError
from pipeline.llm.cache import Cache
from pipeline.llm.factory import open_model
from pipeline.llm.ledger import Usage
from pipeline.llm.prompts import Question
from pipeline.llm.redaction import Redactor
from pipeline.settings import Settings, load

# A process of several threads is forked, which newer Pythons warn of: the child runs one command.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")

KEY = "sk-planted-0123456789abcdef"
PASSWORD = "hunter2-of-the-proxy"  # noqa: S105 - the planted one
USER = "operator"
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
SECRETS = [each.encode() for each in (KEY, PASSWORD, BASIC)]


def echo(request: Request) -> str:
    """Repeat what came, as a debugging proxy does."""
    return json.dumps({**request.headers, "password": PASSWORD, "key": f"Bearer {KEY}"})


def failing(status: int) -> Callable[[Request, str], ServerReply]:
    """Fail, repeating the request's headers in the body and in a header of its own."""

    def behaviour(request: Request, content: str) -> ServerReply:
        reply = fake.failing(status, f"denied: {echo(request)}")(request, content)
        return ServerReply(
            status=status,
            body=reply.body,
            headers={"Retry-After": "0", "WWW-Authenticate": f"Bearer {KEY}"},
        )

    return behaviour


def redirect(_request: Request, _content: str) -> ServerReply:
    """Lead to another host, with the secrets in the address."""
    where = f"http://{USER}:{PASSWORD}@127.0.0.1:9/?key={KEY}"
    return ServerReply(status=307, headers={"Location": where, "Retry-After": "0"})


def broken(request: Request, _content: str) -> ServerReply:
    """Answer with half a JSON object that repeats the headers."""
    return ServerReply(body=('{"choices": ' + echo(request)[:-5]).encode())


def in_the_answer(request: Request, content: str) -> ServerReply:
    """Let the model itself repeat the headers, beside what is right and in it."""
    fields = json.loads(content)
    if "Cedar" in request.messages[1]["content"] and "summary" in fields:
        fields["summary"] = fields["summary"] + f"（{KEY}、{PASSWORD}、{BASIC}）"
    return fake.completion(request, f"{echo(request)}\n{json.dumps(fields)}")


class Place:
    """A folder in which the command runs, and all that it wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = b""
        folder.mkdir(exist_ok=True)
        (folder / "26-01-30-sampler.md").write_text(PAGE, encoding="utf-8")

    def run(self, *arguments: str, code: int, dotenv: str = "", **variables: str) -> None:
        """Run the real command, verbosely; the key comes from `.env` or the environment.

        In a fork of this process, which spares the start of another.
        """
        (self.folder / ".env").write_text(dotenv, encoding="utf-8")
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "AINEWS_CACHE_DIR": str(self.folder / "cache"),
            "AINEWS_OUTPUTS_DIR": str(self.folder / "outputs"),
            "AINEWS_MODEL": "test-model",
            "AINEWS_MODEL_ATTEMPTS": "2",
            "AINEWS_MODEL_TIMEOUT_S": "5",
            **variables,
        }

        def begin() -> None:
            os.environ.clear()
            os.environ.update(env)
            os.chdir(self.folder)
            logging.root.handlers = []

        with fork(self.folder, ("--verbose", *arguments), begin) as process:
            done = process.ended()
        self.said += (done.out + done.err).encode()
        assert done.code == code, done.err

    def digest(self, *, code: int, dotenv: str = "", **variables: str) -> None:
        """Digest the page of the tests."""
        page = "26-01-30-sampler.md"
        self.run(
            "run", "--source", page, "--date", "2026-01-30", code=code, dotenv=dotenv, **variables
        )

    def written(self) -> Mapping[str, bytes]:
        """Read every byte below the folder except our own `.env`, and all that was said."""
        files = {
            str(file.relative_to(self.folder)): file.read_bytes()
            for file in self.folder.rglob("*")
            if file.is_file() and file.name != ".env"
        }
        return {**files, "stdout and stderr": self.said}

    def search(self) -> None:
        """Find none of the secrets in anything that was written."""
        found = {
            (name, secret)
            for name, data in self.written().items()
            for secret in SECRETS
            if secret in data or secret.decode().encode("utf-16-le") in data
        }
        assert found == set()


def with_password(server: OpenAIServer) -> str:
    """Give the server's address with a user and a password."""
    return server.base_url.replace("://", f"://{USER}:{PASSWORD}@")


def test_a_run_among_echoes_writes_no_secret(tmp_path: Path) -> None:
    """Failures and answers that repeat the key are tried again, and leave no trace."""
    odd = [fake.ok, failing(500), broken, failing(429)]
    place = Place(tmp_path / "here")
    with (
        OpenAIServer(*odd, answer=editor.answer, behave=lambda _request: in_the_answer) as server,
        # Whoever has the file open keeps its write-ahead log from being tidied away.
        Cache(place.folder / "cache" / "cache.sqlite"),
    ):
        place.digest(
            code=0,
            OPENAI_BASE_URL=with_password(server),
            OPENAI_API_KEY=KEY,
            AINEWS_MODEL_ATTEMPTS="5",
        )
        came = {value for request in server.requests for value in request.headers.values()}
        written = place.written()
        place.search()
    assert came & {f"Bearer {KEY}", f"Basic {BASIC}"}
    assert len(server.requests) >= 8
    assert {"cache/cache.sqlite-wal", "outputs/2026-01-30.md"} <= set(written)
    # What was kept of the answers holds the masks in their place.
    assert b"***" in written["cache/cache.sqlite-wal"] + written["cache/cache.sqlite"]
    assert b"trying again" in written["stdout and stderr"] or b"500" in written["stdout and stderr"]


def test_a_redirect_that_is_refused_shows_no_secret(tmp_path: Path) -> None:
    """The question is not sent on, and where it would have gone is said without the key."""
    place = Place(tmp_path / "here")
    with OpenAIServer(redirect, answer=editor.answer) as server:
        place.digest(code=5, OPENAI_BASE_URL=with_password(server), OPENAI_API_KEY=KEY)
        assert len(server.requests) == 1
    place.search()


def test_a_run_that_fails_writes_no_secret(tmp_path: Path) -> None:
    """A key from `.env` that a server repeats is in no message, no traceback and no file."""
    place = Place(tmp_path / "here")
    with OpenAIServer(behave=lambda _request: failing(401)) as server:
        dotenv = f"OPENAI_API_KEY={KEY}\nOPENAI_BASE_URL={server.base_url}\n"
        place.digest(code=5, dotenv=dotenv)
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert b"Traceback" in place.said
    place.search()


def test_settings_that_do_not_fit_show_no_secret(tmp_path: Path) -> None:
    """The settings around a price without its pair are not quoted."""
    place = Place(tmp_path / "here")
    place.digest(code=2, OPENAI_API_KEY=KEY, AINEWS_INPUT_USD_PER_MTOK="1")
    assert b"Traceback" in place.said
    place.search()


def traced(error: BaseException) -> bytes:
    """Write an error as --verbose does, with all that is behind it."""
    return "".join(traceback.format_exception(error)).encode()


def test_an_address_that_is_none_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line names the variable, not its value."""
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://{USER}:{PASSWORD}@host:port/")
    with pytest.raises(SettingsError, match="OPENAI_BASE_URL") as caught:
        load()
    assert [secret for secret in SECRETS if secret in traced(caught.value)] == []


def test_a_server_that_is_not_there_shows_no_password(tmp_path: Path) -> None:
    """The address in the message has no user and no password."""
    settings = Settings.model_validate(
        {
            "OPENAI_BASE_URL": f"http://{USER}:{PASSWORD}@127.0.0.1:9/v1",
            "OPENAI_API_KEY": KEY,
            "model_attempts": 1,
        }
    )
    question = Question(prompt="select", system="s", user="u", max_output_tokens=10)
    with (
        Cache(tmp_path / "cache.sqlite") as cache,
        pytest.raises(ModelError, match=r"^127\.0\.0\.1:9/v1 cannot be reached") as caught,
        open_model(settings, cache, lambda *_: None) as model,
    ):
        model.ask(question, Usage)
    assert [secret for secret in SECRETS if secret in traced(caught.value)] == []


def test_sources_that_are_not_there_show_no_password(tmp_path: Path) -> None:
    """A mirror of the newsletter may want a login; no line, no traceback and no file has it."""
    place = Place(tmp_path / "here")
    nowhere = f"http://{USER}:{PASSWORD}@127.0.0.1:9/"
    names = ("AINEWS_SITE_URL", "AINEWS_UPSTREAM_URL", "AINEWS_SUBSTACK_URL", "OPENAI_BASE_URL")
    addresses = dict.fromkeys(names, nowhere)
    for command, code in ((("run", "26-01-30-sampler"), 2), (("status",), 0), (("doctor",), 3)):
        place.run(*command, code=code, AINEWS_HTTP_ATTEMPTS="1", **addresses)
    assert b"127.0.0.1:9" in place.said
    assert b"Traceback" in place.said
    place.search()


def test_no_option_takes_a_secret() -> None:
    """A key on the command line would stand in the list of processes and in the shell's history."""
    root: Any = typer.main.get_command(app)
    commands = [root, *root.commands.values()]
    names = {option for command in commands for one in command.params for option in one.opts}
    assert "--since" in names
    words = ("key", "secret", "token", "password", "credential")
    assert [name for name in names if any(word in name for word in words)] == []


def test_what_looks_for_a_secret_knows_how_requests_write_it() -> None:
    """As it is, percent-encoded, and joined with the user; short words are left alone."""
    scrub = Redactor("k/1=abcd", "https://me:p%40ss@host/v1/")
    pair = base64.b64encode(b"me:p@ss").decode()
    for text in ("k/1=abcd", "k%2F1%3Dabcd", "p%40ss", "p@ss", pair):
        assert scrub(f"a {text} b") == "a *** b"
        assert scrub.contains_secret(text)
    assert scrub("me and k/1") == "me and k/1"
    assert Redactor()("anything") == "anything"
    assert scrub.redact_line("a\n sk-abc***def \t k/1=abcd") == "a *** ***"
