"""What `run --refresh news:3` would ask: a part of `--dry-run`."""

from collections.abc import Iterator

from pipeline.edits import find_entry, story_from_entry
from pipeline.errors import DigestError
from pipeline.llm import Cache, Tokens, calculate_cost, estimate_tokens, model_profile, open_model
from pipeline.ops.estimates import ENTRY_TOKENS, ask_for_entries, describe_price
from pipeline.ops.existing import DigestLocation, read_editable
from pipeline.ops.kept_answers import KeptAnswers
from pipeline.publish import require_same_model
from pipeline.settings import Settings
from pipeline.write import describe_markdown, markdown_state


def refresh_lines(
    location: DigestLocation, places: tuple[str, ...], settings: Settings, *, force: bool
) -> Iterator[str]:
    """Say what would be told anew, what stays, and what it would cost.

    Raises:
        SettingsError: there is no such entry.
    """
    digest = read_editable(location)
    entries = [find_entry(digest, place, location.stem) for place in places]
    others = len(digest.entries) - len(set(places))
    profile = model_profile(settings)
    with Cache(settings.cache_file) as cache, open_model(settings, cache, _show_nothing) as model:
        asked = KeptAnswers(model, ("translate",))
        stories = [story_from_entry(entry, entry.story or "s01") for entry in entries]
        ask_for_entries(stories, asked, digest.date, profile)
    tokens = Tokens(
        input=sum(map(estimate_tokens, asked.missing)), output=len(asked.missing) * ENTRY_TOKENS
    )
    cost = calculate_cost(tokens, host=profile.host, model=profile.model, prices=profile.prices)
    yield f"digest     {location.json_path.with_suffix('.md')}"
    for place, entry in zip(places, entries, strict=True):
        yield f"told anew  {place}: {entry.title}"
    yield f"unchanged  {others} entries and {len(digest.edits)} edits stay byte for byte"
    changed = describe_markdown(markdown_state(digest, location.json_path), location.json_path)
    if changed and not force:
        yield f"refused    {changed}; --force writes over it"
    try:
        require_same_model(digest, settings, may_change=lambda _said: False)
    except DigestError as error:
        yield f"model      {error}"
    else:
        yield f"model      {profile.model}"
    yield f"questions  at least {len(asked.missing)} to ask; one more for each that fails a check"
    yield f"tokens     about {tokens.input:,} in, {tokens.output:,} out"
    yield f"price      {describe_price(cost)}"


def _show_nothing(_what: str, _done: int, _total: int) -> None:
    """Take how far the weights are, which nothing loads here."""
