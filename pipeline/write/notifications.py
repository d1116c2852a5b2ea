"""Sends a published digest, or a failed night, to people, over any service that Apprise knows.

The only importer of apprise, which comes with the extra `notify`. No failure here fails a run:
each is a warning. Apprise's own log lines and exceptions may hold an address with its token, so
none of them is passed on: a warning names a service and a status, nothing else.
"""

import json
import logging
import re
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import get_ident
from time import monotonic
from typing import TYPE_CHECKING, Final, cast

from pydantic import SecretStr

from pipeline.errors import SettingsError
from pipeline.network import check_certificates, find_proxy, keep_loopback_direct
from pipeline.records import Digest
from pipeline.write.messages import (
    FailedNight,
    MessageFormat,
    build_failure_message,
    build_messages,
)

if TYPE_CHECKING:
    from apprise import NotifyBase

_NOT_INSTALLED: Final = (
    "nobody was told: AINEWS_NOTIFY_URLS is set, but apprise is not installed; "
    "run pip install 'ainews-digest[notify]'"
)
_NO_ANSWER: Final = "gave no answer"
_UNKNOWN_ADDRESS: Final = "Apprise knows no such address; see its list of services"
_URL_SEPARATOR = re.compile(r"\s+|,+(?=[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
_STATUS = re.compile(r"\berror=(\d{3})\b")
_TITLE_MARKUP_CHARS: Final = 24
"""What Apprise puts around a title that it writes above the body, at most."""

# Apprise knows each service's limit, but not the unit it is counted in. Services not named here are
# taken to count UTF-8 bytes, the strictest reading for Chinese text but one.
_COUNT_CHARACTERS = frozenset({"discord", "tgram", "slack"})
# These limit the request, in which Apprise writes each Chinese character as six bytes of ASCII.
_COUNT_REQUEST = frozenset({"feishu", "lark", "dingtalk"})


def notify_channels(
    digest: Digest,
    *,
    urls: SecretStr,
    numbers: Collection[int],
    max_bytes: int | None,
    max_messages: int,
    timeout_s: float = 20,
) -> dict[int, str]:
    """Send one digest to some of the channels, all at once.

    Args:
        digest: what was published.
        urls: Apprise URLs, separated by blanks or commas.
        numbers: which of them, counted from 1.
        max_bytes: largest message in UTF-8 bytes, where a channel's own limit is larger.
        max_messages: how many messages one channel gets for one digest, at least 1.
        timeout_s: longest wait for one message; a service's own pauses between messages come on
            top.

    Returns:
        A warning by the number of each channel that did not take all of it.
    """
    some = {number: url for number, url in split_addresses(urls).items() if number in numbers}
    return _send(digest, some, max_bytes, max_messages, timeout_s)


def split_addresses(urls: SecretStr) -> dict[int, str]:
    """Take the Apprise URLs of the setting apart, counted from 1."""
    given = urls.get_secret_value().strip(" ,\t\r\n")
    return dict(enumerate(filter(None, _URL_SEPARATOR.split(given)), 1))


def notify_failure(
    night: FailedNight,
    *,
    urls: SecretStr,
    max_bytes: int | None = None,
    timeout_s: float = 20,
) -> tuple[bool, tuple[str, ...]]:
    """Tell every channel that a night failed, and why.

    Returns:
        Whether any channel took it, and one warning for each that did not.
    """
    addresses = split_addresses(urls)
    failed = _send(night, addresses, max_bytes, 1, timeout_s)
    return len(failed) < len(addresses), tuple(dict.fromkeys(failed.values()))


def address_problems(urls: SecretStr) -> tuple[str, ...]:
    """Say which addresses no message could ever go to; sends nothing, shows none of them.

    Without apprise none can be looked at, and none is named.
    """
    addresses = split_addresses(urls)
    if not addresses:
        return ("AINEWS_NOTIFY_URLS holds no address",)
    try:
        from apprise import Apprise
    except ModuleNotFoundError:
        return ()
    _silence_logs()
    return tuple(
        _problem_line(number, _UNKNOWN_ADDRESS)
        for number, address in addresses.items()
        if Apprise.instantiate(address) is None
    )


def _problem_line(number: int, problem: str) -> str:
    return f"notification {number} of AINEWS_NOTIFY_URLS: {problem}"


def _send(
    content: Digest | FailedNight,
    addresses: Mapping[int, str],
    max_bytes: int | None,
    max_messages: int,
    timeout_s: float,
) -> dict[int, str]:
    """Send to every channel; give what went wrong by the number of those that did not take it."""
    try:
        from apprise import Apprise
    except ModuleNotFoundError:
        return dict.fromkeys(addresses, _NOT_INSTALLED)
    statuses = _silence_logs()
    keep_loopback_direct()
    channels = {}
    for number, address in addresses.items():
        plugin = Apprise.instantiate(address)
        if plugin is not None:
            plugin.socket_connect_timeout = plugin.socket_read_timeout = timeout_s
            channels[number] = _Channel(plugin, content, max_bytes, max_messages)
    # By this name the command line knows threads whose answers nobody waits for at its end.
    pool = ThreadPoolExecutor(max(len(channels), 1), thread_name_prefix="ask-notify")
    sending = {number: pool.submit(ch.send, statuses) for number, ch in channels.items()}
    started = monotonic()
    warnings = {}
    for number in addresses:
        problem = _UNKNOWN_ADDRESS
        if channel := channels.get(number):
            wait_s = started + channel.max_wait_s - monotonic()
            problem = channel.problem(sending[number], wait_s)
        if problem:
            warnings[number] = _problem_line(number, problem)
    pool.shutdown(wait=False, cancel_futures=True)
    return warnings


class _Channel:
    """One service and the messages that it gets."""

    def __init__(
        self,
        plugin: "NotifyBase",
        content: Digest | FailedNight,
        max_bytes: int | None,
        max_messages: int,
    ) -> None:
        self._plugin = plugin
        self._layout = _choose_format(plugin)
        self._kind = "failure" if isinstance(content, FailedNight) else "info"
        fits = partial(_fits, plugin, self._layout, max_bytes)
        self._messages = (
            build_failure_message(content, layout=self._layout, fits=fits)
            if isinstance(content, FailedNight)
            else build_messages(content, layout=self._layout, fits=fits, max_messages=max_messages)
        )
        self._sent = 0
        self._status = ""

    @property
    def max_wait_s(self) -> float:
        """Longest wait for all of it: connecting and answering, and the service's own pauses."""
        message_s = 2 * self._plugin.socket_read_timeout + self._plugin.request_rate_per_sec
        return float(len(self._messages) * message_s)

    def send(self, statuses: "_StatusCapture") -> None:
        """Send one message after the other, up to the first that is not taken."""
        for message in self._messages:
            if not self._plugin.notify(
                title=message.title,
                body=message.body,
                body_format=self._layout,
                notify_type=self._kind,
            ):
                self._status = statuses.last_status()
                return
            self._sent += 1

    def problem(self, sending: "Future[None]", wait_s: float) -> str:
        """Wait for the messages and say in one clause what went wrong; blank where nothing did."""
        try:
            error = sending.exception(max(wait_s, 0))
        except TimeoutError:
            problem = _NO_ANSWER
        else:
            # The error's own words may hold the address, and with it the token.
            problem = type(error).__name__ if error else self._status or _NO_ANSWER
            if not self._status:
                problem = self._wrong_surroundings() or problem
        total = len(self._messages)
        if self._sent == total:
            return ""
        return f"{self._plugin.service_name} {problem}; {self._sent} of {total} messages were sent"

    def _wrong_surroundings(self) -> str:
        """Name a variable of the environment that a connection to the service cannot use."""
        scheme = "https" if self._plugin.secure else "http"
        try:
            find_proxy(f"{scheme}://{self._plugin.host or 'unnamed'}")
            if self._plugin.secure:
                check_certificates("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
        except SettingsError as error:
            return f"{_NO_ANSWER} ({error})"
        return ""


def _choose_format(plugin: "NotifyBase") -> MessageFormat:
    """Choose the format that the URL names, else Markdown where the service shows it.

    Telegram and mail take HTML by default, which needs fewer escapes.
    """
    named = plugin.resolve_format().value
    chosen = named if named == "html" else plugin.resolve_format("markdown").value
    return cast("MessageFormat", chosen)


def _fits(
    plugin: "NotifyBase", layout: MessageFormat, max_bytes: int | None, title: str, body: str
) -> bool:
    """Whether a service takes a title and a body as one message."""
    sent = plugin.dialect_convert(body, plugin.resolve_format(layout))
    if plugin.title_maxlen <= 0 or plugin.overflow_amalgamate_title:
        sent = f"{title}{' ' * _TITLE_MARKUP_CHARS}{sent}"
    if 0 < plugin.body_max_line_count < len(sent.splitlines()):
        return False
    if max_bytes is not None and len(sent.encode()) > max_bytes:
        return False
    return _message_size(plugin, sent) <= plugin.body_maxlen


def _message_size(plugin: "NotifyBase", text: str) -> int:
    """Count a text as the service does."""
    names = {*_as_names(plugin.protocol), *_as_names(plugin.secure_protocol)}
    if names & _COUNT_CHARACTERS:
        return len(text.encode("utf-16-le")) // 2
    return len(json.dumps(text)) if names & _COUNT_REQUEST else len(text.encode())


def _as_names(protocol: str | Sequence[str] | None) -> Sequence[str]:
    return (protocol,) if isinstance(protocol, str) else protocol or ()


class _StatusCapture(logging.Handler):
    """Takes the status that a server answered from Apprise's log, and keeps nothing else."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._last: dict[int | None, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the status of a line."""
        if found := _STATUS.search(record.getMessage()):
            self._last[record.thread] = f"answered {found[1]}"

    def last_status(self) -> str:
        """Give the last status in this thread; blank where there was none."""
        return self._last.get(get_ident(), "")


def _silence_logs() -> _StatusCapture:
    """Route the logs of Apprise and its HTTP library to our handler alone, for good."""
    statuses = _StatusCapture()
    for name in ("apprise", "urllib3"):
        logger = logging.getLogger(name)
        logger.handlers = [statuses]
        logger.propagate = False
    return statuses
