"""The site -> `llms.txt` (llmstxt.org): where a language model finds the digests as text.

Pure. Titles are a stranger's words: they stand here as escaped text of one line.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urljoin

from pipeline.site.feed import FEED, FEED_SUBTITLE, FEED_TITLE
from pipeline.site.forms import form_file
from pipeline.site.json_feed import JSON_FEED
from pipeline.site.pages import Outline
from pipeline.write import escape_line

LLMS: Final = "llms.txt"
MAX_LISTED_DIGESTS: Final = 10
"""How many of the newest digests it names."""
_TITLES: Final = 3
_DATA: Final = (
    ("latest.json", "最新一期，连同每条的英文依据"),
    ("index.json", "全部日报的目录：日期、条数和文件"),
    (JSON_FEED, "最近三十期全文，JSON Feed 1.1"),
    (FEED, "最近三十期全文，Atom"),
)


def render_llms(newest: Iterable[Outline], *, base_url: str | None) -> str:
    """Write the file.

    Args:
        newest: the newest digests, newest first.
        base_url: address of the site, which ends in a slash; None where it is not known.
    """

    def link(text: str, file: str) -> str:
        return f"- [{text}]({urljoin(base_url, file) if base_url else file})"

    def digests() -> Iterator[str]:
        for outline in newest:
            titles = "；".join(title for title, _ in outline.news[:_TITLES])
            listed = link(outline.stem, form_file(outline.stem, "markdown"))
            yield f"{listed}: {escape_line(titles)}" if titles else listed

    data = [f"{link(name, name)}: {words}" for name, words in _DATA]
    parts = [f"# {FEED_TITLE}", f"> {FEED_SUBTITLE}。", "## 最新日报", *_block(digests())]
    return "\n\n".join([*parts, "## 数据", *_block(data)]) + "\n"


def _block(lines: Iterable[str]) -> list[str]:
    whole = "\n".join(lines)
    return [whole] if whole else []
