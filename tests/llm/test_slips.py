"""Slips that leave no doubt are forgiven, whatever leaves one is not."""

import json
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from pipeline.llm.schema import SchemaMismatch, extract_object


class Sentence(BaseModel):
    """One sentence."""

    text: str
    lines: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]


class Entry(BaseModel):
    """What is asked for."""

    title: str
    sentences: Annotated[list[Sentence], Field(min_length=1)]
    link: int = 0


GOOD: dict[str, Any] = {"title": "标题", "sentences": [{"text": "一句。", "lines": [3]}], "link": 2}


def entry(answer: dict[str, Any]) -> Entry:
    """Read an answer."""
    return Entry.model_validate_json(extract_object(json.dumps(answer), Entry))


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        {name.title(): value for name, value in GOOD.items()},
        {name.upper(): value for name, value in GOOD.items()},
        GOOD | {"title": ["标题"]},
        GOOD | {"sentences": GOOD["sentences"][0]},
        GOOD | {"sentences": [{"Text": "一句。", "Lines": [3]}]},
        GOOD | {"link": "L2"},
        GOOD | {"link": "[2]"},
        {"answer": {name.title(): value for name, value in GOOD.items()}},
    ],
)
def test_a_name_in_capitals_and_one_for_a_list_are_forgiven(answer: dict[str, Any]) -> None:
    """The entry is the one that was meant."""
    assert entry(answer) == Entry.model_validate(GOOD)


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (3, [3]),
        ("3", [3]),
        ("L3", [3]),
        (["L3", "[4]"], [3, 4]),
        ("3-5", [3, 4, 5]),
        ("L3–L5", [3, 4, 5]),
        ("[3, 5]", [3, 5]),
        ("3、5", [3, 5]),
        ("3 5", [3, 5]),
        ("2, 4 - 6", [2, 4, 5, 6]),
    ],
)
def test_numbers_of_lines_are_read_in_any_notation(lines: object, read: list[int]) -> None:
    """One number, several, or a span of them."""
    said = GOOD | {"sentences": [{"text": "一句。", "lines": lines}]}
    assert entry(said).sentences[0].lines == read


@pytest.mark.parametrize("link", [None, "https://example.org/a"])
def test_no_link_and_an_address_for_its_number_are_none(link: object) -> None:
    """The field may be missing; an address is never taken from a model."""
    assert entry(GOOD | {"link": link}).link == 0


@pytest.mark.parametrize(
    "answer",
    [
        GOOD | {"title": None},
        GOOD | {"title": 3},
        GOOD | {"title": ["标题", "另一个"]},
        GOOD | {"title": {"zh": "标题"}},
        GOOD | {"sentences": ["一句。"]},
        GOOD | {"sentences": "一句。"},
        GOOD | {"sentences": []},
        GOOD | {"sentences": None},
        GOOD | {"sentences": True},
        GOOD | {"link": "第二个"},
        GOOD | {"link": "2 or 3"},
        GOOD | {"link": 2.5},
        *(
            GOOD | {"sentences": [{"text": "一句。", "lines": lines}]}
            for lines in ("", "all", "3 and more", "5-3", "1-99", "0", 0, None, True, "3.5", "-3")
        ),
        {"Title": "标题", "TITLE": "另一个", "sentences": GOOD["sentences"]},
    ],
)
def test_what_leaves_a_doubt_does_not_fit(answer: dict[str, Any]) -> None:
    """It is asked for again."""
    with pytest.raises(SchemaMismatch):
        entry(answer)


def test_an_answer_that_fits_comes_before_one_with_slips() -> None:
    """Wherever it stands."""
    slip = json.dumps({"TITLE": "别的", "SENTENCES": GOOD["sentences"]})
    found = extract_object(f"{json.dumps(GOOD)}\n{slip}", Entry)
    assert Entry.model_validate_json(found).title == "标题"
