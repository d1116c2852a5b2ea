"""A digest goes in, files come out; and the way back, from files to a digest.

Open `files.py` first: it writes a digest in every format of `formats.py`, which also has those that
a digest is only given away in.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.write.damage import damage_words as damage_words
    from pipeline.write.damage import has_conflict as has_conflict
    from pipeline.write.damage import is_no_file as is_no_file
    from pipeline.write.digest_index import StatusFacts as StatusFacts
    from pipeline.write.digest_index import changed_markdown as changed_markdown
    from pipeline.write.digest_index import open_digest_index as open_digest_index
    from pipeline.write.entry_text import DEGRADED as DEGRADED
    from pipeline.write.entry_text import NO_ENTRIES as NO_ENTRIES
    from pipeline.write.entry_text import NO_LINK as NO_LINK
    from pipeline.write.entry_text import EntryText as EntryText
    from pipeline.write.entry_text import closing_note as closing_note
    from pipeline.write.entry_text import digest_sections as digest_sections
    from pipeline.write.entry_text import heading as heading
    from pipeline.write.entry_text import make_entry_text as make_entry_text
    from pipeline.write.entry_text import period_word as period_word
    from pipeline.write.escape import MAX_GITHUB_CHARS as MAX_GITHUB_CHARS
    from pipeline.write.escape import encode_url as encode_url
    from pipeline.write.escape import escape_line as escape_line
    from pipeline.write.escape import is_invisible as is_invisible
    from pipeline.write.escape import markdown_link as markdown_link
    from pipeline.write.escape import plain_text as plain_text
    from pipeline.write.escape import truncate_lines as truncate_lines
    from pipeline.write.files import ROUNDUPS as ROUNDUPS
    from pipeline.write.files import WrittenFiles as WrittenFiles
    from pipeline.write.files import discard_draft as discard_draft
    from pipeline.write.files import write as write
    from pipeline.write.formats import EXPORTS as EXPORTS
    from pipeline.write.formats import FORMATS as FORMATS
    from pipeline.write.formats import read_digest as read_digest
    from pipeline.write.head import DigestHead as DigestHead
    from pipeline.write.head import head_of as head_of
    from pipeline.write.head import read_head as read_head
    from pipeline.write.hosts import host_and_owner as host_and_owner
    from pipeline.write.json_format import DigestFile as DigestFile
    from pipeline.write.json_format import from_json as from_json
    from pipeline.write.json_format import to_json as to_json
    from pipeline.write.lock import issue_lock as issue_lock
    from pipeline.write.manual_changes import ADOPT_EFFECTS as ADOPT_EFFECTS
    from pipeline.write.manual_changes import MARKDOWN_WORDS as MARKDOWN_WORDS
    from pipeline.write.manual_changes import MarkdownState as MarkdownState
    from pipeline.write.manual_changes import adopt_command as adopt_command
    from pipeline.write.manual_changes import compare_bytes as compare_bytes
    from pipeline.write.manual_changes import compare_markdown as compare_markdown
    from pipeline.write.manual_changes import describe_markdown as describe_markdown
    from pipeline.write.manual_changes import errors_line as errors_line
    from pipeline.write.manual_changes import markdown_state as markdown_state
    from pipeline.write.manual_changes import overwrite_problem as overwrite_problem
    from pipeline.write.manual_changes import require_unchanged as require_unchanged
    from pipeline.write.manual_changes import without_leftovers as without_leftovers
    from pipeline.write.markdown_format import from_markdown as from_markdown
    from pipeline.write.markdown_format import to_markdown as to_markdown
    from pipeline.write.messages import FailedNight as FailedNight
    from pipeline.write.messages import count_shortened as count_shortened
    from pipeline.write.notifications import address_problems as address_problems
    from pipeline.write.notifications import notify_channels as notify_channels
    from pipeline.write.notifications import notify_failure as notify_failure
    from pipeline.write.notifications import split_addresses as split_addresses
    from pipeline.write.orphans import orphan_problem as orphan_problem
    from pipeline.write.orphans import overwrite_command as overwrite_command
    from pipeline.write.orphans import require_own_markdown as require_own_markdown
    from pipeline.write.state import DRAFTS as DRAFTS
    from pipeline.write.state import DamagedDigest as DamagedDigest
    from pipeline.write.state import DigestRef as DigestRef
    from pipeline.write.state import OutputsState as OutputsState
    from pipeline.write.state import read_state as read_state
    from pipeline.write.text_format import to_text as to_text
    from pipeline.write.writable import require_folder as require_folder
    from pipeline.write.writable import require_writable as require_writable
else:
    __getattr__ = lazy_exports(__name__)
