"""Which `.env` holds, and what of it cannot be read."""

import os
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import find_env_file, invalid_settings, load, unknown_variables

SETS = "AINEWS_MODEL=from-file\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder two levels below a home."""
    found = tmp_path / "home"
    (found / "project" / "docs").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(found))
    monkeypatch.chdir(found / "project" / "docs")
    return found


def put(folder: Path, data: bytes = SETS.encode()) -> Path:
    """Write a `.env`."""
    file = folder / ".env"
    file.write_bytes(data)
    return file


def test_it_is_found_upwards_and_the_nearest_holds(home: Path) -> None:
    """To the home, and not above it."""
    put(home.parent)
    assert find_env_file() is None
    assert load().model == "gpt-6-luna"
    for folder in (home, home / "project", home / "project" / "docs"):
        put(folder, f"AINEWS_MODEL={folder.name}\n".encode())
        assert find_env_file() == folder / ".env"
        assert load().model == folder.name


def test_outside_a_home_it_is_found_upwards_too(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as the folders are one's own."""
    monkeypatch.setenv("HOME", "/nowhere")
    put(home)
    assert find_env_file() == home / ".env"
    monkeypatch.delenv("HOME")
    assert find_env_file() == home / ".env"


def test_that_of_another_user_is_not_read(home: Path) -> None:
    """Nor one that others may write, nor one beyond a folder that is; the working folder's is."""
    file = put(home / "project")
    file.chmod(0o666)
    assert find_env_file() is None
    file.chmod(0o600)
    (home / "project").chmod(0o777)
    assert find_env_file() is None
    (home / "project").chmod(0o700)
    assert find_env_file() == file
    if os.geteuid() == 0:
        for path in (file, home / "project"):
            os.chown(path, 54321, -1)
            assert find_env_file() is None
            os.chown(path, 0, -1)
        here = put(home / "project" / "docs")
        os.chown(here, 54321, -1)
        assert find_env_file() == here


def test_a_working_folder_that_is_gone_is_named(home: Path) -> None:
    """With what to do."""
    (home / "project" / "docs").rmdir()
    with pytest.raises(SettingsError, match=r"working folder cannot be used.*--directory"):
        load()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (SETS.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + SETS.encode("utf-16-be"), "UTF-16"),
        (SETS.encode("utf-16-le"), "UTF-16"),
        (SETS.encode("utf-32"), "UTF-32"),
        (b"AINEWS_MODEL=a\0b\n", "no text"),
        (f"# 模型\n{SETS}".encode("gbk"), "GBK"),
        (f"# 设置：一个模型\n{SETS}".encode("gb18030"), "GBK"),
        (f"# café\n{SETS}".encode("latin-1"), "Latin-1"),
        (f"# Schlüssel für é\n{SETS}".encode("latin-1"), "Latin-1"),
    ],
)
def test_another_encoding_is_named(home: Path, data: bytes, encoding: str) -> None:
    """With the file, in one line, and the same by whoever looks at all settings."""
    file = put(home / "project", data)
    with pytest.raises(SettingsError, match=encoding) as caught:
        load()
    assert str(file) in str(caught.value)
    assert invalid_settings() == (str(caught.value),)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + SETS.encode(),
        SETS.replace("\n", "\r\n").encode(),
        f"# 模型\n{SETS}".encode(),
        f"\n\n export {SETS}".encode(),
    ],
)
def test_utf8_is_read(home: Path, data: bytes) -> None:
    """With a mark, with the line ends of Windows, with Chinese in it."""
    put(home / "project" / "docs", data + b"AINEWS_MODLE=x\r\n")
    assert load().model == "from-file"
    [line] = unknown_variables(())
    assert line.startswith("AINEWS_MODLE is no setting")


@pytest.mark.parametrize("sign", ["＝", ": ", "：", " ", ""])
def test_a_line_that_sets_nothing_is_named(home: Path, sign: str) -> None:
    """What stands in it may be a key, and is not repeated."""
    value = "sk-planted" if sign else ""
    line = f"  export OPENAI_API_KEY{sign}{value}\n"
    put(home / "project" / "docs", f"AINEWS_MODEL = m\n{line}".encode())
    [said] = unknown_variables(())
    assert said.startswith("OPENAI_API_KEY is not set by its line of .env")
    assert "planted" not in said


def test_a_line_that_cannot_be_understood_is_named_with_its_file(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And with how it is written; what stands in it is not repeated."""
    file = home / "project" / "docs" / ".env"
    put(file.parent, b"AINEWS_MODEL=m\n'sk-planted\n")
    assert load().model == "m"
    [line] = {record.getMessage() for record in caplog.records}
    assert line == f"'{file}', line 2, cannot be understood and sets nothing: write NAME=value"


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_named(home: Path, kind: str) -> None:
    """And not waited for."""
    file = home / "project" / ".env"
    {"folder": file.mkdir, "pipe": lambda: os.mkfifo(file)}[kind]()
    with pytest.raises(SettingsError, match=r"\.env' cannot be read") as caught:
        load()
    assert "\n" not in str(caught.value)


def test_a_virtual_environment_of_that_name_is_none(home: Path) -> None:
    """As some have it."""
    folder = home / "project" / "docs" / ".env"
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\n")
    put(home / "project")
    assert load().model == "from-file"
