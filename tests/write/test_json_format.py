"""A digest's JSON holds all of it, the same bytes each time, and reads back."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import entry
from conftest import FIXTURES
from pipeline.errors import PageNotUnderstood
from pipeline.records import Coverage, Edit, Link, Provenance, StoryAnchor
from pipeline.write.json_format import from_json, to_json
from written import digest_of, news_digest, one_entry

GOLDEN_JSON = FIXTURES / "write" / "golden.json"


def test_json_is_the_same_whatever_the_order_of_its_free_keys() -> None:
    """Two equal digests give the same bytes."""
    stored = from_json(GOLDEN_JSON.read_text("utf-8"))
    assert stored.provenance
    coverage = stored.provenance.coverage
    turned = Provenance.model_validate(
        stored.provenance.model_dump()
        | {
            "prompts": dict(reversed(stored.provenance.prompts.items())),
            "coverage": Coverage.model_validate(
                coverage.model_dump() | {"mentions": dict(reversed(coverage.mentions.items()))}
            ),
        }
    )
    assert to_json(stored.model_copy(update={"provenance": turned})) == to_json(stored)


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_json_reads_back(text: str) -> None:
    """Any text goes through JSON as it is, but for half a surrogate pair."""
    expected = text.encode("utf-8", "replace").decode()
    assert from_json(to_json(one_entry(text))) == one_entry(expected)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('"title": "标题"', '"title": "标题", "extra": 1'), r"news\.0\.extra"),
        (('"title": "标题",', ""), r"news\.0\.title"),
        (('"news": [', '"a\\nb": 1, "news": ['), "a b: "),
        (('"kind": "news"', '"kind": "rumour"'), r"news\.0\.kind"),
        (('"2026-01-31"', '"2026-02-31"'), "date"),
        (("{", "", 1), "no JSON from line 2"),
        (('"news": [', f'"{"x" * 200_000}": 1, "news": ['), "x…: Extra"),
        (("https://news.smol.ai", f"ftp://{'x' * 200_000}"), "issue_url"),
    ],
)
def test_json_that_is_not_a_digest_names_the_place(change: tuple[Any, ...], place: str) -> None:
    """The one-line error names where the JSON is wrong."""
    text = to_json(news_digest(entry("s01", None))).replace(*change)
    with pytest.raises(PageNotUnderstood, match=place) as caught:
        from_json(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_only_a_plain_digest_says_its_profile() -> None:
    """A digest of the full profile, and one from before there were profiles, is as it was."""
    plain = digest_of("a", profile="plain")
    assert from_json(to_json(plain)) == plain
    assert '"profile": "plain"' in to_json(plain)
    full = digest_of("a", profile=None)
    assert '"profile"' not in to_json(full)
    assert from_json(to_json(full)) == full


def test_what_says_nothing_is_not_in_the_json() -> None:
    """So that an older digest keeps its bytes; a memory of nothing says something."""
    full = digest_of("a", mentions="0123abcd", settings={"temperature": 0.5}, memory=())
    text = to_json(full)
    for field in ("memory", "settings", "mentions", "parts", "passed"):
        assert f'"{field}"' in text
    assert '"memory": []' in text
    assert "edit" not in text
    assert full.provenance is not None
    coverage = full.provenance.coverage.model_copy(update={"parts": {}, "passed": ()})
    bare = digest_of("a", mentions="", settings={}, memory=None, coverage=coverage)
    bare = bare.model_copy(update={"tools": (entry("s02", None, "tool"),)})
    tree = json.loads(to_json(bare))
    assert not {"memory", "settings", "mentions"} & set(tree["provenance"])
    assert set(tree["provenance"]["coverage"]) == {"characters", "mentions", "stories", "shown"}
    assert not {"parts", "edited"} & {*tree["news"][0], *tree["tools"][0]}
    assert from_json(to_json(bare)) == bare
    assert from_json(text) == full


def test_an_edit_has_only_the_fields_that_it_uses() -> None:
    """And an entry says what of it is by hand."""
    mark = StoryAnchor(id="s01", key="0" * 64, words="An open model")
    by_hand = entry("s01", None).model_copy(update={"edited": ("title",), "parts": ("reddit",)})
    edited = news_digest(by_hand).model_copy(
        update={"edits": (Edit(do="set", story=mark, stood="news:1", title="新"),)}
    )
    tree = json.loads(to_json(edited))
    assert tree["edits"] == [
        {
            "do": "set",
            "story": {"id": "s01", "key": "0" * 64, "words": "An open model"},
            "stood": "news:1",
            "title": "新",
        }
    ]
    assert (tree["news"][0]["edited"], tree["news"][0]["parts"]) == (["title"], ["reddit"])
    assert from_json(to_json(edited)) == edited


def test_free_keys_are_sorted_in_each_place() -> None:
    """Prompts, settings, and what was covered of each part."""
    made = digest_of("a", prompts={"b": "1", "a": "2"}, settings={"y": 1, "x": None})
    assert made.provenance is not None
    seen = made.provenance.coverage.parts
    mixed = made.provenance.coverage.model_copy(
        update={
            "mentions": {"twitter": 1, "discord": 2, "reddit": 3},
            "parts": dict(sorted(seen.items(), reverse=True)),
        }
    )
    known = made.provenance.model_copy(update={"coverage": mixed})
    tree = json.loads(to_json(made.model_copy(update={"provenance": known})))["provenance"]
    for found in (tree["prompts"], tree["settings"], *(
        tree["coverage"][name] for name in ("mentions", "parts")
    )):  # fmt: skip
        assert list(found) == sorted(found)
        assert len(found) > 1


def test_json_may_begin_with_a_byte_order_mark_and_has_one_final_newline() -> None:
    """An editor may have put it there; characters stand in it as they are."""
    text = to_json(one_entry("标题"))
    assert from_json("\ufeff" + text) == one_entry("标题")
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")
    assert list(json.loads(text))[:4] == ["$schema", "format_version", "date", "issue_url"]
    assert "标题" in text


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"issue_url": "ftp://a.test"}, "issue_url"),
        ({"news": (entry("s01", None), entry("s02", "mailto:a@b.test"))}, r"news\.1\.link"),
        ({"tools": (entry("s01", "ftp://a.test", "tool"),)}, r"tools\.0\.link"),
    ],
)
def test_every_address_of_the_json_is_looked_at(change: dict[str, Any], place: str) -> None:
    """An address that no digest may link to is named with its place."""
    with pytest.raises(PageNotUnderstood, match=place):
        from_json(to_json(news_digest(entry("s01", "HTTPS://a.test/b")).model_copy(update=change)))


def _with_lines(**fields: object) -> str:
    told = entry("s01", "https://a.test/1").model_copy(
        update={
            "evidence": "Acme ships\n  - with fins\n\nReviewers like it",
            "mentions": ("m003", "m017"),
            "links": (Link(url="https://a.test/1", text="ships", mention="m003"),),
            **fields,
        }
    )
    return to_json(news_digest(told))


def test_evidence_is_a_list_of_lines_with_their_mentions() -> None:
    """Each line and each link says which mention it stands in, and both read back."""
    text = _with_lines()
    (written,) = json.loads(text)["news"]
    assert written["evidence"] == [
        {"mention": "m003", "text": "Acme ships"},
        {"mention": "m003", "text": "  - with fins"},
        {"mention": "m017", "text": "Reviewers like it"},
    ]
    assert written["links"] == [{"url": "https://a.test/1", "text": "ships", "mention": "m003"}]
    assert "mentions" not in written
    (read,) = from_json(text).news
    assert (read.evidence, read.mentions) == (
        "Acme ships\n  - with fins\n\nReviewers like it",
        ("m003", "m017"),
    )
    assert to_json(from_json(text)) == text


def test_an_older_digest_has_its_evidence_as_one_text() -> None:
    """It is read, and written as it was."""
    text = _with_lines(mentions=(), links=(Link(url="https://a.test/1", text="ships"),))
    (written,) = json.loads(text)["news"]
    assert written["evidence"] == "Acme ships\n  - with fins\n\nReviewers like it"
    assert written["links"] == [{"url": "https://a.test/1", "text": "ships"}]
    assert to_json(from_json(text)) == text


def test_lines_that_are_none_are_named() -> None:
    """A list that holds anything but lines is no digest's evidence."""
    broken = _with_lines().replace('"mention": "m017",', '"from": "m017",')
    with pytest.raises(PageNotUnderstood, match=r": news\.0\.evidence\.2\.mention: "):
        from_json(broken)


PRICE = "- It costs two dollars for a million tokens of input, says its maker"


@pytest.mark.parametrize(
    ("stored", "named", "read"),
    [
        # As it is cut today.
        (["Orca is out", PRICE], [(1,), (2,)], [(1,), (2,)]),
        # Two lines in one, a line in two, and lines that nobody can tell apart.
        ([f"Orca is out\n{PRICE}"], [(1,)], [(1, 2)]),
        (["Orca is", "out"], [(2,)], [(2,)]),
        (["Orca is out\n", PRICE], [(2,), (3,)], [(0,), (0,)]),
    ],
)
def test_lines_that_were_cut_in_another_way_are_found_again(
    stored: list[str], named: list[tuple[int, ...]], read: list[tuple[int, ...]]
) -> None:
    """By their words, so that a later rule of cutting moves no sentence to another source."""
    texts = [f"第{at}句在这里。" for at in range(len(named))]
    tree = json.loads(to_json(news_digest(entry("s01", None))))
    tree["news"][0] |= {
        "summary": "".join(texts),
        "evidence": [{"mention": "m1", "text": text} for text in stored],
        "sentences": [{"text": t, "lines": n} for t, n in zip(texts, named, strict=True)],
    }
    (made,) = from_json(json.dumps(tree)).news
    assert [sentence.lines for sentence in made.sentences] == read


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1e999", "9" * 5000, "[" * 100_000])
@pytest.mark.parametrize("field", ["settings", "characters"])
def test_a_number_that_could_not_be_written_back_is_no_digest(number: str, field: str) -> None:
    """It is one line, whatever stands there."""
    text = GOLDEN_JSON.read_text("utf-8")
    if field == "settings":
        found = text.replace(
            '"provenance": {', f'"provenance": {{"settings": {{"a": {number}}},', 1
        )
    else:
        found = re.sub(r'"characters": \d+', f'"characters": {number}', text, count=1)
    assert found != text
    with pytest.raises(PageNotUnderstood):
        from_json(found)


def test_a_number_beyond_64_bits_is_written_back() -> None:
    """No limit of a machine word cuts it."""
    text = GOLDEN_JSON.read_text("utf-8")
    found = re.sub(r'"characters": \d+', f'"characters": {2**63}', text, count=1)
    assert f'"characters": {2**63}' in to_json(from_json(found))
