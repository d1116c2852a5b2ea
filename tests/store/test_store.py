"""Digests in a folder of an S3-compatible store: everything that works on a disk works there.

The store is SeaweedFS on loopback (`s3_server.py`), and what goes wrong on the way to it is made by
a proxy before it (`between.py`).
"""

import datetime as dt
import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import fsspec.config
import pytest

from daily import changed_digest, digest
from newsletter import Newsletter
from pipeline import cli
from pipeline.doctor.disk import check_disk
from pipeline.errors import SettingsError, WriteError
from pipeline.records import Digest
from pipeline.settings import Settings
from pipeline.storage import s3
from pipeline.storage.location import is_remote, location_argument, parse_location
from pipeline.write.files import discard_draft, write
from pipeline.write.json_format import from_json, to_json
from pipeline.write.lock import issue_lock
from pipeline.write.markdown_format import to_markdown
from pipeline.write.state import read_state
from store.between import Between, Trouble
from store.s3_server import S3Server

DAY = dt.date(2026, 1, 30)
OURS = {
    "pipeline.storage.s3",
    "upath",
    "fsspec",
    "s3fs",
    "botocore",
    "aiobotocore",
}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """Run one store for all tests; each has a folder of its own in it."""
    with S3Server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(scope="session")
def between(server: S3Server) -> Iterator[Between]:
    """Run one proxy before it, so that a connection serves many tests: making one takes longest."""
    with Between(server.address) as way:
        yield way


class Here(NamedTuple):
    """A test's own folder in the store, and the way there."""

    server: S3Server
    way: Between
    folder: str
    outputs: Path

    def objects(self) -> dict[str, bytes]:
        """Read what lies in it, past everything that is under test."""
        return self.server.objects(self.folder)


@pytest.fixture
def here(
    server: S3Server,
    between: Between,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Here]:
    """Give this process a folder in the store, and the key that may write."""
    use(monkeypatch, server.environment | {"AWS_ENDPOINT_URL": between.address})
    folder = f"{request.node.name}/outputs".replace("[", "-").replace("]", "")
    yield Here(server, between, folder, parse_location(server.url(folder)))
    between.settle()


_used: dict[str, str] = {}


def use(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    """Set how the store is found; a connection that was made so already goes on."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    now = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    if now != _used:
        _used.clear()
        _used.update(now)
        s3._connected.cache_clear()


def files(told: Digest, stem: str = "2026-01-30") -> dict[str, bytes]:
    """Give the two files of a digest."""
    return {f"{stem}.json": to_json(told).encode(), f"{stem}.md": to_markdown(told).encode()}


def other(day: dt.date, name: str = "another") -> Digest:
    """Write a digest of another issue for the same date."""
    told = digest(day)
    assert told.provenance is not None
    slug = f"{day:%y-%m-%d}-{name}"
    provenance = told.provenance.model_copy(update={"slug": slug})
    url = f"https://news.smol.ai/issues/{slug}/"
    return told.model_copy(update={"provenance": provenance, "issue_url": url})


def settle(loopback: Settings, outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process the settings of a test, as its environment, and the digests' place."""
    for name in ("site_url", "upstream_url", "substack_url", "cache_dir", "model"):
        monkeypatch.setenv(f"AINEWS_{name.upper()}", str(getattr(loopback, name)))
    monkeypatch.setenv("OPENAI_BASE_URL", str(loopback.openai_base_url))
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", str(outputs))


class Done:
    """How a command ended."""

    def __init__(self, *arguments: str) -> None:
        """Run the command in this process, which spares the start of another."""
        out, err = io.StringIO(), io.StringIO()
        before = signal.getsignal(signal.SIGTERM)
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
            cli.main(arguments)
        signal.signal(signal.SIGTERM, before)
        self.code = left.value.code
        self.out, self.err = out.getvalue(), err.getvalue()


# ------------------------------------------------------------------------------ as on a disk


def test_a_digest_has_the_same_bytes_as_on_a_disk(here: Here, tmp_path: Path) -> None:
    """Markdown and JSON, found again by their names; what has its bytes is not written."""
    assert read_state(here.outputs).digests == ()
    written = write(digest(DAY), here.outputs)
    write(digest(DAY), tmp_path)
    assert here.objects() == {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert str(written.json_path) == f"{here.server.url(here.folder)}/2026-01-30.json"
    assert [each.name for each in written.changed] == ["2026-01-30.md", "2026-01-30.json"]
    assert write(digest(DAY), here.outputs).changed == ()
    assert read_state(here.outputs) == read_state(tmp_path)
    assert from_json(written.json_path.read_text(encoding="utf-8")) == digest(DAY)


def test_a_digest_replaces_its_earlier_version_only(here: Here) -> None:
    """A second issue of the date gets -2, and is replaced under that name."""
    write(digest(DAY), here.outputs)
    assert write(other(DAY), here.outputs).json_path.name == "2026-01-30-2.json"
    write(changed_digest(digest(DAY)), here.outputs)
    expected = files(changed_digest(digest(DAY))) | files(other(DAY), "2026-01-30-2")
    assert here.objects() == expected
    assert read_state(here.outputs).stem_for("26-01-30-another", DAY) == "2026-01-30-2"


def test_a_draft_lies_beside_and_goes(here: Here) -> None:
    """No state is read from it, and the digest that replaces it removes it."""
    write(digest(DAY), here.outputs, draft=True)
    assert sorted(here.objects()) == ["drafts/2026-01-30.json", "drafts/2026-01-30.md"]
    assert read_state(here.outputs).digests == ()
    write(digest(DAY), here.outputs)
    assert discard_draft(here.outputs, "2026-01-30")
    assert not discard_draft(here.outputs, "2026-01-30")
    assert here.objects() == files(digest(DAY))


def test_a_pair_is_written_markdown_first(here: Here) -> None:
    """Each file by one PUT, the JSON, which is the state, last; nothing is sent in parts."""
    write(digest(DAY), here.outputs)
    puts = [path.rpartition("/")[2] for method, path in here.way.seen if method == "PUT"]
    assert puts == ["2026-01-30.md", "2026-01-30.json"]
    assert {method for method, _ in here.way.seen} == {"GET", "PUT"}
    assert here.server.half_done() == 0


def test_what_others_write_is_seen_at_once(here: Here) -> None:
    """No look at the store is answered from an earlier one."""
    assert read_state(here.outputs).digests == ()
    here.server.put(f"{here.folder}/2026-01-30.json", to_json(digest(DAY)).encode())
    assert [ref.stem for ref in read_state(here.outputs).digests] == ["2026-01-30"]
    here.server.put(f"{here.folder}/2026-01-30.json", to_json(other(DAY)).encode())
    assert [ref.slug for ref in read_state(here.outputs).digests] == ["26-01-30-another"]
    here.server.put(f"{here.folder}/2026-01-31.json", b"{")
    assert read_state(here.outputs).damaged[0].line.startswith("2026-01-31.json: ")


# ------------------------------------------------------------------------------ several writers


def test_who_comes_late_gets_the_next_name(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A digest that took the name between look and writing stays a pair."""
    looked = s3._read_or_none
    rivals = [other(DAY)]

    def look(path: s3.S3Path) -> bytes | None:
        if rivals:  # after the name was chosen, before anything is written under it
            write(rivals.pop(), here.outputs)
        return looked(path)

    monkeypatch.setattr(s3, "_read_or_none", look)
    assert write(digest(DAY), here.outputs).json_path.name == "2026-01-30-2.json"
    expected = files(other(DAY)) | files(digest(DAY), "2026-01-30-2")
    assert here.objects() == expected


def test_issues_of_one_date_at_once_are_pairs_each(here: Here) -> None:
    """Whoever comes first: each has a name of its own, and its Markdown is that of its JSON."""
    ready = threading.Barrier(4)

    def writer(number: int) -> None:
        ready.wait()
        write(other(DAY, f"issue-{number}"), here.outputs)

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = here.objects()
    told = {
        name: from_json(data.decode()) for name, data in found.items() if name.endswith(".json")
    }
    assert {each.provenance.slug for each in told.values() if each.provenance} == {
        f"26-01-30-issue-{number}" for number in range(4)
    }
    stems = {name.removesuffix(".json") for name in told}
    assert stems == {"2026-01-30", *(f"2026-01-30-{number}" for number in range(2, 5))}
    for name, one in told.items():
        assert found[name.replace(".json", ".md")].decode() == to_markdown(one)
    assert len(found) == 8


def test_an_answer_that_was_lost_is_no_rival(here: Here) -> None:
    """A request that is repeated finds what it wrote the first time, and keeps its name."""
    lost: list[str] = []

    def lose(method: str, path: str) -> Trouble:
        if method == "PUT" and path.endswith(".json") and not lost:
            lost.append(path)
            return "lose"
        return "pass"

    here.way.trouble = lose
    assert write(digest(DAY), here.outputs).json_path.name == "2026-01-30.json"
    assert lost
    assert here.objects() == files(digest(DAY))


def test_one_run_at_a_time_works_on_one_issue(here: Here, tmp_path: Path) -> None:
    """On one machine; by the address of the here.folder, however it is written."""
    settings = Settings.model_validate({"outputs_dir": here.outputs, "cache_dir": tmp_path})
    twin = Settings.model_validate({"outputs_dir": f"{here.outputs}/", "cache_dir": tmp_path})
    elsewhere = Settings.model_validate({"outputs_dir": f"{here.outputs}-2", "cache_dir": tmp_path})
    notes: list[str] = []

    def wait() -> None:
        with issue_lock(
            twin.lock_dir, twin.outputs_dir, "26-01-30-not-much", notes.append
        ) as waited:
            notes.append(str(waited))

    with issue_lock(
        settings.lock_dir, settings.outputs_dir, "26-01-30-not-much", notes.append
    ) as waited:
        assert not waited
        with issue_lock(
            elsewhere.lock_dir, elsewhere.outputs_dir, "26-01-30-not-much", notes.append
        ) as others:
            assert not others
        thread = threading.Thread(target=wait)
        thread.start()
        while not notes:
            time.sleep(0.001)
    thread.join()
    assert notes == ["another run is at work on '26-01-30-not-much': waiting", "True"]


# ------------------------------------------------------------------------------ what goes wrong


@pytest.mark.parametrize("where", ["2026-01-30.md", "2026-01-30.json"])
@pytest.mark.parametrize("before", [True, False])
def test_a_failure_part_way_puts_back_what_was_there(
    here: Here,
    where: str,
    *,
    before: bool,
) -> None:
    """Whichever of the two files the store refuses: all is as it was, and one line says so."""
    if before:
        write(digest(DAY), here.outputs)
    was = here.objects()

    def refuse(method: str, path: str) -> Trouble:
        return "refuse" if method == "PUT" and path.endswith(where) else "pass"

    here.way.trouble = refuse
    with pytest.raises(WriteError) as failed:
        write(changed_digest(digest(DAY)), here.outputs)
    assert where in str(failed.value)
    assert "\n" not in str(failed.value)
    assert here.objects() == was


@pytest.mark.parametrize(
    ("where", "trouble"),
    [("2026-01-30.md", "half"), ("2026-01-30.json", "half"), ("2026-01-30.json", "hold")],
)
def test_a_kill_leaves_whole_objects_only(
    here: Here, tmp_path: Path, where: str, trouble: Trouble
) -> None:
    """While a file is on its way, kill -9: each object is the old or the new, and a run mends it."""
    write(digest(DAY), here.outputs)
    old, new = here.objects(), files(changed_digest(digest(DAY)))
    (tmp_path / "new.json").write_bytes(new["2026-01-30.json"])
    script = (
        "import sys; from pathlib import Path; from pipeline.storage.location import parse_location\n"
        "from pipeline.write import from_json, write\n"
        "write(from_json(Path(sys.argv[1]).read_text(encoding='utf-8')), parse_location(sys.argv[2]))"
    )

    def hold(method: str, path: str) -> Trouble:
        return trouble if method == "PUT" and path.endswith(where) else "pass"

    here.way.trouble = hold
    command = [sys.executable, "-c", script, str(tmp_path / "new.json"), str(here.outputs)]
    process = subprocess.Popen(command)
    assert here.way.held.wait(30)
    process.kill()
    process.wait()
    here.way.settle()
    written = {} if where.endswith(".md") else {"2026-01-30.md": new["2026-01-30.md"]}
    assert here.objects() == old | written
    assert here.server.half_done() == 0
    write(changed_digest(digest(DAY)), here.outputs)
    assert here.objects() == new


_NO_KEY = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
WRONG: dict[str, tuple[int, str, dict[str, str]]] = {
    "no bucket": (2, "there is no bucket for s3://", {"AINEWS_OUTPUTS_DIR": "s3://nowhere/x"}),
    "unknown key": (2, "set AWS_ACCESS_KEY_ID", {"AWS_ACCESS_KEY_ID": "planted"}),
    "wrong secret": (2, "set AWS_ACCESS_KEY_ID", {"AWS_SECRET_ACCESS_KEY": "planted-mistyped"}),
    "no key": (2, "set AWS_ACCESS_KEY_ID", _NO_KEY),
    "no address": (2, "AWS_ENDPOINT_URL", {"AWS_ENDPOINT_URL": "nothing like an address"}),
    "a login": (2, "AWS_ENDPOINT_URL", {"AWS_ENDPOINT_URL": "https://me:planted@bad host/"}),
    "a site": (6, "is no store: check AWS_ENDPOINT_URL", {}),
    "may not write": (6, "the key may not do this", {**S3Server.known_as("reader")}),
    "nobody there": (6, "check AWS_ENDPOINT_URL", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}),
    "nonsense": (6, "is no store: check AWS_ENDPOINT_URL", {}),
    "hangs": (6, "does not answer in time", {}),
}
"""What is wrong with a store: the exit code, what the line says, and what is set otherwise."""


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_with_a_store_is_said_in_one_line(
    here: Here,
    loopback: Settings,
    newsletter: Newsletter,
    monkeypatch: pytest.MonkeyPatch,
    wrong: str,
) -> None:
    """Soon, with the exit code that fits and no secret, and the earlier digest stays."""
    write(digest(DAY), here.outputs)
    before = here.objects()
    code, said, changes = WRONG[wrong]
    newsletter.publish("26-01-30-not-much", 24)
    settle(loopback, here.outputs, monkeypatch)
    troubles: dict[str, Trouble] = {"hangs": "hold", "nonsense": "nonsense", "a site": "missing"}
    here.way.settle()
    here.way.trouble = lambda _method, _path: troubles.get(wrong, "pass")
    if wrong in ("hangs", "nobody there"):
        hasty = {"connect_timeout": 0.5, "read_timeout": 0.5, "retries": {"total_max_attempts": 2}}
        monkeypatch.setitem(fsspec.config.conf, "s3", {"config_kwargs": hasty})
        _used.clear()
    for name in [name for name, value in changes.items() if not value]:
        monkeypatch.delenv(name)
    use(monkeypatch, {name: value for name, value in changes.items() if value})
    begun = time.monotonic()
    done = Done("run", "--date", "2026-01-30")
    took = time.monotonic() - begun
    if wrong in ("hangs", "nobody there"):
        _used.clear()
    assert done.code == code, done.err
    assert said in done.err.rstrip("\n").splitlines()[-1]
    assert "planted" not in done.err
    assert took < 15
    assert here.objects() == before
    if code == 2:
        assert not [each for each in here.way.seen if each[0] == "PUT"]


# ------------------------------------------------------------------------------ commands


def test_every_command_works_on_a_store(
    here: Here, loopback: Settings, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night, another one, a look, an edit, a report, a site, a check; nothing lies on a disk."""
    monkeypatch.chdir(loopback.cache_dir.parent)
    settle(loopback, here.outputs, monkeypatch)
    newsletter.publish("26-01-30-not-much", 24)
    path = f"{here.outputs}/2026-01-30"
    done = Done("run", "--date", "2026-01-30")
    assert (done.code, done.out) == (0, f"{path}.md\n"), done.err
    first = here.objects()
    assert sorted(first) == ["2026-01-30.json", "2026-01-30.md"]
    assert Done("run", "--date", "2026-01-30").code == 0
    assert here.objects() == first
    filled = Done("backfill", "--since", "2026-01-30", "--until", "2026-01-30")
    assert filled.out.endswith("1 issue: 1 skipped (digested already)\n")
    looked = Done("status", "--since", "2026-01-30", "--until", "2026-01-30")
    assert looked.out.splitlines()[1].split()[2:] == [
        *("done", "10", "+", "10", "2026-01-30", "26-01-30-not-much")
    ]
    assert Done("edit", "2026-01-30", "--drop", "news:2").code == 0
    assert Done("edit", "2026-01-30", "--list").out.startswith("1  drop news:2")
    assert Done("edit", f"{path}.json", "--undo", "all").code == 0
    assert here.objects() == first
    assert "\n## 2026-01-30\n" in Done("report", f"{path}.md").out
    assert Done("verify", f"{path}.md", "--source", "26-01-30-not-much").code == 0
    assert Done("render", f"{path}.json").out.encode() == first["2026-01-30.md"]
    assert Done("diff", "2026-01-30", "--against", f"{path}.md").code == 0
    done = Done("site", "--out", "site")
    assert done.code == 0, done.err
    assert Path("site/2026-01-30.html").is_file()
    assert not Path("outputs").exists()
    assert not list(Path().glob("s3*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff", "2026-01-30"), "git has no versions of it, give --against FILE"),
        (("site",), "say with --out where the site goes"),
        (("site", "--out", "s3://digests/site"), "give a local one with --out"),
        (("site", "--serve"), "--serve cannot watch it; build the site with --out"),
    ],
)
def test_what_needs_a_folder_of_this_machine_says_so(
    here: Here, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    """In one line, as a matter of settings."""
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", str(here.outputs))
    done = Done(*arguments)
    assert (done.code, said in done.err, done.err.count("\n")) == (2, True, 1), done.err


@pytest.mark.parametrize("who", ["writer", "reader"])
def test_doctor_tries_a_store(here: Here, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    """It lists and writes, and leaves nothing behind."""
    use(monkeypatch, S3Server.known_as(who))
    (part, *damaged, _) = check_disk(here.outputs, Path("cache.sqlite"))
    writes = who == "writer"
    assert (part.state, part.exit_code) == (("ok", 0) if writes else ("failed", 6))
    said = "can be listed and written to" if writes else "the key may not do this"
    assert said in part.found
    assert damaged == []
    assert here.objects() == {}


def test_a_damaged_digest_of_a_store_is_a_warning(here: Here) -> None:
    """As on a disk: it counts as none, and doctor names it."""
    here.server.put(f"{here.folder}/2026-01-31.json", b"{")
    warned = [each.found for each in check_disk(here.outputs, Path("cache.sqlite")) if each.todo]
    assert any(each.startswith(f"{here.outputs}/2026-01-31.json: ") for each in warned)


# ------------------------------------------------------------------------------ addresses and keys


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("gs://bucket/outputs", "'gs' is unknown: give a folder, file:///folder or s3://bucket/"),
        ("s3://", "names no bucket"),
        ("s3:///outputs", "names no bucket"),
        ("s3://planted:secret@bucket/outputs", "no key belongs in an address"),
        ("s3://bucket/outputs?key=planted", "without ? and # is needed"),
        ("file://server/outputs", "is on another machine"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    """As a setting and as an option, before anything is asked, and without a key in the line."""
    asked = Done("status", "--out", address)
    monkeypatch.setenv("AINEWS_OUTPUTS_DIR", address)
    for done, name in ((asked, "--out"), (Done("status"), "AINEWS_OUTPUTS_DIR")):
        assert (done.code, done.err.count("\n")) == (2, 1)
        assert f"{name} cannot be used: " in done.err
        assert said in done.err
        assert "planted" not in done.err


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a folder of this machine needs nothing of it."""
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(SettingsError, match=r"pip install 'ainews-digest\[s3\]'"):
        location_argument("s3://bucket/outputs", "--out")
    assert location_argument("outputs", "--out") == Path("outputs")


def test_a_file_url_is_a_folder_of_this_machine(tmp_path: Path) -> None:
    """An ordinary path, with blanks and Chinese written as addresses write them."""
    folder = tmp_path / "一 二"
    assert parse_location(folder.as_uri()) == folder
    assert parse_location(f"file://localhost{tmp_path}") == tmp_path
    assert not is_remote(parse_location(folder.as_uri()))


def test_a_run_on_a_disk_loads_nothing_of_it(tmp_path: Path) -> None:
    """Not one module of what a store needs, which takes as long as all else together."""
    script = (
        "import sys; from pathlib import Path\n"
        "import pipeline.commands.run, pipeline.publish, pipeline.batch.ranges\n"
        "from pipeline.doctor.disk import check_disk; from pipeline.write import from_json, write\n"
        "digest = from_json(Path('new.json').read_text(encoding='utf-8'))\n"
        "write(digest, Path('outputs')); list(check_disk(Path('outputs'), Path('cache.sqlite')))\n"
        "print(*sys.modules)"
    )
    (tmp_path / "new.json").write_text(to_json(digest(DAY)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=True, text=True
    )
    assert not OURS & set(done.stdout.split())
    assert (tmp_path / "outputs" / "2026-01-30.md").is_file()


def test_the_address_of_the_store_is_found_where_tools_for_s3_have_it(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS_ENDPOINT_URL_S3 before AWS_ENDPOINT_URL, or all of it in a profile."""
    write(digest(DAY), here.outputs)
    use(monkeypatch, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    use(monkeypatch, {"AWS_ENDPOINT_URL_S3": here.server.address})
    assert len(read_state(here.outputs).digests) == 1
    key = S3Server.known_as("reader")
    lines = [f"endpoint_url = {here.server.address}", *(f"{n} = {v}" for n, v in key.items())]
    (tmp_path / "config").write_text("\n".join(["[profile shop]", *lines]).lower())
    for name in (*key, "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name)
    use(monkeypatch, {"AWS_PROFILE": "shop", "AWS_CONFIG_FILE": str(tmp_path / "config")})
    assert len(read_state(here.outputs).digests) == 1


def test_fsspec_may_say_how_the_store_is_found(here: Here) -> None:
    """FSSPEC_S3_KEY and the like, in a process that knows nothing else."""
    write(digest(DAY), here.outputs)
    key = S3Server.known_as("reader")
    told = {
        "FSSPEC_S3_KEY": key["AWS_ACCESS_KEY_ID"],
        "FSSPEC_S3_SECRET": key["AWS_SECRET_ACCESS_KEY"],
        "FSSPEC_S3_ENDPOINT_URL": here.server.address,
    }
    script = (
        "import sys; from pipeline.write.state import read_state; from pipeline.storage.location import parse_location\n"
        "print(*(ref.stem for ref in read_state(parse_location(sys.argv[1])).digests))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(here.outputs)],
        env={"PATH": os.environ["PATH"], "HOME": "/nowhere", **told},
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"2026-01-30\n"


# ------------------------------------------------------------------------------ many digests


def test_a_second_look_reads_only_what_is_new(here: Here) -> None:
    """Each digest is read once by a process, and again when it has other bytes."""
    days = [DAY + dt.timedelta(days=number) for number in range(5)]
    for day in days:
        here.server.put(f"{here.folder}/{day}.json", to_json(other(day, "many")).encode())

    def read() -> list[str]:
        here.way.seen.clear()
        assert [ref.date for ref in read_state(here.outputs).digests] == days
        return sorted(Path(path).stem for _, path in here.way.seen if path.endswith(".json"))

    assert read() == [day.isoformat() for day in days]
    assert read() == []
    here.server.put(f"{here.folder}/{days[2]}.json", to_json(other(days[2], "new")).encode())
    assert read() == [days[2].isoformat()]
    assert read_state(here.outputs).find_by_issue(f"{days[2]:%y-%m-%d}-new") is not None


def test_files_that_were_read_do_not_pile_up() -> None:
    """The oldest go first, and what went is no different from what never was there."""
    kept = s3._FileCache(most_bytes=3000)
    texts = [os.urandom(1000) for _ in range(5)]
    names = [hashlib.md5(text, usedforsecurity=False).hexdigest() for text in texts]
    for text in texts:
        kept.add(text)
        kept.add(text)
    assert [kept.get(name) for name in names] == [None, None, None, *texts[3:]]
