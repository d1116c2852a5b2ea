"""What keeps an edited digest from being written, unless it is forced."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.edits import make_anchor
from pipeline.errors import NotPublished
from pipeline.publish import is_too_degraded
from pipeline.records import Digest, Edit, Finding
from pipeline.settings import Settings
from pipeline.write import describe_markdown, markdown_state


def require_same_markdown(digest: Digest, json_file: Path) -> None:
    """Refuse to write over Markdown that somebody has changed or removed.

    Raises:
        NotPublished: it differs from its JSON; says what to do.
        OSError: the Markdown cannot be read.
    """
    if line := describe_markdown(markdown_state(digest, json_file), json_file):
        raise NotPublished(f"{line}; nothing was written; --overwrite writes over it")


def require_passed(old: Digest, new: Digest) -> None:
    """Refuse words by hand in which the checks find an error that is new.

    Raises:
        NotPublished: names the first.
    """
    added = {edit.story.key for edit in new.edits if edit.do == "set" and edit not in old.edits}
    given = {
        place for place, entry in new.placed if make_anchor(entry).key in added and not entry.quoted
    }
    known = {(finding.check, finding.found) for finding in old.findings}
    refused = [
        finding
        for finding in new.findings
        if finding.severity == "error"
        and finding.entry in given
        and (finding.check, finding.found) not in known
    ]
    if refused:
        raise NotPublished(
            f"{_first_error(refused)}: nothing was written; correct it, or write it all the same "
            "with --force"
        )


def require_told(old: Digest, new: Digest, places: Sequence[str]) -> None:
    """Refuse entries that were to be told again, and of which no answer passed the checks.

    Args:
        old: the digest as it was.
        new: with those entries.
        places: where they stood.

    Raises:
        NotPublished: names the first, and what was found in it.
    """
    before = dict(old.placed)
    now = {make_anchor(entry).key: (place, entry) for place, entry in new.placed}
    for place in places:
        there, entry = now.get(make_anchor(before[place]).key, (place, None))
        if entry is not None and not entry.quoted:
            continue
        errors = [
            finding.model_copy(update={"entry": place})
            for finding in new.findings
            if finding.entry == there and finding.severity == "error"
        ]
        found = f" ({_first_error(errors)})" if errors else ""
        raise NotPublished(
            f"{place} was not told again: the model's words do not pass the checks{found}; "
            "nothing was written; try another remark, or give your own words with --set"
        )


def require_kept(old: Digest, new: Digest, reverted: Sequence[Edit]) -> None:
    """Refuse to take edits back where what they have displaced does not come back.

    Raises:
        NotPublished: the model could not tell it again.
    """
    displaced = (edit.story if edit.do == "drop" else edit.instead for edit in reverted)
    about = [anchor.key for edit in new.edits for anchor in (edit.story, edit.instead) if anchor]
    wanted = {anchor.key for anchor in displaced if anchor}.difference(about)
    known = {make_anchor(entry).key for entry in old.entries}
    told = {key for entry in new.entries if (key := make_anchor(entry).key) and not entry.quoted}
    fewer = len(old.entries) - sum(edit.do == "add" for edit in reverted) - len(new.entries)
    lost = max(len(wanted - told - known), fewer if reverted else 0)
    if lost > 0:
        many = "entry" if lost == 1 else "entries"
        raise NotPublished(
            f"{lost} {many} that the edit had displaced could not be told again: nothing was "
            "written; try again, or write what there is all the same with --force"
        )


def require_publishable(digest: Digest, settings: Settings) -> None:
    """Refuse a digest of which only a draft would be written.

    Raises:
        NotPublished: says how many entries are quotations.
    """
    if is_too_degraded(digest, settings):
        raise NotPublished(
            f"{digest.degraded} of {len(digest.entries)} entries are quotations, and "
            f"{settings.max_degraded} may be: it would be written as a draft"
        )


def _first_error(findings: Sequence[Finding]) -> str:
    first, more = findings[0], f" and {len(findings) - 1} more" if findings[1:] else ""
    return f"error[{first.check}] {first.place}: {first.found}{more}; expected {first.expected}"
