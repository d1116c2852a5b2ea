"""The program's name changes with every byte that it is made of, and with nothing else."""

import ast
import os
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.storage.program import LIBRARIES, program_hash

ROOT = Path(__file__).parent.parent.parent
_NAME = """
import sys
from pathlib import Path
from pipeline.storage import program_hash
print(program_hash(Path(sys.argv[1]) if sys.argv[1:] else None))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the program, as it is in a checkout; its files are no new ones."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("pipeline", "prompts"):
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=leave)
    return folder


def name_of(folder: Path, *index_dir: Path) -> str:
    """Ask a copy of the program for its name."""
    command = [sys.executable, "-c", _NAME, *map(str, index_dir)]
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_every_byte_of_it_counts(checkout: Path) -> None:
    """Sources, prompts, the glossary and data; a file that came, too, and not one compiled."""
    before = name_of(checkout)
    names = ("pipeline/verify/check.py", "prompts/translate.md", "prompts/glossary.toml")
    for name in (*names, "pipeline/data/demo.md"):
        file = checkout / name
        text = file.read_bytes()
        file.write_bytes(text + b"\n")
        assert name_of(checkout) != before, name
        file.write_bytes(text)
    (checkout / "pipeline" / "more.py").touch()
    assert name_of(checkout) != before
    (checkout / "pipeline" / "more.py").unlink()
    assert name_of(checkout) == before


def test_a_link_to_nothing_is_no_part_of_it(checkout: Path) -> None:
    """An editor leaves one beside a file that is open."""
    before = name_of(checkout)
    lock = checkout / "pipeline" / ".#run.py"
    lock.symlink_to("someone@example.1234")
    assert name_of(checkout) == before
    lock.unlink()


@pytest.mark.parametrize("asked_before", [False, True])
def test_a_process_whose_files_change_has_a_name_of_its_own(
    asked_before: bool, checkout: Path, tmp_path: Path
) -> None:
    """What it makes is of neither program; nobody believes an index that it wrote."""
    code = """
import sys, time
from pathlib import Path
from pipeline.storage import changed_program, program_hash
index = Path(sys.argv[2])
if sys.argv[3] == "True":
    assert program_hash(index) and not changed_program()
file = Path("prompts/select.md")
text = file.read_bytes()
time.sleep(0.02)  # past the tick of the file system's clock
file.write_bytes(text + b" ")
while sys.argv[3] == "True" and not changed_program():
    time.sleep(0.1)  # it looks once in a second
print(program_hash(index) + changed_program())
file.write_bytes(text)
"""
    index = tmp_path / "index"
    env = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-c", code, "-", str(index), str(asked_before)]
    names = {name_of(checkout, index)}
    for _ in range(2):
        done = subprocess.run(
            command, env=env, cwd=checkout, capture_output=True, text=True, check=True, timeout=60
        )
        names.add(done.stdout.strip())
    names.add(name_of(checkout, index))
    assert len(names) == 3


def test_what_is_kept_is_believed_while_no_file_has_changed(checkout: Path, tmp_path: Path) -> None:
    """The files are not read again, and a change of the same size and time shows, too."""
    index, file = tmp_path / "index", checkout / "prompts" / "select.md"
    # The clock of the file system tells this change from the next one.
    for each in checkout.rglob("*"):
        os.utime(each, (1, 1))
    before = name_of(checkout, index)
    assert name_of(checkout, index) == before == name_of(checkout)
    text = file.read_bytes()
    file.write_bytes(text.replace(b"a", b"b"))
    os.utime(file, (1, 1))
    assert name_of(checkout, index) != before
    file.write_bytes(text)
    assert name_of(checkout, index) == before


def test_another_version_of_a_library_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What parses pages and finds names in them shapes what comes out; one may be missing."""
    names = set()
    for metadata in ("Version: 1", "Version: 2", None):
        program_hash.cache_clear()
        with monkeypatch.context() as other:
            one = SimpleNamespace(read_text=lambda _name, text=metadata: text)
            other.setattr("pipeline.storage.program.distribution", lambda _name, one=one: one)
            names.add(program_hash())
    program_hash.cache_clear()
    assert len(names) == 3


def test_each_library_that_shapes_a_digest_is_named() -> None:
    """Those that the stages import, the fetching of pages and the asking of models left out."""
    rooms = ("parse", "merge", "select", "translate", "verify", "proofread", "write", "edits")
    files = [
        file
        for room in (*rooms, "quantities", "chinese", "fetch")
        for file in (ROOT / "pipeline" / room).glob("*.py")
    ]
    found = set()
    for node in (one for file in files for one in ast.walk(ast.parse(file.read_text("utf-8")))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    known = packages_distributions()
    libraries = {one.lower() for name in found for one in known.get(name, ())}
    assert {"beautifulsoup4", "lxml", "rapidfuzz"} <= libraries
    assert libraries - {"httpx", "apprise", "typing_extensions", "ainews-digest"} <= set(LIBRARIES)
