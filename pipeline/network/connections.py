"""What the environment says of connections: proxies and certificates, read in one way by all.

Clients are given what is found here, and read no variable themselves: they differ in what they
make of one, and none says which could not be used. Nothing is looked at before a connection is
needed, and none to this machine goes through a proxy.
"""

import os
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies

from pipeline.errors import SettingsError

_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")


class Proxy(NamedTuple):
    """A proxy, and where it is named."""

    url: str
    """Its address, which may hold a password."""
    variable: str
    """Name of the variable, for messages."""


def is_loopback(host: str) -> bool:
    """Say whether `name[:port][/path]` is this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def find_proxy(url: str) -> Proxy | None:
    """Find the proxy that a connection to an address goes through; None where it goes straight.

    Raises:
        SettingsError: the variable that names it cannot be used.
    """
    address = urlsplit(url)
    if is_loopback(address.netloc.rpartition("@")[2]) or _goes_straight(address):
        return None
    known = getproxies()
    for kind in (address.scheme, "all"):
        if value := known.get(kind, "").strip():
            names = (f"{kind}_proxy", f"{kind}_proxy".upper())
            variable = next((name for name in names if os.environ.get(name)), names[1])
            return Proxy(_check_proxy(value, variable), variable)
    return None


def tls_context(url: str, make: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Give the certificates that a connection to an address trusts, checked where it needs any.

    Raises:
        SettingsError: a variable names certificates that cannot be used.
    """
    if urlsplit(url).scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody
    check_certificates("SSL_CERT_FILE", "SSL_CERT_DIR")
    return make()


def load_certificates() -> ssl.SSLContext:
    """Load the certificates that SSL_CERT_FILE or SSL_CERT_DIR names, else those of certifi."""
    if file := os.environ.get("SSL_CERT_FILE"):
        return ssl.create_default_context(cafile=file)
    if folder := os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def check_certificates(*variables: str) -> None:
    """Check the file or folder of certificates that the first variable that is set names.

    Raises:
        SettingsError: it cannot be used; names the variable.
    """
    name = next((name for name in variables if os.environ.get(name)), "")
    value = os.environ.get(name, "")
    why = ""
    try:
        # OpenSSL takes a list of folders, and is silent about those that are not there.
        if name.endswith("_DIR") or (not name.startswith("SSL_") and os.path.isdir(value)):  # noqa: PTH112 - one or many
            if not any(os.access(folder, os.R_OK | os.X_OK) for folder in value.split(os.pathsep)):
                why = "no such folder can be read"
        elif name:
            ssl.create_default_context(cafile=value)
    except ssl.SSLError:
        why = "it holds no certificate in PEM"
    except OSError as error:
        why = error.strerror or str(error)
    if why:
        raise SettingsError(f"{name} {value!r} cannot be used: {why}; correct or unset it")


def keep_loopback_direct() -> None:
    """Name this machine in NO_PROXY, for libraries that read the environment themselves."""
    known = getproxies()
    if known:
        os.environ["no_proxy"] = ",".join(
            filter(None, (known.get("no"), "localhost", "127.0.0.0/8", "::1"))
        )


def socks_errors() -> tuple[type[Exception], ...]:
    """Name what a SOCKS proxy that talks nonsense has the clients raise, past their own errors."""
    from socksio import SOCKSError

    return (SOCKSError,)


def _check_proxy(value: str, variable: str) -> str:
    """Check a proxy's address; one without a scheme is HTTP, as for other programs."""
    url = value if "://" in value else f"http://{value}"
    with suppress(ValueError):
        parts = urlsplit(url)
        # Reading the port checks it.
        usable = parts.hostname and parts.port != 0 and not re.search(r"[\s\x00-\x1f]", value)
        if usable and parts.scheme in _PROXY_SCHEMES:
            return url
    # Its value may hold a password.
    raise SettingsError(
        f"{variable} cannot be used as a proxy: give http://host:port, or one of "
        f"{', '.join(_PROXY_SCHEMES[1:])}, or unset it"
    )


def _goes_straight(address: SplitResult) -> bool:
    """Say whether NO_PROXY names a host: itself, its domain, its network, or with its port."""
    host = (address.hostname or "").rstrip(".")
    for entry in re.split(r"[\s,]+", getproxies().get("no", "").strip().lower()):
        if entry == "*":
            return True
        with suppress(ValueError):
            if ip_address(host) in ip_network(entry.strip("[]"), strict=False):
                return True
        for name, port in _name_and_port(entry):
            if port in (None, address.port) and (host == name or host.endswith(f".{name}")):
                return True
    return False


def _name_and_port(entry: str) -> Iterator[tuple[str, int | None]]:
    """Read `name`, `.name`, `*.name`, each with or without a port; what is none of them is none."""
    with suppress(ValueError):
        parts = urlsplit(f"//{entry}")
        if name := (parts.hostname or "").removeprefix("*").strip("."):
            yield name, parts.port
