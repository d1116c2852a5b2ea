"""What differs between the runs that made two versions of a digest.

Pure. What only one of them says of itself, or neither, is unknown: nothing is concluded from it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from pipeline.diff.changes import Cause, CauseKind
from pipeline.edits import text_key
from pipeline.records import Digest, Edit, Provenance

_HASH_CHARS = 12
_KEY_CHARS = 8


class RunComparison:
    """Two runs side by side, as far as their digests say how they were made."""

    def __init__(self, old: Digest, new: Digest) -> None:
        self.old, self.new = old, new
        self._provenances: tuple[Provenance, Provenance] | None = None
        if old.provenance and new.provenance:
            self._provenances = (old.provenance, new.provenance)

    @property
    def has_provenance(self) -> bool:
        """Whether both say where they come from; what was read from Markdown does not."""
        return self._provenances is not None

    @cached_property
    def issue_causes(self) -> tuple[Cause, ...]:
        """Another issue."""
        names = [run.slug for run in self._provenances or ()] or [
            digest.issue_url.rstrip("/").rpartition("/")[2] for digest in (self.old, self.new)
        ]
        return _value_causes("issue", "", names)

    @cached_property
    def is_same_page(self) -> bool:
        """Whether both were made from the same bytes."""
        return (
            self._provenances is not None
            and self._provenances[0].page_sha256 == self._provenances[1].page_sha256
        )

    @cached_property
    def mention_keys(self) -> tuple[Counter[str], Counter[str]] | None:
        """The mentions of both pages, by the first digits of their keys; None where unknown."""
        if self._provenances is None or not all(run.mentions for run in self._provenances):
            return None
        old, new = (Counter(run.mentions.split()) for run in self._provenances)
        return old, new

    def page_has_mention(self, key: str, *, new: bool) -> bool | None:
        """Whether a page has a mention; None where that is unknown."""
        return key[:_KEY_CHARS] in self.mention_keys[new] if self.mention_keys else None

    @cached_property
    def page_causes(self) -> tuple[Cause, ...]:
        """What the page has otherwise: its bytes, its mentions, their order, who served it."""
        if self._provenances is None or self.issue_causes:
            return ()
        old, new = self._provenances
        found = _value_causes("source", "page", (old.page_sha256, new.page_sha256), _HASH_CHARS)
        if self.mention_keys and found:
            found += self._mention_causes("source")
        return found + _value_causes("source", "served by", (old.source, new.source))

    @cached_property
    def history_causes(self) -> tuple[Cause, ...]:
        """Other earlier digests."""
        if self._provenances is None or any(run.memory is None for run in self._provenances):
            return ()
        old, new = (set(run.memory or ()) for run in self._provenances)
        names = (", ".join(sorted(run)) for run in (old - new, new - old))
        if old == new and self._tell_other_repeats:
            return _value_causes("earlier", "stories", self._story_counts)
        return _value_causes("earlier", "", names)

    @property
    def _story_counts(self) -> tuple[int, int]:
        """How many stories of the page no earlier digest told, in each version."""
        old, new = (run.coverage.stories for run in self._provenances or ())
        return old, new

    @property
    def _tell_other_repeats(self) -> bool:
        """Whether the stories of one version that the other lacks were told by earlier digests."""
        old, new = (
            stories + sum(drop.reason.code == "repeated" for drop in digest.drops)
            for stories, digest in zip(self._story_counts, (self.old, self.new), strict=True)
        )
        return self.is_same_page and old == new

    @cached_property
    def edit_causes(self) -> tuple[tuple[Edit, Cause], ...]:
        """Edits that only one version has, with what they are called."""
        if self._provenances is None:
            return ()
        before, after = Counter(self.old.edits), Counter(self.new.edits)
        named = {text_key(entry.first_mention): ("", entry.title) for entry in self.old.entries}
        for place, entry in self.new.placed:
            named[text_key(entry.first_mention)] = place, entry.title
        back = [
            (edit, _edit_cause(edit, named, reverted=True)) for edit in (before - after).elements()
        ]
        return (*back, *((edit, _edit_cause(edit, named)) for edit in (after - before).elements()))

    def has_shown(self, edit: Edit, links: Collection[str | None]) -> bool:
        """Whether the entry of an edit has one of some links, in either version."""
        keys = {edit.story.key, *([edit.instead.key] if edit.instead else [])}
        return any(
            text_key(entry.first_mention) in keys and entry.link in links and entry.link
            for entry in (*self.old.entries, *self.new.entries)
        )

    @cached_property
    def prompt_causes(self) -> dict[str, Cause]:
        """Prompts that differ, the glossary among them, by name."""
        if self._provenances is None:
            return {}
        old, new = (run.prompts for run in self._provenances)
        return {
            name: cause
            for name in sorted(old | new)
            for cause in _value_causes("prompt", name, (old.get(name), new.get(name)), _HASH_CHARS)
        }

    @cached_property
    def model_causes(self) -> tuple[Cause, ...]:
        """Another model."""
        return _value_causes(
            "model", "", [run.model for run in self._provenances or ()] or ["", ""]
        )

    @cached_property
    def setting_causes(self) -> dict[str, Cause]:
        """Settings that differ, by name; none where they are unknown."""
        if self._provenances is None or not all(run.settings for run in self._provenances):
            return {}
        old, new = ({**run.settings, "profile": _profile_of(run)} for run in self._provenances)
        return {
            name: cause
            for name in sorted(old | new)
            for cause in _value_causes("settings", name, (old.get(name), new.get(name)))
        }

    @cached_property
    def program_causes(self) -> tuple[Cause, ...]:
        """What the same page gave another program: other mentions, other stories."""
        if self._provenances is None or not self.is_same_page:
            return ()
        old, new = self._provenances
        found = self._mention_causes("program") if self.mention_keys else ()
        found += _value_causes(
            "program", "characters", (run.coverage.characters for run in (old, new))
        )
        if old.memory is None or old.memory != new.memory or self._tell_other_repeats:
            return found
        # Earlier digests of the same names may be other ones by now.
        stories = _value_causes("program", "stories", self._story_counts)
        sure = not old.memory
        return (*found, *(cause.model_copy(update={"sure": sure}) for cause in stories))

    @cached_property
    def unknown_causes(self) -> dict[str, Cause]:
        """What is not known of both, by name: `provenance` for all of it."""
        if self._provenances is None:
            names = ["provenance"]
        else:
            names = [
                name
                for name, is_known in (
                    ("settings", all(run.settings for run in self._provenances)),
                    ("memory", all(run.memory is not None for run in self._provenances)),
                    ("mentions", self.is_same_page or bool(self.issue_causes or self.mention_keys)),
                )
                if not is_known
            ]
        return {name: Cause(why="unknown", what=name, sure=False) for name in names}

    @cached_property
    def all_causes(self) -> tuple[Cause, ...]:
        """Everything that differs, in the order of `CAUSE_ORDER`, and what is unknown."""
        date = (
            ()
            if self.issue_causes
            else _value_causes("issue", "date", (self.old.date, self.new.date))
        )
        return (
            *self.issue_causes,
            *date,
            *self.page_causes,
            *self.history_causes,
            *(cause for _, cause in self.edit_causes),
            *self.prompt_causes.values(),
            *self.model_causes,
            *self.setting_causes.values(),
            *(() if self.issue_causes else self.program_causes),
            *self.unknown_causes.values(),
        )

    def _mention_causes(self, why: CauseKind) -> tuple[Cause, ...]:
        """Count the mentions that came and went, or say that only their order differs."""
        old, new = self.mention_keys or (Counter(), Counter())
        gone, came = (old - new).total(), (new - old).total()
        if gone or came:
            said = (f"{gone} gone" if gone else "", f"{came} new" if came else "")
            return (Cause(why=why, what="mentions", old=said[0], new=said[1]),)
        orders = {run.mentions for run in self._provenances or ()}
        return (Cause(why=why, what="order"),) if len(orders) > 1 else ()


def _profile_of(run: Provenance) -> str:
    """Name the profile; digests that do not say theirs name the prompts of it."""
    plain = run.profile == "plain" or any(name.endswith("_plain") for name in run.prompts)
    return "plain" if plain else "full"


def _value_causes(
    why: CauseKind, what: str, values: Iterable[object], chars: int | None = None
) -> tuple[Cause, ...]:
    """Make a cause of two values, or none where they are the same; None is empty."""
    old, new = ("" if value is None else str(value) for value in values)
    return () if old == new else (Cause(why=why, what=what, old=old[:chars], new=new[:chars]),)


def _edit_cause(
    edit: Edit, named: Mapping[str, tuple[str, str]], *, reverted: bool = False
) -> Cause:
    """Name an edit by where its entry stands now, its title and what it does.

    One that was taken back is only in `old`. An entry that the new version does not have is without
    place; one that neither has is without title, and named by where it stood.
    """
    fields = [name for name in ("title", "summary", "link") if getattr(edit, name) is not None]
    given = {"set": ", ".join(fields), "tell": f"“{edit.remark}”"}.get(edit.do)
    said = f"{edit.do} {given}" if given else edit.do
    place, title = named.get(edit.story.key, (edit.place or edit.stood, ""))
    return Cause(
        why="edit",
        what=place,
        title=title,
        old=said if reverted else "",
        new="" if reverted else said,
    )
