"""An entry -> the address at which a reader reports an error in it, filled in as far as it can be.

Pure. It leads to the form for a new issue of the repository that the site belongs to; whoever sends
it has an account there, and reads it first. Nothing is sent by itself.
"""

from importlib.metadata import version
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from pipeline.records import Entry
from pipeline.site.citations import line_ranges
from pipeline.site.safe import one_line

MAX_CHARS: Final = 6_000
"""Longest address: servers take 8,000."""
_MAX_TITLE_CHARS: Final = 60
_WHAT: Final = "哪一句有误，原文怎么说：\n\n"


class ReportForm(NamedTuple):
    """The form for new issues of one repository."""

    repository: str
    """Its public address."""
    version: str
    """Of this program, with its name."""

    def link(self, digest: str, place: str, entry: Entry) -> str:
        """Fill it in for an entry."""
        title = f"{digest} {place}：{one_line(entry.title)[:_MAX_TITLE_CHARS]}"
        sentences = _sentences(entry)
        for kept in range(len(sentences), -1, -1):
            told = "\n".join(sentences[:kept])
            body = f"{_WHAT}{digest} {place}\n{one_line(entry.title)}\n{told}\n\n{self.version}\n"
            # An @ would call somebody.
            if len(link := self._link(title, body.replace("@", "＠"))) <= MAX_CHARS:
                return link
        return self._link(f"{digest} {place}", _WHAT)

    def _link(self, title: str, body: str) -> str:
        address = self.repository.rstrip("/")
        if "gitlab" in (urlsplit(address).hostname or ""):
            fields = {"issue[title]": title, "issue[description]": body}
            return f"{address}/-/issues/new?{urlencode(fields)}"
        return f"{address}/issues/new?{urlencode({'title': title, 'body': body})}"


def _sentences(entry: Entry) -> list[str]:
    """Write each sentence with the evidence lines that it rests on."""
    if not entry.told:
        return [one_line(entry.summary)]
    return [
        f"{number}. {one_line(said.text)}{_lines(said.lines)}"
        for number, said in enumerate(entry.told, start=1)
    ]


def _lines(lines: tuple[int, ...]) -> str:
    return f"（原刊第 {line_ranges(lines)} 行）" if lines else ""


def installed_version() -> str:
    """Name this program and its version."""
    return f"ainews-digest {version('ainews-digest')}"
