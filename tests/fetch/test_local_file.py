"""Files and standard input as sources: their names, kinds and limits."""

import hashlib
import io
from pathlib import Path

import pytest

from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.fetch.local_file import read_source
from pipeline.parse import parse

SLUG = "26-02-03-big-model"
PAGE = f'<html><link rel="canonical" href="https://news.smol.ai/issues/{SLUG}"><article>Ü</article></html>'
MARKDOWN = "---\ntitle: Big\ntopics:\n  - x\n---\n\n# AI Twitter Recap\n\n- one\n"


def test_stored_files_are_sources(shared: Path) -> None:
    """Every stored page and Markdown file is read with its slug and public address."""
    for path in (shared / "site" / "frozen-issues").iterdir():
        page = read_source(path, io.BytesIO())
        assert (page.slug, page.media, page.source) == (path.stem, "html", "file")
    for path in (shared / "markdown").iterdir():
        page = read_source(path, io.BytesIO())
        assert (page.slug, page.media) == (path.stem, "markdown")
        assert page.url == f"https://news.smol.ai/issues/{path.stem}/"
        with path.open("rb") as stdin:
            assert read_source("-", stdin).media == "markdown"
    new = shared / "site/issues/26-08-21-not-much/index.html"
    assert read_source(new, io.BytesIO()).slug == "26-08-21-not-much"
    with pytest.raises(PageNotUnderstood, match=r"/frozen-issues/25-12-19-not-much\.html"):
        read_source(shared / "site/issues/25-12-19-not-much/index.html", io.BytesIO())


def test_a_file_is_named_by_what_it_says(tmp_path: Path) -> None:
    """The slug comes from the file, its folder or the page; no path of this machine is shown."""
    cases = {
        f"{SLUG}.md": (SLUG, MARKDOWN),
        f"{SLUG}/index.html": (SLUG, "<html>x</html>"),
        "saved page.html": (SLUG, PAGE),
        "og.htm": (SLUG, f'<meta property="og:url" content="https://news.smol.ai/issues/{SLUG}/">'),
        "notes.txt": ("notes", "just text"),
        "elsewhere.html": ("elsewhere", '<link rel="canonical" href="https://x.test/a">'),
        "local.html": ("local", '<link rel="canonical" href="file:///home/me">'),
    }
    urls = {
        "notes": "https://news.smol.ai/",
        "local": "https://news.smol.ai/",
        "elsewhere": "https://x.test/a",
    }
    for name, (slug, text) in cases.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        page = read_source(str(path), io.BytesIO())
        if slug in urls:
            assert page.slug == f"{slug}-{page.sha256[:8]}"
        else:
            assert page.slug == slug
        assert page.url == urls.get(slug, f"https://news.smol.ai/issues/{SLUG}/")
        assert page.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_standard_input_is_a_source() -> None:
    """With `-` the page is read from standard input, and its kind from its text."""
    page = read_source("-", io.BytesIO(PAGE.encode()))
    assert (page.slug, page.media, page.text) == (SLUG, "html", PAGE)
    quoting = read_source("-", io.BytesIO(b"---\ntitle: x\n---\n`<html>` in a sentence"))
    assert (quoting.media, quoting.url) == ("markdown", "https://news.smol.ai/")
    assert quoting.slug.startswith("stdin-")


@pytest.mark.parametrize(
    ("given", "named"), [("nonsense.html", "'.*nonsense.html' "), ("-", "standard input ")]
)
def test_a_page_that_is_no_issue_is_named_as_it_was_given(
    tmp_path: Path, given: str, named: str
) -> None:
    """Not by the address of the newsletter, which has nothing to do with it."""
    (tmp_path / "nonsense.html").write_text("<html><p>nonsense</p></html>", encoding="utf-8")
    page = read_source(given if given == "-" else tmp_path / given, io.BytesIO(b"<p>nonsense</p>"))
    with pytest.raises(PageNotUnderstood, match=f"^{named}.*is not an issue"):
        parse(page)


def test_two_texts_of_one_name_are_two_issues() -> None:
    """Without a slug of its own a text is known by its bytes, so that no digest replaces another."""
    one, two = (read_source("-", io.BytesIO(text)).slug for text in (b"one", b"two"))
    assert one != two
    assert one == read_source("-", io.BytesIO(b"one")).slug


def test_an_unusable_file_is_one_line(tmp_path: Path) -> None:
    """A missing, blank, binary or too large file, or a folder, is a usage error that names it."""
    (tmp_path / "blank.md").write_text(" \n")
    (tmp_path / "binary.html").write_bytes(b"%PDF\0\1")
    (tmp_path / "large.md").write_text("x" * 101)
    for name, reason in {
        "missing.md": "No such file",
        "": "directory",
        "blank.md": "is empty",
        "binary.html": "is not text",
        "large.md": "larger than 100 bytes",
    }.items():
        with pytest.raises(SettingsError, match=reason) as caught:
            read_source(tmp_path / name, io.BytesIO(), max_page_bytes=100)
        assert str(tmp_path / name) in str(caught.value)
    with pytest.raises(SettingsError, match="--source is empty: give the name"):
        read_source("", io.BytesIO())
    with pytest.raises(SettingsError, match="'-' is empty"):
        read_source("-", io.BytesIO())


@pytest.mark.parametrize(
    ("path", "text", "slug"),
    [
        (f"{SLUG}.html", f'<link rel="canonical" href="https://a.test/issues/{SLUG}-x/">', SLUG),
        (f"{SLUG}/index.html", f'<link rel="canonical" href="https://a.test/issues/{SLUG}-x/">', SLUG),
        (f"{SLUG}/page.html", f'<link rel="canonical" href="https://a.test/issues/{SLUG}-x/">', f"{SLUG}-x"),
        ("a.html", f'<link rel="canonical" href="/x"><meta property="og:url" content="https://a.test/issues/{SLUG}/">', SLUG),
        ("a.md", f'<link rel="canonical" href="https://a.test/issues/{SLUG}/">', None),
    ],
)  # fmt: skip
def test_the_name_of_a_file_goes_before_what_stands_in_it(
    tmp_path: Path, path: str, text: str, slug: str | None
) -> None:
    """Then its folder's, for an index; then the page's own address, of HTML only."""
    file = tmp_path / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    found = read_source(file, io.BytesIO()).slug
    assert found == slug or (slug is None and found.startswith("a-"))


@pytest.mark.parametrize(
    ("name", "text", "media"),
    [
        ("a.MD", "<html>", "markdown"),
        ("a.markdown", "<html>", "markdown"),
        ("a.HTM", "# a", "html"),
        ("a.html", "---\n", "html"),
        ("a.txt", "# a\n<BODY>", "html"),
        ("a.txt", "<!DOCTYPE html>x", "html"),
        ("a.txt", "<article class='x'></article>", "html"),
        ("a.txt", "---\n---\n<html>", "markdown"),
        ("a.txt", "<htmlx>", "markdown"),
        ("a", "plain", "markdown"),
    ],
)
def test_the_kind_of_a_file_is_in_its_name_else_in_its_text(
    tmp_path: Path, name: str, text: str, media: str
) -> None:
    """Markdown may quote a tag below its front matter."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_source(tmp_path / name, io.BytesIO()).media == media


@pytest.mark.parametrize(("size", "read"), [(100, True), (101, False)])
def test_a_file_may_be_as_large_as_the_limit(tmp_path: Path, size: int, read: bool) -> None:
    """From standard input too."""
    (tmp_path / "a.md").write_bytes(b"x" * size)
    for name, stdin in ((tmp_path / "a.md", b""), ("-", b"x" * size)):
        if read:
            assert len(read_source(name, io.BytesIO(stdin), max_page_bytes=100).text) == 100
        else:
            with pytest.raises(SettingsError, match="larger than 100 bytes"):
                read_source(name, io.BytesIO(stdin), max_page_bytes=100)


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_a_file_of_two_bytes_a_character_is_text(mark: str) -> None:
    """With its byte order mark; without, its zeros are none of a text."""
    body = "\ufeff# AI Twitter Recap".encode(mark)
    assert read_source("-", io.BytesIO(body)).text == "# AI Twitter Recap"
    with pytest.raises(SettingsError, match="is not text"):
        read_source("-", io.BytesIO(body[2:]))


@pytest.mark.parametrize("end", ["", "</li></ul>", "</artic", "</p></body></html>"])
def test_a_page_that_ends_within_its_article_is_refused(tmp_path: Path, end: str) -> None:
    """Half an issue would be digested as a whole one; what stands behind the article may be lost."""
    file = tmp_path / f"{SLUG}.html"
    start = "<!DOCTYPE html><html><body><ARTICLE class='x'><ul><li>Acme ships Orca"
    file.write_text(start + end, encoding="utf-8")
    with pytest.raises(PageNotUnderstood, match="is cut off") as caught:
        read_source(file, io.BytesIO())
    assert str(file) in str(caught.value)
    file.write_text(f"{start}</ul></Article>", encoding="utf-8")
    assert read_source(file, io.BytesIO()).slug == SLUG
