"""README and docs: the two languages say the same, and what they name is there."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

import pytest
import typer
from markdown_it import MarkdownIt
from markdown_it.token import Token
from typer.core import TyperGroup

from pipeline.cli import app
from pipeline.orchestration.setup import OrchestrationSettings
from pipeline.settings import Settings

ROOT = Path(__file__).parent.parent
ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
COMMANDS, COMMANDS_CHINESE = "docs/commands.md", "docs/commands.zh-CN.md"
PAIRS = (
    (ENGLISH, CHINESE),
    (COMMANDS, COMMANDS_CHINESE),
    ("docs/install.md", "docs/install.zh-CN.md"),
    ("docs/mcp.md", "docs/mcp.zh-CN.md"),
    ("docs/operations.md", "docs/operations.zh-CN.md"),
    ("docs/review.md", "docs/review.zh-CN.md"),
)
TWINS = {**dict(PAIRS), **{chinese: english for english, chinese in PAIRS}}
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in TWINS}
PAGES = (
    ENGLISH,
    CHINESE,
    *sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").glob("*.md")),
    "AGENTS.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
)

_T = TypeVar("_T")
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_SHELL = frozenset({"", "console", "sh", "bash"})
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|#")
_VARIABLE = re.compile(r"\b(?:AINEWS|OPENAI)_[A-Z0-9_]*[A-Z0-9]\b")
_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


class Row(NamedTuple):
    """A row of a table."""

    first: tuple[str, ...]
    """Inline code of its first column; its text, where it has no code."""
    code: tuple[str, ...]
    """Inline code of all its columns."""


class Page(NamedTuple):
    """What two languages have in common."""

    outline: tuple[str, ...]
    """Levels of the headings: h1, h2, …"""
    blocks: tuple[str, ...]
    """Code blocks, those of a shell without their comments."""
    tables: tuple[tuple[Row, ...], ...]
    """Rows of every table, without the head."""
    links: tuple[str, ...]
    """Relative links, sorted."""
    code: tuple[frozenset[str], ...]
    """Inline code under every heading; first that before all of them."""


def read(text: str) -> Page:
    """Take a page apart."""
    tokens = _MARKDOWN.parse(text)
    code: list[set[str]] = [set()]
    for token in tokens:
        if token.type == "heading_open":
            code.append(set())
        code[-1].update(_code(token))
    parts = [part for token in tokens for part in token.children or ()]
    links = (str(part.attrGet("href")) for part in parts if part.type == "link_open")
    return Page(
        outline=tuple(token.tag for token in tokens if token.type == "heading_open"),
        blocks=tuple(_commands(t) for t in tokens if t.type in {"fence", "code_block"}),
        tables=tuple(_tables(tokens)),
        links=tuple(sorted(x for x in links if not _ADDRESS.match(x))),
        code=tuple(map(frozenset, code)),
    )


def _code(token: Token) -> tuple[str, ...]:
    return tuple(part.content for part in token.children or () if part.type == "code_inline")


def _commands(block: Token) -> str:
    if block.info not in _SHELL:
        return block.content
    return re.sub(r"(^|\s+)# .*$", "", block.content, flags=re.MULTILINE)


def _tables(tokens: list[Token]) -> Iterator[tuple[Row, ...]]:
    rows: list[Row] = []
    cells: list[Token] = []
    for before, token in pairwise(tokens):
        if before.type == "td_open":
            cells.append(token)
        elif before.type == "tr_close" and cells:
            code = tuple(each for cell in cells for each in _code(cell))
            rows.append(Row(_code(cells[0]) or (cells[0].content,), code))
            cells = []
        elif token.type == "table_close":
            yield tuple(rows)
            rows = []


def differences(text: str, other: str) -> list[str]:
    """List what two pages do not share: its kind, and `-` where the second one lacks it."""
    lines = unified_diff(_lines(read(text)), _lines(read(other)), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _lines(page: Page) -> list[str]:
    return [
        *(f"outline {tag}" for tag in page.outline),
        *(f"blocks {line}" for block in page.blocks for line in block.splitlines()),
        *(f"tables {number} {row.first}" for number, row in _numbered(page.tables)),
        # Either language leads to its own page.
        *(f"links {link}" for link in sorted(x.replace(".zh-CN.", ".") for x in page.links)),
        *(f"code {number} {each}" for number, each in _numbered(map(sorted, page.code))),
    ]


def _numbered(groups: Iterable[Iterable[_T]]) -> Iterator[tuple[int, _T]]:
    return ((number, each) for number, group in enumerate(groups) for each in group)


def untrue(text: str, folder: str = "") -> list[str]:
    """List what a text names and the project does not have.

    Args:
        text: Markdown.
        folder: where it stands, for its relative links, with a slash at its end.
    """
    page = read(text)
    shown = "\n".join((*page.blocks, *(each for code in page.code for each in code)))
    targets = _targets_of_links(page, folder)
    return [
        *sorted(f"variable {name}" for name in set(_VARIABLE.findall(shown)) - _variables()),
        *sorted(f"target {name}" for name in set(_TARGET.findall(shown)) - _targets()),
        *_untrue_files(page),
        *(f"link {name}" for name in targets if not (ROOT / name).exists()),
        *_stars(text),
    ]


def foreign(text: str, name: str) -> list[str]:
    """List the pages to which a text leads although they are there in its own language.

    The link below the title is not looked at.
    """
    body = "\n".join(text.splitlines()[3:])
    targets = set(_targets_of_links(read(body), _folder(name)))
    chinese = name.endswith(".zh-CN.md")
    return sorted(x for x in targets & set(TWINS) if x.endswith(".zh-CN.md") is not chinese)


def _folder(name: str) -> str:
    return name[: name.rfind("/") + 1]


def _targets_of_links(page: Page, folder: str) -> list[str]:
    return [posixpath.normpath(folder + link.partition("#")[0]) for link in page.links]


def untrue_commands(text: str) -> list[str]:
    """List the commands and options that do not exist, and the commands that are left out."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    commands = group.commands
    rows = [(row.first[0], row.code) for table in read(text).tables for row in table]
    described = {code.partition(" ")[0] for codes in read(text).code for code in codes}
    listed = {first.partition(" ")[0] for first, code in rows if first[:1].islower() and code}
    wrong = [f"command {name}" for name in sorted(listed - {"make"}) if name not in commands]
    for first, code in rows:
        name = first.partition(" ")[0]
        if name in commands:
            taken = {option for each in commands[name].params for option in each.opts}
            options = _OPTION.findall(" ".join(code))
            wrong += [f"option {one} of {name}" for one in options if one not in taken]
    return wrong + [f"no command {name}" for name in sorted(set(commands) - described)]


def _untrue_files(page: Page) -> Iterator[str]:
    """Look up the files of the map; after the first of a row stand others of the same folder."""
    rows = next((rows for rows in page.tables if rows[0].first[0] == "pipeline/cli.py"), ())
    for first, *more in (row.first for row in rows):
        folder = PurePosixPath(first).parent
        names = (first, *(f"{folder}/{name}" for name in more))
        yield from (f"file {name}" for name in names if not _stands(name))


def _stars(text: str) -> Iterator[str]:
    """Find emphasis that CommonMark leaves in its stars, as where they close between 。 and 它."""
    for token in _MARKDOWN.parse(text):
        for part in token.children or ():
            if part.type == "text" and "*" in part.content:
                yield f"a star in {part.content}"


def _variables() -> set[str]:
    shared = {name.upper() for name in Settings.model_fields if name.startswith("openai_")}
    own = {f"AINEWS_{name.upper()}" for name in Settings.model_fields if name.upper() not in shared}
    return (
        shared
        | own
        | {f"AINEWS_DAGSTER_{name.upper()}" for name in OrchestrationSettings.model_fields}
    )


def _targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):(?!=)", makefile, flags=re.MULTILINE))


def _stands(name: str) -> bool:
    return (ROOT / name).is_dir() if name.endswith("/") else (ROOT / name).is_file()


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_tell_the_same(english: str, chinese: str) -> None:
    """Headings, commands, tables, links and names in code are the same in both."""
    assert differences(TEXTS[english], TEXTS[chinese]) == []


@pytest.mark.parametrize("name", PAGES)
def test_what_is_named_is_there(name: str) -> None:
    """Variables, targets, files and links exist, and stars make emphasis."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert untrue(text, _folder(name)) == []


@pytest.mark.parametrize("name", [COMMANDS, COMMANDS_CHINESE])
def test_every_command_is_described(name: str) -> None:
    """What the page of the commands names exists, and it leaves no command out."""
    assert untrue_commands(TEXTS[name]) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("| `textconv FILE` |", "| `tell FILE` |", ["command tell", "no command textconv"]),
        ("`status [--since D]", "`status [--from D]", ["option --from of status"]),
    ],
)
def test_a_command_that_is_not_there_is_seen(old: str, new: str, found: list[str]) -> None:
    """A command or an option of which the program has nothing is reported."""
    text = TEXTS[COMMANDS]
    assert text.count(old) == 1
    assert untrue_commands(text.replace(old, new)) == found


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_sample_is_of_the_issue_of_the_demo(name: str) -> None:
    """Its date, and the link of its first entry."""
    demo = (ROOT / "pipeline" / "data" / "demo.md").read_text(encoding="utf-8")
    sample = TEXTS[name].partition("```markdown\n")[2].partition("```")[0]
    day = re.search(r"^## AINews - (\S+)$", sample, re.MULTILINE)
    assert day
    assert f"\ndate: '{day[1]}T" in demo
    links = re.findall(r"^> \[(https://\S+)\]", sample, re.MULTILINE)
    assert links
    assert all(f"]({link})" in demo for link in links)


def test_the_map_is_complete() -> None:
    """Every package and prompt folder has its row, and so do the files that people read first."""
    named = {name for table in read(TEXTS[ENGLISH]).tables for row in table for name in row.first}
    packages = {f"{file.parent.name}/" for file in (ROOT / "pipeline").glob("*/__init__.py")}
    assert packages - {"storage/"} <= {name.removeprefix("pipeline/") for name in named}


@pytest.mark.parametrize(("name", "other"), TWINS.items())
def test_each_leads_to_the_other(name: str, other: str) -> None:
    """Below the title stands a link to the other language."""
    assert f"]({posixpath.basename(other)})" in TEXTS[name].splitlines()[2]


@pytest.mark.parametrize("name", TWINS)
def test_each_stays_in_its_language(name: str) -> None:
    """All other links lead to pages of the same language, where there are such."""
    assert foreign(TEXTS[name], name) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        (CHINESE, "](docs/review.zh-CN.md)", "](docs/review.md)", "docs/review.md"),
        (
            "docs/review.md",
            "](operations.md)",
            "](operations.zh-CN.md)",
            "docs/operations.zh-CN.md",
        ),
    ],
)
def test_a_page_of_the_other_language_is_seen(name: str, old: str, new: str, found: str) -> None:
    """A link into the other language is reported, though it is no difference."""
    text = TEXTS[name].replace(old, new)
    assert foreign(text, name) == [found]
    assert differences(TEXTS[name], text) == []


def test_no_page_in_chinese_is_alone() -> None:
    """Every page in Chinese is held together with its English one."""
    there = {name for name in PAGES if name.endswith(".zh-CN.md")}
    assert there == {chinese for _, chinese in PAIRS}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("## 工作原理", "### 工作原理", "outline"),
        ("## 修改它\n", "", "outline"),
        ("$ make test ", "$ make tests ", "blocks"),
        ("### 1. Qwen-Image-Layered", "### 1. Qwen-Image-Folded", "blocks"),
        ("| `pipeline/history/` | 以前的日报报道过什么 |\n", "", "tables"),
        ("| `prompts/` |", "| prompts |", "code"),
        ("(docs/changing.md)", "(https://example.org)", "links"),
        ("`make eval` 重放", "重放", "code"),
    ],
)
def test_a_difference_is_seen(old: str, new: str, found: str) -> None:
    """What stands in one language only is reported."""
    assert TEXTS[CHINESE].count(old) == 1
    said = differences(TEXTS[ENGLISH], TEXTS[CHINESE].replace(old, new))
    assert found in [each[1:].partition(" ")[0] for each in said]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("$ make test     # 运行测试", "$ make test  # 测试"),
        ("| 页面变成一期原刊 |", "| 把页面读成一期原刊 |"),
    ],
)
def test_words_are_the_translators(old: str, new: str) -> None:
    """Comments of commands and what stands beside a first column may be put in other words."""
    assert TEXTS[CHINESE].count(old) == 1
    assert differences(TEXTS[CHINESE], TEXTS[CHINESE].replace(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("`AINEWS_MAX_DEGRADED`", "`AINEWS_OTHER`", ["variable AINEWS_OTHER"]),
        ("AINEWS_MODEL=gpt", "AINEWS_OPENAI_API_KEY=gpt", ["variable AINEWS_OPENAI_API_KEY"]),
        ("`make eval`", "`make evals`", ["target evals"]),
        ("`pipeline/plan.py`", "`pipeline/plans.py`", ["file pipeline/plans.py"]),
        ("`pipeline/edits/`", "`pipeline/cli.py/`", ["file pipeline/cli.py/"]),
        ("(docs/changing.md)", "(docs/change.md)", ["link docs/change.md"]),
        ("简体中文日报，格式", "**简体中文日报。**格式", ["a star in "]),
    ],
)
def test_what_is_not_there_is_seen(old: str, new: str, found: list[str]) -> None:
    """A name of which the project has nothing is reported, and so are stars that stay."""
    assert TEXTS[CHINESE].count(old) == 1
    said = untrue(TEXTS[CHINESE].replace(old, new))
    assert [line[: len(start)] for line, start in zip(said, found, strict=True)] == found
