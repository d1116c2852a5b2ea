"""A text against the whole issue: the page that is kept, given or, if asked for, fetched."""

import asyncio
import hashlib
import io
import json
from pathlib import Path

import pytest
from mcp import Client

import daily
from invoke import invoke
from newsletter import Newsletter, issue_page
from pipeline.errors import PageNotUnderstood, SettingsError, SourceError
from pipeline.fetch import read_source
from pipeline.llm import Cache
from pipeline.lookup import Archive, TextCheck, TextQuestion, given_page, kept_pages, verify_text
from pipeline.mcp_server import make_server
from pipeline.records import StoredPage
from pipeline.settings import Settings
from pipeline.write import to_json

DAY = daily.FIRST_DAY.isoformat()
SLUG = f"{daily.FIRST_DAY:%y-%m-%d}-not-much"
LATER = "A later version of the page."
STORIES = """
<li><strong>Mistralis releases KiteFormer</strong>, a video model of 12B parameters that makes clips
of 20 seconds: <a href="https://example.org/kite">code</a>. KiteFormer runs on one card.</li>
<li><strong>Orbit Agent tops a chart</strong>: on LadderBench it solves 61% of the tasks, ahead of
PlanCraft: <a href="https://example.org/ladder">table</a>.</li></ul>"""
PAGE = issue_page(SLUG, 40).replace("</ul>", STORIES)
UNTOLD = "Mistralis发布12B参数的视频模型KiteFormer，能生成20秒的片段，可在单张显卡上运行。"
"""What the issue says, and no entry of its digest."""
TOLD = "Orbit Agent是一个4B参数的编程智能体，可以在单张显卡上运行。"
BOTH = "Orbit Agent是一个4B参数的编程智能体。它在LadderBench上完成了61%的任务，领先于PlanCraft。"
"""What an entry tells, and what only the page adds to it."""


@pytest.fixture
def settings(loopback: Settings) -> Settings:
    """Write a digest that was made from the page, which is nowhere at hand."""
    made = daily.digest(daily.FIRST_DAY)
    assert made.provenance is not None
    sha256 = hashlib.sha256(PAGE.encode()).hexdigest()
    origin = {"slug": SLUG, "source": "site", "page_sha256": sha256}
    provenance = made.provenance.model_copy(update=origin)
    loopback.outputs_dir.mkdir(parents=True)
    made = made.model_copy(update={"provenance": provenance})
    (loopback.outputs_dir / f"{DAY}.json").write_text(to_json(made), encoding="utf-8")
    return loopback


def keep(settings: Settings, page: str = PAGE) -> None:
    """Put a page into the cache, as the site has served it."""
    with Cache(settings.cache_file) as cache:
        url = f"{settings.site_url}issues/{SLUG}/"
        cache.put(StoredPage(url=url, etag="1", last_modified=None, content_type="text/html",
                             body=page.encode()))  # fmt: skip


def check(settings: Settings, text: str, entry: str | None = None, **how: bool) -> TextCheck:
    """Compare a text as the server does."""
    archive = Archive(settings.outputs_dir, find_page=kept_pages(settings, **how))
    return verify_text(archive, TextQuestion(text=text, digest=DAY, entry=entry))


def errors(checked: TextCheck) -> list[str]:
    """Name the checks that found errors."""
    return [one.check for one in checked.findings if one.severity == "error"]


def test_a_kept_page_has_what_the_digest_does_not_tell(
    settings: Settings, newsletter: Newsletter
) -> None:
    """It is said that it was looked at; what is wrong stays wrong; nothing is fetched."""
    without = check(settings, UNTOLD)
    assert (without.compared_with, errors(without)) == ("digest", ["story"])
    keep(settings)
    found = check(settings, UNTOLD)
    assert (found.compared_with, found.passed, found.entries) == ("kept page", True, ())
    assert any("KiteFormer" in line.text for line in found.lines)
    assert errors(check(settings, UNTOLD.replace("12B", "21B"))) == ["number"]
    assert errors(check(settings, UNTOLD.replace("Mistralis", "Qwenola"))) == ["name"]
    assert errors(check(settings, "今天天气很好，我们去公园散步。")) == ["story"]
    assert not newsletter.seen


def test_the_page_adds_to_the_evidence_of_the_digest(settings: Settings) -> None:
    """A text may join what an entry tells with what only the page says of it."""
    assert "name" in errors(check(settings, BOTH))
    keep(settings)
    found = check(settings, BOTH)
    assert (found.compared_with, errors(found), found.entries[0]) == ("kept page", [], "news:1")
    said = "\n".join(line.text for line in found.lines)
    assert "4B parameters" in said
    assert "LadderBench" in said


def test_an_entry_that_is_named_is_compared_with_its_own_evidence(settings: Settings) -> None:
    """Whatever else the page says."""
    keep(settings)
    assert check(settings, TOLD, "news:1").compared_with == "entry"
    assert "number" in errors(check(settings, BOTH, "news:1"))


def test_only_the_page_that_the_digest_was_made_from_is_the_kept_one(settings: Settings) -> None:
    """Another version of it says other things, and is not taken for it."""
    keep(settings, PAGE + LATER)
    assert check(settings, TOLD).compared_with == "digest"


def test_no_cache_is_made_for_a_question(settings: Settings) -> None:
    """A folder that is not there stays away."""
    check(settings, TOLD)
    assert not settings.cache_dir.exists()


def test_a_page_is_fetched_where_that_was_asked_for(
    settings: Settings, newsletter: Newsletter
) -> None:
    """Only one that is not kept; that it cannot be had is an error, not another answer."""
    with pytest.raises(SourceError):
        check(settings, UNTOLD, may_fetch=True)
    newsletter.publish(SLUG, page=PAGE)
    newsletter.seen.clear()
    found = check(settings, UNTOLD, may_fetch=True)
    assert (found.compared_with, found.passed) == ("fetched page", True)
    assert newsletter.seen[f"/issues/{SLUG}/"] == 1
    keep(settings)
    assert check(settings, UNTOLD, may_fetch=True).compared_with == "kept page"
    assert newsletter.seen.total() == 1


@pytest.mark.parametrize(("may_fetch", "origin"), [(False, "digest"), (True, "fetched page")])
def test_a_server_asks_the_network_only_where_it_was_told_so(
    settings: Settings, newsletter: Newsletter, *, may_fetch: bool, origin: str
) -> None:
    """And its answer says where it looked."""
    newsletter.publish(SLUG, page=PAGE)
    pages = kept_pages(settings, may_fetch=may_fetch)

    async def session() -> None:
        async with Client(make_server(Archive(settings.outputs_dir, find_page=pages))) as client:
            result = await client.call_tool("verify_text", {"text": TOLD, "digest": DAY})
            assert isinstance(result.structured_content, dict)
            assert result.structured_content["passed"]
            assert result.structured_content["compared_with"] == origin

    asyncio.run(session())
    assert bool(newsletter.seen) is may_fetch


def test_a_given_page_is_that_of_the_digest_or_has_no_slug(
    settings: Settings, tmp_path: Path
) -> None:
    """Another issue's is refused; so is what is no issue."""
    files = {
        "same.html": PAGE,
        "nameless.html": PAGE.replace("canonical", "other").replace(
            "<h1>not much</h1>", '<h1>not much</h1><time datetime="2025-11-24"></time>'
        ),
        "other.html": PAGE.replace(SLUG, "25-12-24-not-much"),
        "none.html": "<html><body><p>Nothing.</p></body></html>",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def checked(name: str) -> TextCheck:
        page = read_source(tmp_path / name, io.BytesIO())
        archive = Archive(settings.outputs_dir, find_page=given_page(page))
        return verify_text(archive, TextQuestion(text=UNTOLD, digest=DAY))

    for name in ("same.html", "nameless.html"):
        assert (checked(name).compared_with, checked(name).passed) == ("given page", True)
    with pytest.raises(SettingsError, match="the page of '25-12-24-not-much', not of"):
        checked("other.html")
    with pytest.raises(PageNotUnderstood):
        checked("none.html")


@pytest.fixture
def typed(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with texts and the page, and with those settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(settings.cache_dir))
    monkeypatch.setenv("AINEWS_SITE_URL", settings.site_url)
    for name, text in {"untold.txt": UNTOLD, "told.txt": TOLD, "issue.html": PAGE}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("typed")
def test_the_command_says_what_it_compared_with(
    settings: Settings, newsletter: Newsletter, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the digest, and the hint how there is more; with a page, from each of its places."""
    code, out, said = invoke(capsys, "factcheck", "untold.txt", DAY)
    assert (code, out.splitlines()[-1]) == (1, "compared with nothing of the digest: 1 finding")
    assert said.endswith("--source brings what else the issue says\n")
    given = invoke(capsys, "factcheck", "told.txt", DAY, "--source", "issue.html")
    assert given == (
        0,
        "compared with news:1, news:6, tools:1, tools:6, the given page: 0 findings\n",
        "",
    )
    alone = invoke(capsys, "factcheck", "untold.txt", "--source", "issue.html")
    assert alone == (0, "compared with the given page: 0 findings\n", "")
    newsletter.publish(SLUG, page=PAGE)
    fetched = invoke(capsys, "factcheck", "untold.txt", "--source", SLUG, "--json")
    assert json.loads(fetched.stdout)["compared_with"] == "given page"
    keep(settings)
    kept = invoke(capsys, "factcheck", "untold.txt", DAY)
    assert kept == (0, "compared with the kept page: 0 findings\n", "")


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["untold.txt"], 2, "name a digest, or give an issue with --source"),
        (["untold.txt", DAY, "news:1", "--source", "issue.html"], 2, "leave --source out"),
        (["-", DAY, "--source", "-"], 2, "cannot both be standard input"),
        (["untold.txt", DAY, "--source", "nothing"], 2, "no slug or address of an issue"),
        (["untold.txt", "--source", "untold.txt"], 4, "is not an issue"),
        (["untold.txt", "--source", "25-01-01-not-there"], 3, "25-01-01-not-there"),
    ],
)
def test_what_the_command_cannot_compare_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    """With the exit code of its kind."""
    ended = invoke(capsys, "factcheck", *arguments)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (code, "", 1)
    assert said in ended.stderr
