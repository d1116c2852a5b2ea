"""What a night says on a terminal, in a mail and to channels, and what it refuses."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from test_notifications import channel

from faults.bench import OTHER, PAGE, SLUG, FaultBench, item, page, rss
from openai_server import OpenAIServer, failing
from pipeline.announcements import forget_failures, tell_failure
from pipeline.clock import today as day_of
from pipeline.errors import ModelError, SettingsError, SourceStale
from pipeline.settings import Settings

pytest.importorskip("apprise", reason="needs the extra `notify`")
# Apprise looks for an old module of the standard library.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[FaultBench]:
    """Set up a good digest, settings and nothing else."""
    made = FaultBench(tmp_path, monkeypatch, capfd)
    with made.stack:
        yield made


def test_a_run_closes_with_one_line(bench: FaultBench) -> None:
    """It names the digest, its halves, the findings, the price and the time."""
    bench.model()
    said = bench.file()
    assert said.code == 0
    assert said.last.startswith("ainews-digest: ok 2026-01-30: ")
    assert "price unknown" in said.last
    levels = ("ok", "note", "warning", "error")
    assert all(line.removeprefix("ainews-digest: ").startswith(levels) for line in said.lines)


def test_a_quiet_run_says_nothing_when_all_is_well(bench: FaultBench) -> None:
    """Neither a path nor a note; a failure is one line all the same."""
    bench.model()
    said = bench.run("run", "--source", "26-01-30-sampler.md", "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")
    bench.model(OpenAIServer(behave=lambda _request: failing(500)))
    said = bench.run("run", "--source", "26-01-30-sampler.md", "--quiet", "--refresh", "select")
    assert said.code == 5
    assert said.last.startswith("ainews-digest: error: ")


@pytest.mark.parametrize("words", [("run",), ("run", "--quiet"), ("run", "--force")])
def test_a_lost_env_file_publishes_nothing(bench: FaultBench, words: tuple[str, ...]) -> None:
    """A scheduled run without key and server ends in one line before it fetches anything."""
    said = bench.run(*words)
    assert said.code == 2
    assert "AINEWS_ALLOW_EMBEDDED=1" in said.last
    bench.set(ALLOW_EMBEDDED="1")
    assert bench.run(*words).code != 2


PLANTED = "planted-notify-word"


def failed(error: Exception, settings: Settings) -> None:
    """Tell of a failure, and take that it goes well."""
    assert isinstance(error, ModelError | SourceStale | SettingsError)
    assert tell_failure(error, settings, day_of()) == ()


def test_a_failure_is_told_once_per_cause(loopback: Settings) -> None:
    """A cause that lasts is not told again, another one is, and so is one that comes back."""
    with channel() as inbox:
        url = f"json://{inbox.url}?+X-Token={PLANTED}"
        settings = loopback.model_copy(update={"notify_urls": SecretStr(url)})
        stale = "nothing new: the newest issue, '26-01-07-c', is {} days old"
        failed(SourceStale(stale.format(6)), settings)
        failed(SourceStale(stale.format(7)), settings)
        assert len(inbox.bodies) == 1
        failed(
            ModelError(f"no key; @everyone <!channel> http://u:pw@host/?key=abc {PLANTED}"),
            settings,
        )
        assert len(inbox.bodies) == 2
        failed(SourceStale(stale.format(9)), settings)
        assert len(inbox.bodies) == 3
        forget_failures(settings)
        failed(SourceStale(stale.format(9)), settings)
        assert len(inbox.bodies) == 4
        text = json.loads(inbox.bodies[1])["message"]
        for hidden in (PLANTED, "pw@", "abc", "@everyone", "<!channel>"):
            assert hidden not in text


def test_who_was_not_reached_is_told_the_next_night(loopback: Settings) -> None:
    """A channel that is down is a warning, and the cause counts as not told."""
    settings = loopback.model_copy(update={"notify_urls": SecretStr("json://127.0.0.1:9")})
    for _ in range(2):
        (warning,) = tell_failure(SettingsError("no"), settings, day_of())
        assert "notification 1" in warning


def test_a_failure_names_a_source_that_shares_its_host_with_a_channel(loopback: Settings) -> None:
    """The host is no secret, what stands behind it is; and the message is a failure by its type."""
    with channel() as inbox:
        url = f"json://127.0.0.1:{urlsplit('http://' + inbox.url).port}/{PLANTED}/"
        settings = loopback.model_copy(update={"notify_urls": SecretStr(url)})
        site = str(loopback.site_url)
        failed(SourceStale(f"{site} answered 503; see {PLANTED}"), settings)
        told = json.loads(inbox.bodies[0])
        assert urlsplit(site).netloc in told["message"]
        assert PLANTED not in told["message"]
        assert told["type"] == "failure"


def two_issues(bench: FaultBench) -> None:
    """Set up a night with an issue that is missed and broken, and one that is new."""
    bench.model()
    day = day_of()
    slugs = [
        f"{(day - dt.timedelta(days=ago)):%y-%m-%d}-{name}" for ago, name in ((0, "a"), (1, "b"))
    ]
    known = (bench.outputs / "2026-01-28.json").read_text(encoding="utf-8")
    old = f"{(day - dt.timedelta(days=2)):%y-%m-%d}-c"
    (bench.outputs / "2026-01-28.json").write_text(known.replace(OTHER, old), encoding="utf-8")
    bench.site(
        {
            "site/rss.xml": rss(*map(item, [*slugs, old])),
            f"site/issues/{slugs[0]}/": page(PAGE.replace(SLUG, slugs[0])),
            f"site/issues/{slugs[1]}/": page(f"<html>{slugs[1]} <article>gone</article></html>"),
        }
    )


@pytest.mark.parametrize("words", [(), ("--quiet",), ("--json",)])
def test_a_night_that_failed_in_part_says_what_it_has_made(
    bench: FaultBench, words: tuple[str, ...]
) -> None:
    """One line names what is published and what failed; JSON holds both, and the code."""
    two_issues(bench)
    said = bench.run("run", *words)
    assert said.code == 4, said.err
    name = day_of().isoformat()
    closing = said.lines[-2]
    assert closing.startswith(f"ainews-digest: error {name}: published: ")
    assert closing.endswith(f"; failed: {day_of() - dt.timedelta(days=1):%y-%m-%d}-b")
    if "--json" not in words:
        return
    result = json.loads(said.out)
    assert [one["name"] for one in result["digests"]] == [name]
    (failure,) = result["failures"]
    assert (failure["exit_code"], result["exit_code"]) == (4, 4)
    assert failure["issue"].endswith("-b")
    assert failure["message"] in said.last


def test_json_is_printed_where_all_failed(bench: FaultBench) -> None:
    """A program reads one record, whatever happens."""
    bench.model(OpenAIServer(behave=lambda _request: failing(500)))
    said = bench.run("run", "--source", "26-01-30-sampler.md", "--json")
    result = json.loads(said.out)
    assert (said.code, result["exit_code"], result["digests"]) == (5, 5, [])
    assert result["failures"][0]["message"] in said.last


def test_a_date_in_the_future_is_said(bench: FaultBench) -> None:
    """Nobody means it, but a machine east of Shanghai may."""
    bench.model()
    day = day_of()
    for ahead, shown in ((0, False), (1, True), (2, True)):
        date = (day + dt.timedelta(days=ahead)).isoformat()
        said = bench.run("run", "--source", "26-01-30-sampler.md", "--date", date, "--quiet")
        assert said.code == 0
        assert (f"warning: the digest date {date} lies {ahead} day" in said.err) == shown


def test_a_date_far_in_the_future_is_refused(bench: FaultBench) -> None:
    """Its digest would be the newest one for years; `--force` makes it all the same."""
    bench.model()
    date = (day_of() + dt.timedelta(days=3)).isoformat()
    words = ("run", "--source", "26-01-30-sampler.md", "--date", date)
    for more in ((), ("--dry-run",)):
        said = bench.run(*words, *more)
        assert (said.code, said.out) == (2, "")
        assert f"the digest date {date} lies 3 days in the future" in said.last
        assert "--force" in said.last
    assert bench.run(*words, "--force").code == 0
    assert bench.run(*words).code == 0  # it is there


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_digests_whose_place_is_no_folder_are_not_made(
    bench: FaultBench, more: tuple[str, ...]
) -> None:
    """The line names the setting and what stands there, before anything is asked."""
    model = bench.model()
    bench.set(OUTPUTS_DIR="/dev/null/digests")
    said = bench.run("run", "--source", "26-01-30-sampler.md", *more)
    assert (said.code, said.out, len(model.requests)) == (6, "", 0)
    assert "'/dev/null/digests': '/dev/null' is no folder: " in said.last
    assert "AINEWS_OUTPUTS_DIR" in said.last


def test_a_cache_whose_place_is_no_folder_is_not_used(bench: FaultBench) -> None:
    """It is never proposed to change the rights of a device, or to move it."""
    bench.model()
    bench.set(CACHE_DIR="/dev/null")
    said = bench.run("run", "--source", "26-01-30-sampler.md")
    assert said.code == 0
    assert "'/dev/null' is no folder; put that right or set AINEWS_CACHE_DIR" in said.err
    found = bench.run("doctor").out
    assert "'/dev/null' is no folder" in found
    assert not any(word in said.err + found for word in ("chmod", "do that", "move it"))


def test_a_refresh_closes_with_one_line(bench: FaultBench) -> None:
    """As every other run that goes well."""
    bench.model()
    assert bench.file().code == 0
    words = ("run", "--source", "26-01-30-sampler.md", "--refresh", "news:1")
    assert bench.run(*words).last.startswith("ainews-digest: ok 2026-01-30: ")
    assert bench.run(*words, "--quiet").err == ""


def test_a_json_changed_by_hand_is_not_told_as_the_markdowns_change(bench: FaultBench) -> None:
    """Which of the two files was changed nobody knows: the line says what each remedy does."""
    bench.model()
    assert bench.file().code == 0
    file = bench.tmp_path / "outputs" / "2026-01-30.json"
    digest = json.loads(file.read_text(encoding="utf-8"))
    digest["news"][0]["title"] = "手改的标题"
    file.write_text(json.dumps(digest, ensure_ascii=False), encoding="utf-8")
    said = bench.run("run", "--source", "26-01-30-sampler.md")
    assert said.code == 1
    assert "also where the JSON was changed" in said.last
    assert "--adopt` takes over what it says" in said.last
    assert "--force writes over the Markdown" in said.last
