"""The forms that comparisons are shown in, by name: a new one is one entry here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.diff.json_format import render_json
from pipeline.diff.markdown_format import render_markdown
from pipeline.diff.summary import Comparison
from pipeline.diff.text_format import render_terminal
from pipeline.write import MAX_GITHUB_CHARS


class RenderOptions(NamedTuple):
    """What a form may heed."""

    identical: int = 0
    """Digests that are the same byte for byte and are only counted."""
    max_characters: int = MAX_GITHUB_CHARS
    """Longest Markdown."""
    command: str = "ainews-digest diff"
    """What shows all that Markdown had no room for."""


Renderer = Callable[[Sequence[Comparison], RenderOptions], Iterable[str]]
"""Shows comparisons, part by part; the parts joined are the whole output."""

RENDERERS: Final[Mapping[str, Renderer]] = {
    "text": lambda found, options: [render_terminal(found, identical=options.identical)],
    "md": lambda found, options: [
        render_markdown(
            found,
            identical=options.identical,
            max_characters=options.max_characters,
            command=options.command,
        )
    ],
    "json": lambda found, options: render_json(found, identical=options.identical),
}
"""All but `html`, which is the site's (`pipeline.site.render_html`)."""
