"""Every public record that passes between stages; a file each for the steps of the way.

    page        what a source serves
    issue       a parsed issue and its mentions
    story       mentions of one event, and what was chosen of them
    entry       one item of a digest, with its evidence
    digest      all that is written, and where it came from
    reasons     why something was done: a code, and the English of it
    periods     names of digests, weeks and months

All are frozen Pydantic records that reject unknown keys; sequences are tuples. They carry no
behaviour beyond what can be read off their own fields.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.records.base import HALVES as HALVES
    from pipeline.records.base import EntryKind as EntryKind
    from pipeline.records.base import IssuePart as IssuePart
    from pipeline.records.base import Record as Record
    from pipeline.records.digest import Coverage as Coverage
    from pipeline.records.digest import Digest as Digest
    from pipeline.records.digest import Edit as Edit
    from pipeline.records.digest import Finding as Finding
    from pipeline.records.digest import OmittedStory as OmittedStory
    from pipeline.records.digest import PartCoverage as PartCoverage
    from pipeline.records.digest import Period as Period
    from pipeline.records.digest import Provenance as Provenance
    from pipeline.records.digest import StoryAnchor as StoryAnchor
    from pipeline.records.entry import EditedField as EditedField
    from pipeline.records.entry import Entry as Entry
    from pipeline.records.entry import EvidenceLine as EvidenceLine
    from pipeline.records.entry import Sentence as Sentence
    from pipeline.records.entry import cut_lines as cut_lines
    from pipeline.records.entry import cut_sentences as cut_sentences
    from pipeline.records.entry import join_lines as join_lines
    from pipeline.records.issue import DroppedItem as DroppedItem
    from pipeline.records.issue import Issue as Issue
    from pipeline.records.issue import Link as Link
    from pipeline.records.issue import Mention as Mention
    from pipeline.records.page import IssueRef as IssueRef
    from pipeline.records.page import Page as Page
    from pipeline.records.page import PageFormat as PageFormat
    from pipeline.records.page import SourceName as SourceName
    from pipeline.records.page import StoredPage as StoredPage
    from pipeline.records.periods import DIGEST_NAME as DIGEST_NAME
    from pipeline.records.periods import PERIOD_NAME as PERIOD_NAME
    from pipeline.records.periods import PeriodDates as PeriodDates
    from pipeline.records.periods import PeriodKind as PeriodKind
    from pipeline.records.periods import last_complete as last_complete
    from pipeline.records.periods import month_of as month_of
    from pipeline.records.periods import period_dates as period_dates
    from pipeline.records.periods import week_of as week_of
    from pipeline.records.reasons import NO_REASON as NO_REASON
    from pipeline.records.reasons import Reason as Reason
    from pipeline.records.reasons import ReasonCode as ReasonCode
    from pipeline.records.reasons import SalienceFact as SalienceFact
    from pipeline.records.reasons import read_expected as read_expected
    from pipeline.records.reasons import read_found as read_found
    from pipeline.records.reasons import read_reason as read_reason
    from pipeline.records.reasons import template as template
    from pipeline.records.story import Salience as Salience
    from pipeline.records.story import SelectedStory as SelectedStory
    from pipeline.records.story import Selection as Selection
    from pipeline.records.story import Story as Story
    from pipeline.records.story import Telling as Telling
else:
    __getattr__ = lazy_exports(__name__)
