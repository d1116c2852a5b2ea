"""What is changed by hand: on the right story, with nothing else, and for as long as it is wanted."""

import itertools
import json
import re
import shutil
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import typer

import build
from build import small_page
from desk import DEMO, SUMMARY, TITLE, Desk
from editor import answer
from openai_server import Answerer, OpenAIServer
from pipeline.cli import app
from pipeline.edits.anchors import StoryFinder, make_anchor
from pipeline.edits.apply import apply_edits, order_by_places
from pipeline.edits.options import EditOptions, parse_edits
from pipeline.errors import NotPublished, SettingsError, SourceError
from pipeline.publish import parse_refresh
from pipeline.records import Digest, Edit, Reason, SelectedStory, Selection, Story, StoryAnchor
from pipeline.write.json_format import from_json, to_json
from pipeline.write.markdown_format import to_markdown

# ------------------------------------------------------------------- pure: stories and places


def chosen(news: int = 3, tools: int = 3, spares: int = 4) -> tuple[list[Story], Selection]:
    """Choose from stories that all have their own text and link."""
    stories = [
        build.story(f"s{n:02d}", f"https://example.org/{n}", text=f"Event number {n} took place.")
        for n in range(1, news + tools + spares + 4)
    ]
    choices = [build.choice(story) for story in stories]
    return stories, Selection(
        news=tuple(choices[:news]),
        tools=tuple(as_tool(choice) for choice in choices[news : news + tools]),
        spares=tuple(
            each.model_copy(update={"reason": Reason("spare")})
            for each in choices[news + tools : news + tools + spares]
        ),
        drops=(),
        shown=len(stories),
    )


def as_tool(choice: SelectedStory) -> SelectedStory:
    """Choose it for the other half."""
    return choice.model_copy(update={"kind": "tool"})


def layout(stories: list[Story], selection: Selection, *edits: Edit) -> tuple[list[str], list[str]]:
    """Name the stories of both halves, in their places."""
    made = apply_edits(selection, edits, stories=stories, follows={}, want=3)

    def names(half: tuple[SelectedStory, ...]) -> list[str]:
        return [c.story.id for c in order_by_places(half, made.places, lambda each: each.story.id)]

    return names(made.selection.news), names(made.selection.tools)


def drop(story: Story, stood: str = "news:1") -> Edit:
    """Leave a story out."""
    return Edit(do="drop", story=make_anchor(story), stood=stood)


def move(story: Story, place: str) -> Edit:
    """Put a story elsewhere."""
    return Edit(do="move", story=make_anchor(story), stood="news:1", place=place)


def swap(story: Story, instead: Story, place: str) -> Edit:
    """Tell a story in another's place."""
    return Edit(
        do="swap", story=make_anchor(story), stood=place, place=place, instead=make_anchor(instead)
    )


def test_without_edits_the_selection_is_as_it_was() -> None:
    """Not even a copy is made."""
    stories, selection = chosen()
    assert apply_edits(selection, (), stories=stories, follows={}, want=3).selection is selection


def test_a_spare_comes_in_for_a_story_that_is_dropped() -> None:
    """At the end, as for a story that cannot be told; and the record says what went."""
    stories, selection = chosen()
    assert layout(stories, selection, drop(stories[0])) == (
        ["s02", "s03", "s07"],
        ["s04", "s05", "s06"],
    )
    made = apply_edits(selection, (drop(stories[0]),), stories=stories, follows={}, want=3)
    assert [(drop.what, str(drop.reason)) for drop in made.drops] == [("s01", "by hand")]


def test_a_swap_puts_any_story_of_the_issue_in_the_place_of_another() -> None:
    """Even one that was neither chosen nor a spare; one from the other half leaves a place there."""
    stories, selection = chosen()
    far = stories[-1]
    assert layout(stories, selection, swap(far, stories[4], "tools:2"))[1] == ["s04", far.id, "s06"]
    assert layout(stories, selection, swap(stories[0], stories[4], "tools:2")) == (
        ["s02", "s03", "s07"],
        ["s04", "s01", "s06"],
    )


def test_a_moved_story_pushes_the_others_along() -> None:
    """They keep their order, and a place beyond the end is the end."""
    stories, selection = chosen()
    assert layout(stories, selection, move(stories[2], "news:1"))[0] == ["s03", "s01", "s02"]
    assert layout(stories, selection, move(stories[0], "news:9"))[0] == ["s02", "s03", "s01"]


def test_a_story_with_words_by_hand_stays_where_no_model_chose_it() -> None:
    """It stands where it stood, and one more than is wanted goes back to the spares."""
    stories, selection = chosen()
    words = Edit(do="set", story=make_anchor(stories[-1]), stood="news:2", title=TITLE)
    assert layout(stories, selection, words)[0] == ["s01", "s13", "s02"]
    words = Edit(do="set", story=make_anchor(stories[0]), stood="news:2", title=TITLE)
    assert layout(stories, selection, words)[0] == ["s01", "s02", "s03"]


def test_edits_of_several_stories_may_come_in_any_order() -> None:
    """As long as no two of them claim one place."""
    stories, selection = chosen()
    given = [
        drop(stories[0]),
        move(stories[2], "news:1"),
        swap(stories[-1], stories[4], "tools:2"),
        Edit(do="set", story=make_anchor(stories[5]), stood="tools:3", title=TITLE),
        drop(stories[6]),
    ]
    first = layout(stories, selection, *given)
    for edits in itertools.permutations(given):
        assert layout(stories, selection, *edits) == first
        made = apply_edits(selection, edits, stories=stories, follows={}, want=3)
        told = [c.story.id for c in (*made.selection.news, *made.selection.tools)]
        assert len(told) == len(set(told)) == 6
        assert not {c.story.id for c in made.selection.spares} & set(told)


def test_a_story_is_found_by_its_words_and_then_by_its_link() -> None:
    """Ids say nothing; a link that two stories share says nothing either."""
    stories, _ = chosen()
    mine = make_anchor(stories[3])
    shifted = [each.model_copy(update={"id": f"s{n}"}) for n, each in enumerate(stories, 50)]
    found = StoryFinder(shifted).find(mine)
    assert found is not None
    assert found.id == "s53"
    reworded = [
        build.story(
            "s01", "https://example.org/4?utm_source=x", text="Event number 4, in new words."
        )
    ]
    assert StoryFinder(reworded).find(mine) is reworded[0]
    assert (
        StoryFinder(
            [
                *reworded,
                build.story("s02", "https://example.org/4", text="Event number 4, once more."),
            ]
        ).find(mine)
        is None
    )
    markdown = build.story("s01", text="Event  number 4 _took_ place")
    assert StoryFinder([markdown]).find(mine.model_copy(update={"link": None})) is markdown


def test_an_edit_whose_story_is_gone_is_kept_and_said() -> None:
    """A warning names it; the others are applied."""
    stories, selection = chosen()
    gone = StoryAnchor(id="s09", key="0" * 64, link=None, words="Nothing like it")
    edits = (Edit(do="drop", story=gone, stood="news:2"), drop(stories[0]))
    made = apply_edits(selection, edits, stories=stories, follows={}, want=3)
    (said,) = made.findings
    assert (said.check, said.severity, made.applied_count) == ("edit", "warning", 1)
    assert "Nothing like it" in said.expected


# --------------------------------------------------------------------- the command, end to end


def titles(digest: Digest) -> list[str]:
    """List what the digest says."""
    return [entry.title for entry in (*digest.news, *digest.tools)]


def test_edits_survive_a_rerun_that_asks_nothing(desk: Desk) -> None:
    """Drop, swap, words, pin and move: two questions per new story, then none, the same bytes.

    One translates it, the other one proofreads it.
    """
    before = desk.digest()
    told = {entry.story for entry in (*before.news, *before.tools)}
    free = next(f"s{n:02d}" for n in range(30, 45) if f"s{n:02d}" not in told)
    done = desk.edit(
        drop=("news:3",),
        swap=(f"tools:2={free}",),
        set=(f"news:1.title={TITLE}", f"news:1.summary={SUMMARY}"),
        pin=("news:2",),
        move=("tools:5=1",),
    )
    assert desk.asked() == 4
    after = desk.digest()
    assert (len(after.news), len(after.tools), len(after.edits)) == (10, 10, 6)
    assert before.news[2].title not in titles(after)
    assert (after.news[0].title, after.news[0].summary) == (TITLE, SUMMARY)
    assert after.news[0].edited == ("title", "summary")
    assert (after.news[1].title, after.news[1].edited) == (
        before.news[1].title,
        ("place", "title", "summary", "link"),
    )
    assert after.tools[1].story == free
    assert after.tools[1].edited == ("story",)
    assert after.tools[0].title == before.tools[4].title
    assert len(done.changes) == 7, done.changes
    assert after.degraded == 0
    written = desk.bytes()
    again = desk.run()
    assert desk.asked() == 0
    assert (desk.bytes(), again) == (written, after)
    assert "6 of 6 edits applied" in desk.notes.lines
    desk.run(force=True)
    assert desk.bytes() == written


def naming(messages: list[dict[str, str]], schema: dict[str, Any]) -> str:
    """Answer as always, but name something in every second entry, and tell those otherwise."""
    user = messages[1]["content"]
    if "problems" in schema["properties"]:
        entries = re.findall("(?m)^== (.*)$", user.partition("For comparison")[0])[::2]
        named = {"sentence": 0, "kind": "title", "line": 1, "other": "", "why": "not there"}
        return json.dumps({"problems": [{"entry": entry, **named} for entry in entries]})
    fields = json.loads(answer(messages, schema))
    if "reads as title" in user:
        fields["title"] = fields["title"].replace("一条", "另一条")
        fields["sentences"] = []
    return json.dumps(fields)


def test_an_edit_changes_no_entry_that_was_proofread_before(tmp_path: Path) -> None:
    """Nor does the next run; and taking it back gives the first bytes without a question."""
    with OpenAIServer(answer=naming) as server:
        desk = Desk(tmp_path, server, small_page(tmp_path, 44))
        before = desk.run()
        first = desk.bytes()
        assert sum(entry.title.startswith("另一条") for entry in before.entries) == 10
        assert {finding.check for finding in before.findings} == {"proofread"}
        desk.asked()
        wishes = {"drop": ("news:3",), "set": (f"news:1.title={TITLE}",), "move": ("tools:5=1",)}
        dry = desk.edit(**wishes, dry_run=True)
        assert (dry.questions, desk.asked()) == (1, 0)
        desk.edit(**wishes)
        # One story comes in: it is told, proofread, told again and read again.
        assert desk.asked() == 4
        edited, after = desk.bytes(), desk.digest()
        kept = {entry.title for entry in before.entries} - {before.news[0].title}
        assert len(kept.intersection(titles(after))) == 18
        came = next(entry for entry in after.entries if entry.title not in kept | {TITLE})
        assert (came.title[:3], came.tries) == ("另一条", 2)
        desk.run()
        assert (desk.bytes(), desk.asked()) == (edited, 0)
        desk.edit(undo=("all",))
        assert (desk.bytes(), desk.asked()) == (first, 0)


def test_taking_all_edits_back_gives_the_first_bytes(desk: Desk) -> None:
    """And so does taking them back one by one, from any end."""
    first = desk.bytes()
    wishes: dict[str, object] = {
        "drop": ("news:3",),
        "pin": ("tools:1",),
        "set": (f"news:1.title={TITLE}",),
    }
    desk.edit(**wishes)
    edited = desk.bytes()
    assert edited != first
    desk.edit(undo=("all",))
    assert desk.bytes() == first
    desk.edit(**wishes)
    assert desk.bytes() == edited
    desk.edit(undo=("2",))
    desk.edit(undo=("1", "2"))
    assert desk.bytes() == first


def test_words_by_hand_are_checked_all_the_same(desk: Desk) -> None:
    """A number and an address that the story does not have are refused, and errors where forced."""
    text = SUMMARY + "融资98765万美元，由Inventia公布。"
    words = (
        f"news:1.summary={text}",
        "news:1.link=https://evil.example/x",
        f"news:1.title=[{TITLE}](http://x.example)",
    )
    before = desk.bytes()
    for word in words:
        with pytest.raises(NotPublished, match=r"error\[\w+\] news:1\b.*--force"):
            desk.edit(set=(word, f"news:2.title={TITLE}"))
    assert desk.bytes() == before
    done = desk.edit(set=words, force=True)
    digest = desk.digest()
    assert {"number", "name", "link", "form"} <= {
        f.check for f in digest.findings if f.entry == "news:1"
    }
    assert digest.findings == done.findings
    assert desk.asked() == digest.degraded == 0
    assert not digest.news[0].quoted
    shown = (desk.folder / "2026-01-30.md").read_text(encoding="utf-8")
    assert "](http://x.example)" not in shown
    assert desk.run() == digest


def test_an_error_that_was_forced_is_no_leave_for_others(desk: Desk) -> None:
    """What an entry keeps of its own is said; what is new to it is refused, if others have it."""
    wrong = SUMMARY + "融资98765万美元，由Inventia公布。"
    desk.edit(set=(f"news:1.summary={wrong}",), force=True)
    desk.notes.lines.clear()
    desk.edit(set=(f"news:1.summary={SUMMARY}由Inventia公布。",))
    (line,) = (line for line in desk.notes.lines if "keeps" in line)
    assert line == "warning: news:1 keeps an error that it had: error[name] Inventia"
    before = desk.bytes()
    for place in (
        "news:1.title=Inventia的一项新闻发布了",
        f"news:2.summary={SUMMARY}由Inventia公布。",
    ):
        with pytest.raises(NotPublished, match=r"error\[name\] news:\d.*Inventia.*--force"):
            desk.edit(set=(place,))
        assert desk.bytes() == before
    desk.edit(set=(f"news:1.summary={SUMMARY}",))
    assert not any(one.severity == "error" for one in desk.digest().findings)


BAD: list[tuple[dict[str, object], str]] = [
    ({"drop": ("news:11",)}, "no news:11"),
    ({"drop": ("nws:1",)}, "'nws:1'"),
    ({"drop": ("news:1", "news:1")}, "twice"),
    ({"swap": ("tools:2=s99",)}, "no story s99"),
    ({"swap": ("tools:2",)}, "tools:2=s17"),
    ({"set": ("news:1.body=x",)}, "write it as"),
    ({"set": ("news:1.title= ",)}, "no text"),
    ({"set": ("news:1.link=javascript:alert(1)",)}, "http"),
    ({"set": ("news:1.title=x",), "drop": ("news:1",)}, "same command"),
    ({"move": ("news:5=1", "news:6=1")}, "puts news:1 elsewhere"),
    ({"move": ("news:5=11",)}, "no news:11"),
    ({"undo": ("2",)}, "no edits"),
]


def test_a_wish_that_cannot_be_is_named(made: Desk) -> None:
    """Exit code 2 and one line, although the other wish could be."""
    digest = made.digest()
    for wishes, said in BAD:
        wanted = EditOptions.model_validate({"pin": ("tools:10",), **wishes})
        with pytest.raises(SettingsError, match=re.escape(said)) as caught:
            parse_edits(wanted, digest, "2026-01-30", ())
        assert "\n" not in str(caught.value)


def test_one_wish_that_cannot_be_leaves_everything(desk: Desk) -> None:
    """No byte changed and nothing asked; the page has to be that of the digest, too."""
    before = desk.bytes()
    other = DEMO.parent.parent.parent / "README.md"
    for wishes in ({"drop": ("news:11",)}, {"source": "nowhere.md"}, {"source": str(other)}):
        with pytest.raises(SettingsError):
            desk.edit(**{"pin": ("tools:10",), **wishes})
    assert (desk.bytes(), desk.asked()) == (before, 0)


def test_a_digest_that_was_made_from_a_file_needs_it_again(desk: Desk) -> None:
    """There is no source that it could come from."""
    with pytest.raises(SettingsError, match="give its page again with --source"):
        desk.edit(source=None, drop=("news:3",))
    assert desk.asked() == 0


def test_a_dry_run_says_what_would_change(desk: Desk) -> None:
    """How many entries would be asked for, and nothing is asked or written."""
    before = desk.bytes()
    dry = desk.edit(drop=("news:3",), set=(f"news:1.title={TITLE}",), dry_run=True)
    assert (desk.bytes(), desk.asked(), dry.questions) == (before, 0, 1)
    done = desk.edit(drop=("news:3",), set=(f"news:1.title={TITLE}",))
    assert desk.asked() == 2  # the entry, and its proofreading
    assert [re.sub("“.*”", "", line) for line in dry.changes] == [
        re.sub("“.*”", "", line) for line in done.changes
    ]


def test_edits_stay_on_their_stories_when_the_page_changes(tmp_path: Path) -> None:
    """One more bullet shifts the ids; each edit is still on its own story."""
    page = tmp_path / "26-01-30-sampler.md"
    text = DEMO.read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    with OpenAIServer(answer=answer) as server:
        desk = Desk(tmp_path, server, page)
        before = desk.run()
        out = before.news[2].evidence
        desk.edit(drop=("news:3",), set=(f"tools:4.title={TITLE}",))
        mine = desk.digest().tools[3].evidence
        head, found, rest = text.partition("\n- **")
        bullet = "**Zyx-9 from Quxlab**: the open Zyx-9 model tops every leaderboard, with weights, code, a paper and a long list of everything else that was asked for; 700B parameters, 99.1% on SWE-bench ([Zyx-9](https://github.com/quxlab/zyx-9), [post](https://x.com/quxlab/status/9))"
        assert found
        page.write_text(f"{head}\n- {bullet}{found}{rest}", encoding="utf-8")
        after = desk.run()
    ids = {entry.evidence: entry.story for entry in (*before.news, *before.tools)}
    assert any(ids.get(e.evidence, e.story) != e.story for e in (*after.news, *after.tools))
    assert out not in [entry.evidence for entry in (*after.news, *after.tools)]
    (entry,) = [entry for entry in (*after.news, *after.tools) if entry.title == TITLE]
    assert (entry.evidence, entry.edited) == (mine, ("title",))
    assert "2 of 2 edits applied" in desk.notes.lines


def test_a_digest_that_another_model_made_keeps_its_words(tmp_path: Path, desk: Desk) -> None:
    """With no answer in the cache and another model set, only what comes in is asked for."""
    before = desk.digest()
    desk.settings = desk.settings.model_copy(
        update={"model": "another", "cache_dir": tmp_path / "empty"}
    )
    wishes = {"drop": ("news:3",), "set": (f"tools:1.summary={SUMMARY}",)}
    with pytest.raises(SettingsError, match="--model-change"):
        desk.edit(**wishes)
    desk.edit(**wishes, model_change=True)
    assert desk.asked() == 2  # the entry, and its proofreading
    after = desk.digest()
    assert titles(after)[:9] == [t for t in titles(before) if t != before.news[2].title][:9]
    assert titles(after)[10:] == titles(before)[10:]
    assert after.tools[0].summary == SUMMARY
    assert before.provenance is not None
    both = before.provenance.model_copy(update={"model": "test-model + another"})
    assert after.provenance is not None
    assert after.provenance.model_copy(update={"coverage": both.coverage}) == both
    gone = {each.story: each.reason for each in after.provenance.coverage.passed}
    assert str(gone[str(before.news[2].story)]) == "by hand"
    assert both.coverage.shown == after.provenance.coverage.shown
    assert len(after.edits) == 2
    # The edits are taken back without the answers, too: the story and the words are asked for, and
    # both are proofread.
    desk.edit(undo=("all",))
    assert desk.asked() == 4
    assert titles(desk.digest()) == titles(before)
    assert desk.bytes()["2026-01-30.md"] == to_markdown(before).encode()


@pytest.mark.parametrize("lost", [False, True], ids=["cache kept", "cache lost"])
def test_entries_change_places_between_the_halves(desk: Desk, *, lost: bool) -> None:
    """With a lost cache they take their words along; nothing else changes."""
    before = desk.digest()
    if lost:
        shutil.rmtree(desk.settings.cache_dir)
    desk.edit(swap=("news:1=tools:2",))
    after = desk.digest()
    assert after.news[0].story == before.tools[1].story
    assert after.tools[1].story == before.news[0].story
    assert [entry.kind for entry in after.entries] == ["news"] * 10 + ["tool"] * 10
    if lost:
        assert (after.news[0].title, after.tools[1].title, desk.asked()) == (
            before.tools[1].title,
            before.news[0].title,
            0,
        )
    others = {place: entry for place, entry in before.placed if place not in ("news:1", "tools:2")}
    assert {place: entry for place, entry in after.placed if place in others} == others
    assert desk.run() == after


def test_words_change_without_the_page(desk: Desk) -> None:
    """Nothing is fetched, asked or read but the digest; every other entry stays as it is."""
    before = desk.digest()
    shutil.rmtree(desk.settings.cache_dir)
    desk.edit(set=(f"news:2.title={TITLE}", f"tools:1.summary={SUMMARY}"), source=None)
    desk.edit(set=("tools:1.title=又一个亲手写下的标题",), source=None)
    after = desk.digest()
    changed = ("news:2", "tools:1")
    others = {place: entry for place, entry in before.placed if place not in changed}
    assert {place: entry for place, entry in after.placed if place in others} == others
    assert after.tools[0].edited == ("title", "summary")
    assert (len(after.edits), desk.asked()) == (3, 0)
    with pytest.raises(NotPublished, match=r"error\[number\] news:2"):
        desk.edit(set=(f"news:2.summary={SUMMARY}融资98765万美元。",), source=None)
    assert desk.digest() == after


def telling_truly(count: int) -> Answerer:
    """Tell so many stories as they are, and invent a number in all others."""
    known: dict[str, bool] = {}

    def spoken(messages: list[dict[str, str]], schema: dict[str, object]) -> str:
        fields = json.loads(answer(messages, schema))
        if "title" in fields:
            story = messages[1]["content"].partition("</material>")[0]
            if not known.setdefault(story, len(known) < count):
                fields["sentences"][0]["text"] += "融资98765万美元。"
        return json.dumps(fields)

    return spoken


def places(digest: Digest) -> list[str]:
    """Name the places of the quotations."""
    halves = (("news", digest.news), ("tools", digest.tools))
    return [f"{name}:{n}" for name, half in halves for n, e in enumerate(half, 1) if e.quoted]


def test_a_digest_with_quotations_can_be_mended_by_hand(tmp_path: Path) -> None:
    """Words by hand take the place of a quotation; one that is pinned stays, and is marked as one."""
    with OpenAIServer(answer=telling_truly(18)) as server:
        desk = Desk(tmp_path, server, small_page(tmp_path))
        before = desk.run()
        first, second = places(before)
        desk.asked()
        desk.edit(
            set=(f"{first}.title={TITLE}", f"{first}.summary={SUMMARY}", f"{second}.title={TITLE}"),
            pin=(second,),
        )
        after = desk.digest()
        assert (before.degraded, places(after)) == (2, [second])
        assert first not in {f.entry for f in after.findings if f.severity == "error"}
        assert "【原文】" + TITLE in (desk.folder / "2026-01-30.md").read_text(encoding="utf-8")
        assert desk.run() == after
        assert desk.asked() == 0


def test_a_draft_is_edited_until_it_is_fit(tmp_path: Path) -> None:
    """It keeps its edits, and is published by the one that mends enough of it."""
    with OpenAIServer(answer=telling_truly(17)) as server:
        desk = Desk(tmp_path, server, small_page(tmp_path, 20))
        with pytest.raises(NotPublished):
            desk.run()
        file = desk.folder / "drafts" / "2026-01-30.json"
        first, second, _ = places(from_json(file.read_text(encoding="utf-8")))
        with pytest.raises(NotPublished):
            desk.edit(set=(f"{second}.title={TITLE}",))
        assert len(from_json(file.read_text(encoding="utf-8")).edits) == 1
        desk.edit(set=(f"{first}.title={TITLE}", f"{first}.summary={SUMMARY}"))
    assert desk.digest().degraded == 2
    assert len(desk.digest().edits) == 3
    assert not file.exists()


class Upstream(BaseHTTPRequestHandler):
    """Serves one issue's Markdown, as long as there is one."""

    text: ClassVar[bytes | None] = None

    def do_GET(self) -> None:
        """Serve it with an ETag."""
        found = self.text if self.path.endswith("/content/issues/26-01-30-small.md") else None
        self.send_response(200 if found else 404)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(found or b"")))
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def test_the_page_of_a_digest_comes_from_the_cache(tmp_path: Path) -> None:
    """An edit needs no source where it is there; where it is not, that is what is said."""
    Upstream.text = small_page(tmp_path).read_bytes()
    http = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}).start()
    with OpenAIServer(answer=answer) as server:
        desk = Desk(tmp_path, server)
        desk.settings = desk.settings.model_copy(
            update={
                "site_url": "http://127.0.0.1:9/",
                "substack_url": "http://127.0.0.1:9/",
                "upstream_url": f"http://127.0.0.1:{http.server_port}/",
                "http_attempts": 1,
            }
        )
        desk.run(source=None, issue="26-01-30-small")
        http.shutdown()
        http.server_close()
        desk.edit(source=None, drop=("news:1",))
        assert len(desk.digest().edits) == 1
        desk.settings = desk.settings.model_copy(update={"cache_dir": tmp_path / "empty"})
        with pytest.raises(SourceError, match="26-01-30-small"):
            desk.edit(source=None, drop=("news:2",))
        assert len(desk.digest().edits) == 1


def test_the_command_prints_what_changes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line per change on standard output; the edits and the stories can be listed."""
    desk.set_environment(monkeypatch)

    def said(*words: str) -> list[str]:
        app(["edit", "2026-01-30", *words], standalone_mode=False)
        return capsys.readouterr().out.splitlines()

    was = desk.digest().news[0].title
    page = ("--source", str(desk.page))
    assert said("--set", f"news:1.title={TITLE}", *page) == [
        f"~ news:1 title: “{was}” to “{TITLE}”"
    ]
    (line,) = said("--list")
    assert line.startswith(f"1  set news:1: title “{TITLE}” (“")
    assert len(said("--stories", *page)) == 44
    assert said("--undo", "1", "--dry-run", *page) == [f"~ news:1 title: “{TITLE}” to “{was}”"]
    assert said("--pin", "news:1", "--dry-run", *page) == ["no entry changes"]


def test_a_second_digest_of_a_date_has_edits_of_its_own(tmp_path: Path, desk: Desk) -> None:
    """`2026-01-30-2` is edited, and made again with its edits; the first one is not touched."""
    page = small_page(tmp_path, 22).rename(tmp_path / "26-01-29-other.md")
    first = desk.bytes()
    second = Desk(tmp_path, desk.server, page)
    second.run()
    second.edit("2026-01-30-2", set=(f"news:2.title={TITLE}",))
    assert second.digest("2026-01-30-2").news[1].title == TITLE
    written = desk.bytes()
    assert {name: data for name, data in written.items() if name in first} == first
    second.run()
    assert desk.bytes() == written
    path = str(desk.folder / "2026-01-30-2.json")
    second.edit(path, undo=("1",))
    assert second.digest("2026-01-30-2").edits == ()


def test_a_digest_without_edits_has_no_trace_of_them(desk: Desk) -> None:
    """Its JSON has the bytes that it had before there were edits, and such a JSON is read."""
    text = (desk.folder / "2026-01-30.json").read_text(encoding="utf-8")
    assert '"edit' not in text
    assert to_json(from_json(text)) == text
    desk.edit(pin=("news:1",))
    text = (desk.folder / "2026-01-30.json").read_text(encoding="utf-8")
    assert to_json(from_json(text)) == text
    assert "null" not in json.dumps(json.loads(text)["edits"])


def test_a_digest_that_does_not_exist_cannot_be_edited(made: Desk) -> None:
    """One line, exit code 2."""
    for name in ("2026-01-31", "nowhere.json", "2026-01-30-2"):
        with pytest.raises(SettingsError, match=name):
            made.edit(name, pin=("news:1",))
    for name, reason in (("x" * 300, "File name too long"), ("a/b\0c", "NUL"), ("a\0c", "no dig")):
        with pytest.raises(SettingsError, match=reason):
            made.edit(name, pin=("news:1",))


# ------------------------------------------------------------------------------ asking again


def prompts(desk: Desk) -> list[str]:
    """Tell which questions were asked, and forget them."""
    kinds = [
        "select"
        if "\ns01 [" in request.messages[1]["content"]
        else "proofread"
        if "problems" in request.schema["properties"]
        else "translate"
        for request in desk.server.requests
    ]
    desk.asked()
    return kinds


def test_only_what_is_named_is_asked_again(desk: Desk) -> None:
    """The rest comes from the cache, and the next plain run asks nothing."""
    before = desk.bytes()
    for refresh, translate, select, proofread in (
        (("select",), 0, 1, 0),
        (("translate",), 20, 0, 0),
        (("proofread",), 0, 0, 1),
    ):
        desk.run(refresh=refresh)
        asked = Counter(prompts(desk))
        assert asked == +Counter(translate=translate, select=select, proofread=proofread)
    desk.run()
    assert (desk.asked(), desk.bytes()) == (0, before)


def test_what_cannot_be_asked_again_is_said() -> None:
    """What is neither a prompt nor a place, and both at once."""
    for targets in (["select", "all"], ["news:0"], ["select", "news:3"]):
        with pytest.raises(SettingsError, match=r"--refresh"):
            parse_refresh(targets)
    assert parse_refresh(["select", "translate"]).prompts == ("select", "translate")
    assert parse_refresh(["news:9", "tools:10", "news:9"]).places == ("news:9", "tools:10")


def test_the_help_of_a_run_names_what_can_be_asked_again() -> None:
    """Each prompt of a run, beside the entries."""
    context = typer.Context(typer.main.get_command(app))
    command = typer.main.get_group(app).get_command(context, "run")
    assert command
    (shown,) = (getattr(one, "help", "") for one in command.params if one.name == "refresh")
    words = re.findall(r"[\w:]+", shown)
    prompts = [word for word in words if word in {"select", "translate", "proofread"}]
    assert parse_refresh(prompts).prompts == ("select", "translate", "proofread")
    assert "news:3" in words


def test_only_the_questions_of_a_changed_prompt_are_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another translate.md asks for twenty entries and chooses from the cache."""
    from pipeline.llm import prompts as prompt

    real = prompt.load_prompt
    raw = (
        (prompt.folder() / "translate.md")
        .read_bytes()
        .replace(b"## user\n", b"Be brief.\n\n## user\n")
    )
    monkeypatch.setattr(
        "pipeline.translate.entry.load_prompt",
        lambda name: prompt.parse_prompt(name, raw) if name == "translate" else real(name),
    )
    monkeypatch.setattr(
        "pipeline.publish.up_to_date.program_hash", lambda _folder: "with another prompt"
    )
    desk.run()
    assert prompts(desk) == ["translate"] * 20


def test_wishes_name_places_of_the_digest_as_it_is(desk: Desk) -> None:
    """Whatever else the same command does to the order."""
    digest = desk.digest()
    wishes = EditOptions(drop=("news:1",), move=("news:5=2",), set=(f"news:5.title={TITLE}",))
    edits = parse_edits(wishes, digest, "x", ())
    assert [each.story.key for each in edits] == [
        make_anchor(digest.news[n]).key for n in (0, 4, 4)
    ]
