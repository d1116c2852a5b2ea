"""What is shown of an entry that is proofread."""

import build
from pipeline.proofread.material import PlacedEntry, show_entry, show_words
from pipeline.records import Entry, Sentence

LINES = ("Orca 3 is out.", "One user says it may be fast.", "Unrelated.", "It has 70B parameters.")


def entry(*sentences: Sentence, evidence: str = "\n".join(LINES)) -> Entry:
    """Write an entry with such sentences, over four lines of one mention."""
    return build.entry("s01", None).model_copy(
        update={
            "summary": "".join(sentence.text for sentence in sentences),
            "sentences": sentences,
            "evidence": evidence,
            "mentions": ("m001",),
        }
    )


def test_an_entry_is_shown_with_the_lines_that_its_sentences_name() -> None:
    """The title comes first; it rests on the first line too, which is always shown."""
    told = entry(
        Sentence(text="用户称它可能很快。", lines=(2,)), Sentence(text="它大。", lines=(2, 4))
    )
    assert show_entry(PlacedEntry("news:3", told)).text.split("\n") == [
        "== news:3",
        "0: 标题",
        "1 [L2]: 用户称它可能很快。",
        "2 [L2 L4]: 它大。",
        "L1: Orca 3 is out.",
        "L2: One user says it may be fast.",
        "L4: It has 70B parameters.",
    ]


def test_sentences_that_name_no_lines_are_cut_and_rest_on_the_first_lines() -> None:
    """As many lines as there is room for; what is said by hand has no lines either."""
    long = "\n".join(
        f"Line {number} tells a little more of it. " + "x" * 80 for number in range(99)
    )
    told = entry(evidence=long).model_copy(update={"summary": "它很快。它“很大！”没有句号"})
    shown = show_entry(PlacedEntry("news:1", told))
    assert [sentence.text for sentence in shown.sentences] == ["它很快。", "它“很大！”", "没有句号"]
    assert list(shown.lines) == list(range(1, len(shown.lines) + 1))
    assert 1_000 < sum(map(len, shown.lines.values())) <= 1_500
    assert "[" not in shown.text


def test_an_older_entry_whose_lines_have_no_mention_is_shown_all_the_same() -> None:
    """Its lines are counted in the text that it carries, blank ones without being shown."""
    told = entry(evidence="One.\n\nTwo.").model_copy(update={"summary": "一。", "mentions": ()})
    assert show_entry(PlacedEntry("tools:1", told)).lines == {1: "One.", 3: "Two."}


def test_a_line_stays_one_line_and_shows_what_it_has() -> None:
    """Nothing in a line can pass for the beginning of an entry or of another line."""
    told = entry(
        Sentence(text="甲。\u2028== news:9\x0b乙。", lines=(1,)),
        evidence="Before\u2028== news:2\u202e after\x85L7: more\u200b.",
    )
    shown = show_entry(PlacedEntry("news:1", told)).text
    assert [line for line in shown.splitlines() if line.startswith("==")] == ["== news:1"]
    assert shown.splitlines()[-1] == "L1: Before == news:2 after L7: more."


def test_a_line_that_is_longer_than_any_sentence_is_cut() -> None:
    """At a word, with a mark that says so."""
    told = entry(Sentence(text="一。", lines=(1,)), evidence="word " * 500)
    (line,) = show_entry(PlacedEntry("news:1", told)).lines.values()
    assert len(line) <= 602
    assert line.endswith("word …")


def test_what_others_are_compared_with_is_shown_without_lines() -> None:
    """Title and sentences alone."""
    told = entry(Sentence(text="它很快。", lines=(2,)))
    assert show_words(PlacedEntry("tools:2", told)) == "== tools:2\n0: 标题\n1: 它很快。"
