"""What `run --refresh news:3` would ask: a part of `--dry-run`."""

from collections.abc import Iterator

from pydantic import FiniteFloat

from pipeline.edits import find_entry, story_from_entry
from pipeline.errors import DigestError, NotPublished
from pipeline.estimate.estimates import (
    ENTRY_TOKENS,
    PROBLEMS_TOKENS,
    KeptAnswers,
    ask_for_entries,
    describe_model,
    describe_price,
    proofread_questions,
)
from pipeline.llm import Cache, Tokens, calculate_cost, estimate_tokens, model_profile, open_model
from pipeline.proofread import PlacedEntry
from pipeline.publish import require_same_model
from pipeline.records import Digest, Record
from pipeline.revise import DigestLocation, read_editable
from pipeline.settings import Settings
from pipeline.write import overwrite_problem


class RefreshedEntry(Record):
    """One entry that would be told anew."""

    place: str
    """Where it stands: `news:3`."""
    title: str
    """Its title now."""


class RefreshPlan(Record):
    """What would be told anew, what stays, and what it would cost."""

    path: str
    """The digest's Markdown file."""
    entries: tuple[RefreshedEntry, ...]
    """Those that are told anew."""
    unchanged: int
    """How many entries stay byte for byte."""
    edits: int
    """How many changes by hand stay."""
    refused: tuple[str, ...] = ()
    """Why it would be refused; empty where it would not."""
    exit_code: int = 0
    """What it would be refused with; 0 where it would not be."""
    model: str
    """Name of the model that would tell them."""
    host: str = ""
    """The server that would be asked, without its scheme; blank for the embedded model."""
    questions: int
    """Questions that are asked at least; one more for each answer that fails a check."""
    tokens: Tokens
    """Their estimated tokens, and those of the answers."""
    cost_usd: FiniteFloat | None
    """Their price; None where nobody knows it."""
    command: str = ""
    """What does it, as it is typed."""

    def lines(self) -> Iterator[str]:
        """Write it for people."""
        yield f"digest     {self.path}"
        yield from (f"told anew  {entry.place}: {entry.title}" for entry in self.entries)
        yield f"unchanged  {self.unchanged} entries and {self.edits} edits stay byte for byte"
        yield from (f"refused    {reason}" for reason in self.refused)
        yield f"model      {describe_model(self.model, self.host)}"
        yield f"questions  at least {self.questions} to ask; one more for each that fails a check"
        yield f"tokens     about {self.tokens.input:,} in, {self.tokens.output:,} out"
        yield f"price      {describe_price(self.cost_usd)}"
        yield f"command    {self.command}"


def plan_refresh(
    location: DigestLocation,
    places: tuple[str, ...],
    settings: Settings,
    *,
    force: bool,
    model_change: bool = False,
) -> RefreshPlan:
    """Find out what would be told anew, and what it would cost; nothing is asked.

    Raises:
        SettingsError: there is no such entry.
    """
    digest = read_editable(location)
    entries = [find_entry(digest, place, location.stem) for place in places]
    profile = model_profile(settings)
    with Cache(settings.cache_file) as cache, open_model(settings, cache, _show_nothing) as model:
        asked = KeptAnswers(model, ("translate",))
        stories = [story_from_entry(entry, entry.story or "s01") for entry in entries]
        ask_for_entries(stories, asked, digest.date, profile)
    reading = [
        question
        for place, entry in zip(places, entries, strict=True)
        if profile.proofreads
        for question in proofread_questions([PlacedEntry(place, entry)])
    ]
    tokens = Tokens(
        input=sum(map(estimate_tokens, [*asked.missing, *reading])),
        output=len(asked.missing) * ENTRY_TOKENS + len(reading) * PROBLEMS_TOKENS,
    )
    cost = calculate_cost(tokens, host=profile.host, model=profile.model, prices=profile.prices)
    refusals = list(_refusals(digest, location, settings, force=force, model_change=model_change))
    return RefreshPlan(
        path=str(location.markdown_path),
        entries=tuple(
            RefreshedEntry(place=place, title=entry.title)
            for place, entry in zip(places, entries, strict=True)
        ),
        unchanged=len(digest.entries) - len(set(places)),
        edits=len(digest.edits),
        refused=tuple(str(one) for one in refusals),
        exit_code=refusals[0].exit_code if refusals else 0,
        model=profile.model,
        host="" if settings.embedded else profile.host,
        questions=len(asked.missing) + len(reading),
        tokens=tokens,
        cost_usd=cost,
    )


def _refusals(
    digest: Digest,
    location: DigestLocation,
    settings: Settings,
    *,
    force: bool,
    model_change: bool,
) -> Iterator[DigestError]:
    """Say what would keep it from being done."""
    problem = overwrite_problem(digest, location.json_path)
    if problem and not force:
        yield NotPublished(problem)
    try:
        require_same_model(digest, settings, may_change=lambda _said: model_change)
    except DigestError as error:
        yield error


def _show_nothing(_what: str, _done: int, _total: int) -> None:
    """Take how far the weights are, which nothing loads here."""
