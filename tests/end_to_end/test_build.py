"""The site as a whole: which pages there are, that they hang together, and what goes away."""

import datetime as dt
import posixpath
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

import daily
from pipeline.cli import main
from pipeline.errors import SettingsError
from pipeline.llm.ledger import Bill, BillLine, Usage
from pipeline.records import DroppedItem, Finding, read_reason
from pipeline.site.build import BuiltSite, ReviewSources, build_site
from pipeline.site.feed import FEED
from pipeline.site.folder import MANIFEST
from pipeline.site.forms import form_links, is_article
from pipeline.write.escape import is_invisible
from pipeline.write.files import write
from pipeline.write.json_format import to_json
from repository import require_git

URL = "https://example.org/ainews-digest/"
DAYS = 12
HOSTILE = daily.FIRST_DAY + dt.timedelta(days=DAYS)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the digests of two months, two of them of one date, one hostile; and a draft."""
    folder = tmp_path_factory.mktemp("outputs")
    stems = daily.write_digests(folder, DAYS)
    second = daily.digest(dt.date.fromisoformat(stems[-1]))
    assert second.provenance is not None
    other = second.provenance.model_copy(update={"slug": "25-12-05-another"})
    write(second.model_copy(update={"provenance": other}), folder)
    write(daily.hostile_digest(HOSTILE), folder)
    write(daily.digest(dt.date(2026, 2, 1)), folder, draft=True)
    return folder


@pytest.fixture(scope="module")
def built(outputs: Path, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Build their site, for an address."""
    return build_site(outputs, tmp_path_factory.mktemp("out") / "site", base_url=URL)


def pages(built: BuiltSite) -> Iterator[tuple[str, html.HtmlElement]]:
    """Read every page; an article for another editor is none."""
    for name in built.files:
        if name.endswith(".html") and not is_article(name):
            yield name, html.fromstring((built.out / name).read_bytes())


def test_every_digest_has_its_pages_and_a_draft_has_none(built: BuiltSite, outputs: Path) -> None:
    """Of one date both; and nothing lies in the folder that is not told of."""
    stems = sorted(path.stem for path in outputs.glob("*.json"))
    assert len(stems) == built.digests == DAYS + 2
    assert f"{stems[-2][:10]}-2" in stems
    expected = {f"{stem}.html" for stem in stems} | {f"review/{stem}.html" for stem in stems}
    expected |= {f"month/{month}.html" for month in {stem[:7] for stem in stems}}
    assert expected < set(built.files)
    assert {"index.html", "search.html", "404.html", "feed.xml", "sitemap.xml"} < set(built.files)
    assert not [name for name in built.files if "2026-02-01" in name]
    there = {p.relative_to(built.out).as_posix() for p in built.out.rglob("*") if p.is_file()}
    assert there == {*built.files, MANIFEST}
    assert built.warnings == ()


def test_every_link_of_the_site_leads_somewhere(built: BuiltSite) -> None:
    """To a page of it and a place on that page, or to the web; and every digest can be reached."""
    ids = {name: set(page.xpath("//@id")) for name, page in pages(built)}
    reached = set()
    for name, page in pages(built):
        own = [*page.xpath("//@href"), *page.xpath("//@src")]
        for target in own:
            parts = urlsplit(target)
            if name == "404.html" and target.startswith("/ainews-digest/"):
                continue  # it may be shown at any depth
            if parts.scheme:
                assert parts.scheme in {"https", "data"}, (name, target)
                continue
            path = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
                if parts.path
                else name
            )
            assert path in built.files, (name, target)
            reached.add(path)
            if parts.fragment:
                assert unquote(parts.fragment) in ids[path], (name, target)
    kinds = (".html", ".json", ".md", ".txt", ".eml", ".xml")
    files = {name for name in built.files if name.endswith(kinds)}
    assert files - {"404.html", "sitemap.xml"} <= reached


def test_every_page_has_the_policy_and_nothing_inline(built: BuiltSite) -> None:
    """No script, style or handler stands in a page, not even with hostile texts."""
    for name, page in pages(built):
        [policy] = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';"), name
        assert not page.xpath("//script[not(@src)] | //style | //@style | //base | //iframe"), name
        assert not [a for a in page.xpath("//@*") if a.attrname.lower().startswith("on")], name
        assert page.get("lang") == "zh-CN"
        assert page.xpath("//meta[@charset='utf-8']")
        assert len(page.xpath("//h1")) == 1, name


def test_a_search_engine_is_told_each_page_once(built: BuiltSite) -> None:
    """By its whole address, which the page itself gives too."""
    text = (built.out / "sitemap.xml").read_bytes()
    listed = html.etree.fromstring(text).xpath("//*[local-name()='loc']/text()")
    assert len(listed) == len(set(listed))
    canonical = {name: page.xpath("//link[@rel='canonical']/@href") for name, page in pages(built)}
    assert canonical["2025-11-24.html"] == [f"{URL}2025-11-24.html"]
    assert canonical["index.html"] == [URL]
    assert set(listed) <= {each for found in canonical.values() for each in found}
    assert f"{URL}2025-11-24.html" in listed
    assert not [each for each in listed if "/review/" in each]


def test_the_same_digests_give_the_same_bytes(
    built: BuiltSite, outputs: Path, tmp_path: Path
) -> None:
    """In another folder, and in the same one, where nothing is written then."""
    again = build_site(outputs, tmp_path / "other", base_url=URL)
    for name in built.files:
        assert (built.out / name).read_bytes() == (again.out / name).read_bytes(), name
    third = build_site(outputs, tmp_path / "other", base_url=URL)
    assert (third.changed, third.removed) == ((), ())


def test_a_digest_that_is_gone_takes_its_pages_with_it(tmp_path: Path) -> None:
    """And only them; what tells of it is changed, other digests' pages are not."""
    outputs, out = tmp_path / "outputs", tmp_path / "site"
    stems = daily.write_digests(outputs, 4)
    build_site(outputs, out)
    (out / "CNAME").write_text("example.org")
    (outputs / f"{stems[-1]}.json").unlink()
    built = build_site(outputs, out)
    assert set(built.removed) == {
        f"{stems[-1]}.html",
        f"review/{stems[-1]}.html",
        *(link.href for link in form_links(stems[-1])),
    }
    assert f"{stems[0]}.html" not in built.changed
    changed = {"index.html", "feed.xml", "feed.json", "latest.json", "index.json", "llms.txt"}
    assert changed | {f"{stems[-2]}.html"} <= set(built.changed)
    assert (out / "CNAME").exists()
    assert stems[-1] not in (out / "index.html").read_text(encoding="utf-8")


def test_what_cannot_be_read_is_named_and_left_out(tmp_path: Path) -> None:
    """A damaged file, one that is no digest, and one under another's name."""
    outputs = tmp_path / "outputs"
    [stem] = daily.write_digests(outputs, 1)
    whole = (outputs / f"{stem}.json").read_text(encoding="utf-8")
    (outputs / "2025-11-25.json").write_text(whole[:500], encoding="utf-8")
    (outputs / "2025-11-26.json").write_text(whole, encoding="utf-8")
    (outputs / "index.json").write_text(whole, encoding="utf-8")
    (outputs / "2025-11-27.json").write_bytes(b"\xff\xfe")
    built = build_site(outputs, tmp_path / "site")
    assert built.digests == 1
    said = [line.split(" is not on the site: ")[0] for line in built.warnings[:-1]]
    names = ["2025-11-25", "2025-11-26", "2025-11-27", "index"]
    assert said == [str(outputs / f"{name}.json") for name in names]
    assert built.warnings[-1] == "no address of the site is known: no sitemap.xml; give --url"


def test_without_an_address_every_link_is_relative(tmp_path: Path) -> None:
    """And there is no list of pages, which needs one."""
    daily.write_digests(tmp_path / "outputs", 2)
    built = build_site(tmp_path / "outputs", tmp_path / "site")
    assert not {"sitemap.xml", "robots.txt"} & set(built.files)
    for name, page in pages(built):
        assert not page.xpath("//link[@rel='canonical']"), name


def test_a_site_of_no_digest_is_a_site(tmp_path: Path) -> None:
    """A project that begins has a page that says so."""
    (tmp_path / "outputs").mkdir()
    built = build_site(tmp_path / "outputs", tmp_path / "site", base_url="https://example.org/")
    assert built.warnings == (f"{str(tmp_path / 'outputs')!r} holds no digest: the site is empty",)
    assert {"index.html", "search.html", "feed.xml", "sitemap.xml", "robots.txt"} < set(built.files)


def test_folders_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    """One that is not there, and that of the digests as that of the site."""
    with pytest.raises(SettingsError, match="no folder of digests"):
        build_site(tmp_path / "none", tmp_path / "site")
    with pytest.raises(SettingsError, match="holds the digests"):
        build_site(tmp_path, tmp_path)


def test_a_review_page_shows_what_changed_since_the_last_version(tmp_path: Path) -> None:
    """In git; a digest of one version says so, and without git nobody knows."""
    outputs = tmp_path / "outputs"
    stems = daily.write_digests(outputs, 2)
    require_git()

    def shown(name: str) -> list[str]:
        built = build_site(outputs, tmp_path / name)
        return [(built.out / "review" / f"{stem}.html").read_text("utf-8") for stem in stems]

    assert all("改动不详" in text for text in shown("without"))
    git = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "Digests")):
        subprocess.run([*git, *arguments], cwd=outputs, check=True)
    told = daily.digest(dt.date.fromisoformat(stems[1]))
    write(daily.changed_digest(told), outputs)
    first, second = shown("with")
    assert "首个版本" in first
    assert "首个版本" not in second
    assert "新增" in second


@pytest.fixture(scope="module")
def of_one_day(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Build the site of a day with ten digests, and the days beside it, one of another month."""
    outputs = tmp_path_factory.mktemp("of-one-day")
    stems = ["2025-11-30", "2025-12-01", *(f"2025-12-01-{n}" for n in range(2, 11)), "2025-12-02"]
    for stem in (*stems, "2025-12-01-1", "2025-12-01-100", "2025-12-03-x"):
        whole = daily.digest(dt.date.fromisoformat(stem[:10]))
        small = whole.model_copy(update={"news": whole.news[:1], "tools": ()})
        (outputs / f"{stem}.json").write_text(to_json(small), encoding="utf-8")
    bill = Bill(
        digest="2025-12-02=25-12-02-not-much",
        since="2025-12-02",
        until="2025-12-02",
        models=("a-model-of-the-ledger",),
        total=BillLine(unpriced=0, usage=Usage(prompt="", cost_usd=0.25)),
        prompts=(),
    )
    out = tmp_path_factory.mktemp("out-of-one-day")
    return build_site(outputs, out, base_url=URL, reviews_of=ReviewSources({bill.digest: bill}))


def read(built: BuiltSite, name: str) -> str:
    """Read a file of a site."""
    return (built.out / name).read_text(encoding="utf-8")


def test_names_that_no_digest_has_are_no_pages(of_one_day: BuiltSite) -> None:
    """The second of a day is 2, the last one 99."""
    assert of_one_day.digests == 12
    refused = [each for each in of_one_day.warnings if " is not on the site: " in each]
    assert [Path(each.split(" is not")[0]).stem for each in refused] == [
        "2025-12-01-1",
        "2025-12-01-100",
        "2025-12-03-x",
    ]


@pytest.mark.parametrize(
    ("stem", "older", "newer"),
    [
        ("2025-12-02", "2025-12-01-10", None),
        ("2025-12-01-10", "2025-12-01-9", "2025-12-02"),
        ("2025-12-01-2", "2025-12-01", "2025-12-01-3"),
        ("2025-12-01", "2025-11-30", "2025-12-01-2"),
        ("2025-11-30", None, "2025-12-01"),
    ],
)
def test_a_page_leads_to_the_digests_beside_it(
    of_one_day: BuiltSite, stem: str, older: str | None, newer: str | None
) -> None:
    """The newest to nothing newer, the oldest to nothing older; the second of a day after it."""
    page = html.fromstring(read(of_one_day, f"{stem}.html").encode())
    days = {f"{each}.html" for each in (older, newer) if each}
    [day_before] = page.xpath("//a[@rel='prev']/@href") or [None]
    [day_after] = page.xpath("//a[@rel='next']/@href") or [None]
    assert {each for each in (day_before, day_after) if each} == days
    assert day_before == (older and f"{older}.html")
    assert day_after == (newer and f"{newer}.html")


def test_a_list_of_pages_says_when_each_changed_last(of_one_day: BuiltSite) -> None:
    """A month when its newest digest came, the first page when the newest of all did."""
    tree = html.etree.fromstring(read(of_one_day, "sitemap.xml").encode())
    rows = {url.findtext("{*}loc"): url.findtext("{*}lastmod") for url in tree.iterfind("{*}url")}
    assert rows[URL] == "2025-12-02"
    assert rows[f"{URL}month/2025-12.html"] == "2025-12-02"
    assert rows[f"{URL}month/2025-11.html"] == "2025-11-30"
    assert rows[f"{URL}2025-12-01-10.html"] == "2025-12-01"
    assert next(iter(rows)) == URL


def test_search_data_lie_with_their_month_alone(of_one_day: BuiltSite) -> None:
    """Newest first."""
    text = read(of_one_day, "search/2025-12.js")
    assert text.startswith('window.ainewsSearch("2025-12",[["2025-12-02"')
    assert "2025-11-30" not in text
    assert text.index('"2025-12-01-10"') < text.index('"2025-12-01-9"')


def test_a_review_page_has_the_bill_of_its_digest(of_one_day: BuiltSite) -> None:
    """And of no other."""
    assert "a-model-of-the-ledger" in read(of_one_day, "review/2025-12-02.html")
    assert "a-model-of-the-ledger" not in read(of_one_day, "review/2025-12-01.html")


@pytest.fixture(scope="module")
def invisible(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Build the site of a digest with controls and marks of direction in every text of a run."""
    folder, out = (tmp_path_factory.mktemp(name) for name in ("outputs", "site"))
    digest, odd = daily.hostile_digest(HOSTILE), "\0\a\x1b[1m\u202e\u2066"
    assert digest.provenance is not None
    finding = Finding(
        entry=f"{odd}place", check=f"{odd}check", severity="warning", expected=odd, found=odd
    )
    named = digest.provenance.model_copy(
        update={"title": f"{odd}title", "model": f"{odd}model", "slug": f"{odd}slug"}
    )
    drop = DroppedItem(what=f"{odd}what", reason=read_reason(f"{odd}reason"))
    stored = digest.model_copy(
        update={"findings": (finding,), "provenance": named, "drops": (drop,)}
    )
    (folder / f"{HOSTILE}.json").write_text(to_json(stored), encoding="utf-8")
    return build_site(folder, out / "site", base_url=URL)


@pytest.mark.parametrize("name", [f"{HOSTILE}.html", f"review/{HOSTILE}.html", "index.html", FEED])
def test_what_cannot_be_seen_is_on_no_page(invisible: BuiltSite, name: str) -> None:
    """Whichever field it stands in: findings, drops and provenance as well as entries."""
    text = read(invisible, name)
    assert sorted(char for char in set(text) - {"\n"} if is_invisible(char)) == []
    if name.startswith("review/"):
        for word in ("place", "check", "title", "model", "slug", "what"):
            assert word in text


def called(*arguments: str) -> int:
    """Call the command line."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert isinstance(left.value.code, int)
    return left.value.code


def test_the_command_says_what_it_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the digests unless another folder is named, for the address that is set."""
    monkeypatch.chdir(tmp_path)
    daily.write_digests(tmp_path / "outputs", 2)
    assert called("site") == 0
    told = capsys.readouterr()
    assert told.out.startswith("site: 2 digests, ")
    assert told.err == (
        "ainews-digest: note: no address of the site is known: no sitemap.xml; give --url\n"
    )
    monkeypatch.setenv("AINEWS_PAGES_URL", "https://example.org/a")
    assert called("site") == 0
    assert "https://example.org/a/2025-11-24.html" in (tmp_path / "site/sitemap.xml").read_text()
    assert called("site", "--url", "http://other.example", "--out", "there") == 0
    assert "http://other.example/2025-11-24.html" in (tmp_path / "there/sitemap.xml").read_text()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "outputs"), "'outputs' holds the digests: give another folder with --out"),
        (("--out", "mine"), "'mine' is not empty and holds no site of ours"),
        (("--url", "ftp://x"), "--url 'ftp://x' cannot be used: URL scheme should be"),
        (
            ("--url", "https://me:pw@x/"),
            "--url cannot be used: an address without user and password",
        ),
        (("--url", "https://x/?a"), "--url 'https://x/?a' cannot be used: an address without ?"),
        (("--against", "main"), "'outputs' is in no git repository"),
        (("--port", "80"), "--port is for --serve: add it"),
        (("--serve", "--url", "https://x"), "--url is for a site that is put somewhere"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    """With the exit code of a wrong argument."""
    monkeypatch.chdir(tmp_path)
    daily.write_digests(tmp_path / "outputs", 1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    assert called("site", *arguments) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"ainews-digest: error: {said}")
    assert told.err.count("\n") == 1
    assert "--against FILE" not in told.err
