"""A night's findings that have one right answer: a review with suggestions, taken by a button."""

import datetime as dt
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import daily
import repository
from github_server import GitHub
from pipeline.chinese import apply_typography, load_glossary
from pipeline.records import Digest, Entry, Finding
from pipeline.report import review_comments
from pipeline.write import from_json, to_markdown
from pipeline.write.files import write
from runner import NightlyJob, workflow

BRANCH = "digest/nightly"
JOB = workflow("nightly.yml")["jobs"]["digest"]
DAY = daily.FIRST_DAY
_PLAYED = {
    "Go on where the open pull request is",
    "Take over what was changed by hand",
    "Open or update the pull request",
}
RIGHT, WRONG = "智能体", "代理人"


def told(number: int, word: str = RIGHT, title: str = RIGHT) -> Entry:
    """Write an entry about an agent, which is called by that word, and in its title by that one."""
    made = daily.entry("news", 5 * number - 4, DAY)
    sentences = tuple(
        each.model_copy(update={"text": apply_typography(each.text.replace(RIGHT, word))})
        for each in made.sentences
    )
    words = {"title": apply_typography(made.title.replace(RIGHT, title)), "sentences": sentences}
    return made.model_copy(update={**words, "summary": "".join(each.text for each in sentences)})


def line_of(entry: Entry) -> str:
    """Give the line that the Markdown has of an entry's summary."""
    return f"> {entry.summary}"


def digest(*news: Entry, day: dt.date = DAY) -> Digest:
    """Write a digest, with a finding for each entry that has the wrong word."""
    findings = tuple(
        Finding(
            entry=f"news:{number}",
            check="term",
            severity="error",
            found=WRONG,
            expected="智能体 for 'agent'",
        )
        for number, each in enumerate(news, 1)
        if WRONG in each.title + each.summary
    )
    made = daily.digest(day)
    return made.model_copy(update={"news": news, "tools": made.tools[:1], "findings": findings})


class Place:
    """A repository whose nights bring what is written into it, and its pull request."""

    def __init__(self, night: NightlyJob, github: GitHub) -> None:
        self.night, self.github = night, github
        self.said = ""

    def play(self, made: Digest | None = None) -> str:
        """Play a night that makes a digest, or none; give the text of the pull request."""
        night = self.night
        night._check_out()
        night.install()
        night.temp.mkdir(exist_ok=True)
        (night.temp / "night").mkdir(exist_ok=True)
        night.context["steps.digest.outputs.code"] = "0"
        for step in JOB["steps"]:
            if step.get("name") == "Digest" and made:
                write(made, night.clone / "outputs")
            elif step.get("name") in _PLAYED and night._should_run(step.get("if", "")):
                night._step(step, {**JOB["env"], **step.get("env", {})})
                self.said += night.printed
        assert night.failed == "", (night.folder / "failed.json").read_text()
        return (night.gh_folder / "body.md").read_text(encoding="utf-8")

    def change(self, file: str, old: str, new: str) -> None:
        """Change a file on the branch by hand, as on a page of GitHub."""
        night = self.night
        night._check_out()
        night.git("switch", "--quiet", BRANCH)
        path = night.clone / "outputs" / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        night.git("commit", "--quiet", "--all", "--message", "Update a file")
        night.git("push", "--quiet", "origin", BRANCH)

    def read(self, stem: str = DAY.isoformat()) -> tuple[Digest, str]:
        """Read both files of a digest from the branch."""
        remote = self.night.folder / "remote.git"
        texts = [
            self.night.git("show", f"{BRANCH}:outputs/{stem}{end}", at=remote)
            for end in (".json", ".md")
        ]
        return from_json(texts[0]), texts[1]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A repository without any digest."""
    repository.require_git()
    night = NightlyJob(tmp_path, repository.GIT_ENVIRONMENT)
    with GitHub(tmp_path / "remote.git", "main", BRANCH) as github:
        night.api_url = github.url
        yield Place(night, github)


def commented(comment: dict[str, Any], markdown: str) -> str:
    """Give the line of a digest that a comment is about."""
    return str(markdown.split("\n")[comment["line"] - 1])


def test_a_right_answer_is_suggested_on_its_line(place: Place) -> None:
    """In a review of the commit that was pushed, which neither approves nor refuses."""
    place.play(digest(told(1), told(2, WRONG)))
    [review] = place.github.reviews
    assert review["event"] == "COMMENT"
    assert review["body"] == "1 suggestion: its finding has one right answer."
    [comment] = review["comments"]
    assert comment["path"] == f"outputs/{DAY}.md"
    assert commented(comment, place.read()[1]) == line_of(told(2, WRONG))
    assert comment["body"] == (
        "error[term]: found 代理人, expected 智能体 for 'agent'  \n\n"
        f"```suggestion\n{line_of(told(2))}\n```\n\n"
        "The suggestion changes the Markdown. The next night takes it over into the digest; this "
        "does it at once:\n\n"
        f"```sh\nainews-digest edit {DAY} --adopt\n```"
    )


def test_a_suggestion_that_is_taken_is_the_digests_after_the_next_night(place: Place) -> None:
    """As words by hand, and the finding is gone; nothing is suggested a second time."""
    place.play(digest(told(1, WRONG)))
    place.github.take(0)
    body = place.play()
    made, markdown = place.read()
    [first] = made.news
    assert (first.summary, first.edited) == (told(1).summary, ("summary",))
    assert made.findings == ()
    assert markdown == to_markdown(made)
    assert body.startswith("2 entries · nothing found · 1 by hand")
    assert len(place.github.reviews) == 1
    assert place.github.refused == []


def test_what_cannot_be_taken_over_stays_and_is_named(place: Place) -> None:
    """The night goes on: the text of the pull request says so as well."""
    place.play(digest(told(1)))
    place.change(f"{DAY}.md", "4B 参数", "98765B 参数")
    body = place.play(digest(told(2), day=DAY + dt.timedelta(days=1)))
    assert f"::warning::outputs/{DAY}.md stays as it is" in place.said
    assert "98765B 参数" in place.read()[1]
    assert "98765B 参数" not in place.read()[0].news[0].summary
    assert "Markdown differs from the JSON" in body


def test_title_and_summary_are_suggested_each_on_its_line(place: Place) -> None:
    """A line that two findings change is suggested once, with both of them mended."""
    first = told(1, WRONG, WRONG)
    hidden = first.sentences[1].text.replace("单张", "单⽚")
    sentences = (first.sentences[0], first.sentences[1].model_copy(update={"text": hidden}))
    summary = "".join(each.text for each in sentences)
    first = first.model_copy(update={"sentences": sentences, "summary": summary})
    lookalike = Finding(
        entry="news:1",
        check="scripts",
        severity="warning",
        found="⽚ (U+2F5A)",
        expected="the character 片",
    )
    made = digest(first)
    place.play(made.model_copy(update={"findings": (*made.findings, lookalike)}))
    markdown = place.read()[1]
    title, told_again = place.github.comments
    assert commented(title, markdown) == f"### 1. {first.title}"
    assert f"```suggestion\n### 1. {told(1).title}\n```" in title["body"]
    assert "scripts" not in title["body"]
    assert commented(told_again, markdown) == line_of(first)
    better = summary.replace(WRONG, RIGHT).replace("⽚", "片")
    assert f"```suggestion\n> {better}\n```" in told_again["body"]
    assert "error[term]" in told_again["body"]
    assert "warning[scripts]" in told_again["body"]


def test_a_later_night_suggests_what_is_new(place: Place) -> None:
    """What an earlier one suggested, and nobody took, stays where it is."""
    next_day = DAY + dt.timedelta(days=1)
    place.play(digest(told(1, WRONG)))
    place.play(digest(told(2, WRONG), day=next_day))
    paths = [each["path"] for each in place.github.comments]
    assert paths == [f"outputs/{DAY}.md", f"outputs/{next_day}.md"]
    assert place.github.refused == []


def test_a_line_that_was_merged_already_is_not_commented_on(place: Place) -> None:
    """GitHub would refuse the whole review: the pull request's diff does not show it."""
    others = [told(number) for number in range(2, 7)]
    place.play(digest(told(1, WRONG), *others))
    place.night.merge(BRANCH)
    place.play(digest(told(1, WRONG), *others[:-1], told(6, WRONG)))
    first, second = place.github.reviews
    assert len(first["comments"]) == 1
    [comment] = second["comments"]
    assert commented(comment, place.read()[1]) == line_of(told(6, WRONG))
    assert place.github.refused == []


def test_markdown_that_somebody_wrote_is_not_suggested_over() -> None:
    """Nor is a line taken for another that stands in its place by now."""
    made = digest(told(1, WRONG), told(2))
    written = to_markdown(made)

    def suggested(held: str) -> int:
        terms = load_glossary()
        return len(list(review_comments("a.md", "a", made, held, known=(), terms=terms)))

    assert suggested(written) == 1
    assert suggested(written.replace(WRONG, "帮手")) == 0
    assert suggested("\n" + written) == 0
    assert suggested("") == 0


def test_a_review_that_is_refused_does_not_fail_the_night(place: Place) -> None:
    """The same answers stand in the text of the pull request."""
    place.night.context["github.token"] = "of somebody else"
    body = place.play(digest(told(1, WRONG)))
    assert place.github.refused == ["Not Found"]
    assert "::warning::the suggestions are no review" in place.said
    assert "```suggestion" in body


def test_what_has_no_right_answer_is_no_review(place: Place) -> None:
    """And the night asks nothing of GitHub's API."""
    place.play(digest(told(1)))
    assert (place.github.reviews, place.github.refused) == ([], [])
    assert not [call for call in place.night.calls() if call.startswith("api")]


def test_a_strangers_words_are_no_markup_in_a_comment(place: Place) -> None:
    """They call nobody, and end no block of code."""
    place.play(digest(told(1, f"{WRONG} ``` @octocat #1")))
    [comment] = place.github.comments
    said, _, code = comment["body"].partition("```suggestion\n")
    assert "@octocat" not in said
    assert [line for line in code.split("\n") if line.startswith("```")] == ["```", "```sh", "```"]


def test_forms_of_a_report_and_revisions_that_are_not_there(place: Place) -> None:
    """One form at a time; a revision that git does not know is a wrong argument."""
    place.play(digest(told(1, WRONG)))
    file = f"outputs/{DAY}.json"
    for options, said in (
        (["--suggestions", "origin/main", "--json"], "--suggestions and --json name two forms"),
        (["--suggestions", "nowhere"], "git knows no revision 'nowhere'"),
    ):
        step = {
            "name": "x",
            "run": shlex.join([".venv/bin/ainews-digest", "report", *options, file]),
        }
        place.night.failed = ""
        place.night._step(step, {})
        assert place.night.failed == "x"
        assert said in place.night.printed
