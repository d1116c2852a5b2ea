"""What somebody with an account announces is told as what came out."""

import pytest

from pipeline.translate.unframed import without_frame


@pytest.mark.parametrize(("said", "told"), [
    ("@sama announced the release of o3 and o4-mini, highlighting their skills.", "o3 and o4-mini were released"),
    ("@art announced the launch of Orca 3, the new leader of the board.", "Orca 3, the new leader of the board, was released"),
    ("@art has announced the general availability of the Orca API.", "The Orca API was released"),
    ("@art announced the release of the first open weights trained on R1, giving tools to all.", "The first open weights trained on R1 were released"),
    ("@Google introduced text to video in Gemini.", "Google introduced text to video in Gemini."),
    # Who is no account says it; what is not the release of a thing stays.
    ("Acme announced the release of Orca.", "Acme announced the release of Orca."),
    ("@art announced the end of Orca.", "@art announced the end of Orca."),
    ("@art announced the release of Orca; it runs at home.", "@art announced the release of Orca; it runs at home."),
])  # fmt: skip
def test_an_announcement_is_told_of_the_thing(said: str, told: str) -> None:
    """Of an account that spells no known name nothing is left but what it announces."""
    assert without_frame(said) == told
