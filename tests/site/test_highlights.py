"""Which numbers and names of an entry are marked as checked, and against what of the evidence."""

from collections.abc import Iterable

import pytest

from pipeline.records import Entry, Link
from pipeline.site.entry import EntryView, entry_view
from pipeline.site.highlights import Highlights, find_highlights


def highlights(
    title: str, summary: str, evidence: str, links: Iterable[tuple[str, str]] = ()
) -> Highlights:
    """Highlight an entry with these texts, and with links of these texts and addresses."""
    return find_highlights(
        Entry(
            kind="news",
            title=title,
            summary=summary,
            link=None,
            evidence=evidence,
            links=tuple(Link(text=text, url=url) for text, url in links),
        )
    )


def found(said: str, evidence: str) -> list[tuple[str, ...]]:
    """Say of each pair its kind, how the Chinese writes it and how the evidence writes it."""
    made = highlights("题", said, evidence)
    return [(each.kind, " / ".join(each.said), " / ".join(each.source)) for each in made.pairs]


def spans(made: Highlights, title: str, summary: str, evidence: str) -> tuple[list[str], ...]:
    """Cut out what is marked in each of the three texts."""
    both = ((made.title, title), (made.summary, summary), (made.evidence, evidence))
    return tuple([text[span.start : span.end] for span in where] for where, text in both)


def shown(title: str, summary: str, evidence: str, **more: object) -> EntryView:
    """Show an entry with these texts."""
    given = {
        "kind": "news",
        "title": title,
        "summary": summary,
        "link": None,
        "evidence": evidence,
    }
    return entry_view(Entry.model_validate(given | more), "news-1", 1)


@pytest.mark.parametrize(
    ("said", "evidence", "pairs"),
    [
        ("支持4万上下文", "a 40k context", [("number", "4万", "40k")]),
        ("支持4万与40000", "40k", [("number", "4万 / 40000", "40k")]),
        (
            "共有270亿参数",
            "27B parameters, 27B in all",
            [("number", "270亿参数", "27B parameters / 27B")],
        ),
        ("比前代快1.86倍", "1.9x faster", []),
        # A share is one number, and a ratio's side is one of its numbers.
        ("在80层中有48层", "48/80 layers", [("number", "80层中有48", "48/80")]),
        ("共80层", "48/80 layers", [("number", "80", "48/80")]),
    ],
)
def test_a_number_is_marked_where_the_evidence_says_the_same(
    said: str, evidence: str, pairs: list[tuple[str, ...]]
) -> None:
    """However both write it; what has no equal is not marked."""
    assert found(said, evidence) == pairs


@pytest.mark.parametrize(
    ("said", "evidence", "pairs"),
    [
        ("由Lumen发布", "Lumen is out", [("name", "Lumen", "Lumen")]),
        (
            "Big Red Lumen Orbit Nine上线",
            "Big Red Lumen Orbit Nine ships",
            [("name", "Big Red Lumen Orbit Nine", "Big Red Lumen Orbit Nine")],
        ),
        ("GPT-5发布", "GPT-5.2 is out", []),
        ("Son发布", "the reason is", []),
        ("Face发布", "HuggingFace did", [("name", "Face", "Face")]),
        ("Qwen发布", "Qwen3 is out", [("name", "Qwen", "Qwen")]),
        ("Lumen上线", "two Lumens ship", [("name", "Lumen", "Lumens")]),
        ("Lumens上线", "one Lumen ships", [("name", "Lumens", "Lumen")]),
        ("谷歌上线", "Google and Alphabet", [("name", "谷歌", "Google")]),
        # What everybody calls so needs no evidence, unless it is a part of a name.
        ("API与GPU开放", "an API, a GPU", []),
        ("Lumen API开放", "the Lumen API", [("name", "Lumen API", "Lumen API")]),
        ("用ggml格式", "the ggml format", []),
        ("lumen发布", "Lumen is out", []),
        ("Deep-Seek发布", "DeepSeek is out", [("name", "Deep-Seek", "DeepSeek")]),
    ],
)
def test_a_name_is_marked_as_long_as_it_is_found_whole(
    said: str, evidence: str, pairs: list[tuple[str, ...]]
) -> None:
    """It begins and ends where a word or a part of one does; a word left in English is no name."""
    assert found(said, evidence) == pairs


def test_a_name_that_only_a_link_has_is_marked_without_a_place() -> None:
    """A small word too, as ollama is."""
    links = [("Lumen", "https://ollama.com/")]
    made = highlights("题", "ollama与Lumen上线", "Nothing of it.", links)
    assert [(each.kind, each.said, each.source) for each in made.pairs] == [
        ("name", ("ollama",), ()),
        ("name", ("Lumen",), ()),
    ]
    assert made.evidence == ()
    assert highlights("题", "Lumen上线", "Nothing of it.").pairs == ()


def test_one_name_is_one_pair_wherever_it_stands() -> None:
    """In title and summary, in every place of the evidence."""
    title, summary, evidence = "Lumen发布", "团队称Lumen很快。", "Lumen is out. I like Lumen."
    made = highlights(title, summary, evidence)
    assert spans(made, title, summary, evidence) == (["Lumen"], ["Lumen"], ["Lumen", "Lumen"])
    assert {span.pair for span in (*made.title, *made.summary, *made.evidence)} == {1}
    assert len(made.pairs) == 1


def test_a_mark_at_the_very_end_of_a_title_is_the_titles() -> None:
    """And one at the beginning of the summary the summary's."""
    title, summary, evidence = "发布Lumen", "Orbit也在。", "Lumen and Orbit are out."
    made = highlights(title, summary, evidence)
    assert spans(made, title, summary, evidence)[:2] == (["Lumen"], ["Orbit"])
    assert (made.title[0].start, made.summary[0].start) == (2, 0)


def test_of_two_names_in_one_place_the_longest_is_marked_in_the_evidence() -> None:
    """Awesome Gemma and Gemma have a place each."""
    summary, evidence = "Gemma与Awesome Gemma上线", "Awesome Gemma lists every Gemma."
    made = highlights("题", summary, evidence)
    assert spans(made, "题", summary, evidence)[1:] == (
        ["Gemma", "Awesome Gemma"],
        ["Awesome Gemma", "Gemma"],
    )
    assert [span.pair for span in made.evidence] == [2, 1]


def test_a_number_of_a_name_is_the_names() -> None:
    """The 3 of Gemini 3 Pro is no number."""
    assert found("Gemini 3 Pro发布", "Gemini 3 Pro is out") == [
        ("name", "Gemini 3 Pro", "Gemini 3 Pro")
    ]


def test_a_number_that_only_a_name_has_is_a_pair_of_its_own() -> None:
    """The name keeps its place in the evidence."""
    assert found("GPT-5与5", "GPT-5") == [("name", "GPT-5", "GPT-5"), ("number", "5", "GPT-5")]
    made = highlights("题", "GPT-5与5", "GPT-5")
    assert [(span.kind, span.pair) for span in made.evidence] == [("name", 1)]


def test_a_small_number_in_words_has_one_place() -> None:
    """Every `two` of the evidence would be too many."""
    summary, evidence = "分为两种模式", "two modes, two sizes, two days"
    made = highlights("题", summary, evidence)
    assert spans(made, "题", summary, evidence)[2] == ["two"]
    assert made.evidence[0].start == 0


def test_nothing_is_marked_without_evidence_or_in_a_quotation() -> None:
    """There is nothing that it was compared with."""
    assert highlights("Lumen", "Lumen有4万", "") == Highlights()
    quoted = shown("Lumen", "Lumen has 40k.", "Lumen has 40k.", quoted=True)
    assert (quoted.matches, quoted.counts) == ((), "")
    assert {run.kind for run in quoted.summary} == {None}


def test_an_entry_lists_its_numbers_before_its_names() -> None:
    """With how the evidence writes them, where that is otherwise."""
    made = shown("Deep-Seek与Lumen", "Lumen有4万用户与40%。", "DeepSeek, Lumen: 40k users, 40%.")
    said = [(each.kind, each.said, each.source, each.linked) for each in made.matches]
    kinds = [each[0] for each in said]
    assert kinds == sorted(kinds, reverse=True)
    assert ("number", "40%", "", False) in said
    assert ("name", "Deep-Seek", "DeepSeek", False) in said
    assert ("name", "Lumen", "", False) in said
    numbers, names = kinds.count("number"), kinds.count("name")
    assert made.counts == f"{numbers} 个数字、{names} 个名称"
    assert all(run.pair for run in made.title if run.kind)
    assert "".join(run.text for run in made.summary) == "Lumen有4万用户与40%。"


def test_what_both_write_alike_is_said_once_unless_a_number_has_another_form() -> None:
    """Of a number every other form is said."""
    made = shown("题", "有40%与4万。", "40 percent, 40%; 40k, 40,000.")
    assert [(each.said, each.source) for each in made.matches] == [
        ("40%", "40 percent"),
        ("4万", "40k / 40,000"),
    ]
    names = shown("题", "Lumen上线", "Lumen and LUMEN")
    assert [(each.said, each.source) for each in names.matches] == [("Lumen", "")]


def test_a_mark_stays_within_its_line() -> None:
    """A name that a line ends in the middle of is marked in both lines."""
    made = shown("题", "Big Lumen上线", "First: Big\nLumen is out.")
    lines = [
        [(run.text, run.kind) for line in each.lines for run in line.runs]
        for each in made.evidence[0]
    ]
    assert "".join(text for text, _ in lines[0]) == "First: Big"
    assert "".join(text for text, _ in lines[1]) == "Lumen is out."
