"""Schemas become what strict servers take; objects are found in whatever is around them."""

import json
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from pipeline.llm.schema import SchemaMismatch, extract_object, response_format, strict_schema


class Part(BaseModel):
    """A part."""

    title: str = Field(default="none", min_length=1, max_length=9, pattern="^[a-z]+$")
    kind: Literal["news", "tool"] = "news"


class Whole(BaseModel):
    """A whole."""

    title: str
    day: date | None = None
    parts: tuple[Part, ...] = Field(min_length=1, max_length=2)
    best: Part | None = Field(default=None, description="The best one.")
    default: int = Field(default=3, ge=1)


def test_a_wire_schema_is_closed_and_asks_for_everything() -> None:
    """Every object forbids more and requires all, as strict mode wants."""
    schema = strict_schema(Whole, length_bounds=False)
    for each in (schema, schema["$defs"]["Part"]):
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
    assert list(schema["properties"]) == ["title", "day", "parts", "best", "default"]


def test_a_wire_schema_has_no_word_that_strict_mode_rejects() -> None:
    """Titles, defaults and lengths go, patterns, ranges and array sizes stay; so do field names."""
    schema = strict_schema(Whole, length_bounds=False)
    properties = schema["properties"]
    assert properties["title"] == {"type": "string"}
    assert properties["default"] == {"minimum": 1, "type": "integer"}
    assert properties["parts"]["minItems"] == 1
    assert properties["parts"]["maxItems"] == 2
    assert schema["$defs"]["Part"]["properties"]["title"] == {
        "pattern": "^[a-z]+$",
        "type": "string",
    }
    assert {"format": "date", "type": "string"} in properties["day"]["anyOf"]


def test_a_reference_stands_alone() -> None:
    """Strict servers reject words beside `$ref`."""

    class Holder(BaseModel):
        part: Part = Field(description="Said beside the reference.")

    schema = strict_schema(Holder, length_bounds=False)
    assert schema["properties"]["part"] == {"$ref": "#/$defs/Part"}


def test_a_grammar_gets_the_lengths() -> None:
    """A server that turns the schema into a grammar enforces lengths, so they are sent."""
    part = strict_schema(Whole, length_bounds=True)["$defs"]["Part"]["properties"]["title"]
    assert (part["minLength"], part["maxLength"]) == (1, 9)


def test_the_name_of_a_schema_is_one_that_servers_take() -> None:
    """Private and generic class names lose what is not a letter or digit."""

    class _Reply(BaseModel):
        id: str

    described = response_format(_Reply, "json_schema", length_bounds=False)
    assert described is not None
    assert described["json_schema"]["name"] == "Reply"
    assert response_format(_Reply, "json_object", length_bounds=False) == {"type": "json_object"}
    assert response_format(_Reply, "text", length_bounds=False) is None


GOOD = '{"title": "abc", "kind": "tool"}'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"\ufeff {GOOD}\n",
        f"Sure {{here}} it is: {GOOD} and {{more}}",
        f"```json\n{GOOD}\n```",
        f'<think>{{"title": "draft"}}</think>{GOOD}',
        f'So {{"title": "draft"}}?</think>\n{GOOD}',
        f'{{"title": "UPPER"}} no, rather {GOOD}',
        f'{{"title": "abc", "kind": "tool", }} sorry: {GOOD}',
        '{"title": "abc", "kind": "tool", "more": "a\nb </think> {"}',
        f'{{"other": 1, "part": {{"title": "draft"}}, "title": 4}} {GOOD}',
    ],
)
def test_the_first_object_that_fits_is_found(text: str) -> None:
    """Whatever stands around it, and never a part of another object."""
    assert Part.model_validate_json(extract_object(text, Part)) == Part(title="abc", kind="tool")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no complete JSON object"),
        ("I would rather not.", "no complete JSON object"),
        ('{"title": "abc"', "no complete JSON object"),
        ("[1, 2]", "no complete JSON object"),
        ("<think>{} no", "no complete JSON object"),
        ("{" * 50_000, "no complete JSON object"),
        ('{"a":' * 50_000, "no complete JSON object"),
        ('{"title": ' + "9" * 5_000 + "}", "no complete JSON object"),
        ('{"title": "ABC"}', "title: String should match pattern"),
        ('{"title": "\\ud800"}', "Invalid JSON"),
        ('{"title": "ABC"} {"title": 1}', "title: String should match pattern"),
    ],
)
def test_a_text_without_a_fitting_object_says_what_is_wrong(text: str, said: str) -> None:
    """In one line of plain words; the first object is the one that is spoken of."""
    with pytest.raises(SchemaMismatch, match=said) as caught:
        extract_object(text, Part)
    assert "\n" not in str(caught.value)


def test_many_mistakes_are_summed_up() -> None:
    """Five are told, the others counted."""
    parts = [{"title": "ABC"}] * 9
    text = json.dumps({"title": 1, "parts": parts[:2], "best": {"title": 1, "kind": 2}, "day": 0})
    with pytest.raises(SchemaMismatch, match=r"title: Input should be a valid string; .*more"):
        extract_object(text, Whole)


class Anything(BaseModel):
    """One field of any kind."""

    value: Any


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    ),
    st.text(st.characters(exclude_characters="{}<>")),
)
def test_any_value_is_read_back_from_between_words(value: Any, words: str) -> None:
    """What a model wrote is what is read."""
    text = f"{words}{json.dumps({'value': value}, ensure_ascii=False)}{words}"
    assert Anything.model_validate_json(extract_object(text, Anything)).value == value


def test_five_mistakes_are_all_told_and_of_more_only_five() -> None:
    """With their places, in the order of the schema."""

    class Six(BaseModel):
        a: int
        b: int
        c: int
        d: int
        e: int
        f: int

    with pytest.raises(SchemaMismatch) as five:
        extract_object('{"f": 1}', Six)
    assert str(five.value) == "; ".join(f"{name}: Field required" for name in "abcde")
    with pytest.raises(SchemaMismatch) as six:
        extract_object("{}", Six)
    assert str(six.value) == f"{five.value}; and 1 more"


def test_an_object_is_found_after_many_that_are_none() -> None:
    """Two hundred beginnings are looked at, and no more."""
    assert extract_object("{ " * 150 + GOOD, Part)
    with pytest.raises(SchemaMismatch, match="no complete"):
        extract_object("{ " * 200 + GOOD, Part)


def test_the_name_of_a_schema_has_at_most_64_letters() -> None:
    """What is no letter or digit is one line below."""
    long = type("A" * 70, (Part,), {})
    generic = type("Reply[Part, int]", (Part,), {})
    names = [response_format(each, "json_schema", length_bounds=False) for each in (long, generic)]
    assert [each and each["json_schema"]["name"] for each in names] == ["A" * 64, "Reply_Part_int"]


def test_only_formats_that_strict_mode_knows_are_sent() -> None:
    """Of choices between objects `anyOf` is the one that it takes."""

    class Cat(BaseModel):
        kind: Literal["cat"]

    class Dog(BaseModel):
        kind: Literal["dog"]

    class Holder(BaseModel):
        day: date
        path: Annotated[str, Field(json_schema_extra={"format": "path"})]
        pet: Annotated[Cat | Dog, Field(discriminator="kind")]
        pairs: tuple[tuple[int, str], ...]

    properties = strict_schema(Holder, length_bounds=False)["properties"]
    assert properties["day"] == {"format": "date", "type": "string"}
    assert properties["path"] == {"type": "string"}
    assert properties["pet"] == {"anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}
    assert properties["pairs"]["items"]["prefixItems"] == [{"type": "integer"}, {"type": "string"}]
