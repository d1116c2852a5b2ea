"""What a digest is given away in: an article, a mail and a text, of which none can be made more."""

import base64
import datetime as dt
import email
import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

import daily
from pipeline.records import Digest
from pipeline.write import EXPORTS, FORMATS, digest_sections, read_digest, to_text
from pipeline.write.escape import inline_code
from pipeline.write.text_format import MESSAGE_BREAK
from written import news_digest, one_entry

DAY = dt.date(2026, 1, 31)
FULL = daily.digest(DAY)
HOSTILE = daily.hostile_digest(DAY)
DIGESTS = {
    "full": FULL,
    "empty half": FULL.model_copy(update={"tools": ()}),
    "nothing": news_digest(),
    "quoted": one_entry("An English line, **bold** `code`.", quoted=True),
    "hostile": HOSTILE,
}
ARTICLE_TAGS = {
    *("section", "h2", "h3", "p", "small", "sup", "blockquote", "code"),
}
"""What of an article the editor keeps."""
PAGE_TAGS = {"html", "head", "meta", "title", "body", "h1"}
MAIL_TAGS = PAGE_TAGS | (ARTICLE_TAGS - {"section", "sup"}) | {"style", "table", "tr", "td", "a"}
MAX_ARTICLE_CHARS = 20_000
"""What the interface for drafts of a public account takes; the editor takes more."""


def article(digest: Digest) -> html.HtmlElement:
    """Render a digest for WeChat and parse it."""
    return html.document_fromstring(EXPORTS["wechat"].render(digest).encode())


def mail(digest: Digest) -> EmailMessage:
    """Render a digest as a message and parse it."""
    parsed = email.message_from_bytes(EXPORTS["email"].render(digest).encode(), policy=modern)
    assert isinstance(parsed, EmailMessage)
    return parsed


def body(message: EmailMessage, kind: str) -> str:
    """Give one of the two texts of a message."""
    part = message.get_body((kind,))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def page(digest: Digest) -> html.HtmlElement:
    """Parse the HTML of a message."""
    return html.document_fromstring(body(mail(digest), "html").encode())


def words(digest: Digest) -> Iterator[str]:
    """Give the titles and summaries of a digest as a reader sees them."""
    for section in digest_sections(digest):
        for entry in section.entries:
            for text in (entry.title, entry.summary):
                yield "".join(piece for piece, _ in inline_code(text))


# --- the article ---------------------------------------------------------------------------------


@pytest.mark.parametrize("which", DIGESTS)
def test_an_article_has_inline_styles_and_nothing_that_the_editor_drops(which: str) -> None:
    """No class, id, script, style sheet, link or picture; whatever the digest says."""
    found = article(DIGESTS[which])
    (pasted,) = found.xpath("//main/section")
    assert {each.tag for each in pasted.iter()} <= ARTICLE_TAGS
    around = {each.tag for each in found.iter()} - {each.tag for each in pasted.iter()}
    assert around <= PAGE_TAGS | {"header", "main"}
    (name,) = found.xpath("//h1")
    assert "user-select:none" in name.get("style")
    for each in found.find("body").iter():
        assert set(each.attrib) <= {"style", "lang"}
    assert not found.xpath("//comment()")
    assert "url(" not in " ".join(found.xpath("//@style"))


def test_an_article_numbers_its_sources_at_the_end() -> None:
    """In the order of the entries, an address of two entries once; the issue's without a number."""
    first, second, third, *_ = FULL.news
    second = second.model_copy(update={"link": None})
    third = third.model_copy(update={"link": first.link})
    found = article(FULL.model_copy(update={"news": (first, second, third), "tools": FULL.tools}))
    links = [first.link, *(entry.link for entry in FULL.tools)]
    numbers = [int(each.text.strip("[]")) for each in found.xpath("//sup")]
    assert numbers == [1, 1, *range(2, len(links) + 1)]
    notes = [each.text_content() for each in found.xpath("//h2[last()]/following-sibling::p")]
    assert notes[:-1] == [f"[{number}] {link}" for number, link in enumerate(links, start=1)]
    assert notes[-1] == f"原文链接：{FULL.issue_url}"
    lines = [each.text_content() for each in found.xpath("//small")]
    assert lines[1] == "来源：文章内容"
    assert lines[0] == "来源：example.org[1] · 后续（2026-01-30）"


def test_an_article_has_headings_and_a_quotation_in_a_block_of_its_own() -> None:
    """Of what could not be translated, marked as English; a translated text stands in none."""
    news = (FULL.news[0], FULL.news[1].model_copy(update={"quoted": True}), *FULL.news[2:])
    found = article(FULL.model_copy(update={"news": news}))
    assert [each.text for each in found.xpath("//h2")] == [
        "📰 十大AI新闻要点",
        "🛠️ 十大工具产品要点",
        "来源与链接",
    ]
    assert len(found.xpath("//h3")) == 20
    [quoted] = found.xpath("//blockquote")
    assert (quoted.get("lang"), quoted.text) == ("en", f"“{FULL.news[1].summary}”")
    assert "本期有 1 条译文未通过核对" in found.text_content()
    assert "本期没有入选的条目" in article(DIGESTS["nothing"]).text_content()


def test_an_article_is_small_enough_for_a_draft() -> None:
    """Even where every summary and every address is long."""
    long = [
        entry.model_copy(
            update={
                "title": "长" * 40,
                "summary": "文" * 260,
                "link": f"https://example.org/{'a' * 90}{n}",
            }
        )
        for n, entry in enumerate(FULL.entries)
    ]
    text = EXPORTS["wechat"].render(
        FULL.model_copy(update={"news": tuple(long[:10]), "tools": tuple(long[10:])})
    )
    assert len(text) < MAX_ARTICLE_CHARS


# --- the mail ------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", DIGESTS)
def test_a_mail_is_well_formed(which: str) -> None:
    """Two texts of one digest, in short lines of ASCII; and nobody is named who did not send it."""
    text = EXPORTS["email"].render(DIGESTS[which])
    assert text == EXPORTS["email"].render(DIGESTS[which])
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert not [line for line in lines if len(line) > 76 or not line.isascii() or "\n" in line]
    message = mail(DIGESTS[which])
    assert not [part.defects for part in message.walk() if part.defects]
    names = ["MIME-Version", "Subject", "X-Unsent", "Content-Language", "Content-Type"]
    assert message.keys() == names
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    for part in message.iter_parts():
        assert part.keys() == ["Content-Type", "Content-Transfer-Encoding"]
        assert (part.get_content_charset(), part["Content-Transfer-Encoding"]) == (
            "utf-8",
            "base64",
        )
        raw = part.get_payload()
        assert isinstance(raw, str)
        sent = base64.b64decode("".join(raw.split()), validate=True)
        assert b"\n" not in sent.replace(b"\r\n", b"")
    assert body(message, "plain") == to_text(DIGESTS[which])


@pytest.mark.parametrize(
    "title",
    [
        "标题\r\nBcc: thief@example.org",
        "标题\n\n<b>body</b>",
        "=?utf-8?B?QmNj?= \x00\x1b\u2028X: y",
        "𝔘" * 40,
        "x" * 400,
        "\ud800半",
    ],
)
def test_a_title_begins_no_header(title: str) -> None:
    """It stands in the subject as one line, in encoded words that are each whole and short."""
    digest = one_entry(title)
    message = mail(digest)
    assert len(message.keys()) == 5
    subject = str(message["Subject"])
    assert subject.startswith("AINews - 2026-01-31：")
    assert subject.isprintable()
    assert len(subject) <= 70
    head = EXPORTS["email"].render(digest).partition("\r\n\r\n")[0]
    unfolded = head.replace("\r\n ", " ").split("\r\n")
    [field] = [line.removeprefix("Subject: ") for line in unfolded if line.startswith("Subject: ")]
    whole = ""
    for word in field.split(" "):
        assert re.fullmatch(r"=\?utf-8\?B\?[A-Za-z0-9+/]+=*\?=", word)
        assert len(word) <= 75
        [(data, charset)] = decode_header(word)
        assert isinstance(data, bytes)
        whole += data.decode(charset or "ascii")
    assert whole == subject


@pytest.mark.parametrize("which", DIGESTS)
def test_a_mail_is_made_of_tables_with_styles_at_each_element(which: str) -> None:
    """No class, script or picture; every link is the digest's own and says where it leads."""
    digest = DIGESTS[which]
    found = page(digest)
    assert {each.tag for each in found.iter() if isinstance(each.tag, str)} <= MAIL_TAGS
    assert not found.xpath("//@class | //@id | //comment()")
    links = found.xpath("//a")
    assert all(each.get("href").startswith("https://") for each in links)
    assert len(links) == 1 + sum(entry.link is not None for entry in digest.entries)
    assert all(re.search(r"（[\w./-]+）$", each.text) for each in links)
    [sheet] = found.xpath("//style/text()")
    assert "prefers-color-scheme: dark" in sheet
    assert found.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]


# --- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("which", DIGESTS)
def test_every_form_says_all_of_a_digest(which: str) -> None:
    """Each title and summary, as the words that they are."""
    digest = DIGESTS[which]
    for shown in (article(digest).text_content(), page(digest).text_content()):
        flat = re.sub(r"\s+", "", shown)
        for text in words(digest):
            wide = re.sub(r":(?=//)", "：", text)
            assert re.sub(r"\s+", "", wide) in flat
    if which != "hostile":  # its pings are written otherwise
        text = to_text(digest)
        assert all(entry.title in text for entry in digest.entries)


@pytest.mark.parametrize(
    "text",
    [
        "看 https://evil.example/x 与 HTTP://EVIL.example",
        "写信到 someone@evil.example 或 mailto:someone@evil.example",
        "www.evil.example",
        "ht\u200btps://evil.example",
        "`https://evil.example`",
        "[点这里](https://evil.example) ftp://evil.example",
    ],
)
def test_words_are_no_address_that_a_program_would_link(text: str) -> None:
    """Neither in an article nor in a mail or a message, where programs look for addresses."""
    digest = one_entry(text)
    for shown in (
        article(digest).text_content(),
        page(digest).text_content(),
        body(mail(digest), "plain"),
        to_text(digest, max_bytes=2000),
    ):
        own = shown.replace("https://example.org/a_b", "").replace(digest.issue_url, "")
        assert not re.search(r"://|www\.|mailto:|\w@\w", own, re.IGNORECASE)


def test_what_only_looks_like_an_address_stays_as_it_is() -> None:
    """Names, figures and ratios."""
    text = "Node.js 与 H2O.ai 的 pass@k 为 1:2，见 C:/ 与 a//b"
    for shown in (article(one_entry(text)), page(one_entry(text))):
        assert text in shown.text_content()


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_adds_markup_or_a_header(title: str, summary: str) -> None:
    """Elements, attributes and headers are those of a digest of plain words."""

    def shape(digest: Digest) -> list[object]:
        pages = (article(digest), page(digest))
        found = [(each.tag, *each.attrib) for one in pages for each in one.iter()]
        return [*(each for each in found if each[0] != "code"), *mail(digest).keys()]

    def made(title: str, summary: str) -> Digest:
        plain = one_entry("词")
        news = plain.news[0].model_copy(update={"title": title, "summary": summary})
        return plain.model_copy(update={"news": (news,)})

    assert shape(made(title, summary)) == shape(made("词", "词"))


@given(st.text(max_size=200), st.integers(min_value=200, max_value=2000))
def test_messages_fit_and_none_is_torn(text: str, max_bytes: int) -> None:
    """However many there are, each begins with the digest's name; only our break parts them."""
    digest = FULL.model_copy(
        update={"news": (FULL.news[0].model_copy(update={"title": text, "summary": text}),)}
    )
    messages = to_text(digest, max_bytes=max_bytes).split(MESSAGE_BREAK)
    for message in messages:
        assert len(message.encode()) <= max_bytes
        assert message.startswith(f"AINews - {DAY}")
    assert to_text(digest).count("\f") == 0


def test_a_text_for_a_chat_keeps_whole_entries() -> None:
    """All of them, each in one message with its link."""
    parted = to_text(FULL, max_bytes=2000).split(MESSAGE_BREAK)
    assert len(parted) > 2
    assert parted[0].startswith(f"AINews - {DAY} (1/{len(parted)})\n\n")
    for entry in FULL.entries:
        [holder] = [message for message in parted if f". {entry.title}\n" in message]
        assert entry.summary in holder
        assert not entry.link or entry.link in holder


def test_every_published_digest_goes_into_every_form(shared: Path) -> None:
    """As an earlier system published them, without evidence and with older habits."""
    for file in sorted((shared / "published").glob("*.md")):
        digest = read_digest(file.read_text("utf-8"), file.name)
        for name, form in EXPORTS.items():
            text = form.render(digest)
            assert text == form.render(digest)
            if name in FORMATS:
                assert form.render(read_digest(text, f"a{form.suffix}")) == text
        assert len(EXPORTS["wechat"].render(digest)) < MAX_ARTICLE_CHARS
        assert not [part.defects for part in mail(digest).walk() if part.defects]
        plain = article(digest).text_content()
        assert all(f"{n}. " in plain for n in range(1, len(digest.news) + 1))
