"""Weeks and months made of digests: nothing that is not there, and always the same."""

import datetime as dt
import email.policy
import io
from email import message_from_string
from itertools import pairwise
from pathlib import Path

import pytest

import daily
from invoke import invoke
from pipeline.audit import audit
from pipeline.errors import NotPublished
from pipeline.records import Digest, Entry, Finding, Link, PeriodDates, period_dates
from pipeline.roundup import compose_roundup, match_published, read_period, write_roundup
from pipeline.settings import Settings
from pipeline.write import EXPORTS, from_json, from_markdown, to_json, to_markdown, write

WEEK = period_dates("2025-W49")
"""1 to 7 December 2025."""
MONDAY = WEEK.first
_NO_INPUT = io.BytesIO()


def _days(count: int) -> list[tuple[str, Digest]]:
    days = [MONDAY + dt.timedelta(days=day) for day in range(count)]
    return [(day.isoformat(), daily.digest_of_a_chain(day)) for day in days]


def _entry(title: str, link: str, *, day: dt.date, **more: object) -> Entry:
    made = daily.entry("news", 3, day)
    text = f"{title}: a distinct thing happened at {link}."
    update = {"title": title, "link": link, "links": (), "evidence": text, "sentences": ()}
    return made.model_copy(update={**update, "mentions": ("m001",), **more})


def _digest(day: dt.date, *news: Entry, tools: tuple[Entry, ...] = ()) -> tuple[str, Digest]:
    made = daily.digest(day).model_copy(update={"news": news, "tools": tools, "findings": ()})
    return day.isoformat(), made


def _roundup(*digests: tuple[str, Digest], period: PeriodDates = WEEK) -> Digest:
    return compose_roundup(period, digests)


def test_every_entry_is_one_of_a_digest_word_for_word() -> None:
    """With the name of the digest, and nothing else is changed."""
    digests = _days(5)
    roundup = _roundup(*digests)
    known = dict(digests)
    assert roundup.entries
    for entry in roundup.entries:
        bare = entry.model_copy(update={"published": "", "timeline": 0})
        assert bare in known[entry.published].entries


def test_at_most_fifteen_news_and_ten_tools() -> None:
    """A timeline counts as one."""
    titles = [[f"Zorblax{chr(97 + n)}{day} news" for n in range(10)] for day in range(5)]
    digests = [
        _digest(
            MONDAY + dt.timedelta(days=day),
            *(
                _entry(title, f"https://example.org/{title[:11]}", day=MONDAY)
                for title in titles[day]
            ),
            tools=tuple(
                _entry(f"Q{title}", f"https://example.org/q{title[:11]}", day=MONDAY)
                for title in titles[day]
            ),
        )
        for day in range(5)
    ]
    roundup = _roundup(*digests)
    assert (len(roundup.news), len(roundup.tools)) == (15, 10)


def test_a_chain_is_a_timeline_oldest_first() -> None:
    """What follows an earlier digest, and what shows the same page, whatever else it says."""
    paper, page = "https://arxiv.org/abs/2512.00001", "https://example.org/zorblax-2"
    first, second, third = (MONDAY + dt.timedelta(days=day) for day in range(3))
    digests = [
        _digest(first, _entry("Zorblax 2 论文", paper, day=first), _entry("旁事", page, day=first)),
        _digest(second, _entry("Quuxnet 新闻", "https://example.org/quux", day=second)),
        _digest(third, _entry("Zorblax 2 开源", paper, day=third, follows=first)),
    ]
    roundup = _roundup(*digests)
    told = [entry for entry in roundup.news if entry.timeline]
    assert [entry.title for entry in told] == ["Zorblax 2 论文", "Zorblax 2 开源"]
    assert [entry.published for entry in told] == [first.isoformat(), third.isoformat()]
    assert roundup.news[: len(told)] == tuple(told)
    assert roundup.period is not None
    assert "1 件事见于多日" in roundup.period.notes[0]


def test_what_may_follow_either_of_two_entries_joins_neither() -> None:
    """A timeline that is doubtful is none."""
    first, second = MONDAY, MONDAY + dt.timedelta(days=1)
    digests = [
        _digest(
            first,
            _entry("Zorblax 招聘", "https://example.org/1", day=first),
            _entry("Zorblax 降价", "https://example.org/2", day=first),
        ),
        _digest(second, _entry("Zorblax 开源", "https://example.org/3", day=second, follows=first)),
    ]
    assert not any(entry.timeline for entry in _roundup(*digests).entries)


def test_what_follows_a_digest_joins_the_one_entry_that_is_most_like_it() -> None:
    """Of two entries about one maker the one that shares more names."""
    first, second = MONDAY, MONDAY + dt.timedelta(days=1)
    digests = [
        _digest(
            first,
            _entry("Zorblax Vision 招聘", "https://example.org/1", day=first),
            _entry("Zorblax Turbo9 发布", "https://example.org/2", day=first),
        ),
        _digest(
            second,
            _entry("Zorblax Turbo9 降价", "https://example.org/3", day=second, follows=first),
        ),
    ]
    told = [entry.title for entry in _roundup(*digests).news if entry.timeline]
    assert told == ["Zorblax Turbo9 发布", "Zorblax Turbo9 降价"]


def test_a_page_that_several_entries_of_a_digest_carry_joins_nothing() -> None:
    """Such as one that the newsletter puts below everything; the page that an entry shows does."""
    footer = Link(url="https://example.org/what-we-sell", text="")
    evidence = "Quantised caches for agents: a lab shows what its {} does on a single card."
    days = (MONDAY, MONDAY + dt.timedelta(days=1))
    digests = [
        _digest(
            day,
            *(
                _entry(
                    f"{name} 发布",
                    f"https://example.org/{name}-{day.day}",
                    day=day,
                    links=(footer,),
                    evidence=evidence.format(name),
                )
                for name in names
            ),
        )
        for day, names in zip(days, (("Zorblax", "Quuxnet"), ("Frobnik", "Wibblr")), strict=True)
    ]
    assert not any(entry.timeline for entry in _roundup(*digests).entries)


def test_two_things_of_one_digest_are_no_timeline() -> None:
    """A timeline has several days."""
    page = "https://arxiv.org/abs/2512.00001"
    roundup = _roundup(
        _digest(MONDAY, _entry("Zorblax 一", page, day=MONDAY), _entry("其他", page, day=MONDAY))
    )
    assert not any(entry.timeline for entry in roundup.entries)


def test_days_without_a_digest_are_named_and_entries_counted() -> None:
    """Neighbours as a range; a digest that was not made is not passed over in silence."""
    digests = _days(5)
    roundup = _roundup(digests[0], digests[1], digests[3])
    assert roundup.period is not None
    first, *_, last = roundup.period.notes
    assert first.startswith("2025年第49周（12月1日至12月7日）：3 期日报，共 60 条")
    assert last == "没有日报的日子：12月3日、12月5日至12月7日。"
    assert roundup.period.digests == ("2025-12-01", "2025-12-02", "2025-12-04")


def test_companies_are_counted_by_entries_under_one_name() -> None:
    """谷歌 and Google are one, and a name that stands once is not worth a line."""
    entries = (
        _entry("谷歌发布 Aaa", "https://example.org/1", day=MONDAY, evidence="Google ships Aaa."),
        _entry("Google 开源 Bbb", "https://example.org/2", day=MONDAY, evidence="Google: Bbb."),
        _entry("OpenAI 发布 Ccc", "https://example.org/3", day=MONDAY, evidence="OpenAI: Ccc."),
    )
    roundup = _roundup(_digest(MONDAY, *entries))
    assert roundup.period is not None
    assert roundup.period.notes[1] == "提到最多的公司：谷歌 Google 2 条。"


def test_models_that_told_plainly_are_named() -> None:
    """Those of digests that an entry is from, each once, as the digest names them."""
    (_, first), (_, second), *_ = _days(2)
    first = first.model_copy(update={"provenance": None, "translated_by": "tiny-1b"})
    roundup = _roundup(("2025-12-01", first), ("2025-12-02", second))
    assert roundup.translated_by == "tiny-1b"
    assert "tiny-1b" in to_markdown(roundup)
    assert from_markdown(to_markdown(roundup)).translated_by == "tiny-1b"


def test_findings_come_along_under_their_new_places() -> None:
    """What was found of an entry is still found of it."""
    _, digest = _digest(
        MONDAY,
        _entry("Aaa", "https://example.org/1", day=MONDAY, quoted=True),
        _entry("Bbb", "https://example.org/2", day=MONDAY),
    )
    finding = Finding(entry="news:2", check="name", severity="warning", expected="x", found="y")
    roundup = _roundup((MONDAY.isoformat(), digest.model_copy(update={"findings": (finding,)})))
    assert [entry.title for entry in roundup.news] == ["Bbb", "Aaa"]
    assert [found.entry for found in roundup.findings] == ["news:1"]


def test_the_order_of_what_is_equal_does_not_depend_on_luck() -> None:
    """The same digests give the same bytes."""
    digests = _days(6)
    assert to_json(_roundup(*digests)) == to_json(_roundup(*digests))


def test_json_and_markdown_lead_back() -> None:
    """JSON to all of it, Markdown to what a reader sees; both again to the same text."""
    roundup = _roundup(*_days(5))
    assert from_json(to_json(roundup)) == roundup
    text = to_markdown(roundup)
    again = from_markdown(text)
    assert to_markdown(again) == text
    assert again.period is not None
    assert roundup.period is not None
    assert (again.date, again.period.notes) == (roundup.date, roundup.period.notes)
    shown = [(entry.title, entry.published, entry.timeline) for entry in roundup.entries]
    assert [(entry.title, entry.published, entry.timeline) for entry in again.entries] == shown


@pytest.mark.parametrize("form", EXPORTS)
def test_every_form_shows_counts_timelines_and_dates(form: str) -> None:
    """As it shows a digest."""
    roundup = _roundup(*_days(3))
    shown = EXPORTS[form].render(roundup)
    if form == "email":
        message = message_from_string(shown, policy=email.policy.default)
        body = message.get_body(("html",))
        assert body is not None
        shown = body.get_content()
    assert roundup.period is not None
    assert any(entry.timeline for entry in roundup.entries)
    for words in ("2025-W49", *roundup.period.notes[:1], "2025-12-01"):
        assert words in shown
    if form != "json":
        assert "时间线 1" in shown


@pytest.mark.parametrize("form", ["wechat", "email", "text", "markdown"])
def test_a_note_adds_no_markup(form: str) -> None:
    """Whoever wrote the JSON."""
    roundup = _roundup(*_days(1))
    assert roundup.period is not None
    hostile = "<img src=x> [a](https://evil.example) @everyone"
    period = roundup.period.model_copy(update={"notes": (hostile,)})
    shown = EXPORTS[form].render(roundup.model_copy(update={"period": period}))
    assert form == "text" or "<img" not in shown.replace("\\<img", "")
    assert "](https://evil" not in shown


def test_an_entry_that_no_digest_has_is_an_error() -> None:
    """Of another day, in other words, or with another link."""
    digests = dict(_days(3))
    roundup = compose_roundup(WEEK, tuple(digests.items()))
    assert match_published(roundup, digests.get)[1] == ()
    for change in (
        {"title": "另一个标题"},
        {"summary": "另一句。"},
        {"link": "https://example.org/other"},
        {"published": "2025-12-06"},
        {"published": ""},
        {"evidence": "Something else."},
    ):
        first, *others = roundup.news
        news = (first.model_copy(update=change), *others)
        found = match_published(roundup.model_copy(update={"news": news}), digests.get)[1]
        assert [finding.entry for finding in found] == ["news:1"], change


def _write_days(folder: Path, count: int) -> None:
    for _, digest in _days(count):
        write(digest, folder)


def test_verify_takes_a_roundup_as_it_takes_a_digest(tmp_path: Path) -> None:
    """From its JSON and from its Markdown, with the evidence of its digests."""
    _write_days(tmp_path, 3)
    settings = Settings(outputs_dir=tmp_path)
    roundup = compose_roundup(WEEK, read_period(tmp_path, WEEK).digests)
    own = {
        finding.check
        for _, digest in _days(3)
        for finding in audit(digest, None, settings=settings, stdin=_NO_INPUT).findings
    }
    for told in (roundup, from_markdown(to_markdown(roundup))):
        report = audit(told, None, settings=settings, stdin=_NO_INPUT)
        assert report.entries == len(roundup.entries)
        assert {finding.check for finding in report.findings} <= own


def test_the_command_writes_and_says_where(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Twice the same bytes; a date in the week names it as well."""
    _write_days(tmp_path, 3)
    made = invoke(capfd, "weekly", "2025-W49", "--out", str(tmp_path))
    file = tmp_path / "weekly" / "2025-W49.md"
    assert (made.exit_code, made.stdout) == (0, f"{file}\n")
    before = {one.name: one.read_bytes() for one in file.parent.iterdir()}
    again = invoke(capfd, "weekly", "2025-12-03", "--out", str(tmp_path))
    assert again.exit_code == 0
    assert "unchanged" in again.stderr
    assert {one.name: one.read_bytes() for one in file.parent.iterdir()} == before


def test_a_month_has_its_own_folder(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With the digests of that month alone."""
    for day in (dt.date(2025, 11, 30), dt.date(2025, 12, 1), dt.date(2025, 12, 31)):
        write(daily.digest(day), tmp_path)
    made = invoke(capfd, "monthly", "2025-12", "--out", str(tmp_path))
    assert made.exit_code == 0
    roundup = from_json((tmp_path / "monthly" / "2025-12.json").read_text("utf-8"))
    assert roundup.period is not None
    assert roundup.period.digests == ("2025-12-01", "2025-12-31")


def test_a_week_without_digests_is_one_clear_line(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """And nothing is written."""
    made = invoke(capfd, "weekly", "2025-W49", "--out", str(tmp_path))
    assert (made.exit_code, made.stdout) == (0, "")
    assert "2025-W49: no digest" in made.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_roundup_is_looked_for_and_changed_by_its_own_command(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Named where there is none to show, and where one is to be edited."""
    for words in (("show",), ("edit", "--drop", "news:1")):
        made = invoke(capfd, words[0], "2025-W49", *words[1:], "--out", str(tmp_path))
        assert made.exit_code == 2
        assert "`ainews-digest weekly 2025-W49 --out" in made.stderr


@pytest.mark.parametrize("name", ["2025-W60", "2025-12", "yesterday", "2025-12-32", "../2025-W49"])
def test_what_is_no_week_is_refused(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    """With how one is written."""
    made = invoke(capfd, "weekly", name, "--out", str(tmp_path))
    assert made.exit_code == 2
    assert "2026-W08" in made.stderr


@pytest.mark.parametrize("change", ["edited", "removed", "json broken", "json removed"])
def test_what_was_changed_by_hand_stays(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, change: str
) -> None:
    """Until --force says otherwise; where there is no JSON to compare with, even then not unsaid."""
    _write_days(tmp_path, 2)
    arguments = ("weekly", "2025-W49", "--out", str(tmp_path))
    invoke(capfd, *arguments)
    markdown = tmp_path / "weekly" / "2025-W49.md"
    state = markdown.with_suffix(".json")
    match change:
        case "edited":
            markdown.write_text(markdown.read_text("utf-8").replace("发布", "推出", 1), "utf-8")
        case "removed":
            markdown.unlink()
        case "json broken":
            state.write_text("{", "utf-8")
        case _:
            state.unlink()
    before = {one.name: one.read_bytes() for one in markdown.parent.iterdir()}
    refused = invoke(capfd, *arguments)
    assert refused.exit_code == 1
    assert "nothing was written" in refused.stderr
    assert {one.name: one.read_bytes() for one in markdown.parent.iterdir()} == before
    assert invoke(capfd, *arguments, "--force").exit_code == 0
    assert markdown.exists()
    assert state.exists()


def test_new_digests_are_taken_in(tmp_path: Path) -> None:
    """What nobody changed is made anew."""
    _write_days(tmp_path, 2)
    write_roundup(compose_roundup(WEEK, read_period(tmp_path, WEEK).digests), tmp_path, WEEK)
    _write_days(tmp_path, 4)
    roundup = compose_roundup(WEEK, read_period(tmp_path, WEEK).digests)
    assert write_roundup(roundup, tmp_path, WEEK).changed


def test_what_is_no_digest_is_named_and_left_out(tmp_path: Path) -> None:
    """A damaged file, and one of another date."""
    _write_days(tmp_path, 3)
    (tmp_path / "2025-12-02.json").write_text("{", "utf-8")
    other = to_json(daily.digest(dt.date(2025, 12, 9)))
    (tmp_path / "2025-12-03.json").write_text(other, "utf-8")
    found = read_period(tmp_path, WEEK)
    assert [name for name, _ in found.digests] == ["2025-12-01"]
    (tmp_path / "2025-12-04.json").mkdir()
    unreadable = read_period(tmp_path, WEEK).unreadable
    assert [line.partition(":")[0] for line in unreadable] == [
        "2025-12-02",
        "2025-12-03",
        "2025-12-04",
    ]
    assert unreadable[2] == "2025-12-04: a folder stands in its place: move it away first"


def test_a_week_and_two_months_over_the_end_of_a_year(tmp_path: Path) -> None:
    """Week 53 has days of both years, and each month its own; a week may have one digest."""
    for day in (dt.date(2026, 12, 30), dt.date(2027, 1, 2), dt.date(2027, 1, 4)):
        write(daily.digest(day), tmp_path)
    expected = {
        "2026-W53": ["2026-12-30", "2027-01-02"],
        "2027-W01": ["2027-01-04"],
        "2026-12": ["2026-12-30"],
        "2027-01": ["2027-01-02", "2027-01-04"],
    }
    for name, days in expected.items():
        period = period_dates(name)
        digests = read_period(tmp_path, period).digests
        assert [digest for digest, _ in digests] == days
        roundup = compose_roundup(period, digests)
        assert roundup.date == period.last
        assert {entry.published for entry in roundup.entries} == set(days)


def test_of_two_digests_of_a_day_the_same_is_told_once(tmp_path: Path) -> None:
    """And it is no timeline: a day does not follow itself."""
    _write_days(tmp_path, 1)
    second = to_json(daily.digest_of_a_chain(MONDAY))
    (tmp_path / "2025-12-01-2.json").write_text(second, "utf-8")
    roundup = compose_roundup(WEEK, read_period(tmp_path, WEEK).digests)
    links = [entry.link for entry in roundup.entries]
    assert links.count("https://arxiv.org/abs/2512.00001") == 1
    assert {entry.timeline for entry in roundup.entries} == {0}


def test_the_second_digest_of_a_day_counts(tmp_path: Path) -> None:
    """By its own name."""
    _write_days(tmp_path, 1)
    (tmp_path / "2025-12-01-2.json").write_text(to_json(daily.digest(MONDAY)), "utf-8")
    names = [name for name, _ in read_period(tmp_path, WEEK).digests]
    assert names == ["2025-12-01", "2025-12-01-2"]


def test_a_changed_roundup_raises_by_itself(tmp_path: Path) -> None:
    """Whoever writes it."""
    _write_days(tmp_path, 1)
    roundup = compose_roundup(WEEK, read_period(tmp_path, WEEK).digests)
    written = write_roundup(roundup, tmp_path, WEEK)
    written.markdown_path.write_text("mine", "utf-8")
    with pytest.raises(NotPublished, match="weekly 2025-W49 --force"):
        write_roundup(roundup, tmp_path, WEEK)


def test_timelines_come_by_their_days() -> None:
    """The one of most days first, and numbers go on through both halves."""
    roundup = _roundup(*_days(7))
    numbers = [entry.timeline for entry in roundup.entries if entry.timeline]
    assert numbers == sorted(numbers)
    runs = [sum(number == one for number in numbers) for one in dict.fromkeys(numbers)]
    news = {entry.timeline for entry in roundup.news if entry.timeline}
    assert all(one >= other for one, other in pairwise(runs[: len(news)]))
