"""Changes by hand go in with a selection, the changed selection comes out.

Open `apply.py` first: it applies them; `anchors.py` finds a story again on a changed page,
`passages.py` makes one of words of the page, and `remarks.py` puts a remark into the questions.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.edits.adopt import options_from_markdown as options_from_markdown
    from pipeline.edits.anchors import StoryFinder as StoryFinder
    from pipeline.edits.anchors import entries_by_story as entries_by_story
    from pipeline.edits.anchors import event_key as event_key
    from pipeline.edits.anchors import make_anchor as make_anchor
    from pipeline.edits.anchors import story_from_entry as story_from_entry
    from pipeline.edits.anchors import text_key as text_key
    from pipeline.edits.apply import EditedSelection as EditedSelection
    from pipeline.edits.apply import EntryPlace as EntryPlace
    from pipeline.edits.apply import apply_edits as apply_edits
    from pipeline.edits.apply import apply_manual_text as apply_manual_text
    from pipeline.edits.apply import order_by_places as order_by_places
    from pipeline.edits.apply import parse_place as parse_place
    from pipeline.edits.apply import reword_draft as reword_draft
    from pipeline.edits.descriptions import describe_changes as describe_changes
    from pipeline.edits.descriptions import describe_edit as describe_edit
    from pipeline.edits.descriptions import describe_replaced as describe_replaced
    from pipeline.edits.descriptions import places_by_key as places_by_key
    from pipeline.edits.descriptions import preview_lines as preview_lines
    from pipeline.edits.descriptions import why_unapplied as why_unapplied
    from pipeline.edits.options import EditOptions as EditOptions
    from pipeline.edits.options import parse_edits as parse_edits
    from pipeline.edits.options import reverted_edits as reverted_edits
    from pipeline.edits.passages import added_stories as added_stories
    from pipeline.edits.passages import passage_story as passage_story
    from pipeline.edits.previous import find_entry as find_entry
    from pipeline.edits.previous import read_digest as read_digest
    from pipeline.edits.previous import read_edits as read_edits
    from pipeline.edits.previous import read_previous as read_previous
    from pipeline.edits.remarks import name_remark_prompt as name_remark_prompt
    from pipeline.edits.remarks import with_remark as with_remark
else:
    __getattr__ = lazy_exports(__name__)
