"""One large file over the net, as it comes; what it is and where it goes is for `weights.py`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx2

from pipeline.network import SocketDeadline, find_proxy, socks_errors, tls_context


@contextmanager
def open_download(
    url: str, headers: Mapping[str, str], *, timeout_s: float = 30
) -> Iterator[httpx2.Response]:
    """Ask for a file, through the environment's proxy and whatever it redirects to.

    Raises:
        SettingsError: a proxy or certificates of the environment cannot be used.
        ConnectionError: it cannot be had, or broke off.
    """
    proxy = find_proxy(url)
    # From the connection to the headers; a SOCKS proxy that says nothing has no other limit.
    deadline = SocketDeadline(timeout_s)
    through = f", through the proxy of {proxy.variable}" if proxy else ""
    try:
        with (
            httpx2.Client(
                proxy=proxy and proxy.url,
                verify=tls_context(url, httpx2.create_ssl_context),
                trust_env=False,
                follow_redirects=True,
                timeout=timeout_s,
            ) as client,
            client.stream(
                "GET",
                url,
                headers={"Accept-Encoding": "identity", **headers},
                extensions={"trace": deadline.trace},
            ) as answer,
        ):
            deadline.stop()
            if not answer.is_success:
                raise ConnectionError(f"the server answered {answer.status_code}")
            yield answer
    except _download_errors() as error:
        what = " ".join(str(error).split()) or type(error).__name__
        raise ConnectionError(what + through) from error
    finally:
        deadline.stop()


def _download_errors() -> tuple[type[Exception], ...]:
    return (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, *socks_errors())
