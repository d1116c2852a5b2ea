"""Write everything that recorded answers make: `python tests/snapshot.py FOLDER`.

Two versions of the program make the same bytes when the folders that they wrote are the same:
`diff -r BEFORE AFTER`. A folder holds the digests of all recorded issues, their stories, a site of
60 digests with its feed, what changed between digests in every format, and what `status`,
`textconv`, `verify` and `report` say of them. A version with other field names in its stories
writes another `stories/`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.sites import publish
from eval.cases import SHARED, cases
from eval.rehearse import replay_recorded
from pipeline.write.files import write

_MODEL = "by-hand"
_FORMATS = ("text", "md", "json", "html")


def main(arguments: Sequence[str]) -> int:
    """Write the snapshot into a new folder."""
    (name,) = arguments
    folder = Path(name).resolve()
    folder.mkdir(parents=True)
    _issues(folder)
    _site(folder)
    return 0


def _issues(folder: Path) -> None:
    """Write the digest and the stories of every recorded issue."""
    (folder / "stories").mkdir()
    for case, run in replay_recorded(SHARED, _MODEL):
        write(run.digest, folder / "digests", case.name)
        stories = [story.model_dump(mode="json") for story in run.stories]
        text = json.dumps(stories, ensure_ascii=False, indent=1)
        (folder / "stories" / f"{case.name}.json").write_text(text, "utf-8")
        questions = [recorded.question for recorded in run.questions]
        texts = sorted(f"{one.prompt}\n{one.system}\n{one.user}" for one in questions)
        text = "\n\n".join(texts)
        (folder / "stories" / f"{case.name}.questions.txt").write_text(text, "utf-8")


def _site(folder: Path) -> None:
    """Write the site of 60 digests, and what the commands say of them."""
    outputs = folder / "outputs"
    publish(outputs, [run.digest for _, run in replay_recorded(SHARED, _MODEL)])
    dates = sorted(file.stem for file in outputs.glob("*.json"))
    _say(folder, "site", "site", "--out", str(folder / "site"), "--url", "https://example.org/")
    for form in _FORMATS:
        _say(folder, f"diff.{form}", "diff", dates[0], "--format", form, "--against", "HEAD~1")
        pair = (f"{outputs}/{dates[0]}.json", "--against", f"{outputs}/{dates[14]}.json")
        _say(folder, f"pair.{form}", "diff", *pair, "--format", form)
    for form in ("text", "md", "json"):
        dated = f"{dates[0]}..{dates[20]}"
        _say(folder, f"range.{form}", "diff", dated, "--format", form, "--against", "HEAD~1")
    span = ("--since", dates[0], "--until", dates[-1])
    _say(folder, "status.txt", "status", *span)
    _say(folder, "status.json", "status", *span, "--json")
    files = [f"{outputs}/{date}.json" for date in dates[:14]]
    _say(folder, "report.md", "report", *files)
    for date in dates[:14]:
        _say(folder, f"textconv-{date}.txt", "textconv", f"{outputs}/{date}.json")
    for case, page in ((case.name, case.path) for case in cases(SHARED)):
        _say(folder, f"parse-{case}.txt", "parse", str(page))
        file = Path(f"{folder}/digests/{case}.json")
        if not file.exists():
            continue
        _say(folder, f"verify-{case}.json", "verify", str(file), "--source", str(page), "--json")
        _say(folder, f"verify-{case}.txt", "verify", str(file), "--source", str(page))
    shutil.rmtree(outputs / ".git")


def _say(folder: Path, name: str, *command: str) -> None:
    """Keep what one command prints, with its code; the folder's own path is left out."""
    environment = {key: value for key, value in os.environ.items() if "AINEWS" not in key}
    environment |= {
        "AINEWS_OUTPUTS_DIR": str(folder / "outputs"),
        "AINEWS_CACHE_DIR": str(folder / "cache"),
        "AINEWS_SITE_URL": "http://127.0.0.1:9/",
        "AINEWS_UPSTREAM_URL": "http://127.0.0.1:9/",
        "AINEWS_SUBSTACK_URL": "http://127.0.0.1:9/",
        "AINEWS_HTTP_ATTEMPTS": "1",
        "COLUMNS": "100",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *command],
        cwd=folder / "outputs",
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=False,
    )
    said = done.stdout + b"\n--- stderr, code %d\n" % done.returncode + done.stderr
    said = re.sub(re.escape(str(folder)).encode(), b"FOLDER", said)
    (folder / "said").mkdir(exist_ok=True)
    (folder / "said" / name).write_bytes(said)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
