"""Tests of the lines that a mention is cut into."""

from pipeline.records import cut_lines

LONG = (
    "The model was trained on forty thousand hours of speech, which its makers describe at length, "
)


def test_a_long_line_is_cut_behind_its_sentences_alone() -> None:
    """A full stop of an abbreviation ends none, or a figure and its rival stand in two lines."""
    compared = f"{LONG}and it reaches 38% vs. Orca's 26%, a.k.a. Pod, in U.S. English: {LONG}too."
    lines = list(cut_lines("m001", f"{compared} Dr. Reed of Acme Inc. checked it. {LONG}as said."))
    assert [line.text for line in lines] == [
        compared,
        f"Dr. Reed of Acme Inc. checked it. {LONG}as said.",
    ]
    assert [line.continues for line in lines] == [False, True]
