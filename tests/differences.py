"""Digests and differences for tests, with only what a test is about."""

from datetime import date

from build import entry
from pipeline.diff.changes import Cause, DigestDiff, DigestVersion, EntryDiff, FieldChange, Piece
from pipeline.records import Digest, Entry, Finding


def titled_entry(
    title: str, name: str = "s01", link: str | None = "https://example.org/1"
) -> Entry:
    """Write an entry with a title."""
    return entry(name, link).model_copy(update={"title": title})


def digest(*news: Entry) -> Digest:
    """Write a digest of news alone."""
    return Digest(
        date=date(2026, 1, 30),
        issue_url="https://news.smol.ai/issues/26-01-30-sampler/",
        news=news or (titled_entry("一"),),
        tools=(),
    )


def version(name: str, *news: Entry) -> DigestVersion:
    """Write a version."""
    return DigestVersion(name=name, digest=digest(*news))


def difference(*entries: EntryDiff, causes: tuple[Cause, ...] = ()) -> DigestDiff:
    """Write a difference of these entries."""
    return DigestDiff(
        old=version("HEAD:outputs/2026-01-30.json"),
        new=version("outputs/2026-01-30.json"),
        entries=entries,
        causes=causes,
    )


def text_change(*pieces: tuple[str, str, str], field: str = "summary") -> FieldChange:
    """Write a change of a text from its pieces: what happened, the kind, the text."""
    cut = tuple(
        Piece.model_validate({"change": change, "kind": kind, "text": text})
        for change, kind, text in pieces
    )
    return FieldChange.model_validate(
        {
            "field": field,
            "old": "".join(piece.text for piece in cut if piece.change != "new"),
            "new": "".join(piece.text for piece in cut if piece.change != "gone"),
            "pieces": cut,
        }
    )


def every_change(words: str = "发布") -> DigestDiff:
    """Write one of everything that can change; `words` stand wherever a stranger's may."""
    finding = Finding(
        entry="news:1", check="number", severity="error", expected=words, found=f"5万{words}"
    )
    number = text_change(
        ("same", "words", f"{words}，用户"),
        ("gone", "number", "4万"),
        ("new", "number", "5万"),
        ("same", "words", "。"),
    )
    title = text_change(("gone", "name", words), ("new", "name", f"新{words}"), field="title")
    link = FieldChange(
        field="link",
        old=f"https://example.org/{words}",
        new="https://example.org/2",
        pieces=(),
    )
    sampling = Cause(why="sampling", what="", sure=False)
    prompt = Cause(why="prompt", what="translate", old="aaaaaaaaaaaa", new="bbbbbbbbbbbb")
    source = Cause(why="source", what=words, old="", new=f"{words}\nand more")
    stays, comes, goes = (
        titled_entry(f"新{words}"),
        titled_entry(f"来{words}", "s02"),
        titled_entry(f"去{words}", "s03"),
    )
    return difference(
        EntryDiff(
            old_place="news:2",
            new_place="news:1",
            old=titled_entry(words),
            new=stays,
            moved=True,
            changes=(title, number, link),
            came=(finding,),
            went=(finding.model_copy(update={"check": "name"}),),
            causes=(prompt, sampling),
        ),
        EntryDiff(
            old_place=None,
            new_place="news:2",
            old=None,
            new=comes,
            instead="news:3",
            reason=words,
            causes=(source,),
        ),
        EntryDiff(
            old_place="news:3",
            new_place=None,
            old=goes,
            new=None,
            instead="news:2",
            reason=words,
            causes=(source,),
        ),
        EntryDiff(
            old_place="news:4", new_place="news:3", old=titled_entry("同"), new=titled_entry("同")
        ),
        causes=(prompt, source),
    )
