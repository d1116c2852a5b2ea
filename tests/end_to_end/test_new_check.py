"""A check that somebody adds, in a copy of the program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pipeline

SHOUTING = '''
from pipeline.verify.check import CheckInput, CheckResult, Problem


def check_shouting(data: CheckInput) -> CheckResult:
    """Look for exclamation marks."""
    return CheckResult(Problem("a calm title", text) for text in data.entry.title if text == "！")
'''


USERS = """
from pipeline.orchestration.card import check_results
from pipeline.records import Entry, Mention, Story
from pipeline.site.reasons import CHECK_LABELS
from pipeline.verify import generation_checks, verify

entry = Entry(kind="news", title="发布了！", summary="", link=None)
mention = Mention(id="m", part="intro", section=(), lead="", text="", links=(), bullets=0)
found = verify(entry, Story(id="s01", mentions=(mention,)))
print([(each.check, each.severity, each.found) for each in found if each.check == "shouting"])
print(CHECK_LABELS["shouting"])
print(generation_checks()["shouting"], check_results(())[0].check)
"""


def test_a_new_check_is_one_file_and_one_entry(tmp_path: Path) -> None:
    """Nothing else has to change for findings, Chinese pages and Dagster to have it."""
    package = Path(pipeline.__file__).parent
    shutil.copytree(package, tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    verify_folder = tmp_path / "pipeline" / "verify"
    (verify_folder / "shouting.py").write_text(SHOUTING, encoding="utf-8")
    registry = verify_folder / "registry.py"
    head, tail = registry.read_text(encoding="utf-8").split("CHECKS: tuple[Check, ...] = (\n")
    new = 'Check("shouting", "No title shouts.", "喊叫", severity="warning", run=check_shouting),'
    registry.write_text(
        f"{head}from pipeline.verify.shouting import check_shouting\n"
        f"CHECKS: tuple[Check, ...] = (\n    {new}\n{tail}",
        encoding="utf-8",
    )
    told = subprocess.run(
        [sys.executable, "-c", USERS],
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert told.stdout.splitlines() == [
        "[('shouting', 'warning', '！')]",
        "喊叫",
        "No title shouts. shouting",
    ], told.stderr
