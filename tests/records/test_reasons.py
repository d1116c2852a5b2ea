"""Every reason has its words, and a saved sentence is read as what it was."""

import datetime as dt
from typing import Literal, get_args

import pytest
from pydantic import ValidationError

from pipeline.records import (
    NO_REASON,
    DroppedItem,
    Reason,
    ReasonCode,
    Salience,
    SalienceFact,
    read_expected,
    read_found,
    read_reason,
)
from pipeline.records.reasons import ENGLISH, read_fact

DAY = dt.date(2026, 1, 29)
REPEATED = Reason.of("repeated", DAY, "news:3", Reason.of("same_link", "a.test/x"))


def test_every_code_has_its_english() -> None:
    """All but `other`, whose words are its parameter."""
    assert {*ENGLISH, "other"} == set(get_args(ReasonCode))


@pytest.mark.parametrize(
    "reason",
    [
        Reason("model"),
        Reason("named_twice"),
        Reason.of("same_link_as", "s03"),
        REPEATED,
        Reason.of("repeated", DAY, "news:3", Reason.of("names_alike", "a, b")),
        Reason.of(
            "repeated_with_news",
            DAY,
            "tools:1",
            Reason.of("link_alike", "a.test/x"),
            Reason.of("new_quantities", "3, 4"),
        ),
        Reason.of("failed_checks", Reason.of("failed_check", "number", "6710亿参数")),
        Reason.of(
            "failed_checks",
            Reason.of("failed_check", "name", "it's, 'so', \"said\""),
            Reason.of("failed_check", "form", "a\n\\b\x00"),
        ),
        Reason.of("unusable", "m", "'translate'", 3, "too long: 9"),
        Reason.of("refused", "m", "'select'", "no: never"),
        Reason.of("same_names", "GLM-4.7, Heron"),
        Reason.of("has_link_and_names", "a, b"),
        NO_REASON,
    ],
)
def test_what_is_saved_is_read_as_it_was(reason: Reason) -> None:
    """In a file it is the sentence, and the sentence is the same reason again."""
    dropped = DroppedItem(what="s01", reason=reason)
    assert dropped.model_dump(mode="json") == {"what": "s01", "reason": str(reason)}
    assert DroppedItem.model_validate_json(dropped.model_dump_json()) == dropped


@pytest.mark.parametrize(
    "sentence",
    [
        "a new reason",
        "not told on 2026-01-29",
        "told on Monday",
        "did not pass the checks",
        "did not pass the checks: number 4万",
        r"did not pass the checks: number '\x4', name 'a'",
        "told on 2026-01-29 as news:3: same link",
        "m refused to answer 'select': " + "x" * 3_000,
        "名\n称",
    ],
)
def test_a_sentence_that_no_template_makes_stays_as_it_is(sentence: str) -> None:
    """Old digests, and those that somebody wrote, lose nothing."""
    assert str(read_reason(sentence)) == sentence


def test_what_only_looks_like_a_reason_is_none() -> None:
    """A sentence has to be a template's from beginning to end."""
    assert read_reason("not told on 2026-01-29 as news:1: x").code == "other"
    assert read_reason("models").code == "other"
    assert read_reason("told on 2026-01-29 as news:1: x").code == "repeated"
    cut = read_reason("did not pass the checks: number '4万', name 'He…")
    assert (cut.code, cut.params) == ("failed_checks", ("number '4万', name 'He…",))


@pytest.mark.parametrize(
    ("clause", "fact"),
    [
        ("stands in twitter +2.6", SalienceFact(Reason.of("in_part", "twitter"), 2.6)),
        ("told in discord, reddit -0.0", SalienceFact(Reason.of("in_recaps", "discord, reddit"))),
        ("no link -1.0", SalienceFact(Reason("no_link"), -1.0)),
        ("a new fact +0.5", SalienceFact(Reason("other", ("a new fact",)), 0.5)),
        ("120 votes", SalienceFact(Reason("other", ("120 votes",)))),
    ],
)
def test_a_fact_is_saved_with_its_points(clause: str, fact: SalienceFact) -> None:
    """A clause without points, or of an unknown kind, stays as it is."""
    assert read_fact(clause).reason == fact.reason
    assert read_fact(clause).points in (fact.points, 0.0)
    read = Salience.model_validate_json(f'{{"facts": ["{clause}"]}}')
    assert read.model_dump(mode="json")["facts"] == [clause]


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        ("expected", "a title of 1 to 40 characters", "length"),
        ("expected", "智能体 for 'agent'", "term"),
        ("expected", '智能体 for "agent"', "other"),
        ("expected", "drop of news:3, 'Heron', to be applied", "edit_applied"),
        ("found", "news:3 stands under s02 too", "two_places"),
        ("found", "12 characters", "found_length"),
        ("found", "name of the sea", "other"),
        ("found", "money", "other"),
    ],
)
def test_a_quotation_is_no_remark_of_a_check(
    read: Literal["expected", "found"], text: str, code: ReasonCode
) -> None:
    """What a check expected and found is read by the templates of just that."""
    found = (read_expected if read == "expected" else read_found)(text)
    assert (found.code, str(found)) == (code, text)


def test_reasons_of_one_kind_are_counted_together() -> None:
    """By what stands before the first colon of the wording, not of what is quoted in it."""
    assert REPEATED.summary == "told on 2026-01-29 as news:3"
    assert Reason.of("failed_checks", Reason.of("failed_check", "name", "a")).summary == (
        "did not pass the checks"
    )
    assert read_reason("told: 4").summary == "told"


def test_a_record_holds_no_reason_that_is_neither_text_nor_reason() -> None:
    """A number is reported as any wrong text is."""
    with pytest.raises(ValidationError, match="valid string"):
        DroppedItem.model_validate({"what": "s01", "reason": 3})
