"""What the doctor finds, part by part, against loopback servers and the real file system."""

import datetime as dt
import errno
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfoNotFoundError

import pytest

import openai_server as odd
from newsletter import Newsletter
from openai_server import Behaviour, OpenAIServer, Request, ServerReply
from pipeline.cli import main
from pipeline.doctor import Diagnostic, checkup, doctor, models
from pipeline.doctor.disk import FreeSpace
from pipeline.llm import weights as store
from pipeline.llm.cache import Cache
from pipeline.llm.ledger import Ledger
from pipeline.llm.weights import WeightsFile
from pipeline.storage import locks

NOW = dt.datetime(2026, 1, 31, 22, 17, tzinfo=dt.UTC)
SLUG = "26-01-30-not-much"
KEY = "sk-planted-0123456789"
UPSTREAM = f"/src/content/issues/{SLUG}.md"


class Plain(OpenAIServer):
    """A server that takes a question without a schema."""

    behaviour: Behaviour = staticmethod(odd.ok)

    def reply(self, request: Request) -> ServerReply:
        """Answer every question alike."""
        self.requests.append(request)
        if self._cap not in request.body:
            return odd.failing(400, "Unsupported parameter: 'max_tokens'")(request, "")
        return self.behaviour(request, "ok")


class World(NamedTuple):
    """Everything that a run needs, on loopback."""

    site: Newsletter
    model: Plain
    folder: Path


@pytest.fixture(scope="module", autouse=True)
def _one_disk() -> Iterator[None]:
    """Ask a second process for a lock once: all folders are of one disk, and each asks of three.

    What it finds elsewhere is test_folder_checks's.
    """
    told: list[bool] = []
    real = locks._child_gets_lock

    def once(folder: Path) -> bool:
        told.extend([] if told else [real(folder)])
        return told[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locks, "_child_gets_lock", once)
        yield


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Make a place where nothing is wrong."""
    monkeypatch.chdir(tmp_path)
    with Newsletter() as site, Plain() as model:
        site.publish(SLUG)
        site._pages[UPSTREAM] = b"---\n---\n"
        site._pages["/feed"] = site.feed()
        for name in ("SITE", "UPSTREAM", "SUBSTACK"):
            monkeypatch.setenv(f"AINEWS_{name}_URL", site.url)
        monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("AINEWS_MODEL", "test-model")
        monkeypatch.setenv("AINEWS_CACHE_DIR", str(tmp_path / "cache"))
        Cache(tmp_path / "cache" / "cache.sqlite").close()
        yield World(site, model, tmp_path)


def look(now: dt.datetime = NOW) -> tuple[Diagnostic, ...]:
    """Look at everything; no part may show the key."""
    parts = tuple(doctor(environment=os.environ, now=lambda: now))
    assert KEY not in "".join(part.model_dump_json() for part in parts)
    return parts


def wrong(parts: tuple[Diagnostic, ...], name: str) -> Diagnostic:
    """Find the one part that is not well, which is this one."""
    found = [part for part in parts if part.state != "ok"]
    assert [part.name for part in found] == [name], found
    assert found[0].todo or found[0].exit_code
    return found[0]


def test_a_well_made_place_is_well(world: World) -> None:
    """Every part is looked at, and the model was asked one question of a few tokens."""
    parts = look()
    assert {part.state for part in parts} == {"ok"}
    assert [part.name for part in parts] == [
        *("settings", "clock", "source", "upstream", "substack"),
        *("model", "disk", "cache", "extras"),
    ]
    assert "2026-02-01 06:17" in parts[1].found
    assert f"{SLUG} is the newest of 1 issues" in parts[2].found
    assert "1000 + 100 tokens" in parts[5].found
    [asked] = world.model.requests
    assert asked.body["max_tokens"] <= 16
    assert len(json.dumps(asked.messages)) < 100
    assert not (world.folder / "outputs").exists()


def test_a_server_nearby_is_asked_a_long_question(world: World) -> None:
    """One that reads all of it is well; one that cuts it is told of, with what to do."""
    world.model.behaviour = odd.reading(100_000)
    parts = look()
    assert {part.state for part in parts} == {"ok"}
    assert "has read a long question" in parts[6].found
    short, long = world.model.requests
    assert len(json.dumps(short.messages)) < 100
    assert len(json.dumps(long.messages)) > 40_000
    assert long.cap <= 16
    world.model.behaviour = odd.reading(4096)
    part = wrong(look(), "model")
    assert part.state == "warning"
    assert "has read 4,096 of more than" in part.found
    assert "OLLAMA_CONTEXT_LENGTH" in part.todo


def test_a_long_question_may_fail_without_failing_the_model(world: World) -> None:
    """A server that turns it down says itself why."""

    def behave(request: Request, content: str) -> ServerReply:
        long = len(request.messages[0]["content"]) > 1_000
        return (odd.too_long if long else odd.reading(9_000))(request, content)

    world.model.behaviour = behave
    part = wrong(look(), "model")
    assert part.state == "warning"
    assert "too long" in part.found


def test_every_setting_that_cannot_be_used_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both wrong ones at once, with their variables; nothing else is looked at."""
    monkeypatch.setenv("AINEWS_IN_FLIGHT", "many")
    monkeypatch.setenv("AINEWS_SITE_URL", "ftp:/x")
    parts = look()
    assert [part.exit_code for part in parts] == [2, 2]
    assert "AINEWS_SITE_URL" in parts[0].found
    assert "AINEWS_IN_FLIGHT" in parts[1].found
    assert not world.model.requests


@pytest.mark.usefixtures("world")
def test_a_variable_that_sets_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the pen has no effect otherwise, in the environment or in .env."""
    monkeypatch.setenv("AINEWS_MODLE", "x")
    assert wrong(look(), "settings").todo == "did you mean AINEWS_MODEL?"
    monkeypatch.delenv("AINEWS_MODLE")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_KEY", "y")
    assert wrong(look(), "settings").todo == "did you mean OPENAI_API_KEY?"
    monkeypatch.setenv("OPENAI_API_KEY", "y")
    assert not [part for part in look() if "OPENAI_KEY" in part.found]
    monkeypatch.delenv("OPENAI_KEY")
    Path(".env").write_text("AINEWS_MODEL=x\nexport AINEWS_MAX_COST=2\n", encoding="utf-8")
    assert wrong(look(), "settings").todo == "did you mean AINEWS_MAX_COST_USD?"


@pytest.mark.usefixtures("world")
def test_a_file_without_a_key_holds_none() -> None:
    """Whatever its comments say."""
    Path(".env").write_text("# OPENAI_API_KEY=\nOPENAI_API_KEY=\n", encoding="utf-8")
    Path(".env").chmod(0o644)
    assert not [part for part in look() if "holds a key" in part.found]


@pytest.mark.usefixtures("world")
def test_a_key_that_others_may_read_is_told() -> None:
    """Until .env is its owner's alone."""
    file = Path(".env")
    file.write_text(f"OPENAI_API_KEY={KEY}\n", encoding="utf-8")
    file.chmod(0o644)
    assert wrong(look(), "settings").todo == "chmod 600 .env"
    file.chmod(0o600)
    assert {part.state for part in look()} == {"ok"}


@pytest.mark.usefixtures("world")
def test_a_machine_without_time_zones_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A digest's date could not be told."""

    def none(name: str) -> object:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(checkup, "ZoneInfo", none)
    found = wrong(look(), "clock")
    assert (found.exit_code, found.todo) == (2, "install the package tzdata")


def test_a_site_that_does_not_answer_fails_unless_substack_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a run, which goes on with Substack's list."""
    monkeypatch.setenv("AINEWS_SITE_URL", "http://127.0.0.1:9/")
    found = wrong(look(), "source")
    assert found.state == "warning"
    assert "Substack's list stands in" in found.found
    world.site.down = True
    parts = look()
    assert [(part.name, part.exit_code) for part in parts if part.state != "ok"] == [
        ("source", 3),
        ("substack", 0),
    ]


def test_a_feed_may_be_larger_than_a_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real one has 2 MB, pages have half of one at most."""
    assert world.site.feed()
    monkeypatch.setenv("AINEWS_MAX_PAGE_BYTES", "100")
    assert {part.state for part in look()} == {"ok"}


def test_sources_that_stand_in_may_be_missing(world: World) -> None:
    """It is worth knowing, and no failure while the site works."""
    del world.site._pages[UPSTREAM]
    assert "answered 404" in wrong(look(), "upstream").found
    world.site._pages[UPSTREAM] = b"---\n---\n"
    world.site._pages["/feed"] = b"<html>log in</html>"
    assert wrong(look(), "substack").state == "warning"


@pytest.mark.usefixtures("world")
def test_a_source_that_stopped_is_stale() -> None:
    """Five days are a pause, six are a failure; an issue of the future is a wrong clock."""
    assert {part.state for part in look(NOW + dt.timedelta(days=3))} == {"ok"}
    found = wrong(look(NOW + dt.timedelta(days=4)), "source")
    assert (found.state, found.exit_code) == ("failed", 3)
    assert "6 days old" in found.found
    assert "clock" in wrong(look(NOW - dt.timedelta(days=4)), "source").todo


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (odd.wrong_key, "OPENAI_API_KEY"),
        (odd.no_model, "AINEWS_MODEL"),
        (odd.no_credit, "no credit"),
        (odd.html, "OPENAI_BASE_URL"),
        (odd.failing(500), "try again later"),
        (odd.hang, "AINEWS_MODEL_TIMEOUT_S"),
    ],
    ids=["401", "404", "quota", "html", "500", "hang"],
)
def test_a_model_that_cannot_be_asked_fails(
    world: World, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour, said: str
) -> None:
    """Asked once, without waiting for better times, and the line says what to do."""
    monkeypatch.setenv("AINEWS_MODEL_TIMEOUT_S", "0.3")
    world.model.behaviour = behaviour
    found = wrong(look(), "model")
    assert found.exit_code == 5
    assert said in found.found
    assert len(world.model.requests) == 1


def test_the_question_is_in_the_ledger(world: World) -> None:
    """As every question that is paid; where no cache is, none is made."""
    look()
    look()
    with Cache(world.folder / "cache" / "cache.sqlite") as cache:
        line, total = Ledger(cache).daily_usage()
    assert (line.model, line.runs, line.usage.calls) == ("test-model", 2, 2)
    assert (total.usage.input_tokens, total.usage.output_tokens) == (2000, 200)
    (world.folder / "cache" / "cache.sqlite").unlink()
    look()
    assert not (world.folder / "cache" / "cache.sqlite").exists()


def test_a_server_may_call_the_cap_otherwise(world: World) -> None:
    """It is asked a second time, in its own words."""
    world.model._cap = "max_completion_tokens"
    assert {part.state for part in look()} == {"ok"}
    assert len(world.model.requests) == 2


def test_the_embedded_model_is_looked_for_and_not_started(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its package, then its weights; it is a warning at best, since it is a demonstration."""
    body = b"GGUF" + bytes(1000)
    file = WeightsFile(
        model="tiny",
        name="tiny.gguf",
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        parts=2,
    )
    monkeypatch.setattr(store, "WEIGHTS", file)
    monkeypatch.setattr(store, "_installed_parts", list)
    monkeypatch.setattr(models, "find_spec", lambda name: name)
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert "downloads 1.1 GB" in wrong(look(), "model").found
    kept = world.folder / "cache" / "models" / "tiny.gguf"
    kept.parent.mkdir()
    kept.write_bytes(body)
    assert "SHA-256 checked" in wrong(look(), "model").found
    monkeypatch.setenv("AINEWS_EMBEDDED_WEIGHTS", str(world.folder / "none.gguf"))
    assert wrong(look(), "model").exit_code == 5
    monkeypatch.setattr(models, "find_spec", lambda _name: None)
    found = wrong(look(), "model")
    assert "is not installed" in found.found
    assert "OPENAI_API_KEY" in found.todo


def test_outputs_that_cannot_be_written_fail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stands where the folder should be."""
    (world.folder / "file").write_bytes(b"")
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", "file/outputs")
    found = wrong(look(), "disk")
    assert (found.state, found.exit_code) == ("failed", 6)
    assert "AINEWS_OUTPUTS_DIR" in found.todo


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("free", "state"), [(10_000_000, "failed"), (100_000_000, "warning")], ids=["none", "little"]
)
def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    """Before the night on which it matters."""
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    found = wrong(look(), "disk")
    assert found.state == state
    assert "MB are free" in found.found


def test_a_damaged_digest_is_told(world: World) -> None:
    """By its name."""
    (world.folder / "outputs").mkdir()
    (world.folder / "outputs" / "2026-01-30.json").write_text("{", encoding="utf-8")
    assert "outputs/2026-01-30.json" in wrong(look(), "disk").found


def test_a_digest_that_fails_every_night_fails_doctor(world: World) -> None:
    """One whose issue is known, as a run does; a stray file is worth knowing only."""
    (world.folder / "outputs").mkdir()
    stray = world.folder / "outputs" / "foo.json"
    stray.write_text("{}", encoding="utf-8")
    assert wrong(look(), "disk").state == "warning"
    stray.unlink()
    file = world.folder / "outputs" / "2026-01-30.json"
    file.write_text('{\n  "provenance": {\n    "slug": "26-01-30-not-much",\n', encoding="utf-8")
    found = wrong(look(), "disk")
    assert (found.state, found.exit_code) == ("failed", 4)
    assert "--force" in found.todo


def test_what_stands_in_the_way_of_writing_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or a dead link instead of the folder, a full disk, one that is read-only."""
    outputs = world.folder / "outputs"
    outputs.write_bytes(b"")
    found = wrong(look(), "disk")
    assert (found.exit_code, "is a file" in found.found) == (6, True)
    assert "move it away" in found.todo
    outputs.unlink()
    outputs.symlink_to(world.folder / "gone")
    assert "link to nothing" in wrong(look(), "disk").found
    outputs.unlink()
    outputs.mkdir()
    real = tempfile.TemporaryFile
    for number, todo in (
        (errno.ENOSPC, "make room"),
        (errno.EROFS, "mounted"),
        (errno.EACCES, "permissions"),
    ):
        failure = OSError(number, os.strerror(number))

        def refuse(*, dir: Path, failure: OSError = failure) -> object:  # noqa: A002 - its name
            if dir == outputs:
                raise failure
            return real(dir=dir)

        with monkeypatch.context() as patched:
            patched.setattr(tempfile, "TemporaryFile", refuse)
            assert todo in wrong(look(), "disk").todo


def test_a_cache_that_is_damaged_open_or_out_of_reach_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is only looked at: what is done about it is the next run's, or the operator's."""
    file = world.folder / "cache" / "cache.sqlite"
    whole = file.read_bytes()
    file.chmod(0o644)
    assert "chmod 600" in wrong(look(), "cache").todo
    file.chmod(0o600)
    file.write_bytes(b"no database" * 1000)
    assert "is damaged" in wrong(look(), "cache").found
    assert file.read_bytes() == b"no database" * 1000
    file.write_bytes(whole)
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("INSERT INTO replies (key, answer) VALUES ('a', 'b')")
        db.commit()
        assert {part.state for part in look()} == {"ok"}
    db.close()
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(file))
    assert "paid again" in wrong(look(), "cache").found


@pytest.mark.usefixtures("world")
def test_nobody_to_tell_without_apprise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting is there and its package is not; the address is not shown."""
    monkeypatch.setenv("AINEWS_NOTIFY_URLS", "json://secret@127.0.0.1/")
    monkeypatch.setattr(checkup, "find_spec", lambda _name: None)
    found = wrong(look(), "extras")
    assert "AINEWS_NOTIFY_URLS" in found.found
    assert "secret" not in found.model_dump_json()


@pytest.mark.usefixtures("world")
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_a_mistyped_channel_is_found_without_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its number; the address is not shown, and the row is there only with channels."""
    monkeypatch.setenv("AINEWS_NOTIFY_URLS", "json://127.0.0.1:9/ nonsense://secret")
    found = wrong(look(), "notices")
    assert found.found.startswith("notification 2 of AINEWS_NOTIFY_URLS")
    assert "secret" not in found.model_dump_json()
    monkeypatch.setenv("AINEWS_NOTIFY_URLS", "json://127.0.0.1:9/")
    (part,) = [part for part in look() if part.name == "notices"]
    assert (part.state, "nothing was sent" in part.found) == ("ok", True)


def test_the_command_ends_in_the_code_of_the_first_failing_part(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Source before model before disk, as a run would meet them; what to do stands below."""
    clock = dt.datetime.now(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=8)))
    world.site.publish(f"{clock:%y-%m-%d}-not-much")
    codes = []
    world.model.behaviour = odd.wrong_key
    for _ in range(2):
        with pytest.raises(SystemExit) as left:
            main(["doctor"])
        codes.append(left.value.code)
        monkeypatch.setenv("AINEWS_SITE_URL", "http://127.0.0.1:9/")
        monkeypatch.setenv("AINEWS_SUBSTACK_URL", "http://127.0.0.1:9/")
    assert codes == [5, 3]
    text = capsys.readouterr().out
    assert "\nfailed   model " in text
    assert "-> check the network" in text
    with pytest.raises(SystemExit):
        main(["doctor", "--json"])
    parts = json.loads(capsys.readouterr().out)
    assert {"name", "state", "found", "todo", "exit_code"} == set(parts[0])


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("days", "state"), [(-4, "failed"), (-3, "ok"), (3, "ok"), (4, "failed")])
def test_the_age_of_the_newest_issue_has_two_limits(days: int, state: str) -> None:
    """Five days old and one day ahead, as the zones of the world allow, are well."""
    (part,) = [part for part in look(NOW + dt.timedelta(days=days)) if part.name == "source"]
    assert part.state == state


def test_the_newest_issue_is_that_of_the_newest_date(world: World) -> None:
    """Wherever it stands in the feed; upstream is asked for it."""
    world.site.publish("26-01-28-older")
    (source, upstream) = [part for part in look() if part.name in ("source", "upstream")]
    assert f"{SLUG} is the newest of 2 issues" in source.found
    assert upstream.state == "ok"


def test_a_feed_that_lists_nothing_is_told(world: World) -> None:
    """Of the site it is a failure, of Substack worth knowing."""
    empty = b"<rss><channel/></rss>"
    world.site._pages["/feed"] = empty
    assert "lists nothing" in wrong(look(), "substack").found
    world.site._order.clear()
    parts = look()
    assert [(part.name, part.exit_code) for part in parts if part.state != "ok"] == [
        ("source", 3),
        ("substack", 0),
    ]
    assert "lists no issue" in next(part for part in parts if part.name == "source").found


def test_a_page_in_place_of_the_feed_is_no_matter_of_the_network(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site was reached: it is in maintenance, or has moved."""
    monkeypatch.setattr(world.site, "feed", lambda: b"<html><body>Back soon.</body></html>")
    world.site._pages["/feed"] = b"<html>"
    (found,) = [part for part in look() if part.name == "source"]
    assert "was reached" in found.todo
    assert "network" not in found.todo


def test_haste_depends_on_the_site(world: World) -> None:
    """A source that stands in is needed at once only where the site is silent."""
    world.site._pages["/feed"] = b"<html>"
    assert "nothing in haste" in wrong(look(), "substack").todo
    world.site.down = True
    (substack,) = [part for part in look() if part.name == "substack"]
    assert "nothing in haste" not in substack.todo
    assert "AINEWS_SUBSTACK_URL" in substack.todo


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("mode", "told"), [(0o640, True), (0o604, True), (0o400, False)])
def test_a_key_is_its_owners_alone(mode: int, told: bool) -> None:
    """Not its group's either."""
    file = Path(".env")
    file.write_text("OPENAI_API_KEY=sk-other\n", encoding="utf-8")
    file.chmod(mode)
    assert [part.todo for part in look() if part.state != "ok"] == ["chmod 600 .env"] * told


@pytest.mark.usefixtures("world")
def test_a_file_of_settings_without_a_key_may_be_read_by_all() -> None:
    """There is nothing to hide in it."""
    Path(".env").write_text("AINEWS_MODEL=x\n", encoding="utf-8")
    Path(".env").chmod(0o644)
    assert {part.state for part in look()} == {"ok"}


@pytest.mark.usefixtures("world")
def test_only_our_own_variables_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each that sets nothing is told, in the order of the alphabet; others' are left alone."""
    monkeypatch.setenv("OPENAI_API_KEYS", "x")
    monkeypatch.setenv("MODEL", "x")
    assert {part.state for part in look()} == {"ok"}
    monkeypatch.setenv("AINEWS_SITE", "x")
    text = "# AINEWS_COMMENT=1\n  AINEWS_OUTPUT_DIR = x\nOTHER=AINEWS_VALUE\n"
    Path(".env").write_text(text, encoding="utf-8")
    found = [part for part in look() if part.state != "ok"]
    assert [part.found.split()[0] for part in found] == ["AINEWS_OUTPUT_DIR", "AINEWS_SITE"]
    assert {part.name for part in found} == {"settings"}


@pytest.mark.usefixtures("world")
def test_a_stray_variable_is_told_beside_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be what was meant."""
    monkeypatch.setenv("AINEWS_IN_FLIGHT", "many")
    monkeypatch.setenv("AINEWS_IN_FLIHGT", "3")
    assert [part.state for part in look()] == ["failed", "warning"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("model", "profile", "proposed"),
    [
        ("qwen3:4b", "", True),
        ("Qwen3-30B-A3B", "", False),
        ("qwen3:8b", "", False),
        ("qwen3:4.1b", "", False),
        ("test-model", "", False),
        ("qwen3:4b", "full", False),
        ("qwen3:4b", "plain", False),
    ],
)
def test_the_plain_profile_is_proposed_for_a_small_model(
    monkeypatch: pytest.MonkeyPatch, model: str, profile: str, *, proposed: bool
) -> None:
    """With the line to set, unless somebody has chosen; nothing fails for it."""
    monkeypatch.setenv("AINEWS_MODEL", model)
    monkeypatch.setenv("AINEWS_PROFILE", profile)
    found = [part for part in look() if "AINEWS_PROFILE=plain" in part.todo]
    assert bool(found) is proposed
    for part in found:
        assert (part.state, part.exit_code) == ("warning", 0)
        assert part.found.startswith("qwen3:4b has 4 billion parameters")


@pytest.mark.usefixtures("world")
def test_an_unknown_price_is_told_where_it_must_be_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of one's own costs nothing; with a price set there is nothing to say."""
    monkeypatch.setattr(models, "is_loopback", lambda _host: False)
    monkeypatch.setenv("AINEWS_MODEL", "model-without-a-price")
    assert "AINEWS_INPUT_USD_PER_MTOK" in wrong(look(), "model").todo
    for name in ("INPUT", "OUTPUT"):
        monkeypatch.setenv(f"AINEWS_{name}_USD_PER_MTOK", "1")
    assert {part.state for part in look()} == {"ok"}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("installed", [(), ("apprise",), ("xllamacpp", "apprise", "s3fs")])
def test_the_extras_that_are_there_are_named(
    monkeypatch: pytest.MonkeyPatch, installed: tuple[str, ...]
) -> None:
    """Without apprise there is nothing to warn of where nobody is to be told."""
    monkeypatch.setattr(checkup, "find_spec", lambda name: name if name in installed else None)
    (extras,) = [part for part in look() if part.name == "extras"]
    names = {"xllamacpp": "local", "mcp": "mcp", "apprise": "notify", "s3fs": "s3"}
    there = ", ".join(names[name] for name in installed) or "none"
    assert (extras.state, extras.found) == ("ok", f"installed: {there} (of local, mcp, notify, s3)")


@pytest.mark.parametrize(
    ("parts", "free", "failing"),
    [(True, 999, True), (False, 1000, False), (False, 999, True)],
)
@pytest.mark.usefixtures("world")
def test_weights_need_room_unless_they_are_there(
    monkeypatch: pytest.MonkeyPatch, parts: bool, free: int, failing: bool
) -> None:
    """As many bytes as they have, where they are still to be put together or brought."""
    file = WeightsFile(model="tiny", name="tiny.gguf", size=1000, sha256="0" * 64, parts=2)
    for module in (store, models):
        monkeypatch.setattr(module, "WEIGHTS", file)
    monkeypatch.setattr(models, "locate_weights", lambda **_: "parts" if parts else "publisher")
    monkeypatch.setattr(models, "find_spec", lambda name: name)
    monkeypatch.setattr(models, "free_space", lambda _folder: FreeSpace(free, exists=True))
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.delenv("OPENAI_BASE_URL")
    found = [part for part in look() if part.name == "model"]
    assert [part.state for part in found] == ["warning", *["failed"] * failing]
    assert all(part.exit_code == 5 for part in found[1:])
    monkeypatch.setattr(models, "locate_weights", lambda **_: "cache")
    assert len([part for part in look() if part.name == "model"]) == 1
