"""The workflows: what they may do, and the nightly one run step by step on this machine."""

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import daily
import openai_server as odd
import repository
from differences import digest, titled_entry
from night_place import NightPlace, night_place, slug, today
from pipeline.records import Finding
from pipeline.write.files import write
from runner import ROOT, WORKFLOWS, NightlyJob, workflow

NAMES = sorted(file.name for file in WORKFLOWS.glob("*.yml"))
NIGHTLY = workflow("nightly.yml")
STEPS: list[dict[str, Any]] = NIGHTLY["jobs"]["digest"]["steps"]
BRANCH = "digest/nightly"


def steps(name: str) -> list[dict[str, Any]]:
    """List the steps of all jobs of a workflow."""
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


def test_the_night_begins_off_the_hour() -> None:
    """Runners are short at full hours; by hand it takes a date and a force switch."""
    [schedule] = NIGHTLY["on"]["schedule"]
    minute, hour, *days = schedule["cron"].split()
    assert 0 < int(minute) < 60
    assert days == ["*", "*", "*"]
    # Far from Shanghai's midnight on both sides: a late start does not change the digest's date.
    assert 6 <= (int(hour) + 8) % 24 <= 18
    inputs = NIGHTLY["on"]["workflow_dispatch"]["inputs"]
    assert {name: each["type"] for name, each in inputs.items()} == {
        "date": "string",
        "force": "boolean",
    }


def test_one_night_at_a_time_and_none_is_cancelled() -> None:
    """The second run waits, and finds what the first has done."""
    assert NIGHTLY["concurrency"] == {"group": "nightly", "cancel-in-progress": False}


@pytest.mark.parametrize("name", NAMES)
def test_no_input_is_pasted_into_a_script(name: str) -> None:
    """What somebody typed is given in the environment, where it cannot be a command."""
    scripts = [step["run"] for step in steps(name) if "run" in step]
    assert scripts
    assert not [script for script in scripts if "${{" in script]


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_pinned(name: str) -> None:
    """By its commit, with the version beside it for people."""
    used = [step["uses"] for step in steps(name) if "uses" in step]
    text = (WORKFLOWS / name).read_text(encoding="utf-8")
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40}", action)
        assert re.search(rf"{re.escape(action)} # v\d+\.\d+\.\d+\n", text)
    assert len({(a.split("/")[1].split("@")[0], a.split("@")[1]) for a in used}) == len(
        {a.split("/")[1].split("@")[0] for a in used}
    )


def test_permissions_are_as_few_as_can_be() -> None:
    """The night may push its branch and open a pull request; checks may read."""
    assert NIGHTLY["permissions"] == {}
    assert NIGHTLY["jobs"]["digest"]["permissions"] == {
        "contents": "write",
        "pull-requests": "write",
    }
    assert workflow("ci.yml")["permissions"] == {"contents": "read"}
    pages = workflow("pages.yml")
    assert pages["permissions"] == {}
    assert {name: job["permissions"] for name, job in pages["jobs"].items()} == {
        "build": {"contents": "read", "pages": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    for name in NAMES:
        for step in steps(name):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_secrets_stand_only_where_they_are_needed() -> None:
    """The model's key with the digest, GitHub's token with the branch and the pull request."""
    holders: dict[str, list[str]] = {"secrets.": [], "github.token": []}
    for step in STEPS:
        for mark, names in holders.items():
            if mark in json.dumps(step):
                assert mark in json.dumps(step["env"])
                names.append(step["name"])
    assert holders == {
        "secrets.": ["Digest"],
        "github.token": [
            "Go on where the open pull request is",
            "Open or update the pull request",
        ],
    }
    for name in NAMES:
        whole = workflow(name)
        outside = {**whole, "jobs": [{**job, "steps": []} for job in whole["jobs"].values()]}
        assert "secrets." not in json.dumps(outside)


def test_a_pull_request_from_a_fork_is_not_gone_on_with() -> None:
    """Anybody can give a branch this name in a fork of their own."""
    script = next(step["run"] for step in STEPS if step.get("id") == "branch")
    assert "select(.isCrossRepository | not)" in script


def test_the_site_is_built_from_the_whole_history_and_only_then_put_up(tmp_path: Path) -> None:
    """By the step's own script: with addresses that are whole, and what changed in a digest."""
    pages = workflow("pages.yml")
    assert pages["on"]["push"]["branches"] == ["main"]
    assert {"outputs/**", "pipeline/site/**"} <= set(pages["on"]["push"]["paths"])
    assert pages["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    build, deploy = pages["jobs"]["build"]["steps"], pages["jobs"]["deploy"]
    assert build[0]["with"]["fetch-depth"] == 0
    assert deploy["needs"] == "build"
    assert [step["uses"].split("@")[0] for step in deploy["steps"]] == ["actions/deploy-pages"]
    repository.require_git()
    night = NightlyJob(tmp_path, {})
    [stem] = daily.write_digests(night.clone / "outputs", 1)
    for words in ("", "（更正）"):
        made = daily.digest(daily.FIRST_DAY)
        first = made.news[0].model_copy(update={"title": made.news[0].title + words})
        write(made.model_copy(update={"news": (first, *made.news[1:])}), night.clone / "outputs")
        night.git("add", "--all")
        night.git(
            "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "A digest"
        )
    night.temp.mkdir()
    night.install()
    [step] = [step for step in build if step.get("name") == "Build"]
    night.context["steps.pages.outputs.base_url"] = "https://somebody.github.io/ainews-digest"
    night.step(step)
    assert night.failed == "", (night.folder / "failed.json").read_text()
    site = night.temp / "site"
    [upload] = [step for step in build if "upload-pages-artifact" in step.get("uses", "")]
    assert night.expand(upload["with"]["path"]) == str(site)
    address = f"https://somebody.github.io/ainews-digest/{stem}.html"
    assert address in (site / "sitemap.xml").read_text(encoding="utf-8")
    page = (site / f"{stem}.html").read_text("utf-8")
    assert f'<link rel="canonical" href="{address}">' in page
    assert page.count("https://github.com/somebody/ainews-digest/issues/new?") == 20
    assert "更正" in (site / "review" / f"{stem}.html").read_text(encoding="utf-8")


def test_checks_run_on_every_version_that_the_package_takes() -> None:
    """From the oldest one on, which the locks were made for; the recorded runs are replayed too."""
    job = workflow("ci.yml")["jobs"]["check"]
    checks = re.search(r"^check:([^#]*)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert checks is not None
    assert {"lint", "eval", "test"} <= set(checks[1].split())
    assert job["strategy"]["matrix"]["python"][0] == "3.11"
    assert job["steps"][-1]["run"] == "make check"


def test_linters_find_nothing() -> None:
    """Actionlint, with shellcheck for the scripts."""
    places = f"{Path(sys.executable).parent}:{Path(sys.executable).resolve().parent}"
    found = {
        name: shutil.which(name) or shutil.which(name, path=places)
        for name in ("actionlint", "shellcheck")
    }
    missing = [name for name, path in found.items() if path is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}")
    files = [str(WORKFLOWS / name) for name in NAMES]
    done = subprocess.run(
        [str(found["actionlint"]), "-no-color", "-shellcheck", str(found["shellcheck"]), *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.fixture
def place(tmp_path: Path) -> Iterator[NightPlace]:
    """A place where one issue of four stories came out yesterday."""
    with night_place(tmp_path) as made:
        made.night.context["vars.OPENAI_BASE_URL"] = made.model.base_url
        made.night.context["vars.AINEWS_MODEL"] = "test-model"
        yield made


def test_a_night_brings_one_pull_request_and_the_next_ones_go_on_with_it(place: NightPlace) -> None:
    """The first opens it, the second finds nothing new, the third adds to it; then it is merged."""
    night = place.night
    day = today().isoformat()
    files = [f"outputs/{day}.json", f"outputs/{day}.md"]

    night.run()
    assert night.failed == "", (night.folder / "failed.json").read_text()
    assert night.files_on_branch() == files
    assert night.calls() == ["auth setup-git", "pr list", "pr create"]
    body = (night.gh_folder / "body.md").read_text(encoding="utf-8")
    assert re.match(rf"4 entries · nothing found[^\n]*\n\n## {day}\n", body)
    assert f"| {day} | test-model | 1 | " in body
    assert "Exit code 0" in night.summary
    assert "https://example.org/pull/7" in night.summary
    head, asked = night.git("rev-parse", f"origin/{BRANCH}"), len(place.model.requests)
    assert "sk-planted-key" not in night.git("log", "--patch", "--all")

    night.run()
    assert night.failed == ""
    assert night.calls() == ["auth setup-git", "pr list"]
    assert "nothing new: no pull request" in night.summary
    assert night.git("rev-parse", f"origin/{BRANCH}") == head
    assert len(place.model.requests) == asked

    place.site.publish(slug(0))
    night.run()
    assert night.failed == ""
    assert night.calls() == ["auth setup-git", "pr list", "pr edit"]
    assert len(night.files_on_branch()) == 4
    body = (night.gh_folder / "body.md").read_text(encoding="utf-8")
    assert body.count("### News\n") == 2

    night.merge(BRANCH)
    night.run()
    assert night.failed == ""
    assert night.calls() == ["auth setup-git", "pr list"]
    assert night.files_on_branch() == []


def test_a_pull_request_shows_what_it_changes_in_a_merged_digest(tmp_path: Path) -> None:
    """Below what it brings; of a digest that is new there is no more than that."""
    repository.require_git()
    night = NightlyJob(tmp_path, repository.GIT_ENVIRONMENT)
    outputs = night.clone / "outputs"
    write(digest(titled_entry("旧标题")), outputs)
    night.git("add", "--all")
    night.git("commit", "--quiet", "--message", "A digest")
    night.git("push", "--quiet", "origin", "main")
    night.git("switch", "--quiet", "--create", BRANCH)
    write(digest(titled_entry("新标题")), outputs)
    write(digest(titled_entry("次日")).model_copy(update={"date": dt.date(2026, 1, 31)}), outputs)
    night.install()
    (night.temp / "night").mkdir(parents=True)
    [step] = [each for each in STEPS if each.get("name") == "Open or update the pull request"]
    night._step(step, {**NIGHTLY["jobs"]["digest"]["env"], **step["env"]})
    assert night.failed == "", (night.folder / "failed.json").read_text()
    body = (night.gh_folder / "body.md").read_text(encoding="utf-8")
    report, _, diff = body.partition("\n## 2026-01-30: what changed\n")
    assert "1. [新标题](" in report
    assert "1. [次日](" in report
    assert "- title: <del>旧</del><ins>新</ins>标题\n" in diff
    assert "次日" not in diff


def test_findings_are_annotations_of_the_pull_request() -> None:
    """On the checks of the pull request itself; a night's own belong to another commit."""
    job = workflow("ci.yml")["jobs"]["findings"]
    assert job["if"] == "${{ github.event_name == 'pull_request' }}"
    assert job["steps"][0]["with"]["fetch-depth"] == 0
    script = job["steps"][-1]["run"]
    assert 'report --annotations -- "${files[@]}"' in script
    assert "findings" not in workflow("ci.yml")["permissions"]


class Merging:
    """A night that brings one clean digest, and what it does with its pull request."""

    def __init__(self, folder: Path) -> None:
        self.night = NightlyJob(folder, repository.GIT_ENVIRONMENT)
        self.night.context.update({"vars.AUTO_MERGE": "true", "steps.digest.outputs.code": "0"})
        self.night.git("switch", "--quiet", "--create", BRANCH)
        made = daily.digest(daily.FIRST_DAY)
        self.digest = made.model_copy(
            update={"news": made.news[:2], "tools": made.tools[:1], "findings": ()}
        )
        self.outputs = self.night.clone / "outputs"
        write(self.digest, self.outputs)
        [self.markdown] = self.outputs.glob("*.md")

    def commands(self) -> list[str]:
        """Run the step; list what it has GitHub do with merging, without the commit."""
        self.night.install()
        (self.night.temp / "night").mkdir(parents=True)
        [step] = [each for each in STEPS if each.get("name") == "Open or update the pull request"]
        self.night._step(step, {**NIGHTLY["jobs"]["digest"]["env"], **step["env"]})
        assert self.night.failed == "", (self.night.folder / "failed.json").read_text()
        head = self.night.git("rev-parse", "HEAD").strip()
        calls = (self.night.gh_folder / "calls").read_text(encoding="utf-8")
        return [
            line.replace(head, "HEAD") for line in calls.splitlines() if line.startswith("pr merge")
        ]


MERGED = "--auto --squash --match-head-commit HEAD"


@pytest.fixture
def merging(tmp_path: Path) -> Merging:
    """A night whose digest is clean."""
    repository.require_git()
    return Merging(tmp_path)


def test_a_clean_pull_request_is_merged_where_it_is_asked_for(merging: Merging) -> None:
    """By GitHub, as soon as its own conditions are met, and only as it was checked."""
    assert merging.commands() == [f"pr merge https://example.org/pull/7 {MERGED}"]


@pytest.mark.parametrize("said", ["", "false"])
def test_nothing_is_merged_by_itself_unless_it_is_asked_for(merging: Merging, said: str) -> None:
    """Off by default."""
    merging.night.context["vars.AUTO_MERGE"] = said
    assert merging.commands() == []


def test_a_pull_request_that_was_to_be_merged_waits_for_what_is_new(merging: Merging) -> None:
    """The promise is taken back before the branch changes, and given again for what is clean."""
    merging.night.context["steps.branch.outputs.pull_request"] = "7"
    merging.night.git("push", "--quiet", "origin", BRANCH)
    assert merging.commands() == ["pr merge 7 --disable-auto", f"pr merge 7 {MERGED}"]


WARNING = Finding(entry="news:1", check="name", severity="warning", expected="a", found="b")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ("warning", "something was found"),
        ("wrong number", "outputs/2025-01-01 does not pass"),
        ("quotation", "an entry is quoted"),
        ("markdown", "outputs/2025-01-01.md is not as its JSON"),
        ("code", "it changes more than digests"),
        ("folder", "it changes more than digests"),
        ("gone", "it changes more than digests"),
        ("failed night", "the night failed"),
    ],
)
def test_what_is_not_clean_is_left_to_somebody(merging: Merging, spoil: str, why: str) -> None:
    """Whatever else the branch brings, and whoever put it there."""
    night, made = merging.night, merging.digest
    why = why.replace("2025-01-01", merging.markdown.stem)
    first = made.news[0]
    match spoil:
        case "warning":
            write(made.model_copy(update={"findings": (WARNING,)}), merging.outputs)
        case "wrong number":
            worse = first.model_copy(update={"title": "模型发布，得分98765", "sentences": ()})
            write(made.model_copy(update={"news": (worse, *made.news[1:])}), merging.outputs)
        case "quotation":
            words = {"summary": first.evidence.partition(". ")[0], "sentences": ()}
            quoted = first.model_copy(update={"quoted": True, **words})
            write(made.model_copy(update={"news": (quoted, *made.news[1:])}), merging.outputs)
        case "markdown":
            text = merging.markdown.read_text(encoding="utf-8")
            merging.markdown.write_text(text.replace(first.title, "别的标题"), encoding="utf-8")
        case "code":
            (night.clone / "Makefile").write_text("owned:\n", encoding="utf-8")
            night.git("commit", "--quiet", "--all", "--message", "Help")
        case "folder":
            (merging.outputs / "more").mkdir()
            write(made, merging.outputs / "more")
        case "gone":
            night.git("rm", "--quiet", ".gitattributes")
            night.git("commit", "--quiet", "--message", "Tidy")
        case _:
            night.context["steps.digest.outputs.code"] = "5"
    assert merging.commands() == []
    assert f"not merged by itself: {why}\n" in night.summary


def test_a_night_that_fails_leaves_no_commit_and_keeps_log_and_draft(place: NightPlace) -> None:
    """The step fails with the code of the run, which the summary explains; no key is shown."""
    night = place.night
    place.behaviour = lambda request, content: odd.completion(
        request, content.replace("的摘要", "的摘要，金额为98765亿美元")
    )
    night.run(date=today().isoformat(), force="true")
    assert night.failed == "Digest"
    assert night.context["steps.digest.outputs.code"] == "1"
    assert "Exit code 1: not published" in night.summary
    assert night.files_on_branch() == []
    assert night.calls() == ["auth setup-git", "pr list"]
    log = (night.temp / "night" / "run.log").read_text(encoding="utf-8")
    assert "not published: 4 of 4 entries" in log
    assert "sk-planted-key" not in log + night.summary
    keep = next(step for step in STEPS if step.get("name") == "Keep logs and drafts")
    assert keep["if"] == "${{ failure() }}"
    kept = [night.expand(path) for path in keep["with"]["path"].split("\n") if path]
    assert kept == [str(night.temp / "night"), "outputs/drafts"]
    assert list((night.clone / "outputs" / "drafts").glob("*.md"))


def test_a_date_that_is_a_command_is_only_text(place: NightPlace) -> None:
    """It ends as any other wrong date."""
    place.night.run(date='"; touch owned; $(touch owned)', force="false")
    assert place.night.context["steps.digest.outputs.code"] == "2"
    assert "is not a date" in place.night.summary
    assert not (place.night.clone / "owned").exists()
    assert place.night.files_on_branch() == []
