"""ainews-digest as a library, `from pipeline import digest`, and the map of its packages.

The folders are the way of the data:

    plan ─▶ fetch ─▶ parse ─▶ merge ─▶ select ─▶ translate ─▶ verify ─▶ proofread ─▶ write
            Page     Issue    Story    Selection  Entry        Finding   Finding      files

    api.py          one digest for Python programs
    cli.py          the command line and its exit codes
    commands/       one thin file per group of commands
    plan.py         what was asked for: which issues, under which dates
    run.py          the stages in order: one page to one digest
    tell/           chosen stories to entries: translate, verify, proofread, once more
    publish/        what was asked for to published digests: lock, draft or outputs, or left alone
    announcements/  who is told of a digest, or of a night that failed
    history/        what earlier digests published, and what repeats it
    subjects/       what entries are about: names, by which many digests are searched
    roundup/        digests to those of a week or a month
    records/        every record that passes between stages, and the reasons for what was done
    errors.py       every failure and its exit code
    lines.py        what is said to people: visible, without secrets
    tables.py       rows of text that fit a terminal
    typed_command.py  how a command is typed that a message offers
    progress.py     how far a run is: terminal, plain lines, silent
    clock.py        what day it is, and whether this machine's clock can be right
    patterns.py     regular expressions, compiled when they are first used
    settings/       environment and .env, as one frozen object
    network/        proxies, certificates, deadlines, retries (only importer of tenacity)
    storage/        where digests are: a folder, or an S3-compatible store; locks, owners
    urls/           when two addresses are one page, what it is, whose it is, how first-hand
    recaps.py       what the recaps of an issue look like, are called and weigh
    summary_room.py  how long a summary may be
    fetch/          source chain, feeds, HTTP (only importer of httpx)
    parse/          page to issue (only importer of bs4)
    merge/          mentions to stories
    select/         stories to selection
    translate/      story to entry
    verify/         entries against their evidence
    proofread/      the whole digest, read once more by the model
    quantities/     English and Chinese quantities, made comparable
    chinese/        glossary, typography, language of a text
    llm/            one structured question to any server (only importer of openai)
    write/          Markdown, JSON, messages, articles, mails; reader
    edits/          changes by hand, anchored to their stories
    diff/           two versions: what changed, and why
    site/           digests to pages, search, feeds and data
    batch/          backfill and the Batch API
    revise/         a digest that exists, with edits by hand or entries told anew
    estimate/       what a run would ask, cost and write over: `--dry-run`
    audit/          what is wrong in any finished digest: `verify`
    report/         digests to the text of the pull request that adds them
    ops/            status, usage, the stories of an issue, a digest shown
    doctor/         whether a run can do its work here, and what to do where it cannot
    lookup/         questions about the published digests: search, evidence, a text checked
    mcp_server/     the same for assistants, by the Model Context Protocol
    orchestration/  the same run under Dagster
"""

import re
import sys
import time
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

STARTED_NS = time.time_ns()
"""When this process began to load the program."""
_EXPORT = re.compile(r"^ +from (pipeline\.\S+) import (\w+) as \2$", re.MULTILINE)


def lazy_exports(package: str) -> Callable[[str], object]:
    """Make a package's `__getattr__`, which loads a public name when it is first asked for.

    A command loads only the modules that it uses, whichever package they stand in. The names are
    those that the package's `__init__.py` imports for type checkers, one a line.
    """

    @cache
    def modules() -> dict[str, str]:
        source = Path(sys.modules[package].__file__ or "").read_text(encoding="utf-8")
        return {name: module for module, name in _EXPORT.findall(source)}

    def load(name: str) -> object:
        if name not in modules():
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(modules()[name]), name)
        # Loaded once: the next look-up finds it without asking here.
        vars(sys.modules[package])[name] = value
        return value

    return load


if TYPE_CHECKING:
    from pipeline.api import digest as digest
else:
    __getattr__ = lazy_exports(__name__)
