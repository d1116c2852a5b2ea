"""A page goes in, an issue with its mentions comes out.

Open `page.py` first: it reads HTML;
`markdown.py` renders Markdown first, `mentions.py` cuts the blocks into mentions.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.parse.page import parse as parse
    from pipeline.parse.passages import find_passage as find_passage
else:
    __getattr__ = lazy_exports(__name__)
