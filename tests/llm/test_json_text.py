"""The answer is found in whatever a model writes: thoughts in every dress, wrappings, slips."""

import json
import time

import pytest
from pydantic import BaseModel

from pipeline.llm.json_text import read_objects
from pipeline.llm.schema import SchemaMismatch, extract_object


class Told(BaseModel):
    """What is asked for."""

    title: str
    n: int


GOOD = '{"title": "好", "n": 1}'
DRAFT = '{"title": "草", "n": 0}'
# An answer about reasoning models, whose words look like marks.
TAGGED = '{"title": "支持 <think> 与 </think>、[THINK]、<|channel|>final<|message|> 标签", "n": 1}'
QUOTED = json.dumps(GOOD)


COMMENTED = [
    '{ // the answer\n "title": "好", // said\n "n": 1 }',
    '{ /* the "answer" */ "title": "好", "n": /* one */ 1, }',
    '{"title": "好", "n": 1, // the last\n}',
]


def told(text: str) -> Told:
    """Read the answer in a text."""
    return Told.model_validate_json(extract_object(text, Told))


@pytest.mark.parametrize(
    "text",
    [
        f"<think>{DRAFT}</think>{GOOD}",
        f"<THINK>{DRAFT}</THINK>{GOOD}",
        f"< think >{DRAFT}< / think >{GOOD}",
        f"<thinking>{DRAFT}</thinking>{GOOD}",
        f"<thought>{DRAFT}</thought>{GOOD}",
        f"<reasoning>{DRAFT}</reasoning>{GOOD}",
        f"<seed:think>{DRAFT}</seed:think>{GOOD}",
        f"<longcat_think>{DRAFT}</longcat_think>{GOOD}",
        f"[THINK]{DRAFT}[/THINK]{GOOD}",
        f"◁think▷{DRAFT}◁/think▷{GOOD}",
        f"【思考】{DRAFT}【/思考】{GOOD}",
        f"<unused94>thought\n{DRAFT}\n<unused95>{GOOD}",
        f"<|channel>thought\n{DRAFT}\n<channel|>{GOOD}",
        f"<|inner_prefix|>{DRAFT}<|inner_suffix|>{GOOD}",
        f"<|START_THINKING|>{DRAFT}<|END_THINKING|><|START_RESPONSE|>{GOOD}<|END_RESPONSE|>",
        f"<|begin_of_thought|>{DRAFT}<|end_of_thought|><|begin_of_solution|>{GOOD}<|end_of_solution|>",
        f'<details type="reasoning" done="true">{DRAFT}</details>{GOOD}',
        f"Here is my thought process: {DRAFT} Here is my response: {GOOD}",
        f"<think>{DRAFT}</think><answer>{GOOD}</answer>",
        "<think>\n\n</think>\n\n" + GOOD,
        f"<think/>{GOOD}",
    ],
)
def test_thoughts_are_no_answer_in_whatever_dress(text: str) -> None:
    """A draft in them that fits is passed over."""
    assert told(text).n == 1
    assert not read_objects(text).unfinished


@pytest.mark.parametrize(
    "text",
    [
        f"<|channel|>analysis<|message|>{DRAFT} No.<|end|><|start|>assistant<|channel|>final<|message|>{GOOD}",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>{GOOD}<|return|>",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|>{GOOD}",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|><|channel|>commentary to=functions.x <|constrain|>json<|message|>{GOOD}<|call|>",
        f"<|start|>assistant<|channel|>final<|message|>{GOOD}",
        f"analysisWe need a title: {DRAFT}? No.assistantfinal{GOOD}",
        f"We need a title: {DRAFT}.assistantfinal json\n{GOOD}",
        f"analysis {DRAFT} assistant final```json\n{GOOD}\n```",
    ],
)
def test_only_the_final_channel_answers(text: str) -> None:
    """Also where its special tokens were lost, or only the thoughts have a channel."""
    assert told(text).n == 1


@pytest.mark.parametrize(
    "text",
    [
        f"{DRAFT} rather not </think>{GOOD}",
        f"<think>I end with </think>, then {DRAFT}.</think>{GOOD}",
        f"<think><think>{DRAFT}</think>{DRAFT}</think>{GOOD}",
        f"<think>{DRAFT} hm <answer>{GOOD}</answer>",
        f"<think>first {DRAFT}, then {GOOD}",
        f"Without <think> tags: {GOOD}",
        f"{GOOD}\n</think>",
        f"{GOOD}\n<think>",
        f"<|channel>thought\n{DRAFT} no\n{GOOD}<channel|>",
        "if (a) { b } " * 2_000 + f"</think>{GOOD}",
    ],
)
def test_marks_may_be_missing(text: str) -> None:
    """An unopened thought is one; where all is a thought, the object that ends it is the answer."""
    assert told(text).n == 1


@pytest.mark.parametrize(
    "text",
    [TAGGED, f"Here: {TAGGED}", f"```json\n{TAGGED}\n```", f"<think>{DRAFT}</think>{TAGGED}"],
)
def test_what_stands_in_strings_is_no_mark(text: str) -> None:
    """An entry may be about such a tag."""
    assert told(text) == Told.model_validate_json(TAGGED)


@pytest.mark.parametrize(
    "text",
    [
        f"{DRAFT}\nBetter:\n{GOOD}",
        f'{DRAFT} {{"title": 4}} {GOOD} {{"title": 5}}',
        f"~~~\n{GOOD}\n~~~",
        f"[{GOOD}]",
        f'{{"result": {GOOD}}}',
        f'{{"json": [{GOOD}]}}',
        f'{{"result": {QUOTED}}}',
        f'{{"name": "answer", "arguments": {GOOD}}}',
        f'{{"name": "answer", "arguments": {QUOTED}}}',
        f'{{"answer": {{"item": {GOOD}}}}}',
        QUOTED,
        json.dumps(QUOTED),
        f"```json\n{QUOTED}\n```",
        f"<think>{DRAFT}</think>{QUOTED}",
        QUOTED[1:-1],
        '{"title": "好", "n": 1,}',
        '{"title": "好", "n": 1, "x": None, "y": [True, False,]}',
        "{'title': '好', 'n': 1}",
        """{'title': "it's </think> good", 'n': 1, 'x': None}""",
        f"{GOOD}<|im_end|>",
    ],
)
def test_wrappings_and_slips_leave_one_meaning(text: str) -> None:
    """The last object that fits counts, unwrapped, decoded, and without its trailing comma."""
    assert told(text).n == 1
    assert not read_objects(text).unfinished


@pytest.mark.parametrize(
    "text",
    [
        f"<think>{DRAFT} no</think>",
        f"<think>{DRAFT}</think>I cannot help with that.",
        f"{DRAFT} no wait</think>",
        f'{{"example": {DRAFT}}}',
        f'{{"note": "wrong", "draft": {DRAFT}}}',
        f'{{"title": 1, "part": {DRAFT}}}',
        '{"title": "好", "n": 1,,}',
        "{'title': '好', 'n': null}",
        '{"title": "好" "n": 1}',
        '{"title": "好", "n": __import__("os")}',
    ],
)
def test_what_leaves_a_doubt_is_no_answer(text: str) -> None:
    """It is asked for again."""
    with pytest.raises(SchemaMismatch):
        told(text)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"title": "好',
        '{"title": "好", "n"',
        '```json\n{"title": "',
        f'<think>{DRAFT}</think>{{"title": "好", "parts": [{GOOD}, {{"ti',
        f"[{GOOD[:-1]}",
        QUOTED[:-6],
        "{'title': '好",
        f"<think>{DRAFT} and now I",
        f"<|channel|>analysis<|message|>{DRAFT} and",
    ],
)
def test_what_is_open_at_its_end_was_cut(text: str) -> None:
    """An object, a string, a thought."""
    assert read_objects(text).unfinished


@pytest.mark.parametrize(
    "text", ["", "no", "a { b", "{a} {b}", f"{GOOD} {{", f"{GOOD} <think>", '{"a": 1,,}', "{ not"]
)
def test_what_is_complete_or_no_json_was_not_cut(text: str) -> None:
    """Braces of prose, and what follows a whole object, say nothing."""
    assert not read_objects(text).unfinished


@pytest.mark.parametrize("text", COMMENTED)
def test_comments_are_passed_over(text: str) -> None:
    """Of either kind, fenced or not."""
    for answer in (text, f"```json\n{text}\n```"):
        assert told(answer) == Told(title="好", n=1)


@pytest.mark.parametrize("title", ["https://a.example/b", "/* 好 */", "a // b", "、//、"])
def test_what_looks_like_a_comment_in_a_string_stays(title: str) -> None:
    """Also beside a slip, and in Python's notation."""
    for text in (
        json.dumps({"title": title, "n": 1}),
        f'{{"title": "{title}", "n": 1,}}',
        f'{{ // one\n"title": "{title}", "n": 1}}',
        str({"title": title, "n": 1}),
    ):
        assert told(text).title == title


@pytest.mark.parametrize("text", ["{/**/" * 20000, "{" + "/**/" * 20000, "{//\n" * 20000])
def test_comments_without_end_take_no_time(text: str) -> None:
    """Each is looked at once."""
    started = time.monotonic()
    with pytest.raises(SchemaMismatch):
        told(text)
    assert time.monotonic() - started < 5
