"""One option of `edit` -> the edits that it means, none of which contradicts another: pure.

Every place that is named is one of the digest as it is.
"""

import re
from collections.abc import Callable, Sequence

from pipeline.edits.anchors import make_anchor
from pipeline.edits.apply import parse_place
from pipeline.edits.descriptions import SET_FIELDS
from pipeline.edits.previous import find_entry
from pipeline.errors import SettingsError
from pipeline.records import HALVES, Digest, Edit, Entry, Story, StoryAnchor
from pipeline.urls import canonical, is_public_url

_SET = re.compile(
    rf"(?P<place>\w+:\d+)\.(?P<field>{'|'.join(SET_FIELDS)})=(?P<value>.*)", re.DOTALL
)
_SWAP = re.compile(r"(?P<place>\w+:\d+)=(?:(?P<story>s\d+)|(?P<other>\w+:\d+))", re.ASCII)
_MOVE = re.compile(r"(?P<place>\w+:\d+)=(?:(?P<section>\w+):)?(?P<number>[1-9]\d?)", re.ASCII)
_TELL = re.compile(r"(?P<place>\w+:\d+)=(?P<words>.*)", re.DOTALL)
_WORDS = re.compile(r"[^\W_]+")
_ADD = re.compile(r"(?:(?P<place>(?:news|tools):\d+)=)?(?P<words>.*)", re.DOTALL)
_NO_PLACE = re.compile(r"(news|tools?|s?\d{1,3})=", re.IGNORECASE)
_LONGEST_HALF = 10
_MAX_REMARK_CHARS = 2_000
_LINK_NUMBER = re.compile(r"L?(?P<number>[1-9]\d?)", re.ASCII)


class EditBuilder:
    """Makes edits of options that do not contradict each other."""

    def __init__(
        self, digest: Digest, stem: str, stories: Sequence[Story], *, force: bool = False
    ) -> None:
        """Begin with a digest, its name for messages, and the stories of its issue."""
        self._digest, self._stem, self._force = digest, stem, force
        self._stories = {story.id: story for story in stories}
        self._removed: set[str] = set()
        self._claimed: set[str] = set()
        self._pinned: set[str] = set()

    def drop(self, word: str) -> Edit:
        """Leave out the entry of `news:3`."""
        return Edit(
            do="drop", story=make_anchor(self._entry_to_remove(word, f"--drop {word}")), stood=word
        )

    def swap(self, word: str) -> tuple[Edit, ...]:
        """Bring in a story, `tools:2=s17`, or exchange two entries, `news:1=news:2`."""
        option = f"--swap {word}"
        found = _match_option(_SWAP, word, option, "tools:2=s17 or news:1=news:2")
        place, name = found["place"], found["story"]
        if other := found["other"]:
            return self._exchange(place, other, option)
        out = make_anchor(self._entry_to_remove(place, option))
        story = self._stories.get(name)
        if story is None:
            ids = [name for name in self._stories if name.startswith("s")]
            last = max(ids, default="s00", key=lambda name: (len(name), name))
            known = f"it has s01 to {last}"
            raise SettingsError(f"{option}: the issue has no story {name}: {known}; see --stories")
        comes = make_anchor(story)
        if comes.key == out.key:
            raise SettingsError(f"{option}: {name} stands there already")
        self._claim(place, option)
        self._claim(name, option)
        told = (at for at, entry in self._digest.placed if make_anchor(entry).key == comes.key)
        stood = next(told, place)
        return (Edit(do="swap", story=comes, stood=stood, place=place, instead=out),)

    def _exchange(self, one: str, other: str, option: str) -> tuple[Edit, ...]:
        """Have two entries change places."""
        if one == other:
            raise SettingsError(f"{option}: an entry cannot change places with itself")
        both = ((one, other), (other, one))
        moved = [(self._entry_to_keep(stood, option), stood, place) for stood, place in both]
        for _, _, place in moved:
            self._claim(place, option)
        return tuple(
            Edit(do="move", story=make_anchor(entry), stood=stood, place=place)
            for entry, stood, place in moved
        )

    def pin(self, word: str) -> Edit:
        """Keep the entry of `news:2`, its place and its words."""
        entry = self._entry_to_keep(word, f"--pin {word}")
        self._claim(word, f"--pin {word}")
        self._pinned.add(word)
        return Edit(
            do="pin",
            story=make_anchor(entry),
            stood=word,
            place=word,
            title=entry.title,
            summary=entry.summary,
            link=entry.link,
            quoted=entry.quoted,
        )

    def move(self, word: str) -> Edit:
        """Put an entry elsewhere: `news:5=1`, `tools:2=news:4`."""
        option = f"--move {word}"
        found = _match_option(_MOVE, word, option, "news:5=1 or tools:2=news:4")
        entry = self._entry_to_keep(found["place"], option)
        section = found["section"] or found["place"].partition(":")[0]
        target = f"{section}:{found['number']}"
        find_entry(self._digest, target, self._stem)
        self._claim(target, option)
        return Edit(do="move", story=make_anchor(entry), stood=found["place"], place=target)

    def tell(self, word: str) -> Edit:
        """Have an entry told again: `news:3=` and the remark."""
        option = f"--tell {word.partition('=')[0]}"
        found = _TELL.fullmatch(word)
        if found is None or not found["words"].strip():
            raise SettingsError(f'{option}: write it as --tell news:3 "say that it is a preview"')
        if len(found["words"]) > _MAX_REMARK_CHARS:
            raise SettingsError(
                f"{option}: a remark has {_MAX_REMARK_CHARS:,} characters at most, and this "
                f"{len(found['words']):,}: shorten it"
            )
        entry = self._entry_to_keep(found["place"], option)
        place = found["place"]
        if place in self._pinned:
            raise SettingsError(f"{option}: the same command pins {place}: give one of the two")
        if {"title", "summary"} <= set(entry.edited):
            raise SettingsError(f"{option}: {place} is written by hand: undo that edit first")
        return Edit(
            do="tell",
            story=make_anchor(entry),
            stood=found["place"],
            place=found["place"] if entry.quoted else None,
            remark=_one_line(found["words"]),
        )

    def add(self, word: str, read_passage: Callable[[str], Story] | None) -> Edit:
        """Add a story of words of the page: `news:4=` and the words, or the words alone."""
        found = _ADD.fullmatch(word)
        if half := _NO_PLACE.match(word):
            raise SettingsError(
                f"--add {half[1]}: {half[1]!r} is not a place: write it as --add news:4 "
                '"words of the page", or give the words alone'
            )
        words = _one_line(found["words"] if found else "")
        option = f"--add {(found and found['place']) or ''}".rstrip()
        if not words or read_passage is None:
            raise SettingsError(f'{option}: write it as --add news:4 "words of the page"')
        place = found["place"] if found else None
        if place:
            self._require_room(place, option)
            self._claim(place, option)
        try:
            story = read_passage(words)
        except SettingsError as error:
            raise SettingsError(f"{option}: {error}") from error
        comes = make_anchor(story)
        self._claim(comes.key, option)
        for told, entry in self._digest.placed:
            if make_anchor(entry).key == comes.key:
                raise SettingsError(f"{option}: that is {told} already")
        self._require_untold(story, option)
        place = place or self._last_place(story)
        return Edit(
            do="add",
            story=comes,
            stood=place,
            place=place,
            instead=self._making_room(place),
            passage=story.evidence,
        )

    def _require_untold(self, story: Story, option: str) -> None:
        """Refuse words that an entry is told of, unless that is forced."""
        words = [_folded(mention.text) for mention in story.mentions]
        for told, entry in self._digest.placed:
            evidence = _folded(entry.evidence)
            if not self._force and any(one in evidence for one in words):
                raise SettingsError(
                    f"{option}: {told} “{entry.title}” tells of these words already; --force adds "
                    "them all the same"
                )

    def _making_room(self, place: str) -> StoryAnchor | None:
        """Name the entry that a full half loses to one more: the last that no edit is about."""
        half = self._digest.news if place.startswith("news") else self._digest.tools
        last = next((entry for entry in reversed(half) if not entry.edited), None)
        return make_anchor(last) if last and len(half) >= _LONGEST_HALF else None

    def _require_room(self, place: str, option: str) -> None:
        """Refuse a place that is none, or is beyond the one behind the last entry."""
        spot = parse_place(place)
        if spot is None:
            raise SettingsError(f"{option}: {place!r} is not an entry: write it as news:3")
        half = self._digest.news if spot.section == "news" else self._digest.tools
        if spot.number > len(half) + 1:
            find_entry(self._digest, place, self._stem)

    def _last_place(self, story: Story) -> str:
        name = HALVES[story.salience.leaning]
        half = dict(self._digest.halves)[name]
        return f"{name}:{min(len(half) + 1, _LONGEST_HALF)}"

    def set_text(self, word: str) -> Edit:
        """Replace words: `news:1.title=…`, `.summary=…`, `.link=…`."""
        option = f"--set {word.partition('=')[0]}"
        found = _match_option(_SET, word, option, "news:1.title=…, .summary=… or .link=…")
        entry = self._entry_to_keep(found["place"], option)
        field = found["field"]
        value = _one_line(found["value"])
        if field == "link":
            value = _read_link(value, entry, option)
        elif not value:
            raise SettingsError(f"{option}: no text was given")
        # A quotation stands at the end for want of words; with words it is not to jump.
        place = found["place"] if entry.quoted else None
        edit = Edit(do="set", story=make_anchor(entry), stood=found["place"], place=place)
        return edit.model_copy(update={field: value})

    def _entry_to_remove(self, place: str, option: str) -> Entry:
        entry = find_entry(self._digest, place, self._stem)
        if place in self._removed:
            raise SettingsError(f"{option}: {place} is dropped or swapped twice")
        self._removed.add(place)
        return entry

    def _entry_to_keep(self, place: str, option: str) -> Entry:
        entry = find_entry(self._digest, place, self._stem)
        if place in self._removed:
            raise SettingsError(f"{option}: {place} is dropped or swapped by the same command")
        return entry

    def _claim(self, name: str, option: str) -> None:
        if name in self._claimed:
            raise SettingsError(
                f"{option}: the same command puts {name} elsewhere, or another there"
            )
        self._claimed.add(name)


def _folded(text: str) -> str:
    """Give the words of a text alone, with blanks around each: what is in another is part of it."""
    return f" {' '.join(_WORDS.findall(text.casefold()))} "


def _one_line(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _read_link(value: str, entry: Entry, option: str) -> str:
    """Give an address as the issue spells it, by its number too; nothing for no link."""
    if number := _LINK_NUMBER.fullmatch(value):
        return _numbered_link(entry, int(number["number"]), option)
    if value and not is_public_url(value):
        message = "is not an http or https address of a public host"
        raise SettingsError(f"{option}: {value!r} {message}")
    urls = [link.url for link in entry.links]
    if not value or value in urls:
        return value
    return next((url for url in urls if canonical(url) == canonical(value)), value)


def _numbered_link(entry: Entry, number: int, option: str) -> str:
    """Give a link of the evidence by its number, as `show` lists them."""
    if number > len(entry.links):
        raise SettingsError(
            f"{option}: the evidence has {len(entry.links)} links; `ainews-digest show` lists them"
        )
    return entry.links[number - 1].url


def _match_option(pattern: re.Pattern[str], value: str, option: str, example: str) -> re.Match[str]:
    found = pattern.fullmatch(value)
    if found is None or parse_place(found["place"]) is None:
        raise SettingsError(f"{option}: write it as {example}")
    return found
