"""Texts that are too long are cut, and what is cut is marked."""

import pytest

from pipeline.chinese.text import APOSTROPHES, DASHES, HYPHENS, shorten


@pytest.mark.parametrize(
    ("text", "within", "shown"),
    [("abcd", True, "abcd"), ("abcde", True, "abc…"), ("abcde", False, "abcd…"), ("", True, "")],
)
def test_a_text_is_cut_where_it_is_too_long(text: str, shown: str, *, within: bool) -> None:
    """The mark is one of the characters, or one more."""
    assert shorten(text, 4, within=within) == shown


def test_no_character_is_of_two_kinds() -> None:
    """Hyphens are dashes too, but no straight character is among them."""
    assert set(HYPHENS) < set(DASHES)
    assert not set(DASHES) & set(APOSTROPHES)
    assert not set("-'") & {*DASHES, *APOSTROPHES}
