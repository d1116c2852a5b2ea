"""The JSON that programs read follows the schemas in `docs/schema/`, which the records make."""

import datetime as dt
import functools
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.core import TyperGroup
from typer.main import get_command

import daily
from conftest import FIXTURES
from desk import Desk
from newsletter import Newsletter
from openai_server import OpenAIServer
from pipeline.cli import app, main
from pipeline.commands import schema_table
from pipeline.commands.schema_table import OUTPUTS
from pipeline.errors import NewerFormat, PageNotUnderstood
from pipeline.write.files import write
from pipeline.write.json_format import DIGEST_SCHEMA_ID, FORMAT_VERSION, from_json, to_json

SCHEMAS = Path(__file__).parent.parent / "docs" / "schema"
EARLIER = sorted((FIXTURES / "digests").glob("*.json"))
DAY = "2026-01-28"


json_schema = functools.cache(schema_table.json_schema)
"""Makes the schema of one of the outputs, once for all tests."""


@functools.cache
def validator(name: str) -> Draft202012Validator:
    """Give the validator of the schema that is published, which is one: seen once for all tests."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Call the command; give what it printed, read as JSON."""
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(arguments)
    shown = capsys.readouterr()
    assert shown.out, shown.err
    return json.loads(shown.out)


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Commit two digests, and change one of them."""
    root = tmp_path_factory.mktemp("committed")
    folder = root / "outputs"
    for day in (DAY, "2026-01-29"):
        write(daily.digest(dt.date.fromisoformat(day)), folder)
    for words in (
        ("init", "-q"),
        ("add", "outputs"),
        ("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "Begin"),
    ):
        subprocess.run(["git", *words], cwd=root, check=True)
    digest = daily.digest(dt.date.fromisoformat(DAY))
    write(digest.model_copy(update={"news": digest.news[1:]}), folder)
    return root


@pytest.fixture
def outputs(committed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work beside a copy of the committed digests."""
    shutil.copytree(committed, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("AINEWS_SITE_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("AINEWS_UPSTREAM_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("AINEWS_SUBSTACK_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("AINEWS_HTTP_ATTEMPTS", "1")
    return tmp_path / "outputs"


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_published_schema_is_what_the_records_make(name: str) -> None:
    """`ainews-digest schema --out docs/schema` writes it again."""
    assert validator(name).schema == json_schema(name)


def test_nothing_else_is_published_and_every_option_json_has_a_schema() -> None:
    """A command that prints JSON is in the table, with what it is typed as."""
    assert {file.stem for file in SCHEMAS.glob("*.json")} == set(OUTPUTS)
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    with_json = {
        name
        for name, command in group.commands.items()
        if any("--json" in option.opts for option in command.params)
    }
    assert with_json == {
        output.command.split()[0] for name, output in OUTPUTS.items() if name != "digest"
    }
    for output in OUTPUTS.values():
        name, *words = output.command.split()
        options = {option for given in group.commands[name].params for option in given.opts}
        assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("name", OUTPUTS)
def test_each_field_of_a_schema_says_what_it_is(name: str) -> None:
    """Few names say all by themselves; the published text is that of the records."""
    text = json.dumps(json_schema(name))
    assert text.count('"description"') > text.count('"type": "object"')
    assert "additionalProperties" in text


@pytest.mark.parametrize("file", EARLIER, ids=lambda file: file.stem)
def test_every_earlier_form_of_a_digest_is_read_and_follows_the_schema(file: Path) -> None:
    """Without a version it is of the first; written again it has the one of today."""
    text = file.read_text("utf-8")
    assert "format_version" not in text
    assert list(validator("digest").iter_errors(json.loads(text))) == []
    again = json.loads(to_json(from_json(text)))
    assert (again["$schema"], again["format_version"]) == (DIGEST_SCHEMA_ID, FORMAT_VERSION)
    assert list(validator("digest").iter_errors(again)) == []
    assert from_json(json.dumps(again)) == from_json(text)


def test_todays_fixture_follows_the_schema_and_damage_does_not() -> None:
    """A field too many, one too few, and a version of tomorrow."""
    tree = json.loads((FIXTURES / "write" / "golden.json").read_text("utf-8"))
    check = validator("digest")
    assert list(check.iter_errors(tree)) == []
    assert check.schema["$id"] == tree["$schema"]
    for change in ({"more": 1}, {"date": "soon"}, {"format_version": FORMAT_VERSION + 1}):
        assert list(check.iter_errors({**tree, **change})) != []
    del tree["news"]
    assert list(check.iter_errors(tree)) != []


@pytest.mark.parametrize("version", [FORMAT_VERSION + 1, 99])
@pytest.mark.parametrize("more", [{}, {"a field of tomorrow": [1]}])
def test_a_later_version_is_named(version: int, more: dict[str, object]) -> None:
    """In one line that says to update, whether or not the rest can be read."""
    tree = json.loads((FIXTURES / "write" / "golden.json").read_text("utf-8"))
    with pytest.raises(NewerFormat, match=rf"format {version}.*update this program"):
        from_json(json.dumps({**tree, "format_version": version, **more}))


@pytest.mark.parametrize("version", [0, -1, "2", 2.5, True, None, [2], {}])
def test_what_is_no_version_is_damage(version: object) -> None:
    """And not the work of a later program."""
    tree = json.loads((FIXTURES / "write" / "golden.json").read_text("utf-8"))
    with pytest.raises(PageNotUnderstood, match="format_version") as caught:
        from_json(json.dumps({**tree, "format_version": version}))
    assert not isinstance(caught.value, NewerFormat)


DEMO = str(FIXTURES.parent.parent / "pipeline" / "data" / "demo.md")
PRINTED = (
    ("digest", ("read", DAY)),
    ("digest", ("read", f"outputs/{DAY}.md")),
    ("digest", ("export", DAY, "--format", "json")),
    ("show", ("show", DAY, "--json")),
    ("show", ("show", f"outputs/{DAY}.md", "news:2", "--json")),
    ("verify", ("verify", DAY, "--json")),
    ("diff", ("diff", "--json")),
    ("diff", ("diff", DAY, "--against", "2026-01-29", "--json")),
    ("status", ("status", "--since", "2026-01-20", "--until", "2026-02-03", "--json")),
    ("report", ("report", DAY, "2026-01-29", "--json")),
    ("site", ("site", "--json")),
    ("doctor", ("doctor", "--json")),
    ("usage", ("usage", "--json")),
    ("parse", ("parse", DEMO, "--json")),
    ("stories", ("stories", DEMO, "--json")),
    ("search", ("search", "编程智能体", "--json")),
    ("search", ("search", "没有这个词", "--json")),
    ("factcheck", ("factcheck", "post.txt", DAY, "--json")),
    ("factcheck", ("factcheck", "post.txt", "2026-01-29", "news:1", "--json")),
    ("factcheck", ("factcheck", "post.txt", "--source", DEMO, "--json")),
    ("edit-list", ("edit", DAY, "--list", "--json")),
)
"""What commands print beside one another; what a run and an edit print is looked at below."""
PRINTED_BELOW = {"run", "run-plan", "backfill", "backfill-plan", "edit-stories"}


def test_what_is_printed_under_every_schema_is_looked_at() -> None:
    """One that is added is tried here, too."""
    assert {name for name, _ in PRINTED} | PRINTED_BELOW == set(OUTPUTS)


@pytest.mark.parametrize(("name", "command"), PRINTED)
@pytest.mark.usefixtures("outputs")
def test_what_a_command_prints_follows_its_schema(
    capsys: pytest.CaptureFixture[str], name: str, command: Sequence[str]
) -> None:
    """Alone on standard output, whatever else is said."""
    Path("post.txt").write_text("这段文字提到Orbit Agent有99B参数。\n", "utf-8")
    tree = printed(capsys, *command)
    assert [error.message for error in validator(name).iter_errors(tree)] == []


@pytest.mark.usefixtures("outputs")
def test_a_roundup_follows_the_schemas_of_a_digest(capsys: pytest.CaptureFixture[str]) -> None:
    """A week and a month, as files and as they are shown and checked."""
    for command, name in (("weekly", "2026-W05"), ("monthly", "2026-01")):
        with pytest.raises(SystemExit):
            main([command, name])
        tree = json.loads(Path(capsys.readouterr().out.strip()).with_suffix(".json").read_text())
        assert list(validator("digest").iter_errors(tree)) == []
        assert tree["period"]["name"] == name
        for schema, words in (
            ("show", ("show", name, "--json")),
            ("verify", ("verify", name, "--json")),
            ("digest", ("export", name, "--format", "json")),
        ):
            assert list(validator(schema).iter_errors(printed(capsys, *words))) == []


def test_what_an_editor_is_shown_follows_its_schemas(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edits of a digest, and the stories that it could tell."""
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(desk.settings.cache_dir))
    desk.edit(drop=("news:2",))
    where = ("2026-01-30", "--out", str(desk.folder), "--json")
    edits = printed(capsys, "edit", *where, "--list")
    assert list(validator("edit-list").iter_errors(edits)) == []
    assert edits
    stories = printed(capsys, "edit", *where, "--stories", "--source", str(desk.page))
    assert list(validator("edit-stories").iter_errors(stories)) == []
    assert stories


def test_what_a_run_and_its_plan_print_follows_their_schemas(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    newsletter: Newsletter,
    writer: OpenAIServer,
) -> None:
    """Before anything is asked, after it, and where nothing is new; the same for many issues."""
    nowhere = "http://127.0.0.1:9/"
    for variable, value in {
        "AINEWS_SITE_URL": newsletter.url,
        "AINEWS_UPSTREAM_URL": nowhere,
        "AINEWS_SUBSTACK_URL": nowhere,
        "OPENAI_BASE_URL": writer.base_url,
        "OPENAI_API_KEY": "sk-test",
        "AINEWS_CACHE_DIR": str(tmp_path / "cache"),
        "AINEWS_MODEL": "test-model",
    }.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path)
    for slug in ("26-01-05-not-much", "26-01-07-more"):
        newsletter.publish(slug)
    plan = printed(capsys, "run", "--issue", slug, "--dry-run", "--json")
    assert list(validator("run-plan").iter_errors(plan)) == []
    assert plan["digests"][0]["command"].startswith("ainews-digest run ")
    result = printed(capsys, "run", "--issue", slug, "--json")
    assert list(validator("run").iter_errors(result)) == []
    assert Path(result["digests"][0]["path"]).exists()
    assert result["cost"]["total"]["calls"] > 0
    day = result["digests"][0]["date"]
    again = printed(capsys, "run", "--date", day, "--refresh", "news:1", "--dry-run", "--json")
    assert list(validator("run-plan").iter_errors(again)) == []
    assert again["refresh"]["entries"][0]["place"] == "news:1"
    anew = printed(capsys, "run", "--date", day, "--refresh", "news:1", "--json")
    assert list(validator("run").iter_errors(anew)) == []
    since = ("--since", "2020-01-01", "--until", "2026-12-31")
    many = printed(capsys, "backfill", *since, "--dry-run", "--json")
    assert list(validator("backfill-plan").iter_errors(many)) == []
    made = printed(capsys, "backfill", *since, "--json")
    assert list(validator("backfill").iter_errors(made)) == []
    assert slug in {outcome["slug"] for outcome in made["outcomes"]}
    assert list(validator("usage").iter_errors(printed(capsys, "usage", "--json"))) == []
    bills = printed(capsys, "report", day, "--json")
    assert list(validator("report").iter_errors(bills)) == []


def test_schema_lists_prints_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that there is not ends in code 2 and names those that there are."""
    monkeypatch.setattr(schema_table, "json_schema", json_schema)
    with pytest.raises(SystemExit):
        main(["schema"])
    listed = capsys.readouterr().out
    assert all(re.search(rf"^{name} +ainews-digest ", listed, re.MULTILINE) for name in OUTPUTS)
    assert printed(capsys, "schema", "status") == json_schema("status")
    with pytest.raises(SystemExit):
        main(["schema", "--out", str(tmp_path / "new")])
    capsys.readouterr()
    assert sorted(file.stem for file in (tmp_path / "new").iterdir()) == sorted(OUTPUTS)
    with pytest.raises(SystemExit) as ended:
        main(["schema", "stat"])
    assert ended.value.code == 2
    assert "there is no schema 'stat': give one of digest, run" in capsys.readouterr().err
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["schema", "--out", str(tmp_path / "file")])
    assert ended.value.code == 6


@pytest.mark.parametrize(
    "command",
    [
        ("diff", DAY, "--format", "md", "--json"),
        ("report", DAY, "--annotations", "--json"),
        ("report", DAY, "--suggestions", "main", "--json"),
        ("site", "--serve", "--json"),
    ],
)
@pytest.mark.usefixtures("outputs")
def test_two_forms_at_once_are_refused(
    capsys: pytest.CaptureFixture[str], command: Sequence[str]
) -> None:
    """In one line, with exit code 2."""
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert "--json" in capsys.readouterr().err


def test_the_help_is_quick() -> None:
    """No record is loaded for it."""
    code = "import sys, pipeline.cli; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_run_does_not_write_over_a_digest_of_a_later_version(desk: Desk) -> None:
    """Nor before it has asked anything; forced it does."""
    file = desk.folder / "2026-01-30.json"
    text = file.read_text("utf-8").replace(f'version": {FORMAT_VERSION}', 'version": 99', 1)
    file.write_text(text, "utf-8")
    with pytest.raises(NewerFormat, match=r"2026-01-30\.json: a later version"):
        desk.run()
    assert file.read_text("utf-8") == text
    desk.run(force=True)
    assert json.loads(file.read_text("utf-8"))["format_version"] == FORMAT_VERSION
