"""The site of many digests: what is read and made again, and what is never taken for made."""

import datetime as dt
import gc
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import daily
from pipeline.errors import WriteError
from pipeline.llm.ledger import Bill, BillLine, Usage
from pipeline.records import Digest
from pipeline.site import build, library, stamps
from pipeline.site.build import BuiltSite, ReviewSources, build_site
from pipeline.site.forms import form_links
from pipeline.site.render import render_template
from pipeline.write.files import write
from pipeline.write.json_format import from_json, to_json
from repository import require_git

FEW = 12
"""So many days lie in two months, and have what follows, goes before and is left alone."""
MANY = 40
"""More than the feed has entries, in three months."""
URL = "https://example.org/"


class Work:
    """What the making of sites has read and rendered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read, self.rendered = 0, list[str]()
        self.most_held = 0
        real_read, real_render = from_json, render_template

        def read(text: str) -> Digest:
            self.read += 1
            return real_read(text)

        def render(template: str, /, **values: object) -> str:
            self.rendered.append(template)
            if template == "month.html":
                held = sum(isinstance(each, Digest) for each in gc.get_objects())
                self.most_held = max(self.most_held, held)
            return real_render(template, **values)

        monkeypatch.setattr(library, "from_json", read)
        monkeypatch.setattr(build, "render_template", render)

    def of(self, make: Callable[[], BuiltSite]) -> BuiltSite:
        """Build a site, and count that alone."""
        self.read, self.most_held = 0, 0
        self.rendered.clear()
        return make()

    def pages(self, template: str) -> int:
        """How many pages were made of a template."""
        return self.rendered.count(template)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Count; and have every digest count as written long ago."""
    monkeypatch.setattr("pipeline.storage.index.SETTLED_NS", 0)
    return Work(monkeypatch)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Write a few digests, small ones."""
    return written(tmp_path / "outputs", FEW)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Write more of them."""
    return written(tmp_path / "outputs", MANY)


def written(folder: Path, days: int) -> Path:
    """Write the digests of so many days."""
    folder.mkdir()
    for number in range(days):
        put(folder, daily.FIRST_DAY + dt.timedelta(days=number))
    return folder


def put(folder: Path, day: dt.date, **more: object) -> Path:
    """Write a digest of two entries."""
    whole = daily.digest(day)
    small = whole.model_copy(update={"news": whole.news[:1], "tools": whole.tools[:1], **more})
    file = folder / f"{day}.json"
    file.write_text(to_json(small), "utf-8")
    return file


def make(outputs: Path, name: str = "site", url: str = URL) -> BuiltSite:
    """Build a site beside the digests, with an index."""
    here = outputs.parent
    return build_site(outputs, here / name, base_url=url, index_dir=here / "cache" / "index")


def forms(stem: str) -> set[str]:
    """Name the files of a digest's other forms."""
    return {link.href for link in form_links(stem)}


def content(folder: Path) -> dict[str, bytes]:
    """Read a site whole."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def assert_as_anew(outputs: Path, url: str = URL) -> None:
    """The site is what one is that was made without an index, in another folder."""
    other = outputs.parent / "anew"
    shutil.rmtree(other, ignore_errors=True)
    build_site(outputs, other, base_url=url)
    assert content(outputs.parent / "site") == content(other)


def test_nothing_is_read_or_made_where_nothing_changed(many: Path, work: Work) -> None:
    """However many digests there are: what is made each time is what needs none."""
    first = work.of(lambda: make(many))
    assert len(first.changed) == len(first.files)
    for _ in range(2):
        again = work.of(lambda: make(many))
        assert (again.changed, again.removed, again.files) == ((), (), first.files)
        assert work.read == 0
        assert sorted(work.rendered) == ["404.html", "search.html"]
    assert_as_anew(many)


def test_one_digest_is_held_at_a_time(many: Path, work: Work) -> None:
    """Whether they are many or few."""
    before = sum(isinstance(each, Digest) for each in gc.get_objects())
    work.of(lambda: make(many))
    assert work.pages("month.html") == 3
    assert work.most_held - before <= 2


def test_a_new_digest_makes_few_pages(many: Path, work: Work) -> None:
    """Its own, that of the one before it, and what lists digests; no review but its own."""
    make(many)
    put(many, daily.FIRST_DAY + dt.timedelta(days=MANY))
    built = work.of(lambda: make(many))
    assert (work.pages("digest.html"), work.pages("review.html")) == (2, 1)
    in_feed_and_month = 30 + 4
    assert work.read <= in_feed_and_month + 4
    assert "2025-11-30.html" not in built.changed
    assert_as_anew(many)


def test_a_digest_that_changed_is_made_again(many: Path, work: Work) -> None:
    """Even where its size is the same; of the others only what names its titles."""
    make(many)
    file = many / "2025-12-01.json"
    file.write_bytes(file.read_bytes().replace("基准测试".encode(), "标准测验".encode()))
    built = work.of(lambda: make(many))
    assert (work.pages("digest.html"), work.pages("review.html")) == (1, 1)
    assert set(built.changed) == {
        "2025-12-01.html",
        "search/2025-12.js",
        *forms("2025-12-01"),
        *(set(built.changed) & {"feed.xml", "feed.json", "review/2025-12-01.html"}),
    }
    assert_as_anew(many)


def test_a_digest_that_is_gone_takes_its_pages_with_it(outputs: Path, work: Work) -> None:
    """Those beside it lead to each other then, and the one that followed it to none."""
    make(outputs)
    (outputs / "2025-12-01.json").unlink()
    built = work.of(lambda: make(outputs))
    assert set(built.removed) == {
        "2025-12-01.html",
        "review/2025-12-01.html",
        *forms("2025-12-01"),
    }
    assert work.pages("digest.html") == 2
    assert_as_anew(outputs)
    put(outputs, dt.date(2025, 12, 1))
    make(outputs)
    assert_as_anew(outputs)


def _rewritten(page: Path) -> None:
    page.write_text("mine", "utf-8")


def _same_size(page: Path) -> None:
    times = page.stat()
    page.write_bytes(bytes(reversed(page.read_bytes())))
    os.utime(page, ns=(times.st_atime_ns, times.st_mtime_ns))


def _a_link(page: Path) -> None:
    other = page.with_name("other.html")
    other.write_bytes(b"other")
    page.unlink()
    page.symlink_to("other.html")


@pytest.mark.parametrize(
    ("turn", "alter"), enumerate([Path.unlink, _rewritten, _same_size, _a_link])
)
def test_a_page_that_somebody_altered_is_restored(
    outputs: Path, turn: int, alter: Callable[[Path], object]
) -> None:
    """At once after it was made, and again after it was restored; one by one a quarter each."""
    for file in sorted(outputs.glob("*.json"))[:-3]:
        file.unlink()
    names = make(outputs).files
    for name in names[turn::4]:
        alter(outputs.parent / "site" / name)
        assert make(outputs).changed == (name,)
    for name in names:
        alter(outputs.parent / "site" / name)
    assert make(outputs).changed == names
    for other in (outputs.parent / "site").rglob("other.html"):
        other.unlink()
    assert_as_anew(outputs)


@pytest.mark.parametrize("what", ["program_hash", "ENGINE"])
def test_another_version_makes_all_anew(
    outputs: Path, work: Work, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Of the program, or of what fills its templates."""
    make(outputs)
    monkeypatch.setattr(stamps, what, (lambda: "another") if what == "program_hash" else "another")
    work.of(lambda: make(outputs))
    assert work.pages("digest.html") == work.pages("review.html") == FEW
    work.of(lambda: make(outputs))
    assert work.pages("digest.html") == 0


def test_sites_that_share_a_cache_do_not_mix(outputs: Path, work: Work) -> None:
    """Of one folder in two places, for two addresses, and of two folders in one place."""
    make(outputs)
    make(outputs, "other", "https://other.example/")
    work.of(lambda: make(outputs))
    assert work.pages("digest.html") == 0
    make(outputs, "site", "https://other.example/")
    assert_as_anew(outputs, "https://other.example/")
    fewer = outputs.with_name("fewer")
    fewer.mkdir()
    put(fewer, dt.date(2025, 12, 1), issue_url="https://example.org/another/")
    make(fewer)
    assert_as_anew(fewer)
    make(outputs)
    assert_as_anew(outputs)


def test_what_a_digest_cost_is_brought_up_to_date(outputs: Path, work: Work) -> None:
    """Its review page alone is made again."""
    bill = Bill(
        digest="2025-12-02=25-12-02-not-much",
        since="2025-12-02",
        until="2025-12-02",
        models=("a-model",),
        total=BillLine(unpriced=0, usage=Usage(prompt="", cost_usd=0.25)),
        prompts=(),
    )
    here = outputs.parent
    for bills, pages in (({}, FEW), ({bill.digest: bill}, 1), ({bill.digest: bill}, 0)):
        work.of(
            lambda bills=bills: build_site(  # type: ignore[misc]
                outputs, here / "site", reviews_of=ReviewSources(bills), index_dir=here / "index"
            )
        )
        assert work.pages("review.html") == pages
    assert "a-model" in (here / "site/review/2025-12-02.html").read_text("utf-8")


def test_a_site_that_was_killed_half_way_is_finished(
    outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever that was, no page is half there, and the next one makes the rest."""
    real = render_template
    for at in (1, 7, 15, 2 * FEW + 3, 2 * FEW + 4):
        count = 0

        def killed(template: str, /, at: int = at, **values: object) -> str:
            nonlocal count
            count += 1
            if count == at:
                raise KeyboardInterrupt
            return real(template, **values)

        with monkeypatch.context() as patched:
            patched.setattr(build, "render_template", killed)
            with pytest.raises(KeyboardInterrupt):
                make(outputs)
        assert not list((outputs.parent / "site").rglob("*.part"))
        put(outputs, dt.date(2025, 12, at % 5 + 1), findings=())
    make(outputs)
    assert_as_anew(outputs)


def test_a_digest_that_changes_meanwhile_is_not_taken_for_what_it_was(
    outputs: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its page is made again when the digest is again what it was when it was looked at."""
    file = outputs / "2025-12-02.json"
    old, new = file.read_bytes(), to_json(daily.digest(dt.date(2025, 12, 2))).encode()
    real = render_template

    def changing(template: str, /, **values: object) -> str:
        if template == "digest.html":
            file.write_bytes(new)
        return real(template, **values)

    with monkeypatch.context() as patched:
        patched.setattr(build, "render_template", changing)
        make(outputs)
    file.write_bytes(old)
    work.of(lambda: make(outputs))
    assert_as_anew(outputs)


def test_a_digest_that_goes_meanwhile_is_one_line(
    outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next building has no page of it."""
    real = render_template

    def removing(template: str, /, **values: object) -> str:
        (outputs / "2025-12-02.json").unlink(missing_ok=True)
        return real(template, **values)

    with monkeypatch.context() as patched:
        patched.setattr(build, "render_template", removing)
        with pytest.raises(WriteError, match=r"2025-12-02\.json changed while the site was built"):
            make(outputs)
    make(outputs)
    assert_as_anew(outputs)


def test_a_version_of_git_makes_one_review_page(tmp_path: Path, work: Work) -> None:
    """A commit of other bytes is shown, with the name of its commit; nothing else is made again."""
    require_git()
    outputs = tmp_path / "outputs"
    stems = daily.write_digests(outputs, 3)
    git = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org")

    def commit() -> None:
        for arguments in (
            ("init", "-q"),
            ("add", "."),
            ("commit", "-qm", "Digests", "--allow-empty"),
        ):
            subprocess.run([*git, *arguments], cwd=outputs, check=True)

    commit()
    work.of(lambda: make(outputs))
    write(daily.changed_digest(daily.digest(dt.date.fromisoformat(stems[1]))), outputs)
    for _ in range(2):
        work.of(lambda: make(outputs))
        assert_as_anew(outputs)
        commit()
    work.of(lambda: make(outputs))
    assert (work.read, work.pages("review.html")) == (0, 0)
    shown = (tmp_path / "site" / "review" / f"{stems[1]}.html").read_text("utf-8")
    assert "新增" in shown
    shutil.rmtree(outputs / ".git")
    work.of(lambda: make(outputs))
    assert work.pages("review.html") == 3
    assert_as_anew(outputs)
