"""What a dry run of an edit says of words that the model has not told yet."""

import shutil

from desk import TITLE, Desk


def test_an_exchange_across_halves_is_two_moves(desk: Desk) -> None:
    """Words and links go along, whatever the cache holds."""
    shutil.rmtree(desk.settings.cache_dir)
    placed = dict(desk.digest().placed)
    shown = desk.edit(swap=("news:6=tools:3",), dry_run=True)
    assert sorted(shown.changes) == sorted(
        (
            f"~ tools:3 to news:6 “{placed['tools:3'].title}”",
            f"~ news:6 to tools:3 “{placed['news:6'].title}”",
        )
    )
    assert (shown.questions, desk.asked()) == (0, 0)


def test_an_entry_that_would_be_told_again_is_no_quotation(desk: Desk) -> None:
    """Taken back with an empty cache: its words are not known, so none are given."""
    desk.edit(set=(f"news:3.title={TITLE}",))
    desk.edit(tell=("news:4=shorter",))
    told = desk.digest().news[3].title
    shutil.rmtree(desk.settings.cache_dir)
    shown = desk.edit(undo=("all",), dry_run=True)
    assert shown.questions == 2
    assert shown.changes == (
        f"~ news:3 told again: “{TITLE}”",
        f"~ news:4 told again: “{told}”",
    )
