"""A digest goes in, files come out; and the way back, from files to a digest.

Open `files.py` first: it writes Markdown and JSON together.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.write.escape import encode_url as encode_url
    from pipeline.write.escape import escape_line as escape_line
    from pipeline.write.escape import is_web_url as is_web_url
    from pipeline.write.escape import markdown_link as markdown_link
    from pipeline.write.escape import plain_text as plain_text
    from pipeline.write.files import DEGRADED as DEGRADED
    from pipeline.write.files import DRAFTS as DRAFTS
    from pipeline.write.files import NO_ENTRIES as NO_ENTRIES
    from pipeline.write.files import NO_LINK as NO_LINK
    from pipeline.write.files import QUOTED as QUOTED
    from pipeline.write.files import QUOTED_TITLE as QUOTED_TITLE
    from pipeline.write.files import discard_draft as discard_draft
    from pipeline.write.files import from_json as from_json
    from pipeline.write.files import heading as heading
    from pipeline.write.files import to_json as to_json
    from pipeline.write.files import to_markdown as to_markdown
    from pipeline.write.files import write as write
    from pipeline.write.lock import issue_lock as issue_lock
    from pipeline.write.notifications import notify as notify
    from pipeline.write.reader import from_markdown as from_markdown
    from pipeline.write.state import DigestRef as DigestRef
    from pipeline.write.state import OutputsState as OutputsState
    from pipeline.write.state import read_state as read_state
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "escape": ("encode_url", "escape_line", "is_web_url", "markdown_link", "plain_text"),
            "files": (
                "DEGRADED",
                "DRAFTS",
                "NO_ENTRIES",
                "NO_LINK",
                "QUOTED",
                "QUOTED_TITLE",
                "discard_draft",
                "from_json",
                "heading",
                "to_json",
                "to_markdown",
                "write",
            ),
            "lock": ("issue_lock",),
            "notifications": ("notify",),
            "reader": ("from_markdown",),
            "state": ("DigestRef", "OutputsState", "read_state"),
        },
    )
