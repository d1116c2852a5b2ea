"""What keeps an edited digest from being written, unless it is forced."""

from collections.abc import Sequence

from pipeline.edits import entries_by_story, make_anchor
from pipeline.errors import NotPublished
from pipeline.lines import counted
from pipeline.publish import describe_degraded, is_too_degraded
from pipeline.records import Digest, Edit, Finding
from pipeline.revise.edit_result import old_names
from pipeline.settings import Settings
from pipeline.write import head_of


def require_passed(old: Digest, new: Digest, *, adopted: bool = False) -> tuple[str, ...]:
    """Refuse words by hand in which the checks find an error that the entry had not before.

    With `adopted` the words come from its Markdown, whose places are those of the new one.

    Returns:
        The errors that such an entry keeps, a line per entry; none where all is well.

    Raises:
        NotPublished: names them all, each by its entry's place in the digest as it is.
    """
    names = {} if adopted else old_names(old, new)
    added = {edit.story.key for edit in new.edits if edit.do == "set" and edit not in old.edits}
    before = {make_anchor(entry).key: place for place, entry in old.placed}
    refused: list[Finding] = []
    kept: list[str] = []
    for place, entry in new.placed:
        key = make_anchor(entry).key
        if key not in added or entry.quoted:
            continue
        known = _errors_of(old, before.get(key, ""))
        errors = _errors_of(new, place)
        fresh = (one for one in errors if not any(_covers(was, one) for was in known))
        name = names.get(place, place)
        refused += [one.model_copy(update={"entry": name}) for one in fresh]
        kept += [_kept_line(place, errors)] if errors else []
    if refused:
        raise NotPublished(
            f"{_all_errors(refused)}: nothing was written; correct "
            f"{'it' if len(refused) == 1 else 'them'}, or write it all the same with --force"
        )
    return tuple(kept)


def _errors_of(digest: Digest, place: str) -> list[Finding]:
    return [one for one in digest.findings if one.severity == "error" and one.entry == place]


def _covers(was: Finding, now: Finding) -> bool:
    """Whether an error is one that was there: in the title it is another than in the summary."""
    if (was.check, was.found) != (now.check, now.found):
        return False
    # Without a sentence it stands in both, or it is not known where.
    return was.sentence is None or (now.sentence is not None and _same_text(was, now))


def _same_text(one: Finding, other: Finding) -> bool:
    return (one.sentence == 0) == (other.sentence == 0)


def _kept_line(place: str, errors: Sequence[Finding]) -> str:
    many = "an error" if len(errors) == 1 else f"{len(errors)} errors"
    words = "; ".join(f"{one.name} {one.found}" for one in errors)
    return f"{place} keeps {many} that it had: {words}"


def require_told(old: Digest, new: Digest, places: Sequence[str]) -> None:
    """Refuse entries that were to be told again, and of which no answer passed the checks.

    Raises:
        NotPublished: names the first, and all that was found in it.
    """
    before = dict(old.placed)
    now = entries_by_story(new)
    for place in places:
        there, entry = now.get(make_anchor(before[place]).key, (place, None))
        if entry is not None and not entry.quoted:
            continue
        errors = [
            finding.model_copy(update={"entry": place})
            for finding in new.findings
            if finding.entry == there and finding.severity == "error"
        ]
        found = f" ({_all_errors(errors)})" if errors else ""
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
        raise NotPublished(
            f"{counted(lost, 'entry')} that the edit had displaced could not be told again: "
            "nothing was written; try again, or write what there is all the same with --force"
        )


def require_publishable(digest: Digest, settings: Settings) -> None:
    """Refuse a digest of which only a draft would be written.

    Raises:
        NotPublished: says how many entries did not pass the checks.
    """
    head = head_of(digest)
    if is_too_degraded(head, settings):
        said = describe_degraded(head, settings, head.slug or str(digest.date))
        raise NotPublished(f"{said}: it would be written as a draft")


def _all_errors(findings: Sequence[Finding]) -> str:
    return "; ".join(dict.fromkeys(finding.line() for finding in findings))
