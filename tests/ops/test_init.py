"""A folder is begun: `.env`, `outputs/`, the lines of a schedule; `.env.example` is the settings'."""

import datetime as dt
import stat
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dotenv import dotenv_values

from pipeline.ops import schedule_lines
from pipeline.ops.env_files import env_text, quote_value, variable
from pipeline.settings import Settings
from whole_run import call_here

ROOT = Path(__file__).parents[2]


def init(folder: Path, *words: str, given: str = "") -> tuple[int, str, str]:
    """Run `init` without a terminal."""
    done = call_here("init", "--no-doctor", *words, env={}, cwd=folder, stdin=given.encode())
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_example_is_made_from_the_settings() -> None:
    """It has every setting, and none is set."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert text == env_text()
    assert all(f"\n# {variable(name)}=" in text for name in Settings.model_fields)
    assert all(line.startswith("#") for line in text.splitlines() if line)


def test_a_folder_is_begun_and_nothing_is_written_over(tmp_path: Path) -> None:
    """`.env` is for its owner alone; a second time, and a link, leave all as it is."""
    code, out, _ = init(tmp_path, "--stdin", "--model", "m", given="sk-planted\n")
    file = tmp_path / ".env"
    assert code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert dotenv_values(file) == {"OPENAI_API_KEY": "sk-planted", "AINEWS_MODEL": "m"}
    assert (tmp_path / "outputs").is_dir()
    assert "sk-planted" not in out
    assert str(tmp_path) in out
    before = file.read_bytes()
    assert init(tmp_path, "--embedded")[0] == 2
    assert init(tmp_path)[0] == 0
    assert file.read_bytes() == before
    (other := tmp_path / "other").mkdir()
    (other / ".env").symlink_to(tmp_path / "gone")
    assert init(other, "--embedded")[0] == 2
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "--embedded"), (("--base-url", "no address"), "OPENAI_BASE_URL"),
     (("--stdin", "--base-url", "http://h.example:99999"), "OPENAI_BASE_URL")],
)  # fmt: skip
def test_what_a_run_would_refuse_is_not_written(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """Without a terminal the options have to say it; a value that cannot be used is named."""
    code, _, err = init(tmp_path, *words)
    assert code == 2
    assert said in err
    assert not (tmp_path / ".env").exists()


@pytest.mark.parametrize("value", ["plain", "with blank", "it's", "a\\b", "#x", "$HOME", '"', "键"])
def test_a_value_comes_back_as_it_was_given(tmp_path: Path, value: str) -> None:
    """Quotes, blanks, signs of a shell and other letters."""
    file = tmp_path / ".env"
    file.write_text(f"A={quote_value(value)}\n", encoding="utf-8")
    assert dotenv_values(file) == {"A": value}


def test_schedules_name_folders_with_odd_letters() -> None:
    """A percent sign ends a line of cron, and begins a word of systemd."""
    now = dt.datetime(2026, 8, 22, 12, tzinfo=ZoneInfo("UTC"))
    lines = list(schedule_lines(Path("/a b/5%"), ["/bin/ainews-digest"], now))
    assert r"17 22 * * * /bin/ainews-digest --directory '/a b/5\%' run --quiet" in lines
    assert "WorkingDirectory=/a b/5%%" in lines
    assert "ExecStart=/bin/ainews-digest run --quiet" in lines


@pytest.mark.parametrize("words", [(), ("--model", "m"), ("--notify", "json://h.example/")])
def test_an_empty_standard_input_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    """It was given, and holds no key: nobody is told to give it."""
    code, _, err = init(tmp_path, "--stdin", *words)
    assert (code, "standard input holds no key" in err, "give --stdin" in err) == (2, True, False)
    assert not (tmp_path / ".env").exists()


def test_a_server_of_ones_own_needs_no_key_on_standard_input(tmp_path: Path) -> None:
    """That there was none is worth knowing only."""
    code, _, err = init(tmp_path, "--stdin", "--base-url", "http://127.0.0.1:1/v1")
    assert code == 0
    assert "warning: --stdin: standard input holds no key" in err


def test_an_address_is_no_key(tmp_path: Path) -> None:
    """Whoever pastes the wrong line is told before anything is written."""
    code, _, err = init(tmp_path, "--stdin", given="https://api.example.org/v1\n")
    assert (code, "OPENAI_API_KEY is an address" in err) == (2, True)
    assert not (tmp_path / ".env").exists()


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize("urls", ["nonsense://x", "json://h.example/ tgram:/oops", ",", "word"])
def test_a_mistyped_channel_is_refused(tmp_path: Path, urls: str) -> None:
    """Before it is written, and without showing it."""
    code, _, err = init(tmp_path, "--base-url", "http://127.0.0.1:1/v1", "--notify", urls)
    assert code == 2
    assert "--notify: " in err
    assert "oops" not in err
    assert not (tmp_path / ".env").exists()
    whole = "json://h.example/ mailto://a:b@mail.example"
    assert init(tmp_path, "--base-url", "http://127.0.0.1:1/v1", "--notify", whole)[0] == 0


def test_an_option_is_not_blamed_on_the_environment(tmp_path: Path) -> None:
    """It was given; what the environment has is named as the environment's."""
    _, _, err = init(tmp_path, "--base-url", "notaurl")
    assert "(as it was given)" in err
    assert "environment" not in err
    (tmp_path / ".env").unlink(missing_ok=True)


def test_a_price_that_nobody_knows_is_asked_for_or_named(tmp_path: Path) -> None:
    """Since no limit in USD holds without it; a server on this machine costs nothing."""
    code, _, err = init(tmp_path, "--base-url", "http://api.example.com/v1", "--model", "m")
    assert code == 0
    assert "AINEWS_INPUT_USD_PER_MTOK and AINEWS_OUTPUT_USD_PER_MTOK" in err
    for name, words in (
        ("near", ("--base-url", "http://127.0.0.1:1/v1", "--model", "m")),
        ("listed", ("--base-url", "https://api.openai.com/v1", "--model", "gpt-4o")),
    ):
        (tmp_path / name).mkdir()
        assert "is not known" not in init(tmp_path / name, *words)[2]


def test_a_workflow_is_named_where_there_is_one() -> None:
    """A bare folder has none; cron's lines say where the mail goes."""
    now = dt.datetime(2026, 8, 22, 12, tzinfo=ZoneInfo("UTC"))
    bare = "\n".join(schedule_lines(Path("/a"), ["/bin/x"], now))
    assert ".github" not in bare
    assert "\n# MAILTO=" in bare
    whole = "\n".join(schedule_lines(Path("/a"), ["/bin/x"], now, has_workflow=True))
    assert ".github/workflows/nightly.yml is whole" in whole
