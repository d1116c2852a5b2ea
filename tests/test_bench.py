"""Tests of the bench's own arithmetic: ratios, bars, growth, and what became slower."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import BaseModel

from bench import __main__ as command
from bench.flow import slug_of
from bench.pricing import _Counter
from bench.provider import BenchProvider
from bench.reading import hosted_profile
from bench.rows import Measurement, compare, dump, exponent, line, load, summary, time_alternating
from pipeline.llm.prompts import Question


def _row(value: float, **given: object) -> Measurement:
    fields = {"group": "g", "name": "work", "value": value, "unit": "s", **given}
    return Measurement.model_validate(fields)


def test_a_row_is_judged_by_its_ratio_to_what_was_measured_beside_it() -> None:
    """A machine of half the speed changes value and baseline alike, and so nothing."""
    fast = _row(1.0, baseline="other", baseline_value=2.0, bar=0.5)
    slow = _row(2.0, baseline="other", baseline_value=4.0, bar=0.5)
    assert (fast.ratio, slow.ratio) == (0.5, 0.5)
    assert fast.reached
    assert slow.reached
    assert _row(1.1, baseline="other", baseline_value=2.0, bar=0.5).reached is False


def test_a_bar_in_seconds_holds_whatever_the_baseline_reached() -> None:
    """DESIGN names seconds for some rows: a slow baseline is no excuse."""
    row = _row(1.2, baseline="other", baseline_value=4.0, bar=1, bar_of="value")
    assert row.reached is False
    assert row.judged == pytest.approx(0.3)


@pytest.mark.parametrize(("value", "reached"), [(0.96, True), (0.94, False)])
def test_a_bar_of_what_should_be_more_is_reached_from_above(value: float, reached: bool) -> None:
    """95 % of the limit busy is a least, not a most."""
    assert _row(value, bar=0.95, better="more").reached is reached


def test_a_row_without_a_bar_is_neither_reached_nor_missed() -> None:
    """Nothing is claimed where nothing was promised."""
    assert _row(1.0).reached is None
    assert "reached" not in line(_row(1.0))


def test_the_line_of_a_row_shows_value_bar_and_baseline() -> None:
    """What was missed is to be seen at a glance, and of what the bar is."""
    shown = line(_row(1.5, baseline="other", baseline_value=1.0, bar=1.15))
    assert "1.5 s" in shown
    assert "<= 1.15 x MISSED" in shown
    assert "1.50 x other (1)" in shown
    assert "<= 2 s reached" in line(
        _row(1.5, baseline="other", baseline_value=1.0, bar=2, bar_of="value")
    )


def test_the_summary_names_each_bar_that_is_missed() -> None:
    """Rows without a bar are not counted."""
    rows = [_row(1.0, bar=2), _row(3.0, bar=2, name="late"), _row(9.0)]
    assert summary(rows) == "1 of 2 bars reached; missed: late"
    assert summary(rows[:1]) == "1 of 1 bars reached"


def test_rows_written_as_json_are_read_back_the_same(tmp_path: Path) -> None:
    """A comparison works on what an earlier run wrote."""
    rows = [_row(1.0), _row(2.0, baseline="other", baseline_value=0.0, bar=0, better="more")]
    file = tmp_path / "rows.json"
    file.write_text(dump(rows), "utf-8")
    assert load(file) == rows


def test_compare_names_what_became_slower_and_faster_the_largest_change_first() -> None:
    """Changes below the machine's noise are not named; ratios are compared, not seconds."""
    before = [
        _row(1.0, name="steady"),
        _row(1.0, name="slow", baseline="other", baseline_value=1.0),
        _row(1.0, name="quick"),
        _row(0.9, name="share", better="more"),
        _row(1.0, name="lost"),
    ]
    now = [
        _row(1.1, name="steady"),
        _row(4.0, name="slow", baseline="other", baseline_value=2.0),
        _row(0.2, name="quick"),
        _row(0.6, name="share", better="more"),
        _row(1.0, name="found"),
    ]
    assert compare(now, before) == [
        "faster   quick: 1 -> 0.2",
        "slower   slow: 1 -> 2",
        "slower   share: 0.9 -> 0.6",
        "new      found",
        "gone     lost",
    ]


def test_compare_sees_what_was_nothing_before() -> None:
    """The first refused request is slower by any factor, and its end is faster."""
    assert compare([_row(3.0)], [_row(0.0)]) == ["slower   work: 0 -> 3"]
    assert compare([_row(0.0)], [_row(3.0)]) == ["faster   work: 3 -> 0"]
    assert compare([_row(0.0)], [_row(0.0)]) == []


@pytest.mark.parametrize("power", [1, 1.5, 2])
def test_the_exponent_of_growth_is_that_of_the_power_it_grows_with(power: float) -> None:
    """1 is in proportion, 2 is quadratic, whatever the unit."""
    sizes = [50, 100, 200, 400]
    assert exponent(sizes, [0.003 * size**power for size in sizes]) == pytest.approx(power)


def test_works_are_timed_in_turns_and_the_median_counts() -> None:
    """One turn that the machine disturbed changes nothing, and preparing is not timed."""
    now = 0.0
    durations = {"a": iter([1.0, 9.0, 2.0]), "b": iter([5.0, 4.0, 6.0])}
    order = ""

    def work(name: str) -> None:
        nonlocal now, order
        now, order = now + next(durations[name]), order + name

    def prepare() -> None:
        nonlocal now
        now += 100

    found = time_alternating(
        lambda: work("a"), lambda: work("b"), times=3, clock=lambda: now, before=prepare
    )
    assert found == [2.0, 5.0]
    assert order == "ababab"


def test_the_provider_counts_how_busy_its_limit_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests for one second and one for another are three seconds of work."""
    now = 10.0
    monkeypatch.setattr("bench.provider.time.monotonic", lambda: now)
    provider = BenchProvider(ttft_s=0, tokens_per_s=1, limit=2)
    for change, later in ((1, 0), (1, 1.0), (-1, 1.0), (-1, 0)):
        provider._count(change)
        now += later
    stats = provider._stats
    assert (stats["busy_s"], stats["requests"], stats["most"]) == (3.0, 2, 2)
    assert stats["last_at"] - stats["first_at"] == 2.0


def test_each_published_issue_has_a_name_and_a_day_of_its_own() -> None:
    """A backfill of a hundred issues is a hundred digests."""
    slugs = [slug_of(number) for number in range(400)]
    assert len({slug[:8] for slug in slugs}) == len(set(slugs)) == 400


@pytest.mark.parametrize(("value", "code"), [(1.0, 0), (3.0, 1)])
def test_the_command_writes_its_rows_and_fails_where_a_bar_is_missed(
    value: float,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its table goes to standard output, its rows to the file that is named."""
    assert _run(value, "--json", str(tmp_path / "rows.json"), at=(tmp_path, monkeypatch)) == code
    assert json.loads((tmp_path / "rows.json").read_text("utf-8"))[0]["value"] == value
    assert ("MISSED" in capsys.readouterr().out) is bool(code)


def test_the_command_fails_where_something_became_slower(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the groups that were measured are compared; the file may be the one it writes."""
    file = tmp_path / "rows.json"
    file.write_text(dump([_row(1.0, bar=2), _row(1.0, group="other")]), "utf-8")
    both = ("--json", str(file), "--compare", str(file))
    assert _run(1.5, *both, at=(tmp_path, monkeypatch)) == 1
    assert capsys.readouterr().out.endswith("slower   work: 1 -> 1.5\n")
    assert _run(1.5, *both, at=(tmp_path, monkeypatch)) == 0


def _run(value: float, *arguments: str, at: tuple[Path, pytest.MonkeyPatch]) -> int:
    """Run the command with one measure that gives one row."""
    tmp_path, monkeypatch = at

    def measured(_shared: Path) -> Iterator[Measurement]:
        yield _row(value, bar=2)

    (tmp_path / "site").mkdir(exist_ok=True)
    monkeypatch.setattr(command, "sites", measured)
    given = ["bench", "--shared", str(tmp_path), "--only", "site", *arguments]
    monkeypatch.setattr("sys.argv", given)
    return command.main()


def test_every_question_of_a_digest_is_counted_once() -> None:
    """Questions are asked by many threads at once, and none of their tokens are lost."""
    how = hosted_profile()
    ask = _Counter(how)
    question = Question(prompt="translate", system="s" * 35, user="u" * 35, max_output_tokens=9)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: ask(question, _Told), range(400)))
    one = _Counter(how)
    one(question, _Told)
    assert ask.cost.input == 400 * one.cost.input
    assert ask.cost.output == 400 * one.cost.output == 400 * 135


class _Told(BaseModel):
    """An answer as the stand-in editor tells a story."""

    title: str
    summary: str
