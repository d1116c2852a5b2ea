"""No edit but that of a link changes the link of an entry: the run chose it for the whole digest."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from build import small_page
from desk import TITLE, Desk
from editor import answer
from openai_server import OpenAIServer
from pipeline.records import Digest


def naming_a_second_link(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
    """Answer as always, but name the project of the lines, and the last of its links."""
    fields = json.loads(answer(messages, schema))
    user = messages[1]["content"]
    if "sentences" in fields:
        found = re.search(r"the (\w+) project", user)
        assert found
        fields["title"] = f"{found[1]}项目发布"
        fields["link"] = 2
    return json.dumps(fields, ensure_ascii=False)


def page_of_two_links(folder: Path) -> Path:
    """Write an issue whose bullets have a second line, about something else."""
    page = small_page(folder, 40)
    lines = page.read_text(encoding="utf-8").splitlines()
    told = [
        f"{line}\n  - The Zanzimar{n} toolkit is another one ([Zanzimar{n}](https://zz{n}.example/a))"
        if line.startswith("- **")
        else line
        for n, line in enumerate(lines)
    ]
    page.write_text("\n".join(told) + "\n", encoding="utf-8")
    return page


def links(digest: Digest) -> dict[str, str | None]:
    """Give the links by the titles of their entries' projects."""
    return {str(entry.story): entry.link for entry in digest.entries}


@pytest.mark.parametrize("cached", [True, False])
def test_an_edit_leaves_the_links_that_the_run_has_chosen(tmp_path: Path, *, cached: bool) -> None:
    """A move, an exchange, a pin and a title leave each entry's link; the next run does, too."""
    with OpenAIServer(answer=naming_a_second_link) as server:
        desk = Desk(tmp_path, server, page_of_two_links(tmp_path))
        before = desk.run()
        shown = links(before)
        # The model's own choice is about something else, and is not what the run shows.
        assert shown
        assert not any("//zz" in (link or "") for link in shown.values())
        first = desk.bytes()
        if not cached:
            shutil.rmtree(desk.settings.cache_dir)
        for wishes in (
            {"move": ("news:5=1",)},
            {"swap": ("news:5=news:8",)},
            {"move": ("news:2=tools:4", "tools:4=news:2")},
            {"pin": ("news:3",)},
            {"set": (f"news:4.title={TITLE}",), "move": ("news:7=2",)},
        ):
            done = desk.edit(**wishes)
            assert not any("link" in line for line in done.changes), done.changes
            assert links(desk.digest()) == shown
        written = desk.bytes()
        if cached:
            desk.run()
            assert desk.bytes() == written
            desk.edit(undo=("all",))
            assert desk.bytes() == first


def test_an_edit_of_a_link_changes_that_link_alone(tmp_path: Path) -> None:
    """Even where another entry shows the page that is given."""
    with OpenAIServer(answer=naming_a_second_link) as server:
        desk = Desk(tmp_path, server, page_of_two_links(tmp_path))
        before = desk.run()
        shown = links(before)
        desk.edit(set=("news:2.link=2",), move=("news:2=1",))
        after = links(desk.digest())
        name = str(before.news[1].story)
        assert after.pop(name) == before.news[1].links[1].url
        assert after == {key: link for key, link in shown.items() if key != name}
