"""The command that begins a folder: `init`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.errors import SettingsError, WriteError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.settings import Settings

_ENV_FILE = ".env"


def init(
    *,
    key_stdin: Annotated[
        bool, typer.Option("--stdin", help="Read the model's key from standard input.")
    ] = False,
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url", metavar="URL", help="Address of another server; by default OpenAI's."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="NAME", help="Model to ask; by default gpt-6-luna."),
    ] = None,
    notify: Annotated[
        str | None,
        typer.Option(
            "--notify",
            metavar="URLS",
            help="Apprise URLs of channels, separated by blanks; by default none.",
        ),
    ] = None,
    embedded: Annotated[
        bool, typer.Option("--embedded", help="Let nights be told by the embedded model.")
    ] = False,
    no_doctor: Annotated[
        bool, typer.Option("--no-doctor", help="Do not look whether a run would do.")
    ] = False,
) -> None:
    """Begin a folder: write .env and outputs/, print the lines of a schedule, ask doctor.

    Asks for what no option gives, where there is a terminal; where the price of the model is not
    known, for that too, since no limit in USD holds without one. A .env that is there is never
    written over. No option takes the key itself, which every list of processes would show.

    Example: ainews-digest init --base-url http://localhost:11434/v1 --model qwen3

    Exit codes: 0 all would do; 2 a value cannot be used, or an option gives one although .env is
    there already; 6 a file cannot be written; 130 interrupted, nothing was written; else as doctor.
    """
    values = _given(base_url, model, notify, embedded=embedded, key_stdin=key_stdin)
    there = os.path.lexists(_ENV_FILE)
    if there and values:
        raise SettingsError(
            f"{_ENV_FILE} is there already and stays as it is: change it by hand, or move it away"
        )
    if there:
        common.echo_err(f"{_ENV_FILE} is there already and stays as it is")
    else:
        _write_env(_complete(values, key_stdin=key_stdin))
    _make_outputs()
    _print_schedules()
    if not no_doctor:
        from pipeline.commands.ops import doctor

        common.echo("")
        doctor()


def _given(
    base_url: str | None, model: str | None, notify: str | None, *, embedded: bool, key_stdin: bool
) -> dict[str, str]:
    """Name what the options give by its variable."""
    key = sys.stdin.readline().strip() if key_stdin else None
    values = {
        "OPENAI_API_KEY": key,
        "OPENAI_BASE_URL": base_url,
        "AINEWS_MODEL": model,
        "AINEWS_NOTIFY_URLS": notify,
        "AINEWS_ALLOW_EMBEDDED": "1" if embedded else None,
    }
    return {name: value.strip() for name, value in values.items() if value and value.strip()}


def _complete(values: "Mapping[str, str]", *, key_stdin: bool) -> dict[str, str]:
    """Ask for what the options do not give, and check all of it."""
    try:
        found = _check({**_asked(values, key_stdin=key_stdin), **values})
        return {**found, **_asked_prices(found)}
    except (KeyboardInterrupt, typer.Abort):
        common.echo_err("nothing was written")
        raise


def _asked(values: "Mapping[str, str]", *, key_stdin: bool) -> dict[str, str]:
    """Ask which model answers, unless the options say so.

    Raises:
        SettingsError: nobody is there to be asked.
    """
    named = values.keys() & {"OPENAI_API_KEY", "OPENAI_BASE_URL", "AINEWS_ALLOW_EMBEDDED"}
    if key_stdin and "OPENAI_API_KEY" not in values:
        nothing = "--stdin: standard input holds no key"
        if not named:
            raise SettingsError(f"{nothing}: nothing was written")
        common.echo_err(nothing, "warning")
    if named:
        return {}
    if not sys.stdin.isatty():
        raise SettingsError(
            "no terminal is there to ask at: give --stdin, --base-url (your own server needs "
            "no key) or --embedded"
        )
    return _asked_model(values)


def _asked_model(values: "Mapping[str, str]") -> dict[str, str]:
    """Ask for a server, a key and a model, or whether the embedded one is wanted."""
    answers = {
        "OPENAI_BASE_URL": typer.prompt(
            "Address of the model's server, blank for OpenAI",
            default="",
            show_default=False,
            err=True,
        ),
        "OPENAI_API_KEY": typer.prompt(
            "Key, blank for none", default="", hide_input=True, show_default=False, err=True
        ),
    }
    if not any(map(str.strip, answers.values())):
        if not common.confirm("the embedded model would tell every night, with mistakes"):
            raise SettingsError("no model was named: nothing was written")
        answers["AINEWS_ALLOW_EMBEDDED"] = "1"
    elif "AINEWS_MODEL" not in values:
        answers["AINEWS_MODEL"] = typer.prompt("Model", default="gpt-6-luna", err=True)
    return {name: value.strip() for name, value in answers.items() if value.strip()}


def _asked_prices(values: "Mapping[str, str]") -> dict[str, str]:
    """Ask what the model costs, where that is not known and has to be; else say what is missing."""
    from pipeline.llm import model_profile, price_is_known

    settings = _settings(values)
    profile = model_profile(settings)
    if profile.is_free or price_is_known(profile):
        return {}
    names = ("AINEWS_INPUT_USD_PER_MTOK", "AINEWS_OUTPUT_USD_PER_MTOK")
    said = f"the price of {settings.model} is not known: no limit in USD holds until"
    if not sys.stdin.isatty():
        common.echo_err(f"{said} {_ENV_FILE} sets {' and '.join(names)}", "warning")
        return {}
    common.echo_err(f"{said} it is set", "note")
    answers = {}
    for name, kind in zip(names, ("input", "output"), strict=True):
        question = f"USD for a million {kind} tokens, blank for unknown"
        answer = typer.prompt(question, default="", show_default=False, err=True).strip()
        if not answer:
            return {}
        answers[name] = answer
    _settings({**values, **answers})
    return answers


def _check(values: dict[str, str]) -> dict[str, str]:
    """Refuse what a run would refuse, before it is written.

    Raises:
        SettingsError: a value cannot be used; names its variable.
    """
    for name, value in values.items():
        if not value.isprintable():
            raise SettingsError(f"{name} has a line break or a control character: give it anew")
        if name == "OPENAI_API_KEY" and ("://" in value or " " in value):
            raise SettingsError(f"{name} is an address or several words, and no key: give it anew")
    settings = _settings(values)
    if "AINEWS_NOTIFY_URLS" in values and settings.notify_urls is not None:
        from pipeline.write import address_problems

        for problem in address_problems(settings.notify_urls):
            raise SettingsError(f"--notify: {problem}")
    return values


def _settings(values: "Mapping[str, str]") -> "Settings":
    """Read all settings with these values."""
    from pipeline.settings import load

    return load(
        {
            name if name.startswith("OPENAI_") else name.removeprefix("AINEWS_").lower(): value
            for name, value in values.items()
        }
    )


def _write_env(values: "Mapping[str, str]") -> None:
    """Write `.env`, for nobody else to read, where there is none."""
    from pipeline.ops import env_text

    text = env_text(values)
    try:
        handle = os.open(_ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SettingsError(f"{_ENV_FILE} is there already and stays as it is") from error
    except OSError as error:
        raise WriteError(f"cannot write {_ENV_FILE}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        Path(_ENV_FILE).unlink()
        raise WriteError(f"cannot write {_ENV_FILE}: {error.strerror}") from error
    common.echo_err(f"{Path.cwd() / _ENV_FILE} is written, for your eyes alone (mode 600)")


def _make_outputs() -> None:
    from pipeline.storage import is_remote

    folder = common.load_settings(None).outputs_dir
    if is_remote(folder):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"cannot make {str(folder)!r}: {error.strerror}") from error


def _print_schedules() -> None:
    import datetime as dt

    from pipeline.ops import schedule_lines

    program = Path(sys.executable).parent / "ainews-digest"
    command = [str(program)] if program.exists() else [sys.executable, "-m", "pipeline"]
    whole = Path(".github/workflows/nightly.yml").is_file()
    now = dt.datetime.now().astimezone()
    for line in schedule_lines(Path.cwd(), command, now, has_workflow=whole):
        common.echo(line)
