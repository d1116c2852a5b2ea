"""A site of our own, a browser that looks at it, and what it must never do."""

import datetime as dt
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

import daily
from pipeline.records import month_of, week_of
from pipeline.roundup import compose_roundup, read_period, write_roundup
from pipeline.site.build import build_site as build
from pipeline.site.server import BuiltFiles, SiteServer
from pipeline.write.files import write
from repository import require_git

Theme = Literal["light", "dark"]
WIDTHS = (390, 1280)
THEMES: tuple[Theme, ...] = ("light", "dark")
DAYS = 33
"""Days of the site: of two months, and more than the feed tells."""
HOSTILE = daily.FIRST_DAY + dt.timedelta(days=DAYS)
"""Date of the digest that is hostile, the newest of all."""
WEEK, MONTH = week_of(HOSTILE), month_of(daily.FIRST_DAY)
"""Periods that have a roundup: the week of the hostile digest, and the first month."""
_PATIENCE_MS = 20_000
"""How long the browser may take; other tests may want the cores meanwhile."""
expect.set_options(timeout=_PATIENCE_MS)
_GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org")


class ServedSite(NamedTuple):
    """A site that is served."""

    out: Path
    url: str
    stems: tuple[str, ...]
    """Names of its digests, oldest first; the hostile one is not among them."""


class BrowserLog(NamedTuple):
    """What the browser did besides what it was told."""

    console: list[str]
    """Errors and warnings of the console, and of scripts."""
    outside: list[str]
    """Addresses it asked for that are not the site's own."""


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedSite]:
    """Build and serve a site of many days, of which the last one is hostile in both versions."""
    require_git()
    folder = tmp_path_factory.mktemp("site")
    outputs = folder / "outputs"
    stems = daily.write_digests(outputs, DAYS)
    for before in (4, 3, 2):
        write(daily.digest_of_a_chain(HOSTILE - dt.timedelta(days=before)), outputs)
    last = daily.digest(daily.FIRST_DAY + dt.timedelta(days=DAYS - 1))
    write(daily.hostile_digest(HOSTILE, shift=3), outputs)
    for arguments in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "One")):
        subprocess.run([*_GIT, *arguments], cwd=outputs, check=True)
    write(daily.changed_digest(last), outputs)
    write(daily.hostile_digest(HOSTILE), outputs)
    for period in (WEEK, MONTH):
        digests = read_period(outputs, period).digests
        write_roundup(compose_roundup(period, digests), outputs, period)
    built = build(outputs, folder / "out", repository_url="https://example.org/owner/repository")
    with SiteServer(BuiltFiles(built.out, frozenset(built.files)), port=0) as server:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        yield ServedSite(built.out, server.url, tuple(stems))
        server.shutdown()


@contextmanager
def looking(
    chromium: Browser,
    own: str,
    *,
    width: int = 1280,
    theme: Theme = "light",
    scripts: bool = True,
    touch: bool = False,
) -> Iterator[tuple[BrowserContext, BrowserLog]]:
    """Open a context of the browser that notes whatever it should not do."""
    seen = BrowserLog([], [])
    size: ViewportSize = {"width": width, "height": 844}
    with chromium.new_context(
        viewport=size,
        color_scheme=theme,
        java_script_enabled=scripts,
        locale="zh-CN",
        has_touch=touch,
    ) as context:
        context.set_default_timeout(_PATIENCE_MS)
        context.on(
            "console",
            lambda said: (
                seen.console.append(said.text) if said.type in {"error", "warning"} else None
            ),
        )
        context.on("weberror", lambda error: seen.console.append(str(error.error)))
        context.on(
            "request",
            lambda asked: (
                seen.outside.append(asked.url)
                if not asked.url.startswith((own, "data:image/"))
                else None
            ),
        )
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', event => "
            "console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"
        )
        yield context, seen


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    """Take the width of a phone, then that of a screen."""
    found = request.param
    assert isinstance(found, int)
    return found


@pytest.fixture(scope="session")
def windows(chromium: Browser, place: ServedSite) -> Iterator[dict[int, tuple[Page, BrowserLog]]]:
    """Open a window of each width: a new one for each test is half of what the tests take."""
    with ExitStack() as stack:
        found = {}
        for width in WIDTHS:
            context, seen = stack.enter_context(looking(chromium, place.url, width=width))
            found[width] = context.new_page(), seen
        yield found


@pytest.fixture
def page(
    windows: dict[int, tuple[Page, BrowserLog]], place: ServedSite, width: int
) -> Iterator[Page]:
    """Lend a window that remembers nothing, and see that it did nothing that it should not."""
    found, seen = windows[width]
    session = found.context.new_cdp_session(found)
    session.send(
        "Storage.clearDataForOrigin", {"origin": place.url.rstrip("/"), "storageTypes": "all"}
    )
    session.send("Page.resetNavigationHistory")
    session.detach()
    found.mouse.move(0, 0)
    yield found
    found.goto("about:blank")
    noted = BrowserLog([*seen.console], [*seen.outside])
    seen.console.clear()
    seen.outside.clear()
    assert len(found.context.pages) == 1
    assert noted == BrowserLog([], [])
