"""Telling people: what a message holds, and what a channel's failure means, over real sockets."""

import datetime as dt
import json
import logging
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from markdown_it import MarkdownIt
from pydantic import SecretStr

from build import entry
from pipeline.records import Digest, EntryKind, Period
from pipeline.write import notifications as module
from pipeline.write.messages import MessageFormat, Notification, build_messages
from pipeline.write.notifications import notify_channels

apprise = pytest.importorskip("apprise", reason="needs the extra `notify`")
# Apprise looks for an old module of the standard library.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

DISCORD = "discord://123456789012345678/abcdefgHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnop_12345"
TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544/"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general"
WECOM = "wecombot://693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
FEISHU = "feishu://abcdefghijklmnop"
DINGTALK = "dingtalk://secret@12345678901234567890abcd"
CHANNELS = {
    "discord": DISCORD,
    "telegram": TELEGRAM,
    "slack": SLACK,
    "wecom": WECOM,
    "feishu": FEISHU,
    "lark": "lark://planted-token",
    "dingtalk": DINGTALK,
}
ISSUE = "https://news.smol.ai/issues/26-01-30-sampler/"


def digest(each: int = 10, sentences: int = 3) -> Digest:
    """Write a digest whose entries can be told apart, with words that Markdown and HTML mind."""

    def half(kind: EntryKind) -> tuple[object, ...]:
        return tuple(
            entry("s01", f"https://example.org/{kind}/{number}?a=1&b=(2)", kind).model_copy(
                update={
                    "title": f"第{number}条{kind}的标题 *A_B* <b>",
                    "summary": "".join(
                        f"这是{kind}{number}的第{n}句话，说明模型与工具的细节🚀。"
                        for n in range(1, sentences + 1)
                    ),
                }
            )
            for number in range(1, each + 1)
        )

    return Digest.model_validate(
        {
            "date": dt.date(2026, 1, 30),
            "issue_url": ISSUE,
            "news": half("news"),
            "tools": half("tool"),
        }
    )


def cut(
    size: int, layout: MessageFormat = "text", most: int = 99, told: Digest | None = None
) -> tuple[Notification, ...]:
    """Cut a digest for a channel of so many bytes."""

    def fits(title: str, body: str) -> bool:
        return len((title + body).encode()) <= size

    return build_messages(told or digest(), layout=layout, fits=fits, max_messages=most)


def addresses(text: str) -> list[str]:
    """Find the entries' addresses in a text of any layout."""
    return re.findall(r"https://example\.org/\w+/\d+\?a=1&(?:amp;)?b=\(2\)(?=[\s\")]|$)", text)


# The messages.


@pytest.mark.parametrize("layout", ["text", "markdown", "html"])
@pytest.mark.parametrize("size", [700, 1024, 2048, 4096, 100_000])
def test_every_entry_is_told_once_and_whole(layout: MessageFormat, size: int) -> None:
    """Borders lie between entries: each stands in one message, in order, with all it has."""
    made = cut(size, layout)
    found = [each for notice in made for each in addresses(notice.body)]
    whole = [f"{kind}/{n}" for kind in ("news", "tool") for n in range(1, 11)]
    assert [each.removeprefix("https://example.org/").split("?")[0] for each in found] == whole
    for notice in made:
        assert len((notice.title + notice.body).encode()) <= size
        assert notice.body.count("第1句话") == notice.body.count("第3句话")
        assert notice.body.count("第1句话") == len(addresses(notice.body))
    if len(made) > 1:
        numbers = [f"AINews - 2026-01-30 ({n}/{len(made)})" for n in range(1, len(made) + 1)]
        assert [notice.title for notice in made] == numbers
    else:
        assert made[0].title == "AINews - 2026-01-30"


def test_a_section_s_heading_stands_with_its_first_entry() -> None:
    """No message ends with a heading, and every heading is said once."""
    made = cut(900)
    assert sum("十大AI新闻要点" in each.body for each in made) == 1
    (tools,) = [each for each in made if "十大工具产品要点" in each.body]
    assert "工具产品要点\n\n1. 第1条tool" in tools.body


def test_words_stay_words_in_every_layout() -> None:
    """A title adds no emphasis, no tag and no link of its own."""
    (markdown,) = cut(100_000, "markdown")
    tokens = MarkdownIt().parse(markdown.body)
    inner = [child for token in tokens for child in token.children or []]
    links = [child.attrs["href"] for child in inner if child.type == "link_open"]
    assert len(links) == 21
    assert not [child for child in inner if child.type in {"em_open", "strong_open"}]
    (page,) = cut(100_000, "html")
    assert "&lt;b&gt;" in page.body
    assert page.body.count("<b>") == 20


def test_an_entry_that_is_too_large_loses_its_last_sentences() -> None:
    """It ends where a sentence ends, says that something is missing, and keeps its link."""
    made = cut(420, told=digest(each=1, sentences=9))
    shortened = [each.body for each in made if "第1句话" in each.body]
    assert len(shortened) == 2
    for body in shortened:
        assert "第9句话" not in body
        assert re.search(r"细节🚀。……\nhttps://example\.org/\S+$", body)
    tiny = cut(125, told=digest(each=1, sentences=1))
    assert any(re.search(r"[^。]…\nhttps://example\.org/", each.body) for each in tiny)


def test_what_does_not_fit_is_counted_and_the_issue_linked() -> None:
    """With few messages the last one says how many entries are missing, and where to read on."""
    for most in (1, 2, 3):
        made = cut(1500, most=most)
        assert len(made) == most
        told = sum(len(addresses(each.body)) for each in made)
        assert made[-1].body.endswith(f"另有 {20 - told} 条未列出 · {ISSUE}")
        assert all(len((each.title + each.body).encode()) <= 1500 for each in made)
    # An address that is larger than the channel cannot be told at all, and is not dropped silently.
    assert "另有 2 条未列出" in cut(100, told=digest(each=1))[-1].body


def test_quotations_follow_ups_and_missing_links_are_marked() -> None:
    """What the digest says of an entry, its messages say too."""
    plain = digest(each=1)
    quoted = plain.news[0].model_copy(update={"quoted": True, "summary": "Quoted words."})
    later = plain.tools[0].model_copy(update={"link": None, "follows": dt.date(2026, 1, 28)})
    (made,) = cut(9999, told=plain.model_copy(update={"news": (quoted,), "tools": (later,)}))
    assert "【原文】第1条" in made.body
    assert "原文摘录（译文未通过核对）：“Quoted words.”" in made.body
    assert "来源：文章内容 · 后续（2026-01-28）" in made.body
    assert "⚠️" in made.body


def test_an_entry_loses_as_little_as_it_must() -> None:
    """One sentence after the other, and of the title only when there is no summary left."""
    told = digest(each=1, sentences=4)
    sizes = range(150, 700, 11)
    seen = []
    for size in sizes:
        bodies = [each.body for each in cut(size, told=told.model_copy(update={"tools": ()}))]
        (body,) = [each for each in bodies if "https://example.org/news/1" in each] or [""]
        if not body:
            continue
        sentences, whole = body.count("句话"), "的标题 *A_B* <b>" in body
        assert whole or not sentences
        assert ("……" in body) is (whole and sentences < 4)
        seen.append((whole, sentences))
    assert seen == sorted(seen)
    assert {sentences for _, sentences in seen} == {0, 1, 2, 3, 4}


def test_a_title_is_cut_no_shorter_than_it_must_be() -> None:
    """It fills the channel, and says that it was cut."""
    told = digest(each=1, sentences=1).model_copy(update={"tools": ()})
    lengths = []
    for size in range(112, 132, 2):
        for each in cut(size, told=told):
            if found := re.search(r"1\. (.+)…\n", each.body):
                assert size - len((f"{each.title} (99/99)" + each.body).encode()) < 8 + 8
                lengths.append(len(found[1]))
    assert lengths == sorted(lengths)
    assert len(set(lengths)) > 2


def test_english_sentences_of_a_quotation_end_where_a_blank_follows() -> None:
    """A version's dot is no end of a sentence."""
    quoted = (
        digest(each=1)
        .news[0]
        .model_copy(update={"summary": "Model 5.2 is out; it is fast. " * 8, "title": "T"})
    )
    told = digest(each=1).model_copy(update={"news": (quoted,), "tools": ()})
    for size in range(200, 400, 7):
        for each in cut(size, told=told):
            if "……" in each.body:
                assert re.search(r"(out;|fast\.)……\n", each.body)


def test_one_quotation_is_warned_of_and_none_is_not() -> None:
    """Before the first entry."""
    one = digest(each=2)
    quoted = one.news[0].model_copy(update={"quoted": True})
    (warned,) = cut(9999, told=one.model_copy(update={"news": (quoted, one.news[1])}))
    assert warned.body.index("⚠️") < warned.body.index("【原文】")
    assert "⚠️" not in cut(9999, told=one)[0].body


def test_headings_fit_their_layout() -> None:
    """A sign of a heading in Markdown alone; words are escaped in HTML alone."""
    whole = {layout: cut(10**6, layout)[0].body for layout in ("markdown", "html", "text")}
    assert "## " in whole["markdown"]
    assert whole["markdown"].count("\n\n### ") == 20
    assert whole["markdown"].count("\n\n## ") == 2
    assert "## " not in whole["text"]
    assert "##" not in whole["html"]
    assert whole["html"].count("<h3>") == 2
    assert "&lt;b&gt;" not in whole["text"]
    assert "a=1&amp;b" in whole["html"]
    assert "a=1&b" in whole["text"]


@pytest.mark.parametrize("layout", ["text", "markdown", "html"])
def test_what_stands_above_the_entries_keeps_the_limit_too(layout: MessageFormat) -> None:
    """Counts of a roundup go on in the next message; one that is too long alone is cut, marked."""
    notes = ("一" * 40 + "。", "二" * 40 + "。", "三" * 200 + "。")
    period = Period(name="2026-01", notes=notes, digests=("2026-01-30",))
    told = digest().model_copy(update={"period": period})
    made = cut(420, layout, told=told)
    assert all(len((each.title + each.body).encode()) <= 420 for each in made)
    said = "".join(each.body for each in made)
    assert notes[0] in said
    assert notes[1] in said
    assert notes[2] not in said
    assert "三" * 50 in said
    assert re.search("三……", said)
    (whole,) = cut(100_000, layout, told=told)
    assert all(note in whole.body for note in notes)


def test_everything_that_is_left_out_is_counted() -> None:
    """What would have stood in further messages, what made room for the count, what never fits."""
    for size in (420, 900, 1500, 2600):
        for most in (1, 2, 4, 9):
            made = cut(size, most=most)
            told = sum(len(addresses(each.body)) for each in made)
            found = re.search(r"另有 (\d+) 条未列出", made[-1].body)
            assert told + (int(found[1]) if found else 0) == 20
            assert len(made) <= most


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_s_own_limit_holds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Apprise would send is within the limit that Apprise gives, and every entry is in it."""
    plugin = apprise.Apprise.instantiate(CHANNELS[name])
    sent: list[str] = []

    def send(body: str, title: str = "", **_: object) -> bool:
        sent.append(f"{title}\n{body}" if title else body)
        return True

    monkeypatch.setattr(plugin, "send", send)
    monkeypatch.setattr(plugin, "request_rate_per_sec", 0)
    channel = module._Channel(plugin, digest(sentences=10), None, 50)
    channel.send(module._StatusCapture())
    text = "\n".join(sent)
    assert [f"{kind}{n}的第3句话" in text for kind in ("news", "tool") for n in range(1, 11)] == [
        True
    ] * 20
    limit = plugin.body_maxlen
    if name in {"discord", "telegram", "slack"}:
        assert all(len(each.encode("utf-16-le")) // 2 <= limit for each in sent)
    elif name == "wecom":
        assert all(len(each.encode()) <= limit for each in sent)
    else:
        assert all(len(json.dumps(each)) <= limit for each in sent)
    assert (len(sent) > 1) == (name != "slack")
    # Its Markdown would need an escape for every mark.
    assert ("<b>1. " in sent[0]) == (name == "telegram")


# The channels.


class Inbox:
    """What a channel received, and how it answers."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.status: Callable[[int], int] = lambda _: 200
        self.hold = threading.Event()
        self.hold.set()
        self.url = ""


@contextmanager
def channel() -> Iterator[Inbox]:
    """Receive on loopback."""
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            inbox.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            inbox.hold.wait(10)
            self.send_response(inbox.status(len(inbox.bodies)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    inbox.url = f"127.0.0.1:{server.server_port}/planted-token"
    try:
        yield inbox
    finally:
        inbox.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()


def tell(
    told: Digest, *, urls: SecretStr, max_bytes: int | None = None, timeout_s: float = 5
) -> tuple[str, ...]:
    """Send a digest to every channel, and give the warnings."""
    numbers = range(1, 10)
    failed = notify_channels(
        told,
        urls=urls,
        numbers=numbers,
        max_bytes=max_bytes,
        max_messages=10,
        timeout_s=timeout_s,
    )
    return tuple(failed.values())


@pytest.mark.parametrize("kind", ["json", "form", "xml"])
def test_a_digest_arrives(kind: str) -> None:
    """One message, all twenty entries, and no warning."""
    with channel() as inbox:
        assert tell(digest(), urls=SecretStr(f"{kind}://{inbox.url}")) == ()
    (body,) = inbox.bodies
    if kind == "json":
        text = json.loads(body)["message"]
    elif kind == "form":
        text = parse_qs(body.decode())["message"][0]
    else:
        text = body.decode().partition("<Message>")[2]
    assert text.count("第3句话") == 20


def test_a_smaller_limit_of_the_settings_holds() -> None:
    """Several messages arrive in order, each within the bytes that were set."""
    with channel() as inbox:
        assert tell(digest(), urls=SecretStr(f"json://{inbox.url}"), max_bytes=1500) == ()
    told = [json.loads(body) for body in inbox.bodies]
    assert [each["title"] for each in told] == [
        f"AINews - 2026-01-30 ({n}/{len(told)})" for n in range(1, len(told) + 1)
    ]
    assert len(told) > 3
    assert all(len(each["message"].encode()) <= 1500 for each in told)


def test_a_channel_that_fails_is_one_warning_and_the_others_are_told(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The warning names service, status and how far it got, never the address."""
    with channel() as good, channel() as bad:
        bad.status = lambda count: 200 if count == 1 else 503
        urls = f"json://user:planted-word@{bad.url}?+X-Key=planted-key, xml://{good.url}"
        with caplog.at_level(logging.DEBUG):
            said = tell(digest(), urls=SecretStr(urls), max_bytes=2000)
        assert len(good.bodies) > 1
        assert len(bad.bodies) == 2
    total = len(good.bodies)
    assert len(said) == 1
    assert said[0].startswith("notification 1 of AINEWS_NOTIFY_URLS: JSON answered 503; 1 of ")
    assert total
    shown = capfd.readouterr()
    assert "planted" not in said[0] + caplog.text + shown.out + shown.err


def test_a_channel_that_hangs_is_left_in_time() -> None:
    """The run goes on after the timeout, although nothing was answered."""
    began = time.monotonic()
    with channel() as inbox:
        inbox.hold.clear()
        said = tell(digest(), urls=SecretStr(f"json://{inbox.url}"), timeout_s=0.2)
    assert time.monotonic() - began < 3
    assert said == (
        "notification 1 of AINEWS_NOTIFY_URLS: JSON gave no answer; 0 of 1 messages were sent",
    )


def test_a_channel_that_drips_is_left_in_time() -> None:
    """A byte now and then starts the service's own timeout anew, but not ours."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            with server.accept()[0] as client, suppress(OSError):
                client.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not ended.wait(0.02):
                    client.sendall(b"x")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        url = f"json://127.0.0.1:{server.getsockname()[1]}"
        (said,) = tell(digest(), urls=SecretStr(url), timeout_s=0.1)
        assert time.monotonic() - began < 20
        ended.set()
        thread.join()
    assert "JSON gave no answer; 0 of 1" in said


def test_addresses_that_cannot_be_used_are_warnings(caplog: pytest.LogCaptureFixture) -> None:
    """Unknown services, no addresses at all and closed ports: a line each, and no token in it."""
    with channel() as closed:
        pass
    urls = f"nonsense://planted  planted-token\njson://{closed.url},discord://planted"
    with caplog.at_level(logging.DEBUG):
        said = tell(digest(), urls=SecretStr(urls))
    assert [each.partition(": ")[2].partition(";")[0] for each in said] == [
        "Apprise knows no such address",
        "Apprise knows no such address",
        "JSON gave no answer",
        "Apprise knows no such address",
    ]
    assert "planted" not in "".join(said) + caplog.text
    assert tell(digest(), urls=SecretStr(" , ")) == ()


def test_without_the_extra_there_is_one_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    (said,) = tell(digest(), urls=SecretStr("json://localhost"))
    assert "ainews-digest[notify]" in said


# Calls.

CALLS = (
    *("@everyone", "@here", "@all", "@channel", "@someone", "<@123456789012345678>", "<@&42>"),
    *(
        '<at user_id="all">全体</at>',
        "<AT id=all></AT>",
        "<!everyone>",
        "<!channel|x>",
        "<#C12345>",
    ),
    *("`@everyone`", '`<at user_id="all">全体</at>`', "<users/all>", "pass@1", "me@evil.example"),
    *(
        "@\u200beveryone",
        "<\u200bat user_id='all'>",
        "\\@everyone",
        "&#64;everyone",
        "&lt;!here&gt;",
    ),
    *("<https://evil.example|来源>", "@**all**", "<\u200b!here>", "@所有人"),
    # Wide, small, escaped once and twice, for JSON, for HTML, in pieces and in other services' words.
    *(
        "＠all",
        "﹫all",
        "<@U123>",
        "<@&1>",
        "<@!1>",
        "<@all>",
        "<!subteam^S1>",
        "<＠U1>",
        "＜!here>",
    ),
    *(
        "&lt;at user_id=&quot;all&quot;&gt;",
        "&amp;lt;at id=all&amp;gt;",
        "&lt;@U1&gt;",
        "&commat;all",
    ),
    *(
        "&#x40;here",
        "&#0064;here",
        "\\u0040everyone",
        "\\u003cat id=all>",
        "\\x40here",
        "\\<!here>",
    ),
    *("<a\u200bt id=all>", "<\u2060@U1>", "@\u00adhere", "@\ufeffall", "<\nat id=all>", "<\tat>"),
    *(
        "<at>全体</at>",
        "</at>",
        "<at\u3000id=all>",
        "<at/>",
        "<font color=red>@all</font>",
        "@_**a**",
    ),
    *(
        "[全体](@all)",
        "<mailto:a@b.c|x>",
        "<tg://user?id=1>",
        "<slack://x>",
        "<!date^1^x|y>",
        "@@here",
    ),
    *("@13800000000", "@room", "@team", "@online", "a@all@b", "#@all", "@all：", "（@全体成员）"),
)
LIVE = re.compile(r"[@﹫]|<\s*/?at\b|<[!#]|<users/|<https?:", re.IGNORECASE)


def calling(words: str, link: str = "https://medium.com/@everyone/a") -> Digest:
    """Write a digest whose title, summary and link call somebody."""
    one = digest(each=1, sentences=1)
    made = one.news[0].model_copy(
        update={"title": f"标题{words} 甲", "summary": f"摘要 {words} 乙。", "link": link}
    )
    return one.model_copy(update={"news": (made,)})


@pytest.mark.parametrize("layout", ["text", "markdown", "html"])
def test_no_message_calls_anybody(layout: MessageFormat) -> None:
    """Whatever stands in an entry or its address, inline code included."""
    for words in CALLS:
        (made,) = cut(99_999, layout, told=calling(words))
        assert not LIVE.search(made.title + made.body), words
        assert "https://medium.com/%40everyone/a" in made.body, words


@pytest.mark.parametrize("name", CHANNELS)
@pytest.mark.parametrize("override", ["", "text", "markdown", "html"])
def test_nobody_is_pinged_on_any_channel(
    name: str, override: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Apprise has converted the text, in every format that its address may name."""
    mark = "&" if "?" in CHANNELS[name] else "?"
    url = CHANNELS[name] + (f"{mark}format={override}" if override else "")
    plugin = apprise.Apprise.instantiate(url)
    if plugin is None:
        pytest.skip("this service has no such format")
    sent: list[str] = []

    def send(body: str, title: str = "", **_: object) -> bool:
        sent.append(f"{title}\n{body}")
        return True

    monkeypatch.setattr(plugin, "send", send)
    monkeypatch.setattr(plugin, "request_rate_per_sec", 0)
    for words in CALLS:
        channel = module._Channel(plugin, calling(words), None, 50)
        channel.send(module._StatusCapture())
    assert len(sent) >= len(CALLS)
    # Slack's own form of a link, which Apprise writes, is no call.
    ours = re.compile(r"<https?://[^|>]+\|(?:来源|原文链接)（[^）]+）>")
    assert not [each for each in sent if LIVE.search(ours.sub("", each))]


def test_words_that_call_nobody_stay_as_they_are() -> None:
    """Comparisons, tags of models and HTML, an exclamation."""
    for words in ("a<b与b>c", "<think>", "<attention>", "5<6!", "#1", "users/all"):
        (made,) = cut(99_999, told=calling(words))
        assert f"标题{words} 甲" in made.body


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://github.com/acme/heron", "github.com"),
        ("https://www.acme.com/a", "acme.com"),
        ("https://github.com@evil.example/a", "github.com%40evil.example"),
        ("https://acme-com.evil.example/acme", "acme-com.evil.example"),
        ("https://аcme.com/a", "xn--cme-5cd.com"),
        ("https://evil.example:8443/a", "evil.example"),
    ],
)
@pytest.mark.parametrize("layout", ["markdown", "html"])
def test_a_link_shows_its_host(layout: MessageFormat, link: str, host: str) -> None:
    """Where the words of a link hide its address; in plain text the address itself stands."""
    (made,) = cut(99_999, layout, told=calling("", link))
    shown = made.body.replace("\\", "")
    assert f"来源（{host}）" in shown
    assert "原文链接（news.smol.ai）" in shown
    (plain,) = cut(99_999, told=calling("", link))
    assert "（" not in plain.body
