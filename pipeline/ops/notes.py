"""What an entry has that most have not, in a few words: for people, in `show` and `report`."""

from pipeline.records import Entry


def entry_notes(entry: Entry) -> str:
    """Say in a few words what an entry has that most have not; blank for nothing."""
    flags = (
        (entry.quoted, "quoted"),
        (entry.edited, f"by hand: {', '.join(entry.edited)}"),
        (entry.tries > 1, f"after {entry.tries} tries"),
        (entry.follows, f"follows {entry.follows}"),
        (entry.link is None, "no link"),
    )
    return ", ".join(text for applies, text in flags if applies)
