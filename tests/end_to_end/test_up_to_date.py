"""A digest is made again where anything that it was made from differs, and only there."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import editor
from newsletter import Newsletter, issue_page
from nights import night
from openai_server import Behaviour, OpenAIServer, Request, ServerReply, blank, failing, ok
from pipeline.errors import ModelError, NotPublished
from pipeline.plan import RunRequest
from pipeline.publish import PublishedDigest
from pipeline.records import Digest, Edit, StoryAnchor
from pipeline.settings import Settings
from pipeline.write import from_json, write
from test_plan import Notes

SLUG, BEFORE = "26-01-07-c", "26-01-06-b"
DAY = dt.date(2026, 1, 8)
STEM = "2026-01-07"


def run(settings: Settings, slug: str = SLUG, **more: object) -> tuple[PublishedDigest, bool]:
    """Run for an issue; also say whether it was made again."""
    notes = Notes()
    wanted = RunRequest.model_validate({"issue": slug, **more})
    (published,) = night(settings, DAY, notes, wanted)
    return published, not any("is up to date" in line for line in notes.lines)


def is_made_again(settings: Settings, **more: Any) -> bool:
    """Run for the issue; whether it was made again."""
    return run(settings, **more)[1]


def settings_of(site: Newsletter, base_url: str, folder: Path) -> Settings:
    """Read from a newsletter, ask a model, and write to a folder."""
    nowhere = "http://127.0.0.1:9/"
    return Settings.model_validate(
        {
            **dict.fromkeys(("upstream_url", "substack_url"), nowhere),
            **dict.fromkeys(("http_attempts", "model_attempts"), 1),
            "site_url": site.url,
            "outputs_dir": folder / "outputs",
            "cache_dir": folder / "cache",
            "model": "test-model",
            "OPENAI_BASE_URL": base_url,
            "OPENAI_API_KEY": "sk-test",
        }
    )


def with_settings(settings: Settings, **fields: object) -> Settings:
    """Give checked settings with others."""
    known = settings.model_dump(exclude={"openai_api_key", "openai_base_url"})
    known |= {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": settings.openai_base_url}
    return Settings.model_validate(known | fields)


def files(settings: Settings) -> dict[str, bytes]:
    """Read all digests."""
    return {file.name: file.read_bytes() for file in sorted(settings.outputs_dir.glob("*.*"))}


def without_sum(text: str) -> str:
    """Give the JSON of a digest as an earlier version wrote it."""
    return re.sub(r' +"made_from": "\w+",\n', "", text)


@pytest.fixture(scope="module")
def site() -> Iterator[Newsletter]:
    """Run the newsletter of all these tests."""
    with Newsletter() as newsletter:
        yield newsletter


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    """Run a model of all these tests."""
    with OpenAIServer(answer=editor.answer) as writer:
        yield writer


@pytest.fixture
def settings(site: Newsletter, server: OpenAIServer, tmp_path: Path) -> Settings:
    """Write to a folder of the test; both issues are as they were published."""
    for slug in (BEFORE, SLUG):
        site.publish(slug, 3)
    return settings_of(site, server.base_url, tmp_path)


@pytest.fixture(scope="module")
def template(
    site: Newsletter, server: OpenAIServer, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Digest two issues, the second of which is compared with the first."""
    folder = tmp_path_factory.mktemp("template")
    for slug in (BEFORE, SLUG):
        site.publish(slug, 3)
        published, again = run(settings_of(site, server.base_url, folder), slug)
        assert again
    assert published.digest.provenance is not None
    assert published.digest.provenance.memory == ("2026-01-06",)
    return folder


@pytest.fixture
def made(settings: Settings, template: Path, tmp_path: Path) -> Settings:
    """Give each test both digests, and the answers that they were made of."""
    for name in ("outputs", "cache"):
        shutil.copytree(template / name, tmp_path / name)
    return settings


def test_a_digest_that_is_what_it_would_be_is_not_made_again(
    made: Settings, server: OpenAIServer
) -> None:
    """Its files stay, nothing is asked, and that holds where no answer is kept any more."""
    before, asked = files(made), len(server.requests)
    shutil.rmtree(made.cache_dir)
    for _ in range(2):
        published, again = run(made)
        assert not again
        assert not published.changed
        assert published.digest == from_json(before[f"{STEM}.json"].decode())
        assert published.path == made.outputs_dir / f"{STEM}.md"
    assert files(made) == before
    assert len(server.requests) == asked
    assert not is_made_again(made, date=dt.date(2026, 1, 7), issue=None)


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "other"},
        {"temperature": 0.5},
        {"select_tokens": 900},
        {"proofread": "off"},
        {"proofread_model": "reader"},
        {"extra_body": '{"enable_thinking": false}'},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_setting_that_shapes_a_digest_has_it_made_again(
    made: Settings, fields: dict[str, object]
) -> None:
    """The model and how it is asked."""
    assert is_made_again(with_settings(made, **fields))


def test_another_model_has_it_made_again_where_it_does_not_proofread(made: Settings) -> None:
    """Its name alone differs."""
    for model, again in (("test-model", True), ("test-model", False), ("other", True)):
        assert is_made_again(with_settings(made, proofread="off", model=model)) is again


def test_another_profile_has_it_made_again(made: Settings) -> None:
    """The embedded model's way: it is asked, and here cannot answer."""
    with pytest.raises(ModelError):
        run(with_settings(made, profile="plain"))


def test_another_server_has_it_made_again(made: Settings) -> None:
    """A model of the same name somewhere else may be another one."""
    with OpenAIServer(answer=editor.answer) as other:
        assert is_made_again(with_settings(made, OPENAI_BASE_URL=other.base_url))


@pytest.mark.parametrize(
    "fields",
    [
        {"max_cost_usd": 0.01, "max_tokens_per_run": 1, "max_cost_usd_per_day": 0.01},
        {"input_usd_per_mtok": 1.0, "output_usd_per_mtok": 2.0},
        {"in_flight": 3, "model_timeout_s": 5, "model_attempts": 2, "http_attempts": 2},
        {"pages_url": "https://example.org/", "repository_url": "https://example.org/"},
        {"fallback_model": "second", "max_degraded": 0, "catch_up_days": 1},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_setting_that_shapes_no_digest_leaves_it(
    made: Settings, fields: dict[str, object]
) -> None:
    """What a run may cost and how patient it is."""
    assert not is_made_again(with_settings(made, **fields))


def test_another_page_has_it_made_again(made: Settings, site: Newsletter) -> None:
    """Another word of it; and other bytes of the same text, of which the JSON has the sum."""
    page = issue_page(SLUG, 3)
    site.publish(SLUG, page=page)
    assert not is_made_again(made)
    site.publish(SLUG, page=f"\ufeff{page}")
    assert is_made_again(made)
    assert not is_made_again(made)
    site.publish(SLUG, page=page.replace("parameters", "weights"))
    assert is_made_again(made)


def test_the_same_bytes_from_elsewhere_have_it_made_again(made: Settings, tmp_path: Path) -> None:
    """A file is another source, and Markdown another form."""
    file = tmp_path / f"{SLUG}.html"
    file.write_text(issue_page(SLUG, 3), encoding="utf-8")
    day = dt.date(2026, 1, 7)
    assert is_made_again(made, issue=None, source=str(file), date=day)
    assert not is_made_again(made, issue=None, source=str(file), date=day)


def test_the_same_bytes_read_in_another_way_have_it_made_again(
    settings: Settings, tmp_path: Path
) -> None:
    """A page in Markdown whose file is said to be HTML."""
    text = "# AI Twitter Recap\n\n**The day**\n\n- **Orbit ships Lumen**, a small model.\n"
    text += "- **Forge opens its engine**, under an open licence.\n"
    page = f"<article><h1>AI Twitter Recap</h1>\n\n{text}\n<ul><li><b>Orbit ships Vex</b></ul></article>"
    for ending, again in ((".html", True), (".html", False), (".md", True)):
        file = tmp_path / f"{SLUG}{ending}"
        file.write_text(page, encoding="utf-8")
        assert is_made_again(settings, issue=None, source=str(file)) is again


def test_the_same_bytes_in_another_encoding_have_it_made_again(
    made: Settings, site: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may say another charset tomorrow."""
    page = issue_page(SLUG, 3).replace("open licence", "open licence\udcff")
    monkeypatch.setattr(
        site, "answer", lambda _path: (200, page.encode("utf-8", "surrogateescape"))
    )
    for charset, again in (("latin-1", True), ("latin-1", False), ("cp1251", True)):
        monkeypatch.setattr(
            "pipeline.fetch.site.decode", lambda body, _type, to=charset: body.decode(to)
        )
        assert is_made_again(made) is again


def test_another_program_has_it_made_again(made: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once; where it makes the same, the files stay as they are, and each program knows them."""
    before = files(made)
    with monkeypatch.context() as other:
        other.setattr("pipeline.publish.up_to_date.program_hash", lambda _folder: "another")
        for again in (True, False):
            published, was_made = run(made)
            assert was_made is again
            assert (published.changed, published.replaced) == (False, "")
    assert files(made) == before
    assert not is_made_again(made)


def test_a_program_that_was_changed_while_it_ran_has_its_digest_made_again(
    made: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is of neither version; what was there before is left alone by such a process, too."""
    before = files(made)
    monkeypatch.setattr("pipeline.publish.digest.changed_program", lambda: " changed")
    assert not is_made_again(made)
    (made.outputs_dir / f"{STEM}.json").unlink()
    assert is_made_again(made)
    assert files(made)[f"{STEM}.json"].decode() == without_sum(before[f"{STEM}.json"].decode())
    assert is_made_again(made)
    monkeypatch.undo()
    assert [is_made_again(made) for _ in range(2)] == [True, False]


def test_a_digest_of_an_earlier_version_keeps_its_bytes(made: Settings) -> None:
    """It names no sum: it is made again once, and not written for the sum alone."""
    file = made.outputs_dir / f"{STEM}.json"
    file.write_text(without_sum(file.read_text("utf-8")), encoding="utf-8")
    before = files(made)
    for again in (True, False, False):
        published, was_made = run(made)
        assert was_made is again
        assert (published.changed, published.replaced) == (False, "")
        assert files(made) == before
    shutil.rmtree(made.cache_dir)
    assert is_made_again(made)


@pytest.mark.parametrize("change", ["words", "gone", "blank"])
def test_another_earlier_digest_has_it_made_again(made: Settings, change: str) -> None:
    """What it was compared with says something else by now, or is gone."""
    file = made.outputs_dir / "2026-01-06.json"
    text = file.read_text("utf-8")
    if change == "gone":
        file.unlink()
    else:
        file.write_text(text.replace("测试", "考试") if change == "words" else f"{text}\n", "utf-8")
    assert is_made_again(made)


def test_a_later_digest_changes_nothing(made: Settings, site: Newsletter) -> None:
    """What it was compared with then counts, and not what there is now."""
    site.publish("26-01-05-a", 3)
    run(made, "26-01-05-a")
    assert not is_made_again(made)


def test_an_edit_has_it_made_again(made: Settings) -> None:
    """One that stands in the JSON and nowhere else is applied."""
    digest = from_json((made.outputs_dir / f"{STEM}.json").read_text("utf-8"))
    entry = digest.news[0]
    anchor = StoryAnchor(id=entry.story or "", key="0" * 64, words=entry.title)
    edit = Edit(do="set", story=anchor, stood="news:1", title="另一个标题")
    write(digest.model_copy(update={"edits": (edit,)}), made.outputs_dir, STEM)
    assert is_made_again(made)


def edit_draft(made: Settings, digest: Digest) -> None:
    """Leave a draft of the digest, which holds the later edits."""
    write(digest, made.outputs_dir, STEM, draft=True)


def hand_changed(made: Settings, digest: Digest) -> None:
    """Change words in both files alike."""
    entries = (digest.news[0].model_copy(update={"title": "由人改写的标题"}), *digest.news[1:])
    write(digest.model_copy(update={"news": entries}), made.outputs_dir, STEM)


@pytest.mark.parametrize("change", [edit_draft, hand_changed])
def test_what_somebody_changed_has_it_made_again(
    made: Settings, change: Callable[[Settings, Digest], None]
) -> None:
    """A draft beside it, and words that both files have."""
    before = files(made)
    change(made, from_json((made.outputs_dir / f"{STEM}.json").read_text("utf-8")))
    assert is_made_again(made)
    assert files(made) == before
    assert not (made.outputs_dir / "drafts" / f"{STEM}.json").exists()
    assert not is_made_again(made)


@pytest.mark.parametrize("change", ["changed", "missing"])
def test_markdown_that_somebody_changed_is_refused_as_before(made: Settings, change: str) -> None:
    """One look at the JSON alone would say that all is well."""
    file = made.outputs_dir / f"{STEM}.md"
    if change == "missing":
        file.unlink()
    else:
        file.write_text(file.read_text("utf-8").replace("测试", "考试", 1), encoding="utf-8")
    with pytest.raises(NotPublished, match=change):
        run(made)


def test_line_ends_of_a_checkout_do_no_harm(made: Settings) -> None:
    """It is made again, and its files become what they were."""
    before = files(made)
    for name, data in before.items():
        (made.outputs_dir / name).write_bytes(data.replace(b"\n", b"\r\n"))
    assert is_made_again(made)
    assert files(made)[f"{STEM}.json"] == before[f"{STEM}.json"]


@pytest.mark.parametrize("more", [{"force": True}, {"refresh": ("translate",)}])
def test_what_is_wanted_anew_is_made_again(made: Settings, more: dict[str, object]) -> None:
    """`--force` and `--refresh`."""
    assert is_made_again(made, **more)


def test_fewer_quotations_allowed_have_it_made_again(settings: Settings) -> None:
    """A digest that may not be published any more becomes a draft; until then it says the same."""

    def answer(messages: list[dict[str, str]], schema: dict[str, object]) -> str:
        told = editor.answer(messages, schema)
        text = issue_page(SLUG, 3)
        first = re.findall(r"releases (\w+)<", text)[0]
        if first in messages[1]["content"] and "news" not in schema["properties"]:  # type: ignore[operator]
            return re.sub(r"[一-鿿]+", "untold", told)
        return told

    with OpenAIServer(answer=answer) as server:
        settings = with_settings(settings, OPENAI_BASE_URL=server.base_url)
        published, _ = run(settings)
        assert published.digest.degraded == 1
        left, again = run(settings)
        assert not again
        assert len(said := list(published.lines())) > 1
        assert list(left.lines()) == said
        with pytest.raises(NotPublished, match="1 of"):
            run(with_settings(settings, max_degraded=0))


@pytest.mark.parametrize("fault", [failing(503, "overloaded"), blank], ids=["down", "blank"])
def test_what_no_answer_came_for_is_asked_again(settings: Settings, fault: Behaviour) -> None:
    """Nobody proofread it: the same run again asks, and names the sum only then."""
    down = True

    def behave(request: Request, content: str) -> ServerReply:
        reads = "problems" in request.schema["properties"]
        return (fault if down and reads else ok)(request, content)

    with OpenAIServer(answer=editor.answer, behave=lambda _request: behave) as server:
        settings = with_settings(settings, OPENAI_BASE_URL=server.base_url)
        for _ in range(2):
            published, again = run(settings)
            assert again
            assert published.digest.findings
            assert b"made_from" not in files(settings)[f"{STEM}.json"]
        down = False
        published, _ = run(settings)
        assert not published.digest.findings
        assert b"made_from" in files(settings)[f"{STEM}.json"]
        assert not is_made_again(settings)


def test_what_a_broken_refresh_has_changed_of_the_answers_is_not_passed_over(
    made: Settings,
) -> None:
    """The choice was made anew and paid for; the next run makes a digest of it."""
    down = False

    def behave(request: Request, content: str) -> ServerReply:
        chooses = "tools" in request.schema["properties"]
        return (failing(503, "overloaded") if down and not chooses else ok)(request, content)

    with OpenAIServer(answer=editor.answer, behave=lambda _request: behave) as server:
        settings = with_settings(made, OPENAI_BASE_URL=server.base_url)
        run(settings)
        down = True
        with pytest.raises(ModelError):
            run(settings, refresh=("select", "translate"))
        down = False
        assert is_made_again(settings)
        assert not is_made_again(settings)


def test_where_another_model_went_on_the_first_one_is_asked_again(settings: Settings) -> None:
    """It was the one that was wanted."""

    def behave(request: Request, content: str) -> ServerReply:
        down = request.body["model"] == "test-model"
        return (failing(503, "overloaded") if down else ok)(request, content)

    with OpenAIServer(answer=editor.answer, behave=lambda _request: behave) as server:
        settings = with_settings(
            settings,
            OPENAI_BASE_URL=server.base_url,
            fallback_model="second",
            proofread_model="second",
        )
        for _ in range(2):
            assert is_made_again(settings)
        assert b"made_from" not in files(settings)[f"{STEM}.json"]


def test_the_sum_stands_in_the_json_and_in_no_other_place(made: Settings) -> None:
    """The Markdown is that of a digest without it."""
    for name, data in files(made).items():
        assert data.count(b"made_from") == name.endswith(".json")
    tree = json.loads(files(made)[f"{STEM}.json"])
    assert re.fullmatch(r"[0-9a-f]{64}", tree["provenance"]["made_from"])
