"""What is escaped in a text, and what is not: the least that keeps it text."""

import pytest

from pipeline.errors import WriteError
from pipeline.urls import is_web_url
from pipeline.write import escape as _escape


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("snake_case_name", "snake_case_name"),
        ("_a_", r"\_a\_"),
        ("_a", "_a"),
        ("a_ _b", r"a\_ \_b"),
        ("a_b _c_", r"a_b \_c\_"),
        ("*a*", r"\*a\*"),
        ("*a", "*a"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a*b*c", r"a\*b\*c"),
        ("~~a~~", r"\~\~a\~\~"),
        ("~4 到 5", "~4 到 5"),
        ("~4 到 ~5", r"\~4 到 \~5"),
        ("*a _b", "*a _b"),
        ("[a]", r"\[a]"),
        ("a<b", r"a\<b"),
        ("a < b <3", "a < b <3"),
        ("<@x", r"\<@x"),
        ("AT&T &amp; &x", r"AT&T \&amp; &x"),
        ("a\\", "a\\\\"),
        (r"\a \*", r"\a \\*"),
        ("a.com b.js c.net", r"a\.com b.js c\.net"),
        ("a.comb 1.5", "a.comb 1.5"),
        ("//a http: //", r"\//a http: //"),
        ("`a*b*`", "`a*b*`"),
        ("`a", r"\`a"),
        ("a`b``c`d", "a`b``c`d"),
    ],
)
def test_only_what_would_do_something_is_escaped(text: str, shown: str) -> None:
    """A mark alone of its kind does nothing, nor one within a word or between spaces."""
    assert _escape.escape_line(text) == shown
    assert _escape.escape_title(text) == shown
    assert _escape.unescape(shown) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# a", r"\# a"),
        ("#a", "#a"),
        ("###### a", r"\###### a"),
        ("####### a", "####### a"),
        ("> a", r"\> a"),
        ("- a", r"\- a"),
        ("-a", "-a"),
        ("+", r"\+"),
        ("1. a", r"1\. a"),
        ("1.a", "1.a"),
        ("123456789) a", r"123456789\) a"),
        ("1234567890) a", "1234567890) a"),
        ("===", r"\==="),
        ("=a", "=a"),
        ("- - -", r"\- - -"),
        ("|-|", r"\|-|"),
        ("a # b", "a # b"),
        ("a > b", "a > b"),
    ],
)
def test_what_begins_a_line_is_escaped_in_a_line(text: str, shown: str) -> None:
    """A title stands behind its number, where nothing of this means anything."""
    assert _escape.escape_line(text) == shown
    assert _escape.unescape(shown) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("C#", "C#"), ("a #", r"a \#"), ("a ##", r"a \##"), ("#", r"\#"), ("a # b", "a # b")],
)
def test_closing_hashes_are_escaped_in_a_title(text: str, shown: str) -> None:
    """Only where a heading would lose them."""
    assert _escape.escape_title(text) == shown


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a https://x.test/y, b", "a `https://x.test/y`, b"),
        ("a HTTP://x.test b", "a `HTTP://x.test` b"),
        ("a ftp://x.test/ b", "a `ftp://x.test/` b"),
        ("a www.x.test b", "a `www.x.test` b"),
        ("a me@x.test b", "a `me@x.test` b"),
        ("@me", "@me"),
        ("`https://x.test`", "`https://x.test`"),
        ("a ` https://x.test", "a ` ``https://x.test``"),
        ("a ` `` https://x.test", "a ` `` ```https://x.test```"),
        ("`x`https://a.test", "`x` `https://a.test`"),
        ("https://a.test/`x`", "`https://a.test/` `x`"),
        (" a\t\n b\u3000c ", "a b c"),
        ("a\u200bb\u0007c\u202e", "abc"),
        ("a\ud83db", "ab"),
        ("", ""),
    ],
)
def test_plain_text_shows_all_that_it_holds(text: str, plain: str) -> None:
    """White space is folded, what cannot be seen is gone, addresses are code in a fence of their own."""
    assert _escape.plain_text(text) == plain


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.test/b_(c)", "https://a.test/b_(c)"),
        ("https://a.test/(b)(c)", "https://a.test/(b)(c)"),
        ("https://a.test/b)", "https://a.test/b%29"),
        ("https://a.test/((b))", "https://a.test/%28%28b%29%29"),
        ("https://a.test/(b", "https://a.test/%28b"),
        ("https://a.test/ü?中", "https://a.test/ü?中"),
        ("https://a.test/ b", "https://a.test/%20b"),
        ('https://a.test/"<>[\\]^`{|}', "https://a.test/%22%3C%3E%5B%5C%5D%5E%60%7B%7C%7D"),
        ("https://a.test/\u200b\ud83d", "https://a.test/%E2%80%8B%3F"),
    ],
)
def test_an_address_is_encoded_where_it_could_end_its_link(url: str, safe: str) -> None:
    """Elsewhere it stays as it is, and encoding it again changes nothing."""
    assert _escape.encode_url(url) == safe
    assert _escape.encode_url(safe) == safe


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("http://a", True),
        ("HTTPS://a", True),
        ("https://", False),
        ("https:///a", False),
        ("https://?a", False),
        ("https://#a", False),
        ("https:// a", False),
        (" https://a", False),
        ("ftp://a", False),
        ("javascript:https://a", False),
    ],
)
def test_a_web_address_has_a_scheme_and_a_host(url: str, web: bool) -> None:
    """No other is linked to."""
    assert is_web_url(url) is web
    if not web:
        with pytest.raises(WriteError, match="cannot link"):
            _escape.markdown_link(url)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.test/_b_", r"[https://a.test/\_b\_](https://a.test/_b_)"),
        ("https://a.test/a_b", "[https://a.test/a_b](https://a.test/a_b)"),
        ("https://a.test/?b&lt;=c", r"[https://a.test/?b\&lt;=c](https://a.test/?b\&lt;=c)"),
    ],
)
def test_a_link_shows_its_address(url: str, link: str) -> None:
    """Or the words that it is given."""
    assert _escape.markdown_link(url) == link
    assert _escape.markdown_link(url, "x") == "[x]" + link[link.index("](") + 1 :]
