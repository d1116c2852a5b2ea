"""Digests and differences for tests, with only what a test is about."""

from datetime import date

from build import entry
from pipeline.diff.records import Cause, Change, Compared, Difference, Piece, Version
from pipeline.records import Digest, Entry, Finding


def told(title: str, name: str = "s01", link: str | None = "https://example.org/1") -> Entry:
    """Write an entry with a title."""
    return entry(name, link).model_copy(update={"title": title})


def digest(*news: Entry) -> Digest:
    """Write a digest of news alone."""
    return Digest(
        date=date(2026, 1, 30),
        issue_url="https://news.smol.ai/issues/26-01-30-sampler/",
        news=news or (told("一"),),
        tools=(),
    )


def version(name: str, *news: Entry) -> Version:
    """Write a version."""
    return Version(name=name, digest=digest(*news))


def difference(*entries: Compared, causes: tuple[Cause, ...] = ()) -> Difference:
    """Write a difference of these entries."""
    return Difference(
        old=version("HEAD:outputs/2026-01-30.json"),
        new=version("outputs/2026-01-30.json"),
        entries=entries,
        causes=causes,
    )


def summary(*pieces: tuple[str, str, str], field: str = "summary") -> Change:
    """Write a change of a text from its pieces: what happened, the kind, the text."""
    cut = tuple(
        Piece.model_validate({"change": change, "kind": kind, "text": text})
        for change, kind, text in pieces
    )
    return Change.model_validate(
        {
            "field": field,
            "old": "".join(piece.text for piece in cut if piece.change != "new"),
            "new": "".join(piece.text for piece in cut if piece.change != "gone"),
            "pieces": cut,
        }
    )


def everything(words: str = "发布") -> Difference:
    """Write one of everything that can change; `words` stand wherever a stranger's may."""
    finding = Finding(
        entry="news:1", check="number", severity="error", expected=words, found=f"5万{words}"
    )
    number = summary(
        ("same", "words", f"{words}，用户"),
        ("gone", "number", "4万"),
        ("new", "number", "5万"),
        ("same", "words", "。"),
    )
    title = summary(("gone", "name", words), ("new", "name", f"新{words}"), field="title")
    link = Change(
        field="link",
        old=f"https://example.org/{words}",
        new="https://example.org/2",
        pieces=(),
    )
    sampling = Cause(why="sampling", what="", sure=False)
    prompt = Cause(why="prompt", what="translate", old="aaaaaaaaaaaa", new="bbbbbbbbbbbb")
    source = Cause(why="source", what=words, old="", new=f"{words}\nand more")
    stays, comes, goes = told(f"新{words}"), told(f"来{words}", "s02"), told(f"去{words}", "s03")
    return difference(
        Compared(
            old_place="news:2",
            new_place="news:1",
            old=told(words),
            new=stays,
            moved=True,
            changes=(title, number, link),
            came=(finding,),
            went=(finding.model_copy(update={"check": "name"}),),
            causes=(prompt, sampling),
        ),
        Compared(
            old_place=None,
            new_place="news:2",
            old=None,
            new=comes,
            instead="news:3",
            reason=words,
            causes=(source,),
        ),
        Compared(
            old_place="news:3",
            new_place=None,
            old=goes,
            new=None,
            instead="news:2",
            reason=words,
            causes=(source,),
        ),
        Compared(old_place="news:4", new_place="news:3", old=told("同"), new=told("同")),
        causes=(prompt, source),
    )
